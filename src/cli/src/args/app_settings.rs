//! What can be said of how one app is started, and where it lies.

use clap::Args;
use std::path::PathBuf;
use strata_model::app_settings::InTerminal;

#[derive(Debug, Args)]
pub(crate) struct AppSettings {
    /// Its name, id or full reference
    #[arg(value_name = "APP")]
    pub(crate) app: String,
    /// Take back whatever was said of how it starts, also folders of its own if they are empty; it stays where it lies
    #[arg(long)]
    pub(crate) reset: bool,
    /// What it is started with, before its own arguments: one line, words with blanks in quotes
    #[arg(long, value_name = "LINE", allow_hyphen_values = true)]
    pub(crate) arguments: Option<String>,
    /// Set a variable of its environment; can be said several times
    #[arg(long, value_name = "NAME=VALUE")]
    pub(crate) env: Vec<String>,
    /// Do not set this variable any more; can be said several times
    #[arg(long, value_name = "NAME")]
    pub(crate) unset_env: Vec<String>,
    /// Start it in a terminal, or not; `auto` is as it says itself
    #[arg(long, value_parser = in_terminal, value_name = "yes|no|auto")]
    pub(crate) terminal: Option<InTerminal>,
    /// Let it keep all its data in a folder of its own beside it, or not
    #[arg(long, value_parser = yes_or_no, value_name = "yes|no")]
    pub(crate) portable_home: Option<bool>,
    /// Let it keep its settings in a folder of its own beside it, or not
    #[arg(long, value_parser = yes_or_no, value_name = "yes|no")]
    pub(crate) portable_config: Option<bool>,
    /// Show it in the menus of the desktop, or not
    #[arg(long, value_parser = yes_or_no, value_name = "yes|no")]
    pub(crate) menus: Option<bool>,
    /// Move its file, with the folders of its own, into this folder
    #[arg(long, value_name = "FOLDER")]
    pub(crate) folder: Option<PathBuf>,
}

fn yes_or_no(word: &str) -> Result<bool, String> {
    match word {
        "yes" => Ok(true),
        "no" => Ok(false),
        _ => Err("yes or no".to_owned()),
    }
}

fn in_terminal(word: &str) -> Result<InTerminal, String> {
    match word {
        "yes" => Ok(InTerminal::Yes),
        "no" => Ok(InTerminal::No),
        "auto" => Ok(InTerminal::Auto),
        _ => Err("yes, no or auto".to_owned()),
    }
}
