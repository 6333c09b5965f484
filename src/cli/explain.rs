//! `quorate explain`: a rule in English, or how a record was judged.

use clap::{Args, ValueEnum};

use super::{Cli, Ending, When, day, print, target::Target};
use crate::{
    builtin,
    error::Error,
    explain::{
        self,
        derive::{self, Wanted},
    },
    render::{Style, escape},
};

const EXAMPLES: &str = "\
Examples:
  quorate explain board-composition          a rule in English
  quorate explain seats/board/chair          every rule that judged this seat
  quorate explain seats/board/chair --rule board-term --on today
  quorate explain 0123456789abcdef           one finding, by the fingerprint JSON gives it

Exit status: 0 it was explained; 2 there is no such thing, or it could not be judged.";

/// What `quorate explain` takes.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct Options {
    /// A rule's id, a record as `kind/id`, or the fingerprint of a finding.
    #[arg(value_name = "RULE, KIND/ID or FINGERPRINT")]
    what: String,
    #[command(flatten)]
    when: When,
    /// Only how this rule judged the record.
    #[arg(id = "rule", long, value_name = "ID")]
    rule: Option<String>,
    /// How to print a derivation: human or json; `json=PATH` writes to a file.
    #[arg(id = "format", long, value_name = "FORMAT[=PATH]", default_value = "human")]
    format: Target<Format>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    Human,
    Json,
}

pub(super) fn run(cli: &Cli, options: &Options, style: &Style) -> Result<Ending, Error> {
    let mut tree = cli.whereabouts(options.when.at.as_deref()).open()?.tree()?;
    let zone = tree.book.code.words.time_zone.text().unwrap_or("").to_owned();
    let on = tree.day(day(options.when.on.as_deref(), &zone)?)?;
    let mut subject = options.what.clone();
    let mut wanted = Wanted { rule: options.rule.clone(), slot: None };
    if derive::is_fingerprint(&options.what) {
        let found = derive::finding(&mut tree, &options.what, on)?;
        if builtin::find(&found.rule).is_some() {
            // Of a file as such: there is nothing to derive.
            let message = escape::line(&found.message).into_owned();
            print(&format!(
                "{}: {message}\n\n{}",
                escape::line(&found.subject),
                explain::rule(&tree, &found.rule, on)?
            ))?;
            return Ok(Ending::Good);
        }
        (subject, wanted) =
            (found.subject.into(), Wanted { rule: Some(found.rule.into()), slot: Some(found.slot.into()) });
    } else if !options.what.contains('/') {
        if options.format.format == Format::Json {
            let hint = "name a record as `kind/id`; `quorate explain RULE` is text for people";
            return Err(Error::usage("only derivations have a JSON format", hint));
        }
        print(&explain::rule(&tree, &options.what, on)?)?;
        return Ok(Ending::Good);
    }
    if let Some(id) = &options.rule {
        super::check::known_rule(&tree.book, id)?;
    }
    let account = derive::subject(&tree, &subject, on, &wanted)?;
    options.format.write(style, |format, style, out| {
        let text = match format {
            Format::Human => explain::tell(&account, &tree.texts, style),
            Format::Json => explain::json(&account, &tree.at, &tree.texts),
        };
        out.write_all(text.as_bytes())
    })?;
    Ok(Ending::Good)
}
