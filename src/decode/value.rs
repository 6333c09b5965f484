//! What a single value may be.

use toml::de::DeValue;

use super::{Node, NodeValue, Raw, Reader, State, meant};
use crate::{
    day::{Day, When},
    decode::table::{Shape, View, Visit},
    text::Span,
};

/// Words as written.
pub type Text = Box<str>;

/// Something that one TOML value can say.
pub trait Value: Sized {
    /// What it looks like in a file.
    fn shape() -> Shape;
    /// Reads it; what cannot be read is reported.
    fn read(reader: &mut Reader, node: &Node<'_>) -> State<Self>;
    /// What it is, for rules that name a key.
    fn view(&self) -> View<'_>;
    /// Shows the references and words in it.
    fn visit(&self, _span: Span, _visit: &mut dyn Visit) {}
}

/// Reads a value, and minds `"unknown"` and syntax errors first.
pub(crate) fn read_state<T: Value>(reader: &mut Reader, node: &Node<'_>) -> State<T> {
    let is_container = matches!(node.value, NodeValue::Array(_) | NodeValue::Table(_));
    if !is_container && reader.is_spoiled(node.span) {
        return State::Bad;
    }
    if node.as_str() == Some("unknown") {
        return State::Unknown;
    }
    T::read(reader, node)
}

impl Value for Text {
    fn shape() -> Shape {
        Shape::Text
    }

    fn read(reader: &mut Reader, node: &Node<'_>) -> State<Self> {
        if let NodeValue::String(text) = node.value {
            reader.spaces(text, node.span);
            State::Is(text.into())
        } else {
            reader.wrong_type(node, "a string");
            State::Bad
        }
    }

    fn view(&self) -> View<'_> {
        View::Text(self)
    }
}

impl Value for bool {
    fn shape() -> Shape {
        Shape::Bool
    }

    fn read(reader: &mut Reader, node: &Node<'_>) -> State<Self> {
        if let NodeValue::Boolean(so) = node.value {
            State::Is(so)
        } else {
            reader.wrong_type(node, "true or false");
            State::Bad
        }
    }

    fn view(&self) -> View<'_> {
        View::Bool(*self)
    }
}

/// The largest number that a record or a rule may hold: counts are of seats, days, meetings.
const MOST: u32 = 1_000_000;

impl Value for u32 {
    fn shape() -> Shape {
        Shape::Count
    }

    fn read(reader: &mut Reader, node: &Node<'_>) -> State<Self> {
        let NodeValue::Integer(digits, radix) = node.value else {
            reader.wrong_type(node, "a whole number");
            return State::Bad;
        };
        match Self::from_str_radix(digits, radix) {
            Ok(count) if count <= MOST => State::Is(count),
            _ => {
                reader.wrong_type(node, "a whole number from 0 to 1 000 000");
                State::Bad
            }
        }
    }

    fn view(&self) -> View<'_> {
        View::Count(*self)
    }
}

impl Value for When {
    fn shape() -> Shape {
        Shape::Day
    }

    fn read(reader: &mut Reader, node: &Node<'_>) -> State<Self> {
        let when = match node.value {
            NodeValue::Datetime(stamp) => match (stamp.date, stamp.time, stamp.offset) {
                (Some(date), time, None) => Day::new(i32::from(date.year), u32::from(date.month), u32::from(date.day))
                    .map(|day| Self { time: time.map(|time| (time.hour, time.minute)), ..Self::on(day) }),
                _ => None,
            },
            NodeValue::String(text) => Self::parse(text),
            _ => {
                reader.wrong_type(node, "a day");
                return State::Bad;
            }
        };
        when.map_or_else(
            || {
                let message = format!("`{}` is no day", node.text());
                let help = "write a day as 2016-09-30; one known in part as \"2016-09\", \"2016\" or \"2016-10-24/2016-10-26\"; one not known as \"unknown\"";
                reader.report("record-date", node.span, message, "not a day", Some(help.into()));
                State::Bad
            },
            State::Is,
        )
    }

    fn view(&self) -> View<'_> {
        View::Day(*self)
    }
}

/// A value as people would write it, for messages.
pub(crate) fn raw_text(raw: &Raw<'_>) -> String {
    Node::from(raw).text()
}

/// Whether two values say the same; two that are left out do.
pub(crate) fn same(one: Option<&Raw<'_>>, other: Option<&Raw<'_>>) -> bool {
    let (Some(one), Some(other)) = (one, other) else { return one.is_none() && other.is_none() };
    match (one.get_ref(), other.get_ref()) {
        (DeValue::Table(one), DeValue::Table(other)) => {
            one.len() == other.len()
                && one.iter().all(|(key, value)| same(Some(value), other.get(key.get_ref().as_ref())))
        }
        (DeValue::Array(one), DeValue::Array(other)) => {
            one.len() == other.len() && one.iter().zip(other).all(|(one, other)| same(Some(one), Some(other)))
        }
        (DeValue::Float(one), DeValue::Float(other)) => one.to_string() == other.to_string(),
        (DeValue::Table(_) | DeValue::Array(_), _) | (_, DeValue::Table(_) | DeValue::Array(_)) => false,
        _ => raw_text(one) == raw_text(other),
    }
}

/// Reads one of a closed list of words.
pub(crate) fn read_word<T: Copy>(reader: &mut Reader, node: &Node<'_>, words: &[(&'static str, T)]) -> State<T> {
    let NodeValue::String(text) = node.value else {
        reader.wrong_type(node, "a word in quotes");
        return State::Bad;
    };
    if let Some((_, value)) = words.iter().find(|(word, _)| *word == text) {
        return State::Is(*value);
    }
    let key = reader.path.last().copied().unwrap_or("value");
    let known: Vec<_> = words.iter().map(|(word, _)| format!("`{word}`")).collect();
    let message = format!("`{text}` is no word that `{key}` takes");
    let label = meant(text, words.iter().map(|(word, _)| *word), "not known");
    reader.report("record-word", node.span, message, &label, Some(format!("`{key}` is one of {}", known.join(", "))));
    State::Bad
}

/// Makes an enum of a closed list of words of the tool's own.
macro_rules! words {
    ($(#[$doc:meta])* pub enum $name:ident { $( $(#[$one:meta])* $variant:ident = $word:literal ),* $(,)? }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum $name { $( $(#[$one])* $variant ),* }

        impl $name {
            /// The words, in the order of the documentation.
            pub const WORDS: &'static [(&'static str, Self)] = &[$( ($word, Self::$variant) ),*];

            /// The word as files have it.
            pub fn word(self) -> &'static str {
                match self { $( Self::$variant => $word ),* }
            }
        }

        impl $crate::decode::Value for $name {
            fn shape() -> $crate::decode::Shape {
                $crate::decode::Shape::OneOf(&[$($word),*])
            }

            fn read(reader: &mut $crate::decode::Reader, node: &$crate::decode::Node<'_>) -> $crate::decode::State<Self> {
                $crate::decode::value::read_word(reader, node, Self::WORDS)
            }

            fn view(&self) -> $crate::decode::View<'_> {
                $crate::decode::View::Text(self.word())
            }
        }
    };
}
pub(crate) use words;
