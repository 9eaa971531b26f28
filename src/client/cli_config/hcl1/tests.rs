//! Samples that were tried with Terraform, and broken files.

use super::*;

fn token(text: &str) -> Option<String> {
    let root = parse(text).unwrap_or_else(|error| panic!("{error} in {text}"));
    let blocks = root.labelled("credentials");
    let (_, block) = blocks
        .iter()
        .rev()
        .find(|(host, _)| *host == "example.com")?;
    block
        .last("token")
        .and_then(Node::as_str)
        .map(str::to_owned)
}

#[track_caller]
fn check(text: &str) {
    assert_eq!(token(text).as_deref(), Some("good"), "{text}");
}

/// A block as most people write it.
const BLOCK: &str = r#"credentials "example.com" { token = "good" }"#;

/// Every one was accepted by `terraform version` as its CLI configuration.
#[test]
fn finds_the_token_in_every_form_that_terraform_accepts() {
    check(BLOCK);
    check("credentials \"example.com\" {\n  token = \"good\"\n}\n");
    check(r#"credentials "example.com" { token = "good", extra = 1 }"#);
    check(r#"credentials = { "example.com" = { token = "good" } }"#);
    check(r#"credentials { "example.com" { token = "good" } }"#);
    check(r#""credentials" "example.com" { "token" = "good" }"#);
    check(r#"credentials example.com { token = "good" }"#);
    check(r#"{"credentials": {"example.com": {"token": "good", "other": [1]}}}"#);
    check(r#"{"credentials": [{"example.com": [{"token": "good"}]}]}"#);
    check(&format!("{BLOCK} {BLOCK}"));
    check(&format!(
        "credentials \"example.com\" {{ token = \"old\" }}\n{BLOCK}"
    ));
    check(&format!("# one\n// two\n/* three\n */ {BLOCK} # four"));
    check(&format!("plugin_cache_dir = \"$HOME/x\"\r\n{BLOCK}\r\n"));
    check(&format!("disable_checkpoint = true {BLOCK}"));
    check(&format!("a = 0x1F b = -1.5e+3 c = 0755\n{BLOCK}"));
    check(&format!(
        "provider_installation {{ dev_overrides {{ \"hashicorp/tfe\" = \"/tmp\" }} direct {{}} }}\n{BLOCK}"
    ));
    check(&format!(
        "credentials_helper \"x\" {{ args = [\"--a\", \"b\",] }}\n{BLOCK}"
    ));
    check(&format!(
        "host \"h\" {{ services {{ \"tfe.v2\" = \"https://h/\" }} }}\n{BLOCK}"
    ));
    check(&format!(
        "host \"h\" {{ services = {{ tfe.v2 = \"https://h/\" }} }}\n{BLOCK}"
    ));
    check(&format!("a = \"x${{b}}c%{{d}}\"\n{BLOCK}"));
    check(&format!("a = \"${{file(\"x\")}}\"\n{BLOCK}"));
    check(&format!("a = <<T\ncredentials \"no\" {{\nT\n{BLOCK}"));
    check("credentials \"example.com\" {\n token = \"\\u0067ood\"\n}");
    check(&format!(
        "providers {{ a = \"b\" }}\nproviders {{ c = \"d\" }}\n{BLOCK}"
    ));
}

#[test]
fn reads_what_terraform_refuses_where_the_meaning_is_plain() {
    check(r#"credentials "example.com" = { token = "good" }"#);
    check(&format!("\u{feff}{BLOCK}"));
}

#[test]
fn heredocs_lose_their_common_indentation_only_when_asked() {
    let text = |source: &str| {
        parse(source)
            .unwrap()
            .last("a")
            .unwrap()
            .as_str()
            .map(str::to_owned)
    };
    assert_eq!(
        text("a = <<-T\n    x\n      y\n    T\n").as_deref(),
        Some("x\n  y\n")
    );
    assert_eq!(text("a = <<T\n  x\nT\n").as_deref(), Some("  x\n"));
}

#[track_caller]
fn refuses(text: &str, error: &str) {
    assert_eq!(parse(text).unwrap_err().to_string(), error, "{text}");
}

#[test]
fn says_where_a_file_is_broken_and_never_what_stands_there() {
    refuses(
        "credentials \"h\" {\n  token = \"planted\n}",
        "line 3: expected the end of a string",
    );
    refuses("a = ", "line 1: expected a value");
    refuses("\n\na {", "line 3: expected \"}\"");
    refuses("a = [\"planted\" \"b\"]", "line 1: expected \",\" or \"]\"");
    refuses("a = \"\\q\"", "line 1: expected an escape sequence");
    refuses("a = <<T\nplanted", "line 1: expected the end of a heredoc");
    refuses("/* planted", "line 1: expected the end of a comment");
    refuses("{\"a\": planted}", "line 1: expected JSON");
    refuses(&"a {".repeat(100), "line 1: expected less nesting");
    refuses(
        &format!("a = {}", "[".repeat(100)),
        "line 1: expected less nesting",
    );
}

proptest::proptest! {
    #[test]
    fn no_text_brings_the_reader_down(text in r#"(?s)([ \n{}\[\]=,"\\<$#/*_.a-cé0-9-]|<<-?T\n|\$\{|\\[xuU0-7])*"#) {
        if let Err(error) = parse(&text) {
            assert!(error.line <= 1 + text.matches('\n').count());
        }
    }
}
