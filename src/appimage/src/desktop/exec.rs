//! Command lines of desktop files: taken apart and put together as the specification says, so that no shell is needed
//! and none ever sees them. <https://specifications.freedesktop.org/desktop-entry-spec/latest/exec-variables.html>

use strata_model::command_line;

/// An argument of a command line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Argument {
    /// As the program gets it.
    Text(String),
    /// `%f`, `%F`, `%u` or `%U`: the files or addresses to open.
    Files(char),
    /// `%i`, `%c` or `%k`: what the desktop knows of the app.
    Known(char),
    /// One of these within an argument, as in `--url=%u`: what is before it, itself, and what is behind it.
    Within(String, char, String),
}

impl Argument {
    /// What is to be opened stands here.
    pub(super) fn is_files(&self) -> bool {
        matches!(self, Self::Files(_) | Self::Within(_, 'f' | 'F' | 'u' | 'U', _))
    }
}

/// Characters that a value may not have as they are, and how it has them.
const ESCAPES: [(char, char); 5] = [('s', ' '), ('n', '\n'), ('t', '\t'), ('r', '\r'), ('\\', '\\')];

/// What a value of type string says.
pub(super) fn unescape(value: &str) -> String {
    let mut text = String::with_capacity(value.len());
    let mut characters = value.chars();
    while let Some(character) = characters.next() {
        if character != '\\' {
            text.push(character);
            continue;
        }
        match characters.next() {
            Some(next) => match ESCAPES.iter().find(|(escape, _)| *escape == next) {
                Some((_, meant)) => text.push(*meant),
                // Not defined, and often meant for the quoting that comes after.
                None => text.extend(['\\', next]),
            },
            None => text.push('\\'),
        }
    }
    text
}

/// A value of type string that says this.
pub(super) fn escape(text: &str) -> String {
    let mut value = String::with_capacity(text.len());
    for (place, character) in text.chars().enumerate() {
        match character {
            // Blanks at the beginning would be taken for part of the line.
            ' ' if place > 0 => value.push(' '),
            _ => match ESCAPES.iter().find(|(_, meant)| *meant == character) {
                Some((escape, _)) => value.extend(['\\', *escape]),
                None => value.push(character),
            },
        }
    }
    value
}

/// Takes a command line apart. What is not defined (a quote that does not end, a code that is not known) is read the way
/// that loses least.
pub(super) fn split(value: &str) -> Vec<Argument> {
    let line = unescape(value);
    let mut found = Vec::new();
    let mut files = false;
    for raw in command_line::split(&line).words {
        let argument = meant(&raw);
        // Only one argument may stand for files.
        if !argument.as_ref().is_some_and(Argument::is_files) || !std::mem::replace(&mut files, true) {
            found.extend(argument);
        }
    }
    found
}

/// What an argument means; `None` for one that is nothing but codes of old.
fn meant(raw: &str) -> Option<Argument> {
    if let Some(code) = raw.strip_prefix('%').filter(|code| code.len() == 1) {
        return match code.chars().next()? {
            code @ ('f' | 'F' | 'u' | 'U') => Some(Argument::Files(code)),
            code @ ('i' | 'c' | 'k') => Some(Argument::Known(code)),
            '%' => Some(Argument::Text("%".to_owned())),
            _ => None,
        };
    }
    let mut text = String::new();
    let mut code = None;
    let mut characters = raw.chars();
    while let Some(character) = characters.next() {
        match (character, if character == '%' { characters.next() } else { None }) {
            ('%', Some('%')) => text.push('%'),
            ('%', Some(known @ ('f' | 'F' | 'u' | 'U' | 'i' | 'c' | 'k'))) if code.is_none() => {
                code = Some((known, text.len()));
            }
            ('%', _) => {}
            (other, _) => text.push(other),
        }
    }
    // A code has no meaning in quotes, so it can only stay where none are needed.
    Some(match code {
        Some((code, place)) if quote(&text) == text => {
            let behind = text.split_off(place);
            Argument::Within(text, code, behind)
        }
        _ => Argument::Text(text),
    })
}

/// Puts a command line together.
pub(super) fn join(arguments: &[Argument]) -> String {
    let written = arguments.iter().map(|argument| match argument {
        Argument::Text(text) => quote(text),
        Argument::Files(code) | Argument::Known(code) => format!("%{code}"),
        Argument::Within(before, code, behind) => format!("{before}%{code}{behind}"),
    });
    escape(&written.collect::<Vec<_>>().join(" "))
}

/// An argument in quotes where it needs them.
fn quote(text: &str) -> String {
    command_line::quote(&text.replace('%', "%%"))
}

#[cfg(test)]
mod tests {
    use super::Argument::{Files, Known, Text, Within};
    use super::*;

    fn text(text: &str) -> Argument {
        Text(text.to_owned())
    }

    #[test]
    fn command_lines_are_taken_apart_as_the_specification_says() {
        for (line, expected) in [
            ("app", vec![text("app")]),
            ("app  %U ", vec![text("app"), Files('U')]),
            ("app %f %F", vec![text("app"), Files('f')]),
            ("app \"%u\"", vec![text("app"), Files('u')]),
            ("app '%u' 'a b'", vec![text("app"), Files('u'), text("a b")]),
            ("app %i %c %k", vec![text("app"), Known('i'), Known('c'), Known('k')]),
            ("app %d %D %n %N %v %m %z", vec![text("app")]),
            ("app 100%% %", vec![text("app"), text("100%"), text("")]),
            ("app --file=%f", vec![text("app"), Within("--file=".into(), 'f', String::new())]),
            ("app a%fb%u", vec![text("app"), Within("a".into(), 'f', "b".into())]),
            ("app \"a b%f\"", vec![text("app"), text("a b")]),
            (r#"app "a b" c"#, vec![text("app"), text("a b"), text("c")]),
            (r#"app "" x"#, vec![text("app"), text(""), text("x")]),
            (r#"app "a \\"b\\" \\\\ \\$HOME""#, vec![text("app"), text(r#"a "b" \ $HOME"#)]),
            (r"app\sx", vec![text("app"), text("x")]),
            (r#"app "x"#, vec![text("app"), text("x")]),
            (r"app x\", vec![text("app"), text("x")]),
            ("", vec![]),
        ] {
            assert_eq!(split(line), expected, "{line}");
        }
    }

    #[test]
    fn what_is_put_together_is_taken_apart_the_same() {
        for argument in [
            "a",
            "a b",
            "",
            "%",
            "%f",
            "%%",
            "$HOME",
            "`id`",
            "$(id)",
            "a;b",
            "a&b",
            "'",
            "\"",
            "\\",
            "\\\\",
            "\\n",
            "a\nb",
            "\t",
            "#",
            "~",
            "*",
            "ü",
            "a=b",
            " ",
            "--x=\"y z\"",
        ] {
            let arguments = vec![text("/home/a b/App.AppImage"), text(argument), Files('U')];
            let line = join(&arguments);
            assert!(!line.contains('\n'), "{line:?}");
            assert_eq!(split(&line), arguments, "{argument:?} as {line}");
        }
    }
}
