//! What practitioners get wrong: a clear diagnostic, and nothing changed or lost.

use std::fs;

use serde_json::json;

use crate::workspace::Workspace;

const GOOD: &str = r#"
resource "tfe_audit_trail_token" "example" {
  organization = "my-org-name"
}
"#;

fn applied() -> Workspace {
    let workspace = Workspace::new();
    workspace.configure(GOOD);
    workspace.apply();
    workspace
}

/// The configuration fails in plan and apply, at this line and with these words, and costs nothing.
#[track_caller]
fn check(workspace: &Workspace, configuration: &str, line: &str, words: &[&str]) {
    let state = workspace.read("terraform.tfstate");
    let token = workspace.current_id();
    let requests = workspace.count("POST") + workspace.count("DELETE");
    workspace.configure(configuration);
    for run in [workspace.plan(), workspace.try_apply()] {
        let run = run.fails();
        run.says(line);
        for word in words {
            run.says(word);
        }
    }
    assert_eq!(workspace.read("terraform.tfstate"), state);
    assert_eq!(workspace.current_id(), token);
    assert_eq!(
        workspace.count("POST") + workspace.count("DELETE"),
        requests
    );
}

fn resource(arguments: &str) -> String {
    format!("resource \"tfe_audit_trail_token\" \"example\" {{\n  {arguments}\n}}\n")
}

fn provider(arguments: &str) -> String {
    format!("provider \"tfe\" {{\n  {arguments}\n}}\n{GOOD}")
}

#[test]
fn bad_arguments_of_the_resource() {
    let workspace = applied();
    for (arguments, words) in [
        ("organization = [\"my-org-name\"]", "string required"),
        ("organization = \"\"", "organization"),
        ("organization = \"my/org\"", "my/org"),
        ("organization = \"my org\"", "my org"),
        ("organization = \"..\"", "organization"),
    ] {
        check(&workspace, &resource(arguments), arguments, &[words]);
    }
    for (argument, words) in [
        (
            "expired_at   = \"tomorrow\"",
            "Invalid RFC3339 String Value",
        ),
        (
            "expired_at   = \"2051-02-30T00:00:00Z\"",
            "Invalid RFC3339 String Value",
        ),
        (
            "expired_at   = \"2051-02-28 00:00:00\"",
            "Invalid RFC3339 String Value",
        ),
        ("seal_token   = \"perhaps\"", "a bool is required"),
        ("regenerate_triggers = \"now\"", "map of string required"),
        (
            "expires_at   = \"2051-02-28T00:00:00Z\"",
            "Unsupported argument",
        ),
    ] {
        let arguments = format!("organization = \"my-org-name\"\n  {argument}");
        check(&workspace, &resource(&arguments), argument, &[words]);
    }
    workspace.configure(GOOD);
    workspace.plan().exits(0);
}

#[test]
fn bad_arguments_of_the_provider() {
    let workspace = applied();
    for (argument, words) in [
        (
            "hostname = \"https://app.terraform.io\"",
            "need just a hostname",
        ),
        ("hostname = \"app terraform io\"", "hostname"),
        ("hostname = \"app.terraform.io:https\"", "hostname"),
        ("sealing_key = \"c2hvcnQ=\"", "32 bytes"),
        ("sealing_key = \"not base64 at all\"", "base64"),
        ("ssl_skip_verify = \"perhaps\"", "a bool is required"),
    ] {
        check(&workspace, &provider(argument), argument, &[words]);
    }
    workspace.configure(GOOD);
    workspace.plan().exits(0);
}

#[test]
fn a_token_with_a_line_break_is_refused_without_being_shown() {
    let workspace = applied();
    workspace.configure(&provider("token = \"unspeakable\\nsecret\""));
    for run in [workspace.plan(), workspace.try_apply()] {
        let run = run.fails();
        // Terraform shows the line of the configuration; nobody else may show the value.
        let shown =
            run.stderr.matches("unspeakable").count() + run.stdout.matches("unspeakable").count();
        assert!(shown <= 1, "{run}");
        run.says("token");
    }
    let mut workspace = applied();
    workspace.set("TFE_TOKEN", "unspeakable\nsecret");
    workspace.plan().fails().does_not_say("unspeakable");
}

#[test]
fn a_wrong_token_keeps_the_state() {
    let mut workspace = applied();
    let state = workspace.read("terraform.tfstate");
    workspace.set("TFE_TOKEN", "somebody-elses-token");
    for run in [workspace.plan(), workspace.try_apply()] {
        run.fails().says("401").does_not_say("somebody-elses-token");
    }
    assert_eq!(workspace.read("terraform.tfstate"), state);
}

#[test]
fn without_a_token_the_error_lists_where_it_was_looked_for() {
    let mut workspace = applied();
    workspace.unset("TFE_TOKEN");
    let folder = workspace.path("home").join(".terraform.d");
    fs::create_dir_all(&folder).unwrap();
    fs::write(folder.join("credentials.tfrc.json"), "{ broken").unwrap();
    workspace
        .plan()
        .fails()
        .says("required token for app.terraform.io could not be found")
        .says("TFE_TOKEN")
        .says("credentials.tfrc.json");
}

#[test]
fn a_broken_credentials_file_does_not_matter_where_there_is_a_token() {
    let workspace = applied();
    let folder = workspace.path("home").join(".terraform.d");
    fs::create_dir_all(&folder).unwrap();
    fs::write(folder.join("credentials.tfrc.json"), "{ broken").unwrap();
    workspace.plan().exits(0);
}

#[test]
fn a_broken_cli_configuration_keeps_everything() {
    let mut workspace = applied();
    let state = workspace.read("terraform.tfstate");
    workspace.cli_configuration("host \"app.terraform.io\" {\n");
    workspace.plan().fails().says("terraform.rc");
    workspace.try_apply().fails();
    assert_eq!(workspace.read("terraform.tfstate"), state);
}

#[test]
fn half_a_state_is_an_error_and_stays_as_it_is() {
    let workspace = applied();
    let state = workspace.read("terraform.tfstate");
    let half = &state[..state.len() / 2];
    workspace.write("terraform.tfstate", half);
    workspace.plan().fails();
    workspace.try_apply().fails();
    assert_eq!(workspace.read("terraform.tfstate"), half);
    assert_eq!((workspace.count("POST"), workspace.count("DELETE")), (1, 0));
}

#[test]
fn a_corrupt_state_is_an_error_and_stays_as_it_is() {
    let workspace = applied();
    let good = workspace.state();
    for (attribute, value) in [
        ("organization", json!(["a", "list"])),
        ("token", json!({ "an": "object" })),
        ("regenerate_triggers", json!("a text")),
        ("no_such_attribute", json!(1)),
    ] {
        let mut state = good.clone();
        state["resources"][0]["instances"][0]["attributes"][attribute] = value;
        let text = serde_json::to_string_pretty(&state).unwrap();
        workspace.write("terraform.tfstate", &text);
        if attribute == "no_such_attribute" {
            // Another version of a provider may have written it: Terraform drops it too.
            workspace.plan().exits(0);
        } else {
            workspace.plan().fails().says(attribute);
            workspace.try_apply().fails();
            assert_eq!(workspace.read("terraform.tfstate"), text);
        }
    }
    assert_eq!((workspace.count("POST"), workspace.count("DELETE")), (1, 0));
}

#[test]
fn an_unreachable_service_keeps_the_state() {
    let mut workspace = applied();
    let state = workspace.read("terraform.tfstate");
    // A port that was free a moment ago: nobody listens there.
    let free = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = free.local_addr().unwrap();
    drop(free);
    workspace.cli_configuration(&format!(
        "host \"app.terraform.io\" {{\n  services = {{ \"tfe.v2.2\" = \"http://{address}/api/v2/\" }}\n}}\n",
    ));
    workspace.plan().fails().says("no connection could be made");
    assert_eq!(workspace.read("terraform.tfstate"), state);
}
