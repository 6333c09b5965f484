//! `quorate report REGISTER` on the shipped registry, in Markdown and CSV.
//!
//! `BLESS=1 cargo test registers` writes the expected outputs under `tests/reports/`: read the diff.

use std::fs;

use crate::common::{Repo, copy, manifest, quorate};

const REGISTERS: &[&str] = &["consultations", "modifications", "variations"];

#[test]
fn registers_of_the_shipped_registry_read_as_expected_twice() {
    let repo = Repo::plain();
    for folder in ["registry", "rules"] {
        copy(&manifest().join(folder), &repo.root().join(folder));
    }
    for name in REGISTERS {
        for (format, ending) in [("markdown", "md"), ("csv", "csv")] {
            let printed = || quorate(repo.root(), &["report", name, "--month", "2016-09", "--format", format]);
            let (now, again) = (printed(), printed());
            assert_eq!(now.status, 0, "{now:?}");
            assert_eq!(now.stdout, again.stdout);
            let path = manifest().join(format!("tests/reports/{name}.{ending}"));
            if std::env::var_os("BLESS").is_some() {
                fs::write(&path, &now.stdout).unwrap();
            }
            assert_eq!(now.stdout, fs::read_to_string(&path).unwrap(), "{}", path.display());
        }
    }
}
