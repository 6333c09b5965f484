//! `--dry-run`: what would be written, as a unified diff that `git apply` takes.

use similar::TextDiff;

use super::escape;

/// The diff of one file, at a path relative to the top of the repository; `before` is nothing where there
/// is no such file yet. For a terminal, what it would obey or hide is shown.
pub fn unified(path: &str, before: Option<&str>, after: &str, for_terminal: bool) -> String {
    let old = if before.is_some() { format!("a/{path}") } else { "/dev/null".to_owned() };
    let diff = TextDiff::from_lines(before.unwrap_or(""), after);
    let text = diff.unified_diff().header(&old, &format!("b/{path}")).to_string();
    if !for_terminal {
        return text;
    }
    let lines: Vec<_> = text.lines().flat_map(|line| [escape::line(line), "\n".into()]).collect();
    lines.concat()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_new_file_comes_from_nothing_and_a_change_shows_three_lines_around() {
        assert_eq!(
            unified("r/a.toml", None, "x = 1\n", false),
            "--- /dev/null\n+++ b/r/a.toml\n@@ -0,0 +1 @@\n+x = 1\n"
        );
        let text = unified("r/a.toml", Some("1\n2\n3\n4\n5\n6\n"), "1\n2\n3\n4\n5\nsix\n", false);
        assert_eq!(text, "--- a/r/a.toml\n+++ b/r/a.toml\n@@ -3,4 +3,4 @@\n 3\n 4\n 5\n-6\n+six\n");
    }

    #[test]
    fn a_terminal_obeys_nothing_of_it() {
        let text = unified("a\u{1b}.toml", Some("a\u{202e}\n"), "b\n", true);
        assert!(text.contains("a\\u{202e}") && text.contains("\\u{1b}") && !text.contains('\u{1b}'), "{text}");
    }
}
