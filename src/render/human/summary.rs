//! The last lines: what was judged, on which day, at what, and how it came out.

use std::io::{self, Write};

use super::{Style, escape, paint::Paint, wrapped};
use crate::{
    check::Verdict,
    finding::{Level, Outcome},
};

/// How much of a commit id is shown.
const ID: usize = 12;

/// Prints what was judged, the six outcomes, and the findings by level.
pub(super) fn summary(verdict: &Verdict, style: &Style, out: &mut dyn Write) -> io::Result<()> {
    let mut lines = vec![judged(verdict), outcomes(verdict)];
    if verdict.findings.iter().filter_map(|finding| finding.clause.as_ref()).any(|clause| clause.recalled) {
        lines.push("A clause with ~ is recalled: nobody has checked its number against the text.".to_owned());
    }
    for line in lines.iter().filter(|line| !line.is_empty()) {
        for part in wrapped(&escape::line(line), style.columns()) {
            writeln!(out, "{part}")?;
        }
    }
    for part in wrapped(&result(verdict), style.columns()) {
        writeln!(out, "{}", painted(verdict, &part, style))?;
    }
    Ok(())
}

/// `Judged the work tree as of 2016-09-30: 214 records by 38 rules.`
fn judged(verdict: &Verdict) -> String {
    let at = if verdict.at == "worktree" { "the work tree".to_owned() } else { commit(&verdict.at) };
    let mut text = format!("Judged {at} as of {}", verdict.on);
    match verdict.position {
        Some(position) if position == verdict.on => {}
        Some(position) => text += &format!(" (the records speak for {position})"),
        None => text += " (the records name no day that they speak for)",
    }
    if !verdict.assumed.is_empty() {
        let is = if verdict.assumed.len() == 1 { "is" } else { "are" };
        text += &format!(", as if {} {is} implemented", listed(&verdict.assumed));
    }
    if let Some(base) = &verdict.base {
        text += &format!(", against {}", commit(base));
    }
    let (records, rules) = (verdict.summary.records, verdict.summary.rules);
    format!("{text}: {} by {}.", counted(records, "record", "records"), counted(rules, "rule", "rules"))
}

/// `1204 judgements: 1180 pass, 3 breach, …`, the six outcomes adding up to the first number.
fn outcomes(verdict: &Verdict) -> String {
    let summary = &verdict.summary;
    let words = |outcome| match outcome {
        Outcome::NotApplicable => "not applicable",
        other => Outcome::word(other),
    };
    let parts: Vec<_> =
        Outcome::ALL.iter().map(|outcome| format!("{} {}", summary.of(*outcome), words(*outcome))).collect();
    format!("{}: {}.", counted(summary.judged, "judgement", "judgements"), parts.join(", "))
}

/// `2 errors, 1 warning, 12 notes`, or that there is nothing, and what that is worth.
fn result(verdict: &Verdict) -> String {
    if !verdict.findings.is_empty() {
        let one = |level, one, many| counted(verdict.count(level), one, many);
        let (errors, warnings) = (one(Level::Error, "error", "errors"), one(Level::Warning, "warning", "warnings"));
        return format!("{errors}, {warnings}, {}", one(Level::Note, "note", "notes"));
    }
    let open = verdict.summary.of(Outcome::Unknown) + verdict.summary.of(Outcome::ReadingSensitive);
    match (verdict.summary.judged, open) {
        (0, _) => "Nothing found, because nothing was judged: no rule selects any of these records.".to_owned(),
        (_, 0) => "Nothing found: every rule that applies is kept.".to_owned(),
        (_, 1) => "Nothing found, and 1 judgement is open.".to_owned(),
        (_, open) => format!("Nothing found, and {open} judgements are open."),
    }
}

/// In the colour of the worst that was found.
fn painted(verdict: &Verdict, text: &str, style: &Style) -> String {
    let paint = Paint(style.color);
    match verdict.findings.iter().map(|finding| finding.level).max() {
        Some(level) => paint.level(level, text),
        None if verdict.summary.judged == 0 => text.to_owned(),
        None => paint.good(text),
    }
}

fn commit(id: &str) -> String {
    format!("commit {}", id.chars().take(ID).collect::<String>())
}

fn listed(names: &[String]) -> String {
    match names {
        [] => String::new(),
        [one] => one.clone(),
        [first @ .., last] => format!("{} and {last}", first.join(", ")),
    }
}

fn counted(count: usize, one: &str, many: &str) -> String {
    format!("{count} {}", if count == 1 { one } else { many })
}
