//! Ends and rules of a single link.

use super::grid::Cells;
use super::label::Spot;
use super::outline::Place;
use super::search::{Axis, Port, Rules};

/// What a link has to keep to: sites at its ends are closed to it, sites around its ends are open, others cost.
pub(super) struct Way {
    pub closed: Vec<Cells>,
    pub home: Cells,
    pub friendly: Vec<usize>,
    /// Where its label is best understood.
    pub preferred: Option<Cells>,
    pub sharing: bool,
}

impl Way {
    /// Where its label may stand.
    pub fn spot(&self, half: (i32, i32)) -> Spot<'_> {
        Spot { half, home: self.home, friendly: &self.friendly, preferred: self.preferred }
    }

    /// The rules, with a label that may not be crossed either.
    pub fn rules<'a>(&'a self, around: &'a [Cells]) -> Rules<'a> {
        Rules {
            closed: [&self.closed, around],
            home: self.home,
            friendly: &self.friendly,
            sharing: self.sharing,
            budget: u32::MAX,
            optional: false,
        }
    }
}

/// How far from its corners a part may be joined.
pub(super) fn edge_inset(place: Place) -> i32 {
    match place {
        Place::Node(_) => 2,
        Place::Site(_) => 3,
    }
}

/// Pairs of ports between which a straight line can run.
pub(super) struct Facing {
    pub pairs: Vec<(Port, Port)>,
    /// The range they cover across the line.
    pub from: i32,
    pub to: i32,
}

/// Pairs of ports that face each other along an axis.
pub(super) fn facing((a, a_inset): (Cells, i32), (b, b_inset): (Cells, i32), axis: Axis) -> Option<Facing> {
    let (a0, a1, b0, b1) = match axis {
        Axis::Row => (a.x0, a.x1, b.x0, b.x1),
        Axis::Column => (a.y0, a.y1, b.y0, b.y1),
    };
    if a1 + 1 >= b0 && b1 + 1 >= a0 {
        return None;
    }
    let (from, to, out) = if a1 < b0 { (a1, b0, 1) } else { (a0, b1, -1) };
    let (lo, hi) = match axis {
        Axis::Row => ((a.y0 + a_inset).max(b.y0 + b_inset), (a.y1 - a_inset).min(b.y1 - b_inset)),
        Axis::Column => ((a.x0 + a_inset).max(b.x0 + b_inset), (a.x1 - a_inset).min(b.x1 - b_inset)),
    };
    let port = |along: i32, out: i32, across: i32| match axis {
        Axis::Row => Port { anchor: (along, across), outside: (along + out, across), cost: 0 },
        Axis::Column => Port { anchor: (across, along), outside: (across, along + out), cost: 0 },
    };
    let pairs = (lo..=hi).map(|across| (port(from, out, across), port(to, -out, across))).collect::<Vec<_>>();
    (!pairs.is_empty()).then_some(Facing { pairs, from: lo, to: hi })
}

/// Position across an axis.
pub(super) fn cross(point: (i32, i32), axis: Axis) -> i32 {
    if axis == Axis::Row { point.1 } else { point.0 }
}

/// The point in the middle of a way.
pub(super) fn halfway(points: &[(i32, i32)]) -> (i32, i32) {
    let length = |pair: &[(i32, i32)]| (pair[0].0 - pair[1].0).abs() + (pair[0].1 - pair[1].1).abs();
    let mut left = points.windows(2).map(length).sum::<i32>() / 2;
    for pair in points.windows(2) {
        let long = length(pair);
        if left <= long {
            let step = |a: i32, b: i32| a + (b - a).signum() * left;
            return if pair[0].1 == pair[1].1 {
                (step(pair[0].0, pair[1].0), pair[0].1)
            } else {
                (pair[0].0, step(pair[0].1, pair[1].1))
            };
        }
        left -= long;
    }
    points[points.len() - 1]
}

/// Whether two ways have a point in common.
pub(super) fn meet(a: &[(i32, i32)], b: &[(i32, i32)]) -> bool {
    let area = |pair: &[(i32, i32)]| {
        let (p, q) = (pair[0], pair[1]);
        Cells { x0: p.0.min(q.0), y0: p.1.min(q.1), x1: p.0.max(q.0), y1: p.1.max(q.1) }
    };
    a.windows(2).any(|a| {
        let a = area(a);
        b.windows(2).map(area).any(|b| a.x0 <= b.x1 && b.x0 <= a.x1 && a.y0 <= b.y1 && b.y0 <= a.y1)
    })
}

/// Where a place can be joined, dearer the farther from the middle of a side.
pub(super) fn ports(place: Place, cells: Cells) -> Vec<Port> {
    let inset = edge_inset(place);
    let (mid_x, mid_y) = cells.middle();
    let mut ports = Vec::new();
    for x in cells.x0 + inset..=cells.x1 - inset {
        let cost = 2 * mid_x.abs_diff(x);
        ports.push(Port { anchor: (x, cells.y0), outside: (x, cells.y0 - 1), cost });
        ports.push(Port { anchor: (x, cells.y1), outside: (x, cells.y1 + 1), cost });
    }
    for y in cells.y0 + inset..=cells.y1 - inset {
        let cost = 2 * mid_y.abs_diff(y);
        ports.push(Port { anchor: (cells.x0, y), outside: (cells.x0 - 1, y), cost });
        ports.push(Port { anchor: (cells.x1, y), outside: (cells.x1 + 1, y), cost });
    }
    ports
}
