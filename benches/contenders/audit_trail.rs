//! Measures reading an audit trail, in the release profile. `benches/measure/events.rs` starts it with one of these
//! commands, and reads one line of JSON.
//!
//! - `decode`: typed decoding of a page of 1,000 events, without any I/O.
//! - `encode COUNT URL TOKEN`: the data source with COUNT events, from Terraform's request to its answer, less what the
//!   client alone takes for the same events.
//! - `serve COUNT`: a pretend HCP Terraform whose trail has COUNT events; its line has URL and token, and it ends when its
//!   stdin closes.
//! - `stream URL TOKEN`: a client that reads all events, in a process of its own.

#![expect(clippy::print_stdout, reason = "this is not the plugin")]

use std::collections::BTreeMap;
use std::error::Error;
use std::hint::black_box;
use std::time::{Duration, Instant};

use chrono::{DateTime, Utc};
use serde::Deserialize;
use serde_json::{Value, json};
use terraform_provider_tfe::client::{
    Arguments, Client, Environment, Event, EventQuery, Secret, Timing, resolve,
};
use terraform_provider_tfe::provider::{Clock, Tfe};
use tfe_simulator::{Event as SimulatedEvent, EventSeries, Simulator};
use tfplugin::server::proto::{self, provider_server::Provider as _};
use tfplugin::value::{decode_msgpack, encode_msgpack};
use tfplugin::{Lifecycle, Provider as _, Schema, Server, Type, Value as TerraformValue};
use tonic::Request;

type Result<T> = std::result::Result<T, Box<dyn Error>>;

/// Runs of work that takes milliseconds. The best one counts, because other load on the machine only adds.
const RUNS: usize = 300;
/// Runs of work that takes tens of milliseconds.
const READS: usize = 40;

const DATA_SOURCE: &str = "tfe_audit_trail_events";

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let report = match words.as_slice() {
        ["decode"] => decode()?,
        ["encode", count, url, token] => encode(count.parse()?, url, token).await?,
        ["serve", count] => return serve(count.parse()?).await,
        ["stream", url, token] => stream(url, token).await?,
        _ => return Err("decode, encode COUNT URL TOKEN, serve COUNT, or stream URL TOKEN".into()),
    };
    println!("{report}");
    Ok(())
}

/// A page as in the API's documentation, without spaces; one in ten events has metadata.
fn page(count: usize) -> String {
    let events: Vec<_> = (0..count)
        .map(|number| {
            json!({
                "id": format!("ae66e491-db59-457c-8445-{number:012x}"),
                "version": "0",
                "type": "Resource",
                "timestamp": "2020-06-30T17:52:46.000Z",
                "auth": {
                    "accessor_id": "user-MaPuLxAXvtq2PWTH",
                    "description": "pveverka",
                    "type": "Client",
                    "impersonator_id": null,
                    "organization_id": "org-AGLwRmx1snv34Yts",
                },
                "request": { "id": "4df584d4-7e2a-01e6-6cc0-4adbefa020e6" },
                "resource": {
                    "id": "at-sjt83qTw3GZatuPm",
                    "type": "authentication_token",
                    "action": "create",
                    "meta": (number % 10 == 0).then(|| json!({
                        "run": { "id": "run-FwnENkvDnrpyFC7M" },
                        "workspace": { "name": "my-workspace" },
                        "passed": true,
                        "duration_ms": 120,
                    })),
                },
            })
        })
        .collect();
    json!({
        "data": events,
        "pagination": { "current_page": 1, "next_page": 2, "total_pages": 8, "total_count": 7780 },
    })
    .to_string()
}

fn decode() -> Result<Value> {
    #[derive(Deserialize)]
    struct Page<'a> {
        #[serde(borrow)]
        data: Vec<Event<'a>>,
    }
    let body = page(1000).into_bytes();
    let mut best = Duration::MAX;
    for _ in 0..RUNS {
        let start = Instant::now();
        let page: Page<'_> = serde_json::from_str(std::str::from_utf8(black_box(&body))?)?;
        let events = black_box(page.data).len();
        best = best.min(start.elapsed());
        assert_eq!(events, 1000);
    }
    Ok(json!({
        "events_per_second": 1000.0 / best.as_secs_f64(),
        "bytes_per_event": body.len() / 1000,
    }))
}

/// Measures `ReadDataSource` without the client's part in it: selecting events, encoding them for Terraform, and
/// everything else that the provider does.
async fn encode(count: u64, url: &str, token: &str) -> Result<Value> {
    let environment = environment(url).variable("TFE_TOKEN", token);
    let clock = Clock::from_fn(Utc::now);
    let server = Server::new(
        Tfe::new(environment, clock, Timing::default()),
        Lifecycle::new(),
    );
    let null = |schema: &Schema| {
        let names = schema.attributes().map(|(name, _)| name.to_owned());
        let nulls: BTreeMap<_, _> = names.map(|name| (name, TerraformValue::Null)).collect();
        (nulls, schema.ty())
    };
    let (config, ty) = null(&Tfe::schema());
    let request = proto::configure_provider::Request {
        config: Some(dynamic(config, &ty)?),
        ..Default::default()
    };
    let configured = server.configure_provider(Request::new(request)).await?;
    check(&configured.into_inner().diagnostics)?;
    let registry = Tfe::registry();
    let mut sources = registry.data_sources();
    let (_, schema) = sources
        .find(|(name, _)| *name == DATA_SOURCE)
        .ok_or("no schema")?;
    let (mut config, ty) = null(schema);
    config.insert("limit".to_owned(), i64::try_from(count)?.into());
    let request = proto::read_data_source::Request {
        type_name: DATA_SOURCE.to_owned(),
        config: Some(dynamic(config, &ty)?),
        ..Default::default()
    };

    let client = client(url, token).await?;
    let (mut with, mut without) = (Duration::MAX, Duration::MAX);
    let mut bytes = 0;
    for _ in 0..READS {
        let start = on_processor()?;
        let answer = server
            .read_data_source(Request::new(request.clone()))
            .await?;
        with = with.min(on_processor()? - start);
        let answer = answer.into_inner();
        check(&answer.diagnostics)?;
        let state = answer.state.unwrap_or_default().msgpack;
        bytes = state.len();
        let state = decode_msgpack(&state, &ty).map_err(|error| error.to_string())?;
        let events = state.as_map().and_then(|state| state["events"].as_list());
        assert_eq!(events.map(<[_]>::len), Some(usize::try_from(count)?));

        let start = on_processor()?;
        let mut pages = client.own_audit_trails().events(EventQuery::default());
        let mut read = 0;
        while read < count {
            let page = pages.next().await?.ok_or("the trail ended early")?;
            read += black_box(page.events).len() as u64;
        }
        without = without.min(on_processor()? - start);
    }
    let milliseconds = |time: Duration| time.as_secs_f64() * 1000.0;
    Ok(json!({
        "milliseconds": milliseconds(with.saturating_sub(without)),
        "client_milliseconds": milliseconds(without),
        "bytes": bytes,
    }))
}

fn dynamic(config: BTreeMap<String, TerraformValue>, ty: &Type) -> Result<proto::DynamicValue> {
    let msgpack = encode_msgpack(&TerraformValue::Map(config), ty);
    Ok(proto::DynamicValue {
        msgpack: msgpack.map_err(|error| error.to_string())?,
        ..Default::default()
    })
}

fn check(diagnostics: &[proto::Diagnostic]) -> Result<()> {
    match diagnostics.first() {
        None => Ok(()),
        Some(first) => Err(format!("{}: {}", first.summary, first.detail).into()),
    }
}

/// Returns the processor time of this thread, which does all the work. Waiting for the service does not count.
fn on_processor() -> Result<Duration> {
    // The kernel updates its count when it switches threads.
    std::thread::yield_now();
    let times = std::fs::read_to_string("/proc/thread-self/schedstat")?;
    let nanoseconds = times
        .split(' ')
        .next()
        .ok_or("the kernel reports no time")?;
    Ok(Duration::from_nanos(nanoseconds.parse()?))
}

async fn serve(count: u64) -> Result<()> {
    let now: DateTime<Utc> = Utc::now();
    let simulator = Simulator::builder().clock(now).ticking().start().await?;
    simulator.add_organization("my-org-name");
    let token = simulator.regenerate_elsewhere("my-org-name");
    let series = EventSeries::new(
        count,
        now - Duration::from_millis(count),
        Duration::from_millis(1),
    );
    let series = series.with_event(|number| {
        SimulatedEvent::new("run", "create")
            .resource_id(&format!("run-{number:016x}"))
            .accessor("user-MaPuLxAXvtq2PWTH")
            .auth_description("pveverka")
            .field(
                "request",
                json!({ "id": format!("4df584d4-7e2a-01e6-6cc0-{number:012x}") }),
            )
    });
    simulator.set_event_series("my-org-name", series);
    println!("{} {}", simulator.api_url(), token.secret.expose());
    let ended = std::thread::spawn(|| std::io::read_to_string(std::io::stdin()));
    while !ended.is_finished() {
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    Ok(())
}

/// Returns an environment in which HCP Terraform is at this URL.
fn environment(url: &str) -> Environment {
    let services =
        format!("host \"app.terraform.io\" {{ services = {{ \"tfe.v2.2\" = \"{url}\" }} }}");
    Environment::in_memory()
        .variable("TF_CLI_CONFIG_FILE", "/cli.tfrc")
        .file("/cli.tfrc", services)
}

async fn client(url: &str, token: &str) -> Result<Client> {
    let arguments = Arguments {
        token: Some(Secret::new(token.to_owned())),
        ..Arguments::default()
    };
    let settings = resolve(arguments, &environment(url)).await?;
    Ok(Client::new(settings, Timing::default(), "0.0.0"))
}

async fn stream(url: &str, token: &str) -> Result<Value> {
    let client = client(url, token).await?;
    let start = Instant::now();
    let (mut events, mut pages) = (0, 0);
    let mut trail = client.own_audit_trails().events(EventQuery::default());
    while let Some(page) = trail.next().await? {
        events += page.events.len();
        pages += 1;
    }
    let status = std::fs::read_to_string("/proc/self/status")?;
    let peak: f64 = status
        .lines()
        .find_map(|line| line.strip_prefix("VmHWM:")?.trim().strip_suffix(" kB"))
        .ok_or("the kernel reports no peak")?
        .parse()?;
    Ok(json!({
        "events": events,
        "pages": pages,
        "seconds": start.elapsed().as_secs_f64(),
        "peak_mib": peak / 1024.0,
    }))
}
