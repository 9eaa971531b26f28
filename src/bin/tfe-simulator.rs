//! The simulator's executable.
fn main() {}
