//! [`NameServer`]: a server of DNS on loopback, by another implementation of its messages.

use std::collections::BTreeMap;
use std::net::{IpAddr, SocketAddr};
use std::sync::{Arc, Mutex};

use hickory_proto::op::{Message, ResponseCode};
use hickory_proto::rr::{RData, Record, RecordType};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, UdpSocket};

/// What a server does with every question.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Conduct {
    /// Answers for the names it knows, NXDOMAIN for others.
    Answer,
    /// The same, but over UDP only an answer that is marked as truncated.
    Truncate,
    /// Answers with this code.
    Fail(ResponseCode),
    /// The same, for addresses of IPv6 only.
    FailForV6(ResponseCode),
    /// Does not answer.
    Silence,
    /// Does not answer questions for addresses of this type.
    SilenceFor(RecordType),
    /// Sends garbage and an answer to another question, and then the answer.
    Babble,
    /// Is not recursive and knows no name.
    Refer,
}

/// A query: over UDP or TCP, and for which name.
pub(super) type Query = (&'static str, String);

pub(super) struct NameServer {
    pub(super) ip: IpAddr,
    asked: Arc<Mutex<Vec<Query>>>,
}

/// Names without the last dot, and their addresses.
pub(super) type Known<'a> = &'a [(&'a str, &'a [&'a str])];

impl NameServer {
    /// Starts servers of these conducts, on addresses of their own. Returns them and the port of all.
    pub(super) async fn start(conducts: &[Conduct], known: Known<'_>) -> (Vec<Self>, u16) {
        // A port that is free on one address nearly always is on the others.
        for _ in 0..20 {
            let port = free_port().await;
            let mut servers = Vec::new();
            for (number, conduct) in (1..).zip(conducts) {
                let ip = IpAddr::from([127, 0, 0, number]);
                servers.extend(Self::listen((ip, port).into(), *conduct, known).await);
            }
            if servers.len() == conducts.len() {
                return (servers, port);
            }
        }
        panic!("no port is free for {} servers", conducts.len());
    }

    async fn listen(address: SocketAddr, conduct: Conduct, known: Known<'_>) -> Option<Self> {
        let udp = UdpSocket::bind(address).await.ok()?;
        let tcp = TcpListener::bind(address).await.ok()?;
        let asked = Arc::<Mutex<Vec<Query>>>::default();
        let answers = Answers {
            conduct,
            known: known
                .iter()
                .map(|(name, addresses)| {
                    let addresses = addresses.iter().map(|ip| ip.parse().unwrap());
                    (format!("{name}."), addresses.collect())
                })
                .collect(),
            asked: Arc::clone(&asked),
        };
        tokio::spawn(over_udp(udp, answers.clone()));
        tokio::spawn(over_tcp(tcp, answers));
        Some(Self {
            ip: address.ip(),
            asked,
        })
    }

    /// Returns how many queries it has received.
    pub(super) fn times(&self) -> usize {
        self.asked.lock().unwrap().len()
    }

    /// Returns the queries in order, without repeated ones.
    pub(super) fn asked(&self) -> Vec<Query> {
        let mut asked = self.asked.lock().unwrap().clone();
        asked.dedup();
        asked
    }
}

async fn free_port() -> u16 {
    let socket = UdpSocket::bind("127.0.0.1:0").await.unwrap();
    socket.local_addr().unwrap().port()
}

async fn over_udp(socket: UdpSocket, answers: Answers) {
    let mut buffer = [0; 1500];
    loop {
        let (length, client) = socket.recv_from(&mut buffer).await.unwrap();
        for answer in answers.of(&buffer[..length], "udp") {
            socket.send_to(&answer, client).await.unwrap();
        }
    }
}

async fn over_tcp(listener: TcpListener, answers: Answers) {
    loop {
        let (mut stream, _) = listener.accept().await.unwrap();
        let length = stream.read_u16().await.unwrap();
        let mut question = vec![0; length.into()];
        stream.read_exact(&mut question).await.unwrap();
        for answer in answers.of(&question, "tcp") {
            let length = u16::try_from(answer.len()).unwrap();
            stream.write_u16(length).await.unwrap();
            stream.write_all(&answer).await.unwrap();
        }
    }
}

#[derive(Clone)]
struct Answers {
    conduct: Conduct,
    known: BTreeMap<String, Vec<IpAddr>>,
    asked: Arc<Mutex<Vec<Query>>>,
}

impl Answers {
    /// The messages that go back.
    fn of(&self, question: &[u8], way: &'static str) -> Vec<Vec<u8>> {
        let question = Message::from_vec(question).unwrap();
        let query = question.queries[0].clone();
        let name = query.name().to_string();
        self.asked.lock().unwrap().push((way, name.clone()));
        let mut answer = Message::response(question.metadata.id, question.metadata.op_code);
        answer.metadata.recursion_available = self.conduct != Conduct::Refer;
        answer.add_query(query.clone());
        match (self.conduct, self.known.get(&name)) {
            (Conduct::Silence, _) => return Vec::new(),
            (Conduct::SilenceFor(silent), _) if query.query_type() == silent => return Vec::new(),
            (Conduct::Fail(code), _) => answer.metadata.response_code = code,
            (Conduct::FailForV6(code), _) if query.query_type() == RecordType::AAAA => {
                answer.metadata.response_code = code;
            }
            (Conduct::Refer, _) => {}
            (Conduct::Truncate, _) if way == "udp" => answer.metadata.truncation = true,
            (_, None) => answer.metadata.response_code = ResponseCode::NXDomain,
            (_, Some(addresses)) => {
                for data in addresses.iter().map(|ip| RData::from(*ip)) {
                    if data.record_type() == query.query_type() {
                        answer.add_answer(Record::from_rdata(query.name().clone(), 60, data));
                    }
                }
            }
        }
        let answer = answer.to_vec().unwrap();
        if self.conduct == Conduct::Babble && way == "udp" {
            let mut forged = answer.clone();
            forged[0] ^= 0xff;
            return vec![b"?".to_vec(), forged, answer];
        }
        vec![answer]
    }
}
