//! Notes, folded: what many records lack in the same way is said once, with a count.

use std::{
    collections::BTreeMap,
    io::{self, Write},
};

use super::{Style, paint::Paint, said, wrapped};
use crate::{
    check::Verdict,
    finding::{Clause, Finding, Level, Outcome, Status},
};

/// How many subjects are named.
const NAMED: usize = 3;
/// How many values of one place in the reason are shown.
const VALUES: usize = 6;

/// What notes that fold together have in common.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct Key<'a> {
    rule: &'a str,
    outcome: Outcome,
    kind: &'a str,
    /// The reason, in pieces around the backticked values.
    pieces: Vec<&'a str>,
}

/// Notes that fold together: their subjects, and the values that their reasons have in common.
struct Fold<'a> {
    subjects: Vec<&'a str>,
    /// The clause that holds those of all of them.
    clause: Option<Clause>,
    values: Vec<Vec<&'a str>>,
}

/// Prints the notes, one line a rule and kind of message, and some of the subjects below it.
pub(super) fn folded(verdict: &Verdict, style: &Style, out: &mut dyn Write) -> io::Result<()> {
    let mut folds: BTreeMap<Key<'_>, Fold<'_>> = BTreeMap::new();
    let is_told = |one: &&Finding| one.level == Level::Note && matches!(one.status, None | Some(Status::New));
    for finding in verdict.findings.iter().filter(is_told) {
        let (pieces, values) = finding.reason_in_pieces();
        let fold = folds.entry(Key::of(finding, pieces)).or_insert_with(|| Fold::of(finding, &values));
        fold.add(finding, &values);
    }
    if folds.is_empty() {
        return Ok(());
    }
    let paint = Paint(style.color);
    let digits = folds.values().map(Fold::count).max().unwrap_or(0).to_string().len();
    let heading = if folds.values().all(|fold| fold.count() == 1) { "" } else { " by rule; --verbose unfolds them" };
    writeln!(out, "{}{}", paint.level(Level::Note, "notes"), paint.dim(heading))?;
    for (key, fold) in &folds {
        print(key, fold, digits, style, out)?;
    }
    writeln!(out)
}

fn print(key: &Key<'_>, fold: &Fold<'_>, digits: usize, style: &Style, out: &mut dyn Write) -> io::Result<()> {
    let paint = Paint(style.color);
    let indent = " ".repeat(digits.saturating_add(3));
    let room = style.columns().saturating_sub(indent.len());
    let clause = fold.clause.as_ref().map(|clause| format!(", {clause}")).unwrap_or_default();
    let what = format!("{}: {}{clause} [{}]", noun(key.kind, fold.count()), fold.reason(&key.pieces, style), key.rule);
    for (at, line) in wrapped(&said(&what), room).iter().enumerate() {
        match at {
            0 => writeln!(out, "  {:digits$} {line}", fold.count())?,
            _ => writeln!(out, "{indent}{line}")?,
        }
    }
    for line in wrapped(&said(&fold.named()), room) {
        writeln!(out, "{indent}{}", paint.dim(&line))?;
    }
    Ok(())
}

impl<'a> Key<'a> {
    fn of(finding: &'a Finding, pieces: Vec<&'a str>) -> Self {
        Self {
            rule: &finding.rule,
            outcome: finding.outcome,
            kind: finding.subject.split_once('/').map_or("", |(kind, _)| kind),
            pieces,
        }
    }
}

impl<'a> Fold<'a> {
    fn of(finding: &'a Finding, values: &[&'a str]) -> Self {
        Self { subjects: Vec::new(), clause: finding.clause.clone(), values: vec![Vec::new(); values.len()] }
    }

    /// How many records it is about.
    fn count(&self) -> usize {
        self.subjects.len()
    }

    fn add(&mut self, finding: &'a Finding, values: &[&'a str]) {
        let id = crate::finding::id_of(&finding.subject);
        if self.subjects.last() != Some(&id) {
            self.subjects.push(id);
        }
        self.clause = self.clause.take().zip(finding.clause.as_ref()).and_then(|(one, other)| one.common(other));
        for (seen, value) in self.values.iter_mut().zip(values) {
            if seen.len() <= VALUES && !seen.contains(value) {
                seen.push(value);
            }
        }
    }

    /// The reason that all have in common, with the values that differ, or a sign for many.
    fn reason(&self, pieces: &[&str], style: &Style) -> String {
        let differs = if style.unicode { "…" } else { "..." };
        let mut text = String::new();
        for (at, piece) in pieces.iter().enumerate() {
            text.push_str(piece);
            match self.values.get(at) {
                Some(values) if values.len() > VALUES => text.extend(["`", differs, "`"]),
                Some(values) => {
                    text.push_str(&values.iter().map(|value| format!("`{value}`")).collect::<Vec<_>>().join(", "));
                }
                None => {}
            }
        }
        text
    }

    /// Some of the subjects, and how many more.
    fn named(&self) -> String {
        // One more takes no more room than saying so.
        let named = if self.subjects.len() == NAMED + 1 { NAMED + 1 } else { NAMED };
        let first: Vec<_> = self.subjects.iter().take(named).copied().collect();
        match self.subjects.len().saturating_sub(named) {
            0 => first.join(", "),
            more => format!("{} and {more} more", first.join(", ")),
        }
    }
}

/// A kind of record in plain words.
fn noun(kind: &str, count: usize) -> &str {
    let (one, many) = match kind {
        "bodies" => ("body", "bodies"),
        "consultations" => ("consultation", "consultations"),
        "deliverables" => ("deliverable", "deliverables"),
        "derogations" => ("derogation", "derogations"),
        "elections" => ("election", "elections"),
        "events" => ("event", "events"),
        "instruments" => ("instrument", "instruments"),
        "meetings" => ("meeting", "meetings"),
        "modifications" => ("modification", "modifications"),
        "organisations" => ("organisation", "organisations"),
        "parties" => ("Party", "Parties"),
        "people" => ("person", "people"),
        "publications" => ("publication", "publications"),
        "releases" => ("release", "releases"),
        "seats" => ("seat", "seats"),
        "signers" => ("signer", "signers"),
        "sources" => ("source", "sources"),
        _ => ("record", "records"),
    };
    if count == 1 { one } else { many }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_kind_nobody_knows_is_a_record() {
        assert_eq!((noun("seats", 1), noun("people", 2), noun("x", 0)), ("seat", "people", "records"));
    }
}
