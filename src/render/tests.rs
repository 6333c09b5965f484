//! What the printers print, kept in files that a person can read: `tests/render/`. `BLESS=1` writes
//! them anew.

use std::{fs, path::PathBuf};

use proptest::prelude::*;

use super::{Style, concise, escape, human, json};
use crate::{
    check::{Summary, Verdict},
    day::Day,
    finding::{Basis, Clause, Finding, Level, Mark, Outcome},
    text::{FileId, Span, Text, Texts},
};

mod cases;
mod formats;

/// A verdict in the making.
struct Case(Verdict);

impl Case {
    fn new(files: &[(&str, &str)]) -> Self {
        let mut texts = Texts::default();
        for (path, content) in files {
            texts.add(Text::new(*path, *content));
        }
        let on = Day::new(2016, 9, 30).unwrap_or(Day::EARLIEST);
        let summary = Summary { records: 214, rules: 38, judged: 1204, outcomes: [1180, 3, 12, 0, 9, 0] };
        let (position, at) = (Some(on), "worktree".to_owned());
        Self(Verdict {
            on,
            position,
            at,
            base: None,
            assumed: vec![],
            summary,
            findings: vec![],
            changes: vec![],
            texts,
        })
    }

    /// A mark at the first place where a file says so; at its start where it says nothing such.
    fn mark(&self, file: u32, needle: &str, label: &str) -> Mark {
        let content = self.0.texts.get(FileId(file)).map_or("", Text::content);
        let span = content.find(needle).map(|at| Span::new(at..at + needle.len()));
        Mark::new(FileId(file), span.unwrap_or_default(), label)
    }

    fn find(&mut self, level: Level, rule: &str, clause: &str, message: &str, marks: Vec<Mark>) -> &mut Finding {
        let clause = (!clause.is_empty()).then(|| Clause::parse(clause));
        let path = marks.first().map_or("", |mark| self.0.texts.path(mark.place.file));
        let subject = path.strip_prefix("registry/").and_then(|path| path.strip_suffix(".toml")).unwrap_or(path);
        self.0.findings.push(Finding {
            rule: rule.into(),
            clause,
            basis: Some(Basis::Secondary),
            slot: format!("slot-{}", self.0.findings.len()).into(),
            outcome: if level == Level::Note { Outcome::Unknown } else { Outcome::Breach },
            level,
            subject: subject.into(),
            message: message.to_owned(),
            help: None,
            marks,
            status: None,
            by_base_rules: false,
        });
        let last = self.0.findings.len() - 1;
        &mut self.0.findings[last]
    }

    fn human(&self, style: Style) -> String {
        printed(|out| human(&self.0, &style, out))
    }
}

fn printed(print: impl FnOnce(&mut dyn std::io::Write) -> std::io::Result<()>) -> String {
    let mut out = Vec::new();
    assert!(print(&mut out).is_ok(), "writing to memory does not fail");
    String::from_utf8_lossy(&out).into_owned()
}

fn narrow(width: usize) -> Style {
    Style { width, ..Style::default() }
}

/// Compares with the file kept, literally.
fn kept(name: &str, actual: &str) {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/render").join(name);
    if std::env::var_os("BLESS").is_some() {
        assert!(fs::write(&path, actual).is_ok(), "cannot write {}", path.display());
    }
    let expected = fs::read_to_string(&path).unwrap_or_default();
    assert!(expected == actual, "{} differs; it should now be:\n{actual}", path.display());
}

#[test]
fn a_finding_over_three_files() {
    let case = cases::composition();
    for width in [40, 80, 120] {
        kept(&format!("three-files.{width}.txt"), &case.human(narrow(width)));
    }
    kept("three-files.json", &printed(|out| json(&case.0, out)));
    kept("three-files.concise.txt", &printed(|out| concise(&case.0, out)));
    kept("three-files.ascii.txt", &case.human(Style { unicode: false, ..Style::default() }));
    let colored = case.human(Style { color: true, ..Style::default() });
    kept("three-files.color.txt", &colored.replace('\u{1b}', "ESC"));
}

#[test]
fn notes_fold_by_rule_and_unfold_when_asked() {
    let case = cases::notes();
    kept("notes.80.txt", &case.human(narrow(80)));
    kept("notes.40.txt", &case.human(narrow(40)));
    kept("notes.verbose.txt", &case.human(Style { verbose: true, ..Style::default() }));
    assert_eq!(case.human(Style { quiet: true, ..Style::default() }), "");
}

#[test]
fn long_lines_tall_marks_and_crowded_ones() {
    let case = cases::shapes();
    for width in [40, 80] {
        kept(&format!("shapes.{width}.txt"), &case.human(narrow(width)));
    }
    kept("shapes.json", &printed(|out| json(&case.0, out)));
}

#[test]
fn nothing_is_wider_than_the_screen_but_what_must_stay_whole() {
    for case in [cases::composition(), cases::notes(), cases::shapes(), cases::letters(), cases::hostile()] {
        for width in (40..=120).step_by(8) {
            let text = case.human(narrow(width));
            let wide = |line: &&str| unicode_width::UnicodeWidthStr::width(*line) > width;
            // A path stays whole, so that it can be copied; and so does a word.
            let may = |line: &str| line.contains("─[") || line.contains("─▶") || line.contains("u{");
            assert_eq!(text.lines().filter(wide).find(|line| !may(line)), None, "at {width} columns");
        }
    }
}

#[test]
fn letters_of_all_widths() {
    let case = cases::letters();
    kept("letters.txt", &case.human(narrow(80)));
    kept("letters.json", &printed(|out| json(&case.0, out)));
}

#[test]
fn hostile_text_is_shown_and_not_obeyed() {
    let case = cases::hostile();
    kept("hostile.txt", &case.human(narrow(80)));
    kept("hostile.concise.txt", &printed(|out| concise(&case.0, out)));
    kept("hostile.json", &printed(|out| json(&case.0, out)));
}

#[test]
fn nothing_found_says_so_and_what_it_is_worth() {
    let mut case = Case::new(&[]);
    case.0.summary.outcomes = [1192, 0, 12, 0, 0, 0];
    let kept_all = case.human(narrow(80));
    case.0.summary.outcomes = [1183, 0, 12, 0, 9, 0];
    case.0.at = "0123456789abcdef0123456789abcdef01234567".to_owned();
    case.0.base = Some("fedcba9876543210fedcba9876543210fedcba98".to_owned());
    case.0.assumed = vec!["SECMP0020".to_owned(), "SECMP0021".to_owned()];
    case.0.position = Day::new(2016, 8, 31);
    let open = case.human(narrow(80));
    case.0.summary = Summary::default();
    case.0.position = None;
    let empty = case.human(narrow(80));
    kept("nothing.txt", &[kept_all, open, empty].join("\n"));
    kept("nothing.json", &printed(|out| json(&case.0, out)));
    assert_eq!(printed(|out| concise(&case.0, out)), "");
}

#[test]
fn a_failed_write_is_reported() {
    struct Full;
    impl std::io::Write for Full {
        fn write(&mut self, _: &[u8]) -> std::io::Result<usize> {
            Err(std::io::ErrorKind::BrokenPipe.into())
        }
        fn flush(&mut self) -> std::io::Result<()> {
            Ok(())
        }
    }
    let case = cases::composition();
    for result in [human(&case.0, &narrow(80), &mut Full), concise(&case.0, &mut Full), json(&case.0, &mut Full)] {
        let error = super::written("the output", result);
        assert!(error.is_err_and(|error| error.is_broken_pipe()));
    }
}

/// Text with more of what hurts than chance would give.
fn nasty() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        any::<String>(),
        "[ -~]{0,300}",
        Just("\u{1b}[31m".to_owned()),
        Just("\r\n".to_owned()),
        Just("\n\n".to_owned()),
        Just("\t".to_owned()),
        Just("`é: 委\u{301}🗳`".to_owned()),
        Just("\u{202e}\u{2066}\u{200b}\u{2028}\u{85}".to_owned()),
    ];
    prop::collection::vec(piece, 0..8).prop_map(|pieces| pieces.concat())
}

fn any_finding() -> impl Strategy<Value = Finding> {
    let level = prop_oneof![Just(Level::Note), Just(Level::Warning), Just(Level::Error)];
    let mark = (0..4u32, 0..2000u32, 0..2000u32, nasty());
    let marks = prop::collection::vec(mark, 0..12);
    (level, nasty(), nasty(), nasty(), prop::option::of(nasty()), marks).prop_map(
        |(level, rule, subject, message, help, marks)| Finding {
            clause: Some(Clause::parse(&rule)),
            rule: rule.into(),
            basis: None,
            slot: "".into(),
            outcome: Outcome::Breach,
            level,
            subject: subject.into(),
            message,
            help,
            marks: marks
                .into_iter()
                .map(|(file, start, end, label)| Mark::new(FileId(file), Span { start, end }, label))
                .collect(),
            status: None,
            by_base_rules: false,
        },
    )
}

proptest! {
    #[test]
    fn whatever_the_records_say_the_terminal_stays_ours(
        files in prop::collection::vec((nasty(), nasty()), 3),
        findings in prop::collection::vec(any_finding(), 0..6),
        (width, unicode, verbose) in (0..200usize, any::<bool>(), any::<bool>()),
    ) {
        let files: Vec<_> = files.iter().map(|(path, content)| (path.as_str(), content.as_str())).collect();
        let mut case = Case::new(&files);
        case.0.findings = findings;
        let style = Style { color: false, width, unicode, verbose, quiet: false };
        let plain = case.human(style);
        prop_assert!(!plain.chars().any(|c| c != '\n' && escape::is_hidden(c)), "{plain:?}");
        let lines = printed(|out| concise(&case.0, out));
        prop_assert!(!lines.chars().any(|c| c != '\n' && escape::is_hidden(c)), "{lines:?}");
        prop_assert_eq!(lines.lines().count(), case.0.findings.len());
        let parsed = serde_json::from_str::<serde_json::Value>(&printed(|out| json(&case.0, out)));
        prop_assert_eq!(parsed.ok().and_then(|value| value["findings"].as_array().map(Vec::len)), Some(case.0.findings.len()));
        // Colour adds nothing but its own sequences.
        let colored = case.human(Style { color: true, ..style });
        prop_assert_eq!(without_color(&colored), without_color(&plain));
    }
}

#[test]
fn whatever_a_revision_is_called_the_terminal_stays_ours() {
    let mut case = Case::new(&[]);
    case.0.base = Some("\u{1b}[2J\0".to_owned());
    case.0.at = "\u{1b}[2J\0".to_owned();
    let plain = case.human(Style { color: false, ..Style::default() });
    assert!(!plain.chars().any(|c| c != '\n' && escape::is_hidden(c)), "{plain:?}");
}

/// Takes out `ESC [ … m`, and the spaces at the end of lines that those may have kept.
fn without_color(text: &str) -> String {
    let mut parts = text.split("\u{1b}[");
    let first = parts.next().unwrap_or("").to_owned();
    let text = parts.fold(first, |out, part| out + part.split_once('m').map_or("", |(_, rest)| rest));
    text.lines().map(str::trim_end).collect::<Vec<_>>().join("\n")
}
