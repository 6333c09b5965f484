//! `quorate rules`: look at the rules themselves.

use clap::{Args, Subcommand, ValueEnum};

use super::{Cli, Ending, print};
use crate::{
    error::Error,
    explain,
    render::{Style, coverage, escape, locate},
    tree::Rules,
};

/// What `quorate rules` takes.
#[derive(Debug, Args)]
pub(super) struct Options {
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Debug, Subcommand)]
enum Verb {
    /// List every rule: id, clause, level, evidence, title.
    List(At),
    /// Run the examples of all rules, and say which rule lacks a pass, a breach or a boundary.
    Test {
        #[command(flatten)]
        at: At,
        /// Only these rules.
        #[arg(id = "rule", value_name = "RULE")]
        rules: Vec<String>,
    },
    /// Say how each row of what is known of the code is looked after (`rules/coverage.toml`).
    Coverage {
        #[command(flatten)]
        at: At,
        /// How to print it.
        #[arg(long, value_name = "FORMAT", default_value = "human")]
        format: Format,
    },
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum Format {
    Human,
    Json,
    Csv,
}

#[derive(Debug, Args)]
struct At {
    /// The revision whose rules are read; by default the work tree.
    #[arg(long, value_name = "REV")]
    at: Option<String>,
}

pub(super) fn run(cli: &Cli, options: &Options, style: &Style) -> Result<Ending, Error> {
    match &options.verb {
        Verb::List(at) => {
            let rules = load(cli, at)?;
            print(&explain::list(&rules.book))?;
            Ok(Ending::Good)
        }
        Verb::Test { at, rules: wanted } => {
            let rules = load(cli, at)?;
            let report = explain::test(&rules.book, &rules.texts, wanted)?;
            print(&report.text)?;
            Ok(if report.failed == 0 { Ending::Good } else { Ending::Bad })
        }
        Verb::Coverage { at, format } => tell_coverage(&load(cli, at)?, *format, style),
    }
}

/// Prints the coverage, and on stderr what is wrong with it.
fn tell_coverage(rules: &Rules, format: Format, style: &Style) -> Result<Ending, Error> {
    let Some(says) = &rules.book.coverage else {
        return Err(Error::usage(
            "the rulebook has no `coverage.toml`",
            "write one: a row for each thing that is known of the code; `docs/coverage.md` says how",
        ));
    };
    print(&match format {
        Format::Human => coverage::human(says, &rules.book, style),
        Format::Csv => coverage::csv(says),
        Format::Json => coverage::json(says, &rules.book)
            .map_err(|error| Error::Write { to: "stdout".into(), source: error.into() })?,
    })?;
    let wrong: Vec<_> = rules.book.doubts.iter().filter_map(|doubt| Some((doubt, doubt.marks.first()?))).collect();
    let wrong = wrong.into_iter().filter(|(_, mark)| mark.place.file == says.file);
    let mut ending = Ending::Good;
    for (doubt, mark) in wrong {
        let at = locate(&rules.texts, mark.place);
        let line = format!("{}:{}:{}: {} ({})", at.path, at.start.line, at.start.column, doubt.message, mark.label);
        complain(&escape::line(&line))?;
        ending = Ending::Bad;
    }
    Ok(ending)
}

fn complain(line: &str) -> Result<(), Error> {
    use std::io::Write as _;
    crate::render::written("stderr", writeln!(std::io::stderr().lock(), "{line}"))
}

fn load(cli: &Cli, at: &At) -> Result<Rules, Error> {
    cli.whereabouts(at.at.as_deref()).open()?.rules()
}
