//! Lines that several sections need.

use super::super::{
    desk::Desk,
    model::{Block, Line, Source, Table, Token},
    say,
};
use crate::{
    day::{Day, Truth, When},
    decode::{Fact, List, State},
    record::{Kind, Record, id::Subject},
};

/// How many days the calendar looks ahead.
const AHEAD: i32 = 35;

/// On what the newsletter reports, in words.
pub(super) fn period(desk: &Desk<'_>) -> Block {
    let (first, last, ahead) = (say::day(desk.from), say::day(desk.until.plus_days(-1)), say::day(last_ahead(desk)));
    Block::Paragraph(Line::plain(format!(
        "Reports on {first} up to and including {last}, and on what is planned up to and including {ahead}."
    )))
}

/// The last day of the calendar.
pub(super) fn last_ahead(desk: &Desk<'_>) -> Day {
    desk.on.plus_days(AHEAD)
}

/// Whether a plan falls after the day of the report and not beyond the calendar; not where nothing is
/// known of its day.
pub(super) fn is_near(desk: &Desk<'_>, when: When) -> Truth {
    let (first, last) = (desk.on.plus_days(1), last_ahead(desk));
    if !when.first.is_finite() || !when.last.is_finite() || when.last < first || when.first > last {
        Truth::No
    } else if when.first >= first && when.last <= last {
        Truth::Yes
    } else {
        Truth::Maybe
    }
}

/// A heading of a section.
pub(super) fn section(title: &'static str) -> Block {
    Block::Heading(2, Line::plain(title))
}

/// A heading within a section.
pub(super) fn part(line: impl Into<Line>) -> Block {
    Block::Heading(3, line.into())
}

/// A record's id: it is the name of its file, and no line of it.
pub(super) fn id(record: &Record) -> Token {
    let mut token = Desk::id(record);
    token.sources.iter_mut().for_each(|source| source.place = None);
    token
}

/// What a record is called, else its id.
pub(super) fn called(desk: &Desk<'_>, record: &Record) -> Token {
    desk.title(record).unwrap_or_else(|| id(record))
}

/// The entries of a list that could be read, with their positions.
pub(super) fn entries<T>(list: &List<T>) -> impl Iterator<Item = (usize, &T)> {
    list.items.iter().enumerate().filter_map(|(at, one)| Some((at, one.known()?)))
}

/// A fact that the record has no table for.
pub(super) fn left_out<T>(record: &Record) -> Fact<T> {
    Fact { span: record.head(), state: State::Absent }
}

/// A day on which something happened: what comes after the day of the report is not told.
pub(super) fn happened(desk: &Desk<'_>, record: &Record, field: &str, fact: &Fact<When>) -> Token {
    if !fact.is_absent() && desk.has_come(fact) == Truth::No {
        let how = format!("the day recorded comes after {}", desk.on);
        return Desk::status("not by then", how, vec![Desk::source(record, field, fact.span)]);
    }
    Desk::date(record, field, fact)
}

/// A token where the field is there, else nothing.
pub(super) fn given<T>(fact: &Fact<T>, token: impl FnOnce(&Fact<T>) -> Token) -> Line {
    if fact.is_absent() { Line::default() } else { token(fact).into() }
}

/// The records that an entry is about, by what they are called.
pub(in crate::report) fn about(desk: &Desk<'_>, record: &Record, field: &str, list: &List<Subject>) -> Line {
    if list.is_open() && list.items.is_empty() {
        return not_listed(record, field, list).into();
    }
    let one = |(at, fact): (usize, &Fact<Subject>)| desk.subject(record, &format!("{field}[{at}]"), fact).into();
    Line::joined(list.items.iter().enumerate().map(one), ", ")
}

/// That a list is not known.
pub(super) fn not_listed<T>(record: &Record, field: &str, list: &List<T>) -> Token {
    let state = if list.is_absent() { State::Absent } else { State::Unknown };
    Desk::words(record, field, &Fact::<Box<str>> { span: list.span, state })
}

/// A table, or the words that nothing is recorded, and whether everything would be.
pub(super) fn table(
    desk: &Desk<'_>,
    kind: Kind,
    caption: &'static str,
    columns: &[&'static str],
    rows: Vec<Vec<Line>>,
) -> Block {
    if rows.is_empty() {
        return Block::Paragraph(none(desk, kind, caption));
    }
    Block::Table(Table { caption, columns: columns.to_vec(), rows })
}

/// That nothing is recorded, and whether everything would be.
pub(super) fn none(desk: &Desk<'_>, kind: Kind, what: &str) -> Line {
    let open = if desk.registry.is_complete(kind.folder()) {
        String::new()
    } else {
        format!("; the records of {} are not complete, so whether there was one is unknown", kind.folder())
    };
    Line::plain(format!("{what}: none recorded{open}."))
}

/// How many are counted for certain, and how many more there may be.
pub(super) fn counted(certain: Vec<Source>, possible: Vec<Source>) -> Line {
    let line = Desk::count(certain).map(Line::from);
    let some = line.is_some();
    let line = line.unwrap_or_else(|| Line::plain("none recorded"));
    match Desk::count(possible) {
        Some(more) if some => line.say(", and perhaps ").token(more).say(" more (day not recorded)"),
        Some(more) => line.say(" for certain, perhaps ").token(more).say(" (day not recorded)"),
        None => line,
    }
}
