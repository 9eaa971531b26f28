//! Names, with name servers of our own on port 53.

use std::net::{IpAddr, SocketAddr};

use hickory_proto::op::{Message, ResponseCode};
use hickory_proto::rr::{RData, Record, RecordType};
use tokio::net::UdpSocket;

use crate::namespace;
use crate::pki::{Node, authority, pem, server};
use crate::table::{Row, compare};
use crate::terraform::Case;

/// What a name server does.
#[derive(Clone, Copy, PartialEq)]
enum Conduct {
    Answer,
    Silence,
    /// Does not answer questions for addresses of IPv6.
    SilenceForV6,
    Fail(ResponseCode),
}

/// Starts a name server, for which every name is this machine.
async fn start(address: IpAddr, conduct: Conduct) -> tokio::task::JoinHandle<()> {
    let socket = UdpSocket::bind(SocketAddr::new(address, 53)).await.unwrap();
    tokio::spawn(async move {
        let mut buffer = [0; 1500];
        while let Ok((length, client)) = socket.recv_from(&mut buffer).await {
            let question = Message::from_vec(&buffer[..length]).unwrap();
            let query = question.queries[0].clone();
            let is_v4 = query.query_type() == RecordType::A;
            let mut answer = Message::response(question.metadata.id, question.metadata.op_code);
            answer.metadata.recursion_available = true;
            answer.add_query(query.clone());
            match conduct {
                Conduct::Silence => continue,
                Conduct::SilenceForV6 if !is_v4 => continue,
                Conduct::Fail(code) => answer.metadata.response_code = code,
                Conduct::Answer | Conduct::SilenceForV6 => {
                    let here = RData::A(std::net::Ipv4Addr::LOCALHOST.into());
                    let name = query.name().clone();
                    answer
                        .answers
                        .extend(is_v4.then(|| Record::from_rdata(name, 60, here)));
                }
            }
            socket
                .send_to(&answer.to_vec().unwrap(), client)
                .await
                .unwrap();
        }
    })
}

#[tokio::test]
async fn names_are_resolved_as_terraform_resolves_them() {
    let resolv_conf = "nameserver 127.0.0.1\nnameserver 127.0.0.2\nnameserver 127.0.0.3\n";
    let here = "names::names_are_resolved_as_terraform_resolves_them";
    if !namespace::enter(here, ["127.0.0.1 localhost\n", resolv_conf]) {
        return;
    }
    let root = Node::self_signed(authority("root"));
    let leaf = root.issue(server(&["tfe.example.com"]));
    let service = crate::server::start(vec![leaf.certificate.clone()], &leaf.key()).await;
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("root.pem");
    std::fs::write(&file, pem(&root.certificate)).unwrap();
    let case = Case {
        host: format!("tfe.example.com:{}", service.port()),
        skip_verify: false,
        variables: vec![("SSL_CERT_FILE", file.display().to_string())],
    };
    use Conduct::{Answer, Fail, Silence, SilenceForV6};
    let mut rows = Vec::new();
    for (what, conducts) in [
        ("The first answers", [Answer, Silence, Silence]),
        ("The first does not answer", [Silence, Answer, Answer]),
        ("The first two do not answer", [Silence, Silence, Answer]),
        (
            "The first fails (SERVFAIL)",
            [Fail(ResponseCode::ServFail), Answer, Answer],
        ),
        (
            "The first refuses (REFUSED)",
            [Fail(ResponseCode::Refused), Answer, Answer],
        ),
        (
            "The first says that the name does not exist (NXDOMAIN)",
            [Fail(ResponseCode::NXDomain), Answer, Answer],
        ),
        (
            "The first does not answer for IPv6",
            [SilenceForV6, Answer, Answer],
        ),
    ] {
        let mut servers = Vec::new();
        for (number, conduct) in (1..).zip(conducts) {
            servers.push(start(IpAddr::from([127, 0, 0, number]), conduct).await);
        }
        rows.push(Row::of(what, &case, "").await);
        for server in servers {
            server.abort();
            let _ = server.await;
        }
    }
    compare("names", "The servers of `/etc/resolv.conf`", &rows);
}
