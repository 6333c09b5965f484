//! Why we could not judge: usage, repository, rulebook. Never used for what the records say.

use std::path::PathBuf;

use crate::finding::Finding;

/// The tool could not judge. Every variant ends the run with exit status 2.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// What was asked for makes no sense. Whoever typed the command must act.
    #[error("{what}")]
    Usage {
        /// What is wrong with it.
        what: String,
        /// What to type instead.
        hint: Option<String>,
    },
    /// There is no registry where it was looked for.
    #[error("no `{wanted}` in `{}` or in any folder above it", .from.display())]
    NoRegistry {
        /// The file that marks a registry, relative to its root.
        wanted: String,
        /// The folder where the search began.
        from: PathBuf,
    },
    /// A file or folder of the tool's own choosing could not be read.
    #[error("cannot read `{}`: {why}", .path.display())]
    Unreadable {
        /// The path.
        path: PathBuf,
        /// What the system said.
        why: String,
    },
    /// The git repository, or a revision of it, could not be read.
    #[error("git: {what}")]
    Git {
        /// What could not be done, with the reason.
        what: String,
        /// What would mend it.
        hint: Option<String>,
    },
    /// The rules cannot be read, so nothing can be judged by them.
    #[error("the rulebook has {} problem(s) and cannot judge", .findings.len())]
    Rulebook {
        /// Each problem, at its place in the rule files.
        findings: Vec<Finding>,
        /// The texts that the places lie in.
        texts: Box<crate::text::Texts>,
    },
    /// What was printed could not be written.
    #[error("cannot write {to}: {source}")]
    Write {
        /// Where to.
        to: String,
        /// What the system said.
        source: std::io::Error,
    },
}

impl Error {
    /// A usage error with a hint.
    pub fn usage(what: impl Into<String>, hint: impl Into<String>) -> Self {
        Self::Usage { what: what.into(), hint: Some(hint.into()) }
    }

    /// A git error with a hint.
    pub fn git(what: impl Into<String>, hint: impl Into<String>) -> Self {
        Self::Git { what: what.into(), hint: Some(hint.into()) }
    }

    /// What whoever must act should do, where that is known.
    pub fn hint(&self) -> Option<&str> {
        match self {
            Self::Usage { hint, .. } | Self::Git { hint, .. } => hint.as_deref(),
            Self::NoRegistry { .. } => {
                Some("run quorate inside a repository with a registry, or name it with `--repo DIR`")
            }
            Self::Rulebook { .. } => Some("mend the rule files first: a rulebook in doubt judges nobody"),
            Self::Unreadable { .. } | Self::Write { .. } => None,
        }
    }

    /// Whether the reader of our output went away, which is no failure of ours.
    pub fn is_broken_pipe(&self) -> bool {
        matches!(self, Self::Write { source, .. } if source.kind() == std::io::ErrorKind::BrokenPipe)
    }
}
