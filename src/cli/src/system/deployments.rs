//! Deployments by what a person types: a number, a version, or the beginning of either a version or a checksum.

use crate::ending::Trouble;
use crate::text::{clean, gettext_f};
use strata_model::{Deployment, System, marked};

/// So much of a checksum has to be typed.
const SHORTEST: usize = 4;

/// The one deployment that is meant.
pub(super) fn named<'s>(system: &'s System, typed: &str) -> Result<&'s Deployment, Trouble> {
    let values = || vec![("name", clean(typed)), ("choices", choices(system))];
    let say = |sentence| {
        let values = values();
        let values: Vec<_> = values.iter().map(|(name, value)| (*name, value.as_str())).collect();
        gettext_f(sentence, &values)
    };
    let found = found(&system.deployments, typed);
    match found[..] {
        [one] => Ok(one),
        [] => Err(Trouble::NothingFound(say(marked("There is no version “{name}” here. There are: {choices}")))),
        _ => Err(Trouble::Usage(say(marked("“{name}” could be more than one. Say its number: {choices}")))),
    }
}

/// What fits best: whole names before beginnings.
fn found<'s>(deployments: &'s [Deployment], typed: &str) -> Vec<&'s Deployment> {
    let number = typed.parse::<u32>().ok();
    let begins = |text: &str, shortest: usize| typed.len() >= shortest && text.starts_with(typed);
    let ways: [&dyn Fn(&Deployment) -> bool; 4] = [
        &|one| Some(one.index) == number,
        &|one| one.id == typed || one.version == typed || one.checksum == typed,
        &|one| begins(&one.version, 1),
        &|one| begins(&one.checksum, SHORTEST) || begins(&one.base_checksum, SHORTEST),
    ];
    let mut all = ways.iter().map(|is_it| deployments.iter().filter(|one| is_it(one)).collect::<Vec<_>>());
    all.find(|found| !found.is_empty()).unwrap_or_default()
}

fn choices(system: &System) -> String {
    let choice = |one: &Deployment| format!("{} ({})", one.index, clean(one.called()));
    system.deployments.iter().map(choice).collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_deployment_is_what_fits_best() {
        let one = |index, version: &str, checksum: &str| Deployment {
            index,
            id: format!("orchard-{checksum}.0"),
            version: version.to_owned(),
            checksum: checksum.to_owned(),
            base_checksum: checksum.to_owned(),
            ..Deployment::default()
        };
        let deployments = vec![
            one(0, "42.20261115.0", "abcdef"),
            one(1, "42.20261101.0", "123456"),
            one(2, "42.20261101.0", "12ffff"),
        ];
        let system = System { deployments, ..System::default() };
        let cases = [
            ("1", Some(1), "its number, though checksums begin so"),
            ("42.20261115.0", Some(0), "its version"),
            ("42.202611151", None, "no version"),
            ("42.2026111", Some(0), "the beginning of one version"),
            ("42.20261101.0", None, "two are called so"),
            ("1234", Some(1), "the beginning of its checksum"),
            ("12", None, "too short for a checksum"),
            ("orchard-12ffff.0", Some(2), "the daemon's id"),
            ("", None, "nothing"),
        ];
        for (typed, index, reason) in cases {
            assert_eq!(named(&system, typed).ok().map(|one| one.index), index, "{typed}: {reason}");
        }
        let Err(Trouble::Usage(sentence)) = named(&system, "42.20261101.0") else { panic!("it was guessed") };
        assert!(sentence.contains("1 (42.20261101.0), 2 (42.20261101.0)"), "{sentence}");
    }
}
