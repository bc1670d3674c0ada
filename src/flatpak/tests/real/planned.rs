//! A plan says what will happen, and changes nothing.

use crate::ground::{Ground, app, runtime_reference};
use strata_model::plan::StepChange;
use strata_model::{PartKind, Request};

#[tokio::test]
async fn what_is_planned_is_what_happens() {
    let ground = Ground::with_app().await;
    let before = ground.state().await;
    let plan = ground.plan(&Request::install(app())).await.unwrap();
    assert_eq!(ground.state().await, before, "the plan changed something");
    let steps: Vec<_> = plan.steps.iter().map(|step| (step.change, step.kind, step.reference.clone())).collect();
    assert_eq!(
        steps,
        [
            (StepChange::Install, PartKind::Runtime, runtime_reference()),
            (StepChange::Install, PartKind::App, app().reference),
        ]
    );
    let (done, seen) = ground.run_watched(&Request::install(app())).await;
    assert_eq!(done.unwrap().touched, steps.into_iter().map(|(.., reference)| reference).collect());
    assert_eq!(seen.last().unwrap().total_bytes, plan.download_size);
    let size: u64 = ground.state().await.installed.iter().map(|installed| installed.size).sum();
    assert_eq!(plan.size_change, i64::try_from(size).unwrap());

    let plan = ground.plan(&Request::remove(app(), false)).await.unwrap();
    assert_eq!(plan.steps.len(), 1);
    assert_eq!((plan.steps[0].change, plan.download_size), (StepChange::Remove, 0));
    let app_size = ground.installed(&app().reference).await.unwrap().size;
    assert_eq!(plan.size_change, -i64::try_from(app_size).unwrap());
    ground.run(&Request::remove(app(), false)).await.unwrap();
    assert_eq!(ground.references().await, [runtime_reference()]);
}

#[tokio::test]
async fn a_runtime_of_another_installation_does_not_come_again() {
    let ground = Ground::with_app().await;
    let mut system = app();
    system.scope = "system".to_owned();
    ground.run(&Request::install(system)).await.unwrap();
    let plan = ground.plan(&Request::install(app())).await.unwrap();
    assert_eq!(plan.steps.iter().map(|step| step.reference.as_str()).collect::<Vec<_>>(), [app().reference]);
}

#[tokio::test]
async fn nothing_to_do_is_an_empty_plan() {
    let ground = Ground::with_app().await;
    ground.run(&Request::install(app())).await.unwrap();
    let plan = ground.plan(&Request::update(app())).await.unwrap();
    assert_eq!((plan.steps.len(), plan.download_size, plan.size_change), (0, 0, 0));
    ground.run(&Request::update(app())).await.unwrap();
}
