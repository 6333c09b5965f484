//! A sweep of legal time gives for each day what a check of that day gives; and how it is asked for
//! and printed.

use std::{collections::BTreeSet, path::Path};

use proptest::prelude::*;
use quorate::{
    check::{self, Selection},
    day::Day,
    finding::Finding,
    sweep::{self, Span, Sweep},
    tree::{Tree, Whereabouts},
};
use rayon::prelude::*;

use crate::{
    cases::lay_out,
    common::{manifest, orchard, quorate},
};

fn day(text: &str) -> Day {
    Day::parse(text).unwrap()
}

/// The tree of a folder; nothing where its rules cannot judge.
fn tree(folder: &Path) -> Option<Tree> {
    Whereabouts { start: folder.to_owned(), ..Whereabouts::default() }.open().ok()?.tree().ok()
}

type Found = BTreeSet<(String, &'static str, &'static str)>;

fn found<'f>(findings: impl Iterator<Item = &'f Finding>) -> Found {
    findings.map(|one| (one.fingerprint(), one.outcome.word(), one.level.word())).collect()
}

fn on(sweep: &Sweep, day: Day) -> Found {
    let holds = |span: &Span| span.from <= day && day < span.until;
    let standing = sweep.standing.iter().filter(|one| one.spans.iter().any(holds));
    found(standing.map(|one| &one.finding))
}

/// Sweeps a folder and checks every so many days of the range by itself; gives how many findings
/// there were on all those days.
fn is_what_every_day_gives(folder: &Path, range: Span, every: usize, whose: &str) -> usize {
    let Some(swept) = tree(folder).map(|tree| sweep::sweep(tree, range, &Selection::default())) else { return 0 };
    let mut tree = tree(folder).unwrap();
    let (problems, texts) = (tree.problems.clone(), std::mem::take(&mut tree.texts));
    let span = i32::try_from(range.days()).unwrap();
    let mut all = 0;
    for day in (0..span).step_by(every).map(|number| range.from.plus_days(number)) {
        tree.problems = problems.clone();
        let (_, findings) = check::judged(&mut tree, day, &Selection::default(), &texts);
        let (swept, checked) = (on(&swept, day), found(findings.iter()));
        let named = |one: &BTreeSet<(String, &str, &str)>, other: &Found| -> Vec<String> {
            let only: Vec<_> = one.difference(other).collect();
            let name = |(print, outcome, level): &&(String, &str, &str)| {
                let known = findings.iter().find(|one| one.fingerprint() == *print);
                format!("{outcome} {level} {print} {:?}", known.map(|one| (&one.rule, &one.subject, &one.slot)))
            };
            only.iter().map(name).collect()
        };
        assert!(
            swept == checked,
            "{whose} on {day}:\nonly swept {:#?}\nonly checked {:#?}",
            named(&swept, &checked),
            named(&checked, &swept)
        );
        all += checked.len();
    }
    all
}

#[test]
fn every_case_swept_is_what_every_day_gives() {
    let folders: Vec<_> =
        std::fs::read_dir(manifest().join("tests/cases")).unwrap().map(|one| one.unwrap().path()).collect();
    let one = |folder: &std::path::PathBuf| {
        let repo = lay_out(folder);
        let commands = std::fs::read_to_string(folder.join("cmd")).unwrap();
        // The days that the case is about, and some around them.
        let days: Vec<Day> = commands.split_whitespace().filter_map(Day::parse).collect();
        let position = tree(repo.root()).and_then(|tree| tree.registry.position);
        let first = days.iter().copied().chain(position).min().unwrap_or(day("2016-09-30"));
        let range = Span { from: first.plus_days(-20), until: first.plus_days(45) };
        let is_large = !std::fs::read_to_string(folder.join("base")).unwrap_or_default().contains("orchard");
        is_what_every_day_gives(repo.root(), range, if is_large { 7 } else { 1 }, &folder.display().to_string())
    };
    let all: usize = folders.par_iter().map(one).sum();
    assert!(all > 1000, "{all}");
}

#[test]
fn the_shipped_registry_swept_is_what_every_day_gives() {
    let range = Span { from: day("2015-11-01"), until: day("2017-03-01") };
    assert!(is_what_every_day_gives(manifest(), range, 11, "shipped") > 1000);
}

/// Makes some of the days of a file known in part only, or others.
fn blurred(text: &str, choices: &mut impl Iterator<Item = u8>) -> String {
    let is_day = |word: &str| word.len() == 10 && Day::parse(word).is_some();
    let mut made = String::new();
    let mut rest = text;
    while let Some(at) = (0..rest.len()).find(|at| rest.get(*at..at + 10).is_some_and(is_day)) {
        let (before, word, after) = (&rest[..at], &rest[at..at + 10], &rest[at + 10..]);
        let is_bare = before.ends_with([' ', '=', '[']) && !after.starts_with('T');
        let on = day(word);
        made += before;
        made += &match choices.next().filter(|_| is_bare) {
            Some(0) => "\"unknown\"".to_owned(),
            Some(1) => format!("\"{}\"", &word[..7]),
            Some(2) => format!("\"{}/{}\"", on.plus_days(-9), on.plus_days(5)),
            Some(3) => format!("\"{word}/\""),
            Some(4) => format!("\"/{word}\""),
            Some(5) => on.plus_days(40).to_string(),
            Some(6) => on.plus_days(-3).to_string(),
            _ => word.to_owned(),
        };
        rest = after;
    }
    made + rest
}

fn blur(folder: &Path, choices: &mut impl Iterator<Item = u8>) {
    let mut entries: Vec<_> = std::fs::read_dir(folder).unwrap().map(|one| one.unwrap().path()).collect();
    entries.sort();
    for path in entries {
        if path.is_dir() {
            blur(&path, choices);
        } else if path.file_name().is_some_and(|name| name != "registry.toml") {
            let text = std::fs::read_to_string(&path).unwrap();
            std::fs::write(&path, blurred(&text, choices)).unwrap();
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 8, ..ProptestConfig::default() })]

    /// Days known in part, others moved, periods that run backwards: whatever the records say.
    #[test]
    fn records_with_blurred_days_swept_are_what_every_day_gives(
        choices in proptest::collection::vec(0u8..24, 300), offset in 0i32..300
    ) {
        let repo = crate::common::Repo::plain();
        for part in ["registry", "rules"] {
            crate::common::copy(&manifest().join(part), &repo.path(part));
        }
        blur(&repo.path("registry"), &mut choices.iter().copied().cycle());
        let from = day("2016-03-01").plus_days(offset);
        let range = Span { from, until: from.plus_days(90) };
        prop_assert!(is_what_every_day_gives(repo.root(), range, 6, "blurred") > 100);
    }
}

#[test]
fn a_sweep_names_the_days_on_which_a_finding_held() {
    let args = ["check", "--from", "2016-01-01", "--until", "2016-12-31", "--format", "json"];
    let json = quorate(manifest(), &args).json();
    assert_eq!([&json["from"], &json["until"], &json["last"]], ["2016-01-01", "2017-01-01", "2016-12-31"]);
    assert_eq!(json["summary"]["days"], 366);
    for finding in json["findings"].as_array().unwrap() {
        let spans = finding["spans"].as_array().unwrap();
        let days: i64 = spans.iter().map(|span| span["days"].as_i64().unwrap()).sum();
        assert!(!spans.is_empty() && finding["days"] == days, "{finding}");
    }
}

#[test]
fn csv_has_a_row_for_each_span() {
    let sweep =
        |format| quorate(manifest(), &["check", "--from", "2016-01-01", "--until", "2016-12-31", "--format", format]);
    let spans: usize = sweep("json").findings().iter().map(|finding| finding["spans"].as_array().unwrap().len()).sum();
    let csv = sweep("csv").stdout;
    let mut reader = csv::Reader::from_reader(csv.as_bytes());
    assert_eq!(reader.headers().unwrap().iter().take(3).collect::<Vec<_>>(), ["from", "until", "days"]);
    assert!(spans > 0);
    assert_eq!(reader.records().count(), spans);
}

#[test]
fn one_day_swept_is_that_day() {
    let repo = orchard();
    let on = quorate(repo.root(), &["check", "--on", "2016-09-30", "--format", "json"]);
    let swept = quorate(repo.root(), &["check", "--from", "2016-09-30", "--until", "2016-09-30", "--format", "json"]);
    let prints = |run: &crate::common::Run| -> Vec<String> {
        run.findings().iter().map(|one| one["fingerprint"].as_str().unwrap().to_owned()).collect()
    };
    assert_eq!((prints(&on), on.status), (prints(&swept), swept.status));
}

#[test]
fn what_cannot_be_swept_is_refused_with_what_to_do() {
    let repo = orchard();
    let sweep = ["check", "--from", "2016-01-01", "--until", "2016-12-31"];
    let refused = |args: &[&str]| {
        let run = quorate(repo.root(), args);
        assert_eq!((run.status, run.stdout.as_str()), (2, ""), "{args:?}");
        run.stderr
    };
    assert!(refused(&[&sweep[..], &["--base", "HEAD"]].concat()).contains("sweep each revision by itself"));
    assert!(refused(&[&sweep[..], &["--assume", "X1"]].concat()).contains("name one day with `--on`"));
    assert!(refused(&[&sweep[..], &["--on", "2016-09-30"]].concat()).contains("cannot be used with"));
    assert!(refused(&[&sweep[..], &["--format", "concise"]].concat()).contains("print `csv`"));
    assert!(refused(&["check", "--format", "csv"]).contains("sweep with `--from`"));
    assert!(refused(&["check", "--from", "2016-01-01"]).contains("--until"));
    assert!(refused(&["check", "--from", "2016-02-01", "--until", "2016-01-31"]).contains("comes before"));
}
