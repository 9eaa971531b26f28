//! Files of CLI configuration as people write them, and as accidents leave them.
//!
//! Every sample stands for one `*.tfrc` file that is about one host of its own, written `HOST`. What
//! each is worth was not thought up: [`super`] asks a real terraform.

/// One file.
pub(crate) struct Sample {
    pub(crate) text: Vec<u8>,
    /// Which token terraform finds in it for `HOST`.
    pub(crate) terraform: Found,
    /// Which token we find; another than terraform's only for the reason that follows.
    pub(crate) ours: Found,
    pub(crate) reason: &'static str,
}

/// What a reader finds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Found {
    /// The token `good`.
    Token,
    /// It can be read, and says nothing of a token for `HOST`.
    Nothing,
    /// It cannot be read.
    Broken,
}

use Found::{Broken, Nothing, Token};

fn same(text: impl Into<Vec<u8>>, found: Found) -> Sample {
    differs(text, found, found, "")
}

fn differs(
    text: impl Into<Vec<u8>>,
    terraform: Found,
    ours: Found,
    reason: &'static str,
) -> Sample {
    Sample {
        text: text.into(),
        terraform,
        ours,
        reason,
    }
}

/// A block as most people write it.
const BLOCK: &str = r#"credentials "HOST" { token = "good" }"#;

const TRIMMED: &str = "tokens are trimmed, so that a line break at the end does no harm";
const UNRELATED: &str = "terraform drops the file for a setting that is not about hosts";
const NOT_JSON: &str = "JSON that is cut off or has a trailing comma is not JSON";
const JSON_STARTS: &str = "a byte order mark is plain in its meaning";

pub(crate) fn samples() -> Vec<Sample> {
    let mut samples = Vec::new();
    samples.extend(blocks());
    samples.extend(unrelated());
    samples.extend(texts());
    samples.extend(heredocs());
    samples.extend(json());
    samples.extend(broken());
    samples
}

/// The ways to say the same.
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

/// The token's own spelling.
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

fn json() -> Vec<Sample> {
    vec![
        same(r#"{"credentials": {"HOST": {"token": "good"}}}"#, Token),
        same(
            "{\n  \"credentials\": {\n    \"HOST\": {\n      \"token\": \"good\"\n    }\n  }\n}\n",
            Token,
        ),
        same(
            " \r\n\t{\"credentials\": {\"HOST\": {\"token\": \"good\"}}}",
            Token,
        ),
        same(
            r#"{"credentials": {"HOST": {"token": "good", "other": [1]}}}"#,
            Token,
        ),
        same(r#"{"credentials": [{"HOST": [{"token": "good"}]}]}"#, Token),
        same(
            r#"{"credentials": {"a.HOST": {"token": "x"}, "HOST": {"token": "good"}}}"#,
            Token,
        ),
        same(
            r#"{"credentials": {"HOST": {"token": "good"}}, "credentials": {"a.HOST": {"token": "x"}}}"#,
            Token,
        ),
        same(
            r#"{"credentials": {"HOST": {"token": "\u0067ood"}}}"#,
            Token,
        ),
        same(
            r#"{"credentials": {"HOST": {"token": "good${x}"}}}"#,
            Nothing,
        ),
        same(r#"{"credentials": {"HOST": {"token": null}}}"#, Nothing),
        same(r#"{"credentials": {"HOST": {}}}"#, Nothing),
        same(r#"{"credentials": {}}"#, Nothing),
        same("{}", Nothing),
        differs(
            r#"{"credentials": {"HOST": {"token": "good"},}}"#,
            Token,
            Broken,
            NOT_JSON,
        ),
        differs(
            r#"{"credentials": {"HOST": {"token": "good"}}"#,
            Token,
            Broken,
            NOT_JSON,
        ),
        differs(
            r#"{"credentials": {"HOST": {"token": "good"}"#,
            Token,
            Broken,
            NOT_JSON,
        ),
        same(r#"{"credentials": {"HOST": {"token": "good"}}} {"#, Token),
        differs(
            r#"{"disable_checkpoint": true, "a": [1, -2.5e3, "x", null], "credentials": {"HOST": {"token": "good"}}}"#,
            Broken,
            Token,
            "a null in a list is JSON",
        ),
        same(
            r#"{"disable_checkpoint": true, "a": [1, -2.5e3, "x"], "credentials": {"HOST": {"token": "good"}}}"#,
            Token,
        ),
        same("{\"credentials\": {\"HOST\": {\"token\": \"go", Broken),
        differs("{", Nothing, Broken, NOT_JSON),
        same(r#"{"credentials": {"HOST": {"token": good}}}"#, Broken),
        same(
            "// x\n{\"credentials\": {\"HOST\": {\"token\": \"good\"}}}",
            Broken,
        ),
        same(
            "{ // x\n\"credentials\": {\"HOST\": {\"token\": \"good\"}}}",
            Broken,
        ),
        same(r#"[{"credentials": {"HOST": {"token": "good"}}}]"#, Broken),
    ]
}

/// What accidents leave.
fn broken() -> Vec<Sample> {
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
        differs(
            format!("{BLOCK}\n# {}", "long ".repeat(250_000)),
            Token,
            Broken,
            "a file of more than a megabyte is not read",
        ),
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
        differs(format!("\u{feff}{BLOCK}"), Broken, Token, JSON_STARTS),
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
