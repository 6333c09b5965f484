//! What commits did to records and rules, as a value that knows no git: what rules about history judge.

pub(crate) mod event;
pub(crate) mod ids;
pub(crate) mod told;
pub(crate) mod walk;

use rustc_hash::FxHashMap;

pub use self::{
    event::Recorded,
    ids::{Given, Same},
};
use crate::{
    change::{self, Change, File, What},
    day::{Day, When},
    registry::signers::Signed,
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
    /// Where it is a merge: the records that one of the commits it joins to its first parent says to
    /// correct.
    pub corrected: Vec<String>,
    /// What its signature is worth; nothing where nobody looked.
    pub signed: Option<Signed>,
    /// Where it is a merge: what it joins to its first parent; nothing where nobody looked.
    pub joined: Option<Joined>,
    /// The day that the records spoke for before it; nothing where they named none.
    pub position: Option<When>,
    /// What it changed in `registry.toml`.
    pub header: Option<Change>,
    /// What it did to records, by path.
    pub records: Vec<Change>,
    /// What it did to rules, by path.
    pub rules: Vec<Change>,
    /// What had happened, and was recorded for the first time: by record, in the order of its kind.
    pub recorded: Vec<Recorded>,
    /// The records that were given an id which was given up before; nothing where nobody looked back.
    pub given: Option<Vec<Given>>,
    /// The records that are new where they lie: path, `kind/id`, text.
    pub(crate) came: Vec<(String, String, String)>,
    /// The records that are gone from where they lay: path, text.
    pub(crate) gone: Vec<(String, String)>,
}

/// What a merge joins to its first parent.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Joined {
    /// Who made and who committed what it joins: `name <e-mail>`.
    pub makers: Vec<String>,
    /// The first path at which it has what none of the commits that it joins has.
    pub own: Option<String>,
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
    /// A commit of which only who made it, when and why is told: nothing that it changed.
    pub(crate) fn told(id: String, day: Day, author: String, committer: String, message: String) -> Self {
        Self {
            id,
            day,
            author,
            committer,
            message,
            corrected: Vec::new(),
            signed: None,
            joined: None,
            position: None,
            header: None,
            records: Vec::new(),
            rules: Vec::new(),
            recorded: Vec::new(),
            given: None,
            came: Vec::new(),
            gone: Vec::new(),
        }
    }

    /// With what changed between the files that a commit touched, as they were and as they are.
    #[must_use]
    pub fn changing(mut self, folders: Folders<'_>, was: &[File<'_>], now: &[File<'_>]) -> Self {
        let header = folders.header();
        let content = |files: &[File<'_>]| -> FxHashMap<String, String> {
            files.iter().map(|file| (file.path.to_owned(), file.content.to_owned())).collect()
        };
        let (before, after) = (content(was), content(now));
        for change in change::between(folders.registry, was, now) {
            if change.path == header {
                self.header = Some(change);
            } else if is_below(folders.rules, &change.path) {
                self.rules.push(change);
            } else {
                let from = match &change.what {
                    What::Moved(from) => format!("{}/{from}.toml", folders.registry),
                    _ => change.path.clone(),
                };
                let text = |side: Option<&String>| side.map_or("", String::as_str).to_owned();
                let (was, now) = (text(before.get(&from)), text(after.get(&change.path)));
                self.recorded.extend(event::recorded(&change.subject, &was, &now));
                if matches!(change.what, What::Added | What::Moved(_)) {
                    self.came.push((change.path.clone(), change.subject.clone(), now));
                }
                if matches!(change.what, What::Removed | What::Moved(_)) {
                    self.gone.push((from, was));
                }
                self.records.push(change);
            }
        }
        self
    }

    /// The commit as people name it: the first digits of its id.
    pub fn short(&self) -> String {
        self.id.chars().take(12).collect()
    }

    /// Whether it, or a commit that it joins to its first parent, says that it corrects a record.
    pub fn corrects(&self, subject: &str) -> bool {
        corrects(&self.message, subject) || self.corrected.iter().any(|one| one == subject)
    }

    /// Whom it names in the lines `Reviewed-by:`.
    pub fn reviewers(&self) -> impl Iterator<Item = &str> {
        self.message.lines().filter_map(|line| line.strip_prefix("Reviewed-by:")).map(str::trim)
    }
}

impl History {
    /// The commits of up to and including a day.
    #[must_use]
    pub fn until(&self, day: Day) -> Self {
        let steps = self.steps.iter().filter(|step| step.day <= day).cloned().collect();
        Self { steps, files: self.files.clone() }
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
    corrected(message).any(|one| one == subject)
}

/// The records that a commit's message says to correct.
pub(crate) fn corrected(message: &str) -> impl Iterator<Item = &str> {
    message.lines().filter_map(|line| line.strip_prefix("Corrects:")).map(str::trim)
}

/// The day that a `registry.toml` speaks for; nothing where it names none.
pub fn position_of(text: &str) -> Option<When> {
    let (table, _) = toml::de::DeTable::parse_recoverable(text);
    let raw = table.get_ref().get("position")?;
    When::parse(&crate::decode::value::raw_text(raw))
}
