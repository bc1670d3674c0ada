//! `list`: what is installed, what could be newer, what nothing needs.

use crate::args::List;
use crate::ending::{Ending, Trouble};
use crate::installed;
use crate::json;
use crate::session::Session;
use crate::system::{self, news};
use crate::table::Table;
use crate::text::{bytes, gettext_f};
use crate::words;
use gettextrs::gettext;
use strata_catalogue::Catalogue;
use strata_model::{AppId, Installed, OfferId, PartKind, SourceKind, Update, marked};

pub(crate) async fn run(mut session: Session, list: List) -> Result<Ending, Trouble> {
    let mut snapshot = session.ready().await?;
    let is_unknown = installed::is_layering_unknown(&session.environment);
    if list.source == Some(SourceKind::Package) && is_unknown {
        system::read_any(&mut session).await?;
        snapshot = session.ready().await?;
    }
    let scope = session.scope(&snapshot)?;
    let here = |offer: &OfferId| {
        scope.is_none_or(|scope| offer.scope == scope) && list.source.is_none_or(|source| offer.source == source)
    };
    if list.updates {
        let updates: Vec<_> = snapshot.updates.iter().filter(|update| here(&update.offer)).cloned().collect();
        // An engine that has just started may be making the catalogue, which knows the versions.
        session.wait_for(|snapshot| !snapshot.catalogue.building).await?;
        let updates = with_versions(&session, updates);
        let is_of_system = list.source.is_none_or(|source| source == SourceKind::Package);
        let news = if is_of_system { news::read(&mut session).await? } else { None };
        print_updates(&session, updates, &news::nothing(news.as_ref(), &snapshot));
        if let Some(news) = news {
            news.say(&session.output);
        }
    } else {
        let wanted = |part: &&Installed| here(&part.offer) && is_wanted(part, &list);
        let with_branch = list.all || list.unused;
        print_installed(&session, snapshot.installed.iter().filter(wanted).collect(), with_branch);
    }
    if is_unknown && session.global.installation.is_none() && list.source.is_none() && !list.updates && !list.unused {
        session.output.note(&gettext(
            "Packages added to the system are not listed here. To see them: stratactl list --source package",
        ));
    }
    for failure in snapshot.sources.iter().filter_map(|source| source.failure.as_ref()) {
        session.output.note(&crate::ending::sentence(failure));
        session.output.detail(failure);
    }
    let unreadable = snapshot.sources.iter().any(|source| source.failure.is_some());
    Ok(if unreadable { Ending::Failed } else { Ending::Done })
}

fn is_wanted(part: &Installed, list: &List) -> bool {
    if list.unused { part.unused } else { list.all || matches!(part.kind, PartKind::App | PartKind::Package) }
}

/// Runtimes are there in several branches, which tell them apart; an app has one.
fn print_installed(session: &Session, mut parts: Vec<&Installed>, with_branch: bool) {
    parts.sort_by_key(|part| (part.kind, part.name.to_lowercase(), &part.offer));
    if session.output.json {
        session.output.result(&parts.iter().map(|part| json::Part::new(part)).collect::<Vec<_>>());
        return;
    }
    let columns = [
        marked("Name"),
        marked("Id"),
        marked("Version"),
        marked("Kind"),
        marked("Origin"),
        marked("Installation"),
        marked("Size"),
        marked("Branch"),
    ];
    let shown = if with_branch { columns.len() } else { columns.len() - 1 };
    let mut table = Table::new(columns[..shown].iter().copied().map(gettext).collect(), &[1, 0, 2, 4]);
    for part in &parts {
        let (kind, size) = (words::part(part.kind), bytes(part.size));
        // Only Flatpaks have one.
        let offer = &part.offer;
        let branch = offer.reference.rsplit_once('/').map(|(_, branch)| branch).unwrap_or_default();
        let version = [("version", part.version.as_str())];
        let version = match (part.held, part.leaving) {
            (true, _) => gettext_f("{version} (held)", &version).trim_start().to_owned(),
            (_, true) => gettext_f("{version} (goes with the restart)", &version).trim_start().to_owned(),
            _ => part.version.clone(),
        };
        let cells = [&*part.name, &part.id, &version, &kind, &offer.origin, &offer.scope, &size, branch];
        table.row(&cells[..shown]);
    }
    if table.is_empty() {
        session.output.note(&gettext("Nothing."));
    }
    session.output.table(&table);
}

/// What a source cannot tell without the network, the catalogue often can: the version that would come.
fn with_versions(session: &Session, mut updates: Vec<Update>) -> Vec<Update> {
    // Without a catalogue the version stays unknown.
    let Ok(catalogue) = Catalogue::open(&session.environment.catalogue()) else { return updates };
    for update in updates.iter_mut().filter(|update| update.to_version.is_empty()) {
        let offers = AppId::new(&update.id).ok().and_then(|id| catalogue.offers_of(&id).ok()).unwrap_or_default();
        if let Some(offer) = offers.into_iter().find(|offer| offer.id == update.offer) {
            update.to_version = offer.version;
        }
    }
    updates
}

fn print_updates(session: &Session, mut updates: Vec<Update>, nothing: &str) {
    updates.sort_by_key(|update| (update.kind, update.name.to_lowercase(), update.offer.clone()));
    if session.output.json {
        session.output.result(&updates.iter().map(json::Update::new).collect::<Vec<_>>());
        return;
    }
    let header = [
        marked("Name"),
        marked("Id"),
        marked("Installed"),
        marked("New"),
        marked("Origin"),
        marked("Installation"),
        marked("Download"),
    ]
    .map(gettext);
    let mut table = Table::new(header.to_vec(), &[1, 0, 4, 2, 3]);
    let (held, updates): (Vec<_>, Vec<_>) = updates.iter().partition(|update| update.held);
    crate::change::say_held(&session.output, &held);
    for update in updates {
        let Update { name, id, from_version, to_version, offer, .. } = update;
        let download = if update.downloaded { gettext("is here") } else { bytes(update.download_size) };
        table.row(&[name, id, from_version, to_version, &offer.origin, &offer.scope, &download]);
    }
    if table.is_empty() && held.is_empty() {
        session.output.note(nothing);
    }
    session.output.table(&table);
}
