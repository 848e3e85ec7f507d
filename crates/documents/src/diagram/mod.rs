//! The overall configuration diagram (全体構成図) as an SVG drawing.
//!
//! A [`Drawing`] says what is to be seen, a [`LayoutEngine`] says where, [`svg`] writes it. The drawing
//! knows nothing of the domain model: whoever owns a model turns it into a `Drawing`.

mod board;
mod card;
mod columns;
mod grid;
mod label;
mod layout;
mod legend;
mod order;
mod outline;
mod place;
mod queue;
mod search;
mod shelf;
mod spacing;
mod svg;
mod text;
mod ways;
mod wiring;

pub use card::{Card, Pill, TextLine};
pub use columns::Columns;
pub use layout::{Boundary, Frame, Heading, Layout, LayoutEngine, NodeBox, Point, Rect, Wire};
pub use svg::{Leads, Part, Plan, svg, svg_highlighting, svg_linked};

use serde::Serialize;

/// Everything one diagram shows.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct Drawing {
    /// Printed on the top left, e.g. `医療情報システム等の全体構成図`.
    pub title: String,
    /// Places, in the order in which they are to be read.
    pub sites: Vec<Site>,
    /// Devices, media and systems.
    pub nodes: Vec<Node>,
    /// Connections and transports.
    pub links: Vec<Link>,
    /// Sentences printed under the legend.
    pub notes: Vec<String>,
}

/// A place with an owner; drawn as a frame.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Site {
    /// The author's id; nodes, links and children refer to it.
    pub id: String,
    /// Printed on the top left of the frame.
    pub name: String,
    /// Name of the owner, printed behind the name of the site.
    pub party: Option<String>,
    /// Where the site stands between the two sides. A child stands where its outermost parent does.
    pub side: Side,
    /// Id of the site this one is a part of.
    pub parent: Option<String>,
}

/// On which side of the responsibility boundaries (責任分界) a site stands; the columns from left to right.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Side {
    /// 医療機関等.
    Institution,
    /// 回線事業者 and others between the two.
    Between,
    /// 対象事業者 and its sub-contractors.
    Provider,
    /// Anyone else: 他社, 患者宅 …
    Other,
}

impl Side {
    /// All sides from left to right.
    pub const ALL: [Self; 4] = [Self::Institution, Self::Between, Self::Provider, Self::Other];

    /// The word over the column.
    pub fn term(self) -> &'static str {
        match self {
            Self::Institution => "医療機関等の側",
            Self::Between => "両者の間",
            Self::Provider => "対象事業者の側",
            Self::Other => "その他",
        }
    }
}

/// A device, medium or system; drawn as a box.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Node {
    /// The author's id; links refer to it.
    pub id: String,
    /// Id of its site. A node without one is drawn in a frame that says so.
    pub site: Option<String>,
    /// Printed in the box.
    pub name: String,
    /// One-line type, e.g. `端末`.
    pub kind: String,
    /// e.g. `本番`, `開発`, `試験`.
    pub environment: Option<String>,
    /// Numbers of the flows handled here, as in the table of flows.
    pub flows: Vec<String>,
}

/// A connection or transport between two ends.
///
/// Where one end is a site and the other end is the same site or something in it, the link is the
/// network of that site and is drawn as a line along the bottom of its frame.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Link {
    /// The author's id.
    pub id: String,
    /// What it joins. Ends that are not in the drawing get a box that says so.
    pub ends: [End; 2],
    /// Printed on the line, e.g. `閉域網VPN`.
    pub label: String,
    /// How the line is drawn.
    pub style: LineStyle,
    /// Who runs it, printed under the label.
    pub operator: Option<String>,
    /// Numbers of the flows carried here, as in the table of flows.
    pub flows: Vec<String>,
}

/// One end of a [`Link`].
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum End {
    /// Id of a node.
    Node(String),
    /// Id of a site.
    Site(String),
}

/// Kind of a line. Each has its own pattern, so that a black and white print keeps the difference.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum LineStyle {
    /// 有線.
    Wired,
    /// 無線.
    Wireless,
    /// 専用線、閉域網、閉域網VPN.
    ClosedNetwork,
    /// インターネットVPN、IPsec VPN.
    Vpn,
    /// 公衆網、オープンなネットワーク上のHTTPS.
    Open,
    /// 媒体の搬送.
    Media,
}

impl LineStyle {
    /// All styles in the order of the legend.
    pub const ALL: [Self; 6] = [Self::Wired, Self::Wireless, Self::ClosedNetwork, Self::Vpn, Self::Open, Self::Media];

    /// The word in the legend.
    pub fn term(self) -> &'static str {
        match self {
            Self::Wired => "有線",
            Self::Wireless => "無線",
            Self::ClosedNetwork => "閉域網・専用線",
            Self::Vpn => "インターネットVPN",
            Self::Open => "公衆網・インターネット",
            Self::Media => "媒体の搬送",
        }
    }
}

/// The paper a diagram is fitted to.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct PageShape {
    /// Width of the whole drawing.
    pub width_mm: f64,
    /// Height of the whole drawing.
    pub height_mm: f64,
    /// White edge inside that size.
    pub margin_mm: f64,
}

impl PageShape {
    /// A sheet of its own.
    pub const A4_LANDSCAPE: Self = Self { width_mm: 297.0, height_mm: 210.0, margin_mm: 8.0 };
    /// A large sheet of its own.
    pub const A3_LANDSCAPE: Self = Self { width_mm: 420.0, height_mm: 297.0, margin_mm: 10.0 };

    /// A figure without a white edge, to be set in a page that has margins.
    pub fn figure(width_mm: f64, height_mm: f64) -> Self {
        Self { width_mm, height_mm, margin_mm: 0.0 }
    }
}
