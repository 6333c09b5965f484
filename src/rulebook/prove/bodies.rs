//! Rules about one body, held against each other: who sits in it, for how long, from whom.

use std::collections::BTreeSet;

use super::{
    Flaw, Ground, Proof, clauses, paste,
    paste::{Fact as Record, expects, seat},
    typed::{Typed, Version, period, rules, starts},
};
use crate::{
    day::Day,
    decode::Fact,
    finding::Mark,
    kind::{
        Kind,
        at_most_per_group::{AtMostPerGroup, Counted, Within},
        composition::{self, Composition, Row},
        eligibility::{Eligibility, Test, Who},
        quorum::{self, Quorum},
        term::{self, Term},
        window::Unit,
    },
    rulebook::{proofread::Constituencies, raw::Words},
};

/// The way of filling that stands for all of them.
const ALL: &str = "all";

fn word(row: &Row) -> &str {
    row.constituency.known().map_or("", AsRef::as_ref)
}

fn count(row: &Row) -> u32 {
    row.count.known().copied().unwrap_or(0)
}

fn is_dated(row: &Row) -> bool {
    !row.since.is_absent() || !row.until.is_absent()
}

/// The seats of some rows, each held by another.
fn filled<'r>(body: &str, rows: impl Iterator<Item = &'r Row>, from: Day) -> Vec<Record> {
    let mut made = Vec::new();
    for row in rows {
        for number in 1..=count(row) {
            let holder = format!("p{}", made.len() + 1);
            made.push(seat(body, word(row), number, &holder, from, ""));
        }
    }
    made
}

/// Totals against rows.
pub(super) fn totals(ground: &Ground<'_>, proof: &mut Proof) {
    for one in rules::<Composition>(ground.book) {
        for version in &one.versions {
            for (by, span, total) in version.terms.totals.iter() {
                proof.looked += 1;
                let rows: Vec<&Row> = version
                    .terms
                    .seats
                    .iter()
                    .filter(|row| row.optional.known() != Some(&true))
                    .filter(|row| by == ALL || row.filled_by.text() == Some(by))
                    .collect();
                if rows.iter().any(|row| row.per.known().is_some() || is_dated(row)) {
                    continue;
                }
                let sum: u32 = rows.iter().map(|row| count(row)).fold(0, u32::saturating_add);
                if sum == *total {
                    continue;
                }
                let message =
                    format!("`{}`: the total of `{by}` is {total}, and its rows add up to {sum}", one.rule.id);
                let mut marks = vec![Mark::new(one.rule.file, span, format!("{total} in all"))];
                marks.extend(rows.iter().map(|row| Mark::new(one.rule.file, row.span, format!("{}", count(row)))));
                let example = unlike(&one, version, by, &rows, *total, sum, ground);
                proof.flaw(&one.rule.id, Flaw::new(message, clauses([one.rule]), marks).example(example));
            }
        }
    }
}

/// The seat that a total allows and the rows do not, or the seats that the rows allow and it does not.
fn unlike(
    one: &Typed<'_, Composition>,
    version: &Version<composition::Terms>,
    by: &str,
    rows: &[&Row],
    total: u32,
    sum: u32,
    ground: &Ground<'_>,
) -> Option<String> {
    let body = Composition::body(&one.about)?;
    let day = version.from;
    if total < sum {
        let name = format!("every seat of `{by}` held, {sum} in number");
        let records = filled(body, rows.iter().copied(), day);
        return paste(ground.book, one.rule, &name, day, None, &records);
    }
    let row = rows.first()?;
    let mut records = filled(body, std::iter::once(*row), day);
    let extra = seat(body, word(row), count(row) + 1, "q1", day, "");
    let subject = extra.0.clone();
    records.push(extra);
    let name = format!("one more {} seat, within the {total} of `{by}`", word(row));
    paste(ground.book, one.rule, &name, day, Some(&subject), &records)
}

/// What the composition of a body says on a day.
enum Seats<'c> {
    /// No rule, or nobody knows.
    Unknown,
    /// These rows; whether there may be others.
    Rows(&'c Typed<'c, Composition>, Vec<&'c Row>, bool),
}

fn seats_of<'c>(all: &'c [Typed<'c, Composition>], body: &str, day: Day) -> Seats<'c> {
    let own = all.iter().find(|one| Composition::body(&one.about) == Some(body));
    let Some((one, version)) = own.and_then(|one| Some((one, one.on(day)?))) else { return Seats::Unknown };
    let rows: Vec<&Row> = version.terms.seats.iter().collect();
    let open = version.terms.at_least.known() == Some(&true) || rows.iter().any(|row| is_dated(row));
    Seats::Rows(one, rows, open)
}

/// Rules that name a seat which their body never has while they hold.
pub(super) fn seats(ground: &Ground<'_>, proof: &mut Proof) {
    let compositions = rules::<Composition>(ground.book);
    let mut all: Vec<(&crate::rulebook::rule::Rule, &str, &Fact<Constituencies>)> = Vec::new();
    let (terms, tests) = (rules::<Term>(ground.book), rules::<Eligibility>(ground.book));
    all.extend(terms.iter().filter_map(|one| Some((one.rule, Term::body(&one.about)?, &one.about.seat))));
    all.extend(tests.iter().filter_map(|one| Some((one.rule, Eligibility::body(&one.about)?, &one.about.seat))));
    for (rule, body, named) in all {
        let Some(named) = named.known() else { continue };
        let Some(own) = compositions.iter().find(|one| Composition::body(&one.about) == Some(body)) else { continue };
        proof.looked += 1;
        let days: BTreeSet<Day> = starts([rule, own.rule].into_iter());
        let lasts = |day: &Day| rule.versions.iter().map(period).any(|(from, until)| from <= *day && *day < until);
        for constituency in &named.0 {
            let has = |day: &Day| match seats_of(&compositions, body, *day) {
                Seats::Unknown => true,
                Seats::Rows(_, rows, open) => open || rows.iter().any(|row| word(row) == constituency.as_ref()),
            };
            if days.iter().filter(|day| lasts(day)).any(has) {
                continue;
            }
            let message = format!("`{}`: `{body}` has no seat of `{constituency}`, so this is never judged", rule.id);
            let span = rule.raw.root().get("seat").map_or(rule.head.span, |raw| crate::text::Span::new(raw.span()));
            let marks = vec![
                Mark::new(rule.file, span, "names it"),
                Mark::new(own.rule.file, own.rule.head.span, "the seats of the body"),
            ];
            let day = days.iter().rev().find(|day| lasts(day)).copied().unwrap_or(Day::LATEST);
            let record = seat(body, constituency, 1, "p1", day, "");
            let subject = record.0.clone();
            let example = paste(ground.book, own.rule, "a seat that no row gives", day, Some(&subject), &[record]);
            proof.flaw(&own.rule.id, Flaw::new(message, clauses([rule, own.rule]), marks).example(example));
        }
    }
}

fn meet(one: &Fact<Constituencies>, other: &Fact<Constituencies>) -> Option<Vec<String>> {
    let list = |fact: &Fact<Constituencies>| -> Option<BTreeSet<String>> {
        fact.known().map(|all| all.0.iter().map(ToString::to_string).collect())
    };
    match (list(one), list(other)) {
        (None, None) => Some(Vec::new()),
        (Some(one), None) | (None, Some(one)) => Some(one.into_iter().collect()),
        (Some(one), Some(other)) => {
            let both: Vec<String> = one.intersection(&other).cloned().collect();
            (!both.is_empty()).then_some(both)
        }
    }
}

/// Tests that nobody can pass.
pub(super) fn eligibility(ground: &Ground<'_>, proof: &mut Proof) {
    let compositions = rules::<Composition>(ground.book);
    let all = rules::<Eligibility>(ground.book);
    for (at, one) in all.iter().enumerate() {
        proof.looked += 1;
        let Some(body) = Eligibility::body(&one.about) else { continue };
        for version in &one.versions {
            if version.terms.test.known() == Some(&Test::Category) {
                no_category(one, version.from, version.terms.who.known(), body, &compositions, ground, proof);
            }
        }
        for other in all.iter().skip(at + 1).filter(|other| Eligibility::body(&other.about) == Some(body)) {
            both(one, other, body, &compositions, ground, proof);
        }
    }
}

/// A test by category of a seat that no category fills.
fn no_category(
    one: &Typed<'_, Eligibility>,
    day: Day,
    who: Option<&Who>,
    body: &str,
    compositions: &[Typed<'_, Composition>],
    ground: &Ground<'_>,
    proof: &mut Proof,
) {
    let named: Vec<String> = match (one.about.seat.known(), seats_of(compositions, body, day)) {
        (Some(named), _) => named.0.iter().map(ToString::to_string).collect(),
        (None, Seats::Rows(_, rows, _)) if matches!(who, Some(Who::Holder | Who::Alternate)) => {
            rows.iter().map(|row| word(row).to_owned()).collect()
        }
        _ => return,
    };
    for constituency in named {
        if ground.book.code.fills(&constituency).is_none_or(|categories| !categories.is_empty()) {
            continue;
        }
        let message = format!("`{}`: no category fills `{constituency}`, so nobody passes its test", one.rule.id);
        let marks = vec![
            Mark::new(one.rule.file, one.rule.head.span, "asks for a category"),
            Mark::new(
                ground.book.code.file,
                ground.book.code.words.constituencies.span,
                "the categories that fill each",
            ),
        ];
        let example = untested(one, day, who, body, &constituency, ground);
        proof.flaw(&one.rule.id, Flaw::new(message, clauses([one.rule]), marks).example(example));
    }
}

/// Somebody of a Party, in a seat or an election for which no category counts.
fn untested(
    one: &Typed<'_, Eligibility>,
    day: Day,
    who: Option<&Who>,
    body: &str,
    constituency: &str,
    ground: &Ground<'_>,
) -> Option<String> {
    let party = ("parties/a".to_owned(), party(ground, None, day));
    let employed = ("people/p1".to_owned(), format!("{{ employment = [{{ by = \"a\", from = {day} }}] }}"));
    let own = match who {
        Some(Who::Holder) => seat(body, constituency, 1, "p1", day, ""),
        Some(Who::Alternate) => {
            seat(body, constituency, 1, "p2", day, &format!(", alternate = [{{ person = \"p1\", from = {day} }}]"))
        }
        Some(Who::Voter) => {
            let vote = format!("vote = [{{ voting-group = \"a\", constituency = \"{constituency}\", for = \"p1\" }}]");
            let ballot = format!("ballot = {{ opened = {day}, closed = {day}, {vote} }}");
            ("elections/a".to_owned(), format!("{{ body = \"{body}\", called = {day}, {ballot} }}"))
        }
        _ => {
            let nomination = format!(
                "nomination = [{{ candidate = \"p1\", constituency = \"{constituency}\", by = [\"a\"], received = {day} }}]"
            );
            ("elections/a".to_owned(), format!("{{ body = \"{body}\", called = {day}, {nomination} }}"))
        }
    };
    let (name, subject) = (format!("of a Party, for `{constituency}`"), own.0.clone());
    let example = paste(ground.book, one.rule, &name, day, Some(&subject), &[own, employed, party]);
    example.filter(|text| expects(Some(text), "breach"))
}

/// A Party of a category that fills a constituency; of any where it does not matter.
fn party(ground: &Ground<'_>, constituency: Option<&str>, from: Day) -> String {
    let code = &ground.book.code;
    let fills = constituency.and_then(|word| code.fills(word)).unwrap_or_default();
    let category = fills.first().copied().or_else(|| code.words("categories").next());
    category.map_or_else(|| "{}".to_owned(), |word| format!("{{ category = [{{ is = \"{word}\", from = {from} }}] }}"))
}

/// One test wants somebody of a Party, another nobody of one.
fn both(
    one: &Typed<'_, Eligibility>,
    other: &Typed<'_, Eligibility>,
    body: &str,
    compositions: &[Typed<'_, Composition>],
    ground: &Ground<'_>,
    proof: &mut Proof,
) {
    let Some(shared) = meet(&one.about.seat, &other.about.seat) else { return };
    for day in starts([one.rule, other.rule].into_iter()) {
        let (Some(first), Some(second)) = (one.on(day), other.on(day)) else { continue };
        let tests = [first.terms.test.known(), second.terms.test.known()];
        if first.terms.who.known() != second.terms.who.known()
            || !tests.contains(&Some(&Test::Category))
            || !tests.contains(&Some(&Test::Independent))
        {
            continue;
        }
        let row = match seats_of(compositions, body, day) {
            Seats::Rows(_, rows, _) => rows.first().map(|row| word(row).to_owned()),
            Seats::Unknown => None,
        };
        let Some(constituency) = shared.first().cloned().or(row) else { continue };
        let message = format!(
            "`{}` and `{}`: from {day} whoever sits for `{constituency}` must be of a Party and of none",
            one.rule.id, other.rule.id
        );
        let independent = if first.terms.test.known() == Some(&Test::Independent) { one } else { other };
        let marks = vec![
            Mark::new(one.rule.file, first.span, "one test"),
            Mark::new(other.rule.file, second.span, "and the other"),
        ];
        let record = seat(body, &constituency, 1, "p1", day, "");
        let subject = record.0.clone();
        let records = [
            record,
            ("people/p1".to_owned(), format!("{{ employment = [{{ by = \"a\", from = {day} }}] }}")),
            ("parties/a".to_owned(), party(ground, Some(&constituency), day)),
        ];
        let name = "of the category that the other rule asks for";
        let example = paste(ground.book, independent.rule, name, day, Some(&subject), &records);
        proof.flaw(&independent.rule.id, Flaw::new(message, clauses([one.rule, other.rule]), marks).example(example));
        return;
    }
}

/// Caps on one group, against the seats that there are.
pub(super) fn caps(ground: &Ground<'_>, proof: &mut Proof) {
    let compositions = rules::<Composition>(ground.book);
    for one in rules::<AtMostPerGroup>(ground.book) {
        proof.looked += 1;
        let Some(body) = AtMostPerGroup::body(&one.about) else { continue };
        for version in &one.versions {
            let terms = &version.terms;
            let Some(max) = terms.max.known().copied() else { continue };
            let counts = |who: Counted| u32::from(terms.count.iter().any(|one| *one == who));
            let each = counts(Counted::Holder) + counts(Counted::Alternate);
            if each == 0 {
                continue;
            }
            let found = seats_of(&compositions, body, version.from);
            let capacity = match (terms.within.known(), &found) {
                (Some(Within::Seat), _) => Some(each),
                (_, Seats::Rows(_, rows, false)) if rows.iter().all(|row| row.per.known().is_none()) => {
                    let counted = rows.iter().map(|row| count(row));
                    let seats = match terms.within.known() {
                        Some(Within::Constituency) => counted.max().unwrap_or(0),
                        _ => counted.fold(0, u32::saturating_add),
                    };
                    Some(seats.saturating_mul(each))
                }
                _ => None,
            };
            let composition = match &found {
                Seats::Rows(own, ..) => Some(own.rule),
                Seats::Unknown => None,
            };
            let row = match &found {
                Seats::Rows(_, rows, _) => rows.iter().max_by_key(|row| count(row)).map(|row| word(row).to_owned()),
                Seats::Unknown => ground.book.code.words("constituencies").next().map(ToOwned::to_owned),
            };
            let message = if max == 0 {
                format!(
                    "`{}`: at most 0 of one group may sit, so nobody may, and the body has seats to fill",
                    one.rule.id
                )
            } else if capacity.is_some_and(|capacity| max >= capacity) {
                let capacity = capacity.unwrap_or(0);
                format!(
                    "`{}`: at most {max} of one group may sit where only {capacity} can, so the cap never bites",
                    one.rule.id
                )
            } else {
                continue;
            };
            let mut marks = vec![Mark::new(one.rule.file, terms.max.span, format!("at most {max}"))];
            marks.extend(composition.map(|rule| Mark::new(rule.file, rule.head.span, "the seats of the body")));
            let example = row.and_then(|constituency| {
                let records = one_group(body, &constituency, version.from, counts(Counted::Alternate) > 0);
                paste(ground.book, one.rule, "everybody of one employer", version.from, None, &records)
            });
            let named = std::iter::once(one.rule).chain(composition);
            proof.flaw(&one.rule.id, Flaw::new(message, clauses(named), marks).example(example));
        }
    }
}

/// Two seats whose holders and Alternates have one employer.
fn one_group(body: &str, constituency: &str, from: Day, alternates: bool) -> Vec<Record> {
    let mut records: Vec<Record> = Vec::new();
    for number in 1..=2 {
        let more = if alternates {
            format!(", alternate = [{{ person = \"q{number}\", from = {from} }}]")
        } else {
            String::new()
        };
        records.push(seat(body, constituency, number, &format!("p{number}"), from, &more));
        for who in ["p", "q"].into_iter().take(1 + usize::from(alternates)) {
            records.push((
                format!("people/{who}{number}"),
                format!("{{ employment = [{{ by = \"a\", from = {from} }}] }}"),
            ));
        }
    }
    records
}

/// Quorums against the seats that there are; what a quorum says in itself its own kind proves.
pub(super) fn quorum(ground: &Ground<'_>, proof: &mut Proof) {
    let compositions = rules::<Composition>(ground.book);
    for one in rules::<Quorum>(ground.book) {
        proof.looked += 1;
        let bodies = one.about.selects.get("body").and_then(|fact| fact.known());
        for version in one.versions.iter().filter(|one| one.terms.test.known() == Some(&quorum::Test::Present)) {
            for body in bodies.into_iter().flat_map(Words::iter) {
                let Seats::Rows(own, rows, false) = seats_of(&compositions, body, version.from) else { continue };
                if rows.iter().any(|row| row.per.known().is_some()) {
                    continue;
                }
                let all: u32 = rows.iter().map(|row| count(row)).fold(0, u32::saturating_add);
                let enough = version.terms.at_least.known();
                let needed = enough.and_then(|enough| Some((enough.span, *enough.count.known()?)));
                let seat = Mark::new(own.rule.file, own.rule.head.span, "the seats of the body");
                let mut say = |message: String, mark: Mark| {
                    let example = everybody(&one, body, &rows, version.from, ground);
                    let flaw = Flaw::new(message, clauses([one.rule, own.rule]), vec![mark, seat.clone()]);
                    proof.flaw(&one.rule.id, flaw.example(example));
                };
                if let Some((span, needed)) = needed.filter(|(_, needed)| *needed > all) {
                    let message =
                        format!("`{}`: {needed} members must come, and `{body}` has {all} seats", one.rule.id);
                    say(message, Mark::new(one.rule.file, span, "what is enough"));
                }
                let chair = version.terms.chair.known() == Some(&true);
                if chair && !rows.iter().any(|row| ground.book.code.chairs(word(row))) {
                    let message = format!("`{}`: the Chair must come, and `{body}` has no seat for one", one.rule.id);
                    say(message, Mark::new(one.rule.file, version.terms.chair.span, "asks for the Chair"));
                }
            }
        }
    }
}

/// A meeting to which every member came.
fn everybody(one: &Typed<'_, Quorum>, body: &str, rows: &[&Row], from: Day, ground: &Ground<'_>) -> Option<String> {
    let mut records = filled(body, rows.iter().copied(), from);
    let came = |(number, (subject, _)): (usize, &Record)| {
        let stem = subject.rsplit('/').next().unwrap_or("");
        format!("{{ seat = \"{stem}\", person = \"p{}\", as = \"member\" }}", number + 1)
    };
    let attendance: Vec<String> = records.iter().enumerate().map(came).collect();
    let day = from.plus_days(1);
    let subject = format!("meetings/{body}/{day}");
    records.push((subject.clone(), format!("{{ held = {day}, attendance = [{}] }}", attendance.join(", "))));
    paste(ground.book, one.rule, "every member came", day, Some(&subject), &records)
}

/// Rules about one tenure.
pub(super) fn terms(ground: &Ground<'_>, proof: &mut Proof) {
    let all = rules::<Term>(ground.book);
    for (at, one) in all.iter().enumerate() {
        proof.looked += 1;
        for version in &one.versions {
            let length = version.terms.length.known();
            if let Some(none) = length.filter(|length| length.count.known() == Some(&0)) {
                let message = format!("`{}`: a term of no length", one.rule.id);
                let marks = vec![Mark::new(one.rule.file, none.span, "0")];
                proof.flaw(&one.rule.id, Flaw::new(message, clauses([one.rule]), marks));
            }
            called_too_early(one, version, one, version, ground, proof);
        }
        for other in all.iter().skip(at + 1).filter(|other| Term::body(&other.about) == Term::body(&one.about)) {
            let Some(shared) = meet(&one.about.seat, &other.about.seat) else { continue };
            if let Some((first, second)) = overlap(one, other) {
                called_too_early(one, first, other, second, ground, proof);
                called_too_early(other, second, one, first, ground, proof);
                disagree(one, first, other, second, &shared, ground, proof);
            }
        }
    }
}

/// One version of each of two rules.
type Both<'t, K> = (&'t Version<<K as Kind>::Terms>, &'t Version<<K as Kind>::Terms>);

/// Versions of two rules that held on one day.
fn overlap<'t, K: Kind>(one: &'t Typed<'_, K>, other: &'t Typed<'_, K>) -> Option<Both<'t, K>> {
    let days = starts([one.rule, other.rule].into_iter());
    days.into_iter().rev().find_map(|day| Some((one.on(day)?, other.on(day)?)))
}

/// The fewest and the most days that a number of units can be.
fn bounds(count: u32, unit: Option<&Unit>) -> (i64, i64) {
    let count = i64::from(count);
    match unit {
        Some(Unit::Months) => (count * 28, count * 31),
        Some(Unit::WorkingDays) => (count + 2 * ((count - 1).max(0) / 5), count * 2 + 21),
        _ => (count, count),
    }
}

/// An election that must be called before the term has begun.
fn called_too_early(
    calls: &Typed<'_, Term>,
    call: &Version<term::Terms>,
    lasts: &Typed<'_, Term>,
    last: &Version<term::Terms>,
    ground: &Ground<'_>,
    proof: &mut Proof,
) {
    let (Some(before), Some(length)) = (call.terms.call_before.known(), last.terms.length.known()) else { return };
    let (Some(count), Some(long)) = (before.count.known(), length.count.known()) else { return };
    let least = bounds(*count, before.unit.known()).0;
    let most = bounds(*long, length.unit.known()).1;
    if least <= most {
        return;
    }
    let message = format!(
        "`{}` and `{}`: the call is due at least {least} days before the end of a term of at most {most}",
        calls.rule.id, lasts.rule.id
    );
    let marks = vec![
        Mark::new(calls.rule.file, before.span, "called so long before the end"),
        Mark::new(lasts.rule.file, length.span, "of so long a term"),
    ];
    let constituency = calls.about.seat.known().and_then(|seats| seats.0.first()).map(ToString::to_string);
    let constituency = constituency.or_else(|| ground.book.code.words("constituencies").next().map(ToOwned::to_owned));
    let example = Term::body(&calls.about).zip(constituency).and_then(|(body, constituency)| {
        let from = call.from;
        let end = from.plus_days(i32::try_from(most).unwrap_or(i32::MAX));
        let record = seat(body, &constituency, 1, "p1", from, &format!(", due-to-end = {end}"));
        let subject = record.0.clone();
        paste(ground.book, calls.rule, "on the first day of the term", from, Some(&subject), &[record])
    });
    proof.flaw(&calls.rule.id, Flaw::new(message, clauses([calls.rule, lasts.rule]), marks).example(example));
}

/// Two rules that say otherwise how long one sits.
fn disagree(
    one: &Typed<'_, Term>,
    first: &Version<term::Terms>,
    other: &Typed<'_, Term>,
    second: &Version<term::Terms>,
    shared: &[String],
    ground: &Ground<'_>,
    proof: &mut Proof,
) {
    let constituency =
        shared.first().cloned().or_else(|| ground.book.code.words("constituencies").next().map(ToOwned::to_owned));
    let (Some(body), Some(constituency)) = (Term::body(&one.about), constituency) else { return };
    let from = first.from.max(second.from);
    let mut say = |message: String, marks: Vec<Mark>, records: &dyn Fn() -> (Day, Record)| {
        // In the file of the one that such a tenure breaks.
        let try_in = |rule| {
            let (on, record) = records();
            let subject = record.0.clone();
            paste(ground.book, rule, "as the other rule has it", on, Some(&subject), &[record])
        };
        let (mine, theirs) = (try_in(one.rule), try_in(other.rule));
        let own = if expects(mine.as_ref(), "breach") { (one.rule, mine) } else { (other.rule, theirs) };
        let flaw = Flaw::new(message, clauses([one.rule, other.rule]), marks).example(own.1);
        proof.flaw(&own.0.id, flaw);
    };
    let length = |terms: &term::Terms| {
        terms.length.known().map(|one| (one.span, one.count.known().copied(), one.unit.known().copied()))
    };
    if let (Some(mine), Some(theirs)) = (length(&first.terms), length(&second.terms))
        && (mine.1, mine.2) != (theirs.1, theirs.2)
    {
        let message = format!("`{}` and `{}` give one tenure two lengths", one.rule.id, other.rule.id);
        let marks =
            vec![Mark::new(one.rule.file, mine.0, "this long"), Mark::new(other.rule.file, theirs.0, "and this long")];
        let end = match mine.2 {
            Some(Unit::Months) => from.plus_months(i32::try_from(mine.1.unwrap_or(0)).unwrap_or(0)),
            _ => from.plus_days(i32::try_from(mine.1.unwrap_or(0)).unwrap_or(0)),
        };
        say(message, marks, &|| (from, seat(body, &constituency, 1, "p1", from, &format!(", due-to-end = {end}"))));
    }
    let holds = |terms: &term::Terms| terms.hold_over.known() == Some(&true);
    if holds(&first.terms) != holds(&second.terms) {
        let message = format!(
            "`{}` and `{}`: one lets a holder sit on past the end, the other does not",
            one.rule.id, other.rule.id
        );
        let place = |version: &Version<term::Terms>| {
            if version.terms.hold_over.is_absent() { version.span } else { version.terms.hold_over.span }
        };
        let marks = vec![
            Mark::new(one.rule.file, place(first), "says so"),
            Mark::new(other.rule.file, place(second), "and otherwise"),
        ];
        let end = from.plus_days(1);
        say(message, marks, &|| {
            (end.plus_days(1), seat(body, &constituency, 1, "p1", from, &format!(", due-to-end = {end}")))
        });
    }
}
