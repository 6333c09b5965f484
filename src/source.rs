//! Where texts come from: the work tree or a revision.
//!
//! Nothing here runs a hook or a filter, follows a symbolic link or leaves the repository; the bytes
//! are those on disk or in the object database. The same content gives the same listing and the
//! same texts from both.

mod file;
mod ignored;
mod root;
mod walk;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};

use rayon::prelude::*;

use crate::error::Error;
use crate::git::{self, BlobId, Commit, Flaw, Repo};

/// The most bytes that a file may have; one more is a finding. No record comes near it, and it
/// bounds what a hostile one can make us do.
pub const MAX_BYTES: u64 = 1 << 20;
/// The most files that one listing may hold. A few small trees that hold each other many times over
/// can stand for more files than any machine has room for.
pub const MAX_FILES: usize = 1 << 20;
/// The most bytes of text that one reading may give: a thousand times the records of a whole code. The
/// same file, listed at many paths, is read for each.
pub const MAX_TOTAL: u64 = 1 << 28;

/// What is read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum At {
    /// The files as they are on disk now.
    WorkTree,
    /// The commit with this full id, in hexadecimal digits.
    Commit(String),
}

/// A place that texts come from. Cheap to open; nothing is read before it is asked for.
pub struct Source {
    at: At,
    commit: Option<Commit>,
    repo: Option<Repo>,
    /// The folder that paths are relative to: the top of the work tree, or the plain folder.
    top: PathBuf,
    prefix: String,
    /// Texts to be read in the place of what is on disk, by path.
    laid: BTreeMap<String, Arc<str>>,
}

/// A file that was listed. Only the [`Source`] that listed it can read it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listed {
    /// Where, relative to the repository root, with `/`. A name that is not UTF-8 stands with its
    /// odd bytes as `\xNN` and can not be read.
    pub path: String,
    what: What,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum What {
    OnDisk,
    /// Not on disk: what would be there.
    Laid(Arc<str>),
    Blob(BlobId),
    Odd(Oddity),
}

/// What a listed file turned out to hold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Content {
    /// UTF-8 text, byte for byte.
    Text(String),
    /// Something that is not read as text.
    Odd(Oddity),
}

/// Why something is not read as text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Oddity {
    /// A symbolic link, to a file or a folder; what it leads to was not looked at.
    Symlink,
    /// Another repository within this one; what it holds was not looked at.
    Submodule,
    /// A named pipe, a device or a socket; it was not opened.
    NotAFile,
    /// More than [`MAX_BYTES`].
    TooLarge {
        /// Its size, or what was seen of it while it grew.
        bytes: u64,
    },
    /// Not UTF-8.
    NotUtf8 {
        /// The offset of the first byte that is wrong.
        at: usize,
    },
    /// Its name is not UTF-8.
    NameNotUtf8,
    /// Its path would leave the repository or enter git's own folder; only a crafted tree or index
    /// holds such a thing. It was not read.
    Outside,
    /// It is there and cannot be read.
    Unreadable {
        /// What the system or git said.
        why: String,
    },
}

impl Source {
    /// Opens the place that holds `<registry>/registry.toml`, searched upwards from the folder
    /// `start` to the top of the repository that it lies in, or of the file system where it lies in
    /// none. `at` names a revision to be read instead of the work tree; the place is found in the
    /// work tree all the same, and in that revision's tree where the work tree lacks it or there is
    /// none.
    ///
    /// # Errors
    ///
    /// [`Error::Usage`] where `start` or `registry` makes no sense, [`Error::NoRegistry`] where the
    /// search finds nothing, [`Error::Git`] where the repository or the revision cannot be read.
    pub fn open(start: &Path, registry: &str, at: Option<&str>) -> Result<Self, Error> {
        let registry = root::clean(registry)?;
        let start = root::folder(start)?;
        let repo = Repo::discover(&start)?;
        let commit = match (&repo, at) {
            (_, None) => None,
            (Some(repo), Some(rev)) => Some(repo.commit(rev)?),
            (None, Some(rev)) => {
                let what = format!("`{}` lies in no git repository, so there is no revision `{rev}`", start.display());
                return Err(Error::git(what, "leave `--at` out to check the folder as it is"));
            }
        };
        let found = root::find(&start, &registry, repo.as_ref(), commit.as_ref())?;
        let at = commit.map_or(At::WorkTree, |commit| At::Commit(commit.hex()));
        Ok(Self { at, commit, repo, top: found.top, prefix: found.prefix, laid: BTreeMap::new() })
    }

    /// Opens a folder by itself, whatever lies around it: for rules that are kept elsewhere.
    ///
    /// # Errors
    ///
    /// [`Error::Unreadable`] where it is no folder.
    pub fn folder(path: &Path) -> Result<Self, Error> {
        let top = root::folder(path)?;
        Ok(Self { at: At::WorkTree, commit: None, repo: None, top, prefix: String::new(), laid: BTreeMap::new() })
    }

    /// What is read.
    pub fn at(&self) -> &At {
        &self.at
    }

    /// The full id of the commit that this is to be held against: the one that `rev` names where this
    /// comes from it, else the one at which the two parted.
    ///
    /// # Errors
    ///
    /// [`Error::Git`] where there is no repository, no such revision, nothing in common, or a shallow
    /// clone ends before it.
    pub fn base(&self, rev: &str) -> Result<String, Error> {
        let Some(repo) = &self.repo else {
            let what = format!("`{}` lies in no git repository, so there is no revision `{rev}`", self.top.display());
            return Err(Error::git(what, "leave `--base` out"));
        };
        let other = repo.commit(rev)?;
        let head = match self.commit {
            Some(commit) => commit,
            None => repo.commit("HEAD")?,
        };
        repo.parting(&head, &other).map(|commit| commit.hex())
    }

    /// The life of one file, newest first; `former` finds where it lay before, from its path and
    /// content now.
    ///
    /// # Errors
    ///
    /// [`Error::Git`] where there is no repository, the history cannot be read, or a shallow clone
    /// ends before it.
    pub(crate) fn life(&self, path: &str, former: git::Former<'_>) -> Result<Vec<git::Turn>, Error> {
        let repo = self.repo()?;
        let head = match self.commit {
            Some(commit) => commit,
            None => repo.commit("HEAD")?,
        };
        repo.life(&head, path, former)
    }

    /// The repository, for what is read of its history.
    ///
    /// # Errors
    ///
    /// [`Error::Git`] where there is none.
    pub(crate) fn repo(&self) -> Result<&Repo, Error> {
        self.repo.as_ref().ok_or_else(|| {
            let what = format!("`{}` lies in no git repository, so it has no history", self.top.display());
            Error::git(what, "`git init` and a commit begin one")
        })
    }

    /// Whether there is a repository, and so history.
    pub fn has_git(&self) -> bool {
        self.repo.is_some()
    }

    /// The path from the repository root to the folder that holds the registry and the rules: empty,
    /// or with a `/` at its end.
    pub fn prefix(&self) -> &str {
        &self.prefix
    }

    /// The folder that all paths are relative to: the top of the work tree, the plain folder, or the
    /// bare repository itself.
    pub fn root(&self) -> &Path {
        &self.top
    }

    /// Every file at or below `folder`, a path relative to the repository root, sorted bytewise by
    /// path. An absent folder holds nothing; one that is no folder is listed itself. In a repository
    /// the work tree's files are those tracked and those neither tracked nor ignored, by the
    /// `.gitignore` files and `.git/info/exclude`, whatever a user's own settings say.
    ///
    /// # Errors
    ///
    /// [`Error::Usage`] for a folder outside the repository or one of more than [`MAX_FILES`] files,
    /// [`Error::Git`] where the index or a tree cannot be read.
    pub fn list(&self, folder: &str) -> Result<Vec<Listed>, Error> {
        let folder = folder.trim_end_matches('/');
        if !folder.is_empty() && !git::name::is_plain_path(folder.as_bytes()) {
            let what = format!("`{folder}` is no folder within the repository");
            return Err(Error::usage(what, "give a path relative to the root, with `/` and without `..`"));
        }
        let mut listed: Vec<Listed> = match (&self.repo, &self.commit) {
            (Some(repo), Some(commit)) => repo.list(commit, folder)?.into_iter().map(Listed::of_tree).collect(),
            (repo, _) => walk::list(&self.top, folder, repo.as_ref())?,
        };
        if listed.len() > MAX_FILES {
            return Err(too_many(folder));
        }
        if !listed.is_sorted_by(|a, b| a.path <= b.path) {
            listed.par_sort_unstable_by(|a, b| a.path.cmp(&b.path));
        }
        self.lay_over(&mut listed, folder);
        Ok(listed)
    }

    /// From now on a text is read at a path of the work tree, whatever is on disk there: what would be
    /// found if it were written.
    pub fn lay(&mut self, path: &str, text: &str) {
        self.laid.insert(path.to_owned(), text.into());
    }

    fn lay_over(&self, listed: &mut Vec<Listed>, folder: &str) {
        for (path, text) in self.laid.iter().filter(|(path, _)| git::name::lies_in(path.as_bytes(), folder.as_bytes()))
        {
            let one = Listed { path: path.clone(), what: What::Laid(Arc::clone(text)) };
            match listed.binary_search_by(|other| other.path.cmp(path)) {
                Ok(at) => {
                    if let Some(there) = listed.get_mut(at) {
                        *there = one;
                    }
                }
                Err(at) => listed.insert(at, one),
            }
        }
    }

    /// Reads what was listed on all threads and calls `each` with every file and its content; the
    /// results come in the order of `listed`.
    ///
    /// # Errors
    ///
    /// Those of [`Source::read_numbered`].
    pub fn read<T: Send>(
        &self,
        listed: &[Listed],
        each: impl Fn(&Listed, Content) -> T + Sync,
    ) -> Result<Vec<T>, Error> {
        self.read_numbered(listed, |_, file, content| each(file, content))
    }

    /// The same, telling `each` also where the file stands in `listed`.
    ///
    /// # Errors
    ///
    /// [`Error::Git`] where a partial clone lacks some, [`Error::Usage`] where there are more than
    /// [`MAX_TOTAL`] bytes. What cannot be read otherwise is told to `each`.
    pub fn read_numbered<T: Send>(
        &self,
        listed: &[Listed],
        each: impl Fn(usize, &Listed, Content) -> T + Sync,
    ) -> Result<Vec<T>, Error> {
        let room = Room(AtomicU64::new(0));
        let each = |at: usize, file: &Listed, content: Content| each(at, file, room.take(content));
        let read = match &self.repo {
            Some(repo) if self.commit.is_some() => read_blobs(repo, listed, each)?,
            _ => listed.par_iter().enumerate().map(|(at, file)| each(at, file, self.read_file(file))).collect(),
        };
        if room.is_full() { Err(too_much()) } else { Ok(read) }
    }

    fn read_file(&self, file: &Listed) -> Content {
        match &file.what {
            What::Odd(oddity) => Content::Odd(oddity.clone()),
            What::OnDisk => file::read(&self.top.join(&file.path)),
            What::Laid(text) => match u64::try_from(text.len()).unwrap_or(u64::MAX) {
                bytes if bytes > MAX_BYTES => Content::Odd(Oddity::TooLarge { bytes }),
                _ => Content::Text(text.as_ref().to_owned()),
            },
            What::Blob(_) => Content::Odd(Oddity::unreadable("it was listed in a commit")),
        }
    }
}

/// How many bytes of text were given so far. Once there are too many, no more are: the reading is
/// refused whole, in whatever order threads took the files.
struct Room(AtomicU64);

impl Room {
    fn take(&self, content: Content) -> Content {
        let Content::Text(text) = &content else { return content };
        self.0.fetch_add(text.len() as u64, Ordering::Relaxed);
        if self.is_full() { Content::Text(String::new()) } else { content }
    }

    fn is_full(&self) -> bool {
        self.0.load(Ordering::Relaxed) > MAX_TOTAL
    }
}

/// There are more files than are listed.
pub(crate) fn too_many(folder: &str) -> Error {
    let place = if folder.is_empty() { "the tree".to_owned() } else { format!("`{folder}`") };
    let what = format!("{place} holds more than {MAX_FILES} files");
    Error::usage(what, "no registry is that large: look at what made it so")
}

/// There is more text than is read.
fn too_much() -> Error {
    let what = format!("the files hold more than {MAX_TOTAL} bytes together");
    Error::usage(what, "no registry is that large: look at what made it so, or judge a part of it by itself")
}

fn read_blobs<T: Send>(
    repo: &Repo,
    listed: &[Listed],
    each: impl Fn(usize, &Listed, Content) -> T + Sync,
) -> Result<Vec<T>, Error> {
    let missing = AtomicUsize::new(0);
    let numbered = || listed.iter().enumerate();
    let blobs: Vec<(usize, &Listed, BlobId)> =
        numbered().filter_map(|(number, file)| Some((number, file, file.blob()?))).collect();
    let ids: Vec<BlobId> = blobs.iter().map(|(_, _, id)| *id).collect();
    let read = |at: usize, bytes: Result<&[u8], Flaw>| {
        let (number, file, _) = blobs.get(at)?;
        if matches!(bytes, Err(Flaw::Missing { .. })) {
            missing.fetch_add(1, Ordering::Relaxed);
        }
        Some(each(*number, file, Content::of_blob(bytes)))
    };
    let mut results = repo.blobs(&ids, MAX_BYTES, read).into_iter();
    // In a whole clone an object that is missing is a damage to one record; here it may be any number.
    let missing = missing.into_inner();
    if missing > 0 && repo.is_partial() {
        return Err(Repo::lacks(missing, ids.len()));
    }
    let odd = |number: usize, file: &Listed| match &file.what {
        What::Odd(oddity) => each(number, file, Content::Odd(oddity.clone())),
        _ => each(number, file, Content::Odd(Oddity::unreadable("it was not read"))),
    };
    let found = |(number, file): (usize, &Listed)| {
        file.blob().and_then(|_| results.next().flatten()).unwrap_or_else(|| odd(number, file))
    };
    Ok(numbered().map(found).collect())
}

impl Listed {
    /// A file at a path of bytes, odd where the path is no text.
    fn new(path: Vec<u8>, what: What) -> Self {
        match String::from_utf8(path) {
            Ok(path) => Self { path, what },
            Err(bad) => {
                let what = if what == What::Odd(Oddity::Outside) { what } else { What::Odd(Oddity::NameNotUtf8) };
                Self { path: escaped(bad.as_bytes()), what }
            }
        }
    }

    pub(crate) fn of_tree(entry: git::Entry) -> Self {
        let what = match entry.kind {
            git::Kind::File(id) => What::Blob(id),
            git::Kind::Symlink => What::Odd(Oddity::Symlink),
            git::Kind::Submodule => What::Odd(Oddity::Submodule),
            git::Kind::Outside => What::Odd(Oddity::Outside),
            git::Kind::Twice => What::Odd(Oddity::unreadable("its folder holds two things of this name")),
        };
        Self::new(entry.path, what)
    }

    /// Whether it is known, without reading it, to lie at this path and to hold this text.
    pub(crate) fn is(&self, path: &str, text: &str) -> bool {
        self.path == path && self.blob().is_some_and(|blob| blob.holds(text.as_bytes()))
    }

    /// What a commit names it by; nothing where it is of a work tree.
    pub(crate) fn blob(&self) -> Option<BlobId> {
        match self.what {
            What::Blob(id) => Some(id),
            _ => None,
        }
    }
}

impl Content {
    fn of_blob(bytes: Result<&[u8], Flaw>) -> Self {
        match bytes.map(std::str::from_utf8) {
            Ok(Ok(text)) => Self::Text(text.to_owned()),
            Ok(Err(bad)) => Self::Odd(Oddity::NotUtf8 { at: bad.valid_up_to() }),
            Err(Flaw::TooLarge { bytes }) => Self::Odd(Oddity::TooLarge { bytes }),
            Err(Flaw::Missing { why } | Flaw::Unreadable { why }) => Self::Odd(Oddity::Unreadable { why }),
        }
    }
}

impl Oddity {
    fn unreadable(why: impl Into<String>) -> Self {
        Self::Unreadable { why: why.into() }
    }
}

/// Bytes as text, those that are not UTF-8 as `\xNN`.
fn escaped(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len().saturating_add(8));
    for chunk in bytes.utf8_chunks() {
        text.push_str(chunk.valid());
        text.extend(chunk.invalid().iter().map(|byte| format!("\\x{byte:02x}")));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_source_is_shared_by_threads() {
        fn shared<T: Send + Sync>() {}
        shared::<Source>();
    }

    #[test]
    fn bytes_that_are_no_text_are_escaped() {
        assert_eq!(escaped(b"zo\xeb \xff\xfe.toml"), "zo\\xeb \\xff\\xfe.toml");
    }
}
