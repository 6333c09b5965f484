//! The first page, the lists of records, and search.

use super::{A_PAGE, Html, Page, Site, parts, timeline};
use crate::{
    audit::Audit,
    finding::{Level, Outcome},
    record::Kind,
    render::counted,
    report::say,
};

/// How many entries of what is due the first page shows.
const DUE: usize = 40;

/// How many of the last commits are told in a table.
const COMMITS: usize = 20;

/// The records of a kind, as a heading.
pub(super) fn heading(kind: Kind) -> &'static str {
    match kind {
        Kind::Source => "Sources",
        Kind::Party => "Parties",
        Kind::Organisation => "Organisations",
        Kind::Person => "People",
        Kind::Body => "Bodies",
        Kind::Seat => "Seats",
        Kind::Election => "Elections",
        Kind::Modification => "Modifications",
        Kind::Meeting => "Meetings",
        Kind::Consultation => "Consultations",
        Kind::Deliverable => "Deliverables",
        Kind::Instrument => "Instruments and variations",
        Kind::Release => "Releases",
        Kind::Event => "Events",
        Kind::Publication => "Publications",
        Kind::Derogation => "Derogations",
        Kind::Signer => "Signers",
    }
}

impl Site<'_> {
    /// The day, compliance, what is due, what there is.
    pub(super) fn overview(&self) -> Html {
        let here = Page::Overview;
        let position = self.of.tree.registry.position;
        let mut out = Html::text(&match position {
            Some(position) if position == self.of.on => format!("The records speak for {}.", say::day(position)),
            Some(position) => {
                format!("Judged as of {}; the records speak for {}.", say::day(self.of.on), say::day(position))
            }
            None => format!("Judged as of {}; the records name no day that they speak for.", say::day(self.of.on)),
        })
        .of_class("p", "lead");
        out = out + Html::heading("Compliance") + self.compliance(here);
        if let Some(history) = self.of.history.filter(|history| !history.commits.is_empty()) {
            out = out + Html::heading("Compliance over history") + changes(history);
        }
        out + Html::heading("What is due") + self.due(here) + Html::heading("Records") + self.kinds(here)
    }

    fn compliance(&self, here: Page) -> Html {
        let count = |level: Level| self.of.findings.iter().filter(|one| one.level == level).count();
        let findings = [
            (Level::Error, "error", "errors"),
            (Level::Warning, "warning", "warnings"),
            (Level::Note, "note", "notes"),
        ];
        let findings =
            findings.map(|(level, one, many)| Html::text(&counted(count(level), one, many)).of_class("span", one));
        let summary = &self.of.summary;
        let came = |outcome: Outcome| format!("{} {}", summary.of(outcome), outcome.word());
        let judged = format!(
            "{} records, {} rules, {} judgements: {}.",
            summary.records,
            summary.rules,
            summary.judged,
            Outcome::ALL.map(came).join(", ")
        );
        let link = Html::link(&self.way(here, Page::Findings(0)), "all findings");
        (Html::joined(findings, ", ") + Html::text(": ") + link).paragraph() + Html::text(&judged).paragraph()
    }

    fn due(&self, here: Page) -> Html {
        let agenda = self.of.agenda;
        let row = |entry: &crate::due::Entry| {
            let by = if entry.overdue { format!("{}, overdue", say::when(entry.by)) } else { say::when(entry.by) };
            let subject = match self.position(&entry.subject) {
                Some(at) => self.link(here, at),
                None => Html::text(&entry.subject),
            };
            let clause = entry.rules.first().and_then(|asks| asks.clause.as_ref()).or(entry.clause.as_ref());
            let rules = entry.rules.iter().map(|asks| self.link_rule(here, &asks.rule));
            let days = entry.working_days.map_or_else(String::new, |days| days.to_string());
            vec![
                Html::text(&by),
                subject,
                Html::prose(&entry.what),
                Html::text(&days),
                Html::text(&clause.map_or_else(String::new, ToString::to_string)),
                Html::joined(rules, ", "),
            ]
        };
        let rows: Vec<_> = agenda.entries.iter().take(DUE).map(row).collect();
        if rows.is_empty() {
            let none = format!("Nothing is recorded as due up to and including {}.", say::day(agenda.until));
            return Html::text(&none).paragraph();
        }
        let caption = format!("Due up to and including {}", say::day(agenda.until));
        let columns = ["By", "Record", "What", "Working Days left", "Clause", "Rules"];
        let more = agenda.entries.len().saturating_sub(DUE);
        let more =
            if more > 0 { Html::text(&format!("{more} more: see quorate due.")).paragraph() } else { Html::default() };
        Html::table(&caption, &columns, rows) + more
    }

    fn kinds(&self, here: Page) -> Html {
        let registry = &self.of.tree.registry;
        let row = |kind: &Kind| {
            let complete = if registry.is_complete(kind.folder()) { "all of them" } else { "not said to be complete" };
            vec![
                Html::link(&self.way(here, Page::Kind(*kind, 0)), heading(*kind)),
                Html::text(&registry.of_kind(*kind).count().to_string()),
                Html::text(complete),
                Html::prose(kind.doc().trim()),
            ]
        };
        Html::table("Records by kind", &["Kind", "Recorded", "Coverage", "What"], Kind::ALL.iter().map(row))
    }

    /// The records of a kind.
    pub(super) fn kind(&self, kind: Kind, part: usize) -> Html {
        let here = Page::Kind(kind, part);
        let registry = &self.of.tree.registry;
        let count = registry.of_kind(kind).count();
        let lead = if registry.is_complete(kind.folder()) {
            format!("{}; every one is recorded.", counted(count, "record", "records"))
        } else {
            format!("{}; there may be more than are recorded.", counted(count, "record", "records"))
        };
        let row = |at: u32| {
            let record = registry.at(at)?;
            let findings = self.by_file.get(&record.file).map_or(&[][..], Vec::as_slice);
            let level = |level: Level| findings.iter().filter(|at| self.level(**at) == Some(level)).count();
            let counts = [(Level::Error, "error"), (Level::Warning, "warning"), (Level::Note, "note")];
            let counts = counts.into_iter().filter(|(of, _)| level(*of) > 0).map(|(of, class)| {
                Html::text(&counted(level(of), class, &format!("{class}s"))).of_class("span", class)
            });
            Some(vec![self.link(here, at), Html::text(&record.id), Html::joined(counts, ", ")])
        };
        let rows = registry.of_kind(kind).skip(part.saturating_mul(A_PAGE)).take(A_PAGE).filter_map(row);
        Html::prose(kind.doc().trim()).of_class("p", "lead")
            + Html::text(&lead).paragraph()
            + self.parts(here, parts(count), |part| Page::Kind(kind, part))
            + Html::table(heading(kind), &["Name", "Id", "Findings"], rows)
    }

    fn level(&self, at: usize) -> Option<Level> {
        self.of.findings.get(at).map(|one| one.level)
    }

    /// Links to the pages of a list that fills several.
    pub(super) fn parts(&self, here: Page, count: usize, page: impl Fn(usize) -> Page) -> Html {
        if count < 2 {
            return Html::default();
        }
        let one = |part: usize| {
            let name = format!("Page {}", part.saturating_add(1));
            if page(part) == here {
                Html::text(&name).within("b")
            } else {
                Html::link(&self.way(here, page(part)), &name)
            }
        };
        Html::joined((0..count).map(one), " ").paragraph()
    }

    /// The page of search; the script fills it.
    pub(super) fn search() -> Html {
        Html::markup(
            "<noscript><p>Search needs JavaScript. All else of this site does not: begin with the \
             <a href=\"index.html\">overview</a>, which lists every kind of record.</p></noscript>\n\
             <p><label for=\"query\">Words of a name, an id, a rule or a clause</label><br>\n\
             <input id=\"query\" type=\"search\" autocomplete=\"off\"></p>\n\
             <p id=\"status\" role=\"status\"></p>\n<ul id=\"results\"></ul>\n\
             <script src=\"search-index.js\"></script>\n<script src=\"site.js\"></script>\n",
        )
    }

    /// What search looks through: name, kind, id, address.
    pub(super) fn search_index(&self) -> String {
        let registry = &self.of.tree.registry;
        let records = Kind::ALL.iter().flat_map(|kind| registry.of_kind(*kind)).filter_map(|at| {
            let record = registry.at(at)?;
            Some([
                self.called(record),
                heading(record.kind).to_owned(),
                record.id.to_string(),
                self.address(Page::Record(at)),
            ])
        });
        let rules = self.rules.iter().enumerate().map(|(at, rule)| {
            [
                rule.title().to_owned(),
                format!("Rules, {}", rule.clause),
                rule.id.to_string(),
                self.address(Page::Rule(at)),
            ]
        });
        let reports = self.reports.iter().enumerate().map(|(at, (publication, document))| {
            [document.title.clone(), "Reports".to_owned(), publication.name.to_owned(), self.address(Page::Report(at))]
        });
        let mut out = "window.quorateIndex = [\n".to_owned();
        for one in records.chain(rules).chain(reports) {
            // Hidden characters are written by their numbers, so that none ends the line.
            out += &crate::render::escape::in_json(serde_json::json!(one).to_string());
            out += ",\n";
        }
        out + "];\n"
    }
}

/// Errors, warnings and notes of each commit: a picture, and the last of them in words.
fn changes(history: &Audit) -> Html {
    let skip = history.commits.len().saturating_sub(COMMITS);
    let rows = history.commits.iter().skip(skip).rev().map(|commit| {
        let counts = match &commit.counts {
            Ok(counts) => [counts.errors, counts.warnings, counts.notes].map(|count| Html::text(&count.to_string())),
            Err(why) => [Html::text(why), Html::default(), Html::default()],
        };
        let mut row = vec![
            Html::text(&commit.id.chars().take(12).collect::<String>()).within("code"),
            Html::text(&say::day(commit.day)),
            Html::text(&commit.author),
            Html::text(&commit.title),
        ];
        row.extend(counts);
        row.push(Html::text(if commit.rules_changed { "rules changed" } else { "" }));
        row
    });
    let caption = format!("The last {} of {}", rows.len(), counted(history.commits.len(), "commit", "commits"));
    let columns = ["Commit", "Day", "Author", "Title", "Errors", "Warnings", "Notes", "Rules"];
    let table = Html::text(&caption).within("summary") + Html::table(&caption, &columns, rows);
    timeline::compliance(history) + table.within("details")
}
