//! A derivation as text for people: escaped, wrapped to the width of the screen.

use std::fmt::Write as _;

use textwrap::{Options, WordSeparator, WordSplitter};

use super::derive::{Account, Derivation, Slot};
use crate::{
    day::Day,
    finding::{Mark, Outcome},
    kind::{Cure, Episode},
    render::{Style, escape, locate},
    text::Texts,
};

/// Tells how a record was judged, rule by rule.
pub fn tell(account: &Account<'_>, texts: &Texts, style: &Style) -> String {
    let mut out = Teller { text: String::new(), width: style.width.max(40), texts };
    out.line("", "", &format!("{} — {}, judged on {}", account.subject, account.path, account.on));
    for derivation in &account.derivations {
        out.derivation(derivation);
    }
    for finding in &account.problems {
        out.text.push('\n');
        out.line("", "", &format!("{}  {}", finding.rule, finding.level));
        out.line("  ", "  ", &finding.message);
        out.places(&finding.marks);
    }
    if account.derivations.is_empty() {
        out.text.push_str("\nNo rule judges it.\n");
    }
    out.text
}

struct Teller<'t> {
    text: String,
    width: usize,
    texts: &'t Texts,
}

impl Teller<'_> {
    /// One paragraph: `first` before its first line, `rest` before the others.
    fn line(&mut self, first: &str, rest: &str, words: &str) {
        let options = Options::new(self.width)
            .initial_indent(first)
            .subsequent_indent(rest)
            .break_words(false)
            .word_separator(WordSeparator::AsciiSpace)
            .word_splitter(WordSplitter::NoHyphenation);
        for line in textwrap::wrap(&escape::line(words), options) {
            let _ = writeln!(self.text, "{line}");
        }
    }

    fn derivation(&mut self, derivation: &Derivation<'_>) {
        let Derivation { rule, outcome, slots } = derivation;
        self.text.push('\n');
        self.line("", "    ", &format!("{outcome}  {}  {} — {}", rule.id, rule.clause, rule.title()));
        if slots.is_empty() {
            let why = if *outcome == Outcome::NotApplicable {
                "it did not exist yet, or the rule does not speak of it"
            } else {
                "nothing stands against it"
            };
            self.line("  ", "  ", why);
        }
        let mut told: Option<&Episode> = None;
        for slot in slots {
            if let Some(version) = slot.version.as_ref().filter(|one| told != Some(*one)) {
                self.version(version);
                told = Some(version);
            }
            self.slot(slot, slots.len() > 1);
        }
    }

    /// The version that decided: its days, its evidence, what it says.
    fn version(&mut self, version: &Episode) {
        let until = if version.until == Day::LATEST {
            "on".to_owned()
        } else {
            format!("up to and including {}", version.until.plus_days(-1))
        };
        let mut sources: Vec<&str> = version.source.iter().map(AsRef::as_ref).collect();
        sources.sort_unstable();
        sources.dedup();
        let sources = if sources.is_empty() { "no source".to_owned() } else { sources.join(", ") };
        let varied = version.varied_by.iter().map(|id| format!("`{id}`")).collect::<Vec<_>>().join(", ");
        let varied = if varied.is_empty() { String::new() } else { format!(", as varied by {varied}") };
        let head = format!("in force from {} {until}{varied} ({}: {sources})", version.from, version.basis);
        self.line("  ", "    ", &head);
        self.line("    ", "    ", version.english.as_deref().unwrap_or("Nobody knows what held."));
    }

    fn slot(&mut self, slot: &Slot, several: bool) {
        let said = &slot.said;
        for (number, step) in (1..).zip(&said.steps) {
            self.line(&format!("{number:>4}. "), "      ", step);
        }
        let basis = said.basis.map_or(String::new(), |basis| format!(" [{basis}]"));
        let outcome = if several { format!("{}: ", said.outcome) } else { String::new() };
        self.line("  ", "    ", &format!("{outcome}{}{basis}", said.message));
        self.places(&said.marks);
        if let (Some(help), true) = (&said.help, said.outcome > Outcome::Pass) {
            self.line("    help: ", "          ", help);
        }
        if let Some(cure) = &said.cure {
            self.cure(cure);
        }
    }

    fn cure(&mut self, cure: &Cure) {
        self.line("    would be cleared by: ", "      ", &cure.text);
        if let Some(why) = &cure.no_edit {
            self.line("      no edit can say it: ", "        ", why);
        }
        for edit in &cure.set {
            let change = match &edit.value {
                Some(value) => format!("{}: {} = {value}", edit.subject, edit.path),
                None => format!("{}: {} left out", edit.subject, edit.path),
            };
            self.line("      ", "        ", &change);
        }
    }

    /// Where each fact stands; not wrapped, so that a place can be followed.
    fn places(&mut self, marks: &[Mark]) {
        for mark in marks {
            let place = locate(self.texts, mark.place);
            let line = format!("{}:{}:{} {}", place.path, place.start.line, place.start.column, mark.label);
            let _ = writeln!(self.text, "    {}", escape::line(&line));
        }
    }
}
