//! The executable: its arguments, its control interface, and its HTTP client.

use std::io::{BufRead, BufReader, Read};
use std::process::{Child, Command, Output, Stdio};

use base64::prelude::{BASE64_STANDARD, Engine as _};
use rustix::process::{Pid, Signal, kill_process};
use serde_json::{Value, json};

use crate::http::{OWNER, TRAIL_TOKEN};

fn command(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_tfe-simulator"));
    command.args(arguments);
    command
}

fn run(arguments: &[&str]) -> Output {
    command(arguments).output().unwrap()
}

/// A running simulator, which is killed when the test ends.
struct Running {
    child: Child,
    url: String,
}

impl Running {
    /// Returns once it has printed its URL.
    fn start(arguments: &[&str]) -> Self {
        let mut child = command(arguments)
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut url = String::new();
        let stdout = child.stdout.take().unwrap();
        BufReader::new(stdout).read_line(&mut url).unwrap();
        let url = url.trim().to_owned();
        Self { child, url }
    }

    /// Stops it by a signal; returns whether it succeeded, and its stderr.
    fn stop(mut self, signal: Signal) -> (bool, String) {
        kill_process(Pid::from_child(&self.child), signal).unwrap();
        let success = self.child.wait().unwrap().success();
        let mut log = String::new();
        let mut stderr = self.child.stderr.take().unwrap();
        stderr.read_to_string(&mut log).unwrap();
        (success, log)
    }

    fn ask(&self, method: &str, target: &str) -> Output {
        run(&[method, &format!("{}{target}", self.url), "--bearer", OWNER])
    }

    #[track_caller]
    fn json(&self, method: &str, target: &str) -> Value {
        let output = self.ask(method, target);
        assert!(output.status.success(), "{output:?}");
        serde_json::from_slice(&output.stdout).unwrap()
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        // Both fail if it has ended already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[test]
fn the_executable_serves_a_demo() {
    let directory = tempfile::tempdir().unwrap();
    let ready = directory.path().join("ready");
    let ready_argument = ready.to_str().unwrap();
    let simulator = Running::start(&[
        "--organization",
        "my-org-name",
        "--organization",
        "other",
        "--token",
        OWNER,
        "--log",
        "--ready-file",
        ready_argument,
    ]);
    let organizations = simulator.json("get", "/api/v2/organizations");
    assert_eq!(organizations["meta"]["pagination"]["total-count"], 2);

    assert!(
        !simulator
            .ask("get", "/_simulator/token?organization=my-org-name")
            .status
            .success()
    );
    let made = simulator.json("post", "/_simulator/regenerate?organization=my-org-name");
    let known = simulator.json("get", "/_simulator/token?organization=my-org-name");
    assert_eq!(made, known);
    assert_eq!(known["last_used_at"], Value::Null);
    let shown = simulator.json("get", TRAIL_TOKEN);
    assert_eq!(shown["data"]["id"], known["id"]);

    for (name, new_name) in [
        ("My-Org-Name", "new-org-name"),
        ("new-org-name", "my-org-name"),
    ] {
        let rename = format!("/_simulator/rename?organization={name}&to={new_name}");
        assert_eq!(simulator.json("post", &rename), json!({ "name": new_name }));
        let moved = format!("/_simulator/token?organization={new_name}");
        assert_eq!(simulator.json("get", &moved), known);
    }

    let advanced = simulator.json("post", "/_simulator/advance?seconds=315360000");
    assert!(advanced["now"].as_str().unwrap() > "2035", "{advanced}");
    let requests = simulator.json("get", "/_simulator/requests");
    let expected = json!({ "method": "GET", "path": TRAIL_TOKEN, "body": "", "status": 200 });
    assert_eq!(requests[1], expected);
    assert_eq!(
        std::fs::read_to_string(&ready).unwrap().trim(),
        simulator.url
    );

    let (success, log) = simulator.stop(Signal::TERM);
    assert!(success);
    let expected = format!("GET /api/v2/organizations 200\nGET {TRAIL_TOKEN} 200\n");
    assert_eq!(log, expected);
}

#[test]
fn an_interrupt_stops_it() {
    let simulator = Running::start(&[]);
    assert!(simulator.url.starts_with("http://127.0.0.1:"));
    assert_eq!(simulator.stop(Signal::INT), (true, String::new()));
}

#[test]
fn its_client_prints_the_body_and_fails_with_the_status() {
    let simulator = Running::start(&["--token", OWNER]);
    let refused = simulator.ask("get", TRAIL_TOKEN);
    assert_eq!(refused.status.code(), Some(1));
    let body: Value = serde_json::from_slice(&refused.stdout).unwrap();
    assert_eq!(body["errors"][0]["status"], "404");
    let said = String::from_utf8(refused.stderr).unwrap();
    assert!(said.contains("404 Not Found"), "{said}");

    let url = format!("{}/api/v2/organizations", simulator.url);
    let by_variable = command(&["get", &url, "--bearer-env", "DEMO_TOKEN"])
        .env("DEMO_TOKEN", OWNER)
        .output()
        .unwrap();
    assert!(by_variable.status.success(), "{by_variable:?}");
    assert_eq!(
        run(&["get", &url]).status.code(),
        Some(1),
        "401 without a token"
    );
}

fn pem(label: &str, der: &[u8]) -> String {
    let text = BASE64_STANDARD.encode(der);
    format!("-----BEGIN {label}-----\n{text}\n-----END {label}-----\n")
}

#[test]
fn the_executable_serves_https() {
    let directory = tempfile::tempdir().unwrap();
    let made = rcgen::generate_simple_self_signed(["localhost".to_owned()]).unwrap();
    let [certificate, key] = ["cert.pem", "key.pem"].map(|name| directory.path().join(name));
    std::fs::write(&certificate, pem("CERTIFICATE", made.cert.der())).unwrap();
    std::fs::write(&key, pem("PRIVATE KEY", &made.signing_key.serialize_der())).unwrap();
    let [certificate, key] = [&certificate, &key].map(|path| path.to_str().unwrap());
    let simulator = Running::start(&["--tls-cert", certificate, "--tls-key", key]);
    assert!(simulator.url.starts_with("https://"), "{}", simulator.url);

    let missing = run(&["--tls-cert", "/missing.pem", "--tls-key", key]);
    assert_eq!(missing.status.code(), Some(1));
}

#[track_caller]
fn refuses(arguments: &[&str], reason: &str) {
    let output = run(arguments);
    let said = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(2), "{said}");
    assert!(said.contains(reason), "{said}");
}

#[test]
fn unknown_arguments_are_refused_and_not_repeated() {
    refuses(&["--nonsense"], "unknown option --nonsense");
    refuses(&["--address"], "--address needs a value");
    refuses(&["--address", "nowhere"], "such as 127.0.0.1:0");
    refuses(&["--tls-cert", "file"], "only go together");
    refuses(&["get"], "a URL is missing");
    refuses(&["get", "https://localhost/"], "must start with http://");
    refuses(
        &["get", "http://x", "--bearer-env", "SURELY_NOT_SET"],
        "SURELY_NOT_SET is not set",
    );
    refuses(&["get", "http://localhost/", OWNER], "unexpected argument");
    let said = run(&["get", "http://localhost/", OWNER]).stderr;
    assert!(!String::from_utf8(said).unwrap().contains(OWNER));
}

#[test]
fn help_lists_the_options() {
    let help = run(&["--help"]);
    assert!(help.status.success());
    assert!(
        String::from_utf8(help.stdout)
            .unwrap()
            .contains("--ready-file PATH")
    );
}
