//! JSON Schemas of the files of a service folder, generated from their types.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use schemars::JsonSchema;
use schemars::generate::SchemaSettings;
use serde_json::{Value, json};
use shirube_safety::File;
use shirube_safety::agreement::InstitutionFile;
use shirube_safety::comparison::ClassificationFile;
use shirube_safety::conformity::ConformityFile;
use shirube_safety::model::{ServiceFile, SystemFile};
use shirube_safety::operation::register::{PeriodsFile, RegisterFile};
use shirube_safety::risk::AssessmentFile;
use shirube_safety::selection::{DisclosureData, SelectionFile};
use shirube_safety::stated::{ChecklistsFile, DisclosureFile, HouseFile, RulesFile, SlaFile, SupplyFile};

/// The schema of a file, for editors and for [`super::read`] (JSON Schema 2020-12, Japanese descriptions).
pub fn schema(file: File) -> Value {
    let mut schema = match file {
        File::Service => of::<ServiceFile>(),
        File::System => of::<SystemFile>(),
        File::Assessment => of::<AssessmentFile>(),
        File::Conformity => of::<ConformityFile>(),
        File::Sla => of::<SlaFile>(),
        File::Disclosure => of::<DisclosureFile>(),
        File::Rules => of::<RulesFile>(),
        File::Checklists => of::<ChecklistsFile>(),
        File::Supply => of::<SupplyFile>(),
        File::House => of::<HouseFile>(),
        File::Classification => of::<ClassificationFile>(),
        File::Institution => of::<InstitutionFile>(),
        File::Register => of::<RegisterFile>(),
        File::Periods => of::<PeriodsFile>(),
        File::Selection => of::<SelectionFile>(),
        File::DisclosureData => of::<DisclosureData>(),
    };
    without_null(&mut schema);
    if let Some(object) = schema.as_object_mut() {
        object.insert("title".to_owned(), json!(file.name()));
    }
    schema
}

fn of<T: JsonSchema>() -> Value {
    SchemaSettings::draft2020_12().into_generator().into_root_schema_for::<T>().to_value()
}

/// A key without a value counts as not written, so `null` is no value of its own: `X or null` becomes `X`.
fn without_null(schema: &mut Value) {
    match schema {
        Value::Object(object) => {
            if let Some(Value::Array(types)) = object.get("type")
                && let [one] = types.iter().filter(|kind| *kind != "null").collect::<Vec<_>>()[..]
            {
                let one = one.clone();
                object.insert("type".to_owned(), one);
            }
            let only = object.get("anyOf").and_then(Value::as_array).and_then(|branches| {
                let mut real = branches.iter().filter(|branch| branch.get("type") != Some(&json!("null")));
                match (real.next(), real.next()) {
                    (Some(only), None) => only.as_object().cloned(),
                    _ => None,
                }
            });
            if let Some(only) = only {
                object.remove("anyOf");
                object.extend(only);
            }
            if object.get("default") == Some(&Value::Null) {
                object.remove("default");
            }
            object.values_mut().for_each(without_null);
        }
        Value::Array(items) => items.iter_mut().for_each(without_null),
        _ => {}
    }
}

/// The part of a schema that a JSON pointer into an instance leads to, references followed.
pub(super) fn at<'s>(root: &'s Value, pointer: &str) -> Option<&'s Value> {
    let mut here = resolve(root, root);
    for step in pointer.split('/').skip(1) {
        let next = match here.get("items") {
            Some(items) if step.parse::<usize>().is_ok() => items,
            _ => here.get("properties")?.get(super::unescape(step))?,
        };
        here = resolve(root, next);
    }
    Some(here)
}

/// Follows a reference.
pub(super) fn resolve<'s>(root: &'s Value, schema: &'s Value) -> &'s Value {
    match schema.get("$ref").and_then(Value::as_str).and_then(|reference| reference.strip_prefix('#')) {
        Some(pointer) => root.pointer(pointer).unwrap_or(schema),
        None => schema,
    }
}

/// A compiled schema with its text.
pub(super) struct Compiled {
    pub schema: Value,
    pub validator: jsonschema::Validator,
}

/// Compiled once per process and file.
pub(super) fn compiled(file: File) -> &'static Compiled {
    static ALL: OnceLock<BTreeMap<File, OnceLock<Compiled>>> = OnceLock::new();
    let all = ALL.get_or_init(|| File::WITH_SCHEMA.into_iter().map(|file| (file, OnceLock::new())).collect());
    all[&file].get_or_init(|| {
        let schema = schema(file);
        let validator = jsonschema::draft202012::options()
            .should_validate_formats(true)
            .build(&schema)
            .unwrap_or_else(|error| panic!("{}: the generated schema does not compile: {error}", file.name()));
        Compiled { schema, validator }
    })
}
