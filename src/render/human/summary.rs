//! The last lines: what was judged, on which day, at what, and how it came out.

use std::io::{self, Write};

use super::{Style, paint::Paint, said, wrapped};
use crate::{
    check::Verdict,
    finding::{Level, Outcome, Status},
    render::counted,
};

/// Before each line that continues the one before.
const INDENT: &str = "  ";
/// Stands for a space at which a line must not break.
const TIED: char = '\u{a0}';
/// How much of a commit id is shown.
const ID: usize = 12;

/// Prints what was judged, the six outcomes, and the findings by level.
pub(super) fn summary(verdict: &Verdict, style: &Style, out: &mut dyn Write) -> io::Result<()> {
    let mut lines = vec![judged(verdict), outcomes(verdict)];
    if verdict.findings.iter().filter_map(|finding| finding.clause.as_ref()).any(|clause| clause.recalled) {
        lines.push("A clause with ~ is recalled: nobody has checked its number against the text.".to_owned());
    }
    for line in lines.iter().filter(|line| !line.is_empty()) {
        for (at, part) in wrapped(&said(line), style.columns().saturating_sub(INDENT.len())).iter().enumerate() {
            writeln!(out, "{}{}", if at == 0 { "" } else { INDENT }, part.replace(TIED, " "))?;
        }
    }
    if verdict.is_delta() {
        let count = |status| verdict.count_status(status);
        let (new, old, gone) = (count(Status::New), count(Status::Existing), count(Status::Fixed));
        let fails = if verdict.base.is_some() { "; only what is new can fail" } else { "" };
        writeln!(out, "{new} new, {old} existing, {gone} fixed{fails}.")?;
    }
    for part in wrapped(&result(verdict), style.columns()) {
        writeln!(out, "{}", painted(verdict, &part, style))?;
    }
    Ok(())
}

/// `Judged the work tree as of 2016-09-30: 214 records by 38 rules.`
fn judged(verdict: &Verdict) -> String {
    let at = if verdict.at == "worktree" { "the work tree".to_owned() } else { commit(&verdict.at) };
    let position = match verdict.position {
        Some(position) if position == verdict.on => String::new(),
        Some(position) => format!(" (the records speak for {position})"),
        None => " (the records name no day that they speak for)".to_owned(),
    };
    let assumed = match verdict.assumed.as_slice() {
        [] => String::new(),
        [one] => format!(", as if {one} were implemented"),
        [first @ .., last] => format!(", as if {} and {last} were implemented", first.join(", ")),
    };
    let base = verdict.base.as_ref().map(|base| format!(", against {}", commit(base))).unwrap_or_default();
    let records = counted(verdict.summary.records, "record", "records");
    let rules = counted(verdict.summary.rules, "rule", "rules");
    format!("Judged {at} as of {}{position}{assumed}{base}: {records} by {rules}.", verdict.on)
}

/// `1204 judgements: 1180 pass, 3 breach, …`, the six outcomes adding up to the first number.
fn outcomes(verdict: &Verdict) -> String {
    let summary = &verdict.summary;
    let words = |outcome| match outcome {
        Outcome::NotApplicable => format!("not{TIED}applicable"),
        other => other.to_string(),
    };
    let parts: Vec<_> =
        Outcome::ALL.iter().map(|outcome| format!("{}{TIED}{}", summary.of(*outcome), words(*outcome))).collect();
    format!("{}: {}.", counted(summary.judged, "judgement", "judgements"), parts.join(", "))
}

/// `2 errors, 1 warning, 12 notes`, or that there is nothing, and what that is worth.
fn result(verdict: &Verdict) -> String {
    if !verdict.findings.is_empty() {
        let one = |level, one, many| counted(verdict.count(level), one, many);
        let (errors, warnings) = (one(Level::Error, "error", "errors"), one(Level::Warning, "warning", "warnings"));
        return format!("{errors}, {warnings}, {}", one(Level::Note, "note", "notes"));
    }
    let of = |outcome| verdict.summary.of(outcome);
    match (
        of(Outcome::Breach),
        of(Outcome::Unknown).saturating_add(of(Outcome::ReadingSensitive)),
        of(Outcome::Derogated),
    ) {
        _ if verdict.summary.judged == 0 => {
            "Nothing found, because nothing was judged: no rule selects any of these records.".to_owned()
        }
        (0, 0, 0) => "Nothing found: every rule that applies is kept.".to_owned(),
        (0, 0, _) => "Nothing found: every rule that applies is kept or derogated from.".to_owned(),
        (0, 1, _) => "Nothing found, and 1 judgement is open.".to_owned(),
        (0, open, _) => format!("Nothing found, and {open} judgements are open."),
        _ => "Nothing to show.".to_owned(),
    }
}

/// In the colour of the worst that was found.
fn painted(verdict: &Verdict, text: &str, style: &Style) -> String {
    let paint = Paint(style.color);
    match verdict.findings.iter().map(|finding| finding.level).max() {
        Some(level) => paint.level(level, text),
        None if verdict.summary.of(Outcome::Pass) == 0 => text.to_owned(),
        None => paint.good(text),
    }
}

fn commit(id: &str) -> String {
    format!("commit {}", id.chars().take(ID).collect::<String>())
}
