//! The web site: every record, rule and finding as a page that needs no script, no build step and no
//! other host. A site is a pure function of what was judged; only [`folder`] writes.

mod address;
mod findings;
pub mod folder;
mod layout;
mod markup;
mod overview;
mod pictures;
mod record;
mod reports;
mod rules;
mod timeline;

use std::collections::BTreeMap;

use rayon::prelude::*;
use rustc_hash::FxHashMap;

pub use self::layout::Layout;
use self::markup::Html;
use super::{Findings, PUBLICATIONS, Publication, blame::Commit, desk::Desk, model::Document, print::printable};
use crate::{
    audit::Audit,
    check::{Came, Summary},
    day::Day,
    decode::Visit,
    due::Agenda,
    error::Error,
    finding::{Finding, Level, Outcome},
    record::{
        Kind, Record,
        id::{ANY, SEAT_OF_BODY},
    },
    rulebook::rule::Rule,
    text::{FileId, Span, Texts},
    tree::Tree,
};

/// How many records or findings one page lists.
const A_PAGE: usize = 1000;

/// What a site is made from.
#[derive(Debug, Clone, Copy)]
pub struct Material<'a> {
    /// Records and rules.
    pub tree: &'a Tree,
    /// Their texts.
    pub texts: &'a Texts,
    /// The day judged.
    pub on: Day,
    /// The counts of the check.
    pub summary: Summary,
    /// What was found.
    pub findings: &'a [Finding],
    /// What came out for each pair of a rule and a record.
    pub outcomes: &'a [Came],
    /// What is due.
    pub agenda: &'a Agenda,
    /// The history judged, where there is one.
    pub history: Option<&'a Audit>,
    /// The last commit that changed each file, by its path.
    pub changed: &'a BTreeMap<String, Commit>,
}

/// One file of the site.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Page {
    Overview,
    Search,
    /// The records of a kind: which of its pages, from 0.
    Kind(Kind, usize),
    /// A record, by its position.
    Record(u32),
    Rules,
    /// A rule, by its place in [`Site::rules`].
    Rule(usize),
    /// A rule that is built in, by its place.
    Builtin(usize),
    /// Which page of the findings, from 0.
    Findings(usize),
    /// A finding, by its place.
    Finding(usize),
    /// A report, by its place.
    Report(usize),
    Reports,
    /// The calendar as iCalendar.
    Calendar,
    /// What search looks through.
    Index,
    Style,
    Script,
    Icon,
}

/// A site, ready to be printed page by page.
pub struct Site<'a> {
    of: Material<'a>,
    layout: &'a Layout,
    code: String,
    pages: Vec<Page>,
    rules: Vec<&'a Rule>,
    rule_at: FxHashMap<&'a str, usize>,
    /// Who names a record.
    named_by: FxHashMap<u32, Vec<u32>>,
    /// The findings with a place in a file.
    by_file: FxHashMap<FileId, Vec<usize>>,
    by_rule: FxHashMap<&'a str, Vec<usize>>,
    /// What came out of a record, by rule.
    outcomes: FxHashMap<u32, Vec<(usize, Outcome)>>,
    reports: Vec<(&'static Publication, Document)>,
    errors: usize,
}

impl<'a> Site<'a> {
    /// Puts a site together.
    pub fn new(of: Material<'a>, layout: &'a Layout) -> Self {
        let rules: Vec<&Rule> = of.tree.book.all().collect();
        let rule_at: FxHashMap<&str, usize> =
            rules.iter().enumerate().map(|(at, rule)| (rule.id.as_ref(), at)).collect();
        let mut by_file: FxHashMap<FileId, Vec<usize>> = FxHashMap::default();
        let mut by_rule: FxHashMap<&str, Vec<usize>> = FxHashMap::default();
        for (at, finding) in of.findings.iter().enumerate() {
            by_rule.entry(&finding.rule).or_default().push(at);
            let mut files: Vec<FileId> = finding.marks.iter().map(|mark| mark.place.file).collect();
            files.sort_unstable();
            files.dedup();
            for file in files {
                by_file.entry(file).or_default().push(at);
            }
        }
        let mut outcomes: FxHashMap<u32, Vec<(usize, Outcome)>> = FxHashMap::default();
        for (rule, record, outcome) in of.outcomes {
            if let Some(rule) = rule_at.get(rule.as_ref()).filter(|_| *outcome != Outcome::NotApplicable) {
                outcomes.entry(*record).or_default().push((*rule, *outcome));
            }
        }
        let mut made = Self {
            of,
            layout,
            code: of.tree.book.code.words.code.text().unwrap_or("").to_owned(),
            pages: Vec::new(),
            rules,
            rule_at,
            named_by: named_by(of.tree),
            by_file,
            by_rule,
            outcomes,
            reports: Vec::new(),
            errors: of.findings.iter().filter(|one| one.level == Level::Error).count(),
        };
        made.reports = made.written();
        made.pages = made.listed();
        made
    }

    /// Every report of the day.
    fn written(&self) -> Vec<(&'static Publication, Document)> {
        let write = |publication: &'static Publication| {
            let (from, until) = publication.period.around(self.of.on);
            let (registry, code) = (&self.of.tree.registry, &self.of.tree.book.code);
            let desk = Desk { registry, code, on: self.of.on, from, until };
            let findings = Findings { all: self.of.findings, book: &self.of.tree.book };
            (publication, super::write(publication, &desk, &findings, &self.of.tree.at).0)
        };
        PUBLICATIONS.iter().map(write).collect()
    }

    fn listed(&self) -> Vec<Page> {
        let mut pages = vec![Page::Overview, Page::Search, Page::Rules, Page::Reports];
        pages.extend([Page::Calendar, Page::Index, Page::Style, Page::Script, Page::Icon]);
        for kind in Kind::ALL {
            let count = self.of.tree.registry.of_kind(*kind).count();
            pages.extend((0..parts(count)).map(|part| Page::Kind(*kind, part)));
            pages.extend(self.of.tree.registry.of_kind(*kind).map(Page::Record));
        }
        pages.extend((0..self.rules.len()).map(Page::Rule));
        let has_findings = |(_, one): &(usize, &crate::builtin::Builtin)| self.by_rule.contains_key(one.id);
        pages.extend(crate::builtin::ALL.iter().enumerate().filter(has_findings).map(|(at, _)| Page::Builtin(at)));
        pages.extend((0..parts(self.of.findings.len())).map(Page::Findings));
        pages.extend((0..self.of.findings.len()).map(Page::Finding));
        pages.extend((0..self.reports.len()).map(Page::Report));
        pages
    }

    /// How many files it has.
    pub fn len(&self) -> usize {
        self.pages.len()
    }

    /// Whether it has none; a site has its overview at least.
    pub fn is_empty(&self) -> bool {
        self.pages.is_empty()
    }

    /// How many errors speak against publishing it.
    pub fn errors(&self) -> usize {
        self.errors
    }

    /// The address of each file, in the order of [`Site::file`].
    pub fn addresses(&self) -> Vec<String> {
        self.pages.iter().map(|page| self.address(*page)).collect()
    }

    /// The file at a place in [`Site::addresses`].
    ///
    /// # Errors
    ///
    /// [`Error::Usage`] for a template that does not work.
    pub fn file(&self, at: usize) -> Result<String, Error> {
        let Some(page) = self.pages.get(at).copied() else { return Ok(String::new()) };
        let (title, body) = match page {
            Page::Style => return Ok(self.layout.style().to_owned()),
            Page::Script => return Ok(self.layout.script().to_owned()),
            Page::Icon => return Ok(layout::ICON.to_owned()),
            Page::Index => return Ok(self.search_index()),
            Page::Calendar => return Ok(self.icalendar()),
            Page::Overview => (self.code.clone(), self.overview()),
            Page::Search => ("Search".to_owned(), Self::search()),
            Page::Kind(kind, part) => (overview::heading(kind).to_owned(), self.kind(kind, part)),
            Page::Record(at) => match self.of.tree.registry.at(at) {
                Some(record) => (self.called(record), self.record(at, record)),
                None => return Ok(String::new()),
            },
            Page::Rules => ("Rules".to_owned(), self.rules()),
            Page::Rule(at) => match self.rules.get(at) {
                Some(rule) => (rule.title().to_owned(), self.rule(rule)),
                None => return Ok(String::new()),
            },
            Page::Builtin(at) => match crate::builtin::ALL.get(at) {
                Some(rule) => (rule.id.to_owned(), self.builtin(rule)),
                None => return Ok(String::new()),
            },
            Page::Findings(part) => ("Findings".to_owned(), self.findings(part)),
            Page::Finding(at) => match self.of.findings.get(at) {
                Some(finding) => (format!("Finding {}", finding.fingerprint()), self.finding(finding)),
                None => return Ok(String::new()),
            },
            Page::Reports => ("Reports".to_owned(), self.reports()),
            Page::Report(at) => match self.reports.get(at) {
                Some((publication, document)) => (document.title.clone(), self.report(publication, document)),
                None => return Ok(String::new()),
            },
        };
        self.layout.page(self, page, &title, body)
    }

    /// What a record is called, else its id.
    fn called(&self, record: &Record) -> String {
        let (registry, code, on) = (&self.of.tree.registry, &self.of.tree.book.code, self.of.on);
        Desk { registry, code, on, from: on, until: on }.called(record).text
    }

    /// A link to a record by what it is called.
    fn link(&self, from: Page, at: u32) -> Html {
        let Some(record) = self.of.tree.registry.at(at) else { return Html::default() };
        Html::link(&self.way(from, Page::Record(at)), &self.called(record))
    }

    /// A link to the record that an id names, else the id.
    fn link_id(&self, from: Page, kinds: &[&str], id: &str, parent: &str) -> Html {
        match resolved(self.of.tree, kinds, id, parent) {
            Some(at) => self.link(from, at),
            None => Html::text(id),
        }
    }

    /// A link to a rule by its id.
    fn link_rule(&self, from: Page, id: &str) -> Html {
        let page = match self.rule_at.get(id) {
            Some(at) => Some(Page::Rule(*at)),
            None => crate::builtin::ALL.iter().position(|one| one.id == id).map(Page::Builtin),
        };
        page.map_or_else(|| Html::text(id), |page| Html::link(&self.way(from, page), id))
    }

    /// The record that a subject, `kind/id`, names.
    fn position(&self, subject: &str) -> Option<u32> {
        let (folder, id) = subject.split_once('/')?;
        self.of.tree.registry.position_of(Kind::of_folder(folder)?, id)
    }

    /// The calendar, for programs.
    fn icalendar(&self) -> String {
        let calendar = self.reports.iter().find(|(publication, _)| publication.is_calendar());
        calendar.map_or_else(String::new, |(_, document)| super::print::ics(document, self.of.texts))
    }

    /// For which day and from which commit.
    fn stamp(&self) -> String {
        let at = &self.of.tree.at;
        let of = if at == "worktree" { "an uncommitted work tree".to_owned() } else { format!("commit {at}") };
        printable(&format!("{}, as of {}, from {of}", self.code, self.of.on))
    }
}

/// How many pages a list fills; an empty one fills one.
fn parts(count: usize) -> usize {
    count.div_ceil(A_PAGE).max(1)
}

/// The record that an id of some kinds names.
fn resolved(tree: &Tree, kinds: &[&str], id: &str, parent: &str) -> Option<u32> {
    let registry = &tree.registry;
    let of_folder = |folder: &str, id: &str| registry.position_of(Kind::of_folder(folder)?, id);
    if kinds == ANY {
        let (folder, id) = id.split_once('/')?;
        return of_folder(folder, id);
    }
    if kinds == SEAT_OF_BODY {
        return registry.position_of(Kind::Seat, &format!("{parent}/{id}"));
    }
    kinds.iter().find_map(|folder| of_folder(folder, id))
}

/// Collects the records that a record names.
struct Names<'t> {
    tree: &'t Tree,
    parent: &'t str,
    found: Vec<u32>,
}

impl Visit for Names<'_> {
    fn reference(&mut self, _: Span, id: &str, kinds: &'static [&'static str]) {
        self.found.extend(resolved(self.tree, kinds, id, self.parent));
    }
}

/// Who names each record, in the order of the records.
fn named_by(tree: &Tree) -> FxHashMap<u32, Vec<u32>> {
    let all: Vec<u32> = Kind::ALL.iter().flat_map(|kind| tree.registry.of_kind(*kind)).collect();
    let of = |at: &u32| {
        let record = tree.registry.at(*at)?;
        let mut names = Names { tree, parent: record.parent(), found: Vec::new() };
        record.body.visit(&mut names);
        names.found.sort_unstable();
        names.found.dedup();
        Some((*at, names.found))
    };
    let found: Vec<(u32, Vec<u32>)> = all.par_iter().filter_map(of).collect();
    let mut named_by: FxHashMap<u32, Vec<u32>> = FxHashMap::default();
    for (from, names) in found {
        for to in names.into_iter().filter(|to| *to != from) {
            named_by.entry(to).or_default().push(from);
        }
    }
    named_by
}
