//! The facts that rules may name: what a record says of itself in one word, for the `inputs`,
//! `decides` and `when` of rules. Each kind lists its own beside its events.

use std::borrow::Cow;

use crate::{
    day::{Today, When},
    decode::{Fact, Shape, State, Value, View},
    text::Span,
};

/// What a record tells of one fact, in the slot that it fills.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Told<'a> {
    /// What the slot is called; empty where the record has one only.
    pub slot: Cow<'a, str>,
    /// The word (`true` and `false` are words here). `Absent` means that it is not so, or not yet;
    /// what nobody can tell, a true-or-false key left out among it, is `Unknown`.
    pub state: State<Cow<'a, str>>,
    /// Where it stands; where it was left out, the table that lacks it.
    pub span: Span,
    /// The day on which what the slot stands for began, where that is not when the record did: a tenure.
    pub since: Option<When>,
}

impl<'a> Told<'a> {
    /// The one fact of its name in a record.
    pub fn single(state: State<Cow<'a, str>>, span: Span) -> Vec<Self> {
        vec![Self { slot: Cow::Borrowed(""), state, span, since: None }]
    }

    /// A key that holds true or false: left out, it is not known.
    pub fn truth(fact: &'a Fact<bool>) -> Vec<Self> {
        let word = |so: &bool| Cow::Borrowed(if *so { "true" } else { "false" });
        let state = match &fact.state {
            State::Is(so) => State::Is(word(so)),
            State::Bad => State::Bad,
            State::Absent | State::Unknown => State::Unknown,
        };
        Self::single(state, fact.span)
    }

    /// A key that holds a word: left out, it is not so, or not yet.
    pub fn word<T: Value>(fact: &'a Fact<T>) -> Vec<Self> {
        Self::single(word_state(fact), fact.span)
    }

    /// The word, where it is known.
    pub fn known(&self) -> Option<&str> {
        match &self.state {
            State::Is(word) => Some(word),
            _ => None,
        }
    }

    /// Whether it was reported already.
    pub fn is_bad(&self) -> bool {
        matches!(self.state, State::Bad)
    }
}

/// The word of a fact.
pub fn word_state<T: Value>(fact: &Fact<T>) -> State<Cow<'_, str>> {
    match &fact.state {
        State::Is(value) => match value.view() {
            View::Text(text) => State::Is(Cow::Borrowed(text)),
            _ => State::Bad,
        },
        State::Absent => State::Absent,
        State::Unknown => State::Unknown,
        State::Bad => State::Bad,
    }
}

/// A fact that rules may name.
pub struct FactOf<T> {
    /// The name.
    pub name: &'static str,
    /// What it is, and which slot it fills.
    pub doc: &'static str,
    /// The words that it may be: [`Shape::Bool`], [`Shape::OneOf`], [`Shape::Word`] or [`Shape::Id`].
    pub shape: fn() -> Shape,
    /// What a record tells of it on a day.
    pub told: for<'a> fn(&'a T, Today<'_>) -> Vec<Told<'a>>,
    /// Keys of a record that tell a word of it (the first), in a slot (the second), as TOML between
    /// braces: for counterexamples.
    pub write: fn(&str, &str) -> String,
}

/// A fact of a kind of records, without what is told of it: for schemas, documentation, and what
/// was meant by a misspelt name.
#[derive(Debug, Clone, Copy)]
pub struct FactName {
    /// The name.
    pub name: &'static str,
    /// What it is, and which slot it fills.
    pub doc: &'static str,
    /// The words that it may be.
    pub shape: fn() -> Shape,
    /// Keys of a record that tell a word of it (the first), in a slot (the second).
    pub write: fn(&str, &str) -> String,
}
