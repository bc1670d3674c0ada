//! Folders that are reached by several paths, and several folders.

use super::*;
use std::os::unix::fs::MetadataExt;

/// The folder of AppImages is a link to this one, as all of `/home` is on atomic desktops.
const REAL: &str = "var/apps";

fn linked() -> World {
    let world = World::new();
    std::fs::create_dir_all(world.path(REAL)).unwrap();
    std::os::unix::fs::symlink(world.path(REAL), world.path("Applications")).unwrap();
    world
}

fn install(world: &World, below: &str, bytes: &[u8]) -> Result<Changed, LibraryError> {
    world.library().install(&new(&world.put(below, bytes)), &Place::Here, Settings::default())
}

fn left(world: &World) -> Vec<String> {
    world.library().left().unwrap().into_iter().map(|left| left.file).collect()
}

#[test]
fn one_app_is_one_by_every_path_to_it() {
    let world = linked();
    install(&world, "var/apps/App.AppImage", &app("1")).unwrap();
    let again = install(&world, "Applications/App.AppImage", &app("2")).unwrap_err();
    assert!(matches!(&again, LibraryError::Already(id) if id == ID), "{again}");
    world.put("var/apps/Mine.AppImage", &other(made::DESKTOP));
    let found = world.library().found().unwrap();
    assert_eq!(
        found.into_iter().map(|found| found.path).collect::<Vec<_>>(),
        [world.path("Applications/Mine.AppImage")]
    );
}

#[test]
fn data_of_an_app_are_in_use_by_every_path_to_it() {
    let world = linked();
    install(&world, "var/apps/App.AppImage", &app("1")).unwrap();
    world.put("var/apps/App.AppImage.home/notes", b"precious");
    // Its drive may come back.
    std::fs::rename(world.path("var/apps/App.AppImage"), world.path("away")).unwrap();
    assert_eq!(left(&world), [""; 0]);
    world.library().remove(ID, false).unwrap();
    assert_eq!(left(&world), ["App.AppImage"]);
    world.library().remove_left("App.AppImage").unwrap();
    assert!(!world.path("var/apps/App.AppImage.home").exists());
}

#[test]
fn what_lies_in_the_folder_already_is_renamed_and_not_brought_there() {
    let world = linked();
    install(&world, "var/apps/App.AppImage", &app("1")).unwrap();
    let next = world.put("Applications/next", &app("2"));
    let (candidate, inode) = (new(&next), |path: &Path| path.metadata().unwrap().ino());
    let before = inode(&next);
    let mut library = world.library();
    // Or a second name would do.
    library.disk.one_name = true;
    library.update(ID, &candidate).unwrap();
    assert_eq!((inode(&world.path("var/apps/App.AppImage")), next.exists()), (before, false));
}

#[test]
fn what_is_left_stays_in_sight_where_new_ones_are_put_elsewhere() {
    let world = World::new();
    let folder = |name: &str| {
        world.put(".config/strata/settings.toml", format!("[appimages]\nfolder = \"~/{name}\"\n").as_bytes());
    };
    world.put("Applications/One.AppImage.home/notes", b"1");
    folder("elsewhere");
    assert_eq!(left(&world), ["One.AppImage"]);
    world.put("elsewhere/Two.AppImage.config/rc", b"2");
    assert_eq!(left(&world), ["One.AppImage", "Two.AppImage"]);
    install(&world, "elsewhere/App.AppImage", &app("1")).unwrap();
    folder("third");
    assert_eq!(left(&world), ["One.AppImage", "Two.AppImage"], "where one is installed others may have been");
    // Of one that is in use somewhere else what another of its name has left goes alone.
    world.put("elsewhere/App.AppImage.home/notes", b"precious");
    world.put("Applications/App.AppImage.home/notes", b"3");
    assert_eq!(left(&world), ["App.AppImage", "One.AppImage", "Two.AppImage"]);
    world.library().remove_left("App.AppImage").unwrap();
    assert_eq!(world.text("elsewhere/App.AppImage.home/notes"), "precious");
    assert!(!world.path("Applications/App.AppImage.home").exists());
}
