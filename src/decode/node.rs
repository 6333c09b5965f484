//! What stands at a place of a file, whichever way the file was parsed: `flat.rs` where it is
//! sound, by the `toml` crate's recovering parser where it is not.

use toml::de::{DeTable, DeValue};

use super::{
    Raw,
    flat::{self, Chain},
};
use crate::text::Span;

/// A value and where it stands.
#[derive(Debug, Clone, Copy)]
pub struct Node<'t> {
    /// Its bytes.
    pub span: Span,
    /// What it is.
    pub value: NodeValue<'t>,
}

/// What a value is.
#[derive(Debug, Clone, Copy)]
pub enum NodeValue<'t> {
    /// A string, its escapes resolved.
    String(&'t str),
    /// A whole number: its digits, and their base.
    Integer(&'t str, u32),
    /// A number with a point, as written.
    Float(&'t str),
    /// `true` or `false`.
    Boolean(bool),
    /// A day, a time, or both.
    Datetime(toml_datetime::Datetime),
    /// A list.
    Array(Items<'t>),
    /// A table.
    Table(Rows<'t>),
}

/// The values of a list, in order.
#[derive(Debug, Clone, Copy)]
pub struct Items<'t>(Inner<'t, [Raw<'t>]>);

/// The keys and values of a table.
#[derive(Debug, Clone, Copy)]
pub struct Rows<'t>(Inner<'t, DeTable<'t>>);

/// What holds the parts.
#[derive(Debug)]
enum Inner<'t, P: ?Sized> {
    Parsed(&'t P),
    Flat(Chain<'t>),
}

impl<P: ?Sized> Clone for Inner<'_, P> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<P: ?Sized> Copy for Inner<'_, P> {}

/// A key, and where it stands.
#[derive(Debug, Clone, Copy)]
pub struct Name<'t> {
    /// The key, its escapes resolved.
    pub text: &'t str,
    /// Its bytes.
    pub span: Span,
}

impl<'t> From<&'t Raw<'_>> for Node<'t> {
    fn from(raw: &'t Raw<'_>) -> Self {
        let value = match raw.get_ref() {
            DeValue::String(text) => NodeValue::String(text),
            DeValue::Integer(number) => NodeValue::Integer(number.as_str(), number.radix()),
            DeValue::Float(number) => NodeValue::Float(number.as_str()),
            DeValue::Boolean(so) => NodeValue::Boolean(*so),
            DeValue::Datetime(stamp) => NodeValue::Datetime(*stamp),
            DeValue::Array(items) => NodeValue::Array(Items(Inner::Parsed(items))),
            DeValue::Table(table) => NodeValue::Table(table.into()),
        };
        Self { span: Span::new(raw.span()), value }
    }
}

impl<'t> From<&'t DeTable<'_>> for Rows<'t> {
    fn from(table: &'t DeTable<'_>) -> Self {
        Self(Inner::Parsed(table))
    }
}

impl<'t> Node<'t> {
    /// A string's text.
    pub fn as_str(&self) -> Option<&'t str> {
        match self.value {
            NodeValue::String(text) => Some(text),
            _ => None,
        }
    }

    /// The value as people would write it, for messages.
    pub(crate) fn text(&self) -> String {
        match self.value {
            NodeValue::String(text) => text.to_owned(),
            NodeValue::Integer(digits, 2) => format!("0b{digits}"),
            NodeValue::Integer(digits, 8) => format!("0o{digits}"),
            NodeValue::Integer(digits, 16) => format!("0x{digits}"),
            NodeValue::Integer(digits, _) => digits.to_owned(),
            NodeValue::Datetime(stamp) => stamp.to_string(),
            NodeValue::Boolean(so) => so.to_string(),
            NodeValue::Float(_) | NodeValue::Array(_) | NodeValue::Table(_) => "…".into(),
        }
    }
}

impl<'t> Items<'t> {
    /// How many there are.
    pub fn len(&self) -> usize {
        match self.0 {
            Inner::Parsed(items) => items.len(),
            Inner::Flat(chain) => chain.len(),
        }
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The values.
    pub fn iter(self) -> impl Iterator<Item = Node<'t>> {
        let (parsed, chain) = match self.0 {
            Inner::Parsed(items) => (Some(items), None),
            Inner::Flat(chain) => (None, Some(chain)),
        };
        let parsed = parsed.into_iter().flatten().map(Node::from);
        parsed.chain(chain.into_iter().flat_map(Chain::entries).map(|(_, node)| node))
    }
}

impl<'t> Rows<'t> {
    /// How many keys there are.
    pub fn len(&self) -> usize {
        match self.0 {
            Inner::Parsed(table) => table.len(),
            Inner::Flat(chain) => chain.len(),
        }
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The keys and values, in no order that means anything.
    pub fn iter(self) -> impl Iterator<Item = (Name<'t>, Node<'t>)> {
        let (parsed, chain) = match self.0 {
            Inner::Parsed(table) => (Some(table), None),
            Inner::Flat(chain) => (None, Some(chain)),
        };
        let name = |(key, raw): (&'t toml::Spanned<std::borrow::Cow<'t, str>>, &'t Raw<'t>)| {
            (Name { text: key.get_ref(), span: Span::new(key.span()) }, Node::from(raw))
        };
        parsed.into_iter().flatten().map(name).chain(chain.into_iter().flat_map(Chain::entries))
    }

    /// The keys and values in the order of the keys.
    pub fn sorted(self) -> Vec<(Name<'t>, Node<'t>)> {
        let mut all: Vec<_> = self.iter().collect();
        all.sort_unstable_by_key(|(name, _)| name.text);
        all
    }

    /// Whether a key is there.
    pub fn has(self, key: &str) -> bool {
        match self.0 {
            Inner::Parsed(table) => table.contains_key(key),
            Inner::Flat(chain) => chain.entries().any(|(name, _)| name.text == key),
        }
    }
}

impl<'t> From<Chain<'t>> for Rows<'t> {
    fn from(chain: Chain<'t>) -> Self {
        Self(Inner::Flat(chain))
    }
}

impl<'t> From<Chain<'t>> for Items<'t> {
    fn from(chain: Chain<'t>) -> Self {
        Self(Inner::Flat(chain))
    }
}

/// Reads the root table of a sound text that is within the limits; nothing of any other.
pub(super) fn read_flat<T>(text: &str, read: impl FnOnce(Rows<'_>) -> T) -> Option<T> {
    flat::parse(text, |root| read(root.into()))
}
