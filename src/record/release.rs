//! A version of the code.

use super::{
    Dated, Event, FactOf, Kinded, Told,
    id::{ActorId, InstrumentId, ModificationId, SourceId},
    told::word_state,
};
use crate::{
    day::{Today, When},
    decode::{Fact, List, State, Text, Value, table},
};

table! {
    /// A release.
    pub struct Release {
        /// The sources it is taken from: keys of `sources/` or `publications/`.
        source: List<SourceId> = "source",
        /// Its version.
        version: Fact<Text> = "version",
        /// The day first planned.
        planned: Fact<When> = "planned",
        /// Later plans, in order.
        moved_to: List<When> = "moved-to",
        /// The day it took effect.
        effective: Fact<When> = "effective",
        /// Who designated it.
        designation: List<Designation> = "designation",
        /// The modifications it carries, as its document lists them.
        modifications: List<ModificationId> = "modifications",
        /// The Sections it changes.
        sections: List<Text> = "sections",
        /// What it is, for print.
        summary: Fact<Text> = "summary",
        /// For colleagues only; never printed.
        note: Fact<Text> = "note",
        /// Where the thing itself can be read.
        url: Fact<Text> = "url",
    }
}

table! {
    /// A designation.
    pub struct Designation {
        /// Whose.
        by: Fact<ActorId> = "by",
        /// The day.
        on: Fact<When> = "on",
        /// The power used.
        under: Fact<Text> = "under",
        /// The instrument.
        instrument: Fact<InstrumentId> = "instrument",
        /// Sources of this entry alone.
        source: List<SourceId> = "source",
        /// For colleagues only; never printed.
        note: Fact<Text> = "note",
    }
}

/// Who designated it by a day, designation by designation; the second is a slot of its own.
fn designated_by<'r>(release: &'r Release, on: Today<'_>) -> Vec<Told<'r>> {
    let list = &release.designation;
    let slot = |at: usize| if at == 0 { String::new() } else { format!("designated-by-{}", at.saturating_add(1)) };
    let mut all: Vec<Told<'r>> = list
        .iter()
        .enumerate()
        .filter(|(_, one)| one.on.when().is_none_or(|when| when.by(on).possible()))
        .map(|(at, one)| Told { slot: slot(at).into(), state: word_state(&one.by), span: one.by.span, since: None })
        .collect();
    if list.is_open() {
        let state = if list.is_bad() { State::Bad } else { State::Unknown };
        all.push(Told { slot: slot(all.len()).into(), state, span: list.span, since: None });
    }
    all
}

impl Kinded for Release {
    const EVENTS: &'static [Event<Self>] = &[
        Event {
            name: "designated",
            doc: "it was designated",
            plan: false,
            birth: false,
            dates: |r| Dated::each(&r.designation, |one| &one.on, |_| String::new()),
        },
        Event {
            name: "effective",
            doc: "it took effect",
            plan: false,
            birth: false,
            dates: |r| Dated::single(&r.effective),
        },
    ];
    const FACTS: &'static [FactOf<Self>] = &[FactOf {
        name: "designated-by",
        doc: "who designated it (designation)",
        shape: ActorId::shape,
        told: designated_by,
        write: |word, _| format!("designation = [{{ by = \"{word}\" }}]"),
    }];
}
