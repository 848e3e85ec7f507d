//! The files of a revision, as the command line takes them; and their schemas.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use shirube_folder::edit::Texts;
use shirube_safety::File;
use shirube_store::Event;

use super::operation::{Call, Nothing};
use super::problem::{FieldError, Problem};
use super::records::{self, Change};
use super::reply::{One, Written};
use super::tag::Tag;
use crate::app::edit::FILES;
use crate::app::save::{Wish, replace};
use crate::app::sites::texts;

/// 版のファイル。
#[derive(Serialize, JsonSchema)]
pub struct FilesOut {
    revision: u64,
    /// ファイルの形式の版。
    format: u32,
    /// ファイルの名前ごとの内容（YAML）。
    files: BTreeMap<String, String>,
}

/// Raised when a file is written so that an older program cannot read it (INTEROP-008). Every older form is read.
const FORMAT: u32 = 1;

pub async fn all(call: Call<Nothing, Nothing>) -> Result<One<FilesOut>, Problem> {
    let (store, number) = (call.app.store(), call.number("revision")?);
    let files = store.files(call.organisation_id(), call.service(), number).await?;
    let mut change = store.begin(call.organisation_id()).await?;
    change.about(&format!("service/{}/revision/{number}", call.service()));
    let event = Event { action: "folder.exported".to_owned(), note: String::new() };
    change.commit(&call.acting.reader.person, call.from.origin(), &call.app.at(), event).await?;
    let tag = Tag::new(number, files.digest());
    let files = files.iter().map(|(name, text)| (name.to_owned(), text.to_owned())).collect();
    Ok(One::tagged(FilesOut { revision: number, format: FORMAT, files }, tag))
}

/// 登録するファイル。
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct NewFiles {
    /// ファイルの名前ごとの内容（YAML）。書かないファイルはそのまま残る。
    #[schemars(extend("minProperties" = 1))]
    files: BTreeMap<String, String>,
    /// 登録する理由。履歴に残る。
    #[schemars(length(min = 1, max = 2000), regex(pattern = r"\S"))]
    reason: String,
}

pub async fn put(call: Call<Nothing, NewFiles>) -> Result<Written<Change>, Problem> {
    let based_on = super::based_on(&call).await?;
    let base = call.app.store().files(call.organisation_id(), call.service(), based_on).await?;
    let mut ours: Texts = texts(&base);
    let mut unknown = Vec::new();
    for (name, text) in &call.body.files {
        match File::ALL.into_iter().find(|file| file.name() == name) {
            Some(file) => drop(ours.insert(file, text.clone().into_bytes())),
            None => {
                let known: Vec<&str> = File::ALL.iter().map(|file| file.name()).collect();
                let pointer = format!("/files/{}", name.replace('~', "~0").replace('/', "~1"));
                unknown.push(FieldError::at(pointer, format!("ファイルの名前は {} のどれかです。", known.join("、"))));
            }
        }
    }
    if !unknown.is_empty() {
        return Err(Problem::mistakes(unknown));
    }
    let wish = Wish {
        organisation: call.organisation_id(),
        service: call.service(),
        based_on,
        actor: &call.acting.reader.person,
        origin: call.from.origin(),
        reason: call.body.reason.trim(),
    };
    let saved = replace(&call.app, &wish, ours).await?;
    records::written(&call, saved, None, "/files").await
}

pub async fn schema(call: Call<Nothing, Nothing>) -> Result<One<Map<String, Value>>, Problem> {
    let wanted = FILES.iter().find(|(name, file)| *name == call.at("file") || file.name() == call.at("file"));
    let (_, file) = wanted.ok_or_else(Problem::nothing)?;
    Ok(One::plain(crate::form::schema(*file).as_object().cloned().unwrap_or_default()))
}
