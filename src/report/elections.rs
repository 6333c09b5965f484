//! `elections`: every call for nominations, seat by seat, and what came of it.

use std::collections::BTreeSet;

use super::{
    Desk, Findings, Period, Publication, Written, lines,
    model::{Line, Token},
    newsletter::results::elected,
};
use crate::{
    day::Truth,
    record::{
        Kind, Record,
        election::{Election, ElectionResult, Nomination, SeatsUp},
    },
};

pub(super) const PUBLICATION: Publication = Publication {
    name: "elections",
    doc: "every call for nominations: seats, candidates, ballot, who was elected, how",
    title: "Register of elections",
    reads: &[Kind::Election, Kind::Body, Kind::Person],
    period: Period::Day,
    write,
};

const COLUMNS: &[&str] = &[
    "Id",
    "Body",
    "Reason",
    "Called",
    "Nominations close",
    "Ballot",
    "Constituency",
    "Role",
    "Seats up",
    "Vacant among them",
    "Term",
    "Candidates",
    "Standing",
    "Elected",
    "How",
    "Announced",
];

fn write(desk: &Desk<'_>, _: &Findings<'_>) -> Written {
    let known = desk.all(Kind::Election).filter(|record| lines::is_born(desk, record));
    let rows = known.filter_map(|record| Some(rows(desk, record, record.election()?))).flatten();
    lines::register(desk, Kind::Election, "Elections", COLUMNS, rows.collect()).into()
}

/// What one row is about: seats that were up, and what came of them.
#[derive(Clone, Copy, Default)]
struct Contest<'e> {
    up: Option<(usize, &'e SeatsUp)>,
    result: Option<(usize, &'e ElectionResult)>,
}

/// The seats that were up, each with its result; then results of seats that are not listed as up.
fn contests(election: &Election) -> Vec<Contest<'_>> {
    let mut used = BTreeSet::new();
    let mut all: Vec<Contest<'_>> = Vec::new();
    for up in lines::entries(&election.seats_up) {
        let fits = |(at, one): &(usize, &ElectionResult)| {
            !used.contains(at)
                && up.1.constituency.known().is_some()
                && one.constituency.known() == up.1.constituency.known()
                && one.role.known() == up.1.role.known()
        };
        let result = lines::entries(&election.result).find(fits);
        used.extend(result.map(|(at, _)| at));
        all.push(Contest { up: Some(up), result });
    }
    let others = lines::entries(&election.result).filter(|(at, _)| !used.contains(at));
    all.extend(others.map(|result| Contest { up: None, result: Some(result) }));
    if all.is_empty() {
        all.push(Contest::default());
    }
    all
}

fn rows(desk: &Desk<'_>, record: &Record, election: &Election) -> Vec<Vec<Line>> {
    contests(election).into_iter().map(|contest| row(desk, record, election, contest)).collect()
}

fn row(desk: &Desk<'_>, record: &Record, election: &Election, contest: Contest<'_>) -> Vec<Line> {
    let reason = match contest.up {
        Some((at, up)) if !up.reason.is_absent() => Desk::word(record, &format!("seats-up[{at}].reason"), &up.reason),
        _ => Desk::word(record, "reason", &election.reason),
    };
    let mut row = vec![
        Desk::id(record).into(),
        desk.actor(record, "body", &election.body).into(),
        reason.into(),
        lines::happened(desk, record, "called", &election.called).into(),
        Desk::date(record, "nominations-close", &election.nominations_close).into(),
        ballot(desk, record, election),
    ];
    row.extend(seats(desk, record, election, contest));
    row.push(candidates(desk, record, election, contest));
    row.push(standing(desk, record, election, contest).into());
    row.extend(result(desk, record, contest));
    row
}

fn ballot(desk: &Desk<'_>, record: &Record, election: &Election) -> Line {
    let Some(ballot) = election.ballot.known() else {
        return lines::given(&election.ballot, |fact| Desk::unknown(record, "ballot", fact));
    };
    let opened = lines::happened(desk, record, "ballot.opened", &ballot.opened);
    Line::from(opened).say(" to ").token(Desk::date(record, "ballot.closed", &ballot.closed))
}

/// Constituency, role, how many seats, how many of them vacant, and the term.
fn seats(desk: &Desk<'_>, record: &Record, election: &Election, contest: Contest<'_>) -> [Line; 5] {
    if let Some((at, up)) = contest.up {
        let field = |key: &str| format!("seats-up[{at}].{key}");
        let seats = Line::from(Desk::number(record, &field("seats"), &up.seats));
        let per = |line: Line| line.say(" for each ").token(Desk::word(record, &field("per"), &up.per));
        return [
            desk.constituency(record, &field("constituency"), &up.constituency).into(),
            lines::given(&up.role, |fact| Desk::words(record, &field("role"), fact)),
            if up.per.is_absent() { seats } else { per(seats) },
            Desk::number(record, &field("vacant"), &up.vacant).into(),
            lines::given(&up.term, |fact| Desk::words(record, &field("term"), fact)),
        ];
    }
    let open = || Line::from(lines::not_listed(record, "seats-up", &election.seats_up));
    let Some((at, one)) = contest.result else { return [open(), Line::default(), open(), open(), Line::default()] };
    let field = |key: &str| format!("result[{at}].{key}");
    [
        desk.constituency(record, &field("constituency"), &one.constituency).into(),
        lines::given(&one.role, |fact| Desk::words(record, &field("role"), fact)),
        open(),
        open(),
        Line::default(),
    ]
}

/// Who was nominated by the day, for these seats; where the constituency is not known, for any.
fn candidates(desk: &Desk<'_>, record: &Record, election: &Election, contest: Contest<'_>) -> Line {
    if election.nomination.items.is_empty() {
        return if election.nomination.is_open() {
            lines::not_listed(record, "nomination", &election.nomination).into()
        } else {
            Line::default()
        };
    }
    let up = contest.up.map(|(_, up)| (up.constituency.known(), up.role.known()));
    let wanted = up.or_else(|| contest.result.map(|(_, one)| (one.constituency.known(), one.role.known())));
    let fits = |one: &Nomination| wanted.is_none_or(|wanted| wanted == (one.constituency.known(), one.role.known()));
    let known = |one: &Nomination| one.received.is_absent() || desk.has_come(&one.received).possible();
    let told = lines::entries(&election.nomination).filter(|(_, one)| fits(one) && known(one));
    Line::joined(told.map(|(at, one)| candidate(desk, record, at, one)), "; ")
}

fn candidate(desk: &Desk<'_>, record: &Record, at: usize, one: &Nomination) -> Line {
    let field = |key: &str| format!("nomination[{at}].{key}");
    let mut line = Line::from(desk.named(record, &field("candidate"), &one.candidate, Kind::Person));
    line = line.say(" (nominated by ").token(desk.actor(record, &field("nominated-by"), &one.nominated_by));
    line = line.say(", received ").token(Desk::date(record, &field("received"), &one.received));
    for (key, said, fact) in [("rejected", ", rejected ", &one.rejected), ("withdrawn", ", withdrawn ", &one.withdrawn)]
    {
        if desk.has_come(fact).possible() {
            line = line.say(said).token(Desk::date(record, &field(key), fact));
        }
    }
    line.say(")")
}

/// How far it had come by the day; a last day still counts.
fn standing(desk: &Desk<'_>, record: &Record, election: &Election, contest: Contest<'_>) -> Token {
    if let Some((at, one)) = contest.result {
        let source = || vec![Desk::field(record, &format!("result[{at}].announced"), &one.announced)];
        match desk.has_come(&one.announced) {
            Truth::Yes => {
                let how = format!("the day it was announced had come by {}", desk.on);
                return Desk::status("announced", how, source());
            }
            Truth::Maybe => {
                let how = format!("whether the day it was announced had come by {} is not known", desk.on);
                return Desk::status("perhaps announced", how, source());
            }
            Truth::No => {}
        }
    }
    if let Some(ballot) = election.ballot.known().filter(|ballot| desk.has_come(&ballot.opened).certain()) {
        let fields = [("ballot.opened", &ballot.opened), ("ballot.closed", &ballot.closed)];
        let sources = fields.map(|(key, fact)| Desk::field(record, key, fact)).to_vec();
        return match ballot.closed.known() {
            Some(when) if when.last < desk.on => {
                Desk::status("ballot closed", format!("its last day came before {}", desk.on), sources)
            }
            Some(when) if when.first >= desk.on => {
                Desk::status("ballot open", format!("its last day is {} or later", desk.on), sources)
            }
            _ => Desk::status("not recorded", "nothing says whether the ballot is over", sources),
        };
    }
    let close = &election.nominations_close;
    let sources = vec![Desk::field(record, "nominations-close", close)];
    match close.known() {
        Some(when) if when.last < desk.on => {
            Desk::status("nominations closed", format!("the last day for them came before {}", desk.on), sources)
        }
        Some(when) if when.first >= desk.on => {
            Desk::status("nominations open", format!("the last day for them is {} or later", desk.on), sources)
        }
        _ => Desk::status("not recorded", "nothing says whether nominations are closed", sources),
    }
}

/// Who was elected, how, and when that was announced; of what is announced later, that it is.
fn result(desk: &Desk<'_>, record: &Record, contest: Contest<'_>) -> [Line; 3] {
    let Some((at, one)) = contest.result else { return [Line::default(), Line::default(), Line::default()] };
    let field = |key: &str| format!("result[{at}].{key}");
    let announced = lines::happened(desk, record, &field("announced"), &one.announced).into();
    if !one.announced.is_absent() && desk.has_come(&one.announced) == Truth::No {
        return [Line::default(), Line::default(), announced];
    }
    [elected(desk, record, at, one), Desk::word(record, &field("how"), &one.how).into(), announced]
}
