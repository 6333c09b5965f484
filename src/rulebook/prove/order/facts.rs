//! Records whose events are on given days: which key of a kind of record gives an event is tried,
//! not known.

use std::collections::BTreeMap;

use toml::de::DeTable;

use crate::{
    day::Day,
    decode::{Key, Map, Reader, Shape},
    record::{Body, Kind},
    rulebook::raw::Words,
    text::{FileId, Span},
};

/// What a record says, key by key; a key with entries of its own is a table, or a list of one.
#[derive(Default)]
struct Says(BTreeMap<&'static str, Part>);

enum Part {
    Plain(String),
    Table(BTreeMap<&'static str, String>),
    List(Vec<BTreeMap<&'static str, String>>),
}

/// A way to say when something happened.
#[derive(Clone, Copy)]
enum Way {
    Plain(&'static str),
    Table(&'static str, &'static str),
    List(&'static str, &'static str),
}

/// The record of a kind with these events, selected by all of these; nothing where an event has no
/// key that a day alone would give.
pub(super) fn record(kind: Kind, days: &BTreeMap<&str, Day>, selects: &[&Map<Words>]) -> Option<(String, String)> {
    let mut says = Says::default();
    for (event, day) in days {
        match ways(kind).into_iter().find(|way| gives(kind, *way, event, *day)) {
            Some(way) => says.put(way, day.to_string()),
            None => says.step(kind, event, *day)?,
        }
    }
    let mut folder = String::new();
    for (key, _, words) in selects.iter().flat_map(|selects| selects.iter()) {
        let others = selects.iter().filter_map(|selects| selects.get(key).and_then(|fact| fact.known()));
        let others: Vec<&Words> = others.collect();
        let word = words.iter().find(|word| others.iter().all(|other| other.has(word)))?;
        let value = if matches!(word, "true" | "false") { word.to_owned() } else { format!("\"{word}\"") };
        match kind.keys().iter().find(|one| one.name == key).map(|one| (one.name, (one.shape)())) {
            Some((name, Shape::List(_))) => {
                let entry = BTreeMap::from([("is", value), ("from", days.values().min()?.to_string())]);
                says.0.insert(name, Part::List(vec![entry]));
            }
            Some((name, _)) => {
                says.0.insert(name, Part::Plain(value));
            }
            None => folder = format!("{word}/"),
        }
    }
    Some((format!("{}/{folder}a", kind.folder()), says.text()))
}

/// Every key of a kind that a day can stand at.
fn ways(kind: Kind) -> Vec<Way> {
    let is_day = |key: &&Key| matches!((key.shape)(), Shape::Day);
    let mut found: Vec<Way> = kind.keys().iter().filter(is_day).map(|key| Way::Plain(key.name)).collect();
    for key in kind.keys() {
        let below = match (key.shape)() {
            Shape::Table(keys) => Some((keys(), false)),
            Shape::List(item) => match item() {
                Shape::Table(keys) => Some((keys(), true)),
                _ => None,
            },
            _ => None,
        };
        if let Some((keys, is_list)) = below {
            let way = |own: &Key| if is_list { Way::List(key.name, own.name) } else { Way::Table(key.name, own.name) };
            found.extend(keys.iter().filter(is_day).map(way));
        }
    }
    found
}

/// Whether a day written so is the day of the event.
fn gives(kind: Kind, way: Way, event: &str, day: Day) -> bool {
    let mut says = Says::default();
    says.put(way, day.to_string());
    read(kind, &says).event(event).is_some_and(
        |(_, dates)| matches!(dates.as_slice(), [one] if one.when.and_then(crate::day::When::day) == Some(day)),
    )
}

fn read(kind: Kind, says: &Says) -> Body {
    let text = format!("a = {}", says.text());
    let (table, _) = DeTable::parse_recoverable(&text);
    let mut reader = Reader::new(FileId(0)).lenient();
    let empty = DeTable::new();
    let table = table.get_ref().get("a").and_then(|raw| raw.get_ref().as_table()).unwrap_or(&empty);
    Body::read(kind, &mut reader, table, Span::default())
}

impl Says {
    fn put(&mut self, way: Way, value: String) {
        match way {
            Way::Plain(key) => {
                self.0.insert(key, Part::Plain(value));
            }
            Way::Table(key, own) => {
                if let Part::Table(table) = self.0.entry(key).or_insert_with(|| Part::Table(BTreeMap::new())) {
                    table.insert(own, value);
                }
            }
            Way::List(key, own) => {
                let list = self.0.entry(key).or_insert_with(|| Part::List(Vec::new()));
                if let Part::List(items) = list {
                    items.push(BTreeMap::from([(own, value)]));
                }
            }
        }
    }

    /// A step of a modification, whose events are the code's stages.
    fn step(&mut self, kind: Kind, stage: &str, day: Day) -> Option<()> {
        if kind != Kind::Modification {
            return None;
        }
        let entry = BTreeMap::from([("to", format!("\"{stage}\"")), ("on", day.to_string())]);
        let list = self.0.entry("step").or_insert_with(|| Part::List(Vec::new()));
        if let Part::List(items) = list {
            items.push(entry);
        }
        Some(())
    }

    fn text(&self) -> String {
        let table = |entries: &BTreeMap<&'static str, String>| {
            let all: Vec<String> = entries.iter().map(|(key, value)| format!("{key} = {value}")).collect();
            format!("{{ {} }}", all.join(", "))
        };
        let parts: BTreeMap<&'static str, String> = self
            .0
            .iter()
            .map(|(key, part)| {
                let value = match part {
                    Part::Plain(value) => value.clone(),
                    Part::Table(entries) => table(entries),
                    Part::List(items) => format!("[{}]", items.iter().map(table).collect::<Vec<_>>().join(", ")),
                };
                (*key, value)
            })
            .collect();
        table(&parts)
    }
}
