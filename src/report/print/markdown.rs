//! `markdown`, with footnotes on request.

use std::fmt::Write as _;

use super::{Cited, Layouts, flag, stamp};
use crate::{
    error::Error,
    render::escape,
    report::model::{Block, Document, Line, Part},
};

/// Prints a report. With `cited`, each token has a footnote.
///
/// # Errors
///
/// [`Error::Usage`] for a template that does not work.
pub fn markdown(document: &Document, cited: Option<&Cited<'_>>, layouts: &Layouts) -> Result<String, Error> {
    let mut notes = Vec::new();
    let mut body = String::new();
    for block in &document.blocks {
        let mut cell = |one: &Line| said(document, one, cited, &mut notes);
        match block {
            Block::Heading(depth, one) => {
                let _ = writeln!(body, "{} {}\n", "#".repeat(usize::from(*depth)), begun(cell(one)));
            }
            Block::Paragraph(one) => {
                let _ = writeln!(body, "{}\n", begun(cell(one)));
            }
            Block::List(lines) => {
                for one in lines {
                    let _ = writeln!(body, "- {}", begun(cell(one)));
                }
                body.push('\n');
            }
            Block::Table(table) => {
                let _ = writeln!(body, "| {} |\n|{}", table.columns.join(" | "), " --- |".repeat(table.columns.len()));
                for row in &table.rows {
                    let cells: Vec<String> = row.iter().map(&mut cell).collect();
                    let _ = writeln!(body, "| {} |", cells.join(" | "));
                }
                body.push('\n');
            }
        }
    }
    for (at, note) in (1..).zip(&notes) {
        let _ = writeln!(body, "[^{at}]: {}", escaped(note));
    }
    let draft: Vec<String> =
        document.findings.iter().map(|one| escaped(&format!("{} {}", flag(one), one.message))).collect();
    let page = layouts.page("page.md", &escaped(&document.title), &escaped(&stamp(document)), &draft, body)?;
    Ok(page.trim_end().to_owned() + "\n")
}

/// A line, or a cell: that begins no block, whatever its first letters are.
fn said(document: &Document, line: &Line, cited: Option<&Cited<'_>>, notes: &mut Vec<String>) -> String {
    let mut out = String::new();
    for part in &line.0 {
        match part {
            Part::Plain(text) => out += &inline(text),
            Part::Flag(at) => {
                let said = document.findings.get(*at).map(flag).unwrap_or_default();
                let _ = write!(out, " **{}**", escaped(&said));
            }
            Part::Token(token) => {
                out += &inline(&token.text);
                if let Some(cited) = cited {
                    notes.push(cited.note(token));
                    let _ = write!(out, "[^{}]", notes.len());
                }
            }
        }
    }
    out
}

/// Text that Markdown shows as it is: no link, no HTML, no emphasis, no cell, no block of another sort.
pub fn escaped(text: &str) -> String {
    begun(inline(text))
}

/// A whole line, so that its beginning makes no heading, list, rule or code of it.
fn begun(line: String) -> String {
    let digits = line.bytes().take_while(u8::is_ascii_digit).count();
    match line.as_bytes() {
        [b'#' | b'+' | b'-' | b'=', ..] => format!("\\{line}"),
        [b' ', b' ', ..] => line.replacen(' ', "&#32;", 1),
        _ => match line.split_at_checked(digits) {
            Some((number, rest)) if digits > 0 && rest.starts_with(['.', ')']) => format!("{number}\\{rest}"),
            _ => line,
        },
    }
}

/// Text within a line.
fn inline(text: &str) -> String {
    let mut out = String::with_capacity(text.len().saturating_add(8));
    let text = escape::line(text);
    for (at, c) in text.char_indices() {
        // A colon behind a scheme, or a point behind `www`, would make a link of a bare address.
        let is_address = c == '@'
            || c == ':' && text.get(at..).is_some_and(|rest| rest.starts_with("://"))
            || c == '.' && text.get(..at).is_some_and(|before| before.to_ascii_lowercase().ends_with("www"));
        match c {
            '&' => out += "&amp;",
            '<' => out += "&lt;",
            _ if is_address => {
                let _ = write!(out, "&#{};", u32::from(c));
            }
            '\\' | '`' | '*' | '_' | '[' | ']' | '|' | '~' | '!' | '>' | '$' => {
                out.push('\\');
                out.push(c);
            }
            _ => out.push(c),
        }
    }
    out
}
