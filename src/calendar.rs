//! Working Days over named calendars, as known on a day.
//!
//! A Working Day is any day but Saturday, Sunday and a bank holiday (Section A1, as recalled).
//! Whose bank holidays count is a parameter: a list of calendars, whose holidays are united. Bank
//! holidays become known a year or two ahead, and some move at short notice, so every count is made
//! with what was known on the day judged; past the last year that was known a count is not known.

use std::collections::BTreeMap;

use crate::day::Day;

/// One bank holiday of one calendar.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Holiday {
    /// The day off.
    pub on: Day,
    /// What it is called.
    pub title: Box<str>,
    /// The first day on which it was known.
    pub known_from: Day,
    /// The first day on which it was no longer so; [`Day::LATEST`] where it stands.
    pub known_until: Day,
}

/// The bank holidays of all calendars, by the calendar's name.
#[derive(Debug, Default)]
pub struct Calendars {
    by_name: BTreeMap<Box<str>, Vec<Holiday>>,
}

impl Calendars {
    /// Adds a calendar.
    pub fn add(&mut self, name: &str, holidays: Vec<Holiday>) {
        self.by_name.insert(name.into(), holidays);
    }

    /// Whether there is a calendar of this name.
    pub fn has(&self, name: &str) -> bool {
        self.by_name.contains_key(name)
    }

    /// The names, sorted.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.by_name.keys().map(AsRef::as_ref)
    }

    /// The days on which what is known of the named calendars changes, sorted.
    pub fn turns<'n>(&self, names: impl IntoIterator<Item = &'n str>) -> Vec<Day> {
        let holidays = names.into_iter().filter_map(|name| self.by_name.get(name)).flatten();
        let mut turns: Vec<Day> = holidays.flat_map(|one| [one.known_from, one.known_until]).collect();
        turns.retain(|day| day.is_finite());
        turns.sort_unstable();
        turns.dedup();
        turns
    }

    /// The Working Days that the named calendars leave, as known on a day. A name that does not
    /// exist leaves nothing known.
    pub fn working_days<'n>(&self, names: impl IntoIterator<Item = &'n str>, known_on: Day) -> WorkingDays {
        let mut off: Vec<Off> = Vec::new();
        let (mut first, mut last) = (i32::MIN, i32::MAX);
        for name in names {
            let holidays = self.by_name.get(name).map_or(&[][..], Vec::as_slice);
            let known = holidays.iter().filter(|one| one.known_from <= known_on && known_on < one.known_until);
            let years = known.clone().map(|one| one.on.year());
            first = first.max(holidays.iter().map(|one| one.on.year()).min().unwrap_or(i32::MAX));
            last = last.min(years.max().unwrap_or(i32::MIN));
            off.extend(known.map(|one| Off { on: one.on, title: one.title.clone(), calendars: name.into() }));
        }
        off.sort();
        off.dedup_by(|next, kept| {
            let same = next.on == kept.on;
            if same && next.calendars != kept.calendars {
                kept.calendars = format!("{}, {}", kept.calendars, next.calendars).into();
            }
            same
        });
        let end = |year, month, day, open| {
            if (0..=9999).contains(&year) { Day::new(year, month, day) } else { None }.unwrap_or(open)
        };
        WorkingDays { off, first: end(first, 1, 1, Day::LATEST), last: end(last, 12, 31, Day::EARLIEST) }
    }
}

/// A day off of a union of calendars. Ordered by the day, then by its title.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Off {
    on: Day,
    title: Box<str>,
    /// The calendars that have it, joined by commas.
    calendars: Box<str>,
}

/// The days that a count of Working Days passes over.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Passed {
    /// How many Saturdays and Sundays.
    pub weekend: u32,
    /// The bank holidays on a weekday: the day, its title, the calendars that have it.
    pub holidays: Vec<(Day, String, String)>,
}

/// The Working Days of a union of calendars, as known on one day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WorkingDays {
    off: Vec<Off>,
    first: Day,
    last: Day,
}

impl WorkingDays {
    /// Whether it is a Working Day; nothing outside the years that are known.
    pub fn is_working(&self, day: Day) -> Option<bool> {
        (self.first <= day && day <= self.last).then(|| !day.is_weekend() && self.holiday(day).is_none())
    }

    /// What the bank holiday of that day is called, if it is one.
    pub fn holiday(&self, day: Day) -> Option<&str> {
        let at = self.off.binary_search_by_key(&day, |off| off.on).ok()?;
        self.off.get(at).map(|off| off.title.as_ref())
    }

    /// The bank holidays that fall on a weekday in `[first, last]`: those that a count skips.
    pub fn skipped(&self, first: Day, last: Day) -> impl Iterator<Item = (Day, &str)> {
        self.off_within(first, last).map(|off| (off.on, off.title.as_ref()))
    }

    fn off_within(&self, first: Day, last: Day) -> impl Iterator<Item = &Off> {
        let from = self.off.partition_point(|off| off.on < first);
        let days = self.off.get(from..).unwrap_or(&[]).iter().take_while(move |off| off.on <= last);
        days.filter(|off| !off.on.is_weekend())
    }

    /// How a count over `[first, last]` went: what it passed over, weekends as a number and each
    /// bank holiday by day, title and calendar.
    pub fn passed(&self, first: Day, last: Day) -> Passed {
        let span = i32::try_from(last.days_since(first)).unwrap_or(0);
        let weekend = (0..=span).filter(|offset| first <= last && first.plus_days(*offset).is_weekend()).count();
        let holiday = |off: &Off| (off.on, off.title.to_string(), off.calendars.to_string());
        Passed {
            weekend: u32::try_from(weekend).unwrap_or(u32::MAX),
            holidays: self.off_within(first, last).map(holiday).collect(),
        }
    }

    /// The day that is `count` Working Days after `start` (before it, if negative). The start counts
    /// as the first one where `count_start` says so and it is a Working Day. 0 is the start itself.
    /// Nothing where the count leaves the years that are known.
    pub fn add(&self, start: Day, count: i32, count_start: bool) -> Option<Day> {
        let step = count.signum();
        let mut left = count.unsigned_abs();
        let mut day = start;
        if count_start && left > 0 && self.is_working(start)? {
            left = left.saturating_sub(1);
        }
        while left > 0 {
            day = day.plus_days(step);
            left = left.saturating_sub(u32::from(self.is_working(day)?));
        }
        Some(day)
    }

    /// How many Working Days lie in `(after, until]`; nothing where that leaves the years that are
    /// known. 0 where `until` is not later.
    pub fn between(&self, after: Day, until: Day) -> Option<u32> {
        let mut count = 0_u32;
        let mut day = after;
        while day < until {
            day = day.plus_days(1);
            count = count.saturating_add(u32::from(self.is_working(day)?));
        }
        Some(count)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const ENGLAND: &[&str] = &["england-and-wales"];
    const SCOTLAND: &[&str] = &["scotland"];
    const WITH_SCOTLAND: &[&str] = &["england-and-wales", "scotland"];
    const ALL: &[&str] = &["england-and-wales", "scotland", "northern-ireland"];

    fn day(text: &str) -> Day {
        Day::parse(text).unwrap()
    }

    /// The shipped calendars, read with `toml` alone.
    fn shipped() -> Calendars {
        let mut calendars = Calendars::default();
        for name in ALL {
            let path = format!("{}/rules/calendars/{name}.toml", env!("CARGO_MANIFEST_DIR"));
            let text = std::fs::read_to_string(path).unwrap();
            let table = toml::de::DeTable::parse(&text).unwrap();
            let days = table.get_ref().get("day").unwrap().get_ref().as_array().unwrap();
            let read = days.iter().map(|row| {
                let row = row.get_ref().as_table().unwrap();
                let date =
                    |key: &str| row.get(key).map(|value| day(&value.get_ref().as_datetime().unwrap().to_string()));
                Holiday {
                    on: date("on").unwrap(),
                    title: row.get("title").unwrap().get_ref().as_str().unwrap().into(),
                    known_from: date("known-from").unwrap(),
                    known_until: date("known-until").unwrap_or(Day::LATEST),
                }
            });
            calendars.add(name, read.collect());
        }
        calendars
    }

    #[test]
    fn working_days_of_the_test_vectors() {
        let calendars = shipped();
        let known = day("2026-01-01");
        let rows = [
            ("2016-07-18", 15, ["2016-08-08", "2016-08-09", "2016-08-09", "2016-08-09"]),
            ("2016-06-27", 15, ["2016-07-18", "2016-07-18", "2016-07-19", "2016-07-18"]),
            ("2016-11-28", 5, ["2016-12-05", "2016-12-06", "2016-12-06", "2016-12-06"]),
            ("2017-11-23", 5, ["2017-11-30", "2017-12-01", "2017-12-01", "2017-12-01"]),
            ("2016-12-15", 10, ["2017-01-03", "2017-01-04", "2017-01-04", "2017-01-04"]),
            ("2017-04-10", 5, ["2017-04-19", "2017-04-19", "2017-04-19", "2017-04-18"]),
            ("2016-09-17", 5, ["2016-09-23"; 4]),
            ("2016-10-14", -5, ["2016-10-07"; 4]),
            ("2016-10-14", -10, ["2016-09-30"; 4]),
        ];
        for (start, count, ends) in rows {
            for (names, end) in [ENGLAND, WITH_SCOTLAND, ALL, SCOTLAND].into_iter().zip(ends) {
                let working = calendars.working_days(names.iter().copied(), known);
                assert_eq!(working.add(day(start), count, false), Some(day(end)), "{start} {count} {names:?}");
            }
        }
        let working = calendars.working_days(ENGLAND.iter().copied(), known);
        assert_eq!(working.add(day("2016-09-19"), 15, true), Some(day("2016-10-07")));
        assert_eq!(working.add(day("2016-09-17"), 5, true), Some(day("2016-09-23")));
        for (from, to, count) in
            [("2016-09-19", "2016-10-10", 15), ("2016-09-09", "2016-10-14", 25), ("2017-02-22", "2017-03-15", 15)]
        {
            assert_eq!(working.between(day(from), day(to)), Some(count));
        }
    }

    #[test]
    fn a_bank_holiday_counts_from_the_day_it_was_known() {
        let calendars = shipped();
        let rows = [
            ("2022-09-01", 15, "2022-09-08", ENGLAND, Some("2022-09-22")),
            ("2022-09-01", 15, "2022-09-09", ENGLAND, Some("2022-09-23")),
            ("2020-04-30", 5, "2019-06-09", ENGLAND, Some("2020-05-08")),
            ("2020-04-30", 5, "2019-06-10", ENGLAND, Some("2020-05-07")),
            ("2020-04-30", 5, "2019-07-01", SCOTLAND, Some("2020-05-08")),
            ("2020-04-30", 5, "2019-07-02", SCOTLAND, Some("2020-05-07")),
            ("2023-05-02", 5, "2022-11-09", ENGLAND, Some("2023-05-09")),
            ("2023-05-02", 5, "2022-11-10", ENGLAND, Some("2023-05-10")),
            ("2022-05-24", 5, "2020-11-11", ENGLAND, None),
            ("2022-05-24", 5, "2020-11-12", ENGLAND, Some("2022-05-31")),
        ];
        for (start, count, known, names, end) in rows {
            let working = calendars.working_days(names.iter().copied(), day(known));
            assert_eq!(working.add(day(start), count, false), end.map(day), "{start} known on {known}");
        }
    }

    #[test]
    fn the_nation_matters_for_the_shares_of_start_days_that_the_notes_give() {
        let calendars = shipped();
        let known = day("2026-01-01");
        let [england, with_scotland, with_all] =
            [ENGLAND, WITH_SCOTLAND, ALL].map(|names| calendars.working_days(names.iter().copied(), known));
        let (from, to) = (day("2013-09-23"), day("2018-12-31"));
        let span = i32::try_from(to.days_since(from)).unwrap();
        let starts: Vec<_> =
            (0..=span).map(|n| from.plus_days(n)).filter(|day| england.is_working(*day) == Some(true)).collect();
        let end = |working: &WorkingDays, start: Day| working.add(start, 15, false).unwrap();
        let moved = |other| starts.iter().filter(|start| end(&england, **start) != end(other, **start)).count();
        assert_eq!(starts.len(), 1334);
        // 255 if Scottish holidays count as well; 404 if, beside them, Northern Irish ones do.
        assert_eq!((moved(&with_scotland), moved(&with_all)), (255, 404));
    }

    proptest! {
        #[test]
        fn counting_what_was_added_gives_the_count_back(offset in 0i32..2000, count in 1i32..60) {
            let working = shipped().working_days(ENGLAND.iter().copied(), day("2026-01-01"));
            let start = day("2013-01-01").plus_days(offset);
            let end = working.add(start, count, false).unwrap();
            prop_assert_eq!(working.between(start, end), Some(count.unsigned_abs()));
            prop_assert_eq!(working.is_working(end), Some(true));
        }
    }
}
