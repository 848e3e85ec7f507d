//! The organisation's own look (`house.yaml`): what stands at the edges of its pages, and what stands against it.

use std::io::Cursor;
use std::sync::Arc;

use data_encoding::BASE64;
use shirube_safety::stated::{HouseFile, PngText};
use shirube_safety::{File, Finding, Place, Service, Severity};

use super::Deliverable;
use crate::content::{Logo, Look};

/// Largest picture, in bytes: it stands in every document, and in the memory of whoever makes them.
pub const LARGEST_LOGO_BYTES: usize = 200 * 1024;
/// Longest side of a picture, in pixels: 25 mm at 2,400 dots to the inch.
const LONGEST_SIDE: u32 = 2400;
/// Most pixels: every document draws them anew.
const MOST_DOTS: u64 = 2_000_000;
/// Height where nobody chose one, in millimetres.
const HEIGHT_MM: u8 = 12;
/// A logo takes no more than this of the width of a page, in millimetres.
const WIDEST_MM: f64 = 80.0;
/// Contrast of what must be seen on paper (WCAG 2.2, 1.4.11).
const LEAST_CONTRAST: f64 = 3.0;

/// Why a picture cannot be the logo.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum LogoError {
    #[error("PNGの画像として読めません。PNG形式で保存し直したものを選んでください。")]
    NotPng,
    #[error("画像が大きすぎます。縦横とも2,400画素まで、全体で200万画素まで、200 kBまでにしてください。")]
    TooLarge,
}

/// A picture that was read.
struct Picture {
    png: Vec<u8>,
    /// In pixels.
    width: u32,
    height: u32,
}

/// Puts a picture into the words of `house.yaml`, or says why it cannot be the logo.
pub fn logo_text(png: &[u8]) -> Result<PngText, LogoError> {
    read(png.to_vec()).map(|picture| PngText(BASE64.encode(&picture.png)))
}

fn read(png: Vec<u8>) -> Result<Picture, LogoError> {
    if png.len() > LARGEST_LOGO_BYTES {
        return Err(LogoError::TooLarge);
    }
    let mut decoder = png::Decoder::new(Cursor::new(&png));
    // Four channels of 16 bits.
    decoder.set_limits(png::Limits { bytes: MOST_DOTS as usize * 8 });
    let mut reader = decoder.read_info().map_err(|_| LogoError::NotPng)?;
    let (width, height) = reader.info().size();
    if width > LONGEST_SIDE || height > LONGEST_SIDE || u64::from(width) * u64::from(height) > MOST_DOTS {
        return Err(LogoError::TooLarge);
    }
    // A picture that was cut off would stop every document.
    while reader.next_row().map_err(|_| LogoError::NotPng)?.is_some() {}
    Ok(Picture { png, width, height })
}

fn picture(text: &PngText) -> Result<Picture, LogoError> {
    let packed: Vec<u8> = text.0.bytes().filter(|byte| !byte.is_ascii_whitespace()).collect();
    // Before it is unpacked: four letters hold three bytes.
    if packed.len() / 4 * 3 > LARGEST_LOGO_BYTES + 2 {
        return Err(LogoError::TooLarge);
    }
    read(BASE64.decode(&packed).map_err(|_| LogoError::NotPng)?)
}

/// The look that the organisation gives its documents. The rules of an institution are that institution's own.
pub(super) fn look(service: &Service, deliverable: Deliverable) -> Look {
    if deliverable == Deliverable::InstitutionRules {
        return Look::default();
    }
    let house = &service.files.house;
    // It stands in one line at the edge of a page, in every format.
    let line = |text: &Option<String>| {
        let lines: Vec<&str> =
            text.iter().flat_map(|text| text.lines()).map(str::trim).filter(|line| !line.is_empty()).collect();
        (!lines.is_empty()).then(|| lines.join("　"))
    };
    Look {
        accent: house.color.as_ref().map(|color| color.digits()),
        header: line(&house.header),
        footer: line(&house.footer),
        logo: logo(service, house),
        ..Look::default()
    }
}

fn logo(service: &Service, house: &HouseFile) -> Option<Logo> {
    let picture = picture(house.logo.as_ref()?).ok()?;
    let file = &service.files.service;
    let provider = file.parties.iter().find(|party| party.id == file.provider).map(|party| party.name.as_str());
    let ratio = f64::from(picture.width) / f64::from(picture.height);
    let height = f64::from(house.logo_height.unwrap_or(HEIGHT_MM)).min(WIDEST_MM / ratio);
    Some(Logo {
        pixels: (picture.width, picture.height),
        png: Arc::from(picture.png),
        width: height * ratio,
        height,
        alt: format!("{}のロゴ", provider.unwrap_or_default()),
    })
}

/// What stands against the look.
pub(super) fn findings(service: &Service) -> Vec<Finding> {
    let house = &service.files.house;
    let finding = |severity, rule, field: &str, message: String, advice: &str| Finding {
        severity,
        rule,
        place: Place::new(File::House, format!("/{field}")),
        message,
        advice: advice.to_owned(),
    };
    let mut findings = Vec::new();
    if let Some(color) = house.color.as_ref().filter(|color| color.contrast() < LEAST_CONTRAST) {
        let message = format!("線の色「{}」は薄く、紙の上で見えにくくなります。", color.digits());
        findings.push(finding(Severity::Warning, "house-color", "color", message, "もっと濃い色を選んでください。"));
    }
    if let Some(error) = house.logo.as_ref().and_then(|logo| picture(logo).err()) {
        let message = format!("ロゴは{error}");
        let advice = "直すまで、文書にはロゴを載せません。";
        findings.push(finding(Severity::Error, "house-logo", "logo", message, advice));
    }
    for (at, term) in house.terms.iter().enumerate() {
        if house.terms[..at].iter().any(|known| known.term.trim() == term.term.trim()) {
            let message = format!("自社の言葉「{}」が二度書かれています。", term.term.trim());
            let advice = "用語の説明には両方が載ります。一つにまとめてください。";
            findings.push(finding(Severity::Warning, "house-term", &format!("terms/{at}"), message, advice));
        }
    }
    if house.logo.is_none() && house.logo_height.is_some() {
        let message = "ロゴの高さが書かれていますが、ロゴの画像がありません。".to_owned();
        findings.push(finding(
            Severity::Note,
            "house-logo",
            "logo_height",
            message,
            "画像を加えるか、高さを消してください。",
        ));
    }
    findings
}

#[cfg(test)]
mod tests {
    use super::*;

    fn drawn(width: u32, height: u32) -> Vec<u8> {
        let mut bytes = Vec::new();
        let mut encoder = png::Encoder::new(&mut bytes, width, height);
        encoder.set_color(png::ColorType::Grayscale);
        let mut writer = encoder.write_header().unwrap();
        writer.write_image_data(&vec![128; (width * height) as usize]).unwrap();
        writer.finish().unwrap();
        bytes
    }

    #[test]
    fn a_logo_comes_back_from_its_text_whatever_lines_it_is_written_in() {
        let png = drawn(30, 20);
        let text = logo_text(&png).unwrap();
        let lines: Vec<&str> = text.0.as_bytes().chunks(10).map(|line| std::str::from_utf8(line).unwrap()).collect();
        for text in [text.0.clone(), lines.join("\n"), lines.join("\r\n  ")] {
            let picture = picture(&PngText(text)).unwrap();
            assert_eq!((picture.png == png, picture.width, picture.height), (true, 30, 20));
        }
    }

    #[test]
    fn what_is_no_whole_picture_is_refused() {
        let png = drawn(40, 40);
        let cases = [
            (&b""[..], LogoError::NotPng),
            (b"GIF89a", LogoError::NotPng),
            (&png[..png.len() / 2], LogoError::NotPng),
            (&vec![0; LARGEST_LOGO_BYTES + 1], LogoError::TooLarge),
            (&drawn(LONGEST_SIDE + 1, 1), LogoError::TooLarge),
        ];
        for (bytes, wanted) in cases {
            assert_eq!(logo_text(bytes).unwrap_err(), wanted, "{} bytes", bytes.len());
        }
    }
}
