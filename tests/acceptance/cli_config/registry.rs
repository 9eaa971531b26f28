//! [`Registry`]: module registries on localhost, which have no module and record the tokens they get.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Mutex};

/// Tokens by host; `None` for a request without one.
type Tokens = BTreeMap<String, Option<String>>;

/// One listener for all hosts, which differ in their paths.
pub(crate) struct Registry {
    address: SocketAddr,
    tokens: Arc<Mutex<Tokens>>,
}

impl Registry {
    pub(crate) fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let tokens = Arc::<Mutex<Tokens>>::default();
        let seen = Arc::clone(&tokens);
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let seen = Arc::clone(&seen);
                std::thread::spawn(move || answer(stream, &seen));
            }
        });
        Self { address, tokens }
    }

    /// Returns the URL of a host's modules.
    pub(crate) fn url(&self, host: &str) -> String {
        format!("http://{}/{host}/", self.address)
    }

    pub(crate) fn tokens(&self) -> Tokens {
        self.tokens.lock().unwrap().clone()
    }
}

/// Answers every request of a connection with 404.
fn answer(stream: TcpStream, seen: &Mutex<Tokens>) {
    let Ok(mut writer) = stream.try_clone() else {
        return;
    };
    let mut lines = BufReader::new(stream).lines().map_while(Result::ok);
    while let Some(start) = lines.next() {
        let host = start.split('/').nth(1).unwrap_or_default().to_owned();
        let token = lines
            .by_ref()
            .take_while(|line| !line.is_empty())
            .filter_map(|line| {
                line.strip_prefix("Authorization: Bearer ")
                    .map(str::to_owned)
            })
            .last();
        seen.lock().unwrap().insert(host, token);
        if writer
            .write_all(b"HTTP/1.1 404 -\r\ncontent-length: 0\r\n\r\n")
            .is_err()
        {
            return;
        }
    }
}
