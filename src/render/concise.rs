//! `concise`: one line a finding, for editors, `grep` and `sort`.

use std::io::{self, Write};

use super::{escape, locate};
use crate::{check::Verdict, finding::Finding};

/// Prints `path:line:column: level[rule] message`, one line a finding, in the order of the
/// verdict, and nothing else. Line breaks and other hidden characters in what comes from records
/// or file names are shown as escapes, so that one finding is one line.
///
/// # Errors
///
/// Those of the writer.
pub fn concise(verdict: &Verdict, out: &mut dyn Write) -> io::Result<()> {
    let mut out = io::BufWriter::new(out);
    verdict.findings.iter().try_for_each(|finding| one(verdict, finding, &mut out))?;
    out.flush()
}

fn one(verdict: &Verdict, finding: &Finding, out: &mut dyn Write) -> io::Result<()> {
    let at = finding.marks.first().map(|mark| locate(&verdict.texts, mark.place));
    let (path, line, column) = at.map_or(("", 1, 1), |at| (at.path, at.start.line, at.start.column));
    let path = if path.is_empty() { &finding.subject } else { path };
    let (path, rule, message) = (escape::line(path), escape::line(&finding.rule), escape::line(&finding.message));
    let status = finding.status.map_or(String::new(), |status| format!("{} ", status.word()));
    writeln!(out, "{path}:{line}:{column}: {status}{}[{rule}] {message}", finding.level)
}
