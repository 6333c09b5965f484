//! Both sides of every limit of `docs/limits.md`: what is just within is read, and what is just beyond
//! has an answer that says so.

use quorate::{
    check::MOST_FINDINGS,
    decode::limit,
    error::Error,
    registry::affiliates::{FOLLOWED, TOLD},
    source::{Content, MAX_BYTES, MAX_FILES, MAX_TOTAL, Source},
};

use crate::{
    common::{Repo, brief, check, manifest, orchard, orchard_in_git, orchard_rule, quorate, rulebook},
    git_source::{blob, tree_of},
};

/// What is found in the orchard after one file was written: `rule subject slot`.
fn found(path: &str, text: &str) -> Vec<String> {
    let repo = orchard();
    repo.write(path, text);
    brief(&check(&repo, &["--on", "2016-09-30"]))
        .iter()
        .map(|one| one.split(' ').take(3).collect::<Vec<_>>().join(" "))
        .collect()
}

fn person(name: &str, rest: &str) -> String {
    format!("name = \"{name}\"\nsource = [\"minutes\"]\n{rest}")
}

#[test]
fn a_text_of_the_most_bytes_is_read_and_a_longer_one_is_not() {
    let eve = "registry/people/eve.toml";
    let name = |bytes: usize| person(&"e".repeat(bytes), "");
    assert_eq!(found(eve, &name(limit::TEXT)), <[&str; 0]>::default());
    assert_eq!(found(eve, &name(limit::TEXT + 1)), ["record-limit people/eve name"]);
}

#[test]
fn a_key_of_the_most_bytes_is_a_key_and_a_longer_one_is_not_repeated() {
    let eve = "registry/people/eve.toml";
    let key = |bytes: usize| person("Eve", &format!("{} = 1\n", "k".repeat(bytes)));
    assert_eq!(found(eve, &key(limit::TEXT)), [format!("record-key people/eve {}", "k".repeat(limit::TEXT))]);
    assert_eq!(found(eve, &key(limit::TEXT + 1)), ["record-limit people/eve a"]);
}

#[test]
fn a_list_of_the_most_entries_is_read_and_a_longer_one_is_not() {
    let eve = "registry/people/eve.toml";
    let employed = |times: usize| {
        let entry = "{ by = \"acorn\", from = 2015-01-01, until = 2015-02-01 }, ";
        person("Eve", &format!("employment = [{}]\n", entry.repeat(times)))
    };
    assert_eq!(found(eve, &employed(limit::ENTRIES)), <[&str; 0]>::default());
    assert_eq!(found(eve, &employed(limit::ENTRIES + 1)), ["record-limit people/eve employment"]);
}

#[test]
fn a_table_of_the_most_keys_is_read_and_a_longer_one_is_not() {
    let header = |keys: usize| {
        let keys: String = (0..keys).map(|number| format!("\"seats/board-{number}\" = \"partial\"\n")).collect();
        format!("schema = 1\ncode = \"Orchard Code\"\nposition = 2016-09-30\n[coverage]\n{keys}")
    };
    let limits = |keys| {
        found("registry/registry.toml", &header(keys)).iter().filter(|one| one.starts_with("record-limit")).count()
    };
    assert_eq!((limits(limit::ENTRIES), limits(limit::ENTRIES + 1)), (0, 1));
}

#[test]
fn a_value_as_deep_as_may_be_is_read_and_a_deeper_one_is_not() {
    let eve = "registry/people/eve.toml";
    let nested =
        |depth: usize| found(eve, &person("Eve", &format!("note = {}{}\n", "[".repeat(depth), "]".repeat(depth))));
    assert_eq!(nested(80), ["record-type people/eve note"]);
    assert!(nested(81).contains(&"record-syntax people/eve 1".to_owned()), "{:?}", nested(81));
    let dotted = |depth: usize| found(eve, &person("Eve", &format!("{}x = 1\n", "x.".repeat(depth - 1))));
    assert_eq!(dotted(80), ["record-key people/eve x"]);
    assert!(dotted(81).contains(&"record-syntax people/eve 1".to_owned()), "{:?}", dotted(81));
    assert!(nested(100_000).contains(&"record-syntax people/eve 1".to_owned()));
}

#[test]
fn as_many_problems_as_may_be_are_listed_and_more_are_said_to_be_more() {
    let keys = |count: usize| {
        let keys: String = (0..count).map(|number| format!("key-{number} = 1\n")).collect();
        found("registry/people/eve.toml", &person("Eve", &keys))
    };
    let (within, beyond) = (keys(limit::PROBLEMS), keys(limit::PROBLEMS + 1));
    assert_eq!((within.len(), beyond.len()), (limit::PROBLEMS, limit::PROBLEMS + 1));
    assert!(!within.iter().any(|one| one.starts_with("record-limit")));
    assert!(beyond.contains(&"record-limit people/eve problems".to_owned()));
}

#[test]
fn as_many_dangling_references_as_may_be_are_listed_and_more_are_said_to_be_more() {
    let lacks = |count: usize| {
        let employers: String =
            (0..count).map(|number| format!("{{ by = \"nobody-{number}\", from = 2015-01-01 }}, ")).collect();
        found("registry/people/eve.toml", &person("Eve", &format!("employment = [{employers}]\n")))
    };
    let (within, beyond) = (lacks(limit::PROBLEMS), lacks(limit::PROBLEMS + 1));
    assert_eq!((within.len(), beyond.len()), (limit::PROBLEMS, limit::PROBLEMS + 1));
    assert!(beyond.contains(&"record-limit people/eve problems".to_owned()));
}

#[test]
fn a_file_with_endless_syntax_errors_is_not_read_and_hides_no_other() {
    let repo = orchard();
    repo.write("registry/people/eve.toml", "name = 7\nx = \n".to_owned() + &"]\n".repeat(200_000));
    repo.write("registry/people/fay.toml", person("Fay", "nmae = 1\n"));
    let found = brief(&check(&repo, &[]));
    let of = |rule: &str| found.iter().filter(|one| one.starts_with(rule)).count();
    assert_eq!((of("record-syntax people/eve"), of("record-limit people/eve"), of("record-type")), (200, 1, 0));
    assert_eq!(of("record-key people/fay"), 1);
}

/// A chain of so many affiliations from acorn to birch, whose people share a seat.
fn affiliated(steps: usize) -> Repo {
    let repo = orchard();
    let name = |at: usize| match at {
        0 => "acorn".to_owned(),
        at if at == steps => "birch".to_owned(),
        at => format!("link-{at}"),
    };
    for at in 0..steps {
        let affiliation = format!("affiliation = [{{ with = \"{}\", from = 2015-01-01 }}]\n", name(at + 1));
        if at == 0 {
            let acorn = std::fs::read_to_string(repo.path("registry/parties/acorn.toml")).unwrap();
            repo.write("registry/parties/acorn.toml", affiliation + &acorn);
        } else {
            let link = format!("name = \"Link {at}\"\nsource = [\"minutes\"]\n{affiliation}");
            repo.write(&format!("registry/organisations/{}.toml", name(at)), link);
        }
    }
    let alternate = "due-to-end = 2017-01-01, alternate = [{ person = \"cy\", from = 2016-01-01 }]";
    repo.edit("registry/seats/board/grower-1.toml", "due-to-end = 2017-01-01", alternate);
    repo
}

/// What is said of a seat whose two people count together.
fn together(steps: usize) -> (String, usize) {
    let run = check(&affiliated(steps), &["--rule", "one-employer", "--verbose"]);
    let findings = run.findings();
    assert_eq!(findings.len(), 1, "{run:?}");
    assert_eq!(findings[0]["outcome"], "breach");
    (findings[0]["message"].as_str().unwrap().to_owned(), findings[0]["places"].as_array().unwrap().len())
}

#[test]
fn a_chain_of_affiliations_is_told_whole_up_to_a_length_and_beyond_it_by_number() {
    let (message, _) = together(TOLD);
    assert!(message.contains("`link-2`, `link-1`, `acorn`;"), "{message}");
    let (message, _) = together(TOLD + 1);
    assert!(message.contains("`link-2`, `link-1`, and 1 more up to `acorn`;"), "{message}");
}

#[test]
fn a_chain_too_long_to_be_followed_joins_its_ends_all_the_same() {
    // From either end, each affiliation on the way is met with the one before it.
    let (message, _) = together(FOLLOWED / 4);
    assert!(message.contains("more up to `acorn`;"), "{message}");
    let (message, _) = together(FOLLOWED);
    assert!(message.contains(&format!("not among the first {FOLLOWED} affiliations")), "{message}");
}

#[test]
fn a_rule_of_the_most_versions_judges_and_one_of_more_is_refused() {
    let head = "title = \"T\"\nkind = \"obligation\"\nclause = \"A2\"\nlevel = \"error\"\nof = \"parties\"\n";
    let version = |at: usize, last: usize| {
        let day = |at: usize| quorate::day::Day::new(2010, 1, 1).unwrap().plus_days(at as i32);
        let until = if at == last { String::new() } else { format!("until = {}\n", day(at + 1)) };
        let says = "source = [\"byelaws\"]\nbasis = \"recalled\"\nlist = \"registration-data\"\nkey = \"feed\"\nvalues = [\"daily\"]\n";
        format!("[[version]]\nfrom = {}\n{until}{says}", day(at))
    };
    let rule = |count: usize| head.to_owned() + &(0..count).map(|at| version(at, count - 1)).collect::<String>();
    assert_eq!(orchard_rule(&rule(limit::ENTRIES)).rules.len(), 1);
    let code = std::fs::read_to_string(manifest().join("tests/bases/orchard/rules/code.toml")).unwrap();
    let Err(Error::Rulebook { findings, .. }) =
        rulebook([("code.toml", &code), ("rule.toml", &rule(limit::ENTRIES + 1))])
    else {
        panic!("it is read");
    };
    let said: Vec<&str> = findings.iter().map(|one| one.rule.as_ref()).collect();
    assert!(said.contains(&"rule-limit"), "{said:?}");
}

/// A commit whose registry holds `folders` times the same folder of `files` times the same text, and
/// `more` files beside them.
fn many(repo: &Repo, text: &[u8], folders: usize, files: usize, more: usize) -> String {
    let text = blob(repo, text);
    let names: Vec<String> = (0..files.max(folders).max(more)).map(|at| format!("x{at:04}")).collect();
    let listed = |mode: &'static str, count: usize, id: &str| -> String {
        let entries: Vec<(&str, &[u8], &str)> =
            names.iter().take(count).map(|name| (mode, name.as_bytes(), id)).collect();
        tree_of(repo, &entries)
    };
    let folder = listed("100644", files, &text);
    let (bomb, beside) = (listed("40000", folders, &folder), listed("100644", more, &text));
    let mark = blob(repo, b"schema = 1\n");
    let entries: [(&str, &[u8], &str); 3] =
        [("40000", b"beside", &beside), ("40000", b"bomb", &bomb), ("100644", b"registry.toml", &mark)];
    let registry = tree_of(repo, &entries);
    let root = tree_of(repo, &[("40000", b"registry", &registry)]);
    repo.git(&["commit-tree", "-m", "many", &root])
}

#[test]
fn as_many_files_as_may_be_are_listed_and_one_more_is_refused() {
    let repo = orchard_in_git();
    // Folders count as well, and so do `registry.toml` and the two folders that it lies beside.
    let listed = |more: usize| {
        let commit = many(&repo, b"", 1024, 1022, more);
        Source::open(repo.root(), "registry", Some(&commit)).unwrap().list("registry")
    };
    let room = MAX_FILES - 1024 * 1023 - 3;
    assert_eq!(listed(room).unwrap().len(), 1024 * 1022 + 1 + room);
    let error = listed(room + 1).unwrap_err();
    assert!(error.to_string().contains(&format!("more than {MAX_FILES} files")), "{error}");
}

#[test]
fn as_many_bytes_as_may_be_are_read_and_one_file_more_is_refused() {
    let repo = orchard_in_git();
    let whole = vec![b'#'; MAX_BYTES as usize];
    let read = |files: usize| {
        let commit = many(&repo, &whole, 1, files, 0);
        let source = Source::open(repo.root(), "registry", Some(&commit)).unwrap();
        let size = |_: &_, content| if let Content::Text(text) = content { text.len() as u64 } else { 0 };
        source.read(&source.list("registry/bomb").unwrap(), size).map(|sizes| sizes.iter().sum::<u64>())
    };
    let most = (MAX_TOTAL / MAX_BYTES) as usize;
    assert_eq!(read(most).unwrap(), MAX_TOTAL);
    let error = read(most + 1).unwrap_err();
    assert!(error.to_string().contains(&format!("more than {MAX_TOTAL} bytes")), "{error}");
}

#[test]
fn what_is_too_large_to_be_judged_is_status_2_with_what_to_do() {
    let repo = orchard_in_git();
    let commit = many(&repo, &vec![b'#'; MAX_BYTES as usize], 1, (MAX_TOTAL / MAX_BYTES) as usize + 1, 0);
    let rules = repo.git(&["rev-parse", "HEAD"]);
    let run = quorate(repo.root(), &["check", "--at", &commit, "--rules-at", &rules]);
    assert_eq!((run.status, run.stdout.as_str()), (2, ""), "{run:?}");
    assert!(run.stderr.contains("bytes together") && run.stderr.contains("hint: no registry is that large"), "{run:?}");
}

#[test]
fn the_page_tells_every_limit_as_it_is() {
    let page = std::fs::read_to_string(manifest().join("docs/limits.md")).unwrap();
    let grouped = |number: usize| -> String {
        let digits = number.to_string();
        let mut text = String::new();
        for (at, digit) in digits.chars().enumerate() {
            if at > 0 && (digits.len() - at).is_multiple_of(3) {
                text.push(' ');
            }
            text.push(digit);
        }
        text
    };
    for (what, limit) in [
        ("a file", MAX_BYTES as usize),
        ("a string or key of a record", limit::TEXT),
        ("a string or key of a rule file", limit::TEXT_OF_RULE),
        ("a list or table", limit::ENTRIES),
        ("problems of one file", limit::PROBLEMS),
        ("files of one tree", MAX_FILES),
        ("text of one tree", MAX_TOTAL as usize),
        ("findings", MOST_FINDINGS),
        ("a chain of affiliations, told one by one", TOLD),
        ("a chain of affiliations, followed", FOLLOWED),
    ] {
        let row = page
            .lines()
            .find(|line| line.starts_with(&format!("| {what} |")))
            .unwrap_or_else(|| panic!("no row of {what}"));
        assert!(row.contains(&format!("| {} ", grouped(limit))), "{row} says not {}", grouped(limit));
    }
}
