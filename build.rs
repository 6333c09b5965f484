//! Names this very build: a hash of the sources and of the versions of what they stand on. What an audit
//! keeps for the next one is believed by the same build alone.

#![allow(clippy::print_stdout, reason = "how a build script speaks to cargo")]

use std::{
    collections::BTreeMap,
    fs,
    hash::{DefaultHasher, Hash, Hasher},
    path::{Path, PathBuf},
};

fn main() {
    let mut files = BTreeMap::new();
    for root in ["src", "Cargo.toml", "Cargo.lock"] {
        println!("cargo::rerun-if-changed={root}");
        gather(Path::new(root), &mut files);
    }
    let mut hasher = DefaultHasher::new();
    files.hash(&mut hasher);
    println!("cargo::rustc-env=QUORATE_BUILD={:016x}", hasher.finish());
}

fn gather(path: &Path, files: &mut BTreeMap<PathBuf, Vec<u8>>) {
    let Ok(entries) = fs::read_dir(path) else {
        files.extend(fs::read(path).map(|bytes| (path.to_owned(), bytes)));
        return;
    };
    for entry in entries.flatten() {
        gather(&entry.path(), files);
    }
}
