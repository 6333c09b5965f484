//! `quorate due`: what must happen by when, so that the records stay compliant.

use clap::{Args, ValueEnum};

use super::{
    Cli, Ending, When, day,
    target::{Target, at_most_one_on_stdout},
};
use crate::{
    check::Selection,
    due::{self, Within},
    error::Error,
    render::{Style, due as print},
};

const EXAMPLES: &str = "\
Examples:
  quorate due                                the next 60 days
  quorate due --on today --within 15wd       15 Working Days from today
  quorate due --format ics=due.ics           for a calendar

Exit status: 0 nothing is overdue; 1 something is; 2 could not say.";

/// What `quorate due` takes.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct Options {
    #[command(flatten)]
    when: When,
    /// How far ahead to look: 60d, 8w, 3m, or 15wd for Working Days.
    #[arg(long, value_name = "SPAN", default_value = "60d")]
    within: Within,
    /// Only what this rule asks for; repeatable.
    #[arg(id = "rule", long, value_name = "ID")]
    rules: Vec<String>,
    /// Only what is due of this record, as `kind/id`; repeatable.
    #[arg(id = "subject", long, value_name = "KIND/ID")]
    subjects: Vec<String>,
    /// How to print: human, json or ics; `ics=PATH` writes to a file; repeatable.
    #[arg(id = "format", long, value_name = "FORMAT[=PATH]", default_value = "human")]
    formats: Vec<Target<Format>>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    Human,
    Json,
    Ics,
}

pub(super) fn run(cli: &Cli, options: &Options, style: &Style) -> Result<Ending, Error> {
    at_most_one_on_stdout(&options.formats)?;
    let tree = cli.whereabouts(options.when.at.as_deref()).open()?.tree()?;
    let zone = tree.book.code.words.time_zone.text().unwrap_or("").to_owned();
    let on = tree.day(day(options.when.on.as_deref(), &zone)?)?;
    for id in &options.rules {
        super::check::known_rule(&tree.book, id)?;
    }
    let selection = Selection { rules: options.rules.clone(), subjects: options.subjects.clone() };
    let agenda = due::agenda(&tree, on, options.within, &selection)?;
    for target in &options.formats {
        target.write(style, |format, style, out| match format {
            Format::Human => print::human(&agenda, &tree.texts, style, out),
            Format::Json => print::json(&agenda, &tree.texts, out),
            Format::Ics => print::ics(&agenda, &tree.texts, tree.book.code.words.code.text().unwrap_or(""), out),
        })?;
    }
    Ok(if agenda.entries.iter().any(|entry| entry.overdue) { Ending::Bad } else { Ending::Good })
}
