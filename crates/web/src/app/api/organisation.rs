//! `/api/v1/me`: whose token it is and what it may do.

use schemars::JsonSchema;
use serde::Serialize;

use super::operation::{Call, Nothing};
use super::problem::Problem;
use super::reply::One;

/// トークンと、それが働く組織。
#[derive(Serialize, JsonSchema)]
pub struct Me {
    organisation: OrganisationOut,
    person: PersonOut,
    token: TokenOut,
    /// このトークンで今使える役割。
    roles: Vec<&'static str>,
}

/// 組織。
#[derive(Serialize, JsonSchema)]
pub struct OrganisationOut {
    id: String,
    name: String,
}

/// トークンを作った人。
#[derive(Serialize, JsonSchema)]
pub struct PersonOut {
    id: String,
    name: String,
}

/// トークン。
#[derive(Serialize, JsonSchema)]
pub struct TokenOut {
    id: String,
    name: String,
    /// 変更もできるか。
    write: bool,
    /// 使えるサービス。nullはすべて。
    service: Option<String>,
    /// 期限（協定世界時）。
    expires_at: String,
}

pub async fn me(call: Call<Nothing, Nothing>) -> Result<One<Me>, Problem> {
    let (reader, bearer) = (&call.acting.reader, &call.bearer);
    Ok(One::plain(Me {
        organisation: OrganisationOut { id: reader.organisation_id.clone(), name: reader.organisation.clone() },
        person: PersonOut { id: reader.person.clone(), name: reader.name.clone() },
        token: TokenOut {
            id: bearer.token.id.clone(),
            name: bearer.token.name.clone(),
            write: bearer.scope.write,
            service: bearer.scope.service.clone(),
            expires_at: bearer.token.expires_at.clone(),
        },
        roles: reader.roles.iter().map(|role| role.token()).collect(),
    }))
}
