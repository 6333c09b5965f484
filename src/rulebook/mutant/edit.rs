//! Changes of a text: what stands in some bytes replaced by something else.

use toml::de::{DeTable, DeValue};

use crate::{decode::Raw, text::Span};

/// Bytes of a text, and what stands there instead.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Edit {
    span: Span,
    value: String,
}

impl Edit {
    /// What stands in these bytes replaced.
    pub(super) fn replace(span: Span, value: String) -> Self {
        Self { span, value }
    }

    fn at(offset: usize, value: String) -> Self {
        Self { span: Span::new(offset..offset), value }
    }
}

/// A text with all edits made; nothing where they do not fit it.
pub(super) fn apply(text: &str, edits: &[Edit]) -> Option<String> {
    let mut sorted: Vec<&Edit> = edits.iter().collect();
    sorted.sort_by_key(|edit| edit.span);
    let (mut made, mut next) = (String::with_capacity(text.len().saturating_add(32)), 0);
    for edit in sorted {
        let (start, end) = (edit.span.start as usize, edit.span.end as usize);
        made.push_str(text.get(next..start)?);
        made.push_str(&edit.value);
        next = end;
    }
    made.push_str(text.get(next..)?);
    Some(made)
}

/// What stands in some bytes.
pub(super) fn slice(text: &str, span: Span) -> &str {
    text.get(span.start as usize..span.end as usize).unwrap_or("")
}

/// A word as TOML has it.
pub(super) fn quoted(word: &str) -> String {
    let mut made = String::from("\"");
    for c in word.chars() {
        match c {
            '"' | '\\' => made.extend(['\\', c]),
            c if c.is_control() => made.extend(format!("\\u{:04X}", u32::from(c)).chars()),
            c => made.push(c),
        }
    }
    made.push('"');
    made
}

/// Whether a table is written between braces, as one can tell from what stands before a key of it.
pub(super) fn is_inline(text: &str, key: usize) -> bool {
    let before = text.get(..key).unwrap_or("").trim_end_matches([' ', '\t']);
    before.ends_with(['{', ','])
}

/// A key written before the first one of a table; with where that one stands.
pub(super) fn insert(table: &DeTable<'_>, key: &str, value: &str, text: &str) -> Option<(Edit, Span)> {
    let first = table.iter().map(|(name, _)| name.span()).min_by_key(|span| span.start)?;
    let behind = if is_inline(text, first.start) { ", " } else { "\n" };
    Some((Edit::at(first.start, format!("{key} = {value}{behind}")), Span::new(first)))
}

/// A value put behind the others of a list; a single word becomes a list of two.
pub(super) fn append(list: &Raw<'_>, value: &str, text: &str) -> Option<Edit> {
    let span = list.span();
    match list.get_ref() {
        DeValue::Array(items) => match items.last() {
            Some(last) => Some(Edit::at(last.span().end, format!(", {value}"))),
            None => Some(Edit::replace(Span::new(span), format!("[{value}]"))),
        },
        DeValue::String(_) => Some(Edit::replace(Span::new(span.clone()), format!("[{}, {value}]", text.get(span)?))),
        _ => None,
    }
}
