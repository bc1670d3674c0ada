//! The catalogue that is measured, built from one AppStream file.

use std::error::Error;
use std::path::{Path, PathBuf};
use strata_catalogue::{BuildPlan, BuildReport, Catalogue, build};
use strata_model::SourceKind;
use strata_model::feed::Feed;

/// Builds `target` out of `file`, whose icons lie beside it: a Flatpak remote's list, or a distribution's of its packages
/// if it is named as YAML. A list of AppImages, as their source writes it, is taken in if it lies beside it as `apps`.
pub(crate) fn built(file: &Path, target: &Path) -> Result<(Catalogue, BuildReport), Box<dyn Error>> {
    let is_yaml = file.to_string_lossy().contains(".yml");
    let feed = Feed {
        source: if is_yaml { SourceKind::Package } else { SourceKind::Flatpak },
        scope: "user".to_owned(),
        origin: "measured".to_owned(),
        url: "https://example.org/".to_owned(),
        priority: 1,
        file: file.to_owned(),
        icons: file.with_file_name("icons"),
        references: Vec::new(),
        verifies: true,
        popularity: None,
    };
    let apps = file.with_file_name("apps");
    let listed = apps.is_file().then(|| Feed {
        source: SourceKind::AppImage,
        origin: "appimagehub".to_owned(),
        file: apps,
        icons: PathBuf::new(),
        ..feed.clone()
    });
    let plan = BuildPlan {
        feeds: [feed].into_iter().chain(listed).collect(),
        languages: vec!["C".to_owned()],
        target: target.to_owned(),
        generation: 1,
        ..BuildPlan::default()
    };
    let report = build(&plan)?;
    Ok((Catalogue::open(target)?, report))
}
