//! What the tests stand on: a folder or real git repository that is gone afterwards, and a run of
//! the tool in it that sees nothing of the machine's own settings.

pub(crate) mod published;

use std::ffi::OsStr;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use quorate::{
    error::Error,
    rulebook::{
        Rulebook,
        load::{self, RuleFile},
    },
    source::Content,
    text::Texts,
};
use serde_json::Value;

/// The made-up code of `tests/bases/orchard`: every rule kept, nothing found.
pub(crate) fn orchard() -> Repo {
    let repo = Repo::plain();
    copy(&manifest().join("tests/bases/orchard"), repo.root());
    repo
}

/// The same as a repository with one commit.
pub(crate) fn orchard_in_git() -> Repo {
    let repo = Repo::init();
    copy(&manifest().join("tests/bases/orchard"), repo.root());
    repo.commit("the orchard");
    repo
}

/// The folder of the package.
pub(crate) fn manifest() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// Copies a folder with all below it.
pub(crate) fn copy(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let to = to.join(entry.file_name());
        if entry.file_type().unwrap().is_dir() {
            copy(&entry.path(), &to);
        } else {
            std::fs::copy(entry.path(), to).unwrap();
        }
    }
}

/// A rulebook of these files, by their paths below `rules/`.
pub(crate) fn rulebook<const N: usize>(files: [(&str, &str); N]) -> Result<Rulebook, Error> {
    let file = |(below, text): (&str, &str)| RuleFile {
        path: format!("rules/{below}"),
        below: below.to_owned(),
        content: Content::Text(text.to_owned()),
    };
    let files = files.into_iter().map(file).collect();
    load::load(files, Texts::default()).map(|(book, _)| book)
}

/// A rulebook of one rule over the words and the calendar of the orchard.
pub(crate) fn orchard_rule(rule: &str) -> Rulebook {
    let orchard = manifest().join("tests/bases/orchard/rules");
    let kept = |below: &str| std::fs::read_to_string(orchard.join(below)).unwrap();
    // A second body, of which the orchard has no record: only rules about two bodies name it.
    let code = kept("code.toml").replace("known = [\"board\"]", "known = [\"board\", \"council\"]");
    let home = kept("calendars/home.toml");
    let files = [("calendars/home.toml", home.as_str()), ("code.toml", &code), ("rule.toml", rule)];
    rulebook(files).unwrap_or_else(|error| panic!("{error:?}\n{rule}"))
}

/// How a run of the tool ended.
#[derive(Debug)]
pub(crate) struct Run {
    pub(crate) status: i32,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

impl Run {
    /// What was printed, as JSON.
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.stdout).unwrap_or_else(|error| panic!("{error}: {self:?}"))
    }

    /// The findings that JSON tells of.
    pub(crate) fn findings(&self) -> Vec<Value> {
        self.json()["findings"].as_array().unwrap().clone()
    }
}

/// The binary, ready to run in a folder with an environment of its own.
pub(crate) fn tool(folder: &Path, args: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_quorate"));
    command.current_dir(folder).args(args).stdin(Stdio::null()).env_clear();
    // The system's own: without them some systems start nothing.
    for name in ["PATH", "SYSTEMROOT", "TMPDIR"] {
        command.envs(std::env::var_os(name).map(|value| (name, value)));
    }
    command.env("HOME", "/nowhere").env("LC_ALL", "C.UTF-8");
    command
}

/// Runs the tool in a folder.
pub(crate) fn quorate(folder: &Path, args: &[&str]) -> Run {
    let output = tool(folder, args).output().unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    Run {
        status: output.status.code().unwrap_or_else(|| panic!("{args:?} was ended by a signal")),
        stdout: text(output.stdout),
        stderr: text(output.stderr),
    }
}

/// Runs `check --format json` with more arguments.
pub(crate) fn check(repo: &Repo, args: &[&str]) -> Run {
    quorate(repo.root(), &[&["check", "--format", "json"], args].concat())
}

/// Each finding as `rule subject slot outcome level`, in the order printed.
pub(crate) fn brief(run: &Run) -> Vec<String> {
    let word = |finding: &Value, key: &str| finding[key].as_str().unwrap().to_owned();
    let line =
        |finding: &Value| ["rule", "subject", "slot", "outcome", "level"].map(|key| word(finding, key)).join(" ");
    run.findings().iter().map(line).collect()
}

/// Each finding as `rule path:line:column`, in the order printed.
pub(crate) fn spots(run: &Run) -> Vec<String> {
    let spot = |finding: &Value| {
        let place = &finding["places"][0];
        let path = place["path"].as_str().unwrap();
        let path = path.strip_prefix("registry/").unwrap_or(path);
        format!("{} {path}:{}:{}", finding["rule"].as_str().unwrap(), place["line"], place["column"])
    };
    run.findings().iter().map(spot).collect()
}

/// A repository with a work tree, gone when dropped.
pub(crate) struct Repo {
    /// Removes the folder when dropped.
    _folder: tempfile::TempDir,
    root: PathBuf,
}

impl Repo {
    /// An empty repository on branch `main`.
    pub(crate) fn init() -> Self {
        let repo = Self::plain();
        repo.git(&["init", "--quiet", "--initial-branch=main"]);
        repo
    }

    /// A folder that is no repository.
    pub(crate) fn plain() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path().canonicalize().unwrap().join("repo");
        std::fs::create_dir(&root).unwrap();
        Self { _folder: folder, root }
    }

    /// The top of the work tree.
    pub(crate) fn root(&self) -> &Path {
        &self.root
    }

    /// A path in the work tree.
    pub(crate) fn path(&self, path: &str) -> PathBuf {
        self.root.join(path)
    }

    /// A path beside the repository, gone with it.
    pub(crate) fn beside(&self, name: &str) -> PathBuf {
        self.root.with_file_name(name)
    }

    /// Writes a file, and the folders above it.
    pub(crate) fn write(&self, path: &str, content: impl AsRef<[u8]>) {
        let path = self.path(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, content).unwrap();
    }

    /// Replaces a text that a file has.
    pub(crate) fn edit(&self, path: &str, from: &str, to: &str) {
        let text = std::fs::read_to_string(self.path(path)).unwrap();
        assert!(text.contains(from), "{path} has no {from:?}");
        self.write(path, text.replace(from, to));
    }

    /// Makes a symbolic link, which need not lead anywhere.
    #[cfg(unix)]
    pub(crate) fn link(&self, path: &str, to: &str) {
        let path = self.path(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::os::unix::fs::symlink(to, path).unwrap();
    }

    /// Commits everything in the work tree and gives the full id.
    pub(crate) fn commit(&self, message: &str) -> String {
        self.git(&["add", "--all"]);
        self.git(&["commit", "--quiet", "--allow-empty", "-m", message]);
        self.git(&["rev-parse", "HEAD"])
    }

    /// Runs git in the work tree and gives what it printed, without the last line break.
    pub(crate) fn git<S: AsRef<OsStr>>(&self, args: &[S]) -> String {
        git(&self.root, args, b"")
    }

    /// The same with something on its standard input.
    pub(crate) fn git_with<S: AsRef<OsStr>>(&self, args: &[S], input: &[u8]) -> String {
        git(&self.root, args, input)
    }
}

/// Runs git in a folder with fixed author and dates and nobody's settings.
pub(crate) fn git<S: AsRef<OsStr>>(folder: &Path, args: &[S], input: &[u8]) -> String {
    let mut command = Command::new("git");
    for (name, _) in std::env::vars_os() {
        if name.to_string_lossy().starts_with("GIT_") {
            command.env_remove(name);
        }
    }
    let mut child = command
        .current_dir(folder)
        .args(args)
        .env("GIT_CONFIG_NOSYSTEM", "1")
        .env("GIT_CONFIG_GLOBAL", "/dev/null")
        .env("GIT_AUTHOR_NAME", "A. Clerk")
        .env("GIT_AUTHOR_EMAIL", "clerk@example.org")
        .env("GIT_AUTHOR_DATE", "2016-09-30T12:00:00+0100")
        .env("GIT_COMMITTER_NAME", "A. Clerk")
        .env("GIT_COMMITTER_EMAIL", "clerk@example.org")
        .env("GIT_COMMITTER_DATE", "2016-09-30T12:00:00+0100")
        .env("GIT_TERMINAL_PROMPT", "0")
        .env("GIT_ALLOW_PROTOCOL", "file")
        .env("LC_ALL", "C")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("git is installed");
    child.stdin.take().unwrap().write_all(input).unwrap();
    let output = child.wait_with_output().unwrap();
    let args: Vec<_> = args.iter().map(|arg| arg.as_ref().to_string_lossy().into_owned()).collect();
    assert!(output.status.success(), "git {args:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8_lossy(&output.stdout).trim_end().to_owned()
}
