//! The formats for build servers, as one run of the tool writes them.

use serde_json::Value;

use crate::common::{Repo, manifest, orchard, quorate, tool};

/// The orchard with an error and a warning.
fn spoilt() -> Repo {
    let repo = orchard();
    repo.write("registry/people/eve.toml", "name = \"Eve\"\n");
    repo.write("registry/people/fay.toml", "name = 7\nsource = [\"minutes\"]\n");
    repo
}

#[test]
fn one_run_feeds_a_dashboard_a_test_report_and_annotations() {
    let repo = spoilt();
    let (sarif, gitlab) = ("sarif=out.sarif", "gitlab=out.json");
    let args = ["check", "--format", sarif, "--format", "junit=out.xml", "--format", "github", "--format", gitlab];
    let run = quorate(repo.root(), &args);
    assert_eq!((run.status, run.stderr.as_str()), (1, ""), "{run:?}");
    let kept = |name: &str| std::fs::read_to_string(repo.path(name)).unwrap();

    let annotations = "\
::error file=registry/people/fay.toml,line=1,endLine=1,col=8,endColumn=9,title=record-type::`people/fay`: `name` takes a string, not a whole number
::warning file=registry/people/eve.toml,line=1,endLine=1,col=1,endColumn=13,title=record-source::`people/eve`: no `source` says where this is taken from";
    let said: Vec<&str> = run.stdout.lines().map(|line| line.split("%0A").next().unwrap()).collect();
    assert_eq!(said.join("\n"), annotations);

    let log: Value = serde_json::from_str(&kept("out.sarif")).unwrap();
    let results = log["runs"][0]["results"].as_array().unwrap();
    let told: Vec<_> = results.iter().map(|one| (one["ruleId"].as_str(), one["level"].as_str())).collect();
    assert_eq!(told, [(Some("record-source"), Some("warning")), (Some("record-type"), Some("error"))]);

    let quality: Value = serde_json::from_str(&kept("out.json")).unwrap();
    let lines: Vec<_> = quality.as_array().unwrap().iter().map(|one| one["location"]["path"].as_str()).collect();
    assert_eq!(lines, [Some("registry/people/eve.toml"), Some("registry/people/fay.toml")]);

    let report = kept("out.xml");
    assert!(report.contains("<testsuites name=\"quorate\" tests=\"3\" failures=\"1\" errors=\"0\" skipped=\"1\">"));
}

#[test]
fn the_whole_of_a_sarif_log_is_valid_by_the_schema_of_the_standard() {
    let schema = std::fs::read_to_string(manifest().join("tests/sarif/sarif-2.1.0.json")).unwrap();
    let schema = jsonschema::validator_for(&serde_json::from_str(&schema).unwrap()).unwrap();
    let log = quorate(manifest(), &["check", "--format", "sarif"]);
    let log: Value = serde_json::from_str(&log.stdout).unwrap();
    let errors: Vec<_> = schema.iter_errors(&log).take(5).map(|error| error.to_string()).collect();
    assert_eq!(errors, <[String; 0]>::default());
    assert!(!log["runs"][0]["results"].as_array().unwrap().is_empty());
}

#[test]
fn fail_on_decides_what_is_a_failure_in_a_test_report() {
    let repo = spoilt();
    for (level, counts) in [("never", "failures=\"0\""), ("error", "failures=\"1\""), ("warning", "failures=\"2\"")] {
        let run = quorate(repo.root(), &["check", "--format", "junit", "--fail-on", level]);
        assert_eq!(run.status, i32::from(level != "never"));
        assert!(run.stdout.lines().nth(1).unwrap().contains(counts), "{level}: {}", run.stdout);
    }
}

#[test]
fn formats_for_machines_have_no_colour_even_where_it_is_forced() {
    let repo = spoilt();
    for format in ["sarif", "junit", "github", "gitlab"] {
        let output = tool(repo.root(), &["check", "--format", format]).env("CLICOLOR_FORCE", "1").output().unwrap();
        assert_eq!(
            String::from_utf8(output.stdout).unwrap(),
            quorate(repo.root(), &["check", "--format", format]).stdout
        );
    }
    let forced = quorate(repo.root(), &["--color", "always", "check", "--format", "github"]);
    assert!(!forced.stdout.contains('\u{1b}'));
}
