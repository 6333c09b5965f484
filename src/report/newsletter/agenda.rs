//! The calendar of the coming weeks: every plan that falls into them, whatever kind it is of.

use super::{
    super::{
        desk::Desk,
        model::{Block, Line, Token},
    },
    lines,
};
use crate::{
    day::When,
    decode::{Fact, List},
    record::{Body, Kind, Record, modification::Modification},
};

/// One line of the calendar.
struct Entry {
    when: When,
    day: Token,
    what: Line,
    who: Line,
}

pub(super) fn write(desk: &Desk<'_>) -> Vec<Block> {
    let kinds = [
        Kind::Meeting,
        Kind::Event,
        Kind::Election,
        Kind::Consultation,
        Kind::Deliverable,
        Kind::Modification,
        Kind::Release,
    ];
    let mut all: Vec<Entry> =
        kinds.iter().flat_map(|kind| desk.all(*kind)).flat_map(|record| planned(desk, record)).collect();
    all.retain(|entry| lines::is_near(desk, entry.when).possible());
    all.sort_by_key(|entry| (entry.when.first, entry.when.last, entry.when.time));
    let rows = all.into_iter().map(|entry| vec![entry.day.into(), entry.what, entry.who]).collect();
    vec![lines::section("Calendar"), lines::table(desk, Kind::Event, "Coming", &["Day", "What", "Who"], rows)]
}

fn entry(record: &Record, field: &str, fact: &Fact<When>, what: Line, who: Line) -> Option<Entry> {
    Some(Entry { when: *fact.known()?, day: Desk::date(record, field, fact), what, who })
}

/// An entry for the day that a plan stands at.
fn moved(record: &Record, field: &str, fact: &Fact<When>, to: &List<When>, what: Line, who: Line) -> Option<Entry> {
    let (field, day) = Desk::stands_at(field, fact, to);
    let what = if to.items.is_empty() { what } else { what.say(" (moved)") };
    entry(record, &field, day, what, who)
}

fn planned(desk: &Desk<'_>, record: &Record) -> Vec<Entry> {
    let who = |field: &str, fact: &Fact<crate::record::id::ActorId>| {
        lines::given(fact, |fact| desk.actor(record, field, fact))
    };
    let one = match &record.body {
        Body::Meeting(one) => {
            let what =
                called_off(desk, record, &one.cancelled, Line::plain("Meeting ").then(number(record, &one.number)));
            moved(record, "planned", &one.planned, &one.moved_to, what, desk.parent(record).into())
        }
        Body::Event(one) => {
            let title = Line::from(Desk::words(record, "title", &one.title));
            let what = called_off(desk, record, &one.cancelled, title);
            moved(record, "on", &one.on, &one.moved_to, what, who("by", &one.by))
        }
        Body::Election(one) => {
            let who = desk.actor(record, "body", &one.body).into();
            // Before the call there is nothing that closes.
            let close =
                entry(record, "nominations-close", &one.nominations_close, Line::plain("Nominations close"), who);
            close.filter(|_| desk.has_come(&one.called).certain())
        }
        Body::Deliverable(one) => {
            let what = Line::plain("Due: ").token(Desk::words(record, "title", &one.title));
            moved(record, "due", &one.due, &one.moved_to, what, who("owner", &one.owner))
        }
        Body::Release(one) => {
            let what = Line::plain("Release ").token(Desk::words(record, "version", &one.version));
            moved(record, "planned", &one.planned, &one.moved_to, what, Line::default())
        }
        Body::Consultation(one) if desk.has_come(&one.opened).certain() => {
            let title = || Desk::words(record, "title", &one.title);
            let closes = Line::plain("Consultation closes: ").token(title());
            let closes = moved(record, "closes", &one.closes, &one.moved_to, closes, who("by", &one.by));
            let answer = one.response.known().and_then(|answer| {
                let what = Line::plain("Answer due: ").token(title());
                entry(record, "response.due", &answer.due, what, who("by", &one.by))
            });
            return closes.into_iter().chain(answer).collect();
        }
        Body::Modification(one) => return steps(desk, record, one),
        _ => None,
    };
    one.into_iter().collect()
}

fn number(record: &Record, number: &Fact<u32>) -> Line {
    let token = Desk::number(record, "number", number);
    if number.known().is_some() { token.into() } else { Line::plain("(number ").token(token).say(")") }
}

fn called_off(desk: &Desk<'_>, record: &Record, cancelled: &Fact<When>, what: Line) -> Line {
    if !desk.has_come(cancelled).possible() {
        return what;
    }
    let source = vec![Desk::source(record, "cancelled", cancelled.span)];
    what.say(": ").token(Desk::status("called off", "it was called off by then", source))
}

/// Planned stages and planned implementations of a proposal.
fn steps(desk: &Desk<'_>, record: &Record, one: &Modification) -> Vec<Entry> {
    let stages = lines::entries(&one.planned).filter_map(|(at, plan)| {
        let field = |key: &str| format!("planned[{at}].{key}");
        let what = Line::from(Desk::id(record)).say(": ").token(Desk::words(record, &field("to"), &plan.to));
        let who = lines::given(&plan.by, |fact| desk.actor(record, &field("by"), fact));
        entry(record, &field("on"), &plan.on, what, who)
    });
    let parts = lines::entries(&one.implementation).filter_map(|(at, part)| {
        let field = |key: &str| format!("implementation[{at}].{key}");
        let what = Line::from(Desk::id(record)).say(": to take effect");
        let part_of = lines::given(&part.part, |fact| Desk::words(record, &field("part"), fact));
        let what = if part.part.is_absent() { what } else { what.say(", ").then(part_of) };
        let (field, day) = Desk::stands_at(&field("planned"), &part.planned, &part.moved_to);
        entry(record, &field, day, what, Line::default())
    });
    stages.chain(parts).collect()
}
