//! What a change says in plain words: which facts are other than before, not which lines.

use std::{
    collections::{BTreeMap, BTreeSet, VecDeque},
    fmt::Write as _,
};

use rustc_hash::{FxHashMap, FxHashSet};
use toml::de::{DeTable, DeValue};

use crate::{
    day::When,
    decode::{Key, Raw, Shape, value::raw_text},
    record::Kind,
    source::Content,
};

/// What happened to a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum What {
    /// It is new.
    Added,
    /// It is gone.
    Removed,
    /// It has another path; here is the one before.
    Moved(String),
    /// It says something else, or the same in other words.
    Changed,
}

impl What {
    /// The word used in output.
    pub fn word(&self) -> &'static str {
        match self {
            Self::Added => "added",
            Self::Removed => "removed",
            Self::Moved(_) => "moved",
            Self::Changed => "changed",
        }
    }
}

/// One fact that is other than before.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fact {
    /// The key of the record that it belongs to.
    pub field: String,
    /// The key, with the entry of a list that it belongs to: ``tenure `ann`: ended``.
    pub key: String,
    /// What it said; nothing where it was left out.
    pub was: Option<String>,
    /// What it says; nothing where it is left out.
    pub now: Option<String>,
    /// The keys beside it that say the same as before.
    pub same: Vec<String>,
    /// The day on which the world changed, as the record has it: the fact itself where it is a day,
    /// else the first day of its entry.
    pub legal: Option<String>,
}

/// What changed in one file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// The record as `kind/id`, or the path of a rule's file.
    pub subject: String,
    /// The path of the file, as it is now; where it is gone, as it was.
    pub path: String,
    /// What happened to the file.
    pub what: What,
    /// The facts that are other than before. None: no change of fact.
    pub facts: Vec<Fact>,
}

impl Fact {
    /// A fact at a path of keys.
    fn new(path: &str, was: Option<String>, now: Option<String>) -> Self {
        let field = path.trim_start_matches('`').split('`').next().unwrap_or("").to_owned();
        Self { field, key: path.to_owned(), was, now, same: Vec::new(), legal: None }
    }

    /// The fact in a sentence: ``tenure `ann`: `ended` was left out, is 2016-11-01``.
    pub fn sentence(&self) -> String {
        let mut text = match (&self.was, &self.now) {
            (Some(was), Some(now)) => format!("{} from {was} to {now}", self.key),
            (None, Some(now)) => format!("{} added: {now}", self.key),
            (Some(was), None) => format!("{} taken out: {was}", self.key),
            (None, None) => self.key.clone(),
        };
        if !self.same.is_empty() {
            let _ = write!(text, " ({} unchanged)", self.same.join(", "));
        }
        text
    }
}

/// One file of a tree.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct File<'t> {
    /// Its path, relative to the repository root.
    pub path: &'t str,
    /// What it says.
    pub content: &'t str,
}

/// What changed between two trees, by path. `folder` is the registry's: files below it are records.
pub fn between<'t>(folder: &str, before: &[File<'t>], after: &[File<'t>]) -> Vec<Change> {
    let content: BTreeMap<&str, &str> = before.iter().map(|file| (file.path, file.content)).collect();
    let changed = |file: &&File<'_>| content.get(file.path).is_none_or(|was| !is_same_text(was, file.content));
    let kept: BTreeSet<&str> = after.iter().map(|file| file.path).collect();
    let new: Vec<File<'_>> = after.iter().filter(changed).copied().collect();
    let gone = before.iter().filter(|file| !kept.contains(file.path)).map(|file| (file.path, file.content));
    let mut gone = Gone::new(gone.collect());
    let mut all = Vec::new();
    for file in new {
        let (subject, keys) = subject(folder, file.path);
        let change = |what, was: &str| Change {
            subject: subject.clone(),
            path: file.path.to_owned(),
            what,
            facts: facts(keys, was, file.content),
        };
        all.push(match content.get(file.path) {
            Some(was) => change(What::Changed, was),
            None => match gone.take(&file) {
                Some((path, was)) => change(What::Moved(self::subject(folder, path).0), was),
                None => change(What::Added, ""),
            },
        });
    }
    for (path, was) in gone.files {
        let (subject, keys) = subject(folder, path);
        all.push(Change { subject, what: What::Removed, facts: facts(keys, was, ""), path: path.to_owned() });
    }
    all.sort_by(|one, other| one.path.cmp(&other.path));
    all
}

/// Whether two texts say the same, whichever line ends a work tree gave them (`core.autocrlf`).
pub(crate) fn is_same_text(one: &str, other: &str) -> bool {
    one == other
        || one.split("\r\n").flat_map(|part| part.split('\n')).eq(other.split("\r\n").flat_map(|part| part.split('\n')))
}

/// Whether two rule files say the same. Letters that could deceive are looked for in comments too.
pub(crate) fn say_the_same(was: &Content, now: &Content) -> bool {
    match (was, now) {
        (Content::Text(was), Content::Text(now)) => texts_say_the_same(was, now),
        _ => was == now,
    }
}

/// The same of their texts.
pub(crate) fn texts_say_the_same(was: &str, now: &str) -> bool {
    let is_plain = |text: &str| text.bytes().all(|byte| matches!(byte, b'\n' | b'\r' | b'\t' | b' '..=b'~'));
    is_same_text(was, now)
        || is_plain(was) && is_plain(now) && {
            let [was, now] = [was, now].map(DeTable::parse);
            was.is_ok_and(|was| now.is_ok_and(|now| same_tables(was.get_ref(), now.get_ref())))
        }
}

fn same_tables(one: &DeTable<'_>, other: &DeTable<'_>) -> bool {
    let same = |(one, other): ((&Name<'_>, &Raw<'_>), (&Name<'_>, &Raw<'_>))| {
        one.0.get_ref() == other.0.get_ref() && same_values(one.1.get_ref(), other.1.get_ref())
    };
    one.len() == other.len() && one.iter().zip(other.iter()).all(same)
}

fn same_values(one: &DeValue<'_>, other: &DeValue<'_>) -> bool {
    match (one, other) {
        (DeValue::Table(one), DeValue::Table(other)) => same_tables(one, other),
        (DeValue::Array(one), DeValue::Array(other)) => {
            one.len() == other.len()
                && one.iter().zip(other.iter()).all(|(one, other)| same_values(one.get_ref(), other.get_ref()))
        }
        (DeValue::String(one), DeValue::String(other)) => one == other,
        (DeValue::Boolean(one), DeValue::Boolean(other)) => one == other,
        (DeValue::Datetime(one), DeValue::Datetime(other)) => one == other,
        (DeValue::Integer(one), DeValue::Integer(other)) => one.to_string() == other.to_string(),
        (DeValue::Float(one), DeValue::Float(other)) => one.to_string() == other.to_string(),
        _ => false,
    }
}

type Name<'t> = toml::Spanned<std::borrow::Cow<'t, str>>;

/// The record or rule that a path stands for, and the keys of its kind.
fn subject(folder: &str, path: &str) -> (String, &'static [Key]) {
    let below = path.strip_prefix(folder).and_then(|rest| rest.strip_prefix('/'));
    let Some(below) = below else { return (path.to_owned(), &[]) };
    let kind = below.split_once('/').and_then(|(folder, _)| Kind::of_folder(folder));
    let name = below.strip_suffix(".toml").unwrap_or(below);
    kind.map_or_else(|| (path.to_owned(), &[][..]), |kind| (name.to_owned(), kind.keys()))
}

/// The files that are gone, each of which may be where a new one lay before.
struct Gone<'t> {
    /// By path.
    files: BTreeMap<&'t str, &'t str>,
    /// The paths of those that say the same, by folder and by what they say; made when first asked for.
    alike: Option<FxHashMap<(&'t str, String), VecDeque<&'t str>>>,
}

impl<'t> Gone<'t> {
    fn new(files: BTreeMap<&'t str, &'t str>) -> Self {
        Self { files, alike: None }
    }

    /// Takes out where a new file lay before: the one that it names as `formerly`, else the first one
    /// in the same folder that says the same.
    fn take(&mut self, file: &File<'t>) -> Option<(&'t str, &'t str)> {
        if self.files.is_empty() {
            return None;
        }
        let (parent, _) = file.path.rsplit_once('/')?;
        let (table, _) = DeTable::parse_recoverable(file.content);
        let formerly = table.get_ref().get("formerly").and_then(|raw| raw.get_ref().as_str());
        let named = formerly.and_then(|id| self.files.remove_entry(format!("{parent}/{id}.toml").as_str()));
        if named.is_some() {
            return named;
        }
        let alike = self.alike.get_or_insert_with(|| {
            let mut alike: FxHashMap<_, VecDeque<_>> = FxHashMap::default();
            for (path, content) in self.files.iter().filter(|(_, content)| !content.trim().is_empty()) {
                let (table, _) = DeTable::parse_recoverable(content);
                let Some((parent, _)) = path.rsplit_once('/') else { continue };
                alike.entry((parent, says(table.get_ref()))).or_default().push_back(*path);
            }
            alike
        });
        let paths = alike.get_mut(&(parent, says(table.get_ref())))?;
        // One that was taken by its name is no longer among the files.
        while let Some(path) = paths.pop_front() {
            if let Some(found) = self.files.remove_entry(path) {
                return Some(found);
            }
        }
        None
    }
}

/// What a table says, whatever the order of its keys and of the entries of its lists: two that say the
/// same have no facts that differ.
fn says(table: &DeTable<'_>) -> String {
    let value = |raw: &Raw<'_>| match raw.get_ref() {
        one if is_entries(Some(one)) || one.is_table() => {
            let mut all: Vec<String> = entries(Some(one)).into_iter().map(says).collect();
            all.sort_unstable();
            all.join("\u{2}")
        }
        DeValue::Array(items) => items.iter().map(|item| shown(item.get_ref())).collect::<Vec<_>>().join("\u{3}"),
        one => shown(one),
    };
    let mut all: Vec<String> = table.iter().map(|(key, raw)| format!("{}\u{4}{}", key.get_ref(), value(raw))).collect();
    all.sort_unstable();
    format!("\u{5}{}\u{6}", all.join("\u{1}"))
}

/// The facts that differ between two texts of one file.
fn facts(keys: &[Key], was: &str, now: &str) -> Vec<Fact> {
    let (was, _) = DeTable::parse_recoverable(was);
    let (now, _) = DeTable::parse_recoverable(now);
    let mut found = Vec::new();
    compare_tables("", keys, was.get_ref(), now.get_ref(), &mut found);
    found
}

type Entry<'e, 't> = &'e DeTable<'t>;

fn compare_tables(at: &str, keys: &[Key], was: Entry<'_, '_>, now: Entry<'_, '_>, found: &mut Vec<Fact>) {
    let (was_table, now_table) = (was, now);
    for name in names(keys, was, now) {
        let path = if at.is_empty() { format!("`{name}`") } else { format!("{at} `{name}`") };
        let shape = keys.iter().find(|key| key.name == name).map(|key| (key.shape)());
        let (one, other) = (was.get(name.as_str()), now.get(name.as_str()));
        match (one.map(AsRef::as_ref), other.map(AsRef::as_ref)) {
            (Some(DeValue::Table(one)), Some(DeValue::Table(other))) => {
                compare_tables(&path, keys_of(shape), one, other, found);
            }
            (one, other) if is_entries(one) || is_entries(other) => {
                compare_lists(&path, keys_of(shape), &entries(one), &entries(other), found);
            }
            (Some(DeValue::Array(one)), Some(DeValue::Array(other))) => compare_words(&path, one, other, found),
            _ => {
                let value = |raw: Option<&Raw<'_>>| raw.map(|raw| shown(raw.get_ref()));
                let (was, now) = (value(one), value(other));
                if was != now {
                    let day = |raw: Option<&Raw<'_>>| raw.and_then(|raw| day_of(raw.get_ref()));
                    let of_entry = || {
                        (!at.is_empty())
                            .then(|| first_day(keys, now_table).or_else(|| first_day(keys, was_table)))
                            .flatten()
                    };
                    let legal = day(other).or_else(|| day(one)).or_else(of_entry);
                    found.push(Fact { legal, ..Fact::new(&path, was, now) });
                }
            }
        }
    }
}

/// The keys of two tables, in the order of the kind's own, then as they are written.
fn names(keys: &[Key], was: Entry<'_, '_>, now: Entry<'_, '_>) -> Vec<String> {
    let (mut all, mut seen) = (Vec::new(), FxHashSet::default());
    for table in [now, was] {
        for (name, _) in table {
            let text = name.get_ref().as_ref();
            if seen.insert(text) {
                let rank = keys.iter().position(|key| key.name == text).unwrap_or(keys.len());
                all.push((rank, name.span().start, text.to_owned()));
            }
        }
    }
    all.sort();
    all.into_iter().map(|(_, _, name)| name).collect()
}

fn keys_of(shape: Option<Shape>) -> &'static [Key] {
    match shape {
        Some(Shape::Table(keys)) => keys(),
        Some(Shape::List(item)) => keys_of(Some(item())),
        _ => &[],
    }
}

/// Whether a value is a list of tables.
fn is_entries(value: Option<&DeValue<'_>>) -> bool {
    match value {
        Some(DeValue::Array(items)) => items.iter().any(|item| item.get_ref().is_table()),
        _ => false,
    }
}

/// The tables of a list; a list of tables may be written as one.
fn entries<'e, 't>(value: Option<&'e DeValue<'t>>) -> Vec<Entry<'e, 't>> {
    match value {
        Some(DeValue::Array(items)) => items.iter().filter_map(|item| item.get_ref().as_table()).collect(),
        Some(DeValue::Table(table)) => vec![table],
        _ => Vec::new(),
    }
}

/// Entries that say the same belong together, then those with the same name, then, where as many are
/// left on both sides, those that stand in the same order.
fn compare_lists(at: &str, keys: &[Key], was: &[Entry<'_, '_>], now: &[Entry<'_, '_>], found: &mut Vec<Fact>) {
    let text = |table: Entry<'_, '_>| summary(keys, table);
    let (_, old, new) = paired(was.to_vec(), now.to_vec(), text);
    let (mut pairs, mut old, mut new) = paired(old, new, |entry| label(keys, entry));
    if old.len() == new.len() {
        pairs.extend(old.drain(..).zip(new.drain(..)));
    }
    for (one, other) in pairs {
        let mut inner = Vec::new();
        compare_tables(&format!("{at} of `{}`:", label(keys, one)), keys, one, other, &mut inner);
        if let Some(last) = inner.last_mut() {
            last.same = unchanged(keys, one, other);
        }
        found.extend(inner);
    }
    let legal = |one: Entry<'_, '_>| first_day(keys, one);
    found.extend(old.into_iter().map(|one| Fact { legal: legal(one), ..Fact::new(at, Some(text(one)), None) }));
    found.extend(new.into_iter().map(|one| Fact { legal: legal(one), ..Fact::new(at, None, Some(text(one))) }));
}

/// Two sides of a comparison: those of the same name in pairs, then who is left of either.
type Paired<'e, 't> = (Vec<(Entry<'e, 't>, Entry<'e, 't>)>, Vec<Entry<'e, 't>>, Vec<Entry<'e, 't>>);

/// Pairs each new entry with the first old one left that has its name.
fn paired<'e, 't>(
    old: Vec<Entry<'e, 't>>,
    new: Vec<Entry<'e, 't>>,
    name: impl Fn(Entry<'_, '_>) -> String,
) -> Paired<'e, 't> {
    let mut places: FxHashMap<String, VecDeque<usize>> = FxHashMap::default();
    for (at, entry) in old.iter().enumerate() {
        places.entry(name(entry)).or_default().push_back(at);
    }
    let mut left: Vec<Option<Entry<'e, 't>>> = old.into_iter().map(Some).collect();
    let (mut pairs, mut rest) = (Vec::new(), Vec::new());
    for entry in new {
        let place = places.get_mut(&name(entry)).and_then(VecDeque::pop_front);
        match place.and_then(|at| left.get_mut(at)?.take()) {
            Some(one) => pairs.push((one, entry)),
            None => rest.push(entry),
        }
    }
    (pairs, left.into_iter().flatten().collect(), rest)
}

/// The keys that two entries share, with the same value.
fn unchanged(keys: &[Key], one: Entry<'_, '_>, other: Entry<'_, '_>) -> Vec<String> {
    let same = |name: &String| match (one.get(name.as_str()), other.get(name.as_str())) {
        (Some(one), Some(other)) => shown(one.get_ref()) == shown(other.get_ref()),
        _ => false,
    };
    names(keys, one, other).into_iter().filter(same).collect()
}

fn compare_words(at: &str, was: &[Raw<'_>], now: &[Raw<'_>], found: &mut Vec<Fact>) {
    let list = |items: &[Raw<'_>]| items.iter().map(|item| shown(item.get_ref())).collect::<Vec<_>>();
    let (was, now) = (list(was), list(now));
    let sorted = |list: &[String]| list.iter().cloned().collect::<BTreeSet<_>>();
    let (before, after) = (sorted(&was), sorted(&now));
    let side = |from: &BTreeSet<String>, to: &BTreeSet<String>| {
        let only: Vec<String> = to.difference(from).cloned().collect();
        (!only.is_empty()).then(|| only.join(", "))
    };
    if before != after {
        if let Some(gone) = side(&after, &before) {
            found.push(Fact::new(at, Some(gone), None));
        }
        if let Some(new) = side(&before, &after) {
            found.push(Fact::new(at, None, Some(new)));
        }
    } else if was != now {
        found.push(Fact::new(&format!("{at} order"), Some(was.join(", ")), Some(now.join(", "))));
    }
}

/// A value that is a day, or one known in part where it looks like one.
fn day_of(value: &DeValue<'_>) -> Option<String> {
    let is_day = |text: &str| text != "unknown" && When::parse(text).is_some();
    match value {
        DeValue::Datetime(stamp) => Some(stamp.to_string()),
        DeValue::String(text) if text.contains('-') && is_day(text) => Some(text.to_string()),
        _ => None,
    }
}

/// The first day that an entry states.
fn first_day(keys: &[Key], table: Entry<'_, '_>) -> Option<String> {
    names(keys, table, table).iter().find_map(|name| day_of(table.get(name.as_str())?.get_ref()))
}

/// What an entry is called: the value of the first key of its kind, else of the first that is written.
fn label(keys: &[Key], table: Entry<'_, '_>) -> String {
    let first = names(keys, table, table).into_iter().find(|name| table.get(name.as_str()).is_some_and(is_plain));
    first.and_then(|name| table.get(name.as_str())).map_or_else(|| "entry".to_owned(), raw_text)
}

fn is_plain(raw: &Raw<'_>) -> bool {
    !matches!(raw.get_ref(), DeValue::Table(_) | DeValue::Array(_))
}

/// An entry in one line: `holder ann, from 2016-01-01`.
fn summary(keys: &[Key], table: Entry<'_, '_>) -> String {
    let part = |name: &String| table.get(name.as_str()).map(|raw| format!("{name} {}", shown(raw.get_ref())));
    names(keys, table, table).iter().filter_map(part).collect::<Vec<_>>().join(", ")
}

/// A value in one line.
fn shown(value: &DeValue<'_>) -> String {
    match value {
        DeValue::Table(table) => format!("{{ {} }}", summary(&[], table)),
        DeValue::Array(items) => {
            format!("[{}]", items.iter().map(|item| shown(item.get_ref())).collect::<Vec<_>>().join(", "))
        }
        DeValue::Float(number) => number.to_string(),
        DeValue::String(text) => text.to_string(),
        DeValue::Integer(number) => number.to_string(),
        DeValue::Datetime(stamp) => stamp.to_string(),
        DeValue::Boolean(so) => so.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn same(one: &str, other: &str) -> (bool, bool) {
        let table = |text: &str| says(DeTable::parse_recoverable(text).0.get_ref());
        (table(one) == table(other), facts(Kind::Seat.keys(), one, other).is_empty())
    }

    #[test]
    fn two_files_say_the_same_where_no_fact_differs() {
        let one = "constituency = \"a\"\ntenure = [{ holder = \"ann\", from = 2016-01-01 }, { holder = \"bob\", by = { election = \"e\", x = 1 } }]\n";
        let turned = "tenure = [{ by = { x = 1, election = \"e\" }, holder = \"bob\" }, { from = 2016-01-01, holder = \"ann\" }]\nconstituency = \"a\"\n";
        assert_eq!(same(one, turned), (true, true));
        assert_eq!(same("tenure = [{ holder = \"ann\" }]", "[tenure]\nholder = \"ann\""), (true, true));
    }

    #[test]
    fn they_do_not_where_one_differs() {
        assert_eq!(same("tenure = [{ holder = \"ann\" }]", "tenure = [{ holder = \"bob\" }]"), (false, false));
        assert_eq!(same("source = [\"a\", \"b\"]", "source = [\"b\", \"a\"]"), (false, false));
        assert_eq!(
            same("tenure = [{ holder = \"ann\" }]", "tenure = [{ holder = \"ann\" }, { holder = \"ann\" }]"),
            (false, false)
        );
    }

    #[test]
    fn entries_are_paired_by_name_in_order() {
        let was = "tenure = [{ holder = \"ann\", from = 2016-01-01 }, { holder = \"ann\", from = 2016-02-01 }]";
        let now = "tenure = [{ holder = \"ann\", from = 2016-02-01 }, { holder = \"ann\", from = 2016-03-01 }]";
        let told: Vec<String> = facts(Kind::Seat.keys(), was, now).iter().map(Fact::sentence).collect();
        assert_eq!(told, ["`tenure` of `ann`: `from` from 2016-01-01 to 2016-03-01 (holder unchanged)"]);
    }

    #[test]
    fn a_file_moves_once() {
        let file = |path, content| File { path, content };
        let before = [file("r/seats/b/a.toml", "x = 1"), file("r/seats/b/b.toml", "x = 1")];
        let after =
            [file("r/seats/b/c.toml", "x = 1"), file("r/seats/b/d.toml", "x = 1"), file("r/seats/b/e.toml", "x = 1")];
        let told: Vec<_> = between("r", &before, &after).into_iter().map(|one| (one.subject, one.what)).collect();
        let moved = |from: &str| What::Moved(from.into());
        let expected =
            [("seats/b/c", moved("seats/b/a")), ("seats/b/d", moved("seats/b/b")), ("seats/b/e", What::Added)];
        assert_eq!(told, expected.map(|(subject, what)| (subject.to_owned(), what)));
    }
}
