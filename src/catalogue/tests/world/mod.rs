//! Catalogues for tests, each in a folder of its own.

#![allow(dead_code)] // Not every test needs all of it.
#![allow(clippy::unwrap_used)] // As in the tests themselves: these are no functions of theirs to clippy.

use std::path::{Path, PathBuf};
use strata_catalogue::{BuildPlan, BuildReport, Catalogue, CatalogueError, Query, build};
use strata_model::feed::Feed;
use strata_model::listed::{HEADER, Line, Listed};
use strata_model::parental::Controls;
use strata_model::popularity::Popularity;
use strata_model::settings::Sources;
use strata_model::system::SystemObstacle;
use strata_model::{AppId, SourceKind};

/// A folder with a catalogue in it.
pub(crate) struct World {
    folder: tempfile::TempDir,
    pub(crate) feeds: Vec<Feed>,
    pub(crate) languages: Vec<String>,
    pub(crate) sources: Sources,
    pub(crate) picks: Vec<String>,
    pub(crate) controls: Controls,
    pub(crate) layering: Option<SystemObstacle>,
    /// Where rpm keeps what the system's image carries.
    pub(crate) carried: PathBuf,
}

pub(crate) fn fixture(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures").join(name)
}

impl World {
    /// Without any feed.
    pub(crate) fn empty() -> Self {
        Self {
            folder: tempfile::tempdir().unwrap(),
            feeds: Vec::new(),
            languages: vec!["C".to_owned()],
            sources: Sources::default(),
            picks: Vec::new(),
            controls: Controls::default(),
            layering: None,
            carried: PathBuf::new(),
        }
    }

    /// With the main fixture in some languages.
    pub(crate) fn speaking(languages: &[&str]) -> Self {
        let mut world = Self::empty();
        world.languages = languages.iter().map(|&language| language.to_owned()).collect();
        world.add("main", 1, fixture("main.xml"));
        world
    }

    /// With one feed of some bytes.
    pub(crate) fn of(bytes: impl AsRef<[u8]>) -> Self {
        let mut world = Self::empty();
        let file = world.file("feed.xml");
        std::fs::write(&file, bytes).unwrap();
        world.add("main", 1, file);
        world
    }

    pub(crate) fn add(&mut self, origin: &str, priority: i32, file: PathBuf) {
        self.feeds.push(Feed {
            source: SourceKind::Flatpak,
            scope: "user".to_owned(),
            origin: origin.to_owned(),
            url: "https://example.org/repo/".to_owned(),
            priority,
            file,
            icons: fixture("icons"),
            references: Vec::new(),
            verifies: true,
            popularity: None,
        });
    }

    /// Lets the first feed's origin say how its apps are liked.
    pub(crate) fn like(&mut self, popularity: &Popularity) {
        let file = self.file("popularity.json");
        std::fs::write(&file, serde_json::to_vec(popularity).unwrap()).unwrap();
        self.feeds[0].popularity = Some(file);
    }

    /// With one list of the distribution's packages of some bytes, in either format.
    pub(crate) fn packages(bytes: impl AsRef<[u8]>) -> Self {
        let mut world = Self::empty();
        world.add_packages("debian", bytes);
        world
    }

    /// Adds such a list, named by its origin.
    pub(crate) fn add_packages(&mut self, origin: &str, bytes: impl AsRef<[u8]>) {
        let file = self.file(origin);
        std::fs::write(&file, bytes).unwrap();
        self.add(origin, 0, file);
        if let Some(feed) = self.feeds.last_mut() {
            (feed.source, feed.scope) = (SourceKind::Package, "system".to_owned());
        }
    }

    /// Adds a list of AppImages, as their source writes it.
    pub(crate) fn add_listed(&mut self, apps: &[Listed]) {
        let lines = apps.iter().map(|app| serde_json::to_string(&Line::App(Box::new(app.clone()))).unwrap());
        let lines: Vec<String> = std::iter::once(HEADER.to_owned()).chain(lines).collect();
        self.add_listed_lines(&lines.join("\n"));
    }

    /// The same, whatever it says.
    pub(crate) fn add_listed_lines(&mut self, lines: &str) {
        let file = self.file("apps");
        std::fs::write(&file, lines).unwrap();
        self.add("appimagehub", 0, file);
        if let Some(feed) = self.feeds.last_mut() {
            feed.source = SourceKind::AppImage;
        }
    }

    pub(crate) fn file(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub(crate) fn target(&self) -> PathBuf {
        self.file("catalogue.db")
    }

    pub(crate) fn build(&self) -> Result<BuildReport, CatalogueError> {
        self.build_generation(1)
    }

    pub(crate) fn build_generation(&self, generation: u64) -> Result<BuildReport, CatalogueError> {
        build(&BuildPlan {
            feeds: self.feeds.clone(),
            sources: self.sources.clone(),
            picks: self.picks.clone(),
            controls: self.controls.clone(),
            layering: self.layering,
            carried: self.carried.clone(),
            languages: self.languages.clone(),
            target: self.target(),
            generation,
        })
    }

    pub(crate) fn catalogue(&self) -> Catalogue {
        self.build().unwrap();
        Catalogue::open(&self.target()).unwrap()
    }
}

pub(crate) fn id(id: &str) -> AppId {
    AppId::new(id).unwrap()
}

/// The ids that a search finds, best first.
pub(crate) fn found(catalogue: &Catalogue, words: &str) -> Vec<String> {
    let found = catalogue.search(&Query::new(words)).unwrap();
    assert!(found.total >= found.apps.len(), "{words}: {found:?}");
    found.apps.into_iter().map(|app| app.id.to_string()).collect()
}

/// An entry with a name and an offer.
pub(crate) fn entry(id: &str, inside: &str) -> String {
    format!(
        "<component type='desktop-application'><id>{id}</id>{inside}\
         <bundle type='flatpak'>app/{id}/x86_64/stable</bundle></component>"
    )
}

/// Documents of DEP-11 as a list, its header first.
pub(crate) fn documents(documents: &[String]) -> String {
    format!("---\nFile: DEP-11\nOrigin: debian\n---\n{}", documents.join("\n---\n"))
}

/// A document with a name and a package.
pub(crate) fn document(id: &str, more: &str) -> String {
    format!("Type: desktop-application\nID: {id}\nPackage: tool\nName:\n  C: N\n{more}")
}

/// Entries as a feed.
pub(crate) fn feed(entries: &[String]) -> String {
    format!("<?xml version='1.0'?><components origin='flatpak'>{}</components>", entries.concat())
}

/// A catalogue of some apps, by the last part of their ids, among many that have nothing to do with them: a word says
/// something only where most apps do not have it.
pub(crate) fn catalogue(apps: &[(&str, &str)]) -> Catalogue {
    World::of(feed(&among_others(apps))).catalogue()
}

/// The entries of such a catalogue.
pub(crate) fn among_others(apps: &[(&str, &str)]) -> Vec<String> {
    let mut entries: Vec<String> = apps.iter().map(|(id, inside)| entry(&format!("a.b.{id}"), inside)).collect();
    // As long as descriptions are: the weight of a word depends on it.
    let long = format!("<description><p>{}</p></description>", "Words of another kind altogether. ".repeat(40));
    let other = |n: usize| entry(&format!("a.b.Z{n}"), &format!("<name>Something else</name>{long}"));
    entries.extend((0..40).map(other));
    entries
}
