//! What this repository gives to build servers and hooks: that it is safe to run on the pull request
//! of a stranger, that what it types can be typed, and that its scripts do what docs/ci.md says.

use std::process::{Command, Output};

use saphyr::{LoadableYamlNode, Scalar, Yaml};
use serde_json::{Map, Value};

use crate::common::{Repo, manifest, orchard, orchard_in_git, quorate};

const ACTION: &str = "action.yml";
const WORKFLOW: &str = ".github/workflows/pull-request.yml";
const GITLAB: &str = "templates/quorate.yml";
const HOOKS: &str = ".pre-commit-hooks.yaml";
const ALL: [&str; 4] = [ACTION, WORKFLOW, GITLAB, HOOKS];

fn text(path: &str) -> String {
    std::fs::read_to_string(manifest().join(path)).unwrap()
}

/// The documents of a YAML file.
fn documents(path: &str) -> Vec<Value> {
    fn value(yaml: &Yaml<'_>) -> Value {
        match yaml {
            Yaml::Value(Scalar::String(text)) => text.as_ref().into(),
            Yaml::Value(Scalar::Boolean(so)) => (*so).into(),
            Yaml::Value(Scalar::Integer(number)) => (*number).into(),
            Yaml::Value(Scalar::Null) => Value::Null,
            Yaml::Sequence(items) => items.iter().map(value).collect(),
            Yaml::Mapping(map) => {
                let entry = |(key, one): (&Yaml<'_>, &Yaml<'_>)| (key.as_str().unwrap().to_owned(), value(one));
                Value::Object(map.iter().map(entry).collect::<Map<_, _>>())
            }
            other => panic!("{other:?} is nothing that these files need"),
        }
    }
    Yaml::load_from_str(&text(path)).unwrap().iter().map(value).collect()
}

fn document(path: &str) -> Value {
    documents(path).pop().unwrap()
}

/// The steps of the workflow and of the action, each with the file that it is from.
fn steps() -> Vec<(&'static str, Value)> {
    let (action, workflow) = (document(ACTION), document(WORKFLOW));
    let list = |value: &Value| value.as_array().unwrap().clone();
    let own = list(&action["runs"]["steps"]).into_iter().map(|step| (ACTION, step));
    let jobs = workflow["jobs"].as_object().unwrap().values();
    own.chain(jobs.flat_map(|job| list(&job["steps"])).map(|step| (WORKFLOW, step))).collect()
}

/// Every script, with the file that it is from.
fn scripts() -> Vec<(&'static str, String)> {
    let run = |(path, step): (&'static str, Value)| Some((path, step["run"].as_str()?.to_owned()));
    let gitlab = document(GITLAB)["quorate"]["script"].as_array().unwrap().clone();
    let hooks = document(HOOKS).as_array().unwrap().clone();
    let gitlab = gitlab.into_iter().map(|line| (GITLAB, line.as_str().unwrap().to_owned()));
    let hooks = hooks.into_iter().map(|hook| (HOOKS, hook["entry"].as_str().unwrap().to_owned()));
    steps().into_iter().filter_map(run).chain(gitlab).chain(hooks).collect()
}

#[test]
fn every_action_that_is_used_is_pinned_by_its_whole_hash() {
    let used: Vec<String> = steps().iter().filter_map(|(_, step)| step["uses"].as_str().map(str::to_owned)).collect();
    assert!(!used.is_empty());
    for one in used {
        let hash = one.split_once('@').map_or("", |(_, hash)| hash);
        assert!(hash.len() == 40 && hash.bytes().all(|byte| byte.is_ascii_hexdigit()), "`{one}` can change under us");
    }
}

#[test]
fn the_workflow_may_read_and_nothing_else() {
    let workflow = document(WORKFLOW);
    assert_eq!(workflow["permissions"], serde_json::json!({ "contents": "read" }));
    for (name, job) in workflow["jobs"].as_object().unwrap() {
        assert!(job.get("permissions").is_none(), "`{name}` takes rights of its own");
    }
    let events: Vec<&String> = workflow["on"].as_object().unwrap().keys().collect();
    assert_eq!(events, ["pull_request"], "any other event may run a stranger's code with rights");
    for path in ALL {
        assert!(!text(path).contains("secrets."), "{path} reads a secret");
    }
}

#[test]
fn no_checkout_leaves_credentials_behind() {
    let checkouts: Vec<Value> = steps()
        .into_iter()
        .filter(|(_, step)| step["uses"].as_str().is_some_and(|uses| uses.starts_with("actions/checkout@")))
        .map(|(_, step)| step)
        .collect();
    assert!(!checkouts.is_empty());
    assert!(checkouts.iter().all(|step| step["with"]["persist-credentials"] == false), "{checkouts:?}");
}

#[test]
fn nothing_that_others_write_becomes_a_part_of_a_script() {
    for (path, script) in scripts() {
        assert!(!script.contains("${{") && !script.contains("$[["), "{path} builds a script from values:\n{script}");
    }
}

/// The words of a command line that calls quorate, from the verb on.
fn typed(line: &str) -> Option<Vec<String>> {
    let words: Vec<String> =
        line.split_whitespace().map(|word| word.trim_matches(|c| "\"'()".contains(c)).to_owned()).collect();
    let called = |word: &String| word.rsplit('/').next().is_some_and(|name| matches!(name, "quorate" | "quorate}"));
    let at = words.iter().position(called).filter(|_| words.first().is_some_and(|first| first != "cargo"))?;
    let verb: Vec<String> = words[at + 1..].iter().take_while(|word| is_verb(word)).cloned().collect();
    (!verb.is_empty()).then_some(verb)
}

fn is_verb(word: &str) -> bool {
    word.bytes().all(|byte| byte.is_ascii_lowercase())
}

/// The options that a script gives.
fn options(script: &str) -> Vec<String> {
    let words = script.split(|c: char| c.is_whitespace() || "\"'()".contains(c));
    let option = |word: &str| word.split('=').next().filter(|name| name.starts_with("--")).map(str::to_owned);
    words.filter_map(option).collect()
}

#[test]
fn what_the_scripts_type_can_be_typed() {
    let mut seen = Vec::new();
    for (path, script) in scripts() {
        for verb in script.lines().filter_map(typed) {
            let words: Vec<&str> = verb.iter().map(String::as_str).chain(["--help"]).collect();
            let help = quorate(manifest(), &words);
            assert_eq!(help.status, 0, "{path}: {verb:?} is no verb");
            for option in options(&script) {
                assert!(help.stdout.contains(&format!("{option} ")), "{path}: {verb:?} takes no `{option}`");
            }
            seen.push(format!("{path} {}", verb.join(" ")));
        }
    }
    let expected = [
        "action.yml check",
        ".github/workflows/pull-request.yml check",
        ".github/workflows/pull-request.yml rules test",
        "templates/quorate.yml check",
        ".pre-commit-hooks.yaml check",
        ".pre-commit-hooks.yaml rules test",
    ];
    assert_eq!(seen, expected);
}

#[test]
fn the_workflow_builds_the_judge_from_the_base_and_reads_the_records_from_the_pull_request() {
    let workflow = document(WORKFLOW);
    let steps = workflow["jobs"]["records"]["steps"].as_array().unwrap();
    let refs: Vec<_> =
        steps.iter().filter_map(|step| step["with"]["path"].as_str().zip(Some(&step["with"]["ref"]))).collect();
    let base: Value = "${{ github.event.pull_request.base.sha }}".into();
    assert_eq!(refs, [("base", &base), ("head", &Value::Null)]);
    for step in steps {
        let Some(run) = step["run"].as_str() else { continue };
        let (folder, builds) = (step["working-directory"].as_str().unwrap(), run.starts_with("cargo "));
        assert!(if builds { folder == "base" } else { folder == "head" && run.starts_with("../base/") }, "{step}");
    }
}

/// A branch of the orchard that takes a feed out, against `main`.
fn breaking() -> Repo {
    let repo = orchard_in_git();
    repo.git(&["switch", "--quiet", "--create", "topic"]);
    repo.edit("registry/parties/acorn.toml", "[{ feed = \"daily\", from = 2015-01-01 }]", "[]");
    repo.commit("a feed is taken out");
    repo
}

/// The action's own script, run as GitHub runs it, with these inputs.
fn act(repo: &Repo, inputs: &[(&str, &str)]) -> (Output, String) {
    let step = &document(ACTION)["runs"]["steps"][1];
    let script = repo.beside("step.sh");
    std::fs::write(&script, step["run"].as_str().unwrap()).unwrap();
    let output = repo.beside("output");
    std::fs::write(&output, "").unwrap();
    let mut command = Command::new("bash");
    command.args(["--noprofile", "--norc", "-eo", "pipefail"]).arg(&script).current_dir(repo.root());
    command.env_clear().env("PATH", std::env::var_os("PATH").unwrap());
    command.env("RUNNER_TEMP", repo.beside("temp")).env("GITHUB_OUTPUT", &output);
    for (name, value) in step["env"].as_object().unwrap() {
        let input = value.as_str().unwrap().trim_start_matches("${{ inputs.").trim_end_matches(" }}");
        let default = match input {
            "quorate" => env!("CARGO_BIN_EXE_quorate"),
            "fail-on" => "error",
            _ => "",
        };
        command.env(name, inputs.iter().rfind(|(key, _)| *key == input).map_or(default, |(_, value)| value));
    }
    let ended = command.output().unwrap();
    (ended, std::fs::read_to_string(output).unwrap())
}

#[test]
fn the_action_fails_a_pull_request_for_what_it_makes_new() {
    let repo = breaking();
    let (ended, output) = act(&repo, &[("base", "main"), ("formats", "sarif=out.sarif\njunit=out.xml")]);
    let printed = String::from_utf8(ended.stdout).unwrap();
    assert!(printed.starts_with("::error file=registry/parties/acorn.toml,line=5,"), "{printed}");
    assert!(printed.contains("title=grower-feeds"), "{printed}");
    assert_eq!((ended.status.code(), output.as_str()), (Some(1), "status=1\n"));
    assert!(repo.path("out.sarif").is_file() && repo.path("out.xml").is_file());
    let (ended, output) = act(&repo, &[("base", "topic")]);
    assert_eq!((ended.status.code(), output.as_str()), (Some(0), "status=0\n"), "what is there already fails nobody");
    let (ended, _) = act(&repo, &[("base", "main"), ("fail-on", "never")]);
    assert_eq!(ended.status.code(), Some(0));
}

#[test]
fn the_action_lets_the_base_s_rules_judge_alone_where_it_is_told_so() {
    let repo = orchard_in_git();
    repo.git(&["switch", "--quiet", "--create", "topic"]);
    repo.edit("rules/grower-feeds.toml", "[\"daily\"]", "[\"weekly\"]");
    repo.commit("a rule is changed");
    assert_eq!(act(&repo, &[("base", "main")]).0.status.code(), Some(1), "the new rule finds the records in breach");
    let (ended, _) = act(&repo, &[("base", "main"), ("rules-at", "main")]);
    assert_eq!(ended.status.code(), Some(0), "{ended:?}");
}

#[test]
fn no_input_of_the_action_is_run_or_taken_for_an_option() {
    let repo = breaking();
    for hostile in ["$(touch pwned)", "`touch pwned`", "main; touch pwned", "--help", "main\ntouch pwned"] {
        for input in ["base", "rules-at", "fail-on"] {
            let (ended, output) = act(&repo, &[("base", "main"), (input, hostile)]);
            assert_eq!((ended.status.code(), output.as_str()), (Some(2), "status=2\n"), "{input}={hostile}: {ended:?}");
        }
        let (ended, _) = act(&repo, &[("base", "main"), ("formats", hostile)]);
        assert_eq!(ended.status.code(), Some(2), "formats={hostile}: {ended:?}");
    }
    assert!(!repo.path("pwned").exists());
}

/// Runs the script of the GitLab job, with a cargo that only puts quorate where it is asked to.
#[cfg(unix)]
fn gitlab(repo: &Repo, base: &str) -> (Output, String) {
    use std::os::unix::fs::PermissionsExt;
    let (bin, builds) = (repo.beside("bin"), repo.beside("builds"));
    std::fs::create_dir_all(builds.join("quorate/bin")).unwrap();
    std::fs::create_dir_all(&bin).unwrap();
    let cargo =
        "#!/bin/sh\n{ pwd; echo \"$@\"; } > \"$CI_BUILDS_DIR/asked\"\ncp \"$BUILT\" \"$CI_BUILDS_DIR/quorate/bin/\"\n";
    std::fs::write(bin.join("cargo"), cargo).unwrap();
    std::fs::set_permissions(bin.join("cargo"), std::fs::Permissions::from_mode(0o755)).unwrap();
    let job = document(GITLAB);
    let lines: Vec<&str> =
        job["quorate"]["script"].as_array().unwrap().iter().map(|line| line.as_str().unwrap()).collect();
    let mut command = Command::new("bash");
    let path = format!("{}:{}", bin.display(), std::env::var("PATH").unwrap());
    command.args(["-eo", "pipefail", "-c", &lines.join("\n")]).current_dir(repo.root()).env_clear().env("PATH", path);
    command
        .env("BUILT", env!("CARGO_BIN_EXE_quorate"))
        .env("CI_BUILDS_DIR", &builds)
        .env("CI_PROJECT_DIR", repo.root());
    command.env("CI_MERGE_REQUEST_DIFF_BASE_SHA", base);
    for (name, value) in
        [("REPOSITORY", "https://example.org/quorate"), ("REVISION", "0123"), ("DIRECTORY", "."), ("FAIL_ON", "error")]
    {
        command.env(format!("QUORATE_{name}"), value);
    }
    let ended = command.output().unwrap();
    (ended, std::fs::read_to_string(builds.join("asked")).unwrap())
}

#[cfg(unix)]
#[test]
fn the_gitlab_job_builds_outside_the_merge_request_and_writes_both_reports() {
    let repo = breaking();
    let base = repo.git(&["rev-parse", "main"]);
    let (ended, asked) = gitlab(&repo, &base);
    assert_eq!(ended.status.code(), Some(1), "{ended:?}");
    assert!(asked.starts_with("/\ninstall --locked --git https://example.org/quorate --rev 0123 --root "), "{asked}");
    let reports = document(GITLAB)["quorate"]["artifacts"]["reports"].clone();
    let report = |name: &str| std::fs::read_to_string(repo.path(reports[name].as_str().unwrap())).unwrap();
    let quality: Value = serde_json::from_str(&report("codequality")).unwrap();
    assert_eq!(quality[0]["check_name"], "grower-feeds");
    assert!(report("junit").contains("failures=\"1\""));
}

#[test]
fn the_gitlab_job_takes_every_input_through_a_variable() {
    let all = documents(GITLAB);
    let [spec, job] = &all[..] else { panic!("{} documents", all.len()) };
    let inputs = spec["spec"]["inputs"].as_object().unwrap();
    for name in inputs.keys() {
        assert!(job.to_string().contains(&format!("$[[ inputs.{name} ]]")), "nobody reads `{name}`");
    }
    assert!(inputs["revision"].get("default").is_none(), "whoever includes it says what is built");
}

#[test]
fn the_hooks_pass_over_records_that_keep_every_rule_and_stop_a_breach() {
    let run = |repo: &Repo, entry: &str| {
        let words: Vec<&str> = entry.split_whitespace().skip(1).collect();
        quorate(repo.root(), &words).status
    };
    let (kept, broken) = (orchard(), breaking());
    for hook in document(HOOKS).as_array().unwrap() {
        let entry = hook["entry"].as_str().unwrap();
        assert_eq!(hook["language"], "rust");
        assert_eq!(hook["pass_filenames"], false, "the whole registry is judged, not the files that were touched");
        assert_eq!(run(&kept, entry), 0, "{entry}");
        assert_eq!(run(&broken, entry), i32::from(entry.contains("check")), "{entry}");
    }
}

#[test]
fn the_page_tells_every_input_with_its_default() {
    let page = text("docs/ci.md");
    for (path, inputs) in [(ACTION, &document(ACTION)["inputs"]), (GITLAB, &documents(GITLAB)[0]["spec"]["inputs"])] {
        for (name, input) in inputs.as_object().unwrap() {
            let row = page
                .lines()
                .find(|line| line.starts_with(&format!("| `{name}` |")) && line.contains(shown(path, input).as_str()));
            assert!(row.is_some(), "docs/ci.md has no row of `{name}` of {path} with {}", shown(path, input));
        }
    }
}

/// A default as the page has it.
fn shown(path: &str, input: &Value) -> String {
    match input["default"].as_str() {
        Some("") => "nothing".to_owned(),
        Some(default) if default.starts_with("${{") => "the pull request's base".to_owned(),
        Some(default) => format!("`{default}`"),
        None if path == GITLAB => "has to be given".to_owned(),
        None => panic!("an input of {path} has no default"),
    }
}

#[test]
fn the_page_s_examples_pin_what_they_use() {
    let page = text("docs/ci.md");
    let uses: Vec<&str> = page.lines().filter_map(|line| line.trim().strip_prefix("- uses: ")).collect();
    assert!(uses.len() >= 2, "{uses:?}");
    for one in uses {
        let hash = one.split(['@', ' ']).nth(1).unwrap_or("");
        assert!(hash.len() == 40 || hash == "HASH", "`{one}` in docs/ci.md");
    }
}
