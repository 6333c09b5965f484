//! Which files of the work tree git ignores.

use std::path::Path;
use std::sync::Arc;

use ignore::Match;
use ignore::gitignore::{Gitignore, GitignoreBuilder};

use crate::source::file;

/// The ignore rules that hold in one folder: its own `.gitignore`, then those above it, then
/// `.git/info/exclude`. The deepest that says anything has the last word.
#[derive(Clone, Default)]
pub(super) struct Rules(Option<Arc<Link>>);

struct Link {
    rules: Gitignore,
    /// How many bytes of a path, from the top, name the folder that the rules lie in.
    depth: usize,
    above: Rules,
}

impl Rules {
    /// Adds the rules that the file `path` gives for the folder `folder`. A file that cannot be read
    /// gives none, and as git does, a symbolic link is not followed.
    pub(super) fn with(&self, path: &Path, folder: &[u8], ignore_case: bool) -> Self {
        let Ok(Ok(bytes)) = file::bytes(path) else { return self.clone() };
        let mut builder = GitignoreBuilder::new("");
        // Only an invalid setting fails, and there is none.
        let _ = builder.case_insensitive(ignore_case);
        let text = String::from_utf8_lossy(&bytes);
        for line in text.trim_start_matches('\u{feff}').lines() {
            // A pattern that is no pattern ignores nothing.
            let _ = builder.add_line(None, line);
        }
        match builder.build() {
            Ok(rules) if !rules.is_empty() => {
                let depth = if folder.is_empty() { 0 } else { folder.len().saturating_add(1) };
                Self(Some(Arc::new(Link { rules, depth, above: self.clone() })))
            }
            _ => self.clone(),
        }
    }

    /// Whether the rules ignore a path, given that they ignore no folder above it.
    pub(super) fn ignore(&self, path: &[u8], is_folder: bool) -> bool {
        let mut next = &self.0;
        while let Some(link) = next {
            let below = String::from_utf8_lossy(path.get(link.depth..).unwrap_or_default());
            match link.rules.matched(Path::new(below.as_ref()), is_folder) {
                Match::None => next = &link.above.0,
                Match::Ignore(_) => return true,
                Match::Whitelist(_) => return false,
            }
        }
        false
    }
}
