//! Nominations that are open, and seats that are vacant.

use super::{
    super::{
        desk::Desk,
        model::{Block, Line, Source},
    },
    lines,
};
use crate::{
    day::Truth,
    record::{Kind, Record, election::Election, seat::Seat},
};

pub(super) fn write(desk: &Desk<'_>) -> Vec<Block> {
    let mut blocks = vec![lines::section("Nominations open")];
    let open = desk.all(Kind::Election).filter_map(|record| Some((record, record.election()?)));
    let open: Vec<_> = open.filter(|(_, election)| is_open(desk, election)).collect();
    if open.is_empty() {
        blocks.push(Block::Paragraph(lines::none(desk, Kind::Election, "Nominations open")));
    }
    for (record, election) in open {
        call(desk, record, election, &mut blocks);
    }
    blocks.push(lines::part("Vacant seats"));
    blocks.push(vacancies(desk));
    blocks.extend(not_recorded(desk));
    blocks
}

/// Called for certain, closing on the day or later (or who knows when), and nothing announced.
fn is_open(desk: &Desk<'_>, election: &Election) -> bool {
    let closes = election.nominations_close.when();
    desk.has_come(&election.called).certain()
        && closes.is_none_or(|when| when.last >= desk.on)
        && !election.result.iter().any(|one| desk.has_come(&one.announced).certain())
}

fn call(desk: &Desk<'_>, record: &Record, election: &Election, blocks: &mut Vec<Block>) {
    blocks.push(lines::part(desk.actor(record, "body", &election.body)));
    blocks.extend(Desk::summary(record, &election.summary).map(Block::Paragraph));
    let facts = Line::plain("Called: ")
        .token(Desk::date(record, "called", &election.called))
        .say(". Nominations close: ")
        .token(Desk::date(record, "nominations-close", &election.nominations_close))
        .say(". Reason: ")
        .token(Desk::word(record, "reason", &election.reason))
        .say(".");
    blocks.push(Block::Paragraph(facts));
    let rows = lines::entries(&election.seats_up).map(|(at, up)| {
        let field = |key: &str| format!("seats-up[{at}].{key}");
        let seats = Line::from(Desk::number(record, &field("seats"), &up.seats));
        let per = lines::given(&up.per, |fact| Desk::word(record, &field("per"), fact));
        vec![
            desk.constituency(record, &field("constituency"), &up.constituency).into(),
            lines::given(&up.role, |fact| Desk::words(record, &field("role"), fact)),
            if up.per.is_absent() { seats } else { seats.say(" for each ").then(per) },
            Desk::number(record, &field("vacant"), &up.vacant).into(),
        ]
    });
    let columns = ["Constituency", "Role", "Seats up", "Vacant among them"];
    blocks.push(lines::table(desk, Kind::Election, "Seats up", &columns, rows.collect()));
}

/// The last tenure that may have begun by the day, with its position.
fn sitting<'s>(desk: &Desk<'_>, seat: &'s Seat) -> Option<(usize, &'s crate::record::seat::Tenure)> {
    lines::entries(&seat.tenure).filter(|(_, one)| one.from.is_absent() || desk.has_come(&one.from).possible()).last()
}

fn vacancies(desk: &Desk<'_>) -> Block {
    let row = |record: &Record| -> Option<Vec<Line>> {
        let seat = record.seat()?;
        let (at, tenure) = sitting(desk, seat)?;
        let over = !tenure.ended.is_absent() && desk.has_come(&tenure.ended) == Truth::Yes;
        if over || tenure.holder.known()?.as_ref() != "vacant" {
            return None;
        }
        Some(vec![
            desk.parent(record).into(),
            desk.constituency(record, "constituency", &seat.constituency).into(),
            Desk::words(record, &format!("tenure[{at}].holder"), &tenure.holder).into(),
            Desk::date(record, &format!("tenure[{at}].from"), &tenure.from).into(),
        ])
    };
    let rows: Vec<_> = desk.all(Kind::Seat).filter_map(row).collect();
    lines::table(desk, Kind::Seat, "Vacant seats", &["Body", "Constituency", "Holder", "Since"], rows)
}

/// How many seats have no holder that is recorded: vacant or not, nobody can tell.
fn not_recorded(desk: &Desk<'_>) -> Option<Block> {
    let source = |record: &Record| {
        let seat = record.seat()?;
        let Some((at, tenure)) = sitting(desk, seat) else {
            let tenures = Desk::source(record, "tenure", seat.tenure.span);
            return Some(if seat.tenure.is_absent() { Source { place: None, ..tenures } } else { tenures });
        };
        let unknown = tenure.holder.known().is_none();
        unknown.then(|| Desk::field(record, &format!("tenure[{at}].holder"), &tenure.holder))
    };
    let all: Vec<_> = desk.all(Kind::Seat).filter_map(source).collect();
    if all.is_empty() {
        return None;
    }
    let count = desk.count(Kind::Seat.folder(), all);
    Some(Block::Paragraph(Line::plain("Seats whose holder is not recorded: ").token(count).say(".")))
}
