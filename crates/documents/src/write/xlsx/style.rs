//! Cell formats, made once for each combination in use.

use std::collections::HashMap;

use rust_xlsxwriter::{Color, Format, FormatAlign, FormatBorder, FormatPattern};

use crate::content::{Align, Mark};
use crate::fonts;
use crate::write::palette;

/// What a cell looks like.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Style {
    pub role: Role,
    pub align: Align,
    pub mark: Mark,
    /// The text would be read as a formula after editing: tell Excel that it is text.
    pub quoted: bool,
}

/// What a cell is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Role {
    Title,
    Subtitle,
    Caption,
    Heading,
    /// Text without lines around it.
    Text,
    /// A notice inside the frame: top, middle or bottom of it.
    Notice {
        first: bool,
        last: bool,
    },
    Stamp,
    Label,
    Head,
    Body,
    DataHead,
    Data,
    DataDate,
}

/// Formats made so far.
#[derive(Default)]
pub struct Styles(HashMap<Style, Format>);

impl Styles {
    /// The format of a style.
    pub fn get(&mut self, style: Style) -> &Format {
        self.0.entry(style).or_insert_with(|| make(style))
    }

    /// The format of a role, aligned left.
    pub fn role(&mut self, role: Role) -> &Format {
        self.get(Style { role, align: Align::Left, mark: Mark::None, quoted: false })
    }

    /// The format of a role for a text.
    pub fn of(&mut self, role: Role, text: &str) -> &Format {
        self.get(Self::plain(role, text))
    }

    /// The style of a role for a text.
    pub fn plain(role: Role, text: &str) -> Style {
        Style { role, align: Align::Left, mark: Mark::None, quoted: super::looks_like_formula(text) }
    }

    /// The format of a caption.
    pub fn caption(&mut self) -> &Format {
        self.role(Role::Caption)
    }
}

fn make(style: Style) -> Format {
    let format = Format::new().set_font_name(fonts::GOTHIC).set_font_family(3).set_font_charset(128);
    let format = role(format, style.role);
    let format = match style.align {
        Align::Left => format,
        Align::Center => format.set_align(FormatAlign::Center),
        Align::Right => format.set_align(FormatAlign::Right),
    };
    let format = mark(format, style.mark);
    if style.quoted { format.set_quote_prefix() } else { format }
}

fn role(format: Format, role: Role) -> Format {
    match role {
        Role::Title => format.set_font_size(18).set_bold().set_align(FormatAlign::VerticalCenter).set_text_wrap(),
        Role::Subtitle => format.set_font_size(11).set_align(FormatAlign::VerticalCenter).set_text_wrap(),
        Role::Caption => format.set_font_size(11).set_bold().set_align(FormatAlign::VerticalCenter),
        Role::Heading => format.set_font_size(11).set_bold().set_align(FormatAlign::VerticalCenter).set_text_wrap(),
        Role::Text => wrapped(format.set_font_size(10)),
        Role::Notice { first, last } => {
            let format = wrapped(format.set_font_size(9))
                .set_align(FormatAlign::Left)
                .set_indent(1)
                .set_border_left(FormatBorder::Medium)
                .set_border_right(FormatBorder::Medium);
            let format = if first {
                format.set_bold().set_border_top(FormatBorder::Medium).set_align(FormatAlign::VerticalCenter)
            } else {
                format
            };
            if last { format.set_border_bottom(FormatBorder::Medium) } else { format }
        }
        Role::Stamp => format
            .set_font_size(16)
            .set_bold()
            .set_align(FormatAlign::Center)
            .set_align(FormatAlign::VerticalCenter)
            .set_border(FormatBorder::Medium),
        Role::Label => fill(boxed(wrapped(format.set_font_size(9))), palette::GROUP),
        Role::Head => fill(boxed(wrapped(format.set_font_size(9).set_bold())), palette::HEAD)
            .set_align(FormatAlign::Center)
            .set_align(FormatAlign::VerticalCenter),
        Role::Body => boxed(wrapped(format.set_font_size(9))),
        Role::DataHead => fill(boxed(format.set_font_size(10).set_bold().set_align(FormatAlign::Top)), palette::HEAD),
        Role::Data => format.set_font_size(10).set_align(FormatAlign::Top),
        Role::DataDate => format.set_font_size(10).set_align(FormatAlign::Top).set_num_format("yyyy-mm-dd"),
    }
}

fn wrapped(format: Format) -> Format {
    format.set_text_wrap().set_align(FormatAlign::Top)
}

fn boxed(format: Format) -> Format {
    format.set_border(FormatBorder::Thin).set_border_color(color(palette::LINE))
}

fn fill(format: Format, rgb: &str) -> Format {
    format.set_pattern(FormatPattern::Solid).set_background_color(color(rgb))
}

fn mark(format: Format, mark: Mark) -> Format {
    let format = if palette::is_bold(mark) { format.set_bold() } else { format };
    match mark {
        Mark::None => format,
        Mark::Group => fill(format, palette::GROUP),
        Mark::Rank(rank) => match palette::rank(rank) {
            Some((bar, _)) => format
                .set_border_left(FormatBorder::Thick)
                .set_border_left_color(color(bar))
                .set_align(FormatAlign::Center),
            None => format,
        },
        Mark::Field(rank) => match palette::rank(rank) {
            Some((background, letters)) => {
                fill(format, background).set_font_color(color(letters)).set_align(FormatAlign::Center)
            }
            None => format,
        },
        Mark::Proposed => format
            .set_font_color(color(palette::PROPOSED))
            .set_border(FormatBorder::Dashed)
            .set_border_color(color(palette::PROPOSED)),
        Mark::Unanswered => format
            .set_pattern(FormatPattern::LightUp)
            .set_foreground_color(color(palette::HATCH))
            .set_background_color(Color::White),
        Mark::Finding => fill(format, palette::FINDING)
            .set_border_left(FormatBorder::Thick)
            .set_border_left_color(color(palette::FINDING_BAR)),
    }
}

fn color(rgb: &str) -> Color {
    u32::from_str_radix(rgb, 16).map_or(Color::Default, Color::RGB)
}
