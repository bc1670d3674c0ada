//! AppStream data for apps that come without their own.

use crate::{AddonSpec, AppSpec};

pub(super) fn of_app(spec: &AppSpec) -> String {
    let id = escape(&spec.id);
    let sizes = spec.icons.iter().map(|icon| icon.size);
    let icons: Vec<String> =
        sizes.map(|size| format!("<icon type=\"cached\" width=\"{size}\" height=\"{size}\">{id}.png</icon>")).collect();
    let icons = icons.concat();
    format!(
        "<component type=\"desktop-application\"><id>{id}</id><name>{}</name><summary>{}</summary>\
         <project_license>GPL-3.0-or-later</project_license><description><p>{1}.</p></description>{icons}\
         <launchable type=\"desktop-id\">{id}.desktop</launchable><categories><category>Utility</category></categories>\
         <releases><release version=\"{}\" date=\"2026-01-01\"/></releases></component>",
        escape(&spec.name),
        escape(&spec.summary),
        escape(&spec.version),
    )
}

pub(super) fn of_addon(spec: &AddonSpec) -> String {
    format!(
        "<component type=\"addon\"><id>{}</id><extends>{}</extends><name>{}</name><summary>{}</summary></component>",
        escape(&spec.id),
        escape(&spec.extends),
        escape(&spec.name),
        escape(&spec.summary),
    )
}

/// Text for XML, in elements and in attributes.
pub(crate) fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}
