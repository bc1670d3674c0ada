//! Desktop files as they become for an AppImage.

#![allow(clippy::unwrap_used)]

mod made;

use made::{fixture, look};
use strata_appimage::desktop::{BadDesktopFile, DesktopFile, Wish};

const PROGRAM: &str = "/home/ann/Applications/app.appimage";

fn wish() -> Wish {
    Wish { program: PROGRAM.into(), icon: Some("org.example.App".into()), name: "App".into(), ..Wish::default() }
}

fn written(text: &str, wish: &Wish) -> String {
    DesktopFile::parse(text).unwrap().rewrite(wish).unwrap().to_string()
}

/// The command line of an entry with this one.
fn exec(line: &str, wish: &Wish) -> String {
    let text = written(&format!("[Desktop Entry]\nName=A\nExec={line}\n"), wish);
    DesktopFile::parse(&text).unwrap().get("Exec").unwrap().to_owned()
}

#[test]
fn all_but_what_starts_it_stays_as_it_was() {
    let before = "# A comment\n\n[Desktop Entry]\nType = Application\nName=App\nName[de]=Anwendung\nName[sr@latin]=Aplikacija\n\
        Icon=app\nIcon[de]=anwendung\nExec=app --new %F\nTryExec=app\nDBusActivatable=true\nHidden=true\nPath=/usr/lib/app\n\
        MimeType=text/plain;image/png;\nStartupWMClass=App\nActions=new;\nX-Other=\\s a\\\\b\n\n\
        [Desktop Action new]\nName=New\nName[de]=Neu\nIcon=document-new\nExec=app --window\n\n[X-Unknown]\nKey=value\n";
    let after = format!(
        "# A comment\n\n[Desktop Entry]\nType=Application\nExec={PROGRAM} --new %F\nTryExec={PROGRAM}\nIcon=org.example.App\nName=App\n\
        Name[de]=Anwendung\nName[sr@latin]=Aplikacija\n\
        MimeType=text/plain;image/png;\nStartupWMClass=App\nActions=new;\nX-Other=\\s a\\\\b\n\n\
        [Desktop Action new]\nName=New\nName[de]=Neu\nIcon=document-new\nExec={PROGRAM} --window\n\n[X-Unknown]\nKey=value\n"
    );
    assert_eq!(written(before, &wish()), after);
    assert_eq!(written(&after, &wish()), after, "and once more changes nothing");
}

#[test]
fn command_lines_start_the_appimage_and_no_other_program() {
    let plain = wish();
    for (before, after) in [
        ("app", String::new()),
        ("", String::new()),
        ("app %U", " %U".into()),
        ("/usr/bin/app --x %f", " --x %f".into()),
        ("AppRun \"a b\"", " \"a b\"".into()),
        ("app %f %u %F", " %f".into()),
        ("app %d %m", String::new()),
        ("app 100%%", " 100%%".into()),
        ("app --url=%u --title=%c", " --url=%u --title=%c".into()),
        ("app \"--url=$x %u\"", " \"--url=\\\\$x \"".into()),
        ("app \\$HOME", " \"\\\\$HOME\"".into()),
        ("app $(reboot)", " \"\\\\$(reboot)\"".into()),
        ("app `id` ; rm -rf ~", " \"\\\\`id\\\\`\" \";\" rm -rf \"~\"".into()),
        ("sh -c \"app; reboot\" %U", " %U".into()),
        ("/bin/bash -c reboot", String::new()),
        ("env bash -c reboot", String::new()),
        ("env -S \"rm x\" app", String::new()),
        ("env -S \"app --new\" %F", " %F".into()),
        ("env --split-string=app x %F", " %F".into()),
        ("env -C /tmp app %F", " %F".into()),
        ("env -u X app %U", " %U".into()),
        ("env -uX --unset=Y --unset Z -i - -- app --new %U", " --new %U".into()),
        ("env -u", String::new()),
        ("env", String::new()),
        ("env A.B=1 =x app --new", " --new".into()),
        ("env FILE=%f app --new", " --new".into()),
        ("env -- -app --new", " --new".into()),
        ("nice -n 5 app %U", " %U".into()),
        ("/usr/bin/pkexec app --all %f", " %f".into()),
        ("env env -i app %u", " %u".into()),
        ("app '$x y' \"a\\\\nb\"", " \"\\\\$x y\" \"a\\\\\\\\nb\"".into()),
        ("%U", String::new()),
    ] {
        assert_eq!(exec(before, &plain), format!("{PROGRAM}{after}"), "{before}");
    }
    for (before, after) in [
        ("env A=1 B_2=x app %u", format!("env A=1 B_2=x {PROGRAM} %u")),
        ("env -u X A=1 nice -n 5 app %u", format!("env A=1 {PROGRAM} %u")),
        ("env X=%% nice app --file=%f", format!("env X=%% {PROGRAM} --file=%f")),
        ("env -i -- A=-x app -x", format!("env A=-x {PROGRAM} -x")),
    ] {
        assert_eq!(exec(before, &plain), after, "{before}");
    }
}

#[test]
fn what_the_person_wants_is_said() {
    let own = Wish {
        program: "/home/ann o'neil/100% $app/a.appimage".into(),
        environment: vec![("APPIMAGE_EXTRACT_AND_RUN".into(), "1".into()), ("X".into(), "a b".into())],
        arguments: vec!["--safe".into(), "%f".into()],
        terminal: Some(true),
        ..wish()
    };
    let program = "\"/home/ann o'neil/100%% \\\\$app/a.appimage\"";
    assert_eq!(exec("app %F", &own), format!("env APPIMAGE_EXTRACT_AND_RUN=1 \"X=a b\" {program} --safe %%f %F"));
    let text = written("[Desktop Entry]\nName=A\nTerminal=false\n", &own);
    assert!(text.contains("Terminal=true\n") && !text.contains("Terminal=false"), "{text}");
    assert!(text.contains("TryExec=/home/ann o'neil/100% $app/a.appimage\n"), "{text}");
}

#[test]
fn lines_that_no_reader_takes_are_left_out() {
    for (what, bad) in [
        ("no key", "=x"),
        ("no value", "nonsense"),
        ("a key with blanks", "Na me=x"),
        ("an open language", "Name[de=x"),
        ("a language that is none", "Name[d/e]=x"),
        ("a group that does not end", "[Broken"),
        ("a group in a group", "[[x]]"),
        ("a control character", "X=a\u{1b}[31mb"),
        ("a carriage return within", "X=a\rExec=evil"),
    ] {
        let text = format!("Exec=before\n[Desktop Entry]\r\nName=A\r\n{bad}\nComment=B\n");
        let found = written(&text, &wish());
        assert!(!found.contains(bad), "{what}: {found}");
        assert!(found.contains("Name=A\n") && found.contains("Comment=B\n"), "{what}: {found}");
        assert!(!found.contains("before") && !found.contains("evil"), "{what}: {found}");
    }
}

#[test]
fn a_key_that_stands_twice_is_ours_once() {
    let text = "[Desktop Entry]\nName=A\nExec=a\nExec=evil %f\n[Desktop Entry]\nExec=evil2\nTryExec=x\nExec[de]=evil3\n\
        [Other]\nExec[fr]=evil4\nTryExec=evil5\nExec=evil6\nIcon=/etc/x.png\n";
    let found = written(text, &wish());
    assert!(!found.contains("evil") && !found.contains("/etc"), "{found}");
    assert_eq!(found.matches("\nExec=").count(), 2, "{found}");
}

#[test]
fn what_is_no_app_or_cannot_be_written_is_refused() {
    use BadDesktopFile as Bad;
    for (text, expected) in [
        ("", Bad::NoEntry),
        ("[desktop entry]\nName=A", Bad::NoEntry),
        ("[Desktop Entry]\nType=Link\nURL=x", Bad::NoApp),
        ("[Desktop Entry]\nType=Directory", Bad::NoApp),
        (&"#\n".repeat(30_000), Bad::TooLarge),
        (&"#".repeat(2 << 20), Bad::TooLarge),
    ] {
        assert_eq!(DesktopFile::parse(text), Err(expected), "{text:.40}");
    }
    let file = DesktopFile::parse("[Desktop Entry]\nName=A\n").unwrap();
    for bad in [
        Wish { program: "app".into(), ..wish() },
        Wish { program: "/a=b/app".into(), ..wish() },
        Wish { program: "/a\nExec=evil".into(), ..wish() },
        Wish { icon: Some("x\nExec=evil".into()), ..wish() },
        Wish { environment: vec![("A B".into(), "x".into())], ..wish() },
        Wish { environment: vec![("-S".into(), "x".into())], ..wish() },
        Wish { arguments: vec!["a\0b".into()], ..wish() },
    ] {
        assert_eq!(file.rewrite(&bad), Err(Bad::BadWish), "{bad:?}");
    }
}

#[test]
fn names_and_pictures_that_are_not_there_are_ours() {
    let text = written("[Desktop Entry]\nName=\nName[de]=Anwendung\nIcon=firefox\n", &Wish { icon: None, ..wish() });
    assert!(text.contains("Name=App\n") && text.contains("Name[de]=Anwendung\n"), "{text}");
    assert!(!text.contains("Icon"), "another app's picture: {text}");
}

#[test]
fn real_ones_say_whether_they_want_to_be_shown() {
    for (name, wanted) in [
        ("appimagetool-x86_64.AppImage", true),
        ("Echo-x86_64.AppImage", true),
        ("Echo-no-integrate-x86_64.AppImage", false),
    ] {
        let desktop = look(&fixture(name)).unwrap().contents.desktop.unwrap();
        let file = DesktopFile::parse(&desktop.text).unwrap();
        assert_eq!(file.wants_integration(), wanted, "{name}");
        let text = file.rewrite(&wish()).unwrap().to_string();
        assert!(text.contains(&format!("Exec={PROGRAM}")), "{text}");
    }
}
