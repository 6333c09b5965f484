//! Ids that records gave up, and to what they were given afterwards.

use std::collections::BTreeMap;

use super::Step;
use crate::{
    change::{self, Fact, File},
    day::Day,
    record::Kind,
};

/// The keys that say nothing of what a record is.
const OF_OURS: &[&str] = &["source", "note", "summary", "url", "read"];

/// A record that is gone, told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Gone {
    /// The commit that took it out, or moved it.
    pub(crate) commit: String,
    /// Its day.
    pub(crate) day: Day,
    /// What the record said.
    pub(crate) text: String,
}

/// The records that are gone, by path; of each what it takes to tell of it.
#[derive(Debug, Clone)]
pub(crate) struct Ids<T>(BTreeMap<String, T>);

impl<T> Default for Ids<T> {
    fn default() -> Self {
        Self(BTreeMap::new())
    }
}

/// Whether a record is the one that had its id before, as far as the two say.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Same {
    /// It calls itself the same.
    Yes,
    /// It says something else, and may be another.
    Maybe,
    /// It calls itself otherwise.
    No,
}

/// A record that was given an id which another had, or the same had before.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Given {
    /// The record, as `kind/id`.
    pub subject: String,
    /// The commit that took the earlier one out, and its day.
    pub gone: (String, Day),
    /// Whether the two are one.
    pub same: Same,
    /// What they say otherwise.
    pub differs: Vec<String>,
}

impl<T> Ids<T> {
    /// Notes a record that a commit took out. Commits are shown the oldest first: the last one counts.
    pub(crate) fn note(&mut self, path: &str, gone: T) {
        self.0.insert(path.to_owned(), gone);
    }

    /// Says of each record that a commit brought whether its id was another's before.
    ///
    /// # Errors
    ///
    /// Those of telling.
    pub(crate) fn given<E>(
        &self,
        step: &Step,
        registry: &str,
        tell: impl Fn(&T) -> Result<Gone, E>,
    ) -> Result<Vec<Given>, E> {
        let mut given = Vec::new();
        for (path, subject, text) in &step.came {
            if let Some(gone) = self.0.get(path).map(&tell).transpose()? {
                let (same, differs) = compared(registry, path, subject, &gone.text, text);
                given.push(Given { subject: subject.clone(), gone: (gone.commit, gone.day), same, differs });
            }
        }
        Ok(given)
    }
}

/// Whether what a path holds is what it held, and what it says otherwise.
fn compared(registry: &str, path: &str, subject: &str, was: &str, now: &str) -> (Same, Vec<String>) {
    let side = |content| [File { path, content }];
    let changes = change::between(registry, &side(was), &side(now));
    let facts: Vec<&Fact> = changes.iter().flat_map(|change| &change.facts).filter(|fact| names(fact)).collect();
    let differs = facts.iter().map(|fact| fact.sentence()).collect();
    (same(subject, &facts), differs)
}

/// Whether a fact may say what a record is: a value of the record itself, known before and now.
fn names(fact: &Fact) -> bool {
    let known = |side: &Option<String>| side.as_deref().is_some_and(|text| text != "unknown");
    let own = fact.key == format!("`{}`", fact.field);
    own && known(&fact.was) && known(&fact.now) && !OF_OURS.contains(&fact.field.as_str())
}

/// What the facts that differ say. A record calls itself by the keys that it may not leave out.
fn same(subject: &str, facts: &[&Fact]) -> Same {
    let kind = subject.split_once('/').and_then(|(folder, _)| Kind::of_folder(folder));
    let keys = kind.map_or(&[][..], Kind::keys);
    let mut called = keys.iter().filter(|key| key.required && !OF_OURS.contains(&key.name)).peekable();
    let has_name = called.peek().is_some();
    match facts.is_empty() {
        true => Same::Yes,
        false if has_name && called.all(|key| facts.iter().any(|fact| fact.field == key.name)) => Same::No,
        false => Same::Maybe,
    }
}

/// Whether a record that stayed where it was may have become another: all that it calls itself is
/// otherwise, and it does not say that it was called so.
pub(crate) fn may_be_another(subject: &str, facts: &[Fact]) -> bool {
    let own: Vec<&Fact> = facts.iter().filter(|fact| names(fact)).collect();
    let says_so = facts.iter().any(|fact| fact.field == "formerly" && fact.now.is_some());
    !says_so && same(subject, &own) == Same::No
}
