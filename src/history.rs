//! What commits did to records and rules, as a value that knows no git: what rules about history judge.

pub(crate) mod told;
pub(crate) mod walk;

use rustc_hash::FxHashMap;

use crate::{
    change::{self, Change, File},
    day::{Day, When},
    text::FileId,
};

/// Commits, the oldest first, each held against the one before it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct History {
    /// The commits.
    pub steps: Vec<Step>,
    /// The files that findings can point at, by path.
    pub files: FxHashMap<String, FileId>,
}

/// What one commit did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    /// Its full id; in an example its number, from 1.
    pub id: String,
    /// Its day: the committer's, in the offset that the commit carries.
    pub day: Day,
    /// `name <e-mail>` of the author; in an example the name alone.
    pub author: String,
    /// The same of the committer.
    pub committer: String,
    /// What it says.
    pub message: String,
    /// The day that the records spoke for before it; nothing where they named none.
    pub position: Option<When>,
    /// What it changed in `registry.toml`.
    pub header: Option<Change>,
    /// What it did to records, by path.
    pub records: Vec<Change>,
    /// What it did to rules, by path.
    pub rules: Vec<Change>,
}

/// Where records and rules lie.
#[derive(Debug, Clone, Copy)]
pub struct Folders<'f> {
    /// The folder of the records.
    pub registry: &'f str,
    /// The folder of the rules.
    pub rules: &'f str,
}

impl Step {
    /// With what changed between the files that a commit touched, as they were and as they are.
    #[must_use]
    pub fn changing(mut self, folders: Folders<'_>, was: &[File<'_>], now: &[File<'_>]) -> Self {
        let header = folders.header();
        for change in change::between(folders.registry, was, now) {
            if change.path == header {
                self.header = Some(change);
            } else if is_below(folders.rules, &change.path) {
                self.rules.push(change);
            } else {
                self.records.push(change);
            }
        }
        self
    }

    /// The commit as people name it: the first digits of its id.
    pub fn short(&self) -> String {
        self.id.chars().take(12).collect()
    }

    /// Whether it says that it corrects a record.
    pub fn corrects(&self, subject: &str) -> bool {
        corrects(&self.message, subject)
    }

    /// Whom it names in the lines `Reviewed-by:`.
    pub fn reviewers(&self) -> impl Iterator<Item = &str> {
        self.message.lines().filter_map(|line| line.strip_prefix("Reviewed-by:")).map(str::trim)
    }
}

impl Folders<'_> {
    /// The path of the registry's own file.
    pub fn header(&self) -> String {
        format!("{}/registry.toml", self.registry)
    }
}

fn is_below(folder: &str, path: &str) -> bool {
    path.strip_prefix(folder).is_some_and(|rest| rest.starts_with('/'))
}

/// Whether a commit's message says that it corrects a record: a line `Corrects: kind/id`.
pub fn corrects(message: &str, subject: &str) -> bool {
    message.lines().any(|line| line.strip_prefix("Corrects:").map(str::trim) == Some(subject))
}

/// The day that a `registry.toml` speaks for; nothing where it names none.
pub fn position_of(text: &str) -> Option<When> {
    let (table, _) = toml::de::DeTable::parse_recoverable(text);
    let raw = table.get_ref().get("position")?;
    When::parse(&crate::decode::value::raw_text(raw))
}
