//! Puts parts that are joined near each other, keeping the author's order where nothing speaks against it.

use super::grid::Cells;
use super::outline::{Outline, Place};
use super::place::{Area, place};
use super::spacing::Spacing;

/// Sites are tried in other orders only where that means few layouts.
const SITES: usize = 40;
/// Rounds over all nodes.
const PASSES: usize = 6;
/// Nodes of one site that are compared with each other.
const WINDOW: usize = 40;

/// Reorders sites and nodes so that the lines become shorter.
pub(super) fn shorten(outline: &mut Outline, spacing: &Spacing, area: Area) {
    if outline.links.iter().all(|link| link.bus.is_some()) {
        return;
    }
    swap_nodes(outline, spacing, area);
    if outline.sites.len() <= SITES {
        swap_sites(outline, spacing, area);
        swap_nodes(outline, spacing, area);
    }
}

/// Two nodes of one site change places where that shortens their lines.
fn swap_nodes(outline: &mut Outline, spacing: &Spacing, area: Area) {
    let mut joined: Vec<Vec<Place>> = vec![Vec::new(); outline.nodes.len()];
    for link in outline.links.iter().filter(|link| link.bus.is_none()) {
        for [from, to] in [link.ends, [link.ends[1], link.ends[0]]] {
            if let Place::Node(node) = from {
                joined[node].push(to);
            }
        }
    }
    let placement = place(outline, spacing, area);
    let (mut boxes, frames) = (placement.boxes, placement.frames);
    for _ in 0..PASSES {
        let mut better = false;
        for site in &mut outline.sites {
            for a in 0..site.nodes.len() {
                for b in a + 1..site.nodes.len().min(a + WINDOW) {
                    let (left, right) = (site.nodes[a], site.nodes[b]);
                    let cost = |boxes: &[Cells]| {
                        let of = |node: usize| {
                            let to = |&place: &Place| apart(boxes[node], cells(place, boxes, &frames));
                            joined[node].iter().map(to).sum::<i32>()
                        };
                        of(left) + of(right)
                    };
                    let before = cost(&boxes);
                    boxes.swap(left, right);
                    if cost(&boxes) < before {
                        site.nodes.swap(a, b);
                        better = true;
                    } else {
                        boxes.swap(left, right);
                    }
                }
            }
        }
        if !better {
            break;
        }
    }
}

/// Two sites of one region change places where that shortens the lines of the whole drawing by a twentieth.
fn swap_sites(outline: &mut Outline, spacing: &Spacing, area: Area) {
    let mut least = total(outline, spacing, area);
    let regions: Vec<Option<usize>> = std::iter::once(None).chain((0..outline.sites.len()).map(Some)).collect();
    for region in regions {
        let count = outline.children(region).len();
        for a in 0..count {
            for b in a + 1..count {
                outline.swap_children(region, a, b);
                let now = total(outline, spacing, area);
                if now * 20 < least * 19 {
                    least = now;
                } else {
                    outline.swap_children(region, a, b);
                }
            }
        }
    }
}

/// How large the whole becomes counts as much as how long the lines are.
fn total(outline: &Outline, spacing: &Spacing, area: Area) -> i64 {
    let placement = place(outline, spacing, area);
    let links = outline.links.iter().filter(|link| link.bus.is_none());
    let length = links.map(|link| {
        let [a, b] = link.ends.map(|end| cells(end, &placement.boxes, &placement.frames));
        i64::from(apart(a, b))
    });
    let larger = (f64::from(placement.width) / area.0).max(f64::from(placement.height) / area.1);
    length.sum::<i64>() + (larger * 200.0) as i64 * outline.links.len() as i64
}

fn cells(place: Place, boxes: &[Cells], frames: &[Cells]) -> Cells {
    match place {
        Place::Node(node) => boxes[node],
        Place::Site(site) => frames[site],
    }
}

/// How far a line has to go, a step aside counting like a step ahead.
fn apart(a: Cells, b: Cells) -> i32 {
    let gap = |a0: i32, a1: i32, b0: i32, b1: i32| (b0 - a1).max(a0 - b1).max(0);
    let (dx, dy) = (gap(a.x0, a.x1, b.x0, b.x1), gap(a.y0, a.y1, b.y0, b.y1));
    let bent = if dx == 0 || dy == 0 { 0 } else { 10 };
    dx + dy + bent
}
