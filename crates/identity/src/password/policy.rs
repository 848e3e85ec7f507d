//! What an organisation asks of passwords.

use chrono::{DateTime, TimeDelta, Utc};

/// No policy allows shorter ones (V5 6.5 C11).
pub const SHORTEST: usize = 8;
/// Longer ones are refused, so that nobody makes us hash books. Counted in characters after NFKC.
pub const LONGEST: usize = 128;

/// What is looked at before anything is normalised, in bytes: room for [`LONGEST`] characters in any form.
pub(super) const LONGEST_TYPED: usize = LONGEST * 16;

const KINDS: u8 = 4;
const HISTORY: usize = 24;

/// The rules of an organisation for passwords.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Policy {
    /// Fewest characters.
    pub shortest: usize,
    /// How many of capitals, small letters, digits and others there must be.
    pub kinds: u8,
    /// So many of the last passwords may not come back, the one in use included.
    pub history: usize,
    /// How long a password lasts for an account without a second factor (AUTHN-006); `None` for ever.
    pub expires_after: Option<TimeDelta>,
}

impl Default for Policy {
    fn default() -> Self {
        Self { shortest: SHORTEST, kinds: 3, history: 5, expires_after: Some(TimeDelta::days(60)) }
    }
}

/// What an organisation may not choose.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum PolicyFault {
    #[error("パスワードの最短文字数は{SHORTEST}以上{LONGEST}以下にしてください（今は{0}です）。")]
    Shortest(usize),
    #[error("文字の種類の数は1以上{KINDS}以下にしてください（今は{0}です）。")]
    Kinds(u8),
    #[error("再利用を禁止する世代数は1以上{HISTORY}以下にしてください（今は{0}です）。")]
    History(usize),
    #[error("パスワードの有効期間は1日以上にしてください。")]
    Expires,
}

impl Policy {
    /// Everything that cannot be chosen so. [`super::check`] asks for [`SHORTEST`] characters all the same.
    pub fn faults(&self) -> Vec<PolicyFault> {
        let mut faults = Vec::new();
        if !(SHORTEST..=LONGEST).contains(&self.shortest) {
            faults.push(PolicyFault::Shortest(self.shortest));
        }
        if !(1..=KINDS).contains(&self.kinds) {
            faults.push(PolicyFault::Kinds(self.kinds));
        }
        // Each generation costs a slow hash when a password is changed.
        if !(1..=HISTORY).contains(&self.history) {
            faults.push(PolicyFault::History(self.history));
        }
        if self.expires_after.is_some_and(|period| period < TimeDelta::days(1)) {
            faults.push(PolicyFault::Expires);
        }
        faults
    }

    /// When a password set at `set` has to be changed, if ever.
    pub fn expires(&self, set: DateTime<Utc>, has_second_factor: bool) -> Option<DateTime<Utc>> {
        self.expires_after.filter(|_| !has_second_factor).map(|period| set + period)
    }
}
