//! `quorate new`: what it asks, what follows, what it writes, and what it refuses to write.

use std::{
    collections::BTreeMap,
    io::Write as _,
    process::{Command, Stdio},
};

use quorate::{
    decode::{Key, Shape},
    record::Kind,
};

use crate::common::{Repo, Run, brief, check, copy, manifest, orchard, orchard_in_git, quorate, tool};

/// The bodies of the real code, with the shipped rules.
fn sec() -> Repo {
    let repo = Repo::plain();
    copy(&manifest().join("tests/bases/sec"), repo.root());
    copy(&manifest().join("rules"), &repo.path("rules"));
    repo
}

fn new(repo: &Repo, args: &[&str]) -> Run {
    quorate(repo.root(), &[&["new"], args].concat())
}

/// Runs it, and gives the file that it wrote.
fn written(repo: &Repo, path: &str, args: &[&str]) -> String {
    let run = new(repo, args);
    assert_eq!(run.stderr, "", "{args:?}");
    assert!(run.stdout.starts_with(&format!("registry/{path}: written\n")), "{run:?}");
    std::fs::read_to_string(repo.path(&format!("registry/{path}"))).unwrap()
}

/// Every file below the registry, with its bytes.
fn files(repo: &Repo) -> BTreeMap<String, Vec<u8>> {
    fn look(folder: &std::path::Path, found: &mut BTreeMap<String, Vec<u8>>) {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                look(&path, found);
            } else {
                found.insert(path.display().to_string(), std::fs::read(&path).unwrap());
            }
        }
    }
    let mut found = BTreeMap::new();
    look(&repo.path("registry"), &mut found);
    found
}

/// Runs it, and sees that nothing was written.
fn refused(repo: &Repo, args: &[&str]) -> String {
    let before = files(repo);
    let run = new(repo, args);
    assert_eq!((run.status, run.stdout.as_str()), (2, ""), "{args:?}: {run:?}");
    assert!(files(repo) == before, "{args:?} wrote something");
    run.stderr
}

/// An id that a record of a kind may have, in a code with this body.
fn id_of(kind: Kind, body: &str) -> String {
    match kind {
        Kind::Seat => format!("{body}/thing-9"),
        Kind::Meeting => format!("{body}/2016-09-30"),
        other => format!("thing-{}", other.singular()),
    }
}

/// The `record-…` errors about a subject, but for those of a derogation that says what from.
fn errors_of_shape(repo: &Repo, subject: &str) -> Vec<String> {
    let all = brief(&check(repo, &["--subject", subject]));
    let is_of_shape = |line: &String| line.starts_with("record-") && !line.starts_with("record-derogation-");
    all.into_iter().filter(|line| is_of_shape(line) && line.ends_with(" error")).collect()
}

#[test]
fn a_record_of_every_kind_of_which_nothing_is_known_loads_in_both_codes() {
    for (repo, body) in [(orchard(), "board"), (sec(), "panel")] {
        for kind in Kind::ALL {
            let id = id_of(*kind, body);
            let text = written(&repo, &format!("{kind}/{id}.toml"), &[kind.folder(), &id]);
            let subject = format!("{kind}/{id}");
            assert_eq!(errors_of_shape(&repo, &subject), [""; 0], "{subject}: {text}");
            for key in kind.keys().iter().filter(|key| key.required) {
                assert!(text.contains(&format!("{} = \"unknown\"\n", key.name)), "{subject}: {text}");
            }
        }
    }
}

/// A public key, as a signer's record takes it.
const PUBLIC: &str = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAINBdfW/yM8nsez0nnRosxY4vUBDSrDC4z0dv5lCGViZo";

/// A value of a shape, as somebody may type it; nothing where the orchard has no such word.
fn typed(shape: Shape, made: &BTreeMap<&str, String>) -> Option<String> {
    Some(match shape {
        Shape::Text => "\"some \\\"words\\\"\"".to_owned(),
        Shape::Bool => "true".to_owned(),
        Shape::Count => "1".to_owned(),
        Shape::Day => "2016-09-30".to_owned(),
        Shape::OneOf(words) => format!("\"{}\"", words[0]),
        Shape::Word("categories" | "constituencies") => "\"grower\"".to_owned(),
        Shape::Word("stages") => "\"raised\"".to_owned(),
        Shape::Word("paths") => "\"1\"".to_owned(),
        Shape::Word("feeds") => "\"daily\"".to_owned(),
        Shape::Word(_) => return None,
        Shape::Id([]) => "\"people/ann\"".to_owned(),
        Shape::Id(["seats of the body"]) => "\"chair\"".to_owned(),
        Shape::Id(kinds) => format!("\"{}\"", kinds.iter().find_map(|kind| made.get(kind))?),
        Shape::Table(keys) => {
            let value = |key: &Key| match key.name {
                "public" => Some(format!("{PUBLIC:?}")),
                _ => typed((key.shape)(), made),
            };
            let pair = |key: &Key| Some(format!("{} = {}", key.name, value(key)?));
            format!("{{ {} }}", keys().iter().filter_map(pair).collect::<Vec<_>>().join(", "))
        }
        Shape::List(item) => format!("[{}]", typed(item(), made)?),
        Shape::Scalar => "7".to_owned(),
        other => panic!("no key of a record has {other:?}"),
    })
}

#[test]
fn every_key_of_every_kind_can_be_said_and_is_read_back() {
    let repo = orchard();
    let mut made: BTreeMap<&str, String> =
        [("sources", "minutes"), ("people", "ann"), ("bodies", "board")].map(|(kind, id)| (kind, id.to_owned())).into();
    made.insert("parties", "acorn".to_owned());
    made.insert("organisations", "board-staff".to_owned());
    // So that whatever a key may name is there.
    for kind in [Kind::Election, Kind::Meeting, Kind::Modification, Kind::Release, Kind::Instrument, Kind::Publication]
    {
        let id =
            if kind == Kind::Meeting { "board/2016-09-01".to_owned() } else { format!("first-{}", kind.singular()) };
        written(&repo, &format!("{kind}/{id}.toml"), &[kind.folder(), &id]);
        made.insert(kind.folder(), id);
    }
    for kind in Kind::ALL {
        let id = id_of(*kind, "board");
        let said: Vec<(&str, String)> = kind
            .keys()
            .iter()
            // An id that was had before would be somebody else's.
            .filter(|key| key.name != "formerly" || *kind != Kind::Modification)
            .filter_map(|key| Some((key.name, typed((key.shape)(), &made)?)))
            .collect();
        let sets: Vec<String> = said.iter().map(|(key, value)| format!("--set={key}={value}")).collect();
        let args: Vec<&str> = [kind.folder(), &id].into_iter().chain(sets.iter().map(String::as_str)).collect();
        let text = written(&repo, &format!("{kind}/{id}.toml"), &args);
        let table = toml::de::DeTable::parse(&text).unwrap_or_else(|error| panic!("{error}: {text}"));
        for (key, _) in &said {
            assert!(table.get_ref().contains_key(*key), "{kind}: `{key}` is not in {text}");
        }
        let problems = errors_of_shape(&repo, &format!("{kind}/{id}"));
        // Every day is the same one, so that periods have no length.
        let others: Vec<&String> = problems.iter().filter(|line| !line.starts_with("record-period ")).collect();
        assert!(others.is_empty(), "{others:?} in {text}");
    }
}

#[test]
fn nominations_close_as_the_rule_of_the_code_counts_and_the_clause_is_told() {
    let repo = orchard();
    let run = new(&repo, &["election", "autumn", "--set", "body=board", "--set", "called=2016-09-20"]);
    assert!(run.stdout.contains("nominations-close = 2016-09-27\n"), "{run:?}");
    assert!(run.stdout.contains("nomination-window (B3.2, text)"), "{run:?}");
    let repo = sec();
    let run = new(&repo, &["election", "autumn", "--set", "body=panel", "--set", "called=2016-09-19"]);
    assert!(run.stdout.contains("nominations-close = 2016-10-10\n"), "{run:?}");
    assert!(run.stdout.contains("nominations-close-window (~C4.2, inferred)"), "{run:?}");
    assert!(run.stdout.contains("skipped: 6 Saturdays and Sundays"), "{run:?}");
}

/// The number of days is the rulebook's: another number gives another day.
#[test]
fn the_days_are_those_of_the_rulebook() {
    let repo = orchard();
    repo.edit("rules/nomination-window.toml", "count  = 5", "count  = 7");
    let run = new(&repo, &["elections", "autumn", "--set", "body=board", "--set", "called=2016-09-20"]);
    assert!(run.stdout.contains("nominations-close = 2016-09-29\n"), "{run:?}");
    std::fs::remove_file(repo.path("rules/nomination-window.toml")).unwrap();
    let run = new(&repo, &["elections", "winter", "--set", "body=board", "--set", "called=2016-09-20"]);
    assert!(!run.stdout.contains("nominations-close"), "{run:?}");
}

#[test]
fn what_is_said_is_never_derived_over() {
    let repo = orchard();
    let said = [
        "elections",
        "autumn",
        "--set",
        "body=board",
        "--set",
        "called=2016-09-20",
        "--set",
        "nominations-close=unknown",
    ];
    let text = written(&repo, "elections/autumn.toml", &said);
    assert!(text.contains("nominations-close = \"unknown\"\n"), "{text}");
}

#[test]
fn a_term_ends_as_long_after_it_began_as_the_rule_says() {
    let repo = orchard();
    let seat = [
        "seat",
        "board/grower-3",
        "--set",
        "constituency=grower",
        "--set",
        "tenure={ holder = \"ann\", from = 2016-09-01 }",
    ];
    let run = new(&repo, &seat);
    assert!(run.stdout.contains("tenure.0.due-to-end = 2017-09-01\n"), "{run:?}");
    assert!(run.stdout.contains("board-term (A4, text)"), "{run:?}");
    assert_eq!(run.status, 1, "a third seat of two is an error: {run:?}");
    assert!(run.stdout.contains("error[board-composition]"), "{run:?}");
}

/// Three numbered meetings, and a rule that they follow one another.
fn numbered(complete: bool) -> Repo {
    let repo = orchard();
    repo.write(
        "rules/board-meeting-numbers.toml",
        "title = \"Numbers\"\nkind = \"sequence\"\nclause = \"A9\"\nlevel = \"warning\"\nof = \"meetings\"\nwhere = { body = [\"board\"] }\nnumber = \"number\"\nalong = \"day\"\n\n[[version]]\nfrom = 2015-01-01\nsource = [\"byelaws\"]\nbasis = \"text\"\ntest = \"numbers\"\nunique = true\ngaps = false\n",
    );
    for (number, day) in [(7, "2016-07-06"), (8, "2016-08-03"), (9, "2016-09-07")] {
        let text = format!("source = [\"minutes\"]\nnumber = {number}\nplanned = {day}\n");
        repo.write(&format!("registry/meetings/board/{day}.toml"), text);
    }
    if complete {
        repo.edit(
            "registry/registry.toml",
            "seats   = \"complete\"",
            "seats   = \"complete\"\nmeetings = \"complete\"",
        );
    }
    repo
}

#[test]
fn the_next_meeting_has_the_next_number_where_every_meeting_is_recorded() {
    let repo = numbered(true);
    let text = written(&repo, "meetings/board/2016-10-05.toml", &["meetings", "board/2016-10-05", "--no-comments"]);
    assert_eq!(text, "number = 10\nplanned = 2016-10-05\n");
    // One in between takes no number: those behind it have theirs.
    let text = written(&repo, "meetings/board/2016-08-20.toml", &["meetings", "board/2016-08-20", "--no-comments"]);
    assert_eq!(text, "planned = 2016-08-20\n");
}

#[test]
fn where_a_meeting_may_lack_the_next_number_is_only_given_to_who_asks() {
    let repo = numbered(false);
    let text = written(&repo, "meetings/board/2016-10-05.toml", &["meetings", "board/2016-10-05", "--no-comments"]);
    assert_eq!(text, "planned = 2016-10-05\n");
    let repo = numbered(false);
    let asked = ["meetings", "board/2016-10-05", "--set", "number=next"];
    let run = new(&repo, &asked);
    assert!(run.stdout.contains("number = 10\n") && run.stdout.contains("not every such record is there"), "{run:?}");
    let stderr = refused(&orchard(), &asked);
    assert!(stderr.contains("which `number` comes next does not follow"), "{stderr}");
}

#[test]
fn the_next_id_of_a_modification_has_the_form_that_the_rule_asks_for() {
    let repo = sec();
    repo.write(
        "registry/modifications/SECMP0041.toml",
        "source = [\"minutes\"]\ntitle = \"One\"\nproposer = \"unknown\"\n",
    );
    repo.write(
        "registry/modifications/with-words.toml",
        "source = [\"minutes\"]\ntitle = \"Two\"\nproposer = \"unknown\"\n",
    );
    let run = new(&repo, &["modifications", "next", "--set", "title=Three"]);
    assert!(run.stdout.starts_with("registry/modifications/SECMP0042.toml: written\n"), "{run:?}");
    assert!(run.stdout.contains("one after `SECMP0041`"), "{run:?}");
    // Two series are of the later form, and which one is meant nobody said.
    for id in ["DP090", "MP089"] {
        repo.write(
            &format!("registry/modifications/{id}.toml"),
            "source = [\"minutes\"]\ntitle = \"x\"\nproposer = \"unknown\"\n",
        );
    }
    let stderr = refused(&repo, &["modifications", "next", "--on", "2020-01-01"]);
    assert!(stderr.contains("`DP091`, `MP091`"), "{stderr}");
    let stderr = refused(&orchard(), &["modifications", "next"]);
    assert!(stderr.contains("no rule says how modifications are numbered"), "{stderr}");
}

#[test]
fn nothing_is_ever_overwritten() {
    let repo = orchard();
    repo.write(
        "registry/modifications/MP001.toml",
        "title = \"One\"\nproposer = \"acorn\"\nformerly = \"DP001\"\nsource = [\"minutes\"]\n",
    );
    for (args, why) in [
        (["people", "ann"], "`people/ann` is there already"),
        (["people", "Ann"], "the id must be lower-case words"),
        (["organisations", "acorn"], "`parties/acorn` has that id"),
        (["modifications", "DP001"], "`modifications/MP001` had the id `DP001` before"),
        (["seats", "board/chair"], "`seats/board/chair` is there already"),
    ] {
        let stderr = refused(&repo, &args);
        assert!(stderr.contains(why), "{args:?}: {stderr}");
    }
    // Something that is no record may be in the way as well.
    repo.write("registry/people/Eve.toml/x", "");
    let stderr = refused(&repo, &["people", "eve"]);
    assert!(stderr.contains("Eve.toml"), "{stderr}");
}

#[test]
fn what_cannot_be_is_refused_before_anything_is_written_and_says_what_would_do() {
    let repo = orchard();
    for (args, why) in [
        (&["people", "eve", "--set", "nam=Eve"][..], "did you mean `name`?"),
        (&["people", "eve", "--set", "employment.form=2016-01-01"], "did you mean `from`?"),
        (&["people", "eve", "--set", "name"], "`--set name` says nothing"),
        (&["people", "eve", "--set", "name=Eve", "--set", "name=Eva"], "`name` is said twice"),
        (&["people", "eve", "--set", "name.first=Eve"], "does not name one value"),
        (&["parties", "elm", "--set", "acceded=2016-9-3"], "`acceded` takes a day"),
        (&["parties", "elm", "--set", "acceded=2016-02-30"], "`acceded` takes a day"),
        (&["parties", "elm", "--set", "category={ is = \"growr\" }"], "`growr` is none of the code's categories"),
        (&["elections", "x", "--set", "reason=whim"], "`whim` is no word that `reason` takes"),
        (&["elections", "x", "--set", "seats-up={ seats = \"two\" }"], "`seats` takes a whole number"),
        (&["peple", "eve"], "`peple` is no kind of record"),
        (&["people", "eve", "--on", "soon"], "`soon` is no day"),
        (&["people", "Eve Lee"], "the id must be lower-case words"),
        (&["people", "../eve"], "the id must be"),
        (&["people", "a/b"], "the id must be"),
        (&["people", ""], "the id must be"),
        (&["seats", "chair"], "its body and its own id"),
        (&["people", "eve", "--set", "name=a\u{202e}b"], "U+202E"),
        (&["people", "eve", "--set", "name=Eve  Lee"], "spaces that nobody sees"),
    ] {
        let stderr = refused(&repo, args);
        assert!(stderr.contains(why), "{args:?}: {stderr}");
        assert!(!stderr.contains('\u{202e}') && stderr.contains("\n  hint: "), "{args:?}: {stderr}");
    }
}

#[test]
fn a_reference_to_nothing_is_written_and_told() {
    let repo = orchard();
    let run = new(&repo, &["people", "eve", "--set", "name=Eve", "--set", "source=minutes,letters"]);
    assert_eq!(run.status, 1, "{run:?}");
    assert!(run.stdout.contains("error[record-reference]") && run.stdout.contains("letters"), "{run:?}");
    assert!(run.stdout.ends_with("As of 2016-09-30: new: 1 error, 0 warnings, 0 notes.\n"), "{run:?}");
    // Only what is new is told.
    let run = new(&repo, &["people", "fay", "--set", "name=Fay", "--set", "source=minutes"]);
    assert_eq!((run.status, run.stdout.contains("letters")), (0, false), "{run:?}");
    assert!(run.stdout.ends_with("As of 2016-09-30: nothing new is found.\n"), "{run:?}");
}

#[test]
fn a_dry_run_prints_a_patch_that_makes_the_same_file_and_writes_nothing() {
    let repo = orchard_in_git();
    let args = ["people", "eve", "--set", "name=Eve", "--set", "source=minutes"];
    let before = files(&repo);
    let dry = new(&repo, &[&args[..], &["--dry-run"]].concat());
    assert!(files(&repo) == before && dry.status == 0, "{dry:?}");
    assert!(dry.stderr.starts_with("registry/people/eve.toml: would be written\n"), "{dry:?}");
    repo.git_with(&["apply"], dry.stdout.as_bytes());
    let patched = std::fs::read_to_string(repo.path("registry/people/eve.toml")).unwrap();
    std::fs::remove_file(repo.path("registry/people/eve.toml")).unwrap();
    assert_eq!(written(&repo, "people/eve.toml", &args), patched);
}

#[test]
fn comments_say_what_each_key_means_and_what_is_left_out() {
    let repo = orchard();
    let text =
        written(&repo, "seats/board/grower-3.toml", &["seats", "board/grower-3", "--set", "constituency=grower"]);
    assert!(
        text.starts_with("# What it stands for. One of: chair, grower, packer.\nconstituency = \"grower\"\n"),
        "{text}"
    );
    assert!(
        text.contains("# tenure = …  # Who held it, and when; left out: not known. It takes a list of { holder = …,"),
        "{text}"
    );
    assert!(text.lines().all(|line| line.starts_with('#') || line.is_empty() || line.contains(" = ")), "{text}");
}

#[test]
fn a_word_of_the_code_cannot_break_out_of_its_comment() {
    let repo = orchard();
    repo.edit(
        "rules/code.toml",
        "known = [\"daily\", \"weekly\"]",
        "known = [\"daily\", \"weekly\"]\n[deliverables]\nknown = [\"x\\nname = \\\"y\\\" \\u001b[2J\"]",
    );
    let text = written(&repo, "deliverables/plan.toml", &["deliverables", "plan"]);
    assert!(text.lines().all(|line| line.is_empty() || line.starts_with('#') || !line.starts_with("name")), "{text}");
    assert!(!text.contains('\u{1b}'), "{text}");
}

#[cfg(unix)]
#[test]
fn nothing_is_written_through_a_symbolic_link() {
    let repo = orchard();
    let elsewhere = repo.beside("elsewhere");
    std::fs::create_dir(&elsewhere).unwrap();
    repo.link("registry/events", elsewhere.to_str().unwrap());
    let run = new(&repo, &["events", "fair", "--set", "title=Fair"]);
    assert_eq!(run.status, 2, "{run:?}");
    assert!(run.stderr.contains("symbolic link"), "{run:?}");
    assert_eq!(std::fs::read_dir(&elsewhere).unwrap().count(), 0);
}

/// What a person sees and types on a terminal, which `script` makes.
#[cfg(target_os = "linux")]
#[test]
fn on_a_terminal_it_asks_for_what_the_kind_needs() {
    let repo = orchard();
    let quorate = tool(repo.root(), &[]).get_program().to_owned();
    let command = format!("{} new elections autumn", quorate.to_str().unwrap());
    let mut child = Command::new("script")
        .args(["--quiet", "--return", "--command", &command, "/dev/null"])
        .current_dir(repo.root())
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    // source, body, reason (wrong, then right), called, nominations-close (as it follows), and no more.
    let answers = "minutes\nboard\nwhim\nvacancy\n2016-09-20\n\n\nsummary=One seat\n\n";
    child.stdin.take().unwrap().write_all(answers.replacen("\n\n\nsummary", "\n\nsummary", 1).as_bytes()).unwrap();
    let output = child.wait_with_output().unwrap();
    let screen = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(output.status.success(), "{screen}");
    for shown in [
        "body: The body whose seats are up. It takes the id of a record in bodies/ (board). Empty: unknown.",
        "`whim` is no word that `reason` takes",
        "Empty: 2016-09-27, by nomination-window (B3.2, text).",
        "More, as FIELD=VALUE, one a line: ",
    ] {
        assert!(screen.contains(shown), "{shown:?} is not in {screen}");
    }
    let text = std::fs::read_to_string(repo.path("registry/elections/autumn.toml")).unwrap();
    for line in [
        "body = \"board\"",
        "reason = \"vacancy\"",
        "called = 2016-09-20",
        "nominations-close = 2016-09-27",
        "summary = \"One seat\"",
    ] {
        assert!(text.lines().any(|one| one == line), "{line}: {text}");
    }
}

#[cfg(target_os = "linux")]
#[test]
fn who_ends_the_answers_early_has_written_nothing() {
    let repo = orchard();
    let before = files(&repo);
    let quorate = tool(repo.root(), &[]).get_program().to_owned();
    let command = format!("{} new elections autumn", quorate.to_str().unwrap());
    let mut child = Command::new("script")
        .args(["--quiet", "--return", "--command", &command, "/dev/null"])
        .current_dir(repo.root())
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    child.stdin.take().unwrap().write_all(b"minutes\nboard\n\x04").unwrap();
    let output = child.wait_with_output().unwrap();
    let screen = String::from_utf8_lossy(&output.stdout).into_owned();
    assert_eq!(output.status.code(), Some(2), "{screen}");
    assert!(screen.contains("the answers ended before the questions"), "{screen}");
    assert!(files(&repo) == before);
}
