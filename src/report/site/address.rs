//! Where each page lies: names that every file system and every browser takes as they are.

use std::fmt::Write as _;

use super::{Page, Site};
use crate::finding::Finding;

impl Site<'_> {
    /// The path of a page below the folder of the site.
    pub(super) fn address(&self, page: Page) -> String {
        let part = |name: &str, part: usize| match part {
            0 => format!("{name}.html"),
            _ => format!("{name}-{}.html", part.saturating_add(1)),
        };
        match page {
            Page::Overview => "index.html".to_owned(),
            Page::Search => "search.html".to_owned(),
            Page::Kind(kind, at) => part(kind.folder(), at),
            Page::Record(at) => match self.of.tree.registry.at(at) {
                Some(record) => format!("{}/{}.html", record.kind.folder(), safe(&record.id)),
                None => "index.html".to_owned(),
            },
            Page::Rules => "rules.html".to_owned(),
            Page::Rule(at) => format!("rules/{}.html", self.rules.get(at).map_or(String::new(), |rule| safe(&rule.id))),
            Page::Builtin(at) => format!("rules/{}.html", crate::builtin::ALL.get(at).map_or("", |rule| rule.id)),
            Page::Findings(at) => part("findings", at),
            Page::Finding(at) => {
                format!("findings/{}.html", self.of.findings.get(at).map_or(String::new(), Finding::fingerprint))
            }
            Page::Reports => "reports.html".to_owned(),
            Page::Report(at) => format!("reports/{}.html", self.reports.get(at).map_or("", |(one, _)| one.name)),
            Page::Calendar => "reports/calendar.ics".to_owned(),
            Page::Index => "search-index.js".to_owned(),
            Page::Style => "site.css".to_owned(),
            Page::Script => "site.js".to_owned(),
            Page::Icon => "icon.svg".to_owned(),
        }
    }

    /// The way from a page up to the folder of the site: empty, or with a `/` at its end.
    pub(super) fn root(&self, page: Page) -> String {
        "../".repeat(self.address(page).matches('/').count())
    }

    /// The way from one page to another.
    pub(super) fn way(&self, from: Page, to: Page) -> String {
        self.root(from) + &self.address(to)
    }
}

/// An id as a path: letters, digits, `-`, `_` and `.` stay, and `/` stays between parts; all else becomes
/// `~` and hexadecimal digits, so that no id leaves its folder and no address needs escaping.
fn safe(id: &str) -> String {
    let mut out = String::with_capacity(id.len());
    for (at, part) in id.split('/').enumerate() {
        if at > 0 {
            out.push('/');
        }
        if part.is_empty() {
            out.push('~');
        }
        for (at, byte) in part.bytes().enumerate() {
            match byte {
                b'.' if at == 0 => out += "~2e",
                b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' | b'.' => out.push(char::from(byte)),
                _ => {
                    let _ = write!(out, "~{byte:02x}");
                }
            }
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn an_id_stays_what_it_is_and_leads_nowhere_else() {
        assert_eq!(safe("panel/2016-09-09"), "panel/2016-09-09");
        assert_eq!(safe("../../etc/passwd"), "~2e./~2e./etc/passwd");
        assert_eq!(safe("a b#c?d%~"), "a~20b~23c~3fd~25~7e");
        assert_eq!(safe("/x"), "~/x");
    }

    proptest! {
        #[test]
        fn no_two_ids_share_an_address_and_each_stays_in_its_folder(one in any::<String>(), other in any::<String>()) {
            let (first, second) = (safe(&one), safe(&other));
            prop_assert_eq!(one == other, first == second);
            prop_assert!(first.split('/').all(|part| !part.is_empty() && !part.starts_with('.')));
            prop_assert!(first.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_.~/".contains(&byte)));
        }
    }
}
