//! Moments for `./dev bench window`, on standard error: where `STRATA_LOG` has `marks=debug` what was painted, where it
//! has `stalls=debug` also how long the main loop did not turn, each time that this was longer than a frame takes.

use relm4::gtk;
use relm4::gtk::glib;
use relm4::gtk::prelude::*;
use std::cell::Cell;
use std::rc::Rc;
use std::sync::mpsc;
use std::time::{Duration, Instant};

/// How often the main loop is asked whether it turns.
const PERIOD: Duration = Duration::from_millis(2);

/// What is told of, at least.
const FRAME: Duration = Duration::from_millis(16);

/// Asks the main loop again and again whether it turns, for as long as the process lives.
pub(crate) fn watch() {
    if !tracing::enabled!(target: "stalls", tracing::Level::DEBUG) {
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
            let stall = asked.elapsed();
            if stall > FRAME {
                tracing::debug!(target: "stalls", "stall {} ms", stall.as_millis());
            }
            std::thread::sleep(PERIOD);
        }
    });
}

/// Says when this widget's next frame has been painted.
pub(crate) fn painted(widget: &impl IsA<gtk::Widget>, what: &str) {
    if !tracing::enabled!(target: "marks", tracing::Level::DEBUG) {
        return;
    }
    let what = what.to_owned();
    widget.add_tick_callback(move |_, clock| {
        let (what, handler) = (what.clone(), Rc::new(Cell::new(None)));
        let own = Rc::clone(&handler);
        handler.set(Some(clock.connect_after_paint(move |clock| {
            tracing::debug!(target: "marks", "painted {what};");
            if let Some(id) = own.take() {
                clock.disconnect(id);
            }
        })));
        glib::ControlFlow::Break
    });
}
