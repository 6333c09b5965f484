//! What the documentation shows is so: commands print what the README says, excerpts are in their
//! files, and every kind of rule has a whole page. `BLESS=1 cargo test readme` writes the
//! output of the commands anew.

use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use quorate::kind::{KINDS, TO_COME};

/// The sections that the page of a kind has, in order.
const SECTIONS: [&str; 7] =
    ["Requires", "Parameters", "Subject and slots", "Outcomes", "Which version", "Example", "Remedy"];

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn read(path: &Path) -> String {
    fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// A fenced block: what stands behind the fence, and the text in it.
struct Block {
    info: String,
    text: String,
    /// The line of the first line in it, from 0.
    line: usize,
}

impl Block {
    /// The first word behind the fence, and the rest.
    fn info(&self) -> (&str, &str) {
        self.info.split_once(' ').unwrap_or((&self.info, ""))
    }
}

fn blocks(markdown: &str) -> Vec<Block> {
    let mut found = Vec::new();
    let mut open: Option<Block> = None;
    for (number, line) in markdown.lines().enumerate() {
        match (&mut open, line.strip_prefix("```")) {
            (None, Some(info)) => {
                open = Some(Block { info: info.to_owned(), text: String::new(), line: number + 1 });
            }
            (Some(_), Some(_)) => found.extend(open.take()),
            (Some(block), None) => {
                block.text.push_str(line);
                block.text.push('\n');
            }
            (None, None) => {}
        }
    }
    assert!(open.is_none(), "a block is not closed");
    found
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let target = to.join(entry.file_name());
        if entry.file_type().unwrap().is_dir() {
            copy(&entry.path(), &target);
        } else {
            fs::copy(entry.path(), target).unwrap();
        }
    }
}

/// Runs `quorate …`, with a pipe into `head -n N` or `tail -n N` if one is written, and gives what
/// is printed.
fn run(line: &str, folder: &Path, exit: i32) -> String {
    let (command, pipe) = line.split_once(" | ").unwrap_or((line, ""));
    let mut words = command.split_whitespace();
    assert_eq!(words.next(), Some("quorate"), "`{line}`: only quorate is run");
    let output = Command::new(env!("CARGO_BIN_EXE_quorate"))
        .args(words)
        .current_dir(folder)
        .env_clear()
        .env("LC_ALL", "C.UTF-8")
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(exit), "`{line}`: {}", String::from_utf8_lossy(&output.stderr));
    assert_eq!(String::from_utf8_lossy(&output.stderr), "", "`{line}` says something on stderr");
    let text = String::from_utf8(output.stdout).unwrap();
    let lines: Vec<&str> = text.lines().collect();
    let count = |pipe: &str| pipe.parse::<usize>().unwrap_or_else(|_| panic!("`{line}`: how many lines?"));
    let shown = if let Some(head) = pipe.strip_prefix("head -n ") {
        &lines[..count(head).min(lines.len())]
    } else if let Some(tail) = pipe.strip_prefix("tail -n ") {
        &lines[lines.len().saturating_sub(count(tail))..]
    } else {
        assert_eq!(pipe, "", "`{line}`: only head and tail are known");
        &lines
    };
    shown.iter().map(|line| format!("{}\n", line.trim_end())).collect()
}

/// Runs the commands of the README in a copy of records and rules, in order. A block that names a
/// file which does not exist is written to the copy first.
#[test]
fn the_readme_shows_what_is_printed() {
    let path = root().join("README.md");
    let readme = read(&path);
    let folder = tempfile::tempdir().unwrap();
    for name in ["registry", "rules"] {
        copy(&root().join(name), &folder.path().join(name));
    }
    let mut lines: Vec<String> = readme.lines().map(ToOwned::to_owned).collect();
    let mut commands = 0;
    // From the last to the first, so that the lines before keep their numbers.
    let mut changes: Vec<(usize, usize, Vec<String>)> = Vec::new();
    for block in blocks(&readme) {
        let (language, rest) = block.info();
        if language == "toml" && !root().join(rest).exists() {
            fs::write(folder.path().join(rest), &block.text).unwrap();
        }
        if language != "console" {
            continue;
        }
        let exit = rest.strip_prefix("exit=").map_or(0, |exit| exit.parse().unwrap());
        let mut made = String::new();
        for command in block.text.lines().filter_map(|line| line.strip_prefix("$ ")) {
            commands += 1;
            made.push_str(&format!("$ {command}\n{}", run(command, folder.path(), exit)));
        }
        assert_ne!(made, "", "line {}: a block of a console begins with `$ quorate …`", block.line);
        if std::env::var_os("BLESS").is_some() {
            let made = made.lines().map(ToOwned::to_owned).collect();
            changes.push((block.line, block.line + block.text.lines().count(), made));
        } else {
            assert_eq!(block.text, made, "README.md, line {}: `BLESS=1 cargo test readme`", block.line);
        }
    }
    assert!(commands > 0, "the README shows no command");
    for (from, until, made) in changes.into_iter().rev() {
        lines.splice(from..until, made);
    }
    if std::env::var_os("BLESS").is_some() {
        fs::write(path, lines.join("\n") + "\n").unwrap();
    }
}

/// The pages that quote files: the README and all below `docs/`.
fn pages() -> Vec<PathBuf> {
    let mut found = vec![root().join("README.md")];
    for folder in ["docs", "docs/kinds"] {
        let entries = fs::read_dir(root().join(folder)).unwrap().map(|entry| entry.unwrap().path());
        found.extend(entries.filter(|path| path.extension().is_some_and(|extension| extension == "md")));
    }
    found.sort();
    found
}

#[test]
fn an_excerpt_is_in_its_file() {
    let mut excerpts = 0;
    for page in pages() {
        for block in blocks(&read(&page)) {
            let (language, path) = block.info();
            let file = root().join(path);
            // The README also has a file that is yet to be written.
            let is_new = page.ends_with("README.md") && !file.exists();
            if language == "toml" && !path.is_empty() && !is_new {
                excerpts += 1;
                assert!(
                    read(&file).contains(&block.text),
                    "{}, line {}: `{path}` does not say so (any more)",
                    page.display(),
                    block.line
                );
            }
        }
    }
    assert!(excerpts > 0);
}

#[test]
fn a_link_leads_somewhere() {
    let more = ["CONTRIBUTING.md", "CHANGELOG.md", "SECURITY.md", "registry/README.md", "rules/README.md"];
    for page in pages().into_iter().chain(more.map(|name| root().join(name))) {
        let text = read(&page);
        for target in text.split("](").skip(1).filter_map(|rest| rest.split(')').next()) {
            if !target.contains("://") && !target.starts_with('#') {
                let path = page.parent().unwrap().join(target.split('#').next().unwrap_or(""));
                assert!(path.exists(), "{}: there is no `{target}`", page.display());
            }
        }
    }
}

#[test]
fn a_kind_has_a_whole_page() {
    let index = read(&root().join("docs/README.md"));
    let to_come: Vec<String> = TO_COME.iter().map(|name| format!("`{name}`")).collect();
    let sentence = format!("Still to come, and refused by name: {}.", to_come.join(", "));
    assert_eq!(index.contains(&sentence), !to_come.is_empty(), "docs/README.md: {to_come:?}");
    for kind in KINDS {
        let (name, page) = (kind.name(), kind.doc());
        assert!(index.contains(&format!("(kinds/{name}.md)")), "docs/README.md does not list `{name}`");
        assert!(page.starts_with(&format!("# {name}\n")), "the page of `{name}` has another heading");
        let sections: Vec<&str> = page.lines().filter_map(|line| line.strip_prefix("## ")).collect();
        assert_eq!(sections, SECTIONS, "the sections of `{name}`");
        for key in kind.about_keys().iter().chain(kind.terms_keys()) {
            assert!(page.contains(&format!("`{}`", key.name)), "the page of `{name}` does not have `{}`", key.name);
        }
    }
}

/// Who looks into what quorate rests on finds each crate, and none that it no longer uses.
#[test]
fn every_dependency_says_what_it_is_for() {
    let manifest = read(&root().join("Cargo.toml"));
    let manifest: toml_edit::DocumentMut = manifest.parse().unwrap();
    let tables = [&manifest["dependencies"], &manifest["target"]["cfg(unix)"]["dependencies"]];
    let wanted: BTreeSet<&str> =
        tables.into_iter().flat_map(|table| table.as_table().unwrap().iter().map(|(name, _)| name)).collect();
    let page = read(&root().join("docs/supply-chain.md"));
    let rows = page.lines().filter(|line| line.starts_with("| `"));
    let told: BTreeSet<&str> =
        rows.flat_map(|row| row.split('|').nth(1).unwrap_or_default().split('`').skip(1).step_by(2)).collect();
    assert_eq!(told, wanted);
}
