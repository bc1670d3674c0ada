//! A box on the colour that an app brings along. Painted, not styled: a new style sheet would make GTK work out the looks
//! of every widget of the window again, each time a page is opened.

use crate::colour::Colour;
use relm4::gtk::glib;
use relm4::gtk::prelude::*;
use relm4::gtk::subclass::prelude::*;
use relm4::{adw, gtk};
use strata_model::app::Branding;

glib::wrapper! {
    /// A vertical box on an app's colour; on none where the app has none.
    pub(crate) struct Band(ObjectSubclass<imp::Band>)
        @extends gtk::Box, gtk::Widget,
        @implements gtk::Accessible, gtk::Buildable, gtk::ConstraintTarget, gtk::Orientable;
}

impl Band {
    /// An empty one. A style sheet may give it no padding, which would not be painted.
    pub(crate) fn new(branding: &Branding) -> Self {
        let band: Self = glib::Object::builder().property("orientation", gtk::Orientation::Vertical).build();
        band.imp().branding.replace(branding.clone());
        band.suit_text();
        let follow = glib::closure_local!(
            #[watch]
            band,
            move |_: adw::StyleManager, _: glib::ParamSpec| band.suit_text()
        );
        adw::StyleManager::default().connect_closure("notify::dark", false, follow);
        band
    }

    /// What is written on the colour can be read.
    fn suit_text(&self) {
        let colour = self.imp().colour();
        for (class, text) in [("on-light", Colour::BLACK), ("on-dark", Colour::WHITE)] {
            if colour.is_some_and(|colour| colour.readable_text() == text) {
                self.add_css_class(class);
            } else {
                self.remove_css_class(class);
            }
        }
    }
}

mod imp {
    use super::{Branding, Colour};
    use relm4::gtk::prelude::*;
    use relm4::gtk::subclass::prelude::*;
    use relm4::gtk::{glib, graphene};
    use relm4::{adw, gtk};
    use std::cell::RefCell;

    #[derive(Debug, Default)]
    pub(crate) struct Band {
        pub(super) branding: RefCell<Branding>,
    }

    impl Band {
        pub(super) fn colour(&self) -> Option<Colour> {
            Colour::of_brand(&self.branding.borrow(), adw::StyleManager::default().is_dark())
        }
    }

    #[glib::object_subclass]
    impl ObjectSubclass for Band {
        const NAME: &'static str = "StrataBand";
        type Type = super::Band;
        type ParentType = gtk::Box;
    }

    impl ObjectImpl for Band {}

    impl WidgetImpl for Band {
        #[allow(clippy::cast_precision_loss)] // Widths of widgets are small numbers.
        fn snapshot(&self, snapshot: &gtk::Snapshot) {
            // Asked each time it is painted, so that it follows when the desktop turns dark.
            if let Some(colour) = self.colour() {
                let (width, height) = (self.obj().width() as f32, self.obj().height() as f32);
                snapshot.append_color(&colour.rgba(), &graphene::Rect::new(0.0, 0.0, width, height));
            }
            self.parent_snapshot(snapshot);
        }
    }

    impl BoxImpl for Band {}
}
