//! `quorate fix`: mend what has one safe answer.

use std::{
    fmt::Write as _,
    io::{IsTerminal, Write as _},
    path::{Path, PathBuf},
};

use clap::Args;

use super::{Cli, Ending, day, print};
use crate::{
    check::{Selection, Verdict},
    error::Error,
    finding::{Finding, Level},
    fix::{self, Wanted},
    render::{self, Style, escape},
    tree::Opened,
    write::Room,
};

const EXAMPLES: &str = "\
Examples:
  quorate fix                                mend what has one safe answer
  quorate fix --dry-run                      show it as a diff, and write nothing
  quorate fix registry/seats --rule record-date
  quorate fix --likely --dry-run             also what was only probably meant: read it over

Exit status: 0 no error is left; 1 errors are left, or --dry-run has something to
mend; 2 nothing was looked at, or a file could not be written.";

/// What `quorate fix` takes.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct Options {
    /// Only these files, or those below these folders; all of the registry where none is named.
    #[arg(value_name = "PATH")]
    paths: Vec<PathBuf>,
    /// Only findings of this rule, such as `record-date`; repeatable.
    #[arg(id = "rule", long, value_name = "ID")]
    rules: Vec<String>,
    /// Also misspelt words and ids to which only one is near. That can change whom a record is about, so
    /// read each change over.
    #[arg(long)]
    likely: bool,
    /// Write nothing; print what would change as a unified diff, and the rest to stderr.
    #[arg(long)]
    dry_run: bool,
}

pub(super) fn run(cli: &Cli, options: &Options, style: &Style) -> Result<Ending, Error> {
    let mut opened = cli.whereabouts(None).open()?;
    let book = opened.rules()?.book;
    for id in &options.rules {
        super::check::known_rule(&book, id)?;
    }
    let paths = options.paths.iter().map(|path| below(path, &opened)).collect::<Result<_, _>>()?;
    let wanted = Wanted { paths, rules: options.rules.clone(), likely: options.likely };
    let files = fix::mended(&mut opened, &wanted)?;
    let room = Room::new(opened.source().root(), opened.registry());
    let for_terminal = std::io::stdout().is_terminal();
    let (mut report, mut diff, mut mends) = (String::new(), String::new(), 0_usize);
    for (path, file) in &files {
        if options.dry_run {
            diff.push_str(&render::unified(path, Some(&file.was), &file.now, for_terminal));
        } else if let Err(error) = room.replace(path, &file.was, &file.now) {
            // What is written is written.
            print(&report)?;
            return Err(error);
        }
        let _ = writeln!(report, "{}", escape::line(path));
        for mend in &file.mends {
            mends = mends.saturating_add(1);
            let _ = writeln!(report, "  {}: {}", escape::line(&mend.rule), escape::line(&mend.what));
        }
    }
    let verb = if options.dry_run { "would be mended" } else { "mended" };
    let of = render::counted(files.len(), "file", "files");
    let _ = writeln!(report, "{} {verb} in {of}.", render::counted(mends, "mistake", "mistakes"));
    let errors = left(&opened, &wanted, cli, style, &mut report)?;
    if options.dry_run {
        print(&diff)?;
        let _ = std::io::stderr().lock().write_all(report.as_bytes());
    } else {
        print(&report)?;
    }
    let is_bad = errors > 0 || options.dry_run && !files.is_empty();
    Ok(if is_bad { Ending::Bad } else { Ending::Good })
}

/// The path of a file or folder as findings name it.
fn below(path: &Path, opened: &Opened) -> Result<String, Error> {
    let whole = path.canonicalize().map_err(|why| Error::Unreadable { path: path.to_owned(), why: why.to_string() })?;
    let below = whole.strip_prefix(opened.source().root()).ok().map(|below| {
        let parts: Vec<_> = below.components().map(|part| part.as_os_str().to_string_lossy()).collect();
        parts.join("/")
    });
    let registry = opened.registry();
    match below {
        Some(below) if crate::git::name::lies_in(below.as_bytes(), registry.as_bytes()) => Ok(below),
        // A folder above the registry: all of it.
        Some(below) if crate::git::name::lies_in(registry.as_bytes(), below.as_bytes()) => Ok(registry.to_owned()),
        _ => {
            let what = format!("`{}` does not lie in the registry, `{registry}`", path.display());
            Err(Error::usage(what, "only records are mended, and no rules"))
        }
    }
}

/// Says what is left, errors and warnings a line each; gives how many errors.
fn left(opened: &Opened, wanted: &Wanted, cli: &Cli, style: &Style, report: &mut String) -> Result<usize, Error> {
    let tree = opened.tree()?;
    let Ok(on) = tree.day(day(None, "")?) else {
        let errors = tree.problems.iter().filter(|finding| finding.level == Level::Error).count();
        let left = render::counted(errors, "error", "errors");
        let _ = writeln!(report, "Left in the files: {left}. The registry states no position, so no day is judged.");
        return Ok(errors);
    };
    let verdict = tree.judge(on, &Selection { rules: wanted.rules.clone(), subjects: Vec::new() });
    let is_meant =
        |finding: &Finding| finding.marks.iter().any(|mark| wanted.takes_path(verdict.texts.path(mark.place.file)));
    let findings: Vec<_> = verdict.findings.iter().filter(|finding| is_meant(finding)).cloned().collect();
    let count = |level: Level| findings.iter().filter(|finding| finding.level == level).count();
    let errors = count(Level::Error);
    let counts = [
        render::counted(errors, "error", "errors"),
        render::counted(count(Level::Warning), "warning", "warnings"),
        render::counted(count(Level::Note), "note", "notes"),
    ];
    let least = if cli.verbose && !style.quiet { Level::Note } else { Level::Warning };
    let shown = findings.into_iter().filter(|finding| finding.level >= least).collect();
    let shown = Verdict { findings: shown, ..verdict };
    let mut out: Vec<u8> = Vec::new();
    render::written("stdout", render::concise(&shown, &mut out))?;
    report.push_str(&String::from_utf8_lossy(&out));
    let _ = writeln!(report, "Left as of {on}: {}.", counts.join(", "));
    Ok(errors)
}
