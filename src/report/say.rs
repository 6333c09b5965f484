//! Days and words as a person reads them.

use crate::day::{Day, When};

/// `10 October 2016`; empty for an end of time.
pub(super) fn day(day: Day) -> String {
    day.date().map(|date| date.format("%-d %B %Y").to_string()).unwrap_or_default()
}

/// A day, a month, a year, or a span, so that what is not known shows.
pub(super) fn when(when: When) -> String {
    if let Some(known) = when.day() {
        let hour = when.time.map_or(String::new(), |(hour, minute)| format!(", {hour:02}:{minute:02}"));
        return day(known) + &hour;
    }
    let text = when.to_string();
    match (when.first.is_finite(), when.last.is_finite()) {
        (false, false) => "not recorded".into(),
        (false, true) => format!("by {} (day not recorded)", day(when.last)),
        (true, false) => format!("from {} on (day not recorded)", day(when.first)),
        (true, true) if text.contains('/') => {
            format!("between {} and {} (day not recorded)", day(when.first), day(when.last))
        }
        (true, true) if text.len() == 7 => when.first.date().map_or(text, |date| date.format("%B %Y").to_string()),
        _ => text,
    }
}

/// A word with a capital letter.
pub(super) fn capital(word: &str) -> String {
    let mut chars = word.chars();
    let first = chars.next().map(|first| first.to_uppercase().to_string()).unwrap_or_default();
    (first + chars.as_str()).replace('-', " ")
}

/// Words as a sentence.
pub(super) fn sentence(words: &str) -> String {
    let mut chars = words.chars();
    chars.next().into_iter().flat_map(char::to_uppercase).chain(chars).chain(['.']).collect()
}
