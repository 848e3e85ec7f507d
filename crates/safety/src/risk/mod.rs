//! リスク: identification, analysis, evaluation and treatment (guideline 5.1.1 to 5.1.5).

mod additions;
mod answers;
mod assess;
mod assessment;
mod condition;
mod considerations;
mod decisions;
mod identify;
mod judge;
mod own;
mod treat;
mod treatment;

pub use additions::*;
pub use answers::*;
pub use assess::assess;
pub use assessment::{
    Assessment, Cell, Counts, Defence, Rated, Rating, Reason, Residuals, Risk, RiskState, ThreatName,
};
pub use condition::{RuleError, Rules};
pub use considerations::{ConsiderationState, considerations};
pub use decisions::*;
pub use judge::judge;
pub use treat::{ResidualState, Treated, TreatmentView};
pub use treatment::*;

pub use crate::model::option_term;
