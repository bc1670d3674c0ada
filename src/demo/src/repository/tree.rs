//! The tree of files that a commit holds.

use super::component;
use crate::{AddonSpec, AppSpec, DemoError, host_arch};
use std::collections::BTreeMap;
use std::io::Write;

const PAYLOAD: &str = "files/share/payload";

/// What is in a folder, by its name.
pub(super) type Nodes = BTreeMap<String, Node>;

#[derive(Debug)]
pub(super) enum Node {
    File { bytes: Vec<u8>, program: bool },
    Folder(Nodes),
}

/// A tree that becomes a commit.
#[derive(Debug, Default)]
pub(super) struct Tree {
    pub(super) root: Nodes,
    /// What flatpak reads from the commit itself, the text of the file `metadata`.
    pub(super) metadata: String,
}

impl Tree {
    /// Puts a file where the path says, with the folders around it.
    pub(super) fn write(&mut self, path: &str, bytes: impl Into<Vec<u8>>) {
        self.put(path, Node::File { bytes: bytes.into(), program: false });
    }

    pub(super) fn write_program(&mut self, path: &str, bytes: impl Into<Vec<u8>>) {
        self.put(path, Node::File { bytes: bytes.into(), program: true });
    }

    pub(super) fn write_metadata(&mut self, text: String) {
        self.write("metadata", text.as_str());
        self.metadata = text;
    }

    fn put(&mut self, path: &str, node: Node) {
        let mut folder = &mut self.root;
        let mut rest = path;
        while let Some((name, inner)) = rest.split_once('/') {
            let here = folder.entry(name.to_owned()).or_insert_with(|| Node::Folder(Nodes::new()));
            // A file in the way of a folder gives way.
            if let Node::File { .. } = here {
                *here = Node::Folder(Nodes::new());
            }
            let Node::Folder(nodes) = here else { return };
            (folder, rest) = (nodes, inner);
        }
        folder.insert(rest.to_owned(), node);
    }

    pub(super) fn write_app(&mut self, spec: &AppSpec) -> Result<(), DemoError> {
        let id = &spec.id;
        self.write_metadata(app_metadata(spec));
        self.write_program("files/bin/start", start_script(spec));
        let desktop = desktop_file(spec);
        self.write(&format!("files/share/applications/{id}.desktop"), desktop.as_str());
        self.write(&format!("export/share/applications/{id}.desktop"), desktop);
        for icon in &spec.icons {
            let size = format!("{0}x{0}", icon.size);
            self.write(&format!("files/share/app-info/icons/flatpak/{size}/{id}.png"), icon.png.as_slice());
            self.write(&format!("export/share/icons/hicolor/{size}/apps/{id}.png"), icon.png.as_slice());
        }
        let component = spec.component.clone().unwrap_or_else(|| component::of_app(spec));
        self.write_component(id, &component)?;
        self.write(PAYLOAD, noise(&format!("{id} {} {}", spec.branch, spec.version), spec.payload));
        Ok(())
    }

    pub(super) fn write_addon(&mut self, spec: &AddonSpec) -> Result<(), DemoError> {
        let AddonSpec { id, extends, branch, .. } = spec;
        let arch = host_arch();
        self.write_metadata(format!("[Runtime]\nname={id}\n\n[ExtensionOf]\nref=app/{extends}/{arch}/{branch}\n"));
        let component = spec.component.clone().unwrap_or_else(|| component::of_addon(spec));
        self.write_component(id, &component)?;
        self.write(PAYLOAD, noise(id, spec.payload));
        Ok(())
    }

    fn write_component(&mut self, id: &str, component: &str) -> Result<(), DemoError> {
        let xml = format!(
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<components version=\"1.0\">{component}</components>\n"
        );
        let path = format!("files/share/app-info/xmls/{id}.xml.gz");
        let mut packer = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        let gz = packer.write_all(xml.as_bytes()).and_then(|()| packer.finish());
        self.write(&path, gz.map_err(DemoError::file(&path))?);
        Ok(())
    }
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
