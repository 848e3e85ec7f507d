//! The raster on which boxes stand and lines run.

use super::{Point, Rect};

/// Points of one grid unit: also the distance of two parallel lines at their closest.
pub(super) const UNIT: f64 = 5.0;
/// Width of every node box in units.
pub(super) const NODE_WIDTH: i32 = 22;
/// Width left for text and flow numbers in a node box, in points.
pub(super) const NODE_INNER: f64 = NODE_WIDTH as f64 * UNIT - 9.0;

/// Points to units, rounded up.
pub(super) fn units(points: f64) -> i32 {
    (points / UNIT).ceil() as i32
}

/// A rectangle of grid points, both edges included.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Cells {
    pub x0: i32,
    pub y0: i32,
    pub x1: i32,
    pub y1: i32,
}

impl Cells {
    pub fn new(x: i32, y: i32, w: i32, h: i32) -> Self {
        Self { x0: x, y0: y, x1: x + w, y1: y + h }
    }

    pub fn around(centre: (i32, i32), half: (i32, i32)) -> Self {
        Self { x0: centre.0 - half.0, y0: centre.1 - half.1, x1: centre.0 + half.0, y1: centre.1 + half.1 }
    }

    pub fn contains(&self, (x, y): (i32, i32)) -> bool {
        self.x0 <= x && x <= self.x1 && self.y0 <= y && y <= self.y1
    }

    pub fn middle(&self) -> (i32, i32) {
        ((self.x0 + self.x1) / 2, (self.y0 + self.y1) / 2)
    }

    pub fn rect(&self) -> Rect {
        let at = point((self.x0, self.y0));
        Rect { x: at.x, y: at.y, w: f64::from(self.x1 - self.x0) * UNIT, h: f64::from(self.y1 - self.y0) * UNIT }
    }
}

pub(super) fn point((x, y): (i32, i32)) -> Point {
    Point { x: f64::from(x) * UNIT, y: f64::from(y) * UNIT }
}
