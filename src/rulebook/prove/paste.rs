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
    let text = format!("{}\n\n{}", rule.raw.text(), with("pass"));
    let changed = load::reread(book, rule, &text).ok()?;
    let runs = example::run(&changed, changed.find(&rule.id)?);
    let last = runs.into_iter().next_back()?;
    let got = last.got.filter(|_| last.problems.is_empty())?;
    Some(with(got.word()))
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
