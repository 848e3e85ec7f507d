//! A page of each document as a picture, compared loosely with one that was looked at.
//!
//! A picture is there to catch what no text shows: a table without its lines, a shade that is gone, a page across that
//! stands upright, a block that runs over another. Where a sentence changed, the pictures still agree. After a change of
//! the layout, look at the new pages, then run `SHIRUBE_GOLDEN=write cargo test --test golden` and look at the pictures.

mod support;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use shirube_documents::deliverable::Deliverable;
use support::{sample, shirube};

/// Dots to the inch: enough to see lines and shades, too few to read.
const DOTS: &str = "30";
/// Side of the squares whose mean shades are compared, in dots.
const SQUARE: usize = 15;
/// Shades may differ so much, of 255, before a square counts as another.
const SHADE: u32 = 24;
/// Squares of a hundred that may be another.
const OTHERS: usize = 8;
/// How much more or less ink there may be, of a hundred parts.
const INK: u64 = 30;

struct Picture {
    width: usize,
    height: usize,
    shades: Vec<u8>,
}

impl Picture {
    fn read(file: &Path) -> Self {
        let bytes = fs::File::open(file).unwrap_or_else(|error| panic!("{}: {error}", file.display()));
        let mut reader = png::Decoder::new(std::io::BufReader::new(bytes)).read_info().expect("a PNG");
        let mut dots = vec![0; reader.output_buffer_size().expect("a page is small")];
        let info = reader.next_frame(&mut dots).expect("a whole picture");
        assert_eq!(info.bit_depth, png::BitDepth::Eight);
        // Poppler may write grey with one part or with three.
        let shades = dots.chunks_exact(info.color_type.samples()).map(|dot| dot[0]).collect();
        Self { width: info.width as usize, height: info.height as usize, shades }
    }

    fn write(&self, file: &Path) {
        let bytes = fs::File::create(file).unwrap_or_else(|error| panic!("{}: {error}", file.display()));
        let mut encoder = png::Encoder::new(bytes, self.width as u32, self.height as u32);
        encoder.set_color(png::ColorType::Grayscale);
        encoder.set_depth(png::BitDepth::Eight);
        encoder.set_compression(png::Compression::High);
        encoder.write_header().expect("written").write_image_data(&self.shades).expect("written");
    }

    /// How dark it is in all.
    fn ink(&self) -> u64 {
        self.shades.iter().map(|shade| u64::from(255 - *shade)).sum()
    }

    /// Mean shades of the squares, line by line.
    fn squares(&self) -> Vec<u32> {
        let mean = |top: usize, left: usize| {
            let (bottom, right) = ((top + SQUARE).min(self.height), (left + SQUARE).min(self.width));
            let rows = (top..bottom).flat_map(|row| &self.shades[row * self.width + left..row * self.width + right]);
            rows.map(|shade| u32::from(*shade)).sum::<u32>() / ((bottom - top) * (right - left)) as u32
        };
        let tops = (0..self.height).step_by(SQUARE);
        tops.flat_map(|top| (0..self.width).step_by(SQUARE).map(move |left| mean(top, left))).collect()
    }
}

/// What stands against a page that should look like another.
fn against(page: &Picture, known: &Picture) -> Option<String> {
    if (page.width, page.height) != (known.width, known.height) {
        return Some(format!("{}x{} dots, not {}x{}", page.width, page.height, known.width, known.height));
    }
    let (inked, was) = (page.ink(), known.ink());
    if inked.abs_diff(was) * 100 > was * INK {
        return Some(format!("{inked} of ink, not {was}"));
    }
    let (is, was) = (page.squares(), known.squares());
    let others = is.iter().zip(&was).filter(|(is, was)| is.abs_diff(**was) > SHADE).count();
    (others * 100 > is.len() * OTHERS).then(|| format!("{others} of {} squares are another", is.len()))
}

/// The third page, or the last: the first ones are mostly what identifies the issue, and contents.
fn draw(pdf: &Path, into: &Path) -> PathBuf {
    let info = Command::new("pdfinfo").arg(pdf).output().expect("pdfinfo runs");
    let info = String::from_utf8_lossy(&info.stdout).into_owned();
    let pages: u32 = info.lines().find_map(|line| line.strip_prefix("Pages:")?.trim().parse().ok()).expect("pages");
    let (page, stem) = (pages.min(3).to_string(), into.join(pdf.file_stem().expect("a name")));
    let drawn = Command::new("pdftoppm")
        .args(["-r", DOTS, "-gray", "-png", "-singlefile", "-f", &page, "-l", &page])
        .args([pdf, &stem])
        .status();
    assert!(drawn.expect("pdftoppm runs").success(), "{}", pdf.display());
    // Names may hold points.
    PathBuf::from(format!("{}.png", stem.display()))
}

/// DOC-001: each document looks as it did when somebody last looked at it.
#[test]
fn a_page_of_each_document_looks_as_it_did() {
    let out = tempfile::tempdir().expect("a temporary folder");
    let sample = sample();
    let args = ["report", sample.to_str().expect("UTF-8"), "--format", "pdf", "--out"];
    // Some are made only where they are asked for by name.
    let named: Vec<&str> = Deliverable::ALL.iter().flat_map(|one| ["--doc", one.name()]).collect();
    let ran = shirube(&[&args[..], &[out.path().to_str().expect("UTF-8")], &named].concat());
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    let known = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/golden");
    let writes = std::env::var_os("SHIRUBE_GOLDEN").is_some_and(|value| value == "write");
    let mut told = Vec::new();
    for deliverable in Deliverable::ALL {
        let name = deliverable.name();
        let drawn = draw(&out.path().join(format!("{name}.pdf")), out.path());
        let golden = known.join(format!("{name}.png"));
        if writes {
            Picture::read(&drawn).write(&golden);
            continue;
        }
        let page = Picture::read(&drawn);
        told.extend(against(&page, &Picture::read(&golden)).map(|what| format!("{name}: {what}")));
        // A comparison that takes anything for the same would tell nothing.
        let blank = Picture { shades: vec![255; page.shades.len()], ..page };
        assert!(against(&blank, &Picture::read(&golden)).is_some(), "{name}: a blank page passes");
    }
    assert!(told.is_empty(), "look at these pages: {told:#?}");
}
