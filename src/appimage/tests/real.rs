//! AppImages that other people made.

mod made;

use made::{fixture, look};
use strata_appimage::update_information::{Forge, Release, UpdateInformation};
use strata_appimage::{
    Architecture, Compression, Format, InspectError, LossReason, NoAppImage, Part, Payload, PictureKind, Signature,
};

const PROBONO: &str = "8D69575148A524659002855E65B43840101B2DC4";

#[test]
fn a_signed_one_says_all_there_is_to_know() {
    let found = look(&fixture("appimagetool-x86_64.AppImage")).unwrap();
    assert_eq!((found.format, found.architecture), (Format::Two, Architecture::X86_64));
    assert!(found.needs_fuse2, "the old runtime asks for a loader");
    assert!(
        matches!(found.payload, Payload::SquashFs { compression: Some(Compression::Gzip), .. }),
        "{:?}",
        found.payload
    );
    assert_eq!(found.signature, Signature::Signed { fingerprint: PROBONO.to_owned() });
    assert_eq!(found.sha256, "aac4b27467188d283b5a17591aeb26026de74d3c0d94641a6498f3989fe0a322");
    let updates = UpdateInformation::Releases {
        forge: Forge::GitHub,
        owner: "AppImage".into(),
        repository: "AppImageKit".into(),
        release: Release::Tag("continuous".into()),
        pattern: "appimagetool-x86_64.AppImage.zsync".into(),
    };
    assert_eq!(found.updates, Some(Ok(updates)));
    let desktop = found.contents.desktop.unwrap();
    assert_eq!(desktop.name, "appimagetool.desktop");
    assert!(desktop.text.contains("Exec=appimagetool"), "{}", desktop.text);
    assert!(found.contents.appstream.unwrap().text.contains("<component"));
    assert!(found.contents.icon.is_some());
    assert_eq!(found.losses, []);
}

#[test]
fn one_bit_makes_a_signature_bad() {
    let bytes = fixture("appimagetool-x86_64.AppImage");
    // In the program, in the bundle, and behind it: but not where signature and key stand.
    for place in [9_usize, 40_000, 300_000, bytes.len() - 1] {
        let mut changed = bytes.clone();
        changed[place] ^= 1;
        if let Ok(found) = look(&changed) {
            assert_eq!(found.signature, Signature::Bad, "at {place}");
        }
    }
    let mut longer = bytes.clone();
    longer.push(0);
    assert_eq!(look(&longer).unwrap().signature, Signature::Bad);
}

#[test]
fn a_narrow_one_is_signed_without_its_key() {
    let found = look(&fixture("appimaged-i686.AppImage")).unwrap();
    assert_eq!((found.format, found.architecture), (Format::Two, Architecture::I686));
    assert_eq!(found.signature, Signature::WithoutKey);
    assert!(found.contents.desktop.is_some(), "{:?}", found.losses);
}

#[test]
fn the_first_type_is_told_and_not_looked_into() {
    for name in ["AppImageExtract_6-x86_64.AppImage", "AppImageExtract_6_no_magic_bytes-x86_64.AppImage"] {
        let found = look(&fixture(name)).unwrap();
        assert_eq!(
            (found.format, found.architecture, found.payload),
            (Format::One, Architecture::X86_64, Payload::Iso9660)
        );
        let lost: Vec<_> = found.losses.iter().map(|loss| (loss.part, loss.reason)).collect();
        assert_eq!(lost, [(Part::Payload, LossReason::Unreadable)], "{name}");
        assert_eq!(found.signature, Signature::NotSigned);
    }
}

#[test]
fn the_others_are_read_too() {
    for name in ["Echo-x86_64.AppImage", "Echo-test1234-x86_64.AppImage", "Echo-no-integrate-x86_64.AppImage"] {
        let found = look(&fixture(name)).unwrap();
        let desktop = found.contents.desktop.unwrap();
        assert!(desktop.text.contains("Exec="), "{name}: {}", desktop.text);
        let icon = found.contents.icon.unwrap();
        assert_eq!(
            (icon.kind, icon.path.as_str()),
            (PictureKind::Svg, "utilities-terminal.svg"),
            "{name}: .DirIcon is a link"
        );
        assert_eq!(found.signature, Signature::NotSigned, "{name}");
    }
    let integrate = look(&fixture("Echo-no-integrate-x86_64.AppImage")).unwrap().contents.desktop.unwrap().text;
    assert!(integrate.contains("X-AppImage-Integrate=false"));
    assert!(look(&fixture("broken-desktop-file-x86_64.AppImage")).unwrap().contents.desktop.is_some());
}

#[test]
fn a_runtime_with_any_bundle_is_an_appimage() {
    let runtime = fixture("runtime-x86_64");
    let alone = look(&runtime).unwrap();
    assert_eq!(alone.payload, Payload::Unknown, "nothing is behind it");
    assert!(matches!(look(&runtime[..1000]), Err(InspectError::NoAppImage(NoAppImage::BadHeader))));
    let bundle = made::squash(
        backhand::compression::Compressor::Zstd,
        &[("a.desktop", made::Made::File(made::DESKTOP.as_bytes()))],
    );
    let found = look(&[runtime, bundle].concat()).unwrap();
    assert!(matches!(found.payload, Payload::SquashFs { compression: Some(Compression::Zstd), .. }));
    assert_eq!(found.contents.desktop.unwrap().text, made::DESKTOP);
}
