//! The built-in rules: what makes a file a record, whatever the code says. Their ids are reserved.

use crate::finding::Level;

/// A built-in rule, and all there is to say of it.
#[derive(Debug, Clone, Copy)]
pub struct Builtin {
    /// Its id.
    pub id: &'static str,
    /// The level of its findings.
    pub level: Level,
    /// What it requires.
    pub requires: &'static str,
    /// Why.
    pub why: &'static str,
    /// What breaks it.
    pub example: &'static str,
    /// What to do.
    pub remedy: &'static str,
}

macro_rules! builtins {
    ($( $id:literal $level:ident: requires $requires:literal, why $why:literal, example $example:literal, remedy $remedy:literal; )*) => {
        /// Every built-in rule, sorted by id.
        pub const ALL: &[Builtin] = &[$( Builtin {
            id: $id, level: Level::$level, requires: $requires, why: $why, example: $example, remedy: $remedy,
        } ),*];
    };
}

builtins! {
    "record-body" Note:
        requires "Every body that `rules/code.toml` lists has a record under `registry/bodies/`.",
        why "Rules about a body that has no record judge nothing, and nobody would notice.",
        example "`tag` is listed, and there is no `bodies/tag.toml`.",
        remedy "Add the record, or take the body off the list.";
    "record-case" Error:
        requires "No two paths differ in upper and lower case alone.",
        why "Some file systems hold only one of the two, and each clone would have another registry.",
        example "`people/ann.toml` beside `people/Ann.toml`.",
        remedy "Rename one of them.";
    "record-confusable" Error:
        requires "No text holds characters that are not seen or that turn its direction, no name or title has a space at an end or two in a row, no word passes for another by letters of another alphabet, and what can be composed is (NFC).",
        why "Two names that a reader takes for one are two to every rule, and what is hidden is not reviewed.",
        example "A company's name with a Cyrillic letter that looks like an `a`.",
        remedy "Type the text anew, in plain letters; a name or a title is one line.";
    "record-date" Error:
        requires "A day is a local date; one known in part is `\"2016-11\"`, `\"2016\"` or a span; one not known is `\"unknown\"`.",
        why "A date that cannot be read decides nothing.",
        example "`from = 2016-02-30`.",
        remedy "Write the day that the source states, or how much of it is known.";
    "record-derogation-beneficiary" Error:
        requires "Nobody grants a derogation to themselves, nor to an Affiliate: whoever certainly was one on the day from which it holds.",
        why "Leave that its beneficiary gives is no leave.",
        example "`subject = \"parties/acme\"` and `granted-by = \"acme\"`.",
        remedy "Name who granted it, or take the derogation out.";
    "record-derogation-dangling" Error:
        requires "A derogation names a rule or a clause that the rulebook has, and a record that exists.",
        why "Leave not to keep a rule that does not exist hides a mistake.",
        example "`rule = \"panel-compositon\"`.",
        remedy "Name the rule, or the clause, that was derogated from.";
    "record-derogation-expired" Warning:
        requires "A derogation that has ended covers nothing that is still broken.",
        why "The breach was tolerated up to a day, and that day is past.",
        example "`until = 2016-09-01`, and on 2016-09-30 the breach stands.",
        remedy "Put the breach right, or record the decision that prolongs the derogation.";
    "record-derogation-unused" Warning:
        requires "A derogation in force covers a breach.",
        why "One that covers nothing is a mistake, or is no longer needed.",
        example "The seat that it names keeps the rule.",
        remedy "End it, or correct its subject.";
    "record-encoding" Error:
        requires "A record is UTF-8 text.",
        why "Other bytes mean different things to different readers.",
        example "A file saved as Latin-1.",
        remedy "Save it as UTF-8.";
    "record-file" Warning:
        requires "A file under `registry/` is a record: its folder is a kind and its name ends in `.toml`.",
        why "A file that is not read is a record that nobody checks.",
        example "`registry/partys/acme.toml`, `registry/people/ann.tml`.",
        remedy "Move or rename it; notes for readers may be `.md` files.";
    "record-id" Error:
        requires "An id is lower-case words joined by `-`; a seat and a meeting lie in their body's folder; a modification may keep the code's own form; a meeting is called after the day first planned, else held.",
        why "The id is how other records, findings and publications name the record for ever.",
        example "`people/Ann_Smith.toml`.",
        remedy "Rename the file.";
    "record-id-shared" Error:
        requires "Parties, organisations, people and bodies share one set of ids.",
        why "`by = \"acme\"` would name two things.",
        example "`parties/acme.toml` beside `organisations/acme.toml`.",
        remedy "Give one of them another id.";
    "record-key" Error:
        requires "A record has the keys of its kind and no others.",
        why "A misspelt key is a fact that no rule sees.",
        example "`tenur = [ … ]`.",
        remedy "Use the key that was meant.";
    "record-limit" Error:
        requires "A file holds at most a sensible number of problems, and a value is of a sensible size.",
        why "A file made to be slow, or to flood the reader, is refused.",
        example "A file with thousands of unknown keys.",
        remedy "Mend what is listed, then run again.";
    "record-link" Error:
        requires "No path under `registry/` or `rules/` is a symbolic link.",
        why "A link may lead out of the repository, and means something else in every clone.",
        example "`registry/people/ann.toml` that points at `/etc/passwd`.",
        remedy "Put the file itself in its place.";
    "record-missing" Error:
        requires "The keys that a kind cannot do without are there; what no source states is `\"unknown\"`.",
        why "What is left out would have to be guessed.",
        example "A seat without a `constituency`.",
        remedy "Add the key.";
    "record-path" Error:
        requires "Every path stays inside the repository and can be written on every system.",
        why "A crafted path could name a file elsewhere.",
        example "A git tree with an entry called `..`.",
        remedy "Remove the entry.";
    "record-period" Error:
        requires "A period ends after it begins, and periods of which only one can hold do not overlap.",
        why "One of the days is wrong.",
        example "`from = 2016-09-30, until = 2016-09-01`.",
        remedy "Correct the days; `until` is the first day on which it is no longer so.";
    "record-reference" Error:
        requires "An id that a record names is the id of a record.",
        why "A fact about nobody cannot be checked.",
        example "`holder = \"anne\"`, and there is no `people/anne.toml`.",
        remedy "Correct the id, or add the record.";
    "record-size" Error:
        requires "A file has at most 1 MiB.",
        why "One subject fits in far less, and a larger file could exhaust the machine.",
        example "A log committed by mistake.",
        remedy "Split it, or take it out.";
    "record-source" Warning:
        requires "Every record cites what it was taken from: `source = [\"key\", …]`.",
        why "A fact that nobody can look up is hearsay.",
        example "A party without a `source`.",
        remedy "Add the keys of `sources/` or `publications/`.";
    "record-special" Error:
        requires "A path under `registry/` is a file.",
        why "A pipe or a device could stop the tool for ever.",
        example "A named pipe called `ann.toml`.",
        remedy "Remove it.";
    "record-submodule" Error:
        requires "No path under `registry/` or `rules/` is a submodule.",
        why "Its content is another repository's, and is not reviewed here.",
        example "`registry/people` as a submodule.",
        remedy "Put the files themselves in its place.";
    "record-syntax" Error:
        requires "A record is TOML.",
        why "What cannot be read cannot be checked.",
        example "`name = \"Acme`.",
        remedy "Close the quotes.";
    "record-type" Error:
        requires "A value is of the type that its key takes.",
        why "A number is no name.",
        example "`name = 7`.",
        remedy "Write the value that the key takes.";
    "record-unreadable" Error:
        requires "Every listed file can be read.",
        why "A record that is there and cannot be read is not checked.",
        example "An object that the repository lacks.",
        remedy "Mend the repository or the file's rights.";
    "record-word" Error:
        requires "Categories, constituencies, stages, paths and feeds are words that `rules/code.toml` lists.",
        why "A rule that names the word would pass this record by.",
        example "`constituency = \"large-suplier\"`.",
        remedy "Use the word that was meant, or add it to the code's words.";
}

/// The built-in rule of an id.
pub fn find(id: &str) -> Option<&'static Builtin> {
    ALL.binary_search_by_key(&id, |one| one.id).ok().and_then(|at| ALL.get(at))
}

/// What to do about a finding of a built-in rule, as help for whoever edited the file.
pub fn help(id: &str) -> Option<String> {
    let remedy = find(id)?.remedy.trim_end_matches('.');
    let mut chars = remedy.chars();
    chars.next().map(|first| first.to_lowercase().chain(chars).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn they_are_sorted_so_that_they_can_be_found() {
        assert!(ALL.windows(2).all(|pair| pair[0].id < pair[1].id));
        assert!(ALL.iter().all(|one| one.id.starts_with("record-") && find(one.id).is_some()));
    }
}
