//! `json`: what is due, for other tools. The names and their order are a promise (`docs/due.md`);
//! fields may be added, and none is renamed or removed without a new `schema`.

use std::io::{self, Write};

use serde::Serialize;

use crate::{
    day::{Day, When},
    due::{Agenda, Asks, Entry},
    render::locate,
    text::Texts,
};

/// The version of the shape below.
const SCHEMA: u32 = 1;

/// Prints the agenda as one JSON object and a line break.
///
/// # Errors
///
/// Those of the writer.
pub fn json(agenda: &Agenda, texts: &Texts, out: &mut dyn Write) -> io::Result<()> {
    let shown = Output {
        schema: SCHEMA,
        tool: Tool { name: env!("CARGO_PKG_NAME"), version: env!("CARGO_PKG_VERSION") },
        on: agenda.on.to_string(),
        position: agenda.position.map(|day| day.to_string()),
        at: &agenda.at,
        within: agenda.within.to_string(),
        until: agenda.until.to_string(),
        undated: agenda.undated,
        due: agenda.entries.iter().map(|entry| One::of(entry, texts)).collect(),
    };
    let mut out = io::BufWriter::new(out);
    serde_json::to_writer_pretty(&mut out, &shown)?;
    out.write_all(b"\n")?;
    out.flush()
}

#[derive(Serialize)]
struct Output<'a> {
    schema: u32,
    tool: Tool,
    on: String,
    position: Option<String>,
    at: &'a str,
    within: String,
    until: String,
    undated: usize,
    due: Vec<One<'a>>,
}

#[derive(Serialize)]
struct Tool {
    name: &'static str,
    version: &'static str,
}

#[derive(Serialize)]
#[serde(rename_all = "kebab-case")]
struct One<'a> {
    fingerprint: String,
    subject: &'a str,
    title: Option<&'a str>,
    slot: &'a str,
    what: &'a str,
    nature: &'static str,
    first: Option<String>,
    last: Option<String>,
    time: Option<String>,
    overdue: bool,
    days: Option<i64>,
    working_days: Option<i64>,
    rule: Option<&'a str>,
    clause: Option<&'a str>,
    clause_recalled: bool,
    basis: Option<&'static str>,
    rules: Vec<Rule<'a>>,
    readings: Vec<Reading<'a>>,
    places: Vec<Spot<'a>>,
}

#[derive(Serialize)]
#[serde(rename_all = "kebab-case")]
struct Rule<'a> {
    rule: &'a str,
    clause: Option<&'a str>,
    clause_recalled: bool,
    basis: Option<&'static str>,
}

#[derive(Serialize)]
struct Reading<'a> {
    name: &'a str,
    first: Option<String>,
    last: Option<String>,
}

#[derive(Serialize)]
#[serde(rename_all = "kebab-case")]
struct Spot<'a> {
    path: &'a str,
    line: u32,
    column: u32,
    label: &'a str,
}

impl<'a> One<'a> {
    fn of(entry: &'a Entry, texts: &'a Texts) -> Self {
        let first = entry.rules.first();
        let clause = first.map_or(entry.clause.as_ref(), |asks| asks.clause.as_ref());
        let place = |mark: &'a crate::finding::Mark| {
            let at = locate(texts, mark.place);
            Spot { path: at.path, line: at.start.line, column: at.start.column, label: &mark.label }
        };
        let reading = |(name, by): &'a (crate::decode::Text, Option<When>)| Reading {
            name,
            first: by.and_then(|when| end(when.first)),
            last: by.and_then(|when| end(when.last)),
        };
        Self {
            fingerprint: entry.fingerprint(),
            subject: &entry.subject,
            title: entry.title.as_deref(),
            slot: &entry.slot,
            what: &entry.what,
            nature: entry.nature.word(),
            first: end(entry.by.first),
            last: end(entry.by.last),
            time: entry.by.time.map(|(hour, minute)| format!("{hour:02}:{minute:02}")),
            overdue: entry.overdue,
            days: entry.days,
            working_days: entry.working_days,
            rule: first.map(|asks| asks.rule.as_ref()),
            clause: clause.map(|clause| &*clause.number),
            clause_recalled: clause.is_some_and(|clause| clause.recalled),
            basis: first.and_then(|asks| asks.basis).map(crate::finding::Basis::word),
            rules: entry.rules.iter().map(Rule::of).collect(),
            readings: entry.otherwise.iter().map(reading).collect(),
            places: entry.marks.iter().map(place).collect(),
        }
    }
}

impl<'a> Rule<'a> {
    fn of(asks: &'a Asks) -> Self {
        Self {
            rule: &asks.rule,
            clause: asks.clause.as_ref().map(|clause| &*clause.number),
            clause_recalled: asks.clause.as_ref().is_some_and(|clause| clause.recalled),
            basis: asks.basis.map(crate::finding::Basis::word),
        }
    }
}

/// A day; nothing for an end that is not known.
fn end(day: Day) -> Option<String> {
    day.is_finite().then(|| day.to_string())
}
