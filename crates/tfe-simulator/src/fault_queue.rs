//! [`FaultQueue`]: the faults that are still to happen, in the order in which they were injected.

use crate::fault::Fault;
use crate::request::Request;

#[derive(Debug, Default)]
pub(crate) struct FaultQueue(Vec<Fault>);

impl FaultQueue {
    pub(crate) fn push(&mut self, fault: Fault) {
        self.0.push(fault);
    }

    /// Returns the first fault that meets this request, and counts the request.
    pub(crate) fn next(&mut self, request: &Request) -> Option<Fault> {
        let index = self.0.iter_mut().position(|fault| fault.meets(request))?;
        let fault = self.0[index].clone();
        if fault.is_used_up() {
            self.0.remove(index);
        }
        Some(fault)
    }

    pub(crate) fn len(&self) -> usize {
        self.0.iter().filter(|fault| !fault.is_used_up()).count()
    }

    pub(crate) fn clear(&mut self) {
        self.0.clear();
    }
}
