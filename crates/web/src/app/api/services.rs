//! `/api/v1/services`: the services of the organisation.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use shirube_store::Service;

use super::operation::{Call, Nothing};
use super::problem::{FieldError, Problem};
use super::reply::{Cursor, One, Page, Paging, Written};
use super::tag::Tag;

/// サービスと、その今の版。
#[derive(Serialize, JsonSchema)]
pub struct ServiceOut {
    id: String,
    name: String,
    /// `active`（使用中）か`archived`（しまったもの）。
    state: String,
    /// 今の版の番号。
    revision: Option<u64>,
    /// 今の版の状態（draft、checked、approved、issued、returned）。
    revision_state: Option<String>,
    /// 今の版の内容のダイジェスト（SHA-256）。
    digest: Option<String>,
    /// 今の版を登録した時（協定世界時）。
    changed_at: Option<String>,
    /// 今の版を登録した人のid。
    author: Option<String>,
    /// このサービスの番地。
    href: String,
}

impl From<Service> for ServiceOut {
    fn from(service: Service) -> Self {
        let latest = service.latest;
        Self {
            href: format!("/api/v1/services/{}", crate::app::api::records::encoded(&service.id)),
            id: service.id,
            name: service.name,
            state: service.state,
            revision: service.revision,
            revision_state: latest.as_ref().map(|latest| latest.state.clone()),
            digest: latest.as_ref().map(|latest| latest.digest.to_string()),
            changed_at: latest.as_ref().map(|latest| latest.at.clone()),
            author: latest.map(|latest| latest.author),
        }
    }
}

pub async fn list(call: Call<Paging, Nothing>) -> Result<Page<ServiceOut>, Problem> {
    let services = call.app.store().services(call.organisation_id()).await?;
    let only = call.bearer.scope.service.as_deref();
    let services = services.into_iter().filter(|service| only.is_none_or(|only| service.id == only));
    let all: Vec<ServiceOut> = services.map(ServiceOut::from).collect();
    let cursor = Cursor::read(call.query.cursor.as_deref())?;
    Ok(cursor.part(all, call.query.limit, None, "/api/v1/services", &[]))
}

pub async fn one(call: Call<Nothing, Nothing>) -> Result<One<ServiceOut>, Problem> {
    let (service, tag) = super::latest(&call).await?;
    Ok(One::tagged(service.into(), tag))
}

/// 作るサービス。
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct NewService {
    /// サービスの名称。
    #[schemars(length(min = 1, max = 100), regex(pattern = r"\S"))]
    name: String,
    /// ひな型の名前（例: blank）。
    #[schemars(length(min = 1, max = 50))]
    template: String,
}

pub async fn create(call: Call<Nothing, NewService>) -> Result<Written<ServiceOut>, Problem> {
    let templates = &call.app.0.settings.templates;
    let Some(template) = templates.iter().find(|template| template.name == call.body.template) else {
        let known: Vec<&str> = templates.iter().map(|template| template.name).collect();
        let text = format!("ひな型は {} のどれかにしてください。", known.join("、"));
        return Err(Problem::mistakes(vec![FieldError::at("/template", text)]));
    };
    let name = call.body.name.trim();
    if name.chars().any(char::is_control) {
        let text = "名称に制御文字は使えません。";
        return Err(Problem::mistakes(vec![FieldError::at("/name", text)]));
    }
    let id = crate::app::services::made(&call.app, &call.from, &call.acting, name, template).await?;
    let service = call.app.store().service(call.organisation_id(), &id).await?;
    let tag = service.revision.zip(service.latest.as_ref()).map(|(number, latest)| Tag::new(number, latest.digest));
    Ok(Written { value: service.into(), tag, location: Some(format!("/api/v1/services/{id}")) })
}
