//! `github`: annotations of a pull request, as commands to the runner of GitHub's workflows.

use std::io::{self, Write};

use super::{Located, escape, locate};
use crate::{
    check::Verdict,
    finding::{Finding, Level, Status},
};

/// GitHub shows so many annotations of each level from one step, and drops the rest unsaid.
const SHOWN: usize = 10;
/// So many characters of a message are sent; the page would cut it anyway.
const LONGEST: usize = 4000;

/// Prints one command a finding; none for what is fixed, which lies in no file of this tree. What fails
/// the run comes first, then by level, because only the first ten of a level are shown; where there are
/// more, a last line says so.
///
/// # Errors
///
/// Those of the writer.
pub fn github(verdict: &Verdict, fails: &dyn Fn(&Finding) -> bool, out: &mut dyn Write) -> io::Result<()> {
    let mut out = io::BufWriter::new(out);
    let mut findings: Vec<&Finding> =
        verdict.findings.iter().filter(|finding| finding.status != Some(Status::Fixed)).collect();
    findings.sort_by_key(|finding| std::cmp::Reverse((fails(finding), finding.level)));
    findings.iter().try_for_each(|finding| one(verdict, finding, &mut out))?;
    let counts = [Level::Error, Level::Warning, Level::Note].map(|level| verdict.count(level));
    if counts.iter().any(|count| *count > SHOWN) {
        let [errors, warnings, notes] = counts;
        writeln!(
            out,
            "quorate: {errors} errors, {warnings} warnings, {notes} notes; GitHub shows the first {SHOWN} of each"
        )?;
    }
    out.flush()
}

fn one(verdict: &Verdict, finding: &Finding, out: &mut dyn Write) -> io::Result<()> {
    let command = match finding.level {
        Level::Error => "error",
        Level::Warning => "warning",
        Level::Note => "notice",
    };
    write!(out, "::{command} ")?;
    let at = finding.marks.first().map(|mark| locate(&verdict.texts, mark.place));
    if let Some(at) = at.filter(|at| !at.path.is_empty()) {
        place(&at, out)?;
    }
    let clause = finding.clause.as_ref().map_or(String::new(), |clause| format!(" {clause}"));
    let status = finding.status.map_or(String::new(), |status| format!(" [{}]", status.word()));
    let title = cut(&format!("{}{clause}{status}", finding.rule));
    let help = finding.help.as_deref().map_or(String::new(), |help| format!("%0Ahelp: {}", data(&cut(help))));
    writeln!(out, "title={}::{}{help}", property(&title), data(&cut(&finding.message)))
}

/// Columns are told only where the range lies on one line: GitHub refuses an annotation that has them
/// and spans lines.
fn place(at: &Located<'_>, out: &mut dyn Write) -> io::Result<()> {
    write!(out, "file={},line={},endLine={}", property(at.path), at.start.line, at.end.line)?;
    if at.start.line == at.end.line {
        write!(out, ",col={},endColumn={}", at.start.column, at.end.column)?;
    }
    write!(out, ",")
}

/// The first characters, with hidden ones shown.
fn cut(text: &str) -> String {
    match text.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{}…", escape::line(text.get(..end).unwrap_or(""))),
        None => escape::line(text).into_owned(),
    }
}

/// Text behind the second `::`.
fn data(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

/// Text as the value of a property.
fn property(text: &str) -> String {
    data(&escape::line(text)).replace(':', "%3A").replace(',', "%2C")
}
