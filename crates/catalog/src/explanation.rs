//! What stands beside a question: what it means, why it is asked, what good evidence is.

use std::collections::HashMap;
use std::sync::LazyLock;

use serde::Deserialize;

/// The explanation of one or several fields of the service files.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Explanation {
    /// `Type.field`, as the schemas name them; `*.field` for a field of that name in any type.
    #[serde(rename = "for")]
    pub fields: Vec<String>,
    pub what: String,
    pub why: String,
    /// What a good answer rests on; empty where nothing is asserted, e.g. an id.
    #[serde(default)]
    pub evidence: String,
    /// Clause of the guideline.
    pub source: String,
}

/// What holds for every control of one 大項目 of 別紙2.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct GroupExplanation {
    /// Number of the 大項目, e.g. `3.1`.
    pub id: String,
    pub why: String,
    pub evidence: Vec<String>,
}

/// All explanations.
#[derive(Debug)]
pub struct Explanations {
    pub all: Vec<Explanation>,
    pub groups: Vec<GroupExplanation>,
    by_field: HashMap<String, usize>,
}

#[derive(Deserialize)]
struct Packed {
    fields: Vec<Explanation>,
    groups: Vec<GroupExplanation>,
}

static EXPLANATIONS: LazyLock<Explanations> = LazyLock::new(|| {
    let packed: Packed = serde_json::from_str(include_str!(concat!(env!("OUT_DIR"), "/explanations.json")))
        .unwrap_or_else(|error| panic!("the embedded explanations do not fit their types: {error}"));
    let mut by_field = HashMap::new();
    for (at, explanation) in packed.fields.iter().enumerate() {
        for field in &explanation.fields {
            assert!(by_field.insert(field.clone(), at).is_none(), "{field} is explained twice");
        }
    }
    Explanations { all: packed.fields, groups: packed.groups, by_field }
});

/// The embedded explanations.
pub fn explanations() -> &'static Explanations {
    &EXPLANATIONS
}

impl Explanations {
    /// The explanation of a field; one for its type goes before one for its name.
    pub fn field(&self, type_name: &str, field: &str) -> Option<&Explanation> {
        let of = |owner: &str| self.by_field.get(&format!("{owner}.{field}"));
        of(type_name).or_else(|| of("*")).map(|at| &self.all[*at])
    }

    /// What holds for the controls of a 大項目.
    pub fn group(&self, middle: &str) -> Option<&GroupExplanation> {
        self.groups.iter().find(|group| group.id == middle)
    }
}
