//! An AppImage of other people's is put onto the machine and taken away, by what the room shows to others.

mod made;

use strata_appimage::library::{Candidate, Facts, Library, New, Note, Place, Provenance, Settings};
use strata_appimage::update_information::{Forge, UpdateInformation};
use strata_platform::Environment;

#[test]
fn a_signed_one_comes_and_goes() {
    let kept = tempfile::tempdir().unwrap();
    let home = kept.path();
    let value = |name: &str| match name {
        "HOME" => Some(home.into()),
        "STRATA_SYSTEM_ROOT" => Some(home.join("system").into()),
        _ => None,
    };
    let library = Library::new(&Environment::from_variables(&value));
    let downloads = home.join("Downloads");
    std::fs::create_dir(&downloads).unwrap();
    let path = downloads.join("appimagetool-x86_64.AppImage");
    std::fs::write(&path, made::fixture("appimagetool-x86_64.AppImage")).unwrap();
    let candidate = Candidate::read(&path).unwrap();
    let facts = Facts { sha256: Some(candidate.inspection().sha256.clone()), ..Facts::default() };
    let new = New { candidate, facts, accepted: None };
    let place = Place::Folder(library.applications().to_owned());
    let changed = library.install(&new, &place, Settings::default()).unwrap();
    let record = changed.record;
    assert_eq!(changed.notes, [Note::Unpacks], "the old runtime, and no FUSE 2 in this root");
    assert_eq!(record.path, home.join("Applications/appimagetool.AppImage"));
    assert_eq!(record.version.provenance, Provenance::ReleaseDigest);
    assert_eq!(record.fingerprint.as_deref(), Some("8D69575148A524659002855E65B43840101B2DC4"));
    let updates = record.updates.as_ref();
    assert!(matches!(updates, Some(UpdateInformation::Releases { forge: Forge::GitHub, .. })), "{updates:?}");
    assert!(!path.exists());
    let shared = home.join(".local/share");
    let desktop = std::fs::read_to_string(record.files[0].path(&shared)).unwrap();
    assert!(desktop.contains("APPIMAGE_EXTRACT_AND_RUN=1"), "{desktop}");
    assert!(record.files.iter().all(|made| made.path(&shared).is_file()), "{:?}", record.files);
    library.remove(&record.id, false).unwrap();
    assert!(record.files.iter().all(|made| !made.path(&shared).exists()) && !record.path.exists());
    assert!(library.all().unwrap().apps.is_empty());
}
