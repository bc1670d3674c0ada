//! The dialogs behind the strip of facts: each fact explained.

mod age;
mod downloads;
mod licence;
mod machine;
mod plot;
mod safety;
mod size;

use super::facts::Fact;
use crate::context::Context;
use crate::live::Live;
use crate::widgets::sheet::Sheet;
use relm4::gtk;
use strata_model::{App, Failure, Installed, Offer, Plan};

/// What is known of the app that is shown.
#[derive(Clone, Copy, Debug)]
pub(super) struct Known<'a> {
    pub(super) app: &'a App,
    /// The offer that the page is about.
    pub(super) offer: Option<&'a Offer>,
    /// What getting it, or having it, means; `None` as long as nobody knows.
    pub(super) plan: Option<&'a Plan>,
    /// Why nobody knows, if that was found out.
    pub(super) failure: Option<&'a Failure>,
    /// What is installed of it.
    pub(super) installed: Option<&'a Installed>,
    pub(super) live: &'a Live,
    pub(super) context: &'a Context,
}

/// Explains a fact.
pub(super) fn show(fact: Fact, known: &Known<'_>, parent: &gtk::Widget) {
    let sheet: Sheet = match fact {
        Fact::Safety => safety::sheet(known),
        Fact::Size => size::sheet(known),
        Fact::Downloads => downloads::sheet(known),
        Fact::Licence => licence::sheet(known.app),
        Fact::Age => age::sheet(known.app),
        Fact::Machine => machine::sheet(known.app),
    };
    sheet.present(parent);
}
