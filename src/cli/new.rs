//! `quorate new`: the file of a new record.

use std::{
    fmt::Write as _,
    io::{IsTerminal, Write as _},
};

use clap::Args;

use super::{Cli, Ending, ask, day, print};
use crate::{
    draft::{self, Draft, NEXT, News},
    error::Error,
    finding::Level,
    record::{Kind, id::ACTORS},
    render::{self, Style, escape},
    tree::Tree,
    write::Room,
};

const EXAMPLES: &str = "\
Examples:
  quorate new people ann --set name=\"Ann Lee\" --set source=minutes
  quorate new elections board-2016 --set body=board --set called=2016-09-19
  quorate new meetings board/2016-10-05 --set number=next
  quorate new modifications next --set title=Crates --dry-run
  quorate new seats board/grower-3 --set 'tenure={ holder = \"ann\", from = 2016-10-01 }'

Exit status: 0 written; 1 written, and check finds a new error; 2 nothing was written.";

/// What `quorate new` takes.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct Options {
    /// The kind: the folder under `registry/` (people, meetings, …), or one of it (person, meeting, …).
    kind: String,
    /// The id: the path below that folder without `.toml`; `next` for the next number, where a rule
    /// says how such records are numbered.
    id: String,
    /// What is known of the record: a key, or a key and one in its table (`minutes.published`), and its
    /// value as a file has it, quotes or not; a list grows with each. `number=next` counts on from the
    /// last meeting, be it that not every one is recorded. Repeatable.
    #[arg(id = "set", long = "set", value_name = "FIELD=VALUE")]
    set: Vec<String>,
    /// The day as of which is looked: a day such as 2016-09-30, or `today`; by default the registry's
    /// position. Later where something in the record happened later.
    #[arg(long, value_name = "DATE")]
    on: Option<String>,
    /// Ask nothing, be it on a terminal.
    #[arg(long)]
    no_input: bool,
    /// Write no comments that say what each key means.
    #[arg(long)]
    no_comments: bool,
    /// Write nothing; print what would be written as a unified diff, and the rest to stderr.
    #[arg(long)]
    dry_run: bool,
}

pub(super) fn run(cli: &Cli, options: &Options, style: &Style) -> Result<Ending, Error> {
    let kind = named(&options.kind, &options.id)?;
    let mut opened = cli.whereabouts(None).open()?;
    let mut tree = opened.tree()?;
    let zone = tree.book.code.words.time_zone.text().unwrap_or("").to_owned();
    let on = tree.day(day(options.on.as_deref(), &zone)?)?;
    let (id, numbered) = if options.id == NEXT {
        let (id, because) = draft::next_id(kind, &tree, on)?;
        (id, Some(because))
    } else {
        (options.id.clone(), None)
    };
    is_free(&tree, kind, &id)?;
    let mut draft = Draft::new(kind, id);
    for one in &options.set {
        let (field, typed) = one.split_once('=').ok_or_else(|| {
            Error::usage(format!("`--set {one}` says nothing"), "write `--set FIELD=VALUE`, such as `--set name=Ann`")
        })?;
        draft.set(field.trim(), typed)?;
    }
    if !options.no_input && std::io::stdin().is_terminal() {
        ask::ask(&mut draft, &mut tree, on, &mut std::io::stdin().lock(), &mut std::io::stderr())?;
    }
    draft.complete();
    let on = draft::fill(&mut draft, &mut tree, on)?;
    draft.counted_on()?;
    let text = draft.text(&tree.book.code, !options.no_comments);
    let path = format!("{}/{}.toml", opened.registry(), draft.subject());
    let room = Room::new(opened.source().root(), opened.registry());
    let news = draft::news(&mut opened, &draft.subject(), &path, &text, on)?;
    let due = draft::due(&draft, &tree, on);
    if !options.dry_run {
        room.create(&path, &text)?;
    }
    let verb = if options.dry_run { "would be written" } else { "written" };
    let mut report = format!("{}: {verb}\n", escape::line(&path));
    if let Some(because) = numbered {
        let _ = writeln!(report, "  the id follows: {}", escape::line(&because));
    }
    told(&draft, &due, &mut report);
    let report = report + &found(&news, &on.to_string(), style)?;
    if options.dry_run {
        print(&render::unified(&path, None, &text, std::io::stdout().is_terminal()))?;
        let _ = std::io::stderr().lock().write_all(report.as_bytes());
    } else {
        print(&report)?;
    }
    Ok(if news.count(Level::Error) > 0 { Ending::Bad } else { Ending::Good })
}

/// The kind that somebody typed, as its folder is called or one record of it.
fn named(kind: &str, id: &str) -> Result<Kind, Error> {
    match Kind::ALL.iter().find(|one| one.singular() == kind) {
        Some(kind) => Ok(*kind),
        None => Kind::named(kind, id),
    }
}

/// Refuses an id that a record has, or had.
fn is_free(tree: &Tree, kind: Kind, id: &str) -> Result<(), Error> {
    let hint = "name another id: one that was used is never given again";
    if let Some(record) = tree.registry.find(kind, id) {
        let what = if record.id.as_ref() == id {
            format!("`{}` is there already, and nothing is overwritten", record.subject())
        } else {
            format!("`{}` had the id `{id}` before", record.subject())
        };
        return Err(Error::usage(what, hint));
    }
    match tree.registry.actor(id).filter(|_| ACTORS.contains(&kind.folder())) {
        Some(record) => {
            let what = format!("`{}` has that id, and {} share one set of ids", record.subject(), ACTORS.join(", "));
            Err(Error::usage(what, hint))
        }
        None => Ok(()),
    }
}

/// What follows from what was said, and what will be due.
fn told(draft: &Draft, due: &[draft::Due], report: &mut String) {
    for derived in &draft.derived {
        let _ = writeln!(report, "  {}", escape::line(&derived.line()));
        let _ = writeln!(report, "    follows: {}", escape::line(&derived.because));
        for step in &derived.steps {
            let _ = writeln!(report, "    {}", escape::line(step));
        }
    }
    if !due.is_empty() {
        report.push_str("due:\n");
    }
    for one in due {
        let (what, because) = (escape::line(&one.what), escape::line(&one.because));
        let _ = writeln!(report, "  {}  {what}, by {because}", one.by);
    }
}

/// What is new among the findings: errors and warnings drawn, notes a line each.
fn found(news: &News, on: &str, style: &Style) -> Result<String, Error> {
    let mut out: Vec<u8> = Vec::new();
    let is_drawn = |level: Level| level > Level::Note || style.verbose && !style.quiet;
    let (drawn, others): (Vec<_>, Vec<_>) = news.findings.iter().cloned().partition(|finding| is_drawn(finding.level));
    render::written("stdout", render::diagnostics(&drawn, &news.texts, style, &mut out))?;
    let mut text = String::from_utf8_lossy(&out).into_owned();
    for finding in others.iter().filter(|_| !style.quiet) {
        let _ = writeln!(text, "note[{}]: {}", escape::line(&finding.rule), escape::line(&finding.message));
    }
    let new = if news.findings.is_empty() {
        "nothing new is found".to_owned()
    } else {
        let of = |level, one, many| render::counted(news.count(level), one, many);
        let (errors, warnings) = (of(Level::Error, "error", "errors"), of(Level::Warning, "warning", "warnings"));
        format!("new: {errors}, {warnings}, {}", of(Level::Note, "note", "notes"))
    };
    let gone = if news.gone > 0 {
        format!("; gone: {}", render::counted(news.gone, "finding", "findings"))
    } else {
        String::new()
    };
    let _ = writeln!(text, "As of {on}: {new}{gone}.");
    Ok(text)
}
