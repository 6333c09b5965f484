//! `json`: everything that was found, for other tools. The names and their order are a promise
//! (`cli.md`, *JSON*); fields may be added, and none is renamed or removed without a new `schema`.

use std::io::{self, Write};

use serde::{Serialize, Serializer};

use super::locate;
use crate::{
    change::{self, Change, What},
    check::Verdict,
    finding::{Finding, Level, Mark, Outcome, Status},
    text::Texts,
};

/// The version of the shape below.
const SCHEMA: u32 = 1;

/// Prints the verdict as one JSON object and a line break. Findings are written as they are
/// visited: memory does not grow with their number. Strings are escaped as JSON demands, no more:
/// they are data for a program, not text for a terminal.
///
/// # Errors
///
/// Those of the writer.
pub fn json(verdict: &Verdict, out: &mut dyn Write) -> io::Result<()> {
    let mut out = io::BufWriter::new(out);
    serde_json::to_writer_pretty(&mut out, &Output::of(verdict))?;
    out.write_all(b"\n")?;
    out.flush()
}

#[derive(Serialize)]
struct Output<'a> {
    schema: u32,
    tool: Tool,
    on: String,
    position: Option<String>,
    at: &'a str,
    base: Option<&'a str>,
    assumed: &'a [String],
    summary: Counts,
    #[serde(skip_serializing_if = "Option::is_none")]
    changes: Option<Vec<Changed<'a>>>,
    findings: Findings<'a>,
}

#[derive(Serialize)]
pub(super) struct Tool {
    name: &'static str,
    version: &'static str,
}

#[derive(Serialize)]
#[serde(rename_all = "kebab-case")]
struct Counts {
    records: usize,
    rules: usize,
    judged: usize,
    pass: usize,
    breach: usize,
    not_applicable: usize,
    derogated: usize,
    unknown: usize,
    reading_sensitive: usize,
    errors: usize,
    warnings: usize,
    notes: usize,
    #[serde(flatten)]
    statuses: Option<Statuses>,
}

/// How many findings stand how to the base, where there is one.
#[derive(Serialize)]
struct Statuses {
    new: usize,
    existing: usize,
    fixed: usize,
}

/// What changed in one file against the base.
#[derive(Serialize)]
#[serde(rename_all = "kebab-case")]
struct Changed<'a> {
    subject: &'a str,
    path: &'a str,
    what: &'static str,
    from: Option<&'a str>,
    facts: Vec<Fact<'a>>,
}

/// One fact that is other than before.
#[derive(Serialize)]
struct Fact<'a> {
    key: &'a str,
    was: Option<&'a str>,
    now: Option<&'a str>,
}

/// One finding.
#[derive(Serialize)]
#[serde(rename_all = "kebab-case")]
pub(super) struct One<'a> {
    fingerprint: String,
    rule: &'a str,
    clause: Option<&'a str>,
    clause_recalled: bool,
    basis: Option<&'static str>,
    slot: &'a str,
    outcome: &'static str,
    level: &'static str,
    subject: &'a str,
    message: &'a str,
    help: Option<&'a str>,
    status: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    rules: Option<&'static str>,
    places: Places<'a>,
}

#[derive(Serialize)]
#[serde(rename_all = "kebab-case")]
struct Spot<'a> {
    path: &'a str,
    line: u32,
    column: u32,
    end_line: u32,
    end_column: u32,
    at: Option<&'a str>,
    label: &'a str,
    primary: bool,
}

/// The findings, turned into their printed shape one by one.
struct Findings<'a>(&'a Verdict);

/// The places of one finding, likewise.
struct Places<'a>(&'a Texts, &'a [Mark]);

impl<'a> Output<'a> {
    fn of(verdict: &'a Verdict) -> Self {
        Self {
            schema: SCHEMA,
            tool: Tool::this(),
            on: verdict.on.to_string(),
            position: verdict.position.map(|day| day.to_string()),
            at: &verdict.at,
            base: verdict.base.as_deref(),
            assumed: &verdict.assumed,
            summary: Counts::of(verdict),
            changes: verdict.base.is_some().then(|| verdict.changes.iter().map(Changed::of).collect()),
            findings: Findings(verdict),
        }
    }
}

impl Counts {
    fn of(verdict: &Verdict) -> Self {
        let summary = &verdict.summary;
        Self {
            records: summary.records,
            rules: summary.rules,
            judged: summary.judged,
            pass: summary.of(Outcome::Pass),
            breach: summary.of(Outcome::Breach),
            not_applicable: summary.of(Outcome::NotApplicable),
            derogated: summary.of(Outcome::Derogated),
            unknown: summary.of(Outcome::Unknown),
            reading_sensitive: summary.of(Outcome::ReadingSensitive),
            errors: verdict.count(Level::Error),
            warnings: verdict.count(Level::Warning),
            notes: verdict.count(Level::Note),
            statuses: verdict.is_delta().then(|| Statuses {
                new: verdict.count_status(Status::New),
                existing: verdict.count_status(Status::Existing),
                fixed: verdict.count_status(Status::Fixed),
            }),
        }
    }
}

impl<'a> Changed<'a> {
    fn of(change: &'a Change) -> Self {
        let from = if let What::Moved(from) = &change.what { Some(from.as_str()) } else { None };
        let fact = |fact: &'a change::Fact| Fact { key: &fact.key, was: fact.was.as_deref(), now: fact.now.as_deref() };
        Self {
            subject: &change.subject,
            path: &change.path,
            what: change.what.word(),
            from,
            facts: change.facts.iter().map(fact).collect(),
        }
    }
}

impl Tool {
    /// This one.
    pub(super) fn this() -> Self {
        Self { name: env!("CARGO_PKG_NAME"), version: env!("CARGO_PKG_VERSION") }
    }
}

impl<'a> One<'a> {
    pub(super) fn of(texts: &'a Texts, finding: &'a Finding) -> Self {
        let clause = finding.clause.as_ref();
        Self {
            fingerprint: finding.fingerprint(),
            rule: &finding.rule,
            clause: clause.map(|clause| &*clause.number),
            clause_recalled: clause.is_some_and(|clause| clause.recalled),
            basis: finding.basis.map(crate::finding::Basis::word),
            slot: &finding.slot,
            outcome: finding.outcome.word(),
            level: finding.level.word(),
            subject: &finding.subject,
            message: &finding.message,
            help: finding.help.as_deref(),
            status: finding.status.map(Status::word),
            rules: finding.by_base_rules.then_some("base"),
            places: Places(texts, &finding.marks),
        }
    }
}

impl<'a> Spot<'a> {
    fn of(texts: &'a Texts, mark: &'a Mark, primary: bool) -> Self {
        let at = locate(texts, mark.place);
        Self {
            path: at.path,
            line: at.start.line,
            column: at.start.column,
            end_line: at.end.line,
            end_column: at.end.column,
            at: texts.commit(mark.place.file),
            label: &mark.label,
            primary,
        }
    }
}

impl Serialize for Findings<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Self(verdict) = self;
        serializer.collect_seq(verdict.findings.iter().map(|finding| One::of(&verdict.texts, finding)))
    }
}

impl Serialize for Places<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Self(texts, marks) = self;
        serializer.collect_seq(marks.iter().enumerate().map(|(at, mark)| Spot::of(texts, mark, at == 0)))
    }
}
