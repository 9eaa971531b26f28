//! gRPC: go-plugin's own services, sizes of messages, disconnects.

use rustls::ALL_VERSIONS;
use tonic::codegen::http::uri::PathAndQuery;
use tonic::{Code, Request, Streaming};
use tonic_prost::ProstCodec;

use crate::executable;
use tfplugin::server::proto::plugin::grpc_broker_client::GrpcBrokerClient;
use tfplugin::server::proto::plugin::grpc_controller_client::GrpcControllerClient;
use tfplugin::server::proto::plugin::grpc_stdio_client::GrpcStdioClient;
use tfplugin::server::proto::plugin::{ConnInfo, Empty, StdioData};
use tfplugin::server::proto::provider_client::ProviderClient;
use tfplugin::server::proto::{DynamicValue, get_provider_schema, read_resource};
use tfplugin_testing::executable::{
    HostCertificate, Start, client_config, connect, connect_tls, exchange_settings, within,
};
use tonic::transport::Channel;
use tonic_health::pb::HealthCheckRequest;
use tonic_health::pb::health_check_response::ServingStatus;
use tonic_health::pb::health_client::HealthClient;

/// Opens a request stream that sends nothing, as Terraform's broker does.
pub fn no_offers() -> (
    tokio::sync::mpsc::Sender<ConnInfo>,
    tokio_stream::wrappers::ReceiverStream<ConnInfo>,
) {
    let (offers, stream) = tokio::sync::mpsc::channel(1);
    (offers, tokio_stream::wrappers::ReceiverStream::new(stream))
}

async fn stdio(channel: &Channel) -> Streaming<StdioData> {
    let reply = within(GrpcStdioClient::new(channel.clone()).stream_stdio(())).await;
    reply.expect("StreamStdio opens").into_inner()
}

async fn is_serving(channel: &Channel, service: &str) -> Result<bool, Code> {
    let request = HealthCheckRequest {
        service: service.to_owned(),
    };
    within(HealthClient::new(channel.clone()).check(request))
        .await
        .map(|reply| reply.into_inner().status() == ServingStatus::Serving)
        .map_err(|status| status.code())
}

/// Asserts that a stream sends nothing and stays open during other calls.
async fn assert_silent<T: std::fmt::Debug>(stream: &mut Streaming<T>, channel: &Channel) {
    let other_calls = async {
        for _ in 0..20 {
            assert_eq!(is_serving(channel, "plugin").await, Ok(true));
        }
    };
    tokio::select! {
        biased;
        said = stream.message() => panic!("the stream sent {said:?}"),
        () = other_calls => {}
    }
}

#[tokio::test]
async fn c15_health_is_serving() {
    let plugin = Start::new(executable()).handshake().await;
    let channel = plugin.connect().await;

    assert_eq!(is_serving(&channel, "plugin").await, Ok(true));
    assert_eq!(is_serving(&channel, "").await, Ok(true));
    assert_eq!(is_serving(&channel, "other").await, Err(Code::NotFound));
}

#[tokio::test]
async fn c16_stdio_stays_open_until_the_end_and_sends_nothing() {
    let plugin = Start::new(executable()).handshake().await;
    let channel = plugin.connect().await;
    let mut stream = stdio(&channel).await;

    assert_silent(&mut stream, &channel).await;

    let shutdown = within(GrpcControllerClient::new(channel).shutdown(Empty {})).await;
    shutdown.expect("Shutdown is answered");
    let last = within(stream.message()).await.expect("an orderly end");
    assert_eq!(last, None);
    plugin.ended().await.assert_clean();
}

#[tokio::test]
async fn c17_the_broker_stays_open_and_sends_nothing() {
    let plugin = Start::new(executable()).handshake().await;
    let channel = plugin.connect().await;
    let (offers, stream) = no_offers();
    let reply = within(GrpcBrokerClient::new(channel.clone()).start_stream(stream)).await;
    let mut stream = reply.expect("StartStream opens").into_inner();

    assert_silent(&mut stream, &channel).await;

    drop(offers);
    let last = within(stream.message()).await.expect("an orderly end");
    assert_eq!(last, None);
}

#[tokio::test]
async fn c18_shutdown_ends_the_process_with_open_streams() {
    let plugin = Start::new(executable()).handshake().await;
    let channel = plugin.connect().await;
    let _stdio = stdio(&channel).await;
    let (_offers, stream) = no_offers();
    let broker = within(GrpcBrokerClient::new(channel.clone()).start_stream(stream)).await;
    let _broker = broker.expect("StartStream opens");

    let reply = within(GrpcControllerClient::new(channel.clone()).shutdown(Empty {})).await;
    let ended = plugin.ended().await;

    reply.expect("Shutdown is answered");
    // The host kills it after two seconds. With nothing in flight it waits only for replies, 250 ms
    // (`GracePeriods`).
    ended.assert_clean();
}

#[tokio::test]
async fn c19_a_request_of_32_mib_is_accepted() {
    let plugin = Start::new(executable()).handshake().await;
    let mut provider = ProviderClient::new(plugin.connect().await);
    let request = read_resource::Request {
        type_name: "no_such_type".to_owned(),
        current_state: Some(DynamicValue {
            msgpack: vec![0xc0; 32 << 20],
            json: Vec::new(),
        }),
        ..Default::default()
    };

    let code = within(provider.read_resource(request))
        .await
        .map_or_else(|status| status.code(), |_| Code::Ok);

    // A provider may refuse such a state, but not because of its size.
    assert!(matches!(code, Code::Ok | Code::Unimplemented), "{code:?}");
}

#[tokio::test]
async fn c20_an_unknown_method_is_unimplemented() {
    let plugin = Start::new(executable()).handshake().await;
    let mut grpc = tonic::client::Grpc::new(plugin.connect().await);
    for path in [
        "/tfplugin6.Provider/NoSuchMethod",
        "/no.such.Service/Method",
    ] {
        grpc.ready().await.expect("a connection");
        let codec = ProstCodec::<Empty, Empty>::default();
        let path = PathAndQuery::from_static(path);

        let reply = within(grpc.unary(Request::new(Empty {}), path, codec)).await;

        assert_eq!(
            reply.expect_err("no such method").code(),
            Code::Unimplemented
        );
    }
}

#[tokio::test]
async fn c21_hundreds_of_calls_are_open_at_once() {
    let plugin = Start::new(executable()).handshake().await;
    let channel = plugin.connect().await;
    let mut open = Vec::new();

    // HTTP/2 libraries like to cap this at 100 or 200; `terraform apply -parallelism=500` does not.
    for _ in 0..600 {
        open.push(stdio(&channel).await);
    }

    assert_eq!(is_serving(&channel, "plugin").await, Ok(true));
}

#[tokio::test]
async fn c22_the_plugin_goes_on_after_an_abrupt_disconnect() {
    let host = HostCertificate::generate();
    let plugin = Start::plain(executable())
        .env("PLUGIN_CLIENT_CERT", &host.pem)
        .handshake()
        .await;
    let config = client_config(&plugin.certificate(), Some(&host), ALL_VERSIONS);
    for _ in 0..5 {
        // Before TLS, after TLS, and in the middle of HTTP/2.
        drop(connect(plugin.socket()).await.expect("connectable"));
        drop(
            within(connect_tls(plugin.socket(), config.clone()))
                .await
                .expect("a handshake"),
        );
        let mut stream = within(connect_tls(plugin.socket(), config.clone()))
            .await
            .expect("a handshake");
        within(exchange_settings(&mut stream))
            .await
            .expect("HTTP/2");
        drop(stream);
    }
    let security = tfplugin_testing::executable::Security::Tls(config);
    for _ in 0..2 {
        let channel = within(tfplugin_testing::executable::connect_grpc(
            plugin.socket(),
            security.clone(),
        ))
        .await
        .expect("a connection");
        let _stdio = stdio(&channel).await;
        assert_eq!(is_serving(&channel, "plugin").await, Ok(true));
    }
}

#[tokio::test]
async fn c23_replies_are_not_compressed() {
    let plugin = Start::new(executable()).handshake().await;
    let mut provider = ProviderClient::new(plugin.connect().await);
    let mut request = Request::new(get_provider_schema::Request {});
    let encodings = "gzip,deflate,zstd,identity".parse().expect("ASCII");
    request
        .metadata_mut()
        .insert("grpc-accept-encoding", encodings);

    let reply = within(provider.get_provider_schema(request))
        .await
        .expect("a schema");

    let encoding = reply.metadata().get("grpc-encoding");
    assert!(
        encoding.is_none_or(|encoding| encoding == "identity"),
        "{encoding:?}"
    );
}
