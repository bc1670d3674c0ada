//! `leftovers`: what removed apps have stored.

use crate::args::LeftoversChange;
use crate::ending::{Ending, Trouble};
use crate::output::bold;
use crate::session::Session;
use crate::table::Table;
use crate::text::{bytes, clean, day, gettext_f};
use crate::{follow, json};
use gettextrs::gettext;
use strata_catalogue::Catalogue;
use strata_model::{AppId, Leftover, Request, marked};

pub(crate) async fn run(mut session: Session, change: Option<LeftoversChange>) -> Result<Ending, Trouble> {
    session.ready().await?;
    // The catalogue, which an engine that has just started may be making, knows the names.
    session.wait_for(|snapshot| !snapshot.catalogue.building).await?;
    let engine = session.engine.clone();
    let left = session.interrupt.or(engine.leftovers()).await??;
    match change {
        None => {
            list(&session, &left);
            Ok(Ending::Done)
        }
        Some(LeftoversChange::Remove { all: true, .. }) => remove(session, left).await,
        Some(LeftoversChange::Remove { ids, .. }) => remove(session, named(&left, &ids)?).await,
        Some(LeftoversChange::Keep { ids }) => keep(session, &named(&left, &ids)?).await,
    }
}

fn list(session: &Session, left: &[Leftover]) {
    let catalogue = Catalogue::open(&session.environment.catalogue()).ok();
    // Without a catalogue, and for apps that no origin has any more, the id has to do.
    let name = |left: &Leftover| {
        let known = catalogue.as_ref()?.summaries(&[AppId::new(&left.id).ok()?]).ok()?;
        known.into_iter().next().map(|app| app.name)
    };
    let rows: Vec<_> = left.iter().map(|left| (left, name(left).unwrap_or_default())).collect();
    if session.output.json {
        session.output.result(&rows.iter().map(|(left, name)| json::Leftover::new(left, name)).collect::<Vec<_>>());
        return;
    }
    let header = [marked("Name"), marked("Id"), marked("Size"), marked("Changed")].map(gettext);
    let mut table = Table::new(header.to_vec(), &[0, 1]);
    for (left, name) in &rows {
        table.row(&[name, &left.id, &bytes(left.size), &day(left.changed)]);
    }
    if table.is_empty() {
        session.output.note(&gettext("Removed apps have left nothing behind."));
    }
    session.output.table(&table);
}

/// Those of these ids.
fn named(left: &[Leftover], ids: &[String]) -> Result<Vec<Leftover>, Trouble> {
    let find = |id: &String| {
        let nothing = || gettext_f("No removed app “{name}” has left anything behind.", &[("name", &clean(id))]);
        left.iter().find(|left| left.id == *id).cloned().ok_or_else(|| Trouble::NothingFound(nothing()))
    };
    ids.iter().map(find).collect()
}

async fn remove(mut session: Session, left: Vec<Leftover>) -> Result<Ending, Trouble> {
    if !session.output.json {
        list(&session, &left);
    }
    if !left.is_empty() {
        let size = bytes(left.iter().map(|left| left.size).sum());
        let warning = gettext_f("This removes {size} for good.", &[("size", &size)]);
        session.output.note(&bold(&warning));
        session.consent(&gettext("Remove?")).await?;
    }
    let requests: Vec<_> = left.iter().map(|left| Request::remove_data(left.source, &left.id)).collect();
    follow::to_the_end(&mut session, &requests).await
}

/// Adds them to the setting; whoever wants them back takes them out of it.
async fn keep(mut session: Session, left: &[Leftover]) -> Result<Ending, Trouble> {
    let mut kept = session.engine.snapshot().borrow().settings.data.keep.clone();
    kept.extend(left.iter().map(|left| left.id.clone()));
    let engine = session.engine.clone();
    session.interrupt.or(engine.set_setting("data.keep", &kept.join(","))).await??;
    let (key, kept) = ("data.keep", kept.join(","));
    if session.output.json {
        session.output.result(&json::Kept { keep: kept.split(',').collect() });
    } else {
        let values = [("key", key), ("value", &*clean(&kept))];
        session.output.line(&gettext_f("Kept, and not mentioned any more. {key} is now {value}", &values));
    }
    Ok(Ending::Done)
}
