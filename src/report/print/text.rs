//! `text`: for a terminal or a plain e-mail.

use std::fmt::Write as _;

use super::{flag, stamp};
use crate::{
    render::escape,
    report::model::{Block, Document, Line, Part},
};

/// Prints a report.
pub fn text(document: &Document) -> String {
    let mut out = format!("{}\n{}\n", escape::line(&document.title), escape::line(&stamp(document)));
    if document.is_draft() {
        out += "\nDRAFT: not to be published. Facts used have errors:\n";
        for one in &document.findings {
            let _ = writeln!(out, "- {}", escape::line(&format!("{} {}", flag(one), one.message)));
        }
    }
    for block in &document.blocks {
        out.push('\n');
        match block {
            Block::Heading(depth, line) => {
                let title = said(document, line);
                let rule = match depth {
                    2 => "=",
                    3 => "-",
                    _ => ".",
                };
                let _ =
                    writeln!(out, "{title}\n{}", rule.repeat(unicode_width::UnicodeWidthStr::width(title.as_str())));
            }
            Block::Paragraph(line) => out += &(said(document, line) + "\n"),
            Block::List(lines) => lines.iter().for_each(|line| {
                let _ = writeln!(out, "- {}", said(document, line));
            }),
            Block::Table(table) => {
                for row in &table.rows {
                    let cells = table.columns.iter().zip(row).map(|(column, line)| (column, said(document, line)));
                    let cells: Vec<String> = cells
                        .filter(|(_, said)| !said.is_empty())
                        .map(|(column, said)| format!("{column}: {said}"))
                        .collect();
                    let _ = writeln!(out, "- {}", cells.join("; "));
                }
            }
        }
    }
    out
}

fn said(document: &Document, line: &Line) -> String {
    let part = |part: &Part| match part {
        Part::Plain(text) => escape::line(text).into_owned(),
        Part::Token(token) => escape::line(&token.text).into_owned(),
        Part::Flag(at) => {
            document.findings.get(*at).map_or(String::new(), |one| format!(" {}", escape::line(&flag(one))))
        }
    };
    line.0.iter().map(part).collect()
}
