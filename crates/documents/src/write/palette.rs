//! The few colours of a document, chosen to differ on a black-and-white printer too.

use crate::content::Mark;

/// Fill and letter colour of a rank, as `RRGGBB`; `None` for a letter that is no rank.
pub fn rank(rank: char) -> Option<(&'static str, &'static str)> {
    match rank {
        'S' => Some(("7A1F1F", "FFFFFF")),
        'A' => Some(("B5541C", "FFFFFF")),
        'B' => Some(("C99A2E", "1A1A1A")),
        'C' => Some(("7FA3A8", "1A1A1A")),
        'D' => Some(("D9E2E3", "1A1A1A")),
        _ => None,
    }
}

/// Background of heading rows.
pub const HEAD: &str = "E4EAEB";
/// Background of group headings and labels.
pub const GROUP: &str = "F1F4F4";
/// Background of a finding.
pub const FINDING: &str = "FAF0EE";
/// The bar beside a finding.
pub const FINDING_BAR: &str = "7A1F1F";
/// Text of a proposal: grey, but dark enough to read and to copy.
pub const PROPOSED: &str = "595959";
/// Lines of the hatching of what nobody has answered.
pub const HATCH: &str = "BFC6C7";
/// Thin lines of tables.
pub const LINE: &str = "8A9496";

/// Whether the text of a cell with this mark is bold.
pub fn is_bold(mark: Mark) -> bool {
    matches!(mark, Mark::Rank(_) | Mark::Field(_) | Mark::Group | Mark::Finding)
}
