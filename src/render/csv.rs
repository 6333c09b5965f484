//! `csv`: tables for spreadsheets. What a spreadsheet would take for a formula is made text.

/// A table as CSV: the heading, then the rows, each with its end of line. A cell that begins with what a
/// spreadsheet would calculate (`=`, `+`, `-`, `@`, a tab or a line break) gets a `'` before it.
pub fn table<R: IntoIterator<Item = String>>(
    heading: &[&str],
    rows: impl IntoIterator<Item = R>,
    end: csv::Terminator,
) -> String {
    let mut writer = csv::WriterBuilder::new().terminator(end).from_writer(Vec::new());
    // Writing into memory cannot fail.
    let _ = writer.write_record(heading);
    for row in rows {
        let _ = writer.write_record(row.into_iter().map(harmless));
    }
    writer.into_inner().ok().and_then(|bytes| String::from_utf8(bytes).ok()).unwrap_or_default()
}

fn harmless(cell: String) -> String {
    if cell.starts_with(['=', '+', '-', '@', '\t', '\r', '\n']) { format!("'{cell}") } else { cell }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cell_is_never_a_formula_and_quotes_what_it_must() {
        let rows = [vec!["=1+1".to_owned(), "a,b".to_owned()], vec!["@x \"y\"".to_owned(), "-".to_owned()]];
        assert_eq!(
            table(&["one", "other"], rows, csv::Terminator::Any(b'\n')),
            "one,other\n'=1+1,\"a,b\"\n\"'@x \"\"y\"\"\",'-\n"
        );
    }
}
