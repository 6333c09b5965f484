//! One rule file: what all kinds share, its versions, its variations, its examples.

use super::raw::{Any, RawFile, Words};
use crate::{
    day::{Day, When},
    decode::{Fact, List, Map, Node, NodeValue, Reader, Shape, State, Text, Value, View, table, words},
    finding::{Basis, Clause, Level},
    kind::{KindDef, RuleAbout},
    text::{FileId, Span},
};

words! {
    /// The most that a breach of a rule may be.
    pub enum LevelWord {
        /// Wrong.
        Error = "error",
        /// Worth looking into.
        Warning = "warning",
        /// Worth knowing.
        Note = "note",
    }
}

impl From<LevelWord> for Level {
    fn from(word: LevelWord) -> Self {
        match word {
            LevelWord::Error => Self::Error,
            LevelWord::Warning => Self::Warning,
            LevelWord::Note => Self::Note,
        }
    }
}

words! {
    /// How well a rule's words are evidenced. The word `unknown` is read before this list is asked.
    pub enum BasisWord {
        /// The clause itself was read.
        Text = "text",
        /// An official or near-official page describes it.
        Secondary = "secondary",
        /// Deduced from dated cases.
        Inferred = "inferred",
        /// General knowledge; no source was found.
        Recalled = "recalled",
    }
}

/// The evidence that a `basis` key gives; nothing where it was left out.
pub fn basis_of(fact: &Fact<BasisWord>) -> Option<Basis> {
    match fact.state {
        State::Absent | State::Bad => None,
        State::Unknown => Some(Basis::Unknown),
        State::Is(BasisWord::Text) => Some(Basis::Text),
        State::Is(BasisWord::Secondary) => Some(Basis::Secondary),
        State::Is(BasisWord::Inferred) => Some(Basis::Inferred),
        State::Is(BasisWord::Recalled) => Some(Basis::Recalled),
    }
}

/// The end of an effect: a day, or `"open"`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct End(pub Day);

impl Value for End {
    fn shape() -> Shape {
        Shape::End
    }

    fn read(reader: &mut Reader, node: &Node<'_>) -> State<Self> {
        if node.as_str() == Some("open") {
            return State::Is(Self(Day::LATEST));
        }
        match When::read(reader, node) {
            State::Is(when) => when.day().map_or_else(
                || {
                    reader.wrong_type(node, "a day, or \"open\"");
                    State::Bad
                },
                |day| State::Is(Self(day)),
            ),
            _ => State::Bad,
        }
    }

    fn view(&self) -> View<'_> {
        View::Absent
    }
}

table! {
    /// What every rule file says.
    pub struct Head {
        /// What the rule is called.
        title: Fact<Text> = "title" (required),
        /// The kind of rule.
        kind: Fact<Text> = "kind" (required),
        /// The clause, with `~` before it where the number is recalled; or `practice`, or `terms of reference`.
        clause: Fact<Text> = "clause" (required),
        /// The most that a breach may be; evidence can lower it.
        level: Fact<LevelWord> = "level" (required),
        /// The variation that inserted it: it is in force only then.
        inserted_by: Fact<Text> = "inserted-by",
        /// For colleagues only.
        note: Fact<Text> = "note",
        /// The versions, by date.
        version: List<Any> = "version",
        /// Cases with the outcome that they must have.
        example: List<Example> = "example",
        /// Mutants that no example can kill, each with why.
        survivor: List<Survivor> = "survivor",
    }
}

table! {
    /// What every version says, beside its parameters.
    pub struct VersionHead {
        /// The first day.
        from: Fact<When> = "from",
        /// The first day on which it no longer held.
        until: Fact<When> = "until",
        /// The modification whose implementation brings it.
        when_implemented: Fact<Text> = "when-implemented",
        /// Where it is taken from: keys of `rules/sources/`.
        source: List<Text> = "source",
        /// How well it is evidenced.
        basis: Fact<BasisWord> = "basis" (required),
        /// Other admissible readings of the words.
        readings: List<Reading> = "readings",
        /// For colleagues only.
        note: Fact<Text> = "note",
    }
}

table! {
    /// Another admissible reading: other values of the version's parameters.
    pub struct Reading {
        /// What it says.
        name: Fact<Text> = "name" (required),
        /// The parameters that it gives another value.
        set: Fact<Any> = "set" (required),
    }
}

table! {
    /// A case with the outcome that it must have.
    pub struct Example {
        /// What it shows.
        name: Fact<Text> = "name" (required),
        /// The day, or the days, judged.
        on: Fact<Days> = "on" (required),
        /// The outcome, or as many as there are days.
        expect: Fact<Words> = "expect" (required),
        /// The record meant, as `kind/id`.
        subject: Fact<Text> = "subject",
        /// The slot meant.
        slot: Fact<Text> = "slot",
        /// Which kinds are complete; all of them where this is left out.
        coverage: Map<crate::registry::file::Coverage> = "coverage",
        /// The fixture that the records are laid over.
        over: Fact<Text> = "over",
        /// The records, as `"kind/id" = { … }`.
        records: Fact<Any> = "records",
        /// For `history`: the commits.
        commits: Fact<Any> = "commits",
        /// For colleagues only.
        note: Fact<Text> = "note",
    }
}

table! {
    /// A mutant that no example can kill.
    pub struct Survivor {
        /// Which.
        mutant: Fact<Text> = "mutant" (required),
        /// Why.
        why: Fact<Text> = "why" (required),
    }
}

/// A day, or a list of days.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Days(pub Vec<(Day, Span)>);

impl Value for Days {
    fn shape() -> Shape {
        Shape::OneOrMore(|| Shape::Day)
    }

    fn read(reader: &mut Reader, node: &Node<'_>) -> State<Self> {
        let items = match node.value {
            NodeValue::Array(items) => items.iter().collect(),
            _ => vec![*node],
        };
        let mut days = Vec::new();
        for item in &items {
            match When::read(reader, item) {
                State::Is(when) if when.day().is_some() => {
                    days.extend(when.day().map(|day| (day, item.span)));
                }
                _ => {
                    reader.wrong_type(item, "a day");
                    return State::Bad;
                }
            }
        }
        State::Is(Self(days))
    }

    fn view(&self) -> View<'_> {
        View::Absent
    }
}

table! {
    /// What a transitional variation says beside what every rule does.
    pub struct VariationHead {
        /// The power under which the instrument was made.
        power: Fact<Text> = "power",
        /// The record of the instrument under `instruments/`.
        instrument: Fact<Text> = "instrument",
        /// What it does to rules.
        effect: List<Effect> = "effect" (required),
        /// What later instruments changed of it.
        amendment: List<Amendment> = "amendment",
    }
}

words! {
    /// What an effect does to the rules that its target reaches.
    pub enum Op {
        /// Replaces parameters.
        Vary = "vary",
        /// Sets them aside for a time.
        Suspend = "suspend",
        /// Puts a rule in force for a time.
        Insert = "insert",
        /// Sets them aside for good.
        Repeal = "repeal",
    }
}

table! {
    /// One effect of a variation.
    pub struct Effect {
        /// What it does.
        op: Fact<Op> = "op" (required),
        /// A rule id, or (for `suspend` and `repeal`) a clause with all below it.
        target: Fact<Text> = "target" (required),
        /// The parameters that it replaces.
        set: Fact<Any> = "set",
        /// The first day.
        from: Fact<When> = "from" (required),
        /// The first day on which it no longer holds, or `"open"`.
        until: Fact<End> = "until",
        /// The variation after which it is applied, where both reach one rule.
        over: Fact<Text> = "over",
        /// Where it is taken from.
        source: List<Text> = "source",
        /// How well it is evidenced.
        basis: Fact<BasisWord> = "basis",
        /// For colleagues only.
        note: Fact<Text> = "note",
    }
}

table! {
    /// A change of a variation by a later instrument.
    pub struct Amendment {
        /// The day from which it counts.
        on: Fact<When> = "on" (required),
        /// The number of the effect, where there are several.
        effect: Fact<u32> = "effect",
        /// What it changes: `from` or `until`.
        changes: Fact<Text> = "changes" (required),
        /// What stood.
        was: Fact<End> = "was" (required),
        /// What stands.
        now: Fact<End> = "now" (required),
        /// Where it is taken from.
        source: List<Text> = "source",
        /// For colleagues only.
        note: Fact<Text> = "note",
    }
}

impl Example {
    /// The outcomes that it must have. `"unknown"` is one of them here.
    pub fn expected(&self) -> Vec<&str> {
        match &self.expect.state {
            State::Unknown => vec!["unknown"],
            State::Is(words) => words.iter().collect(),
            _ => Vec::new(),
        }
    }

    /// The days judged.
    pub fn days(&self) -> Vec<Day> {
        self.on.known().map(|days| days.0.iter().map(|(day, _)| *day).collect()).unwrap_or_default()
    }
}

/// One rule file.
pub struct Rule {
    /// Its id: the file's stem.
    pub id: Box<str>,
    /// Its file.
    pub file: FileId,
    /// What every rule file says.
    pub head: Head,
    /// What every version says, in the order of the file.
    pub versions: Vec<VersionHead>,
    /// Its clause.
    pub clause: Clause,
    /// The most that a breach may be.
    pub level: Level,
    /// What it is.
    pub what: What,
    /// The file as it was parsed.
    pub raw: RawFile,
}

/// What a rule file is.
pub enum What {
    /// A rule of a kind, with what it is about.
    Rule {
        /// Its kind.
        kind: &'static dyn KindDef,
        /// What it is about.
        about: Box<dyn RuleAbout>,
    },
    /// A transitional variation.
    Variation(Box<VariationHead>),
}

impl Rule {
    /// Its title.
    pub fn title(&self) -> &str {
        self.head.title.text().unwrap_or(&self.id)
    }

    /// The variation that it is, if it is one.
    pub fn variation(&self) -> Option<&VariationHead> {
        match &self.what {
            What::Variation(head) => Some(head),
            What::Rule { .. } => None,
        }
    }

    /// Whether it judges commits, and no records.
    pub fn judges_commits(&self) -> bool {
        matches!(&self.what, What::Rule { kind, .. } if kind.judges_commits())
    }
}

impl std::fmt::Debug for Rule {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Rule").field("id", &self.id).finish_non_exhaustive()
    }
}
