//! `…/institutions/{institution}/record`: parts of an institution's file as forms made from its schema: the contract with
//! its phases, what is settled for its end, and what is promised or answered for this institution alone.

use askama::Template;
use axum::extract::{Path, RawQuery, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use serde::Deserialize;
use serde_json::Value;
use shirube_folder::edit::{Step, way};
use shirube_folder::{institution_text, read_institution};
use shirube_safety::agreement::{InstitutionFile, check};
use shirube_safety::stated::SlaFile;
use shirube_safety::{File, Finding, Severity};
use shirube_store::{Missing, StoreError};

use super::kept::{Customer, Note, Terms, Written};
use super::{MEANWHILE, Writing, customer, work, write};
use crate::app::edit::html::{self, offers, shown as shown_field};
use crate::app::edit::unclear;
use crate::app::fields::Fields;
use crate::app::guard::Acting;
use crate::app::shell::with_status;
use crate::app::sign_in::From;
use crate::app::sites::texts;
use crate::app::{App, message, world};
use crate::form::{Blamed, Choice, Fault, Field, Form, Known, Sent, Signer};
use crate::page::Frame;
use crate::query::Query;
use crate::shown::Shown;
use crate::view::Here;

#[derive(Deserialize)]
pub struct At {
    organisation: String,
    service: String,
    institution: String,
}

/// A part of the file that has a form: way in the file, heading, what the page says of it.
struct Part {
    at: &'static str,
    title: &'static str,
    lead: &'static str,
}

const PARTS: [Part; 4] = [
    Part {
        at: "contract",
        title: "契約とフェーズ",
        lead: "契約の日と、始まったフェーズを書きます。フェーズは、いくつも並んで構いません。",
    },
    Part {
        at: "closing",
        title: "契約終了の取決めと実施",
        lead: "契約が終わるときに行うことを取り決め、行ったら日付と根拠を書き足します。空の欄は〔未記載〕と印刷されます。",
    },
    Part {
        at: "overlay/sla",
        title: "この医療機関等だけの約束",
        lead: "基準と違うところだけを書きます。空の欄は、基準のとおりです。",
    },
    Part {
        at: "overlay/answers",
        title: "この医療機関等だけの、対策項目への答え",
        lead: "基準と違う答えだけを書きます。",
    },
];

/// The part of an address, and the number of the record in it where the part is a list.
struct Asked {
    part: &'static Part,
    /// Place in the list; none for a new record, or for a part that is no list.
    place: Option<usize>,
}

impl Asked {
    fn parse(raw: Option<&str>) -> Option<Self> {
        let query = Query::parse("", "/", &["at", "place"], raw);
        let part = PARTS.iter().find(|part| query.get("at") == Some(part.at))?;
        let place = match query.get("place") {
            None => None,
            Some(typed) => Some(typed.parse().ok()?),
        };
        let asked = Self { part, place };
        (asked.is_list() || place.is_none()).then_some(asked)
    }

    fn is_list(&self) -> bool {
        self.part.at == "overlay/answers"
    }

    /// Whether the whole of it may be taken away again. What was settled for an end is not.
    fn is_removable(&self, form: &Form) -> bool {
        !form.is_new && self.part.at.starts_with("overlay/")
    }

    fn way(&self) -> Vec<Step> {
        way(self.part.at).expect("the parts are ways")
    }

    fn href(&self, base: &str, id: &str) -> String {
        let place = self.place.map(|place| format!("&place={place}")).unwrap_or_default();
        format!("{base}/institutions/{id}/record?at={}{place}", self.part.at)
    }

    /// JSON pointer of the part.
    fn pointer(&self) -> String {
        let list = format!("/{}", self.part.at);
        self.place.map_or(list.clone(), |place| format!("{list}/{place}"))
    }

    /// What stands there; `None` for an address that leads to nothing.
    fn stored(&self, file: &Value) -> Option<Option<Value>> {
        let found = file.pointer(&self.pointer()).filter(|value| !value.is_null()).cloned();
        (self.place.is_none() || found.is_some()).then_some(found.filter(|_| !self.is_list() || self.place.is_some()))
    }

    /// Puts a value there; none takes it away.
    fn put(&self, file: &mut Value, value: Option<Value>) {
        if !self.is_list() {
            let (holder, key) = self.part.at.rsplit_once('/').unwrap_or(("", self.part.at));
            let holder = if holder.is_empty() { String::new() } else { format!("/{holder}") };
            file.pointer_mut(&holder).expect("the file has its parts")[key] = value.unwrap_or(Value::Null);
            return;
        }
        let list = file.pointer_mut(&format!("/{}", self.part.at)).and_then(Value::as_array_mut);
        let list = list.expect("the file has its lists");
        match (self.place, value) {
            (Some(place), Some(value)) => list[place] = value,
            (Some(place), None) => drop(list.remove(place)),
            (None, value) => list.extend(value),
        }
    }
}

#[derive(Template)]
#[template(path = "app/institution-record.html")]
struct RecordPage<'a> {
    frame: Frame<'a>,
    csrf: &'a str,
    id: &'a str,
    name: &'a str,
    title: &'static str,
    lead: &'static str,
    action: String,
    back: String,
    /// Number of the record with what is different.
    terms: u64,
    form: Form<'a>,
    offers: Vec<(String, Vec<Choice>)>,
    mistakes: Vec<Blamed>,
    removable: bool,
    /// For the end of a contract: whether somebody said that nothing is kept after it.
    keeps_none: Option<bool>,
}

/// A field on the page; the template calls it.
fn field_html(field: &Field) -> html::FieldHtml<'_> {
    shown_field(field)
}

/// The institution with the file it is, if it uses the service.
async fn opened(app: &App, at: &At) -> Result<(Customer, Value), StoreError> {
    let customer = customer(app, &at.organisation, &at.institution).await?;
    if !customer.relations.contains_key(&at.service) {
        return Err(StoreError::Missing(Missing::Institution));
    }
    let file = serde_json::to_value(customer.file(&at.service)).expect("a file of texts and numbers is JSON");
    Ok((customer, file))
}

/// Names behind ids, from the service as it is.
async fn known(app: &App, at: &At, revision: u64) -> Result<Known, StoreError> {
    let files = app.store().files(&at.organisation, &at.service, revision).await?;
    let folder = shirube_folder::read(&texts(&files)).map_err(|errors| work::unreadable(&errors[0]))?;
    let mut known = Known::new(&folder.files);
    let controls = shirube_catalog::library().provider.controls.iter();
    let choice = |control: &shirube_catalog::Control| {
        let id = control.id.to_string();
        Choice::new(&id, format!("{id} {}", control.text))
    };
    let own = folder.files.assessment.controls.iter();
    let own = own.map(|control| Choice::new(&control.id, format!("{} {}", control.id, control.text)));
    known.put("controls", controls.map(choice).chain(own));
    Ok(known)
}

/// `GET …/record?at=`.
pub async fn show(
    State(app): State<App>,
    acting: Acting,
    shown: Shown,
    Path(at): Path<At>,
    RawQuery(raw): RawQuery,
) -> Response {
    let Some(asked) = Asked::parse(raw.as_deref()) else { return message::nothing(Some(&acting.visitor)) };
    let read = async {
        let (customer, file) = opened(&app, &at).await?;
        Ok::<_, StoreError>((customer, file, known(&app, &at, shown.revision.unwrap_or_default()).await?))
    };
    let (customer, file, known) = match read.await {
        Ok(read) => read,
        Err(error) => return message::missing_or_failed(&app, &acting.visitor, &error),
    };
    let Some(stored) = asked.stored(&file) else { return message::nothing(Some(&acting.visitor)) };
    let form = Form::new(File::Institution, &asked.way(), stored.as_ref(), &known);
    let Some(form) = form else { return message::nothing(Some(&acting.visitor)) };
    let terms = customer.relations[&at.service].today().0;
    let keeps_none = says_none(&customer, &at);
    page(&acting, &shown, (&at, &asked), (&customer, terms), (form, keeps_none), Vec::new())
}

fn page(
    acting: &Acting,
    shown: &Shown,
    (at, asked): (&At, &Asked),
    (customer, terms): (&Customer, u64),
    (form, keeps_none): (Form, bool),
    mistakes: Vec<Blamed>,
) -> Response {
    let back = match asked.part.at {
        "overlay/sla" | "overlay/answers" => format!("{}/institutions/{}#own", shown.base, at.institution),
        _ => format!("{}/institutions/{}/phases", shown.base, at.institution),
    };
    let status = if mistakes.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    with_status(
        status,
        RecordPage {
            frame: Frame::new(shown, Here::Institutions),
            csrf: &acting.reader.csrf,
            id: &customer.id,
            name: &customer.facts.name,
            title: asked.part.title,
            lead: asked.part.lead,
            action: asked.href(&shown.base, &at.institution),
            back,
            terms,
            offers: offers(&form),
            keeps_none: (asked.part.at == "closing").then_some(keeps_none),
            removable: asked.is_removable(&form),
            form,
            mistakes,
        },
    )
}

fn says_none(customer: &Customer, at: &At) -> bool {
    customer.file(&at.service).closing.and_then(|closing| closing.kept).is_some_and(|kept| kept.is_empty())
}

/// `POST …/record?at=`.
pub async fn change(
    State(app): State<App>,
    from: From,
    acting: Acting,
    shown: Shown,
    Path(at): Path<At>,
    RawQuery(raw): RawQuery,
    fields: Fields,
) -> Response {
    let Some(asked) = Asked::parse(raw.as_deref()) else { return message::nothing(Some(&acting.visitor)) };
    let read = async {
        let (customer, file) = opened(&app, &at).await?;
        Ok::<_, StoreError>((customer, file, known(&app, &at, shown.revision.unwrap_or_default()).await?))
    };
    let (customer, file, known) = match read.await {
        Ok(read) => read,
        Err(error) => return message::missing_or_failed(&app, &acting.visitor, &error),
    };
    let Some(stored) = asked.stored(&file) else { return message::nothing(Some(&acting.visitor)) };
    let form = Form::new(File::Institution, &asked.way(), stored.as_ref(), &known);
    let Some(form) = form else { return message::nothing(Some(&acting.visitor)) };
    let mut form = form.with(&Sent::new(fields.iter()));
    let terms = customer.relations[&at.service].today().0;
    let (mut mistakes, keeps_none) = (Vec::new(), fields.has("~none-kept"));
    if fields.text("~terms") != terms.to_string() {
        mistakes.push(Blamed { anchor: None, label: String::new(), message: MEANWHILE.to_owned() });
    }
    let today = world::day(app.now());
    let signer = Signer { by: &acting.reader.name, on: &today };
    let value = match fields.text("~do") {
        "remove" if asked.is_removable(&form) => Ok(None),
        "remove" => return unclear(&acting),
        _ => form.value(&signer).map(Some),
    };
    let changed = value.and_then(|value| {
        let mut file = file.clone();
        asked.put(&mut file, value.map(|value| kept(asked.part, value, keeps_none)));
        checked(file, &asked.part.at.replace('/', "."))
    });
    let mut file = match changed {
        Ok(file) if mistakes.is_empty() => file,
        Ok(_) => return page(&acting, &shown, (&at, &asked), (&customer, terms), (form, keeps_none), mistakes),
        Err(faults) => {
            mistakes.extend(form.blame(&faults));
            return page(&acting, &shown, (&at, &asked), (&customer, terms), (form, keeps_none), mistakes);
        }
    };
    // A form that nobody filled in promises nothing.
    file.overlay.sla = file.overlay.sla.filter(|sla| *sla != SlaFile::default());
    match against(&app, &at, shown.revision.unwrap_or_default(), &asked, &file).await {
        Ok(told) if told.is_empty() => {}
        Ok(told) => return page(&acting, &shown, (&at, &asked), (&customer, terms), (form, keeps_none), told),
        Err(error) => return message::failed(&app, &error),
    }
    let note = format!("{}: {}を記録", customer.facts.name, asked.part.title);
    let writing = Writing { acting: &acting, from: &from, action: "agreement.terms", note };
    let records = [Written::new(&customer.id, Some(&at.service), &Note::Terms(&Terms::of(&file)))];
    match write(&app, &writing, &customer, &records).await {
        Ok(true) => {
            let to = match asked.part.at {
                "contract" | "closing" => "/phases",
                _ => "",
            };
            Redirect::to(&format!("{}/institutions/{}{to}?done=terms", shown.base, at.institution)).into_response()
        }
        Ok(false) => {
            let told = vec![Blamed { anchor: None, label: String::new(), message: MEANWHILE.to_owned() }];
            page(&acting, &shown, (&at, &asked), (&customer, terms), (form, keeps_none), told)
        }
        Err(error) => message::failed(&app, &error),
    }
}

/// That nothing is kept after the end is something somebody says: an empty list of the form alone does not say it.
fn kept(part: &Part, mut value: Value, says_none: bool) -> Value {
    if part.at == "closing" && value["kept"].as_array().is_none_or(Vec::is_empty) {
        value["kept"] = if says_none { Value::Array(Vec::new()) } else { Value::Null };
    }
    value
}

/// What of the part cannot be, as files that come in are judged: an end that nothing proves, a contract without its days.
async fn against(
    app: &App,
    at: &At,
    revision: u64,
    asked: &Asked,
    file: &InstitutionFile,
) -> Result<Vec<Blamed>, StoreError> {
    let (file, part) = (file.clone(), asked.pointer());
    work::worked(app, (&at.organisation, &at.service), [revision].into(), move |lists| {
        let collected = lists.of(revision, &file.institution, &Terms::of(&file))?;
        let found = check(collected.items.items(), &file).into_iter().chain(collected.findings.iter().cloned());
        let stands = found.filter(|finding| {
            let below = finding.place.pointer.strip_prefix(part.as_str());
            let is_here = below.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'));
            // Days out of order may be what happened: they are told where the institution is shown.
            is_here && finding.severity == Severity::Error && finding.rule != "closing-order"
        });
        let told = |finding: Finding| format!("{}{}", finding.message, finding.advice);
        Ok(stands.map(|finding| Blamed { anchor: None, label: String::new(), message: told(finding) }).collect())
    })
    .await
}

/// The file as it would be, read as a file of a folder is read; what is wrong with the part is told at its fields.
fn checked(file: Value, part: &str) -> Result<InstitutionFile, Vec<Fault>> {
    let whole = |message: String| vec![Fault { field: String::new(), message }];
    let file: InstitutionFile = serde_json::from_value(file)
        .map_err(|_| whole("読めない内容があります。入力した欄を確かめてください。".to_owned()))?;
    let fault = |error: &shirube_folder::InputError| {
        let field = error.field.strip_prefix(part).unwrap_or_default();
        // `[3].status` in a list: the form is that of one record.
        let field = field.rsplit_once(']').map_or(field, |(_, field)| field).trim_start_matches('.');
        Fault { field: field.replace('.', "/"), message: error.message.clone() }
    };
    match read_institution(institution_text(&file).as_bytes()) {
        Ok(_) => Ok(file),
        Err(errors) => Err(errors.iter().map(fault).collect()),
    }
}
