//! Drawings as pixels, for the formats that hold no vectors.

use std::borrow::Cow;
use std::cmp::Reverse;
use std::slice::Iter;
use std::sync::{Arc, LazyLock};

use resvg::tiny_skia::{Color, Pixmap, Transform};
use resvg::usvg::{ImageHrefResolver, Options, Tree, fontdb};
use rustc_hash::FxHashMap;

use super::WriteError;
use crate::content::{Figure, Page};
use crate::fonts;

/// No drawing needs more; a page of A3 at 400 dpi has a quarter of it.
const PIXELS_MAX: u64 = 100_000_000;

/// What every format leaves free at least left and right of a figure, and above and below it, in millimetres.
const BESIDE: f64 = 38.0;
const ABOVE: f64 = 53.0;
/// A picture as wide as the page allows has 200 dots to the inch.
const PIXELS_PER_MM: f64 = 200.0 / 25.4;

static FONTS: LazyLock<Arc<fontdb::Database>> = LazyLock::new(|| {
    let mut database = fontdb::Database::new();
    for file in fonts::FILES {
        database.load_font_source(fontdb::Source::Binary(Arc::new(file)));
    }
    database.set_sans_serif_family(fonts::GOTHIC);
    database.set_serif_family(fonts::MINCHO);
    Arc::new(database)
});

/// Draws an SVG on white with the embedded fonts; `scale` 1 gives one pixel for one unit of the SVG.
pub fn png(svg: &str, scale: f32) -> Result<Vec<u8>, WriteError> {
    draw(&parse(svg, "")?, scale, "")
}

/// A figure as pixels: one for all formats that hold no vectors, since to draw it takes long.
#[derive(Clone)]
pub struct Picture {
    pub(super) size: Size,
    /// In PNG.
    pub(super) png: Vec<u8>,
}

impl Picture {
    /// Draws a figure for a page: sharp in print, wherever on the page a format puts it.
    pub fn new(figure: &Figure, page: Page) -> Result<Self, WriteError> {
        let tree = parse(&figure.svg, &figure.caption)?;
        let size = Size::of(&tree);
        let (page_width, page_height) = page.size_mm();
        let (width, _) = size.fit(page_width - BESIDE, page_height - ABOVE, 25.4 / 96.0);
        let png = draw(&tree, (width * PIXELS_PER_MM / size.width) as f32, &figure.caption)?;
        Ok(Self { size, png })
    }

    /// The next of those that were drawn before, or else a new one.
    pub(super) fn next<'p>(
        drawn: &mut Iter<'p, Self>,
        figure: &Figure,
        page: Page,
    ) -> Result<Cow<'p, Self>, WriteError> {
        match drawn.next() {
            Some(picture) => Ok(Cow::Borrowed(picture)),
            None => Self::new(figure, page).map(Cow::Owned),
        }
    }
}

/// Width and height of a drawing in CSS pixels (1/96 inch).
#[derive(Debug, Clone, Copy)]
pub struct Size {
    pub width: f64,
    pub height: f64,
}

impl Size {
    /// Of the drawing of a figure.
    pub fn of_figure(figure: &Figure) -> Result<Self, WriteError> {
        Ok(Self::of(&parse(&figure.svg, &figure.caption)?))
    }

    fn of(tree: &Tree) -> Self {
        let size = tree.size();
        Self { width: f64::from(size.width()), height: f64::from(size.height()) }
    }

    /// Largest width and height within a frame that keep the proportions; at most half as large again
    /// as drawn, so that a small drawing does not shout. Both in the unit of the frame.
    pub fn fit(self, width: f64, height: f64, units_per_pixel: f64) -> (f64, f64) {
        let scale = (width / self.width).min(height / self.height).min(1.5 * units_per_pixel);
        (self.width * scale, self.height * scale)
    }
}

fn parse(svg: &str, caption: &str) -> Result<Tree, WriteError> {
    let options = Options {
        languages: vec!["ja".to_owned()],
        font_family: fonts::GOTHIC.to_owned(),
        fontdb: Arc::clone(&FONTS),
        // A drawing stands for itself: it must not pull files of the machine into a document.
        image_href_resolver: ImageHrefResolver {
            resolve_data: ImageHrefResolver::default_data_resolver(),
            resolve_string: Box::new(|_, _| None),
        },
        ..Options::default()
    };
    Tree::from_str(&fonts::printable(svg), &options)
        .map_err(|error| WriteError::Figure { caption: caption.to_owned(), reason: error.to_string() })
}

fn draw(tree: &Tree, scale: f32, caption: &str) -> Result<Vec<u8>, WriteError> {
    let size = tree.size();
    let (width, height) = ((size.width() * scale).ceil() as u32, (size.height() * scale).ceil() as u32);
    let too_large = || WriteError::PictureSize { width, height };
    if u64::from(width) * u64::from(height) > PIXELS_MAX {
        return Err(too_large());
    }
    let mut pixels = Pixmap::new(width, height).ok_or_else(too_large)?;
    pixels.fill(Color::WHITE);
    resvg::render(tree, Transform::from_scale(scale, scale), &mut pixels.as_mut());
    encoded(&pixels).map_err(|error| WriteError::Figure { caption: caption.to_owned(), reason: error.to_string() })
}

/// The pixels as PNG of at most 256 colours.
///
/// A drawing has a dozen colours and the shades between them at the edges of letters. With a palette it takes a third
/// of the bytes to compress, and where there are more shades than places, the rarest move to the nearest one.
fn encoded(pixels: &Pixmap) -> Result<Vec<u8>, png::EncodingError> {
    let used = Used::of(pixels);
    let (palette, place) = used.palette();
    let mut bytes = Vec::new();
    let mut encoder = png::Encoder::new(&mut bytes, pixels.width(), pixels.height());
    encoder.set_color(png::ColorType::Indexed);
    encoder.set_depth(png::BitDepth::Eight);
    encoder.set_palette(palette);
    encoder.set_filter(png::Filter::NoFilter);
    let mut places = Vec::with_capacity(pixels.data().len() / 4);
    for (colour, run) in &used.runs {
        places.resize(places.len() + run, place[*colour]);
    }
    let mut writer = encoder.write_header()?;
    writer.write_image_data(&places)?;
    writer.finish()?;
    Ok(bytes)
}

type Colour = [u8; 3];

/// The colours of a picture, in the order in which they first appear.
struct Used {
    /// Each colour with the number of its pixels.
    colours: Vec<(Colour, usize)>,
    /// The pixels from the top left, as places of colours with how often each repeats.
    runs: Vec<(usize, usize)>,
}

impl Used {
    fn of(pixels: &Pixmap) -> Self {
        let (words, _) = pixels.data().as_chunks::<4>();
        let mut used = Self { colours: Vec::new(), runs: Vec::new() };
        let mut places: FxHashMap<u32, usize> = FxHashMap::default();
        let mut rest = words;
        while let Some(first) = rest.first() {
            let run = rest.iter().position(|pixel| pixel != first).unwrap_or(rest.len());
            rest = &rest[run..];
            let place = *places.entry(u32::from_le_bytes(*first)).or_insert_with(|| {
                // The ground is white: nothing shines through.
                let [red, green, blue, _] = *first;
                used.colours.push(([red, green, blue], 0));
                used.colours.len() - 1
            });
            used.colours[place].1 += run;
            used.runs.push((place, run));
        }
        used
    }

    /// The palette, three bytes a colour, and for each colour used its place there.
    fn palette(&self) -> (Vec<u8>, Vec<u8>) {
        let mut frequent: Vec<usize> = (0..self.colours.len()).collect();
        frequent.sort_by_key(|at| (Reverse(self.colours[*at].1), self.colours[*at].0));
        frequent.truncate(256);
        let kept: Vec<Colour> = frequent.iter().map(|at| self.colours[*at].0).collect();
        let mut place = vec![None; self.colours.len()];
        for (at, colour) in frequent.iter().enumerate() {
            place[*colour] = Some(at as u8);
        }
        let nearest = |colour: Colour| {
            let far =
                |other: &Colour| colour.iter().zip(other).map(|(a, b)| u32::from(a.abs_diff(*b)).pow(2)).sum::<u32>();
            (0..kept.len()).min_by_key(|at| far(&kept[*at])).unwrap_or(0) as u8
        };
        let of_colour = |(at, (colour, _)): (usize, &(Colour, usize))| place[at].unwrap_or_else(|| nearest(*colour));
        let places = self.colours.iter().enumerate().map(of_colour).collect();
        (kept.concat(), places)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const DRAWING: &str = r##"<svg xmlns="http://www.w3.org/2000/svg" width="60" height="20">
        <text x="2" y="15" font-family="BIZ UDPGothic" font-size="12">CHARACTER</text></svg>"##;

    fn dark_pixels(text: &str) -> usize {
        let picture = png(&DRAWING.replace("CHARACTER", text), 2.0).unwrap();
        let pixels = Pixmap::decode_png(&picture).unwrap();
        assert_eq!((pixels.width(), pixels.height()), (120, 40));
        pixels.pixels().iter().filter(|pixel| pixel.red() < 128).count()
    }

    #[test]
    fn frequent_colours_stay_as_they_are_and_the_rarest_move_to_the_nearest() {
        let mut pixels = Pixmap::new(300, 2).unwrap();
        for (at, pixel) in pixels.data_mut().chunks_exact_mut(4).enumerate() {
            // 300 shades in the first row; in the second one colour alone, which comes last and is the most frequent.
            let colour = if at < 300 { [(at / 2) as u8, (at % 2) as u8, 0, 255] } else { [200, 10, 20, 255] };
            pixel.copy_from_slice(&colour);
        }
        let read = Pixmap::decode_png(&encoded(&pixels).unwrap()).unwrap();
        let mut moved = 0;
        for (drawn, read) in pixels.data().chunks_exact(4).zip(read.data().chunks_exact(4)) {
            moved += usize::from(drawn != read);
            assert!(drawn.iter().zip(read).all(|(a, b)| a.abs_diff(*b) <= 25), "{drawn:?} became {read:?}");
        }
        assert_eq!(moved, 301 - 256);
    }

    #[test]
    fn japanese_text_and_rare_names_are_drawn() {
        assert!(dark_pixels("全体") > 100);
        assert!(dark_pixels("𠮷") > 50);
        assert_eq!(dark_pixels(" "), 0);
    }

    #[test]
    fn a_missing_glyph_is_drawn_as_geta() {
        assert_eq!(dark_pixels("🏥"), dark_pixels("〓"));
    }

    #[test]
    fn a_drawing_that_is_no_svg_is_named() {
        let figure = Figure { caption: "全体構成図".into(), svg: "<p>図</p>".into(), alt: String::new() };
        let error = Picture::new(&figure, Page::A4_PORTRAIT).err().unwrap();
        assert!(error.to_string().contains("全体構成図"));
    }

    #[test]
    fn a_picture_fits_its_frame_and_keeps_its_shape() {
        let figure = Figure { caption: String::new(), svg: DRAWING.into(), alt: String::new() };
        let size = Size::of_figure(&figure).unwrap();
        assert_eq!(size.fit(30.0, 30.0, 1.0), (30.0, 10.0));
        assert_eq!(size.fit(900.0, 900.0, 1.0), (90.0, 30.0));
    }
}
