//! `quorate log`: the life of a record, or of one field of it, through commits.

use clap::{Args, ValueEnum};

use super::{Cli, Ending, print};
use crate::{
    error::Error,
    log::{self, Wanted},
    render::{self, Style},
};

const EXAMPLES: &str = "\
Examples:
  quorate log seats/board/chair              the life of a record
  quorate log seats/board/chair.tenure       of one field of it
  quorate log people/ann --at main --format csv

Exit status: 0 it was told; 2 no such record, no repository, or a shallow clone.";

/// What `quorate log` takes.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct Options {
    /// The record as `kind/id`, with `.key` behind it for one field.
    #[arg(value_name = "KIND/ID[.FIELD]")]
    what: String,
    /// The revision from which history is read, backwards; by default HEAD.
    #[arg(long, value_name = "REV")]
    at: Option<String>,
    /// How to print it.
    #[arg(long, value_name = "FORMAT", default_value = "human")]
    format: Format,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum Format {
    Human,
    Json,
    Csv,
}

pub(super) fn run(cli: &Cli, options: &Options, style: &Style) -> Result<Ending, Error> {
    let wanted = Wanted::parse(&options.what)?;
    let entries = log::of(&cli.whereabouts(options.at.as_deref()).open()?, &wanted)?;
    print(&match options.format {
        Format::Human => render::log::human(&wanted, &entries, style),
        Format::Csv => render::log::csv(&entries),
        Format::Json => render::log::json(&wanted, &entries)
            .map_err(|error| Error::Write { to: "stdout".into(), source: error.into() })?,
    })?;
    Ok(Ending::Good)
}
