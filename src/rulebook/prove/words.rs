//! Words: readings, sources, examples, fixtures, and the code's own lists.

use std::collections::BTreeMap;

use toml::de::DeValue;

use super::{Flaw, Ground, Proof, clauses};
use crate::{
    decode::{Raw, State, value::raw_text},
    finding::Mark,
    rulebook::{
        mutant::as_read,
        rule::{Rule, What},
    },
    text::Span,
};

/// Readings that say what the words say, or what another reading says.
pub(super) fn readings(ground: &Ground<'_>, proof: &mut Proof) {
    for rule in ground.book.judging() {
        let What::Rule { about, .. } = &rule.what else { continue };
        for (number, version) in rule.versions.iter().enumerate() {
            let Some(table) = rule.raw.entry("version", number) else { continue };
            if matches!(version.basis.state, State::Unknown) {
                continue;
            }
            for (at, reading) in version.readings.iter().enumerate() {
                proof.looked = proof.looked.saturating_add(1);
                let own = as_read(table, at.saturating_add(1));
                let same = (0..=at).find(|other| about.alike(&as_read(table, *other), &own, &ground.book.code));
                let Some(other) = same else { continue };
                let name = reading.name.text().unwrap_or("");
                let like = match other.checked_sub(1).and_then(|at| version.readings.iter().nth(at)) {
                    None => "the words as they stand".to_owned(),
                    Some(other) => format!("the reading `{}`", other.name.text().unwrap_or("")),
                };
                let message = format!("`{}`: the reading `{name}` says what {like} say", rule.id);
                let marks = vec![
                    Mark::new(rule.file, reading.span, "no rival"),
                    Mark::new(rule.file, version.span, "in this version"),
                ];
                proof.flaw(&rule.id, Flaw::new(message, clauses([rule]), marks));
            }
        }
    }
}

/// What was left readable when the rules were read: sources that lack, effects that reach nothing.
pub(super) fn doubts(ground: &Ground<'_>, proof: &mut Proof) {
    proof.looked = ground.book.rules.len();
    for doubt in &ground.book.doubts {
        let rule = ground.book.all().find(|rule| doubt.marks.first().is_some_and(|mark| mark.place.file == rule.file));
        let id = rule.map_or("code", |rule| rule.id.as_ref());
        proof.flaw(id, Flaw::new(format!("`{id}`: {}", doubt.message), clauses(rule), doubt.marks.clone()));
    }
}

/// Examples of one case with different outcomes.
pub(super) fn examples(ground: &Ground<'_>, proof: &mut Proof) {
    for rule in ground.book.all() {
        let mut seen: BTreeMap<String, (Span, String)> = BTreeMap::new();
        let mut names: BTreeMap<&str, Span> = BTreeMap::new();
        for (at, example) in rule.head.example.iter().enumerate() {
            proof.looked = proof.looked.saturating_add(1);
            let case = case_of(rule, at);
            let (days, expected) = (example.days(), example.expected());
            for (number, on) in days.iter().enumerate() {
                let outcome = expected.get(number).or(expected.first()).copied().unwrap_or("");
                let before =
                    seen.entry(format!("{on}\u{1}{case}")).or_insert_with(|| (example.span, outcome.to_owned()));
                if before.1 != outcome {
                    let message = format!(
                        "`{}`: two examples of one case on {on} expect `{}` and `{outcome}`",
                        rule.id, before.1
                    );
                    let marks = vec![
                        Mark::new(rule.file, example.span, "this one"),
                        Mark::new(rule.file, before.0, "and this one"),
                    ];
                    proof.flaw(&rule.id, Flaw::new(message, clauses([rule]), marks));
                }
            }
            let name = example.name.text().unwrap_or("");
            if let Some(before) = names.insert(name, example.span) {
                let message = format!("`{}`: two examples are called `{name}`", rule.id);
                let marks =
                    vec![Mark::new(rule.file, example.span, "this one"), Mark::new(rule.file, before, "and this one")];
                proof.flaw(&rule.id, Flaw::new(message, clauses([rule]), marks));
            }
        }
    }
}

/// All of an example but its name, its days and its outcomes, in one order.
fn case_of(rule: &Rule, at: usize) -> String {
    let mut text = String::new();
    if let Some(table) = rule.raw.entry("example", at) {
        for key in ["subject", "slot", "coverage", "over", "records", "commits"] {
            if let Some(raw) = table.get(key) {
                text.push_str(key);
                write_sorted(raw, &mut text);
            }
        }
    }
    text
}

fn write_sorted(raw: &Raw<'_>, text: &mut String) {
    match raw.get_ref() {
        DeValue::Table(table) => {
            let sorted: BTreeMap<&str, &Raw<'_>> =
                table.iter().map(|(key, raw)| (key.get_ref().as_ref(), raw)).collect();
            for (key, raw) in sorted {
                text.push('{');
                text.push_str(key);
                write_sorted(raw, text);
            }
            text.push('}');
        }
        DeValue::Array(items) => {
            for item in items {
                text.push('[');
                write_sorted(item, text);
            }
            text.push(']');
        }
        _ => {
            text.push('\u{2}');
            text.push_str(&raw_text(raw));
        }
    }
}

/// Fixtures that no example is laid over.
pub(super) fn fixtures(ground: &Ground<'_>, proof: &mut Proof) {
    for (name, (file, _)) in ground.book.fixtures.iter() {
        proof.looked = proof.looked.saturating_add(1);
        let used = |rule: &Rule| rule.head.example.iter().any(|one| one.over.text() == Some(name));
        if !ground.book.all().any(used) {
            let message = format!("fixture `{name}`: no example is laid over it");
            let marks = vec![Mark::new(*file, Span::default(), "not used")];
            proof.flaw(name, Flaw::new(message, Vec::new(), marks));
        }
    }
}

/// The code's lists: categories that fill constituencies, default calendars.
pub(super) fn code(ground: &Ground<'_>, proof: &mut Proof) {
    let code = &ground.book.code;
    for (word, _, entry) in code.words.constituencies.iter() {
        proof.looked = proof.looked.saturating_add(1);
        for category in &entry.from.items {
            let Some(name) = category.text().filter(|name| !code.lists("categories", name)) else { continue };
            let message =
                format!("constituency `{word}`: `{name}`, which should fill it, is none of the code's categories");
            let marks = vec![Mark::new(code.file, category.span, "no such category")];
            proof.flaw("code", Flaw::new(message, Vec::new(), marks));
        }
    }
    for calendar in &code.words.calendar.items {
        proof.looked = proof.looked.saturating_add(1);
        let Some(name) = calendar.text().filter(|name| !ground.book.calendars.has(name)) else { continue };
        let message = format!("default calendar `{name}`: there is no `rules/calendars/{name}.toml`");
        let marks = vec![Mark::new(code.file, calendar.span, "no such calendar")];
        proof.flaw("code", Flaw::new(message, Vec::new(), marks));
    }
}
