//! The printers of reports: pure functions from a document to text, one format a file. Each escapes
//! whatever comes from a record for its medium.

mod csv;
mod html;
mod ics;
mod json;
mod markdown;
mod page;
mod text;

use std::rc::Rc;

pub use self::{
    csv::csv,
    html::{escaped as escaped_html, html},
    ics::ics,
    json::{json, trace},
    markdown::{escaped as markdown_text, markdown},
    page::Layouts,
    text::text,
};
use super::{
    blame::{Blame, Commit},
    model::{Document, Flagged, Source, Token},
};
use crate::{render::locate, text::Texts};

/// What a printer may look up about sources.
pub struct Cited<'c> {
    /// The texts that places lie in.
    pub texts: &'c Texts,
    /// Who last changed a line.
    pub blame: &'c Blame<'c>,
}

impl Cited<'_> {
    /// Path and line of a source.
    fn spot(&self, source: &Source) -> (String, Option<u32>) {
        let path = self.texts.path(source.file).to_owned();
        (path, source.place.map(|place| locate(self.texts, place).start.line))
    }

    /// The commit that last changed the line of a source.
    fn commit(&self, source: &Source) -> Option<Rc<Commit>> {
        let (path, line) = self.spot(source);
        self.blame.line(&path, self.texts.get(source.file)?.content(), line?)
    }

    /// A token's derivation and sources, on one line.
    fn note(&self, token: &Token) -> String {
        let source = |source: &Source| {
            let (path, line) = self.spot(source);
            let line = line.map_or(String::new(), |line| format!(":{line}"));
            let field = if source.field.is_empty() { String::new() } else { format!(" {}", source.field) };
            let commit = self.commit(source).map_or(String::new(), |commit| {
                let short: String = commit.id.chars().take(12).collect();
                format!(" ({short}, {}, {})", commit.author, commit.day)
            });
            format!("{path}{line}{field}{commit}")
        };
        let sources: Vec<String> = token.sources.iter().map(source).collect();
        format!("{}: {}", token.derivation.sentence(), sources.join("; "))
    }
}

/// What a draft says of a finding: rule, clause, fingerprint.
pub(in crate::report) fn flag(one: &Flagged) -> String {
    let clause = one.clause.as_ref().map_or(String::new(), |clause| format!(", {clause}"));
    format!("[draft: {}{clause}, {}]", one.rule, one.fingerprint)
}

/// Text with its hidden characters shown.
pub(in crate::report) fn printable(text: &str) -> String {
    crate::render::escape::line(text).into_owned()
}

/// For which day and from which records: one line.
fn stamp(document: &Document) -> String {
    format!("{}. As of {}, from {}.", document.code, document.on, document.at)
}
