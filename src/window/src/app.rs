//! The application: one process, one window, however often it is started.

use crate::live::Key;
use crate::options::{Options, PageName};
use crate::window::{Init, Window};
use crate::{app_actions, i18n, marks};
use clap::Parser;
use relm4::adw::prelude::*;
use relm4::gtk::{gio, glib};
use relm4::{RelmApp, adw, gtk};
use std::cell::Cell;
use std::ffi::OsString;
use std::path::Path;
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;
use strata_model::APP_ID;
use strata_platform::Environment;
use tracing_subscriber::EnvFilter;

/// Runs until the window is closed.
pub(crate) fn run() -> ExitCode {
    log();
    i18n::init();
    // What is wrong, and --help, are said here, before anything of GTK is started.
    Options::parse();
    marks::watch();
    let environment = Arc::new(Environment::from_process());
    let init = Init::new(Arc::clone(&environment));
    if gio::resources_register_include!("strata.gresource").is_err() {
        tracing::error!("the program's own resources are damaged");
        return ExitCode::FAILURE;
    }
    let application = adw::Application::builder()
        .application_id(APP_ID)
        .resource_base_path("/io/github/strata_store/Strata")
        .flags(gio::ApplicationFlags::HANDLES_COMMAND_LINE | gio::ApplicationFlags::HANDLES_OPEN)
        .build();
    application.connect_startup(shortcuts);
    app_actions::add(&application, &environment);
    application.connect_activate(|application| {
        if let Some(window) = application.windows().first() {
            act(window, "win.present", None);
        }
    });
    application.connect_command_line(|application, line| {
        command_line(application, &line.arguments(), &line.cwd().unwrap_or_default())
    });
    // From the desktop, over the session bus.
    application.connect_open(|application, files, _hint| {
        let given: Vec<OsString> = files.iter().map(|file| file.uri().as_str().into()).collect();
        application.activate();
        open(application, &given, Path::new("/"));
    });
    end_later_starts(&application);
    RelmApp::from_app(application).visible_on_activate(false).with_args(std::env::args().collect()).run::<Window>(init);
    ExitCode::SUCCESS
}

/// A later start only hands its command line over. relm4 waits for one more event at the end, which would never come
/// there; the first start, which has a window, needs none.
fn end_later_starts(application: &adw::Application) {
    let event = glib::timeout_add_local(Duration::from_millis(20), || glib::ControlFlow::Continue);
    let event = Cell::new(Some(event));
    application.connect_startup(move |_| {
        if let Some(event) = event.take() {
            event.remove();
        }
    });
}

/// Does what this start, or a later one, asked for.
fn command_line(application: &adw::Application, arguments: &[OsString], folder: &Path) -> glib::ExitCode {
    let Ok(options) = Options::try_parse_from(arguments) else {
        return glib::ExitCode::new(2);
    };
    if let Some(window) = application.windows().first() {
        show(window, &options);
    }
    application.activate();
    open(application, &options.open, folder);
    glib::ExitCode::SUCCESS
}

/// Opens files and addresses, named as seen from a folder.
fn open(application: &adw::Application, given: &[OsString], folder: &Path) {
    let Some(window) = application.windows().first().cloned() else { return };
    for given in given {
        act(&window, "win.open-given", Some(&(&*given.to_string_lossy(), &*folder.to_string_lossy()).to_variant()));
    }
}

fn show(window: &gtk::Window, options: &Options) {
    let act = |action: &str, target: Option<&glib::Variant>| act(window, action, target);
    if options.rtl {
        gtk::Widget::set_default_direction(gtk::TextDirection::Rtl);
    }
    if let Some((width, height)) = options.size {
        window.set_default_size(width, height);
    }
    match options.page {
        Some(PageName::App) if options.app.is_none() => act("win.show-newest", None),
        Some(PageName::Search) if options.search.is_none() => act("win.search-for", Some(&"".to_variant())),
        Some(PageName::App | PageName::Search) | None => {}
        Some(page @ (PageName::Explore | PageName::Installed | PageName::Updates)) => {
            act("win.show-page", Some(&page.as_str().to_variant()));
        }
        // Each has an action of its own name.
        Some(page) => act(&format!("win.{}", page.as_str()), None),
    }
    if let Some(text) = &options.search {
        act("win.search-for", Some(&text.to_variant()));
    }
    if let Some(path) = options.import.as_deref().and_then(|path| std::path::absolute(path).ok()) {
        act("win.import-from", Some(&path.to_string_lossy().to_variant()));
    }
    if options.list.is_some() || options.app.is_some() {
        act("win.to-front", None);
    }
    if let Some(list) = &options.list {
        act("win.show-list", Some(&list.to_variant()));
    }
    if let Some(id) = &options.app {
        act("win.show-app", Some(&id.as_str().to_variant()));
    }
    match options.dialog.as_deref() {
        Some("system-update") => act("win.show-system-update", None),
        Some("roll-back") => act("win.roll-back", None),
        Some("app-settings") => {
            let key = options.app.clone().map(|id| Key::App(id).to_variant());
            act("win.app-settings", key.as_ref());
        }
        Some(name) => act("win.show-app-dialog", Some(&name.to_variant())),
        None => {}
    }
}

/// Does what a button with this action would do.
pub(crate) fn act(window: &gtk::Window, action: &str, target: Option<&glib::Variant>) {
    if let Err(error) = gtk::prelude::WidgetExt::activate_action(window, action, target) {
        tracing::error!(action, %error, "the window does not know this");
    }
}

fn shortcuts(application: &adw::Application) {
    for (action, keys) in [
        ("win.search", ["<Control>f"].as_slice()),
        ("win.refresh", &["<Control>r", "F5"]),
        ("win.history", &["<Control>h"]),
        ("win.preferences", &["<Control>comma"]),
        ("win.shortcuts", &["<Control>question"]),
        ("win.show-page('explore')", &["<Alt>1"]),
        ("win.show-page('installed')", &["<Alt>2"]),
        ("win.show-page('updates')", &["<Alt>3"]),
        ("window.close", &["<Control>w", "<Control>q"]),
    ] {
        application.set_accels_for_action(action, keys);
    }
}

fn log() {
    // relm4 writes every message of every component at its usual level.
    let filter = EnvFilter::try_from_env("STRATA_LOG").unwrap_or_else(|_| EnvFilter::new("warn,relm4=warn"));
    tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).init();
}
