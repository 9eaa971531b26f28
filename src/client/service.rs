//! Who the service says it is.
//!
//! Only HCP Terraform has audit trail tokens. Terraform Enterprise and its imitations ignore
//! `?token=audit-trails`: they would replace or delete the organization's main token. So the token
//! endpoint is used only where the service has named itself, in a header of this or of an earlier
//! answer (go-tfe: tfe.go, `IsCloud`).

use std::sync::Mutex;

use reqwest::header::HeaderMap;

use super::document::plain;

/// How HCP Terraform calls itself in `TFP-AppName`, today and formerly.
const NAMES: [&str; 2] = ["HCP Terraform", "Terraform Cloud"];

/// What the answers so far have said.
#[derive(Debug, Default)]
pub(crate) struct Service(Mutex<Product>);

#[derive(Clone, Debug, Default, PartialEq, Eq)]
enum Product {
    #[default]
    Unknown,
    HcpTerraform,
    Other(String),
    /// For good: one answer is enough.
    Enterprise(String),
}

impl Service {
    /// Takes note of an answer of the API, whatever its status.
    pub(crate) fn observe(&self, headers: &HeaderMap) {
        let text = |name: &str| {
            headers
                .get(name)
                .map(|value| plain(&String::from_utf8_lossy(value.as_bytes())))
        };
        let seen = match (text("x-tfe-version"), text("tfp-appname")) {
            (Some(version), _) if !version.is_empty() => Product::Enterprise(version),
            (_, Some(name)) if NAMES.contains(&name.as_str()) => Product::HcpTerraform,
            (_, Some(name)) if !name.is_empty() => Product::Other(name),
            _ => return,
        };
        let mut product = self
            .0
            .lock()
            .expect("no code panics while it holds this lock");
        if !matches!(*product, Product::Enterprise(_)) {
            *product = seen;
        }
    }

    /// Whether anything is known yet.
    pub(crate) fn is_unknown(&self) -> bool {
        *self
            .0
            .lock()
            .expect("no code panics while it holds this lock")
            == Product::Unknown
    }

    /// Whether the token endpoint may be used and believed; otherwise why not. `assumed` says that
    /// the practitioner vouches for the host.
    pub(crate) fn has_audit_trails(&self, assumed: bool) -> Result<(), String> {
        let product = self
            .0
            .lock()
            .expect("no code panics while it holds this lock");
        match (&*product, assumed) {
            (Product::Enterprise(version), _) => Err(format!(
                "it is Terraform Enterprise {version} (header X-TFE-Version)"
            )),
            (Product::HcpTerraform, _) | (_, true) => Ok(()),
            (Product::Other(name), false) => {
                Err(format!("it calls itself {name:?} (header TFP-AppName)"))
            }
            (Product::Unknown, false) => {
                Err("it does not name itself (no header TFP-AppName)".to_owned())
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn service(answers: &[&[(&'static str, &'static str)]]) -> Service {
        let service = Service::default();
        for answer in answers {
            let mut headers = HeaderMap::new();
            for (name, value) in *answer {
                headers.insert(*name, value.parse().unwrap());
            }
            service.observe(&headers);
        }
        service
    }

    #[track_caller]
    fn check(answers: &[&[(&'static str, &'static str)]], believed: bool, if_assumed: bool) {
        let service = service(answers);
        assert_eq!(
            service.has_audit_trails(false).is_ok(),
            believed,
            "{service:?}"
        );
        assert_eq!(
            service.has_audit_trails(true).is_ok(),
            if_assumed,
            "{service:?}"
        );
    }

    #[test]
    fn only_a_service_that_names_itself_is_believed() {
        let hcp: &[_] = &[("tfp-appname", "HCP Terraform")];
        let enterprise: &[_] = &[("x-tfe-version", "v202501-1")];
        check(&[], false, true);
        check(&[&[]], false, true);
        check(&[hcp], true, true);
        check(&[&[("tfp-appname", "Terraform Cloud")]], true, true);
        check(&[hcp, &[]], true, true);
        check(&[&[("tfp-appname", "Terraform Enterprise")]], false, true);
        check(&[hcp, &[("tfp-appname", "OTF")]], false, true);
        check(&[enterprise], false, false);
        check(&[enterprise, hcp], false, false);
        check(
            &[&[("tfp-appname", "HCP Terraform"), ("x-tfe-version", "1")]],
            false,
            false,
        );
        check(
            &[&[("tfp-appname", "HCP Terraform"), ("x-tfe-version", "")]],
            true,
            true,
        );
    }
}
