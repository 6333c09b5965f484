//! What the benchmarks share: generated registries, written once; medians; the memory of a process.

#[path = "../../examples/generate/draw.rs"]
#[allow(dead_code, reason = "what draws records")]
pub(crate) mod draw;
#[path = "../../examples/generate/registry.rs"]
#[allow(dead_code, reason = "what was planted is for tests")]
pub(crate) mod registry;
#[path = "../../examples/generate/write.rs"]
#[allow(dead_code, reason = "not every benchmark writes registries")]
mod write;

use std::{
    fs,
    hash::{DefaultHasher, Hash, Hasher},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

/// The numbers of records that are measured.
pub(crate) const SIZES: &[usize] = &[1_000, 10_000, 100_000];
const SEED: u64 = 1;
const BREACHES: f64 = 0.01;

/// The folder of the registry and the rules that are shipped.
pub(crate) fn shipped() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// Where benchmarks keep what they made.
pub(crate) fn kept() -> PathBuf {
    Path::new(env!("CARGO_TARGET_TMPDIR")).with_file_name("bench-data")
}

/// The folder of a generated registry and the bytes of its records; written once for each content.
pub(crate) fn data(records: usize) -> (PathBuf, usize) {
    let made = registry::make(&registry::Order::new(records, BREACHES, SEED)).expect("a registry is made");
    let bytes = made.files.iter().map(|(_, text)| text.len()).sum();
    let rules = shipped().join("rules");
    let mut files = Vec::new();
    walk(&rules, &mut files);
    files.sort();
    let mut hasher = DefaultHasher::new();
    made.files.hash(&mut hasher);
    for path in &files {
        fs::read(path).expect("a rule is read").hash(&mut hasher);
    }
    let folder = kept().join(format!("{records}-{SEED}-{:016x}", hasher.finish()));
    if !folder.exists() {
        let draft = kept().join(format!("draft-{}", std::process::id()));
        write::files(&draft, &made, &rules).expect("the registry is written");
        write::commit(&draft).expect("the registry is committed");
        fs::rename(&draft, &folder).expect("the folder gets its name");
    }
    (folder, bytes)
}

/// Every file below a folder.
pub(crate) fn walk(folder: &Path, files: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).expect("a folder is read").flatten() {
        let path = entry.path();
        if entry.file_type().is_ok_and(|kind| kind.is_dir()) {
            walk(&path, files);
        } else {
            files.push(path);
        }
    }
}

/// `quorate` with these arguments, on the registry of a folder; what it prints goes nowhere.
pub(crate) fn quorate(folder: &Path, args: &[&str]) -> Child {
    let mut command = Command::new(env!("CARGO_BIN_EXE_quorate"));
    command.args(args).arg("--repo").arg(folder).stdout(Stdio::null()).stderr(Stdio::null());
    command.spawn().expect("quorate runs")
}

/// How long a process runs, and the most memory that it ever had, in bytes; looked at until it ends.
pub(crate) fn watched(mut child: Child) -> (Duration, usize) {
    let start = Instant::now();
    let status = format!("/proc/{}/status", child.id());
    let mut most = 0;
    while child.try_wait().expect("a process ends").is_none() {
        let text = fs::read_to_string(&status).unwrap_or_default();
        let line = text.lines().find_map(|line| line.strip_prefix("VmHWM:"));
        let kib = line.and_then(|line| line.trim().strip_suffix(" kB")?.trim().parse::<usize>().ok());
        most = most.max(kib.unwrap_or(0) << 10);
        std::thread::sleep(Duration::from_micros(500));
    }
    (start.elapsed(), most)
}

pub(crate) fn median(times: &mut [Duration]) -> Duration {
    times.sort_unstable();
    times[times.len() / 2]
}

pub(crate) fn millis(time: Duration) -> f64 {
    time.as_secs_f64() * 1e3
}

#[allow(clippy::cast_precision_loss, reason = "figures for people")]
pub(crate) fn ratio(one: usize, other: usize) -> f64 {
    one as f64 / other as f64
}
