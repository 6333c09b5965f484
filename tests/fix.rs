//! `quorate fix`: each mend takes its finding away, adds none, and touches nothing else.

use crate::common::{Repo, Run, brief, check, orchard, orchard_in_git, quorate};

fn fix(repo: &Repo, args: &[&str]) -> Run {
    quorate(repo.root(), &[&["fix"], args].concat())
}

fn read(repo: &Repo, path: &str) -> String {
    std::fs::read_to_string(repo.path(path)).unwrap()
}

/// A sound record with comments and a layout of its own, and every sort of value.
const CEDAR: &str = "\
# A grower,   for the tests.\r
name     = \"Cedar Growers\"   # as it is registered\r
number   = \"0123\"\r
acceded  = 2016-09-03 # a Saturday\r
source   = [ \"minutes\" ]\r
category = [\r
  { is = \"grower\", from = 2015-01-01 },   # one entry a line\r
]\r
left     = { on = \"2016-09\", how = \"withdrawn\" }\r
formerly = [{ name = \"Cedars\", until = \"unknown\" }]\r
affiliation = [{ with = 'board-staff', from = \"2015-01-02\" }]\r
summary  = \"\"\"Growers   of cedars,\r
  café in the yard.\"\"\"\r
registration-data = [{ feed = \"daily\", from = 2015-01-01 }, { feed = \"unknown\", from = 2016-01-01 }]\r
\r
";

const PATH: &str = "registry/parties/cedar.toml";

fn with(text: &str) -> Repo {
    let repo = orchard();
    repo.write(PATH, text);
    repo
}

/// What is written, what is written instead, and the rule that finds it.
const SAFE: &[(&str, &str, &str)] = &[
    ("acceded  =", "acceeded  =", "record-key"),
    ("acceded  =", "Acceded  =", "record-key"),
    ("acceded  =", "\"acceeded\"  =", "record-key"),
    ("registration-data =", "registration_data =", "record-key"),
    ("category =", "catagory =", "record-key"),
    ("how = \"withdrawn\"", "how = \"Withdrawn\"", "record-word"),
    ("is = \"grower\"", "is = \"GROWER\"", "record-word"),
    ("feed = \"daily\"", "feed = \" Daily\"", "record-word"),
    ("feed = \"unknown\"", "feed = \"Unknown\"", "record-word"),
    ("until = \"unknown\"", "until = \"UNKNOWN\"", "record-date"),
    ("2016-09-03 #", "2016-9-3 #", "record-date"),
    ("2016-09-03 #", "\"2016-9-3\" #", "record-date"),
    ("2016-09-03 #", "\"3 September 2016\" #", "record-date"),
    ("2016-09-03 #", "\"2016/09/03\" #", "record-date"),
    ("on = \"2016-09\"", "on = \"2016-9\"", "record-date"),
    ("on = \"2016-09\"", "on = \"Sept. 2016\"", "record-date"),
    ("'board-staff'", "\"Board Staff\"", "record-reference"),
    ("[ \"minutes\" ]", "[ \"Minutes\" ]", "record-reference"),
    ("[ \"minutes\" ]", "\"minutes\"", "record-type"),
    ("\"Cedar Growers\"", "\"Cedar  Growers\"", "record-confusable"),
    ("\"Cedar Growers\"", "\" Cedar Growers \"", "record-confusable"),
    ("\"Cedar Growers\"", "\"Ced\u{200b}ar Growers\"", "record-confusable"),
    ("café", "cafe\u{301}", "record-confusable"),
];

/// The text, but for quotes and spaces within a value that may be written in two ways.
fn loose(text: &str) -> String {
    text.replace('\'', "\"").replace("[ \"minutes\" ]", "[\"minutes\"]").replace("\"acceded\"", "acceded")
}

#[test]
fn each_mend_takes_its_finding_away_adds_none_and_leaves_all_else_as_it_was() {
    for (sound, wrong, rule) in SAFE {
        assert!(CEDAR.contains(sound), "{sound}");
        let repo = with(&CEDAR.replacen(sound, wrong, 1));
        let found: Vec<String> = brief(&check(&repo, &[]));
        assert!(found.iter().any(|line| line.starts_with(rule)), "{wrong}: {found:?}");
        let run = fix(&repo, &[]);
        assert_eq!((run.status, run.stderr.as_str()), (0, ""), "{wrong}: {run:?}");
        assert!(run.stdout.contains(&format!("  {rule}: ")), "{wrong}: {run:?}");
        assert_eq!(loose(&read(&repo, PATH)), loose(CEDAR), "{wrong}");
        let left = brief(&check(&repo, &[]));
        assert_eq!(left, brief(&check(&with(CEDAR), &[])), "{wrong}");
        // A second time there is nothing to do.
        let mended = read(&repo, PATH);
        let again = fix(&repo, &[]);
        assert!(again.stdout.starts_with("0 mistakes mended in 0 files.\n"), "{wrong}: {again:?}");
        assert_eq!(read(&repo, PATH), mended, "{wrong}");
    }
}

#[test]
fn all_of_them_at_once_take_as_many_findings_away() {
    let mut text = CEDAR.to_owned();
    for (sound, wrong, _) in SAFE {
        // One in each place.
        if text.contains(sound) && !sound.contains("Cedar Growers") {
            text = text.replacen(sound, wrong, 1);
        }
    }
    let repo = with(&text);
    assert!(check(&repo, &[]).status == 1);
    let run = fix(&repo, &[]);
    assert_eq!(run.status, 0, "{run:?}");
    assert_eq!(loose(&read(&repo, PATH)), loose(CEDAR));
    assert!(fix(&repo, &[]).stdout.starts_with("0 mistakes mended in 0 files.\n"));
}

/// What could be meant otherwise, or is not known: who edits the file has to say.
#[test]
fn what_could_change_a_fact_is_left_alone() {
    for (sound, wrong) in [
        ("2016-09-03 #", "\"3/9/2016\" #"),
        ("2016-09-03 #", "\"03-09-16\" #"),
        ("2016-09-03 #", "2016-02-30 #"),
        ("2016-09-03 #", "\"soon\" #"),
        ("2016-09-03 #", "7 #"),
        ("'board-staff'", "\"bord-staff\""),
        ("feed = \"daily\"", "feed = \"dayly\""),
        ("how = \"withdrawn\"", "how = \"left\""),
        ("number   =", "colour   ="),
        ("\"Cedar Growers\"", "\"Cedar\\u0020\\u0020Growers\""),
        ("\"Cedar Growers\"", "\"C\u{435}dar Growers\""),
        ("\"Cedar Growers\"", "\"Cedar\u{202e} Growers\""),
        ("\"Cedar Growers\"", "7"),
        ("acceded  = 2016", "acceded  2016"),
    ] {
        assert!(CEDAR.contains(sound), "{sound}");
        let text = CEDAR.replacen(sound, wrong, 1);
        let repo = with(&text);
        let run = fix(&repo, &[]);
        assert_eq!(read(&repo, PATH), text, "{wrong}: {run:?}");
        assert_eq!(run.status, 1, "{wrong}: {run:?}");
    }
}

#[test]
fn what_was_only_probably_meant_is_mended_where_somebody_asks_for_it() {
    for (sound, wrong) in [("'board-staff'", "\"bord-staff\""), ("feed = \"daily\"", "feed = \"dayly\"")] {
        let repo = with(&CEDAR.replacen(sound, wrong, 1));
        assert_eq!(fix(&repo, &["--likely"]).status, 0, "{wrong}");
        assert_eq!(loose(&read(&repo, PATH)), loose(CEDAR), "{wrong}");
    }
    // Two are near: neither was probably meant.
    let repo = with(&CEDAR.replacen("'board-staff'", "\"birc\"", 1));
    repo.write("registry/people/bird.toml", "name = \"Bird\"\nsource = [\"minutes\"]\n");
    assert_eq!(fix(&repo, &["--likely"]).status, 1);
    assert!(read(&repo, PATH).contains("\"birc\""));
}

/// A misspelt key hides what is behind it: to mend it would bring a new mistake to light.
#[test]
fn a_mend_that_would_bring_up_something_new_is_not_made() {
    let repo = with(&CEDAR.replacen("category = [", "catagory = 7 #", 1).replacen(
        "\r\n  { is = \"grower\", from = 2015-01-01 },   # one entry a line\r\n]",
        "",
        1,
    ));
    let before = read(&repo, PATH);
    let run = fix(&repo, &[]);
    assert_eq!((run.status, read(&repo, PATH)), (1, before), "{run:?}");
}

#[test]
fn one_mend_brings_up_the_next_and_a_bad_one_does_not_keep_the_others() {
    let text = CEDAR.replacen("acceded  = 2016-09-03", "acceeded  = 2016-9-3", 1).replacen(
        "number   = \"0123\"",
        "nubmer   = 7",
        1,
    );
    let repo = with(&text);
    let run = fix(&repo, &[]);
    assert_eq!(run.status, 1, "{run:?}");
    assert_eq!(read(&repo, PATH), CEDAR.replacen("number   = \"0123\"", "nubmer   = 7", 1));
}

#[test]
fn a_record_that_several_name_wrongly_is_mended_in_all_of_them() {
    let repo = orchard();
    for id in ["elm", "fir"] {
        repo.write(
            &format!("registry/people/{id}.toml"),
            format!("name = \"{id}\"\nsource = [\"minutes\"]\nemployment = [{{ by = \"Acorn\" }}]\n"),
        );
    }
    let run = fix(&repo, &[]);
    assert_eq!(run.status, 0, "{run:?}");
    for id in ["elm", "fir"] {
        assert!(read(&repo, &format!("registry/people/{id}.toml")).contains("by = \"acorn\""), "{run:?}");
    }
}

#[test]
fn a_seat_a_subject_and_the_registry_itself_are_mended_too() {
    let repo = orchard();
    let meeting = "registry/meetings/board/2016-09-07.toml";
    repo.write(meeting, "source = [\"minutes\"]\nnumber = \"12\"\nheld = 2016-09-07\nattendance = [{ seat = \"Chair\", person = \"dee\", as = \"Member\" }]\nitem = [{ title = \"One\", about = [\"seat/board/Chair\"] }]\n");
    let registry = read(&repo, "registry/registry.toml");
    repo.write(
        "registry/registry.toml",
        registry
            .replace("position = 2016-09-30", "Position = 2016-09-30")
            .replace("people  = \"complete\"", "people  = \"Complete\""),
    );
    let run = fix(&repo, &[]);
    // Which day is judged is only known once it is mended.
    assert_eq!(run.status, 0, "{run:?}");
    assert_eq!(read(&repo, "registry/registry.toml"), registry);
    let text = read(&repo, meeting);
    assert!(
        text.contains("seat = \"chair\"") && text.contains("as = \"member\"") && text.contains("\"seats/board/chair\""),
        "{text}"
    );
}

#[test]
fn a_dry_run_prints_a_patch_that_mends_the_same_and_writes_nothing() {
    let repo = orchard_in_git();
    repo.write(PATH, CEDAR.replacen("acceded  =", "acceeded  =", 1).replace('\r', ""));
    let wrong = read(&repo, PATH);
    let dry = fix(&repo, &["--dry-run"]);
    assert_eq!((dry.status, read(&repo, PATH)), (1, wrong.clone()), "{dry:?}");
    assert!(dry.stderr.contains("1 mistake would be mended in 1 file."), "{dry:?}");
    repo.git_with(&["apply"], dry.stdout.as_bytes());
    let patched = read(&repo, PATH);
    repo.write(PATH, wrong);
    assert_eq!(fix(&repo, &[]).status, 0);
    assert_eq!(read(&repo, PATH), patched);
    let nothing = fix(&repo, &["--dry-run"]);
    assert_eq!((nothing.status, nothing.stdout.as_str()), (0, ""), "{nothing:?}");
}

#[test]
fn only_what_is_named_is_mended() {
    let wrong = CEDAR.replacen("acceded  =", "acceeded  =", 1).replacen("\"grower\"", "\"Grower\"", 1);
    let repo = with(&wrong);
    repo.write("registry/people/eve.toml", "Name = \"Eve\"\nsource = [\"minutes\"]\n");
    assert_eq!(fix(&repo, &["registry/people"]).status, 0);
    assert_eq!(
        (read(&repo, "registry/people/eve.toml"), read(&repo, PATH)),
        ("name = \"Eve\"\nsource = [\"minutes\"]\n".to_owned(), wrong)
    );
    fix(&repo, &["--rule", "record-word", PATH]);
    assert_eq!(read(&repo, PATH), CEDAR.replacen("acceded  =", "acceeded  =", 1));
    for (args, why) in [
        (["rules"], "only records are mended"),
        (["no-such-file"], "no-such-file"),
        (["--rule=no-such-rule"], "there is no rule `no-such-rule`"),
    ] {
        let run = fix(&repo, &args);
        assert_eq!(run.status, 2, "{run:?}");
        assert!(run.stderr.contains(why), "{run:?}");
    }
    assert_eq!(fix(&repo, &["."]).status, 0);
    assert_eq!(read(&repo, PATH), CEDAR);
}

#[cfg(unix)]
#[test]
fn a_file_keeps_its_mode_and_a_link_is_not_followed() {
    use std::os::unix::fs::PermissionsExt as _;
    let repo = with(&CEDAR.replacen("acceded  =", "acceeded  =", 1));
    std::fs::set_permissions(repo.path(PATH), std::fs::Permissions::from_mode(0o640)).unwrap();
    let elsewhere = repo.beside("eve.toml");
    std::fs::write(&elsewhere, "Name = \"Eve\"\nsource = [\"minutes\"]\n").unwrap();
    repo.link("registry/people/eve.toml", elsewhere.to_str().unwrap());
    fix(&repo, &[]);
    assert_eq!(read(&repo, PATH), CEDAR);
    assert_eq!(std::fs::metadata(repo.path(PATH)).unwrap().permissions().mode() & 0o777, 0o640);
    assert!(std::fs::read_to_string(&elsewhere).unwrap().starts_with("Name"));
}

#[test]
fn what_an_ended_run_left_is_no_record_and_the_next_write_takes_it_away() {
    let repo = with(CEDAR);
    let left = "registry/parties/.abcdef.quorate-tmp";
    repo.write(left, CEDAR.replacen("name", "\u{202e}name", 1).as_bytes());
    repo.write("registry/people/.xyz.quorate-tmp", [0xff, 0xfe]);
    assert_eq!(brief(&check(&repo, &[])), brief(&check(&with(CEDAR), &[])));
    repo.edit(PATH, "acceded  =", "acceeded  =");
    assert_eq!(fix(&repo, &[]).status, 0);
    #[cfg(unix)]
    assert!(!repo.path(left).exists());
}
