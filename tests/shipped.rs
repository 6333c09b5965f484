//! The shipped registry and rulebook: they stand for the tool, so they are held to what it asks.

use quorate::{
    rulebook::example::{self, Lacks},
    tree::{Rules, Whereabouts},
};

use crate::common::{manifest, quorate};

/// Rules whose examples need not show all three, and why. A rule that shows them is taken off.
const EXCUSED: &[(&str, &str)] = &[];

fn rules() -> Rules {
    let at = Whereabouts { start: manifest().to_owned(), ..Whereabouts::default() };
    at.open().unwrap().rules().unwrap()
}

#[test]
fn the_shipped_registry_breaks_no_rule() {
    let run = quorate(manifest(), &["check"]);
    assert_eq!((run.status, run.stderr.as_str()), (0, ""), "{}", run.stdout);
}

#[test]
fn every_example_comes_out_as_it_says() {
    let rules = rules();
    for rule in &rules.book.rules {
        for run in example::run(&rules.book, rule) {
            let problems: Vec<_> = run.problems.iter().map(|problem| &problem.message).collect();
            assert!(
                run.is_kept(),
                "{}: {} on {}: {:?}, {:?}, {problems:?}",
                run.rule,
                run.name,
                run.on,
                run.got,
                run.said
            );
        }
    }
}

#[test]
fn every_rule_shows_a_pass_a_breach_and_a_boundary() {
    let rules = rules();
    for rule in &rules.book.rules {
        let lacks = Lacks::of(rule).words();
        let excuse = EXCUSED.iter().find(|(id, _)| *id == rule.id.as_ref());
        assert_eq!(lacks.is_empty(), excuse.is_none(), "{} lacks {lacks:?}; excused: {excuse:?}", rule.id);
    }
    for (id, _) in EXCUSED {
        assert!(rules.book.find(id).is_some(), "there is no rule `{id}` to excuse");
    }
}

/// A renamed rule makes new findings of old ones and breaks every derogation that names it: so the
/// list is written down, and a change to it shows in review.
#[test]
fn the_ids_of_the_rules_are_the_published_ones() {
    let rules = rules();
    let ids: String = rules.book.rules.iter().flat_map(|rule| [&rule.id, "\n"]).collect();
    let path = manifest().join("tests/rule-ids.txt");
    if std::env::var_os("BLESS").is_some() {
        std::fs::write(&path, &ids).unwrap();
    }
    let published = std::fs::read_to_string(path).unwrap_or_default();
    assert_eq!(ids, published, "`BLESS=1 cargo test ids` rewrites tests/rule-ids.txt");
}

#[test]
fn every_rule_is_explained() {
    for rule in &rules().book.rules {
        let run = quorate(manifest(), &["explain", &rule.id]);
        assert_eq!((run.status, run.stderr.as_str()), (0, ""), "{}", rule.id);
        assert!(run.stdout.starts_with(&format!("{} — {}\n", rule.title(), rule.id)), "{}", run.stdout);
        assert!(run.stdout.contains("Evidence: ") || rule.variation().is_some(), "{}", run.stdout);
    }
}

#[test]
fn no_word_of_the_code_is_in_the_tool() {
    fn look(folder: &std::path::Path, found: &mut Vec<String>) {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                look(&path, found);
            } else {
                let text = std::fs::read_to_string(&path).unwrap();
                // Tests and documentation may speak of the code; what the tool does may not.
                let code = text.split("#[cfg(test)]").next().unwrap();
                for line in code.lines().filter(|line| !line.trim_start().starts_with("//")) {
                    let words = [
                        "\"large-supplier",
                        "\"small-supplier",
                        "\"smki-pma",
                        "\"tabasc",
                        "\"gas-network",
                        "\"transitional\"",
                    ];
                    let quotes_one = words.iter().any(|word| line.contains(word));
                    if quotes_one {
                        found.push(format!("{}: {}", path.display(), line.trim()));
                    }
                }
            }
        }
    }
    let mut found = Vec::new();
    look(&manifest().join("src"), &mut found);
    found.retain(|line| !line.contains("src/builtin.rs") && !line.contains("/tests"));
    assert!(found.is_empty(), "{found:#?}");
}
