//! Samples in JSON.

use super::sample::Found::{Broken, Nothing, Token};
use super::sample::{Sample, differs, same};

const NOT_JSON: &str =
    "hashicorp/hcl accepts JSON that is cut off or has a trailing comma, and the provider does not";

/// Returns the samples in JSON.
pub(super) fn samples() -> Vec<Sample> {
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
