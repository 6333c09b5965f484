//! `modifications`: the register of proposals.

use super::{
    Desk, Findings, Publication, Written,
    model::{Line, Token},
    table,
};
use crate::{
    decode::Fact,
    record::{Kind, Record, modification::Modification},
};

pub(super) const PUBLICATION: Publication = Publication {
    name: "modifications",
    doc: "the register of proposals: proposer, path, stage, dates, plans, decision, release",
    title: "Modification register",
    reads: &[Kind::Modification, Kind::Release],
    write,
};

fn write(desk: &Desk<'_>, _: &Findings<'_>) -> Written {
    let rows = desk.all(Kind::Modification).filter_map(|record| Some(row(desk, record, record.modification()?)));
    let columns = ["Id", "Title", "Proposer", "Raised", "Path", "Stage", "Stages", "Planned", "Implementation"];
    vec![table("Proposals", columns, rows.collect(), "No proposal is recorded.")].into()
}

fn row(desk: &Desk<'_>, record: &Record, it: &Modification) -> Vec<Line> {
    vec![
        Desk::id(record).into(),
        Desk::words(record, "title", &it.title).into(),
        desk.actor(record, "proposer", &it.proposer).into(),
        Desk::date(record, "raised", &it.raised).into(),
        path(record, it).into(),
        stage(desk, record, it),
        steps(record, it),
        planned(desk, record, it),
        implementation(desk, record, it),
    ]
}

/// The path as determined, else as proposed.
pub(super) fn path(record: &Record, it: &Modification) -> Token {
    match it.path.known() {
        Some(path) if !path.determined.is_absent() => Desk::words(record, "path.determined", &path.determined),
        Some(path) => Desk::words(record, "path.proposed", &path.proposed),
        None => Desk::words(record, "path", &it.path_word()),
    }
}

/// The last step that had certainly come by the day of the report.
pub(super) fn stage(desk: &Desk<'_>, record: &Record, it: &Modification) -> Line {
    let come = it.step.iter().enumerate().filter(|(_, step)| desk.has_come(&step.on).certain());
    let Some((at, step)) = come.last() else {
        return Desk::status(
            "not recorded",
            format!("no step has certainly come by {}", desk.on),
            vec![Desk::source(record, "step", it.step.span)],
        )
        .into();
    };
    let mut token = Desk::words(record, &format!("step[{at}].to"), &step.to);
    token.sources.push(Desk::source(record, &format!("step[{at}].on"), step.on.span));
    token.derivation = super::model::Derivation::Compared(format!("the last step that had come by {}", desk.on));
    token.into()
}

fn steps(record: &Record, it: &Modification) -> Line {
    let line = |(at, step): (usize, &crate::record::modification::Step)| {
        let field = |key: &str| format!("step[{at}].{key}");
        Line::from(Desk::words(record, &field("to"), &step.to)).say(": ").token(Desk::date(
            record,
            &field("on"),
            &step.on,
        ))
    };
    Line::joined(it.step.iter().enumerate().map(line), "; ")
}

/// What is planned, and by whom.
pub(super) fn planned(desk: &Desk<'_>, record: &Record, it: &Modification) -> Line {
    let line = |(at, plan): (usize, &crate::record::modification::Planned)| {
        let field = |key: &str| format!("planned[{at}].{key}");
        let line = Line::from(Desk::words(record, &field("to"), &plan.to)).say(": ");
        let line = line.token(Desk::date(record, &field("on"), &plan.on));
        if plan.by.is_absent() { line } else { line.say(", by ").token(desk.actor(record, &field("by"), &plan.by)) }
    };
    Line::joined(it.planned.iter().enumerate().map(line), "; ")
}

fn implementation(desk: &Desk<'_>, record: &Record, it: &Modification) -> Line {
    let line = |(at, one): (usize, &crate::record::modification::Implementation)| {
        let field = |key: &str| format!("implementation[{at}].{key}");
        let mut line = Line::default();
        if !one.part.is_absent() {
            line = line.token(Desk::words(record, &field("part"), &one.part)).say(": ");
        }
        line = if one.actual.is_absent() {
            line.say("planned ").token(Desk::moved(record, &field("planned"), &one.planned, &one.moved_to))
        } else {
            line.token(Desk::date(record, &field("actual"), &one.actual))
        };
        if one.release.is_absent() {
            return line;
        }
        line.say(", ").token(desk.named(record, &field("release"), &one.release, Kind::Release))
    };
    Line::joined(it.implementation.iter().enumerate().map(line), "; ")
}

impl Modification {
    /// The path where it has no parts: left out or not known.
    fn path_word(&self) -> Fact<crate::decode::Text> {
        let state = if self.path.is_absent() { crate::decode::State::Absent } else { crate::decode::State::Unknown };
        Fact { span: self.path.span, state }
    }
}
