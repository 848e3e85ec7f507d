//! `…/risks/bulk`: several proposals decided in one revision, each with its own values and grounds.

use askama::Template;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use serde_json::{Value, json};
use shirube_folder::edit::{Change, Edit, Step};
use shirube_safety::{File, Service};
use shirube_store::{Files, StoreError};

use super::edit::{At, ConflictView, panel};
use super::fields::Fields;
use super::guard::Acting;
use super::save::{Saved, Wish, done, save};
use super::shell::with_status;
use super::sign_in::From;
use super::sites::texts;
use super::{App, message, world};
use crate::page::Frame;
use crate::query::link;
use crate::shown::Shown;
use crate::view::{Here, RiskView};

#[derive(Template)]
#[template(path = "app/risks-bulk.html")]
struct DecidePage<'a> {
    frame: Frame<'a>,
    csrf: &'a str,
    revision: u64,
    /// Proposals that can be decided.
    risks: Vec<&'a RiskView>,
    /// Chosen, but decided already or without a proposal.
    left_out: Vec<&'a RiskView>,
    impact: Vec<(u8, &'a str)>,
    likelihood: Vec<(u8, &'a str)>,
    fields: &'a Fields,
    mistakes: Vec<String>,
    conflicts: Vec<ConflictView>,
}

impl DecidePage<'_> {
    fn says(&self, name: &str, value: &u8) -> bool {
        self.fields.text(name) == value.to_string()
    }
}

/// `POST …/risks/bulk`: first shows the chosen risks and asks for the reason; with `~do=save` decides them.
pub async fn decide(
    State(app): State<App>,
    from: From,
    acting: Acting,
    shown: Shown,
    Path(at): Path<At>,
    fields: Fields,
) -> Response {
    let list = &shown.site.view.risks.list;
    let chosen = list.iter().filter(|risk| fields.says("risk", &risk.number));
    let (risks, left_out): (Vec<&RiskView>, Vec<&RiskView>) =
        chosen.partition(|risk| !risk.is_decided() && risk.proposal.is_some());
    let latest = shown.revision.unwrap_or_default();
    let based_on = fields.text("~revision").parse().ok().filter(|number| (1..=latest).contains(number));
    let based_on = based_on.unwrap_or(latest);
    if risks.is_empty() {
        let text = "案のままのリスクが選ばれていません。一覧で、まとめて決めるリスクの左の欄を選んでください。";
        return crate::page::message::message(
            &shown,
            StatusCode::UNPROCESSABLE_ENTITY,
            "選ばれていません",
            text,
            ("/risks", "リスクの一覧に戻る"),
        );
    }
    let ids: Vec<String> = risks.iter().map(|risk| risk.id.clone()).collect();
    let page = |mistakes: Vec<String>, conflicts: Vec<ConflictView>, revision: u64| {
        let matrix = &shown.site.view.risks.matrix;
        let status = match (mistakes.is_empty(), conflicts.is_empty()) {
            (_, false) => StatusCode::CONFLICT,
            (false, _) => StatusCode::UNPROCESSABLE_ENTITY,
            _ => StatusCode::OK,
        };
        let page = DecidePage {
            frame: Frame::new(&shown, Here::Risks),
            csrf: &acting.reader.csrf,
            revision,
            impact: matrix.rows.iter().rev().map(|row| (row.impact.value, row.impact.label.as_str())).collect(),
            likelihood: matrix.columns.iter().map(|step| (step.value, step.label.as_str())).collect(),
            risks: risks.clone(),
            left_out: left_out.clone(),
            fields: &fields,
            mistakes,
            conflicts,
        };
        with_status(status, page)
    };
    if fields.text("~do") != "save" {
        return page(Vec::new(), Vec::new(), based_on);
    }
    let wanted = match Wanted::read(&fields, &acting.reader.name, &world::day(app.now())) {
        Ok(wanted) => wanted,
        Err(mistakes) => return page(mistakes, Vec::new(), based_on),
    };
    let files = match app.store().files(&at.organisation, &at.service, based_on).await {
        Ok(files) => files,
        Err(error) => return message::failed(&app, &error),
    };
    let values: Vec<(String, Value)> = risks.iter().map(|risk| (risk.id.clone(), wanted.decision(risk))).collect();
    let edits = tokio::task::spawn_blocking(move || edits(&files, values)).await.ok().flatten();
    let Some(edits) = edits else {
        let log = "a kept revision cannot be read".to_owned();
        return message::failed(&app, &StoreError::Inconsistent { place: at.service.clone(), log });
    };
    let reason = format!("リスク{}件をまとめて決定。{}", ids.len(), fields.text("~why"));
    let wish = Wish {
        organisation: &at.organisation,
        service: &at.service,
        based_on,
        actor: &acting.reader.person,
        origin: from.origin(),
        reason: &reason,
    };
    match save(&app, &wish, &edits).await {
        Ok(Saved::Yes { merged, .. }) => {
            Redirect::to(&link(&format!("{}/risks", shown.base), &[("done", done(merged))])).into_response()
        }
        Ok(Saved::Unchanged) => {
            page(vec!["変わるところがないので、保存していません。".to_owned()], Vec::new(), based_on)
        }
        Ok(Saved::Mistakes(mistakes)) => {
            page(mistakes.into_iter().map(|mistake| mistake.message).collect(), Vec::new(), based_on)
        }
        Ok(Saved::Conflicts(conflicts)) => {
            page(Vec::new(), conflicts.into_iter().map(ConflictView::new).collect(), latest)
        }
        Err(error) => message::failed(&app, &error),
    }
}

/// What is decided for all of them.
struct Wanted {
    /// The same values for all; else each takes those of its proposal.
    values: Option<Value>,
    owner: Option<String>,
    decided: Value,
}

impl Wanted {
    fn read(fields: &Fields, by: &str, on: &str) -> Result<Self, Vec<String>> {
        let mut mistakes = Vec::new();
        let values = match fields.text("values") {
            "proposal" => None,
            "same" => {
                let step = |name: &str| fields.text(name).parse::<u8>().ok();
                let (impact, likelihood) = (step("impact"), step("likelihood"));
                for (name, known) in [("影響度", impact), ("顕在化率", likelihood)] {
                    if known.is_none() {
                        mistakes.push(format!("{name}を選んでください。"));
                    }
                }
                for (name, field) in [("影響度の理由", "impact_reason"), ("顕在化率の理由", "likelihood_reason")]
                {
                    if fields.text(field).is_empty() {
                        mistakes.push(format!("{name}を入力してください。"));
                    }
                }
                Some(json!({
                    "impact": impact,
                    "impact_reason": fields.text("impact_reason"),
                    "likelihood": likelihood,
                    "likelihood_reason": fields.text("likelihood_reason"),
                }))
            }
            _ => {
                mistakes.push("どの値で決めるかを選んでください。".to_owned());
                None
            }
        };
        if fields.text("~why").is_empty() {
            mistakes.push("決定の理由を入力してください。誰が、何を見て決めたかを書きます。".to_owned());
        }
        let owner = Some(fields.text("owner").to_owned()).filter(|owner| !owner.is_empty());
        let decided = json!({ "by": by, "on": on, "reason": fields.text("~why") });
        if mistakes.is_empty() { Ok(Self { values, owner, decided }) } else { Err(mistakes) }
    }

    fn decision(&self, risk: &RiskView) -> Value {
        let mut decision = self.values.clone().or_else(|| panel::proposed(risk)).unwrap_or_else(|| json!({}));
        decision["decided"] = self.decided.clone();
        if let Some(owner) = &self.owner {
            decision["owner"] = owner.as_str().into();
        }
        decision
    }
}

/// One edit for each risk. A decision remembers what it rests on.
fn edits(files: &Files, decisions: Vec<(String, Value)>) -> Option<Vec<Edit>> {
    let folder = shirube_folder::read(&texts(files)).ok()?;
    let service = Service::new(&folder.files);
    let edit = |(risk, mut decision): (String, Value)| {
        if let Some(at) = service.assessment.risk_index(&risk) {
            decision["basis"] = service.assessment.basis(&[at]).into();
        }
        let at = vec![Step::Key("decisions".to_owned()), Step::Item(risk.as_str().into())];
        Edit { file: File::Assessment, at, change: Change::Put(decision) }
    };
    Some(decisions.into_iter().map(edit).collect())
}
