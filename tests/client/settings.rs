//! Which host, token and organization is found, and what an error says.

use std::path::PathBuf;

use terraform_provider_tfe::client::{
    Arguments, Environment, Secret, Settings, SettingsError, TokenSource, default_organization,
    resolve,
};

const HOME: &str = "/home/me";
const MAIN: &str = "/home/me/.terraformrc";
const LOGIN: &str = "/home/me/.terraform.d/credentials.tfrc.json";

fn home() -> Environment {
    Environment::in_memory().home(HOME)
}

fn block(token: &str) -> String {
    format!("credentials \"app.terraform.io\" {{ token = \"{token}\" }}")
}

fn login(token: &str) -> String {
    format!(r#"{{"credentials":{{"app.terraform.io":{{"token":"{token}"}}}}}}"#)
}

async fn found(environment: &Environment) -> Result<Settings, SettingsError> {
    resolve(Arguments::default(), environment).await
}

/// Checks which token wins.
async fn check(environment: Environment, token: &str, source: TokenSource) {
    let settings = found(&environment).await.unwrap();
    assert_eq!(settings.token.expose(), token, "{environment:?}");
    assert_eq!(settings.token_source, source, "{environment:?}");
}

fn variable(name: &str) -> TokenSource {
    TokenSource::Environment(name.to_owned())
}

fn file(path: &str) -> TokenSource {
    TokenSource::CliConfiguration(PathBuf::from(path))
}

#[tokio::test]
async fn the_token_is_searched_for_in_terraforms_order() {
    let everywhere = || {
        home()
            .variable("TFE_TOKEN", "first")
            .variable("TF_TOKEN_app_terraform_io", "second")
            .file(MAIN, block("fourth"))
            .file(LOGIN, login("third"))
    };
    let arguments = Arguments {
        token: Some(Secret::new(" argument\n".to_owned())),
        ..Arguments::default()
    };
    let settings = resolve(arguments, &everywhere()).await.unwrap();
    assert_eq!(settings.token.expose(), "argument");
    assert_eq!(settings.token_source, TokenSource::Argument);

    check(everywhere(), "first", variable("TFE_TOKEN")).await;
    let without = everywhere().variable("TFE_TOKEN", "");
    check(without, "second", variable("TF_TOKEN_app_terraform_io")).await;
    let files = home().file(MAIN, block("main")).file(LOGIN, login("login"));
    check(files, "login", file(LOGIN)).await;
    check(home().file(MAIN, block("main")), "main", file(MAIN)).await;
}

#[tokio::test]
async fn the_files_of_the_directory_are_read_in_order_of_name() {
    let (a, b) = (
        "/home/me/.terraform.d/a.tfrc",
        "/home/me/.terraform.d/b.tfrc.json",
    );
    check(home().file(a, block("a")).file(b, login("b")), "b", file(b)).await;
    check(
        home().file(a, block("a")).file(MAIN, block("main")),
        "a",
        file(a),
    )
    .await;
    let other = home()
        .file("/home/me/.terraform.d/c.txt", block("c"))
        .file(MAIN, block("main"));
    check(other, "main", file(MAIN)).await;
}

#[tokio::test]
async fn hosts_are_compared_as_terraform_compares_them() {
    let settings = |contents: &str| {
        let environment = home().file(MAIN, contents);
        async move {
            let arguments = Arguments {
                hostname: Some("CAFÉ.fr:443".to_owned()),
                ..Arguments::default()
            };
            resolve(arguments, &environment)
                .await
                .map(|found| found.token.expose().to_owned())
        }
    };
    assert_eq!(
        settings(r#"credentials "café.FR" { token = "t" }"#)
            .await
            .unwrap(),
        "t"
    );
    // Terraform refuses the encoded form in a file.
    assert!(
        settings(r#"credentials "xn--caf-dma.fr" { token = "t" }"#)
            .await
            .is_err()
    );
    assert!(
        settings(r#"credentials "café.fr:8443" { token = "t" }"#)
            .await
            .is_err()
    );
}

#[tokio::test]
async fn inside_a_run_token_variables_are_not_used_and_files_have_the_runs_token() {
    let run = home()
        .variable("TFC_AGENT_VERSION", "")
        .file(LOGIN, login("login"));
    let environment = run.clone().variable("TF_TOKEN_app_terraform_io", "no");
    let settings = found(&environment).await.unwrap();
    assert_eq!(settings.token.expose(), "login");
    assert!(settings.uses_run_credentials());
    let settings = found(&run.variable("TFE_TOKEN", "mine")).await.unwrap();
    assert!(!settings.uses_run_credentials());
    let outside = found(&home().file(LOGIN, login("login"))).await.unwrap();
    assert!(!outside.uses_run_credentials());
}

#[tokio::test]
async fn when_no_token_is_found_the_error_names_every_place_with_its_reason() {
    let environment = home()
        .variable("TF_TOKEN_app_terraform_io", " ")
        .file(
            MAIN,
            "credentials \"app.terraform.io\" {\n token = planted\n",
        )
        .file(
            "/home/me/.terraform.d/a.tfrc",
            "credentials \"app.terraform.io\" {}",
        )
        .file(
            "/home/me/.terraform.d/b.tfrc",
            "credentials \"other.example.com\" { token = \"planted\" }",
        )
        .file("/home/me/.terraform.d/c.tfrc", b"\xff".to_vec());
    let error = found(&environment).await.unwrap_err();
    assert!(error.is_no_token());
    assert_eq!(error.attribute(), Some("token"));
    let SettingsError::NoToken {
        hostname,
        searched,
        in_hcp_terraform_run: false,
        ..
    } = error
    else {
        panic!("{error:?}")
    };
    assert_eq!(hostname.to_string(), "app.terraform.io");
    let searched: Vec<String> = searched
        .iter()
        .map(|(place, why)| format!("{place}: {why}"))
        .collect();
    assert_eq!(
        searched,
        [
            "the provider's argument \"token\": is not set",
            "the environment variable TFE_TOKEN: is not set",
            "the environment variable TF_TOKEN_app_terraform_io: is set to white space",
            "/home/me/.terraformrc: it cannot be parsed: line 2: expected a value",
            "/home/me/.terraform.d/a.tfrc: its credentials block for app.terraform.io has no token",
            "/home/me/.terraform.d/b.tfrc: it has no credentials block for app.terraform.io",
            "/home/me/.terraform.d/c.tfrc: it is not UTF-8",
            "a credentials_helper block: the CLI configuration has none",
            "/home/me/.terraform.d/credentials.tfrc.json: there is no such file",
        ]
    );
    let error = found(&Environment::in_memory()).await.unwrap_err();
    let SettingsError::NoToken { searched, .. } = error else {
        panic!("{error:?}")
    };
    assert!(
        searched
            .iter()
            .any(|(_, why)| why.contains("neither HOME nor /etc/passwd names the home directory")),
        "{searched:?}"
    );
}

#[tokio::test]
async fn when_no_token_is_found_in_a_run_the_reasons_are_those_of_a_run() {
    let environment = home()
        .variable("TFC_AGENT_VERSION", "1.22.0")
        .variable("TF_TOKEN_app_terraform_io", "planted");
    let error = found(&environment).await.unwrap_err();
    let SettingsError::NoToken {
        searched,
        in_hcp_terraform_run: true,
        ..
    } = error
    else {
        panic!("{error:?}")
    };
    let variables = searched
        .iter()
        .find(|(place, _)| place.starts_with("TF_TOKEN_*"));
    assert_eq!(
        variables.unwrap().1,
        "are not used inside an HCP Terraform run"
    );
}

#[tokio::test]
async fn a_token_that_cannot_be_sent_is_refused_and_not_shown() {
    let arguments = Arguments {
        token: Some(Secret::new("plan\nted".to_owned())),
        ..Arguments::default()
    };
    let error = resolve(arguments, &home()).await.unwrap_err();
    assert!(matches!(error, SettingsError::InvalidToken { .. }));
    assert!(!format!("{error} {error:?}").contains("ted"), "{error:?}");
    let error = found(&home().variable("TFE_TOKEN", "plan\u{0}ted"))
        .await
        .unwrap_err();
    assert!(error.to_string().contains("TFE_TOKEN"), "{error}");
    // In a file it is only a reason.
    let error = found(&home().file(MAIN, block("plan\\nted")))
        .await
        .unwrap_err();
    assert!(
        error.is_no_token() && !format!("{error:?}").contains("ted\""),
        "{error:?}"
    );
}

#[tokio::test]
async fn the_hostname_comes_from_the_argument_then_the_variable() {
    let environment = home()
        .variable("TFE_TOKEN", "t")
        .variable("TFE_HOSTNAME", " Env.example.com ");
    let check = async |hostname: Option<&str>, environment: &Environment, expected| {
        let arguments = Arguments {
            hostname: hostname.map(str::to_owned),
            ..Arguments::default()
        };
        let settings = resolve(arguments, environment).await.unwrap();
        assert_eq!(settings.hostname.to_string(), expected);
    };
    check(None, &environment, "env.example.com").await;
    check(Some("arg.example.com"), &environment, "arg.example.com").await;
    let without = home().variable("TFE_TOKEN", "t");
    check(Some(""), &without, "app.terraform.io").await;
}

#[test]
fn the_default_organization_comes_from_the_argument_then_the_variable() {
    let environment = Environment::in_memory().variable("TFE_ORGANIZATION", " env-org ");
    let empty = Environment::in_memory().variable("TFE_ORGANIZATION", " ");
    let none = Environment::in_memory();
    for (argument, environment, expected) in [
        (None, &environment, Some("env-org")),
        (Some(" "), &environment, Some("env-org")),
        (Some(" arg-org"), &environment, Some("arg-org")),
        (Some("arg-org"), &none, Some("arg-org")),
        (Some(""), &empty, None),
        (None, &none, None),
    ] {
        let found = default_organization(argument, environment).unwrap();
        assert_eq!(found.as_deref(), expected, "{argument:?} {environment:?}");
    }
}

#[tokio::test]
async fn the_error_of_an_invalid_hostname_names_its_variable() {
    let error = found(&home().variable("TFE_HOSTNAME", "https://x"))
        .await
        .unwrap_err();
    assert_eq!(
        error.to_string(),
        "invalid hostname \"https://x\" in TFE_HOSTNAME"
    );
    assert_eq!(error.attribute(), Some("hostname"));
    assert_eq!(
        std::error::Error::source(&error).unwrap().to_string(),
        "need just a hostname and optional port number, not a full URL"
    );
}

#[tokio::test]
async fn an_explicit_false_wins_over_the_environment() {
    let environment = home().variable("TFE_TOKEN", "t");
    let skips = async |argument, value: Option<&str>| {
        let environment = match value {
            Some(value) => environment.clone().variable("TFE_SSL_SKIP_VERIFY", value),
            None => environment.clone(),
        };
        let arguments = Arguments {
            ssl_skip_verify: argument,
            ..Arguments::default()
        };
        resolve(arguments, &environment)
            .await
            .map(|settings| settings.ssl_skip_verify)
    };
    assert!(!skips(None, None).await.unwrap());
    assert!(skips(None, Some("1")).await.unwrap());
    assert!(!skips(None, Some("")).await.unwrap());
    assert!(!skips(None, Some("F")).await.unwrap());
    assert!(skips(None, Some("true\n")).await.unwrap());
    assert!(!skips(Some(false), Some("true")).await.unwrap());
    assert!(skips(Some(true), Some("0")).await.unwrap());
    let error = skips(None, Some("yes")).await.unwrap_err();
    assert_eq!(error.attribute(), Some("ssl_skip_verify"));
    assert!(error.to_string().contains("TFE_SSL_SKIP_VERIFY") && error.to_string().contains("yes"));
}

/// `TFE_HOSTNAME=$'caf\xe9.example'` used to send `TFE_TOKEN` to app.terraform.io.
#[cfg(unix)]
#[tokio::test]
async fn a_variable_that_is_not_utf_8_is_an_error_and_never_unset() {
    use std::os::unix::ffi::OsStrExt as _;
    let latin1 = std::ffi::OsStr::from_bytes(b"planted\xe9");
    let complete = || home().variable("TFE_TOKEN", "t");
    for (environment, variable, attribute) in [
        (complete(), "TFE_HOSTNAME", Some("hostname")),
        (home(), "TFE_TOKEN", Some("token")),
        (home(), "TF_TOKEN_app_terraform_io", Some("token")),
        (complete(), "TFE_SSL_SKIP_VERIFY", Some("ssl_skip_verify")),
        (complete(), "TFE_AUDIT_TRAILS_ASSUME_SUPPORTED", None),
    ] {
        let error = found(&environment.variable(variable, latin1))
            .await
            .unwrap_err();
        assert_eq!(
            error.to_string(),
            format!("the environment variable {variable} is not valid UTF-8")
        );
        assert_eq!(error.attribute(), attribute);
        assert!(!format!("{error:?}").contains("planted"), "{error:?}");
    }
    let environment = home().variable("TFE_ORGANIZATION", latin1);
    let error = default_organization(None, &environment).unwrap_err();
    assert_eq!(error.attribute(), Some("organization"));
    // An argument wins, and the variable is then not read.
    assert!(default_organization(Some("own"), &environment).is_ok());
}

#[tokio::test]
async fn the_home_directory_is_that_of_etc_passwd_where_home_is_not_set() {
    let user = rustix::process::getuid().as_raw();
    let passwd = format!("me:x:{user}:{user}::/home/me:/bin/sh\n");
    for environment in [
        Environment::in_memory(),
        Environment::in_memory().variable("HOME", ""),
    ] {
        let environment = environment
            .file("/etc/passwd", passwd.as_str())
            .file(MAIN, block("main"));
        check(environment, "main", file(MAIN)).await;
    }
    let environment = Environment::in_memory()
        .variable("HOME", "/homes/other")
        .file("/etc/passwd", passwd.as_str())
        .file("/homes/other/.terraformrc", block("other"))
        .file(MAIN, block("main"));
    check(environment, "other", file("/homes/other/.terraformrc")).await;
}

#[cfg(unix)]
#[tokio::test]
async fn paths_may_be_any_bytes() {
    use std::os::unix::ffi::OsStrExt as _;
    let path = |bytes| PathBuf::from(std::ffi::OsStr::from_bytes(bytes));
    let home = path(b"/homes/caf\xe9");
    let main = home.join(".terraformrc");
    let environment = Environment::in_memory()
        .variable("HOME", &home)
        .file(main.clone(), block("main"));
    check(environment, "main", TokenSource::CliConfiguration(main)).await;
    let named = path(b"/etc/caf\xe9.rc");
    let environment = Environment::in_memory()
        .variable("TF_CLI_CONFIG_FILE", &named)
        .file(named.clone(), block("named"));
    check(environment, "named", TokenSource::CliConfiguration(named)).await;
}

#[tokio::test]
async fn a_relative_named_file_is_the_one_of_the_directory_where_terraform_was_started() {
    let environment = home()
        .variable("TF_CLI_CONFIG_FILE", "cli.tfrc")
        .variable("PWD", "/started")
        .file("/started/cli.tfrc", block("started"))
        .file("cli.tfrc", block("after chdir"));
    check(environment, "started", file("/started/cli.tfrc")).await;
}

#[tokio::test]
async fn under_opentofu_its_own_files_are_read() {
    let tofurc = "/home/me/.tofurc";
    let both = || {
        home()
            .file(MAIN, block("terraform"))
            .file(tofurc, block("tofu"))
    };
    check(both().parent("/usr/bin/tofu"), "tofu", file(tofurc)).await;
    check(both().parent("/usr/bin/terraform"), "terraform", file(MAIN)).await;
    check(both(), "terraform", file(MAIN)).await;
    // Where the program is not known, OpenTofu's files are the last place.
    let only = || home().file(tofurc, block("tofu"));
    check(only(), "tofu", file(tofurc)).await;
    let error = found(&only().parent("/usr/bin/terraform"))
        .await
        .unwrap_err();
    assert!(error.is_no_token());
    let xdg = Environment::in_memory()
        .home(HOME)
        .variable("XDG_CONFIG_HOME", "/xdg")
        .file("/xdg/opentofu/a.tfrc", block("xdg"));
    let place = file("/xdg/opentofu/a.tfrc");
    check(xdg.clone().parent("/usr/bin/tofu"), "xdg", place.clone()).await;
    check(xdg, "xdg", place).await;
}

/// Otherwise a request meant for another service would reach the real one, and nobody would be told.
#[tokio::test]
async fn a_broken_file_that_seems_to_have_a_host_block_is_reported() {
    let broken = async |text: &str| {
        let environment = home().variable("TFE_TOKEN", "t").file(MAIN, text);
        let settings = found(&environment).await.unwrap();
        settings.broken_host_blocks
    };
    let hcl = "host \"App.Terraform.io\" {\n services = {\n";
    let reported = broken(hcl).await;
    assert_eq!(reported.len(), 1);
    assert_eq!(reported[0].0, PathBuf::from(MAIN));
    assert!(
        reported[0].1.starts_with("it cannot be parsed: line 3"),
        "{reported:?}"
    );
    let json = r#"{"host": {"app.terraform.io": {"services": nothing}}}"#;
    assert_eq!(broken(json).await.len(), 1);
    for other in [
        "host \"other.example.com\" {\n",
        "credentials \"app.terraform.io\" {\n",
        "hostname = \"app.terraform.io\" {\n",
        "host \"app.terraform.io\" {}",
    ] {
        assert_eq!(broken(other).await, [], "{other}");
    }
    let mended = home().variable("TFE_TOKEN", "t").file(MAIN, hcl).file(
        "/home/me/.terraform.d/a.tfrc",
        "host \"app.terraform.io\" {}",
    );
    assert_eq!(found(&mended).await.unwrap().broken_host_blocks, []);
}

#[cfg(unix)]
mod helper {
    use std::os::unix::fs::PermissionsExt;

    use super::*;

    /// A home directory on the disk with a credentials helper in it.
    fn home_with_helper(script: &str) -> (tempfile::TempDir, Environment) {
        let home = tempfile::tempdir().unwrap();
        let plugins = home.path().join(".terraform.d/plugins");
        std::fs::create_dir_all(&plugins).unwrap();
        let program = plugins.join("terraform-credentials-test");
        std::fs::write(&program, format!("#!/bin/sh\n{script}\n")).unwrap();
        std::fs::set_permissions(&program, std::fs::Permissions::from_mode(0o755)).unwrap();
        let environment = Environment::in_memory().home(home.path()).file(
            home.path().join(".terraformrc"),
            "credentials_helper \"test\" { args = [\"--store\", \"x y\"] }",
        );
        (home, environment)
    }

    /// Returns why the helper has no token.
    async fn why(script: &str) -> String {
        let (_home, environment) = home_with_helper(script);
        let error = found(&environment).await.unwrap_err();
        let text = format!("{error:?}");
        assert!(!text.contains("planted"), "{text}");
        let SettingsError::NoToken { searched, .. } = error else {
            panic!("{error:?}")
        };
        let (_, why) = searched
            .iter()
            .find(|(place, _)| place.contains("helper"))
            .unwrap();
        why.clone()
    }

    #[tokio::test]
    async fn is_run_as_terraform_runs_it() {
        let (_home, environment) = home_with_helper(
            r#"[ "$*" = "--store x y get app.terraform.io" ] && [ $# = 4 ] && echo '{"token":"kept"}'"#,
        );
        check(
            environment,
            "kept",
            TokenSource::CredentialsHelper("test".to_owned()),
        )
        .await;
    }

    /// Adds a helper that says its own name.
    fn add(home: &tempfile::TempDir, name: &str) {
        let program = home.path().join(".terraform.d/plugins").join(name);
        std::fs::create_dir_all(program.parent().unwrap()).unwrap();
        let script = format!("#!/bin/sh\necho '{{\"token\":\"{name}\"}}'\n");
        std::fs::write(&program, script).unwrap();
        std::fs::set_permissions(&program, std::fs::Permissions::from_mode(0o755)).unwrap();
    }

    /// Terraform: internal/plugin/discovery.
    #[tokio::test]
    async fn the_newest_version_is_run() {
        let (home, environment) = home_with_helper("exit 1");
        let source = || TokenSource::CredentialsHelper("test".to_owned());
        for newest in [
            "terraform-credentials-test_v1.9.0",
            "terraform-credentials-test_v1.10.0-rc1",
            "linux_amd64/terraform-credentials-test_v1.10.0_x4",
        ] {
            add(&home, newest);
            add(&home, "terraform-credentials-test_vx");
            add(&home, "terraform-credentials-test2_v9.0.0");
            check(environment.clone(), newest, source()).await;
        }
        let folder = "terraform-credentials-test_v9.0.0";
        std::fs::create_dir(home.path().join(".terraform.d/plugins").join(folder)).unwrap();
        add(&home, "linux_amd64/terraform-credentials-test_v1.10.0");
        let first = "terraform-credentials-test_v1.10";
        add(&home, first);
        check(environment, first, source()).await;
    }

    #[tokio::test]
    async fn is_not_run_if_a_file_has_the_token() {
        let (home, environment) = home_with_helper("exit 1");
        let path = home.path().join(".terraform.d/a.tfrc");
        let environment = environment.file(path.clone(), block("file"));
        check(environment, "file", TokenSource::CliConfiguration(path)).await;
    }

    #[tokio::test]
    async fn an_error_says_why_there_is_no_token_without_the_output() {
        let failed = why("echo planted; echo 'the ring is locked' >&2; exit 3").await;
        assert!(
            failed.contains("the ring is locked") && failed.contains('3'),
            "{failed}"
        );
        assert!(why("echo planted").await.contains("not a JSON object"));
        assert!(
            why("echo '{}'")
                .await
                .contains("no token for app.terraform.io")
        );
        assert!(why("echo '{\"token\":\"\"}'").await.contains("empty"));
        assert!(
            why(r#"printf '%s' '{"token":"plan\nted"}'"#)
                .await
                .contains("control character")
        );
    }

    #[tokio::test]
    async fn with_set_x_does_not_show_its_token() {
        let traced = why("set -x; echo '{\"token\":\"planted\"}'; exit 1").await;
        assert!(traced.contains("(sensitive value)"), "{traced}");
    }

    #[tokio::test(start_paused = true)]
    async fn that_does_not_end_is_a_timeout() {
        let (_home, environment) = home_with_helper("exec tail -f /dev/null");
        let SettingsError::NoToken { searched, .. } = found(&environment).await.unwrap_err() else {
            panic!("a token from nowhere");
        };
        let text = format!("{searched:?}");
        assert!(text.contains("did not answer within 60 seconds"), "{text}");
    }

    #[tokio::test]
    async fn with_too_much_output_has_no_token() {
        let script = "i=0; while [ $i -lt 4096 ]; do printf '%01024d' 0; i=$((i+1)); done";
        assert!(why(script).await.contains("not a JSON object"));
    }

    #[tokio::test]
    async fn that_does_not_exist_is_named() {
        let environment = home().file(MAIN, "credentials_helper \"absent\" {}");
        let SettingsError::NoToken { searched, .. } = found(&environment).await.unwrap_err() else {
            panic!("a token from nowhere");
        };
        let text = format!("{searched:?}");
        assert!(text.contains("terraform-credentials-absent"), "{text}");
    }
}
