//! Answers that are small and would be large as a tree. One test, because what is measured is the whole process.

#![allow(clippy::unwrap_used, clippy::panic)]

mod server;

use server::Server;
use std::sync::Arc;
use strata_appimage::Architecture;
use strata_appimage::feed::{FeedLoss, Project, app_icons, app_image_hub};
use strata_appimage::release::{App, Resolver, Wanted};
use strata_appimage::update_information::Forge;
use strata_platform::{Environment, environment::Forges, http};

/// Where the feed is from.
const SITE: &str = "https://appimage.github.io";

/// Most memory that this process ever had, in megabytes.
fn peak() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap();
    line.trim().trim_end_matches(" kB").parse::<u64>().unwrap() / 1024
}

/// About this many bytes of an item, over and over.
fn list(item: &str, bytes: usize) -> String {
    let mut list = vec![item; bytes / (item.len() + 1)].join(",");
    list.insert(0, '[');
    list.push(']');
    list
}

async fn ask(body: &str) {
    let server = Server::start();
    server.ok("/gh/repos/ann/App/releases?per_page=30", body);
    let home = tempfile::tempdir().unwrap();
    let plain = Environment::from_variables(&|name| (name == "HOME").then(|| home.path().into()));
    let github = format!("{}/gh", server.url);
    let forges = Forges { github, ..plain.forges.clone() };
    let resolver = Resolver::new(Arc::new(Environment { forges, ..plain }), http::client().unwrap());
    let project = Project { forge: Forge::GitHub, owner: "ann".into(), repository: "App".into() };
    let wanted =
        Wanted { project, app: App::default(), release: None, pattern: None, architecture: Architecture::X86_64 };
    let _ = resolver.resolve(&wanted).await;
}

#[tokio::test]
async fn what_is_not_asked_for_takes_no_memory() {
    const FEED: usize = 4 << 20;
    const RELEASES: usize = 3 << 20;
    let nested = format!("{}0{}", "{\"\":".repeat(100), "}".repeat(100));
    for item in ["{\"\":0}", &nested, "[{\"name\":0}]", "{\"links\":[{\"type\":0}]}"] {
        let large = list(item, FEED);
        assert!(app_image_hub(format!("{{\"items\":{large}}}").as_bytes(), SITE).is_ok());
        let entry = format!("{{\"items\":[{{\"name\":{large},\"links\":{large},\"other\":0}}]}}");
        let _ = app_image_hub(entry.as_bytes(), SITE);
        assert!(app_image_hub(format!("{{\"other\":{large},\"items\":[]}}").as_bytes(), SITE).is_ok());
        assert!(app_icons(large.as_bytes()).is_ok());
    }
    let dense = format!(
        r#"{{"name":"a","links":[{{"type":"GitHub","url":"a/b"}}],"icons":[{}],"description":"{}"}}"#,
        ["\"a\""; 64].join(","),
        "a<p>".repeat(200)
    );
    let feed = app_image_hub(format!("{{\"items\":{}}}", list(&dense, FEED)).as_bytes(), SITE).unwrap();
    assert!(!feed.records.is_empty() && feed.losses.contains_key(&FeedLoss::TooMany));
    drop(feed);
    for item in ["{\"\":0}", &nested, "{\"assets\":[{\"name\":0}]}"] {
        ask(&list(item, RELEASES)).await;
        ask(&format!("[{{\"tag_name\":\"v1\",\"assets\":{}}}]", list(item, RELEASES))).await;
    }
    let peak = peak();
    assert!(peak < 160, "{peak} MB");
}
