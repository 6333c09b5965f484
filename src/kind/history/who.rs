//! Who made a commit, and who else read it.

use super::trial::Trial;
use crate::finding::Outcome;

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
        match reviewers.iter().find(other) {
            Some(who) => {
                let why = format!("was reviewed by {who}");
                self.say(&subject, Outcome::Pass, &why, steps, None);
            }
            None => {
                let cure = "have somebody else read it, and name them in the message: `Reviewed-by: name <e-mail>`";
                self.say(&subject, Outcome::Breach, "names nobody else who reviewed it", steps, Some(cure));
            }
        }
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
