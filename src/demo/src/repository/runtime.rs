//! A tiny runtime out of this machine's own shell, so that apps really start.

use super::tree::Tree;
use crate::command::run;
use crate::{DemoError, host_arch};
use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// `ldconfig` because flatpak calls it in the sandbox before an app's first start.
const PROGRAMS: [&str; 3] = ["sh", "sleep", "ldconfig"];
const FOLDERS: [&str; 4] = ["/usr/bin", "/bin", "/usr/sbin", "/sbin"];

pub(super) fn write(tree: &mut Tree, id: &str, branch: &str) -> Result<(), DemoError> {
    let arch = host_arch();
    tree.write_metadata(format!("[Runtime]\nname={id}\nruntime={id}/{arch}/{branch}\nsdk={id}/{arch}/{branch}\n"));
    tree.write("files/etc/runtime", format!("{id} {branch}\n"));
    let mut libraries = BTreeSet::new();
    for name in PROGRAMS {
        let program = find(name)?;
        libraries.extend(libraries_of(&program));
        copy(tree, &program, &format!("files/bin/{name}"))?;
    }
    for library in libraries {
        // The runtime's `files` is the sandbox's /usr, where /lib and /lib64 of the root point.
        let path = library.strip_prefix("/usr").or_else(|_| library.strip_prefix("/"));
        if let Ok(path) = path {
            copy(tree, &library, &format!("files/{}", path.display()))?;
        }
    }
    Ok(())
}

fn find(name: &str) -> Result<PathBuf, DemoError> {
    let found = FOLDERS.iter().map(|folder| Path::new(folder).join(name)).find(|path| path.exists());
    found.ok_or_else(|| DemoError::Program { program: name.to_owned(), detail: "not found on this machine".to_owned() })
}

/// Shared libraries and the loader; none for a static program, for which `ldd` fails.
fn libraries_of(program: &Path) -> Vec<PathBuf> {
    let listed = run(Command::new("ldd").arg(program)).unwrap_or_default();
    listed.split_whitespace().filter(|word| word.starts_with('/')).map(PathBuf::from).collect()
}

fn copy(tree: &mut Tree, from: &Path, to: &str) -> Result<(), DemoError> {
    let bytes = fs::read(from).map_err(DemoError::file(from))?;
    tree.write_program(to, bytes);
    Ok(())
}
