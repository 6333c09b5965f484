//! What a change does: the facts that are other than before, what it mends, and what it leaves.

use std::io::{self, Write};

use super::{Style, paint::Paint, said, wrapped};
use crate::{
    change::{Change, What},
    check::Verdict,
    finding::{Finding, Level, Status},
};

/// How many files, and how many facts of one, are told where more are not asked for.
const MOST: (usize, usize) = (20, 8);

/// Prints which facts changed, file by file.
pub(super) fn changes(verdict: &Verdict, style: &Style, out: &mut dyn Write) -> io::Result<()> {
    let Some(base) = &verdict.base else { return Ok(()) };
    let paint = Paint(style.color);
    let base: String = said(base).chars().take(12).collect();
    if verdict.changes.is_empty() {
        return writeln!(out, "No file of records or rules differs from commit {base}.\n");
    }
    writeln!(out, "{}", paint.dim(&format!("what changed since commit {base}")))?;
    let most = if style.verbose { usize::MAX } else { MOST.0 };
    for change in verdict.changes.iter().take(most) {
        one(change, style, out)?;
    }
    match verdict.changes.len().saturating_sub(most) {
        0 => {}
        more => writeln!(out, "  and {more} more files; --verbose tells them")?,
    }
    writeln!(out)
}

fn one(change: &Change, style: &Style, out: &mut dyn Write) -> io::Result<()> {
    let most = if style.verbose { usize::MAX } else { MOST.1 };
    let what = match &change.what {
        What::Added => ", new".to_owned(),
        What::Removed => ", removed".to_owned(),
        What::Moved(from) => format!(", before `{from}`"),
        What::Changed => String::new(),
    };
    let facts = match (&change.what, change.facts.as_slice()) {
        (What::Changed | What::Moved(_), []) => vec!["no change of fact".to_owned()],
        (What::Removed, _) => Vec::new(),
        (_, facts) => {
            let is_new = change.what == What::Added;
            let told = facts.iter().take(most).map(|fact| match &fact.now {
                Some(now) if is_new => format!("{} {now}", fact.key),
                _ => fact.sentence(),
            });
            let more = facts.len().saturating_sub(most);
            told.chain((more > 0).then(|| format!("and {more} more"))).collect()
        }
    };
    let colon = if facts.is_empty() { "" } else { ": " };
    let line = said(&format!("`{}`{what}{colon}{}", change.subject, facts.join("; ")));
    for (at, part) in wrapped(&line, style.columns().saturating_sub(4)).iter().enumerate() {
        writeln!(out, "{}{part}", if at == 0 { "  " } else { "    " })?;
    }
    Ok(())
}

/// Prints what is fixed, a line each, and how much is as it was.
pub(super) fn rest(verdict: &Verdict, style: &Style, out: &mut dyn Write) -> io::Result<()> {
    let paint = Paint(style.color);
    let of = |status: Status| verdict.findings.iter().filter(move |finding| finding.status == Some(status));
    for finding in of(Status::Fixed).filter(|finding| finding.level > Level::Note || style.verbose) {
        let line = said(&format!("fixed[{}] {}", finding.rule, finding.message));
        for (at, part) in wrapped(&line, style.columns().saturating_sub(2)).iter().enumerate() {
            writeln!(out, "{}{}", if at == 0 { "" } else { "  " }, paint.good(part))?;
        }
    }
    let existing: Vec<&Finding> = of(Status::Existing).collect();
    if !existing.is_empty() && !style.verbose {
        let count = |level| existing.iter().filter(|finding| finding.level == level).count();
        let text = format!(
            "as before: {} errors, {} warnings, {} notes; --verbose shows them",
            count(Level::Error),
            count(Level::Warning),
            count(Level::Note)
        );
        writeln!(out, "{}\n", paint.dim(&text))?;
    }
    Ok(())
}
