//! Which references Flatpak was told to leave alone: `flatpak mask`.
//! <https://docs.flatpak.org/en/latest/flatpak-command-reference.html#flatpak-mask>

use crate::blocking::NEVER;
use crate::failure::failure;
use crate::installation::Place;
use crate::job::subject;
use crate::plan::Job;
use crate::reference::Reference;
use crate::state::installed_ref;
use libflatpak::prelude::*;
use libflatpak::{Installation, gio};
use strata_engine::Outcome;
use strata_model::plan::{Warning, WarningKind};
use strata_model::{Action, Failure, FailureKind, Request, Stop, pattern};

/// The patterns of an installation, as they stand in its configuration: `;` between them.
#[derive(Debug, Default)]
pub(crate) struct Held {
    patterns: Vec<String>,
}

impl Held {
    /// The patterns of an installation.
    pub(crate) fn of(installation: &Installation) -> Self {
        Self::parse(&installation.config("masked", NEVER).unwrap_or_default())
    }

    fn parse(value: &str) -> Self {
        Self { patterns: value.split(';').filter(|pattern| is_pattern(pattern)).map(str::to_owned).collect() }
    }

    /// The first pattern that covers a full reference.
    pub(crate) fn pattern(&self, reference: &str) -> Option<&str> {
        self.patterns.iter().map(String::as_str).find(|pattern| matches(pattern, reference))
    }
}

/// Holds what is installed at its version, or releases it, by a mask for its reference alone: so `flatpak` itself and
/// every other program that uses libflatpak leave it alone too.
///
/// # Errors
/// It is not installed, or a pattern for more than this app holds it, which is somebody else's wish.
pub(crate) fn change(place: &Place, request: &Request, cancellable: &gio::Cancellable) -> Result<Outcome, Stop> {
    let (reference, subject) = (request.offer.reference.as_str(), subject(request));
    let installation = place.open_interactive()?;
    installed_ref(&installation, &Reference::parse(reference)?).map_err(|error| failure(&error, &subject))?;
    let mut held = Held::of(&installation);
    let before = held.patterns.clone();
    if request.action == Action::Release {
        held.patterns.retain(|pattern| !names(pattern, reference));
    }
    match (held.pattern(reference), request.action) {
        (Some(pattern), Action::Release) => {
            let detail = format!("masked by the pattern {pattern}");
            return Err(Failure::new(FailureKind::Masked, subject, detail).into());
        }
        (None, Action::Hold) => held.patterns.push(reference.to_owned()),
        _ => {}
    }
    if held.patterns == before {
        return Ok(Outcome::default());
    }
    let patterns = held.patterns.join(";");
    installation
        .set_config_sync("masked", &patterns, Some(cancellable))
        .map_err(|error| crate::failure::stop(&error, &subject))?;
    // What the catalogue says against its offer is different now.
    Ok(Outcome { feeds_changed: true, touched: [reference.to_owned()].into(), ..Outcome::default() })
}

/// The pattern is about this app alone: nothing in it stands for other names.
fn names(pattern: &str, reference: &str) -> bool {
    !pattern.contains('*')
        && parts(pattern).1.split('/').next() == reference.split('/').nth(1)
        && matches(pattern, reference)
}

/// What is masked is not updated: Flatpak would leave the update out without a word.
pub(crate) fn refuse_update(installation: &Installation, job: &Job) -> Result<(), Failure> {
    let updates = matches!(job.request.action, Action::Update | Action::Download);
    match Held::of(installation).pattern(job.reference()).filter(|_| updates) {
        Some(pattern) => {
            Err(Failure::new(FailureKind::Masked, subject(&job.request), format!("masked by the pattern {pattern}")))
        }
        None => Ok(()),
    }
}

/// What is masked can be installed, as with Flatpak itself, and is then never updated.
pub(crate) fn warning(installation: &Installation, job: &Job) -> Option<Warning> {
    let installs = matches!(job.request.action, Action::Install | Action::InstallFile);
    let held = Held::of(installation);
    let pattern = held.pattern(job.reference()).filter(|_| installs)?;
    Some(Warning { kind: WarningKind::Masked, subject: pattern.to_owned(), end_of_life: None })
}

/// Flatpak leaves out what it does not understand.
fn is_pattern(text: &str) -> bool {
    let rest = parts(text).1;
    let known = |c: char| c.is_ascii_alphanumeric() || "*.-_/".contains(c);
    !rest.is_empty() && rest.chars().all(known) && rest.split('/').count() <= 3
}

/// The kind that a pattern is about, if it says so, and what follows.
fn parts(pattern: &str) -> (Option<&str>, &str) {
    let kinds = ["app", "runtime"].into_iter();
    let mut given = kinds.filter_map(|kind| Some((Some(kind), pattern.strip_prefix(kind)?.strip_prefix('/')?)));
    given.next().unwrap_or((None, pattern))
}

/// `[app/|runtime/]ID[/ARCH[/BRANCH]]`; parts that are missing, or empty before another one, match anything, `*`
/// matches within a part.
fn matches(pattern: &str, reference: &str) -> bool {
    let (kind, wanted) = parts(pattern);
    let mut found = reference.split('/');
    if kind.is_some_and(|kind| !reference.starts_with(&format!("{kind}/"))) || found.next().is_none() {
        return false;
    }
    let last = wanted.split('/').count() - 1;
    let fits = |(at, wish): (usize, &str), part: &str| (wish.is_empty() && at < last) || pattern::fits(wish, part);
    wanted.split('/').enumerate().all(|wish| found.next().is_some_and(|part| fits(wish, part)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_about_more_than_the_app_is_not_its_own() {
        let reference = "app/org.gnome.Chess/x86_64/stable";
        let cases = [
            ("org.gnome.Chess", true),
            (reference, true),
            ("app/org.gnome.Chess//stable", true),
            ("org.gnome.*", false),
            ("org.gnome.Chess/*/stable", false),
            ("org.gnome.Chess//beta", false),
            ("//stable", false),
        ];
        for (pattern, own) in cases {
            assert_eq!(names(pattern, reference), own, "{pattern}");
        }
    }

    #[test]
    fn patterns_are_parted_and_what_is_none_is_left_out() {
        let held = Held::parse("org.a.B;;a/b/c/d;org.ä;app/;org.gnome.Chess");
        assert_eq!(held.patterns, ["org.a.B", "org.gnome.Chess"]);
        assert_eq!(held.pattern("app/org.gnome.Chess/x86_64/stable"), Some("org.gnome.Chess"));
        assert_eq!(held.pattern("app/org.gnome.Go/x86_64/stable"), None);
    }
}
