//! Anything else on the calendar.

use super::{
    Event, Kinded,
    id::{ActorId, SourceId, Subject},
};
use crate::{
    day::When,
    decode::{Fact, List, Text, table},
};

table! {
    /// An event.
    pub struct CalendarEvent {
        /// The sources it is taken from: keys of `sources/` or `publications/`.
        source: List<SourceId> = "source",
        /// Its title.
        title: Fact<Text> = "title" (required),
        /// The day.
        on: Fact<When> = "on" (required),
        /// The last day.
        until: Fact<When> = "until",
        /// Later plans, in order.
        moved_to: List<When> = "moved-to",
        /// The day it was held.
        held: Fact<When> = "held",
        /// The day it was called off.
        cancelled: Fact<When> = "cancelled",
        /// Who holds it.
        by: Fact<ActorId> = "by",
        /// Which records.
        about: List<Subject> = "about",
        /// Where.
        place: Fact<Text> = "place",
        /// How to book.
        booking: Fact<Text> = "booking",
        /// What it is, for print.
        summary: Fact<Text> = "summary",
        /// For colleagues only; never printed.
        note: Fact<Text> = "note",
        /// Where the thing itself can be read.
        url: Fact<Text> = "url",
    }
}

impl Kinded for CalendarEvent {
    const EVENTS: &'static [Event<Self>] = &[];
}
