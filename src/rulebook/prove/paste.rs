//! Counterexamples: examples made of facts, judged before they are shown.

use std::fmt::Write as _;

use crate::{
    day::Day,
    rulebook::{Rulebook, example, load, rule::Rule},
};

/// A record of a counterexample: `kind/id`, and what it says.
pub(super) type Fact = (String, String);

/// A seat that somebody holds from a day on.
pub(super) fn seat(body: &str, constituency: &str, number: u32, holder: &str, from: Day, more: &str) -> Fact {
    (
        format!("seats/{body}/{constituency}-{number}"),
        format!("{{ constituency = \"{constituency}\", tenure = [{{ holder = \"{holder}\", from = {from}{more} }}] }}"),
    )
}

/// An example for a rule's file, with the outcome that it has there; nothing where it cannot be
/// judged.
pub(super) fn paste(
    book: &Rulebook,
    rule: &Rule,
    name: &str,
    on: Day,
    subject: Option<&str>,
    facts: &[Fact],
) -> Option<String> {
    let with = |expect: &str| {
        let mut text = String::from("[[example]]\n");
        let _ = writeln!(text, "name    = {}", quoted(name));
        let _ = writeln!(text, "on      = {on}");
        let _ = writeln!(text, "expect  = \"{expect}\"");
        if let Some(subject) = subject {
            let _ = writeln!(text, "subject = \"{subject}\"");
        }
        for (subject, says) in facts {
            let _ = writeln!(text, "records.\"{subject}\" = {says}");
        }
        text
    };
    judged(book, rule, &with("pass"))
}

/// An example with the outcome that it has in a rule's file, whatever it expects; nothing where it
/// cannot be judged.
pub(super) fn judged(book: &Rulebook, rule: &Rule, example: &str) -> Option<String> {
    let text = format!("{}\n\n{example}", rule.raw.text());
    let changed = load::reread(book, rule, &text).ok()?;
    let rule = changed.find(&rule.id)?;
    let last = rule.head.example.iter().count().checked_sub(1)?;
    let runs = example::run_one(&changed, rule, last);
    let outcomes: Option<Vec<&str>> =
        runs.iter().map(|run| Some(run.got.filter(|_| run.problems.is_empty())?.word())).collect();
    let expect = match outcomes?.as_slice() {
        [] => return None,
        [one] => format!("\"{one}\""),
        several => format!("[\"{}\"]", several.join("\", \"")),
    };
    let line = |line: &str| match line.split_once('=') {
        Some((key, _)) if key.trim() == "expect" => format!("{key}= {expect}\n"),
        _ => format!("{line}\n"),
    };
    Some(example.lines().map(line).collect())
}

/// A name as TOML has it; it is the tool's own, with words of rules in it.
fn quoted(name: &str) -> String {
    let plain: String = name.chars().map(|c| if c == '"' || c == '\\' || c.is_control() { '\'' } else { c }).collect();
    format!("\"{plain}\"")
}

/// The outcome that a pasted example says.
pub(super) fn expects(example: Option<&String>, outcome: &str) -> bool {
    example.is_some_and(|text| text.contains(&format!("expect  = \"{outcome}\"")))
}
