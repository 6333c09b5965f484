//! Words that only rules use, and the check that every word of a rule is one of the code's.

use crate::{
    decode::{Node, Reader, Shape, State, Text, Value, View, Visit, meant},
    kind::Proofreader,
    record::Kind,
    rulebook::raw::Words,
    text::Span,
};

macro_rules! rule_words {
    ($( $(#[$doc:meta])* $name:ident = $heading:literal; )*) => { $(
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
        pub struct $name(pub Text);

        impl AsRef<str> for $name {
            fn as_ref(&self) -> &str {
                &self.0
            }
        }

        impl Value for $name {
            fn shape() -> Shape {
                Shape::Word($heading)
            }

            fn read(reader: &mut Reader, node: &Node<'_>) -> State<Self> {
                match Text::read(reader, node) {
                    State::Is(text) => State::Is(Self(text)),
                    _ => State::Bad,
                }
            }

            fn view(&self) -> View<'_> {
                View::Text(&self.0)
            }

            fn visit(&self, span: Span, visit: &mut dyn Visit) {
                visit.word(span, &self.0, $heading);
            }
        }
    )* };
}

rule_words! {
    /// A body that `code.toml` lists.
    BodyWord = "bodies";
    /// A calendar of `rules/calendars/`.
    CalendarWord = "calendars";
}

/// One constituency, or several.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Constituencies(pub Vec<Text>, Vec<Span>);

impl Value for Constituencies {
    fn shape() -> Shape {
        Shape::OneOrMore(|| Shape::Word("constituencies"))
    }

    fn read(reader: &mut Reader, node: &Node<'_>) -> State<Self> {
        match Words::read(reader, node) {
            State::Is(words) => {
                let (words, spans) = words.0.into_iter().unzip();
                State::Is(Self(words, spans))
            }
            _ => State::Bad,
        }
    }

    fn view(&self) -> View<'_> {
        View::Absent
    }

    fn visit(&self, _: Span, visit: &mut dyn Visit) {
        for (word, span) in self.0.iter().zip(&self.1) {
            visit.word(*span, word, "constituencies");
        }
    }
}

/// A kind of records.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct KindWord(pub Kind);

impl Value for KindWord {
    fn shape() -> Shape {
        Shape::OneOf(Kind::FOLDERS)
    }

    fn read(reader: &mut Reader, node: &Node<'_>) -> State<Self> {
        let words: Vec<(&'static str, Kind)> = Kind::ALL.iter().map(|kind| (kind.folder(), *kind)).collect();
        match crate::decode::value::read_word(reader, node, &words) {
            State::Is(kind) => State::Is(Self(kind)),
            _ => State::Bad,
        }
    }

    fn view(&self) -> View<'_> {
        View::Text(self.0.folder())
    }
}

/// Reports every word that `code.toml` lacks, at its place in the rule.
pub struct WordCheck<'p, 'a> {
    /// Where to.
    pub proof: &'p mut Proofreader<'a>,
}

impl Visit for WordCheck<'_, '_> {
    fn word(&mut self, span: Span, word: &str, heading: &'static str) {
        let known: Vec<String> = if heading == "calendars" {
            self.proof.calendars.names().map(ToOwned::to_owned).collect()
        } else {
            self.proof.code.words(heading).map(ToOwned::to_owned).collect()
        };
        if known.iter().any(|one| one == word) {
            return;
        }
        let label = meant(word, known.iter().map(String::as_str), "not known");
        let message = format!("`{word}` is none of the code's {heading}");
        let help = match heading {
            "calendars" => format!("the calendars of `rules/calendars/` are {}", known.join(", ")),
            _ => {
                format!("the {heading} of `rules/code.toml` are {}; add it there if the code has it", known.join(", "))
            }
        };
        self.proof.reader.report("record-word", span, message, &label, Some(help));
    }
}
