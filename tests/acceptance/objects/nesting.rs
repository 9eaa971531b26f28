//! Nested attributes and blocks of every nesting mode, in the provider `echo` of the SDK's tests.

use serde_json::json;

use crate::workspace::Workspace;

/// Something in every place.
const EVERYWHERE: &str = r#"
resource "echo_nested" "example" {
  single = { name = "a", key_wo = "k1" }
  list   = [{ name = "a", key_wo = "k2" }, { name = "b", level = "high" }]
  map    = { x = { name = "a", key_wo = "k3" }, y = { name = "b" } }
  set    = [{ name = "a" }, { name = "b", level = "high" }]

  shelves = [{ boxes = { top = { entries = [{ name = "a" }] } } }]

  one { name = "a" }
  options { name = "a" }
  rule {
    name = "first"
    exception { name = "x" }
    exception { name = "y" }
  }
  rule { name = "second" }
  tag { name = "a" }
  tag { name = "b" }
  zone "north" { name = "a" }
  zone "south" { name = "b" }
}
"#;

/// Every kind of change that keeps the object: another element, one more, one less, another block.
const CHANGED: &str = r#"
resource "echo_nested" "example" {
  single = { name = "c", key_wo = "k1" }
  list   = [{ name = "a", key_wo = "k2" }, { name = "b" }]
  map    = { x = { name = "a", key_wo = "k3" }, z = { name = "b" } }
  set    = [{ name = "a" }, { name = "b", level = "high" }]

  shelves = [{ boxes = { top = { entries = [{ name = "b" }, { name = "a" }] } } }]

  options { level = "high" }
  rule {
    name = "first"
    exception { name = "x" }
    exception { name = "z" }
  }
  tag { name = "a" }
  tag { name = "c" }
  zone "north" { name = "a" }
  zone "south" { name = "b" }
}
"#;

#[test]
fn objects_in_every_nesting_mode_are_created_changed_replaced_and_destroyed() {
    let workspace = Workspace::new();
    workspace.configure(EVERYWHERE);
    workspace.apply();
    let before = workspace.example("echo_nested");
    assert_eq!(before["list"][0]["level"], "low");
    assert_eq!(before["list"][0]["key_wo"], json!(null));
    assert_eq!(before["rule"][0]["exception"].as_array().unwrap().len(), 2);

    for configuration in [CHANGED, EVERYWHERE] {
        workspace.configure(configuration);
        workspace.plan().exits(2).prints("1 to change");
        workspace.apply();
    }
    let after = workspace.example("echo_nested");
    assert_eq!(before["id"], after["id"]);
    assert_eq!(before["made"], after["made"]);
    assert_eq!(before["list"][0]["serial"], after["list"][0]["serial"]);

    let text = EVERYWHERE.replace(
        r#"zone "north" { name = "a" }"#,
        r#"zone "north" { name = "c" }"#,
    );
    workspace.configure(&text);
    workspace.plan().exits(2).prints("forces replacement");
    workspace.apply();
    assert_ne!(workspace.example("echo_nested")["id"], before["id"]);
    workspace.destroy();
}

#[test]
fn blocks_whose_number_is_known_only_at_apply_are_planned() {
    let workspace = Workspace::new();
    workspace.configure(
        r#"
resource "terraform_data" "names" {
  input = ["a", "b"]
}

resource "echo_nested" "example" {
  list = [for name in terraform_data.names.output : { name = name }]

  dynamic "rule" {
    for_each = terraform_data.names.output
    content {
      name = rule.value
      dynamic "exception" {
        for_each = terraform_data.names.output
        content { name = exception.value }
      }
    }
  }
  dynamic "tag" {
    for_each = toset(terraform_data.names.output)
    content { name = tag.value }
  }
}
"#,
    );
    workspace
        .plan()
        .exits(2)
        .prints("rule")
        .prints("known after apply");
    workspace.apply();
    let object = workspace.example("echo_nested");
    assert_eq!(object["rule"][1]["name"], "b");
    assert_eq!(object["rule"][1]["exception"][0]["level"], "low");
    workspace.destroy();
}
