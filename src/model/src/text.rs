//! Descriptions as structure, after AppStream's markup.
//! <https://www.freedesktop.org/software/appstream/docs/chap-Metadata.html#tag-description>

use serde::{Deserialize, Serialize};

/// A piece of a description. The text is plain: a face escapes it where it uses markup.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "kebab-case")]
pub enum Block {
    /// A paragraph.
    Paragraph {
        /// Its runs of text.
        spans: Vec<Span>,
    },
    /// A list.
    List {
        /// Numbered rather than bulleted.
        ordered: bool,
        /// The runs of text of each item.
        items: Vec<Vec<Span>>,
    },
}

/// A run of text in one style.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Span {
    /// Plain text, white space folded.
    pub text: String,
    /// How it is set.
    #[serde(default, skip_serializing_if = "Style::is_plain")]
    pub style: Style,
}

/// The styles that AppStream knows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Style {
    /// Running text.
    #[default]
    Plain,
    /// `<em>`.
    Emphasis,
    /// `<code>`.
    Code,
}

impl Style {
    /// Running text, which needs no mark.
    pub fn is_plain(&self) -> bool {
        *self == Self::Plain
    }
}
