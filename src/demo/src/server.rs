//! A loopback HTTP server for a folder, which misbehaves when told: slow, breaking off, silent, endless.
//!
//! Own code because the misbehaviour is the purpose: a server library keeps exactly these things from its user.

use crate::DemoError;
use std::collections::HashMap;
use std::fmt;
use std::fs::File;
use std::io::{self, BufRead, BufReader, Read, Seek, SeekFrom, Write};
use std::net::{Ipv4Addr, Shutdown, SocketAddr, TcpListener, TcpStream};
use std::ops::Range;
use std::path::{Component, Path, PathBuf};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

/// Longest request line or header that is read, in bytes.
const MAX_LINE: u64 = 8192;
const MAX_HEADERS: usize = 64;
/// What is sent at once; small enough for an even flow when slow.
const CHUNK: usize = 16 * 1024;

/// How the server behaves. Well, by default.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Manners {
    /// Bytes a second over all connections together.
    pub bytes_per_second: Option<u64>,
    /// After so many bytes of bodies from now, every connection breaks off, new ones too.
    pub cut_after: Option<u64>,
    /// After so many requests from now, every request is read and never answered, until the manners change.
    pub silent_after: Option<u64>,
    /// Whatever is there is sent without saying how large it is, and goes on without end.
    pub endless: bool,
    /// It wants to be left alone for a minute, whatever is asked.
    pub busy: bool,
}

/// Makes a file that is not there yet, from its path (`/screens/a.png`).
type Draw = Box<dyn Fn(&str) -> Option<Vec<u8>> + Send + Sync>;

/// A running server. Ends when dropped, connections and all.
#[derive(Debug)]
pub struct Server {
    shared: Arc<Shared>,
    address: SocketAddr,
}

struct Shared {
    root: PathBuf,
    draw: Draw,
    stopped: AtomicBool,
    sent: AtomicU64,
    state: Mutex<State>,
    /// The manners are others, or it is over.
    changed: Condvar,
}

#[derive(Debug)]
struct State {
    manners: Manners,
    /// Bytes sent since the manners were set.
    since: u64,
    /// Requests since then.
    requests: u64,
    /// When the next chunk may go, where slow.
    free_at: Instant,
    connections: HashMap<u64, TcpStream>,
}

impl Server {
    /// Serves a folder on a port of its own choice.
    pub fn start(root: impl Into<PathBuf>) -> Result<Self, DemoError> {
        Self::start_with(root, |_| None)
    }

    /// The same, with files that are made when they are asked for, and then stay.
    pub fn start_with(
        root: impl Into<PathBuf>,
        draw: impl Fn(&str) -> Option<Vec<u8>> + Send + Sync + 'static,
    ) -> Result<Self, DemoError> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).map_err(DemoError::Server)?;
        let address = listener.local_addr().map_err(DemoError::Server)?;
        let state = State {
            manners: Manners::default(),
            since: 0,
            requests: 0,
            free_at: Instant::now(),
            connections: HashMap::new(),
        };
        let shared = Arc::new(Shared {
            root: root.into(),
            draw: Box::new(draw),
            stopped: AtomicBool::new(false),
            sent: AtomicU64::new(0),
            state: Mutex::new(state),
            changed: Condvar::new(),
        });
        let accepting = Arc::clone(&shared);
        thread::spawn(move || accept(&accepting, &listener));
        Ok(Self { shared, address })
    }

    /// `http://127.0.0.1:PORT`, without a slash at the end.
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Changes the manners, also for what is on the way.
    pub fn behave(&self, manners: Manners) {
        let mut state = self.shared.lock();
        state.manners = manners;
        state.since = 0;
        state.requests = 0;
        state.free_at = Instant::now();
        self.shared.changed.notify_all();
    }

    /// Requests since the manners were set.
    pub fn requests(&self) -> u64 {
        self.shared.lock().requests
    }

    /// Bytes of bodies sent so far.
    pub fn sent(&self) -> u64 {
        self.shared.sent.load(Ordering::Relaxed)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.shared.stopped.store(true, Ordering::SeqCst);
        self.shared.hang_up();
        // Wakes the accepting thread, which then sees that it is over.
        drop(TcpStream::connect(self.address));
    }
}

impl fmt::Debug for Shared {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Shared").field("root", &self.root).field("state", &self.state).finish_non_exhaustive()
    }
}

impl Shared {
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn hang_up(&self) {
        for (_, stream) in self.lock().connections.drain() {
            // Already gone is as good.
            let _ = stream.shutdown(Shutdown::Both);
        }
        self.changed.notify_all();
    }

    /// Counts a request, and waits for as long as the server is silent. Says whether it is endless.
    fn ask(&self) -> bool {
        let mut state = self.lock();
        state.requests += 1;
        let silent = |state: &mut State| {
            let enough = state.manners.silent_after.is_some_and(|limit| state.requests > limit);
            enough && !self.stopped.load(Ordering::SeqCst)
        };
        let state = self.changed.wait_while(state, silent).unwrap_or_else(PoisonError::into_inner);
        state.manners.endless
    }

    /// Waits until `bytes` may go. An error when the connection has to break off.
    fn pass(&self, bytes: u64) -> io::Result<()> {
        let wait = {
            let mut state = self.lock();
            if state.manners.cut_after.is_some_and(|limit| state.since + bytes > limit) {
                drop(state);
                self.hang_up();
                return Err(io::ErrorKind::ConnectionAborted.into());
            }
            state.since += bytes;
            match state.manners.bytes_per_second {
                None => Duration::ZERO,
                Some(rate) => {
                    let now = Instant::now();
                    let start = state.free_at.max(now);
                    let micros = bytes.saturating_mul(1_000_000) / rate.max(1);
                    state.free_at = start + Duration::from_micros(micros);
                    state.free_at - now
                }
            }
        };
        thread::sleep(wait);
        self.sent.fetch_add(bytes, Ordering::Relaxed);
        Ok(())
    }
}

fn accept(shared: &Arc<Shared>, listener: &TcpListener) {
    for (number, stream) in (0..).zip(listener.incoming()) {
        if shared.stopped.load(Ordering::SeqCst) {
            return;
        }
        let Ok(stream) = stream else { continue };
        let Ok(copy) = stream.try_clone() else { continue };
        shared.lock().connections.insert(number, copy);
        let shared = Arc::clone(shared);
        thread::spawn(move || {
            // A client that hangs up is no fault here.
            let _ = converse(&shared, &stream);
            let _ = stream.shutdown(Shutdown::Both);
            shared.lock().connections.remove(&number);
        });
    }
}

fn converse(shared: &Shared, stream: &TcpStream) -> io::Result<()> {
    stream.set_nodelay(true)?;
    let mut reader = BufReader::new(stream);
    while let Some(request) = line(&mut reader)? {
        let (mut rest, mut part) = (0, None);
        while let Some(header) = line(&mut reader)?.filter(|header| !header.is_empty()) {
            rest += 1;
            if rest > MAX_HEADERS {
                return Err(io::ErrorKind::InvalidData.into());
            }
            part = part.or_else(|| range(&header));
        }
        answer(shared, stream, &request, part)?;
    }
    Ok(())
}

/// One line without its end; `None` when the client is done.
fn line(reader: &mut BufReader<&TcpStream>) -> io::Result<Option<String>> {
    let mut text = String::new();
    let read = reader.by_ref().take(MAX_LINE).read_line(&mut text)?;
    if read == 0 {
        return Ok(None);
    }
    if !text.ends_with('\n') {
        return Err(io::ErrorKind::InvalidData.into());
    }
    Ok(Some(text.trim_end().to_owned()))
}

/// The part of a file that a header asks for; one part only, as many servers have it.
fn range(header: &str) -> Option<Range<u64>> {
    let (name, value) = header.split_once(':')?;
    let (from, to) = value.trim().strip_prefix("bytes=")?.split_once('-')?;
    let end = to.parse::<u64>().map_or(u64::MAX, |last| last.saturating_add(1));
    Some(from.parse().ok()?..end).filter(|_| name.eq_ignore_ascii_case("range"))
}

fn answer(shared: &Shared, mut stream: &TcpStream, request: &str, part: Option<Range<u64>>) -> io::Result<()> {
    let endless = shared.ask();
    if shared.lock().manners.busy {
        return stream.write_all(b"HTTP/1.1 429 Too Many Requests\r\nRetry-After: 60\r\nContent-Length: 0\r\n\r\n");
    }
    let mut words = request.split(' ');
    let (method, target) = (words.next().unwrap_or_default(), words.next().unwrap_or_default());
    let head_only = method == "HEAD";
    if method != "GET" && !head_only {
        return head(stream, "405 Method Not Allowed", "text/plain", 0);
    }
    let Some(file) = find(shared, target) else {
        return head(stream, "404 Not Found", "text/plain", 0);
    };
    let picture = file.extension().is_some_and(|end| end == "png");
    let kind = if picture { "image/png" } else { "application/octet-stream" };
    if endless {
        return go_on(shared, stream, kind);
    }
    let mut file = File::open(file)?;
    let length = file.metadata()?.len();
    let part = part.map(|part| part.start..part.end.min(length)).filter(|part| !part.is_empty());
    let status = match &part {
        Some(part) => format!("206 Partial Content\r\nContent-Range: bytes {}-{}/{length}", part.start, part.end - 1),
        None => "200 OK".to_owned(),
    };
    let part = part.unwrap_or(0..length);
    file.seek(SeekFrom::Start(part.start))?;
    head(stream, &status, kind, part.end - part.start)?;
    let mut left = if head_only { 0 } else { part.end - part.start };
    let mut buffer = [0; CHUNK];
    while left > 0 {
        let most = usize::try_from(left).map_or(CHUNK, |left| left.min(CHUNK));
        let read = file.read(&mut buffer[..most])?;
        if read == 0 {
            // Shorter than it was: the promised length cannot be kept.
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        shared.pass(read as u64)?;
        stream.write_all(&buffer[..read])?;
        left = left.saturating_sub(read as u64);
    }
    Ok(())
}

/// Sends until the other end has enough.
fn go_on(shared: &Shared, mut stream: &TcpStream, kind: &str) -> io::Result<()> {
    let head = format!("HTTP/1.1 200 OK\r\nContent-Type: {kind}\r\nConnection: close\r\n\r\n");
    stream.write_all(head.as_bytes())?;
    loop {
        shared.pass(CHUNK as u64)?;
        stream.write_all(&[b'#'; CHUNK])?;
    }
}

fn head(mut stream: &TcpStream, status: &str, kind: &str, length: u64) -> io::Result<()> {
    stream
        .write_all(format!("HTTP/1.1 {status}\r\nContent-Type: {kind}\r\nContent-Length: {length}\r\n\r\n").as_bytes())
}

/// The file that a target names, never one outside the folder.
fn find(shared: &Shared, target: &str) -> Option<PathBuf> {
    let target = target.split('?').next()?;
    let path = Path::new(target.strip_prefix('/')?);
    if !path.components().all(|part| matches!(part, Component::Normal(_))) {
        return None;
    }
    let file = shared.root.join(path);
    if file.is_file() {
        return Some(file);
    }
    let drawn = (shared.draw)(target)?;
    // Two may draw the same at once: each writes its own and the later one wins.
    let mut new = tempfile::NamedTempFile::new_in(file.parent()?).ok()?;
    new.write_all(&drawn).ok()?;
    new.persist(&file).ok()?;
    Some(file)
}
