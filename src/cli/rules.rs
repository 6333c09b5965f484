//! `quorate rules`: look at the rules themselves.

use clap::{Args, Subcommand};

use super::{Cli, Ending, print};
use crate::{error::Error, explain, tree::Rules};

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
}

#[derive(Debug, Args)]
struct At {
    /// The revision whose rules are read; by default the work tree.
    #[arg(long, value_name = "REV")]
    at: Option<String>,
}

pub(super) fn run(cli: &Cli, options: &Options) -> Result<Ending, Error> {
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
    }
}

fn load(cli: &Cli, at: &At) -> Result<Rules, Error> {
    cli.whereabouts(at.at.as_deref()).open()?.rules()
}
