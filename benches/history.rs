//! What history costs: the audit for each commit, a resumed audit, the life of one record, and a check
//! held against the commit before; each beside its floor, in the same run. `benches/README.md` says how
//! to read the table.

#![allow(
    clippy::print_stdout,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects
)]
#![allow(clippy::cast_precision_loss, reason = "figures for people")]

#[allow(dead_code, reason = "shared with the others")]
mod common;

use std::{
    fs,
    hint::black_box,
    io::{BufWriter, Write},
    path::{Path, PathBuf},
    process::{Command, Stdio},
    time::{Duration, Instant},
};

use common::{draw, median, quorate, registry, walk, watched};
use gix::{bstr::ByteSlice, odb::pack::cache::lru::MemoryCappedHashmap};
use quorate::{
    against,
    audit::{self, Cache, Wanted},
    check::Selection,
    day::{Day, When},
    log,
    tree::Whereabouts,
};
use toml::de::DeTable;

const SEED: u64 = 1;
/// The bytes of objects that the floor keeps at hand, as the tool does.
const AT_HAND: usize = 16 << 20;
/// Those of what others are stored as differences from.
const BASES: usize = 32 << 20;

fn main() {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let value = |name: &str| args.iter().position(|arg| arg == name).and_then(|at| args.get(at + 1));
    let number = |name: &str, default: usize| {
        value(name).map_or(default, |text| text.parse().expect("a number behind its name"))
    };
    let (commits, records) = (number("--commits", 1_000), number("--records", 1_000));
    let made = Instant::now();
    let (folder, one) = history(commits, records);
    println!(
        "{commits} commits over {records} records, {} threads; made in {:.0} s",
        rayon::current_num_threads(),
        made.elapsed().as_secs_f64()
    );
    println!("{:<52} {:>10} {:>12} {:>8} {:>8}", "what", "ms", "µs a commit", "x floor", "MB");
    audits(&folder, commits);
    resumed(&folder, commits);
    life(&folder, &one);
    base(&folder);
}

/// Prints one line of the table.
fn row(what: &str, time: Duration, commits: usize, floor: Option<Duration>, peak: Option<usize>) {
    let per_commit = time.as_secs_f64() * 1e6 / commits.max(1) as f64;
    let ratio = floor.map_or("-".to_owned(), |floor| format!("{:.2}", time.as_secs_f64() / floor.as_secs_f64()));
    let peak = peak.map_or("-".to_owned(), |bytes| format!("{:.0}", bytes as f64 / f64::from(1 << 20)));
    println!("{what:<52} {:>10.1} {per_commit:>12.0} {ratio:>8} {peak:>8}", time.as_secs_f64() * 1e3);
}

fn timed<T>(work: impl FnOnce() -> T) -> (Duration, T) {
    let start = Instant::now();
    let made = work();
    (start.elapsed(), made)
}

fn here(folder: &Path, rev: &str) -> Whereabouts {
    Whereabouts { start: folder.to_owned(), at: Some(rev.to_owned()), ..Whereabouts::default() }
}

/// The whole history, after the first full check: on the day of each commit, and all on one.
fn audits(folder: &Path, commits: usize) {
    let (floor, changes) = timed(|| walk_diff_read_parse(folder, "HEAD", Some(commits)));
    row(&format!("floor: walk, diff, read and parse {changes} changes"), floor, commits, None, None);
    let git = timed(|| output(Command::new("git").current_dir(folder).args(["log", "--raw", "--first-parent"])));
    row("git log --raw", git.0, commits, Some(floor), None);
    let first = format!("HEAD~{commits}");
    let full = timed(|| check(folder, &first)).0;
    let checking = watched(quorate(folder, &["check", "--at", "HEAD", "--fail-on", "never"])).1;
    row("check of the first commit", full, 1, None, Some(checking));
    for (name, on) in [("audit, each commit on its own day", None), ("audit, all on one day", Day::new(2016, 9, 30))] {
        let wanted = Wanted { on, ..Wanted::default() };
        let (all, audit) = timed(|| audit::of(&here(folder, "HEAD"), &wanted, &mut Cache::default(), &|_, _| {}));
        let audit = audit.expect("the history is audited");
        assert!(audit.commits.iter().all(|commit| commit.counts.is_ok()), "a commit could not be judged");
        let mut args = vec!["audit", "--no-cache", "--fail-on", "never", "--quiet"];
        args.extend(on.map(|_| ["--on", "2016-09-30"]).into_iter().flatten());
        row(name, all.saturating_sub(full), commits, Some(floor), Some(watched(quorate(folder, &args)).1));
    }
}

/// Ten new commits where all before them is remembered.
fn resumed(folder: &Path, commits: usize) {
    let kept = tempfile::tempdir().expect("a folder");
    let audit = |range: &str| {
        let wanted = Wanted { range: Some(range.to_owned()), on: None };
        let mut cache = Cache::open(kept.path(), "bench");
        timed(|| audit::of(&here(folder, "HEAD"), &wanted, &mut cache, &|_, _| {}).expect("it is audited")).0
    };
    audit("HEAD~10");
    let floor = timed(|| walk_diff_read_parse(folder, "HEAD", Some(10))).0;
    row("floor: walk, diff, read and parse ten commits", floor, 10, None, None);
    row("audit resumed, ten new commits", audit("HEAD"), 10, Some(floor), None);
    row("audit resumed, nothing new", audit("HEAD"), commits, None, None);
}

/// The life of the record that changed most.
fn life(folder: &Path, path: &str) {
    let (floor, turns) = timed(|| look_up_in_each(folder, path));
    row(&format!("floor: look one path up in each commit, {turns} turns"), floor, 1, None, None);
    let subject = path.trim_start_matches("registry/").trim_end_matches(".toml");
    let wanted = log::Wanted::parse(subject).expect("a record");
    let time = timed(|| black_box(log::of(&here(folder, "HEAD").open().expect("it opens"), &wanted)).is_ok()).0;
    row(&format!("log {subject}"), time, 1, Some(floor), None);
}

/// A check against the commit before, which changed one record or a few: the last but one, for the last may
/// touch a rule.
fn base(folder: &Path) {
    let mut cold: Vec<Duration> = (0..5).map(|_| timed(|| check(folder, "HEAD~1")).0).collect();
    let mut held: Vec<Duration> = (0..5)
        .map(|_| {
            timed(|| {
                let at = here(folder, "HEAD~1");
                let opened = at.open().expect("it opens");
                let tree = opened.tree().expect("it is read");
                let all = Selection::default();
                black_box(against::judge(&at, &opened, tree, "HEAD~2", None, &all).expect("it is judged"));
            })
            .0
        })
        .collect();
    let (cold, held) = (median(&mut cold), median(&mut held));
    row("check --at HEAD~1, cold", cold, 1, None, None);
    row("check --at HEAD~1 --base HEAD~2", held, 1, Some(cold), None);
}

fn check(folder: &Path, rev: &str) {
    let tree = here(folder, rev).open().and_then(|opened| opened.tree()).expect("the commit is read");
    let day = tree.day(None).expect("the registry states its position");
    black_box(tree.judge(day, &Selection::default()));
}

/// The floor: the first-parent line, the tree diff of each commit against the one before, and every file
/// that it brought read and parsed. Gives how many there were.
fn walk_diff_read_parse(folder: &Path, rev: &str, most: Option<usize>) -> usize {
    let mut repo = gix::open_opts(folder, gix::open::Options::isolated()).expect("the repository opens");
    repo.object_cache_size(AT_HAND);
    repo.objects.set_pack_cache(|| Box::new(MemoryCappedHashmap::new(BASES)));
    let mut at = repo.rev_parse_single(rev).expect("a commit").object().expect("a commit").into_commit();
    let mut state = gix::diff::tree::State::default();
    let mut changes = 0;
    for _ in 0..most.unwrap_or(usize::MAX) {
        let Some(parent) = at.parent_ids().next() else { break };
        let parent = parent.object().expect("the parent is read").into_commit();
        let (old, new) = (parent.tree().expect("a tree"), at.tree().expect("a tree"));
        let mut recorder = gix::diff::tree::Recorder::default();
        let sides = (
            gix::objs::TreeRefIter::from_bytes(&old.data, old.id.kind()),
            gix::objs::TreeRefIter::from_bytes(&new.data, new.id.kind()),
        );
        gix::diff::tree(sides.0, sides.1, &mut state, &repo.objects, &mut recorder).expect("the trees differ");
        for change in recorder.records {
            let (mode, id) = match change {
                gix::diff::tree::recorder::Change::Addition { entry_mode, oid, .. }
                | gix::diff::tree::recorder::Change::Modification { entry_mode, oid, .. } => (entry_mode, oid),
                gix::diff::tree::recorder::Change::Deletion { .. } => continue,
            };
            if mode.is_blob() {
                let blob = repo.find_blob(id).expect("a blob");
                black_box(DeTable::parse(blob.data.to_str().expect("text")).is_ok());
                changes += 1;
            }
        }
        at = parent;
    }
    changes
}

/// The floor of the life of a record: its path looked up in each commit. Gives how often it changed.
fn look_up_in_each(folder: &Path, path: &str) -> usize {
    let mut repo = gix::open_opts(folder, gix::open::Options::isolated()).expect("the repository opens");
    repo.object_cache_size(8 << 20);
    let mut at = repo.rev_parse_single("HEAD").expect("a commit").object().expect("a commit").into_commit();
    let (mut turns, mut held) = (0, None);
    loop {
        let entry = at.tree().expect("a tree").lookup_entry_by_path(path).expect("a path");
        let id = entry.map(|entry| entry.object_id());
        turns += usize::from(id != held);
        held = id;
        let Some(parent) = at.parent_ids().next().map(gix::Id::detach) else { return turns };
        at = repo.find_commit(parent).expect("the parent is read");
    }
}

/// The folder of a generated history, and the path of the record that changed most; written once.
fn history(commits: usize, records: usize) -> (PathBuf, String) {
    let made = registry::make(&registry::Order::new(records, 0.01, SEED)).expect("a registry is made");
    let hot = made.files.iter().find(|(path, _)| path.starts_with("parties/")).expect("a party").0.clone();
    let all = Path::new(env!("CARGO_TARGET_TMPDIR")).with_file_name("bench-data");
    let folder = all.join(format!("history-{commits}-{records}-{SEED}-days.git"));
    if !folder.exists() {
        let draft = all.join(format!("draft-{}", std::process::id()));
        fs::create_dir_all(&draft).expect("a folder");
        output(Command::new("git").current_dir(&draft).args(["init", "--quiet", "--bare", "--initial-branch=main"]));
        let mut git = Command::new("git")
            .current_dir(&draft)
            .args(["fast-import", "--quiet"])
            .stdin(Stdio::piped())
            .spawn()
            .expect("git is installed");
        let stream = git.stdin.take().expect("a pipe");
        write_history(&mut BufWriter::new(stream), &made, &hot, commits).expect("the history is written");
        assert!(git.wait().expect("git ends").success());
        output(Command::new("git").current_dir(&draft).args(["repack", "-a", "-d", "-q"]));
        output(Command::new("git").current_dir(&draft).args(["commit-graph", "write", "--reachable"]));
        fs::rename(&draft, &folder).expect("the folder gets its name");
    }
    (folder, format!("registry/{hot}"))
}

/// Writes the first commit with everything, then so many that change one record to three: the last day of a
/// record, or where there is none, and of every other record, what is noted. One in fifty adds a person, one
/// in two hundred touches a rule. Five a day, from the day that the registry speaks for.
fn write_history(out: &mut impl Write, made: &registry::Made, hot: &str, commits: usize) -> std::io::Result<()> {
    let mut draw = draw::Draw::new(SEED);
    let rules = Path::new(env!("CARGO_MANIFEST_DIR")).join("rules");
    let mut rule_files = Vec::new();
    walk(&rules, &mut rule_files);
    rule_files.retain(|path| path.extension().is_some_and(|ending| ending == "toml"));
    rule_files.sort();
    let rules_of: Vec<(String, String)> = rule_files
        .iter()
        .map(|path| {
            let below = path.strip_prefix(&rules).expect("it lies below").display().to_string();
            (format!("rules/{below}"), fs::read_to_string(path).expect("a rule is read"))
        })
        .collect();
    let touched: Vec<&(String, String)> = rules_of.iter().filter(|(path, _)| path.starts_with("rules/c-")).collect();
    let records: Vec<&(String, String)> = made.files.iter().filter(|(path, _)| path.contains('/')).collect();
    let hot = records.iter().position(|(path, _)| path == hot).unwrap_or(0);
    begin(out, 0)?;
    for (path, text) in &rules_of {
        file(out, path, text)?;
    }
    for (path, text) in &made.files {
        file(out, &format!("registry/{path}"), text)?;
    }
    for at in 1..=commits {
        begin(out, at)?;
        for _ in 0..=draw.below(3) {
            let (path, text) = if draw.percent(5) { records[hot] } else { records[draw.below(records.len())] };
            let text = if draw.percent(50) { moved(text, &mut draw) } else { None }.unwrap_or_else(|| noted(text, at));
            file(out, &format!("registry/{path}"), &text)?;
        }
        if at % 50 == 0 {
            let text = "name = \"A newcomer\"\nsource = \"unknown\"\n";
            file(out, &format!("registry/people/newcomer-{at}.toml"), text)?;
        }
        if at % 200 == 0 {
            let (path, text) = touched[draw.below(touched.len())];
            file(out, path, &format!("{text}\n# looked at in commit {at}\n"))?;
        }
    }
    out.flush()
}

/// A record of which the last day is another.
fn moved(text: &str, draw: &mut draw::Draw) -> Option<String> {
    let days = regex::Regex::new("[0-9]{4}-[0-9]{2}-[0-9]{2}").expect("it is one");
    let found = days.find_iter(text).last()?;
    let day = When::parse(found.as_str())?.day()?;
    let by = i32::try_from(draw.below(60)).expect("few days") - 30;
    Some(format!("{}{}{}", &text[..found.start()], day.plus_days(by), &text[found.end()..]))
}

/// A record with another note.
fn noted(text: &str, at: usize) -> String {
    let mut kept: Vec<&str> = text.lines().filter(|line| !line.starts_with("note ")).collect();
    let note = format!("note = \"as looked at in commit {at}\"");
    kept.extend([note.as_str(), ""]);
    kept.join("\n")
}

fn begin(out: &mut impl Write, at: usize) -> std::io::Result<()> {
    let position = Day::new(2016, 9, 30).expect("a day").days_since(Day::new(1970, 1, 1).expect("a day"));
    let time = position * 86_400 + 28_800 + i64::try_from(at).expect("few commits") * 17_280;
    let who = format!("A. Clerk <clerk@example.org> {time} +0000");
    let title = format!("commit {at}");
    write!(
        out,
        "commit refs/heads/main\nmark :{}\nauthor {who}\ncommitter {who}\ndata {}\n{title}\n",
        at + 1,
        title.len()
    )?;
    if at > 0 { writeln!(out, "from :{at}") } else { Ok(()) }
}

fn file(out: &mut impl Write, path: &str, text: &str) -> std::io::Result<()> {
    write!(out, "M 100644 inline {path}\ndata {}\n{text}\n", text.len())
}

fn output(command: &mut Command) {
    let status = command.stdout(Stdio::null()).status().expect("it runs");
    assert!(status.success(), "{command:?}");
}
