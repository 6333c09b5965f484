//! Who may sign commits, as the records say, and what the signature of a commit is worth by them.

use super::Registry;
use crate::{
    day::{Day, Truth, When, recorded_in_force},
    record::{
        Kind,
        signer::{Signer as Signing, SigningKey},
    },
    signature::{Key, Made, Signature},
};

/// The keys that may sign, in the order of their signers.
#[derive(Debug, Default)]
pub struct Signers(Vec<Allowed>);

/// A key that may sign for a time.
#[derive(Debug)]
struct Allowed {
    who: Signer,
    key: Key,
    from: Option<When>,
    until: Option<When>,
}

/// Somebody who may sign.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Signer {
    /// The id of the record.
    pub id: String,
    /// A person as commits name them: `name <e-mail>`, one an address; nothing where it is no person,
    /// or no address is recorded: then nobody can tell which commits are theirs.
    pub names: Vec<String>,
}

/// What the signature of a commit is worth. The reasons are words that follow the commit's name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Signed {
    /// There is none.
    Nobody,
    /// It holds, and the key may sign.
    By(Signer),
    /// It does not hold, or the key may not sign.
    Refused(String),
    /// Nobody can tell.
    Open(String),
}

impl Signers {
    /// The signers of a registry.
    pub fn of(registry: &Registry) -> Self {
        let mut all = Vec::new();
        for (_, record) in registry.all(Kind::Signer) {
            let Some(signing) = record.signer() else { continue };
            let who = Signer { id: record.id.to_string(), names: names(registry, signing) };
            all.extend(signing.key.iter().filter_map(|one| Allowed::of(&who, one)));
        }
        Self(all)
    }

    /// What a signature is worth on a day.
    pub fn judge(&self, signature: Option<&Signature>, day: Day) -> Signed {
        let Some(signature) = signature else { return Signed::Nobody };
        match signature.read() {
            Ok(made) => self.made(&made, day),
            Err(why) => Signed::Refused(why),
        }
    }

    fn made(&self, made: &Made<'_>, day: Day) -> Signed {
        let print = made.fingerprint();
        let by: Vec<&Allowed> = self.0.iter().filter(|one| made.is_by(&one.key)).collect();
        let Some(first) = by.first() else {
            return Signed::Refused(format!("is signed by the key `{print}`, which is none of a signer"));
        };
        let id = &first.who.id;
        // The keys are one and the same.
        if !made.holds(&first.key) {
            return Signed::Refused(format!("carries a signature by a key of `{id}` that is of something else"));
        }
        let may = |truth: Truth| by.iter().copied().filter(move |one| one.on(day) == truth);
        match (may(Truth::Yes).next(), may(Truth::Maybe).next()) {
            (Some(one), _) if by.iter().all(|other| other.who.id == one.who.id) => Signed::By(one.who.clone()),
            (Some(_), _) => {
                let mut ids: Vec<String> = by.iter().map(|one| format!("`{}`", one.who.id)).collect();
                ids.dedup();
                Signed::Open(format!("is signed by the key `{print}`, which {} have in common", ids.join(" and ")))
            }
            (None, Some(one)) => Signed::Open(format!(
                "is signed by a key of `{}`, of which it is not known whether it might sign on {day}",
                one.who.id
            )),
            (None, None) => Signed::Refused(format!("is signed by a key of `{id}` that might not sign on {day}")),
        }
    }
}

impl Allowed {
    fn of(who: &Signer, one: &SigningKey) -> Option<Self> {
        let key = one.public.known()?.key.clone();
        Some(Self { who: who.clone(), key, from: one.from.when(), until: one.until.when() })
    }

    /// Whether it might sign on a day.
    fn on(&self, day: Day) -> Truth {
        recorded_in_force(self.from, self.until, day)
    }
}

/// A signer as commits name them.
fn names(registry: &Registry, signing: &Signing) -> Vec<String> {
    let person = signing.holder.known().and_then(|id| registry.find(Kind::Person, id.as_ref()));
    let Some(name) = person.and_then(|record| record.person()?.name.text()) else { return Vec::new() };
    signing.email.iter().map(|address| format!("{name} <{address}>")).collect()
}
