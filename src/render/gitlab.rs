//! `gitlab`: the code quality report of GitLab's merge requests.

use std::io::{self, Write};

use serde::{Serialize, Serializer};

use super::{escape, locate};
use crate::{
    check::Verdict,
    finding::{Finding, Level, Status},
};

/// Prints one JSON array with an entry a finding; none for what is fixed: GitLab finds that out itself,
/// from the report of the target branch.
///
/// # Errors
///
/// Those of the writer.
pub fn gitlab(verdict: &Verdict, out: &mut dyn Write) -> io::Result<()> {
    let mut out = io::BufWriter::new(out);
    serde_json::to_writer_pretty(&mut out, &Entries(verdict))?;
    out.write_all(b"\n")?;
    out.flush()
}

struct Entries<'a>(&'a Verdict);

#[derive(Serialize)]
struct Entry<'a> {
    description: String,
    check_name: &'a str,
    fingerprint: String,
    severity: &'static str,
    location: Location<'a>,
}

#[derive(Serialize)]
struct Location<'a> {
    path: &'a str,
    lines: Lines,
}

#[derive(Serialize)]
struct Lines {
    begin: u32,
    end: u32,
}

impl Serialize for Entries<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Self(verdict) = self;
        let here = verdict.findings.iter().filter(|finding| finding.status != Some(Status::Fixed));
        serializer.collect_seq(here.map(|finding| Entry::of(verdict, finding)))
    }
}

impl<'a> Entry<'a> {
    fn of(verdict: &'a Verdict, finding: &'a Finding) -> Self {
        let at = finding.marks.first().map(|mark| locate(&verdict.texts, mark.place));
        let (path, begin, end) = at.map_or(("", 1, 1), |at| (at.path, at.start.line, at.end.line));
        let clause = finding.clause.as_ref().map_or(String::new(), |clause| format!(" ({clause})"));
        let help = finding.help.as_deref().map_or(String::new(), |help| format!("; {help}"));
        Self {
            description: escape::line(&format!("{}{clause}{help}", finding.message)).into_owned(),
            check_name: &finding.rule,
            fingerprint: finding.fingerprint(),
            severity: match finding.level {
                Level::Error => "critical",
                Level::Warning => "minor",
                Level::Note => "info",
            },
            // An entry without a path is refused, and the whole report with it.
            location: Location {
                path: if path.is_empty() { &finding.subject } else { path },
                lines: Lines { begin, end },
            },
        }
    }
}
