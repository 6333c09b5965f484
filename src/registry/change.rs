//! Records that come, change and go in a registry that was judged: only what rests on them has to be
//! looked at again.

use std::{
    collections::BTreeSet,
    hash::{Hash, Hasher},
    sync::Arc,
};

use rustc_hash::{FxHashSet, FxHasher};

use super::{Header, Registry, affiliates, file::Coverage};
use crate::{
    decode::State,
    record::{Kind, Record},
};

/// Something of a registry that a judgement can look at, and so rests on: a record or that there is
/// none, what lies in a folder, a lookup. Told by a hash: two that share one only make more be judged
/// again, never less.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Scope(u64);

impl Scope {
    fn new(what: u8, kind: Kind, id: &str) -> Self {
        let mut hasher = FxHasher::default();
        (what, kind, id).hash(&mut hasher);
        Self(hasher.finish())
    }

    /// The record of a kind and id, or that there is none.
    pub fn record(kind: Kind, id: &str) -> Self {
        Self::new(0, kind, id)
    }

    /// Which records lie in a folder, and what they say.
    pub fn folder(kind: Kind, folder: &str) -> Self {
        Self::new(1, kind, folder)
    }

    /// Which records there are of a kind, and what they say.
    pub fn kind(kind: Kind) -> Self {
        Self::new(2, kind, "")
    }

    /// The elections of a body.
    pub fn elections(body: &str) -> Self {
        Self::new(3, Kind::Election, body)
    }

    /// The offices of a person.
    pub fn offices(person: &str) -> Self {
        Self::new(4, Kind::Seat, person)
    }

    /// Who is an Affiliate of whom.
    pub fn affiliations() -> Self {
        Self::new(5, Kind::Party, "")
    }

    /// Whether something was reported of the seats of a body.
    pub fn reported(body: &str) -> Self {
        Self::new(6, Kind::Body, body)
    }
}

/// What a change of records touched.
#[derive(Debug, Default)]
pub struct Touched {
    /// Everything: what may be recorded was said anew.
    pub all: bool,
    /// What was touched.
    pub scopes: FxHashSet<Scope>,
    /// The positions of the records that came or changed.
    pub came: Vec<u32>,
    /// The positions of those that went.
    pub went: Vec<u32>,
    /// The records that exist and did not, or the other way round.
    pub existence: BTreeSet<(Kind, Box<str>)>,
}

impl Touched {
    /// Everything, as if nothing had been judged.
    pub fn everything() -> Self {
        Self { all: true, ..Self::default() }
    }

    /// Whether nothing was touched.
    pub fn is_empty(&self) -> bool {
        !self.all && self.scopes.is_empty()
    }

    /// Whether a judgement that rests on a scope has to be made anew.
    pub fn touches(&self, scope: Scope) -> bool {
        self.all || self.scopes.contains(&scope)
    }

    fn exists(&mut self, kind: Kind, id: &str) {
        self.existence.insert((kind, id.into()));
        self.scopes.insert(Scope::record(kind, id));
    }

    /// What one version of a record is looked up by.
    fn looks(&mut self, record: &Record) {
        self.scopes.insert(Scope::record(record.kind, &record.id));
        self.scopes.insert(Scope::kind(record.kind));
        if !record.parent().is_empty() {
            self.scopes.insert(Scope::folder(record.kind, record.parent()));
        }
        if let Some(body) = record.election().and_then(|election| election.body.known()) {
            self.scopes.insert(Scope::elections(&body.0));
        }
        for (person, _) in super::index::offices(record, 0) {
            self.scopes.insert(Scope::offices(person));
        }
        if let Some(State::Is(former)) = record.modification().map(|one| &one.formerly.state) {
            self.scopes.insert(Scope::record(Kind::Modification, former));
        }
    }
}

/// More records than these are sorted in together.
const FEW: usize = 32;

impl Registry {
    /// Takes records out and puts others in, in the place of those of the same kind and id. `unread`
    /// are from now on the records whose files cannot be read.
    pub fn change(
        &mut self,
        gone: &[(Kind, Box<str>)],
        come: Vec<Arc<Record>>,
        unread: BTreeSet<(Kind, Box<str>)>,
    ) -> Touched {
        let mut touched = Touched::default();
        for (kind, id) in self.unread.symmetric_difference(&unread) {
            touched.exists(*kind, id);
        }
        self.unread = unread;
        let mut renamed = false;
        let mut out = FxHashSet::default();
        for (kind, id) in gone {
            let Some(at) = self.ids.get_mut(*kind as usize).and_then(|ids| ids.remove(id)) else { continue };
            let Some(was) = self.records.get_mut(at as usize).and_then(Option::take) else { continue };
            renamed |= self.forget(at, &was, None, &mut touched);
            touched.exists(*kind, id);
            touched.went.push(at);
            out.insert(at);
        }
        if !out.is_empty() {
            self.order.retain(|at| !out.contains(at));
        }
        let many = come.len() > FEW;
        for record in come {
            renamed |= self.put(record, many, &mut touched);
        }
        if many {
            let records = &self.records;
            let key = |at: &u32| {
                records.get(*at as usize).and_then(Option::as_deref).map(|record| (record.kind, record.id.as_ref()))
            };
            self.order.sort_by(|one, other| key(one).cmp(&key(other)));
        }
        if renamed {
            self.aliases = self.former_ids();
        }
        touched
    }

    /// Says anew of what the registry holds every record.
    pub fn cover(&mut self, header: &Header) -> Touched {
        self.position = header.position.known().and_then(|when| when.day());
        self.states_position = !header.position.is_absent();
        let coverage: Vec<(Box<str>, bool)> =
            header.coverage.iter().map(|(kind, _, word)| (kind.into(), *word == Coverage::Complete)).collect();
        if coverage == self.coverage {
            return Touched::default();
        }
        self.coverage = coverage;
        Touched::everything()
    }

    /// Puts one record in; says whether it has, or had, an id before.
    fn put(&mut self, record: Arc<Record>, unsorted: bool, touched: &mut Touched) -> bool {
        let (kind, id) = (record.kind, record.id.clone());
        let known = self.ids.get(kind as usize).and_then(|ids| ids.get(&id)).copied();
        touched.looks(&record);
        let mut renamed = has_former_id(&record);
        let at = if let Some(at) = known {
            let was = self.records.get_mut(at as usize).and_then(|place| place.replace(Arc::clone(&record)));
            if let Some(was) = was {
                renamed |= self.forget(at, &was, Some(&record), touched);
            }
            at
        } else {
            let at = u32::try_from(self.records.len()).unwrap_or(u32::MAX);
            self.records.push(Some(Arc::clone(&record)));
            if let Some(ids) = self.ids.get_mut(kind as usize) {
                ids.insert(id.clone(), at);
            }
            let before = |other: &u32| self.at(*other).is_some_and(|other| (other.kind, &other.id) < (kind, &id));
            let place = if unsorted { self.order.len() } else { self.order.partition_point(before) };
            self.order.insert(place, at);
            touched.exists(kind, &id);
            if affiliates::affiliations(&record).is_some_and(affiliates::matters) {
                touched.scopes.insert(Scope::affiliations());
            }
            at
        };
        self.index_in(at, &record);
        touched.came.push(at);
        renamed
    }

    /// Forgets what one version of a record was looked up by; says whether it had an id before.
    fn forget(&mut self, at: u32, was: &Record, now: Option<&Record>, touched: &mut Touched) -> bool {
        touched.looks(was);
        let joined = affiliates::affiliations(was);
        let same = match now {
            Some(now) => affiliates::affiliations(now) == joined && now.file == was.file,
            None => false,
        };
        let matter =
            |record: Option<&Record>| record.and_then(affiliates::affiliations).is_some_and(affiliates::matters);
        if !same && (matter(Some(was)) || matter(now)) {
            touched.scopes.insert(Scope::affiliations());
        }
        self.index_out(at, was);
        has_former_id(was)
    }
}

fn has_former_id(record: &Record) -> bool {
    matches!(record.modification().map(|one| &one.formerly.state), Some(State::Is(_)))
}
