//! Incidents on the server: the records of the sample put into the registers, one page for each, and who sees it.

use axum::http::StatusCode;
use shirube_identity::role::Role;
use shirube_store::{Event, Files};
use shirube_trail::Origin;

use crate::fixture::{Answer, Browser, Place, SERVICE_FILES};

const SLA: (&str, &str) = ("sla.yaml", include_str!("../../../../samples/clinic-ehr/sla.yaml"));
const INCIDENTS: &str = "/o/a/s/s-a/incidents";

/// In the order in which they refer to each other.
const RECORDS: [(&str, &[u8]); 5] = [
    ("emergency-contacts", include_bytes!("../../../../samples/clinic-ehr/operations/emergency-contacts.csv")),
    ("incidents", include_bytes!("../../../../samples/clinic-ehr/operations/incidents.csv")),
    ("legal-holds", include_bytes!("../../../../samples/clinic-ehr/operations/legal-holds.csv")),
    ("authority-notices", include_bytes!("../../../../samples/clinic-ehr/operations/authority-notices.csv")),
    ("reports-sent", include_bytes!("../../../../samples/clinic-ehr/operations/reports-sent.csv")),
];

/// The sample with its agreement, and somebody who keeps the registers.
async fn office() -> Place {
    let place = Place::new().await;
    place.with_organisation("a").await;
    place.with_person("a", "p-a", "kaku@a", &[Role::Editor]).await;
    let files = SERVICE_FILES.into_iter().chain([SLA]).map(|(name, text)| (name.to_owned(), text.to_owned()));
    let mut change = place.store.begin("a").await.unwrap();
    change.add_revision("s-a", Some(1), &Files::new(files).unwrap()).await.unwrap();
    let event = Event { action: "revision.saved".to_owned(), note: String::new() };
    change.commit("p-a", Origin::Console, &place.at(), event).await.unwrap();
    place
}

async fn take_all(editor: &mut Browser<'_>) {
    for (register, bytes) in RECORDS {
        let path = format!("/o/a/s/s-a/registers/{register}/take");
        let file = format!("{register}.csv");
        let answer = editor.upload_file(&path, &[("do", "save")], ("file", &file), bytes).await;
        assert_eq!(answer.status, StatusCode::OK, "{register}: {}", answer.text);
        seen(&answer, &["取り込みました。"]);
    }
}

fn seen(answer: &Answer, texts: &[&str]) {
    for text in texts {
        assert!(answer.text.contains(text), "{text}: {}", answer.text);
    }
}

// OPS-054, OPS-055, OPS-068, OPS-081: the list, the page of one incident, its papers, and the home page.
#[tokio::test]
async fn an_incident_has_one_page() {
    let place = office().await;
    let mut editor = place.signed_in("kaku@a").await;
    seen(&editor.get(INCIDENTS).await, &["事故を書き始める", "対応中の事故はありません"]);
    take_all(&mut editor).await;
    seen(&editor.get(INCIDENTS).await, &["J-2026-002", "J-2026-001", "所管官庁などへの連絡を決める"]);
    let page = editor.get(&format!("{INCIDENTS}/J-2026-002")).await;
    assert_eq!(page.status, StatusCode::OK, "{}", page.text);
    seen(&page, &["次にすること: 所管官庁などへの連絡を決める", "期限を", "2026-10-04 24:00", "原文では未確認"]);
    seen(&page, &["医事端末", "案を事故の記録に写す", "事故のあとに見直すもの", "記録の保全簿 K-2026-002", "〔未定〕"]);
    seen(&editor.get("/o/a/").await, &["対応中の事故", "J-2026-002", "期限を過ぎています"]);
    seen(&editor.get("/o/a/s/s-a/registers").await, &[INCIDENTS]);

    for file in [
        "sheet.pdf",
        "sheet.docx",
        "notice.pdf?institution=%E3%81%82%E3%81%8A%E3%81%B0%E5%86%85%E7%A7%91%E3%82%AF%E3%83%AA%E3%83%8B%E3%83%83%E3%82%AF",
    ] {
        let answer = editor.get(&format!("{INCIDENTS}/J-2026-002/file/{file}")).await;
        assert_eq!(answer.status, StatusCode::OK, "{file}: {}", answer.text);
        assert!(answer.bytes.len() > 5_000, "{file}");
    }
    assert_eq!(editor.get("/o/a/s/s-a/emergency-contacts.pdf").await.status, StatusCode::OK);
    for nothing in
        ["J-9", "J-2026-002/file/notice.pdf", "J-2026-002/file/notice.pdf?institution=X", "J-2026-002/file/sheet.xlsx"]
    {
        assert_eq!(editor.get(&format!("{INCIDENTS}/{nothing}")).await.status, StatusCode::NOT_FOUND, "{nothing}");
    }
    assert!(place.store.verify_trail("a", &[]).await.unwrap().holds());
}

/// The fields of the form that takes the proposal over.
fn proposal(page: &str) -> Vec<(String, String)> {
    let form = page.split("<form").find(|form| form.contains("案を事故の記録に写す")).expect("the form is there");
    let form = form.split("</form>").next().unwrap_or_default();
    let inputs = form.split("<input type=\"hidden\" name=\"").skip(1);
    let field = |input: &str| {
        let (name, rest) = input.split_once("\" value=\"").expect("a value");
        (name.to_owned(), rest.split_once("\">").expect("an end").0.to_owned())
    };
    inputs.map(field).filter(|(name, _)| name != "csrf").collect()
}

// OPS-054: the proposal goes into the entry by the form of the register, and nothing that stood there is lost.
#[tokio::test]
async fn the_proposal_is_taken_over() {
    let place = office().await;
    let mut editor = place.signed_in("kaku@a").await;
    take_all(&mut editor).await;
    let address = format!("{INCIDENTS}/J-2026-002");
    let page = editor.get(&address).await.text;
    let fields = proposal(&page);
    let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    let entry = "/o/a/s/s-a/registers/incidents/e/J-2026-002";
    let answer = editor.post(entry, &fields).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text);
    let page = editor.get(&address).await;
    assert!(!page.text.contains("案を事故の記録に写す"), "{}", page.text);
    let entry = editor.get(entry).await;
    seen(
        &entry,
        &["OS/ミドルウェア上のデータ", "端末を院内のネットワークから外し", "次にすること、期限、お知らせを見る"],
    );
    let again = editor.post("/o/a/s/s-a/registers/incidents/e/J-2026-002", &fields).await;
    assert_eq!(again.status, StatusCode::UNPROCESSABLE_ENTITY, "somebody wrote meanwhile");
}

// AUTHZ-003: whoever may not see registers finds no incident.
#[tokio::test]
async fn readers_without_the_right_find_nothing() {
    let place = office().await;
    let mut editor = place.signed_in("kaku@a").await;
    take_all(&mut editor).await;
    for &role in Role::ALL {
        let (id, sign_in) = (format!("p-{}", role.token()), format!("{}@a", role.token()));
        place.with_person("a", &id, &sign_in, &[role]).await;
        let may = shirube_identity::rights::may(
            &[role],
            shirube_identity::Action::View,
            shirube_identity::Resource::Register,
        );
        let mut browser = place.signed_in(&sign_in).await;
        let status = browser.get(&format!("{INCIDENTS}/J-2026-002")).await.status;
        assert_eq!(status == StatusCode::OK, may, "{role:?} {status}");
        let home = browser.get("/o/a/").await;
        assert!(may || !home.text.contains("J-2026-002"), "{role:?}");
    }
}
