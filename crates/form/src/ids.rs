//! Ids of new records.

use serde_json::Value;
use shirube_folder::edit::Step;
use shirube_safety::File;
use unicode_normalization::UnicodeNormalization;

use super::record_spot;

/// An id that no other record of the list has: from the name, else a number.
pub fn new_id(file: File, way: &[Step], record: &Value, taken: &[String]) -> String {
    let numbered = |head: &str| {
        let mut numbers = 1..;
        numbers.find_map(|n| Some(format!("{head}{n}")).filter(|id| !taken.contains(id))).unwrap_or_default()
    };
    match record_spot(file, way).map_or("", |spot| spot.type_name) {
        "Treatment" => numbered("T-"),
        "OwnThreat" => numbered("OWN-TH"),
        "OwnScenario" => numbered("OWN-S"),
        "OwnControl" => numbered("OWN-C"),
        "OwnRisk" => numbered("R"),
        "WrittenFlow" => numbered("F"),
        _ => {
            let name = record["name"].as_str().unwrap_or_default();
            // Ids of flows and risks are put together with some of these.
            let name: String = name.nfkc().filter(|c| !c.is_whitespace() && !"/:~,=%+".contains(*c)).take(40).collect();
            match name.as_str() {
                "" => numbered(way.iter().rev().find_map(key).unwrap_or("id")),
                name if taken.iter().any(|id| id == name) => numbered(name),
                name => name.to_owned(),
            }
        }
    }
}

fn key(step: &Step) -> Option<&str> {
    match step {
        Step::Key(key) => Some(key),
        Step::Item(_) => None,
    }
}
