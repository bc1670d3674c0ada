//! A picture as large as the window: fitted, enlarged, moved about, and the one before and after.

use super::Shot;
use super::zoom::Zoom;
use crate::context::Context;
use crate::i18n::{gettext, gettext_f};
use crate::widgets::{announce, set_label};
use relm4::adw::prelude::*;
use relm4::gtk::{gdk, glib};
use relm4::{adw, gtk};
use std::cell::{Cell, RefCell};
use std::rc::{Rc, Weak};

/// Wider pictures are scaled down to this, in pixels.
const WIDTH: u32 = 3000;

/// The viewer. It lives as long as its dialog is open.
#[derive(Debug)]
struct Viewer {
    context: Context,
    shots: Vec<Shot>,
    at: Cell<usize>,
    dialog: adw::Dialog,
    title: adw::WindowTitle,
    caption: gtk::Label,
    state: gtk::Stack,
    zoom: Zoom,
    turns: [gtk::Button; 2],
    loading: RefCell<Option<glib::JoinHandle<()>>>,
}

/// Opens the viewer with one of the pictures.
pub(super) fn open(context: &Context, shots: &[Shot], at: usize, parent: &gtk::Widget) {
    let viewer = Rc::new(Viewer::new(context, shots));
    viewer.listen();
    viewer.go(at);
    let last = RefCell::new(Some(Rc::clone(&viewer)));
    viewer.dialog.connect_closed(move |_| {
        if let Some(viewer) = last.take() {
            viewer.stop();
        }
    });
    viewer.dialog.present(Some(parent));
}

impl Viewer {
    fn new(context: &Context, shots: &[Shot]) -> Self {
        let zoom = Zoom::new();
        let spinner = adw::Spinner::builder().halign(gtk::Align::Center).valign(gtk::Align::Center).build();
        spinner.set_size_request(48, 48);
        let state = gtk::Stack::builder().vexpand(true).build();
        state.add_named(&spinner, Some("spinner"));
        state.add_named(zoom.root(), Some("picture"));
        let failed = adw::StatusPage::builder().icon_name("image-missing-symbolic").build();
        failed.set_title(&gettext("This Picture Cannot Be Shown"));
        failed.set_description(Some(&gettext("Perhaps there is no connection to the network.")));
        state.add_named(&failed, Some("failed"));
        let turns = [
            ("go-previous-symbolic", gettext("Previous Picture"), gtk::Align::Start),
            ("go-next-symbolic", gettext("Next Picture"), gtk::Align::End),
        ]
        .map(|(icon, label, align)| turn(icon, &label, align));
        let overlay = gtk::Overlay::builder().child(&state).build();
        for button in &turns {
            overlay.add_overlay(button);
        }
        let caption =
            gtk::Label::builder().wrap(true).margin_start(12).margin_end(12).margin_top(9).margin_bottom(9).build();
        caption.set_justify(gtk::Justification::Center);
        let title = adw::WindowTitle::default();
        let header = adw::HeaderBar::builder().title_widget(&title).build();
        for (button, name) in zoom.buttons() {
            button.set_tooltip_text(Some(&name));
            set_label(button, &name);
            header.pack_start(button);
        }
        let view = adw::ToolbarView::builder().content(&overlay).build();
        view.add_top_bar(&header);
        view.add_bottom_bar(&caption);
        // As large as the window lets it be.
        let dialog = adw::Dialog::builder().content_width(4000).content_height(4000).child(&view).build();
        dialog.add_css_class("viewer");
        Self {
            context: context.clone(),
            shots: shots.to_vec(),
            at: Cell::new(0),
            dialog,
            title,
            caption,
            state,
            zoom,
            turns,
            loading: RefCell::default(),
        }
    }

    fn listen(self: &Rc<Self>) {
        for (button, back) in self.turns.iter().zip([true, false]) {
            let weak = Rc::downgrade(self);
            button.connect_clicked(move |_| turn_to(&weak, back));
        }
        let keys = gtk::EventControllerKey::new();
        // Before the scrolled picture takes the arrows for itself.
        keys.set_propagation_phase(gtk::PropagationPhase::Capture);
        let weak = Rc::downgrade(self);
        keys.connect_key_pressed(move |keys, key, _, modifiers| {
            let Some(viewer) = weak.upgrade() else { return glib::Propagation::Proceed };
            let plain = !modifiers.intersects(gdk::ModifierType::ALT_MASK | gdk::ModifierType::SUPER_MASK);
            let mirrored = keys.widget().is_some_and(|widget| widget.direction() == gtk::TextDirection::Rtl);
            if plain && viewer.press(key, mirrored) { glib::Propagation::Stop } else { glib::Propagation::Proceed }
        });
        self.dialog.add_controller(keys);
    }

    /// Whether the key means something here.
    fn press(&self, key: gdk::Key, mirrored: bool) -> bool {
        let last = self.shots.len().saturating_sub(1);
        match key {
            gdk::Key::Left | gdk::Key::KP_Left => self.step(!mirrored),
            gdk::Key::Right | gdk::Key::KP_Right => self.step(mirrored),
            gdk::Key::Page_Up => self.step(true),
            gdk::Key::Page_Down => self.step(false),
            gdk::Key::Home => self.go(0),
            gdk::Key::End => self.go(last),
            gdk::Key::plus | gdk::Key::equal | gdk::Key::KP_Add => self.zoom.by(1),
            gdk::Key::minus | gdk::Key::KP_Subtract => self.zoom.by(-1),
            gdk::Key::_0 | gdk::Key::KP_0 => self.zoom.fit(),
            _ => return false,
        }
        true
    }

    fn step(&self, back: bool) {
        let at = self.at.get();
        let next = if back { at.checked_sub(1) } else { Some(at + 1).filter(|next| *next < self.shots.len()) };
        if let Some(next) = next {
            self.go(next);
        }
    }

    fn go(&self, at: usize) {
        let Some(shot) = self.shots.get(at) else { return };
        self.at.set(at);
        self.stop();
        let number = [("n", &*(at + 1).to_string()), ("all", &*self.shots.len().to_string())];
        let place = gettext_f("Picture {n} of {all}", &number);
        self.title.set_title(&place);
        self.dialog.set_title(&place);
        self.caption.set_label(&shot.caption);
        self.caption.set_visible(!shot.caption.is_empty());
        announce(&self.dialog, &format!("{place}. {}", shot.caption));
        self.turns[0].set_visible(at > 0);
        self.turns[1].set_visible(at + 1 < self.shots.len());
        self.load(shot);
    }

    fn load(&self, shot: &Shot) {
        self.state.set_visible_child_name("spinner");
        let (images, url) = (self.context.images.clone(), shot.largest.clone());
        let (zoom, state, caption) = (self.zoom.clone(), self.state.downgrade(), shot.words());
        self.loading.replace(Some(relm4::spawn_local(async move {
            let loaded = images.screenshot(&url, WIDTH).await;
            let Some(state) = state.upgrade() else { return };
            match loaded {
                Ok(texture) => {
                    zoom.show(&texture, &caption);
                    state.set_visible_child_name("picture");
                    zoom.root().grab_focus();
                }
                Err(error) => {
                    tracing::info!(url, %error, "a screenshot cannot be shown");
                    state.set_visible_child_name("failed");
                }
            }
        })));
    }

    fn stop(&self) {
        if let Some(loading) = self.loading.take() {
            loading.abort();
        }
    }
}

fn turn_to(viewer: &Weak<Viewer>, back: bool) {
    if let Some(viewer) = viewer.upgrade() {
        viewer.step(back);
    }
}

fn turn(icon: &str, label: &str, align: gtk::Align) -> gtk::Button {
    let button = gtk::Button::builder()
        .icon_name(icon)
        .tooltip_text(label)
        .halign(align)
        .valign(gtk::Align::Center)
        .css_classes(["osd", "circular", "turn"])
        .build();
    set_label(&button, label);
    button
}
