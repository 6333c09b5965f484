//! Runs every fuzz target for some seconds with the stable compiler: seeds, and mutations of them.
//! `cargo run --example smoke -- --seconds 15`. It has no notion of coverage: `cargo fuzz` has
//! (fuzz/README.md). `--write DIR` writes the seeds for that.

#![allow(clippy::pedantic, clippy::expect_used, clippy::print_stdout, clippy::print_stderr, clippy::panic)]
#![allow(clippy::indexing_slicing, clippy::arithmetic_side_effects, reason = "a harness may panic")]

#[path = "../fuzz/targets.rs"]
mod targets;

use std::{
    error::Error,
    fs,
    panic::{AssertUnwindSafe, catch_unwind},
    path::PathBuf,
    process::ExitCode,
    time::{Duration, Instant},
};

use clap::Parser;

/// Runs the fuzz targets with mutations of their seeds.
#[derive(Debug, Parser)]
#[command(name = "smoke", about, max_term_width = 100)]
struct Options {
    /// How long each target runs, after all its seeds.
    #[arg(long, default_value_t = 15)]
    seconds: u64,
    /// Only this target; repeatable.
    #[arg(long)]
    target: Vec<String>,
    /// The same seed gives the same inputs, in the same order.
    #[arg(long, default_value_t = 20_160_930)]
    seed: u64,
    /// Runs one input of `--target`, from a file.
    #[arg(long, value_name = "FILE")]
    input: Option<PathBuf>,
    /// Writes the seeds of each target into `DIR/TARGET/` and runs nothing.
    #[arg(long, value_name = "DIR")]
    write: Option<PathBuf>,
}

fn main() -> Result<ExitCode, Box<dyn Error>> {
    let options = Options::parse();
    let mut ending = ExitCode::SUCCESS;
    for (name, target) in targets::ALL {
        if !options.target.is_empty() && !options.target.iter().any(|wanted| wanted == name) {
            continue;
        }
        if let Some(input) = &options.input {
            target(&fs::read(input)?);
            continue;
        }
        let seeds = targets::seeds(name);
        if let Some(folder) = &options.write {
            let folder = folder.join(name);
            fs::create_dir_all(&folder)?;
            for (number, seed) in seeds.iter().enumerate() {
                fs::write(folder.join(format!("seed-{number:04}")), seed)?;
            }
            continue;
        }
        if let Some(input) = run(name, *target, &seeds, &options) {
            let path = std::env::temp_dir().join(format!("quorate-smoke-{name}"));
            fs::write(&path, input)?;
            eprintln!("{name}: FAILED; `--target {name} --input {}` shows it again", path.display());
            ending = ExitCode::FAILURE;
        }
    }
    Ok(ending)
}

/// Runs one target, and gives the input that it failed on.
fn run(name: &str, target: targets::Target, seeds: &[Vec<u8>], options: &Options) -> Option<Vec<u8>> {
    let mut random = fastrand::Rng::with_seed(options.seed);
    let holds = |input: &[u8]| catch_unwind(AssertUnwindSafe(|| target(input))).is_ok();
    if let Some(bad) = seeds.iter().find(|seed| !holds(seed)) {
        return Some(bad.clone());
    }
    let (from, mut runs, mut slowest) = (Instant::now(), 0_u64, Duration::ZERO);
    while from.elapsed() < Duration::from_secs(options.seconds) {
        let input = mutated(seeds, &mut random);
        let began = Instant::now();
        if !holds(&input) {
            return Some(input);
        }
        slowest = slowest.max(began.elapsed());
        runs += 1;
    }
    let seconds = from.elapsed().as_secs_f64();
    println!(
        "{name}: {} seeds, {runs} mutations in {seconds:.0} s, the slowest {} ms",
        seeds.len(),
        slowest.as_millis()
    );
    None
}

/// What breaks texts and formats, and what looks like more of the same.
const ODD: &[&[u8]] = &[
    b"[",
    b"]",
    b"{",
    b"}",
    b"\"",
    b"\"\"\"",
    b"'",
    b"=",
    b",",
    b".",
    b"#",
    b"\\",
    b"\n",
    b"\r\n",
    b"\0",
    b"\xff",
    b"[[",
    b"]]",
    b"[[version]]\n",
    b"\nx = 1\n",
    b"2016-02-30",
    b"99999999999999999999",
    b"-1",
    b"nan",
    b"\"unknown\"",
    b"\"2016-13\"",
    b"{ }",
    b"[ ]",
    b"\x1b[31m",
    b"\n::error::",
    b"<![CDATA[",
    b"&#0;",
    b"\x1e",
    "é".as_bytes(),
    "🍎".as_bytes(),
    "\u{feff}".as_bytes(),
    "\u{202e}".as_bytes(),
];

/// A seed with some changes, or pieces of two.
fn mutated(seeds: &[Vec<u8>], random: &mut fastrand::Rng) -> Vec<u8> {
    let mut input = seeds[random.usize(..seeds.len())].clone();
    for _ in 0..random.usize(1..6) {
        let at = random.usize(..=input.len());
        let end = (at + random.usize(..=40)).min(input.len());
        match random.u8(..7) {
            0 => drop(input.drain(at..end)),
            1 => {
                let piece = input[at..end].to_vec();
                drop(input.splice(end..end, piece));
            }
            2 if at < input.len() => input[at] ^= 1 << random.u8(..8),
            3 if at < input.len() => input[at] = random.u8(..),
            4 => {
                let other = &seeds[random.usize(..seeds.len())];
                let from = random.usize(..=other.len());
                let to = (from + random.usize(..=200)).min(other.len());
                drop(input.splice(at..at, other[from..to].iter().copied()));
            }
            5 => {
                let (digits, any) =
                    (input.iter().enumerate().filter(|(_, byte)| byte.is_ascii_digit()), random.u8(b'0'..=b'9'));
                let places: Vec<usize> = digits.map(|(at, _)| at).collect();
                if !places.is_empty() {
                    input[places[random.usize(..places.len())]] = any;
                }
            }
            _ => drop(input.splice(at..at, ODD[random.usize(..ODD.len())].iter().copied())),
        }
    }
    input
}
