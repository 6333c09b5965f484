//! One file of the registry: which record it is, or why it is none.

use std::{collections::BTreeSet, sync::Arc};

use crate::{
    builtin,
    day::When,
    decode::{Fact, Lexicon, Map, Reader, Text, meant, nearest, read_record, table, words},
    finding::{Finding, Mark, Outcome, Problem},
    heap,
    record::{Body, Kind, Record},
    registry::letters,
    source::{Content, MAX_BYTES, Oddity},
    text::{self, FileId, Span},
    write::is_spare,
};

words! {
    /// Whether every record of a kind is there.
    pub enum Coverage {
        /// Every one.
        Complete = "complete",
        /// Some may lack.
        Partial = "partial",
    }
}

table! {
    /// `registry.toml`: what the registry is.
    pub struct Header {
        /// The version of the record format: 1.
        schema: Fact<u32> = "schema" (required),
        /// The code, as it is called.
        code: Fact<Text> = "code" (required),
        /// The day the records speak for: what `check` judges when no `--on` is given.
        position: Fact<When> = "position",
        /// For a kind or folder, whether every record is there: `"complete"` or `"partial"`.
        coverage: Map<Coverage> = "coverage",
        /// For colleagues only; never printed.
        note: Fact<Text> = "note",
    }
}

impl Default for Header {
    fn default() -> Self {
        use crate::decode::Field;
        let nowhere = Span::default();
        Self {
            span: nowhere,
            schema: Fact::absent(nowhere, false),
            code: Fact::absent(nowhere, false),
            position: Fact::absent(nowhere, false),
            coverage: Map::absent(nowhere, false),
            note: Fact::absent(nowhere, false),
        }
    }
}

/// What one file turned out to be.
#[derive(Debug)]
pub struct Loaded {
    /// Its text; empty where it cannot be read.
    pub text: text::Text,
    /// The record, where it is one.
    pub record: Option<Arc<Record>>,
    /// The header, where it is `registry.toml`.
    pub header: Option<Box<Header>>,
    /// The kind and id of the record that it would be, where its content cannot be read.
    pub unread: Option<(Kind, Box<str>)>,
    /// What findings about it name; empty where nothing is wrong with it.
    pub subject: String,
    /// What is wrong with it.
    pub problems: Vec<Problem>,
}

impl Loaded {
    /// A file that is none of the registry's: it is not even looked at.
    fn nothing(path: &str) -> Self {
        let (text, subject) = (text::Text::new(path, ""), String::new());
        Self { text, record: None, header: None, unread: None, subject, problems: Vec::new() }
    }
}

/// What a path below the registry is.
enum Address<'p> {
    Header,
    Record(Kind, &'p str),
    /// A file for readers, or the tool's own.
    Aside,
    Stray(Option<&'static str>),
}

fn address(path: &str) -> Address<'_> {
    if path == "registry.toml" {
        return Address::Header;
    }
    let name = path.rsplit('/').next().unwrap_or(path);
    let is_aside = name.starts_with('.') || name.rsplit_once('.').is_some_and(|(_, ending)| ending == "md");
    let Some((folder, rest)) = path.split_once('/') else {
        return if is_aside { Address::Aside } else { Address::Stray(None) };
    };
    match (Kind::of_folder(folder), rest.strip_suffix(".toml")) {
        (Some(kind), Some(id)) if !name.starts_with('.') => Address::Record(kind, id),
        _ if is_aside => Address::Aside,
        (Some(_), _) => Address::Stray(None),
        (None, _) => Address::Stray(nearest(folder, Kind::ALL.iter().map(|kind| kind.folder()))),
    }
}

/// Reads one file. `path` is what people see, `below` the path below the registry's folder,
/// `lexicon` the words that it may use.
pub fn read_file(file: FileId, path: &str, below: &str, content: Content, lexicon: &Arc<Lexicon>) -> Loaded {
    if is_spare(path) {
        return Loaded::nothing(path);
    }
    heap::one_more_file();
    let address = address(below);
    let subject = below.strip_suffix(".toml").unwrap_or(below);
    let text = match content {
        Content::Text(text) => text,
        Content::Odd(oddity) => {
            let unread = if let Address::Record(kind, id) = address { Some((kind, id.into())) } else { None };
            let problems = vec![odd(file, &oddity)];
            let subject = subject.to_owned();
            return Loaded { text: text::Text::new(path, ""), record: None, header: None, unread, subject, problems };
        }
    };
    let (mut record, mut header, mut problems) = (None, None, Vec::new());
    match address {
        Address::Aside => {}
        Address::Header => {
            let reader = Reader::new(file);
            let (read, reader) =
                read_record(&text, reader, |reader, table, span| table::read_table::<Header>(reader, table, span));
            let reader = covers_kinds(&read, reader);
            problems = reader.into_problems();
            header = Some(Box::new(read));
        }
        Address::Record(kind, id) => {
            let (body, reader) = read_record(&text, Reader::new(file).in_words_of(lexicon), |reader, table, span| {
                Body::read(kind, reader, table, span)
            });
            let damaged = reader.damaged();
            problems = reader.into_problems();
            record = Some(Arc::new(Record::new(kind, id, file, body, damaged)));
        }
        Address::Stray(meant) => problems.push(stray(file, &text, meant)),
    }
    problems.extend(letters::problems(file, &text));
    let subject = if problems.is_empty() { String::new() } else { subject.to_owned() };
    Loaded { text: text::Text::new(path, text), record, header, unread: None, subject, problems }
}

/// Coverage is said of kinds, or of folders of one: what else it is said of would count for nothing.
fn covers_kinds(header: &Header, mut reader: Reader) -> Reader {
    let folders = || Kind::ALL.iter().map(|kind| kind.folder());
    for (folder, span, _) in header.coverage.iter() {
        let kind = folder.split('/').next().unwrap_or(folder);
        if Kind::of_folder(kind).is_some() {
            continue;
        }
        let label = meant(kind, folders(), "no kind");
        let help = format!("the kinds are {}", folders().collect::<Vec<_>>().join(", "));
        let message = format!("`{folder}` is no kind of record, nor a folder of one");
        reader.report_in("record-key", format!("coverage.{folder}"), span, message, &label, Some(help));
    }
    reader
}

fn stray(file: FileId, text: &str, meant: Option<&'static str>) -> Problem {
    let kinds: Vec<_> = Kind::ALL.iter().map(|kind| kind.folder()).collect();
    Problem {
        rule: "record-file",
        slot: "file".into(),
        message: "the file is no record, so nothing in it is checked".into(),
        help: Some(match meant {
            Some(folder) => format!("did you mean the folder `{folder}/`?"),
            None => format!("a record is a `.toml` file in one of {}", kinds.join(", ")),
        }),
        marks: vec![Mark::new(file, Span::new(0..text.find('\n').unwrap_or(text.len())), "not read")],
    }
}

pub(crate) fn odd(file: FileId, oddity: &Oddity) -> Problem {
    let (rule, message) = match oddity {
        Oddity::Symlink => ("record-link", "the path is a symbolic link; it is not followed".into()),
        Oddity::Submodule => ("record-submodule", "the path is a submodule; it is not entered".into()),
        Oddity::NotAFile => ("record-special", "the path is no file; it is not opened".into()),
        Oddity::TooLarge { bytes } => {
            ("record-size", format!("the file has {bytes} bytes, more than the {MAX_BYTES} that are read"))
        }
        Oddity::NotUtf8 { at } => {
            ("record-encoding", format!("the file is not UTF-8: byte {} begins no character", at.saturating_add(1)))
        }
        Oddity::NameNotUtf8 => ("record-path", "the path is not UTF-8; it is not read".into()),
        Oddity::Outside => (
            "record-path",
            "the path leaves the repository, or cannot be written on every system; it is not read".into(),
        ),
        Oddity::Unreadable { why } => ("record-unreadable", format!("the file cannot be read: {why}")),
    };
    let help = builtin::help(rule);
    Problem { rule, slot: "file".into(), message, help, marks: vec![Mark::new(file, Span::default(), "not read")] }
}

/// The findings that the problems of a file are, with the record as their subject.
pub fn findings(subject: &str, problems: Vec<Problem>) -> impl Iterator<Item = Finding> {
    problems.into_iter().map(move |problem| finding(subject, problem))
}

/// The finding that a problem of a record is.
pub fn finding(subject: &str, problem: Problem) -> Finding {
    let message =
        if problem.message.contains(subject) { problem.message } else { format!("`{subject}`: {}", problem.message) };
    Finding {
        rule: problem.rule.into(),
        clause: None,
        basis: None,
        slot: problem.slot.into(),
        outcome: Outcome::Breach,
        level: builtin::find(problem.rule).map_or(crate::finding::Level::Error, |rule| rule.level),
        subject: subject.into(),
        message,
        help: problem.help,
        marks: problem.marks,
        status: None,
        by_base_rules: false,
    }
}

/// The kinds and ids of the records whose content cannot be read.
pub fn unread(loaded: &[Loaded]) -> BTreeSet<(Kind, Box<str>)> {
    loaded.iter().filter_map(|one| one.unread.clone()).collect()
}
