//! Which of many languages a person reads, and how well each fits.

use std::collections::HashMap;

/// How well a text fits the person: 0 is best.
pub(crate) type Rank = u16;

/// The parts of a language's name, in whatever way it is written: `pt_BR`, `pt-BR`, `sr@latin`, `zh-Hans-CN`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Tag {
    language: String,
    script: Option<String>,
    region: Option<String>,
    variant: Option<String>,
}

/// The person's languages, best first.
#[derive(Clone, Debug)]
pub(crate) struct Languages {
    wishes: Vec<Tag>,
    known: HashMap<String, Option<Rank>>,
}

/// Entries name far fewer languages than this; a file that names more is not worth remembering them.
const MOST_REMEMBERED: usize = 2_000;

impl Languages {
    /// From names such as `pt_BR`; untagged text, which is English, always fits last.
    pub(crate) fn new(languages: &[String]) -> Self {
        let wishes = languages.iter().map(|name| Tag::parse(name)).filter(|tag| tag.language != "c").collect();
        Self { wishes, known: HashMap::new() }
    }

    /// The rank of text without a language.
    pub(crate) fn untagged(&self) -> Rank {
        // A person who wishes English before other languages gets it before them.
        let english = self.wishes.iter().position(|wish| wish.language == "en");
        slot(english.unwrap_or(self.wishes.len())) + 4
    }

    /// How well text in a language fits; `None` if the person does not read it.
    pub(crate) fn rank(&mut self, name: &str) -> Option<Rank> {
        if let Some(rank) = self.known.get(name) {
            return *rank;
        }
        let rank = self.rank_of(&Tag::parse(name));
        if self.known.len() < MOST_REMEMBERED {
            self.known.insert(name.to_owned(), rank);
        }
        rank
    }

    fn rank_of(&self, tag: &Tag) -> Option<Rank> {
        if tag.language == "c" || (tag.language == "en" && tag.region.is_none()) {
            return Some(self.untagged());
        }
        let fits = self.wishes.iter().enumerate().find_map(|(place, wish)| Some(slot(place) + wish.distance(tag)?));
        // American English is as good as English without a country.
        fits.or_else(|| (tag.language == "en" && tag.region.as_deref() == Some("US")).then(|| self.untagged() + 1))
    }
}

/// Room for the distances of one wish.
fn slot(place: usize) -> Rank {
    Rank::try_from(place).unwrap_or(Rank::MAX / 16).min(Rank::MAX / 16) * 8
}

impl Tag {
    fn parse(name: &str) -> Self {
        let (name, modifier) = name.split_once('@').unwrap_or((name, ""));
        let name = name.split('.').next().unwrap_or_default();
        let mut parts = name.split(['_', '-']);
        let language = parts.next().unwrap_or_default().to_ascii_lowercase();
        let language = if language == "posix" { "c".to_owned() } else { language };
        let mut tag = Self { language, ..Self::default() };
        for part in parts.chain([modifier]).filter(|part| !part.is_empty()) {
            tag.add(part);
        }
        if tag.script.is_none() {
            tag.script = tag.usual_script().map(str::to_owned);
        }
        tag
    }

    fn add(&mut self, part: &str) {
        let lower = part.to_ascii_lowercase();
        match (lower.as_str(), part.len()) {
            ("latin" | "latn", _) => self.script = Some("latn".to_owned()),
            ("cyrillic" | "cyrl", _) => self.script = Some("cyrl".to_owned()),
            (_, 4) if part.is_ascii() => self.script = Some(lower),
            (_, 2 | 3) => self.region = Some(part.to_ascii_uppercase()),
            _ => self.variant = Some(lower),
        }
    }

    /// The script that goes without saying where one language is written in two.
    fn usual_script(&self) -> Option<&'static str> {
        match (self.language.as_str(), self.region.as_deref()) {
            ("zh", Some("TW" | "HK" | "MO")) => Some("hant"),
            ("zh", Some(_)) => Some("hans"),
            ("sr", _) => Some("cyrl"),
            _ => None,
        }
    }

    /// How far a text's language is from this wish: 0 is the very same, `None` another one.
    fn distance(&self, text: &Self) -> Option<Rank> {
        let script_differs = match (&self.script, &text.script) {
            (Some(wish), Some(script)) => wish != script,
            _ => false,
        };
        let too_narrow = |wish: &Option<String>, part: &Option<String>| part.is_some() && wish != part;
        if self.language != text.language
            || script_differs
            || too_narrow(&self.region, &text.region)
            || too_narrow(&self.variant, &text.variant)
        {
            return None;
        }
        let missing = |wish: &Option<String>, part: &Option<String>| wish.is_some() && part.is_none();
        let missing = [
            missing(&self.region, &text.region),
            missing(&self.variant, &text.variant),
            missing(&self.script, &text.script),
        ];
        Some(missing.iter().rev().fold(0, |distance, &missing| 2 * distance + Rank::from(missing)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The best of some languages for a person; `""` is untagged text.
    fn best(wishes: &[&str], offered: &[&'static str]) -> Option<&'static str> {
        let wishes: Vec<String> = wishes.iter().map(|&wish| wish.to_owned()).collect();
        let mut languages = Languages::new(&wishes);
        let untagged = languages.untagged();
        let mut ranked: Vec<_> = offered
            .iter()
            .filter_map(|&name| Some((if name.is_empty() { untagged } else { languages.rank(name)? }, name)))
            .collect();
        ranked.sort_by_key(|(rank, _)| *rank);
        ranked.first().map(|(_, name)| *name)
    }

    #[test]
    fn the_nearest_language_wins() {
        let cases: &[(&[&str], &[&'static str], Option<&str>)] = &[
            (&["pt_BR"], &["", "pt", "pt-BR"], Some("pt-BR")),
            (&["pt_BR"], &["", "pt", "pt_PT"], Some("pt")),
            (&["pt_BR"], &["", "pt_PT"], Some("")),
            (&["pt_BR"], &["pt_PT"], None),
            (&["C"], &["", "de"], Some("")),
            (&["de_AT", "fr"], &["fr", ""], Some("fr")),
            (&["en_GB", "de"], &["de", "", "en-GB"], Some("en-GB")),
            (&["en_GB", "de"], &["de", ""], Some("")),
            (&["zh_CN"], &["", "zh-Hant-TW", "zh-Hans-CN"], Some("zh-Hans-CN")),
            (&["zh_TW"], &["zh_CN", "zh_TW"], Some("zh_TW")),
            (&["sr@latin"], &["", "sr", "sr-Latn"], Some("sr-Latn")),
            (&["sr_RS"], &["sr-Latn", "sr-Cyrl"], Some("sr-Cyrl")),
            (&["ca_ES@valencia"], &["ca", "ca-valencia"], Some("ca-valencia")),
            (&["ca_ES"], &["ca", "ca-valencia"], Some("ca")),
            (&["de"], &["gsw", "x"], None),
            // Down to English, whichever English there is.
            (&["pt_BR"], &["fr", "en_US"], Some("en_US")),
            (&["pt_BR"], &["en_US", "en", "pt"], Some("pt")),
            (&["pt_BR", "pt"], &["pt_PT", "es"], None),
            (&["pt", "es"], &["pt_BR", "es"], Some("es")),
            (&["en_AU"], &["en_GB", ""], Some("")),
            (&["en_US"], &["", "en_US"], Some("en_US")),
            (&["nb_NO"], &["nn", "nb", ""], Some("nb")),
            (&["de_CH.UTF-8"], &["de_DE", "de"], Some("de")),
            (&["POSIX"], &["de", ""], Some("")),
            // From the right to the left.
            (&["he_IL"], &["", "he", "ar"], Some("he")),
            (&["ar_EG"], &["ar_SA", "ar", ""], Some("ar")),
            (&["fa_IR", "ar"], &["ar", "", "fa"], Some("fa")),
            (&["ur"], &["ar", "fa", ""], Some("")),
            // Scripts and variants.
            (&["zh_HK"], &["zh_CN", "zh-Hant", ""], Some("zh-Hant")),
            (&["zh_CN"], &["zh_TW", "zh", ""], Some("zh")),
            (&["uz@cyrillic"], &["uz", "uz-Cyrl"], Some("uz-Cyrl")),
            (&["sr"], &["sr@latin", ""], Some("")),
            (&["ca@valencia"], &["ca", ""], Some("ca")),
        ];
        for (wishes, offered, expected) in cases {
            assert_eq!(best(wishes, offered), *expected, "{wishes:?} of {offered:?}");
        }
    }
}
