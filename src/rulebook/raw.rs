//! Rule files kept as they were parsed, so that parameters can be replaced (by a variation, a
//! reading, a mutant) before they are read.

use std::sync::Arc;

use toml::{
    Spanned,
    de::{DeTable, DeValue},
};

use crate::{
    decode::{Node, NodeValue, Reader, Shape, State, Value, View},
    text::Span,
};

type Root<'t> = Spanned<DeTable<'t>>;

self_cell::self_cell!(
    struct Parsed {
        owner: Box<str>,
        #[covariant]
        dependent: Root,
    }

    impl { Debug }
);

/// A parsed file that holds the text it was parsed from.
#[derive(Debug, Clone)]
pub struct RawFile(Arc<Parsed>);

impl RawFile {
    /// Parses a text whose syntax was found sound; what is not is left out.
    pub fn new(text: &str) -> Self {
        Self(Arc::new(Parsed::new(text.into(), |text| DeTable::parse_recoverable(text).0)))
    }

    /// The root table.
    pub fn root(&self) -> &DeTable<'_> {
        self.0.borrow_dependent().get_ref()
    }

    /// The text.
    pub fn text(&self) -> &str {
        self.0.borrow_owner()
    }

    /// The table in the list `key` at a position.
    pub fn entry(&self, key: &str, at: usize) -> Option<&DeTable<'_>> {
        entry(self.root(), key, at)
    }
}

/// The table in a list of a table.
pub fn entry<'t>(table: &'t DeTable<'t>, key: &str, at: usize) -> Option<&'t DeTable<'t>> {
    match table.get(key)?.get_ref() {
        DeValue::Array(items) => items.get(at)?.get_ref().as_table(),
        DeValue::Table(table) if at == 0 => Some(table),
        _ => None,
    }
}

/// A table with the entries of others in place of its own, in order, and without some keys.
pub fn overlay<'t>(table: &DeTable<'t>, without: &[&str], sets: &[&DeTable<'t>]) -> DeTable<'t> {
    let mut made = table.clone();
    for key in without {
        made.remove(*key);
    }
    for set in sets {
        for (key, value) in *set {
            made.remove(key.get_ref().as_ref());
            made.insert(key.clone(), value.clone());
        }
    }
    made
}

/// A value that is looked at later, or not at all.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Any;

impl Value for Any {
    fn shape() -> Shape {
        Shape::Any
    }

    fn read(_: &mut Reader, _: &Node<'_>) -> State<Self> {
        State::Is(Self)
    }

    fn view(&self) -> View<'_> {
        View::Absent
    }
}

/// A word, or a list of words: `seat = "chair"`, `body = ["panel", "ssc"]`, `urgent = [true]`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Words(pub Vec<(Box<str>, Span)>);

impl Words {
    /// Whether the word is among them.
    pub fn has(&self, word: &str) -> bool {
        self.0.iter().any(|(one, _)| one.as_ref() == word)
    }

    /// The words.
    pub fn iter(&self) -> impl Iterator<Item = &str> + Clone {
        self.0.iter().map(|(word, _)| word.as_ref())
    }
}

impl Value for Words {
    fn shape() -> Shape {
        Shape::OneOrMore(|| Shape::Flag)
    }

    fn read(reader: &mut Reader, node: &Node<'_>) -> State<Self> {
        let one = |node: Node<'_>| -> Option<(Box<str>, Span)> {
            match node.value {
                NodeValue::String(text) => Some((text.into(), node.span)),
                NodeValue::Boolean(so) => Some((so.to_string().into(), node.span)),
                _ => None,
            }
        };
        let words = match node.value {
            NodeValue::Array(items) => items.iter().map(one).collect(),
            _ => one(*node).map(|word| vec![word]),
        };
        words.map_or_else(
            || {
                reader.wrong_type(node, "a word in quotes, or a list of such words");
                State::Bad
            },
            |words| State::Is(Self(words)),
        )
    }

    fn view(&self) -> View<'_> {
        View::Absent
    }
}
