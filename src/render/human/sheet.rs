//! The source that a finding is drawn over: the lines around its marks, from as many files as it
//! has, each line already made fit for the screen.
//!
//! miette draws one source a diagnostic. This one answers for a cut out of one file or another,
//! depending on the offset asked for, and refuses what would reach across two cuts, so each is
//! drawn by itself, under the path of its own file.

use miette::{LabeledSpan, MietteError, MietteSpanContents, SourceCode, SourceSpan, SpanContents};

use super::{
    cut::{self, Draft},
    line::{Line, label_lines},
    said,
};
use crate::{
    finding::Mark,
    render::{Style, escape, locate},
    text::{Position, Texts},
};

/// Offsets left free between two cuts, so that no mark of one touches the other.
const GAP: usize = 16;

/// What the screen shows of the files that a finding lies in.
#[derive(Debug, Default)]
pub(super) struct Sheet {
    cuts: Vec<Cut>,
    /// The places of which there is no content to show, in words.
    pub(super) bare: Vec<String>,
}

/// Some lines of one file.
#[derive(Debug)]
struct Cut {
    path: String,
    /// The first line, counted from 0.
    first: usize,
    /// The offset of `text` in the sheet.
    offset: usize,
    text: String,
    tags: Vec<Tag>,
}

/// A mark, where the sheet has it.
#[derive(Debug)]
struct Tag {
    span: SourceSpan,
    at: Position,
    label: String,
    primary: bool,
}

impl Sheet {
    /// Lays out the marks of a finding, the first of which is the primary one.
    pub(super) fn of(texts: &Texts, marks: &[Mark], style: &Style) -> Self {
        let mut sheet = Self::default();
        let mut drafts: Vec<Draft> = Vec::new();
        for (at, mark) in marks.iter().enumerate() {
            match texts.get(mark.place.file).filter(|text| !text.content().is_empty()) {
                Some(text) => Draft::of(text, mark, at == 0).join(&mut drafts),
                None => sheet.bare.push(bare(texts, mark)),
            }
        }
        let mut offset = 0;
        for group in cut::grouped(drafts, style.columns() / 2) {
            let Some(text) = group.first().and_then(|draft| texts.get(draft.file)) else { continue };
            let cut = Cut::of(text.path(), text.content(), &group, offset, style);
            offset = offset.saturating_add(cut.text.len().saturating_add(GAP));
            sheet.cuts.push(cut);
        }
        sheet
    }

    /// Each mark as miette wants it, and whether it is the primary one; in order of offsets.
    pub(super) fn labels(&self) -> Vec<(LabeledSpan, bool)> {
        let mut tags: Vec<_> = self.cuts.iter().flat_map(|cut| &cut.tags).collect();
        tags.sort_by_key(|tag| (tag.span.offset(), tag.span.len()));
        let labelled = |tag: &Tag| {
            let label = (!tag.label.is_empty()).then(|| tag.label.clone());
            let new = if tag.primary { LabeledSpan::new_primary_with_span } else { LabeledSpan::new_with_span };
            (new(label, tag.span), tag.primary)
        };
        tags.into_iter().map(labelled).collect()
    }
}

/// A place without content, in words: a symbolic link, a file that is not text, an empty file.
fn bare(texts: &Texts, mark: &Mark) -> String {
    let at = locate(texts, mark.place);
    let path = if at.path.is_empty() { "(no file)".into() } else { escape::line(at.path) };
    let place = format!("{path}:{}:{}", at.start.line, at.start.column);
    if mark.label.is_empty() { place } else { format!("{place}: {}", said(&mark.label)) }
}

impl Cut {
    fn of(path: &str, content: &str, group: &[Draft], offset: usize, style: &Style) -> Self {
        let lines = cut::lines(content, group);
        let first = lines.first().map_or(0, |line| line.number);
        let digits = lines.last().map_or(1, |line| line.number.saturating_add(1)).to_string().len();
        let gutter = if group.iter().any(Draft::is_long) { 4 } else { 0 };
        let room = style.columns().saturating_sub(digits.saturating_add(4).saturating_add(gutter));
        let more = if style.unicode { "…" } else { "..." };
        let mut cut = Self { path: escape::line(path).into_owned(), first, offset, text: String::new(), tags: vec![] };
        let mut spots = vec![(0, 0); group.len()];
        for line in &lines {
            let marks: Vec<_> = group.iter().filter_map(|draft| draft.on(line)).collect();
            let fit = Line::fit(line.text, &marks, room, more);
            for (draft, spot) in group.iter().zip(&mut spots) {
                if line.holds(draft.start) {
                    spot.0 = cut.text.len().saturating_add(fit.byte(draft.start.saturating_sub(line.start), false));
                }
                if line.holds(draft.end) {
                    spot.1 = cut.text.len().saturating_add(fit.byte(draft.end.saturating_sub(line.start), true));
                }
                if draft.on(line).is_some() && !draft.is_long() {
                    let stem = fit.stem(spot.0.saturating_sub(cut.text.len()), spot.1.saturating_sub(cut.text.len()));
                    cut.tags.push(cut.tag(draft, *spot, label_lines(&draft.label, room, stem)));
                }
            }
            cut.text.push_str(&fit.text);
            cut.text.push('\n');
        }
        for (draft, spot) in group.iter().zip(&spots).filter(|(draft, _)| draft.is_long()) {
            cut.tags.push(cut.tag(draft, *spot, label_lines(&draft.label, room, 0)));
        }
        cut
    }

    fn tag(&self, draft: &Draft, (start, end): (usize, usize), label: String) -> Tag {
        Tag {
            span: SourceSpan::new(self.offset.saturating_add(start).into(), end.saturating_sub(start)),
            at: draft.at,
            label,
            primary: draft.primary,
        }
    }

    fn holds(&self, span: &SourceSpan) -> bool {
        self.offset <= span.offset()
            && span.offset().saturating_add(span.len()) <= self.offset.saturating_add(self.text.len())
    }
}

impl SourceCode for Sheet {
    /// The cut that holds the span. Asked for without context, it is for the place to name in the
    /// heading: that is the true one, in the file, not the one in the cut.
    fn read_span<'a>(
        &'a self,
        span: &SourceSpan,
        before: usize,
        _after: usize,
    ) -> Result<Box<dyn SpanContents<'a> + 'a>, MietteError> {
        let cut = self.cuts.iter().find(|cut| cut.holds(span)).ok_or(MietteError::OutOfBounds)?;
        let tag = cut.tags.iter().find(|tag| before == 0 && tag.span == *span);
        let (line, column) = tag.map_or((cut.first, 0), |tag| (index(tag.at.line), index(tag.at.column)));
        let whole = SourceSpan::new(cut.offset.into(), cut.text.len());
        let count = cut.text.lines().count();
        Ok(Box::new(MietteSpanContents::new_named(cut.path.clone(), cut.text.as_bytes(), whole, line, column, count)))
    }
}

/// A number counted from 1 as one counted from 0.
fn index(number: u32) -> usize {
    (number as usize).saturating_sub(1)
}
