//! Where everything of a diagram stands: the result of a layout, in points at full size.

use super::{Card, Drawing, PageShape};

/// Places the parts of a drawing so that it fills a page.
pub trait LayoutEngine {
    /// The same drawing and page always give the same layout.
    fn layout(&self, drawing: &Drawing, page: PageShape) -> Layout;
}

/// A position, measured from the top left.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Point {
    /// To the right.
    pub x: f64,
    /// Downwards.
    pub y: f64,
}

/// An upright rectangle.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Rect {
    /// Left edge.
    pub x: f64,
    /// Upper edge.
    pub y: f64,
    /// Width.
    pub w: f64,
    /// Height.
    pub h: f64,
}

impl Rect {
    /// The right edge.
    pub fn right(&self) -> f64 {
        self.x + self.w
    }

    /// The lower edge.
    pub fn bottom(&self) -> f64 {
        self.y + self.h
    }

    /// Whether the two share more than an edge.
    pub fn overlaps(&self, other: &Self) -> bool {
        self.x < other.right() && other.x < self.right() && self.y < other.bottom() && other.y < self.bottom()
    }
}

/// A laid out diagram, without title and legend.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Layout {
    /// Width of everything.
    pub width: f64,
    /// Height of everything.
    pub height: f64,
    /// Sites, parents before children.
    pub frames: Vec<Frame>,
    /// Nodes in the order of the drawing, then those that only a link names.
    pub boxes: Vec<NodeBox>,
    /// Links in the order of the drawing.
    pub wires: Vec<Wire>,
    /// The responsibility boundaries.
    pub boundaries: Vec<Boundary>,
    /// Words over the columns.
    pub headings: Vec<Heading>,
}

/// A site as drawn.
#[derive(Debug, Clone, PartialEq)]
pub struct Frame {
    /// Position in [`Drawing::sites`]; none for the frame of nodes whose site is not known.
    pub site: Option<usize>,
    /// How many frames are around this one.
    pub depth: usize,
    /// The frame.
    pub rect: Rect,
    /// The name, and where it stands.
    pub title: Card,
    /// The area of the name.
    pub title_rect: Rect,
}

/// A node as drawn.
#[derive(Debug, Clone, PartialEq)]
pub struct NodeBox {
    /// Position in [`Drawing::nodes`]; none for a node that only a link names.
    pub node: Option<usize>,
    /// Id of the node.
    pub id: String,
    /// The box.
    pub rect: Rect,
    /// What stands in it.
    pub card: Card,
}

/// A link as drawn.
#[derive(Debug, Clone, PartialEq)]
pub struct Wire {
    /// Position in [`Drawing::links`].
    pub link: usize,
    /// Orthogonal lines; a network of a site has one line along the frame and may have a drop from it.
    pub lines: Vec<Vec<Point>>,
    /// What stands on the line; empty where the link has neither label nor operator nor flow.
    pub card: Card,
    /// The area of the label.
    pub label: Rect,
}

impl NodeBox {
    /// Puts a card that is not higher into the middle of the box.
    pub(super) fn show(&mut self, mut card: Card) {
        let down = ((self.card.height - card.height) / 2.0).max(0.0);
        card.lines.iter_mut().for_each(|line| line.y += down);
        card.pills.iter_mut().for_each(|pill| pill.rect.y += down);
        self.card = card;
    }
}

impl Wire {
    /// Puts another card in the middle of where the label stands.
    pub(super) fn show(&mut self, card: Card) {
        let (w, h) = (card.width + 4.0, card.height + 1.0);
        let old = self.label;
        self.label = Rect { x: old.x + (old.w - w) / 2.0, y: old.y + (old.h - h) / 2.0, w, h };
        self.card = card;
    }
}

/// A responsibility boundary (責任分界), from top to bottom.
#[derive(Debug, Clone, PartialEq)]
pub struct Boundary {
    /// Its position from the left.
    pub x: f64,
    /// Where the dashes begin.
    pub top: f64,
    /// Where they end.
    pub bottom: f64,
    /// The word on its top.
    pub name: Card,
    /// The area of the word.
    pub name_rect: Rect,
}

/// The words over a column.
#[derive(Debug, Clone, PartialEq)]
pub struct Heading {
    /// What stands there.
    pub card: Card,
    /// The area of the words.
    pub rect: Rect,
}
