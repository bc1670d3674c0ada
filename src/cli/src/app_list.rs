//! `export` and `import`: the list of a person's apps.

use crate::change::{self, Done};
use crate::ending::{Ending, Trouble};
use crate::output::bold;
use crate::session::Session;
use crate::text::{clean, gettext_f};
use crate::{catalogue, json, words};
use gettextrs::{gettext, ngettext};
use std::path::{Path, PathBuf};
use std::time::{SystemTime, UNIX_EPOCH};
use strata_catalogue::app_list::{self, Fate};
use strata_model::app_list::{AppList, ListedApp, MAX_FILE};
use strata_model::{Failure, FailureKind, Obstacle, Request, fill};
use strata_platform::files;

pub(crate) async fn export(mut session: Session, file: Option<PathBuf>) -> Result<Ending, Trouble> {
    let snapshot = session.ready().await?;
    let now = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs().cast_signed());
    let list = AppList::of(&snapshot, now);
    let Some(file) = file else {
        session.output.document(&list);
        return Ok(Ending::Done);
    };
    let path = file.to_string_lossy().into_owned();
    let say = |error: std::io::Error| Failure::new(FailureKind::Unwritable, &path, error.to_string());
    let whole = std::path::absolute(&file).map_err(say)?;
    ask_to_replace(&mut session, &whole).await?;
    files::replace_durably(&whole, app_list::write(&list).as_bytes()).map_err(say)?;
    let count = list.apps.len();
    let sentence =
        ngettext("{n} app written to {path}", "{n} apps written to {path}", u32::try_from(count).unwrap_or(0));
    session.output.line(&fill(&sentence, &[("n", &count.to_string()), ("path", &clean(&path))]));
    session.output.result(&list);
    Ok(Ending::Done)
}

/// An older list makes room for this one; anything else does not without a yes.
async fn ask_to_replace(session: &mut Session, file: &Path) -> Result<(), Trouble> {
    if !file.exists() || read(file).is_ok() {
        return Ok(());
    }
    let name = clean(&file.to_string_lossy());
    session
        .consent(&gettext_f("“{name}” is there already, and is no list of apps. Replace it?", &[("name", &name)]))
        .await
}

pub(crate) async fn import(mut session: Session, file: PathBuf) -> Result<Ending, Trouble> {
    let list = read(&file)?;
    let snapshot = session.ready().await?;
    let compared = catalogue::ask_in(&mut session, |catalogue| app_list::compare(&list, catalogue, &snapshot)).await?;
    let (mut there, mut missing, mut requests) = (Vec::new(), Vec::new(), Vec::<Request>::new());
    for (app, fate) in compared {
        match fate {
            Fate::There => there.push(app),
            Fate::Get(request) => requests.push(request),
            Fate::Missing(obstacle) => missing.push((app, obstacle)),
        }
    }
    say(&session, &list, &there, &missing);
    let Done { followed, not_planned, ending } = change::do_all(&mut session, requests, &gettext("Install?")).await?;
    if session.output.json {
        let tasks = followed.tasks.iter().map(json::Task::new).collect();
        let not_planned = not_planned.iter().map(crate::plan::Planned::json).collect();
        let not_found: Vec<_> = missing.iter().map(|(app, obstacle)| why(&list, app, obstacle.as_ref())).collect();
        let not_found = missing.iter().zip(&not_found).map(|((app, _), message)| json::NotFound { app, message });
        let (there, not_found) = (there.iter().collect(), not_found.collect());
        session.output.result(&json::Imported { done: json::Tasks { tasks, not_planned }, there, not_found });
    } else {
        change::report(&session, &followed, &not_planned);
    }
    Ok(if ending == Ending::Done && !missing.is_empty() { Ending::Failed } else { ending })
}

fn read(file: &Path) -> Result<AppList, Trouble> {
    let path = file.to_string_lossy().into_owned();
    let bytes = match files::read_bounded(file, MAX_FILE) {
        Ok(bytes) => bytes,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
            let sentence = gettext_f("There is no file “{name}”.", &[("name", &clean(&path))]);
            return Err(Trouble::NothingFound(sentence));
        }
        Err(error) => return Err(Failure::new(FailureKind::BadFile, path, error.to_string()).into()),
    };
    Ok(app_list::read(&path, &bytes)?)
}

fn say(session: &Session, list: &AppList, there: &[ListedApp], missing: &[(ListedApp, Option<Obstacle>)]) {
    let output = &session.output;
    if !there.is_empty() {
        let names: Vec<_> = there.iter().map(called).collect();
        output.note(&gettext_f("Here already: {names}", &[("names", &names.join(", "))]));
    }
    for (app, obstacle) in missing {
        output.note(&format!("{}: {}", bold(&called(app)), why(list, app, obstacle.as_ref())));
    }
}

fn called(app: &ListedApp) -> String {
    clean(if app.name.is_empty() { &app.id } else { &app.name })
}

/// Why it cannot be had here.
fn why(list: &AppList, app: &ListedApp, obstacle: Option<&Obstacle>) -> String {
    if let Some(obstacle) = obstacle {
        return words::obstacle(obstacle);
    }
    let origin = list.origin_of(app).map(|origin| if origin.url.is_empty() { &origin.name } else { &origin.url });
    match origin.unwrap_or(&app.origin) {
        origin if origin.is_empty() => gettext("No origin here has it."),
        origin => gettext_f("No origin here has it. It came from {origin}.", &[("origin", &clean(origin))]),
    }
}
