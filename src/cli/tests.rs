//! What can be typed is told whole, and what is told can be typed.

use clap::{Command, CommandFactory, Parser};

use super::Cli;

/// Every command that does something, by the words that call it.
fn verbs(command: &Command, called: &str) -> Vec<(String, Command)> {
    let below = command.get_subcommands().filter(|one| one.get_name() != "help");
    let below = below.flat_map(|one| verbs(one, &format!("{called} {}", one.get_name())));
    std::iter::once((called.to_owned(), command.clone())).chain(below).collect()
}

fn every_verb() -> Vec<(String, Command)> {
    let mut command = Cli::command();
    command.build();
    verbs(&command, "quorate")
}

/// What stands below the options in a command's help.
fn told(command: &Command) -> String {
    command.get_after_help().map(ToString::to_string).unwrap_or_default()
}

/// The words of an example, without what is said of it and what the shell does with it.
fn words(line: &str) -> Option<Vec<String>> {
    let line = line.strip_prefix("  ").filter(|line| line.starts_with("quorate "))?;
    let typed = line.split("  ").next()?.split(['|', '>']).next()?;
    let (mut words, mut quote) = (vec![String::new()], None);
    for c in typed.chars() {
        match quote {
            None if c == '"' || c == '\'' => quote = Some(c),
            None if c == ' ' => words.push(String::new()),
            Some(mark) if c == mark => quote = None,
            _ => words.last_mut()?.push(c),
        }
    }
    words.retain(|word| !word.is_empty());
    Some(words)
}

#[test]
fn the_definitions_hold_together() {
    Cli::command().debug_assert();
}

#[test]
fn every_verb_has_examples_and_says_how_it_can_end() {
    let all = every_verb();
    assert!(all.len() > 10);
    for (called, command) in all {
        let text = told(&command);
        assert!(command.get_about().is_some(), "{called} does not say what it does");
        assert!(text.starts_with("Examples:\n"), "{called} has no examples");
        assert!(text.contains("\n\nExit status: 0 "), "{called} does not say how it can end");
        assert!(text.contains("; 2 "), "{called} can end without an answer");
        assert!(text.lines().all(|line| line.chars().count() <= 92), "{called} has a line too long");
    }
}

#[test]
fn every_example_is_of_its_verb_and_can_be_typed() {
    for (called, command) in every_verb() {
        let text = told(&command);
        let examples: Vec<_> = text.lines().filter_map(words).collect();
        assert!(!examples.is_empty(), "{called}");
        for example in examples {
            let own = example.join(" ");
            assert!(own == called || own.starts_with(&format!("{called} ")), "`{own}` is no example of `{called}`");
            assert!(Cli::try_parse_from(&example).is_ok(), "`{own}` is refused");
        }
    }
}

#[test]
fn every_option_says_what_it_does() {
    for (called, command) in every_verb() {
        for option in command.get_arguments() {
            assert!(option.get_help().is_some(), "{called}: {}", option.get_id());
        }
    }
}
