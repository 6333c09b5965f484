//! Whatever a record says, a report shows it as text: no markup, no formula, no control of a terminal.
//! Every field of free text in the shipped registry is given a hostile value, and every report is
//! printed in every format and read back by a parser that is none of ours.

use std::{collections::BTreeSet, fs, path::Path};

use html5gum::{Token, Tokenizer};
use pulldown_cmark::{Event, Options, Parser, Tag, TagEnd};
use quorate::{
    decode::{Key, Shape},
    record::Kind,
    render::escape,
    report::{
        PUBLICATIONS,
        model::{Block, Document, Line, Part, Table},
    },
};

use crate::{
    calendar,
    common::{Repo, copy, manifest, published::Judged},
    reports::{FACTS, no_day},
};

/// What is put into the fields, each as it stands in a record.
pub(crate) const ATTACKS: &[&str] = &[
    "<script>alert(1)</script><img src=x onerror=alert(1)>\"' onclick='x' &lt;b&gt; </td></table></li><!-- --> ]]>",
    "[x](javascript:alert(1)) ![i](http://evil.example) <http://evil.example> *b* _u_ **s** `c` ~~d~~ $m$ | cell ||",
    "http://evil.example www.evil.example WWW.evil.example a@evil.example mailto:a@b.example [^1] [^1]: [r]: /x",
    "=HYPERLINK(\"http://evil.example\",\"x\")",
    "+1+cmd|' /C calc'!A1",
    "-2+3",
    "@SUM(A1:A9)",
    "\t=1+1",
    "\r\n=1+1",
    "\u{1b}[2J\u{1b}]0;title\u{7}\u{9b}31m\u{8}\u{202e}\u{2066}\u{200b}\u{feff}\u{e0041}\u{7f}",
    "\r\nBEGIN:VEVENT\r\nSUMMARY:x\\;\\,\\n\r\nEND:VEVENT\r\n",
    "# heading\n\n---\n\n| a | b |\n| - | - |\n",
    "1. one",
    "2) two",
    "- item",
    "+ item",
    "    code",
    "> quote",
    "* * *",
    "===",
    "{{ 7 * 7 }}{% include \"/etc/passwd\" %}{# x #}",
    "\\*not\\* \\",
];

/// Stands in every `note`: a report never prints one.
pub(crate) const SECRET: &str = "for-colleagues-only";

/// The names of keys that hold free text in some kind, and of those that hold something else in one.
fn keys() -> (BTreeSet<&'static str>, BTreeSet<&'static str>) {
    fn look(keys: &[Key], text: &mut BTreeSet<&'static str>, other: &mut BTreeSet<&'static str>) {
        for key in keys {
            match (key.shape)() {
                Shape::Text => {
                    text.insert(key.name);
                }
                Shape::Table(below) => look(below(), text, other),
                Shape::List(of) => match of() {
                    Shape::Table(below) => look(below(), text, other),
                    Shape::Text => {
                        text.insert(key.name);
                    }
                    _ => {
                        other.insert(key.name);
                    }
                },
                _ => {
                    other.insert(key.name);
                }
            }
        }
    }
    let (mut text, mut other) = (BTreeSet::new(), BTreeSet::new());
    for kind in Kind::ALL {
        look(kind.keys(), &mut text, &mut other);
    }
    (text, other)
}

/// A TOML string.
fn quoted(text: &str) -> String {
    let mut out = String::from("\"");
    for c in text.chars() {
        match c {
            '"' => out += "\\\"",
            '\\' => out += "\\\\",
            c if c.is_control() => out += &format!("\\u{:04X}", u32::from(c)),
            c => out.push(c),
        }
    }
    out + "\""
}

/// Gives every field of free text below a folder an attack of its own; says which went where.
fn poison(folder: &Path, shift: usize, count: &mut usize) {
    let (text, other) = keys();
    let names: Vec<&str> = text.difference(&other).copied().filter(|name| *name != "code").collect();
    let pattern = format!(r#"(?m)(^|[\{{,]\s*)({})\s*=\s*"((?:[^"\\]|\\.)*)""#, names.join("|"));
    let pattern = regex::Regex::new(&pattern).unwrap();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            poison(&path, shift, count);
            continue;
        }
        if path.extension().is_none_or(|ending| ending != "toml") || path.ends_with("registry.toml") {
            continue;
        }
        let whole = fs::read_to_string(&path).unwrap();
        let spoilt = pattern.replace_all(&whole, |found: &regex::Captures<'_>| {
            let (before, key) = (&found[1], &found[2]);
            *count += 1;
            let attack = ATTACKS[(*count + shift) % ATTACKS.len()];
            let said = if key == "note" { format!("{SECRET} {attack}") } else { format!("{attack}{count}") };
            format!("{before}{key} = {}", quoted(&said))
        });
        fs::write(&path, spoilt.as_ref()).unwrap();
    }
}

/// The shipped registry with hostile words in it, judged.
pub(crate) fn hostile(shift: usize) -> (Repo, Judged) {
    let repo = Repo::plain();
    for folder in ["registry", "rules"] {
        copy(&manifest().join(folder), &repo.root().join(folder));
    }
    // The shipped registry knows one Party by name.
    for number in 1..=ATTACKS.len() {
        let party = "source = [\"newsletter-2016-09\"]\nname = \"N\"\nacceded = 2014-01-01\n";
        repo.write(&format!("registry/parties/party-{number}.toml"), party);
    }
    let mut count = 0;
    poison(&repo.path("registry"), shift, &mut count);
    assert!(count > 300, "{count}");
    let judged = Judged::of(repo.root(), "2016-09-30");
    (repo, judged)
}

/// Every report of a hostile registry. The attacks take turns, so that over all rounds each field has
/// had several.
fn each(look: impl Fn(&Judged, &Document)) {
    for shift in [0, 7, 13] {
        let (_repo, judged) = hostile(shift);
        for publication in PUBLICATIONS {
            let (document, _) = judged.write(publication);
            assert!(document.tokens().count() > 0, "{}", publication.name);
            look(&judged, &document);
        }
    }
}

/// What a reader of a line should see, findings of a draft left out.
fn seen(line: &Line) -> String {
    escape::line(&line.text()).into_owned()
}

/// The cells of every table, in order.
fn cells(document: &Document) -> Vec<String> {
    tables(document).flat_map(|table| table.rows.iter().flatten()).map(seen).collect()
}

fn tables(document: &Document) -> impl Iterator<Item = &Table> {
    document.blocks.iter().filter_map(|block| match block {
        Block::Table(table) => Some(table),
        _ => None,
    })
}

/// White space as HTML and Markdown show it: runs of it are one, and none stands at an end.
fn folded(text: &str) -> String {
    text.split(' ').filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ")
}

fn headings(document: &Document) -> usize {
    document.blocks.iter().filter(|block| matches!(block, Block::Heading(..))).count()
}

/// The document as it is where nothing is wrong with it: passages without the marks of a draft.
fn unmarked(document: &Document) -> Document {
    let mut document = document.clone();
    let unmark = |line: &mut Line| line.0.retain(|part| !matches!(part, Part::Flag(_)));
    for block in &mut document.blocks {
        match block {
            Block::Heading(_, line) | Block::Paragraph(line) => unmark(line),
            Block::List(lines) => lines.iter_mut().for_each(unmark),
            Block::Table(table) => table.rows.iter_mut().flatten().for_each(unmark),
        }
    }
    document.entries.iter_mut().for_each(|entry| unmark(&mut entry.title));
    document
}

#[test]
fn attacks_reach_every_report() {
    let mut reached: BTreeSet<&&str> = BTreeSet::new();
    each(|_, document| {
        let text: String = cells(document).join("\n");
        let sees = |attack: &&&str| text.contains(escape::line(attack).as_ref());
        assert!(ATTACKS.iter().filter(sees).count() > 3, "{}", document.name);
    });
    let (_repo, judged) = hostile(0);
    for publication in PUBLICATIONS {
        let (document, _) = judged.write(publication);
        let all: String = document.tokens().map(|token| escape::line(&token.text).into_owned() + "\n").collect();
        reached.extend(ATTACKS.iter().filter(|attack| all.contains(escape::line(attack).as_ref())));
    }
    assert_eq!(reached.len(), ATTACKS.len());
}

#[test]
fn notes_are_never_printed() {
    each(|judged, document| {
        for format in ["markdown", "html", "text", "csv", "json", "trace", "ics"] {
            assert!(!judged.print(document, format, true).contains(SECRET), "{} {format}", document.name);
        }
    });
}

#[test]
fn markdown_shows_hostile_words_as_they_are() {
    each(|judged, document| {
        for cite in [false, true] {
            let printed = judged.print(&unmarked(document), "markdown", cite);
            let options = Options::ENABLE_TABLES
                | Options::ENABLE_FOOTNOTES
                | Options::ENABLE_STRIKETHROUGH
                | Options::ENABLE_TASKLISTS
                | Options::ENABLE_MATH
                | Options::ENABLE_GFM
                | Options::ENABLE_HEADING_ATTRIBUTES;
            let mut columns = tables(document).map(|table| table.columns.len());
            let (mut found, mut in_cell, mut titles) = (Vec::<String>::new(), false, 0);
            for event in Parser::new_ext(&printed, options) {
                match event {
                    Event::Start(Tag::Heading { .. }) => titles += 1,
                    Event::Start(Tag::TableCell) => {
                        found.push(String::new());
                        in_cell = true;
                    }
                    Event::End(TagEnd::TableCell) => in_cell = false,
                    // The heads of a table are words of the report.
                    Event::End(TagEnd::TableHead) => found.truncate(found.len() - columns.next().unwrap()),
                    Event::Text(text) => {
                        if let Some(cell) = found.last_mut().filter(|_| in_cell) {
                            *cell += &text;
                        }
                    }
                    Event::FootnoteReference(_) | Event::Start(Tag::FootnoteDefinition(_)) => assert!(cite),
                    Event::Start(
                        Tag::Paragraph
                        | Tag::List(None)
                        | Tag::Item
                        | Tag::Table(_)
                        | Tag::TableHead
                        | Tag::TableRow
                        // "Draft: not to be published."
                        | Tag::Strong,
                    )
                    | Event::End(_) => {}
                    other => panic!("{}: {other:?}", document.name),
                }
            }
            assert_eq!(titles, headings(document) + 1, "{}", document.name);
            let found: Vec<String> = found.iter().map(|cell| folded(cell)).collect();
            let wanted: Vec<String> = cells(document).iter().map(|cell| folded(cell)).collect();
            assert_eq!(found, wanted, "{}", document.name);
            // What GitHub makes a link of by itself.
            for link in ["://", "@"] {
                assert!(!printed.contains(link), "{}: {link}", document.name);
            }
            assert!(!printed.to_ascii_lowercase().contains("www."), "{}", document.name);
            assert!(!printed.chars().any(|c| c != '\n' && escape::is_hidden(c)), "{}", document.name);
        }
    });
}

/// The tags that a report uses, and their attributes.
const TAGS: &[(&str, &[&str])] = &[
    ("html", &["lang"]),
    ("head", &[]),
    ("meta", &["charset", "name", "content"]),
    ("title", &[]),
    ("body", &["style"]),
    ("h1", &[]),
    ("h2", &[]),
    ("h3", &[]),
    ("p", &[]),
    ("ul", &[]),
    ("ol", &[]),
    ("li", &["id"]),
    ("div", &["style"]),
    ("strong", &["style"]),
    ("table", &["style"]),
    ("caption", &[]),
    ("thead", &[]),
    ("tbody", &[]),
    ("tr", &[]),
    ("th", &["scope", "style"]),
    ("td", &["style"]),
    ("sup", &[]),
    ("a", &["href"]),
];

/// Reads HTML with a tokenizer after the standard: no error, only known tags, each closed where it was
/// opened. Gives the text of every cell.
fn valid_html(name: &str, printed: &str) -> Vec<String> {
    let word = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).unwrap();
    let (mut open, mut found, mut in_note): (Vec<String>, Vec<String>, bool) = (Vec::new(), Vec::new(), false);
    for token in Tokenizer::new(printed) {
        let Ok(token) = token;
        match token {
            Token::StartTag(tag) => {
                let called = word(&tag.name);
                let known = TAGS.iter().find(|(tag, _)| *tag == called);
                let (_, attributes) = known.unwrap_or_else(|| panic!("{name}: <{called}>"));
                for (key, value) in &tag.attributes {
                    let (key, value) = (word(key), word(value));
                    assert!(attributes.contains(&key.as_str()), "{name}: <{called} {key}>");
                    assert!(key != "href" || value.starts_with("#source-"), "{name}: {value}");
                }
                in_note |= called == "sup";
                if called == "td" {
                    found.push(String::new());
                }
                if called != "meta" {
                    open.push(called);
                }
            }
            Token::EndTag(tag) => {
                let called = word(&tag.name);
                assert_eq!(open.pop().as_deref(), Some(called.as_str()), "{name}");
                in_note &= called != "sup";
            }
            Token::String(text) => {
                let is_cell = open.iter().any(|tag| tag == "td") && !in_note;
                if let Some(last) = found.last_mut().filter(|_| is_cell) {
                    *last += &word(&text);
                }
            }
            Token::Doctype(_) => assert!(open.is_empty()),
            Token::Comment(text) => panic!("{name}: comment {text:?}"),
            Token::Error(error) => panic!("{name}: {error:?}"),
        }
    }
    assert_eq!(open, Vec::<String>::new(), "{name}");
    found
}

#[test]
fn html_is_valid_and_shows_hostile_words_as_they_are() {
    each(|judged, document| {
        for cite in [false, true] {
            let printed = judged.print(&unmarked(document), "html", cite);
            assert_eq!(valid_html(document.name, &printed), cells(document), "{}", document.name);
            assert!(!printed.chars().any(|c| c != '\n' && escape::is_hidden(c)), "{}", document.name);
        }
    });
}

#[test]
fn html_of_a_draft_is_valid_too() {
    let (repo, _) = hostile(0);
    // Several use the same.
    let facts: BTreeSet<(&str, &str)> = FACTS.iter().map(|(_, file, key)| (*file, *key)).collect();
    for (file, key) in facts {
        no_day(&repo, file, key);
    }
    let judged = Judged::of(repo.root(), "2016-09-30");
    for (name, ..) in FACTS {
        let (document, _) = judged.write(quorate::report::named(name).unwrap());
        assert!(document.is_draft(), "{name}");
        valid_html(document.name, &judged.print(&document, "html", false));
    }
}

#[test]
fn text_holds_nothing_that_a_terminal_obeys() {
    each(|judged, document| {
        let printed = judged.print(document, "text", false);
        assert!(!printed.chars().any(|c| c != '\n' && escape::is_hidden(c)), "{}", document.name);
    });
}

/// What a cell of CSV holds: text that a spreadsheet would calculate has an apostrophe before it.
fn harmless(cell: String) -> String {
    if cell.starts_with(['=', '+', '-', '@']) { format!("'{cell}") } else { cell }
}

#[test]
fn csv_read_back_is_what_the_tables_hold_and_no_formula() {
    each(|judged, document| {
        let printed = judged.print(&unmarked(document), "csv", false);
        assert!(!printed.replace("\r\n", "").chars().any(escape::is_hidden), "{}", document.name);
        let mut reader = csv::ReaderBuilder::new().has_headers(false).flexible(true).from_reader(printed.as_bytes());
        let read: Vec<Vec<String>> =
            reader.records().map(|row| row.unwrap().iter().map(ToOwned::to_owned).collect()).collect();
        let rows = tables(document).flat_map(|table| {
            let head = table.columns.iter().map(|column| (*column).to_owned()).collect();
            let rows = table.rows.iter().map(|row| row.iter().map(|line| harmless(seen(line))).collect());
            std::iter::once(head).chain(rows)
        });
        let wanted: Vec<Vec<String>> = rows.collect();
        assert_eq!(read, wanted, "{}", document.name);
        assert!(!read.iter().flatten().any(|cell| cell.starts_with(['=', '+', '-', '@', '\t', '\r', '\n'])));
    });
}

#[test]
fn ics_read_back_shows_hostile_words_as_they_are() {
    each(|judged, document| {
        let document = unmarked(document);
        let read = calendar::read(&judged.print(&document, "ics", false));
        assert_eq!(read.events.len(), document.entries.len(), "{}", document.name);
        for (event, entry) in read.events.iter().zip(&document.entries) {
            let (who, title) = (seen(&entry.who), seen(&entry.title));
            let wanted = if entry.who.text().is_empty() { title } else { format!("{who}: {title}") };
            assert!(calendar::summary(event).starts_with(&wanted), "{wanted:?} {event:?}");
        }
    });
}

#[test]
fn json_read_back_is_what_the_lines_say() {
    each(|judged, document| {
        let printed = judged.print(document, "json", false);
        assert!(!printed.chars().any(|c| c != '\n' && escape::is_hidden(c)), "{}", document.name);
        let read: serde_json::Value = serde_json::from_str(&printed).unwrap();
        let texts = |value: &serde_json::Value| -> Vec<String> {
            let rows = value["rows"].as_array().into_iter().flatten();
            let cells = rows.flat_map(|row| row.as_array().unwrap());
            cells.map(|cell| cell["text"].as_str().unwrap().to_owned()).collect()
        };
        let read: Vec<String> = read["blocks"].as_array().unwrap().iter().flat_map(texts).collect();
        let lines = tables(document).flat_map(|table| table.rows.iter().flatten());
        assert_eq!(read, lines.map(Line::text).collect::<Vec<_>>(), "{}", document.name);
    });
}
