//! What is published from the records, and only once it is checked. A report is a [`model::Document`]
//! made of tokens that know where they come from; the printers turn it into bytes.

pub mod blame;
mod calendar;
mod consultations;
mod deliverables;
pub mod desk;
mod elections;
mod gaps;
mod lines;
mod meetings;
pub mod model;
mod modifications;
mod newsletter;
mod parties;
pub mod print;
mod say;
mod seats;
pub mod site;
mod variations;

use std::collections::{BTreeMap, BTreeSet};

use self::{
    desk::Desk,
    model::{Block, Document, Flagged, Line, Part, Token},
};
use crate::{
    day::Day,
    error::Error,
    finding::{Finding, Level},
    record::Kind,
    rulebook::Rulebook,
    text::FileId,
};

/// One publication.
pub struct Publication {
    /// Its name on the command line.
    pub name: &'static str,
    /// What it holds.
    pub doc: &'static str,
    /// Its title.
    pub title: &'static str,
    /// The kinds of records that it looks through: one of them that cannot be read may be missing.
    pub reads: &'static [Kind],
    /// Of which days it speaks where none are named.
    pub period: Period,
    /// Writes it.
    pub(crate) write: fn(&Desk<'_>, &Findings<'_>) -> Written,
}

/// Of which days a publication speaks where none are named.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Period {
    /// It speaks for the day judged, and of no period.
    Day,
    /// The month of the day judged.
    Month,
    /// That month, and the twelve after it.
    Ahead,
}

impl Period {
    /// The first day, and the first day after the period.
    pub fn around(self, on: Day) -> (Day, Day) {
        let after = on.last_of_month().plus_days(1);
        let more = if self == Self::Ahead { 12 } else { 0 };
        (after.plus_months(-1), after.plus_months(more))
    }
}

/// What a publication gives: its parts, and the entries of a calendar.
#[derive(Debug, Default)]
pub struct Written {
    /// The parts.
    pub blocks: Vec<Block>,
    /// The entries.
    pub entries: Vec<model::Entry>,
}

impl From<Vec<Block>> for Written {
    fn from(blocks: Vec<Block>) -> Self {
        Self { blocks, entries: Vec::new() }
    }
}

/// What the check found.
#[derive(Debug)]
pub struct Findings<'f> {
    /// All of it.
    pub all: &'f [Finding],
    /// The rules.
    pub book: &'f Rulebook,
}

impl Publication {
    /// Whether it has entries of a calendar.
    pub fn is_calendar(&self) -> bool {
        self.period == Period::Ahead
    }
}

/// Every publication.
pub const PUBLICATIONS: &[Publication] = &[
    calendar::PUBLICATION,
    consultations::PUBLICATION,
    deliverables::PUBLICATION,
    elections::PUBLICATION,
    gaps::PUBLICATION,
    meetings::PUBLICATION,
    modifications::PUBLICATION,
    newsletter::PUBLICATION,
    parties::PUBLICATION,
    seats::PUBLICATION,
    variations::PUBLICATION,
];

/// The publication of a name.
///
/// # Errors
///
/// [`Error::Usage`] where there is none.
pub fn named(name: &str) -> Result<&'static Publication, Error> {
    let names = || PUBLICATIONS.iter().map(|one| one.name).chain(["site", "serve"]);
    PUBLICATIONS.iter().find(|one| one.name == name).ok_or_else(|| {
        let hint = crate::decode::nearest(name, names()).map_or_else(
            || format!("there are {}", names().collect::<Vec<_>>().join(", ")),
            |one| format!("did you mean `{one}`?"),
        );
        Error::usage(format!("`{name}` is no report"), hint)
    })
}

/// What a report was written for.
#[derive(Debug, Clone, Copy)]
pub struct Wanted {
    /// The day for which it speaks.
    pub on: Day,
    /// The first day of its period.
    pub from: Day,
    /// The first day after it.
    pub until: Day,
}

/// Writes a report, and marks each passage that rests on a fact with an error-level finding. The
/// findings that were met are in [`Document::findings`]: without any, it can be issued.
pub fn write(publication: &Publication, desk: &Desk<'_>, findings: &Findings<'_>, at: &str) -> (Document, Vec<usize>) {
    let written = (publication.write)(desk, findings);
    let code = desk.code.words.code.text().unwrap_or("").to_owned();
    let mut document = Document {
        name: publication.name,
        code,
        title: title(publication, desk),
        on: desk.on.to_string(),
        at: at.to_owned(),
        time_zone: desk.code.words.time_zone.text().unwrap_or("").to_owned(),
        blocks: written.blocks,
        entries: written.entries,
        findings: Vec::new(),
    };
    let met = flag(&mut document, publication, findings.all);
    (document, met)
}

fn title(publication: &Publication, desk: &Desk<'_>) -> String {
    let Some(first) = desk.from.date().filter(|_| publication.period != Period::Day) else {
        return publication.title.to_owned();
    };
    let is_month = chrono::Datelike::day(&first) == 1 && desk.until == desk.from.plus_months(1);
    if is_month {
        return format!("{}, {}", publication.title, first.format("%B %Y"));
    }
    format!("{}, {} to {}", publication.title, say::day(desk.from), say::day(desk.until.plus_days(-1)))
}

/// Marks what rests on files with an error-level finding, and gives the positions of those findings.
fn flag(document: &mut Document, publication: &Publication, all: &[Finding]) -> Vec<usize> {
    let mut by_file: BTreeMap<FileId, Vec<usize>> = BTreeMap::new();
    let mut met = BTreeSet::new();
    for (at, finding) in all.iter().enumerate().filter(|(_, finding)| finding.level == Level::Error) {
        for mark in &finding.marks {
            by_file.entry(mark.place.file).or_default().push(at);
        }
        let folder = finding.subject.split('/').next().and_then(Kind::of_folder);
        if finding.rule.starts_with("record-") && folder.is_some_and(|kind| publication.reads.contains(&kind)) {
            met.insert(at);
        }
    }
    let hit = |tokens: &mut dyn Iterator<Item = &Token>| -> BTreeSet<usize> {
        let files = tokens.flat_map(|token| &token.sources).map(|source| source.file);
        files.filter_map(|file| by_file.get(&file)).flatten().copied().collect()
    };
    met.extend(hit(&mut document.tokens()));
    let met: Vec<usize> = met.into_iter().collect();
    let flags = |hits: BTreeSet<usize>| -> Vec<Part> {
        hits.into_iter().filter_map(|at| met.binary_search(&at).ok()).map(Part::Flag).collect()
    };
    let mark = |line: &mut Line| {
        let flags = flags(hit(&mut line.tokens()));
        line.0.extend(flags);
    };
    for block in &mut document.blocks {
        match block {
            Block::Heading(_, line) | Block::Paragraph(line) => mark(line),
            Block::List(lines) => lines.iter_mut().for_each(mark),
            Block::Table(table) => table.rows.iter_mut().flatten().for_each(mark),
        }
    }
    for entry in &mut document.entries {
        let flags = flags(hit(&mut entry.tokens()));
        entry.title.0.extend(flags);
    }
    document.findings = met.iter().filter_map(|at| all.get(*at)).map(flagged).collect();
    met
}

fn flagged(finding: &Finding) -> Flagged {
    Flagged {
        rule: finding.rule.to_string(),
        clause: finding.clause.as_ref().map(ToString::to_string),
        fingerprint: finding.fingerprint(),
        message: finding.message.clone(),
    }
}

impl From<&'static str> for Line {
    fn from(text: &'static str) -> Self {
        Self::plain(text)
    }
}
