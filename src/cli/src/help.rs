//! The command line's own help in the person's language: what clap was told in English is translated in one walk.

use crate::args::CommandLine;
use clap::{Arg, Command, CommandFactory, FromArgMatches};
use gettextrs::gettext;
use std::ffi::OsString;
use strata_model::marked;

/// What the heading of the usage is called in clap's own words.
const USAGE: &str = marked("Usage:");

/// clap's own form of a help, but for that word.
const FORM: &str = "{before-help}{about-with-newline}\n{usage} {usage-itself}\n\n{all-args}{after-help}";

/// Reads the command line.
///
/// # Errors
/// What clap has to say: the help that was asked for, or what is wrong.
pub(crate) fn read() -> Result<CommandLine, clap::Error> {
    let words: Vec<OsString> = std::env::args_os().collect();
    let is_help = words.len() < 2 || words.iter().any(|word| word.to_str().is_some_and(asks));
    let mut command = if is_help { command() } else { CommandLine::command() };
    let read = command.try_get_matches_from_mut(words);
    let read = read.and_then(|mut matches| CommandLine::from_arg_matches_mut(&mut matches));
    read.map_err(|error| error.format(&mut command))
}

/// A word that asks for help. Nothing else is kept waiting for the translation.
fn asks(word: &str) -> bool {
    matches!(word, "help" | "--help") || word.starts_with('-') && !word.starts_with("--") && word.contains('h')
}

/// The command line, in the person's language.
fn command() -> Command {
    let mut command = CommandLine::command();
    if gettext(USAGE) == USAGE {
        return command;
    }
    // What clap adds by itself is there then, to be translated too.
    command.build();
    translated(command)
}

fn translated(command: Command) -> Command {
    let form = FORM.replace("{usage}", &gettext(USAGE)).replace("{usage-itself}", "{usage}");
    let (about, after) = (text(command.get_about()), text(command.get_after_help()));
    let mut command = command.help_template(form).subcommand_help_heading(heading(marked("Commands")));
    if let Some(about) = about {
        command = command.about(gettext(about));
    }
    if let Some(after) = after {
        command = command.after_help(lines(&after));
    }
    command.mut_args(argument).mut_subcommands(translated)
}

fn argument(argument: Arg) -> Arg {
    let usual = if argument.is_positional() { marked("Arguments") } else { marked("Options") };
    let (above, help) = (heading(argument.get_help_heading().unwrap_or(usual)), text(argument.get_help()));
    let argument = argument.help_heading(above);
    match help {
        Some(help) => argument.help(gettext(help)),
        None => argument,
    }
}

/// clap keeps headings for as long as the process lives, which has nothing else to do.
fn heading(text: &str) -> &'static str {
    gettext(text).leak()
}

/// Text of which there is any: the translation of none is the list of translators.
fn text(styled: Option<&clap::builder::StyledStr>) -> Option<String> {
    styled.map(ToString::to_string).filter(|text| !text.is_empty())
}

/// Line by line; of an example what it does, and not its command.
fn lines(text: &str) -> String {
    let line = |line: &str| match line.rsplit_once("  ") {
        Some((command, does)) if !does.is_empty() => format!("{command}  {}", gettext(does)),
        _ if line.is_empty() => String::new(),
        _ => gettext(line),
    };
    text.lines().map(line).collect::<Vec<_>>().join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What clap says by itself of what it adds by itself, and what stands below the help.
    const OTHERS: [&str; 12] = [
        marked("Print help"),
        marked("Print help (see more with '--help')"),
        marked("Print version"),
        marked("Print this message or the help of the given subcommand(s)"),
        marked("Examples:"),
        marked("find apps"),
        marked("install the app that is called so"),
        marked("for yourself only"),
        marked("bring every app up to date"),
        marked("remove it and what it has stored"),
        marked("for scripts (see docs/json.md)"),
        marked("Exit status: 0 done, 1 failed, 2 wrong usage, 3 nothing found, 4 cancelled."),
    ];

    const GERMAN: &str = include_str!("../../../po/de.po");

    fn assert_translated(text: &str) {
        assert!(GERMAN.contains(&format!("msgid \"{text}\"\n")), "po/de.po lacks “{text}”");
    }

    fn walk(command: &Command) {
        let texts = command.get_arguments().filter_map(|argument| super::text(argument.get_help()));
        let about = super::text(command.get_about());
        texts.chain(about).for_each(|text| assert_translated(&text));
        command.get_subcommands().for_each(walk);
    }

    #[test]
    fn everything_in_the_help_is_in_german_too() {
        let mut command = CommandLine::command();
        command.build();
        walk(&command);
        OTHERS.into_iter().for_each(assert_translated);
        let after = command.get_after_help().unwrap().to_string();
        for line in after.lines().map(str::trim).filter(|line| !line.is_empty()) {
            let does = line.rsplit_once("  ").map_or(line, |(_, does)| does);
            assert!(OTHERS.contains(&does) || does.starts_with("stratactl"), "{does}");
        }
    }

    #[test]
    fn only_help_waits_for_its_translation() {
        for (word, is_asked) in [
            ("help", true),
            ("--help", true),
            ("-h", true),
            ("-yh", true),
            ("-y", false),
            ("--json", false),
            ("hold", false),
        ] {
            assert_eq!(asks(word), is_asked, "{word}");
        }
    }

    #[test]
    fn a_translated_command_line_is_read_as_the_other() {
        let mut command = CommandLine::command();
        command.build();
        let mut command = translated(command);
        let read = command.try_get_matches_from_mut(["stratactl", "-y", "system", "reset", "podman"]);
        assert!(CommandLine::from_arg_matches_mut(&mut read.unwrap()).is_ok());
        let help = command.try_get_matches_from_mut(["stratactl", "install", "--help"]).unwrap_err().to_string();
        assert!(help.contains("Usage: stratactl install"), "{help}");
    }
}
