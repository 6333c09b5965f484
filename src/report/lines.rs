//! Lines that several reports need.

use super::{
    desk::Desk,
    model::{Block, Line, Source, Table, Token},
    say,
};
use crate::{
    day::{Day, Truth, When, recorded_in_force},
    decode::{Fact, List, State},
    record::{Kind, Record, id::Subject},
};

/// How many days the newsletter's calendar looks ahead.
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

/// That a list is not known, or that it is there and empty.
pub(super) fn not_listed<T>(record: &Record, field: &str, list: &List<T>) -> Token {
    if list.items.is_empty() && list.state == State::Is(()) {
        return Desk::status("none", "the list is there and empty", vec![Desk::source(record, field, list.span)]);
    }
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

/// The table of a register, and whether it lists everything.
pub(super) fn register(
    desk: &Desk<'_>,
    kind: Kind,
    caption: &'static str,
    columns: &[&'static str],
    rows: Vec<Vec<Line>>,
) -> Vec<Block> {
    let more = if rows.is_empty() { None } else { partial(desk, kind) };
    std::iter::once(table(desk, kind, caption, columns, rows)).chain(more).collect()
}

/// That nothing is recorded, and whether everything would be.
pub(super) fn none(desk: &Desk<'_>, kind: Kind, what: &'static str) -> Line {
    let folder = kind.folder();
    let line = Line::plain(what).say(": ").token(desk.count(folder, Vec::new()));
    if desk.registry.is_complete(folder) {
        return line.say(".");
    }
    let line = line.say("; the records of ").say(folder).say(" are ").token(desk.not_complete(folder));
    line.say(", so whether there was one is unknown.")
}

/// That a register lists what is recorded, where that may not be all; nothing where it is.
fn partial(desk: &Desk<'_>, kind: Kind) -> Option<Block> {
    let folder = kind.folder();
    (!desk.registry.is_complete(folder)).then(|| {
        let line = Line::plain("The records of ").say(folder).say(" are ").token(desk.not_complete(folder));
        Block::Paragraph(line.say(": there may be more than is listed."))
    })
}

/// How many are counted for certain, and how many more there may be; `folder` is where they are from.
pub(super) fn counted(desk: &Desk<'_>, folder: &str, certain: Vec<Source>, possible: Vec<Source>) -> Line {
    let some = !certain.is_empty();
    let line = Line::from(desk.count(folder, certain));
    if possible.is_empty() {
        return line;
    }
    let more = desk.count(folder, possible);
    if some {
        line.say(", and perhaps ").token(more).say(" more (day not recorded)")
    } else {
        line.say(" for certain, perhaps ").token(more).say(" (day not recorded)")
    }
}

/// Whether a record may have existed by the day: what began later is not told.
pub(super) fn is_born(desk: &Desk<'_>, record: &Record) -> bool {
    record.born.is_none_or(|born| born <= desk.on)
}

/// The records of a kind that lies in folders by body (seats, meetings): those of the bodies that the
/// code lists, in its order, then the others.
pub(super) fn by_body<'a>(desk: &Desk<'a>, kind: Kind) -> Vec<&'a Record> {
    let listed: Vec<&str> = desk.code.words("bodies").collect();
    let mut all: Vec<&Record> = desk.all(kind).collect();
    let place = |record: &Record| listed.iter().position(|body| *body == record.parent()).unwrap_or(listed.len());
    all.sort_by_key(|record| (place(record), &record.id));
    all
}

/// The period of an entry: the first day, and the first day after.
type Running<'f> = (&'f Fact<When>, &'f Fact<When>);

/// The entries of a list that hold on the day, joined; those that may hold are marked. Nothing where
/// none does, and where the list is left out.
pub(super) fn current<T>(
    desk: &Desk<'_>,
    record: &Record,
    field: &str,
    list: &List<T>,
    days: impl Fn(&T) -> Running<'_>,
    say: impl Fn(usize, &T) -> Line,
) -> Line {
    if list.items.is_empty() && list.is_open() {
        return not_listed(record, field, list).into();
    }
    let one = |(at, it)| {
        let (from, until) = days(it);
        match recorded_in_force(from.when(), until.when(), desk.on) {
            Truth::Yes => Some(say(at, it)),
            Truth::Maybe => {
                Some(say(at, it).say(" (perhaps: ").token(perhaps(desk, record, field, at, from, until)).say(")"))
            }
            Truth::No => None,
        }
    };
    Line::joined(entries(list).filter_map(one), "; ")
}

/// That the days recorded do not tell whether an entry holds on the day.
fn perhaps(desk: &Desk<'_>, record: &Record, field: &str, at: usize, from: &Fact<When>, until: &Fact<When>) -> Token {
    let sources = [("from", from), ("until", until)]
        .map(|(key, fact)| Desk::field(record, &format!("{field}[{at}].{key}"), fact));
    Desk::status("days not recorded", format!("whether it holds on {} is not known", desk.on), sources.to_vec())
}

/// The dates that tell how a thing that is planned and then held stands.
pub(super) struct Planned<'f> {
    /// The field of the day first planned, and the day.
    pub(super) first: (&'static str, &'f Fact<When>),
    /// Where it moved to.
    pub(super) moved_to: &'f List<When>,
    /// When it was held.
    pub(super) held: &'f Fact<When>,
    /// When it was called off.
    pub(super) cancelled: &'f Fact<When>,
}

/// How a meeting or an event stands on the day.
pub(super) fn standing(desk: &Desk<'_>, record: &Record, it: &Planned<'_>) -> Token {
    let (field, plan) = Desk::stands_at(it.first.0, it.first.1, it.moved_to);
    let held = || vec![Desk::field(record, "held", it.held)];
    if desk.has_come(it.cancelled).possible() {
        return Desk::status(
            "called off",
            "it was called off by then",
            vec![Desk::field(record, "cancelled", it.cancelled)],
        );
    }
    match desk.has_come(it.held) {
        Truth::Yes => return Desk::status("held", format!("the day it was held had come by {}", desk.on), held()),
        Truth::Maybe => {
            return Desk::status(
                "perhaps held",
                format!("whether the day it was held had come by {} is not known", desk.on),
                held(),
            );
        }
        Truth::No => {}
    }
    let plan_source = vec![Desk::field(record, &field, plan)];
    if desk.is_ahead(plan.when()) {
        return Desk::status("planned", format!("its day comes after {}", desk.on), plan_source);
    }
    Desk::status(
        "not recorded",
        "nothing says whether it was held",
        vec![Desk::field(record, &field, plan), Desk::field(record, "held", it.held)],
    )
}
