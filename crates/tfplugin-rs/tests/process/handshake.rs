//! The start of the process: handshake line, environment, arguments.

use std::io::{Read as _, Write as _};

use tokio::process::Command;
use tonic::Code;
use x509_parser::prelude::{FromDer as _, GeneralName, X509Certificate};

use crate::executable;
use tfplugin::server::proto::get_provider_schema;
use tfplugin::server::proto::provider_client::ProviderClient;
use tfplugin_testing::executable::{
    COOKIE, Start, assert_empty, connect, exchange_settings, within,
};

#[tokio::test]
async fn c01_without_the_cookie_the_help_is_printed() {
    for cookie in [None, Some("wrong")] {
        let mut start = Start::new(executable());
        match cookie {
            None => start.command.env_remove(COOKIE.0),
            Some(value) => start.command.env(COOKIE.0, value),
        };

        let ended = start.run().await;

        assert_eq!(ended.status.code(), Some(1));
        assert_eq!(ended.stdout, "");
        for expected in ["Terraform", "terraform init", "dev_overrides", "--version"] {
            assert!(ended.stderr.contains(expected), "{}", ended.stderr);
        }
    }
}

#[tokio::test]
async fn c02_the_line_is_the_same_for_any_order_of_versions() {
    for versions in ["6,5", "5,6", "6"] {
        let start = Start::new(executable()).env("PLUGIN_PROTOCOL_VERSIONS", versions);
        // The checklist's one second needs an idle machine: `make bench` measures it.
        let plugin = start.handshake().await;

        assert!(plugin.line.ends_with('\n'));
        assert_eq!(plugin.line.split('|').count(), 6, "{}", plugin.line);
        assert_eq!(plugin.field(1), "1");
        assert_eq!(plugin.field(2), "6");
        assert_eq!(plugin.field(3), "unix");
        assert_eq!(plugin.field(5), "grpc");
    }
}

#[tokio::test]
async fn c03_the_certificate_is_one_that_go_accepts() {
    let plugin = Start::new(executable()).handshake().await;
    assert!(
        !plugin.field(6).contains(['=', '-', '_']),
        "{}",
        plugin.line
    );
    let der = plugin.certificate();

    let (rest, certificate) = X509Certificate::from_der(&der).expect("X.509");

    assert!(rest.is_empty());
    assert!(certificate.validity().is_valid());
    let names = certificate
        .subject_alternative_name()
        .expect("valid")
        .expect("present");
    assert_eq!(
        names.value.general_names,
        [GeneralName::DNSName("localhost")]
    );
    let usage = certificate
        .extended_key_usage()
        .expect("valid")
        .expect("present");
    assert!(usage.value.server_auth);
}

#[tokio::test]
async fn c04_without_a_host_certificate_it_speaks_plain_http2() {
    let plugin = Start::plain(executable()).handshake().await;
    // The socket must be there before the line.
    let stream = connect(plugin.socket()).await.expect("connectable");
    within(exchange_settings(stream)).await.expect("HTTP/2");
    assert_eq!(plugin.field(6), "");

    let mut provider = ProviderClient::new(plugin.connect().await);
    let reply = within(provider.get_provider_schema(get_provider_schema::Request {})).await;

    assert_eq!(
        reply
            .map(|_| Code::Ok)
            .unwrap_or_else(|status| status.code()),
        Code::Ok
    );
    plugin.shutdown().await.assert_clean();
}

#[tokio::test]
async fn c05_the_socket_is_in_the_configured_directory_until_the_process_ends() {
    let directory = tempfile::tempdir().expect("a directory");
    let plugin = Start::new(executable())
        .env("PLUGIN_UNIX_SOCKET_DIR", directory.path())
        .handshake()
        .await;
    assert!(
        plugin.socket().starts_with(directory.path()),
        "{}",
        plugin.line
    );

    plugin.shutdown().await.assert_clean();

    assert_empty(directory.path());
}

#[tokio::test]
async fn c05_a_long_temporary_directory_does_not_keep_it_from_starting() {
    let base = tempfile::tempdir().expect("a directory");
    let long = base.path().join("x".repeat(150));
    std::fs::create_dir(&long).expect("a directory");
    let fallback = base.path().join("run");
    std::fs::create_dir(&fallback).expect("a directory");

    let plugin = Start::new(executable())
        .env("TMPDIR", &long)
        .env("XDG_RUNTIME_DIR", &fallback)
        .handshake()
        .await;

    assert!(plugin.socket().starts_with(&fallback), "{}", plugin.line);
    plugin.shutdown().await.assert_clean();
    assert_empty(&fallback);
    assert_empty(&long);
}

#[tokio::test]
async fn c06_stdin_is_left_unread() {
    let (mut unread, mut answers) = std::io::pipe().expect("a pipe");
    answers.write_all(b"yes\n").expect("room in the pipe");
    drop(answers);
    let mut start = Start::new(executable());
    start.command.stdin(unread.try_clone().expect("a pipe"));

    start.handshake().await.shutdown().await.assert_clean();

    let mut left = String::new();
    unread.read_to_string(&mut left).expect("the pipe");
    assert_eq!(left, "yes\n");
}

#[tokio::test]
async fn c06_a_closed_stdin_does_not_matter() {
    let mut command = Command::new("/bin/sh");
    command.args(["-c", "exec \"$0\" <&-"]).arg(executable());

    let plugin = Start::command(command).handshake().await;

    plugin.shutdown().await.assert_clean();
}

#[tokio::test]
async fn c07_stdout_carries_one_line_and_is_closed() {
    let plugin = Start::new(executable())
        .env("TF_LOG", "TRACE")
        .handshake()
        .await;
    let mut provider = ProviderClient::new(plugin.connect().await);
    within(provider.get_provider_schema(get_provider_schema::Request {}))
        .await
        .expect("a schema");

    assert_eq!(plugin.shutdown().await.stdout, "");
}

#[tokio::test]
async fn c08_arguments_are_ignored_when_terraform_starts_it() {
    let mut start = Start::new(executable());
    start.command.args(["anything", "--else"]);

    start.handshake().await.shutdown().await.assert_clean();
}

#[tokio::test]
async fn version_and_help_are_printed_on_stdout() {
    for (option, expected) in [
        ("--version", "terraform-provider-echo 0."),
        ("--help", "terraform init"),
    ] {
        let mut start = Start::new(executable());
        start.command.env_remove(COOKIE.0).arg(option);

        let ended = start.run().await;

        assert_eq!(ended.status.code(), Some(0));
        assert!(ended.stdout.contains(expected), "{}", ended.stdout);
        assert_eq!(ended.stderr, "");
    }
}

#[tokio::test]
async fn a_bad_host_certificate_is_an_error_instead_of_a_handshake_line() {
    for bad in [
        "no PEM",
        "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n",
    ] {
        let ended = Start::plain(executable())
            .env("PLUGIN_CLIENT_CERT", bad)
            .run()
            .await;

        assert_eq!(ended.status.code(), Some(1));
        assert_eq!(ended.stdout, "");
        assert!(
            ended
                .stderr
                .starts_with("[ERROR] terraform-provider-echo: PLUGIN_CLIENT_CERT"),
            "{}",
            ended.stderr
        );
    }
}

/// Terraform starts a plugin several times in every command.
#[tokio::test]
async fn c75_a_hundred_runs_leave_no_process_and_no_socket() {
    let directory = tempfile::tempdir().expect("a directory");
    for run in 0..100 {
        let start = if run % 2 == 0 {
            Start::new(executable())
        } else {
            Start::plain(executable())
        };
        let start = start.env("PLUGIN_UNIX_SOCKET_DIR", directory.path());
        let plugin = start.handshake().await;
        // Both wait until stderr is closed, so that no child process is left.
        let ended = if run % 3 == 0 {
            plugin.signal(rustix::process::Signal::TERM);
            plugin.ended().await
        } else {
            plugin.shutdown().await
        };
        ended.assert_clean();
    }
    assert_empty(directory.path());
}

/// With it every start takes 31 ms longer.
#[test]
fn the_executable_is_built_without_jitter_entropy() {
    let executable = std::fs::read(executable()).expect("the executable");
    let symbols = executable
        .windows(5)
        .filter(|window| window == b"jent_")
        .count();

    assert_eq!(
        symbols, 0,
        "AWS-LC's jitter entropy is built in: .cargo/config.toml sets the variable that keeps it out"
    );
    // A stripped executable has no such symbols.
    assert_eq!(option_env!("AWS_LC_SYS_NO_JITTER_ENTROPY"), Some("1"));
}

/// 680 kB for a speed that no plugin needs. Its stubs would encrypt nothing, so the C code has to be switched off with
/// them: a peer with another library, such as Terraform, shows that (every acceptance test).
#[test]
fn the_executable_is_built_without_aes_gcm_for_avx_512() {
    let executable = std::fs::read(executable()).expect("the executable");
    for symbol in [
        "gcm_encrypt_avx512",
        "gcm_decrypt_avx512",
        "gcm_setiv_avx512",
    ] {
        let mut windows = executable.windows(symbol.len());
        assert!(
            !windows.any(|window| window == symbol.as_bytes()),
            "{symbol} is built in"
        );
    }
    let flags = option_env!("AWS_LC_SYS_CFLAGS").unwrap_or_default();
    assert!(
        flags.contains("-DMY_ASSEMBLER_IS_TOO_OLD_FOR_512AVX"),
        "{flags}"
    );
}
