//! Hostile pull requests against the orchard, each held against `main`. What is tried and what comes
//! of it stands in `docs/attacks.md`. Read a difference before `BLESS=1 cargo test attacks`.

#![cfg(unix)]

use std::fmt::Write as _;

use crate::{
    common::{Repo, check, manifest, orchard_in_git},
    git_source::{blob, tree_of},
    history::ask,
    signers::{allow, commit_as, key},
};

const ACORN: &str = "registry/parties/acorn.toml";
const ANN: &str = "registry/people/ann.toml";
const BIRCH: &str = "registry/parties/birch.toml";
const FEEDS: &str = "rules/grower-feeds.toml";
const HEADER: &str = "registry/registry.toml";
const DAILY: &str = "[{ feed = \"daily\", from = 2015-01-01 }]";
const EXAMPLE: &str = "
[[example]]
name    = \"no feed\"
on      = 2016-09-30
expect  = \"breach\"
subject = \"parties/a\"
records = \"\"\"
[parties.a]
category = [{ is = 'grower', from = 2015-01-01 }]
registration-data = []
\"\"\"
";

/// What is tried, what is known of why nothing is found where nothing is, and how.
type Attack = (&'static str, Known, fn(&Repo));

/// What ought to come of an attack.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Known {
    /// An error, or no judgement at all.
    Found,
    /// An error where a rule of the kind `history` asks this of commits; nothing where none does.
    Asked(&'static str),
    /// Nothing comes of it, for a reason.
    Harmless(&'static str),
    /// Nothing is found, and whoever reviews it decides, for a reason.
    Judgement(&'static str),
}

use Known::{Asked, Found, Harmless, Judgement};

/// In breach, so that what hides a breach has one to hide.
fn breach(repo: &Repo) {
    repo.edit(ACORN, DAILY, "[]");
}

fn remove(repo: &Repo, path: &str) {
    std::fs::remove_file(repo.path(path)).unwrap();
}

/// Commits the tree of `main` with one entry more in the folder of people, as no git command would.
fn crafted(repo: &Repo, mode: &str, name: &[u8], id: &str) {
    let of = |path: &str| repo.git(&["rev-parse", &format!("main:{path}")]);
    let entries: Vec<(&str, String)> = ["bodies", "organisations", "parties", "seats", "sources"]
        .into_iter()
        .map(|folder| (folder, of(&format!("registry/{folder}"))))
        .collect();
    let people: Vec<(String, String)> = ["ann", "bob", "cy", "dee"]
        .into_iter()
        .map(|one| (format!("{one}.toml"), of(&format!("registry/people/{one}.toml"))))
        .collect();
    let mut listed: Vec<_> = people.iter().map(|(name, id)| ("100644", name.as_bytes(), id.as_str())).collect();
    listed.push((mode, name, id));
    listed.sort_by_key(|(_, name, _)| *name);
    let people = tree_of(repo, &listed);
    let header = of(HEADER);
    let mut listed: Vec<_> = entries.iter().map(|(name, id)| ("40000", name.as_bytes(), id.as_str())).collect();
    listed.extend([("40000", &b"people"[..], people.as_str()), ("100644", b"registry.toml", &header)]);
    listed.sort_by_key(|(_, name, _)| *name);
    let (registry, rules) = (tree_of(repo, &listed), of("rules"));
    let root = tree_of(repo, &[("40000", b"registry", &registry), ("40000", b"rules", &rules)]);
    let commit = repo.git(&["commit-tree", "-p", "main", "-m", "crafted", &root]);
    repo.git(&["update-ref", "refs/heads/topic", &commit]);
}

static ATTACKS: &[Attack] = &[
    ("a breach, and nothing that hides it", Found, breach),
    ("a rule loosened and leaned on", Found, |repo| {
        repo.edit(ACORN, "\"daily\"", "\"weekly\"");
        repo.edit(FEEDS, "[\"daily\"]", "[\"weekly\"]");
    }),
    ("a rule taken out and leaned on", Found, |repo| {
        breach(repo);
        remove(repo, FEEDS);
    }),
    ("a rule made a note and leaned on", Found, |repo| {
        breach(repo);
        repo.edit(FEEDS, "\"error\"", "\"note\"");
    }),
    ("the evidence of a rule weakened, and leaned on", Found, |repo| {
        breach(repo);
        repo.edit(FEEDS, "\"text\"", "\"recalled\"");
    }),
    ("a variation inserted that suspends a rule", Found, |repo| {
        breach(repo);
        repo.write(
            "rules/away.toml",
            "title = \"Away\"\nkind = \"variation\"\nclause = \"A2\"\nlevel = \"error\"\neffect = [{ op = \"suspend\", target = \"grower-feeds\", from = 2015-01-01, until = \"open\", source = [\"byelaws\"], basis = \"text\" }]\n",
        );
    }),
    ("a derogation granted by its beneficiary", Found, |repo| {
        breach(repo);
        repo.write(
            "registry/derogations/acorn.toml",
            "rule = \"grower-feeds\"\nsubject = \"parties/acorn\"\nfrom = 2015-01-01\nuntil = 2017-01-01\ngranted-by = \"acorn\"\nreason = \"we like it so\"\nsource = [\"minutes\"]\n",
        );
    }),
    ("words added to the code and used", Found, |repo| {
        repo.edit("rules/code.toml", "[\"daily\", \"weekly\"]", "[\"daily\", \"weekly\", \"hourly\"]");
        repo.edit(ACORN, DAILY, "[{ feed = \"daily\", from = 2015-01-01 }, { feed = \"hourly\", from = 2015-01-01 }]");
    }),
    ("coverage flipped from complete to partial, and a seat dropped", Asked("deleted"), |repo| {
        repo.edit("registry/registry.toml", "seats   = \"complete\"", "seats   = \"partial\"");
        remove(repo, "registry/seats/board/packer-1.toml");
    }),
    ("the position moved back to before the breach", Found, |repo| {
        breach(repo);
        repo.edit("registry/registry.toml", "2016-09-30", "2014-12-31");
    }),
    ("the registry swapped for another schema", Found, |repo| {
        repo.edit("registry/registry.toml", "schema   = 1", "schema   = 2");
    }),
    ("a tenure back-dated, so that it is past its end", Found, |repo| {
        repo.edit("registry/seats/board/grower-1.toml", "from = 2016-01-01", "from = 2015-01-01");
    }),
    ("a record deleted that others name", Found, |repo| remove(repo, "registry/people/ann.toml")),
    ("a party deleted whose employee is named", Found, |repo| remove(repo, BIRCH)),
    ("an id recycled for somebody else", Asked("past-edited"), |repo| {
        repo.edit(BIRCH, "Birch Packers", "Another Company");
        repo.edit(BIRCH, "acceded = 2015-01-01", "acceded = 2016-09-01");
        repo.edit(BIRCH, "packer\", from = 2015-01-01", "packer\", from = 2016-09-01");
    }),
    ("a record and the rules hidden by .gitignore", Found, |repo| {
        breach(repo);
        repo.write(".gitignore", "registry/\nrules/\n");
    }),
    ("filters, encodings and export-subst in .gitattributes", Found, |repo| {
        breach(repo);
        // First, or git itself would refuse what these attributes make of it.
        repo.commit("nothing to see here");
        repo.write(".gitattributes", "*.toml -diff -text export-subst working-tree-encoding=UTF-16 filter=gone\n");
        repo.git(&["add", ".gitattributes"]);
        repo.git(&["commit", "--quiet", "-m", "nor here"]);
    }),
    ("names swapped by .mailmap", Found, |repo| {
        breach(repo);
        repo.write(".mailmap", "Nobody <nobody@example.org> A. Clerk <clerk@example.org>\n");
    }),
    ("a .gitmodules that names the registry", Found, |repo| {
        breach(repo);
        repo.write(".gitmodules", "[submodule \"r\"]\n\tpath = registry\n\turl = https://example.org/r\n");
    }),
    ("a link out of the tree", Found, |repo| repo.link("registry/parties/cedar.toml", "/etc/passwd")),
    ("the registry's parties a link", Found, |repo| {
        std::fs::remove_dir_all(repo.path("registry/parties")).unwrap();
        repo.link("registry/parties", "/etc");
    }),
    ("a huge file", Found, |repo| repo.write(BIRCH, format!("name = \"{}\"\n", "x".repeat(2 << 20)))),
    ("a deeply nested file", Found, |repo| {
        repo.write(BIRCH, format!("name = {}{}\n", "[".repeat(100_000), "]".repeat(100_000)));
    }),
    ("a dotted key of many parts", Found, |repo| repo.write(BIRCH, format!("{} = 1\n", vec!["a"; 50_000].join(".")))),
    ("bytes that are no UTF-8", Found, |repo| repo.write(BIRCH, b"name = \"\xff\xfe\"\n")),
    ("a file that begins with a byte order mark and a NUL", Found, |repo| {
        repo.write(BIRCH, "\u{feff}name = \"a\0b\"\n")
    }),
    ("a Cyrillic letter in an id", Found, |repo| {
        repo.write("registry/people/\u{430}nn.toml", "name = \"Ann\"\nsource = [\"minutes\"]\n");
    }),
    ("paths that differ in case only", Found, |repo| {
        repo.write("registry/people/Ann.toml", "name = \"Ann\"\nsource = [\"minutes\"]\n");
    }),
    ("a name composed otherwise (NFD)", Found, |repo| {
        repo.write("registry/people/e\u{301}ve.toml", "name = \"Eve\"\nsource = [\"minutes\"]\n");
    }),
    ("a line break and an escape in a name", Found, |repo| {
        repo.edit(BIRCH, "Birch Packers", "Birch\\n::error::\\u001b[2J");
        repo.edit(BIRCH, "\"packer\"", "\"pa\\u001bcker\"");
    }),
    ("the rules moved elsewhere", Found, |repo| std::fs::rename(repo.path("rules"), repo.path("other-rules")).unwrap()),
    ("a file marked executable", Found, |repo| {
        use std::os::unix::fs::PermissionsExt;
        breach(repo);
        std::fs::set_permissions(repo.path(ACORN), std::fs::Permissions::from_mode(0o755)).unwrap();
    }),
    ("a holiday added to excuse a late nomination", Found, |repo| {
        repo.write(
            "registry/elections/late.toml",
            "body = \"board\"\nreason = \"vacancy\"\ncalled = 2016-09-01\nsource = [\"minutes\"]\nnomination = [{ candidate = \"ann\", received = 2016-09-09 }]\n",
        );
        repo.edit(
            "rules/calendars/home.toml",
            "[[day]]\non         = 2016-12-26",
            "[[day]]\non         = 2016-09-02\ntitle      = \"Ours\"\nknown-from = 2012-01-01\n\n[[day]]\non         = 2016-12-26",
        );
    }),
    ("an example weakened with its rule, and leaned on", Found, |repo| {
        breach(repo);
        repo.edit(FEEDS, "\"error\"", "\"note\"");
        repo.write(FEEDS, std::fs::read_to_string(repo.path(FEEDS)).unwrap() + &EXAMPLE.replace("breach", "pass"));
    }),
    (
        "a rule loosened in one pull request, to be leaned on in the next",
        Judgement(
            "a looser rule is no breach by itself, and may be right: the change summary shows it; `unsigned` says who may, and `audit --rules-at` judges by the rules of before",
        ),
        |repo| repo.edit(FEEDS, "\"error\"", "\"note\""),
    ),
    ("a submodule among the people", Found, |repo| {
        crafted(repo, "160000", b"eve.toml", &repo.git(&["rev-parse", "main"]));
    }),
    ("an entry called `..`", Found, |repo| crafted(repo, "100644", b"..", &blob(repo, b"name = \"Eve\"\n"))),
    ("an object that the repository lacks", Found, |repo| crafted(repo, "100644", b"eve.toml", &"12".repeat(20))),
    ("an object whose bytes are damaged", Found, |repo| {
        let id = blob(repo, b"name = \"Eve\"\nsource = [\"minutes\"]\n");
        crafted(repo, "100644", b"eve.toml", &id);
        let path = format!(".git/objects/{}/{}", &id[..2], &id[2..]);
        remove(repo, &path);
        repo.write(&path, b"no zlib at all");
    }),
    ("a direction override in a name", Found, |repo| repo.edit(BIRCH, "Birch Packers", "Birch \u{202e}srekcaP")),
    ("a direction override written as an escape", Found, |repo| repo.edit(BIRCH, "Birch", "\\u202eBirch")),
    ("a direction override in a comment", Found, |repo| repo.edit(BIRCH, "name ", "# \u{2067} x\nname ")),
    ("a space of no width in a name", Found, |repo| repo.edit(BIRCH, "Birch", "Bir\u{200b}ch")),
    ("a name in NFC beside the same in NFD", Found, |repo| {
        repo.write("registry/people/zoe.toml", "name = \"Zo\u{eb}\"\nsource = [\"minutes\"]\nemployment = []\n");
        repo.write("registry/people/zoe-2.toml", "name = \"Zoe\u{308}\"\nsource = [\"minutes\"]\nemployment = []\n");
    }),
    ("a Cyrillic letter in a name", Found, |repo| repo.edit(ANN, "\"Ann\"", "\"\u{410}nn\"")),
    ("a name wholly of Greek letters that look Latin", Found, |repo| {
        repo.edit(ANN, "\"Ann\"", "\"\u{391}\u{39d}\u{39d}\"")
    }),
    ("a direction override in the title of a rule", Found, |repo| {
        repo.edit(FEEDS, "Growers send", "Growers \u{202e}send");
    }),
    ("a derogation granted by a holding company of its beneficiary", Found, |repo| {
        breach(repo);
        repo.write(
            "registry/organisations/oak.toml",
            "name = \"Oak\"\nsource = [\"minutes\"]\naffiliation = [{ with = \"acorn\", from = 2015-01-01 }]\n",
        );
        repo.write(
            "registry/derogations/acorn.toml",
            "rule = \"grower-feeds\"\nsubject = \"parties/acorn\"\nfrom = 2015-01-01\nuntil = 2017-01-01\ngranted-by = \"oak\"\nreason = \"we like it so\"\nsource = [\"minutes\"]\n",
        );
    }),
    ("a file for readers beside the records", Harmless("`.md` files are read by people only"), |repo| {
        repo.write("registry/README.md", "# name = \"Eve\"\n");
    }),
    ("a hook and a configuration in the tree", Harmless("nothing of a tree is ever run"), |repo| {
        repo.write("hooks/post-checkout", "#!/bin/sh\ntouch /tmp/owned\n");
        repo.write(".gitconfig", "[core]\n\tfsmonitor = touch /tmp/owned\n");
    }),
    ("a Cyrillic letter in a word of the code", Found, |repo| {
        repo.edit("rules/code.toml", "\"Grower\"", "\"Gr\u{43e}wer\"");
    }),
    ("a comment in a rule that is not seen", Found, |repo| {
        repo.edit(FEEDS, "level ", "# \u{2066}\u{200b}\nlevel ");
    }),
    ("a key brought along, and the change signed by it", Asked("unsigned"), |repo| {
        let public = key(repo, "eve", &["ed25519"]);
        allow(repo, "ann", "", &public, "from = 2015-01-01");
        commit_as(repo, "eve", "let me in");
    }),
];

/// What came of one: whether it was an answer of 1 or 2, and in words. `asked` is what a rule asks of
/// commits.
fn came_of(attack: fn(&Repo), asked: Option<&str>) -> (bool, String) {
    let repo = orchard_in_git();
    if let Some(test) = asked {
        // Of all records, not of some.
        ask(&repo, test);
        let path = format!("rules/commits-{test}.toml");
        let rule = std::fs::read_to_string(repo.path(&path)).unwrap();
        let lines: Vec<&str> = rule.lines().filter(|line| !line.starts_with("paths")).collect();
        repo.write(&path, lines.join("\n"));
        repo.commit("rules: what commits do");
    }
    repo.git(&["checkout", "--quiet", "-b", "topic"]);
    attack(&repo);
    if repo.git(&["rev-list", "main..topic"]).is_empty() {
        repo.commit("nothing to see here");
    }
    let run = check(&repo, &["--at", "topic", "--base", "main"]);
    assert!(run.status <= 2 && !run.stderr.contains("panicked"), "{run:?}");
    if run.status == 2 {
        let why = run.stderr.lines().find(|line| !line.trim().is_empty()).unwrap_or("");
        return (true, format!("2: {}", why.trim().trim_start_matches("quorate: ")));
    }
    let mut told = format!("{}:", run.status);
    for finding in run.findings().iter().filter(|finding| finding["status"] == "new") {
        let word = |key: &str| match finding[key].as_str().unwrap() {
            commit if commit.starts_with("commits/") => "commits/ID".to_owned(),
            word => word.escape_debug().to_string(),
        };
        let by = if finding["rules"] == "base" { ", by the base" } else { "" };
        let _ = write!(told, " {} `{}` on `{}`{by};", word("level"), word("rule"), word("subject"));
    }
    (run.status == 1, told.trim_end_matches([':', ';']).to_owned())
}

/// The page that tells of all.
fn page() -> String {
    let mut page = String::from(
        "# Attacks\n\nHostile pull requests, each a scripted commit on a small registry that keeps every rule, judged with\n`quorate check --at topic --base main`. `tests/attacks.rs` makes them and keeps this page\n(`BLESS=1 cargo test attacks`). The last column is the exit status and what is new: 1 where an error is\nfound, 2 where nothing is judged. \"By the base\": only the base's rules or position tell. \"If asked\": no tree\nshows it, only commits do, and it is found where a rule of the kind [`history`](kinds/history.md) has that test.\n\"Judgement\": nothing is wrong by the rules, and whoever reviews the change decides.\n\n| # | what is tried | | what comes of it |\n| --: | --- | --- | --- |\n",
    );
    let mut wrong = String::new();
    for (number, (name, known, attack)) in (1..).zip(ATTACKS) {
        let (is_found, mut told) = came_of(*attack, None);
        let mut is_right = is_found == (*known == Found);
        let (verdict, why) = match known {
            Found => ("found".to_owned(), String::new()),
            Asked(test) => {
                let (is_found, by_rule) = came_of(*attack, Some(test));
                is_right &= is_found;
                told = by_rule;
                (format!("found if asked: `{test}`"), String::new())
            }
            Harmless(why) => ("harmless".to_owned(), format!(" ({why})")),
            Judgement(why) => ("judgement".to_owned(), format!(" ({why})")),
        };
        if !is_right {
            let _ = writeln!(wrong, "{name}: {told}");
        }
        let _ = writeln!(page, "| {number} | {name} | {verdict} | {told}{why} |");
    }
    assert_eq!(wrong, "", "found, and said not to be, or the other way round");
    page
}

#[test]
fn attacks_come_to_what_is_written() {
    let page = page();
    let path = manifest().join("docs/attacks.md");
    if std::env::var_os("BLESS").is_some() {
        std::fs::write(&path, &page).unwrap();
    }
    assert!(ATTACKS.len() >= 25);
    assert_eq!(page, std::fs::read_to_string(path).unwrap());
}

/// What stands beside the commits, and never in them, changes nothing of what is found.
#[test]
fn replace_refs_and_grafts_hide_nothing() {
    let repo = orchard_in_git();
    let good = repo.git(&["rev-parse", "HEAD"]);
    repo.git(&["checkout", "--quiet", "-b", "topic"]);
    breach(&repo);
    let bad = repo.commit("in breach");
    let args = ["--at", "topic", "--base", "main"];
    let plain = check(&repo, &args);
    assert_eq!((plain.status, plain.findings().len()), (1, 1));
    repo.git(&["replace", &bad, &good]);
    repo.write(".git/info/grafts", format!("{bad}\n"));
    assert_eq!(check(&repo, &args).json(), plain.json());
}

/// A merge that brings what neither parent had is judged as the whole it makes.
#[test]
fn a_merge_that_brings_what_neither_parent_had_is_found() {
    let repo = orchard_in_git();
    repo.git(&["checkout", "--quiet", "-b", "topic"]);
    repo.write("notes", "one");
    repo.commit("harmless");
    repo.git(&["checkout", "--quiet", "-b", "other", "main"]);
    repo.write("more-notes", "two");
    repo.commit("harmless too");
    repo.git(&["merge", "--quiet", "--no-commit", "--no-ff", "topic"]);
    breach(&repo);
    repo.commit("a merge");
    let run = check(&repo, &["--at", "other", "--base", "main"]);
    assert_eq!((run.status, run.findings()[0]["rule"].as_str()), (1, Some("grower-feeds")));
}
