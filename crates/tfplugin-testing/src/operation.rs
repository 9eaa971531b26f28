//! [`Operation`]: what the RPCs of one operation on one resource instance have in common.

use tfplugin::server::proto;
use tfplugin::{Diagnostics, Provider};

use super::host::Walk;
use super::process::Process;
use super::rules;
use super::schema::ObjectSchema;
use super::wire::decode_diagnostics;

/// An operation on one resource instance, such as the plan of `greeter_person.example`.
pub(crate) struct Operation<'a, P: Provider> {
    pub(crate) process: &'a Process<P>,
    pub(crate) walk: Walk,
    pub(crate) address: &'a str,
    pub(crate) schema: &'a ObjectSchema,
    /// The warnings of all its RPCs. An error ends the operation instead.
    pub(crate) diagnostics: &'a mut Diagnostics,
}

impl<P: Provider> Operation<'_, P> {
    /// Keeps the warnings of a reply, or returns its errors.
    pub(crate) fn check(&mut self, reply: &[proto::Diagnostic]) -> Result<(), Diagnostics> {
        self.finish(decode_diagnostics(reply))
    }

    /// Keeps warnings, or returns errors.
    pub(crate) fn finish(&mut self, diagnostics: Diagnostics) -> Result<(), Diagnostics> {
        self.diagnostics.extend(diagnostics.into_result()?);
        Ok(())
    }

    /// Fails with Terraform's `summary` if there are problems.
    pub(crate) fn refuse(&self, summary: &str, problems: &[String]) -> Result<(), Diagnostics> {
        rules::refuse(summary, self.address, problems)
    }
}
