//! Small blocks of text with flow numbers: what stands in a box, on a line, over a frame.

use super::text::{width, wrap};
use super::{Drawing, Link, Node, Rect};

/// One line of text, placed inside its [`Card`].
#[derive(Debug, Clone, PartialEq)]
pub struct TextLine {
    /// The text.
    pub text: String,
    /// Left edge, from the left of the card.
    pub x: f64,
    /// Baseline, from the top of the card.
    pub y: f64,
    /// Size of the type.
    pub size: f64,
    /// The name of something.
    pub strong: bool,
}

/// A flow number, placed inside its [`Card`].
#[derive(Debug, Clone, PartialEq)]
pub struct Pill {
    /// As in the table of flows.
    pub number: String,
    /// The rounded figure, from the top left of the card.
    pub rect: Rect,
}

/// Lines of text and flow numbers with the space they need.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Card {
    /// Width of the content.
    pub width: f64,
    /// Height of the content.
    pub height: f64,
    /// Text from top to bottom.
    pub lines: Vec<TextLine>,
    /// Flow numbers below the text.
    pub pills: Vec<Pill>,
}

/// Type sizes in points at full size.
pub(super) mod size {
    pub const NAME: f64 = 8.2;
    pub const KIND: f64 = 7.0;
    pub const PILL: f64 = 7.0;
    pub const LABEL: f64 = 7.4;
    pub const SITE: f64 = 8.8;
    pub const HEADING: f64 = 8.2;
}

const LEADING: f64 = 1.22;
/// From the top of a line to its baseline, in em.
const ASCENT: f64 = 0.92;
const PILL_HEIGHT: f64 = 9.6;
const PILL_EDGE: f64 = 1.7;
const PILL_GAP: f64 = 1.8;
/// Longest line of a link label.
const LABEL_LIMIT: f64 = 92.0;

impl Card {
    /// Whether there is nothing to be seen.
    pub fn is_empty(&self) -> bool {
        self.lines.is_empty() && self.pills.is_empty()
    }

    fn push(&mut self, text: &str, size: f64, strong: bool, limit: f64) {
        for text in wrap(text, size, limit) {
            self.width = self.width.max(width(&text, size));
            self.lines.push(TextLine { text, x: 0.0, y: self.height + size * ASCENT, size, strong });
            self.height += size * LEADING;
        }
    }

    fn push_pills(&mut self, flows: &[String], limit: f64) {
        let mut x = 0.0;
        for number in flows {
            let w = width(number, size::PILL) + 2.0 * PILL_EDGE;
            if x == 0.0 {
                self.height += PILL_GAP;
            } else if limit < x + w {
                x = 0.0;
                self.height += PILL_HEIGHT + PILL_GAP;
            }
            let rect = Rect { x, y: self.height, w, h: PILL_HEIGHT };
            self.pills.push(Pill { number: number.clone(), rect });
            self.width = self.width.max(x + w);
            x += w + PILL_GAP;
        }
        if !flows.is_empty() {
            self.height += PILL_HEIGHT;
        }
    }

    /// Moves each line and each row of pills to the middle of the card.
    fn centre(&mut self) {
        for line in &mut self.lines {
            line.x = (self.width - width(&line.text, line.size)) / 2.0;
        }
        let mut row_start = 0;
        while row_start < self.pills.len() {
            let y = self.pills[row_start].rect.y;
            let count = self.pills[row_start..].iter().take_while(|pill| pill.rect.y == y).count();
            let row = &mut self.pills[row_start..row_start + count];
            let shift = (self.width - row[count - 1].rect.right()) / 2.0;
            row.iter_mut().for_each(|pill| pill.rect.x += shift);
            row_start += count;
        }
    }
}

/// What stands in the box of a node that may be `limit` wide.
pub(super) fn node_card(node: &Node, limit: f64) -> Card {
    let mut card = Card::default();
    card.push(&node.name, size::NAME, true, limit);
    let kind = [Some(node.kind.as_str()), node.environment.as_deref()];
    let kind: Vec<&str> = kind.into_iter().flatten().filter(|word| !word.is_empty()).collect();
    card.push(&kind.join("　"), size::KIND, false, limit);
    card.push_pills(&node.flows, limit);
    card
}

/// What stands in the box of a node that a link names and the drawing lacks.
pub(super) fn missing_card(id: &str, limit: f64) -> Card {
    let mut card = Card::default();
    card.push(id, size::NAME, true, limit);
    card.push("登録されていません", size::KIND, false, limit);
    card
}

/// What stands on the line of a link.
pub(super) fn link_card(link: &Link) -> Card {
    let mut card = Card::default();
    card.push(&link.label, size::LABEL, true, LABEL_LIMIT);
    if let Some(operator) = link.operator.as_deref().filter(|name| !name.is_empty()) {
        card.push(&format!("（{operator}）"), size::KIND, false, LABEL_LIMIT);
    }
    card.push_pills(&link.flows, LABEL_LIMIT);
    card.centre();
    card
}

/// The name of a frame that may be `limit` wide: the owner behind the name if there is room.
pub(super) fn title_card(name: &str, party: Option<&str>, limit: f64) -> Card {
    let mut card = Card::default();
    card.push(name, size::SITE, true, limit);
    let Some(party) = party.filter(|party| !party.is_empty()) else { return card };
    let gap = 6.0;
    let (name_width, party_width) = (width(name, size::SITE), width(party, size::KIND));
    if card.lines.len() == 1 && name_width + gap + party_width <= limit {
        let y = card.lines[0].y;
        let x = name_width + gap;
        card.lines.push(TextLine { text: party.to_owned(), x, y, size: size::KIND, strong: false });
        card.width = x + party_width;
    } else {
        card.push(party, size::KIND, false, limit);
    }
    card
}

/// Words over a column or on a boundary, in the middle of `limit`.
pub(super) fn heading_card(text: &str, limit: f64) -> Card {
    let mut card = Card::default();
    card.push(text, size::HEADING, true, limit);
    card.centre();
    card
}

/// Every flow number in the order in which it is first met, nodes before links.
pub(super) fn flow_numbers(drawing: &Drawing) -> Vec<&str> {
    let mut seen = std::collections::HashSet::new();
    let nodes = drawing.nodes.iter().flat_map(|node| &node.flows);
    let links = drawing.links.iter().flat_map(|link| &link.flows);
    nodes.chain(links).map(String::as_str).filter(|number| seen.insert(*number)).collect()
}
