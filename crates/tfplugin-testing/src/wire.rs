//! Values, diagnostics and paths as messages of the protocol.

use tfplugin::server::proto;
use tfplugin::value::{decode_msgpack, encode_msgpack};
use tfplugin::{Diagnostic, Diagnostics, Path, PathStep, Type, Value};

/// Encodes a value for a request, in msgpack as Terraform does.
///
/// # Panics
///
/// Panics if the value is not of the type.
pub fn encode_value(value: &Value, ty: &Type) -> Option<proto::DynamicValue> {
    Some(proto::DynamicValue {
        msgpack: encode_msgpack(value, ty).expect("Core's own values have their types"),
        ..Default::default()
    })
}

/// Decodes a value of a reply; an absent one is null.
///
/// # Errors
///
/// Returns an error if the value is not of the type, or is JSON: providers answer in msgpack.
pub fn decode_value(value: Option<proto::DynamicValue>, ty: &Type) -> Result<Value, Diagnostics> {
    match value {
        Some(value) if !value.msgpack.is_empty() => decode_msgpack(&value.msgpack, ty),
        Some(value) if !value.json.is_empty() => Err(Diagnostic::error(
            "Plugin error",
            "A provider answers in msgpack (Terraform: docs/plugin-protocol).",
        )
        .into()),
        _ => Ok(Value::Null),
    }
}

/// Decodes the diagnostics of a reply.
///
/// # Panics
///
/// Panics if a diagnostic has no severity.
#[track_caller]
pub fn decode_diagnostics(diagnostics: &[proto::Diagnostic]) -> Diagnostics {
    let mut all = Diagnostics::new();
    all.extend(diagnostics.iter().map(|one| {
        let diagnostic = match one.severity() {
            proto::diagnostic::Severity::Error => Diagnostic::error(&one.summary, &one.detail),
            proto::diagnostic::Severity::Warning => Diagnostic::warning(&one.summary, &one.detail),
            proto::diagnostic::Severity::Invalid => {
                panic!("a diagnostic has no severity: {}", one.summary)
            }
        };
        match &one.attribute {
            Some(attribute) => diagnostic.at(decode_path(attribute)),
            None => diagnostic,
        }
    }));
    all
}

/// Decodes a path of a reply.
pub(crate) fn decode_path(path: &proto::AttributePath) -> Path {
    use proto::attribute_path::step::Selector;
    path.steps
        .iter()
        .filter_map(|step| step.selector.as_ref())
        .fold(Path::root(), |path, selector| {
            path.with(match selector {
                Selector::AttributeName(name) => PathStep::Attribute(name.clone()),
                Selector::ElementKeyString(key) => PathStep::Key(key.clone()),
                Selector::ElementKeyInt(index) => PathStep::Index(*index),
            })
        })
}

/// Returns encoded values that every decoder must refuse: truncated, oversized, nested too deeply, or not a value.
pub fn malformed_values() -> Vec<proto::DynamicValue> {
    let deep = [vec![0x91; 100_000], vec![0xc0]].concat();
    let msgpack = [
        vec![0xc1],
        vec![0x00],
        vec![0x81],
        vec![0x8f, 0xa1],
        vec![0xdf, 0xff, 0xff, 0xff, 0xff],
        vec![0xdd, 0xff, 0xff, 0xff, 0xff, 0xc0],
        vec![0xdb, 0xff, 0xff, 0xff, 0xff, b'a'],
        vec![0x81, 0xa2, 0xff, 0xfe, 0xc0],
        vec![0xc0, 0xc0],
        vec![0xc9, 0xff, 0xff, 0xff, 0xff, 0x0c],
        deep,
    ]
    .map(|msgpack| proto::DynamicValue {
        msgpack,
        ..Default::default()
    });
    let json =
        [&b"{"[..], b"nonsense", b"{}", b"\xff\xfe", b"[[[["].map(|json| proto::DynamicValue {
            json: json.to_vec(),
            ..Default::default()
        });
    msgpack.into_iter().chain(json).collect()
}
