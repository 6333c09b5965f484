//! `quorate check`: judge the records by the rules.

use clap::{Args, ValueEnum};

use super::{
    Cli, Ending, When, day, note,
    target::{Target, at_most_one_on_stdout},
};
use crate::{
    against,
    check::{Selection, Verdict},
    error::Error,
    explain,
    finding::{Finding, Level, Status},
    render::{self, Style, sarif::Manual},
    sweep::{self, Sweep},
    tree::Whereabouts,
};

const EXAMPLES: &str = "\
Examples:
  quorate check                              on the day the records speak for
  quorate check --on today --at HEAD~1       the last commit but one, judged today
  quorate check --base main                  only what is new against main fails
  quorate check --assume 0020                as if that proposal were implemented
  quorate check --rule board-composition --subject seats/board/chair
  quorate check --format sarif=out.sarif --format junit=out.xml --format github

Exit status: 0 nothing at or above --fail-on; 1 findings; 2 could not judge.";

/// What `quorate check` takes.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct Options {
    #[command(flatten)]
    when: When,
    /// Instead of one day, every day from this one on, up to and including `--until`: for each finding
    /// the days on which it held.
    #[arg(long, value_name = "DATE", requires = "until", conflicts_with = "on")]
    from: Option<String>,
    /// The last day of the sweep that `--from` begins; it is judged too.
    #[arg(long, value_name = "DATE", requires = "from", conflicts_with = "on")]
    until: Option<String>,
    /// Say what is new, existing or fixed against this revision; only what is new fails.
    #[arg(long, value_name = "REV")]
    base: Option<String>,
    /// The revision whose rules judge; by default that of the records.
    #[arg(long, value_name = "REV")]
    rules_at: Option<String>,
    /// Judge as if this modification were implemented on the day judged, and say what that changes;
    /// repeatable.
    #[arg(id = "assume", long, value_name = "ID")]
    assumed: Vec<String>,
    /// Only findings of this rule; repeatable.
    #[arg(id = "rule", long, value_name = "ID")]
    rules: Vec<String>,
    /// Only findings about this record, as `kind/id`; repeatable.
    #[arg(id = "subject", long, value_name = "KIND/ID")]
    subjects: Vec<String>,
    /// How to print: human, concise, json, sarif, junit, github or gitlab, and csv of a sweep; `json=PATH`
    /// writes to a file; repeatable.
    #[arg(id = "format", long, value_name = "FORMAT[=PATH]", default_value = "human")]
    formats: Vec<Target<Format>>,
    /// The least level at which the exit status is 1.
    #[arg(long, value_name = "LEVEL", default_value = "error")]
    fail_on: FailOn,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
pub(super) enum FailOn {
    Error,
    Warning,
    Note,
    Never,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    Human,
    Concise,
    Json,
    Csv,
    Sarif,
    Junit,
    Github,
    Gitlab,
}

impl FailOn {
    /// The least level that counts; nothing where none does.
    pub(super) fn least(self) -> Option<Level> {
        match self {
            Self::Error => Some(Level::Error),
            Self::Warning => Some(Level::Warning),
            Self::Note => Some(Level::Note),
            Self::Never => None,
        }
    }
}

pub(super) fn run(cli: &Cli, options: &Options, style: &Style) -> Result<Ending, Error> {
    at_most_one_on_stdout(&options.formats)?;
    one_question(options)?;
    let at = Whereabouts { rules_at: options.rules_at.clone(), ..cli.whereabouts(options.when.at.as_deref()) };
    let opened = at.open()?;
    let mut tree = opened.tree()?;
    let zone = tree.book.code.words.time_zone.text().unwrap_or("").to_owned();
    let on = day(options.when.on.as_deref(), &zone)?;
    for id in &options.rules {
        known_rule(&tree.book, id)?;
    }
    for id in tree.book.assume(&options.assumed, &tree.registry)? {
        note(&format!("no rule has a version that `{id}` would bring (`when-implemented`)"));
    }
    let selection = Selection { rules: options.rules.clone(), subjects: options.subjects.clone() };
    if let (Some(from), Some(until)) = (&options.from, &options.until) {
        let (Some(from), Some(last)) = (day(Some(from), &zone)?, day(Some(until), &zone)?) else {
            return Ok(Ending::Good);
        };
        let swept = sweep::sweep(tree, sweep::range(from, last)?, &selection);
        return swept_out(swept, options, style);
    }
    let wants_manual = options.formats.iter().any(|target| target.format == Format::Sarif);
    let manual = if wants_manual { explain::manual(&tree, tree.day(on)?)? } else { Manual::new() };
    let verdict = match &options.base {
        Some(base) => against::judge(&at, &opened, tree, base, on, &selection)?,
        None if !options.assumed.is_empty() => against::what_if(tree, on, &selection)?,
        None => {
            let on = tree.day(on)?;
            tree.judge(on, &selection)
        }
    };
    let least = options.fail_on.least();
    let fails = |finding: &Finding| fails(&verdict, finding, least);
    for target in &options.formats {
        target.write(style, |format, style, out| match format {
            Format::Human => render::human(&verdict, style, out),
            Format::Concise => render::concise(&verdict, out),
            // Refused above: there are no spans of days to list.
            Format::Csv => Ok(()),
            Format::Json => render::json(&verdict, out),
            Format::Sarif => render::sarif(&verdict, &manual, out),
            Format::Junit => render::junit(&verdict, &fails, out),
            Format::Github => render::github(&verdict, &fails, out),
            Format::Gitlab => render::gitlab(&verdict, out),
        })?;
    }
    let fails = verdict.findings.iter().any(fails);
    // The process ends here: the system takes the memory back at once, we would do it piece by piece.
    std::mem::forget(verdict);
    Ok(if fails { Ending::Bad } else { Ending::Good })
}

/// Refuses what a sweep cannot be held against, and what only a sweep can print.
fn one_question(options: &Options) -> Result<(), Error> {
    let is_sweep = options.from.is_some();
    if is_sweep && options.base.is_some() {
        return Err(Error::usage(
            "`--base` holds one day against another revision, and `--from` asks for many days",
            "sweep each revision by itself (`--at REV`), or name one day with `--on`",
        ));
    }
    if is_sweep && !options.assumed.is_empty() {
        return Err(Error::usage(
            "`--assume` implements a modification on the day judged, and `--from` asks for many days",
            "name one day with `--on`; or record the modification's step `implemented` and sweep that",
        ));
    }
    let csv = options.formats.iter().any(|target| target.format == Format::Csv);
    if csv && !is_sweep {
        return Err(Error::usage(
            "`csv` lists the days of a sweep",
            "sweep with `--from` and `--until`, or print `json`",
        ));
    }
    let of_one_day = |target: &&Target<Format>| !matches!(target.format, Format::Human | Format::Csv | Format::Json);
    if let Some(target) = options.formats.iter().find(of_one_day).filter(|_| is_sweep) {
        let name = target.format.to_possible_value().map_or_else(String::new, |value| value.get_name().to_owned());
        return Err(Error::usage(
            format!("`{name}` has no days of a sweep"),
            "print `csv`: one line for each span of days",
        ));
    }
    Ok(())
}

fn swept_out(swept: Sweep, options: &Options, style: &Style) -> Result<Ending, Error> {
    for target in &options.formats {
        target.write(style, |format, style, out| match format {
            Format::Csv => out.write_all(render::sweep::csv(&swept).as_bytes()),
            Format::Json => render::sweep::json(&swept, out),
            // The others were refused above.
            _ => render::sweep::human(&swept, style, out),
        })?;
    }
    let fails =
        options.fail_on.least().is_some_and(|least| swept.standing.iter().any(|one| one.finding.level >= least));
    std::mem::forget(swept);
    Ok(if fails { Ending::Bad } else { Ending::Good })
}

pub(super) fn known_rule(book: &crate::rulebook::Rulebook, id: &str) -> Result<(), Error> {
    if book.find(id).is_some() || crate::builtin::find(id).is_some() {
        return Ok(());
    }
    let ids = book.rules.iter().map(|rule| rule.id.as_ref()).chain(crate::builtin::ALL.iter().map(|one| one.id));
    let hint = crate::decode::meant(id, ids, "`quorate rules list` names them all");
    Err(Error::usage(format!("there is no rule `{id}`"), hint))
}

/// Whether a finding makes the run fail.
fn fails(verdict: &Verdict, finding: &Finding, least: Option<Level>) -> bool {
    // Held against a revision, only what is new fails; assuming something, all that would stand.
    let counts = match finding.status {
        None | Some(Status::New) => true,
        Some(Status::Existing) => verdict.base.is_none(),
        Some(Status::Fixed) => false,
    };
    counts && least.is_some_and(|least| finding.level >= least)
}
