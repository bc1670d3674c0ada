//! What the page of an app is made of.

use super::explain::Known;
use super::facts::Facts;
use super::header::Header;
use super::near::{Near, Shelves};
use super::notice::Notices;
use super::{details, screenshots, versions};
use crate::context::Context;
use crate::i18n::gettext;
use crate::live::{AppState, Key, Live};
use crate::widgets::action_button::Abilities;
use crate::widgets::app_list::AppList;
use crate::widgets::app_row::RowFacts;
use crate::widgets::description::description;
use crate::widgets::{set_label, when_painted};
use relm4::adw::prelude::*;
use relm4::{adw, gtk};
use strata_model::App;
use strata_model::app::{Addon, Icon};

/// The content of an app's page.
#[derive(Debug)]
pub(crate) struct Content {
    root: adw::BreakpointBin,
    scrolled: gtk::ScrolledWindow,
    header: Header,
    facts: Facts,
    notices: Notices,
    addons: Option<AppList>,
    details: details::Details,
    shelves: Shelves,
    /// Loads the screenshots; ends with the page.
    screenshots: Option<screenshots::Screenshots>,
}

impl Content {
    /// Everything that the catalogue knows.
    pub(crate) fn new(app: &App, context: &Context, network: bool) -> Self {
        let header = Header::new(app, context);
        let facts = Facts::new(app);
        let notices = Notices::new();
        let shots = screenshots::Screenshots::new(app, context, network);
        let addons = addons(&app.addons, context);
        let details = details::Details::new();

        let column = gtk::Box::builder().orientation(gtk::Orientation::Vertical).spacing(24).build();
        column.append(&narrow(header.root()));
        column.append(&narrow(notices.root()));
        column.append(&narrow(facts.root()));
        if let Some(shots) = &shots {
            column.append(shots.root());
        }
        let below = gtk::Box::builder().orientation(gtk::Orientation::Vertical).spacing(24).build();
        if !app.description.is_empty() {
            below.append(&narrow(&description(&app.description)));
        }
        if let Some(news) = versions::newest(app) {
            below.append(&narrow(&news));
        }
        if let Some(addons) = &addons {
            let part = section(&gettext("Add-ons"));
            part.append(addons.view());
            below.append(&narrow(&part));
        }
        if !app.links.is_empty() {
            below.append(&narrow(&details::links(&app.links)));
        }
        below.append(&narrow(details.root()));
        let shelves = Shelves::new(app, context);
        for shelf in shelves.roots() {
            below.append(&narrow(shelf));
        }
        // Hardly any of it is seen at first: it is laid out once what is seen is on the screen.
        below.set_visible(false);
        column.append(&below);
        column.add_css_class("app-page");

        let scrolled = gtk::ScrolledWindow::builder().hscrollbar_policy(gtk::PolicyType::Never).child(&column).build();
        let root = adw::BreakpointBin::builder().width_request(320).height_request(200).child(&scrolled).build();
        let breakpoint = adw::Breakpoint::new(adw::BreakpointCondition::new_length(
            adw::BreakpointConditionLengthType::MaxWidth,
            600.0,
            adw::LengthUnit::Px,
        ));
        header.narrows(&breakpoint);
        shelves.narrows(&breakpoint);
        if let Some(shots) = &shots {
            shots.narrows(&breakpoint);
        }
        root.add_breakpoint(breakpoint);
        when_painted(&root, move || below.set_visible(true));
        Self { root, scrolled, header, facts, notices, addons, details, shelves, screenshots: shots }
    }

    /// The widget to put somewhere.
    pub(crate) fn root(&self) -> &adw::BreakpointBin {
        &self.root
    }

    /// Who comes anew begins at the top.
    pub(crate) fn to_top(&self) {
        self.scrolled.vadjustment().set_value(0.0);
    }

    /// Shows how the app is now.
    pub(crate) fn show_live(&mut self, live: &Live, key: &Key, state: &AppState) {
        self.header.show(key, state);
        if let Some(addons) = &mut self.addons {
            addons.live(live);
        }
        self.shelves.live(live);
    }

    /// Shows how large and how safe the app is, as far as that is known.
    pub(crate) fn show_facts(&mut self, known: &Known<'_>, failed: bool) {
        self.facts.show_size(known.installed, known.plan, known.offer);
        self.facts.show_safety(known.plan, failed);
        let wanted = known.live.snapshot.as_ref().is_none_or(|snapshot| snapshot.settings.network.popularity);
        self.header.show_offer(known.live, &known.app.offers, known.offer);
        self.details.show(known);
        self.notices.show(known);
        self.facts.show_downloads(known.app.installs.is_some() && wanted);
    }

    /// Opens one of the screenshots.
    pub(crate) fn open_picture(&self, at: usize, parent: &gtk::Widget) {
        if let Some(screenshots) = &self.screenshots {
            screenshots.open(at, parent);
        }
    }

    /// Shows which apps stand near.
    pub(crate) fn show_near(&mut self, near: Near) {
        self.shelves.set(near);
    }
}

/// A heading with room for what belongs under it.
pub(super) fn section(title: &str) -> gtk::Box {
    let heading = gtk::Label::builder().label(title).xalign(0.0).css_classes(["title-4", "heading-line"]).build();
    let part = gtk::Box::builder().orientation(gtk::Orientation::Vertical).spacing(12).build();
    part.append(&heading);
    part
}

fn narrow(child: &impl IsA<gtk::Widget>) -> adw::Clamp {
    let clamp = adw::Clamp::builder().maximum_size(860).tightening_threshold(860).child(child).build();
    clamp.add_css_class("column");
    child.bind_property("visible", &clamp, "visible").sync_create().build();
    clamp
}

fn addons(addons: &[Addon], context: &Context) -> Option<AppList> {
    let rows: Vec<RowFacts> = addons.iter().filter_map(addon).collect();
    if rows.is_empty() {
        return None;
    }
    let mut list = AppList::new(context.clone());
    set_label(list.view(), &gettext("Add-ons"));
    list.set(rows);
    Some(list)
}

fn addon(addon: &Addon) -> Option<RowFacts> {
    let offer = addon.offers.first()?;
    Some(RowFacts {
        heading: String::new(),
        key: Key::Offer(offer.id.clone()),
        page: None,
        name: addon.name.clone(),
        verified: false,
        line: addon.summary.clone(),
        small: offer.version.clone(),
        warning: String::new(),
        icon: Icon::default(),
        can: Abilities { get: offer.is_installable(), open: false },
        removable: true,
    })
}
