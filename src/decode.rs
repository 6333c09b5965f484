//! TOML text to typed values: every problem of a file in one run, each at its own place.
//!
//! A file is parsed into a spanned tree that recovers from syntax errors, and the tree is read
//! field by field into the structs that `table!` makes. A value that was reported is
//! [`State::Bad`] from then on, so that nothing is reported twice.

pub mod document;
pub mod limit;
pub mod table;
pub mod value;

use std::{collections::BTreeMap, sync::Arc};

use toml::{Spanned, de::DeValue};

pub use self::{
    document::read_document,
    table::{Field, Fields, Key, List, Map, Shape, Table, View, Visit},
    value::{Text, Value},
};
pub(crate) use self::{table::table, value::words};
use crate::{
    day::When,
    finding::{Mark, Problem},
    text::{FileId, Span},
};

/// A spanned value as the parser gives it.
pub type Raw<'i> = Spanned<DeValue<'i>>;

/// How many words of the code a message names.
const MOST_NAMED: usize = 20;

/// What a record says in one field.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum State<T> {
    /// Nothing: the key was left out.
    Absent,
    /// `"unknown"`: it is so, or happened, but no source says which or when.
    Unknown,
    /// Something that was reported, or that a syntax error may hide.
    Bad,
    /// This.
    Is(T),
}

/// One field, and where it stands; where it was left out, the table that lacks it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fact<T> {
    /// The bytes of the value.
    pub span: Span,
    /// What it says.
    pub state: State<T>,
}

impl<T> Fact<T> {
    /// The value, where it is known.
    pub fn known(&self) -> Option<&T> {
        match &self.state {
            State::Is(value) => Some(value),
            _ => None,
        }
    }

    /// Whether the key was left out.
    pub fn is_absent(&self) -> bool {
        matches!(self.state, State::Absent)
    }

    /// Whether it was reported already.
    pub fn is_bad(&self) -> bool {
        matches!(self.state, State::Bad)
    }

    /// Whether something is there that nobody can read a value from: unknown, or reported.
    pub fn is_open(&self) -> bool {
        matches!(self.state, State::Unknown | State::Bad)
    }
}

impl Fact<Text> {
    /// The words, where they are known.
    pub fn text(&self) -> Option<&str> {
        self.known().map(AsRef::as_ref)
    }
}

impl Fact<When> {
    /// The days that it may be; nothing where the key was left out.
    pub fn when(&self) -> Option<When> {
        match self.state {
            State::Absent => None,
            State::Unknown | State::Bad => Some(When::UNKNOWN),
            State::Is(when) => Some(when),
        }
    }
}

/// The words of a code by heading: what a record may call a category, a stage, a feed.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Lexicon(pub BTreeMap<&'static str, Vec<Text>>);

/// Reads one file, gathering its problems.
#[derive(Debug)]
pub struct Reader {
    file: FileId,
    path: Vec<&'static str>,
    problems: Vec<Problem>,
    /// Spans that a syntax error spoiled, sorted.
    spoiled: Vec<Span>,
    /// A syntax error may have swallowed keys: what is absent may have been there.
    damaged: bool,
    /// Required keys may be left out (examples of rules).
    lenient: bool,
    /// It is a rule's file: there `"unknown"` is no value of a parameter.
    of_rule: bool,
    /// The words that a record may use; any where there is none.
    lexicon: Option<Arc<Lexicon>>,
}

impl Reader {
    /// A reader of a file whose syntax was sound.
    pub fn new(file: FileId) -> Self {
        Self {
            file,
            path: Vec::new(),
            problems: Vec::new(),
            spoiled: Vec::new(),
            damaged: false,
            lenient: false,
            of_rule: false,
            lexicon: None,
        }
    }

    /// Lets required keys be left out.
    #[must_use]
    pub fn lenient(mut self) -> Self {
        self.lenient = true;
        self
    }

    /// Reads a rule's file.
    #[must_use]
    pub fn of_rule(mut self) -> Self {
        self.of_rule = true;
        self
    }

    /// Takes only the words of a code.
    #[must_use]
    pub fn in_words_of(mut self, lexicon: &Arc<Lexicon>) -> Self {
        self.lexicon = Some(Arc::clone(lexicon));
        self
    }

    /// Whether a word stands under its heading. One that does not is reported, and nothing rests on
    /// it any more.
    pub(crate) fn takes_word(&mut self, heading: &str, word: &str, span: Span) -> bool {
        let Some(lexicon) = self.lexicon.clone() else { return true };
        let known = lexicon.0.get(heading).map_or(&[][..], Vec::as_slice);
        if known.iter().any(|one| one.as_ref() == word) {
            return true;
        }
        let names = || known.iter().map(AsRef::as_ref);
        let label = meant(word, names(), "not known");
        let more = known.len().checked_sub(MOST_NAMED).filter(|more| *more > 0);
        let more = more.map_or(String::new(), |more| format!(" and {more} more"));
        let named: Vec<&str> = names().take(MOST_NAMED).collect();
        let help = format!("the {heading} of `rules/code.toml` are {}{more}", named.join(", "));
        self.report_in(
            "record-word",
            word.to_owned(),
            span,
            format!("`{word}` is none of the code's {heading}"),
            &label,
            Some(help),
        );
        false
    }

    /// The file being read.
    pub fn file(&self) -> FileId {
        self.file
    }

    /// Whether a syntax error may hide keys of this file.
    pub fn damaged(&self) -> bool {
        self.damaged
    }

    /// The problems found, in the order in which they were met.
    pub fn into_problems(self) -> Vec<Problem> {
        self.problems
    }

    /// Notes a problem at a span of this file, in the slot of the key being read.
    pub fn report(&mut self, rule: &'static str, span: Span, message: String, label: &str, help: Option<String>) {
        let slot = self.path.join(".");
        self.report_in(rule, slot, span, message, label, help);
    }

    pub(crate) fn report_in(
        &mut self,
        rule: &'static str,
        slot: String,
        span: Span,
        message: String,
        label: &str,
        help: Option<String>,
    ) {
        let marks = vec![Mark::new(self.file, span, label)];
        match self.problems.len() {
            n if n < limit::PROBLEMS => self.problems.push(Problem { rule, slot, message, help, marks }),
            limit::PROBLEMS => self.problems.push(limit::more_problems(marks)),
            _ => {}
        }
    }

    /// Reads one field of a table. `renamed` are the keys whose misspelling was reported: their
    /// absence is no news.
    pub(crate) fn field<F: Field>(
        &mut self,
        raw: Option<&Raw<'_>>,
        key: &'static str,
        whole: Span,
        renamed: &[&'static str],
    ) -> F {
        self.path.push(key);
        let field = match raw {
            Some(raw) => F::read(self, raw),
            None => F::absent(whole, self.damaged || renamed.contains(&key)),
        };
        self.path.pop();
        field
    }

    /// Whether a syntax error was reported inside this value.
    pub(crate) fn is_spoiled(&self, span: Span) -> bool {
        let from = self.spoiled.partition_point(|one| one.start < span.start);
        let within = self.spoiled.iter().skip(from).take_while(|one| one.start <= span.end);
        within.into_iter().any(|one| span.holds(*one))
    }

    /// Says that a value is not of the type that its key takes.
    pub(crate) fn wrong_type(&mut self, raw: &Raw<'_>, wanted: &str) {
        let key = self.path.last().copied().unwrap_or("the file");
        let message = format!("`{key}` takes {wanted}, not {}", what(raw.get_ref()));
        self.report("record-type", Span::new(raw.span()), message, &format!("expected {wanted}"), None);
    }
}

/// What a value is, in words.
fn what(value: &DeValue<'_>) -> &'static str {
    match value {
        DeValue::String(_) => "a string",
        DeValue::Integer(_) => "a whole number",
        DeValue::Float(_) => "a number with a point",
        DeValue::Boolean(_) => "true or false",
        DeValue::Datetime(_) => "a date",
        DeValue::Array(_) => "a list",
        DeValue::Table(_) => "a table",
    }
}

/// How far a word may be from the one that was probably meant.
const FARTHEST: usize = 3;

/// What to say beside a word that is not known: the one that was probably meant, else `otherwise`.
pub fn meant<'k>(word: &str, known: impl IntoIterator<Item = &'k str>, otherwise: &str) -> String {
    nearest(word, known).map_or_else(|| otherwise.to_owned(), |one| format!("did you mean `{one}`?"))
}

/// The word of `known` that was probably meant.
pub fn nearest<'k>(word: &str, known: impl IntoIterator<Item = &'k str>) -> Option<&'k str> {
    if word.len() > 64 {
        return None;
    }
    let lower = word.to_lowercase();
    let distance = |one: &str| strsim::damerau_levenshtein(&one.to_lowercase(), &lower);
    let near = known.into_iter().filter(|one| letters_apart(one, &lower) <= FARTHEST);
    let close = near.map(|one| (distance(one), one));
    let (far, one) = close.min_by_key(|(far, _)| *far)?;
    let most = (one.chars().count().max(word.chars().count()) / 3).clamp(1, FARTHEST);
    (far <= most).then_some(one)
}

/// How many letters of one word the other lacks: never more than their distance, and much cheaper.
/// 0 where they are not ASCII.
fn letters_apart(one: &str, other: &str) -> usize {
    if !one.is_ascii() || !other.is_ascii() {
        return 0;
    }
    let mut counts = [0i16; 128];
    let mut count = |byte: u8, step: i16| {
        if let Some(count) = counts.get_mut(usize::from(byte.to_ascii_lowercase())) {
            *count = count.saturating_add(step);
        }
    };
    one.bytes().for_each(|byte| count(byte, 1));
    other.bytes().for_each(|byte| count(byte, -1));
    let more = |sign: i16| counts.iter().map(|count| usize::try_from(count * sign).unwrap_or(0)).sum::<usize>();
    more(1).max(more(-1))
}
