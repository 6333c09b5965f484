//! What an audit finds that commits did, by the rules about commits.

use std::collections::BTreeMap;

use quorate::{
    against,
    audit::{About, Audit, Cache, Wanted},
    check::Selection,
    day::Day,
    finding::{Finding, Status},
    tree::Whereabouts,
};
use serde_json::Value;

use crate::{
    audit::{Choices, Files, History, at, audited, checked, day, orchard_files, replace, run, told},
    common::{Repo, git, manifest, quorate},
};

const ACORN: &str = "registry/parties/acorn.toml";
const HEADER: &str = "registry/registry.toml";
const CODE: &str = "rules/code.toml";
const TESTS: [&str; 7] =
    ["deleted", "late", "past-edited", "position-back", "reused", "rules-and-records", "unreviewed"];

/// The path of the rule that asks for a test.
fn rule(test: &str) -> String {
    format!("rules/commits-{test}.toml")
}

/// The orchard with rules of `tests/history/`.
fn asking(tests: &[&str]) -> Files {
    let mut files = orchard_files();
    for test in tests {
        let text = std::fs::read(manifest().join(format!("tests/history/{test}.toml"))).unwrap();
        files.insert(rule(test), ("100644", text));
    }
    files
}

/// A history of one commit after the other, each a day after the one before: who made it, and what they
/// made of the files.
struct Story {
    history: History,
    files: Files,
    day: Day,
}

impl Story {
    fn of(files: Files) -> Self {
        let mut story = Self { history: History::default(), files, day: day("2016-09-01") };
        story.then("ann", |_| {});
        story
    }

    fn then(&mut self, author: &str, change: impl FnOnce(&mut Files)) {
        change(&mut self.files);
        let parents: Vec<usize> = (self.history.count > 0).then_some(self.history.count).into_iter().collect();
        self.history.commit(self.day, author, &parents, &self.files);
        self.day = self.day.plus_days(1);
    }

    fn made(&self) -> Repo {
        self.history.made()
    }
}

fn edit(path: &'static str, from: &'static str, to: &'static str) -> impl FnOnce(&mut Files) {
    move |files| {
        let before = files.clone();
        replace(files, path, from, to);
        assert_ne!(before, *files, "{path} has no {from:?}");
    }
}

fn without(path: &'static str) -> impl FnOnce(&mut Files) {
    move |files| assert!(files.remove(path).is_some(), "{path}")
}

/// Each finding of what a commit did, as `rule subject outcome level: by whom, in which commit`, the
/// commits by their numbers.
fn deeds(json: &Value) -> Vec<String> {
    let commits = json["commits"].as_array().unwrap();
    let number = |id: &str| 1 + commits.iter().position(|commit| commit["id"] == id).unwrap();
    let done = json["findings"].as_array().unwrap().iter().filter(|one| one["kind"] == "commit");
    let line = |one: &Value| {
        assert_eq!((&one["appeared"], &one["days"]), (&one["cleared"], &0.into()), "it is past with its commit");
        let word = |key: &str| one[key].as_str().unwrap().to_owned();
        let subject = match word("subject").strip_prefix("commits/") {
            Some(id) => format!("commits/#{}", number(id)),
            None => word("subject"),
        };
        let author = one["appeared"]["author"].as_str().unwrap().split(' ').next().unwrap().to_owned();
        let rules = one["rules"].as_str().map_or(String::new(), |rules| format!(" ({rules})"));
        let place = number(one["appeared"]["commit"].as_str().unwrap());
        format!("{} {subject} {} {}: {author} #{place}{rules}", word("rule"), word("outcome"), word("level"))
    };
    done.map(line).collect()
}

fn errors(json: &Value) -> Vec<Option<u64>> {
    json["commits"].as_array().unwrap().iter().map(|commit| commit["errors"].as_u64()).collect()
}

#[test]
fn what_a_commit_did_is_found_in_that_commit_and_in_no_other() {
    let mut story = Story::of(asking(&["deleted"]));
    story.then("bob", without(ACORN));
    story.then("cy", |_| {});
    let repo = story.made();
    let json = told(&repo, &["HEAD~1"]);
    assert_eq!(deeds(&json), ["commits-deleted parties/acorn breach error: bob #2"]);
    let commit = git(repo.root(), &["rev-parse", "HEAD~1"], b"");
    let found = json["findings"].as_array().unwrap().iter().find(|one| one["kind"] == "commit").unwrap();
    assert!(found["message"].as_str().unwrap().contains(&commit[..12]), "{found}");
    assert_eq!(found["earlier"], false);
    let did = |id: &str| told(&repo, &[id])["commits"].as_array().unwrap().last().unwrap()["errors"].as_u64().unwrap();
    let holds = |id: &str| {
        let found = quorate(repo.root(), &["check", "--at", id, "--on", "2016-09-02", "--format", "json"]);
        found.json()["summary"]["errors"].as_u64().unwrap()
    };
    assert_eq!(did("HEAD~1"), holds("HEAD~1") + 1, "it counts beside what the records say");
    assert_eq!(did("HEAD"), holds("HEAD"));
}

/// An error of the last commit is one whether it stands there or was done there.
#[test]
fn what_the_last_commit_did_fails_and_what_one_before_did_does_not() {
    let mut story = Story::of(asking(&["unreviewed"]));
    story.then("bob", edit(ACORN, "name ", "note = \"x\"\nname "));
    story.history.saying = "\n\nReviewed-by: Ann <ann@example.org>".into();
    story.then("cy", edit(ACORN, "\"x\"", "\"y\""));
    let repo = story.made();
    assert_eq!(deeds(&told(&repo, &[])), ["commits-unreviewed commits/#2 breach error: bob #2"]);
    assert_eq!((run(&repo, &["HEAD~1"]).status, run(&repo, &[]).status), (1, 0));
    assert_eq!(run(&repo, &["HEAD~1", "--fail-on", "never"]).status, 0);
}

#[test]
fn people_see_what_commits_did_below_what_stood() {
    let mut story = Story::of(asking(&["deleted"]));
    story.then("bob", |files| {
        files.remove(ACORN);
        // Nobody names it, so that nothing else is found.
        files.retain(|path, _| path.starts_with("rules/") || path == HEADER || path.contains("birch"));
        files.retain(|path, _| {
            !path.contains("rules/")
                || path.contains("commits")
                || path.contains("code")
                || path.contains("calendars")
                || path.contains("sources")
        });
    });
    let repo = story.made();
    let text = run(&repo, &["HEAD~1..HEAD"]).stdout;
    let id = &git(repo.root(), &["rev-parse", "HEAD"], b"")[..12];
    let (_, done) = text.split_once("error  commits-deleted (A9): done\n").unwrap_or_else(|| panic!("{text}"));
    let (message, after) = done.split_once("    by           ").unwrap_or_else(|| panic!("{text}"));
    assert!(message.contains(&format!("`parties/acorn`: commit `{id}` of 2016-09-02, made by bob")), "{text}");
    assert!(after.starts_with(&format!("2016-09-02 {id} by bob <bob@example.org>: commit 2\n\n")), "{text}");
    assert!(after.contains("\ndone by commits: 1 error, 0 warnings, 0 notes\nstand: "), "{text}");
    assert!(text.contains("errors    ") && !text.contains("cleared"), "{text}");
}

#[test]
fn a_table_says_what_each_finding_is_of() {
    let mut story = Story::of(asking(&["deleted"]));
    story.then("bob", without(ACORN));
    let csv = run(&story.made(), &["--format", "csv"]).stdout;
    let mut lines = csv.lines();
    assert!(lines.next().unwrap().ends_with(",days,working-days,message,kind,rules"), "{csv}");
    let of = |rule: &str| csv.lines().filter(|line| line.contains(&format!(",{rule},"))).collect::<Vec<_>>();
    assert!(of("commits-deleted").iter().all(|line| line.ends_with(",commit,")) && of("commits-deleted").len() == 1);
    assert!(lines.filter(|line| !line.contains(",commits-deleted,")).all(|line| line.ends_with(",records,")), "{csv}");
}

/// The commit with which the records begin is held against nothing: what it brings, it did not record
/// late, and took nothing from anybody.
#[test]
fn the_commit_with_which_the_records_begin_did_nothing_to_them() {
    let files = asking(&["late", "unreviewed", "rules-and-records"]);
    let mut story = Story { history: History::default(), files: Files::new(), day: day("2016-09-01") };
    story.then("ann", |files| {
        files.insert("notes".into(), ("100644", b"x".to_vec()));
    });
    story.then("ann", |all| all.extend(files));
    assert_eq!(deeds(&told(&story.made(), &[])), [""; 0]);
    story.then("ann", edit(ACORN, "name ", "note = \"x\"\nname "));
    assert_eq!(deeds(&told(&story.made(), &[])), ["commits-unreviewed commits/#3 breach error: ann #3"]);
}

#[test]
fn a_merge_did_what_it_makes_of_its_first_parent() {
    let files = asking(&["deleted", "past-edited"]);
    let mut history = History::default();
    let fork = history.commit(day("2016-09-01"), "ann", &[], &files);
    let mut topic = files.clone();
    topic.remove(ACORN);
    replace(&mut topic, "registry/parties/birch.toml", "acceded = 2015-01-01", "acceded = 2015-01-02");
    history.saying = "\n\nCorrects: parties/birch".into();
    let side = history.commit(day("2016-09-02"), "bob", &[fork], &topic);
    history.saying = String::new();
    history.commit(day("2016-09-03"), "cy", &[fork, side], &topic);
    let repo = history.made();
    // What a commit says that it joins to its first parent, it says.
    assert_eq!(deeds(&told(&repo, &[])), ["commits-deleted parties/acorn breach error: cy #2"]);
}

/// Whoever loosens the rule and does what it forbids is judged by the rules of the commit before as well.
#[test]
fn a_commit_that_changes_the_rules_is_judged_by_those_before_it_too() {
    let mut story = Story::of(asking(&["deleted"]));
    story.then("bob", |files| {
        files.remove(&rule("deleted"));
        files.remove(ACORN);
    });
    let repo = story.made();
    let json = told(&repo, &[]);
    assert_eq!(deeds(&json), ["commits-deleted parties/acorn breach error: bob #2 (base)"]);
    assert!(run(&repo, &[]).stdout.contains("commits-deleted (A9): done, by the rules before it\n"));
    // Of one revision that judges all there is none before it.
    assert_eq!(deeds(&told(&repo, &["--rules-at", "HEAD"])), [""; 0]);
    assert_eq!(deeds(&told(&repo, &["--rules-at", "HEAD~1"])), ["commits-deleted parties/acorn breach error: bob #2"]);
}

/// The words of the code decide how records are read; those of the commit before are its rules' words.
#[test]
fn rules_with_other_words_judge_as_well() {
    let mut story = Story::of(asking(&["deleted"]));
    story.then("bob", |files| {
        replace(
            files,
            CODE,
            "packer = { name = \"Packer\" }",
            "packer = { name = \"Packer\" }\npresser = { name = \"Presser\" }",
        );
        files.remove(&rule("deleted"));
        files.remove(ACORN);
    });
    let repo = story.made();
    let json = told(&repo, &[]);
    assert_eq!(json["commits"][1]["why"], Value::Null, "{json}");
    assert_eq!(deeds(&json), ["commits-deleted parties/acorn breach error: bob #2 (base)"]);
}

/// Nobody hides what they do in a commit whose rules cannot be read: it is judged with the next.
#[test]
fn what_a_commit_did_that_cannot_be_judged_is_judged_with_the_next() {
    let mut story = Story::of(asking(&["deleted"]));
    story.then("bob", |files| {
        replace(files, CODE, "[", "[[[");
        files.remove(ACORN);
    });
    story.then("cy", |files| replace(files, CODE, "[[[", "["));
    let repo = story.made();
    let json = told(&repo, &[]);
    assert_eq!(errors(&json)[1], None);
    assert_eq!(deeds(&json), ["commits-deleted parties/acorn breach error: bob #2"]);
    let holds = errors(&told(&repo, &["HEAD~1..HEAD"]))[0];
    assert_eq!(errors(&json)[2], holds, "it counts where it was done, and nowhere else");
    // The records may be taken out as a whole in between.
    let mut story = Story::of(asking(&["deleted"]));
    let kept: Files =
        story.files.iter().filter(|(path, _)| *path != ACORN).map(|(p, f)| (p.clone(), f.clone())).collect();
    story.then("bob", |files| files.retain(|path, _| !path.starts_with("registry/")));
    story.then("cy", |files| *files = kept);
    let found = deeds(&told(&story.made(), &[]));
    assert!(found.contains(&"commits-deleted parties/acorn breach error: bob #2".to_owned()), "{found:?}");
}

#[test]
fn an_id_given_up_before_the_range_is_known() {
    let mut story = Story::of(asking(&["reused"]));
    let acorn = story.files[ACORN].clone();
    story.then("bob", without(ACORN));
    story.then("cy", |_| {});
    story.then("dee", |files| {
        files.insert(ACORN.into(), acorn.clone());
        replace(files, ACORN, "Acorn Growers", "Alder Growers");
    });
    story.then("ann", without(ACORN));
    story.then("ann", |files| {
        files.insert(ACORN.into(), acorn);
    });
    let repo = story.made();
    let out = git(repo.root(), &["rev-parse", "HEAD~4"], b"");
    let json = told(&repo, &["HEAD~3..HEAD"]);
    let expected = [
        "commits-reused parties/acorn breach error: dee #1",
        // What was called Alder is called Acorn again: the one that was taken out last counts.
        "commits-reused parties/acorn breach error: ann #3",
    ];
    assert_eq!(deeds(&json), expected);
    let message = json["findings"].as_array().unwrap().iter().find(|one| one["slot"] == "reused").unwrap();
    assert!(message["message"].as_str().unwrap().contains(&out[..12]), "{message}");
    let whole = deeds(&told(&repo, &[]));
    assert_eq!(
        whole,
        ["commits-reused parties/acorn breach error: dee #4", "commits-reused parties/acorn breach error: ann #6"]
    );
}

/// What an id stood for is not guessed: a clone that lacks what came before is no answer.
#[test]
fn where_history_is_cut_off_no_id_is_called_new() {
    let mut story = Story::of(asking(&["reused"]));
    story.then("bob", |_| {});
    story.then("cy", |files| replace(files, ACORN, "name ", "note = \"x\"\nname "));
    story.then("dee", |files| {
        files.insert(
            "registry/people/eve.toml".into(),
            ("100644", b"name = \"Eve\"\nsource = [\"minutes\"]\n".to_vec()),
        );
    });
    let repo = story.made();
    let clone = repo.beside("clone");
    let (from, to) = (format!("file://{}", repo.root().display()), clone.display().to_string());
    git(repo.root(), &["clone", "--quiet", "--depth=3", &from, &to], b"");
    let audit = |range: &str| quorate(&clone, &["audit", "--no-cache", "--fail-on", "never", range]);
    assert_eq!(audit("HEAD~2..HEAD~1").status, 0, "nothing came");
    let run = audit("HEAD~1..HEAD");
    assert_eq!((run.status, run.stdout.as_str()), (2, ""));
    assert!(run.stderr.contains("shallow") && run.stderr.contains("--unshallow"), "{}", run.stderr);
}

/// A tree that is damaged hides what two commits did, and no more than that.
#[test]
fn what_a_damaged_history_does_not_tell_is_not_known() {
    let repo = Repo::init();
    for (path, (_, content)) in asking(&["deleted"]) {
        repo.write(&path, content);
    }
    for note in ["one", "two", "three"] {
        repo.write(
            "registry/people/ann.toml",
            format!(
                "note = \"{note}\"\n{}",
                std::fs::read_to_string(repo.path("registry/people/ann.toml"))
                    .unwrap()
                    .lines()
                    .filter(|line| !line.starts_with("note"))
                    .collect::<Vec<_>>()
                    .join("\n")
            ),
        );
        repo.commit(note);
    }
    std::fs::remove_file(repo.path(ACORN)).unwrap();
    repo.commit("out");
    let tree = repo.git(&["rev-parse", "HEAD~2:registry/people"]);
    std::fs::remove_file(repo.path(&format!(".git/objects/{}/{}", &tree[..2], &tree[2..]))).unwrap();
    let json = told(&repo, &[]);
    let why: Vec<&str> =
        json["commits"].as_array().unwrap().iter().map(|one| one["why"].as_str().unwrap_or("")).collect();
    assert!(why[0].is_empty() && why[1].contains("registry/people") && why[3].is_empty(), "{why:?}");
    assert!(why[2].starts_with("what it did is not known: ") && why[2].contains("registry/people"), "{why:?}");
    assert_eq!(deeds(&json), ["commits-deleted parties/acorn breach error: A. #4"]);
}

#[test]
fn the_day_asked_for_says_nothing_of_what_commits_did() {
    let mut story = Story::of(asking(&["deleted"]));
    story.then("bob", without(ACORN));
    let repo = story.made();
    let expected = ["commits-deleted parties/acorn breach error: bob #2"];
    for on in ["2014-01-01", "2016-09-02", "2020-01-01"] {
        assert_eq!(deeds(&told(&repo, &["--on", on])), expected, "{on}");
    }
    let mut early = Story::of(asking(&["deleted"]));
    early.day = day("2014-12-31");
    early.then("bob", without(ACORN));
    assert_eq!(deeds(&told(&early.made(), &["--on", "2016-09-02"])), [""; 0], "the rule was not in force on its day");
}

#[test]
fn leave_is_leave_on_the_day_of_the_commit() {
    let leave = |until: &str| {
        let text = format!(
            "rule = \"commits-deleted\"\nsubject = \"parties/acorn\"\nfrom = 2016-09-01\nuntil = {until}\ngranted-by = \"birch\"\nreason = \"a clean-up\"\nsource = [\"minutes\"]\n"
        );
        ("100644", text.into_bytes())
    };
    for (until, expected) in [("2016-09-03", "derogated note"), ("2016-09-02", "breach error")] {
        let mut files = asking(&["deleted"]);
        files.insert("registry/derogations/clean-up.toml".into(), leave(until));
        let mut story = Story::of(files);
        story.then("bob", without(ACORN));
        let found = deeds(&told(&story.made(), &["--on", "2016-09-30"]));
        assert_eq!(found, [format!("commits-deleted parties/acorn {expected}: bob #2")], "{until}");
    }
}

/// What was found of commits is kept as well, and is believed of the same commits alone.
#[test]
fn what_was_found_of_commits_is_remembered() {
    let mut story = Story::of(asking(&["deleted", "reused"]));
    let acorn = story.files[ACORN].clone();
    story.then("bob", without(ACORN));
    story.then("cy", |files| {
        files.insert(ACORN.into(), acorn);
        replace(files, ACORN, "Acorn Growers", "Alder Growers");
    });
    let repo = story.made();
    let folder = repo.beside("cache");
    let audit =
        |range: &str, cache: &mut Cache| audited(&at(&repo), &Wanted { range: Some(range.into()), on: None }, cache);
    let first = audit("HEAD~1", &mut Cache::open(&folder, "tool"));
    assert_eq!((first.remembered, done(&first).len()), (0, 1));
    // The last one is new, and the ids that the first gave up have to be found out anew.
    let resumed = audit("HEAD", &mut Cache::open(&folder, "tool"));
    let fresh = audit("HEAD", &mut Cache::default());
    assert_eq!((resumed.remembered, done(&resumed).len()), (2, 2));
    assert_eq!((&resumed.commits, &resumed.findings), (&fresh.commits, &fresh.findings));
    let again = audit("HEAD", &mut Cache::open(&folder, "tool"));
    assert_eq!((again.remembered, &again.findings), (3, &fresh.findings));
    let other = audit("HEAD", &mut Cache::open(&folder, "other"));
    assert_eq!((other.remembered, &other.findings), (0, &fresh.findings));
    // The same trees and days told otherwise: another commit, which corrects.
    let mut story = Story::of(asking(&["past-edited"]));
    let earlier = edit(ACORN, "acceded = 2015-01-01", "acceded = 2015-01-02");
    story.then("bob", earlier);
    let folder = repo.beside("another");
    let mut found = Vec::new();
    for saying in ["", "\n\nCorrects: parties/acorn"] {
        let mut story = Story::of(asking(&["past-edited"]));
        story.history.saying = saying.into();
        story.then("bob", edit(ACORN, "acceded = 2015-01-01", "acceded = 2015-01-02"));
        found.push(done(&audited(&at(&story.made()), &Wanted::default(), &mut Cache::open(&folder, "tool"))).len());
    }
    assert_eq!(found, [1, 0]);
}

/// What is found that commits did, by the place of the commit.
fn done(audit: &Audit) -> Vec<(usize, String)> {
    let done = audit.findings.iter().filter(|one| one.about == About::Commit);
    let line = |one: &quorate::audit::Stood| {
        let found = &one.found;
        let rules = if found.by_base_rules { " by the rules before" } else { "" };
        (one.appeared.unwrap(), format!("{} {} {} {}{rules}", found.rule, found.subject, found.level, found.message))
    };
    let mut all: Vec<(usize, String)> = done.map(line).collect();
    all.sort();
    all
}

/// What `check --base` finds that the commits up to one did that another has not; nothing where it cannot
/// judge.
fn checked_against(here: &Whereabouts, commit: &str, base: &str, on: Day) -> Option<Vec<String>> {
    let here = Whereabouts { at: Some(commit.to_owned()), ..here.clone() };
    let opened = here.open().ok()?;
    let verdict = against::judge(&here, &opened, opened.tree().ok()?, base, Some(on), &Selection::default()).ok()?;
    let of_commits = |one: &&Finding| one.rule.starts_with("commits-") && one.status != Some(Status::Fixed);
    let line = |one: &Finding| {
        let rules = if one.by_base_rules { " by the rules before" } else { "" };
        format!("{} {} {} {}{rules}", one.rule, one.subject, one.level, one.message)
    };
    let mut all: Vec<String> = verdict.findings.iter().filter(of_commits).map(line).collect();
    all.sort();
    Some(all)
}

/// One thing that somebody may do to what rules about commits watch.
fn meddle(files: &mut Files, choices: &mut Choices) {
    let base = asking(&TESTS);
    let records: Files =
        files.iter().filter(|(path, _)| path.starts_with("registry/")).map(|(p, f)| (p.clone(), f.clone())).collect();
    match choices.below(24) {
        0 | 1 => {
            let path = choices.path(&records);
            path.map(|path| files.remove(&path));
        }
        2 => {
            // Another has the id.
            files.insert(ACORN.into(), base[ACORN].clone());
            replace(files, ACORN, "Acorn Growers", ["Alder Growers", "Aspen Growers"][choices.below(2)]);
        }
        3 => {
            let mut ways = [ACORN, "registry/parties/alder.toml"];
            ways.rotate_left(choices.below(2));
            let moved = files.remove(ways[0]);
            moved.map(|file| files.insert(ways[1].into(), file));
        }
        4..7 => {
            let days = ["2015-01-01", "2015-01-02", "2016-08-31", "\"2015\"", "\"unknown\""];
            let birch = "registry/parties/birch.toml".to_owned();
            let path = Some(birch)
                .filter(|birch| choices.below(2) == 0 && files.contains_key(birch))
                .or_else(|| choices.path(&records));
            let to = days[choices.below(5)];
            if let Some(path) = path {
                let text = String::from_utf8_lossy(&files[&path].1).into_owned();
                let from = days.into_iter().find(|from| text.contains(from)).unwrap_or("none");
                replace(files, &path, from, to);
            }
        }
        7 => replace(
            files,
            HEADER,
            ["2016-09-30", "2015-01-01"][choices.below(2)],
            ["2015-01-01", "2016-10-30"][choices.below(2)],
        ),
        8 => replace(files, &rule(TESTS[choices.below(7)]), "\"error\"", "\"warning\""),
        9 => {
            files.remove(&rule(TESTS[choices.below(7)]));
        }
        10 => replace(files, &rule(TESTS[choices.below(7)]), "from   = 2015-01-01", "from   = 2016-09-10"),
        11 => replace(files, &rule(TESTS[choices.below(7)]), "kind   =", "kind   = ="),
        12 => replace(
            files,
            CODE,
            "packer = { name = \"Packer\" }",
            "packer = { name = \"Packer\" }\npresser = { name = \"P\" }",
        ),
        13 => {
            let text = format!(
                "rule = \"commits-{}\"\nsubject = \"parties/acorn\"\nfrom = 2016-01-01\nuntil = 2016-09-12\ngranted-by = \"birch\"\nreason = \"x\"\nsource = [\"minutes\"]\n",
                TESTS[choices.below(7)]
            );
            files.insert("registry/derogations/leave.toml".into(), ("100644", text.into_bytes()));
        }
        14 => {
            files.insert(ACORN.into(), ("120000", b"birch.toml".to_vec()));
        }
        15 => {
            let path = choices.path(&records).filter(|path| records[path].0 == "100644");
            if let Some(path) = path {
                files.get_mut(&path).unwrap().1.extend(b"\n# a remark\n");
            }
        }
        16 => {
            let text = "held = 2016-08-01\nsource = [\"minutes\"]\n";
            files.insert(
                format!("registry/meetings/board/m-{}.toml", choices.below(3)),
                ("100644", text.as_bytes().to_vec()),
            );
        }
        17 => files.retain(|path, _| !path.starts_with("registry/")),
        18 => {
            files.insert("notes".into(), ("100644", vec![b'x'; choices.below(50)]));
        }
        // What is mended comes back.
        19..22 => {
            let path = choices.path(&base);
            path.map(|path| files.insert(path.clone(), base[&path].clone()));
        }
        _ => *files = base,
    }
}

/// Makes a tree one that can be judged.
fn mend(files: &mut Files) {
    for test in TESTS {
        replace(files, &rule(test), "kind   = =", "kind   =");
    }
    if !files.contains_key(HEADER) {
        files.extend(asking(&TESTS));
    }
}

fn random_history(seed: u64) -> History {
    let mut choices = Choices(seed);
    let (mut history, mut files, mut day) = (History::default(), asking(&TESTS), day("2016-09-01"));
    let says = ["", "\n\nCorrects: parties/acorn", "\n\nReviewed-by: Zoe <zoe@example.org>"];
    for at in 0..16 {
        day = day.plus_days(i32::try_from(choices.below(4)).unwrap());
        history.saying = says[choices.below(3)].into();
        if choices.below(2) == 0 {
            mend(&mut files);
        }
        for _ in 0..choices.below(4) {
            meddle(&mut files, &mut choices);
        }
        let author = ["ann", "bob", "cy"][choices.below(3)];
        let parents: Vec<usize> = (at > 0).then_some(history.count).into_iter().collect();
        if choices.below(4) == 0 && at > 0 {
            let mut side = files.clone();
            meddle(&mut side, &mut choices);
            let topic = history.commit(day, "dee", &parents, &side);
            history.saying = says[choices.below(3)].into();
            files = side;
            history.commit(day, author, &[parents[0], topic], &files);
        } else {
            history.commit(day, author, &parents, &files);
        }
    }
    history
}

/// An audit finds that a commit did what `check --base` finds that it did, held against the last commit
/// before it that can be judged: with nothing remembered, with all of it, and in a part of the history.
#[test]
fn an_audit_finds_of_each_commit_what_checking_it_against_the_one_before_finds() {
    let (mut compared, mut of_rule) = (0, BTreeMap::<String, usize>::new());
    for seed in 1..=12 {
        let repo = random_history(seed).made();
        let here = at(&repo);
        let folder = repo.beside("cache");
        if (Whereabouts { at: Some("HEAD".into()), ..here.clone() }).open().is_err() {
            continue;
        }
        let whole = audited(&here, &Wanted::default(), &mut Cache::open(&folder, "test"));
        let found = done(&whole);
        let rules = |id: &str| git(repo.root(), &["rev-parse", &format!("{id}:rules")], b"");
        let mut last: Option<usize> = None;
        for (place, commit) in whole.commits.iter().enumerate().filter(|(_, commit)| commit.counts.is_ok()) {
            let in_it = |from: usize| -> Vec<String> {
                let mut all: Vec<String> =
                    found.iter().filter(|(at, _)| *at > from && *at <= place).map(|(_, line)| line.clone()).collect();
                all.sort();
                all
            };
            if let Some(before) = last {
                let base = &whole.commits[before].id;
                // Of two commits that did the same to one record, `check` by two rulebooks tells one.
                if before + 1 == place || rules(base) == rules(&commit.id) {
                    let expected = checked_against(&here, &commit.id, base, commit.day);
                    assert_eq!(Some(in_it(before)), expected, "seed {seed}: {}", commit.title);
                    compared += 1;
                }
                let holds = checked(&here, &commit.id, commit.day).unwrap();
                let errors = |all: &[String]| all.iter().filter(|line| line.contains(" error ")).count();
                let counts = commit.counts.as_ref().unwrap();
                assert_eq!(counts.errors, errors(&holds) + errors(&in_it(place - 1)), "seed {seed}: {}", commit.title);
            }
            last = Some(place);
        }
        for (_, line) in &found {
            *of_rule.entry(line.split(' ').next().unwrap().to_owned()).or_default() += 1;
        }
        let again = audited(&here, &Wanted::default(), &mut Cache::open(&folder, "test"));
        assert_eq!((&again.commits, &again.findings), (&whole.commits, &whole.findings), "seed {seed}: remembered");
        let cut = whole.commits.len() - 6;
        if whole.commits[cut].counts.is_ok() {
            let part = Wanted { range: Some("HEAD~5..HEAD".into()), on: None };
            for cache in [&mut Cache::open(&folder, "test"), &mut Cache::default()] {
                let part = done(&audited(&here, &part, cache));
                let moved: Vec<_> = part.into_iter().map(|(at, line)| (at + cut + 1, line)).collect();
                let expected: Vec<_> = found.iter().filter(|(at, _)| *at > cut).cloned().collect();
                assert_eq!(moved, expected, "seed {seed}: part");
            }
        }
    }
    assert!(compared > 70, "{compared} compared: the histories are too plain");
    assert!(TESTS.iter().all(|test| of_rule.get(&format!("commits-{test}")) > Some(&2)), "{of_rule:?}");
}
