//! The daemon's configuration file, which clients read too.

use std::fs;
use std::path::Path;

/// The usual time without clients and work after which the daemon leaves, in seconds.
const IDLE: u64 = 60;

/// What of `rpm-ostreed.conf` is acted upon.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Config {
    /// `none`, `check`, `stage` or `apply`.
    pub policy: String,
    /// Packages may not be layered.
    pub lock_layering: bool,
    /// Seconds without clients and work; 0 is for ever.
    pub idle: u64,
}

impl Config {
    /// What a missing file means.
    pub fn usual() -> Self {
        Self { policy: "none".to_owned(), lock_layering: false, idle: IDLE }
    }

    /// The file's settings, and the usual ones for what it does not say.
    pub fn read(path: &Path) -> Self {
        Self::parse(&fs::read_to_string(path).unwrap_or_default())
    }

    fn parse(text: &str) -> Self {
        let mut config = Self::usual();
        let lines = text.lines().map(str::trim).filter(|line| !line.starts_with('#'));
        for (key, value) in lines.filter_map(|line| line.split_once('=')) {
            let value = value.trim();
            match key.trim() {
                "AutomaticUpdatePolicy" => value.clone_into(&mut config.policy),
                "LockLayering" => config.lock_layering = value == "true",
                "IdleExitTimeout" => config.idle = value.parse().unwrap_or(IDLE),
                _ => {}
            }
        }
        config
    }

    /// The file's text.
    pub fn text(&self) -> String {
        format!(
            "[Daemon]\nAutomaticUpdatePolicy={}\nIdleExitTimeout={}\nLockLayering={}\n",
            self.policy, self.idle, self.lock_layering
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read() {
        let config = Config { policy: "stage".to_owned(), lock_layering: true, idle: 2 };
        assert_eq!(Config::parse(&config.text()), config);
        assert_eq!(Config::parse("# LockLayering=true\n"), Config::usual());
    }
}
