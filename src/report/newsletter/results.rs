//! What elections came to.

use super::{
    super::{
        desk::Desk,
        model::{Block, Line},
    },
    lines,
};
use crate::{
    decode::Fact,
    record::{
        Kind, Record,
        election::{Election, ElectionResult},
        id::PersonId,
    },
};

pub(super) fn write(desk: &Desk<'_>) -> Vec<Block> {
    let mut blocks = vec![lines::section("Election results")];
    let mut is_none = true;
    for record in desk.all(Kind::Election) {
        let Some(election) = record.election() else { continue };
        let told = lines::entries(&election.result).filter(|(_, one)| is_told(desk, one));
        let rows: Vec<_> = told.map(|(at, one)| row(desk, record, at, one)).collect();
        if rows.is_empty() {
            if is_silent(desk, election) {
                is_none = false;
                blocks.push(silent(desk, record, election));
            }
            continue;
        }
        is_none = false;
        blocks.push(lines::part(desk.actor(record, "body", &election.body)));
        blocks.extend(Desk::summary(record, &election.summary).map(Block::Paragraph));
        let columns = ["Constituency", "Role", "Elected", "How", "Announced"];
        blocks.push(lines::table(desk, Kind::Election, "Elected", &columns, rows));
    }
    if is_none {
        blocks.push(Block::Paragraph(lines::none(desk, Kind::Election, "Results announced in the period")));
    }
    blocks
}

/// Announced by the day for certain, and in the period, as far as is known.
fn is_told(desk: &Desk<'_>, one: &ElectionResult) -> bool {
    desk.has_come(&one.announced).certain() && desk.in_period(&one.announced).possible()
}

/// Nominations closed in the period, and no result is recorded.
fn is_silent(desk: &Desk<'_>, election: &Election) -> bool {
    let close = &election.nominations_close;
    close.known().is_some_and(|when| when.last < desk.on)
        && desk.in_period(close).possible()
        && !election.result.iter().any(|one| desk.has_come(&one.announced).certain())
}

fn silent(desk: &Desk<'_>, record: &Record, election: &Election) -> Block {
    let line = Line::from(desk.actor(record, "body", &election.body))
        .say(": nominations closed on ")
        .token(Desk::date(record, "nominations-close", &election.nominations_close))
        .say("; what came of them is not recorded.");
    Block::Paragraph(line)
}

fn row(desk: &Desk<'_>, record: &Record, at: usize, one: &ElectionResult) -> Vec<Line> {
    let field = |key: &str| format!("result[{at}].{key}");
    vec![
        desk.constituency(record, &field("constituency"), &one.constituency).into(),
        lines::given(&one.role, |fact| Desk::words(record, &field("role"), fact)),
        elected(desk, record, at, one),
        Desk::word(record, &field("how"), &one.how).into(),
        Desk::date(record, &field("announced"), &one.announced).into(),
    ]
}

/// Who was elected by one constituency.
pub(in crate::report) fn elected(desk: &Desk<'_>, record: &Record, at: usize, one: &ElectionResult) -> Line {
    if one.elected.items.is_empty() {
        return lines::not_listed(record, &format!("result[{at}].elected"), &one.elected).into();
    }
    let each = one.elected.items.iter().enumerate().map(|(nth, who)| person(desk, record, at, one, nth, who));
    Line::joined(each, ", ")
}

/// Who was elected, and whether that person sat before.
fn person(desk: &Desk<'_>, record: &Record, at: usize, one: &ElectionResult, nth: usize, who: &Fact<PersonId>) -> Line {
    let line = Line::from(desk.named(record, &format!("result[{at}].elected[{nth}]"), who, Kind::Person));
    let field = format!("result[{at}].re-elected");
    let again = who.known().and_then(|who| one.re_elected.items.iter().position(|fact| fact.known() == Some(who)));
    if let Some(again) = again.and_then(|again| Some((again, one.re_elected.items.get(again)?))) {
        let source = Desk::source(record, &format!("{field}[{}]", again.0), again.1.span);
        return line
            .say(" (")
            .token(Desk::status("re-elected", "listed among those who sat before", vec![source]))
            .say(")");
    }
    if one.re_elected.is_open() {
        return line.say(" (whether re-elected: ").token(lines::not_listed(record, &field, &one.re_elected)).say(")");
    }
    line
}
