//! `rules/coverage.toml`: what is known of the code, row by row, and how each row is looked after.
//!
//! A row is checked by rules, recorded without a rule, left to judgement, or out of scope: exactly
//! one of the four. What is wrong with it never stops a check: it says nothing of any record.

use std::collections::BTreeMap;

use super::{
    Rulebook,
    load::Loader,
    rule::{Rule, What, basis_of},
};
use crate::{
    builtin,
    decode::{Fact, List, State, Text, meant, table},
    finding::{Basis, Level, Mark, Problem},
    text::{FileId, Span},
};

table! {
    /// One row: one thing that is known of the code.
    pub struct Row {
        /// The id of the row, in capitals and two digits.
        id: Fact<Text> = "id" (required),
        /// How well it is known, as the row has it.
        label: Fact<Text> = "label" (required),
        /// The clause, with `~` before it where the number is recalled.
        clause: Fact<Text> = "clause" (required),
        /// What it is about, in a few words.
        about: Fact<Text> = "about" (required),
        /// The rules that check it.
        checked: List<Text> = "checked",
        /// Beside `checked`: what of the row the rules leave unchecked, and why.
        rest: Fact<Text> = "rest",
        /// Where and how the records hold it, without a rule that could fail.
        recorded: Fact<Text> = "recorded",
        /// Why no machine can check it.
        judgement: Fact<Text> = "judgement",
        /// Why it is none of the records' business.
        out_of_scope: Fact<Text> = "out-of-scope",
    }
}

table! {
    /// A part of the code.
    pub struct Part {
        /// What people call it.
        title: Fact<Text> = "title" (required),
        /// Its rows.
        row: List<Row> = "row" (required),
    }
}

table! {
    /// `rules/coverage.toml`.
    pub struct CoverageFile {
        /// The parts, in the order of print.
        part: List<Part> = "part" (required),
        /// For colleagues only.
        note: Fact<Text> = "note",
    }
}

/// The coverage of a code, and the file that states it.
#[derive(Debug)]
pub struct Coverage {
    /// The file.
    pub file: FileId,
    /// What it says.
    pub says: CoverageFile,
}

/// How a row is looked after.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Care {
    /// Rules check it.
    Checked,
    /// The records hold it.
    Recorded,
    /// It is left to people.
    Judgement,
    /// It is none of the records' business.
    OutOfScope,
    /// Nobody said.
    Nothing,
}

impl Care {
    /// All of them, in the order of print.
    pub const ALL: [Self; 5] = [Self::Checked, Self::Recorded, Self::Judgement, Self::OutOfScope, Self::Nothing];

    /// The word used in files and in output.
    pub fn word(self) -> &'static str {
        match self {
            Self::Checked => "checked",
            Self::Recorded => "recorded",
            Self::Judgement => "judgement",
            Self::OutOfScope => "out-of-scope",
            Self::Nothing => "not covered",
        }
    }
}

impl Row {
    /// How the row is looked after: what it says of the four, if it says one.
    pub fn care(&self) -> Care {
        match self.cares()[..] {
            [one] => one,
            _ => Care::Nothing,
        }
    }

    fn cares(&self) -> Vec<Care> {
        let said = [
            (!self.checked.items.is_empty(), Care::Checked),
            (!self.recorded.is_absent(), Care::Recorded),
            (!self.judgement.is_absent(), Care::Judgement),
            (!self.out_of_scope.is_absent(), Care::OutOfScope),
        ];
        said.into_iter().filter(|(so, _)| *so).map(|(_, care)| care).collect()
    }

    /// The label as written.
    pub fn label(&self) -> &str {
        match &self.label.state {
            State::Is(label) => label,
            State::Unknown => "unknown",
            _ => "",
        }
    }

    /// Why it is not checked, or what of it is not.
    pub fn why(&self) -> Option<&str> {
        [&self.recorded, &self.judgement, &self.out_of_scope, &self.rest].into_iter().find_map(Fact::text)
    }
}

impl Coverage {
    /// Every row with its part, in the order of the file.
    pub fn rows(&self) -> impl Iterator<Item = (&Part, &Row)> {
        self.says.part.iter().flat_map(|part| part.row.iter().map(move |row| (part, row)))
    }

    /// How many rows are looked after so.
    pub fn count(&self, care: Care) -> usize {
        self.rows().filter(|(_, row)| row.care() == care).count()
    }

    /// The rules that no row names, sorted.
    pub fn idle<'b>(&self, book: &'b Rulebook) -> Vec<&'b Rule> {
        let names = |rule: &&Rule| !self.rows().any(|(_, row)| row.checked.iter().any(|id| **id == *rule.id));
        book.all().filter(names).collect()
    }
}

/// The strongest evidence that a label gives: a word, or several with what each is for
/// (`secondary for the seat; recalled (fair) for at most one`). Nothing where it begins with no
/// label. What is only weakly recalled bears no rule.
pub fn strongest(label: &str) -> Option<Basis> {
    const LABELS: [Basis; 5] = [Basis::Unknown, Basis::Recalled, Basis::Inferred, Basis::Secondary, Basis::Text];
    let word_at = |text: &str| LABELS.into_iter().find(|basis| text == basis.word());
    let words: Vec<&str> = label.split(|c: char| !c.is_ascii_alphabetic()).filter(|word| !word.is_empty()).collect();
    word_at(words.first()?)?;
    let basis = |at: usize, word: &str| match word_at(word) {
        Some(Basis::Recalled) if words.get(at.saturating_add(1)) == Some(&"weak") => Some(Basis::Unknown),
        basis => basis,
    };
    words.iter().enumerate().filter_map(|(at, word)| basis(at, word)).max()
}

/// The most that a rule can say where a row with that evidence is all that it rests on.
fn allowed(basis: Basis) -> Level {
    if basis == Basis::Unknown { Level::Note } else { basis.cap() }
}

/// The most that a breach of a rule can be, by its level and the best evidence of its versions;
/// nothing for a variation, which judges nothing.
fn strength(rule: &Rule) -> Option<Level> {
    let What::Rule { .. } = rule.what else { return None };
    let best = rule.versions.iter().filter_map(|version| basis_of(&version.basis)).max()?;
    Some(rule.level.min(allowed(best)))
}

/// Holds the coverage against itself and against the rules.
pub(super) fn check(book: &Rulebook, loader: &mut Loader) {
    let Some(coverage) = book.coverage.as_deref() else { return };
    let mut first: BTreeMap<&str, Span> = BTreeMap::new();
    let mut bears: BTreeMap<&str, (Level, Span, Vec<&str>)> = BTreeMap::new();
    for (_, row) in coverage.rows() {
        let Some(id) = row.id.text() else { continue };
        if let Some(before) = first.insert(id, row.id.span) {
            let marks = vec![
                Mark::new(coverage.file, row.id.span, "the second"),
                Mark::new(coverage.file, before, "the first"),
            ];
            loader.doubts.push(Problem {
                rule: "record-id",
                slot: id.to_owned(),
                message: format!("row `{id}` stands twice"),
                help: Some("keep one of the two".into()),
                marks,
            });
        }
        check_row(coverage, row, id, book, loader);
        let basis = strongest(row.label()).unwrap_or(Basis::Text);
        for fact in &row.checked.items {
            let Some(rule) = fact.text() else { continue };
            let (level, _, rows) = bears.entry(rule).or_insert((Level::Note, fact.span, Vec::new()));
            *level = (*level).max(allowed(basis));
            rows.push(id);
        }
    }
    for (id, (most, span, rows)) in bears {
        let Some(level) = book.find(id).and_then(strength).filter(|level| *level > most) else { continue };
        let message = format!(
            "rule `{id}` can give {}, and {} bears no more than {}",
            a(level),
            if rows.len() == 1 {
                format!("row `{}`, the only one that it checks,", rows.join(""))
            } else {
                format!("none of the rows that it checks ({})", rows.join(", "))
            },
            a(most)
        );
        let help = "lower the `basis` of its versions to what is known, or name the row that bears it";
        loader.doubt(coverage.file, span, "record-word", message, "stronger than its evidence", Some(help.into()));
    }
}

fn a(level: Level) -> String {
    let article = if level == Level::Error { "an" } else { "a" };
    format!("{article} {level}")
}

fn check_row(coverage: &Coverage, row: &Row, id: &str, book: &Rulebook, loader: &mut Loader) {
    let file = coverage.file;
    if !row.label.is_absent() && !row.label.is_bad() && strongest(row.label()).is_none() {
        let message = format!("row `{id}`: `{}` begins with no label", row.label());
        let help = "the labels are text, secondary, inferred, recalled and unknown; what each is for may follow";
        loader.doubt(file, row.label.span, "record-word", message, "no label", Some(help.into()));
    }
    let help = || Some("say one of `checked`, `recorded`, `judgement` and `out-of-scope`".to_owned());
    match row.cares()[..] {
        [_] => {}
        [] if row.checked.is_bad() => {}
        [] => {
            loader.doubt(file, row.span, "record-missing", format!("row `{id}` is not covered"), "not covered", help());
        }
        _ => {
            let words: Vec<&str> = row.cares().into_iter().map(Care::word).collect();
            let message = format!("row `{id}` is {} at once", words.join(" and "));
            loader.doubt(file, row.span, "record-key", message, "one too many", help());
        }
    }
    if !row.rest.is_absent() && row.checked.items.is_empty() {
        let message = format!("row `{id}`: `rest` is what `checked` leaves, and nothing is checked");
        loader.doubt(file, row.rest.span, "record-key", message, "not here", None);
    }
    for fact in &row.checked.items {
        let Some(rule) = fact.text().filter(|rule| book.find(rule).is_none() && builtin::find(rule).is_none()) else {
            continue;
        };
        let known = book.all().map(|rule| rule.id.as_ref()).chain(builtin::ALL.iter().map(|one| one.id));
        let label = meant(rule, known, "no such rule");
        let message = format!("row `{id}`: there is no rule `{rule}`");
        loader.doubt(file, fact.span, "record-reference", message, &label, None);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_label_is_as_strong_as_its_strongest_part() {
        let rows = [
            ("text", Some(Basis::Text)),
            ("text for (a)-(f), later wording than 2016 / recalled for (g)", Some(Basis::Text)),
            ("recalled (strong); inferred for Sub-Committees", Some(Basis::Inferred)),
            ("secondary for the seat; recalled (fair) for at most one", Some(Basis::Secondary)),
            ("recalled (strong; fair for \"no seats\")", Some(Basis::Recalled)),
            ("recalled (weak)", Some(Basis::Unknown)),
            ("recalled (weak); secondary for the practice", Some(Basis::Secondary)),
            ("unknown (sources differ)", Some(Basis::Unknown)),
            ("certain", None),
            ("the text", None),
            ("", None),
        ];
        for (label, basis) in rows {
            assert_eq!(strongest(label), basis, "{label}");
        }
    }
}
