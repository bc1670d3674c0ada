//! The window. See `docs/window.md`.

use std::process::ExitCode;

mod app;
mod app_actions;
mod app_settings;
mod asked;
mod category;
mod colour;
mod context;
mod i18n;
mod images;
mod live;
mod marks;
mod observed;
mod opening;
mod options;
mod pages;
mod preferences;
mod reader;
mod sentence;
mod storage;
mod system;
mod web;
mod widgets;
mod window;

fn main() -> ExitCode {
    app::run()
}
