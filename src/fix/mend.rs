//! For each finding, the mend that it has, if it has one.

use toml::de::{DeTable, DeValue};
use unicode_normalization::UnicodeNormalization as _;

use super::{
    Edit, Mend, Wanted, dates,
    nodes::{self, Node},
    print,
};
use crate::{
    decode::{Key, Raw, Shape, Table, has_odd_spaces, near},
    draft::UNKNOWN,
    finding::{Finding, Mark},
    record::{
        Kind,
        id::{ANY, SEAT_OF_BODY},
    },
    registry::Header,
    text::Span,
    tree::Tree,
};

/// Characters that show nothing, change nothing of what is shown, and belong to no alphabet.
const NOTHING: [char; 4] = ['\u{ad}', '\u{200b}', '\u{2060}', '\u{feff}'];

/// A name this short is near to too many.
const SHORTEST: usize = 4;

/// Every mend of what is wanted, in the order of the findings.
pub(super) fn all(tree: &Tree, wanted: &Wanted) -> Vec<Mend> {
    let mut found = Vec::new();
    for finding in tree.problems.iter().filter(|finding| wanted.takes_rule(&finding.rule)) {
        // One finding tells of every place that names a record which lacks; else the first is its own.
        let marks = if finding.rule.as_ref() == "record-reference" { finding.marks.len() } else { 1 };
        for mark in finding.marks.iter().take(marks) {
            let path = tree.texts.path(mark.place.file);
            if wanted.takes_path(path) && tree.record_files.contains(&mark.place.file) {
                found.extend(Scene::of(tree, finding, mark, wanted.likely).and_then(|scene| scene.mend()));
            }
        }
    }
    found
}

/// One finding at one place.
struct Scene<'t> {
    tree: &'t Tree,
    finding: &'t Finding,
    span: Span,
    path: &'t str,
    text: &'t str,
    kind: Option<Kind>,
    id: &'t str,
    likely: bool,
}

impl<'t> Scene<'t> {
    fn of(tree: &'t Tree, finding: &'t Finding, mark: &Mark, likely: bool) -> Option<Self> {
        let path = tree.texts.path(mark.place.file);
        let text = tree.texts.content(mark.place.file);
        let below = path.strip_prefix(&tree.folder)?.strip_prefix('/')?;
        let (kind, id) = if below == "registry.toml" {
            (None, "")
        } else {
            let (folder, id) = below.split_once('/')?;
            (Some(Kind::of_folder(folder)?), id.strip_suffix(".toml")?)
        };
        Some(Self { tree, finding, span: mark.place.span, path, text, kind, id, likely })
    }

    fn mend(&self) -> Option<Mend> {
        let (table, errors) = DeTable::parse_recoverable(self.text);
        let is_date = |message: &str| message.starts_with("invalid date");
        if !errors.iter().all(|error| is_date(error.message())) {
            // What hides behind a syntax error nobody knows.
            return None;
        }
        let table = table.get_ref();
        match self.finding.rule.as_ref() {
            "record-confusable" => return self.letters(table),
            "record-date" => return self.date(),
            _ => {}
        }
        let keys: &'static [Key] = self.kind.map_or(<Header as Table>::KEYS, Kind::keys);
        match (self.finding.rule.as_ref(), nodes::at(table, keys, self.span)?) {
            ("record-key", Node::Key { name, table, keys }) => self.key(name, table, keys),
            ("record-word", Node::Value { raw, shape }) => self.word(raw.get_ref().as_str()?, shape),
            ("record-type", Node::Value { raw, shape }) => self.of_type(raw, shape),
            ("record-reference", Node::Value { raw, shape: Shape::Id(kinds) }) => {
                self.reference(raw.get_ref().as_str()?, kinds)
            }
            _ => None,
        }
    }

    fn made(&self, what: String, edits: Vec<Edit>, around: Span) -> Mend {
        Mend {
            rule: self.finding.rule.clone(),
            what,
            fingerprint: print(self.finding),
            path: self.path.to_owned(),
            edits,
            around,
        }
    }

    /// Puts a text in the place of what stands at a span.
    fn put(&self, span: Span, text: impl Into<String>) -> Mend {
        let text = text.into();
        let what = format!("`{}` is now `{text}`", self.slice(span));
        self.made(what, vec![Edit { span, text }], span)
    }

    fn slice(&self, span: Span) -> &'t str {
        self.text.get(span.start as usize..span.end as usize).unwrap_or("")
    }

    /// A key that nobody knows, where one that the table lacks is near and no other.
    fn key(&self, name: &str, table: &DeTable<'_>, keys: &'static [Key]) -> Option<Mend> {
        let free = || keys.iter().map(|key| key.name).filter(|key| !table.contains_key(*key));
        let same = free().find(|key| folded(key) == folded(name));
        let meant = same.or_else(|| {
            // One that is there already may be meant as well.
            let all = near(name, keys.iter().map(|key| key.name));
            match all[..] {
                [(far, one)] if far <= 2 && name.len() >= SHORTEST && free().any(|key| key == one) => Some(one),
                _ => None,
            }
        })?;
        let value = table.iter().find(|(key, _)| Span::new(key.span()) == self.span)?.1;
        let around = self.span.to(Span::new(value.span()));
        let mend = self.put(self.span, meant);
        Some(Mend { around, ..mend })
    }

    /// A word in other letter case, or with other signs between its parts.
    fn word(&self, written: &str, shape: Shape) -> Option<Mend> {
        let code = &self.tree.book.code;
        let known: Vec<(&str, &str)> = match shape {
            Shape::OneOf(words) => words.iter().map(|word| (*word, *word)).collect(),
            Shape::Word(heading) => {
                code.words(heading).flat_map(|word| [(word, word), (word, code.name(word))]).collect()
            }
            _ => return None,
        };
        let wanted = folded(written);
        if wanted == UNKNOWN {
            return Some(self.put(self.span, quoted(UNKNOWN)));
        }
        let mut same: Vec<&str> =
            known.iter().filter(|(_, called)| folded(called) == wanted).map(|(word, _)| *word).collect();
        same.sort_unstable();
        same.dedup();
        let close = || match near(written, known.iter().map(|(word, _)| *word))[..] {
            [(_, one)] => Some(one),
            [(_, one), (_, other)] if one == other => Some(one),
            _ => None,
        };
        let word = match same[..] {
            [word] => Some(word),
            [] if self.likely && written.len() >= SHORTEST => close(),
            _ => None,
        };
        Some(self.put(self.span, quoted(word?)))
    }

    /// A value in quotes that should have none, and one that should be a list of itself.
    fn of_type(&self, raw: &Raw<'_>, shape: Shape) -> Option<Mend> {
        let text = match raw.get_ref() {
            DeValue::String(text) => text.trim(),
            _ => "",
        };
        let is_count = !text.is_empty() && text.len() <= 7 && text.bytes().all(|byte| byte.is_ascii_digit());
        match shape {
            Shape::Count if is_count && (text == "0" || !text.starts_with('0')) => Some(self.put(self.span, text)),
            Shape::Bool if matches!(text.to_lowercase().as_str(), "true" | "false") => {
                Some(self.put(self.span, text.to_lowercase()))
            }
            // One with commas in it may be several.
            Shape::List(item)
                if !text.is_empty()
                    && !text.contains(',')
                    && matches!(item(), Shape::Id(_) | Shape::Text | Shape::Day) =>
            {
                Some(self.put(self.span, format!("[{}]", self.slice(self.span))))
            }
            _ => None,
        }
    }

    /// A day that can be read in one way only.
    fn date(&self) -> Option<Mend> {
        let span = self.whole_token();
        let written = self.slice(span);
        if folded(written.trim_matches(['"', '\''])) == UNKNOWN {
            return Some(self.put(span, quoted(UNKNOWN)));
        }
        let text = dates::canonical(written)?;
        Some(self.put(span, text))
    }

    /// What is written at the place of a date: the parser stops where it ceases to understand.
    fn whole_token(&self) -> Span {
        let is_part =
            |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'/' | b'.' | b':' | b'+' | b'"' | b'\'');
        if self.slice(self.span).starts_with(['"', '\'']) {
            return self.span;
        }
        let bytes = self.text.as_bytes();
        let (mut start, mut end) = (self.span.start as usize, self.span.end as usize);
        while start.checked_sub(1).and_then(|at| bytes.get(at)).is_some_and(is_part) {
            start = start.saturating_sub(1);
        }
        while bytes.get(end).is_some_and(is_part) {
            end = end.saturating_add(1);
        }
        Span::new(start..end)
    }

    /// An id in other letter case or with other signs, or the name of the one record that is called so.
    fn reference(&self, written: &str, kinds: &'static [&'static str]) -> Option<Mend> {
        let registry = &self.tree.registry;
        let body = self.id.split_once('/').map_or("", |(body, _)| body);
        let of_kind = |kind: Kind| registry.all(kind).map(|(_, record)| record);
        let known: Vec<(String, String)> = match kinds {
            _ if kinds == SEAT_OF_BODY => of_kind(Kind::Seat)
                .filter(|seat| seat.parent() == body)
                .map(|seat| (seat.stem().to_owned(), seat.stem().to_owned()))
                .collect(),
            _ if kinds == ANY => {
                let (folder, _) = written.split_once('/')?;
                let is_meant =
                    |kind: &&Kind| [kind.folder(), kind.singular()].contains(&folder.trim().to_lowercase().as_str());
                let kind = *Kind::ALL.iter().find(is_meant)?;
                let called = |id: &str| format!("{folder}/{id}");
                of_kind(kind).map(|record| (record.subject(), called(&record.id))).collect()
            }
            _ => {
                let kinds = kinds.iter().filter_map(|folder| Kind::of_folder(folder));
                let named = |record: &crate::record::Record| {
                    let id = record.id.to_string();
                    let name = match record.body.fields().get("name") {
                        Some((_, crate::decode::View::Text(name))) => name.to_owned(),
                        _ => id.clone(),
                    };
                    [(id.clone(), id.clone()), (id, name)]
                };
                kinds.flat_map(of_kind).flat_map(named).collect()
            }
        };
        let wanted = folded(written);
        let mut same: Vec<&str> =
            known.iter().filter(|(_, called)| folded(called) == wanted).map(|(id, _)| id.as_str()).collect();
        same.sort_unstable();
        same.dedup();
        let close = || {
            let mut all = near(written, known.iter().map(|(id, _)| id.as_str()));
            all.sort_unstable();
            all.dedup();
            match all[..] {
                [(_, one)] => Some(one),
                _ => None,
            }
        };
        let id = match same[..] {
            [id] => Some(id),
            [] if self.likely && written.len() >= SHORTEST => close(),
            _ => None,
        };
        Some(self.put(self.span, quoted(id?)))
    }

    /// Characters that show nothing, letters that are not composed, spaces that nobody sees.
    fn letters(&self, table: &DeTable<'_>) -> Option<Mend> {
        let mut strings = Vec::new();
        nodes::strings(table, &mut strings);
        let slot = self.finding.slot.as_ref();
        if let Some(hidden) = NOTHING.into_iter().find(|one| slot == format!("U+{:04X}", u32::from(*one))) {
            // The parser skips a byte order mark at the start.
            let found = self.text.char_indices().filter(|(at, one)| *one == hidden && (*at, *one) != (0, '\u{feff}'));
            let cut = found
                .map(|(at, one)| Edit { span: Span::new(at..at.saturating_add(one.len_utf8())), text: String::new() });
            return Some(self.made(format!("{slot}, which nobody sees, is taken out"), cut.collect(), self.span));
        }
        let (key, span, text) = *strings.iter().find(|(_, span, _)| *span == self.span)?;
        let own = self.slice(span);
        if crate::decode::ONE_LINE.contains(&key) && has_odd_spaces(text) {
            // Only a string that says what it shows: with escapes, the spaces may be others.
            let quote = own
                .chars()
                .next()
                .filter(|_| !own.contains('\\') && !own.starts_with("\"\"\"") && !own.starts_with("'''"))?;
            let words: Vec<&str> = text.split(' ').filter(|word| !word.is_empty()).collect();
            return Some(self.put(span, format!("{quote}{}{quote}", words.join(" "))));
        }
        // Of all strings, for the finding tells of the first alone.
        let not_composed: Vec<Edit> = strings
            .iter()
            .filter(|(_, _, text)| text.nfc().eq(slot.chars()))
            .map(|(_, span, _)| Edit { span: *span, text: self.slice(*span).nfc().collect() })
            .filter(|edit| edit.text != self.slice(edit.span))
            .collect();
        let what = format!("`{slot}` is put together as elsewhere (NFC)");
        (!not_composed.is_empty()).then(|| self.made(what, not_composed, span))
    }
}

/// A word without letter case and without what stands between its parts.
fn folded(word: &str) -> String {
    let is_gap = |c: char| c.is_whitespace() || matches!(c, '_' | '-');
    word.to_lowercase().split(is_gap).filter(|part| !part.is_empty()).collect::<Vec<_>>().join("-")
}

/// A string as TOML writes it.
fn quoted(text: &str) -> String {
    toml_edit::Value::from(text).to_string()
}
