//! Samples in HCL 1.

use super::sample::Found::{Broken, Nothing, Token};
use super::sample::{BLOCK, Sample, differs, same};

const TRIMMED: &str = "tokens are trimmed, so that a line break at the end does no harm";
const UNRELATED: &str = "terraform drops the file for a setting that is not about hosts";

/// Returns the samples in HCL 1.
pub(super) fn samples() -> Vec<Sample> {
    [blocks(), unrelated(), texts(), heredocs()]
        .into_iter()
        .flatten()
        .collect()
}

/// Spellings of a `credentials` block.
fn blocks() -> Vec<Sample> {
    vec![
        same(BLOCK, Token),
        same(format!("{BLOCK}\n"), Token),
        same("credentials \"HOST\" {\n  token = \"good\"\n}\n", Token),
        same(
            "credentials \"HOST\" {\r\n  token = \"good\"\r\n}\r\n",
            Token,
        ),
        same("\tcredentials\t\"HOST\"\t{\ttoken\t=\t\"good\"\t}", Token),
        same(r#"credentials "HOST"{token="good"}"#, Token),
        same(r#"credentials"HOST"{token="good"}"#, Token),
        same(r#"credentials HOST { token = "good" }"#, Token),
        same(r#""credentials" "HOST" { "token" = "good" }"#, Token),
        same(r#"credentials = { "HOST" = { token = "good" } }"#, Token),
        same(r#"credentials = { "HOST" { token = "good" } }"#, Token),
        same(r#"credentials { "HOST" { token = "good" } }"#, Token),
        same(r#"credentials { "HOST" = { token = "good" } }"#, Token),
        same(r#"credentials { HOST = { token = "good" } }"#, Token),
        same(r#"credentials "HOST" { token = "good", extra = 1 }"#, Token),
        same(r#"credentials "HOST" { extra = 1 token = "good" }"#, Token),
        same(
            r#"credentials "HOST" { extra = 1, token = "good", }"#,
            Token,
        ),
        same(r#"credentials "HOST" { token = "good" }, "#, Token),
        same(r#"credentials "HOST:443" { token = "good" }"#, Token),
        same(r#"credentials "HOST:0443" { token = "good" }"#, Token),
        same(r#"Credentials "HOST" { token = "good" }"#, Token),
        same(r#"CREDENTIALS "HOST" { token = "good" }"#, Token),
        same(r#"credentials "HOST" { Token = "good" }"#, Nothing),
        same(r#"credentials "HOST:8443" { token = "good" }"#, Nothing),
        same(r#"credential "HOST" { token = "good" }"#, Nothing),
        same(r#"credentials "other.HOST" { token = "good" }"#, Nothing),
        same(r#"credentials "HOST" {}"#, Nothing),
        same(r#"credentials "HOST" { token = "" }"#, Nothing),
        same(r#"credentials "HOST" { password = "good" }"#, Nothing),
        same(r#"credentials "HOST" { token = ["good"] }"#, Nothing),
        same(r#"credentials "HOST" { token = 5 }"#, Nothing),
        same(r#"credentials "HOST" { token = true }"#, Nothing),
        same(format!("{BLOCK} {BLOCK}"), Token),
        same(
            format!("credentials \"HOST\" {{ token = \"old\" }}\n{BLOCK}"),
            Token,
        ),
        same(format!("{BLOCK}\ncredentials \"HOST\" {{}}"), Token),
        same(
            format!("{BLOCK}\ncredentials \"HOST\" {{ other = \"x\" }}"),
            Token,
        ),
        same(format!("credentials \"HOST\" {{}}\n{BLOCK}"), Token),
        same(
            r#"credentials "HOST" { token = "old" token = "good" }"#,
            Token,
        ),
        same(
            format!("credentials = {{ \"a.HOST\" = {{ token = \"x\" }} }}\n{BLOCK}"),
            Token,
        ),
        same(
            format!("{BLOCK}\ncredentials = {{ \"a.HOST\" = {{ token = \"x\" }} }}"),
            Token,
        ),
        same(
            "credentials \"HOST\" { token = \"good\" }\ncredentials \"a.HOST\" { token = \"x\" }",
            Token,
        ),
    ]
}

/// A token beside settings that are not about hosts.
fn unrelated() -> Vec<Sample> {
    let beside = [
        "# a comment",
        "#",
        "// a comment",
        "/* a comment */",
        "/* three\n * lines\n */",
        "/**/",
        "/***/",
        "# \"an { unfinished [ text",
        "disable_checkpoint = true",
        "disable_checkpoint = true disable_checkpoint_signature = false",
        "plugin_cache_dir = \"/tmp\"",
        "unknown = 1",
        "unknown = -1",
        "unknown = 0x1F",
        "unknown = 0755",
        "unknown = 1.5",
        "unknown = 1e10",
        "unknown = -1.5e+3",
        "unknown = .5",
        "unknown = []",
        "unknown = [1, 2.5, \"three\", true, false]",
        "unknown = [\"a\", \"b\",]",
        "unknown = [[1], [2, [3]]]",
        "unknown = [{ a = 1 }, { b = 2 }]",
        "unknown = [\n  # one\n  1, // two\n  2 /* three */\n]",
        "unknown = {}",
        "unknown {}",
        "unknown \"a\" \"b\" \"c\" { d = 1 }",
        "unknown a b c { d = 1 }",
        "a.b-c_d = 1",
        "größe = 1",
        "\"quoted name\" = 1",
        "\"\" = 1",
        "providers { a = \"b\" }\nproviders { c = \"d\" }",
        "provider_installation {\n  dev_overrides {\n    \"hashicorp/x\" = \"/tmp\"\n  }\n  direct {}\n}",
        "host \"h.example.com\" { services { \"tfe.v2\" = \"https://h.example.com/\" } }",
        "host \"h.example.com\" { services = { \"tfe.v2\" = \"https://h.example.com/\" } }",
        "host \"h.example.com\" { services = { tfe.v2 = \"https://h.example.com/\" } }",
        "host \"h.example.com\" {}",
        "unknown = \"x${b}c%{d}\"",
        "unknown = \"${file(\"x\")}\"",
        "unknown = \"${a{b}c}\"",
        "unknown = \"$${a}\"",
        "unknown = \"$\"",
        "unknown = \"\"",
        "unknown = <<T\ncredentials \"no\" {\nT",
    ];
    let mut samples = Vec::new();
    for setting in beside {
        samples.push(same(format!("{setting}\n{BLOCK}\n"), Token));
    }
    samples.push(same(format!("{BLOCK} # after"), Token));
    samples.push(same(format!("{BLOCK} /* after"), Broken));
    samples.push(same(format!("disable_checkpoint = true {BLOCK}"), Token));
    samples.push(same(format!("a=1b=2 {BLOCK}"), Token));
    samples.push(same(format!("a=\"1\"b=\"2\"{BLOCK}"), Token));
    samples.push(same(format!("a=trueb=2 {BLOCK}"), Broken));
    samples.push(same(format!("{BLOCK}\nunknown ="), Token));
    for wrong in [
        "disable_checkpoint = \"yes\"",
        "plugin_cache_dir = true",
        "host = 5",
        "credentials \"HOST\" { token = 5 }\ncredentials \"HOST\" { token = [] }",
    ] {
        samples.push(differs(
            format!("{wrong}\n{BLOCK}\n"),
            Broken,
            Token,
            UNRELATED,
        ));
    }
    samples
}

/// Spellings of the token.
fn texts() -> Vec<Sample> {
    vec![
        same(r#"credentials "HOST" { token = "\u0067ood" }"#, Token),
        same(r#"credentials "HOST" { token = "\U00000067ood" }"#, Token),
        same(r#"credentials "HOST" { token = "\x67ood" }"#, Token),
        same(r#"credentials "HOST" { token = "\147ood" }"#, Token),
        same(r#"credentials "HOST" { token = "go\q" }"#, Broken),
        same(r#"credentials "HOST" { token = "go\x6" }"#, Broken),
        same(r#"credentials "HOST" { token = "go\u12" }"#, Broken),
        same(r#"credentials "HOST" { token = "good }"#, Broken),
        same("credentials \"HOST\" { token = \"go\nod\" }", Broken),
        same(r#"credentials "HOST" { token = 'good' }"#, Broken),
        same(r#"credentials "HOST" { token = good }"#, Broken),
        same(r#"credentials "HOST" { token: "good" }"#, Broken),
        differs(
            r#"credentials "HOST" { token = " good " }"#,
            Nothing,
            Token,
            TRIMMED,
        ),
        differs(
            r#"credentials "HOST" { token = "good\n" }"#,
            Nothing,
            Token,
            TRIMMED,
        ),
        same(r#"credentials "HOST" { token = "go\nod" }"#, Nothing),
    ]
}

/// Heredocs, as the token and beside it.
fn heredocs() -> Vec<Sample> {
    vec![
        differs(
            "credentials \"HOST\" {\n  token = <<T\ngood\nT\n}\n",
            Nothing,
            Token,
            TRIMMED,
        ),
        differs(
            "credentials \"HOST\" {\n  token = <<-T\n    good\n    T\n}\n",
            Nothing,
            Token,
            TRIMMED,
        ),
        same(format!("a = <<T\nx\n  T\n{BLOCK}"), Token),
        same(format!("a = <<-T\nx\n  T\n{BLOCK}"), Token),
        same(format!("a = <<T\r\nx\r\nT\r\n{BLOCK}"), Token),
        same(format!("a = <<T1é\nx\nT1é\n{BLOCK}"), Token),
        same(format!("a = <<T\nT x\nxT\nT\n{BLOCK}"), Token),
        same(format!("a = [<<T\nx\nT\n, 2]\n{BLOCK}"), Token),
        same(format!("a = <<-T\nx\nT\n T\n{BLOCK}"), Token),
        same(format!("a = <<-T\nx\nT\n{BLOCK}"), Broken),
        same(format!("a = <<T x\ny\nT\n{BLOCK}"), Broken),
        same(format!("a = <<\nx\n\n{BLOCK}"), Broken),
        same(format!("a = <T\nx\nT\n{BLOCK}"), Broken),
        same(format!("{BLOCK}\na = <<T\nx\n"), Broken),
        same(format!("{BLOCK}\na = <<T\nx\nT"), Broken),
    ]
}
