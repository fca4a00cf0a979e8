//! The project's automation, in Rust.

fn main() {}
