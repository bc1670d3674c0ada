//! Lists of apps, as the window names them.

use crate::i18n::gettext;
use strata_catalogue::{Category, List, Subcategory};
use strata_model::AppId;

/// The category's name for people.
pub(crate) fn title(category: Category) -> String {
    match category {
        Category::Create => gettext("Create"),
        Category::Work => gettext("Work"),
        Category::Play => gettext("Play"),
        Category::Socialise => gettext("Socialise"),
        Category::Learn => gettext("Learn"),
        Category::Develop => gettext("Develop"),
        Category::Tools => gettext("Tools"),
    }
}

/// The category's symbolic icon.
pub(crate) const fn icon(category: Category) -> &'static str {
    match category {
        Category::Create => "applications-graphics-symbolic",
        Category::Work => "x-office-document-symbolic",
        Category::Play => "input-gaming-symbolic",
        Category::Socialise => "chat-message-new-symbolic",
        Category::Learn => "applications-science-symbolic",
        Category::Develop => "utilities-terminal-symbolic",
        Category::Tools => "applications-utilities-symbolic",
    }
}

/// The list's name in actions.
pub(crate) fn list_word(list: &List) -> String {
    match list {
        List::Category(category) => format!("category {}", category.as_str()),
        List::Subcategory(category, part) => format!("part {} {}", category.as_str(), part.category()),
        List::RecentlyUpdated => "updated".to_owned(),
        List::Popular => "popular".to_owned(),
        List::Trending => "trending".to_owned(),
        List::Picks { day } => format!("picks {day}"),
        List::Similar(id) => format!("similar {id}"),
        List::New => "new".to_owned(),
        List::Developer(name) => format!("developer {name}"),
        List::All => "all".to_owned(),
        List::Likeliest => "likeliest".to_owned(),
        List::Suggested => "suggested".to_owned(),
    }
}

/// The list with this name.
pub(crate) fn list_from_word(text: &str) -> Option<List> {
    match text.split_once(' ') {
        Some(("category", name)) => Category::named(name).map(List::Category),
        Some(("part", names)) => {
            let (tile, name) = names.split_once(' ')?;
            let tile = Category::named(tile)?;
            Subcategory::named(tile, name).map(|part| List::Subcategory(tile, part))
        }
        Some(("picks", day)) => day.parse().ok().map(|day| List::Picks { day }),
        Some(("similar", id)) => AppId::new(id).ok().map(List::Similar),
        Some(("developer", name)) => Some(List::Developer(name.to_owned())),
        _ => match text {
            "updated" => Some(List::RecentlyUpdated),
            "popular" => Some(List::Popular),
            "trending" => Some(List::Trending),
            "new" => Some(List::New),
            "all" => Some(List::All),
            "likeliest" => Some(List::Likeliest),
            "suggested" => Some(List::Suggested),
            _ => None,
        },
    }
}

/// The list's heading.
pub(crate) fn list_title(list: &List) -> String {
    match list {
        List::Category(category) => title(*category),
        List::Subcategory(_, part) => gettext(part.label()),
        List::RecentlyUpdated => gettext("Recently Updated"),
        List::Popular => gettext("Popular"),
        List::Suggested => gettext("Suggested"),
        List::Trending => gettext("Trending"),
        List::Picks { .. } => gettext("Picks"),
        List::Similar(_) => gettext("Similar Apps"),
        List::New => gettext("New"),
        List::Developer(name) => name.clone(),
        List::All | List::Likeliest => gettext("All Apps"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_survives_its_way_through_an_action() {
        let similar = AppId::new("a.b.C").unwrap();
        let lists = [
            List::All,
            List::Likeliest,
            List::Suggested,
            List::New,
            List::RecentlyUpdated,
            List::Popular,
            List::Trending,
            List::Picks { day: 20_000 },
            List::Similar(similar),
            List::Developer("A B".into()),
        ];
        let parts = Category::ALL
            .into_iter()
            .flat_map(|tile| Subcategory::of(tile).map(move |part| List::Subcategory(tile, part)));
        for list in lists.into_iter().chain(Category::ALL.map(List::Category)).chain(parts) {
            assert_eq!(list_from_word(&list_word(&list)), Some(list));
        }
        assert_eq!(list_from_word("category nothing"), None);
    }
}
