//! Opens and writes sealed tokens as their format is documented, without the code that is tested.

use aws_lc_rs::aead::{AES_256_GCM, Aad, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};
use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use serde_json::Value as Json;

/// The contents of a sealed token.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Sealed {
    pub(crate) header: Json,
    /// The secret.
    pub(crate) token: String,
}

/// Returns the header of a sealed token.
#[track_caller]
pub(crate) fn header(sealed: &str) -> Json {
    let encoded = sealed.split('.').next().unwrap();
    serde_json::from_slice(&URL_SAFE_NO_PAD.decode(encoded).unwrap()).unwrap()
}

/// Opens a sealed token with a sealing key; `None` if the key is another one.
pub(crate) fn unseal(key: &str, sealed: &str) -> Option<Sealed> {
    let parts: Vec<_> = sealed.split('.').collect();
    let [encoded, "", iv, ciphertext, tag] = parts[..] else {
        return None;
    };
    let mut bytes = URL_SAFE_NO_PAD.decode(ciphertext).ok()?;
    bytes.extend(URL_SAFE_NO_PAD.decode(tag).ok()?);
    let nonce = Nonce::try_assume_unique_for_key(&URL_SAFE_NO_PAD.decode(iv).ok()?).ok()?;
    let plaintext = cipher(key)?
        .open_in_place(nonce, Aad::from(encoded), &mut bytes)
        .ok()?;
    Some(Sealed {
        header: header(sealed),
        token: String::from_utf8(plaintext.to_vec()).ok()?,
    })
}

/// Writes a sealed token with any header, as somebody who has the key can.
pub(crate) fn seal(key: &str, header: &Json, secret: &str) -> String {
    let encode = |bytes: &[u8]| URL_SAFE_NO_PAD.encode(bytes);
    let header = encode(header.to_string().as_bytes());
    let mut bytes = secret.as_bytes().to_vec();
    let nonce = Nonce::assume_unique_for_key([7; NONCE_LEN]);
    let tag = cipher(key)
        .unwrap()
        .seal_in_place_separate_tag(nonce, Aad::from(&header), &mut bytes)
        .unwrap();
    let (iv, ciphertext) = (encode(&[7; NONCE_LEN]), encode(&bytes));
    format!("{header}..{iv}.{ciphertext}.{}", encode(tag.as_ref()))
}

fn cipher(key: &str) -> Option<LessSafeKey> {
    let key = UnboundKey::new(&AES_256_GCM, &STANDARD.decode(key).ok()?).ok()?;
    Some(LessSafeKey::new(key))
}
