//! The findings: all of them, and one by one with the lines that they lie in.

use super::{A_PAGE, Html, Page, Site, parts};
use crate::{
    finding::{Finding, Level, Mark},
    render::{counted, locate},
};

/// How many findings a page about something else lists.
const MOST: usize = 200;

impl Site<'_> {
    /// A page of the findings: errors first.
    pub(super) fn findings(&self, part: usize) -> Html {
        let here = Page::Findings(part);
        let mut all: Vec<usize> = (0..self.of.findings.len()).collect();
        all.sort_by_key(|at| std::cmp::Reverse(self.of.findings.get(*at).map(|one| one.level)));
        let shown: Vec<usize> = all.into_iter().skip(part.saturating_mul(A_PAGE)).take(A_PAGE).collect();
        if shown.is_empty() {
            return Html::text("Nothing was found.").paragraph();
        }
        let count = counted(self.of.findings.len(), "finding", "findings");
        Html::text(&count).of_class("p", "lead")
            + self.parts(here, parts(self.of.findings.len()), Page::Findings)
            + self.table(here, "Findings", &shown)
    }

    /// The findings at some places, the worst first.
    pub(super) fn findings_table(&self, here: Page, caption: &str, findings: &[usize]) -> Html {
        let mut findings = findings.to_vec();
        findings.sort_by_key(|at| (std::cmp::Reverse(self.of.findings.get(*at).map(|one| one.level)), *at));
        let more = findings.len().saturating_sub(MOST);
        findings.truncate(MOST);
        let more = if more > 0 { Html::text(&format!("And {more} more.")).paragraph() } else { Html::default() };
        self.table(here, caption, &findings) + more
    }

    fn table(&self, here: Page, caption: &str, findings: &[usize]) -> Html {
        let row = |at: &usize| {
            let finding = self.of.findings.get(*at)?;
            let message = Html::link_around(&self.way(here, Page::Finding(*at)), &Html::prose(&finding.message));
            let clause = finding.clause.as_ref().map_or_else(String::new, ToString::to_string);
            Some(vec![message, level(finding.level), self.link_rule(here, &finding.rule), Html::text(&clause)])
        };
        Html::table(caption, &["Finding", "Level", "Rule", "Clause"], findings.iter().filter_map(row))
    }

    /// One finding.
    pub(super) fn finding(&self, finding: &Finding) -> Html {
        let place = |one: &Finding| std::ptr::eq(one, finding);
        let Some(at) = self.of.findings.iter().position(place) else { return Html::default() };
        let here = Page::Finding(at);
        let subject = match self.way_to_subject(here, &finding.subject) {
            Some(way) => Html::link(&way, &finding.subject),
            None => Html::text(&finding.subject),
        };
        let clause = finding.clause.as_ref().map_or_else(String::new, ToString::to_string);
        let basis = finding.basis.map_or("", |basis| basis.word());
        let entries = [
            ("Level", level(finding.level)),
            ("Outcome", Html::text(finding.outcome.word())),
            ("About", subject),
            ("Rule", self.link_rule(here, &finding.rule)),
            ("Clause", Html::text(&clause)),
            ("Evidence", Html::text(basis)),
            ("What to do", Html::prose(finding.help.as_deref().unwrap_or(""))),
        ];
        let entries = entries.into_iter().filter(|(_, value)| !value.is_empty());
        let entries: Html = entries.map(|(name, value)| Html::text(name).within("dt") + value.within("dd")).sum();
        let places: Html = finding.marks.iter().map(|mark| self.place(finding, mark)).sum();
        let derive = format!("quorate explain {}", finding.fingerprint());
        Html::prose(&finding.message).paragraph()
            + entries.within("dl")
            + Html::heading("Where")
            + places
            + (Html::text("How it came about: ") + Html::text(&derive).within("code")).paragraph()
    }

    /// A place: path, line, label, and the line itself. A line of a `note` is for colleagues alone.
    fn place(&self, finding: &Finding, mark: &Mark) -> Html {
        let spot = locate(self.of.texts, mark.place);
        let text = self.of.texts.get(mark.place.file).map_or("", |text| text.content());
        let at = usize::try_from(spot.start.line).unwrap_or(1).saturating_sub(1);
        let line = text.lines().nth(at).filter(|line| !line.contains("note") && !finding.slot.contains("note"));
        let place = Html::text(&format!("{}:{}", spot.path, spot.start.line)).within("code");
        let label = if mark.label.is_empty() { Html::default() } else { Html::prose(&format!(" — {}", mark.label)) };
        let line = line.map_or_else(Html::default, |line| Html::text(line).within("pre"));
        (place + label).paragraph() + line
    }
}

/// A level, in its colour.
fn level(level: Level) -> Html {
    let class = match level {
        Level::Error => "error",
        Level::Warning => "warning",
        Level::Note => "note",
    };
    Html::text(level.word()).of_class("span", class)
}
