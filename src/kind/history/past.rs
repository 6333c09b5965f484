//! What a commit did to the past: edited what stood of it, or recorded it long after.

use super::trial::Trial;
use crate::{
    change::{Change, Fact, What},
    day::{Day, Truth, When},
    decode::Text,
    finding::Outcome,
    history::Recorded,
};

/// The keys that say nothing of the world: what we know it from, and what we add for readers.
const OF_OURS: &[&str] = &["source", "note", "summary", "url", "quote", "read"];

/// A fact that a commit edited, with its days: as they were and as they are.
struct Edited {
    sentence: String,
    days: Vec<When>,
}

/// A day of a change as it is written; a word that is no day gives none, and neither does `"unknown"`.
fn day(text: &str) -> Option<When> {
    When::parse(text).filter(|_| text.contains('-'))
}

/// Whether a fact says only more exactly what it said: what was not known is, or a day lies within the
/// days that it might have been.
fn is_learned(fact: &Fact) -> bool {
    let (Some(was), Some(now)) = (fact.was.as_deref(), fact.now.as_deref()) else { return false };
    let within = |(was, now): (When, When)| was.first <= now.first && now.last <= was.last;
    was == "unknown" || day(was).zip(day(now)).is_some_and(within)
}

fn edited(fact: &Fact) -> Option<Edited> {
    let own = fact.key.rsplit(' ').next().unwrap_or("").trim_matches('`');
    let is_ours = OF_OURS.contains(&fact.field.as_str()) || OF_OURS.contains(&own);
    if fact.was.is_none() || is_ours || is_learned(fact) {
        return None;
    }
    let mut days: Vec<When> = [&fact.was, &fact.now].into_iter().flatten().filter_map(|text| day(text)).collect();
    if days.is_empty() {
        days.extend(fact.legal.as_deref().and_then(When::parse));
    }
    (!days.is_empty()).then(|| Edited { sentence: fact.sentence(), days })
}

impl Trial<'_> {
    pub(super) fn past_edited(&mut self) {
        let of_old = |change: &&Change| matches!(change.what, What::Changed | What::Moved(_));
        for change in self.meant().filter(of_old) {
            let edits: Vec<Edited> = change.facts.iter().filter_map(edited).collect();
            if !edits.is_empty() {
                self.past_of(change, &edits);
            }
        }
    }

    /// Judges the edits of one record.
    fn past_of(&mut self, change: &Change, edits: &[Edited]) {
        let position = self.step.position;
        let is_past = |when: &When| position.map_or(Truth::Maybe, |position| when.before(position));
        let of = |wanted: Truth| edits.iter().find(|edit| edit.days.iter().any(|when| is_past(when) == wanted));
        let subject = &change.subject;
        if self.step.corrects(subject) {
            return self.keep(subject, "says that it corrects the record");
        }
        let (outcome, edit) = match (of(Truth::Yes), of(Truth::Maybe)) {
            (Some(edit), _) => (Outcome::Breach, edit),
            (None, Some(edit)) => (Outcome::Unknown, edit),
            (None, None) => return self.keep(subject, "edited nothing of before the position"),
        };
        let position = position.map_or("not recorded".to_owned(), |position| position.to_string());
        let why = format!("edited what there was of before the position ({position}): {}", edit.sentence);
        let mut steps = vec![format!("the position before the commit: {position}")];
        steps.extend(edits.iter().map(|edit| {
            let days: Vec<String> = edit.days.iter().map(ToString::to_string).collect();
            format!("{}: of {}", edit.sentence, days.join(" and "))
        }));
        steps.push(format!("the commit has no line `Corrects: {subject}`"));
        let cure = format!("say `Corrects: {subject}` in the commit, and why; or add an entry with a day of its own");
        self.say(subject, outcome, &why, steps, Some(&cure));
    }

    pub(super) fn late(&mut self) {
        for change in self.meant() {
            let day = self.step.day;
            let of_it = |one: &&Recorded| one.subject == change.subject && one.when.first <= day;
            let recorded: Vec<&Recorded> = self.step.recorded.iter().filter(of_it).collect();
            if !recorded.is_empty() {
                self.late_of(change, &recorded);
            }
        }
    }

    /// Judges what a commit recorded of one record.
    fn late_of(&mut self, change: &Change, recorded: &[&Recorded]) {
        let calendar: Vec<Text> = self.terms.calendar.iter().cloned().collect();
        let working = self.case.working_days(&calendar);
        let within = i32::try_from(self.terms.within.known().copied().unwrap_or(0)).unwrap_or(i32::MAX);
        let last = |day: Day| if day.is_finite() { working.add(day, within, false) } else { None };
        let (day, subject) = (self.step.day, &change.subject);
        // The last day in time is one for the earliest day that it may have been, and one for the latest.
        let is_late = |one: &Recorded| match (last(one.when.first), last(one.when.last)) {
            (_, Some(latest)) if day > latest => Truth::Yes,
            (Some(earliest), _) if day <= earliest => Truth::No,
            _ => Truth::Maybe,
        };
        if self.step.corrects(subject) {
            return self.keep(subject, "says that it corrects the record");
        }
        let of = |wanted: Truth| recorded.iter().find(|one| is_late(one) == wanted);
        let (outcome, verb, one) = match (of(Truth::Yes), of(Truth::Maybe)) {
            (Some(one), _) => (Outcome::Breach, "recorded", one),
            (None, Some(one)) => (Outcome::Unknown, "may have recorded", one),
            (None, None) => return self.keep(subject, "recorded in time what had happened"),
        };
        let when = |one: &Recorded| {
            if one.when == When::UNKNOWN { "a day that is not known".to_owned() } else { one.when.to_string() }
        };
        let why =
            format!("{verb} more than {within} Working Days after it happened: {}, on {}", one.words(), when(one));
        let steps = recorded.iter().map(|one| {
            let last =
                last(one.when.last).map_or("a day that the calendar does not give".into(), |day| day.to_string());
            format!("{}, on {}: in time up to {last}, recorded on {day}", one.words(), when(one))
        });
        let cure = format!("nothing mends what is past; where the record was wrong, say `Corrects: {subject}`");
        self.say(subject, outcome, &why, steps.collect(), Some(&cure));
    }
}
