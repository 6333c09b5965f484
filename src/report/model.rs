//! What a report is made of: blocks of lines, lines of words and tokens. A token is whatever comes
//! from a record; it carries where it comes from, so that no printer can lose it.

use std::borrow::Cow;

use crate::{
    day::{Day, When},
    finding::{Clause, fingerprint},
    text::{FileId, Place},
};

/// What a token says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sort {
    /// A number.
    Number,
    /// A day, or some day of a span.
    Date,
    /// Who or what something is called.
    Name,
    /// How something stands.
    Status,
    /// Words as recorded.
    Words,
}

impl Sort {
    /// The word used in output.
    pub fn word(self) -> &'static str {
        match self {
            Self::Number => "number",
            Self::Date => "date",
            Self::Name => "name",
            Self::Status => "status",
            Self::Words => "words",
        }
    }
}

/// How a token follows from its sources.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Derivation {
    /// It is the value of its one source, printed.
    Copied,
    /// The value of its first source names a record, or a word of the code; the last source says what
    /// that is called.
    Named,
    /// It is the path of its record's file, below the folder of the kind.
    Filed,
    /// It is the number of its sources.
    Counted,
    /// No record of a folder counts; its source says whether every one is there.
    NoneCounted,
    /// Its sources are compared with a day; in words.
    Compared(String),
    /// Its source, a field, says nothing.
    NotRecorded,
}

impl Derivation {
    /// The word used in output.
    pub fn word(&self) -> &'static str {
        match self {
            Self::Copied => "copied",
            Self::Named => "named",
            Self::Filed => "file-name",
            Self::Counted => "counted",
            Self::NoneCounted => "none-counted",
            Self::Compared(_) => "compared",
            Self::NotRecorded => "not-recorded",
        }
    }

    /// The derivation in words.
    pub fn sentence(&self) -> Cow<'_, str> {
        match self {
            Self::Copied => "the value of the field".into(),
            Self::Named => "what the record that the field names is called".into(),
            Self::Filed => "the path of the record's file, below the folder of its kind".into(),
            Self::Counted => "the number of the sources listed".into(),
            Self::NoneCounted => "no record counts; the source says whether every one is there".into(),
            Self::Compared(how) => how.as_str().into(),
            Self::NotRecorded => "the field is left out or says `unknown`".into(),
        }
    }
}

/// One fact that a token rests on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Source {
    /// The record as `kind/id`; a rule or the code's words where it is none.
    pub subject: String,
    /// The file.
    pub file: FileId,
    /// Where in it; nothing for a field that is left out.
    pub place: Option<Place>,
    /// The path of the field: `seats-up[0].seats`; empty for a record as a whole.
    pub field: String,
    /// The clause, where a rule is involved.
    pub clause: Option<Clause>,
}

/// A number, a date, a name or a status, and where it comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Token {
    /// What people read.
    pub text: String,
    /// What programs read: a day as 2016-09-30, an id, a number.
    pub value: String,
    /// What it is.
    pub sort: Sort,
    /// How it follows from its sources.
    pub derivation: Derivation,
    /// What it rests on, at least one.
    pub sources: Vec<Source>,
}

/// A part of a line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Part {
    /// Words of the report itself.
    Plain(Cow<'static, str>),
    /// Something from a record.
    Token(Box<Token>),
    /// In a draft: the finding that the passage suffers from, at its position in
    /// [`Document::findings`].
    Flag(usize),
}

/// A line of text.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Line(pub Vec<Part>);

impl Line {
    /// A line of words of the report itself.
    pub fn plain(text: impl Into<Cow<'static, str>>) -> Self {
        Self(vec![Part::Plain(text.into())])
    }

    /// The same line with words behind it.
    #[must_use]
    pub fn say(mut self, text: impl Into<Cow<'static, str>>) -> Self {
        self.0.push(Part::Plain(text.into()));
        self
    }

    /// The same line with a token behind it.
    #[must_use]
    pub fn token(mut self, token: Token) -> Self {
        self.0.push(Part::Token(Box::new(token)));
        self
    }

    /// The same line with another behind it.
    #[must_use]
    pub fn then(mut self, other: Self) -> Self {
        self.0.extend(other.0);
        self
    }

    /// Lines with a word between them.
    pub fn joined(lines: impl IntoIterator<Item = Self>, between: &'static str) -> Self {
        lines.into_iter().enumerate().fold(
            Self::default(),
            |all, (at, line)| {
                if at == 0 { line } else { all.say(between).then(line) }
            },
        )
    }

    /// Its tokens.
    pub fn tokens(&self) -> impl Iterator<Item = &Token> {
        self.0.iter().filter_map(|part| match part {
            Part::Token(token) => Some(token.as_ref()),
            _ => None,
        })
    }

    /// What people read, without marks.
    pub fn text(&self) -> String {
        let text = |part: &Part| match part {
            Part::Plain(text) => text.to_string(),
            Part::Token(token) => token.text.clone(),
            Part::Flag(_) => String::new(),
        };
        self.0.iter().map(text).collect()
    }
}

impl From<Token> for Line {
    fn from(token: Token) -> Self {
        Self::default().token(token)
    }
}

/// A table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Table {
    /// What it shows.
    pub caption: &'static str,
    /// The columns.
    pub columns: Vec<&'static str>,
    /// The rows, each as many lines as there are columns.
    pub rows: Vec<Vec<Line>>,
}

/// A part of a report.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Block {
    /// A heading of a depth, from 2; 1 is the title.
    Heading(u8, Line),
    /// A paragraph.
    Paragraph(Line),
    /// A list.
    List(Vec<Line>),
    /// A table.
    Table(Table),
}

impl Block {
    /// Its lines: those that can suffer from a finding of their own.
    pub fn lines(&self) -> Box<dyn Iterator<Item = &Line> + '_> {
        match self {
            Self::Heading(_, line) | Self::Paragraph(line) => Box::new(std::iter::once(line)),
            Self::List(lines) => Box::new(lines.iter()),
            Self::Table(table) => Box::new(table.rows.iter().flatten()),
        }
    }
}

/// A finding as a draft names it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Flagged {
    /// The rule.
    pub rule: String,
    /// The clause.
    pub clause: Option<String>,
    /// The fingerprint.
    pub fingerprint: String,
    /// What it says.
    pub message: String,
}

/// An entry of a calendar.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// The record, as `kind/id`.
    pub subject: String,
    /// What of the record it is: with the subject it stays the same entry when it moves.
    pub key: String,
    /// What it is.
    pub title: Line,
    /// Who it is of.
    pub who: Line,
    /// Where it is.
    pub place: Line,
    /// The day.
    pub date: Token,
    /// The last day, where it is stated.
    pub until: Option<Token>,
    /// The days that it may be, or the day and the hour.
    pub when: When,
    /// The last day that it may last to.
    pub last: Day,
    /// How it stands.
    pub standing: Token,
    /// How often what is shown of it has changed: its day moved, or it was called off.
    pub sequence: usize,
    /// Whether it was called off.
    pub cancelled: bool,
}

impl Entry {
    /// What makes it the same entry in another run, on another day, in another commit.
    pub fn uid(&self) -> String {
        fingerprint(["calendar", &self.subject, &self.key])
    }

    /// Its tokens.
    pub fn tokens(&self) -> impl Iterator<Item = &Token> {
        let lines = [&self.title, &self.who, &self.place].into_iter().flat_map(Line::tokens);
        lines.chain([&self.date, &self.standing]).chain(&self.until)
    }
}

/// A report.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Document {
    /// Which: `newsletter`, `seats`.
    pub name: &'static str,
    /// The code.
    pub code: String,
    /// The title.
    pub title: String,
    /// For which day.
    pub on: String,
    /// `worktree`, or the commit.
    pub at: String,
    /// The time zone.
    pub time_zone: String,
    /// The parts.
    pub blocks: Vec<Block>,
    /// The entries of a calendar.
    pub entries: Vec<Entry>,
    /// The findings that a draft suffers from; empty in a report that was issued.
    pub findings: Vec<Flagged>,
}

impl Document {
    /// Every token, in the order of the report; those of the calendar's entries come last.
    pub fn tokens(&self) -> impl Iterator<Item = &Token> {
        let blocks = self.blocks.iter().flat_map(Block::lines).flat_map(Line::tokens);
        blocks.chain(self.entries.iter().flat_map(Entry::tokens))
    }

    /// Whether it is a draft: it rests on facts that a finding speaks against.
    pub fn is_draft(&self) -> bool {
        !self.findings.is_empty()
    }
}
