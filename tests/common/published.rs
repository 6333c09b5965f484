//! A report written in this process: its document, and the same in every format.

use std::path::Path;

use quorate::{
    check::{self, Selection},
    day::Day,
    error::Error,
    finding::Finding,
    report::{
        self, Findings, Publication,
        blame::Blame,
        desk::Desk,
        model::{Document, Source},
        print::{self, Cited, Layouts},
    },
    text::Texts,
    tree::{Opened, Tree, Whereabouts},
};

/// Records and rules of a folder, judged.
pub(crate) struct Judged {
    opened: Opened,
    tree: Tree,
    texts: Texts,
    pub(crate) found: Vec<Finding>,
    on: Day,
}

impl Judged {
    /// Reads and judges the records of a folder.
    pub(crate) fn of(folder: &Path, on: &str) -> Self {
        Self::try_of(folder, on).unwrap()
    }

    /// The same, or why the rules cannot be read.
    pub(crate) fn try_of(folder: &Path, on: &str) -> Result<Self, Error> {
        let at = Whereabouts { start: folder.to_owned(), ..Whereabouts::default() };
        let opened = at.open()?;
        let mut tree = opened.tree()?;
        let on = Day::parse(on).unwrap();
        let texts = std::mem::take(&mut tree.texts);
        let (_, found) = check::judged(&mut tree, on, &Selection::default(), &texts);
        Ok(Self { opened, tree, texts, found, on })
    }

    /// A report of the month of the day, and the positions of the errors that it suffers from.
    pub(crate) fn write(&self, publication: &Publication) -> (Document, Vec<usize>) {
        let until = self.on.last_of_month().plus_days(1);
        let from = until.plus_months(-1);
        let desk = Desk { registry: &self.tree.registry, code: &self.tree.book.code, on: self.on, from, until };
        let findings = Findings { all: &self.found, book: &self.tree.book };
        report::write(publication, &desk, &findings, &self.tree.at)
    }

    /// Path, line and bytes of a source; nothing for a field that is left out.
    pub(crate) fn spot(&self, source: &Source) -> Option<(String, u32, std::ops::Range<usize>)> {
        let place = source.place?;
        let line = quorate::render::locate(&self.texts, place).start.line;
        let span = usize::try_from(place.span.start).unwrap()..usize::try_from(place.span.end).unwrap();
        Some((self.texts.path(source.file).to_owned(), line, span))
    }

    /// A report in a format of the command line; `cite` where the format can.
    pub(crate) fn print(&self, document: &Document, format: &str, cite: bool) -> String {
        let blame = Blame::of(Some(&self.opened));
        let cited = Cited { texts: &self.texts, blame: &blame };
        let cite = cite.then_some(&cited);
        let layouts = Layouts::of(None).unwrap();
        match format {
            "markdown" => print::markdown(document, cite, &layouts).unwrap(),
            "html" => print::html(document, cite, &layouts).unwrap(),
            "text" => print::text(document),
            "csv" => print::csv(document),
            "json" => print::json(document),
            "ics" => print::ics(document, &self.texts),
            "trace" => print::trace(document, &cited),
            _ => panic!("{format}"),
        }
    }
}
