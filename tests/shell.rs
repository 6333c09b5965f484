//! At home in a shell: completions, manual pages, colours and widths.

use std::{
    io::Read,
    process::{Command, Stdio},
};

use crate::common::{Repo, orchard, quorate, tool};

const SHELLS: [&str; 5] = ["bash", "elvish", "fish", "powershell", "zsh"];

fn spoilt() -> Repo {
    let repo = orchard();
    repo.write("registry/people/fay.toml", "name = 7\nsource = [\"minutes\"]\n");
    repo
}

#[test]
fn completions_name_every_verb_and_option_in_every_shell() {
    let folder = tempfile::tempdir().unwrap();
    for shell in SHELLS {
        let run = quorate(folder.path(), &["completions", shell]);
        assert_eq!((run.status, run.stderr.as_str()), (0, ""), "{shell}");
        for word in ["check", "explain", "coverage", "fail-on", "assume", "no-cache"] {
            assert!(run.stdout.contains(word), "{shell}: {word}");
        }
        assert_eq!(quorate(folder.path(), &["completions", shell]).stdout, run.stdout);
    }
    assert_eq!(quorate(folder.path(), &["completions", "cmd"]).status, 2);
}

/// bash itself completes `quorate che` to `quorate check`, and the options of `check`.
#[cfg(unix)]
#[test]
fn bash_completes_by_what_is_printed() {
    let folder = tempfile::tempdir().unwrap();
    let script = quorate(folder.path(), &["completions", "bash"]).stdout;
    std::fs::write(folder.path().join("quorate.bash"), script).unwrap();
    let complete = |words: &str| {
        let ask = format!(
            "source ./quorate.bash; COMP_WORDS=({words}); COMP_CWORD=$((${{#COMP_WORDS[@]}} - 1)); \
             _quorate quorate \"${{COMP_WORDS[COMP_CWORD]}}\" \"${{COMP_WORDS[COMP_CWORD-1]}}\"; \
             printf '%s\\n' \"${{COMPREPLY[@]}}\""
        );
        let output =
            Command::new("bash").args(["--norc", "-c", &ask]).current_dir(folder.path()).output().expect("bash");
        let text = String::from_utf8(output.stdout).unwrap();
        text.lines().map(ToOwned::to_owned).collect::<Vec<_>>()
    };
    assert_eq!(complete("quorate che"), ["check"]);
    assert_eq!(complete("quorate check --fail"), ["--fail-on"]);
    assert_eq!(complete("quorate check --fail-on w"), ["warning"]);
    assert_eq!(complete("quorate rules pr"), ["prove"]);
}

#[test]
fn there_is_a_manual_page_for_each_verb() {
    let folder = tempfile::tempdir().unwrap();
    let run = quorate(folder.path(), &["man", "--out", "share/man1"]);
    assert_eq!((run.status, run.stdout.as_str(), run.stderr.as_str()), (0, "", ""));
    let read = |name: &str| std::fs::read_to_string(folder.path().join("share/man1").join(name)).unwrap();
    let version = env!("CARGO_PKG_VERSION");
    for verb in ["audit", "check", "completions", "due", "explain", "log", "man", "rules", "rules-test"] {
        let page = read(&format!("quorate-{verb}.1"));
        let title = format!(".TH quorate-{verb} 1 \" \" \"quorate {version}\" quorate\n");
        assert!(page.contains(&title), "{verb}: {page}");
        assert!(page.contains("Examples:") && page.contains("Exit status: 0"), "{verb}: {page}");
    }
    let top = read("quorate.1");
    assert!(top.contains("quorate\\-check(1)") && top.contains("CLICOLOR_FORCE"), "{top}");
    assert_eq!(quorate(folder.path(), &["man"]).stdout, top);
}

#[test]
fn pages_that_cannot_be_written_are_status_2() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("file"), "").unwrap();
    let run = quorate(folder.path(), &["man", "--out", "file/below"]);
    assert_eq!(run.status, 2);
    assert!(run.stderr.contains("file/below"), "{run:?}");
}

/// `quorate completions bash | head -1`, and the same of the manual.
#[test]
fn a_reader_that_goes_away_is_no_failure() {
    let folder = tempfile::tempdir().unwrap();
    for args in [&["completions", "bash"][..], &["man"]] {
        let mut child = tool(folder.path(), args).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let mut stdout = child.stdout.take().unwrap();
        stdout.read_exact(&mut [0; 1]).unwrap();
        drop(stdout);
        let output = child.wait_with_output().unwrap();
        assert_eq!((output.status.code(), output.stderr.as_slice()), (Some(0), &b""[..]), "{args:?}");
    }
}

/// What `check` prints in a pipe, under these variables.
fn printed(repo: &Repo, env: &[(&str, &str)]) -> String {
    let output = tool(repo.root(), &["check"]).envs(env.iter().copied()).output().unwrap();
    String::from_utf8(output.stdout).unwrap()
}

#[test]
fn the_environment_decides_colour_in_its_order() {
    let repo = spoilt();
    let colour = |env: &[(&str, &str)]| printed(&repo, env).contains('\u{1b}');
    assert!(!colour(&[]), "a pipe is no terminal");
    assert!(colour(&[("CLICOLOR_FORCE", "1")]));
    assert!(colour(&[("CLICOLOR_FORCE", "1"), ("CLICOLOR", "0")]));
    assert!(!colour(&[("CLICOLOR_FORCE", "1"), ("NO_COLOR", "1")]));
    assert!(colour(&[("CLICOLOR_FORCE", "1"), ("NO_COLOR", "")]), "set to nothing is not set");
    assert!(!colour(&[("CLICOLOR_FORCE", "0")]) && !colour(&[("CLICOLOR", "1")]));
}

#[test]
fn columns_says_how_wide_to_print() {
    let repo = spoilt();
    let widest = |columns| {
        let text = printed(&repo, &[("COLUMNS", columns)]);
        // A line with a path stays whole.
        text.lines().filter(|line| !line.contains('/')).map(|line| line.chars().count()).max().unwrap_or(0)
    };
    assert_ne!(printed(&repo, &[("COLUMNS", "40")]), printed(&repo, &[("COLUMNS", "120")]));
    assert!(widest("40") <= 40, "{}", widest("40"));
    assert_eq!(printed(&repo, &[("COLUMNS", "7")]), printed(&repo, &[("COLUMNS", "40")]));
    assert_eq!(printed(&repo, &[("COLUMNS", "many")]), printed(&repo, &[]));
}
