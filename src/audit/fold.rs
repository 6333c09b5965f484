//! The fold: commit after commit, the oldest first.

use std::{
    collections::{BTreeMap, BTreeSet},
    path::{Path, PathBuf},
    sync::Arc,
};

use super::{
    Audit, Commit, Counts, Found, Stood, Wanted,
    cache::{Cache, Key, Recalled},
    deeds::Deeds,
    engine::{Engine, Ground},
    ledger::{Delta, Ledger, State},
};
use crate::{
    calendar::WorkingDays,
    day::Day,
    error::Error,
    finding::Level,
    git::{self, Landing, Repo, Step, Trees},
    tree::{Opened, Whereabouts},
};

/// Audits a range of history. `tick` is told how many commits are done, of how many. What a cache
/// remembers is not judged again, and what is judged is left in it.
///
/// # Errors
///
/// [`Error::Usage`] for what is no range, [`Error::Git`] where there is no history, it is damaged, or a
/// shallow clone ends within it; those of [`Whereabouts::open`]. A commit whose records or rules cannot
/// be read is no error: its [`Commit::counts`] say why.
pub fn of(at: &Whereabouts, wanted: &Wanted, cache: &mut Cache, tick: &dyn Fn(usize, usize)) -> Result<Audit, Error> {
    let range = wanted.range.clone().unwrap_or_else(|| "HEAD".to_owned());
    let opened = Whereabouts { at: Some(wanted.head()?.to_owned()), ..at.clone() }.open()?;
    let repo = opened.source().repo()?;
    let line = repo.line(Some(&range))?;
    let mut fold = Fold::new(at, &opened, repo, wanted.on, cache)?;
    let before = line.before.as_ref().map(|commit| fold.commit(commit, None)).transpose()?;
    let of = line.commits.len();
    let mut commits = Vec::with_capacity(of);
    for (place, commit) in line.commits.iter().enumerate() {
        tick(place, of);
        commits.push(fold.commit(commit, Some(place))?);
        fold.cache.flush_now_and_then();
    }
    tick(of, of);
    fold.cache.finish();
    let remembered = fold.remembered;
    let days = fold.working_days(commits.last().map(|commit| commit.day));
    let mut audit = Audit {
        range,
        on: wanted.on,
        rules_at: opened.rules_commit().map(ToOwned::to_owned),
        before,
        commits,
        findings: fold.ledger.into_entries(),
        remembered,
    };
    measure(&mut audit, days.as_ref());
    Ok(audit)
}

/// Where an audit keeps what it found: below the git directory, where nothing that is committed can lie;
/// or in the folder named.
///
/// # Errors
///
/// [`Error::Git`] where there is no repository, [`Error::Usage`] for a folder in the work tree: there a
/// pull request could place what the audit would believe.
pub fn cache_folder(at: &Opened, named: Option<&Path>) -> Result<PathBuf, Error> {
    let repo = at.source().repo()?;
    let home = repo.common_dir();
    let Some(named) = named else { return Ok(home.join("quorate").join("audit")) };
    let whole = std::path::absolute(named).unwrap_or_else(|_| named.to_owned());
    // It need not be there yet; what is there of it may lead elsewhere.
    let real = whole.ancestors().find_map(|above| {
        let rest = whole.strip_prefix(above).ok()?;
        above.canonicalize().ok().map(|above| above.join(rest))
    });
    let real = real.unwrap_or(whole);
    let lies_in = |folder: &Path| folder.canonicalize().is_ok_and(|folder| real.starts_with(folder));
    if repo.work_tree().is_some_and(lies_in) && !lies_in(&home) {
        let what =
            format!("`{}` lies in the work tree, where whoever commits can place what is believed", named.display());
        return Err(Error::usage(what, "name a folder outside it, or leave `--cache` out"));
    }
    Ok(real)
}

/// Where the fold has come to.
struct Fold<'o> {
    opened: &'o Opened,
    repo: &'o Repo,
    trees: Trees,
    engine: Engine<'o>,
    deeds: Deeds<'o>,
    on: Option<Day>,
    /// Where the rules of one revision lie, where they judge all commits.
    rules_at: Option<Landing>,
    cache: &'o mut Cache,
    ledger: Ledger,
    /// What was found in the commit judged last, and what it was judged from.
    state: State,
    /// Whether the engine judged it: else the cache knew.
    is_engines: bool,
    counts: Counts,
    key: Option<Key>,
    /// What lay at the two folders in the commit before, judged or not.
    last: Option<Last>,
    /// What lay there in the last commit that could be judged.
    judged: Option<Ground>,
    remembered: usize,
}

/// One commit, as far as the next depends on it.
struct Last {
    ground: Ground,
    day: Day,
    counts: Result<Counts, String>,
}

impl<'o> Fold<'o> {
    fn new(
        at: &'o Whereabouts,
        opened: &'o Opened,
        repo: &'o Repo,
        on: Option<Day>,
        cache: &'o mut Cache,
    ) -> Result<Self, Error> {
        let trees = repo.trees();
        let rules_at = opened.rules_commit().map(|id| trees.landing(&repo.commit(id)?, opened.rules_folder()));
        Ok(Self {
            opened,
            repo,
            rules_at: rules_at.transpose()?,
            engine: Engine::new(opened, trees.clone())?,
            deeds: Deeds::new(at, opened, trees.clone())?,
            trees,
            on,
            cache,
            ledger: Ledger::default(),
            state: State::new(),
            is_engines: true,
            counts: Counts::default(),
            key: None,
            last: None,
            judged: None,
            remembered: 0,
        })
    }

    /// Takes the next commit: `place` is where it stands in the range.
    fn commit(&mut self, commit: &git::Commit, place: Option<usize>) -> Result<Commit, Error> {
        let step = self.trees.step(commit)?;
        let day = self.on.unwrap_or(step.told.day);
        let ground = self.ground(commit);
        let ground = self.unless_partial(ground)?;
        let rules_changed = match (&ground, &self.last) {
            (Ok(ground), Some(last)) => ground.rules != last.ground.rules,
            (Ok(ground), None) => self.rules_differ_from_parent(&step, ground),
            (Err(_), _) => false,
        };
        self.deeds.take(commit, place);
        let counts = match ground {
            Ok(ground) => {
                let remembered = self.remembered;
                let counts = self.counts_of(&ground, day, place);
                if let Some(why) = self.engine.take_lack().filter(|_| counts.is_err() && self.repo.is_partial()) {
                    return Err(why);
                }
                self.last = Some(Last { ground, day, counts: counts.clone() });
                match counts {
                    Ok(counts) => self.with_deeds(&ground, place, counts, remembered)?,
                    Err(why) => Err(why),
                }
            }
            Err(why) => {
                self.last = None;
                Err(why)
            }
        };
        let is_merge = step.is_merge();
        Ok(Commit {
            id: step.told.id,
            day: step.told.day,
            author: step.told.author,
            committer: step.committer,
            title: step.told.message.trim_start().lines().next().unwrap_or("").to_owned(),
            is_merge,
            rules_changed,
            counts,
        })
    }

    /// Judges what is due of what commits did, and counts what the one at a place did with what it holds.
    /// What a clone that is cut off or partial does not tell, another one does: that is no answer.
    fn with_deeds(
        &mut self,
        ground: &Ground,
        place: Option<usize>,
        mut counts: Counts,
        remembered: usize,
    ) -> Result<Result<Counts, String>, Error> {
        let (done, is_new) = match self.deeds.judge(ground, &mut self.engine, self.cache) {
            Ok(judged) => judged,
            Err(why) if self.repo.is_partial() || self.repo.is_shallow()? => return Err(why),
            Err(why) => return Ok(Err(format!("what it did is not known: {why}"))),
        };
        if is_new {
            self.remembered = remembered;
        }
        for (at, found) in done {
            self.ledger.happened(at, &found);
            if Some(at) == place {
                for one in &found {
                    let count = counts.of_level(one.level);
                    *count = count.saturating_add(1);
                }
            }
        }
        Ok(Ok(counts))
    }

    /// What a partial clone lacks of one commit it lacks of others too, and it can be had: no history is
    /// told of which half could not be judged.
    fn unless_partial(&self, ground: Result<Ground, Error>) -> Result<Result<Ground, String>, Error> {
        match ground {
            Err(why) if self.repo.is_partial() => Err(why),
            ground => Ok(ground.map_err(|why| why.to_string())),
        }
    }

    fn counts_of(&mut self, ground: &Ground, day: Day, place: Option<usize>) -> Result<Counts, String> {
        if let Some(last) = self.last.as_ref().filter(|last| last.ground == *ground && last.day == day) {
            return last.counts.clone();
        }
        let folders = (self.opened.registry(), self.opened.rules_folder());
        let key = self.cache.key(folders, (&ground.records.word(), &ground.rules.word(), ground.has_mark), day);
        let delta = match self.cache.recall(&key, self.key.as_ref(), &self.state) {
            Some(Recalled::Unjudged(why)) => {
                self.remembered = self.remembered.saturating_add(1);
                return Err(why);
            }
            Some(Recalled::Delta(delta)) => {
                self.remembered = self.remembered.saturating_add(1);
                self.is_engines = false;
                delta
            }
            None => match self.engine.judge(ground, day) {
                Ok(delta) => {
                    let is_known = std::mem::replace(&mut self.is_engines, true);
                    if is_known { delta } else { Delta::between(&self.state, self.engine.found()) }
                }
                Err(why) => {
                    if self.engine.is_whole() {
                        self.cache.keep_why(&key, &why);
                    }
                    return Err(why);
                }
            },
        };
        self.ledger.enter(place, &delta);
        self.count(&delta);
        delta.apply(&mut self.state);
        if self.engine.is_whole() {
            self.cache.keep(&key, self.key.as_ref(), &self.state, delta);
        }
        self.key = Some(key);
        self.judged = Some(*ground);
        Ok(self.counts)
    }

    fn count(&mut self, delta: &Delta) {
        let mut less: Vec<Arc<Found>> = Vec::new();
        let changed = delta.gone.iter().chain(delta.come.iter().map(|found| &found.fingerprint));
        for print in changed.collect::<BTreeSet<_>>() {
            less.extend(self.state.get(print).cloned());
        }
        for found in less {
            let count = self.counts.of_level(found.level);
            *count = count.saturating_sub(1);
        }
        for found in &delta.come {
            let count = self.counts.of_level(found.level);
            *count = count.saturating_add(1);
        }
    }

    /// What lies at the two folders, or why nobody can say.
    fn ground(&self, commit: &git::Commit) -> Result<Ground, Error> {
        let landing = |folder: &str| self.trees.landing(commit, folder);
        let records = landing(self.opened.registry())?;
        let rules = self.rules_at.map_or_else(|| landing(self.opened.rules_folder()), Ok)?;
        let has_mark = match self.last.as_ref().filter(|last| last.ground.records == records) {
            Some(last) => last.ground.has_mark,
            None => !matches!(
                landing(&format!("{}/registry.toml", self.opened.registry()))?,
                Landing::Nothing | Landing::Other(_, git::Kind::Outside | git::Kind::Twice)
            ),
        };
        Ok(Ground { records, rules, has_mark })
    }

    /// Whether the oldest commit of a range, or one behind a commit that cannot be read, changed rules.
    fn rules_differ_from_parent(&self, step: &Step, ground: &Ground) -> bool {
        let Some(parent) = step.parents.first() else { return false };
        let Ok(parent) = self.repo.commit(parent) else { return false };
        self.ground(&parent).is_ok_and(|before| before.rules != ground.rules)
    }

    /// The Working Days of the last commit that could be judged, as known on a day.
    fn working_days(&mut self, known_on: Option<Day>) -> Option<WorkingDays> {
        let ground = self.judged?;
        self.engine.read_rules(&ground).ok()?;
        let book = self.engine.book()?;
        let names = book.code.calendar();
        Some(book.calendars.working_days(names.iter().map(AsRef::as_ref), known_on?))
    }
}

impl Counts {
    fn of_level(&mut self, level: Level) -> &mut usize {
        match level {
            Level::Error => &mut self.errors,
            Level::Warning => &mut self.warnings,
            Level::Note => &mut self.notes,
        }
    }
}

/// Says of each finding how long it stood.
fn measure(audit: &mut Audit, working: Option<&WorkingDays>) {
    let Some(last) = audit.commits.last().map(|commit| commit.day) else { return };
    let ends = |one: &Stood| {
        let from = audit.appeared(one).map_or(last, |commit| commit.day);
        (from, audit.cleared(one).map_or(last, |commit| commit.day))
    };
    let ends: Vec<(Day, Day)> = audit.findings.iter().map(ends).collect();
    let mut known: BTreeMap<(Day, Day), Option<u32>> = BTreeMap::new();
    for (one, (from, until)) in audit.findings.iter_mut().zip(ends) {
        one.days = u32::try_from(until.days_since(from)).unwrap_or(0);
        let count = || working.and_then(|working| working.between(from, until));
        one.working_days = *known.entry((from, until)).or_insert_with(count);
    }
}
