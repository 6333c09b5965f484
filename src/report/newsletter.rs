//! `newsletter`: what happened in a period and what is coming, section by section.
//!
//! What a section is about is of the tool; which bodies there are, in which order, and what they and
//! the stages are called is of the code and of the records.

mod agenda;
pub(super) mod bodies;
pub(super) mod consultations;
mod directions;
pub(super) mod documents;
mod doubts;
mod events;
mod nominations;
pub(super) mod parties;
mod proposals;
mod releases;
pub(super) mod results;

use super::{Desk, Findings, Period, Publication, Written, lines, model::Block};
use crate::record::Kind;

pub(super) const PUBLICATION: Publication = Publication {
    name: "newsletter",
    doc: "what happened in a period and what is coming: seats, directions, meetings, proposals, consultations, Parties",
    title: "Newsletter",
    reads: &[
        Kind::Party,
        Kind::Person,
        Kind::Body,
        Kind::Seat,
        Kind::Election,
        Kind::Modification,
        Kind::Meeting,
        Kind::Consultation,
        Kind::Deliverable,
        Kind::Instrument,
        Kind::Release,
        Kind::Event,
        Kind::Publication,
    ],
    period: Period::Month,
    write,
};

fn write(desk: &Desk<'_>, findings: &Findings<'_>) -> Written {
    let sections: &[fn(&Desk<'_>) -> Vec<Block>] = &[
        nominations::write,
        directions::write,
        events::write,
        results::write,
        proposals::write,
        bodies::write,
        documents::others,
        consultations::write,
        releases::write,
        agenda::write,
        parties::write,
    ];
    let mut blocks = vec![lines::period(desk)];
    blocks.extend(sections.iter().flat_map(|section| section(desk)));
    let doubts = doubts::write(&blocks, findings);
    blocks.extend(doubts);
    blocks.into()
}
