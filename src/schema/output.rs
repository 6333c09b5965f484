//! What is printed as JSON, field by field. A printed document that has a field which lacks here, or
//! lacks one that stands here, fails a test (`tests/schemas.rs`).

mod documents;

use serde_json::{Value, json};

use super::value::object;

/// What a printed value is.
#[derive(Debug, Clone, Copy)]
pub enum Printed {
    /// Words.
    Text,
    /// A day: `2016-09-30`.
    Day,
    /// A whole number.
    Number,
    /// A whole number from 0.
    Count,
    /// True or false.
    Flag,
    /// One of these words.
    OneOf(&'static [&'static str]),
    /// This, or null.
    Maybe(&'static Printed),
    /// A list of these.
    List(&'static Printed),
    /// An object with these fields.
    Object(&'static [Item]),
}

/// One field: its name, whether it is always there, what it is, what it says.
#[derive(Debug, Clone, Copy)]
pub struct Item(pub &'static str, pub bool, pub Printed, pub &'static str);

use Printed::{Count, Day, Flag, List, Maybe, Number, Object, OneOf, Text};

/// Every kind of document that is printed as JSON: its name, what prints it, its fields.
const ALL: &[(&str, &str, &[Item])] = &[
    ("check", "What `quorate check --format json` prints.", documents::CHECK),
    ("due", "What `quorate due --format json` prints.", documents::DUE),
    ("explain", "What `quorate explain KIND/ID --format json` prints.", documents::EXPLAIN),
    ("audit", "What `quorate audit --format json` prints.", documents::AUDIT),
    ("log", "What `quorate log KIND/ID --format json` prints.", documents::LOG),
    ("coverage", "What `quorate rules coverage --format json` prints.", documents::COVERAGE),
];

/// The names of the documents.
pub fn names() -> impl Iterator<Item = &'static str> {
    ALL.iter().map(|(name, _, _)| *name)
}

/// The schema of a document; nothing for a name that is none.
pub fn schema(name: &str) -> Option<Value> {
    let (name, doc, items) = ALL.iter().find(|(one, _, _)| *one == name)?;
    let mut whole = printed(Object(items));
    if let Some(whole) = whole.as_object_mut() {
        whole.insert("$schema".into(), json!("http://json-schema.org/draft-07/schema#"));
        whole.insert("title".into(), json!(format!("output of quorate {name}")));
        whole.insert("description".into(), json!(doc));
    }
    Some(whole)
}

/// The schema of a value. Fields may be added later, so it takes others too.
fn printed(value: Printed) -> Value {
    match value {
        Text => json!({ "type": "string" }),
        Day => json!({ "type": "string", "format": "date" }),
        Number => json!({ "type": "integer" }),
        Count => json!({ "type": "integer", "minimum": 0 }),
        Flag => json!({ "type": "boolean" }),
        OneOf(words) => json!({ "enum": words }),
        Maybe(value) => json!({ "anyOf": [printed(*value), { "type": "null" }] }),
        List(value) => json!({ "type": "array", "items": printed(*value) }),
        Object(items) => {
            let required: Vec<&str> = items.iter().filter(|item| item.1).map(|item| item.0).collect();
            let properties = items.iter().map(|Item(name, _, value, doc)| {
                let mut schema = printed(*value);
                if let Some(schema) = schema.as_object_mut() {
                    schema.insert("description".into(), json!(doc));
                }
                ((*name).to_owned(), schema)
            });
            json!({ "type": "object", "properties": object(properties), "required": required })
        }
    }
}
