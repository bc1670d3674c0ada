//! What a person was shown of an origin, so that nothing else is added on their yes.

use std::fmt;

/// An origin as it was shown before adding it. Its written form is what a request says yes with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ShownOrigin {
    /// Where it is.
    pub url: String,
    /// What comes from it has to be signed.
    pub signed: bool,
    /// The SHA-256 of the file that describes it, where the key stands too; empty where its address is all there is.
    pub description: String,
}

const SIGNED: &str = "signed";
const UNSIGNED: &str = "unsigned";
const NO_DESCRIPTION: &str = "-";

impl ShownOrigin {
    /// Reads the written form.
    pub fn read(text: &str) -> Option<Self> {
        let (signed, rest) = text.split_once(' ')?;
        let signed = match signed {
            SIGNED => true,
            UNSIGNED => false,
            _ => return None,
        };
        let (description, url) = rest.split_once(' ').filter(|(_, url)| !url.is_empty())?;
        let is_sum = description.len() == 64 && description.bytes().all(|byte| byte.is_ascii_hexdigit());
        let description = match description {
            NO_DESCRIPTION => "",
            sum => Some(sum).filter(|_| is_sum)?,
        };
        Some(Self { url: url.to_owned(), signed, description: description.to_owned() })
    }
}

impl fmt::Display for ShownOrigin {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let signed = if self.signed { SIGNED } else { UNSIGNED };
        let description = if self.description.is_empty() { NO_DESCRIPTION } else { &self.description };
        write!(out, "{signed} {description} {}", self.url)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read_again_and_nothing_else() {
        for (signed, description) in [(true, "ab".repeat(32)), (false, String::new())] {
            let shown = ShownOrigin { url: "file:///a b/repo".to_owned(), signed, description };
            assert_eq!(ShownOrigin::read(&shown.to_string()), Some(shown));
        }
        for text in
            ["", "signed", "signed -", "signed - ", "yes - https://a", "signed abc https://a", "signed  https://a"]
        {
            assert_eq!(ShownOrigin::read(text), None, "{text}");
        }
    }
}
