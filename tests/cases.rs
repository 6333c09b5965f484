//! Whole runs of the tool, each a folder under `tests/cases/`:
//!
//! - `cmd`: the arguments of one run a line;
//! - `registry/`, `rules/`: laid over the folder under `tests/bases/` that `base` names, or over the
//!   shipped registry where it says `shipped`; a base without rules has the shipped ones;
//! - `expected.txt`: what the runs print, as a transcript;
//! - `expected.concise`, `expected.json`: the same single `check`, in the other formats.
//!
//! `BLESS=1 cargo test cases` writes what is printed into the expected files: read the diff.

use std::path::Path;

use crate::common::{Repo, copy, manifest, quorate};

macro_rules! cases {
    ($( $name:ident ),* $(,)?) => {
        $( #[test] fn $name() { compare(&stringify!($name).replace('_', "-")); } )*

        /// A folder that no test names is compared by nobody.
        #[test]
        fn no_case_is_forgotten() {
            let named: Vec<String> = [$( stringify!($name) ),*].iter().map(|name| name.replace('_', "-")).collect();
            let mut found: Vec<String> = std::fs::read_dir(manifest().join("tests/cases"))
                .unwrap()
                .map(|entry| entry.unwrap().file_name().into_string().unwrap())
                .collect();
            found.sort();
            assert_eq!(found, named, "the list of cases in tests/cases.rs is sorted and whole");
        }
    };
}

cases! {
    alternate_employer_joins_group,
    alternate_employer_not_recorded,
    alternate_groups_partly_recorded,
    alternate_groups_wholly_recorded,
    basis_caps_the_level,
    body_without_record,
    broken_file_hides_no_other,
    derogation_covers_a_breach,
    derogation_ends,
    due_hostile,
    due_orchard,
    due_shipped,
    explain_agreement,
    explain_at_most_per_group,
    explain_composition,
    explain_decision_table,
    explain_eligibility,
    explain_lifecycle,
    explain_obligation,
    explain_quorum,
    explain_sequence,
    explain_term,
    explain_window,
    file_with_five_mistakes,
    fix_orchard,
    new_orchard,
    new_shipped,
    panel_third_large_supplier,
    panel_vacant_seat,
    quorum_stranger_and_no_chair,
    registration_data_27_and_28_september,
    rule_with_five_mistakes,
    rule_with_misspelt_key,
    rule_with_unknown_body,
    rule_with_unknown_parameter,
    rule_with_unknown_word,
    rule_with_version_gap,
    rule_with_version_overlap,
    shipped,
    unclosed_bracket_in_the_middle,
    variation_amended,
    variation_inserts_and_repeals,
    variation_over_another,
    variation_suspends,
    variation_with_mistakes,
    variations_that_clash,
    version_by_modification,
    window_over_19_september_2022,
    window_over_christmas_2016,
    window_over_easter_2017,
    window_tabasc_call,
}

/// A kind whose derivations nobody has read is one that nobody can follow. One that judges commits has
/// nothing to say of a record.
#[test]
fn every_kind_has_its_derivations() {
    for kind in quorate::kind::KINDS.iter().filter(|kind| !kind.judges_commits()) {
        let folder = manifest().join("tests/cases").join(format!("explain-{}", kind.name()));
        let expected = std::fs::read_to_string(folder.join("expected.txt")).unwrap_or_default();
        assert!(expected.contains("   1. "), "{}: no derivation with steps in {}", kind.name(), folder.display());
    }
}

/// The files of a case that are no input of the tool.
const KNOWN: &[&str] = &["base", "cmd", "expected.concise", "expected.json", "expected.txt", "registry", "rules"];

fn compare(name: &str) {
    let folder = manifest().join("tests/cases").join(name);
    for entry in std::fs::read_dir(&folder).unwrap() {
        let entry = entry.unwrap().file_name().into_string().unwrap();
        assert!(KNOWN.contains(&entry.as_str()), "{name}: what is `{entry}`?");
    }
    let repo = lay_out(&folder);
    let commands = std::fs::read_to_string(folder.join("cmd")).unwrap();
    let commands: Vec<Vec<&str>> = commands.lines().map(|line| line.split_whitespace().collect()).collect();
    expect(&folder.join("expected.txt"), &transcript(&repo, &commands));
    if let [only] = &commands[..]
        && only[0] == "check"
        && !only.contains(&"--format")
    {
        let concise = [only, &["--format", "concise"][..]].concat();
        expect(&folder.join("expected.concise"), &transcript(&repo, &[concise]));
        let json = quorate(repo.root(), &[only, &["--format", "json"][..]].concat()).stdout;
        let version = format!("\"version\": \"{}\"", env!("CARGO_PKG_VERSION"));
        let json = json.replacen(&version, "\"version\": \"the package's\"", 1);
        // Without a rulebook there is no judgement, so there is no JSON.
        if !json.is_empty() {
            expect(&folder.join("expected.json"), &json);
        }
    }
}

/// Puts the files of a case together in a folder of their own.
pub(crate) fn lay_out(folder: &Path) -> Repo {
    let repo = Repo::plain();
    let root = repo.root();
    let base = std::fs::read_to_string(folder.join("base")).unwrap_or_default();
    match base.trim() {
        "" => {}
        "shipped" => copy(&manifest().join("registry"), &root.join("registry")),
        base => copy(&manifest().join("tests/bases").join(base), root),
    }
    if !root.join("rules").is_dir() {
        copy(&manifest().join("rules"), &root.join("rules"));
    }
    for part in ["registry", "rules"] {
        if folder.join(part).is_dir() {
            copy(&folder.join(part), &root.join(part));
        }
    }
    repo
}

/// What a person would see who typed these commands one after the other.
fn transcript(repo: &Repo, commands: &[Vec<&str>]) -> String {
    let mut text = String::new();
    for args in commands {
        let run = quorate(repo.root(), args);
        text += &format!("$ quorate {}\n{}", args.join(" "), run.stdout);
        if !run.stderr.is_empty() {
            text += &format!("--- stderr\n{}", run.stderr);
        }
        text += &format!("--- status {}\n", run.status);
    }
    text
}

/// Compares what was printed with a file, or writes it there.
fn expect(path: &Path, got: &str) {
    if std::env::var_os("BLESS").is_some() {
        return std::fs::write(path, got).unwrap();
    }
    let wanted = std::fs::read_to_string(path).unwrap_or_default();
    let at = wanted.lines().zip(got.lines()).take_while(|(one, other)| one == other).count();
    assert!(
        wanted == got,
        "{} differs at line {}; `BLESS=1 cargo test cases` rewrites it\n--- expected\n{}\n--- got\n{}",
        path.display(),
        at + 1,
        wanted.lines().skip(at).take(12).collect::<Vec<_>>().join("\n"),
        got.lines().skip(at).take(12).collect::<Vec<_>>().join("\n"),
    );
}
