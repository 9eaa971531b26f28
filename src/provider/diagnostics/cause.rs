//! [`Cause`]: why a request failed, and what a practitioner can do about it.

use crate::client::{Error, TokenSource};

/// Why a request failed.
#[derive(Clone, Debug)]
pub(crate) struct Cause {
    /// The API's own words.
    words: String,
    hint: Option<Hint>,
    /// Where the API token comes from, if another one might help; otherwise empty.
    token_origin: String,
}

/// What a practitioner can do, by what went wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Hint {
    Unauthorized,
    Forbidden,
    NoPermission,
    NotVisible,
    NoEntitlement,
    UnsupportedService,
    Rejected,
    Unreachable,
    Limited,
    Trouble,
    NotTheApi,
    UnknownForm,
    Refused,
    NoApi,
    ClearText,
    Stopped,
    Overtaken,
}

impl Hint {
    #[cfg(test)]
    pub(super) const ALL: [Self; 17] = [
        Self::Unauthorized,
        Self::Forbidden,
        Self::NoPermission,
        Self::NotVisible,
        Self::NoEntitlement,
        Self::UnsupportedService,
        Self::Rejected,
        Self::Unreachable,
        Self::Limited,
        Self::Trouble,
        Self::NotTheApi,
        Self::UnknownForm,
        Self::Refused,
        Self::NoApi,
        Self::ClearText,
        Self::Stopped,
        Self::Overtaken,
    ];

    fn of(error: &Error) -> Option<Self> {
        let status = error.status();
        let is_refusal = status.is_some_and(|status| (400..500).contains(&status));
        let is_trouble = status.is_some_and(|status| status == 408 || status >= 500);
        let is_other = status.is_some_and(|status| status != 404);
        // In this order: the reason for a 404 says more than its status, and an answer of a proxy says less.
        let hints = [
            (error.is_unsupported_service(), Self::UnsupportedService),
            (error.is_no_entitlement(), Self::NoEntitlement),
            (error.is_no_permission(), Self::NoPermission),
            (error.is_organization_not_visible(), Self::NotVisible),
            (error.is_clear_text(), Self::ClearText),
            (error.is_stopped(), Self::Stopped),
            (error.is_overtaken(), Self::Overtaken),
            (is_trouble, Self::Trouble),
            // A host without this API answers 404, or with a document that does not list it.
            (error.is_discovery() && is_other, Self::NotTheApi),
            (error.is_discovery(), Self::NoApi),
            (error.is_not_from_api(), Self::NotTheApi),
            (error.is_unauthorized(), Self::Unauthorized),
            (error.is_forbidden(), Self::Forbidden),
            (error.is_rejected(), Self::Rejected),
            (error.is_rate_limited(), Self::Limited),
            (
                error.is_connect() || error.is_timeout() || error.is_interrupted(),
                Self::Unreachable,
            ),
            (error.is_protocol() || error.is_redirect(), Self::NotTheApi),
            (is_refusal, Self::Refused),
        ];
        hints
            .into_iter()
            .find_map(|(applies, hint)| applies.then_some(hint))
            .map(|hint| match hint {
                // A proxy does not name HCP Terraform.
                Self::NotTheApi if error.is_from_hcp_terraform() => Self::UnknownForm,
                hint => hint,
            })
    }

    /// Whether another token might help.
    fn is_about_the_api_token(self) -> bool {
        matches!(
            self,
            Self::Unauthorized | Self::Forbidden | Self::NoPermission | Self::NotVisible
        )
    }

    pub(super) fn text(self) -> &'static str {
        match self {
            Self::Unauthorized => {
                "HCP Terraform does not know the API token that the provider works with, or it is \
                 expired, or lives longer than the organization allows. Set another one where it comes \
                 from, alone, without quotes or \"Bearer\"; \"terraform login\" changes only that of the CLI \
                 configuration."
            }
            Self::Forbidden => {
                "The provider's API token may not do this. Use the token of a member of the owners \
                 team, of that team, or of the organization."
            }
            Self::NoPermission => {
                "The organization can be seen, but its own document does not say that the \
                 provider's API token may manage its tokens; HCP Terraform then answers as if there \
                 were none. Use the token of a member of the owners team, of that team, or of the \
                 organization."
            }
            Self::NotVisible => {
                "Either there is no organization of this name, or the provider's API token cannot \
                 see it: HCP Terraform does not tell these apart. Check the name, the token and the \
                 host name. Audit trail tokens, and those of agents, see no organization, and the \
                 token of an organization sees only its own."
            }
            Self::NoEntitlement => {
                "The organization's plan does not include audit logging. Without it, tokens can be \
                 seen and deleted, but not generated. Ask the organization's owners for a plan that \
                 includes it."
            }
            Self::UnsupportedService => {
                "Only HCP Terraform has audit trail tokens. Terraform Enterprise and services like \
                 it do not understand the request and would replace or delete the organization's \
                 main API token instead, so nothing was changed. If the host does have audit trail \
                 tokens but does not name itself as HCP Terraform, set \
                 TFE_AUDIT_TRAILS_ASSUME_SUPPORTED=<hostname> in the environment, unless it is \
                 Terraform Enterprise, which is refused always."
            }
            Self::Rejected => {
                "HCP Terraform refused what the request says. If it is about the expiry, set \
                 another: it has to lie in the future by HCP Terraform's clock, and the organization \
                 may limit how long its tokens live."
            }
            Self::Unreachable => {
                "Check the host name, the network, the proxy (HTTPS_PROXY, NO_PROXY) and, where \
                 the host has a certificate of its own, SSL_CERT_FILE."
            }
            Self::Limited => {
                "The API token has sent more requests than HCP Terraform accepts, and the limit \
                 held for as long as the provider waits. Run it again later, with fewer things \
                 side by side that use this token."
            }
            Self::Trouble => {
                "HCP Terraform, or a proxy before it, is in trouble. Run it again later; \
                 https://status.hashicorp.com tells of outages."
            }
            Self::NotTheApi => {
                "What answered does not speak as HCP Terraform does: a proxy, a login page or \
                 another service may stand in its place. Check the host name and the proxy \
                 (HTTPS_PROXY, NO_PROXY)."
            }
            Self::UnknownForm => {
                "HCP Terraform itself answered, in a form that this version of the provider does not \
                 know. Run it again; if it happens again, look for a newer version of the provider, \
                 or report it."
            }
            Self::Refused => {
                "HCP Terraform refused the request for a reason that the provider does not know. \
                 Check that the organization and the provider's API token are the right ones, and \
                 run it again."
            }
            Self::NoApi => {
                "Check the provider's host name: the host does not say where its API is."
            }
            Self::ClearText => {
                "Nothing was sent: with http, everybody between here and the host could read the API \
                 token. Only an address of this computer may be named with http. Where a \"host\" \
                 block of the CLI configuration names it, write https there. Where the host's own \
                 discovery document does, its operator has to correct that, or somebody else \
                 answered for the host."
            }
            Self::Stopped => "The run was interrupted. Nothing more was tried; run it again.",
            Self::Overtaken => {
                "Somebody else generates tokens for this organization too: find out who that is, \
                 and plan again."
            }
        }
    }
}

impl Cause {
    #[cfg(test)]
    pub(super) fn new(words: &str, hint: Option<Hint>) -> Self {
        Self {
            words: words.to_owned(),
            hint,
            token_origin: String::new(),
        }
    }

    /// Returns a paragraph of what happened and what to do, and then the API's own words, introduced by `introduction`.
    pub(super) fn explain(&self, what: &str, introduction: &str) -> String {
        self.explain_with(what, "", introduction)
    }

    /// Returns the same with additional advice.
    pub(super) fn explain_with(&self, what: &str, advice: &str, introduction: &str) -> String {
        let hint = self.hint.map_or("", Hint::text);
        let mut paragraph = vec![what, hint, &self.token_origin, advice];
        paragraph.retain(|part| !part.is_empty());
        let words = format!("{introduction}: {}", self.words);
        if paragraph.is_empty() {
            return words;
        }
        format!("{}\n\n{words}", paragraph.join(" "))
    }

    /// Returns the same without advice: `what` has it already.
    pub(super) fn explain_without_hint(&self, what: &str, introduction: &str) -> String {
        format!("{what}\n\n{introduction}: {}", self.words)
    }

    /// Whether somebody else generated a token before the request.
    pub(super) fn is_overtaken(&self) -> bool {
        self.hint == Some(Hint::Overtaken)
    }

    /// Whether the organization cannot be seen, for instance because it was renamed.
    pub(super) fn is_not_visible(&self) -> bool {
        self.hint == Some(Hint::NotVisible)
    }
}

impl From<&Error> for Cause {
    fn from(error: &Error) -> Self {
        let mut words = error.to_string();
        for reason in error.reasons() {
            if !words.contains(&reason) {
                words.push_str(": ");
                words.push_str(&reason);
            }
        }
        let hint = Hint::of(error);
        let token_origin = match (hint, error.token_source()) {
            (Some(hint), Some(source)) if hint.is_about_the_api_token() => {
                token_origin(source, error.used_run_credentials())
            }
            _ => String::new(),
        };
        Self {
            words,
            hint,
            token_origin,
        }
    }
}

/// Says where the API token comes from: a practitioner with several tokens often checks the wrong one.
pub(super) fn token_origin(source: &TokenSource, is_of_run: bool) -> String {
    let place = match source {
        TokenSource::Argument => "the provider's argument \"token\"".to_owned(),
        TokenSource::Environment(name) => format!("the environment variable {name}"),
        TokenSource::CliConfiguration(path) => path.display().to_string(),
        TokenSource::CredentialsHelper(name) => format!("the credentials helper {name:?}"),
    };
    let mut text = format!("The token comes from {place}.");
    if is_of_run {
        text.push_str(
            " It is the one that HCP Terraform generated for this run, which may do little: set \
             TFE_TOKEN as a sensitive environment variable of the workspace or of a variable set.",
        );
    }
    text
}

#[cfg(test)]
mod tests {
    use reqwest::StatusCode;

    use super::*;
    use crate::client::Kind;

    /// In an outage, or behind a proxy, a practitioner saw a diagnostic that blamed the hostname.
    #[test]
    fn the_advice_on_a_failed_discovery_depends_on_its_status() {
        for (status, hint) in [
            (404, Hint::NoApi),
            (200, Hint::NotTheApi),
            (401, Hint::NotTheApi),
            (407, Hint::NotTheApi),
            (500, Hint::Trouble),
            (503, Hint::Trouble),
        ] {
            let error = Error::new(Kind::Discovery, "discovery", "app.terraform.io")
                .with_status(StatusCode::from_u16(status).unwrap());
            assert_eq!(Hint::of(&error), Some(hint), "{status}");
        }
    }
}
