//! The one type for everything that is found: bad TOML, an unresolved reference, a breach, an
//! expired derogation. A finding carries rule, clause, evidence, outcome, level, subject and places.

use std::fmt::{self, Write as _};

use sha2::{Digest, Sha256};

use crate::text::{FileId, Place, Span};

/// What judging one rule over one subject gives. Ordered from the best to the worst, so that the
/// worst of several is their maximum.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Outcome {
    /// The rule does not speak of this subject on this day.
    NotApplicable,
    /// The rule is kept.
    Pass,
    /// The rule is broken, and a derogation in force covers it.
    Derogated,
    /// A fact that would decide is not recorded.
    Unknown,
    /// It depends on which admissible reading of the words is taken.
    ReadingSensitive,
    /// The rule is broken.
    Breach,
}

impl Outcome {
    /// All outcomes, in the order in which people expect to read them.
    pub const ALL: [Self; 6] =
        [Self::Pass, Self::Breach, Self::NotApplicable, Self::Derogated, Self::Unknown, Self::ReadingSensitive];

    /// The word used in files and in output.
    pub fn word(self) -> &'static str {
        match self {
            Self::NotApplicable => "not-applicable",
            Self::Pass => "pass",
            Self::Derogated => "derogated",
            Self::Unknown => "unknown",
            Self::ReadingSensitive => "reading-sensitive",
            Self::Breach => "breach",
        }
    }
}

impl fmt::Display for Outcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.word())
    }
}

/// How much a finding matters; ordered from the least.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Level {
    /// Worth knowing.
    Note,
    /// Worth looking into: the evidence for the rule, or for the fact, is not enough for an error.
    Warning,
    /// Wrong.
    Error,
}

impl Level {
    /// The word used in files and in output.
    pub fn word(self) -> &'static str {
        match self {
            Self::Note => "note",
            Self::Warning => "warning",
            Self::Error => "error",
        }
    }
}

impl fmt::Display for Level {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.word())
    }
}

/// How well a rule's words are evidenced; ordered from the weakest.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Basis {
    /// Nobody knows what held.
    Unknown,
    /// General knowledge; no source was found.
    Recalled,
    /// Deduced from dated cases.
    Inferred,
    /// An official or near-official page describes it.
    Secondary,
    /// The clause itself was read.
    Text,
}

impl Basis {
    /// The word used in files and in output.
    pub fn word(self) -> &'static str {
        match self {
            Self::Unknown => "unknown",
            Self::Recalled => "recalled",
            Self::Inferred => "inferred",
            Self::Secondary => "secondary",
            Self::Text => "text",
        }
    }

    /// The most that a breach of a rule with this evidence may be: a rule is no stricter than its
    /// evidence (`architecture.md`, law 2).
    pub fn cap(self) -> Level {
        match self {
            Self::Text | Self::Secondary => Level::Error,
            Self::Unknown | Self::Recalled | Self::Inferred => Level::Warning,
        }
    }
}

impl fmt::Display for Basis {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.word())
    }
}

/// A clause number; `recalled` where nobody has checked it against the text.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Clause {
    /// The number, without `~`; or `practice`, or `terms of reference`.
    pub number: Box<str>,
    /// Whether the number is recalled and unchecked (written `~C3.1`).
    pub recalled: bool,
}

impl Clause {
    /// Reads `C3.1(a)` or `~C3.1(a)`.
    pub fn parse(text: &str) -> Self {
        let number = text.strip_prefix('~');
        Self { number: number.unwrap_or(text).into(), recalled: number.is_some() }
    }

    /// Whether this clause is `above` or lies below it: `C3` holds `C3.1(a)`, not `C30`.
    pub fn lies_under(&self, above: &str) -> bool {
        let above = above.strip_prefix('~').unwrap_or(above);
        let Some(rest) = self.number.strip_prefix(above) else { return false };
        let ends_in_digit = above.ends_with(|c: char| c.is_ascii_digit());
        match rest.chars().next() {
            None | Some('.' | '(') => true,
            // A Section holds its clauses: `X` holds `X6`.
            Some(next) => !ends_in_digit && above.len() == 1 && next.is_ascii_digit(),
        }
    }

    /// The clause that holds both; nothing where they share none.
    pub fn common(&self, other: &Self) -> Option<Self> {
        let recalled = self.recalled || other.recalled;
        let mut number: &str = &self.number;
        while !other.lies_under(number) {
            // `C3.1(a)` lies under `C3.1`, that under `C3`.
            number = number.get(..number.rfind(['.', '('])?)?;
        }
        Some(Self { number: number.into(), recalled })
    }
}

impl fmt::Display for Clause {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.recalled {
            f.write_str("~")?;
        }
        f.write_str(&self.number)
    }
}

/// A place, and what to say beside it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mark {
    /// Where.
    pub place: Place,
    /// What it is.
    pub label: String,
}

impl Mark {
    /// A mark at a span of a file.
    pub fn new(file: FileId, span: Span, label: impl Into<String>) -> Self {
        Self { place: Place { file, span }, label: label.into() }
    }
}

/// Something wrong with a file, found while reading it. It becomes a [`Finding`] when the file is
/// a record, and stops the run when it is a rule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// The built-in rule that it breaks (`record-key`, …).
    pub rule: &'static str,
    /// Which part of the subject: a key path, never a line.
    pub slot: String,
    /// Subject first, values in backticks.
    pub message: String,
    /// What to do.
    pub help: Option<String>,
    /// Where; the first is the primary one.
    pub marks: Vec<Mark>,
}

/// How a finding stands to the revision that the tree is held against.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Status {
    /// It was not there, or it was less.
    New,
    /// It was there before.
    Existing,
    /// It was there, and is no more. It lies in the revision compared with.
    Fixed,
}

impl Status {
    /// The word used in output.
    pub fn word(self) -> &'static str {
        match self {
            Self::New => "new",
            Self::Existing => "existing",
            Self::Fixed => "fixed",
        }
    }
}

/// One thing found in one run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// The id of the rule.
    pub rule: Box<str>,
    /// The clause, where the rule has one.
    pub clause: Option<Clause>,
    /// The weakest evidence used.
    pub basis: Option<Basis>,
    /// Which part of the subject.
    pub slot: Box<str>,
    /// What was found.
    pub outcome: Outcome,
    /// How much it matters.
    pub level: Level,
    /// The record it is about, as `kind/id`.
    pub subject: Box<str>,
    /// Subject first, values in backticks, then why.
    pub message: String,
    /// What to do.
    pub help: Option<String>,
    /// Where; the first is the primary one, and there is at least one.
    pub marks: Vec<Mark>,
    /// How it stands to the revision compared with, where there is one.
    pub status: Option<Status>,
    /// Only the rules of the revision compared with say so.
    pub by_base_rules: bool,
}

impl Finding {
    /// Rule, subject and slot: what makes this finding the same finding in another commit. No line
    /// is in it, so that moves and reformatting leave it alone.
    pub fn fingerprint(&self) -> String {
        fingerprint([&self.rule, &self.subject, &self.slot])
    }

    /// What it says of its subject, in pieces around the backticked values, and those values.
    pub fn reason_in_pieces(&self) -> (Vec<&str>, Vec<&str>) {
        pieces(reason(&self.message, &self.subject))
    }
}

/// The first 16 hex digits of the SHA-256 of rule, NUL, subject, NUL, slot.
pub fn fingerprint(parts: [&str; 3]) -> String {
    let mut hash = Sha256::new();
    for (at, part) in parts.into_iter().enumerate() {
        if at > 0 {
            hash.update([0]);
        }
        hash.update(part.as_bytes());
    }
    hash.finalize().iter().take(8).fold(String::with_capacity(16), |mut hex, byte| {
        let _ = write!(hex, "{byte:02x}");
        hex
    })
}

/// What a message says of its subject: the text after the first `: ` outside backticks, else what
/// follows the subject's own id, else all of it.
pub fn reason<'m>(message: &'m str, subject: &str) -> &'m str {
    let mut quoted = false;
    for (at, c) in message.char_indices() {
        quoted ^= c == '`';
        if !quoted && let Some(reason) = message.get(at..).and_then(|rest| rest.strip_prefix(": ")) {
            return reason;
        }
    }
    match self::quoted(message) {
        Some((_, value, after)) if value == id_of(subject) => after.trim_start(),
        _ => message,
    }
}

/// A subject without its kind.
pub fn id_of(subject: &str) -> &str {
    subject.split_once('/').map_or(subject, |(_, id)| id)
}

/// A text in pieces, and the backticked values between them. A backtick without a partner is text.
pub fn pieces(text: &str) -> (Vec<&str>, Vec<&str>) {
    let mut pieces = Vec::new();
    let mut values = Vec::new();
    let mut rest = text;
    while let Some((before, value, after)) = quoted(rest) {
        pieces.push(before);
        values.push(value);
        rest = after;
    }
    pieces.push(rest);
    (pieces, values)
}

fn quoted(text: &str) -> Option<(&str, &str, &str)> {
    let (before, rest) = text.split_once('`')?;
    let (value, after) = rest.split_once('`')?;
    Some((before, value, after))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_what_stands_between_two_backticks() {
        assert_eq!(pieces("term of `12` months from `x`"), (vec!["term of ", " months from ", ""], vec!["12", "x"]));
        assert_eq!(pieces("a ` alone"), (vec!["a ` alone"], vec![]));
        assert_eq!(pieces(""), (vec![""], vec![]));
    }

    #[test]
    fn a_clause_holds_what_lies_below_it_and_nothing_beside_it() {
        let under = |clause: &str, above: &str| Clause::parse(clause).lies_under(above);
        assert!(under("C3.1(a)", "C3"));
        assert!(under("~C3.1(a)", "C3.1"));
        assert!(under("C3", "~C3"));
        assert!(under("X6", "X"));
        assert!(!under("C30", "C3"));
        assert!(!under("C3", "C3.1"));
        assert!(!under("practice", "p"));
        let common =
            |one: &str, other: &str| Clause::parse(one).common(&Clause::parse(other)).map(|clause| clause.to_string());
        assert_eq!(common("~C3.1(a)", "C3.1(b)"), Some("~C3.1".to_owned()));
        assert_eq!(common("C3.1", "C3.2(a)"), Some("C3".to_owned()));
        assert_eq!(common("C3", "D4"), None);
    }
}
