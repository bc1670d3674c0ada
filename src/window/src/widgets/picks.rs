//! The picks of today, one beside the other on their own colours. They stand still until somebody turns them.

use crate::colour::Colour;
use crate::i18n::{gettext, gettext_f};
use crate::images::{IconPlace, Images};
use crate::widgets::icon::{self, Loading};
use crate::widgets::set_label;
use relm4::adw::prelude::*;
use relm4::{adw, gtk};
use std::cell::RefCell;
use std::rc::Rc;
use strata_model::AppSummary;
use strata_model::app::Branding;

/// Most picks that are shown.
pub(crate) const MOST: usize = 5;
/// Sides of the icons, in pixels, with much room and with little.
const SIDES: (i32, i32) = (128, 96);
/// Room for the dots, in pixels.
const DOTS: i32 = 84;

/// One app that is picked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Pick {
    /// The app.
    pub(crate) app: AppSummary,
    /// Its colours.
    pub(crate) branding: Branding,
}

/// The picks of today.
#[derive(Debug)]
pub(crate) struct Picks {
    root: gtk::Box,
    carousel: adw::Carousel,
    images: Images,
    /// Made once, so that the window's width can be followed.
    cards: Vec<Card>,
    shown: Rc<RefCell<Vec<Pick>>>,
    loading: Vec<Option<Loading>>,
    brand: gtk::CssProvider,
}

#[derive(Debug)]
struct Card {
    root: gtk::Button,
    line: gtk::Box,
    text: gtk::Box,
    image: gtk::Image,
    name: gtk::Label,
    summary: gtk::Label,
}

impl Picks {
    /// Hidden until there are picks.
    pub(crate) fn new(images: Images) -> Self {
        let carousel = adw::Carousel::builder().spacing(12).allow_scroll_wheel(false).build();
        set_label(&carousel, &gettext("Picks of Today"));
        let root = gtk::Box::builder().orientation(gtk::Orientation::Vertical).spacing(6).visible(false).build();
        root.append(&carousel);
        root.append(&turning(&carousel));
        let brand = gtk::CssProvider::new();
        // Below the desktop's own rules, as every style sheet of an application.
        gtk::style_context_add_provider_for_display(
            &WidgetExt::display(&root),
            &brand,
            gtk::STYLE_PROVIDER_PRIORITY_APPLICATION,
        );
        let shown: Rc<RefCell<Vec<Pick>>> = Rc::default();
        let (sheet, picks) = (brand.clone(), shown.clone());
        adw::StyleManager::default()
            .connect_dark_notify(move |style| sheet.load_from_string(&colours(&picks.borrow(), style.is_dark())));
        let cards = (0..MOST).map(|at| Card::new(at, &carousel)).collect();
        Self { root, carousel, images, cards, shown, loading: Vec::new(), brand }
    }

    /// The widget to put somewhere.
    pub(crate) fn root(&self) -> &gtk::Box {
        &self.root
    }

    /// One part of a card below the other where there is little room.
    pub(crate) fn narrows(&self, breakpoint: &adw::Breakpoint) {
        for card in &self.cards {
            breakpoint.add_setter(&card.line, "orientation", Some(&gtk::Orientation::Vertical.to_value()));
            breakpoint.add_setter(&card.line, "spacing", Some(&12.to_value()));
            breakpoint.add_setter(&card.text, "valign", Some(&gtk::Align::Start.to_value()));
            for side in ["pixel-size", "width-request", "height-request"] {
                breakpoint.add_setter(&card.image, side, Some(&SIDES.1.to_value()));
            }
            for label in [&card.name, &card.summary] {
                breakpoint.add_setter(label, "xalign", Some(&0.5_f32.to_value()));
                breakpoint.add_setter(label, "justify", Some(&gtk::Justification::Center.to_value()));
            }
        }
    }

    /// Shows these picks. What is shown already stays untouched.
    pub(crate) fn set(&mut self, picks: Vec<Pick>) {
        if *self.shown.borrow() == picks {
            return;
        }
        while self.carousel.n_pages() > 0 {
            self.carousel.remove(&self.carousel.nth_page(0));
        }
        self.brand.load_from_string(&colours(&picks, adw::StyleManager::default().is_dark()));
        self.loading = self.cards.iter().zip(&picks).map(|(card, pick)| card.show(&pick.app, &self.images)).collect();
        for (card, _) in self.cards.iter().zip(&picks) {
            self.carousel.append(&card.root);
        }
        self.root.set_visible(!picks.is_empty());
        self.shown.replace(picks);
    }
}

impl Card {
    fn new(at: usize, carousel: &adw::Carousel) -> Self {
        let image = icon::image(SIDES.0);
        let label = |class: &str| {
            let label = gtk::Label::builder().xalign(0.0).wrap(true).lines(2).css_classes([class]).build();
            label.set_wrap_mode(gtk::pango::WrapMode::WordChar);
            label.set_ellipsize(gtk::pango::EllipsizeMode::End);
            label
        };
        let (name, summary) = (label("title-1"), label("body"));
        let text = gtk::Box::builder().orientation(gtk::Orientation::Vertical).spacing(6).build();
        text.set_valign(gtk::Align::Center);
        text.append(&name);
        text.append(&summary);
        let line = gtk::Box::builder().spacing(24).halign(gtk::Align::Center).build();
        line.append(&image);
        line.append(&text);
        let root = gtk::Button::builder().child(&line).hexpand(true).css_classes(["pick", &class(at)]).build();
        let weak = carousel.downgrade();
        root.connect_has_focus_notify(move |root| {
            // The keyboard turns the pages, too.
            if let Some(carousel) = weak.upgrade().filter(|_| root.has_focus()) {
                carousel.scroll_to(root, true);
            }
        });
        Self { root, line, text, image, name, summary }
    }

    fn show(&self, app: &AppSummary, images: &Images) -> Option<Loading> {
        self.name.set_label(&app.name);
        self.summary.set_label(&app.summary);
        let spoken = [("name", &*app.name), ("summary", &*app.summary)];
        // Translators: what a screen reader says of an app that is picked for the front page
        set_label(&self.root, &gettext_f("Picked today: {name}. {summary}", &spoken));
        self.root.set_action_target_value(Some(&app.id.as_str().to_variant()));
        self.root.set_action_name(Some("win.show-app"));
        icon::show(&self.image, images, IconPlace::large(&app.icon))
    }
}

fn class(at: usize) -> String {
    format!("pick-{at}")
}

/// The style sheet of the apps' own colours; a card without one keeps that of the window's style sheet.
fn colours(picks: &[Pick], dark: bool) -> String {
    let rule = |(at, pick): (usize, &Pick)| {
        let colour = Colour::of_brand(&pick.branding, dark)?;
        Some(format!(".{} {{ background-color: {}; color: {}; }}\n", class(at), colour.css(), colour.readable_text()))
    };
    picks.iter().enumerate().filter_map(rule).collect()
}

/// Buttons that turn to the one before and after, around the dots. Behind the last one comes the first.
fn turning(carousel: &adw::Carousel) -> gtk::Box {
    let button = |icon: &str, label: &str, step: f64| {
        let button =
            gtk::Button::builder().icon_name(icon).tooltip_text(label).css_classes(["flat", "circular"]).build();
        set_label(&button, label);
        let weak = carousel.downgrade();
        button.connect_clicked(move |_| {
            if let Some(carousel) = weak.upgrade() {
                turn(&carousel, step);
            }
        });
        button
    };
    // Dots ask for room only when they have come, and would lie under the buttons until then.
    let dots = adw::CarouselIndicatorDots::builder().carousel(carousel).width_request(DOTS).build();
    let line = gtk::Box::builder().spacing(6).halign(gtk::Align::Center).build();
    line.append(&button("go-previous-symbolic", &gettext("Previous Pick"), -1.0));
    line.append(&dots);
    line.append(&button("go-next-symbolic", &gettext("Next Pick"), 1.0));
    carousel
        .bind_property("n-pages", &line, "visible")
        .transform_to(|_, pages: u32| Some(pages > 1))
        .sync_create()
        .build();
    line
}

fn turn(carousel: &adw::Carousel, step: f64) {
    let pages = f64::from(carousel.n_pages());
    if pages < 1.0 {
        return;
    }
    let wanted = (carousel.position().round() + step).rem_euclid(pages);
    let page = (0..carousel.n_pages()).find(|page| (f64::from(*page) - wanted).abs() < 0.5);
    if let Some(page) = page {
        carousel.scroll_to(&carousel.nth_page(page), true);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use strata_model::AppId;

    #[test]
    fn every_pick_has_the_colour_of_its_own_page() {
        let pick = |light: Option<&str>| Pick {
            app: AppSummary::new(AppId::new("a.b.C").unwrap()),
            branding: Branding { light: light.map(str::to_owned), dark: None },
        };
        let picks = [pick(None), pick(Some("#f6d32d")), pick(Some("url(x)"))];
        assert_eq!(colours(&picks, false), ".pick-1 { background-color: #f6d32d; color: #000000; }\n");
    }
}
