//! Single values and tables as schemas.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use super::Words;
use crate::{
    decode::{Key, Shape},
    record::{
        Kind,
        id::{ANY, SEAT_OF_BODY},
    },
};

/// The dialect that taplo and tombi read.
const DRAFT: &str = "http://json-schema.org/draft-07/schema#";

/// Lower-case words joined by `-`.
const WORDS: &str = "[a-z0-9]+(-[a-z0-9]+)*";

/// The code's own form of a modification's id.
const CODE_FORM: &str = "[A-Z]+[0-9]+[A-Z]?";

/// A day, a month or a year.
const PART: &str = "[0-9]{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12][0-9]|3[01]))?)?";

/// A day in full.
const DAY: &str = "[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])";

/// Makes schemas, and keeps what several of their parts share.
pub(super) struct Maker<'w> {
    words: &'w Words,
    /// In a rule's file `"unknown"` is no value of a parameter.
    of_rule: bool,
    /// Required keys may be left out.
    lenient: bool,
    shared: BTreeMap<String, Value>,
}

/// An object of these entries.
pub(super) fn object(entries: impl IntoIterator<Item = (String, Value)>) -> Value {
    Value::Object(entries.into_iter().collect::<Map<_, _>>())
}

/// A schema with what it is about. What only points elsewhere cannot say more in this dialect, so
/// it is wrapped.
pub(super) fn described(schema: Value, doc: &str) -> Value {
    let doc = doc.trim();
    match schema {
        Value::Object(mut map) if !map.contains_key("$ref") => {
            map.insert("description".into(), json!(doc));
            Value::Object(map)
        }
        other => json!({ "allOf": [other], "description": doc }),
    }
}

impl<'w> Maker<'w> {
    pub(super) fn new(words: &'w Words) -> Self {
        Self { words, of_rule: false, lenient: false, shared: BTreeMap::new() }
    }

    pub(super) fn of_rule(mut self) -> Self {
        self.of_rule = true;
        self
    }

    /// A whole schema: what the table says, and what its parts share.
    pub(super) fn whole(self, title: &str, doc: &str, table: Value) -> Value {
        let Value::Object(mut whole) = table else { return table };
        whole.insert("$schema".into(), json!(DRAFT));
        whole.insert("title".into(), json!(title));
        whole.insert("description".into(), json!(doc.trim()));
        whole.insert("x-tombi-toml-version".into(), json!("v1.0.0"));
        if !self.shared.is_empty() {
            whole.insert("definitions".into(), object(self.shared));
        }
        Value::Object(whole)
    }

    /// Keeps a schema that several parts share, and points at it. Two that differ get two names.
    pub(super) fn define(&mut self, name: &str, schema: Value) -> Value {
        let numbered = (2..).map(|number: u32| format!("{name}-{number}"));
        for name in std::iter::once(name.to_owned()).chain(numbered) {
            if self.shared.get(&name).is_none_or(|kept| *kept == schema) {
                self.shared.insert(name.clone(), schema);
                return json!({ "$ref": format!("#/definitions/{name}") });
            }
        }
        schema
    }

    /// What several parts share, made only once.
    fn shared(&mut self, name: &str, make: impl FnOnce() -> Value) -> Value {
        self.shared.entry(name.to_owned()).or_insert_with(make);
        json!({ "$ref": format!("#/definitions/{name}") })
    }

    /// A table with these keys and no others.
    pub(super) fn table(&mut self, keys: &[Key]) -> Value {
        let properties: Vec<(String, Value)> = keys
            .iter()
            .map(|key| {
                let schema = self.of_key(key);
                (key.name.to_owned(), described(schema, key.doc))
            })
            .collect();
        let required: Vec<&str> = keys.iter().filter(|key| key.required && !self.lenient).map(|key| key.name).collect();
        json!({
            "type": "object",
            "properties": object(properties),
            "required": required,
            "additionalProperties": false,
        })
    }

    /// The same, any key of which may be left out.
    pub(super) fn part(&mut self, keys: &[Key]) -> Value {
        let mut table = self.table(keys);
        if let Some(table) = table.as_object_mut() {
            table.insert("required".into(), json!([]));
        }
        table
    }

    /// The records of an example: `"kind/id" = { … }`, in which required keys may be left out.
    pub(super) fn records(&mut self) -> Value {
        if !self.shared.contains_key("records") {
            let (of_rule, lenient) = (self.of_rule, self.lenient);
            (self.of_rule, self.lenient) = (false, true);
            let kinds: Vec<(String, Value)> = Kind::ALL
                .iter()
                .map(|kind| {
                    let table = self.table(kind.keys());
                    let at = self.define(&format!("record-{}", kind.folder()), described(table, kind.doc()));
                    (format!("^{}/", kind.folder()), at)
                })
                .collect();
            (self.of_rule, self.lenient) = (of_rule, lenient);
            self.define(
                "records",
                json!({
                    "type": "object",
                    "description": "The records, as `\"kind/id\" = { … }`.",
                    "patternProperties": object(kinds),
                    "additionalProperties": false,
                }),
            );
        }
        json!({ "$ref": "#/definitions/records" })
    }

    /// What a key takes. `basis = "unknown"` is a word of rules too.
    fn of_key(&mut self, key: &Key) -> Value {
        match (key.shape)() {
            Shape::OneOf(words) if !self.of_rule || key.name == "basis" => {
                json!({ "enum": words.iter().copied().chain(["unknown"]).collect::<Vec<_>>() })
            }
            Shape::List(item) if matches!(item(), Shape::Table(_)) => {
                let entry = self.value(item());
                let entry = self.define(key.name, entry);
                self.list(&entry, true)
            }
            shape => self.field(shape),
        }
    }

    /// A list of such entries; a single table may stand for a list of one.
    pub(super) fn list(&self, entry: &Value, is_table: bool) -> Value {
        let single = is_table.then(|| entry.clone());
        let list = json!({ "type": "array", "items": entry });
        let others = single.into_iter().chain((!self.of_rule).then(|| json!({ "const": "unknown" })));
        any_of(std::iter::once(list).chain(others).collect())
    }

    /// What a value of a shape is.
    fn field(&mut self, shape: Shape) -> Value {
        match shape {
            Shape::List(item) => {
                let item = item();
                let entry = self.field(item);
                self.list(&entry, matches!(item, Shape::Table(_)))
            }
            Shape::Map(item) => {
                let item = self.field(item());
                json!({ "type": "object", "additionalProperties": item })
            }
            other => self.value(other),
        }
    }

    /// What a value is, `"unknown"` among it where it may be.
    fn value(&mut self, shape: Shape) -> Value {
        let open = !self.of_rule;
        let or_unknown =
            |schema: Value| if open { any_of(vec![schema, json!({ "const": "unknown" })]) } else { schema };
        match shape {
            Shape::Text => json!({ "type": "string" }),
            Shape::Bool => or_unknown(json!({ "type": "boolean" })),
            Shape::Count => or_unknown(json!({ "type": "integer", "minimum": 0, "maximum": 1_000_000 })),
            Shape::Day if open => self.day(),
            Shape::Day => self.known_day_or_part(),
            Shape::End => {
                let day = self.known_day();
                any_of(vec![day, json!({ "const": "open" })])
            }
            Shape::OneOf(words) if open => {
                json!({ "enum": words.iter().copied().chain(["unknown"]).collect::<Vec<_>>() })
            }
            Shape::OneOf(words) => json!({ "enum": words }),
            Shape::Word(heading) => self.word(heading),
            Shape::Id(kinds) => self.id(kinds),
            Shape::Table(keys) => or_unknown(self.table(keys())),
            Shape::OneOrMore(item) => {
                let item = self.field(item());
                any_of(vec![item.clone(), json!({ "type": "array", "items": item })])
            }
            Shape::Flag => any_of(vec![json!({ "type": "string" }), json!({ "type": "boolean" })]),
            Shape::Scalar => any_of(vec![
                json!({ "type": "integer", "minimum": 0, "maximum": 1_000_000 }),
                json!({ "type": "boolean" }),
                json!({ "type": "string" }),
                json!({ "type": "string", "format": "date" }),
                json!({ "type": "string", "format": "partial-date-time" }),
            ]),
            Shape::Any => json!({}),
            Shape::List(_) | Shape::Map(_) => self.field(shape),
        }
    }

    /// A word that a code lists under a heading.
    fn word(&mut self, heading: &'static str) -> Value {
        let open = !self.of_rule;
        let name = if open { heading.to_owned() } else { format!("{heading}-of-rules") };
        let schema = match self.words.under(heading) {
            None => json!({ "type": "string", "minLength": 1, "description": format!("One of the code's {heading}.") }),
            Some(words) => {
                let all: Vec<&str> = words.iter().map(String::as_str).chain(open.then_some("unknown")).collect();
                json!({ "enum": all, "description": format!("One of the code's {heading}.") })
            }
        };
        self.shared(&name, || schema)
    }

    /// The id of a record of one of some kinds.
    fn id(&mut self, kinds: &'static [&'static str]) -> Value {
        let name =
            if kinds == ANY { "subject".to_owned() } else { format!("id-{}", kinds.join("-").replace(' ', "-")) };
        self.shared(&name, || {
            let doc = match kinds {
                _ if kinds == ANY => "A record, as `kind/id`.".to_owned(),
                _ if kinds == SEAT_OF_BODY => "A seat of the body, without the body.".to_owned(),
                _ => format!(
                    "The id of a record under {}.",
                    kinds.iter().map(|one| format!("`{one}/`")).collect::<Vec<_>>().join(", ")
                ),
            };
            json!({ "type": "string", "pattern": format!("^({})$", form(kinds)), "description": doc })
        })
    }

    /// A day, one known in part, or one not known.
    fn day(&mut self) -> Value {
        self.known_day();
        self.shared("day", || {
            json!({
                "description": "A day: 2016-09-30; \"2016-09\", \"2016\" or \"2016-10-24/2016-10-26\" where it is known in part; \"unknown\" where no source says.",
                "anyOf": [
                    { "$ref": "#/definitions/known-day" },
                    { "type": "string", "pattern": format!("^({PART}|{PART}/{PART}|{PART}/|/{PART}|unknown)$") },
                ],
            })
        })
    }

    /// A day, in full or in part: what a rule's own dates may be.
    fn known_day_or_part(&mut self) -> Value {
        self.known_day();
        self.shared("day-of-rules", || {
            json!({
                "description": "A day: 2016-09-30.",
                "anyOf": [
                    { "$ref": "#/definitions/known-day" },
                    { "type": "string", "pattern": format!("^({PART}|{PART}/{PART}|{PART}/|/{PART})$") },
                ],
            })
        })
    }

    /// A day, known to the day.
    pub(super) fn known_day(&mut self) -> Value {
        self.shared("known-day", || {
            json!({
                "description": "A day: 2016-09-30.",
                "anyOf": [
                    { "type": "string", "format": "date", "pattern": format!("^{DAY}$") },
                    { "type": "string", "format": "partial-date-time", "pattern": format!("^{DAY}[Tt ][0-9]{{2}}:[0-9]{{2}}(:[0-9]{{2}}([.][0-9]+)?)?$") },
                    { "type": "string", "pattern": format!("^{DAY}$") },
                ],
            })
        })
    }
}

/// The form of the ids of some kinds.
fn form(kinds: &'static [&'static str]) -> String {
    if kinds == ANY {
        return format!("unknown|({})/[^/].*", Kind::FOLDERS.join("|"));
    }
    let mut forms = vec![WORDS];
    let pair = format!("{WORDS}/{WORDS}");
    if kinds.iter().any(|kind| *kind == "seats" || *kind == "meetings") {
        forms = vec!["unknown", &pair];
    }
    if kinds.contains(&"modifications") {
        forms.push(CODE_FORM);
    }
    forms.join("|")
}

/// Any of some schemas; the only one as it is.
fn any_of(mut schemas: Vec<Value>) -> Value {
    match schemas.len() {
        1 => schemas.pop().unwrap_or_default(),
        _ => json!({ "anyOf": schemas }),
    }
}
