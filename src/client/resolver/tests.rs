//! The resolver against a name server of the test's own, on loopback.

use std::collections::BTreeMap;
use std::error::Error as _;
use std::sync::Mutex;

use hickory_resolver::proto::op::{Message, ResponseCode};
use hickory_resolver::proto::rr::{RData, Record};
use tokio::net::UdpSocket;

use super::*;

/// Answers for the names it knows, NXDOMAIN for others, and remembers what it was asked.
struct NameServer {
    port: u16,
    asked: Arc<Mutex<Vec<String>>>,
}

impl NameServer {
    async fn start(known: &[(&str, &[&str])]) -> Self {
        let socket = UdpSocket::bind("127.0.0.1:0").await.unwrap();
        let port = socket.local_addr().unwrap().port();
        let known: BTreeMap<String, Vec<IpAddr>> = known
            .iter()
            .map(|(name, addresses)| {
                let addresses = addresses.iter().map(|ip| ip.parse().unwrap());
                (format!("{name}."), addresses.collect())
            })
            .collect();
        let asked = Arc::<Mutex<Vec<String>>>::default();
        let record = Arc::clone(&asked);
        tokio::spawn(async move {
            let mut buffer = [0; 1500];
            loop {
                let (length, client) = socket.recv_from(&mut buffer).await.unwrap();
                let question = Message::from_vec(&buffer[..length]).unwrap();
                let answer = answer(&question, &known, &record);
                socket.send_to(&answer, client).await.unwrap();
            }
        });
        Self { port, asked }
    }

    /// A resolver whose servers are this one, by these files.
    fn resolver(&self, resolv_conf: &str, hosts: &str) -> Resolver {
        let environment = Environment::for_test()
            .file(RESOLV_CONF, resolv_conf)
            .file(HOSTS, hosts);
        Resolver {
            port: Some(self.port),
            ..Resolver::new(&environment)
        }
    }

    /// The names it was asked for, each once, in order.
    fn asked(&self) -> Vec<String> {
        let mut asked = self.asked.lock().unwrap().clone();
        asked.dedup();
        asked
    }
}

fn answer(
    question: &Message,
    known: &BTreeMap<String, Vec<IpAddr>>,
    record: &Mutex<Vec<String>>,
) -> Vec<u8> {
    let query = question.queries[0].clone();
    let name = query.name().to_string();
    record.lock().unwrap().push(name.clone());
    let mut answer = Message::response(question.metadata.id, question.metadata.op_code);
    match known.get(&name) {
        None => answer.metadata.response_code = ResponseCode::NXDomain,
        Some(addresses) => {
            for data in addresses.iter().map(|ip| RData::from(*ip)) {
                if data.record_type() == query.query_type() {
                    answer.add_answer(Record::from_rdata(query.name().clone(), 60, data));
                }
            }
        }
    }
    answer.add_query(query);
    answer.to_vec().unwrap()
}

const SERVER: &str = "nameserver 127.0.0.1\n";

/// The addresses of a name, in order of number, and what the server was asked for it.
#[track_caller]
fn check(
    resolv_conf: &str,
    hosts: &str,
    known: &[(&str, &[&str])],
    name: &str,
    expected: &[&str],
    asked: &[&str],
) {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    runtime.block_on(async {
        let server = NameServer::start(known).await;
        let resolver = server.resolver(resolv_conf, hosts);

        let mut found = resolver.addresses(name).await.unwrap_or_default();

        found.sort();
        let found: Vec<String> = found.iter().map(ToString::to_string).collect();
        assert_eq!(found, expected);
        assert_eq!(server.asked(), asked);
    });
}

#[test]
fn a_server_is_asked_for_both_families() {
    for addresses in [
        ["192.0.2.7", "2001:db8::7"].as_slice(),
        &["192.0.2.7"],
        &["2001:db8::7"],
    ] {
        let known = [("tfe.example.com", addresses)];
        check(
            SERVER,
            "",
            &known,
            "tfe.example.com",
            addresses,
            &["tfe.example.com."],
        );
    }
}

#[test]
fn a_short_name_is_looked_for_in_the_search_domains_first() {
    let resolv_conf = format!("{SERVER}search a.example b.example\n");
    let known = [("tfe.b.example", ["192.0.2.7"].as_slice())];
    check(
        &resolv_conf,
        "",
        &known,
        "tfe",
        &["192.0.2.7"],
        &["tfe.a.example.", "tfe.b.example."],
    );
}

#[test]
fn as_many_dots_as_ndots_make_a_name_whole() {
    let known = [
        ("tfe.corp", ["192.0.2.1"].as_slice()),
        ("tfe.corp.a.example", &["192.0.2.2"]),
    ];
    for (ndots, expected, asked) in [
        (1, "192.0.2.1", "tfe.corp."),
        (2, "192.0.2.2", "tfe.corp.a.example."),
    ] {
        let resolv_conf = format!("{SERVER}search a.example\noptions ndots:{ndots}\n");
        check(&resolv_conf, "", &known, "tfe.corp", &[expected], &[asked]);
    }
}

#[test]
fn a_name_that_ends_with_a_dot_is_whole() {
    let resolv_conf = format!("{SERVER}search a.example\n");
    let known = [("tfe", ["192.0.2.7"].as_slice())];
    check(&resolv_conf, "", &known, "tfe.", &["192.0.2.7"], &["tfe."]);
}

/// Asking for the family that the file lacks would wait for a server that may be out of reach.
#[test]
fn what_the_hosts_file_says_is_the_answer() {
    let hosts = "# local\n192.0.2.7 tfe.example.com tfe # ours\n\nnonsense tfe\n2001:db8::8 six\n";
    let known = [("tfe.example.com", ["192.0.2.1", "2001:db8::1"].as_slice())];
    for (name, expected) in [
        ("tfe.example.com", "192.0.2.7"),
        ("TFE.example.com", "192.0.2.7"),
        ("tfe.example.com.", "192.0.2.7"),
        ("tfe", "192.0.2.7"),
        ("six", "2001:db8::8"),
    ] {
        check(SERVER, hosts, &known, name, &[expected], &[]);
    }
}

#[test]
fn localhost_needs_neither_file_nor_server() {
    check("", "", &[], "localhost", &["127.0.0.1", "::1"], &[]);
}

#[track_caller]
fn check_servers(resolv_conf: Option<&str>, expected: &str) {
    let mut environment = Environment::for_test();
    if let Some(text) = resolv_conf {
        environment = environment.file(RESOLV_CONF, text);
    }
    assert_eq!(servers(&configuration(&environment).unwrap().0), expected);
}

#[test]
fn asks_the_servers_of_the_system() {
    check_servers(
        Some("search example.com\nnameserver 192.0.2.1\nnameserver 2001:db8::1\n"),
        "192.0.2.1, 2001:db8::1",
    );
    check_servers(
        Some("\u{fffd} nonsense\nnameserver nonsense\nnameserver 192.0.2.1\n"),
        "192.0.2.1",
    );
}

#[test]
fn asks_this_machine_and_nobody_else_where_the_system_names_no_server() {
    for text in [
        None,
        Some(""),
        Some("search example.com\n#nameserver 192.0.2.1\n"),
        Some("nameserver nonsense"),
    ] {
        check_servers(text, "127.0.0.1, ::1");
    }
}

#[test]
fn search_domains_count_without_a_server() {
    let known = [("tfe.a.example", ["192.0.2.7"].as_slice())];
    check(
        "search a.example",
        "",
        &known,
        "tfe",
        &["192.0.2.7"],
        &["tfe.a.example."],
    );
}

#[tokio::test]
async fn an_error_says_who_was_asked_and_what_they_said() {
    let server = NameServer::start(&[]).await;
    let error = server
        .resolver(SERVER, "")
        .addresses("tfe.example.invalid")
        .await
        .unwrap_err();

    assert_eq!(
        error.to_string(),
        "cannot resolve tfe.example.invalid (/etc/hosts does not name it; asked 127.0.0.1)"
    );
    let cause = error.source().unwrap().to_string();
    assert!(cause.contains("no record"), "{cause}");
}

#[tokio::test]
async fn a_server_that_does_not_answer_is_named() {
    // Nobody reads from it.
    let silent = UdpSocket::bind("127.0.0.1:0").await.unwrap();
    let server = NameServer {
        port: silent.local_addr().unwrap().port(),
        asked: Arc::default(),
    };
    tokio::time::pause();

    let error = server
        .resolver("nameserver 127.0.0.1\noptions timeout:1 attempts:1\n", "")
        .addresses("tfe.example.com")
        .await
        .unwrap_err();

    assert!(error.to_string().contains("asked 127.0.0.1"), "{error}");
}
