//! How long `check` takes, and how much memory, beside the floor: reading the same bytes and parsing
//! them with `toml` alone. `benches/README.md` says how to read the table.

#![allow(
    clippy::print_stdout,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects
)]

mod common;

use std::{
    fs,
    hint::black_box,
    io,
    path::Path,
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

use common::{SIZES, data, median, millis, quorate, ratio, walk, watched};

use quorate::{
    check::{Selection, Verdict},
    render,
    rulebook::{example, mutant},
    source::{Content, Source},
    tree::Whereabouts,
};
use rayon::prelude::*;
use toml::de::DeTable;

fn main() {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let value = |name: &str| args.iter().position(|arg| arg == name).and_then(|at| args.get(at + 1));
    if let Some(folder) = value("--only-floor") {
        return only_floor(Path::new(folder), value("--at").map(String::as_str));
    }
    if args.iter().any(|arg| arg == "mutants") {
        return mutants();
    }
    let max = value("--max").map_or(usize::MAX, |text| text.parse().expect("`--max` takes a number"));
    println!("{} threads; medians of interleaved rounds; MB are peaks of a process", rayon::current_num_threads());
    shipped();
    println!(
        "\n{:>8} {:<28} {:>9} {:>11} {:>8} {:>8} {:>8}",
        "records", "what", "ms", "records/s", "x floor", "MB", "x bytes"
    );
    for records in SIZES.iter().filter(|size| **size <= max) {
        measure(*records);
    }
}

/// Every mutant of the shipped rules, beside the examples alone.
fn mutants() {
    let folder = common::shipped();
    let at = Whereabouts { start: folder.to_owned(), ..Whereabouts::default() };
    let rules = at.open().and_then(|opened| opened.rules()).expect("the shipped rules can be read");
    let all: Vec<_> = rules.book.all().collect();
    let (mut floor, mut times, mut count) = (Vec::new(), Vec::new(), 0);
    for _ in 0..5 {
        let start = Instant::now();
        all.par_iter().for_each(|rule| drop(black_box(example::run(&rules.book, rule))));
        floor.push(start.elapsed());
        let start = Instant::now();
        count = mutant::survey(&rules.book, &all, &|_, _| {}).all.len();
        times.push(start.elapsed());
    }
    let (floor, time) = (millis(median(&mut floor)), millis(median(&mut times)));
    println!("{} rules: examples {floor:.1} ms; {count} mutants {time:.1} ms, x {:.1}", all.len(), time / floor);
}

/// The whole process over the registry that is shipped.
fn shipped() {
    let folder = common::shipped();
    let mut times: Vec<Duration> = (0..21)
        .map(|_| {
            let start = Instant::now();
            check_process(folder, None).wait().expect("quorate runs");
            start.elapsed()
        })
        .collect();
    println!("shipped registry, whole process: {:.1} ms", millis(median(&mut times)));
}

/// One way to measure: its name, which figure is its floor, and the work.
struct Way<'w> {
    name: &'static str,
    floor: usize,
    /// Gives what was made, to be dropped when the time is taken: the binary never drops it.
    run: &'w dyn Fn() -> Option<Verdict>,
    /// Starts a process that does the same work alone.
    process: &'w dyn Fn() -> Child,
}

fn measure(records: usize) {
    let (folder, bytes) = data(records);
    let folder = folder.as_path();
    let floor_process = |at: Option<&'static str>| {
        let mut command = Command::new(std::env::current_exe().expect("this program has a path"));
        command.arg("--only-floor").arg(folder);
        at.map(|at| command.args(["--at", at]));
        command.stdout(Stdio::null()).spawn().expect("this program runs")
    };
    let ways = [
        Way {
            name: "floor, work tree",
            floor: 0,
            run: &|| {
                floor(folder, None);
                None
            },
            process: &|| floor_process(None),
        },
        Way {
            name: "check, work tree",
            floor: 0,
            run: &|| Some(check(folder, None)),
            process: &|| check_process(folder, None),
        },
        Way {
            name: "floor, --at HEAD",
            floor: 2,
            run: &|| {
                floor(folder, Some("HEAD"));
                None
            },
            process: &|| floor_process(Some("HEAD")),
        },
        Way {
            name: "check, --at HEAD",
            floor: 2,
            run: &|| Some(check(folder, Some("HEAD"))),
            process: &|| check_process(folder, Some("HEAD")),
        },
    ];
    let rounds = if records >= 100_000 { 7 } else { 15 };
    let mut times: Vec<Vec<Duration>> = vec![Vec::new(); ways.len()];
    for round in 0..=rounds {
        for (way, times) in ways.iter().zip(&mut times) {
            let start = Instant::now();
            let made = (way.run)();
            let time = start.elapsed();
            drop(made);
            // What is freed in the background shall not slow the next one.
            rayon::broadcast(|_| ());
            // The first round warms the file cache.
            if round > 0 {
                times.push(time);
            }
        }
    }
    let medians: Vec<Duration> = times.iter_mut().map(|times| median(times)).collect();
    for (way, time) in ways.iter().zip(&medians) {
        let peak = watched((way.process)()).1;
        println!(
            "{records:>8} {:<28} {:>9.1} {:>11.0} {:>8.2} {:>8.1} {:>8.1}",
            way.name,
            millis(*time),
            ratio(records, 1) / time.as_secs_f64(),
            time.as_secs_f64() / medians[way.floor].as_secs_f64(),
            ratio(peak, 1 << 20),
            ratio(peak, bytes),
        );
    }
}

/// Everything that `quorate check --format json` does, but for ending the process.
fn check(folder: &Path, at: Option<&str>) -> Verdict {
    let place = Whereabouts {
        start: folder.to_owned(),
        registry: None,
        rules: None,
        at: at.map(ToOwned::to_owned),
        rules_at: None,
    };
    let tree = place.open().and_then(|opened| opened.tree()).expect("the registry is read");
    let day = tree.day(None).expect("the registry states its position");
    let verdict = tree.judge(day, &Selection::default());
    render::json(&verdict, &mut io::sink()).expect("nothing is written");
    verdict
}

/// Reads the same files and parses them, and looks at nothing in them.
fn floor(folder: &Path, at: Option<&str>) {
    let parse = |text: &str| black_box(DeTable::parse(text).is_ok());
    let Some(at) = at else {
        let mut files = Vec::new();
        for part in ["registry", "rules"] {
            walk(&folder.join(part), &mut files);
        }
        let sound = files.par_iter().filter(|path| parse(&fs::read_to_string(path).expect("a record is read"))).count();
        black_box(sound);
        return;
    };
    let source = Source::open(folder, "registry", Some(at)).expect("the repository is read");
    for part in ["registry", "rules"] {
        let listed = source.list(part).expect("the tree is read");
        let sound = source.read(&listed, |_, content| match content {
            Content::Text(text) => parse(&text),
            Content::Odd(_) => false,
        });
        black_box(sound.expect("the blobs are read").len());
    }
}

fn only_floor(folder: &Path, at: Option<&str>) {
    floor(folder, at);
}

fn check_process(folder: &Path, at: Option<&str>) -> Child {
    let args = ["check", "--format", "json"].into_iter().chain(at.into_iter().flat_map(|at| ["--at", at]));
    quorate(folder, &args.collect::<Vec<_>>())
}
