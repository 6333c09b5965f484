//! What commits of a line did, read from git: those that a head has and its base has not, or one after
//! the other.

use std::{
    cell::Cell,
    collections::BTreeSet,
    sync::atomic::{AtomicUsize, Ordering},
};

use rustc_hash::FxHashSet;

use super::{
    Folders, History, Joined, Step,
    ids::{Gone, Ids},
    position_of,
};
use crate::{
    change::File,
    day::{Day, When},
    error::Error,
    git::{self, BlobId, Changed, Commit, Flaw, Landing, Repo, Trees},
    registry::signers::{Signed, Signers},
    rulebook::Rulebook,
    source::{At, MAX_BYTES},
    tree::{Opened, may_be_rule},
};

/// What the commits after a base did, along first parents: a merge as the whole that it makes of its
/// first parent, but for what it brings of the base's own history.
///
/// # Errors
///
/// [`Error::Git`] where there is no history, it is damaged, or a shallow clone ends within it.
pub(crate) fn since(at: &Opened, base: &str, asked: Asked) -> Result<History, Error> {
    let repo = at.source().repo()?;
    let head = match at.source().at() {
        At::Commit(id) => id.as_str(),
        At::WorkTree => "HEAD",
    };
    let line = repo.line(Some(&format!("{base}..{head}")))?;
    let mut walk = Walk::new(at, Some(repo.commit(base)?))?;
    walk.signers = asked.signers;
    let (mut history, mut past, mut parent) = (History::default(), Past::default(), line.before);
    // Whoever makes a commit names its day, but none is older than what it stands on.
    let mut latest = parent.map(|commit| walk.day(&commit)).transpose()?;
    for commit in &line.commits {
        let changes = walk.changes(commit, parent.as_ref())?;
        let mut step = walk.step(commit, parent.as_ref(), &changes)?;
        latest = latest.max(Some(step.day));
        step.signed = walk.signed(commit, latest.unwrap_or(step.day))?;
        if asked.looks_back {
            past.look_back(&walk, &mut step, parent.as_ref())?;
            past.go_on(commit, parent.as_ref(), &changes);
        }
        history.steps.push(step);
        parent = Some(*commit);
    }
    Ok(history)
}

/// What rules may ask of commits beyond what those changed.
#[derive(Debug, Default)]
pub(crate) struct Asked {
    /// Which ids had been given up before: that walks back through all that came before, once a commit
    /// brings a record.
    pub(crate) looks_back: bool,
    /// Whose signatures count.
    pub(crate) signers: Option<Signers>,
}

/// Whether rules of some books may ask who signed.
pub(crate) fn asks_signers<'b>(mut books: impl Iterator<Item = &'b Rulebook>) -> bool {
    books.any(|book| book.has_word("unsigned") || book.has_word("unreviewed"))
}

/// Whether rules of some books may ask which ids had been given up before.
pub(crate) fn looks_back<'b>(mut books: impl Iterator<Item = &'b Rulebook>) -> bool {
    books.any(|book| book.has_word("reused"))
}

/// What reads the commits of a line.
pub(crate) struct Walk<'w> {
    repo: &'w Repo,
    trees: Trees,
    folders: Folders<'w>,
    /// The commit whose history is judged elsewhere: what a merge brings of it is not what the merge did.
    base: Option<Commit>,
    /// Whose signatures are looked at; nobody's where it is not asked.
    pub(crate) signers: Option<Signers>,
    /// The `registry.toml` looked at last, and the day that it names.
    position: Cell<Option<(BlobId, Option<When>)>>,
    /// Whether something could not be read that another clone may have.
    lacks: Cell<bool>,
}

impl<'w> Walk<'w> {
    /// What reads the commits of a repository. `base`: whose history is judged elsewhere.
    ///
    /// # Errors
    ///
    /// [`Error::Git`] where there is no repository.
    pub(crate) fn new(at: &'w Opened, base: Option<Commit>) -> Result<Self, Error> {
        Self::by(at, base, at.source().repo()?.trees())
    }

    /// The same, by what looks into trees already.
    ///
    /// # Errors
    ///
    /// [`Error::Git`] where there is no repository.
    pub(crate) fn by(at: &'w Opened, base: Option<Commit>, trees: Trees) -> Result<Self, Error> {
        let repo = at.source().repo()?;
        let folders = Folders { registry: at.registry(), rules: at.rules_folder() };
        let (position, lacks) = (Cell::new(None), Cell::new(false));
        Ok(Self { repo, trees, folders, base, signers: None, position, lacks })
    }

    /// Whether all that was read can be read wherever the same commits are.
    pub(crate) fn is_whole(&self) -> bool {
        !self.lacks.get()
    }

    /// What lies at the folders of records and of rules.
    ///
    /// # Errors
    ///
    /// [`Error::Git`] where a tree on the way cannot be read.
    pub(crate) fn landings(&self, commit: &Commit) -> Result<[Landing; 2], Error> {
        let landing = |folder: &str| match folder {
            // Rules that are kept elsewhere are none of this history.
            "" => Ok(Landing::Nothing),
            folder => self.trees.landing(commit, folder),
        };
        Ok([landing(self.folders.registry)?, landing(self.folders.rules)?])
    }

    /// What differs between two commits in the folders of records and of rules.
    ///
    /// # Errors
    ///
    /// [`Error::Git`] where a tree cannot be read.
    pub(crate) fn changes(&self, commit: &Commit, other: Option<&Commit>) -> Result<Vec<Changed>, Error> {
        let mut names = vec![self.folders.registry];
        names.extend(Some(self.folders.rules).filter(|rules| !rules.is_empty()));
        self.trees.changes(commit, other, &names)
    }

    /// What a commit did, held against its first parent, from which it has these changes.
    ///
    /// # Errors
    ///
    /// [`Error::Git`] where the history is damaged, a shallow clone ends within what a merge joins, or
    /// a partial one lacks what changed.
    pub(crate) fn step(&self, commit: &Commit, parent: Option<&Commit>, changes: &[Changed]) -> Result<Step, Error> {
        let told = self.trees.step(commit)?;
        let mut changes: Vec<&Changed> = changes.iter().collect();
        let (mut corrected, mut makers, mut differs) = (Vec::new(), BTreeSet::new(), Vec::new());
        let asks = self.signers.is_some();
        if let Some(parent) = parent.filter(|_| told.is_merge()) {
            for other in told.parents.iter().skip(1) {
                let other = self.repo.commit(other)?;
                let joined = self.repo.joined(&other, parent, self.base.as_ref())?;
                if joined.is_of_base || asks {
                    let own = self.changes(commit, Some(&other))?;
                    let own: FxHashSet<Vec<u8>> = own.into_iter().map(|one| one.path).collect();
                    if joined.is_of_base {
                        changes.retain(|one| own.contains(&one.path));
                    } else {
                        differs.push(own);
                    }
                }
                corrected
                    .extend(joined.messages.iter().flat_map(|message| super::corrected(message)).map(str::to_owned));
                makers.extend(joined.makers);
            }
        }
        let joined = (asks && told.is_merge()).then(|| {
            let is_own = |one: &&&Changed| differs.iter().all(|own| own.contains(&one.path));
            let own = changes.iter().find(is_own).map(|one| String::from_utf8_lossy(&one.path).into_owned());
            Joined { makers: makers.into_iter().collect(), own }
        });
        let (was, now) = (self.side(&changes, |one| one.was)?, self.side(&changes, |one| one.now)?);
        let entry = told.told;
        let step = Step {
            corrected,
            joined,
            position: parent.map_or(Ok(None), |parent| self.position(parent))?,
            ..Step::told(entry.id, entry.day, entry.author, told.committer, entry.message)
        };
        Ok(step.changing(self.folders, &files(&was), &files(&now)))
    }

    /// What the signature of a commit is worth on a day, where it is asked.
    ///
    /// # Errors
    ///
    /// [`Error::Git`] where the commit cannot be read.
    pub(crate) fn signed(&self, commit: &Commit, day: Day) -> Result<Option<Signed>, Error> {
        let Some(signers) = &self.signers else { return Ok(None) };
        Ok(Some(signers.judge(self.trees.signature(commit)?.as_ref(), day)))
    }

    /// The day that a commit names as its own.
    ///
    /// # Errors
    ///
    /// [`Error::Git`] where the commit cannot be read.
    pub(crate) fn day(&self, commit: &Commit) -> Result<Day, Error> {
        Ok(self.trees.step(commit)?.told.day)
    }

    /// The day that the records of a commit speak for.
    fn position(&self, commit: &Commit) -> Result<Option<When>, Error> {
        let Landing::Other(_, git::Kind::File(blob)) = self.trees.landing(commit, &self.folders.header())? else {
            return Ok(None);
        };
        if let Some((_, position)) = self.position.get().filter(|(last, _)| *last == blob) {
            return Ok(position);
        }
        let position = self.read(&[blob])?.first().and_then(|text| position_of(text));
        self.position.set(Some((blob, position)));
        Ok(position)
    }

    /// One side of what changed: the path and the text of each file that is a record or may be a rule.
    fn side(
        &self,
        changes: &[&Changed],
        pick: fn(&Changed) -> Option<git::Kind>,
    ) -> Result<Vec<(String, String)>, Error> {
        let blob = |one: &&Changed| match pick(one) {
            Some(git::Kind::File(blob)) => Some((String::from_utf8(one.path.clone()).ok()?, blob)),
            _ => None,
        };
        let files: Vec<(String, BlobId)> =
            changes.iter().filter_map(blob).filter(|(path, _)| self.is_meant(path)).collect();
        let ids: Vec<BlobId> = files.iter().map(|(_, blob)| *blob).collect();
        Ok(files.into_iter().map(|(path, _)| path).zip(self.read(&ids)?).collect())
    }

    fn is_meant(&self, path: &str) -> bool {
        let Folders { registry, rules } = self.folders;
        let is_record = path.strip_prefix(registry).is_some_and(|rest| rest.starts_with('/'));
        if is_record { path.strip_suffix(".toml").is_some() } else { may_be_rule(rules, path) }
    }

    /// What files say; one that is no text, or too large to be a record, says nothing.
    fn read(&self, blobs: &[BlobId]) -> Result<Vec<String>, Error> {
        let (missing, damaged) = (AtomicUsize::new(0), AtomicUsize::new(0));
        let text = |_: usize, bytes: Result<&[u8], Flaw>| {
            match bytes {
                Err(Flaw::Missing { .. }) => missing.fetch_add(1, Ordering::Relaxed),
                Err(Flaw::Unreadable { .. }) => damaged.fetch_add(1, Ordering::Relaxed),
                _ => 0,
            };
            bytes.ok().and_then(|bytes| std::str::from_utf8(bytes).ok()).unwrap_or("").to_owned()
        };
        let texts = self.repo.blobs(blobs, MAX_BYTES, text);
        let (missing, damaged) = (missing.into_inner(), damaged.into_inner());
        if missing > 0 && self.repo.is_partial() {
            return Err(Repo::lacks(missing, blobs.len()));
        }
        self.lacks.set(self.lacks.get() || missing.saturating_add(damaged) > 0);
        Ok(texts)
    }
}

/// The ids that records of a line had given up, up to one of its commits. All that came before is
/// looked at when a commit brings the first record, and no earlier.
#[derive(Default)]
pub(crate) struct Past {
    /// The commit that gave it up, and what the record said.
    ids: Ids<(Commit, BlobId)>,
    upto: Option<Commit>,
}

impl Past {
    /// Says of each record that a commit brought whether its id had been another's.
    ///
    /// # Errors
    ///
    /// [`Error::Git`] where what came before is damaged, or a shallow clone lacks it.
    pub(crate) fn look_back(&mut self, walk: &Walk<'_>, step: &mut Step, parent: Option<&Commit>) -> Result<(), Error> {
        let Some(parent) = parent.filter(|_| !step.came.is_empty()) else {
            step.given = Some(Vec::new());
            return Ok(());
        };
        self.advance(walk, parent)?;
        let tell = |(commit, blob): &(Commit, BlobId)| {
            let told = walk.trees.step(commit)?.told;
            Ok::<_, Error>(Gone {
                commit: told.id,
                day: told.day,
                text: walk.read(&[*blob])?.pop().unwrap_or_default(),
            })
        };
        step.given = Some(self.ids.given(step, walk.folders.registry, tell)?);
        Ok(())
    }

    /// Takes what a commit changed, where all before it was taken.
    pub(crate) fn go_on(&mut self, commit: &Commit, parent: Option<&Commit>, changes: &[Changed]) {
        if self.upto.is_some() && self.upto.as_ref() == parent {
            self.take(commit, changes);
        }
    }

    /// Takes what the commits up to this one changed.
    fn advance(&mut self, walk: &Walk<'_>, upto: &Commit) -> Result<(), Error> {
        if self.upto.as_ref() == Some(upto) {
            return Ok(());
        }
        let from = self.upto.map_or(String::new(), |from| format!("{}..", from.hex()));
        let line = walk.repo.line(Some(&format!("{from}{}", upto.hex())))?;
        let mut parent = line.before;
        for commit in &line.commits {
            let folders = [walk.folders.registry];
            // The first of all took nothing out.
            let changes =
                parent.map_or(Ok(Vec::new()), |parent| walk.trees.changes(commit, Some(&parent), &folders))?;
            self.take(commit, &changes);
            parent = Some(*commit);
        }
        Ok(())
    }

    fn take(&mut self, commit: &Commit, changes: &[Changed]) {
        for change in changes.iter().filter(|change| !matches!(change.now, Some(git::Kind::File(_)))) {
            if let (Some(git::Kind::File(blob)), Ok(path)) = (change.was, std::str::from_utf8(&change.path)) {
                self.ids.note(path, (*commit, blob));
            }
        }
        self.upto = Some(*commit);
    }
}

fn files(all: &[(String, String)]) -> Vec<File<'_>> {
    all.iter().map(|(path, content)| File { path, content }).collect()
}
