//! What an answer has to be, whatever was asked.

use tfplugin::server::proto::{self, diagnostic::Severity};
use tfplugin::value::decode_msgpack;
use tfplugin::{Type, Value};
use tonic::{Code, Status};

/// Whether there is an error among diagnostics, each of which must say how bad it is and what it is.
#[must_use]
pub fn has_error(told: &[proto::Diagnostic]) -> bool {
    for one in told {
        assert_ne!(one.severity(), Severity::Invalid, "{}", one.summary);
        assert!(!one.summary.is_empty(), "a diagnostic without a summary");
        assert!(!one.detail.is_empty(), "{} has no detail", one.summary);
    }
    told.iter().any(|one| one.severity() == Severity::Error)
}

/// A value must be msgpack, and of the type; absent is null.
#[must_use]
pub fn value(value: Option<&proto::DynamicValue>, ty: &Type) -> Value {
    let Some(value) = value else {
        return Value::Null;
    };
    assert!(value.json.is_empty(), "an answer is msgpack");
    if value.msgpack.is_empty() {
        return Value::Null;
    }
    decode_msgpack(&value.msgpack, ty)
        .unwrap_or_else(|told| panic!("what the provider writes has its type: {told}"))
}

/// A state must be wholly known besides, where there was no error.
pub fn state(told: &[proto::Diagnostic], new: Option<&proto::DynamicValue>, ty: Option<&Type>) {
    let failed = has_error(told);
    let Some(ty) = ty else {
        assert!(failed, "there is nothing of that name, and no error");
        return;
    };
    let new = value(new, ty);
    assert!(failed || new.is_wholly_known(), "an unknown value is left");
}

/// A failure of the provider is a diagnostic; a status says only that there is no such thing.
pub fn status(rpc: &str, status: &Status) {
    assert_eq!(status.code(), Code::Unimplemented, "{rpc}: {status}");
}
