//! Proposals: the new ones, the steps of the period, how many stand at each stage, and the meetings
//! about them.

use std::collections::BTreeSet;

use super::{
    super::{
        desk::Desk,
        model::{Block, Line, Source},
        modifications,
    },
    lines, parties,
};
use crate::{
    record::{
        Kind, Record,
        modification::{Modification, Recommendation},
    },
    text::Span,
};

/// The beginning of what a publication calls a count of proposals at a stage.
const AT_STAGE: &str = "modifications-in-";

pub(super) fn write(desk: &Desk<'_>) -> Vec<Block> {
    let spoken_of = spoken_of(desk);
    let new = all(desk).filter(|(record, one)| is_new(desk, record, one, &spoken_of));
    let rows: Vec<_> = new.map(|(record, one)| row(desk, record, one)).collect();
    let columns = ["Id", "Title", "Summary", "Proposer", "Raised", "Path", "Recommended", "Planned"];
    let mut blocks = vec![
        lines::section("Proposals"),
        lines::part(Line::plain("New")),
        lines::table(desk, Kind::Modification, "New proposals", &columns, rows),
    ];
    let rows: Vec<_> = all(desk).flat_map(|(record, one)| steps(desk, record, one)).collect();
    blocks.push(lines::part(Line::plain("Steps of the period")));
    blocks.push(lines::table(desk, Kind::Modification, "Steps", &["Id", "Title", "Stage", "Day", "By"], rows));
    blocks.push(lines::part(Line::plain("How many stand where")));
    blocks.push(stages(desk));
    let rows: Vec<_> = all(desk).flat_map(|(record, one)| groups(desk, record, one)).collect();
    blocks.push(lines::part(Line::plain("Working groups")));
    blocks.push(lines::table(desk, Kind::Modification, "Meetings of working groups", &["Id", "Title", "Met"], rows));
    blocks
}

fn all<'a>(desk: &Desk<'a>) -> impl Iterator<Item = (&'a Record, &'a Modification)> {
    desk.all(Kind::Modification).filter_map(|record| Some((record, record.modification()?)))
}

/// What meetings of the period and those that are near deal with.
fn spoken_of<'a>(desk: &Desk<'a>) -> BTreeSet<&'a str> {
    let meetings = desk.all(Kind::Meeting).filter_map(|record| record.meeting());
    let told = meetings.filter(|meeting| {
        let plan = meeting.moved_to.items.last().unwrap_or(&meeting.planned);
        let held = desk.has_come(&meeting.held).possible() && desk.in_period(&meeting.held).possible();
        held || plan.known().is_some_and(|when| lines::is_near(desk, *when).possible())
    });
    told.flat_map(|meeting| meeting.item.iter()).flat_map(|item| item.about.iter().map(AsRef::<str>::as_ref)).collect()
}

/// Raised in the period; or not yet raised, as far as is known, and on an agenda or planned to move.
fn is_new(desk: &Desk<'_>, record: &Record, one: &Modification, spoken_of: &BTreeSet<&str>) -> bool {
    let raised = desk.has_come(&one.raised);
    if raised.certain() && desk.in_period(&one.raised).possible() {
        return true;
    }
    let moved = one.step.iter().any(|step| step.on.when().is_some_and(|when| when.first <= desk.on));
    let moves =
        || one.planned.iter().any(|plan| plan.on.known().is_some_and(|when| lines::is_near(desk, *when).possible()));
    !raised.certain() && !moved && (spoken_of.contains(record.subject().as_str()) || moves())
}

fn row(desk: &Desk<'_>, record: &Record, one: &Modification) -> Vec<Line> {
    let recommended = |(at, it): (usize, &Recommendation)| {
        let field = |key: &str| format!("recommendation[{at}].{key}");
        Line::from(Desk::words(record, &field("to"), &it.to)).say(", by ").token(desk.actor(
            record,
            &field("by"),
            &it.by,
        ))
    };
    let recommended = Line::joined(lines::entries(&one.recommendation).map(recommended), "; ");
    let recommended = if one.recommendation.items.is_empty() {
        lines::not_listed(record, "recommendation", &one.recommendation).into()
    } else {
        recommended
    };
    let planned = if one.planned.items.is_empty() {
        lines::not_listed(record, "planned", &one.planned).into()
    } else {
        modifications::planned(desk, record, one)
    };
    vec![
        Desk::id(record).into(),
        Desk::words(record, "title", &one.title).into(),
        Desk::summary(record, &one.summary).unwrap_or_default(),
        desk.actor(record, "proposer", &one.proposer).into(),
        lines::happened(desk, record, "raised", &one.raised).into(),
        modifications::path(record, one).into(),
        recommended,
        planned,
    ]
}

fn steps(desk: &Desk<'_>, record: &Record, one: &Modification) -> Vec<Vec<Line>> {
    let told = lines::entries(&one.step)
        .filter(|(_, step)| desk.has_come(&step.on).certain() && desk.in_period(&step.on).certain());
    let row = |(at, step): (usize, &crate::record::modification::Step)| {
        let field = |key: &str| format!("step[{at}].{key}");
        vec![
            Desk::id(record).into(),
            Desk::words(record, "title", &one.title).into(),
            Desk::words(record, &field("to"), &step.to).into(),
            Desk::date(record, &field("on"), &step.on).into(),
            desk.actor(record, &field("by"), &step.by).into(),
        ]
    };
    told.map(row).collect()
}

fn groups(desk: &Desk<'_>, record: &Record, one: &Modification) -> Vec<Vec<Line>> {
    let told = lines::entries(&one.working_group)
        .filter(|(_, group)| desk.has_come(&group.met).certain() && desk.in_period(&group.met).possible());
    let row = |(at, group): (usize, &crate::record::modification::WorkingGroup)| {
        vec![
            Desk::id(record).into(),
            Desk::words(record, "title", &one.title).into(),
            Desk::date(record, &format!("working-group[{at}].met"), &group.met).into(),
        ]
    };
    told.map(row).collect()
}

/// For each stage that something stands at, or of which a publication states a number.
fn stages(desk: &Desk<'_>) -> Block {
    let row = |(at, (stage, span)): (usize, (&str, Span))| {
        let stated = parties::stated(desk, &format!("{AT_STAGE}{stage}"));
        let (certain, possible) = standing_at(desk, stage);
        if certain.is_empty() && possible.is_empty() && stated.is_none() {
            return None;
        }
        let stated = stated.unwrap_or_else(|| Line::plain("not stated"));
        let counted = lines::counted(desk, Kind::Modification.folder(), certain, possible);
        Some(vec![desk.stage(at, stage, span).into(), counted, stated])
    };
    let rows: Vec<_> = desk.code.listed("stages").enumerate().filter_map(row).collect();
    lines::table(
        desk,
        Kind::Modification,
        "Proposals by stage",
        &["Stage", "Counted from the records", "Published"],
        rows,
    )
}

/// The proposals that stand at a stage: for certain, and perhaps.
fn standing_at(desk: &Desk<'_>, stage: &str) -> (Vec<Source>, Vec<Source>) {
    let (mut certain, mut possible) = (Vec::new(), Vec::new());
    for (record, one) in all(desk) {
        let standing = modifications::standing(desk, one);
        let is_sure = standing.possible.is_empty() && !one.step.is_open();
        let all = standing.certain.into_iter().chain(standing.possible);
        let mut there = all.filter(|(_, step)| step.to.known().is_some_and(|to| to.as_ref() == stage));
        if let Some((at, step)) = there.next() {
            let source = Desk::source(record, &format!("step[{at}].to"), step.to.span);
            if is_sure { certain.push(source) } else { possible.push(source) }
        }
    }
    (certain, possible)
}
