//! One consultation.

use super::{
    Dated, Event, Kinded,
    id::{ActorId, SourceId, Subject},
};
use crate::{
    day::When,
    decode::{Fact, List, Text, table},
};

table! {
    /// A consultation.
    pub struct Consultation {
        /// The sources it is taken from: keys of `sources/` or `publications/`.
        source: List<SourceId> = "source",
        /// Its title.
        title: Fact<Text> = "title" (required),
        /// Who consults.
        by: Fact<ActorId> = "by" (required),
        /// The day it opened.
        opened: Fact<When> = "opened",
        /// The last day for responses.
        closes: Fact<When> = "closes",
        /// Later closing days, in order.
        moved_to: List<When> = "moved-to",
        /// Which records.
        about: List<Subject> = "about",
        /// The answer to the responses.
        response: Fact<Response> = "response",
        /// What it is, for print.
        summary: Fact<Text> = "summary",
        /// For colleagues only; never printed.
        note: Fact<Text> = "note",
        /// Where the thing itself can be read.
        url: Fact<Text> = "url",
    }
}

table! {
    /// The answer to the responses.
    pub struct Response {
        /// The last day for it.
        due: Fact<When> = "due",
        /// The day it was published.
        published: Fact<When> = "published",
        /// Sources of this entry alone.
        source: List<SourceId> = "source",
        /// For colleagues only; never printed.
        note: Fact<Text> = "note",
    }
}

impl Kinded for Consultation {
    const EVENTS: &'static [Event<Self>] = &[
        Event { name: "opened", doc: "it opened", plan: false, birth: true, dates: |r| Dated::single(&r.opened) },
        Event {
            name: "closes",
            doc: "the last day for responses, as last moved",
            plan: true,
            birth: false,
            dates: |r| Dated::single(r.moved_to.items.last().unwrap_or(&r.closes)),
        },
        Event {
            name: "response-due",
            doc: "the last day for the answer",
            plan: true,
            birth: false,
            dates: |r| r.response.known().map(|one| Dated::of(&one.due, "", None)).into_iter().collect(),
        },
        Event {
            name: "response-published",
            doc: "the answer was published",
            plan: false,
            birth: false,
            dates: |r| r.response.known().map(|one| Dated::of(&one.published, "", None)).into_iter().collect(),
        },
    ];
}
