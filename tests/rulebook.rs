//! The rulebook: what is refused, at its place, and what is in force on which day.

use crate::common::{Repo, brief, check, orchard, quorate};

/// What stderr says of an orchard in which one rule file was written: exit 2, nothing on stdout.
fn refused(path: &str, text: &str) -> String {
    let repo = orchard();
    repo.write(&format!("rules/{path}"), text);
    let run = quorate(repo.root(), &["check"]);
    assert_eq!((run.status, run.stdout.as_str()), (2, ""), "{run:?}");
    run.stderr
}

/// A rule of the orchard, changed.
fn changed(rule: &str, from: &str, to: &str) -> String {
    let text = std::fs::read_to_string(orchard().path(&format!("rules/{rule}.toml"))).unwrap();
    assert!(text.contains(from), "{rule} has no {from}");
    text.replacen(from, to, 1)
}

/// The orchard's rule changed is refused, with the place and the words.
fn refused_at(rule: &str, from: &str, to: &str, place: &str, words: &str) {
    let stderr = refused(&format!("{rule}.toml"), &changed(rule, from, to));
    assert!(stderr.contains(&format!("[rules/{rule}.toml:{place}]")), "{place}: {stderr}");
    let plain: String = stderr.split_whitespace().filter(|word| *word != "│").collect::<Vec<_>>().join(" ");
    assert!(plain.contains(words), "{words}: {stderr}");
    assert!(plain.contains("has 1 problem(s)"), "{stderr}");
}

#[test]
fn a_word_that_the_code_lacks_is_refused() {
    refused_at(
        "board-composition",
        "\"packer\"",
        "\"pakcer\"",
        "13:20",
        "`pakcer` is none of the code's constituencies",
    );
    refused_at("board-composition", "\"board\"", "\"bord\"", "5:10", "`bord` is none of the code's bodies");
    refused_at("nomination-window", "[\"home\"]", "[\"hoem\"]", "17:13", "`hoem` is none of the code's calendars");
    refused_at("grower-feeds", "[\"grower\"]", "[\"growr\"]", "6:24", "`growr`");
    refused_at("grower-feeds", "[\"daily\"]", "[\"dialy\"]", "14:11", "`dialy`");
}

#[test]
fn a_kind_or_event_that_there_is_not_is_refused() {
    refused_at("grower-feeds", "\"obligation\"", "\"obligatoin\"", "2:10", "`obligatoin` is no kind of rule");
    refused_at("nomination-window", "\"called\"", "\"caled\"", "6:10", "`caled`");
    refused_at("nomination-window", "\"elections\"", "\"electoins\"", "5:10", "`electoins`");
}

/// A rule about history, with these parameters.
fn history(terms: &str) -> String {
    let about = "title = \"x\"\nkind = \"history\"\nclause = \"A9\"\nlevel = \"error\"\n";
    format!("{about}\n[[version]]\nfrom = 2015-01-01\nsource = [\"byelaws\"]\nbasis = \"text\"\n{terms}\n")
}

#[test]
fn a_test_of_history_that_has_no_sense_is_refused() {
    for (terms, words) in [
        ("test = \"delted\"", "`delted`"),
        ("test = \"late\"", "`within`"),
        ("test = \"deleted\"\nwithin = 5", "`within` says nothing where the test is `deleted`"),
        ("test = \"unsigned\"\nwithin = 5", "`within` says nothing where the test is `unsigned`"),
    ] {
        let stderr = refused("board-history.toml", &history(terms));
        assert!(stderr.contains(words), "{terms}: {stderr}");
    }
}

/// A quorum of meetings of the orchard's board, with these parameters.
fn quorum(terms: &str) -> String {
    let about = "title = \"x\"\nkind = \"quorum\"\nclause = \"A9\"\nlevel = \"error\"\nof = \"meetings\"\n";
    format!("{about}\n[[version]]\nfrom = 2015-01-01\nsource = [\"byelaws\"]\nbasis = \"text\"\n{terms}\n")
}

#[test]
fn a_quorum_that_cannot_be_judged_is_refused() {
    let half = "at-least = { share = [1, 2], of = \"in-office\" }";
    for (terms, words) in [
        (format!("test = \"present\"\n{half}\nchair = true"), "chairs = true"),
        ("test = \"present\"".into(), "`at-least`"),
        ("test = \"attendance\"\nover = 12".into(), "`attendance` is a test of seats"),
        (format!("test = \"majority\"\n{half}"), "`at-least` says nothing where the test is `majority`"),
        ("test = \"present\"\nat-least = { share = [1, 0] }".into(), "a share is two numbers"),
        ("test = \"present\"\nat-least = { share = [1, 2], count = 3 }".into(), "not both"),
        ("test = \"present\"\nat-least = { share = [1, 2], of = \"meetings\" }".into(), "`attendance` takes a share"),
    ] {
        let stderr = refused("board-quorum.toml", &quorum(&terms));
        let plain: String = stderr.split_whitespace().filter(|word| *word != "│").collect::<Vec<_>>().join(" ");
        assert!(plain.contains(words), "{words}: {stderr}");
    }
    let repo = orchard();
    repo.write("rules/board-quorum.toml", quorum(&format!("test = \"present\"\n{half}")));
    assert_ne!(quorate(repo.root(), &["check"]).status, 2);
}

#[test]
fn an_unknown_or_misspelt_key_is_refused() {
    refused_at(
        "grower-feeds",
        "clause = \"A2\"",
        "clause = \"A2\"\ncluase = \"A2\"",
        "4:1",
        "`cluase` is no key of this table",
    );
    refused_at("grower-feeds", "values =", "length = 7\nvalues =", "14:1", "`length` is no key of this table");
    refused_at("nomination-window", "count  = 5", "cuont  = 5", "14:1", "`cuont` is no key of this table");
    refused_at(
        "board-composition",
        "count = 1, filled-by = \"election\",    clause",
        "count = 1, filled-by = \"election\",    caluse",
        "13:68",
        "`caluse`",
    );
}

#[test]
fn a_parameter_that_is_lacking_or_of_another_type_is_refused() {
    refused_at(
        "nomination-window",
        "count  = 5",
        "count  = \"five\"",
        "14:10",
        "`count` takes a whole number, not a string",
    );
    refused_at("grower-feeds", "values = [\"daily\"]\n", "", "8:1", "`values`");
}

/// What only says that a rule is not well founded is for `rules prove`: a change that breaks it must
/// still be judged by the rules before it.
#[test]
fn a_source_that_there_is_not_stops_no_check() {
    let repo = orchard();
    repo.write("rules/grower-feeds.toml", changed("grower-feeds", "[\"byelaws\"]", "[\"bylaws\"]"));
    assert_eq!(quorate(repo.root(), &["check"]).status, 0);
}

#[test]
fn a_variation_that_reaches_no_rule_stops_no_check() {
    let nowhere = "op = \"suspend\"\ntarget = \"Z9\"\nfrom = 2016-09-10\nuntil = \"open\"";
    assert_eq!(quorate(varied(nowhere).root(), &["check"]).status, 0);
}

#[test]
fn a_rule_without_a_version_is_refused() {
    let text = changed("grower-feeds", "[[version]]", "[[example]]");
    let stderr = refused("grower-feeds.toml", text.split("[[example]]").next().unwrap());
    assert!(stderr.contains("has no `[[version]]`"), "{stderr}");
}

/// Two versions of a rule, the first up to a day, the second from a day.
fn versions(until: &str, from: &str) -> String {
    let second = format!(
        "\n[[version]]\nfrom   = {from}\nsource = [\"byelaws\"]\nbasis  = \"text\"\nlist   = \"registration-data\"\nkey    = \"feed\"\nvalues = [\"weekly\"]\n"
    );
    changed("grower-feeds", "from   = 2015-01-01", &format!("from   = 2015-01-01\n{until}")) + &second
}

#[test]
fn versions_neither_gap_nor_overlap() {
    let gap = refused("grower-feeds.toml", &versions("until  = 2016-09-29", "2016-09-30"));
    assert!(gap.contains("leave a gap from 2016-09-29"), "{gap}");
    let overlap = refused("grower-feeds.toml", &versions("until  = 2016-09-30", "2016-09-29"));
    assert!(overlap.contains("overlap from 2016-09-29"), "{overlap}");
    let open = refused("grower-feeds.toml", &versions("", "2016-09-29"));
    assert!(open.contains("overlap"), "{open}");
}

#[test]
fn a_version_holds_from_its_first_day() {
    let repo = orchard();
    repo.write("rules/grower-feeds.toml", versions("until  = 2016-09-30", "2016-09-30"));
    assert_eq!(feeds(&repo, "2016-09-29"), [""; 0]);
    assert_eq!(feeds(&repo, "2016-09-30"), ["grower-feeds parties/acorn weekly breach error"]);
}

#[test]
fn before_the_first_version_a_rule_does_not_speak() {
    let summary = |day: &str| {
        let summary = check(&orchard(), &["--rule", "grower-feeds", "--on", day]).json()["summary"].clone();
        (summary["pass"].as_u64().unwrap(), summary["not-applicable"].as_u64().unwrap())
    };
    assert_eq!(summary("2014-12-31"), (0, 2));
    assert_eq!(summary("2015-01-01"), (1, 1));
}

#[test]
fn while_nobody_knows_what_held_the_outcome_is_unknown() {
    let repo = orchard();
    let gap = "\n[[version]]\nfrom  = 2016-09-30\nbasis = \"unknown\"\n";
    repo.write(
        "rules/grower-feeds.toml",
        changed("grower-feeds", "from   = 2015-01-01", "from   = 2015-01-01\nuntil  = 2016-09-30") + gap,
    );
    assert_eq!(feeds(&repo, "2016-09-29"), [""; 0]);
    let found = feeds(&repo, "2016-09-30");
    assert!(found.len() == 1 && found[0].ends_with(" unknown note"), "{found:?}");
}

#[test]
fn a_version_of_which_nobody_knows_has_no_parameters() {
    refused_at("grower-feeds", "basis  = \"text\"", "basis  = \"unknown\"", "13:1", "has no parameters: `key`");
}

#[test]
fn two_files_of_one_name_are_refused() {
    let text = changed("grower-feeds", "A2", "A3");
    let stderr = refused("elsewhere/grower-feeds.toml", &text);
    assert!(stderr.contains("grower-feeds"), "{stderr}");
}

#[test]
fn a_rule_may_not_take_a_reserved_id() {
    let stderr = refused("record-feeds.toml", &changed("grower-feeds", "A2", "A3"));
    assert!(stderr.contains("record-"), "{stderr}");
}

#[test]
fn without_a_list_of_words_there_is_no_judgement() {
    let repo = orchard();
    std::fs::remove_file(repo.path("rules/code.toml")).unwrap();
    let run = quorate(repo.root(), &["check"]);
    assert_eq!(run.status, 2);
    assert!(run.stderr.contains("code.toml"), "{run:?}");
}

#[test]
fn problems_of_all_rule_files_come_in_one_run() {
    let repo = orchard();
    repo.write("rules/one.toml", "kind = \n");
    repo.write("rules/two.toml", changed("grower-feeds", "\"grower\"", "\"growr\""));
    let stderr = quorate(repo.root(), &["check"]).stderr;
    assert!(stderr.contains("rules/one.toml:1:") && stderr.contains("rules/two.toml:6:24"), "{stderr}");
}

// Variations.

/// The findings of the orchard's rule on feeds on a day.
fn feeds(repo: &Repo, day: &str) -> Vec<String> {
    brief(&check(repo, &["--rule", "grower-feeds", "--on", day]))
}

const LACKS_WEEKLY: &str = "grower-feeds parties/acorn weekly breach error";

fn variation(id: &str, effect: &str) -> String {
    format!(
        "title  = \"{id}\"\nkind   = \"variation\"\nclause = \"X1\"\nlevel  = \"error\"\n\n[[effect]]\n{effect}\nsource = [\"byelaws\"]\nbasis  = \"text\"\n"
    )
}

fn varied(effect: &str) -> Repo {
    let repo = orchard();
    repo.write("rules/varied.toml", variation("varied", effect));
    repo
}

#[test]
fn vary_replaces_parameters_from_its_first_day_and_not_from_until() {
    let repo = varied(
        "op = \"vary\"\ntarget = \"grower-feeds\"\nset = { values = [\"weekly\"] }\nfrom = 2016-09-10\nuntil = 2016-09-20",
    );
    assert_eq!(feeds(&repo, "2016-09-09"), [""; 0]);
    assert_eq!(feeds(&repo, "2016-09-10"), [LACKS_WEEKLY]);
    assert_eq!(feeds(&repo, "2016-09-19"), [LACKS_WEEKLY]);
    assert_eq!(feeds(&repo, "2016-09-20"), [""; 0]);
}

#[test]
fn a_finding_under_a_variation_names_it_and_points_at_both_files() {
    let repo = varied(
        "op = \"vary\"\ntarget = \"grower-feeds\"\nset = { values = [\"weekly\"] }\nfrom = 2016-09-10\nuntil = \"open\"",
    );
    let finding = check(&repo, &[]).findings()[0].clone();
    assert_eq!((&finding["rule"], &finding["clause"]), (&"grower-feeds".into(), &"A2".into()));
    assert!(finding["message"].as_str().unwrap().contains("`varied`"), "{finding}");
    let paths: Vec<&str> =
        finding["places"].as_array().unwrap().iter().map(|place| place["path"].as_str().unwrap()).collect();
    assert!(paths.contains(&"registry/parties/acorn.toml") && paths.contains(&"rules/varied.toml"), "{paths:?}");
}

/// The orchard in which the grower sends nothing, and a variation.
fn without_feed(effect: &str) -> Repo {
    let repo = varied(effect);
    let text = std::fs::read_to_string(repo.path("registry/parties/acorn.toml")).unwrap();
    repo.write("registry/parties/acorn.toml", text.replace("[{ feed = \"daily\", from = 2015-01-01 }]", "[]"));
    repo
}

const LACKS_DAILY: &str = "grower-feeds parties/acorn daily breach error";

#[test]
fn suspend_sets_a_rule_or_all_under_a_clause_aside_for_a_while() {
    for (target, reaches) in [("grower-feeds", true), ("A2", true), ("A", true), ("A1", false), ("B", false)] {
        let repo =
            without_feed(&format!("op = \"suspend\"\ntarget = \"{target}\"\nfrom = 2016-09-10\nuntil = 2016-09-20"));
        assert_eq!(feeds(&repo, "2016-09-09"), [LACKS_DAILY], "{target}");
        assert_eq!(feeds(&repo, "2016-09-10").is_empty(), reaches, "{target}");
        assert_eq!(feeds(&repo, "2016-09-19").is_empty(), reaches, "{target}");
        assert_eq!(feeds(&repo, "2016-09-20"), [LACKS_DAILY], "{target}");
    }
}

#[test]
fn repeal_sets_a_rule_aside_for_good() {
    let repo = without_feed("op = \"repeal\"\ntarget = \"grower-feeds\"\nfrom = 2016-09-10");
    assert_eq!(feeds(&repo, "2016-09-09"), [LACKS_DAILY]);
    assert_eq!(feeds(&repo, "2016-09-10"), [""; 0]);
    assert_eq!(feeds(&repo, "2026-09-10"), [""; 0]);
}

#[test]
fn insert_puts_a_rule_in_force_only_then() {
    let repo = varied("op = \"insert\"\ntarget = \"weekly-feeds\"\nfrom = 2016-09-10\nuntil = 2016-09-20");
    let inserted = changed("grower-feeds", "[\"daily\"]", "[\"weekly\"]")
        .replace("level  = \"error\"", "level  = \"error\"\ninserted-by = \"varied\"");
    repo.write("rules/weekly-feeds.toml", inserted);
    let on = |day: &str| brief(&check(&repo, &["--rule", "weekly-feeds", "--on", day]));
    assert_eq!(on("2016-09-09"), [""; 0]);
    assert_eq!(on("2016-09-10"), ["weekly-feeds parties/acorn weekly breach error"]);
    assert_eq!(on("2016-09-19"), ["weekly-feeds parties/acorn weekly breach error"]);
    assert_eq!(on("2016-09-20"), [""; 0]);
}

#[test]
fn an_amendment_applies_from_its_day() {
    let effect = "op = \"vary\"\ntarget = \"grower-feeds\"\nset = { values = [\"weekly\"] }\nfrom = 2016-09-10\nuntil = \"open\"";
    let amendment = |was: &str| {
        format!(
            "\n[[amendment]]\non = 2016-09-20\nchanges = \"until\"\nwas = {was}\nnow = 2016-09-20\nsource = [\"byelaws\"]\n"
        )
    };
    let repo = orchard();
    repo.write("rules/varied.toml", variation("varied", effect) + &amendment("\"open\""));
    assert_eq!(feeds(&repo, "2016-09-19"), [LACKS_WEEKLY]);
    assert_eq!(feeds(&repo, "2016-09-20"), [""; 0]);
    let stderr = refused("varied.toml", &(variation("varied", effect) + &amendment("2016-12-31")));
    assert!(stderr.contains("rules/varied.toml:18:"), "what stood was another day: {stderr}");
}

#[test]
fn effects_that_clash_are_refused_unless_one_names_the_other() {
    let effect = |value: &str| {
        format!(
            "op = \"vary\"\ntarget = \"grower-feeds\"\nset = {{ values = [\"{value}\"] }}\nfrom = 2016-09-10\nuntil = \"open\""
        )
    };
    let repo = varied(&effect("weekly"));
    repo.write("rules/second.toml", variation("second", &effect("daily")));
    let run = quorate(repo.root(), &["check"]);
    assert_eq!(run.status, 2, "{run:?}");
    assert!(run.stderr.contains("second") && run.stderr.contains("varied"), "{run:?}");
    repo.write("rules/second.toml", variation("second", &(effect("daily") + "\nover = \"varied\"")));
    assert_eq!(feeds(&repo, "2016-09-10"), [""; 0]);
    repo.write(
        "rules/second.toml",
        variation(
            "second",
            &effect("daily").replace("from = 2016-09-10", "from = 2015-06-01").replace("\"open\"", "2016-09-10"),
        ),
    );
    assert_eq!(feeds(&repo, "2016-09-10"), [LACKS_WEEKLY]);
}

#[test]
fn a_variation_of_no_parameter_is_refused() {
    let vary = |target: &str, set: &str| {
        variation(
            "varied",
            &format!("op = \"vary\"\ntarget = \"{target}\"\nset = {{ {set} }}\nfrom = 2016-09-10\nuntil = \"open\""),
        )
    };
    for (target, set, words) in [
        ("grower-feeds", "valeus = [\"weekly\"]", "valeus"),
        ("grower-feeds", "values = 7", "values"),
        ("grower-feeds", "values = [\"weakly\"]", "weakly"),
    ] {
        let stderr = refused("varied.toml", &vary(target, set));
        assert!(stderr.contains(words) && stderr.contains("rules/varied.toml:"), "{set}: {stderr}");
    }
}

#[test]
fn the_evidence_of_a_variation_lowers_the_level_too() {
    let text = variation(
        "varied",
        "op = \"vary\"\ntarget = \"grower-feeds\"\nset = { values = [\"weekly\"] }\nfrom = 2016-09-10\nuntil = \"open\"",
    );
    let repo = orchard();
    repo.write("rules/varied.toml", text.replace("basis  = \"text\"", "basis  = \"recalled\""));
    assert_eq!(feeds(&repo, "2016-09-30"), [LACKS_WEEKLY.replace("error", "warning")]);
}

// Versions that a modification brings.

#[test]
fn a_version_starts_on_the_day_the_modification_is_implemented() {
    let repo = orchard();
    let code = std::fs::read_to_string(repo.path("rules/code.toml")).unwrap();
    repo.write("rules/code.toml", code.replace("\"approved\"]", "\"approved\", \"implemented\"]"));
    let pending = "\n[[version]]\nwhen-implemented = \"OCMP0001\"\nsource = [\"byelaws\"]\nbasis  = \"text\"\nlist   = \"registration-data\"\nkey    = \"feed\"\nvalues = [\"weekly\"]\n";
    let rule = std::fs::read_to_string(repo.path("rules/grower-feeds.toml")).unwrap();
    repo.write("rules/grower-feeds.toml", rule + pending);
    assert_eq!(feeds(&repo, "2016-09-30"), [""; 0], "without the record");
    let modification = |steps: &str| {
        format!(
            "title = \"Weekly data\"\nproposer = \"acorn\"\nraised = 2016-01-01\nsource = [\"minutes\"]\nstep = [{steps}]\n"
        )
    };
    repo.write("registry/modifications/OCMP0001.toml", modification("{ to = \"approved\", on = 2016-09-01 }"));
    assert_eq!(feeds(&repo, "2016-09-30"), [""; 0], "approved, not implemented");
    repo.write(
        "registry/modifications/OCMP0001.toml",
        modification("{ to = \"approved\", on = 2016-09-01 }, { to = \"implemented\", on = 2016-09-20 }"),
    );
    assert_eq!(feeds(&repo, "2016-09-19"), [""; 0]);
    assert_eq!(feeds(&repo, "2016-09-20"), [LACKS_WEEKLY]);
}

// The days that pick a version, and the calendar.

/// An election called on one day, with nominations on others.
fn called(repo: &Repo, on: &str, received: &[&str]) {
    let nominations: Vec<String> = received
        .iter()
        .zip(["ann", "bob", "cy"])
        .map(|(day, who)| format!("{{ candidate = \"{who}\", received = {day} }}"))
        .collect();
    let text = format!(
        "body = \"board\"\nreason = \"vacancy\"\nsource = [\"minutes\"]\ncalled = {on}\nnomination = [{}]\n",
        nominations.join(", ")
    );
    repo.write("registry/elections/call.toml", text);
}

#[test]
fn a_window_goes_by_the_version_of_its_opening_day() {
    let repo = orchard();
    let longer = "\n[[version]]\nfrom   = 2016-09-05\nsource = [\"byelaws\"]\nbasis  = \"text\"\nbound  = \"at-most\"\ncount  = 10\nunit   = \"working-days\"\ncount-opening-day = false\ncalendar = [\"home\"]\n";
    repo.write(
        "rules/nomination-window.toml",
        changed("nomination-window", "from   = 2015-01-01", "from   = 2015-01-01\nuntil  = 2016-09-05") + longer,
    );
    let late = "nomination-window elections/call ann breach error";
    // Sunday the 4th, Monday the 5th: five Working Days end on the 9th, ten on the 19th.
    called(&repo, "2016-09-04", &["2016-09-12"]);
    assert_eq!(brief(&check(&repo, &[])), [late]);
    called(&repo, "2016-09-05", &["2016-09-19"]);
    assert_eq!(brief(&check(&repo, &[])), [""; 0]);
    called(&repo, "2016-09-05", &["2016-09-20"]);
    assert_eq!(brief(&check(&repo, &[])), [late]);
}

#[test]
fn a_bank_holiday_counts_from_the_day_on_which_it_was_known() {
    let repo = orchard();
    let calendar = std::fs::read_to_string(repo.path("rules/calendars/home.toml")).unwrap();
    let mourning = "\n[[day]]\non = 2016-09-21\ntitle = \"A day of mourning\"\nknown-from = 2016-09-20\n";
    repo.write("rules/calendars/home.toml", calendar + mourning);
    called(&repo, "2016-09-15", &["2016-09-22", "2016-09-23"]);
    let on = |day: &str| brief(&check(&repo, &["--rule", "nomination-window", "--on", day]));
    // The 16th, 19th, 20th, 22nd and 23rd: without the 21st the 23rd is the last day.
    assert_eq!(on("2016-09-30"), [""; 0]);
    called(&repo, "2016-09-15", &["2016-09-26"]);
    assert_eq!(on("2016-09-30"), ["nomination-window elections/call ann breach error"]);
}

#[test]
fn beyond_the_calendar_nothing_is_decided() {
    let repo = orchard();
    called(&repo, "2028-12-22", &["2028-12-28"]);
    let found = brief(&check(&repo, &["--rule", "nomination-window", "--on", "2029-03-01"]));
    assert!(found.is_empty() || found[0].ends_with("unknown note"), "{found:?}");
    called(&repo, "2029-06-01", &["2029-07-30"]);
    let found = brief(&check(&repo, &["--rule", "nomination-window", "--on", "2029-08-01"]));
    assert_eq!(found, ["nomination-window elections/call ann unknown note"]);
}

#[test]
fn a_syntax_error_in_a_rule_is_one_problem() {
    for (from, to) in [
        ("values = [\"daily\"]", "values = [\"daily\""),
        ("basis  = \"text\"", "basis  = \"text"),
        ("of     = \"parties\"", "of     = parties"),
    ] {
        let stderr = refused("grower-feeds.toml", &changed("grower-feeds", from, to));
        assert!(stderr.contains("has 1 problem(s)"), "{to}: {stderr}");
    }
}
