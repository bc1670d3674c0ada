//! Names and descriptions as they are compared.

use crate::search::word::root;
use crate::words::folded;

/// Words that are said of any app. Forms of them count as they do.
const GENERAL: &str = "a about advanced all allow also and any app application are available based basic be best by can client \
     code complete create cross designed desktop different display do easily easy edit editor every fast feature file find \
     first for free friendly from front frontend full fully gnome gnu good graphic graphical great gtk gui has have help high \
     in include interface into is it its java job kde keep let lets lightweight like linux list little mac macos main make \
     manage manager many mode modern more most multi multiple need new nice not of on one open opensource operating or other \
     out own platform play player plugin popular power powerful program project provide qt quality quick quickly release \
     run running screen set show simple simply small so software some source specific standard support system than that the \
     their them then these they this time to tool toolkit two under unix up us use used useful user using utility various \
     version very via view viewer want way web well what when where which while will window windows with without work working \
     world write written you your electron python rust javascript";

/// Main categories of the menu specification.
const MAIN: [&str; 13] = [
    "AudioVideo",
    "Audio",
    "Video",
    "Development",
    "Education",
    "Game",
    "Graphics",
    "Network",
    "Office",
    "Science",
    "Settings",
    "System",
    "Utility",
];
/// Categories that say what an app is made with.
const MADE_WITH: [&str; 8] = ["Qt", "GTK", "KDE", "GNOME", "XFCE", "Java", "ConsoleOnly", "Core"];

/// The letters and digits of a text, folded, as one word: `Color Picker` and `color-picker` are `colorpicker`.
pub(super) fn compact(text: &str) -> String {
    folded(text).chars().filter(|letter| *letter != ' ').collect()
}

/// The roots of the words that say something, each once.
pub(super) fn words(text: &str) -> impl Iterator<Item = String> {
    let folded = folded(text);
    let words: Vec<String> =
        folded.split(' ').filter(|word| word.len() > 2).filter(|word| !is_general(word)).map(rooted).collect();
    words.into_iter()
}

/// All words of a text, by their roots, but for those that are written as names are: with a capital letter behind the first
/// word.
pub(super) fn plain_words(text: &str) -> Vec<String> {
    let begins_large = |word: &str| word.chars().next().is_some_and(char::is_uppercase);
    let plain = text.split_whitespace().enumerate().filter(|(place, word)| *place == 0 || !begins_large(word));
    let words = plain.flat_map(|(_, word)| folded(word).split(' ').map(rooted).collect::<Vec<_>>());
    words.filter(|word| !word.is_empty()).collect()
}

/// The roots of the words that a name is made of, of parts that are written together too, and of the whole.
pub(super) fn name_words(name: &str) -> impl Iterator<Item = String> {
    let parted = parted(name);
    let whole = compact(name);
    folded(&parted).split(' ').chain([whole.as_str()]).map(rooted).collect::<Vec<_>>().into_iter()
}

/// The same without the whole, and without what names have beside words.
pub(super) fn plain_name_words(name: &str) -> impl Iterator<Item = String> {
    let folded = folded(&parted(name));
    folded.split(' ').filter(|word| word.len() > 2).map(rooted).collect::<Vec<_>>().into_iter()
}

/// `PacketSender` is two words.
fn parted(name: &str) -> String {
    let mut parted = String::with_capacity(name.len() + 4);
    let mut before = ' ';
    for letter in name.chars() {
        if letter.is_uppercase() && before.is_lowercase() {
            parted.push(' ');
        }
        parted.push(letter);
        before = letter;
    }
    parted
}

/// Hardly any other app is called so by chance: it is several words, or written as no word is.
pub(super) fn is_distinctive(name: &str) -> bool {
    let inner = name.chars().skip(1).any(|letter| letter.is_uppercase() || letter.is_ascii_digit());
    inner || folded(name).contains(' ') || name.chars().count() >= 10
}

/// One of the main categories.
pub(super) fn is_main(category: &str) -> bool {
    MAIN.contains(&category)
}

/// It says something of what an app is for.
pub(super) fn is_telling(category: &str) -> bool {
    !MADE_WITH.contains(&category)
}

fn is_general(word: &str) -> bool {
    let root = root(word);
    GENERAL.split_ascii_whitespace().any(|general| general == word || general == root)
}

fn rooted(word: &str) -> String {
    root(word).to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_say_something() {
        let said = |text: &str| words(text).collect::<Vec<_>>();
        assert_eq!(said("A simple editor for charts and tiles"), ["chart", "tile"]);
        assert_eq!(said("Programs for Linux, easily used"), [""; 0]);
        assert_eq!(plain_words("Send packets with Packet Sender"), ["send", "packet", "with"]);
        assert_eq!(plain_name_words("PacketSender").collect::<Vec<_>>(), ["packet", "send"]);
    }

    #[test]
    fn a_name_is_distinctive_if_no_word_is_written_so() {
        for (name, expected) in
            [("KeePassXC", true), ("Cool Retro Term", true), ("Mirage", false), ("htmldoc", false), ("G3", true)]
        {
            assert_eq!(is_distinctive(name), expected, "{name}");
        }
    }
}
