//! The window's widgets around the pages: header, search entry, switchers, banner, toasts.

use super::{Msg, Window};
use crate::i18n::gettext;
use crate::widgets::set_label;
use relm4::adw::prelude::*;
use relm4::gtk::{gdk, gio, glib};
use relm4::{ComponentSender, adw, gtk};

/// The widgets around the pages.
#[derive(Debug)]
pub(super) struct Layout {
    pub(super) toasts: adw::ToastOverlay,
    pub(super) banner: adw::Banner,
    /// What came with the last restart.
    pub(super) arrival: adw::Banner,
    pub(super) busy: adw::Spinner,
    navigation: adw::NavigationView,
    pages: adw::ViewStack,
    content: gtk::Stack,
    title: gtk::Stack,
    switcher_bar: adw::ViewSwitcherBar,
    toggle: gtk::ToggleButton,
    entry: gtk::SearchEntry,
}

/// The window itself.
pub(super) fn root() -> adw::ApplicationWindow {
    adw::ApplicationWindow::builder()
        .title("Strata")
        .default_width(1220)
        .default_height(800)
        .width_request(360)
        .height_request(294)
        .build()
}

impl Layout {
    pub(super) fn new(window: &adw::ApplicationWindow, sender: &ComponentSender<Window>) -> Self {
        let pages = adw::ViewStack::new();
        let layout = Self {
            toasts: adw::ToastOverlay::new(),
            banner: adw::Banner::new(""),
            arrival: adw::Banner::builder()
                .button_label(gettext("What Changed"))
                .action_name("win.show-arrived")
                .build(),
            busy: adw::Spinner::builder().tooltip_text(gettext("Reading the lists of apps…")).visible(false).build(),
            navigation: adw::NavigationView::new(),
            content: gtk::Stack::builder().transition_type(gtk::StackTransitionType::Crossfade).build(),
            title: gtk::Stack::builder().hhomogeneous(false).build(),
            switcher_bar: adw::ViewSwitcherBar::builder().stack(&pages).build(),
            toggle: gtk::ToggleButton::builder().icon_name("system-search-symbolic").build(),
            entry: gtk::SearchEntry::builder().placeholder_text(gettext("Search for apps")).max_width_chars(48).build(),
            pages,
        };
        layout.assemble(window);
        layout.connect(window, sender);
        layout.arrange(false, false);
        layout
    }

    fn assemble(&self, window: &adw::ApplicationWindow) {
        let switcher = adw::ViewSwitcher::builder().stack(&self.pages).policy(adw::ViewSwitcherPolicy::Wide).build();
        let entry = adw::Clamp::builder().maximum_size(480).child(&self.entry).build();
        self.title.add_named(&switcher, Some("switcher"));
        self.title.add_named(&adw::WindowTitle::new("Strata", ""), Some("title"));
        self.title.add_named(&entry, Some("search"));
        self.toggle.set_tooltip_text(Some(&gettext("Search")));
        set_label(&self.toggle, &gettext("Search"));
        set_label(&self.entry, &gettext("Search for apps"));
        let menu = gtk::MenuButton::builder()
            .icon_name("open-menu-symbolic")
            .menu_model(&menu())
            .tooltip_text(gettext("Main Menu"))
            .primary(true)
            .build();
        let header = adw::HeaderBar::builder().title_widget(&self.title).build();
        header.pack_start(&self.toggle);
        header.pack_end(&menu);
        header.pack_end(&self.busy);
        self.content.add_named(&self.pages, Some("pages"));
        let view = adw::ToolbarView::builder().content(&self.content).build();
        view.add_top_bar(&header);
        view.add_top_bar(&self.banner);
        view.add_top_bar(&self.arrival);
        view.add_bottom_bar(&self.switcher_bar);
        let main = adw::NavigationPage::builder().tag("main").title("Strata").child(&view).build();
        self.navigation.add(&main);
        self.toasts.set_child(Some(&self.navigation));
        window.set_content(Some(&self.toasts));
    }

    fn connect(&self, window: &adw::ApplicationWindow, sender: &ComponentSender<Window>) {
        let say = |message: Msg| {
            let sender = sender.input_sender().clone();
            move || sender.emit(message.clone())
        };
        let input = sender.input_sender().clone();
        self.entry.connect_changed(move |entry| input.emit(Msg::SearchText(entry.text().into())));
        let first = say(Msg::OpenFirst);
        self.entry.connect_activate(move |_| first());
        let stop = say(Msg::Search(false));
        self.entry.connect_stop_search(move |_| stop());
        self.down_to_results();
        let input = sender.input_sender().clone();
        self.toggle.connect_clicked(move |toggle| input.emit(Msg::Search(toggle.is_active())));
        self.type_to_search(sender);

        let breakpoint = adw::Breakpoint::new(adw::BreakpointCondition::new_length(
            adw::BreakpointConditionLengthType::MaxWidth,
            780.0,
            adw::LengthUnit::Sp,
        ));
        let (narrow, wide) = (say(Msg::Narrow(true)), say(Msg::Narrow(false)));
        breakpoint.connect_apply(move |_| narrow());
        breakpoint.connect_unapply(move |_| wide());
        window.add_breakpoint(breakpoint);
    }

    /// The arrow down leads from the entry to what was found.
    fn down_to_results(&self) {
        let keys = gtk::EventControllerKey::new();
        keys.set_propagation_phase(gtk::PropagationPhase::Capture);
        let content = self.content.downgrade();
        keys.connect_key_pressed(move |_, key, _, _| {
            if !matches!(key, gdk::Key::Down | gdk::Key::KP_Down) {
                return glib::Propagation::Proceed;
            }
            let search = content.upgrade().and_then(|content| content.child_by_name("search"));
            match search.map(|search| search.activate_action("search.focus-first", None)) {
                Some(Ok(())) => glib::Propagation::Stop,
                _ => glib::Propagation::Proceed,
            }
        });
        self.entry.add_controller(keys);
    }

    /// A letter typed on any of the main pages begins a search; Escape leaves it, wherever the keyboard is.
    fn type_to_search(&self, sender: &ComponentSender<Window>) {
        let keys = gtk::EventControllerKey::new();
        let input = sender.input_sender().clone();
        let (entry, title) = (self.entry.clone(), self.title.clone());
        keys.connect_key_pressed(move |keys, key, _, modifiers| {
            let searching = title.visible_child_name().is_some_and(|name| name == "search");
            if searching && key == gdk::Key::Escape {
                input.emit(Msg::Search(false));
                return glib::Propagation::Stop;
            }
            if typed(key, modifiers).is_none() || (searching && entry.has_focus()) {
                return glib::Propagation::Proceed;
            }
            if !searching {
                entry.set_text("");
                title.set_visible_child_name("search");
                input.emit(Msg::Search(true));
            }
            let Some(text) = entry.delegate().and_downcast::<gtk::Text>() else {
                return glib::Propagation::Proceed;
            };
            text.grab_focus_without_selecting();
            if keys.forward(&text) { glib::Propagation::Stop } else { glib::Propagation::Proceed }
        });
        if let Some(main) = self.navigation.find_page("main") {
            main.add_controller(keys);
        }
    }

    /// The pages of the switcher, and the page that takes their place while searching.
    pub(super) fn add_pages(
        &self,
        explore: &impl IsA<gtk::Widget>,
        installed: &impl IsA<gtk::Widget>,
        updates: &impl IsA<gtk::Widget>,
        search: &impl IsA<gtk::Widget>,
    ) {
        self.pages.add_titled_with_icon(explore, Some("explore"), &gettext("Explore"), "view-app-grid-symbolic");
        self.pages.add_titled_with_icon(installed, Some("installed"), &gettext("Installed"), "drive-harddisk-symbolic");
        self.pages.add_titled_with_icon(
            updates,
            Some("updates"),
            &gettext("Updates"),
            "software-update-available-symbolic",
        );
        self.content.add_named(search, Some("search"));
    }

    /// Pages that lie over the others while they are shown. A letter that is typed there begins a search as well.
    pub(super) fn add_sub_pages(&self, pages: &[&adw::NavigationPage], sender: &ComponentSender<Window>) {
        for page in pages {
            search_by_typing(page, sender);
            self.navigation.add(*page);
        }
        let input = sender.input_sender().clone();
        self.navigation.connect_popped(move |_, page| input.emit(Msg::Left(page.clone())));
    }

    /// Shows a page over all others, until the way back leaves it.
    pub(super) fn push_page(&self, page: &adw::NavigationPage, sender: &ComponentSender<Window>) {
        // Two of one name cannot be told apart.
        page.set_tag(None);
        search_by_typing(page, sender);
        self.navigation.push(page);
    }

    /// The page on top.
    pub(super) fn visible_page(&self) -> Option<adw::NavigationPage> {
        self.navigation.visible_page()
    }

    /// Whether a page is shown, or lies below the one that is.
    pub(super) fn has(&self, tag: &str) -> bool {
        let stack = self.navigation.navigation_stack();
        (0..stack.n_items())
            .filter_map(|at| stack.item(at).and_downcast::<adw::NavigationPage>())
            .any(|page| page.tag().is_some_and(|known| known == tag))
    }

    /// Shows one of those pages.
    pub(super) fn push(&self, tag: &str) {
        if self.has(tag) {
            self.navigation.pop_to_tag(tag);
        } else {
            self.navigation.push_by_tag(tag);
        }
    }

    /// Leaves every page that lies over those of the switcher.
    pub(super) fn to_front(&self) {
        self.navigation.pop_to_tag("main");
    }

    /// Shows a page of the switcher.
    pub(super) fn show_page(&self, name: &str) {
        self.to_front();
        if self.pages.child_by_name(name).is_some() {
            self.pages.set_visible_child_name(name);
        }
    }

    /// The page of the switcher that is shown, if none lies over it.
    pub(super) fn shown_page(&self) -> Option<gtk::glib::GString> {
        let is_main = self.navigation.visible_page_tag().is_some_and(|tag| tag == "main");
        self.pages.visible_child_name().filter(|_| is_main)
    }

    /// Puts everything where it belongs for this width, searching or not.
    pub(super) fn arrange(&self, narrow: bool, searching: bool) {
        self.title.set_visible_child_name(match (searching, narrow) {
            (true, _) => "search",
            (false, true) => "title",
            (false, false) => "switcher",
        });
        self.switcher_bar.set_reveal(narrow && !searching);
        self.content.set_visible_child_name(if searching { "search" } else { "pages" });
        self.toggle.set_active(searching);
        if !searching {
            self.entry.set_text("");
        }
    }

    /// Ready to type, with what was typed before selected.
    pub(super) fn focus_search(&self) {
        self.to_front();
        if !self.entry.delegate().is_some_and(|text| text.has_focus()) {
            self.entry.grab_focus();
        }
    }

    /// As if it had been typed.
    pub(super) fn set_search_text(&self, text: &str) {
        self.entry.set_text(text);
        self.entry.set_position(-1);
    }

    /// The number on the Updates page.
    pub(super) fn set_updates(&self, updates: usize) {
        if let Some(child) = self.pages.child_by_name("updates") {
            let page = self.pages.page(&child);
            page.set_badge_number(u32::try_from(updates).unwrap_or(u32::MAX));
            page.set_needs_attention(updates > 0);
        }
    }
}

/// A letter that is typed on a page begins a search.
fn search_by_typing(page: &adw::NavigationPage, sender: &ComponentSender<Window>) {
    let keys = gtk::EventControllerKey::new();
    let input = sender.input_sender().clone();
    keys.connect_key_pressed(move |_, key, _, modifiers| match typed(key, modifiers) {
        Some(letter) => {
            input.emit(Msg::SearchFor(letter.to_string()));
            glib::Propagation::Stop
        }
        None => glib::Propagation::Proceed,
    });
    page.add_controller(keys);
}

/// What a key writes, if it writes anything and is no command.
fn typed(key: gdk::Key, modifiers: gdk::ModifierType) -> Option<char> {
    let command = gdk::ModifierType::CONTROL_MASK | gdk::ModifierType::ALT_MASK | gdk::ModifierType::SUPER_MASK;
    let letter = key.to_unicode().filter(|letter| !letter.is_control() && !letter.is_whitespace());
    letter.filter(|_| !modifiers.intersects(command))
}

fn menu() -> gio::Menu {
    let work = gio::Menu::new();
    work.append(Some(&gettext("_Refresh")), Some("win.refresh"));
    work.append(Some(&gettext("_History")), Some("win.history"));
    let help = gio::Menu::new();
    help.append(Some(&gettext("_Preferences")), Some("win.preferences"));
    help.append(Some(&gettext("_Keyboard Shortcuts")), Some("win.shortcuts"));
    help.append(Some(&gettext("_About Strata")), Some("win.about"));
    let menu = gio::Menu::new();
    menu.append_section(None, &work);
    menu.append_section(None, &help);
    menu
}
