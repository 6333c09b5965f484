//! `csv`: the tables of a report, for spreadsheets.

use super::flag;
use crate::{
    render::{csv as print, escape},
    report::model::{Block, Document, Line, Part},
};

/// Prints the tables, one below the other, each with its heading; a draft says so in the cells.
pub fn csv(document: &Document) -> String {
    let tables = document.blocks.iter().filter_map(|block| match block {
        Block::Table(table) => Some(table),
        _ => None,
    });
    let cell = |line: &Line| -> String {
        let part = |part: &Part| match part {
            Part::Plain(text) => escape::line(text).into_owned(),
            Part::Token(token) => escape::line(&token.text).into_owned(),
            Part::Flag(at) => document
                .findings
                .get(*at)
                .map_or(String::new(), |one| escape::line(&format!(" {}", flag(one))).into_owned()),
        };
        line.0.iter().map(part).collect()
    };
    let one = |table: &crate::report::model::Table| {
        let rows = table.rows.iter().map(|row| row.iter().map(cell).collect::<Vec<_>>());
        print::table(&table.columns, rows, ::csv::Terminator::CRLF)
    };
    tables.map(one).collect::<Vec<_>>().join("\r\n")
}
