//! `app-settings`: how one app is started, and where it lies.

use crate::ending::{Ending, Trouble};
use crate::session::Session;
use crate::table::Table;
use crate::{args, json, resolve};
use gettextrs::gettext;
use std::path::{Component, Path, PathBuf};
use strata_model::app_settings::{InTerminal, Unfit, read_arguments};
use strata_model::{AppSettings, Installed, Snapshot, SourceKind, command_line, marked};

pub(crate) async fn run(mut session: Session, asked: args::AppSettings) -> Result<Ending, Trouble> {
    let snapshot = session.ready().await?;
    let known = with_settings(&snapshot, &asked.app);
    let part = resolve::installed(&mut session, &known, &asked.app).await?;
    let engine = session.engine.clone();
    let mut settings = session.interrupt.or(engine.app_settings(&part.offer)).await??;
    let wish = wished(settings.clone(), &asked).map_err(unfit)?;
    if wish != settings {
        session.interrupt.or(engine.set_app_settings(&part.offer, &wish)).await??;
        settings = session.interrupt.or(engine.app_settings(&part.offer)).await??;
    }
    show(&session, part, &settings);
    Ok(Ending::Done)
}

/// An app that has settings comes before another one of its name.
fn with_settings(snapshot: &Snapshot, name: &str) -> Snapshot {
    let mut known = snapshot.clone();
    known.installed.retain(|part| part.offer.source == SourceKind::AppImage);
    if resolve::is_there(&known.installed, name, None) { known } else { snapshot.clone() }
}

fn unfit(unfit: Unfit) -> Trouble {
    Trouble::Usage(gettext(unfit.sentence()))
}

/// The settings as they shall be.
fn wished(before: AppSettings, asked: &args::AppSettings) -> Result<AppSettings, Unfit> {
    let mut wish = if asked.reset { before.reset() } else { before };
    if let Some(line) = &asked.arguments {
        wish.arguments = read_arguments(line)?;
    }
    wish.environment.retain(|name, _| !asked.unset_env.contains(name));
    for variable in &asked.env {
        let (name, value) = variable.split_once('=').ok_or(Unfit::Name)?;
        wish.environment.insert(name.to_owned(), value.to_owned());
    }
    wish.terminal = asked.terminal.unwrap_or(wish.terminal);
    wish.portable_home = asked.portable_home.unwrap_or(wish.portable_home);
    wish.portable_config = asked.portable_config.unwrap_or(wish.portable_config);
    wish.in_menus = asked.menus.unwrap_or(wish.in_menus);
    if let Some(folder) = &asked.folder {
        wish.folder = whole(folder)?;
    }
    wish.check()?;
    Ok(wish)
}

/// A folder by its whole path. What leads upwards is followed as far as there is something to lead to.
fn whole(folder: &Path) -> Result<String, Unfit> {
    let mut path = PathBuf::new();
    for part in std::path::absolute(folder).map_err(|_| Unfit::Folder)?.components() {
        if part == Component::ParentDir {
            path = path.canonicalize().unwrap_or(path);
            path.pop();
        } else {
            path.push(part);
        }
    }
    path.into_os_string().into_string().map_err(|_| Unfit::Folder)
}

fn show(session: &Session, part: &Installed, settings: &AppSettings) {
    if session.output.json {
        session.output.result(&json::AppSettings::new(part, settings));
        return;
    }
    let mut table = Table::new([marked("Setting"), marked("Value")].map(gettext).to_vec(), &[1]);
    let yes_or_no = |is: bool| if is { "yes" } else { "no" };
    // As it is said on the command line.
    table.row(&["folder", &settings.folder]);
    table.row(&["arguments", &command_line::join(&settings.arguments)]);
    for (name, value) in &settings.environment {
        table.row(&["env", &format!("{name}={value}")]);
    }
    let terminal = match settings.terminal {
        InTerminal::Auto => "auto",
        InTerminal::Yes => "yes",
        InTerminal::No => "no",
    };
    table.row(&["terminal", terminal]);
    table.row(&["portable-home", yes_or_no(settings.portable_home)]);
    table.row(&["portable-config", yes_or_no(settings.portable_config)]);
    table.row(&["menus", yes_or_no(settings.in_menus)]);
    session.output.table(&table);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::args::{Command, CommandLine};
    use clap::Parser;

    fn before() -> AppSettings {
        AppSettings {
            folder: "/home/ann/Applications".into(),
            arguments: vec!["--old".into()],
            environment: [("A".into(), "1".into()), ("B".into(), "2".into())].into(),
            terminal: InTerminal::Yes,
            portable_home: true,
            in_menus: true,
            ..AppSettings::default()
        }
    }

    fn wish(words: &[&str]) -> Result<AppSettings, Unfit> {
        let line = CommandLine::try_parse_from([&["stratactl", "app-settings", "scribe"], words].concat()).unwrap();
        let Command::AppSettings(asked) = line.command else { panic!("{words:?}") };
        wished(before(), &asked)
    }

    #[test]
    fn only_what_is_said_is_changed() {
        assert_eq!(wish(&[]).unwrap(), before());
        let changed = wish(&["--arguments", "--new 'a b'", "--env", "B=3=4", "--unset-env", "A"]).unwrap();
        assert_eq!(changed.arguments, ["--new", "a b"]);
        assert_eq!(changed.environment, [("B".into(), "3=4".into())].into());
        assert!(changed.portable_home && changed.terminal == InTerminal::Yes);
        let changed = wish(&["--terminal", "auto", "--portable-home", "no", "--menus", "no"]).unwrap();
        assert_eq!((changed.terminal, changed.portable_home, changed.in_menus), (InTerminal::Auto, false, false));
        assert_eq!(wish(&["--arguments", ""]).unwrap().arguments, [""; 0]);
        let reset = wish(&["--reset", "--env", "C=1"]).unwrap();
        assert_eq!((reset.environment.len(), reset.arguments.len(), reset.in_menus), (1, 0, true));
    }

    #[test]
    fn what_cannot_be_is_refused_before_anybody_is_asked() {
        for (words, expected) in [
            (["--arguments", "'a"], Unfit::Quote),
            (["--env", "A"], Unfit::Name),
            (["--env", "A B=1"], Unfit::Name),
            (["--env", "A=1\n2"], Unfit::Character),
            (["--arguments", &"x ".repeat(201)], Unfit::Many),
        ] {
            assert_eq!(wish(&words).unwrap_err(), expected, "{words:?}");
        }
        let parsed = |words: &[&str]| CommandLine::try_parse_from([&["stratactl", "app-settings"], words].concat());
        for bad in
            [&["a", "--terminal", "maybe"][..], &["a", "--menus", "auto"], &["a", "--folder", ""], &["a", "b"], &[]]
        {
            assert!(parsed(bad).is_err(), "{bad:?}");
        }
    }

    #[test]
    fn a_folder_is_made_whole() {
        let here = std::env::current_dir().unwrap();
        assert_eq!(whole(Path::new("apps")).unwrap(), here.join("apps").to_str().unwrap());
        assert_eq!(whole(Path::new("/usr/bin/../no such/../lib")).unwrap(), "/usr/lib");
    }
}
