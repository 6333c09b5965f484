//! One cause, one finding: what rests on something that is reported already says nothing more.

use std::{
    collections::{BTreeMap, BTreeSet, HashMap},
    fmt::Write as _,
};

use super::Judged;
use crate::{
    finding::{Finding, Level, Mark, Outcome},
    text::{FileId, Place, Span},
};

/// How many places of one finding are shown.
const MOST_MARKS: usize = 20;

/// What was reported of each file as wrong in itself: a built-in rule broken.
#[derive(Debug, Default)]
pub(crate) struct Reported(BTreeMap<FileId, Vec<Span>>);

impl Reported {
    /// What these findings report.
    pub(crate) fn of(findings: &[Finding]) -> Self {
        let mut found = Self::default();
        let wrong = |finding: &&Finding| finding.rule.starts_with("record-") && finding.level == Level::Error;
        for finding in findings.iter().filter(wrong) {
            for mark in &finding.marks {
                found.0.entry(mark.place.file).or_default().push(mark.place.span);
            }
        }
        found
    }

    /// The files of which something else is reported here than there.
    pub(crate) fn differing(&self, other: &Self) -> BTreeSet<FileId> {
        let files = self.0.keys().chain(other.0.keys()).copied();
        files.filter(|file| self.0.get(file) != other.0.get(file)).collect()
    }

    /// Whether a mark shows something that was reported: it holds the reported place, or is the head
    /// of the file, which stands for the whole record.
    fn shows(&self, mark: &Mark) -> bool {
        mark.place.span.start == 0 && self.0.contains_key(&mark.place.file) || self.holds(mark)
    }

    /// Whether a mark holds a place that was reported.
    fn holds(&self, mark: &Mark) -> bool {
        let Place { file, span } = mark.place;
        self.0.get(&file).is_some_and(|wrong| wrong.iter().any(|one| span.holds(*one)))
    }

    /// Makes unknown, without a finding of its own, what rests on a value that was reported: what is
    /// not known or worth saying because of one that it shows, and what is broken because of one that
    /// it holds, or that another record gives. Once that is mended, it is judged.
    pub(super) fn settle(&self, judged: &mut Judged) {
        if self.0.is_empty() || judged.said.is_empty() {
            return;
        }
        for said in &mut judged.said {
            let own = said.marks.first().map(|mark| mark.place.file);
            let rests = match said.outcome {
                Outcome::Unknown | Outcome::Pass => said.marks.iter().any(|mark| self.shows(mark)),
                Outcome::Breach | Outcome::ReadingSensitive => {
                    let rests =
                        |mark: &Mark| if Some(mark.place.file) == own { self.holds(mark) } else { self.shows(mark) };
                    said.marks.iter().any(rests)
                }
                _ => false,
            };
            if rests {
                said.outcome = Outcome::Unknown;
                said.silent = true;
            }
        }
        judged.outcome = judged.said.iter().map(|said| said.outcome).max().unwrap_or(judged.outcome);
    }
}

/// Shows no more places of a finding than a person reads.
fn few_places(findings: &mut [Finding]) {
    for finding in findings.iter_mut().filter(|finding| finding.marks.len() > MOST_MARKS) {
        let more = finding.marks.len().saturating_sub(MOST_MARKS);
        finding.marks.truncate(MOST_MARKS);
        if let Some(last) = finding.marks.last_mut() {
            let _ = write!(last.label, " (and {more} more places)");
        }
    }
}

/// Where a rule is broken several times, each time held against one and the same place of another
/// record (or against that other record as a whole, and on account of the same person), or for one
/// and the same value and reason, that is one finding: the first of them. `records` is the first file of a record.
pub(super) fn one_for_each_record(findings: Vec<Finding>, records: Option<FileId>) -> Vec<Finding> {
    let Some(records) = records else { return findings };
    // Looked up alone, in the order of the findings: no order of its own is ever seen.
    let mut first: HashMap<(Box<str>, Box<str>, Place), usize> = HashMap::new();
    let mut more: BTreeMap<usize, usize> = BTreeMap::new();
    let mut kept: Vec<Finding> = Vec::with_capacity(findings.len());
    for finding in findings {
        let Some((slot, place)) = against(&finding, records) else {
            kept.push(finding);
            continue;
        };
        let at = *first.entry((finding.rule.clone(), slot, place)).or_insert(kept.len());
        match kept.get_mut(at) {
            Some(before) if before.subject != finding.subject || same_reason(before, &finding) => {
                let count = more.entry(at).or_default();
                *count = count.saturating_add(1);
                before.marks.extend(finding.marks.into_iter().find(|mark| mark.place != place));
            }
            _ => kept.push(finding),
        }
    }
    for (at, count) in more {
        if let Some(finding) = kept.get_mut(at) {
            let _ = write!(finding.message, " (and so {count} more time{})", if count == 1 { "" } else { "s" });
        }
    }
    few_places(&mut kept);
    kept
}

/// Whether two messages give the same reason, behind the subject.
fn same_reason(one: &Finding, other: &Finding) -> bool {
    let reason = |finding: &Finding| finding.message.rsplit_once(": ").map(|(_, reason)| reason.to_owned());
    reason(one).is_some_and(|reason_of_one| Some(reason_of_one) == reason(other))
}

/// What a finding is held against: another record as a whole, for one slot; else the value that would
/// be edited.
fn against(finding: &Finding, records: FileId) -> Option<(Box<str>, Place)> {
    if finding.outcome != Outcome::Breach {
        return None;
    }
    let own = finding.marks.first()?.place;
    let mut others = finding.marks.iter().map(|mark| mark.place).filter(|place| place.file != own.file);
    let whole = others.find(|place| place.file >= records && place.span.start == 0);
    Some(whole.map_or_else(|| ("".into(), own), |place| (finding.slot.clone(), place)))
}

/// Several rules may want the same fact that is not recorded: one finding says so, of the rule that
/// the fact is most about.
pub(super) fn one_for_each_fact(findings: Vec<Finding>) -> Vec<Finding> {
    let rank = |finding: &Finding| (!finding.rule.ends_with("-composition"), finding.rule.clone());
    let mut best: HashMap<Place, (bool, Box<str>)> = HashMap::new();
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
