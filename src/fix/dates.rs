//! Days that are written otherwise than records write them, and can be read in one way only.

use crate::day::{Day, When};

/// The months as people write them; a name may be cut after its third letter.
const MONTHS: [&str; 12] = [
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
];

/// How a record writes a day that somebody wrote otherwise: a date as it is, one known in part in quotes.
/// Nothing where it could be two days, or none.
pub(super) fn canonical(written: &str) -> Option<String> {
    let text = written.trim().trim_matches('"').trim_matches('\'').trim();
    if let Some(day) = day(text) {
        return Some(day.to_string());
    }
    let span = || {
        let (from, to) = text.split_once('/')?;
        let end = |text: &str| if text.trim().is_empty() { Some(String::new()) } else { part(text.trim()) };
        let (from, to) = (end(from)?, end(to)?);
        Some(format!("{from}/{to}"))
    };
    let part = part(text).or_else(span)?;
    When::parse(&part).map(|_| format!("\"{part}\""))
}

/// A day, or the month or year that is known of one.
fn part(text: &str) -> Option<String> {
    day(text).map(|day| day.to_string()).or_else(|| month(text)).or_else(|| {
        let is_year = text.len() == 4 && text.bytes().all(|byte| byte.is_ascii_digit());
        is_year.then(|| text.to_owned())
    })
}

fn day(text: &str) -> Option<Day> {
    if let [day, month, year] = named(text)?[..] {
        return Day::new(i32::try_from(year).ok()?, month, day);
    }
    let (parts, first_is_year) = numbers(text)?;
    match parts[..] {
        [year, month, day] if first_is_year => Day::new(i32::try_from(year).ok()?, month, day),
        // Day or month first: only where one of the two is no month, or both are the same.
        [one, other, year] => {
            let year = i32::try_from(year).ok().filter(|year| *year > 999)?;
            let day_first = Day::new(year, other, one);
            let month_first = Day::new(year, one, other);
            match (day_first, month_first) {
                (Some(one), Some(other)) => (one == other).then_some(one),
                (one, other) => one.or(other),
            }
        }
        _ => None,
    }
}

/// `2016-9`, `September 2016`: the month as a record writes it.
fn month(text: &str) -> Option<String> {
    let words: Vec<&str> = text.split([' ', ',']).filter(|word| !word.is_empty()).collect();
    if let [name, year] = words[..]
        && let Some(month) = month_of(name)
    {
        return year_of(year).map(|year| format!("{year:04}-{month:02}"));
    }
    match numbers(text)? {
        (parts, true) => match parts[..] {
            [year, month] if (1..=12).contains(&month) => Some(format!("{year:04}-{month:02}")),
            _ => None,
        },
        _ => None,
    }
}

/// Numbers with one and the same sign between them, and whether the first is a year.
fn numbers(text: &str) -> Option<(Vec<u32>, bool)> {
    let sign = text.chars().find(|c| matches!(c, '-' | '/' | '.'))?;
    let parts: Vec<&str> = text.split(sign).collect();
    let is_number = |part: &&str| (1..=4).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_digit());
    if !parts.iter().all(is_number) {
        return None;
    }
    let first_is_year = parts.first().is_some_and(|part| part.len() == 4);
    // A second year would be a span.
    let years = parts.iter().filter(|part| part.len() > 2).count();
    let numbers: Vec<u32> = parts.iter().filter_map(|part| part.parse().ok()).collect();
    (years == 1).then_some((numbers, first_is_year))
}

/// `3 September 2016`, `September 3rd, 2016`: day, month and year; an empty list where no month is named.
fn named(text: &str) -> Option<Vec<u32>> {
    let words: Vec<&str> = text.split([' ', ',']).filter(|word| !word.is_empty()).collect();
    let [one, other, year] = words[..] else { return Some(Vec::new()) };
    let (name, day) = match (month_of(one), month_of(other)) {
        (Some(month), None) => (month, other),
        (None, Some(month)) => (month, one),
        _ => return Some(Vec::new()),
    };
    let digits = day.trim_end_matches(|c: char| c.is_ascii_alphabetic());
    let ending = day.get(digits.len()..)?;
    let day: u32 = digits.parse().ok().filter(|_| matches!(ending, "" | "st" | "nd" | "rd" | "th"))?;
    Some(vec![day, name, year_of(year)?])
}

fn year_of(word: &str) -> Option<u32> {
    (word.len() == 4 && word.bytes().all(|byte| byte.is_ascii_digit())).then(|| word.parse().ok()).flatten()
}

fn month_of(word: &str) -> Option<u32> {
    let word = word.trim_end_matches('.').to_lowercase();
    let at = MONTHS.iter().position(|month| word.len() >= 3 && month.starts_with(&word))?;
    u32::try_from(at.saturating_add(1)).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_that_can_be_read_in_one_way_is_written_as_records_write_it() {
        for (written, expected) in [
            ("2016-9-3", "2016-09-03"),
            ("\"2016-9-3\"", "2016-09-03"),
            ("2016/09/03", "2016-09-03"),
            ("2016.9.30", "2016-09-30"),
            ("30/09/2016", "2016-09-30"),
            ("9/30/2016", "2016-09-30"),
            ("9.9.2016", "2016-09-09"),
            ("3 September 2016", "2016-09-03"),
            ("3rd Sept. 2016", "2016-09-03"),
            ("September 3, 2016", "2016-09-03"),
            ("2016-9", "\"2016-09\""),
            ("Sep 2016", "\"2016-09\""),
            ("2016-9-3/2016-9-5", "\"2016-09-03/2016-09-05\""),
            ("/2016-9-3", "\"/2016-09-03\""),
        ] {
            assert_eq!(canonical(written).as_deref(), Some(expected), "{written}");
        }
    }

    #[test]
    fn what_may_be_two_days_or_none_is_left_alone() {
        for written in [
            "3/9/2016",
            "2016-02-30",
            "2016-13-01",
            "31/02/2016",
            "03-09-16",
            "soon",
            "",
            "2016-9-3-1",
            "Ma 2016",
            "3x May 2016",
            "2016-9-5/2016-9-3",
            "/",
            "9/2016",
        ] {
            assert_eq!(canonical(written), None, "{written}");
        }
    }
}
