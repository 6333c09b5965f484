//! What facts are taken from.

use super::{Event, Kinded};
use crate::{
    day::When,
    decode::{Fact, Text, table},
};

table! {
    /// What facts are taken from.
    pub struct Source {
        /// What it is called.
        title: Fact<Text> = "title" (required),
        /// When it was published.
        date: Fact<When> = "date" (required),
        /// Where it can be read.
        url: Fact<Text> = "url" (required),
        /// The day we read it: pages change.
        read: Fact<When> = "read",
        /// What it is, for print.
        summary: Fact<Text> = "summary",
        /// For colleagues only; never printed.
        note: Fact<Text> = "note",
    }
}

impl Kinded for Source {
    const EVENTS: &'static [Event<Self>] = &[];
}
