//! A version of the code.

use super::{
    Dated, Event, Kinded,
    id::{ActorId, InstrumentId, ModificationId, SourceId},
};
use crate::{
    day::When,
    decode::{Fact, List, Text, table},
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
}
