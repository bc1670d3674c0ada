//! The tree of files that a commit holds, in a scratch folder.

use super::component;
use crate::{AddonSpec, AppSpec, DemoError, host_arch};
use std::fs;
use std::io::Write;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use tempfile::TempDir;

const PAYLOAD: &str = "files/share/payload";

/// A scratch folder that becomes a commit. Gone when dropped.
#[derive(Debug)]
pub(super) struct Tree {
    scratch: TempDir,
}

impl Tree {
    /// Inside the repository's folder, so that it is on the same file system and goes with it.
    pub(super) fn new(repository: &Path) -> Result<Self, DemoError> {
        let scratch = tempfile::Builder::new().prefix("tree-").tempdir_in(repository);
        Ok(Self { scratch: scratch.map_err(DemoError::file(repository))? })
    }

    pub(super) fn root(&self) -> &Path {
        self.scratch.path()
    }

    pub(super) fn metadata(&self) -> Result<String, DemoError> {
        let path = self.root().join("metadata");
        fs::read_to_string(&path).map_err(DemoError::file(path))
    }

    pub(super) fn write(&self, path: &str, bytes: impl AsRef<[u8]>) -> Result<PathBuf, DemoError> {
        let path = self.root().join(path);
        if let Some(folder) = path.parent() {
            fs::create_dir_all(folder).map_err(DemoError::file(folder))?;
        }
        fs::write(&path, bytes).map_err(DemoError::file(&path))?;
        Ok(path)
    }

    pub(super) fn write_program(&self, path: &str, bytes: impl AsRef<[u8]>) -> Result<(), DemoError> {
        let path = self.write(path, bytes)?;
        fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).map_err(DemoError::file(path))
    }

    pub(super) fn write_app(&self, spec: &AppSpec) -> Result<(), DemoError> {
        let id = &spec.id;
        self.write("metadata", app_metadata(spec))?;
        self.write_program("files/bin/start", start_script(spec))?;
        let desktop = desktop_file(spec);
        self.write(&format!("files/share/applications/{id}.desktop"), &desktop)?;
        self.write(&format!("export/share/applications/{id}.desktop"), &desktop)?;
        for icon in &spec.icons {
            let size = format!("{0}x{0}", icon.size);
            self.write(&format!("files/share/app-info/icons/flatpak/{size}/{id}.png"), &icon.png)?;
            self.write(&format!("export/share/icons/hicolor/{size}/apps/{id}.png"), &icon.png)?;
        }
        let component = spec.component.clone().unwrap_or_else(|| component::of_app(spec));
        self.write_component(id, &component)?;
        self.write_payload(&format!("{id} {} {}", spec.branch, spec.version), spec.payload)
    }

    pub(super) fn write_addon(&self, spec: &AddonSpec) -> Result<(), DemoError> {
        let AddonSpec { id, extends, branch, .. } = spec;
        let arch = host_arch();
        self.write("metadata", format!("[Runtime]\nname={id}\n\n[ExtensionOf]\nref=app/{extends}/{arch}/{branch}\n"))?;
        let component = spec.component.clone().unwrap_or_else(|| component::of_addon(spec));
        self.write_component(id, &component)?;
        self.write_payload(id, spec.payload)
    }

    fn write_component(&self, id: &str, component: &str) -> Result<(), DemoError> {
        let xml = format!(
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<components version=\"1.0\">{component}</components>\n"
        );
        let path = self.root().join(format!("files/share/app-info/xmls/{id}.xml.gz"));
        let folder = self.root().join("files/share/app-info/xmls");
        fs::create_dir_all(&folder).map_err(DemoError::file(&folder))?;
        let file = fs::File::create(&path).map_err(DemoError::file(&path))?;
        let mut packer = flate2::write::GzEncoder::new(file, flate2::Compression::fast());
        packer.write_all(xml.as_bytes()).and_then(|()| packer.finish().map(drop)).map_err(DemoError::file(path))
    }

    fn write_payload(&self, seed: &str, bytes: u64) -> Result<(), DemoError> {
        self.write(PAYLOAD, noise(seed, bytes)).map(drop)
    }

    /// Installed bytes, and a good estimate of the bytes to download: what the files take when packed fast.
    pub(super) fn sizes(&self) -> Result<(u64, u64), DemoError> {
        let (mut installed, mut download) = (0, 0);
        let mut folders = vec![self.root().to_path_buf()];
        while let Some(folder) = folders.pop() {
            for entry in fs::read_dir(&folder).map_err(DemoError::file(&folder))? {
                let path = entry.map_err(DemoError::file(&folder))?.path();
                let about = fs::symlink_metadata(&path).map_err(DemoError::file(&path))?;
                if about.is_dir() {
                    folders.push(path);
                } else if about.is_file() {
                    installed += about.len().div_ceil(512) * 512;
                    // The payload does not compress, by design.
                    let noise = path.ends_with(PAYLOAD);
                    download += if noise { about.len() } else { packed_size(&path)? };
                }
            }
        }
        Ok((installed, download))
    }
}

fn packed_size(path: &Path) -> Result<u64, DemoError> {
    let mut file = fs::File::open(path).map_err(DemoError::file(path))?;
    let mut packer = flate2::write::DeflateEncoder::new(std::io::sink(), flate2::Compression::fast());
    std::io::copy(&mut file, &mut packer).map_err(DemoError::file(path))?;
    packer.flush().map_err(DemoError::file(path))?;
    Ok(packer.total_out())
}

fn app_metadata(spec: &AppSpec) -> String {
    let (runtime, branch) = spec.runtime.split_once('/').unwrap_or((&spec.runtime, "1"));
    let mut text = format!(
        "[Application]\nname={}\nruntime={runtime}/{arch}/{branch}\nsdk={runtime}/{arch}/{branch}\ncommand=start\n",
        spec.id,
        arch = spec.arch
    );
    if let Some(point) = &spec.extension_point {
        text = format!(
            "{text}
[Extension {point}]
directory=addons
subdirectories=true
no-autodownload=true
"
        );
    }
    if !spec.permissions.is_empty() {
        text = format!("{text}\n{}\n", spec.permissions.trim_end());
    }
    text
}

/// The app proves that it runs by a file in its own data folder.
fn start_script(spec: &AppSpec) -> String {
    let AppSpec { id, version, stays, .. } = spec;
    format!(
        "#!/usr/bin/sh\nprintf '%s\\n' '{version}' > \"$XDG_DATA_HOME/started\"\n\
         printf '%s %s\\n' '{id}' '{version}'\n[ {stays} = 0 ] || exec sleep {stays}\n"
    )
}

fn desktop_file(spec: &AppSpec) -> String {
    let AppSpec { id, name, summary, .. } = spec;
    format!(
        "[Desktop Entry]\nType=Application\nName={name}\nComment={summary}\nExec=start\nIcon={id}\nTerminal=false\n"
    )
}

/// Bytes that do not compress and are always the same for one seed (xorshift).
fn noise(seed: &str, bytes: u64) -> Vec<u8> {
    let mut state = seed.bytes().fold(0x9E37_79B9_7F4A_7C15_u64, |state, byte| {
        (state ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01B3).rotate_left(17)
    }) | 1;
    let mut noise = Vec::with_capacity(usize::try_from(bytes).unwrap_or_default());
    while (noise.len() as u64) < bytes {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        noise.extend_from_slice(&state.to_le_bytes());
    }
    noise.truncate(usize::try_from(bytes).unwrap_or_default());
    noise
}
