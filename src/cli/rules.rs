//! `quorate rules`: look at the rules themselves.

use clap::{Args, Subcommand, ValueEnum};

use super::{Cli, Ending, print, progress::Progress};
use crate::{
    error::Error,
    explain::{self, mutants, proofs},
    render::{Style, coverage, escape, locate},
    rulebook::{
        mutant,
        prove::{self, Ground},
    },
    tree::Rules,
};

const EXAMPLES: &str = "\
Examples:
  quorate rules list                         every rule, a line each
  quorate rules test board-composition       the examples of one rule
  quorate rules prove                        that no rules contradict one another

Exit status: 0 good; 1 a failed example, a living mutant, an unproved rule; 2 no answer.";

const LIST: &str = "\
Examples:
  quorate rules list
  quorate rules list --at main               as that revision has them

Exit status: 0 listed; 2 the rules cannot be read.";

const TEST: &str = "\
Examples:
  quorate rules test                         all examples
  quorate rules test board-composition       those of one rule
  quorate rules test --mutants -v            which example notices each change

Exit status: 0 all as they say; 1 an example failed, or a mutant lives; 2 no answer.";

const PROVE: &str = "\
Examples:
  quorate rules prove
  quorate rules prove board-term --format json

Exit status: 0 nothing contradicts; 1 a counterexample was found; 2 no answer.";

const COVERAGE: &str = "\
Examples:
  quorate rules coverage
  quorate rules coverage --format csv > coverage.csv

Exit status: 0 every row is looked after; 1 something is wrong with the rows; 2 no answer.";

/// What `quorate rules` takes.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct Options {
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Debug, Subcommand)]
enum Verb {
    /// List every rule: id, clause, level, evidence, title.
    #[command(after_help = LIST)]
    List(At),
    /// Run the examples of all rules, and say which rule lacks a pass, a breach or a boundary.
    #[command(after_help = TEST)]
    Test {
        #[command(flatten)]
        at: At,
        /// Only these rules.
        #[arg(id = "rule", value_name = "RULE")]
        rules: Vec<String>,
        /// Change each parameter in turn, and say which change no example notices; `-v` tells which
        /// example noticed each.
        #[arg(long)]
        mutants: bool,
        /// How to print what became of the mutants.
        #[arg(long, value_name = "FORMAT", default_value = "human", requires = "mutants")]
        format: Format,
    },
    /// Prove that the rules do not contradict themselves or one another; where they do, give the
    /// smallest counterexample, to be pasted into the rule's file.
    #[command(after_help = PROVE)]
    Prove(Proving),
    /// Say how each row of what is known of the code is looked after (`rules/coverage.toml`).
    #[command(after_help = COVERAGE)]
    Coverage {
        #[command(flatten)]
        at: At,
        /// How to print it.
        #[arg(long, value_name = "FORMAT", default_value = "human")]
        format: Sheet,
    },
}

/// What a table can be printed as.
#[derive(Debug, Clone, Copy, ValueEnum)]
enum Sheet {
    Human,
    Json,
    Csv,
}

#[derive(Debug, Args)]
struct Proving {
    #[command(flatten)]
    at: At,
    /// Only flaws of these rules; everything is proved all the same.
    #[arg(id = "rule", value_name = "RULE")]
    rules: Vec<String>,
    /// How to print what was proved.
    #[arg(long, value_name = "FORMAT", default_value = "human")]
    format: Format,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    Human,
    Json,
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
        Verb::Test { at, rules: wanted, mutants: true, format } => {
            let rules = load(cli, at)?;
            survey(cli, &rules, wanted, *format)
        }
        Verb::Test { at, rules: wanted, .. } => {
            let rules = load(cli, at)?;
            let report = explain::test(&rules.book, &rules.texts, wanted)?;
            print(&report.text)?;
            Ok(if report.failed == 0 { Ending::Good } else { Ending::Bad })
        }
        Verb::Prove(proving) => prove(cli, proving),
        Verb::Coverage { at, format } => tell_coverage(&load(cli, at)?, *format, style),
    }
}

/// Tries every mutant of the rules wanted.
fn survey(cli: &Cli, rules: &Rules, wanted: &[String], format: Format) -> Result<Ending, Error> {
    let chosen = explain::chosen(&rules.book, wanted)?;
    let progress = Progress::new("mutants", cli.quiet);
    let trials = mutant::survey(&rules.book, &chosen, &|done, of| progress.tick(done, of));
    drop(progress);
    match format {
        Format::Human => print(&mutants::human(&trials, &rules.texts, cli.verbose))?,
        Format::Json => print(&mutants::json(&trials, &rules.texts))?,
    }
    Ok(if mutants::is_good(&trials) { Ending::Good } else { Ending::Bad })
}

/// Prints the coverage, and on stderr what is wrong with it.
fn tell_coverage(rules: &Rules, format: Sheet, style: &Style) -> Result<Ending, Error> {
    let Some(says) = &rules.book.coverage else {
        return Err(Error::usage(
            "the rulebook has no `coverage.toml`",
            "write one: a row for each thing that is known of the code; `docs/coverage.md` says how",
        ));
    };
    print(&match format {
        Sheet::Human => coverage::human(says, &rules.book, style),
        Sheet::Csv => coverage::csv(says),
        Sheet::Json => coverage::json(says, &rules.book)
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

/// Proves every property of the rules.
fn prove(cli: &Cli, options: &Proving) -> Result<Ending, Error> {
    let tree = cli.whereabouts(options.at.at.as_deref()).open()?.tree()?;
    explain::chosen(&tree.book, &options.rules)?;
    let wanted = |rule: &str| options.rules.is_empty() || options.rules.iter().any(|one| one == rule);
    let ground = Ground { book: &tree.book, registry: Some(&tree.registry) };
    let proved = prove::prove(&ground, &wanted);
    match options.format {
        Format::Human => print(&proofs::human(&proved, &tree.texts))?,
        Format::Json => print(&proofs::json(&proved, &tree.texts))?,
    }
    Ok(if proved.iter().all(|one| one.flaws.is_empty()) { Ending::Good } else { Ending::Bad })
}

fn load(cli: &Cli, at: &At) -> Result<Rules, Error> {
    cli.whereabouts(at.at.as_deref()).open()?.rules()
}
