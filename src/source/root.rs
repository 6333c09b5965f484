//! Finding the root: the folder that holds `registry/registry.toml`.

use std::path::{Path, PathBuf};

use crate::error::Error;
use crate::git::{self, Commit, Kind, Repo};

/// The file that marks a registry.
const MARK: &str = "registry.toml";

/// Where the root was found.
pub(super) struct Found {
    /// The folder that paths are relative to.
    pub(super) top: PathBuf,
    /// The path from there to the root: empty, or with a `/` at its end.
    pub(super) prefix: String,
}

/// How a candidate root fares.
#[derive(PartialEq, Eq)]
enum Trace {
    Absent,
    /// The way to the mark leads through a symbolic link, which is not followed.
    Link,
    Real,
}

/// The path of the registry folder without `./` and superfluous slashes.
pub(super) fn clean(registry: &str) -> Result<String, Error> {
    let parts: Vec<&str> = registry.split('/').filter(|part| !matches!(*part, "" | ".")).collect();
    let path = parts.join("/");
    if registry.starts_with('/') || !git::name::is_plain_path(path.as_bytes()) {
        let what = format!("the registry folder `{registry}` is not a path below the root");
        return Err(Error::usage(what, "give it relative to the root, with `/` and without `..`"));
    }
    Ok(path)
}

/// The folder where the search starts, with no symbolic link left in its path.
pub(super) fn folder(start: &Path) -> Result<PathBuf, Error> {
    let why = match start.canonicalize() {
        Ok(path) if path.is_dir() => return Ok(path),
        Ok(_) => "it is not a folder".to_owned(),
        Err(why) => why.to_string(),
    };
    Err(Error::Unreadable { path: start.to_owned(), why })
}

/// Finds the root, going up from `start`: on disk first, then in the tree of the commit.
pub(super) fn find(start: &Path, registry: &str, repo: Option<&Repo>, commit: Option<&Commit>) -> Result<Found, Error> {
    let wanted = format!("{registry}/{MARK}");
    let none = || Error::NoRegistry { wanted: wanted.clone(), from: start.to_owned() };
    let Some(repo) = repo else {
        let candidates: Vec<&Path> = start.ancestors().collect();
        let root = on_disk(&candidates, &wanted).ok_or_else(none)?;
        return Ok(Found { top: root.to_owned(), prefix: String::new() });
    };
    let top = repo.work_tree().map(|top| top.canonicalize().unwrap_or_else(|_| top.to_owned()));
    let candidates: Vec<&Path> = match &top {
        // Inside `.git` there is no registry; its work tree may hold one.
        Some(top) if !start.starts_with(top) || lies_in_git(start, top) => vec![top],
        Some(top) => start.ancestors().take_while(|dir| dir.starts_with(top)).collect(),
        None => Vec::new(),
    };
    if let (Some(top), Some(root)) = (&top, on_disk(&candidates, &wanted)) {
        return Ok(Found { top: top.clone(), prefix: prefix(top, root) });
    }
    let Some(commit) = commit else {
        return Err(if top.is_none() { bare(start) } else { none() });
    };
    let prefixes: Vec<String> = match &top {
        Some(top) => candidates.iter().map(|dir| prefix(top, dir)).collect(),
        None => vec![String::new()],
    };
    for prefix in prefixes {
        if in_tree(repo, commit, &format!("{prefix}{wanted}"))? {
            return Ok(Found { top: top.unwrap_or_else(|| repo.git_dir().to_owned()), prefix });
        }
    }
    Err(none())
}

/// The first of some folders that holds `wanted`; one that holds it behind a symbolic link, which is
/// not followed, only where no other does.
fn on_disk<'a>(candidates: &[&'a Path], wanted: &str) -> Option<&'a Path> {
    let traces: Vec<Trace> = candidates.iter().map(|dir| trace(dir, wanted)).collect();
    let first = |wanted: Trace| traces.iter().position(|trace| *trace == wanted);
    first(Trace::Real).or_else(|| first(Trace::Link)).and_then(|at| candidates.get(at).copied())
}

fn bare(start: &Path) -> Error {
    let what = format!("`{}` is a bare repository: it has no work tree to check", start.display());
    Error::git(what, "name a revision: `--at HEAD`")
}

/// Whether a folder lies in the `.git` of a work tree.
fn lies_in_git(dir: &Path, top: &Path) -> bool {
    dir.strip_prefix(top).is_ok_and(|rest| rest.components().any(|part| part.as_os_str() == ".git"))
}

/// The path from `top` to `root`, with `/` after each part.
fn prefix(top: &Path, root: &Path) -> String {
    let rest = root.strip_prefix(top).unwrap_or(Path::new(""));
    let parts = rest.components().map(|part| part.as_os_str().to_string_lossy());
    parts.flat_map(|part| [part, "/".into()]).collect()
}

/// Looks for `wanted` below `dir`, following no symbolic link.
fn trace(dir: &Path, wanted: &str) -> Trace {
    let mut path = dir.to_owned();
    for name in wanted.split('/') {
        path.push(name);
        match std::fs::symlink_metadata(&path) {
            Ok(meta) if meta.is_symlink() => return Trace::Link,
            Ok(_) => {}
            Err(_) => return Trace::Absent,
        }
    }
    Trace::Real
}

/// Whether a commit holds `wanted`, or something in its way that is not followed.
fn in_tree(repo: &Repo, commit: &Commit, wanted: &str) -> Result<bool, Error> {
    let found = repo.list(commit, wanted)?;
    Ok(found.iter().any(|entry| matches!(entry.kind, Kind::File(_) | Kind::Symlink | Kind::Submodule)))
}
