//! Whole runs of the tool in repositories as they are found in the field, made by git itself. What
//! works where stands in `docs/repositories.md`; what one library call does, in `git_source`.

use std::path::{Path, PathBuf};

use crate::common::{Repo, copy, git, manifest, quorate, spots, tool};

const ACORN: &str = "registry/parties/acorn.toml";
const FEED: &str = "[{ feed = \"daily\", from = 2015-01-01 }]";
const SPOT: &str = "grower-feeds parties/acorn.toml:5:21";
/// What every verb that reads a repository is asked; the first three judge one tree.
const RUNS: [&[&str]; 5] = [
    &["check"],
    &["check", "--at", "HEAD"],
    &["check", "--base", "HEAD~1"],
    &["log", "parties/acorn"],
    &["audit", "--no-cache"],
];

/// Puts two commits into a repository: all is kept, then a feed is taken out.
fn told_in(repo: Repo) -> Repo {
    copy(&manifest().join("tests/bases/orchard"), repo.root());
    repo.commit("kept");
    repo.edit(ACORN, FEED, "[]");
    repo.commit("a feed is taken out");
    repo
}

fn story() -> Repo {
    told_in(Repo::init())
}

/// What each run prints, as JSON, with the exit status.
fn all(folder: &Path) -> Vec<(i32, String)> {
    let run = |args: &&[&str]| {
        let run = quorate(folder, &[*args, &["--format", "json"]].concat());
        (run.status, run.stdout + &run.stderr)
    };
    RUNS.iter().map(run).collect()
}

/// Every run finds in a folder what it finds in the story, to the byte.
fn same_as_in(story: &Repo, folder: &Path) {
    let expected = all(story.root());
    assert_eq!(expected.iter().map(|(status, _)| *status).collect::<Vec<_>>(), [1, 1, 1, 0, 1]);
    for ((args, expected), found) in RUNS.iter().zip(expected).zip(all(folder)) {
        assert_eq!(found, expected, "{args:?}");
    }
}

/// Clones a story beside it.
fn cloned(story: &Repo, name: &str, options: &[&str]) -> PathBuf {
    let (url, to) = (format!("file://{}", story.root().display()), story.beside(name));
    let to_text = to.to_str().unwrap();
    story.git(&[&["clone", "--quiet"], options, &[&url, to_text]].concat());
    to
}

#[test]
fn a_bare_repository_is_judged_at_a_revision() {
    let story = story();
    let bare = cloned(&story, "bare.git", &["--bare"]);
    for args in RUNS.iter().filter(|args| args[0] != "audit") {
        let at: &[&str] = if args.contains(&"--at") { &[] } else { &["--at", "HEAD"] };
        let args = [*args, at, &["--format", "json"]].concat();
        let (here, there) = (quorate(story.root(), &args), quorate(&bare, &args));
        assert_eq!((there.status, there.stdout), (here.status, here.stdout), "{args:?}");
        if !at.is_empty() {
            let without = quorate(&bare, &args[..args.len() - 4]);
            assert!(without.status == 2 && without.stderr.contains("`--at HEAD`"), "{without:?}");
        }
    }
    let args = ["audit", "--format", "json"];
    assert_eq!(quorate(&bare, &args).stdout, quorate(story.root(), &args).stdout);
}

#[test]
fn a_linked_worktree_is_judged_like_the_first() {
    let story = story();
    let linked = story.beside("linked");
    story.git(&["worktree", "add", "--quiet", "-b", "side", linked.to_str().unwrap()]);
    same_as_in(&story, &linked);
}

/// The ids differ, so what is compared is what is found and where.
#[test]
fn objects_of_sha_256_are_read_by_every_verb() {
    let repo = Repo::plain();
    repo.git(&["init", "--quiet", "--object-format=sha256", "--initial-branch=main"]);
    let repo = told_in(repo);
    assert_eq!(all(repo.root()).iter().map(|(status, _)| *status).collect::<Vec<_>>(), [1, 1, 1, 0, 1]);
    for args in &RUNS[..3] {
        assert_eq!(spots(&quorate(repo.root(), &[*args, &["--format", "json"]].concat())), [SPOT], "{args:?}");
    }
    let audit = quorate(repo.root(), &["audit", "--no-cache", "--format", "json"]).json();
    assert_eq!(audit["commits"][1]["id"].as_str().unwrap().len(), 64);
}

#[test]
fn a_detached_head_changes_nothing() {
    let (story, other) = (story(), story());
    other.git(&["checkout", "--quiet", "--detach"]);
    other.git(&["branch", "--quiet", "-D", "main"]);
    same_as_in(&story, other.root());
}

#[test]
fn without_commits_the_work_tree_is_judged_and_history_refused() {
    let repo = Repo::init();
    copy(&manifest().join("tests/bases/orchard"), repo.root());
    assert_eq!(quorate(repo.root(), &["check"]).status, 0);
    for args in &RUNS[1..] {
        let run = quorate(repo.root(), args);
        assert_eq!((run.status, run.stdout.as_str()), (2, ""), "{args:?}");
        assert!(run.stderr.contains("no commits yet"), "{args:?}: {}", run.stderr);
    }
}

#[test]
fn packed_objects_and_references_change_nothing() {
    let (story, other) = (story(), story());
    other.git(&["gc", "--quiet", "--prune=now"]);
    other.git(&["pack-refs", "--all"]);
    other.git(&["commit-graph", "write", "--reachable"]);
    assert!(!other.path(".git/refs/heads/main").exists() && other.path(".git/packed-refs").exists());
    same_as_in(&story, other.root());
    // One commit packed, the next loose.
    let mixed = Repo::init();
    copy(&manifest().join("tests/bases/orchard"), mixed.root());
    mixed.commit("kept");
    mixed.git(&["gc", "--quiet", "--prune=now"]);
    mixed.edit(ACORN, FEED, "[]");
    mixed.commit("a feed is taken out");
    same_as_in(&story, mixed.root());
}

#[test]
fn borrowed_objects_are_read_by_every_verb() {
    let story = story();
    let borrower = cloned(&story, "borrower", &[]);
    std::fs::remove_dir_all(borrower.join(".git/objects")).unwrap();
    std::fs::create_dir_all(borrower.join(".git/objects/info")).unwrap();
    let lent = format!("{}\n", story.path(".git/objects").display());
    std::fs::write(borrower.join(".git/objects/info/alternates"), lent).unwrap();
    same_as_in(&story, &borrower);
}

#[test]
fn a_path_with_spaces_and_other_letters_is_a_path() {
    let story = story();
    let odd = cloned(&story, "a b é Ω", &[]);
    same_as_in(&story, &odd);
    let from_above = quorate(odd.parent().unwrap(), &["check", "--repo", odd.to_str().unwrap(), "--format", "json"]);
    assert_eq!(spots(&from_above), [SPOT]);
}

#[test]
fn a_submodule_is_a_repository_itself() {
    let (story, above) = (story(), Repo::init());
    let url = format!("file://{}", story.root().display());
    above.git(&["submodule", "--quiet", "add", &url, "sec"]);
    assert!(above.path("sec/.git").is_file());
    same_as_in(&story, &above.path("sec"));
}

/// A clone with `core.autocrlf` has CRLF on disk and LF in its commits.
#[test]
fn line_ends_of_two_bytes_leave_places_where_they_are() {
    let story = story();
    let clone = cloned(&story, "crlf", &["--config", "core.autocrlf=true"]);
    assert!(std::fs::read_to_string(clone.join(ACORN)).unwrap().contains("\r\n"));
    assert_eq!(git(&clone, &["status", "--short"], b""), "");
    for args in &RUNS[..3] {
        assert_eq!(spots(&quorate(&clone, &[*args, &["--format", "json"]].concat())), [SPOT], "{args:?}");
    }
    let changes = |folder: &Path| {
        let run = quorate(folder, &["check", "--base", "HEAD~1", "--format", "json"]);
        serde_json::from_str::<serde_json::Value>(&run.stdout).unwrap()["changes"].clone()
    };
    assert_eq!(changes(&clone), changes(story.root()), "a line end is no change");
    assert_eq!(changes(&clone).as_array().map(Vec::len), Some(1));
    let (here, there) = (all(story.root()), all(&clone));
    assert_eq!(there[3..], here[3..], "history is that of the commits");
}

#[test]
fn the_environment_of_git_is_not_asked() {
    let story = story();
    for args in RUNS {
        let args = [args, &["--format", "json"]].concat();
        let mut command = tool(story.root(), &args);
        for name in ["GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_OBJECT_DIRECTORY", "GIT_COMMON_DIR"] {
            command.env(name, "/nowhere");
        }
        let output = command.output().unwrap();
        assert_eq!(String::from_utf8(output.stdout).unwrap(), quorate(story.root(), &args).stdout, "{args:?}");
    }
}

/// git itself refuses, because a configuration may name programs; this tool runs none.
#[test]
fn another_owner_stops_nothing_and_runs_nothing() {
    let (story, other) = (story(), story());
    let trap = format!("touch {}", other.beside("ran").display());
    for key in ["core.fsmonitor", "core.sshCommand", "core.pager", "diff.external", "filter.x.smudge", "filter.x.clean"]
    {
        other.git(&["config", key, &trap]);
    }
    std::fs::write(other.path(".git/info/attributes"), "*.toml filter=x diff=x\n").unwrap();
    let chown = std::process::Command::new("chown").args(["-R", "12345:12345"]).arg(other.root()).output();
    let is_changed = chown.is_ok_and(|chown| chown.status.success());
    same_as_in(&story, other.root());
    assert!(!other.beside("ran").exists(), "a program was run (another owner: {is_changed})");
}

#[test]
fn a_shallow_clone_judges_what_it_has_and_names_the_remedy_for_the_rest() {
    let story = story();
    let shallow = cloned(&story, "shallow", &["--depth=1"]);
    for args in &RUNS[..2] {
        assert_eq!(spots(&quorate(&shallow, &[*args, &["--format", "json"]].concat())), [SPOT], "{args:?}");
    }
    for args in &RUNS[2..] {
        let run = quorate(&shallow, args);
        assert_eq!((run.status, run.stdout.as_str()), (2, ""), "{args:?}");
        assert!(run.stderr.contains("shallow") && run.stderr.contains("git fetch --unshallow"), "{}", run.stderr);
    }
    git(&shallow, &["fetch", "--quiet", "--unshallow"], b"");
    same_as_in(&story, &shallow);
}

/// The tree checked out is there; what came before is not, until the remedy is followed.
#[test]
fn a_partial_clone_is_refused_where_it_lacks_something_and_the_remedy_helps() {
    let story = story();
    story.git(&["config", "uploadpack.allowFilter", "true"]);
    for filter in ["blob:none", "tree:0"] {
        let partial = cloned(&story, filter, &["--filter", filter]);
        for args in &RUNS[..2] {
            assert_eq!(spots(&quorate(&partial, &[*args, &["--format", "json"]].concat())), [SPOT], "{args:?}");
        }
        for args in &RUNS[2..] {
            let run = quorate(&partial, args);
            assert_eq!((run.status, run.stdout.as_str()), (2, ""), "{filter} {args:?}");
            let says = run.stderr.contains("partial clone") && run.stderr.contains("git fetch --refetch --no-filter");
            assert!(says, "{filter} {args:?}: {}", run.stderr);
        }
        assert_eq!(quorate(&partial, &["audit"]).status, 2);
        git(&partial, &["fetch", "--quiet", "--refetch", "--no-filter"], b"");
        same_as_in(&story, &partial);
        assert_eq!(quorate(&partial, &["audit"]).status, 1, "nothing of the refusal was kept");
    }
}

#[test]
fn a_partial_clone_without_a_checkout_is_refused_as_such() {
    let story = story();
    story.git(&["config", "uploadpack.allowFilter", "true"]);
    let partial = cloned(&story, "partial", &["--no-checkout", "--filter=blob:none"]);
    let run = quorate(&partial, &["check", "--at", "HEAD"]);
    assert_eq!((run.status, run.stdout.as_str()), (2, ""));
    assert!(run.stderr.contains("this is a partial clone: it lacks 8 of 8 file(s)"), "{}", run.stderr);
}
