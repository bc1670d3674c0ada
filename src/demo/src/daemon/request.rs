//! What a call asks for, out of its arguments.

use super::data::{Data, Handle};
use super::rpm;
use super::state::Local;
use std::collections::BTreeMap;

/// A transaction that was asked for.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Request {
    Deploy(Box<Deploy>),
    Rollback { reboot: bool },
    Cleanup(Vec<String>),
    RefreshMetadata,
    ModifyRepository { id: String, settings: Vec<(String, String)> },
    Arguments(Arguments),
    Finalize { checksum: Option<String>, unchecked: bool },
    ApplyLive,
}

/// A new deployment.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Deploy {
    pub(super) target: Target,
    pub(super) install: Vec<String>,
    pub(super) uninstall: Vec<String>,
    pub(super) local: Vec<Local>,
    pub(super) remove: Vec<String>,
    pub(super) reset: Vec<String>,
    pub(super) replace: Vec<Local>,
    pub(super) options: Options,
    /// The title from the start on.
    pub(super) title: String,
}

/// Which base.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) enum Target {
    /// The one there is.
    #[default]
    Keep,
    /// What the origin has now.
    Newest,
    /// A version or a commit of the origin.
    Revision(String),
    /// Another origin.
    Origin(String),
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[allow(clippy::struct_excessive_bools)] // The options of the daemon's own interface.
pub(super) struct Options {
    pub(super) dry_run: bool,
    pub(super) reboot: bool,
    pub(super) check_only: bool,
    pub(super) download_only: bool,
    pub(super) idempotent: bool,
    pub(super) allow_inactive: bool,
    pub(super) no_layering: bool,
    pub(super) no_overrides: bool,
    pub(super) apply_live: bool,
    /// What is said about repositories goes to the journal.
    pub(super) to_journal: bool,
}

/// Changes to the kernel's arguments.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Arguments {
    pub(super) before: String,
    pub(super) append: Vec<String>,
    pub(super) replace: Vec<String>,
    pub(super) delete: Vec<String>,
    pub(super) reboot: bool,
}

impl Request {
    /// The title that others see before the start.
    pub(super) fn title(&self) -> &'static str {
        match self {
            Self::Deploy(_) => "new-deployment",
            Self::Rollback { .. } => "rollback",
            Self::Cleanup(_) => "cleanup",
            Self::RefreshMetadata => "refresh-md",
            Self::ModifyRepository { .. } => "modify-yum-repo",
            Self::Arguments(_) => "kargs",
            Self::Finalize { .. } => "finalize-deployment",
            Self::ApplyLive => "",
        }
    }

    /// Out of a call; its signature was checked.
    ///
    /// # Errors
    /// The daemon's words for what cannot become a transaction.
    pub(super) fn parse(method: &str, arguments: &[Data]) -> Result<Self, String> {
        let argument = |place: usize| arguments.get(place).unwrap_or(&Data::Bool(false));
        let flag = |place: usize, key: &str| flag(argument(place), key);
        Ok(match method {
            "UpdateDeployment" => Self::Deploy(Box::new(update(argument(0), argument(1))?)),
            "Upgrade" => plain(Target::Newest, argument(0), "upgrade"),
            "Deploy" => plain(Target::Revision(string(argument(0))), argument(1), "deploy"),
            "Rebase" => rebase(argument(0), string(argument(1)), argument(2).strings()),
            "Rollback" => Self::Rollback { reboot: flag(0, "reboot") },
            "Cleanup" => cleanup(argument(0).strings())?,
            "RefreshMd" => Self::RefreshMetadata,
            "ModifyYumRepo" => Self::ModifyRepository { id: string(argument(0)), settings: settings(argument(1)) },
            "KernelArgs" => Self::Arguments(Arguments {
                before: string(argument(0)),
                append: argument(1).strings(),
                replace: argument(2).strings(),
                delete: argument(3).strings(),
                reboot: flag(4, "reboot"),
            }),
            "FinalizeDeployment" => Self::Finalize {
                checksum: argument(0).get("checksum").map(string),
                unchecked: flag(0, "allow-missing-checksum"),
            },
            _ => Self::ApplyLive,
        })
    }

    /// The automatic update in one of its modes.
    pub(super) fn automatic(mode: &str, to_journal: bool) -> Self {
        let check_only = mode == "check";
        let options = Options { check_only, to_journal, ..Options::default() };
        let title = if check_only { "upgrade (check only)" } else { "upgrade" };
        Self::Deploy(Box::new(Deploy { target: Target::Newest, options, title: title.to_owned(), ..Deploy::default() }))
    }
}

fn string(data: &Data) -> String {
    data.as_str().unwrap_or_default().to_owned()
}

fn flag(options: &Data, key: &str) -> bool {
    options.get(key).and_then(Data::as_bool).unwrap_or_default()
}

fn settings(data: &Data) -> Vec<(String, String)> {
    match data {
        Data::Dict(_, _, entries) => entries.iter().map(|(key, value)| (string(key), string(value))).collect(),
        _ => Vec::new(),
    }
}

fn cleanup(kinds: Vec<String>) -> Result<Request, String> {
    let known = ["base", "pending-deploy", "rollback-deploy", "repomd"];
    let unknown = kinds.iter().find(|kind| !known.contains(&kind.as_str()));
    unknown.map_or(Ok(()), |kind| Err(format!("Invalid cleanup type: {kind}")))?;
    Ok(Request::Cleanup(kinds))
}

fn options(from: &Data) -> Options {
    Options {
        dry_run: flag(from, "dry-run"),
        reboot: flag(from, "reboot"),
        check_only: flag(from, "download-metadata-only"),
        download_only: flag(from, "download-only"),
        idempotent: flag(from, "idempotent-layering"),
        allow_inactive: flag(from, "allow-inactive"),
        no_layering: flag(from, "no-layering"),
        no_overrides: flag(from, "no-overrides"),
        apply_live: flag(from, "apply-live"),
        to_journal: false,
    }
}

/// The caller's command line, or what it is by itself.
fn title(from: &Data, usual: &str) -> String {
    from.get("initiating-command-line").map_or_else(|| usual.to_owned(), string)
}

fn plain(target: Target, from: &Data, usual: &str) -> Request {
    let (options, title) = (options(from), title(from, usual));
    Request::Deploy(Box::new(Deploy { target, options, title, ..Deploy::default() }))
}

fn rebase(from: &Data, refspec: String, install: Vec<String>) -> Request {
    // Without a remote's name it is a branch of the remote there is.
    let target = if refspec.is_empty() { Target::Newest } else { Target::Origin(refspec) };
    let (options, title) = (options(from), title(from, "rebase"));
    Request::Deploy(Box::new(Deploy { target, install, options, title, ..Deploy::default() }))
}

fn update(modifiers: &Data, from: &Data) -> Result<Deploy, String> {
    let list = |key: &str| modifiers.get(key).map(Data::strings).unwrap_or_default();
    let text = |key: &str| modifiers.get(key).map(string);
    let target = match (text("set-refspec"), text("set-revision")) {
        (Some(refspec), _) => Target::Origin(refspec),
        (None, Some(revision)) => Target::Revision(revision),
        (None, None) if flag(from, "no-pull-base") => Target::Keep,
        (None, None) => Target::Newest,
    };
    let usual = match target {
        Target::Origin(_) => "rebase",
        Target::Revision(_) => "deploy",
        Target::Newest => "upgrade",
        Target::Keep => "new-deployment",
    };
    Ok(Deploy {
        title: title(from, usual),
        target,
        install: list("install-packages"),
        uninstall: list("uninstall-packages"),
        local: files(modifiers, "install-local-packages")?,
        remove: list("override-remove-packages"),
        reset: list("override-reset-packages"),
        replace: files(modifiers, "override-replace-local-packages")?,
        options: options(from),
    })
}

fn files(modifiers: &Data, key: &str) -> Result<Vec<Local>, String> {
    let items = modifiers.get(key).map(Data::items).unwrap_or_default();
    let handles = items.iter().filter_map(|item| if let Data::Handle(Handle(fd)) = item { Some(fd) } else { None });
    handles.map(|fd| rpm::read(fd)).collect()
}

/// Packages by what they are called.
pub(super) fn by_name(packages: &[Local]) -> BTreeMap<String, Local> {
    packages.iter().map(|local| (local.nevra.to_string(), local.clone())).collect()
}
