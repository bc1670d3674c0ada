//! `completions` and `man`: made by clap from the same description as the command line itself.

use crate::args::CommandLine;
use crate::ending::{Ending, Trouble};
use crate::output::Output;
use crate::text::{clean, gettext_f};
use clap::CommandFactory;
use clap_complete::Shell;
use clap_mangen::Man;
use std::io;
use strata_model::{Failure, FailureKind};

pub(crate) fn completions(output: &Output, shell: Shell) -> Ending {
    let mut text = Vec::new();
    clap_complete::generate(shell, &mut CommandLine::command(), "stratactl", &mut text);
    output.print(&text);
    Ending::Done
}

/// The page of stratactl itself, or of one of its commands.
pub(crate) fn man(output: &Output, command: Option<&str>) -> Result<Ending, Trouble> {
    let mut whole = CommandLine::command();
    whole.build();
    let page = match command {
        None => whole,
        Some(name) => {
            let found = whole.find_subcommand(name).cloned();
            let page_name: &'static str = format!("stratactl-{name}").leak();
            let unknown = || gettext_f("There is no command “{name}”.", &[("name", &clean(name))]);
            found.ok_or_else(|| Trouble::NothingFound(unknown()))?.name(page_name)
        }
    };
    let mut text = Vec::new();
    Man::new(page).render(&mut text).map_err(|error| failed(&error))?;
    output.print(&text);
    Ok(Ending::Done)
}

fn failed(error: &io::Error) -> Trouble {
    Trouble::Failed(Failure::new(FailureKind::Other, "stratactl", error.to_string()))
}
