//! What publishing costs: the newsletter, the Modification Register and the web site, beside the check of
//! the same registry in the same run. `benches/README.md` says how to read the table.

#![allow(
    clippy::print_stdout,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects
)]

#[allow(dead_code, reason = "shared with the others")]
mod common;

use std::{fs, path::Path, time::Duration};

use common::{SIZES, data, median, millis, quorate, ratio, walk, watched};

/// What is measured: its name, and the arguments that make it.
type Way = (&'static str, Vec<String>);

fn main() {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let max = args.iter().position(|arg| arg == "--max").and_then(|at| args.get(at + 1));
    let max = max.map_or(usize::MAX, |text| text.parse().expect("`--max` takes a number"));
    println!("{} threads; whole processes, medians of interleaved rounds", rayon::current_num_threads());
    println!(
        "\n{:>8} {:<26} {:>9} {:>8} {:>8} {:>7} {:>8} {:>8}",
        "records", "what", "ms", "x check", "MB", "pages", "pages/s", "MB made"
    );
    measure("shipped", common::shipped(), 9);
    for records in SIZES.iter().filter(|size| **size <= max) {
        measure(&records.to_string(), &data(*records).0, if *records >= 100_000 { 3 } else { 7 });
    }
}

fn measure(records: &str, folder: &Path, rounds: usize) {
    let made = tempfile::tempdir().expect("a folder");
    let site = made.path().join("site");
    let out = |name: &str| made.path().join(name).display().to_string();
    let words = |text: &str| text.split_whitespace().map(ToOwned::to_owned).collect::<Vec<_>>();
    let report = |text: &str, name: &str| {
        let mut args = words(&format!("report {text} --draft"));
        args.extend(["--out".to_owned(), out(name)]);
        args
    };
    // The last two differ by what lies there: nothing, or the same pages, of which none is written again.
    let ways: [Way; 6] = [
        ("check", words("check --format json --fail-on never")),
        ("newsletter, Markdown", report("newsletter --month 2016-09", "newsletter.md")),
        ("newsletter, HTML", report("newsletter --month 2016-09 --format html", "newsletter.html")),
        ("modifications, CSV", report("modifications --format csv", "modifications.csv")),
        ("site, new", report("site --no-history", "site")),
        ("site, again", report("site --no-history", "site")),
    ];
    let mut times: Vec<Vec<Duration>> = vec![Vec::new(); ways.len()];
    let mut peaks = vec![0; ways.len()];
    let mut sizes = vec![(0, 0); ways.len()];
    for round in 0..=rounds {
        for (at, (name, args)) in ways.iter().enumerate() {
            if *name == "site, new" {
                fs::remove_dir_all(&site).ok();
            }
            let args: Vec<&str> = args.iter().map(String::as_str).collect();
            let (time, peak) = watched(quorate(folder, &args));
            // The first round warms the file cache.
            if round > 0 {
                times[at].push(time);
            }
            peaks[at] = peak.max(peaks[at]);
            sizes[at] = args.last().filter(|_| args.contains(&"--out")).map_or((0, 0), |out| size(Path::new(out)));
        }
    }
    let medians: Vec<Duration> = times.iter_mut().map(|times| median(times)).collect();
    for (at, (name, _)) in ways.iter().enumerate() {
        let (pages, bytes) = sizes[at];
        let per_second = ratio(pages, 1) / medians[at].as_secs_f64();
        println!(
            "{records:>8} {name:<26} {:>9.1} {:>8.2} {:>8.1} {pages:>7} {per_second:>8.0} {:>8.2}",
            millis(medians[at]),
            medians[at].as_secs_f64() / medians[0].as_secs_f64(),
            ratio(peaks[at], 1 << 20),
            ratio(bytes, 1 << 20),
        );
    }
}

/// How many files were made, and their bytes.
fn size(made: &Path) -> (usize, usize) {
    let mut files = Vec::new();
    if made.is_dir() {
        walk(made, &mut files);
    } else {
        files.push(made.to_owned());
    }
    let bytes = |path: &std::path::PathBuf| fs::metadata(path).ok().and_then(|data| usize::try_from(data.len()).ok());
    (files.iter().filter(|path| path.is_file()).count(), files.iter().filter_map(bytes).sum())
}
