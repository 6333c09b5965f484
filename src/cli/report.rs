//! `quorate report KIND`: publish from the records, once they are checked.

use std::{
    io::Write as _,
    path::{Path, PathBuf},
};

use clap::{Args, ValueEnum};

use super::{Cli, Ending, When, day, print};
use crate::{
    check::{self, Selection},
    day::{Day, When as Dated},
    error::Error,
    finding::Finding,
    render::{self, Style},
    report::{self, Findings, Publication, blame::Blame, desk::Desk, print as printed},
    text::Texts,
    tree::Tree,
};

const EXAMPLES: &str = "\
Examples:
  quorate report modifications                  the Modification Register
  quorate report seats --on 2017-10-01          who held which seat on that day
  quorate report modifications --month 2016-09 --format html --out register.html
  quorate report variations --format csv        what is varied, for a spreadsheet
  quorate report calendar --format ics --out a.ics
  quorate report site --out site                all as a web site, to be put on a server
  quorate report serve                          the same in a browser, made anew as you edit
  quorate report modifications --at v1 --cite   as it was, with where each fact is from

Exit status: 0 published; 1 refused, for what it uses has errors; 2 could not say.";

/// What `quorate report` takes.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct Options {
    /// Which report, or `site` or `serve`; an unknown name lists them.
    #[arg(value_name = "KIND")]
    kind: String,
    #[command(flatten)]
    pub(super) when: When,
    /// The month that it reports on, such as 2016-09, and its last day where no `--on` is given; by
    /// default the month of the day judged, of the calendar also the twelve after it.
    #[arg(long, value_name = "MONTH", conflicts_with_all = ["from", "until"])]
    month: Option<String>,
    /// The first day that it reports on.
    #[arg(long, value_name = "DATE", requires = "until")]
    from: Option<String>,
    /// The last day that it reports on.
    #[arg(long, value_name = "DATE", requires = "from")]
    until: Option<String>,
    /// How to print it; by default markdown.
    #[arg(long, value_name = "FORMAT")]
    pub(super) format: Option<Format>,
    /// Where to write it; by default stdout. Of a site: its folder.
    #[arg(long, value_name = "PATH")]
    pub(super) out: Option<PathBuf>,
    /// Print it though facts that it uses have errors, marked as a draft.
    #[arg(long)]
    pub(super) draft: bool,
    /// Say beside each fact where it comes from (Markdown and HTML).
    #[arg(long)]
    pub(super) cite: bool,
    /// Also write where each fact comes from, as JSON.
    #[arg(long, value_name = "PATH")]
    pub(super) trace: Option<PathBuf>,
    /// A folder whose files take the place of those shipped: page.html, page.md; of a site site.html,
    /// site.css, site.js.
    #[arg(long, value_name = "DIR")]
    pub(super) templates: Option<PathBuf>,
    /// Of a site: do not judge every commit for the picture of compliance over history.
    #[arg(long)]
    pub(super) no_history: bool,
    /// Of `serve`: the port on the loopback, 0 for one that is free; by default 8016.
    #[arg(long, value_name = "PORT")]
    pub(super) port: Option<u16>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum Format {
    #[value(alias = "md")]
    Markdown,
    Html,
    #[value(alias = "txt")]
    Text,
    Csv,
    Json,
    Ics,
}

pub(super) fn run(cli: &Cli, options: &Options, style: &Style) -> Result<Ending, Error> {
    match options.kind.as_str() {
        "site" => return super::site::run(cli, options, style),
        "serve" => return super::site::serve(cli, options),
        _ => {}
    }
    if options.no_history || options.port.is_some() {
        return Err(Error::usage("only a site takes `--no-history` and `--port`", "leave them out"));
    }
    let publication = report::named(&options.kind)?;
    let format = options.format.unwrap_or(Format::Markdown);
    if format == Format::Ics && !publication.is_calendar() {
        let what = format!("the report `{}` is no calendar", publication.name);
        return Err(Error::usage(what, "`quorate report calendar --format ics` prints one"));
    }
    let layouts = printed::Layouts::of(options.templates.as_deref())?;
    let opened = cli.whereabouts(options.when.at.as_deref()).open()?;
    let mut tree = opened.tree()?;
    let on = options.day_judged(&tree)?;
    let (from, until) = options.period(publication, on)?;
    let texts = std::mem::take(&mut tree.texts);
    let (_, found) = check::judged(&mut tree, on, &Selection::default(), &texts);
    let desk = Desk { registry: &tree.registry, code: &tree.book.code, on, from, until };
    let findings = Findings { all: &found, book: &tree.book };
    let (document, met) = report::write(publication, &desk, &findings, &tree.at);
    if document.is_draft() && !options.draft {
        let met: Vec<_> = met.iter().filter_map(|at| found.get(*at)).cloned().collect();
        refuse(publication.name, &met, &texts, style);
        return Ok(Ending::Bad);
    }
    let blame = Blame::of(Some(&opened));
    let cited = printed::Cited { texts: &texts, blame: &blame };
    let cite = options.cite.then_some(&cited);
    let text = match format {
        Format::Markdown => printed::markdown(&document, cite, &layouts)?,
        Format::Html => printed::html(&document, cite, &layouts)?,
        Format::Text => printed::text(&document),
        Format::Csv => printed::csv(&document),
        Format::Json => printed::json(&document),
        Format::Ics => printed::ics(&document, &texts),
    };
    if let Some(path) = &options.trace {
        replace(path, &printed::trace(&document, &cited))?;
    }
    match &options.out {
        Some(path) => replace(path, &text)?,
        None => print(&text)?,
    }
    Ok(Ending::Good)
}

/// Says why a report is not published.
pub(super) fn refuse(name: &str, errors: &[Finding], texts: &Texts, style: &Style) {
    let mut out = std::io::stderr().lock();
    let _ = render::diagnostics(errors, texts, style, &mut out);
    let _ =
        writeln!(out, "quorate: the report `{name}` is refused: {} error(s) in the facts that it uses", errors.len());
    let _ = writeln!(out, "  hint: mend the records, or see it as a draft with `--draft`");
}

impl Options {
    /// The day judged: the one named, else the last of the month named, else the position.
    pub(super) fn day_judged(&self, tree: &Tree) -> Result<Day, Error> {
        let zone = tree.book.code.words.time_zone.text().unwrap_or("").to_owned();
        match (day(self.when.on.as_deref(), &zone)?, self.last_of_month()?) {
            (None, Some(last)) => Ok(last),
            (on, _) => tree.day(on),
        }
    }

    /// The last day of the month named: what is judged where no day is.
    fn last_of_month(&self) -> Result<Option<Day>, Error> {
        match &self.month {
            Some(_) => Ok(self.period_named()?.map(|(_, until)| until.plus_days(-1))),
            None => Ok(None),
        }
    }

    /// The first day of the period, and the first after it.
    fn period(&self, publication: &Publication, on: Day) -> Result<(Day, Day), Error> {
        Ok(self.period_named()?.unwrap_or_else(|| publication.period.around(on)))
    }

    /// The same, where one is named.
    fn period_named(&self) -> Result<Option<(Day, Day)>, Error> {
        let wrong = |text: &str| {
            Error::usage(format!("`{text}` is no span of days"), "write a month as 2016-09, a day as 2016-09-30")
        };
        let of_text = |text: &str| Dated::parse(text).filter(|when| when.first.is_finite() && when.last.is_finite());
        let (first, last) = match (&self.month, &self.from, &self.until) {
            (Some(month), _, _) => of_text(month)
                .filter(|_| month.len() == 7)
                .map(|when| (when.first, when.last))
                .ok_or_else(|| wrong(month))?,
            (None, Some(from), Some(until)) => {
                let (first, last) =
                    (Day::parse(from).ok_or_else(|| wrong(from))?, Day::parse(until).ok_or_else(|| wrong(until))?);
                if first > last {
                    return Err(Error::usage(
                        format!("`{until}` comes before `{from}`"),
                        "name the first day with `--from`",
                    ));
                }
                (first, last)
            }
            _ => return Ok(None),
        };
        Ok(Some((first, last.plus_days(1))))
    }
}

/// Writes a file beside its place and moves it there, so that nobody reads half of it.
fn replace(path: &Path, text: &str) -> Result<(), Error> {
    let mut name = path.as_os_str().to_owned();
    name.push(format!(".{}.tmp", std::process::id()));
    let beside = PathBuf::from(name);
    let done = std::fs::write(&beside, text).and_then(|()| std::fs::rename(&beside, path));
    if done.is_err() {
        let _ = std::fs::remove_file(&beside);
    }
    render::written(&path.display().to_string(), done)
}
