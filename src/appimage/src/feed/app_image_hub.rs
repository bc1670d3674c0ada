//! AppImageHub's `feed.json`. Its entries have no versions by policy; what an app can be got from is its project.

use super::html::blocks;
use super::value::{self, TEXTS, below, folded, is_https, objects, text, texts};
use super::{BadFeed, Feed, FeedLoss, Project, Record};
use crate::json::{Form, Shape};
use crate::limits;
use serde_json::{Map, Value};
use strata_model::text::Block;

/// Where icons and pictures lie that are written as paths, below the site that the feed is of.
const DATABASE: &str = "/database/";

/// What is read of an entry.
const ITEM: Shape = Shape::object(&[
    ("name", Shape::PLAIN),
    ("description", Shape::PLAIN),
    ("license", Shape::PLAIN),
    ("categories", TEXTS),
    ("icons", TEXTS),
    ("screenshots", TEXTS),
    ("authors", Shape::list(limits::FEED_LIST, &AUTHOR)),
    ("links", Shape::list(limits::FEED_LIST, &LINK)),
]);
const AUTHOR: Shape = Shape::object(&[("name", Shape::PLAIN)]);
const LINK: Shape = Shape::object(&[("type", Shape::PLAIN), ("url", Shape::PLAIN)]);

/// Reads the feed of a site, whose address has no `/` at its end.
///
/// # Errors
/// See [`BadFeed`]. What is wrong with an entry costs that entry.
pub fn app_image_hub(bytes: &[u8], site: &str) -> Result<Feed, BadFeed> {
    let database = format!("{site}{DATABASE}");
    value::feed(bytes, Form::Below("items"), ITEM, |item, feed| record(item, &database, feed))
}

fn record(item: &Map<String, Value>, database: &str, feed: &mut Feed) -> Result<Record, FeedLoss> {
    let name = text(item, "name", limits::FEED_NAME);
    if name.is_empty() {
        return Err(FeedLoss::NoName);
    }
    if name.starts_with('.') {
        return Err(FeedLoss::Template);
    }
    let link = |kind: &'static str| {
        objects(item, "links").filter(move |link| link.get("type").and_then(Value::as_str) == Some(kind))
    };
    let address = |link: &Map<String, Value>| text(link, "url", limits::FEED_URL);
    let page = ["Download", "Install"].iter().flat_map(|kind| link(kind)).map(address).find(|url| is_https(url));
    let project = link("GitHub").find_map(|link| Project::of_slug(&address(link)));
    let project = project.or_else(|| page.as_deref().and_then(Project::of_url));
    if project.is_none() && page.is_none() {
        return Err(FeedLoss::NoDownload);
    }
    let author = objects(item, "authors").next();
    let description = blocks(item.get("description").and_then(Value::as_str).unwrap_or_default());
    Ok(Record {
        summary: summary(&description),
        description,
        categories: texts(item, "categories").into_iter().map(|word| folded(&word, limits::FEED_NAME)).collect(),
        developer: author.map(|author| text(author, "name", limits::FEED_NAME)).unwrap_or_default(),
        licence: text(item, "license", limits::FEED_NAME),
        page: page.unwrap_or_default(),
        icons: pictures(item, "icons", database, feed),
        screenshots: pictures(item, "screenshots", database, feed),
        project,
        name,
        ..Record::default()
    })
}

fn pictures(item: &Map<String, Value>, key: &str, database: &str, feed: &mut Feed) -> Vec<String> {
    let mut found = Vec::new();
    for path in texts(item, key) {
        let address =
            if path.contains("://") { Some(path).filter(|url| is_https(url)) } else { below(database, &path) };
        match address {
            Some(address) => found.push(address),
            None => feed.lose(FeedLoss::BadAddress),
        }
    }
    found
}

/// A description's first sentence, if it is short enough to stand in a row.
fn summary(description: &[Block]) -> String {
    let Some(Block::Paragraph { spans }) = description.first() else { return String::new() };
    let text: String = spans.iter().map(|span| span.text.as_str()).collect();
    let sentence = text.split_inclusive(". ").next().unwrap_or_default().trim_end().trim_end_matches('.');
    if sentence.len() <= limits::FEED_SUMMARY { sentence.to_owned() } else { String::new() }
}
