//! The command line, as clap sees it. Completions and the manual are made from it too.

mod app_settings;
mod remotes;
mod system;

pub(crate) use app_settings::AppSettings;
use clap::{Args, Parser, Subcommand, value_parser};
use clap_complete::Shell;
pub(crate) use remotes::RemotesChange;
use std::path::PathBuf;
use strata_catalogue::Category;
use strata_model::{SourceKind, marked};
pub(crate) use system::SystemCommand;

const ABOUT: &str = marked("Strata in a terminal: find, install, update and remove apps");

/// The whole of it. What stands beside its parts is their help, and is translated ([`crate::help`]).
#[derive(Debug, Parser)]
#[command(name = "stratactl", version, about = ABOUT, max_term_width = 100, propagate_version = true, after_help = AFTER)]
pub(crate) struct CommandLine {
    #[command(flatten)]
    pub(crate) global: Global,
    #[command(subcommand)]
    pub(crate) command: Command,
}

/// What stands at the end of the main help and of the manual.
const AFTER: &str = concat!(
    "Examples:\n",
    "  stratactl search photo editing        find apps\n",
    "  stratactl install chess               install the app that is called so\n",
    "  stratactl install org.gnome.Chess --installation user\n",
    "                                        for yourself only\n",
    "  stratactl update                      bring every app up to date\n",
    "  stratactl remove chess --delete-data  remove it and what it has stored\n",
    "  stratactl list --updates --json       for scripts (see docs/json.md)\n",
    "\n",
    "Exit status: 0 done, 1 failed, 2 wrong usage, 3 nothing found, 4 cancelled.",
);

/// What every command understands.
#[derive(Clone, Debug, Args)]
#[command(next_help_heading = marked("Common options"))]
pub(crate) struct Global {
    /// Print one JSON value instead of text (see docs/json.md)
    #[arg(long, global = true)]
    pub(crate) json: bool,
    /// Look only at this Flatpak installation: `user`, `system`, or the name of an extra one
    #[arg(long, global = true, value_name = "NAME")]
    pub(crate) installation: Option<String>,
    /// Do it without asking
    #[arg(short, long, global = true)]
    pub(crate) yes: bool,
    /// Say the technical details of what went wrong
    #[arg(short, long, global = true)]
    pub(crate) verbose: bool,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Find apps by words or the beginnings of words
    Search(Search),
    /// Show what is known about an app
    Show(Show),
    /// List what is installed
    List(List),
    /// Show what installing, updating or removing would do
    Plan(Plan),
    /// Install apps
    Install(Install),
    /// Update apps and what they stand on, all of them if none is named (the system: see `system update`)
    Update(Update),
    /// Remove apps
    Remove(Remove),
    /// Have an app from another source: that one is installed, then the one of before removed
    Switch(Switch),
    /// Bring back the version before of AppImages, which is kept until the new one has been started
    GoBack {
        /// Names or ids
        #[arg(required = true, value_name = "APP")]
        apps: Vec<String>,
    },
    /// Keep apps at their versions until they are released
    Hold {
        /// Names, ids or full references
        #[arg(required = true, value_name = "APP")]
        apps: Vec<String>,
    },
    /// Let held apps be updated again
    Release {
        /// Names, ids or full references
        #[arg(required = true, value_name = "APP")]
        apps: Vec<String>,
    },
    /// Open an installed app, or an .AppImage file once, without installing it
    Run {
        /// Name, id or full reference, or an .AppImage file
        #[arg(value_name = "APP")]
        app: String,
    },
    /// Show or change how an AppImage is started, and where it lies with its data
    AppSettings(AppSettings),
    /// Ask every origin which apps and versions it has now
    Refresh {
        /// As a timer does it: only what is due by itself (updates.automatic), in the background and without a word
        #[arg(long)]
        scheduled: bool,
    },
    /// Show what was done
    History {
        /// How many entries at most
        #[arg(short = 'n', long, value_name = "N", default_value_t = 50)]
        limit: u32,
        /// Also what changed nothing, such as refreshes without news
        #[arg(long)]
        all: bool,
    },
    /// Show what is being done, by whichever window or terminal
    Tasks,
    /// Cancel tasks
    Cancel {
        /// Numbers of tasks, as `tasks` shows them
        #[arg(required = true, value_name = "N")]
        tasks: Vec<u64>,
    },
    /// Show or change the origins: where apps come from
    Remotes {
        #[command(subcommand)]
        change: Option<RemotesChange>,
    },
    /// Show or change the operating system beneath the apps
    System {
        #[command(subcommand)]
        command: Option<SystemCommand>,
    },
    /// Show or remove what removed apps have left behind
    Leftovers {
        #[command(subcommand)]
        change: Option<LeftoversChange>,
    },
    /// Write the list of installed apps, to keep or to take to another machine
    Export {
        /// The file to write; without one it is printed
        file: Option<PathBuf>,
    },
    /// Install the apps of such a list
    Import {
        /// The file that `export` has written
        file: PathBuf,
    },
    /// Look into the catalogue of apps
    Catalogue {
        /// What to look at
        #[command(subcommand)]
        look: CatalogueLook,
    },
    /// Show or change settings
    Settings(Settings),
    /// Print the completions for a shell
    Completions {
        /// Which shell
        shell: Shell,
    },
    /// Print the manual page
    Man {
        /// The page of this command
        command: Option<String>,
    },
}

/// Most apps that one search may be asked for.
const MOST_FOUND: u16 = 1000;

#[derive(Debug, Args)]
#[expect(clippy::struct_excessive_bools, reason = "each is an option of its own")]
pub(crate) struct Search {
    /// What to look for; with an option that narrows it, no words are needed: then everything that is left, the likeliest first
    #[arg(required_unless_present_any = ["source", "category", "verified", "free", "phone", "installed"])]
    pub(crate) words: Vec<String>,
    /// How many apps at most, 1 to 1000
    #[arg(short = 'n', long, value_name = "N", default_value_t = 50, value_parser = value_parser!(u16).range(1..=i64::from(MOST_FOUND)))]
    pub(crate) limit: u16,
    /// Only what can be had from this source; `package` asks the system's update service too (slower)
    #[arg(long, value_parser = source, value_name = "flatpak|app-image|package")]
    pub(crate) source: Option<SourceKind>,
    /// Only what stands under this category: create, work, play, socialise, learn, develop or tools
    #[arg(long, value_parser = category, value_name = "CATEGORY")]
    pub(crate) category: Option<Category>,
    /// Only what comes from its own developer, as its origin says
    #[arg(long)]
    pub(crate) verified: bool,
    /// Only what has a free licence; one that nobody tells counts as none
    #[arg(long)]
    pub(crate) free: bool,
    /// Only what fits a phone
    #[arg(long)]
    pub(crate) phone: bool,
    /// Only what is installed
    #[arg(long)]
    pub(crate) installed: bool,
    /// Say why each result stands where it does
    #[arg(long, requires = "words")]
    pub(crate) explain: bool,
}

fn source(name: &str) -> Result<SourceKind, String> {
    let kinds = [SourceKind::Flatpak, SourceKind::AppImage, SourceKind::Package];
    kinds.into_iter().find(|kind| kind.as_str() == name).ok_or_else(|| "flatpak, app-image or package".to_owned())
}

fn category(name: &str) -> Result<Category, String> {
    let names = || Category::ALL.map(Category::as_str).join(", ");
    Category::named(&name.to_lowercase()).ok_or_else(names)
}

/// What there is to be seen of the catalogue.
#[derive(Clone, Copy, Debug, Subcommand)]
pub(crate) enum CatalogueLook {
    /// List the apps that several sources have, with the signs by which they were found to be one
    Merges,
}

#[derive(Debug, Args)]
pub(crate) struct Settings {
    /// The setting, such as sources.installation; all if none is named
    pub(crate) key: Option<String>,
    /// Its new value
    #[arg(requires = "key")]
    pub(crate) value: Option<String>,
    /// With --json: also who set each of them, and what it can be
    #[arg(long)]
    pub(crate) details: bool,
}

#[derive(Debug, Args)]
pub(crate) struct List {
    /// What could be newer, runtimes and add-ons included
    #[arg(long, conflicts_with_all = ["unused", "all"])]
    pub(crate) updates: bool,
    /// Runtimes and add-ons that nothing needs any more
    #[arg(long, conflicts_with = "all")]
    pub(crate) unused: bool,
    /// Runtimes and add-ons too
    #[arg(long)]
    pub(crate) all: bool,
    /// Only what came from this source; `package` asks the system's update service where that is needed (slower)
    #[arg(long, value_parser = source, value_name = "flatpak|app-image|package")]
    pub(crate) source: Option<SourceKind>,
}

#[derive(Debug, Args)]
pub(crate) struct Show {
    /// Its name or id
    #[arg(value_name = "APP")]
    pub(crate) app: String,
    /// Only as it comes from this source; with `package` names of packages too
    #[arg(long, value_parser = source, value_name = "flatpak|app-image|package")]
    pub(crate) source: Option<SourceKind>,
}

#[derive(Debug, Args)]
pub(crate) struct Plan {
    /// Names, ids, full references, .AppImage files, or .flatpakref and .flatpak files or addresses
    #[arg(required = true, value_name = "APP")]
    pub(crate) apps: Vec<String>,
    /// Plan an update (what is planned for an installed app anyway)
    #[arg(long, conflicts_with_all = ["remove", "install"])]
    pub(crate) update: bool,
    /// Plan a removal
    #[arg(long, conflicts_with = "install")]
    pub(crate) remove: bool,
    /// Plan an installation (what is planned for any other app anyway)
    #[arg(long)]
    pub(crate) install: bool,
    /// Only from this source; with `package` names of packages too
    #[arg(long, value_parser = source, value_name = "flatpak|app-image|package")]
    pub(crate) source: Option<SourceKind>,
}

#[derive(Debug, Args)]
pub(crate) struct Install {
    /// Names, ids, full references, .AppImage files, or .flatpakref, .flatpak and .rpm files or addresses
    #[arg(required = true, value_name = "APP")]
    pub(crate) apps: Vec<String>,
    /// Only from this source; with `package` names of packages too, which become part of the system
    #[arg(long, value_parser = source, value_name = "flatpak|app-image|package")]
    pub(crate) source: Option<SourceKind>,
    /// Bring packages into the running system too, without a restart
    #[arg(long)]
    pub(crate) live: bool,
    /// Install an .AppImage file beside the app that it is another version of, instead of in its place
    #[arg(long)]
    pub(crate) keep_both: bool,
    /// Also take versions that are not signed any more, or with another key than before: --yes is no yes to that
    #[arg(long)]
    pub(crate) accept_signature_change: bool,
}

#[derive(Debug, Args)]
pub(crate) struct Update {
    /// Names, ids or full references
    #[arg(value_name = "APP")]
    pub(crate) apps: Vec<String>,
    /// Do not ask the origins for news before
    #[arg(long)]
    pub(crate) no_refresh: bool,
    /// Also take versions that are not signed any more, or with another key than before: --yes is no yes to that
    #[arg(long)]
    pub(crate) accept_signature_change: bool,
}

#[derive(Debug, Args)]
pub(crate) struct Remove {
    /// Names, ids or full references
    #[arg(value_name = "APP", required_unless_present = "unused")]
    pub(crate) apps: Vec<String>,
    /// Remove what the apps have stored, too
    #[arg(long, requires = "apps")]
    pub(crate) delete_data: bool,
    /// Remove the runtimes and add-ons that nothing needs any more
    #[arg(long, conflicts_with = "apps")]
    pub(crate) unused: bool,
    /// Only what comes from this source; with `package` these are names of packages
    #[arg(long, requires = "apps", value_parser = source, value_name = "flatpak|app-image|package")]
    pub(crate) source: Option<SourceKind>,
}

#[derive(Debug, Args)]
pub(crate) struct Switch {
    /// Its name, id or full reference
    #[arg(value_name = "APP")]
    pub(crate) app: String,
    /// The source to have it from
    #[arg(long, required = true, value_parser = source, value_name = "flatpak|app-image")]
    pub(crate) to: SourceKind,
    /// Remove what the one of before has stored, too
    #[arg(long)]
    pub(crate) delete_data: bool,
}

#[derive(Debug, Subcommand)]
pub(crate) enum LeftoversChange {
    /// Remove what these apps have stored
    Remove {
        /// Ids or names of removed apps
        #[arg(value_name = "APP", required_unless_present = "all")]
        names: Vec<String>,
        /// Of every removed app
        #[arg(long, conflicts_with = "names")]
        all: bool,
    },
    /// Keep what these apps have stored, and do not mention it any more
    Keep {
        /// Ids or names of removed apps
        #[arg(value_name = "APP", required = true)]
        names: Vec<String>,
    },
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory;

    #[test]
    fn the_command_line_contradicts_itself_nowhere() {
        CommandLine::command().debug_assert();
    }

    #[test]
    fn a_limit_is_one_that_can_be_kept() {
        for (limit, fits) in [("0", false), ("1", true), ("1000", true), ("1001", false), ("-1", false), ("x", false)] {
            let parsed = CommandLine::try_parse_from(["stratactl", "search", "word", "--limit", limit]);
            assert_eq!(parsed.is_ok(), fits, "{limit}");
        }
        assert_eq!(usize::from(MOST_FOUND), strata_catalogue::search::MOST, "more than search would keep");
    }

    #[test]
    fn options_that_do_not_go_together_are_refused() {
        for line in
            ["list --updates --unused", "remove", "remove --unused org.a", "settings", "plan --remove --update org.a"]
        {
            let parsed = CommandLine::try_parse_from(["stratactl"].into_iter().chain(line.split(' ')));
            assert_eq!(parsed.is_ok(), line == "settings", "{line}");
        }
    }
}
