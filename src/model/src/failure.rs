//! Why something did not work, as a kind that a face can put into words.

use crate::marked;
use serde::{Deserialize, Serialize};
use zvariant::Type;

/// Why something did not work.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, Type, thiserror::Error)]
#[error("{kind:?} ({subject}): {detail}")]
pub struct Failure {
    /// What kind of thing went wrong.
    pub kind: FailureKind,
    /// The app, origin, file or package that it is about; empty if none in particular.
    pub subject: String,
    /// The technical words, for the Details button and bug reports. Not translated.
    pub detail: String,
}

impl Failure {
    /// The subject as people know it: of a full reference the id within it.
    pub fn about(&self) -> &str {
        match self.subject.split('/').collect::<Vec<_>>()[..] {
            ["app" | "runtime", id, _, _] => id,
            _ => &self.subject,
        }
    }

    /// A failure with its subject and the technical words.
    pub fn new(kind: FailureKind, subject: impl Into<String>, detail: impl Into<String>) -> Self {
        Self { kind, subject: subject.into(), detail: detail.into() }
    }
}

/// How a piece of work ended without success.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Stop {
    /// The person asked for it; not an error.
    #[error("cancelled")]
    Cancelled,
    /// It did not work.
    #[error(transparent)]
    Failed(#[from] Failure),
}

macro_rules! failure_kinds {
    ($($(#[doc = $doc:literal])+ $kind:ident: $message:expr, $remedy:expr;)+) => {
        /// The kinds of failures, each with a sentence for a person and a remedy.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, Type)]
        #[serde(rename_all = "kebab-case")]
        #[zvariant(signature = "s")]
        pub enum FailureKind {
            $($(#[doc = $doc])+ $kind,)+
        }

        impl FailureKind {
            /// Every kind, for tables and tests.
            pub const ALL: &[Self] = &[$(Self::$kind,)+];

            /// What happened, in English, to be translated by the face; `{subject}` stands for the subject.
            pub const fn message(self) -> &'static str {
                match self { $(Self::$kind => $message,)+ }
            }

            /// What the person can do, in English, to be translated by the face.
            pub const fn remedy(self) -> &'static str {
                match self { $(Self::$kind => $remedy,)+ }
            }

            /// The kind's name, as in the last part of a D-Bus error's name.
            pub const fn name(self) -> &'static str {
                match self { $(Self::$kind => stringify!($kind),)+ }
            }
        }
    };
}

impl FailureKind {
    /// It may work the next time without anything having been done about it.
    pub const fn may_pass(self) -> bool {
        matches!(
            self,
            Self::Offline
                | Self::AskedTooOften
                | Self::Damaged
                | Self::FileMissing
                | Self::Dismissed
                | Self::Interrupted
                | Self::SystemBusy
                | Self::AppBusy
                | Self::NoAnswer
                | Self::DaemonGone
                | Self::EngineGone
                | Self::EngineSilent
        )
    }

    /// The kind of this name, see [`FailureKind::name`].
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|kind| kind.name() == name)
    }
}

failure_kinds! {
    /// The origin could not be reached.
    Offline: marked("“{subject}” could not be reached."), marked("Check the network connection, then try again.");
    /// The address is answered, and there is nothing.
    NothingThere: marked("There is nothing at “{subject}”."), marked("See whether the address is as the people who publish it write it.");
    /// A package repository's address is answered, and it is not there: usual after a leap to the next release of the system.
    RepositoryGone: marked("The package repository “{subject}” is not at its address any more."), marked("Switch it off (in Preferences › System, or with: stratactl remotes disable {subject}), or correct its file in /etc/yum.repos.d; then try again.");
    /// Whoever was asked wants to be left alone for a while.
    AskedTooOften: marked("“{subject}” was asked too often and answers later."), marked("Try again in an hour.");
    /// The disk is full.
    NoSpace: marked("There is not enough free space on the disk."), marked("Remove something that is no longer needed, then try again.");
    /// The disk is full that Strata keeps its own data on.
    DataFull: marked("The disk is full that Strata keeps its data on, in “{subject}”."), marked("Make room on that disk, then try again.");
    /// The person may not do this.
    NotAuthorised: marked("You are not allowed to do this on this system."), marked("Ask someone who administers this computer, or do it for yourself only.");
    /// The question for a password was closed.
    Dismissed: marked("The question for permission was closed."), marked("Try again and answer the question.");
    /// Not made for this machine's processor.
    WrongArchitecture: marked("“{subject}” is not made for this computer’s processor."), marked("Look for another version of it.");
    /// Gets no more updates and cannot be installed any more.
    EndOfLife: marked("“{subject}” has come to its end and is no longer offered."), marked("Look for what takes its place.");
    /// The origin does not exist any more.
    OriginGone: marked("The origin “{subject}” is not set up any more."), marked("Add it again, or get the app from another origin.");
    /// The origin is switched off.
    OriginDisabled: marked("The origin “{subject}” is switched off."), marked("Switch it on first.");
    /// Its kind of source is switched off.
    SourceOff: marked("“{subject}” comes from a source that is switched off in the settings."), marked("Switch that source on first (in Preferences › Sources, or with: stratactl settings sources).");
    /// The origin is there already.
    OriginExists: marked("An origin named “{subject}” exists already."), marked("Choose another name, or remove the existing one first.");
    /// Between showing the origin and adding it something changed: where it is, or how it is signed.
    OriginChanged: marked("“{subject}” has changed since it was looked at."), marked("Nothing was added. Look at it once more, and add it if it still is what you want.");
    /// Things installed from the origin would be left behind.
    OriginInUse: marked("Apps installed from “{subject}” still need it."), marked("Remove these apps first, or switch the origin off.");
    /// No signature, where one is required.
    SignatureMissing: marked("“{subject}” is not signed."), marked("Nobody can tell who made it. Tell the people who publish it to sign it.");
    /// Not signed, and meant for everybody on this machine.
    NotForEverybody: marked("“{subject}” is not signed, so only the administrator (root) may let everybody on this computer use it."), marked("Use it for yourself only, or ask whoever administers this computer.");
    /// Signed with a key that nobody has brought here.
    KeyMissing: marked("“{subject}” is signed with a key that is not known here."), marked("If it worked before, tell the people who publish it; else add the origin from its own .flatpakrepo file, which brings the key.");
    /// A signature that does not fit.
    SignatureWrong: marked("The signature of “{subject}” is not right."), marked("Somebody may have changed it on its way. Try again later, and tell the origin if it stays so.");
    /// The version that is here was signed, and the new one is not; see [`crate::Question`].
    NoLongerSigned: marked("The new version of “{subject}” is not signed any more."), marked("Ask the people who make it whether that is meant, and say yes to it only then.");
    /// The new version is signed with another key than those before; see [`crate::Question`].
    KeyChanged: marked("The new version of “{subject}” is signed with another key than before."), marked("Ask the people who make it whether they have a new key, and say yes to it only then.");
    /// Damaged on its way or at its origin.
    Damaged: marked("“{subject}” is damaged at its origin."), marked("Try again later; the people who publish it have to mend it.");
    /// The origin does not have it.
    NotFound: marked("“{subject}” was not found."), marked("Refresh, then look for it again.");
    /// No source here can do it.
    NoBackend: marked("“{subject}” comes from a source that Strata cannot install from on this computer."), marked("Look for another way to get it, or use the program that your system has for its packages.");
    /// It is installed already.
    AlreadyInstalled: marked("“{subject}” is installed already."), marked("Open it, or remove it first.");
    /// It is not installed.
    NotInstalled: marked("“{subject}” is not installed."), marked("It may have been removed by another program.");
    /// A runtime it needs cannot be had.
    RuntimeMissing: marked("“{subject}” needs a runtime that none of your origins has."), marked("Add the origin that carries it, usually Flathub.");
    /// Needs a newer Flatpak or another part of the system.
    NeedsNewerSystem: marked("“{subject}” needs a newer system."), marked("Update the system, then try again.");
    /// Other things need what would be removed.
    StillNeeded: marked("“{subject}” is still needed by other apps."), marked("Remove these apps first.");
    /// Kept back by policy or parental controls.
    Forbidden: marked("“{subject}” may not be installed here."), marked("It is kept back by a rule of this computer; ask whoever administers it.");
    /// Parental controls do not let the person open it.
    NotToBeOpened: marked("Parental controls do not let you open “{subject}”."), marked("Ask whoever administers this computer to allow it.");
    /// Flatpak was told to leave it alone.
    Masked: marked("“{subject}” is held at its version."), marked("Release it, then try again. Where that does not help, a rule for more than this app holds it: lift it with “flatpak mask --remove” and the pattern in the details.");
    /// The origin wants to know who is asking.
    NeedsLogin: marked("“{subject}” asks for a login."), marked("Log in with the origin’s own program first.");
    /// A file or address that nobody understands.
    BadFile: marked("“{subject}” cannot be read."), marked("The file may be damaged, or not be what its name says.");
    /// A file that was to be layered and is no package.
    NotAPackage: marked("“{subject}” is not an RPM package."), marked("See whether it is the file that you mean: only RPM packages can be added to this system.");
    /// A file of which the end is missing.
    CutOff: marked("“{subject}” is cut off: a part of it is missing."), marked("Download it once more.");
    /// A package that is part of the system's image already.
    InSystem: marked("“{subject}” is part of the system already."), marked("There is nothing to install; updates of the system bring its newer versions.");
    /// A package that cannot stand beside the others: the one that blocks is the subject.
    Unsolvable: marked("“{subject}” does not fit together with the rest of the system."), marked("If it is layered, remove it, then try again; else wait until its repository and the system fit together again.");
    /// A script of a package failed, so nothing of it was installed.
    ScriptFailed: marked("A script that belongs to “{subject}” did not work."), marked("Nothing was changed. Tell the people who make the package, and leave it out until they have mended it.");
    /// Something is staged, and has to be discarded or started first.
    Staged: marked("A change of the system already waits for the next restart."), marked("Restart, or discard that change, then try again.");
    /// The settings hold updates of the system, and nobody asked for this one.
    SystemHeld: marked("Updates of the system are held."), marked("Switch updates.hold-system off, then they are made again.");
    /// Nobody here restarts the machine.
    NoRestart: marked("The computer could not be restarted from here."), marked("Restart it from your desktop’s menu.");
    /// A program or person does not want the machine to be restarted now.
    RestartInhibited: marked("“{subject}” keeps the computer from restarting."), marked("Let it come to its end, or close it, then restart.");
    /// There is no deployment to go back to.
    NoEarlierSystem: marked("There is no earlier version of the system to go back to."), marked("A version to go back to is there after the next update of the system.");
    /// The project that releases an app is not there any more.
    ProjectGone: marked("The project of “{subject}” is not there any more."), marked("It may have moved: see its home page, or look for another app.");
    /// The project has not released anything.
    NoRelease: marked("The project of “{subject}” has released nothing."), marked("See its home page, or look for another app.");
    /// The project releases no AppImage, or none any more.
    NoAppImage: marked("The releases of “{subject}” have no AppImage."), marked("See on its home page how else it can be had, or look for another app.");
    /// A release names a file that is not at its address: it may be on its way, or just be replaced.
    FileMissing: marked("A file of “{subject}” is not where its release says that it is."), marked("It may be on its way there: try again later. If it stays so, tell the people who publish it.");
    /// No version of an app is kept that could be gone back to.
    NoEarlierVersion: marked("There is no earlier version of “{subject}” to go back to."), marked("The version before is kept until the new one has been started.");
    /// Layered packages are locked out by the system's configuration.
    LayeringLocked: marked("This system is set up to take no further packages."), marked("If packages are layered from before, remove all of them; without them updates work again.");
    /// Layered packages are ruled out because updates of the system would not work any more; see the obstacle in the details.
    LayeringRefused: marked("No packages are added to this system: its updates would not work any more."), marked("Look for a Flatpak or an AppImage instead. To add packages all the same, set packages.layering to “allowed”.");
    /// A layered app whose desktop file is not on the running system.
    NoLauncher: marked("“{subject}” cannot be opened from here."), marked("If it was just added to the system, restart the computer first; else look for it in your desktop’s menu or in a terminal.");
    /// A change that cannot be brought into the running system.
    RestartNeeded: marked("This cannot be brought into the running system."), marked("Restart the computer: it is ready then.");
    /// Another program's change of the system does not come to its end.
    SystemBusy: marked("Something else is changing the system."), marked("Wait until it has ended; if it does not end, end that program, or restart the computer.");
    /// The update daemon is not there or does not start.
    NoDaemon: marked("The service that updates the system could not be reached."), marked("Try again; if it stays so, see what the journal says about rpm-ostreed.");
    /// The bus over which the update daemon is asked is not there.
    NoSystemBus: marked("The system bus (D-Bus) could not be reached, and so not the service that updates the system."), marked("See whether dbus.service runs; from a container or a session elsewhere there may be no way to it.");
    /// The update daemon is there, and does not answer: it is at something else, or stopped.
    NoAnswer: marked("The service that updates the system does not answer."), marked("Wait a while; if it stays so, see what the journal says about rpm-ostreed.");
    /// The update daemon ended in the middle of a change.
    DaemonGone: marked("The service that updates the system ended in the middle of its work."), marked("The running system is as it was. Try again; if it happens again, see what the journal says about rpm-ostreed.");
    /// The system cannot do this here, whatever is tried: see the reason in the details.
    NotOffered: marked("This system does not offer that."), marked("See the details for the reason.");
    /// What was asked for makes no sense here.
    BadRequest: marked("This cannot be done."), marked("See the details for the reason.");
    /// The setting is fixed by the distribution, or its value is not one that it can have.
    BadSetting: marked("“{subject}” cannot be set to this."), marked("See the list of settings for the values that it can have.");
    /// A value in a settings file that is no setting, or not one that it can have.
    SettingLeftOut: marked("A setting is left out: “{subject}”."), marked("See the list of settings, then correct the file.");
    /// A file or folder of Strata's own that cannot be written.
    Unwritable: marked("“{subject}” cannot be written."), marked("See whether the disk is full, and whether you may write there.");
    /// A folder on a disk that keeps no mark for programs.
    NoPrograms: marked("Programs cannot be started from “{subject}”."), marked("Its disk does not allow it, as memory sticks often do not. Put the folder on another disk.");
    /// A folder in which no AppImage can lie.
    BadFolder: marked("AppImages cannot lie in “{subject}”."), marked("Choose a folder with another path: one without “=” and line breaks, and not among the app’s own data.");
    /// What lies beside an app could not be named after its file.
    LongName: marked("The name of “{subject}” is too long."), marked("Give the file a shorter name, then try again: other files are named after it.");
    /// Something else has the name that a file is to get.
    InTheWay: marked("“{subject}” is in the way."), marked("Give it another name, or move it away, then try again.");
    /// What an app keeps beside itself cannot go where the app shall go.
    OwnFolderStays: marked("The data in “{subject}” cannot be taken along to that folder."), marked("It may be on another disk. Close the app, move this data there yourself, then try again: what lies there already is taken for the app’s own.");
    /// A folder of an app's own cannot be given up while something is in it.
    OwnFolderInUse: marked("The folder “{subject}” is not empty."), marked("As long as it is there, the app keeps its data in it. Move what you need out of it, empty it, then try again.");
    /// It cannot be done while the app runs.
    AppRuns: marked("“{subject}” is running."), marked("Close it, then try again.");
    /// It cannot be done while something else is done with the app.
    AppBusy: marked("Something else is being done with “{subject}” right now."), marked("Wait until that has ended, then try again.");
    /// Apps of this kind have no settings here.
    NoAppSettings: marked("Strata keeps no settings of its own for “{subject}”."), marked("Only AppImages have them here. What a Flatpak may do is changed with “flatpak override”.");
    /// A file or folder of Strata's own that this person may not look into.
    NotReadable: marked("You may not look into “{subject}”."), marked("Give yourself the right to read it (with chmod or chown), then try again.");
    /// A file lies where one of Strata's own folders belongs.
    NoFolder: marked("“{subject}” is no folder, and one belongs there."), marked("Move it away, then try again.");
    /// Its run was broken off: a crash, a power cut.
    Interrupted: marked("This was broken off before it was finished."), marked("Try again; nothing was left half-done.");
    /// Its run was broken off, and what it left is still there.
    NotMended: marked("This was broken off, and what it left could not be cleared away."), marked("See the details for what stood in the way; for Flatpaks, run “flatpak repair” then.");
    /// Its run was broken off, and others do the work: it may go on, or be done.
    OutOfSight: marked("This was lost from sight before it was finished: it may still go on, or have happened."), marked("Look at the system: where nothing is at work and it did not happen, try again.");
    /// The engine's program did not start or went away.
    EngineGone: marked("Strata’s service is not running."), marked("Try again; if it stays so, log out and in.");
    /// The engine's program is there, and does not answer.
    EngineSilent: marked("Strata’s service does not answer."), marked("Wait a while; if it stays so, log out and in.");
    /// Another engine works for this person, and cannot be reached from here.
    OutOfReach: marked("Another Strata works for you, out of reach from here."), marked("Close it, or go on in the session that it was started in.");
    /// A C library or a service said no, in words that have no kind of their own yet.
    Other: marked("Something went wrong with “{subject}”."), marked("See the details, and try again.");
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_has_its_own_sentence_and_a_remedy() {
        let mut seen = std::collections::HashSet::new();
        for kind in FailureKind::ALL {
            assert!(seen.insert(kind.message()), "{kind:?} says what another kind says");
            assert!(kind.remedy().ends_with('.'), "{kind:?}");
        }
    }
}
