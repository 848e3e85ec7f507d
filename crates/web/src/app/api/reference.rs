//! `/api/v1/openapi.json` and `/reference/api`: the API described from the list of routes and the types of its handlers.
//! There is no second description.

use std::sync::LazyLock;

use askama::Template;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use schemars::SchemaGenerator;
use schemars::generate::SchemaSettings;
use serde_json::{Map, Value, json};

use super::operation::{About, Operation};
use super::problem::{KINDS, Problem};
use super::tag::PATTERN;
use crate::app::guard::Present;
use crate::app::routes::{Route, routes};
use crate::app::shell::{Place, Shell};
use crate::page::html;

/// What the parts of addresses are.
const PARTS: [(&str, &str); 11] = [
    ("service", "サービスのid。"),
    ("revision", "版の番号。"),
    ("file", "ファイルの名前。"),
    ("list", "記録の一覧の名前。"),
    ("record", "記録のid。"),
    ("number", "リスクの番号かid。"),
    ("edition", "ガイドラインの版のid（例: pg-1.0）。"),
    ("entry", "発行の番号。"),
    ("register", "台帳のid。"),
    ("item", "記録を見分ける番号や名前。"),
    ("name", "名前。"),
];

/// Parts that are numbers.
const NUMBERS: [&str; 2] = ["revision", "entry"];

static DOCUMENT: LazyLock<Value> = LazyLock::new(document);

pub async fn openapi() -> Response {
    static TEXT: LazyLock<String> = LazyLock::new(|| DOCUMENT.to_string());
    ([(header::CONTENT_TYPE, "application/json")], TEXT.as_str()).into_response()
}

fn generator(serializes: bool) -> SchemaGenerator {
    let settings = SchemaSettings::draft2020_12().with(|settings| {
        settings.definitions_path = "/components/schemas".into();
        settings.meta_schema = None;
    });
    let settings = if serializes { settings.for_serialize() } else { settings };
    settings.into_generator()
}

/// The whole description (OpenAPI 3.1).
fn document() -> Value {
    let (mut out, mut taken) = (generator(true), generator(false));
    let mut paths: Map<String, Value> = Map::new();
    for route in routes() {
        let Some(operation) = &route.operation else { continue };
        let described = described(&route, operation, &mut out, &mut taken);
        let path = paths.entry(route.path).or_insert_with(|| json!({}));
        path[route.method.to_lowercase()] = described;
    }
    let problem = out.subschema_for::<Problem>().to_value();
    let mut schemas = out.take_definitions(true);
    let mut of_bodies = Value::Object(taken.take_definitions(true));
    super::input::without_null(&mut of_bodies);
    if let Value::Object(of_bodies) = of_bodies {
        schemas.extend(of_bodies);
    }
    json!({
        "openapi": "3.1.0",
        "info": {
            "title": "Shirube API",
            "version": env!("CARGO_PKG_VERSION"),
            "description": "組織のサービス、版、記録、文書をプログラムから読み書きします。画面と同じ権限と記録に従います。",
        },
        "security": [{ "token": [] }],
        "paths": paths,
        "components": {
            "securitySchemes": { "token": { "type": "http", "scheme": "bearer" } },
            "schemas": schemas,
            "responses": {
                "Problem": {
                    "description": "要求のとおりにできなかった理由。",
                    "content": { "application/problem+json": { "schema": problem } },
                },
            },
        },
    })
}

fn described(route: &Route, operation: &Operation, out: &mut SchemaGenerator, taken: &mut SchemaGenerator) -> Value {
    let About { id, summary, note, .. } = operation.about;
    let mut described = json!({
        "operationId": id,
        "summary": summary,
        "tags": [tag(route.path)],
        "parameters": parameters(route, operation),
        "responses": responses(route, operation, out),
    });
    if !note.is_empty() {
        described["description"] = note.into();
    }
    if let Some(body) = operation.body {
        let schema = body(taken);
        described["requestBody"] = json!({ "required": true, "content": { "application/json": { "schema": schema } } });
    }
    described
}

/// What an operation is about: the first word of its address, or of what is below a service.
fn tag(path: &str) -> &str {
    let below = path.strip_prefix("/api/v1/").unwrap_or(path);
    let below = below.strip_prefix("services/{service}/").unwrap_or(below);
    below.split('/').next().unwrap_or(below)
}

fn parts(path: &str) -> impl Iterator<Item = &str> {
    path.split('/').filter_map(|part| part.strip_prefix('{')?.strip_suffix('}'))
}

fn parameters(route: &Route, operation: &Operation) -> Vec<Value> {
    let mut all: Vec<Value> = parts(route.path)
        .map(|name| {
            let schema = match NUMBERS.contains(&name) {
                true => json!({ "type": "integer", "minimum": 1 }),
                false => json!({ "type": "string", "minLength": 1 }),
            };
            let about = PARTS.iter().find(|(known, _)| *known == name).map_or("", |(_, about)| about);
            json!({ "name": name, "in": "path", "required": true, "schema": schema, "description": about })
        })
        .collect();
    let query = (operation.parameters)();
    let required = |name: &str| query["required"].as_array().is_some_and(|all| all.iter().any(|known| known == name));
    for (name, schema) in query["properties"].as_object().into_iter().flatten() {
        let mut schema = schema.clone();
        let about = schema.as_object_mut().and_then(|schema| schema.remove("description"));
        all.push(json!({
            "name": name, "in": "query", "required": required(name), "schema": schema,
            "description": about.unwrap_or_default(),
        }));
    }
    if operation.about.matches {
        all.push(json!({
            "name": "If-Match", "in": "header", "required": true, "schema": { "type": "string", "pattern": PATTERN },
            "description": "読んだときの ETag の値。",
        }));
    }
    all
}

fn responses(route: &Route, operation: &Operation, out: &mut SchemaGenerator) -> Value {
    let answer = (operation.answer)(out);
    let schema = answer.schema.unwrap_or_else(|| json!({}));
    let content: Map<String, Value> =
        answer.media_types.iter().map(|kind| ((*kind).to_owned(), json!({ "schema": schema }))).collect();
    let headers: Map<String, Value> =
        answer.headers.iter().map(|name| ((*name).to_owned(), json!({ "schema": { "type": "string" } }))).collect();
    let mut all = Map::new();
    for (status, about) in answer.statuses {
        let described = json!({ "description": about, "headers": headers, "content": content });
        all.insert(status.to_string(), described);
    }
    let about = operation.about;
    let mut problems = vec![400, 401, 403, 404, 429, 500, 503];
    if about.matches {
        problems.extend([412, 428]);
    }
    if operation.body.is_some() {
        problems.extend([413, 415, 422]);
    }
    // A service that was put away takes no changes.
    if about.conflicts || route.method != "GET" {
        problems.push(409);
        problems.push(422);
    }
    problems.sort_unstable();
    for status in problems {
        all.insert(status.to_string(), json!({ "$ref": "#/components/responses/Problem" }));
    }
    Value::Object(all)
}

#[derive(Template)]
#[template(path = "app/reference.html")]
struct ReferencePage<'a> {
    shell: Shell<'a>,
    groups: Vec<(String, Vec<OperationView>)>,
    problems: [(&'static str, &'static str, u16); 14],
}

struct OperationView {
    id: String,
    method: String,
    path: String,
    summary: String,
    note: String,
    parameters: Vec<ParameterView>,
    body: Vec<ParameterView>,
    answer: Vec<ParameterView>,
}

struct ParameterView {
    name: String,
    place: &'static str,
    kind: String,
    required: bool,
    about: String,
}

/// `GET /reference/api`: the same description as a page.
pub async fn page(Present(visitor): Present) -> Response {
    let mut groups: Vec<(String, Vec<OperationView>)> = Vec::new();
    for (path, methods) in DOCUMENT["paths"].as_object().into_iter().flatten() {
        for (method, operation) in methods.as_object().into_iter().flatten() {
            let group = operation["tags"][0].as_str().unwrap_or_default();
            let view = operation_view(path, method, operation);
            match groups.iter_mut().find(|(known, _)| known == group) {
                Some((_, views)) => views.push(view),
                None => groups.push((group.to_owned(), vec![view])),
            }
        }
    }
    html(ReferencePage { shell: Shell::new(Some(&visitor), Place::Tokens), groups, problems: KINDS })
}

fn operation_view(path: &str, method: &str, operation: &Value) -> OperationView {
    let text = |key: &str| operation[key].as_str().unwrap_or_default().to_owned();
    let parameters = operation["parameters"].as_array().into_iter().flatten().map(|parameter| ParameterView {
        name: parameter["name"].as_str().unwrap_or_default().to_owned(),
        place: match parameter["in"].as_str() {
            Some("path") => "番地",
            Some("header") => "ヘッダ",
            _ => "?の後",
        },
        kind: kind(&parameter["schema"]),
        required: parameter["required"] == true,
        about: parameter["description"].as_str().unwrap_or_default().to_owned(),
    });
    let responses = &operation["responses"];
    let answered = ["200", "201"].iter().map(|status| &responses[*status]).find(|answer| !answer.is_null());
    let json_of = |holder: &Value| holder["content"]["application/json"]["schema"].clone();
    OperationView {
        id: text("operationId"),
        method: method.to_uppercase(),
        path: path.to_owned(),
        summary: text("summary"),
        note: text("description"),
        parameters: parameters.collect(),
        body: fields(&json_of(&operation["requestBody"])),
        answer: answered.map(|answered| fields(&json_of(answered))).unwrap_or_default(),
    }
}

/// A schema behind references.
fn resolved(schema: &Value) -> &Value {
    static NONE: Value = Value::Null;
    let reference = schema["$ref"].as_str().unwrap_or_default();
    DOCUMENT.pointer(reference.trim_start_matches('#')).unwrap_or(&NONE)
}

fn fields(schema: &Value) -> Vec<ParameterView> {
    let schema = if schema["$ref"].is_string() { resolved(schema) } else { schema };
    let required = |name: &str| schema["required"].as_array().is_some_and(|all| all.iter().any(|known| known == name));
    let of_list = |name: &String, field: &Value| -> Vec<ParameterView> {
        match name.as_str() {
            "items" => fields(&field["items"])
                .into_iter()
                .map(|inner| ParameterView { name: format!("items[].{}", inner.name), ..inner })
                .collect(),
            _ => Vec::new(),
        }
    };
    let all = schema["properties"].as_object().into_iter().flatten();
    all.flat_map(|(name, field)| {
        let one = ParameterView {
            name: name.clone(),
            place: "",
            kind: kind(field),
            required: required(name),
            about: field["description"].as_str().unwrap_or_default().to_owned(),
        };
        std::iter::once(one).chain(of_list(name, field)).collect::<Vec<_>>()
    })
    .collect()
}

/// A type in a word.
fn kind(schema: &Value) -> String {
    let word = |name: &str| match name {
        "integer" | "number" => "数",
        "boolean" => "true/false",
        "array" => "一覧",
        "object" => "まとまり",
        "null" => "null",
        _ => "文字",
    };
    match &schema["type"] {
        Value::String(name) => word(name).to_owned(),
        Value::Array(names) => names.iter().filter_map(Value::as_str).map(word).collect::<Vec<_>>().join("・"),
        _ => word("object").to_owned(),
    }
}
