//! Documents and decisions that somebody owes.

use std::collections::BTreeMap;

use super::{
    super::{
        desk::Desk,
        model::{Block, Line},
    },
    lines,
};
use crate::{
    day::{Truth, When},
    decode::Fact,
    record::{Body, Kind, Record, deliverable::Deliverable},
};

/// What is told of a document of a body.
pub(super) const COLUMNS: &[&str] = &["Document", "Standing", "Due", "Approved", "Published", "About"];

type Owed<'a> = (&'a Record, &'a Deliverable);

fn told<'a>(desk: &Desk<'a>) -> impl Iterator<Item = Owed<'a>> {
    let desk = *desk;
    desk.all(Kind::Deliverable).filter_map(move |record| match &record.body {
        Body::Deliverable(one) if is_told(&desk, one) => Some((record, one.as_ref())),
        _ => None,
    })
}

/// What the period has to tell of, by who owes it: nothing for those that nobody is named for.
pub(super) fn by_owner<'a>(desk: &Desk<'a>) -> BTreeMap<&'a str, Vec<Owed<'a>>> {
    let mut all: BTreeMap<&str, Vec<Owed<'a>>> = BTreeMap::new();
    for (record, one) in told(desk) {
        if let Some(owner) = one.owner.known() {
            all.entry(owner.as_ref()).or_default().push((record, one));
        }
    }
    all
}

/// When it was approved, and by whom.
pub(in crate::report) fn approval(desk: &Desk<'_>, record: &Record, one: &Deliverable) -> Line {
    let Some(approval) = one.approval.known() else {
        return Desk::date(record, "approval", &lines::left_out(record)).into();
    };
    let line = Line::from(lines::happened(desk, record, "approval.on", &approval.on));
    line.say(", by ").token(desk.actor(record, "approval.by", &approval.by))
}

fn approved(one: &Deliverable) -> Option<&Fact<When>> {
    one.approval.known().map(|approval| &approval.on)
}

/// Not done with before the period, and known by the day: what is told of it only later is left out.
fn is_told(desk: &Desk<'_>, one: &Deliverable) -> bool {
    let before = |fact: &Fact<When>| fact.when().is_some_and(|when| when.last < desk.from);
    let is_over = before(&one.published) || (one.published.is_absent() && approved(one).is_some_and(before));
    !is_over && !is_later(desk, one)
}

/// Whether all that is told of it is that it was approved or published after the day.
pub(in crate::report) fn is_later(desk: &Desk<'_>, one: &Deliverable) -> bool {
    let later = |fact: &Fact<When>| !fact.is_absent() && desk.has_come(fact) == Truth::No;
    let plan = !one.due.is_absent() || !one.moved_to.items.is_empty();
    !plan && (later(&one.published) || approved(one).is_some_and(later))
}

/// The rows of the documents of one body.
pub(super) fn rows(desk: &Desk<'_>, owed: &[Owed<'_>]) -> Vec<Vec<Line>> {
    owed.iter().map(|(record, one)| row(desk, record, one)).collect()
}

fn row(desk: &Desk<'_>, record: &Record, one: &Deliverable) -> Vec<Line> {
    vec![
        Desk::words(record, "title", &one.title).into(),
        Desk::summary(record, &one.summary).unwrap_or_default(),
        Desk::moved(record, "due", &one.due, &one.moved_to).into(),
        approval(desk, record, one),
        lines::happened(desk, record, "published", &one.published).into(),
        lines::about(desk, record, "about", &one.about),
    ]
}

/// The documents that no body owes.
pub(super) fn others(desk: &Desk<'_>) -> Vec<Block> {
    let of_body =
        |one: &Deliverable| one.owner.known().is_some_and(|id| desk.registry.find(Kind::Body, id.as_ref()).is_some());
    let with_owner = |(record, one): Owed<'_>| {
        let mut row = row(desk, record, one);
        row.insert(1, desk.actor(record, "owner", &one.owner).into());
        row
    };
    let rows: Vec<_> = told(desk).filter(|(_, one)| !of_body(one)).map(with_owner).collect();
    let mut columns = COLUMNS.to_vec();
    columns.insert(1, "Owed by");
    vec![lines::section("Other documents"), lines::table(desk, Kind::Deliverable, "Documents", &columns, rows)]
}
