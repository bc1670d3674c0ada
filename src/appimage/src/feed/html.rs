//! Descriptions out of HTML as catalogues have it: paragraphs and lists of AppStream, or plain text. Nothing of the
//! markup survives but structure; what is no mark that is known is left out, and an `&` that begins no entity is one.

use super::value::folded;
use crate::limits;
use strata_model::text::{Block, Span, Style};

/// Reads a description.
pub(super) fn blocks(html: &str) -> Vec<Block> {
    let mut reader = Reader::default();
    let mut rest = &html[..html.floor_char_boundary(limits::DESCRIPTION)];
    while let Some(start) = rest.find('<') {
        reader.text(&rest[..start]);
        let tag = &rest[start + 1..];
        // A `<` that begins no tag is one.
        if !tag.starts_with(|c: char| c.is_ascii_alphabetic() || matches!(c, '/' | '!')) {
            reader.text("<");
            rest = tag;
            continue;
        }
        let Some(end) = tag.find('>') else {
            rest = "";
            break;
        };
        reader.tag(&tag[..end]);
        rest = &tag[end + 1..];
    }
    reader.text(rest);
    reader.end_block();
    reader.end_list();
    reader.blocks
}

#[derive(Default)]
struct Reader {
    blocks: Vec<Block>,
    spans: Vec<Span>,
    style: Style,
    /// The list that is open.
    list: Option<(bool, Vec<Vec<Span>>)>,
    /// Nothing is shown of what stands in these.
    hidden: bool,
}

impl Reader {
    fn tag(&mut self, tag: &str) {
        let closes = tag.starts_with('/');
        let name = tag.trim_start_matches('/').split(|c: char| !c.is_ascii_alphanumeric()).next().unwrap_or_default();
        match (name.to_ascii_lowercase().as_str(), closes) {
            ("script" | "style", closes) => self.hidden = !closes,
            ("ul" | "ol", false) => {
                self.end_block();
                self.end_list();
                self.list = Some((name.eq_ignore_ascii_case("ol"), Vec::new()));
            }
            ("ul" | "ol", true) => {
                self.end_block();
                self.end_list();
            }
            ("p" | "li" | "div" | "br" | "h1" | "h2" | "h3" | "h4", _) => self.end_block(),
            ("em" | "i" | "b" | "strong", closes) => self.style = if closes { Style::Plain } else { Style::Emphasis },
            ("code", closes) => self.style = if closes { Style::Plain } else { Style::Code },
            _ => {}
        }
    }

    fn text(&mut self, raw: &str) {
        if self.hidden || raw.is_empty() {
            return;
        }
        let text = unescaped(raw);
        let mut folded = folded(&text, limits::PARAGRAPH);
        // Spaces between runs of text count.
        let before = self.spans.last().is_some_and(|span| !span.text.ends_with(' '));
        if before && text.starts_with(char::is_whitespace) {
            folded.insert(0, ' ');
        }
        if text.ends_with(char::is_whitespace) && !folded.trim().is_empty() {
            folded.push(' ');
        }
        if folded.is_empty() {
            return;
        }
        match self.spans.last_mut() {
            Some(last) if last.style == self.style => last.text.push_str(&folded),
            _ => self.spans.push(Span { text: folded, style: self.style }),
        }
    }

    fn end_block(&mut self) {
        let mut spans = std::mem::take(&mut self.spans);
        self.style = Style::Plain;
        if let Some(last) = spans.last_mut() {
            last.text.truncate(last.text.trim_end().len());
        }
        spans.retain(|span| !span.text.is_empty());
        if spans.is_empty() || spans.iter().all(|span| span.text.trim().is_empty()) {
            return;
        }
        match &mut self.list {
            Some((_, items)) if items.len() < limits::BLOCKS => items.push(spans),
            None if self.blocks.len() < limits::BLOCKS => self.blocks.push(Block::Paragraph { spans }),
            _ => {}
        }
    }

    fn end_list(&mut self) {
        if let Some((ordered, items)) = self.list.take()
            && !items.is_empty()
            && self.blocks.len() < limits::BLOCKS
        {
            self.blocks.push(Block::List { ordered, items });
        }
    }
}

/// Text without entities. Feeds have some that were escaped twice; once is what the format says.
fn unescaped(raw: &str) -> String {
    const NAMED: [(&str, char); 6] =
        [("amp", '&'), ("lt", '<'), ("gt", '>'), ("quot", '"'), ("apos", '\''), ("nbsp", ' ')];
    /// Longest entity that is known, without `&` and `;`.
    const LONGEST: usize = 8;
    let mut text = String::with_capacity(raw.len());
    let mut rest = raw;
    while let Some(start) = rest.find('&') {
        text.push_str(&rest[..start]);
        let behind = &rest[start + 1..];
        // No further than an entity may reach, lest every `&` looks through all that is left.
        let end = behind.bytes().take(LONGEST + 1).position(|byte| byte == b';');
        let meant = end.and_then(|end| {
            let name = &behind[..end];
            let known = NAMED.iter().find(|(known, _)| *known == name).map(|(_, character)| *character);
            let number = || match name.strip_prefix('#')?.strip_prefix(['x', 'X']) {
                Some(hexadecimal) => u32::from_str_radix(hexadecimal, 16).ok(),
                None => name.strip_prefix('#')?.parse().ok(),
            };
            known.or_else(|| char::from_u32(number()?)).map(|character| (character, end))
        });
        if let Some((character, end)) = meant {
            text.push(character);
            rest = &behind[end + 1..];
        } else {
            text.push('&');
            rest = behind;
        }
    }
    text.push_str(rest);
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plain(text: &str) -> Vec<Span> {
        vec![Span { text: text.to_owned(), style: Style::Plain }]
    }

    fn paragraph(text: &str) -> Block {
        Block::Paragraph { spans: plain(text) }
    }

    #[test]
    fn structure_stays_and_markup_goes() {
        let list =
            |items: &[&str]| Block::List { ordered: false, items: items.iter().map(|item| plain(item)).collect() };
        for (html, expected) in [
            ("", vec![]),
            ("  \n ", vec![]),
            ("Browse & watch", vec![paragraph("Browse & watch")]),
            ("a < b &amp;&lt;b&gt; &#65;&#x42; &bomb; &", vec![paragraph("a < b &<b> AB &bomb; &")]),
            ("<p>One\n two</p>\n<p>Three</p>", vec![paragraph("One two"), paragraph("Three")]),
            (
                "<p>A</p><ul>\n<li>x</li><li> y </li></ul><p>B</p>",
                vec![paragraph("A"), list(&["x", "y"]), paragraph("B")],
            ),
            ("<ul><li>x", vec![list(&["x"])]),
            ("a<br/>b", vec![paragraph("a"), paragraph("b")]),
            ("<p onclick=\"x\">a</p><script>alert(1)</script><style>b{}</style>", vec![paragraph("a")]),
            ("<a href='javascript:x'>link</a>", vec![paragraph("link")]),
            ("a\u{202e}b\u{0}c", vec![paragraph("abc")]),
            ("a<", vec![paragraph("a<")]),
            ("a<p", vec![paragraph("a")]),
            ("<!-- x -->a", vec![paragraph("a")]),
        ] {
            assert_eq!(blocks(html), expected, "{html}");
        }
        let styled = blocks("<p>a <em>b</em> <code>c</code>d</p>");
        let Block::Paragraph { spans } = &styled[0] else { panic!("{styled:?}") };
        let found: Vec<_> = spans.iter().map(|span| (span.text.as_str(), span.style)).collect();
        assert_eq!(
            found,
            [
                ("a ", Style::Plain),
                ("b", Style::Emphasis),
                (" ", Style::Plain),
                ("c", Style::Code),
                ("d", Style::Plain)
            ]
        );
    }

    #[test]
    fn what_has_no_end_is_cut() {
        assert!(blocks(&"<p>x</p>".repeat(100_000)).len() <= limits::BLOCKS);
        let long = blocks(&"x".repeat(1 << 20));
        assert!(matches!(&long[..], [Block::Paragraph { spans }] if spans[0].text.len() <= limits::PARAGRAPH));
        assert!(blocks(&"<ul>".repeat(100_000)).is_empty());
    }

    #[test]
    fn entities_end_where_they_may() {
        for (raw, expected) in [
            ("&#x10FFFF;", "\u{10ffff}"),
            ("&#000065;", "A"),
            ("&#00000065;", "&#00000065;"),
            ("&aüüüüüü;", "&aüüüüüü;"),
            ("&;&&amp;;", "&;&&;"),
            ("&amp", "&amp"),
        ] {
            assert_eq!(unescaped(raw), expected, "{raw}");
        }
        // Would take for ever if every `&` looked for its end in all that is left.
        let many = "&".repeat(4 << 20);
        assert_eq!(unescaped(&many), many);
    }
}
