//! Leave not to comply: covers breaches of one rule, or of one clause, by one subject.

use super::{
    Dated, Event, Kinded,
    id::{ActorId, MeetingId, SourceId, Subject},
};
use crate::{
    day::When,
    decode::{Fact, List, Text, table},
};

table! {
    /// A derogation.
    pub struct Derogation {
        /// The sources it is taken from: keys of `sources/` or `publications/`.
        source: List<SourceId> = "source",
        /// The rule that need not be kept.
        rule: Fact<Text> = "rule",
        /// The clause that need not be kept, with all below it.
        clause: Fact<Text> = "clause",
        /// Who or what need not keep it.
        subject: Fact<Subject> = "subject" (required),
        /// The first day.
        from: Fact<When> = "from" (required),
        /// The first day on which it no longer holds.
        until: Fact<When> = "until" (required),
        /// Who granted it.
        granted_by: Fact<ActorId> = "granted-by" (required),
        /// Why.
        reason: Fact<Text> = "reason" (required),
        /// The meeting that decided it.
        decision: Fact<MeetingId> = "decision",
        /// What it is, for print.
        summary: Fact<Text> = "summary",
        /// For colleagues only; never printed.
        note: Fact<Text> = "note",
        /// Where the thing itself can be read.
        url: Fact<Text> = "url",
    }
}

impl Kinded for Derogation {
    const EVENTS: &'static [Event<Self>] = &[
        Event { name: "from", doc: "it begins", plan: true, birth: true, dates: |r| Dated::single(&r.from) },
        Event { name: "until", doc: "it ends", plan: true, birth: false, dates: |r| Dated::single(&r.until) },
    ];
}
