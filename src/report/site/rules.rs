//! The rules: what each asks for, when it held, what it found.

use super::{Html, Page, Site};
use crate::{
    builtin::Builtin,
    day::Day,
    explain,
    finding::Outcome,
    kind::Episode,
    report::say,
    rulebook::{in_force, rule::Rule},
};

/// How many of the records that a rule speaks of are listed.
const RECORDS: usize = 500;

impl Site<'_> {
    /// Every rule.
    pub(super) fn rules(&self) -> Html {
        let here = Page::Rules;
        let mut counts: Vec<[usize; 6]> = vec![[0; 6]; self.rules.len()];
        for (rule, outcome) in self.outcomes.values().flatten() {
            let place = Outcome::ALL.iter().position(|one| one == outcome);
            if let Some(count) = counts.get_mut(*rule).zip(place).and_then(|(row, place)| row.get_mut(place)) {
                *count = count.saturating_add(1);
            }
        }
        let row = |(at, rule): (usize, &&Rule)| {
            let counts = counts.get(at).copied().unwrap_or_default();
            let came = Outcome::ALL.iter().zip(counts).filter(|(_, count)| *count > 0);
            let came: Vec<String> = came.map(|(outcome, count)| format!("{count} {}", outcome.word())).collect();
            vec![
                self.link_rule(here, &rule.id),
                Html::text(rule.title()),
                Html::text(&rule.clause.to_string()),
                Html::text(if rule.variation().is_some() { "variation" } else { rule.head.kind.text().unwrap_or("") }),
                Html::text(rule.level.word()),
                Html::text(&came.join(", ")),
            ]
        };
        let lead = "A clause with ~ is recalled: nobody has checked its number against the text.";
        Html::text(lead).of_class("p", "lead")
            + Html::table(
                "Rules and variations",
                &["Rule", "Title", "Clause", "Kind", "At most", "Records by outcome"],
                self.rules.iter().enumerate().map(row),
            )
    }

    /// A rule: its versions in English, what it found.
    pub(super) fn rule(&self, rule: &Rule) -> Html {
        let Some(at) = self.rule_at.get(rule.id.as_ref()) else { return Html::default() };
        let here = Page::Rule(*at);
        let kind = rule.head.kind.text().unwrap_or("");
        let lead = format!("Clause {}; kind {kind}; at most a finding of level {}.", rule.clause, rule.level);
        let mut out =
            (Html::text(&rule.id).within("code") + Html::text(" · ") + Html::text(&lead)).of_class("p", "lead");
        let (book, code) = (&self.of.tree.book, &self.of.tree.book.code);
        match in_force::enact(book, rule, &self.of.tree.registry, self.of.on) {
            Some(law) => {
                out = out + Html::heading("What it asks for");
                for episode in law.history(code) {
                    out = out + self.episode(here, &episode);
                }
            }
            None => out = out + self.told(rule),
        }
        let path = Html::text(self.of.texts.path(rule.file)).within("code");
        out = out + (Html::text("File ") + path).paragraph();
        out + self.found(here, &rule.id) + self.records(here, *at)
    }

    /// What `explain` tells, for a variation.
    fn told(&self, rule: &Rule) -> Html {
        match explain::rule(self.of.tree, &rule.id, self.of.on) {
            Ok(told) => Html::text_of_lines(&told).within("pre"),
            Err(_) => Html::default(),
        }
    }

    fn episode(&self, here: Page, episode: &Episode) -> Html {
        let from =
            if episode.from.is_finite() { format!("From {}", say::day(episode.from)) } else { "Always".to_owned() };
        let until = match episode.until {
            Day::LATEST => String::new(),
            until => format!(" up to and including {}", say::day(until.plus_days(-1))),
        };
        let now =
            if episode.from <= self.of.on && self.of.on < episode.until { ", in force on the day judged" } else { "" };
        let mut out = Html::text(&format!("{from}{until}{now}")).within("h3");
        out = out
            + match (&episode.suspended_by, &episode.english) {
                (Some(variation), _) => Html::text("Set aside by the variation ") + self.link_rule(here, variation),
                (None, Some(english)) => Html::prose(english),
                (None, None) => Html::text("Nobody knows what held: every judgement is unknown."),
            }
            .paragraph();
        for (name, english) in &episode.readings {
            out = out + Html::prose(&format!("Another reading, {name}: {english}")).paragraph();
        }
        if !episode.varied_by.is_empty() {
            let by = episode.varied_by.iter().map(|id| self.link_rule(here, id));
            out = out + (Html::text("As varied by ") + Html::joined(by, ", ")).paragraph();
        }
        let sources = episode.source.iter().map(|key| {
            let title = self.of.tree.book.sources.get(key.as_ref());
            Html::text(&title.map_or_else(|| key.to_string(), |title| format!("{key} ({title})")))
        });
        let sources = Html::joined(sources, "; ");
        let sources = if sources.is_empty() { Html::text("no source") } else { sources };
        out + (Html::text(&format!("Evidence: {}; ", episode.basis)) + sources).paragraph()
    }

    /// A rule that is built in.
    pub(super) fn builtin(&self, rule: &Builtin) -> Html {
        let Some(at) = crate::builtin::ALL.iter().position(|one| one.id == rule.id) else { return Html::default() };
        let here = Page::Builtin(at);
        let lead = Html::text(&format!("Built in; a finding of level {}.", rule.level)).of_class("p", "lead");
        let parts = [("Requires", rule.requires), ("Why", rule.why), ("Remedy", rule.remedy)];
        let parts =
            parts.map(|(name, text)| (Html::text(name).within("b") + Html::text(": ") + Html::prose(text)).paragraph());
        lead + parts.into_iter().sum() + self.found(here, rule.id)
    }

    fn found(&self, here: Page, id: &str) -> Html {
        let findings = self.by_rule.get(id).map_or(&[][..], Vec::as_slice);
        if findings.is_empty() {
            return Html::default();
        }
        Html::heading("Findings") + self.findings_table(here, "What it found", findings)
    }

    /// The records that it speaks of.
    fn records(&self, here: Page, rule: usize) -> Html {
        let spoken = |(at, all): (&u32, &Vec<(usize, Outcome)>)| {
            all.iter().find(|(one, _)| *one == rule).map(|(_, outcome)| (*at, *outcome))
        };
        let mut records: Vec<(u32, Outcome)> = self.outcomes.iter().filter_map(spoken).collect();
        if records.is_empty() {
            return Html::default();
        }
        records.sort_unstable_by_key(|(at, _)| *at);
        let more = records.len().saturating_sub(RECORDS);
        let rows = records.iter().take(RECORDS).map(|(at, outcome)| {
            let subject = self.of.tree.registry.at(*at).map_or_else(String::new, crate::record::Record::subject);
            vec![self.link(here, *at), Html::text(&subject), Html::text(outcome.word())]
        });
        let table = Html::table("Records that it speaks of", &["Record", "Id", "Outcome"], rows);
        let more = if more > 0 { Html::text(&format!("And {more} more.")).paragraph() } else { Html::default() };
        Html::heading("Records") + table + more
    }
}
