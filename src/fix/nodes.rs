//! What stands at a place of a record's file: a key with those beside it, or a value with what it should
//! be, as the tables that load records have it.

use toml::de::{DeTable, DeValue};

use crate::{
    decode::{Key, Raw, Shape},
    text::Span,
};

/// What stands somewhere.
#[derive(Debug, Clone, Copy)]
pub(super) enum Node<'t, 'i> {
    /// A key, in a table with these keys, which may have those.
    Key {
        /// The key as it is written, without quotes.
        name: &'t str,
        /// The table that it stands in.
        table: &'t DeTable<'i>,
        /// The keys that the table may have.
        keys: &'static [Key],
    },
    /// A value.
    Value {
        /// The value.
        raw: &'t Raw<'i>,
        /// What it should be.
        shape: Shape,
    },
}

/// What stands at a span.
pub(super) fn at<'t, 'i>(table: &'t DeTable<'i>, keys: &'static [Key], span: Span) -> Option<Node<'t, 'i>> {
    table.iter().find_map(|(name, raw)| {
        if Span::new(name.span()) == span {
            return Some(Node::Key { name: name.get_ref().as_ref(), table, keys });
        }
        let key = keys.iter().find(|key| key.name == name.get_ref().as_ref())?;
        below(raw, (key.shape)(), span)
    })
}

fn below<'t, 'i>(raw: &'t Raw<'i>, shape: Shape, span: Span) -> Option<Node<'t, 'i>> {
    if Span::new(raw.span()) == span {
        return Some(Node::Value { raw, shape });
    }
    match (shape, raw.get_ref()) {
        (Shape::Table(keys), DeValue::Table(table)) => at(table, keys(), span),
        (Shape::List(item) | Shape::OneOrMore(item), DeValue::Array(items)) => {
            items.iter().find_map(|one| below(one, item(), span))
        }
        // A single entry may be written as a table of its own.
        (Shape::List(item), DeValue::Table(_)) => below_entry(raw, item(), span),
        (Shape::Map(item), DeValue::Table(table)) => table.iter().find_map(|(_, one)| below(one, item(), span)),
        _ => None,
    }
}

fn below_entry<'t, 'i>(raw: &'t Raw<'i>, shape: Shape, span: Span) -> Option<Node<'t, 'i>> {
    match (shape, raw.get_ref()) {
        (Shape::Table(keys), DeValue::Table(table)) => at(table, keys(), span),
        _ => None,
    }
}

/// Every string of a file, with the key that it stands behind.
pub(super) fn strings<'t>(table: &'t DeTable<'_>, found: &mut Vec<(&'t str, Span, &'t str)>) {
    fn value<'t>(key: &'t str, raw: &'t Raw<'_>, found: &mut Vec<(&'t str, Span, &'t str)>) {
        match raw.get_ref() {
            DeValue::String(text) => found.push((key, Span::new(raw.span()), text.as_ref())),
            DeValue::Array(items) => items.iter().for_each(|one| value(key, one, found)),
            DeValue::Table(table) => strings(table, found),
            _ => {}
        }
    }
    table.iter().for_each(|(key, raw)| value(key.get_ref().as_ref(), raw, found));
}
