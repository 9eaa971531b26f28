//! A JWE of another implementation opens, and nothing else that resembles one.

use serde_json::{Value as Json, json};

use super::*;

const KEY: &str = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";
/// As jwcrypto computes it.
const KEY_ID: &str = "WqjPPRvAP8oYbAqCwMErhzTg-Quaz-vLx_cef07yhOs";
/// Written with pyca/cryptography, and opened with jwcrypto.
const KNOWN: &str = "eyJhbGciOiJkaXIiLCJlbmMiOiJBMjU2R0NNIiwia2lkIjoiV3FqUFBSdkFQOG9ZYkFxQ3dNRXJoelRnLVF1YXotdkx4X2NlZjA3eWhPcyIsInRmZV9ob3N0IjoiYXBwLnRlcnJhZm9ybS5pbyIsInRmZV9hcGkiOiJodHRwczovL2FwcC50ZXJyYWZvcm0uaW8vYXBpL3YyLyIsInRmZV9vcmdhbml6YXRpb24iOiJteS1vcmctbmFtZSIsInRmZV90b2tlbl9pZCI6ImF0LTAxMjM0NTY3ODlhYmNkZWYifQ..dHdlbHZlIGJ5dGVz.z_2CkxQ234V-wB8zpJnKP4W4ckrK-Q.8-tSq-bdpbwExYV7JmikEQ";

fn key() -> SealingKey {
    SealingKey::parse(KEY).unwrap()
}

fn sealed_for() -> SealedFor {
    SealedFor {
        host: ServiceHost::new("app.terraform.io", Some("https://app.terraform.io/api/v2/")),
        organization: "my-org-name".to_owned(),
        token_id: "at-0123456789abcdef".to_owned(),
    }
}

fn secret() -> Secret {
    Secret::new("example.atlasv1.secret".to_owned())
}

fn open(text: &str) -> Result<Secret, SealedTokenError> {
    SealedToken::parse(text)?.open(&key())
}

#[test]
fn the_text_of_another_implementation_opens() {
    let sealed = SealedToken::parse(KNOWN).unwrap();
    assert_eq!(sealed.sealed_for(), &sealed_for());
    assert_eq!(sealed.open(&key()), Ok(secret()));
}

#[test]
fn the_same_key_nonce_and_secret_give_the_known_text() {
    let nonce = SealingNonce(*b"twelve bytes");
    assert_eq!(seal(&key(), nonce, &sealed_for(), &secret()), KNOWN);
    assert_eq!(key().id(), KEY_ID);
}

#[test]
fn a_sealed_token_opens_and_two_are_never_the_same() {
    let unknown_api = SealedFor {
        host: ServiceHost::named("app.terraform.io"),
        ..sealed_for()
    };
    for sealed_for in [sealed_for(), unknown_api] {
        let seal = || {
            let nonce = SealingNonce::random().unwrap();
            seal(&key(), nonce, &sealed_for, &secret())
        };
        let text = seal();
        let sealed = SealedToken::parse(&text).unwrap();
        assert_eq!(sealed.sealed_for(), &sealed_for);
        assert_eq!(sealed.open(&key()), Ok(secret()));
        assert_ne!(text, seal());
    }
}

#[track_caller]
fn check(text: &str, expected: SealedTokenError) {
    assert_eq!(open(text), Err(expected), "{text}");
}

#[test]
fn each_reason_for_a_failure_is_distinguished() {
    use SealedTokenError::{Damaged, Foreign, PlainToken};
    let header = KNOWN.split('.').next().unwrap();
    check("", Foreign);
    check("hvs.something-else", Foreign);
    check("tfe-sealed:v1:AAAA", Foreign);
    check("....", Foreign);
    check("e30....", Foreign);
    check(&KNOWN[2..], Foreign);
    check(&"A".repeat(MAX_LEN + 1), Foreign);
    check("planted.atlasv1.secret", PlainToken);
    check(header, Foreign);
    check(&format!("{header}...."), Damaged);
    check(&format!("{header}..."), Damaged);
    check(&KNOWN[..KNOWN.len() - 4], Damaged);
    check(&format!("{KNOWN}.AAAA"), Damaged);
    check(&KNOWN.replace("..", ".AAAA."), Damaged);
    check(&KNOWN.replace(".dHdl", ".dHdlAAAA"), Damaged);
    // The same bytes in another spelling: padded, with unused bits set, in the other alphabet, on two lines.
    check(&format!("{KNOWN}=="), Damaged);
    check(&KNOWN.replace("JmikEQ", "JmikER"), Damaged);
    check(&KNOWN.replace("z_2CkxQ", "z/2CkxQ"), Damaged);
    check(&KNOWN.replace(".z_2C", ".\nz_2C"), Damaged);
}

#[test]
fn spaces_around_a_text_are_ignored() {
    assert_eq!(open(&format!(" {KNOWN}\n")), Ok(secret()));
}

#[test]
fn another_key_opens_nothing_and_is_named_by_its_id() {
    let other = SealingKey::parse(&STANDARD.encode([7; 32])).unwrap();
    let opened = SealedToken::parse(KNOWN).unwrap().open(&other);
    let expected = SealedTokenError::WrongKey {
        sealed_with: KEY_ID.to_owned(),
        given: other.id().to_owned(),
    };
    assert_eq!(opened, Err(expected));
}

/// Encrypts a secret under a header of any members, as a tool that has the key may do.
fn with_header(change: impl FnOnce(&mut serde_json::Map<String, Json>)) -> String {
    let mut header = json!({
        "alg": "dir", "enc": "A256GCM", "kid": KEY_ID, "tfe_host": "app.terraform.io",
        "tfe_organization": "my-org-name", "tfe_token_id": "at-1",
    });
    change(header.as_object_mut().unwrap());
    encrypted(&header.to_string(), "planted")
}

fn encrypted(header: &str, plaintext: &str) -> String {
    let header = URL_SAFE_NO_PAD.encode(header);
    let mut buffer = plaintext.as_bytes().to_vec();
    let nonce = Nonce::assume_unique_for_key([0; NONCE_LEN]);
    let tag = key()
        .cipher()
        .seal_in_place_separate_tag(nonce, Aad::from(&header), &mut buffer)
        .unwrap();
    let encode = |bytes: &[u8]| URL_SAFE_NO_PAD.encode(bytes);
    let (nonce, text, tag) = (
        encode(&[0; NONCE_LEN]),
        encode(&buffer),
        encode(tag.as_ref()),
    );
    format!("{header}..{nonce}.{text}.{tag}")
}

#[test]
fn a_header_has_exactly_the_names_of_the_format() {
    assert!(open(&with_header(|_| {})).is_ok());
    for (name, value) in [
        ("alg", json!("A256GCMKW")),
        ("alg", json!("none")),
        ("enc", json!("A128GCM")),
        ("enc", json!(["A256GCM"])),
        ("zip", json!("DEF")),
        ("crit", json!(["exp"])),
        ("typ", json!("JWT")),
        ("kid", json!("short")),
        ("kid", json!(null)),
        ("tfe_token_id", json!(1)),
    ] {
        let text = with_header(|header| drop(header.insert(name.to_owned(), value.clone())));
        check(&text, SealedTokenError::Foreign);
    }
    for name in [
        "alg",
        "enc",
        "kid",
        "tfe_host",
        "tfe_organization",
        "tfe_token_id",
    ] {
        let text = with_header(|header| drop(header.remove(name)));
        check(&text, SealedTokenError::Foreign);
    }
    let header = String::from_utf8(
        URL_SAFE_NO_PAD
            .decode(KNOWN.split('.').next().unwrap())
            .unwrap(),
    );
    let header = header.unwrap();
    assert!(open(&encrypted(&header, "planted")).is_ok());
    let repeated = header.replace(
        "\"tfe_token_id\"",
        "\"tfe_token_id\":\"at-2\",\"tfe_token_id\"",
    );
    check(&encrypted(&repeated, "planted"), SealedTokenError::Foreign);
    check(&encrypted(&header, ""), SealedTokenError::Damaged);
}

#[test]
fn every_changed_character_is_noticed() {
    for place in 0..KNOWN.len() {
        for other in ["A", "B", ".", "=", "é"] {
            if KNOWN[place..].starts_with(other) {
                continue;
            }
            let changed = format!("{}{other}{}", &KNOWN[..place], &KNOWN[place + 1..]);
            assert!(open(&changed).is_err(), "{changed}");
        }
    }
}

#[test]
fn a_key_is_32_bytes_in_base64_and_debug_does_not_show_it() {
    assert!(SealingKey::parse(&format!(" {KEY}\n")).is_ok());
    assert_eq!(
        SealingKey::parse("planted key").unwrap_err(),
        InvalidKey::NotBase64
    );
    assert_eq!(
        SealingKey::parse("cGxhbnRlZA==").unwrap_err(),
        InvalidKey::Length(7)
    );
    assert_eq!(format!("{:?}", key()), "(sensitive value)");
}
