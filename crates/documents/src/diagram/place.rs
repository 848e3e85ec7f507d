//! Gives every frame and box its place: columns from left to right, filled to the shape of the page.

use std::rc::Rc;

use super::Side;
use super::grid::{Cells, NODE_WIDTH};
use super::outline::Outline;
use super::shelf::{Block, Content, Grid, Shelf, Shelves, title_height};
use super::spacing::{Spacing, bus_height};

/// Room for lines around everything.
const RIM: i32 = 2;
/// Room for the words over the columns.
const HEADINGS: i32 = 7;
/// How far a column may be stretched to the height of its neighbours.
const STRETCH: f64 = 1.5;

/// Where everything stands, in grid units.
#[derive(Default)]
pub(super) struct Placement {
    pub width: i32,
    pub height: i32,
    /// By site.
    pub frames: Vec<Cells>,
    /// By node.
    pub boxes: Vec<Cells>,
    /// By link: the line of a network of a site.
    pub buses: Vec<Option<Cells>>,
    /// The columns that have something in them, from left to right.
    pub columns: Vec<(Side, Cells)>,
}

/// Width and height of the area to fill, in units at full size.
pub(super) type Area = (f64, f64);

pub(super) fn place(outline: &Outline, spacing: &Spacing, area: Area) -> Placement {
    let shelves = Shelves { outline, spacing };
    let sides: Vec<(Side, Vec<Rc<Block>>)> = Side::ALL
        .into_iter()
        .filter_map(|side| {
            let roots = outline.roots(side);
            (!roots.is_empty()).then(|| (side, shelves.blocks(spacing.column(side), &roots)))
        })
        .collect();
    let alleys: i32 =
        sides.iter().take(sides.len().saturating_sub(1)).map(|(side, _)| spacing.alley[*side as usize]).sum();
    let fixed = (alleys + 2 * RIM, 2 * RIM + if sides.len() < 2 { 0 } else { HEADINGS });
    let chosen = choose(&sides, fixed, area);

    let top = fixed.1 - RIM;
    let height = chosen.iter().map(|block| block.h).max().unwrap_or(0);
    let width: i32 = chosen.iter().map(|block| block.w).sum::<i32>() + fixed.0;
    let (width, height) = (width.max(1), height.max(1));
    // What the page has left in one direction opens the drawing up, within reason.
    let scale = (area.0 / f64::from(width)).min(area.1 / f64::from(height + fixed.1)).min(1.0);
    let taller = ((area.1 / scale) as i32 - fixed.1).clamp(height, height + height / 4);
    let spare = ((area.0 / scale) as i32 - width).clamp(0, width / 4);
    let alley_share = spare / i32::try_from(sides.len()).unwrap_or(1).max(1);

    let mut pen = Pen { shelves, placement: Placement::default() };
    pen.placement.frames = vec![Cells::default(); outline.sites.len()];
    pen.placement.boxes = vec![Cells::default(); outline.nodes.len()];
    pen.placement.buses = vec![None; outline.links.len()];
    let mut x = RIM;
    for ((side, _), block) in sides.iter().zip(&chosen) {
        let stretched = ((f64::from(block.h) * STRETCH) as i32).max(block.h);
        let h = if stretched < taller { block.h } else { taller };
        let at = Cells::new(x, top + (taller - h) / 2, block.w, h);
        pen.shelves(block, at);
        pen.placement.columns.push((*side, Cells::new(x, top, block.w, taller)));
        x += block.w + spacing.alley[*side as usize] + alley_share;
    }
    let right = pen.placement.columns.last().map_or(RIM, |(_, cells)| cells.x1);
    pen.placement.width = right + RIM;
    pen.placement.height = top + taller + RIM;
    pen.placement
}

/// One arrangement for each column, so that all together fit the area at the largest scale.
fn choose(sides: &[(Side, Vec<Rc<Block>>)], fixed: (i32, i32), area: Area) -> Vec<Rc<Block>> {
    let within = |limit: i32| -> Vec<Rc<Block>> {
        let pick = |blocks: &Vec<Rc<Block>>| {
            let narrowest = blocks.iter().find(|block| block.h <= limit);
            Rc::clone(narrowest.or(blocks.last()).expect("a column has at least one arrangement"))
        };
        sides.iter().map(|(_, blocks)| pick(blocks)).collect()
    };
    let mut limits: Vec<i32> = sides.iter().flat_map(|(_, blocks)| blocks.iter().map(|block| block.h)).collect();
    limits.sort_unstable();
    limits.dedup();
    let scale = |chosen: &Vec<Rc<Block>>| {
        let w = chosen.iter().map(|block| block.w).sum::<i32>() + fixed.0;
        let h = chosen.iter().map(|block| block.h).max().unwrap_or(0) + fixed.1;
        (area.0 / f64::from(w)).min(area.1 / f64::from(h))
    };
    limits.into_iter().map(within).max_by(|a, b| scale(a).total_cmp(&scale(b))).unwrap_or_default()
}

/// Writes an arrangement down at a place and in a size not smaller than its own.
struct Pen<'a> {
    shelves: Shelves<'a>,
    placement: Placement,
}

impl Pen<'_> {
    fn shelves(&mut self, block: &Block, area: Cells) {
        let count = i32::try_from(block.shelves.len()).unwrap_or(1).max(1);
        let spare = (area.y1 - area.y0 - block.h).max(0);
        let mut y = area.y0;
        for (at, shelf) in (1..).zip(&block.shelves) {
            y += shelf.above;
            let h = shelf.h + spare * at / count - spare * (at - 1) / count;
            self.shelf(shelf, Cells { y0: y, y1: y + h, ..area });
            y += h;
        }
    }

    fn shelf(&mut self, shelf: &Shelf, area: Cells) {
        let spare = (area.x1 - area.x0 - shelf.w).max(0);
        let sites = shelf.items.iter().filter(|item| matches!(item.content, Content::Site(..))).count();
        let takers = i32::try_from(if sites == 0 { shelf.items.len() } else { sites }).unwrap_or(1).max(1);
        let (mut x, mut taken) = (area.x0, 0);
        for item in &shelf.items {
            x += item.before;
            let mut w = item.w;
            if sites == 0 || matches!(item.content, Content::Site(..)) {
                taken += 1;
                w += spare * taken / takers - spare * (taken - 1) / takers;
            }
            let at = Cells { x0: x, x1: x + w, ..area };
            match &item.content {
                Content::Site(site, block) => self.site(*site, block, at),
                Content::Grid(grid) => self.grid(grid, at),
            }
            x += w;
        }
    }

    fn site(&mut self, site: usize, block: &Block, frame: Cells) {
        self.placement.frames[site] = frame;
        let spacing = self.shelves.spacing;
        let outline = self.shelves.outline;
        let pad = spacing.pad[site];
        let mut bottom = frame.y1 - pad;
        for &link in outline.sites[site].buses.iter().rev() {
            let h = bus_height(&outline.links[link].card);
            let y = bottom - h / 2;
            self.placement.buses[link] = Some(Cells { x0: frame.x0 + 2, y0: y, x1: frame.x1 - 2, y1: y });
            bottom -= h;
        }
        let title = title_height(outline, site, frame.x1 - frame.x0);
        let inner = Cells { x0: frame.x0 + pad, y0: frame.y0 + title + pad - 1, x1: frame.x1 - pad, y1: bottom };
        self.shelves(block, inner);
    }

    fn grid(&mut self, grid: &Grid, area: Cells) {
        let rows = i32::try_from(grid.heights.len()).unwrap_or(1).max(1);
        let columns = i32::try_from(grid.columns).unwrap_or(1).max(1);
        let spare = (area.x1 - area.x0 - grid.width()).max(0);
        let share = (spare / (columns + 1)).min(6);
        let left = area.x0 + (spare - share * (columns - 1)) / 2;
        let between = ((area.y1 - area.y0 - grid.height()).max(0) / (rows + 1)).min(3);
        let mut y = area.y0 + between;
        for (row, nodes) in grid.nodes.chunks(grid.columns).enumerate() {
            y += grid.above[row];
            let mut x = left;
            for (column, &node) in nodes.iter().enumerate() {
                x += grid.before[column];
                self.placement.boxes[node] = Cells::new(x, y, NODE_WIDTH, grid.heights[row]);
                x += NODE_WIDTH + share;
            }
            y += grid.heights[row] + between;
        }
    }
}
