//! What is fuzzed: functions that take any bytes, and panic where a promise is broken. `cargo fuzz`
//! runs them under libFuzzer (`fuzz/fuzz_targets/`); `examples/smoke.rs` runs them with a plain loop of
//! mutations, which needs no nightly compiler. Both begin with the seeds of this file.

use std::{
    cell::RefCell,
    fs,
    path::{Path, PathBuf},
    process::Command,
    sync::{Arc, OnceLock},
};

use quorate::{
    check::{Selection, Summary, Verdict},
    day::Day,
    error::Error,
    finding::{Basis, Clause, Finding, Level, Mark, Outcome, Status},
    record::Record,
    registry::{Header, Registry, file, link, read_file},
    render::{self, Style, escape, sarif::Manual},
    rulebook::{
        Rulebook,
        load::{self, RuleFile},
    },
    source::{Content, Source},
    text::{FileId, Span, Text, Texts},
    tree::{Tree, Whereabouts},
};

/// A target takes any bytes.
pub(crate) type Target = fn(&[u8]);

/// What is fuzzed, by name.
pub(crate) const ALL: &[(&str, Target)] = &[("records", records), ("rules", rules), ("git", git), ("formats", formats)];

/// Between the files of one input.
const BETWEEN: char = '\u{1e}';

fn root() -> PathBuf {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    if here.join("rules").is_dir() {
        here.to_owned()
    } else {
        here.parent().expect("fuzz/ lies in the repository").to_owned()
    }
}

/// Every file below a folder, with its path below it, sorted.
fn below(folder: &Path) -> Vec<(String, Vec<u8>)> {
    fn gather(top: &Path, folder: &Path, found: &mut Vec<(String, Vec<u8>)>) {
        for entry in fs::read_dir(folder).expect("a folder of the repository") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                gather(top, &path, found);
            } else {
                let name = path.strip_prefix(top).expect("it is below").to_string_lossy().into_owned();
                found.push((name, fs::read(&path).expect("a file of the repository")));
            }
        }
    }
    let mut found = Vec::new();
    gather(folder, folder, &mut found);
    found.sort();
    found
}

/// The inputs that a target begins with: what is shipped, and what is known to be bad.
pub(crate) fn seeds(target: &str) -> Vec<Vec<u8>> {
    let root = root();
    let files = |folder: &str| below(&root.join(folder)).into_iter().filter(|(path, _)| path.ends_with(".toml"));
    let joined = |(path, bytes): (String, Vec<u8>)| [path.as_bytes(), b"\n", &bytes].concat();
    let of_rules = |(path, _): &(String, Vec<u8>)| load::is_rule(path);
    match target {
        "records" => {
            let bad = files("tests/bad-files/records").chain(files("tests/bases/spoilt/registry"));
            files("registry").chain(bad).map(joined).collect()
        }
        "rules" => {
            let shipped = files("rules").filter(of_rules).chain(files("tests/bad-files/rule"));
            shipped.map(|(_, bytes)| bytes).collect()
        }
        // Which file of the repository is replaced, and by what.
        "git" => {
            let home = repository();
            let whole = |(at, path): (usize, &PathBuf)| {
                [&[u8::try_from(at).unwrap_or(0)], &fs::read(home.join(path)).expect("a file of git")[..]].concat()
            };
            HOME.with_borrow(|home| home.as_ref().expect("it was made").files.iter().enumerate().map(whole).collect())
        }
        _ => {
            let words = "seat `panel/x` is one more than the 2 that C3.1(a) allows\u{202e}\u{1b}[2J%0A::error::\r\n]](x){0}<&'\"=1+1";
            let bytes: Vec<u8> = (0..=255).collect();
            vec![words.as_bytes().to_vec(), bytes, [words.as_bytes(), "é🍎".repeat(40).as_bytes()].concat()]
        }
    }
}

/// The shipped rules, with some shipped records beside which others are judged.
struct Ground {
    book: Rulebook,
    records: Vec<Arc<Record>>,
    on: Day,
}

fn ground() -> &'static Ground {
    static GROUND: OnceLock<Ground> = OnceLock::new();
    GROUND.get_or_init(|| {
        let (book, _) = load::load(rule_files(None), Texts::default()).expect("the shipped rules can be read");
        let lexicon = book.code.lexicon();
        let kept = |path: &str| {
            ["bodies/", "organisations/", "seats/panel", "elections/"].iter().any(|one| path.starts_with(one))
        };
        let shipped = below(&root().join("registry")).into_iter().filter(|(path, _)| kept(path));
        let read = |(path, bytes): (String, Vec<u8>)| {
            let content = Content::Text(String::from_utf8(bytes).ok()?);
            read_file(FileId(0), &path, &path, content, &lexicon).record
        };
        Ground { records: shipped.filter_map(read).collect(), book, on: Day::new(2016, 9, 30).expect("a day") }
    })
}

/// The shipped rulebook's files, with another rule in the place of all.
fn rule_files(rule: Option<&str>) -> Vec<RuleFile> {
    static FILES: OnceLock<Vec<(String, String)>> = OnceLock::new();
    let all = FILES.get_or_init(|| {
        let text = |(path, bytes): (String, Vec<u8>)| Some((path, String::from_utf8(bytes).ok()?));
        below(&root().join("rules")).into_iter().filter(|(path, _)| path.ends_with(".toml")).filter_map(text).collect()
    });
    let file = |path: &str, text: &str| RuleFile {
        path: format!("rules/{path}"),
        below: path.to_owned(),
        content: Content::Text(text.to_owned()),
    };
    let kept = all.iter().filter(|(path, _)| rule.is_none() || !load::is_rule(path) && path != "coverage.toml");
    let kept = kept.map(|(path, text)| file(path, text));
    kept.chain(rule.map(|text| file("fuzzed.toml", text))).collect()
}

/// Records: each file of the input is a path and a text; all are read, judged and printed.
pub(crate) fn records(bytes: &[u8]) {
    let Ok(input) = std::str::from_utf8(bytes) else {
        let content = Content::Text(String::from_utf8_lossy(bytes).into_owned());
        read_file(FileId(0), "people/x.toml", "people/x.toml", content, &ground().book.code.lexicon());
        return;
    };
    let Ground { book, records, on } = ground();
    let lexicon = book.code.lexicon();
    let (mut texts, mut problems, mut all) = (Texts::default(), Vec::new(), records.clone());
    texts.add(Text::new("rules", ""));
    let mut header = Header::default();
    let mut loaded = Vec::new();
    for file in input.split(BETWEEN).take(8) {
        let (path, text) = file.split_once('\n').unwrap_or((file, ""));
        let one = read_file(texts.next_id(), path, path, Content::Text(text.to_owned()), &lexicon);
        for mark in one.problems.iter().flat_map(|problem| &problem.marks) {
            let (from, to) = (mark.place.span.start as usize, mark.place.span.end as usize);
            assert!(from <= to && text.get(from..to).is_some(), "a problem lies outside of its file");
        }
        texts.add(Text::new(path, text));
        loaded.push(one);
    }
    let unread = file::unread(&loaded);
    let count = loaded.len();
    for one in loaded {
        problems.extend(file::findings(&one.subject, one.problems));
        all.extend(one.record);
        header = one.header.map_or(header, |one| *one);
    }
    let registry = Registry::new(&header, all, unread);
    problems.extend(link::findings(&registry, &book.code, true));
    let tree = Tree {
        book: book.clone(),
        registry,
        links: link::Links::default(),
        texts,
        rule_files: Vec::new(),
        record_files: Vec::new(),
        blobs: Default::default(),
        folder: String::new(),
        problems,
        records: count,
        rules: 0,
        at: "worktree".to_owned(),
    };
    let day = tree.registry.position.unwrap_or(*on);
    printed(&tree.judge(day, &Selection::default()));
}

/// A rule's file: it is refused, or it judges.
pub(crate) fn rules(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    let book = match load::load(rule_files(Some(text)), Texts::default()) {
        Ok((book, _)) => book,
        Err(Error::Rulebook { findings, texts }) => {
            assert!(!findings.is_empty(), "it is refused, and nobody says why");
            let mut out = Vec::new();
            render::diagnostics(&findings, &texts, &Style::default(), &mut out).expect("memory takes it");
            return for_a_terminal(&out);
        }
        Err(other) => panic!("{other}"),
    };
    let Ground { records, on, .. } = ground();
    let registry = Registry::new(&Header::default(), records.clone(), Default::default());
    let tree = Tree {
        book,
        registry,
        links: link::Links::default(),
        texts: Texts::default(),
        rule_files: Vec::new(),
        record_files: Vec::new(),
        blobs: Default::default(),
        folder: String::new(),
        problems: Vec::new(),
        records: 0,
        rules: 1,
        at: "worktree".to_owned(),
    };
    printed(&tree.judge(*on, &Selection::default()));
}

/// A small repository, of which one file at a time is replaced.
struct Home {
    _folder: tempfile::TempDir,
    root: PathBuf,
    /// What is replaced: files of `.git`, and one of the work tree.
    files: Vec<PathBuf>,
    /// Each as it was.
    whole: Vec<Vec<u8>>,
}

thread_local! {
    static HOME: RefCell<Option<Home>> = const { RefCell::new(None) };
}

/// The repository, made once for each thread.
fn repository() -> PathBuf {
    HOME.with_borrow_mut(|home| home.get_or_insert_with(Home::new).root.clone())
}

impl Home {
    fn new() -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let root_of = folder.path().join("repo");
        let orchard = root().join("tests/bases/orchard");
        for (path, bytes) in below(&orchard) {
            let to = root_of.join(path);
            fs::create_dir_all(to.parent().expect("it has a folder")).expect("a folder");
            fs::write(to, bytes).expect("a file");
        }
        let git = |args: &[&str]| {
            let mut command = Command::new("git");
            command
                .current_dir(&root_of)
                .args(args)
                .env("GIT_CONFIG_GLOBAL", "/dev/null")
                .env("GIT_CONFIG_NOSYSTEM", "1");
            for who in ["AUTHOR", "COMMITTER"] {
                command.env(format!("GIT_{who}_NAME"), "A. Clerk").env(format!("GIT_{who}_EMAIL"), "clerk@example.org");
                command.env(format!("GIT_{who}_DATE"), "2016-09-30T12:00:00+0100");
            }
            assert!(command.output().expect("git is installed").status.success(), "git {args:?}");
        };
        git(&["init", "--quiet", "--initial-branch=main"]);
        git(&["add", "--all"]);
        git(&["commit", "--quiet", "-m", "the orchard"]);
        git(&["gc", "--quiet"]);
        fs::write(root_of.join("registry/people/eve.toml"), "name = \"Eve\"\nsource = [\"minutes\"]\n")
            .expect("a file");
        git(&["add", "--all"]);
        git(&["commit", "--quiet", "-m", "one more"]);
        let is_hook = |path: &str| path.starts_with("hooks/") || path.ends_with(".rev") || path.ends_with(".sample");
        let of_git = below(&root_of.join(".git")).into_iter().map(|(path, _)| path).filter(|path| !is_hook(path));
        let mut files: Vec<PathBuf> = of_git.map(|path| Path::new(".git").join(path)).collect();
        files.push("registry/people/ann.toml".into());
        files.push(".gitignore".into());
        fs::write(root_of.join(".gitignore"), "/target\n").expect("a file");
        let whole = files.iter().map(|path| fs::read(root_of.join(path)).expect("a file of git")).collect();
        Self { _folder: folder, root: root_of, files, whole }
    }
}

/// A repository with one file replaced: it is refused, or read.
pub(crate) fn git(bytes: &[u8]) {
    repository();
    HOME.with_borrow(|home| {
        let home = home.as_ref().expect("it was made");
        let Some((which, bytes)) = bytes.split_first() else { return };
        let at = usize::from(*which) % home.files.len();
        let path = home.root.join(&home.files[at]);
        // Git writes its objects read-only; another file in its place is what an attacker has.
        let _ = fs::remove_file(&path);
        fs::write(&path, bytes).expect("a file of git");
        for rev in [None, Some("HEAD"), Some("main~1")] {
            let source = Source::open(&home.root, "registry", rev);
            let listed = source
                .as_ref()
                .map_err(ToString::to_string)
                .and_then(|one| one.list("registry").map_err(|why| why.to_string()));
            if let (Ok(source), Ok(listed)) = (&source, listed) {
                let read = source.read(&listed, |_, content| matches!(content, Content::Text(_)));
                assert!(read.map_or(0, |read| read.len()) <= listed.len());
                let _ = source.base("main~1");
            }
        }
        let head = Whereabouts { start: home.root.clone(), at: Some("HEAD".to_owned()), ..Whereabouts::default() };
        if let Ok(tree) = head.open().and_then(|opened| opened.tree()) {
            printed(&tree.judge(ground().on, &Selection::default()));
        }
        let _ = fs::remove_file(&path);
        fs::write(&path, &home.whole[at]).expect("a file of git");
    });
}

/// Findings that say anything at all, in every format.
pub(crate) fn formats(bytes: &[u8]) {
    let mut bytes = Bytes(bytes);
    let mut texts = Texts::default();
    for _ in 0..=bytes.one() % 3 {
        texts.add(Text::new(bytes.text(), bytes.text()));
    }
    let (mut findings, status) = (Vec::new(), [None, Some(Status::New), Some(Status::Existing), Some(Status::Fixed)]);
    while !bytes.0.is_empty() && findings.len() < 40 {
        let pick = usize::from(bytes.one());
        let mark = |bytes: &mut Bytes<'_>| {
            let file = FileId(u32::from(bytes.one() % 4));
            let from = usize::from(bytes.one());
            Mark::new(file, Span::new(from..from + usize::from(bytes.one() % 40)), bytes.text())
        };
        findings.push(Finding {
            rule: bytes.text().into(),
            clause: (pick % 2 == 0).then(|| Clause::parse(&bytes.text())),
            basis: (pick % 3 == 0).then_some(Basis::Recalled),
            slot: bytes.text().into(),
            outcome: Outcome::ALL[pick % Outcome::ALL.len()],
            level: [Level::Note, Level::Warning, Level::Error][pick % 3],
            subject: bytes.text().into(),
            message: bytes.text(),
            help: (pick % 5 == 0).then(|| bytes.text()),
            marks: (0..pick % 4).map(|_| mark(&mut bytes)).collect(),
            status: status[pick / 64],
            by_base_rules: pick % 7 == 0,
        });
    }
    let on = ground().on;
    printed(&Verdict {
        on,
        position: Some(on),
        at: bytes.text(),
        base: findings.iter().any(|one| one.status.is_some()).then(|| bytes.text()),
        assumed: vec![bytes.text()],
        summary: Summary::default(),
        findings,
        changes: Vec::new(),
        texts,
    });
}

/// Bytes that are taken from the front.
struct Bytes<'b>(&'b [u8]);

impl Bytes<'_> {
    fn one(&mut self) -> u8 {
        let Some((first, rest)) = self.0.split_first() else { return 0 };
        self.0 = rest;
        *first
    }

    fn text(&mut self) -> String {
        let length = usize::from(self.one()).min(self.0.len());
        let (text, rest) = self.0.split_at(length);
        self.0 = rest;
        String::from_utf8_lossy(text).into_owned()
    }
}

/// Prints a verdict in every format, and looks at what was printed.
fn printed(verdict: &Verdict) {
    let fails = |finding: &Finding| finding.level == Level::Error;
    let print = |format: &dyn Fn(&mut Vec<u8>) -> std::io::Result<()>| {
        let mut out = Vec::new();
        format(&mut out).expect("memory takes all");
        out
    };
    let style = Style { verbose: true, ..Style::default() };
    for_a_terminal(&print(&|out| render::human(verdict, &style, out)));
    let concise = print(&|out| render::concise(verdict, out));
    for_a_terminal(&concise);
    assert_eq!(concise.iter().filter(|byte| **byte == b'\n').count(), verdict.findings.len(), "a line a finding");
    for json in [
        print(&|out| render::json(verdict, out)),
        print(&|out| render::sarif(verdict, &Manual::default(), out)),
        print(&|out| render::gitlab(verdict, out)),
    ] {
        serde_json::from_slice::<serde_json::Value>(&json).expect("it is JSON");
    }
    let github = String::from_utf8(print(&|out| render::github(verdict, &fails, out))).expect("it is text");
    for line in github.split_terminator(['\n', '\r']) {
        let ours = ["::error ", "::warning ", "::notice ", "quorate: "].iter().any(|start| line.starts_with(start));
        assert!(ours && !line.chars().any(escape::is_hidden), "a command that we did not give: {line:?}");
    }
    let junit = print(&|out| render::junit(verdict, &fails, out));
    let mut xml = quick_xml::Reader::from_reader(&*junit);
    let (mut depth, mut cases) = (0_i32, 0_usize);
    loop {
        match xml.read_event().expect("it is XML") {
            quick_xml::events::Event::Start(one) => {
                depth += 1;
                cases += usize::from(one.name().as_ref() == b"testcase");
            }
            quick_xml::events::Event::Empty(one) => cases += usize::from(one.name().as_ref() == b"testcase"),
            quick_xml::events::Event::End(_) => depth -= 1,
            quick_xml::events::Event::Eof => break,
            _ => {}
        }
    }
    assert_eq!((depth, cases), (0, verdict.findings.len() + 1), "a case a finding, and one more");
}

/// Nothing that a terminal would obey or hide.
fn for_a_terminal(out: &[u8]) {
    let text = std::str::from_utf8(out).expect("it is text");
    let hidden = text.chars().find(|one| *one != '\n' && escape::is_hidden(*one));
    assert_eq!(hidden, None, "a terminal would obey or hide it");
}
