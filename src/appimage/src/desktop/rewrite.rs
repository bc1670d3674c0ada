//! A desktop file as it is for an AppImage where it lies: what starts it and what it looks like are ours, all else is its
//! author's.

use super::exec::{Argument, escape, join, split};
use super::file::{BadDesktopFile, DesktopFile, ENTRY, Line};
use std::iter::Peekable;
use strata_model::app_settings::is_variable;

/// What a desktop file shall say.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Wish {
    /// The AppImage: an absolute path.
    pub program: String,
    /// The picture: a name in the icon theme or an absolute path; `None` for none.
    pub icon: Option<String>,
    /// The app's name, where the file says none.
    pub name: String,
    /// What its windows are called, where the file does not say and its own name does not tell any more.
    pub window: Option<String>,
    /// What is set in its environment, such as `APPIMAGE_EXTRACT_AND_RUN`.
    pub environment: Vec<(String, String)>,
    /// Arguments that the person wants it to get, before its own.
    pub arguments: Vec<String>,
    /// Whether it runs in a terminal; `None` for as the file says.
    pub terminal: Option<bool>,
}

/// Keys that are left out: a bus name that nothing would answer at, a mark that the file is none, a folder that is not
/// there outside of the bundle.
const LEFT_OUT: [&str; 3] = ["DBusActivatable", "Hidden", "Path"];
/// Programs whose arguments are programs. They are not started: nothing of a stranger's reaches a shell, and what of
/// their arguments is the app's own cannot be told.
const WRAPPERS: [&str; 57] = [
    "sh",
    "bash",
    "dash",
    "ash",
    "zsh",
    "ksh",
    "mksh",
    "csh",
    "tcsh",
    "fish",
    "busybox",
    "toybox",
    "exec",
    "eval",
    "command",
    "env",
    "nice",
    "ionice",
    "chrt",
    "taskset",
    "nohup",
    "setsid",
    "stdbuf",
    "timeout",
    "time",
    "pkexec",
    "sudo",
    "su",
    "doas",
    "runuser",
    "gksu",
    "gksudo",
    "kdesu",
    "kdesudo",
    "systemd-run",
    "systemd-inhibit",
    "dbus-run-session",
    "dbus-launch",
    "xvfb-run",
    "xdg-terminal-exec",
    "x-terminal-emulator",
    "xterm",
    "gnome-terminal",
    "konsole",
    "prime-run",
    "optirun",
    "primusrun",
    "switcherooctl",
    "gamemoderun",
    "mangohud",
    "firejail",
    "padsp",
    "python",
    "python3",
    "perl",
    "xargs",
    "flatpak-spawn",
];

impl Wish {
    /// `=` cannot stand in a program's path by the specification, and `env` would take it for a variable.
    fn check(&self) -> Result<(), BadDesktopFile> {
        let plain = |text: &str| !text.contains('\0');
        let path = self.program.starts_with('/') && !self.program.contains(|c: char| c == '=' || c.is_control());
        let line = |text: &Option<String>| text.as_ref().is_none_or(|text| !text.contains(char::is_control));
        let environment = self.environment.iter().all(|(name, value)| is_variable(name) && plain(value));
        let arguments = self.arguments.iter().all(|argument| plain(argument));
        let names = line(&self.icon) && line(&self.window);
        if path && names && environment && arguments { Ok(()) } else { Err(BadDesktopFile::BadWish) }
    }

    /// A command line that starts the AppImage with the arguments of another.
    fn command(&self, line: &str) -> String {
        let mut given = split(line).into_iter().peekable();
        let mut environment = Vec::new();
        let mut wrapped = false;
        if given.next_if(|first| program(first) == Some("env")).is_some() {
            wrapped = !self::environment(&mut given, &mut environment);
        }
        wrapped = wrapped || given.next().is_some_and(|first| program(&first).is_some_and(is_wrapper));
        let own: Vec<_> = given.filter(|argument| !wrapped || argument.is_files()).collect();
        environment.extend(self.environment.iter().map(|(name, value)| format!("{name}={value}")));
        let mut command = Vec::new();
        if !environment.is_empty() {
            command.push(Argument::Text("env".to_owned()));
            command.extend(environment.into_iter().map(Argument::Text));
        }
        command.push(Argument::Text(self.program.clone()));
        command.extend(self.arguments.iter().cloned().map(Argument::Text));
        command.extend(own);
        join(&command)
    }
}

/// The name of a program, without folders.
fn program(argument: &Argument) -> Option<&str> {
    let Argument::Text(text) = argument else { return None };
    text.rsplit('/').next()
}

fn is_wrapper(program: &str) -> bool {
    WRAPPERS.contains(&program)
}

/// Takes what stands between `env` and the program, and keeps what is set. Whether the program comes next; where an
/// option is not known, or is a command line of its own, nobody can say.
fn environment(given: &mut Peekable<impl Iterator<Item = Argument>>, kept: &mut Vec<String>) -> bool {
    let mut options = true;
    loop {
        let next = given.next_if(|next| match next {
            Argument::Text(text) => text.contains('=') || options && text.starts_with('-'),
            Argument::Within(before, ..) => before.contains('='),
            Argument::Files(_) | Argument::Known(_) => false,
        });
        match next {
            None => return true,
            Some(Argument::Text(option)) if options && option.starts_with('-') => match option.as_str() {
                "--" => options = false,
                // The app gets what is set all the same: without it there is not even a display.
                "-i" | "-" | "--ignore-environment" | "-v" | "--debug" => {}
                "-u" | "--unset" => drop(given.next()),
                long if long.starts_with("--unset=") => {}
                short if short.starts_with("-u") => {}
                _ => return false,
            },
            Some(Argument::Text(set)) => {
                options = false;
                kept.extend(Some(set).filter(|set| is_assignment(set)));
            }
            // A file cannot be part of what is set for the app.
            Some(_) => options = false,
        }
    }
}

/// Something that `env` sets, for whoever reads it after us too.
fn is_assignment(text: &str) -> bool {
    text.split_once('=').is_some_and(|(name, _)| {
        !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
    })
}

impl DesktopFile {
    /// The file for an AppImage that lies somewhere.
    ///
    /// # Errors
    /// [`BadDesktopFile::BadWish`].
    pub fn rewrite(&self, wish: &Wish) -> Result<Self, BadDesktopFile> {
        wish.check()?;
        let mut ours = vec![
            ("Type", "Application".to_owned()),
            ("Exec", wish.command(self.get("Exec").unwrap_or_default())),
            ("TryExec", escape(&wish.program)),
        ];
        ours.extend(wish.icon.as_ref().map(|icon| ("Icon", escape(icon))));
        ours.extend(wish.terminal.map(|terminal| ("Terminal", terminal.to_string())));
        if self.get("Name").is_none_or(str::is_empty) {
            ours.push(("Name", escape(&wish.name)));
        }
        if self.get("StartupWMClass").is_none_or(str::is_empty) {
            ours.extend(wish.window.as_ref().map(|window| ("StartupWMClass", escape(window))));
        }
        let mut lines = Vec::with_capacity(self.lines.len() + ours.len());
        let mut group = "";
        let mut first = true;
        for line in &self.lines {
            match line {
                Line::Group(name) => {
                    group = name;
                    lines.push(line.clone());
                    if group == ENTRY && std::mem::take(&mut first) {
                        lines.extend(ours.iter().map(|(key, value)| entry(key, value.clone())));
                    }
                }
                // What is ours stands once, at the top, in no language.
                Line::Entry { key, locale, .. } if group == ENTRY && is_ours(key, &ours) => {
                    // But a name in another language is better than ours.
                    if key == "Name" && locale.is_some() {
                        lines.push(line.clone());
                    }
                }
                Line::Entry { key, locale: None, value } if key == "Exec" => {
                    lines.push(entry(key, wish.command(value)));
                }
                Line::Entry { key, .. } if matches!(key.as_str(), "Exec" | "TryExec") => {}
                // A picture of an action that is a path would be looked for on this machine.
                Line::Entry { key, value, .. } if key == "Icon" && value.contains('/') => {}
                Line::Comment(_) | Line::Entry { .. } => lines.push(line.clone()),
            }
        }
        Ok(Self { lines })
    }
}

/// Whether a key of the app is set or left out. Without a picture of ours the file's is left out too: it would be another
/// app's of the same name.
fn is_ours(key: &str, ours: &[(&str, String)]) -> bool {
    key == "Icon" || LEFT_OUT.contains(&key) || ours.iter().any(|(own, _)| *own == key)
}

fn entry(key: &str, value: String) -> Line {
    Line::Entry { key: key.to_owned(), locale: None, value }
}
