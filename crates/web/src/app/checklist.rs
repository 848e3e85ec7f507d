//! `…/checklist?sheet=…`: a whole checklist on one page, answered line by line and saved as one revision.

use askama::Template;
use axum::extract::{Path, RawQuery, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use serde_json::{Value, json};
use shirube_folder::edit::{Edit, put_record, remove_record};
use shirube_safety::checklist::{Checklist, Line};
use shirube_safety::stated::ChecklistKind;
use shirube_safety::{File, Service};
use shirube_store::{Files, StoreError};

use super::edit::{At, ConflictView, unclear};
use super::fields::Fields;
use super::guard::Acting;
use super::save::{Saved, Wish, done, save};
use super::shell::with_status;
use super::sign_in::From;
use super::sites::texts;
use super::{App, message};
use crate::form::{self, Effect, GridColumn, GridRow, Known, Pasted};
use crate::page::Frame;
use crate::query::{Query, link};
use crate::shown::Shown;
use crate::view::Here;

/// What is answered on the page; everything else has the form of the reply.
const COLUMNS: [&str; 6] = ["who", "state", "content", "reason", "confirmed_on", "target_on"];

#[derive(Template)]
#[template(path = "app/checklist.html")]
struct ChecklistPage<'a> {
    frame: Frame<'a>,
    csrf: &'a str,
    revision: u64,
    sheets: Vec<(String, String)>,
    sheet: Option<&'a Opened>,
    rows: &'a [GridRow],
    pasted: Option<&'a Pasted>,
    why: &'a str,
    mistakes: Vec<String>,
    conflicts: Vec<ConflictView>,
}

impl ChecklistPage<'_> {
    fn text(&self, row: &usize, column: &usize) -> &str {
        self.rows.get(*row).and_then(|row| row.cells.get(*column)).map_or("", String::as_str)
    }

    /// What is wrong with a cell.
    fn fault(&self, row: &usize, column: &usize) -> Option<&str> {
        let rows = &self.pasted?.rows;
        rows.iter().find(|known| known.line == row + 1)?.cells.get(*column)?.fault.as_deref()
    }
}

/// A sheet of a revision, ready to be answered.
struct Opened {
    id: String,
    title: String,
    /// Ids and names of all sheets.
    all: Vec<(String, String)>,
    columns: Vec<GridColumn>,
    /// Replies as they are; of items without one, what a reply begins with.
    records: Vec<Value>,
    items: Vec<ItemView>,
    known: Known,
    open: usize,
}

/// An item above its fields.
struct ItemView {
    /// Heading of the chapter, where one begins.
    group: Option<String>,
    above: Option<String>,
    id: String,
    number: String,
    text: String,
    /// What the reply would be by the facts, and those facts.
    proposed: Option<&'static str>,
    facts: Vec<String>,
    is_open: bool,
}

fn opened(files: &Files, wanted: Option<&str>) -> Option<Opened> {
    let folder = shirube_folder::read(&texts(files)).ok()?;
    let service = Service::new(&folder.files);
    let known = Known::new(&folder.files);
    let name = |list: &Checklist| known.name(&["sheets"], &list.sheet.id).unwrap_or(&list.sheet.id).to_owned();
    let all = service.checklists.iter().map(|list| (list.sheet.id.clone(), name(list))).collect();
    let list = match wanted {
        Some(wanted) => service.checklists.iter().find(|list| list.sheet.id == wanted)?,
        None => service.checklists.first()?,
    };
    let divides = list.kind() == ChecklistKind::RoleDivision;
    let keys: Vec<&str> = COLUMNS.into_iter().filter(|key| divides || *key != "who").collect();
    let record = |line: &Line| match line.reply {
        Some(reply) => serde_json::to_value(reply).unwrap_or_default(),
        None => json!({ "sheet": list.sheet.id, "item": line.asked.id() }),
    };
    let (mut group, mut above) = (None, None);
    let mut items = Vec::new();
    for line in &list.lines {
        let (of, over) = (Some(line.asked.group()), line.asked.above());
        items.push(ItemView {
            group: of.clone().filter(|_| of != group),
            above: over.clone().filter(|_| over != above),
            id: line.asked.id(),
            number: line.asked.number(),
            text: line.asked.text(),
            proposed: line.proposal.state.map(|state| state.term()),
            facts: line.proposal.facts.clone(),
            is_open: line.is_open(),
        });
        (group, above) = (of, over);
    }
    Some(Opened {
        id: list.sheet.id.clone(),
        title: name(list),
        all,
        columns: form::grid_columns(File::Checklists, "replies", &keys, &known),
        records: list.lines.iter().map(record).collect(),
        items,
        open: list.tally().open,
        known,
    })
}

impl Opened {
    fn rows(&self) -> Vec<GridRow> {
        let cells = |record| form::grid_cells(File::Checklists, "replies", &self.columns, record, &self.known);
        let rows = self.records.iter().enumerate();
        rows.map(|(at, record)| GridRow { at: Some(at), cells: cells(record), removed: false }).collect()
    }

    /// What was typed, found by the item: a revision in between may have other items.
    fn typed(&self, fields: &Fields) -> Vec<GridRow> {
        let mut rows = self.rows();
        let count: usize = fields.text("~rows").parse().unwrap_or(0);
        for line in 0..count.min(self.items.len()) {
            let item = fields.text(&format!("i{line}"));
            let Some(at) = self.items.iter().position(|known| known.id == item) else { continue };
            for (column, cell) in rows[at].cells.iter_mut().enumerate() {
                let name = format!("c{line}.{column}");
                if fields.has(&name) {
                    *cell = fields.text(&name).to_owned();
                }
            }
        }
        rows
    }

    /// The rows with what was typed into those of an earlier revision.
    fn with(&self, earlier: &Self, typed: &[GridRow]) -> Vec<GridRow> {
        let (mut rows, was) = (self.rows(), earlier.rows());
        for (line, item) in earlier.items.iter().enumerate() {
            let Some(at) = self.items.iter().position(|known| known.id == item.id) else { continue };
            for (column, cell) in typed[line].cells.iter().enumerate() {
                if cell.trim() != was[line].cells[column].trim() {
                    rows[at].cells[column].clone_from(cell);
                }
            }
        }
        rows
    }

    /// What is wrong, each with the item it stands at.
    fn mistakes(&self, pasted: &Pasted) -> Vec<String> {
        let of_rows = pasted.rows.iter().flat_map(|row| {
            let item = &self.items[row.line - 1].id;
            let cells = row
                .cells
                .iter()
                .filter_map(move |cell| cell.fault.as_ref().map(|fault| format!("{item}「{}」: {fault}", cell.label)));
            row.faults.iter().map(move |fault| format!("{item}: {fault}")).chain(cells)
        });
        pasted.faults.iter().cloned().chain(of_rows).collect()
    }

    /// One edit for each reply that says something else.
    fn edits(&self, pasted: &Pasted) -> Vec<Edit> {
        let changed = pasted.rows.iter().filter(|row| row.effect != Effect::Same);
        let edit = |row: &form::PastedRow| {
            let (record, item) = (&pasted.records[row.line - 1], &self.items[row.line - 1].id);
            let identity = vec![self.id.clone(), item.clone()];
            let fields = record.as_object().into_iter().flatten();
            let says = |(key, value): (&String, &Value)| {
                key != "sheet" && key != "item" && !value.is_null() && *value != json!([])
            };
            match fields.filter(|field| says(*field)).count() {
                0 => remove_record(File::Checklists, "replies", identity),
                _ => put_record(File::Checklists, "replies", identity, record.clone()),
            }
        };
        changed.map(edit).collect()
    }
}

async fn read(app: &App, at: &At, revision: u64, sheet: Option<String>) -> Result<Option<Opened>, StoreError> {
    let files = app.store().files(&at.organisation, &at.service, revision).await?;
    Ok(tokio::task::spawn_blocking(move || opened(&files, sheet.as_deref())).await.ok().flatten())
}

/// `GET …/checklist?sheet=…`
pub async fn show(
    State(app): State<App>,
    acting: Acting,
    shown: Shown,
    Path(at): Path<At>,
    RawQuery(raw): RawQuery,
) -> Response {
    let query = Query::parse(&shown.base, "/checklist", &["sheet", "done"], raw.as_deref());
    let revision = shown.revision.unwrap_or_default();
    match read(&app, &at, revision, query.get("sheet").map(str::to_owned)).await {
        Ok(None) if query.get("sheet").is_some() => message::nothing(Some(&acting.visitor)),
        Ok(sheet) => {
            let rows = sheet.as_ref().map(Opened::rows).unwrap_or_default();
            page(&shown, &acting, sheet.as_ref(), &rows, Told { revision, ..Told::default() })
        }
        Err(error) => message::failed(&app, &error),
    }
}

/// What the page says besides the lines.
#[derive(Default)]
struct Told<'a> {
    revision: u64,
    why: &'a str,
    pasted: Option<&'a Pasted>,
    mistakes: Vec<String>,
    conflicts: Vec<ConflictView>,
}

fn page(shown: &Shown, acting: &Acting, sheet: Option<&Opened>, rows: &[GridRow], told: Told) -> Response {
    let status = match (told.mistakes.is_empty(), told.conflicts.is_empty()) {
        (_, false) => StatusCode::CONFLICT,
        (false, _) => StatusCode::UNPROCESSABLE_ENTITY,
        _ => StatusCode::OK,
    };
    with_status(
        status,
        ChecklistPage {
            frame: Frame::new(shown, Here::Model),
            csrf: &acting.reader.csrf,
            revision: told.revision,
            sheets: sheet.map(|sheet| sheet.all.clone()).unwrap_or_default(),
            sheet,
            rows,
            pasted: told.pasted,
            why: told.why,
            mistakes: told.mistakes,
            conflicts: told.conflicts,
        },
    )
}

/// `POST …/checklist`: all answers of a sheet as one revision, or none.
pub async fn change(
    State(app): State<App>,
    from: From,
    acting: Acting,
    shown: Shown,
    Path(at): Path<At>,
    fields: Fields,
) -> Response {
    let latest = shown.revision.unwrap_or_default();
    let based_on = fields.text("~revision").parse().ok().filter(|number| (1..=latest).contains(number));
    let Some(based_on) = based_on else { return unclear(&acting) };
    let sheet = match read(&app, &at, based_on, Some(fields.text("~sheet").to_owned())).await {
        Ok(Some(sheet)) => sheet,
        Ok(None) => return unclear(&acting),
        Err(error) => return message::failed(&app, &error),
    };
    let rows = sheet.typed(&fields);
    let pasted = form::lay(File::Checklists, "replies", &sheet.columns, &rows, &sheet.records, &sheet.known);
    let why = fields.text("~why");
    let mut told = Told { revision: based_on, why, mistakes: sheet.mistakes(&pasted), ..Told::default() };
    if why.is_empty() {
        told.mistakes.push("変更の理由を入力してください。履歴に残ります。".to_owned());
    }
    if told.mistakes.is_empty() {
        let wish = Wish {
            organisation: &at.organisation,
            service: &at.service,
            based_on,
            actor: &acting.reader.person,
            origin: from.origin(),
            reason: why,
        };
        match save(&app, &wish, &sheet.edits(&pasted)).await {
            Ok(Saved::Yes { merged, .. }) => {
                let next = link(&format!("{}/checklist", shown.base), &[("sheet", &sheet.id), ("done", done(merged))]);
                return Redirect::to(&next).into_response();
            }
            Ok(Saved::Unchanged) => told.mistakes.push("変わるところがないので、保存していません。".to_owned()),
            Ok(Saved::Mistakes(mistakes)) => {
                told.mistakes.extend(mistakes.into_iter().map(|mistake| mistake.message));
            }
            Ok(Saved::Conflicts(conflicts)) => {
                told.conflicts = conflicts.into_iter().map(ConflictView::new).collect();
                let theirs = async {
                    let newest = app.store().service(&at.organisation, &at.service).await?.revision.unwrap_or(latest);
                    Ok::<_, StoreError>((newest, read(&app, &at, newest, Some(sheet.id.clone())).await?))
                };
                match theirs.await {
                    // What was typed here stands over what the others saved, and the next save is based on theirs.
                    Ok((newest, Some(theirs))) => {
                        let rows = theirs.with(&sheet, &rows);
                        return page(&shown, &acting, Some(&theirs), &rows, Told { revision: newest, ..told });
                    }
                    Ok((_, None)) => {}
                    Err(error) => return message::failed(&app, &error),
                }
            }
            Err(error) => return message::failed(&app, &error),
        }
    }
    told.pasted = Some(&pasted);
    page(&shown, &acting, Some(&sheet), &rows, told)
}
