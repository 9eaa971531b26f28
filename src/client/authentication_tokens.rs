//! The tokens of an organization, of which there is at most one of each kind.
//!
//! `GET|POST|DELETE /organizations/{name}/{path}?{query}`. A POST replaces the token at once, and a
//! DELETE removes the token that is there. So the client reads the token before each, and reads what a
//! request without a clear answer has done before it sends another. Whether a token *should* be
//! replaced or deleted is not decided here.

mod delete;
mod generate;
mod read;
mod token;

pub use self::delete::Deleted;
pub use self::generate::{GenerateError, Generated, MainToken};
pub use self::read::AuthenticationTokens;
pub(super) use self::read::TokenKind;
pub use self::token::{AuthenticationToken, CreatedBy};

#[cfg(test)]
mod tests {
    use serde_json::json;
    use wiremock::matchers::{method, path};
    use wiremock::{Mock, MockServer, ResponseTemplate};

    use super::*;
    use crate::client::{Arguments, Client, Environment, Secret, Timing, resolve};

    const PATH: &str = "/organizations/my-org-name/authentication-token";

    /// The organization token is not one of the provider's resources yet.
    const ORGANIZATION: TokenKind = TokenKind {
        path: "authentication-token",
        query: &[],
        requires_hcp_terraform: false,
        requires_audit_logging: false,
    };

    async fn answer(server: &MockServer, verb: &str, status: u16, token: Option<&str>) {
        let document = json!({"data": {
            "id": "at-1",
            "attributes": {"created-at": "2026-01-01T00:00:00Z", "token": token},
        }});
        Mock::given(method(verb))
            .and(path(PATH))
            .respond_with(ResponseTemplate::new(status).set_body_json(document))
            .mount(server)
            .await;
    }

    /// Terraform Enterprise does not name itself HCP Terraform, and has organization tokens.
    #[tokio::test]
    async fn a_kind_that_other_products_have_is_used_on_any_service() {
        let server = MockServer::start().await;
        answer(&server, "GET", 200, None).await;
        answer(&server, "POST", 201, Some("secret")).await;
        answer(&server, "DELETE", 204, None).await;
        let services = format!(
            "host \"app.terraform.io\" {{ services = {{ \"tfe.v2\" = \"{}\" }} }}",
            server.uri()
        );
        let environment = Environment::in_memory()
            .variable("TF_CLI_CONFIG_FILE", "/cli.tfrc")
            .file("/cli.tfrc", services);
        let arguments = Arguments {
            token: Some(Secret::new("owner".to_owned())),
            ..Arguments::default()
        };
        let settings = resolve(arguments, &environment).await.unwrap();
        let client = Client::new(settings, Timing::default(), "0.0.0");

        let tokens = AuthenticationTokens::new(&client, ORGANIZATION);
        let read = tokens.read("my-org-name").await.unwrap().unwrap();
        let generated = tokens.generate("my-org-name", None, Some(&read)).await;
        assert_eq!(generated.unwrap().secret.expose(), "secret");
        let deleted = tokens.delete("my-org-name", &read.id, read.created_at);
        assert_eq!(deleted.await.unwrap(), Deleted::Gone);
        let requests = server.received_requests().await.unwrap();
        assert!(requests.iter().all(|request| request.url.query().is_none()));
    }
}
