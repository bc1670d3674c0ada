//! A description as widgets: paragraphs and lists of plain text, never a stranger's markup.

use crate::i18n::gettext;
use relm4::gtk;
use relm4::gtk::glib::markup_escape_text;
use relm4::gtk::prelude::*;
use strata_model::text::{Block, Span, Style};

/// So much is shown at once, in characters; the rest when asked for.
const SHORT: usize = 520;

/// Builds the description; a long one can be unfolded.
pub(crate) fn description(blocks: &[Block]) -> gtk::Box {
    let root = gtk::Box::builder().orientation(gtk::Orientation::Vertical).spacing(12).build();
    let shown = shown_at_first(blocks);
    for block in &blocks[..shown] {
        root.append(&block_widget(block));
    }
    let long_first = shown == 1 && blocks.first().is_some_and(|block| length(block) > 2 * SHORT);
    if shown < blocks.len() || long_first {
        fold(&root, &blocks[shown..], long_first);
    }
    root
}

fn shown_at_first(blocks: &[Block]) -> usize {
    let mut total = 0;
    let over = blocks.iter().position(|block| {
        total += length(block);
        total > SHORT
    });
    over.map_or(blocks.len(), |at| (at + 1).min(blocks.len()))
}

fn length(block: &Block) -> usize {
    match block {
        Block::Paragraph { spans } => spans_length(spans),
        Block::List { items, .. } => items.iter().map(|spans| spans_length(spans)).sum(),
    }
}

fn spans_length(spans: &[Span]) -> usize {
    spans.iter().map(|span| span.text.len()).sum()
}

fn fold(root: &gtk::Box, rest: &[Block], clip_first: bool) {
    let first = root.first_child().and_downcast::<gtk::Label>().filter(|_| clip_first);
    if let Some(first) = &first {
        first.set_lines(8);
        first.set_ellipsize(gtk::pango::EllipsizeMode::End);
    }
    let more = gtk::Button::builder().label(gettext("Show More")).halign(gtk::Align::Start).build();
    root.append(&more);
    let (root, rest) = (root.downgrade(), rest.to_vec());
    more.connect_clicked(move |more| {
        let Some(root) = root.upgrade() else { return };
        if let Some(first) = &first {
            first.set_ellipsize(gtk::pango::EllipsizeMode::None);
            first.set_lines(-1);
        }
        root.remove(more);
        for block in &rest {
            root.append(&block_widget(block));
        }
    });
}

fn block_widget(block: &Block) -> gtk::Widget {
    match block {
        Block::Paragraph { spans } => text(spans).upcast(),
        Block::List { ordered, items } => {
            let list = gtk::Box::builder().orientation(gtk::Orientation::Vertical).spacing(6).build();
            for (number, item) in (1..).zip(items) {
                let mark = if *ordered { format!("{number}.") } else { "•".to_owned() };
                let mark = gtk::Label::builder().label(mark).yalign(0.0).width_chars(2).css_classes(["dimmed"]).build();
                let line = gtk::Box::builder().spacing(6).build();
                line.append(&mark);
                line.append(&text(item));
                list.append(&line);
            }
            list.upcast()
        }
    }
}

fn text(spans: &[Span]) -> gtk::Label {
    gtk::Label::builder()
        .label(markup(spans))
        .use_markup(true)
        .xalign(0.0)
        .hexpand(true)
        .wrap(true)
        .wrap_mode(gtk::pango::WrapMode::WordChar)
        .css_classes(["body"])
        .build()
}

fn markup(spans: &[Span]) -> String {
    let run = |span: &Span| {
        let text = markup_escape_text(&span.text);
        match span.style {
            Style::Plain => text.to_string(),
            Style::Emphasis => format!("<i>{text}</i>"),
            Style::Code => format!("<tt>{text}</tt>"),
        }
    };
    spans.iter().map(run).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn span(text: &str, style: Style) -> Span {
        Span { text: text.to_owned(), style }
    }

    #[test]
    fn markup_of_strangers_is_text() {
        let spans = [span("a <b> & ", Style::Plain), span("x<y", Style::Code)];
        assert_eq!(markup(&spans), "a &lt;b&gt; &amp; <tt>x&lt;y</tt>");
    }

    #[test]
    fn long_descriptions_are_folded_at_a_block() {
        let block = || Block::Paragraph { spans: vec![span(&"x".repeat(300), Style::Plain)] };
        assert_eq!(shown_at_first(&[block()]), 1);
        assert_eq!(shown_at_first(&[block(), block(), block()]), 2);
        assert_eq!(shown_at_first(&[]), 0);
    }
}
