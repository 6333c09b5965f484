//! Registries made to be slow: each at some size and at twice that size. Time that grows with the size, or a
//! refusal that says what to do, is what `docs/limits.md` promises. `benches/README.md` says how to read the
//! table.

#![allow(
    clippy::print_stdout,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects
)]

#[allow(dead_code, reason = "shared with the others")]
mod common;

use std::{
    collections::BTreeMap,
    fmt::Write,
    fs,
    path::Path,
    process::{Command, Stdio},
    time::Duration,
};

use common::{median, millis, ratio, watched};

/// A shape: its name, the two sizes, what a unit is, and what it writes.
struct Shape {
    name: &'static str,
    sizes: [usize; 2],
    write: fn(&Path, usize),
}

const SHAPES: &[Shape] = &[
    Shape { name: "alternates, 1 000 for each tenure", sizes: [500_000, 1_000_000], write: alternates },
    Shape { name: "affiliations: a chain", sizes: [20_000, 40_000], write: |to, size| graph(to, size, chain) },
    Shape { name: "affiliations: a star", sizes: [20_000, 40_000], write: |to, size| graph(to, size, star) },
    Shape { name: "affiliations: a ring", sizes: [20_000, 40_000], write: |to, size| graph(to, size, ring) },
    Shape { name: "affiliations: a tree of twos", sizes: [20_000, 40_000], write: |to, size| graph(to, size, tree) },
    Shape { name: "affiliations: 50 of each, afar", sizes: [2_000, 4_000], write: |to, size| graph(to, size, dense) },
    Shape {
        name: "affiliations: of all, on and off",
        sizes: [20_000, 40_000],
        write: |to, size| graph(to, size, blink),
    },
    Shape { name: "one employer of all seats", sizes: [20_000, 40_000], write: seats },
    Shape { name: "versions, 1 000 for each rule", sizes: [5_000, 10_000], write: versions },
    Shape { name: "versions, all of one rule", sizes: [2_000, 10_000], write: one_rule },
    Shape { name: "variations of one rule", sizes: [1_000, 2_000], write: variations },
    Shape { name: "stages of one modification each", sizes: [10_000, 20_000], write: stages },
    Shape { name: "names that differ in one letter", sizes: [20_000, 40_000], write: names },
    Shape { name: "references to nothing", sizes: [50_000, 100_000], write: dangling },
];

fn main() {
    let only = std::env::args().skip(1).find(|arg| !arg.starts_with("--"));
    println!("{} threads; whole processes, medians of three interleaved rounds\n", rayon::current_num_threads());
    println!(
        "{:<34} {:>9} {:>8} {:>9} {:>8} {:>8} {:>6}  what it says",
        "shape", "size", "KB", "ms", "x half", "MB", "status"
    );
    for shape in SHAPES {
        if only.as_ref().is_none_or(|only| shape.name.contains(only.as_str())) {
            measure(shape);
        }
    }
}

fn measure(shape: &Shape) {
    let folders = shape.sizes.map(|size| {
        let folder = tempfile::tempdir().expect("a folder");
        put(&folder.path().join("registry/registry.toml"), POSITION);
        put(&folder.path().join("registry/sources/minutes.toml"), "title = \"Minutes\"\ndate = 2015-01-09\n");
        let mut rules = Vec::new();
        common::walk(&common::shipped().join("rules"), &mut rules);
        for rule in rules.iter().filter(|path| path.extension().is_some_and(|ending| ending == "toml")) {
            let below = rule.strip_prefix(common::shipped()).expect("it lies below");
            put(&folder.path().join(below), &fs::read_to_string(rule).expect("a rule is read"));
        }
        (shape.write)(folder.path(), size);
        folder
    });
    let mut times = [Vec::<Duration>::new(), Vec::new()];
    let mut peaks = [0, 0];
    for _ in 0..3 {
        for (at, folder) in folders.iter().enumerate() {
            let (time, peak) = watched(common::quorate(folder.path(), &["check", "--format", "json"]));
            times[at].push(time);
            peaks[at] = peak.max(peaks[at]);
        }
    }
    let medians = times.map(|mut times| median(&mut times));
    for (at, folder) in folders.iter().enumerate() {
        let growth = medians[at].as_secs_f64() / medians[0].as_secs_f64();
        let (status, said) = said(folder.path());
        println!(
            "{:<34} {:>9} {:>8.0} {:>9.1} {:>8} {:>8.1} {status:>6}  {said}",
            if at == 0 { shape.name } else { "" },
            shape.sizes[at],
            ratio(bytes(folder.path()), 1 << 10),
            millis(medians[at]),
            if at == 0 { "-".to_owned() } else { format!("{growth:.2}") },
            ratio(peaks[at], 1 << 20),
        );
    }
}

/// The exit status, and how many findings there are, mostly of which rules, or why it is refused.
fn said(folder: &Path) -> (i32, String) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_quorate"));
    let run = command.args(["check", "--format", "json", "--repo"]).arg(folder).stdin(Stdio::null()).output();
    let run = run.expect("quorate runs");
    let status = run.status.code().expect("it ends");
    if status == 2 {
        let error = String::from_utf8_lossy(&run.stderr).into_owned();
        let lines: Vec<&str> = error.lines().filter(|line| line.contains("error") || line.contains("help")).collect();
        return (status, lines.join("; ").chars().take(160).collect());
    }
    let text = String::from_utf8_lossy(&run.stdout);
    let mut counts = BTreeMap::<&str, usize>::new();
    for rule in text.split("\"rule\": \"").skip(1).filter_map(|rest| rest.split('"').next()) {
        *counts.entry(rule).or_default() += 1;
    }
    let mut counts: Vec<_> = counts.into_iter().collect();
    counts.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
    let most: Vec<String> = counts.iter().take(3).map(|(rule, count)| format!("{count} {rule}")).collect();
    (
        status,
        format!(
            "{} of {} rules: {}",
            counts.iter().map(|(_, count)| count).sum::<usize>(),
            counts.len(),
            most.join(", ")
        ),
    )
}

fn bytes(folder: &Path) -> usize {
    let mut files = Vec::new();
    common::walk(&folder.join("registry"), &mut files);
    common::walk(&folder.join("rules"), &mut files);
    files.iter().filter_map(|path| fs::metadata(path).ok()).filter_map(|data| usize::try_from(data.len()).ok()).sum()
}

fn put(path: &Path, text: &str) {
    fs::create_dir_all(path.parent().expect("a file lies in a folder")).expect("a folder is made");
    fs::write(path, text).expect("a file is written");
}

const POSITION: &str = "schema = 1\ncode = \"Hostile Code\"\nposition = 2016-09-30\n\n[coverage]\nsources = \"complete\"\n\
    parties = \"complete\"\norganisations = \"complete\"\npeople = \"complete\"\nbodies = \"complete\"\n\
    seats = \"complete\"\nmodifications = \"complete\"\n";
const BODY: &str = "source = [\"minutes\"]\nname = \"SMKI PMA\"\nestablished = 2010-01-01\n";

/// A day of 2010 to 2016, rising with its number.
fn day(at: usize) -> String {
    let day = at % (7 * 12 * 28);
    format!("{}-{:02}-{:02}", 2010 + day / (12 * 28), day / 28 % 12 + 1, day % 28 + 1)
}

fn person(to: &Path, at: usize, by: &str) {
    let text = format!(
        "source = [\"minutes\"]\nname = \"Person {at}\"\nemployment = [{{ by = \"{by}\", from = 2010-01-01 }}]\n"
    );
    put(&to.join(format!("registry/people/person-{at}.toml")), &text);
}

fn party(to: &Path, at: usize, name: &str, affiliations: &str) {
    let text = format!(
        "source = [\"minutes\"]\nname = \"{name}\"\nnumber = \"{:08}\"\nacceded = 2013-11-04\n\
         category = [{{ is = \"small-supplier\", from = 2013-11-04 }}]\naffiliation = [{affiliations}]\n",
        10_000_000 + at
    );
    put(&to.join(format!("registry/parties/party-{at}.toml")), &text);
}

fn alternates(to: &Path, size: usize) {
    put(&to.join("registry/bodies/smki-pma.toml"), BODY);
    for at in 0..1_000 {
        person(to, at, "party-0");
    }
    party(to, 0, "Party", "");
    for seat in 0..size / 1_000 {
        let mut text =
            "source = [\"minutes\"]\nconstituency = \"large-supplier\"\n\n[[tenure]]\nholder = \"person-0\"\n\
            from = 2010-01-01\n"
                .to_owned();
        for at in 0..1_000 {
            writeln!(text, "\n[[tenure.alternate]]\nperson = \"person-{at}\"\nfrom = {}", day(at)).expect("text");
        }
        put(&to.join(format!("registry/seats/smki-pma/large-supplier-{seat}.toml")), &text);
    }
}

/// Whom a party is affiliated with, by number, in a graph of so many.
type Edges = fn(usize, usize) -> Vec<usize>;

fn graph(to: &Path, size: usize, edges: Edges) {
    for at in 0..size {
        let mut list = String::new();
        for (number, with) in edges(at, size).into_iter().enumerate() {
            let until = if std::ptr::fn_addr_eq(edges, blink as Edges) {
                format!(", until = {}", day(115 * number + 60))
            } else {
                String::new()
            };
            write!(list, "{{ with = \"party-{with}\", from = {}{until} }}, ", day(115 * number)).expect("text");
        }
        party(to, at, &format!("Party {at}"), &list);
    }
    put(&to.join("registry/bodies/smki-pma.toml"), BODY);
    for at in 0..size / 10 {
        person(to, at, &format!("party-{}", at * 10));
        let text = format!(
            "source = [\"minutes\"]\nconstituency = \"small-supplier\"\ntenure = [{{ holder = \"person-{at}\", from = 2014-01-01 }}]\n"
        );
        put(&to.join(format!("registry/seats/smki-pma/small-supplier-{at}.toml")), &text);
    }
}

fn chain(at: usize, _: usize) -> Vec<usize> {
    at.checked_sub(1).into_iter().collect()
}

fn star(at: usize, _: usize) -> Vec<usize> {
    if at == 0 { Vec::new() } else { vec![0] }
}

fn ring(at: usize, size: usize) -> Vec<usize> {
    vec![(at + 1) % size]
}

fn tree(at: usize, _: usize) -> Vec<usize> {
    if at == 0 { Vec::new() } else { vec![(at - 1) / 2] }
}

fn dense(at: usize, size: usize) -> Vec<usize> {
    (1..=50).map(|step| (at + step * step * 7) % size).filter(|with| *with != at).collect()
}

fn blink(at: usize, size: usize) -> Vec<usize> {
    (0..20).map(|step| (at + 1 + step % 2) % size).collect()
}

fn seats(to: &Path, size: usize) {
    put(&to.join("registry/bodies/smki-pma.toml"), BODY);
    party(to, 0, "Party", "");
    for at in 0..size {
        person(to, at, "party-0");
        let text = format!(
            "source = [\"minutes\"]\nconstituency = \"small-supplier\"\ntenure = [{{ holder = \"person-{at}\", from = 2014-01-01 }}]\n"
        );
        put(&to.join(format!("registry/seats/smki-pma/small-supplier-{at}.toml")), &text);
    }
}

fn rule(title: &str, versions: usize) -> String {
    let mut text = format!(
        "title = \"{title}\"\nkind = \"obligation\"\nclause = \"practice\"\nlevel = \"warning\"\nof = \"parties\"\n"
    );
    for at in 0..versions {
        let until = if at + 1 < versions { format!("until = {}\n", day(at + 1)) } else { String::new() };
        write!(
            text,
            "\n[[version]]\nfrom = {}\n{until}source = [\"sec-change-2016\"]\nbasis = \"inferred\"\nlist = \"contact\"\nkey = \"for\"\nvalues = [\"security\"]\n",
            day(at)
        )
        .expect("text");
    }
    text
}

fn versions(to: &Path, size: usize) {
    for at in 0..size / 1_000 {
        put(&to.join(format!("rules/hostile-{at}.toml")), &rule("Hostile", 1_000));
    }
    for at in 0..1_000 {
        party(to, at, &format!("Party {at}"), "");
    }
}

fn one_rule(to: &Path, size: usize) {
    put(&to.join("rules/hostile.toml"), &rule("Hostile", size));
}

fn variations(to: &Path, size: usize) {
    put(&to.join("rules/hostile.toml"), &rule("Hostile", 1));
    for at in 0..size {
        let text = format!(
            "title = \"Variation\"\nkind = \"variation\"\nclause = \"X6\"\nlevel = \"warning\"\npower = \"X6\"\n\n[[effect]]\n\
             op = \"vary\"\ntarget = \"hostile\"\nset = {{ values = [\"testing\"] }}\nfrom = {}\nuntil = {}\n\
             source = [\"sec-change-2016\"]\nbasis = \"inferred\"\n",
            day(at),
            day(at + 1)
        );
        put(&to.join(format!("rules/hostile-variation-{at}.toml")), &text);
    }
    for at in 0..1_000 {
        party(to, at, &format!("Party {at}"), "");
    }
}

fn stages(to: &Path, size: usize) {
    for file in 0..size / 1_000 {
        let mut text = format!("source = [\"minutes\"]\ntitle = \"Proposal {file}\"\nproposer = \"unknown\"\n");
        for at in 0..1_000 {
            writeln!(text, "\n[[step]]\nto = \"refinement\"\non = {}", day(at)).expect("text");
        }
        put(&to.join(format!("registry/modifications/SECMP{file:04}.toml")), &text);
    }
}

fn names(to: &Path, size: usize) {
    for at in 0..size {
        // As many letters that look alike as the number has ones.
        let name: String = (0..16).map(|bit| if at >> bit & 1 == 1 { '\u{430}' } else { 'a' }).collect();
        party(to, at, &name, "");
    }
}

fn dangling(to: &Path, size: usize) {
    for at in 0..size {
        person(to, at, &format!("party-{at}"));
    }
}
