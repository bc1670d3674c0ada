//! Descriptions as they stand in the data files: paragraphs between blank lines, `* ` for lists, `1. ` for numbered
//! lists, `_emphasis_` and `` `code` ``.

use crate::repository::component::escape;

/// AppStream's markup for a text. `attribute` is put on every block (` xml:lang="de"`, or nothing).
pub(super) fn to_xml(text: &str, attribute: &str) -> String {
    text.split("\n\n")
        .map(str::trim)
        .filter(|block| !block.is_empty())
        .map(|block| block_xml(block, attribute))
        .collect()
}

fn block_xml(block: &str, attribute: &str) -> String {
    if let Some(items) = items(block, |line| line.strip_prefix("* ")) {
        return list("ul", &items, attribute);
    }
    if let Some(items) =
        items(block, |line| line.split_once(". ").filter(|(n, _)| n.parse::<u8>().is_ok()).map(|p| p.1))
    {
        return list("ol", &items, attribute);
    }
    format!("<p{attribute}>{}</p>", inline(&block.replace('\n', " ")))
}

/// The lines of a block without their marks, if every line has one.
fn items<'a>(block: &'a str, mark: impl Fn(&'a str) -> Option<&'a str>) -> Option<Vec<&'a str>> {
    block.lines().map(mark).collect()
}

fn list(tag: &str, items: &[&str], attribute: &str) -> String {
    let items: Vec<String> = items.iter().map(|item| format!("<li{attribute}>{}</li>", inline(item))).collect();
    format!("<{tag}>{}</{tag}>", items.concat())
}

fn inline(text: &str) -> String {
    wrap(&wrap(&escape(text), '_', "em"), '`', "code")
}

/// Every second piece between the marks goes into the element.
fn wrap(text: &str, mark: char, tag: &str) -> String {
    let pieces: Vec<&str> = text.split(mark).collect();
    if pieces.len().is_multiple_of(2) {
        return text.to_owned();
    }
    let wrapped = pieces.iter().enumerate().map(|(index, piece)| match index % 2 {
        0 => (*piece).to_owned(),
        _ => format!("<{tag}>{piece}</{tag}>"),
    });
    wrapped.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blocks_become_elements() {
        let text = "One & _two_\nlines\n\n* a\n* `b`\n\n1. x\n2. y\n";
        let xml = "<p>One &amp; <em>two</em> lines</p><ul><li>a</li><li><code>b</code></li></ul><ol><li>x</li><li>y</li></ol>";
        assert_eq!(to_xml(text, ""), xml);
        assert_eq!(to_xml("a_b", " xml:lang=\"de\""), "<p xml:lang=\"de\">a_b</p>");
    }
}
