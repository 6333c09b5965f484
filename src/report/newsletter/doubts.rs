//! What speaks against a fact that the newsletter uses, short of an error: contradictions above all.

use std::collections::BTreeSet;

use super::{
    super::{
        Findings,
        desk::Desk,
        model::{Block, Line},
    },
    lines,
};
use crate::{
    finding::{Finding, Level},
    text::FileId,
};

/// The warnings about files that the sections rest on; nothing where there is none.
pub(super) fn write(blocks: &[Block], findings: &Findings<'_>) -> Vec<Block> {
    let tokens = blocks.iter().flat_map(Block::lines).flat_map(Line::tokens);
    let used: BTreeSet<FileId> = tokens.flat_map(|token| &token.sources).map(|source| source.file).collect();
    let is_met = |finding: &&Finding| {
        finding.level == Level::Warning && finding.marks.first().is_some_and(|mark| used.contains(&mark.place.file))
    };
    let items: Vec<Line> = findings.all.iter().filter(is_met).map(|finding| Line::from(Desk::found(finding))).collect();
    if items.is_empty() {
        return Vec::new();
    }
    vec![lines::section("Contradictions and doubts"), Block::List(items)]
}
