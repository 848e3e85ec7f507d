//! Whom 別紙2 means by 利用者: more than the institution's staff (note on the whole of 別紙2, CATALOG-028).

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Actor, PartyKind, ServiceFile};
use crate::choice::choice;

choice! {
    /// 「利用者」に含まれる人の種類（別紙2の記載全般に係る注意事項）。
    UserKind {
        Institution = "institution", "医療機関等の利用者";
        Operator = "operator", "運用に当たる者";
        Developer = "developer", "開発に当たる者";
        Administrator = "administrator", "管理者";
    }
}

/// ある情報流での「利用者」。
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct UsersOnFlow {
    /// 情報流のid。
    pub flow: String,
    /// その情報流で「利用者」が指す人。
    #[schemars(length(min = 1), extend("uniqueItems" = true))]
    pub users: Vec<UserKind>,
}

/// What kind of user an actor is: as stated, or because it belongs to an institution.
pub fn user_kind(service: &ServiceFile, actor: &Actor) -> Option<UserKind> {
    let of_institution = || {
        let party = service.parties.iter().find(|party| party.id == actor.party)?;
        (party.kind == PartyKind::Institution).then_some(UserKind::Institution)
    };
    actor.kind.or_else(of_institution)
}
