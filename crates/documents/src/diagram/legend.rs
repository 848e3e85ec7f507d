//! The parts around the drawing: title, legend, notes.

use super::card::flow_numbers;
use super::text::{width, wrap};
use super::{Drawing, LineStyle, PageShape};

/// Type of legend and notes.
pub(super) const SIZE: f64 = 7.2;
pub(super) const TITLE_SIZE: f64 = 13.0;
/// Height of the title with the room below it.
pub(super) const TITLE_HEIGHT: f64 = 24.0;
/// Height of one row.
pub(super) const ROW: f64 = 12.0;
/// Length of a line sample.
pub(super) const SAMPLE: f64 = 30.0;
const GAP: f64 = 16.0;

/// What an entry of the legend shows.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Sample {
    Line(LineStyle),
    Boundary,
    Number(String),
    Heading,
}

/// One entry, placed from the top left of the legend.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Entry {
    pub sample: Sample,
    pub text: String,
    pub x: f64,
    pub y: f64,
    /// Room for the sample before the text.
    pub indent: f64,
}

/// Legend and notes for a width.
pub(super) struct Legend {
    pub entries: Vec<Entry>,
    pub notes: Vec<(String, f64)>,
    pub height: f64,
}

impl Legend {
    pub fn new(drawing: &Drawing, limit: f64) -> Self {
        let mut legend = Self { entries: Vec::new(), notes: Vec::new(), height: 0.0 };
        let mut y = 8.0;
        for row in rows(drawing) {
            let mut x = 0.0;
            for (sample, text) in row {
                let indent = match &sample {
                    Sample::Heading => 0.0,
                    Sample::Number(number) => width(number, SIZE) + 10.0,
                    Sample::Line(_) | Sample::Boundary => SAMPLE + 5.0,
                };
                let w = indent + width(&text, SIZE);
                if 0.0 < x && limit < x + w {
                    x = 0.0;
                    y += ROW;
                }
                legend.entries.push(Entry { sample, text, x, y, indent });
                x += w + GAP;
            }
            y += ROW;
        }
        for note in &drawing.notes {
            for line in wrap(note, SIZE, limit) {
                legend.notes.push((line, y));
                y += ROW - 1.5;
            }
        }
        legend.height = y;
        legend
    }
}

fn rows(drawing: &Drawing) -> Vec<Vec<(Sample, String)>> {
    let mut lines = vec![(Sample::Heading, "線の種類".to_owned())];
    let used = |style: &LineStyle| drawing.links.iter().any(|link| link.style == *style);
    let styles = LineStyle::ALL.into_iter().filter(used);
    lines.extend(styles.map(|style| (Sample::Line(style), style.term().to_owned())));
    let mut sides: Vec<_> = drawing.sites.iter().map(|site| site.side).collect();
    sides.sort_unstable();
    sides.dedup();
    if 1 < sides.len() {
        lines.push((Sample::Boundary, "責任分界".to_owned()));
    }
    let mut rows = Vec::new();
    if 1 < lines.len() {
        rows.push(lines);
    }
    let numbers = flow_numbers(drawing);
    if let Some(first) = numbers.first() {
        let mut row = vec![(Sample::Heading, "番号".to_owned())];
        row.push((Sample::Number((*first).to_owned()), "情報流一覧の番号".to_owned()));
        row.extend(meaning(&numbers).map(|text| (Sample::Heading, text)));
        rows.push(row);
    }
    rows
}

/// What the letters of the numbers mean, if all of them are built like `A-O2`.
fn meaning(numbers: &[&str]) -> Option<String> {
    let by_rule = |number: &&str| {
        let mut parts = number.chars();
        matches!(parts.next(), Some('A' | 'P' | 'I'))
            && parts.next() == Some('-')
            && matches!(parts.next(), Some('D' | 'O' | 'T'))
            && parts.clone().next().is_some()
            && parts.all(|c| c.is_ascii_digit())
    };
    numbers.iter().all(by_rule).then(|| {
        "A アプリケーション、P プラットフォーム、I インフラの提供　／　D 開発、O 運用、T 契約終了の各フェーズ"
            .to_owned()
    })
}

/// Width and height left for the drawing on a page, in points at full size.
pub(super) fn area(drawing: &Drawing, page: PageShape) -> (f64, f64) {
    let (w, h) = inner(page);
    let legend = Legend::new(drawing, w);
    (w, (h - TITLE_HEIGHT - legend.height).max(h / 3.0))
}

/// The page without its white edge, in points.
pub(super) fn inner(page: PageShape) -> (f64, f64) {
    let points = |mm: f64| (mm - 2.0 * page.margin_mm) / 25.4 * 72.0;
    (points(page.width_mm), points(page.height_mm))
}
