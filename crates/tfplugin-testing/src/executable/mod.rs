//! Starts the built executable of a plugin, as Terraform does, and connects to it.
//!
//! Every wait has a timeout, so a plugin that hangs fails its test instead of blocking the run.
//!
//! ```no_run
//! use tfplugin::server::proto::{get_provider_schema, provider_client::ProviderClient};
//! use tfplugin_testing::executable::{Start, within};
//!
//! # async fn test() {
//! // In a test of the package: env!("CARGO_BIN_EXE_terraform-provider-greeter").
//! # let executable = "";
//! let plugin = Start::new(executable).handshake().await;
//! let mut provider = ProviderClient::new(plugin.connect().await);
//! let request = get_provider_schema::Request {};
//! within(provider.get_provider_schema(request)).await.expect("a schema");
//! plugin.shutdown().await.assert_clean();
//! # }
//! ```

mod certificate;
mod connection;
mod plugin;
mod start;
mod timeout;

pub use certificate::{HostCertificate, pem};
pub use connection::{
    Address, Io, Security, Stream, client_config, connect, connect_grpc, connect_tls,
    exchange_settings,
};
pub use plugin::{Ended, Plugin, assert_empty};
pub use start::{COOKIE, Start};
pub use timeout::within;
