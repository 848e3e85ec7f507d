//! QR codes as one path of an SVG, so that no picture has to be stored, fetched or allowed by the content policy.

use std::fmt::Write as _;

use qrcodegen::{QrCode, QrCodeEcc};

/// The quiet zone that readers need on every side, in modules (ISO/IEC 18004).
const QUIET: i32 = 4;

/// A QR code in units of one module.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Qr {
    /// Width and height with the quiet zone.
    pub side: i32,
    /// The black modules, as the `d` of a path.
    pub path: String,
}

/// The text does not fit into any QR code.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("QRコードにするには文字が多すぎます。")]
pub struct TooLong;

impl Qr {
    /// Encodes a text; damage of 15 % can be read over, as on a worn print.
    pub fn of(text: &str) -> Result<Self, TooLong> {
        let code = QrCode::encode_text(text, QrCodeEcc::Medium).map_err(|_| TooLong)?;
        let mut path = String::new();
        for y in 0..code.size() {
            let mut x = 0;
            while x < code.size() {
                let run = (x..code.size()).take_while(|x| code.get_module(*x, y)).count() as i32;
                if run > 0 {
                    // Writing to a String cannot fail.
                    let _ = write!(path, "M{} {}h{run}v1h-{run}z", x + QUIET, y + QUIET);
                }
                x += run.max(1);
            }
        }
        Ok(Self { side: code.size() + 2 * QUIET, path })
    }

    /// A whole SVG, black on white whatever the page's colours, `label` being what is read aloud. It has no size of its
    /// own.
    pub fn svg(&self, label: &str) -> String {
        let Self { side, path } = self;
        let label = label.replace('&', "&amp;").replace('<', "&lt;").replace('"', "&quot;");
        format!(
            r##"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {side} {side}" role="img" aria-label="{label}" shape-rendering="crispEdges"><path fill="#fff" d="M0 0h{side}v{side}H0z"/><path fill="#000" d="{path}"/></svg>"##
        )
    }
}
