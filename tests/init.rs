//! `quorate init`: another code begins, and everything is in order at once.

use crate::common::{Repo, Run, quorate};

fn init(repo: &Repo, args: &[&str]) -> Run {
    quorate(repo.root(), &[&["init"], args].concat())
}

const CODE: [&str; 6] = ["--code", "Orchard Code", "--time-zone", "Europe/London", "--on", "2030-01-01"];

#[test]
fn what_is_begun_is_in_order_at_once() {
    let repo = Repo::plain();
    let run = init(&repo, &[&["new/orchard"][..], &CODE].concat());
    assert_eq!((run.status, run.stderr.as_str()), (0, ""), "{run:?}");
    for line in run.stdout.lines().take_while(|line| !line.is_empty()) {
        assert!(repo.path(&format!("new/orchard/{line}")).is_file(), "{line}");
    }
    for args in [
        &["check", "--fail-on", "note", "--repo", "new/orchard"][..],
        &["rules", "test", "--repo", "new/orchard"],
        &["rules", "test", "--mutants", "--repo", "new/orchard"],
        &["rules", "prove", "--repo", "new/orchard"],
        &["explain", "consultation-closes-after-opening", "--repo", "new/orchard"],
        &["fix", "--dry-run", "--repo", "new/orchard"],
        &["new", "bodies", "board", "--set", "name=Board", "--set", "source=text", "--repo", "new/orchard"],
        &["check", "--fail-on", "note", "--repo", "new/orchard"],
    ] {
        let run = quorate(repo.root(), args);
        assert_eq!(run.status, 0, "{args:?}: {run:?}");
    }
}

/// The words that stand as comments are words once their sign is taken away.
#[test]
fn the_example_words_are_sound_when_they_are_uncommented() {
    let repo = Repo::plain();
    assert_eq!(init(&repo, &[&["."][..], &CODE].concat()).status, 0);
    let code = std::fs::read_to_string(repo.path("rules/code.toml")).unwrap();
    let mut lines: Vec<String> = Vec::new();
    for line in code.lines() {
        let word = line
            .strip_prefix("# ")
            .filter(|rest| rest.split_once('=').is_some_and(|(key, _)| !key.trim().contains(' ')));
        if let Some((key, _)) = word.and_then(|word| word.split_once('=')) {
            // It takes the place of the empty list above it.
            lines.retain(|one| one.split('=').next().unwrap().trim() != key.trim() || !one.trim_end().ends_with("[]"));
        }
        lines.push(word.unwrap_or(line).to_owned());
    }
    repo.write("rules/code.toml", lines.join("\n"));
    for args in [&["rules", "test"][..], &["check"]] {
        let run = quorate(repo.root(), args);
        assert_eq!(run.status, 0, "{run:?}");
    }
    let seat = ["new", "seats", "board/chair", "--set", "constituency=chair", "--set", "source=text"];
    assert!(!quorate(repo.root(), &seat).stdout.contains("record-word"));
}

#[test]
fn a_folder_that_holds_anything_is_left_alone() {
    let repo = Repo::plain();
    repo.write("full/notes.txt", "mine");
    let run = init(&repo, &[&["full"][..], &CODE].concat());
    assert_eq!((run.status, run.stdout.as_str()), (2, ""), "{run:?}");
    assert!(run.stderr.contains("`full` is not empty: it holds `notes.txt`"), "{run:?}");
    assert_eq!(std::fs::read_dir(repo.path("full")).unwrap().count(), 1);
    repo.write("file", "x");
    assert_eq!(init(&repo, &[&["file"][..], &CODE].concat()).status, 2);
    // A repository that holds nothing yet is as good as an empty folder.
    let repo = Repo::init();
    assert_eq!(init(&repo, &[&["."][..], &CODE].concat()).status, 0);
    assert_eq!(quorate(repo.root(), &["check"]).status, 0);
}

#[test]
fn a_name_may_hold_what_it_likes_but_not_what_nobody_sees() {
    let repo = Repo::plain();
    let name = "The \"Orchard\" \\ Code's [#1] <b>`x`</b> {code} ''' é";
    let run = init(&repo, &["odd", "--code", name, "--on", "2030-01-01"]);
    assert_eq!(run.status, 0, "{run:?}");
    let check = quorate(&repo.path("odd"), &["check", "--fail-on", "note"]);
    assert_eq!(check.status, 0, "{check:?}");
    let text = std::fs::read_to_string(repo.path("odd/registry/registry.toml")).unwrap();
    let table = toml::de::DeTable::parse(&text).unwrap();
    assert_eq!(table.get_ref().get("code").unwrap().get_ref().as_str(), Some(name));
    let readme = std::fs::read_to_string(repo.path("odd/README.md")).unwrap();
    assert!(!readme.contains("<b>") && readme.contains("&lt;b"), "{readme}");
    for (args, why) in
        [(["x", "--code", "a\u{1b}[2Jb"], "a character that is not seen"), (["x", "--code", ""], "it is empty")]
    {
        let run = init(&repo, &args);
        assert_eq!((run.status, repo.path("x").exists()), (2, false), "{run:?}");
        assert!(run.stderr.contains(why) && !run.stderr.contains('\u{1b}'), "{run:?}");
    }
    let run = init(&repo, &["x", "--code", "A", "--time-zone", "Mars"]);
    assert!(run.status == 2 && run.stderr.contains("`Mars` is no time zone"), "{run:?}");
    let run = init(&repo, &["x", "--code", "A", "--on", "soon"]);
    assert!(run.status == 2 && run.stderr.contains("`soon` is no day") && !repo.path("x").exists(), "{run:?}");
}

/// The words of the shipped code: none of them is in what another code begins with.
#[test]
fn nothing_of_the_shipped_code_is_in_it() {
    let repo = Repo::plain();
    assert_eq!(init(&repo, &[&["a"][..], &CODE].concat()).status, 0);
    let words = std::fs::read_to_string(crate::common::manifest().join("rules/code.toml")).unwrap();
    let table = toml::de::DeTable::parse(&words).unwrap();
    let keys = |heading: &str| -> Vec<String> {
        let table = table.get_ref().get(heading).unwrap().get_ref().as_table().unwrap();
        table.iter().map(|(key, _)| key.get_ref().to_string()).collect()
    };
    let mut words: Vec<String> = [keys("categories"), keys("constituencies")].concat();
    words.retain(|word| word != "chair");
    words.extend(["Smart Energy", "SEC ", "SECAS", "panel", "Panel", "DCC", "Ofgem"].map(str::to_owned));
    let run = quorate(&repo.path("a"), &["check"]);
    assert!(run.stdout.contains("1 record by 1 rule."), "{run:?}");
    let mut folders = vec![repo.path("a")];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            let text = std::fs::read_to_string(&path).unwrap();
            for word in &words {
                assert!(!text.contains(word.as_str()), "`{word}` is in {}", path.display());
            }
        }
    }
}
