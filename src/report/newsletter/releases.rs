//! Versions of the code: the one in force, those of the period, and those planned within a year.

use super::{
    super::{
        desk::Desk,
        model::{Block, Line},
    },
    lines,
};
use crate::{
    decode::Fact,
    record::{Body, Kind, Record, release::Release},
};

pub(super) fn write(desk: &Desk<'_>) -> Vec<Block> {
    let all = || {
        desk.all(Kind::Release).filter_map(|record| match &record.body {
            Body::Release(one) => Some((record, one.as_ref())),
            _ => None,
        })
    };
    let in_force = all()
        .filter(|(_, one)| desk.has_come(&one.effective).certain())
        .max_by_key(|(record, one)| (one.effective.when().map(|when| when.last), record.id.clone()))
        .map(|(record, _)| record.id.clone());
    let is_told = |record: &Record, one: &Release| {
        let own = Some(&record.id) == in_force.as_ref();
        own || is_recent(desk, one) || is_planned(desk, one)
    };
    let rows = all().filter(|(record, one)| is_told(record, one)).map(|(record, one)| row(desk, record, one));
    let columns = ["Version", "Summary", "Planned", "In force from", "Parts changed", "Proposals"];
    vec![
        lines::section("Releases"),
        lines::table(
            desk,
            Kind::Release,
            "Latest in force, of the period, and planned for the year to come",
            &columns,
            rows.collect(),
        ),
    ]
}

fn is_recent(desk: &Desk<'_>, one: &Release) -> bool {
    desk.has_come(&one.effective).certain() && desk.in_period(&one.effective).certain()
}

fn is_planned(desk: &Desk<'_>, one: &Release) -> bool {
    let plan = one.moved_to.items.last().unwrap_or(&one.planned).known();
    let limit = desk.on.plus_months(12);
    !desk.has_come(&one.effective).certain() && plan.is_some_and(|when| when.last > desk.on && when.first <= limit)
}

fn row(desk: &Desk<'_>, record: &Record, one: &Release) -> Vec<Line> {
    let version = Desk::words(record, "version", &one.version);
    let version = if one.version.known().is_some() {
        Line::from(version)
    } else {
        Line::from(Desk::id(record)).say(" (version ").token(version).say(")")
    };
    let section = |(at, fact): (usize, &Fact<Box<str>>)| Desk::words(record, &format!("sections[{at}]"), fact).into();
    let sections = if one.sections.items.is_empty() {
        lines::not_listed(record, "sections", &one.sections).into()
    } else {
        Line::joined(one.sections.items.iter().enumerate().map(section), ", ")
    };
    let carried = one.modifications.items.iter().enumerate();
    let carried = carried.map(|(at, fact)| Desk::words(record, &format!("modifications[{at}]"), fact).into());
    let carried = if one.modifications.items.is_empty() {
        lines::not_listed(record, "modifications", &one.modifications).into()
    } else {
        Line::joined(carried, ", ")
    };
    vec![
        version,
        Desk::summary(record, &one.summary).unwrap_or_default(),
        Desk::moved(record, "planned", &one.planned, &one.moved_to).into(),
        lines::happened(desk, record, "effective", &one.effective).into(),
        sections,
        carried,
    ]
}
