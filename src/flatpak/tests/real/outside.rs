//! What other programs do.

use crate::ground::{APP, Ground, ORIGIN, PATIENCE, app, offer, runtime_reference};
use std::sync::Arc;
use strata_engine::{Reporter, Source};
use strata_flatpak::Flatpak;
use strata_model::{OfferId, Request, SourceKind};
use strata_platform::{Environment, witness};
use tokio_util::sync::CancellationToken;

#[tokio::test]
async fn changes_of_the_flatpak_command_are_noticed() {
    let ground = Ground::with_app().await;
    let before = ground.state().await;
    witness::write(&ground.environment, before.witnesses, before.installed).unwrap();
    assert_eq!(witness::read(&ground.environment), Some(Vec::new()));
    let mut changes = ground.watched().await;
    changes.borrow_and_update();
    ground.command(&["install", "--user", "--noninteractive", "-y", ORIGIN, APP]);
    tokio::time::timeout(PATIENCE, changes.changed()).await.unwrap().unwrap();
    assert!(ground.installed(&app().reference).await.is_some());
    assert_eq!(witness::read(&ground.environment), None, "the faces would still trust what was known before");
}

#[tokio::test]
async fn a_watch_ends_with_its_source() {
    let ground = Ground::bare();
    let changes = ground.flatpak.changes();
    drop(ground);
    assert!(changes.has_changed().is_err(), "somebody still watches");
}

/// libflatpak reads the names of extra installations from the folder that its process was started with.
#[test]
fn an_extra_installation_is_one_more_scope() {
    let ground = Ground::bare();
    let folder = ground.folder.path();
    let described = folder.join("config/installations.d/spare.conf");
    std::fs::create_dir_all(described.parent().unwrap()).unwrap();
    let text = format!("[Installation \"spare\"]\nPath={}\n", folder.join("spare").display());
    std::fs::write(described, text).unwrap();
    ground.command(&["remote-add", "--installation=spare", "--no-gpg-verify", ORIGIN, &ground.server.url()]);
    let mut child = std::process::Command::new(std::env::current_exe().unwrap());
    child.args(["--exact", "outside::with_an_extra_installation", "--include-ignored"]);
    let output = child.envs(crate::ground::variables(folder)).env(MARK, "1").output().unwrap();
    let said = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success() && said.contains("1 passed"), "{said}");
}

const MARK: &str = "STRATA_TEST_EXTRA";

#[tokio::test]
#[ignore = "started by `an_extra_installation_is_one_more_scope`"]
async fn with_an_extra_installation() {
    if std::env::var_os(MARK).is_none() {
        return;
    }
    let flatpak = Flatpak::new(Arc::new(Environment::from_process()));
    let runtime = OfferId { scope: "spare".to_owned(), ..offer(&runtime_reference()) };
    let reporter = Reporter::new().0;
    flatpak.run(&Request::install(runtime.clone()), &reporter, &CancellationToken::new()).await.unwrap();
    let state = flatpak.state().await.unwrap();
    assert_eq!(state.origins.iter().map(|origin| origin.scope.as_str()).collect::<Vec<_>>(), ["spare"]);
    assert_eq!(state.installed.into_iter().map(|installed| installed.offer).collect::<Vec<_>>(), [runtime]);
}

#[tokio::test]
async fn an_installation_that_cannot_be_read_costs_itself_and_is_said() {
    let ground = Ground::with_app().await;
    ground.run(&Request::install(app())).await.unwrap();
    let config = ground.environment.flatpak.system.clone().unwrap().join("repo/config");
    std::fs::write(&config, "[core").unwrap();
    let state = ground.state().await;
    assert_eq!(state.installed.iter().filter(|part| part.offer == app()).count(), 1, "{state:?}");
    assert_eq!(state.fault.unwrap().subject, "system");
    let refreshed = ground.run(&Request::refresh(SourceKind::Flatpak)).await.unwrap();
    assert_eq!(refreshed.partial.len(), 1, "{refreshed:?}");
}
