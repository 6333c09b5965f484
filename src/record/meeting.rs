//! One meeting.

use super::{
    Dated, Event, Kinded,
    id::{Constituency, PersonId, SeatOfBody, SourceId, Subject},
};
use crate::{
    day::When,
    decode::{Fact, List, Text, table, words},
};

words! {
    /// As what somebody came.
    pub enum As {
        /// The holder of the seat.
        Member = "member",
        /// The holder's Alternate.
        Alternate = "alternate",
        /// Without a vote.
        Guest = "guest",
    }
}

words! {
    /// What came of an item.
    pub enum ItemOutcome {
        /// Noted.
        Noted = "noted",
        /// Recommended.
        Recommended = "recommended",
        /// Approved.
        Approved = "approved",
        /// Rejected.
        Rejected = "rejected",
        /// Put off.
        Deferred = "deferred",
    }
}

words! {
    /// How an item was resolved.
    pub enum Resolved {
        /// In the meeting.
        InMeeting = "in-meeting",
        /// In writing, without meeting about it.
        InWriting = "in-writing",
    }
}

impl Meeting {
    /// The day held, else the last one moved to, else the one first planned.
    pub fn day(&self) -> &Fact<When> {
        if !self.held.is_absent() {
            return &self.held;
        }
        self.moved_to.items.last().unwrap_or(&self.planned)
    }
}

table! {
    /// A meeting.
    pub struct Meeting {
        /// The sources it is taken from: keys of `sources/` or `publications/`.
        source: List<SourceId> = "source",
        /// Its number.
        number: Fact<u32> = "number",
        /// The day first planned.
        planned: Fact<When> = "planned",
        /// The day it was held.
        held: Fact<When> = "held",
        /// Later plans, in order.
        moved_to: List<When> = "moved-to",
        /// The day it was called off.
        cancelled: Fact<When> = "cancelled",
        /// The day notice was given.
        notice_given: Fact<When> = "notice-given",
        /// Its minutes.
        minutes: Fact<Minutes> = "minutes",
        /// All who came; left out: not known.
        attendance: List<Attendance> = "attendance",
        /// What was dealt with.
        item: List<Item> = "item",
        /// What it is, for print.
        summary: Fact<Text> = "summary",
        /// For colleagues only; never printed.
        note: Fact<Text> = "note",
        /// Where the thing itself can be read.
        url: Fact<Text> = "url",
    }
}

table! {
    /// Minutes.
    pub struct Minutes {
        /// The day they were published.
        published: Fact<When> = "published",
        /// Sources of this entry alone.
        source: List<SourceId> = "source",
        /// For colleagues only; never printed.
        note: Fact<Text> = "note",
    }
}

table! {
    /// Somebody who came.
    pub struct Attendance {
        /// For which seat of the body.
        seat: Fact<SeatOfBody> = "seat",
        /// Who.
        person: Fact<PersonId> = "person",
        /// As what.
        as_what: Fact<As> = "as",
        /// Sources of this entry alone.
        source: List<SourceId> = "source",
        /// For colleagues only; never printed.
        note: Fact<Text> = "note",
    }
}

table! {
    /// An item of business.
    pub struct Item {
        /// What.
        title: Fact<Text> = "title",
        /// Which records.
        about: List<Subject> = "about",
        /// What the meeting was asked to do.
        asked: Fact<Text> = "asked",
        /// What came of it.
        outcome: Fact<ItemOutcome> = "outcome",
        /// How it was resolved; in the meeting where left out.
        resolved: Fact<Resolved> = "resolved",
        /// The votes.
        vote: List<ItemVote> = "vote",
        /// Sources of this entry alone.
        source: List<SourceId> = "source",
        /// For colleagues only; never printed.
        note: Fact<Text> = "note",
    }
}

table! {
    /// The votes of one constituency.
    pub struct ItemVote {
        /// The constituency.
        constituency: Fact<Constituency> = "constituency",
        /// For.
        votes_for: Fact<u32> = "for",
        /// Against.
        against: Fact<u32> = "against",
        /// Abstained.
        abstained: Fact<u32> = "abstained",
        /// Sources of this entry alone.
        source: List<SourceId> = "source",
        /// For colleagues only; never printed.
        note: Fact<Text> = "note",
    }
}

impl Kinded for Meeting {
    const EVENTS: &'static [Event<Self>] = &[
        Event {
            name: "planned",
            doc: "the day first planned",
            plan: true,
            birth: false,
            dates: |r| Dated::single(&r.planned),
        },
        Event { name: "held", doc: "it was held", plan: false, birth: false, dates: |r| Dated::single(&r.held) },
        Event {
            name: "day",
            doc: "held, else last moved to, else planned",
            plan: true,
            birth: false,
            dates: |r| Dated::single(r.day()),
        },
        Event {
            name: "notice-given",
            doc: "notice was given",
            plan: false,
            birth: false,
            dates: |r| Dated::single(&r.notice_given),
        },
    ];
}
