//! The one integration binary: whole runs of the tool, bad files, real git repositories.
//!
//! `cases` compares whole runs with files that a person can read; the other modules say one thing
//! each of what a file of expected output would bury. A shipped rule's own cases are the
//! `[[example]]`s in its file, and `shipped` runs them.

#![allow(clippy::pedantic, clippy::unwrap_used, clippy::expect_used, clippy::panic)]
#![allow(clippy::indexing_slicing, clippy::arithmetic_side_effects, reason = "a panic is how a test fails")]

mod attacks;
mod audit;
mod audit_commits;
mod audit_kept;
mod base;
mod browser;
mod builtins;
mod calendar;
mod cases;
mod ci;
mod cli;
mod common;
mod coverage;
mod decision_table;
mod derogations;
mod due;
mod explain;
mod field;
mod fix;
mod formats;
mod generated;
mod git_source;
mod history;
mod honest;
mod horizons;
mod init;
mod json;
mod kills;
mod lifecycle;
mod limits;
mod loader;
mod log;
mod mutants;
mod new;
mod newsletter;
mod partial_dates;
mod promises;
mod properties;
mod readings;
mod readme;
mod report_escapes;
mod report_sources;
mod reports;
mod rulebook;
mod schemas;
mod shell;
mod shipped;
mod signers;
mod single_faults;
mod site;
mod slips;
mod sweep;
mod walks;

use std::path::Path;

/// A file that no `mod` names is compiled by nobody, and its tests pass for ever.
#[test]
fn no_test_file_is_forgotten() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests");
    let main = std::fs::read_to_string(folder.join("main.rs")).unwrap();
    for entry in std::fs::read_dir(folder).unwrap() {
        let name = entry.unwrap().file_name().into_string().unwrap();
        let Some(module) = name.strip_suffix(".rs").filter(|name| *name != "main") else { continue };
        assert!(main.lines().any(|line| line == format!("mod {module};")), "tests/main.rs lacks `mod {module};`");
    }
}
