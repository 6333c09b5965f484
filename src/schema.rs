//! JSON Schemas (draft-07) of every file that quorate reads and every document that it prints.
//!
//! Those of files are made from the tables by which the files are read ([`crate::decode::Key`]): a
//! key that is read is in its schema. Editors take draft-07; `docs/schemas.md` says how they are
//! wired, and where what an editor says differs from what `quorate check` says.

pub mod output;
mod value;

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use self::value::{Maker, object};
use crate::{
    decode::{Key, Table},
    kind::{KINDS, KindDef},
    record::{self, Kind},
    registry::Header,
    rulebook::{
        Rulebook,
        code::{Code, CodeFile},
        coverage::CoverageFile,
        load::CalendarFile,
        rule::{Example, Head, Reading, VariationHead, VersionHead},
    },
};

/// The headings under which a code lists words.
const HEADINGS: &[&str] = &["categories", "constituencies", "bodies", "actors", "paths", "stages", "limbs", "feeds"];

/// The words that a schema offers, by heading. Where there are none it takes any: a schema for
/// every code.
#[derive(Debug, Default)]
pub struct Words(BTreeMap<&'static str, Vec<String>>);

impl Words {
    /// The words of a rulebook, its calendars among them.
    pub fn of(book: &Rulebook) -> Self {
        let mut words = Self::of_code(&book.code);
        words.0.insert("calendars", book.calendars.names().map(ToOwned::to_owned).collect());
        words
    }

    /// The words of a `code.toml` alone.
    pub fn of_code(code: &Code) -> Self {
        let listed = |heading: &&'static str| (*heading, code.words(heading).map(ToOwned::to_owned).collect());
        Self(HEADINGS.iter().map(listed).collect())
    }

    fn under(&self, heading: &str) -> Option<&[String]> {
        self.0.get(heading).map(Vec::as_slice)
    }
}

/// The schema of the records of a kind.
pub fn record(kind: Kind, words: &Words) -> Value {
    let mut maker = Maker::new(words);
    let title = format!("a {} of a quorate registry: `registry/{}/`", kind.singular(), kind.folder());
    let table = maker.table(kind.keys());
    maker.whole(&title, kind.doc(), table)
}

/// The schema of `registry.toml`.
pub fn registry(words: &Words) -> Value {
    let mut maker = Maker::new(words);
    let mut table = maker.table(<Header as Table>::KEYS);
    cover_kinds(&mut table);
    maker.whole("registry.toml", "What the registry is, and how complete it is.", table)
}

/// The schema of `rules/code.toml`.
pub fn code() -> Value {
    of_rules::<CodeFile>("rules/code.toml", "The words of one code.")
}

/// The schema of `rules/sources/KEY.toml`.
pub fn source() -> Value {
    let words = Words::default();
    let mut maker = Maker::new(&words);
    let table = maker.table(<record::source::Source as Table>::KEYS);
    maker.whole("rules/sources/KEY.toml", "What rules are taken from.", table)
}

/// The schema of `rules/calendars/NAME.toml`.
pub fn calendar() -> Value {
    of_rules::<CalendarFile>("rules/calendars/NAME.toml", "The bank holidays of a place.")
}

/// The schema of `rules/coverage.toml`.
pub fn coverage() -> Value {
    of_rules::<CoverageFile>("rules/coverage.toml", "How each row of what is known of the code is looked after.")
}

/// The schema of `rules/fixtures/NAME.toml`.
pub fn fixture(words: &Words) -> Value {
    let mut maker = Maker::new(words);
    let records = maker.records();
    let table = json!({ "type": "object", "properties": { "records": records }, "additionalProperties": true });
    maker.whole("rules/fixtures/NAME.toml", "Records that examples of rules are laid over.", table)
}

fn of_rules<T: Table>(title: &str, doc: &str) -> Value {
    let words = Words::default();
    let mut maker = Maker::new(&words).of_rule();
    let table = maker.table(T::KEYS);
    maker.whole(title, doc, table)
}

/// The schema of the rules of a kind.
pub fn rule(kind: &dyn KindDef, words: &Words) -> Value {
    let mut maker = Maker::new(words).of_rule();
    let table = rule_table(kind, &mut maker);
    maker.whole(&format!("a rule of the kind `{}`", kind.name()), first_paragraph(kind.doc()), table)
}

/// The schema of transitional variations.
pub fn variation(words: &Words) -> Value {
    let mut maker = Maker::new(words).of_rule();
    let table = variation_table(&mut maker);
    maker.whole("a transitional variation", "What an instrument does to rules for a time.", table)
}

/// The schema of every rule file, whatever its kind.
pub fn any_rule(words: &Words) -> Value {
    let mut maker = Maker::new(words).of_rule();
    let mut tables: Vec<(&str, Value)> =
        KINDS.iter().map(|kind| (kind.name(), rule_table(*kind, &mut maker))).collect();
    tables.push(("variation", variation_table(&mut maker)));
    let mut cases = Vec::new();
    let names: Vec<&str> = tables.iter().map(|(name, _)| *name).collect();
    for (name, table) in tables {
        let at = maker.define(&format!("rule-{name}"), table);
        let is = json!({ "properties": { "kind": { "const": name } }, "required": ["kind"] });
        cases.push(json!({ "if": is, "then": at }));
    }
    let kind = json!({ "enum": names, "description": "The kind of rule." });
    let whole = json!({
        "type": "object",
        "properties": { "kind": kind },
        "required": ["kind"],
        "additionalProperties": true,
        "allOf": cases,
    });
    maker.whole("a rule", "A rule or a variation; `kind` says which keys it has.", whole)
}

fn rule_table(kind: &dyn KindDef, maker: &mut Maker<'_>) -> Value {
    let keys: Vec<Key> = <Head as Table>::KEYS.iter().chain(kind.about_keys()).copied().collect();
    let version = version(kind, maker);
    let version = maker.define("version", version);
    let mut table = maker.table(&keys);
    head(&mut table, kind.name(), first_paragraph(kind.doc()), maker);
    set(&mut table, "version", value::described(maker.list(&version, true), "The versions, by date."));
    require(&mut table, "version");
    table
}

fn variation_table(maker: &mut Maker<'_>) -> Value {
    let keys: Vec<Key> = <Head as Table>::KEYS.iter().chain(<VariationHead as Table>::KEYS).copied().collect();
    let mut table = maker.table(&keys);
    head(&mut table, "variation", "A transitional variation made by an instrument.", maker);
    table
}

/// What the table of every rule file has in common beyond its keys.
fn head(table: &mut Value, name: &str, doc: &str, maker: &mut Maker<'_>) {
    set(table, "kind", json!({ "const": name, "description": doc }));
    let mut example = maker.table(<Example as Table>::KEYS);
    set(&mut example, "records", maker.records());
    let day = maker.known_day();
    let days = json!({ "anyOf": [day.clone(), { "type": "array", "items": day }] });
    set(&mut example, "on", value::described(days, "The day, or the days, judged."));
    cover_kinds(&mut example);
    let example = maker.define("example", example);
    set(table, "example", value::described(maker.list(&example, true), "Cases with the outcome that they must have."));
}

/// A version of a rule: its days, its evidence, and the parameters of its kind, which one of which
/// nobody knows what held has not.
fn version(kind: &dyn KindDef, maker: &mut Maker<'_>) -> Value {
    let own = kind.terms_keys();
    let keys: Vec<Key> = <VersionHead as Table>::KEYS.iter().chain(own).copied().collect();
    let mut table = maker.table(&keys);
    for bound in ["from", "until"] {
        let doc = <VersionHead as Table>::KEYS.iter().find(|key| key.name == bound).map_or("", |key| key.doc);
        let day = maker.known_day();
        set(&mut table, bound, value::described(day, doc));
    }
    let partial = maker.part(own);
    let reading = {
        let mut reading = maker.table(<Reading as Table>::KEYS);
        set(&mut reading, "set", value::described(partial, "The parameters that it gives another value."));
        reading
    };
    let reading = maker.define("reading", reading);
    set(
        &mut table,
        "readings",
        value::described(maker.list(&reading, true), "Other admissible readings of the words."),
    );
    let required: Vec<&str> = own.iter().filter(|key| key.required).map(|key| key.name).collect();
    if let Some(table) = table.as_object_mut() {
        table.insert("required".into(), json!(["basis"]));
        table.insert("anyOf".into(), json!([{ "required": ["from"] }, { "required": ["when-implemented"] }]));
        let none: Map<String, Value> = own.iter().map(|key| (key.name.to_owned(), json!(false))).collect();
        table.insert("if".into(), json!({ "properties": { "basis": { "const": "unknown" } }, "required": ["basis"] }));
        table.insert("then".into(), json!({ "properties": none }));
        table.insert("else".into(), json!({ "required": required }));
    }
    table
}

/// Coverage is said of kinds, or of folders of one.
fn cover_kinds(table: &mut Value) {
    let Some(coverage) = property(table, "coverage") else { return };
    let said =
        coverage.as_object_mut().and_then(|coverage| coverage.insert("additionalProperties".into(), json!(false)));
    if let (Some(said), Some(coverage)) = (said, coverage.as_object_mut()) {
        let kinds = format!("^({})(/|$)", Kind::FOLDERS.join("|"));
        coverage.insert("patternProperties".into(), object([(kinds, said)]));
    }
}

/// The first paragraph of a page of the manual, behind its heading.
fn first_paragraph(page: &'static str) -> &'static str {
    let paragraphs = page.split("\n\n").map(str::trim);
    paragraphs.filter(|part| !part.is_empty()).find(|part| !part.starts_with('#')).unwrap_or("")
}

fn property<'t>(table: &'t mut Value, key: &str) -> Option<&'t mut Value> {
    table.get_mut("properties")?.get_mut(key)
}

fn set(table: &mut Value, key: &str, value: Value) {
    if let Some(properties) = table.get_mut("properties").and_then(Value::as_object_mut) {
        properties.insert(key.to_owned(), value);
    }
}

fn require(table: &mut Value, key: &str) {
    if let Some(required) = table.get_mut("required").and_then(Value::as_array_mut)
        && !required.iter().any(|one| one == key)
    {
        required.push(json!(key));
    }
}

/// A schema as it is printed: indented, with a line break at the end.
pub fn text(schema: &Value) -> String {
    format!("{schema:#}\n")
}

/// Every schema that a repository keeps a copy of under `schemas/`, each with the path of its copy.
pub fn all(words: &Words) -> Vec<(String, Value)> {
    let records = Kind::ALL.iter().map(|kind| (format!("records/{}.json", kind.folder()), record(*kind, words)));
    let outputs = output::names().filter_map(|name| Some((format!("output/{name}.json"), output::schema(name)?)));
    let others = [
        ("registry.json", registry(words)),
        ("rule.json", any_rule(words)),
        ("rules/code.json", code()),
        ("rules/source.json", source()),
        ("rules/calendar.json", calendar()),
        ("rules/fixture.json", fixture(words)),
        ("rules/coverage.json", coverage()),
    ];
    records.chain(others.map(|(path, schema)| (path.to_owned(), schema))).chain(outputs).collect()
}
