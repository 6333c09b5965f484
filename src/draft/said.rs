//! What somebody typed for a key, as the value that the key takes.

use toml_edit::{Array, Value};

use crate::{
    day::{Day, When},
    decode::Shape,
};

use super::{UNKNOWN, day_value};

/// The value that a text is for a key of some shape; what the key takes where it is none. Ids and words
/// are not looked up here: whoever reads the record does that.
pub(super) fn value(shape: Shape, typed: &str) -> Result<Value, String> {
    let typed = typed.trim();
    if typed == UNKNOWN {
        return Ok(UNKNOWN.into());
    }
    let found = match shape {
        Shape::Text | Shape::OneOf(_) | Shape::Word(_) | Shape::Id(_) => Some(text(typed)),
        Shape::Bool => typed.parse().ok().map(|so: bool| so.into()),
        Shape::Count => typed.parse().ok().map(|count: u32| i64::from(count).into()),
        Shape::Day | Shape::End => day(typed),
        Shape::Table(_) | Shape::Map(_) => toml(typed).filter(Value::is_inline_table),
        Shape::List(item) => list(item(), typed)?,
        Shape::OneOrMore(item) => {
            if typed.starts_with('[') {
                list(item(), typed)?
            } else {
                Some(value(item(), typed)?)
            }
        }
        Shape::Flag | Shape::Scalar | Shape::Any => toml(typed).or_else(|| Some(text(typed))),
    };
    found.ok_or_else(|| wanted(shape))
}

/// What a key of a shape takes, in words.
pub(super) fn wanted(shape: Shape) -> String {
    match shape {
        Shape::Text => "words".to_owned(),
        Shape::Bool => "true or false".to_owned(),
        Shape::Count => "a whole number".to_owned(),
        Shape::Day => "a day (2016-09-30; 2016-09 or 2016 where it is known in part)".to_owned(),
        Shape::End => "a day, or `open`".to_owned(),
        Shape::OneOf(words) => format!("one of {}", words.join(", ")),
        Shape::Word(heading) => format!("one of the code's {heading}"),
        Shape::Id([]) => "a record as `kind/id`".to_owned(),
        Shape::Id(kinds) if kinds.iter().all(|kind| !kind.contains(' ')) => {
            format!(
                "the id of a record in {}",
                kinds.iter().map(|kind| format!("{kind}/")).collect::<Vec<_>>().join(", ")
            )
        }
        Shape::Id(_) => "a seat of the body, without the body".to_owned(),
        Shape::Table(keys) => {
            let names: Vec<String> =
                keys().iter().filter(|key| !is_aside(key.name)).map(|key| format!("{} = …", key.name)).collect();
            format!("{{ {} }}", names.join(", "))
        }
        Shape::List(item) => match item() {
            table @ Shape::Table(_) => format!("a list of {}", wanted(table)),
            one => format!("a list, with commas: each {}", wanted(one)),
        },
        Shape::OneOrMore(item) => format!("{}, or a list of such", wanted(item())),
        Shape::Flag => "a word, or true or false".to_owned(),
        Shape::Scalar => "a number, a word, a day, or true or false".to_owned(),
        Shape::Map(item) => format!("{{ key = … }}, each {}", wanted(item())),
        Shape::Any => "any value".to_owned(),
    }
}

/// Keys that every entry of every list may have.
fn is_aside(name: &str) -> bool {
    matches!(name, "source" | "note")
}

/// The entries typed: a TOML list, one table, or values with commas between them.
fn list(item: Shape, typed: &str) -> Result<Option<Value>, String> {
    if typed.starts_with('[') {
        return Ok(toml(typed).filter(Value::is_array));
    }
    let mut all = Array::new();
    if matches!(item, Shape::Table(_)) {
        let Some(entry) = toml(typed).filter(Value::is_inline_table) else { return Ok(None) };
        all.push(entry);
    } else {
        for part in typed.split(',').map(str::trim).filter(|part| !part.is_empty()) {
            all.push(value(item, part)?);
        }
    }
    Ok(Some(all.into()))
}

/// A TOML value.
fn toml(typed: &str) -> Option<Value> {
    typed.parse().ok()
}

/// Words, with or without quotes around them.
fn text(typed: &str) -> Value {
    match typed.chars().next() {
        Some('"' | '\'') => toml(typed).filter(Value::is_str).unwrap_or_else(|| typed.into()),
        _ => typed.into(),
    }
}

/// A day, with or without an hour; one known in part in quotes.
fn day(typed: &str) -> Option<Value> {
    let bare = typed.trim_matches('"');
    if let Some(day) = Day::parse(bare) {
        return Some(day_value(day));
    }
    if When::parse(bare).is_some() || bare == "open" {
        return Some(bare.into());
    }
    let stamp = toml(bare)?;
    let has_day = stamp.as_datetime().is_some_and(|stamp| stamp.date.is_some() && stamp.offset.is_none());
    has_day.then_some(stamp)
}
