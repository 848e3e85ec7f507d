//! The outlines of the program.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use serde_json::{Map, Value};

use crate::check::check;
use crate::outline::Outline;
use crate::read::read;

static OUTLINES: LazyLock<BTreeMap<String, Outline>> = LazyLock::new(|| {
    let texts: Map<String, Value> = serde_json::from_str(include_str!(concat!(env!("OUT_DIR"), "/outlines.json")))
        .expect("the build script wrote JSON");
    texts
        .into_iter()
        .map(|(name, value)| {
            let outline = read(&value).and_then(|outline| {
                let mistakes = check(&outline);
                if mistakes.is_empty() { Ok(outline) } else { Err(mistakes) }
            });
            let outline = outline.unwrap_or_else(|mistakes| {
                let mistakes: Vec<String> = mistakes.iter().map(ToString::to_string).collect();
                panic!("catalogs/outlines/{name}.yaml\n{}", mistakes.join("\n"))
            });
            (name, outline)
        })
        .collect()
});

/// The embedded outlines by name. They are part of the program, so one that is unusable is a bug.
pub fn outlines() -> &'static BTreeMap<String, Outline> {
    &OUTLINES
}
