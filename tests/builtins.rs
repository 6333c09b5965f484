//! Every built-in rule, broken once. The orchard itself breaks none, so each test shows both ways.

use quorate::{builtin, finding::Level};

use crate::{
    common::{Repo, check, orchard, orchard_in_git, quorate},
    git_source::{blob, tree_of},
};

const DEROGATION: &str = "\
rule       = \"grower-feeds\"
subject    = \"parties/acorn\"
from       = 2016-09-01
until      = 2016-10-01
granted-by = \"board\"
reason     = \"The line to the orchard is down.\"
source     = [\"minutes\"]
";

macro_rules! broken_by {
    ($( $name:ident: |$repo:ident| $break:expr; )*) => {
        $(
            #[test]
            fn $name() {
                let $repo = orchard_in_git();
                assert_found(&$repo, &stringify!($name).replace('_', "-"), $break);
            }
        )*

        /// A built-in rule that nothing breaks here may have stopped to work, and nobody would notice.
        #[test]
        fn every_built_in_rule_is_broken_once() {
            let broken: Vec<String> = [$( stringify!($name) ),*].iter().map(|name| name.replace('_', "-")).collect();
            let all: Vec<&str> = builtin::ALL.iter().map(|rule| rule.id).collect();
            assert_eq!(broken, all, "tests/builtins.rs breaks every built-in rule, in order");
        }
    };
}

/// Judges the work tree, or the revision that breaking the rule gave.
fn assert_found(repo: &Repo, rule: &str, at: Option<String>) {
    let at = at.map_or(Vec::new(), |at| vec!["--at".to_owned(), at]);
    let run = check(repo, &at.iter().map(String::as_str).collect::<Vec<_>>());
    let level = builtin::find(rule).unwrap().level;
    let findings = run.findings();
    let found = findings.iter().find(|finding| finding["rule"] == rule);
    let found = found.unwrap_or_else(|| panic!("no {rule}: {run:?}"));
    assert_eq!(found["level"], level.word());
    assert_eq!(found["outcome"], "breach");
    assert_eq!(run.status, i32::from(findings.iter().any(|finding| finding["level"] == "error")));
    assert!(level != Level::Error || run.status == 1);
}

/// Writes files below the registry; the work tree is what is judged then.
fn write(repo: &Repo, files: &[(&str, &str)]) -> Option<String> {
    for (path, text) in files {
        repo.write(&format!("registry/{path}"), text);
    }
    None
}

/// A commit whose registry is the orchard's header and one crafted entry.
fn crafted(repo: &Repo, mode: &str, name: &[u8], id: &str) -> String {
    let mark = repo.git(&["rev-parse", "HEAD:registry/registry.toml"]);
    let rules = repo.git(&["rev-parse", "HEAD:rules"]);
    let people = tree_of(repo, &[(mode, name, id)]);
    let registry = tree_of(repo, &[("40000", b"people", &people), ("100644", b"registry.toml", &mark)]);
    let root = tree_of(repo, &[("40000", b"registry", &registry), ("40000", b"rules", &rules)]);
    repo.git(&["commit-tree", "-m", "crafted", &root])
}

/// The orchard's grower without its feed: what derogations are for.
fn without_feed(repo: &Repo) {
    let path = "registry/parties/acorn.toml";
    let text = std::fs::read_to_string(repo.path(path)).unwrap();
    repo.write(path, text.replace("[{ feed = \"daily\", from = 2015-01-01 }]", "[]"));
}

broken_by! {
    record_body: |repo| {
        let code = std::fs::read_to_string(repo.path("rules/code.toml")).unwrap();
        repo.write("rules/code.toml", code.replace("known = [\"board\"]", "known = [\"board\", \"shed\"]"));
        None
    };
    record_case: |repo| write(&repo, &[("people/Ann.toml", "name = \"Ann\"\nsource = [\"minutes\"]\n")]);
    record_confusable: |repo| write(&repo, &[("people/eve.toml", "name = \"\u{415}ve\"\nsource = [\"minutes\"]\n")]);
    record_date: |repo| write(&repo, &[("people/eve.toml", "name = \"Eve\"\nsource = [\"minutes\"]\nemployment = [{ by = \"acorn\", from = \"soon\" }]\n")]);
    record_derogation_beneficiary: |repo| {
        without_feed(&repo);
        write(&repo, &[("derogations/acorn.toml", &DEROGATION.replace("\"board\"", "\"acorn\""))])
    };
    record_derogation_dangling: |repo| write(&repo, &[("derogations/acorn.toml", &DEROGATION.replace("grower-feeds", "growr-feeds"))]);
    record_derogation_expired: |repo| {
        without_feed(&repo);
        write(&repo, &[("derogations/acorn.toml", &DEROGATION.replace("2016-10-01", "2016-09-30"))])
    };
    record_derogation_unused: |repo| write(&repo, &[("derogations/acorn.toml", DEROGATION)]);
    record_encoding: |repo| {
        repo.write("registry/people/zoe.toml", b"name = \"Zo\xeb\"\n");
        None
    };
    record_file: |repo| write(&repo, &[("people/eve.tml", "name = \"Eve\"\n")]);
    record_id: |repo| write(&repo, &[("people/Eve_Adams.toml", "name = \"Eve\"\nsource = [\"minutes\"]\n")]);
    record_id_shared: |repo| write(&repo, &[("organisations/acorn.toml", "name = \"Acorn\"\nsource = [\"minutes\"]\n")]);
    record_key: |repo| write(&repo, &[("people/eve.toml", "name = \"Eve\"\nsource = [\"minutes\"]\nborn = 1970-01-01\n")]);
    record_limit: |repo| {
        let keys: String = (0..500).map(|n| format!("key-{n} = {n}\n")).collect();
        write(&repo, &[("people/eve.toml", &keys)])
    };
    record_link: |repo| {
        repo.git(&["config", "core.symlinks", "true"]);
        let target = blob(&repo, b"/etc/passwd");
        Some(crafted(&repo, "120000", b"eve.toml", &target))
    };
    record_missing: |repo| write(&repo, &[("people/eve.toml", "source = [\"minutes\"]\n")]);
    record_path: |repo| {
        let secret = blob(&repo, b"name = \"Eve\"\n");
        Some(crafted(&repo, "100644", b"..", &secret))
    };
    record_period: |repo| write(&repo, &[("people/eve.toml", "name = \"Eve\"\nsource = [\"minutes\"]\nemployment = [{ by = \"acorn\", from = 2016-09-30, until = 2016-09-01 }]\n")]);
    record_reference: |repo| write(&repo, &[("people/eve.toml", "name = \"Eve\"\nsource = [\"minutes\"]\nemployment = [{ by = \"acorm\", from = 2016-09-30 }]\n")]);
    record_size: |repo| {
        repo.write("registry/people/eve.toml", vec![b'#'; (1 << 20) + 1]);
        None
    };
    record_source: |repo| write(&repo, &[("people/eve.toml", "name = \"Eve\"\n")]);
    record_special: |repo| {
        let path = repo.path("registry/people/eve.toml");
        assert!(std::process::Command::new("mkfifo").arg(path).status().unwrap().success());
        None
    };
    record_submodule: |repo| {
        let head = repo.git(&["rev-parse", "HEAD"]);
        Some(crafted(&repo, "160000", b"eve", &head))
    };
    record_syntax: |repo| write(&repo, &[("people/eve.toml", "name = \"Eve\nsource = [\"minutes\"]\n")]);
    record_type: |repo| write(&repo, &[("people/eve.toml", "name = 7\nsource = [\"minutes\"]\n")]);
    record_unreadable: |repo| Some(crafted(&repo, "100644", b"eve.toml", "1234567812345678123456781234567812345678"));
    record_word: |repo| write(&repo, &[("parties/cedar.toml", "name = \"Cedar\"\nsource = [\"minutes\"]\ncategory = [{ is = \"growr\", from = 2015-01-01 }]\n")]);
}

#[test]
fn the_orchard_breaks_none() {
    let run = check(&orchard(), &[]);
    assert_eq!((run.status, run.findings()), (0, Vec::new()));
}

#[test]
fn each_is_explained() {
    let repo = orchard();
    for rule in builtin::ALL {
        let run = quorate(repo.root(), &["explain", rule.id]);
        assert_eq!(run.status, 0);
        for part in [rule.id, rule.requires, rule.why, rule.example, rule.remedy] {
            assert!(!part.is_empty() && run.stdout.contains(part), "{}: {part} in {}", rule.id, run.stdout);
        }
    }
}
