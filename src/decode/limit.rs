//! How much one file may hold. `docs/limits.md` lists these limits with all others; `tests/limits.rs`
//! tries both sides of each.
//!
//! A file beyond one is not read: its record is known to be there, and nothing of it. No honest file
//! comes near, and what is longer would be carried into every message that names it.

use toml::de::{DeTable, DeValue};

use super::{Raw, Reader};
use crate::{
    finding::{Mark, Problem},
    text::Span,
};

/// How many problems of one file are reported; then one says that there are more.
pub const PROBLEMS: usize = 200;
/// The most bytes of a string, or of a key, in a record.
pub const TEXT: usize = 4 << 10;
/// The same in a rule file, where the records of an example are one string.
pub const TEXT_OF_RULE: usize = 64 << 10;
/// The most entries of a list, and keys of a table.
pub const ENTRIES: usize = 2000;

const RULE: &str = "record-limit";
/// A key longer than this is not named.
const LONG: usize = 64;

/// Whether all that a file holds is within the limits; what is not is reported.
pub(super) fn keeps(reader: &mut Reader, text: &str, table: &DeTable<'_>) -> bool {
    // A file as short as a list of that length must be holds nothing that is too long.
    if text.len() <= TEXT.min(ENTRIES) {
        return true;
    }
    let most = if reader.of_rule { TEXT_OF_RULE } else { TEXT };
    let mut walk = Walk { reader, most, kept: true };
    walk.table("the file", Span::new(0..0), table);
    walk.kept
}

/// Says that a file has more problems than are listed.
pub(crate) fn more_problems(marks: Vec<Mark>) -> Problem {
    Problem {
        rule: RULE,
        slot: "problems".into(),
        message: format!("the file has more than {PROBLEMS} problems; the rest is not listed"),
        help: Some("mend those listed, then run again".into()),
        marks,
    }
}

/// One walk over all that a file holds. The parser bounds how deep it goes.
struct Walk<'r> {
    reader: &'r mut Reader,
    /// The most bytes of a string.
    most: usize,
    kept: bool,
}

impl Walk<'_> {
    fn table(&mut self, key: &str, span: Span, table: &DeTable<'_>) {
        self.entries(key, span, table.len(), "keys; a table");
        for (key, value) in table {
            self.text("a key", Span::new(key.span()), key.get_ref());
            self.value(key.get_ref(), value);
        }
    }

    fn value(&mut self, key: &str, raw: &Raw<'_>) {
        let span = Span::new(raw.span());
        match raw.get_ref() {
            DeValue::String(text) => self.text(key, span, text),
            DeValue::Array(items) => {
                self.entries(key, span, items.len(), "entries; a list");
                items.iter().for_each(|item| self.value(key, item));
            }
            DeValue::Table(table) => self.table(key, span, table),
            _ => {}
        }
    }

    fn text(&mut self, key: &str, span: Span, text: &str) {
        if text.len() > self.most {
            let message = format!("{} has {} bytes; a text has at most {}", named(key), text.len(), self.most);
            self.say(key, span, message, "too long");
        }
    }

    fn entries(&mut self, key: &str, span: Span, count: usize, what: &str) {
        if count > ENTRIES {
            let message = format!("{} has {count} {what} has at most {ENTRIES}", named(key));
            self.say(key, span, message, "too many");
        }
    }

    fn say(&mut self, key: &str, span: Span, message: String, label: &str) {
        self.kept = false;
        let help = "shorten it; as it is, nothing in this file is read";
        let slot = if key.len() > LONG { "value" } else { key };
        self.reader.report_in(RULE, slot.to_owned(), span, message, label, Some(help.into()));
    }
}

/// A key as messages have it, which may itself be too long.
fn named(key: &str) -> String {
    match key {
        "the file" | "a key" => key.to_owned(),
        _ if key.len() > LONG => "a value".to_owned(),
        _ => format!("`{key}`"),
    }
}
