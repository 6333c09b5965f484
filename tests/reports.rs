//! `quorate report REGISTER` on the shipped registry, in every format; what is refused, and how a draft
//! is marked.
//!
//! `BLESS=1 cargo test registers` writes the expected outputs under `tests/reports/`: read the diff.

use std::fs;

use quorate::render::escape;
use serde_json::Value;

use crate::common::{Repo, copy, manifest, quorate};

const REGISTERS: &[&str] = &[
    "calendar",
    "consultations",
    "deliverables",
    "elections",
    "gaps",
    "meetings",
    "modifications",
    "parties",
    "seats",
    "variations",
];

/// The shipped records and rules, to be spoiled.
fn shipped() -> Repo {
    let repo = Repo::plain();
    for folder in ["registry", "rules"] {
        copy(&manifest().join(folder), &repo.root().join(folder));
    }
    repo
}

fn expected(repo: &Repo, args: &[&str], file: &str) {
    let printed = || quorate(repo.root(), &[&["report"], args].concat());
    let (now, again) = (printed(), printed());
    assert_eq!(now.status, 0, "{now:?}");
    assert_eq!(now.stdout, again.stdout);
    let path = manifest().join("tests/reports").join(file);
    if std::env::var_os("BLESS").is_some() {
        fs::write(&path, &now.stdout).unwrap();
    }
    assert_eq!(now.stdout, fs::read_to_string(&path).unwrap(), "{}", path.display());
}

#[test]
fn registers_of_the_shipped_registry_read_as_expected_twice() {
    let repo = shipped();
    for name in REGISTERS {
        for (format, ending) in [("markdown", "md"), ("csv", "csv")] {
            expected(&repo, &[name, "--month", "2016-09", "--format", format], &format!("{name}.{ending}"));
        }
    }
}

/// The same document in the other formats: one register stands for all.
#[test]
fn registers_have_html_json_and_text_too() {
    let repo = shipped();
    for (format, ending) in [("html", "html"), ("json", "json"), ("text", "txt")] {
        expected(&repo, &["elections", "--month", "2016-09", "--format", format], &format!("elections.{ending}"));
    }
}

#[test]
fn the_calendar_is_icalendar_too() {
    let repo = shipped();
    expected(&repo, &["calendar", "--month", "2016-10", "--on", "2016-09-30", "--format", "ics"], "calendar.ics");
}

#[test]
fn registers_of_a_later_day_tell_what_came_since() {
    let repo = shipped();
    expected(&repo, &["seats", "--on", "2017-10-01"], "seats-2017-10.md");
    expected(&repo, &["elections", "--on", "2017-10-01"], "elections-2017-10.md");
    expected(&repo, &["modifications", "--on", "2021-12-31"], "modifications-2021-12.md");
}

#[test]
fn registers_as_csv_hold_what_json_holds() {
    let repo = shipped();
    for name in REGISTERS {
        let printed = |format| quorate(repo.root(), &["report", name, "--format", format]);
        let json = printed("json").json();
        let tables = json["blocks"].as_array().unwrap().iter().filter(|block| block.get("table").is_some());
        let mut wanted: Vec<Vec<String>> = Vec::new();
        for table in tables {
            let words = |value: &Value| value.as_str().unwrap().to_owned();
            wanted.push(table["columns"].as_array().unwrap().iter().map(words).collect());
            let rows = table["rows"].as_array().unwrap().iter();
            let cell = |cell: &Value| escape::line(cell["text"].as_str().unwrap()).into_owned();
            wanted.extend(rows.map(|row| row.as_array().unwrap().iter().map(cell).collect()));
        }
        let csv = printed("csv").stdout;
        let mut reader = csv::ReaderBuilder::new().has_headers(false).flexible(true).from_reader(csv.as_bytes());
        let read: Vec<Vec<String>> =
            reader.records().map(|row| row.unwrap().iter().map(ToOwned::to_owned).collect()).collect();
        assert_eq!(read, wanted, "{name}");
        assert!(read.len() > 1, "{name}");
    }
}

/// For each report a fact that it uses: the file, what it says, and what is no day.
pub(crate) const FACTS: &[(&str, &str, &str)] = &[
    ("calendar", "registry/meetings/panel/2016-10-14.toml", "planned = "),
    ("consultations", "registry/consultations/managing-critical-alerts.toml", "opened = "),
    ("deliverables", "registry/deliverables/supplier-contact-list.toml", "due = "),
    ("elections", "registry/elections/tabasc-2016.toml", "called = "),
    ("gaps", "registry/meetings/panel/2016-10-14.toml", "planned = "),
    ("meetings", "registry/meetings/panel/2016-10-14.toml", "planned = "),
    ("modifications", "registry/modifications/SECMP0007.toml", "raised = "),
    ("newsletter", "registry/meetings/panel/2016-10-14.toml", "planned = "),
    ("parties", "registry/parties/dcc.toml", "acceded = "),
    ("variations", "registry/instruments/direction-2016-09-28.toml", "on = "),
];

/// The line of a fact, turned into one that is no day.
pub(crate) fn no_day(repo: &Repo, file: &str, key: &str) {
    let text = fs::read_to_string(repo.path(file)).unwrap();
    let lines = text.lines().map(|line| if line.starts_with(key) { format!("{key}\"soon\"") } else { line.to_owned() });
    let spoilt = lines.collect::<Vec<_>>().join("\n") + "\n";
    assert_ne!(spoilt, text, "{file}");
    repo.write(file, spoilt);
}

#[test]
fn reports_are_refused_while_a_fact_that_they_use_has_an_error() {
    for (name, file, key) in FACTS {
        let repo = shipped();
        no_day(&repo, file, key);
        let run = quorate(repo.root(), &["report", name]);
        assert_eq!((run.status, run.stdout.as_str()), (1, ""), "{name}: {run:?}");
        assert!(run.stderr.contains("record-date") && run.stderr.contains(file), "{name}: {run:?}");
        assert!(run.stderr.contains(&format!("the report `{name}` is refused: 1 error(s)")), "{name}: {run:?}");
    }
}

#[test]
fn reports_are_refused_for_a_breach_of_a_rule_too() {
    let repo = shipped();
    for (number, holder) in [(1, "simon-trivella"), (2, "ashley-pocock"), (3, "mike-gibson")] {
        let tenure = format!("[[tenure]]\nholder = \"{holder}\"\nfrom = 2015-10-01\n");
        let seat = format!("source = [\"panel-page\"]\nconstituency = \"large-supplier\"\n\n{tenure}");
        repo.write(&format!("registry/seats/panel/large-supplier-{number}.toml"), seat);
    }
    let run = quorate(repo.root(), &["report", "seats"]);
    assert_eq!((run.status, run.stdout.as_str()), (1, ""), "{run:?}");
    assert!(run.stderr.contains("C3.1(a)") && run.stderr.contains("large-supplier-3"), "{run:?}");
}

#[test]
fn reports_are_published_though_other_records_have_errors() {
    let repo = shipped();
    no_day(&repo, "registry/consultations/managing-critical-alerts.toml", "opened = ");
    for name in ["seats", "elections", "modifications"] {
        assert_eq!(quorate(repo.root(), &["report", name]).status, 0, "{name}");
    }
}

#[test]
fn drafts_mark_the_passages_that_an_error_affects_and_no_other() {
    let repo = shipped();
    no_day(&repo, "registry/meetings/panel/2016-10-14.toml", "planned = ");
    for format in ["markdown", "html", "text", "csv", "json"] {
        let run = quorate(repo.root(), &["report", "meetings", "--draft", "--format", format]);
        assert_eq!(run.status, 0, "{format}: {run:?}");
        let says =
            run.stdout.contains("Draft: not to be published") || run.stdout.contains("DRAFT: not to be published");
        assert!(says || matches!(format, "csv" | "json"), "{format}");
        if format == "json" {
            let json = run.json();
            assert_eq!(json["draft"], true);
            assert_eq!(json["findings"][0]["rule"], "record-date");
            let table = &json["blocks"][0];
            for row in table["rows"].as_array().unwrap() {
                let marked = row.as_array().unwrap().iter().any(|cell| cell["findings"] == serde_json::json!([0]));
                assert_eq!(marked, row[0]["text"] == "panel/2016-10-14", "{row}");
            }
        } else {
            let row = |id: &str| {
                let of = |line: &&str| line.contains(id) && !line.contains("meetings/panel");
                run.stdout.lines().find(of).unwrap_or_else(|| panic!("{format}: {id}")).replace('\\', "")
            };
            assert!(row("panel/2016-10-14").contains("[draft: record-date, "), "{format}");
            assert!(!row("panel/2016-09-09").contains("[draft"), "{format}");
        }
    }
}
