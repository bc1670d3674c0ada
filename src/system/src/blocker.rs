//! Which package blocks, out of what the solver says of dependencies that do not go together.

use crate::errors::alone;
use crate::packages::split;

/// The name of the package that blocks: one of `layered` that the text names, for taking it away is what helps; else one of
/// `asked`, else the first that it names; empty if nobody can tell. `None` if the text is not about dependencies. The words are libsolv's and rpm's.
pub(crate) fn blocker(text: &str, asked: &[String], layered: &[String]) -> Option<String> {
    const SIGNS: [&str; 9] = [
        "Could not depsolve transaction",
        "Forbidden base package replacements",
        "ase packages would be ",
        "conflicts with file from package",
        "conflicting requests",
        "cannot install both ",
        "cannot install the best ",
        "nothing provides ",
        "none of the providers can be installed",
    ];
    if !SIGNS.iter().any(|sign| text.contains(sign)) {
        return None;
    }
    let named = named(text);
    let is_one = |all: &[String], name: &str| all.iter().any(|one| one == name);
    let is_asked = |name: &&str| is_one(asked, name) || is_one(layered, name);
    let is_there = |name: &&str| is_one(layered, name) && !is_one(asked, name);
    // A name that was asked for can stand in the text by itself too: "nothing provides X needed by …" of a local file.
    let words = || text.split(|c: char| c.is_whitespace() || ",;:()'\"".contains(c)).filter(|word| !word.is_empty());
    let known = named.iter().copied().find(is_there).or_else(|| named.iter().copied().find(is_asked));
    let found = known.or_else(|| words().find(is_asked)).or(named.first().copied());
    Some(found.or(alone(asked)).unwrap_or_default().to_owned())
}

/// The names of packages that the text holds responsible, in its order.
fn named(text: &str) -> Vec<&str> {
    const BEFORE: [&str; 10] = [
        "needed by ",
        "problem with installed package ",
        "package ",
        "provided by ",
        "cannot install both ",
        "update candidate for ",
        "from install of ",
        "nothing provides requested ",
        "would be removed: ",
        "replacements:\n  ",
    ];
    let mut named: Vec<(usize, &str)> = Vec::new();
    for before in BEFORE {
        for (at, _) in text.match_indices(before) {
            let after = &text[at + before.len()..];
            let word = after.split(|c: char| c.is_whitespace() || c == ',').next().unwrap_or_default();
            let (name, version, _) = split(word);
            // "package manager" is no package; "nothing provides requested X" and replacements have no version.
            if !version.is_empty() || before.contains("requested") || before.contains("replacements") {
                named.push((at, name));
            }
        }
    }
    named.sort_by_key(|(at, _)| *at);
    named.into_iter().map(|(_, name)| name).filter(|name| !name.is_empty()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const CONFLICTING: &str = "Could not depsolve transaction; 1 problem detected:\n Problem: conflicting requests\n  - nothing provides no-such-capability needed by brokendep-1.0-1.noarch from rig";
    const UPGRADE: &str = "Could not depsolve transaction; 1 problem detected:\n Problem: package akmod-nvidia-3:565.57-1.fc41.x86_64 from @System requires kernel-devel-matched, but none of the providers can be installed\n  - package kernel-devel-matched-6.11-1.fc41.x86_64 from updates requires kernel-core = 6.11-1.fc41, but none of the providers can be installed";
    const BOTH: &str = "Could not depsolve transaction; 1 problem detected:\n Problem: cannot install both one-1.0-1.noarch from rig and one-2.0-1.noarch from rig\n  - package two-1.0-1.noarch from rig requires one = 1.0, but none of the providers can be installed\n  - conflicting requests";
    const BASE: &str = "Forbidden base package replacements:\n  glib2 2.82.1-1.fc41 -> 2.82.2-1.fc41 (updates)\nThis likely means that some of your layered packages have requirements on newer or older base packages.";

    #[test]
    fn the_package_that_blocks_is_named() {
        let cases: [(&str, &[&str], Option<&str>, &str); 8] = [
            (CONFLICTING, &["brokendep"], Some("brokendep"), "what was asked for"),
            (CONFLICTING, &[], Some("brokendep"), "nobody asked: an update"),
            (CONFLICTING, &["greet"], Some("brokendep"), "another was asked for as well"),
            (UPGRADE, &["greet", "akmod-nvidia"], Some("akmod-nvidia"), "the layered one"),
            (BOTH, &["two"], Some("two"), "not the first that is named"),
            (BOTH, &[], Some("one"), "the first that is named"),
            (BASE, &["evolution"], Some("glib2"), "what stands against the image"),
            ("Packages not found: greet", &["greet"], None, "not about dependencies"),
        ];
        for (text, asked, expected, reason) in cases {
            let asked: Vec<_> = asked.iter().map(|name| (*name).to_owned()).collect();
            assert_eq!(blocker(text, &asked, &[]).as_deref(), expected, "{reason}");
            assert_eq!(blocker(text, &[], &asked).as_deref(), expected, "layered: {reason}");
        }
    }

    #[test]
    fn the_layered_package_is_named_whatever_the_solver_says_of_it() {
        let says = [
            "package blender-1:4.2-1.fc42.x86_64 from updates conflicts with (foo >= 2 with foo < 3) provided by foo-2.1-1.fc42.x86_64 from @System",
            "package foo-2.1-1.fc42.x86_64 from copr:copr.fedorainfracloud.org:a:b requires libavcodec.so.60()(64bit), but none of the providers can be installed",
            "nothing provides libold.so.3()(64bit) needed by foo-2.1-1.fc42.x86_64 from rpmfusion-free",
            "cannot install both bar-2-1.fc42.x86_64 from updates and bar-1-1.fc42.x86_64 from @System\n  - package foo-2.1-1.fc42.x86_64 from @System requires bar = 1, but none of the providers can be installed\n  - cannot install the best update candidate for package bar-1-1.fc42.x86_64",
            "package bar-2-1.fc42.x86_64 from updates obsoletes foo < 3 provided by foo-2.1-1.fc42.x86_64 from @System",
            "problem with installed package foo-2.1-1.fc42.x86_64\n  - foo-2.1-1.fc42.x86_64 from @System does not belong to a distupgrade repository",
            "package foo-2.1-1.fc42.x86_64 from fedora is filtered out by exclude filtering",
            "installed package bar-2-1.fc42.x86_64 conflicts with foo provided by foo-2.1-1.fc42.x86_64 from @System",
        ];
        let layered = ["zsh".to_owned(), "foo".to_owned()];
        for problem in says {
            let text = format!(
                "Could not depsolve transaction; 1 problem detected:\n Problem: conflicting requests\n  - {problem}"
            );
            assert_eq!(blocker(&text, &[], &layered).as_deref(), Some("foo"), "{problem}");
        }
        let files = "Running transaction: file /usr/bin/x from install of foo-2.1-1.fc42.x86_64 conflicts with file from package bar-2-1.fc42.x86_64";
        assert_eq!(blocker(files, &[], &layered).as_deref(), Some("foo"));
        let asked = "Could not depsolve transaction; 1 problem detected:\n Problem: conflicting requests\n  - package greet-1-1.noarch from a conflicts with foo provided by foo-2.1-1.fc42.x86_64 from @System";
        let greet = ["greet".to_owned()];
        assert_eq!(blocker(asked, &greet, &layered).as_deref(), Some("foo"), "the one that is there can be taken away");
        assert_eq!(blocker(asked, &greet, &["zsh".to_owned()]).as_deref(), Some("greet"));
        let two = "Could not depsolve transaction; 2 problems detected:\n Problem 1: conflicting requests\n  - nothing provides libz needed by bar-2-1.noarch from a\n Problem 2: package foo-2.1-1.noarch from b requires bar, but none of the providers can be installed";
        assert_eq!(blocker(two, &[], &layered).as_deref(), Some("foo"));
    }

    #[test]
    fn a_text_without_names_is_about_what_was_asked_if_that_is_one() {
        let text = "Could not depsolve transaction; 1 problem detected:\n Problem: something new";
        let (one, other) = ("greet".to_owned(), "atop".to_owned());
        assert_eq!(blocker(text, std::slice::from_ref(&one), &[]).as_deref(), Some("greet"));
        assert_eq!(blocker(text, &[], std::slice::from_ref(&one)).as_deref(), Some(""), "an update");
        assert_eq!(blocker(text, &[one, other], &[]).as_deref(), Some(""));
        assert_eq!(blocker(text, &[], &[]).as_deref(), Some(""));
    }
}
