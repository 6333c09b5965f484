//! A Party to the code.

use super::{
    Dated, Event, Kinded,
    id::{ActorId, Category, Feed, Limb, SourceId},
    word_of,
};
use crate::{
    day::When,
    decode::{Fact, List, Text, table, words},
};

words! {
    /// How a Party ceased to be one.
    pub enum How {
        /// By choice.
        Withdrawn = "withdrawn",
        /// By the Panel.
        Expelled = "expelled",
    }
}

table! {
    /// A Party.
    pub struct Party {
        /// The sources it is taken from: keys of `sources/` or `publications/`.
        source: List<SourceId> = "source",
        /// Its name.
        name: Fact<Text> = "name" (required),
        /// Its Companies House number.
        number: Fact<Text> = "number",
        /// The day it became a Party.
        acceded: Fact<When> = "acceded",
        /// Names it had.
        formerly: List<Formerly> = "formerly",
        /// What it is, over time: one Party Category at a time.
        category: List<CategoryEntry> = "category",
        /// Whom it is an Affiliate of.
        affiliation: List<Affiliation> = "affiliation",
        /// How and when it ceased to be a Party.
        left: Fact<Left> = "left",
        /// What may be, or became, an Event of Default.
        default: List<DefaultEntry> = "default",
        /// That a contact was given for something; never the address.
        contact: List<Contact> = "contact",
        /// Which Registration Data its provider sends to the DCC.
        registration_data: List<RegistrationData> = "registration-data",
        /// What it is, for print.
        summary: Fact<Text> = "summary",
        /// For colleagues only; never printed.
        note: Fact<Text> = "note",
        /// Where the thing itself can be read.
        url: Fact<Text> = "url",
    }
}

table! {
    /// A name it had.
    pub struct Formerly {
        /// The name.
        name: Fact<Text> = "name",
        /// The first day on which it no longer had it.
        until: Fact<When> = "until",
        /// Sources of this entry alone.
        source: List<SourceId> = "source",
        /// For colleagues only; never printed.
        note: Fact<Text> = "note",
    }
}

table! {
    /// What a Party was for a time.
    pub struct CategoryEntry {
        /// The Party Category.
        is: Fact<Category> = "is",
        /// The first day.
        from: Fact<When> = "from",
        /// The first day on which it no longer was.
        until: Fact<When> = "until",
        /// Sources of this entry alone.
        source: List<SourceId> = "source",
        /// For colleagues only; never printed.
        note: Fact<Text> = "note",
    }
}

table! {
    /// An Affiliate for a time; one file of the pair suffices.
    pub struct Affiliation {
        /// The other.
        with: Fact<ActorId> = "with",
        /// The first day.
        from: Fact<When> = "from",
        /// The first day on which it no longer was.
        until: Fact<When> = "until",
        /// Sources of this entry alone.
        source: List<SourceId> = "source",
        /// For colleagues only; never printed.
        note: Fact<Text> = "note",
    }
}

table! {
    /// How a Party ceased to be one.
    pub struct Left {
        /// The first day on which it was no Party.
        on: Fact<When> = "on",
        /// How.
        how: Fact<How> = "how",
        /// Sources of this entry alone.
        source: List<SourceId> = "source",
        /// For colleagues only; never printed.
        note: Fact<Text> = "note",
    }
}

table! {
    /// What may be, or became, an Event of Default.
    pub struct DefaultEntry {
        /// The limb of the definition.
        limb: Fact<Limb> = "limb",
        /// The day of the notice.
        noticed: Fact<When> = "noticed",
        /// The day on which it was put right.
        remedied: Fact<When> = "remedied",
        /// The day on which it was declared an Event of Default.
        declared: Fact<When> = "declared",
        /// Sources of this entry alone.
        source: List<SourceId> = "source",
        /// For colleagues only; never printed.
        note: Fact<Text> = "note",
    }
}

table! {
    /// That a contact was given.
    pub struct Contact {
        /// For what.
        for_what: Fact<Text> = "for",
        /// The first day.
        from: Fact<When> = "from",
        /// The first day on which it no longer held.
        until: Fact<When> = "until",
        /// Sources of this entry alone.
        source: List<SourceId> = "source",
        /// For colleagues only; never printed.
        note: Fact<Text> = "note",
    }
}

table! {
    /// A feed of Registration Data to the DCC.
    pub struct RegistrationData {
        /// The Registration Data Provider; the network itself where left out.
        provider: Fact<ActorId> = "provider",
        /// Which data.
        feed: Fact<Feed> = "feed",
        /// The first day.
        from: Fact<When> = "from",
        /// The first day on which it no longer ran.
        until: Fact<When> = "until",
        /// Sources of this entry alone.
        source: List<SourceId> = "source",
        /// For colleagues only; never printed.
        note: Fact<Text> = "note",
    }
}

/// The day on which it ceased to be a Party by expulsion, where that is how it left.
fn expelled(party: &Party) -> Vec<Dated> {
    let Some(left) = party.left.known() else { return Vec::new() };
    match left.how.known() {
        Some(How::Expelled) => vec![Dated::of(&left.on, "", None)],
        _ => Vec::new(),
    }
}

impl Kinded for Party {
    const EVENTS: &'static [Event<Self>] = &[
        Event {
            name: "acceded",
            doc: "it became a Party",
            plan: false,
            birth: true,
            dates: |r| Dated::single(&r.acceded),
        },
        Event {
            name: "left",
            doc: "it ceased to be one",
            plan: false,
            birth: false,
            dates: |r| r.left.known().map(|left| Dated::of(&left.on, "", None)).into_iter().collect(),
        },
        Event { name: "expelled", doc: "it was expelled", plan: false, birth: false, dates: expelled },
        Event {
            name: "default-noticed",
            doc: "notice was given of what may be an Event of Default (limb)",
            plan: false,
            birth: false,
            dates: |r| Dated::each(&r.default, |one| &one.noticed, |one| word_of(&one.limb)),
        },
        Event {
            name: "default-remedied",
            doc: "it was put right (limb)",
            plan: false,
            birth: false,
            dates: |r| Dated::each(&r.default, |one| &one.remedied, |one| word_of(&one.limb)),
        },
        Event {
            name: "default-declared",
            doc: "it was declared an Event of Default (limb)",
            plan: false,
            birth: false,
            dates: |r| Dated::each(&r.default, |one| &one.declared, |one| word_of(&one.limb)),
        },
    ];
}
