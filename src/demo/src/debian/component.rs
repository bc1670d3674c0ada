//! One entry of Debian's AppStream as an app of a Flatpak repository has it.

use quick_xml::Reader;
use quick_xml::escape::resolve_xml_entity;
use quick_xml::events::Event;
use std::fmt::Write;
use std::ops::Range;

/// What Flatpak's own AppStream does not have, or has otherwise.
const REPLACED: [&str; 7] = ["id", "extends", "bundle", "pkgname", "source_pkgname", "icon", "launchable"];
/// Kinds of entries that are made into apps.
const APPS: [&str; 3] = ["desktop-application", "console-application", "web-application"];
/// Flatpak's ids have three parts.
const PARTS: usize = 3;

/// An entry of Debian's catalogue.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Component {
    pub(super) id: String,
    /// The id of the app that it is an add-on of.
    pub(super) extends: Option<String>,
    pub(super) name: String,
    pub(super) summary: String,
    /// Newest version, empty if unknown.
    pub(super) version: String,
    pub(super) categories: Vec<String>,
    /// File name of its cached icons.
    pub(super) icon: Option<String>,
    kind: String,
    /// Its other elements, as they stand there.
    rest: String,
}

impl Component {
    /// Reads an entry, from `<component` to `</component>`. `None` if it is neither an app nor an add-on, or lacks what
    /// these need.
    pub(super) fn parse(xml: &str) -> Option<Self> {
        let mut component = Self::default();
        let mut extends = None;
        for element in Elements::new(xml, &mut component.kind)? {
            let Element { tag, lang, raw, text } = &element;
            match (tag.as_str(), lang) {
                ("id", _) => component.id = flatpak_id(text),
                ("extends", _) => extends = Some(flatpak_id(text)),
                ("name", false) => component.name.clone_from(text),
                ("summary", false) => component.summary.clone_from(text),
                ("icon", _) if raw.contains("\"cached\"") => component.icon = Some(text.clone()),
                ("categories", _) => component.categories = text.split_whitespace().map(str::to_owned).collect(),
                ("releases", _) => component.version = attribute(raw, "version").unwrap_or_default(),
                _ => {}
            }
            if !REPLACED.contains(&tag.as_str()) {
                component.rest.push_str(raw);
            }
        }
        component.extends = extends.filter(|_| component.kind == "addon");
        let wanted = component.extends.is_some() || APPS.contains(&component.kind.as_str());
        (wanted && !component.id.is_empty() && !component.name.is_empty()).then_some(component)
    }

    /// The entry for Flatpak, with cached icons in these sizes.
    pub(super) fn to_xml(&self, icons: &[u32]) -> String {
        let Self { id, kind, rest, .. } = self;
        let mut xml = format!("<component type=\"{kind}\"><id>{id}</id>");
        if let Some(app) = &self.extends {
            let _ = write!(xml, "<extends>{app}</extends>");
        } else {
            let _ = write!(xml, "<launchable type=\"desktop-id\">{id}.desktop</launchable>");
        }
        for size in icons {
            let _ = write!(xml, "<icon type=\"cached\" width=\"{size}\" height=\"{size}\">{id}.png</icon>");
        }
        xml + rest + "</component>"
    }
}

/// A child of an entry.
struct Element {
    tag: String,
    /// It is a translation.
    lang: bool,
    /// As it stands there.
    raw: String,
    /// All text in it, pieces apart.
    text: String,
}

/// The children of an entry.
struct Elements<'a> {
    xml: &'a str,
    reader: Reader<&'a [u8]>,
}

impl<'a> Elements<'a> {
    /// Goes into the entry and gives its kind.
    fn new(xml: &'a str, kind: &mut String) -> Option<Self> {
        let mut reader = Reader::from_str(xml);
        match reader.read_event() {
            Ok(Event::Start(tag)) => {
                let value = tag.try_get_attribute("type").ok()??;
                *kind = value.value.into_owned();
                Some(Self { xml, reader })
            }
            _ => None,
        }
    }

    fn place(&self) -> usize {
        usize::try_from(self.reader.buffer_position()).unwrap_or(usize::MAX)
    }

    fn raw(&self, place: Range<usize>) -> Option<String> {
        self.xml.get(place).map(str::to_owned)
    }
}

impl Iterator for Elements<'_> {
    type Item = Element;

    /// Ends at the end of the entry, or where it is not well-formed.
    fn next(&mut self) -> Option<Element> {
        loop {
            let start = self.place();
            match self.reader.read_event().ok()? {
                Event::Start(tag) => {
                    let lang = tag.try_get_attribute("xml:lang").ok()?.is_some();
                    let name = tag.name().as_ref().to_owned();
                    let text = self.text()?;
                    return Some(Element { tag: name, lang, raw: self.raw(start..self.place())?, text });
                }
                Event::Empty(tag) => {
                    let tag = tag.name().as_ref().to_owned();
                    return Some(Element {
                        tag,
                        lang: false,
                        raw: self.raw(start..self.place())?,
                        text: String::new(),
                    });
                }
                Event::End(_) | Event::Eof => return None,
                _ => {}
            }
        }
    }
}

impl Elements<'_> {
    /// The text up to the end of the element that was just begun.
    fn text(&mut self) -> Option<String> {
        let (mut depth, mut text) = (1, String::new());
        while depth > 0 {
            match self.reader.read_event().ok()? {
                Event::Start(_) => depth += 1,
                Event::End(_) => {
                    depth -= 1;
                    text.push(' ');
                }
                Event::Text(part) => text.push_str(&part),
                Event::GeneralRef(entity) => match entity.resolve_char_ref().ok()? {
                    Some(character) => text.push(character),
                    None => text.push_str(resolve_xml_entity(&entity)?),
                },
                Event::Eof => return None,
                _ => {}
            }
        }
        Some(text.trim().to_owned())
    }
}

/// The value of the first attribute of that name in an element.
fn attribute(raw: &str, name: &str) -> Option<String> {
    let (_, rest) = raw.split_once(&format!(" {name}=\""))?;
    rest.split_once('"').map(|(value, _)| value.to_owned())
}

/// An id that Flatpak accepts: of three parts at least, each of letters, digits and underscores (the last one of
/// hyphens too) and not beginning with a digit.
fn flatpak_id(id: &str) -> String {
    let id = id.strip_suffix(".desktop").unwrap_or(id);
    let parts: Vec<&str> = id.split('.').filter(|part| !part.is_empty()).collect();
    let last = parts.len().saturating_sub(1);
    let part = |(place, part): (usize, &&str)| {
        let fits = |c: char| c.is_ascii_alphanumeric() || c == '_' || (c == '-' && place == last);
        let clean: String = part.chars().map(|c| if fits(c) { c } else { '_' }).collect();
        if clean.starts_with(|c: char| c.is_ascii_digit()) { format!("_{clean}") } else { clean }
    };
    let id = parts.iter().enumerate().map(part).collect::<Vec<_>>().join(".");
    if parts.len() < PARTS { format!("org.debian.{id}") } else { id }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests say what went wrong by panicking")]

    use super::*;

    #[test]
    fn an_entry_keeps_its_words_and_gets_flatpaks_id_icons_and_launchable() {
        let xml = "<component type=\"desktop-application\">\n <id>7kaa.desktop</id>\n <name>Fish &amp; Chips</name>\
                   <name xml:lang=\"de\">Fisch</name><summary>Fry</summary><pkgname>fish</pkgname>\
                   <icon type=\"cached\" width=\"64\" height=\"64\">fish_fish.png</icon><icon type=\"stock\">x</icon>\
                   <launchable type=\"desktop-id\">7kaa.desktop</launchable>\
                   <categories><category>Game</category><category>Sport</category></categories>\
                   <releases><release version=\"2.1\"/><release version=\"2.0\"/></releases></component>";
        let component = Component::parse(xml).unwrap();
        assert_eq!((component.id.as_str(), component.name.as_str()), ("org.debian._7kaa", "Fish & Chips"));
        assert_eq!((component.version.as_str(), component.icon.as_deref()), ("2.1", Some("fish_fish.png")));
        assert_eq!(component.categories, ["Game", "Sport"]);
        let expected = "<component type=\"desktop-application\"><id>org.debian._7kaa</id>\
             <launchable type=\"desktop-id\">org.debian._7kaa.desktop</launchable>\
             <icon type=\"cached\" width=\"64\" height=\"64\">org.debian._7kaa.png</icon><name>Fish &amp; Chips</name>\
             <name xml:lang=\"de\">Fisch</name><summary>Fry</summary>\
             <categories><category>Game</category><category>Sport</category></categories>\
             <releases><release version=\"2.1\"/><release version=\"2.0\"/></releases></component>";
        assert_eq!(component.to_xml(&[64]), expected);
    }

    #[test]
    fn only_apps_and_addons_are_taken() {
        for (kind, extends, taken) in
            [("font", "", false), ("addon", "", false), ("addon", "<extends>a.b.C</extends>", true)]
        {
            let xml = format!("<component type=\"{kind}\"><id>a.b.c</id>{extends}<name>N</name></component>");
            assert_eq!(Component::parse(&xml).is_some(), taken, "{kind} {extends}");
        }
        assert_eq!(Component::parse("<component type=\"desktop-application\"><id>a.b.c"), None);
    }

    #[test]
    fn ids_are_such_as_flatpak_accepts() {
        let cases = [
            ("org.kde.krita", "org.kde.krita"),
            ("gimp.desktop", "org.debian.gimp"),
            ("org.free-astro.siril", "org.free_astro.siril"),
            ("io.example.two-words", "io.example.two-words"),
            ("net.0ad.game", "net._0ad.game"),
            ("a b+c", "org.debian.a_b_c"),
        ];
        for (id, expected) in cases {
            assert_eq!(flatpak_id(id), expected, "{id}");
        }
    }
}
