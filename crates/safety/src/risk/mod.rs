//! リスク: identification, analysis, evaluation and treatment (guideline 5.1.1 to 5.1.5).

mod assess;
mod condition;
mod considerations;
mod decisions;
mod identify;
mod judge;
mod method;
mod treat;

pub use assess::{Assessment, Cell, Counts, Rated, Rating, Reason, Risk, RiskState, ThreatName, assess};
pub use condition::{RuleError, Rules};
pub use considerations::{ConsiderationState, considerations};
pub use decisions::*;
pub use judge::judge;
pub use method::method_of;
pub use treat::{ResidualState, Treated, TreatmentView, treatments};
