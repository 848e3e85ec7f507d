//! Papers of one or two pages stay so: a table gives up its last rows and says how many more there are.

use shirube_outline::Limit;

use crate::content::{Block, Cell, Document, Table};
use crate::write;

/// A table that may show fewer rows.
pub struct Elastic {
    /// Place among the blocks of the document.
    pub at: usize,
    pub limit: Limit,
    /// How many entries there are, shown or not.
    pub total: usize,
}

/// Longest texts in tables, in characters, tried one after the other where fewer rows are not enough.
const LONGEST: [usize; 3] = [60, 40, 28];

/// Makes a document fit so many pages, as far as its tables allow.
pub fn fit(document: &mut Document, elastic: &[Elastic], pages: usize) {
    let full = document.blocks.clone();
    let mut shown: Vec<usize> = elastic.iter().map(|of| rows(&full, of.at).len()).collect();
    lay(document, elastic, &full, &shown);
    while !write::fits(document, pages) {
        let spare = |at: usize| shown[at].saturating_sub(elastic[at].limit.least);
        // Of several equally long ones, the later gives.
        match (0..elastic.len()).max_by_key(|at| spare(*at)).filter(|at| spare(*at) > 0) {
            Some(at) => shown[at] -= 1,
            None => break,
        }
        lay(document, elastic, &full, &shown);
    }
    for longest in LONGEST {
        if write::fits(document, pages) {
            return;
        }
        let mut cut = full.clone();
        for of in elastic {
            rows_mut(&mut cut, of.at).iter_mut().flatten().for_each(|cell| shorten(cell, longest));
        }
        lay(document, elastic, &cut, &shown);
        document.blocks.push(Block::Paragraph(
            "「…」で終わるところは、長いため途中までを示しました。全文は「リスク対応一覧」などにあります。".to_owned(),
        ));
    }
}

/// Puts the first rows of each table into the document, and what says how many more there are.
fn lay(document: &mut Document, elastic: &[Elastic], full: &[Block], shown: &[usize]) {
    document.blocks = full.to_vec();
    for (of, shown) in elastic.iter().zip(shown) {
        if let Some(Block::Table(table)) = document.blocks.get_mut(of.at) {
            table.rows.truncate(*shown);
            let more = of.total.saturating_sub(*shown);
            if more > 0 {
                let says = of.limit.rest.replace("{count}", &more.to_string());
                table.rows.push(vec![Cell::new(says).cols(table.columns.len())]);
            }
        }
    }
}

fn rows(blocks: &[Block], at: usize) -> &[Vec<Cell>] {
    match blocks.get(at) {
        Some(Block::Table(Table { rows, .. })) => rows,
        _ => &[],
    }
}

fn rows_mut(blocks: &mut [Block], at: usize) -> &mut [Vec<Cell>] {
    match blocks.get_mut(at) {
        Some(Block::Table(Table { rows, .. })) => rows,
        _ => &mut [],
    }
}

fn shorten(cell: &mut Cell, longest: usize) {
    if let Some((end, _)) = cell.text.char_indices().nth(longest) {
        cell.text.truncate(end);
        cell.text.push('…');
    }
}
