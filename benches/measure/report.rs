//! How this program reports: lines on stdout, and failures that end it.

use std::error::Error;

/// Every failure here ends the program with its text.
pub(crate) type Result<T> = std::result::Result<T, Box<dyn Error>>;

/// Prints to stdout, which here is the terminal's: this is not the plugin.
#[expect(clippy::print_stdout, reason = "this is not the plugin")]
pub(crate) fn print(text: &str) {
    println!("{text}");
}
