//! Tasks in a few words: what is to be done, and what came of it.

use crate::i18n::gettext_f;
use strata_model::{Action, Request, TaskState, marked};

/// What is to be done.
pub(crate) fn intention(request: &Request) -> String {
    let sentence = match request.action {
        Action::Install if request.replaces.is_some() => marked("Switch {name} to {source}"),
        Action::Install | Action::InstallFile => marked("Install {name}"),
        Action::Update => marked("Update {name}"),
        Action::Download => marked("Download the update of {name}"),
        Action::Remove if request.delete_data => marked("Remove {name} and its data"),
        Action::Remove => marked("Remove {name}"),
        Action::GoBack => marked("Go back to the version before of {name}"),
        Action::RemoveUnused => marked("Remove unused runtimes"),
        Action::Refresh => marked("Look for news"),
        Action::AddOrigin => marked("Add the source {name}"),
        Action::RemoveOrigin => marked("Remove the source {name}"),
        Action::EnableOrigin => marked("Switch the source {name} on"),
        Action::DisableOrigin => marked("Switch the source {name} off"),
        Action::PrioritiseOrigin => marked("Give the source {name} the priority {priority}"),
        Action::Hold => marked("Hold {name} at its version"),
        Action::Release => marked("Release {name}"),
        Action::RemoveData => marked("Remove the data of {name}"),
        Action::Reset => marked("Bring {name} back as the image has it"),
        Action::CheckSystem => marked("Look for a newer system"),
        Action::UpdateSystem => marked("Update the system"),
        Action::DeploySystem => marked("Change the system to version {name}"),
        Action::RollBack => marked("Roll the system back"),
        Action::Discard => marked("Discard what waits for a restart"),
        Action::ApplyLive => marked("Apply what waits for a restart now"),
        Action::Pin => marked("Pin {name}"),
        Action::Unpin => marked("Unpin {name}"),
    };
    fill(sentence, request)
}

/// What was done, or was to be done.
pub(crate) fn done(request: &Request, state: TaskState) -> String {
    if state != TaskState::Done {
        let what = intention(request);
        let sentence =
            if state == TaskState::Cancelled { marked("Cancelled: {what}") } else { marked("Failed: {what}") };
        return gettext_f(sentence, &[("what", &what)]);
    }
    let sentence = match request.action {
        Action::Install | Action::InstallFile if request.live => marked("Installed {name}: it is there now"),
        Action::Install if request.replaces.is_some() => marked("Switched {name} to {source}"),
        Action::Install | Action::InstallFile => marked("Installed {name}"),
        Action::Update => marked("Updated {name}"),
        Action::Download => marked("Downloaded the update of {name}"),
        Action::Remove if request.delete_data => marked("Removed {name} and its data"),
        Action::Remove => marked("Removed {name}"),
        Action::GoBack => marked("Went back to the version before of {name}"),
        Action::RemoveUnused => marked("Removed unused runtimes"),
        Action::Refresh => marked("Looked for news"),
        Action::AddOrigin => marked("Added the source {name}"),
        Action::RemoveOrigin => marked("Removed the source {name}"),
        Action::EnableOrigin => marked("Switched the source {name} on"),
        Action::DisableOrigin => marked("Switched the source {name} off"),
        Action::PrioritiseOrigin => marked("Gave the source {name} the priority {priority}"),
        Action::Hold => marked("Held {name} at its version"),
        Action::Release => marked("Released {name}"),
        Action::RemoveData => marked("Removed the data of {name}"),
        Action::Reset => marked("Brought {name} back as the image has it"),
        Action::CheckSystem => marked("Looked for a newer system"),
        Action::UpdateSystem => marked("Updated the system: it is there after a restart"),
        Action::DeploySystem => marked("Changed the system to version {name}: it is there after a restart"),
        Action::RollBack => marked("Rolled the system back: it is there after a restart"),
        Action::Discard => marked("Discarded what waited for a restart"),
        Action::ApplyLive => marked("Applied what waited for a restart: it is there now"),
        Action::Pin => marked("Pinned {name}"),
        Action::Unpin => marked("Unpinned {name}"),
    };
    fill(sentence, request)
}

fn fill(sentence: &str, request: &Request) -> String {
    let offer = &request.offer;
    let named = [&*request.name, crate::live::reference_id(&offer.reference), &offer.origin, &request.location];
    let name = named.into_iter().find(|name| !name.is_empty()).unwrap_or_default();
    let (priority, source) = (request.priority.to_string(), super::source(offer.source));
    gettext_f(sentence, &[("name", name), ("priority", &priority), ("source", &source)])
}

#[cfg(test)]
mod tests {
    use super::*;
    use strata_model::{OfferId, SourceKind};

    #[test]
    fn a_task_is_called_by_what_it_is_about() {
        let offer = |reference: &str, origin: &str| OfferId {
            source: SourceKind::Flatpak,
            scope: "user".to_owned(),
            origin: origin.to_owned(),
            reference: reference.to_owned(),
        };
        let chess = Request::install(offer("app/org.gnome.Chess/x86_64/stable", "hub"));
        let named = chess.clone().named("Chess");
        let hub = Request::prioritise_origin(SourceKind::Flatpak, "user", "hub", 3);
        let cases = [
            (done(&named, TaskState::Done), "Installed Chess"),
            (done(&chess, TaskState::Failed), "Failed: Install org.gnome.Chess"),
            (done(&named, TaskState::Cancelled), "Cancelled: Install Chess"),
            (intention(&Request::remove(chess.offer.clone(), true).named("Chess")), "Remove Chess and its data"),
            (done(&hub, TaskState::Done), "Gave the source hub the priority 3"),
            (intention(&Request::refresh(SourceKind::Flatpak)), "Look for news"),
        ];
        for (said, expected) in cases {
            assert_eq!(said, expected);
        }
    }
}
