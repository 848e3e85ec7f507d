//! The search for a way across the board.

use super::board::Board;
use super::grid::Cells;
use super::queue::Entry;

/// Points a search may visit in a hurry if it can be done without.
const PATIENCE: u64 = 20_000;

/// The direction of a step.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Axis {
    Row,
    Column,
}

/// A point at which a link may begin or end.
#[derive(Debug, Clone, Copy)]
pub(super) struct Port {
    /// On the edge of the box, frame or label.
    pub anchor: (i32, i32),
    /// The free point next to it.
    pub outside: (i32, i32),
    /// Dearer ports are taken when they save more than that elsewhere.
    pub cost: u32,
}

impl Port {
    pub fn axis(&self) -> Axis {
        if self.anchor.1 == self.outside.1 { Axis::Row } else { Axis::Column }
    }
}

/// What a link has to keep to on its way.
pub(super) struct Rules<'a> {
    /// Frames it may not enter: sites that are themselves its ends.
    pub closed: [&'a [Cells]; 2],
    /// Where it has to stay: what runs inside a site or on one side is drawn there.
    pub home: Cells,
    /// Sites it may cross for nothing.
    pub friendly: &'a [usize],
    /// Whether it may run on top of other lines: the last resort.
    pub sharing: bool,
    /// What it may cost; ways far around count as none, so that more room is made instead.
    pub budget: u32,
    /// Whether the search may be given up when it takes long on a board that is in a hurry.
    pub optional: bool,
}

impl Rules<'_> {
    fn forbid(&self, at: (i32, i32)) -> bool {
        !self.home.contains(at) || self.closed.iter().any(|list| list.iter().any(|closed| closed.contains(at)))
    }
}

/// A way with its price.
#[derive(Debug, Clone)]
pub(super) struct Path {
    pub cost: u32,
    /// Corners, both anchors included.
    pub points: Vec<(i32, i32)>,
}

impl Board {
    /// Whether a straight line between two ports is free, and what it would cost.
    pub fn straight(&self, from: Port, to: Port, rules: &Rules) -> Option<u32> {
        let (a, b, axis) = (from.outside, to.outside, from.axis());
        let area = Cells { x0: a.0.min(b.0), y0: a.1.min(b.1), x1: a.0.max(b.0), y1: a.1.max(b.1) };
        if !self.inside((area.x0, area.y0)) || !self.inside((area.x1, area.y1)) {
            return None;
        }
        let mut cost = from.cost + to.cost;
        for y in area.y0..=area.y1 {
            for x in area.x0..=area.x1 {
                let at = self.at((x, y));
                if self.blocked(at, axis, false) || rules.forbid((x, y)) {
                    return None;
                }
                cost += self.price(at, axis, rules);
            }
        }
        Some(cost)
    }

    /// The cheapest way from any of the starts to any of the goals.
    pub fn route(&mut self, starts: &[Port], goals: &[Port], rules: &Rules) -> Option<Path> {
        self.round += 1;
        let usable = |board: &Self, port: &Port| {
            board.inside(port.outside)
                && !board.blocked(board.at(port.outside), port.axis(), rules.sharing)
                && !rules.forbid(port.outside)
        };
        let mut target: Option<Cells> = None;
        for (number, port) in (0..).zip(goals) {
            if usable(self, port) {
                let state = self.at(port.outside) * 2 + port.axis() as usize;
                let dearer = self.goal[state].0 == self.round && goals[self.goal[state].1 as usize].cost <= port.cost;
                if !dearer {
                    self.goal[state] = (self.round, number);
                }
                let (x, y) = port.outside;
                let area = target.get_or_insert(Cells { x0: x, y0: y, x1: x, y1: y });
                *area = Cells { x0: area.x0.min(x), y0: area.y0.min(y), x1: area.x1.max(x), y1: area.y1.max(y) };
            }
        }
        let target = target?;
        let mut entries: Vec<(usize, Port)> = Vec::new();
        let mut waiting = Vec::new();
        for port in starts {
            if !usable(self, port) {
                continue;
            }
            let state = self.at(port.outside) * 2 + port.axis() as usize;
            let cost = port.cost + self.price(state / 2, port.axis(), rules);
            if self.improve(state, cost, u32::MAX) {
                entries.retain(|(known, _)| *known != state);
                entries.push((state, *port));
                waiting.push(Entry { least: cost + self.distance(state, target), cost, state: state as u32 });
            }
        }
        self.queue.reset();
        waiting.into_iter().for_each(|entry| self.queue.push(entry));
        let (end, cost, goal) = self.search(target, goals, rules)?;
        Some(Path { cost, points: self.trace(end, &entries, goal) })
    }

    fn search(&mut self, target: Cells, goals: &[Port], rules: &Rules) -> Option<(usize, u32, Port)> {
        let start = self.spent;
        let mut found: Option<(usize, u32, Port)> = None;
        while let Some(Entry { least, cost, state }) = self.queue.pop() {
            if let Some(found) = found.filter(|found| found.1 <= least) {
                return Some(found);
            }
            let state = state as usize;
            // Without this, the search on a large board would visit a state again for every small gain.
            if self.done[state] == self.round {
                continue;
            }
            self.done[state] = self.round;
            self.spent += 1;
            if rules.optional && self.is_hurried() && start + PATIENCE < self.spent {
                return found;
            }
            if self.goal[state].0 == self.round {
                let port = goals[self.goal[state].1 as usize];
                let total = cost + port.cost;
                if found.is_none_or(|found| total < found.1) {
                    found = Some((state, total, port));
                }
            }
            for (next, price) in self.steps(state, rules).into_iter().flatten() {
                let cost = cost + price;
                let least = cost + self.distance(next, target);
                if cost <= rules.budget && self.improve(next, cost, state as u32) {
                    self.queue.push(Entry { least, cost, state: next as u32 });
                }
            }
        }
        found
    }

    /// One step on either way along the row or column, or a turn on the spot.
    fn steps(&self, state: usize, rules: &Rules) -> [Option<(usize, u32)>; 3] {
        let (at, axis) = (state / 2, if state.is_multiple_of(2) { Axis::Row } else { Axis::Column });
        let stride = self.width + 1;
        let (x, y) = (at as i32 % stride, at as i32 / stride);
        let step = |to: (i32, i32)| {
            if !self.inside(to) {
                return None;
            }
            let next = self.at(to);
            let closed = self.blocked(next, axis, rules.sharing) || rules.forbid(to);
            (!closed).then(|| (next * 2 + axis as usize, self.price(next, axis, rules)))
        };
        let turn = self.may_turn(at, rules).then_some((state ^ 1, self.bend));
        match axis {
            Axis::Row => [turn, step((x - 1, y)), step((x + 1, y))],
            Axis::Column => [turn, step((x, y - 1)), step((x, y + 1))],
        }
    }

    fn improve(&mut self, state: usize, cost: u32, from: u32) -> bool {
        if self.done[state] == self.round || (self.seen[state] == self.round && self.best[state] <= cost) {
            return false;
        }
        self.seen[state] = self.round;
        self.best[state] = cost;
        self.came[state] = from;
        true
    }

    fn trace(&self, end: usize, entries: &[(usize, Port)], goal: Port) -> Vec<(i32, i32)> {
        let stride = self.width + 1;
        let mut points = vec![goal.anchor];
        let mut state = end;
        loop {
            let at = (state / 2) as i32;
            points.push((at % stride, at / stride));
            if self.came[state] == u32::MAX {
                break;
            }
            state = self.came[state] as usize;
        }
        if let Some((_, port)) = entries.iter().find(|(entry, _)| *entry == state) {
            points.push(port.anchor);
        }
        points.reverse();
        corners(&points)
    }
}

/// Leaves out the points on the way that are no corners.
pub(super) fn corners(points: &[(i32, i32)]) -> Vec<(i32, i32)> {
    let mut kept: Vec<(i32, i32)> = Vec::new();
    for &point in points {
        if kept.last() == Some(&point) {
            continue;
        }
        if let [.., a, b] = kept[..]
            && ((a.0 == b.0 && b.0 == point.0) || (a.1 == b.1 && b.1 == point.1))
        {
            kept.pop();
        }
        kept.push(point);
    }
    kept
}
