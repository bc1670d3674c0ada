//! What the page of an app is made of.

use super::facts::Facts;
use super::header::Header;
use super::near::{Near, Shelves};
use super::{details, screenshots};
use crate::context::Context;
use crate::i18n::{gettext, gettext_f};
use crate::live::{AppState, Key, Live};
use crate::sentence;
use crate::sentence::permission;
use crate::widgets::action_button::Abilities;
use crate::widgets::app_list::AppList;
use crate::widgets::app_row::RowFacts;
use crate::widgets::description::description;
use crate::widgets::dialogs::mark;
use crate::widgets::{set_label, set_text};
use relm4::adw::prelude::*;
use relm4::{adw, gtk};
use strata_model::app::{Addon, Icon};
use strata_model::{Action, App, Obstacle, Permission, Plan, offer};

/// The content of an app's page.
#[derive(Debug)]
pub(crate) struct Content {
    root: adw::BreakpointBin,
    header: Header,
    facts: Facts,
    /// Why the app cannot be had, or that it gets no more updates.
    ending: gtk::Label,
    /// What speaks against the offer to take.
    obstacle: Option<Obstacle>,
    permissions: gtk::Box,
    addons: Option<AppList>,
    details: details::Details,
    shelves: Shelves,
    /// Loads the screenshots; ends with the page.
    _screenshots: Option<screenshots::Screenshots>,
}

impl Content {
    /// Everything that the catalogue knows.
    pub(crate) fn new(app: &App, context: &Context, network: bool) -> Self {
        let header = Header::new(app, context);
        let facts = Facts::new(app);
        let ending = gtk::Label::builder()
            .xalign(0.0)
            .wrap(true)
            .visible(false)
            .css_classes(["card", "warning", "ending"])
            .build();
        let permissions = section(&gettext("What It May Do"));
        permissions.set_visible(false);
        let shots = screenshots::Screenshots::new(&app.screenshots, &app.head.name, context, network);
        let addons = addons(&app.addons, context);
        let details = details::Details::new(app);

        let column = gtk::Box::builder().orientation(gtk::Orientation::Vertical).spacing(24).build();
        column.append(&narrow(header.root()));
        column.append(&narrow(&ending));
        column.append(&narrow(facts.root()));
        if let Some(shots) = &shots {
            column.append(shots.root());
        }
        if !app.description.is_empty() {
            column.append(&narrow(&description(&app.description)));
        }
        if let Some(news) = news(app) {
            column.append(&narrow(&news));
        }
        column.append(&narrow(&permissions));
        if let Some(addons) = &addons {
            let part = section(&gettext("Add-ons"));
            part.append(addons.view());
            column.append(&narrow(&part));
        }
        if !app.links.is_empty() {
            column.append(&narrow(&details::links(&app.links)));
        }
        column.append(&narrow(details.root()));
        let shelves = Shelves::new(app, context);
        for shelf in shelves.roots() {
            column.append(&narrow(shelf));
        }
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
        let obstacle = offer::obstacle(&app.offers).cloned();
        Self { root, header, facts, ending, obstacle, permissions, addons, details, shelves, _screenshots: shots }
    }

    /// The widget to put somewhere.
    pub(crate) fn root(&self) -> &adw::BreakpointBin {
        &self.root
    }

    /// Shows how the app is now.
    pub(crate) fn show_live(&mut self, live: &Live, key: &Key, state: &AppState) {
        self.header.show(key, state);
        let installed = live.find(key);
        let end = installed.and_then(|installed| installed.end_of_life.as_ref().map(|end| (installed, end)));
        let words = match (installed, end) {
            (_, Some((installed, end))) => sentence::end_of_life(&installed.name, Some(end)),
            (None, None) => self.obstacle.as_ref().map(sentence::obstacle).unwrap_or_default(),
            (Some(_), None) => String::new(),
        };
        set_text(&self.ending, &words);
        self.facts.show_installed(installed);
        self.details.show_live(live, installed);
        if let Some(addons) = &mut self.addons {
            addons.live(live);
        }
        self.shelves.live(live);
    }

    /// Shows which apps stand near.
    pub(crate) fn show_near(&mut self, near: Near) {
        self.shelves.set(near);
    }

    /// Shows what getting the app means, or what it may do.
    pub(crate) fn show_plan(&mut self, plan: &Plan) {
        let installing = plan.request.action == Action::Install;
        let may = if installing { &plan.permissions_after } else { &plan.permissions_before };
        self.facts.show_safety(may);
        self.show_permissions(may);
        if installing {
            self.facts.show_download(plan.download_size);
        }
    }

    fn show_permissions(&self, may: &[Permission]) {
        while let Some(old) = self.permissions.last_child().filter(|child| !child.has_css_class("heading-line")) {
            self.permissions.remove(&old);
        }
        let list = gtk::ListBox::builder().selection_mode(gtk::SelectionMode::None).css_classes(["boxed-list"]).build();
        set_label(&list, &gettext("What It May Do"));
        for (severity, words) in permission::lines(may) {
            let (icon, class) = mark(severity);
            list.append(&permission_row(&words, icon, class));
        }
        if list.first_child().is_none() {
            let words = gettext("Nothing outside of its own sandbox");
            list.append(&permission_row(&words, "security-high-symbolic", "success"));
        }
        self.permissions.append(&list);
        self.permissions.set_visible(true);
    }
}

fn permission_row(words: &str, icon: &str, class: &str) -> adw::ActionRow {
    let image = gtk::Image::builder().icon_name(icon).css_classes([class]).build();
    image.set_accessible_role(gtk::AccessibleRole::Presentation);
    let row = adw::ActionRow::builder().title(words).use_markup(false).activatable(false).build();
    row.add_prefix(&image);
    row
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

fn news(app: &App) -> Option<gtk::Box> {
    let release = app.releases.iter().find(|release| !release.notes.is_empty())?;
    let title = gettext_f("What’s New in {version}", &[("version", &release.version)]);
    let part = section(&title);
    let day = sentence::day(release.date);
    if !day.is_empty() {
        let label = gtk::Label::builder().label(day).xalign(0.0).css_classes(["caption", "dimmed"]).build();
        part.append(&label);
    }
    part.append(&description(&release.notes));
    Some(part)
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
