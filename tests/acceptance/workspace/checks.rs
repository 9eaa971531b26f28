//! What a [`Workspace`]'s state holds, and what became of the token of `my-org-name`.

use std::fmt::Write as _;
use std::fs;

use aws_lc_rs::digest::{SHA256, digest};
use serde_json::Value;
use tfe_simulator::Token;

use super::Workspace;

/// The type of the managed resource.
pub(crate) const TOKEN: &str = "tfe_audit_trail_token";

/// A configuration that manages the token of `my-org-name`.
pub(crate) const BASIC: &str = r#"
resource "tfe_audit_trail_token" "example" {
  organization = "my-org-name"
}
"#;

/// A sealing key.
pub(crate) const SEALING_KEY: &str = "YWNjZXB0YW5jZSB0ZXN0cywga2V5IG51bWJlciBvbmU=";

/// The state.
impl Workspace {
    /// Returns the state file; null if there is none.
    ///
    /// Terraform writes the paths of sensitive attributes, a set, in any order. Here they are sorted, so that states can be
    /// compared.
    pub(crate) fn state(&self) -> Value {
        let text = self.read("terraform.tfstate");
        let mut state: Value = serde_json::from_str(&text).unwrap_or_default();
        let resources = state.get_mut("resources").and_then(Value::as_array_mut);
        let instances = resources.into_iter().flatten().filter_map(|resource| {
            let instances = resource.get_mut("instances")?;
            instances.as_array_mut()
        });
        let sensitive = instances.flatten().filter_map(|instance| {
            let paths = instance.get_mut("sensitive_attributes")?;
            paths.as_array_mut()
        });
        for paths in sensitive {
            paths.sort_by_cached_key(Value::to_string);
        }
        state
    }

    /// Returns the attributes of a managed resource called `example`; null if there is none.
    pub(crate) fn example(&self, of_type: &str) -> Value {
        self.object(of_type, "managed", "example")
    }

    /// Returns the attributes of an object; null if there is none.
    pub(crate) fn object(&self, of_type: &str, mode: &str, name: &str) -> Value {
        let state = self.state();
        let resources = state["resources"].as_array().cloned().unwrap_or_default();
        resources
            .iter()
            .find(|one| one["type"] == of_type && one["mode"] == mode && one["name"] == name)
            .map_or(Value::Null, |one| one["instances"][0]["attributes"].clone())
    }
}

/// The token.
impl Workspace {
    /// Returns the token that `my-org-name` has.
    #[track_caller]
    pub(crate) fn token(&self) -> Token {
        let token = self.simulator.audit_trail_token("my-org-name");
        token.expect("my-org-name has an audit trail token")
    }

    /// Returns the ID of the token that `my-org-name` has.
    #[track_caller]
    pub(crate) fn token_id(&self) -> String {
        self.token().id
    }

    /// Returns whether `my-org-name` has a token.
    pub(crate) fn has_a_token(&self) -> bool {
        self.simulator.audit_trail_token("my-org-name").is_some()
    }

    /// Returns how many requests of a method the token endpoint has answered.
    pub(crate) fn count(&self, method: &str) -> usize {
        self.simulator
            .requests()
            .iter()
            .filter(|one| one.method == method && one.path.contains("/authentication-token"))
            .count()
    }

    /// Expects that the state holds the secret of the token that the organization has.
    #[track_caller]
    pub(crate) fn holds_the_live_secret(&self) {
        let token = self.token();
        let object = self.example(TOKEN);
        assert_eq!(object["token_id"], token.id);
        assert_eq!(object["token"], token.secret.expose());
        assert_eq!(object["status"], "current");
    }

    /// Expects that neither Terraform nor a plugin has left a temporary file.
    #[track_caller]
    pub(crate) fn left_no_temporary_file(&self) {
        let left = fs::read_dir(self.path("tmp")).unwrap();
        let left: Vec<_> = left.map(|entry| entry.unwrap().path()).collect();
        assert!(left.is_empty(), "left behind: {left:?}");
    }

    /// Expects that the next plan and apply protect a token that no state manages.
    ///
    /// The configuration creates one. The plan names the existing token, apply refuses to replace it
    /// and names the ways out, and `force_regenerate` is one of them.
    #[track_caller]
    pub(crate) fn protects_an_unmanaged_token(&self) {
        let (id, posts) = (self.token_id(), self.count("POST"));
        self.plan().exits(2).prints(&id);
        let refused = self.try_apply().fails();
        refused
            .prints("An audit trail token already exists")
            .prints(&id)
            .prints("force_regenerate = true")
            .prints("import");
        assert_eq!((self.token_id(), self.count("POST")), (id, posts));

        self.force();
        self.apply();
        self.holds_the_live_secret();
    }

    /// Expects that the next plan and apply protect a token that replaced the one in the state.
    ///
    /// The plan reports the replacement, apply refuses to replace the new token and names the way
    /// out, and `force_regenerate` is it.
    #[track_caller]
    pub(crate) fn protects_a_token_that_replaced_its_own(&self) {
        let (id, posts) = (self.token_id(), self.count("POST"));
        let plan = self.plan().exits(2);
        plan.prints("The Audit Trail Token Was Replaced")
            .prints(&id);
        let refused = self.try_apply().fails();
        refused
            .prints("The Audit Trail Token Is Not Managed by This Resource")
            .prints(&id)
            .prints("force_regenerate");
        assert_eq!((self.token_id(), self.count("POST")), (id, posts));
        assert_eq!(self.example(TOKEN)["status"], "replaced");

        self.force();
        self.apply();
        self.holds_the_live_secret();
    }

    /// Sets `force_regenerate` in the only block of `my-org-name`.
    fn force(&self) {
        let name = "\"my-org-name\"";
        let forced = format!("{name}\n  force_regenerate = true");
        self.write("main.tf", &self.read("main.tf").replace(name, &forced));
    }
}

/// Returns the SHA-256 of bytes in hexadecimal digits.
pub(crate) fn sha256(bytes: impl AsRef<[u8]>) -> String {
    let digest = digest(&SHA256, bytes.as_ref());
    digest.as_ref().iter().fold(String::new(), |mut hex, byte| {
        write!(hex, "{byte:02x}").unwrap();
        hex
    })
}
