//! Flatpak's metadata: a keyfile that says what an app stands on and what it may reach.
//! <https://docs.flatpak.org/en/latest/flatpak-command-reference.html#flatpak-metadata>

use strata_model::Permission;
use strata_model::permission::Resource;

/// Largest metadata that is read, in bytes; real ones have a few thousand.
pub(crate) const MAX_METADATA: usize = 1 << 20;

/// Metadata taken apart. What is no keyfile is left out, line by line.
#[derive(Debug, Default)]
pub(crate) struct Metadata<'a> {
    /// Group, key, value.
    entries: Vec<(&'a str, &'a str, &'a str)>,
    /// It is too large to be read, so that nobody can say what it allows.
    unread: bool,
}

impl<'a> Metadata<'a> {
    pub(crate) fn parse(text: &'a str) -> Self {
        let mut group = "";
        let mut entries = Vec::new();
        if text.len() > MAX_METADATA {
            return Self { entries, unread: true };
        }
        for line in text.lines().map(str::trim) {
            if let Some(name) = line.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) {
                group = name;
            } else if let Some((key, value)) = line.split_once('=')
                && !line.starts_with('#')
            {
                entries.push((group, key.trim_end(), value.trim_start()));
            }
        }
        Self { entries, unread: false }
    }

    /// `org.gnome.Platform/x86_64/48`, empty if it stands on none.
    pub(crate) fn runtime(&self) -> &'a str {
        self.value("Application", "runtime").unwrap_or_default()
    }

    /// It extends an app, not a runtime.
    pub(crate) fn extends_app(&self) -> bool {
        self.extended().is_some_and(|reference| reference.starts_with("app/"))
    }

    /// The reference of what it extends.
    pub(crate) fn extended(&self) -> Option<&'a str> {
        self.value("ExtensionOf", "ref")
    }

    /// What the app may reach outside of itself; sorted, each once.
    pub(crate) fn permissions(&self) -> Vec<Permission> {
        if self.unread {
            return vec![Permission::plain(Resource::Everything)];
        }
        let mut found = Vec::new();
        self.add_context(&mut found);
        self.add_folders(&mut found);
        self.add_services("Session Bus Policy", Resource::SessionService, &mut found);
        self.add_services("System Bus Policy", Resource::SystemService, &mut found);
        for device in self.list("USB Devices", "enumerable-devices") {
            found.push(Permission { resource: Resource::Usb, detail: device.to_owned() });
        }
        found.sort();
        found.dedup();
        found
    }

    fn add_context(&self, found: &mut Vec<Permission>) {
        for key in ["shared", "sockets", "devices", "features"] {
            let words = self.list("Context", key).filter(|word| *word != "fallback-x11");
            found.extend(words.map(|word| match resource(key, word) {
                Some(resource) => Permission::plain(resource),
                None => Permission { resource: Resource::Other, detail: format!("{key}={word}") },
            }));
        }
        // X11 for want of Wayland: where the app knows Wayland too, it does not get X11 in a modern session.
        let sockets: Vec<&str> = self.list("Context", "sockets").collect();
        if sockets.contains(&"fallback-x11") && !sockets.contains(&"wayland") {
            found.push(Permission::plain(Resource::X11));
        }
    }

    fn add_folders(&self, found: &mut Vec<Permission>) {
        for folder in self.list("Context", "filesystems") {
            let has_mode = [":ro", ":rw", ":create"].iter().any(|mode| folder.ends_with(mode));
            let detail = if has_mode { folder.to_owned() } else { format!("{folder}:rw") };
            found.push(Permission { resource: Resource::Filesystem, detail });
        }
    }

    fn add_services(&self, group: &str, resource: Resource, found: &mut Vec<Permission>) {
        let own_id = self.value("Application", "name").unwrap_or_default();
        for (_, name, policy) in self.entries.iter().filter(|(of, ..)| *of == group) {
            // Every app owns what is named after it.
            let own = !own_id.is_empty()
                && name.strip_prefix(own_id).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'));
            if matches!(*policy, "talk" | "own") && !own {
                found.push(Permission { resource, detail: format!("{name}={policy}") });
            }
        }
    }

    /// The value of a key; as in glib, the last one of the same name counts.
    pub(crate) fn value(&self, group: &str, key: &str) -> Option<&'a str> {
        self.entries.iter().rev().find(|(of, name, _)| *of == group && *name == key).map(|(.., value)| *value)
    }

    /// The items of a list that are given, not those that are taken away (`!`).
    fn list(&self, group: &str, key: &str) -> impl Iterator<Item = &'a str> {
        let items = self.value(group, key).unwrap_or_default().split(';').map(str::trim);
        items.filter(|item| !item.is_empty() && !item.starts_with('!'))
    }
}

fn resource(key: &str, word: &str) -> Option<Resource> {
    Some(match (key, word) {
        ("shared", "network") => Resource::Network,
        ("shared", "ipc") => Resource::Ipc,
        ("sockets", "wayland") => Resource::Wayland,
        ("sockets", "x11") => Resource::X11,
        ("sockets", "pulseaudio") => Resource::PulseAudio,
        ("sockets", "session-bus") => Resource::SessionBus,
        ("sockets", "system-bus") => Resource::SystemBus,
        ("sockets", "ssh-auth") => Resource::SshAuth,
        ("sockets", "pcsc") => Resource::Pcsc,
        ("sockets", "cups") => Resource::Cups,
        ("sockets", "gpg-agent") => Resource::GpgAgent,
        ("devices", "dri") => Resource::Dri,
        ("devices", "input") => Resource::Input,
        ("devices", "usb") => Resource::Usb,
        ("devices", "kvm") => Resource::Kvm,
        ("devices", "shm") => Resource::Shm,
        ("devices", "all") => Resource::AllDevices,
        ("features", "devel") => Resource::Devel,
        ("features", "multiarch") => Resource::Multiarch,
        ("features", "bluetooth") => Resource::Bluetooth,
        ("features", "canbus") => Resource::Canbus,
        ("features", "per-app-dev-shm") => Resource::PerAppDevShm,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(text: &str) -> Vec<String> {
        let permissions = Metadata::parse(text).permissions();
        permissions.iter().map(|one| format!("{:?} {}", one.resource, one.detail).trim().to_owned()).collect()
    }

    #[test]
    fn permissions_of_each_group() {
        let cases: &[(&str, &[&str])] = &[
            ("", &[]),
            ("[Context]\nshared=network;ipc;\n", &["Network", "Ipc"]),
            ("[Context]\nshared=network\nshared=ipc\n", &["Ipc"]),
            ("[Context]\nsockets=!x11;wayland;fallback-x11\n", &["Wayland"]),
            ("[Context]\nsockets=fallback-x11\n", &["X11"]),
            ("[Context]\ndevices=dri;all;unheard-of\n", &["Dri", "AllDevices", "Other devices=unheard-of"]),
            ("[Context]\nfeatures=bluetooth;devel;\n", &["Bluetooth", "Devel"]),
            (
                "[Context]\nfilesystems=home;xdg-music:ro;~/a:b;!host;xdg-run/x:create\n",
                &[
                    "Filesystem home:rw",
                    "Filesystem xdg-music:ro",
                    "Filesystem xdg-run/x:create",
                    "Filesystem ~/a:b:rw",
                ],
            ),
            (
                "[Application]\nname=org.a.B\n[Session Bus Policy]\norg.a.B.*=own\norg.a.Bc=talk\norg.c.D=see\n",
                &["SessionService org.a.Bc=talk"],
            ),
            (
                "[System Bus Policy]\norg.freedesktop.UPower = talk\norg.x=none\n",
                &["SystemService org.freedesktop.UPower=talk"],
            ),
            ("[USB Devices]\nenumerable-devices=vnd:1234;\n", &["Usb vnd:1234"]),
            ("shared=network\n[Other]\nsockets=x11\n[Context\nsockets=x11\n#[Context]\n", &[]),
        ];
        for (text, expected) in cases {
            assert_eq!(said(text), *expected, "{text}");
        }
    }

    #[test]
    fn what_it_stands_on() {
        let app = Metadata::parse("[Application]\nname=org.a.B\nruntime=org.p.Platform/x86_64/1\n");
        assert_eq!(app.runtime(), "org.p.Platform/x86_64/1");
        assert!(!app.extends_app());
        assert!(Metadata::parse("[Runtime]\nname=x\n[ExtensionOf]\nref=app/org.a.B/x86_64/stable\n").extends_app());
        assert!(!Metadata::parse("[ExtensionOf]\nref=runtime/org.p.Platform/x86_64/1\n").extends_app());
    }

    #[test]
    fn metadata_beyond_any_measure_is_taken_for_the_worst() {
        let text = format!("[Context]\nshared=network;{}", " ".repeat(MAX_METADATA));
        assert_eq!(said(&text), ["Everything"]);
    }
}
