//! サービスレベル: availability, response and updates as they were, exactly, and what follows from them (別紙1 II 6.3(2), 7).
//!
//! [`Records`] say what happened, [`Terms`] what was promised; [`evaluate`] holds one against the other. All arithmetic is in
//! whole minutes and integers: nothing is rounded but what is shown, and that is cut. Where a record is unclear, the figure
//! takes the reading that is worse for the provider, and a [`Remark`] says so.

mod allowance;
mod availability;
mod clock;
mod consequence;
mod counting;
mod evaluate;
mod exclusion;
mod record;
mod remark;
mod segment;
mod stop;
mod terms;
mod tied;

pub use allowance::{Allowance, allowances};
pub use availability::{Availability, Band, ExcludedMinutes, Figure, Reached};
pub use clock::{ClockState, Clocked};
pub use consequence::{Consequence, ConsequenceKind};
pub use counting::{Counts, Graded};
pub use evaluate::{Asked, Evaluation, History, Month, Origin, Period, evaluate};
pub use exclusion::ExcludedInterval;
pub use record::{Affected, Earlier, Exclusion, Extent, Judgement, Outage, Records, Row, Source, Update};
pub use remark::{EARLIER, EXCLUSIONS, OUTAGES, Remark, UPDATES, Weight};
pub use stop::Stopped;
pub use terms::{Grade, ReportDay, Terms, UpdateTerm};
pub use tied::ByInstitution;
