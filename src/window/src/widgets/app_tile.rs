//! A tile: icon, name, what it is for.

use crate::i18n::{gettext, gettext_f};
use crate::images::{IconPlace, Images};
use crate::live::{AppState, Place};
use crate::observed::{Observed, Watching};
use crate::widgets::icon::{self, Loading};
use crate::widgets::set_label;
use relm4::gtk;
use relm4::gtk::prelude::*;
use relm4::typed_view::grid::RelmGridItem;
use strata_model::AppSummary;

/// Narrowest tile, in pixels: one fits beside its margins at 360, four at 1,220.
const WIDTH: i32 = 268;

/// An app as a tile.
#[derive(Debug)]
pub(crate) struct AppTile {
    /// The app.
    pub(crate) app: AppSummary,
    /// How it is.
    pub(crate) state: Observed<AppState>,
    /// Where its icon comes from.
    pub(crate) images: Images,
}

/// A tile's widgets.
#[derive(Debug)]
pub(crate) struct Widgets {
    image: gtk::Image,
    name: gtk::Label,
    verified: gtk::Image,
    summary: gtk::Label,
    here: gtk::Image,
    loading: Option<Loading>,
    watching: Option<Watching>,
}

impl RelmGridItem for AppTile {
    type Root = gtk::Button;
    type Widgets = Widgets;

    fn setup(item: &gtk::ListItem) -> (gtk::Button, Widgets) {
        item.set_activatable(false);
        item.set_focusable(false);
        item.set_selectable(false);
        empty_tile()
    }

    fn bind(&mut self, widgets: &mut Widgets, root: &mut gtk::Button) {
        let app = &self.app;
        widgets.name.set_label(&app.name);
        widgets.summary.set_label(&app.summary);
        widgets.verified.set_visible(app.verified);
        widgets.loading = icon::show(&widgets.image, &self.images, IconPlace::small(&app.icon));
        root.set_action_target_value(Some(&app.id.as_str().to_variant()));
        root.set_action_name(Some("win.show-app"));
        let (here, root) = (widgets.here.clone(), root.clone());
        let spoken = format!("{}. {}", app.name, app.summary);
        widgets.watching = Some(self.state.watch(move |state| {
            let installed = matches!(state.place, Place::Installed | Place::Updatable);
            here.set_visible(installed);
            if installed {
                set_label(&root, &gettext_f("{app} Installed.", &[("app", &spoken)]));
            } else {
                set_label(&root, &spoken);
            }
        }));
    }

    fn unbind(&mut self, widgets: &mut Widgets, _root: &mut gtk::Button) {
        widgets.loading = None;
        widgets.watching = None;
    }
}

/// A tile that shows nothing yet.
pub(crate) fn empty_tile() -> (gtk::Button, Widgets) {
    let widgets = Widgets {
        image: icon::image(64),
        name: gtk::Label::builder().xalign(0.0).ellipsize(gtk::pango::EllipsizeMode::End).build(),
        verified: verified_mark(),
        summary: summary_label(),
        here: here_mark(),
        loading: None,
        watching: None,
    };
    widgets.name.add_css_class("heading");
    (tile(&widgets), widgets)
}

/// The mark of an app that comes from its own developer.
pub(crate) fn verified_mark() -> gtk::Image {
    gtk::Image::builder()
        .icon_name("strata-verified-symbolic")
        .pixel_size(14)
        .tooltip_text(gettext("Comes from its own developer"))
        .css_classes(["verified"])
        .build()
}

fn here_mark() -> gtk::Image {
    gtk::Image::builder()
        .icon_name("object-select-symbolic")
        .pixel_size(16)
        .valign(gtk::Align::Start)
        .tooltip_text(gettext("Installed"))
        .css_classes(["success"])
        .build()
}

fn summary_label() -> gtk::Label {
    gtk::Label::builder()
        .xalign(0.0)
        .yalign(0.0)
        .wrap(true)
        .wrap_mode(gtk::pango::WrapMode::WordChar)
        .lines(2)
        .ellipsize(gtk::pango::EllipsizeMode::End)
        .css_classes(["dimmed"])
        .build()
}

fn tile(widgets: &Widgets) -> gtk::Button {
    let head = gtk::Box::builder().spacing(6).build();
    head.append(&widgets.name);
    head.append(&widgets.verified);
    let text = gtk::Box::builder().orientation(gtk::Orientation::Vertical).spacing(3).hexpand(true).build();
    text.set_valign(gtk::Align::Center);
    text.append(&head);
    text.append(&widgets.summary);
    let line = gtk::Box::builder().spacing(12).build();
    line.append(&widgets.image);
    line.append(&text);
    line.append(&widgets.here);
    gtk::Button::builder()
        .child(&line)
        .width_request(WIDTH)
        .height_request(90)
        .css_classes(["card", "activatable", "app-tile"])
        .build()
}
