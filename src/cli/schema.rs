//! `quorate schema`: the JSON Schema of a file or of an output.

use std::path::PathBuf;

use clap::{Args, Subcommand};

use super::{Cli, Ending, print};
use crate::{
    decode::{Reader, meant, read_document},
    error::Error,
    kind::KINDS,
    record::Kind,
    rulebook::code::Code,
    schema::{self, Words, output},
    text::FileId,
};

/// The help below the options of `quorate schema` and of each thing it describes.
macro_rules! help {
    ($($example:literal)+) => {
        concat!(
            "Examples:\n",
            $("  quorate schema ", $example, "\n",)+
            "\nExit status: 0 printed; 2 there is no such thing, or no `code.toml` can be read."
        )
    };
}

/// What `quorate schema` takes.
#[derive(Debug, Args)]
#[command(after_help = help!("record seats" "rule window --code rules/code.toml" "output check"))]
pub(super) struct Options {
    /// The `code.toml` whose words the schema lists, or `none` for a schema of every code; by
    /// default that of the rulebook found, if one is.
    #[arg(long, global = true, value_name = "FILE")]
    code: Option<PathBuf>,
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, Subcommand)]
enum What {
    /// A record of a kind: seats, meetings, …
    #[command(after_help = help!("record seats"))]
    Record {
        /// The kind: the folder under `registry/`.
        kind: String,
    },
    /// A rule of a kind, or of any kind.
    #[command(after_help = help!("rule window" "rule --code none"))]
    Rule {
        /// The kind; left out: a rule of any, or a variation.
        kind: Option<String>,
    },
    /// `rules/code.toml`.
    #[command(after_help = help!("code"))]
    Code,
    /// `registry/registry.toml`.
    #[command(after_help = help!("registry"))]
    Registry,
    /// `rules/sources/KEY.toml`.
    #[command(after_help = help!("source"))]
    Source,
    /// `rules/calendars/NAME.toml`.
    #[command(after_help = help!("calendar"))]
    Calendar,
    /// `rules/fixtures/NAME.toml`.
    #[command(after_help = help!("fixture"))]
    Fixture,
    /// `rules/coverage.toml`.
    #[command(after_help = help!("coverage"))]
    Coverage,
    /// A transitional variation.
    #[command(after_help = help!("variation"))]
    Variation,
    /// What a command prints as JSON.
    #[command(after_help = help!("output" "output due"))]
    Output {
        /// The command: check, due, explain, audit, log or coverage.
        #[arg(default_value = "check")]
        command: String,
    },
}

pub(super) fn run(cli: &Cli, options: &Options) -> Result<Ending, Error> {
    let words = || words(cli, options);
    let made = match &options.what {
        What::Record { kind } => schema::record(Kind::named(kind, "ID")?, &words()?),
        What::Rule { kind: None } => schema::any_rule(&words()?),
        What::Rule { kind: Some(name) } if name == "variation" => schema::variation(&words()?),
        What::Rule { kind: Some(name) } => {
            let kind = KINDS.iter().find(|kind| kind.name() == name.as_str()).ok_or_else(|| no_kind(name))?;
            schema::rule(*kind, &words()?)
        }
        What::Code => schema::code(),
        What::Registry => schema::registry(&words()?),
        What::Source => schema::source(),
        What::Calendar => schema::calendar(),
        What::Fixture => schema::fixture(&words()?),
        What::Coverage => schema::coverage(),
        What::Variation => schema::variation(&words()?),
        What::Output { command } => output::schema(command).ok_or_else(|| no_output(command))?,
    };
    print(&schema::text(&made))?;
    Ok(Ending::Good)
}

/// The words that the schema lists.
fn words(cli: &Cli, options: &Options) -> Result<Words, Error> {
    match &options.code {
        Some(path) if path.as_os_str() == "none" => Ok(Words::default()),
        Some(path) => of_file(path),
        None => match cli.whereabouts(None).open() {
            Ok(opened) => Ok(Words::of(&opened.rules()?.book)),
            // Nothing is there to take words from.
            Err(Error::NoRegistry { .. }) if cli.rules.is_none() && cli.registry.is_none() => Ok(Words::default()),
            Err(error) => Err(error),
        },
    }
}

fn of_file(path: &std::path::Path) -> Result<Words, Error> {
    let unreadable = |why: String| Error::Unreadable { path: path.to_owned(), why };
    let text = std::fs::read_to_string(path).map_err(|why| unreadable(why.to_string()))?;
    let (code, reader) = read_document(&text, Reader::new(FileId(0)).of_rule(), |reader, table, span| {
        Code::read(FileId(0), reader, table, span)
    });
    match reader.into_problems().first() {
        Some(problem) => Err(unreadable(problem.message.clone())),
        None => Ok(Words::of_code(&code)),
    }
}

fn no_kind(name: &str) -> Error {
    let names: Vec<&str> = KINDS.iter().map(|kind| kind.name()).chain(["variation"]).collect();
    let hint = meant(name, names.iter().copied(), &format!("the kinds are {}", names.join(", ")));
    Error::usage(format!("`{name}` is no kind of rule"), hint)
}

fn no_output(name: &str) -> Error {
    let names: Vec<&str> = output::names().collect();
    let hint = meant(name, names.iter().copied(), &format!("those that print JSON are {}", names.join(", ")));
    Error::usage(format!("`{name}` prints no JSON that has a schema"), hint)
}
