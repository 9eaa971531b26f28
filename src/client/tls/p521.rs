//! [`P521`]: the key exchange on the curve P-521, which rustls does not have.
//!
//! Nobody needs it to agree on a key. But under TLS 1.2 the groups that a client offers are also
//! the curves that a server's certificate may use (RFC 8422, 5.1), and OpenSSL hangs up on a
//! client that does not offer the curve of its only certificate. Go offers it.

use aws_lc_rs::agreement::{
    ECDH_P521, EphemeralPrivateKey, PublicKey, UnparsedPublicKey, agree_ephemeral,
};
use aws_lc_rs::rand::SystemRandom;
use rustls::crypto::{ActiveKeyExchange, GetRandomFailed, SharedSecret, SupportedKxGroup};
use rustls::{Error, NamedGroup, PeerMisbehaved};

/// How the only encoding of a point that TLS knows begins (RFC 8446, 4.2.8.2).
const UNCOMPRESSED: u8 = 4;

/// The group `secp521r1`.
#[derive(Debug)]
pub(super) struct P521;

impl SupportedKxGroup for P521 {
    fn start(&self) -> Result<Box<dyn ActiveKeyExchange>, Error> {
        let failed = |_| Error::from(GetRandomFailed);
        let private =
            EphemeralPrivateKey::generate(&ECDH_P521, &SystemRandom::new()).map_err(failed)?;
        let public = private.compute_public_key().map_err(failed)?;
        Ok(Box::new(KeyExchange { private, public }))
    }

    fn name(&self) -> NamedGroup {
        NamedGroup::secp521r1
    }
}

struct KeyExchange {
    private: EphemeralPrivateKey,
    public: PublicKey,
}

impl ActiveKeyExchange for KeyExchange {
    fn complete(self: Box<Self>, peer: &[u8]) -> Result<SharedSecret, Error> {
        let misbehaved = Error::from(PeerMisbehaved::InvalidKeyShare);
        if peer.first() != Some(&UNCOMPRESSED) {
            return Err(misbehaved);
        }
        // Whether the point is on the curve is checked by AWS-LC.
        let peer = UnparsedPublicKey::new(&ECDH_P521, peer);
        agree_ephemeral(self.private, peer, misbehaved, |secret| {
            Ok(SharedSecret::from(secret))
        })
    }

    fn pub_key(&self) -> &[u8] {
        self.public.as_ref()
    }

    fn group(&self) -> NamedGroup {
        NamedGroup::secp521r1
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_sides_agree_on_a_secret_of_their_own() {
        let agree = || {
            let (one, other) = (P521.start().unwrap(), P521.start().unwrap());
            let (ones, others) = (one.pub_key().to_vec(), other.pub_key().to_vec());
            let (one, other) = (
                one.complete(&others).unwrap(),
                other.complete(&ones).unwrap(),
            );
            assert_eq!(one.secret_bytes(), other.secret_bytes());
            one.secret_bytes().to_vec()
        };
        let secret = agree();
        assert_eq!(secret.len(), 66);
        assert_ne!(secret, agree());
    }

    #[test]
    fn a_share_that_is_no_point_of_the_curve_is_refused() {
        let share = P521.start().unwrap().pub_key().to_vec();
        let mut elsewhere = share.clone();
        *elsewhere.last_mut().unwrap() ^= 1;
        let mut compressed = share[..67].to_vec();
        compressed[0] = 2 | (share.last().unwrap() & 1);
        for bad in [
            Vec::new(),
            vec![UNCOMPRESSED],
            share[..132].to_vec(),
            elsewhere,
            compressed,
        ] {
            assert!(P521.start().unwrap().complete(&bad).is_err(), "{bad:?}");
        }
        assert!(P521.start().unwrap().complete(&share).is_ok());
    }
}
