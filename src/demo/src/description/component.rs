//! AppStream of the demo world's apps.

use super::{Addon, App, markup};
use crate::repository::component::escape;
use std::fmt::Write;
use std::time::{SystemTime, UNIX_EPOCH};

/// Size of every drawn window in pixels.
pub(crate) const SCREEN: (u32, u32) = (1248, 702);
const SECONDS_A_DAY: u64 = 86_400;

/// The `<component>` of an app whose screenshots are served at `base`, beginning with release `version`.
pub(crate) fn of_app(app: &App, version: &str, base: &str) -> String {
    let mut xml = String::from("<component type=\"desktop-application\">");
    let id = &app.id;
    element(&mut xml, "id", "", id);
    element(&mut xml, "name", "", &app.name);
    element(&mut xml, "summary", "", &app.summary);
    for (language, words) in &app.languages {
        let attribute = lang(language);
        if let Some(name) = &words.name {
            element(&mut xml, "name", &attribute, name);
        }
        element(&mut xml, "summary", &attribute, &words.summary);
    }
    let _ = write!(xml, "<developer id=\"{}\">", escape(developer_id(id)));
    element(&mut xml, "name", "", &app.developer);
    xml.push_str("</developer>");
    xml.push_str("<metadata_license>CC0-1.0</metadata_license>");
    element(&mut xml, "project_license", "", &app.license);
    description(&mut xml, app);
    for size in [64, 128] {
        let _ = write!(xml, "<icon type=\"cached\" width=\"{size}\" height=\"{size}\">{id}.png</icon>");
    }
    let _ = write!(xml, "<launchable type=\"desktop-id\">{id}.desktop</launchable>");
    words(&mut xml, "categories", "category", "", &app.categories);
    keywords(&mut xml, app);
    links(&mut xml, app);
    screenshots(&mut xml, app, base);
    releases(&mut xml, app, version);
    rating(&mut xml, app);
    look(&mut xml, app);
    xml.push_str("</component>");
    xml
}

/// The `<component>` of an add-on.
pub(crate) fn of_addon(addon: &Addon) -> String {
    let mut xml = String::from("<component type=\"addon\">");
    element(&mut xml, "id", "", &addon.id);
    element(&mut xml, "extends", "", &addon.extends);
    element(&mut xml, "name", "", &addon.name);
    element(&mut xml, "summary", "", &addon.summary);
    xml.push_str("</component>");
    xml
}

fn element(xml: &mut String, tag: &str, attribute: &str, text: &str) {
    let _ = write!(xml, "<{tag}{attribute}>{}</{tag}>", escape(text));
}

fn lang(language: &str) -> String {
    format!(" xml:lang=\"{}\"", escape(language))
}

/// The id without its last part, which is the app's own.
fn developer_id(id: &str) -> &str {
    id.rsplit_once('.').map_or(id, |(developer, _)| developer)
}

fn description(xml: &mut String, app: &App) {
    xml.push_str("<description>");
    for _ in 0..app.repeat {
        xml.push_str(&markup::to_xml(&app.description, ""));
    }
    for (language, words) in &app.languages {
        if let Some(text) = &words.description {
            xml.push_str(&markup::to_xml(text, &lang(language)));
        }
    }
    xml.push_str("</description>");
}

fn words(xml: &mut String, list: &str, tag: &str, attribute: &str, words: &[String]) {
    if words.is_empty() {
        return;
    }
    let _ = write!(xml, "<{list}{attribute}>");
    for word in words {
        element(xml, tag, "", word);
    }
    let _ = write!(xml, "</{list}>");
}

fn keywords(xml: &mut String, app: &App) {
    words(xml, "keywords", "keyword", "", &app.keywords);
    for (language, translation) in &app.languages {
        words(xml, "keywords", "keyword", &lang(language), &translation.keywords);
    }
}

fn links(xml: &mut String, app: &App) {
    let Some(home) = &app.homepage else { return };
    for (kind, path) in [("homepage", ""), ("bugtracker", "/issues"), ("help", "/help"), ("translate", "/translate")] {
        let _ = write!(xml, "<url type=\"{kind}\">{}{path}</url>", escape(home));
    }
}

fn screenshots(xml: &mut String, app: &App, base: &str) {
    if app.screens.is_empty() {
        return;
    }
    xml.push_str("<screenshots>");
    for (index, screen) in app.screens.iter().enumerate() {
        xml.push_str(if index == 0 { "<screenshot type=\"default\">" } else { "<screenshot>" });
        element(xml, "caption", "", &screen.caption);
        let (width, height) = SCREEN;
        let _ = write!(xml, "<image type=\"source\" width=\"{width}\" height=\"{height}\">");
        let _ = write!(xml, "{base}{}</image></screenshot>", app.screen_path(index));
    }
    xml.push_str("</screenshots>");
}

/// Releases count their age in days, so that the world is as fresh tomorrow as it is today.
fn releases(xml: &mut String, app: &App, version: &str) {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_secs();
    let today = now - now % SECONDS_A_DAY;
    xml.push_str("<releases>");
    for release in app.releases.iter().skip_while(|release| release.version != version) {
        let date = today.saturating_sub(release.days * SECONDS_A_DAY);
        let _ = write!(xml, "<release version=\"{}\" timestamp=\"{date}\">", escape(&release.version));
        if !release.notes.is_empty() {
            let _ = write!(xml, "<description>{}</description>", markup::to_xml(&release.notes, ""));
        }
        xml.push_str("</release>");
    }
    xml.push_str("</releases>");
}

fn rating(xml: &mut String, app: &App) {
    xml.push_str("<content_rating type=\"oars-1.1\">");
    for (id, value) in app.rating.iter().filter_map(|rating| rating.split_once('=')) {
        let _ = write!(xml, "<content_attribute id=\"{}\">{}</content_attribute>", escape(id), escape(value));
    }
    xml.push_str("</content_rating>");
}

fn look(xml: &mut String, app: &App) {
    let [light, dark] = &app.colours;
    xml.push_str("<branding>");
    element(xml, "color", " type=\"primary\" scheme_preference=\"light\"", light);
    element(xml, "color", " type=\"primary\" scheme_preference=\"dark\"", dark);
    xml.push_str("</branding>");
    if app.mobile {
        xml.push_str("<requires><display_length compare=\"ge\">360</display_length></requires>");
        xml.push_str(
            "<supports><control>pointing</control><control>keyboard</control><control>touch</control></supports>",
        );
    }
    if app.verified {
        xml.push_str("<custom><value key=\"flathub::verification::verified\">true</value>");
        xml.push_str("<value key=\"flathub::verification::method\">website</value>");
        let site = app.homepage.as_deref().and_then(|home| home.split("://").nth(1)).unwrap_or_default();
        element(xml, "value", " key=\"flathub::verification::website\"", site);
        xml.push_str("</custom>");
    }
}
