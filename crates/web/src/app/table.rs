//! `…/table`: a list of the model typed in place, many rows at once, with the drawing beside it.

use askama::Template;
use axum::extract::{Path, RawQuery, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use serde_json::Value;
use shirube_folder::edit::{Edit, Step, put_field};
use shirube_safety::File;
use shirube_store::{Files, StoreError};

use super::edit::{At, ConflictView, content, unclear};
use super::fields::Fields;
use super::guard::Acting;
use super::model::columns_of;
use super::preview::Preview;
use super::save::{Saved, Wish, done, save};
use super::shell::with_status;
use super::sign_in::From;
use super::sites::texts;
use super::{App, message};
use crate::form::{self, Effect, Form, GridColumn, GridRow, Known, Pasted};
use crate::page::Frame;
use crate::query::{Query, link};
use crate::shown::Shown;
use crate::view::Here;

/// Lists that are typed as a table.
pub const TYPED: [&str; 7] = ["sites", "nodes", "links", "actors", "information_classes", "information", "handlings"];

/// Empty rows that a page offers, and how many more a click gives.
const FRESH: usize = 3;

/// Rows of one page; longer lists come in by pasting.
const MOST: usize = 1000;

#[derive(Template)]
#[template(path = "app/table.html")]
struct TablePage<'a> {
    frame: Frame<'a>,
    csrf: &'a str,
    revision: u64,
    list: &'static str,
    title: String,
    lists: Vec<(&'static str, String)>,
    columns: Vec<GridColumn>,
    rows: Vec<GridRow>,
    pasted: Option<Pasted>,
    why: &'a str,
    mistakes: Vec<String>,
    conflicts: Vec<ConflictView>,
    preview: Preview,
}

impl TablePage<'_> {
    /// What is wrong with a cell.
    fn fault(&self, row: &usize, column: &usize) -> Option<&str> {
        let rows = &self.pasted.as_ref()?.rows;
        rows.iter().find(|known| known.line == row + 1)?.cells.get(*column)?.fault.as_deref()
    }

    fn row_faults(&self, row: &usize) -> &[String] {
        let known = self.pasted.as_ref().and_then(|pasted| pasted.rows.iter().find(|known| known.line == row + 1));
        known.map_or(&[], |row| &row.faults)
    }

    fn text<'r>(row: &'r GridRow, column: &usize) -> &'r str {
        row.cells.get(*column).map_or("", String::as_str)
    }

    /// Whether the text of a cell is none of the words to choose from.
    fn is_other(column: &GridColumn, text: &str) -> bool {
        !text.is_empty() && !column.options.iter().any(|option| option == text)
    }
}

/// A list as it stands in a revision.
struct Stored {
    columns: Vec<GridColumn>,
    records: Vec<Value>,
    rows: Vec<GridRow>,
    known: Known,
}

fn stored(files: &Files, list: &'static str) -> Option<Stored> {
    let folder = shirube_folder::read(&texts(files)).ok()?;
    let known = Known::new(&folder.files);
    let records = content(&folder.files, File::System)?[list].as_array()?.clone();
    let columns = form::grid_columns(File::System, list, columns_of(list), &known);
    let row = |(at, record): (usize, &Value)| GridRow {
        at: Some(at),
        cells: form::grid_cells(File::System, list, &columns, record, &known),
        removed: false,
    };
    let rows = records.iter().enumerate().map(row).collect();
    Some(Stored { columns, rows, records, known })
}

async fn opened(app: &App, at: &At, revision: u64, list: &'static str) -> Result<Stored, StoreError> {
    let files = app.store().files(&at.organisation, &at.service, revision).await?;
    let stored = tokio::task::spawn_blocking(move || stored(&files, list)).await.ok().flatten();
    let lost =
        || StoreError::Inconsistent { place: at.service.clone(), log: "a kept revision cannot be read".to_owned() };
    stored.ok_or_else(lost)
}

/// `GET …/table?list=…`
pub async fn show(
    State(app): State<App>,
    acting: Acting,
    shown: Shown,
    Path(at): Path<At>,
    RawQuery(raw): RawQuery,
) -> Response {
    let query = Query::parse(&shown.base, "/table", &["list", "done"], raw.as_deref());
    let list = TYPED.into_iter().find(|list| query.get("list") == Some(list)).unwrap_or(TYPED[0]);
    let revision = shown.revision.unwrap_or_default();
    match opened(&app, &at, revision, list).await {
        Ok(stored) => {
            let preview = Preview::now(&shown, None);
            page(&shown, &acting, list, stored.columns, stored.rows, Told { revision, preview, ..Told::default() })
        }
        Err(error) => message::failed(&app, &error),
    }
}

/// What the page says besides the rows.
#[derive(Default)]
struct Told<'a> {
    revision: u64,
    why: &'a str,
    pasted: Option<Pasted>,
    mistakes: Vec<String>,
    conflicts: Vec<ConflictView>,
    preview: Preview,
}

fn page(
    shown: &Shown,
    acting: &Acting,
    list: &'static str,
    columns: Vec<GridColumn>,
    mut rows: Vec<GridRow>,
    told: Told,
) -> Response {
    let status = match (told.mistakes.is_empty(), told.conflicts.is_empty()) {
        (_, false) => StatusCode::CONFLICT,
        (false, _) => StatusCode::UNPROCESSABLE_ENTITY,
        _ => StatusCode::OK,
    };
    let blank = || GridRow { cells: vec![String::new(); columns.len()], ..GridRow::default() };
    let empty = |row: &GridRow| row.at.is_none() && row.cells.iter().all(|cell| cell.trim().is_empty());
    let free = rows.iter().rev().take_while(|row| empty(row)).count();
    rows.extend((free..FRESH).map(|_| blank()));
    let known = Known::default();
    let title = |list: &str| {
        let way = [Step::Key(list.to_owned())];
        Form::new(File::System, &way, None, &known).map(|form| form.title).unwrap_or_default()
    };
    let table = TablePage {
        frame: Frame::new(shown, Here::Model),
        csrf: &acting.reader.csrf,
        revision: told.revision,
        list,
        title: title(list),
        lists: TYPED.into_iter().map(|list| (list, title(list))).collect(),
        columns,
        rows,
        pasted: told.pasted,
        why: told.why,
        mistakes: told.mistakes,
        conflicts: told.conflicts,
        preview: told.preview,
    };
    with_status(status, table)
}

/// The rows of the form: `r3` is the place of a record, `c3.0` its first cell, `x3` that it goes.
fn sent(fields: &Fields, columns: usize) -> Vec<GridRow> {
    let count: usize = fields.text("~rows").parse().unwrap_or(0);
    let row = |at: usize| GridRow {
        at: fields.text(&format!("r{at}")).parse().ok(),
        cells: (0..columns).map(|column| fields.text(&format!("c{at}.{column}")).to_owned()).collect(),
        removed: fields.has(&format!("x{at}")),
    };
    (0..count.min(MOST)).map(row).collect()
}

/// `POST …/table`: looks at the rows, or saves them as one revision, all or nothing.
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
    let list = TYPED.into_iter().find(|list| *list == fields.text("~list"));
    let (Some(based_on), Some(list)) = (based_on, list) else { return unclear(&acting) };
    let sending = Sending { app: &app, from: &from, acting: &acting, shown: &shown, at: &at, fields: &fields };
    sending.answer(list, based_on).await.unwrap_or_else(|error| message::failed(&app, &error))
}

struct Sending<'a> {
    app: &'a App,
    from: &'a From,
    acting: &'a Acting,
    shown: &'a Shown,
    at: &'a At,
    fields: &'a Fields,
}

impl Sending<'_> {
    async fn answer(&self, list: &'static str, based_on: u64) -> Result<Response, StoreError> {
        let Stored { columns, records, known, .. } = opened(self.app, self.at, based_on, list).await?;
        let rows = sent(self.fields, columns.len());
        let pasted = form::lay(File::System, list, &columns, &rows, &records, &known);
        let edit = put_field(File::System, vec![Step::Key(list.to_owned())], Value::Array(pasted.records.clone()));
        let mut told = Told { revision: based_on, why: self.fields.text("~why"), ..Told::default() };
        told.mistakes = pasted.mistakes();
        if self.fields.text("~do") == "save" {
            if told.why.is_empty() {
                told.mistakes.push("変更の理由を入力してください。履歴に残ります。".to_owned());
            }
            if told.mistakes.is_empty() {
                match self.save(based_on, &edit, told.why).await? {
                    Saved::Yes { merged, .. } => {
                        let next =
                            link(&format!("{}/table", self.shown.base), &[("list", list), ("done", done(merged))]);
                        return Ok(Redirect::to(&next).into_response());
                    }
                    Saved::Unchanged => {
                        told.mistakes.push("変わるところがないので、保存していません。".to_owned());
                    }
                    Saved::Mistakes(mistakes) => {
                        told.mistakes.extend(mistakes.into_iter().map(|mistake| mistake.message));
                    }
                    Saved::Conflicts(conflicts) => {
                        told.conflicts = conflicts.into_iter().map(ConflictView::new).collect();
                    }
                }
            }
        }
        let edits = match told.mistakes.len() {
            0 => Ok(vec![edit]),
            _ => Err(pasted.mistakes().len().max(1)),
        };
        let place = (self.at.organisation.as_str(), self.at.service.as_str(), based_on);
        // Nothing was typed yet into rows that are all as they were.
        let idle = pasted.rows.iter().all(|row| row.effect == Effect::Same) && pasted.records == records;
        told.preview = match idle && told.mistakes.is_empty() {
            true => Preview::now(self.shown, None),
            false => Preview::of(self.app, place, edits, &self.shown.base, None).await?,
        };
        // While somebody types, a missing reason is no news; a preview blames cells only.
        told.pasted = Some(pasted);
        Ok(page(self.shown, self.acting, list, columns, rows, told))
    }

    async fn save(&self, based_on: u64, edit: &Edit, why: &str) -> Result<Saved, StoreError> {
        let wish = Wish {
            organisation: &self.at.organisation,
            service: &self.at.service,
            based_on,
            actor: &self.acting.reader.person,
            origin: self.from.origin(),
            reason: why,
        };
        save(self.app, &wish, std::slice::from_ref(edit)).await
    }
}
