//! Ways to arrange the parts of a region: sites on shelves, nodes in a grid.

use std::rc::Rc;

use super::card::title_card;
use super::grid::{NODE_WIDTH, units};
use super::outline::{Outline, Place};
use super::spacing::{Spacing, bus_height, half_label, points};

/// One arrangement of everything in a region, without the edge of the region.
#[derive(Debug)]
pub(super) struct Block {
    pub w: i32,
    pub h: i32,
    pub shelves: Vec<Shelf>,
}

/// Parts that stand side by side.
#[derive(Debug)]
pub(super) struct Shelf {
    /// Room above, none for the first.
    pub above: i32,
    pub w: i32,
    pub h: i32,
    pub items: Vec<Item>,
}

/// One part: a site or all nodes of the region.
#[derive(Debug, Clone)]
pub(super) struct Item {
    /// Room to the left, none for the first.
    pub before: i32,
    pub w: i32,
    pub h: i32,
    pub content: Content,
}

#[derive(Debug, Clone)]
pub(super) enum Content {
    Site(usize, Rc<Block>),
    Grid(Rc<Grid>),
}

/// Nodes in rows.
#[derive(Debug)]
pub(super) struct Grid {
    pub nodes: Vec<usize>,
    pub columns: usize,
    /// Room left of each column, none for the first.
    pub before: Vec<i32>,
    /// Room above each row, none for the first.
    pub above: Vec<i32>,
    pub heights: Vec<i32>,
}

/// Height of the name of a site in a frame of a given width.
pub(super) fn title_height(outline: &Outline, site: usize, width: i32) -> i32 {
    let entry = &outline.sites[site];
    units(title_card(&entry.name, entry.party.as_deref(), points(width) - 10.0).height + 6.0)
}

/// Arrangements to choose from, from narrow to wide and from high to low.
pub(super) struct Shelves<'a> {
    pub outline: &'a Outline,
    pub spacing: &'a Spacing,
}

/// Wishes for the shape of the sites on a shelf, as width by height.
const SHAPES: [f64; 3] = [0.6, 1.5, 3.2];
/// Widths that are tried, in thirds of a node.
const WIDTHS: [i32; 28] =
    [3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 18, 21, 24, 27, 30, 36, 45, 57, 72, 90, 105, 120, 150, 180];
/// Arrangements that are kept of a region.
const KEPT: usize = 10;

impl Shelves<'_> {
    /// The edge of a site: left and right together, top and bottom together.
    pub fn edge(&self, site: usize, inner_width: i32) -> (i32, i32) {
        let pad = self.spacing.pad[site];
        let title = title_height(self.outline, site, inner_width + 2 * pad);
        let buses = &self.outline.sites[site].buses;
        let buses: i32 = buses.iter().map(|&link| bus_height(&self.outline.links[link].card)).sum();
        (2 * pad, title + (pad - 1) + pad + buses)
    }

    /// Arrangements of a site or, given its outermost sites, of a column.
    pub fn blocks(&self, region: usize, children: &[usize]) -> Vec<Rc<Block>> {
        let choices: Vec<(usize, Vec<Rc<Block>>)> =
            children.iter().map(|&child| (child, self.blocks(child, &self.outline.sites[child].children))).collect();
        let nodes = self.outline.sites.get(region).map_or(&[][..], |site| &site.nodes);
        let count = i32::try_from(nodes.len() + 3 * children.len()).unwrap_or(i32::MAX);
        let mut blocks: Vec<Rc<Block>> = Vec::new();
        for width in WIDTHS.into_iter().take_while(|&width| width / 3 <= count.max(1)) {
            let limit = width * (NODE_WIDTH + self.spacing.gap[region] + 1) / 3;
            for shape in SHAPES {
                blocks.push(Rc::new(self.block(region, nodes, &choices, limit, shape)));
            }
        }
        thin_out(blocks)
    }

    fn block(
        &self,
        region: usize,
        nodes: &[usize],
        choices: &[(usize, Vec<Rc<Block>>)],
        limit: i32,
        shape: f64,
    ) -> Block {
        let mut items: Vec<Item> = choices
            .iter()
            .map(|(site, blocks)| {
                let sized = blocks.iter().map(|block| {
                    let edge = self.edge(*site, block.w);
                    (block.w + edge.0, block.h + edge.1, block)
                });
                let off = |w: i32, h: i32| (f64::from(w) / f64::from(h) / shape).ln().abs();
                let (w, h, block) = sized
                    .min_by(|a, b| (limit < a.0).cmp(&(limit < b.0)).then(off(a.0, a.1).total_cmp(&off(b.0, b.1))))
                    .expect("a site has at least one arrangement");
                Item { before: 0, w, h, content: Content::Site(*site, Rc::clone(block)) }
            })
            .collect();
        if !nodes.is_empty() {
            let grid = self.grid(region, nodes, limit);
            items.push(Item { before: 0, w: grid.width(), h: grid.height(), content: Content::Grid(Rc::new(grid)) });
        }
        self.stack(region, items, limit)
    }

    /// Fills shelf after shelf.
    fn stack(&self, region: usize, items: Vec<Item>, limit: i32) -> Block {
        let mut shelves: Vec<Shelf> = Vec::new();
        for mut item in items {
            if let Some(shelf) = shelves.last_mut() {
                let gap = self.gap_between(region, shelf.items.last().map(|last| &last.content), &item.content).0;
                if shelf.w + gap + item.w <= limit {
                    item.before = gap;
                    shelf.w += gap + item.w;
                    shelf.h = shelf.h.max(item.h);
                    shelf.items.push(item);
                    continue;
                }
            }
            let above = match shelves.last() {
                None => 0,
                Some(last) => last
                    .items
                    .iter()
                    .map(|a| self.gap_between(region, Some(&a.content), &item.content).1)
                    .max()
                    .unwrap_or(0),
            };
            shelves.push(Shelf { above, w: item.w, h: item.h, items: vec![item] });
        }
        // Only now is it known what stands below what.
        for at in 1..shelves.len() {
            let (upper, lower) = (&shelves[at - 1].items, &shelves[at].items);
            let gaps = upper
                .iter()
                .flat_map(|a| lower.iter().map(|b| self.gap_between(region, Some(&a.content), &b.content).1));
            shelves[at].above = gaps.max().unwrap_or(0);
        }
        let w = shelves.iter().map(|shelf| shelf.w).max().unwrap_or(0).max(self.least_width(region));
        let h = shelves.iter().map(|shelf| shelf.above + shelf.h).sum();
        Block { w, h, shelves }
    }

    /// Room beside and below each other.
    fn gap_between(&self, region: usize, a: Option<&Content>, b: &Content) -> (i32, i32) {
        let base = self.spacing.gap[region];
        let (Some(Content::Site(a, _)), Content::Site(b, _)) = (a, b) else {
            return (base, base.max(self.spacing.label_inside(region)));
        };
        let label = self.spacing.label_between(Place::Site(*a), Place::Site(*b));
        (base.max(label.0), base.max(label.1))
    }

    fn least_width(&self, region: usize) -> i32 {
        let Some(site) = self.outline.sites.get(region) else { return 1 };
        let name = super::text::width(&site.name, super::card::size::SITE) + 10.0;
        let buses = site.buses.iter().map(|&link| 2 * half_label(&self.outline.links[link].card).0 + 12);
        units(name).min(NODE_WIDTH + 8).max(buses.max().unwrap_or(0)).max(8)
    }

    fn grid(&self, region: usize, nodes: &[usize], limit: i32) -> Grid {
        let base = self.spacing.gap[region];
        let fitting = usize::try_from((limit + base) / (NODE_WIDTH + base)).unwrap_or(0).clamp(1, nodes.len());
        let columns = nodes.len().div_ceil(nodes.len().div_ceil(fitting));
        let rows = nodes.len().div_ceil(columns);
        let (mut before, mut above) = (vec![base; columns], vec![base; rows]);
        (before[0], above[0]) = (0, 0);
        let mut heights = vec![0; rows];
        for (at, &node) in nodes.iter().enumerate() {
            let (row, column) = (at / columns, at % columns);
            heights[row] = heights[row].max(self.outline.nodes[node].height);
            let with = |other: usize| self.spacing.label_between(Place::Node(nodes[other]), Place::Node(node));
            if 0 < column {
                before[column] = before[column].max(with(at - 1).0);
            }
            if 0 < row {
                let upper = (row - 1) * columns..row * columns;
                above[row] = upper.map(|other| with(other).1).fold(above[row], i32::max);
            }
        }
        Grid { nodes: nodes.to_vec(), columns, before, above, heights }
    }
}

impl Grid {
    pub fn width(&self) -> i32 {
        self.before.iter().map(|gap| gap + NODE_WIDTH).sum()
    }

    pub fn height(&self) -> i32 {
        self.above.iter().sum::<i32>() + self.heights.iter().sum::<i32>()
    }
}

/// Keeps what is not both wider and higher than another, and of those not more than a few.
fn thin_out(mut blocks: Vec<Rc<Block>>) -> Vec<Rc<Block>> {
    blocks.sort_by_key(|block| (block.w, block.h));
    let mut kept: Vec<Rc<Block>> = Vec::new();
    for block in blocks {
        if kept.last().is_none_or(|last| block.h < last.h) {
            kept.push(block);
        }
    }
    let step = kept.len().div_ceil(KEPT);
    kept.into_iter().step_by(step.max(1)).collect()
}
