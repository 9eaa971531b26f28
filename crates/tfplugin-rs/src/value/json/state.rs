//! The conversions that a stored state is allowed (terraform-plugin-go: `tftypes/value_json.go`).

/// A bool that was stored as text or as a number.
pub(super) fn bool(text: &str) -> Option<bool> {
    match text {
        "true" | "1" => Some(true),
        "false" | "0" => Some(false),
        _ => None,
    }
}
