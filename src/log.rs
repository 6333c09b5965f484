//! The life of a record through commits: what each commit changed, who made it, when, and whether it
//! was a change of the world or a correction of what was written.

use crate::{
    change::{self, Fact, File, What},
    day::Day,
    decode::nearest,
    error::Error,
    git::Turn,
    history::corrects,
    record::Kind,
    source::MAX_BYTES,
    tree::Opened,
};

/// One commit in the life of a record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// The full id of the commit.
    pub commit: String,
    /// The committer's day, in the offset that the commit carries.
    pub day: Day,
    /// `name <e-mail>`.
    pub author: String,
    /// The kind of its signature, where it has one; whether it holds was not looked at.
    pub signed: Option<&'static str>,
    /// The first line of its message.
    pub title: String,
    /// Whether it says that it corrects this record (`Corrects: kind/id`).
    pub is_correction: bool,
    /// What happened to the file.
    pub what: What,
    /// The facts that became others, those of the field asked for.
    pub facts: Vec<Fact>,
}

/// What is asked for: a record, or one field of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wanted {
    /// The record, as `kind/id`.
    pub subject: String,
    /// The key of the field; all where there is none.
    pub field: Option<String>,
}

impl Wanted {
    /// Reads `kind/id` or `kind/id.field`.
    ///
    /// # Errors
    ///
    /// [`Error::Usage`] for a kind or a field that does not exist.
    pub fn parse(text: &str) -> Result<Self, Error> {
        let (subject, field) = text.split_once('.').map_or((text, None), |(subject, field)| (subject, Some(field)));
        let Some((folder, id)) = subject.split_once('/').filter(|(_, id)| !id.is_empty()) else {
            return Err(Error::usage(format!("`{text}` names no record"), "a record is named as `kind/id`"));
        };
        let kind = Kind::named(folder, id)?;
        let keys = || kind.keys().iter().map(|key| key.name);
        if let Some(field) = field.filter(|field| !keys().any(|key| key == *field)) {
            let hint = nearest(field, keys()).map_or_else(
                || format!("its keys are {}", keys().collect::<Vec<_>>().join(", ")),
                |one| format!("did you mean `{subject}.{one}`?"),
            );
            return Err(Error::usage(format!("`{field}` is no key of {kind}"), hint));
        }
        Ok(Self { subject: subject.to_owned(), field: field.map(ToOwned::to_owned) })
    }
}

/// The life of a record, the oldest commit first. A commit that changed no fact of the field asked for
/// is left out.
///
/// # Errors
///
/// [`Error::Usage`] for a record that no commit has; [`Error::Git`] where there is no history, or a
/// shallow clone ends before that of the record.
pub fn of(at: &Opened, wanted: &Wanted) -> Result<Vec<Entry>, Error> {
    let path = format!("{}/{}.toml", at.registry(), wanted.subject);
    let mut turns = at.source().life(&path, &former)?;
    if turns.is_empty() {
        let hint = "an id is the path below the registry without `.toml`; what is not committed has no history";
        return Err(Error::usage(format!("no commit has a record `{}`", wanted.subject), hint));
    }
    turns.reverse();
    let entries = turns.iter().map(|turn| entry(at.registry(), turn, wanted));
    Ok(entries.filter(|entry| wanted.field.is_none() || !entry.facts.is_empty()).collect())
}

/// The versions of a file, newest first: the commit, what it held before and what it held then.
pub(crate) fn versions(at: &Opened, path: &str) -> Result<Vec<(crate::report::blame::Commit, String, String)>, Error> {
    let turns = at.source().life(path, &former)?;
    let version = |turn: &Turn| {
        let (id, author) = (turn.told.id.clone(), turn.told.author.clone());
        let commit = crate::report::blame::Commit { id, author, day: turn.told.day.to_string() };
        let text = |bytes: &Option<Vec<u8>>| bytes.as_deref().map(readable).unwrap_or_default();
        (commit, text(&turn.was), text(&turn.now))
    };
    Ok(turns.iter().map(version).collect())
}

/// Where a record lay before: where its `formerly` says.
fn former(path: &str, now: &[u8]) -> Option<String> {
    let text = std::str::from_utf8(now).ok()?;
    let (table, _) = toml::de::DeTable::parse_recoverable(text);
    let id = table.get_ref().get("formerly")?.get_ref().as_str()?;
    let (folder, _) = path.rsplit_once('/')?;
    Some(format!("{folder}/{id}.toml")).filter(|path| !path.contains(".."))
}

fn entry(registry: &str, turn: &Turn, wanted: &Wanted) -> Entry {
    let was = turn.was.as_deref().map(readable);
    let now = turn.now.as_deref().map(readable);
    let before = turn.from.as_deref().unwrap_or(&turn.path);
    let was: Vec<File<'_>> = was.iter().map(|content| File { path: before, content }).collect();
    let now: Vec<File<'_>> = now.iter().map(|content| File { path: &turn.path, content }).collect();
    let change = change::between(registry, &was, &now).into_iter().next();
    let message = turn.told.message.trim_start();
    let (what, mut facts) = change.map_or((What::Changed, Vec::new()), |change| (change.what, change.facts));
    if let Some(field) = &wanted.field {
        facts.retain(|fact| fact.field == *field);
    }
    Entry {
        commit: turn.told.id.clone(),
        day: turn.told.day,
        author: turn.told.author.clone(),
        signed: turn.told.signed,
        title: message.lines().next().unwrap_or("").to_owned(),
        is_correction: corrects(message, &wanted.subject),
        what,
        facts,
    }
}

/// What a file says, where it is text of a sensible size: no other is read as a record.
fn readable(bytes: &[u8]) -> String {
    let fits = u64::try_from(bytes.len()).is_ok_and(|bytes| bytes <= MAX_BYTES);
    std::str::from_utf8(bytes).ok().filter(|_| fits).unwrap_or("").to_owned()
}
