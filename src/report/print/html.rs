//! `html`: fit for e-mail. No script, no style sheet, nothing from elsewhere; each token opens on
//! request to show where it comes from.

use std::fmt::Write as _;

use super::{Cited, Layouts, flag, stamp};
use crate::{
    error::Error,
    render::escape,
    report::model::{Block, Document, Line, Part},
};

const CELL: &str = "border:1px solid #767676;padding:0.2em 0.5em;text-align:left;vertical-align:top";

/// Prints a report as one page. With `cite`, each token has a numbered marker that leads to its note.
///
/// # Errors
///
/// [`Error::Usage`] for a template that does not work.
pub fn html(document: &Document, cited: Option<&Cited<'_>>, layouts: &Layouts) -> Result<String, Error> {
    let mut writer = Writer { document, cited, notes: Vec::new() };
    let mut body: String = document.blocks.iter().map(|block| writer.block(block)).collect();
    if !writer.notes.is_empty() {
        body += "<h2>Where each fact comes from</h2>\n<ol>\n";
        for (at, note) in (1..).zip(&writer.notes) {
            let _ = writeln!(body, "<li id=\"source-{at}\">{}</li>", escaped(note));
        }
        body += "</ol>\n";
    }
    let draft: Vec<String> = document
        .findings
        .iter()
        .map(|one| escape::line(&format!("{} {}", flag(one), one.message)).into_owned())
        .collect();
    layouts.page("page.html", &escape::line(&document.title), &escape::line(&stamp(document)), &draft, body)
}

struct Writer<'d> {
    document: &'d Document,
    cited: Option<&'d Cited<'d>>,
    notes: Vec<String>,
}

impl Writer<'_> {
    fn block(&mut self, block: &Block) -> String {
        match block {
            Block::Heading(depth, line) => format!("<h{depth}>{}</h{depth}>\n", self.line(line)),
            Block::Paragraph(line) => format!("<p>{}</p>\n", self.line(line)),
            Block::List(lines) => {
                let mut out = "<ul>\n".to_owned();
                for line in lines {
                    let _ = writeln!(out, "<li>{}</li>", self.line(line));
                }
                out + "</ul>\n"
            }
            Block::Table(table) => {
                let mut out = format!(
                    "<table style=\"border-collapse:collapse\">\n<caption>{}</caption>\n<thead><tr>",
                    escaped(table.caption)
                );
                for column in &table.columns {
                    let _ = write!(out, "<th scope=\"col\" style=\"{CELL}\">{}</th>", escaped(column));
                }
                out += "</tr></thead>\n<tbody>\n";
                for row in &table.rows {
                    out += "<tr>";
                    for line in row {
                        let _ = write!(out, "<td style=\"{CELL}\">{}</td>", self.line(line));
                    }
                    out += "</tr>\n";
                }
                out + "</tbody>\n</table>\n"
            }
        }
    }

    fn line(&mut self, line: &Line) -> String {
        let mut out = String::new();
        for part in &line.0 {
            match part {
                Part::Plain(text) => out += &escaped(text),
                Part::Flag(at) => {
                    let said = self.document.findings.get(*at).map(flag).unwrap_or_default();
                    let _ = write!(out, " <strong style=\"color:#b00020\">{}</strong>", escaped(&said));
                }
                Part::Token(token) => {
                    out += &escaped(&token.text);
                    if let Some(cited) = self.cited {
                        self.notes.push(cited.note(token));
                        let at = self.notes.len();
                        let _ = write!(out, "<sup><a href=\"#source-{at}\">{at}</a></sup>");
                    }
                }
            }
        }
        out
    }
}

/// Text as HTML shows it, in an element or in an attribute.
pub fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len().saturating_add(8));
    for c in escape::line(text).chars() {
        match c {
            '&' => out += "&amp;",
            '<' => out += "&lt;",
            '>' => out += "&gt;",
            '"' => out += "&quot;",
            '\'' => out += "&#39;",
            _ => out.push(c),
        }
    }
    out
}
