//! `quorate audit`: judge every commit of the history.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

use super::{
    Cli, Ending,
    check::FailOn,
    day, note,
    progress::Progress,
    target::{Target, at_most_one_on_stdout},
};
use crate::{
    audit::{self, Audit, Cache, Wanted},
    error::Error,
    render::{self, Style},
    tree::Whereabouts,
};

const EXAMPLES: &str = "\
Examples:
  quorate audit                              all that led to HEAD
  quorate audit main~20..main                the last twenty commits
  quorate audit --rules-at main              every commit by the rules of main
  quorate audit --format csv=findings.csv --format human

Exit status: 0 nothing at or above --fail-on stands in the last commit or was done
by it; 1 something is; 2 could not judge, as in a shallow clone.";

/// What `quorate audit` takes.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct Options {
    /// The commits, along first parents: `A..B` are those of B that A has not, `B` is all that led to B;
    /// by default all that led to HEAD.
    #[arg(value_name = "RANGE")]
    range: Option<String>,
    /// Judge every commit on this day, such as 2016-09-30 or `today`, and not on its own.
    #[arg(long, value_name = "DATE")]
    on: Option<String>,
    /// The revision whose rules judge all commits; by default each is judged by its own.
    #[arg(long, value_name = "REV")]
    rules_at: Option<String>,
    /// How to print: human, json, csv (a row a finding) or csv-commits (a row a commit); `json=PATH`
    /// writes to a file; repeatable.
    #[arg(id = "format", long, value_name = "FORMAT[=PATH]", default_value = "human")]
    formats: Vec<Target<Format>>,
    /// The least level at which what stands in the last commit, or what it did, gives the exit status 1.
    #[arg(long, value_name = "LEVEL", default_value = "error")]
    fail_on: FailOn,
    /// Where to keep what was found, for the next audit; by default below the git directory.
    #[arg(long, value_name = "DIR", conflicts_with = "no_cache")]
    cache: Option<PathBuf>,
    /// Judge everything again, and keep nothing.
    #[arg(long)]
    no_cache: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    Human,
    Json,
    Csv,
    CsvCommits,
}

pub(super) fn run(cli: &Cli, options: &Options, style: &Style) -> Result<Ending, Error> {
    at_most_one_on_stdout(&options.formats)?;
    let mut wanted = Wanted { range: options.range.clone(), on: None };
    let at = Whereabouts { rules_at: options.rules_at.clone(), ..cli.whereabouts(Some(wanted.head()?)) };
    let opened = at.open()?;
    wanted.on = match options.on.as_deref() {
        // Where the code is at home decides which day it is.
        Some("today") => day(Some("today"), opened.rules()?.book.code.words.time_zone.text().unwrap_or(""))?,
        on => day(on, "")?,
    };
    let mut cache = if options.no_cache {
        Cache::default()
    } else {
        Cache::open(&audit::cache_folder(&opened, options.cache.as_deref())?, BUILD)
    };
    let progress = Progress::new("commits", cli.quiet);
    let found = audit::of(&at, &wanted, &mut cache, &|done, of| progress.tick(done, of));
    drop(progress);
    let found = found?;
    if let Some(trouble) = cache.trouble() {
        note(&format!("the cache: {trouble}"));
    }
    if !found.has_answer() {
        let why = found.commits.last().and_then(|commit| commit.counts.as_ref().err()).cloned().unwrap_or_default();
        let what = format!("none of {} commit(s) can be judged; the last: {why}", found.commits.len());
        return Err(Error::usage(what, "name their folders with `--registry DIR` and `--rules DIR`"));
    }
    for target in &options.formats {
        target.write(style, |format, style, out| match format {
            Format::Human => out.write_all(render::audit::human(&found, style).as_bytes()),
            Format::Json => render::audit::json(&found, out),
            Format::Csv => out.write_all(render::audit::csv(&found).as_bytes()),
            Format::CsvCommits => out.write_all(render::audit::csv_commits(&found).as_bytes()),
        })?;
    }
    Ok(if fails(&found, options.fail_on) { Ending::Bad } else { Ending::Good })
}

/// Whether the last commit fails, by what stands in it or by what it did: what was wrong before and is
/// cleared does not.
fn fails(found: &Audit, fail_on: FailOn) -> bool {
    let Some(least) = fail_on.least() else { return false };
    let unjudged = found.commits.last().is_some_and(|commit| commit.counts.is_err());
    unjudged || found.standing().chain(found.done_last()).any(|one| one.found.level >= least)
}

/// The tool in this very build: what another build found is not believed, be its version the same.
pub(super) const BUILD: &str = concat!(env!("CARGO_PKG_VERSION"), " ", env!("QUORATE_BUILD"));
