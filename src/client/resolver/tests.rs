//! The resolver with the test's name servers on localhost.

mod name_server;

use hickory_proto::op::ResponseCode;
use hickory_proto::rr::RecordType;

use self::name_server::{Conduct, Known, NameServer};
use super::hosts::HOSTS;
use super::resolv_conf::RESOLV_CONF;
use std::time::Duration;

use super::*;

const SERVER: &str = "nameserver 127.0.0.1\n";

/// Shorter than the timeout of one query.
const SECOND: Duration = Duration::from_secs(1);

/// A name, the files, and the servers, as one test has them.
struct Case<'a> {
    conducts: &'a [Conduct],
    known: Known<'a>,
    resolv_conf: &'a str,
    hosts: &'a str,
}

impl<'a> Case<'a> {
    fn new(resolv_conf: &'a str, known: Known<'a>) -> Self {
        Self {
            conducts: &[Conduct::Answer],
            known,
            resolv_conf,
            hosts: "",
        }
    }

    /// Resolves a name. Returns its addresses, and the queries to each server.
    fn resolve(&self, name: &str) -> (Result<Vec<String>, String>, Vec<Vec<name_server::Query>>) {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .start_paused(true)
            .build()
            .unwrap();
        runtime.block_on(async {
            let (servers, port) = NameServer::start(self.conducts, self.known).await;
            let environment = Environment::in_memory()
                .file(RESOLV_CONF, self.resolv_conf)
                .file(HOSTS, self.hosts);
            let network = Network {
                port,
                ..Network::REAL
            };
            let found = Resolver::with(&environment, network).addresses(name).await;
            let found = found.map(|found| found.iter().map(|one| one.ip().to_string()).collect());
            let asked = servers.iter().map(NameServer::asked).collect();
            (found.map_err(|error| error.to_string()), asked)
        })
    }

    /// Checks the addresses of a name, and the queries to one server over UDP.
    #[track_caller]
    fn check(&self, name: &str, expected: &[&str], asked: &[&str]) {
        let (found, servers) = self.resolve(name);
        assert_eq!(found.unwrap(), expected);
        let asked: Vec<_> = asked.iter().map(|&name| ("udp", name.to_owned())).collect();
        assert_eq!(servers, [asked]);
    }
}

const KNOWN: Known<'static> = &[("tfe.example.com", &["192.0.2.7", "2001:db8::7"])];

/// Checks the result with servers of these conducts, and the number of queries to each.
#[track_caller]
fn check(conducts: &[Conduct], options: &str, expected: Result<(), &str>, asked: &[usize]) {
    let servers = "nameserver 127.0.0.1\nnameserver 127.0.0.2\nnameserver 127.0.0.3\n";
    let lines: String = servers.split_inclusive('\n').take(conducts.len()).collect();
    let resolv_conf = format!("{lines}{options}");
    let case = Case {
        conducts,
        ..Case::new(&resolv_conf, KNOWN)
    };
    let (found, servers) = case.resolve("tfe.example.com");
    let found = found.map(|found| assert_eq!(found, ["192.0.2.7", "2001:db8::7"]));
    let because = "cannot resolve tfe.example.com: /etc/hosts does not name it, ";
    assert_eq!(found, expected.map_err(|why| format!("{because}{why}")));
    let times: Vec<usize> = servers.iter().map(Vec::len).collect();
    assert_eq!(times, asked, "{servers:?}");
}

#[test]
fn both_families_are_queried() {
    for addresses in [
        ["192.0.2.7", "2001:db8::7"].as_slice(),
        &["192.0.2.7"],
        &["2001:db8::7"],
    ] {
        let known = [("tfe.example.com", addresses)];
        Case::new(SERVER, &known).check("tfe.example.com", addresses, &["tfe.example.com."]);
    }
}

#[test]
fn a_short_name_is_tried_in_the_search_domains_first() {
    let resolv_conf = format!("{SERVER}search a.example b.example\n");
    let known = [("tfe.b.example", ["192.0.2.7"].as_slice())];
    Case::new(&resolv_conf, &known).check(
        "tfe",
        &["192.0.2.7"],
        &["tfe.a.example.", "tfe.b.example."],
    );
}

#[test]
fn a_name_with_ndots_dots_is_tried_first() {
    let known = [
        ("tfe.corp", ["192.0.2.1"].as_slice()),
        ("tfe.corp.a.example", &["192.0.2.2"]),
    ];
    for (ndots, expected, asked) in [
        (1, "192.0.2.1", "tfe.corp."),
        (2, "192.0.2.2", "tfe.corp.a.example."),
    ] {
        let resolv_conf = format!("{SERVER}search a.example\noptions ndots:{ndots}\n");
        Case::new(&resolv_conf, &known).check("tfe.corp", &[expected], &[asked]);
    }
}

#[test]
fn a_name_that_ends_with_a_dot_is_not_searched() {
    let resolv_conf = format!("{SERVER}search a.example\n");
    let known = [("tfe", ["192.0.2.7"].as_slice())];
    Case::new(&resolv_conf, &known).check("tfe.", &["192.0.2.7"], &["tfe."]);
}

/// Asking for the family that the file lacks would wait for a server that may be out of reach.
#[test]
fn an_entry_of_the_hosts_file_wins() {
    let case = Case {
        hosts: "# local\n192.0.2.7 tfe.example.com tfe # ours\n\nnonsense tfe\n2001:db8::8 six\n",
        ..Case::new(SERVER, KNOWN)
    };
    for (name, expected) in [
        ("tfe.example.com", "192.0.2.7"),
        ("TFE.example.com", "192.0.2.7"),
        ("tfe.example.com.", "192.0.2.7"),
        ("tfe", "192.0.2.7"),
        ("six", "2001:db8::8"),
    ] {
        case.check(name, &[expected], &[]);
    }
}

#[tokio::test]
async fn an_address_of_the_hosts_file_may_have_a_zone() {
    let environment = Environment::in_memory()
        .file("/sys/class/net/eth0/ifindex", "7\n")
        .file(
            HOSTS,
            "fe80::1%eth0 one\nfe80::2%5 two\nfe80::3%../eth0 three\nfe80::4%none four\n",
        );
    let resolver = Resolver::new(&environment);
    for (name, expected) in [("one", "[fe80::1%7]:0"), ("two", "[fe80::2%5]:0")] {
        let found = resolver.addresses(name).await.unwrap();
        assert_eq!(found, [expected.parse().unwrap()]);
    }
    assert_eq!(Hosts::read(&environment.files()).addresses("three"), []);
    assert_eq!(Hosts::read(&environment.files()).addresses("four"), []);
}

#[test]
fn localhost_needs_neither_file_nor_server() {
    for name in ["localhost", "LOCALHOST.", "tfe.localhost"] {
        Case::new("", &[]).check(name, &["127.0.0.1", "::1"], &[]);
    }
}

#[test]
fn search_domains_are_used_with_the_default_servers() {
    let known = [("tfe.a.example", ["192.0.2.7"].as_slice())];
    Case::new("search a.example", &known).check("tfe", &["192.0.2.7"], &["tfe.a.example."]);
}

#[test]
fn a_truncated_answer_is_queried_over_tcp() {
    let case = Case {
        conducts: &[Conduct::Truncate],
        ..Case::new(SERVER, KNOWN)
    };
    let (found, asked) = case.resolve("tfe.example.com");
    assert_eq!(found.unwrap(), ["192.0.2.7", "2001:db8::7"]);
    let mut ways: Vec<_> = asked[0].iter().map(|(way, _)| *way).collect();
    ways.dedup();
    assert!(
        ways.starts_with(&["udp"]) && ways.ends_with(&["tcp"]),
        "{ways:?}"
    );
}

#[test]
fn use_vc_means_tcp_only() {
    let resolv_conf = format!("{SERVER}options use-vc\n");
    let (found, asked) = Case::new(&resolv_conf, KNOWN).resolve("tfe.example.com");
    assert_eq!(found.unwrap(), ["192.0.2.7", "2001:db8::7"]);
    assert_eq!(asked, [[("tcp", "tfe.example.com.".to_owned())]]);
}

#[test]
fn messages_that_answer_another_question_are_ignored() {
    check(&[Conduct::Babble], "", Ok(()), &[1]);
}

#[test]
fn the_next_server_is_queried_when_one_fails_or_does_not_answer() {
    let servfail = Conduct::Fail(ResponseCode::ServFail);
    let refused = Conduct::Fail(ResponseCode::Refused);
    for bad in [servfail, refused, Conduct::Silence, Conduct::Refer] {
        check(&[bad, Conduct::Answer], "", Ok(()), &[1, 1]);
    }
    check(
        &[servfail, Conduct::Silence, Conduct::Answer],
        "",
        Ok(()),
        &[1, 1, 1],
    );
}

/// The second server may be a public one, which must not learn the names of a private network.
#[test]
fn only_the_first_server_is_queried_while_it_answers() {
    check(&[Conduct::Answer, Conduct::Answer], "", Ok(()), &[1, 0]);
    let case = Case {
        conducts: &[Conduct::Answer, Conduct::Answer],
        ..Case::new("nameserver 127.0.0.1\nnameserver 127.0.0.2\n", &[])
    };
    let (found, asked) = case.resolve("tfe.example.com");
    assert_eq!(
        found.unwrap_err(),
        "cannot resolve tfe.example.com: /etc/hosts does not name it, 127.0.0.1 says that it does \
         not exist"
    );
    assert_eq!(asked[1], []);
}

#[test]
fn one_family_is_enough() {
    let bad = Conduct::FailForV6(ResponseCode::ServFail);
    let case = Case {
        conducts: &[bad],
        ..Case::new(SERVER, KNOWN)
    };
    case.check("tfe.example.com", &["192.0.2.7"], &["tfe.example.com."]);
}

/// Nine seconds were the limit, so that the third server was never queried. In Go it is.
#[test]
fn a_server_after_two_that_do_not_answer_is_queried() {
    let conducts = [Conduct::Silence, Conduct::Silence, Conduct::Answer];
    check(&conducts, "", Ok(()), &[1, 1, 1]);
}

/// Firewalls drop questions for addresses of IPv6. Both families were waited for, for nine seconds.
#[tokio::test(start_paused = true)]
async fn a_family_without_an_answer_does_not_hold_up_the_other() {
    for (silent, expected) in [
        (RecordType::AAAA, "192.0.2.7:0"),
        (RecordType::A, "[2001:db8::7]:0"),
    ] {
        for options in ["", "options single-request\n"] {
            let (_servers, port) = NameServer::start(&[Conduct::SilenceFor(silent)], KNOWN).await;
            let environment =
                Environment::in_memory().file(RESOLV_CONF, format!("{SERVER}{options}"));
            let network = Network {
                port,
                ..Network::REAL
            };
            let start = tokio::time::Instant::now();
            let resolver = Resolver::with(&environment, network);
            let found = resolver.addresses("tfe.example.com").await.unwrap();
            assert_eq!(found, [expected.parse().unwrap()]);
            // One after the other, the first must fail before the second is queried.
            let limit = if options.is_empty() {
                SECOND
            } else {
                12 * SECOND
            };
            assert!(
                start.elapsed() < limit,
                "{silent} {options}: {:?}",
                start.elapsed()
            );
        }
    }
}

#[test]
fn an_error_names_each_server_and_its_answer() {
    check(
        &[Conduct::Fail(ResponseCode::ServFail), Conduct::Silence],
        "options timeout:1 attempts:1",
        Err("127.0.0.1 failed (SERVFAIL), 127.0.0.2 did not answer in time"),
        &[1, 1],
    );
    check(
        &[Conduct::Fail(ResponseCode::Refused), Conduct::Refer],
        "",
        Err("127.0.0.1 refused (REFUSED), 127.0.0.2 does not look names up for us"),
        &[1, 1],
    );
    check(
        &[Conduct::Fail(ResponseCode::FormErr)],
        "",
        Err("127.0.0.1 failed (code 1)"),
        &[1],
    );
}

#[tokio::test]
async fn a_server_that_cannot_be_reached_is_named() {
    let closed = tokio::net::UdpSocket::bind("127.0.0.1:0").await.unwrap();
    let network = Network {
        port: closed.local_addr().unwrap().port(),
        ..Network::REAL
    };
    drop(closed);
    let environment = Environment::in_memory().file(RESOLV_CONF, "nameserver 127.0.0.1\n");
    let resolver = Resolver::with(&environment, network);
    let error = resolver.addresses("tfe.example.com").await.unwrap_err();
    let words = "127.0.0.1 could not be asked (Connection refused";
    assert!(error.to_string().contains(words), "{error}");
}

#[tokio::test]
async fn an_invalid_name_is_an_error() {
    let resolver = Resolver::new(&Environment::in_memory());
    for name in ["a..b", "hidden.onion", &"a".repeat(300)] {
        let error = resolver.addresses(name).await.unwrap_err().to_string();
        assert!(
            error.contains("no name that servers are asked for"),
            "{error}"
        );
    }
}

/// `rotate` spreads questions over the servers.
#[tokio::test]
async fn rotate_starts_each_question_with_another_server() {
    let conducts = [Conduct::Answer, Conduct::Answer];
    for (options, asked) in [("", [2, 0]), ("options rotate\n", [1, 1])] {
        let (servers, port) = NameServer::start(&conducts, KNOWN).await;
        let text = format!("nameserver 127.0.0.1\nnameserver 127.0.0.2\n{options}");
        let environment = Environment::in_memory().file(RESOLV_CONF, text);
        let network = Network {
            port,
            ..Network::REAL
        };
        let resolver = Resolver::with(&environment, network);
        resolver.addresses("tfe.example.com").await.unwrap();
        let times: Vec<usize> = servers.iter().map(NameServer::times).collect();
        assert_eq!(times, asked, "{options}");
        assert_eq!(servers[0].ip.to_string(), "127.0.0.1");
    }
}

/// The timeout is shorter than that of a connection, so that the error names the servers.
#[tokio::test]
async fn a_name_has_a_timeout() {
    let (_, port) = NameServer::start(&[Conduct::Silence], &[]).await;
    let environment =
        Environment::in_memory().file(RESOLV_CONF, format!("{SERVER}options attempts:100\n"));
    let network = Network {
        port,
        timeout: SECOND,
        ..Network::REAL
    };
    let resolver = Resolver::with(&environment, network);
    let error = resolver.addresses("tfe.example.com");
    let error = tokio::time::timeout(Duration::from_secs(60), error)
        .await
        .expect("it ends")
        .unwrap_err();
    assert!(
        error
            .to_string()
            .ends_with("127.0.0.1 did not answer in time"),
        "{error}"
    );
}
