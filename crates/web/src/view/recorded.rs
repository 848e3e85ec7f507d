//! What the registers of a service say to a control.

/// One register that proves a control.
#[derive(Debug, Clone)]
pub struct RecordedView {
    pub title: String,
    /// Below the address of the service.
    pub href: String,
    /// The newest day on which something was written or done; empty while there is nothing.
    pub newest: String,
    pub age_days: i64,
    pub is_old: bool,
    /// Title, newest day and number of overdue cases of each duty whose records prove the control.
    pub duties: Vec<(String, String, u64)>,
}
