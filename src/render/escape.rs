//! Makes visible what a terminal would obey or hide.
//!
//! A record, a file name or a commit message may hold anything: a sequence that clears the screen,
//! a carriage return that overwrites the line before, an override that shows words backwards, a
//! letter that nobody sees. What the reader sees must be what is there.

use std::{borrow::Cow, fmt::Write as _};

/// Characters that are no control characters, yet reorder or hide text or take no room of their
/// own. Combining marks are not among them: people's names need those.
const HIDDEN: &[(char, char)] = &[
    ('\u{ad}', '\u{ad}'),       // soft hyphen
    ('\u{34f}', '\u{34f}'),     // combining grapheme joiner
    ('\u{61c}', '\u{61c}'),     // Arabic letter mark
    ('\u{115f}', '\u{1160}'),   // Hangul fillers
    ('\u{17b4}', '\u{17b5}'),   // Khmer vowels without a shape
    ('\u{180b}', '\u{180f}'),   // Mongolian selectors
    ('\u{200b}', '\u{200f}'),   // zero-width characters, direction marks
    ('\u{2028}', '\u{202e}'),   // line separators, embeddings and overrides
    ('\u{2060}', '\u{206f}'),   // word joiner, isolates, deprecated controls
    ('\u{3164}', '\u{3164}'),   // Hangul filler
    ('\u{fe00}', '\u{fe0f}'),   // variation selectors
    ('\u{feff}', '\u{feff}'),   // byte order mark
    ('\u{ffa0}', '\u{ffa0}'),   // Hangul filler, half width
    ('\u{fff0}', '\u{fffb}'),   // annotations
    ('\u{1bca0}', '\u{1bca3}'), // shorthand controls
    ('\u{1d173}', '\u{1d17a}'), // musical controls
    ('\u{e0000}', '\u{e0fff}'), // tags, further selectors
];

/// Whether a terminal would obey, hide or reorder this character instead of showing it.
pub fn is_hidden(c: char) -> bool {
    c.is_control() || HIDDEN.iter().any(|(first, last)| (*first..=*last).contains(&c))
}

/// How a hidden character is shown (`\u{202e}`); nothing for a character that shows itself.
pub fn shown(c: char) -> Option<String> {
    match c {
        '\n' => Some("\\n".to_owned()),
        '\r' => Some("\\r".to_owned()),
        '\t' => Some("\\t".to_owned()),
        _ if is_hidden(c) => Some(format!("\\u{{{:x}}}", u32::from(c))),
        _ => None,
    }
}

/// The text on one line, with every hidden character shown, line breaks and tabs too. A text that
/// needs nothing is handed back as it is.
pub fn line(text: &str) -> Cow<'_, str> {
    if !text.chars().any(is_hidden) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len().saturating_add(16));
    for c in text.chars() {
        match shown(c) {
            Some(visible) => out.push_str(&visible),
            None => out.push(c),
        }
    }
    Cow::Owned(out)
}

/// JSON in which every hidden character of a string is written by its number, so that a terminal shows
/// it; line breaks between values stay. The same JSON to whoever reads it.
pub fn in_json(json: String) -> String {
    let is_hidden = |c: char| c != '\n' && is_hidden(c);
    if !json.chars().any(is_hidden) {
        return json;
    }
    let mut out = String::with_capacity(json.len().saturating_add(16));
    for c in json.chars() {
        if is_hidden(c) {
            for unit in c.encode_utf16(&mut [0; 2]) {
                let _ = write!(out, "\\u{unit:04x}");
            }
        } else {
            out.push(c);
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn what_shows_itself_is_left_alone() {
        assert!(matches!(line("Zoë `委員会` 🗳 naïve"), Cow::Borrowed(_)));
    }

    #[test]
    fn what_a_terminal_would_obey_or_hide_is_shown() {
        assert_eq!(line("a\u{1b}[2Jb\r\nc\td\u{7f}\u{9b}"), "a\\u{1b}[2Jb\\r\\nc\\td\\u{7f}\\u{9b}");
        assert_eq!(line("\u{202e}live\u{2066}\u{200b}\u{feff}"), "\\u{202e}live\\u{2066}\\u{200b}\\u{feff}");
        assert_eq!(line("\u{2028}\u{2029}\u{200d}\u{e0041}"), "\\u{2028}\\u{2029}\\u{200d}\\u{e0041}");
    }

    proptest! {
        #[test]
        fn json_is_the_same_and_hides_nothing(text in any::<String>()) {
            let whole = serde_json::json!({ "a": [text, 1] });
            let printed = in_json(format!("{whole:#}"));
            prop_assert!(!printed.chars().any(|c| c != '\n' && is_hidden(c)));
            prop_assert_eq!(serde_json::from_str::<serde_json::Value>(&printed).unwrap(), whole);
        }

        #[test]
        fn nothing_hidden_gets_out_and_escaping_twice_is_escaping_once(text in any::<String>()) {
            let once = line(&text).into_owned();
            prop_assert!(!once.chars().any(is_hidden));
            prop_assert_eq!(line(&once), once.as_str());
        }
    }
}
