//! Days and business time of Japan: 国民の祝日, closing days as people write them, hours by day, and spans of minutes.
//!
//! Nothing here knows a service. Times are local times of Japan, which has no summer time, counted in whole minutes; spans
//! are half-open. No clock is read.

mod closing;
mod day_set;
mod holiday;
mod hours;
mod minute;
mod span;
mod words;
mod worked;

pub use closing::{ClosingDays, YearStart, end_of_month};
pub use day_set::DaySet;
pub use holiday::{equinoxes_published_until, holiday, years};
pub use hours::{DayKind, HoursRow, Misread, WeekHours};
pub use minute::{Minute, Moment};
pub use span::{Span, Spans};
pub use worked::BusinessTime;
