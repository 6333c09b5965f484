//! Days, days known in part, and half-open periods. The only date arithmetic besides the Working
//! Days of [`crate::calendar`].

mod today;

use std::fmt;

use chrono::{Datelike, NaiveDate};

pub use self::today::{Horizon, Today};

/// A day of the Gregorian calendar from the year 0 to 9999, or one of the two ends of time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Day(i32);

impl Day {
    /// Before every day: the open start of what is not known.
    pub const EARLIEST: Self = Self(i32::MIN);
    /// After every day: an open end.
    pub const LATEST: Self = Self(i32::MAX);

    /// A day by its numbers, if there is such a day.
    pub fn new(year: i32, month: u32, day: u32) -> Option<Self> {
        (0..=9999).contains(&year).then_some(())?;
        NaiveDate::from_ymd_opt(year, month, day).map(Self::from)
    }

    /// Reads `2016-09-30`.
    pub fn parse(text: &str) -> Option<Self> {
        let mut parts = text.split('-');
        let (year, month, day) = (parts.next()?, parts.next()?, parts.next()?);
        let digits = |part: &str, count| part.len() == count && part.bytes().all(|byte| byte.is_ascii_digit());
        (parts.next().is_none() && digits(year, 4) && digits(month, 2) && digits(day, 2)).then_some(())?;
        Self::new(year.parse().ok()?, month.parse().ok()?, day.parse().ok()?)
    }

    /// Whether this is a day, not an end of time.
    pub fn is_finite(self) -> bool {
        self != Self::EARLIEST && self != Self::LATEST
    }

    /// So many days later (earlier, if negative). The ends of time stay where they are.
    #[must_use]
    pub fn plus_days(self, days: i32) -> Self {
        if self.is_finite() { Self(self.0.saturating_add(days)) } else { self }
    }

    /// So many months later (earlier, if negative): the same day number, else the last day of that
    /// month (`rule-kinds.md`, *Months*). The ends of time stay where they are.
    #[must_use]
    pub fn plus_months(self, months: i32) -> Self {
        let Some(date) = self.date() else { return self };
        let count = chrono::Months::new(months.unsigned_abs());
        let moved = if months < 0 { date.checked_sub_months(count) } else { date.checked_add_months(count) };
        moved.map_or(if months < 0 { Self::EARLIEST } else { Self::LATEST }, Self::from)
    }

    /// The last day of its month. The ends of time stay where they are.
    #[must_use]
    pub fn last_of_month(self) -> Self {
        let Some(date) = self.date() else { return self };
        let into = i32::try_from(date.day0()).unwrap_or(0);
        self.plus_days(into.saturating_neg()).plus_months(1).plus_days(-1)
    }

    /// The last day of its year. The ends of time stay where they are.
    #[must_use]
    pub fn last_of_year(self) -> Self {
        let Some(date) = self.date() else { return self };
        let left = i32::try_from(date.month0()).map_or(0, |month| 11_i32.saturating_sub(month));
        self.plus_months(left).last_of_month()
    }

    /// The number of days from `earlier` to this day; 0 where either is an end of time.
    pub fn days_since(self, earlier: Self) -> i64 {
        if self.is_finite() && earlier.is_finite() { i64::from(self.0).saturating_sub(i64::from(earlier.0)) } else { 0 }
    }

    /// Whether it is a Saturday or a Sunday.
    pub fn is_weekend(self) -> bool {
        // 0001-01-01, day 1, was a Monday.
        self.is_finite() && matches!(self.0.rem_euclid(7), 6 | 0)
    }

    /// The year; 0 for the ends of time.
    pub fn year(self) -> i32 {
        self.date().map_or(0, |date| date.year())
    }

    /// The same day as `chrono` has it; nothing for the ends of time.
    pub fn date(self) -> Option<NaiveDate> {
        self.is_finite().then(|| NaiveDate::from_num_days_from_ce_opt(self.0)).flatten()
    }
}

impl From<NaiveDate> for Day {
    fn from(date: NaiveDate) -> Self {
        Self(date.num_days_from_ce())
    }
}

impl fmt::Display for Day {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.date() {
            Some(date) => write!(f, "{}", date.format("%Y-%m-%d")),
            None => f.write_str(if *self == Self::EARLIEST { "ever" } else { "open" }),
        }
    }
}

/// An answer where not every fact is known; ordered, so that `min` is *and* and `max` is *or*.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Truth {
    /// It is not so.
    No,
    /// It may or may not be so: it depends on a fact that is not recorded.
    Maybe,
    /// It is so.
    Yes,
}

impl Truth {
    /// So if both are.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        self.min(other)
    }

    /// So if one is.
    #[must_use]
    pub fn or(self, other: Self) -> Self {
        self.max(other)
    }

    /// Whether it may be so.
    pub fn possible(self) -> bool {
        self != Self::No
    }

    /// Whether it is so, whatever is not known.
    pub fn certain(self) -> bool {
        self == Self::Yes
    }
}

impl std::ops::Not for Truth {
    type Output = Self;

    fn not(self) -> Self {
        match self {
            Self::No => Self::Yes,
            Self::Maybe => Self::Maybe,
            Self::Yes => Self::No,
        }
    }
}

impl From<bool> for Truth {
    fn from(so: bool) -> Self {
        if so { Self::Yes } else { Self::No }
    }
}

/// A date as recorded: one day, or a span of days of which it is one, both ends included.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct When {
    /// The first day that it may be; [`Day::EARLIEST`] where nothing is known of it.
    pub first: Day,
    /// The last day that it may be; [`Day::LATEST`] where nothing is known of it.
    pub last: Day,
    /// Hour and minute, where an hour is stated.
    pub time: Option<(u8, u8)>,
}

impl When {
    /// Some day, not known which.
    pub const UNKNOWN: Self = Self { first: Day::EARLIEST, last: Day::LATEST, time: None };

    /// Exactly this day.
    pub fn on(day: Day) -> Self {
        Self::between(day, day)
    }

    /// Some day of a span, both ends included.
    pub fn between(first: Day, last: Day) -> Self {
        Self { first, last, time: None }
    }

    /// Reads a date known in part: `2016-11`, `2016`, or a span such as `2016-10-24/2016-10-26`,
    /// either end of which may be left empty. Both ends are included.
    pub fn parse(text: &str) -> Option<Self> {
        let Some((from, to)) = text.split_once('/') else { return Self::part(text) };
        if from.is_empty() && to.is_empty() {
            return None;
        }
        let first = if from.is_empty() { Day::EARLIEST } else { Self::part(from)?.first };
        let last = if to.is_empty() { Day::LATEST } else { Self::part(to)?.last };
        (first <= last).then_some(Self::between(first, last))
    }

    fn part(text: &str) -> Option<Self> {
        let number = |part: &str, digits: usize| -> Option<i32> {
            (part.len() == digits && part.bytes().all(|byte| byte.is_ascii_digit())).then_some(())?;
            part.parse().ok()
        };
        let mut parts = text.splitn(2, '-');
        let year = number(parts.next()?, 4)?;
        match parts.next() {
            None => Some(Self::between(Day::new(year, 1, 1)?, Day::new(year, 12, 31)?)),
            Some(month) if month.len() == 2 => {
                let first = Day::new(year, u32::try_from(number(month, 2)?).ok()?, 1)?;
                Some(Self::between(first, first.plus_months(1).plus_days(-1)))
            }
            Some(_) => Day::parse(text).map(Self::on),
        }
    }

    /// The day, where it is known to the day.
    pub fn day(self) -> Option<Day> {
        (self.first == self.last && self.first.is_finite()).then_some(self.first)
    }

    /// Whether it has come by `day`, that day included.
    pub fn by<'t>(self, day: impl Into<Today<'t>>) -> Truth {
        let day = day.into();
        if self.last <= day {
            Truth::Yes
        } else if self.first > day {
            Truth::No
        } else {
            Truth::Maybe
        }
    }

    /// Whether this comes before `other`, on another day.
    pub fn before(self, other: Self) -> Truth {
        if self.last < other.first {
            Truth::Yes
        } else if self.first >= other.last {
            Truth::No
        } else {
            Truth::Maybe
        }
    }

    /// The part of it that has come by a day, that day included, if any.
    pub fn up_to<'t>(self, day: impl Into<Today<'t>>) -> Option<Self> {
        let day = day.into();
        (self.first <= day).then(|| Self { last: day.or_before(self.last), ..self })
    }

    /// The part of it that lies in `[first, last]`, if any.
    pub fn within(self, first: Day, last: Day) -> Option<Self> {
        let (first, last) = (self.first.max(first), self.last.min(last));
        (first <= last).then_some(Self { first, last, time: self.time })
    }
}

impl fmt::Display for When {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if *self == Self::UNKNOWN {
            return f.write_str("unknown");
        }
        if let Some(day) = self.day() {
            write!(f, "{day}")?;
            return self.time.map_or(Ok(()), |(hour, minute)| write!(f, " {hour:02}:{minute:02}"));
        }
        let (first, last) = (self.first, self.last);
        if let (Some(from), Some(to)) = (first.date(), last.date()) {
            let whole_months = from.day() == 1 && last.plus_days(1).date().is_some_and(|next| next.day() == 1);
            if whole_months && from.year() == to.year() {
                if from.month() == to.month() {
                    return write!(f, "{}", from.format("%Y-%m"));
                }
                if from.month() == 1 && to.month() == 12 {
                    return write!(f, "{}", from.format("%Y"));
                }
            }
        }
        let end = |day: Day| if day.is_finite() { day.to_string() } else { String::new() };
        write!(f, "{}/{}", end(first), end(last))
    }
}

/// Whether the half-open period `[from, until)` holds `day`. No `until`: it still runs. No `from`:
/// its start was left out, so it is not known.
pub fn in_force<'t>(from: Option<When>, until: Option<When>, day: impl Into<Today<'t>>) -> Truth {
    let day = day.into();
    let begun = from.unwrap_or(When::UNKNOWN).by(day);
    let ended = until.map_or(Truth::No, |until| until.by(day));
    begun.and(!ended)
}

/// [`in_force`] of a period that a record gives: one that runs backwards was reported as such, and
/// tells nothing.
pub fn recorded_in_force<'t>(from: Option<When>, until: Option<When>, day: impl Into<Today<'t>>) -> Truth {
    if is_backwards(from, until) { Truth::Maybe } else { in_force(from, until, day) }
}

/// Whether a period certainly ends before it begins, or as it does.
pub fn is_backwards(from: Option<When>, until: Option<When>) -> bool {
    matches!((from, until), (Some(from), Some(until)) if from.before(until) == Truth::No)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn day(text: &str) -> Day {
        Day::parse(text).unwrap()
    }

    #[test]
    fn weekends_are_saturdays_and_sundays() {
        let week: Vec<_> = (0..7).map(|n| day("2016-09-26").plus_days(n).is_weekend()).collect();
        assert_eq!(week, [false, false, false, false, false, true, true]);
    }

    #[test]
    fn a_month_later_is_the_same_day_number_or_the_last_of_the_month() {
        assert_eq!(day("2016-01-31").plus_months(1), day("2016-02-29"));
        assert_eq!(day("2015-11-16").plus_months(12), day("2016-11-16"));
        assert_eq!(day("2016-03-31").plus_months(-1), day("2016-02-29"));
    }

    #[test]
    fn a_month_ends_on_its_last_day() {
        for (one, last) in [("2016-02-01", "2016-02-29"), ("2016-02-29", "2016-02-29"), ("2016-12-15", "2016-12-31")] {
            assert_eq!(day(one).last_of_month(), day(last));
        }
        assert_eq!(Day::LATEST.last_of_month(), Day::LATEST);
    }

    #[test]
    fn dates_known_in_part_are_spans_with_both_ends() {
        let span = |text| When::parse(text).map(|when| (when.first, when.last));
        assert_eq!(span("2016-11"), Some((day("2016-11-01"), day("2016-11-30"))));
        assert_eq!(span("2016"), Some((day("2016-01-01"), day("2016-12-31"))));
        assert_eq!(span("2016-10-24/2016-10-26"), Some((day("2016-10-24"), day("2016-10-26"))));
        assert_eq!(span("/2016-09-30"), Some((Day::EARLIEST, day("2016-09-30"))));
        assert_eq!(span("2017/2022"), Some((day("2017-01-01"), day("2022-12-31"))));
        for wrong in ["/", "2016-13", "2016-1", "16", "2016-09-31", "2016-10-02/2016-10-01", "soon", "2016-09-30T", ""]
        {
            assert_eq!(When::parse(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn what_is_printed_reads_back() {
        for text in ["2016-11", "2016", "2016-10-24/2016-10-26", "/2016-09-30", "2016-09-30/", "2016-02"] {
            assert_eq!(When::parse(text).unwrap().to_string(), text);
        }
    }

    proptest! {
        #[test]
        fn three_valued_answers_are_what_trying_every_day_gives(
            from in 0i32..40, from_len in 0i32..10, until in 0i32..40, until_len in 0i32..10, on in 0i32..40
        ) {
            let base = day("2016-09-01");
            let from = When::between(base.plus_days(from), base.plus_days(from + from_len));
            let until = When::between(base.plus_days(until), base.plus_days(until + until_len));
            let on = base.plus_days(on);
            let days = |when: When| (0..=i32::try_from(when.last.days_since(when.first)).unwrap()).map(move |n| when.first.plus_days(n));
            let all: Vec<bool> = days(from).flat_map(|f| days(until).map(move |u| f <= on && on < u)).collect();
            let expected = if all.iter().all(|so| *so) { Truth::Yes } else if all.iter().any(|so| *so) { Truth::Maybe } else { Truth::No };
            prop_assert_eq!(in_force(Some(from), Some(until), on), expected);
        }
    }
}
