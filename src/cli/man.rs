//! `quorate man`: the manual pages, made from what can be typed.

use std::{
    fs, io,
    path::{Path, PathBuf},
};

use clap::{Args, Command, CommandFactory};
use clap_mangen::Man;

use super::{Cli, Ending, print};
use crate::{error::Error, render::written};

const EXAMPLES: &str = "\
Examples:
  quorate man | man -l -                     read the page of quorate itself
  quorate man --out ~/.local/share/man/man1  a page for each verb: man quorate-check

Exit status: 0 written; 2 could not be written.";

/// What `quorate man` takes.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct Options {
    /// Write a page for each verb into this folder, which is made if it is not there; without it the page
    /// of `quorate` itself is printed.
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
}

pub(super) fn run(options: &Options) -> Result<Ending, Error> {
    let mut command = Cli::command().disable_help_subcommand(true);
    command.build();
    match &options.out {
        None => print(&page(&command, "quorate").map_err(|source| Error::Write { to: "stdout".into(), source })?)?,
        Some(folder) => {
            let name = folder.display().to_string();
            written(&name, fs::create_dir_all(folder))?;
            all(&command, "quorate", folder)?;
        }
    }
    Ok(Ending::Good)
}

/// Writes the page of a command and of all below it.
fn all(command: &Command, name: &str, folder: &Path) -> Result<(), Error> {
    let path = folder.join(format!("{name}.1"));
    written(&path.display().to_string(), page(command, name).and_then(|text| fs::write(&path, text)))?;
    let below = command.get_subcommands().filter(|one| !one.is_hide_set());
    below.into_iter().try_for_each(|one| all(one, &format!("{name}-{}", one.get_name()), folder))
}

/// One page. It bears no date, so that the same version always gives the same bytes.
fn page(command: &Command, name: &str) -> io::Result<String> {
    let mut out = Vec::new();
    let source = format!("quorate {}", env!("CARGO_PKG_VERSION"));
    Man::new(command.clone()).title(name).source(source).manual("quorate").date(" ").render(&mut out)?;
    Ok(String::from_utf8_lossy(&out).into_owned())
}
