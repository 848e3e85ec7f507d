//! The diagram: complete, free of overlaps, valid and repeatable.

mod drawings;
mod geometry;

use std::collections::HashSet;

use drawings::{clinic, generated, link, node, site, wired_clinic};
use resvg::usvg::roxmltree::Document;
use shirube_documents::diagram::{
    Columns, Drawing, Layout, LayoutEngine, LineStyle, PageShape, Side, svg, svg_highlighting,
};

fn layout(drawing: &Drawing) -> Layout {
    Columns.layout(drawing, PageShape::A4_LANDSCAPE)
}

fn check(drawing: &Drawing) -> Layout {
    let layout = layout(drawing);
    geometry::parts_are_apart(&layout);
    geometry::frames_nest(&layout);
    geometry::lines_are_clear(&layout);
    layout
}

fn values(svg: &str, attribute: &str) -> HashSet<String> {
    let document = Document::parse(svg).expect("the drawing is well-formed XML");
    document.descendants().filter_map(|element| element.attribute(attribute)).map(str::to_owned).collect()
}

fn texts(svg: &str) -> Vec<String> {
    let document = Document::parse(svg).expect("the drawing is well-formed XML");
    let texts = document.descendants().filter(|element| element.has_tag_name("text"));
    texts.filter_map(|element| element.text()).map(str::to_owned).collect()
}

fn everything_is_there(drawing: &Drawing) {
    let svg = svg(drawing, PageShape::A4_LANDSCAPE);
    let (nodes, links, sites) = (values(&svg, "data-node"), values(&svg, "data-link"), values(&svg, "data-site"));
    let flows = values(&svg, "data-flow");
    assert!(drawing.nodes.iter().all(|node| nodes.contains(&node.id)));
    assert!(drawing.links.iter().all(|link| links.contains(&link.id)));
    assert!(drawing.sites.iter().all(|site| sites.contains(&site.id)));
    let numbers = drawing.nodes.iter().map(|node| &node.flows).chain(drawing.links.iter().map(|link| &link.flows));
    assert!(numbers.flatten().all(|number| flows.contains(number)));
    let printed = texts(&svg).concat().replace(' ', "");
    for name in drawing.nodes.iter().map(|node| &node.name).chain(drawing.links.iter().map(|link| &link.label)) {
        assert!(printed.contains(&name.replace(' ', "")), "{name} が図にありません");
    }
}

#[test]
fn the_worked_example_is_complete_and_clear() {
    for drawing in [clinic(), wired_clinic()] {
        everything_is_there(&drawing);
        let layout = check(&drawing);
        geometry::lines_are_apart(&layout);
    }
}

#[test]
fn the_worked_example_is_readable_on_a4() {
    let svg = svg(&clinic(), PageShape::A4_LANDSCAPE);
    let document = Document::parse(&svg).unwrap();
    let root = document.root_element();
    let view: Vec<f64> = root.attribute("viewBox").unwrap().split(' ').map(|part| part.parse().unwrap()).collect();
    let points_per_unit = 297.0 / 25.4 * 72.0 / view[2];
    let sizes = document.descendants().filter_map(|element| element.attribute("font-size"));
    let smallest = sizes.map(|size| size.parse::<f64>().unwrap()).fold(f64::INFINITY, f64::min);
    assert!(6.5 <= smallest * points_per_unit, "{} pt", smallest * points_per_unit);
}

#[test]
fn the_carrier_stands_between_two_boundaries() {
    let layout = layout(&clinic());
    let headings: Vec<String> = layout
        .headings
        .iter()
        .map(|heading| heading.card.lines.iter().map(|line| line.text.as_str()).collect())
        .collect();
    assert_eq!(headings, ["医療機関等の側（クリニック）", "通信回線事業者", "対象事業者の側"]);
    let [first, second] = &layout.boundaries[..] else { panic!("two boundaries") };
    let vpn = layout.wires[0].label;
    assert!(first.x < vpn.x && vpn.right() < second.x);
}

#[test]
fn a_network_inside_a_side_does_not_leave_it() {
    let layout = layout(&wired_clinic());
    let boundary = layout.boundaries[0].x;
    for wire in &layout.wires[..6] {
        assert!(wire.lines.iter().flatten().all(|point| point.x < boundary), "線 {}", wire.link);
    }
}

#[test]
fn anything_can_be_drawn() {
    for seed in 1..=40 {
        let size = usize::try_from(seed).unwrap() % 14;
        let drawing = generated(seed, size, size + size / 2);
        everything_is_there(&drawing);
        check(&drawing);
    }
}

#[test]
fn sixty_nodes_can_be_drawn() {
    let mut drawing = clinic();
    for copy in 0..42 {
        let home = ["S2", "S4", "S6", "S7"][copy % 4];
        drawing.nodes.push(node(&format!("E{copy}"), home, &format!("追加の端末{copy}"), "端末", "本番", "A-O1"));
        let to = ["D2", "D5", "D15", "D16"][copy % 4];
        drawing.links.push(link(&format!("M{copy}"), [&format!("E{copy}"), to], "有線LAN", LineStyle::Wired, "", ""));
    }
    everything_is_there(&drawing);
    check(&drawing);
}

#[test]
fn many_nodes_and_links_can_be_drawn() {
    let drawing = generated(7, 70, 100);
    let layout = layout(&drawing);
    geometry::frames_nest(&layout);
    assert_eq!(layout.wires.len(), 100);
    assert!(70 <= layout.boxes.len());
}

#[test]
fn nothing_and_little_can_be_drawn() {
    let empty = Drawing { title: "空の図".to_owned(), ..Drawing::default() };
    Document::parse(&svg(&empty, PageShape::A4_LANDSCAPE)).unwrap();
    let one = Drawing { nodes: vec![node("D1", "", "端末", "端末", "", "A-O1")], ..Drawing::default() };
    everything_is_there(&one);
    check(&one);
    assert!(texts(&svg(&one, PageShape::A4_LANDSCAPE)).iter().any(|text| text == "拠点が決まっていないもの"));
    let sites = Drawing {
        sites: vec![site("S1", "院内", "", Side::Institution, ""), site("S2", "DC", "", Side::Provider, "")],
        links: vec![link("L1", ["S1", "S2"], "専用線", LineStyle::ClosedNetwork, "", "")],
        ..Drawing::default()
    };
    everything_is_there(&sites);
    check(&sites);
}

#[test]
fn what_does_not_fit_together_is_shown_not_dropped() {
    let drawing = Drawing {
        sites: vec![
            site("S1", "互いに含む", "", Side::Provider, "S2"),
            site("S2", "互いに含む", "", Side::Provider, "S1"),
            site("S3", "自分に含まれる", "", Side::Other, "S3"),
            site("S4", "親がない", "", Side::Other, "S9"),
        ],
        nodes: vec![node("D1", "S9", "端末", "端末", "", ""), node("D2", "S1", "サーバ", "サーバ", "", "")],
        links: vec![
            link("L1", ["D1", "D9"], "有線LAN", LineStyle::Wired, "", ""),
            link("L2", ["D1", "D1"], "折り返し", LineStyle::Wired, "", ""),
            link("L3", ["S8", "D2"], "", LineStyle::Open, "", ""),
            link("L4", ["D2", "S1"], "有線LAN", LineStyle::Wired, "", "I-O1"),
        ],
        ..Drawing::default()
    };
    everything_is_there(&drawing);
    let layout = check(&drawing);
    let named_only: Vec<&str> =
        layout.boxes.iter().filter(|node| node.node.is_none()).map(|node| node.id.as_str()).collect();
    assert_eq!(named_only, ["D9", "S8"]);
}

#[test]
fn the_same_drawing_gives_the_same_bytes() {
    for drawing in [wired_clinic(), generated(3, 20, 30)] {
        assert_eq!(svg(&drawing, PageShape::A4_LANDSCAPE), svg(&drawing, PageShape::A4_LANDSCAPE));
    }
}

#[test]
fn text_is_escaped() {
    let mut drawing = clinic();
    drawing.title = "A & B <図> \"1\"\u{1}".to_owned();
    drawing.nodes[0].name = "<script>&amp;</script>".to_owned();
    drawing.nodes[0].id = "D\"1".to_owned();
    drawing.nodes[0].flows = vec!["<1>&\"".to_owned()];
    let svg = svg(&drawing, PageShape::A4_LANDSCAPE);
    assert!(!svg.contains("<script>"));
    assert!(texts(&svg).concat().contains("A & B <図> \"1\""));
    assert!(values(&svg, "data-node").contains("D\"1"));
    assert!(values(&svg, "data-flow").contains("<1>&\""));
}

#[test]
fn only_the_chosen_flow_stays_strong() {
    let svg = svg_highlighting(&clinic(), PageShape::A4_LANDSCAPE, "I-O1");
    let document = Document::parse(&svg).unwrap();
    let carriers: Vec<_> = document.descendants().filter(|element| element.attribute("data-flows").is_some()).collect();
    let strong: Vec<_> = carriers.iter().filter(|element| element.attribute("opacity").is_none()).collect();
    assert_eq!(carriers.len(), 18 + 8);
    assert_eq!(strong.iter().filter_map(|element| element.attribute("data-link")).collect::<Vec<_>>(), ["L1"]);
}

#[test]
fn the_legend_names_the_lines_in_use_and_the_numbers() {
    let printed = texts(&svg(&clinic(), PageShape::A4_LANDSCAPE)).join("\n");
    for word in ["有線", "無線", "閉域網・専用線", "インターネットVPN", "媒体の搬送", "責任分界", "情報流一覧の番号"]
    {
        assert!(printed.contains(word), "{word}");
    }
    assert!(!printed.contains(LineStyle::Open.term()));
}
