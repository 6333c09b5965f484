//! Tables and lists of tables: one definition gives the struct, its reading, its list of keys and
//! the way in which rules look at it.

use super::{Fact, Node, NodeValue, Reader, Rows, State, nearest, node::Name, value::Value, value::read_state};
use crate::{
    day::{Truth, When},
    text::Span,
};

/// What a value looks like in a file; schemas and documentation are made from it.
#[derive(Debug, Clone, Copy)]
pub enum Shape {
    /// A string.
    Text,
    /// `true` or `false`.
    Bool,
    /// A whole number from 0.
    Count,
    /// A local date, or a string for a day known in part.
    Day,
    /// One of these words.
    OneOf(&'static [&'static str]),
    /// A word that the rulebook's `code.toml` lists under this heading.
    Word(&'static str),
    /// The id of a record of one of these kinds.
    Id(&'static [&'static str]),
    /// A table with these keys.
    Table(fn() -> &'static [Key]),
    /// A list of such values.
    List(fn() -> Shape),
    /// Such a value, or a list of such values.
    OneOrMore(fn() -> Shape),
    /// A word, or `true` or `false`.
    Flag,
    /// A local date, or `"open"`.
    End,
    /// A whole number, a word, a day, or `true` or `false`.
    Scalar,
    /// A table whose keys the file chooses, each with such a value.
    Map(fn() -> Shape),
    /// Any value; the rule kind says which.
    Any,
}

/// One key of a table.
#[derive(Debug, Clone, Copy)]
pub struct Key {
    /// The key as files have it.
    pub name: &'static str,
    /// Whether it may not be left out.
    pub required: bool,
    /// What it says.
    pub doc: &'static str,
    /// What its value looks like.
    pub shape: fn() -> Shape,
}

/// A struct that one TOML table is read into.
pub trait Table: Sized {
    /// Its keys, in the order of the documentation.
    const KEYS: &'static [Key];
    /// Reads the fields; unknown and missing keys have been reported.
    fn read_fields(reader: &mut Reader, row: &Row<'_>, span: Span, renamed: &[&'static str]) -> Self;
    /// Shows every reference and word in it.
    fn visit_fields(&self, visit: &mut dyn Visit);
}

/// The most keys that a table may list.
pub const MOST_KEYS: usize = 32;

/// The values of a table in the order of the keys that it may have, each looked up once.
#[derive(Debug)]
pub struct Row<'t>([Option<Node<'t>>; MOST_KEYS]);

impl<'t> Row<'t> {
    /// The values of a table, and whether there are others, of none of these keys.
    fn of(table: Rows<'t>, keys: &[Key]) -> (Self, bool) {
        let (mut values, mut others) = ([None; MOST_KEYS], false);
        for (name, node) in table.iter() {
            let at = keys.iter().position(|key| key.name == name.text);
            match at.and_then(|at| values.get_mut(at)) {
                Some(value) => *value = Some(node),
                None => others = true,
            }
        }
        (Self(values), others)
    }

    /// The value of the key at a position.
    pub fn get(&self, at: usize) -> Option<&Node<'t>> {
        self.0.get(at)?.as_ref()
    }
}

/// A table seen through the names of its keys, for rules that name one.
pub trait Fields {
    /// Where it stands.
    fn span(&self) -> Span;
    /// The field of that key, if the table has such a key.
    fn get(&self, key: &str) -> Option<(Span, View<'_>)>;
}

/// A field seen by its name.
pub enum View<'a> {
    /// Left out.
    Absent,
    /// `"unknown"`.
    Unknown,
    /// Reported already.
    Bad,
    /// Words.
    Text(&'a str),
    /// A day.
    Day(When),
    /// True or false.
    Bool(bool),
    /// A number.
    Count(u32),
    /// A list.
    List(Vec<(Span, View<'a>)>),
    /// A table.
    Table(&'a dyn Fields),
}

/// What wants to see the references, words or periods of a record; it passes over the rest.
pub trait Visit {
    /// An id, and the kinds of records that it may be of.
    fn reference(&mut self, _span: Span, _id: &str, _kinds: &'static [&'static str]) {}
    /// A word of the code, and the heading that should list it.
    fn word(&mut self, _span: Span, _word: &str, _heading: &'static str) {}
    /// A period `[from, until)`.
    fn period(&mut self, _from: &Fact<When>, _until: &Fact<When>, _what: &'static str) {}
}

/// What a key can hold: a fact or a list.
pub trait Field: Sized {
    /// What it looks like in a file.
    fn shape() -> Shape;
    /// Reads it.
    fn read(reader: &mut Reader, node: &Node<'_>) -> Self;
    /// What it is when the key was left out.
    fn absent(whole: Span, bad: bool) -> Self;
    /// Where it stands, and what it says.
    fn view(&self) -> (Span, View<'_>);
    /// Shows the references and words in it.
    fn visit(&self, visit: &mut dyn Visit);
}

impl<T: Value> Field for Fact<T> {
    fn shape() -> Shape {
        T::shape()
    }

    fn read(reader: &mut Reader, node: &Node<'_>) -> Self {
        Self { span: node.span, state: read_state(reader, node) }
    }

    fn absent(whole: Span, bad: bool) -> Self {
        Self { span: whole, state: if bad { State::Bad } else { State::Absent } }
    }

    fn view(&self) -> (Span, View<'_>) {
        let view = match &self.state {
            State::Absent => View::Absent,
            State::Unknown => View::Unknown,
            State::Bad => View::Bad,
            State::Is(value) => value.view(),
        };
        (self.span, view)
    }

    fn visit(&self, visit: &mut dyn Visit) {
        if let State::Is(value) = &self.state {
            value.visit(self.span, visit);
        }
    }
}

/// A list, and where it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct List<T> {
    /// The bytes of the list; where it was left out, of the table that lacks it.
    pub span: Span,
    /// Whether there is a list; `Is(())` where there is.
    pub state: State<()>,
    /// Its entries.
    pub items: Vec<Fact<T>>,
}

impl<T> List<T> {
    /// The entries that could be read.
    pub fn iter(&self) -> impl DoubleEndedIterator<Item = &T> + Clone {
        self.items.iter().filter_map(Fact::known)
    }

    /// Whether the list was left out.
    pub fn is_absent(&self) -> bool {
        matches!(self.state, State::Absent)
    }

    /// Whether it may have entries that cannot be seen: `"unknown"`, or reported in part.
    pub fn is_open(&self) -> bool {
        matches!(self.state, State::Unknown | State::Bad) || self.items.iter().any(Fact::is_open)
    }

    /// Whether it, or an entry of it, was reported already.
    pub fn is_bad(&self) -> bool {
        matches!(self.state, State::Bad) || self.items.iter().any(Fact::is_bad)
    }
}

impl<T: Value> Field for List<T> {
    fn shape() -> Shape {
        Shape::List(T::shape)
    }

    fn read(reader: &mut Reader, node: &Node<'_>) -> Self {
        let span = node.span;
        match node.value {
            NodeValue::Array(items) => {
                let mut read = Vec::with_capacity(items.len());
                read.extend(items.iter().map(|item| Fact { span: item.span, state: read_state(reader, &item) }));
                Self { span, state: State::Is(()), items: read }
            }
            NodeValue::String("unknown") => Self { span, state: State::Unknown, items: Vec::new() },
            // A single entry may be written as a table of its own.
            NodeValue::Table(_) if matches!(T::shape(), Shape::Table(_)) => {
                Self { span, state: State::Is(()), items: vec![Fact { span, state: read_state(reader, node) }] }
            }
            _ => {
                if !reader.is_spoiled(span) {
                    reader.wrong_type(node, "a list");
                }
                Self { span, state: State::Bad, items: Vec::new() }
            }
        }
    }

    fn absent(whole: Span, bad: bool) -> Self {
        Self { span: whole, state: if bad { State::Bad } else { State::Absent }, items: Vec::new() }
    }

    fn view(&self) -> (Span, View<'_>) {
        let view = match self.state {
            State::Absent => View::Absent,
            State::Unknown => View::Unknown,
            State::Bad => View::Bad,
            State::Is(()) => View::List(self.items.iter().map(Field::view).collect()),
        };
        (self.span, view)
    }

    fn visit(&self, visit: &mut dyn Visit) {
        self.items.iter().for_each(|item| item.visit(visit));
    }
}

/// A table whose keys the file chooses, in the order of the keys.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Map<T> {
    /// The bytes of the table.
    pub span: Span,
    /// Each key, where the key stands, and its value.
    pub items: Vec<(Box<str>, Span, Fact<T>)>,
}

impl<T> Map<T> {
    /// The values that could be read.
    pub fn iter(&self) -> impl Iterator<Item = (&str, Span, &T)> {
        self.items.iter().filter_map(|(key, span, fact)| fact.known().map(|value| (key.as_ref(), *span, value)))
    }

    /// The value of a key.
    pub fn get(&self, key: &str) -> Option<&Fact<T>> {
        self.items.iter().find(|(name, _, _)| name.as_ref() == key).map(|(_, _, fact)| fact)
    }
}

impl<T: Value> Field for Map<T> {
    fn shape() -> Shape {
        Shape::Map(T::shape)
    }

    fn read(reader: &mut Reader, node: &Node<'_>) -> Self {
        let span = node.span;
        let NodeValue::Table(table) = node.value else {
            reader.wrong_type(node, "a table");
            return Self { span, items: Vec::new() };
        };
        let item = |(name, node): (Name<'_>, Node<'_>)| {
            (name.text.into(), name.span, Fact { span: node.span, state: read_state(reader, &node) })
        };
        Self { span, items: table.sorted().into_iter().map(item).collect() }
    }

    fn absent(whole: Span, _bad: bool) -> Self {
        Self { span: whole, items: Vec::new() }
    }

    fn view(&self) -> (Span, View<'_>) {
        (self.span, View::Absent)
    }

    fn visit(&self, visit: &mut dyn Visit) {
        self.items.iter().for_each(|(_, _, fact)| fact.visit(visit));
    }
}

/// Reads a table: unknown keys with what was probably meant, missing keys, then each field.
pub(crate) fn read_table<'t, T: Table>(reader: &mut Reader, table: impl Into<Rows<'t>>, span: Span) -> T {
    let table = table.into();
    let (row, others) = Row::of(table, T::KEYS);
    let renamed = if others { unknown_keys(reader, table, T::KEYS) } else { Vec::new() };
    missing_keys(reader, &row, span, T::KEYS, &renamed);
    T::read_fields(reader, &row, span, &renamed)
}

/// Reads one of two structs that share a table: `others` are the keys of the other one.
pub(crate) fn read_part<'t, T: Table>(
    reader: &mut Reader,
    table: impl Into<Rows<'t>>,
    span: Span,
    others: &[Key],
) -> T {
    let table = table.into();
    let keys: Vec<Key> = T::KEYS.iter().chain(others).copied().collect();
    let renamed = unknown_keys(reader, table, &keys);
    let (row, _) = Row::of(table, T::KEYS);
    missing_keys(reader, &row, span, T::KEYS, &renamed);
    T::read_fields(reader, &row, span, &renamed)
}

/// Reads the second of two structs that share a table, the keys of which were looked at already.
pub(crate) fn read_rest<'t, T: Table>(reader: &mut Reader, table: impl Into<Rows<'t>>, span: Span) -> T {
    let table = table.into();
    let is_strange = |name: &&str| T::KEYS.iter().all(|key| key.name != *name);
    let strange = table.sorted().into_iter().map(|(name, _)| name.text).filter(is_strange);
    let free = || T::KEYS.iter().map(|key| key.name).filter(|key| !table.has(key));
    // Their misspelling was reported with the other struct.
    let renamed: Vec<&'static str> = strange.filter_map(|name| nearest(name, free())).collect();
    let (row, _) = Row::of(table, T::KEYS);
    missing_keys(reader, &row, span, T::KEYS, &renamed);
    T::read_fields(reader, &row, span, &renamed)
}

fn missing_keys(reader: &mut Reader, row: &Row<'_>, span: Span, keys: &'static [Key], renamed: &[&str]) {
    if reader.lenient || reader.damaged {
        return;
    }
    let lacks = |(at, key): &(usize, &Key)| key.required && row.get(*at).is_none() && !renamed.contains(&key.name);
    for (_, key) in keys.iter().enumerate().filter(lacks) {
        reader.path.push(key.name);
        let message = format!("`{}` is missing", key.name);
        let what = key.doc.trim().trim_end_matches('.');
        let unknown = if reader.of_rule { "" } else { "; `\"unknown\"` where no source says" };
        let help = format!("add `{} = …` ({what}){unknown}", key.name);
        reader.report("record-missing", span, message, "not in here", Some(help));
        reader.path.pop();
    }
}

/// Reports the keys that the table may not have; gives those that were probably meant by them.
fn unknown_keys(reader: &mut Reader, table: Rows<'_>, keys: &[Key]) -> Vec<&'static str> {
    if table.len() <= keys.len() && table.iter().all(|(name, _)| keys.iter().any(|key| key.name == name.text)) {
        return Vec::new();
    }
    let mut renamed = Vec::new();
    for (name, _) in table.sorted() {
        let text = name.text;
        if keys.iter().any(|key| key.name == text) {
            continue;
        }
        let free = keys.iter().map(|key| key.name).filter(|key| !table.has(key));
        let meant = nearest(text, free);
        renamed.extend(meant);
        // A key that is there already may be meant as well: then nothing hides behind the misspelling.
        let near = meant.or_else(|| nearest(text, keys.iter().map(|key| key.name)));
        let label = near.map_or("unknown key".to_owned(), |key| format!("did you mean `{key}`?"));
        let known: Vec<_> = keys.iter().map(|key| key.name).collect();
        let slot = reader.path.iter().copied().chain([text]).collect::<Vec<_>>().join(".");
        let help = format!("the keys here are {}", known.join(", "));
        reader.report_in(
            "record-key",
            slot,
            name.span,
            format!("`{text}` is no key of this table"),
            &label,
            Some(help),
        );
    }
    renamed
}

/// Makes a struct that a TOML table is read into: `field: Type = "key"`, `(required)` behind it
/// where the key may not be left out.
macro_rules! table {
    (
        $(#[doc = $doc:literal])*
        pub struct $name:ident {
            $( $(#[doc = $fdoc:literal])* $field:ident : $ty:ty = $key:literal $(($required:ident))? ),* $(,)?
        }
    ) => {
        $(#[doc = $doc])*
        #[derive(Debug, Clone, PartialEq, Eq)]
        pub struct $name {
            /// Where the table stands.
            pub span: $crate::text::Span,
            $( $(#[doc = $fdoc])* pub $field: $ty ),*
        }

        impl $crate::decode::Table for $name {
            const KEYS: &'static [$crate::decode::Key] = &[$( $crate::decode::Key {
                name: $key,
                required: $crate::decode::table::table!(@flag $($required)?),
                doc: concat!($($fdoc),*),
                shape: <$ty as $crate::decode::Field>::shape,
            } ),*];

            fn read_fields(
                reader: &mut $crate::decode::Reader,
                row: &$crate::decode::table::Row<'_>,
                span: $crate::text::Span,
                renamed: &[&'static str],
            ) -> Self {
                const { assert!(<$name as $crate::decode::Table>::KEYS.len() <= $crate::decode::table::MOST_KEYS) };
                let mut at = 0..;
                let mut next = || at.next().and_then(|at| row.get(at));
                Self { span, $( $field: reader.field(next(), $key, span, renamed) ),* }
            }

            fn visit_fields(&self, visit: &mut dyn $crate::decode::Visit) {
                $( $crate::decode::Field::visit(&self.$field, visit); )*
                let _ = visit;
            }
        }

        impl $crate::decode::Fields for $name {
            fn span(&self) -> $crate::text::Span {
                self.span
            }

            fn get(&self, key: &str) -> Option<($crate::text::Span, $crate::decode::View<'_>)> {
                match key {
                    $( $key => Some($crate::decode::Field::view(&self.$field)), )*
                    _ => None,
                }
            }
        }

        impl $crate::decode::Value for $name {
            fn shape() -> $crate::decode::Shape {
                $crate::decode::Shape::Table(|| <Self as $crate::decode::Table>::KEYS)
            }

            fn read(reader: &mut $crate::decode::Reader, node: &$crate::decode::Node<'_>) -> $crate::decode::State<Self> {
                $crate::decode::table::read_table_value(reader, node)
            }

            fn view(&self) -> $crate::decode::View<'_> {
                $crate::decode::View::Table(self)
            }

            fn visit(&self, _span: $crate::text::Span, visit: &mut dyn $crate::decode::Visit) {
                $crate::decode::Table::visit_fields(self, visit);
                $crate::decode::table::Periods::periods(self, visit);
            }
        }
    };
    (@flag required) => { true };
    (@flag) => { false };
}
pub(crate) use table;

/// Reads a table that stands as a value.
pub(crate) fn read_table_value<T: Table>(reader: &mut Reader, node: &Node<'_>) -> State<T> {
    if let NodeValue::Table(table) = node.value {
        State::Is(read_table(reader, table, node.span))
    } else {
        reader.wrong_type(node, "a table");
        State::Bad
    }
}

/// The periods of a table: found by their keys, so that no kind forgets one.
pub(crate) trait Periods {
    /// Shows each period.
    fn periods(&self, visit: &mut dyn Visit);
}

/// The pairs of keys that bound a half-open period. The order of other dates is for rules to judge.
const BOUNDS: &[(&str, &str)] =
    &[("from", "until"), ("from", "ended"), ("from", "due-to-end"), ("established", "dissolved")];

/// Whether a table has keys that bound a period: most have none, which is known when compiling.
const fn has_bounds(keys: &[Key]) -> bool {
    let mut rest = keys;
    while let [key, others @ ..] = rest {
        if matches!(key.name.as_bytes(), b"from" | b"established") {
            return true;
        }
        rest = others;
    }
    false
}

impl<T: Fields + Table> Periods for T {
    fn periods(&self, visit: &mut dyn Visit) {
        if const { !has_bounds(T::KEYS) } {
            return;
        }
        for (from, until) in BOUNDS {
            let (Some((from_span, View::Day(first))), Some((until_span, View::Day(last)))) =
                (self.get(from), self.get(until))
            else {
                continue;
            };
            let is = |span, when| Fact { span, state: State::Is(when) };
            if first.before(last) == Truth::No {
                visit.period(&is(from_span, first), &is(until_span, last), until);
            }
        }
    }
}
