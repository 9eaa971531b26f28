//! Processes that are killed or terminated while a token is being generated.
//!
//! The service has generated the token, and answers only when the signal has had its effect.

use std::fs;
use std::io::{Read as _, Write as _};
use std::os::unix::net::UnixStream;
use std::path::PathBuf;

use rustix::process::Signal;
use serde_json::Value;
use tfe_simulator::{Breakpoint, Fault, Method};

use crate::workspace::Workspace;
use crate::workspace::checks::{BASIC, TOKEN};
use crate::workspace::commands::APPLY;
use crate::workspace::process::Process;
use crate::workspace::running_command::{RunningCommand, TIMEOUT};
use crate::workspace::simulator::wait_for;

/// An apply whose POST was executed and is not answered, and the plugin that waits for the answer.
struct Scene {
    workspace: Workspace,
    terraform: RunningCommand,
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
        workspace.configure(&BASIC.replace("}", "  expired_at = \"2051-04-11T23:15:59Z\"\n}"));
        Self::applying(workspace)
    }

    fn applying(mut workspace: Workspace) -> Self {
        // Without TLS the test can connect to the plugin as well.
        workspace.set("TF_DISABLE_PLUGIN_TLS", "1");
        let hold = Breakpoint::new();
        let post = Fault::on(Method::POST, "authentication-token");
        workspace.simulator.inject(post.pause_response(&hold));
        let terraform = workspace.start(APPLY);
        wait_for(hold.arrived());
        let plugin = Process::named("terraform-provider-tfe", terraform.id());
        Self {
            workspace,
            terraform,
            plugin,
            hold,
        }
    }
}

/// A connection to a plugin that shows when the plugin begins to shut down.
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
        connection.set_read_timeout(Some(TIMEOUT)).unwrap();
        let mut witness = Self(connection);
        // The SETTINGS frame of the plugin: from here on it serves this connection.
        assert_eq!(witness.frame(), 4);
        witness
    }

    /// Waits until the plugin accepts no more calls.
    fn sees_the_shutdown(mut self) {
        const GOAWAY: u8 = 7;
        while self.frame() != GOAWAY {}
    }

    /// Reads the next frame and returns its type.
    fn frame(&mut self) -> u8 {
        let mut head = [0; 9];
        self.0.read_exact(&mut head).unwrap();
        let length = u32::from_be_bytes([0, head[0], head[1], head[2]]);
        let mut payload = vec![0; usize::try_from(length).unwrap()];
        self.0.read_exact(&mut payload).unwrap();
        head[3]
    }
}

/// Returns the only socket of a plugin in the temporary directory of a workspace.
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
    terraform.finishes_before_its_children();
    witness.sees_the_shutdown();

    assert!(plugin.is_alive(), "the plugin waits for the answer");
    hold.release();
    assert!(plugin.ends_within(TIMEOUT), "{plugin:?} did not end");
    // The plugin waited for the answer: its last requests read the new token to confirm it, and try it.
    let requests = workspace.simulator.requests();
    let [.., confirmed, tried] = requests.as_slice() else {
        panic!("{requests:?}");
    };
    let (confirmed, tried) = (confirmed.summary(), tried.summary());
    assert!(
        confirmed.starts_with("GET ") && confirmed.ends_with(" 200"),
        "{confirmed}"
    );
    assert!(
        tried.starts_with("GET ") && tried.ends_with(" 404"),
        "{tried}"
    );
    workspace.left_no_temporary_file();
    workspace.protects_an_unmanaged_token();
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
    witness.sees_the_shutdown();
    hold.release();

    terraform.finishes().succeeds();
    workspace.holds_the_live_secret();
    workspace.left_no_temporary_file();
    workspace.plan().exits(0);
    assert_eq!(workspace.count("POST"), 1);
}

/// Kills the plugin, and expects that Terraform reports it and keeps the state.
#[track_caller]
fn kill_the_plugin(scene: Scene) -> Workspace {
    let before = scene.workspace.example(TOKEN);
    scene.plugin.signal(Signal::KILL);
    let run = scene.terraform.finishes().exits(1);
    // Terraform notices first either that the connection has ended or that the process has.
    run.prints_one_of(&["Plugin did not respond", "Request cancelled"]);
    scene.hold.release_all();
    assert_eq!(scene.workspace.example(TOKEN), before);
    scene.workspace
}

#[test]
fn when_the_plugin_is_killed_the_next_plan_reports_the_new_token() {
    let workspace = kill_the_plugin(Scene::creating());

    assert_eq!(workspace.example(TOKEN), Value::Null);
    workspace.protects_an_unmanaged_token();
}

#[test]
fn when_the_plugin_is_killed_during_a_regeneration_the_next_plan_reports_it() {
    let workspace = kill_the_plugin(Scene::regenerating());

    workspace.protects_a_token_that_replaced_its_own();
}
