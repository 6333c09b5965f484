//! Source texts: path, content, line index; a `Place` is a file and a byte range.

use std::sync::OnceLock;

/// A file among the [`Texts`] of one run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FileId(pub u32);

/// A range of bytes `[start, end)` in a text of at most 4 GiB.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Span {
    /// First byte.
    pub start: u32,
    /// First byte after.
    pub end: u32,
}

impl Span {
    /// The span of a byte range; offsets past 4 GiB are cut to that.
    pub fn new(range: std::ops::Range<usize>) -> Self {
        let cut = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
        Self { start: cut(range.start), end: cut(range.end) }
    }

    /// The smallest span that holds both.
    #[must_use]
    pub fn to(self, other: Self) -> Self {
        Self { start: self.start.min(other.start), end: self.end.max(other.end) }
    }

    /// Whether `other` lies in this span, ends included.
    pub fn holds(self, other: Self) -> bool {
        self.start <= other.start && other.end <= self.end
    }
}

/// A range of bytes in one file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Place {
    /// The file.
    pub file: FileId,
    /// The bytes.
    pub span: Span,
}

/// A line and a column, both counted from 1; the column in Unicode scalar values.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Position {
    /// The line.
    pub line: u32,
    /// The column.
    pub column: u32,
}

/// One source text.
#[derive(Debug)]
pub struct Text {
    path: Box<str>,
    content: Box<str>,
    lines: OnceLock<Vec<u32>>,
    blocks: OnceLock<Vec<u32>>,
}

/// Characters are counted by blocks of so many bytes, so that a place at the end of a long line costs
/// no more than one at its start.
const BLOCK: usize = 1 << 10;

/// How many characters begin in some bytes of UTF-8.
fn begun(bytes: &[u8]) -> u32 {
    let count = bytes.iter().filter(|byte| **byte & 0xc0 != 0x80).count();
    u32::try_from(count).unwrap_or(u32::MAX)
}

impl Text {
    /// A text at a path relative to the repository root, with `/` between its parts.
    pub fn new(path: impl Into<Box<str>>, content: impl Into<Box<str>>) -> Self {
        Self { path: path.into(), content: content.into(), lines: OnceLock::new(), blocks: OnceLock::new() }
    }

    /// The path, relative to the repository root.
    pub fn path(&self) -> &str {
        &self.path
    }

    /// The content; empty where the file could not be read as text.
    pub fn content(&self) -> &str {
        &self.content
    }

    /// The bytes of a span; empty where the span does not lie on character borders of this text.
    pub fn slice(&self, span: Span) -> &str {
        self.content.get(span.start as usize..span.end as usize).unwrap_or("")
    }

    fn lines(&self) -> &[u32] {
        self.lines.get_or_init(|| {
            let newlines = self.content.bytes().enumerate().filter(|(_, byte)| *byte == b'\n');
            std::iter::once(0)
                .chain(newlines.map(|(at, _)| u32::try_from(at.saturating_add(1)).unwrap_or(u32::MAX)))
                .collect()
        })
    }

    /// How many characters begin before each block.
    fn blocks(&self) -> &[u32] {
        self.blocks.get_or_init(|| {
            let counts = self.content.as_bytes().chunks(BLOCK).map(begun);
            let sums = counts.scan(0_u32, |sum, count| {
                let before = *sum;
                *sum = sum.saturating_add(count);
                Some(before)
            });
            sums.collect()
        })
    }

    /// How many characters begin before a byte.
    fn characters(&self, until: usize) -> u32 {
        let block = until / BLOCK;
        let Some(before) = self.blocks().get(block) else { return begun(self.content.as_bytes()) };
        let rest = self.content.as_bytes().get(block.saturating_mul(BLOCK)..until).unwrap_or_default();
        before.saturating_add(begun(rest))
    }

    /// The line and column of a byte offset; offsets past the end give the end.
    pub fn position(&self, offset: u32) -> Position {
        let lines = self.lines();
        let line = lines.partition_point(|start| *start <= offset).max(1);
        let start = lines.get(line.saturating_sub(1)).copied().unwrap_or(0) as usize;
        let mut end = (offset as usize).min(self.content.len()).max(start);
        while !self.content.is_char_boundary(end) {
            end = end.saturating_sub(1);
        }
        let before = self.characters(end).saturating_sub(self.characters(start));
        Position { line: u32::try_from(line).unwrap_or(u32::MAX), column: before.saturating_add(1) }
    }
}

/// The texts of one run, by [`FileId`]; those of the tree judged, and after them those of the
/// commits that it is held against.
#[derive(Debug, Default)]
pub struct Texts {
    files: Vec<Text>,
    /// From which id on the texts are those of a commit; nothing for those of the tree judged.
    eras: Vec<(FileId, Option<Box<str>>)>,
}

impl Texts {
    /// Adds a text and gives its id.
    pub fn add(&mut self, text: Text) -> FileId {
        let id = self.next_id();
        self.files.push(text);
        id
    }

    /// Puts a text in the place of an id; ids that were given to none before it have empty texts.
    pub fn put(&mut self, id: FileId, text: Text) {
        let at = id.0 as usize;
        while self.files.len() <= at {
            self.files.push(Text::new("", ""));
        }
        if let Some(place) = self.files.get_mut(at) {
            *place = text;
        }
    }

    /// The id that the next text added will have.
    pub fn next_id(&self) -> FileId {
        FileId(u32::try_from(self.files.len()).unwrap_or(u32::MAX))
    }

    /// The text of an id of this collection.
    pub fn get(&self, id: FileId) -> Option<&Text> {
        self.files.get(id.0 as usize)
    }

    /// Says that the texts added from now on are those of a commit, or of the tree judged.
    pub fn begin(&mut self, commit: Option<&str>) {
        self.eras.push((self.next_id(), commit.map(Into::into)));
    }

    /// Adds a text once more, as one of those that are added now.
    pub fn again(&mut self, id: FileId) -> FileId {
        let (path, content) = (self.path(id).to_owned(), self.content(id).to_owned());
        self.add(Text::new(path, content))
    }

    /// The commit that a text is of; nothing where it is of the tree judged.
    pub fn commit(&self, id: FileId) -> Option<&str> {
        let at = self.eras.partition_point(|(first, _)| *first <= id);
        self.eras.get(at.checked_sub(1)?).and_then(|(_, commit)| commit.as_deref())
    }

    /// The path of a file; empty for an id that is not of this collection.
    pub fn path(&self, id: FileId) -> &str {
        self.get(id).map_or("", Text::path)
    }

    /// What a file says; nothing for an id that is not of this collection.
    pub fn content(&self, id: FileId) -> &str {
        self.get(id).map_or("", Text::content)
    }

    /// How many texts there are.
    pub fn len(&self) -> usize {
        self.files.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.files.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_count_characters_and_lines_count_from_one() {
        let text = Text::new("a.toml", "é = 1\nname = \"Zoë\"\n");
        assert_eq!(text.position(0), Position { line: 1, column: 1 });
        assert_eq!(text.position(2), Position { line: 1, column: 2 });
        assert_eq!(text.position(7), Position { line: 2, column: 1 });
        assert_eq!(text.position(19), Position { line: 2, column: 12 });
        assert_eq!(text.position(9999), Position { line: 3, column: 1 });
    }
}
