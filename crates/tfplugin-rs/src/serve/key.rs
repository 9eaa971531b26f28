//! [`Key`]: the private key of one process, made once and shared by its certificate and its TLS.
//!
//! `rcgen` and `rustls` can each read a key from bytes, and check it each time: two multiplications on the curve
//! that Terraform would wait for. Both also accept a type that signs, as this one.

use std::sync::Arc;

use aws_lc_rs::error::Unspecified;
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::signature::{ECDSA_P256_SHA256_ASN1_SIGNING, EcdsaKeyPair, KeyPair as _};
use rcgen::PKCS_ECDSA_P256_SHA256;
use rustls::sign::{Signer, SigningKey};
use rustls::{SignatureAlgorithm, SignatureScheme};

const SCHEME: SignatureScheme = SignatureScheme::ECDSA_NISTP256_SHA256;

/// A P-256 key; clones share it. P-521, as Terraform's own, would take milliseconds longer.
#[derive(Clone, Debug)]
pub(super) struct Key(Arc<EcdsaKeyPair>);

impl Key {
    /// Generates a key.
    pub(super) fn generate() -> Result<Self, Unspecified> {
        EcdsaKeyPair::generate(&ECDSA_P256_SHA256_ASN1_SIGNING).map(|pair| Self(Arc::new(pair)))
    }

    fn signature(&self, message: &[u8]) -> Result<Vec<u8>, Unspecified> {
        let signature = self.0.sign(&SystemRandom::new(), message)?;
        Ok(signature.as_ref().to_vec())
    }
}

/// Used by the certificate.
impl rcgen::PublicKeyData for Key {
    fn der_bytes(&self) -> &[u8] {
        self.0.public_key().as_ref()
    }

    fn algorithm(&self) -> &'static rcgen::SignatureAlgorithm {
        &PKCS_ECDSA_P256_SHA256
    }
}

impl rcgen::SigningKey for Key {
    fn sign(&self, message: &[u8]) -> Result<Vec<u8>, rcgen::Error> {
        self.signature(message)
            .map_err(|_| rcgen::Error::RemoteKeyError)
    }
}

/// Used by TLS.
impl SigningKey for Key {
    fn choose_scheme(&self, offered: &[SignatureScheme]) -> Option<Box<dyn Signer>> {
        offered
            .contains(&SCHEME)
            .then(|| Box::new(self.clone()) as Box<dyn Signer>)
    }

    fn algorithm(&self) -> SignatureAlgorithm {
        SignatureAlgorithm::ECDSA
    }
}

impl Signer for Key {
    fn sign(&self, message: &[u8]) -> Result<Vec<u8>, rustls::Error> {
        self.signature(message)
            .map_err(|_| rustls::Error::General("cannot sign".to_owned()))
    }

    fn scheme(&self) -> SignatureScheme {
        SCHEME
    }
}

#[cfg(test)]
mod tests {
    use aws_lc_rs::signature::{ECDSA_P256_SHA256_ASN1, UnparsedPublicKey};
    use rcgen::PublicKeyData as _;

    use super::*;

    #[test]
    fn it_signs_with_a_scheme_that_the_host_offers() {
        let key = Key::generate().unwrap();
        let offered = [SignatureScheme::ED25519, SCHEME];

        let signer = key.choose_scheme(&offered).expect("a scheme in common");

        assert_eq!(signer.scheme(), SCHEME);
        let signature = signer.sign(b"hello").unwrap();
        UnparsedPublicKey::new(&ECDSA_P256_SHA256_ASN1, key.der_bytes())
            .verify(b"hello", &signature)
            .unwrap();
        assert!(key.choose_scheme(&offered[..1]).is_none());
    }
}
