//! A program that runs.

use crate::{DEADLINE, Ended, until};
use rustix::process::{Pid, Signal, kill_process};
use std::io::Read;
use std::os::unix::process::ExitStatusExt;
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

/// How long the words of a program that has ended may take through a pipe.
const LAST_WORDS: Duration = Duration::from_secs(2);

/// A program that runs, its words kept as they come. Killed if the test ends before it.
#[derive(Debug)]
pub struct Running {
    line: String,
    child: Child,
    out: Reader,
    err: Reader,
}

/// Reads one pipe to its end.
#[derive(Debug)]
struct Reader {
    text: Arc<Mutex<Vec<u8>>>,
    thread: JoinHandle<()>,
}

impl Reader {
    fn start(mut pipe: impl Read + Send + 'static) -> Self {
        let text = Arc::new(Mutex::new(Vec::new()));
        let kept = Arc::clone(&text);
        let thread = std::thread::spawn(move || {
            let mut chunk = [0; 4096];
            while let Ok(count @ 1..) = pipe.read(&mut chunk) {
                kept.lock().unwrap().extend_from_slice(&chunk[..count]);
            }
        });
        Self { text, thread }
    }

    fn so_far(&self) -> String {
        String::from_utf8_lossy(&self.text.lock().unwrap()).into_owned()
    }
}

impl Running {
    /// Starts a program without anybody at its standard input.
    pub fn start(mut command: Command) -> Self {
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let line = format!("{:?}", command.get_args().collect::<Vec<_>>());
        let mut child = command.spawn().unwrap_or_else(|error| panic!("{line}: {error}"));
        let out = Reader::start(child.stdout.take().unwrap());
        let err = Reader::start(child.stderr.take().unwrap());
        Self { line, child, out, err }
    }

    /// What it has printed so far, on both.
    pub fn so_far(&self) -> String {
        self.out.so_far() + &self.err.so_far()
    }

    /// Waits until it has printed this.
    pub fn says(&mut self, words: &str) -> &mut Self {
        until(&format!("{} says {words:?}, not {:?}", self.line, self.so_far()), || {
            let ended = self.child.try_wait().unwrap();
            let said = self.so_far().contains(words);
            assert!(
                said || ended.is_none(),
                "{} ended ({ended:?}) without saying {words:?}: {}",
                self.line,
                self.so_far()
            );
            said.then_some(())
        });
        self
    }

    /// Sends it a signal.
    pub fn signal(&mut self, signal: Signal) -> &mut Self {
        let pid = Pid::from_child(&self.child);
        kill_process(pid, signal).unwrap();
        self
    }

    /// Waits for its end.
    pub fn end(mut self) -> Ended {
        let status = until(&format!("{} ends within {DEADLINE:?}", self.line), || self.child.try_wait().unwrap());
        let status = status.code().or_else(|| status.signal().map(|signal| 128 + signal)).unwrap();
        until("its words are read", || self.out.thread.is_finished().then_some(()));
        // An engine that is its child may hold its standard error open for longer than it lives.
        let ended = Instant::now();
        until("its complaints are read", || {
            (self.err.thread.is_finished() || ended.elapsed() > LAST_WORDS).then_some(())
        });
        Ended { line: self.line.clone(), status, out: self.out.so_far(), err: self.err.so_far() }
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        // It has ended already, in a test that went well.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
