//! What each commit of an audit did, by the rules about commits: by those that it had, and by those of
//! the commit before, so that no commit changes a rule and leans on it unseen.
//!
//! A commit that cannot be judged did something all the same. That is judged together with the next
//! commit that can be, by its rules, and is told of the one that did it. So what it gives of a commit is
//! what `check --at COMMIT --base BEFORE` gives, where BEFORE is the last one that could be judged.

use std::sync::Arc;

use super::{
    Found,
    cache::{Cache, Key},
    engine::{Engine, Ground},
};
use crate::{
    check::{self, Selection},
    delta::{self, Sides},
    error::Error,
    finding::Finding,
    git::{Commit, Landing, Trees},
    history::{
        History,
        walk::{self, Past, Walk},
    },
    registry::signers::Signers,
    rulebook::Rulebook,
    text::Texts,
    tree::{Opened, Whereabouts},
};

/// What is found of the commits of a line, one after the other.
pub(super) struct Deeds<'o> {
    at: &'o Whereabouts,
    opened: &'o Opened,
    walk: Walk<'o>,
    past: Past,
    /// The commit before, and what lay at the two folders there.
    last: Option<(Commit, Option<[Landing; 2]>)>,
    /// Whether any commit so far had records.
    has_begun: bool,
    /// What is to be judged with the next commit that can be.
    due: Vec<Deed>,
    /// The last commit that could be judged, and its rules.
    judged: Option<(Commit, Landing)>,
    /// Who may sign, as the records of a commit say, where that was asked last.
    signers: Option<(Commit, Signers)>,
}

/// A commit whose deeds are judged.
struct Deed {
    commit: Commit,
    parent: Commit,
    place: usize,
}

/// What was found of one commit, which stands at a place in the range.
pub(super) type Done = (usize, Vec<Arc<Found>>);

impl<'o> Deeds<'o> {
    /// Nothing yet.
    ///
    /// # Errors
    ///
    /// [`Error::Git`] where there is no repository.
    pub(super) fn new(at: &'o Whereabouts, opened: &'o Opened, trees: Trees) -> Result<Self, Error> {
        Ok(Self {
            at,
            opened,
            walk: Walk::by(opened, None, trees)?,
            past: Past::default(),
            last: None,
            has_begun: false,
            due: Vec::new(),
            judged: None,
            signers: None,
        })
    }

    /// Takes the next commit: what it did is due, where it changed anything that rules could be about.
    /// One without a place is before the range. The one with which the records begin is held against
    /// nothing, so it did nothing to them.
    pub(super) fn take(&mut self, commit: &Commit, place: Option<usize>) {
        // What cannot be read is found out where it is judged.
        let lands = self.walk.landings(commit).ok();
        let before = self.last.replace((*commit, lands));
        let begins = !self.has_begun && lands.is_some_and(|[records, _]| matches!(records, Landing::Folder(_)));
        self.has_begun |= begins;
        let (Some(place), Some((parent, was))) = (place, before) else { return };
        if self.has_begun && !begins && (lands.is_none() || lands != was) {
            self.due.push(Deed { commit: *commit, parent, place });
        }
    }

    /// Judges what is due, by the rules of the commit taken last, which can be judged. Says as well
    /// whether any of it was judged anew.
    ///
    /// # Errors
    ///
    /// [`Error::Git`] where a damaged history, or one that is cut off, does not tell what was done.
    pub(super) fn judge(
        &mut self,
        ground: &Ground,
        engine: &mut Engine<'_>,
        cache: &mut Cache,
    ) -> Result<(Vec<Done>, bool), Error> {
        let Some((by, _)) = self.last else { return Ok((Vec::new(), false)) };
        let before = self.judged.replace((by, ground.rules));
        let due = std::mem::take(&mut self.due);
        let (mut all, mut court) = (Vec::with_capacity(due.len()), None);
        for deed in due {
            let key = self.key(cache, ground, (&by, before.as_ref(), &deed));
            let found = if let Some(found) = cache.recall_done(&key) {
                found
            } else {
                let court = match &mut court {
                    Some(court) => court,
                    none => none.insert(self.court(ground, engine, &by, before)?),
                };
                let found = self.found(court, engine, &deed)?;
                if court.is_whole && self.walk.is_whole() {
                    cache.keep_done(&key, &found);
                }
                found
            };
            all.push((deed.place, found));
        }
        Ok((all, court.is_some()))
    }

    /// The key of what is found of a commit: the commits say all but where the folders lie, and by what
    /// all are judged where that is one and the same.
    fn key(&self, cache: &Cache, ground: &Ground, commits: (&Commit, Option<&(Commit, Landing)>, &Deed)) -> Key {
        let (by, before, deed) = commits;
        let rules = self.opened.rules_commit().map_or("own".to_owned(), |_| ground.rules.word());
        let before = before.map_or("none".to_owned(), |(commit, _)| commit.hex());
        let names = (self.opened.registry(), self.opened.rules_folder());
        cache.key_of_done(names, [&rules, &by.hex(), &before, &deed.commit.hex(), &deed.parent.hex()])
    }

    /// By what the deeds are judged that are due in a commit.
    fn court(
        &mut self,
        ground: &Ground,
        engine: &mut Engine<'_>,
        by: &Commit,
        before: Option<(Commit, Landing)>,
    ) -> Result<Court, Error> {
        let known = self.signers.take();
        engine.hold(ground).map_err(|why| failed(engine, &why))?;
        let mut court = Court { own: engine.book().cloned(), before: None, is_whole: engine.is_whole(), by: *by };
        let is_fixed = self.opened.rules_commit().is_some();
        if let Some((commit, rules)) = before.filter(|(_, rules)| !is_fixed && *rules != ground.rules) {
            let (book, is_whole) = engine.book_at(rules).map_err(|why| failed(engine, &why))?;
            court.is_whole &= is_whole;
            court.before = Some((commit, book));
        }
        self.walk.signers = None;
        if walk::asks_signers(court.books()) {
            self.walk.signers = Some(match (before, known) {
                (None, _) => Signers::default(),
                (Some((before, _)), Some((of, signers))) if of == before => signers,
                (Some((before, _)), _) => self.signers_of(&before)?,
            });
            self.signers = Some((*by, engine.signers()));
        }
        Ok(court)
    }

    /// Who may sign what comes after a commit: nobody is believed by a key that they bring themselves.
    fn signers_of(&self, commit: &Commit) -> Result<Signers, Error> {
        let at = Whereabouts { at: Some(commit.hex()), ..self.at.clone() };
        Ok(Signers::of(&at.open()?.tree()?.registry))
    }

    /// What is found of one commit.
    fn found(&mut self, court: &Court, engine: &Engine<'_>, deed: &Deed) -> Result<Vec<Arc<Found>>, Error> {
        if !court.books().any(Rulebook::judges_commits) {
            return Ok(Vec::new());
        }
        let changes = self.walk.changes(&deed.commit, Some(&deed.parent))?;
        let mut step = self.walk.step(&deed.commit, Some(&deed.parent), &changes)?;
        if self.walk.signers.is_some() {
            // None is older than what it stands on.
            step.signed = self.walk.signed(&deed.commit, step.day.max(self.walk.day(&deed.parent)?))?;
        }
        if !step.came.is_empty() && walk::looks_back(court.books()) {
            self.past.look_back(&self.walk, &mut step, Some(&deed.parent))?;
        }
        self.past.go_on(&deed.commit, Some(&deed.parent), &changes);
        let history = History { steps: vec![step], ..History::default() };
        let by_base_rules = match &court.before {
            None => None,
            Some((_, book)) if engine.has_words_of(book) => Some(engine.done(book, &history)),
            Some((commit, _)) => Some(self.by_other_words(&court.by, commit, &history)?),
        };
        let head = court.own.as_ref().map_or(Vec::new(), |book| engine.done(book, &history));
        let sides = Sides { head, base: Vec::new(), by_base_rules };
        let found = delta::settle(sides, &Texts::default());
        Ok(found.into_iter().map(|finding| Arc::new(Found::of(finding))).collect())
    }

    /// The same by rules that read records by other words: those are read by them anew.
    fn by_other_words(&self, by: &Commit, before: &Commit, history: &History) -> Result<Vec<Finding>, Error> {
        let at = Whereabouts { at: Some(by.hex()), rules_at: Some(before.hex()), ..self.at.clone() };
        let tree = at.open()?.tree()?;
        Ok(check::history_findings(&tree.registry, &tree.book, &Selection::default(), history))
    }
}

/// By what deeds are judged.
struct Court {
    /// The commit whose records say what is granted.
    by: Commit,
    /// Its rules, or those of the one revision that judges all.
    own: Option<Rulebook>,
    /// The last commit before it that could be judged, and its rules, where they are others.
    before: Option<(Commit, Rulebook)>,
    /// Whether all of it can be read wherever the same commits are.
    is_whole: bool,
}

impl Court {
    fn books(&self) -> impl Iterator<Item = &Rulebook> {
        self.own.iter().chain(self.before.iter().map(|(_, book)| book))
    }
}

/// Why rules or records that were judged once could not be read.
fn failed(engine: &mut Engine<'_>, why: &str) -> Error {
    engine.take_lack().unwrap_or_else(|| Error::git(why, "`git fsck` says what is damaged"))
}
