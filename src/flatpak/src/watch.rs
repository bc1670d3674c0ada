//! Notices changes that other programs make: a thread with a main loop of its own, because libflatpak's monitors need
//! one.

use crate::blocking::NEVER;
use crate::installation::{self, Place};
use libflatpak::gio::{self, FileMonitor, FileMonitorFlags};
use libflatpak::glib::{self, ControlFlow, MainContext, MainLoop, Priority, idle_source_new};
use libflatpak::prelude::*;
use std::sync::Arc;
use std::thread::{self, JoinHandle};
use strata_platform::Environment;
use tokio::sync::watch;

/// Watches installations until it is dropped.
#[derive(Debug)]
pub(crate) struct Watcher {
    /// Kept, so that receivers live on where nothing can be watched.
    changes: watch::Sender<u64>,
    main_loop: MainLoop,
    thread: Option<JoinHandle<()>>,
}

impl Watcher {
    pub(crate) fn start(environment: Arc<Environment>) -> Self {
        let changes = watch::Sender::new(0);
        let sender = changes.clone();
        let context = MainContext::new();
        let main_loop = MainLoop::new(Some(&context), false);
        let running = main_loop.clone();
        let work = move || {
            let entered = context.with_thread_default(|| {
                let places = installation::all(&environment);
                let monitors: Vec<FileMonitor> = places.iter().flat_map(|place| monitors(place, &sender)).collect();
                running.run();
                drop(monitors);
            });
            if let Err(error) = entered {
                tracing::warn!("changes of the Flatpak installations are not noticed: {error}");
            }
        };
        let thread = thread::Builder::new().name("flatpak-watch".to_owned()).spawn(work);
        let thread = thread.inspect_err(|error| tracing::warn!("no thread to watch Flatpak with: {error}")).ok();
        Self { changes, main_loop, thread }
    }

    pub(crate) fn changes(&self) -> watch::Receiver<u64> {
        self.changes.subscribe()
    }
}

impl Drop for Watcher {
    fn drop(&mut self) {
        // Asked of the loop itself: a loop that does not run yet would not hear a mere `quit`.
        let main_loop = self.main_loop.clone();
        let quit = move || {
            main_loop.quit();
            ControlFlow::Break
        };
        idle_source_new(None, Priority::DEFAULT, quit).attach(Some(&self.main_loop.context()));
        if let Some(thread) = self.thread.take() {
            // A panic in there was reported where it happened.
            let _ = thread.join();
        }
    }
}

/// libflatpak's own monitor sees what is installed and removed; masks stand in the configuration alone.
fn monitors(place: &Place, changes: &watch::Sender<u64>) -> Vec<FileMonitor> {
    let Ok(installation) = place.open() else { return Vec::new() };
    let config = installation::config(&installation).map(gio::File::for_path);
    let config = config.map(|file| file.monitor_file(FileMonitorFlags::NONE, NEVER));
    let created = [Some(installation.create_monitor(NEVER)), config].into_iter().flatten();
    let say = |error: &glib::Error| tracing::warn!("{} is not watched: {error}", place.scope);
    let monitors: Vec<FileMonitor> = created.filter_map(|monitor| monitor.inspect_err(say).ok()).collect();
    for monitor in &monitors {
        let changes = changes.clone();
        monitor.connect_changed(move |_, _, _, _| changes.send_modify(|count| *count += 1));
    }
    monitors
}
