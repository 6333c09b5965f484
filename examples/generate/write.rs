//! Files and the commit.

use std::{
    error::Error,
    fs,
    path::Path,
    process::{Command, Stdio},
};

use super::registry::Made;

/// Writes the records below `folder/registry` and copies the rules to `folder/rules`.
pub(crate) fn files(folder: &Path, made: &Made, rules: &Path) -> Result<(), Box<dyn Error>> {
    if fs::read_dir(folder).is_ok_and(|mut entries| entries.next().is_some()) {
        return Err(format!("`{}` is not empty", folder.display()).into());
    }
    for (path, text) in &made.files {
        let path = folder.join("registry").join(path);
        if let Some(parent) = path.parent() {
            fs::create_dir_all(parent)?;
        }
        fs::write(path, text)?;
    }
    copy(rules, &folder.join("rules"))
}

fn copy(from: &Path, to: &Path) -> Result<(), Box<dyn Error>> {
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(from).map_err(|why| format!("`{}`: {why}", from.display()))? {
        let entry = entry?;
        let target = to.join(entry.file_name());
        if entry.file_type()?.is_dir() {
            copy(&entry.path(), &target)?;
        } else {
            fs::copy(entry.path(), target)?;
        }
    }
    Ok(())
}

/// Commits everything, and packs it.
pub(crate) fn commit(folder: &Path) -> Result<(), Box<dyn Error>> {
    git(folder, &["init", "--quiet", "--initial-branch=main"])?;
    git(folder, &["add", "--all"])?;
    git(folder, &["commit", "--quiet", "-m", "registry: a fictional code"])?;
    git(folder, &["gc", "--quiet"])
}

/// Runs git with fixed author and dates and nobody's settings.
fn git(folder: &Path, args: &[&str]) -> Result<(), Box<dyn Error>> {
    let mut command = Command::new("git");
    for (name, _) in std::env::vars_os() {
        if name.to_string_lossy().starts_with("GIT_") {
            command.env_remove(name);
        }
    }
    let status = command
        .current_dir(folder)
        // The commit starts a repacking in the background, which would be in the way of ours.
        .args(["-c", "maintenance.auto=false", "-c", "gc.auto=0"])
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
        .stdin(Stdio::null())
        .status()?;
    if status.success() { Ok(()) } else { Err(format!("git {args:?}: {status}").into()) }
}
