//! An audit: for people, as JSON, as CSV.

mod picture;

use std::{fmt::Write as _, io};

use serde::Serialize;

use super::{Style, csv::table, escape};
use crate::{
    audit::{About, Audit, Commit, Stood},
    finding::{Basis, Level},
};

/// The version of the JSON below.
const SCHEMA: u32 = 1;
/// How many findings are listed, unless all are asked for.
const LISTED: usize = 10;

/// The picture, then what stood longest.
pub fn human(audit: &Audit, style: &Style) -> String {
    let mut text = String::new();
    let Some((first, last)) = audit.commits.first().zip(audit.commits.last()) else {
        return format!("{}: no commit\n", escape::line(&audit.range));
    };
    if !style.quiet {
        let judged = audit.on.map_or("each on its own day".to_owned(), |on| format!("all on {on}"));
        let rules =
            audit.rules_at.as_ref().map_or("its own rules".to_owned(), |id| format!("the rules of {}", short(id)));
        let count = audit.commits.len();
        let plural = if count == 1 { "" } else { "s" };
        let span = if first.day == last.day { first.day.to_string() } else { format!("{} to {}", first.day, last.day) };
        let _ = writeln!(
            text,
            "{}: {count} commit{plural}, {span}, judged by {rules}, {judged}\n",
            escape::line(&audit.range)
        );
        text.push_str(&picture::of(audit, style));
        text.push('\n');
    }
    longest(audit, style, &mut text);
    done(audit, style, &mut text);
    unjudged(audit, style, &mut text);
    if !style.quiet {
        let _ = writeln!(text, "{}", closing(audit));
    }
    text
}

/// The findings that are listed: errors and warnings before notes, which only `--verbose` lists.
fn listed<'a>(audit: &'a Audit, style: &Style, about: About) -> Vec<&'a Stood> {
    let of_it = |one: &&Stood| one.about == about && (style.verbose || one.found.level > Level::Note);
    let mut all: Vec<&Stood> = audit.findings.iter().filter(of_it).collect();
    all.sort_by_key(|one| (std::cmp::Reverse(one.found.level), std::cmp::Reverse(one.days)));
    all
}

/// What stood longest.
fn longest(audit: &Audit, style: &Style, text: &mut String) {
    let all = listed(audit, style, About::Records);
    let most = if style.verbose { all.len() } else { LISTED };
    for one in all.iter().take(most) {
        let stood = format!("{}{}", days(one), if one.cleared.is_none() { ", and stands" } else { "" });
        heading(one, &stood, style, text);
        if let Some(commit) = audit.appeared(one) {
            let word = if one.appeared.is_none() { "there before" } else { "appeared" };
            wrapped(&format!("{word:<12} {}", told(commit)), style, text);
        }
        if let Some(commit) = audit.cleared(one) {
            wrapped(&format!("{:<12} {}", "cleared", told(commit)), style, text);
        }
        text.push('\n');
    }
    if let Some(more) = all.len().checked_sub(most).filter(|more| *more > 0) {
        let _ = writeln!(text, "and {more} more that stood less long or matter less: `--verbose` lists them\n");
    }
}

/// What commits did, the gravest first, the oldest before later ones.
fn done(audit: &Audit, style: &Style, text: &mut String) {
    let all = listed(audit, style, About::Commit);
    let most = if style.verbose { all.len() } else { LISTED };
    for one in all.iter().take(most) {
        heading(one, if one.found.by_base_rules { "done, by the rules before it" } else { "done" }, style, text);
        if let Some(commit) = audit.appeared(one) {
            wrapped(&format!("{:<12} {}", "by", told(commit)), style, text);
        }
        text.push('\n');
    }
    if let Some(more) = all.len().checked_sub(most).filter(|more| *more > 0) {
        let _ = writeln!(text, "and {more} more that commits did: `--verbose` lists them\n");
    }
}

/// The level, the rule and how it stands, then what was found.
fn heading(one: &Stood, stands: &str, style: &Style, text: &mut String) {
    let found = &one.found;
    let clause = found
        .clause
        .as_ref()
        .map_or(String::new(), |clause| format!(" ({}{clause})", if found.clause_recalled { "~" } else { "" }));
    let (rule, clause) = (escape::line(&found.rule), escape::line(&clause));
    let _ = writeln!(text, "{}  {rule}{clause}: {}", found.level, escape::line(stands));
    wrapped(&found.message, style, text);
}

fn wrapped(line: &str, style: &Style, text: &mut String) {
    let options = textwrap::Options::new(style.columns().saturating_sub(2))
        .initial_indent("    ")
        .subsequent_indent("      ")
        .break_words(false)
        .word_splitter(textwrap::WordSplitter::NoHyphenation);
    for part in textwrap::wrap(&escape::line(line), options) {
        let _ = writeln!(text, "{part}");
    }
}

fn days(one: &Stood) -> String {
    let day = |count: u32, what: &str| format!("{count} {what}{}", if count == 1 { "" } else { "s" });
    let working = one.working_days.map_or("Working Days not known".to_owned(), |count| day(count, "Working Day"));
    format!("{} ({working})", day(one.days, "day"))
}

fn told(commit: &Commit) -> String {
    format!("{} {} by {}: {}", commit.day, short(&commit.id), commit.author, commit.title)
}

/// The commits that could not be judged, those that follow each other for the same reason as one.
fn unjudged(audit: &Audit, style: &Style, text: &mut String) {
    let same = |one: &Commit, other: &Commit| one.counts.as_ref().err() == other.counts.as_ref().err();
    for run in audit.commits.chunk_by(same) {
        let Some((first, Err(why))) = run.first().map(|first| (first, &first.counts)) else { continue };
        let which = match run.len() {
            1 => format!("{} {}", first.day, short(&first.id)),
            count => format!("{count} commits from {} {}", first.day, short(&first.id)),
        };
        let _ = writeln!(text, "not judged: {which}");
        wrapped(why, style, text);
        text.push('\n');
    }
}

fn closing(audit: &Audit) -> String {
    let tell = |counts: [usize; 3]| {
        let part = |(count, name): (usize, &str)| format!("{count} {name}{}", if count == 1 { "" } else { "s" });
        counts.into_iter().zip(["error", "warning", "note"]).map(part).collect::<Vec<_>>().join(", ")
    };
    let count = |meant: &dyn Fn(&&Stood) -> bool| {
        let of = |level| audit.findings.iter().filter(meant).filter(|one| one.found.level == level).count();
        tell([Level::Error, Level::Warning, Level::Note].map(of))
    };
    let is_done = |one: &&Stood| one.about == About::Commit;
    let done = if audit.findings.iter().any(|one| is_done(&one)) {
        format!("\ndone by commits: {}", count(&is_done))
    } else {
        String::new()
    };
    format!("found: {}{done}\nstand: {}", count(&|_| true), count(&|one| one.cleared.is_none()))
}

fn short(id: &str) -> String {
    id.chars().take(12).collect()
}

/// One row a finding.
pub fn csv(audit: &Audit) -> String {
    let heading = [
        "fingerprint",
        "rule",
        "clause",
        "slot",
        "outcome",
        "level",
        "subject",
        "earlier",
        "appeared",
        "appeared-day",
        "appeared-author",
        "cleared",
        "cleared-day",
        "cleared-author",
        "days",
        "working-days",
        "message",
        "kind",
        "rules",
    ];
    let rows = audit.findings.iter().map(|one| {
        let found = &one.found;
        let at = |commit: Option<&Commit>| {
            commit.map_or([const { String::new() }; 3], |commit| {
                [commit.id.clone(), commit.day.to_string(), commit.author.clone()]
            })
        };
        let mut row = vec![
            found.fingerprint.to_string(),
            found.rule.to_string(),
            found.clause.as_deref().unwrap_or("").to_owned(),
            found.slot.to_string(),
            found.outcome.word().to_owned(),
            found.level.word().to_owned(),
            found.subject.to_string(),
            one.appeared.is_none().to_string(),
        ];
        row.extend(at(audit.appeared(one)));
        row.extend(at(audit.cleared(one)));
        row.push(one.days.to_string());
        row.push(one.working_days.map_or(String::new(), |count| count.to_string()));
        row.push(found.message.clone());
        row.push(one.about.word().to_owned());
        row.push(base_rules(one).unwrap_or("").to_owned());
        row
    });
    table(&heading, rows, csv::Terminator::Any(b'\n'))
}

/// Whose rules found it, where only those of the commit before did.
fn base_rules(one: &Stood) -> Option<&'static str> {
    one.found.by_base_rules.then_some("base")
}

/// One row a commit.
pub fn csv_commits(audit: &Audit) -> String {
    let heading = ["commit", "day", "author", "merge", "rules-changed", "errors", "warnings", "notes", "why", "title"];
    let rows = audit.commits.iter().map(|commit| {
        let counts = commit.counts.as_ref();
        let number = |count: Option<usize>| count.map_or(String::new(), |count| count.to_string());
        vec![
            commit.id.clone(),
            commit.day.to_string(),
            commit.author.clone(),
            commit.is_merge.to_string(),
            commit.rules_changed.to_string(),
            number(counts.ok().map(|counts| counts.errors)),
            number(counts.ok().map(|counts| counts.warnings)),
            number(counts.ok().map(|counts| counts.notes)),
            counts.err().cloned().unwrap_or_default(),
            commit.title.clone(),
        ]
    });
    table(&heading, rows, csv::Terminator::Any(b'\n'))
}

#[derive(Serialize)]
#[serde(rename_all = "kebab-case")]
struct Output<'a> {
    schema: u32,
    tool: Tool,
    range: &'a str,
    on: Option<String>,
    rules_at: Option<&'a str>,
    commits: Vec<One<'a>>,
    findings: Vec<Entry<'a>>,
}

#[derive(Serialize)]
struct Tool {
    name: &'static str,
    version: &'static str,
}

#[derive(Serialize)]
#[serde(rename_all = "kebab-case")]
struct One<'a> {
    id: &'a str,
    day: String,
    author: &'a str,
    committer: &'a str,
    errors: Option<usize>,
    warnings: Option<usize>,
    notes: Option<usize>,
    rules_changed: bool,
    merge: bool,
    title: &'a str,
    why: Option<&'a str>,
}

#[derive(Serialize)]
#[serde(rename_all = "kebab-case")]
struct Entry<'a> {
    fingerprint: &'a str,
    rule: &'a str,
    clause: Option<&'a str>,
    clause_recalled: bool,
    basis: Option<&'static str>,
    slot: &'a str,
    outcome: &'static str,
    subject: &'a str,
    level: &'static str,
    message: &'a str,
    kind: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    rules: Option<&'static str>,
    earlier: bool,
    appeared: Option<At<'a>>,
    cleared: Option<At<'a>>,
    days: u32,
    working_days: Option<u32>,
}

#[derive(Serialize)]
struct At<'a> {
    commit: &'a str,
    day: String,
    author: &'a str,
}

/// The same for programs.
///
/// # Errors
///
/// Those of writing.
pub fn json(audit: &Audit, out: &mut dyn io::Write) -> io::Result<()> {
    let output = Output {
        schema: SCHEMA,
        tool: Tool { name: env!("CARGO_PKG_NAME"), version: env!("CARGO_PKG_VERSION") },
        range: &audit.range,
        on: audit.on.map(|on| on.to_string()),
        rules_at: audit.rules_at.as_deref(),
        commits: audit.commits.iter().map(One::of).collect(),
        findings: audit.findings.iter().map(|one| Entry::of(audit, one)).collect(),
    };
    serde_json::to_writer_pretty(&mut *out, &output)?;
    out.write_all(b"\n")
}

impl<'a> One<'a> {
    fn of(commit: &'a Commit) -> Self {
        let counts = commit.counts.as_ref();
        Self {
            id: &commit.id,
            day: commit.day.to_string(),
            author: &commit.author,
            committer: &commit.committer,
            errors: counts.ok().map(|counts| counts.errors),
            warnings: counts.ok().map(|counts| counts.warnings),
            notes: counts.ok().map(|counts| counts.notes),
            rules_changed: commit.rules_changed,
            merge: commit.is_merge,
            title: &commit.title,
            why: counts.err().map(String::as_str),
        }
    }
}

impl<'a> Entry<'a> {
    fn of(audit: &'a Audit, one: &'a Stood) -> Self {
        let found = &one.found;
        let at = |commit: &'a Commit| At { commit: &commit.id, day: commit.day.to_string(), author: &commit.author };
        Self {
            fingerprint: &found.fingerprint,
            rule: &found.rule,
            clause: found.clause.as_deref(),
            clause_recalled: found.clause_recalled,
            basis: found.basis.map(Basis::word),
            slot: &found.slot,
            outcome: found.outcome.word(),
            subject: &found.subject,
            level: found.level.word(),
            message: &found.message,
            kind: one.about.word(),
            rules: base_rules(one),
            earlier: one.appeared.is_none(),
            appeared: audit.appeared(one).map(at),
            cleared: audit.cleared(one).map(at),
            days: one.days,
            working_days: one.working_days,
        }
    }
}
