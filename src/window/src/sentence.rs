//! Typed kinds put into words of the person's language.

pub(crate) mod permission;
pub(crate) mod system;
pub(crate) mod task;

use crate::i18n::{gettext, gettext_f};
use crate::live::Running;
use relm4::gtk::glib;
use strata_model::installed::EndOfLife;
use strata_model::plan::{Warning, WarningKind};
use strata_model::{Action, Failure, Obstacle, SourceKind, Stage, TaskState};
pub(crate) use strata_platform::i18n::{message as failure, remedy};

/// The same failure with the app's name instead of its reference or id.
pub(crate) fn named(failure: &Failure, id: &str, name: &str) -> Failure {
    let mut failure = failure.clone();
    if !name.is_empty() && failure.about() == id {
        name.clone_into(&mut failure.subject);
    }
    failure
}

/// A reference reads better as the id within it.
fn subject(subject: &str) -> String {
    let mut parts = subject.split('/');
    match (parts.next(), parts.next(), parts.next(), parts.next()) {
        (Some("app" | "runtime"), Some(id), Some(_), Some(_)) => id.to_owned(),
        _ => subject.to_owned(),
    }
}

/// What a task is doing.
pub(crate) fn running(running: &Running) -> String {
    match (running.state, running.progress.stage) {
        (TaskState::Cancelling, _) => gettext("Cancelling…"),
        (TaskState::Queued, _) | (_, Stage::Waiting) => gettext("Waiting…"),
        (_, Stage::Unanswered) => gettext("No answer yet…"),
        (_, Stage::Preparing) => gettext("Preparing…"),
        (_, Stage::Downloading) => gettext("Downloading…"),
        (_, Stage::Installing) if matches!(running.action, Action::Update | Action::UpdateSystem) => {
            gettext("Updating…")
        }
        (_, Stage::Installing) => gettext("Installing…"),
        (_, Stage::Removing) => gettext("Removing…"),
        (_, Stage::Finishing) => gettext("Finishing…"),
    }
}

/// The same with how much of it, where that is known.
pub(crate) fn running_long(running: &Running) -> String {
    let words = self::running(running);
    let progress = &running.progress;
    if progress.stage == Stage::Downloading && progress.total_bytes > 0 && running.state == TaskState::Running {
        let values = [("done", &*size(progress.bytes)), ("total", &*size(progress.total_bytes))];
        // Translators: how much of a download has come, as in "3.2 MB of 10 MB"
        return format!("{words} {}", gettext_f("{done} of {total}", &values));
    }
    words
}

/// The part that is done, if that is known.
pub(crate) fn fraction(running: &Running) -> Option<f64> {
    let is_waiting = matches!(running.progress.stage, Stage::Waiting | Stage::Unanswered);
    let known = running.state == TaskState::Running && !is_waiting;
    running.progress.percent.filter(|_| known).map(|percent| f64::from(percent) / 100.0)
}

/// A number of bytes.
pub(crate) fn size(bytes: u64) -> String {
    glib::format_size(bytes).to_string()
}

/// A number with its thousands apart, as every language reads it.
pub(crate) fn count(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::with_capacity(digits.len() * 2);
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            text.push('\u{202f}');
        }
        text.push(digit);
    }
    text
}

/// A day, in the manner of the person's country; empty for 0.
pub(crate) fn day(seconds: i64) -> String {
    if seconds == 0 {
        return String::new();
    }
    // Translators: a day as your language writes it, as in “3 May 2026”; see strftime(3) for what the letters mean
    let text = glib::DateTime::from_unix_local(seconds).and_then(|time| time.format(&gettext("%-d %B %Y")));
    text.map(Into::into).unwrap_or_default()
}

/// A moment, in the manner of the person's country.
pub(crate) fn moment(seconds: i64) -> String {
    // Translators: a moment as your language writes it, as in “3 May 2026, 14:05”; see strftime(3)
    let text = glib::DateTime::from_unix_local(seconds).and_then(|time| time.format(&gettext("%-d %B %Y, %H:%M")));
    text.map(Into::into).unwrap_or_default()
}

/// The time of day of a moment, in the manner of the person's country.
pub(crate) fn time(seconds: i64) -> String {
    // Translators: a time of day as your language writes it, as in “14:05”; see strftime(3)
    let text = glib::DateTime::from_unix_local(seconds).and_then(|time| time.format(&gettext("%H:%M")));
    text.map(Into::into).unwrap_or_default()
}

/// A source.
pub(crate) fn source(kind: SourceKind) -> String {
    match kind {
        SourceKind::Flatpak => gettext("Flatpak"),
        SourceKind::AppImage => gettext("AppImage"),
        SourceKind::Package => gettext("Package"),
    }
}

/// What a source's apps are like.
pub(crate) fn manners(source: SourceKind) -> String {
    match source {
        SourceKind::Flatpak => gettext("Sandboxed, updates by itself, no restart"),
        SourceKind::AppImage => gettext("Not sandboxed; one file that you keep"),
        SourceKind::Package => gettext("Becomes part of the system; restart needed; slows system updates"),
    }
}

/// What speaks against an offer.
pub(crate) fn obstacle(obstacle: &Obstacle) -> String {
    gettext_f(obstacle.sentence(), &[("detail", obstacle.detail())]).trim_end().to_owned()
}

/// Something to know before saying yes.
pub(crate) fn warning(warning: &Warning) -> String {
    let subject = subject(&warning.subject);
    match warning.kind {
        WarningKind::EndOfLife => end_of_life(&subject, warning.end_of_life.as_ref()),
        WarningKind::Replaced => {
            let successor = warning.end_of_life.as_ref().map(|end| self::subject(&end.successor)).unwrap_or_default();
            gettext_f("“{subject}” takes its place; your data goes along.", &[("subject", &successor)])
        }
        WarningKind::NewOrigin => {
            gettext_f("“{subject}” would be added as a place to get apps from.", &[("subject", &subject)])
        }
        WarningKind::Unsigned => gettext_f(
            "What comes from “{subject}” is not signed: whoever controls the way to it decides what gets installed.",
            &[("subject", &subject)],
        ),
        WarningKind::Masked => gettext_f(
            "Flatpak was told to leave “{subject}” alone: it will be installed and not updated from then on.",
            &[("subject", &warning.subject)],
        ),
        WarningKind::StillNeeded => gettext_f("“{subject}” is still needed by other apps.", &[("subject", &subject)]),
        WarningKind::Layered => gettext_f(
            "“{subject}” becomes part of the system: it is there after a restart, and every update of the system takes longer for it.",
            &[("subject", &subject)],
        ),
        WarningKind::UpdaterMayRefuse => gettext_f(
            "“{subject}” updates this system by itself, and may refuse to while packages are layered: then update it from here.",
            &[("subject", &warning.subject)],
        ),
        WarningKind::InImage => gettext_f("The system carries “{subject}” already.", &[("subject", &subject)]),
        WarningKind::SystemHeld => gettext("Updates of the system are held. This one is made all the same."),
        WarningKind::Staged => gettext("What waits for a restart already is kept, and comes together with it."),
        WarningKind::StagedGoes => gettext_f(
            "Version {subject}, which waits for a restart, is discarded. Packages that wait with it come along.",
            &[("subject", &subject)],
        ),
        WarningKind::OnRolledBack => gettext_f(
            "It starts from version {subject}, which was rolled back to: what was changed since then does not come along.",
            &[("subject", &subject)],
        ),
        WarningKind::Leaving => leaving(&subject),
        WarningKind::NotVerified => gettext_f(
            "Nobody can tell who made “{subject}”: it has no signature that could be checked.",
            &[("subject", &warning.subject)],
        ),
        WarningKind::KeyFirstSeen => gettext_f(
            "It is signed with a key that was not seen here before, so nobody can tell whose it is: {subject}",
            &[("subject", &warning.subject)],
        ),
        WarningKind::Moved => gettext_f(
            "The file is moved to {subject}, and goes when the app is removed.",
            &[("subject", &warning.subject)],
        ),
        WarningKind::ReplacesVersion => gettext_f(
            "“{subject}” is replaced. The version before is kept until the new one has been started.",
            &[("subject", &warning.subject)],
        ),
        WarningKind::NeedsFuse2 => gettext_f(
            "“{subject}” cannot start without FUSE 2, which this computer does not have.",
            &[("subject", &warning.subject)],
        ),
        WarningKind::WantsTerminal => {
            gettext_f("“{subject}” is an app for a terminal, and is started in one.", &[("subject", &warning.subject)])
        }
        WarningKind::Checked => gettext_f(
            "It comes from {subject}, and is checked by the digest that is named there.",
            &[("subject", &warning.subject)],
        ),
        WarningKind::Unchecked => gettext_f(
            "It comes from {subject}, where no digest is named to check it by: whoever can change it there decides what comes.",
            &[("subject", &warning.subject)],
        ),
        WarningKind::Development => gettext_f(
            "The newest version of “{subject}” is not meant for everybody yet.",
            &[("subject", &warning.subject)],
        ),
        WarningKind::DataStays => gettext_f(
            "What “{subject}” has stored for itself stays on the disk, and the new one does not see it: it begins anew.",
            &[("subject", &warning.subject)],
        ),
        WarningKind::DataGoes => gettext_f(
            "What “{subject}” has stored for itself is removed, as far as that is certainly its own: the new one begins anew.",
            &[("subject", &warning.subject)],
        ),
        WarningKind::Neglected => gettext_f(
            "Nobody seems to look after “{subject}”: mistakes in it may stay, those that harm you too.",
            &[("subject", &warning.subject)],
        ),
    }
}

/// It runs, and goes with the next restart.
pub(crate) fn leaving(name: &str) -> String {
    gettext_f(
        "“{subject}” goes with the next restart by itself: the version that was rolled back to is without it.",
        &[("subject", name)],
    )
}

/// An app gets no more updates.
pub(crate) fn end_of_life(name: &str, end: Option<&EndOfLife>) -> String {
    let reason = end.map(|end| end.reason.trim()).unwrap_or_default();
    let words = gettext_f("“{name}” gets no more updates.", &[("name", name)]);
    if reason.is_empty() { words } else { format!("{words} {reason}") }
}

#[cfg(test)]
mod tests {
    use super::*;
    use strata_model::{FailureKind, Progress, TaskId};

    #[test]
    fn no_kind_shows_a_place_that_was_not_filled() {
        for kind in FailureKind::ALL {
            let one = Failure::new(*kind, "app/org.gnome.Chess/x86_64/stable", "");
            let text = format!("{} {}", failure(&one), remedy(&one));
            assert!(!text.contains('{') && !text.contains("x86_64"), "{text}");
        }
    }

    #[test]
    fn an_app_is_called_by_its_name() {
        for text in ["app/org.gnome.Chess/x86_64/stable", "org.gnome.Chess"] {
            let one = Failure::new(FailureKind::NotFound, text, "");
            assert_eq!(failure(&named(&one, "org.gnome.Chess", "Chess")), "“Chess” was not found.");
            assert_eq!(named(&one, "org.gnome.Maps", "Maps"), one);
        }
    }

    #[test]
    fn thousands_stand_apart() {
        let cases = [(0, "0"), (999, "999"), (1_000, "1\u{202f}000"), (1_234_567, "1\u{202f}234\u{202f}567")];
        for (number, expected) in cases {
            assert_eq!(count(number), expected);
        }
    }

    #[test]
    fn a_fraction_is_shown_only_where_it_is_known() {
        let progress = Progress { stage: Stage::Downloading, percent: Some(40), bytes: 4, total_bytes: 10 };
        let mut one = Running { task: TaskId(1), action: Action::Install, state: TaskState::Running, progress };
        assert_eq!(fraction(&one), Some(0.4));
        one.state = TaskState::Cancelling;
        assert_eq!(fraction(&one), None);
    }
}
