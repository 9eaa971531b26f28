//! What this SDK does not offer says so: functions, state stores.

use tonic::Status;

use super::super::proto;

pub(super) fn call_function(name: &str) -> proto::call_function::Response {
    proto::call_function::Response {
        error: Some(proto::FunctionError {
            text: format!("The provider has no function named {name:?}."),
            function_argument: None,
        }),
        ..Default::default()
    }
}

pub(super) fn state_store() -> Status {
    Status::unimplemented("the provider has no state stores")
}
