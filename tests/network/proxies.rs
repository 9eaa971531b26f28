//! Proxies: which values of the variables are used, and for which hosts.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};

use crate::namespace;
use crate::pki::{Node, authority, pem, server};
use crate::table::{Row, compare};
use crate::terraform::{Case, Verdict};

const NAME: &str = "tfe.example.com";

/// Values of `HTTPS_PROXY`, where `<proxy>` is an address.
const VALUES: [(&str, &str); 28] = [
    ("http://<proxy>", ""),
    ("<proxy>", ""),
    ("HTTP://<proxy>/", ""),
    ("http://user:password@<proxy>", ""),
    ("http://user:p%40ss@<proxy>", ""),
    ("http://user:p@ss@<proxy>", ""),
    ("http://user@<proxy>", ""),
    ("user:password@<proxy>", ""),
    ("http://<proxy>/path?query", ""),
    (" http://<proxy>", TRIMMED),
    ("http://<proxy> ", TRIMMED),
    ("http://${PROXY_HOST}:3128", ""),
    ("${PROXY_HOST}:3128", IGNORED),
    ("http://proxy:port", ""),
    ("http://proxy host:3128", ""),
    ("http://user:p#ss@<proxy>", ""),
    ("http://user:p%ss@<proxy>", PERCENT),
    ("http://DOMAIN\\user:password@<proxy>", ""),
    ("http://user:12/34@<proxy>", ""),
    ("http://:3128", ""),
    ("PROXY <proxy>; DIRECT", IGNORED),
    ("file:///proxy.pac", ""),
    ("pac+http://<proxy>/proxy.pac", PAC),
    ("socks4://<proxy>", SCHEME),
    ("ftp://<proxy>", SCHEME),
    ("://<proxy>", ""),
    ("   ", ""),
    ("", ""),
];

const TRIMMED: &str = "Terraform ignores the value because of the space.";
const SCHEME: &str = "Terraform takes it for `http://`, which is to be written.";
const IGNORED: &str = "Terraform ignores the value and connects directly.";
const PAC: &str = "Terraform takes it for `http://`. The provider does not read a PAC file.";
const PERCENT: &str = "A `%` that encodes nothing stands for itself.";

/// Values of `NO_PROXY`.
const EXCEPTIONS: [&str; 22] = [
    "tfe.example.com",
    "TFE.example.COM",
    "example.com",
    ".example.com",
    "*.example.com",
    ".tfe.example.com",
    "*",
    "a.example, example.com",
    "a.example example.com",
    "*,a.example",
    "*example.com",
    "ample.com",
    "com",
    ".com.",
    "example.com:",
    "example.com:1",
    "example.com:port",
    "127.0.0.1",
    "127.0.0.0/8",
    "0.0.0.0/0",
    "https://tfe.example.com",
    ",,",
];

/// A proxy that connects every client to the service, and counts them.
async fn proxy(service: SocketAddr) -> (SocketAddr, Arc<AtomicUsize>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let count = Arc::new(AtomicUsize::new(0));
    let counted = Arc::clone(&count);
    tokio::spawn(async move {
        while let Ok((mut client, _)) = listener.accept().await {
            let counted = Arc::clone(&counted);
            tokio::spawn(async move {
                let mut head = Vec::new();
                while !head.ends_with(b"\r\n\r\n") {
                    head.push(client.read_u8().await?);
                }
                assert!(head.starts_with(b"CONNECT "));
                counted.fetch_add(1, Ordering::Relaxed);
                client.write_all(b"HTTP/1.1 200 -\r\n\r\n").await?;
                let mut service = TcpStream::connect(service).await?;
                tokio::io::copy_bidirectional(&mut client, &mut service).await
            });
        }
    });
    (address, count)
}

/// Says whether a host was reached through the proxy.
fn way(verdict: Verdict, count: &AtomicUsize) -> Verdict {
    let used = count.swap(0, Ordering::Relaxed) > 0;
    verdict.map(|_| {
        if used {
            "through the proxy"
        } else {
            "directly"
        }
    })
}

#[tokio::test]
async fn a_proxy_is_used_as_terraform_uses_it() {
    let hosts = format!("127.0.0.1 localhost\n127.0.0.1 {NAME}\n");
    let here = "proxies::a_proxy_is_used_as_terraform_uses_it";
    if !namespace::enter(here, [&hosts, "nameserver 127.0.0.1\n"]) {
        return;
    }
    let root = Node::self_signed(authority("root"));
    let leaf = root.issue(server(&[NAME]));
    let service = crate::server::start(vec![leaf.certificate.clone()], &leaf.key()).await;
    let (address, count) = proxy(service).await;
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("root.pem");
    std::fs::write(&file, pem(&root.certificate)).unwrap();
    let values = VALUES.map(|(value, note)| ("HTTPS_PROXY", value, note));
    let exceptions = EXCEPTIONS.map(|value| ("NO_PROXY", value, ""));
    let mut rows = Vec::new();
    for (variable, value, note) in values.into_iter().chain(exceptions) {
        let named = value.replace("<proxy>", &address.to_string());
        let mut variables = vec![("SSL_CERT_FILE", file.display().to_string())];
        if variable == "NO_PROXY" {
            variables.push(("HTTPS_PROXY", address.to_string()));
        }
        variables.push((variable, named));
        let case = Case {
            host: format!("{NAME}:{}", service.port()),
            skip_verify: false,
            variables,
        };
        let terraform = way(case.terraform().await, &count);
        let provider = way(case.client().await, &count);
        let shown = value
            .replace("<proxy>", "10.0.0.1:3128")
            .replace('|', "\\|");
        let what: &'static str = format!("`{variable}={shown:?}`").leak();
        rows.push(Row {
            what,
            terraform,
            provider,
            note,
        });
    }
    compare("proxies", "Variable", &rows);
}
