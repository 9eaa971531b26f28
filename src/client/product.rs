//! [`ObservedProduct`]: which product the service is, according to the headers of its answers.
//!
//! HCP Terraform names itself in a header (go-tfe: tfe.go, `IsCloud`). Some requests may go to no
//! other product; the file of each part of the API says which.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, MutexGuard};

use reqwest::header::HeaderMap;

use super::plain_text::plain_text;

/// The name of HCP Terraform in `TFP-AppName`, today and formerly.
const NAMES: [&str; 2] = ["HCP Terraform", "Terraform Cloud"];

/// Whether an answer names HCP Terraform.
pub(crate) fn names_hcp_terraform(headers: &HeaderMap) -> bool {
    let name = headers.get("tfp-appname");
    name.is_some_and(|name| NAMES.iter().any(|known| name == known))
}

/// The product, as far as the answers so far have named it.
///
/// A header is no proof: it guards against a wrong hostname, and not against a service that pretends.
#[derive(Debug, Default)]
pub(crate) struct ObservedProduct {
    named: Mutex<Product>,
    is_proven: AtomicBool,
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
enum Product {
    #[default]
    Unknown,
    HcpTerraform,
    Other(String),
    /// Never changes again: one answer is enough.
    Enterprise(String),
}

impl ObservedProduct {
    /// Reads the headers of an answer of the API with any status.
    pub(crate) fn observe(&self, headers: &HeaderMap) {
        let text = |name: &str| {
            headers
                .get(name)
                .map(|value| plain_text(&String::from_utf8_lossy(value.as_bytes())))
        };
        let named = match (text("x-tfe-version"), text("tfp-appname")) {
            (Some(version), _) if !version.is_empty() => Product::Enterprise(version),
            (_, Some(name)) if NAMES.contains(&name.as_str()) => Product::HcpTerraform,
            (_, Some(name)) if !name.is_empty() => Product::Other(name),
            _ => return,
        };
        let mut product = self.lock();
        if !matches!(*product, Product::Enterprise(_)) {
            *product = named;
        }
    }

    /// Records that a token which the service generated is not an organization's main token.
    pub(crate) fn prove(&self) {
        self.is_proven.store(true, Ordering::Relaxed);
    }

    /// Whether a generated token has been found not to be a main token.
    pub(crate) fn is_proven(&self) -> bool {
        self.is_proven.load(Ordering::Relaxed)
    }

    /// Whether no answer has named the product.
    pub(crate) fn is_unknown(&self) -> bool {
        *self.lock() == Product::Unknown
    }

    /// Checks that the service is HCP Terraform. `assumed` is `true` where the practitioner says so
    /// (`TFE_AUDIT_TRAILS_ASSUME_SUPPORTED`).
    ///
    /// # Errors
    ///
    /// It is not, or does not name itself. The error says why.
    pub(crate) fn check_is_hcp_terraform(&self, assumed: bool) -> Result<(), String> {
        match (&*self.lock(), assumed) {
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

    fn lock(&self) -> MutexGuard<'_, Product> {
        self.named
            .lock()
            .expect("no code panics while it holds this lock")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn observed(answers: &[&[(&'static str, &'static str)]]) -> ObservedProduct {
        let product = ObservedProduct::default();
        for answer in answers {
            let mut headers = HeaderMap::new();
            for (name, value) in *answer {
                headers.insert(*name, value.parse().unwrap());
            }
            product.observe(&headers);
        }
        product
    }

    #[track_caller]
    fn check(answers: &[&[(&'static str, &'static str)]], accepted: bool, if_assumed: bool) {
        let product = observed(answers);
        assert_eq!(
            product.check_is_hcp_terraform(false).is_ok(),
            accepted,
            "{product:?}"
        );
        assert_eq!(
            product.check_is_hcp_terraform(true).is_ok(),
            if_assumed,
            "{product:?}"
        );
    }

    #[test]
    fn only_a_service_that_names_itself_is_hcp_terraform() {
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
