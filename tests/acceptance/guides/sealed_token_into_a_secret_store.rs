//! The guide "Sealed token into a secret store".

use std::io::Write;
use std::process::{Command, Stdio};

use super::excerpt::shows;
use super::guide::{KEY, OTHER_KEY, check_delivered, file, later, stored, with_store, workspace};
use crate::workspace::checks::TOKEN;
use crate::workspace::{Workspace, repository};

const MAIN: &str = "sealed-token-into-a-secret-store/main.tf";

fn sealed() -> Workspace {
    let mut workspace = workspace(MAIN);
    with_store(&mut workspace);
    workspace
}

fn regenerated() -> String {
    let main = file(MAIN);
    let changed = main.replace("number = 1", "number = 2");
    assert_ne!(changed, main);
    changed
}

#[test]
fn the_store_gets_the_secret_and_the_state_does_not() {
    let workspace = sealed();
    workspace.apply();
    check_delivered(&workspace);
    let shown = workspace.terraform(&[
        "state",
        "show",
        "-no-color",
        "tfe_audit_trail_token.example",
    ]);
    shows(&shown, "sealed-token-into-a-secret-store/state.txt");

    later(&workspace);
    workspace.write("main.tf", &regenerated());
    workspace.apply();
    check_delivered(&workspace);
}

/// A secret that is stored nowhere would be lost here.
#[test]
fn a_store_that_could_not_be_reached_gets_the_secret_in_the_next_apply() {
    let mut workspace = sealed();
    workspace.set("STAND_IN_VAULT", "out/of/reach");
    workspace.try_apply().fails();
    let generated = workspace.token().id;

    with_store(&mut workspace);
    let run = workspace.apply();
    shows(&run, "sealed-token-into-a-secret-store/retry.txt");
    assert_eq!(workspace.token().id, generated);
    check_delivered(&workspace);
}

#[test]
fn another_sealing_key_needs_another_token() {
    let mut workspace = sealed();
    workspace.apply();
    workspace.set("TFE_SEALING_KEY", OTHER_KEY);
    let plan = workspace.plan().fails();
    shows(&plan, "sealed-token-into-a-secret-store/other-key.txt");

    later(&workspace);
    workspace.write("main.tf", &regenerated());
    workspace.apply();
    check_delivered(&workspace);

    workspace.set("TFE_SEALING_KEY", KEY);
    let destroy = ["destroy", "-no-color", "-auto-approve", "-refresh=false"];
    workspace.terraform(&destroy).succeeds();
    assert!(!workspace.has_a_token());
}

/// Swaps the sealed token in the state for one of an earlier state.
#[test]
fn an_older_sealed_token_in_the_state_is_not_opened() {
    let workspace = sealed();
    workspace.apply();
    let older = workspace.example(TOKEN)["sealed_token"].clone();
    later(&workspace);
    workspace.write("main.tf", &regenerated());
    workspace.apply();
    let present = workspace.example(TOKEN)["sealed_token"].clone();
    let state = workspace.read("terraform.tfstate");
    let (present, older) = (present.as_str().unwrap(), older.as_str().unwrap());
    assert_ne!(present, older);
    workspace.write("terraform.tfstate", &state.replace(present, older));

    let plan = workspace.plan().fails();
    shows(&plan, "sealed-token-into-a-secret-store/another.txt");

    let regenerated = file(MAIN).replace("number = 1", "number = 3");
    workspace.write("main.tf", &regenerated);
    later(&workspace);
    let apply = ["apply", "-no-color", "-auto-approve", "-refresh=false"];
    workspace.terraform(&apply).succeeds();
    check_delivered(&workspace);
}

/// Without the code of the provider.
#[test]
fn other_tools_open_a_sealed_token() {
    let workspace = sealed();
    workspace.apply();
    let sealed = workspace.example(TOKEN)["sealed_token"].clone();
    let secret = workspace.token().secret.expose().to_owned();
    let run =
        |program: &str, path: &str, key: &str, input: &str| Tool { program, path }.run(key, input);
    let known = file("sealed-token-into-a-secret-store/known-answer.txt");
    let known: Vec<_> = known
        .lines()
        .map(|line| line.rsplit_once("  ").unwrap().1.trim())
        .collect();
    let [key, key_id, known_sealed, known_secret] = known[..] else {
        panic!("{known:?}");
    };
    let script = "sealed-token-into-a-secret-store/key-id.sh";
    assert_eq!(run("sh", script, key, "").as_deref(), Some(key_id));
    let script = "sealed-token-into-a-secret-store/open.sh";
    for (program, script) in [
        ("sh", script),
        ("python3", "sealed-token-into-a-secret-store/open.py"),
    ] {
        for (key, sealed, secret) in [
            (KEY, sealed.as_str().unwrap(), secret.as_str()),
            (key, known_sealed, known_secret),
        ] {
            let opened = run(program, script, key, &format!("{sealed}\n"));
            match opened {
                Some(opened) => assert_eq!(opened, secret),
                // Its package is not part of Python.
                None => println!("{script} was not run: {program} or what it needs is missing"),
            }
        }
    }
}

/// A script of the guide.
struct Tool<'a> {
    program: &'a str,
    path: &'a str,
}

impl Tool<'_> {
    /// Returns the last line that it prints, or `None` if this machine lacks something that it needs.
    fn run(&self, key: &str, input: &str) -> Option<String> {
        let path = repository("examples/guides").join(self.path);
        let mut child = Command::new(self.program)
            .arg(path)
            .env("TFE_SEALING_KEY", key)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .ok()?;
        child.stdin.take()?.write_all(input.as_bytes()).ok()?;
        let output = child.wait_with_output().unwrap();
        let complaint = String::from_utf8_lossy(&output.stderr);
        if complaint.contains("No module named") || complaint.contains("openssl: not found") {
            return None;
        }
        assert!(output.status.success(), "{}: {complaint}", self.path);
        let printed = String::from_utf8(output.stdout).unwrap();
        Some(printed.lines().last().unwrap_or_default().to_owned())
    }
}

#[test]
fn sealing_a_plain_token_needs_another_token() {
    let workspace = sealed();
    let main = file(MAIN);
    let (plain, _) = main.split_once("  seal_token   = true\n").unwrap();
    workspace.write(
        "main.tf",
        &format!("{plain}\n  regenerate_triggers = {{ number = 1 }}\n}}\n"),
    );
    workspace.apply();
    let before = workspace.token().secret;
    later(&workspace);

    workspace.write("main.tf", &regenerated());
    workspace.apply();
    check_delivered(&workspace);
    assert_ne!(stored(&workspace), before.expose());
    assert!(workspace.example(TOKEN)["token"].is_null());
}
