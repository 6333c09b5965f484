//! Rules in English, and how a record was judged: text for people.

pub mod derive;
mod json;
mod manual;
pub mod mutants;
mod tell;

pub use self::{json::json, manual::manual, tell::tell};
pub mod proofs;

use std::fmt::Write as _;

use rayon::prelude::*;

use crate::{
    builtin,
    day::Day,
    decode::nearest,
    error::Error,
    finding::Basis,
    kind::{Episode, KINDS},
    render::{escape, locate},
    rulebook::{
        Rulebook,
        example::{self, Lacks, Run},
        in_force,
        rule::Rule,
    },
    text::Texts,
    tree::Tree,
};

/// What the examples of a rulebook came to.
#[derive(Debug)]
pub struct Tested {
    /// The report, for people.
    pub text: String,
    /// How many examples did not come out as they say, and how many rules rest on what is not there.
    pub failed: usize,
}

/// Every rule in a line: id, clause, kind, level, evidence, title.
pub fn list(book: &Rulebook) -> String {
    let rows: Vec<[String; 6]> = book
        .rules
        .iter()
        .map(|rule| {
            let basis =
                rule.versions.iter().filter_map(|version| crate::rulebook::rule::basis_of(&version.basis)).max();
            let kind = rule.head.kind.text().unwrap_or("?").to_owned();
            [
                rule.id.to_string(),
                rule.clause.to_string(),
                kind,
                rule.level.to_string(),
                basis.map_or("-".into(), |basis| basis.to_string()),
                rule.title().to_owned(),
            ]
        })
        .collect();
    let width = |column: usize| {
        rows.iter().filter_map(|row| row.get(column)).map(|cell| cell.chars().count()).max().unwrap_or(0)
    };
    let widths: Vec<usize> = (0..5).map(width).collect();
    let mut text = String::new();
    for row in &rows {
        let mut line = String::new();
        for (cell, width) in row.iter().zip(widths.iter().copied().chain([0])) {
            let _ = write!(line, "{}{}  ", escape::line(cell), " ".repeat(width.saturating_sub(cell.chars().count())));
        }
        let _ = writeln!(text, "{}", line.trim_end());
    }
    let _ =
        writeln!(text, "{} rules, {} built-in rules (`quorate explain record-key`, …)", rows.len(), builtin::ALL.len());
    text
}

/// Runs the examples of the rules named, or of all.
///
/// # Errors
///
/// [`Error::Usage`] for a rule that does not exist.
pub fn test(book: &Rulebook, texts: &Texts, wanted: &[String]) -> Result<Tested, Error> {
    let rules = chosen(book, wanted)?;
    let runs: Vec<Vec<Run>> = rules.par_iter().map(|rule| example::run(book, rule)).collect();
    let mut text = String::new();
    let (mut kept, mut failed, mut failed_rules) = (0_usize, 0_usize, 0_usize);
    for run in runs.iter().flatten() {
        if run.is_kept() {
            kept = kept.saturating_add(1);
        } else {
            failed = failed.saturating_add(1);
            tell_failed(run, texts, &mut text);
        }
    }
    for doubt in book.doubts.iter().filter(|_| wanted.is_empty()) {
        failed_rules = failed_rules.saturating_add(1);
        let place = doubt.marks.first().map(|mark| locate(texts, mark.place));
        let at = place
            .map_or(String::new(), |place| format!("{}:{}:{}: ", place.path, place.start.line, place.start.column));
        let _ = writeln!(text, "{}", escape::line(&format!("{at}{}", doubt.message)));
    }
    for rule in &rules {
        let lacks = Lacks::of(rule).words();
        if !lacks.is_empty() {
            let _ = writeln!(text, "{}: no example shows {}", rule.id, lacks.join(", "));
        }
    }
    let _ = writeln!(
        text,
        "{} rules, {} judgements by examples: {kept} as they say, {failed} not",
        rules.len(),
        kept.saturating_add(failed)
    );
    Ok(Tested { text, failed: failed.saturating_add(failed_rules) })
}

/// The rules named, or all.
///
/// # Errors
///
/// [`Error::Usage`] for a rule that does not exist.
pub fn chosen<'b>(book: &'b Rulebook, wanted: &[String]) -> Result<Vec<&'b Rule>, Error> {
    for id in wanted {
        find(book, id)?;
    }
    Ok(book.all().filter(|rule| wanted.is_empty() || wanted.iter().any(|id| *id == *rule.id)).collect())
}

fn tell_failed(run: &Run, texts: &Texts, text: &mut String) {
    let place = locate(texts, crate::text::Place { file: run.file, span: run.span });
    let got = run.got.map_or("nothing".to_owned(), |got| got.to_string());
    let _ = writeln!(
        text,
        "{}:{}:{}: {}: example `{}` on {}: expected {}, got {got}",
        escape::line(place.path),
        place.start.line,
        place.start.column,
        run.rule,
        escape::line(&run.name),
        run.on,
        run.expected
    );
    for line in run.problems.iter().map(|finding| &finding.message).chain(&run.said).take(8) {
        let _ = writeln!(text, "    {}", escape::line(line));
    }
}

fn find<'b>(book: &'b Rulebook, id: &str) -> Result<&'b Rule, Error> {
    book.find(id).ok_or_else(|| {
        let ids = book.rules.iter().map(|rule| rule.id.as_ref()).chain(builtin::ALL.iter().map(|one| one.id));
        let hint = nearest(id, ids)
            .map_or("`quorate rules list` names them all; a record is named as `kind/id`".to_owned(), |one| {
                format!("did you mean `{one}`?")
            });
        Error::usage(format!("there is no rule `{id}`"), hint)
    })
}

/// A rule in English, as it stands seen from a day; a built-in rule, or the page of a kind.
///
/// # Errors
///
/// [`Error::Usage`] for a rule that does not exist.
pub fn rule(tree: &Tree, id: &str, on: Day) -> Result<String, Error> {
    if let Some(rule) = builtin::find(id) {
        return Ok(format!(
            "{} — built in, {}\n\n{}\nWhy: {}\nBreaks it: {}\nRemedy: {}\n",
            rule.id, rule.level, rule.requires, rule.why, rule.example, rule.remedy
        ));
    }
    if let Some(kind) = KINDS.iter().find(|kind| kind.name() == id) {
        return Ok(kind.doc().to_owned());
    }
    let found = find(&tree.book, id)?;
    let mut text = format!("{} — {}\n", found.title(), found.id);
    let recalled = if found.clause.recalled { ", a number recalled and not checked against the text" } else { "" };
    let _ = writeln!(
        text,
        "clause {}{recalled}; kind {}; at most {}",
        found.clause,
        found.head.kind.text().unwrap_or("?"),
        article(found.level.word())
    );
    let _ = writeln!(text, "in {}", tree.texts.path(found.file));
    match in_force::enact(&tree.book, found, &tree.registry, on) {
        Some(law) => {
            law.history(&tree.book.code).iter().for_each(|episode| tell_episode(&mut text, episode, found, tree, on));
        }
        None => tell_variation(&mut text, found, tree),
    }
    tell_effects(&mut text, found, tree, on);
    tell_examples(&mut text, found);
    Ok(escaped(&text))
}

fn article(word: &str) -> String {
    if word.starts_with('e') { format!("an {word}") } else { format!("a {word}") }
}

fn tell_episode(text: &mut String, episode: &Episode, rule: &Rule, tree: &Tree, on: Day) {
    let until = if episode.until == Day::LATEST {
        "on".to_owned()
    } else {
        format!("up to and including {}", episode.until.plus_days(-1))
    };
    let now = if episode.from <= on && on < episode.until { format!("  ← in force on {on}") } else { String::new() };
    let _ = writeln!(text, "\nFrom {} {until}{now}", episode.from);
    match (&episode.suspended_by, &episode.english) {
        (Some(variation), _) => {
            let _ = writeln!(text, "  Set aside by the variation `{variation}`.");
        }
        (None, Some(english)) => {
            let _ = writeln!(text, "  {english}");
        }
        (None, None) => text.push_str("  Nobody knows what held: every judgement is `unknown`.\n"),
    }
    for (name, english) in &episode.readings {
        let _ = writeln!(text, "  Another reading ({name}): {english}");
    }
    if !episode.varied_by.is_empty() {
        let _ = writeln!(
            text,
            "  As varied by {}.",
            episode.varied_by.iter().map(|id| format!("`{id}`")).collect::<Vec<_>>().join(", ")
        );
    }
    let mut keys = episode.source.clone();
    keys.sort();
    keys.dedup();
    let sources: Vec<String> = keys
        .iter()
        .map(|key| {
            tree.book.sources.get(key.as_ref()).map_or_else(|| key.to_string(), |title| format!("{key} ({title})"))
        })
        .collect();
    let sources = if sources.is_empty() { "no source".to_owned() } else { sources.join("; ") };
    let level = rule.level.min(episode.basis.cap());
    let _ = writeln!(
        text,
        "  Evidence: {} — {}; {sources}. A breach is {}.",
        episode.basis,
        meaning(episode.basis),
        article(level.word())
    );
}

fn meaning(basis: Basis) -> &'static str {
    match basis {
        Basis::Text => "the clause itself was read",
        Basis::Secondary => "an official page describes it",
        Basis::Inferred => "deduced from dated cases, so never more than a warning",
        Basis::Recalled => "general knowledge without a source, so never more than a warning",
        Basis::Unknown => "nobody knows what held",
    }
}

fn tell_variation(text: &mut String, rule: &Rule, tree: &Tree) {
    let Some(variation) = rule.variation() else { return };
    let _ = writeln!(
        text,
        "\nA transitional variation under {}.",
        variation.power.text().unwrap_or("a power that is not recorded")
    );
    for effect in variation.effect.iter() {
        let op = effect.op.known().map_or("?", |op| op.word());
        let until = effect.until.known().map_or(Day::LATEST, |end| end.0);
        let until =
            if until == Day::LATEST { "on".to_owned() } else { format!("up to and including {}", until.plus_days(-1)) };
        let from = effect.from.when().map_or("?".to_owned(), |when| when.to_string());
        let set = tree.texts.get(rule.file).map_or("", |file| file.slice(effect.set.span));
        let set = if effect.set.known().is_some() { format!(": {set}") } else { String::new() };
        let _ = writeln!(text, "  {op} `{}` from {from} {until}{set}", effect.target.text().unwrap_or("?"));
    }
    for amendment in variation.amendment.iter() {
        let end = |end: Option<&crate::rulebook::rule::End>| end.map_or("?".to_owned(), |end| end.0.to_string());
        let on = amendment.on.when().map_or("?".to_owned(), |when| when.to_string());
        let _ = writeln!(
            text,
            "  amended on {on}: `{}` was {}, is {}",
            amendment.changes.text().unwrap_or("?"),
            end(amendment.was.known()),
            end(amendment.now.known())
        );
    }
}

fn tell_effects(text: &mut String, rule: &Rule, tree: &Tree, on: Day) {
    if rule.variation().is_some() {
        return;
    }
    for live in in_force::effects_on(&tree.book, rule, on) {
        let until = if live.until == Day::LATEST {
            "on".to_owned()
        } else {
            format!("up to and including {}", live.until.plus_days(-1))
        };
        let state = if live.from <= on && on < live.until { "in force" } else { "not in force" };
        let op = live.effect.op.known().map_or("?", |op| op.word());
        let _ =
            writeln!(text, "\nVariation `{}`: {op} from {} {until}; {state} on {on}.", live.variation.id, live.from);
    }
}

fn tell_examples(text: &mut String, rule: &Rule) {
    if rule.head.example.iter().next().is_none() {
        return;
    }
    text.push_str("\nExamples\n");
    for one in rule.head.example.iter() {
        let (days, expected) = (one.days(), one.expected());
        let outcome = |at: usize| expected.get(at).or(expected.first()).copied().unwrap_or("?");
        let pairs: Vec<String> = days.iter().enumerate().map(|(at, day)| format!("{day}: {}", outcome(at))).collect();
        let _ = writeln!(text, "  {} — {}", one.name.text().unwrap_or("?"), pairs.join(", "));
    }
}

/// Text whose lines are the tool's own, and whose words may be a record's.
fn escaped(text: &str) -> String {
    text.lines().fold(String::new(), |mut all, line| {
        all.push_str(&escape::line(line));
        all.push('\n');
        all
    })
}
