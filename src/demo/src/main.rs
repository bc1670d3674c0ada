//! A world in a box: real Flatpaks on a private machine.

fn main() {}
