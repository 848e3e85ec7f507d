//! Bars by month or by event, as SVG: what a table says, seen at a glance. A chart never stands without its table.
//!
//! It prints in grey: bars are told apart by their filling, limits are marks across the bars, and every bar carries its
//! value as the table writes it.

use std::ops::Range;

use plotters::coord::Shift;
use plotters::coord::types::RangedCoordf64;
use plotters::prelude::*;
use plotters::style::text_anchor::{HPos, Pos, VPos};

use crate::content::Figure;
use crate::fonts::GOTHIC;

/// Bars side by side in groups.
#[derive(Debug, Clone, PartialEq)]
pub struct Chart {
    pub title: String,
    /// What the axis counts.
    pub unit: &'static str,
    /// Where the axis begins; told below the title unless it is nothing.
    pub axis_from: f64,
    /// What stands below each group.
    pub groups: Vec<String>,
    pub bars: Vec<Bars>,
    /// A mark across each group.
    pub limits: Option<Limits>,
}

/// Bars of one kind, one for each group.
#[derive(Debug, Clone, PartialEq)]
pub struct Bars {
    pub name: String,
    /// Height with the value as the table writes it; none where there is none.
    pub values: Vec<Option<(f64, String)>>,
}

/// What was promised, group by group.
#[derive(Debug, Clone, PartialEq)]
pub struct Limits {
    pub name: String,
    pub values: Vec<Option<f64>>,
}

const WIDTH: u32 = 680;
const HEIGHT: u32 = 250;
const INK: RGBColor = RGBColor(31, 42, 46);
const HAIR: RGBColor = RGBColor(200, 206, 208);
/// Fillings of the bars, dark and light.
const FILLS: [RGBColor; 3] = [RGBColor(120, 132, 137), RGBColor(255, 255, 255), RGBColor(205, 210, 212)];
/// More groups than these have smaller letters.
const CROWDED: usize = 8;
/// Most letters below a group.
const LABEL: usize = 12;

type Area<'a> = DrawingArea<SVGBackend<'a>, Shift>;
type Plane<'a, 'b> = ChartContext<'a, SVGBackend<'b>, Cartesian2d<RangedCoordf64, RangedCoordf64>>;
type Drawn = Result<(), DrawingAreaErrorKind<std::io::Error>>;

impl Chart {
    /// The drawing with its words for those who do not see it; none where there is nothing to draw.
    pub fn figure(&self) -> Option<Figure> {
        if self.bars.iter().all(|bars| bars.values.iter().all(Option::is_none)) {
            return None;
        }
        let mut svg = String::new();
        let area = SVGBackend::with_string(&mut svg, (WIDTH, HEIGHT)).into_drawing_area();
        // Nothing is written but a text in memory.
        self.draw(&area).expect("a drawing in memory is written");
        drop(area);
        Some(Figure { caption: self.title.clone(), svg, alt: self.alt() })
    }

    fn alt(&self) -> String {
        let of_group = |(at, group): (usize, &String)| {
            let values = self.bars.iter().filter_map(|bars| {
                let (_, value) = bars.values.get(at)?.as_ref()?;
                Some(format!("{} {value}", bars.name))
            });
            format!("{group}: {}", values.collect::<Vec<_>>().join("、"))
        };
        let groups: Vec<String> = self.groups.iter().enumerate().map(of_group).collect();
        format!("{}。{}", self.title, groups.join("。"))
    }

    fn draw(&self, area: &Area) -> Drawn {
        area.fill(&WHITE)?;
        let mut plane = ChartBuilder::on(area)
            .margin_top(46)
            .margin_right(14)
            .x_label_area_size(24)
            .y_label_area_size(64)
            .build_cartesian_2d(0.0..self.groups.len() as f64, self.range())?;
        plane
            .configure_mesh()
            .disable_x_mesh()
            .disable_x_axis()
            .bold_line_style(HAIR)
            .light_line_style(TRANSPARENT)
            .axis_style(INK)
            .y_labels(5)
            .label_style(font(11))
            .draw()?;
        self.legend(area)?;
        for (at, bars) in self.bars.iter().enumerate() {
            self.bars(&mut plane, at, bars)?;
        }
        self.limits(&mut plane)?;
        for (at, bars) in self.bars.iter().enumerate() {
            self.values(&plane, area, at, bars)?;
        }
        for (at, group) in self.groups.iter().enumerate() {
            let (x, y) = plane.backend_coord(&(at as f64 + 0.5, self.axis_from));
            let label: String = group.chars().take(LABEL).collect();
            area.draw(&Text::new(label, (x, y + 6), self.middle(VPos::Top)))?;
        }
        Ok(())
    }

    /// Room for the highest bar or limit, with its value above.
    fn range(&self) -> Range<f64> {
        let bars = self.bars.iter().flat_map(|bars| &bars.values).flatten().map(|(value, _)| *value);
        let limits = self.limits.iter().flat_map(|limits| &limits.values).flatten().copied();
        let highest = bars.chain(limits).fold(self.axis_from, f64::max);
        let room = (highest - self.axis_from) * 0.18;
        self.axis_from..(highest + if room > 0.0 { room } else { 1.0 })
    }

    /// Left edge and width of a bar.
    fn place(&self, at: usize, group: usize) -> (f64, f64) {
        let width = 0.7 / self.bars.len() as f64;
        (group as f64 + 0.15 + width * at as f64, width)
    }

    fn bars(&self, plane: &mut Plane, at: usize, bars: &Bars) -> Drawn {
        for (group, value) in bars.values.iter().enumerate() {
            let Some((height, _)) = value else { continue };
            let (left, width) = self.place(at, group);
            let corners = [(left, self.axis_from), (left + width, height.max(self.axis_from))];
            plane.draw_series([
                Rectangle::new(corners, FILLS[at % FILLS.len()].filled()),
                Rectangle::new(corners, INK.stroke_width(1)),
            ])?;
        }
        Ok(())
    }

    /// Values above the bars, and above a limit that would cross them.
    fn values(&self, plane: &Plane, area: &Area, at: usize, bars: &Bars) -> Drawn {
        let range = self.range();
        let near = (range.end - range.start) * 0.1;
        for (group, value) in bars.values.iter().enumerate() {
            let Some((height, text)) = value else { continue };
            let limit = self.limits.as_ref().and_then(|limits| *limits.values.get(group)?);
            let crossed = limit.filter(|limit| (*height..height + near).contains(limit));
            let (left, width) = self.place(at, group);
            let (x, y) = plane.backend_coord(&(left + width / 2.0, crossed.unwrap_or(*height).max(self.axis_from)));
            area.draw(&Text::new(text.clone(), (x, y - 3), self.middle(VPos::Bottom)))?;
        }
        Ok(())
    }

    /// Letters in the middle of a group; smaller where there are many groups.
    fn middle(&self, vertical: VPos) -> TextStyle<'static> {
        let size = if self.groups.len() > CROWDED { 9 } else { 11 };
        font(size).pos(Pos::new(HPos::Center, vertical))
    }

    fn limits(&self, plane: &mut Plane) -> Drawn {
        let values = self.limits.iter().flat_map(|limits| limits.values.iter().enumerate());
        for (group, limit) in values {
            let Some(limit) = limit else { continue };
            let line = [(group as f64 + 0.06, *limit), (group as f64 + 0.94, *limit)];
            plane.draw_series([PathElement::new(line, INK.stroke_width(3))])?;
        }
        Ok(())
    }

    /// Unit, fillings and marks with their names, and where the axis is cut.
    fn legend(&self, area: &Area) -> Drawn {
        let cut = match self.axis_from > 0.0 {
            true => format!("（縦軸は{}{}から。0からではありません）", self.axis_from, self.unit),
            false => String::new(),
        };
        area.draw(&Text::new(format!("単位 {}{cut}", self.unit), (8, 26), left()))?;
        let mut x = 8;
        for (at, bars) in self.bars.iter().enumerate() {
            let corners = [(x, 6), (x + 16, 18)];
            area.draw(&Rectangle::new(corners, FILLS[at % FILLS.len()].filled()))?;
            area.draw(&Rectangle::new(corners, INK.stroke_width(1)))?;
            x = self.name(area, &bars.name, x)?;
        }
        if let Some(limits) = &self.limits {
            area.draw(&PathElement::new([(x, 12), (x + 16, 12)], INK.stroke_width(3)))?;
            self.name(area, &limits.name, x)?;
        }
        Ok(())
    }

    /// Writes a name behind its sample; where the next may stand.
    fn name(&self, area: &Area, name: &str, x: i32) -> Result<i32, DrawingAreaErrorKind<std::io::Error>> {
        area.draw(&Text::new(name.to_owned(), (x + 22, 6), left()))?;
        let letters = i32::try_from(name.chars().count()).unwrap_or_default();
        Ok(x + 40 + 12 * letters)
    }
}

fn font(size: u32) -> TextStyle<'static> {
    TextStyle::from((GOTHIC, scaled(size)).into_font()).color(&INK)
}

/// The writer of SVG takes a part of the size it is given.
fn scaled(size: u32) -> f64 {
    f64::from(size) * 1.24
}

fn left() -> TextStyle<'static> {
    font(12).pos(Pos::new(HPos::Left, VPos::Top))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn chart(values: Vec<Option<(f64, String)>>) -> Chart {
        Chart {
            title: "稼働率".to_owned(),
            unit: "%",
            axis_from: 99.0,
            groups: vec!["2026-06".to_owned(), "2026-07".to_owned()],
            bars: vec![Bars { name: "通常業務時間帯".to_owned(), values }],
            limits: Some(Limits { name: "目標".to_owned(), values: vec![Some(99.9), None] }),
        }
    }

    #[test]
    fn values_and_a_cut_axis_are_written() {
        let figure = chart(vec![Some((99.83, "99.83%".to_owned())), None]).figure().expect("drawn");
        for text in ["99.83%", "縦軸は99%から", "目標", "2026-07"] {
            assert!(figure.svg.contains(text), "{text}");
        }
        let families = figure.svg.matches("font-family=\"").count();
        assert_eq!(families, figure.svg.matches(&format!("font-family=\"{GOTHIC}\"")).count());
        assert!(figure.alt.contains("2026-06: 通常業務時間帯 99.83%"), "{}", figure.alt);
        crate::write::Picture::new(&figure, crate::content::Page::A4_PORTRAIT).expect("it can be drawn");
    }

    #[test]
    fn nothing_is_no_chart() {
        assert_eq!(chart(vec![None, None]).figure(), None);
    }
}
