//! Nested attributes and blocks of every nesting mode, under a real Terraform: the provider `echo`.

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

#[test]
fn objects_in_every_nesting_mode_live_from_create_to_destroy() {
    let workspace = Workspace::new();
    workspace.configure(EVERYWHERE);
    workspace.apply();
    let before = workspace.example("echo_nested");
    assert_eq!(before["list"][0]["level"], "low");
    assert_eq!(before["list"][0]["key_wo"], json!(null));
    assert_eq!(before["rule"][0]["exception"].as_array().unwrap().len(), 2);

    for (before, after) in [
        (
            r#"{ name = "a", key_wo = "k1" }"#,
            r#"{ name = "c", key_wo = "k1" }"#,
        ),
        (r#"{ name = "b", level = "high" }]"#, r#"{ name = "b" }]"#),
        (r#"y = { name = "b" }"#, r#"z = { name = "b" }"#),
        (
            r#"entries = [{ name = "a" }]"#,
            r#"entries = [{ name = "b" }, { name = "a" }]"#,
        ),
        (r#"  one { name = "a" }"#, ""),
        (r#"options { name = "a" }"#, r#"options { level = "high" }"#),
        (r#"exception { name = "y" }"#, r#"exception { name = "z" }"#),
        (r#"  rule { name = "second" }"#, ""),
        (r#"  tag { name = "b" }"#, r#"  tag { name = "c" }"#),
    ] {
        let text = EVERYWHERE.replacen(before, after, 1);
        assert_ne!(text, EVERYWHERE, "{before}");
        workspace.configure(&text);
        workspace.plan().exits(2).says("1 to change");
        workspace.apply();
        workspace.configure(EVERYWHERE);
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
    workspace.plan().exits(2).says("forces replacement");
    workspace.apply();
    assert_ne!(workspace.example("echo_nested")["id"], before["id"]);
    workspace.destroy();
}

#[test]
fn blocks_of_which_nobody_knows_how_many_there_will_be_are_planned() {
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
        .says("rule")
        .says("known after apply");
    workspace.apply();
    let object = workspace.example("echo_nested");
    assert_eq!(object["rule"][1]["name"], "b");
    assert_eq!(object["rule"][1]["exception"][0]["level"], "low");
    workspace.destroy();
}

#[test]
fn a_mistake_in_a_nested_place_is_told_with_its_place() {
    let workspace = Workspace::new();
    for (before, after, place) in [
        (
            "{ name = \"second\" }",
            "{\n    name  = \"second\"\n    level = \"very\"\n  }",
            "level = \"very\"",
        ),
        (
            "level = \"high\" }]\n",
            "level = \"very\" }]\n",
            "about list[1].level",
        ),
        (
            "\"north\" { name = \"a\" }",
            "\"north\" {\n    name  = \"a\"\n    level = \"very\"\n  }",
            "about zone[\"north\"].level",
        ),
    ] {
        let text = EVERYWHERE.replacen(before, after, 1);
        workspace.configure(&text);
        let run = workspace.validate().fails();
        run.says("Invalid Attribute Value").says(place);
    }
}
