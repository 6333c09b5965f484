//! Who made a commit, and who else read it.

use super::trial::Trial;
use crate::{
    finding::Outcome,
    history::{Joined, Step},
    registry::signers::{Signed, Signer},
};

/// Whether the merge of a commit is a review of what it joins.
enum Review<'s> {
    /// It is no signed merge.
    None,
    /// It is one, by this signer.
    By(&'s Signer),
    /// It is a merge that is none, in words that follow the commit's name.
    Not(String),
}

impl Trial<'_> {
    pub(super) fn unreviewed(&mut self) {
        if self.meant().next().is_none() {
            return;
        }
        let (step, subject) = (self.step, self.whole());
        let makers = [&step.author, &step.committer];
        let other = |one: &&&str| !one.is_empty() && makers.iter().all(|maker| !is_same_person(one, maker));
        let reviewers: Vec<&str> = step.reviewers().collect();
        let names = if reviewers.is_empty() { "nobody".to_owned() } else { reviewers.join(", ") };
        let steps = vec![
            format!("made by {}, committed by {}", step.author, step.committer),
            format!("`Reviewed-by:` names {names}"),
        ];
        let why = reviewers.iter().find(other).map(|who| format!("was reviewed by {who}"));
        let (outcome, why) = match (why, review(step)) {
            (Some(why), _) => (Outcome::Pass, why),
            (None, Review::By(signer)) => {
                (Outcome::Pass, format!("was reviewed by `{}`, who signed the merge", signer.id))
            }
            (None, Review::Not(why)) => (Outcome::Breach, format!("names nobody else who reviewed it, and {why}")),
            (None, Review::None) => (Outcome::Breach, "names nobody else who reviewed it".to_owned()),
        };
        let cure = "have somebody else read it, and name them in the message: `Reviewed-by: name <e-mail>`";
        self.say(&subject, outcome, &why, steps, (outcome == Outcome::Breach).then_some(cure));
    }

    pub(super) fn unsigned(&mut self) {
        if !self.is_meant() {
            return;
        }
        let (step, subject) = (self.step, self.whole());
        let (outcome, why) = match &step.signed {
            Some(Signed::By(signer)) => (Outcome::Pass, format!("is signed by `{}`", signer.id)),
            Some(Signed::Nobody) => (Outcome::Breach, "is not signed".to_owned()),
            Some(Signed::Refused(why)) => (Outcome::Breach, why.clone()),
            Some(Signed::Open(why)) => (Outcome::Unknown, why.clone()),
            None => (Outcome::Unknown, "was not asked for its signature".to_owned()),
        };
        let cure = "sign it by a key that the base has in `signers/`: `git commit --amend --no-edit -S`";
        let steps = vec![format!("it {why}")];
        self.say(&subject, outcome, &why, steps, (outcome > Outcome::Pass).then_some(cure));
    }
}

/// Whether a commit is a merge by which somebody says that they read what others made: they signed it,
/// it brings nothing of its own, and nothing that it joins is theirs.
fn review(step: &Step) -> Review<'_> {
    let Some(Joined { makers, own }) = step.joined.as_ref().filter(|joined| !joined.makers.is_empty()) else {
        return Review::None;
    };
    let signer = match &step.signed {
        Some(Signed::By(signer)) => signer,
        Some(Signed::Refused(why) | Signed::Open(why)) => return Review::Not(format!("the merge {why}")),
        Some(Signed::Nobody) => return Review::Not("the merge is not signed".to_owned()),
        None => return Review::None,
    };
    if signer.names.is_empty() {
        let why =
            format!("which commits `{}`, who signed the merge, made is not recorded (`holder`, `email`)", signer.id);
        return Review::Not(why);
    }
    if let Some(path) = own {
        return Review::Not(format!("the merge has in `{path}` what none of the commits that it joins has"));
    }
    let own_names = || signer.names.iter().chain([&step.author, &step.committer]);
    match makers.iter().find(|maker| own_names().any(|name| is_same_person(maker, name))) {
        Some(maker) => Review::Not(format!("{maker} made what the merge joins, and made the merge as well")),
        None => Review::By(signer),
    }
}

/// Whether two of `name <e-mail>` name one person: the same name, or the same address.
fn is_same_person(one: &str, other: &str) -> bool {
    let parts = |text: &str| -> (String, Option<String>) {
        let (name, address) = text.split_once('<').map_or((text, None), |(name, rest)| (name, Some(rest)));
        let address =
            address.map(|rest| rest.trim_end_matches('>').trim().to_lowercase()).filter(|one| !one.is_empty());
        (name.trim().to_lowercase(), address)
    };
    let (one, other) = (parts(one), parts(other));
    let same_address = one.1.is_some() && one.1 == other.1;
    same_address || (!one.0.is_empty() && one.0 == other.0)
}

#[cfg(test)]
mod tests {
    use super::is_same_person;

    #[test]
    fn one_person_has_one_name_or_one_address() {
        assert!(is_same_person("Ann <a@x>", "ann <b@x>"));
        assert!(is_same_person("Ann <a@x>", "A. Other <A@X>"));
        assert!(is_same_person("ann", "Ann <a@x>"));
        assert!(!is_same_person("Ann <a@x>", "Bob <b@x>"));
        assert!(!is_same_person("Ann <>", "Bob <>"), "no address is nobody's");
        assert!(!is_same_person("<a@x>", "<b@x>"), "no name is nobody's");
    }
}
