//! A format, and where it goes: `json`, `json=PATH`.

use std::{fs::File, io::Write, path::PathBuf, str::FromStr};

use clap::ValueEnum;

use crate::{
    error::Error,
    render::{self, Style},
};

/// A format, and where it goes; stdout where no path is named.
#[derive(Debug, Clone)]
pub(super) struct Target<F> {
    pub(super) format: F,
    path: Option<PathBuf>,
}

impl<F: ValueEnum> FromStr for Target<F> {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let (name, path) = text.split_once('=').map_or((text, None), |(name, path)| (name, Some(PathBuf::from(path))));
        let names = || {
            let all = F::value_variants().iter().filter_map(ValueEnum::to_possible_value);
            all.map(|value| value.get_name().to_owned()).collect::<Vec<_>>().join(", ")
        };
        let format = F::from_str(name, false).map_err(|_| format!("`{name}` is none of {}", names()))?;
        if path.as_ref().is_some_and(|path| path.as_os_str().is_empty()) {
            return Err(format!("no path behind `{name}=`"));
        }
        Ok(Self { format, path })
    }
}

/// Refuses two formats on one stdout.
pub(super) fn at_most_one_on_stdout<F>(targets: &[Target<F>]) -> Result<(), Error> {
    if targets.iter().filter(|target| target.path.is_none()).count() > 1 {
        return Err(Error::usage(
            "two formats would go to stdout",
            "write all but one to a file: `--format json=PATH`",
        ));
    }
    Ok(())
}

impl<F> Target<F> {
    /// Has it written where it goes; files get no colours.
    pub(super) fn write(
        &self,
        style: &Style,
        print: impl FnOnce(&F, &Style, &mut dyn Write) -> std::io::Result<()>,
    ) -> Result<(), Error> {
        let plain = Style { color: false, ..*style };
        let (mut out, to, style): (Box<dyn Write>, String, &Style) = match &self.path {
            None => (Box::new(std::io::stdout().lock()), "stdout".into(), style),
            Some(path) => {
                let name = path.display().to_string();
                let file = File::create(path).map_err(|source| Error::Write { to: name.clone(), source })?;
                (Box::new(file), name, &plain)
            }
        };
        render::written(&to, print(&self.format, style, &mut out))
    }
}
