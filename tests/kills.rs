//! A run that is killed, at whatever moment, leaves the old bytes or the new ones, and a registry that
//! loads. A thousand times in all, most at a moment drawn by lot, the others as soon as a file is seen
//! being written.

#![cfg(unix)]

use std::{
    collections::BTreeMap,
    fmt::Write as _,
    path::{Path, PathBuf},
    process::Stdio,
    thread,
    time::{Duration, Instant},
};

use quorate::tree::{Tree, Whereabouts};
use sha2::{Digest as _, Sha256};

use crate::common::{Repo, orchard, orchard_in_git, tool};

/// A file being written, or left by a run that was killed.
fn is_spare(name: &str) -> bool {
    name.starts_with('.') && name.ends_with(".quorate-tmp")
}

/// The files of a folder and all below it, without those that are being written.
fn files(folder: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    let mut found = BTreeMap::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).into_iter().flatten() {
            let entry = entry.unwrap();
            if entry.file_type().unwrap().is_dir() {
                folders.push(entry.path());
            } else if !is_spare(&entry.file_name().to_string_lossy()) {
                found.insert(entry.path(), std::fs::read(entry.path()).unwrap());
            }
        }
    }
    found
}

fn spares(folder: &Path) -> usize {
    let names = std::fs::read_dir(folder).into_iter().flatten().map(|entry| entry.unwrap().file_name());
    names.filter(|name| is_spare(&name.to_string_lossy())).count()
}

/// The registry, as the tool loads it.
fn tree(repo: &Repo) -> Tree {
    let place = Whereabouts { start: repo.root().to_owned(), ..Whereabouts::default() };
    place.open().and_then(|opened| opened.tree()).unwrap_or_else(|error| panic!("it does not load: {error}"))
}

/// Moments drawn by lot, the same in every run of the test.
struct Lot(u64);

impl Lot {
    /// A part of a duration, and a little more than the whole of it at most.
    fn part(&mut self, of: Duration) -> Duration {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        of * u32::try_from(self.0 >> 40).unwrap() / 15_000_000
    }
}

/// Runs the tool to its end, and gives how long that took.
fn whole(repo: &Repo, args: &[&str]) -> Duration {
    let began = Instant::now();
    let status = tool(repo.root(), args).stdout(Stdio::null()).stderr(Stdio::null()).status().unwrap();
    assert!(matches!(status.code(), Some(0 | 1)), "{args:?}: {status}");
    began.elapsed()
}

/// Runs the tool and kills it: after a while, or shortly after something is written in `seen`. Says whether
/// it was killed before it ended.
fn killed(repo: &Repo, args: &[&str], after: Duration, seen: Option<&Path>) -> bool {
    let mut child = tool(repo.root(), args).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
    match seen {
        None => thread::sleep(after),
        Some(folder) => {
            let before = spares(folder);
            while spares(folder) <= before && child.try_wait().unwrap().is_none() {
                thread::sleep(Duration::from_micros(20));
            }
            thread::sleep(after / 100);
        }
    }
    child.kill().unwrap();
    child.wait().unwrap().code().is_none()
}

#[test]
fn new_is_killed_four_hundred_times() {
    let repo = orchard();
    let args = ["new", "people", "eve", "--set", "name=Eve", "--set", "source=minutes", "--no-input"];
    let path = repo.path("registry/people/eve.toml");
    let old = files(repo.root());
    let took = whole(&repo, &args);
    let new = std::fs::read(&path).unwrap();
    let (mut lot, mut count) = (Lot(1), 0);
    for turn in 0..400 {
        std::fs::remove_file(&path).ok();
        let seen = repo.path("registry/people");
        count += usize::from(killed(&repo, &args, lot.part(took), (turn % 3 == 0).then_some(&seen)));
        let mut now = files(repo.root());
        if let Some(bytes) = now.remove(&path) {
            assert_eq!(bytes, new, "turn {turn}");
        }
        assert!(now == old, "turn {turn}: another file is not as it was");
        let tree = tree(&repo);
        assert!(tree.problems.is_empty(), "turn {turn}: {:?}", tree.problems);
    }
    assert!(count > 50, "only {count} were killed before they ended");
    // What they left goes with the next write.
    std::fs::remove_file(&path).ok();
    whole(&repo, &args);
    assert_eq!(spares(&repo.path("registry/people")), 0);
}

#[test]
fn fix_is_killed_four_hundred_times() {
    let repo = orchard();
    for (path, sound, wrong) in [
        ("seats/board/chair", "constituency", "constituancy"),
        ("seats/board/grower-1", "constituency", "Constituency"),
        ("seats/board/grower-2", "tenure ", "tenuer "),
        ("people/ann", "name", "Name"),
        ("people/bob", "source", "sorce"),
        ("people/cy", "employment", "employement"),
        ("parties/acorn", "acceded", "acceeded"),
        ("parties/birch", "category", "catagory"),
        ("bodies/board", "name", "Name"),
    ] {
        let path = format!("registry/{path}.toml");
        let text = std::fs::read_to_string(repo.path(&path)).unwrap();
        repo.write(&path, text.replacen(sound, wrong, 1));
    }
    let old = files(&repo.path("registry"));
    let took = whole(&repo, &["fix"]);
    let new = files(&repo.path("registry"));
    let changed: Vec<&PathBuf> = old.keys().filter(|path| old[*path] != new[*path]).collect();
    assert!(changed.len() > 5, "{changed:?}");
    assert!(tree(&repo).problems.is_empty());
    let (mut lot, mut count, mut partly) = (Lot(2), 0, 0);
    for turn in 0..400 {
        for path in &changed {
            std::fs::write(path, &old[*path]).unwrap();
        }
        let seen = repo.path("registry/seats/board");
        count += usize::from(killed(&repo, &["fix"], lot.part(took), (turn % 3 == 0).then_some(&seen)));
        let now = files(&repo.path("registry"));
        assert!(now.keys().eq(old.keys()), "turn {turn}: files came or went");
        for (path, bytes) in &now {
            assert!(*bytes == old[path] || *bytes == new[path], "turn {turn}: {} is neither", path.display());
        }
        let mended = changed.iter().filter(|path| now[**path] == new[**path]).count();
        partly += usize::from(mended > 0 && mended < changed.len());
        // What is found lies in files that are as they were.
        let tree = tree(&repo);
        for finding in &tree.problems {
            let path = repo.path(tree.texts.path(finding.marks[0].place.file));
            assert!(now[&path] == old[&path], "turn {turn}: {finding:?}");
        }
    }
    assert!(count > 50 && partly > 0, "{count} were killed before they ended, {partly} amid the files");
    for path in &changed {
        std::fs::write(path, &old[*path]).unwrap();
    }
    whole(&repo, &["fix"]);
    assert_eq!(
        ["seats/board", "people", "parties", "bodies"].map(|one| spares(&repo.path(&format!("registry/{one}")))),
        [0; 4]
    );
}

/// Whether a piece of the cache is whole: it is called after what is in it.
fn is_whole(piece: &Path) -> bool {
    let text = std::fs::read_to_string(piece).unwrap();
    let body = &text[..=text.rfind('\n').unwrap()];
    let sum = Sha256::digest(body.as_bytes()).iter().take(16).fold(String::new(), |mut hex, byte| {
        let _ = write!(hex, "{byte:02x}");
        hex
    });
    piece.file_stem().unwrap().to_str() == Some(&sum)
}

#[test]
fn an_audit_that_keeps_what_it_found_is_killed_two_hundred_times() {
    let repo = orchard_in_git();
    for turn in 0..4 {
        repo.write("registry/people/eve.toml", format!("name = {turn}\nsource = [\"minutes\"]\n"));
        repo.commit("another");
    }
    let cache = repo.beside("kept");
    let args = ["audit", "--format", "json", "--cache", cache.to_str().unwrap()];
    let took = whole(&repo, &args);
    let answer = |args: &[&str]| String::from_utf8(tool(repo.root(), args).output().unwrap().stdout).unwrap();
    let expected = answer(&["audit", "--format", "json", "--no-cache"]);
    let (mut lot, mut count) = (Lot(3), 0);
    for turn in 0..200 {
        if turn % 2 == 0 {
            // Nothing is known, so that something is kept.
            for path in files(&cache).into_keys() {
                std::fs::remove_file(path).unwrap();
            }
        }
        count += usize::from(killed(&repo, &args, lot.part(took), (turn % 3 == 0).then_some(&cache)));
        for (path, _) in files(&cache) {
            assert!(is_whole(&path), "turn {turn}: {} is not whole", path.display());
        }
        if turn % 20 == 0 {
            assert_eq!(answer(&args), expected, "turn {turn}");
        }
    }
    assert!(count > 25, "only {count} were killed before they ended");
    assert!(tree(&repo).registry.records().count() > 5);
}
