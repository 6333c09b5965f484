//! The life of a record through commits.

use serde_json::Value;

use crate::common::{Repo, Run, git, orchard, orchard_in_git, quorate};

const CHAIR: &str = "registry/seats/board/chair.toml";

fn log(repo: &Repo, args: &[&str]) -> Run {
    quorate(repo.root(), &[&["log", "--format", "json"], args].concat())
}

/// Each commit as `how what title: fact; fact`.
fn told(run: &Run) -> Vec<String> {
    let text = |value: &Value| value.as_str().unwrap_or("-").to_owned();
    let fact = |fact: &Value| {
        format!("{} {} > {} [{}]", text(&fact["key"]), text(&fact["was"]), text(&fact["now"]), text(&fact["legal"]))
    };
    let line = |commit: &Value| {
        let facts: Vec<String> = commit["facts"].as_array().unwrap().iter().map(fact).collect();
        format!("{} {} {}: {}", text(&commit["how"]), text(&commit["what"]), text(&commit["title"]), facts.join("; "))
    };
    run.json()["commits"].as_array().unwrap().iter().map(line).collect()
}

#[test]
fn each_commit_that_changed_a_record_is_told_with_its_facts_and_their_legal_days() {
    let repo = orchard_in_git();
    repo.edit(CHAIR, "due-to-end = 2017-01-01 }", "ended = 2016-08-01 }, { holder = \"bob\", from = 2016-09-01 }");
    repo.commit("seats: a new chair");
    repo.edit("registry/parties/birch.toml", "name", "# a remark\nname");
    repo.commit("parties: nothing of the chair");
    let run = log(&repo, &["seats/board/chair"]);
    assert_eq!(
        told(&run)[1..],
        [
            "change changed seats: a new chair: `tenure` of `dee`: `due-to-end` 2017-01-01 > - [2017-01-01]; `tenure` of `dee`: `ended` - > 2016-08-01 [2016-08-01]; `tenure` - > holder bob, from 2016-09-01 [2016-09-01]"
        ]
    );
    let commit = &run.json()["commits"][1];
    assert_eq!((&commit["day"], &commit["signed"]), (&"2016-09-30".into(), &Value::Null));
    assert_eq!(commit["author"], "A. Clerk <clerk@example.org>");
}

#[test]
fn a_correction_is_told_from_a_change() {
    let repo = orchard_in_git();
    repo.edit(CHAIR, "2016-01-01", "2016-01-02");
    repo.commit("seats: the chair began a day later\n\nCorrects: seats/board/chair");
    assert!(told(&log(&repo, &["seats/board/chair"]))[1].starts_with("correction changed "));
    repo.edit(CHAIR, "2016-01-02", "2016-01-03");
    repo.commit("seats: and another\n\nCorrects: seats/board/grower-1");
    assert!(told(&log(&repo, &["seats/board/chair"]))[2].starts_with("change changed "), "another record is meant");
}

#[test]
fn one_field_has_only_the_commits_that_changed_it() {
    let repo = orchard_in_git();
    repo.edit(CHAIR, "constituency = \"chair\"", "constituency = \"packer\"");
    repo.commit("constituency");
    repo.edit(CHAIR, "2016-01-01", "2016-01-02");
    repo.commit("tenure");
    let titles: Vec<String> = told(&log(&repo, &["seats/board/chair.constituency"]));
    assert_eq!(
        titles,
        [
            "change added the orchard: `constituency` - > chair [-]",
            "change changed constituency: `constituency` chair > packer [-]"
        ]
    );
}

#[test]
fn reformatting_is_no_change_of_fact() {
    let repo = orchard_in_git();
    repo.edit(CHAIR, "constituency =", "# a remark\nconstituency  =");
    repo.commit("format");
    assert_eq!(told(&log(&repo, &["seats/board/chair"]))[1], "change changed format: ");
    assert!(quorate(repo.root(), &["log", "seats/board/chair"]).stdout.contains("no change of fact"));
}

#[test]
fn a_merge_is_followed_to_the_side_that_made_the_change() {
    let repo = orchard_in_git();
    repo.git(&["checkout", "--quiet", "-b", "topic"]);
    repo.edit(CHAIR, "2016-01-01", "2016-01-02");
    repo.commit("topic: the chair");
    repo.git(&["checkout", "--quiet", "main"]);
    repo.edit("registry/parties/birch.toml", "name", "# a remark\nname");
    repo.commit("main goes on");
    repo.git(&["merge", "--quiet", "--no-edit", "topic"]);
    let titles: Vec<String> = told(&log(&repo, &["seats/board/chair"]));
    assert_eq!(titles.len(), 2, "{titles:?}");
    assert!(titles[1].contains("topic: the chair"), "{titles:?}");
}

#[test]
fn a_converted_proposal_keeps_its_life() {
    let repo = orchard_in_git();
    let record = "title = \"A draft\"\nproposer = \"unknown\"\nsource = [\"minutes\"]\n";
    repo.write("registry/modifications/DP001.toml", record);
    repo.commit("a draft");
    std::fs::remove_file(repo.path("registry/modifications/DP001.toml")).unwrap();
    repo.write("registry/modifications/MP001.toml", format!("{record}formerly = \"DP001\"\n"));
    repo.commit("converted");
    let told = told(&log(&repo, &["modifications/MP001"]));
    assert!(told[0].starts_with("change added a draft: "), "{told:?}");
    assert_eq!(told[1], "change moved converted: `formerly` - > DP001 [-]");
}

#[test]
fn a_record_taken_out_still_has_its_life() {
    let repo = orchard_in_git();
    std::fs::remove_file(repo.path("registry/people/ann.toml")).unwrap();
    repo.commit("ann goes");
    let told = told(&log(&repo, &["people/ann"]));
    assert!(told[1].starts_with("change removed ann goes"), "{told:?}");
}

#[test]
fn a_signature_is_seen_and_not_taken_for_verified() {
    let repo = orchard_in_git();
    repo.edit(CHAIR, "2016-01-01", "2016-01-02");
    repo.git(&["add", "--all"]);
    let tree = repo.git(&["write-tree"]);
    let parent = repo.git(&["rev-parse", "HEAD"]);
    let commit = format!(
        "tree {tree}\nparent {parent}\nauthor A <a@b.example> 1475226000 +0100\ncommitter A <a@b.example> 1475226000 +0100\ngpgsig -----BEGIN SSH SIGNATURE-----\n U1NIU0lH\n -----END SSH SIGNATURE-----\n\nsigned\n"
    );
    let id = repo.git_with(&["hash-object", "-t", "commit", "-w", "--stdin"], commit.as_bytes());
    let run = log(&repo, &["seats/board/chair", "--at", &id]);
    assert_eq!(run.json()["commits"][1]["signed"], "ssh");
    let run = quorate(repo.root(), &["log", "seats/board/chair", "--at", &id]);
    assert!(run.stdout.contains("signed (ssh), not verified"), "{}", run.stdout);
}

#[test]
fn the_day_is_the_committers_in_the_offset_of_the_commit() {
    let repo = orchard_in_git();
    repo.edit(CHAIR, "2016-01-01", "2016-01-02");
    repo.git(&["add", "--all"]);
    let tree = repo.git(&["write-tree"]);
    let parent = repo.git(&["rev-parse", "HEAD"]);
    // 2016-09-30 23:30 in London is 2016-10-01 in Berlin.
    for (offset, day) in [("+0100", "2016-09-30"), ("+0200", "2016-10-01")] {
        let who = format!("A <a@b.example> 1475274600 {offset}");
        let commit = format!("tree {tree}\nparent {parent}\nauthor {who}\ncommitter {who}\n\nlate\n");
        let id = repo.git_with(&["hash-object", "-t", "commit", "-w", "--stdin"], commit.as_bytes());
        assert_eq!(log(&repo, &["seats/board/chair", "--at", &id]).json()["commits"][1]["day"], day);
    }
}

#[test]
fn a_table_for_spreadsheets_calculates_nothing() {
    let repo = orchard_in_git();
    repo.edit(CHAIR, "2016-01-01", "2016-01-02");
    repo.commit("=cmd|' /C calc'!A0");
    let run = quorate(repo.root(), &["log", "seats/board/chair", "--format", "csv"]);
    assert!(run.stdout.contains(",'=cmd|' /C calc'!A0"), "{}", run.stdout);
    assert!(run.stdout.starts_with("commit,day,author,signed,how,what,field,key,legal,was,now,title\n"));
}

#[test]
fn a_message_that_a_terminal_would_obey_is_shown() {
    let repo = orchard_in_git();
    repo.edit(CHAIR, "2016-01-01", "2016-01-02");
    repo.commit("\u{1b}[2Jall is well");
    let run = quorate(repo.root(), &["log", "seats/board/chair"]);
    assert!(run.stdout.contains("\\u{1b}[2Jall is well") && !run.stdout.contains('\u{1b}'), "{}", run.stdout);
}

#[test]
fn history_that_is_not_there_is_not_guessed() {
    let repo = orchard_in_git();
    repo.edit("registry/parties/birch.toml", "name", "# a remark\nname");
    repo.commit("more");
    let clone = repo.beside("clone");
    let (from, to) = (format!("file://{}", repo.root().display()), clone.display().to_string());
    git(repo.root(), &["clone", "--quiet", "--depth=1", &from, &to], b"");
    let run = quorate(&clone, &["log", "seats/board/chair"]);
    assert_eq!((run.status, run.stdout.as_str()), (2, ""));
    assert!(run.stderr.contains("this clone is shallow"), "{}", run.stderr);
    let run = log(&orchard(), &["seats/board/chair"]);
    assert!(run.status == 2 && run.stderr.contains("lies in no git repository"), "{run:?}");
    for (what, says) in
        [("seats/board/chairs", "no commit has"), ("seat/x", "did you mean `seats/x`?"), ("x", "kind/id")]
    {
        let run = log(&repo, &[what]);
        assert!(run.status == 2 && run.stderr.contains(says), "{run:?}");
    }
}
