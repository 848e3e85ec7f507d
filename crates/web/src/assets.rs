//! Files the pages refer to, part of the binary.

use std::sync::LazyLock;

/// A file with the media type it is served as.
pub struct Asset {
    pub name: &'static str,
    pub media_type: &'static str,
    pub bytes: &'static [u8],
}

static ASSETS: [Asset; 4] = [
    Asset { name: "style.css", media_type: "text/css; charset=utf-8", bytes: include_bytes!("../assets/style.css") },
    Asset { name: "mark.svg", media_type: "image/svg+xml", bytes: include_bytes!("../assets/mark.svg") },
    Asset { name: "desk.js", media_type: "text/javascript; charset=utf-8", bytes: DESK.as_bytes() },
    Asset {
        name: "passkey.js",
        media_type: "text/javascript; charset=utf-8",
        bytes: include_bytes!("../assets/passkey.js"),
    },
];

/// What helps at the desk, one concern to a file. Pages work without it.
const DESK: &str = concat!(
    include_str!("../assets/desk/base.js"),
    include_str!("../assets/desk/preview.js"),
    include_str!("../assets/desk/typed.js"),
    include_str!("../assets/desk/drafts.js"),
    include_str!("../assets/desk/drawing.js"),
    include_str!("../assets/desk/lists.js"),
    include_str!("../assets/desk/progress.js"),
);

/// Address of the style sheet.
pub static STYLE: LazyLock<String> = LazyLock::new(|| address(&ASSETS[0]));
/// Address of the mark.
pub static MARK: LazyLock<String> = LazyLock::new(|| address(&ASSETS[1]));

/// Address of the script of the application.
pub static SCRIPT: LazyLock<String> = LazyLock::new(|| address(&ASSETS[2]));

/// Address of the script for passkeys.
pub static PASSKEY: LazyLock<String> = LazyLock::new(|| address(&ASSETS[3]));

/// An address that changes with the content, so that browsers may keep what they got for good.
fn address(asset: &Asset) -> String {
    format!("/assets/{}?{:08x}", asset.name, digest(asset.bytes))
}

pub fn find(name: &str) -> Option<&'static Asset> {
    ASSETS.iter().find(|asset| asset.name == name)
}

/// FNV-1a. It only has to tell two versions of our own file apart.
fn digest(bytes: &[u8]) -> u32 {
    bytes.iter().fold(0x811c_9dc5, |hash, byte| (hash ^ u32::from(*byte)).wrapping_mul(0x0100_0193))
}
