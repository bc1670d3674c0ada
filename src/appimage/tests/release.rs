//! What projects have released, asked of a forge on this machine.

#![allow(clippy::unwrap_used, clippy::panic)]

mod server;

use server::Server;
use std::sync::Arc;
use std::time::Duration;
use strata_appimage::Architecture;
use strata_appimage::feed::Project;
use strata_appimage::release::{App, Found, ResolveError, Resolved, Resolver, Wanted};
use strata_appimage::update_information::{Forge, Release};
use strata_platform::{Environment, environment::Forges, http};
use tempfile::TempDir;

const LATEST: &str = "/gh/repos/ann/App/releases/latest";
const LIST: &str = "/gh/repos/ann/App/releases?per_page=30";

struct World {
    server: Server,
    home: TempDir,
}

impl World {
    fn new() -> Self {
        Self { server: Server::start(), home: tempfile::tempdir().unwrap() }
    }

    /// A new process with what an earlier one kept.
    fn resolver(&self) -> Resolver {
        let home = self.home.path().to_owned();
        let plain = Environment::from_variables(&|name| (name == "HOME").then(|| home.clone().into()));
        let base = |name: &str| format!("{}/{name}", self.server.url);
        let (github, gitlab, codeberg, gitea) = (base("gh"), base("gl"), base("cb"), base("gitea/{host}"));
        let environment = Environment { forges: Forges { github, gitlab, codeberg, gitea }, ..plain };
        Resolver::new(Arc::new(environment), http::client().unwrap()).with_least_age(Duration::ZERO)
    }
}

fn wanted() -> Wanted {
    let project = Project { forge: Forge::GitHub, owner: "ann".into(), repository: "App".into() };
    Wanted { project, app: App::default(), release: None, pattern: None, architecture: Architecture::X86_64 }
}

fn release(tag: &str, more: &str, files: &[&str]) -> String {
    let file = |name: &&str| {
        let digest = format!("sha256:{}", "AB".repeat(32));
        format!(
            r#"{{"name": "{name}", "size": 7, "digest": "{digest}", "browser_download_url": "{{base}}/files/{name}"}}"#
        )
    };
    let files = files.iter().map(file).collect::<Vec<_>>().join(", ");
    format!(r#"{{"tag_name": "{tag}", "published_at": "2026-11-22T12:00:00Z"{more}, "assets": [{files}]}}"#)
}

fn found(resolved: Resolved) -> Found {
    match resolved {
        Resolved::Found(found) => *found,
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn the_newest_release_with_an_appimage_for_this_machine_is_found() {
    let world = World::new();
    let pre = r#", "prerelease": true"#;
    let list = [
        release("nightly", pre, &["App-x86_64.AppImage"]),
        release("v3", r#", "draft": true"#, &["App-x86_64.AppImage"]),
        release("v2", "", &["App.deb"]),
        release(
            "v1",
            "",
            &["App-aarch64.AppImage", "App-x86_64.AppImage", "App-x86_64.AppImage.zsync", "App-x86_64.AppImage.sha256"],
        ),
    ];
    world.server.ok(LIST, &format!("[{}, 5, {{}}, {{\"tag_name\": 7}}]", list.join(", ")));
    let resolver = world.resolver();
    let newest = found(resolver.resolve(&wanted()).await.unwrap());
    assert_eq!((newest.version.as_str(), newest.released, newest.development), ("v1", 1_795_348_800, false));
    assert_eq!((newest.asset.name.as_str(), newest.asset.size), ("App-x86_64.AppImage", 7));
    assert_eq!(newest.asset.sha256, Some("ab".repeat(32)));
    assert_eq!(newest.control, Some(format!("{}/files/App-x86_64.AppImage.zsync", world.server.url)));
    let arm = Wanted { architecture: Architecture::Aarch64, ..wanted() };
    assert_eq!(found(resolver.resolve(&arm).await.unwrap()).asset.name, "App-aarch64.AppImage");
    for (release, expected) in
        [(Release::LatestPre, "nightly"), (Release::LatestAll, "nightly"), (Release::Latest, "v1")]
    {
        let wanted = Wanted { release: Some(release), pattern: Some("App-x86*.AppImage.zsync".into()), ..wanted() };
        assert_eq!(found(resolver.resolve(&wanted).await.unwrap()).version, expected);
    }
    let i686 = Wanted { architecture: Architecture::I686, ..wanted() };
    assert_eq!(resolver.resolve(&i686).await.unwrap(), Resolved::OtherMachine);
    let riddle = Wanted { pattern: Some("Other*.zsync".into()), ..wanted() };
    assert_eq!(resolver.resolve(&riddle).await.unwrap(), Resolved::NoAppImage);
}

#[tokio::test]
async fn what_a_project_lacks_is_told_apart() {
    let world = World::new();
    let resolver = world.resolver();
    assert_eq!(resolver.resolve(&wanted()).await.unwrap(), Resolved::Gone);
    let tagged = Wanted { release: Some(Release::Tag("v9/1".into())), ..wanted() };
    assert_eq!(resolver.resolve(&tagged).await.unwrap(), Resolved::NoRelease);
    assert_eq!(world.server.asked().last().unwrap(), "/gh/repos/ann/App/releases/tags/v9%2F1");
    world.server.ok("/gh/repos/ann/App/releases/tags/v9%2F1", &release("v9/1", "", &["a.AppImage"]));
    assert_eq!(found(resolver.resolve(&tagged).await.unwrap()).version, "v9/1");
    world.server.asked();
    for tag in [".", ".."] {
        let tagged = Wanted { release: Some(Release::Tag(tag.into())), ..wanted() };
        assert_eq!(resolver.resolve(&tagged).await.unwrap(), Resolved::NoRelease);
    }
    assert_eq!(world.server.asked(), Vec::<String>::new(), "another address would have been asked");
    for (body, expected) in [
        ("[]".to_owned(), Resolved::NoRelease),
        (format!("[{}]", release("v1", "", &["App.deb"])), Resolved::NoAppImage),
        (format!("[{}]", release("v1", "", &["App-arm64.AppImage"])), Resolved::OtherMachine),
        (format!("[{}]", release("v1", r#", "assets": null"#, &[])), Resolved::NoAppImage),
    ] {
        world.server.ok(LIST, &body);
        assert_eq!(resolver.resolve(&wanted()).await.unwrap(), expected, "{body}");
    }
    for body in ["", "<html>", "{}", "7", r#"{"message": "moved"}"#] {
        world.server.ok(LIST, body);
        assert!(matches!(resolver.resolve(&wanted()).await, Err(ResolveError::Malformed)), "{body}");
    }
    world.server.set(LIST, "500 Oh", "", "");
    assert!(matches!(resolver.resolve(&wanted()).await, Err(ResolveError::Http(_))));
}

#[tokio::test]
async fn an_answer_is_kept_and_asked_for_by_its_name() {
    let world = World::new();
    let newest = Wanted { release: Some(Release::LatestAll), ..wanted() };
    world.server.set(LIST, "200 OK", "ETag: \"one\"\r\n", &format!("[{}]", release("v1", "", &["a.AppImage"])));
    let first = world.resolver().resolve(&newest).await.unwrap();
    assert_eq!(world.resolver().resolve(&newest).await.unwrap(), first, "another process, and nothing is new");
    assert_eq!(world.server.asked(), [LIST.to_owned(), format!("{LIST} \"one\"")]);
    world.server.set(LIST, "200 OK", "ETag: \"two\"\r\n", &format!("[{}]", release("v2", "", &["a.AppImage"])));
    assert_eq!(found(world.resolver().resolve(&newest).await.unwrap()).version, "v2");
    // What was kept may be gone or changed by anybody.
    for entry in std::fs::read_dir(world.home.path().join(".cache/strata/releases")).unwrap() {
        std::fs::write(entry.unwrap().path(), "{").unwrap();
    }
    assert_eq!(found(world.resolver().resolve(&newest).await.unwrap()).version, "v2");
}

#[tokio::test]
async fn what_a_project_calls_its_newest_is_and_not_what_came_last() {
    let world = World::new();
    let list = [release("v1.9.1", "", &["a.AppImage"]), release("v2", "", &["a.AppImage"])].join(", ");
    world.server.ok(LIST, &format!("[{list}]"));
    world.server.ok(LATEST, &release("v2", "", &["a.AppImage"]));
    for release in [None, Some(Release::Latest)] {
        let wanted = Wanted { release, ..wanted() };
        assert_eq!(found(world.resolver().resolve(&wanted).await.unwrap()).version, "v2");
        assert_eq!(world.server.asked(), [LATEST], "one question");
    }
    // A newest one that is for other systems.
    world.server.ok(LATEST, &release("v2", "", &["a.apk"]));
    assert_eq!(found(world.resolver().resolve(&wanted()).await.unwrap()).version, "v1.9.1");
    assert_eq!(world.server.asked(), [LATEST, LIST]);
    // What has a newest release is there, whatever else is not.
    world.server.set(LIST, "404 Not Found", "", "");
    assert_eq!(world.resolver().resolve(&wanted()).await.unwrap(), Resolved::NoAppImage);
}

#[tokio::test]
async fn an_answer_counts_for_a_while_and_who_asks_meanwhile_waits_for_it() {
    let world = World::new();
    world.server.ok(LATEST, &release("v1", "", &["a.AppImage"]));
    let resolver = || world.resolver().with_least_age(Duration::from_mins(10));
    let first = resolver();
    let wanted = wanted();
    let (one, other) = tokio::join!(first.resolve(&wanted), first.resolve(&wanted));
    assert_eq!(found(one.unwrap()), found(other.unwrap()));
    assert_eq!(world.server.asked(), [LATEST]);
    assert_eq!(found(resolver().resolve(&wanted).await.unwrap()).version, "v1", "another process");
    assert_eq!(world.server.asked(), Vec::<String>::new());
    // That there is nothing is an answer too.
    let gone = Wanted { project: Project { owner: "ben".into(), ..wanted.project }, ..wanted };
    for questions in [2, 0] {
        assert_eq!(resolver().resolve(&gone).await.unwrap(), Resolved::Gone);
        assert_eq!(world.server.asked().len(), questions);
    }
}

#[tokio::test]
async fn a_file_that_takes_anothers_place_is_told_by_its_mark() {
    let world = World::new();
    let nightly = |id: u64, time: &str| {
        format!(
            r#"{{"tag_name": "nightly", "assets": [{{"name": "a.AppImage", "size": 7, "id": {id}, "updated_at": "{time}",
               "browser_download_url": "{{base}}/a"}}]}}"#
        )
    };
    let mut marks = Vec::new();
    for (id, time) in [(1, "2026-11-22T12:00:00Z"), (2, "2026-11-22T12:00:00Z"), (2, "2026-11-23T12:00:00Z")] {
        world.server.ok(LATEST, &nightly(id, time));
        marks.push(found(world.resolver().resolve(&wanted()).await.unwrap()).asset.mark());
    }
    assert_eq!(marks[0], "1-1795348800-7");
    marks.dedup();
    assert_eq!(marks.len(), 3);
    world.server.ok(LATEST, &release("v1", "", &["a.AppImage"]));
    assert_eq!(found(world.resolver().resolve(&wanted()).await.unwrap()).asset.mark(), "", "nobody says");
}

#[tokio::test]
async fn another_app_of_the_project_is_not_taken() {
    let world = World::new();
    world.server.ok(LATEST, &release("v2", "", &["Viewer-x86_64.AppImage"]));
    let list = [release("v2", "", &["Viewer-x86_64.AppImage"]), release("v1", "", &["Editor-x86_64.AppImage"])];
    world.server.ok(LIST, &format!("[{}]", list.join(", ")));
    let app = |name: &str, other: &str| App { name: name.into(), others: vec![other.into()] };
    let editor = Wanted { app: app("Editor", "Viewer"), ..wanted() };
    assert_eq!(found(world.resolver().resolve(&editor).await.unwrap()).asset.name, "Editor-x86_64.AppImage");
    let third = Wanted { app: app("Player", "Viewer"), ..wanted() };
    assert_eq!(world.resolver().resolve(&third).await.unwrap(), Resolved::NoAppImage);
}

#[tokio::test]
async fn a_forge_that_wants_to_be_left_alone_is() {
    for (status, headers) in [
        ("403 rate limit exceeded", "X-RateLimit-Remaining: 0\r\nX-RateLimit-Reset: 99999999999\r\n"),
        ("429 Too Many Requests", "Retry-After: 100\r\n"),
        ("429 Too Many Requests", ""),
    ] {
        let world = World::new();
        world.server.set(LIST, "200 OK", "ETag: \"one\"\r\n", &format!("[{}]", release("v1", "", &["a.AppImage"])));
        let resolver = world.resolver();
        resolver.resolve(&wanted()).await.unwrap();
        world.server.set(LIST, status, headers, "");
        let Resolved::Busy { rest, known } = resolver.resolve(&wanted()).await.unwrap() else { panic!("{status}") };
        assert!(rest.is_some_and(|rest| rest > Duration::from_mins(1) && rest <= Duration::from_hours(2)), "{rest:?}");
        assert_eq!(known.unwrap().version, "v1", "what was known is told, as what was known");
        world.server.asked();
        let other = Wanted { project: Project { owner: "ben".into(), ..wanted().project }, ..wanted() };
        let again = resolver.resolve(&other).await.unwrap();
        assert!(matches!(again, Resolved::Busy { known: None, .. }), "{again:?}");
        assert_eq!(world.server.asked(), Vec::<String>::new(), "it was not asked again");
    }
}

#[tokio::test]
async fn every_forge_is_asked_its_own_way() {
    let world = World::new();
    let gitlab = r#"[{"tag_name": "v1", "released_at": "2026-11-22T12:00:00.000Z", "assets": {"links": [
        {"name": "Linux", "url": "{base}/x", "direct_asset_url": "{base}/files/App-x86_64.AppImage"}]}}]"#;
    world.server.ok("/gl/projects/a%2Fb%2FApp/releases?per_page=30", gitlab);
    let gitea = format!("[{}]", release("v1", "", &["App-x86_64.AppImage"]));
    world.server.ok("/cb/repos/ann/App/releases?limit=30", &gitea);
    world.server.ok("/gitea/git.example:3000/repos/ann/App/releases?limit=30", &gitea);
    let resolver = world.resolver();
    for (forge, owner) in
        [(Forge::GitLab, "a/b"), (Forge::Codeberg, "ann"), (Forge::Gitea { host: "git.example:3000".into() }, "ann")]
    {
        let project = Project { forge, owner: owner.into(), repository: "App".into() };
        let newest = found(resolver.resolve(&Wanted { project: project.clone(), ..wanted() }).await.unwrap());
        assert_eq!((newest.version.as_str(), newest.asset.name.as_str()), ("v1", "App-x86_64.AppImage"), "{project:?}");
        assert_eq!(newest.asset.url, format!("{}/files/App-x86_64.AppImage", world.server.url));
        assert_eq!(newest.released, 1_795_348_800);
    }
}

#[tokio::test]
async fn files_that_lead_elsewhere_are_left_out() {
    let world = World::new();
    let file = |name: &str, url: &str| format!(r#"{{"name": "{name}", "browser_download_url": "{url}"}}"#);
    let files = [
        file("a.AppImage", "javascript:alert(1)"),
        file("b.AppImage", "file:///etc/passwd"),
        file("../c.AppImage", "{base}/c"),
        file("d\\n.AppImage", "{base}/d"),
        r#"{"name": 7}"#.to_owned(),
        "null".to_owned(),
        r#"{"name": "longest.AppImage", "browser_download_url": "{base}/e", "digest": "sha256:short", "size": -1}"#
            .to_owned(),
    ];
    world
        .server
        .ok(LIST, &format!(r#"[{{"tag_name": "v1", "published_at": "never", "assets": [{}]}}]"#, files.join(", ")));
    let newest = found(world.resolver().resolve(&wanted()).await.unwrap());
    assert_eq!((newest.asset.name.as_str(), newest.asset.size, newest.released), ("longest.AppImage", 0, 0));
    assert_eq!(newest.asset.sha256, None);
}

#[tokio::test]
async fn a_control_file_is_relative_to_where_it_is_in_the_end() {
    let world = World::new();
    let head =
        format!("zsync: 0.6.2\nFilename: a.AppImage\nLength: 9\nURL: a.AppImage\nSHA-1: {}\n\nblocks", "0".repeat(40));
    world.server.ok("/new/a.zsync", &head);
    world.server.set("/old.zsync", "302 Found", "Location: {base}/new/a.zsync\r\n", "");
    let resolver = world.resolver();
    let control = resolver.control_file(&format!("{}/old.zsync", world.server.url)).await.unwrap().unwrap();
    assert_eq!((control.url, control.length), (format!("{}/new/a.AppImage", world.server.url), 9));
    assert_eq!(resolver.control_file(&format!("{}/gone.zsync", world.server.url)).await.unwrap(), None);
    world.server.ok("/page", "<html>");
    let page = resolver.control_file(&format!("{}/page", world.server.url)).await;
    assert!(matches!(page, Err(ResolveError::Malformed)), "{page:?}");
}
