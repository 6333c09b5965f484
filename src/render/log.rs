//! The life of a record: for people, as JSON, as CSV.

use std::fmt::Write as _;

use serde::Serialize;

use super::{Style, csv::table, escape};
use crate::{
    change::{Fact, What},
    log::{Entry, Wanted},
};

/// The version of the JSON below.
const SCHEMA: u32 = 1;

/// The commits, the oldest first, each with who made it and what it changed: legal days stand beside
/// the day of the commit.
pub fn human(wanted: &Wanted, entries: &[Entry], style: &Style) -> String {
    let field = wanted.field.as_ref().map_or(String::new(), |field| format!(", `{field}`"));
    let mut text = format!("{}{field}\n", escape::line(&wanted.subject));
    for entry in entries {
        let signed = entry.signed.map_or("not signed".to_owned(), |kind| format!("signed ({kind}), not verified"));
        let id: String = entry.commit.chars().take(12).collect();
        let line = format!("{}  {id}  {}, {signed}, by {}", entry.day, how(entry), entry.author);
        let _ = write!(text, "\n{}\n    {}\n", escape::line(&line), escape::line(&entry.title));
        for line in told(entry) {
            let options = textwrap::Options::new(style.columns().saturating_sub(2))
                .initial_indent("    ")
                .subsequent_indent("      ")
                .break_words(false)
                .word_splitter(textwrap::WordSplitter::NoHyphenation);
            for part in textwrap::wrap(&escape::line(&line), options) {
                let _ = writeln!(text, "{part}");
            }
        }
    }
    text
}

fn told(entry: &Entry) -> Vec<String> {
    let mut lines = Vec::new();
    match &entry.what {
        What::Added => lines.push("first recorded".to_owned()),
        What::Removed => lines.push("taken out".to_owned()),
        What::Moved(from) => lines.push(format!("before `{from}`")),
        What::Changed if entry.facts.is_empty() => lines.push("no change of fact".to_owned()),
        What::Changed => {}
    }
    let dated = |fact: &Fact| fact.legal.as_ref().map_or(String::new(), |legal| format!(" [of {legal}]"));
    let sentence = |fact: &Fact| match &fact.now {
        Some(now) if entry.what == What::Added => format!("{} {now}{}", fact.key, dated(fact)),
        _ => format!("{}{}", fact.sentence(), dated(fact)),
    };
    if entry.what != What::Removed {
        lines.extend(entry.facts.iter().map(sentence));
    }
    lines
}

/// One row a fact: commit, its day, who, how, the key, the legal day, what it was and is.
pub fn csv(entries: &[Entry]) -> String {
    let heading = ["commit", "day", "author", "signed", "how", "what", "field", "key", "legal", "was", "now", "title"];
    let rows = entries.iter().flat_map(|entry| {
        let row = |fact: Option<&Fact>| {
            let of = |text: Option<&String>| text.cloned().unwrap_or_default();
            vec![
                entry.commit.clone(),
                entry.day.to_string(),
                entry.author.clone(),
                entry.signed.unwrap_or("").to_owned(),
                how(entry).to_owned(),
                entry.what.word().to_owned(),
                of(fact.map(|fact| &fact.field)),
                of(fact.map(|fact| &fact.key)),
                of(fact.and_then(|fact| fact.legal.as_ref())),
                of(fact.and_then(|fact| fact.was.as_ref())),
                of(fact.and_then(|fact| fact.now.as_ref())),
                entry.title.clone(),
            ]
        };
        let none = entry.facts.is_empty().then(|| row(None));
        entry.facts.iter().map(move |fact| row(Some(fact))).chain(none).collect::<Vec<_>>()
    });
    table(&heading, rows, csv::Terminator::Any(b'\n'))
}

fn how(entry: &Entry) -> &'static str {
    if entry.is_correction { "correction" } else { "change" }
}

#[derive(Serialize)]
struct Output<'a> {
    schema: u32,
    subject: &'a str,
    field: Option<&'a str>,
    commits: Vec<One<'a>>,
}

#[derive(Serialize)]
struct One<'a> {
    id: &'a str,
    day: String,
    author: &'a str,
    signed: Option<&'a str>,
    how: &'static str,
    what: &'static str,
    from: Option<&'a str>,
    title: &'a str,
    facts: Vec<Told<'a>>,
}

#[derive(Serialize)]
struct Told<'a> {
    field: &'a str,
    key: &'a str,
    was: Option<&'a str>,
    now: Option<&'a str>,
    legal: Option<&'a str>,
}

/// The same for programs.
///
/// # Errors
///
/// None that can happen: memory takes all that is written.
pub fn json(wanted: &Wanted, entries: &[Entry]) -> Result<String, serde_json::Error> {
    let output = Output {
        schema: SCHEMA,
        subject: &wanted.subject,
        field: wanted.field.as_deref(),
        commits: entries.iter().map(One::of).collect(),
    };
    serde_json::to_string_pretty(&output).map(|text| text + "\n")
}

impl<'a> One<'a> {
    fn of(entry: &'a Entry) -> Self {
        Self {
            id: &entry.commit,
            day: entry.day.to_string(),
            author: &entry.author,
            signed: entry.signed,
            how: how(entry),
            what: entry.what.word(),
            from: if let What::Moved(from) = &entry.what { Some(from) } else { None },
            title: &entry.title,
            facts: entry.facts.iter().map(Told::of).collect(),
        }
    }
}

impl<'a> Told<'a> {
    fn of(fact: &'a Fact) -> Self {
        Self {
            field: &fact.field,
            key: &fact.key,
            was: fact.was.as_deref(),
            now: fact.now.as_deref(),
            legal: fact.legal.as_deref(),
        }
    }
}
