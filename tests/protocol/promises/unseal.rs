//! Opens a sealed token as its format is documented, without the code that is tested.

use aws_lc_rs::aead::{AES_256_GCM, Aad, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};
use aws_lc_rs::hkdf::{HKDF_SHA256, Salt};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde::Deserialize;

const PREFIX: &str = "tfe-sealed:v1:";

/// The contents of a sealed token.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub(crate) struct Sealed {
    pub(crate) organization: String,
    pub(crate) token_id: String,
    /// The secret.
    pub(crate) token: String,
}

/// Opens a sealed token with a sealing key; `None` if the key is another one.
pub(crate) fn unseal(key: &str, sealed: &str) -> Option<Sealed> {
    let key = STANDARD.decode(key).ok()?;
    let mut bytes = STANDARD.decode(sealed.strip_prefix(PREFIX)?).ok()?;
    let extracted = Salt::new(HKDF_SHA256, &[]).extract(&key);
    let info = [b"terraform-provider-tfe sealed token v1".as_slice()];
    let derived = extracted.expand(&info, &AES_256_GCM).ok()?;
    let cipher = LessSafeKey::new(UnboundKey::from(derived));
    let ciphertext = bytes.get_mut(..)?;
    let (nonce, ciphertext) = ciphertext.split_at_mut_checked(NONCE_LEN)?;
    let nonce = Nonce::try_assume_unique_for_key(nonce).ok()?;
    let plaintext = cipher
        .open_in_place(nonce, Aad::from(PREFIX), ciphertext)
        .ok()?;
    serde_json::from_slice(plaintext).ok()
}
