//! Flathub's web API, as far as more than one room asks it: which remote is Flathub's, and how one app is liked.
//! <https://flathub.org/api/v2/docs>

use crate::Environment;
use crate::http::{self, Client, HttpError, Url};
use serde::Deserialize;
use std::collections::BTreeMap;
use std::time::Duration;
use strata_model::AppId;

/// Longest that an answer about one app may take.
const TIME: Duration = Duration::from_secs(10);
/// Largest answer about one app, in bytes: ten years of days have a hundred thousand.
const MAX_ANSWER: usize = 1 << 20;

/// Whether an address is that of Flathub's repository, however it is written. Flathub's beta repository is another one.
pub fn is_flathub(environment: &Environment, url: &str) -> bool {
    let place = place(url);
    place.is_some() && environment.flathub_remotes.iter().any(|known| self::place(known) == place)
}

/// Host, port and path.
fn place(url: &str) -> Option<(String, Option<u16>, String)> {
    let url = Url::parse(url).ok().filter(|url| matches!(url.scheme(), "http" | "https"))?;
    Some((url.host_str()?.to_ascii_lowercase(), url.port(), url.path().trim_matches('/').to_owned()))
}

/// How often an app was installed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Installs {
    /// Ever since it is counted.
    pub total: u64,
    /// In each month that is over, oldest first, months without any included.
    pub months: Vec<Month>,
}

/// Installs of one month.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Month {
    /// As in 2026.
    pub year: u16,
    /// 1 to 12.
    pub month: u8,
    /// How many.
    pub installs: u64,
}

/// Why there is no answer.
#[derive(Debug, thiserror::Error)]
pub enum StatsError {
    /// None came.
    #[error(transparent)]
    Http(#[from] HttpError),
    /// It makes no sense.
    #[error("not an answer of this API: {0}")]
    Answer(#[from] serde_json::Error),
}

/// Asks Flathub how often one of its apps was installed. Only for apps that come from there, and only when the person
/// wants to see it: the question says which app they look at.
///
/// # Errors
/// See [`StatsError`].
pub async fn installs(client: &Client, environment: &Environment, id: &AppId) -> Result<Installs, StatsError> {
    let address = format!("{}/stats/{id}", environment.flathub);
    let body = http::fetch_within(client, &address, MAX_ANSWER, TIME).await?;
    parse(&body)
}

/// The part of the answer that is used.
#[derive(Debug, Deserialize)]
struct Answer {
    #[serde(default)]
    installs_total: u64,
    #[serde(default)]
    installs_per_day: BTreeMap<String, u64>,
}

fn parse(body: &[u8]) -> Result<Installs, StatsError> {
    let answer: Answer = serde_json::from_slice(body)?;
    let mut months: BTreeMap<(u16, u8), u64> = BTreeMap::new();
    for (day, installs) in &answer.installs_per_day {
        if let Some(month) = month_of(day) {
            let sum = months.entry(month).or_default();
            *sum = sum.saturating_add(*installs);
        }
    }
    // The last month is not over, and the first one rarely begins on its first day.
    let first = months.keys().next().copied();
    let whole = |day: &String| day.ends_with("-01");
    let began_whole = answer.installs_per_day.keys().find(|day| month_of(day).is_some()).is_some_and(whole);
    months.pop_last();
    if let Some(first) = first.filter(|_| !began_whole) {
        months.remove(&first);
    }
    Ok(Installs { total: answer.installs_total, months: without_gaps(&months) })
}

/// `2026-01-31` is of `(2026, 1)`.
fn month_of(day: &str) -> Option<(u16, u8)> {
    let mut parts = day.split('-');
    let (year, month, day) = (parts.next()?.parse().ok()?, parts.next()?.parse().ok()?, parts.next()?);
    let is_day = day.len() == 2 && day.parse::<u8>().is_ok_and(|day| (1..=31).contains(&day));
    (is_day && (1970..2200).contains(&year) && (1..=12).contains(&month)).then_some((year, month))
}

fn without_gaps(months: &BTreeMap<(u16, u8), u64>) -> Vec<Month> {
    let (Some((first, _)), Some((last, _))) = (months.first_key_value(), months.last_key_value()) else {
        return Vec::new();
    };
    let number = |(year, month): (u16, u8)| u32::from(year) * 12 + u32::from(month) - 1;
    (number(*first)..=number(*last))
        .filter_map(|at| {
            let (year, month) = (u16::try_from(at / 12).ok()?, u8::try_from(at % 12 + 1).ok()?);
            Some(Month { year, month, installs: months.get(&(year, month)).copied().unwrap_or_default() })
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn flathub_is_known_by_its_address() {
        let environment = Environment::from_variables(&|_| None);
        for url in [
            "https://dl.flathub.org/repo/",
            "https://dl.flathub.org/repo",
            "https://DL.flathub.org/repo//",
            "http://dl.flathub.org/repo/",
            "https://dl.flathub.org:443/repo/",
            "https://flathub.org/repo/",
        ] {
            assert!(is_flathub(&environment, url), "{url}");
        }
        for url in [
            "https://dl.flathub.org/beta-repo/",
            "https://dl.flathub.org/",
            "https://dl.flathub.org/repo/more",
            "https://dl.flathub.org.example.org/repo/",
            "https://example.org/dl.flathub.org/repo/",
            "https://dl.flathub.org:8080/repo/",
            "oci+https://dl.flathub.org/repo/",
            "file:///repo",
            "flathub",
            "",
        ] {
            assert!(!is_flathub(&environment, url), "{url}");
        }
    }

    #[test]
    fn days_become_months_that_are_over() {
        let body = r#"{"installs_total": 99, "installs_last_month": 7, "installs_per_country": {"DE": 3},
            "installs_per_day": {"2025-11-30": 4, "2025-12-01": 1, "2025-12-31": 2, "2026-02-03": 5, "2026-03-01": 9,
            "2026-13-01": 1, "x": 2, "2026-02-99": 3}}"#;
        let month = |year, month, installs| Month { year, month, installs };
        let expected = vec![month(2025, 12, 3), month(2026, 1, 0), month(2026, 2, 5)];
        assert_eq!(parse(body.as_bytes()).unwrap(), Installs { total: 99, months: expected });
        let whole = r#"{"installs_per_day": {"2026-01-01": 1, "2026-02-01": 2}}"#;
        assert_eq!(parse(whole.as_bytes()).unwrap().months, [month(2026, 1, 1)], "it began on the first");
        for none in ["{}", r#"{"installs_per_day": {}}"#, r#"{"installs_per_day": {"2026-01-05": 1}}"#] {
            assert_eq!(parse(none.as_bytes()).unwrap(), Installs::default(), "{none}");
        }
        for bad in ["", "null", r#"{"installs_per_day": 7}"#, r#"{"installs_per_day": {"2026-01-05": -1}}"#] {
            assert!(parse(bad.as_bytes()).is_err(), "{bad}");
        }
    }
}
