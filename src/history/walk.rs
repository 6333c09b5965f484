//! The commits that a head has and its base has not, read from git.

use super::{Folders, History, Step, position_of};
use crate::{
    change::File,
    error::Error,
    git::{self, BlobId, Commit, Landing, Repo, Trees},
    source::MAX_BYTES,
    tree::{Opened, may_be_rule},
};

/// What the commits after a base did, along first parents: a merge as the whole that it makes of its
/// first parent.
///
/// # Errors
///
/// [`Error::Git`] where there is no history, it is damaged, or a shallow clone ends within it.
pub(crate) fn since(at: &Opened, base: &str) -> Result<History, Error> {
    let repo = at.source().repo()?;
    let head = match at.source().at() {
        crate::source::At::Commit(id) => id.as_str(),
        crate::source::At::WorkTree => "HEAD",
    };
    let line = repo.line(Some(&format!("{base}..{head}")))?;
    let folders = Folders { registry: at.registry(), rules: at.rules_folder() };
    let (trees, mut parent) = (repo.trees(), line.before);
    let mut history = History::default();
    for commit in &line.commits {
        history.steps.push(step(repo, &trees, commit, parent.as_ref(), folders)?);
        parent = Some(*commit);
    }
    Ok(history)
}

fn step(
    repo: &Repo,
    trees: &Trees,
    commit: &Commit,
    parent: Option<&Commit>,
    folders: Folders<'_>,
) -> Result<Step, Error> {
    let told = trees.step(commit)?;
    let header = parent.map(|parent| trees.landing(parent, &folders.header())).transpose()?;
    let position = match header {
        Some(Landing::Other(_, git::Kind::File(blob))) => {
            read(repo, &[blob]).first().and_then(|text| position_of(text))
        }
        _ => None,
    };
    let mut names = vec![folders.registry];
    // Rules that are kept elsewhere are none of this history.
    names.extend(Some(folders.rules).filter(|rules| !rules.is_empty()));
    let changes = trees.changes(commit, parent, &names)?;
    let path = |one: &git::Changed| String::from_utf8(one.path.clone()).ok();
    let is_meant = |path: &str| {
        let below = path.strip_prefix(folders.registry).is_some_and(|rest| rest.starts_with('/'));
        if below { path.ends_with(".toml") } else { may_be_rule(folders.rules, path) }
    };
    let side = |pick: fn(&git::Changed) -> Option<git::Kind>| -> Vec<(String, String)> {
        let blobs: Vec<(String, BlobId)> = changes
            .iter()
            .filter_map(|one| match pick(one) {
                Some(git::Kind::File(blob)) => Some((path(one).filter(|path| is_meant(path))?, blob)),
                _ => None,
            })
            .collect();
        let ids: Vec<BlobId> = blobs.iter().map(|(_, blob)| *blob).collect();
        blobs.into_iter().map(|(path, _)| path).zip(read(repo, &ids)).collect()
    };
    let (was, now) = (side(|one| one.was), side(|one| one.now));
    let step = Step {
        id: told.told.id,
        day: told.told.day,
        author: told.told.author,
        committer: told.committer,
        message: told.told.message,
        position,
        header: None,
        records: Vec::new(),
        rules: Vec::new(),
    };
    Ok(step.changing(folders, &files(&was), &files(&now)))
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
