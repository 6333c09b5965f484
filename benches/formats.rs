//! What each output format costs on 100 000 findings: time, memory and bytes, beside the tersest one.
//! `benches/README.md` says how to read the table.

#![allow(
    clippy::print_stdout,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects
)]

#[allow(dead_code, reason = "shared with the others")]
mod common;

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
    time::Duration,
};

use common::{kept, median, millis, quorate, ratio, watched};

const FINDINGS: usize = 100_000;
const FORMATS: &[&str] = &["concise", "human", "json", "sarif", "junit", "github", "gitlab"];

fn main() {
    let folder = faulty();
    let made = tempfile::tempdir().expect("a folder");
    let rounds = 5;
    // The first way prints least: what the others take more is their own.
    let mut ways = Vec::new();
    for format in FORMATS {
        let to = format!("{format}={}", made.path().join(format).display());
        ways.push(((*format).to_owned(), vec!["check".to_owned(), "--format".to_owned(), to]));
    }
    let mut times: Vec<Vec<Duration>> = vec![Vec::new(); ways.len()];
    let mut peaks = vec![0; ways.len()];
    for round in 0..=rounds {
        for (at, (_, args)) in ways.iter().enumerate() {
            let args: Vec<&str> = args.iter().map(String::as_str).collect();
            let (time, peak) = watched(quorate(&folder, &args));
            if round > 0 {
                times[at].push(time);
            }
            peaks[at] = peak.max(peaks[at]);
        }
    }
    let medians: Vec<Duration> = times.iter_mut().map(|times| median(times)).collect();
    println!("{FINDINGS} findings, one in each of as many files; whole processes, medians of {rounds} rounds\n");
    println!(
        "{:<14} {:>9} {:>10} {:>8} {:>10} {:>9} {:>9}",
        "format", "ms", "x concise", "MB", "x concise", "MB made", "bytes/one"
    );
    for (at, (name, _)) in ways.iter().enumerate() {
        let bytes = fs::metadata(made.path().join(name)).map_or(0, |data| usize::try_from(data.len()).unwrap_or(0));
        assert!(bytes > FINDINGS, "nothing was printed as {name}");
        println!(
            "{name:<14} {:>9.1} {:>10.2} {:>8.1} {:>10.2} {:>9.1} {:>9}",
            millis(medians[at]),
            medians[at].as_secs_f64() / medians[0].as_secs_f64(),
            ratio(peaks[at], 1 << 20),
            ratio(peaks[at], peaks[0]),
            ratio(bytes, 1 << 20),
            bytes / FINDINGS,
        );
    }
}

/// A registry of people, each employed by a party that is not there; written once.
fn faulty() -> PathBuf {
    let folder = kept().join(format!("faulty-{FINDINGS}"));
    if folder.exists() {
        return folder;
    }
    let draft = kept().join(format!("draft-{}", std::process::id()));
    let text = fs::read_to_string(common::shipped().join("registry/registry.toml")).expect("the position is read");
    put(&draft.join("registry/registry.toml"), &text);
    let mut rules = Vec::new();
    common::walk(&common::shipped().join("rules"), &mut rules);
    for rule in rules {
        let below = rule.strip_prefix(common::shipped()).expect("it lies below");
        put(&draft.join(below), &fs::read_to_string(&rule).expect("a rule is read"));
    }
    put(&draft.join("registry/sources/minutes.toml"), "title = \"Minutes\"\ndate = 2015-01-09\n");
    for at in 0..FINDINGS {
        let text = format!(
            "name = \"Person {at}\"\nsource = [\"minutes\"]\nemployment = [{{ by = \"party-{at}\", from = 2015-01-01 }}]\n"
        );
        put(&draft.join(format!("registry/people/person-{at}.toml")), &text);
    }
    // A repository of its own: it lies in a folder that this one ignores.
    let made = Command::new("git").args(["init", "--quiet"]).arg(&draft).status();
    assert!(made.is_ok_and(|status| status.success()), "git makes a repository");
    fs::rename(&draft, &folder).expect("the folder gets its name");
    folder
}

fn put(path: &Path, text: &str) {
    fs::create_dir_all(path.parent().expect("a file lies in a folder")).expect("a folder is made");
    fs::write(path, text).expect("a file is written");
}
