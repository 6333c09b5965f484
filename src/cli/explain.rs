//! `quorate explain`: a rule in English, or how a record was judged.

use clap::Args;

use super::{Cli, Ending, When, day, print};
use crate::{error::Error, explain};

/// What `quorate explain` takes.
#[derive(Debug, Args)]
pub(super) struct Options {
    /// A rule's id, or a record as `kind/id`.
    #[arg(value_name = "RULE or KIND/ID")]
    what: String,
    #[command(flatten)]
    when: When,
}

pub(super) fn run(cli: &Cli, options: &Options) -> Result<Ending, Error> {
    let tree = cli.whereabouts(options.when.at.as_deref()).open()?.tree()?;
    let zone = tree.book.code.words.time_zone.text().unwrap_or("").to_owned();
    let on = tree.day(day(options.when.on.as_deref(), &zone)?)?;
    let text = if options.what.contains('/') {
        explain::subject(&tree, &options.what, on)?
    } else {
        explain::rule(&tree, &options.what, on)?
    };
    print(&text)?;
    Ok(Ending::Good)
}
