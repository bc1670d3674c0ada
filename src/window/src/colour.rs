//! The colours that apps bring along.

use relm4::gtk::gdk;
use strata_model::app::Branding;

/// A colour that a style sheet may hold: nothing of a stranger's gets there but six digits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Colour([u8; 3]);

impl Colour {
    /// Reads `#rrggbb`.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let digits = text.strip_prefix('#').filter(|digits| digits.len() == 6 && digits.is_ascii())?;
        if !digits.chars().all(|digit| digit.is_ascii_hexdigit()) {
            return None;
        }
        let part = |at: usize| u8::from_str_radix(&digits[at..at + 2], 16).ok();
        Some(Self([part(0)?, part(2)?, part(4)?]))
    }

    /// The app's colour on such a page; the other one where it brought along one only.
    pub(crate) fn of_brand(branding: &Branding, dark: bool) -> Option<Self> {
        let parsed = |text: &Option<String>| text.as_deref().and_then(Self::parse);
        let (light, dark_one) = (parsed(&branding.light), parsed(&branding.dark));
        if dark { dark_one.or(light) } else { light.or(dark_one) }
    }

    /// As GTK paints it.
    pub(crate) fn rgba(self) -> gdk::RGBA {
        let [red, green, blue] = self.0.map(|part| f32::from(part) / 255.0);
        gdk::RGBA::new(red, green, blue, 1.0)
    }

    /// As a style sheet writes it.
    pub(crate) fn css(self) -> String {
        let [red, green, blue] = self.0;
        format!("#{red:02x}{green:02x}{blue:02x}")
    }

    pub(crate) const BLACK: &str = "#000000";
    pub(crate) const WHITE: &str = "#ffffff";

    /// Black or white, whichever reads better on it. The better one has a contrast of at least 4.58.
    pub(crate) fn readable_text(self) -> &'static str {
        // Where the contrast ratios to black and to white are the same: (l + 0.05) / 0.05 = 1.05 / (l + 0.05).
        if self.luminance() > 0.179_13 { Self::BLACK } else { Self::WHITE }
    }

    /// Relative luminance, 0 to 1. <https://www.w3.org/TR/WCAG21/#dfn-relative-luminance>
    fn luminance(self) -> f64 {
        let linear = |part: u8| {
            let part = f64::from(part) / 255.0;
            if part <= 0.04045 { part / 12.92 } else { ((part + 0.055) / 1.055).powf(2.4) }
        };
        let [red, green, blue] = self.0.map(linear);
        0.2126 * red + 0.7152 * green + 0.0722 * blue
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_colours_get_into_a_style_sheet() {
        assert_eq!(Colour::parse("#12aBff").map(Colour::css).as_deref(), Some("#12abff"));
        for bad in ["", "#fff", "#12345g", "#+12345", "red", "#ääa", "#123456;}*{color:red"] {
            assert_eq!(Colour::parse(bad), None, "{bad:?}");
        }
    }

    #[test]
    fn text_is_readable_on_every_colour() {
        let cases = [
            ("#ffffff", "#000000", "white"),
            ("#000000", "#ffffff", "black"),
            ("#f6d32d", "#000000", "yellow is bright"),
            ("#1a5fb4", "#ffffff", "blue is dark"),
            ("#777777", "#000000", "just above the middle"),
            ("#747474", "#ffffff", "just below"),
        ];
        for (colour, text, reason) in cases {
            assert_eq!(Colour::parse(colour).map(Colour::readable_text), Some(text), "{reason}");
        }
    }

    #[test]
    fn one_colour_serves_both_pages() {
        let branding = |light: &str, dark: &str| Branding {
            light: Some(light.to_owned()).filter(|text| !text.is_empty()),
            dark: Some(dark.to_owned()).filter(|text| !text.is_empty()),
        };
        let both = branding("#aaaaaa", "#bbbbbb");
        let css = |branding: &Branding, dark| Colour::of_brand(branding, dark).map(Colour::css);
        assert_eq!(css(&both, false).as_deref(), Some("#aaaaaa"));
        assert_eq!(css(&both, true).as_deref(), Some("#bbbbbb"));
        assert_eq!(css(&branding("#aaaaaa", ""), true).as_deref(), Some("#aaaaaa"));
        assert_eq!(css(&branding("none", "#bbbbbb"), false).as_deref(), Some("#bbbbbb"));
        assert_eq!(css(&Branding::default(), false), None);
    }
}
