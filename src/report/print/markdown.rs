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
        let mut line = |one: &Line| said(document, one, cited, &mut notes);
        match block {
            Block::Heading(depth, one) => {
                let _ = writeln!(body, "{} {}\n", "#".repeat(usize::from(*depth)), line(one));
            }
            Block::Paragraph(one) => {
                let _ = writeln!(body, "{}\n", line(one));
            }
            Block::List(lines) => {
                for one in lines {
                    let _ = writeln!(body, "- {}", line(one));
                }
                body.push('\n');
            }
            Block::Table(table) => {
                let _ = writeln!(body, "| {} |\n|{}", table.columns.join(" | "), " --- |".repeat(table.columns.len()));
                for row in &table.rows {
                    let cells: Vec<String> = row.iter().map(&mut line).collect();
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

fn said(document: &Document, line: &Line, cited: Option<&Cited<'_>>, notes: &mut Vec<String>) -> String {
    let mut out = String::new();
    for part in &line.0 {
        match part {
            Part::Plain(text) => out += &escaped(text),
            Part::Flag(at) => {
                let said = document.findings.get(*at).map(flag).unwrap_or_default();
                let _ = write!(out, " **{}**", escaped(&said));
            }
            Part::Token(token) => {
                out += &escaped(&token.text);
                if let Some(cited) = cited {
                    notes.push(cited.note(token));
                    let _ = write!(out, "[^{}]", notes.len());
                }
            }
        }
    }
    out
}

/// Text that Markdown shows as it is: no link, no HTML, no emphasis, no cell.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 8);
    let text = escape::line(text);
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    for (at, c) in text.char_indices() {
        let rest = text.get(at..).unwrap_or("");
        // `1. ` or `1) ` where a line begins would make a list of it; the digits may be a part of their own.
        let is_marker = at == digits && matches!(c, '.' | ')') && matches!(rest.as_bytes().get(1), None | Some(b' '));
        let is_start = at == 0 && matches!(c, '#' | '+' | '-' | '=') || is_marker;
        // A colon behind a scheme, or a point behind `www`, would make a link of a bare address.
        let is_address = c == '@'
            || c == ':' && rest.starts_with("://")
            || c == '.' && text.get(..at).is_some_and(|before| before.to_ascii_lowercase().ends_with("www"));
        match c {
            // Four spaces where a line begins would make code of it.
            ' ' if at == 0 && rest.starts_with("  ") => out += "&#32;",
            '&' => out += "&amp;",
            '<' => out += "&lt;",
            _ if is_address => {
                let _ = write!(out, "&#{};", u32::from(c));
            }
            '\\' | '`' | '*' | '_' | '[' | ']' | '|' | '~' | '!' | '>' | '$' => {
                out.push('\\');
                out.push(c);
            }
            _ if is_start => {
                out.push('\\');
                out.push(c);
            }
            _ => out.push(c),
        }
    }
    out
}
