//! `docs/system.md` shows what is printed: each command there is run in its scenario.

use strata_demo::Scenario;
use strata_tests::{ctl, world};

const DOCUMENT: &str = include_str!("../../docs/system.md");

/// What a task says on its way, which the document leaves out.
const STAGES: [&str; 5] = ["waiting", "preparing", "downloading", "installing", "finishing"];

/// The worlds with an operating system and nothing else.
const SCENARIOS: [(&str, Scenario); 12] = [
    ("classic", Scenario::Classic),
    ("container", Scenario::Container),
    ("locked-layering", Scenario::LockedLayering),
    ("refused-layering", Scenario::RefusedLayering),
    ("advisories", Scenario::Advisories),
    ("staged", Scenario::Staged),
    ("broken-dependency", Scenario::BrokenDependency),
    ("failing-script", Scenario::FailingScript),
    ("slow-system", Scenario::SlowSystem),
    ("dying", Scenario::Dying),
    ("busy", Scenario::Busy),
    ("no-daemon", Scenario::NoDaemon),
];

/// A command as it stands in the document, and what it prints.
fn examples() -> Vec<(&'static str, Vec<&'static str>, &'static str)> {
    let blocks = DOCUMENT.split("```\n").filter_map(|block| block.strip_prefix("$ strata-demo --scenario "));
    let read = |block: &'static str| {
        let (command, printed) = block.split_once('\n').unwrap();
        let (scenario, words) = command.split_once(" -- stratactl").unwrap();
        (scenario, words.split_whitespace().collect(), printed)
    };
    blocks.map(read).collect()
}

fn is_progress(line: &str) -> bool {
    let stage = line.rsplit_once(": ").map(|(_, stage)| stage.split(' ').next().unwrap_or_default());
    stage.is_some_and(|stage| STAGES.contains(&stage))
}

#[test]
fn every_scenario_of_the_system_prints_what_is_documented() {
    let examples = examples();
    for (name, _) in SCENARIOS {
        assert!(examples.iter().any(|(shown, ..)| *shown == name), "{name} is not shown");
    }
    for (name, words, documented) in examples {
        let scenario = SCENARIOS.iter().find(|(known, _)| *known == name).unwrap().1;
        let said = ctl(&world(scenario), &words);
        let printed = said.out.lines().chain(said.err.lines()).filter(|line| !is_progress(line));
        let printed: String = printed.flat_map(|line| [line, "\n"]).collect();
        assert_eq!(printed, documented, "{name}: stratactl {}", words.join(" "));
    }
}
