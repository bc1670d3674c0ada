//! The one description of where this process runs. A test, the demo and the desktop differ in nothing else.

use std::ffi::OsString;
use std::path::{Path, PathBuf};

/// Every path, bus address and base URL that Strata uses.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Environment {
    /// The person's home folder, `/` if nobody says which.
    pub home: PathBuf,
    /// The person's history and registries: `$XDG_DATA_HOME/strata`.
    pub data: PathBuf,
    /// What can be made anew: `$XDG_CACHE_HOME/strata`.
    pub cache: PathBuf,
    /// The person's settings: `$XDG_CONFIG_HOME/strata`.
    pub config: PathBuf,
    /// Locks and sockets of this session: `$XDG_RUNTIME_DIR/strata`.
    pub runtime: PathBuf,
    /// The distribution's defaults, then the administrator's: read before the person's, in this order.
    pub policy: Vec<PathBuf>,
    /// Address of the session bus, `None` where there is none.
    pub session_bus: Option<String>,
    /// Address of the system bus, `None` for the machine's own.
    pub system_bus: Option<String>,
    /// Where Flatpaks are installed.
    pub flatpak: FlatpakPaths,
    /// Where the distribution's own AppStream lies, each folder with `xml/` or `xmls/`, `yaml/` and `icons/` below it.
    pub appstream: Vec<PathBuf>,
    /// What the addresses of Flathub's web API begin with.
    pub flathub: String,
    /// The addresses of the repository that this API is about; a remote is Flathub by its address, not by its name.
    pub flathub_remotes: Vec<String>,
    /// What the addresses of the forges' web APIs begin with.
    pub forges: Forges,
    /// Where the lists of AppImages lie.
    pub appimage_lists: AppImageLists,
    /// The engine's program.
    pub service: PathBuf,
    /// The person's languages, best first, as in `pt_BR`; never empty, `C` for none.
    pub languages: Vec<String>,
    /// This process runs in a Flatpak sandbox.
    pub sandboxed: bool,
    /// The session's windows are X11's (`XDG_SESSION_TYPE`), which go by the time of what a person did.
    pub x11: bool,
    /// Below which the operating system's own files are looked for: what it was started from, the configuration of its
    /// update daemon. `/` but for tests.
    pub system_root: PathBuf,
}

/// Where Flatpaks are installed. `None`: where libflatpak looks by itself.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FlatpakPaths {
    /// The person's installation (`FLATPAK_USER_DIR`).
    pub user: Option<PathBuf>,
    /// The machine's installation (`FLATPAK_SYSTEM_DIR`).
    pub system: Option<PathBuf>,
    /// Flatpak's configuration, which names extra installations (`FLATPAK_CONFIG_DIR`).
    pub config: Option<PathBuf>,
}

/// What the addresses of the forges' web APIs begin with, without `/` at the end.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Forges {
    /// GitHub's (`STRATA_GITHUB`).
    pub github: String,
    /// GitLab's (`STRATA_GITLAB`).
    pub gitlab: String,
    /// Codeberg's (`STRATA_CODEBERG`).
    pub codeberg: String,
    /// That of any server of Gitea's or Forgejo's, which stands for `{host}` (`STRATA_GITEA`).
    pub gitea: String,
}

impl Forges {
    fn from_variables(text: &dyn Fn(&str) -> Option<String>) -> Self {
        let or = |name: &str, usual: &str| text(name).unwrap_or_else(|| usual.to_owned());
        Self {
            github: or("STRATA_GITHUB", "https://api.github.com"),
            gitlab: or("STRATA_GITLAB", "https://gitlab.com/api/v4"),
            codeberg: or("STRATA_CODEBERG", "https://codeberg.org/api/v1"),
            gitea: or("STRATA_GITEA", "https://{host}/api/v1"),
        }
    }
}

/// The key of soarpkgs.
const SOARPKGS_KEY: &str = "RWQ109gKujRqohsA7RERlXFfeJi23EcHN3Dz8TxyPAywa5mLw/fbcbU4";

/// Where the lists of AppImages lie, without `/` at the end.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AppImageLists {
    /// AppImageHub's site (`STRATA_APPIMAGEHUB`).
    pub hub: String,
    /// The folder of soarpkgs' indices (`STRATA_SOARPKGS`).
    pub soarpkgs: String,
    /// The minisign key that has to have signed them (`STRATA_SOARPKGS_KEY`).
    pub soarpkgs_key: String,
    /// The site of Portable-Linux-Apps, which says what nobody looks after (`STRATA_PORTABLE_LINUX_APPS`).
    pub signs: String,
}

impl AppImageLists {
    fn from_variables(text: &dyn Fn(&str) -> Option<String>) -> Self {
        let or = |name: &str, usual: &str| text(name).unwrap_or_else(|| usual.to_owned());
        Self {
            hub: or("STRATA_APPIMAGEHUB", "https://appimage.github.io"),
            soarpkgs: or("STRATA_SOARPKGS", "https://github.com/pkgforge/soarpkgs/releases/latest/download"),
            soarpkgs_key: or("STRATA_SOARPKGS_KEY", SOARPKGS_KEY),
            signs: or("STRATA_PORTABLE_LINUX_APPS", "https://portable-linux-apps.github.io"),
        }
    }
}

impl Environment {
    /// What this process was started with, after the XDG base directory specification.
    /// `STRATA_SERVICE` names the engine's program, `STRATA_POLICY` the policy folders and `STRATA_APPSTREAM` those of
    /// the distribution's AppStream (`:` between them), `STRATA_FLATHUB` the address of Flathub's web API and
    /// `STRATA_FLATHUB_REMOTES` those of its repository (blanks between them), [`Forges`] and [`AppImageLists`] have their own, `STRATA_SYSTEM_ROOT` the folder below which
    /// the operating system's own files lie; all are for development and tests.
    pub fn from_process() -> Self {
        Self::from_variables(&|name| std::env::var_os(name).filter(|value| !value.is_empty()))
    }

    /// The same from any set of variables.
    pub fn from_variables(variable: &dyn Fn(&str) -> Option<OsString>) -> Self {
        let path = |name: &str| variable(name).map(PathBuf::from).filter(|path| path.is_absolute());
        let text = |name: &str| variable(name).and_then(|value| value.into_string().ok());
        let home = path("HOME").unwrap_or_else(|| PathBuf::from("/"));
        let base = |name: &str, below: &str| path(name).unwrap_or_else(|| home.join(below)).join("strata");
        let runtime = path("XDG_RUNTIME_DIR").map(|dir| dir.join("strata"));
        let cache = base("XDG_CACHE_HOME", ".cache");
        Self {
            data: base("XDG_DATA_HOME", ".local/share"),
            config: base("XDG_CONFIG_HOME", ".config"),
            runtime: runtime.unwrap_or_else(|| cache.join("run")),
            cache,
            policy: policy_folders(variable("STRATA_POLICY")),
            session_bus: text("DBUS_SESSION_BUS_ADDRESS").or_else(|| usual_session_bus(&path("XDG_RUNTIME_DIR")?)),
            system_bus: text("DBUS_SYSTEM_BUS_ADDRESS"),
            flatpak: FlatpakPaths {
                user: path("FLATPAK_USER_DIR"),
                system: path("FLATPAK_SYSTEM_DIR"),
                config: path("FLATPAK_CONFIG_DIR"),
            },
            appstream: appstream_folders(variable("STRATA_APPSTREAM")),
            flathub: text("STRATA_FLATHUB").unwrap_or_else(|| "https://flathub.org/api/v2".to_owned()),
            flathub_remotes: flathub_remotes(text("STRATA_FLATHUB_REMOTES")),
            forges: Forges::from_variables(&text),
            appimage_lists: AppImageLists::from_variables(&text),
            service: path("STRATA_SERVICE").unwrap_or_else(service_beside_this_program),
            languages: languages(&text),
            sandboxed: Path::new("/.flatpak-info").exists(),
            x11: text("XDG_SESSION_TYPE").is_some_and(|kind| kind == "x11"),
            system_root: path("STRATA_SYSTEM_ROOT").unwrap_or_else(|| PathBuf::from("/")),
            home,
        }
    }

    /// The catalogue's file.
    pub fn catalogue(&self) -> PathBuf {
        self.cache.join("catalogue.db")
    }

    /// The history's file.
    pub fn history(&self) -> PathBuf {
        self.data.join("history.db")
    }

    /// What was installed when the engine last looked; see [`crate::witness`].
    pub fn installed(&self) -> PathBuf {
        self.cache.join("installed.json")
    }

    /// What was layered on the system when it was last read; see [`crate::witness`].
    pub fn layered(&self) -> PathBuf {
        self.cache.join("layered.json")
    }

    /// What forges answered last about releases of AppImages.
    pub fn releases(&self) -> PathBuf {
        self.cache.join("releases")
    }

    /// What was found where updates of AppImages come from, a file for each.
    pub fn appimage_news(&self) -> PathBuf {
        self.cache.join("appimage-news")
    }

    /// The lists of AppImages as they were fetched last, and what is made of them for the catalogue.
    pub fn listed_appimages(&self) -> PathBuf {
        self.cache.join("appimage-lists")
    }

    /// What is known of the AppImages on this machine, a file for each.
    pub fn appimages(&self) -> PathBuf {
        self.data.join("appimages")
    }

    /// Where the person's programs put what desktops look for: `$XDG_DATA_HOME`.
    pub fn shared_data(&self) -> PathBuf {
        self.data.parent().map_or_else(|| self.home.join(".local/share"), Path::to_owned)
    }

    /// Updates that the person was told of.
    pub fn told(&self) -> PathBuf {
        self.cache.join("told.json")
    }

    /// What Flathub says about how its apps are liked; see [`strata_model::popularity::Popularity`].
    pub fn popularity(&self) -> PathBuf {
        self.cache.join("flathub.json")
    }

    /// The person's settings file.
    pub fn settings(&self) -> PathBuf {
        self.config.join("settings.toml")
    }

    /// There wherever the running system was started from a deployment of OSTree's.
    pub fn ostree_booted(&self) -> PathBuf {
        self.system_root.join("run/ostree-booted")
    }

    /// Where packages of the system put desktop files.
    pub fn desktop_files(&self) -> PathBuf {
        self.system_root.join("usr/share/applications")
    }

    /// The configuration of rpm-ostree's daemon.
    pub fn update_daemon_config(&self) -> PathBuf {
        self.system_root.join("etc/rpm-ostreed.conf")
    }

    /// What OSTree touches whenever it changes the deployments, or stages one for the next start.
    pub fn deployment_marks(&self) -> [PathBuf; 2] {
        ["ostree/deploy", "run/ostree/staged-deployment"].map(|mark| self.system_root.join(mark))
    }

    /// Where rpm keeps what the image of the system that runs carries, without what was layered on it.
    pub fn image_packages(&self) -> PathBuf {
        Self::image_packages_in(&self.system_root)
    }

    /// The same of a deployment, by its root.
    pub fn image_packages_in(root: &Path) -> PathBuf {
        root.join("usr/lib/sysimage/rpm-ostree-base-db/rpmdb.sqlite")
    }

    /// Where rpm keeps everything that a deployment consists of, by its root: the first that is there.
    pub fn packages_in(root: &Path) -> [PathBuf; 2] {
        ["usr/share/rpm/rpmdb.sqlite", "usr/lib/sysimage/rpm/rpmdb.sqlite"].map(|file| root.join(file))
    }

    /// The root of a deployment that does not run, by the name of its operating system and its own in there.
    pub fn deployment_root(&self, os: &str, name: &str) -> PathBuf {
        self.system_root.join("ostree/deploy").join(os).join("deploy").join(name)
    }

    /// Where the bus finds how to start rpm-ostree's daemon, if it is there.
    pub fn update_daemon_services(&self) -> [PathBuf; 2] {
        let file = "share/dbus-1/system-services/org.projectatomic.rpmostree1.service";
        ["usr", "usr/local"].map(|folder| self.system_root.join(folder).join(file))
    }

    /// What images of Universal Blue and its children say of themselves.
    pub fn image_info(&self) -> PathBuf {
        self.system_root.join("usr/share/ublue-os/image-info.json")
    }

    /// OSTree's program.
    pub fn ostree(&self) -> PathBuf {
        self.system_root.join("usr/bin/ostree")
    }

    /// The program that asks a person for root's rights, and runs another with them.
    pub fn pkexec(&self) -> PathBuf {
        self.system_root.join("usr/bin/pkexec")
    }

    /// Where bootc's program would be.
    pub fn bootc(&self) -> PathBuf {
        self.system_root.join("usr/bin/bootc")
    }

    /// The lock that keeps two engines of one person apart. It lies beside what it guards, so that two sessions of one
    /// person meet at it.
    pub fn engine_lock(&self) -> PathBuf {
        self.data.join("engine.lock")
    }
}

fn policy_folders(given: Option<OsString>) -> Vec<PathBuf> {
    match given {
        Some(folders) => std::env::split_paths(&folders).collect(),
        None => vec![PathBuf::from("/usr/share/strata"), PathBuf::from("/etc/strata")],
    }
}

/// After AppStream's specification, the newer places first; the last one is what older distributions have.
/// <https://www.freedesktop.org/software/appstream/docs/chap-CatalogData.html>
fn appstream_folders(given: Option<OsString>) -> Vec<PathBuf> {
    const USUAL: [&str; 5] = [
        "/usr/share/swcatalog",
        "/var/lib/swcatalog",
        "/var/cache/swcatalog",
        "/usr/share/app-info",
        "/var/lib/app-info",
    ];
    match given {
        Some(folders) => std::env::split_paths(&folders).filter(|folder| folder.is_absolute()).collect(),
        None => USUAL.map(PathBuf::from).to_vec(),
    }
}

fn flathub_remotes(given: Option<String>) -> Vec<String> {
    let usual = || "https://dl.flathub.org/repo https://flathub.org/repo".to_owned();
    given.unwrap_or_else(usual).split_whitespace().map(str::to_owned).collect()
}

/// systemd's user bus lies there even where no variable says so (a plain ssh login).
fn usual_session_bus(runtime: &Path) -> Option<String> {
    let socket = runtime.join("bus");
    socket.exists().then(|| format!("unix:path={}", socket.display()))
}

fn service_beside_this_program() -> PathBuf {
    let installed = PathBuf::from(option_env!("STRATA_LIBEXECDIR").unwrap_or("/usr/libexec")).join("strata-service");
    let beside = std::env::current_exe().ok().map(|exe| exe.with_file_name("strata-service"));
    beside.filter(|path| path.exists()).unwrap_or(installed)
}

/// `LANGUAGE` before the locale, as gettext does, each without its encoding, and each once.
fn languages(text: &dyn Fn(&str) -> Option<String>) -> Vec<String> {
    let locale = ["LC_ALL", "LC_MESSAGES", "LANG"].iter().find_map(|name| text(name)).unwrap_or_default();
    let plain = |locale: &str| matches!(locale.split('.').next().unwrap_or_default(), "" | "C" | "POSIX");
    if plain(&locale) {
        return vec!["C".to_owned()];
    }
    let wishes = text("LANGUAGE").unwrap_or_default();
    let mut found = Vec::new();
    for wish in wishes.split(':').chain([locale.as_str()]) {
        let (name, modifier) = wish.split_once('@').unwrap_or((wish, ""));
        let name = name.split('.').next().unwrap_or_default();
        let tag = if modifier.is_empty() { name.to_owned() } else { format!("{name}@{modifier}") };
        if !plain(name) && !found.contains(&tag) {
            found.push(tag);
        }
    }
    if found.is_empty() {
        found.push("C".to_owned());
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn environment(variables: &[(&str, &str)]) -> Environment {
        let find = |name: &str| variables.iter().find(|(key, _)| *key == name).map(|(_, value)| OsString::from(value));
        Environment::from_variables(&find)
    }

    #[test]
    fn paths_follow_the_base_directory_specification() {
        let plain = environment(&[("HOME", "/home/ann"), ("XDG_CACHE_HOME", "relative/is/ignored")]);
        assert_eq!(plain.data, Path::new("/home/ann/.local/share/strata"));
        assert_eq!(plain.cache, Path::new("/home/ann/.cache/strata"));
        let own = environment(&[("HOME", "/home/ann"), ("XDG_DATA_HOME", "/d"), ("XDG_RUNTIME_DIR", "/run/user/7")]);
        assert_eq!(own.data, Path::new("/d/strata"));
        assert_eq!(own.runtime, Path::new("/run/user/7/strata"));
    }

    #[test]
    fn languages_fall_back_from_language_to_locale() {
        let assert = |variables: &[(&str, &str)], expected: &[&str]| {
            assert_eq!(environment(variables).languages, expected, "{variables:?}");
        };
        assert(&[], &["C"]);
        assert(&[("LANG", "C.UTF-8"), ("LANGUAGE", "de")], &["C"]);
        assert(&[("LANG", "@euro")], &["C"]);
        assert(&[("LANG", "pt_BR.UTF-8")], &["pt_BR"]);
        assert(&[("LANG", "de_DE.UTF-8"), ("LANGUAGE", "gsw:de_DE")], &["gsw", "de_DE"]);
        assert(&[("LANG", "en_GB"), ("LC_ALL", "ca_ES.UTF-8@valencia")], &["ca_ES@valencia"]);
    }
}
