//! The demo's Flathub: its web API, which counts for one of the world's remotes.

use super::World;
use super::folder::Folder;
use crate::DemoError;
use crate::description::Description;
use serde_json::{Value, json};
use strata_model::popularity::Popularity;
use strata_platform::files;

/// Where the API is, below the server's address.
pub(super) const API: &str = "/api/v2";
/// The remote that it is about.
pub(super) const REMOTE: &str = "orchard";

/// Days of which installs are known.
const DAYS: u64 = 760;
const SECONDS_A_DAY: i64 = 86_400;

/// What is answered stays as a file, and a file needs a folder.
pub(super) fn make_folders(folder: &Folder) -> Result<(), DemoError> {
    for part in ["collection", "app-picks/app-of-the-day", "app-picks/apps-of-the-week", "stats"] {
        folder.make(&format!("www{API}/{part}"))?;
    }
    Ok(())
}

/// The answer at a path below the API's address, in the shape of Flathub's own.
pub(super) fn answer(known: &Popularity, path: &str) -> Option<Vec<u8>> {
    let hit = |id: &String| json!({"app_id": id, "installs_last_month": known.installs.get(id)});
    let collection = |ids: &[String]| json!({"hits": ids.iter().map(hit).collect::<Vec<_>>()});
    let pick = |(position, id): (usize, &String)| json!({"app_id": id, "position": position + 1});
    let said = match path {
        "/collection/popular" => collection(&known.popular),
        "/collection/trending" => collection(&known.trending),
        "/collection/recently-added" => collection(&known.new),
        _ if path.starts_with("/app-picks/app-of-the-day/") => json!({"app_id": known.pick_of_the_day.as_ref()?}),
        _ if path.starts_with("/app-picks/apps-of-the-week/") => {
            json!({"apps": known.picks_of_the_week.iter().enumerate().map(pick).collect::<Vec<_>>()})
        }
        _ => stats(*known.installs.get(path.strip_prefix("/stats/")?)?),
    };
    Some(said.to_string().into_bytes())
}

/// Installs of each day of two years: more each month, in waves, and most at the weekend.
fn stats(last_month: u64) -> Value {
    let today = jiff::Timestamp::now().as_second() / SECONDS_A_DAY;
    let days: serde_json::Map<_, _> = (0..DAYS)
        .filter_map(|ago| {
            let day = today - i64::try_from(ago).ok()?;
            let date = jiff::Timestamp::from_second(day * SECONDS_A_DAY).ok()?.strftime("%F").to_string();
            let growth = 40 + 60 * (DAYS - ago) / DAYS;
            let wave = [100, 108, 115, 109, 97, 88, 92][usize::try_from(day / 45 % 7).ok()?];
            let weekend = if day % 7 < 2 { 130 } else { 88 };
            Some((date, json!(last_month * growth * wave * weekend / 30_000_000)))
        })
        .collect();
    let total: u64 = days.values().filter_map(Value::as_u64).sum();
    json!({"installs_total": total, "installs_last_month": last_month, "installs_per_day": days})
}

/// Leaves behind what a refresh of Strata's would have, as on a machine that is used every day.
pub(super) fn keep(world: &World, description: &Description) -> Result<(), DemoError> {
    let file = world.environment().popularity();
    let kept = serde_json::to_vec(&description.popularity).map_err(std::io::Error::from);
    kept.and_then(|content| files::replace(&file, &content)).map_err(DemoError::file(file))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_popular_is_an_app_of_the_remote() {
        let description = Description::load().unwrap();
        let Popularity { installs, popular, trending, new, pick_of_the_day, picks_of_the_week } =
            &description.popularity;
        let named = popular.iter().chain(trending).chain(new).chain(pick_of_the_day).chain(picks_of_the_week);
        for id in named.chain(installs.keys()) {
            let app = description.apps.iter().find(|app| app.id == *id);
            assert!(app.is_some_and(|app| app.remotes.iter().any(|remote| remote == REMOTE)), "{id}");
        }
        assert!(popular.iter().all(|id| installs.contains_key(id)));
    }

    #[test]
    fn every_question_has_an_answer() {
        let known = Description::load().unwrap().popularity;
        let answer = |path| answer(&known, path).map(|body| String::from_utf8(body).unwrap());
        assert!(answer("/collection/popular").unwrap().contains("184220"));
        for path in ["/collection/trending", "/collection/recently-added", "/app-picks/apps-of-the-week/2026-01-01"] {
            assert!(answer(path).unwrap().contains("app_id"), "{path}");
        }
        assert!(answer("/app-picks/app-of-the-day/2026-01-01").unwrap().contains("Terracotta"));
        assert_eq!(answer("/stats/org.a.B"), None);
        assert!(answer("/stats/org.rookery.Rookery").unwrap().contains("installs_per_day"));
    }
}
