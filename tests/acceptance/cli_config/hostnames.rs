//! Which spellings are hostnames: Terraform warns of a `credentials` block with an invalid one.

use std::fmt::Write as _;

use terraform_provider_tfe::client::Hostname;

use super::Home;

const SPELLINGS: [&str; 92] = [
    // Names.
    "app.terraform.io",
    "App.Terraform.IO",
    "localhost",
    "LOCALHOST",
    "a",
    "1",
    "a.b.c.d.e.f",
    "a-b.example",
    "a1-2b.example",
    "127.0.0.1",
    "1.2.3.4.5",
    "a--b.example",
    "ab--c.example",
    "-a.example",
    "a-.example",
    "a.-b",
    "a_b.example",
    "_a.example",
    "a b.example",
    " a.example",
    "a.example ",
    "a\tb.example",
    "a.example.",
    ".a.example",
    "a..example",
    ".",
    "..",
    "",
    "*.example",
    "a*b.example",
    "a@b.example",
    "user:password@b.example",
    "a!b.example",
    "a%20b.example",
    "a,b.example",
    "a;b.example",
    "a?b.example",
    "a#b.example",
    "a&b.example",
    "a'b.example",
    "a(b).example",
    "a+b.example",
    "a=b.example",
    "a~b.example",
    "$a.example",
    "{a}.example",
    // Ports.
    "a.example:443",
    "a.example:0443",
    "a.example:8443",
    "a.example:0",
    "a.example:00",
    "a.example:65535",
    "a.example:65536",
    "a.example:70000",
    "a.example:99999999999999999999",
    "a.example:",
    "a.example:x",
    "a.example:-1",
    "a.example:+1",
    "a.example:1 ",
    "a.example: 1",
    "a.example:1:2",
    "a.example:0x50",
    ":443",
    ":",
    "::1",
    "[::1]",
    "[::1]:443",
    "a.example:１",
    // URLs.
    "https://a.example",
    "https://a.example/",
    "http://a.example:80/x",
    "a.example/app",
    "a.example:443/app",
    "//a.example",
    // International names.
    "Испытание.com",
    "ÖBB.at",
    "CAFÉ.fr",
    "cafe\u{301}.fr",
    "BÜCHER.example:8443",
    "faß.de",
    "ﬁ.example",
    "ａｂｃ.example",
    "a。example",
    "例え.テスト",
    "مثال.example",
    "نامه\u{200c}ای.com",
    "a\u{200d}b.example",
    "a\u{ad}b.example",
    "☃.example",
    "xn--80akhbyknj4f.com",
    "XN--80akhbyknj4f.com",
];

/// Spellings that only one of the two accepts, and why.
const DIFFERENT: [(&str, &str); 4] = [
    (
        "a.example.",
        "wherever names are compared it is another name",
    ),
    ("a.example:-1", "a port is not negative"),
    ("a.example:+1", "a port is written in digits"),
    (
        "XN--80akhbyknj4f.com",
        "Terraform refuses it in lowercase, and the provider in uppercase as well",
    ),
];

#[test]
fn the_provider_accepts_the_hostnames_that_terraform_accepts() {
    let home = Home::new(["unused.example.com".to_owned()]);
    let blocks = SPELLINGS.iter().fold(home.blocks(), |mut text, spelling| {
        writeln!(text, "credentials {} {{}}", quoted(spelling)).unwrap();
        text
    });
    home.write(".terraformrc", blocks);
    let (_, run) = home.tokens_of_terraform();
    let mut wrong = String::new();
    for spelling in SPELLINGS {
        let warning = format!(
            "The credentials {} block has an invalid hostname",
            quoted(spelling)
        );
        let terraforms = !run.printed(&warning);
        let ours = Hostname::parse(spelling);
        let differs = DIFFERENT
            .iter()
            .any(|(different, _)| *different == spelling);
        if (terraforms == ours.is_ok()) == differs {
            writeln!(
                wrong,
                "{spelling:?}: Terraform accepts it: {terraforms}; the provider: {ours:?}"
            )
            .unwrap();
        }
    }
    assert!(wrong.is_empty(), "{wrong}\n{run}");
    run.prints("invalid hostname");
}

/// Quotes a text as Go does.
fn quoted(text: &str) -> String {
    let mut quoted = String::from("\"");
    for character in text.chars() {
        match character {
            '\t' => quoted.push_str("\\t"),
            '\u{ad}' | '\u{200c}' | '\u{200d}' | '\u{301}' => {
                write!(quoted, "\\u{:04x}", u32::from(character)).unwrap();
            }
            other => quoted.push(other),
        }
    }
    quoted + "\""
}
