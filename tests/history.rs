//! Rules about what commits did, over real repositories: `check --base`.

use serde_json::Value;

use crate::common::{Repo, Run, check, copy, git, manifest, orchard_in_git, quorate};

const ACORN: &str = "registry/parties/acorn.toml";
const FEED: &str = "[{ feed = \"daily\", from = 2015-01-01 }]";

/// The orchard as a repository, with a rule that asks what commits did: that of `tests/history/`.
fn asking(test: &str) -> Repo {
    let repo = orchard_in_git();
    ask(&repo, test);
    repo.commit("rules: what commits do");
    repo.git(&["branch", "base"]);
    repo
}

/// Puts the rule there.
pub(crate) fn ask(repo: &Repo, test: &str) {
    let rule = std::fs::read(manifest().join(format!("tests/history/{test}.toml"))).unwrap();
    repo.write(&format!("rules/commits-{test}.toml"), rule);
}

/// What is found of the commits, as `subject slot outcome level`.
pub(crate) fn told(run: &Run) -> Vec<String> {
    let of_commits = |one: &&Value| one["rule"].as_str().unwrap().starts_with("commits-");
    let word = |one: &Value, key: &str| one[key].as_str().unwrap().to_owned();
    let line = |one: &Value| ["subject", "slot", "outcome", "level"].map(|key| word(one, key)).join(" ");
    run.findings().iter().filter(of_commits).map(line).collect()
}

pub(crate) fn against_base(repo: &Repo) -> Run {
    check(repo, &["--base", "base"])
}

fn remove(repo: &Repo, path: &str) {
    std::fs::remove_file(repo.path(path)).unwrap();
}

/// The rules of `tests/history/`, with their examples, over the words of the orchard.
#[test]
fn the_examples_of_every_test_are_kept_and_leave_no_mutant_alive() {
    let repo = Repo::plain();
    copy(&manifest().join("tests/bases/orchard"), repo.root());
    for rule in ["board-composition", "board-term", "grower-feeds", "nomination-window", "one-employer"] {
        remove(&repo, &format!("rules/{rule}.toml"));
    }
    let mut count = 0;
    for file in std::fs::read_dir(manifest().join("tests/history")).unwrap() {
        let test = file.unwrap().path().file_stem().unwrap().to_string_lossy().into_owned();
        ask(&repo, &test);
        count += 1;
    }
    for args in [&["rules", "test"][..], &["rules", "test", "--mutants"], &["rules", "prove"]] {
        let run = quorate(repo.root(), args);
        assert_eq!(run.status, 0, "{args:?}: {}{}", run.stdout, run.stderr);
    }
    let run = quorate(repo.root(), &["rules", "test"]);
    assert!(run.stdout.starts_with(&format!("{count} rules, ")), "no example lacks: {}", run.stdout);
}

#[test]
fn a_record_taken_out_is_found_where_it_was_and_its_commit_is_named() {
    let repo = asking("deleted");
    remove(&repo, ACORN);
    let commit = repo.commit("parties: no acorn");
    let run = against_base(&repo);
    assert_eq!(told(&run), ["parties/acorn deleted breach error"]);
    assert_eq!(run.status, 1);
    let found = run.findings().into_iter().find(|one| one["slot"] == "deleted").unwrap();
    assert!(found["message"].as_str().unwrap().contains(&commit[..12]), "{found}");
    assert!(found["message"].as_str().unwrap().contains("A. Clerk <clerk@example.org>"), "{found}");
    assert_eq!((&found["status"], &found["places"][0]["path"]), (&"new".into(), &ACORN.into()));
}

#[test]
fn a_record_edited_moved_or_of_another_kind_was_not_taken_out() {
    let repo = asking("deleted");
    repo.edit(ACORN, FEED, "[]");
    repo.commit("edited");
    let acorn = std::fs::read(repo.path(ACORN)).unwrap();
    remove(&repo, ACORN);
    repo.write("registry/parties/acorn-growers.toml", acorn);
    repo.commit("moved");
    remove(&repo, "registry/people/ann.toml");
    repo.commit("not of a Party");
    assert_eq!(told(&against_base(&repo)), [""; 0]);
}

#[test]
fn what_was_taken_out_and_put_back_was_taken_out() {
    let repo = asking("deleted");
    let acorn = std::fs::read(repo.path(ACORN)).unwrap();
    remove(&repo, ACORN);
    repo.commit("out");
    repo.write(ACORN, acorn);
    repo.commit("in");
    assert_eq!(told(&against_base(&repo)), ["parties/acorn deleted breach error"], "the base and the head are alike");
}

#[test]
fn two_commits_that_do_the_same_are_two_findings() {
    let repo = asking("deleted");
    let acorn = std::fs::read(repo.path(ACORN)).unwrap();
    for _ in 0..2 {
        remove(&repo, ACORN);
        repo.commit("out");
        repo.write(ACORN, &acorn);
        repo.commit("in");
    }
    assert_eq!(
        told(&against_base(&repo)),
        ["parties/acorn deleted breach error", "parties/acorn deleted-2 breach error"]
    );
}

#[test]
fn what_is_not_committed_is_no_commit_and_what_the_base_did_is_not_judged() {
    let repo = asking("deleted");
    remove(&repo, ACORN);
    assert_eq!(told(&against_base(&repo)), [""; 0], "not committed");
    repo.commit("out");
    repo.git(&["branch", "--force", "base"]);
    repo.edit("registry/parties/birch.toml", "name", "# a remark\nname");
    repo.commit("remark");
    assert_eq!(told(&against_base(&repo)), [""; 0], "before the base");
    assert_eq!(told(&check(&repo, &[])), [""; 0], "without a base no commit is judged");
}

/// A commit is of its own day; the day judged says nothing of it.
#[test]
fn a_commit_after_the_day_judged_is_judged() {
    let repo = asking("deleted");
    remove(&repo, ACORN);
    repo.commit("out");
    assert_eq!(told(&check(&repo, &["--base", "base", "--on", "2016-01-01"])), ["parties/acorn deleted breach error"]);
}

/// Two pull requests: the base goes on, and the branch takes in what it did.
#[test]
fn what_a_merge_brings_of_the_base_is_not_what_the_branch_did() {
    let repo = asking("deleted");
    repo.git(&["checkout", "--quiet", "-b", "topic"]);
    repo.edit("registry/parties/birch.toml", "name", "# a remark\nname");
    repo.commit("topic");
    repo.git(&["checkout", "--quiet", "main"]);
    remove(&repo, ACORN);
    repo.commit("main: out");
    repo.git(&["checkout", "--quiet", "topic"]);
    repo.git(&["merge", "--quiet", "--no-ff", "-m", "catch up", "main"]);
    let run = check(&repo, &["--base", "main"]);
    assert_eq!(told(&run), [""; 0]);
    // What the merge itself takes out is the branch's.
    repo.git(&["rm", "--quiet", "registry/parties/birch.toml"]);
    repo.git(&["commit", "--quiet", "--amend", "--no-edit"]);
    let run = check(&repo, &["--base", "main"]);
    assert_eq!(told(&run), ["parties/birch deleted breach error"]);
}

#[test]
fn a_merge_of_a_branch_is_the_whole_that_it_makes() {
    let repo = asking("deleted");
    repo.git(&["checkout", "--quiet", "-b", "topic"]);
    remove(&repo, ACORN);
    repo.commit("topic: out");
    repo.git(&["checkout", "--quiet", "main"]);
    repo.git(&["merge", "--quiet", "--no-ff", "-m", "take it", "topic"]);
    let run = against_base(&repo);
    assert_eq!(told(&run), ["parties/acorn deleted breach error"]);
    let merge = repo.git(&["rev-parse", "HEAD"]);
    assert!(run.findings().iter().any(|one| one["message"].as_str().unwrap().contains(&merge[..12])));
}

/// A merge of what its first parent comes from already takes nothing from it: what it takes out is its own.
#[test]
fn a_merge_of_what_it_comes_from_hides_nothing() {
    let repo = asking("deleted");
    repo.write("registry/parties/cedar.toml", "name = \"Cedar\"\nacceded = 2015-01-01\nsource = [\"minutes\"]\n");
    repo.commit("cedar");
    repo.git(&["branch", "--force", "base"]);
    // The tree of the commit before, in which there is no cedar.
    let merge = repo.git(&["commit-tree", "base~1^{tree}", "-p", "base", "-p", "base~1", "-m", "merge"]);
    repo.git(&["reset", "--quiet", "--hard", &merge]);
    assert_eq!(told(&against_base(&repo)), ["parties/cedar deleted breach error"]);
}

#[test]
fn a_correction_may_be_said_in_a_commit_that_a_merge_joins() {
    let repo = asking("past-edited");
    repo.git(&["checkout", "--quiet", "-b", "topic"]);
    repo.edit(ACORN, "acceded = 2015-01-01", "acceded = 2015-01-02");
    repo.commit("topic: a day later\n\nCorrects: parties/acorn");
    repo.git(&["checkout", "--quiet", "main"]);
    repo.git(&["merge", "--quiet", "--no-ff", "-m", "take it", "topic"]);
    assert_eq!(told(&against_base(&repo)), [""; 0]);
}

#[test]
fn a_past_fact_is_edited_only_by_who_says_so() {
    let repo = asking("past-edited");
    repo.edit(ACORN, "acceded = 2015-01-01", "acceded = 2015-01-02");
    repo.commit("a day later");
    assert_eq!(told(&against_base(&repo)), ["parties/acorn past-edited breach error"]);
    repo.git(&["commit", "--quiet", "--amend", "-m", "a day later\n\nCorrects: parties/acorn"]);
    assert_eq!(told(&against_base(&repo)), [""; 0]);
}

#[test]
fn the_position_that_counts_is_that_before_the_commit() {
    let repo = asking("past-edited");
    repo.edit(ACORN, "acceded = 2015-01-01", "acceded = 2015-01-02");
    repo.edit("registry/registry.toml", "2016-09-30", "2014-01-01");
    repo.commit("a day later, and the position out of the way");
    assert_eq!(told(&against_base(&repo)), ["parties/acorn past-edited breach error"]);
}

#[test]
fn what_has_moved_on_or_is_added_edits_nothing_of_the_past() {
    let repo = asking("past-edited");
    repo.edit(
        ACORN,
        FEED,
        "[{ feed = \"daily\", from = 2015-01-01, until = 2016-09-01 }, { feed = \"daily\", from = 2016-09-01 }]",
    );
    repo.edit("registry/seats/board/grower-1.toml", "due-to-end = 2017-01-01", "due-to-end = 2017-02-01");
    repo.edit(ACORN, "source  = [\"minutes\"]", "source  = [\"minutes\", \"minutes\"]\nnote = \"x\"");
    repo.commit("the world goes on");
    assert_eq!(told(&against_base(&repo)), [""; 0]);
}

#[test]
fn what_happened_long_ago_is_recorded_late() {
    let repo = asking("late");
    repo.edit(ACORN, "name ", "left = { on = 2016-09-22, how = \"withdrawn\" }\nname ");
    repo.commit("left");
    assert_eq!(told(&against_base(&repo)), ["parties/acorn late breach error"], "committed on 2016-09-30");
    repo.edit(ACORN, "2016-09-22", "2016-09-23");
    repo.git(&["commit", "--quiet", "--all", "--amend", "--no-edit"]);
    assert_eq!(told(&against_base(&repo)), [""; 0], "the fifth Working Day");
}

#[test]
fn a_plan_that_has_passed_is_nothing_that_happened() {
    let repo = asking("late");
    repo.write(
        "registry/meetings/board/2016-08-01.toml",
        "source = [\"minutes\"]\nplanned = 2016-08-01\nmoved-to = [2016-08-08]\n",
    );
    repo.commit("a plan, long past");
    assert_eq!(told(&against_base(&repo)), [""; 0]);
    repo.edit("registry/meetings/board/2016-08-01.toml", "planned", "held = 2016-08-08\nplanned");
    repo.commit("it was held");
    assert_eq!(told(&against_base(&repo)), ["meetings/board/2016-08-01 late breach error"]);
}

#[test]
fn somebody_else_has_to_have_read_it() {
    let repo = asking("unreviewed");
    repo.edit(ACORN, FEED, "[]");
    let cases = [
        ("no feed", true),
        ("no feed\n\nReviewed-by: A. Clerk <other@example.org>", true),
        ("no feed\n\nReviewed-by: Somebody <clerk@example.org>", true),
        ("no feed\n\nReviewed-by: Bob <bob@example.org>", false),
    ];
    for (message, is_breach) in cases {
        repo.git(&["commit", "--quiet", "--all", "--amend", "--allow-empty", "-m", message]);
        repo.git(&["reset", "--quiet", "--soft", "base"]);
        let commit = repo.commit(message);
        let expected: Vec<String> =
            is_breach.then(|| format!("commits/{commit} unreviewed breach error")).into_iter().collect();
        assert_eq!(told(&against_base(&repo)), expected, "{message}");
    }
}

#[test]
fn rules_and_records_go_into_commits_of_their_own() {
    let repo = asking("rules-and-records");
    repo.edit(ACORN, FEED, "[]");
    repo.commit("a record");
    repo.edit("rules/grower-feeds.toml", "\"error\"", "\"warning\"");
    repo.commit("a rule");
    assert_eq!(told(&against_base(&repo)), [""; 0]);
    repo.edit(ACORN, "[]", FEED);
    repo.edit("rules/grower-feeds.toml", "\"warning\"", "\"error\"");
    let both = repo.commit("both");
    assert_eq!(told(&against_base(&repo)), [format!("commits/{both} rules-and-records breach error")]);
}

#[test]
fn to_write_a_rule_in_other_words_is_no_change_of_it() {
    let repo = asking("rules-and-records");
    repo.edit(ACORN, FEED, "[]");
    repo.edit("rules/grower-feeds.toml", "level ", "# how grave\nlevel ");
    repo.commit("a record, and a remark");
    assert_eq!(told(&against_base(&repo)), [""; 0]);
}

#[test]
fn the_position_moves_on_and_not_back() {
    let repo = asking("position-back");
    repo.edit("registry/registry.toml", "2016-09-30", "2016-10-31");
    repo.commit("on");
    assert_eq!(told(&against_base(&repo)), [""; 0]);
    repo.edit("registry/registry.toml", "2016-10-31", "2016-10-30");
    let back = repo.commit("back");
    assert_eq!(told(&against_base(&repo)), [format!("commits/{back} position-back breach error")]);
}

/// Whoever takes the rule out and does what it forbids is judged by the base's rules as well.
#[test]
fn a_rule_that_the_change_takes_out_judges_its_commits_all_the_same() {
    let repo = asking("deleted");
    remove(&repo, "rules/commits-deleted.toml");
    repo.commit("no such rule");
    remove(&repo, ACORN);
    repo.commit("out");
    let run = against_base(&repo);
    assert_eq!((told(&run), run.status), (vec!["parties/acorn deleted breach error".to_owned()], 1));
    assert!(run.findings().iter().any(|one| one["slot"] == "deleted" && one["rules"] == "base"));
}

#[test]
fn a_rule_of_a_later_day_judges_no_commit_of_before() {
    let repo = asking("deleted");
    repo.edit("rules/commits-deleted.toml", "from   = 2015-01-01", "from   = 2016-10-01");
    repo.commit("later");
    repo.git(&["branch", "--force", "base"]);
    remove(&repo, ACORN);
    repo.commit("out, on 2016-09-30");
    assert_eq!(told(&against_base(&repo)), [""; 0]);
}

#[test]
fn a_shallow_clone_that_ends_within_the_commits_is_refused() {
    let repo = asking("deleted");
    repo.git(&["checkout", "--quiet", "-b", "side", "base"]);
    for name in ["one", "two", "three"] {
        repo.edit("registry/parties/birch.toml", "name", &format!("# {name}\nname"));
        repo.commit(name);
    }
    repo.git(&["checkout", "--quiet", "main"]);
    repo.git(&["merge", "--quiet", "--no-ff", "-m", "take it", "side"]);
    let shallow = repo.beside("shallow");
    let from = format!("file://{}", repo.root().display());
    git(repo.root(), &["clone", "--quiet", "--depth", "2", &from, shallow.to_str().unwrap()], b"");
    let run = quorate(&shallow, &["check", "--base", "HEAD~1"]);
    assert_eq!(run.status, 2, "{run:?}");
    assert!(run.stderr.contains("shallow") && run.stderr.contains("deepen"), "{}", run.stderr);
}

/// Leave from a rule about commits is no leave that is not used: a tree does not say what was done.
#[test]
fn leave_from_a_rule_about_commits_is_leave_on_the_day_of_the_commit() {
    let repo = asking("past-edited");
    let leave = |until: &str| {
        format!(
            "rule = \"commits-past-edited\"\nsubject = \"parties/acorn\"\nfrom = 2016-09-01\nuntil = {until}\ngranted-by = \"acorn\"\nreason = \"a clean-up\"\nsource = [\"minutes\"]\n"
        )
    };
    repo.write("registry/derogations/clean-up.toml", leave("2016-10-01"));
    repo.commit("leave");
    repo.git(&["branch", "--force", "base"]);
    let none = check(&repo, &[]);
    assert!(none.findings().iter().all(|one| one["rule"] != "record-derogation-unused"), "{none:?}");
    repo.edit(ACORN, "acceded = 2015-01-01", "acceded = 2015-01-02");
    repo.commit("a day later");
    assert_eq!(told(&against_base(&repo)), ["parties/acorn past-edited derogated note"]);
    repo.write("registry/derogations/clean-up.toml", leave("2016-09-30"));
    repo.commit("no more");
    assert_eq!(told(&against_base(&repo)), ["parties/acorn past-edited breach error"]);
}

/// The record was taken out before the base: what had the id is looked for in all that came before.
#[test]
fn an_id_that_the_history_of_the_base_gave_up_is_not_given_to_another() {
    let repo = orchard_in_git();
    let acorn = std::fs::read_to_string(repo.path(ACORN)).unwrap();
    remove(&repo, ACORN);
    let out = repo.commit("out");
    ask(&repo, "reused");
    repo.commit("rules: what commits do");
    repo.git(&["branch", "base"]);
    repo.write(ACORN, &acorn);
    repo.commit("put back");
    assert_eq!(told(&against_base(&repo)), [""; 0]);
    repo.git(&["reset", "--quiet", "--hard", "base"]);
    repo.write(ACORN, acorn.replace("Acorn Growers", "Alder Growers"));
    repo.commit("another");
    let run = against_base(&repo);
    assert_eq!(told(&run), ["parties/acorn reused breach error"]);
    let found = run.findings().into_iter().find(|one| one["slot"] == "reused").unwrap();
    assert!(found["message"].as_str().unwrap().contains(&out[..12]), "{found}");
}

#[test]
fn an_id_that_a_commit_of_the_range_gave_up_is_not_given_to_another() {
    let repo = asking("reused");
    let acorn = std::fs::read_to_string(repo.path(ACORN)).unwrap();
    remove(&repo, ACORN);
    repo.commit("out");
    repo.write(ACORN, acorn.replace("Acorn Growers", "Alder Growers"));
    repo.commit("another");
    repo.write("registry/parties/cedar.toml", &acorn);
    repo.commit("an id that nothing had");
    assert_eq!(told(&against_base(&repo)), ["parties/acorn reused breach error"]);
}

/// A record that became a link in between is as gone as one that was taken out.
#[cfg(unix)]
#[test]
fn an_id_that_became_a_link_was_given_up() {
    let repo = orchard_in_git();
    let acorn = std::fs::read_to_string(repo.path(ACORN)).unwrap();
    remove(&repo, ACORN);
    repo.link(ACORN, "birch.toml");
    repo.commit("a link");
    ask(&repo, "reused");
    repo.commit("rules: what commits do");
    repo.git(&["branch", "base"]);
    remove(&repo, ACORN);
    repo.write(ACORN, acorn.replace("Acorn Growers", "Alder Growers"));
    repo.commit("another");
    assert_eq!(told(&against_base(&repo)), ["parties/acorn reused breach error"]);
}
