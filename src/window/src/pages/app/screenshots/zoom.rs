//! A picture that can be enlarged: by wheel, fingers, buttons, keys and a double click; moved by dragging.

use crate::i18n::gettext;
use crate::widgets::set_label;
use relm4::gtk::prelude::*;
use relm4::gtk::{self, gdk, glib};
use std::cell::Cell;
use std::rc::Rc;

/// How much one step enlarges.
const STEP: f64 = 1.25;
/// The most that can be seen of a picture: it fits.
const LEAST: f64 = 1.0;
/// The largest: so much larger than what fits.
const MOST: f64 = 8.0;

/// The picture. Its parts are GTK objects: clones are the same picture.
#[derive(Clone, Debug)]
pub(super) struct Zoom {
    root: gtk::ScrolledWindow,
    picture: gtk::Picture,
    out: gtk::Button,
    fit: gtk::Button,
    larger: gtk::Button,
    /// How much larger than what fits.
    factor: Rc<Cell<f64>>,
}

impl Zoom {
    pub(super) fn new() -> Self {
        let picture = gtk::Picture::builder().content_fit(gtk::ContentFit::ScaleDown).can_shrink(true).build();
        let root = gtk::ScrolledWindow::builder().child(&picture).focusable(true).build();
        let button = |icon: &str| gtk::Button::from_icon_name(icon);
        let zoom = Self {
            root,
            picture,
            out: button("zoom-out-symbolic"),
            fit: button("zoom-fit-best-symbolic"),
            larger: button("zoom-in-symbolic"),
            factor: Rc::new(Cell::new(LEAST)),
        };
        zoom.listen_to_buttons();
        zoom.listen_to_wheel();
        zoom.listen_to_fingers();
        zoom.listen_to_clicks();
        zoom.show_limits();
        zoom
    }

    pub(super) fn root(&self) -> &gtk::ScrolledWindow {
        &self.root
    }

    /// The buttons with their names.
    pub(super) fn buttons(&self) -> [(&gtk::Button, String); 3] {
        [(&self.out, gettext("Smaller")), (&self.larger, gettext("Larger")), (&self.fit, gettext("Fit to Window"))]
    }

    /// Shows a picture, fitted.
    pub(super) fn show(&self, texture: &gdk::Texture, words: &str) {
        self.picture.set_paintable(Some(texture));
        set_label(&self.picture, words);
        self.fit();
    }

    /// As large as there is room.
    pub(super) fn fit(&self) {
        self.to(LEAST, None);
    }

    /// Some steps larger, or smaller.
    pub(super) fn by(&self, steps: i32) {
        self.to(self.factor.get() * STEP.powi(steps), None);
    }

    /// Enlarges; what lies at `point` stays there, or what lies in the middle.
    fn to(&self, factor: f64, point: Option<(f64, f64)>) {
        let factor = if factor.is_finite() { factor.clamp(LEAST, MOST) } else { LEAST };
        let before = self.factor.replace(factor);
        let (width, height) = (f64::from(self.root.width()), f64::from(self.root.height()));
        let (x, y) = point.unwrap_or((width / 2.0, height / 2.0));
        if factor > LEAST {
            self.picture.set_size_request(pixels(width * factor), pixels(height * factor));
            self.picture.set_content_fit(gtk::ContentFit::Contain);
        } else {
            self.picture.set_size_request(-1, -1);
            self.picture.set_content_fit(gtk::ContentFit::ScaleDown);
        }
        let ratio = factor / before;
        for (adjustment, at, room) in [(self.root.hadjustment(), x, width), (self.root.vadjustment(), y, height)] {
            // The new size is known before GTK knows it.
            adjustment.set_upper(room * factor);
            adjustment.set_value((adjustment.value() + at) * ratio - at);
        }
        self.show_limits();
    }

    fn show_limits(&self) {
        let factor = self.factor.get();
        self.out.set_sensitive(factor > LEAST);
        self.fit.set_sensitive(factor > LEAST);
        self.larger.set_sensitive(factor < MOST);
    }

    fn listen_to_buttons(&self) {
        for (button, steps) in [(&self.out, Some(-1)), (&self.larger, Some(1)), (&self.fit, None)] {
            let weak = self.downgrade();
            button.connect_clicked(move |_| {
                let Some(zoom) = weak() else { return };
                match steps {
                    Some(steps) => zoom.by(steps),
                    None => zoom.fit(),
                }
            });
        }
    }

    fn listen_to_wheel(&self) {
        let wheel = gtk::EventControllerScroll::new(gtk::EventControllerScrollFlags::VERTICAL);
        wheel.set_propagation_phase(gtk::PropagationPhase::Capture);
        let pointer: Rc<Cell<Option<(f64, f64)>>> = Rc::default();
        let motion = gtk::EventControllerMotion::new();
        let known = Rc::clone(&pointer);
        motion.connect_motion(move |_, x, y| known.set(Some((x, y))));
        let weak = self.downgrade();
        wheel.connect_scroll(move |_, _, down| {
            if let Some(zoom) = weak() {
                zoom.to(zoom.factor.get() * STEP.powf(-down), pointer.get());
            }
            glib::Propagation::Stop
        });
        self.root.add_controller(motion);
        self.root.add_controller(wheel);
    }

    fn listen_to_fingers(&self) {
        let pinch = gtk::GestureZoom::new();
        let begun = Rc::new(Cell::new(LEAST));
        let (weak, from) = (self.downgrade(), Rc::clone(&begun));
        pinch.connect_begin(move |_, _| {
            if let Some(zoom) = weak() {
                from.set(zoom.factor.get());
            }
        });
        let weak = self.downgrade();
        pinch.connect_scale_changed(move |pinch, scale| {
            if let Some(zoom) = weak() {
                zoom.to(begun.get() * scale, pinch.bounding_box_center());
            }
        });
        self.root.add_controller(pinch);
        let drag = gtk::GestureDrag::new();
        let start = Rc::new(Cell::new((0.0, 0.0)));
        let (weak, from) = (self.downgrade(), Rc::clone(&start));
        drag.connect_drag_begin(move |_, _, _| {
            if let Some(zoom) = weak() {
                from.set((zoom.root.hadjustment().value(), zoom.root.vadjustment().value()));
            }
        });
        let weak = self.downgrade();
        drag.connect_drag_update(move |_, x, y| {
            if let Some(zoom) = weak() {
                let (left, top) = start.get();
                zoom.root.hadjustment().set_value(left - x);
                zoom.root.vadjustment().set_value(top - y);
            }
        });
        self.root.add_controller(drag);
    }

    fn listen_to_clicks(&self) {
        let click = gtk::GestureClick::new();
        let weak = self.downgrade();
        click.connect_released(move |_, times, x, y| {
            let Some(zoom) = weak().filter(|_| times == 2) else { return };
            if zoom.factor.get() > LEAST { zoom.fit() } else { zoom.to(2.0, Some((x, y))) }
        });
        self.root.add_controller(click);
    }

    /// The same for closures that the widgets themselves hold.
    fn downgrade(&self) -> impl Fn() -> Option<Self> + 'static {
        let (root, picture) = (self.root.downgrade(), self.picture.downgrade());
        let (out, fit, larger) = (self.out.downgrade(), self.fit.downgrade(), self.larger.downgrade());
        let factor = Rc::clone(&self.factor);
        move || {
            Some(Self {
                root: root.upgrade()?,
                picture: picture.upgrade()?,
                out: out.upgrade()?,
                fit: fit.upgrade()?,
                larger: larger.upgrade()?,
                factor: Rc::clone(&factor),
            })
        }
    }
}

#[expect(clippy::cast_possible_truncation, reason = "no window has two thousand million pixels")]
fn pixels(length: f64) -> i32 {
    length.round() as i32
}
