//! A forge on this machine: answers by path, and remembers what was asked.

#![allow(dead_code)] // each test takes what it needs

use std::collections::HashMap;
use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::thread;

/// Answers by path and query, each the whole of what is sent, headers too.
type Answers = Arc<Mutex<HashMap<String, Vec<u8>>>>;

/// A server; its threads end with the test.
pub(crate) struct Server {
    pub(crate) url: String,
    answers: Answers,
    asked: Arc<Mutex<Vec<String>>>,
}

impl Server {
    pub(crate) fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let server = Self { url, answers: Arc::default(), asked: Arc::default() };
        let (answers, asked) = (Arc::clone(&server.answers), Arc::clone(&server.asked));
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                answer(stream, &answers, &asked);
            }
        });
        server
    }

    /// From now on this is what stands at a path. `{base}` in it is the server's own address.
    pub(crate) fn set(&self, path: &str, status: &str, headers: &str, body: &str) {
        let body = body.replace("{base}", &self.url);
        let headers = headers.replace("{base}", &self.url);
        self.set_bytes(path, status, &headers, body.as_bytes());
    }

    /// The same of what is no text.
    pub(crate) fn set_bytes(&self, path: &str, status: &str, headers: &str, body: &[u8]) {
        let length = body.len();
        let head = format!("HTTP/1.1 {status}\r\n{headers}Content-Length: {length}\r\nConnection: close\r\n\r\n");
        self.answers.lock().unwrap().insert(path.to_owned(), [head.as_bytes(), body].concat());
    }

    pub(crate) fn ok(&self, path: &str, body: &str) {
        self.set(path, "200 OK", "", body);
    }

    /// What was asked since the last time, path and name of the last answer.
    pub(crate) fn asked(&self) -> Vec<String> {
        std::mem::take(&mut *self.asked.lock().unwrap())
    }
}

fn answer(mut stream: TcpStream, answers: &Answers, asked: &Mutex<Vec<String>>) {
    let mut lines = BufReader::new(stream.try_clone().unwrap()).lines().map_while(Result::ok);
    let Some(path) = lines.next().and_then(|line| line.split(' ').nth(1).map(str::to_owned)) else { return };
    let headers: Vec<_> = lines.take_while(|line| !line.is_empty()).collect();
    let etag =
        headers.iter().find_map(|line| line.to_ascii_lowercase().strip_prefix("if-none-match: ").map(str::to_owned));
    let known = answers.lock().unwrap().get(&path).cloned();
    asked.lock().unwrap().push(etag.as_ref().map_or(path.clone(), |etag| format!("{path} {etag}")));
    let same = matches!((&etag, &known), (Some(etag), Some(known)) if String::from_utf8_lossy(known).to_ascii_lowercase().contains(&format!("etag: {etag}\r\n")));
    let reply = match known {
        _ if same => b"HTTP/1.1 304 Not Modified\r\nConnection: close\r\n\r\n".to_vec(),
        Some(known) => known,
        None => b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\nConnection: close\r\n\r\n".to_vec(),
    };
    let _ = stream.write_all(&reply);
}
