//! Leads every link across the board and gives it its label.

use std::collections::HashMap;

use super::board::Board;
use super::grid::Cells;
use super::label::{self, Spot};
use super::outline::{Outline, Place};
use super::place::Placement;
use super::search::{Axis, Path, Port, Rules, corners};
use super::spacing::half_label;
use super::ways::{Facing, Way, cross, edge_inset, facing, halfway, meet, ports};

/// A link on the board.
#[derive(Debug, Clone, Default)]
pub(super) struct Routed {
    pub lines: Vec<Vec<(i32, i32)>>,
    /// Middle of the label; none where there is nothing to say.
    pub label: Option<(i32, i32)>,
}

/// What became of the links.
pub(super) struct Outcome {
    pub routed: Vec<Routed>,
    /// Links that found no room.
    pub failed: Vec<usize>,
    /// Points visited by all searches.
    pub spent: u64,
}

/// A way through a free place for the label.
struct Detour {
    cost: u32,
    points: Vec<(i32, i32)>,
    label: (i32, i32),
}

/// How hard to look for a way.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Effort {
    /// Report the links that find no room.
    Strict,
    /// Draw every link, on top of others if need be.
    Anyhow,
}

pub(super) struct Wiring<'a> {
    outline: &'a Outline,
    placement: &'a Placement,
    board: Board,
    effort: Effort,
    routed: Vec<Option<Routed>>,
    barriers: Vec<i32>,
}

/// Ways through a label that are compared, and how far from the shortest way they may be.
const DETOURS: usize = 6;
const REACH: i32 = 60;
/// What a bend under a label costs.
const BENT_LABEL: u32 = 150;
/// How much dearer than the shortest way a detour may be at all, and without looking for a better one.
const DETOUR: u32 = 2500;
const CONTENT: u32 = 200;
/// What it may cost to have the label between the two sides.
const WORTH: u32 = 400;

impl<'a> Wiring<'a> {
    pub fn new(outline: &'a Outline, placement: &'a Placement) -> Self {
        let mut board = Board::new(placement.width, placement.height);
        let mut outside_in: Vec<usize> = (0..outline.sites.len()).collect();
        outside_in.sort_by_key(|&site| outline.sites[site].depth);
        for site in outside_in {
            board.frame(site as u32, placement.frames[site]);
        }
        for &cells in &placement.boxes {
            board.solid(cells);
        }
        Self {
            outline,
            placement,
            board,
            effort: Effort::Strict,
            routed: vec![None; outline.links.len()],
            barriers: vec![],
        }
    }

    /// Keeps lines and labels away from words.
    pub fn solid(&mut self, area: Cells) {
        self.board.solid(area);
    }

    /// Draws a boundary, which lines may cross and labels may not.
    pub fn barrier(&mut self, x: i32) {
        self.board.barrier(Cells { x0: x, y0: 0, x1: x, y1: self.board.height });
        self.barriers.push(x);
    }

    /// Leads all links; in the last attempt, those that find no room of their own share a way with others.
    ///
    /// Once more points than `allowance` have been visited, the rest is led in a hurry, and lines may then share
    /// a way: thousands of tangled links are not readable anyway, and nobody wants to wait for them.
    pub fn run(mut self, allowance: u64, last: bool) -> Outcome {
        let links = self.outline.links.len();
        (0..links).for_each(|link| self.bus(link));
        let mut waiting: Vec<usize> = (0..links).filter(|&link| self.routed[link].is_none()).collect();
        waiting.sort_by_key(|&link| (self.length(link), link));
        let ideals = self.ideals(&waiting);
        waiting.retain(|&link| !self.straight(link, ideals[&link]));
        waiting.extend((0..links).filter(|&link| self.outline.links[link].bus.is_some()));
        let mut failed = Vec::new();
        for link in waiting {
            if allowance < self.board.spent() && self.effort == Effort::Strict {
                self.effort = Effort::Anyhow;
                self.board.hurry();
            }
            if !self.lead(link) {
                failed.push(link);
            }
        }
        if last || self.effort == Effort::Anyhow {
            self.effort = Effort::Anyhow;
            let late = std::mem::take(&mut failed);
            failed = late.into_iter().filter(|&link| !self.lead(link)).collect();
        }
        let spent = self.board.spent();
        Outcome { routed: self.routed.into_iter().map(Option::unwrap_or_default).collect(), failed, spent }
    }

    fn lead(&mut self, link: usize) -> bool {
        if self.outline.links[link].bus.is_some() { self.drop_to_bus(link) } else { self.bent(link) }
    }

    fn cells(&self, place: Place) -> Cells {
        match place {
            Place::Node(node) => self.placement.boxes[node],
            Place::Site(site) => self.placement.frames[site],
        }
    }

    fn length(&self, link: usize) -> i32 {
        let [a, b] = self.outline.links[link].ends.map(|end| self.cells(end));
        let gap = |a0: i32, a1: i32, b0: i32, b1: i32| (b0 - a1).max(a0 - b1).max(0);
        gap(a.x0, a.x1, b.x0, b.x1) + gap(a.y0, a.y1, b.y0, b.y1)
    }

    /// Where a straight line should run between the two ends it shares with others: the how manieth of how many.
    fn ideals(&self, links: &[usize]) -> HashMap<usize, (i32, i32)> {
        let mut groups: HashMap<[Place; 2], Vec<usize>> = HashMap::new();
        let mut by_number = links.to_vec();
        by_number.sort_unstable();
        for link in by_number {
            let [a, b] = self.outline.links[link].ends;
            groups.entry([a.min(b), a.max(b)]).or_default().push(link);
        }
        let numbered = |group: Vec<usize>| {
            let count = group.len() as i32;
            (0..).zip(group).map(move |(at, link)| (link, (at, count))).collect::<Vec<_>>()
        };
        groups.into_values().flat_map(numbered).collect()
    }

    fn half(&self, link: usize) -> (i32, i32) {
        half_label(&self.outline.links[link].card)
    }

    fn has_label(&self, link: usize) -> bool {
        !self.outline.links[link].card.is_empty()
    }

    fn keep(&mut self, link: usize, points: Vec<(i32, i32)>, label: Option<(i32, i32)>) {
        self.board.draw(&points);
        if let Some(centre) = label {
            self.board.solid(Cells::around(centre, self.half(link)));
        }
        let routed = self.routed[link].get_or_insert_default();
        routed.lines.push(points);
        routed.label = routed.label.or(label);
    }

    fn bus(&mut self, link: usize) {
        let Some(bus) = self.placement.buses[link] else { return };
        let centre = (bus.x0 + 3 + self.half(link).0, bus.y0);
        let label = self.has_label(link).then_some(centre);
        self.keep(link, vec![(bus.x0, bus.y0), (bus.x1, bus.y0)], label);
    }

    /// Joins a network of a site to the part of the site that the link names.
    fn drop_to_bus(&mut self, link: usize) -> bool {
        let (Some(bus), [a, b]) = (self.placement.buses[link], self.outline.links[link].ends) else { return true };
        let site = self.outline.links[link].bus.map(Place::Site);
        let Some(part) = [a, b].into_iter().find(|&end| Some(end) != site) else { return true };
        let first = bus.x0 + 5 + 2 * self.half(link).0;
        let goals: Vec<Port> =
            (first..bus.x1).map(|x| Port { anchor: (x, bus.y0), outside: (x, bus.y0 - 1), cost: 0 }).collect();
        let budget = self.budget(link);
        let Some(path) = self.search(link, &ports(part, self.cells(part)), &goals, &[], budget) else { return false };
        self.keep(link, path.points, None);
        true
    }

    /// A line without a bend where the two ends face each other and the label finds room on it.
    fn straight(&mut self, link: usize, (at, count): (i32, i32)) -> bool {
        let [a, b] = self.outline.links[link].ends.map(|end| (self.cells(end), edge_inset(end)));
        for axis in [Axis::Row, Axis::Column] {
            let Some(Facing { mut pairs, from, to }) = facing(a, b, axis) else { continue };
            let ideal = from + (to - from) * (2 * at + 1) / (2 * count);
            pairs.sort_by_key(|(from, _)| (cross(from.anchor, axis) - ideal).abs());
            for (from, to) in pairs {
                let long = (from.anchor.0 - to.anchor.0).abs() + (from.anchor.1 - to.anchor.1).abs();
                let way = self.way(link);
                let cost = self.board.straight(from, to, &way.rules(&[]));
                if cost.is_none_or(|cost| 260 + 14 * long as u32 <= cost) {
                    continue;
                }
                let points = vec![from.anchor, to.anchor];
                let label = label::on_path(&self.board, &points, &way.spot(self.half(link)));
                if label.is_some() || !self.has_label(link) {
                    self.keep(link, points, label.filter(|_| self.has_label(link)));
                    return true;
                }
            }
        }
        false
    }

    /// The cheapest way, with a detour through a free place for the label where there is none on it.
    fn bent(&mut self, link: usize) -> bool {
        let ends = self.outline.links[link].ends;
        let [starts, goals] = ends.map(|end| ports(end, self.cells(end)));
        let path = if ends[0] == ends[1] { None } else { self.search(link, &starts, &goals, &[], self.budget(link)) };
        if let Some(path) = path.as_ref().filter(|_| !self.has_label(link)) {
            self.keep(link, path.points.clone(), None);
            return true;
        }
        let way = self.way(link);
        let spot = way.spot(self.half(link));
        let on_path = path.as_ref().and_then(|path| label::on_path(&self.board, &path.points, &spot));
        let found = match (on_path, &path) {
            (Some(centre), Some(path)) if spot.prefers(centre) => Some((path.points.clone(), centre)),
            (Some(centre), Some(path)) => {
                let better = Spot { home: way.preferred.unwrap_or(way.home), ..spot };
                let detour = self.through_label(link, Some(path), &better, &starts, &goals);
                let detour = detour.filter(|detour| detour.cost < path.cost + WORTH);
                Some(detour.map_or_else(|| (path.points.clone(), centre), |detour| (detour.points, detour.label)))
            }
            _ => self
                .through_label(link, path.as_ref(), &spot, &starts, &goals)
                .map(|detour| (detour.points, detour.label)),
        };
        if let Some((points, centre)) = found {
            let label = self.has_label(link).then_some(centre);
            self.keep(link, points, label);
            return true;
        }
        if self.effort == Effort::Anyhow {
            let points = path.map_or_else(|| vec![starts[0].anchor, starts[0].outside], |path| path.points);
            let middle = points[points.len() / 2];
            let reach = self.board.width.max(self.board.height);
            let free = label::near(&self.board, middle, &spot, reach, 1);
            let label = self.has_label(link).then(|| free.first().copied().unwrap_or(middle));
            self.keep(link, points, label);
            return true;
        }
        false
    }

    /// The cheapest way through one of the free places around the shortest way.
    fn through_label(
        &mut self,
        link: usize,
        path: Option<&Path>,
        spot: &Spot,
        starts: &[Port],
        goals: &[Port],
    ) -> Option<Detour> {
        let mut middle = match path {
            Some(path) => halfway(&path.points),
            None => {
                let [a, b] = self.outline.links[link].ends.map(|end| self.cells(end).middle());
                ((a.0 + b.0) / 2, (a.1 + b.1) / 2)
            }
        };
        middle.0 = middle.0.clamp(spot.home.x0, spot.home.x1.max(spot.home.x0));
        let known = path.map_or(u32::MAX, |path| path.cost + DETOUR);
        let most = self.budget(link).min(known);
        let mut best: Option<Detour> = None;
        for centre in label::near(&self.board, middle, spot, REACH, self.board.thoroughness(DETOURS)) {
            let around = Cells::around(centre, spot.half);
            let doors = label::ports(centre, spot.half);
            let budget = best.as_ref().map_or(most, |best| best.cost);
            let Some(first) = self.search(link, starts, &doors, &[around], budget) else { continue };
            let entered = first.points[first.points.len() - 1];
            let exits: Vec<Port> = doors.into_iter().filter(|door| door.anchor != entered).collect();
            let Some(second) = self.search(link, &exits, goals, &[around], budget.saturating_sub(first.cost)) else {
                continue;
            };
            if meet(&first.points, &second.points) {
                continue;
            }
            let left = second.points[0];
            let bent = if left.0 == entered.0 || left.1 == entered.1 { 0 } else { BENT_LABEL };
            let cost = first.cost + second.cost + bent;
            if best.as_ref().is_none_or(|best| cost < best.cost) {
                let points: Vec<_> = first.points.iter().chain([&centre]).chain(&second.points).copied().collect();
                best = Some(Detour { cost, points: corners(&points), label: centre });
            }
            if path.is_some_and(|path| cost < path.cost + CONTENT) {
                break;
            }
        }
        best
    }

    fn search(&mut self, link: usize, starts: &[Port], goals: &[Port], around: &[Cells], budget: u32) -> Option<Path> {
        let way = self.way(link);
        self.board.route(starts, goals, &Rules { budget, optional: !around.is_empty(), ..way.rules(around) })
    }

    /// What a link may cost, seen from how far its ends are apart.
    fn budget(&self, link: usize) -> u32 {
        match self.effort {
            Effort::Strict => 3000 + 60 * self.length(link) as u32,
            Effort::Anyhow => u32::MAX,
        }
    }

    fn way(&self, link: usize) -> Way {
        let entry = &self.outline.links[link];
        let ends = entry.ends;
        let frame = |end| match end {
            Place::Site(site) if entry.bus != Some(site) => Some(self.placement.frames[site]),
            _ => None,
        };
        let around = ends.map(|end| self.outline.regions(end));
        let home = match around[0].iter().find(|site| around[1].contains(site)) {
            Some(&site) => self.placement.frames[site],
            None => self.strip(ends),
        };
        let anyhow = self.effort == Effort::Anyhow;
        let board = Cells { x0: 0, y0: 0, x1: self.board.width, y1: self.board.height };
        let sides = ends.map(|end| self.outline.side(end));
        let preferred = (sides[0] != sides[1]).then(|| self.between(ends)).flatten();
        Way {
            preferred,
            closed: ends.into_iter().filter_map(frame).collect(),
            home: if anyhow { board } else { home },
            friendly: around.concat(),
            sharing: anyhow,
        }
    }

    /// The part of the board between the boundaries that a link has no need to cross.
    fn strip(&self, ends: [Place; 2]) -> Cells {
        let [a, b] = ends.map(|end| self.cells(end));
        let left = self.barriers.iter().copied().filter(|&x| x <= a.x0.min(b.x0)).max();
        let right = self.barriers.iter().copied().filter(|&x| a.x1.max(b.x1) <= x).min();
        let inside = |x: Option<i32>, shift: i32, edge: i32| x.map_or(edge, |x| x + shift);
        Cells { x0: inside(left, 1, 0), y0: 0, x1: inside(right, -1, self.board.width), y1: self.board.height }
    }

    /// The room between the first boundary that a link crosses and what follows it.
    fn between(&self, ends: [Place; 2]) -> Option<Cells> {
        let mut cells = ends.map(|end| self.cells(end));
        cells.sort_by_key(|cells| cells.x0);
        let mut crossed = self.barriers.iter().copied().filter(|&x| cells[0].x1 <= x && x <= cells[1].x0);
        let first = crossed.next()?;
        let column = self.placement.columns.iter().map(|(_, column)| column.x0).find(|&x| first < x)?;
        let last = crossed.next().map_or(column, |x| x.min(column));
        Some(Cells { x0: first + 1, y0: 0, x1: last - 1, y1: self.board.height })
    }
}
