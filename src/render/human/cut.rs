//! Which lines of which files a finding shows, and which of its marks are drawn together.

use unicode_width::UnicodeWidthStr;

use super::{line::Marked, said};
use crate::{
    finding::Mark,
    text::{FileId, Position, Text},
};

/// Marks with at most so many lines between them are drawn together.
const NEAR: usize = 2;
/// A mark over more lines than this is drawn on its first line, and says how far it reaches.
const TALL: usize = 6;

/// A mark on its way to the screen.
#[derive(Debug)]
pub(super) struct Draft {
    pub(super) file: FileId,
    /// First byte, on a character border.
    pub(super) start: usize,
    /// First byte after; never in a later line than the last character marked.
    pub(super) end: usize,
    /// The line of the first character, counted from 0.
    first: usize,
    /// The line of the last one.
    last: usize,
    /// The true place, for the heading.
    pub(super) at: Position,
    /// Escaped, on one line.
    pub(super) label: String,
    pub(super) primary: bool,
}

/// A line of a file.
#[derive(Debug)]
pub(super) struct SourceLine<'a> {
    /// Counted from 0.
    pub(super) number: usize,
    /// Its first byte.
    pub(super) start: usize,
    /// Without its line break.
    pub(super) text: &'a str,
}

impl SourceLine<'_> {
    /// Whether a byte of the file, or the end of a mark, lies in this line.
    pub(super) fn holds(&self, byte: usize) -> bool {
        self.start <= byte && byte <= self.start.saturating_add(self.text.len())
    }
}

impl Draft {
    /// Brings a mark into the bounds of its text. An offset inside a character or past the end is
    /// no reason to stay silent: the mark moves to the nearest place that can be shown.
    pub(super) fn of(text: &Text, mark: &Mark, primary: bool) -> Self {
        let content = text.content();
        let start = shown_byte(content, mark.place.span.start as usize);
        let end = shown_byte(content, mark.place.span.end as usize).max(start);
        // A line break at the end belongs to the line that it ends.
        let end = start.saturating_add(content.get(start..end).unwrap_or("").trim_end().len());
        let mut label = said(&mark.label);
        let at = |byte: usize| text.position(u32::try_from(byte).unwrap_or(u32::MAX));
        let (first, mut last) = (at(start), at(end));
        let mut draft_end = end;
        if last.line.saturating_sub(first.line) as usize >= TALL {
            let rest = content.get(start..end).unwrap_or("");
            draft_end = start.saturating_add(rest.lines().next().unwrap_or("").trim_end().len());
            let separator = if label.is_empty() { "" } else { " " };
            label = format!("{label}{separator}(to line {})", last.line);
            last = first;
        }
        let index = |position: Position| (position.line as usize).saturating_sub(1);
        Self {
            file: mark.place.file,
            start,
            end: draft_end,
            first: index(first),
            last: index(last),
            at: first,
            label,
            primary,
        }
    }

    /// Whether the mark covers several lines.
    pub(super) fn is_long(&self) -> bool {
        self.first != self.last
    }

    /// The part of a line that the mark covers, if it lies in that line alone.
    pub(super) fn on(&self, line: &SourceLine<'_>) -> Option<Marked> {
        (!self.is_long() && self.first == line.number).then(|| Marked {
            start: self.start.saturating_sub(line.start),
            end: self.end.saturating_sub(line.start),
            label: self.label.width(),
        })
    }

    /// Adds this mark to the others; two marks of one span are one, with two things to say.
    pub(super) fn join(self, others: &mut Vec<Self>) {
        let same = |other: &&mut Self| (other.file, other.start, other.end) == (self.file, self.start, self.end);
        match others.iter_mut().find(same) {
            None => others.push(self),
            Some(other) if other.label.is_empty() => other.label = self.label,
            Some(other) if !self.label.is_empty() && self.label != other.label => {
                other.label = format!("{}; {}", other.label, self.label);
            }
            Some(_) => {}
        }
    }

    /// Whether both can be drawn over the same lines without hiding one another or, on a screen
    /// that shows `reach` bytes of a line, pushing one another out of sight.
    fn goes_with(&self, other: &Self, reach: usize) -> bool {
        let overlaps = self.start < other.end && other.start < self.end || self.start == other.start;
        let apart = self.first == other.first && self.start.abs_diff(other.start) > reach;
        self.file == other.file && !self.is_long() && !other.is_long() && !overlaps && !apart
    }

    fn is_near(&self, other: &Self) -> bool {
        self.first.abs_diff(other.first) <= NEAR + 1
    }
}

/// The marks that are drawn together, in the order in which they were given, on a screen that
/// shows about `reach` bytes of a line.
pub(super) fn grouped(drafts: Vec<Draft>, reach: usize) -> Vec<Vec<Draft>> {
    let mut groups: Vec<Vec<Draft>> = Vec::new();
    for draft in drafts {
        let fits = |group: &&mut Vec<Draft>| {
            group.iter().all(|other| draft.goes_with(other, reach)) && group.iter().any(|other| draft.is_near(other))
        };
        match groups.iter_mut().find(fits) {
            Some(group) => group.push(draft),
            None => groups.push(vec![draft]),
        }
    }
    groups
}

/// The lines that a group covers; around the primary mark also the ones before and after, unless
/// they are blank.
pub(super) fn lines<'a>(content: &'a str, group: &[Draft]) -> Vec<SourceLine<'a>> {
    let Some(top) = group.iter().min_by_key(|draft| draft.start) else { return Vec::new() };
    let last = group.iter().map(|draft| draft.last).max().unwrap_or(top.last);
    let around = usize::from(group.iter().any(|draft| draft.primary));
    let starts_at =
        |end: usize| content.get(..end).and_then(|text| text.rfind('\n')).map_or(0, |at| at.saturating_add(1));
    let mut start = starts_at(top.start);
    let mut lines = Vec::new();
    if let Some(before) = start.checked_sub(1).filter(|_| around > 0) {
        let from = starts_at(before);
        lines.extend(line(content, from, top.first.saturating_sub(1)).filter(|line| !is_blank(line)));
    }
    for number in top.first..=last.saturating_add(around) {
        let Some(line) = line(content, start, number) else { break };
        if number <= last || !is_blank(&line) {
            start = content
                .get(start..)
                .and_then(|rest| rest.find('\n'))
                .map_or(content.len().saturating_add(1), |at| start.saturating_add(at).saturating_add(1));
            lines.push(line);
        }
    }
    lines
}

fn line(content: &str, start: usize, number: usize) -> Option<SourceLine<'_>> {
    let rest = content.get(start..)?;
    // A carriage return ends a line only together with a line feed.
    let text = rest.split_once('\n').map_or(rest, |(text, _)| text.strip_suffix('\r').unwrap_or(text));
    Some(SourceLine { number, start, text })
}

fn is_blank(line: &SourceLine<'_>) -> bool {
    line.text.trim().is_empty()
}

/// The nearest byte at or before this one at which a character of the text, or its end, lies; not
/// between the two halves of a CRLF.
fn shown_byte(content: &str, at: usize) -> usize {
    let at = (0..=at.min(content.len())).rev().find(|at| content.is_char_boundary(*at)).unwrap_or(0);
    let halved = at > 0 && content.get(at..).is_some_and(|rest| rest.starts_with('\n'));
    if halved && content.get(..at).is_some_and(|text| text.ends_with('\r')) { at.saturating_sub(1) } else { at }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_carriage_return_at_the_end_of_a_file_belongs_to_its_line() {
        assert_eq!(line("a\r\nb\r", 0, 0).unwrap().text, "a");
        assert_eq!(line("a\r\nb\r", 3, 1).unwrap().text, "b\r");
    }
}
