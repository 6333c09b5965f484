//! `quorate report newsletter`: what the newsletter of September 2016 says, from the records.
//!
//! `BLESS=1 cargo test newsletter` writes the expected outputs under `tests/reports/`: read the diff.

use std::{collections::BTreeSet, fs, path::Path};

use serde_json::Value;

use crate::common::{Repo, copy, manifest, orchard, quorate};

const MONTH: &[&str] = &["report", "newsletter", "--month", "2016-09"];

/// The shipped records and rules, to be spoiled.
fn shipped() -> Repo {
    let repo = Repo::plain();
    for folder in ["registry", "rules"] {
        copy(&manifest().join(folder), &repo.root().join(folder));
    }
    repo
}

fn printed(folder: &Path, format: &str) -> String {
    let run = quorate(folder, &[MONTH, &["--format", format]].concat());
    assert_eq!(run.status, 0, "{run:?}");
    run.stdout
}

/// Tokens of the newsletter with their sources; nothing where it is refused.
fn tokens(repo: &Repo) -> Option<Vec<Value>> {
    let run = quorate(repo.root(), &[MONTH, &["--trace", "trace.json"]].concat());
    (run.status == 0).then(|| {
        let text = fs::read_to_string(repo.root().join("trace.json")).unwrap();
        serde_json::from_str::<Value>(&text).unwrap()["tokens"].as_array().unwrap().clone()
    })
}

#[test]
fn newsletter_of_the_shipped_registry_reads_as_expected() {
    for (format, ending) in [("markdown", "md"), ("html", "html"), ("text", "txt")] {
        let path = manifest().join(format!("tests/reports/newsletter.{ending}"));
        let now = printed(shipped().root(), format);
        if std::env::var_os("BLESS").is_some() {
            fs::write(&path, &now).unwrap();
        }
        assert_eq!(now, fs::read_to_string(&path).unwrap(), "{}", path.display());
    }
}

/// Every fact stands on one line, with all its words.
#[test]
fn newsletter_carries_every_fact_of_its_source() {
    let text = printed(shipped().root(), "text");
    let facts = fs::read_to_string(manifest().join("tests/reports/newsletter-facts.txt")).unwrap();
    let facts: Vec<&str> = facts.lines().filter(|line| !line.is_empty() && !line.starts_with('#')).collect();
    assert!(facts.len() > 70);
    let lacks = facts.iter().filter(|fact| {
        let words: Vec<&str> = fact.split_once(" | ").unwrap().1.split(" / ").collect();
        !text.lines().any(|line| words.iter().all(|word| line.contains(word)))
    });
    assert_eq!(lacks.collect::<Vec<_>>(), Vec::<&&str>::new());
}

#[test]
fn newsletter_is_written_for_another_code_too() {
    let text = printed(orchard().root(), "text");
    assert!(text.starts_with("Newsletter, September 2016\n"), "{text}");
    assert!(!text.contains("SEC"), "{text}");
}

#[test]
fn newsletter_of_a_month_speaks_for_its_last_day() {
    let run = quorate(shipped().root(), &["report", "newsletter", "--month", "2016-10", "--format", "text"]);
    assert!(run.stdout.contains("As of 2016-10-31"), "{run:?}");
    let run = quorate(
        shipped().root(),
        &["report", "newsletter", "--month", "2016-10", "--on", "2016-10-20", "--format", "text"],
    );
    assert!(run.stdout.contains("As of 2016-10-20"), "{run:?}");
}

#[test]
fn newsletter_token_has_a_source_each() {
    let all = tokens(&shipped()).unwrap();
    assert!(all.len() > 300);
    for token in all {
        assert!(!token["sources"].as_array().unwrap().is_empty(), "{token}");
        if token["derivation"] == "not-recorded" {
            assert_eq!(token["token"], "not recorded", "{token}");
        }
    }
}

/// Each cited line of a record is made a comment in turn (every third of them, for the time that it
/// takes): then a token is another one, or the newsletter is refused.
#[test]
fn newsletter_changes_with_every_line_that_it_cites() {
    let repo = shipped();
    let before = tokens(&repo).unwrap();
    let sources = before.iter().flat_map(|token| token["sources"].as_array().unwrap());
    let cited = sources.filter_map(|one| Some((one["path"].as_str()?, one["line"].as_u64()?)));
    let cited: BTreeSet<(String, u64)> =
        cited.filter(|(path, _)| path.starts_with("registry/")).map(|(path, line)| (path.to_owned(), line)).collect();
    assert!(cited.len() > 150, "{}", cited.len());
    for (path, line) in cited.iter().step_by(3) {
        let file = repo.root().join(path);
        let whole = fs::read_to_string(&file).unwrap();
        let mut lines: Vec<&str> = whole.lines().collect();
        lines[usize::try_from(*line).unwrap() - 1] = "#";
        fs::write(&file, lines.join("\n") + "\n").unwrap();
        assert_ne!(tokens(&repo).as_ref(), Some(&before), "{path}:{line}");
        fs::write(&file, whole).unwrap();
    }
}
