//! The files with which the registry and the rulebook of another code begin. No code is in them: its name
//! comes from outside, and its words are for whoever knows it.

use crate::{day::Day, decode::has_odd_spaces, error::Error, render::escape, report::print::markdown_text};

/// The longest name of a code, in characters.
const LONGEST: usize = 200;

/// The path of the file that makes a folder a registry: it is written last, so that what is begun and not
/// finished is not taken for one.
const MARK: &str = "registry/registry.toml";

/// What is known of a code before anything is written down.
#[derive(Debug, Clone)]
pub struct Start {
    name: String,
    zone: String,
    position: Day,
}

impl Start {
    /// A code of some name, whose days begin in a time zone, and whose records will speak for a day.
    ///
    /// # Errors
    ///
    /// [`Error::Usage`] for a name that nobody could print, and for no time zone.
    pub fn new(name: &str, zone: &str, position: Day) -> Result<Self, Error> {
        let wrong = |why: &str| {
            Err(Error::usage(format!("the code cannot be called `{name}`: {why}"), "give its name as people write it"))
        };
        if name.is_empty() {
            return wrong("it is empty");
        }
        if name.chars().count() > LONGEST {
            return wrong(&format!("it has more than {LONGEST} characters"));
        }
        if name.chars().any(escape::is_hidden) {
            return wrong("it holds a character that is not seen");
        }
        if has_odd_spaces(name) || !unicode_normalization::is_nfc(name) {
            return wrong("there is a space at an end, two in a row, or a letter that is not composed (NFC)");
        }
        if zone.parse::<chrono_tz::Tz>().is_err() {
            let hint = "name one of the IANA time zone database, such as `Europe/London`";
            return Err(Error::usage(format!("`{zone}` is no time zone"), hint));
        }
        Ok(Self { name: name.to_owned(), zone: zone.to_owned(), position })
    }

    /// The files, each with its path, in the order in which they are to be written.
    pub fn files(&self) -> Vec<(&'static str, String)> {
        let title = format!("{}, its text", self.name);
        let toml = |text: &str| {
            let blanks = [
                ("{code}", quoted(&self.name)),
                ("{title}", quoted(&title)),
                ("{zone}", quoted(&self.zone)),
                ("{position}", self.position.to_string()),
            ];
            filled(text, &blanks)
        };
        let source = include_str!("starter/source.toml");
        let mut files = vec![
            (".gitignore", include_str!("starter/ignored").to_owned()),
            ("README.md", filled(include_str!("starter/README.md"), &[("{name}", markdown_text(&self.name))])),
            ("rules/calendars/holidays.toml", include_str!("starter/holidays.toml").to_owned()),
            ("rules/code.toml", toml(include_str!("starter/code.toml"))),
            ("rules/consultation-closes-after-opening.toml", include_str!("starter/rule.toml").to_owned()),
            ("rules/sources/text.toml", toml(source)),
            ("registry/sources/text.toml", toml(source)),
        ];
        files.push((MARK, toml(include_str!("starter/registry.toml"))));
        files
    }
}

/// A text with its blanks filled in; what is filled in is not looked at again.
fn filled(text: &str, blanks: &[(&str, String)]) -> String {
    let (mut out, mut rest) = (String::with_capacity(text.len()), text);
    let next = |rest: &str| blanks.iter().filter_map(|(blank, by)| Some((rest.find(blank)?, *blank, by.clone()))).min();
    while let Some((at, blank, by)) = next(rest) {
        let (before, after) = rest.split_at_checked(at).unwrap_or((rest, ""));
        out.push_str(before);
        out.push_str(&by);
        rest = after.strip_prefix(blank).unwrap_or("");
    }
    out.push_str(rest);
    out
}

/// A string as TOML writes it.
fn quoted(text: &str) -> String {
    toml_edit::Value::from(text).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn start(name: &str) -> Result<Start, Error> {
        Start::new(name, "Europe/London", Day::parse("2030-01-01").unwrap())
    }

    #[test]
    fn a_name_is_escaped_for_what_it_stands_in() {
        let files = start("A \"B\" {title} <i>[x](y)</i> \\ #C").unwrap().files();
        let text = |path: &str| files.iter().find(|(one, _)| *one == path).unwrap().1.clone();
        for path in ["registry/registry.toml", "rules/code.toml"] {
            let text = text(path);
            let table = toml::de::DeTable::parse(&text).unwrap();
            let code = table.get_ref().get("code").unwrap().get_ref().as_str().unwrap();
            assert_eq!(code, "A \"B\" {title} <i>[x](y)</i> \\ #C", "{path}");
        }
        assert!(text("README.md").starts_with("# A \"B\" {title} &lt;i\\>\\[x\\](y)&lt;/i\\> \\\\ #C\n"));
    }

    #[test]
    fn a_name_that_nobody_could_print_is_refused() {
        for name in ["", " a", "a  b", "a\nb", "a\u{202e}b", &"x".repeat(201), "Zoe\u{308}"] {
            assert!(start(name).is_err(), "{name:?}");
        }
        assert!(Start::new("A", "Mars/Olympus", Day::parse("2030-01-01").unwrap()).is_err());
    }
}
