//! `parties`: the register of Parties.

use super::{
    Desk, Findings, Period, Publication, Written, lines,
    model::{Line, Token},
    newsletter::parties::current,
};
use crate::{
    day::Truth,
    record::{
        Kind, Record,
        party::{Formerly, Party, RegistrationData},
    },
};

pub(super) const PUBLICATION: Publication = Publication {
    name: "parties",
    doc: "every Party: name, number, category, acceded, whether it is one, left, affiliates",
    title: "Register of Parties",
    reads: &[Kind::Party],
    period: Period::Day,
    write,
};

const COLUMNS: &[&str] = &[
    "Id",
    "Name",
    "Formerly",
    "Company number",
    "Category",
    "Acceded",
    "Standing",
    "Left",
    "Affiliates",
    "Registration data",
];

fn write(desk: &Desk<'_>, _: &Findings<'_>) -> Written {
    let known = desk.all(Kind::Party).filter(|record| lines::is_born(desk, record));
    let rows = known.filter_map(|record| Some(row(desk, record, record.party()?)));
    lines::register(desk, Kind::Party, "Parties", COLUMNS, rows.collect()).into()
}

fn row(desk: &Desk<'_>, record: &Record, party: &Party) -> Vec<Line> {
    let category = lines::current(
        desk,
        record,
        "category",
        &party.category,
        |one| (&one.from, &one.until),
        |at, one| desk.constituency(record, &format!("category[{at}].is"), &one.is).into(),
    );
    let affiliates = lines::current(
        desk,
        record,
        "affiliation",
        &party.affiliation,
        |one| (&one.from, &one.until),
        |at, one| desk.actor(record, &format!("affiliation[{at}].with"), &one.with).into(),
    );
    vec![
        Desk::id(record).into(),
        Desk::words(record, "name", &party.name).into(),
        formerly(desk, record, party),
        Desk::words(record, "number", &party.number).into(),
        if party.category.items.is_empty() {
            lines::not_listed(record, "category", &party.category).into()
        } else {
            category
        },
        lines::happened(desk, record, "acceded", &party.acceded).into(),
        standing(desk, record).map(Line::from).unwrap_or_default(),
        left(desk, record, party),
        affiliates,
        feeds(desk, record, party),
    ]
}

/// The names that it no longer had by the day.
fn formerly(desk: &Desk<'_>, record: &Record, party: &Party) -> Line {
    let past = lines::entries(&party.formerly).filter(|(_, one)| desk.has_come(&one.until).possible());
    let one = |(at, one): (usize, &Formerly)| {
        let line = Line::from(Desk::words(record, &format!("formerly[{at}].name"), &one.name));
        line.say(" (up to, not including, ")
            .token(Desk::date(record, &format!("formerly[{at}].until"), &one.until))
            .say(")")
    };
    Line::joined(past.map(one), "; ")
}

/// Whether it is a Party on the day, from when it acceded and left.
fn standing(desk: &Desk<'_>, record: &Record) -> Option<Token> {
    let party = record.party()?;
    let (truth, _) = current(desk, record)?;
    let left = party.left.known().map(|left| Desk::field(record, "left.on", &left.on));
    let left = left.unwrap_or_else(|| Desk::field(record, "left", &party.left));
    let sources = vec![Desk::field(record, "acceded", &party.acceded), left];
    Some(match truth {
        Truth::Yes => Desk::status("Party", format!("it had acceded and not left by {}", desk.on), sources),
        Truth::Maybe => Desk::status(
            "not recorded",
            format!("whether it had acceded and not left by {} is not known", desk.on),
            sources,
        ),
        Truth::No => Desk::status("no Party", format!("it had not acceded, or had left, by {}", desk.on), sources),
    })
}

/// How and when it ceased to be a Party; nothing where that had not come by the day.
fn left(desk: &Desk<'_>, record: &Record, party: &Party) -> Line {
    let Some(left) = party.left.known() else {
        return lines::given(&party.left, |fact| Desk::unknown(record, "left", fact));
    };
    if desk.has_come(&left.on) == Truth::No {
        return Line::default();
    }
    let line = Line::from(Desk::word(record, "left.how", &left.how));
    line.say(", ").token(Desk::date(record, "left.on", &left.on))
}

fn feeds(desk: &Desk<'_>, record: &Record, party: &Party) -> Line {
    let said = |at: usize, one: &RegistrationData| {
        let field = |key: &str| format!("registration-data[{at}].{key}");
        let line = Line::from(Desk::words(record, &field("feed"), &one.feed));
        if one.provider.is_absent() {
            return line;
        }
        line.say(", by ").token(desk.actor(record, &field("provider"), &one.provider))
    };
    lines::current(desk, record, "registration-data", &party.registration_data, |one| (&one.from, &one.until), said)
}
