//! Rules of one kind with their types, so that rules can be held against one another.

use std::collections::BTreeSet;

use crate::{
    day::{Day, When},
    decode::{Reader, State, table::read_rest},
    kind::Kind,
    rulebook::{
        Rulebook,
        rule::{Rule, VersionHead},
        sound::version_parameters,
    },
    text::Span,
};

/// A rule of a kind.
pub(super) struct Typed<'b, K: Kind> {
    pub(super) rule: &'b Rule,
    pub(super) about: K::About,
    pub(super) versions: Vec<Version<K::Terms>>,
}

/// A version of which it is known what held.
pub(super) struct Version<T> {
    pub(super) from: Day,
    pub(super) until: Day,
    pub(super) span: Span,
    pub(super) terms: T,
}

impl<T> Version<T> {
    /// Whether it held on a day.
    pub(super) fn holds(&self, day: Day) -> bool {
        self.from <= day && day < self.until
    }
}

impl<K: Kind> Typed<'_, K> {
    /// What held on a day.
    pub(super) fn on(&self, day: Day) -> Option<&Version<K::Terms>> {
        self.versions.iter().find(|version| version.holds(day))
    }
}

/// The period of a version by the words of its file; one that a modification brings has none.
pub(super) fn period(version: &VersionHead) -> (Day, Day) {
    let from = version.from.when().and_then(When::day).unwrap_or(Day::LATEST);
    let until = version.until.when().and_then(When::day).unwrap_or(Day::LATEST);
    (from, until)
}

/// Every rule of a kind.
pub(super) fn rules<K: Kind>(book: &Rulebook) -> Vec<Typed<'_, K>> {
    book.judging().filter(|rule| rule.head.kind.text() == Some(K::NAME)).map(typed).collect()
}

fn typed<K: Kind>(rule: &Rule) -> Typed<'_, K> {
    let mut reader = Reader::new(rule.file).of_rule();
    let about = read_rest(&mut reader, rule.raw.root(), rule.head.span);
    let mut versions = Vec::new();
    for (number, version) in rule.versions.iter().enumerate() {
        let (from, until) = period(version);
        let table = rule.raw.entry("version", number).filter(|_| from < until);
        if let Some(table) = table.filter(|_| !matches!(version.basis.state, State::Unknown)) {
            let terms = read_rest(&mut reader, &version_parameters(table), version.span);
            versions.push(Version { from, until, span: version.span, terms });
        }
    }
    Typed { rule, about, versions }
}

/// The first days of all versions of some rules: between two of them nothing changes.
pub(super) fn starts<'r>(rules: impl Iterator<Item = &'r Rule>) -> BTreeSet<Day> {
    rules.flat_map(|rule| rule.versions.iter().map(|version| period(version).0)).filter(|day| day.is_finite()).collect()
}
