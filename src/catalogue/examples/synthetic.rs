//! Makes a catalogue larger than any that there is, to see how cost grows.
//!
//! `synthetic FILE TARGET APPS [SEED]`
//!
//! FILE is the AppStream of a Flatpak remote, whose entries all stay. Invented ones are added until there are APPS, each
//! with the summary, keywords and description (translations included) of three different real apps of one category, the
//! rest of a fourth, and a name made of parts of real names: so words are as common and as rare as they really are, and
//! ids are unique. The same seed gives the same file.

#[path = "shared/random.rs"]
mod random;

use flate2::Compression;
use flate2::read::GzDecoder;
use flate2::write::GzEncoder;
use quick_xml::Reader;
use quick_xml::events::Event;
use random::Random;
use std::collections::HashMap;
use std::error::Error;
use std::fs::File;
use std::io::{BufWriter, Read, Write};

const SEED: u64 = 20_260_101;
/// Ends an entry.
const END: &str = "</component>";

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [file, target, apps, rest @ ..] = arguments.as_slice() else { return Err("FILE TARGET APPS [SEED]".into()) };
    let apps: usize = apps.parse()?;
    let seed: u64 = rest.first().map_or(Ok(SEED), |seed| seed.parse())?;
    let mut text = String::new();
    GzDecoder::new(File::open(file)?).read_to_string(&mut text)?;
    let entries: Vec<&str> = entries(&text).collect();
    let real: Vec<Real> = entries.iter().filter_map(|entry| Real::read(entry)).collect();
    if real.is_empty() {
        return Err("there are no apps in the file".into());
    }
    let mut out = GzEncoder::new(BufWriter::new(File::create(target)?), Compression::fast());
    writeln!(out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<components version=\"0.8\" origin=\"flatpak\">")?;
    for entry in &entries {
        writeln!(out, "{entry}")?;
    }
    let mut inventor = Inventor::new(&real, seed);
    for number in real.len()..apps {
        writeln!(out, "{}", inventor.invent(number).ok_or("nothing to invent from")?)?;
    }
    writeln!(out, "</components>")?;
    out.finish()?.flush()?;
    println!("{} real and {} invented apps", real.len(), apps.saturating_sub(real.len()));
    Ok(())
}

/// The entries of a catalogue, from `<component` to `</component>`.
fn entries(text: &str) -> impl Iterator<Item = &str> {
    text.split_inclusive(END).filter_map(|piece| piece.find("<component ").map(|start| &piece[start..]))
}

/// A real app, its elements as they stand in the file.
#[derive(Debug)]
struct Real<'a> {
    name: String,
    category: String,
    summary: String,
    keywords: String,
    description: String,
    /// What the others of the catalogue do not have to be told apart by: categories, links, pictures, releases.
    rest: String,
    kind: &'a str,
}

impl<'a> Real<'a> {
    /// `None` if the entry is not an app.
    fn read(entry: &'a str) -> Option<Self> {
        let (kind, _) = entry.strip_prefix("<component type=\"")?.split_once('"')?;
        if !kind.ends_with("-application") {
            return None;
        }
        let (mut name, mut category) = (String::new(), String::new());
        let [mut summary, mut keywords, mut description, mut rest] = [const { String::new() }; 4];
        for (tag, raw) in elements(entry)? {
            match tag.as_str() {
                "id" | "bundle" | "launchable" | "provides" | "name" => {
                    if let Some(text) = raw.strip_prefix("<name>").filter(|_| name.is_empty()) {
                        text.split('<').next().unwrap_or_default().clone_into(&mut name);
                    }
                }
                "summary" => summary.push_str(raw),
                "keywords" => keywords.push_str(raw),
                "description" => description.push_str(raw),
                _ => rest.push_str(raw),
            }
            if tag == "categories" {
                let first = raw.split("<category>").nth(1).unwrap_or_default();
                first.split('<').next().unwrap_or_default().clone_into(&mut category);
            }
        }
        (!name.is_empty()).then_some(Self { name, category, summary, keywords, description, rest, kind })
    }
}

/// The children of an entry, as they stand there.
fn elements(entry: &str) -> Option<Vec<(String, &str)>> {
    let mut reader = Reader::from_str(entry);
    let Ok(Event::Start(_)) = reader.read_event() else { return None };
    let mut found = Vec::new();
    loop {
        let start = usize::try_from(reader.buffer_position()).ok()?;
        let tag = match reader.read_event().ok()? {
            Event::Start(tag) => {
                let name = tag.name().as_ref().to_owned();
                reader.read_to_end(tag.to_end().name()).ok()?;
                name
            }
            Event::Empty(tag) => tag.name().as_ref().to_owned(),
            Event::End(_) | Event::Eof => return Some(found),
            _ => continue,
        };
        let end = usize::try_from(reader.buffer_position()).ok()?;
        found.push((tag, entry.get(start..end)?));
    }
}

/// Makes apps out of parts of real ones.
struct Inventor<'a> {
    real: &'a [Real<'a>],
    by_category: HashMap<&'a str, Vec<&'a Real<'a>>>,
    random: Random,
}

impl<'a> Inventor<'a> {
    fn new(real: &'a [Real<'a>], seed: u64) -> Self {
        let mut by_category: HashMap<&str, Vec<&Real>> = HashMap::new();
        for app in real {
            by_category.entry(&app.category).or_default().push(app);
        }
        Self { real, by_category, random: Random(seed) }
    }

    fn one<'t, T>(&mut self, all: &'t [T]) -> Option<&'t T> {
        all.get(self.random.below(all.len()))
    }

    fn invent(&mut self, number: usize) -> Option<String> {
        let body = self.one(self.real)?;
        let alike = self.by_category.get(body.category.as_str())?.clone();
        let [summary, keywords, description] = [self.one(&alike)?, self.one(&alike)?, self.one(&alike)?];
        let name = self.name()?;
        let slug: String = name.chars().filter(char::is_ascii_alphanumeric).collect();
        let id = format!("org.synthetic.{slug}_{number}");
        let id = id.replace("synthetic._", "synthetic.App_");
        Some(format!(
            "<component type=\"{kind}\"><id>{id}</id><name>{name}</name>{}{}{}{}\
             <launchable type=\"desktop-id\">{id}.desktop</launchable>\
             <bundle type=\"flatpak\" runtime=\"org.debian.Platform/x86_64/13\">app/{id}/x86_64/stable</bundle>{END}",
            summary.summary,
            keywords.keywords,
            description.description,
            body.rest,
            kind = body.kind,
        ))
    }

    /// Half of the names are two words of real names, half are one word made of the halves of two.
    fn name(&mut self) -> Option<String> {
        let (one, other) = (self.one(self.real)?, self.one(self.real)?);
        let first = one.name.split(' ').next()?;
        let last = other.name.split(' ').next_back()?;
        if self.random.below(2) == 0 {
            return Some(if first == last { first.to_owned() } else { format!("{first} {last}") });
        }
        let half = |word: &str| word.char_indices().nth(word.chars().count().div_ceil(2)).map_or(word.len(), |at| at.0);
        // A name with an entity in it is not cut.
        let whole = first.contains('&') || last.contains('&');
        Some(if whole {
            format!("{first} {last}")
        } else {
            format!("{}{}", &first[..half(first)], &last[half(last)..])
        })
    }
}
