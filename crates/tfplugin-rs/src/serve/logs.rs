//! [`Hclog`]: the process's `tracing` subscriber, which writes what Terraform's log shows.
//!
//! A host filters by level (`TF_LOG`), so it gets every event of the provider's crate and of this one. Of other
//! crates it gets warnings and errors: what an HTTP or TLS library logs below does not help a practitioner, and may
//! contain headers.

use std::fmt::{self, Write as _};
use std::time::SystemTime;

use serde_json::Value;
use tracing::field::{Field, Visit};
use tracing::level_filters::LevelFilter;
use tracing::span::{Attributes, Id, Record};
use tracing::{Event, Level, Metadata, Subscriber};
use tracing_subscriber::layer::{Context, Layer, SubscriberExt as _};
use tracing_subscriber::registry::{LookupSpan, Registry};

use super::hclog::{Fields, Line, write_stderr};

/// Installs the subscriber. `name` is the plugin's; `clock` gives the time of each line; events below `max_level`
/// are not written.
pub(super) fn install(name: &str, clock: fn() -> SystemTime, max_level: LevelFilter) {
    let layer = Hclog::new(name, clock, max_level, write_stderr);
    if tracing::subscriber::set_global_default(Registry::default().with(layer)).is_err() {
        write_stderr(
            b"[WARN] another log subscriber is installed: its lines may not be Terraform's\n",
        );
    }
}

/// Writes events as hclog lines, with the fields of the spans around them.
struct Hclog<W> {
    /// The provider's crate. Its events of every level are written, as are this crate's.
    provider: String,
    clock: fn() -> SystemTime,
    max_level: LevelFilter,
    write: W,
}

impl<W> Hclog<W> {
    fn new(name: &str, clock: fn() -> SystemTime, max_level: LevelFilter, write: W) -> Self {
        Self {
            provider: name.replace('-', "_"),
            clock,
            max_level,
            write,
        }
    }

    fn is_ours(&self, target: &str) -> bool {
        let name = crate_of(target);
        name == self.provider || name == crate_of(module_path!())
    }

    /// Returns the module as Terraform writes it: `client.transport` for the provider's crate, and for others
    /// `tfplugin.serve`, `hyper.proto`.
    fn module(&self, target: &str) -> String {
        let path = match target.strip_prefix(&self.provider) {
            Some("") => "provider",
            Some(path) => path.strip_prefix("::").unwrap_or(target),
            None => target,
        };
        path.replace("::", ".")
    }
}

fn crate_of(target: &str) -> &str {
    target.split("::").next().unwrap_or(target)
}

impl<S, W> Layer<S> for Hclog<W>
where
    S: Subscriber + for<'a> LookupSpan<'a>,
    W: Fn(&[u8]) + 'static,
{
    fn enabled(&self, metadata: &Metadata<'_>, _cx: Context<'_, S>) -> bool {
        *metadata.level() <= self.max_level
            && (*metadata.level() <= Level::WARN || self.is_ours(metadata.target()))
    }

    fn on_new_span(&self, attributes: &Attributes<'_>, id: &Id, cx: Context<'_, S>) {
        let mut fields = Fields::default();
        attributes.record(&mut Recorder(&mut fields));
        if let Some(span) = cx.span(id) {
            span.extensions_mut().insert(fields);
        }
    }

    fn on_record(&self, id: &Id, values: &Record<'_>, cx: Context<'_, S>) {
        if let Some(span) = cx.span(id)
            && let Some(fields) = span.extensions_mut().get_mut::<Fields>()
        {
            values.record(&mut Recorder(fields));
        }
    }

    fn on_event(&self, event: &Event<'_>, cx: Context<'_, S>) {
        let mut fields = Fields::default();
        // From the outermost span to the event: a later field of the same name wins.
        for span in cx
            .event_scope(event)
            .into_iter()
            .flat_map(|scope| scope.from_root())
        {
            if let Some(known) = span.extensions().get::<Fields>() {
                fields.extend(known);
            }
        }
        // A span's field of this name is not the event's message.
        let _ = fields.take_text("message");
        event.record(&mut Recorder(&mut fields));
        let line = Line {
            time: (self.clock)(),
            level: level(event.metadata().level()),
            module: &self.module(event.metadata().target()),
            message: fields.take_text("message").unwrap_or_default(),
            fields,
        };
        (self.write)(&line.render());
    }
}

fn level(level: &Level) -> &'static str {
    match *level {
        Level::ERROR => "error",
        Level::WARN => "warn",
        Level::INFO => "info",
        Level::DEBUG => "debug",
        Level::TRACE => "trace",
    }
}

/// Turns `tracing`'s values into JSON scalars.
struct Recorder<'a>(&'a mut Fields);

impl Visit for Recorder<'_> {
    fn record_bool(&mut self, field: &Field, value: bool) {
        self.0.set(field.name(), value);
    }

    fn record_i64(&mut self, field: &Field, value: i64) {
        self.0.set(field.name(), value);
    }

    fn record_u64(&mut self, field: &Field, value: u64) {
        self.0.set(field.name(), value);
    }

    fn record_f64(&mut self, field: &Field, value: f64) {
        // JSON has no infinity and no NaN.
        let number = serde_json::Number::from_f64(value).map(Value::Number);
        self.0.set(
            field.name(),
            number.unwrap_or_else(|| value.to_string().into()),
        );
    }

    fn record_str(&mut self, field: &Field, value: &str) {
        self.0.set(field.name(), value);
    }

    fn record_error(&mut self, field: &Field, value: &(dyn std::error::Error + 'static)) {
        let mut text = value.to_string();
        let mut source = value.source();
        while let Some(cause) = source {
            let _ = write!(text, ": {cause}");
            source = cause.source();
        }
        self.0.set(field.name(), text);
    }

    /// Records all other values, 128-bit numbers and formatted messages too.
    fn record_debug(&mut self, field: &Field, value: &dyn fmt::Debug) {
        self.0.set(field.name(), format!("{value:?}"));
    }
}

#[cfg(test)]
mod tests {
    use std::sync::{Arc, Mutex};

    use super::*;

    /// Returns the lines that `act` logs, as JSON.
    fn lines(act: impl FnOnce()) -> Vec<Value> {
        lines_up_to(LevelFilter::TRACE, act)
    }

    /// Returns the lines that are not below a level.
    fn lines_up_to(max_level: LevelFilter, act: impl FnOnce()) -> Vec<Value> {
        let written = Arc::new(Mutex::new(Vec::new()));
        let write = {
            let written = written.clone();
            move |line: &[u8]| written.lock().unwrap().push(line.to_vec())
        };
        let layer = Hclog::new(
            "terraform-provider-example",
            || SystemTime::UNIX_EPOCH,
            max_level,
            write,
        );
        tracing::subscriber::with_default(Registry::default().with(layer), act);
        let written = written.lock().unwrap();
        written
            .iter()
            .map(|line| serde_json::from_slice(line).unwrap())
            .collect()
    }

    #[test]
    fn fields_of_spans_are_merged_and_the_nearest_wins() {
        let lines = lines(|| {
            let outer =
                tracing::info_span!("rpc", tf_rpc = "ReadResource", attempt = 1, message = "no");
            let _outer = outer.enter();
            let inner = tracing::info_span!("send", attempt = 2, status = tracing::field::Empty);
            let _inner = inner.enter();
            inner.record("status", 503);
            tracing::warn!(wait = 1.5, "trying {}", "again");
        });

        let [line] = lines.as_slice() else {
            panic!("one line: {lines:?}")
        };
        assert_eq!(line["@level"], "warn");
        assert_eq!(line["@message"], "trying again");
        assert_eq!(line["@module"], "tfplugin.serve.logs.tests");
        assert_eq!(line["tf_rpc"], "ReadResource");
        assert_eq!(line["attempt"], 2);
        assert_eq!(line["status"], 503);
        assert_eq!(line["wait"], 1.5);
        assert!(line.get("message").is_none());
    }

    #[test]
    fn events_of_other_crates_are_logged_if_they_are_warnings_or_errors() {
        let lines = lines(|| {
            tracing::trace!(target: "terraform_provider_example::client", "ours");
            tracing::info!(target: "hyper::proto", "noise");
            tracing::warn!(target: "hyper::proto", "trouble");
            tracing::trace!(target: "terraform_provider_example", "ours too");
        });

        let seen: Vec<_> = lines
            .iter()
            .map(|line| {
                (
                    line["@module"].as_str().unwrap(),
                    line["@message"].as_str().unwrap(),
                )
            })
            .collect();
        assert_eq!(
            seen,
            [
                ("client", "ours"),
                ("hyper.proto", "trouble"),
                ("provider", "ours too")
            ]
        );
    }

    #[test]
    fn events_below_the_level_are_not_logged() {
        let lines = lines_up_to(LevelFilter::ERROR, || {
            tracing::warn!(target: "terraform_provider_example", "ours");
            tracing::error!(target: "hyper::proto", "trouble");
        });

        assert_eq!(lines.len(), 1, "{lines:?}");
        assert_eq!(lines[0]["@message"], "trouble");
    }

    #[test]
    fn every_value_is_a_json_scalar() {
        #[derive(Debug)]
        struct Structure {
            _field: u8,
        }
        let error = std::io::Error::other("no more");

        let lines = lines(|| {
            tracing::info!(
                infinite = f64::INFINITY,
                big = u128::MAX,
                flag = true,
                debug = ?Structure { _field: 1 },
                error = &error as &(dyn std::error::Error + 'static),
                "hello"
            );
        });

        let object = lines[0].as_object().unwrap();
        assert_eq!(object["infinite"], "inf");
        assert_eq!(object["flag"], true);
        assert_eq!(object["debug"], "Structure { _field: 1 }");
        assert_eq!(object["error"], "no more");
        assert!(
            object
                .values()
                .all(|value| !value.is_object() && !value.is_array())
        );
        assert_eq!(object["big"], u128::MAX.to_string());
    }
}
