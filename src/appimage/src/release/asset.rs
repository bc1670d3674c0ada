//! Which file of a release is the AppImage for a machine, by its name: forges say nothing else of it.

use super::{App, Asset};
use crate::format::Architecture;
use crate::update_information::fits;

/// What a file's name says of the machine it is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Named {
    /// This one.
    For(Architecture),
    /// One that AppImages are not known for.
    Other,
    /// Nothing. Such files are for 64-bit PCs.
    Nothing,
}

/// The words for machines, as they stand in names between other signs. The first of these that a name has counts, so
/// that words for a width only, which several machines have, stand last.
const WORDS: [(&str, Named); 49] = [
    ("x86_64", Named::For(Architecture::X86_64)),
    ("amd64", Named::For(Architecture::X86_64)),
    ("x64", Named::For(Architecture::X86_64)),
    ("aarch64", Named::For(Architecture::Aarch64)),
    ("arm64", Named::For(Architecture::Aarch64)),
    ("arm64v8", Named::For(Architecture::Aarch64)),
    ("linuxarm64", Named::For(Architecture::Aarch64)),
    ("armv8", Named::For(Architecture::Aarch64)),
    ("armhf", Named::For(Architecture::Armhf)),
    ("armv7l", Named::For(Architecture::Armhf)),
    ("armv7", Named::For(Architecture::Armhf)),
    ("armv7hf", Named::For(Architecture::Armhf)),
    ("linuxarm", Named::For(Architecture::Armhf)),
    // Made for older ones, and runs on these.
    ("armv6l", Named::For(Architecture::Armhf)),
    ("armv6", Named::For(Architecture::Armhf)),
    ("armv6hf", Named::For(Architecture::Armhf)),
    ("armv5", Named::Other),
    ("armel", Named::Other),
    ("arm", Named::For(Architecture::Armhf)),
    ("riscv64", Named::For(Architecture::Riscv64)),
    ("riscv64gc", Named::For(Architecture::Riscv64)),
    ("loong64", Named::Other),
    ("loongarch64", Named::Other),
    ("loongarch", Named::Other),
    ("ppc64le", Named::Other),
    ("ppc64el", Named::Other),
    ("ppc64", Named::Other),
    ("ppc", Named::Other),
    ("powerpc64le", Named::Other),
    ("powerpc64", Named::Other),
    ("powerpc", Named::Other),
    ("s390x", Named::Other),
    ("mips64el", Named::Other),
    ("mips64", Named::Other),
    ("mipsel", Named::Other),
    ("mips", Named::Other),
    ("sparc64", Named::Other),
    ("e2k", Named::Other),
    ("i686", Named::For(Architecture::I686)),
    ("i586", Named::For(Architecture::I686)),
    ("i486", Named::For(Architecture::I686)),
    ("i386", Named::For(Architecture::I686)),
    ("ia32", Named::For(Architecture::I686)),
    ("x86", Named::For(Architecture::I686)),
    ("linux64", Named::For(Architecture::X86_64)),
    ("64bit", Named::For(Architecture::X86_64)),
    ("64bits", Named::For(Architecture::X86_64)),
    ("linux32", Named::For(Architecture::I686)),
    ("32bit", Named::For(Architecture::I686)),
];

/// What a name says of the machine.
pub fn named(name: &str) -> Named {
    let name =
        name.to_ascii_lowercase().replace("x86-64", "x86_64").replace("64-bit", "64bit").replace("32-bit", "32bit");
    let words: Vec<_> = name.split(|c: char| !c.is_ascii_alphanumeric() && c != '_').flat_map(pieces).collect();
    let found = WORDS.iter().find(|(word, _)| words.contains(word));
    found.map_or(Named::Nothing, |(_, meant)| *meant)
}

/// A word as it stands, and cut at `_` for names such as `App_1.2_amd64`.
fn pieces(word: &str) -> impl Iterator<Item = &str> {
    // `x86_64` has one in it.
    let whole = if word.contains("x86_64") { "x86_64" } else { word };
    let cut = (!word.contains("x86_64")).then(|| word.split('_'));
    std::iter::once(whole).chain(cut.into_iter().flatten())
}

/// Chooses the AppImage of an app for a machine; `Err` with whether there are any for others. A pattern is one of update
/// information, which names the control file.
pub fn choose<'a>(
    assets: &'a [Asset],
    app: &App,
    machine: Architecture,
    pattern: Option<&str>,
) -> Result<&'a Asset, bool> {
    let Some(pattern) = pattern else {
        let all: Vec<_> = assets.iter().filter(|asset| is_appimage(&asset.name) && app.fit(asset).is_some()).collect();
        // One that bears the app's name before others, one that names the machine before one that does not; variants
        // have longer names than the plain one.
        let ours = all.iter().filter(|asset| is_for(named(&asset.name), machine));
        let unnamed = |asset: &Asset| named(&asset.name) == Named::Nothing;
        let rank = |asset: &&&Asset| (app.fit(asset), unnamed(asset), asset.name.len(), asset.name.clone());
        return ours.min_by_key(rank).copied().ok_or(!all.is_empty());
    };
    // A pattern was written by whoever knows the files, so it may be for one that does not bear the app's name; but not
    // for one that bears another's.
    let controls = assets.iter().filter(|asset| asset.name.ends_with(CONTROL) && fits(pattern, &asset.name));
    let controlled = controls.filter_map(|control| controlled(assets, control));
    let controlled: Vec<_> = controlled.filter(|asset| !app.is_another(asset)).collect();
    greatest(&controlled, machine).or_else(|others| {
        // Some projects do not upload control files, or stopped to.
        let pattern = pattern.strip_suffix(CONTROL).unwrap_or(pattern);
        let fitting = assets.iter().filter(|asset| is_appimage(&asset.name) && fits(pattern, &asset.name));
        let fitting = fitting.filter(|asset| !app.is_another(asset));
        greatest(&fitting.collect::<Vec<_>>(), machine).map_err(|more| others || more)
    })
}

/// The control file of an AppImage among the files of its release.
pub(super) fn control<'a>(assets: &'a [Asset], appimage: &Asset) -> Option<&'a Asset> {
    let mut controls = assets.iter().filter(|asset| asset.name.ends_with(CONTROL));
    let full = controls.clone().find(|asset| asset.name.strip_suffix(CONTROL) == Some(&appimage.name));
    full.or_else(|| controls.find(|asset| controlled(assets, asset).is_some_and(|found| found == appimage)))
}

/// The end of a control file's name.
const CONTROL: &str = ".zsync";

/// What a control file is for. It is named after the AppImage, now and then without its end.
fn controlled<'a>(assets: &'a [Asset], control: &Asset) -> Option<&'a Asset> {
    let name = control.name.strip_suffix(CONTROL)?;
    let mut appimages = assets.iter().filter(|asset| is_appimage(&asset.name));
    let same = appimages.clone().find(|asset| asset.name == name);
    same.or_else(|| appimages.find(|asset| asset.name.get(..asset.name.len() - END.len()) == Some(name)))
}

/// Of several that fit a pattern, those that name the machine come before those that name none, and of these the
/// greatest is meant. Whoever wrote a pattern knows the machine, so one that names none is for any.
fn greatest<'a>(fitting: &[&'a Asset], machine: Architecture) -> Result<&'a Asset, bool> {
    let ours = fitting.iter().filter(|asset| match named(&asset.name) {
        Named::Nothing => true,
        other => is_for(other, machine),
    });
    let greatest = ours.max_by_key(|asset| (named(&asset.name) != Named::Nothing, asset.name.as_str()));
    greatest.copied().ok_or(!fitting.is_empty())
}

/// Whether a file, by its name, is an AppImage for a machine.
pub fn is_appimage_for(name: &str, machine: Architecture) -> bool {
    is_appimage(name) && is_for(named(name), machine)
}

fn is_for(named: Named, machine: Architecture) -> bool {
    match named {
        Named::For(found) => found == machine,
        Named::Other => false,
        Named::Nothing => machine == Architecture::X86_64,
    }
}

/// The end of an AppImage's name, in whatever letters.
const END: &str = ".appimage";

/// Control files, digests and signatures are named after an AppImage, and end otherwise.
fn is_appimage(name: &str) -> bool {
    name.len() > END.len() && name.to_ascii_lowercase().ends_with(END)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_say_machines() {
        use Architecture::{Aarch64, Armhf, I686, Riscv64, X86_64};
        for (name, expected) in [
            ("App-1.2-x86_64.AppImage", Named::For(X86_64)),
            ("App_1.2_x86_64.AppImage", Named::For(X86_64)),
            ("App-x86-64.AppImage", Named::For(X86_64)),
            ("App_1.2_amd64.AppImage", Named::For(X86_64)),
            ("app-linux-x64.AppImage", Named::For(X86_64)),
            ("App-64-bit.AppImage", Named::For(X86_64)),
            ("App-arm64.AppImage", Named::For(Aarch64)),
            ("App_aarch64.AppImage", Named::For(Aarch64)),
            ("App-armv7l.AppImage", Named::For(Armhf)),
            ("App-i386.AppImage", Named::For(I686)),
            ("App-x86.AppImage", Named::For(I686)),
            ("App-riscv64.AppImage", Named::For(Riscv64)),
            ("App-linux64-arm64.AppImage", Named::For(Aarch64)),
            ("App-64bit-aarch64.AppImage", Named::For(Aarch64)),
            ("App-linuxarm64.AppImage", Named::For(Aarch64)),
            ("App-linux64.AppImage", Named::For(X86_64)),
            ("App-linux32.AppImage", Named::For(I686)),
            ("App-linux-i486.AppImage", Named::For(I686)),
            ("App_i586.AppImage", Named::For(I686)),
            ("App-armhf.AppImage", Named::For(Armhf)),
            ("App-armv6l.AppImage", Named::For(Armhf)),
            ("App-armel.AppImage", Named::Other),
            ("App-loong64.AppImage", Named::Other),
            ("App_1.0_loongarch64.AppImage", Named::Other),
            ("App-ppc64.AppImage", Named::Other),
            ("App-ppc64le.AppImage", Named::Other),
            ("App-s390x.AppImage", Named::Other),
            ("Alarm-1.2.AppImage", Named::Nothing),
            ("Charming.AppImage", Named::Nothing),
            ("App.AppImage", Named::Nothing),
        ] {
            assert_eq!(named(name), expected, "{name}");
        }
    }

    fn asset(name: &str) -> Asset {
        Asset { name: name.to_owned(), ..Asset::default() }
    }

    #[test]
    fn the_file_for_the_machine_is_chosen() {
        use Architecture::{Aarch64, I686, X86_64};
        let both: &[&str] = &["App-aarch64.AppImage", "App-x86_64.AppImage", "App-x86_64.AppImage.zsync", "App.deb"];
        let any = Some("App-*.AppImage.zsync");
        for (names, machine, pattern, expected) in [
            (both, X86_64, None, Ok("App-x86_64.AppImage")),
            (both, Aarch64, None, Ok("App-aarch64.AppImage")),
            (both, I686, None, Err(true)),
            (&["App.AppImage"][..], X86_64, None, Ok("App.AppImage")),
            (&["App.AppImage"], Aarch64, None, Err(true)),
            (&["App.AppImage", "App-arm64.AppImage"], X86_64, None, Ok("App.AppImage")),
            (&["App-debug-x86_64.AppImage", "App-x86_64.AppImage"], X86_64, None, Ok("App-x86_64.AppImage")),
            (&["App.AppImage.sha256", "App.AppImage.sig", ".AppImage"], X86_64, None, Err(false)),
            (&["App.deb", "App.tar.gz"], X86_64, None, Err(false)),
            (&[], X86_64, None, Err(false)),
            (&["A-1.AppImage", "A-2.AppImage", "B-9.AppImage"], X86_64, Some("A-*.AppImage.zsync"), Ok("A-2.AppImage")),
            (&["App-1.0-amd64.AppImage", "App-1.0-arm64.AppImage"], X86_64, any, Ok("App-1.0-amd64.AppImage")),
            (&["App-1.0-amd64.AppImage", "App-1.0-arm64.AppImage"], Aarch64, any, Ok("App-1.0-arm64.AppImage")),
            (&["App-1.0-amd64.AppImage", "App-1.0-arm64.AppImage"], I686, any, Err(true)),
            (&["App-1.AppImage", "App-0-amd64.AppImage"], X86_64, any, Ok("App-0-amd64.AppImage")),
            (&["App-1.AppImage"], Aarch64, any, Ok("App-1.AppImage")),
            // The pattern is for the control file's name, whatever it ends with.
            (&["App-1.AppImage", "App-1.AppImage.zsync"], X86_64, Some("App-*sync"), Ok("App-1.AppImage")),
            (&["App-1.AppImage", "App-1.zsync", "B.zsync"], X86_64, Some("App-?.zsync"), Ok("App-1.AppImage")),
            (&["A-1.AppImage", "A-1.AppImage.zsync", "A-2.AppImage"], X86_64, Some("A-*"), Ok("A-1.AppImage")),
            (&["A-1.deb", "A-1.deb.zsync"], X86_64, Some("A-*.zsync"), Err(false)),
            (&["A-1.AppImage"], X86_64, Some("B*.AppImage.zsync"), Err(false)),
        ] {
            let asset = |name: &&str| asset(name);
            let assets: Vec<_> = names.iter().map(asset).collect();
            let found = choose(&assets, &App::default(), machine, pattern).map(|asset| asset.name.as_str());
            assert_eq!(found, expected, "{names:?} {machine:?} {pattern:?}");
        }
    }

    #[test]
    fn the_file_of_the_app_is_chosen() {
        let names = ["Foo-1-x86_64.AppImage", "Foo-Viewer-1-x86_64.AppImage", "Foo-Viewer-1-x86_64.AppImage.zsync"];
        let assets: Vec<_> = names.iter().map(|name| asset(name)).collect();
        let app = |name: &str, other: &str| App { name: name.into(), others: vec![other.into()] };
        for (app, pattern, expected) in [
            (app("Foo", "Foo Viewer"), None, Ok(names[0])),
            (app("Foo Viewer", "Foo"), None, Ok(names[1])),
            (app("Bar", "Foo"), None, Err(false)),
            (app("Foo", "Foo Viewer"), Some("Foo-*x86_64.AppImage.zsync"), Ok(names[0])),
            (app("Foo Viewer", "Foo"), Some("Foo-*x86_64.AppImage.zsync"), Ok(names[1])),
            (app("Bar", "Baz"), Some("Foo-V*.AppImage.zsync"), Ok(names[1])),
        ] {
            let found = choose(&assets, &app, Architecture::X86_64, pattern).map(|asset| asset.name.as_str());
            assert_eq!(found, expected, "{app:?} {pattern:?}");
        }
    }
}
