//! What a list of apps would bring, before anything of it is done.

use crate::i18n::{gettext, gettext_f, ngettext_f};
use crate::sentence;
use crate::widgets::dialogs;
use relm4::adw::prelude::*;
use relm4::{adw, gtk};
use strata_catalogue::app_list::Fate;
use strata_model::Request;
use strata_model::app_list::{AppList, ListedApp};

/// Shows what would become of each app; `answer` is called on yes.
pub(crate) fn ask(
    parent: &adw::ApplicationWindow,
    list: &AppList,
    apps: &[(ListedApp, Fate)],
    answer: impl Fn(Vec<Request>) + 'static,
) {
    let mut requests = Vec::new();
    let (mut new, mut there, mut missing) = (Vec::new(), Vec::new(), Vec::new());
    for (app, fate) in apps {
        let name = if app.name.is_empty() { &app.id } else { &app.name };
        match fate {
            Fate::Get(request) => {
                new.push((name.clone(), origin(list, app)));
                requests.push(request.clone());
            }
            Fate::There => there.push((name.clone(), String::new())),
            Fate::Missing(Some(obstacle)) => missing.push((name.clone(), sentence::obstacle(obstacle))),
            Fate::Missing(None) => {
                let words = gettext_f("It came from {origin}", &[("origin", &origin(list, app))]);
                missing.push((name.clone(), words));
            }
        }
    }
    let page = gtk::Box::builder().orientation(gtk::Orientation::Vertical).spacing(18).build();
    for (title, rows) in [
        (gettext("To Be Installed"), new),
        (gettext("No Source Here Has Them"), missing),
        (gettext("Installed Already"), there),
    ] {
        if !rows.is_empty() {
            page.append(&group(&title, &rows));
        }
    }
    let scrolled = gtk::ScrolledWindow::builder()
        .child(&page)
        .propagate_natural_height(true)
        .max_content_height(360)
        .hscrollbar_policy(gtk::PolicyType::Never)
        .build();
    let dialog = if requests.is_empty() {
        let dialog = adw::AlertDialog::new(Some(&gettext("Nothing to Install")), None);
        dialog.add_response("no", &gettext("Close"));
        dialog.set_close_response("no");
        dialog
    } else {
        let heading = ngettext_f("Install {n} App?", "Install {n} Apps?", requests.len(), &[]);
        let dialog = dialogs::question(&heading, "", &gettext("Install"));
        dialog.set_response_appearance("yes", adw::ResponseAppearance::Suggested);
        dialog
    };
    dialog.set_extra_child(Some(&scrolled));
    dialog.connect_response(Some("yes"), move |_, _| answer(requests.clone()));
    dialog.present(Some(parent));
}

/// Where it came from, by what the list says of that.
fn origin(list: &AppList, app: &ListedApp) -> String {
    let known = list.origin_of(app);
    let title = known.map(|origin| &origin.title).filter(|title| !title.is_empty());
    title.unwrap_or(&app.origin).clone()
}

fn group(title: &str, rows: &[(String, String)]) -> adw::PreferencesGroup {
    let group = adw::PreferencesGroup::builder().title(title).build();
    for (name, words) in rows {
        group.add(&adw::ActionRow::builder().use_markup(false).title(name).subtitle(words).build());
    }
    group
}
