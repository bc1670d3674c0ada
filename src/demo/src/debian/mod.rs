//! A repository as large as Flathub: Debian's own apps, two thousand of them, each with its AppStream and icons.
//!
//! What Debian knows of its apps (DEP-11) is fetched by `benches/full-catalogue`; here it is made into a real Flatpak
//! repository, which stays beside it.

mod component;

use crate::command::run;
use crate::{AddonSpec, AppSpec, DemoError, Icon, Repository, host_arch};
use component::Component;
use flate2::read::GzDecoder;
use std::fs::{self, File};
use std::io::{self, BufRead, BufReader};
use std::panic::resume_unwind;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::{Mutex, PoisonError};
use std::thread;
use std::time::UNIX_EPOCH;

/// Goes up when the repository is made otherwise: an older one is made anew.
const VERSION: u32 = 1;
const WORKERS: usize = 2;
const SIZES: [u32; 2] = [64, 128];
/// Largest icon that is taken, in bytes. Real ones have some thousand.
const MOST_ICON_BYTES: u64 = 1 << 20;
/// Bytes that an app has beside its icons and words.
const PAYLOAD: u64 = 2_000;
const RUNTIME: (&str, &str) = ("org.debian.Platform", "13");

/// The name and the title of the remote.
pub(crate) const REMOTE: (&str, &str) = ("debian", "Debian’s Apps");
/// Apps that a world with this repository has installed, those of them that are in it.
pub(crate) const INSTALLED: [&str; 6] = [
    "org.gnome.Chess",
    "org.gnome.TextEditor",
    "org.inkscape.Inkscape",
    "org.kde.krita",
    "org.kde.okular",
    "org.videolan.vlc",
];

/// Where Debian's data lie, and what is made of them.
#[derive(Debug)]
pub(crate) struct Debian {
    folder: PathBuf,
}

impl Debian {
    /// `folder` has `components.xml.gz` and `icons/{64x64,128x128}`.
    pub(crate) fn new(folder: &Path) -> Self {
        Self { folder: folder.to_owned() }
    }

    /// The folder of the repository. Made if it is not there yet, or made of other data; processes that want it at the
    /// same time wait for the first one. Beside it, in `appstream`, is made what clients get to know of it.
    pub(crate) fn repository(&self) -> Result<PathBuf, DemoError> {
        let made = self.folder.join("repository");
        let lock = self.folder.join("lock");
        let locked = File::create(&lock).and_then(|lock| lock.lock().map(|()| lock));
        let _locked = locked.map_err(DemoError::file(lock))?;
        let label = self.label()?;
        let fits = fs::read_to_string(made.join("made-of")).is_ok_and(|known| known == label);
        if fits && self.appstream().exists() {
            return Ok(made);
        }
        let new = self.folder.join("repository.new");
        remove(&made)?;
        remove(&new)?;
        self.make(&new)?;
        self.check_out_appstream(&new)?;
        let path = new.join("made-of");
        fs::write(&path, label).map_err(DemoError::file(path))?;
        fs::rename(&new, &made).map_err(DemoError::file(&made))?;
        Ok(made)
    }

    /// What the repository was made of, and how.
    fn label(&self) -> Result<String, DemoError> {
        let path = self.components();
        let about = fs::metadata(&path).map_err(DemoError::file(&path))?;
        let changed = about.modified().ok().and_then(|at| at.duration_since(UNIX_EPOCH).ok()).unwrap_or_default();
        Ok(format!("{VERSION} {} {}", about.len(), changed.as_secs()))
    }

    fn components(&self) -> PathBuf {
        self.folder.join("components.xml.gz")
    }

    fn appstream(&self) -> PathBuf {
        self.folder.join("appstream")
    }

    fn make(&self, folder: &Path) -> Result<(), DemoError> {
        let mut repository = Repository::create(folder)?.titled(REMOTE.1);
        repository.runtime(RUNTIME.0, RUNTIME.1)?;
        let path = self.components();
        let file = File::open(&path).map_err(DemoError::file(&path))?;
        let entries = Mutex::new(Entries(BufReader::new(GzDecoder::new(file))));
        let work = || -> Result<(), DemoError> {
            loop {
                let entry = entries.lock().unwrap_or_else(PoisonError::into_inner).next();
                let Some(entry) = entry else { return Ok(()) };
                let entry = entry.map_err(DemoError::file(&path))?;
                if let Some(component) = Component::parse(&entry) {
                    self.add(&repository, &component)?;
                }
            }
        };
        thread::scope(|scope| {
            let workers: Vec<_> = (0..WORKERS).map(|_| scope.spawn(work)).collect();
            workers.into_iter().try_for_each(|worker| worker.join().unwrap_or_else(|panic| resume_unwind(panic)))
        })?;
        repository.finish()
    }

    fn check_out_appstream(&self, repository: &Path) -> Result<(), DemoError> {
        let target = self.appstream();
        remove(&target)?;
        let mut command = Command::new("ostree");
        command.arg("checkout").arg(format!("--repo={}", repository.display())).arg("--user-mode");
        run(command.arg(format!("appstream/{}", host_arch())).arg(target)).map(drop)
    }

    fn add(&self, repository: &Repository, component: &Component) -> Result<(), DemoError> {
        let Component { id, name, summary, .. } = component;
        if let Some(extends) = &component.extends {
            let (name, summary) = (name.clone(), summary.clone());
            let xml = Some(component.to_xml(&[]));
            let spec = AddonSpec { name, summary, component: xml, payload: PAYLOAD, ..AddonSpec::new(id, extends) };
            return repository.add_addon(&spec).map(drop);
        }
        let icons = self.icons(component)?;
        let sizes: Vec<u32> = icons.iter().map(|icon| icon.size).collect();
        let mut spec = AppSpec {
            name: name.clone(),
            summary: summary.clone(),
            runtime: format!("{}/{}", RUNTIME.0, RUNTIME.1),
            permissions: permissions(&component.categories),
            payload: PAYLOAD,
            component: Some(component.to_xml(&sizes)),
            icons,
            stays: 5,
            ..AppSpec::new(id)
        };
        if !component.version.is_empty() {
            spec.version.clone_from(&component.version);
        }
        repository.add_app(&spec).map(drop)
    }

    fn icons(&self, component: &Component) -> Result<Vec<Icon>, DemoError> {
        let Some(name) = component.icon.as_ref().filter(|name| !name.contains('/')) else { return Ok(Vec::new()) };
        let mut icons = Vec::new();
        for size in SIZES {
            let path = self.folder.join(format!("icons/{size}x{size}/{name}"));
            match fs::metadata(&path) {
                Ok(about) if about.len() <= MOST_ICON_BYTES => {
                    icons.push(Icon { size, png: fs::read(&path).map_err(DemoError::file(path))? });
                }
                _ => {}
            }
        }
        Ok(icons)
    }
}

fn remove(folder: &Path) -> Result<(), DemoError> {
    match fs::remove_dir_all(folder) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(DemoError::file(folder)(error)),
        _ => Ok(()),
    }
}

/// What an app of such categories would ask for.
fn permissions(categories: &[String]) -> String {
    let has = |category: &str| categories.iter().any(|known| known == category);
    let mut text = "[Context]\nsockets=wayland;fallback-x11;".to_owned();
    if has("AudioVideo") || has("Game") {
        text.push_str("pulseaudio;");
    }
    text.push_str(if has("Network") { "\nshared=ipc;network;\n" } else { "\nshared=ipc;\n" });
    if has("Game") || has("Graphics") {
        text.push_str("devices=dri;\n");
    }
    if has("Office") || has("Graphics") || has("AudioVideo") {
        text.push_str("filesystems=xdg-documents;\n");
    }
    text
}

/// Cuts a catalogue into its entries.
struct Entries<R>(R);

impl<R: BufRead> Iterator for Entries<R> {
    type Item = io::Result<String>;

    /// Lines from `<component` to `</component>`, which stand on lines of their own where appstreamcli wrote them.
    fn next(&mut self) -> Option<Self::Item> {
        let mut entry = String::new();
        loop {
            let start = entry.len();
            match self.0.read_line(&mut entry) {
                Ok(0) => return None,
                Ok(_) => {}
                Err(error) => return Some(Err(error)),
            }
            let line = entry[start..].trim();
            if start == 0 && !line.starts_with("<component ") {
                entry.clear();
            } else if line == "</component>" {
                entry.truncate(entry.trim_end().len());
                return Some(Ok(entry.trim_start().to_owned()));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests say what went wrong by panicking")]

    use super::*;
    use flate2::{Compression, write::GzEncoder};
    use std::io::Write;

    fn fill(folder: &Path, ids: &[&str]) {
        let entry = |id: &&str| {
            format!(
                "  <component type=\"desktop-application\">\n    <id>{id}</id>\n    <name>N</name>\n    \
                 <icon type=\"cached\" width=\"64\" height=\"64\">{id}.png</icon>\n  </component>\n"
            )
        };
        let text: String = ids.iter().map(entry).collect();
        let mut file = GzEncoder::new(Vec::new(), Compression::fast());
        file.write_all(format!("<components>\n{text}</components>\n").as_bytes()).unwrap();
        fs::write(folder.join("components.xml.gz"), file.finish().unwrap()).unwrap();
        for (id, size) in ids.iter().flat_map(|id| SIZES.map(|size| (id, size))) {
            fs::create_dir_all(folder.join(format!("icons/{size}x{size}"))).unwrap();
            // flatpak looks at the size that stands in the file.
            let mut png = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\0\0\0\0\0\x08\x06\0\0\0".to_vec();
            (png[19], png[23]) = (u8::try_from(size).unwrap(), u8::try_from(size).unwrap());
            fs::write(folder.join(format!("icons/{size}x{size}/{id}.png")), png).unwrap();
        }
    }

    fn references(repository: &Path) -> String {
        run(Command::new("ostree").arg("refs").arg(format!("--repo={}", repository.display()))).unwrap()
    }

    #[test]
    fn a_repository_is_made_once_and_again_when_the_data_are_others() {
        let folder = tempfile::tempdir().unwrap();
        fill(folder.path(), &["org.example.One", "two"]);
        let debian = Debian::new(folder.path());
        let repository = debian.repository().unwrap();
        let known = references(&repository);
        assert!(known.contains("app/org.example.One/") && known.contains("app/org.debian.two/"), "{known}");
        assert!(folder.path().join("appstream/appstream.xml.gz").exists());
        let icons = folder.path().join("appstream/icons");
        assert!(icons.join("64x64/org.debian.two.png").exists() && icons.join("128x128/org.debian.two.png").exists());

        fs::write(repository.join("mark"), "").unwrap();
        assert!(debian.repository().unwrap().join("mark").exists(), "it was made twice");
        fill(folder.path(), &["org.example.Three"]);
        let known = references(&debian.repository().unwrap());
        assert!(known.contains("app/org.example.Three/") && !known.contains("One"), "{known}");
    }
}
