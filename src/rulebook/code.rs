//! `rules/code.toml`: the words of one code. The Rust code knows none of them.

use std::sync::Arc;

use toml::de::DeTable;

use crate::{
    decode::{Fact, Lexicon, List, Map, Reader, Text, table},
    text::{FileId, Span},
};

table! {
    /// What a Party can be.
    pub struct Category {
        /// The name that people read.
        name: Fact<Text> = "name",
        /// Whether Parties of it vote in elections; they do where this is left out.
        votes: Fact<bool> = "votes",
    }
}

table! {
    /// What a seat can stand for.
    pub struct ConstituencyWord {
        /// The name that people read.
        name: Fact<Text> = "name",
        /// The categories that fill it; none for seats that are filled otherwise.
        from: List<Text> = "from",
        /// Whether who sits for it chairs the body.
        chairs: Fact<bool> = "chairs",
    }
}

table! {
    /// A list of ids that rules may name.
    pub struct Known {
        /// The ids.
        known: List<Text> = "known",
    }
}

table! {
    /// The words of modifications.
    pub struct ModificationWords {
        /// The Modification Paths.
        paths: List<Text> = "paths",
        /// The stages.
        stages: List<Text> = "stages",
    }
}

table! {
    /// The words of Events of Default.
    pub struct DefaultWords {
        /// The limbs of the definition.
        limbs: List<Text> = "limbs",
    }
}

table! {
    /// The words of a code.
    pub struct CodeFile {
        /// The code, as it is called.
        code: Fact<Text> = "code" (required),
        /// The time zone in which its days begin and end.
        time_zone: Fact<Text> = "time-zone" (required),
        /// The default calendars; their holidays are united.
        calendar: List<Text> = "calendar" (required),
        /// What a Party can be, one at a time.
        categories: Map<Category> = "categories",
        /// What a seat can stand for.
        constituencies: Map<ConstituencyWord> = "constituencies",
        /// The bodies that rules may name.
        bodies: Fact<Known> = "bodies",
        /// Other ids that rules may name.
        actors: Fact<Known> = "actors",
        /// The words of modifications.
        modifications: Fact<ModificationWords> = "modifications",
        /// The limbs of the definition of Event of Default.
        defaults: Fact<DefaultWords> = "defaults",
        /// The sorts of deliverables that rules are about.
        deliverables: Fact<Known> = "deliverables",
        /// The feeds of Registration Data.
        feeds: Fact<Known> = "feeds",
    }
}

/// The words of one code, and where each stands.
#[derive(Debug)]
pub struct Code {
    /// The file.
    pub file: FileId,
    /// What it says.
    pub words: CodeFile,
}

impl Code {
    /// Reads the words from the root table of `code.toml`.
    pub fn read(file: FileId, reader: &mut Reader, table: &DeTable<'_>, span: Span) -> Self {
        Self { file, words: table::read_table(reader, table, span) }
    }

    /// The words under a heading, and where each stands.
    pub fn listed(&self, heading: &str) -> impl Iterator<Item = (&str, Span)> {
        let words = &self.words;
        // A heading holds tables or a plain list, so one of the two is empty.
        let categories = (heading == "categories").then_some(&words.categories.items);
        let constituencies = (heading == "constituencies").then_some(&words.constituencies.items);
        let list: Option<&List<Text>> = match heading {
            "bodies" => words.bodies.known().map(|known| &known.known),
            "actors" => words.actors.known().map(|known| &known.known),
            "deliverables" => words.deliverables.known().map(|known| &known.known),
            "feeds" => words.feeds.known().map(|known| &known.known),
            "limbs" => words.defaults.known().map(|words| &words.limbs),
            "paths" => words.modifications.known().map(|known| &known.paths),
            "stages" => words.modifications.known().map(|known| &known.stages),
            _ => None,
        };
        let items = list.into_iter().flat_map(|list| &list.items);
        let categories = categories.into_iter().flatten().map(|(word, span, _)| (word.as_ref(), *span));
        let constituencies = constituencies.into_iter().flatten().map(|(word, span, _)| (word.as_ref(), *span));
        categories.chain(constituencies).chain(items.filter_map(|fact| fact.text().map(|text| (text, fact.span))))
    }

    /// The words under a heading.
    pub fn words(&self, heading: &str) -> impl Iterator<Item = &str> {
        self.listed(heading).map(|(word, _)| word)
    }

    /// Whether a word stands under a heading.
    pub fn lists(&self, heading: &str, word: &str) -> bool {
        self.words(heading).any(|one| one == word)
    }

    /// The words that records may use, by heading.
    pub fn lexicon(&self) -> Arc<Lexicon> {
        let headings = ["categories", "constituencies", "stages", "paths", "limbs", "deliverables", "feeds"];
        Arc::new(Lexicon(
            headings.into_iter().map(|heading| (heading, self.words(heading).map(Into::into).collect())).collect(),
        ))
    }

    /// The bodies that rules may name, and where each stands.
    pub fn bodies(&self) -> Vec<(&str, Span)> {
        self.listed("bodies").collect()
    }

    /// The categories that fill a constituency; nothing for a word that is not listed.
    pub fn fills(&self, constituency: &str) -> Option<Vec<&str>> {
        let entry = self.words.constituencies.get(constituency)?.known()?;
        Some(entry.from.iter().map(AsRef::as_ref).collect())
    }

    /// Whether who sits for a constituency chairs the body.
    pub fn chairs(&self, constituency: &str) -> bool {
        let entry = self.words.constituencies.get(constituency).and_then(Fact::known);
        entry.is_some_and(|entry| entry.chairs.known() == Some(&true))
    }

    /// What people call a category or constituency.
    pub fn name<'w>(&'w self, word: &'w str) -> &'w str {
        self.naming(word).and_then(|(_, name)| name.text()).unwrap_or(word)
    }

    /// What names a category or constituency for people, and the heading under which it stands.
    pub fn naming(&self, word: &str) -> Option<(&'static str, &Fact<Text>)> {
        let category = self.words.categories.get(word).and_then(Fact::known).map(|one| ("categories", &one.name));
        let constituency = || {
            let word = self.words.constituencies.get(word).and_then(Fact::known);
            word.map(|one| ("constituencies", &one.name))
        };
        let named = |found: &(&str, &Fact<Text>)| found.1.text().is_some();
        category.filter(named).or_else(|| constituency().filter(named))
    }

    /// The default calendars.
    pub fn calendar(&self) -> Vec<Text> {
        self.words.calendar.iter().cloned().collect()
    }
}
