//! What a request brought, held against the schema that the reference shows: all mistakes at once, each with its place.

use jsonschema::error::ValidationErrorKind as Kind;
use jsonschema::{ValidationError, Validator};
use schemars::JsonSchema;
use schemars::generate::SchemaSettings;
use serde_json::{Map, Value};

use super::problem::FieldError;

/// Most mistakes that are told at once.
const MOST: usize = 50;

/// A schema with what checks it.
pub struct Checker {
    pub schema: Value,
    validator: Validator,
}

impl Checker {
    /// For what requests of this type look like.
    pub fn of<T: JsonSchema>() -> Self {
        let schema = inlined::<T>();
        let validator = jsonschema::draft202012::new(&schema)
            .unwrap_or_else(|error| panic!("the schema of {} does not compile: {error}", T::schema_name()));
        Self { schema, validator }
    }

    /// The parameters of an address as a value: numbers and yes or no where the schema has them.
    pub fn parameters(&self, raw: &str) -> Result<Value, Vec<FieldError>> {
        let mut fields = Map::new();
        let mut errors = Vec::new();
        for (name, text) in form_urlencoded::parse(raw.as_bytes()) {
            let read = match self.schema["properties"][&*name]["type"].as_str() {
                Some("integer") => text.parse::<i64>().map_or_else(|_| text.to_string().into(), Value::from),
                Some("boolean") => text.parse::<bool>().map_or_else(|_| text.to_string().into(), Value::from),
                _ => text.to_string().into(),
            };
            if fields.insert(name.to_string(), read).is_some() {
                errors.push(FieldError::of(name, "同じ項目が二度あります。一つにしてください。"));
            }
        }
        let value = Value::Object(fields);
        errors.extend(
            self.told(&value)
                .into_iter()
                .map(|(pointer, detail)| FieldError::of(pointer.trim_start_matches('/').to_owned(), detail)),
        );
        if errors.is_empty() { Ok(value) } else { Err(errors) }
    }

    /// What is wrong with a body.
    pub fn mistakes(&self, value: &Value) -> Vec<FieldError> {
        self.told(value).into_iter().map(|(pointer, detail)| FieldError::at(pointer, detail)).collect()
    }

    fn told(&self, value: &Value) -> Vec<(String, String)> {
        self.validator.iter_errors(value).take(MOST).flat_map(|error| explain(&error)).collect()
    }
}

fn explain(error: &ValidationError) -> Vec<(String, String)> {
    let pointer = error.instance_path().as_str().to_owned();
    let message = match error.kind() {
        Kind::AdditionalProperties { unexpected } => {
            let told = |name: &String| {
                let name_in_pointer = name.replace('~', "~0").replace('/', "~1");
                (format!("{pointer}/{name_in_pointer}"), format!("「{}」という項目はありません。", short(name)))
            };
            return unexpected.iter().map(told).collect();
        }
        Kind::Required { property } => {
            let name = property.as_str().unwrap_or_default();
            return vec![(format!("{pointer}/{name}"), format!("「{name}」がありません。"))];
        }
        Kind::Type { .. } => format!("値の型が違います（{}）。", found(error.instance())),
        Kind::Enum { options } => format!("使えるのは {options} のどれかです。"),
        Kind::Minimum { limit } => format!("{limit}以上にしてください。"),
        Kind::Maximum { limit } => format!("{limit}以下にしてください。"),
        Kind::MinLength { limit } => format!("{limit}文字以上にしてください。"),
        Kind::MaxLength { limit } => format!("{limit}文字までにしてください。"),
        Kind::MinItems { limit } => format!("{limit}個以上にしてください。"),
        Kind::MinProperties { limit } => format!("{limit}個以上にしてください。"),
        Kind::Pattern { pattern } if pattern == r"\S" => "空白だけでは受け付けません。".to_owned(),
        Kind::Pattern { pattern } if pattern.starts_with("^[0-9]{1,9}") => {
            "前の答えの next の値をそのまま書いてください。".to_owned()
        }
        Kind::Pattern { pattern } => format!("{pattern} の形にしてください。"),
        _ => format!("この値は使えません（{}）。", found(error.instance())),
    };
    vec![(pointer, message)]
}

fn found(value: &Value) -> String {
    match value {
        Value::String(text) => format!("「{}」", short(text)),
        Value::Array(_) => "一覧".to_owned(),
        Value::Object(_) => "項目のまとまり".to_owned(),
        Value::Null => "null".to_owned(),
        other => other.to_string(),
    }
}

fn short(text: &str) -> String {
    let cut: String = text.chars().take(40).collect();
    if cut.len() < text.len() { format!("{cut}…") } else { cut }
}

/// The schema of what is sent, in one piece.
pub fn inlined<T: JsonSchema>() -> Value {
    let settings = SchemaSettings::draft2020_12().with(|settings| {
        settings.inline_subschemas = true;
        settings.meta_schema = None;
    });
    let mut schema = settings.into_generator().into_root_schema_for::<T>().to_value();
    without_null(&mut schema);
    schema
}

/// What may be left out is left out; `null` is no value of its own.
pub fn without_null(schema: &mut Value) {
    match schema {
        Value::Object(object) => {
            if let Some(Value::Array(types)) = object.get("type")
                && let [one] = types.iter().filter(|kind| *kind != "null").collect::<Vec<_>>()[..]
            {
                let one = one.clone();
                object.insert("type".to_owned(), one);
            }
            let real: Option<Vec<Value>> = object
                .get("anyOf")
                .and_then(Value::as_array)
                .map(|branches| branches.iter().filter(|branch| branch["type"] != "null").cloned().collect());
            if let Some([Value::Object(only)]) = real.as_deref() {
                object.remove("anyOf");
                object.extend(only.clone());
            }
            if object.get("default") == Some(&Value::Null) {
                object.remove("default");
            }
            object.values_mut().for_each(without_null);
        }
        Value::Array(list) => list.iter_mut().for_each(without_null),
        _ => {}
    }
}
