//! A service that calls itself HCP Terraform and is not: what it gets, and what a practitioner sees and stores.
//!
//! It gets the API token, because the configuration names its host. Everything else is refused or made harmless.

use std::fs;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};

use crate::workspace::Workspace;
use crate::workspace::checks::BASIC;

const OWNER: &str = "pl4ntedOwner.atlasv1.pl4ntedOwner";
const SECRET: &str = "pl4ntedSecret.atlasv1.pl4ntedSecret";
const TOKEN: &str = "/organizations/my-org-name/authentication-token?token=audit-trails";

/// One answer: a status line, headers and a body.
type Answer = (String, String);

/// A program that answers as a test says, and what it was asked.
struct Hostile {
    url: String,
    asked: Arc<Mutex<Vec<String>>>,
}

impl Hostile {
    /// Starts it. `answer` gets the method, the target, and the token that came with it.
    fn start(answer: impl Fn(&str, &str, &str) -> Answer + Send + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let asked: Arc<Mutex<Vec<String>>> = Arc::default();
        let log = Arc::clone(&asked);
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                // The plugin may hang up.
                let _ = serve(stream.unwrap(), &answer, &log);
            }
        });
        Self { url, asked }
    }

    fn asked(&self) -> Vec<String> {
        self.asked.lock().unwrap().clone()
    }

    /// Returns a workspace whose API token goes to this service.
    fn workspace(&self) -> Workspace {
        let mut workspace = Workspace::new();
        let host = "host \"app.terraform.io\" {\n  services = { \"tfe.v2\" = ";
        workspace.cli_configuration(&format!("{host}\"{}/\" }}\n}}\n", self.url));
        workspace.set("TFE_TOKEN", OWNER);
        workspace.configure(BASIC);
        workspace
    }
}

fn serve(
    mut stream: TcpStream,
    answer: impl Fn(&str, &str, &str) -> Answer,
    log: &Mutex<Vec<String>>,
) -> std::io::Result<()> {
    let mut reader = BufReader::new(stream.try_clone()?);
    let (mut first, mut token, mut length) = (String::new(), String::new(), 0);
    reader.read_line(&mut first)?;
    loop {
        let mut line = String::new();
        reader.read_line(&mut line)?;
        let Some((name, value)) = line.trim_end().split_once(": ") else {
            break;
        };
        match name.to_ascii_lowercase().as_str() {
            "authorization" => token = value.trim_start_matches("Bearer ").to_owned(),
            "content-length" => length = value.parse().unwrap_or(0),
            _ => {}
        }
    }
    let mut body = vec![0; length];
    reader.read_exact(&mut body)?;
    let mut words = first.split(' ');
    let (method, target) = (words.next().unwrap_or(""), words.next().unwrap_or(""));
    log.lock().unwrap().push(format!("{method} {target}"));
    let (head, body) = answer(method, target, &token);
    write!(
        stream,
        "HTTP/1.1 {head}\r\nTFP-AppName: HCP Terraform\r\nConnection: close\r\nContent-Type: \
         application/vnd.api+json\r\nContent-Length: {}\r\n\r\n{body}",
        body.len()
    )
}

/// Returns a token's document with this ID.
fn document(id: &str, secret: Option<&str>) -> String {
    serde_json::json!({"data": {
        "id": id,
        "type": "authentication-tokens",
        "attributes": {"created-at": "2026-01-01T00:00:00.000Z", "token": secret},
        "relationships": {"created-by": {"data": {"id": "\u{1b}]0;owned\u{7}", "type": "users"}}},
    }})
    .to_string()
}

fn found(body: String) -> Answer {
    ("200 OK".to_owned(), body)
}

/// Checks what was printed, logged and stored by a command. Returns what was printed.
fn run(workspace: &mut Workspace, arguments: &[&str]) -> String {
    let log = workspace.log_everything();
    let run = workspace.terraform(arguments);
    let printed = run.all();
    let logged = fs::read_to_string(log).unwrap();
    let state = fs::read_to_string(workspace.path("configuration").join("terraform.tfstate"));
    let state = state.unwrap_or_default();
    for (place, text) in [("output", &printed), ("log", &logged), ("state", &state)] {
        assert!(
            !text.contains("pl4nted"),
            "a secret is in the {place}:\n{printed}"
        );
        assert!(
            !text.contains("\u{1b}"),
            "the {place} can move the cursor:\n{printed}"
        );
    }
    printed
}

const PLAN: [&str; 2] = ["plan", "-no-color"];
const APPLY: [&str; 3] = ["apply", "-no-color", "-auto-approve"];

/// The words of a service were shown as they came, and a terminal obeyed them.
#[test]
fn a_name_that_holds_control_characters_is_made_harmless() {
    let hostile = Hostile::start(|_, _, _| found(document("at-\u{1b}[2Jone\u{7}\r", None)));
    let printed = run(&mut hostile.workspace(), &PLAN);
    assert!(printed.contains("[2Jone"), "{printed}");
}

#[test]
fn a_service_that_repeats_the_api_token_puts_it_nowhere() {
    for place in ["title", "detail", "location", "id"] {
        let hostile = Hostile::start(move |_, _, token| {
            let error = |name: &str| {
                let body = serde_json::json!({"errors": [{ name: format!("it was {token}!") }]});
                ("422 No".to_owned(), body.to_string())
            };
            match place {
                "location" => {
                    let to = format!("302 Found\r\nLocation: http://{token}.example.com/{token}");
                    (to, String::new())
                }
                "id" => found(document(token, None)),
                name => error(name),
            }
        });
        run(&mut hostile.workspace(), &PLAN);
        assert!(!hostile.asked().is_empty());
    }
}

/// It would have been stored as the ID of the token, which is not sensitive.
#[test]
fn a_secret_in_the_place_of_an_id_is_not_stored() {
    let hostile = Hostile::start(|method, target, _| match (method, target) {
        ("GET", "/organizations/my-org-name") => {
            let permissions = serde_json::json!({"can-update-api-token": true});
            let attributes = serde_json::json!({"name": "my-org-name", "permissions": permissions});
            let data = serde_json::json!({"id": "my-org-name", "attributes": attributes});
            found(serde_json::json!({ "data": data }).to_string())
        }
        ("POST", _) => found(document(SECRET, Some(SECRET))),
        _ => ("404 Not Found".to_owned(), String::new()),
    });
    let printed = run(&mut hostile.workspace(), &APPLY);
    assert!(printed.contains("Error:"), "{printed}");
    let posts = hostile
        .asked()
        .iter()
        .filter(|one| *one == &format!("POST {TOKEN}"))
        .count();
    assert!(posts > 0, "{:?}", hostile.asked());
}

#[test]
fn a_main_token_is_reported_and_not_stored() {
    let hostile = Hostile::start(|method, target, token| match (method, target) {
        // The new secret, too, sees the organization.
        ("GET", "/organizations/my-org-name") => {
            assert!([OWNER, SECRET].contains(&token), "{token}");
            let permissions = serde_json::json!({"can-update-api-token": true});
            let attributes = serde_json::json!({"name": "my-org-name", "permissions": permissions});
            let data = serde_json::json!({"id": "my-org-name", "attributes": attributes});
            found(serde_json::json!({ "data": data }).to_string())
        }
        ("POST", _) => found(document("at-main", Some(SECRET))),
        _ => ("404 Not Found".to_owned(), String::new()),
    });
    let printed = run(&mut hostile.workspace(), &APPLY);
    assert!(
        printed.contains("The Service Replaced the Main API Token of the Organization"),
        "{printed}"
    );
    assert!(
        printed.contains("at-main") && printed.contains("Revoke it"),
        "{printed}"
    );
}

/// A service that never comes to an end must not keep a run.
#[test]
fn an_endless_list_of_pages_is_left() {
    let hostile = Hostile::start(|_, target, _| {
        if target.starts_with("/organization/audit-trail") {
            let events: Vec<_> = (0..1000)
                .map(|_| serde_json::json!({"id": "same", "type": "Resource", "timestamp": "2026-01-01T00:00:00.000Z"}))
                .collect();
            let pagination = serde_json::json!({"current_page": 1, "next_page": 2, "total_pages": 1_000_000_000});
            return found(
                serde_json::json!({"data": events, "pagination": pagination}).to_string(),
            );
        }
        ("404 Not Found".to_owned(), String::new())
    });
    let mut workspace = hostile.workspace();
    workspace.configure("provider \"tfe\" {}\ndata \"tfe_audit_trail_events\" \"example\" {}\n");
    run(&mut workspace, &APPLY);
    assert!(hostile.asked().len() <= 120, "{}", hostile.asked().len());
}

#[test]
fn a_service_elsewhere_without_tls_is_named_and_not_asked() {
    let hostile = Hostile::start(|_, _, _| found(document("at-1", None)));
    let mut workspace = hostile.workspace();
    let host = "host \"app.terraform.io\" {\n  services = { \"tfe.v2\" = ";
    workspace.cli_configuration(&format!("{host}\"http://198.51.100.1:8080/\" }}\n}}\n"));
    let printed = run(&mut workspace, &PLAN);
    assert!(printed.contains("http://198.51.100.1:8080/"), "{printed}");
    assert!(printed.contains("Nothing was sent"), "{printed}");
}
