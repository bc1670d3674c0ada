//! The window's pages: Explore at once, the others when they are needed or once it is on the screen.

use super::later::Later;
use super::over::Over;
use super::{Msg, Window};
use crate::context::Context;
use crate::live::Live;
use crate::pages::PageMsg;
use crate::pages::app::{AppMsg, AppPage};
use crate::pages::explore::{Explore, ExploreOutput};
use crate::pages::history::{HistoryMsg, HistoryPage};
use crate::pages::installed::{InstalledMsg, InstalledPage};
use crate::pages::list::{ListMsg, ListPage};
use crate::pages::search::{Search, SearchMsg, SearchOutput};
use crate::pages::updates::Updates;
use relm4::{Component, ComponentController, ComponentSender, Controller};

/// All of them.
#[derive(Debug)]
pub(super) struct Pages {
    pub(super) explore: Controller<Explore>,
    pub(super) search: Later<Search>,
    pub(super) installed: Later<InstalledPage>,
    pub(super) updates: Later<Updates>,
    pub(super) history: Later<HistoryPage>,
    pub(super) list: Later<ListPage>,
    pub(super) app: Later<AppPage>,
    pub(super) over: Over,
}

impl Pages {
    pub(super) fn new(context: &Context, sender: &ComponentSender<Window>) -> Self {
        let input = sender.input_sender();
        let explore = Explore::builder().launch(context.clone()).forward(input, |output| match output {
            ExploreOutput::Ready => Msg::Ready,
            ExploreOutput::NeedsLists => Msg::FirstRefresh,
        });
        let (own, input) = (context.clone(), input.clone());
        let search = Later::new(move |builder| {
            builder.launch(own).forward(&input, |output| match output {
                SearchOutput::Open(app) => Msg::ShowApp(app),
            })
        });
        Self {
            explore,
            search,
            installed: detached(context.clone()),
            updates: detached(context.clone()),
            history: detached(()),
            list: detached(context.clone()),
            app: detached(context.clone()),
            over: Over::default(),
        }
    }

    /// Makes one that is still to be made. Whether there was one.
    pub(super) fn make_next(&self) -> bool {
        self.search.make()
            || self.installed.make()
            || self.updates.make()
            || self.app.make()
            || self.list.make()
            || self.history.make()
    }

    /// Makes the page of the switcher that is about to be shown.
    pub(super) fn make_named(&self, name: &str) {
        match name {
            "installed" => self.installed.make(),
            "updates" => self.updates.make(),
            _ => false,
        };
    }

    /// Tells every page what is known now.
    pub(super) fn tell(&self, live: &Live) {
        self.explore.emit(PageMsg::Live(live.clone()));
        self.search.tell(SearchMsg::Live(live.clone()));
        self.installed.tell(InstalledMsg::Live(live.clone()));
        self.updates.tell(PageMsg::Live(live.clone()));
        self.history.tell(HistoryMsg::Live(live.clone()));
        self.list.tell(ListMsg::Live(live.clone()));
        self.app.tell(AppMsg::Live(live.clone()));
        self.over.tell(live);
    }

    /// Lets every page read the catalogue again.
    pub(super) fn reload(&self) {
        self.explore.emit(PageMsg::Reload);
        self.search.tell(SearchMsg::Reload);
        self.installed.tell(InstalledMsg::Reload);
        self.updates.tell(PageMsg::Reload);
        self.list.tell(ListMsg::Reload);
        self.app.tell(AppMsg::Reload);
        self.over.reload();
    }
}

/// A page that has nothing to say to the window.
fn detached<C: Component<Init: 'static>>(init: C::Init) -> Later<C> {
    Later::new(move |builder| builder.launch(init).detach())
}
