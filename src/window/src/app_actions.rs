//! Actions of the application itself: what notifications and the desktop's search ask for, also where no window is open
//! yet. The names are the service's too (`service/src/notify/acts.rs`, `service/src/search/door.rs`).

use crate::app::act;
use crate::live::{Key, reference_id};
use relm4::adw;
use relm4::gtk::glib::VariantTy;
use relm4::gtk::glib::variant::{FromVariant, StaticVariantType, Variant};
use relm4::gtk::prelude::*;
use relm4::gtk::{gio, glib};
use std::sync::Arc;
use strata_client::Engine;
use strata_model::{Failure, OfferId};
use strata_platform::Environment;

/// Adds them.
pub(crate) fn add(application: &adw::Application, environment: &Arc<Environment>) {
    in_window(application, "show-page", Some(String::static_variant_type().as_ref()));
    in_window(application, "show-app", Some(String::static_variant_type().as_ref()));
    in_window(application, "search-for", Some(String::static_variant_type().as_ref()));
    in_window(application, "retry", Some(u64::static_variant_type().as_ref()));
    in_window(application, "details", Some(u64::static_variant_type().as_ref()));
    in_window(application, "update-all", None);
    in_window(application, "restart", None);
    let action = gio::SimpleAction::new("open", Some(&Key::static_variant_type()));
    let (app, environment) = (application.downgrade(), Arc::clone(environment));
    action.connect_activate(move |_, target| {
        if let (Some(app), Some(Key::Offer(offer))) = (app.upgrade(), target.and_then(Key::from_variant)) {
            open(&app, Arc::clone(&environment), offer);
        }
    });
    application.add_action(&action);
}

/// Shows the window, and does there what the window knows under the same name.
fn in_window(application: &adw::Application, name: &'static str, target: Option<&VariantTy>) {
    let action = gio::SimpleAction::new(name, target);
    let app = application.downgrade();
    action.connect_activate(move |_, target| {
        if let Some(app) = app.upgrade() {
            show(&app, name, target);
        }
    });
    application.add_action(&action);
}

fn show(application: &adw::Application, name: &str, target: Option<&Variant>) {
    application.activate();
    if let Some(window) = application.windows().first() {
        if matches!(name, "show-app" | "search-for") {
            act(window, "win.to-front", None);
        }
        act(window, &format!("win.{name}"), target);
    }
}

/// Starts an app without showing the window, unless that does not work.
fn open(application: &adw::Application, environment: Arc<Environment>, offer: OfferId) {
    let (application, hold) = (application.clone(), application.hold());
    let id = reference_id(&offer.reference).to_owned();
    let opening = relm4::spawn(async move { Engine::connect(environment).await?.launch(&offer).await });
    glib::spawn_future_local(async move {
        match opening.await {
            // The window is on its way to the screen.
            Ok(Err(failure)) => return show_failed(&application, &id, &failure),
            Ok(Ok(())) => {}
            Err(error) => tracing::error!(%error, "an app was not started"),
        }
        drop(hold);
        if application.windows().iter().all(|window| !window.is_visible()) {
            application.quit();
        }
    });
}

fn show_failed(application: &adw::Application, id: &str, failure: &Failure) {
    tracing::warn!(%failure, "an app was not started");
    show(application, "show-app", Some(&id.to_variant()));
}
