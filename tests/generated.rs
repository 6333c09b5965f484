//! The registry that `examples/generate` writes breaks exactly the rules that it says it breaks.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

#[path = "../examples/generate/draw.rs"]
pub(crate) mod draw;
#[path = "../examples/generate/registry.rs"]
pub(crate) mod registry;
#[path = "../examples/generate/write.rs"]
pub(crate) mod write;

use std::{collections::BTreeMap, path::Path, process::Command};

use registry::{Made, Order};

fn check(folder: &Path, more: &[&str]) -> serde_json::Value {
    let output = Command::new(env!("CARGO_BIN_EXE_quorate"))
        .current_dir(folder)
        .args(["check", "--format", "json"])
        .args(more)
        .output()
        .unwrap();
    serde_json::from_slice(&output.stdout)
        .unwrap_or_else(|why| panic!("{why}: {}", String::from_utf8_lossy(&output.stderr)))
}

/// How many findings of each level and rule there are; a derogated breach is a note.
fn found(report: &serde_json::Value) -> BTreeMap<(String, String), usize> {
    let mut counts = BTreeMap::new();
    for finding in report["findings"].as_array().unwrap() {
        let text = |key: &str| finding[key].as_str().unwrap().to_owned();
        let level = if text("outcome") == "derogated" { "derogated".to_owned() } else { text("level") };
        if level != "note" {
            *counts.entry((level, text("rule"))).or_insert(0) += 1;
        }
    }
    counts
}

fn planted(made: &Made) -> BTreeMap<(String, String), usize> {
    let stands = made.planted.iter().map(|one| ((one.level.to_owned(), one.rule.to_owned()), one.stands));
    let derogated = made.planted.iter().map(|one| (("derogated".to_owned(), one.rule.to_owned()), one.derogated));
    stands.chain(derogated).filter(|(_, count)| *count > 0).collect()
}

#[test]
fn what_was_planted_is_found_and_nothing_else() {
    let folder = tempfile::tempdir().unwrap();
    let made = registry::make(&Order::new(1000, 0.05, 2)).unwrap();
    write::files(folder.path(), &made, &Path::new(env!("CARGO_MANIFEST_DIR")).join("rules")).unwrap();
    write::commit(folder.path()).unwrap();

    let report = check(folder.path(), &[]);
    assert_eq!(found(&report), planted(&made));
    assert_eq!(report["summary"]["records"], 1000);
    let none: Vec<_> = made.planted.iter().filter(|one| one.stands == 0).map(|one| one.rule).collect();
    assert_eq!(none, [""; 0], "every kind of breach is planted");
    assert_eq!(check(folder.path(), &["--at", "HEAD"])["findings"], report["findings"]);
}

#[test]
fn what_was_planted_is_found_at_every_size() {
    for (records, share, seed) in [(500, 0.02, 3), (2500, 0.02, 5)] {
        let folder = tempfile::tempdir().unwrap();
        let made = registry::make(&Order::new(records, share, seed)).unwrap();
        write::files(folder.path(), &made, &Path::new(env!("CARGO_MANIFEST_DIR")).join("rules")).unwrap();
        assert_eq!(found(&check(folder.path(), &[])), planted(&made), "{records} records");
    }
}

#[test]
fn a_share_of_none_breaks_nothing() {
    for (records, seed) in [(500, 1), (600, 3), (1000, 7), (3000, 2)] {
        let folder = tempfile::tempdir().unwrap();
        let made = registry::make(&Order::new(records, 0.0, seed)).unwrap();
        write::files(folder.path(), &made, &Path::new(env!("CARGO_MANIFEST_DIR")).join("rules")).unwrap();
        let report = check(folder.path(), &[]);
        assert_eq!(found(&report), BTreeMap::new(), "{records} records");
        // Nothing is in order only because nothing is known.
        assert!(report["summary"]["pass"].as_u64().unwrap() > records as u64, "{records} records");
    }
}

#[test]
fn the_same_seed_gives_the_same_bytes() {
    let make = |seed| registry::make(&Order::new(600, 0.02, seed)).unwrap().files;
    assert_eq!(make(3), make(3));
    assert_ne!(make(3), make(4));
    assert!(registry::make(&Order::new(100, 0.0, 1)).is_err());
}

#[test]
fn every_kind_has_records() {
    let made = registry::make(&Order::new(1000, 0.05, 1)).unwrap();
    for kind in quorate::record::Kind::ALL {
        let folder = format!("{}/", kind.folder());
        assert!(made.files.iter().any(|(path, _)| path.starts_with(&folder)), "{folder}");
    }
}
