//! Pictures of an app, side by side; each opens in a viewer.

mod viewer;
mod zoom;

use crate::context::Context;
use crate::i18n::{gettext, gettext_f};
use crate::widgets::band::Band;
use crate::widgets::set_label;
use relm4::adw::prelude::*;
use relm4::gtk::{gdk, glib};
use relm4::{adw, gtk};
use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;
use strata_model::App;
use strata_model::app::{Image, Screenshot};

/// Height of the pictures, in pixels, with much room and with little.
const HEIGHTS: (i32, i32) = (440, 210);
/// Wider pictures are scaled down to this, in pixels.
const WIDTH: u32 = 1400;
/// More pictures than this are not shown.
const MOST: usize = 12;

/// The band of pictures.
#[derive(Debug)]
pub(crate) struct Screenshots {
    root: Band,
    carousel: adw::Carousel,
    context: Context,
    shots: Rc<[Shot]>,
    loading: Rc<RefCell<BTreeMap<usize, glib::JoinHandle<()>>>>,
}

/// A picture that can be shown.
#[derive(Clone, Debug)]
struct Shot {
    /// The one for the band.
    url: String,
    /// The greatest one.
    largest: String,
    caption: String,
}

impl Drop for Screenshots {
    fn drop(&mut self) {
        for one in self.loading.borrow().values() {
            one.abort();
        }
    }
}

impl Screenshots {
    /// The pictures, `None` if there are none to show. Without the network only those of this machine are shown.
    pub(super) fn new(app: &App, context: &Context, network: bool) -> Option<Self> {
        let shots: Rc<[Shot]> = app
            .screenshots
            .iter()
            .filter_map(Shot::of)
            .filter(|shot| network || shot.url.starts_with("file:"))
            .take(MOST)
            .collect();
        if shots.is_empty() {
            return None;
        }
        let carousel = adw::Carousel::builder().spacing(24).height_request(HEIGHTS.0).allow_scroll_wheel(false).build();
        let root = Band::new(&app.branding);
        root.add_css_class("screenshots");
        root.append(&around(&carousel, &shots));
        set_label(&carousel, &gettext_f("Pictures of {name}", &[("name", &app.head.name)]));
        for (at, shot) in shots.iter().enumerate() {
            carousel.append(&page(at, shot));
        }
        let screenshots = Self { root, carousel, context: context.clone(), shots, loading: Rc::default() };
        screenshots.load_what_is_near();
        Some(screenshots)
    }

    /// Loads the picture that is shown and those beside it, as the carousel is turned.
    fn load_what_is_near(&self) {
        let (context, shots, loading) = (self.context.clone(), Rc::clone(&self.shots), Rc::downgrade(&self.loading));
        let root = self.root.downgrade();
        let load_near = move |carousel: &adw::Carousel| {
            let (Some(loading), Some(root)) = (loading.upgrade(), root.upgrade()) else { return };
            for page in near(carousel) {
                let Some(at) = number_of(&page) else { continue };
                if !loading.borrow().contains_key(&at)
                    && let Some(shot) = shots.get(at)
                {
                    loading.borrow_mut().insert(at, load(&context, shot, &page, carousel, &root));
                }
            }
        };
        load_near(&self.carousel);
        self.carousel.connect_position_notify(load_near.clone());
        // One that cannot be had is gone, and the next takes its place.
        self.carousel.connect_n_pages_notify(load_near);
    }

    /// Opens the viewer with one of the pictures.
    pub(super) fn open(&self, at: usize, parent: &gtk::Widget) {
        viewer::open(&self.context, &self.shots, at, parent);
    }

    pub(super) fn root(&self) -> &Band {
        &self.root
    }

    pub(super) fn narrows(&self, breakpoint: &adw::Breakpoint) {
        breakpoint.add_setter(&self.carousel, "height-request", Some(&HEIGHTS.1.to_value()));
    }
}

impl Shot {
    fn of(shot: &Screenshot) -> Option<Self> {
        let (band, largest) = (best(&shot.images)?, shot.images.first()?);
        Some(Self { url: band.url.clone(), largest: largest.url.clone(), caption: shot.caption.clone() })
    }

    /// What it shows, for whoever does not see it.
    fn words(&self) -> String {
        if self.caption.is_empty() { gettext("Picture") } else { self.caption.clone() }
    }
}

/// Room for a picture, which is a button that enlarges it.
fn page(at: usize, shot: &Shot) -> gtk::Button {
    let stack = gtk::Stack::builder().hexpand(true).build();
    stack.add_named(&spinner(), Some("spinner"));
    let page = gtk::Button::builder()
        .child(&stack)
        .hexpand(true)
        .action_name("app.dialog")
        .action_target(&format!("picture {at}").to_variant())
        .css_classes(["flat", "screenshot"])
        .build();
    set_label(&page, &gettext_f("Enlarge: {picture}", &[("picture", &shot.words())]));
    page
}

/// Fills the page, or takes it away if there is no picture to be had.
fn load(
    context: &Context,
    shot: &Shot,
    page: &gtk::Button,
    carousel: &adw::Carousel,
    root: &Band,
) -> glib::JoinHandle<()> {
    let (images, url) = (context.images.clone(), shot.url.clone());
    let (page, carousel, root) = (page.clone(), carousel.downgrade(), root.downgrade());
    relm4::spawn_local(async move {
        match images.screenshot(&url, WIDTH).await {
            Ok(texture) => {
                let picture = gtk::Picture::for_paintable(&texture);
                picture.set_content_fit(gtk::ContentFit::Contain);
                // The button has said it.
                picture.set_accessible_role(gtk::AccessibleRole::Presentation);
                if let Some(stack) = page.child().and_downcast::<gtk::Stack>() {
                    stack.add_named(&picture, Some("picture"));
                    stack.set_visible_child_name("picture");
                }
            }
            Err(error) => {
                tracing::info!(url, %error, "a screenshot cannot be shown");
                let (Some(carousel), Some(root)) = (carousel.upgrade(), root.upgrade()) else { return };
                carousel.remove(&page);
                root.set_visible(carousel.n_pages() > 0);
            }
        }
    })
}

/// The smallest picture that fills the band on a dense screen, else the greatest.
fn best(images: &[Image]) -> Option<&Image> {
    let enough = images.iter().filter(|image| image.width >= WIDTH).min_by_key(|image| image.width);
    enough.or_else(|| images.first())
}

fn spinner() -> adw::Spinner {
    let spinner = adw::Spinner::builder().width_request(32).height_request(32).build();
    spinner.set_halign(gtk::Align::Center);
    spinner.set_valign(gtk::Align::Center);
    spinner
}

/// What belongs to the pictures: buttons that turn to the next one, what they are of, dots.
fn around(carousel: &adw::Carousel, shots: &[Shot]) -> gtk::Box {
    let overlay = gtk::Overlay::builder().child(carousel).build();
    let dots = adw::CarouselIndicatorDots::builder().carousel(carousel).build();
    for (icon, label, align, step) in [
        ("go-previous-symbolic", gettext("Previous Picture"), gtk::Align::Start, -1.0),
        ("go-next-symbolic", gettext("Next Picture"), gtk::Align::End, 1.0),
    ] {
        let button = gtk::Button::builder()
            .icon_name(icon)
            .tooltip_text(&label)
            .halign(align)
            .valign(gtk::Align::Center)
            .css_classes(["osd", "circular", "turn"])
            .build();
        set_label(&button, &label);
        follow(carousel, &button, step);
        overlay.add_overlay(&button);
    }
    dots.set_visible(shots.len() > 1);
    let captions = gtk::Label::builder().wrap(true).css_classes(["caption", "captions"]).build();
    captions.set_justify(gtk::Justification::Center);
    caption(carousel, &captions, shots);
    arrows(carousel);
    let clamp = adw::Clamp::builder().maximum_size(1000).child(&overlay).build();
    let column =
        gtk::Box::builder().orientation(gtk::Orientation::Vertical).spacing(6).margin_top(18).margin_bottom(12).build();
    column.append(&clamp);
    column.append(&captions);
    column.append(&dots);
    column
}

/// Shows below what the picture in the middle is of. Pictures that cannot be had are gone, so it is asked of the page.
fn caption(carousel: &adw::Carousel, label: &gtk::Label, shots: &[Shot]) {
    let captions: Vec<String> = shots.iter().map(|shot| shot.caption.clone()).collect();
    label.set_visible(captions.iter().any(|caption| !caption.is_empty()));
    let label = label.downgrade();
    let show = move |carousel: &adw::Carousel| {
        let place = page_at(carousel, carousel.position().round()).and_downcast().as_ref().and_then(number_of);
        if let Some(label) = label.upgrade() {
            label.set_label(place.and_then(|place| captions.get(place)).map_or("", String::as_str));
        }
    };
    carousel.connect_position_notify(show.clone());
    carousel.connect_n_pages_notify(show);
}

/// The page that is shown and those beside it.
fn near(carousel: &adw::Carousel) -> impl Iterator<Item = gtk::Button> {
    let here = carousel.position();
    let places = (0..carousel.n_pages()).filter(move |page| (f64::from(*page) - here).abs() < 1.5);
    places.filter_map(|page| carousel.nth_page(page).downcast().ok())
}

/// The number of the picture that a page has room for.
fn number_of(page: &gtk::Button) -> Option<usize> {
    picture_named(page.action_target_value()?.str()?)
}

/// The number of the picture that a dialog's name means.
pub(super) fn picture_named(name: &str) -> Option<usize> {
    name.strip_prefix("picture ")?.parse().ok()
}

/// The arrow keys turn the pages while one of them has the keyboard.
fn arrows(carousel: &adw::Carousel) {
    let keys = gtk::EventControllerKey::new();
    keys.set_propagation_phase(gtk::PropagationPhase::Capture);
    let weak = carousel.downgrade();
    keys.connect_key_pressed(move |_, key, _, _| {
        let Some(carousel) = weak.upgrade() else { return glib::Propagation::Proceed };
        let mirrored = carousel.direction() == gtk::TextDirection::Rtl;
        let step = match key {
            gdk::Key::Left | gdk::Key::KP_Left => -1.0,
            gdk::Key::Right | gdk::Key::KP_Right => 1.0,
            _ => return glib::Propagation::Proceed,
        };
        let step = if mirrored { -step } else { step };
        if let Some(page) = page_at(&carousel, carousel.position().round() + step) {
            carousel.scroll_to(&page, true);
            page.grab_focus();
        }
        glib::Propagation::Stop
    });
    carousel.add_controller(keys);
}

/// A button that turns to the picture before or after, as long as there is one.
fn follow(carousel: &adw::Carousel, button: &gtk::Button, step: f64) {
    let weak = carousel.downgrade();
    button.connect_clicked(move |_| {
        let Some(carousel) = weak.upgrade() else { return };
        if let Some(page) = page_at(&carousel, carousel.position().round() + step) {
            carousel.scroll_to(&page, true);
        }
    });
    let show = {
        let button = button.downgrade();
        move |carousel: &adw::Carousel| {
            if let Some(button) = button.upgrade() {
                button.set_visible(page_at(carousel, carousel.position().round() + step).is_some());
            }
        }
    };
    show(carousel);
    carousel.connect_position_notify(show.clone());
    carousel.connect_n_pages_notify(show);
}

fn page_at(carousel: &adw::Carousel, position: f64) -> Option<gtk::Widget> {
    (0..carousel.n_pages()).find(|page| (f64::from(*page) - position).abs() < 0.5).map(|page| carousel.nth_page(page))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_picture_is_named_by_its_number() {
        assert_eq!(picture_named("picture 3"), Some(3));
        assert_eq!([picture_named("picture"), picture_named("safety"), picture_named("picture -1")], [None; 3]);
    }

    #[test]
    fn the_smallest_picture_that_is_large_enough() {
        let image = |width: u32| Image { url: width.to_string(), width, height: 0 };
        let images = [image(3000), image(1500), image(700)];
        assert_eq!(best(&images).map(|image| image.width), Some(1500));
        assert_eq!(best(&images[2..]).map(|image| image.width), Some(700));
    }
}
