//! What must hold for every layout, measured on the result.

use shirube_documents::diagram::{Layout, Point, Rect};

/// Rounding of coordinates is finer than this; touching is not overlapping.
const TOUCH: f64 = 0.01;

fn shrunk(rect: Rect) -> Rect {
    Rect { x: rect.x + TOUCH, y: rect.y + TOUCH, w: rect.w - 2.0 * TOUCH, h: rect.h - 2.0 * TOUCH }
}

fn line_rect(a: Point, b: Point) -> Rect {
    Rect { x: a.x.min(b.x), y: a.y.min(b.y), w: (a.x - b.x).abs(), h: (a.y - b.y).abs() }
}

fn meets(a: Point, b: Point, rect: Rect) -> bool {
    let line = line_rect(a, b);
    let rect = shrunk(rect);
    line.x < rect.right()
        && rect.x < line.right().max(line.x + f64::EPSILON) + TOUCH / 2.0
        && line.y < rect.bottom()
        && rect.y < line.bottom() + TOUCH / 2.0
}

/// Everything that may not overlap anything else of its kind, with a name for messages.
fn solid_parts(layout: &Layout) -> Vec<(String, Rect)> {
    let boxes = layout.boxes.iter().map(|node| (format!("機器 {}", node.id), node.rect));
    let labels = layout.wires.iter().filter(|wire| !wire.card.is_empty());
    let labels = labels.map(|wire| (format!("線の名前 {}", wire.link), wire.label));
    let titles = layout.frames.iter().map(|frame| (format!("拠点名 {:?}", frame.site), frame.title_rect));
    let headings = layout.headings.iter().map(|heading| ("見出し".to_owned(), heading.rect));
    let names = layout.boundaries.iter().map(|boundary| ("責任分界".to_owned(), boundary.name_rect));
    boxes.chain(labels).chain(titles).chain(headings).chain(names).collect()
}

/// No box, label, name or heading overlaps another or leaves the drawing.
pub fn parts_are_apart(layout: &Layout) {
    let parts = solid_parts(layout);
    let page = Rect { x: 0.0, y: 0.0, w: layout.width, h: layout.height };
    for (at, (name, rect)) in parts.iter().enumerate() {
        assert!(page.x <= rect.x && rect.right() <= page.right() + TOUCH, "{name} {rect:?} は図の外です");
        assert!(page.y <= rect.y && rect.bottom() <= page.bottom() + TOUCH, "{name} {rect:?} は図の外です");
        for (other_name, other) in &parts[at + 1..] {
            assert!(
                !shrunk(*rect).overlaps(&shrunk(*other)),
                "{name} {rect:?} と {other_name} {other:?} が重なっています"
            );
        }
    }
}

/// Each frame holds its text and does not cut another frame: they are apart or one is in the other.
pub fn frames_nest(layout: &Layout) {
    let within = |inner: Rect, outer: Rect| {
        outer.x <= inner.x && inner.right() <= outer.right() && outer.y <= inner.y && inner.bottom() <= outer.bottom()
    };
    for (at, frame) in layout.frames.iter().enumerate() {
        assert!(within(frame.title_rect, frame.rect), "拠点名が枠に収まっていません: {frame:?}");
        for other in &layout.frames[at + 1..] {
            let (a, b) = (shrunk(frame.rect), shrunk(other.rect));
            assert!(!a.overlaps(&b) || within(a, b) || within(b, a), "枠が交わっています: {frame:?} {other:?}");
        }
        for node in &layout.boxes {
            let (a, b) = (shrunk(node.rect), shrunk(frame.rect));
            assert!(!a.overlaps(&b) || within(a, b), "{} が枠をまたいでいます", node.id);
        }
    }
    for node in &layout.boxes {
        let text =
            node.card.lines.iter().map(|line| line.y).chain(node.card.pills.iter().map(|pill| pill.rect.bottom()));
        assert!(text.fold(0.0, f64::max) + 3.0 <= node.rect.h, "{} の文字が箱に収まっていません", node.id);
        let right = node.card.pills.iter().map(|pill| pill.rect.right()).fold(node.card.width, f64::max);
        assert!(right + 4.5 <= node.rect.w, "{} の文字が箱より広くなっています", node.id);
    }
}

/// Lines run along rows and columns, through no box and no name, and each label stands on its own line only.
pub fn lines_are_clear(layout: &Layout) {
    for wire in &layout.wires {
        assert!(!wire.lines.is_empty(), "線 {} がありません", wire.link);
        for pair in wire.lines.iter().flat_map(|line| line.windows(2)) {
            let (a, b) = (pair[0], pair[1]);
            assert!(a.x == b.x || a.y == b.y, "線 {} が斜めです", wire.link);
            for node in &layout.boxes {
                assert!(!meets(a, b, node.rect), "線 {} が {} を通っています", wire.link, node.id);
            }
            for frame in &layout.frames {
                assert!(!meets(a, b, frame.title_rect), "線 {} が拠点名を通っています", wire.link);
            }
            for other in layout.wires.iter().filter(|other| other.link != wire.link && !other.card.is_empty()) {
                assert!(!meets(a, b, other.label), "線 {} が線 {} の名前を通っています", wire.link, other.link);
            }
        }
        if !wire.card.is_empty() {
            let centre = Point { x: wire.label.x + wire.label.w / 2.0, y: wire.label.y + wire.label.h / 2.0 };
            let at = Rect { x: centre.x - 0.5, y: centre.y - 0.5, w: 1.0, h: 1.0 };
            let on_line = wire.lines.iter().flat_map(|line| line.windows(2)).any(|pair| meets(pair[0], pair[1], at));
            assert!(on_line, "線 {} の名前が線の上にありません", wire.link);
        }
    }
}

/// Two links never run along each other.
pub fn lines_are_apart(layout: &Layout) {
    let pieces: Vec<(usize, Point, Point)> = layout
        .wires
        .iter()
        .flat_map(|wire| wire.lines.iter().flat_map(|line| line.windows(2)).map(|pair| (wire.link, pair[0], pair[1])))
        .collect();
    for (at, &(link, a, b)) in pieces.iter().enumerate() {
        for &(other, c, d) in pieces[at + 1..].iter().filter(|piece| piece.0 != link) {
            let (one, two) = (line_rect(a, b), line_rect(c, d));
            let shared_x = one.right().min(two.right()) - one.x.max(two.x);
            let shared_y = one.bottom().min(two.bottom()) - one.y.max(two.y);
            let along = (a.y == b.y && c.y == d.y && a.y == c.y && TOUCH < shared_x)
                || (a.x == b.x && c.x == d.x && a.x == c.x && TOUCH < shared_y);
            assert!(!along, "線 {link} と線 {other} が重なっています: {one:?} {two:?}");
        }
    }
}
