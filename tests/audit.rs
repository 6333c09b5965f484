//! The engine folded over history.

use std::{collections::BTreeMap, path::Path};

use quorate::{
    audit::{self, Audit, Cache, Wanted},
    check::Selection,
    day::Day,
    tree::Whereabouts,
};

use crate::common::{Repo, git, manifest};

const CHAIR: &str = "registry/seats/board/chair.toml";
const GROWER: &str = "registry/seats/board/grower-1.toml";
const CODE: &str = "rules/code.toml";
const COMPOSITION: &str = "rules/board-composition.toml";

/// What a commit holds: mode and content of each path.
type Files = BTreeMap<String, (&'static str, Vec<u8>)>;

fn orchard_files() -> Files {
    fn gather(folder: &Path, below: &str, files: &mut Files) {
        for entry in std::fs::read_dir(folder).unwrap() {
            let entry = entry.unwrap();
            let path = format!("{below}{}", entry.file_name().to_str().unwrap());
            if entry.file_type().unwrap().is_dir() {
                gather(&entry.path(), &format!("{path}/"), files);
            } else {
                files.insert(path, ("100644", std::fs::read(entry.path()).unwrap()));
            }
        }
    }
    let mut files = Files::new();
    gather(&manifest().join("tests/bases/orchard"), "", &mut files);
    files
}

/// A history as it is written: the commits in order, each the child of those it names.
#[derive(Default)]
struct History {
    stream: Vec<u8>,
    count: usize,
}

impl History {
    /// Adds a commit of a day by somebody; commits count from 1.
    fn commit(&mut self, day: Day, author: &str, parents: &[usize], files: &Files) -> usize {
        self.count += 1;
        let noon = day.days_since(Day::new(1970, 1, 1).unwrap()) * 86_400 + 43_200;
        let who = format!("{author} <{author}@example.org> {noon} +0000");
        let title = format!("commit {}", self.count);
        let mut head = format!("commit refs/heads/main\nmark :{}\nauthor {who}\ncommitter {who}\n", self.count);
        head.push_str(&format!("data {}\n{title}\n", title.len()));
        if parents.is_empty() && self.count > 1 {
            head = format!("reset refs/heads/main\n{head}");
        }
        for (at, parent) in parents.iter().enumerate() {
            head.push_str(&format!("{} :{parent}\n", if at == 0 { "from" } else { "merge" }));
        }
        self.stream.extend(head.as_bytes());
        self.stream.extend(b"deleteall\n");
        for (path, (mode, content)) in files {
            if *mode == "160000" {
                self.stream.extend(format!("M 160000 {} \"{path}\"\n", "1".repeat(40)).as_bytes());
                continue;
            }
            self.stream.extend(format!("M {mode} inline \"{path}\"\ndata {}\n", content.len()).as_bytes());
            self.stream.extend(content);
            self.stream.push(b'\n');
        }
        self.count
    }

    /// The bare repository that holds it, the last commit being its HEAD.
    fn made(&self) -> Repo {
        let repo = Repo::plain();
        git(repo.root(), &["init", "--quiet", "--bare", "--initial-branch=main"], b"");
        git(repo.root(), &["fast-import", "--quiet", "--force"], &self.stream);
        repo
    }
}

fn at(repo: &Repo) -> Whereabouts {
    Whereabouts { start: repo.root().to_owned(), ..Whereabouts::default() }
}

fn audited(at: &Whereabouts, wanted: &Wanted, cache: &mut Cache) -> Audit {
    audit::of(at, wanted, cache, &|_, _| {}).unwrap()
}

/// What `check` finds in a commit on a day, each finding as `fingerprint level rule subject`, sorted;
/// nothing where it can not judge.
fn checked(at: &Whereabouts, id: &str, on: Day) -> Option<Vec<String>> {
    let at = Whereabouts { at: Some(id.to_owned()), ..at.clone() };
    let verdict = at.open().ok()?.tree().ok()?.judge(on, &Selection::default());
    let line =
        |one: &quorate::finding::Finding| format!("{} {} {} {}", one.fingerprint(), one.level, one.rule, one.subject);
    let mut all: Vec<String> = verdict.findings.iter().map(line).collect();
    all.sort();
    Some(all)
}

/// What stands in each commit by an audit, told in the same way.
fn standing(audit: &Audit) -> Vec<Option<Vec<String>>> {
    let in_commit = |at: usize| {
        audit.commits[at].counts.as_ref().ok()?;
        let stands = |one: &&audit::Stood| {
            one.appeared.is_none_or(|from| from <= at) && one.cleared.is_none_or(|until| at < until)
        };
        let line = |one: &audit::Stood| {
            let found = &one.found;
            format!("{} {} {} {}", found.fingerprint, found.level, found.rule, found.subject)
        };
        let mut all: Vec<String> = audit.findings.iter().filter(stands).map(line).collect();
        all.sort();
        Some(all)
    };
    (0..audit.commits.len()).map(in_commit).collect()
}

/// A source of choices: the same seed, the same choices.
struct Choices(u64);

impl Choices {
    fn below(&mut self, of: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap() % of
    }

    fn path(&mut self, files: &Files) -> Option<String> {
        let at = self.below(files.len().max(1));
        files.keys().nth(at).cloned()
    }
}

fn replace(files: &mut Files, path: &str, from: &str, to: &str) {
    if let Some((_, content)) = files.get_mut(path)
        && let Ok(text) = std::str::from_utf8(content)
    {
        *content = text.replace(from, to).into_bytes();
    }
}

/// One thing that somebody may do to a tree.
fn meddle(files: &mut Files, choices: &mut Choices) {
    let base = orchard_files();
    match choices.below(24) {
        0 => replace(files, CHAIR, "\"dee\"", "\"ann\""),
        1 => replace(files, GROWER, "2017-01-01", "2018-06-01"),
        2 => replace(files, GROWER, "holder = \"ann\"", "holder = \"nobody-known\""),
        3 => replace(files, "registry/registry.toml", "\"complete\"", "\"partial\""),
        4 => replace(files, COMPOSITION, "\"error\"", "\"warning\""),
        5 => replace(files, COMPOSITION, "count = 2", "count = 3"),
        6 => replace(files, CODE, "packer = { name = \"Packer\" }", "presser = { name = \"Presser\" }"),
        7 => replace(files, CODE, "feeds", "seeds"),
        8 => replace(files, "registry/registry.toml", "schema   = 1", "schema   = 2"),
        9 | 10 => {
            let path = choices.path(files);
            path.map(|path| files.remove(&path));
        }
        11 | 12 => {
            let path = choices.path(files).filter(|path| files[path].0 == "100644");
            path.map(|path| files.get_mut(&path).unwrap().1.extend(b"\nnonsense = [\n"));
        }
        13 => {
            files.insert("registry/people/eve.toml".into(), ("100644", b"name = \"Eve\"\n".to_vec()));
        }
        14 => {
            files.insert("registry/people/Eve.toml".into(), ("100644", b"name = \"Eve\"\n".to_vec()));
        }
        15 => {
            files.insert("registry/people/link.toml".into(), ("120000", b"bob.toml".to_vec()));
        }
        16 => {
            files.insert("registry/people/module.toml".into(), ("160000", Vec::new()));
        }
        17 => {
            files.insert("registry/people/bytes.toml".into(), ("100755", vec![0xff, 0xfe]));
        }
        18 => {
            // A folder becomes a file, and goes the next time it is chosen.
            files.retain(|path, _| !path.starts_with("registry/parties"));
            files.insert("registry/parties".into(), ("100644", b"no folder".to_vec()));
        }
        19 => {
            files.insert("notes".into(), ("100644", vec![b'x'; choices.below(50)]));
        }
        20 => {
            let moved = files.remove(GROWER);
            moved.map(|file| files.insert("registry/seats/board/grower-7.toml".into(), file));
        }
        21 => {
            files.insert("rules/sources".into(), ("120000", b"../registry".to_vec()));
            files.retain(|path, _| !path.starts_with("rules/sources/"));
        }
        // Most is mended after a while.
        _ => *files = base,
    }
}

fn random_history(seed: u64) -> History {
    let mut choices = Choices(seed);
    let (mut history, mut files) = (History::default(), orchard_files());
    let mut day = Day::new(2016, 6, 1).unwrap();
    if choices.below(3) == 0 {
        // Not every history begins with a registry.
        history.commit(day, "ann", &[], &Files::from([("notes".into(), ("100644", b"x".to_vec()))]));
    }
    let authors = ["ann", "bob", "cy"];
    for _ in 0..16 {
        day = day.plus_days(i32::try_from(choices.below(40)).unwrap() - 5);
        let parents: Vec<usize> = if history.count == 0 { Vec::new() } else { vec![history.count] };
        for _ in 0..choices.below(3) {
            meddle(&mut files, &mut choices);
        }
        let author = authors[choices.below(3)];
        if choices.below(4) == 0 && history.count > 0 {
            // Two branches, and the merge that has what both did.
            let fork = history.count;
            let (mut one, mut other) = (files.clone(), files.clone());
            meddle(&mut one, &mut choices);
            meddle(&mut other, &mut choices);
            let left = history.commit(day, author, &[fork], &one);
            let right = history.commit(day, "dee", &[fork], &other);
            for (path, file) in other {
                if files.get(&path) != Some(&file) && !one.keys().any(|kept| kept.starts_with(&format!("{path}/"))) {
                    one.insert(path, file);
                }
            }
            let clash = one.contains_key("registry/parties") || one.contains_key("rules/sources");
            files = if clash { files } else { one };
            history.commit(day.plus_days(1), author, &[left, right], &files);
        } else {
            history.commit(day, author, &parents, &files);
        }
    }
    history
}

/// An audit finds in each commit what checking that commit out finds: with nothing remembered, with all
/// of it remembered, by the rules of one commit, and on one day.
#[test]
fn an_audit_finds_in_each_commit_what_checking_it_finds() {
    let (mut judged, mut refused) = (0, 0);
    for seed in 1..=12 {
        let repo = random_history(seed).made();
        let here = at(&repo);
        let folder = repo.beside("cache");
        let wanted = Wanted::default();
        let opened = here.clone();
        if (Whereabouts { at: Some("HEAD".into()), ..opened }).open().is_err() {
            continue;
        }
        let whole = audited(&here, &wanted, &mut Cache::open(&folder, "test"));
        let expected: Vec<_> = whole.commits.iter().map(|commit| checked(&here, &commit.id, commit.day)).collect();
        assert_eq!(standing(&whole), expected, "seed {seed}");
        judged += expected.iter().flatten().count();
        refused += expected.iter().filter(|one| one.is_none()).count();
        for (commit, expected) in whole.commits.iter().zip(&expected) {
            let errors = expected.as_ref().map(|all| all.iter().filter(|line| line.contains(" error ")).count());
            assert_eq!(commit.counts.as_ref().ok().map(|counts| counts.errors), errors, "seed {seed}");
        }
        let again = audited(&here, &wanted, &mut Cache::open(&folder, "test"));
        assert_eq!((&again.commits, &again.findings), (&whole.commits, &whole.findings), "seed {seed}: remembered");
        let on = Day::new(2016, 9, 30);
        let part = Wanted { range: Some("HEAD~5..HEAD".into()), on };
        if let Some(book) = whole.commits.iter().rev().find(|commit| commit.counts.is_ok()) {
            let here = Whereabouts { rules_at: Some(book.id.clone()), ..here };
            let fixed = audited(&here, &part, &mut Cache::open(&folder, "test"));
            let expected: Vec<_> = fixed.commits.iter().map(|commit| checked(&here, &commit.id, on.unwrap())).collect();
            assert_eq!(standing(&fixed), expected, "seed {seed}: fixed rules");
            assert_eq!(fixed.commits.len(), 5);
        }
    }
    assert!(judged > 40 && refused > 10, "{judged} judged, {refused} refused: the histories are too plain");
}
