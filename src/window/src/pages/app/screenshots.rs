//! Pictures of an app, side by side.

use crate::colour::Colour;
use crate::context::Context;
use crate::i18n::{gettext, gettext_f};
use crate::widgets::set_label;
use relm4::adw::prelude::*;
use relm4::gtk::glib;
use relm4::{adw, gtk};
use strata_model::app::{Branding, Image, Screenshot};

/// Height of the pictures, in pixels, with much room and with little.
const HEIGHTS: (i32, i32) = (420, 200);
/// Wider pictures are scaled down to this, in pixels.
const WIDTH: u32 = 1400;
/// More pictures than this are not shown.
const MOST: usize = 12;

/// The band of pictures.
#[derive(Debug)]
pub(crate) struct Screenshots {
    root: gtk::Box,
    carousel: adw::Carousel,
    loading: Vec<glib::JoinHandle<()>>,
}

impl Drop for Screenshots {
    fn drop(&mut self) {
        for one in &self.loading {
            one.abort();
        }
    }
}

impl Screenshots {
    /// The pictures, `None` if there are none to show. Without the network only those of this machine are shown.
    pub(super) fn new(shots: &[Screenshot], app: &str, context: &Context, network: bool) -> Option<Self> {
        let images: Vec<(&Screenshot, &Image)> = shots
            .iter()
            .filter_map(|shot| Some((shot, best(&shot.images)?)))
            .filter(|(_, image)| network || image.url.starts_with("file:"))
            .take(MOST)
            .collect();
        if images.is_empty() {
            return None;
        }
        let carousel = adw::Carousel::builder().spacing(24).height_request(HEIGHTS.0).allow_scroll_wheel(false).build();
        let root = band(&carousel, images.len());
        set_label(&carousel, &gettext_f("Pictures of {name}", &[("name", app)]));
        let mut loading = Vec::new();
        for (shot, image) in images {
            let page = gtk::Stack::builder().hexpand(true).build();
            page.add_named(&spinner(), Some("spinner"));
            carousel.append(&page);
            loading.push(load(context, image.url.clone(), shot.caption.clone(), &page, &carousel, &root));
        }
        Some(Self { root, carousel, loading })
    }

    pub(super) fn root(&self) -> &gtk::Box {
        &self.root
    }

    pub(super) fn narrows(&self, breakpoint: &adw::Breakpoint) {
        breakpoint.add_setter(&self.carousel, "height-request", Some(&HEIGHTS.1.to_value()));
    }
}

/// Fills the page, or takes it away if there is no picture to be had.
fn load(
    context: &Context,
    url: String,
    caption: String,
    page: &gtk::Stack,
    carousel: &adw::Carousel,
    root: &gtk::Box,
) -> glib::JoinHandle<()> {
    let images = context.images.clone();
    let (page, carousel, root) = (page.clone(), carousel.downgrade(), root.downgrade());
    relm4::spawn_local(async move {
        match images.screenshot(&url, WIDTH).await {
            Ok(texture) => {
                let picture = gtk::Picture::for_paintable(&texture);
                picture.set_content_fit(gtk::ContentFit::Contain);
                picture.set_alternative_text(Some(&if caption.is_empty() { gettext("Picture") } else { caption }));
                page.add_named(&picture, Some("picture"));
                page.set_visible_child_name("picture");
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

fn band(carousel: &adw::Carousel, pictures: usize) -> gtk::Box {
    let overlay = gtk::Overlay::builder().child(carousel).build();
    let dots = adw::CarouselIndicatorDots::builder().carousel(carousel).build();
    for (icon, label, align, step) in [
        ("go-previous-symbolic", gettext("Previous picture"), gtk::Align::Start, -1.0),
        ("go-next-symbolic", gettext("Next picture"), gtk::Align::End, 1.0),
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
    dots.set_visible(pictures > 1);
    let clamp = adw::Clamp::builder().maximum_size(1000).child(&overlay).build();
    let root =
        gtk::Box::builder().orientation(gtk::Orientation::Vertical).spacing(6).css_classes(["screenshots"]).build();
    root.append(&clamp);
    root.append(&dots);
    root
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

/// The style sheet of the app's own colours.
pub(super) fn brand(branding: &Branding) -> String {
    Colour::of_brand(branding, adw::StyleManager::default().is_dark())
        .map_or_else(String::new, |colour| format!(".screenshots {{ background-color: {}; }}", colour.css()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_smallest_picture_that_is_large_enough() {
        let image = |width: u32| Image { url: width.to_string(), width, height: 0 };
        let images = [image(3000), image(1500), image(700)];
        assert_eq!(best(&images).map(|image| image.width), Some(1500));
        assert_eq!(best(&images[2..]).map(|image| image.width), Some(700));
    }
}
