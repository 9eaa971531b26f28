//! What reading an audit trail costs, in the profile of the shipped executable: `benches/measure/events.rs` starts it
//! with one of these words, and gets one line of JSON.
//!
//! - `decode`: typed decoding of a page of 1,000 events, without any I/O.
//! - `encode COUNT`: as many events, as the data source returns them, on their way to the wire.
//! - `serve COUNT`: a pretend HCP Terraform whose trail has so many events; its line is URL and token, and it ends with
//!   its standard input.
//! - `stream URL TOKEN`: a client that reads all events there, in a process of its own.

#![expect(clippy::print_stdout, reason = "this is not the plugin")]

use std::error::Error;
use std::hint::black_box;
use std::time::{Duration, Instant};

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use terraform_provider_tfe::client::{
    Arguments, Client, Environment, Event, EventQuery, Secret, resolve,
};
use terraform_provider_tfe::simulator::{Event as Happening, Series, Simulator};
use terraform_provider_tfe::tfplugin::Type;
use terraform_provider_tfe::tfplugin::value::{encode_msgpack, to_value};

type Result<T> = std::result::Result<T, Box<dyn Error>>;

/// Runs of what takes milliseconds; the best counts, for whatever else the machine does only adds.
const RUNS: usize = 300;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let told = match words.as_slice() {
        ["decode"] => decode()?,
        ["encode", count] => encode(count.parse()?)?,
        ["serve", count] => return serve(count.parse()?).await,
        ["stream", url, token] => stream(url, token).await?,
        _ => return Err("decode, encode COUNT, serve COUNT, or stream URL TOKEN".into()),
    };
    println!("{told}");
    Ok(())
}

/// A page as the API's documentation shows one, compact; one in ten events has metadata.
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

/// An event as the data source returns it.
#[derive(Serialize)]
struct Model<'a> {
    id: &'a str,
    version: Option<&'a str>,
    #[serde(rename = "type")]
    kind: Option<&'a str>,
    timestamp: Option<&'a str>,
    auth: Auth<'a>,
    request: Request<'a>,
    resource: Resource<'a>,
    other: Option<&'a str>,
}

#[derive(Serialize)]
struct Auth<'a> {
    accessor_id: Option<&'a str>,
    description: Option<&'a str>,
    #[serde(rename = "type")]
    kind: Option<&'a str>,
    impersonator_id: Option<&'a str>,
    organization_id: Option<&'a str>,
}

#[derive(Serialize)]
struct Request<'a> {
    id: Option<&'a str>,
}

#[derive(Serialize)]
struct Resource<'a> {
    id: Option<&'a str>,
    #[serde(rename = "type")]
    kind: Option<&'a str>,
    action: Option<&'a str>,
    meta: Option<&'a str>,
}

fn encode(count: usize) -> Result<Value> {
    #[derive(Serialize)]
    struct Events<'a> {
        events: Vec<Model<'a>>,
    }
    #[derive(Deserialize)]
    struct Page<'a> {
        #[serde(borrow)]
        data: Vec<Event<'a>>,
    }
    let body = page(count);
    let page: Page<'_> = serde_json::from_str(&body)?;
    let events = Events {
        events: page.data.iter().map(model).collect(),
    };
    let texts = |names: &[&'static str]| names.iter().map(|name| (*name, Type::String)).collect();
    let mut event: Vec<_> = texts(&["id", "version", "type", "timestamp", "other"]);
    for (name, names) in [
        (
            "auth",
            [
                "accessor_id",
                "description",
                "type",
                "impersonator_id",
                "organization_id",
            ]
            .as_slice(),
        ),
        ("request", &["id"]),
        ("resource", &["id", "type", "action", "meta"]),
    ] {
        let attributes: Vec<(&str, Type)> = texts(names);
        event.push((name, Type::object(attributes)));
    }
    let ty = Type::object([("events", Type::list(Type::object(event)))]);
    let mut best = Duration::MAX;
    let mut bytes = 0;
    for _ in 0..RUNS / 10 {
        let start = Instant::now();
        let value = to_value(black_box(&events), &ty).map_err(|error| error.to_string())?;
        let wire = encode_msgpack(&value, &ty).map_err(|error| error.to_string())?;
        best = best.min(start.elapsed());
        bytes = wire.len();
    }
    Ok(json!({ "milliseconds": best.as_secs_f64() * 1000.0, "bytes": bytes }))
}

fn model<'a>(event: &'a Event<'_>) -> Model<'a> {
    let (auth, resource) = (&event.auth, &event.resource);
    Model {
        id: &event.id,
        version: event.version.as_deref(),
        kind: event.kind.as_deref(),
        timestamp: event.timestamp.as_deref(),
        auth: Auth {
            accessor_id: auth.accessor_id.as_deref(),
            description: auth.description.as_deref(),
            kind: auth.kind.as_deref(),
            impersonator_id: auth.impersonator_id.as_deref(),
            organization_id: auth.organization_id.as_deref(),
        },
        request: Request {
            id: event.request.id.as_deref(),
        },
        resource: Resource {
            id: resource.id.as_deref(),
            kind: resource.kind.as_deref(),
            action: resource.action.as_deref(),
            meta: None,
        },
        other: None,
    }
}

async fn serve(count: u64) -> Result<()> {
    let now: DateTime<Utc> = Utc::now();
    let simulator = Simulator::builder().clock(now).ticking().start().await?;
    simulator.add_organization("my-org-name");
    let token = simulator.regenerate_elsewhere("my-org-name");
    let series = Series::new(
        count,
        now - Duration::from_millis(count),
        Duration::from_millis(1),
    );
    let series = series.of(|number| {
        Happening::new("run", "create")
            .resource_id(&format!("run-{number:016x}"))
            .accessor("user-MaPuLxAXvtq2PWTH")
            .auth_description("pveverka")
    });
    simulator.set_series("my-org-name", series);
    println!("{} {}", simulator.api_url(), token.secret.expose());
    let ended = std::thread::spawn(|| std::io::read_to_string(std::io::stdin()));
    while !ended.is_finished() {
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    Ok(())
}

async fn stream(url: &str, token: &str) -> Result<Value> {
    let services =
        format!("host \"app.terraform.io\" {{ services = {{ \"tfe.v2.2\" = \"{url}\" }} }}");
    let environment = Environment::for_test()
        .variable("TF_CLI_CONFIG_FILE", "/cli.tfrc")
        .file("/cli.tfrc", services);
    let secret = Secret::new(token.to_owned());
    let arguments = Arguments {
        token: Some(secret.clone()),
        ..Arguments::default()
    };
    let client = Client::new(resolve(arguments, &environment).await?, "0.0.0");
    let start = Instant::now();
    let (mut events, mut pages) = (0, 0);
    let mut trail = client.audit_trails(&secret).events(EventQuery::default());
    while let Some(page) = trail.next().await? {
        events += page.events.len();
        pages += 1;
    }
    let status = std::fs::read_to_string("/proc/self/status")?;
    let peak: f64 = status
        .lines()
        .find_map(|line| line.strip_prefix("VmHWM:")?.trim().strip_suffix(" kB"))
        .ok_or("the kernel tells no peak")?
        .parse()?;
    Ok(json!({
        "events": events,
        "pages": pages,
        "seconds": start.elapsed().as_secs_f64(),
        "peak_mib": peak / 1024.0,
    }))
}
