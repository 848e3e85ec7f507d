//! Services, their revisions and documents.

use axum::http::StatusCode;
use shirube_documents::write::archive;
use shirube_identity::role::Role;

use crate::fixture::{Place, SERVICE_FILES};

async fn place() -> Place {
    let place = Place::new().await;
    place.with_organisation("a").await;
    place.with_person("a", "p-e", "kaku@a", &[Role::Editor]).await;
    place.with_person("a", "p-s", "kimeru@a", &[Role::SecurityOfficer]).await;
    place.with_person("a", "p-v", "mitomeru@a", &[Role::Approver, Role::Editor]).await;
    place
}

#[tokio::test]
async fn a_service_is_made_and_its_pages_are_below_its_address() {
    let place = place().await;
    let mut editor = place.signed_in("kaku@a").await;
    let made = editor.post("/o/a/services/new", &[("name", "訪問の記録"), ("template", "clinic-ehr")]).await;
    let base = made.location().trim_end_matches('/').to_owned();
    assert!(base.starts_with("/o/a/s/s"), "{}", made.text);
    for page in [
        "/",
        "/diagram",
        "/flows",
        "/risks",
        "/coverage",
        "/treatments",
        "/controls",
        "/statutory",
        "/documents",
        "/revisions",
    ] {
        let answer = editor.get(&format!("{base}{page}")).await;
        assert_eq!(answer.status, StatusCode::OK, "{page}");
        assert!(answer.text.contains("訪問の記録"), "{page}");
        for link in answer.text.split("href=\"").skip(1).map(|rest| rest.split('"').next().unwrap()) {
            let known =
                ["/o/a/", "/assets/", "/account", "#"].iter().any(|start| link.starts_with(start)) || link == "/";
            assert!(known, "{page} leads to {link}");
        }
    }
    let home = editor.get("/o/a/").await;
    assert!(home.text.contains("訪問の記録") && home.text.contains("第1版"), "{}", home.text);
}

/// AUTHZ-006: who made a revision does not approve it; states follow one another.
#[tokio::test]
async fn a_revision_is_checked_and_approved_by_others() {
    let place = place().await;
    let mut approver = place.signed_in("mitomeru@a").await;
    let made = approver.post("/o/a/services/new", &[("name", "訪問の記録"), ("template", "clinic-ehr")]).await;
    let page = format!("{}revisions/1", made.location());
    let early = approver.post(&page, &[("do", "approve"), ("reason", "見た")]).await;
    assert_eq!(early.status, StatusCode::UNPROCESSABLE_ENTITY);
    let mut officer = place.signed_in("kimeru@a").await;
    assert_eq!(officer.post(&page, &[("do", "check"), ("reason", "見た")]).await.status, StatusCode::SEE_OTHER);
    let own = approver.post(&page, &[("do", "approve"), ("reason", "見た")]).await;
    assert!(own.text.contains("作った本人は承認できません"), "{}", own.text);
    place.with_person("a", "p-w", "betsu@a", &[Role::Approver]).await;
    let mut other = place.signed_in("betsu@a").await;
    assert_eq!(other.post(&page, &[("do", "approve"), ("reason", "見た")]).await.status, StatusCode::SEE_OTHER);
    assert!(other.get(&page).await.text.contains("承認済"));
    // 106 risks of the example are open: its documents stay drafts, whatever was approved.
    let documents = format!("{}documents", made.location());
    let refused = other.post(&documents, &[("edition", "第1.0版"), ("reason", "初版")]).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(refused.text.contains("案のまま"), "{}", refused.text);
}

#[tokio::test]
async fn an_earlier_revision_comes_back_as_a_new_one() {
    let place = place().await;
    let mut editor = place.signed_in("kaku@a").await;
    let silent = editor.post("/o/a/s/s-a/revisions/1", &[("do", "restore")]).await;
    assert!(silent.text.contains("理由や確かめた内容を入力してください"));
    let done = editor.post("/o/a/s/s-a/revisions/1", &[("do", "restore"), ("reason", "見直し")]).await;
    assert_eq!(done.location(), "/o/a/s/s-a/revisions?done=restored");
    let list = editor.get("/o/a/s/s-a/revisions").await;
    assert!(list.text.contains("第2版") && list.text.contains("第1版の内容"), "{}", list.text);
}

/// EVID-020: what is taken from the page is what the command line checks, line by line.
#[tokio::test]
async fn the_trail_is_shown_exported_and_whole() {
    let place = place().await;
    place.with_person("a", "p-u", "miru@a", &[Role::Auditor]).await;
    let mut auditor = place.signed_in("miru@a").await;
    let page = auditor.get("/o/a/trail?verify=1").await;
    assert!(page.text.contains("食い違いは見つかりませんでした"), "{}", page.text);
    let taken = auditor.get("/o/a/trail/export").await;
    let lines: Vec<&str> = taken.text.lines().collect();
    let verified = shirube_trail::verify(lines.iter().copied(), &[]).unwrap();
    assert_eq!(verified.head.number as usize, lines.len());
    let last = auditor.get("/o/a/trail").await;
    assert!(last.text.contains("証跡の書き出し"), "taking it is in it");
}

/// A folder taken out comes back as it was: nothing changes. Edited outside, it is a new revision; broken, it is named.
#[tokio::test]
async fn a_folder_goes_out_and_comes_back() {
    let place = place().await;
    let mut editor = place.signed_in("kaku@a").await;
    let taken = editor.get("/o/a/s/s-a/revisions/1/folder.zip").await;
    let fields = [("revision", "1"), ("reason", "手元で直した")];
    let same = editor.upload("/o/a/s/s-a/import", &fields, &taken.bytes).await;
    assert!(same.text.contains("変更0件"), "{}", same.text);

    let (name, text) = SERVICE_FILES[0];
    let edited = text.replace("クラウド型電子カルテ「みおつくし」", "改めた名前");
    assert_ne!(edited, text);
    let packed = archive([(format!("my/{name}").as_str(), edited.as_bytes())]).unwrap();
    let silent = editor.upload("/o/a/s/s-a/import", &[("revision", "1")], &packed).await;
    assert!(silent.text.contains("取り込む理由を入力してください"));
    let done = editor.upload("/o/a/s/s-a/import", &fields, &packed).await;
    assert_eq!(done.location(), "/o/a/s/s-a/revisions?done=imported", "{}", done.text);
    assert!(editor.get("/o/a/s/s-a/").await.text.contains("改めた名前"));

    // A file of an institution is none of the service's, whatever it is called.
    let own = [("my/institutions/shirube.yaml", &b"institution: {}"[..]), (name, edited.as_bytes())];
    let again = editor.upload("/o/a/s/s-a/import", &[("revision", "2"), ("reason", "x")], &archive(own).unwrap()).await;
    assert!(again.text.contains("変更0件"), "{}", again.text);

    let broken = archive([(name, &b"service: [\n"[..])]).unwrap();
    let refused = editor.upload("/o/a/s/s-a/import", &[("revision", "2"), ("reason", "x")], &broken).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(refused.text.contains("行目"), "{}", refused.text);
    let rubbish = editor.upload("/o/a/s/s-a/import", &[("revision", "2"), ("reason", "x")], b"no zip").await;
    assert!(rubbish.text.contains("ZIPファイルとして読めません"));
    assert!(editor.get("/o/a/s/s-a/revisions").await.text.contains("第2版"));
    assert_eq!(place.store.service("a", "s-a").await.unwrap().revision, Some(2));
}

/// Two people save the same service: different things are joined, the same thing is shown to both.
#[tokio::test]
async fn two_editors_lose_nothing() {
    let place = place().await;
    let (name, text) = SERVICE_FILES[0];
    let pack = |from: &str, to: &str| {
        assert!(text.contains(from), "{from}");
        archive([(name, text.replace(from, to).as_bytes())]).unwrap()
    };
    let mut one = place.signed_in("kaku@a").await;
    let mut other = place.signed_in("kimeru@a").await;
    let fields = [("revision", "1"), ("reason", "直した")];
    let title = "クラウド型電子カルテ「みおつくし」";
    assert_eq!(one.upload("/o/a/s/s-a/import", &fields, &pack(title, "甲の名前")).await.status, StatusCode::SEE_OTHER);
    let same = other.upload("/o/a/s/s-a/import", &fields, &pack(title, "乙の名前")).await;
    assert!(same.text.contains("甲の名前") && same.text.contains("乙の名前"), "{}", same.text);
    assert_eq!(place.store.service("a", "s-a").await.unwrap().revision, Some(2));
    let joined = other.upload("/o/a/s/s-a/import", &fields, &pack("edition: 第0.9版", "edition: 第0.95版")).await;
    assert_eq!(joined.status, StatusCode::SEE_OTHER, "{}", joined.text);
    let files = place.store.files("a", "s-a", 3).await.unwrap();
    let merged = files.get(name).unwrap();
    assert!(merged.contains("甲の名前") && merged.contains("第0.95版"));
}

/// AUTHZ-014: taking drafts out is a right of its own; who has it not is told so and finds nothing at the address.
#[tokio::test]
async fn readers_see_documents_and_take_none_before_they_are_issued() {
    let place = place().await;
    place.with_person("a", "p-y", "yomu@a", &[Role::Reader]).await;
    let mut reader = place.signed_in("yomu@a").await;
    let page = reader.get("/o/a/s/s-a/documents").await;
    assert!(page.text.contains("受け取る権限がありません") && !page.text.contains("flows.pdf"), "{}", page.text);
    assert_eq!(reader.get("/o/a/s/s-a/documents/flows.html").await.status, StatusCode::NOT_FOUND);
    let mut editor = place.signed_in("kaku@a").await;
    assert!(editor.get("/o/a/s/s-a/documents").await.text.contains("flows.pdf"));
    let draft = editor.get("/o/a/s/s-a/documents/flows.html").await;
    assert!(draft.text.contains("案"), "a draft says that it is one");
}
