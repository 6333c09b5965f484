//! A legal person or authority that is no Party.

use super::{Event, Kinded, id::SourceId};
use crate::decode::{Fact, List, Text, table};

table! {
    /// A holding company, a consumer body, a Registration Data Provider, an authority.
    pub struct Organisation {
        /// The sources it is taken from: keys of `sources/` or `publications/`.
        source: List<SourceId> = "source",
        /// Its name.
        name: Fact<Text> = "name" (required),
        /// What people call it.
        short: Fact<Text> = "short",
        /// Its Companies House number.
        number: Fact<Text> = "number",
        /// Names it had.
        formerly: List<super::party::Formerly> = "formerly",
        /// Whom it is an Affiliate of.
        affiliation: List<super::party::Affiliation> = "affiliation",
        /// What it is, for print.
        summary: Fact<Text> = "summary",
        /// For colleagues only; never printed.
        note: Fact<Text> = "note",
        /// Where the thing itself can be read.
        url: Fact<Text> = "url",
    }
}

impl Kinded for Organisation {
    const EVENTS: &'static [Event<Self>] = &[];
}
