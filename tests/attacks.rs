//! Hostile pull requests against the orchard, each held against `main`. What comes of each stands in
//! `tests/attacks/found.txt`, in the order below: exit status, then what is new. Read a difference
//! before `BLESS=1 cargo test attacks`.

use std::fmt::Write as _;

use crate::common::{Repo, check, manifest, orchard_in_git};

const ACORN: &str = "registry/parties/acorn.toml";
const BIRCH: &str = "registry/parties/birch.toml";
const FEEDS: &str = "rules/grower-feeds.toml";
const DAILY: &str = "[{ feed = \"daily\", from = 2015-01-01 }]";

type Attack = (&'static str, fn(&Repo));

/// In breach, so that what hides a breach has one to hide.
fn breach(repo: &Repo) {
    repo.edit(ACORN, DAILY, "[]");
}

fn remove(repo: &Repo, path: &str) {
    std::fs::remove_file(repo.path(path)).unwrap();
}

static ATTACKS: &[Attack] = &[
    ("a breach, and nothing that hides it", breach),
    ("a rule loosened and leaned on", |repo| {
        repo.edit(ACORN, "\"daily\"", "\"weekly\"");
        repo.edit(FEEDS, "[\"daily\"]", "[\"weekly\"]");
    }),
    ("a rule taken out and leaned on", |repo| {
        breach(repo);
        remove(repo, FEEDS);
    }),
    ("a rule made a note and leaned on", |repo| {
        breach(repo);
        repo.edit(FEEDS, "\"error\"", "\"note\"");
    }),
    ("the evidence of a rule weakened, and leaned on", |repo| {
        breach(repo);
        repo.edit(FEEDS, "\"text\"", "\"recalled\"");
    }),
    ("a variation inserted that suspends a rule", |repo| {
        breach(repo);
        repo.write(
            "rules/away.toml",
            "title = \"Away\"\nkind = \"variation\"\nclause = \"A2\"\nlevel = \"error\"\neffect = [{ op = \"suspend\", target = \"grower-feeds\", from = 2015-01-01, until = \"open\", source = [\"byelaws\"], basis = \"text\" }]\n",
        );
    }),
    ("a derogation granted by its beneficiary", |repo| {
        breach(repo);
        repo.write(
            "registry/derogations/acorn.toml",
            "rule = \"grower-feeds\"\nsubject = \"parties/acorn\"\nfrom = 2015-01-01\nuntil = 2017-01-01\ngranted-by = \"acorn\"\nreason = \"we like it so\"\nsource = [\"minutes\"]\n",
        );
    }),
    ("words added to the code and used", |repo| {
        repo.edit("rules/code.toml", "[\"daily\", \"weekly\"]", "[\"daily\", \"weekly\", \"hourly\"]");
        repo.edit(ACORN, DAILY, "[{ feed = \"daily\", from = 2015-01-01 }, { feed = \"hourly\", from = 2015-01-01 }]");
    }),
    ("coverage flipped from complete to partial, and a seat dropped", |repo| {
        repo.edit("registry/registry.toml", "seats   = \"complete\"", "seats   = \"partial\"");
        remove(repo, "registry/seats/board/packer-1.toml");
    }),
    ("the position moved back to before the breach", |repo| {
        breach(repo);
        repo.edit("registry/registry.toml", "2016-09-30", "2014-12-31");
    }),
    ("the registry swapped for another schema", |repo| {
        repo.edit("registry/registry.toml", "schema   = 1", "schema   = 2");
    }),
    ("a tenure back-dated, so that it is past its end", |repo| {
        repo.edit("registry/seats/board/grower-1.toml", "from = 2016-01-01", "from = 2015-01-01");
    }),
    ("a record deleted that others name", |repo| remove(repo, "registry/people/ann.toml")),
    ("a record deleted that no other names", |repo| remove(repo, BIRCH)),
    ("an id recycled for somebody else", |repo| {
        repo.edit(BIRCH, "Birch Packers", "Another Company");
        repo.edit(BIRCH, "acceded = 2015-01-01", "acceded = 2016-09-01");
        repo.edit(BIRCH, "packer\", from = 2015-01-01", "packer\", from = 2016-09-01");
    }),
    ("a record and the rules hidden by .gitignore", |repo| {
        breach(repo);
        repo.write(".gitignore", "registry/\nrules/\n");
    }),
    ("filters, encodings and export-subst in .gitattributes", |repo| {
        breach(repo);
        // First, or git itself would refuse what these attributes make of it.
        repo.commit("nothing to see here");
        repo.write(".gitattributes", "*.toml -diff -text export-subst working-tree-encoding=UTF-16 filter=gone\n");
        repo.git(&["add", ".gitattributes"]);
        repo.git(&["commit", "--quiet", "-m", "nor here"]);
    }),
    ("names swapped by .mailmap", |repo| {
        breach(repo);
        repo.write(".mailmap", "Nobody <nobody@example.org> A. Clerk <clerk@example.org>\n");
    }),
    ("a .gitmodules that names the registry", |repo| {
        breach(repo);
        repo.write(".gitmodules", "[submodule \"r\"]\n\tpath = registry\n\turl = https://example.org/r\n");
    }),
    ("a link out of the tree", |repo| repo.link("registry/parties/cedar.toml", "/etc/passwd")),
    ("the registry's parties a link", |repo| {
        std::fs::remove_dir_all(repo.path("registry/parties")).unwrap();
        repo.link("registry/parties", "/etc");
    }),
    ("a huge file", |repo| repo.write(BIRCH, format!("name = \"{}\"\n", "x".repeat(2 << 20)))),
    ("a deeply nested file", |repo| {
        repo.write(BIRCH, format!("name = {}{}\n", "[".repeat(100_000), "]".repeat(100_000)));
    }),
    ("a dotted key of many parts", |repo| repo.write(BIRCH, format!("{} = 1\n", vec!["a"; 50_000].join(".")))),
    ("bytes that are no UTF-8", |repo| repo.write(BIRCH, b"name = \"\xff\xfe\"\n")),
    ("a file that begins with a byte order mark and a NUL", |repo| repo.write(BIRCH, "\u{feff}name = \"a\0b\"\n")),
    ("a Cyrillic letter in an id", |repo| {
        repo.write("registry/people/\u{430}nn.toml", "name = \"Ann\"\nsource = [\"minutes\"]\n");
    }),
    ("paths that differ in case only", |repo| {
        repo.write("registry/people/Ann.toml", "name = \"Ann\"\nsource = [\"minutes\"]\n");
    }),
    ("a name composed otherwise (NFD)", |repo| {
        repo.write("registry/people/e\u{301}ve.toml", "name = \"Eve\"\nsource = [\"minutes\"]\n");
    }),
    ("a line break and an escape in a name", |repo| {
        repo.edit(BIRCH, "Birch Packers", "Birch\\n::error::\\u001b[2J");
        repo.edit(BIRCH, "\"packer\"", "\"pa\\u001bcker\"");
    }),
    ("the rules moved elsewhere", |repo| std::fs::rename(repo.path("rules"), repo.path("other-rules")).unwrap()),
    ("a file marked executable", |repo| {
        use std::os::unix::fs::PermissionsExt;
        breach(repo);
        std::fs::set_permissions(repo.path(ACORN), std::fs::Permissions::from_mode(0o755)).unwrap();
    }),
    ("a holiday added to excuse a late nomination", |repo| {
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
];

/// What came of one: the exit status, what is new, or why nothing could be judged.
fn came_of(attack: fn(&Repo)) -> String {
    let repo = orchard_in_git();
    repo.git(&["checkout", "--quiet", "-b", "topic"]);
    attack(&repo);
    if repo.git(&["rev-list", "main..topic"]).is_empty() {
        repo.commit("nothing to see here");
    }
    let run = check(&repo, &["--at", "topic", "--base", "main"]);
    let mut told = format!("  exit {}\n", run.status);
    assert!(run.status <= 2 && !run.stderr.contains("panicked"), "{run:?}");
    if run.status == 2 {
        let why = run.stderr.lines().find(|line| !line.trim().is_empty()).unwrap_or("");
        let _ = writeln!(told, "  {}", why.trim());
        return told;
    }
    for finding in run.findings().iter().filter(|finding| finding["status"] == "new") {
        let words =
            ["rule", "subject", "slot", "outcome", "level"].map(|key| finding[key].as_str().unwrap().to_owned());
        let by = if finding["rules"] == "base" { " (by the rules of the base)" } else { "" };
        let short: String = words.join(" ").escape_debug().take(160).collect();
        let _ = writeln!(told, "  new {short}{by}");
    }
    told
}

#[test]
fn attacks_come_to_what_is_written() {
    let found: String = ATTACKS.iter().map(|(name, attack)| format!("{name}\n{}\n", came_of(*attack))).collect();
    let path = manifest().join("tests/attacks/found.txt");
    if std::env::var_os("BLESS").is_some() {
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(&path, &found).unwrap();
    }
    assert_eq!(found, std::fs::read_to_string(path).unwrap());
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
