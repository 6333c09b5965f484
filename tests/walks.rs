//! Walks through more than one run: two clocks, one answer however the records come.

use crate::common::{Repo, brief, check, copy, manifest, orchard, orchard_in_git, quorate, tool};

/// The bodies of the real code and nobody in them, with the shipped rules.
fn sec() -> Repo {
    let repo = Repo::init();
    copy(&manifest().join("tests/bases/sec"), repo.root());
    copy(&manifest().join("rules"), &repo.path("rules"));
    repo
}

fn network(feeds: &[&str]) -> String {
    let feeds: Vec<String> = feeds.iter().map(|feed| format!("{{ feed = \"{feed}\", from = 2014-01-01 }}")).collect();
    format!(
        "name = \"Net\"\nacceded = 2013-09-23\nsource = [\"minutes\"]\ncategory = [{{ is = \"gas-network\", from = 2013-09-23 }}]\nregistration-data = [{}]\n",
        feeds.join(", ")
    )
}

/// The feeds that `net` lacks: the slots of the errors.
fn lacks(repo: &Repo, args: &[&str]) -> Vec<String> {
    let run = check(repo, &[args, &["--rule", "registration-data-feeds"]].concat());
    let findings = run.findings();
    assert!(findings.iter().all(|one| one["level"] == "error"), "{findings:?}");
    findings.iter().map(|one| one["slot"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn a_network_party_needs_transitional_data_up_to_27_september_2016_and_both_from_the_28th() {
    let cases: [(&[&str], &[&str], &[&str]); 4] = [
        (&["transitional"], &[], &["full"]),
        (&["full"], &["transitional"], &["transitional"]),
        (&["transitional", "full"], &[], &[]),
        (&[], &["transitional"], &["full", "transitional"]),
    ];
    let repo = sec();
    for (feeds, before, after) in cases {
        repo.write("registry/parties/net.toml", network(feeds));
        assert_eq!(lacks(&repo, &["--on", "2016-09-27"]), before, "{feeds:?} on 27 September");
        assert_eq!(lacks(&repo, &["--on", "2016-09-28"]), after, "{feeds:?} on 28 September");
    }
}

/// Legal time and knowledge: what was known when is the commit, what held when is the day.
#[test]
fn the_day_judged_and_the_commit_believed_are_two_clocks() {
    let repo = sec();
    repo.write("registry/parties/net.toml", network(&["transitional"]));
    let early = repo.commit("transitional only");
    repo.write("registry/parties/net.toml", network(&["transitional", "full"]));
    let late = repo.commit("it had both all along");
    let none: [&str; 0] = [];
    assert_eq!(lacks(&repo, &["--at", &early, "--on", "2016-09-27"]), none);
    assert_eq!(lacks(&repo, &["--at", &early, "--on", "2016-09-28"]), ["full"]);
    assert_eq!(lacks(&repo, &["--at", &late, "--on", "2016-09-28"]), none);
    assert_eq!(lacks(&repo, &["--at", &late, "--on", "2016-09-27"]), none);
}

/// A commit of 2016-09-30 with a rule of the next day: the commit's date decides nothing.
#[test]
fn rules_are_believed_as_the_commit_has_them() {
    let repo = orchard_in_git();
    let path = "rules/grower-feeds.toml";
    let text = std::fs::read_to_string(repo.path(path)).unwrap();
    repo.write(path, text.replace("values = [\"daily\"]", "values = [\"weekly\"]"));
    let late = repo.commit("weekly data");
    assert_eq!(brief(&check(&repo, &["--at", "HEAD~1"])), [""; 0]);
    assert_eq!(brief(&check(&repo, &["--at", &late])), ["grower-feeds parties/acorn weekly breach error"]);
    assert_eq!(brief(&check(&repo, &[])), ["grower-feeds parties/acorn weekly breach error"]);
}

#[test]
fn a_third_large_supplier_is_one_error_of_its_clause_with_places_in_the_seat_and_in_the_rule() {
    let repo = sec();
    copy(&manifest().join("tests/cases/panel-third-large-supplier/registry"), &repo.path("registry"));
    let run = check(&repo, &[]);
    assert_eq!(run.status, 1);
    let findings = run.findings();
    let errors: Vec<_> = findings.iter().filter(|one| one["level"] == "error").collect();
    assert_eq!(errors.len(), 1, "{errors:?}");
    assert_eq!(errors[0]["rule"], "panel-composition");
    assert_eq!((&errors[0]["clause"], &errors[0]["clause-recalled"]), (&"C3.1(a)".into(), &true.into()));
    assert_eq!(errors[0]["subject"], "seats/panel/large-supplier-3");
    let places = errors[0]["places"].as_array().unwrap();
    assert_eq!(places[0]["path"], "registry/seats/panel/large-supplier-3.toml");
    assert_eq!(places.last().unwrap()["path"], "rules/c-governance/panel-composition.toml");
}

#[test]
fn a_vacant_seat_is_a_note_of_a_rule_that_is_kept() {
    let repo = sec();
    copy(&manifest().join("tests/cases/panel-vacant-seat/registry"), &repo.path("registry"));
    let run = check(&repo, &["--rule", "panel-composition"]);
    assert_eq!(run.status, 0);
    assert_eq!(brief(&run), ["panel-composition seats/panel/gas-network-1 vacant pass note"]);
}

#[test]
fn an_alternate_whose_group_is_joined_is_a_breach_that_names_the_chain() {
    let repo = sec();
    copy(&manifest().join("tests/cases/alternate-employer-joins-group/registry"), &repo.path("registry"));
    let args = ["--rule", "smki-pma-member-employer", "--on"];
    assert_eq!(brief(&check(&repo, &[&args[..], &["2016-09-19"]].concat())), [""; 0]);
    let findings = check(&repo, &[&args[..], &["2016-09-20"]].concat()).findings();
    assert_eq!(findings.len(), 1);
    let message = findings[0]["message"].as_str().unwrap();
    for link in ["`acme`", "`midco`", "`holdco`", "`bolt`"] {
        assert!(message.contains(link), "{link} in {message}");
    }
}

/// Everything but `at`, which tells a commit from a work tree.
fn printed(repo: &Repo, args: &[&str]) -> String {
    let run = check(repo, args);
    let lines = run.stdout.lines().filter(|line| !line.starts_with("  \"at\": "));
    lines.flat_map(|line| [line, "\n"]).collect()
}

#[test]
fn the_same_records_give_the_same_bytes_from_a_work_tree_and_a_commit_and_twice() {
    let repo = Repo::init();
    copy(&manifest().join("rules"), &repo.path("rules"));
    copy(&manifest().join("registry"), &repo.path("registry"));
    repo.write("registry/people/broken.toml", "name = \n");
    let tree = printed(&repo, &[]);
    assert_eq!(printed(&repo, &[]), tree);
    repo.commit("all");
    assert_eq!(printed(&repo, &[]), tree);
    assert_eq!(printed(&repo, &["--at", "HEAD"]), tree);
    repo.git(&["gc", "--quiet"]);
    assert_eq!(printed(&repo, &["--at", "HEAD"]), tree);
}

#[test]
fn the_order_in_which_files_were_made_changes_nothing() {
    fn files(folder: &std::path::Path, found: &mut Vec<std::path::PathBuf>) {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() { files(&path, found) } else { found.push(path) }
        }
    }
    let mut all = Vec::new();
    files(&manifest().join("tests/cases/panel-third-large-supplier/registry"), &mut all);
    files(&manifest().join("tests/bases/sec/registry"), &mut all);
    all.sort();
    let made = |order: &[std::path::PathBuf]| {
        let repo = Repo::plain();
        copy(&manifest().join("rules"), &repo.path("rules"));
        for path in order {
            let text = path.to_string_lossy();
            let below = text.split_once("/registry/").unwrap().1;
            repo.write(&format!("registry/{below}"), std::fs::read(path).unwrap());
        }
        printed(&repo, &[])
    };
    let forwards = made(&all);
    all.reverse();
    assert_eq!(made(&all), forwards);
    all.sort_by_key(|path| path.to_string_lossy().chars().rev().collect::<String>());
    assert_eq!(made(&all), forwards);
}

#[test]
fn the_number_of_threads_changes_nothing() {
    let shipped = manifest();
    let with = |threads: &str| {
        let output = tool(shipped, &["check", "--format", "json"]).env("RAYON_NUM_THREADS", threads).output().unwrap();
        String::from_utf8(output.stdout).unwrap()
    };
    assert_eq!(with("1"), with("7"));
}

#[test]
fn a_listed_body_without_a_record_is_a_note_and_its_rules_judge_nothing() {
    let repo = orchard();
    std::fs::remove_file(repo.path("registry/bodies/board.toml")).unwrap();
    for seat in ["chair", "grower-1", "grower-2", "packer-1"] {
        std::fs::remove_file(repo.path(&format!("registry/seats/board/{seat}.toml"))).unwrap();
    }
    let run = check(&repo, &[]);
    assert_eq!(brief(&run), ["record-body bodies/board body breach note"]);
    assert_eq!(run.status, 0);
    assert_eq!(run.findings()[0]["places"][0]["path"], "rules/code.toml");
}

/// Whatever a rule says of its level, and whatever it is about.
#[test]
fn a_recalled_rule_never_gives_an_error() {
    for rule in ["board-composition", "grower-feeds", "nomination-window", "board-term", "one-employer"] {
        for (basis, most) in
            [("text", "error"), ("secondary", "error"), ("inferred", "warning"), ("recalled", "warning")]
        {
            let repo = orchard();
            let path = format!("rules/{rule}.toml");
            let text = std::fs::read_to_string(repo.path(&path)).unwrap();
            let text = text.replace("basis  = \"text\"", &format!("basis  = \"{basis}\""));
            repo.write(&path, text.replace("level  = \"warning\"", "level  = \"error\""));
            copy(&manifest().join("tests/bases/spoilt"), repo.root());
            let findings = check(&repo, &["--rule", rule]).findings();
            let breaches: Vec<_> = findings.iter().filter(|one| one["outcome"] == "breach").collect();
            assert!(!breaches.is_empty(), "{rule}: {findings:?}");
            assert!(breaches.iter().all(|one| one["level"] == most), "{rule}, {basis}: {breaches:?}");
            assert!(breaches.iter().all(|one| one["basis"] == basis), "{rule}, {basis}: {breaches:?}");
        }
    }
}

#[test]
fn a_row_of_weaker_evidence_lowers_its_own_findings_alone() {
    let repo = orchard();
    let path = "rules/board-composition.toml";
    let text = std::fs::read_to_string(repo.path(path)).unwrap();
    repo.write(path, text.replace("clause = \"A1.1(a)\" }", "clause = \"A1.1(a)\", basis = \"recalled\" }"));
    let seat = |of: &str| {
        format!(
            "constituency = \"{of}\"\nsource = [\"minutes\"]\ntenure = [{{ holder = \"eve\", from = 2016-02-01 }}]\n"
        )
    };
    repo.write("registry/people/eve.toml", "name = \"Eve\"\nsource = [\"minutes\"]\n");
    repo.write("registry/seats/board/grower-3.toml", seat("grower"));
    repo.write("registry/seats/board/packer-2.toml", seat("packer"));
    let expected = [
        "board-composition seats/board/grower-3 held breach warning",
        "board-composition seats/board/packer-2 held breach error",
    ];
    assert_eq!(brief(&check(&repo, &["--rule", "board-composition"])), expected);
}

/// The day on which a seat became vacant, was due to end, and the days around them.
#[test]
fn the_days_around_the_end_of_a_term() {
    let repo = orchard();
    let on = |day: &str| brief(&check(&repo, &["--rule", "board-term", "--subject", "seats/board/chair", "--on", day]));
    assert_eq!(on("2016-12-31"), [""; 0]);
    assert_eq!(on("2017-01-01"), ["board-term seats/board/chair dee breach error"]);
}

#[test]
fn what_explain_says_of_a_record_is_what_check_counts() {
    let repo = orchard();
    let run = quorate(repo.root(), &["explain", "parties/acorn"]);
    assert_eq!(run.status, 0);
    assert!(run.stdout.contains("\npass  grower-feeds  A2 — "), "{}", run.stdout);
}
