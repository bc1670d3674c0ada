//! What a person should know of an app before all else, each said once: that it ends, is held, or cannot be had.

use super::explain::Known;
use super::offers;
use crate::i18n::{gettext, gettext_f};
use crate::live::{Key, reference_id};
use crate::sentence;
use crate::widgets::text_button;
use relm4::gtk;
use relm4::gtk::glib;
use relm4::gtk::prelude::*;
use strata_model::installed::EndOfLife;
use strata_model::parental::Guard;
use strata_model::{AppId, Installed, Obstacle, Offer, SourceKind, offer};

/// One notice.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Notice {
    icon: &'static str,
    words: String,
    way: Option<Way>,
}

/// What can be done about it: the button's words, and its action.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Way {
    words: String,
    action: &'static str,
    target: glib::Variant,
}

/// The notices, one below the other.
#[derive(Debug)]
pub(super) struct Notices {
    root: gtk::Box,
    shown: Vec<Notice>,
}

impl Notices {
    pub(super) fn new() -> Self {
        let root = gtk::Box::builder().orientation(gtk::Orientation::Vertical).spacing(12).visible(false).build();
        Self { root, shown: Vec::new() }
    }

    pub(super) fn root(&self) -> &gtk::Box {
        &self.root
    }

    /// Shows what there is to know.
    pub(super) fn show(&mut self, known: &Known<'_>) {
        let notices = notices(known);
        if notices == self.shown {
            return;
        }
        while let Some(old) = self.root.first_child() {
            self.root.remove(&old);
        }
        for notice in &notices {
            self.root.append(&card(notice));
        }
        self.root.set_visible(!notices.is_empty());
        self.shown = notices;
    }
}

fn notices(known: &Known<'_>) -> Vec<Notice> {
    let name = &known.app.head.name;
    let Some(installed) = known.installed else {
        let hindered = || obstacle(known).map(|obstacle| hindered(name, obstacle));
        return refused(known).or_else(hindered).into_iter().chain(elsewhere(known)).collect();
    };
    let end = end_of_life(known, installed).map(|end| ended(name, end));
    let unlisted = if end.is_some() { None } else { unlisted(known) };
    let own = [held(installed), leaving(installed, name)].into_iter().flatten();
    guarded(known, installed).into_iter().chain(end).chain(unlisted).chain(own).collect()
}

/// What speaks against the offer that is meant.
fn obstacle<'a>(known: &Known<'a>) -> Option<&'a Obstacle> {
    match known.offer {
        Some(offer) => offer.obstacle.as_ref(),
        None => offer::obstacle(&known.app.offers),
    }
}

/// The project of an AppImage was asked, and it cannot be had now: better known before somebody wants it.
fn refused(known: &Known<'_>) -> Option<Notice> {
    let failure = known.failure.filter(|_| known.offer.is_some_and(|offer| offer.id.source == SourceKind::AppImage))?;
    let failure = sentence::named(failure, known.app.head.id.as_str(), &known.app.head.name);
    let words = format!("{} {}", sentence::failure(&failure), sentence::remedy(&failure));
    Some(Notice { icon: "dialog-information-symbolic", words, way: None })
}

/// It is installed from elsewhere, and the offer that is meant could take the place of that.
fn elsewhere(known: &Known<'_>) -> Option<Notice> {
    let offer = known.offer.filter(|offer| offer.is_installable() && offer.id.source != SourceKind::Package)?;
    let here = known.live.find(&Key::App(known.app.head.id.clone()))?;
    if here.offer.source == SourceKind::Package || here.offer.is_same_thing(&offer.id) {
        return None;
    }
    let place = offers::place(known.live, &here.offer);
    Some(Notice {
        icon: "emblem-synchronizing-symbolic",
        words: gettext_f("You have it from {place}. This one can take its place.", &[("place", &place)]),
        way: Some(Way {
            words: gettext("Switch to This One…"),
            action: "win.switch",
            target: (Key::Offer(here.offer.clone()), Key::Offer(offer.id.clone())).to_variant(),
        }),
    })
}

fn hindered(name: &str, obstacle: &Obstacle) -> Notice {
    match obstacle {
        Obstacle::EndOfLife(end) => ended(name, end),
        other => Notice { icon: "dialog-information-symbolic", words: sentence::obstacle(other), way: None },
    }
}

fn ended(name: &str, end: &EndOfLife) -> Notice {
    let heir = Some(reference_id(&end.successor)).filter(|id| !id.is_empty()).and_then(|id| AppId::new(id).ok());
    let way = heir.map(|heir| Way {
        words: gettext("Show What Takes Its Place"),
        action: "win.show-app",
        target: heir.as_str().to_variant(),
    });
    Notice { icon: "dialog-warning-symbolic", words: sentence::end_of_life(name, Some(end)), way }
}

/// What is installed says that it ends, or its last update does.
fn end_of_life<'a>(known: &Known<'a>, installed: &'a Installed) -> Option<&'a EndOfLife> {
    let update = || known.live.find_update(&Key::Offer(installed.offer.clone()))?.end_of_life.as_ref();
    installed.end_of_life.as_ref().or_else(update)
}

/// Parental controls do not let the person open what is installed.
fn guarded(known: &Known<'_>, installed: &Installed) -> Option<Notice> {
    let is_it =
        |offer: &&Offer| (&offer.id.scope, &offer.id.reference) == (&installed.offer.scope, &installed.offer.reference);
    let obstacle = known.app.offers.iter().find(is_it)?.obstacle.as_ref()?;
    matches!(obstacle, Obstacle::Guarded { guard: Guard::Opening }).then(|| hindered(&known.app.head.name, obstacle))
}

/// It stands in no list any more.
fn unlisted(known: &Known<'_>) -> Option<Notice> {
    known.app.offers.is_empty().then(|| Notice {
        icon: "dialog-information-symbolic",
        words: gettext("None of the places that you get apps from lists it any more. What is installed stays."),
        way: None,
    })
}

fn held(installed: &Installed) -> Option<Notice> {
    installed.held.then(|| Notice {
        icon: "changes-prevent-symbolic",
        words: gettext_f(
            "You hold it at version {version}: it is not updated until you release it.",
            &[("version", &installed.version)],
        ),
        way: Some(Way {
            words: gettext("Release"),
            action: "win.release",
            target: Key::Offer(installed.offer.clone()).to_variant(),
        }),
    })
}

fn leaving(installed: &Installed, name: &str) -> Option<Notice> {
    let notice = || Notice { icon: "dialog-information-symbolic", words: sentence::leaving(name), way: None };
    installed.leaving.then(notice)
}

fn card(notice: &Notice) -> gtk::Box {
    let icon = gtk::Image::builder().icon_name(notice.icon).valign(gtk::Align::Center).build();
    icon.set_accessible_role(gtk::AccessibleRole::Presentation);
    let words = gtk::Label::builder().label(&notice.words).xalign(0.0).wrap(true).hexpand(true).build();
    words.set_wrap_mode(gtk::pango::WrapMode::WordChar);
    let card = gtk::Box::builder().spacing(12).css_classes(["card", "notice"]).build();
    card.append(&icon);
    card.append(&words);
    if let Some(way) = &notice.way {
        let button = text_button(&way.words, &way.words);
        button.set_valign(gtk::Align::Center);
        button.set_action_target_value(Some(&way.target));
        button.set_action_name(Some(way.action));
        card.append(&button);
    }
    card
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_end_leads_to_what_comes_after_it() {
        let end = |successor: &str| EndOfLife { reason: "Moved on".to_owned(), successor: successor.to_owned() };
        let notice = ended("Scribbler", &end("app/a.b.Marginalia/x86_64/stable"));
        assert_eq!(notice.words, "“Scribbler” gets no more updates. Moved on");
        assert_eq!(notice.way.unwrap().target, "a.b.Marginalia".to_variant());
        assert_eq!(ended("Scribbler", &end("")).way, None);
    }
}
