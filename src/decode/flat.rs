//! A sound text as one list of entries, in the order in which they stand: what a table holds is a chain
//! through that list, so that a table costs no memory of its own, and the list is used again for the
//! next text.
//!
//! Most files of a registry are sound and plain. What is not, by any rule of TOML or any limit, or has
//! headers of more than one key, is left to the `toml` crate, which says what is wrong. What is taken
//! here is taken as there, place by place: the tests below hold one to the other.

use std::{borrow::Cow, cell::Cell};

use toml_parser::{
    ErrorSink, Source,
    decoder::{Encoding, ScalarKind},
    lexer::Token,
    parser::{EventReceiver, parse_document},
};

use super::{
    limit,
    node::{Name, Node, NodeValue},
};
use crate::text::Span;

/// How many tables and lists may stand in one another; records and rules need six.
const DEPTH: usize = 16;
/// The most keys of a table: each new one is compared with those before it.
const KEYS: usize = 64;
/// Memory for so many entries, or tokens, is kept for the next text.
const KEPT: usize = 1 << 14;
/// No entry.
const NONE: u32 = u32::MAX;

/// A key and its value, or one value of a list.
#[derive(Debug)]
struct Entry<'i> {
    key: Cow<'i, str>,
    key_span: Span,
    span: Span,
    value: Value<'i>,
    /// The next one of the same table or list.
    next: u32,
}

#[derive(Debug)]
enum Value<'i> {
    String(Cow<'i, str>),
    Integer(Cow<'i, str>, u32),
    Float(Cow<'i, str>),
    Boolean(bool),
    Datetime(toml_datetime::Datetime),
    Array(Links),
    Table(Links),
}

/// The entries of a table or a list.
#[derive(Debug, Clone, Copy)]
struct Links {
    first: u32,
    last: u32,
    len: u32,
    /// What may still be added to it, from elsewhere.
    made: Made,
}

/// How a table or a list came to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Made {
    /// By brackets, or by a header of its own: nothing can be added.
    Whole,
    /// By a dotted key: others may add to it.
    Dotted,
    /// By the first of several headers `[[key]]`.
    Headers,
}

impl Links {
    fn none(made: Made) -> Self {
        Self { first: NONE, last: NONE, len: 0, made }
    }
}

/// What a table or a list holds.
#[derive(Debug, Clone, Copy)]
pub(super) struct Chain<'t> {
    all: &'t [Entry<'t>],
    first: u32,
    len: u32,
}

impl<'t> Chain<'t> {
    fn new(all: &'t [Entry<'t>], links: Links) -> Self {
        Self { all, first: links.first, len: links.len }
    }

    pub(super) fn len(self) -> usize {
        self.len as usize
    }

    /// The keys, empty in a list, and the values.
    pub(super) fn entries(self) -> impl Iterator<Item = (Name<'t>, Node<'t>)> {
        let first = self.all.get(self.first as usize);
        let chain = std::iter::successors(first, move |one| self.all.get(one.next as usize));
        chain.map(move |one| {
            let value = match &one.value {
                Value::String(text) => NodeValue::String(text),
                Value::Integer(digits, radix) => NodeValue::Integer(digits, *radix),
                Value::Float(text) => NodeValue::Float(text),
                Value::Boolean(so) => NodeValue::Boolean(*so),
                Value::Datetime(stamp) => NodeValue::Datetime(*stamp),
                Value::Array(links) => NodeValue::Array(Chain::new(self.all, *links).into()),
                Value::Table(links) => NodeValue::Table(Chain::new(self.all, *links).into()),
            };
            (Name { text: &one.key, span: one.key_span }, Node { span: one.span, value })
        })
    }
}

/// Memory that one text after the other uses.
#[derive(Default)]
struct Scratch {
    tokens: Vec<Token>,
    entries: Vec<Entry<'static>>,
}

thread_local! {
    static SCRATCH: Cell<Scratch> = Cell::default();
}

/// An empty list of entries of other texts, in the memory of one.
fn emptied<'o>(mut entries: Vec<Entry<'_>>) -> Vec<Entry<'o>> {
    entries.clear();
    entries.shrink_to(KEPT);
    entries.into_iter().map_while(|_| None).collect()
}

/// Parses a text and reads its root table; nothing where it is for the `toml` crate.
pub(super) fn parse<T>(text: &str, read: impl FnOnce(Chain<'_>) -> T) -> Option<T> {
    let Scratch { mut tokens, entries } = SCRATCH.take();
    let source = Source::new(text);
    tokens.clear();
    tokens.shrink_to(KEPT);
    tokens.extend(source.lex());
    let failed = Cell::new(false);
    let mut builder = Builder::new(text, emptied(entries), &failed);
    parse_document(&tokens, &mut builder, &mut |_| failed.set(true));
    let all = builder.all;
    let made = match all.first().map(|root| &root.value) {
        Some(Value::Table(links)) if !failed.get() => Some(read(Chain::new(&all, *links))),
        _ => None,
    };
    SCRATCH.set(Scratch { tokens, entries: emptied(all) });
    made
}

/// Puts entries together as the parser comes to them.
struct Builder<'i, 'f> {
    text: &'i str,
    all: Vec<Entry<'i>>,
    /// The table that keys belong to: that of the last header.
    table: u32,
    /// The tables and lists in brackets that are not closed yet.
    open: Vec<u32>,
    /// The keys of what is being read: a header, or what comes before a value.
    path: Vec<(Cow<'i, str>, Span)>,
    /// Where the value to come belongs, and its key.
    pending: Option<(u32, Cow<'i, str>, Span)>,
    /// Where the header being read starts.
    header: u32,
    failed: &'f Cell<bool>,
}

impl<'i, 'f> Builder<'i, 'f> {
    fn new(text: &'i str, mut all: Vec<Entry<'i>>, failed: &'f Cell<bool>) -> Self {
        let (nowhere, value) = (Span::default(), Value::Table(Links::none(Made::Whole)));
        all.push(Entry { key: Cow::Borrowed(""), key_span: nowhere, span: nowhere, value, next: NONE });
        Self { text, all, table: 0, open: Vec::new(), path: Vec::new(), pending: None, header: 0, failed }
    }

    fn fail(&self) {
        self.failed.set(true);
    }

    fn raw(&self, span: toml_parser::Span, encoding: Option<Encoding>) -> toml_parser::Raw<'i> {
        let text = self.text.get(span.start()..span.end()).unwrap_or("");
        toml_parser::Raw::new_unchecked(text, encoding, span)
    }

    fn links(&mut self, at: u32) -> Option<&mut Links> {
        match &mut self.all.get_mut(at as usize)?.value {
            Value::Array(links) | Value::Table(links) => Some(links),
            _ => None,
        }
    }

    /// The entry of a key in a table.
    fn find(&self, table: u32, key: &str) -> Option<u32> {
        let Value::Table(links) = self.all.get(table as usize)?.value else { return None };
        let mut at = links.first;
        while let Some(entry) = self.all.get(at as usize) {
            if entry.key == key {
                return Some(at);
            }
            at = entry.next;
        }
        None
    }

    /// Adds an entry at the end of a table or a list.
    fn append(&mut self, parent: u32, key: Cow<'i, str>, key_span: Span, span: Span, value: Value<'i>) -> u32 {
        let at = u32::try_from(self.all.len()).unwrap_or(NONE);
        let most = match self.all.get(parent as usize).map(|entry| &entry.value) {
            Some(Value::Table(_)) => KEYS,
            _ => limit::ENTRIES,
        };
        let last = match self.links(parent) {
            Some(links) if (links.len as usize) < most => {
                let last = std::mem::replace(&mut links.last, at);
                links.len = links.len.saturating_add(1);
                if last == NONE {
                    links.first = at;
                }
                last
            }
            _ => {
                self.fail();
                return 0;
            }
        };
        if let Some(last) = self.all.get_mut(last as usize) {
            last.next = at;
        }
        self.all.push(Entry { key, key_span, span, value, next: NONE });
        at
    }

    /// Adds the value that the parser came to.
    fn add(&mut self, span: Span, value: Value<'i>) -> u32 {
        match (self.pending.take(), self.open.last()) {
            (Some((parent, key, key_span)), _) => self.append(parent, key, key_span, span, value),
            (None, Some(list)) => self.append(*list, Cow::Borrowed(""), Span::default(), span, value),
            (None, None) => {
                self.fail();
                0
            }
        }
    }

    fn bracket(&mut self, span: toml_parser::Span, value: Value<'i>) -> bool {
        if self.open.len() >= DEPTH {
            self.fail();
            return false;
        }
        let at = self.add(Span::new(span.start()..span.end()), value);
        self.open.push(at);
        true
    }

    fn unbracket(&mut self, span: toml_parser::Span) {
        let end = Span::new(span.start()..span.end());
        match self.open.pop().and_then(|at| self.all.get_mut(at as usize)) {
            Some(entry) => entry.span = entry.span.to(end),
            None => self.fail(),
        }
    }

    /// A header has ended: the keys that follow are those of its table.
    fn headed(&mut self, span: toml_parser::Span, is_list: bool) {
        let (Some((key, key_span)), true) = (self.path.pop(), self.path.is_empty()) else { return self.fail() };
        let span = Span { start: self.header, end: Span::new(span.start()..span.end()).end };
        let there = self.find(0, &key);
        let whole = Value::Table(Links::none(Made::Whole));
        if !is_list {
            if there.is_some() {
                return self.fail();
            }
            self.table = self.append(0, key, key_span, span, whole);
            return;
        }
        let list = there.unwrap_or_else(|| {
            let value = Value::Array(Links::none(Made::Headers));
            self.append(0, key, key_span, span, value)
        });
        if self.links(list).is_none_or(|links| links.made != Made::Headers) {
            return self.fail();
        }
        self.table = self.append(list, Cow::Borrowed(""), Span::default(), span, whole);
    }
}

impl EventReceiver for Builder<'_, '_> {
    fn std_table_open(&mut self, span: toml_parser::Span, _: &mut dyn ErrorSink) {
        self.path.clear();
        self.header = Span::new(span.start()..span.end()).start;
    }

    fn std_table_close(&mut self, span: toml_parser::Span, _: &mut dyn ErrorSink) {
        self.headed(span, false);
    }

    fn array_table_open(&mut self, span: toml_parser::Span, error: &mut dyn ErrorSink) {
        self.std_table_open(span, error);
    }

    fn array_table_close(&mut self, span: toml_parser::Span, _: &mut dyn ErrorSink) {
        self.headed(span, true);
    }

    fn inline_table_open(&mut self, span: toml_parser::Span, _: &mut dyn ErrorSink) -> bool {
        self.bracket(span, Value::Table(Links::none(Made::Whole)))
    }

    fn inline_table_close(&mut self, span: toml_parser::Span, _: &mut dyn ErrorSink) {
        self.unbracket(span);
    }

    fn array_open(&mut self, span: toml_parser::Span, _: &mut dyn ErrorSink) -> bool {
        self.bracket(span, Value::Array(Links::none(Made::Whole)))
    }

    fn array_close(&mut self, span: toml_parser::Span, _: &mut dyn ErrorSink) {
        self.unbracket(span);
    }

    fn simple_key(&mut self, span: toml_parser::Span, encoding: Option<Encoding>, error: &mut dyn ErrorSink) {
        let mut key = Cow::Borrowed("");
        self.raw(span, encoding).decode_key(&mut key, error);
        if key.len() > limit::TEXT || self.path.len() >= DEPTH {
            self.fail();
        }
        self.path.push((key, Span::new(span.start()..span.end())));
    }

    fn key_val_sep(&mut self, _: toml_parser::Span, _: &mut dyn ErrorSink) {
        let mut table = self.open.last().copied().unwrap_or(self.table);
        let Some((key, span)) = self.path.pop() else { return self.fail() };
        for (part, span) in std::mem::take(&mut self.path) {
            table = match self.find(table, &part) {
                Some(there) => there,
                None => self.append(table, part, span, span, Value::Table(Links::none(Made::Dotted))),
            };
            if self.links(table).is_none_or(|links| links.made != Made::Dotted) {
                return self.fail();
            }
        }
        if self.find(table, &key).is_some() {
            return self.fail();
        }
        self.pending = Some((table, key, span));
    }

    fn scalar(&mut self, span: toml_parser::Span, encoding: Option<Encoding>, error: &mut dyn ErrorSink) {
        let mut text = Cow::Borrowed("");
        let kind = self.raw(span, encoding).decode_scalar(&mut text, error);
        if text.len() > limit::TEXT {
            self.fail();
        }
        let value = match kind {
            ScalarKind::String => Value::String(text),
            ScalarKind::Boolean(so) => Value::Boolean(so),
            ScalarKind::Float => Value::Float(text),
            ScalarKind::Integer(radix) => Value::Integer(text, radix.value()),
            ScalarKind::DateTime => match text.parse() {
                Ok(stamp) => Value::Datetime(stamp),
                Err(_) => return self.fail(),
            },
        };
        self.add(Span::new(span.start()..span.end()), value);
    }

    fn comment(&mut self, span: toml_parser::Span, error: &mut dyn ErrorSink) {
        self.raw(span, None).decode_comment(error);
    }

    fn newline(&mut self, span: toml_parser::Span, error: &mut dyn ErrorSink) {
        self.raw(span, None).decode_newline(error);
    }

    fn error(&mut self, _: toml_parser::Span, _: &mut dyn ErrorSink) {
        self.fail();
    }
}

#[cfg(test)]
mod tests {
    use std::{fs, path::Path};

    use proptest::prelude::*;
    use toml::de::DeTable;

    use super::{super::node::Rows, *};

    /// All that a table holds, with its places.
    fn shown(rows: Rows<'_>) -> String {
        let one = |(name, node): (Name<'_>, Node<'_>)| format!("{}@{:?} = {}", name.text, name.span, value(node));
        rows.sorted().into_iter().map(one).collect::<Vec<_>>().join("; ")
    }

    fn value(node: Node<'_>) -> String {
        let what = match node.value {
            NodeValue::Table(rows) => format!("{{{}}}", shown(rows)),
            NodeValue::Array(items) => format!("[{}]", items.iter().map(value).collect::<Vec<_>>().join(", ")),
            plain => format!("{plain:?}"),
        };
        format!("{what}@{:?}", node.span)
    }

    /// What is made of a text here, where it is taken, and that it is made of it there.
    fn taken(text: &str) -> Option<String> {
        let here = parse(text, |root| shown(root.into()))?;
        let (table, errors) = DeTable::parse_recoverable(text);
        assert!(errors.is_empty(), "taken, though {errors:?}\n{text}");
        assert_eq!(here, shown(table.get_ref().into()), "{text}");
        Some(here)
    }

    fn files(folder: &Path, found: &mut Vec<String>) {
        for entry in fs::read_dir(folder).unwrap().map(Result::unwrap) {
            match entry.path() {
                path if path.is_dir() => files(&path, found),
                path if path.extension().is_some_and(|one| one == "toml") => {
                    found.push(fs::read_to_string(path).unwrap());
                }
                _ => {}
            }
        }
    }

    fn shipped() -> Vec<String> {
        let mut found = Vec::new();
        files(&Path::new(env!("CARGO_MANIFEST_DIR")).join("registry"), &mut found);
        found
    }

    #[test]
    fn every_shipped_record_is_taken_and_read_as_the_toml_crate_reads_it() {
        let texts = shipped();
        assert!(texts.len() > 100);
        for text in &texts {
            assert!(taken(text).is_some(), "left to the toml crate:\n{text}");
        }
    }

    #[test]
    fn all_that_a_record_may_be_written_with_is_taken() {
        let text = "\u{feff}# \u{e9}\r\na.b = 1\r\na.c.d = \"\\u00e9\\n\"\n'q' = 'x'\n\"w w\" = [1_000, 0x1f, 1.5, inf, true,\n  # why\n]\nt = { a = [{}, { b.c = 2016-01-01 }], b.c = \"\"\"\nx\"\"\" }\n[one] # x\na = 07:32:00\n[[two]]\n[[two]]\nb = 2016-01-01T07:32:00Z\n[three]\n[[two]]\n";
        assert!(taken(text).is_some());
    }

    #[test]
    fn what_is_wrong_or_beyond_a_limit_is_left() {
        let deep = format!("a = {}{}", "[".repeat(DEPTH + 1), "]".repeat(DEPTH + 1));
        let long = format!("a = \"{}\"", "x".repeat(limit::TEXT + 1));
        let many = format!("a = [{}]", "1,".repeat(limit::ENTRIES + 1));
        let keys = (0..=KEYS).map(|at| format!("k{at} = 1")).collect::<Vec<_>>().join("\n");
        let left = [
            deep.as_str(),
            &long,
            &many,
            &keys,
            "a = 1\na = 2",
            "a = { b = 1, b = 2 }",
            "a = { b = 1 }\na.c = 2",
            "a.b = 1\n[a]\nc = 1",
            "a = 1\n[a]",
            "[a]\n[a]",
            "[[a]]\n[a]",
            "[a]\n[[a]]",
            "a = []\n[[a]]",
            "[a]\nb = 1\n[a.c]",
            "a = 2015-02-30",
            "a = \"\\q\"",
            "a = ",
            "a = [1",
            "# \u{1}",
            "a = 1 b = 2",
        ];
        for text in left {
            assert_eq!(taken(text), None, "{text}");
        }
    }

    #[test]
    fn the_limits_themselves_are_taken() {
        let keys = (0..KEYS).map(|at| format!("k{at} = 1")).collect::<Vec<_>>().join("\n");
        assert!(taken(&keys).is_some());
        assert!(taken(&format!("a = {}{}", "[".repeat(DEPTH), "]".repeat(DEPTH))).is_some());
        assert!(taken(&format!("a = \"{}\"", "x".repeat(limit::TEXT))).is_some());
    }

    const PIECES: [&str; 24] = [
        "a = 1\n",
        "b = \"x\"\n",
        "a.b = 1\n",
        "a.c = 2\n",
        "a.b.c = 3\n",
        "b.a = { c = 1 }\n",
        "c = { a.b = 1, a.c = 2 }\n",
        "c = { a = {}, a.b = 2 }\n",
        "c.a.d = 1\n",
        "[a]\n",
        "[b]\n",
        "[[a]]\n",
        "[[b]]\n",
        "[a.b]\n",
        "[[a.b]]\n",
        "b = [\n",
        "  { a = 1 },\n",
        "]\n",
        "d = 2016-09-30\n",
        "# \u{e9}\n",
        "e = '''x\n'''\r\n",
        "\"a\" = 1\n",
        "[ a ]\n",
        "}",
    ];

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(4000))]

        #[test]
        fn whatever_is_put_together_is_taken_as_the_toml_crate_takes_it(at in prop::collection::vec(0..PIECES.len(), 0..9)) {
            let text: String = at.iter().map(|at| PIECES[*at]).collect();
            taken(&text);
        }

        #[test]
        fn a_damaged_record_is_taken_as_the_toml_crate_takes_it(
            which in any::<prop::sample::Index>(), at in any::<prop::sample::Index>(), cut in 0..4_usize, put in "[\\[\\]{}=.,\"'#\n\r\\\\a1 \u{0}\u{e9}-]{0,3}"
        ) {
            let texts = SHIPPED.get_or_init(shipped);
            let text: Vec<char> = which.get(texts).chars().collect();
            let at = at.index(text.len());
            let damaged: String = text[..at].iter().copied().chain(put.chars()).chain(text.iter().copied().skip(at + cut)).collect();
            taken(&damaged);
        }
    }

    static SHIPPED: std::sync::OnceLock<Vec<String>> = std::sync::OnceLock::new();
}
