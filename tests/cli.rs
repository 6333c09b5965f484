//! What can be typed, and how a run ends: 0 good, 1 findings, 2 no judgement.

use std::{io::Read, process::Stdio};

use crate::common::{Repo, Run, brief, check, copy, manifest, orchard, orchard_in_git, quorate, tool};

/// The orchard with one finding of each level: an error, a warning, a note.
fn spoilt() -> Repo {
    let repo = orchard();
    repo.write("registry/people/eve.toml", "name = \"Eve\"\n");
    repo.write("registry/people/fay.toml", "name = 7\nsource = [\"minutes\"]\n");
    let seat = std::fs::read_to_string(repo.path("registry/seats/board/chair.toml")).unwrap();
    repo.write("registry/seats/board/chair.toml", seat.replace("\"dee\"", "\"vacant\""));
    repo
}

fn status(repo: &Repo, args: &[&str]) -> i32 {
    quorate(repo.root(), args).status
}

fn refused(repo: &Repo, args: &[&str]) -> Run {
    let run = quorate(repo.root(), args);
    assert_eq!((run.status, run.stdout.as_str()), (2, ""), "{run:?}");
    run
}

#[test]
fn fail_on_says_from_which_level_on_a_finding_fails_the_run() {
    let repo = spoilt();
    let with = |level: &str, rules: &[&str]| {
        let rules: Vec<&str> = rules.iter().flat_map(|rule| ["--rule", *rule]).collect();
        status(&repo, &[&["check", "--fail-on", level][..], &rules].concat())
    };
    let (error, warning, note) = ("record-type", "record-source", "board-composition");
    for (level, fails) in [("error", [1, 0, 0]), ("warning", [1, 1, 0]), ("note", [1, 1, 1]), ("never", [0, 0, 0])] {
        assert_eq!([error, warning, note].map(|rule| with(level, &[rule])), fails, "--fail-on {level}");
    }
    assert_eq!(status(&repo, &["check"]), 1);
}

#[test]
fn nothing_found_is_status_0_whatever_fails() {
    let repo = orchard();
    for level in ["error", "warning", "note", "never"] {
        assert_eq!(status(&repo, &["check", "--fail-on", level]), 0);
    }
}

#[test]
fn rule_and_subject_choose_what_is_shown_and_counted() {
    let repo = spoilt();
    assert_eq!(brief(&check(&repo, &[])).len(), 3);
    assert_eq!(brief(&check(&repo, &["--rule", "record-type"])), ["record-type people/fay name breach error"]);
    assert_eq!(brief(&check(&repo, &["--subject", "people/eve"])), ["record-source people/eve source breach warning"]);
    let both = check(&repo, &["--rule", "record-type", "--rule", "record-source", "--subject", "people/eve"]);
    assert_eq!(brief(&both), ["record-source people/eve source breach warning"]);
    let summary = &check(&repo, &["--rule", "board-composition", "--subject", "seats/board/chair"]).json()["summary"];
    assert_eq!((&summary["judged"], &summary["notes"], &summary["errors"]), (&1.into(), &1.into(), &0.into()));
}

#[test]
fn an_unknown_rule_is_refused_with_the_one_that_was_meant() {
    let run = refused(&orchard(), &["check", "--rule", "bord-composition"]);
    assert!(run.stderr.contains("there is no rule `bord-composition`"), "{run:?}");
    assert!(run.stderr.contains("did you mean `board-composition`?"), "{run:?}");
}

#[test]
fn an_unknown_subject_is_refused_with_the_one_that_was_meant() {
    let run = refused(&orchard(), &["explain", "people/anne"]);
    assert!(run.stderr.contains("did you mean `people/ann`?"), "{run:?}");
    let run = refused(&orchard(), &["explain", "peple/ann"]);
    assert!(run.stderr.contains("did you mean `people/ann`?"), "{run:?}");
    let run = refused(&orchard(), &["explain", "bord-term"]);
    assert!(run.stderr.contains("did you mean `board-term`?"), "{run:?}");
}

#[test]
fn a_day_is_a_day_or_today() {
    let repo = orchard();
    for wrong in ["2016-02-30", "2016-9-30", "30/09/2016", "2016-09", "tomorrow", "", "99999-01-01"] {
        let run = refused(&repo, &["check", "--on", wrong]);
        assert!(run.stderr.contains("is no day"), "{wrong}: {run:?}");
    }
    assert_eq!(check(&repo, &["--on", "2016-09-29"]).json()["on"], "2016-09-29");
    let today = check(&repo, &["--on", "today"]).json()["on"].as_str().unwrap().to_owned();
    assert!(today.as_str() > "2025-01-01" && today.len() == 10, "{today}");
}

#[test]
fn without_on_the_position_is_judged_and_without_either_nothing() {
    let repo = orchard();
    assert_eq!(check(&repo, &[]).json()["on"], "2016-09-30");
    repo.write("registry/registry.toml", "schema = 1\ncode = \"Orchard Code\"\n");
    let run = refused(&repo, &["check"]);
    assert!(run.stderr.contains("`position`") && run.stderr.contains("--on"), "{run:?}");
    let run = check(&repo, &["--on", "2016-09-30"]);
    assert_eq!((run.status, &run.json()["position"]), (0, &serde_json::Value::Null));
}

#[test]
fn a_position_that_is_no_day_is_no_judgement() {
    let repo = orchard();
    for wrong in ["2016-09-31", "\"2016-09\"", "\"unknown\"", "7"] {
        repo.write("registry/registry.toml", format!("schema = 1\ncode = \"Orchard Code\"\nposition = {wrong}\n"));
        let run = refused(&repo, &["check"]);
        assert!(run.stderr.contains("a `position` that is no day"), "{wrong}: {run:?}");
    }
}

#[test]
fn no_registry_is_no_judgement() {
    let repo = Repo::plain();
    let run = refused(&repo, &["check"]);
    assert!(run.stderr.contains("registry/registry.toml"), "{run:?}");
}

#[test]
fn an_unknown_schema_is_no_judgement() {
    let repo = orchard();
    repo.write("registry/registry.toml", "schema = 2\ncode = \"Orchard Code\"\nposition = 2016-09-30\n");
    let run = refused(&repo, &["check"]);
    assert!(run.stderr.contains("schema 2"), "{run:?}");
}

#[test]
fn no_rules_are_no_judgement() {
    let repo = orchard();
    std::fs::remove_dir_all(repo.path("rules")).unwrap();
    let run = refused(&repo, &["check"]);
    assert!(run.stderr.contains("--rules"), "{run:?}");
}

#[test]
fn usage_that_makes_no_sense_is_status_2() {
    let repo = orchard();
    for args in [
        &["chekc"][..],
        &["check", "--formt", "json"],
        &["check", "--format", "xml"],
        &["check", "--fail-on", "worry"],
        &[],
    ] {
        let run = quorate(repo.root(), args);
        assert_eq!(run.status, 2, "{args:?}: {run:?}");
        assert!(!run.stderr.is_empty());
    }
}

#[test]
fn help_and_version_are_answers() {
    let repo = orchard();
    for args in [&["--help"][..], &["check", "--help"], &["rules", "test", "--help"], &["--version"]] {
        let run = quorate(repo.root(), args);
        assert_eq!((run.status, run.stderr.as_str()), (0, ""), "{args:?}");
        assert!(run.stdout.contains("quorate"), "{args:?}");
    }
}

#[test]
fn formats_may_go_to_files_so_that_one_run_feeds_all() {
    let repo = spoilt();
    let run = quorate(
        repo.root(),
        &["check", "--format", "json=out.json", "--format", "concise=out.txt", "--format", "human"],
    );
    assert_eq!(run.status, 1);
    assert_eq!(run.stdout, quorate(repo.root(), &["check"]).stdout);
    let kept = |name: &str| std::fs::read_to_string(repo.path(name)).unwrap();
    assert_eq!(kept("out.json"), check(&repo, &[]).stdout);
    assert_eq!(kept("out.txt"), quorate(repo.root(), &["check", "--format", "concise"]).stdout);
}

#[test]
fn two_formats_on_stdout_are_refused() {
    refused(&orchard(), &["check", "--format", "json", "--format", "human"]);
    refused(&orchard(), &["check", "--format", "json="]);
}

#[test]
fn a_file_that_cannot_be_written_is_status_2() {
    let run = quorate(orchard().root(), &["check", "--format", "json=no/such/folder/out.json"]);
    assert_eq!(run.status, 2);
    assert!(run.stderr.contains("out.json"), "{run:?}");
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_is_status_2() {
    let repo = orchard();
    let full = std::fs::OpenOptions::new().write(true).open("/dev/full").unwrap();
    let mut child =
        tool(repo.root(), &["check", "--format", "json"]).stdout(full).stderr(Stdio::null()).spawn().unwrap();
    assert_eq!(child.wait().unwrap().code(), Some(2));
}

/// `quorate check | head -1`, with far more to say than a pipe holds.
#[test]
fn a_broken_pipe_is_success() {
    let repo = orchard();
    for number in 0..500 {
        repo.write(&format!("registry/people/p-{number}.toml"), format!("name = {number}\n"));
    }
    for format in ["human", "concise", "json"] {
        let mut child = tool(repo.root(), &["check", "--verbose", "--format", format])
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut first = [0; 1];
        let mut stdout = child.stdout.take().unwrap();
        stdout.read_exact(&mut first).unwrap();
        drop(stdout);
        let output = child.wait_with_output().unwrap();
        assert_eq!((output.status.code(), output.stderr.as_slice()), (Some(0), &b""[..]), "{format}");
    }
}

#[test]
fn the_registry_is_found_upwards_from_a_subfolder() {
    let repo = orchard_in_git();
    let whole = quorate(repo.root(), &["check", "--format", "json"]).stdout;
    let below = repo.path("registry/seats/board");
    assert_eq!(quorate(&below, &["check", "--format", "json"]).stdout, whole);
    let outside = tempfile::tempdir().unwrap();
    let named = quorate(outside.path(), &["check", "--format", "json", "--repo", below.to_str().unwrap()]);
    assert_eq!(named.stdout, whole);
    assert_eq!(
        quorate(outside.path(), &["--repo", repo.root().to_str().unwrap(), "check", "--format", "json"]).stdout,
        whole
    );
}

#[test]
fn a_plain_folder_without_git_is_judged_and_has_no_revisions() {
    let repo = orchard();
    assert_eq!(check(&repo, &[]).json()["at"], "worktree");
    let run = refused(&repo, &["check", "--at", "HEAD"]);
    assert!(run.stderr.contains("no git repository"), "{run:?}");
}

#[test]
fn an_unknown_revision_is_no_judgement() {
    let run = refused(&orchard_in_git(), &["check", "--at", "no-such-branch"]);
    assert!(run.stderr.contains("no-such-branch"), "{run:?}");
}

#[test]
fn at_is_the_full_id_of_the_commit() {
    let repo = orchard_in_git();
    let head = repo.git(&["rev-parse", "HEAD"]);
    for name in ["HEAD", "main", &head[..8]] {
        assert_eq!(check(&repo, &["--at", name]).json()["at"], head.as_str());
    }
}

#[test]
fn registry_and_rules_may_be_called_and_lie_elsewhere() {
    let repo = orchard();
    let plain = check(&repo, &[]).json()["summary"].clone();
    std::fs::rename(repo.path("registry"), repo.path("records")).unwrap();
    std::fs::rename(repo.path("rules"), repo.beside("law")).unwrap();
    let run = check(&repo, &["--registry", "records", "--rules", "../law"]);
    assert_eq!(run.json()["summary"], plain);
    let law = repo.beside("law");
    let run = check(&repo, &["--registry", "records", "--rules", law.to_str().unwrap()]);
    assert_eq!(run.json()["summary"], plain);
}

#[test]
fn quiet_leaves_notes_out_and_the_status_alone() {
    let repo = spoilt();
    let quiet = quorate(repo.root(), &["check", "--quiet"]);
    let plain = quorate(repo.root(), &["check"]);
    assert_eq!((quiet.status, plain.status), (1, 1));
    assert!(plain.stdout.contains("\nnotes\n") && !quiet.stdout.contains("\nnotes\n"), "{}", quiet.stdout);
    assert!(quiet.stdout.contains("error[record-type]") && quiet.stdout.contains("warning[record-source]"));
    assert_eq!(status(&repo, &["check", "--quiet", "--rule", "board-composition", "--fail-on", "note"]), 1);
}

#[test]
fn verbose_shows_every_note_at_its_place() {
    let repo = spoilt();
    let verbose = quorate(repo.root(), &["check", "-v"]).stdout;
    assert!(
        verbose.contains("note[board-composition]") && verbose.contains("registry/seats/board/chair.toml:3:"),
        "{verbose}"
    );
    assert!(!quorate(repo.root(), &["check"]).stdout.contains("note[board-composition]"));
}

#[test]
fn machine_formats_have_all_whatever_is_shown_to_people() {
    let repo = spoilt();
    for format in ["json", "concise"] {
        let plain = quorate(repo.root(), &["check", "--format", format]).stdout;
        assert_eq!(quorate(repo.root(), &["check", "-v", "--format", format]).stdout, plain, "{format} -v");
        assert_eq!(quorate(repo.root(), &["check", "-q", "--format", format]).stdout, plain, "{format} -q");
    }
}

#[test]
fn colour_is_off_in_a_pipe_and_on_where_asked_for() {
    let repo = spoilt();
    let plain = quorate(repo.root(), &["check"]).stdout;
    assert!(!plain.contains('\u{1b}'));
    let always = quorate(repo.root(), &["check", "--color", "always"]).stdout;
    assert!(always.contains("\u{1b}["));
    let never = tool(repo.root(), &["check", "--color", "never"]).env("CLICOLOR_FORCE", "1").output().unwrap();
    assert_eq!(String::from_utf8(never.stdout).unwrap(), plain);
    let no_color = tool(repo.root(), &["check"]).env("NO_COLOR", "1").env("CLICOLOR_FORCE", "1").output().unwrap();
    assert_eq!(String::from_utf8(no_color.stdout).unwrap(), plain);
}

#[test]
fn concise_is_a_line_a_finding() {
    let repo = spoilt();
    let run = quorate(repo.root(), &["check", "--format", "concise"]);
    let expected = "\
registry/people/eve.toml:1:1: warning[record-source] `people/eve`: no `source` says where this is taken from
registry/people/fay.toml:1:8: error[record-type] `people/fay`: `name` takes a string, not a whole number
registry/seats/board/chair.toml:3:17: note[board-composition] seat `board/chair`: vacant
";
    assert_eq!(run.stdout, expected);
}

#[test]
fn examples_that_hold_are_status_0_and_one_that_does_not_is_status_1() {
    let repo = orchard();
    assert_eq!(status(&repo, &["rules", "test"]), 0);
    let path = "rules/grower-feeds.toml";
    let text = std::fs::read_to_string(repo.path(path)).unwrap();
    let example = "\n[[example]]\nname = \"none\"\non = 2016-09-30\nexpect = \"pass\"\nrecords.\"parties/net\" = { category = [{ is = \"grower\", from = 2015-01-01 }], registration-data = [] }\n";
    repo.write(path, text + example);
    let run = quorate(repo.root(), &["rules", "test"]);
    assert_eq!(run.status, 1);
    assert!(
        run.stdout.contains(
            "rules/grower-feeds.toml:16:1: grower-feeds: example `none` on 2016-09-30: expected pass, got breach"
        ),
        "{}",
        run.stdout
    );
    assert_eq!(status(&repo, &["rules", "test", "board-term"]), 0);
    assert_eq!(status(&repo, &["rules", "test", "bord-term"]), 2);
}

#[test]
fn the_tool_writes_nothing_into_the_repository() {
    let repo = Repo::init();
    copy(&manifest().join("tests/bases/orchard"), repo.root());
    repo.commit("all");
    for args in
        [&["check"][..], &["check", "--at", "HEAD"], &["rules", "test"], &["rules", "list"], &["explain", "board-term"]]
    {
        assert_eq!(status(&repo, args), 0, "{args:?}");
    }
    assert_eq!(repo.git(&["status", "--porcelain", "--ignored"]), "");
}
