//! What the checker would say once a file is written, and did not say before.

use crate::{
    check::{self, Selection},
    day::Day,
    delta::{self, Sides},
    error::Error,
    finding::{Finding, Level, Status},
    text::Texts,
    tree::{Opened, Tree},
};

/// Findings about the place of a record, and its size: with one of them it is not written at all.
const NO_PLACE: [&str; 5] = ["record-case", "record-file", "record-id", "record-id-shared", "record-size"];

/// What is new once a file is there.
#[derive(Debug)]
pub struct News {
    /// The findings that were not there before, or were less.
    pub findings: Vec<Finding>,
    /// How many that were there are gone.
    pub gone: usize,
    /// The texts that their places lie in.
    pub texts: Texts,
}

impl News {
    /// How many of the new findings have a level.
    pub fn count(&self, level: Level) -> usize {
        self.findings.iter().filter(|finding| finding.level == level).count()
    }
}

/// Reads and judges a place as it is, and as it would be with a text at a path, which is the record's
/// with that subject.
///
/// # Errors
///
/// [`Error::Usage`] where the record cannot have that path or id; those of reading a tree.
pub fn news(opened: &mut Opened, subject: &str, path: &str, text: &str, on: Day) -> Result<News, Error> {
    let (base, _) = judged(opened.tree()?, on);
    opened.lay(path, text);
    let tree = opened.tree()?;
    let misplaced =
        |finding: &&Finding| finding.subject.as_ref() == subject && NO_PLACE.contains(&finding.rule.as_ref());
    if let Some(finding) = tree.problems.iter().find(misplaced) {
        return Err(Error::usage(
            finding.message.clone(),
            if finding.rule.as_ref() == "record-size" { "say less of it" } else { "name another id" },
        ));
    }
    let (head, texts) = judged(tree, on);
    let all = delta::settle(Sides { head, base, by_base_rules: None }, &texts);
    let gone = all.iter().filter(|finding| finding.status == Some(Status::Fixed)).count();
    let findings = all.into_iter().filter(|finding| finding.status == Some(Status::New));
    Ok(News { findings: findings.collect(), gone, texts })
}

fn judged(mut tree: Tree, on: Day) -> (Vec<Finding>, Texts) {
    let texts = std::mem::take(&mut tree.texts);
    let (_, findings) = check::judged(&mut tree, on, &Selection::default(), &texts);
    (findings, texts)
}
