//! Flathub's web API, spoken by a server that misbehaves part by part.

use crate::ground::{Ground, ORIGIN};
use serde_json::{Value, json};
use std::collections::HashMap;
use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::path::PathBuf;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};
use strata_engine::Source;
use strata_flatpak::Flatpak;
use strata_model::popularity::Popularity;
use strata_platform::Environment;

const PARTS: [&str; 5] = ["popular", "trending", "recently-added", "app-of-the-day", "apps-of-the-week"];

/// What is answered to a question.
#[derive(Clone)]
enum Reply {
    Says(String),
    Silence,
    Endless,
}

/// A path, with the name of the answer that the asker has.
type Question = (String, Option<String>);
type Replies = Arc<Mutex<HashMap<&'static str, Reply>>>;

/// A server of the API, and what it was asked.
struct Api {
    url: String,
    replies: Replies,
    asked: Arc<Mutex<Vec<Question>>>,
}

impl Api {
    fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}/api/v2/", listener.local_addr().unwrap());
        let (replies, asked) = (Replies::default(), Arc::new(Mutex::new(Vec::new())));
        let api = Self { url, replies: Arc::clone(&replies), asked: Arc::clone(&asked) };
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let (replies, asked) = (Arc::clone(&replies), Arc::clone(&asked));
                std::thread::spawn(move || {
                    let Some((path, etag)) = read(&stream) else { return };
                    let part = PARTS.into_iter().find(|part| path.contains(&format!("/{part}"))).unwrap_or_default();
                    asked.lock().unwrap().push((path, etag));
                    let reply = replies.lock().unwrap().get(part).cloned();
                    answer(stream, reply.unwrap_or(Reply::Says(status("404 Not Found"))));
                });
            }
        });
        api.all_well();
        api
    }

    fn reply(&self, part: &'static str, reply: Reply) {
        self.replies.lock().unwrap().insert(part, reply);
    }

    fn all_well(&self) {
        let hit = |id: &str, installs: u64| json!({"app_id": id, "id": id.replace('.', "_"), "installs_last_month": installs});
        let popular = [hit("org.example.Chess", 700), hit("../..", 1), hit("org.example.Go", 300)];
        self.reply("popular", good(&json!({"hits": popular, "totalHits": 3})));
        self.reply("trending", good(&json!({"hits": [hit("org.example.Go", 300)]})));
        self.reply("recently-added", good(&json!({"hits": [hit("org.example.Draughts", 2)]})));
        self.reply("app-of-the-day", good(&json!({"app_id": "org.example.Go", "day": "2026-01-01"})));
        let week = json!({"apps": [{"app_id": "org.example.Go", "position": 2}, {"app_id": "org.example.Chess", "position": 1}]});
        self.reply("apps-of-the-week", good(&week));
    }

    /// What was asked since the last time.
    fn asked(&self) -> Vec<Question> {
        let mut asked = std::mem::take(&mut *self.asked.lock().unwrap());
        asked.sort();
        asked
    }
}

fn read(stream: &TcpStream) -> Option<Question> {
    let mut lines = BufReader::new(stream).lines().map_while(Result::ok).take_while(|line| !line.is_empty());
    let path = lines.next()?.split(' ').nth(1)?.to_owned();
    let names = |line: String| Some(line.to_ascii_lowercase().strip_prefix("if-none-match: ")?.to_owned());
    Some((path, lines.find_map(names)))
}

fn answer(mut stream: TcpStream, reply: Reply) {
    match reply {
        Reply::Says(text) => drop(stream.write_all(text.as_bytes())),
        Reply::Silence => drop(std::io::copy(&mut stream, &mut std::io::sink())),
        Reply::Endless => {
            let mut sent = stream.write_all(b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n[");
            while sent.is_ok() {
                sent = stream.write_all(&[b' '; 4096]);
            }
        }
    }
}

fn good(body: &Value) -> Reply {
    let body = body.to_string();
    let length = body.len();
    Reply::Says(format!(
        "HTTP/1.1 200 OK\r\nETag: \"{length}\"\r\nContent-Length: {length}\r\nConnection: close\r\n\r\n{body}"
    ))
}

fn status(status: &str) -> String {
    format!("HTTP/1.1 {status}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
}

/// A ground whose origin counts as Flathub's repository, if `is_flathub`.
async fn ground(api: &Api, is_flathub: bool) -> Ground {
    let mut ground = Ground::with_app().await;
    let remotes = if is_flathub { vec![format!("{}/", ground.server.url())] } else { Vec::new() };
    let environment =
        Environment { flathub: api.url.clone(), flathub_remotes: remotes, ..ground.environment.as_ref().clone() };
    ground.environment = Arc::new(environment);
    ground.flatpak = Flatpak::new(Arc::clone(&ground.environment));
    ground
}

fn known(ground: &Ground) -> Popularity {
    serde_json::from_slice(&std::fs::read(ground.environment.popularity()).unwrap()).unwrap()
}

/// As if everything had been answered so long ago.
fn let_pass(ground: &Ground, seconds: i64) {
    let file = ground.environment.cache.join("flathub-answers.json");
    let mut answers: Value = serde_json::from_slice(&std::fs::read(&file).unwrap()).unwrap();
    for answer in answers.as_object_mut().unwrap().values_mut() {
        for time in ["asked", "not_before"] {
            answer[time] = (answer[time].as_i64().unwrap() - seconds).into();
        }
    }
    std::fs::write(file, answers.to_string()).unwrap();
}

async fn named(ground: &Ground) -> Vec<Option<PathBuf>> {
    ground.flatpak.feeds().await.unwrap().into_iter().map(|feed| feed.popularity).collect()
}

const HOUR: i64 = 3600;

#[tokio::test]
async fn a_refresh_brings_what_flathub_says_and_asks_again_only_when_it_is_due() {
    let api = Api::start();
    let ground = ground(&api, true).await;
    assert_eq!(named(&ground).await, [None, None]);
    assert_eq!(ground.refresh().await.partial, []);
    let asked: Vec<String> = api.asked().into_iter().map(|(path, _)| path).collect();
    assert_eq!(asked.len(), 5);
    assert!(asked[0].starts_with("/api/v2/app-picks/app-of-the-day/20") && asked[0].len() == 43, "{asked:?}");
    assert_eq!(asked[2], "/api/v2/collection/popular?page=1&per_page=250");
    let said = known(&ground);
    let expected = Popularity {
        installs: [("org.example.Chess", 700), ("org.example.Draughts", 2), ("org.example.Go", 300)]
            .map(|(id, installs)| (id.to_owned(), installs))
            .into(),
        popular: ["org.example.Chess", "org.example.Go"].map(str::to_owned).into(),
        trending: vec!["org.example.Go".to_owned()],
        new: vec!["org.example.Draughts".to_owned()],
        pick_of_the_day: Some("org.example.Go".to_owned()),
        picks_of_the_week: ["org.example.Chess", "org.example.Go"].map(str::to_owned).into(),
    };
    assert_eq!(said, expected);
    let file = Some(ground.environment.popularity());
    assert_eq!(named(&ground).await, [file.clone(), file], "of every installation that has it");

    ground.refresh().await;
    assert_eq!(api.asked(), [], "all of it is fresh");
    let modified = || std::fs::metadata(ground.environment.popularity()).unwrap().modified().unwrap();
    let before = modified();
    for part in PARTS {
        api.reply(part, Reply::Says(status("304 Not Modified")));
    }
    let_pass(&ground, 7 * HOUR);
    ground.refresh().await;
    let asked = api.asked();
    assert_eq!(asked.len(), 3, "installs are counted once a day: {asked:?}");
    assert!(asked.iter().all(|(_, etag)| etag.is_some()), "{asked:?}");
    let_pass(&ground, 6 * HOUR);
    ground.refresh().await;
    assert_eq!(api.asked().len(), 5);
    assert_eq!((known(&ground), modified()), (expected, before), "nothing is different");
}

#[tokio::test]
async fn each_part_fails_alone_and_keeps_its_last_answer() {
    let api = Api::start();
    let ground = ground(&api, true).await;
    let busy = "HTTP/1.1 429 Too Many Requests\r\nRetry-After: 7200\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";
    let no_json = "HTTP/1.1 200 OK\r\nContent-Length: 6\r\nConnection: close\r\n\r\n<html>";
    let bad = || {
        api.reply("trending", Reply::Says(busy.to_owned()));
        api.reply("recently-added", Reply::Says(status("500 Internal Server Error")));
        api.reply("app-of-the-day", Reply::Silence);
        api.reply("apps-of-the-week", Reply::Endless);
    };
    bad();
    let begun = Instant::now();
    assert_eq!(ground.refresh().await.partial, [], "it is no failure of the refresh");
    assert!(begun.elapsed() < Duration::from_secs(40), "{:?}", begun.elapsed());
    let said = known(&ground);
    assert_eq!(said.popular.len(), 2);
    assert_eq!(Popularity { popular: said.popular, installs: said.installs, ..Popularity::default() }, known(&ground));

    api.all_well();
    api.asked();
    ground.refresh().await;
    let paths: Vec<String> = api.asked().into_iter().map(|(path, _)| path).collect();
    assert_eq!(paths.len(), 3, "the fresh one and the busy one are left alone: {paths:?}");
    let_pass(&ground, 13 * HOUR);
    ground.refresh().await;
    let whole = known(&ground);
    assert_eq!(whole.trending.len() + whole.new.len() + whole.picks_of_the_week.len(), 4);
    let_pass(&ground, 13 * HOUR);
    bad();
    api.reply("popular", Reply::Says(no_json.to_owned()));
    ground.refresh().await;
    assert_eq!(known(&ground), whole);
}

#[tokio::test]
async fn switched_off_nothing_is_asked_and_nothing_old_is_used() {
    let api = Api::start();
    let ground = ground(&api, true).await;
    ground.refresh().await;
    assert_eq!(api.asked().len(), 5);
    let_pass(&ground, 13 * HOUR);
    strata_platform::settings::set(&ground.environment, "network.popularity", "false").unwrap();
    ground.refresh().await;
    assert_eq!((api.asked(), named(&ground).await), (Vec::new(), vec![None, None]));
}

#[tokio::test]
async fn nobody_asks_where_flathub_is_not_in_use() {
    let api = Api::start();
    let elsewhere = ground(&api, false).await;
    elsewhere.refresh().await;
    assert_eq!((api.asked(), named(&elsewhere).await), (Vec::new(), vec![None, None]));
    let unlisted = ground(&api, true).await;
    for installation in ["--user", "--system"] {
        unlisted.command(&["remote-modify", installation, "--no-enumerate", ORIGIN]);
    }
    unlisted.refresh().await;
    assert_eq!(api.asked(), []);
}
