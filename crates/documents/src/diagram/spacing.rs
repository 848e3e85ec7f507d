//! How much room the lines and labels need between the parts of each region.

use std::collections::HashMap;

use super::Side;
use super::grid::{UNIT, units};
use super::outline::{Outline, Place};

/// Half the width and height of a link label in units, with a white edge.
pub(super) fn half_label(card: &super::Card) -> (i32, i32) {
    if card.is_empty() {
        return (0, 0);
    }
    (units((card.width + 5.0) / 2.0), units((card.height + 2.0) / 2.0))
}

/// Room in units. Regions are the sites, then the columns: see [`Spacing::column`].
pub(super) struct Spacing {
    /// Between the parts of a region.
    pub gap: Vec<i32>,
    /// Between the edge of a region and its parts.
    pub pad: Vec<i32>,
    /// Between a column and the next one to its right.
    pub alley: [i32; 4],
    /// Size of the largest label inside a region.
    room: Vec<(i32, i32)>,
    /// Label size that two parts of one region want between them.
    pairs: HashMap<(Place, Place), (i32, i32)>,
    sites: usize,
}

impl Spacing {
    pub fn new(outline: &Outline) -> Self {
        let sites = outline.sites.len();
        let mut spacing = Self {
            gap: vec![3; sites + 4],
            pad: vec![2; sites + 4],
            alley: [8; 4],
            room: vec![(0, 0); sites + 4],
            pairs: HashMap::new(),
            sites,
        };
        let mut inside = vec![0; sites + 4];
        let mut through = vec![0; sites + 4];
        let mut across = [0; 4];
        for link in &outline.links {
            if link.bus.is_some() {
                continue;
            }
            let (half_width, half_height) = half_label(&link.card);
            match spacing.meeting(outline, link.ends) {
                Meeting::Region { region, items } => {
                    inside[region] += 1;
                    let largest = &mut spacing.room[region];
                    *largest = (largest.0.max(2 * half_width), largest.1.max(2 * half_height));
                    let key = (items[0].min(items[1]), items[0].max(items[1]));
                    let room = spacing.pairs.entry(key).or_default();
                    room.0 = room.0.max(2 * half_width);
                    room.1 = room.1.max(2 * half_height);
                }
                Meeting::Columns(left, right) => {
                    let crossed = left as usize..right as usize;
                    across[crossed.clone()].iter_mut().for_each(|count| *count += 1);
                    let first = &mut spacing.alley[crossed.start];
                    *first = (*first).max(2 * half_width + 10);
                }
            }
            for end in link.ends {
                for region in spacing.passed(outline, link.ends, end) {
                    through[region] += 1;
                }
            }
        }
        for region in 0..sites + 4 {
            spacing.gap[region] += ((inside[region] + through[region]) / 5).min(12);
            spacing.pad[region] += (through[region] + 1).min(2) / 2 + (through[region] / 4).min(12);
        }
        for (side, count) in across.into_iter().enumerate() {
            spacing.alley[side] += (count / 2).min(120);
        }
        spacing
    }

    /// The region number of a column.
    pub fn column(&self, side: Side) -> usize {
        self.sites + side as usize
    }

    /// Room for a label that two neighbours share, beside and below each other; nothing if they share no link.
    pub fn label_between(&self, a: Place, b: Place) -> (i32, i32) {
        let (w, h) = self.pairs.get(&(a.min(b), a.max(b))).copied().unwrap_or_default();
        if (w, h) == (0, 0) { (0, 0) } else { (w + 2, h + 6) }
    }

    /// Room for a label between two shelves of a region; nothing if no link is inside the region.
    pub fn label_inside(&self, region: usize) -> i32 {
        if self.room[region].1 == 0 { 0 } else { self.room[region].1 + 3 }
    }

    /// Gives more room to a link that found none.
    pub fn grow(&mut self, outline: &Outline, ends: [Place; 2], step: i32) {
        match self.meeting(outline, ends) {
            Meeting::Region { region, .. } => {
                self.gap[region] += step;
                self.pad[region] += (step + 1) / 2;
            }
            Meeting::Columns(left, right) => {
                (left as usize..right as usize).for_each(|side| self.alley[side] += step);
                for side in [left, right] {
                    let column = self.column(side);
                    self.gap[column] += (step + 1) / 2;
                }
            }
        }
        for end in ends {
            for region in self.passed(outline, ends, end) {
                self.gap[region] += (step + 1) / 2;
                self.pad[region] += (step + 1) / 2;
            }
        }
    }

    /// Where the two ends of a link come together, seen from outside in.
    fn meeting(&self, outline: &Outline, ends: [Place; 2]) -> Meeting {
        let sides = ends.map(|end| outline.side(end));
        if sides[0] != sides[1] {
            return Meeting::Columns(sides[0].min(sides[1]), sides[0].max(sides[1]));
        }
        let around = ends.map(|end| outline.regions(end));
        let shared = around[0].iter().find(|region| around[1].contains(region)).copied();
        let item = |end: usize| {
            let below = around[end].iter().take_while(|&&region| Some(region) != shared).last();
            below.map_or(ends[end], |&site| Place::Site(site))
        };
        let region = shared.unwrap_or_else(|| self.column(sides[0]));
        Meeting::Region { region, items: [item(0), item(1)] }
    }

    /// The regions that a link leaves on its way from one end.
    fn passed(&self, outline: &Outline, ends: [Place; 2], end: Place) -> Vec<usize> {
        let other = if end == ends[0] { ends[1] } else { ends[0] };
        let mut regions = outline.regions(end);
        regions.retain(|&site| !outline.contains(site, other));
        regions
    }
}

enum Meeting {
    Region { region: usize, items: [Place; 2] },
    Columns(Side, Side),
}

/// Height in units of the strip a network of a site takes in its frame.
pub(super) fn bus_height(card: &super::Card) -> i32 {
    2 * half_label(card).1.max(1) + 1
}

/// Points of a whole number of units.
pub(super) fn points(count: i32) -> f64 {
    f64::from(count) * UNIT
}
