//! The day judged, which remembers what it was compared with: so a judgement knows how long it holds.
//!
//! A judgement is a pure function, and the day comes into it through comparisons alone. While each of
//! them turns out the same, so does the whole. Of each comparison the first later day on which it
//! would turn out otherwise is kept, and the earliest of those is the judgement's *horizon*: it need
//! not be made anew before.

use std::{
    cmp::Ordering,
    fmt,
    sync::atomic::{AtomicI32, Ordering::Relaxed},
};

use super::Day;

/// The first later day on which an answer may differ, as far as was seen.
#[derive(Debug)]
pub struct Horizon(AtomicI32);

impl Default for Horizon {
    fn default() -> Self {
        Self(AtomicI32::new(Day::LATEST.0))
    }
}

impl Horizon {
    /// The first later day on which an answer may differ; [`Day::LATEST`] where it holds for ever.
    pub fn day(&self) -> Day {
        Day(self.0.load(Relaxed))
    }

    /// No later than this day.
    pub fn narrow(&self, day: Day) {
        // The smallest of all wins in whatever order they come, so nothing has to be in step.
        if day.0 < self.0.load(Relaxed) {
            self.0.fetch_min(day.0, Relaxed);
        }
    }
}

/// The day judged, or one reckoned from it. Comparing a [`Day`] with it is an answer like any other;
/// that the answer was asked for is kept.
#[derive(Debug, Clone, Copy)]
pub struct Today<'h> {
    /// The day judged.
    judged: Day,
    /// What is compared: the day judged, or one so many months or days from it.
    day: Day,
    /// By how many days more than the day judged `day` may move on.
    slack: i32,
    horizon: Option<&'h Horizon>,
}

/// How much months differ: a day so many months from another moves on as that does, give or take.
const MONTHS_DIFFER: i32 = 5;

impl From<Day> for Today<'_> {
    /// A day of which nobody asks how long its answers hold.
    fn from(day: Day) -> Self {
        Self { judged: day, day, slack: 0, horizon: None }
    }
}

impl Today<'_> {
    /// The same day, of which a horizon is kept.
    pub fn seen_from(self, horizon: &Horizon) -> Today<'_> {
        Today { judged: self.judged, day: self.day, slack: self.slack, horizon: Some(horizon) }
    }

    /// The plain day, for words and for what is settled otherwise: nothing is kept of what comes of it.
    pub fn untracked(self) -> Day {
        self.day
    }

    /// The plain day, for what no comparison can follow: whatever comes of it holds for today alone.
    pub fn for_today(self) -> Day {
        if let Some(horizon) = self.horizon {
            horizon.narrow(self.judged.plus_days(1));
        }
        self.day
    }

    /// The day so many months from this one (before it, if negative).
    #[must_use]
    pub fn plus_months(self, months: i32) -> Self {
        Self { day: self.day.plus_months(months), slack: self.slack.saturating_add(MONTHS_DIFFER), ..self }
    }

    /// The day so many days from this one (before it, if negative).
    #[must_use]
    pub fn plus_days(self, days: i32) -> Self {
        Self { day: self.day.plus_days(days), ..self }
    }

    /// The earlier of this and another day, compared like this one.
    #[must_use]
    pub fn earlier(self, other: Day) -> Self {
        if other <= self { other.into() } else { self }
    }

    /// The later of this and another day, compared like this one.
    #[must_use]
    pub fn later(self, other: Day) -> Self {
        if other > self { other.into() } else { self }
    }

    /// The earlier of this and another day. The other stays the earlier one once it is.
    pub fn or_before(self, other: Day) -> Day {
        if other <= self { other } else { self.for_today() }
    }

    /// Whether it is later than another day that may move as this one does. Of two that move apart,
    /// the answer holds for today alone.
    pub fn is_after(self, other: Self) -> bool {
        match (self.horizon, other.horizon) {
            (_, None) => self > other.day,
            (None, _) => self.day > other,
            // Both move on as the day judged does, give or take.
            _ if self.day.days_since(other.day).abs() > i64::from(self.slack.saturating_add(other.slack)) => {
                self.day > other.day
            }
            _ => self.for_today() > other.day,
        }
    }

    /// Keeps that something changes once this day reaches `at`, which it has not.
    fn turns(self, at: Day) {
        let Some(horizon) = self.horizon else { return };
        if at != Day::LATEST {
            let away = at.days_since(self.day).saturating_sub(i64::from(self.slack)).max(1);
            horizon.narrow(self.judged.plus_days(i32::try_from(away).unwrap_or(i32::MAX)));
        }
    }

    /// Whether it is `other` or later.
    fn has_reached(self, other: Day) -> bool {
        if self.day < other {
            self.turns(other);
        }
        self.day >= other
    }

    /// Whether it is later than `other`.
    fn has_passed(self, other: Day) -> bool {
        if self.day <= other {
            self.turns(other.plus_days(1));
        }
        self.day > other
    }

    fn compare(self, other: Day) -> Ordering {
        if self.has_passed(other) {
            Ordering::Greater
        } else if self.has_reached(other) {
            Ordering::Equal
        } else {
            Ordering::Less
        }
    }
}

impl PartialEq<Day> for Today<'_> {
    fn eq(&self, other: &Day) -> bool {
        self.compare(*other) == Ordering::Equal
    }
}

impl PartialOrd<Day> for Today<'_> {
    fn partial_cmp(&self, other: &Day) -> Option<Ordering> {
        Some(self.compare(*other))
    }

    fn lt(&self, other: &Day) -> bool {
        !self.has_reached(*other)
    }

    fn le(&self, other: &Day) -> bool {
        !self.has_passed(*other)
    }

    fn gt(&self, other: &Day) -> bool {
        self.has_passed(*other)
    }

    fn ge(&self, other: &Day) -> bool {
        self.has_reached(*other)
    }
}

impl PartialEq<Today<'_>> for Day {
    fn eq(&self, other: &Today<'_>) -> bool {
        other == self
    }
}

impl PartialOrd<Today<'_>> for Day {
    fn partial_cmp(&self, other: &Today<'_>) -> Option<Ordering> {
        Some(other.compare(*self).reverse())
    }

    fn lt(&self, other: &Today<'_>) -> bool {
        other.has_passed(*self)
    }

    fn le(&self, other: &Today<'_>) -> bool {
        other.has_reached(*self)
    }

    fn gt(&self, other: &Today<'_>) -> bool {
        !other.has_reached(*self)
    }

    fn ge(&self, other: &Today<'_>) -> bool {
        !other.has_passed(*self)
    }
}

impl fmt::Display for Today<'_> {
    /// For words alone: nothing is kept of it.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.day.fmt(f)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::day::When;

    fn day(offset: i32) -> Day {
        Day::parse("2016-01-20").unwrap().plus_days(offset)
    }

    proptest! {
        #[test]
        fn an_answer_holds_until_its_horizon_and_ordinary_days_know_none(
            on in 0i32..800, first in 0i32..800, length in 0i32..60, back in 0i32..15, days in -3i32..3
        ) {
            let when = When::between(day(first), day(first + length));
            let ask = |today: Today<'_>| {
                let then = today.plus_months(-back).plus_days(days);
                (when.by(today), when.by(then), when.first < then, then >= when.last, when.first == today, when.last.partial_cmp(&then))
            };
            let horizon = Horizon::default();
            let asked = ask(Today::from(day(on)).seen_from(&horizon));
            let until = horizon.day().min(day(on + 900));
            prop_assert!(until > day(on));
            let span = i32::try_from(until.days_since(day(on))).unwrap();
            for later in 0..span {
                prop_assert_eq!(ask(day(on + later).into()), asked, "{} days later", later);
            }
        }

        #[test]
        fn a_horizon_is_the_day_of_change_itself_where_no_months_are_reckoned(on in 0i32..50, at in 0i32..50) {
            let horizon = Horizon::default();
            let has_come = day(at) <= Today::from(day(on)).seen_from(&horizon);
            prop_assert_eq!(horizon.day(), if has_come { Day::LATEST } else { day(at) });
        }
    }
}
