//! Derivations for other tools: `explain --format json`. The names are a promise; fields may be added.

use serde_json::{Value, json as object};

use super::derive::{Account, Derivation, Slot};
use crate::{
    day::Day,
    finding::{Basis, Mark},
    kind::{Cure, Episode},
    render::locate,
    text::Texts,
};

/// The derivations of a record as one JSON object and a line break.
pub fn json(account: &Account<'_>, at: &str, texts: &Texts) -> String {
    let whole = object!({
        "schema": 1,
        "tool": { "name": env!("CARGO_PKG_NAME"), "version": env!("CARGO_PKG_VERSION") },
        "on": account.on.to_string(),
        "at": at,
        "subject": account.subject,
        "path": account.path,
        "derivations": account.derivations.iter().map(|one| derivation(one, texts)).collect::<Vec<_>>(),
        "problems": account.problems.iter().map(|one| object!({
            "fingerprint": one.fingerprint(),
            "rule": one.rule,
            "level": one.level.word(),
            "message": one.message,
            "places": places(&one.marks, texts),
        })).collect::<Vec<_>>(),
    });
    format!("{whole:#}\n")
}

fn derivation(one: &Derivation<'_>, texts: &Texts) -> Value {
    object!({
        "rule": one.rule.id,
        "clause": one.rule.clause.number,
        "clause-recalled": one.rule.clause.recalled,
        "title": one.rule.title(),
        "outcome": one.outcome.word(),
        "slots": one.slots.iter().map(|one| slot(one, texts)).collect::<Vec<_>>(),
    })
}

fn slot(one: &Slot, texts: &Texts) -> Value {
    let said = &one.said;
    object!({
        "fingerprint": one.fingerprint,
        "slot": said.slot,
        "outcome": said.outcome.word(),
        "basis": said.basis.map(Basis::word),
        "version": one.version.as_ref().map(version),
        "steps": said.steps,
        "message": said.message,
        "help": said.help,
        "cure": said.cure.as_ref().map(cure),
        "places": places(&said.marks, texts),
    })
}

fn version(one: &Episode) -> Value {
    object!({
        "from": one.from.to_string(),
        "until": (one.until != Day::LATEST).then(|| one.until.to_string()),
        "basis": one.basis.word(),
        "sources": one.source,
        "varied-by": one.varied_by,
        "english": one.english,
    })
}

fn cure(one: &Cure) -> Value {
    let edits = one.set.iter().map(|edit| object!({ "subject": edit.subject, "path": edit.path, "value": edit.value }));
    object!({ "text": one.text, "set": edits.collect::<Vec<_>>(), "no-edit": one.no_edit })
}

fn places(marks: &[Mark], texts: &Texts) -> Vec<Value> {
    let place = |mark: &Mark| {
        let at = locate(texts, mark.place);
        object!({
            "path": at.path,
            "line": at.start.line,
            "column": at.start.column,
            "end-line": at.end.line,
            "end-column": at.end.column,
            "at": texts.commit(mark.place.file),
            "label": mark.label,
        })
    };
    marks.iter().map(place).collect()
}
