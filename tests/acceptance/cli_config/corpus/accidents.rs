//! Samples that accidents leave: empty, cut off, binary, too large.

use super::sample::Found::{Broken, Nothing, Token};
use super::sample::{BLOCK, Sample, differs, same};

const BYTE_ORDER_MARK: &str = "a byte order mark does not change what a file says";

/// Returns the samples that accidents leave.
pub(super) fn samples() -> Vec<Sample> {
    let mut binary = BLOCK.as_bytes().to_vec();
    binary.push(0);
    let mut latin1 = b"# caf\xe9\n".to_vec();
    latin1.extend_from_slice(BLOCK.as_bytes());
    let utf16: Vec<u8> = BLOCK.encode_utf16().flat_map(u16::to_le_bytes).collect();
    vec![
        same("", Nothing),
        same(
            format!(
                "{BLOCK}\n{}a = {{ b = }}}}",
                "# a long file\n".repeat(10_000)
            ),
            Token,
        ),
        same(format!("{BLOCK}\n# {}", "long ".repeat(250_000)), Token),
        differs(
            format!("{BLOCK}\n{}b = 1{}", "c { ".repeat(100), "}".repeat(100)),
            Token,
            Broken,
            "more than 64 levels are not followed",
        ),
        same(format!("{BLOCK}\u{a0}"), Broken),
        same(format!("{BLOCK}\u{2028}"), Broken),
        same(format!("{BLOCK}\r"), Token),
        same(format!("{BLOCK}\u{c}"), Broken),
        same("\n\n", Nothing),
        same("# nothing\n", Nothing),
        same(binary, Broken),
        same(latin1, Broken),
        same(utf16, Broken),
        same(b"\x7fELF\x02\x01\x01\x00".to_vec(), Broken),
        differs(format!("\u{feff}{BLOCK}"), Broken, Token, BYTE_ORDER_MARK),
        same("<<<<<<< HEAD\n", Broken),
        same(format!("{BLOCK} }}"), Broken),
        same(r#"credentials "HOST" { token = "good""#, Broken),
        same(r#"credentials "HOST" = { token = "good" }"#, Broken),
        same(r#"credentials "HOST" token = "good""#, Broken),
        same(r#"credentials "HOST""#, Broken),
        same("credentials", Broken),
        same("= 5", Broken),
        same("{{}}", Broken),
        same("a = [1 2]", Broken),
        same("a = [1", Broken),
        same("a = {", Broken),
        same("a = @", Broken),
        same("token = good", Broken),
    ]
}
