//! The engine folded over history.

use std::{collections::BTreeMap, path::Path};

use quorate::{
    audit::{self, Audit, Cache, Wanted},
    check::Selection,
    day::Day,
    tree::Whereabouts,
};

use serde_json::Value;

use crate::common::{Repo, Run, git, manifest, orchard, orchard_in_git, quorate, tool};

const CHAIR: &str = "registry/seats/board/chair.toml";
const GROWER: &str = "registry/seats/board/grower-1.toml";
const CODE: &str = "rules/code.toml";
const COMPOSITION: &str = "rules/board-composition.toml";

/// What a commit holds: mode and content of each path.
pub(crate) type Files = BTreeMap<String, (&'static str, Vec<u8>)>;

pub(crate) fn orchard_files() -> Files {
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
pub(crate) struct History {
    stream: Vec<u8>,
    pub(crate) count: usize,
    /// What the commits to come say below their titles.
    pub(crate) saying: String,
}

impl History {
    /// Adds a commit of a day by somebody; commits count from 1.
    pub(crate) fn commit(&mut self, day: Day, author: &str, parents: &[usize], files: &Files) -> usize {
        self.count += 1;
        let noon = day.days_since(Day::new(1970, 1, 1).unwrap()) * 86_400 + 43_200;
        let who = format!("{author} <{author}@example.org> {noon} +0000");
        let title = format!("commit {}{}", self.count, self.saying);
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
    pub(crate) fn made(&self) -> Repo {
        let repo = Repo::plain();
        git(repo.root(), &["init", "--quiet", "--bare", "--initial-branch=main"], b"");
        git(repo.root(), &["fast-import", "--quiet", "--force"], &self.stream);
        repo
    }
}

pub(crate) fn at(repo: &Repo) -> Whereabouts {
    Whereabouts { start: repo.root().to_owned(), ..Whereabouts::default() }
}

pub(crate) fn audited(at: &Whereabouts, wanted: &Wanted, cache: &mut Cache) -> Audit {
    audit::of(at, wanted, cache, &|_, _| {}).unwrap()
}

/// What `check` finds in a commit on a day, each finding as `fingerprint level rule subject`, sorted;
/// nothing where it can not judge.
pub(crate) fn checked(at: &Whereabouts, id: &str, on: Day) -> Option<Vec<String>> {
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
pub(crate) struct Choices(pub(crate) u64);

impl Choices {
    pub(crate) fn below(&mut self, of: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap() % of
    }

    pub(crate) fn path(&mut self, files: &Files) -> Option<String> {
        let at = self.below(files.len().max(1));
        files.keys().nth(at).cloned()
    }
}

pub(crate) fn replace(files: &mut Files, path: &str, from: &str, to: &str) {
    if let Some((_, content)) = files.get_mut(path)
        && let Ok(text) = std::str::from_utf8(content)
    {
        *content = text.replace(from, to).into_bytes();
    }
}

/// One thing that somebody may do to a tree.
fn meddle(files: &mut Files, choices: &mut Choices) {
    let base = orchard_files();
    match choices.below(27) {
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
            if let Some(path) = path {
                files.get_mut(&path).unwrap().1.extend(b"\nnonsense = [\n");
            }
        }
        13 => {
            files.insert("registry/people/eve.toml".into(), ("100644", b"name = \"Eve\"\n".to_vec()));
        }
        14 => {
            let path = ["registry/people/Eve.toml", "registry/people/ANN.toml", "registry/people/EVE.toml"];
            files.insert(path[choices.below(3)].into(), ("100644", b"name = \"Eve\"\n".to_vec()));
        }
        15 => {
            // Others name him: he is there, and cannot be read.
            files.insert("registry/people/bob.toml".into(), ("120000", b"ann.toml".to_vec()));
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
        22 => {
            files.retain(|path, _| !path.starts_with("registry/"));
            files.insert("registry".into(), ("120000", b"elsewhere".to_vec()));
        }
        23 => {
            files.retain(|path, _| !path.starts_with("rules/"));
            files.insert("rules".into(), ("160000", Vec::new()));
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
            let clash = ["registry", "registry/parties", "rules", "rules/sources"];
            let clash = clash.iter().any(|path| one.contains_key(*path));
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
        // What is remembered of the whole serves a part, which begins elsewhere.
        let part = Wanted { range: Some("HEAD~5..HEAD".into()), on: None };
        let remembered = audited(&here, &part, &mut Cache::open(&folder, "test"));
        let fresh = audited(&here, &part, &mut Cache::default());
        assert_eq!((&remembered.commits, &remembered.findings), (&fresh.commits, &fresh.findings), "seed {seed}: part");
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

pub(crate) fn run(repo: &Repo, args: &[&str]) -> Run {
    quorate(repo.root(), &[&["audit", "--no-cache"], args].concat())
}

pub(crate) fn told(repo: &Repo, args: &[&str]) -> Value {
    run(repo, &[&["--format", "json"], args].concat()).json()
}

/// Each error and warning as `level rule subject: appeared by whom, cleared by whom, days, working-days`,
/// the commits by their titles' numbers.
fn entries(json: &Value) -> Vec<String> {
    let commits = json["commits"].as_array().unwrap();
    let number = |at: &Value| {
        let place = commits.iter().position(|commit| commit["id"] == at["commit"]);
        place.map_or("-".to_owned(), |place| commits[place]["title"].as_str().unwrap().replace("commit ", "#"))
    };
    let at = |at: &Value| {
        let author = at["author"].as_str().and_then(|who| who.split(' ').next()).unwrap_or("");
        if at.is_null() {
            "stands".to_owned()
        } else {
            format!("{} {author} {}", number(at), at["day"].as_str().unwrap())
        }
    };
    let line = |one: &Value| {
        let word = |key: &str| one[key].as_str().unwrap().to_owned();
        let (from, until) = (at(&one["appeared"]), at(&one["cleared"]));
        let earlier = if one["earlier"] == true { " (earlier)" } else { "" };
        format!(
            "{} {} {}: {from}{earlier}; {until}; {} {}",
            word("level"),
            word("rule"),
            word("subject"),
            one["days"],
            one["working-days"]
        )
    };
    let matters = |one: &&Value| one["level"] != "note";
    json["findings"].as_array().unwrap().iter().filter(matters).map(line).collect()
}

pub(crate) fn day(text: &str) -> Day {
    Day::parse(text).unwrap()
}

/// The day of a commit, its author, and what is replaced by what in which file.
pub(crate) type Chapter<'s> = (&'s str, &'s str, &'s [(&'s str, &'s str, &'s str)]);

/// A history of one commit after the other: day, author, and what is replaced by what in which file.
fn story(steps: &[Chapter<'_>]) -> Repo {
    let (mut history, mut files) = (History::default(), orchard_files());
    for (on, author, edits) in steps {
        for (path, from, to) in *edits {
            let before = files.clone();
            replace(&mut files, path, from, to);
            assert_ne!(before, files, "{path} has no {from:?}");
        }
        let parents: Vec<usize> = (history.count > 0).then_some(history.count).into_iter().collect();
        history.commit(day(on), author, &parents, &files);
    }
    history.made()
}

const LATE: (&str, &str, &str) = (GROWER, "due-to-end = 2017-01-01", "due-to-end = 2018-01-01");
const MENDED: (&str, &str, &str) = (GROWER, "due-to-end = 2018-01-01", "due-to-end = 2017-01-01");

#[test]
fn each_finding_says_who_brought_it_who_cleared_it_and_how_long_it_stood() {
    let repo = story(&[
        ("2016-12-01", "ann", &[]),
        ("2016-12-23", "bob", &[LATE]),
        ("2016-12-28", "cy", &[MENDED]),
        ("2016-12-29", "cy", &[]),
        ("2016-12-30", "dee", &[LATE]),
        ("2016-12-31", "ann", &[]),
    ]);
    let json = told(&repo, &[]);
    assert_eq!(
        entries(&json),
        [
            // 24 and 25 December are a weekend, 26 is a holiday of the orchard.
            "error board-term seats/board/grower-1: #2 bob 2016-12-23; #3 cy 2016-12-28; 5 2",
            // What comes back is another entry, and what stands is counted to the last commit.
            "error board-term seats/board/grower-1: #5 dee 2016-12-30; stands; 1 0",
        ]
    );
    let errors: Vec<&Value> = json["commits"].as_array().unwrap().iter().map(|commit| &commit["errors"]).collect();
    assert_eq!(errors, [0, 1, 0, 0, 1, 1]);
    assert_eq!(run(&repo, &[]).status, 1, "an error stands in the last commit");
    assert_eq!(run(&repo, &["--fail-on", "never"]).status, 0);
    assert_eq!(run(&repo, &["HEAD~2"]).status, 0, "what is cleared does not count");
}

#[test]
fn a_merge_is_judged_as_the_whole_that_it_makes() {
    let (mut history, mut files) = (History::default(), orchard_files());
    let person = b"name = \"Eve\"\nsource = [\"minutes\"]\nemployment = [{ by = \"birch\", from = 2015-01-01 }]\n";
    files.insert("registry/people/eve.toml".into(), ("100644", person.to_vec()));
    let fork = history.commit(day("2016-09-01"), "ann", &[], &files);
    // One pull request makes Eve the Alternate of Ann, the other records that Ann's employer has hired
    // her: each is green.
    let (mut one, mut other) = (files.clone(), files.clone());
    let alternate = "alternate = [{ person = \"eve\", from = 2016-02-01 }], due-to-end";
    replace(&mut one, GROWER, "due-to-end", alternate);
    replace(&mut other, "registry/people/eve.toml", "birch", "acorn");
    let left = history.commit(day("2016-09-02"), "bob", &[fork], &one);
    let right = history.commit(day("2016-09-02"), "cy", &[fork], &other);
    replace(&mut other, GROWER, "due-to-end", alternate);
    history.commit(day("2016-09-05"), "dee", &[left, right], &other);
    let repo = history.made();
    for side in ["HEAD^1", "HEAD^2"] {
        assert_eq!(entries(&told(&repo, &[side])), [""; 0], "{side} is green");
    }
    let json = told(&repo, &[]);
    assert_eq!(entries(&json), ["warning one-employer seats/board/grower-1: #4 dee 2016-09-05; stands; 0 0"]);
    let merges: Vec<&Value> = json["commits"].as_array().unwrap().iter().map(|commit| &commit["merge"]).collect();
    assert_eq!(merges, [false, false, true], "the second branch is no commit of the line");
}

#[test]
fn each_commit_is_judged_by_the_rules_that_it_had_or_by_those_of_one_revision() {
    let shorter = ("rules/board-term.toml", "count = 12", "count = 6");
    let repo = story(&[("2016-09-01", "ann", &[]), ("2016-09-02", "bob", &[shorter]), ("2016-09-03", "cy", &[])]);
    let json = told(&repo, &[]);
    let changed: Vec<&Value> =
        json["commits"].as_array().unwrap().iter().map(|commit| &commit["rules-changed"]).collect();
    assert_eq!(changed, [false, true, false]);
    assert_eq!(json["commits"][0]["errors"], 0);
    assert_eq!(json["commits"][1]["errors"], 4);
    let json = told(&repo, &["--rules-at", "HEAD"]);
    assert_eq!((&json["commits"][0]["errors"], &json["commits"][2]["errors"]), (&4.into(), &4.into()));
    assert_eq!(json["rules-at"], git(repo.root(), &["rev-parse", "HEAD"], b""));
    assert!(json["commits"].as_array().unwrap().iter().all(|commit| commit["rules-changed"] == false));
    let json = told(&repo, &["--rules-at", "HEAD~2"]);
    assert_eq!(json["commits"][2]["errors"], 0);
}

#[test]
fn all_commits_can_be_judged_on_one_day() {
    let repo = story(&[("2016-09-01", "ann", &[]), ("2016-09-02", "bob", &[])]);
    let before = told(&repo, &[]);
    assert_eq!((&before["on"], &before["commits"][1]["errors"]), (&Value::Null, &0.into()));
    // Every term has ended by then, and nobody may stay on.
    let after = told(&repo, &["--on", "2017-02-01"]);
    assert_eq!(after["on"], "2017-02-01");
    assert!(after["commits"][0]["errors"].as_u64().unwrap() > 0, "{after}");
    assert_eq!(after["commits"][0]["day"], "2016-09-01", "the commit keeps its own day");
    assert_eq!(run(&repo, &["--on", "today"]).status, 1);
    assert_eq!(run(&repo, &["--on", "soon"]).status, 2);
}

#[test]
fn a_commit_that_cannot_be_judged_says_why_and_the_audit_goes_on() {
    let mut history = History::default();
    history.commit(day("2016-08-01"), "ann", &[], &Files::new());
    let mut files = orchard_files();
    replace(&mut files, GROWER, LATE.1, LATE.2);
    history.commit(day("2016-09-01"), "ann", &[1], &files);
    replace(&mut files, COMPOSITION, "kind   =", "kind   = =");
    history.commit(day("2016-09-02"), "bob", &[2], &files);
    replace(&mut files, COMPOSITION, "kind   = =", "kind   =");
    history.commit(day("2016-09-03"), "cy", &[3], &files);
    let repo = history.made();
    let json = told(&repo, &[]);
    let commits = json["commits"].as_array().unwrap();
    assert_eq!(commits[0]["why"], "there is no `registry/registry.toml`");
    assert_eq!(commits[0]["errors"], Value::Null);
    let why = commits[2]["why"].as_str().unwrap();
    assert!(why.starts_with("the rulebook has ") && why.contains("cannot judge: "), "{why}");
    // Nobody can say that it was cleared in between.
    assert_eq!(entries(&json), ["error board-term seats/board/grower-1: #2 ann 2016-09-01; stands; 2 1"]);
    let text = run(&repo, &[]).stdout;
    assert!(text.contains("not judged: 2016-08-01") && text.contains("errors    ?█?█"), "{text}");
    let run = run(&repo, &["HEAD~1"]);
    assert_eq!(run.status, 1, "the last commit cannot be judged");
    let only = quorate(repo.root(), &["audit", "--no-cache", "HEAD~2..HEAD~1"]);
    assert_eq!((only.status, only.stdout.as_str()), (2, ""));
    assert!(only.stderr.contains("none of 1 commit(s) can be judged"), "{}", only.stderr);
}

#[test]
fn what_stood_before_the_range_did_not_appear_in_it() {
    let repo = story(&[("2016-09-01", "ann", &[LATE]), ("2016-09-02", "bob", &[]), ("2016-09-05", "cy", &[MENDED])]);
    let json = told(&repo, &["HEAD~2..HEAD"]);
    assert_eq!(json["commits"].as_array().unwrap().len(), 2);
    assert_eq!(
        entries(&json),
        ["error board-term seats/board/grower-1: - ann 2016-09-01 (earlier); #3 cy 2016-09-05; 4 2"]
    );
    let none = run(&repo, &["HEAD..HEAD"]);
    assert_eq!((none.status, none.stdout.as_str()), (0, "HEAD..HEAD: no commit\n"));
}

#[test]
fn people_see_a_picture_and_what_stood_longest() {
    let repo = story(&[
        ("2016-09-01", "ann", &[]),
        ("2016-09-02", "bob", &[LATE]),
        ("2016-09-05", "cy", &[MENDED]),
        ("2016-09-06", "cy", &[(COMPOSITION, "\"error\"", "\"warning\"")]),
    ]);
    let ids: Vec<String> =
        (0..4).map(|back| git(repo.root(), &["rev-parse", &format!("HEAD~{back}")], b"")[..12].to_owned()).collect();
    let expected = format!(
        "\
HEAD: 4 commits, 2016-09-01 to 2016-09-06, judged by its own rules, each on its own day

errors    ·█··  most 1, last 0
warnings  ····  most 0, last 0
notes     ····  most 0, last 0
rules        ▴  changed 1 time
          2016-09-01 .. 2016-09-06

error  board-term (A4): 3 days (1 Working Day)
    seat `board/grower-1`: MESSAGE
    appeared     2016-09-02 {} by bob <bob@example.org>: commit 2
    cleared      2016-09-05 {} by cy <cy@example.org>: commit 3

found: 1 error, 0 warnings, 0 notes
stand: 0 errors, 0 warnings, 0 notes
",
        ids[2], ids[1]
    );
    let run = run(&repo, &[]);
    let shown = run.stdout.lines().map(|line| match line.split_once("`board/grower-1`: ") {
        Some((head, _)) => format!("{head}`board/grower-1`: MESSAGE\n"),
        None => format!("{line}\n"),
    });
    let shown: String = shown.collect();
    // The message may take a second line, which begins further in.
    let shown: String =
        shown.split_inclusive('\n').filter(|line| !line.starts_with("      ") || line.contains("..")).collect();
    assert_eq!(shown, expected);
    assert_eq!((run.status, run.stderr.as_str()), (0, ""), "no progress where nobody looks");
}

#[test]
fn a_spreadsheet_calculates_nothing_and_a_terminal_obeys_nothing() {
    let repo = orchard_in_git();
    repo.edit(GROWER, LATE.1, LATE.2);
    repo.git(&["add", "--all"]);
    repo.git(&["commit", "--quiet", "--author", "=cmd() \u{1b}[2J <x@example.org>", "-m", "=1+1 \u{1b}[2J"]);
    let findings = run(&repo, &["--format", "csv"]).stdout;
    let commits = run(&repo, &["--format", "csv-commits"]).stdout;
    assert!(findings.contains(",'=cmd() "), "{findings}");
    assert!(commits.contains(",'=cmd() ") && commits.trim_end().contains(",'=1+1 "), "{commits}");
    assert!(findings.starts_with("fingerprint,rule,clause,slot,outcome,level,subject,earlier,appeared,"));
    assert!(commits.starts_with("commit,day,author,merge,rules-changed,errors,warnings,notes,why,title\n"));
    let text = run(&repo, &[]).stdout;
    assert!(text.contains("\\u{1b}[2J") && !text.contains('\u{1b}'), "{text}");
    assert!(tool(repo.root(), &["audit", "--no-cache"]).env("LC_ALL", "C").output().unwrap().stdout.is_ascii());
}

#[test]
fn what_another_run_left_is_used_and_changes_nothing() {
    let repo = story(&[("2016-09-01", "ann", &[]), ("2016-09-02", "bob", &[LATE]), ("2016-09-03", "cy", &[MENDED])]);
    let args = ["audit", "--format", "json"];
    let fresh = told(&repo, &[]);
    let first = quorate(repo.root(), &args).json();
    let kept = repo.path("quorate/audit");
    let pieces = || std::fs::read_dir(&kept).unwrap().map(|entry| entry.unwrap().path()).collect::<Vec<_>>();
    assert_eq!(pieces().len(), 1);
    let before = pieces();
    assert_eq!((&fresh, &fresh), (&first, &quorate(repo.root(), &args).json()));
    assert_eq!(pieces(), before, "nothing new was found out");
    // Damaged: passed over, and found out again.
    let text = std::fs::read_to_string(&before[0]).unwrap();
    std::fs::write(&before[0], text.replace("error", "note")).unwrap();
    assert_eq!(quorate(repo.root(), &args).json(), fresh);
    std::fs::write(&before[0], "").unwrap();
    assert_eq!(quorate(repo.root(), &args).json(), fresh);
    std::fs::remove_dir_all(repo.path("quorate")).unwrap();
    assert_eq!(quorate(repo.root(), &args).json(), fresh);
}

/// A cache with one commit in which there is an error, as a tool of that name left it.
fn left_by(tool: &str) -> (Repo, std::path::PathBuf) {
    let repo = story(&[("2016-09-01", "ann", &[LATE])]);
    let folder = repo.beside("cache");
    let mut cache = Cache::open(&folder, tool);
    assert_eq!(audited(&at(&repo), &Wanted::default(), &mut cache).remembered, 0);
    assert_eq!(cache.trouble(), None);
    (repo, folder)
}

#[test]
fn what_another_version_of_the_tool_found_is_not_believed() {
    let (repo, folder) = left_by("one");
    let remembered = |tool: &str| audited(&at(&repo), &Wanted::default(), &mut Cache::open(&folder, tool)).remembered;
    assert_eq!(remembered("other"), 0);
    assert_eq!((remembered("one"), remembered("other")), (1, 1), "each remembers its own");
}

#[test]
fn what_is_remembered_belongs_to_records_rules_and_day() {
    let (repo, folder) = left_by("tool");
    let remembered = |wanted: &Wanted| audited(&at(&repo), wanted, &mut Cache::open(&folder, "tool")).remembered;
    assert_eq!(remembered(&Wanted { on: Some(day("2016-09-01")), ..Wanted::default() }), 1, "the same day");
    assert_eq!(remembered(&Wanted { on: Some(day("2016-09-02")), ..Wanted::default() }), 0);
}

#[test]
fn an_interrupted_audit_goes_on_where_it_was() {
    let steps: [Chapter<'_>; 4] = [
        ("2016-09-01", "ann", &[]),
        ("2016-09-02", "ann", &[LATE]),
        ("2016-09-03", "ann", &[MENDED]),
        ("2016-09-04", "ann", &[LATE]),
    ];
    let repo = story(&steps);
    let folder = repo.beside("cache");
    let slow = |done: usize, _: usize| {
        std::thread::sleep(std::time::Duration::from_millis(if done < 3 { 600 } else { 0 }));
        assert!(done < 3, "interrupted");
    };
    let stopped = std::panic::catch_unwind(|| {
        audit::of(&at(&repo), &Wanted::default(), &mut Cache::open(&folder, "tool"), &slow)
    });
    assert!(stopped.is_err());
    let resumed = audited(&at(&repo), &Wanted::default(), &mut Cache::open(&folder, "tool"));
    let fresh = audited(&at(&repo), &Wanted::default(), &mut Cache::default());
    assert!((1..4).contains(&resumed.remembered), "{}", resumed.remembered);
    assert_eq!((resumed.commits, resumed.findings), (fresh.commits, fresh.findings));
}

#[test]
fn many_pieces_become_one() {
    let repo = story(&[("2016-09-01", "ann", &[]), ("2016-09-02", "bob", &[LATE])]);
    let folder = repo.beside("cache");
    for on in 0..40 {
        let wanted = Wanted { on: Some(day("2016-09-01").plus_days(on)), ..Wanted::default() };
        audited(&at(&repo), &wanted, &mut Cache::open(&folder, "tool"));
    }
    assert!(std::fs::read_dir(&folder).unwrap().count() <= 33);
    let again = Wanted { on: Some(day("2016-09-01").plus_days(39)), ..Wanted::default() };
    let remembered = audited(&at(&repo), &again, &mut Cache::open(&folder, "tool"));
    assert_eq!(
        (remembered.remembered, &remembered.findings),
        (2, &audited(&at(&repo), &again, &mut Cache::default()).findings)
    );
}

#[cfg(unix)]
#[test]
fn a_cache_that_leads_elsewhere_or_that_a_commit_could_hold_is_not_used() {
    let repo = orchard_in_git();
    let elsewhere = repo.beside("elsewhere");
    std::fs::create_dir(&elsewhere).unwrap();
    repo.link(".git/quorate", elsewhere.to_str().unwrap());
    let run = quorate(repo.root(), &["audit"]);
    assert_eq!(run.status, 0);
    assert!(run.stderr.contains("is a symbolic link"), "{}", run.stderr);
    assert_eq!(std::fs::read_dir(&elsewhere).unwrap().count(), 0);
    let run = quorate(repo.root(), &["audit", "--cache", "registry/cache"]);
    assert_eq!((run.status, run.stdout.as_str()), (2, ""));
    assert!(run.stderr.contains("lies in the work tree"), "{}", run.stderr);
    assert!(!repo.path("registry/cache").exists());
    repo.link("inside", elsewhere.to_str().unwrap());
    assert_eq!(quorate(repo.root(), &["audit", "--cache", "inside"]).status, 0, "what a link names lies outside");
    assert_eq!(std::fs::read_dir(&elsewhere).unwrap().count(), 1);
}

#[test]
fn replacements_and_grafts_change_no_history() {
    let repo = story(&[("2016-09-01", "ann", &[LATE]), ("2016-09-02", "bob", &[]), ("2016-09-03", "cy", &[MENDED])]);
    let before = told(&repo, &[]);
    let id = |rev: &str| git(repo.root(), &["rev-parse", rev], b"");
    let (first, second, third) = (id("HEAD~2"), id("HEAD~1"), id("HEAD"));
    git(repo.root(), &["replace", &first, &third], b"");
    git(repo.root(), &["replace", &format!("{second}^{{tree}}"), &format!("{third}^{{tree}}")], b"");
    std::fs::create_dir_all(repo.path("info")).unwrap();
    repo.write("info/grafts", format!("{third}\n"));
    assert_eq!(told(&repo, &[]), before);
}

#[test]
fn a_commit_of_an_impossible_day_is_judged_like_any_other() {
    let repo = orchard_in_git();
    let (tree, parent) = (repo.git(&["rev-parse", "HEAD^{tree}"]), repo.git(&["rev-parse", "HEAD"]));
    for time in ["9223372036854775807 +0000", "0 -2359", "-99999999999999 +0000", "soon"] {
        let who = format!("A <a@b.example> {time}");
        let commit = format!("tree {tree}\nparent {parent}\nauthor {who}\ncommitter {who}\n\nodd\n");
        let args = ["hash-object", "-t", "commit", "-w", "--stdin", "--literally"];
        let id = repo.git_with(&args, commit.as_bytes());
        let run = run(&repo, &["--format", "json", &id]);
        assert!(run.status < 2 || run.stderr.contains("quorate: git: "), "{time}: {run:?}");
        assert!(run.status == 2 || run.json()["commits"].as_array().unwrap().len() == 2, "{time}");
    }
}

#[test]
fn history_that_is_not_there_is_not_guessed() {
    let repo = story(&[("2016-09-01", "ann", &[LATE]), ("2016-09-02", "bob", &[MENDED]), ("2016-09-03", "cy", &[])]);
    let clone = repo.beside("clone");
    let (from, to) = (format!("file://{}", repo.root().display()), clone.display().to_string());
    git(repo.root(), &["clone", "--quiet", "--depth=2", &from, &to], b"");
    let run = quorate(&clone, &["audit"]);
    assert_eq!((run.status, run.stdout.as_str()), (2, ""));
    assert!(run.stderr.contains("this clone is shallow: it has 2 commit(s)"), "{}", run.stderr);
    assert!(run.stderr.contains("--unshallow"), "{}", run.stderr);
    assert_eq!(quorate(&clone, &["audit", "HEAD~1..HEAD"]).status, 0, "that much is there");
    let run = quorate(orchard().root(), &["audit"]);
    assert!(run.status == 2 && run.stderr.contains("lies in no git repository"), "{run:?}");
    for (range, says) in [("A...B", "is no range"), ("nothing", "names no commit")] {
        let run = quorate(repo.root(), &["audit", range]);
        assert!(run.status == 2 && run.stderr.contains(says), "{run:?}");
    }
}
