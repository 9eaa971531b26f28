//! [`Consumer`]: a write-only argument of another resource, which stores the unsealed secret.

/// The stored secret. It is written when its version changes, which is `secret_version`.
#[derive(Debug, Default)]
pub(super) struct Consumer {
    version: Option<String>,
    pub(super) secret: Option<String>,
}

impl Consumer {
    pub(super) fn write(&mut self, version: String, secret: String) {
        if self.version.as_deref() != Some(&version) {
            self.version = Some(version);
            self.secret = Some(secret);
        }
    }
}
