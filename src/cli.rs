//! The command line: what can be typed. One file a verb; glue only.

mod ask;
mod audit;
mod check;
mod completions;
mod due;
mod explain;
mod fix;
mod init;
mod log;
mod man;
mod new;
mod progress;
mod report;
mod rules;
mod schema;
mod site;
mod target;
#[cfg(test)]
mod tests;

use std::{io::Write, path::PathBuf, process::ExitCode};

use clap::{Args, Parser, Subcommand, ValueEnum};

use crate::{
    day::Day,
    error::Error,
    render::{ColorChoice, Style},
    tree::Whereabouts,
};

/// Holds the records of an industry code, kept as TOML in git, against the code's rules.
#[derive(Debug, Parser)]
#[command(name = "quorate", version, about, max_term_width = 100, propagate_version = true, after_help = EXAMPLES)]
pub struct Cli {
    /// The folder to start from: the registry is looked for there and in the folders above.
    #[arg(long, global = true, value_name = "DIR", help_heading = "Common options")]
    repo: Option<PathBuf>,
    /// The folder of the records, if it is not called `registry`.
    #[arg(long, global = true, value_name = "DIR", help_heading = "Common options")]
    registry: Option<PathBuf>,
    /// The folder of the rules, if it is not `rules` beside the records.
    #[arg(long, global = true, value_name = "DIR", help_heading = "Common options")]
    rules: Option<PathBuf>,
    /// When to use colour.
    #[arg(long, global = true, value_name = "WHEN", default_value = "auto", help_heading = "Common options")]
    color: Color,
    /// Errors and warnings only.
    #[arg(short, long, global = true, help_heading = "Common options")]
    quiet: bool,
    /// Every note at its place, instead of folded by rule.
    #[arg(short, long, global = true, help_heading = "Common options")]
    verbose: bool,
    #[command(subcommand)]
    verb: Verb,
}

const EXAMPLES: &str = "\
Examples:
  quorate check                          judge the records on the day they speak for
  quorate check --on today --at HEAD~1   as the last commit but one has them, judged today
  quorate check --format json=out.json --format human
  quorate audit main~20..main            how compliance fared over the last twenty commits
  quorate due --within 15wd              what is due within 15 Working Days
  quorate explain board-composition      a rule in English
  quorate explain seats/board/chair      every rule that judged this seat
  quorate rules test                     run the examples of all rules
  quorate new people ann --set name=Ann  write a new record

Exit status: 0 good; 1 findings, a failed example, or something overdue; 2 could not judge.

Environment: --color wins over NO_COLOR, that over CLICOLOR_FORCE, that over CLICOLOR=0;
COLUMNS says how wide to print (40 to 120).";

#[derive(Debug, Clone, Copy, ValueEnum)]
enum Color {
    Auto,
    Always,
    Never,
}

#[derive(Debug, Subcommand)]
enum Verb {
    /// Judge every commit of the history: when each finding appeared, who made it, how long it stood.
    Audit(audit::Options),
    /// Judge the records by the rules.
    Check(check::Options),
    /// Print what a shell needs to complete the command line.
    Completions(completions::Options),
    /// Say what must happen by when, so that the records stay compliant.
    Due(due::Options),
    /// Say a rule in English, or how a record was judged.
    Explain(explain::Options),
    /// Mend what has one safe answer in the records: misspelt keys, dates, letter case, spaces.
    Fix(fix::Options),
    /// Begin the registry and the rulebook of another code in an empty folder.
    Init(init::Options),
    /// Say how a record, or one field of it, came to be what it is, commit by commit.
    Log(log::Options),
    /// Print the manual page, or write one for each verb.
    Man(man::Options),
    /// Write the file of a new record: what is said of it, what follows, what check thinks of it.
    New(new::Options),
    /// Publish from the records, once they are checked.
    Report(report::Options),
    /// Look at the rules themselves.
    Rules(rules::Options),
    /// Print the JSON Schema of a file or of an output.
    Schema(schema::Options),
}

/// The tree to read and the day to judge.
#[derive(Debug, Args)]
struct When {
    /// The day judged: a day such as 2016-09-30, or `today`; by default the registry's position.
    #[arg(long, value_name = "DATE")]
    on: Option<String>,
    /// The revision whose records and rules are read; by default the work tree.
    #[arg(long, value_name = "REV")]
    at: Option<String>,
}

/// How a run ended.
pub enum Ending {
    /// Nothing stands against it.
    Good,
    /// The answer is bad news.
    Bad,
}

/// Runs what was typed, and gives the exit status: 0 good, 1 bad news, 2 no answer.
pub fn main() -> ExitCode {
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(error) => {
            let _ = error.print();
            return ExitCode::from(if error.use_stderr() { 2 } else { 0 });
        }
    };
    let style = cli.style();
    let result = match &cli.verb {
        Verb::Audit(options) => audit::run(&cli, options, &style),
        Verb::Check(options) => check::run(&cli, options, &style),
        Verb::Completions(options) => completions::run(options),
        Verb::Due(options) => due::run(&cli, options, &style),
        Verb::Explain(options) => explain::run(&cli, options, &style),
        Verb::Fix(options) => fix::run(&cli, options, &style),
        Verb::Init(options) => init::run(options),
        Verb::Log(options) => log::run(&cli, options, &style),
        Verb::Man(options) => man::run(options),
        Verb::New(options) => new::run(&cli, options, &style),
        Verb::Report(options) => report::run(&cli, options, &style),
        Verb::Rules(options) => rules::run(&cli, options, &style),
        Verb::Schema(options) => schema::run(&cli, options),
    };
    match result {
        Ok(Ending::Good) => ExitCode::SUCCESS,
        Ok(Ending::Bad) => ExitCode::from(1),
        Err(error) if error.is_broken_pipe() => ExitCode::SUCCESS,
        Err(error) => {
            complain(&error, &style);
            ExitCode::from(2)
        }
    }
}

impl Cli {
    fn style(&self) -> Style {
        let choice = match self.color {
            Color::Auto => ColorChoice::Auto,
            Color::Always => ColorChoice::Always,
            Color::Never => ColorChoice::Never,
        };
        Style { verbose: self.verbose, quiet: self.quiet, ..Style::of_stdout(choice) }
    }

    fn whereabouts(&self, at: Option<&str>) -> Whereabouts {
        Whereabouts {
            start: self.repo.clone().unwrap_or_else(|| PathBuf::from(".")),
            registry: self.registry.clone(),
            rules: self.rules.clone(),
            at: at.map(ToOwned::to_owned),
            rules_at: None,
        }
    }
}

/// The day that `--on` names. `today` is the day in the code's time zone: the only place that reads
/// the clock.
fn day(on: Option<&str>, time_zone: &str) -> Result<Option<Day>, Error> {
    match on {
        None => Ok(None),
        Some("today") => {
            let zone: chrono_tz::Tz = time_zone.parse().map_err(|_| {
                Error::usage(format!("`{time_zone}` is no time zone"), "correct `time-zone` in `rules/code.toml`")
            })?;
            Ok(Some(Day::from(chrono::Utc::now().with_timezone(&zone).date_naive())))
        }
        Some(text) => {
            let wrong = || Error::usage(format!("`{text}` is no day"), "write a day as 2016-09-30, or `today`");
            Day::parse(text).map(Some).ok_or_else(wrong)
        }
    }
}

/// Says on stderr why there is no answer.
fn complain(error: &Error, style: &Style) {
    let mut out = std::io::stderr().lock();
    if let Error::Rulebook { findings, texts } = error {
        let _ = crate::render::diagnostics(findings, texts, style, &mut out);
    }
    let _ = writeln!(out, "quorate: {}", crate::render::escape::line(&error.to_string()));
    if let Some(hint) = error.hint() {
        let _ = writeln!(out, "  hint: {}", crate::render::escape::line(hint));
    }
}

/// Says something of the run itself on stderr.
fn note(text: &str) {
    let _ = writeln!(std::io::stderr().lock(), "quorate: {}", crate::render::escape::line(text));
}

/// Writes text to stdout.
fn print(text: &str) -> Result<(), Error> {
    let mut out = std::io::stdout().lock();
    crate::render::written("stdout", out.write_all(text.as_bytes()).and_then(|()| out.flush()))
}
