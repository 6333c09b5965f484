//! What was proved of the rules: for people, and for programs.

use std::fmt::Write as _;

use serde::Serialize;

use crate::{
    finding::Mark,
    render::{escape, locate},
    rulebook::prove::{Found, Proved},
    text::Texts,
};

/// The version of the JSON below.
const SCHEMA: u32 = 1;

/// The report for people: each flaw with its places, its clauses and a counterexample that can be
/// pasted; then a table of everything that was looked at.
pub fn human(proved: &[Proved], texts: &Texts) -> String {
    let mut text = String::new();
    for one in proved {
        for found in &one.flaws {
            tell(one.property.name, found, texts, &mut text);
        }
    }
    let width = proved.iter().map(|one| one.property.name.len()).max().unwrap_or(0);
    let _ = writeln!(text, "{:width$}  {:>6}  {:>5}  what holds", "property", "looked", "flaws");
    for one in proved {
        let _ = writeln!(
            text,
            "{:width$}  {:>6}  {:>5}  {}",
            one.property.name,
            one.looked,
            one.flaws.len(),
            one.property.says
        );
    }
    let flaws: usize = proved.iter().map(|one| one.flaws.len()).sum();
    let _ = match flaws {
        0 => writeln!(text, "\n{} properties, nothing unproved", proved.len()),
        1 => writeln!(text, "\n{} properties, 1 flaw", proved.len()),
        _ => writeln!(text, "\n{} properties, {flaws} flaws", proved.len()),
    };
    text.lines().fold(String::new(), |mut all, line| {
        all.push_str(&escape::line(line));
        all.push('\n');
        all
    })
}

fn tell(property: &str, found: &Found, texts: &Texts, text: &mut String) {
    let flaw = &found.flaw;
    let clauses: Vec<String> = flaw.clauses.iter().map(ToString::to_string).collect();
    let clauses = if clauses.is_empty() { String::new() } else { format!(" ({})", clauses.join(", ")) };
    let _ = writeln!(text, "{property}: {}{clauses}", flaw.message);
    for mark in &flaw.marks {
        let place = locate(texts, mark.place);
        let _ = writeln!(text, "  {}:{}:{} {}", place.path, place.start.line, place.start.column, mark.label);
    }
    if let Some(example) = &flaw.example {
        let _ = writeln!(text, "  counterexample, for the file of `{}`:\n", found.rule);
        for line in example.lines() {
            let _ = writeln!(text, "{line}");
        }
    }
    text.push('\n');
}

#[derive(Serialize)]
struct Output<'p> {
    schema: u32,
    tool: Tool,
    properties: Vec<One<'p>>,
}

#[derive(Serialize)]
struct Tool {
    name: &'static str,
    version: &'static str,
}

#[derive(Serialize)]
struct One<'p> {
    name: &'static str,
    says: &'static str,
    looked: usize,
    flaws: Vec<OneFlaw<'p>>,
}

#[derive(Serialize)]
struct OneFlaw<'p> {
    rule: &'p str,
    message: &'p str,
    clauses: Vec<&'p str>,
    places: Vec<At<'p>>,
    example: Option<&'p str>,
}

#[derive(Serialize)]
struct At<'p> {
    path: &'p str,
    line: u32,
    column: u32,
    label: &'p str,
}

/// The report for programs.
pub fn json(proved: &[Proved], texts: &Texts) -> String {
    let output = Output {
        schema: SCHEMA,
        tool: Tool { name: env!("CARGO_PKG_NAME"), version: env!("CARGO_PKG_VERSION") },
        properties: proved.iter().map(|one| property(one, texts)).collect(),
    };
    serde_json::to_string_pretty(&output).unwrap_or_default() + "\n"
}

fn property<'p>(one: &'p Proved, texts: &'p Texts) -> One<'p> {
    let at = |mark: &'p Mark| {
        let place = locate(texts, mark.place);
        At { path: place.path, line: place.start.line, column: place.start.column, label: &mark.label }
    };
    let flaw = |found: &'p Found| OneFlaw {
        rule: &found.rule,
        message: &found.flaw.message,
        clauses: found.flaw.clauses.iter().map(|clause| clause.number.as_ref()).collect(),
        places: found.flaw.marks.iter().map(at).collect(),
        example: found.flaw.example.as_deref(),
    };
    One {
        name: one.property.name,
        says: one.property.says,
        looked: one.looked,
        flaws: one.flaws.iter().map(flaw).collect(),
    }
}
