//! The only place that names `gix`: repositories, revisions, trees, blobs and the index, told in the
//! tool's own words. What history needs later (merge base, first-parent walks, tree diffs, commit
//! metadata) belongs here too, as further files beside these, each a few methods of [`Repo`].

mod blob;
mod delta;
mod fold;
mod forest;
mod history;
mod index;
pub(crate) mod name;
mod object;
mod pack;
mod partial;
mod revision;
mod signature;
mod single;
mod tree;

use std::fmt::Display;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use crate::error::Error;

pub(crate) use blob::{BlobId, Flaw};
pub(crate) use fold::{Changed, Landing, Step, Trees, ends};
pub(crate) use history::{Former, Turn};
pub(crate) use index::Index;
pub(crate) use revision::Commit;
pub(crate) use tree::{Entry, Kind};

/// The most memory that one stored object may ask for, in bytes. Records are at most 1 MiB, but the
/// object that one is stored against may be larger, and so may a tree or a commit.
const MAX_OBJECT: usize = 128 << 20;

/// A git repository, opened for reading.
pub(crate) struct Repo {
    inner: gix::ThreadSafeRepository,
    packs: OnceLock<pack::Packs>,
}

impl Repo {
    /// The repository that `start` lies in, searched upwards; none where there is none. `start` must
    /// be canonical, so that going up is going to the parent.
    pub(crate) fn discover(start: &Path) -> Result<Option<Self>, Error> {
        for dir in start.ancestors() {
            let mark = std::fs::symlink_metadata(dir.join(".git")).ok();
            if mark.is_none() && !looks_bare(dir) {
                continue;
            }
            match options().open(dir) {
                Ok(inner) => return Ok(Some(Self { inner, packs: OnceLock::new() })),
                // As for git itself, a folder that is merely called `.git` is no repository.
                Err(_) if mark.is_some_and(|mark| mark.is_dir()) && !looks_bare(&dir.join(".git")) => {}
                Err(why) => {
                    return Err(Error::git(
                        format!("cannot open the repository at `{}`: {}", dir.display(), reason(&why)),
                        "a linked worktree needs its main repository beside it; `git status` there says more",
                    ));
                }
            }
        }
        Ok(None)
    }

    /// The top folder of the work tree; none in a bare repository.
    pub(crate) fn work_tree(&self) -> Option<&Path> {
        self.inner.work_tree.as_deref()
    }

    /// The folder that holds the repository itself.
    pub(crate) fn git_dir(&self) -> &Path {
        self.inner.git_dir()
    }

    /// The folder that all work trees of the repository share.
    pub(crate) fn common_dir(&self) -> PathBuf {
        self.local().common_dir().to_owned()
    }

    /// Whether names that differ in case only are one name here (`core.ignoreCase`).
    pub(crate) fn ignores_case(&self) -> bool {
        self.local().config_snapshot().boolean("core.ignoreCase").unwrap_or(false)
    }

    /// What `.git/info/exclude` would be, whether it exists or not; shared by all worktrees.
    pub(crate) fn exclude_file(&self) -> PathBuf {
        self.local().common_dir().join("info").join("exclude")
    }

    /// A handle for this thread.
    fn local(&self) -> gix::Repository {
        let mut local = self.inner.to_thread_local();
        local.objects.ignore_replacements = true;
        local
    }

    /// The packs, opened once.
    fn packs(&self) -> &pack::Packs {
        self.packs.get_or_init(|| pack::Packs::open(&self.inner.objects))
    }
}

/// Nothing but the repository's own configuration is read, and no environment variable, so that
/// `GIT_DIR` and its kin or a user's settings change nothing. Full trust whoever owns the files: CI
/// containers check out as another user. Ownership guards against configuration that names programs
/// to run (hooks, filters, `core.fsmonitor`), and this module runs none: it reads objects, references
/// and the index. Replacement objects would change what a commit id stands for, so they are off.
fn options() -> gix::open::Options {
    gix::open::Options::isolated()
        .with(gix::sec::Trust::Full)
        .config_overrides(["core.useReplaceRefs=false".to_owned(), format!("gitoxide.objects.allocLimit={MAX_OBJECT}")])
}

/// Whether a folder has what every git directory has.
fn looks_bare(dir: &Path) -> bool {
    let is_dir = |name: &str| dir.join(name).is_dir();
    std::fs::symlink_metadata(dir.join("HEAD")).is_ok()
        && (is_dir("objects") && is_dir("refs") || dir.join("commondir").is_file())
}

/// The root cause of an error of `gix`, on one line.
fn reason(error: &gix::Error) -> String {
    let mut cause: &dyn std::error::Error = error;
    let mut words = one_line(cause);
    while let Some(next) = cause.source() {
        cause = next;
        let more = one_line(cause);
        if !more.is_empty() && !words.contains(&more) {
            words = if words.is_empty() { more } else { format!("{words}: {more}") };
        }
    }
    words
}

/// Text without line breaks.
fn one_line(text: impl Display) -> String {
    text.to_string().split_whitespace().collect::<Vec<_>>().join(" ")
}
