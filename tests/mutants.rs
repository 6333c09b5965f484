//! `rules test --mutants`: every slip in a parameter of a shipped rule is noticed by an example.

use serde_json::Value;

use crate::common::{Repo, manifest, orchard, quorate};
use quorate::kind::KINDS;

/// The mutants of an orchard's rule with what became of each.
fn fates(repo: &Repo, rule: &str) -> Vec<(String, String)> {
    let run = quorate(repo.root(), &["rules", "test", "--mutants", "--format", "json", rule]);
    let word = |one: &Value, key: &str| one[key].as_str().unwrap().to_owned();
    let json = run.json();
    json["mutants"].as_array().unwrap().iter().map(|one| (word(one, "mutant"), word(one, "fate"))).collect()
}

/// The orchard with the examples of a rule in place of those that it has.
fn with(rule: &str, examples: &str) -> Repo {
    let repo = orchard();
    let path = format!("rules/{rule}.toml");
    let text = std::fs::read_to_string(repo.path(&path)).unwrap();
    let head = text.split("[[example]]").next().unwrap();
    repo.write(&path, format!("{head}{examples}"));
    repo
}

fn window(received: &str, expect: &str) -> String {
    format!(
        "[[example]]\nname = \"{received}\"\non = 2016-12-31\nexpect = \"{expect}\"\nrecords.\"elections/e\" = {{ body = \"board\", called = 2016-09-05, nomination = [{{ candidate = \"ann\", received = {received} }}] }}\n\n"
    )
}

#[test]
fn every_kind_says_which_slips_can_be_made() {
    for kind in KINDS {
        assert!(!kind.mutators().is_empty(), "{} has no MUTATORS", kind.name());
    }
}

#[test]
fn no_mutant_of_the_shipped_rules_lives() {
    let run = quorate(manifest(), &["rules", "test", "--mutants"]);
    assert_eq!((run.status, run.stderr.as_str()), (0, ""), "{}", run.stdout);
}

#[test]
fn an_example_a_day_late_kills_a_day_more_and_one_in_time_a_day_less() {
    // The fifth Working Day after Monday 5 September 2016 is the 12th.
    let lives = |examples: &str, mutant: &str| {
        let found = fates(&with("nomination-window", examples), "nomination-window");
        let own = found.iter().find(|(name, _)| name == mutant);
        own.unwrap_or_else(|| panic!("no {mutant}: {found:?}")).1 == "alive"
    };
    let (late, in_time) = (window("2016-09-13", "breach"), window("2016-09-12", "pass"));
    assert!(lives("", "count 5 -> 6") && lives("", "count 5 -> 4"));
    assert!(!lives(&late, "count 5 -> 6") && lives(&late, "count 5 -> 4"));
    assert!(lives(&in_time, "count 5 -> 6") && !lives(&in_time, "count 5 -> 4"));
}

#[test]
fn a_living_mutant_is_bad_news_with_its_place_and_where_an_example_would_lie() {
    let repo = with("nomination-window", &window("2016-09-12", "pass"));
    let run = quorate(repo.root(), &["rules", "test", "--mutants", "nomination-window"]);
    assert_eq!(run.status, 1);
    let line = "rules/nomination-window.toml:14:10: nomination-window: count 5 -> 6\n    alive: no example notices; ";
    assert!(run.stdout.contains(line), "{}", run.stdout);
}

#[test]
fn a_survivor_excuses_one_mutant_by_its_name() {
    let survivor = |name: &str| format!("[[survivor]]\nmutant = \"{name}\"\nwhy = \"so\"\n");
    let fate = |text: &str| {
        let found = fates(&with("nomination-window", text), "nomination-window");
        found.into_iter().find(|(name, _)| name == "count 5 -> 6").unwrap().1
    };
    let examples = window("2016-09-12", "pass");
    assert_eq!(fate(&examples), "alive");
    assert_eq!(fate(&(examples.clone() + &survivor("count 5 -> 6"))), "excused");
    assert_eq!(fate(&(examples + &survivor("count 5 -> 4"))), "alive");
}

#[test]
fn an_excuse_that_excuses_nothing_is_told() {
    for (name, why) in [("count 5 -> 6", "an example notices it"), ("count 5 -> 9", "there is no such mutant")] {
        let survivor = format!("[[survivor]]\nmutant = \"{name}\"\nwhy = \"so\"\n");
        let repo = with("nomination-window", &(window("2016-09-13", "breach") + &survivor));
        let run = quorate(repo.root(), &["rules", "test", "--mutants", "nomination-window"]);
        assert_eq!(run.status, 1);
        assert!(run.stdout.contains(&format!("the survivor `{name}` excuses nothing: {why}")), "{}", run.stdout);
    }
}

#[test]
fn verbose_tells_which_example_killed_each() {
    let repo = with("nomination-window", &window("2016-09-13", "breach"));
    let run = quorate(repo.root(), &["-v", "rules", "test", "--mutants", "nomination-window"]);
    let killed = "nomination-window: count 5 -> 6\n    killed by `2016-09-13` on 2016-12-31: breach, the mutant pass\n";
    assert!(run.stdout.contains(killed), "{}", run.stdout);
}

#[test]
fn a_mutant_that_cannot_be_read_is_refused_and_not_alive() {
    let found = fates(&orchard(), "grower-feeds");
    let (_, fate) = found.iter().find(|(name, _)| name == "where.category[1] dropped: grower").unwrap();
    assert_ne!(fate, "refused", "a rule about all is a rule");
    let run = quorate(manifest(), &["rules", "test", "--mutants", "--format", "json", "panel-chair-independent"]);
    let json = run.json();
    let all = json["mutants"].as_array().unwrap();
    let nominator = all.iter().find(|one| one["mutant"] == "who holder -> nominator").unwrap();
    assert_eq!(
        (nominator["fate"].as_str(), json["kinds"]["eligibility"]["alive"].as_u64()),
        (Some("refused"), Some(0))
    );
}

/// A calendar decides nothing where days are counted: such a mutant would mean what the rule means.
#[test]
fn a_mutant_that_means_the_same_is_not_made() {
    let repo = orchard();
    let text = std::fs::read_to_string(repo.path("rules/nomination-window.toml")).unwrap();
    let names = |text: &str| {
        repo.write("rules/nomination-window.toml", text);
        fates(&repo, "nomination-window").into_iter().map(|(name, _)| name).collect::<Vec<_>>()
    };
    let opening = "count-opening-day false -> true";
    assert!(names(&text).iter().any(|name| name == opening), "{text}");
    let months = text.replace("unit   = \"working-days\"", "unit   = \"months\"");
    assert_ne!(months, text);
    assert!(!names(&months).iter().any(|name| name == opening));
}
