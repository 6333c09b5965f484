//! A tree held against the revision that it comes from, and what would be if.

use serde_json::Value;

use crate::common::{Repo, Run, check, copy, git, manifest, orchard_in_git, quorate};

const ACORN: &str = "registry/parties/acorn.toml";
const FEED: &str = "[{ feed = \"daily\", from = 2015-01-01 }]";
const LACKS: &str = "grower-feeds parties/acorn daily error";

/// Each finding as `status rule subject slot level`, with who says so where that is the base alone.
fn told(run: &Run) -> Vec<String> {
    let line = |finding: &Value| {
        let words = ["status", "rule", "subject", "slot", "level"].map(|key| finding[key].as_str().unwrap_or("-"));
        words.join(" ") + if finding["rules"] == "base" { " by base" } else { "" }
    };
    run.findings().iter().map(line).collect()
}

/// What changed, a line a fact.
fn changed(run: &Run) -> Vec<String> {
    let mut all = Vec::new();
    for change in run.json()["changes"].as_array().unwrap() {
        let head = format!("{} {}", change["what"].as_str().unwrap(), change["subject"].as_str().unwrap());
        let facts = change["facts"].as_array().unwrap();
        let side = |fact: &Value, side: &str| fact[side].as_str().unwrap_or("-").to_owned();
        let line =
            |fact: &Value| format!("{head}: {} {} > {}", side(fact, "key"), side(fact, "was"), side(fact, "now"));
        all.extend(facts.iter().map(line));
        if facts.is_empty() {
            all.push(head);
        }
    }
    all
}

fn against(repo: &Repo, base: &str) -> Run {
    check(repo, &["--base", base])
}

#[test]
fn what_was_there_already_does_not_fail() {
    let repo = orchard_in_git();
    repo.edit(ACORN, FEED, "[]");
    repo.commit("a breach");
    repo.edit("registry/parties/birch.toml", "name", "# a remark\nname");
    let run = against(&repo, "HEAD");
    assert_eq!((told(&run), run.status), (vec![format!("existing {LACKS}")], 0));
}

#[test]
fn what_a_change_brings_is_new_and_fails() {
    let repo = orchard_in_git();
    repo.edit(ACORN, FEED, "[]");
    let run = against(&repo, "HEAD");
    assert_eq!((told(&run), run.status), (vec![format!("new {LACKS}")], 1));
    let summary = &run.json()["summary"];
    assert_eq!((&summary["new"], &summary["existing"], &summary["fixed"]), (&1.into(), &0.into(), &0.into()));
}

#[test]
fn what_a_change_mends_is_fixed_and_lies_in_the_base() {
    let repo = orchard_in_git();
    repo.edit(ACORN, FEED, "[]");
    let base = repo.commit("a breach");
    repo.edit(ACORN, "[]", FEED);
    let run = against(&repo, "HEAD");
    assert_eq!((told(&run), run.status), (vec![format!("fixed {LACKS}")], 0));
    assert_eq!(run.findings()[0]["places"][0]["at"], base.as_str());
    assert_eq!(run.json()["base"], base.as_str());
    assert_eq!(run.json()["summary"]["errors"], 0, "errors are those of the tree judged");
}

/// The record that shows it is the same before and after: it is another that was added.
#[test]
fn what_another_record_mends_is_fixed_and_lies_in_the_base() {
    let repo = orchard_in_git();
    let acorn = std::fs::read_to_string(repo.root().join(ACORN)).unwrap();
    std::fs::remove_file(repo.root().join(ACORN)).unwrap();
    repo.edit("registry/parties/birch.toml", "name", "affiliation = [{ with = \"acorn\", from = 2015-01-01 }]\nname");
    repo.commit("names a Party without a record");
    let base = repo.git(&["rev-parse", "HEAD"]);
    std::fs::write(repo.root().join(ACORN), acorn).unwrap();
    let run = against(&repo, "HEAD");
    assert_eq!(told(&run), ["fixed record-reference parties/acorn acorn error"]);
    let places = &run.findings()[0]["places"];
    assert!(places.as_array().unwrap().iter().all(|place| place["at"] == base.as_str()), "{places}");
}

#[test]
fn moves_and_reformatting_change_no_fingerprint_and_no_fact() {
    let repo = orchard_in_git();
    repo.edit(ACORN, FEED, "[]");
    repo.commit("a breach");
    repo.edit(ACORN, "name    =", "\n\n# moved down\nname=");
    let run = against(&repo, "HEAD");
    assert_eq!(told(&run), [format!("existing {LACKS}")]);
    assert_eq!(changed(&run), ["changed parties/acorn"]);
    assert!(quorate(repo.root(), &["check", "--base", "HEAD"]).stdout.contains("`parties/acorn`: no change of fact"));
}

#[test]
fn a_note_that_becomes_an_error_is_new() {
    let repo = orchard_in_git();
    repo.edit(ACORN, FEED, "\"unknown\"");
    repo.commit("not known");
    repo.edit(ACORN, "\"unknown\"", "[]");
    let run = against(&repo, "HEAD");
    assert_eq!((told(&run), run.status), (vec![format!("new {LACKS}")], 1));
}

#[test]
fn diverged_branches_are_compared_from_where_they_parted() {
    let repo = orchard_in_git();
    let parted = repo.git(&["rev-parse", "HEAD"]);
    repo.git(&["checkout", "--quiet", "-b", "topic"]);
    repo.edit("registry/parties/birch.toml", "name", "# a remark\nname");
    repo.commit("topic");
    repo.git(&["checkout", "--quiet", "main"]);
    repo.edit(ACORN, FEED, "[]");
    repo.commit("main goes on, in breach");
    let run = check(&repo, &["--at", "topic", "--base", "main"]);
    assert_eq!((told(&run), run.status), (vec![], 0), "what main did since is not the topic's");
    assert_eq!(run.json()["base"], parted.as_str());
}

#[test]
fn a_record_taken_out_is_said_and_whoever_names_it_is_found() {
    let repo = orchard_in_git();
    std::fs::remove_file(repo.path("registry/people/ann.toml")).unwrap();
    let run = against(&repo, "HEAD");
    assert_eq!(told(&run), ["new record-reference seats/board/grower-1 ann error"]);
    assert!(changed(&run).iter().all(|line| line.starts_with("removed people/ann")), "{:?}", changed(&run));
    assert_eq!(run.status, 1);
}

#[test]
fn a_file_that_was_moved_is_no_change_of_fact() {
    let repo = orchard_in_git();
    let record = "title = \"A draft\"\nproposer = \"unknown\"\nsource = [\"minutes\"]\n";
    repo.write("registry/modifications/DP001.toml", record);
    repo.commit("a draft");
    std::fs::remove_file(repo.path("registry/modifications/DP001.toml")).unwrap();
    repo.write("registry/modifications/MP001.toml", format!("{record}formerly = \"DP001\"\n"));
    let run = against(&repo, "HEAD");
    assert_eq!(changed(&run), ["moved modifications/MP001: `formerly` - > DP001"]);
}

#[test]
fn a_rule_loosened_and_leaned_on_in_one_change_is_seen() {
    let repo = orchard_in_git();
    repo.edit(ACORN, FEED, "[{ feed = \"weekly\", from = 2015-01-01 }]");
    repo.edit("rules/grower-feeds.toml", "values = [\"daily\"]", "values = [\"weekly\"]");
    repo.edit("registry/parties/birch.toml", "name", "# a remark\nname");
    assert_eq!(check(&repo, &[]).status, 0, "by its own rules nothing is wrong");
    let run = against(&repo, "HEAD");
    assert_eq!((told(&run), run.status), (vec![format!("new {LACKS} by base")], 1));
    assert!(
        changed(&run)
            .contains(&"changed rules/grower-feeds.toml: `version` of `2015-01-01`: `values` daily > -".to_owned()),
        "{:?}",
        changed(&run)
    );
}

#[test]
fn a_rule_that_is_mended_leaves_what_it_found_before_as_existing() {
    let repo = orchard_in_git();
    repo.edit(ACORN, FEED, "[{ feed = \"weekly\", from = 2015-01-01 }]");
    repo.commit("a breach, for the rule is wrong");
    repo.edit("rules/grower-feeds.toml", "values = [\"daily\"]", "values = [\"weekly\"]");
    let run = against(&repo, "HEAD");
    assert_eq!((told(&run), run.status), (vec![format!("existing {LACKS} by base")], 0));
}

#[test]
fn a_word_that_only_the_new_rulebook_has_is_seen() {
    let repo = orchard_in_git();
    repo.edit("rules/code.toml", "[\"daily\", \"weekly\"]", "[\"daily\", \"weekly\", \"hourly\"]");
    repo.edit(ACORN, FEED, "[{ feed = \"daily\", from = 2015-01-01 }, { feed = \"hourly\", from = 2015-01-01 }]");
    let run = against(&repo, "HEAD");
    assert_eq!(told(&run), ["new record-word parties/acorn hourly error by base"]);
}

#[test]
fn the_rules_of_another_revision_judge() {
    let repo = orchard_in_git();
    repo.edit(ACORN, FEED, "[{ feed = \"weekly\", from = 2015-01-01 }]");
    repo.edit("rules/grower-feeds.toml", "values = [\"daily\"]", "values = [\"weekly\"]");
    let run = check(&repo, &["--rules-at", "HEAD"]);
    assert_eq!((run.findings().len(), run.status), (1, 1));
    let places = run.findings()[0]["places"].clone();
    let rule = places.as_array().unwrap().iter().find(|place| place["path"] == "rules/grower-feeds.toml").unwrap();
    assert_eq!(rule["at"], repo.git(&["rev-parse", "HEAD"]).as_str());
    assert_eq!(places[0]["at"], Value::Null, "the record is that of the tree judged");
}

#[test]
fn a_position_moved_on_shows_what_the_new_day_brings() {
    let repo = orchard_in_git();
    repo.edit("registry/registry.toml", "2016-09-30", "2017-01-01");
    let run = against(&repo, "HEAD");
    assert!(told(&run).contains(&"new board-term seats/board/grower-1 ann error".to_owned()), "{:?}", told(&run));
    let run = check(&repo, &["--base", "HEAD", "--on", "2017-01-01"]);
    assert!(told(&run).iter().all(|line| line.starts_with("existing")), "{:?}", told(&run));
}

#[test]
fn a_shallow_clone_that_ends_too_early_is_refused_and_says_what_to_fetch() {
    let repo = orchard_in_git();
    repo.git(&["checkout", "--quiet", "-b", "topic"]);
    for number in 0..3 {
        repo.edit("registry/parties/birch.toml", "name", &format!("# {number}\nname"));
        repo.commit("topic");
    }
    repo.git(&["checkout", "--quiet", "main"]);
    repo.edit(ACORN, "name", "# main\nname");
    repo.commit("main");
    let clone = repo.beside("clone");
    let from = format!("file://{}", repo.root().display());
    let to = clone.display().to_string();
    git(repo.root(), &["clone", "--quiet", "--depth=2", "--no-single-branch", "--branch=topic", &from, &to], b"");
    let run = quorate(&clone, &["check", "--base", "origin/main"]);
    assert_eq!((run.status, run.stdout.as_str()), (2, ""));
    assert!(run.stderr.contains("this clone is shallow: its 2 commit(s) end before"), "{}", run.stderr);
    assert!(run.stderr.contains("git fetch --deepen="), "{}", run.stderr);
    let run = quorate(&clone, &["check", "--base", "HEAD~1"]);
    assert_eq!((run.status, run.stderr.as_str()), (0, ""), "the parent is there, and certainly the base");
}

#[test]
fn what_cannot_be_compared_is_said() {
    let repo = orchard_in_git();
    let run = against(&repo, "nothing");
    assert_eq!(run.status, 2);
    assert!(run.stderr.contains("`nothing` names no commit"), "{}", run.stderr);
    repo.git(&["checkout", "--quiet", "--orphan", "other"]);
    repo.commit("another beginning");
    let run = against(&repo, "main");
    assert_eq!(run.status, 2);
    assert!(run.stderr.contains("have no commit in common"), "{}", run.stderr);
    let plain = crate::common::orchard();
    let run = against(&plain, "HEAD");
    assert_eq!(run.status, 2);
    assert!(run.stderr.contains("lies in no git repository"), "{}", run.stderr);
}

#[test]
fn a_change_is_told_in_facts() {
    let repo = orchard_in_git();
    repo.edit(
        "registry/seats/board/grower-1.toml",
        "holder = \"ann\", from = 2016-01-01",
        "holder = \"cy\", from = 2016-03-01",
    );
    repo.edit(
        "registry/seats/board/chair.toml",
        "due-to-end = 2017-01-01 }",
        "due-to-end = 2017-01-01 }, { holder = \"bob\", from = 2016-09-01 }",
    );
    let run = quorate(repo.root(), &["check", "--base", "HEAD", "--fail-on", "never"]);
    let until = run.stdout.find("\n\n").unwrap();
    let told: Vec<&str> = run.stdout[..until].lines().skip(1).map(str::trim).collect();
    assert_eq!(
        told.join(" "),
        "`seats/board/chair`: `tenure` added: holder bob, from 2016-09-01 `seats/board/grower-1`: `tenure` of `ann`: `holder` from ann to cy; `tenure` of `ann`: `from` from 2016-01-01 to 2016-03-01 (due-to-end unchanged)"
    );
}

/// The orchard with two modifications, each of which would bring a version of one rule.
fn with_pending() -> Repo {
    let repo = orchard_in_git();
    copy(&manifest().join("tests/cases/version-by-modification"), repo.root());
    repo.commit("two modifications");
    repo
}

#[test]
fn a_modification_is_assumed_from_the_day_judged() {
    let repo = with_pending();
    let run = check(&repo, &["--on", "2016-05-31", "--assume", "MOD1"]);
    assert_eq!(told(&run), ["new grower-feeds parties/acorn weekly error"]);
    assert_eq!(run.status, 1);
    assert_eq!(run.json()["assumed"], serde_json::json!(["MOD1"]));
}

#[test]
fn what_an_assumption_clears_is_fixed() {
    let repo = with_pending();
    repo.edit(ACORN, "feed = \"daily\"", "feed = \"weekly\"");
    let run = check(&repo, &["--on", "2016-05-31", "--assume", "MOD1"]);
    assert_eq!((told(&run), run.status), (vec![format!("fixed {LACKS}")], 0));
}

#[test]
fn two_assumptions_that_change_one_rule_differently_clash() {
    let repo = with_pending();
    let run = check(&repo, &["--on", "2016-05-31", "--assume", "MOD1", "--assume", "MOD2"]);
    assert_eq!((run.status, run.stdout.as_str()), (2, ""));
    assert!(
        run.stderr.contains("`MOD1` and `MOD2` both change A2 (`grower-feeds`), and differ in `values`"),
        "{}",
        run.stderr
    );
}

#[test]
fn two_assumptions_that_say_the_same_do_not_clash() {
    let repo = with_pending();
    repo.edit("rules/grower-feeds.toml", "[\"daily\", \"weekly\"]", "[\"weekly\"]");
    let run = check(&repo, &["--on", "2016-05-31", "--assume", "MOD1", "--assume", "MOD2"]);
    assert_eq!(told(&run), ["new grower-feeds parties/acorn weekly error"]);
}

#[test]
fn a_modification_nobody_knows_is_not_assumed() {
    let repo = with_pending();
    let run = check(&repo, &["--assume", "MOD11"]);
    assert_eq!(run.status, 2);
    assert!(run.stderr.contains("there is no modification `MOD11` to assume"), "{}", run.stderr);
    assert!(run.stderr.contains("did you mean `MOD1`?"), "{}", run.stderr);
}

#[test]
fn a_modification_that_no_rule_waits_for_changes_nothing_and_that_is_said() {
    let repo = with_pending();
    let record = "title = \"Another\"\nproposer = \"unknown\"\nsource = [\"minutes\"]\n";
    repo.write("registry/modifications/MOD7.toml", record);
    let run = check(&repo, &["--on", "2016-05-31", "--assume", "MOD7"]);
    assert_eq!(run.status, 0);
    assert!(run.stderr.contains("no rule has a version that `MOD7` would bring"), "{}", run.stderr);
}
