//! The reports of the day as pages: each fact leads to the record that it comes from.

use super::{Html, Page, Site};
use crate::report::{
    Publication,
    model::{Block, Document, Line, Part},
    print::flag,
    say,
};

/// How many rows of one table a page shows.
const ROWS: usize = 2000;

impl Site<'_> {
    /// The reports.
    pub(super) fn reports(&self) -> Html {
        let here = Page::Reports;
        let row = |(at, (publication, document)): (usize, &(&Publication, Document))| {
            let link = Html::link(&self.way(here, Page::Report(at)), &document.title);
            vec![link, Html::text(&say::sentence(publication.doc))]
        };
        let calendar = Html::link(&self.way(here, Page::Calendar), "The calendar for calendar programs (iCalendar)");
        Html::table("Reports", &["Report", "What"], self.reports.iter().enumerate().map(row)) + calendar.paragraph()
    }

    /// A report.
    pub(super) fn report(&self, publication: &Publication, document: &Document) -> Html {
        let place = self.reports.iter().position(|(one, _)| one.name == publication.name);
        let here = Page::Report(place.unwrap_or(0));
        let lead = Html::text(&say::sentence(publication.doc)).of_class("p", "lead");
        let line = |line: &Line| self.said(here, document, line);
        let block = |block: &Block| match block {
            Block::Heading(2, one) => line(one).within("h2") + Html::markup("\n"),
            Block::Heading(_, one) => line(one).within("h3") + Html::markup("\n"),
            Block::Paragraph(one) => line(one).paragraph(),
            Block::List(lines) => Html::list(lines.iter().map(line)),
            Block::Table(table) => {
                let rows = table.rows.iter().take(ROWS).map(|row| row.iter().map(line).collect());
                let more = table.rows.len().saturating_sub(ROWS);
                let more = if more > 0 {
                    let say = format!("And {more} more rows: quorate report {} prints them all.", publication.name);
                    Html::text(&say).paragraph()
                } else {
                    Html::default()
                };
                Html::table(table.caption, &table.columns, rows) + more
            }
        };
        lead + document.blocks.iter().map(block).sum()
    }

    /// A line, each token a link to the record of its first source.
    fn said(&self, here: Page, document: &Document, line: &Line) -> Html {
        let part = |part: &Part| match part {
            Part::Plain(text) => Html::text(text),
            Part::Token(token) => {
                let way = token.sources.first().and_then(|source| self.way_to_subject(here, &source.subject));
                way.map_or_else(|| Html::text(&token.text), |way| Html::link(&way, &token.text))
            }
            Part::Flag(at) => {
                let said = document.findings.get(*at).map(flag).unwrap_or_default();
                Html::text(&format!(" {said}")).of_class("strong", "error")
            }
        };
        line.0.iter().map(part).sum()
    }
}
