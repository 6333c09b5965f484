//! `seats`: who holds which seat of which body, until when, who stands in, and what is vacant.

use super::{
    Desk, Findings, Period, Publication, Written, lines,
    model::{Block, Line, Source, Token},
};
use crate::{
    day::{Truth, recorded_in_force},
    decode::Fact,
    record::{
        Kind, Record,
        seat::{By, Seat, Tenure},
    },
};

pub(super) const PUBLICATION: Publication = Publication {
    name: "seats",
    doc: "who holds which seat of which body, since when and until when, Alternates, vacancies",
    title: "Register of seats",
    reads: &[Kind::Seat, Kind::Body, Kind::Person],
    period: Period::Day,
    write,
};

const COLUMNS: &[&str] = &[
    "Body",
    "Seat",
    "Constituency",
    "Role",
    "Voting Group",
    "Holder",
    "Standing",
    "Since",
    "Due to end",
    "Up to, not including",
    "Put forward",
    "Alternates",
];

/// A seat on the day, with the tenures that hold: one for certain, else those that may.
struct Held<'a> {
    record: &'a Record,
    seat: &'a Seat,
    tenures: Vec<(usize, &'a Tenure)>,
    is_certain: bool,
}

fn write(desk: &Desk<'_>, _: &Findings<'_>) -> Written {
    let seats = lines::by_body(desk, Kind::Seat).into_iter();
    let all: Vec<Held<'_>> =
        seats.filter(|record| exists(desk, record)).filter_map(|record| held(desk, record)).collect();
    let rows = all.iter().flat_map(|one| rows(desk, one)).collect();
    let mut blocks = vec![Block::List(by_body(desk, &all))];
    blocks.retain(|block| block.lines().next().is_some());
    blocks.extend(lines::register(desk, Kind::Seat, "Seats", COLUMNS, rows));
    blocks.into()
}

/// Whether a seat and its body may exist on the day.
fn exists(desk: &Desk<'_>, record: &Record) -> bool {
    let body = desk.registry.find(Kind::Body, record.parent()).and_then(Record::governance_body);
    let of_body = body.is_none_or(|body| {
        let begun = body.established.is_absent() || desk.has_come(&body.established).possible();
        begun && !desk.has_come(&body.dissolved).certain()
    });
    of_body && lines::is_born(desk, record)
}

fn held<'a>(desk: &Desk<'_>, record: &'a Record) -> Option<Held<'a>> {
    let seat = record.seat()?;
    let on_day = |wanted: Truth| {
        let holds = |one: &Tenure| recorded_in_force(one.from.when(), one.ended.when(), desk.on);
        lines::entries(&seat.tenure).filter(move |(_, one)| holds(one) == wanted)
    };
    let certain: Vec<_> = on_day(Truth::Yes).collect();
    let is_certain = !certain.is_empty();
    let tenures = if is_certain { certain } else { on_day(Truth::Maybe).collect() };
    Some(Held { record, seat, tenures, is_certain })
}

fn is_vacant(tenure: &Tenure) -> bool {
    tenure.holder.known().is_some_and(|holder| holder.as_ref() == "vacant")
}

/// How many seats each body has, and how many of them are held, vacant, or neither for certain.
fn by_body(desk: &Desk<'_>, all: &[Held<'_>]) -> Vec<Line> {
    let same_body = |one: &Held<'_>, other: &Held<'_>| one.record.parent() == other.record.parent();
    let of_body = |seats: &[Held<'_>]| {
        let first = seats.first()?.record;
        let folder = format!("{}/{}", Kind::Seat.folder(), first.parent());
        let count = |wanted: &dyn Fn(&Held<'_>) -> bool| {
            let found = seats.iter().filter(|one| wanted(one)).map(source).collect();
            desk.count(&folder, found)
        };
        let known = |one: &Held<'_>| one.is_certain && one.tenures.iter().all(|(_, it)| it.holder.known().is_some());
        let vacant = |one: &Held<'_>| known(one) && one.tenures.iter().all(|(_, it)| is_vacant(it));
        let line = Line::from(desk.parent(first)).say(": seats: ").token(count(&|_| true));
        let line = line.say("; held: ").token(count(&|one| known(one) && !vacant(one)));
        let line = line.say("; vacant: ").token(count(&vacant));
        let line = line.say("; neither for certain: ").token(count(&|one| !known(one)));
        let is_complete = desk.registry.is_complete(&folder);
        Some(if is_complete { line } else { line.say("; its seats are ").token(desk.not_complete(&folder)) })
    };
    all.chunk_by(same_body).filter_map(of_body).collect()
}

/// What a seat counts by: the holder on the day, else the seat itself.
fn source(one: &Held<'_>) -> Source {
    match one.tenures.first() {
        Some((at, it)) => Desk::field(one.record, &format!("tenure[{at}].holder"), &it.holder),
        None => Desk::field(one.record, "constituency", &one.seat.constituency),
    }
}

/// A row for each tenure that holds or may hold; one for a seat that has none.
fn rows(desk: &Desk<'_>, held: &Held<'_>) -> Vec<Vec<Line>> {
    let (record, seat) = (held.record, held.seat);
    let row = |rest: [Line; 7]| {
        let mut row = vec![
            desk.parent(record).into(),
            Desk::stem(record).into(),
            desk.constituency(record, "constituency", &seat.constituency).into(),
            lines::given(&seat.role, |fact| Desk::words(record, "role", fact)),
            lines::given(&seat.voting_group, |fact| desk.actor(record, "voting-group", fact)),
        ];
        row.extend(rest);
        row
    };
    if held.tenures.is_empty() {
        return vec![row(nobody(desk, record, seat))];
    }
    held.tenures.iter().map(|(at, one)| row(tenure(desk, record, *at, one, held.is_certain))).collect()
}

/// A seat of which no tenure that holds on the day is recorded.
fn nobody(desk: &Desk<'_>, record: &Record, seat: &Seat) -> [Line; 7] {
    let ended =
        lines::entries(&seat.tenure).map(|(at, one)| Desk::field(record, &format!("tenure[{at}].ended"), &one.ended));
    let ended: Vec<Source> = ended.collect();
    let holder = if ended.is_empty() {
        lines::not_listed(record, "tenure", &seat.tenure)
    } else {
        Desk::status("not recorded", format!("no tenure recorded holds on {}", desk.on), ended)
    };
    let standing = holder.clone();
    let nothing = Line::default;
    [holder.into(), standing.into(), nothing(), nothing(), nothing(), nothing(), nothing()]
}

fn tenure(desk: &Desk<'_>, record: &Record, at: usize, one: &Tenure, is_certain: bool) -> [Line; 7] {
    let field = |key: &str| format!("tenure[{at}].{key}");
    [
        desk.named(record, &field("holder"), &one.holder, Kind::Person).into(),
        standing(desk, record, at, one, is_certain).into(),
        Desk::date(record, &field("from"), &one.from).into(),
        lines::given(&one.due_to_end, |fact| Desk::date(record, &field("due-to-end"), fact)),
        if desk.has_come(&one.ended) == Truth::No {
            Line::default()
        } else {
            Desk::date(record, &field("ended"), &one.ended).into()
        },
        put_forward(desk, record, at, &one.by),
        alternates(desk, record, at, one),
    ]
}

/// How the seat stands through a tenure, on the day.
fn standing(desk: &Desk<'_>, record: &Record, at: usize, one: &Tenure, is_certain: bool) -> Token {
    let field = |key: &str| format!("tenure[{at}].{key}");
    let mut sources = vec![
        Desk::field(record, &field("from"), &one.from),
        Desk::field(record, &field("ended"), &one.ended),
        Desk::field(record, &field("holder"), &one.holder),
    ];
    if !is_certain {
        let how = format!("whether it had begun and not ended on {} is not known", desk.on);
        let word = if is_vacant(one) { "perhaps vacant" } else { "perhaps held" };
        return Desk::status(word, how, sources);
    }
    if is_vacant(one) {
        return Desk::status("vacant", format!("a source says so, for {} too", desk.on), sources);
    }
    if one.due_to_end.known().is_some_and(|when| when.last <= desk.on) {
        sources.push(Desk::field(record, &field("due-to-end"), &one.due_to_end));
        return Desk::status(
            "held beyond its term",
            format!("it was due to end by {}, and had not ended", desk.on),
            sources,
        );
    }
    Desk::status("held", format!("it had begun and not ended on {}", desk.on), sources)
}

/// By which election, or by whom.
fn put_forward(desk: &Desk<'_>, record: &Record, at: usize, by: &Fact<By>) -> Line {
    let field = format!("tenure[{at}].by");
    let Some(by) = by.known() else { return lines::given(by, |fact| Desk::unknown(record, &field, fact)) };
    let election =
        lines::given(&by.election, |fact| desk.named(record, &format!("{field}.election"), fact, Kind::Election));
    let nominated = lines::given(&by.nomination_by, |fact| desk.actor(record, &format!("{field}.nomination-by"), fact));
    let appointed =
        lines::given(&by.appointment_by, |fact| desk.actor(record, &format!("{field}.appointment-by"), fact));
    let said = [("elected in ", election), ("nominated by ", nominated), ("appointed by ", appointed)];
    let said = said.into_iter().filter(|(_, line)| line.tokens().next().is_some());
    Line::joined(said.map(|(how, line)| Line::plain(how).then(line)), ", ")
}

fn alternates(desk: &Desk<'_>, record: &Record, at: usize, one: &Tenure) -> Line {
    let field = format!("tenure[{at}].alternate");
    lines::current(
        desk,
        record,
        &field,
        &one.alternate,
        |it| (&it.from, &it.until),
        |nth, it| {
            let key = |key: &str| format!("{field}[{nth}].{key}");
            let line = Line::from(desk.named(record, &key("person"), &it.person, Kind::Person));
            let line = line.say(", from ").token(Desk::date(record, &key("from"), &it.from));
            if it.until.is_absent() {
                return line;
            }
            line.say(" up to, not including, ").token(lines::happened(desk, record, &key("until"), &it.until))
        },
    )
}
