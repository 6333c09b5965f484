//! One source line made fit for the screen: what hides is shown, tabs are spaces, and what does
//! not fit is cut off around the marks.

use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

use super::super::escape;

/// Columns between tab stops.
const TAB: usize = 4;
/// Columns that a label may claim before its line is cut to make room.
const LABEL: usize = 28;
/// Columns that a label takes up before its first letter.
const STEM: usize = 4;

/// The part of a line that a mark covers, in bytes, and the width of its label.
#[derive(Debug, Clone, Copy)]
pub(super) struct Marked {
    pub(super) start: usize,
    pub(super) end: usize,
    pub(super) label: usize,
}

/// A line as the screen shows it.
#[derive(Debug)]
pub(super) struct Line {
    /// The text, without line break.
    pub(super) text: String,
    /// Byte in the source line, byte in `text`: one pair a character shown, in order.
    starts: Vec<(usize, usize)>,
    /// Where in `text` the source ends; the sign that more follows comes after.
    body_end: usize,
    /// The first source byte not shown.
    cut: usize,
}

/// One character of the source: its first byte, its columns on the screen, how it is shown.
struct Cell {
    byte: usize,
    column: usize,
    width: usize,
    text: String,
}

impl Line {
    /// Fits `source` into `room` columns, so that the first mark, and the others as far as they
    /// fit, can be seen with their labels.
    pub(super) fn fit(source: &str, marks: &[Marked], room: usize, more: &str) -> Self {
        let (from, to) = around(source, marks, room);
        let cells = cells(source, from, to);
        let skip = skipped(&cells, marks, room, more.width());
        let left = if skip > 0 || from > 0 { more } else { "" };
        let ends = |cell: &Cell| cell.column.saturating_add(cell.width).saturating_add(left.width());
        let whole = to == source.len() && cells.last().is_none_or(|last| ends(last) <= skip.saturating_add(room));
        let limit = skip.saturating_add(if whole { room } else { room.saturating_sub(more.width()) });
        let mut line = Self { text: left.to_owned(), starts: Vec::new(), body_end: 0, cut: source.len() };
        for cell in cells.iter().filter(|cell| cell.column >= skip) {
            if ends(cell) > limit {
                line.cut = cell.byte;
                break;
            }
            line.starts.push((cell.byte, line.text.len()));
            line.text.push_str(&cell.text);
        }
        line.cut = line.cut.min(to);
        line.body_end = line.text.len();
        if !whole {
            line.text.push_str(more);
        }
        line
    }

    /// Where in `text` a source byte is shown: for the start of a mark its first character, for
    /// the end of one the character after. What is cut off lies on the sign that stands for it.
    pub(super) fn byte(&self, source: usize, is_end: bool) -> usize {
        if source >= self.cut && !(is_end && source == self.cut) {
            return if is_end { self.text.len() } else { self.body_end };
        }
        if !is_end && self.starts.first().is_some_and(|(first, _)| source < *first) {
            return 0;
        }
        let at = self.starts.partition_point(|(byte, _)| *byte < source);
        self.starts.get(at).map_or(self.body_end, |(_, shown)| *shown)
    }

    /// The column in which a label hangs below the span `[start, end)` of `text`.
    pub(super) fn stem(&self, start: usize, end: usize) -> usize {
        let column = |byte| self.text.get(..byte).map_or(0, UnicodeWidthStr::width);
        usize::midpoint(column(start), column(end).max(column(start).saturating_add(1)))
    }
}

/// A label, broken into the lines that fit beside the column in which it hangs.
pub(super) fn label_lines(label: &str, room: usize, stem: usize) -> String {
    let options = textwrap::Options::new(room.saturating_sub(stem.saturating_add(STEM)).max(STEM * 3))
        .word_separator(textwrap::WordSeparator::AsciiSpace)
        .word_splitter(textwrap::WordSplitter::NoHyphenation);
    textwrap::wrap(label, options).join("\n")
}

/// The bytes of a line that can matter for a screen of `room` columns: a line may have millions.
fn around(source: &str, marks: &[Marked], room: usize) -> (usize, usize) {
    let first = marks.iter().map(|mark| mark.start).min().unwrap_or(0);
    let floor = |at: usize| (0..=at.min(source.len())).rev().find(|at| source.is_char_boundary(*at)).unwrap_or(0);
    let from = floor(first.saturating_sub(room.saturating_mul(4)));
    (from, floor(from.saturating_add(room.saturating_mul(12))))
}

fn cells(source: &str, from: usize, to: usize) -> Vec<Cell> {
    let mut column = 0;
    let shown = source.get(from..to).unwrap_or("").char_indices().map(|(byte, c)| {
        let text = match c {
            '\t' => " ".repeat(TAB.saturating_sub(column % TAB)),
            _ => escape::shown(c).unwrap_or_else(|| c.to_string()),
        };
        // Character by character, as the drawing of the marks will count them.
        let width = text.chars().map(|c| c.width().unwrap_or(0)).sum();
        let cell = Cell { byte: from.saturating_add(byte), column, width, text };
        column = column.saturating_add(width);
        cell
    });
    shown.collect()
}

/// How many columns to cut off on the left, so that each mark and the beginning of its label can
/// be seen: none if possible, and never so many that the first mark is cut off.
fn skipped(cells: &[Cell], marks: &[Marked], room: usize, more: usize) -> usize {
    let total = cells.last().map_or(0, |last| last.column.saturating_add(last.width));
    let column = |byte: usize| {
        let at = cells.partition_point(|cell| cell.byte < byte);
        cells.get(at).map_or(total, |cell| cell.column)
    };
    let need = marks.iter().map(|mark| {
        let (start, end) = (column(mark.start), column(mark.end));
        // A mark that no screen holds is shown from its start, as far as it goes.
        let fits = end.saturating_sub(start.min(end)).saturating_add(more.saturating_mul(2)) <= room;
        let shown = if fits { end } else { start.saturating_add(room / 2) }.max(start.saturating_add(1));
        let label =
            usize::midpoint(start, shown).saturating_add(STEM).saturating_add(mark.label.min(LABEL).min(room / 2));
        let text = if fits { end.saturating_add(more) } else { shown };
        label.max(text).saturating_add(more).saturating_sub(room)
    });
    let first = marks.iter().map(|mark| column(mark.start)).min().unwrap_or(0);
    match need.max().unwrap_or(0) {
        0 => 0,
        need => need.max(more.saturating_add(1)).min(first),
    }
}
