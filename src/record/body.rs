//! Panel, Change Board, Sub-Committee, group, or what else meets under a name and number.

use super::{
    Event, Kinded,
    id::{BodyId, SourceId},
};
use crate::{
    day::When,
    decode::{Fact, List, Text, table},
};

table! {
    /// A body.
    pub struct GovernanceBody {
        /// The sources it is taken from: keys of `sources/` or `publications/`.
        source: List<SourceId> = "source",
        /// Its name.
        name: Fact<Text> = "name" (required),
        /// What people call it.
        short: Fact<Text> = "short",
        /// The body it belongs to.
        parent: Fact<BodyId> = "parent",
        /// The clause that makes it.
        clause: Fact<Text> = "clause",
        /// The first day it existed.
        established: Fact<When> = "established",
        /// The first day it no longer existed.
        dissolved: Fact<When> = "dissolved",
        /// Names it had.
        formerly: List<FormerName> = "formerly",
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
    pub struct FormerName {
        /// The name.
        name: Fact<Text> = "name",
        /// What people called it.
        short: Fact<Text> = "short",
        /// The first day on which it no longer had it.
        until: Fact<When> = "until",
        /// Sources of this entry alone.
        source: List<SourceId> = "source",
        /// For colleagues only; never printed.
        note: Fact<Text> = "note",
    }
}

impl Kinded for GovernanceBody {
    const EVENTS: &'static [Event<Self>] = &[];
}
