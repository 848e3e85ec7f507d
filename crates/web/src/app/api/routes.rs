//! The operations, for the one list of routes.

use super::operation::{About, api};
use super::{catalogs, documents, facts, files, organisation, records, registers, revisions, services, trail};
use crate::app::routes::{Needs, Route};
use crate::reader::{Action, Resource};

/// All of them, in the order of the reference.
pub fn routes() -> Vec<Route> {
    let mut all = of_organisation();
    all.extend(of_service());
    all.extend(of_revisions());
    all.extend(of_records());
    all.extend(of_facts());
    all.extend(of_registers());
    all
}

fn view(resource: Resource) -> Needs {
    Needs::Service(Action::View, resource)
}

const EDITS: &str = "読んだときの ETag を If-Match に付けます。その後にほかの人が別の所を変えていれば合わせて登録し、同じ所なら何も変えずに412を返します。";

fn of_organisation() -> Vec<Route> {
    let may = Needs::Right;
    let own = may(Action::View, Resource::OwnAccount);
    vec![
        api("GET", "/api/v1/me", own, About::new("getMe", "トークンと組織を読む"), organisation::me),
        api(
            "GET",
            "/api/v1/catalogs",
            own,
            About::new("listEditions", "ガイドラインの版の一覧を読む"),
            catalogs::editions,
        ),
        api(
            "GET",
            "/api/v1/catalogs/search",
            own,
            About::new("searchCatalogs", "すべての版から言葉を探す"),
            catalogs::search,
        ),
        api(
            "GET",
            "/api/v1/catalogs/{edition}/entries",
            own,
            About::new("listEntries", "一つの版の項目を読む"),
            catalogs::entries,
        ),
        api(
            "GET",
            "/api/v1/schemas/{file}",
            own,
            About::new("getSchema", "サービスのファイルのJSON Schemaを読む")
                .note("記録を書くときの形は、このスキーマの中の型です。"),
            files::schema,
        ),
        api(
            "GET",
            "/api/v1/trail",
            may(Action::Export, Resource::Trail),
            About::new("listTrail", "証跡を読む").note("新しい順です。読んだことも証跡に残ります。"),
            trail::list,
        ),
    ]
}

fn of_service() -> Vec<Route> {
    let may = Needs::Right;
    vec![
        api(
            "GET",
            "/api/v1/services",
            may(Action::View, Resource::Service),
            About::new("listServices", "サービスの一覧を読む"),
            services::list,
        ),
        api(
            "POST",
            "/api/v1/services",
            may(Action::Create, Resource::Service),
            About::new("createService", "ひな型からサービスを作る"),
            services::create,
        ),
        api(
            "GET",
            "/api/v1/services/{service}",
            Needs::Service(Action::View, Resource::Service),
            About::new("getService", "サービスを読む"),
            services::one,
        ),
        api(
            "PUT",
            "/api/v1/services/{service}/files",
            Needs::Service(Action::Import, Resource::Service),
            About::new("putFiles", "サービスのファイルを登録する")
                .note(EDITS)
                .matches()
                .longest(crate::app::import::LONGEST_UPLOAD_BYTES),
            files::put,
        ),
    ]
}

fn of_revisions() -> Vec<Route> {
    let of = Needs::Service;
    vec![
        api(
            "GET",
            "/api/v1/services/{service}/revisions",
            view(Resource::Revision),
            About::new("listRevisions", "版の一覧を読む").note("新しい順です。"),
            revisions::list,
        ),
        api(
            "GET",
            "/api/v1/services/{service}/revisions/{revision}",
            view(Resource::Revision),
            About::new("getRevision", "版とその状態の移り変わりを読む"),
            revisions::one,
        ),
        api(
            "GET",
            "/api/v1/services/{service}/revisions/{revision}/diff",
            view(Resource::Revision),
            About::new("getDiff", "版の違いをガイドラインの言葉で読む"),
            revisions::diff,
        ),
        api(
            "POST",
            "/api/v1/services/{service}/revisions/{revision}/check",
            of(Action::Check, Resource::Revision),
            About::new("checkRevision", "版を確認済にする").matches().conflicts(),
            revisions::check,
        ),
        api(
            "POST",
            "/api/v1/services/{service}/revisions/{revision}/approve",
            of(Action::Approve, Resource::Revision),
            About::new("approveRevision", "版を承認する")
                .note("組織の設定によっては、版を作った本人は承認できません。")
                .matches()
                .conflicts(),
            revisions::approve,
        ),
        api(
            "POST",
            "/api/v1/services/{service}/revisions/{revision}/return",
            of(Action::Check, Resource::Revision),
            About::new("returnRevision", "版を差し戻す").matches().conflicts(),
            revisions::give_back,
        ),
        api(
            "POST",
            "/api/v1/services/{service}/revisions/{revision}/restore",
            of(Action::Restore, Resource::Revision),
            About::new("restoreRevision", "過去の版の内容で新しい版を登録する")
                .note("If-Match には、今の版の ETag を付けます。")
                .matches(),
            revisions::restore,
        ),
        api(
            "GET",
            "/api/v1/services/{service}/revisions/{revision}/files",
            of(Action::Export, Resource::Service),
            About::new("getFiles", "版のファイルをすべて読む").note("書き出したことは証跡に残ります。"),
            files::all,
        ),
    ]
}

fn of_records() -> Vec<Route> {
    let edit = Needs::Service(Action::Edit, Resource::Model);
    let list = "/api/v1/services/{service}/records/{file}/{list}";
    let record = "/api/v1/services/{service}/records/{file}/{list}/{record}";
    let sign = "決定の署名（by、on）は、トークンの持ち主と今日の日付になります。";
    vec![
        api(
            "GET",
            "/api/v1/services/{service}/records",
            view(Resource::Model),
            About::new("listRecordLists", "記録の一覧の名前を読む"),
            records::lists,
        ),
        api("GET", list, view(Resource::Model), About::new("listRecords", "記録の一覧を読む"), records::list),
        api(
            "POST",
            list,
            edit,
            About::new("addRecord", "記録を加える").note(EDITS).matches().conflicts(),
            records::add,
        ),
        api(
            "PUT",
            list,
            edit,
            About::new("putSingle", "一つしかない記録を書く").note(EDITS).matches(),
            records::put_single,
        ),
        api("GET", record, view(Resource::Model), About::new("getRecord", "記録を読む"), records::one),
        api("PUT", record, edit, About::new("putRecord", "記録を書く").note(sign).matches(), records::put),
        api(
            "DELETE",
            record,
            edit,
            About::new("deleteRecord", "記録を消す").note("過去の版には残ります。").matches(),
            records::remove,
        ),
    ]
}

fn of_facts() -> Vec<Route> {
    vec![
        api(
            "GET",
            "/api/v1/services/{service}/flows",
            view(Resource::Model),
            About::new("listFlows", "情報流を読む"),
            facts::flows,
        ),
        api(
            "GET",
            "/api/v1/services/{service}/risks",
            view(Resource::Risk),
            About::new("listRisks", "リスクを読む").note("決定のないリスクの値は、理由の付いた案です。"),
            facts::risks,
        ),
        api(
            "GET",
            "/api/v1/services/{service}/risks/{number}",
            view(Resource::Risk),
            About::new("getRisk", "一つのリスクを読む"),
            facts::risk,
        ),
        api(
            "GET",
            "/api/v1/services/{service}/controls",
            view(Resource::Control),
            About::new("listControls", "対策項目と答えを読む"),
            facts::controls,
        ),
        api(
            "GET",
            "/api/v1/services/{service}/treatments",
            view(Resource::Risk),
            About::new("listTreatments", "リスク対応を読む"),
            facts::treatments,
        ),
        api(
            "GET",
            "/api/v1/services/{service}/findings",
            view(Resource::Model),
            About::new("listFindings", "点検で見つかったことを読む"),
            facts::findings,
        ),
        api(
            "GET",
            "/api/v1/services/{service}/open-points",
            view(Resource::Model),
            About::new("listOpenPoints", "決まっていないものの数を読む"),
            facts::open_points,
        ),
        api(
            "GET",
            "/api/v1/services/{service}/documents",
            view(Resource::Document),
            About::new("listDocuments", "作れる文書の一覧を読む"),
            documents::list,
        ),
        api(
            "GET",
            "/api/v1/services/{service}/documents/{file}",
            Needs::Service(Action::Export, Resource::Document),
            About::new("getDocument", "今の版から文書の案を作る"),
            documents::draft,
        ),
        api(
            "GET",
            "/api/v1/services/{service}/issued",
            view(Resource::Issued),
            About::new("listIssued", "発行した文書の一覧を読む"),
            documents::issued,
        ),
        api(
            "GET",
            "/api/v1/services/{service}/issued/{entry}/{file}",
            Needs::Service(Action::Export, Resource::Issued),
            About::new("getIssued", "発行した文書の写しを受け取る").note("受け取ったことは証跡に残ります。"),
            documents::copy,
        ),
    ]
}

const BY_NUMBER: &str = "読んだときの number を送ります。その後に書かれていれば、何も変えずに409を返します。";

fn of_registers() -> Vec<Route> {
    let edit = Needs::Service(Action::Edit, Resource::Register);
    vec![
        api(
            "GET",
            "/api/v1/services/{service}/registers",
            view(Resource::Register),
            About::new("listRegisters", "台帳の一覧を読む"),
            registers::list,
        ),
        api(
            "GET",
            "/api/v1/services/{service}/registers/{register}",
            view(Resource::Register),
            About::new("getRegister", "台帳の宣言を読む"),
            registers::one,
        ),
        api(
            "GET",
            "/api/v1/services/{service}/registers/{register}/entries",
            view(Resource::Register),
            About::new("listRegisterEntries", "台帳の記録を読む").note("新しい順です。"),
            registers::entries,
        ),
        api(
            "POST",
            "/api/v1/services/{service}/registers/{register}/entries",
            edit,
            About::new("createRegisterEntry", "台帳に記録を書き始める").conflicts(),
            registers::create,
        ),
        api(
            "GET",
            "/api/v1/services/{service}/registers/{register}/entries/{item}",
            view(Resource::Register),
            About::new("getRegisterEntry", "台帳の一つの記録を読む"),
            registers::entry,
        ),
        api(
            "POST",
            "/api/v1/services/{service}/registers/{register}/entries/{item}/steps",
            edit,
            About::new("takeRegisterStep", "承認の要らない手続を記録する").note(BY_NUMBER).conflicts(),
            registers::step,
        ),
        api(
            "POST",
            "/api/v1/services/{service}/registers/{register}/entries/{item}/approvals",
            Needs::Service(Action::Approve, Resource::Register),
            About::new("approveRegisterStep", "承認の要る手続を記録する").note(BY_NUMBER).conflicts(),
            registers::approve,
        ),
        api(
            "POST",
            "/api/v1/services/{service}/registers/{register}/entries/{item}/duties",
            edit,
            About::new("recordEntryDuty", "記録ごとの務めを行ったと記録する").note(BY_NUMBER).conflicts(),
            registers::duty,
        ),
        api(
            "POST",
            "/api/v1/services/{service}/registers/{register}/duties",
            edit,
            About::new("recordRegisterDuty", "台帳全体の務めを行ったと記録する").conflicts(),
            registers::duty_of_register,
        ),
    ]
}
