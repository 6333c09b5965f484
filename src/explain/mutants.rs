//! What became of mutants: for people, and for programs.

use std::{collections::BTreeMap, fmt::Write as _};

use serde::Serialize;

use crate::{
    render::{escape, locate},
    rulebook::mutant::{Excuse, Fate, Trial, Trials},
    text::{FileId, Place, Span, Texts},
};

/// The version of the JSON below.
const SCHEMA: u32 = 1;

/// How many mutants of a kind of rules came to what.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Count {
    /// Mutants that the loader takes.
    pub made: usize,
    /// An example noticed them.
    pub killed: usize,
    /// The loader refuses them, so they are not among those made.
    pub refused: usize,
    /// The rule's file says why no example can notice them.
    pub excused: usize,
    /// No example notices them.
    pub alive: usize,
}

impl Count {
    fn add(&mut self, fate: &Fate) {
        let of = match fate {
            Fate::Killed { .. } => &mut self.killed,
            Fate::Refused(_) => &mut self.refused,
            Fate::Excused(_) => &mut self.excused,
            Fate::Alive => &mut self.alive,
        };
        *of = of.saturating_add(1);
        self.made = self.made.saturating_add(usize::from(!matches!(fate, Fate::Refused(_))));
    }
}

/// The counts, by kind of rule.
pub fn counts(trials: &Trials) -> BTreeMap<&str, Count> {
    let mut counts: BTreeMap<&str, Count> = BTreeMap::new();
    for trial in &trials.all {
        counts.entry(&trial.kind).or_default().add(&trial.fate);
    }
    counts
}

/// Whether every mutant is dead or excused, and every excuse excuses one.
pub fn is_good(trials: &Trials) -> bool {
    trials.idle.is_empty() && trials.all.iter().all(|trial| trial.fate != Fate::Alive)
}

fn at(texts: &Texts, file: FileId, span: Span) -> (String, u32, u32) {
    let place = locate(texts, Place { file, span });
    (place.path.to_owned(), place.start.line, place.start.column)
}

/// The report for people: a table by kind, each living mutant with its place and where an example
/// would lie that notices it, each excuse that excuses nothing; with `verbose` every mutant.
pub fn human(trials: &Trials, texts: &Texts, verbose: bool) -> String {
    let mut text = String::new();
    for trial in trials.all.iter().filter(|trial| verbose || trial.fate == Fate::Alive) {
        tell(trial, texts, &mut text);
    }
    for excuse in &trials.idle {
        let (path, line, column) = at(texts, excuse.file, excuse.span);
        let _ = writeln!(text, "{path}:{line}:{column}: {}: {}", excuse.rule, idle(excuse));
    }
    if !text.is_empty() {
        text.push('\n');
    }
    table(trials, &mut text);
    let escaped = |mut all: String, line: &str| {
        all.push_str(&escape::line(line));
        all.push('\n');
        all
    };
    text.lines().fold(String::new(), escaped)
}

fn idle(excuse: &Excuse) -> String {
    let why = if excuse.is_killed { "an example notices it" } else { "there is no such mutant" };
    format!("the survivor `{}` excuses nothing: {why}; take it out", excuse.mutant)
}

fn tell(trial: &Trial, texts: &Texts, text: &mut String) {
    let (path, line, column) = at(texts, trial.file, trial.mutant.span);
    let head = format!("{path}:{line}:{column}: {}: {}", trial.rule, trial.mutant.name);
    let _ = match &trial.fate {
        Fate::Killed { rule, example, on, was, now } => {
            let now = now.map_or("nothing".to_owned(), |now| now.to_string());
            let of = if *rule == trial.rule { String::new() } else { format!(" of `{rule}`") };
            writeln!(text, "{head}\n    killed by `{example}`{of} on {on}: {was}, the mutant {now}")
        }
        Fate::Refused(why) => writeln!(text, "{head}\n    refused: {why}"),
        Fate::Excused(why) => writeln!(text, "{head}\n    excused: {why}"),
        Fate::Alive => writeln!(text, "{head}\n    alive: no example notices; {}", trial.mutant.hint),
    };
}

fn table(trials: &Trials, text: &mut String) {
    let counts = counts(trials);
    let width = counts.keys().map(|kind| kind.len()).max().unwrap_or(0).max("kind".len());
    let mut all = Count::default();
    let _ = writeln!(
        text,
        "{:width$}  {:>6} {:>6} {:>7} {:>5}  {:>7}",
        "kind", "made", "killed", "excused", "alive", "refused"
    );
    let mut row = |name: &str, one: &Count| {
        let _ = writeln!(
            text,
            "{name:width$}  {:>6} {:>6} {:>7} {:>5}  {:>7}",
            one.made, one.killed, one.excused, one.alive, one.refused
        );
    };
    for (kind, one) in &counts {
        row(kind, one);
        all.made = all.made.saturating_add(one.made);
        all.killed = all.killed.saturating_add(one.killed);
        all.refused = all.refused.saturating_add(one.refused);
        all.excused = all.excused.saturating_add(one.excused);
        all.alive = all.alive.saturating_add(one.alive);
    }
    row("all", &all);
}

#[derive(Serialize)]
struct Output<'t> {
    schema: u32,
    tool: Tool,
    kinds: BTreeMap<&'t str, Count>,
    mutants: Vec<One<'t>>,
    #[serde(rename = "idle-survivors")]
    idle: Vec<IdleOne<'t>>,
}

#[derive(Serialize)]
struct Tool {
    name: &'static str,
    version: &'static str,
}

#[derive(Serialize)]
struct One<'t> {
    rule: &'t str,
    kind: &'t str,
    mutant: &'t str,
    fate: &'static str,
    path: String,
    line: u32,
    column: u32,
    why: Option<&'t str>,
    by: Option<By<'t>>,
    hint: Option<&'t str>,
}

#[derive(Serialize)]
struct By<'t> {
    rule: &'t str,
    example: &'t str,
    on: String,
    was: &'static str,
    now: Option<&'static str>,
}

#[derive(Serialize)]
struct IdleOne<'t> {
    rule: &'t str,
    mutant: &'t str,
    path: String,
    line: u32,
    column: u32,
    killed: bool,
}

/// The report for programs: every mutant.
pub fn json(trials: &Trials, texts: &Texts) -> String {
    let one = |trial: &'_ Trial| {
        let (path, line, column) = at(texts, trial.file, trial.mutant.span);
        (path, line, column)
    };
    let mutants = trials.all.iter().map(|trial| {
        let (path, line, column) = one(trial);
        let (fate, why, by, hint) = match &trial.fate {
            Fate::Killed { rule, example, on, was, now } => {
                let now = now.map(crate::finding::Outcome::word);
                ("killed", None, Some(By { rule, example, on: on.to_string(), was: was.word(), now }), None)
            }
            Fate::Refused(why) => ("refused", Some(why.as_str()), None, None),
            Fate::Excused(why) => ("excused", Some(why.as_str()), None, None),
            Fate::Alive => ("alive", None, None, Some(trial.mutant.hint.as_str())),
        };
        One {
            rule: &trial.rule,
            kind: &trial.kind,
            mutant: &trial.mutant.name,
            fate,
            path,
            line,
            column,
            why,
            by,
            hint,
        }
    });
    let idle = trials.idle.iter().map(|excuse| {
        let (path, line, column) = at(texts, excuse.file, excuse.span);
        IdleOne { rule: &excuse.rule, mutant: &excuse.mutant, path, line, column, killed: excuse.is_killed }
    });
    let output = Output {
        schema: SCHEMA,
        tool: Tool { name: env!("CARGO_PKG_NAME"), version: env!("CARGO_PKG_VERSION") },
        kinds: counts(trials),
        mutants: mutants.collect(),
        idle: idle.collect(),
    };
    serde_json::to_string_pretty(&output).unwrap_or_default() + "\n"
}
