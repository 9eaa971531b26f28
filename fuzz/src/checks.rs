//! Checks of what a provider returns, whatever the request was.

use tfplugin::server::proto::{self, diagnostic::Severity};
use tfplugin::value::decode_msgpack;
use tfplugin::{Type, Value};
use tonic::{Code, Status};

/// Returns whether there is an error among diagnostics, each of which must have a severity and texts.
#[must_use]
pub fn has_error(diagnostics: &[proto::Diagnostic]) -> bool {
    for one in diagnostics {
        assert_ne!(one.severity(), Severity::Invalid, "{}", one.summary);
        assert!(!one.summary.is_empty(), "a diagnostic without a summary");
        assert!(!one.detail.is_empty(), "{} has no detail", one.summary);
    }
    diagnostics
        .iter()
        .any(|one| one.severity() == Severity::Error)
}

/// Reads a value, which must be msgpack and have the type; an absent one is null.
#[must_use]
pub fn value(value: Option<&proto::DynamicValue>, ty: &Type) -> Value {
    let Some(value) = value else {
        return Value::Null;
    };
    assert!(value.json.is_empty(), "a provider returns msgpack");
    if value.msgpack.is_empty() {
        return Value::Null;
    }
    decode_msgpack(&value.msgpack, ty)
        .unwrap_or_else(|diagnostics| panic!("a returned value has its type: {diagnostics}"))
}

/// Checks a planned state, which may have unknown values.
pub fn planned_state(
    diagnostics: &[proto::Diagnostic],
    planned: Option<&proto::DynamicValue>,
    ty: Option<&Type>,
) {
    let failed = has_error(diagnostics);
    match ty {
        Some(ty) => drop(value(planned, ty)),
        None => assert!(failed, "the type is unknown, and there is no error"),
    }
}

/// Checks a new state, which must be wholly known unless there was an error.
pub fn new_state(
    diagnostics: &[proto::Diagnostic],
    new: Option<&proto::DynamicValue>,
    ty: Option<&Type>,
) {
    let failed = has_error(diagnostics);
    let Some(ty) = ty else {
        assert!(failed, "the type is unknown, and there is no error");
        return;
    };
    let new = value(new, ty);
    assert!(failed || new.is_wholly_known(), "an unknown value is left");
}

/// Checks a gRPC status: failures are diagnostics, and a status says only that the RPC is not implemented.
pub fn status(rpc: &str, status: &Status) {
    assert_eq!(status.code(), Code::Unimplemented, "{rpc}: {status}");
}
