//! What each body did: its meetings held and next, and the documents that it owes. The bodies come in
//! the order in which the code lists them, then the others.

use std::collections::BTreeSet;

use super::{
    super::{
        desk::Desk,
        model::{Block, Line},
    },
    documents, lines,
};
use crate::{
    day::{Truth, When},
    record::{
        Kind, Record,
        body::GovernanceBody,
        meeting::{Item, Meeting},
    },
};

pub(super) fn write(desk: &Desk<'_>) -> Vec<Block> {
    let mut blocks = vec![lines::section("Meetings and work of the bodies")];
    let owned = documents::by_owner(desk);
    let listed: Vec<&str> = desk.code.words("bodies").collect();
    let known: BTreeSet<&str> = listed.iter().copied().collect();
    let first = listed.iter().filter_map(|id| desk.registry.find(Kind::Body, id));
    let others = desk.all(Kind::Body).filter(|record| !known.contains(record.id.as_ref()));
    let mut is_none = true;
    for record in first.chain(others) {
        let Some(body) = record.governance_body() else { continue };
        let mut told = meetings(desk, record);
        let rows = owned.get(record.id.as_ref()).map(|them| documents::rows(desk, them)).unwrap_or_default();
        if told.is_empty() && rows.is_empty() && !is_expected(desk, record, body, &known) {
            continue;
        }
        if told.is_empty() {
            told.push(Block::Paragraph(lines::none(desk, Kind::Meeting, "Meetings held or planned")));
        }
        is_none = false;
        blocks.push(lines::part(Desk::body(record, body)));
        blocks.extend(Desk::summary(record, &body.summary).map(Block::Paragraph));
        blocks.extend(told);
        if !rows.is_empty() {
            blocks.push(lines::table(desk, Kind::Deliverable, "Documents", documents::COLUMNS, rows));
        }
    }
    if is_none {
        blocks.push(Block::Paragraph(lines::none(desk, Kind::Body, "Bodies")));
    }
    blocks
}

/// Whether a body that says nothing is missed: the code lists it, and it exists for certain.
fn is_expected(desk: &Desk<'_>, record: &Record, body: &GovernanceBody, known: &BTreeSet<&str>) -> bool {
    let begun = body.established.is_absent() || desk.has_come(&body.established).certain();
    let over = desk.has_come(&body.dissolved).possible();
    known.contains(record.id.as_ref()) && begun && !over
}

/// How a meeting stands to the period.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Standing {
    Before,
    Held,
    CalledOff,
    Silent,
    Next,
}

fn standing(desk: &Desk<'_>, meeting: &Meeting) -> Option<Standing> {
    let plan = meeting.moved_to.items.last().unwrap_or(&meeting.planned);
    if desk.has_come(&meeting.cancelled).possible() {
        let near = plan.known().is_some_and(|when| lines::is_near(desk, *when).possible());
        let inside = desk.in_period(&meeting.planned).possible() || desk.in_period(&meeting.cancelled).possible();
        return (near || inside).then_some(Standing::CalledOff);
    }
    if desk.has_come(&meeting.held).possible() {
        if desk.in_period(&meeting.held).possible() {
            return Some(Standing::Held);
        }
        return meeting.held.when().is_some_and(|when| when.last < desk.from).then_some(Standing::Before);
    }
    if desk.is_ahead(plan.when()) {
        return Some(Standing::Next);
    }
    (plan.known().is_some() && desk.in_period(plan).possible()).then_some(Standing::Silent)
}

fn meetings(desk: &Desk<'_>, body: &Record) -> Vec<Block> {
    let all = desk.registry.in_folder(Kind::Meeting, &body.id).filter_map(|at| desk.registry.at(at));
    let all = all.filter_map(|record| {
        let meeting = record.meeting()?;
        Some((standing(desk, meeting)?, meeting.day().when()?, record, meeting))
    });
    let mut all: Vec<_> = all.collect();
    all.sort_by_key(|(standing, when, record, _)| (*standing, when.first, when.last, &record.id));
    // Of those before the period the last one, of those to come the near ones, or else the next one.
    let last_before = all.iter().rposition(|(standing, ..)| *standing == Standing::Before);
    let next = all.iter().position(|(standing, ..)| *standing == Standing::Next);
    let is_told = |at: usize, standing: Standing, when: When| match standing {
        Standing::Before => Some(at) == last_before,
        Standing::Next => Some(at) == next || lines::is_near(desk, when) != Truth::No,
        _ => true,
    };
    let told = all.iter().enumerate().filter(|(at, (standing, when, ..))| is_told(*at, *standing, *when));
    let mut blocks: Vec<Block> =
        told.flat_map(|(_, (standing, _, record, meeting))| one(desk, *standing, record, meeting)).collect();
    if next.is_none() && !blocks.is_empty() {
        blocks.push(Block::Paragraph(lines::none(desk, Kind::Meeting, "Next meeting")));
    }
    blocks
}

fn one(desk: &Desk<'_>, standing: Standing, record: &Record, meeting: &Meeting) -> Vec<Block> {
    let word = match standing {
        Standing::Before => "Before the period",
        Standing::Held => "Held",
        Standing::CalledOff => "Called off",
        Standing::Silent => "Planned, and nothing says what came of it",
        Standing::Next => "Next",
    };
    let line = Line::plain(format!("{word}: meeting ")).then(number(record, meeting)).say(", ");
    let line = match standing {
        Standing::Before | Standing::Held => line
            .say("held ")
            .token(Desk::date(record, "held", &meeting.held))
            .say("; ")
            .then(minutes(desk, record, meeting)),
        _ => planned(record, meeting, line),
    };
    let line = match standing {
        Standing::CalledOff => {
            line.say("; called off: ").token(lines::happened(desk, record, "cancelled", &meeting.cancelled))
        }
        _ => line,
    };
    let mut blocks = vec![Block::Paragraph(line.say("."))];
    blocks.extend(Desk::summary(record, &meeting.summary).map(Block::Paragraph));
    let is_over = desk.has_come(&meeting.held).possible();
    let items = lines::entries(&meeting.item).map(|(at, item)| self::item(desk, record, at, item, is_over));
    let items: Vec<Line> = items.collect();
    if !items.is_empty() {
        blocks.push(Block::List(items));
    }
    blocks
}

fn number(record: &Record, meeting: &Meeting) -> Line {
    let token = Desk::number(record, "number", &meeting.number);
    if meeting.number.known().is_some() { token.into() } else { Line::plain("(number ").token(token).say(")") }
}

fn minutes(desk: &Desk<'_>, record: &Record, meeting: &Meeting) -> Line {
    let line = Line::plain("minutes published: ");
    match meeting.minutes.known() {
        Some(minutes) => line.token(lines::happened(desk, record, "minutes.published", &minutes.published)),
        None => line.token(Desk::date(record, "minutes", &lines::left_out(record))),
    }
}

fn planned(record: &Record, meeting: &Meeting, line: Line) -> Line {
    if meeting.moved_to.items.is_empty() {
        return line.say("planned for ").token(Desk::date(record, "planned", &meeting.planned));
    }
    line.say("first planned for ")
        .token(Desk::date(record, "planned", &meeting.planned))
        .say(", moved to ")
        .token(Desk::moved(record, "planned", &meeting.planned, &meeting.moved_to))
}

/// An item of business; what came of it is told where the meeting may have been held by the day.
pub(in crate::report) fn item(desk: &Desk<'_>, record: &Record, at: usize, item: &Item, is_over: bool) -> Line {
    let field = |key: &str| format!("item[{at}].{key}");
    let mut line = Line::from(Desk::words(record, &field("title"), &item.title));
    if !item.about.is_absent() {
        line = line.say("; about: ").then(lines::about(desk, record, &field("about"), &item.about));
    }
    if !item.asked.is_absent() {
        line = line.say("; asked to ").token(Desk::words(record, &field("asked"), &item.asked));
    }
    if is_over && !item.outcome.is_absent() {
        line = line.say("; outcome: ").token(Desk::word(record, &field("outcome"), &item.outcome));
    }
    line
}
