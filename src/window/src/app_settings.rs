//! The settings of one app, in a dialog: read when it opens, checked as they are typed, and applied together.

mod form;
mod variables;
mod wrong;

use crate::asked::Asked;
use crate::i18n::{gettext, gettext_f};
use crate::sentence;
use crate::widgets::{announce, dialogs, state_page, text_button};
use crate::window::Msg;
use form::Form;
use relm4::adw::prelude::*;
use relm4::gtk::glib;
use relm4::{Sender, adw, gtk};
use std::cell::{Cell, RefCell};
use std::rc::{Rc, Weak};
use strata_client::Engine;
use strata_model::{AppSettings, Failure, OfferId};

/// Widest content, and the height that it has where there is room, in pixels.
const SIZE: (i32, i32) = (560, 720);

/// The dialog while it is open.
#[derive(Debug)]
struct Open {
    dialog: adw::Dialog,
    engine: Engine,
    offer: OfferId,
    name: String,
    state: gtk::Stack,
    form: Rc<Form>,
    apply: gtk::Button,
    /// Why they could not be applied.
    trouble: adw::Banner,
    failure: RefCell<Option<Failure>>,
    /// As they are now; `None` as long as nobody knows.
    before: RefCell<Option<AppSettings>>,
    /// The person has closed it.
    is_closed: Cell<bool>,
    sender: Sender<Msg>,
}

/// Shows the settings of an app, and applies what the person changes.
pub(crate) fn show(parent: &adw::ApplicationWindow, engine: Engine, offer: OfferId, name: &str, sender: &Sender<Msg>) {
    let open = Rc::new_cyclic(|open: &Weak<Open>| {
        let typed = open.clone();
        let changed: Rc<dyn Fn()> = Rc::new(move || {
            if let Some(open) = typed.upgrade() {
                open.check();
            }
        });
        Open {
            dialog: adw::Dialog::builder()
                .title(gettext("App Settings"))
                .content_width(SIZE.0)
                .content_height(SIZE.1)
                .build(),
            engine,
            offer,
            name: name.to_owned(),
            state: gtk::Stack::new(),
            form: Form::new(&changed),
            apply: text_button(&gettext("Apply"), &gettext_f("Apply the settings of {name}", &[("name", name)])),
            trouble: adw::Banner::builder().use_markup(false).button_label(gettext("Details")).build(),
            failure: RefCell::default(),
            before: RefCell::default(),
            is_closed: Cell::default(),
            sender: sender.clone(),
        }
    });
    open.assemble();
    open.connect();
    open.dialog.present(Some(parent));
    open.load();
}

impl Open {
    fn assemble(&self) {
        let cancel = text_button(&gettext("Cancel"), &gettext("Leave the settings as they are"));
        let dialog = self.dialog.downgrade();
        cancel.connect_clicked(move |_| {
            if let Some(dialog) = dialog.upgrade() {
                dialog.close();
            }
        });
        self.apply.add_css_class("suggested-action");
        self.apply.set_sensitive(false);
        let title = adw::WindowTitle::new(&gettext("App Settings"), &self.name);
        let header = adw::HeaderBar::builder()
            .show_start_title_buttons(false)
            .show_end_title_buttons(false)
            .title_widget(&title)
            .build();
        header.pack_start(&cancel);
        header.pack_end(&self.apply);
        self.state.add_named(&state_page::loading(&gettext("Reading the settings…")), Some("loading"));
        self.state.add_named(self.form.page(), Some("form"));
        let view = adw::ToolbarView::builder().content(&self.state).build();
        view.add_top_bar(&header);
        view.add_top_bar(&self.trouble);
        self.dialog.set_child(Some(&view));
    }

    /// The dialog keeps this alive, and nothing else does.
    fn connect(self: &Rc<Self>) {
        let weak = Rc::downgrade(self);
        self.apply.connect_clicked(move |_| {
            if let Some(open) = weak.upgrade() {
                open.apply();
            }
        });
        let weak = Rc::downgrade(self);
        self.trouble.connect_button_clicked(move |_| {
            if let Some(open) = weak.upgrade() {
                open.show_details();
            }
        });
        let kept = RefCell::new(Some(Rc::clone(self)));
        self.dialog.connect_closed(move |_| {
            if let Some(open) = kept.take() {
                open.is_closed.set(true);
            }
        });
    }

    fn load(self: &Rc<Self>) {
        let (engine, offer, open) = (self.engine.clone(), self.offer.clone(), Rc::downgrade(self));
        let asked = Asked::new(async move { engine.app_settings(&offer).await });
        glib::spawn_future_local(async move {
            let settings = asked.answer().await;
            if let (Some(open), Some(settings)) = (open.upgrade(), settings) {
                open.loaded(settings);
            }
        });
    }

    fn loaded(&self, settings: Result<AppSettings, Failure>) {
        match settings {
            Ok(settings) => {
                self.form.show(&settings);
                self.before.replace(Some(settings));
                self.state.set_visible_child_name("form");
                self.form.focus();
                self.check();
            }
            Err(failure) => {
                let page = state_page::failed(&sentence::named(&failure, &self.offer.reference, &self.name));
                self.state.set_visible_child(&self.state.add_named(&page, Some("failed")).child());
            }
        }
    }

    /// There is something to apply, and it can be.
    fn check(&self) {
        let before = self.before.borrow();
        let Some(before) = before.as_ref() else { return };
        let is_new = self.form.read().is_ok_and(|wish| wish != *before);
        self.apply.set_sensitive(is_new);
    }

    fn apply(self: &Rc<Self>) {
        let Ok(wish) = self.form.read() else { return };
        self.set_busy(true);
        self.trouble.set_revealed(false);
        let (engine, offer, open) = (self.engine.clone(), self.offer.clone(), Rc::clone(self));
        let asked = Asked::new(async move { engine.set_app_settings(&offer, &wish).await });
        // Whoever closes the dialog meanwhile hears of it all the same.
        glib::spawn_future_local(async move {
            if let Some(done) = asked.answer().await {
                open.applied(done);
            }
        });
    }

    fn applied(&self, done: Result<(), Failure>) {
        self.set_busy(false);
        match done {
            Ok(()) => {
                self.dialog.close();
            }
            Err(failure) => {
                let failure = sentence::named(&failure, &self.offer.reference, &self.name);
                if self.is_closed.get() {
                    return self.sender.emit(Msg::Tell(failure));
                }
                let words = sentence::failure(&failure);
                announce(&self.trouble, &format!("{words} {}", sentence::remedy(&failure)));
                self.trouble.set_title(&words);
                self.trouble.set_revealed(true);
                self.failure.replace(Some(failure));
            }
        }
    }

    /// Shows that it is being done: a folder on another disk takes as long as copying the app.
    fn set_busy(&self, is_busy: bool) {
        self.form.page().set_sensitive(!is_busy);
        self.apply.set_sensitive(!is_busy);
    }

    fn show_details(&self) {
        let window = self.trouble.root().and_downcast::<gtk::Window>();
        if let (Some(window), Some(failure)) = (window, self.failure.borrow().as_ref()) {
            dialogs::details(&window, failure);
        }
    }
}
