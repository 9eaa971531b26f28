//! [`Random`]: makes IDs and secrets.

use crate::secret::Secret;

/// A source of IDs and secrets, which are different every time.
#[derive(Debug)]
pub(crate) struct Random(fastrand::Rng);

impl Random {
    pub(crate) fn new() -> Self {
        Self(fastrand::Rng::new())
    }

    /// Returns an ID: a prefix such as `at` and 16 letters or digits.
    pub(crate) fn id(&mut self, prefix: &str) -> String {
        format!("{prefix}-{}", self.alphanumerics(16))
    }

    /// Returns a token's secret: 14 characters, `.atlasv1.`, 67 characters.
    pub(crate) fn secret(&mut self) -> Secret {
        let (head, tail) = (self.alphanumerics(14), self.alphanumerics(67));
        Secret::from(format!("{head}.atlasv1.{tail}"))
    }

    /// Returns a version 4 UUID, as events and requests have them.
    pub(crate) fn uuid(&mut self) -> String {
        let bits = (self.0.u128(..) & !(0xf << 76) & !(0x3 << 62)) | (0x4 << 76) | (0x2 << 62);
        let hex = format!("{bits:032x}");
        format!(
            "{}-{}-{}-{}-{}",
            &hex[..8],
            &hex[8..12],
            &hex[12..16],
            &hex[16..20],
            &hex[20..]
        )
    }

    fn alphanumerics(&mut self, length: usize) -> String {
        (0..length).map(|_| self.0.alphanumeric()).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::Random;

    #[test]
    fn ids_and_secrets_have_the_forms_of_the_service() {
        let mut random = Random::new();
        let (id, uuid) = (random.id("at"), random.uuid());
        let secret = random.secret();
        let parts: Vec<_> = secret.expose().split('.').map(str::len).collect();
        assert_eq!(id.len(), "at-".len() + 16);
        assert_eq!(parts, [14, "atlasv1".len(), 67]);
        assert_eq!((uuid.len(), &uuid[14..15]), (36, "4"));
        assert!(matches!(&uuid[19..20], "8" | "9" | "a" | "b"), "{uuid}");
    }
}
