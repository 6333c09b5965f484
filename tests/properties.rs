//! Whatever is in the files: no panic, places inside the text, valid JSON, the same bytes twice.

use std::{path::Path, sync::OnceLock};

use proptest::prelude::*;
use quorate::{
    check::Selection,
    day::{Day, When},
    registry::read_file,
    render,
    source::Content,
    text::FileId,
    tree::Whereabouts,
};

use crate::common::{Repo, manifest, orchard};

/// Every shipped record: path below the registry, and text.
fn shipped() -> &'static [(String, String)] {
    static ALL: OnceLock<Vec<(String, String)>> = OnceLock::new();
    ALL.get_or_init(|| {
        fn gather(top: &Path, folder: &Path, found: &mut Vec<(String, String)>) {
            for entry in std::fs::read_dir(folder).unwrap() {
                let path = entry.unwrap().path();
                if path.is_dir() {
                    gather(top, &path, found);
                } else if path.extension().is_some_and(|ending| ending == "toml") {
                    let below = path.strip_prefix(top).unwrap().to_string_lossy().into_owned();
                    found.push((below, std::fs::read_to_string(&path).unwrap()));
                }
            }
        }
        let mut found = Vec::new();
        for top in ["registry", "tests/bases/orchard/registry", "tests/bases/spoilt/registry"] {
            let top = manifest().join(top);
            gather(&top, &top, &mut found);
        }
        found.sort();
        found
    })
}

/// One change to a text: what is cut, doubled or moved lies between characters.
#[derive(Debug, Clone)]
enum Change {
    Delete(prop::sample::Index, prop::sample::Index),
    Double(prop::sample::Index, prop::sample::Index),
    Swap(prop::sample::Index, prop::sample::Index),
    Insert(prop::sample::Index, &'static str),
}

/// What breaks TOML, and what looks like TOML that does not belong there.
const ODD: &[&str] = &[
    "[",
    "]",
    "{",
    "}",
    "\"",
    "\"\"\"",
    "'",
    "=",
    ",",
    ".",
    "#",
    "\\",
    "\n",
    "\r\n",
    "\u{0}",
    "\u{feff}",
    "é",
    "🍎",
    "[[",
    "]]",
    "[tenure]",
    "\nx = 1\n",
    "2016-02-30",
    "99999999999999999999",
    "-1",
    "nan",
    "\"unknown\"",
    "\"2016-13\"",
    "{ }",
    "[ ]",
    "\u{1b}[31m",
];

fn change() -> impl Strategy<Value = Change> {
    let place = any::<prop::sample::Index>;
    prop_oneof![
        (place(), place()).prop_map(|(one, other)| Change::Delete(one, other)),
        (place(), place()).prop_map(|(one, other)| Change::Double(one, other)),
        (place(), place()).prop_map(|(one, other)| Change::Swap(one, other)),
        (place(), prop::sample::select(ODD)).prop_map(|(one, odd)| Change::Insert(one, odd)),
    ]
}

/// The boundaries of characters, so that a changed text is a text.
fn between(text: &str, one: prop::sample::Index) -> usize {
    let places: Vec<usize> = text.char_indices().map(|(at, _)| at).chain([text.len()]).collect();
    *one.get(&places)
}

fn apply(text: &str, change: &Change) -> String {
    let mut changed = text.to_owned();
    let ends = |one, other| {
        let (one, other) = (between(text, one), between(text, other));
        // Short pieces: most of the record stays what it was.
        let from = one.min(other);
        let mut to = one.max(other).min(from + 30);
        while !text.is_char_boundary(to) {
            to += 1;
        }
        from..to
    };
    match *change {
        Change::Delete(one, other) => changed.replace_range(ends(one, other), ""),
        Change::Double(one, other) => {
            let range = ends(one, other);
            changed.insert_str(range.end, &text[range.clone()]);
        }
        Change::Swap(one, other) => {
            let (first, second) = (ends(one, one).start, ends(other, other).start);
            let (first, second) = (first.min(second), first.max(second));
            changed = format!("{}{}{}", &text[second..], &text[first..second], &text[..first]);
        }
        Change::Insert(one, odd) => changed.insert_str(between(text, one), odd),
    }
    changed
}

fn mutated() -> impl Strategy<Value = (String, String)> {
    (prop::sample::select(shipped()), prop::collection::vec(change(), 1..4)).prop_map(|((path, text), changes)| {
        let text = changes.iter().fold(text.clone(), |text, change| apply(&text, change));
        (path, text)
    })
}

/// Reads one file, and looks at what was found.
fn sound(path: &str, content: Content) -> Result<(), TestCaseError> {
    let loaded = read_file(FileId(0), path, path, content, &std::sync::Arc::default());
    let text = loaded.text.content();
    prop_assert!(loaded.problems.len() <= 201, "{} problems", loaded.problems.len());
    for problem in &loaded.problems {
        prop_assert!(!problem.marks.is_empty(), "{problem:?} is nowhere");
        for mark in &problem.marks {
            let (start, end) = (mark.place.span.start as usize, mark.place.span.end as usize);
            prop_assert!(start <= end && end <= text.len(), "{problem:?} is outside of {} bytes", text.len());
            prop_assert!(text.is_char_boundary(start) && text.is_char_boundary(end), "{problem:?} cuts a character");
        }
    }
    Ok(())
}

fn config(cases: u32) -> ProptestConfig {
    ProptestConfig { cases, failure_persistence: None, ..ProptestConfig::default() }
}

proptest! {
    #![proptest_config(config(512))]

    #[test]
    fn a_changed_record_is_read_without_panic_and_its_problems_lie_in_it((path, text) in mutated()) {
        sound(&path, Content::Text(text))?;
    }

    #[test]
    fn any_text_is_read_without_panic_and_its_problems_lie_in_it(text in any::<String>(), path in prop::sample::select(shipped())) {
        sound(&path.0, Content::Text(text))?;
    }

    #[test]
    fn any_text_of_the_letters_of_toml_is_read(text in "[a-z\\[\\]{}=\"', .#\\n0-9é-]{0,120}", path in prop::sample::select(shipped())) {
        sound(&path.0, Content::Text(text))?;
    }

    #[test]
    fn a_date_that_is_printed_reads_back(first in -400_000i32..400_000, length in 0i32..800) {
        let epoch = Day::new(2016, 1, 1).unwrap();
        let when = When::between(epoch.plus_days(first), epoch.plus_days(first + length));
        prop_assert_eq!(When::parse(&when.to_string()), Some(when));
    }

    #[test]
    fn a_day_that_reads_is_printed_the_same(text in "[0-9]{4}-[0-9]{2}-[0-9]{2}") {
        if let Some(day) = Day::parse(&text) {
            prop_assert_eq!(day.to_string(), text);
        }
    }

    #[test]
    fn any_text_is_a_date_or_none(text in any::<String>(), like in "[0-9/-]{0,22}") {
        for text in [text, like] {
            if let Some(when) = When::parse(&text) {
                prop_assert!(when.first <= when.last);
                prop_assert_eq!(When::parse(&when.to_string()), Some(when));
            }
        }
    }

    /// Adding months and taking them away again leaves the month, and never passes the day.
    #[test]
    fn months_later_and_earlier(from in 0i32..20_000, months in 0i32..600) {
        let day = Day::new(2000, 1, 1).unwrap().plus_days(from);
        let back = day.plus_months(months).plus_months(-months);
        prop_assert!(back <= day && day.days_since(back) <= 3, "{day} {back}");
    }
}

/// The orchard with some files changed, and some bytes that are no text.
fn spoilt(files: &[(String, String)], raw: &[Vec<u8>]) -> Repo {
    let repo = orchard();
    for (path, text) in files.iter().filter(|(path, _)| path != "registry.toml") {
        repo.write(&format!("registry/{path}"), text);
    }
    for (number, bytes) in raw.iter().enumerate() {
        repo.write(&format!("registry/people/raw-{number}.toml"), bytes);
    }
    repo
}

/// What the three printers make of a folder.
fn printed(repo: &Repo) -> [Vec<u8>; 3] {
    let at = Whereabouts { start: repo.root().to_owned(), ..Whereabouts::default() };
    let tree = at.open().unwrap().tree().unwrap();
    let verdict = tree.judge(Day::new(2016, 9, 30).unwrap(), &Selection::default());
    let style = render::Style { verbose: true, ..render::Style::default() };
    let (mut json, mut concise, mut human) = (Vec::new(), Vec::new(), Vec::new());
    render::json(&verdict, &mut json).unwrap();
    render::concise(&verdict, &mut concise).unwrap();
    render::human(&verdict, &style, &mut human).unwrap();
    [json, concise, human]
}

proptest! {
    #![proptest_config(config(48))]

    #[test]
    fn whatever_the_records_say_the_output_is_whole_and_the_same_twice(
        files in prop::collection::vec(mutated(), 1..12), raw in prop::collection::vec(any::<Vec<u8>>(), 0..3)
    ) {
        let repo = spoilt(&files, &raw);
        let first = printed(&repo);
        let json: serde_json::Value = serde_json::from_slice(&first[0]).unwrap();
        let findings = json["findings"].as_array().unwrap();
        prop_assert_eq!(findings.len(), String::from_utf8_lossy(&first[1]).lines().count());
        let fingerprints: std::collections::BTreeSet<_> = findings.iter().map(|one| one["fingerprint"].as_str()).collect();
        prop_assert_eq!(fingerprints.len(), findings.len());
        let summary = &json["summary"];
        let count = |key: &str| summary[key].as_u64().unwrap();
        let outcomes = ["pass", "breach", "not-applicable", "derogated", "unknown", "reading-sensitive"];
        prop_assert_eq!(outcomes.map(count).iter().sum::<u64>(), count("judged"));
        prop_assert_eq!(count("errors") + count("warnings") + count("notes"), findings.len() as u64);
        // No byte of a record reaches a terminal as a command to it.
        prop_assert!(!first[1].contains(&0x1b) && !first[2].contains(&0x1b));
        prop_assert_eq!(printed(&repo), first);
    }
}
