//! The demo world's pictures: icons and mock windows, drawn from SVG.

use crate::DemoError;
use crate::description::component::SCREEN;
use crate::description::{App, Plate, Screen};
use crate::repository::component::escape;
use resvg::tiny_skia::{Pixmap, Transform};
use resvg::usvg::{Options, Tree, fontdb};
use std::sync::{Arc, LazyLock};

/// The templates of mock windows by their names.
const SCREENS: [(&str, &str); 13] = [
    ("board", include_str!("../data/screens/board.svg")),
    ("calendar", include_str!("../data/screens/calendar.svg")),
    ("canvas", include_str!("../data/screens/canvas.svg")),
    ("chart", include_str!("../data/screens/chart.svg")),
    ("chat", include_str!("../data/screens/chat.svg")),
    ("code", include_str!("../data/screens/code.svg")),
    ("document", include_str!("../data/screens/document.svg")),
    ("gallery", include_str!("../data/screens/gallery.svg")),
    ("list", include_str!("../data/screens/list.svg")),
    ("map", include_str!("../data/screens/map.svg")),
    ("player", include_str!("../data/screens/player.svg")),
    ("scene", include_str!("../data/screens/scene.svg")),
    ("tiles", include_str!("../data/screens/tiles.svg")),
];
const FRAME: &str = include_str!("../data/screens/frame.svg");
const ICON: &str = include_str!("../data/icon.svg");
const CANVAS: u16 = 128;

/// Loading a machine's fonts takes a good part of a second, so it happens once.
static FONTS: LazyLock<Arc<fontdb::Database>> = LazyLock::new(|| {
    let mut fonts = fontdb::Database::new();
    fonts.load_system_fonts();
    if let Some(family) = first_of(&fonts, &["Cantarell", "Adwaita Sans", "Noto Sans", "DejaVu Sans"]) {
        fonts.set_sans_serif_family(family);
    }
    if let Some(family) = first_of(&fonts, &["Source Code Pro", "Adwaita Mono", "Noto Sans Mono", "DejaVu Sans Mono"]) {
        fonts.set_monospace_family(family);
    }
    Arc::new(fonts)
});

/// The first of the families that this machine has.
fn first_of(fonts: &fontdb::Database, families: &[&'static str]) -> Option<&'static str> {
    let has = |family: &&&'static str| {
        let query = fontdb::Query { families: &[fontdb::Family::Name(family)], ..fontdb::Query::default() };
        fonts.query(&query).is_some()
    };
    families.iter().find(has).copied()
}

/// Draws an app's icon as PNG, `size` pixels wide and high.
pub(crate) fn icon(app: &App, size: u16) -> Result<Vec<u8>, DemoError> {
    let options = Options::default();
    let scale = f32::from(size) / f32::from(CANVAS);
    draw(&icon_svg(app), (u32::from(size), u32::from(size)), scale, &options, &app.id)
}

/// Draws a mock window of an app as PNG.
pub(crate) fn screen(app: &App, screen: &Screen) -> Result<Vec<u8>, DemoError> {
    let options = Options { fontdb: Arc::clone(&FONTS), font_family: "sans-serif".to_owned(), ..Options::default() };
    draw(&screen_svg(app, screen)?, SCREEN, 1.0, &options, &app.id)
}

fn draw(svg: &str, size: (u32, u32), scale: f32, options: &Options, of: &str) -> Result<Vec<u8>, DemoError> {
    let wrong = |detail: String| DemoError::Description(format!("picture of {of}: {detail}"));
    let tree = Tree::from_str(svg, options).map_err(|error| wrong(error.to_string()))?;
    let mut pixels = Pixmap::new(size.0, size.1).ok_or_else(|| wrong("no size".to_owned()))?;
    resvg::render(&tree, Transform::from_scale(scale, scale), &mut pixels.as_mut());
    pixels.encode_png().map_err(|error| wrong(error.to_string()))
}

fn icon_svg(app: &App) -> String {
    let [light, dark] = &app.colours;
    // The plate, and its lower edge, which is the same shape a little lower and darker.
    let shape = match app.plate {
        Plate::Square => "<rect x=\"12\" y=\"10\" width=\"104\" height=\"104\" rx=\"24\"/>",
        Plate::Round => "<circle cx=\"64\" cy=\"62\" r=\"54\"/>",
        Plate::Tall => "<rect x=\"20\" y=\"4\" width=\"88\" height=\"114\" rx=\"16\"/>",
        Plate::Wide => "<rect x=\"6\" y=\"20\" width=\"116\" height=\"88\" rx=\"16\"/>",
        Plate::Hexagon => {
            "<path d=\"M56 7.6a16 16 0 0 1 16 0l35 20.2a16 16 0 0 1 8 13.9v40.4a16 16 0 0 1-8 13.9l-35 20.2a16 16 0 0 1-16 0l-35-20.2a16 16 0 0 1-8-13.9V41.7a16 16 0 0 1 8-13.9z\"/>"
        }
        Plate::None => "",
    };
    fill(ICON, &[("light", light), ("dark", dark), ("shape", shape), ("glyph", &app.icon)])
}

fn screen_svg(app: &App, screen: &Screen) -> Result<String, DemoError> {
    let template = SCREENS
        .iter()
        .find(|(name, _)| *name == screen.kind)
        .map(|(_, svg)| *svg)
        .ok_or_else(|| DemoError::Description(format!("{}: no such screen: {}", app.id, screen.kind)))?;
    let [light, dark] = &app.colours;
    let (name, icon) = (escape(&app.name), icon_svg(app));
    // Words go in before the icon, which is the same for every window and large.
    let frame = words(&fill(FRAME, &[("body", template)]), &screen.words);
    Ok(fill(&frame, &[("light", light), ("dark", dark), ("name", &name), ("icon", &icon)]))
}

/// Puts the words where the template has `{w0}`, `{w1}` …; what has no word is empty.
fn words(template: &str, words: &[String]) -> String {
    let mut svg = template.to_owned();
    for index in 0..40 {
        let word = words.get(index).map(|word| escape(word)).unwrap_or_default();
        svg = svg.replace(&format!("{{w{index}}}"), &word);
    }
    svg
}

fn fill(template: &str, values: &[(&str, &str)]) -> String {
    values.iter().fold(template.to_owned(), |svg, (key, value)| svg.replace(&format!("{{{key}}}"), value))
}
