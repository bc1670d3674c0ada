//! Package identities and how their versions compare.

use serde::{Deserialize, Serialize};
use std::cmp::Ordering;
use std::fmt;
use strata_model::version;

/// What names one build of a package.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub struct Nevra {
    /// Its name.
    pub name: String,
    /// Outranks the version; 0 is not written.
    pub epoch: u64,
    /// Upstream's version.
    pub version: String,
    /// The distribution's release.
    pub release: String,
    /// The architecture, or `noarch`.
    pub arch: String,
}

impl Nevra {
    /// Out of `NAME-[EPOCH:]VERSION-RELEASE.ARCH`.
    pub fn parse(text: &str) -> Option<Self> {
        let (rest, arch) = text.rsplit_once('.')?;
        let (rest, release) = rest.rsplit_once('-')?;
        let (name, version) = rest.rsplit_once('-')?;
        let (epoch, version) = version.split_once(':').unwrap_or(("0", version));
        let part = str::to_owned;
        let epoch = epoch.parse().ok()?;
        Some(Self { name: part(name), epoch, version: part(version), release: part(release), arch: part(arch) })
    }

    /// `[EPOCH:]VERSION-RELEASE`.
    pub fn evr(&self) -> String {
        let epoch = if self.epoch == 0 { String::new() } else { format!("{}:", self.epoch) };
        format!("{epoch}{}-{}", self.version, self.release)
    }

    /// Whether this one is newer, by rpm's rules.
    pub fn newer(&self, other: &Self) -> Ordering {
        let versions = || version::runs(&self.version, &other.version);
        self.epoch.cmp(&other.epoch).then_with(versions).then_with(|| version::runs(&self.release, &other.release))
    }
}

impl fmt::Display for Nevra {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}-{}.{}", self.name, self.evr(), self.arch)
    }
}

impl From<Nevra> for String {
    fn from(nevra: Nevra) -> Self {
        nevra.to_string()
    }
}

impl TryFrom<String> for Nevra {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        Self::parse(&text).ok_or_else(|| format!("{text} is not NAME-VERSION-RELEASE.ARCH"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_compare_as_rpm_compares_them() {
        let cases = [
            ("a-1.0-1.noarch", "a-1.1-1.noarch", Ordering::Less),
            ("a-1.10-1.noarch", "a-1.9-1.noarch", Ordering::Greater),
            ("a-1.0-2.fc42.noarch", "a-1.0-1.fc43.noarch", Ordering::Greater),
            ("a-1:1.0-1.noarch", "a-2.0-1.noarch", Ordering::Greater),
            ("a-1.0-1.noarch", "a-1.0-1.noarch", Ordering::Equal),
            ("a-1.0a-1.noarch", "a-1.0-1.noarch", Ordering::Greater),
        ];
        for (one, other, order) in cases {
            let parse = |text| Nevra::parse(text).unwrap();
            assert_eq!(parse(one).newer(&parse(other)), order, "{one} and {other}");
            assert_eq!(parse(one).to_string(), one);
        }
    }
}
