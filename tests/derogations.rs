//! Derogations: what they cover, from which day to which, and what is said of those that cover
//! nothing.

use crate::common::{Repo, brief, check, orchard};

const BREACH: &str = "grower-feeds parties/acorn daily breach error";
const COVERED: &str = "grower-feeds parties/acorn daily derogated note";

/// The orchard with a grower that sends no data, and leave for it: what is derogated from, whose, and
/// the first and last line of the period.
fn with_leave(from_what: &str, subject: &str, from: &str, until: &str) -> Repo {
    let repo = orchard();
    let path = "registry/parties/acorn.toml";
    let text = std::fs::read_to_string(repo.path(path)).unwrap();
    repo.write(path, text.replace("[{ feed = \"daily\", from = 2015-01-01 }]", "[]"));
    let leave = format!(
        "{from_what}\nsubject = \"{subject}\"\nfrom = {from}\nuntil = {until}\ngranted-by = \"board\"\nreason = \"The line is down.\"\nsource = [\"minutes\"]\n"
    );
    repo.write("registry/derogations/leave.toml", leave);
    repo
}

fn leave(from_what: &str) -> Repo {
    with_leave(from_what, "parties/acorn", "2016-09-01", "2016-10-01")
}

fn found(repo: &Repo) -> Vec<String> {
    brief(&check(repo, &[]))
}

#[test]
fn a_covered_breach_is_derogated_a_note_and_no_error() {
    let run = check(&leave("rule = \"grower-feeds\""), &[]);
    assert_eq!(brief(&run), [COVERED]);
    assert_eq!(run.status, 0);
    let summary = &run.json()["summary"];
    assert_eq!((&summary["breach"], &summary["derogated"], &summary["errors"]), (&0.into(), &1.into(), &0.into()));
}

#[test]
fn the_derogation_is_a_place_of_what_it_covers() {
    let findings = check(&leave("rule = \"grower-feeds\""), &[]).findings();
    let paths: Vec<_> = findings[0]["places"].as_array().unwrap().iter().map(|place| &place["path"]).collect();
    assert!(paths.contains(&&"registry/derogations/leave.toml".into()), "{paths:?}");
}

#[test]
fn it_covers_from_its_first_day_and_not_from_until() {
    let repo = leave("rule = \"grower-feeds\"");
    let on = |day: &str| brief(&check(&repo, &["--on", day]));
    assert_eq!(on("2016-08-31"), [BREACH]);
    assert_eq!(on("2016-09-01"), [COVERED]);
    assert_eq!(on("2016-09-30"), [COVERED]);
    let expired = "record-derogation-expired derogations/leave derogation breach warning";
    assert_eq!(on("2016-10-01"), [expired, BREACH]);
}

#[test]
fn one_that_has_ended_over_nothing_is_silent() {
    let repo = leave("rule = \"grower-feeds\"");
    let path = "registry/parties/acorn.toml";
    let text = std::fs::read_to_string(repo.path(path)).unwrap();
    repo.write(path, text.replace("[]", "[{ feed = \"daily\", from = 2016-09-20 }]"));
    assert_eq!(brief(&check(&repo, &["--on", "2016-10-01"])), [""; 0]);
}

#[test]
fn one_in_force_that_covers_nothing_is_unused() {
    let unused = "record-derogation-unused derogations/leave derogation breach warning";
    let repo = with_leave("rule = \"grower-feeds\"", "parties/birch", "2016-09-01", "2016-10-01");
    assert_eq!(found(&repo), [unused, BREACH]);
    let repo = with_leave("rule = \"board-composition\"", "parties/acorn", "2016-09-01", "2016-10-01");
    assert_eq!(found(&repo), [unused, BREACH]);
}

#[test]
fn one_not_yet_in_force_covers_nothing_and_is_not_unused() {
    let repo = with_leave("rule = \"grower-feeds\"", "parties/acorn", "2016-10-01", "2016-11-01");
    assert_eq!(found(&repo), [BREACH]);
}

#[test]
fn one_whose_first_day_is_not_known_covers_nothing_and_is_not_unused() {
    let repo = with_leave("rule = \"grower-feeds\"", "parties/acorn", "\"unknown\"", "2016-11-01");
    assert_eq!(found(&repo), [BREACH]);
}

#[test]
fn a_rule_that_does_not_exist_is_dangling() {
    let dangling = "record-derogation-dangling derogations/leave derogation breach error";
    assert_eq!(found(&leave("rule = \"growr-feeds\"")), [dangling, BREACH]);
}

#[test]
fn a_clause_on_which_no_rule_stands_is_dangling() {
    let dangling = "record-derogation-dangling derogations/leave derogation breach error";
    for clause in ["Z9", "A22", "A2.1", "A"] {
        let found = found(&leave(&format!("clause = \"{clause}\"")));
        let expected = if clause == "A" { vec![COVERED] } else { vec![dangling, BREACH] };
        assert_eq!(found, expected, "{clause}");
    }
}

#[test]
fn a_derogation_from_neither_is_dangling() {
    let dangling = "record-derogation-dangling derogations/leave derogation breach error";
    assert_eq!(found(&leave("note = \"from what?\"")), [dangling, BREACH]);
}

#[test]
fn a_subject_that_does_not_exist_is_a_dangling_reference() {
    let repo = with_leave("rule = \"grower-feeds\"", "parties/cedar", "2016-09-01", "2016-10-01");
    let found = found(&repo);
    assert!(found.iter().any(|one| one.starts_with("record-reference derogations/leave")), "{found:?}");
    assert!(found.contains(&BREACH.to_owned()), "{found:?}");
}

#[test]
fn a_clause_covers_the_rules_at_it() {
    assert_eq!(found(&leave("clause = \"A2\"")), [COVERED]);
    assert_eq!(found(&leave("clause = \"~A2\"")), [COVERED]);
}

/// A third grower's seat, and leave from a clause for that seat.
fn seat_with_leave(clause: &str) -> Vec<String> {
    let repo = orchard();
    let seat =
        "constituency = \"grower\"\nsource = [\"minutes\"]\ntenure = [{ holder = \"eve\", from = 2016-02-01 }]\n";
    repo.write("registry/people/eve.toml", "name = \"Eve\"\nsource = [\"minutes\"]\n");
    repo.write("registry/seats/board/grower-3.toml", seat);
    repo.write(
        "registry/derogations/leave.toml",
        format!("clause = \"{clause}\"\nsubject = \"seats/board/grower-3\"\nfrom = 2016-09-01\nuntil = 2016-10-01\ngranted-by = \"board\"\nreason = \"An experiment.\"\nsource = [\"minutes\"]\n"),
    );
    found(&repo)
}

#[test]
fn a_clause_covers_what_lies_under_it_and_nothing_beside_or_above() {
    let covered = ["board-composition seats/board/grower-3 held derogated note"];
    let unused = [
        "record-derogation-unused derogations/leave derogation breach warning",
        "board-composition seats/board/grower-3 held breach error",
    ];
    for above in ["A1.1(a)", "A1.1", "A1", "A"] {
        assert_eq!(seat_with_leave(above), covered, "{above}");
    }
    for beside in ["A1.1(b)", "A2", "B"] {
        assert_eq!(seat_with_leave(beside), unused, "{beside}");
    }
}

#[test]
fn nobody_can_grant_leave_from_a_built_in_rule() {
    let repo = with_leave("rule = \"record-source\"", "people/eve", "2016-09-01", "2016-10-01");
    repo.write("registry/people/eve.toml", "name = \"Eve\"\n");
    let found = found(&repo);
    assert!(found.contains(&"record-source people/eve source breach warning".to_owned()), "{found:?}");
    let dangling = "record-derogation-dangling derogations/leave derogation breach error";
    assert!(found.contains(&dangling.to_owned()), "{found:?}");
}

#[test]
fn of_two_that_overlap_both_are_used() {
    let repo = leave("rule = \"grower-feeds\"");
    let other = std::fs::read_to_string(repo.path("registry/derogations/leave.toml")).unwrap();
    repo.write("registry/derogations/second.toml", other.replace("rule = \"grower-feeds\"", "clause = \"A2\""));
    assert_eq!(found(&repo), [COVERED]);
}

#[test]
fn an_ended_one_prolonged_by_another_is_silent() {
    let repo = leave("rule = \"grower-feeds\"");
    let other = std::fs::read_to_string(repo.path("registry/derogations/leave.toml")).unwrap();
    let later = other.replace("2016-10-01", "2016-11-01").replace("2016-09-01", "2016-10-01");
    repo.write("registry/derogations/second.toml", later);
    assert_eq!(brief(&check(&repo, &["--on", "2016-10-01"])), [COVERED]);
}

#[test]
fn what_is_not_shown_is_used_all_the_same() {
    let repo = leave("rule = \"grower-feeds\"");
    assert_eq!(brief(&check(&repo, &["--rule", "record-derogation-unused"])), [""; 0]);
    assert_eq!(brief(&check(&repo, &["--subject", "derogations/leave"])), [""; 0]);
}
