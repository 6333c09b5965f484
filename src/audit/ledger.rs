//! The findings of many commits, one after the other: when each appeared, and when it was cleared.

use std::{collections::BTreeMap, sync::Arc};

use super::{About, Found, Stood};

/// What is found in a commit, by fingerprint.
pub(super) type State = BTreeMap<Box<str>, Arc<Found>>;

/// What becomes of one state in the next.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Delta {
    /// What is found and was not, or was otherwise.
    pub(super) come: Vec<Arc<Found>>,
    /// The fingerprints of what is found no more.
    pub(super) gone: Vec<Box<str>>,
}

impl Delta {
    /// What leads from one state to another.
    pub(super) fn between(was: &State, now: &State) -> Self {
        let come = now.iter().filter(|(print, found)| was.get(*print) != Some(found));
        let gone = was.keys().filter(|print| !now.contains_key(*print));
        Self { come: come.map(|(_, found)| Arc::clone(found)).collect(), gone: gone.cloned().collect() }
    }

    /// Puts it into effect.
    pub(super) fn apply(&self, state: &mut State) {
        for print in &self.gone {
            state.remove(print);
        }
        for found in &self.come {
            state.insert(found.fingerprint.clone(), Arc::clone(found));
        }
    }
}

/// What was found over time.
#[derive(Debug, Default)]
pub(super) struct Ledger {
    all: Vec<Stood>,
    open: BTreeMap<Box<str>, usize>,
}

impl Ledger {
    /// Takes what one commit changed. A finding that is there with another level is another entry: it
    /// matters from that commit on what it matters then.
    pub(super) fn enter(&mut self, commit: Option<usize>, delta: &Delta) {
        for print in &delta.gone {
            self.close(print, commit);
        }
        for found in &delta.come {
            let standing = self.open.get(&found.fingerprint).and_then(|at| self.all.get(*at));
            if standing.is_some_and(|one| one.found.level == found.level) {
                continue;
            }
            self.close(&found.fingerprint, commit);
            self.open.insert(found.fingerprint.clone(), self.all.len());
            let found = Arc::clone(found);
            self.all.push(Stood {
                found,
                about: About::Records,
                appeared: commit,
                cleared: None,
                days: 0,
                working_days: None,
            });
        }
    }

    /// Takes what one commit did: it is past with the commit.
    pub(super) fn happened(&mut self, commit: usize, found: &[Arc<Found>]) {
        let at = Some(commit);
        self.all.extend(found.iter().map(|found| Stood {
            found: Arc::clone(found),
            about: About::Commit,
            appeared: at,
            cleared: at,
            days: 0,
            working_days: None,
        }));
    }

    fn close(&mut self, print: &str, commit: Option<usize>) {
        if let Some(one) = self.open.remove(print).and_then(|at| self.all.get_mut(at)) {
            one.cleared = commit;
        }
    }

    /// Every entry, in the order in which they appeared, then by rule, subject and slot.
    pub(super) fn into_entries(mut self) -> Vec<Stood> {
        self.all.sort_by(|one, other| {
            let key = |entry: &Stood| {
                let Found { rule, subject, slot, .. } = entry.found.as_ref();
                (entry.appeared, rule.clone(), subject.clone(), slot.clone())
            };
            key(one).cmp(&key(other))
        });
        self.all
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::finding::{Level, Outcome};

    fn found(slot: &str, level: Level) -> Arc<Found> {
        Arc::new(Found {
            fingerprint: slot.into(),
            rule: "rule".into(),
            clause: None,
            clause_recalled: false,
            basis: None,
            slot: slot.into(),
            outcome: Outcome::Breach,
            level,
            subject: "seats/a/b".into(),
            message: String::new(),
            by_base_rules: false,
        })
    }

    fn state(found: &[Arc<Found>]) -> State {
        found.iter().map(|one| (one.fingerprint.clone(), Arc::clone(one))).collect()
    }

    fn told(states: &[&[Arc<Found>]]) -> Vec<String> {
        let (mut ledger, mut before) = (Ledger::default(), State::new());
        for (at, now) in states.iter().enumerate() {
            let now = state(now);
            let delta = Delta::between(&before, &now);
            ledger.enter(Some(at), &delta);
            delta.apply(&mut before);
            assert_eq!(before, now);
        }
        let line = |one: &Stood| {
            let of = |at: Option<usize>| at.map_or("-".to_owned(), |at| at.to_string());
            format!("{} {} {} {}", one.found.slot, one.found.level, of(one.appeared), of(one.cleared))
        };
        ledger.into_entries().iter().map(line).collect()
    }

    #[test]
    fn what_comes_back_is_a_second_entry() {
        let a = [found("a", Level::Error)];
        assert_eq!(told(&[&a, &[], &a]), ["a error 0 1", "a error 2 -"]);
    }

    #[test]
    fn what_becomes_worse_is_another_entry_from_then_on() {
        let (note, error) = ([found("a", Level::Note)], [found("a", Level::Error)]);
        assert_eq!(told(&[&note, &note, &error]), ["a note 0 2", "a error 2 -"]);
    }

    #[test]
    fn what_a_commit_did_is_past_with_it_and_clears_nothing() {
        let mut ledger = Ledger::default();
        let now = state(&[found("a", Level::Error)]);
        ledger.enter(Some(0), &Delta::between(&State::new(), &now));
        ledger.happened(1, &[found("a", Level::Error)]);
        ledger.happened(2, &[found("a", Level::Error)]);
        let told: Vec<_> = ledger.into_entries().iter().map(|one| (one.about, one.appeared, one.cleared)).collect();
        let did = |at| (About::Commit, Some(at), Some(at));
        assert_eq!(told, [(About::Records, Some(0), None), did(1), did(2)]);
    }

    #[test]
    fn what_is_said_in_other_words_stands_on() {
        let before = found("a", Level::Error);
        let after = Arc::new(Found { message: "two days late".into(), ..found("a", Level::Error).as_ref().clone() });
        assert_eq!(told(&[&[before], &[after]]), ["a error 0 -"]);
    }
}
