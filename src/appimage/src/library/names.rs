//! Names that become part of paths.

/// Longest id, in bytes: a file's name has 255, and ours have more around it.
const ID: usize = 128;
/// Longest name of an AppImage without its end, in bytes.
const FILE: usize = 100;

/// Whether a text may be an app's id. Desktop ids may have more signs, but not every program takes them.
pub(super) fn is_id(text: &str) -> bool {
    let known = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-' | b'_');
    !text.is_empty() && text.len() <= ID && !text.starts_with(['.', '-']) && text.bytes().all(known)
}

/// An id out of a desktop file's name, or of an app's name. Other signs become `-`.
pub(super) fn id_of(text: &str) -> String {
    let known = |c: char| if c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_') { c } else { '-' };
    let text: String = text.chars().map(known).take(ID - 16).collect();
    let text = text.trim_matches(['.', '-']);
    if text.is_empty() { "app".to_owned() } else { text.to_owned() }
}

/// The name of an AppImage without its end: the app's name, as far as shells, desktop files and other file systems take it.
pub(super) fn file_of(name: &str) -> String {
    let known = |c: char| if c.is_alphanumeric() || matches!(c, '.' | '-' | '_' | '+') { c } else { '-' };
    let mut file = String::new();
    for character in name.chars().map(known) {
        if file.len() + character.len_utf8() > FILE {
            break;
        }
        if character != '-' || !file.ends_with('-') {
            file.push(character);
        }
    }
    let file = file.trim_matches(['.', '-']);
    if file.is_empty() { "App".to_owned() } else { file.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_cannot_leave_their_folder() {
        for (name, id, file) in [
            ("org.example.App", "org.example.App", "org.example.App"),
            ("Größe & Maß", "Gr--e---Ma", "Größe-Maß"),
            ("../../etc/passwd", "etc-passwd", "etc-passwd"),
            ("..", "app", "App"),
            ("", "app", "App"),
            (".hidden", "hidden", "hidden"),
            ("-rf", "rf", "rf"),
            ("a=b\n%c", "a-b--c", "a-b-c"),
        ] {
            assert_eq!((id_of(name).as_str(), file_of(name).as_str()), (id, file), "{name}");
            assert!(is_id(&id_of(name)), "{name}");
        }
        assert!(file_of(&"ü".repeat(300)).len() <= FILE && is_id(&id_of(&"a".repeat(300))));
        for bad in ["", "..", "a/b", ".a", "a\0", "ü", "-a"] {
            assert!(!is_id(bad), "{bad}");
        }
    }
}
