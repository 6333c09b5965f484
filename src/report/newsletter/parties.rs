//! The Parties in numbers: counted from the records, beside what was published.

use super::{
    super::{
        desk::Desk,
        model::{Block, Line, Source},
    },
    lines,
};
use crate::{
    day::{Truth, When},
    decode::{Fact, State},
    record::{
        Kind, Record,
        party::{How, Party},
        publication::{Publication, Scalar, Statement},
    },
};

/// A row: what it is called, how a publication names the count, of what records, and how they give it.
type Row = (&'static str, &'static str, Kind, fn(&Desk<'_>) -> (Vec<Source>, Vec<Source>));

const ROWS: &[Row] = &[
    ("Parties", "parties", Kind::Party, |desk| split(desk.all(Kind::Party).filter_map(|record| current(desk, record)))),
    ("Accessions", "accessions", Kind::Party, |desk| {
        split(desk.all(Kind::Party).filter_map(|record| acceded(desk, record)))
    }),
    ("Withdrawals", "withdrawals", Kind::Party, |desk| left(desk, How::Withdrawn)),
    ("Expulsions", "expulsions", Kind::Party, |desk| left(desk, How::Expelled)),
    ("Changes of employment", "employment-changes", Kind::Person, |desk| {
        split(desk.all(Kind::Person).flat_map(|record| employed(desk, record)))
    }),
];

pub(super) fn write(desk: &Desk<'_>) -> Vec<Block> {
    let row = |(name, about, kind, count): &Row| {
        let (certain, possible) = count(desk);
        let stated = stated(desk, about).unwrap_or_else(|| Line::plain("not stated"));
        vec![Line::plain(*name), lines::counted(desk, kind.folder(), certain, possible), stated]
    };
    let rows = ROWS.iter().map(row).collect();
    let columns = ["What", "Counted from the records", "Published"];
    let mut blocks =
        vec![lines::section("Parties"), lines::table(desk, Kind::Party, "Parties in numbers", &columns, rows)];
    for folder in [Kind::Party, Kind::Person].map(Kind::folder) {
        if !desk.registry.is_complete(folder) {
            let line = Line::plain("The records of ").say(folder).say(" are ").token(desk.not_complete(folder));
            blocks.push(Block::Paragraph(line.say(": what is counted is the least that there were.")));
        }
    }
    let joined = desk.all(Kind::Party).filter(|record| acceded(desk, record).is_some_and(|(truth, _)| truth.certain()));
    let joined: Vec<Line> = joined.map(|record| desk.called(record).into()).collect();
    if !joined.is_empty() {
        blocks.push(Block::Paragraph(Line::plain("Acceded: ").then(Line::joined(joined, ", ")).say(".")));
    }
    blocks
}

/// Those that count for certain, and those that may.
fn split(all: impl Iterator<Item = (Truth, Source)>) -> (Vec<Source>, Vec<Source>) {
    let (certain, possible): (Vec<_>, Vec<_>) =
        all.filter(|(truth, _)| truth.possible()).partition(|(truth, _)| truth.certain());
    let sources = |all: Vec<(Truth, Source)>| all.into_iter().map(|(_, source)| source).collect();
    (sources(certain), sources(possible))
}

/// Whether a Party is one on the day; one whose accession is left out is one.
pub(in crate::report) fn current(desk: &Desk<'_>, record: &Record) -> Option<(Truth, Source)> {
    let party = record.party()?;
    let acceded = if party.acceded.is_absent() { Truth::Yes } else { desk.has_come(&party.acceded) };
    let left = match &party.left.state {
        State::Absent => Truth::No,
        State::Is(left) => desk.has_come(&left.on),
        State::Unknown | State::Bad => Truth::Maybe,
    };
    let (field, span) =
        if party.acceded.is_absent() { ("name", party.name.span) } else { ("acceded", party.acceded.span) };
    Some((acceded.and(!left), Desk::source(record, field, span)))
}

fn acceded(desk: &Desk<'_>, record: &Record) -> Option<(Truth, Source)> {
    let acceded = &record.party()?.acceded;
    Some((inside(desk, acceded), Desk::source(record, "acceded", acceded.span)))
}

/// In the period and not after the day.
fn inside(desk: &Desk<'_>, fact: &Fact<When>) -> Truth {
    desk.in_period(fact).and(desk.has_come(fact))
}

fn left(desk: &Desk<'_>, how: How) -> (Vec<Source>, Vec<Source>) {
    split(desk.all(Kind::Party).filter_map(|record| gone(desk, record, how)))
}

fn gone(desk: &Desk<'_>, record: &Record, how: How) -> Option<(Truth, Source)> {
    let party: &Party = record.party()?;
    let left = party.left.known()?;
    let so = left.how.known().map_or(Truth::Maybe, |one| Truth::from(*one == how));
    Some((so.and(inside(desk, &left.on)), Desk::source(record, "left.on", left.on.span)))
}

/// The first employment that is recorded is no change.
fn employed(desk: &Desk<'_>, record: &Record) -> Vec<(Truth, Source)> {
    let Some(person) = record.person() else { return Vec::new() };
    let changes = lines::entries(&person.employment).skip(1);
    let one = |(at, it): (usize, &crate::record::person::Employment)| {
        (inside(desk, &it.from), Desk::source(record, &format!("employment[{at}].from"), it.from.span))
    };
    changes.map(one).collect()
}

/// What the publications of the period state of a count; nothing where none does.
pub(super) fn stated(desk: &Desk<'_>, about: &str) -> Option<Line> {
    let all = desk.all(Kind::Publication).filter_map(|record| Some((record, record.publication()?)));
    let told = all.filter(|(_, one)| desk.has_come(&one.issued).certain() && desk.in_period(&one.issued).possible());
    let lines = told.flat_map(|(record, one)| {
        let of_count = |(_, it): &(usize, &Statement)| it.about.text() == Some(about) && it.of.is_absent();
        lines::entries(&one.statement).filter(of_count).map(move |(at, it)| statement(record, one, at, it))
    });
    let lines: Vec<Line> = lines.collect();
    (!lines.is_empty()).then(|| Line::joined(lines, "; "))
}

fn statement(record: &Record, one: &Publication, at: usize, it: &Statement) -> Line {
    let field = |key: &str| format!("statement[{at}].{key}");
    let number = Fact {
        span: it.equals.span,
        state: match &it.equals.state {
            State::Is(Scalar::Count(count)) => State::Is(*count),
            State::Is(_) | State::Bad => State::Bad,
            State::Unknown => State::Unknown,
            State::Absent => State::Absent,
        },
    };
    let mut line = Line::from(Desk::number(record, &field("equals"), &number)).say(" (");
    if !it.on.is_absent() {
        line = line.say("for ").token(Desk::date(record, &field("on"), &it.on)).say("; ");
    }
    if let Some(within) = it.within.known() {
        line = line
            .say("from ")
            .token(Desk::date(record, &field("within.from"), &within.from))
            .say(" up to, not including, ")
            .token(Desk::date(record, &field("within.until"), &within.until))
            .say("; ");
    }
    line.token(Desk::words(record, "title", &one.title)).say(")")
}
