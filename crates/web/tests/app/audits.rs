//! Audits through the router: what the records say of an auditor, the papers, and a filled working paper that comes back.

use axum::http::StatusCode;
use shirube_identity::role::Role;

use crate::fixture::{Browser, Place};
use crate::lists::filled;

const AUDITS: &str = "/o/a/s/s-a/audits";
const MEDIA: &str = "/o/a/s/s-a/registers/media";

async fn office() -> Place {
    let place = Place::new().await;
    place.with_organisation("a").await;
    place.with_person("a", "p-edi", "kaku@a", &[Role::Editor]).await;
    place.with_person("a", "p-aud", "miru@a", &[Role::Auditor]).await;
    place.with_person("a", "p-rea", "yomu@a", &[Role::Reader]).await;
    place
}

async fn planned(browser: &mut Browser<'_>, number: &str, auditor: &str) {
    let fields = [
        ("v-number", number),
        ("v-title", "媒体の内部監査"),
        ("v-kind", "サービスの仕様と運用の内部監査"),
        ("v-scope", "媒体"),
        ("v-controls", "1.5②-1"),
        ("v-rules", "運用管理規程"),
        ("v-auditor", auditor),
        ("v-auditor_party", "株式会社みおつくし"),
        ("v-independent", "はい"),
        ("v-planned_on", "2026-11-19"),
        ("v-from_on", "2026-10-01"),
        ("v-until_on", "2026-11-30"),
    ];
    let made = browser.post("/o/a/s/s-a/registers/audits/new", &fields).await;
    assert_eq!(made.status, StatusCode::SEE_OTHER, "{}", made.text);
}

async fn tape(browser: &mut Browser<'_>, label: &str, keeper: &str) {
    let fields = [
        ("v-label", label),
        ("v-kind", "磁気テープ"),
        ("v-holds", "患者情報等"),
        ("v-confidentiality", "医療情報・持出し禁止"),
        ("v-place", "遠隔地"),
        ("v-keeper", keeper),
        ("v-started_on", "2026-10-31"),
        ("v-ends_on", "2029-10-31"),
    ];
    let made = browser.post(&format!("{MEDIA}/new"), &fields).await;
    assert_eq!(made.status, StatusCode::SEE_OTHER, "{}", made.text);
}

/// AUDIT-001, AUDIT-015: whoever stands in the records took part; auditors read and take the papers, readers see nothing.
#[tokio::test]
async fn an_auditor_who_took_part_is_shown() {
    let place = office().await;
    let mut editor = place.signed_in("kaku@a").await;
    tape(&mut editor, "M-1", "港 一郎").await;
    planned(&mut editor, "A-1", "港 一郎").await;
    planned(&mut editor, "A-2", "磯 十和").await;
    let mut auditor = place.signed_in("miru@a").await;
    let list = auditor.get(AUDITS).await;
    assert!(list.text.contains("A-1 媒体の内部監査") && list.text.contains("2026-11-19 予定"), "{}", list.text);
    let one = auditor.get(&format!("{AUDITS}/a/A-1")).await;
    assert!(one.text.contains("書かれた答えと合いません") && one.text.contains("媒体管理台帳"), "{}", one.text);
    let other = auditor.get(&format!("{AUDITS}/a/A-2")).await;
    assert!(other.text.contains("携わった跡はありません"), "{}", other.text);
    for file in ["plan.pdf", "plan.docx", "paper.xlsx", "paper.pdf", "report.pdf", "report.docx"] {
        let taken = auditor.get(&format!("{AUDITS}/a/A-1/{file}")).await;
        assert_eq!(taken.status, StatusCode::OK, "{file}: {}", taken.text);
    }
    let summary = auditor.get(&format!("{AUDITS}/summary/html?from=2026-04-01&to=2027-03-31")).await;
    assert_eq!(summary.status, StatusCode::OK, "{}", summary.text);
    assert!(!summary.text.contains("港 一郎"));
    assert_eq!(auditor.get(&format!("{AUDITS}/a/A-9")).await.status, StatusCode::NOT_FOUND);
    let mut reader = place.signed_in("yomu@a").await;
    for address in [AUDITS.to_owned(), format!("{AUDITS}/a/A-1"), format!("{AUDITS}/a/A-1/plan.pdf")] {
        assert_eq!(reader.get(&address).await.status, StatusCode::NOT_FOUND, "{address}");
    }
    assert!(place.store.verify_trail("a", &[]).await.unwrap().holds());
}

/// AUDIT-014, AUDIT-015: findings of a filled working paper become proposals once; another file is refused with its reason.
#[tokio::test]
async fn a_filled_working_paper_becomes_proposals() {
    let place = office().await;
    let mut editor = place.signed_in("kaku@a").await;
    tape(&mut editor, "M-1", "港 一郎").await;
    planned(&mut editor, "A-1", "磯 十和").await;
    let take = format!("{AUDITS}/a/A-1/take");
    let refused = editor.upload_file(&take, &[], ("file", "調書.xlsx"), b"x").await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", refused.text);
    let book = editor.get(&format!("{AUDITS}/a/A-1/paper.xlsx")).await;
    let edits = ["監査調書!G2=指摘あり", "監査調書!H2=経過を見る", "監査調書!I2=札の色があせている"];
    let book = filled(&book.bytes, &edits);
    let taken = editor.upload_file(&take, &[], ("file", "調書.xlsx"), &book).await;
    assert!(taken.text.contains("指摘の案を1件書き始めました（A-1-01）"), "{}", taken.text);
    let again = editor.upload_file(&take, &[], ("file", "調書.xlsx"), &book).await;
    assert!(again.text.contains("新しい指摘はありません"), "{}", again.text);
    planned(&mut editor, "A-2", "磯 十和").await;
    let other = editor.upload_file(&format!("{AUDITS}/a/A-2/take"), &[], ("file", "調書.xlsx"), &book).await;
    assert!(other.text.contains("監査「A-1」の調書です"), "{}", other.text);
    let entry = editor.get("/o/a/s/s-a/registers/audit-findings/e/A-1-01").await;
    assert!(entry.text.contains("案（決める前）") && entry.text.contains("札の色があせている"), "{}", entry.text);
}
