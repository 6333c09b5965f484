//! What had happened and a commit recorded for the first time: the events of a record, as they were
//! before and as they are. A plan is no happening, and a date put in the place of another is an edit.

use std::collections::BTreeMap;

use crate::{
    day::When,
    decode::{Reader, read_sound},
    record::{Body, Kind},
    text::{FileId, Span},
};

/// Something that happened, recorded for the first time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recorded {
    /// The record, as `kind/id`.
    pub subject: String,
    /// The event of its kind.
    pub event: String,
    /// The slot that the event fills: a person, a party, a part.
    pub slot: String,
    /// The days on which it may have happened.
    pub when: When,
}

impl Recorded {
    /// The event in words: ``tenure-from of `ann` ``.
    pub fn words(&self) -> String {
        if self.slot.is_empty() { self.event.clone() } else { format!("{} of `{}`", self.event, self.slot) }
    }
}

/// What a record's text tells now and did not before. `subject` is `kind/id`.
pub(crate) fn recorded(subject: &str, was: &str, now: &str) -> Vec<Recorded> {
    let Some(kind) = subject.split_once('/').and_then(|(folder, _)| Kind::of_folder(folder)) else {
        return Vec::new();
    };
    let (mut before, after) = (happened(kind, was), happened(kind, now));
    let mut found = Vec::new();
    for (key, mut dates) in after {
        let old = before.remove(&key).unwrap_or_default();
        // What is there as before is nothing new; of the rest, as many are edits as were there.
        let mut left = old;
        dates.retain(|when| match left.iter().position(|one| one == when) {
            Some(at) => {
                left.remove(at);
                false
            }
            None => true,
        });
        let (event, slot) = key;
        found.extend(dates.into_iter().skip(left.len()).map(|when| Recorded {
            subject: subject.to_owned(),
            event: event.clone(),
            slot: slot.clone(),
            when,
        }));
    }
    found
}

/// The dates of what happened, by event and slot, in the order of their entries.
fn happened(kind: Kind, text: &str) -> BTreeMap<(String, String), Vec<When>> {
    let body = read_sound(text, |table| {
        let mut reader = Reader::new(FileId(0)).lenient();
        Body::read(kind, &mut reader, table, Span::default())
    });
    let mut found: BTreeMap<_, Vec<When>> = BTreeMap::new();
    for (event, dated) in body.happened() {
        if let Some(when) = dated.when.filter(|_| !dated.bad) {
            found.entry((event, dated.slot)).or_default().push(when);
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(subject: &str, was: &str, now: &str) -> Vec<String> {
        recorded(subject, was, now).iter().map(|one| format!("{} {}", one.words(), one.when)).collect()
    }

    #[test]
    fn a_plan_is_no_happening() {
        assert_eq!(told("meetings/board/a", "", "planned = 2016-09-01\nmoved-to = [2016-09-02]"), [""; 0]);
        assert_eq!(
            told("meetings/board/a", "planned = 2016-09-01", "planned = 2016-09-01\nheld = 2016-09-02"),
            ["held 2016-09-02"]
        );
        let part = "implementation = [{ part = \"all\", planned = 2016-09-01, actual = 2016-09-08 }]";
        assert_eq!(told("modifications/a", "", part), ["implementation-actual of `all` 2016-09-08"]);
    }

    #[test]
    fn a_step_of_a_modification_is_a_happening_and_a_planned_one_is_none() {
        let now =
            "step = [{ to = \"refinement\", on = 2016-09-01 }]\nplanned = [{ to = \"decision\", on = 2016-08-01 }]";
        assert_eq!(told("modifications/a", "", now), ["refinement of `refinement` 2016-09-01"]);
    }

    #[test]
    fn a_date_in_the_place_of_another_is_an_edit() {
        let tenure = |dates: &[&str]| {
            let one = |date: &&str| format!("{{ holder = \"ann\", from = {date} }}");
            format!("tenure = [{}]", dates.iter().map(one).collect::<Vec<_>>().join(", "))
        };
        let told = |was: &[&str], now: &[&str]| told("seats/board/a", &tenure(was), &tenure(now));
        assert_eq!(told(&["2016-01-01"], &["2016-01-02"]), [""; 0]);
        assert_eq!(told(&["\"unknown\""], &["2016-01-02"]), [""; 0]);
        assert_eq!(told(&["2016-01-01"], &["2015-01-01", "2016-01-01"]), ["tenure-from of `ann` 2015-01-01"]);
        assert_eq!(told(&["2016-01-01", "2016-05-01"], &["2016-01-01"]), [""; 0]);
    }
}
