//! Something published, and what it stated; its own source.

use super::{
    Dated, Event, Kinded,
    id::{ActorId, PublicationId, SourceId, Subject},
};
use crate::{
    day::When,
    decode::{Fact, List, Node, NodeValue, Reader, Shape, State, Text, Value, View, table},
};

/// A number, a word, a day, or true or false.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Scalar {
    /// A number.
    Count(u32),
    /// A word.
    Text(Text),
    /// A day.
    Day(When),
    /// True or false.
    Bool(bool),
}

impl Value for Scalar {
    fn shape() -> Shape {
        Shape::Scalar
    }

    fn read(reader: &mut Reader, node: &Node<'_>) -> State<Self> {
        fn as_is<T: Value>(reader: &mut Reader, node: &Node<'_>, wrap: fn(T) -> Scalar) -> State<Scalar> {
            match T::read(reader, node) {
                State::Is(value) => State::Is(wrap(value)),
                _ => State::Bad,
            }
        }
        match node.value {
            NodeValue::Integer(..) => as_is(reader, node, Self::Count),
            NodeValue::Datetime(_) => as_is(reader, node, Self::Day),
            NodeValue::Boolean(_) => as_is(reader, node, Self::Bool),
            _ => as_is(reader, node, Self::Text),
        }
    }

    fn view(&self) -> View<'_> {
        match self {
            Self::Count(count) => View::Count(*count),
            Self::Text(text) => View::Text(text),
            Self::Day(when) => View::Day(*when),
            Self::Bool(so) => View::Bool(*so),
        }
    }
}

table! {
    /// A publication.
    pub struct Publication {
        /// The sources it is taken from: keys of `sources/` or `publications/`.
        source: List<SourceId> = "source",
        /// Its title.
        title: Fact<Text> = "title" (required),
        /// The day it was issued.
        issued: Fact<When> = "issued" (required),
        /// Who issued it.
        by: Fact<ActorId> = "by" (required),
        /// What it reports on.
        period: Fact<Period> = "period",
        /// What it takes the place of.
        replaces: Fact<PublicationId> = "replaces",
        /// The commit it was made from.
        revision: Fact<Text> = "revision",
        /// What it states, each held against the records.
        statement: List<Statement> = "statement",
        /// What it is, for print.
        summary: Fact<Text> = "summary",
        /// For colleagues only; never printed.
        note: Fact<Text> = "note",
        /// Where the thing itself can be read.
        url: Fact<Text> = "url",
    }
}

table! {
    /// A period.
    pub struct Period {
        /// The first day.
        from: Fact<When> = "from",
        /// The first day after.
        until: Fact<When> = "until",
        /// Sources of this entry alone.
        source: List<SourceId> = "source",
        /// For colleagues only; never printed.
        note: Fact<Text> = "note",
    }
}

table! {
    /// An independent claim.
    pub struct Statement {
        /// What is counted, or a key of the record named.
        about: Fact<Text> = "about",
        /// The record.
        of: Fact<Subject> = "of",
        /// What it says.
        equals: Fact<Scalar> = "equals",
        /// For which day.
        on: Fact<When> = "on",
        /// For which span of days.
        within: Fact<Period> = "within",
        /// The words.
        quote: Fact<Text> = "quote",
        /// Sources of this entry alone.
        source: List<SourceId> = "source",
        /// For colleagues only; never printed.
        note: Fact<Text> = "note",
    }
}

impl Kinded for Publication {
    const EVENTS: &'static [Event<Self>] = &[Event {
        name: "issued",
        doc: "it was issued",
        plan: false,
        birth: true,
        dates: |r| Dated::single(&r.issued),
    }];
}
