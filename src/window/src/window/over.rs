//! Pages over pages of their own kind: from an app to a similar one, and on to a whole list. Each has a page of its own, so
//! that the way back leads through all of them.

use super::Window;
use crate::live::Live;
use crate::pages::app::{AppMsg, AppPage};
use crate::pages::list::{ListMsg, ListPage};
use relm4::{Component, ComponentController, ComponentSender, Controller, adw};
use std::cell::RefCell;
use strata_catalogue::List;
use strata_model::AppId;

/// Most pages that lie over others. Nobody goes back that far: what comes after that begins at the front again.
const MOST: usize = 12;

/// The pages that were made for this, the topmost last; each ends when the way back leaves it.
#[derive(Debug, Default)]
pub(super) struct Over(RefCell<Vec<Page>>);

#[derive(Debug)]
enum Page {
    App(Controller<AppPage>),
    List(Controller<ListPage>),
}

impl Page {
    fn widget(&self) -> &adw::NavigationPage {
        match self {
            Self::App(page) => page.widget(),
            Self::List(page) => page.widget(),
        }
    }
}

impl Over {
    fn push(&self, page: Page, live: &Live) -> adw::NavigationPage {
        tell(&page, live);
        let widget = page.widget().clone();
        self.0.borrow_mut().push(page);
        widget
    }

    /// Tells every page what is known now.
    pub(super) fn tell(&self, live: &Live) {
        self.0.borrow().iter().for_each(|page| tell(page, live));
    }

    /// Lets every page read the catalogue again.
    pub(super) fn reload(&self) {
        for page in self.0.borrow().iter() {
            match page {
                Page::App(page) => page.emit(AppMsg::Reload),
                Page::List(page) => page.emit(ListMsg::Reload),
            }
        }
    }

    /// The way back has left this one.
    pub(super) fn left(&self, widget: &adw::NavigationPage) {
        self.0.borrow_mut().retain(|page| page.widget() != widget);
    }

    /// Says something to the page of an app that lies on top of all; `false` if none does.
    pub(super) fn tell_app(&self, visible: Option<&adw::NavigationPage>, message: AppMsg) -> bool {
        match self.0.borrow().last() {
            Some(Page::App(page)) if Some(page.widget()) == visible => page.emit(message),
            _ => return false,
        }
        true
    }

    /// The same with that of a list.
    fn tell_list(&self, visible: Option<&adw::NavigationPage>, message: ListMsg) -> bool {
        match self.0.borrow().last() {
            Some(Page::List(page)) if Some(page.widget()) == visible => page.emit(message),
            _ => return false,
        }
        true
    }

    fn is_full(&self) -> bool {
        self.0.borrow().len() >= MOST
    }
}

fn tell(page: &Page, live: &Live) {
    match page {
        Page::App(page) => page.emit(AppMsg::Live(live.clone())),
        Page::List(page) => page.emit(ListMsg::Live(live.clone())),
    }
}

impl Window {
    /// Shows the page of an app: the one page of apps, or another one over it.
    pub(super) fn show_app(&mut self, id: AppId, sender: &ComponentSender<Self>) {
        self.begin_anew_when_full();
        let visible = self.layout.visible_page();
        let is_base = visible.as_ref().is_some_and(|page| page == self.pages.app.widget());
        if !self.layout.has("app") || is_base && self.shown.as_ref() == Some(&id) {
            self.shown = Some(id.clone());
            self.pages.app.emit(AppMsg::Show(id));
            self.layout.push("app");
        } else {
            let page = AppPage::builder().launch(self.context.clone()).detach();
            page.emit(AppMsg::Show(id));
            self.lay_over(Page::App(page), sender);
        }
    }

    /// Shows a list: on the one page of lists, or on another one over it.
    pub(super) fn show_list(&self, list: List, sender: &ComponentSender<Self>) {
        self.begin_anew_when_full();
        let visible = self.layout.visible_page();
        if !self.layout.has("list") || visible.as_ref().is_some_and(|page| page == self.pages.list.widget()) {
            self.pages.list.emit(ListMsg::Show(list));
            self.layout.push("list");
        } else if !self.pages.over.tell_list(visible.as_ref(), ListMsg::Show(list.clone())) {
            let page = ListPage::builder().launch(self.context.clone()).detach();
            page.emit(ListMsg::Show(list));
            self.lay_over(Page::List(page), sender);
        }
    }

    fn begin_anew_when_full(&self) {
        if self.pages.over.is_full() {
            self.layout.to_front();
        }
    }

    fn lay_over(&self, page: Page, sender: &ComponentSender<Self>) {
        let widget = self.pages.over.push(page, &self.live);
        self.layout.push_page(&widget, sender);
    }

    /// A dialog of the page of an app that is shown.
    pub(super) fn show_app_dialog(&self, name: String) {
        let visible = self.layout.visible_page();
        if !self.pages.over.tell_app(visible.as_ref(), AppMsg::DialogLater(name.clone())) {
            self.pages.app.emit(AppMsg::DialogLater(name));
        }
    }
}
