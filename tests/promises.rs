//! The pages that say which test holds what: each test that they name is one, and each promise has one.

use std::{collections::BTreeSet, path::Path};

use crate::common::manifest;

/// The names of all tests, those of macros among them.
fn tests() -> BTreeSet<String> {
    fn gather(folder: &Path, found: &mut BTreeSet<String>) {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                gather(&path, found);
            } else if path.extension().is_some_and(|ending| ending == "rs") {
                found.extend(tests_in(&std::fs::read_to_string(&path).unwrap()));
            }
        }
    }
    let mut found = BTreeSet::new();
    ["src", "tests"].into_iter().for_each(|folder| gather(&manifest().join(folder), &mut found));
    found
}

/// The tests of one file: functions behind `#[test]`, and the lines by which `broken_by!` makes some.
fn tests_in(text: &str) -> Vec<String> {
    let (mut found, mut is_test, mut is_broken_by) = (Vec::new(), false, false);
    for line in text.lines().map(str::trim) {
        is_broken_by = (is_broken_by || line == "broken_by! {") && line != "}";
        if line == "#[test]" {
            is_test = true;
        } else if let Some(name) = line.strip_prefix("fn ").and_then(|rest| rest.split('(').next()) {
            found.extend(is_test.then(|| name.to_owned()));
            is_test = false;
        } else if let Some((name, _)) = line.split_once(": |repo|").filter(|_| is_broken_by) {
            found.push(name.to_owned());
        }
    }
    found
}

/// What stands in backticks in a cell and may be a test's name.
fn named(cell: &str) -> impl Iterator<Item = &str> {
    let is_name = |text: &&str| {
        text.contains('_')
            && text.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_')
    };
    cell.split('`').skip(1).step_by(2).filter(is_name)
}

/// The last cell of each row of the tables of a page.
fn last_cells(page: &str) -> Vec<(String, String)> {
    let text = std::fs::read_to_string(manifest().join("docs").join(page)).unwrap();
    let rows = text.lines().filter(|line| line.starts_with("| ") && !line.starts_with("| ---"));
    let cells = |row: &str| row.trim_matches('|').split('|').map(|cell| cell.trim().to_owned()).collect::<Vec<_>>();
    rows.map(|row| (row.to_owned(), cells(row).pop().unwrap())).collect()
}

#[test]
fn every_test_that_a_page_names_is_one() {
    let tests = tests();
    assert!(tests.len() > 500 && tests.contains("record_confusable"), "{} tests", tests.len());
    for (page, least) in [("threat-model.md", 50), ("limits.md", 12), ("repositories.md", 12)] {
        let cells = last_cells(page);
        let names: Vec<&str> = cells.iter().flat_map(|(_, cell)| named(cell)).collect();
        assert!(names.len() >= least, "{page} names {} tests", names.len());
        for name in names {
            assert!(tests.contains(name), "docs/{page} names `{name}`, which is no test");
        }
    }
}

#[test]
fn every_promise_is_held_by_a_test() {
    let text = std::fs::read_to_string(manifest().join("docs/threat-model.md")).unwrap();
    let promises = text.split("## What is promised").nth(1).unwrap().split("## Known gaps").next().unwrap();
    for (row, cell) in last_cells("threat-model.md") {
        let is_promise = promises.contains(&row) && cell != "held by";
        assert!(!is_promise || named(&cell).next().is_some(), "nothing holds: {row}");
    }
}
