//! Who joined late: the term may end sooner, at the nearest yearly review.

use std::{collections::BTreeMap, sync::OnceLock};

use chrono::Datelike;

use super::{Case, Law, Mark, RecordKind, Says, Term, Terms, count_of};
use crate::{
    day::{Day, Truth, When},
    text::Place,
};

/// The tenures of a body's seats of which both ends are known, by the day of the year on which they are
/// due to end. Gathered once, when a tenure is met that is not as long as the others.
#[derive(Debug, Default)]
pub struct Reviews(OnceLock<Known>);

#[derive(Debug)]
struct Known {
    /// First day and day due to end, and where that stands, by month and day of the latter.
    ends: BTreeMap<(u32, u32), BTreeMap<(Day, Day), Place>>,
    /// Whether there may be others, on any day.
    others: bool,
}

impl Reviews {
    /// Whether a term from one day to another ends at the nearest yearly review: the first day after it
    /// began that is a day, or the anniversary of one, on which a whole term of the body ends; and where
    /// such a term stands.
    pub(super) fn has(
        &self,
        law: &Law<'_, Term>,
        body: &str,
        from: When,
        due: When,
        case: &Case<'_>,
    ) -> (Truth, Option<Mark>) {
        // One lies in every year.
        if due.first > from.last.plus_months(12) {
            return (Truth::No, None);
        }
        let known = self.0.get_or_init(|| Known::of(body, &case.of_rule()));
        let (Some(from), Some(due)) = (from.day(), due.day()) else { return (Truth::Maybe, None) };
        let mut ends = day_of_year(due).and_then(|key| known.ends.get(&key)).into_iter().flatten();
        let review =
            ends.find(|((began, end), _)| nearest(*end, from) == Some(due) && is_whole(law, *began, *end, case));
        match review {
            Some(((_, end), place)) => {
                let label = format!("a whole term of `{body}` ends on {end}");
                (Truth::Yes, Some(Mark::new(place.file, place.span, label)))
            }
            None if known.others => (Truth::Maybe, None),
            None => (Truth::No, None),
        }
    }
}

impl Known {
    fn of(body: &str, case: &Case<'_>) -> Self {
        let (mut ends, mut others) = (BTreeMap::<_, BTreeMap<_, _>>::new(), false);
        let records = case.registry.in_folder(RecordKind::Seat, body).filter_map(|at| case.record(at));
        for (record, seat) in records.filter_map(|record| Some((record, record.seat()?))) {
            others |= seat.tenure.is_open();
            for tenure in seat.tenure.iter() {
                let day = |when: Option<When>| when.and_then(When::day);
                match (day(tenure.from.when()), day(tenure.due_to_end.when())) {
                    (Some(from), Some(due)) => {
                        let place = record.place(tenure.due_to_end.span);
                        day_of_year(due).map(|key| ends.entry(key).or_default().entry((from, due)).or_insert(place));
                    }
                    _ => others = true,
                }
            }
        }
        let folder = format!("{}/{body}", RecordKind::Seat.folder());
        Self { ends, others: others || !case.registry.is_complete(&folder) }
    }
}

/// Month and day; in other years 29 February falls on the 28th.
fn day_of_year(day: Day) -> Option<(u32, u32)> {
    let date = day.date()?;
    Some(if (date.month(), date.day()) == (2, 29) { (2, 28) } else { (date.month(), date.day()) })
}

/// The first day after `from` that is `end` or an anniversary of it, before it or behind.
fn nearest(end: Day, from: Day) -> Option<Day> {
    let years = from.year().checked_sub(end.year())?;
    let anniversary = |year: i32| Some(end.plus_months(years.checked_add(year)?.checked_mul(12)?));
    (-1..=1).filter_map(anniversary).find(|day| *day > from)
}

/// Whether a tenure is as long as the version says that was in force when it began.
fn is_whole(law: &Law<'_, Term>, from: Day, due: Day, case: &Case<'_>) -> bool {
    let Says::Terms(_, Terms { length, .. }) = law.on(from) else { return false };
    let working = case.working_days(&[]);
    length.known().is_some_and(|length| count_of(&length.count, &length.unit, false, &working).last(from) == Some(due))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nearest_review_is_the_first_after_the_start_in_any_year() {
        let day = |text: &str| Day::parse(text).unwrap();
        let nearest = |end: &str, from: &str| nearest(day(end), day(from)).unwrap().to_string();
        assert_eq!(nearest("2019-09-15", "2018-03-01"), "2018-09-15");
        assert_eq!(nearest("2019-09-15", "2018-09-14"), "2018-09-15");
        assert_eq!(nearest("2019-09-15", "2018-09-15"), "2019-09-15");
        assert_eq!(nearest("2016-11-16", "2018-12-01"), "2019-11-16");
        assert_eq!(nearest("2020-02-29", "2020-12-01"), "2021-02-28");
    }
}
