//! Merged cells over many rows are cut into pieces that fit on a page, each with its text: after a page break, a
//! merged cell would otherwise be empty.

use std::collections::BTreeMap;

use super::measure::{self, WHOLE_GROUP_LINES};
use crate::content::{Cell, Placed, place};

/// Rows in which no merged cell covers more lines than stay together on a page, where its rows allow that.
///
/// Cells over the same rows are cut at the same places, and never inside a smaller merged cell beside them.
pub fn split(rows: &[Vec<Cell>], widths: &[f64], size: f64) -> Vec<Vec<Cell>> {
    let lines = |placed: &Placed, text: &str| measure::lines(text, measure::inner(placed, widths) / size);
    let mut own = vec![1; rows.len()];
    let mut bands: BTreeMap<(usize, usize), Vec<Placed>> = BTreeMap::new();
    let mut made: Vec<Vec<(usize, Cell)>> = rows.iter().map(|_| Vec::new()).collect();
    for placed in place(rows, widths.len()) {
        if placed.cell.row_span == 1 {
            own[placed.row] = own[placed.row].max(lines(&placed, &placed.cell.text));
            made[placed.row].push((placed.column, placed.cell.clone()));
        } else {
            let end = (placed.row + placed.cell.row_span).min(rows.len());
            bands.entry((placed.row, end)).or_default().push(placed);
        }
    }
    let spans: Vec<(usize, usize)> = bands.keys().copied().collect();
    for (&(first, end), cells) in &bands {
        let crossed = |row: usize| spans.iter().any(|&(from, to)| from < row && row < to && to - from < end - first);
        let full = cells.iter().map(|placed| lines(placed, &placed.cell.text)).max().unwrap_or(1);
        let again = cells.iter().map(|placed| lines(placed, repeated(placed.cell))).max().unwrap_or(1);
        let mut cuts = cuts(&own[first..end], full, again, &|row| crossed(first + row));
        cuts.push(end - first);
        for placed in cells {
            for (at, part) in cuts.windows(2).enumerate() {
                let mut cell = placed.cell.clone().rows(part[1] - part[0]);
                if at > 0 {
                    repeated(placed.cell).clone_into(&mut cell.text);
                }
                made[first + part[0]].push((placed.column, cell));
            }
        }
    }
    let sorted = made.into_iter().map(|mut row| {
        row.sort_by_key(|(column, _)| *column);
        row.into_iter().map(|(_, cell)| cell).collect()
    });
    sorted.collect()
}

/// What a cell says where it begins again.
fn repeated(cell: &Cell) -> &str {
    cell.again.as_deref().unwrap_or(&cell.text)
}

/// Rows at which a merged cell begins; a piece is never lower than the text it holds.
fn cuts(own: &[usize], full: usize, again: usize, crossed: &dyn Fn(usize) -> bool) -> Vec<usize> {
    let (mut cuts, mut have, mut need) = (vec![0], own[0], full);
    for (row, &lines) in own.iter().enumerate().skip(1) {
        if have + lines > WHOLE_GROUP_LINES && have >= need && !crossed(row) {
            cuts.push(row);
            (have, need) = (0, again);
        }
        have += lines;
    }
    if cuts.len() > 1 && have < need {
        cuts.pop();
    }
    cuts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_group_begins_again_with_its_short_form() {
        let tall = "一\n二\n三\n四\n五";
        let mut rows = vec![vec![Cell::new("A-D1 長い名").rows(5).again("A-D1（続き）"), Cell::new(tall)]];
        rows.extend((1..5).map(|_| vec![Cell::new(tall)]));
        let cut = split(&rows, &[100.0, 100.0], 10.0);
        let first: Vec<(usize, &str, usize)> = cut
            .iter()
            .enumerate()
            .filter(|(_, row)| row.len() == 2)
            .map(|(at, row)| (at, row[0].text.as_str(), row[0].row_span))
            .collect();
        assert_eq!(first, [(0, "A-D1 長い名", 2), (2, "A-D1（続き）", 2), (4, "A-D1（続き）", 1)]);
    }

    #[test]
    fn a_group_is_not_cut_below_its_text_or_through_a_smaller_one() {
        assert_eq!(cuts(&[5, 5, 5], 15, 1, &|_| false), [0]);
        assert_eq!(cuts(&[5, 5, 5, 5], 1, 1, &|row| row == 2), [0, 3]);
        assert_eq!(cuts(&[5, 5, 1], 1, 3, &|_| false), [0], "the last piece would be lower than its text");
    }
}
