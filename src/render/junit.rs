//! `junit`: `JUnit` XML, one suite a rule and one case a finding.

use std::{
    borrow::Cow,
    collections::BTreeMap,
    io::{self, Write},
};

use super::{escape, locate};
use crate::{
    check::Verdict,
    finding::{Finding, Outcome, Status},
};

/// Prints the verdict as `JUnit` XML. A case fails if `fails` says so of its finding, passes if the
/// finding is fixed, and is skipped, with its message, otherwise. The first suite says what was judged and
/// always passes: readers that refuse a report without a case get one.
///
/// # Errors
///
/// Those of the writer.
pub fn junit(verdict: &Verdict, fails: &dyn Fn(&Finding) -> bool, out: &mut dyn Write) -> io::Result<()> {
    let mut out = io::BufWriter::new(out);
    let mut suites: BTreeMap<&str, Vec<&Finding>> = BTreeMap::new();
    for finding in &verdict.findings {
        suites.entry(&finding.rule).or_default().push(finding);
    }
    let all = Counts::of(verdict.findings.iter(), fails);
    writeln!(out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>")?;
    writeln!(out, "<testsuites name=\"quorate\" {}>", Counts { tests: all.tests.saturating_add(1), ..all })?;
    judged(verdict, &mut out)?;
    for (rule, findings) in suites {
        let counts = Counts::of(findings.iter().copied(), fails);
        writeln!(out, "  <testsuite name=\"{}\" {counts}>", text(rule))?;
        findings.into_iter().try_for_each(|finding| case(verdict, finding, fails(finding), &mut out))?;
        writeln!(out, "  </testsuite>")?;
    }
    writeln!(out, "</testsuites>")?;
    out.flush()
}

/// How many cases, and how they end.
#[derive(Clone, Copy, Default)]
struct Counts {
    tests: usize,
    failures: usize,
    skipped: usize,
}

impl Counts {
    fn of<'f>(findings: impl Iterator<Item = &'f Finding>, fails: &dyn Fn(&Finding) -> bool) -> Self {
        findings.fold(Self::default(), |mut counts, finding| {
            counts.tests = counts.tests.saturating_add(1);
            if fails(finding) {
                counts.failures = counts.failures.saturating_add(1);
            } else if finding.status != Some(Status::Fixed) {
                counts.skipped = counts.skipped.saturating_add(1);
            }
            counts
        })
    }
}

impl std::fmt::Display for Counts {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self { tests, failures, skipped } = self;
        write!(f, "tests=\"{tests}\" failures=\"{failures}\" errors=\"0\" skipped=\"{skipped}\"")
    }
}

fn judged(verdict: &Verdict, out: &mut dyn Write) -> io::Result<()> {
    let summary = &verdict.summary;
    writeln!(out, "  <testsuite name=\"quorate\" {}>", Counts { tests: 1, ..Counts::default() })?;
    writeln!(out, "    <testcase name=\"judged on {}\" classname=\"quorate\">", verdict.on)?;
    write!(out, "      <system-out>{} records, {} rules", summary.records, summary.rules)?;
    for outcome in Outcome::ALL {
        write!(out, ", {} {outcome}", summary.of(outcome))?;
    }
    writeln!(out, "</system-out>\n    </testcase>\n  </testsuite>")
}

fn case(verdict: &Verdict, finding: &Finding, fails: bool, out: &mut dyn Write) -> io::Result<()> {
    let (rule, subject, slot) = (text(&finding.rule), text(&finding.subject), text(&finding.slot));
    let gap = if slot.is_empty() { "" } else { " " };
    write!(out, "    <testcase name=\"{subject}{gap}{slot}\" classname=\"{rule}\"")?;
    if let Some(mark) = finding.marks.first() {
        let at = locate(&verdict.texts, mark.place);
        write!(out, " file=\"{}\" line=\"{}\"", text(at.path), at.start.line)?;
    }
    let message = text(&finding.message);
    if fails {
        let (level, outcome) = (finding.level, finding.outcome);
        writeln!(out, ">\n      <failure type=\"{outcome}\" message=\"{level}: {message}\">{message}")?;
        places(verdict, finding, out)?;
        if let Some(help) = &finding.help {
            writeln!(out, "help: {}", text(help))?;
        }
        writeln!(out, "</failure>\n    </testcase>")
    } else if finding.status == Some(Status::Fixed) {
        writeln!(out, "/>")
    } else {
        let level = finding.level;
        writeln!(out, ">\n      <skipped message=\"{level}: {message}\"/>\n    </testcase>")
    }
}

fn places(verdict: &Verdict, finding: &Finding, out: &mut dyn Write) -> io::Result<()> {
    finding.marks.iter().try_for_each(|mark| {
        let at = locate(&verdict.texts, mark.place);
        let (path, label) = (text(at.path), text(&mark.label));
        let gap = if label.is_empty() { "" } else { " " };
        writeln!(out, "{path}:{}:{}{gap}{label}", at.start.line, at.start.column)
    })
}

/// Text as XML 1.0 can hold it, in an attribute or between tags: hidden characters, and the two that no
/// document may have, are shown.
fn text(text: &str) -> Cow<'_, str> {
    let shown = escape::line(text);
    if !shown.contains(['&', '<', '>', '"', '\'', '\u{fffe}', '\u{ffff}']) {
        return shown;
    }
    let mut out = String::with_capacity(shown.len().saturating_add(16));
    for c in shown.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&apos;"),
            '\u{fffe}' => out.push_str("\\u{fffe}"),
            '\u{ffff}' => out.push_str("\\u{ffff}"),
            _ => out.push(c),
        }
    }
    Cow::Owned(out)
}
