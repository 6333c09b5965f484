//! `quorate init`: a folder for the registry and the rulebook of another code.

use std::{
    fmt::Write as _,
    path::{Path, PathBuf},
};

use clap::Args;

use super::{Ending, day, print};
use crate::{error::Error, render::escape, starter::Start, write::Room};

const EXAMPLES: &str = "\
Examples:
  quorate init orchard --code \"Orchard Code\"
  quorate init . --code \"Orchard Code\" --time-zone Europe/London --on 2030-01-01

Exit status: 0 written; 2 nothing was written, or not all of it.";

/// What `quorate init` takes.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct Options {
    /// The folder: one that is not there yet, or that holds nothing but `.git`.
    dir: PathBuf,
    /// The name of the code, as people write it.
    #[arg(long, value_name = "NAME")]
    code: String,
    /// The time zone in which the code's days begin and end.
    #[arg(long, value_name = "ZONE", default_value = "UTC")]
    time_zone: String,
    /// The day that the records will speak for.
    #[arg(long, value_name = "DATE", default_value = "today")]
    on: String,
}

pub(super) fn run(options: &Options) -> Result<Ending, Error> {
    // A wrong time zone or name is said before the clock is asked in it.
    let early = Start::new(&options.code, &options.time_zone, crate::day::Day::EARLIEST);
    early?;
    let position = day(Some(&options.on), &options.time_zone)?.unwrap_or(crate::day::Day::EARLIEST);
    let start = Start::new(&options.code, &options.time_zone, position)?;
    let top = emptied(&options.dir)?;
    let room = Room::new(&top, "");
    let mut report = String::new();
    for (path, text) in start.files() {
        room.create(path, &text)?;
        let _ = writeln!(report, "{path}");
    }
    let shown = options.dir.display().to_string();
    let dir = escape::line(&shown);
    let _ = writeln!(report, "\nThe records and rules of {} begin here. Next:", escape::line(&options.code));
    let _ = writeln!(report, "  quorate check --repo {dir}");
    let _ = writeln!(report, "  quorate rules test --repo {dir}");
    print(&report)?;
    Ok(Ending::Good)
}

/// The folder, made where it is not there; refused where it holds anything.
fn emptied(dir: &Path) -> Result<PathBuf, Error> {
    let failed = |source| Error::Write { to: format!("`{}`", dir.display()), source };
    std::fs::create_dir_all(dir).map_err(failed)?;
    for entry in std::fs::read_dir(dir).map_err(failed)? {
        let name = entry.map_err(failed)?.file_name();
        if name != ".git" {
            let what = format!("`{}` is not empty: it holds `{}`", dir.display(), name.to_string_lossy());
            return Err(Error::usage(what, "name a folder that holds nothing, or that is not there yet"));
        }
    }
    dir.canonicalize().map_err(failed)
}
