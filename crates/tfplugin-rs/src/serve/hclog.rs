//! [`Line`]: one log line in the JSON that Terraform's logger reads from a plugin's stderr.
//!
//! go-plugin (log_entry.go) has three requirements. `@level`, `@message` and `@timestamp` must be strings, or
//! Terraform itself panics. The time must have exactly six digits after the second, or Terraform shows the line as
//! it is. A line must not exceed 64 KiB, or Terraform splits it into pieces that are not JSON. So every line of the
//! log is rendered here.

use std::time::SystemTime;

use chrono::{DateTime, SecondsFormat, Utc};
use serde_json::{Map, Value};

/// Below the 65,536 bytes of the host's reader, with the line's end.
pub(super) const MAX_LINE: usize = 64 << 10;

/// Fields in the order of their keys. Values are JSON scalars.
#[derive(Clone, Debug, Default)]
pub(super) struct Fields(Map<String, Value>);

impl Fields {
    /// Sets a field, over an earlier one of the same name.
    pub(super) fn set(&mut self, name: &str, value: impl Into<Value>) {
        // The logger's own keys begin with `@`; `r#` is how Rust spells a name like `type`.
        let name = name.trim_start_matches("r#").trim_start_matches('@');
        self.0.insert(name.to_owned(), value.into());
    }

    /// Removes a field and returns it as text.
    pub(super) fn take_text(&mut self, name: &str) -> Option<String> {
        match self.0.remove(name)? {
            Value::String(text) => Some(text),
            other => Some(other.to_string()),
        }
    }

    /// Sets all fields of `other`, over those of the same name.
    pub(super) fn extend(&mut self, other: &Self) {
        self.0.extend(other.0.clone());
    }
}

/// The contents of one line.
pub(super) struct Line<'a> {
    pub(super) time: SystemTime,
    pub(super) level: &'static str,
    pub(super) module: &'a str,
    pub(super) message: String,
    pub(super) fields: Fields,
}

impl Line<'_> {
    /// Returns the line with its line break. A line that is too long gets its long texts cut, and if that is not
    /// enough, loses its fields.
    pub(super) fn render(mut self) -> Vec<u8> {
        let own = [
            ("@timestamp", timestamp(self.time)),
            ("@level", self.level.to_owned()),
            ("@module", self.module.to_owned()),
            ("@message", std::mem::take(&mut self.message)),
        ];
        let mut object = self.fields.0;
        object.extend(own.map(|(key, value)| (key.to_owned(), Value::String(value))));
        // The limits are for the unescaped text: in JSON a byte may become six.
        for limit in [usize::MAX, 16 << 10, 1 << 10, 64] {
            object.values_mut().for_each(|value| cut(value, limit));
            let line = rendered(&object);
            if line.len() <= MAX_LINE {
                return line;
            }
        }
        let dropped = object.len();
        object.retain(|key, _| key.starts_with('@'));
        object.insert("fields_dropped".to_owned(), (dropped - object.len()).into());
        rendered(&object)
    }
}

fn rendered(object: &Map<String, Value>) -> Vec<u8> {
    let mut line = serde_json::to_vec(object).unwrap_or_default();
    line.push(b'\n');
    line
}

/// Returns the time in UTC with six digits after the second.
fn timestamp(time: SystemTime) -> String {
    DateTime::<Utc>::from(time).to_rfc3339_opts(SecondsFormat::Micros, true)
}

/// Cuts a text to about `limit` bytes, and appends how many bytes are missing.
fn cut(value: &mut Value, limit: usize) {
    if let Value::String(text) = value
        && text.len() > limit
    {
        let end = text.floor_char_boundary(limit);
        let gone = text.len() - end;
        text.truncate(end);
        text.push_str(&format!(" … ({gone} bytes cut)"));
    }
}

/// Writes whole lines of the log to standard error. An error is ignored: if stderr is closed, there is no other
/// place to report it.
pub(super) fn write_stderr(line: &[u8]) {
    use std::io::Write as _;
    let _ = std::io::stderr().lock().write_all(line);
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use proptest::prelude::*;

    use super::*;

    fn line(message: &str, fields: Fields) -> Line<'_> {
        Line {
            time: SystemTime::UNIX_EPOCH + Duration::from_millis(1_500),
            level: "info",
            module: "provider",
            message: message.to_owned(),
            fields,
        }
    }

    #[test]
    fn a_line_is_as_hclog_writes_it() {
        let mut fields = Fields::default();
        fields.set("tf_rpc", "ReadResource");
        fields.set("attempt", 2);
        fields.set("r#type", "x");

        let text = String::from_utf8(line("hello\n", fields).render()).unwrap();

        assert_eq!(
            text,
            "{\"@level\":\"info\",\"@message\":\"hello\\n\",\"@module\":\"provider\",\
             \"@timestamp\":\"1970-01-01T00:00:01.500000Z\",\"attempt\":2,\"tf_rpc\":\"ReadResource\",\
             \"type\":\"x\"}\n"
        );
    }

    #[test]
    fn no_field_replaces_the_loggers_own() {
        let mut fields = Fields::default();
        for key in ["@message", "@level", "@timestamp", "@module"] {
            fields.set(key, 1);
        }

        let object: Value = serde_json::from_slice(&line("hello", fields).render()).unwrap();

        assert_eq!(object["@message"], "hello");
        assert_eq!(object["@level"], "info");
        assert_eq!(object["message"], 1);
    }

    #[test]
    fn a_long_message_is_cut_with_a_mark() {
        let message = "x".repeat(100_000);

        let rendered = line(&message, Fields::default()).render();

        let object: Value = serde_json::from_slice(&rendered).unwrap();
        let shown = object["@message"].as_str().unwrap();
        assert!(
            shown.ends_with(" … (83616 bytes cut)"),
            "{}",
            &shown[16_000..]
        );
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(32))]
        /// Conformance: 28.
        #[test]
        fn every_line_is_one_json_object_that_the_host_can_read(
            message in "\\PC{0,20}|\u{1}{0,70000}",
            count in 0_usize..3_000,
            value in "\\PC{0,200}",
        ) {
            let mut fields = Fields::default();
            for index in 0..count {
                fields.set(&format!("field_{index}"), value.as_str());
            }

            let rendered = line(&message, fields).render();

            prop_assert!(rendered.len() <= MAX_LINE);
            prop_assert_eq!(rendered.iter().filter(|byte| **byte == b'\n').count(), 1);
            let object: Map<String, Value> = serde_json::from_slice(&rendered).unwrap();
            for key in ["@level", "@message", "@timestamp", "@module"] {
                prop_assert!(object[key].is_string());
            }
        }
    }
}
