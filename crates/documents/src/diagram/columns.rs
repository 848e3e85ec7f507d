//! The layout engine: one column for each side, lines led through the room between the boxes.

use super::card::{heading_card, title_card};
use super::grid::{Cells, UNIT, point, units};
use super::layout::{Boundary, Frame, Heading, Layout, LayoutEngine, NodeBox, Rect, Wire};
use super::outline::{Outline, Place};
use super::place::{Area, Placement, place};
use super::spacing::{Spacing, points};
use super::wiring::{Routed, Wiring};
use super::{Drawing, PageShape, Side, legend, order};

/// Institution on the left, provider on the right, what stands between them in the middle.
///
/// Frames and boxes are packed so that the whole has the shape of the page; then every line is led around the
/// boxes by search. A line or label that finds no room gets some, and the drawing is made again.
#[derive(Debug, Clone, Copy, Default)]
pub struct Columns;

/// Rows of the board that hold the words over the columns.
const HEADING_ROWS: i32 = 6;
/// How often the drawing is made anew with more room before lines may share a way.
const ROUNDS: i32 = 9;
/// Points that all searches together may visit before the rest is led in a hurry.
const ALLOWANCE: u64 = 30_000_000;

impl LayoutEngine for Columns {
    fn layout(&self, drawing: &Drawing, page: PageShape) -> Layout {
        let mut outline = Outline::new(drawing);
        let area = legend::area(drawing, page);
        let area: Area = (area.0 / UNIT, area.1 / UNIT);
        let mut spacing = Spacing::new(&outline);
        order::shorten(&mut outline, &spacing, area);
        let mut allowance = ALLOWANCE;
        let (mut round, mut last) = (0, false);
        loop {
            let placement = place(&outline, &spacing, area);
            let words = Words::new(drawing, &outline, &placement);
            let mut wiring = Wiring::new(&outline, &placement);
            words.reserve(&mut wiring);
            let outcome = wiring.run(allowance, last);
            if outcome.failed.is_empty() || last {
                return finish(&outline, &placement, words, &outcome.routed);
            }
            round += 1;
            allowance = allowance.saturating_sub(outcome.spent);
            last = ROUNDS <= round || allowance < 2 * outcome.spent;
            for link in outcome.failed {
                spacing.grow(&outline, outline.links[link].ends, 2 * round);
            }
        }
    }
}

/// Everything written that is neither in a box nor on a line.
struct Words {
    titles: Vec<(super::Card, Cells)>,
    boundaries: Vec<i32>,
    headings: Vec<(super::Card, i32, i32)>,
    width: i32,
}

impl Words {
    fn new(drawing: &Drawing, outline: &Outline, placement: &Placement) -> Self {
        let titles = (outline.sites.iter().zip(&placement.frames))
            .map(|(site, frame)| {
                let card = title_card(&site.name, site.party.as_deref(), points(frame.x1 - frame.x0) - 10.0);
                let cells = Cells::new(frame.x0, frame.y0, units(card.width + 7.0), units(card.height + 5.0));
                (card, cells)
            })
            .collect();
        let mut words = Self { titles, boundaries: vec![], headings: vec![], width: placement.width };
        words.columns(drawing, outline, placement);
        words
    }

    /// Words over the columns, boundaries between them.
    fn columns(&mut self, drawing: &Drawing, outline: &Outline, placement: &Placement) {
        if placement.columns.len() < 2 {
            return;
        }
        let carriers = carriers(drawing, outline);
        let mut left = 0;
        for (at, (side, cells)) in placement.columns.iter().enumerate() {
            let Some((next, next_cells)) = placement.columns.get(at + 1) else {
                self.headings.push((heading(outline, *side, self.width - left), left, self.width));
                break;
            };
            let (first, last) = (cells.x1 + 3, next_cells.x0 - 3);
            let between = *side == Side::Institution && *next == Side::Provider && !carriers.is_empty();
            let line = if *side == Side::Between { last } else { first };
            self.headings.push((heading(outline, *side, line - left), left, line));
            self.boundaries.push(line);
            left = line;
            if between {
                let names = carriers.join("、");
                self.headings.push((heading_card(&names, points(last - first) - 8.0), first, last));
                self.boundaries.push(last);
                left = last;
            }
        }
    }

    fn reserve(&self, wiring: &mut Wiring) {
        for (_, cells) in &self.titles {
            // The first row and column are the edge of the frame, which lines may cross.
            wiring.solid(Cells { x0: cells.x0 + 1, y0: cells.y0 + 1, ..*cells });
        }
        if !self.headings.is_empty() {
            wiring.solid(Cells { x0: 0, y0: 0, x1: self.width, y1: HEADING_ROWS });
        }
        self.boundaries.iter().for_each(|&x| wiring.barrier(x));
    }
}

/// Names of those who run the links across and belong to neither side.
fn carriers(drawing: &Drawing, outline: &Outline) -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    for (link, entry) in drawing.links.iter().zip(&outline.links) {
        let sides = entry.ends.map(|end: Place| outline.side(end));
        let across = sides[0].min(sides[1]) == Side::Institution && sides[0].max(sides[1]) == Side::Provider;
        let Some(operator) = link.operator.as_ref().filter(|name| across && !name.is_empty()) else { continue };
        let of_a_side = drawing.sites.iter().any(|site| site.party.as_ref() == Some(operator));
        if !of_a_side && !names.contains(operator) {
            names.push(operator.clone());
        }
    }
    names
}

fn heading(outline: &Outline, side: Side, width: i32) -> super::Card {
    let mut parties: Vec<&str> = Vec::new();
    for site in outline.sites.iter().filter(|site| site.side == side) {
        if let Some(party) = site.party.as_deref().filter(|party| !party.is_empty())
            && !parties.contains(&party)
            && !side.term().starts_with(party)
        {
            parties.push(party);
        }
    }
    let text = match parties[..] {
        [] => side.term().to_owned(),
        [a] => format!("{}（{a}）", side.term()),
        [a, b] => format!("{}（{a}、{b}）", side.term()),
        [a, b, ..] => format!("{}（{a}、{b}ほか）", side.term()),
    };
    heading_card(&text, points(width) - 40.0)
}

fn finish(outline: &Outline, placement: &Placement, words: Words, routed: &[Routed]) -> Layout {
    let height = points(placement.height);
    let mut frames: Vec<Frame> = (outline.sites.iter().zip(&placement.frames).zip(words.titles))
        .map(|((site, cells), (title, _))| {
            let rect = cells.rect();
            let title_rect = Rect { x: rect.x + 5.0, y: rect.y + 3.0, w: title.width, h: title.height };
            Frame { site: site.index, depth: site.depth, rect, title, title_rect }
        })
        .collect();
    frames.sort_by_key(|frame| frame.depth);
    let boxes = (outline.nodes.iter().zip(&placement.boxes))
        .map(|(node, cells)| NodeBox {
            node: node.index,
            id: node.id.clone(),
            rect: cells.rect(),
            card: node.card.clone(),
        })
        .collect();
    let wires = (outline.links.iter().zip(routed).enumerate())
        .map(|(link, (entry, routed))| Wire {
            link,
            lines: routed.lines.iter().map(|line| line.iter().map(|&at| point(at)).collect()).collect(),
            card: entry.card.clone(),
            label: label_rect(&entry.card, routed.label),
        })
        .collect();
    let boundaries = words.boundaries.iter().map(|&x| boundary(points(x), height)).collect();
    let headings = (words.headings.into_iter())
        .map(|(card, left, right)| {
            let x = (points(left + right) - card.width) / 2.0;
            Heading { rect: Rect { x, y: 2.0, w: card.width, h: card.height }, card }
        })
        .collect();
    Layout { width: points(placement.width), height, frames, boxes, wires, boundaries, headings }
}

fn label_rect(card: &super::Card, centre: Option<(i32, i32)>) -> Rect {
    let Some(centre) = centre.map(point) else { return Rect::default() };
    let (w, h) = (card.width + 4.0, card.height + 1.0);
    Rect { x: centre.x - w / 2.0, y: centre.y - h / 2.0, w, h }
}

fn boundary(x: f64, height: f64) -> Boundary {
    let name = heading_card("責任分界", 100.0);
    let name_rect = Rect { x: x - name.width / 2.0, y: 18.0, w: name.width, h: name.height };
    Boundary { x, top: name_rect.bottom() + 1.0, bottom: height - 2.0, name, name_rect }
}
