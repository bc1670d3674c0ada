//! The daemon's configuration file, as far as D-Bus does not tell it: `man rpm-ostreed.conf`.

use std::path::Path;

/// Bytes that are read at most.
const MAX_BYTES: u64 = 64 * 1024;

/// Layering is ruled out. A file that is not there or cannot be read rules out nothing: the daemon has the last word.
pub(crate) fn layering_locked(file: &Path) -> bool {
    match read(file) {
        Ok(text) => locked(&text),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => false,
        Err(error) => {
            tracing::info!("{}: {error}", file.display());
            false
        }
    }
}

fn read(file: &Path) -> std::io::Result<String> {
    use std::io::Read;
    let mut bytes = Vec::new();
    std::fs::File::open(file)?.take(MAX_BYTES).read_to_end(&mut bytes)?;
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

/// After GLib's key files: groups in brackets, `#` before remarks, the last of equal keys counts.
fn locked(text: &str) -> bool {
    let mut group = "";
    let mut locked = false;
    for line in text.lines().map(str::trim).filter(|line| !line.starts_with('#')) {
        if let Some(name) = line.strip_prefix('[').and_then(|line| line.strip_suffix(']')) {
            group = name;
        } else if let Some((key, value)) = line.split_once('=')
            && (group, key.trim_end()) == ("Daemon", "LockLayering")
        {
            locked = matches!(value.trim_start(), "true" | "1");
        }
    }
    locked
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_daemons_own_key_counts() {
        let cases = [
            ("[Daemon]\nLockLayering=true\n", true, "as the manual has it"),
            ("# all\n[Daemon]\nAutomaticUpdatePolicy=check\nLockLayering = true", true, "spaces, other keys"),
            ("[Daemon]\nLockLayering=1", true, "as GLib reads it"),
            ("[Daemon]\nLockLayering=true\nLockLayering=false", false, "the last counts"),
            ("[Daemon]\n#LockLayering=true", false, "a remark"),
            ("[Other]\nLockLayering=true", false, "another group"),
            ("LockLayering=true", false, "no group"),
            ("[Daemon]\nLockLayering=yes", false, "no boolean of GLib's"),
            ("", false, "empty"),
        ];
        for (text, expected, reason) in cases {
            assert_eq!(locked(text), expected, "{reason}");
        }
    }

    #[test]
    fn a_file_that_is_not_there_locks_nothing() {
        let folder = tempfile::tempdir().unwrap();
        assert!(!layering_locked(&folder.path().join("rpm-ostreed.conf")));
    }
}
