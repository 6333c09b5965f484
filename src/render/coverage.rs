//! The coverage of a code: for people as a table with totals, for programs as JSON or CSV.

use std::fmt::Write as _;

use serde::Serialize;
use textwrap::{Options, WordSplitter};
use unicode_width::UnicodeWidthStr;

use super::{Style, csv::table, escape};
use crate::rulebook::{
    Rulebook,
    coverage::{Care, Coverage, Part, Row},
};

/// The version of the JSON below.
const SCHEMA: u32 = 1;
/// The widest column of clauses; longer ones are wrapped.
const CLAUSE: usize = 14;
/// How long the bar of all rows is.
const BAR: usize = 40;

/// The table, part by part, then the totals and the rules that cover no row.
pub fn human(coverage: &Coverage, book: &Rulebook, style: &Style) -> String {
    let rows = || coverage.rows().map(|(_, row)| row);
    let widest = |text: fn(&Row) -> &str| rows().map(|row| text(row).width()).max().unwrap_or(0);
    let widths = [
        widest(|row| row.id.text().unwrap_or("")),
        widest(|row| row.care().word()),
        widest(|row| row.clause.text().unwrap_or("")).min(CLAUSE),
    ];
    let mut text = String::new();
    for part in coverage.says.part.iter() {
        let _ = writeln!(text, "{}", escape::line(part.title.text().unwrap_or("")));
        for row in part.row.iter() {
            tell_row(row, widths, style, &mut text);
        }
        text.push('\n');
    }
    totals(coverage, style, &mut text);
    idle(coverage, book, style, &mut text);
    text
}

fn tell_row(row: &Row, [id, care, clause]: [usize; 3], style: &Style, text: &mut String) {
    let before: usize = [2, id, 2, care, 2, clause, 2].iter().sum();
    let wrap = |what: &str, room: usize| -> Vec<String> {
        textwrap::wrap(&escape::line(what), wrapping(room.max(8))).into_iter().map(Into::into).collect()
    };
    let clauses = wrap(row.clause.text().unwrap_or(""), clause);
    let mut said = format!("{} [{}]", row.about.text().unwrap_or(""), row.label());
    if !row.checked.items.is_empty() {
        let _ = write!(said, "\nby {}", row.checked.iter().map(AsRef::as_ref).collect::<Vec<_>>().join(", "));
    }
    if let Some(why) = row.why() {
        let _ = write!(said, "\n{}{why}", if row.rest.is_absent() { "" } else { "not: " });
    }
    let said: Vec<String> = said.lines().flat_map(|line| wrap(line, style.columns().saturating_sub(before))).collect();
    for at in 0..clauses.len().max(said.len()) {
        let first = |word: &str| if at == 0 { word.to_owned() } else { String::new() };
        let cells = [(first(row.id.text().unwrap_or("")), id), (first(row.care().word()), care)];
        let cells = cells.into_iter().chain([(clauses.get(at).cloned().unwrap_or_default(), clause)]);
        let line = cells.fold(String::new(), |line, (cell, width)| line + "  " + &padded(&escape::line(&cell), width));
        let _ = writeln!(text, "{}", format!("{line}  {}", said.get(at).map_or("", String::as_str)).trim_end());
    }
}

/// Ids are not broken at their hyphens.
fn wrapping<'a>(width: usize) -> Options<'a> {
    Options::new(width).word_splitter(WordSplitter::NoHyphenation)
}

fn padded(text: &str, width: usize) -> String {
    format!("{text}{}", " ".repeat(width.saturating_sub(text.width())))
}

fn totals(coverage: &Coverage, style: &Style, text: &mut String) {
    let all = coverage.rows().count();
    let _ = writeln!(text, "{all} rows");
    for care in Care::ALL {
        let count = coverage.count(care);
        if count == 0 && care == Care::Nothing {
            continue;
        }
        let of = |whole: usize| count.saturating_mul(whole).saturating_add(all / 2).checked_div(all).unwrap_or(0);
        let bar = if style.unicode { "█" } else { "#" }.repeat(of(BAR));
        let line = format!("  {}  {count:>4}  {:>3} %  {bar}", padded(care.word(), 12), of(100));
        let _ = writeln!(text, "{}", line.trim_end());
    }
}

fn idle(coverage: &Coverage, book: &Rulebook, style: &Style, text: &mut String) {
    let idle: Vec<&str> = coverage.idle(book).iter().map(|rule| rule.id.as_ref()).collect();
    if idle.is_empty() {
        let _ = writeln!(text, "\nEvery rule covers a row.");
        return;
    }
    let _ = writeln!(text, "\n{} of {} rules cover no row:", idle.len(), book.all().count());
    let indent = wrapping(style.columns()).initial_indent("  ").subsequent_indent("  ");
    for line in textwrap::wrap(&escape::line(&idle.join(", ")), indent) {
        let _ = writeln!(text, "{line}");
    }
}

#[derive(Serialize)]
#[serde(rename_all = "kebab-case")]
struct Output<'a> {
    schema: u32,
    totals: Totals,
    rows: Vec<Line<'a>>,
    rules_without_row: Vec<&'a str>,
}

#[derive(Serialize)]
#[serde(rename_all = "kebab-case")]
struct Totals {
    rows: usize,
    checked: usize,
    recorded: usize,
    judgement: usize,
    out_of_scope: usize,
    not_covered: usize,
}

#[derive(Serialize)]
struct Line<'a> {
    id: &'a str,
    part: &'a str,
    clause: &'a str,
    label: &'a str,
    about: &'a str,
    /// `null` where nobody said.
    state: Option<&'a str>,
    rules: Vec<&'a str>,
    why: Option<&'a str>,
}

impl<'a> Line<'a> {
    fn of((part, row): (&'a Part, &'a Row)) -> Self {
        let care = row.care();
        Self {
            id: row.id.text().unwrap_or(""),
            part: part.title.text().unwrap_or(""),
            clause: row.clause.text().unwrap_or(""),
            label: row.label(),
            about: row.about.text().unwrap_or(""),
            state: (care != Care::Nothing).then(|| care.word()),
            rules: row.checked.iter().map(AsRef::as_ref).collect(),
            why: row.why(),
        }
    }
}

/// The same as one JSON object.
///
/// # Errors
///
/// Those of the writer of JSON: none, for text alone.
pub fn json(coverage: &Coverage, book: &Rulebook) -> serde_json::Result<String> {
    let count = |care| coverage.count(care);
    let output = Output {
        schema: SCHEMA,
        totals: Totals {
            rows: coverage.rows().count(),
            checked: count(Care::Checked),
            recorded: count(Care::Recorded),
            judgement: count(Care::Judgement),
            out_of_scope: count(Care::OutOfScope),
            not_covered: count(Care::Nothing),
        },
        rows: coverage.rows().map(Line::of).collect(),
        rules_without_row: coverage.idle(book).iter().map(|rule| rule.id.as_ref()).collect(),
    };
    serde_json::to_string_pretty(&output).map(|text| text + "\n")
}

/// The rows as CSV (RFC 4180), rules separated by spaces.
pub fn csv(coverage: &Coverage) -> String {
    let heading = ["id", "part", "clause", "label", "about", "state", "rules", "why"];
    let rows = coverage.rows().map(Line::of).map(|row| {
        let rules = row.rules.join(" ");
        let (state, why) = (row.state.unwrap_or(""), row.why.unwrap_or(""));
        [row.id, row.part, row.clause, row.label, row.about, state, &rules, why].map(ToOwned::to_owned)
    });
    table(&heading, rows, csv::Terminator::CRLF)
}
