//! The commits that a head has and its base has not, read from git.

use std::collections::BTreeSet;

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
    git::{self, BlobId, Commit, Landing, Repo, Trees},
    registry::signers::{Signed, Signers},
    source::{At, MAX_BYTES},
    tree::{Opened, may_be_rule},
};

/// What is asked of commits besides what they changed.
#[derive(Debug, Default)]
pub(crate) struct Asked {
    /// Which ids had been given up before: that walks back through all that came before, as far as a
    /// commit brought a record.
    pub(crate) ids: bool,
    /// What their signatures are worth by these signers, and whom merges join.
    pub(crate) signers: Option<Signers>,
}

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
    let folders = Folders { registry: at.registry(), rules: at.rules_folder() };
    let Asked { ids, signers } = asked;
    let walk = Walk { repo, trees: repo.trees(), folders, base: Some(repo.commit(base)?), signers };
    let (mut history, mut parent) = (History::default(), line.before);
    // Whoever makes a commit names its day, but none is older than what it stands on.
    let mut latest = parent.map(|commit| walk.trees.step(&commit)).transpose()?.map(|step| step.told.day);
    for commit in &line.commits {
        let mut step = walk.step(commit, parent.as_ref())?;
        latest = latest.max(Some(step.day));
        step.signed = walk.signed(commit, latest.unwrap_or(step.day))?;
        history.steps.push(step);
        parent = Some(*commit);
    }
    if ids {
        let came: FxHashSet<&str> =
            history.steps.iter().flat_map(|step| &step.came).map(|(path, ..)| path.as_str()).collect();
        let mut ids = walk.given_up(line.before.as_ref(), &came)?;
        history.steps.iter_mut().for_each(|step| ids.follow(step, folders.registry));
    }
    Ok(history)
}

/// What reads the commits of a line.
struct Walk<'w> {
    repo: &'w Repo,
    trees: Trees,
    folders: Folders<'w>,
    /// The commit whose history is judged elsewhere: what a merge brings of it is not what the merge did.
    base: Option<Commit>,
    /// Whose signatures are looked at; nobody's where it is not asked.
    signers: Option<Signers>,
}

impl Walk<'_> {
    /// What a commit did, held against its first parent.
    fn step(&self, commit: &Commit, parent: Option<&Commit>) -> Result<Step, Error> {
        let told = self.trees.step(commit)?;
        let mut changes = self.changes(commit, parent)?;
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
            let is_own = |one: &&git::Changed| differs.iter().all(|own| own.contains(&one.path));
            let own = changes.iter().find(is_own).map(|one| String::from_utf8_lossy(&one.path).into_owned());
            Joined { makers: makers.into_iter().collect(), own }
        });
        let (was, now) = (self.side(&changes, |one| one.was), self.side(&changes, |one| one.now));
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
    fn signed(&self, commit: &Commit, day: Day) -> Result<Option<Signed>, Error> {
        let Some(signers) = &self.signers else { return Ok(None) };
        Ok(Some(signers.judge(self.trees.signature(commit)?.as_ref(), day)))
    }

    /// Which of some paths held a record that a commit took out or moved, up to a commit.
    fn given_up(&self, upto: Option<&Commit>, paths: &FxHashSet<&str>) -> Result<Ids, Error> {
        let mut ids = Ids::default();
        let Some(upto) = upto.filter(|_| !paths.is_empty()) else { return Ok(ids) };
        let line = self.repo.line(Some(&upto.hex()))?;
        let parents = line.commits.iter().rev().skip(1);
        // The newest first: the one that gave an id up last is the one that counts.
        for (commit, parent) in line.commits.iter().rev().zip(parents) {
            for change in self.trees.changes(commit, Some(parent), &[self.folders.registry])? {
                let (None, Some(git::Kind::File(blob)), Ok(path)) =
                    (change.now, change.was, std::str::from_utf8(&change.path))
                else {
                    continue;
                };
                if paths.contains(path) && !ids.has(path) {
                    let told = self.trees.step(commit)?.told;
                    let text = read(self.repo, &[blob]).pop().unwrap_or_default();
                    ids.note(path, Gone { commit: told.id, day: told.day, text });
                }
            }
        }
        Ok(ids)
    }

    /// What differs between two commits in the folders of records and of rules.
    fn changes(&self, commit: &Commit, other: Option<&Commit>) -> Result<Vec<git::Changed>, Error> {
        let mut names = vec![self.folders.registry];
        // Rules that are kept elsewhere are none of this history.
        names.extend(Some(self.folders.rules).filter(|rules| !rules.is_empty()));
        self.trees.changes(commit, other, &names)
    }

    /// The day that the records of a commit speak for.
    fn position(&self, commit: &Commit) -> Result<Option<When>, Error> {
        Ok(match self.trees.landing(commit, &self.folders.header())? {
            Landing::Other(_, git::Kind::File(blob)) => {
                read(self.repo, &[blob]).first().and_then(|text| position_of(text))
            }
            _ => None,
        })
    }

    /// One side of what changed: the path and the text of each file that is a record or may be a rule.
    fn side(&self, changes: &[git::Changed], pick: fn(&git::Changed) -> Option<git::Kind>) -> Vec<(String, String)> {
        let blob = |one: &git::Changed| match pick(one) {
            Some(git::Kind::File(blob)) => Some((String::from_utf8(one.path.clone()).ok()?, blob)),
            _ => None,
        };
        let files: Vec<(String, BlobId)> =
            changes.iter().filter_map(blob).filter(|(path, _)| self.is_meant(path)).collect();
        let ids: Vec<BlobId> = files.iter().map(|(_, blob)| *blob).collect();
        files.into_iter().map(|(path, _)| path).zip(read(self.repo, &ids)).collect()
    }

    fn is_meant(&self, path: &str) -> bool {
        let Folders { registry, rules } = self.folders;
        let is_record = path.strip_prefix(registry).is_some_and(|rest| rest.starts_with('/'));
        if is_record { path.strip_suffix(".toml").is_some() } else { may_be_rule(rules, path) }
    }
}

fn files(all: &[(String, String)]) -> Vec<File<'_>> {
    all.iter().map(|(path, content)| File { path, content }).collect()
}

/// What files say; one that is no text, or too large to be a record, says nothing.
fn read(repo: &Repo, blobs: &[BlobId]) -> Vec<String> {
    let text = |_: usize, bytes: Result<&[u8], git::Flaw>| {
        bytes.ok().and_then(|bytes| std::str::from_utf8(bytes).ok()).unwrap_or("").to_owned()
    };
    repo.blobs(blobs, MAX_BYTES, text)
}
