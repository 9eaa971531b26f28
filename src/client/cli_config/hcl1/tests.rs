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

/// `tests/acceptance/cli_config` compares many more samples with a real terraform.
#[test]
fn finds_the_token_in_every_form_that_terraform_accepts() {
    check(BLOCK);
    check(r#"credentials = { "example.com" = { token = "good" } }"#);
    check(r#"CREDENTIALS example.com { "token" = "good", extra = 1 }"#);
    check(r#"{"credentials": {"example.com": {"token": "good", "other": [1]}}}"#);
    check(&format!("{BLOCK}{BLOCK}"));
    check("credentials \"example.com\" { token = \"old\" token = \"\\u0067ood\" }");
    check(&format!("a = \"${{file(\"x\")}}\"\n{BLOCK}"));
}

#[test]
fn a_byte_order_mark_is_ignored() {
    check(&format!("\u{feff}{BLOCK}"));
}

#[test]
fn accepts_the_mistakes_that_hashicorps_parsers_accept() {
    // A missing value before one brace too many, and a missing value at the end.
    check("credentials \"example.com\" { token = \"good\" a = }}");
    check(&format!("{BLOCK}\na ="));
    check(&format!("a = [[1] 2]\n{BLOCK}"));
}

#[test]
fn accepts_json_and_the_mistakes_in_it_that_hashicorps_parser_accepts() {
    for json in [
        // What follows the first object.
        r#"{"credentials": [{"example.com": {"token": "good"}}]} {"#,
        r#"{"credentials": {"example.com": {"token": "good",},},}"#,
        r#"{"credentials": {"example.com": {"token": "good""#,
        r#"{"credentials": {"example.com": {"token": "good"}}, "a":"#,
        r#"{"credentials": {"example.com": {"token": "good", "a": }}}"#,
        r#"{"credentials" "example.com": {"token": "good"}}"#,
        r#"{"a": ["x" "y",, true], "credentials": {"example.com": {"token": "good"}}}"#,
        // JSON that hashicorp/hcl does not accept.
        r#"{"a": [null, [1], "\/\ud83d\ude00"], "credentials": {"example.com": {"token": "good"}}}"#,
    ] {
        check(json);
    }
}

#[track_caller]
fn text(source: &str, expected: &str) {
    let root = parse(source).unwrap_or_else(|error| panic!("{error} in {source}"));
    let text = root.last("a").and_then(Node::as_str);
    assert_eq!(text, Some(expected), "{source}");
}

#[test]
fn a_heredoc_loses_the_indentation_of_its_closing_mark_if_all_lines_have_it() {
    text("a = <<-T\n    x\n      y\n    T\n", "x\n  y\n");
    text("a = <<-T\n  x\n    y\n    T\n", "  x\n    y\n");
    text("a = <<T\n  x\nT\n", "  x\n");
    text("a = <<T\n  T\n", "");
}

#[test]
fn escapes_mean_what_they_mean_in_go_except_within_braces() {
    text(
        r#"a = "\a\b\f\n\r\t\v\\\"""#,
        "\u{7}\u{8}\u{c}\n\r\t\u{b}\\\"",
    );
    text(r#"a = "\101\x41\u0041\U00000041""#, "AAAA");
    text(r#"a = "${"\n"}\n""#, "${\"\\n\"}\n");
    text(r#"{"a": "${\n\u0041"}"#, "${\nA");
    text(r#"{"a": "\/\ud83d\ude00\u00e9\u0041"}"#, "/😀éA");
    // Not characters.
    text(r#"a = "\xff\377\ud800""#, "\u{fffd}\u{fffd}\u{fffd}");
}

#[track_caller]
fn refuses(text: &str, error: &str) {
    assert_eq!(parse(text).unwrap_err().to_string(), error, "{text}");
}

#[test]
fn an_error_names_the_line_and_never_the_text() {
    refuses(
        "credentials \"h\" {\n  token = \"planted\n}",
        "line 3: expected the end of a string",
    );
    refuses("a = }", "line 1: expected a value");
    refuses("a = planted", "line 1: expected a value");
    refuses("a b = {}", "line 1: expected \"{\"");
    refuses("a { b }", "line 1: expected \"=\" or \"{\"");
    refuses("a = 'planted'", "line 1: expected a name or a value");
    refuses("a = 0x", "line 1: expected a hexadecimal number");
    refuses("\na\0", "line 2: expected a text, not a binary file");
    refuses("\n\na {", "line 3: expected \"}\"");
    refuses("a = [\"planted\" \"b\"]", "line 1: expected \",\" or \"]\"");
    refuses("a = \"\\q\"", "line 1: expected an escape sequence");
    refuses("a = <<T\nplanted", "line 2: expected the end of a heredoc");
    refuses("/* planted", "line 1: expected the end of a comment");
    for (json, expected) in [
        ("planted}", "JSON"),
        ("-planted", "JSON"),
        ("\"planted", "the end of a string"),
        ("\"planted\nx\"", "the end of a string"),
        ("\"planted\\q\"", "an escape sequence"),
        (": \"planted\"", "a value"),
        ("[\"planted\"", "a value"),
        ("1, planted: 2", "JSON"),
        ("1, 2: 3", "a name"),
    ] {
        let error = parse(&format!("{{\n\"a\": {json}")).unwrap_err();
        assert_eq!(error.expected, expected, "{json}");
        assert!((2..=3).contains(&error.line), "{json}: {error}");
    }
    refuses(&"{\"a\":".repeat(100), "line 1: expected less nesting");
    refuses(&"a {".repeat(100), "line 1: expected less nesting");
    refuses(
        &format!("a = {}", "[".repeat(100)),
        "line 1: expected less nesting",
    );
}

proptest::proptest! {
    #[test]
    fn no_text_makes_the_reader_panic(text in r#"(?s)([ \n{}\[\]=,"\\<$#/*_.a-cé0-9-]|<<-?T\n|\$\{|\\[xuU0-7])*"#) {
        if let Err(error) = parse(&text) {
            assert!(error.line <= 1 + text.matches('\n').count());
        }
    }
}

/// Each label is an object inside the one before. The stack overflowed when the provider dropped so many.
#[test]
fn many_labels_are_refused_like_other_deep_nesting() {
    let labels = 200_000;
    for text in [
        format!("{} {{}}", "label ".repeat(labels)),
        format!("{{ {} : 1 }}", "\"label\" ".repeat(labels)),
    ] {
        assert!(parse(&text).is_err());
    }
}
