//! `…/model`: the lists that a service is described by, each record a link to its form, and rows pasted from a
//! spreadsheet.

use askama::Template;
use axum::extract::{Path, RawQuery, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use serde_json::Value;
use shirube_folder::edit::{Locator, Step, put_field};
use shirube_safety::{File, Place};
use shirube_store::{Files, StoreError};

use super::edit::{At, ConflictView, Target, content, unclear};
use super::fields::Fields;
use super::guard::Acting;
use super::save::{Saved, Wish, done, save};
use super::shell::with_status;
use super::sign_in::From;
use super::sites::texts;
use super::{App, message};
use crate::form::{Effect, Form, Kind, Known, Pasted, paste, record_spot, words};
use crate::page::Frame;
use crate::query::{Query, link};
use crate::reader::{Action, Resource};
use crate::shown::Shown;
use crate::view::Here;

/// A list with its most telling columns, or a record that there is once (no columns).
struct List {
    file: File,
    key: &'static str,
    columns: &'static [&'static str],
}

const fn list(file: File, key: &'static str, columns: &'static [&'static str]) -> List {
    List { file, key, columns }
}

/// Parts of the page: name in the address, title, lists.
const PARTS: [(&str, &str, &[List]); 6] = [
    (
        "system",
        "構成と情報",
        &[
            list(File::System, "sites", &["name", "side", "owner", "within", "entry"]),
            list(
                File::System,
                "nodes",
                &["name", "kind", "site", "environment", "exposure", "authentication", "encryption"],
            ),
            list(File::System, "links", &["name", "kind", "between", "exposure", "encryption"]),
            list(File::System, "transports", &["medium", "from", "to", "actor", "information"]),
            list(File::System, "actors", &["name", "party", "kind"]),
            list(File::System, "information_classes", &["name", "importance", "reason"]),
            list(File::System, "information", &["name", "class", "kind", "medical", "volume", "frequency"]),
            list(File::System, "handlings", &["layer", "phase", "actor", "nodes", "information", "how"]),
            list(File::System, "flows", &["layer", "phase", "actor", "element", "information", "how"]),
            list(File::System, "rejected_flows", &["flow", "reason", "by", "on"]),
            list(File::System, "no_flows", &["layer", "phase", "reason", "by"]),
            list(File::System, "no_environments", &["environment", "reason"]),
            list(File::System, "documents", &["kind", "title", "edition", "on"]),
            list(File::System, "flows_reviewed", &[]),
        ],
    ),
    (
        "service",
        "サービスと組織",
        &[
            list(File::Service, "service", &[]),
            list(File::Service, "", &[]),
            list(File::Service, "delivery", &[]),
            list(File::Service, "parties", &["name", "kind", "institution_kind"]),
            list(File::Service, "supply_chain", &["supplier", "customer", "service", "layers", "reports"]),
            list(File::Service, "roles", &["role", "name", "deputy"]),
            list(File::Service, "selection", &["item", "document", "nda", "disclosed_on"]),
            list(File::Service, "certifications", &["name", "scope", "expires_on"]),
            list(File::Service, "edition_changes", &["edition", "replaces", "from", "leads_from"]),
            list(File::Service, "risk_method", &[]),
            list(File::Service, "document", &[]),
        ],
    ),
    (
        "records",
        "リスクと答えの記録",
        &[
            list(File::Assessment, "threats_reviewed", &[]),
            list(File::Assessment, "identification_closed", &[]),
            list(File::Assessment, "threats", &["name", "otherwise"]),
            list(File::Assessment, "scenarios", &["text"]),
            list(File::Assessment, "controls", &["viewpoint", "text", "revision"]),
            list(File::Assessment, "risks", &["flow", "threat", "statement"]),
            list(File::Assessment, "not_applicable", &["flow", "threat", "decided"]),
            list(File::Assessment, "treatments", &["id", "options", "measures", "requests"]),
            list(File::Assessment, "considerations", &["item", "answer"]),
            list(File::Assessment, "reviews", &["on", "cause", "participants", "next_on"]),
            list(File::Conformity, "storage", &[]),
            list(File::Conformity, "statutory", &["item", "row", "status", "how"]),
        ],
    ),
    (
        "stated",
        "約束と規程",
        &[
            list(File::Sla, "", &[]),
            list(File::Sla, "contract", &[]),
            list(File::Sla, "editions", &["edition", "starts_on", "ends_on", "change"]),
            list(File::Sla, "scope", &[]),
            list(File::Sla, "hours", &[]),
            list(File::Sla, "desk", &[]),
            list(File::Sla, "contacts", &[]),
            list(File::Sla, "pages", &[]),
            list(File::Sla, "incident", &[]),
            list(File::Sla, "availability", &["band", "target"]),
            list(File::Sla, "monitoring", &["what", "place", "interval", "how"]),
            list(File::Sla, "maintenance", &[]),
            list(File::Sla, "approval", &[]),
            list(File::Sla, "updates", &["what", "within"]),
            list(File::Sla, "authentication", &["who", "method", "plan"]),
            list(File::Sla, "response", &["purpose", "target"]),
            list(File::Sla, "redundancy", &[]),
            list(File::Sla, "logs", &[]),
            list(File::Sla, "division", &["subject", "institution", "provider"]),
            list(File::Sla, "exchange", &["topic", "party"]),
            list(File::Sla, "accounts", &[]),
            list(File::Sla, "patients", &[]),
            list(File::Sla, "linked", &["name", "service", "what"]),
            list(File::Sla, "reports", &[]),
            list(File::Sla, "information", &[]),
            list(File::Sla, "evaluation", &[]),
            list(File::Sla, "environment", &["item", "condition"]),
            list(File::Sla, "clauses", &["clause", "change", "title"]),
            list(File::Disclosure, "", &[]),
            list(File::Disclosure, "documents", &["item", "name", "disclosure", "nda"]),
            list(File::Disclosure, "record", &[]),
            list(File::Disclosure, "evaluations", &["what", "who", "interval", "last"]),
            list(File::Disclosure, "applications", &["name", "scope", "applied_on"]),
            list(File::Disclosure, "departments", &["name", "role"]),
            list(File::Disclosure, "incident", &[]),
            list(File::Disclosure, "patients", &[]),
            list(File::Disclosure, "audit", &[]),
            list(File::Disclosure, "inspection", &[]),
            list(File::Disclosure, "sender", &[]),
            list(File::Rules, "provider", &[]),
            list(File::Rules, "documents", &[]),
            list(File::Rules, "periods", &[]),
            list(File::Rules, "access", &[]),
            list(File::Rules, "media", &[]),
            list(File::Rules, "training", &[]),
            list(File::Rules, "disposal", &[]),
            list(File::Rules, "devices", &[]),
            list(File::Rules, "incident", &[]),
            list(File::Rules, "storage_places", &["place", "information", "period", "capacity"]),
            list(File::Rules, "backup", &[]),
            list(File::Rules, "retention", &[]),
            list(File::Rules, "end", &[]),
            list(File::Rules, "procedures", &["measure", "document"]),
            list(File::Rules, "institution", &[]),
            list(File::Checklists, "sheets", &["list", "form", "institution", "fiscal_year", "confirmed_by"]),
            list(
                File::Checklists,
                "replies",
                &["sheet", "item", "state", "who", "content", "confirmed_on", "target_on"],
            ),
            list(File::Checklists, "questions", &["sheet", "number", "area", "question"]),
        ],
    ),
    (
        "supply",
        "委託先などの分担と報告",
        &[
            list(File::Supply, "tasks", &["what", "kind", "layer", "does", "accountable"]),
            list(File::Supply, "requests", &["supplier", "on", "due", "outcome"]),
            list(File::Supply, "reports", &["supplier", "service", "on", "valid_until", "means"]),
            list(File::Supply, "statements", &["report", "control", "status", "by"]),
            list(File::Supply, "claims", &["report", "task", "by"]),
            list(File::Supply, "uses", &["control", "supplier", "use", "report"]),
            list(File::Supply, "offers", &["control", "by", "customer"]),
        ],
    ),
    (
        "house",
        "自社の様式",
        &[
            list(File::House, "", &[]),
            list(File::House, "disclosure", &["clause", "change", "title"]),
            list(File::House, "sla", &["clause", "change", "title"]),
            list(File::House, "operating_rules", &["clause", "change", "title"]),
            list(File::House, "institution_rules", &["clause", "change", "title"]),
            list(File::House, "letter", &["clause", "change", "title"]),
            list(File::House, "summary_management", &["clause", "change", "title"]),
            list(File::House, "summary_clinic", &["clause", "change", "title"]),
            list(File::House, "terms", &["term", "reading", "text"]),
        ],
    ),
];

/// The most telling columns of a list of the model.
pub fn columns_of(list: &str) -> &'static [&'static str] {
    let known = PARTS[0].2.iter().find(|known| known.key == list);
    known.map_or(&[], |known| known.columns)
}

/// Lists that take rows from a spreadsheet.
const PASTED: [&str; 5] = ["nodes", "links", "actors", "information", "handlings"];

#[derive(Template)]
#[template(path = "app/model.html")]
struct ModelPage<'a> {
    frame: Frame<'a>,
    part: &'static str,
    parts: Vec<(&'static str, &'static str, String)>,
    tables: Vec<Table>,
    /// Trusted: our own writer's output, which escapes every text of the model.
    svg: Option<String>,
    pasting: Option<String>,
    /// Address of the page of reports.
    supply: Option<String>,
    /// Address of the page for the logo.
    house: Option<String>,
}

/// A list as a table.
struct Table {
    anchor: String,
    title: String,
    hint: String,
    headings: Vec<String>,
    rows: Vec<Line>,
    /// Address for a new record, or to write the only one.
    add: Option<String>,
    /// Words and address of a page that takes the whole list at once.
    typed: Option<(&'static str, String)>,
    single: bool,
}

/// A record as a line.
struct Line {
    cells: Vec<TableCell>,
    href: Option<String>,
    name: String,
}

struct TableCell {
    label: String,
    text: String,
    unknown: bool,
}

pub async fn show(
    State(app): State<App>,
    acting: Acting,
    shown: Shown,
    Path(at): Path<At>,
    RawQuery(raw): RawQuery,
) -> Response {
    let query = Query::parse(&shown.base, "/model", &["part", "done"], raw.as_deref());
    let (part, _, lists) = PARTS.iter().find(|(name, ..)| query.get("part") == Some(name)).unwrap_or(&PARTS[0]);
    let files = match app.store().files(&at.organisation, &at.service, shown.revision.unwrap_or_default()).await {
        Ok(files) => files,
        Err(error) => return message::failed(&app, &error),
    };
    let (base, reader) = (shown.base.clone(), acting.reader.clone());
    let made = tokio::task::spawn_blocking(move || {
        let may = |file: File| reader.may(Action::Edit, resource(file));
        tables(&files, lists, &base, may)
    });
    let tables = made.await.ok().flatten().unwrap_or_default();
    let diagram = &shown.site.view.diagram;
    crate::page::html(ModelPage {
        frame: Frame::new(&shown, Here::Model),
        part,
        parts: PARTS
            .iter()
            .map(|(name, title, _)| (*name, *title, format!("{}/model?part={name}", shown.base)))
            .collect(),
        tables,
        svg: (*part == "system" && !diagram.is_empty()).then(|| diagram.plain(&shown.base, None)),
        pasting: (*part == "system" && acting.reader.may(Action::Import, Resource::Model))
            .then(|| format!("{}/model/paste", shown.base)),
        supply: (*part == "supply").then(|| format!("{}/supply", shown.base)),
        house: (*part == "house" && acting.reader.may(Action::Edit, Resource::Model))
            .then(|| format!("{}/house", shown.base)),
    })
}

fn resource(file: File) -> Resource {
    match file {
        File::Assessment => Resource::Risk,
        File::Conformity => Resource::Control,
        _ => Resource::Model,
    }
}

fn tables(files: &Files, lists: &[List], base: &str, may: impl Fn(File) -> bool) -> Option<Vec<Table>> {
    let texts = texts(files);
    let folder = shirube_folder::read(&texts).ok()?;
    let (known, locator) = (Known::new(&folder.files), Locator::new(&texts));
    let table =
        |list: &List| table(list, &content(&folder.files, list.file)?, (&known, &locator), base, may(list.file));
    Some(lists.iter().filter_map(table).collect())
}

/// Where a list is answered or typed as a whole.
fn typed(list: &List, base: &str) -> Option<(&'static str, String)> {
    match (list.file, list.key) {
        (File::Checklists, "sheets" | "replies") => Some(("まとめて答える", format!("{base}/checklist"))),
        (File::System, key) if super::table::TYPED.contains(&key) => {
            Some(("表で書く", format!("{base}/table?list={key}")))
        }
        _ => None,
    }
}

/// Lists of several files may have the same name.
fn anchor(list: &List) -> String {
    let key = if list.key.is_empty() { "basis" } else { list.key };
    let file = list.file.name().trim_end_matches(".yaml");
    if File::STATED.contains(&list.file) { format!("list-{file}-{key}") } else { format!("list-{key}") }
}

fn table(list: &List, content: &Value, (known, locator): (&Known, &Locator), base: &str, may: bool) -> Option<Table> {
    let way = if list.key.is_empty() { Vec::new() } else { vec![Step::Key(list.key.to_owned())] };
    let spot = record_spot(list.file, &way)?;
    let single = list.columns.is_empty();
    let target = Target { file: list.file, way: way.clone(), is_new: !single };
    let form = Form::new(list.file, &way, None, known)?;
    let columns: Vec<_> = match single {
        true => spot
            .fields()
            .into_iter()
            .filter(|field| {
                !list.key.is_empty()
                    || form.all_fields().iter().any(|known| known.key == field.key && !matches!(known.kind, Kind::Kept))
            })
            .collect(),
        false => list.columns.iter().filter_map(|key| spot.field(key)).collect(),
    };
    let cells = |record: &Value| -> Vec<TableCell> {
        let cell = |column: &crate::form::Spot| {
            let text = words(*column, &record[column.key], known);
            TableCell { label: column.label(), unknown: text == "未確認", text }
        };
        columns.iter().map(cell).collect()
    };
    let (rows, add) = if single {
        let record =
            if list.key.is_empty() { Some(content) } else { content.get(list.key).filter(|value| !value.is_null()) };
        let rows = record.map(|record| Line {
            cells: cells(record).into_iter().filter(|cell| !cell.text.is_empty()).collect(),
            href: may.then(|| target.href(base)),
            name: form.title.clone(),
        });
        let add = (may && record.is_none()).then(|| target.href(base));
        (rows.into_iter().collect(), add)
    } else {
        // A list that may be left out altogether has no entries then.
        let records = content[list.key].as_array().map_or(&[][..], Vec::as_slice);
        let line = |(at, record): (usize, &Value)| {
            let place = Place::new(list.file, format!("/{}/{at}", list.key));
            let way = locator.of_place(&place).into_iter().next().filter(|way| way.len() == 2);
            let href = way.filter(|_| may).map(|way| Target { file: list.file, way, is_new: false }.href(base));
            let cells = cells(record);
            let name = cells
                .iter()
                .map(|cell| cell.text.as_str())
                .find(|text| !text.is_empty())
                .unwrap_or_default()
                .to_owned();
            Line { cells, href, name }
        };
        (records.iter().enumerate().map(line).collect(), may.then(|| target.href(base)))
    };
    Some(Table {
        anchor: anchor(list),
        title: form.title.clone(),
        hint: match list.file {
            // Said once, above them.
            File::House => String::new(),
            _ => form.explanation.map_or_else(|| form.about.clone(), |one| format!("{}{}", one.what, one.why)),
        },
        headings: columns.iter().map(|column| column.label()).collect(),
        typed: may.then(|| typed(list, base)).flatten(),
        rows,
        add,
        single,
    })
}

#[derive(Template)]
#[template(path = "app/model-paste.html")]
struct PastePage<'a> {
    frame: Frame<'a>,
    csrf: &'a str,
    revision: u64,
    list: &'a str,
    lists: Vec<(&'static str, String, String)>,
    text: &'a str,
    why: &'a str,
    pasted: Option<&'a Pasted>,
    mistakes: Vec<String>,
    conflicts: Vec<ConflictView>,
}

impl PastePage<'_> {
    /// Nothing is wrong, and something would change.
    fn is_ready(&self) -> bool {
        self.pasted.is_some_and(|pasted| {
            pasted.mistakes().is_empty() && pasted.count(Effect::Added) + pasted.count(Effect::Changed) > 0
        })
    }
}

/// `GET …/model/paste`: an empty box.
pub async fn paste_form(acting: Acting, shown: Shown, RawQuery(raw): RawQuery) -> Response {
    let query = Query::parse(&shown.base, "/model/paste", &["list"], raw.as_deref());
    let list = query.get("list").filter(|list| PASTED.contains(list)).unwrap_or(PASTED[0]);
    let blank = Fields::default();
    paste_page(&shown, &acting, list, &blank, (None, Vec::new(), Vec::new(), shown.revision.unwrap_or_default()))
}

type Told<'a> = (Option<&'a Pasted>, Vec<String>, Vec<ConflictView>, u64);

fn paste_page(shown: &Shown, acting: &Acting, list: &str, fields: &Fields, told: Told) -> Response {
    let (pasted, mistakes, conflicts, revision) = told;
    let status = match (mistakes.is_empty(), conflicts.is_empty()) {
        (_, false) => StatusCode::CONFLICT,
        (false, _) => StatusCode::UNPROCESSABLE_ENTITY,
        _ => StatusCode::OK,
    };
    let known = Known::default();
    let lists = PASTED.into_iter().filter_map(|key| {
        let way = [Step::Key(key.to_owned())];
        let form = Form::new(File::System, &way, None, &known)?;
        let plain = record_spot(File::System, &way)?.fields().into_iter().filter(|field| crate::form::is_plain(*field));
        Some((key, form.title, plain.map(|field| field.label()).collect::<Vec<_>>().join("、")))
    });
    with_status(
        status,
        PastePage {
            frame: Frame::new(shown, Here::Model),
            csrf: &acting.reader.csrf,
            revision,
            list,
            lists: lists.collect(),
            text: fields.raw("~text"),
            why: fields.text("~why"),
            pasted,
            mistakes,
            conflicts,
        },
    )
}

/// `POST …/model/paste`: shows what the rows would do; with `~do=save` does it, all or nothing.
pub async fn paste_rows(
    State(app): State<App>,
    from: From,
    acting: Acting,
    shown: Shown,
    Path(at): Path<At>,
    fields: Fields,
) -> Response {
    let latest = shown.revision.unwrap_or_default();
    let based_on = fields.text("~revision").parse().ok().filter(|number| *number <= latest);
    let list = PASTED.into_iter().find(|list| *list == fields.text("~list"));
    let (Some(based_on), Some(list)) = (based_on, list) else { return unclear(&acting) };
    let laid = async {
        let files = app.store().files(&at.organisation, &at.service, based_on).await?;
        let text = fields.raw("~text").to_owned();
        let pasted = tokio::task::spawn_blocking(move || laid(&files, list, &text)).await.ok().flatten();
        Ok::<_, StoreError>(pasted.unwrap_or_default())
    };
    let pasted = match laid.await {
        Ok(pasted) => pasted,
        Err(error) => return message::failed(&app, &error),
    };
    let mut mistakes = pasted.mistakes();
    if fields.text("~do") == "save" && fields.text("~why").is_empty() {
        mistakes.push("変更の理由を入力してください。履歴に残ります。".to_owned());
    }
    if fields.text("~do") != "save" || !mistakes.is_empty() {
        return paste_page(&shown, &acting, list, &fields, (Some(&pasted), mistakes, Vec::new(), based_on));
    }
    let wish = Wish {
        organisation: &at.organisation,
        service: &at.service,
        based_on,
        actor: &acting.reader.person,
        origin: from.origin(),
        reason: fields.text("~why"),
    };
    let edit = put_field(File::System, vec![Step::Key(list.to_owned())], Value::Array(pasted.records.clone()));
    let (mistakes, conflicts) = match save(&app, &wish, &[edit]).await {
        Ok(saved @ (Saved::Yes { .. } | Saved::Unchanged)) => {
            let mut pairs = vec![("part", "system")];
            if let Saved::Yes { merged, .. } = saved {
                pairs.push(("done", done(merged)));
            }
            let next = link(&format!("{}/model", shown.base), &pairs);
            return Redirect::to(&format!("{next}#list-{list}")).into_response();
        }
        Ok(Saved::Mistakes(mistakes)) => (mistakes.into_iter().map(|mistake| mistake.message).collect(), Vec::new()),
        Ok(Saved::Conflicts(conflicts)) => (Vec::new(), conflicts.into_iter().map(ConflictView::new).collect()),
        Err(error) => return message::failed(&app, &error),
    };
    // After a conflict the rows are laid over what is there now.
    let revision = if conflicts.is_empty() { based_on } else { latest };
    paste_page(&shown, &acting, list, &fields, (Some(&pasted), mistakes, conflicts, revision))
}

fn laid(files: &Files, list: &str, text: &str) -> Option<Pasted> {
    let folder = shirube_folder::read(&texts(files)).ok()?;
    let before = content(&folder.files, File::System)?;
    Some(paste(File::System, list, text, before[list].as_array()?, &Known::new(&folder.files)))
}
