//! Waiting and locking after failures (AUTHN-010, AUTHN-007): a state, and what each try makes of it.
//!
//! The same state serves for passwords, for second factors and for changing a password; each has one of its own. To
//! give no hint whether an id exists (AUTHN-011), keep one for ids that nobody has as well, under what was typed.

use chrono::{DateTime, TimeDelta, Utc};

/// How failures are answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Policy {
    /// How long the next try waits after the first failure, the second, and so on; the last stands for all after it.
    pub waits: Vec<TimeDelta>,
    /// So many failures in a row lock.
    pub failures_to_lock: u32,
    /// How long a lock lasts.
    pub lock: TimeDelta,
    /// Failures older than this no longer count, so that a slip a month does not lock in the end.
    pub forget: TimeDelta,
}

impl Default for Policy {
    fn default() -> Self {
        Self {
            waits: [1, 2, 5, 10].map(TimeDelta::seconds).to_vec(),
            failures_to_lock: 5,
            lock: TimeDelta::minutes(30),
            forget: TimeDelta::hours(24),
        }
    }
}

/// The tries so far. The default is: none.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Throttle {
    /// Failures in a row.
    pub failures: u32,
    /// Kept after a success too, because people are shown it (AUTHN-015).
    pub last_failure: Option<DateTime<Utc>>,
    /// Kept for the same reason.
    pub last_success: Option<DateTime<Utc>>,
    pub locked_until: Option<DateTime<Utc>>,
}

/// Whether a try is looked at now. If not, nothing of it is checked, not even whether it would have been right.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Gate {
    Open,
    Wait(DateTime<Utc>),
    Locked(DateTime<Utc>),
}

/// What a failure made of the state.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Failed {
    pub throttle: Throttle,
    /// This failure locked: the administrator is told, once for each lock.
    pub has_locked: bool,
}

impl Throttle {
    /// Whether a try at `now` is looked at.
    pub fn gate(&self, policy: &Policy, now: DateTime<Utc>) -> Gate {
        if let Some(until) = self.locked_until.filter(|until| now < *until) {
            return Gate::Locked(until);
        }
        match self.next_try(policy) {
            Some(until) if now < until => Gate::Wait(until),
            _ => Gate::Open,
        }
    }

    fn next_try(&self, policy: &Policy) -> Option<DateTime<Utc>> {
        let step = (self.failures as usize).checked_sub(1)?;
        let wait = policy.waits.get(step).or(policy.waits.last())?;
        Some(self.last_failure? + *wait)
    }

    /// The state after a try that was looked at and failed.
    pub fn failed(&self, policy: &Policy, now: DateTime<Utc>) -> Failed {
        if self.locked_until.is_some_and(|until| now < until) {
            // Two requests may race to the gate. The lock stands; it is not made longer, or anyone could keep it shut.
            return Failed { throttle: Self { last_failure: Some(now), ..*self }, has_locked: false };
        }
        let counts = self.locked_until.is_none() && self.last_failure.is_some_and(|last| now - last < policy.forget);
        let failures = if counts { self.failures.saturating_add(1) } else { 1 };
        let has_locked = failures >= policy.failures_to_lock;
        let locked_until = has_locked.then(|| now + policy.lock);
        Failed { throttle: Self { failures, last_failure: Some(now), locked_until, ..*self }, has_locked }
    }

    /// The state after a try that was looked at and succeeded.
    pub fn succeeded(&self, now: DateTime<Utc>) -> Self {
        Self { failures: 0, last_success: Some(now), locked_until: None, ..*self }
    }

    /// The state after the administrator has opened a lock.
    pub fn released(&self) -> Self {
        Self { failures: 0, locked_until: None, ..*self }
    }
}
