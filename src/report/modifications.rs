//! `modifications`: the register of proposals.

use std::cmp::Reverse;

use super::{
    Desk, Findings, Period, Publication, Written, lines,
    model::{Derivation, Line, Token},
};
use crate::{
    day::Truth,
    decode::Fact,
    record::{
        Kind, Record,
        modification::{Adopted, Implementation, Modification, Planned, Step},
    },
};

pub(super) const PUBLICATION: Publication = Publication {
    name: "modifications",
    doc: "the register of proposals: proposer, path, stage, next step, timetable, decision, release",
    title: "Modification register",
    reads: &[Kind::Modification, Kind::Release],
    period: Period::Day,
    write,
};

const COLUMNS: &[&str] = &[
    "Id",
    "Title",
    "Proposer",
    "Raised",
    "Path",
    "Stage",
    "Stages so far",
    "Next step",
    "Timetable",
    "Decision",
    "Implementation",
];

fn write(desk: &Desk<'_>, _: &Findings<'_>) -> Written {
    let known = desk.all(Kind::Modification).filter(|record| lines::is_born(desk, record));
    let rows = known.filter_map(|record| Some(row(desk, record, record.modification()?)));
    lines::register(desk, Kind::Modification, "Proposals", COLUMNS, rows.collect()).into()
}

fn row(desk: &Desk<'_>, record: &Record, it: &Modification) -> Vec<Line> {
    vec![
        Desk::id(record).into(),
        Desk::words(record, "title", &it.title).into(),
        proposer(desk, record, it),
        lines::happened(desk, record, "raised", &it.raised).into(),
        path(record, it).into(),
        stage(desk, record, it),
        steps(desk, record, it),
        next(desk, record, it),
        planned(desk, record, it),
        decision(desk, record, it),
        implementation(desk, record, it),
    ]
}

/// Who raised it, then who took it on by the day.
fn proposer(desk: &Desk<'_>, record: &Record, it: &Modification) -> Line {
    let adopted = lines::entries(&it.adopted).filter(|(_, one)| desk.has_come(&one.on).possible());
    let one = |(at, one): (usize, &Adopted)| {
        let field = |key: &str| format!("adopted[{at}].{key}");
        let line = Line::from(desk.actor(record, &field("by"), &one.by));
        line.say(" (from ").token(Desk::date(record, &field("on"), &one.on)).say(")")
    };
    let first = Line::from(desk.actor(record, "proposer", &it.proposer));
    Line::joined(std::iter::once(first).chain(adopted.map(one)), "; then ")
}

/// The path as determined, else as proposed.
pub(super) fn path(record: &Record, it: &Modification) -> Token {
    match it.path.known() {
        Some(path) if !path.determined.is_absent() => Desk::words(record, "path.determined", &path.determined),
        Some(path) => Desk::words(record, "path.proposed", &path.proposed),
        None => Desk::words(record, "path", &it.path_word()),
    }
}

/// Where a proposal stands on the day.
pub(super) struct Standing<'m> {
    /// The latest step that has certainly come, by its day.
    pub(super) certain: Option<(usize, &'m Step)>,
    /// Those listed behind it that may have come since.
    pub(super) possible: Vec<(usize, &'m Step)>,
}

/// Where a proposal stands on the day. Steps of one day, and those whose day is known in part, go by
/// their order in the record.
pub(super) fn standing<'m>(desk: &Desk<'_>, it: &'m Modification) -> Standing<'m> {
    let come = |wanted: Truth| lines::entries(&it.step).filter(move |(_, step)| desk.has_come(&step.on) == wanted);
    let certain = come(Truth::Yes).max_by_key(|(at, step)| (step.on.when().map(|when| when.last), *at));
    let possible = come(Truth::Maybe).filter(|(at, _)| certain.is_none_or(|(last, _)| *at > last)).collect();
    Standing { certain, possible }
}

/// The stage that a proposal is at, and the later ones that it may be at.
pub(super) fn stage(desk: &Desk<'_>, record: &Record, it: &Modification) -> Line {
    let Standing { certain, possible } = standing(desk, it);
    let reached = certain.map(|(at, step)| {
        let mut token = Desk::words(record, &format!("step[{at}].to"), &step.to);
        token.sources.push(Desk::source(record, &format!("step[{at}].on"), step.on.span));
        token.derivation = Derivation::Compared(format!("the last step that had come by {}", desk.on));
        Line::from(token)
    });
    let perhaps = |(at, step): &(usize, &Step)| {
        let mut token = Desk::words(record, &format!("step[{at}].to"), &step.to);
        token.sources.push(Desk::source(record, &format!("step[{at}].on"), step.on.span));
        token.derivation = Derivation::Compared(format!("a step that may have come by {}", desk.on));
        Line::plain("perhaps ").token(token).say(" (day not recorded)")
    };
    let all: Vec<Line> = reached.into_iter().chain(possible.iter().map(perhaps)).collect();
    if !all.is_empty() {
        return Line::joined(all, ", ");
    }
    let steps = lines::entries(&it.step);
    let days: Vec<_> = steps.map(|(at, step)| Desk::field(record, &format!("step[{at}].on"), &step.on)).collect();
    if days.is_empty() {
        return lines::not_listed(record, "step", &it.step).into();
    }
    Desk::status("none by then", format!("each step recorded comes after {}", desk.on), days).into()
}

/// The steps that may have come by the day.
fn steps(desk: &Desk<'_>, record: &Record, it: &Modification) -> Line {
    let come = lines::entries(&it.step).filter(|(_, step)| desk.has_come(&step.on).possible());
    let line = |(at, step): (usize, &Step)| {
        let field = |key: &str| format!("step[{at}].{key}");
        let line = Line::from(Desk::words(record, &field("to"), &step.to)).say(": ");
        line.token(Desk::date(record, &field("on"), &step.on))
    };
    Line::joined(come.map(line), "; ")
}

/// The nearest plan that lies on the day or after it, or whose day is not known, unless its stage was
/// reached since it was planned.
fn next(desk: &Desk<'_>, record: &Record, it: &Modification) -> Line {
    let reached = |plan: &Planned| {
        let Some(to) = plan.to.known() else { return false };
        let reached = |step: &Step| step.to.known() == Some(to) && desk.has_come(&step.on).certain();
        it.step.iter().any(reached)
    };
    let ahead = lines::entries(&it.planned).filter(|(_, plan)| {
        let is_over = plan.on.when().is_some_and(|when| when.last < desk.on);
        !is_over && !reached(plan)
    });
    let nearest = ahead.min_by_key(|(at, plan)| (plan.on.when().map(|when| (when.last, Reverse(when.first))), *at));
    nearest.map_or_else(Line::default, |(at, plan)| plan_line(desk, record, at, plan))
}

fn plan_line(desk: &Desk<'_>, record: &Record, at: usize, plan: &Planned) -> Line {
    let field = |key: &str| format!("planned[{at}].{key}");
    let line = Line::from(Desk::words(record, &field("to"), &plan.to)).say(": ");
    let line = line.token(Desk::date(record, &field("on"), &plan.on));
    if plan.by.is_absent() { line } else { line.say(", by ").token(desk.actor(record, &field("by"), &plan.by)) }
}

/// What is planned, and by whom: the past plans too.
pub(super) fn planned(desk: &Desk<'_>, record: &Record, it: &Modification) -> Line {
    Line::joined(lines::entries(&it.planned).map(|(at, plan)| plan_line(desk, record, at, plan)), "; ")
}

/// The last step that somebody decided: what, who, where and when.
fn decision(desk: &Desk<'_>, record: &Record, it: &Modification) -> Line {
    let decided = |step: &Step| !step.by.is_absent() || !step.meeting.is_absent();
    let come = lines::entries(&it.step).filter(|(_, step)| decided(step) && desk.has_come(&step.on).certain());
    let last = come.max_by_key(|(at, step)| (step.on.when().map(|when| when.last), *at));
    let Some((at, step)) = last else { return Line::default() };
    let field = |key: &str| format!("step[{at}].{key}");
    let mut line = Line::from(Desk::words(record, &field("to"), &step.to));
    if !step.by.is_absent() {
        line = line.say(", by ").token(desk.actor(record, &field("by"), &step.by));
    }
    if !step.meeting.is_absent() {
        line = line.say(", meeting ").token(desk.named(record, &field("meeting"), &step.meeting, Kind::Meeting));
    }
    line.say(", ").token(Desk::date(record, &field("on"), &step.on))
}

/// When each part takes effect: the day it did, where that has come, else the plan.
fn implementation(desk: &Desk<'_>, record: &Record, it: &Modification) -> Line {
    let line = |(at, one): (usize, &Implementation)| {
        let field = |key: &str| format!("implementation[{at}].{key}");
        let mut line = Line::default();
        if !one.part.is_absent() {
            line = line.token(Desk::words(record, &field("part"), &one.part)).say(": ");
        }
        let has_plan = !one.planned.is_absent() || !one.moved_to.items.is_empty();
        let is_later = desk.has_come(&one.actual) == Truth::No;
        line = if is_later && (has_plan || one.actual.is_absent()) {
            line.say("planned ").token(Desk::moved(record, &field("planned"), &one.planned, &one.moved_to))
        } else {
            line.token(lines::happened(desk, record, &field("actual"), &one.actual))
        };
        if one.release.is_absent() {
            return line;
        }
        line.say(", release ").token(desk.named(record, &field("release"), &one.release, Kind::Release))
    };
    Line::joined(lines::entries(&it.implementation).map(line), "; ")
}

impl Modification {
    /// The path where it has no parts: left out or not known.
    fn path_word(&self) -> Fact<crate::decode::Text> {
        let state = if self.path.is_absent() { crate::decode::State::Absent } else { crate::decode::State::Unknown };
        Fact { span: self.path.span, state }
    }
}
