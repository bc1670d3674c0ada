//! Notices in the person's language, and what their buttons do.

use super::system::Cause;
use super::watcher::Notice;
use crate::plain;
use strata_model::{Action, OfferId, Question, SystemUpdate, Task, TaskId};
use strata_platform::i18n::{gettext, gettext_f, message, ngettext_f, remedy};

/// Most names of one notice; the rest is a number.
const MOST_NAMES: usize = 3;

/// Most characters of a name: they come from strangers.
const LONGEST_NAME: usize = 60;

/// What pressing a notification or one of its buttons does.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Act {
    /// Start the app.
    Open(OfferId),
    /// Try the request again.
    Retry(Box<Task>),
    /// Ask in the window what the task stopped for.
    Answer(TaskId),
    /// Show the app in the window.
    Show(OfferId),
    /// Update everything that asks no question.
    UpdateAll,
    /// Show the page of updates.
    ShowUpdates,
    /// Show what is installed.
    ShowInstalled,
    /// Ask the desktop to restart the machine.
    Restart,
    /// Nothing: it can wait.
    Later,
}

/// A notification as it is shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Words {
    pub(crate) title: String,
    pub(crate) body: String,
    /// What pressing the notification itself does.
    pub(crate) press: Act,
    /// Its buttons.
    pub(crate) buttons: Vec<(String, Act)>,
}

/// Puts a notice into words.
pub(crate) fn words(notice: &Notice) -> Words {
    match notice {
        Notice::Ready(task) => ready(task),
        Notice::Updated(names) => {
            updated(names, ngettext_f("{n} app was updated", "{n} apps were updated", names.len(), &[]))
        }
        Notice::UpdatedByItself(names) => updated(
            names,
            ngettext_f("{n} app was updated automatically", "{n} apps were updated automatically", names.len(), &[]),
        ),
        Notice::Failed(task) => failed(task),
        Notice::Updates(updates) => {
            let names: Vec<&str> = updates.iter().map(|update| update.name.as_str()).collect();
            Words {
                title: ngettext_f("{n} update is available", "{n} updates are available", names.len(), &[]),
                body: listed(&names),
                press: Act::ShowUpdates,
                buttons: vec![(gettext("Update All"), Act::UpdateAll), (gettext("Show"), Act::ShowUpdates)],
            }
        }
        Notice::SystemUpdate(update) => of_system(gettext("The system has an update"), newer(update)),
        Notice::Restart(version) => restart(version),
        Notice::SystemFailed(task) => Words {
            title: gettext("The system could not be changed"),
            body: why(task),
            press: Act::ShowUpdates,
            buttons: try_again(task).into_iter().chain([(gettext("Show"), Act::ShowUpdates)]).collect(),
        },
        Notice::Blocked(package) => of_system(
            gettext_f("“{name}” blocks updates of the system", &[("name", &shortened(package))]),
            gettext("It was added to the system and does not go together with what is newer."),
        ),
        Notice::Stale(days, cause) => of_system(stale(*days), because(cause)),
    }
}

/// Its version, and how many holes it closes.
fn newer(update: &SystemUpdate) -> String {
    let what = match shortened(update.called()) {
        _ if !update.new_image => gettext("Packages that were added to it can be newer."),
        version if version.is_empty() => String::new(),
        version => gettext_f("Version {version}", &[("version", &version)]),
    };
    let count = update.advisories.len();
    let closes = ngettext_f("{n} security advisory", "{n} security advisories", count, &[]);
    [what, if count == 0 { String::new() } else { closes }]
        .into_iter()
        .filter(|part| !part.is_empty())
        .collect::<Vec<_>>()
        .join(" · ")
}

fn restart(version: &str) -> Words {
    let body = match shortened(version) {
        version if version.is_empty() => gettext("A change of the system is there after a restart."),
        version => gettext_f("{version} is there after a restart.", &[("version", &version)]),
    };
    let buttons = vec![(gettext("Restart"), Act::Restart), (gettext("Later"), Act::Later)];
    Words { title: gettext("Restart to finish"), body, press: Act::ShowUpdates, buttons }
}

fn of_system(title: String, body: String) -> Words {
    Words { title, body, press: Act::ShowUpdates, buttons: vec![(gettext("Show"), Act::ShowUpdates)] }
}

fn stale(days: i64) -> String {
    let days = usize::try_from(days).unwrap_or_default();
    ngettext_f("The system is {n} day old", "The system is {n} days old", days, &[])
}

fn because(cause: &Cause) -> String {
    match cause {
        Cause::Held => gettext("Its updates are held."),
        Cause::Blocked(package) => gettext_f("“{name}” blocks updates of the system", &[("name", &shortened(package))]),
        Cause::UpdaterOff(unit) => {
            gettext_f("Nothing updates it by itself: {name} is switched off.", &[("name", &shortened(unit))])
        }
    }
}

fn ready(task: &Task) -> Words {
    let offer = &task.request.offer;
    Words {
        title: gettext_f("“{name}” is ready", &[("name", &name_of(task))]),
        body: gettext("It was installed and can be opened."),
        press: Act::Show(offer.clone()),
        buttons: vec![(gettext("Open"), Act::Open(offer.clone()))],
    }
}

fn updated(names: &[String], title: String) -> Words {
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    Words { title, body: listed(&names), press: Act::ShowInstalled, buttons: Vec::new() }
}

fn failed(task: &Task) -> Words {
    if task.failure.as_ref().is_some_and(|failure| Question::of(failure).is_some()) {
        return asks(task);
    }
    let sentence = match task.request.action {
        Action::Update => gettext("“{name}” could not be updated"),
        Action::Remove => gettext("“{name}” could not be removed"),
        _ => gettext("“{name}” could not be installed"),
    };
    let show = Act::Show(task.request.offer.clone());
    Words {
        title: strata_model::fill(&sentence, &[("name", &name_of(task))]),
        body: why(task),
        press: show.clone(),
        buttons: try_again(task).into_iter().chain([(gettext("Show"), show)]).collect(),
    }
}

/// It stopped for a question that only the person can answer.
fn asks(task: &Task) -> Words {
    Words {
        title: gettext_f("“{name}” waits for your answer", &[("name", &name_of(task))]),
        body: why(task),
        press: Act::Answer(task.id),
        buttons: vec![(gettext("Answer…"), Act::Answer(task.id))],
    }
}

/// A button that tries it again, where that may go well without anything having been done about it.
fn try_again(task: &Task) -> Option<(String, Act)> {
    let may_pass = task.failure.as_ref().is_some_and(|failure| failure.kind.may_pass());
    may_pass.then(|| (gettext("Try Again"), Act::Retry(Box::new(task.clone()))))
}

/// What happened, and what helps.
fn why(task: &Task) -> String {
    let said = task.failure.as_ref().map(|failure| format!("{} {}", message(failure), remedy(failure)));
    said.unwrap_or_default()
}

/// What the person knows it by: its name, else the file or the id.
fn name_of(task: &Task) -> String {
    let request = &task.request;
    let id = request.offer.reference.split('/').nth(1).unwrap_or(&request.offer.reference);
    let file = request.location.rsplit('/').next().unwrap_or_default();
    let known = [request.name.as_str(), id, file].into_iter().find(|text| !text.is_empty());
    shortened(known.unwrap_or_default())
}

/// The first names, and how many more there are.
fn listed(names: &[&str]) -> String {
    let texts: Vec<String> = names.iter().filter(|name| !name.is_empty()).map(|name| shortened(name)).collect();
    let shown = texts.iter().take(MOST_NAMES).cloned().collect::<Vec<_>>().join(", ");
    match names.len() - texts.len().min(MOST_NAMES) {
        0 => shown,
        more if shown.is_empty() => ngettext_f("{n} app", "{n} apps", more, &[]),
        more => ngettext_f("{names} and {n} more", "{names} and {n} more", more, &[("names", &shown)]),
    }
}

/// As much of a name as a notice has room for.
fn shortened(name: &str) -> String {
    plain::line(name, LONGEST_NAME)
}

#[cfg(test)]
mod tests {
    use super::*;
    use strata_model::{Failure, FailureKind, Progress, Request, SourceKind, TaskState};

    fn failed_with(request: Request, kind: FailureKind, detail: &str) -> Box<Task> {
        let failure = Some(Failure::new(kind, "Chess", detail));
        let (state, progress) = (TaskState::Failed, Progress::default());
        Box::new(Task {
            id: TaskId(7),
            request,
            state,
            progress,
            failure,
            partial: Vec::new(),
            submitted: 1,
            finished: 2,
        })
    }

    fn buttons(notice: &Notice) -> Vec<String> {
        words(notice).buttons.into_iter().map(|(label, _)| label).collect()
    }

    #[test]
    fn only_what_may_pass_is_offered_to_be_tried_again() {
        for (kind, expected) in [
            (FailureKind::Offline, &["Try Again", "Show"][..]),
            (FailureKind::SystemBusy, &["Try Again", "Show"]),
            (FailureKind::NoSpace, &["Show"]),
            (FailureKind::SignatureWrong, &["Show"]),
        ] {
            let offer = OfferId { source: SourceKind::Flatpak, ..OfferId::package("app/org.a.Chess/x86_64/stable") };
            let app = failed_with(Request::install(offer), kind, "");
            assert_eq!(buttons(&Notice::Failed(app)), expected, "{kind:?}");
            let system = failed_with(Request::system(Action::UpdateSystem, ""), kind, "");
            assert_eq!(buttons(&Notice::SystemFailed(system)), expected, "{kind:?}");
        }
    }

    #[test]
    fn what_stopped_for_a_question_asks_for_an_answer() {
        let question = Question::NoLongerSigned { before: "AB12".to_owned() };
        let request = Request::update(OfferId::app_image("", "chess")).named("Chess");
        let task = failed_with(request.clone(), question.kind(), &question.to_string());
        let said = words(&Notice::Failed(task));
        assert_eq!((&*said.title, &said.press), ("“Chess” waits for your answer", &Act::Answer(TaskId(7))));
        assert_eq!(said.buttons, [("Answer…".to_owned(), Act::Answer(TaskId(7)))]);
        assert!(said.body.contains("not signed any more"), "{said:?}");
        let none = words(&Notice::Failed(failed_with(request, question.kind(), "nobody knows")));
        assert_eq!(none.buttons.len(), 1, "{none:?}");
        assert_eq!(none.buttons[0].0, "Show", "without a question there is nothing to answer");
    }

    #[test]
    fn many_names_become_a_number_and_long_ones_end() {
        let long = "x".repeat(100);
        let cases: [(&[&str], &str); 5] = [
            (&["Chess"], "Chess"),
            (&["Chess", "Maps", "Files"], "Chess, Maps, Files"),
            (&["Chess", "Maps", "Files", "Weather", "Clocks"], "Chess, Maps, Files and 2 more"),
            (&["", ""], "2 apps"),
            (&["evil\u{202e}\u{7}name"], "evilname"),
        ];
        for (names, text) in cases {
            assert_eq!(listed(names), text);
        }
        assert_eq!(listed(&[&long]).chars().count(), LONGEST_NAME);
    }
}
