//! `leftovers`: what removed apps have stored.

use crate::args::LeftoversChange;
use crate::choice::Choice;
use crate::ending::{Ending, Trouble};
use crate::naming::{self, Candidate};
use crate::output::bold;
use crate::session::Session;
use crate::table::Table;
use crate::text::{bytes, clean, day, gettext_f};
use crate::{follow, json};
use gettextrs::gettext;
use strata_catalogue::Catalogue;
use strata_model::{AppId, Leftover, Request, marked};

/// What a removed app has stored, and what that app was called; empty where no origin has it any more.
type Row = (Leftover, String);

pub(crate) async fn run(mut session: Session, change: Option<LeftoversChange>) -> Result<Ending, Trouble> {
    session.ready().await?;
    // The catalogue, which an engine that has just started may be making, knows the names.
    session.wait_for(|snapshot| !snapshot.catalogue.building).await?;
    let engine = session.engine.clone();
    let left = session.interrupt.or(engine.leftovers()).await??;
    let rows = with_names(&session, left);
    match change {
        None => {
            list(&session, &rows);
            Ok(Ending::Done)
        }
        Some(LeftoversChange::Remove { all: true, .. }) => remove(session, rows).await,
        Some(LeftoversChange::Remove { names, .. }) => {
            let meant = named(&mut session, &rows, &names).await?;
            remove(session, meant).await
        }
        Some(LeftoversChange::Keep { names }) => {
            let meant = named(&mut session, &rows, &names).await?;
            keep(session, &meant).await
        }
    }
}

fn with_names(session: &Session, left: Vec<Leftover>) -> Vec<Row> {
    let catalogue = Catalogue::open(&session.environment.catalogue()).ok();
    let name = |left: &Leftover| {
        let known = catalogue.as_ref()?.summaries(&[AppId::new(&left.id).ok()?]).ok()?;
        known.into_iter().next().map(|app| app.name)
    };
    let named = |left: Leftover| {
        let name = if left.name.is_empty() { name(&left).unwrap_or_default() } else { left.name.clone() };
        (left, name)
    };
    left.into_iter().map(named).collect()
}

fn list(session: &Session, rows: &[Row]) {
    if session.output.json {
        session.output.result(&rows.iter().map(|(left, name)| json::Leftover::new(left, name)).collect::<Vec<_>>());
        return;
    }
    let header = [marked("Name"), marked("Id"), marked("Size"), marked("Changed")].map(gettext);
    let mut table = Table::new(header.to_vec(), &[0, 1]);
    for (left, name) in rows {
        table.row(&[name, &left.id, &bytes(left.size), &day(left.changed)]);
    }
    if table.is_empty() {
        session.output.note(&gettext("Removed apps have left nothing behind."));
    }
    session.output.table(&table);
}

/// Those of the removed apps that are called so.
async fn named(session: &mut Session, rows: &[Row], names: &[String]) -> Result<Vec<Row>, Trouble> {
    let mut meant: Vec<Row> = Vec::new();
    for typed in names {
        let all = rows.iter().map(|(left, name)| Candidate { id: left.id.clone(), name: name.clone() });
        let nothing = gettext_f("No removed app “{name}” has left anything behind.", &[("name", &clean(typed))]);
        let one = match Choice::of(typed, naming::find(typed, all), nothing) {
            Ok(one) => one,
            Err(choice) => session.choose(choice, "").await?,
        };
        let is_new = |row: &&Row| row.0.id == one.id && !meant.contains(row);
        let found: Vec<Row> = rows.iter().filter(is_new).cloned().collect();
        meant.extend(found);
    }
    Ok(meant)
}

async fn remove(mut session: Session, rows: Vec<Row>) -> Result<Ending, Trouble> {
    if !session.output.json {
        list(&session, &rows);
    }
    if !rows.is_empty() {
        let size = bytes(rows.iter().map(|(left, _)| left.size).sum());
        let warning = gettext_f("This removes {size} for good.", &[("size", &size)]);
        session.output.note(&bold(&warning));
        session.consent(&gettext("Remove?")).await?;
    }
    let requests: Vec<_> = rows
        .iter()
        .map(|(left, name)| Request::remove_data(left.source, &left.id).named(name_of(left, name)))
        .collect();
    follow::to_the_end(&mut session, &requests).await
}

/// What it is called, or its id where nobody says.
fn name_of<'a>(left: &'a Leftover, name: &'a str) -> &'a str {
    if name.is_empty() { &left.id } else { name }
}

/// Adds them to the setting; whoever wants them back takes them out of it.
async fn keep(mut session: Session, rows: &[Row]) -> Result<Ending, Trouble> {
    let mut kept = session.engine.snapshot().borrow().settings.data.keep.clone();
    kept.extend(rows.iter().map(|(left, _)| left.id.clone()));
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
