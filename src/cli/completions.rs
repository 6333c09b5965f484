//! `quorate completions`: what a shell needs to complete the command line.

use clap::{Args, CommandFactory, ValueEnum};
use clap_complete::{Shell as Generator, generate};

use super::{Cli, Ending, print};
use crate::error::Error;

const EXAMPLES: &str = "\
Examples:
  quorate completions bash > ~/.local/share/bash-completion/completions/quorate
  quorate completions fish > ~/.config/fish/completions/quorate.fish
  quorate completions zsh > _quorate         in a folder that $fpath names
  quorate completions powershell >> $PROFILE

Exit status: 0 it was printed; 2 no such shell.";

/// What `quorate completions` takes.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct Options {
    /// The shell.
    #[arg(value_name = "SHELL")]
    shell: Shell,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum Shell {
    Bash,
    Elvish,
    Fish,
    #[value(name = "powershell")]
    PowerShell,
    Zsh,
}

impl From<Shell> for Generator {
    fn from(shell: Shell) -> Self {
        match shell {
            Shell::Bash => Self::Bash,
            Shell::Elvish => Self::Elvish,
            Shell::Fish => Self::Fish,
            Shell::PowerShell => Self::PowerShell,
            Shell::Zsh => Self::Zsh,
        }
    }
}

pub(super) fn run(options: &Options) -> Result<Ending, Error> {
    // Written to memory first: the generators panic where a write fails, and a pipe may close.
    let mut script = Vec::new();
    generate(Generator::from(options.shell), &mut Cli::command(), "quorate", &mut script);
    print(&String::from_utf8_lossy(&script))?;
    Ok(Ending::Good)
}
