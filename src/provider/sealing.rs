//! Sealed tokens: a token's secret, encrypted, so that a state can store it.
//!
//! The format is `tfe-sealed:v1:` and base64 of a nonce (12 bytes) and the ciphertext: AES-256-GCM with the prefix as
//! associated data. HKDF-SHA256 (no salt) derives the key from the provider's sealing key. The plaintext is a JSON object of
//! organization, token ID and secret, so that the sealed token of one token is not taken for that of another.
//!
//! Pure: key, nonce and contents are arguments. Every later version must open a text of version 1.

use std::fmt;

use aws_lc_rs::aead::{AES_256_GCM, Aad, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};
use aws_lc_rs::hkdf::{HKDF_SHA256, Salt};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde::{Deserialize, Serialize};
use thiserror::Error;
use zeroize::Zeroizing;

use crate::client::Secret;

/// How a sealed token of any version begins.
const FAMILY: &str = "tfe-sealed:";
const PREFIX: &str = "tfe-sealed:v1:";
/// The purpose of the derived key (RFC 5869: `info`).
const PURPOSE: &[u8] = b"terraform-provider-tfe sealed token v1";
const KEY_LEN: usize = 32;

/// The provider's sealing key: 32 bytes.
#[derive(Clone)]
pub(crate) struct SealingKey(Zeroizing<[u8; KEY_LEN]>);

/// Why a text is not a sealing key. It never shows the text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub(crate) enum InvalidKey {
    #[error("it is not base64")]
    NotBase64,
    #[error("it holds {0} bytes instead of 32")]
    Length(usize),
}

impl SealingKey {
    /// Parses 32 bytes in base64, as `openssl rand -base64 32` writes them.
    pub(crate) fn parse(text: &str) -> Result<Self, InvalidKey> {
        let bytes = Zeroizing::new(
            STANDARD
                .decode(text.trim())
                .map_err(|_| InvalidKey::NotBase64)?,
        );
        let mut key = Zeroizing::new([0; KEY_LEN]);
        if bytes.len() != KEY_LEN {
            return Err(InvalidKey::Length(bytes.len()));
        }
        key.copy_from_slice(&bytes);
        Ok(Self(key))
    }

    /// Derives the key that encrypts.
    fn cipher(&self) -> LessSafeKey {
        let extracted = Salt::new(HKDF_SHA256, &[]).extract(self.0.as_slice());
        let info = [PURPOSE];
        let derived = extracted
            .expand(&info, &AES_256_GCM)
            .expect("HKDF-SHA256 can give 32 bytes");
        LessSafeKey::new(UnboundKey::from(derived))
    }
}

impl fmt::Debug for SealingKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("(sensitive value)")
    }
}

/// The contents of a sealed token.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Contents {
    pub(crate) organization: String,
    pub(crate) token_id: String,
    pub(crate) secret: Secret,
}

#[derive(Serialize)]
struct ContentsToSeal<'a> {
    organization: &'a str,
    token_id: &'a str,
    token: &'a str,
}

#[derive(Deserialize)]
struct OpenedContents {
    organization: String,
    token_id: String,
    token: Secret,
}

/// A nonce. Two sealed tokens of one key must not share one.
pub(crate) struct SealingNonce([u8; NONCE_LEN]);

/// The system has no random numbers for a nonce.
#[derive(Clone, Copy, Debug, Error)]
#[error("the system gave no random numbers")]
pub(crate) struct NoRandomness;

impl SealingNonce {
    /// Returns a random nonce.
    pub(crate) fn random() -> Result<Self, NoRandomness> {
        let mut bytes = [0; NONCE_LEN];
        aws_lc_rs::rand::fill(&mut bytes).map_err(|_| NoRandomness)?;
        Ok(Self(bytes))
    }
}

/// Seals a token's secret. It cannot fail, so that a new secret is not lost.
pub(crate) fn seal(key: &SealingKey, nonce: SealingNonce, contents: &Contents) -> String {
    let plaintext = serde_json::to_vec(&ContentsToSeal {
        organization: &contents.organization,
        token_id: &contents.token_id,
        token: contents.secret.expose(),
    })
    .expect("three texts can be written as JSON");
    let mut buffer = Zeroizing::new(plaintext);
    key.cipher()
        .seal_in_place_append_tag(
            Nonce::assume_unique_for_key(nonce.0),
            Aad::from(PREFIX),
            &mut *buffer,
        )
        .expect("AES-256-GCM encrypts any text shorter than 64 GiB");
    let sealed = [nonce.0.as_slice(), buffer.as_slice()].concat();
    format!("{PREFIX}{}", STANDARD.encode(sealed))
}

/// Why a text cannot be opened.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub(crate) enum SealedTokenError {
    /// It is not a sealed token.
    #[error("it does not begin with \"tfe-sealed:\", so it is no sealed token")]
    Foreign,
    /// It is a sealed token of a newer version.
    #[error("it was sealed by a newer version of the provider")]
    Newer,
    /// It is a sealed token, but was cut or changed.
    #[error("its text is damaged")]
    Damaged,
    /// It was sealed with another key, or changed: decryption cannot distinguish these.
    #[error("it was sealed with another sealing key, or was changed since")]
    WrongKey,
}

/// Opens a sealed token.
pub(crate) fn open(key: &SealingKey, sealed: &str) -> Result<Contents, SealedTokenError> {
    let sealed = sealed.trim();
    let text = match sealed.strip_prefix(PREFIX) {
        Some(text) => text,
        None if sealed.starts_with(FAMILY) => return Err(SealedTokenError::Newer),
        None => return Err(SealedTokenError::Foreign),
    };
    let bytes = STANDARD
        .decode(text)
        .map_err(|_| SealedTokenError::Damaged)?;
    let (nonce, ciphertext) = bytes
        .split_at_checked(NONCE_LEN)
        .ok_or(SealedTokenError::Damaged)?;
    if ciphertext.len() < AES_256_GCM.tag_len() {
        return Err(SealedTokenError::Damaged);
    }
    let nonce = Nonce::try_assume_unique_for_key(nonce).map_err(|_| SealedTokenError::Damaged)?;
    let mut buffer = Zeroizing::new(ciphertext.to_vec());
    let plaintext = key
        .cipher()
        .open_in_place(nonce, Aad::from(PREFIX), &mut buffer)
        .map_err(|_| SealedTokenError::WrongKey)?;
    let contents: OpenedContents =
        serde_json::from_slice(plaintext).map_err(|_| SealedTokenError::Damaged)?;
    Ok(Contents {
        organization: contents.organization,
        token_id: contents.token_id,
        secret: contents.token,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const KEY: &str = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";
    /// Written by another implementation of AES-GCM and HKDF (pyca/cryptography).
    const OLD: &str = "tfe-sealed:v1:dHdlbHZlIGJ5dGVzbQbgkJigXbHn6TAGb7khXSWGzmEmxUJQyfdrkOtX493z4+846Adq8hfhSMZYY7XRzeXnB0rDgxuBarRS+IH/PXaVgi0v6bt/1vyRqpn6Q30swkldSgTMvICnvslq2LNrzpDlrb3M/mCa5YSFKPkBbA==";

    fn key() -> SealingKey {
        SealingKey::parse(KEY).unwrap()
    }

    fn contents() -> Contents {
        Contents {
            organization: "my-org-name".to_owned(),
            token_id: "at-0123456789abcdef".to_owned(),
            secret: Secret::new("planted.atlasv1.secret".to_owned()),
        }
    }

    #[test]
    fn a_text_of_version_1_still_opens() {
        assert_eq!(open(&key(), OLD), Ok(contents()));
    }

    #[test]
    fn the_same_key_nonce_and_contents_give_the_known_text() {
        let nonce = SealingNonce(*b"twelve bytes");
        assert_eq!(seal(&key(), nonce, &contents()), OLD);
    }

    #[test]
    fn a_sealed_token_opens_and_two_are_never_the_same() {
        let seal = || seal(&key(), SealingNonce::random().unwrap(), &contents());
        assert_eq!(open(&key(), &seal()), Ok(contents()));
        assert_ne!(seal(), seal());
    }

    #[track_caller]
    fn check(sealed: &str, expected: SealedTokenError) {
        assert_eq!(open(&key(), sealed), Err(expected), "{sealed}");
    }

    #[test]
    fn each_reason_for_a_failure_is_distinguished() {
        check("", SealedTokenError::Foreign);
        check("planted.atlasv1.secret", SealedTokenError::Foreign);
        check("tfe-sealed:v2:AAAA", SealedTokenError::Newer);
        check("tfe-sealed:v1:", SealedTokenError::Damaged);
        check("tfe-sealed:v1:not base64", SealedTokenError::Damaged);
        check("tfe-sealed:v1:dHdlbHZlIGJ5dGVz", SealedTokenError::Damaged);
        check(&OLD[..OLD.len() - 4], SealedTokenError::WrongKey);
    }

    #[test]
    fn another_key_opens_nothing() {
        let other = SealingKey::parse(&STANDARD.encode([7; 32])).unwrap();
        assert_eq!(open(&other, OLD), Err(SealedTokenError::WrongKey));
    }

    #[test]
    fn every_changed_byte_is_noticed() {
        let bytes = STANDARD.decode(OLD.strip_prefix(PREFIX).unwrap()).unwrap();
        for place in 0..bytes.len() {
            let mut changed = bytes.clone();
            changed[place] ^= 1;
            check(
                &format!("{PREFIX}{}", STANDARD.encode(changed)),
                SealedTokenError::WrongKey,
            );
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
}
