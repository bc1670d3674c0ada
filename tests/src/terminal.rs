//! A program on a terminal, with somebody who types.

use crate::until;
use std::ffi::OsStr;
use std::fs::File;
use std::io::{Read, Write};
use std::os::unix::process::ExitStatusExt;
use std::process::{Child, Command, ExitStatus};
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;

use rustix::pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt};
use rustix::termios::{Winsize, tcsetwinsize};

/// A program whose standard input and outputs are a terminal. Killed if the test ends before it.
#[derive(Debug)]
pub struct Terminal {
    child: Child,
    keyboard: File,
    screen: Arc<Mutex<Vec<u8>>>,
    reader: JoinHandle<()>,
}

impl Terminal {
    /// Starts a program on a terminal of so many columns. `setsid` makes it the terminal's own session, so that Ctrl+C
    /// reaches what it would reach on a person's terminal.
    pub fn start(command: &Command, columns: u16) -> Self {
        let ours = openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY).unwrap();
        grantpt(&ours).unwrap();
        unlockpt(&ours).unwrap();
        tcsetwinsize(&ours, Winsize { ws_row: 40, ws_col: columns, ws_xpixel: 0, ws_ypixel: 0 }).unwrap();
        let name = ptsname(&ours, Vec::new()).unwrap();
        let path = std::path::Path::new(name.to_str().unwrap());
        let theirs = || File::options().read(true).write(true).open(path).unwrap();
        let mut session = Command::new("setsid");
        session.args([OsStr::new("--ctty"), OsStr::new("--wait"), command.get_program()]).args(command.get_args());
        for (name, value) in command.get_envs() {
            match value {
                Some(value) => session.env(name, value),
                None => session.env_remove(name),
            };
        }
        session.env("TERM", "xterm-256color");
        let child = session.stdin(theirs()).stdout(theirs()).stderr(theirs()).spawn().unwrap();
        let screen = Arc::new(Mutex::new(Vec::new()));
        let (kept, mut reader) = (Arc::clone(&screen), File::from(ours.try_clone().unwrap()));
        let reader = std::thread::spawn(move || {
            let mut chunk = [0; 4096];
            // Ends with an error when nobody has the terminal open any more.
            while let Ok(count @ 1..) = reader.read(&mut chunk) {
                kept.lock().unwrap().extend_from_slice(&chunk[..count]);
            }
        });
        Self { child, keyboard: File::from(ours), screen, reader }
    }

    /// Everything that was written to the screen so far.
    pub fn screen(&self) -> String {
        String::from_utf8_lossy(&self.screen.lock().unwrap()).into_owned()
    }

    /// Waits until this was written to the screen.
    pub fn shows(&mut self, words: &str) -> &mut Self {
        until(&format!("the terminal shows {words:?}"), || {
            let ended = self.ended();
            let shown = self.screen().contains(words);
            assert!(shown || ended.is_none(), "ended without showing {words:?}:\n{}", self.screen());
            shown.then_some(())
        });
        self
    }

    /// Types.
    pub fn types(&mut self, keys: &str) -> &mut Self {
        self.keyboard.write_all(keys.as_bytes()).unwrap();
        self
    }

    /// How the program ended, once everything it wrote is on the screen.
    fn ended(&mut self) -> Option<ExitStatus> {
        self.child.try_wait().unwrap().filter(|_| self.reader.is_finished())
    }

    /// Waits for the end, and gives the exit status.
    pub fn end(&mut self) -> i32 {
        let status = until("the program on the terminal ends", || self.ended());
        status.code().or_else(|| status.signal().map(|signal| 128 + signal)).unwrap()
    }
}

impl Drop for Terminal {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
