//! JSON as `cli.md` promises it: names, order, counts, fingerprints, places.

use std::collections::BTreeSet;

use serde_json::Value;
use sha2::{Digest, Sha256};

use crate::common::{Repo, Run, check, copy, manifest, orchard, quorate};

/// Runs with findings of every shape: bad files, breaches, vacancies, what is not known.
fn runs() -> Vec<Run> {
    let spoilt = orchard();
    copy(&manifest().join("tests/bases/spoilt"), spoilt.root());
    spoilt.write("registry/people/eve.toml", "name = 7\nborn = 1970-01-01\n");
    spoilt.write("registry/people/fay.toml", "name = \n");
    spoilt.write("registry/people/Fay.toml", "name = \"Fay\"\n");
    spoilt.write("registry/people/gus.toml", b"name = \"\xff\"\n");
    let sec = Repo::plain();
    copy(&manifest().join("rules"), &sec.path("rules"));
    copy(&manifest().join("registry"), &sec.path("registry"));
    let plain = orchard();
    vec![check(&spoilt, &[]), check(&sec, &[]), check(&sec, &["--on", "2017-06-01"]), check(&plain, &[])]
}

/// The keys of an object in the order in which they are written.
fn keys(text: &str) -> Vec<String> {
    struct Keys(Vec<String>);
    impl<'de> serde::Deserialize<'de> for Keys {
        fn deserialize<D: serde::Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
            struct Seen;
            impl<'de> serde::de::Visitor<'de> for Seen {
                type Value = Keys;
                fn expecting(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                    out.write_str("an object")
                }
                fn visit_map<A: serde::de::MapAccess<'de>>(self, mut map: A) -> Result<Keys, A::Error> {
                    let mut keys = Vec::new();
                    while let Some((key, _)) = map.next_entry::<String, serde::de::IgnoredAny>()? {
                        keys.push(key);
                    }
                    Ok(Keys(keys))
                }
            }
            from.deserialize_map(Seen)
        }
    }
    serde_json::from_str::<Keys>(text).unwrap().0
}

/// Every object of some depth, as it stands in pretty-printed JSON.
fn objects(text: &str, indent: usize) -> Vec<String> {
    let (open, close) = (format!("{}{{", " ".repeat(indent)), format!("{}}}", " ".repeat(indent)));
    let mut found: Vec<String> = Vec::new();
    let mut inside = false;
    for line in text.lines() {
        if line == open {
            inside = true;
            found.push(String::new());
        }
        if inside {
            let last = found.last_mut().unwrap();
            last.push_str(if line.trim_end_matches(',') == close { "}" } else { line });
        }
        if line.trim_end_matches(',') == close {
            inside = false;
        }
    }
    found
}

#[test]
fn names_and_their_order_are_the_promised_ones() {
    for run in runs() {
        assert_eq!(
            keys(&run.stdout),
            ["schema", "tool", "on", "position", "at", "base", "assumed", "summary", "findings"]
        );
        for finding in objects(&run.stdout, 4) {
            assert_eq!(
                keys(&finding),
                [
                    "fingerprint",
                    "rule",
                    "clause",
                    "clause-recalled",
                    "basis",
                    "slot",
                    "outcome",
                    "level",
                    "subject",
                    "message",
                    "help",
                    "status",
                    "places"
                ]
            );
        }
        for place in objects(&run.stdout, 8) {
            assert_eq!(keys(&place), ["path", "line", "column", "end-line", "end-column", "at", "label", "primary"]);
        }
        let json = run.json();
        assert_eq!(
            (&json["schema"], &json["base"], &json["assumed"]),
            (&1.into(), &Value::Null, &Value::Array(vec![]))
        );
        assert_eq!(json["tool"]["name"], "quorate");
        assert_eq!(json["tool"]["version"], env!("CARGO_PKG_VERSION"));
    }
}

#[test]
fn the_summary_has_the_promised_names_in_order() {
    let run = check(&orchard(), &[]);
    let start = run.stdout.find("\"summary\": ").unwrap() + "\"summary\": ".len();
    let end = start + run.stdout[start..].find('}').unwrap() + 1;
    assert_eq!(
        keys(&run.stdout[start..end]),
        [
            "records",
            "rules",
            "judged",
            "pass",
            "breach",
            "not-applicable",
            "derogated",
            "unknown",
            "reading-sensitive",
            "errors",
            "warnings",
            "notes"
        ]
    );
}

#[test]
fn the_six_outcomes_add_up_to_what_was_judged() {
    for run in runs() {
        let summary = &run.json()["summary"];
        let count = |key: &str| summary[key].as_u64().unwrap();
        let outcomes = ["pass", "breach", "not-applicable", "derogated", "unknown", "reading-sensitive"];
        assert_eq!(outcomes.map(count).iter().sum::<u64>(), count("judged"));
        assert!(count("judged") > 0);
    }
}

#[test]
fn errors_warnings_and_notes_count_the_findings() {
    for run in runs() {
        let summary = run.json()["summary"].clone();
        let findings = run.findings();
        for (key, level) in [("errors", "error"), ("warnings", "warning"), ("notes", "note")] {
            let count = findings.iter().filter(|finding| finding["level"] == level).count();
            assert_eq!(summary[key], count, "{key}");
        }
    }
}

#[test]
fn a_fingerprint_is_of_rule_subject_and_slot_and_no_two_are_the_same() {
    for run in runs() {
        let findings = run.findings();
        let mut seen = BTreeSet::new();
        for finding in &findings {
            let part = |key: &str| finding[key].as_str().unwrap();
            let digest = Sha256::digest(format!("{}\0{}\0{}", part("rule"), part("subject"), part("slot")));
            let digits: String = digest.iter().take(8).map(|byte| format!("{byte:02x}")).collect();
            assert_eq!(part("fingerprint"), digits);
            assert!(seen.insert(digits), "twice: {finding}");
        }
    }
}

#[test]
fn findings_are_sorted_by_path_line_column_rule_slot() {
    for run in runs() {
        let findings = run.findings();
        let key = |finding: &Value| {
            let place = &finding["places"][0];
            let text = |value: &Value| value.as_str().unwrap().to_owned();
            let number = |key: &str| place[key].as_u64().unwrap();
            (text(&place["path"]), number("line"), number("column"), text(&finding["rule"]), text(&finding["slot"]))
        };
        for pair in findings.windows(2) {
            assert!(key(&pair[0]) <= key(&pair[1]), "{} before {}", pair[0], pair[1]);
        }
    }
}

#[test]
fn every_finding_has_places_and_the_first_alone_is_primary() {
    for run in runs() {
        for finding in run.findings() {
            let places = finding["places"].as_array().unwrap();
            assert!(!places.is_empty(), "{finding}");
            for (at, place) in places.iter().enumerate() {
                assert_eq!(place["primary"], at == 0);
                assert_eq!(place["at"], Value::Null);
                let number = |key: &str| place[key].as_u64().unwrap();
                assert!(number("line") >= 1 && number("column") >= 1, "{place}");
                assert!((number("line"), number("column")) <= (number("end-line"), number("end-column")), "{place}");
                let path = place["path"].as_str().unwrap();
                assert!(path.starts_with("registry/") || path.starts_with("rules/"), "{path}");
            }
        }
    }
}

#[test]
fn words_are_those_of_the_promise() {
    for run in runs() {
        for finding in run.findings() {
            let is_one_of = |key: &str, words: &[&str]| words.iter().any(|word| finding[key] == *word);
            assert!(is_one_of("level", &["error", "warning", "note"]), "{finding}");
            let outcomes = ["pass", "breach", "not-applicable", "derogated", "unknown", "reading-sensitive"];
            assert!(is_one_of("outcome", &outcomes), "{finding}");
            let bases = ["text", "secondary", "inferred", "recalled", "unknown"];
            assert!(finding["basis"].is_null() || is_one_of("basis", &bases), "{finding}");
            assert_eq!(finding["status"], Value::Null);
            assert!(!finding["clause"].as_str().is_some_and(|clause| clause.starts_with('~')), "{finding}");
        }
    }
}

/// A mark on the third line, behind letters of two bytes and a letter of four.
#[test]
fn lines_and_columns_count_from_one_in_characters() {
    let repo = orchard();
    repo.write(
        "registry/people/eve.toml",
        "name = \"Ève\"\nsource = [\"minutes\"]\nemployment = [{ note = \"é🍎\", by = \"acorm\" }]\n",
    );
    let place = check(&repo, &[]).findings()[0]["places"][0].clone();
    assert_eq!((&place["line"], &place["column"]), (&3.into(), &35.into()));
    assert_eq!((&place["end-line"], &place["end-column"]), (&3.into(), &42.into()));
}

#[test]
fn records_and_rules_are_counted_as_files() {
    let repo = orchard();
    let summary = check(&repo, &[]).json()["summary"].clone();
    assert_eq!((&summary["records"], &summary["rules"]), (&13.into(), &5.into()));
    repo.write("registry/people/broken.toml", "name = \n");
    repo.write("registry/people/notes.md", "Who is who.\n");
    assert_eq!(check(&repo, &[]).json()["summary"]["records"], 14);
}

#[test]
fn a_fingerprint_survives_moves_and_reformatting() {
    let repo = orchard();
    let party = |head: &str| {
        format!(
            "{head}name = \"Cedar\"\nsource = [\"minutes\"]\ncategory = [{{ is = \"grower\", from = 2015-01-01 }}]\nregistration-data = []\n"
        )
    };
    let mut seen = BTreeSet::new();
    for head in ["", "# a comment\n\n", "acceded = 2015-01-01\n"] {
        repo.write("registry/parties/cedar.toml", party(head));
        let findings = check(&repo, &["--on", "2016-09-29"]).findings();
        assert_eq!(findings.len(), 1);
        seen.insert(findings[0]["fingerprint"].as_str().unwrap().to_owned());
        let findings = check(&repo, &["--on", "2016-09-30"]).findings();
        seen.insert(findings[0]["fingerprint"].as_str().unwrap().to_owned());
    }
    assert_eq!(seen.len(), 1, "{seen:?}");
}

#[test]
fn without_a_rulebook_there_is_no_json() {
    let repo = orchard();
    repo.write("rules/broken.toml", "kind = \n");
    let run = quorate(repo.root(), &["check", "--format", "json"]);
    assert_eq!((run.status, run.stdout.as_str()), (2, ""));
}
