//! The page of a record: what it says, where that stands, what judged it and who names it.

use super::{Html, Page, Site, resolved};
use crate::{
    decode::{Fields, Key, Shape, View},
    finding::Outcome,
    record::{Kind, Record},
    render::{counted, locate},
    report::say,
    text::Span,
};

/// How many of the records that name a record are listed.
const NAMED: usize = 500;

/// The kinds whose records lie in folders by body.
const OF_BODY: &[Kind] = &[Kind::Seat, Kind::Meeting];

impl Site<'_> {
    /// The page of a record.
    pub(super) fn record(&self, at: u32, record: &Record) -> Html {
        let here = Page::Record(at);
        let kind = Html::link(&self.way(here, Page::Kind(record.kind, 0)), super::overview::heading(record.kind));
        let mut out = (kind + Html::text(" · ") + Html::text(&record.id).within("code")).of_class("p", "lead");
        if OF_BODY.contains(&record.kind)
            && let Some(body) = self.of.tree.registry.position_of(Kind::Body, record.parent())
        {
            out = out + (Html::text("Of the ") + self.link(here, body)).paragraph();
        }
        out = out + self.picture(here, record) + Html::heading("What is recorded");
        out = out + self.facts(here, record) + self.path(record);
        let findings = self.by_file.get(&record.file).map_or(&[][..], Vec::as_slice);
        if !findings.is_empty() {
            out = out + Html::heading("Findings") + self.findings_table(here, "Findings about it", findings);
        }
        out = out + self.judged(here, at);
        if record.kind == Kind::Body {
            for kind in OF_BODY {
                let links = self.of.tree.registry.in_folder(*kind, &record.id).map(|one| self.link(here, one));
                let list = Html::list(links);
                if !list.is_empty() {
                    out = out + Html::heading(super::overview::heading(*kind)) + list;
                }
            }
        }
        out + self.named(here, at)
    }

    /// Every field that the record states: its name, its value, its line.
    fn facts(&self, here: Page, record: &Record) -> Html {
        let fields = record.body.fields();
        let row = |key: &Key| {
            let (span, value) = self.field(here, fields, key, record)?;
            let line = self.line(record, span);
            Some(vec![Html::text(key.name), value, Html::prose(key.doc.trim()), Html::text(&line.to_string())])
        };
        Html::table("Facts", &["Field", "Value", "Meaning", "Line"], record.kind.keys().iter().filter_map(row))
    }

    fn line(&self, record: &Record, span: Span) -> u32 {
        locate(self.of.texts, record.place(span)).start.line
    }

    /// A field that is stated, and is no note among colleagues.
    fn field(&self, here: Page, fields: &dyn Fields, key: &Key, record: &Record) -> Option<(Span, Html)> {
        if key.name == "note" {
            return None;
        }
        let (span, view) = fields.get(key.name)?;
        if matches!(view, View::Absent) {
            return None;
        }
        let html = match (key.name, &view) {
            ("url", View::Text(text)) => Html::outward(text),
            _ => self.value(here, &view, (key.shape)(), record),
        };
        Some((span, html))
    }

    fn value(&self, here: Page, view: &View<'_>, shape: Shape, record: &Record) -> Html {
        match (view, shape) {
            (View::Unknown, _) => Html::text("unknown").of_class("span", "unknown"),
            (View::Bad, _) => Html::text("cannot be read").of_class("span", "unknown"),
            (View::Text(id), Shape::Id(kinds)) => self.link_id(here, kinds, id, record.parent()),
            (View::Text(word), Shape::Word(_)) => Html::text(self.of.tree.book.code.name(word)),
            (View::Text(text), _) => Html::text(text),
            (View::Day(when), _) => Html::text(&say::when(*when)),
            (View::Bool(so), _) => Html::text(if *so { "yes" } else { "no" }),
            (View::Count(count), _) => Html::text(&count.to_string()),
            (View::List(items), shape) => {
                let of = match shape {
                    Shape::List(of) | Shape::OneOrMore(of) => of(),
                    other => other,
                };
                let items = items.iter().map(|(_, item)| self.value(here, item, of, record));
                if matches!(of, Shape::Table(_)) {
                    items.map(|item| item.within("li")).sum::<Html>().within("ol")
                } else {
                    Html::joined(items, ", ")
                }
            }
            (View::Table(fields), Shape::Table(keys)) => {
                let entries = keys().iter().filter_map(|key| {
                    let (_, value) = self.field(here, *fields, key, record)?;
                    Some(Html::text(key.name).within("dt") + value.within("dd"))
                });
                entries.sum::<Html>().within("dl")
            }
            (View::Absent | View::Table(_), _) => Html::default(),
        }
    }

    /// The file, and the last commit that changed it.
    fn path(&self, record: &Record) -> Html {
        let path = self.of.texts.path(record.file);
        let commit = self.of.changed.get(path).map_or_else(Html::default, |commit| {
            let id: String = commit.id.chars().take(12).collect();
            Html::text(", last changed by commit ")
                + Html::text(&id).within("code")
                + Html::text(&format!(" ({}, {})", commit.author, commit.day))
        });
        (Html::text("File ") + Html::text(path).within("code") + commit).paragraph()
    }

    /// What came out by each rule that speaks of it.
    fn judged(&self, here: Page, at: u32) -> Html {
        let Some(outcomes) = self.outcomes.get(&at) else { return Html::default() };
        let row = |(rule, outcome): &(usize, Outcome)| {
            let rule = self.rules.get(*rule)?;
            Some(vec![
                self.link_rule(here, &rule.id),
                Html::text(rule.title()),
                Html::text(&rule.clause.to_string()),
                Html::text(outcome.word()),
            ])
        };
        let table = Html::table(
            "Rules that speak of it",
            &["Rule", "Title", "Clause", "Outcome"],
            outcomes.iter().filter_map(row),
        );
        Html::heading("Judged by") + table
    }

    /// The records that name it.
    fn named(&self, here: Page, at: u32) -> Html {
        let Some(named) = self.named_by.get(&at) else { return Html::default() };
        let one = |from: &u32| {
            let kind = self.of.tree.registry.at(*from).map_or("", |record| record.kind.singular());
            self.link(here, *from) + Html::text(&format!(" ({kind})"))
        };
        let more = named.len().saturating_sub(NAMED);
        let more = if more > 0 {
            Html::text(&format!("And {} more.", counted(more, "record", "records"))).paragraph()
        } else {
            Html::default()
        };
        Html::heading("Named by") + Html::list(named.iter().take(NAMED).map(one)) + more
    }

    /// The anchor of a field on the page of a record, and the way there from a page.
    pub(super) fn way_to_subject(&self, from: Page, subject: &str) -> Option<String> {
        if let Some(id) = subject.strip_prefix("rules/") {
            return self.rule_at.get(id).map(|at| self.way(from, Page::Rule(*at)));
        }
        let (folder, id) = subject.split_once('/')?;
        resolved(self.of.tree, &[folder], id, "").map(|at| self.way(from, Page::Record(at)))
    }
}
