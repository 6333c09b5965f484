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
        term::Term,
    },
    rulebook::proofread::Constituencies,
};

/// The way of filling that stands for all of them.
const ALL: &str = "all";

pub(super) fn word(row: &Row) -> &str {
    row.constituency.known().map_or("", AsRef::as_ref)
}

pub(super) fn count(row: &Row) -> u32 {
    row.count.known().copied().unwrap_or(0)
}

fn is_dated(row: &Row) -> bool {
    !row.since.is_absent() || !row.until.is_absent()
}

/// The seats of some rows, each held by another.
pub(super) fn filled<'r>(body: &str, rows: impl Iterator<Item = &'r Row>, from: Day) -> Vec<Record> {
    let mut made = Vec::new();
    for row in rows {
        for number in 1..=count(row) {
            let holder = format!("p{}", made.len().saturating_add(1));
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
                proof.looked = proof.looked.saturating_add(1);
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
    let extra = seat(body, word(row), count(row).saturating_add(1), "q1", day, "");
    let subject = extra.0.clone();
    records.push(extra);
    let name = format!("one more {} seat, within the {total} of `{by}`", word(row));
    paste(ground.book, one.rule, &name, day, Some(&subject), &records)
}

/// What the composition of a body says on a day.
pub(super) enum Seats<'c> {
    /// No rule, or nobody knows.
    Unknown,
    /// These rows; whether there may be others.
    Rows(&'c Typed<'c, Composition>, Vec<&'c Row>, bool),
}

pub(super) fn seats_of<'c>(all: &'c [Typed<'c, Composition>], body: &str, day: Day) -> Seats<'c> {
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
        proof.looked = proof.looked.saturating_add(1);
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

pub(super) fn meet(one: &Fact<Constituencies>, other: &Fact<Constituencies>) -> Option<Vec<String>> {
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
        proof.looked = proof.looked.saturating_add(1);
        let Some(body) = Eligibility::body(&one.about) else { continue };
        for version in &one.versions {
            if version.terms.test.known() == Some(&Test::Category) {
                no_category(one, version.from, version.terms.who.known(), body, &compositions, ground, proof);
            }
        }
        for other in all.iter().skip(at.saturating_add(1)).filter(|other| Eligibility::body(&other.about) == Some(body))
        {
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
        proof.looked = proof.looked.saturating_add(1);
        let Some(body) = AtMostPerGroup::body(&one.about) else { continue };
        for version in &one.versions {
            let terms = &version.terms;
            let Some(max) = terms.max.known().copied() else { continue };
            let counts = |who: Counted| u32::from(terms.count.iter().any(|one| *one == who));
            let each = counts(Counted::Holder).saturating_add(counts(Counted::Alternate));
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
        for who in ["p", "q"].into_iter().take(usize::from(alternates).saturating_add(1)) {
            records.push((
                format!("people/{who}{number}"),
                format!("{{ employment = [{{ by = \"a\", from = {from} }}] }}"),
            ));
        }
    }
    records
}
