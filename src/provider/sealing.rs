//! Sealed tokens: a token's secret, encrypted, so that a state can store it.
//!
//! The format is a compact JWE (RFC 7516) with direct encryption: `alg` is `dir`, `enc` is `A256GCM` (RFC 7518), and the key
//! is the provider's sealing key itself. The plaintext is the secret. The protected header names the key and the token that
//! the secret belongs to. It is authenticated, not encrypted: also a reader without the key can compare it.
//!
//! Pure: key, nonce and contents are arguments. What a sealed token is compared with, is not decided here.

use std::fmt;

use aws_lc_rs::aead::{AES_256_GCM, Aad, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};
use aws_lc_rs::digest::{SHA256, SHA256_OUTPUT_LEN, digest};
use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use serde::{Deserialize, Serialize};
use thiserror::Error;
use zeroize::Zeroizing;

use crate::client::{Secret, ServiceHost, has_secret_shape};

const ALGORITHM: &str = "dir";
const ENCRYPTION: &str = "A256GCM";
const KEY_LEN: usize = 32;
const TAG_LEN: usize = 16;
/// No longer text is decoded. A sealed token has about 500 characters.
const MAX_LEN: usize = 64 * 1024;

/// The provider's sealing key: 32 bytes.
#[derive(Clone)]
pub(crate) struct SealingKey {
    bytes: Zeroizing<[u8; KEY_LEN]>,
    id: String,
}

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
        let decoded = Zeroizing::new(
            STANDARD
                .decode(text.trim())
                .map_err(|_| InvalidKey::NotBase64)?,
        );
        let mut bytes = Zeroizing::new([0; KEY_LEN]);
        if decoded.len() != KEY_LEN {
            return Err(InvalidKey::Length(decoded.len()));
        }
        bytes.copy_from_slice(&decoded);
        let id = thumbprint(&bytes);
        Ok(Self { bytes, id })
    }

    /// Returns the ID of the key: its JWK thumbprint (RFC 7638), which does not reveal a random key.
    ///
    /// RFC 7638 (section 7) advises to hide the thumbprint of a symmetric key unless the hash protects it. SHA-256 does, as
    /// the key has 256 random bits. A key that can be guessed is not protected without the thumbprint either: the tag of
    /// any sealed token shows whether a guess is right.
    pub(crate) fn id(&self) -> &str {
        &self.id
    }

    fn cipher(&self) -> LessSafeKey {
        let key = UnboundKey::new(&AES_256_GCM, self.bytes.as_slice());
        LessSafeKey::new(key.expect("AES-256 takes 32 bytes"))
    }
}

impl fmt::Debug for SealingKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("(sensitive value)")
    }
}

/// Returns the thumbprint of a key of the type `oct` (RFC 7638, section 3).
fn thumbprint(key: &[u8; KEY_LEN]) -> String {
    let mut jwk = Zeroizing::new(String::with_capacity(64));
    jwk.push_str("{\"k\":\"");
    URL_SAFE_NO_PAD.encode_string(key, &mut jwk);
    jwk.push_str("\",\"kty\":\"oct\"}");
    URL_SAFE_NO_PAD.encode(digest(&SHA256, jwk.as_bytes()))
}

/// The token that a sealed secret belongs to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct SealedFor {
    pub(crate) host: ServiceHost,
    pub(crate) organization: String,
    pub(crate) token_id: String,
}

/// The protected header. It has these members and no others. The names with a prefix are private ones (RFC 7516, section
/// 4.3).
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Header {
    alg: String,
    enc: String,
    /// The ID of the key.
    kid: String,
    /// Terraform's name for the service.
    tfe_host: String,
    /// The address of the API there. It recognises the service under another name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    tfe_api: Option<String>,
    tfe_organization: String,
    tfe_token_id: String,
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
pub(crate) fn seal(
    key: &SealingKey,
    nonce: SealingNonce,
    sealed_for: &SealedFor,
    secret: &Secret,
) -> String {
    let header = Header {
        alg: ALGORITHM.to_owned(),
        enc: ENCRYPTION.to_owned(),
        kid: key.id().to_owned(),
        tfe_host: sealed_for.host.hostname().to_owned(),
        tfe_api: sealed_for.host.api().map(str::to_owned),
        tfe_organization: sealed_for.organization.clone(),
        tfe_token_id: sealed_for.token_id.clone(),
    };
    let header = serde_json::to_vec(&header).expect("texts can be written as JSON");
    let header = URL_SAFE_NO_PAD.encode(header);
    let iv = URL_SAFE_NO_PAD.encode(nonce.0);
    let mut buffer = Zeroizing::new(secret.expose().as_bytes().to_vec());
    let tag = key
        .cipher()
        .seal_in_place_separate_tag(
            Nonce::assume_unique_for_key(nonce.0),
            Aad::from(&header),
            &mut buffer,
        )
        .expect("AES-256-GCM encrypts any text shorter than 64 GiB");
    let ciphertext = URL_SAFE_NO_PAD.encode(&*buffer);
    let tag = URL_SAFE_NO_PAD.encode(tag);
    // Direct encryption has an empty encrypted key (RFC 7518, section 4.5).
    format!("{header}..{iv}.{ciphertext}.{tag}")
}

/// Why a text cannot be opened.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub(crate) enum SealedTokenError {
    /// It is a secret.
    #[error("it is a token that is not sealed")]
    PlainToken,
    /// It is not a sealed token.
    #[error("it is not a sealed token of this provider, nor of this version")]
    Foreign,
    /// It is a sealed token, but was cut or changed.
    #[error("it was cut or changed since it was sealed")]
    Damaged,
    /// It was sealed with another key.
    #[error(
        "it was sealed with another key: its key has the ID {sealed_with}, the provider's has {given}"
    )]
    WrongKey {
        /// The ID of the key that the text names.
        sealed_with: String,
        /// The ID of the key that was to open it.
        given: String,
    },
}

/// A sealed token whose header was read, and which is not opened yet.
pub(crate) struct SealedToken<'a> {
    header: &'a str,
    key_id: String,
    sealed_for: SealedFor,
    nonce: [u8; NONCE_LEN],
    /// The ciphertext, followed by its tag. It is decrypted in place.
    buffer: Zeroizing<Vec<u8>>,
}

impl<'a> SealedToken<'a> {
    /// Reads the header of a text, which needs no key and proves nothing.
    ///
    /// # Errors
    ///
    /// Returns an error if the text is not a sealed token as [`seal`] writes it, except for order and spaces in the header.
    pub(crate) fn parse(text: &'a str) -> Result<Self, SealedTokenError> {
        let text = text.trim();
        if has_secret_shape(text) {
            return Err(SealedTokenError::PlainToken);
        }
        if text.len() > MAX_LEN {
            return Err(SealedTokenError::Foreign);
        }
        let (encoded, rest) = text.split_once('.').ok_or(SealedTokenError::Foreign)?;
        let header = read_header(encoded).ok_or(SealedTokenError::Foreign)?;
        let (nonce, buffer) = read_ciphertext(rest).ok_or(SealedTokenError::Damaged)?;
        Ok(Self {
            header: encoded,
            key_id: header.kid,
            sealed_for: SealedFor {
                host: ServiceHost::new(&header.tfe_host, header.tfe_api.as_deref()),
                organization: header.tfe_organization,
                token_id: header.tfe_token_id,
            },
            nonce,
            buffer: Zeroizing::new(buffer),
        })
    }

    /// Returns the token that the text names. Only [`open`](Self::open) proves it.
    pub(crate) fn sealed_for(&self) -> &SealedFor {
        &self.sealed_for
    }

    /// Decrypts the secret.
    ///
    /// # Errors
    ///
    /// Returns an error if it was sealed with another key, or anything of the text was changed.
    pub(crate) fn open(mut self, key: &SealingKey) -> Result<Secret, SealedTokenError> {
        if self.key_id != key.id() {
            return Err(SealedTokenError::WrongKey {
                sealed_with: self.key_id,
                given: key.id().to_owned(),
            });
        }
        let nonce = Nonce::assume_unique_for_key(self.nonce);
        let plaintext = key
            .cipher()
            .open_in_place(nonce, Aad::from(self.header), &mut self.buffer)
            .map_err(|_| SealedTokenError::Damaged)?;
        match std::str::from_utf8(plaintext) {
            Ok(secret) if !secret.is_empty() => Ok(Secret::new(secret.to_owned())),
            _ => Err(SealedTokenError::Damaged),
        }
    }
}

/// Reads a protected header. `None` if it is another one than [`seal`] writes.
fn read_header(encoded: &str) -> Option<Header> {
    let json = URL_SAFE_NO_PAD.decode(encoded).ok()?;
    // It refuses unknown and repeated names, so `crit` and `zip` too.
    let header: Header = serde_json::from_slice(&json).ok()?;
    let is_known = header.alg == ALGORITHM && header.enc == ENCRYPTION;
    let key_id = URL_SAFE_NO_PAD.decode(&header.kid).ok()?;
    (is_known && key_id.len() == SHA256_OUTPUT_LEN).then_some(header)
}

/// Reads what follows the header: an empty key, the nonce, the ciphertext and its tag.
fn read_ciphertext(text: &str) -> Option<([u8; NONCE_LEN], Vec<u8>)> {
    let mut parts = text.split('.');
    let mut next = || URL_SAFE_NO_PAD.decode(parts.next()?).ok();
    let (key, nonce, mut ciphertext, tag) = (next()?, next()?, next()?, next()?);
    if !key.is_empty() || tag.len() != TAG_LEN || parts.next().is_some() {
        return None;
    }
    ciphertext.extend(tag);
    Some((nonce.try_into().ok()?, ciphertext))
}

#[cfg(test)]
mod tests;
