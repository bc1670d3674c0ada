//! A display that nobody sees.

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};

/// An X server of one test; ends with it.
#[derive(Debug)]
pub(crate) struct Display {
    server: Child,
    name: String,
}

impl Display {
    /// Starts the server. `None`, with a word, where there is no Xvfb; CI has to have it.
    pub(crate) fn start() -> Option<Self> {
        let mut command = Command::new("Xvfb");
        // Without -noreset it would start anew, deaf for a moment, whenever the last client leaves.
        command.args(["-displayfd", "1", "-screen", "0", "1400x1000x24", "-nolisten", "tcp", "-noreset"]);
        let Ok(mut server) = command.stdout(Stdio::piped()).stderr(Stdio::null()).spawn() else {
            assert!(std::env::var_os("CI").is_none(), "Xvfb is missing; run: apt install xvfb xdotool");
            eprintln!("SKIPPED, Xvfb is missing (package xvfb)");
            return None;
        };
        let mut number = String::new();
        BufReader::new(server.stdout.take().unwrap()).read_line(&mut number).unwrap();
        Some(Self { server, name: format!(":{}", number.trim()) })
    }

    /// Makes a command draw here, without a graphics card.
    pub(crate) fn show<'a>(&self, command: &'a mut Command) -> &'a mut Command {
        command.env("DISPLAY", &self.name).env_remove("WAYLAND_DISPLAY");
        command.envs([("GDK_BACKEND", "x11"), ("GSK_RENDERER", "cairo"), ("LIBGL_ALWAYS_SOFTWARE", "1")]);
        command.envs([("GSETTINGS_BACKEND", "memory"), ("GTK_A11Y", "atspi"), ("ADW_DISABLE_PORTAL", "1")])
    }

    /// Does something with mouse or keyboard.
    pub(crate) fn xdotool(&self, words: &[&str]) -> String {
        let output = Command::new("xdotool").args(words).env("DISPLAY", &self.name).output().unwrap();
        String::from_utf8(output.stdout).unwrap().trim().to_owned()
    }

    /// Takes a picture of everything.
    pub(crate) fn picture(&self, file: &Path) {
        let mut import = Command::new("import");
        // A picture that cannot be taken must not hide why the test failed.
        let _ = import.args(["-window", "root"]).arg(file).env("DISPLAY", &self.name).status();
    }
}

impl Drop for Display {
    fn drop(&mut self) {
        let _ = self.server.kill();
        let _ = self.server.wait();
    }
}
