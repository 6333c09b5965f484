//! A document or decision that somebody owes, in no other record.

use super::{
    Dated, Event, Kinded,
    id::{ActorId, DeliverableWord, SourceId, Subject},
};
use crate::{
    day::When,
    decode::{Fact, List, Text, table},
};

table! {
    /// A deliverable.
    pub struct Deliverable {
        /// The sources it is taken from: keys of `sources/` or `publications/`.
        source: List<SourceId> = "source",
        /// Its title.
        title: Fact<Text> = "title" (required),
        /// What sort it is, where a rule is about that sort.
        is: Fact<DeliverableWord> = "is",
        /// Who owes it.
        owner: Fact<ActorId> = "owner" (required),
        /// Who approves it.
        approval: Fact<Approval> = "approval",
        /// The last day for it.
        due: Fact<When> = "due",
        /// Later due days, in order.
        moved_to: List<When> = "moved-to",
        /// The day it was published.
        published: Fact<When> = "published",
        /// Which records.
        about: List<Subject> = "about",
        /// What it is, for print.
        summary: Fact<Text> = "summary",
        /// For colleagues only; never printed.
        note: Fact<Text> = "note",
        /// Where the thing itself can be read.
        url: Fact<Text> = "url",
    }
}

table! {
    /// Its approval.
    pub struct Approval {
        /// Whose.
        by: Fact<ActorId> = "by",
        /// The day.
        on: Fact<When> = "on",
        /// Sources of this entry alone.
        source: List<SourceId> = "source",
        /// For colleagues only; never printed.
        note: Fact<Text> = "note",
    }
}

impl Kinded for Deliverable {
    const EVENTS: &'static [Event<Self>] = &[
        Event {
            name: "approved",
            doc: "it was approved",
            plan: false,
            birth: false,
            dates: |r| r.approval.known().map(|one| Dated::of(&one.on, "", None)).into_iter().collect(),
        },
        Event {
            name: "due",
            doc: "the last day for it, as last moved",
            plan: true,
            birth: false,
            dates: |r| Dated::single(r.moved_to.items.last().unwrap_or(&r.due)),
        },
        Event {
            name: "published",
            doc: "it was published",
            plan: false,
            birth: false,
            dates: |r| Dated::single(&r.published),
        },
    ];
}
