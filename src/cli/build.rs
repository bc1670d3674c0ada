//! Links `stratactl` so that it starts quickly.

fn main() {
    // A third of a search is the loader adding one number to a hundred thousand places: packed, they are one short list.
    println!("cargo::rustc-link-arg-bins=-Wl,-z,pack-relative-relocs");
    println!("cargo::rerun-if-changed=build.rs");
}
