//! When the window comes to the screen: with something to look at, since drawing it empty before takes as long again.

use super::{Msg, Window};
use crate::widgets::when_painted;
use relm4::adw::prelude::*;
use relm4::gtk::glib;
use relm4::{ComponentSender, adw};
use std::time::Duration;

/// A disk that has more to do than to answer keeps the window from the screen for so long.
const PATIENCE: Duration = Duration::from_millis(150);

/// Whether the window may come to the screen, and is to.
#[derive(Debug, Default)]
pub(super) struct Presence {
    ready: bool,
    wanted: bool,
}

impl Presence {
    /// Brings the window to the front, as soon as there is something to look at.
    pub(super) fn present(&mut self, sender: &ComponentSender<Window>, root: &adw::ApplicationWindow) {
        self.wanted = true;
        if self.ready {
            root.present();
        } else {
            let sender = sender.input_sender().clone();
            glib::timeout_add_local_once(PATIENCE, move || sender.emit(Msg::Ready));
        }
    }

    /// There is something to look at, or nobody waits for it any longer.
    pub(super) fn ready(&mut self, sender: &ComponentSender<Window>, root: &adw::ApplicationWindow) {
        if std::mem::replace(&mut self.ready, true) {
            return;
        }
        let sender = sender.input_sender().clone();
        when_painted(root, move || sender.emit(Msg::Rest));
        if self.wanted {
            root.present();
        }
    }
}
