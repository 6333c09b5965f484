//! The records as one judgement sees them: what it looks at is kept, so that it is known what it
//! rests on.

use std::sync::{Mutex, PoisonError};

use super::{Registry, change::Scope, index::Office};
use crate::record::{Kind, Record, id::ACTORS};

/// What a judgement looked at, beside the record that it is about.
#[derive(Debug, Default)]
pub struct Rests(Mutex<Vec<Scope>>);

impl Rests {
    /// Keeps that something was looked at.
    pub fn note(&self, scope: Scope) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).push(scope);
    }

    /// Everything that was looked at, each once, sorted.
    pub fn into_scopes(self) -> Vec<Scope> {
        let mut all = self.0.into_inner().unwrap_or_else(PoisonError::into_inner);
        all.sort_unstable();
        all.dedup();
        all
    }
}

/// A registry, and who looks.
#[derive(Debug, Clone, Copy)]
pub struct Sight<'a> {
    registry: &'a Registry,
    rests: Option<&'a Rests>,
}

impl<'a> Sight<'a> {
    /// A registry of which nobody keeps what is looked at.
    pub fn of(registry: &'a Registry) -> Self {
        Self { registry, rests: None }
    }

    /// The same; what is looked at is kept.
    #[must_use]
    pub fn kept_in(self, rests: &'a Rests) -> Self {
        Self { rests: Some(rests), ..self }
    }

    /// Keeps that something was looked at.
    pub fn note(&self, scope: impl FnOnce() -> Scope) {
        if let Some(rests) = self.rests {
            rests.note(scope());
        }
    }

    /// The record at a position that one of the lookups gave.
    pub fn at(&self, index: u32) -> Option<&'a Record> {
        self.registry.at(index)
    }

    /// As [`Registry::of_kind`].
    pub fn of_kind(&self, kind: Kind) -> impl Iterator<Item = u32> + use<'a> {
        self.note(|| Scope::kind(kind));
        self.registry.of_kind(kind)
    }

    /// As [`Registry::in_folder`].
    pub fn in_folder(&self, kind: Kind, folder: &str) -> impl Iterator<Item = u32> + use<'a> {
        self.note(|| Scope::folder(kind, folder));
        self.registry.in_folder(kind, folder)
    }

    /// As [`Registry::all`].
    pub fn all(&self, kind: Kind) -> impl Iterator<Item = (u32, &'a Record)> + use<'a> {
        self.note(|| Scope::kind(kind));
        self.registry.all(kind)
    }

    /// As [`Registry::find`].
    pub fn find(&self, kind: Kind, id: &str) -> Option<&'a Record> {
        self.note(|| Scope::record(kind, id));
        self.registry.find(kind, id)
    }

    /// As [`Registry::position_of`].
    pub fn position_of(&self, kind: Kind, id: &str) -> Option<u32> {
        self.note(|| Scope::record(kind, id));
        self.registry.position_of(kind, id)
    }

    /// As [`Registry::actor`].
    pub fn actor(&self, id: &str) -> Option<&'a Record> {
        for kind in ACTORS.iter().filter_map(|folder| Kind::of_folder(folder)) {
            self.note(|| Scope::record(kind, id));
        }
        self.registry.actor(id)
    }

    /// As [`Registry::exists`].
    pub fn exists(&self, kind: Kind, id: &str) -> bool {
        self.note(|| Scope::record(kind, id));
        self.registry.exists(kind, id)
    }

    /// As [`Registry::implies`].
    pub fn implies(&self) -> bool {
        self.registry.implies()
    }

    /// As [`Registry::is_complete`]: what is covered is said once for all, and a change of it touches
    /// everything.
    pub fn is_complete(&self, folder: &str) -> bool {
        self.registry.is_complete(folder)
    }

    /// As [`Registry::elections_of`].
    pub fn elections_of(&self, body: &str) -> &'a [u32] {
        self.note(|| Scope::elections(body));
        self.registry.elections_of(body)
    }

    /// As [`Registry::offices_of`].
    pub fn offices_of(&self, person: &str) -> &'a [Office] {
        self.note(|| Scope::offices(person));
        self.registry.offices_of(person)
    }
}
