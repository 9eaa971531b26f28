//! Of two places with a token for one host, which one wins.

use std::os::unix::fs::PermissionsExt as _;

use super::Home;

/// Returns a host for each pair of places. `main-login.example.com` has a token in the main file and
/// one in the file that `terraform login` writes.
fn hosts(places: &[&str]) -> Vec<String> {
    let pairs = places.iter().enumerate().flat_map(|(number, first)| {
        places[number..]
            .iter()
            .map(move |second| format!("{first}-{second}.example.com"))
    });
    pairs.collect()
}

/// Writes the tokens of all hosts into one place. A token is the name of its place.
fn write_tokens(home: &mut Home, place: &str) {
    let hosts: Vec<String> = home
        .hosts
        .iter()
        .filter(|host| {
            let (places, _) = host.split_once('.').unwrap();
            places.split('-').any(|one| one == place)
        })
        .cloned()
        .collect();
    let blocks: String = hosts
        .iter()
        .map(|host| format!("credentials \"{host}\" {{ token = \"{place}\" }}\n"))
        .collect();
    match place {
        "variable" => {
            for host in hosts {
                let name = host.replace('-', "__").replace('.', "_");
                home.set(&format!("TF_TOKEN_{name}"), place);
            }
        }
        "named" | "older" => home.write(
            &format!("{place}.rc"),
            blocks + "credentials_helper \"x\" {}\n",
        ),
        "main" => home.write(".terraformrc", blocks + "credentials_helper \"x\" {}\n"),
        "first" => home.write(".terraform.d/a.tfrc", blocks),
        "last" => home.write(".terraform.d/z.tfrc", blocks),
        "login" => {
            let entries: Vec<String> = hosts
                .iter()
                .map(|host| format!("\"{host}\": {{\"token\": \"login\"}}"))
                .collect();
            let text = format!("{{\"credentials\": {{{}}}}}", entries.join(", "));
            home.write(".terraform.d/credentials.tfrc.json", text);
        }
        "helper" => {
            let script = format!(
                "#!/bin/sh\ncase \"$1 $2\" in\n{}*) echo '{{}}' ;;\nesac\n",
                hosts
                    .iter()
                    .map(|host| format!("\"get {host}\") echo '{{\"token\": \"helper\"}}' ;;\n"))
                    .collect::<String>()
            );
            let path = ".terraform.d/plugins/terraform-credentials-x";
            home.write(path, script);
            let executable = std::fs::Permissions::from_mode(0o755);
            std::fs::set_permissions(home.folder.path().join(path), executable).unwrap();
        }
        other => panic!("no place is called {other}"),
    }
}

/// Expects that of each pair the place that comes first in `order` wins, for Terraform and for the
/// provider. Only the provider searches the places of `only_ours`, after the others.
#[track_caller]
fn check(home: &Home, order: &[&str], only_ours: &[&str]) {
    let (tokens, run) = home.tokens_of_terraform();
    for host in &home.hosts {
        let (places, _) = host.split_once('.').unwrap();
        let winner = |order: &[&str]| {
            order
                .iter()
                .find(|place| places.split('-').any(|one| one == **place))
                .map(|place| (*place).to_owned())
        };
        let terraforms = tokens.get(host).cloned();
        assert_eq!(terraforms, Some(winner(order)), "terraform, {host}\n{run}");
        let ours = home.token_of_the_provider(host);
        let expected = winner(&[order, only_ours].concat());
        assert_eq!(
            ours.clone().ok(),
            expected,
            "the provider, {host}\n{ours:?}"
        );
    }
}

const PLACES: [&str; 8] = [
    "variable", "named", "older", "main", "first", "login", "last", "helper",
];

fn home() -> Home {
    let mut home = Home::new(hosts(&PLACES));
    for place in PLACES {
        write_tokens(&mut home, place);
    }
    home
}

#[test]
fn the_provider_prefers_the_place_that_terraform_prefers() {
    let home = home();
    home.write(".terraform.d/zz.tfrc", home.blocks());
    check(
        &home,
        &["variable", "last", "login", "first", "main", "helper"],
        &[],
    );
}

/// Sets a variable to one of the named files, and adds the registries to that file.
fn name(home: &mut Home, variable: &str, file: &str) {
    let path = home.folder.path().join(file);
    let text = std::fs::read_to_string(&path).unwrap() + &home.blocks();
    home.write(file, text);
    home.set(variable, path);
}

#[test]
fn a_named_file_replaces_all_others_but_the_provider_still_finds_the_token_of_login() {
    let mut home = home();
    name(&mut home, "TF_CLI_CONFIG_FILE", "named.rc");
    name(&mut home, "TERRAFORM_CONFIG", "older.rc");
    check(&home, &["variable", "named", "helper"], &["login"]);
}

#[test]
fn the_older_variable_names_a_file_as_well() {
    let mut home = home();
    name(&mut home, "TERRAFORM_CONFIG", "older.rc");
    check(&home, &["variable", "older", "helper"], &["login"]);
}
