//! One cause, one finding: what rests on something that is reported already says nothing more.

use std::{collections::BTreeMap, fmt::Write as _};

use crate::{
    finding::{Finding, Level, Mark, Outcome},
    text::{FileId, Place, Span},
};

/// How many places of one finding are shown.
const MOST_MARKS: usize = 20;

/// What was reported of each file as wrong in itself: a built-in rule broken.
#[derive(Default)]
struct Reported(BTreeMap<FileId, Vec<Span>>);

impl Reported {
    fn of(findings: &[Finding]) -> Self {
        let mut found = Self::default();
        let wrong = |finding: &&Finding| finding.rule.starts_with("record-") && finding.level == Level::Error;
        for finding in findings.iter().filter(wrong) {
            for mark in &finding.marks {
                found.0.entry(mark.place.file).or_default().push(mark.place.span);
            }
        }
        found
    }

    /// Whether a mark shows something that was reported: it holds the reported place, or is the head
    /// of the file, which stands for the whole record.
    fn shows(&self, mark: &Mark) -> bool {
        let Place { file, span } = mark.place;
        self.0.get(&file).is_some_and(|wrong| span.start == 0 || wrong.iter().any(|one| span.holds(*one)))
    }
}

/// Leaves out what is unknown, or worth saying and no more, because a value that it shows was
/// reported: once that is mended, it is judged.
pub(super) fn without_consequences(mut findings: Vec<Finding>) -> Vec<Finding> {
    let reported = Reported::of(&findings);
    if !reported.0.is_empty() {
        let rests = |finding: &Finding| {
            matches!(finding.outcome, Outcome::Unknown | Outcome::Pass)
                && finding.marks.iter().any(|mark| reported.shows(mark))
        };
        findings.retain(|finding| !rests(finding));
    }
    for finding in findings.iter_mut().filter(|finding| finding.marks.len() > MOST_MARKS) {
        let more = finding.marks.len() - MOST_MARKS;
        finding.marks.truncate(MOST_MARKS);
        if let Some(last) = finding.marks.last_mut() {
            let _ = write!(last.label, " (and {more} more places)");
        }
    }
    findings
}

/// Several rules may want the same fact that is not recorded: one finding says so, of the rule that
/// the fact is most about.
pub(super) fn one_for_each_fact(findings: Vec<Finding>) -> Vec<Finding> {
    let rank = |finding: &Finding| (!finding.rule.ends_with("-composition"), finding.rule.clone());
    let mut best: BTreeMap<Place, (bool, Box<str>)> = BTreeMap::new();
    let key = |finding: &Finding| {
        finding.marks.first().map(|mark| mark.place).filter(|_| finding.outcome == Outcome::Unknown)
    };
    for finding in &findings {
        if let Some(place) = key(finding) {
            let entry = best.entry(place).or_insert_with(|| rank(finding));
            if rank(finding) < *entry {
                *entry = rank(finding);
            }
        }
    }
    let stays = |finding: &Finding| key(finding).is_none_or(|place| best.get(&place) == Some(&rank(finding)));
    findings.into_iter().filter(stays).collect()
}
