//! What was evaluated for one institution, as that of the baseline (AGREE-007).

use shirube_catalog::OptionKind;

use super::RequestReply;
use crate::risk::{RequestStatus, Treatment};

/// What the baseline's treatment becomes: it keeps what it is, with what was evaluated for the institution. What the
/// institution refused is refused in the baseline then: what remains was rated without it.
pub fn promoted(base: Option<&Treatment>, own: &Treatment, replies: &[RequestReply]) -> Treatment {
    let Some(base) = base else { return own.clone() };
    let mut new = base.clone();
    new.residual.clone_from(&own.residual);
    new.retention.clone_from(&own.retention);
    new.options.retain(|option| *option != OptionKind::Retention);
    if own.retention.is_some() {
        new.options.push(OptionKind::Retention);
    }
    new.decided.clone_from(&own.decided);
    for (at, request) in new.requests.iter_mut().enumerate() {
        let name = base.request_name(at);
        if replies.iter().any(|reply| reply.request == name && reply.reply == RequestStatus::Refused) {
            request.status = RequestStatus::Refused;
        }
    }
    new
}
