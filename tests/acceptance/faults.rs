//! What goes wrong between the plugin and HCP Terraform, or is wrong there.

use std::time::Duration;

use serde_json::Value;
use tfe_simulator::{Fault, Method, ServiceKind};

use crate::host::{Product, host};
use crate::workspace::Workspace;

const TOKEN: &str = "tfe_audit_trail_token";

const BASIC: &str = r#"
resource "tfe_audit_trail_token" "example" {
  organization = "my-org-name"
}
"#;

/// The secret in state is the one that lives.
#[track_caller]
fn check_alive(workspace: &Workspace) {
    let token = workspace
        .simulator
        .audit_trail_token("my-org-name")
        .unwrap();
    let object = workspace.example(TOKEN);
    assert_eq!(object["token_id"], token.id);
    assert_eq!(object["token"], token.secret.expose());
}

/// hashicorp/tfe sends the request again and again, and loses every secret but the last (F11).
#[test]
fn a_lost_answer_ends_with_a_secret_that_lives() {
    let workspace = Workspace::new();
    workspace.configure(BASIC);
    let lost = Fault::on(Method::POST, "authentication-token");
    workspace.simulator.inject(lost.after_change().cut());
    workspace.apply();
    check_alive(&workspace);
    assert_eq!(workspace.count("POST"), 2);
}

#[test]
fn a_secret_that_is_lost_for_good_is_an_error_and_the_next_apply_mends_it() {
    let workspace = Workspace::new();
    workspace.configure(BASIC);
    let lost = Fault::on(Method::POST, "authentication-token").always();
    workspace.simulator.inject(lost.after_change().status(502));
    workspace.try_apply().fails();
    let object = workspace.example(TOKEN);
    assert_eq!(object["status"], "secret_lost");
    assert_eq!(object["token"], Value::Null);

    workspace.simulator.clear_faults();
    workspace.apply();
    check_alive(&workspace);
}

#[test]
fn a_refused_regeneration_keeps_the_token_and_the_state() {
    let workspace = Workspace::new();
    let until = |year: u32| {
        BASIC.replace(
            "\"my-org-name\"",
            &format!("\"my-org-name\"\n  expired_at = \"{year}-01-01T00:00:00Z\""),
        )
    };
    workspace.configure(&until(2050));
    workspace.apply();
    let before = workspace.example(TOKEN);

    let refused = Fault::on(Method::POST, "authentication-token").status(422);
    workspace.simulator.inject(refused);
    workspace.configure(&until(2051));
    workspace.try_apply().fails().says("422");
    assert_eq!(workspace.example(TOKEN), before);
    check_alive(&workspace);

    // A retry means the same.
    workspace.apply().says("0 added, 1 changed, 0 destroyed");
    check_alive(&workspace);
}

#[test]
fn an_overloaded_service_is_waited_for() {
    let workspace = Workspace::new();
    workspace.configure(BASIC);
    let busy = Fault::on_any("authentication-token").times(3);
    workspace
        .simulator
        .inject(busy.status(429).header("X-RateLimit-Reset", "0.05"));
    workspace.apply();
    check_alive(&workspace);
}

#[test]
fn an_organization_without_audit_logging_is_told() {
    let workspace = Workspace::new();
    workspace.configure(BASIC);
    workspace.simulator.withdraw_audit_logging("my-org-name");
    workspace.try_apply().fails().says("audit logging");
    assert_eq!(workspace.example(TOKEN), Value::Null);
}

/// hashicorp/tfe replaces the organization's main token there (F24).
#[test]
fn a_service_that_is_not_hcp_terraform_keeps_its_organization_token() {
    for kind in [ServiceKind::TerraformEnterprise, ServiceKind::Imitation] {
        let workspace = Workspace::with(|builder| builder.kind(kind));
        let main = workspace
            .simulator
            .regenerate_organization_token("my-org-name");
        workspace.configure(BASIC);
        workspace.try_apply().fails().says("HCP Terraform");
        let import = [
            "import",
            "-no-color",
            "tfe_audit_trail_token.example",
            "my-org-name",
        ];
        workspace.terraform(&import).fails();
        let now = workspace
            .simulator
            .organization_token("my-org-name")
            .unwrap();
        assert_eq!(now.id, main.id);
        assert_eq!((workspace.count("POST"), workspace.count("DELETE")), (0, 0));
    }
}

#[test]
fn a_policy_that_cuts_the_life_of_tokens_is_told() {
    let workspace = Workspace::with(|builder| {
        builder.settings(|s| s.maximum_ttl = Some(Duration::from_secs(30 * 24 * 3600)))
    });
    workspace.configure(&BASIC.replace(
        "\"my-org-name\"",
        "\"my-org-name\"\n  expired_at = \"2051-04-11T23:15:59Z\"",
    ));
    workspace
        .apply()
        .says("2051-04-11T23:15:59Z")
        .says("Another Expiry");
    check_alive(&workspace);
}

/// The second would kill the token of the first at once.
#[test]
fn two_new_resources_for_one_organization_end_in_an_error() {
    let workspace = Workspace::new();
    workspace.configure(
        &format!("{BASIC}{}", BASIC.replace("\"example\"", "\"second\"")).replace(
            "\"my-org-name\"",
            "\"my-org-name\"\n  force_regenerate = true",
        ),
    );
    workspace.try_apply().fails().says("my-org-name");
    assert_eq!(workspace.count("POST"), 1);
    let ids: Vec<_> = ["example", "second"]
        .map(|name| workspace.object(TOKEN, "managed", name)["token_id"].clone())
        .into_iter()
        .filter(|id| !id.is_null())
        .collect();
    assert_eq!(ids, [workspace.current_id()]);
}

/// hashicorp/tfe talks to a guessed host, as a guessed account (F14).
#[test]
fn with_an_unknown_provider_configuration_a_plan_sends_nothing() {
    let mut workspace = Workspace::new();
    workspace.unset("TFE_TOKEN");
    workspace.configure(&format!(
        "resource \"terraform_data\" \"token\" {{\n  input = \"{}\"\n}}\n\
         provider \"tfe\" {{\n  token = terraform_data.token.output\n}}\n{BASIC}",
        crate::service::OWNER
    ));
    workspace.plan().exits(2);
    assert!(workspace.simulator.requests().is_empty());
    workspace.apply();
    check_alive(&workspace);
}

#[test]
fn with_an_unknown_provider_configuration_an_ephemeral_waits_for_the_apply() {
    let mut workspace = Workspace::new();
    workspace.unset("TFE_TOKEN");
    workspace.configure(&format!(
        "resource \"terraform_data\" \"token\" {{\n  input = \"{}\"\n}}\n\
         provider \"tfe\" {{\n  token = terraform_data.token.output\n}}\n\
         ephemeral \"tfe_audit_trail_token\" \"example\" {{\n  organization = \"my-org-name\"\n}}\n\
         resource \"echo_value\" \"example\" {{\n  \
         value_wo = ephemeral.tfe_audit_trail_token.example.token\n}}\n",
        crate::service::OWNER
    ));
    let plan = workspace.plan();
    assert!(workspace.simulator.requests().is_empty());
    if host().product == Product::OpenTofu {
        // It takes no value of an ephemeral resource that is not known yet.
        plan.fails()
            .says("Provider Configuration Not Known Yet")
            .says("-target");
        let target = "-target=terraform_data.token";
        workspace
            .terraform(&["apply", "-no-color", "-auto-approve", target])
            .succeeds();
    } else {
        plan.exits(2);
    }
    let before = workspace.count("POST");
    workspace.try_apply().succeeds();
    let openings = match host().product {
        Product::Terraform => 1,
        // In the plan too, which now can.
        Product::OpenTofu => 2,
    };
    assert_eq!(workspace.count("POST") - before, openings);
}

#[test]
fn with_an_unknown_provider_configuration_a_data_source_names_the_way_out() {
    let mut workspace = Workspace::new();
    workspace.unset("TFE_TOKEN");
    workspace.simulator.regenerate_elsewhere("my-org-name");
    let configuration = format!(
        "resource \"terraform_data\" \"token\" {{\n  input = \"{}\"\n}}\n\
         provider \"tfe\" {{\n  token = terraform_data.token.output\n}}\n\
         data \"tfe_audit_trail_token\" \"example\" {{\n  organization = \"my-org-name\"\n}}\n",
        crate::service::OWNER
    );
    workspace.configure(&configuration);
    workspace.plan().fails().says("depends_on");
    assert!(workspace.simulator.requests().is_empty());

    let waiting = configuration.replace(
        "\"my-org-name\"",
        "\"my-org-name\"\n  depends_on = [terraform_data.token]",
    );
    workspace.configure(&waiting);
    workspace.apply();
}

#[test]
fn a_renamed_organization_is_told_with_the_way_out() {
    let workspace = Workspace::new();
    workspace.configure(BASIC);
    workspace.apply();
    let state = workspace.read("terraform.tfstate");
    workspace
        .simulator
        .rename_organization("my-org-name", "new-name");
    workspace.plan().fails().says("renamed");
    assert_eq!(workspace.read("terraform.tfstate"), state);

    // As the error says: the name, and the same token under it.
    workspace.write(
        "terraform.tfstate",
        &state.replace("my-org-name", "new-name"),
    );
    workspace.configure(&BASIC.replace("my-org-name", "new-name"));
    workspace.plan().exits(0);
}
