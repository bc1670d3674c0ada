//! A server with one file, which gives parts of it and has every fault that servers have.

#![allow(dead_code)] // each test takes what it needs

use std::collections::VecDeque;
use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::thread;

/// What goes wrong with one answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fault {
    None,
    /// The connection ends after so many bytes.
    Cut(usize),
    /// A part is asked for, and all of it comes.
    Whole,
    /// It says another length.
    Says(usize),
    /// It does not say how long it is.
    Unsaid,
    /// The part begins elsewhere.
    Elsewhere,
    /// `429`, `404` and the like.
    Status(&'static str),
    /// After so many bytes nothing comes any more until the other end leaves.
    Silent(usize),
    /// It is somewhere else on the same server.
    Moved,
}

#[derive(Debug)]
pub(crate) struct State {
    pub(crate) body: Vec<u8>,
    pub(crate) etag: Option<&'static str>,
    pub(crate) faults: VecDeque<Fault>,
    /// Ranges that were asked for, and by which name; empty for all.
    pub(crate) asked: Vec<String>,
    /// Paths that were asked for.
    pub(crate) paths: Vec<String>,
    /// Bytes of the file that were sent.
    pub(crate) sent: usize,
}

#[derive(Clone, Debug)]
pub(crate) struct FileServer {
    pub(crate) url: String,
    pub(crate) state: Arc<Mutex<State>>,
}

impl FileServer {
    pub(crate) fn start(body: &[u8], etag: Option<&'static str>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}/App.AppImage", listener.local_addr().unwrap());
        let state =
            State { body: body.to_vec(), etag, faults: VecDeque::new(), asked: Vec::new(), paths: Vec::new(), sent: 0 };
        let state = Arc::new(Mutex::new(state));
        let shared = Arc::clone(&state);
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let shared = Arc::clone(&shared);
                thread::spawn(move || answer(stream, &shared));
            }
        });
        Self { url, state }
    }

    pub(crate) fn faults(&self, faults: &[Fault]) {
        self.state.lock().unwrap().faults = faults.iter().copied().collect();
    }

    pub(crate) fn asked(&self) -> Vec<String> {
        std::mem::take(&mut self.state.lock().unwrap().asked)
    }
}

fn answer(mut stream: TcpStream, state: &Mutex<State>) -> Option<()> {
    let lines = BufReader::new(stream.try_clone().ok()?).lines().map_while(Result::ok);
    let headers: Vec<_> = lines.take_while(|line| !line.is_empty()).map(|line| line.to_ascii_lowercase()).collect();
    let header = |name: &str| headers.iter().find_map(|line| line.strip_prefix(name).map(str::to_owned));
    let (range, named) = (header("range: "), header("if-range: "));
    let path = headers.first().and_then(|line| line.split(' ').nth(1)).unwrap_or_default().to_owned();
    let (body, etag, fault) = {
        let mut state = state.lock().unwrap();
        state.paths.push(path);
        state.asked.push([range.clone(), named.clone()].into_iter().flatten().collect::<Vec<_>>().join(" "));
        (state.body.clone(), state.etag, state.faults.pop_front().unwrap_or(Fault::None))
    };
    if let Fault::Status(status) = fault {
        let _ = write!(stream, "HTTP/1.1 {status}\r\nRetry-After: 7\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
        return None;
    }
    if fault == Fault::Moved {
        let _ = write!(
            stream,
            "HTTP/1.1 302 Found\r\nLocation: /elsewhere\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
        );
        return None;
    }
    let same = named.is_none() || named.as_deref() == etag;
    let range = range.filter(|_| same && fault != Fault::Whole).and_then(|range| {
        let (from, to) = range.strip_prefix("bytes=")?.split_once('-')?;
        let end = to.parse::<usize>().map_or(body.len(), |last| last + 1).min(body.len());
        Some(from.parse::<usize>().ok()?..end)
    });
    let (mut head, sent) = match range {
        Some(range) if range.is_empty() => {
            (format!("HTTP/1.1 416 No\r\nContent-Range: bytes */{}\r\n", body.len()), &[][..])
        }
        Some(range) => {
            let from = if fault == Fault::Elsewhere { 0 } else { range.start };
            let head = format!("HTTP/1.1 206 Part\r\nContent-Range: bytes {from}-{}/{}\r\n", range.end - 1, body.len());
            (head, &body[from..range.end])
        }
        None => ("HTTP/1.1 200 OK\r\n".to_owned(), &body[..]),
    };
    let said = match fault {
        Fault::Unsaid => None,
        Fault::Says(length) => Some(length),
        _ => Some(sent.len()),
    };
    head.extend(said.map(|length| format!("Content-Length: {length}\r\n")));
    head.extend(etag.map(|etag| format!("ETag: {etag}\r\n")));
    stream.write_all(format!("{head}Connection: close\r\n\r\n").as_bytes()).ok()?;
    let length = match fault {
        Fault::Cut(length) | Fault::Silent(length) => length.min(sent.len()),
        _ => sent.len(),
    };
    state.lock().unwrap().sent += length;
    stream.write_all(&sent[..length]).ok()?;
    if let Fault::Silent(_) = fault {
        // Until the other end leaves.
        let _ = std::io::Read::read(&mut stream, &mut [0]);
    }
    None
}
