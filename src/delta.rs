//! What a change does to the findings: those of a tree held against those of the revision that it
//! comes from, by fingerprint.

use std::collections::BTreeMap;

use crate::{
    check,
    finding::{Finding, Level, Status},
    text::Texts,
};

/// What the judgements of a tree and of its base gave.
#[derive(Debug, Default)]
pub struct Sides {
    /// The tree judged, by its own rules.
    pub head: Vec<Finding>,
    /// The base, by its own rules.
    pub base: Vec<Finding>,
    /// The tree judged by the rules of the base; nothing where the rules are the same.
    pub by_base_rules: Option<Vec<Finding>>,
}

/// Marks each finding new, existing or fixed.
///
/// - A finding that was there with the same fingerprint is existing, unless it has become worse (a
///   note is now an error): then it is new.
/// - What only the base's rules find in the tree judged is new, so that no change can loosen a rule
///   and lean on it in one step; what those rules found before as well is existing.
/// - What was there and is found by neither is fixed, and lies in the base.
///
/// Sorted like the findings of one run; no two share a fingerprint.
pub fn settle(sides: Sides, texts: &Texts) -> Vec<Finding> {
    let before: BTreeMap<String, Level> = sides.base.iter().map(|one| (one.fingerprint(), one.level)).collect();
    let status = |finding: &Finding, fingerprint: &str| match before.get(fingerprint) {
        Some(was) if *was >= finding.level => Status::Existing,
        _ => Status::New,
    };
    let mut all: BTreeMap<String, Finding> = BTreeMap::new();
    for (findings, by_base_rules) in [(sides.head, false), (sides.by_base_rules.unwrap_or_default(), true)] {
        for mut finding in findings {
            let fingerprint = finding.fingerprint();
            let graver = all.get(&fingerprint).is_none_or(|own| own.level < finding.level);
            if by_base_rules && !graver {
                continue;
            }
            finding.status = Some(status(&finding, &fingerprint));
            finding.by_base_rules = by_base_rules;
            all.insert(fingerprint, finding);
        }
    }
    for finding in sides.base {
        all.entry(finding.fingerprint()).or_insert_with(|| Finding { status: Some(Status::Fixed), ..finding });
    }
    let mut findings: Vec<Finding> = all.into_values().collect();
    check::sort(&mut findings, texts);
    findings
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        finding::{Mark, Outcome},
        text::{FileId, Span},
    };

    fn finding(slot: &str, level: Level) -> Finding {
        Finding {
            rule: "rule".into(),
            clause: None,
            basis: None,
            slot: slot.into(),
            outcome: if level == Note { Outcome::Unknown } else { Outcome::Breach },
            level,
            subject: "seats/a/b".into(),
            message: String::new(),
            help: None,
            marks: vec![Mark::new(FileId(0), Span::default(), "")],
            status: None,
            by_base_rules: false,
        }
    }

    fn settled(head: &[(&str, Level)], base: &[(&str, Level)], cross: Option<&[(&str, Level)]>) -> Vec<String> {
        let all = |list: &[(&str, Level)]| list.iter().map(|(slot, level)| finding(slot, *level)).collect();
        let sides = Sides { head: all(head), base: all(base), by_base_rules: cross.map(all) };
        let word = |one: &Finding| {
            let by = if one.by_base_rules { " by the base's rules" } else { "" };
            format!("{} {} {}{by}", one.slot, one.level, one.status.unwrap().word())
        };
        settle(sides, &Texts::default()).iter().map(word).collect()
    }

    use Level::{Error, Note, Warning};

    #[test]
    fn what_was_there_exists_what_was_not_is_new_what_is_gone_is_fixed() {
        let got = settled(&[("a", Error), ("b", Error)], &[("b", Error), ("c", Warning)], None);
        assert_eq!(got, ["a error new", "b error existing", "c warning fixed"]);
    }

    #[test]
    fn what_became_worse_is_new() {
        assert_eq!(settled(&[("a", Error)], &[("a", Note)], None), ["a error new"]);
        assert_eq!(settled(&[("a", Note)], &[("a", Error)], None), ["a note existing"]);
    }

    #[test]
    fn what_only_the_rules_of_the_base_find_is_new() {
        assert_eq!(settled(&[], &[], Some(&[("a", Error)])), ["a error new by the base's rules"]);
    }

    #[test]
    fn what_the_rules_of_the_base_found_before_is_existing() {
        assert_eq!(settled(&[], &[("a", Error)], Some(&[("a", Error)])), ["a error existing by the base's rules"]);
    }

    #[test]
    fn the_graver_of_two_judgements_counts() {
        assert_eq!(settled(&[("a", Warning)], &[], Some(&[("a", Error)])), ["a error new by the base's rules"]);
        assert_eq!(settled(&[("a", Error)], &[], Some(&[("a", Warning)])), ["a error new"]);
    }
}
