//! Moments for `./dev bench window`, on standard error where `STRATA_LOG` has `marks=debug`: what was painted, and the
//! longest time since the moment before in which the main loop did not turn.

use relm4::gtk;
use relm4::gtk::glib;
use relm4::gtk::prelude::*;
use std::cell::Cell;
use std::rc::Rc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc;
use std::time::{Duration, Instant};

/// How often the main loop is asked whether it turns.
const PERIOD: Duration = Duration::from_millis(2);

/// The longest wait for an answer since the last moment, in microseconds.
static WORST: AtomicU64 = AtomicU64::new(0);

fn is_wanted() -> bool {
    tracing::enabled!(target: "marks", tracing::Level::DEBUG)
}

/// Asks the main loop again and again whether it turns, for as long as the process lives.
pub(crate) fn watch() {
    if !is_wanted() {
        return;
    }
    std::thread::spawn(|| {
        let (answer, answered) = mpsc::channel();
        loop {
            let (asked, answer) = (Instant::now(), answer.clone());
            glib::MainContext::default().invoke_with_priority(glib::Priority::HIGH, move || {
                let _ = answer.send(());
            });
            if answered.recv().is_err() {
                return;
            }
            WORST.fetch_max(u64::try_from(asked.elapsed().as_micros()).unwrap_or(u64::MAX), Ordering::Relaxed);
            std::thread::sleep(PERIOD);
        }
    });
}

/// Says when this widget's next frame has been painted.
pub(crate) fn painted(widget: &impl IsA<gtk::Widget>, what: &str) {
    if !is_wanted() {
        return;
    }
    let what = what.to_owned();
    widget.add_tick_callback(move |_, clock| {
        let (what, handler) = (what.clone(), Rc::new(Cell::new(None)));
        let own = Rc::clone(&handler);
        handler.set(Some(clock.connect_after_paint(move |clock| {
            let stall = WORST.swap(0, Ordering::Relaxed) / 1000;
            tracing::debug!(target: "marks", "painted {what}; stall {stall} ms");
            if let Some(id) = own.take() {
                clock.disconnect(id);
            }
        })));
        glib::ControlFlow::Break
    });
}
