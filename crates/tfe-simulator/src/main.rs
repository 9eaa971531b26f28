//! The executable: a pretend HCP Terraform for demos and shell scripts, and a small HTTP client (`get`, `post`), so that
//! such scripts need no other tool.

#![deny(clippy::disallowed_methods)]

use std::fmt;
use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::process::ExitCode;
use std::time::Duration;

use chrono::Utc;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use tfe_simulator::{Builder, Secret, Simulator};
use tokio::signal::unix::{SignalKind, signal};

const HELP: &str = r#"A pretend HCP Terraform: organizations, audit trail tokens and the audit trail, in memory.

Usage: tfe-simulator [OPTIONS]
       tfe-simulator get URL [--bearer SECRET | --bearer-env NAME]
       tfe-simulator post URL [--bearer SECRET | --bearer-env NAME]

Options:
  --address IP:PORT    where to listen [default: 127.0.0.1:0, a free port]
  --organization NAME  an organization that exists from the start; may be repeated
  --token SECRET       the API token of a user who owns every organization
  --tls-cert FILE      certificate chain in PEM; serves HTTPS, together with --tls-key
  --tls-key FILE       private key in PEM
  --ready-file PATH    write the URL into this file once it listens
  --log                print one line for each request to stderr, without secrets
  --help               print this

A provider finds it by its environment, TFE_TOKEN=SECRET and TF_CLI_CONFIG_FILE with a file that says
  host "app.terraform.io" { services = { "tfe.v2.2" = "URL/api/v2/" } }
or, where it serves HTTPS, by TFE_HOSTNAME=IP:PORT and SSL_CERT_FILE.

It prints its URL when it listens, and stops on SIGINT and SIGTERM. Its clock runs from the
current time. Scripts control it by
  POST URL/_simulator/advance?seconds=N
  POST URL/_simulator/regenerate?organization=NAME
  GET  URL/_simulator/requests
  GET  URL/_simulator/token?organization=NAME
`get` and `post` send one request over plain HTTP, print the answer's body, and exit with 1
unless its status is 2xx.
"#;

/// Why the program fails.
enum Failure {
    /// The arguments are wrong: exit code 2.
    Usage(String),
    /// Something else went wrong: exit code 1.
    Other(String),
}

impl Failure {
    fn other(what: impl fmt::Display, why: impl fmt::Display) -> Self {
        Self::Other(format!("{what}: {why}"))
    }
}

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let (message, code) = match run(&arguments) {
        Ok(()) => return ExitCode::SUCCESS,
        Err(Failure::Usage(message)) => (format!("{message}; see tfe-simulator --help"), 2),
        Err(Failure::Other(message)) => (message, 1),
    };
    eprintln!("tfe-simulator: {message}");
    ExitCode::from(code)
}

fn run(arguments: &[String]) -> Result<(), Failure> {
    if arguments.iter().any(|a| a == "--help" || a == "-h") {
        print(HELP);
        return Ok(());
    }
    match arguments.split_first() {
        Some((command, rest)) if command == "get" => send(&HttpRequest::parse("GET", rest)?),
        Some((command, rest)) if command == "post" => send(&HttpRequest::parse("POST", rest)?),
        _ => {
            let runtime = tokio::runtime::Builder::new_current_thread()
                .enable_all()
                .build()
                .map_err(|error| Failure::other("cannot start", error))?;
            runtime.block_on(serve(Options::parse(arguments)?))
        }
    }
}

/// Prints to stdout.
#[expect(clippy::disallowed_methods, reason = "this is not a plugin")]
fn print(text: &str) {
    // `print!` would panic if the reader has closed the pipe.
    let mut stdout = std::io::stdout();
    let _ = stdout
        .write_all(text.as_bytes())
        .and_then(|()| stdout.flush());
}

/// Returns the value after an option.
fn value<'a>(option: &str, rest: &mut impl Iterator<Item = &'a String>) -> Result<String, Failure> {
    rest.next()
        .cloned()
        .ok_or_else(|| Failure::Usage(format!("{option} needs a value")))
}

/// Says which option is unknown. Any other argument is not repeated: it may be a secret whose option was forgotten.
fn unknown(argument: &str) -> Failure {
    Failure::Usage(if argument.starts_with('-') {
        format!("unknown option {argument}")
    } else {
        "unexpected argument".to_owned()
    })
}

/// The options of the server.
struct Options {
    address: SocketAddr,
    organizations: Vec<String>,
    tokens: Vec<Secret>,
    tls: Option<(String, String)>,
    ready_file: Option<String>,
    log: bool,
}

impl Options {
    fn parse(arguments: &[String]) -> Result<Self, Failure> {
        let mut options = Self {
            address: SocketAddr::from(([127, 0, 0, 1], 0)),
            organizations: Vec::new(),
            tokens: Vec::new(),
            tls: None,
            ready_file: None,
            log: false,
        };
        let (mut certificate, mut key) = (None, None);
        let mut rest = arguments.iter();
        while let Some(option) = rest.next() {
            match option.as_str() {
                "--address" => {
                    let text = value(option, &mut rest)?;
                    options.address = text.parse().map_err(|_| {
                        Failure::Usage(format!(
                            "--address must be an IP address and a port, such as 127.0.0.1:0, \
                             not {text:?}"
                        ))
                    })?;
                }
                "--organization" => options.organizations.push(value(option, &mut rest)?),
                "--token" => options.tokens.push(value(option, &mut rest)?.into()),
                "--tls-cert" => certificate = Some(value(option, &mut rest)?),
                "--tls-key" => key = Some(value(option, &mut rest)?),
                "--ready-file" => options.ready_file = Some(value(option, &mut rest)?),
                "--log" => options.log = true,
                other => return Err(unknown(other)),
            }
        }
        options.tls = match (certificate, key) {
            (None, None) => None,
            (Some(certificate), Some(key)) => Some((certificate, key)),
            _ => {
                let message = "--tls-cert and --tls-key only go together";
                return Err(Failure::Usage(message.to_owned()));
            }
        };
        Ok(options)
    }

    #[expect(
        clippy::disallowed_methods,
        reason = "the simulated clock starts at the current time"
    )]
    fn builder(&self) -> Result<Builder, Failure> {
        let mut builder = Simulator::builder()
            .address(self.address)
            .clock(Utc::now())
            .ticking()
            .control_interface();
        if let Some((certificate, key)) = &self.tls {
            let chain = CertificateDer::pem_file_iter(certificate)
                .and_then(Iterator::collect)
                .map_err(|error| Failure::other(certificate, error))?;
            let key =
                PrivateKeyDer::from_pem_file(key).map_err(|error| Failure::other(key, error))?;
            builder = builder.tls(chain, key);
        }
        if self.log {
            builder = builder.on_request(|request| {
                let _ = writeln!(std::io::stderr(), "{}", request.summary());
            });
        }
        Ok(builder)
    }
}

async fn serve(options: Options) -> Result<(), Failure> {
    // Before the URL is printed, so that no signal is missed.
    let stop = |kind| signal(kind).map_err(|error| Failure::other("cannot catch signals", error));
    let (mut interrupt, mut terminate) = (
        stop(SignalKind::interrupt())?,
        stop(SignalKind::terminate())?,
    );
    let simulator =
        options.builder()?.start().await.map_err(|error| {
            Failure::other(format!("cannot serve on {}", options.address), error)
        })?;
    for name in &options.organizations {
        simulator.add_organization(name.as_str());
    }
    for token in &options.tokens {
        simulator.add_owner_token(token.expose());
    }
    print(&format!("{}\n", simulator.url()));
    if let Some(path) = &options.ready_file {
        // Renamed into place, so that a script that waits for the file never reads half of it.
        let partial = format!("{path}.partial");
        std::fs::write(&partial, format!("{}\n", simulator.url()))
            .and_then(|()| std::fs::rename(&partial, path))
            .map_err(|error| Failure::other(path, error))?;
    }
    tokio::select! {
        _ = interrupt.recv() => {}
        _ = terminate.recv() => {}
    }
    Ok(())
}

/// One request of `get` or `post`.
struct HttpRequest {
    method: &'static str,
    authority: String,
    target: String,
    bearer: Option<Secret>,
}

impl HttpRequest {
    fn parse(method: &'static str, arguments: &[String]) -> Result<Self, Failure> {
        let (mut url, mut bearer) = (None, None);
        let mut rest = arguments.iter();
        while let Some(argument) = rest.next() {
            match argument.as_str() {
                "--bearer" => bearer = Some(Secret::from(value(argument, &mut rest)?)),
                "--bearer-env" => {
                    let name = value(argument, &mut rest)?;
                    let secret = std::env::var(&name).map_err(|_| {
                        Failure::Usage(format!("the environment variable {name} is not set"))
                    })?;
                    bearer = Some(Secret::from(secret));
                }
                option if option.starts_with('-') || url.is_some() => {
                    return Err(unknown(option));
                }
                text => url = Some(text),
            }
        }
        let url = url.ok_or_else(|| Failure::Usage("a URL is missing".to_owned()))?;
        let rest = url.strip_prefix("http://").ok_or_else(|| {
            Failure::Usage(format!("the URL must start with http://, unlike {url:?}"))
        })?;
        let (authority, path) = rest.split_once('/').unwrap_or((rest, ""));
        Ok(Self {
            method,
            authority: authority.to_owned(),
            target: format!("/{path}"),
            bearer,
        })
    }

    /// Returns the request's head; there is no body.
    fn head(&self) -> String {
        let authorization = self
            .bearer
            .as_ref()
            .map(|secret| format!("Authorization: Bearer {}\r\n", secret.expose()))
            .unwrap_or_default();
        format!(
            "{} {} HTTP/1.1\r\nHost: {}\r\nConnection: close\r\nContent-Length: 0\r\n\
             Content-Type: application/vnd.api+json\r\n{authorization}\r\n",
            self.method, self.target, self.authority
        )
    }
}

fn send(request: &HttpRequest) -> Result<(), Failure> {
    let failed = |error| Failure::other(format!("{} {}", request.method, request.target), error);
    let mut stream = TcpStream::connect(&request.authority).map_err(failed)?;
    stream
        .set_read_timeout(Some(Duration::from_secs(30)))
        .and_then(|()| stream.write_all(request.head().as_bytes()))
        .map_err(failed)?;
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).map_err(failed)?;
    let answer = String::from_utf8_lossy(&answer);
    let (head, body) = answer
        .split_once("\r\n\r\n")
        .ok_or_else(|| Failure::other(&request.target, "the connection ended before an answer"))?;
    print(body);
    if !body.is_empty() && !body.ends_with('\n') {
        print("\n");
    }
    let status_line = head.lines().next().unwrap_or_default();
    let status = status_line.split(' ').nth(1).unwrap_or_default();
    if status.len() == 3 && status.starts_with('2') {
        Ok(())
    } else {
        Err(Failure::other(
            format!("{} {}", request.method, request.target),
            status_line,
        ))
    }
}
