//! Places in a rule's file that a path reaches.

use std::borrow::Cow;

use toml::de::{DeTable, DeValue};

use super::edit::{Edit, is_inline, slice};
use crate::{
    decode::{Raw, value::raw_text},
    text::Span,
};

/// A value that a path reaches, and what holds it.
#[derive(Debug)]
pub(super) struct Site<'t> {
    /// The path with numbers from 1, as people read it: `seats[2].count`.
    pub(super) name: String,
    /// The last key of the path.
    pub(super) key: String,
    /// The value.
    pub(super) raw: &'t Raw<'t>,
    holder: Holder<'t>,
}

#[derive(Debug, Clone, Copy)]
enum Holder<'t> {
    /// A table, and the key's first byte.
    Table(&'t DeTable<'t>, usize),
    /// A list, the position in it, and the key of the list in its table.
    List(&'t [Raw<'t>], usize, &'t Raw<'t>, Option<(&'t DeTable<'t>, usize)>),
    /// A single word where a list of words may stand.
    Alone(&'t DeTable<'t>, usize),
}

/// The values that a path reaches, in the order of the text.
pub(super) fn sites<'t>(table: &'t DeTable<'t>, path: &str) -> Vec<Site<'t>> {
    let mut found = Vec::new();
    let keys: Vec<&str> = path.split('.').collect();
    walk_table(table, &keys, "", &mut found);
    found.sort_by_key(|site| site.raw.span().start);
    found
}

/// The tables that a path reaches, with their names; the table itself where the path is empty.
pub(super) fn tables<'t>(table: &'t DeTable<'t>, path: &str) -> Vec<(String, &'t DeTable<'t>)> {
    if path.is_empty() {
        return vec![(String::new(), table)];
    }
    let found = sites(table, path);
    found.into_iter().filter_map(|site| Some((site.name, site.raw.get_ref().as_table()?))).collect()
}

fn joined(name: &str, key: &str) -> String {
    if name.is_empty() { key.to_owned() } else { format!("{name}.{key}") }
}

fn walk_table<'t>(table: &'t DeTable<'t>, path: &[&str], name: &str, found: &mut Vec<Site<'t>>) {
    let Some((first, rest)) = path.split_first() else { return };
    for (key, raw) in table {
        let word: &Cow<'_, str> = key.get_ref();
        if *first != "*" && *first != word.as_ref() {
            continue;
        }
        let name = joined(name, word);
        let holder = Holder::Table(table, key.span().start);
        walk_value(raw, rest, name, word, holder, found);
    }
}

fn walk_value<'t>(
    raw: &'t Raw<'t>,
    rest: &[&str],
    name: String,
    key: &str,
    holder: Holder<'t>,
    found: &mut Vec<Site<'t>>,
) {
    let Some((first, after)) = rest.split_first() else {
        found.push(Site { name, key: key.to_owned(), raw, holder });
        return;
    };
    match raw.get_ref() {
        DeValue::Table(table) => walk_table(table, rest, &name, found),
        DeValue::Array(items) if *first == "*" => {
            let above = match holder {
                Holder::Table(table, start) => Some((table, start)),
                _ => None,
            };
            for (at, item) in items.iter().enumerate() {
                let holder = Holder::List(items, at, raw, above);
                walk_value(item, after, format!("{name}[{}]", at.saturating_add(1)), key, holder, found);
            }
        }
        // A word where a list of words may stand.
        DeValue::String(_) | DeValue::Boolean(_) if *first == "*" && after.is_empty() => {
            if let Holder::Table(table, start) = holder {
                found.push(Site { name, key: key.to_owned(), raw, holder: Holder::Alone(table, start) });
            }
        }
        _ => {}
    }
}

impl Site<'_> {
    /// Its bytes.
    pub(super) fn span(&self) -> Span {
        Span::new(self.raw.span())
    }

    /// The word at the place; of a list or table, its key.
    pub(super) fn word(&self) -> String {
        match self.raw.get_ref() {
            DeValue::Table(_) | DeValue::Array(_) => self.key.clone(),
            _ => raw_text(self.raw),
        }
    }

    /// The words beside it in its list.
    pub(super) fn beside(&self) -> Vec<&str> {
        match self.holder {
            Holder::List(items, ..) => items.iter().filter_map(|item| item.get_ref().as_str()).collect(),
            _ => Vec::new(),
        }
    }

    /// What it says, on one line and not too long.
    pub(super) fn short(&self, text: &str) -> String {
        if let DeValue::Table(table) = self.raw.get_ref() {
            let words = ["constituency", "name", "to", "then", "is"];
            let word = words.iter().find_map(|key| table.get(*key));
            if let Some(word) = word {
                return match word.get_ref() {
                    DeValue::Array(items) => items.iter().map(raw_text).collect::<Vec<_>>().join(" or "),
                    _ => raw_text(word),
                };
            }
        }
        let word = match self.raw.get_ref() {
            DeValue::Table(_) | DeValue::Array(_) => slice(text, self.span()).to_owned(),
            _ => raw_text(self.raw),
        };
        word.split_whitespace().collect::<Vec<_>>().join(" ").chars().take(60).collect()
    }

    /// The entry left out of its list or table. The last one leaves an empty list, or, at the root
    /// of the file, no key.
    pub(super) fn dropped(&self, at_root: bool, text: &str) -> Option<Edit> {
        match self.holder {
            Holder::Table(table, start) | Holder::Alone(table, start) => {
                Some(remove_key(table, start, self.raw.span().end, text))
            }
            Holder::List(items, _, list, above) if items.len() == 1 => match above {
                Some((table, start)) if at_root => Some(remove_key(table, start, list.span().end, text)),
                _ => Some(Edit::replace(Span::new(list.span()), "[]".into())),
            },
            Holder::List(items, at, list, _) => {
                // A list of `[[…]]` tables has no bytes of its own.
                if text.get(list.span())?.starts_with("[[") || !text.get(list.span())?.starts_with('[') {
                    return None;
                }
                let own = self.raw.span();
                let span = match items.get(at.saturating_add(1)) {
                    Some(next) => own.start..next.span().start,
                    None => items.get(at.checked_sub(1)?)?.span().end..own.end,
                };
                Some(Edit::replace(Span::new(span), String::new()))
            }
        }
    }

    /// The key left out of its table.
    pub(super) fn key_removed(&self, text: &str) -> Option<Edit> {
        match self.holder {
            Holder::Table(table, start) | Holder::Alone(table, start) => {
                Some(remove_key(table, start, self.raw.span().end, text))
            }
            Holder::List(..) => None,
        }
    }
}

/// A key with its value taken out of a table, and one of the commas beside it.
fn remove_key(table: &DeTable<'_>, start: usize, end: usize, text: &str) -> Edit {
    if !is_inline(text, start) {
        return Edit::replace(Span::new(start..end), String::new());
    }
    let mut keys: Vec<(usize, usize)> = table.iter().map(|(key, raw)| (key.span().start, raw.span().end)).collect();
    keys.sort_unstable();
    let at = keys.iter().position(|(first, _)| *first == start).unwrap_or(0);
    let next = keys.get(at.saturating_add(1)).map(|(first, _)| *first);
    let before = at.checked_sub(1).and_then(|at| keys.get(at)).map(|(_, last)| *last);
    let span = match (next, before) {
        (Some(next), _) => start..next,
        (None, Some(before)) => before..end,
        (None, None) => start..end,
    };
    Edit::replace(Span::new(span), String::new())
}
