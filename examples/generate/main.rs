//! Writes a fictional registry, with the rules beside it, as a git repository of one packed commit:
//! `cargo run --release --example generate -- --records 10000 DIR`.

#![allow(clippy::indexing_slicing, clippy::arithmetic_side_effects, reason = "it invents records, from no input")]

mod draw;
mod registry;
mod write;

use std::{error::Error, io::Write, path::PathBuf};

use clap::Parser;

/// Writes a fictional registry and commits it to git.
#[derive(Debug, Parser)]
#[command(name = "generate", about, max_term_width = 100)]
struct Options {
    /// How many records, of all kinds.
    #[arg(long, default_value_t = 1000)]
    records: usize,
    /// Which share of the records breaks a rule, such as 0.01.
    #[arg(long, value_name = "SHARE", default_value_t = 0.01)]
    breaches: f64,
    /// The same seed gives the same bytes.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// The rules to copy beside the records.
    #[arg(long, value_name = "DIR", default_value = concat!(env!("CARGO_MANIFEST_DIR"), "/rules"))]
    rules: PathBuf,
    /// Files only, no repository.
    #[arg(long)]
    no_git: bool,
    /// The folder to write: absent or empty.
    folder: PathBuf,
}

fn main() -> Result<(), Box<dyn Error>> {
    let options = Options::parse();
    let order = registry::Order::new(options.records, options.breaches, options.seed);
    let made = registry::make(&order)?;
    write::files(&options.folder, &made, &options.rules)?;
    if !options.no_git {
        write::commit(&options.folder)?;
    }
    report(&options, &made)?;
    Ok(())
}

/// Says what was written, and what is wrong with it.
fn report(options: &Options, made: &registry::Made) -> std::io::Result<()> {
    let mut out = std::io::stdout().lock();
    let bytes: usize = made.files.iter().map(|(_, text)| text.len()).sum();
    let mean = bytes / made.records.max(1);
    writeln!(out, "{} records, {bytes} bytes, {mean} a record, in {}", made.records, options.folder.display())?;
    for one in &made.planted {
        let derogated =
            if one.derogated > 0 { format!(", and {} under a derogation", one.derogated) } else { String::new() };
        writeln!(out, "planted {:>6} {:<8} {}{derogated}", one.stands, one.level, one.rule)?;
    }
    Ok(())
}
