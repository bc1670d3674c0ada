//! Puts style sheet and icons into the program.

fn main() {
    glib_build_tools::compile_resources(
        &["resources", "../../data/icons/hicolor"],
        "resources/strata.gresource.xml",
        "strata.gresource",
    );
}
