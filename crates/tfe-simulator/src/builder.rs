//! [`Builder`]: sets a simulator up and starts it.

use std::fmt;
use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;

use chrono::{DateTime, NaiveDate, NaiveTime, Utc};
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use tokio::net::TcpListener;
use tokio_rustls::TlsAcceptor;

use crate::clock::Clock;
use crate::http2;
use crate::record::RecordedRequest;
use crate::server;
use crate::server_state::{Observer, ServerState};
use crate::service::Service;
use crate::service_state::ServiceState;
use crate::settings::{ServiceKind, Settings};
use crate::simulator::Simulator;

/// A simulator that is not started yet, from [`Simulator::builder`].
///
/// ```
/// use chrono::{TimeZone, Utc};
/// use tfe_simulator::{ServiceKind, Simulator, UserOnTrail};
///
/// # tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(async {
/// let simulator = Simulator::builder()
///     .kind(ServiceKind::HcpTerraform)
///     .clock(Utc.with_ymd_and_hms(2030, 1, 1, 0, 0, 0).unwrap())
///     .settings(|settings| settings.user_on_trail = UserOnTrail::EmptyList)
///     .start()
///     .await?;
/// assert_eq!(simulator.now().to_rfc3339(), "2030-01-01T00:00:00+00:00");
/// # std::io::Result::Ok(()) }).unwrap();
/// ```
pub struct Builder {
    address: SocketAddr,
    tls: Option<(Vec<CertificateDer<'static>>, PrivateKeyDer<'static>)>,
    clock: DateTime<Utc>,
    ticking: bool,
    settings: Settings,
    control: bool,
    observer: Option<Observer>,
}

impl Simulator {
    /// Starts one with the defaults: HCP Terraform, plain HTTP, 127.0.0.1 and a free port, the clock at
    /// 2026-01-01T00:00:00Z, no organization and no caller.
    ///
    /// # Panics
    ///
    /// If there is no free port.
    pub async fn start() -> Self {
        Self::builder()
            .start()
            .await
            .expect("a free port on 127.0.0.1")
    }

    /// Prepares one with other settings than the defaults.
    pub fn builder() -> Builder {
        Builder::new()
    }
}

impl Builder {
    fn new() -> Self {
        let start = NaiveDate::from_ymd_opt(2026, 1, 1).expect("a day");
        Self {
            address: (Ipv4Addr::LOCALHOST, 0).into(),
            tls: None,
            clock: start.and_time(NaiveTime::MIN).and_utc(),
            ticking: false,
            settings: Settings::default(),
            control: false,
            observer: None,
        }
    }

    /// Sets where to listen; default: 127.0.0.1 and a free port.
    pub fn address(mut self, address: SocketAddr) -> Self {
        self.address = address;
        self
    }

    /// Serves HTTPS with this certificate chain, which begins with the server's own, and key: HTTP/2 to clients that
    /// offer it, and HTTP/1.1.
    pub fn tls(
        mut self,
        certificate_chain: Vec<CertificateDer<'static>>,
        key: PrivateKeyDer<'static>,
    ) -> Self {
        self.tls = Some((certificate_chain, key));
        self
    }

    /// Sets its clock; default: 2026-01-01T00:00:00Z.
    pub fn clock(mut self, time: DateTime<Utc>) -> Self {
        self.clock = time;
        self
    }

    /// Lets its clock run along with tokio's, which a test can pause; default: only [`Service::advance`] and
    /// [`Service::set_clock`] move it.
    pub fn ticking(mut self) -> Self {
        self.ticking = true;
        self
    }

    /// Sets what the service is; short for [`Settings::kind`].
    pub fn kind(self, kind: ServiceKind) -> Self {
        self.settings(|settings| settings.kind = kind)
    }

    /// Changes the settings.
    pub fn settings(mut self, change: impl FnOnce(&mut Settings)) -> Self {
        change(&mut self.settings);
        self
    }

    /// Serves `/_simulator/…` too, for shell scripts: `POST advance?seconds=N`, `POST regenerate?organization=NAME`,
    /// `GET requests`, `GET token?organization=NAME`. It needs no authentication, and never shows a secret.
    pub fn control_interface(mut self) -> Self {
        self.control = true;
        self
    }

    /// Calls a function with each request after it was answered, for a log.
    pub fn on_request(
        mut self,
        observe: impl Fn(&RecordedRequest) + Send + Sync + 'static,
    ) -> Self {
        self.observer = Some(Box::new(observe));
        self
    }

    /// Listens, and serves on the current runtime until the last handle is dropped.
    ///
    /// # Errors
    ///
    /// If the address cannot be bound, or the key does not belong to the certificate.
    pub async fn start(self) -> io::Result<Simulator> {
        let tls = self.tls.map(acceptor).transpose()?;
        let listener = TcpListener::bind(self.address).await?;
        let clock = if self.ticking {
            Clock::ticking_from(self.clock)
        } else {
            Clock::standing_at(self.clock)
        };
        let shared = Arc::new(ServerState::new(
            Service::new(ServiceState::new(self.settings, clock)),
            listener.local_addr()?,
            tls.is_some(),
            self.control,
            self.observer,
        ));
        let server = tokio::spawn(server::serve(listener, tls, Arc::clone(&shared)));
        Ok(Simulator::new(shared, server.abort_handle()))
    }
}

fn acceptor(
    (chain, key): (Vec<CertificateDer<'static>>, PrivateKeyDer<'static>),
) -> io::Result<TlsAcceptor> {
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let mut config = rustls::ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(io::Error::other)?
        .with_no_client_auth()
        .with_single_cert(chain, key)
        .map_err(io::Error::other)?;
    config.alpn_protocols = vec![http2::ALPN.to_vec(), b"http/1.1".to_vec()];
    Ok(TlsAcceptor::from(Arc::new(config)))
}

impl fmt::Debug for Builder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Builder")
            .field("address", &self.address)
            .field("clock", &self.clock)
            .field("settings", &self.settings)
            .finish_non_exhaustive()
    }
}
