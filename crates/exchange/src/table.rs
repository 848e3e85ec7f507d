//! The lists of a service as tables: what stands in which cell, which cells may be changed.

use serde_json::Value;
use shirube_catalog::{Agreement, library};
use shirube_folder::Folder;
use shirube_folder::edit::{Step, Texts};
use shirube_form::{Choice, Known, Spot, cell_options, cell_text, is_plain, record_spot};
use shirube_safety::risk::{Assessment, RiskState};
use shirube_safety::{File, Service, ServiceFiles};

use crate::List;
use crate::spec::{Of, SheetSpec, book};

/// A sheet with its rows.
pub struct Table {
    pub spec: &'static SheetSpec,
    pub columns: Vec<Column>,
    pub rows: Vec<Row>,
}

/// A column.
pub struct Column {
    /// Way to the field below the record, or `@…`.
    pub key: String,
    pub heading: String,
    pub width: f64,
    /// The field; none for what cannot be changed.
    pub spot: Option<Spot<'static>>,
    /// What can be chosen.
    pub options: Vec<String>,
    /// Several of them may stand in a cell, one to a line.
    pub several: bool,
    pub required: bool,
}

impl Column {
    pub fn is_editable(&self) -> bool {
        self.spot.is_some()
    }
}

/// A record.
pub struct Row {
    pub id: String,
    /// What people call the record.
    pub name: String,
    /// What the files hold of it; none for a risk that nobody decided on, a control that nobody answered.
    pub stored: Option<Value>,
    pub cells: Vec<String>,
}

impl Row {
    /// Tells whether the row still says what it said when it was written.
    pub fn check(&self, columns: &[Column]) -> String {
        check(&self.id, columns.iter().zip(self.cells.iter().map(String::as_str)))
    }
}

/// What tells a row with these cells from others.
pub fn check<'a>(id: &str, cells: impl Iterator<Item = (&'a Column, &'a str)>) -> String {
    use sha2::{Digest, Sha256};
    let mut hash = Sha256::new();
    hash.update(id);
    for (column, cell) in cells.filter(|(column, _)| column.is_editable()) {
        hash.update([0]);
        hash.update(&column.key);
        hash.update([1]);
        hash.update(tidy(cell));
    }
    hash.finalize().iter().take(6).map(|byte| format!("{byte:02x}")).collect()
}

/// Texts as they are compared: programs that save again change line ends and white space around them.
pub fn tidy(text: &str) -> String {
    let text = text.replace("\r\n", "\n").replace('\r', "\n");
    let lines: Vec<&str> = text.lines().map(str::trim_end).collect();
    lines.join("\n").trim().to_owned()
}

/// Where the records of a sheet stand.
pub fn place(of: Of) -> (File, &'static str) {
    match of {
        Of::Decisions => (File::Assessment, "decisions"),
        Of::Treatments | Of::Measures | Of::Requests => (File::Assessment, "treatments"),
        Of::Answers => (File::Conformity, "answers"),
        Of::Parties => (File::Service, "parties"),
        Of::Sites => (File::System, "sites"),
        Of::Nodes => (File::System, "nodes"),
        Of::Links => (File::System, "links"),
        Of::Actors => (File::System, "actors"),
        Of::Information => (File::System, "information"),
        Of::InformationClasses => (File::System, "information_classes"),
    }
}

/// The list inside a treatment whose records a sheet has.
pub fn inside(of: Of) -> Option<&'static str> {
    match of {
        Of::Measures => Some("measures"),
        Of::Requests => Some("requests"),
        _ => None,
    }
}

/// The record of a sheet in the schema.
pub fn spot(of: Of) -> Option<Spot<'static>> {
    let (file, list) = place(of);
    let record = record_spot(file, &[Step::Key(list.to_owned())])?;
    match inside(of) {
        Some(key) => record.field(key)?.item(),
        None => Some(record),
    }
}

/// The field at a way such as `residual/impact`.
pub fn field(record: Spot<'static>, key: &str) -> Option<Spot<'static>> {
    key.split('/').try_fold(record, Spot::field)
}

/// A service that was read, for its tables and for laying changes over them.
pub struct Read {
    pub folder: Folder,
    pub known: Known,
}

pub fn read(texts: &Texts) -> Result<Read, Vec<String>> {
    let folder =
        shirube_folder::read(texts).map_err(|errors| errors.iter().map(ToString::to_string).collect::<Vec<_>>())?;
    let known = known(&folder.files);
    Ok(Read { folder, known })
}

/// The tables of a list, from the texts of a service.
pub fn tables(list: List, texts: &Texts) -> Result<Vec<Table>, Vec<String>> {
    let read = read(texts)?;
    Ok(tables_of(list, &read))
}

pub fn tables_of(list: List, read: &Read) -> Vec<Table> {
    let service = Service::new(&read.folder.files);
    book(list).sheets.iter().map(|spec| table(spec, &service, &read.known)).collect()
}

/// What ids stand for. In tables a risk is its number.
fn known(files: &ServiceFiles) -> Known {
    let service = Service::new(files);
    let assessment = &service.assessment;
    let mut known = Known::new(files);
    known.put("flows", assessment.flows.list.iter().map(|flow| Choice::new(&flow.id, &flow.number)));
    known.put("risks", assessment.risks.iter().map(|risk| Choice::new(&risk.id, &risk.number)));
    let provider = &library().provider;
    let own = files.assessment.controls.iter().map(|control| Choice::new(&control.id, &control.id));
    let given = provider.controls.iter().map(|control| Choice::new(control.id.to_string(), control.id.to_string()));
    known.put("controls", given.chain(own));
    let step = |step: &shirube_catalog::Factor| Choice::new(step.value.to_string(), step.value.to_string());
    known.impact = assessment.method.impact.iter().map(step).collect();
    known.likelihood = assessment.method.likelihood.iter().map(step).collect();
    known
}

/// Width of a column that the list of columns does not tell.
const PLAIN_WIDTH: f64 = 16.0;

/// The columns of a sheet; what can be chosen depends on the service.
pub fn columns(spec: &SheetSpec, known: &Known) -> Vec<Column> {
    let Some(record) = spot(spec.of) else { return Vec::new() };
    if spec.columns.is_empty() {
        let fields = record.fields().into_iter().filter(|field| field.key != "id" && is_plain(*field));
        return fields.map(|field| column(record, field.key.to_owned(), field.label(), PLAIN_WIDTH, known)).collect();
    }
    let listed = spec.columns.iter();
    listed.map(|column| self::column(record, column.key.clone(), column.heading.clone(), column.width, known)).collect()
}

fn column(record: Spot<'static>, key: String, heading: String, width: f64, known: &Known) -> Column {
    let spot = field(record, &key);
    let (options, several) = spot.map(|spot| cell_options(spot, known)).unwrap_or_default();
    let required =
        spot.is_some() && (record.is_required(&key) || key == "decided/reason" && record.is_required("decided"));
    // To which treatment a measure belongs is fixed for those that are there.
    Column { options, several, required: required || key == "treatment", key, heading, width, spot }
}

fn table(spec: &'static SheetSpec, service: &Service, known: &Known) -> Table {
    let columns = columns(spec, known);
    let files = service.files;
    let rows = match spec.of {
        Of::Decisions => risks(&service.assessment, &columns, known),
        Of::Treatments => {
            let all = files.assessment.treatments.iter();
            all.map(|treatment| plain(&treatment.id, &treatment.id, value(treatment), &columns, known)).collect()
        }
        Of::Measures | Of::Requests => parts(files, spec.of, &columns, known),
        Of::Answers => answers(service, &columns, known),
        of => {
            let (file, list) = place(of);
            let content = match file {
                File::Service => value(&files.service),
                _ => value(&files.system),
            };
            let records = content[list].as_array().cloned().unwrap_or_default();
            let row = |record: Value| {
                let id = record["id"].as_str().unwrap_or_default().to_owned();
                let name = record["name"].as_str().unwrap_or(&id).to_owned();
                plain(&id, &name, record, &columns, known)
            };
            records.into_iter().map(row).collect()
        }
    };
    Table { spec, columns, rows }
}

fn value(record: &impl serde::Serialize) -> Value {
    serde_json::to_value(record).unwrap_or_default()
}

/// What stands at a way below a record.
pub fn at<'v>(record: &'v Value, key: &str) -> Option<&'v Value> {
    key.split('/').try_fold(record, |value, step| value.get(step)).filter(|value| !value.is_null())
}

fn plain(id: &str, name: &str, stored: Value, columns: &[Column], known: &Known) -> Row {
    let cells = columns.iter().map(|column| shown(column, &stored, known)).collect();
    Row { id: id.to_owned(), name: name.to_owned(), stored: Some(stored), cells }
}

fn shown(column: &Column, stored: &Value, known: &Known) -> String {
    match (&column.spot, column.key.as_str()) {
        (_, "@signed") => signed(stored),
        (Some(spot), key) => {
            // What holds anyway and nobody wrote is blank, so that nobody is taken to have said it.
            let found = at(stored, key).filter(|value| spot.default() != Some(*value));
            found.map(|value| cell_text(*spot, value, known)).unwrap_or_default()
        }
        _ => String::new(),
    }
}

fn signed(stored: &Value) -> String {
    let text = |key: &str| stored["decided"][key].as_str().unwrap_or_default();
    [text("by"), text("on")].into_iter().filter(|text| !text.is_empty()).collect::<Vec<_>>().join(" ")
}

/// The measures or requests of all treatments.
fn parts(files: &ServiceFiles, of: Of, columns: &[Column], known: &Known) -> Vec<Row> {
    let key = inside(of).unwrap_or_default();
    let treatments = files.assessment.treatments.iter();
    let rows = treatments.flat_map(|treatment| {
        let all = value(treatment)[key].as_array().cloned().unwrap_or_default();
        all.into_iter().enumerate().map(move |(at, part)| {
            let name = part["text"].as_str().unwrap_or_default().chars().take(24).collect::<String>();
            let mut row = plain(
                &format!("{}#{}", treatment.id, at + 1),
                &format!("{}「{name}」", treatment.id),
                part,
                columns,
                known,
            );
            if let Some(cell) = columns.iter().position(|column| column.key == "treatment") {
                row.cells[cell].clone_from(&treatment.id);
            }
            row
        })
    });
    rows.collect()
}

fn risks(assessment: &Assessment, columns: &[Column], known: &Known) -> Vec<Row> {
    let row = |risk: &shirube_safety::risk::Risk| {
        let stored = match risk.state {
            RiskState::Decided(decision) => Some(of_one(&value(decision), &risk.id)),
            RiskState::Proposed => None,
        };
        let nothing = Value::Null;
        let flow = assessment.flow(risk);
        let cell = |column: &Column| match column.key.as_str() {
            "@number" => risk.number.clone(),
            "@location" => format!("{} {}", flow.number, flow.location()),
            "@threat" => assessment.threats[risk.threat].name.clone(),
            "@statement" => risk.text().to_owned(),
            "@proposed" => {
                risk.proposal.as_ref().map_or_else(String::new, |p| format!("{}×{}", p.impact, p.likelihood))
            }
            // Values of this risk alone go before those it shares.
            key @ ("impact" | "likelihood") => {
                let stored = stored.as_ref().unwrap_or(&nothing);
                let own = at(stored, &format!("own/{key}")).or(at(stored, key));
                own.map(ToString::to_string).unwrap_or_default()
            }
            _ => shown(column, stored.as_ref().unwrap_or(&nothing), known),
        };
        let cells = columns.iter().map(cell).collect();
        Row { id: risk.id.clone(), name: risk.number.clone(), cells, stored }
    };
    assessment.risks.iter().map(row).collect()
}

/// What was decided for one of the risks that share a decision; the values of this risk alone stand under `own`.
pub fn of_one(decision: &Value, risk: &str) -> Value {
    let mut record = decision.clone();
    let Some(fields) = record.as_object_mut() else { return record };
    fields.remove("risks");
    let each = fields.remove("each");
    let own = each.as_ref().and_then(Value::as_array).into_iter().flatten().find(|own| own["risk"] == risk);
    if let Some(Value::Object(own)) = own {
        let mut own = own.clone();
        own.remove("risk");
        fields.insert("own".to_owned(), Value::Object(own));
    }
    record
}

fn answers(service: &Service, columns: &[Column], known: &Known) -> Vec<Row> {
    let provider = service.answers.conformity.controls.iter().map(|answered| {
        let control = answered.control;
        let agreement = match control.agreement {
            Agreement::Yes => "合意",
            Agreement::Consent => "了承・理解",
            Agreement::No => "",
        };
        let about = [
            ("@group", format!("{}\n{}", control.middle_title, control.minor_title)),
            ("@wording", control.text.clone()),
            ("@kubun", control.kubun.mark().to_owned()),
            ("@agreement", agreement.to_owned()),
        ];
        answer(&control.id.to_string(), answered.answer.map(value), &about, columns, known)
    });
    let own = service.files.assessment.controls.iter().map(|control| {
        let stored = service.files.conformity.answers.iter().find(|answer| answer.control == control.id);
        let about = [("@group", "独自の対策項目".to_owned()), ("@wording", control.text.clone())];
        answer(&control.id, stored.map(value), &about, columns, known)
    });
    provider.chain(own).collect()
}

fn answer(id: &str, stored: Option<Value>, about: &[(&str, String)], columns: &[Column], known: &Known) -> Row {
    let nothing = Value::Null;
    let cell = |column: &Column| match about.iter().find(|(key, _)| *key == column.key) {
        Some((_, text)) => text.clone(),
        None => shown(column, stored.as_ref().unwrap_or(&nothing), known),
    };
    let cells = columns.iter().map(cell).collect();
    Row { id: id.to_owned(), name: id.to_owned(), cells, stored }
}
