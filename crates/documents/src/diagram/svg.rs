//! Writes a layout as SVG 1.1.

use std::fmt::Write;

use super::legend::{self, Entry, Legend, SAMPLE, Sample};
use super::{
    Boundary, Card, Columns, Drawing, Frame, Layout, LayoutEngine, LineStyle, Link, NodeBox, PageShape, Point, Rect,
    Wire,
};

/// Largest magnification of a small drawing.
const LARGEST: f64 = 1.25;
const INK: &str = "#1f2a2e";
const SOFT: &str = "#4f5b60";
const ACCENT: &str = "#0b5c6b";
const HAIR: &str = "#7d898e";

/// Draws a diagram to the size of a page.
pub fn svg(drawing: &Drawing, page: PageShape) -> String {
    write(drawing, page, None, None)
}

/// Draws a diagram with one flow strong and everything that does not carry it pale.
pub fn svg_highlighting(drawing: &Drawing, page: PageShape, flow: &str) -> String {
    write(drawing, page, Some(flow), None)
}

/// A part of a drawing that can lead somewhere.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part<'a> {
    /// Id of a node.
    Node(&'a str),
    /// Id of a link.
    Link(&'a str),
    /// Number of a flow.
    Flow(&'a str),
}

/// Where the parts of a drawing lead.
pub type Leads<'a> = &'a dyn Fn(Part) -> String;

/// Draws a diagram for a screen: nodes, links and flow numbers are links, perhaps with one flow strong.
pub fn svg_linked(drawing: &Drawing, page: PageShape, flow: Option<&str>, leads: Leads) -> String {
    write(drawing, page, flow, Some(leads))
}

/// A drawing with its place on a page, of which less can be shown: what remains stays where it is.
pub struct Plan<'a> {
    whole: &'a Drawing,
    layout: Layout,
    page: PageShape,
}

impl<'a> Plan<'a> {
    /// Lays the whole drawing out.
    pub fn new(whole: &'a Drawing, page: PageShape) -> Self {
        Self { whole, layout: Columns.layout(whole, page), page }
    }

    /// Draws an earlier state: the same sites and nodes, perhaps with fewer links and flows.
    pub fn svg(&self, shown: &Drawing) -> String {
        let mut layout = self.layout.clone();
        for node in &mut layout.boxes {
            if let Some(index) = node.node {
                node.show(super::card::node_card(&shown.nodes[index], super::grid::NODE_INNER));
            }
        }
        let place = |link: &Link| shown.links.iter().position(|other| other.id == link.id);
        layout.wires.retain_mut(|wire| {
            let Some(at) = place(&self.whole.links[wire.link]) else { return false };
            wire.link = at;
            wire.show(super::card::link_card(&shown.links[at]));
            true
        });
        let mut sheet = Sheet::new(self.whole, &self.layout, self.page);
        sheet.legend = Legend::new(shown, sheet.width - 2.0 * sheet.margin);
        draw(shown, &layout, &sheet, self.page, (None, None))
    }
}

fn write(drawing: &Drawing, page: PageShape, flow: Option<&str>, leads: Option<Leads>) -> String {
    let layout = Columns.layout(drawing, page);
    let sheet = Sheet::new(drawing, &layout, page);
    draw(drawing, &layout, &sheet, page, (flow, leads))
}

fn draw(
    drawing: &Drawing,
    layout: &Layout,
    sheet: &Sheet,
    page: PageShape,
    (flow, leads): (Option<&str>, Option<Leads>),
) -> String {
    let mut svg = Svg { out: String::new(), flow, leads };
    svg.open(drawing, page, sheet);
    svg.title(drawing, sheet);
    svg.open_group(&format!(r#"class="diagram" transform="translate({} {})""#, num(sheet.left), num(sheet.top)));
    for frame in &layout.frames {
        svg.frame(drawing, frame);
    }
    for boundary in &layout.boundaries {
        svg.boundary(boundary);
    }
    for heading in &layout.headings {
        svg.open_group(r#"class="heading""#);
        svg.card(&heading.card, heading.rect, SOFT);
        svg.close_group();
    }
    // Lines first, then all labels: a line led past a label may not paint over it.
    for wire in &layout.wires {
        svg.wire(&drawing.links[wire.link], wire);
    }
    for node in &layout.boxes {
        svg.node(drawing, node);
    }
    svg.close_group();
    // What the legend shows are samples.
    svg.leads = None;
    svg.legend(sheet);
    svg.out.push_str("</svg>\n");
    svg.out
}

/// Where drawing and legend stand on the page, in the units of the drawing.
struct Sheet {
    width: f64,
    height: f64,
    margin: f64,
    left: f64,
    top: f64,
    legend: Legend,
    legend_top: f64,
}

impl Sheet {
    fn new(drawing: &Drawing, layout: &Layout, page: PageShape) -> Self {
        let (page_width, page_height) = legend::inner(page);
        let mut scale = LARGEST;
        let mut legend = Legend::new(drawing, page_width / scale);
        // A smaller scale makes room for a wider legend, which is then not higher: this settles at once.
        for _ in 0..3 {
            let height = legend::TITLE_HEIGHT + layout.height + legend.height;
            scale = LARGEST.min(page_width / layout.width).min(page_height / height);
            legend = Legend::new(drawing, page_width / scale);
        }
        let margin = page.margin_mm / 25.4 * 72.0 / scale;
        let (inner_width, inner_height) = (page_width / scale, page_height / scale);
        let legend_top = margin + inner_height - legend.height;
        let free = inner_height - legend::TITLE_HEIGHT - legend.height - layout.height;
        Self {
            width: inner_width + 2.0 * margin,
            height: inner_height + 2.0 * margin,
            margin,
            left: margin + ((inner_width - layout.width) / 2.0).max(0.0),
            top: margin + legend::TITLE_HEIGHT + (free / 2.0).max(0.0),
            legend,
            legend_top,
        }
    }
}

struct Svg<'a> {
    out: String,
    flow: Option<&'a str>,
    leads: Option<Leads<'a>>,
}

impl Svg<'_> {
    fn put(&mut self, text: std::fmt::Arguments) {
        // Writing to a string cannot fail.
        let _ = self.out.write_fmt(text);
        self.out.push('\n');
    }

    fn open_group(&mut self, attributes: &str) {
        self.put(format_args!("<g {attributes}>"));
    }

    fn close_group(&mut self) {
        self.out.push_str("</g>\n");
    }

    /// Opens a link around what comes next, and says whether there is one to close.
    fn open_link(&mut self, part: Part, says: &str) -> bool {
        let Some(leads) = self.leads else { return false };
        // A number stands at many places, and all of them are in the table: the keyboard goes from part to part.
        let index = if matches!(part, Part::Flow(_)) { r#" tabindex="-1""# } else { "" };
        // What is written inside names it; only a line without words needs to be named.
        let label = if says.is_empty() { String::new() } else { format!(r#" aria-label="{}""#, escape(says)) };
        self.put(format_args!(r#"<a href="{}"{label}{index}>"#, escape(&leads(part))));
        true
    }

    fn close_link(&mut self, opened: bool) {
        if opened {
            self.out.push_str("</a>\n");
        }
    }

    fn open(&mut self, drawing: &Drawing, page: PageShape, sheet: &Sheet) {
        // What has links inside is no picture to somebody who listens.
        let role = if self.leads.is_some() { "group" } else { "img" };
        self.put(format_args!(r#"<?xml version="1.0" encoding="UTF-8"?>"#));
        self.put(format_args!(
            r#"<svg xmlns="http://www.w3.org/2000/svg" version="1.1" width="{}mm" height="{}mm" viewBox="0 0 {} {}" font-family="BIZ UDPGothic" role="{role}" aria-labelledby="diagram-title diagram-desc">"#,
            num(page.width_mm),
            num(page.height_mm),
            num(sheet.width),
            num(sheet.height)
        ));
        self.put(format_args!(r#"<title id="diagram-title">{}</title>"#, escape(&drawing.title)));
        self.put(format_args!(
            r#"<desc id="diagram-desc">拠点{}か所、機器・媒体{}件、接続・搬送{}件の構成図。番号は情報流一覧と同じです。</desc>"#,
            drawing.sites.len(),
            drawing.nodes.len(),
            drawing.links.len()
        ));
        self.put(format_args!(
            r##"<rect class="paper" width="{}" height="{}" fill="#ffffff"/>"##,
            num(sheet.width),
            num(sheet.height)
        ));
    }

    fn title(&mut self, drawing: &Drawing, sheet: &Sheet) {
        let size = legend::TITLE_SIZE;
        self.text(&drawing.title, sheet.margin, sheet.margin + size, size, true, INK);
    }

    fn text(&mut self, text: &str, x: f64, y: f64, size: f64, strong: bool, fill: &str) {
        if text.is_empty() {
            return;
        }
        let weight = if strong { r#" font-weight="bold""# } else { "" };
        self.put(format_args!(
            r#"<text x="{}" y="{}" font-size="{}"{weight} fill="{fill}">{}</text>"#,
            num(x),
            num(y),
            num(size),
            escape(text)
        ));
    }

    fn card(&mut self, card: &Card, at: Rect, fill: &str) {
        self.lines(card, at, fill);
        self.pills(card, at);
    }

    fn lines(&mut self, card: &Card, at: Rect, fill: &str) {
        for line in &card.lines {
            let fill = if line.strong { fill } else { SOFT };
            self.text(&line.text, at.x + line.x, at.y + line.y, line.size, line.strong, fill);
        }
    }

    /// Links of their own, so they stand outside of the link of the part they are on.
    fn pills(&mut self, card: &Card, at: Rect) {
        for pill in &card.pills {
            self.pill(&pill.number, Rect { x: at.x + pill.rect.x, y: at.y + pill.rect.y, ..pill.rect });
        }
    }

    fn pill(&mut self, number: &str, rect: Rect) {
        let size = super::card::size::PILL;
        let chosen = self.flow == Some(number);
        let (paper, ink) = if chosen { (ACCENT, "#ffffff") } else { ("#ffffff", ACCENT) };
        let opened = self.open_link(Part::Flow(number), "");
        self.put(format_args!(
            r#"<g class="flow" data-flow="{}"><rect x="{}" y="{}" width="{}" height="{}" rx="3" fill="{paper}" stroke="{ACCENT}" stroke-width="0.6"/><text x="{}" y="{}" font-size="{}" text-anchor="middle" fill="{ink}">{}</text></g>"#,
            escape(number),
            num(rect.x),
            num(rect.y),
            num(rect.w),
            num(rect.h),
            num(rect.x + rect.w / 2.0),
            num(rect.y + rect.h / 2.0 + size * 0.37),
            num(size),
            escape(number)
        ));
        self.close_link(opened);
    }

    /// Attributes of a part that carries flows: the numbers, and paleness if the chosen one is not among them.
    fn flows(&self, flows: &[String]) -> String {
        let pale = self.flow.is_some_and(|chosen| flows.iter().all(|flow| flow != chosen));
        let opacity = if pale { r#" opacity="0.3""# } else { "" };
        format!(r#"data-flows="{}"{opacity}"#, escape(&flows.join(" ")))
    }

    fn frame(&mut self, drawing: &Drawing, frame: &Frame) {
        let site = frame.site.map(|site| &drawing.sites[site]);
        let (fill, dash) = match (site, frame.depth % 2) {
            (None, _) => ("#ffffff", r#" stroke-dasharray="2 2""#),
            (_, 0) => ("#f5f7f7", ""),
            _ => ("#ffffff", ""),
        };
        let id = site.map_or("", |site| &site.id);
        self.open_group(&format!(r#"class="site" data-site="{}""#, escape(id)));
        self.put(format_args!(
            r#"<rect {} rx="2" fill="{fill}" stroke="{HAIR}" stroke-width="0.8"{dash}/>"#,
            area(frame.rect)
        ));
        self.card(&frame.title, frame.title_rect, INK);
        self.close_group();
    }

    fn boundary(&mut self, boundary: &Boundary) {
        self.open_group(r#"class="boundary""#);
        self.put(format_args!(
            r#"<path d="M{} {}V{}" fill="none" stroke="{INK}" stroke-width="1.1" stroke-dasharray="9 4"/>"#,
            num(boundary.x),
            num(boundary.top),
            num(boundary.bottom)
        ));
        self.card(&boundary.name, boundary.name_rect, INK);
        self.close_group();
    }

    fn wire(&mut self, link: &Link, wire: &Wire) {
        self.open_group(&format!(
            r#"class="link" id="link-{}" data-link="{}" {}"#,
            wire.link + 1,
            escape(&link.id),
            self.flows(&link.flows)
        ));
        let opened = self.open_link(Part::Link(&link.id), if wire.card.lines.is_empty() { "接続" } else { "" });
        for line in &wire.lines {
            self.line(&path(line), link.style);
            for end in [line.first(), line.last()].into_iter().flatten() {
                self.put(format_args!(r#"<circle cx="{}" cy="{}" r="1.7" fill="{INK}"/>"#, num(end.x), num(end.y)));
            }
        }
        if !wire.card.is_empty() {
            self.put(format_args!(r##"<rect class="gap" {} fill="#ffffff"/>"##, area(wire.label)));
        }
        let at = Rect { x: wire.label.x + 2.0, y: wire.label.y + 0.5, ..wire.label };
        self.lines(&wire.card, at, INK);
        self.close_link(opened);
        self.pills(&wire.card, at);
        self.close_group();
    }

    fn line(&mut self, d: &str, style: LineStyle) {
        let (width, dash) = match style {
            LineStyle::Wired => (1.1, ""),
            LineStyle::Wireless => (1.3, r#" stroke-dasharray="0.1 3.2" stroke-linecap="round""#),
            LineStyle::ClosedNetwork => (2.8, ""),
            LineStyle::Vpn => (2.8, r#" stroke-dasharray="7 2.5""#),
            LineStyle::Open => (1.1, r#" stroke-dasharray="4.5 2.5""#),
            LineStyle::Media => (1.1, r#" stroke-dasharray="8 2.2 1.4 2.2""#),
        };
        self.put(format_args!(r#"<path d="{d}" fill="none" stroke="{INK}" stroke-width="{width}"{dash}/>"#));
        if matches!(style, LineStyle::ClosedNetwork | LineStyle::Vpn) {
            self.put(format_args!(r##"<path d="{d}" fill="none" stroke="#ffffff" stroke-width="1.2"/>"##));
        }
    }

    fn node(&mut self, drawing: &Drawing, node: &NodeBox) {
        let (flows, dash) = match node.node {
            Some(index) => (drawing.nodes[index].flows.as_slice(), ""),
            None => (&[][..], r#" stroke-dasharray="2 2""#),
        };
        self.open_group(&format!(r#"class="node" data-node="{}" {}"#, escape(&node.id), self.flows(flows)));
        let opened = match node.node {
            Some(_) => self.open_link(Part::Node(&node.id), ""),
            None => false,
        };
        self.put(format_args!(
            r##"<rect {} fill="#ffffff" stroke="{INK}" stroke-width="0.9"{dash}/>"##,
            area(node.rect)
        ));
        let at = Rect { x: node.rect.x + 4.5, y: node.rect.y + 3.0, ..node.rect };
        self.lines(&node.card, at, INK);
        self.close_link(opened);
        self.pills(&node.card, at);
        self.close_group();
    }

    fn legend(&mut self, sheet: &Sheet) {
        self.open_group(&format!(
            r#"class="legend" transform="translate({} {})""#,
            num(sheet.margin),
            num(sheet.legend_top)
        ));
        if 0.0 < sheet.legend.height {
            let right = num(sheet.width - 2.0 * sheet.margin);
            self.put(format_args!(r#"<path d="M0 0H{right}" stroke="{HAIR}" stroke-width="0.5"/>"#));
        }
        for entry in &sheet.legend.entries {
            self.entry(entry);
        }
        for (note, y) in &sheet.legend.notes {
            self.text(note, 0.0, y + legend::SIZE * 0.9, legend::SIZE, false, SOFT);
        }
        self.close_group();
    }

    fn entry(&mut self, entry: &Entry) {
        let middle = entry.y + legend::SIZE / 2.0;
        let d = format!("M{} {}H{}", num(entry.x), num(middle), num(entry.x + SAMPLE));
        match &entry.sample {
            Sample::Heading => {}
            Sample::Line(style) => self.line(&d, *style),
            Sample::Boundary => self.put(format_args!(
                r#"<path d="{d}" fill="none" stroke="{INK}" stroke-width="1.1" stroke-dasharray="9 4"/>"#
            )),
            Sample::Number(number) => {
                let rect = Rect { x: entry.x, y: middle - 4.8, w: entry.indent - 5.0, h: 9.6 };
                self.pill(number, rect);
            }
        }
        self.text(&entry.text, entry.x + entry.indent, entry.y + legend::SIZE * 0.86, legend::SIZE, false, SOFT);
    }
}

fn area(rect: Rect) -> String {
    format!(r#"x="{}" y="{}" width="{}" height="{}""#, num(rect.x), num(rect.y), num(rect.w), num(rect.h))
}

fn path(points: &[Point]) -> String {
    let mut d = String::new();
    for (at, point) in points.iter().enumerate() {
        let _ = write!(d, "{}{} {}", if at == 0 { 'M' } else { 'L' }, num(point.x), num(point.y));
    }
    d
}

/// A number with at most two decimals and no superfluous zeros.
fn num(value: f64) -> String {
    let text = format!("{value:.2}");
    let text = text.trim_end_matches('0').trim_end_matches('.');
    if text == "-0" { "0".to_owned() } else { text.to_owned() }
}

/// Text for content and attributes; characters that XML forbids become spaces.
fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\u{fffe}' | '\u{ffff}' => out.push(' '),
            c if c.is_control() => out.push(' '),
            c => out.push(c),
        }
    }
    out
}
