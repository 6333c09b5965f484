//! A record in the making: what somebody said of it, what follows from that, and the file it becomes.
//!
//! The keys, what each takes and what each means come from the tables that load records.

mod derive;
mod news;
mod said;
mod sheet;

use std::{collections::BTreeMap, sync::Arc};

use toml_edit::{Array, InlineTable, Value};

pub use self::{
    derive::{Derived, Due, due, fill, next_id},
    news::{News, news},
    sheet::{doc, takes},
};
use crate::{
    day::{Day, When},
    decode::{Key, Lexicon, Shape, meant},
    error::Error,
    finding::Problem,
    record::{Kind, Record},
    registry::read_file,
    rulebook::code::Code,
    source::Content,
    text::FileId,
};

/// What is written where nobody says anything and the key may not be left out.
pub const UNKNOWN: &str = "unknown";

/// What is typed for a number that is to be counted on from the last.
pub const NEXT: &str = "next";

/// A record in the making.
#[derive(Debug, Clone)]
pub struct Draft {
    /// Its kind.
    pub kind: Kind,
    /// Its id.
    pub id: String,
    values: BTreeMap<&'static str, Value>,
    /// The keys whose number is to be counted on from the last.
    asked_next: Vec<&'static str>,
    /// What followed from what was said.
    pub derived: Vec<Derived>,
}

impl Draft {
    /// An empty one.
    pub fn new(kind: Kind, id: impl Into<String>) -> Self {
        Self { kind, id: id.into(), values: BTreeMap::new(), asked_next: Vec::new(), derived: Vec::new() }
    }

    /// `kind/id`.
    pub fn subject(&self) -> String {
        format!("{}/{}", self.kind.folder(), self.id)
    }

    /// Takes what somebody typed for a field: a key, or with `.` between them a key and one in its table.
    /// A list grows with everything that is said of it.
    ///
    /// # Errors
    ///
    /// [`Error::Usage`] for a key that there is not, a value that it does not take, and one said twice.
    pub fn set(&mut self, field: &str, typed: &str) -> Result<(), Error> {
        let mut names = field.split('.');
        let key = key_of(self.kind.keys(), names.next().unwrap_or(""), &format!("a {}", self.kind.singular()))?;
        let rest: Vec<&str> = names.collect();
        let shape = (key.shape)();
        if typed == NEXT && rest.is_empty() && matches!(shape, Shape::Count) {
            self.asked_next.push(key.name);
            return Ok(());
        }
        let mut value = self.values.remove(key.name);
        let done = insert(&mut value, shape, &rest, typed, field);
        if let Some(value) = value {
            self.values.insert(key.name, value);
        }
        done
    }

    /// Whether something is said of a field.
    pub fn has(&self, field: &str) -> bool {
        let mut names = field.split('.');
        let first = names.next().and_then(|name| self.values.get(name));
        let below = |value: Option<&Value>, name: &str| match value {
            Some(Value::InlineTable(table)) => table.get(name).cloned(),
            Some(Value::Array(list)) => list.get(name.parse().ok()?).cloned(),
            _ => None,
        };
        names.fold(first.cloned(), |value, name| below(value.as_ref(), name)).is_some()
    }

    /// Whether a number is to be counted on from the last.
    fn asks_next(&self, key: &str) -> bool {
        self.asked_next.contains(&key)
    }

    /// Takes what follows from what was said.
    fn take(&mut self, derived: Derived) {
        if let Some(key) = self.kind.keys().iter().find(|key| derived.field.split('.').next() == Some(key.name)) {
            let mut value = self.values.remove(key.name);
            put(&mut value, derived.field.split('.').skip(1), derived.value.clone());
            self.values.extend(value.map(|value| (key.name, value)));
        }
        self.derived.push(derived);
    }

    /// Says `"unknown"` of what may not be left out and nobody said.
    pub fn complete(&mut self) {
        for key in self.kind.keys().iter().filter(|key| key.required) {
            self.values.entry(key.name).or_insert_with(|| UNKNOWN.into());
        }
    }

    /// Refuses a draft of which a number was to be counted on from the last, and that has none.
    ///
    /// # Errors
    ///
    /// [`Error::Usage`] with the key.
    pub fn counted_on(&self) -> Result<(), Error> {
        match self.asked_next.iter().find(|key| !self.values.contains_key(**key)) {
            None => Ok(()),
            Some(key) => {
                let what = format!("which `{key}` comes next does not follow from the rules and the records");
                Err(Error::usage(what, format!("say it: `--set {key}=…`")))
            }
        }
    }

    /// Refuses a draft whose file would not load, whatever else is recorded.
    ///
    /// # Errors
    ///
    /// [`Error::Usage`] with everything that is wrong with it.
    pub fn loads(&self, code: &Code) -> Result<(), Error> {
        let mut whole = self.clone();
        whole.complete();
        whole.read(&whole.text(code, false), "", FileId(0), &code.lexicon()).map(|_| ())
    }

    /// The day that the id of a meeting names, and the key that says it: a meeting is called after the day
    /// first planned, else held.
    fn day_of_id(&self) -> Option<(&'static str, When)> {
        let stem = self.id.split_once('/').filter(|_| self.kind == Kind::Meeting)?.1;
        let named = When::parse(stem).or_else(|| stem.rsplit_once('-').and_then(|(day, _)| When::parse(day)))?;
        (!self.has("planned") && !self.has("held")).then_some(("planned", named))
    }

    /// The file as it would be written; `comments` say what each key means.
    pub fn text(&self, code: &Code, comments: bool) -> String {
        sheet::text(self.kind.keys(), &self.values, code, comments)
    }

    /// The record that a text is, as it is loaded from a file.
    ///
    /// # Errors
    ///
    /// [`Error::Usage`] with everything that is wrong with it.
    fn read(&self, text: &str, path: &str, file: FileId, lexicon: &Arc<Lexicon>) -> Result<Arc<Record>, Error> {
        let below = format!("{}.toml", self.subject());
        let loaded = read_file(file, path, &below, Content::Text(text.to_owned()), lexicon);
        match (loaded.record, loaded.problems.is_empty()) {
            (Some(record), true) => Ok(record),
            // The path is none of a record: a hidden file, or one without a name.
            (None, true) => {
                let what = format!("`{}`: the id must be lower-case words joined by `-`", self.subject());
                Err(Error::usage(what, "name another id"))
            }
            (_, _) => Err(refused(&self.subject(), &loaded.problems)),
        }
    }
}

/// The key of a name; one that there is not is refused with the one that was probably meant.
fn key_of(keys: &'static [Key], name: &str, of: &str) -> Result<&'static Key, Error> {
    keys.iter().find(|key| key.name == name).ok_or_else(|| {
        let names: Vec<&str> = keys.iter().map(|key| key.name).collect();
        let hint = meant(name, names.iter().copied(), &format!("its keys are {}", names.join(", ")));
        Error::usage(format!("`{name}` is no key of {of}"), hint)
    })
}

/// Puts what was typed where the names lead to, making what lies on the way.
fn insert(slot: &mut Option<Value>, shape: Shape, names: &[&str], typed: &str, field: &str) -> Result<(), Error> {
    let Some((name, rest)) = names.split_first() else {
        let said = said::value(shape, typed).map_err(|wanted| {
            Error::usage(format!("`{field}` takes {wanted}, not `{typed}`"), "correct it, or leave it out")
        })?;
        match (slot.as_mut(), said) {
            (None, said) => *slot = Some(said),
            (Some(Value::Array(all)), Value::Array(more)) => all.extend(more.iter().cloned()),
            (Some(_), _) => {
                return Err(Error::usage(format!("`{field}` is said twice"), "say it once; only lists grow"));
            }
        }
        return Ok(());
    };
    let keys = match shape {
        Shape::Table(keys) => keys(),
        Shape::List(item) => match item() {
            Shape::Table(keys) => keys(),
            _ => return Err(no_keys(field)),
        },
        _ => return Err(no_keys(field)),
    };
    let key = key_of(keys, name, &format!("`{}`", field.split('.').next().unwrap_or(field)))?;
    let is_list = matches!(shape, Shape::List(_));
    let table = match slot.get_or_insert_with(|| if is_list { Array::new().into() } else { InlineTable::new().into() })
    {
        Value::InlineTable(table) => table,
        Value::Array(list) if list.len() <= 1 => {
            if list.is_empty() {
                list.push(InlineTable::new());
            }
            match list.get_mut(0) {
                Some(Value::InlineTable(table)) => table,
                _ => return Err(no_keys(field)),
            }
        }
        _ => return Err(no_keys(field)),
    };
    let mut value = table.remove(key.name);
    let done = insert(&mut value, (key.shape)(), rest, typed, field);
    if let Some(value) = value {
        table.insert(key.name, value);
    }
    done
}

fn no_keys(field: &str) -> Error {
    let first = field.split('.').next().unwrap_or(field);
    let hint = format!("write the whole of it: `--set '{first}={{ key = value }}'`, once for each entry of a list");
    Error::usage(format!("`{field}` does not name one value"), hint)
}

/// Puts a value where the names lead to; an entry of a list is named by its number.
fn put<'n>(slot: &mut Option<Value>, mut names: impl Iterator<Item = &'n str>, value: Value) {
    let Some(name) = names.next() else {
        *slot = Some(value);
        return;
    };
    match slot.get_or_insert_with(|| InlineTable::new().into()) {
        Value::InlineTable(table) => {
            let mut below = table.remove(name);
            put(&mut below, names, value);
            if let Some(below) = below {
                table.insert(name, below);
            }
        }
        Value::Array(list) => {
            if let Some(entry) = name.parse().ok().and_then(|at: usize| list.get_mut(at)) {
                let mut below = Some(entry.clone());
                put(&mut below, names, value);
                if let Some(below) = below {
                    *entry = below;
                }
            }
        }
        _ => {}
    }
}

/// Everything that is wrong with a draft, in one message.
fn refused(subject: &str, problems: &[Problem]) -> Error {
    let messages: Vec<&str> = problems.iter().map(|problem| problem.message.as_str()).collect();
    let help = problems.iter().find_map(|problem| problem.help.clone());
    let hint = help.unwrap_or_else(|| "correct what `--set` says of it".to_owned());
    Error::usage(format!("`{subject}` would not load: {}", messages.join("; ")), hint)
}

/// A day as TOML writes it.
fn day_value(day: Day) -> Value {
    day.to_string().parse().unwrap_or_else(|_| UNKNOWN.into())
}
