//! What is known of images of operating systems by their names.

use crate::{Environment, files};
use serde_json::Value;
use std::io;
use std::path::Path;

/// Bytes that are read at most.
const MAX_BYTES: u64 = 64 * 1024;

/// Who makes Bluefin, in the older and the newer images.
const MAKERS: [&str; 2] = ["ublue-os", "projectbluefin"];

/// The image's own updater does nothing once packages are layered. That is known of Bluefin alone: `ujust update` ends
/// there with an error as soon as `rpm-ostree status` names layered packages
/// (<https://github.com/projectbluefin/common/pull/663>).
pub fn updater_refuses_layers(environment: &Environment) -> bool {
    let file = environment.image_info();
    match read(&file) {
        Ok(info) => is_bluefin(&info),
        Err(error) if error.kind() == io::ErrorKind::NotFound => false,
        Err(error) => {
            tracing::info!("{}: {error}", file.display());
            false
        }
    }
}

fn read(file: &Path) -> io::Result<Value> {
    Ok(serde_json::from_slice(&files::read_bounded(file, MAX_BYTES)?)?)
}

/// One of Bluefin's images, as it is or for developers or graphics cards. Whoever makes an image of it has another name.
fn is_bluefin(info: &Value) -> bool {
    let text = |key: &str| info.get(key).and_then(Value::as_str).unwrap_or_default();
    let rest = text("image-name").strip_prefix("bluefin");
    rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('-')) && MAKERS.contains(&text("image-vendor"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;

    #[test]
    fn bluefin_is_known_by_its_own_words_and_nothing_else_is() {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path().as_os_str().to_owned();
        let variable = |name: &str| (name == "STRATA_SYSTEM_ROOT").then(|| root.clone());
        let environment = Environment::from_variables(&variable);
        assert!(!updater_refuses_layers(&environment), "an image that says nothing");
        let file = environment.image_info();
        fs::create_dir_all(file.parent().unwrap()).unwrap();
        let named = |name: &str, vendor: &str| format!(r#"{{"image-name": "{name}", "image-vendor": "{vendor}"}}"#);
        let long = format!(r#"{{"image-name": "bluefin", "image-vendor": "ublue-os", "x": "{}"}}"#, "y".repeat(70_000));
        let cases = [
            (named("bluefin", "ublue-os"), true, "as it was made for years"),
            (named("bluefin-dx-nvidia-open", "projectbluefin"), true, "for developers, by its new makers"),
            (named("bazzite", "ublue-os"), false, "it allows it"),
            (named("bluefinish", "ublue-os"), false, "a name that only begins so"),
            (named("bluefin", "somebody"), false, "made by others, who may have another updater"),
            (r#"{"image-name": ["bluefin"], "image-vendor": 7}"#.to_owned(), false, "of other types"),
            (r#"{"image-name": "bluefin"}"#.to_owned(), false, "nobody made it"),
            (r#"["bluefin"]"#.to_owned(), false, "no object"),
            ("{".to_owned(), false, "cut off"),
            ("[".repeat(60_000), false, "deep"),
            (long, false, "too long"),
        ];
        for (text, expected, reason) in cases {
            fs::write(&file, text).unwrap();
            assert_eq!(updater_refuses_layers(&environment), expected, "{reason}");
        }
    }
}
