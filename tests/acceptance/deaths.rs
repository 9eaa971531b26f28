//! Processes that are killed, or told to end, while a token is being generated.
//!
//! The service has generated the token and holds its answer back until the dead are dead and the
//! living know it.

use std::fs;
use std::io::{Read as _, Write as _};
use std::os::unix::net::UnixStream;
use std::path::PathBuf;

use rustix::process::Signal;
use serde_json::Value;
use tfe_simulator::{Breakpoint, Fault, Method};

use crate::processes::Process;
use crate::running::{LIMIT, Running};
use crate::service::within;
use crate::workspace::{APPLY, Workspace};

const TOKEN: &str = "tfe_audit_trail_token";

const BASIC: &str = r#"
resource "tfe_audit_trail_token" "example" {
  organization = "my-org-name"
}
"#;

fn until(date: &str) -> String {
    BASIC.replace(
        "\"my-org-name\"",
        &format!("\"my-org-name\"\n  expired_at = {date:?}"),
    )
}

/// An apply whose POST was executed and is not answered, and the plugin that waits for the answer.
struct Scene {
    workspace: Workspace,
    terraform: Running,
    plugin: Process,
    hold: Breakpoint,
}

impl Scene {
    /// The first apply of a workspace.
    fn creating() -> Self {
        let workspace = Workspace::new();
        workspace.configure(BASIC);
        Self::applying(workspace)
    }

    /// An apply that regenerates the token in place.
    fn regenerating() -> Self {
        let workspace = Workspace::new();
        workspace.configure(BASIC);
        workspace.apply();
        workspace.configure(&until("2051-04-11T23:15:59Z"));
        Self::applying(workspace)
    }

    fn applying(mut workspace: Workspace) -> Self {
        // The test, too, talks to the plugin.
        workspace.set("TF_DISABLE_PLUGIN_TLS", "1");
        let hold = Breakpoint::new();
        let post = Fault::on(Method::POST, "authentication-token");
        workspace.simulator.inject(post.pause_response(&hold));
        let terraform = workspace.start(APPLY);
        within(hold.arrived());
        let plugin = Process::of(&terraform, "terraform-provider-tfe");
        Self {
            workspace,
            terraform,
            plugin,
            hold,
        }
    }
}

/// A connection to a plugin, to see when it begins to end.
struct Witness(UnixStream);

impl Witness {
    /// Connects to the plugin whose socket is in the temporary directory.
    fn of(workspace: &Workspace) -> Self {
        let mut connection = UnixStream::connect(socket(workspace)).unwrap();
        // The preface of HTTP/2 (RFC 9113, 3.4), with an empty SETTINGS frame.
        let settings = [0, 0, 0, 4, 0, 0, 0, 0, 0];
        connection
            .write_all(b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n")
            .unwrap();
        connection.write_all(&settings).unwrap();
        connection.set_read_timeout(Some(LIMIT)).unwrap();
        let mut witness = Self(connection);
        // Its own SETTINGS: from here on it serves us.
        assert_eq!(witness.frame(), 4);
        witness
    }

    /// Waits until the plugin takes no more calls.
    fn sees_it_end(mut self) {
        const GOAWAY: u8 = 7;
        while self.frame() != GOAWAY {}
    }

    /// The type of the next frame.
    fn frame(&mut self) -> u8 {
        let mut head = [0; 9];
        self.0.read_exact(&mut head).unwrap();
        let length = u32::from_be_bytes([0, head[0], head[1], head[2]]);
        let mut payload = vec![0; usize::try_from(length).unwrap()];
        self.0.read_exact(&mut payload).unwrap();
        head[3]
    }
}

/// The only socket of a plugin in the temporary directory of a workspace.
#[track_caller]
fn socket(workspace: &Workspace) -> PathBuf {
    let sockets = || fs::read_dir(workspace.path("tmp")).unwrap();
    let sockets: Vec<_> = sockets()
        .map(|entry| entry.unwrap().path().join("socket"))
        .filter(|path| path.exists())
        .collect();
    let [socket] = <[PathBuf; 1]>::try_from(sockets).expect("one plugin");
    socket
}

/// Conformance: 26.
#[test]
fn when_terraform_is_killed_the_plugin_finishes_the_request_and_ends() {
    let Scene {
        workspace,
        terraform,
        plugin,
        hold,
    } = Scene::creating();
    let witness = Witness::of(&workspace);

    terraform.signal(Signal::KILL);
    terraform.ends_alone();
    witness.sees_it_end();

    assert!(plugin.is_alive(), "it waits for the answer");
    hold.release();
    plugin.ends();
    // It looked whether the token is the one that it has: the answer was waited for.
    let requests = workspace.simulator.requests();
    let last = requests.last().expect("a request").summary();
    assert!(last.starts_with("GET ") && last.ends_with(" 200"), "{last}");
    workspace.left_nothing();
    workspace.is_told_of_a_token_that_nobody_manages();
}

/// Conformance: 27.
#[test]
fn when_the_plugin_is_terminated_the_secret_reaches_the_state() {
    let Scene {
        workspace,
        terraform,
        plugin,
        hold,
    } = Scene::creating();
    let witness = Witness::of(&workspace);

    plugin.signal(Signal::TERM);
    witness.sees_it_end();
    hold.release();

    terraform.ends().succeeds();
    workspace.holds_the_live_secret();
    workspace.left_nothing();
    workspace.plan().exits(0);
    assert_eq!(workspace.count("POST"), 1);
}

/// Kills the plugin. Terraform says so, and leaves the state as it was.
#[track_caller]
fn kill_the_plugin(scene: Scene) -> Workspace {
    let before = scene.workspace.example(TOKEN);
    scene.plugin.signal(Signal::KILL);
    let run = scene.terraform.ends().exits(1);
    // Whichever Terraform notices first: the end of the connection, or of the process.
    run.says_one_of(&["Plugin did not respond", "Request cancelled"]);
    scene.hold.release_all();
    assert_eq!(scene.workspace.example(TOKEN), before);
    scene.workspace
}

#[test]
fn when_the_plugin_is_killed_the_next_plan_tells_of_the_new_token() {
    let workspace = kill_the_plugin(Scene::creating());

    assert_eq!(workspace.example(TOKEN), Value::Null);
    workspace.is_told_of_a_token_that_nobody_manages();
}

#[test]
fn when_the_plugin_is_killed_during_a_regeneration_the_next_plan_tells_of_it() {
    let workspace = kill_the_plugin(Scene::regenerating());

    workspace.is_told_of_a_replaced_token();
}
