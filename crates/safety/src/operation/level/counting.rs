//! 未達成の件数と評価 (別紙1 II 7.1(1)②).

use serde::Serialize;

use super::terms::{Grade, Terms};
use crate::stated::AvailabilityUnit;

/// Misses, by indicator.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Counts {
    pub availability: u32,
    pub responses: u32,
    pub updates: u32,
}

impl Counts {
    pub fn total(self) -> u32 {
        self.availability + self.responses + self.updates
    }
}

/// The result by one of the two ways to count availability.
#[derive(Debug, Clone, Serialize)]
pub struct Graded {
    pub unit: AvailabilityUnit,
    /// The contract counts this way.
    pub chosen: bool,
    pub counts: Counts,
    pub unmet: u32,
    /// None where the contract's table has holes.
    pub grade: Option<String>,
}

impl Graded {
    pub(super) fn new(unit: AvailabilityUnit, counts: Counts, terms: &Terms) -> Self {
        let unmet = counts.total();
        Self { unit, chosen: terms.unit == Some(unit), counts, unmet, grade: grade(&terms.grades, unmet) }
    }
}

fn grade(grades: &[Grade], unmet: u32) -> Option<String> {
    let row = grades.iter().find(|row| row.from <= unmet && row.to.is_none_or(|to| unmet <= to))?;
    Some(row.grade.clone())
}

#[cfg(test)]
mod tests {
    use shirube_catalog::service_level_rules;

    use super::*;

    /// SLA-015, SLA-035: both sides of every border.
    #[test]
    fn grades_change_where_the_table_says() {
        let rows = service_level_rules().grades.iter();
        let grades: Vec<Grade> =
            rows.map(|row| Grade { grade: row.grade.clone(), from: row.from, to: row.to }).collect();
        for (unmet, wanted) in [(0, "A"), (1, "B"), (10, "B"), (11, "C"), (20, "C"), (21, "D"), (500, "D")] {
            assert_eq!(grade(&grades, unmet).as_deref(), Some(wanted), "{unmet}");
        }
    }
}
