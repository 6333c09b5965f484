//! Bad files: every problem in one run, each at its own span, and none of them twice.

use crate::{
    common::{Repo, check, orchard, orchard_in_git, spots},
    git_source::{blob, tree_of},
};

/// What is found in the orchard after one file was written, as `rule path:line:column`.
fn found(path: &str, text: &str) -> Vec<String> {
    let repo = orchard();
    repo.write(&format!("registry/{path}"), text);
    spots(&check(&repo, &[]))
}

/// Findings of one file, as `rule line:column`, in the order of the file.
fn found_in(path: &str, text: &str) -> Vec<String> {
    let inside = format!("{path}:");
    found(path, text)
        .iter()
        .map(|one| {
            assert!(one.contains(&inside), "{one} is about another file");
            one.replace(&inside, "")
        })
        .collect()
}

const CEDAR: &str = "parties/cedar.toml";

#[test]
fn five_mistakes_give_five_findings_each_at_its_own_span() {
    let text = "\
name    = \"Cedar Growers
number  = 7
acceeded = 2015-01-01
source  = [\"minuets\"]
category = [{ is = \"grower\", from = 2015-02-30 }]
";
    let expected =
        ["record-syntax 1:25", "record-type 2:11", "record-key 3:1", "record-reference 4:12", "record-date 5:37"];
    assert_eq!(found_in(CEDAR, text), expected);
}

#[test]
fn mistakes_in_nested_entries_are_at_the_entry() {
    let text = "\
constituency = \"grower\"
source       = [\"minutes\"]
tenure       = [
  { holder = \"ann\", from = 2015-13-01, ended = 2015-06-01 },
  { holdr = \"bob\", from = 2015-06-01, ended = 2016-01-01 },
  { holder = 3, from = 2016-01-01, ended = 2016-05-01, alternate = [{ person = \"nobody\", from = 2016-01-01 }] },
  { holder = \"cy\", from = 2016-05-01, by = { election = \"none\" } },
]
";
    let found = found_in("seats/board/grower-1.toml", text);
    let expected =
        ["record-date 4:28", "record-key 5:5", "record-type 6:14", "record-reference 6:80", "record-reference 7:57"];
    assert_eq!(found, expected);
}

#[test]
fn an_unclosed_bracket_hides_none_of_the_mistakes_behind_it() {
    let text = "\
name    = \"Cedar Growers\"
source  = [\"minutes\"
category = [{ is = \"growr\", from = 2015-01-01 }]
acceded = 2015-02-30
numbre  = \"0123\"
";
    let found = found_in(CEDAR, text);
    assert_eq!(found, ["record-syntax 2:21", "record-word 3:20", "record-date 4:11", "record-key 5:1"]);
}

#[test]
fn an_unclosed_table_hides_none_of_the_mistakes_behind_it() {
    let text = "\
name     = \"Cedar Growers\"
category = [{ is = \"grower\", from = 2015-01-01 ]
source   = [\"minutes\"]
number   = 7
";
    let found = found_in(CEDAR, text);
    assert_eq!(found.len(), 2, "{found:?}");
    assert!(found[0].starts_with("record-syntax 2:"), "{found:?}");
    assert_eq!(found[1], "record-type 4:12");
}

#[test]
fn an_unterminated_string_is_one_mistake() {
    let found = found_in("people/eve.toml", "name = \"Eve\nsource = [\"minutes\"]\n");
    assert_eq!(found, ["record-syntax 1:12"]);
}

#[test]
fn an_unterminated_multi_line_string_is_one_mistake() {
    let found =
        found_in("people/eve.toml", "name = \"Eve\"\nsource = [\"minutes\"]\nnote = \"\"\"so it goes\non and on\n");
    assert_eq!(found, ["record-syntax 5:1"]);
}

#[test]
fn a_key_given_twice_is_at_the_second() {
    let found = found_in("people/eve.toml", "name = \"Eve\"\nsource = [\"minutes\"]\nname = \"Eva\"\n");
    assert_eq!(found, ["record-syntax 3:1"]);
}

#[test]
fn two_keys_given_twice_are_two_mistakes() {
    let found = found_in("people/eve.toml", "name = \"Eve\"\nsource = [\"minutes\"]\nname = \"Eva\"\nsource = []\n");
    assert_eq!(found, ["record-syntax 3:1", "record-syntax 4:1"]);
}

#[test]
fn lines_may_end_as_on_windows() {
    assert_eq!(found("people/eve.toml", "name = \"Eve\"\r\nsource = [\"minutes\"]\r\n"), [""; 0]);
    let found = found_in("people/eve.toml", "name = 7\r\nsource = [\"minuets\"]\r\n");
    assert_eq!(found, ["record-type 1:8", "record-reference 2:11"]);
}

#[test]
fn a_byte_order_mark_is_no_mistake() {
    assert_eq!(found("people/eve.toml", "\u{feff}name = \"Eve\"\nsource = [\"minutes\"]\n"), [""; 0]);
}

#[test]
fn columns_count_characters() {
    let found = found_in(
        "people/zoe.toml",
        "source = [\"minutes\"]\nname = \"Zoë\"\nemployment = [{ note = \"Zoë & Söhne\", by = \"acorm\" }]\n",
    );
    assert_eq!(found, ["record-reference 3:44"]);
}

#[test]
fn an_empty_file_lacks_what_its_kind_cannot_do_without() {
    assert_eq!(found_in("people/eve.toml", ""), ["record-missing 1:1", "record-source 1:1"]);
}

#[test]
fn a_file_of_comments_is_an_empty_file() {
    assert_eq!(found_in("people/eve.toml", "# nobody yet\n"), ["record-missing 1:1", "record-source 1:1"]);
}

#[test]
fn a_misspelt_key_is_not_missing_as_well() {
    assert_eq!(found_in("people/eve.toml", "nmae = \"Eve\"\nsource = [\"minutes\"]\n"), ["record-key 1:1"]);
}

#[test]
fn a_broken_file_hides_no_other() {
    let repo = orchard();
    repo.write("registry/people/eve.toml", "name = \n");
    repo.write("registry/people/fay.toml", "name = 7\nsource = [\"minutes\"]\n");
    let found = spots(&check(&repo, &[]));
    assert_eq!(found, ["record-syntax people/eve.toml:1:8", "record-type people/fay.toml:1:8"]);
}

#[test]
fn a_reference_to_a_broken_record_is_not_reported_again() {
    for broken in ["name = = \"Ann\"\n", "name = 7\nsource = [\"minutes\"]\n", "]\n"] {
        let found = found("people/ann.toml", broken);
        assert!(found.iter().all(|one| one.contains(" people/ann.toml:")), "{broken:?}: {found:?}");
    }
}

#[test]
fn a_reference_to_a_file_that_cannot_be_read_is_not_reported_again() {
    let repo = orchard();
    repo.write("registry/people/ann.toml", b"name = \"Ann\xff\"\n");
    assert_eq!(spots(&check(&repo, &[])), ["record-encoding people/ann.toml:1:1"]);
}

#[test]
fn a_dangling_reference_says_what_was_probably_meant() {
    let repo = orchard();
    repo.write(
        "registry/people/eve.toml",
        "name = \"Eve\"\nsource = [\"minutes\"]\nemployment = [{ by = \"brich\", from = 2016-01-01 }]\n",
    );
    let label = &check(&repo, &[]).findings()[0]["places"][0]["label"];
    assert_eq!(label, "did you mean `birch`?");
}

#[test]
fn a_misspelt_word_says_what_was_probably_meant() {
    let repo = orchard();
    repo.write(
        "registry/parties/cedar.toml",
        "name = \"Cedar\"\nsource = [\"minutes\"]\ncategory = [{ is = \"pakcer\" }]\n",
    );
    assert_eq!(check(&repo, &[]).findings()[0]["places"][0]["label"], "did you mean `packer`?");
}

#[test]
fn a_folder_that_is_no_kind_says_which_was_probably_meant() {
    let repo = orchard();
    repo.write("registry/partys/cedar.toml", "name = \"Cedar\"\n");
    let run = check(&repo, &[]);
    assert_eq!(spots(&run), ["record-file partys/cedar.toml:1:1"]);
    assert_eq!(run.findings()[0]["help"], "did you mean the folder `parties/`?");
}

#[test]
fn a_file_that_is_no_toml_is_not_passed_over() {
    assert_eq!(found("people/eve.tml", "name = \"Eve\"\n"), ["record-file people/eve.tml:1:1"]);
}

#[test]
fn notes_for_readers_are_no_records() {
    assert_eq!(found("people/README.md", "Who is who.\n"), [""; 0]);
}

/// One cause, one finding: the judgement that wants the value is counted as unknown, and says nothing.
#[test]
fn what_needs_a_value_that_was_reported_is_unknown_without_a_finding() {
    for (path, from, to) in [
        ("seats/board/chair.toml", "2017-01-01", "2017-02-30"),
        ("seats/board/chair.toml", "2017-01-01", "true"),
        ("seats/board/chair.toml", "holder", "holdr"),
        ("seats/board/chair.toml", "tenure ", "tenur "),
        ("parties/acorn.toml", "[{ feed = \"daily\", from = 2015-01-01 }]", "7"),
        ("parties/acorn.toml", "feed =", "fede ="),
        ("parties/acorn.toml", "registration-data", "registration-dta"),
    ] {
        let repo = orchard();
        let path = format!("registry/{path}");
        let text = std::fs::read_to_string(repo.path(&path)).unwrap();
        assert!(text.contains(from), "{path} has no {from}");
        repo.write(&path, text.replace(from, to));
        let run = check(&repo, &[]);
        let findings = run.findings();
        assert_eq!(findings.len(), 1, "{to}: {findings:?}");
        assert!(findings[0]["rule"].as_str().unwrap().starts_with("record-"), "{to}: {findings:?}");
        assert!(run.json()["summary"]["unknown"].as_u64().unwrap() > 0, "{to}: {run:?}");
    }
}

#[test]
fn coverage_is_said_of_kinds_and_their_folders() {
    let header = |key: &str| {
        let text =
            format!("schema = 1\ncode = \"Orchard Code\"\nposition = 2016-09-30\n\n[coverage]\n{key} = \"complete\"\n");
        let found = found("registry.toml", &text);
        found.into_iter().filter(|one| one.starts_with("record-")).collect::<Vec<_>>()
    };
    assert_eq!(header("parties"), [""; 0]);
    assert_eq!(header("\"seats/board\""), [""; 0]);
    assert_eq!(header("partys"), ["record-key registry.toml:6:1"]);
    assert_eq!(header("parties = \"whole\"\npeople"), ["record-word registry.toml:6:11"]);
}

#[test]
fn an_id_in_capitals_is_refused() {
    let found = found("people/Eve.toml", "name = \"Eve\"\nsource = [\"minutes\"]\n");
    assert_eq!(found, ["record-id people/Eve.toml:1:1"]);
}

#[test]
fn a_modification_may_keep_the_form_of_the_code() {
    let text = "title = \"Apples\"\nproposer = \"acorn\"\nsource = [\"minutes\"]\n";
    assert_eq!(found("modifications/OCMP0021.toml", text), [""; 0]);
    assert_eq!(found("modifications/MP090A.toml", text), [""; 0]);
    assert_eq!(found("modifications/Ocmp0021.toml", text), ["record-id modifications/Ocmp0021.toml:1:1"]);
}

#[test]
fn a_seat_lies_in_the_folder_of_its_body() {
    let text = "constituency = \"grower\"\nsource = [\"minutes\"]\n";
    assert_eq!(found("seats/grower-3.toml", text), ["record-id seats/grower-3.toml:1:1"]);
    assert_eq!(found("seats/bord/grower-3.toml", text), ["record-reference seats/bord/grower-3.toml:1:1"]);
}

#[test]
fn two_paths_that_differ_in_case_alone_are_found_once() {
    let repo = orchard();
    repo.write("registry/people/Ann.toml", "name = \"Ann\"\nsource = [\"minutes\"]\n");
    let found = spots(&check(&repo, &["--rule", "record-case"]));
    assert_eq!(found.len(), 1, "{found:?}");
}

#[test]
fn one_id_for_a_party_and_a_person_is_found_with_both_places() {
    let repo = orchard();
    repo.write("registry/people/acorn.toml", "name = \"Acorn\"\nsource = [\"minutes\"]\n");
    let findings = check(&repo, &[]).findings();
    let paths: Vec<_> = findings[0]["places"].as_array().unwrap().iter().map(|place| &place["path"]).collect();
    assert_eq!(findings[0]["rule"], "record-id-shared");
    assert_eq!(paths, ["registry/people/acorn.toml", "registry/parties/acorn.toml"]);
}

#[test]
fn a_meeting_is_called_after_the_day_first_planned_else_held() {
    let meeting = |days: &str| format!("{days}source = [\"minutes\"]\n");
    let found = |id: &str, days: &str| found(&format!("meetings/board/{id}.toml"), &meeting(days));
    assert_eq!(found("2016-09-09", "planned = 2016-09-09\nheld = 2016-09-16\n"), [""; 0]);
    assert_eq!(found("2016-09-09", "held = 2016-09-09\n"), [""; 0]);
    assert_eq!(found("2016-09", "held = 2016-09-30\n"), [""; 0]);
    assert_eq!(found("2016-09-09-2", "held = 2016-09-09\n"), [""; 0]);
    assert_eq!(found("2016-09-10", "held = 2016-09-09\n"), ["record-id meetings/board/2016-09-10.toml:1:8"]);
    assert_eq!(found("2016-09", "held = 2016-10-01\n"), ["record-id meetings/board/2016-09.toml:1:8"]);
}

fn seat_with(first: &str, second: &str) -> Vec<String> {
    let text = format!(
        "constituency = \"grower\"\nsource = [\"minutes\"]\ntenure = [\n  {{ holder = \"ann\", from = 2015-01-01, due-to-end = 2016-01-01, {first} }},\n  {{ holder = \"bob\", from = {second}, due-to-end = 2017-01-01 }},\n]\n"
    );
    let repo = orchard();
    repo.write("registry/seats/board/grower-1.toml", text);
    spots(&check(&repo, &["--rule", "record-period"]))
}

#[test]
fn one_tenure_may_begin_on_the_day_the_other_ended_and_not_before() {
    assert_eq!(seat_with("ended = 2016-01-01", "2016-01-01"), [""; 0]);
    assert_eq!(seat_with("ended = 2016-01-02", "2016-01-01"), ["record-period seats/board/grower-1.toml:5:3"]);
}

#[test]
fn tenures_overlap_only_where_no_choice_of_the_days_keeps_them_apart() {
    assert_eq!(seat_with("ended = \"2016-01\"", "2016-01-01"), [""; 0]);
    assert_eq!(seat_with("ended = \"2016-02\"", "\"2016-01\""), ["record-period seats/board/grower-1.toml:5:3"]);
    assert_eq!(seat_with("ended = \"2016-02\"", "\"2016-01/2016-02\""), [""; 0]);
}

#[test]
fn a_period_ends_after_the_day_on_which_it_begins() {
    let person = |until: &str| {
        let text = format!(
            "name = \"Eve\"\nsource = [\"minutes\"]\nemployment = [{{ by = \"acorn\", from = 2016-09-30, until = {until} }}]\n"
        );
        found("people/eve.toml", &text)
    };
    assert_eq!(person("2016-10-01"), [""; 0]);
    assert_eq!(person("2016-09-30"), ["record-period people/eve.toml:3:58"]);
    assert_eq!(person("\"2016-09/2016-10\""), [""; 0]);
    assert_eq!(person("\"2016-09\""), ["record-period people/eve.toml:3:58"]);
}

#[test]
fn a_record_without_a_source_is_found() {
    assert_eq!(found("people/eve.toml", "name = \"Eve\"\n"), ["record-source people/eve.toml:1:1"]);
}

#[test]
fn a_source_without_a_record_is_found() {
    let found = found("people/eve.toml", "name = \"Eve\"\nsource = [\"minutes\", \"gossip\"]\n");
    assert_eq!(found, ["record-reference people/eve.toml:2:22"]);
}

#[test]
fn what_is_not_known_is_no_mistake_anywhere() {
    let text = "name = \"unknown\"\nsource = \"unknown\"\nacceded = \"unknown\"\ncategory = \"unknown\"\naffiliation = \"unknown\"\n";
    let found = found(CEDAR, text);
    assert!(found.iter().all(|one| !one.starts_with("record-")), "{found:?}");
}

#[test]
fn problems_of_one_file_are_listed_up_to_a_limit() {
    let keys: String = (0..1000).map(|n| format!("key-{n} = {n}\n")).collect();
    let found = found_in("people/eve.toml", &format!("name = \"Eve\"\nsource = [\"minutes\"]\n{keys}"));
    assert_eq!(found.len(), 201);
    assert_eq!(found.iter().filter(|one| one.starts_with("record-limit")).count(), 1);
}

/// What the work tree and a commit of the same odd path give.
fn odd_both_ways(repo: &Repo, rule: &str) {
    repo.commit("odd");
    for args in [&[][..], &["--at", "HEAD"]] {
        let run = check(repo, args);
        assert_eq!(spots(&run), [format!("{rule} people/eve.toml:1:1")], "{args:?}");
        assert_eq!(run.status, 1);
    }
}

#[cfg(unix)]
#[test]
fn a_symbolic_link_is_found_and_not_followed() {
    let repo = orchard_in_git();
    repo.write("elsewhere.toml", "name = \"Eve\"\nsource = [\"minutes\"]\n");
    repo.link("registry/people/eve.toml", "../../elsewhere.toml");
    odd_both_ways(&repo, "record-link");
}

#[test]
fn a_file_that_is_not_utf_8_is_found() {
    let repo = orchard_in_git();
    repo.write("registry/people/eve.toml", b"name = \"\xc9ve\"\n");
    odd_both_ways(&repo, "record-encoding");
}

#[test]
fn a_file_over_one_mebibyte_is_found_and_one_byte_less_is_read() {
    let repo = orchard_in_git();
    let mut text = b"name = \"Eve\"\nsource = [\"minutes\"]\n".to_vec();
    text.resize(1 << 20, b'#');
    repo.write("registry/people/eve.toml", &text);
    assert_eq!(spots(&check(&repo, &[])), [""; 0]);
    text.push(b'#');
    repo.write("registry/people/eve.toml", &text);
    odd_both_ways(&repo, "record-size");
}

#[test]
fn a_submodule_is_found_and_not_entered() {
    let repo = orchard_in_git();
    let head = repo.git(&["rev-parse", "HEAD"]);
    repo.git(&["update-index", "--add", "--cacheinfo", &format!("160000,{head},registry/people/inner")]);
    repo.git(&["commit", "--quiet", "-m", "inner"]);
    let run = check(&repo, &["--at", "HEAD"]);
    assert_eq!(spots(&run), ["record-submodule people/inner:1:1"]);
    assert_eq!(run.status, 1);
}

#[test]
fn a_crafted_path_out_of_the_repository_is_found_and_not_read() {
    for name in ["..", ".git", "a/b", ""] {
        let repo = orchard_in_git();
        let secret = blob(&repo, b"name = \"Eve\"\n");
        let people = tree_of(&repo, &[("100644", name.as_bytes(), &secret)]);
        let id = |of: &str| repo.git(&["rev-parse", of]);
        let registry = tree_of(
            &repo,
            &[("40000", b"people", &people), ("100644", b"registry.toml", &id("HEAD:registry/registry.toml"))],
        );
        let root = tree_of(&repo, &[("40000", b"registry", &registry), ("40000", b"rules", &id("HEAD:rules"))]);
        let commit = repo.git(&["commit-tree", "-m", "crafted", &root]);
        let run = check(&repo, &["--at", &commit]);
        assert_eq!(run.status, 1, "{name:?}: {run:?}");
        let findings = run.findings();
        assert!(findings.iter().any(|one| one["level"] == "error"), "{name:?}: {findings:?}");
    }
}

/// What rests on a word that was reported is counted as unknown and not said again.
#[test]
fn a_misspelt_word_is_one_finding() {
    for (path, right, wrong) in [
        ("registry/seats/board/grower-1.toml", "\"grower\"", "\"growr\""),
        ("registry/seats/board/grower-1.toml", "\"grower\"", "7"),
        ("registry/parties/acorn.toml", "feed = \"daily\"", "feed = \"dialy\""),
        ("registry/parties/acorn.toml", "is = \"grower\"", "is = \"growr\""),
    ] {
        let repo = orchard();
        let text = std::fs::read_to_string(repo.path(path)).unwrap();
        repo.write(path, text.replacen(right, wrong, 1));
        let found = spots(&check(&repo, &[]));
        assert_eq!(found.len(), 1, "{path}: {wrong}: {found:?}");
    }
}
