//! The file that a draft becomes: a key a line, an entry of a list a line, and what each key means.

use std::{collections::BTreeMap, fmt::Write as _};

use toml_edit::{InlineTable, Key as TomlKey, Value};

use super::said;
use crate::{
    decode::{Key, Shape},
    render::escape,
    rulebook::code::Code,
};

/// The most words of a code that a comment lists.
const MOST_WORDS: usize = 16;

/// The text of a file with these values, in the order of the keys; those left out stand behind them as
/// comments.
pub(super) fn text(keys: &[Key], values: &BTreeMap<&'static str, Value>, code: &Code, comments: bool) -> String {
    let mut text = String::new();
    for (key, value) in keys.iter().filter_map(|key| Some((key, values.get(key.name)?))) {
        if comments {
            let _ = writeln!(text, "# {}{}", doc(key), choice(key, code));
        }
        let _ = writeln!(text, "{} = {}", name(key.name), top(value));
    }
    let mut left_out = keys.iter().filter(|key| !values.contains_key(key.name)).peekable();
    if comments && left_out.peek().is_some() {
        text.push_str("\n# Left out. Add what a source states:\n");
        for key in left_out {
            let _ = writeln!(text, "# {} = …  # {} It takes {}.", key.name, doc(key), takes(key, code));
        }
    }
    text
}

/// What a key says, as a sentence on one line.
pub fn doc(key: &Key) -> String {
    let doc = escape::line(key.doc.trim()).into_owned();
    if doc.ends_with('.') { doc } else { format!("{doc}.") }
}

/// The words that a key takes, where there are only so many.
fn choice(key: &Key, code: &Code) -> String {
    match words((key.shape)(), code) {
        words if words.is_empty() => String::new(),
        words => format!(" One of: {}.", words.join(", ")),
    }
}

/// What a key takes, in words.
pub fn takes(key: &Key, code: &Code) -> String {
    match words((key.shape)(), code) {
        words if words.is_empty() => said::wanted((key.shape)()),
        words => format!("one of {}", words.join(", ")),
    }
}

fn words(shape: Shape, code: &Code) -> Vec<String> {
    match shape {
        Shape::OneOf(words) => words.iter().map(|word| (*word).to_owned()).collect(),
        Shape::Word(heading) => {
            let mut words: Vec<String> =
                code.words(heading).take(MOST_WORDS).map(|word| escape::line(word).into_owned()).collect();
            if code.words(heading).nth(MOST_WORDS).is_some() {
                words.push("…".to_owned());
            }
            words
        }
        _ => Vec::new(),
    }
}

/// A value behind the key of a file: a list of tables has an entry a line.
fn top(value: &Value) -> String {
    match value {
        Value::Array(list) if list.iter().any(Value::is_inline_table) => {
            let entries: Vec<String> = list.iter().map(|entry| format!("  {},\n", inline(entry))).collect();
            format!("[\n{}]", entries.concat())
        }
        other => inline(other),
    }
}

/// A value on one line, however it was typed.
pub(super) fn inline(value: &Value) -> String {
    match value {
        Value::String(text) => Value::from(text.value().as_str()).to_string(),
        Value::Integer(number) => number.value().to_string(),
        Value::Float(number) => Value::from(*number.value()).to_string(),
        Value::Boolean(so) => so.value().to_string(),
        Value::Datetime(stamp) => stamp.value().to_string(),
        Value::Array(list) => format!("[{}]", list.iter().map(inline).collect::<Vec<_>>().join(", ")),
        Value::InlineTable(table) if table.is_empty() => "{}".to_owned(),
        Value::InlineTable(table) => format!("{{ {} }}", pairs(table).join(", ")),
    }
}

fn pairs(table: &InlineTable) -> Vec<String> {
    table.iter().map(|(key, value)| format!("{} = {}", name(key), inline(value))).collect()
}

/// A key as TOML writes it.
fn name(key: &str) -> String {
    TomlKey::new(key).display_repr().into_owned()
}
