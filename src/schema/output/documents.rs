//! The documents that are printed as JSON, field by field.

use super::{
    Item,
    Printed::{self, Count, Day, Flag, List, Maybe, Number, Object, OneOf, Text},
};

const LEVELS: Printed = OneOf(&["error", "warning", "note"]);
const OUTCOMES: Printed = OneOf(&["pass", "breach", "not-applicable", "derogated", "unknown", "reading-sensitive"]);
const BASES: Printed = OneOf(&["text", "secondary", "inferred", "recalled", "unknown"]);
const FINGERPRINT: &str = "16 hex digits that name the finding from run to run.";

const TOOL: Printed =
    Object(&[Item("name", true, Text, "quorate."), Item("version", true, Text, "The version of the tool.")]);

const PLACE: Printed = Object(&[
    Item("path", true, Text, "The file, relative to the root of the repository."),
    Item("line", true, Count, "The first line, from 1."),
    Item("column", true, Count, "The first column, from 1, in Unicode scalar values."),
    Item("end-line", true, Count, "The line where it ends."),
    Item("end-column", true, Count, "The first column after it."),
    Item("at", true, Maybe(&Text), "The commit, where it is not the tree judged."),
    Item("label", true, Text, "What stands there."),
    Item("primary", false, Flag, "Whether it is the value that would be edited."),
]);

pub(super) const CHECK: &[Item] = &[
    Item("schema", true, Count, "The version of this format: 1."),
    Item("tool", true, TOOL, "Who printed it."),
    Item("on", true, Day, "The day judged."),
    Item("position", true, Maybe(&Day), "The day the records speak for."),
    Item("at", true, Text, "`worktree`, or the full id of the commit."),
    Item("base", true, Maybe(&Text), "The full id of the commit compared with."),
    Item("assumed", true, List(&Text), "The modifications judged as if they were implemented."),
    Item("summary", true, Object(SUMMARY), "How many there are of each."),
    Item("changes", false, List(&Object(CHANGE)), "What changed against the base."),
    Item("findings", true, List(&Object(FINDING)), "What was found, by place."),
];

const SUMMARY: &[Item] = &[
    Item("records", true, Count, "Files of records."),
    Item("rules", true, Count, "Files of rules."),
    Item("judged", true, Count, "Pairs of a rule and a record that it is about."),
    Item("pass", true, Count, "Of these."),
    Item("breach", true, Count, "Of these."),
    Item("not-applicable", true, Count, "Of these."),
    Item("derogated", true, Count, "Of these."),
    Item("unknown", true, Count, "Of these."),
    Item("reading-sensitive", true, Count, "Of these."),
    Item("errors", true, Count, "Findings at that level."),
    Item("warnings", true, Count, "Findings at that level."),
    Item("notes", true, Count, "Findings at that level."),
    Item("new", false, Count, "Findings that the base has not."),
    Item("existing", false, Count, "Findings that the base has too."),
    Item("fixed", false, Count, "Findings of the base that are gone."),
];

const CHANGE: &[Item] = &[
    Item("subject", true, Text, "The record, as `kind/id`."),
    Item("path", true, Text, "Its file."),
    Item("what", true, Text, "What happened to it."),
    Item("from", true, Maybe(&Text), "What it was called before, where it was moved."),
    Item("facts", true, List(&Object(FACT)), "What it says otherwise."),
];

const FACT: &[Item] = &[
    Item("key", true, Text, "The key, with those above it."),
    Item("was", true, Maybe(&Text), "What it said."),
    Item("now", true, Maybe(&Text), "What it says."),
];

const FINDING: &[Item] = &[
    Item("fingerprint", true, Text, FINGERPRINT),
    Item("rule", true, Text, "The rule."),
    Item("clause", true, Maybe(&Text), "Its clause, without `~`."),
    Item("clause-recalled", true, Flag, "Whether the clause's number is recalled, not read."),
    Item("basis", true, Maybe(&BASES), "The weakest evidence that it rests on."),
    Item("slot", true, Text, "What of the subject it is about."),
    Item("outcome", true, OUTCOMES, "What the rule gives."),
    Item("level", true, LEVELS, "How bad it is."),
    Item("subject", true, Text, "The record, as `kind/id`."),
    Item("message", true, Text, "What is so."),
    Item("help", true, Maybe(&Text), "What to do."),
    Item("status", true, Maybe(&OneOf(&["new", "existing", "fixed"])), "How it stands to the base."),
    Item("rules", false, OneOf(&["base"]), "That only the base's rules find it."),
    Item("places", true, List(&PLACE), "Where; the first is where to edit."),
];

pub(super) const DUE: &[Item] = &[
    Item("schema", true, Count, "The version of this format: 1."),
    Item("tool", true, TOOL, "Who printed it."),
    Item("on", true, Day, "The day asked for."),
    Item("position", true, Maybe(&Day), "The day the records speak for."),
    Item("at", true, Text, "`worktree`, or the full id of the commit."),
    Item("within", true, Text, "How far ahead was looked."),
    Item("until", true, Day, "The last day looked at."),
    Item("undated", true, Count, "How many things are due on a day that nobody knows."),
    Item("due", true, List(&Object(ENTRY)), "What is due, by day."),
];

const ENTRY: &[Item] = &[
    Item("fingerprint", true, Text, FINGERPRINT),
    Item("subject", true, Text, "The record, as `kind/id`."),
    Item("title", true, Maybe(&Text), "What people call it."),
    Item("slot", true, Text, "What of the subject it is about."),
    Item("what", true, Text, "What is to be done."),
    Item("nature", true, Text, "What kind of day it is."),
    Item("first", true, Maybe(&Day), "The first day that it may be."),
    Item("last", true, Maybe(&Day), "The last day that it may be."),
    Item("time", true, Maybe(&Text), "The hour, `hh:mm`, where one is stated."),
    Item("overdue", true, Flag, "Whether the day is past."),
    Item("days", true, Maybe(&Number), "Days from the day asked for."),
    Item("working-days", true, Maybe(&Number), "Working Days from the day asked for."),
    Item("rule", true, Maybe(&Text), "The first rule that asks for it."),
    Item("clause", true, Maybe(&Text), "Its clause."),
    Item("clause-recalled", true, Flag, "Whether the clause's number is recalled, not read."),
    Item("basis", true, Maybe(&BASES), "The weakest evidence that it rests on."),
    Item("rules", true, List(&Object(ASKS)), "Every rule that asks for it."),
    Item("readings", true, List(&Object(READING)), "What other readings of the words give."),
    Item("places", true, List(&Object(SPOT)), "The facts that it rests on."),
];

const ASKS: &[Item] = &[
    Item("rule", true, Text, "The rule."),
    Item("clause", true, Maybe(&Text), "Its clause."),
    Item("clause-recalled", true, Flag, "Whether the clause's number is recalled, not read."),
    Item("basis", true, Maybe(&BASES), "The weakest evidence that it rests on."),
];

const READING: &[Item] = &[
    Item("name", true, Text, "The reading."),
    Item("first", true, Maybe(&Day), "The first day that it may be."),
    Item("last", true, Maybe(&Day), "The last day that it may be."),
];

const SPOT: &[Item] = &[
    Item("path", true, Text, "The file, relative to the root of the repository."),
    Item("line", true, Count, "The line, from 1."),
    Item("column", true, Count, "The column, from 1."),
    Item("label", true, Text, "What stands there."),
];

pub(super) const EXPLAIN: &[Item] = &[
    Item("schema", true, Count, "The version of this format: 1."),
    Item("tool", true, TOOL, "Who printed it."),
    Item("on", true, Day, "The day judged."),
    Item("at", true, Text, "`worktree`, or the full id of the commit."),
    Item("subject", true, Text, "The record, as `kind/id`."),
    Item("path", true, Text, "Its file."),
    Item("derivations", true, List(&Object(DERIVATION)), "How each rule came to its outcome."),
    Item("problems", true, List(&Object(PROBLEM)), "What is wrong with the file as such."),
];

const DERIVATION: &[Item] = &[
    Item("rule", true, Text, "The rule."),
    Item("clause", true, Text, "Its clause, without `~`."),
    Item("clause-recalled", true, Flag, "Whether the clause's number is recalled, not read."),
    Item("title", true, Text, "What the rule is called."),
    Item("outcome", true, OUTCOMES, "The worst of the slots."),
    Item("slots", true, List(&Object(SLOT)), "What of the record was judged."),
];

const SLOT: &[Item] = &[
    Item("fingerprint", true, Text, FINGERPRINT),
    Item("slot", true, Text, "What of the subject it is about."),
    Item("outcome", true, OUTCOMES, "What the rule gives."),
    Item("basis", true, Maybe(&BASES), "The weakest evidence that it rests on."),
    Item("version", true, Maybe(&Object(VERSION)), "The version that ruled."),
    Item("steps", true, List(&Text), "The derivation, step by step."),
    Item("message", true, Text, "What is so."),
    Item("help", true, Maybe(&Text), "What to do."),
    Item("cure", true, Maybe(&Object(CURE)), "The smallest change that clears a breach."),
    Item("places", true, List(&PLACE), "Where."),
];

const VERSION: &[Item] = &[
    Item("from", true, Text, "Its first day."),
    Item("until", true, Maybe(&Day), "The first day on which it no longer held."),
    Item("basis", true, BASES, "How well it is evidenced."),
    Item("sources", true, List(&Text), "Where it is taken from."),
    Item("varied-by", true, List(&Text), "The variations in force."),
    Item("english", true, Maybe(&Text), "What it says."),
];

const CURE: &[Item] = &[
    Item("text", true, Text, "The change, in words."),
    Item("set", true, List(&Object(EDIT)), "The change, value by value."),
    Item("no-edit", true, Maybe(&Text), "Why no edit of a value makes the change."),
];

const EDIT: &[Item] = &[
    Item("subject", true, Text, "The record, as `kind/id`."),
    Item("path", true, Text, "The key, with those above it."),
    Item("value", true, Text, "What to write there, as TOML."),
];

const PROBLEM: &[Item] = &[
    Item("fingerprint", true, Text, FINGERPRINT),
    Item("rule", true, Text, "The rule."),
    Item("level", true, LEVELS, "How bad it is."),
    Item("message", true, Text, "What is so."),
    Item("places", true, List(&PLACE), "Where."),
];

pub(super) const AUDIT: &[Item] = &[
    Item("schema", true, Count, "The version of this format: 1."),
    Item("tool", true, TOOL, "Who printed it."),
    Item("range", true, Text, "The commits asked for, along first parents."),
    Item("on", true, Maybe(&Day), "The day on which all were judged; null where each was on its own."),
    Item("rules-at", true, Maybe(&Text), "The full id of the commit whose rules judged all, where it was one."),
    Item("commits", true, List(&Object(AUDITED)), "The commits, the oldest first."),
    Item("findings", true, List(&Object(STOOD)), "What was found, in the order in which it appeared."),
];

const AUDITED: &[Item] = &[
    Item("id", true, Text, "The full id."),
    Item("day", true, Day, "The committer's day, in the offset that the commit carries."),
    Item("author", true, Text, "Who wrote it: `name <e-mail>`."),
    Item("committer", true, Text, "Who committed it: `name <e-mail>`."),
    Item("errors", true, Maybe(&Count), "Findings at that level, in what it holds and in what it did."),
    Item("warnings", true, Maybe(&Count), "Findings at that level."),
    Item("notes", true, Maybe(&Count), "Findings at that level."),
    Item("rules-changed", true, Flag, "Whether its rules differ from those of the commit before."),
    Item("merge", true, Flag, "Whether it joins histories."),
    Item("title", true, Text, "The first line of the message."),
    Item("why", true, Maybe(&Text), "Why it could not be judged."),
];

const STOOD: &[Item] = &[
    Item("fingerprint", true, Text, FINGERPRINT),
    Item("rule", true, Text, "The rule."),
    Item("clause", true, Maybe(&Text), "Its clause, without `~`."),
    Item("clause-recalled", true, Flag, "Whether the clause's number is recalled, not read."),
    Item("basis", true, Maybe(&BASES), "The weakest evidence that it rests on."),
    Item("slot", true, Text, "What of the subject it is about."),
    Item("outcome", true, OUTCOMES, "What the rule gives."),
    Item("subject", true, Text, "The record, as `kind/id`; or `commits/ID`."),
    Item("level", true, LEVELS, "How bad it is."),
    Item("message", true, Text, "What was so when it appeared."),
    Item(
        "kind",
        true,
        OneOf(&["records", "commit"]),
        "Of what it is: of what the records say, or of what one commit did.",
    ),
    Item("rules", false, OneOf(&["base"]), "That only the rules of the commit before find it."),
    Item("earlier", true, Flag, "Whether it stood already before the oldest commit."),
    Item("appeared", true, Maybe(&Object(TURN)), "The commit in which it appeared, or that did it."),
    Item("cleared", true, Maybe(&Object(TURN)), "The commit in which it was cleared; null while it stands."),
    Item("days", true, Count, "Days from the one to the other."),
    Item("working-days", true, Maybe(&Count), "The Working Days among them; null where the calendars end."),
];

const TURN: &[Item] = &[
    Item("commit", true, Text, "The full id."),
    Item("day", true, Day, "The committer's day."),
    Item("author", true, Text, "Who wrote it: `name <e-mail>`."),
];

pub(super) const LOG: &[Item] = &[
    Item("schema", true, Count, "The version of this format: 1."),
    Item("subject", true, Text, "The record, as `kind/id`."),
    Item("field", true, Maybe(&Text), "The one key that was asked for."),
    Item("commits", true, List(&Object(COMMIT)), "The commits that changed it, the oldest first."),
];

const COMMIT: &[Item] = &[
    Item("id", true, Text, "The full id."),
    Item("day", true, Day, "The committer's day, in the offset that the commit carries."),
    Item("author", true, Text, "Who wrote it: `name <e-mail>`."),
    Item("signed", true, Maybe(&Text), "The kind of signature; it is not verified."),
    Item("how", true, OneOf(&["change", "correction"]), "Whether the world changed, or the record was wrong."),
    Item("what", true, Text, "What happened to the record."),
    Item("from", true, Maybe(&Text), "What it was called before, where it was moved."),
    Item("title", true, Text, "The first line of the message."),
    Item("facts", true, List(&Object(TOLD)), "What it says otherwise."),
];

const TOLD: &[Item] = &[
    Item("field", true, Text, "The key of the record."),
    Item("key", true, Text, "The key, with those above it."),
    Item("was", true, Maybe(&Text), "What it said."),
    Item("now", true, Maybe(&Text), "What it says."),
    Item("legal", true, Maybe(&Text), "The legal day of the fact."),
];

pub(super) const COVERAGE: &[Item] = &[
    Item("schema", true, Count, "The version of this format: 1."),
    Item("totals", true, Object(TOTALS), "How many rows are looked after how."),
    Item("rows", true, List(&Object(ROW)), "What is known of the code, row by row."),
    Item("rules-without-row", true, List(&Text), "Rules that no row names."),
];

const TOTALS: &[Item] = &[
    Item("rows", true, Count, "All rows."),
    Item("checked", true, Count, "Rules check them."),
    Item("recorded", true, Count, "The records hold them."),
    Item("judgement", true, Count, "They are left to people."),
    Item("out-of-scope", true, Count, "They are none of the records' business."),
    Item("not-covered", true, Count, "Nobody said."),
];

const ROW: &[Item] = &[
    Item("id", true, Text, "The row."),
    Item("part", true, Text, "The part of the code."),
    Item("clause", true, Text, "The clause."),
    Item("label", true, Text, "How well it is known."),
    Item("about", true, Text, "What it is about."),
    Item(
        "state",
        true,
        Maybe(&OneOf(&["checked", "recorded", "judgement", "out-of-scope"])),
        "How it is looked after; null where nobody said.",
    ),
    Item("rules", true, List(&Text), "The rules that check it."),
    Item("why", true, Maybe(&Text), "Why no rule does, or what the rules leave out."),
];
