//! Letters that deceive: characters that nobody sees, that turn the reading round, or that look like
//! others. Two names that a reader takes for one would be two to every rule.

use toml::de::{DeTable, DeValue};
use unicode_normalization::UnicodeNormalization as _;

use crate::{
    builtin,
    decode::{ONE_LINE, Raw},
    finding::{Mark, Problem},
    text::{FileId, Span},
};

const RULE: &str = "record-confusable";

/// Cyrillic and Greek letters that most typefaces draw as they draw a Latin one.
const LOOK_LATIN: &str = "аеорсухіјѕһԁԛԝАВЕЅІЈКМНОРСТУХοανΑΒΕΖΗΙΚΜΝΟΡΤΥΧ";

/// What deceives in the text of a record, each thing once. A text of plain letters and without
/// escapes, as nearly every record is, is not looked at twice.
pub(crate) fn problems(file: FileId, text: &str) -> Vec<Problem> {
    if text.is_ascii() && !text.contains('\\') {
        return Vec::new();
    }
    let mut found = Found { file, problems: Vec::new() };
    // The parser skips a byte order mark at the start.
    for (at, one) in text.char_indices().filter(|(at, one)| is_unseen(*one) && (*at, *one) != (0, '\u{feff}')) {
        found.unseen(one, Span::new(at..at.saturating_add(one.len_utf8())));
    }
    let (table, _) = DeTable::parse_recoverable(text);
    found.table(table.get_ref());
    found.problems
}

/// What was found so far in one file.
struct Found {
    file: FileId,
    problems: Vec<Problem>,
}

impl Found {
    fn table(&mut self, table: &DeTable<'_>) {
        for (key, value) in table {
            self.value(key.get_ref(), value);
        }
    }

    fn value(&mut self, key: &str, raw: &Raw<'_>) {
        match raw.get_ref() {
            DeValue::String(text) => self.string(key, text, Span::new(raw.span())),
            DeValue::Array(items) => items.iter().for_each(|item| self.value(key, item)),
            DeValue::Table(table) => self.table(table),
            _ => {}
        }
    }

    fn string(&mut self, key: &str, text: &str, span: Span) {
        if text.is_ascii() && !text.contains(|one: char| one.is_ascii_control()) {
            return;
        }
        let is_line = ONE_LINE.contains(&key);
        for one in text.chars() {
            let breaks = is_line && matches!(one, '\n' | '\r');
            if is_unseen(one) || breaks || one.is_control() && !matches!(one, '\n' | '\r' | '\t') {
                self.unseen(one, span);
            }
        }
        for word in text.split(|one: char| !one.is_alphanumeric()).filter(|word| is_mixed(word)) {
            let message = format!("the word `{word}` holds letters that look like Latin ones and are not");
            self.note(word.to_owned(), message, span, "looks like another word");
        }
        if !unicode_normalization::is_nfc(text) {
            let composed: String = text.nfc().collect();
            let message = format!("`{text}` is put together otherwise than `{composed}`, which looks the same");
            self.note(composed, message, span, "not in composed form (NFC)");
        }
    }

    fn unseen(&mut self, one: char, span: Span) {
        let code = format!("U+{:04X}", u32::from(one));
        let message = format!("the text holds the character {code}, which is not seen or changes how the rest is read");
        self.note(code, message, span, "here");
    }

    /// Notes a thing where it was not noted before.
    fn note(&mut self, slot: String, message: String, span: Span, label: &str) {
        const MOST: usize = 20;
        if self.problems.len() < MOST && self.problems.iter().all(|one| one.slot != slot) {
            let marks = vec![Mark::new(self.file, span, label)];
            self.problems.push(Problem { rule: RULE, slot, message, help: builtin::help(RULE), marks });
        }
    }
}

/// Whether a character shows nothing, or turns the direction of what follows.
fn is_unseen(one: char) -> bool {
    matches!(one, '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}'
        | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}')
}

/// Whether a word passes for a Latin one: Latin letters with Cyrillic ones or with Greek ones of the
/// same looks, letters of the same looks alone, or the wide and ornamental forms of Latin letters. A
/// word written in one other alphabet is that, and so is a unit such as kΩ.
fn is_mixed(word: &str) -> bool {
    if word.is_ascii() {
        return false;
    }
    let looks = |one: char| LOOK_LATIN.contains(one);
    let is_cyrillic = |one: char| matches!(one, '\u{400}'..='\u{52f}');
    let is_latin = |one: char| one.is_ascii_alphabetic() || matches!(one, '\u{c0}'..='\u{24f}');
    let is_ornamental = |one: char| matches!(one, '\u{ff10}'..='\u{ff5a}' | '\u{1d400}'..='\u{1d7ff}');
    let alone = word.chars().count() > 1 && word.chars().all(|one| looks(one) || one.is_ascii_digit());
    word.chars().any(is_ornamental)
        || alone
        || word.chars().any(is_latin) && word.chars().any(|one| is_cyrillic(one) || looks(one))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn slots(text: &str) -> Vec<String> {
        problems(FileId(0), text).into_iter().map(|one| one.slot).collect()
    }

    #[test]
    fn honest_names_are_left_alone() {
        for name in
            ["Zoë O'Neill", "Łukasz", "Ærø Kraft", "Société Générale", "Ελλάδα", "Москва Энерго", "5 kΩ", "a\\tb"]
        {
            assert_eq!(slots(&format!("name = \"{name}\"\n")), [""; 0], "{name}");
        }
        assert_eq!(slots("summary = \"\"\"one\ntwo — three\"\"\"\n"), [""; 0]);
        assert_eq!(slots("\u{feff}name = \"Zoë\"\n"), [""; 0]);
    }

    #[test]
    fn what_is_not_seen_is_found_once_wherever_it_stands() {
        assert_eq!(slots("name = \"a\u{202e}b\" # \u{202e}\n"), ["U+202E"]);
        assert_eq!(slots("name = \"a\\u202eb\"\n"), ["U+202E"]);
        assert_eq!(slots("# \u{200b}\n"), ["U+200B"]);
        assert_eq!(slots("list = [{ note = \"\\u001b[2J\" }]\n"), ["U+001B"]);
    }

    #[test]
    fn a_name_is_one_line_and_a_summary_is_not() {
        assert_eq!(slots("name = \"a\\nb\"\n"), ["U+000A"]);
        assert_eq!(slots("summary = \"a\\nb\"\n"), [""; 0]);
    }

    #[test]
    fn a_word_that_passes_for_another_is_found() {
        assert_eq!(slots("name = \"\u{410}corn Growers\"\n"), ["\u{410}corn"]);
        assert_eq!(slots("name = \"\u{430}\u{441}\u{435}\"\n"), ["\u{430}\u{441}\u{435}"]);
        assert_eq!(slots("name = \"\u{ff21}corn\"\n"), ["\u{ff21}corn"]);
    }

    #[test]
    fn what_is_not_composed_is_found() {
        assert_eq!(slots("name = \"Zoe\u{308}\"\n"), ["Zoë"]);
    }
}
