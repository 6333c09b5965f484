//! Rules about one tenure, held against each other: how long, how far beyond, when the next is called.

use super::{
    Flaw, Ground, Proof,
    bodies::meet,
    clauses, paste,
    paste::{Fact as Record, expects, seat},
    typed::{Typed, Version, rules, starts},
};
use crate::{
    day::Day,
    finding::Mark,
    kind::{
        Kind,
        term::{self, Term},
        window::Unit,
    },
};

/// Rules about one tenure.
pub(super) fn terms(ground: &Ground<'_>, proof: &mut Proof) {
    let all = rules::<Term>(ground.book);
    for (at, one) in all.iter().enumerate() {
        proof.looked = proof.looked.saturating_add(1);
        for version in &one.versions {
            let length = version.terms.length.known();
            if let Some(none) = length.filter(|length| length.count.known() == Some(&0)) {
                let message = format!("`{}`: a term of no length", one.rule.id);
                let marks = vec![Mark::new(one.rule.file, none.span, "0")];
                proof.flaw(&one.rule.id, Flaw::new(message, clauses([one.rule]), marks));
            }
            called_too_early(one, version, one, version, ground, proof);
        }
        for other in
            all.iter().skip(at.saturating_add(1)).filter(|other| Term::body(&other.about) == Term::body(&one.about))
        {
            let Some(shared) = meet(&one.about.seat, &other.about.seat) else { continue };
            if let Some([first, second]) = overlap(one, other) {
                called_too_early(one, first, other, second, ground, proof);
                called_too_early(other, second, one, first, ground, proof);
                disagree(one, first, other, second, &shared, ground, proof);
            }
        }
    }
}

/// Versions of two rules that held on one day.
fn overlap<'t, K: Kind>(one: &'t Typed<'_, K>, other: &'t Typed<'_, K>) -> Option<[&'t Version<K::Terms>; 2]> {
    let days = starts([one.rule, other.rule].into_iter());
    days.into_iter().rev().find_map(|day| Some([one.on(day)?, other.on(day)?]))
}

/// The fewest and the most days that a number of units can be.
fn bounds(count: u32, unit: Option<&Unit>) -> (i64, i64) {
    let count = i64::from(count);
    match unit {
        Some(Unit::Months) => (count.saturating_mul(28), count.saturating_mul(31)),
        Some(Unit::CalendarMonths) => (count.saturating_mul(28), count.saturating_add(1).saturating_mul(31)),
        Some(Unit::CalendarYears) => (count.saturating_mul(365), count.saturating_add(1).saturating_mul(366)),
        Some(Unit::WorkingDays) => (
            count.saturating_add((count.saturating_sub(1).max(0) / 5).saturating_mul(2)),
            count.saturating_mul(2).saturating_add(21),
        ),
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
