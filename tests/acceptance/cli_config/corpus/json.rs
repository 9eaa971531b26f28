//! Samples in JSON.

use super::sample::Found::{Broken, Nothing, Token};
use super::sample::{Sample, differs, same};

const JSON: &str = "what is JSON is read, although hashicorp/hcl refuses it";

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
        same(r#"{"credentials": {"HOST": {"token": "good"},}}"#, Token),
        same(r#"{"credentials": {"HOST": {"token": "good",}}}"#, Token),
        same(r#"{"credentials": {"HOST": {"token": "good"}}"#, Token),
        same(r#"{"credentials": {"HOST": {"token": "good"}"#, Token),
        same(r#"{"credentials": {"HOST": {"token": "good""#, Token),
        same(r#"{"credentials": {"HOST": {"token":"#, Nothing),
        same(r#"{"credentials": {"HOST": {"token": "good"}}, "a""#, Token),
        same(
            r#"{"credentials": {"HOST": {"token": "good"}}, "a":"#,
            Token,
        ),
        same(
            r#"{"credentials": {"HOST": {"token": "good", "a": }}}"#,
            Token,
        ),
        same(
            r#"{"credentials": {"HOST": {"token": "good", "a" }}}"#,
            Token,
        ),
        same(
            r#"{"credentials": {"HOST": {"token": "good"}}, "a": [1}"#,
            Token,
        ),
        same(
            r#"{"credentials": {"HOST": {"token": "good"}}, "a": [1"#,
            Broken,
        ),
        same(
            r#"{"credentials": {"HOST": {"token": "good"}}, "a": : }"#,
            Broken,
        ),
        same(
            r#"{"credentials": {"HOST": {"token": "good"}}, 1: 2}"#,
            Broken,
        ),
        same(
            r#"{"a": [1 2,, "x" true], "credentials": {"HOST": {"token": "good"}}}"#,
            Token,
        ),
        same(r#"{"credentials" "HOST": {"token": "good"}}"#, Token),
        same(
            r#"{"credentials": {"HOST": {"token": "good"} "x": 1}}"#,
            Token,
        ),
        same(
            "{\"credentials\": {\"HOST\": {\"token\": \"good\", \"a\": \"\t\"}}}",
            Token,
        ),
        same(r#"{"credentials": {"HOST": {"token": "g\157od"}}}"#, Token),
        same(
            r#"{"credentials": {"HOST": {"token": "good", "a": "\q"}}}"#,
            Broken,
        ),
        differs(
            r#"{"credentials": {"HOST": {"token": "good", "a": "\/"}}}"#,
            Broken,
            Token,
            JSON,
        ),
        differs(
            r#"{"a": [[1], [2]], "credentials": {"HOST": {"token": "good"}}}"#,
            Broken,
            Token,
            JSON,
        ),
        differs(
            r#"{"a": [[1]], "credentials": {"HOST": {"token": "good"}}}"#,
            Nothing,
            Token,
            JSON,
        ),
        same(r#"{"credentials": {"HOST": {"token": "good"}}} {"#, Token),
        differs(
            r#"{"disable_checkpoint": true, "a": [1, -2.5e3, "x", null], "credentials": {"HOST": {"token": "good"}}}"#,
            Broken,
            Token,
            JSON,
        ),
        same(
            r#"{"disable_checkpoint": true, "a": [1, -2.5e3, "x"], "credentials": {"HOST": {"token": "good"}}}"#,
            Token,
        ),
        same("{\"credentials\": {\"HOST\": {\"token\": \"go", Broken),
        same("{", Nothing),
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
