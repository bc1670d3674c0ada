//! Parts of JSON that strangers wrote: what is not of the kind expected is not there.

use super::{BadFeed, Feed, FeedLoss, Record};
use crate::json::{Form, Shape, entries};
use crate::limits;
use serde_json::{Map, Value};
use strata_platform::http::{Url, is_address};

/// What [`texts`] reads.
pub(super) const TEXTS: Shape = Shape::list(limits::FEED_LIST, &Shape::PLAIN);

/// Calls `each` for the entries of a catalogue that is not larger than one may be, and says whether there are more than
/// are read.
pub(super) fn parse(bytes: &[u8], form: Form, shape: Shape, each: impl FnMut(Value)) -> Result<bool, BadFeed> {
    if bytes.len() > limits::FEED {
        return Err(BadFeed::TooLarge);
    }
    entries(bytes, form, limits::FEED_ENTRIES, shape, each).map_err(|_| BadFeed::Malformed)
}

/// Reads a catalogue entry by entry.
pub(super) fn feed(
    bytes: &[u8],
    form: Form,
    shape: Shape,
    record: impl FnMut(&Map<String, Value>, &mut Feed) -> Result<Record, FeedLoss>,
) -> Result<Feed, BadFeed> {
    gather(|each| parse(bytes, form, shape, each), record)
}

/// The same for entries from anywhere: `entries` hands each of them on, and says whether there are more than are read.
pub(super) fn gather(
    entries: impl FnOnce(&mut dyn FnMut(Value)) -> Result<bool, BadFeed>,
    mut record: impl FnMut(&Map<String, Value>, &mut Feed) -> Result<Record, FeedLoss>,
) -> Result<Feed, BadFeed> {
    let mut feed = Feed::default();
    let mut parts = 0;
    let more = entries(&mut |entry| {
        if parts > limits::FEED_PARTS {
            return;
        }
        match entry.as_object().ok_or(FeedLoss::Malformed).and_then(|entry| record(entry, &mut feed)) {
            Ok(record) => {
                parts += record.parts();
                feed.records.push(record);
            }
            Err(loss) => feed.lose(loss),
        }
    })?;
    if more || parts > limits::FEED_PARTS {
        feed.lose(FeedLoss::TooMany);
    }
    Ok(feed)
}

/// A text: white space folded, without characters that act on what is around them, cut to `room` bytes.
pub(super) fn text(entry: &Map<String, Value>, key: &str, room: usize) -> String {
    folded(entry.get(key).and_then(Value::as_str).unwrap_or_default(), room)
}

/// The texts of a list; a single text is a list of one.
pub(super) fn texts(entry: &Map<String, Value>, key: &str) -> Vec<String> {
    let all = match entry.get(key) {
        Some(Value::Array(all)) => all.as_slice(),
        Some(one) => std::slice::from_ref(one),
        None => &[],
    };
    let found = all.iter().filter_map(Value::as_str).map(|text| folded(text, limits::FEED_URL));
    found.filter(|text| !text.is_empty()).take(limits::FEED_LIST).collect()
}

/// The objects of a list.
pub(super) fn objects<'a>(entry: &'a Map<String, Value>, key: &str) -> impl Iterator<Item = &'a Map<String, Value>> {
    let all = entry.get(key).and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    all.iter().filter_map(Value::as_object).take(limits::FEED_LIST)
}

/// A number, also one that is written as a text.
pub(super) fn number(entry: &Map<String, Value>, key: &str) -> Option<u64> {
    let value = entry.get(key)?;
    value.as_u64().or_else(|| value.as_str()?.parse().ok())
}

/// White space folded, hidden characters left out, cut to `room` bytes.
pub(super) fn folded(raw: &str, room: usize) -> String {
    let mut text = String::new();
    for word in raw.split_whitespace() {
        let space = usize::from(!text.is_empty());
        if text.len() + space >= room {
            break;
        }
        if space == 1 {
            text.push(' ');
        }
        for character in word.chars().filter(|character| !is_hidden(*character)) {
            if text.len() + character.len_utf8() > room {
                break;
            }
            text.push(character);
        }
    }
    text.truncate(text.trim_end().len());
    text
}

/// Control characters, and those that turn the direction of what comes after them.
fn is_hidden(character: char) -> bool {
    character.is_control() || matches!(character, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}')
}

/// An address of the web that nobody can read along with.
pub(super) fn is_https(text: &str) -> bool {
    text.len() <= limits::FEED_URL && text.starts_with("https://") && is_address(text)
}

/// An address that stands as a path below another. One that leads out of it is none.
pub(super) fn below(base: &str, path: &str) -> Option<String> {
    let found = Url::parse(base).ok()?.join(path).ok()?.to_string();
    (found.starts_with(base) && found.len() <= limits::FEED_URL).then_some(found)
}

/// A digest of 32 bytes in hexadecimal digits.
pub(super) fn digest(text: &str) -> Option<String> {
    let plain = text.len() == 64 && text.bytes().all(|byte| byte.is_ascii_hexdigit());
    plain.then(|| text.to_ascii_lowercase())
}
