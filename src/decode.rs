//! TOML text to typed values: every problem of a file in one run, each at its own place.
//!
//! A file is parsed into a spanned tree that recovers from syntax errors, and the tree is read
//! field by field into the structs that `table!` makes. A value that was reported is
//! [`State::Bad`] from then on, so that nothing is reported twice.

pub mod document;
mod flat;
pub mod limit;
pub mod node;
pub mod table;
pub mod value;

use std::{collections::BTreeMap, sync::Arc};

use toml::{Spanned, de::DeValue};

pub(crate) use self::{document::read_sound, table::table, value::words};
pub use self::{
    document::{read_document, read_record},
    node::{Node, NodeValue, Rows},
    table::{Field, Fields, Key, List, Map, Shape, Table, View, Visit},
    value::{Text, Value},
};
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
        node: Option<&Node<'_>>,
        key: &'static str,
        whole: Span,
        renamed: &[&'static str],
    ) -> F {
        self.path.push(key);
        let field = match node {
            Some(node) => F::read(self, node),
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

    /// Says that a name or a title has spaces that nobody sees: it would be two names to every rule.
    pub(crate) fn spaces(&mut self, text: &str, span: Span) {
        let is_line = self.path.last().is_some_and(|key| ONE_LINE.contains(key));
        if is_line && !self.of_rule && has_odd_spaces(text) {
            let help = "one space between words, none at the ends";
            let message = "there are spaces that nobody sees: at an end, or two in a row".to_owned();
            self.report("record-confusable", span, message, "looks like another name", Some(help.to_owned()));
        }
    }

    /// Says that a value is not of the type that its key takes.
    pub(crate) fn wrong_type(&mut self, node: &Node<'_>, wanted: &str) {
        let key = self.path.last().copied().unwrap_or("the file");
        let message = format!("`{key}` takes {wanted}, not {}", what(&node.value));
        self.report("record-type", node.span, message, &format!("expected {wanted}"), None);
    }
}

/// Keys whose value is one line.
pub(crate) const ONE_LINE: [&str; 3] = ["name", "title", "short"];

/// Whether a text has a space at an end, or two in a row.
pub(crate) fn has_odd_spaces(text: &str) -> bool {
    text.starts_with(' ') || text.ends_with(' ') || text.contains("  ")
}

/// What a value is, in words.
fn what(value: &NodeValue<'_>) -> &'static str {
    match value {
        NodeValue::String(_) => "a string",
        NodeValue::Integer(..) => "a whole number",
        NodeValue::Float(_) => "a number with a point",
        NodeValue::Boolean(_) => "true or false",
        NodeValue::Datetime(_) => "a date",
        NodeValue::Array(_) => "a list",
        NodeValue::Table(_) => "a table",
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
    let (far, one) = by_distance(word, known).min_by_key(|(far, _)| *far)?;
    is_near(far, one, word).then_some(one)
}

/// Every word of `known` that may have been meant, with how many letters it is away.
pub fn near<'k>(word: &str, known: impl IntoIterator<Item = &'k str>) -> Vec<(usize, &'k str)> {
    by_distance(word, known).filter(|(far, one)| is_near(*far, one, word)).collect()
}

/// The words of `known` that are not far away, with how far.
fn by_distance<'k>(word: &str, known: impl IntoIterator<Item = &'k str>) -> impl Iterator<Item = (usize, &'k str)> {
    let lower = word.to_lowercase();
    let is_short = word.len() <= 64;
    let known = known.into_iter().filter(move |_| is_short);
    known.filter_map(move |one| {
        let close = letters_apart(one, &lower) <= FARTHEST;
        close.then(|| (strsim::damerau_levenshtein(&one.to_lowercase(), &lower), one))
    })
}

/// Whether a word may have been meant by one that is so many letters away.
fn is_near(far: usize, one: &str, word: &str) -> bool {
    far <= (one.chars().count().max(word.chars().count()) / 3).clamp(1, FARTHEST)
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
    let more =
        |sign: i16| counts.iter().map(|count| usize::try_from(count.saturating_mul(sign)).unwrap_or(0)).sum::<usize>();
    more(1).max(more(-1))
}
