//! The ways to get an app: the button that says which one is meant, and the dialog to choose another.

use crate::i18n::{gettext, gettext_f};
use crate::live::{Key, Live};
use crate::sentence;
use crate::widgets::set_label;
use crate::widgets::sheet::{self, Sheet};
use relm4::adw::prelude::*;
use relm4::{adw, gtk};
use strata_model::order::Why;
use strata_model::{Offer, OfferId, SourceKind};

/// The button beside the main one. Hidden where there is no choice.
#[derive(Debug)]
pub(super) struct Picker {
    root: gtk::Button,
    text: gtk::Label,
    name: String,
}

impl Picker {
    pub(super) fn new(name: &str) -> Self {
        let text = gtk::Label::builder().ellipsize(gtk::pango::EllipsizeMode::End).max_width_chars(24).build();
        let arrow = gtk::Image::from_icon_name("pan-down-symbolic");
        arrow.set_accessible_role(gtk::AccessibleRole::Presentation);
        let line = gtk::Box::builder().spacing(6).build();
        line.append(&text);
        line.append(&arrow);
        let root = gtk::Button::builder()
            .child(&line)
            .halign(gtk::Align::Center)
            .action_name("app.dialog")
            .action_target(&"offers".to_variant())
            .css_classes(["flat", "offer-button"])
            .visible(false)
            .build();
        Self { root, text, name: name.to_owned() }
    }

    pub(super) fn root(&self) -> &gtk::Button {
        &self.root
    }

    /// Shows which offer is meant, where there are several.
    pub(super) fn show(&self, live: &Live, offers: &[Offer], meant: Option<&Offer>) {
        self.root.set_visible(offers.len() > 1 && meant.is_some());
        if let Some(offer) = meant {
            let place = place(live, &offer.id);
            self.text.set_label(&place);
            set_label(
                &self.root,
                &gettext_f("From {place}. Choose where to get {name} from", &[("place", &place), ("name", &self.name)]),
            );
        }
    }
}

/// The dialog; `choose` hears what is chosen.
pub(super) fn sheet(
    name: &str,
    live: &Live,
    offers: &[Offer],
    meant: Option<&Offer>,
    choose: impl Fn(OfferId) + Clone + 'static,
) -> Sheet {
    let offers = live.arranged(offers);
    let sheet = Sheet::new(&gettext_f("Get {name} From", &[("name", name)]));
    let list = gtk::ListBox::builder().selection_mode(gtk::SelectionMode::None).css_classes(["boxed-list"]).build();
    set_label(&list, &gettext("Where It Can Be Had"));
    let mut group: Option<gtk::CheckButton> = None;
    for offer in &offers {
        let mark = gtk::CheckButton::builder().valign(gtk::Align::Center).build();
        mark.set_group(group.as_ref());
        mark.set_active(meant.is_some_and(|meant| meant.id == offer.id));
        let row = row(live, offer, &mark);
        list.append(&row);
        if mark.is_active() {
            sheet.dialog().set_focus(Some(&row));
        }
        choose_with(&mark, offer, &sheet, choose.clone());
        group.get_or_insert(mark);
    }
    sheet.append(&list);
    sheet.append(&reasons(live, &offers));
    sheet
}

fn row(live: &Live, offer: &Offer, mark: &gtk::CheckButton) -> adw::ActionRow {
    let installed = live.find(&Key::Offer(offer.id.clone()));
    let here = installed.is_some_and(|one| one.offer.origin == offer.id.origin);
    let words = match &offer.obstacle {
        Some(obstacle) => sentence::obstacle(obstacle),
        None if installed.is_some() && !here => {
            gettext("The same is installed from elsewhere. Remove that first to get this one.")
        }
        None => sentence::manners(offer.id.source),
    };
    let facts = facts(offer, here);
    // Of an AppImage that a list has nobody knows the version before its project is asked.
    let lines = [facts, words].into_iter().filter(|line| !line.is_empty()).collect::<Vec<_>>();
    let row = sheet::row(&place(live, &offer.id), &lines.join("\n"));
    set_label(mark, &place(live, &offer.id));
    row.add_prefix(mark);
    row.set_activatable_widget(Some(mark));
    row.set_sensitive(offer.is_installable() && (here || installed.is_none()));
    if offer.verified {
        row.add_suffix(&crate::widgets::app_tile::verified_mark());
    }
    let size = if offer.download_size > 0 { sentence::size(offer.download_size) } else { String::new() };
    sheet::valued(row, &size, &["numeric", "dimmed"])
}

/// Choosing closes the dialog: there is nothing else to say.
fn choose_with(mark: &gtk::CheckButton, offer: &Offer, sheet: &Sheet, choose: impl Fn(OfferId) + 'static) {
    let id = offer.id.clone();
    let dialog = sheet.dialog().downgrade();
    mark.connect_toggled(move |mark| {
        if !mark.is_active() {
            return;
        }
        choose(id.clone());
        if let Some(dialog) = dialog.upgrade() {
            dialog.close();
        }
    });
}

/// Version, branch, who vouches for it, whether it is here.
fn facts(offer: &Offer, here: bool) -> String {
    let branch = branch(&offer.id);
    let parts = [
        offer.version.clone(),
        if branch == "stable" { String::new() } else { branch.to_owned() },
        if offer.verified { gettext("Verified") } else { String::new() },
        if here { gettext("Installed") } else { String::new() },
    ];
    parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" · ")
}

/// The branch within a Flatpak's reference; empty for others.
pub(super) fn branch(offer: &OfferId) -> &str {
    match offer.source {
        SourceKind::Flatpak => offer.reference.split('/').nth(3).unwrap_or_default(),
        _ => "",
    }
}

/// The place that an offer comes from, with its source: `Flathub · Flatpak`.
pub(super) fn place(live: &Live, offer: &OfferId) -> String {
    let origin = live.origin_title(&offer.scope, &offer.origin);
    let source = sentence::source(offer.source);
    let for_one = offer.source == SourceKind::Flatpak && offer.scope == "user";
    let parts = [origin, source, if for_one { gettext("only for you") } else { String::new() }];
    parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" · ")
}

/// Why they stand in this order, unfolded on request.
fn reasons(live: &Live, offers: &[Offer]) -> gtk::Expander {
    let column = gtk::Box::builder().orientation(gtk::Orientation::Vertical).spacing(6).margin_top(6).build();
    let mut said = Vec::new();
    let sources = live.sources();
    for pair in offers.windows(2) {
        let [first, second] = pair else { continue };
        let why = Why::of(first, second, &sources);
        let title = |offer: &Offer| live.origin_title(&offer.id.scope, &offer.id.origin);
        let words = gettext_f(why.sentence(), &[("first", &title(first)), ("second", &title(second))]);
        if !said.contains(&words) {
            said.push(words);
        }
    }
    for words in said {
        column.append(&gtk::Label::builder().label(words).xalign(0.0).wrap(true).css_classes(["dimmed"]).build());
    }
    gtk::Expander::builder().label(gettext("Why This Order?")).child(&column).build()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn offer(source: SourceKind, reference: &str) -> OfferId {
        OfferId { source, scope: "user".into(), origin: "demo".into(), reference: reference.to_owned() }
    }

    #[test]
    fn only_a_flatpak_has_a_branch() {
        assert_eq!(branch(&offer(SourceKind::Flatpak, "app/a.b.C/x86_64/beta")), "beta");
        assert_eq!(branch(&offer(SourceKind::Package, "gimp")), "");
    }

    #[test]
    fn a_place_says_for_whom_it_is() {
        let live = Live::default();
        assert_eq!(place(&live, &offer(SourceKind::Flatpak, "app/a/b/c")), "demo · Flatpak · only for you");
    }
}
