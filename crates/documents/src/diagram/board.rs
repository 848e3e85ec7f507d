//! The raster with everything that stands on it, and what a step costs there.

use super::grid::Cells;
use super::queue::Queue;
use super::search::{Axis, Rules};

/// Nothing may run here: a box, a name, a label.
const SOLID: u8 = 1;
/// No line along the row: the edge of a frame, or a line that runs there already.
const NO_ROW: u8 = 2;
/// No line along the column.
const NO_COLUMN: u8 = 4;
/// A line crosses here: another may cross it, but not turn.
const LINE: u8 = 8;
/// A line turns here: no other may pass.
const CORNER: u8 = 16;

const STEP: u32 = 10;
const BEND: u32 = 100;
const BEND_IN_A_HURRY: u32 = 600;
const CROSSING: u32 = 60;
/// For a step through the frame of a site that the link has nothing to do with.
const STRANGER: u32 = 50;
/// For a step beside a box or another line.
const CLOSE: u8 = 3;
/// For a step on top of another line, where no free way is left.
const SHARED: u32 = 400;
const SHARED_IN_A_HURRY: u32 = 120;

/// Points of a board on which the search takes the first good way instead of the best.
const LARGE: usize = 300_000;

/// What a step is expected to cost in a hurry: so much that the way ahead outweighs what lies across it.
const HURRIED: u32 = 25 * STEP;

pub(super) struct Board {
    pub width: i32,
    pub height: i32,
    flags: Vec<u8>,
    close: Vec<u8>,
    /// Innermost site at each point, `u32::MAX` outside of all.
    site: Vec<u32>,
    pub(super) best: Vec<u32>,
    pub(super) came: Vec<u32>,
    pub(super) seen: Vec<u32>,
    pub(super) done: Vec<u32>,
    pub(super) goal: Vec<(u32, u32)>,
    pub(super) queue: Queue,
    pub(super) round: u32,
    /// Points visited by all searches so far.
    pub(super) spent: u64,
    /// What the search expects a step to cost: more than the least on a large board, where time counts.
    stride_cost: u32,
    /// Price of a bend: higher where steps are expected to cost more, so that lines stay straight.
    pub(super) bend: u32,
}

impl Board {
    pub fn new(width: i32, height: i32) -> Self {
        let size = ((width + 1) * (height + 1)) as usize;
        Self {
            width,
            height,
            flags: vec![0; size],
            close: vec![0; size],
            site: vec![u32::MAX; size],
            best: vec![0; 2 * size],
            came: vec![0; 2 * size],
            seen: vec![0; 2 * size],
            done: vec![0; 2 * size],
            goal: vec![(0, 0); 2 * size],
            queue: Queue::default(),
            round: 0,
            spent: 0,
            stride_cost: if size < LARGE { STEP } else { 2 * STEP },
            bend: if size < LARGE { BEND } else { 4 * BEND },
        }
    }

    /// Points visited by all searches so far: the measure of time that is the same on every machine.
    pub fn spent(&self) -> u64 {
        self.spent
    }

    /// From now on, takes the first way that comes near the goal.
    pub fn hurry(&mut self) {
        self.stride_cost = HURRIED;
        self.bend = BEND_IN_A_HURRY;
    }

    /// How many ways to compare: fewer on a large board, where time counts.
    pub fn thoroughness(&self, most: usize) -> usize {
        if self.is_hurried() {
            1
        } else if self.flags.len() < LARGE {
            most
        } else {
            most.div_ceil(3)
        }
    }

    pub fn at(&self, (x, y): (i32, i32)) -> usize {
        (y * (self.width + 1) + x) as usize
    }

    pub fn inside(&self, (x, y): (i32, i32)) -> bool {
        0 <= x && x <= self.width && 0 <= y && y <= self.height
    }

    fn each(&mut self, area: Cells, mut change: impl FnMut(&mut Self, usize)) {
        for y in area.y0.max(0)..=area.y1.min(self.height) {
            for x in area.x0.max(0)..=area.x1.min(self.width) {
                let at = self.at((x, y));
                change(self, at);
            }
        }
    }

    /// Puts a box, name or label down.
    pub fn solid(&mut self, area: Cells) {
        self.each(area, |board, at| board.flags[at] |= SOLID);
        let near = Cells { x0: area.x0 - 1, y0: area.y0 - 1, x1: area.x1 + 1, y1: area.y1 + 1 };
        self.crowd(near);
    }

    /// Draws the frame of a site.
    pub fn frame(&mut self, site: u32, area: Cells) {
        self.each(area, |board, at| board.site[at] = site);
        for y in [area.y0, area.y1] {
            self.each(Cells { y0: y, y1: y, ..area }, |board, at| board.flags[at] |= NO_ROW);
            self.crowd(Cells { y0: y - 1, y1: y + 1, ..area });
        }
        for x in [area.x0, area.x1] {
            self.barrier(Cells { x0: x, x1: x, ..area });
        }
    }

    /// Draws an upright line that others may only cross.
    pub fn barrier(&mut self, area: Cells) {
        self.each(area, |board, at| board.flags[at] |= NO_COLUMN);
        self.crowd(Cells { x0: area.x0 - 1, x1: area.x1 + 1, ..area });
    }

    /// Makes it dearer to run here.
    fn crowd(&mut self, area: Cells) {
        self.each(area, |board, at| board.close[at] = board.close[at].saturating_add(CLOSE));
    }

    /// Draws a way.
    pub fn draw(&mut self, points: &[(i32, i32)]) {
        for pair in points.windows(2) {
            let (a, b) = (pair[0], pair[1]);
            let area = Cells { x0: a.0.min(b.0), y0: a.1.min(b.1), x1: a.0.max(b.0), y1: a.1.max(b.1) };
            let flag = LINE | if a.1 == b.1 { NO_ROW } else { NO_COLUMN };
            self.each(area, |board, at| board.flags[at] |= flag);
            let near = if a.1 == b.1 {
                Cells { y0: area.y0 - 1, y1: area.y1 + 1, ..area }
            } else {
                Cells { x0: area.x0 - 1, x1: area.x1 + 1, ..area }
            };
            self.crowd(near);
        }
        for &corner in points {
            if self.inside(corner) {
                let at = self.at(corner);
                self.flags[at] |= CORNER;
            }
        }
    }

    /// Whether nothing at all is in an area.
    pub fn is_free(&self, area: Cells) -> bool {
        self.inside((area.x0, area.y0))
            && self.inside((area.x1, area.y1))
            && (area.y0..=area.y1).all(|y| {
                let row = self.at((area.x0, y))..=self.at((area.x1, y));
                self.flags[row].iter().all(|&flags| flags == 0)
            })
    }

    /// Whether a label here would stand in a site that its link has nothing to do with.
    pub fn is_strange(&self, at: (i32, i32), friendly: &[usize]) -> bool {
        let site = self.site[self.at(at)];
        site != u32::MAX && !friendly.contains(&(site as usize))
    }

    /// Whether a line may not run here along an axis.
    pub fn blocked(&self, at: usize, axis: Axis, sharing: bool) -> bool {
        let along = if axis == Axis::Row { NO_ROW } else { NO_COLUMN };
        let flags = self.flags[at];
        flags & SOLID != 0 || (!sharing && flags & (CORNER | along) != 0)
    }

    /// What a step to here costs.
    pub fn price(&self, at: usize, axis: Axis, rules: &Rules) -> u32 {
        let along = if axis == Axis::Row { NO_ROW } else { NO_COLUMN };
        let flags = self.flags[at];
        let mut price = STEP + u32::from(self.close[at].min(6));
        if flags & LINE != 0 {
            price += CROSSING;
        }
        if flags & (CORNER | along) != 0 {
            price += if self.is_hurried() { SHARED_IN_A_HURRY } else { SHARED };
        }
        if self.site[at] != u32::MAX && !rules.friendly.contains(&(self.site[at] as usize)) {
            price += STRANGER;
        }
        price
    }

    /// Whether a line may turn here.
    pub fn may_turn(&self, at: usize, rules: &Rules) -> bool {
        rules.sharing || self.flags[at] & !SOLID == 0
    }

    /// Whether the board has no more time for what can be done without.
    pub fn is_hurried(&self) -> bool {
        self.stride_cost == HURRIED
    }

    /// The least that the rest of a way can cost, or a little more on a large board.
    pub fn distance(&self, state: usize, target: Cells) -> u32 {
        let (at, stride) = ((state / 2) as i32, self.width + 1);
        let (x, y) = (at % stride, at / stride);
        let dx = (target.x0 - x).max(x - target.x1).max(0) as u32;
        let dy = (target.y0 - y).max(y - target.y1).max(0) as u32;
        let aside = if state.is_multiple_of(2) { dy } else { dx };
        (dx + dy) * self.stride_cost + if 0 < aside { self.bend } else { 0 }
    }
}
