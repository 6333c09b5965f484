//! How far ahead is looked: `60d`, `8w`, `3m`, `15wd`.

use std::{fmt, str::FromStr};

use crate::{calendar::WorkingDays, day::Day, error::Error};

/// What is counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Unit {
    Days,
    Weeks,
    Months,
    WorkingDays,
}

const UNITS: [(&str, Unit); 4] =
    [("wd", Unit::WorkingDays), ("d", Unit::Days), ("w", Unit::Weeks), ("m", Unit::Months)];

/// The most that is looked ahead, in any unit: some ten years in days.
const MOST: u16 = 3660;

/// A number of days, weeks, months or Working Days to look ahead.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Within {
    count: u16,
    unit: Unit,
}

impl Default for Within {
    /// Sixty days.
    fn default() -> Self {
        Self { count: 60, unit: Unit::Days }
    }
}

impl FromStr for Within {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let wrong = || format!("`{text}` is no such span: write 60d, 8w, 3m, or 15wd for Working Days");
        let (digits, unit) =
            UNITS.iter().find_map(|(word, unit)| Some((text.strip_suffix(word)?, *unit))).ok_or_else(wrong)?;
        let plain = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
        let count = digits.parse().ok().filter(|count| plain && *count <= MOST).ok_or_else(wrong)?;
        Ok(Self { count, unit })
    }
}

impl fmt::Display for Within {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let word = UNITS.iter().find(|(_, unit)| *unit == self.unit).map_or("", |(word, _)| word);
        write!(f, "{}{word}", self.count)
    }
}

impl Within {
    /// In words: `60 days`.
    pub fn english(self) -> String {
        let unit = match self.unit {
            Unit::Days => "day",
            Unit::Weeks => "week",
            Unit::Months => "month",
            Unit::WorkingDays => "Working Day",
        };
        format!("{} {unit}{}", self.count, if self.count == 1 { "" } else { "s" })
    }

    /// The last day looked at, from a day on.
    pub(super) fn from(self, on: Day, working: &WorkingDays) -> Result<Day, Error> {
        let count = i32::from(self.count);
        match self.unit {
            Unit::Days => Ok(on.plus_days(count)),
            Unit::Weeks => Ok(on.plus_days(count.saturating_mul(7))),
            Unit::Months => Ok(on.plus_months(count)),
            Unit::WorkingDays => working.add(on, count, false).ok_or_else(|| {
                Error::usage(
                    format!("the bank holidays of {} after {on} are not known", self.english()),
                    "look ahead in days (`--within 60d`), or add the years to `rules/calendars/`",
                )
            }),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_span_is_a_number_and_a_unit() {
        for text in ["60d", "8w", "3m", "15wd", "0d", "3660wd"] {
            assert_eq!(text.parse::<Within>().map(|within| within.to_string()), Ok(text.to_owned()));
        }
        for wrong in ["", "d", "60", "-1d", "+1d", "1.5d", "60D", "3661d", "99999999999d", "1 d", "1y", "١d"] {
            assert!(wrong.parse::<Within>().is_err(), "{wrong}");
        }
    }
}
