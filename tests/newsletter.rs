//! `quorate report newsletter`: what the newsletter of September 2016 says, from the records.
//!
//! `BLESS=1 cargo test newsletter` writes the expected outputs under `tests/reports/`: read the diff.

use std::{fs, path::Path};

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
