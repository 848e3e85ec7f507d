//! Files handed in as evidence: kept, shown with their digest, handed out as they came, removed by two people.

use axum::http::{StatusCode, header};
use shirube_identity::role::Role;
use shirube_store::Filter;

use crate::fixture::{Browser, Place};

const HERE: &str = "/o/a/s/s-a/attachments";
const PDF: &[u8] = b"%PDF-1.7\n\0\xff inspection";

const GIVEN: [(&str, &str); 5] = [
    ("about", "control/pg-1.0/3.1-1-1"),
    ("kind", "record"),
    ("confidentiality", "restricted"),
    ("origin", "運用部"),
    ("from", "2025-04-01"),
];

async fn hand_in(browser: &mut Browser<'_>, more: &[(&str, &str)], name: &str, bytes: &[u8]) -> crate::fixture::Answer {
    let fields = [&GIVEN[..], more].concat();
    browser.upload_file(HERE, &fields, ("file", name), bytes).await
}

async fn actions(place: &Place) -> Vec<String> {
    let filter = Filter { limit: 50, ..Filter::default() };
    let entries = place.store.entries("a", &filter).await.unwrap();
    let of_evidence = entries.into_iter().map(|entry| entry.action).filter(|action| action.starts_with("attachment."));
    let mut actions: Vec<String> = of_evidence.collect();
    actions.reverse();
    actions
}

/// EVID-001, EVID-003: a file is kept with what is known of it, its digest stands on the page, and what is taken out is
/// what was put in; who took it is in the trail.
#[tokio::test]
async fn evidence_is_handed_in_shown_taken_and_replaced() {
    let place = Place::new().await;
    place.with_organisation("a").await;
    place.with_person("a", "p-e", "henshu@a", &[Role::Editor]).await;
    let mut browser = place.signed_in("henshu@a").await;

    let form = browser.get(&format!("{HERE}/new?about=control%2Fpg-1.0%2F3.1-1-1")).await;
    assert!(form.text.contains("作業や点検の記録（5年）"), "{}", form.text);
    let kept = hand_in(&mut browser, &[("until", "2026-03-31")], "点検記録（令和7年度）.pdf", PDF).await;
    assert_eq!(kept.status, StatusCode::SEE_OTHER, "{}", kept.text);
    let first = kept.location().to_owned();

    let digest = shirube_trail::Digest::of(PDF).to_string();
    let page = browser.get(&first).await;
    for part in ["点検記録（令和7年度）.pdf", &digest, "2031年3月31日", "運用部", "取扱いに注意", "2025年4月1日"]
    {
        assert!(page.text.contains(part), "{part}: {}", page.text);
    }
    let control = browser.get("/o/a/s/s-a/controls/3.1-1-1").await;
    assert!(control.text.contains("点検記録（令和7年度）.pdf") && control.text.contains(&digest[..12]));

    let taken = browser.get(&format!("{first}/file")).await;
    assert_eq!(taken.bytes, PDF);
    assert_eq!(taken.headers[header::CONTENT_TYPE], "application/pdf");
    assert_eq!(taken.headers["x-content-type-options"], "nosniff");
    assert!(taken.headers[header::CONTENT_SECURITY_POLICY].to_str().unwrap().contains("sandbox"));
    assert!(taken.headers[header::CONTENT_DISPOSITION].to_str().unwrap().starts_with("attachment; "));

    let id = first.rsplit('/').next().unwrap();
    let replaced = hand_in(&mut browser, &[("supersedes", id)], "点検記録2.txt", "全件".as_bytes()).await;
    assert_eq!(replaced.status, StatusCode::SEE_OTHER, "{}", replaced.text);
    let second = replaced.location().to_owned();
    assert!(browser.get(&first).await.text.contains("差し替えられています"));
    assert!(browser.get(&second).await.text.contains("点検記録（令和7年度）.pdf"));
    let again = hand_in(&mut browser, &[("supersedes", id)], "点検記録3.txt", b"x").await;
    assert_eq!(again.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(again.text.contains("もう別のものに差し替えられています"), "{}", again.text);

    let list = browser.get(HERE).await;
    assert!(list.text.contains("点検記録2.txt") && !list.text.contains("令和7年度"), "{}", list.text);
    assert!(browser.get(&format!("{HERE}?show=all")).await.text.contains("令和7年度"));
    assert_eq!(actions(&place).await, ["attachment.added", "attachment.taken", "attachment.replaced"]);
    assert!(place.store.verify_trail("a", &[]).await.unwrap().holds());
}

/// EVID-001: evidence also belongs to risks and treatments, and to nothing that is not there.
#[tokio::test]
async fn evidence_belongs_to_controls_risks_and_treatments() {
    let place = Place::new().await;
    place.with_organisation("a").await;
    place.with_person("a", "p-e", "henshu@a", &[Role::Editor]).await;
    let mut browser = place.signed_in("henshu@a").await;
    let risk = browser.get("/o/a/s/s-a/risks/R-A1").await;
    let id =
        risk.text.split("決定や対応を書くときの名前: <code>").nth(1).unwrap().split('<').next().unwrap().to_owned();
    let treatments = browser.get("/o/a/s/s-a/treatments").await.text;
    let treatment = treatments.split("about=treatment%2F").nth(1).unwrap().split('"').next().unwrap().to_owned();
    for (about, page) in
        [(format!("risk/{id}"), "/o/a/s/s-a/risks/R-A1"), (format!("treatment/{treatment}"), "/o/a/s/s-a/treatments")]
    {
        let fields = [("about", about.as_str()), ("kind", "policy"), ("confidentiality", "internal")];
        let name = format!("{}.txt", about.len());
        let kept = browser.upload_file(HERE, &fields, ("file", &name), b"x").await;
        assert_eq!(kept.status, StatusCode::SEE_OTHER, "{about}: {}", kept.text);
        assert!(browser.get(page).await.text.contains(&name), "{about}");
    }
    for about in ["control/pg-1.0/9.9-1-1", "treatment/なし", "risk/x", "", "person/p-e"] {
        let fields = [("about", about), ("kind", "policy"), ("confidentiality", "internal")];
        let refused = browser.upload_file(HERE, &fields, ("file", "x.txt"), b"x").await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{about}");
    }
}

/// Whatever is wrong with a file or a form is told in a sentence, and nothing is kept.
#[tokio::test]
async fn what_cannot_be_kept_is_told_and_leaves_nothing() {
    let place = Place::new().await;
    place.with_organisation("a").await;
    place.with_person("a", "p-e", "henshu@a", &[Role::Editor]).await;
    let mut browser = place.signed_in("henshu@a").await;
    let large = vec![b'x'; 25 * 1024 * 1024];
    for (name, bytes, more, told) in [
        ("空.pdf", &b""[..], &[][..], "空のファイルです"),
        ("画面.html", b"<script>alert(1)</script>", &[], "受け付けていません"),
        ("偽.pdf", b"<script>", &[], "とおりの形ではありません"),
        ("大きい.txt", &large, &[], "上限24MB"),
        ("期間.txt", b"x", &[("until", "2025-03-31")], "始まり（2025-04-01）より前"),
        ("期限.txt", b"x", &[("keep_until", "2026-12-01")], "理由を書くか、空に"),
    ] {
        let refused = hand_in(&mut browser, more, name, bytes).await;
        assert!(refused.text.contains(told), "{name}: {}", refused.text);
        // What was typed is still there, unless the form did not come through at all.
        match refused.status {
            StatusCode::PAYLOAD_TOO_LARGE => assert_eq!(name, "大きい.txt"),
            status => {
                assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY, "{name}");
                assert!(refused.text.contains("value=\"運用部\""), "{name}");
            }
        }
    }
    browser.csrf = "x".to_owned();
    assert_eq!(hand_in(&mut browser, &[], "x.txt", b"x").await.status, StatusCode::FORBIDDEN);
    assert!(place.store.attachments("a", "s-a").await.unwrap().is_empty());
    assert!(actions(&place).await.is_empty());
}

/// EVID-002, EVID-005: bytes go when they were kept long enough and a second person confirms; the record stays.
#[tokio::test]
async fn evidence_goes_after_its_time_by_two_people() {
    let place = Place::new().await;
    place.with_organisation("a").await;
    place.with_person("a", "p-s", "anzen@a", &[Role::SecurityOfficer]).await;
    place.with_person("a", "p-k", "shonin@a", &[Role::Approver]).await;
    let mut officer = place.signed_in("anzen@a").await;
    let young = hand_in(&mut officer, &[("until", "2025-04-30")], "新しい記録.txt", b"x").await.location().to_owned();
    let early = officer.post(&format!("{young}/removal"), &[("reason", "不要"), ("do", "propose")]).await;
    assert_eq!(early.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(early.text.contains("2030年4月30日(火)）を過ぎていない"), "{}", early.text);

    let old = [("from", "2018-04-01"), ("until", "2019-03-31")];
    let fields = [&GIVEN[..4], &old[..]].concat();
    let kept = officer.upload_file(HERE, &fields, ("file", "記録.txt"), "内容".as_bytes()).await;
    let path = kept.location().to_owned();
    let removal = format!("{path}/removal");
    assert!(officer.get(&format!("{HERE}?show=due")).await.text.contains("記録.txt"));
    assert_eq!(officer.post(&removal, &[("do", "propose")]).await.status, StatusCode::UNPROCESSABLE_ENTITY);
    let proposed = officer.post(&removal, &[("reason", "5年を過ぎた"), ("do", "propose")]).await;
    assert_eq!(proposed.status, StatusCode::SEE_OTHER, "{}", proposed.text);
    let own = officer.post(&format!("{removal}/confirm"), &[("reason", "確認")]).await;
    assert!(own.text.contains("本人は確認できません"), "{}", own.text);

    let mut approver = place.signed_in("shonin@a").await;
    assert!(approver.get(&path).await.text.contains("5年を過ぎた"));
    let done = approver.post(&format!("{removal}/confirm"), &[("reason", "期限と内容を確かめた")]).await;
    assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.text);
    let page = approver.get(&path).await.text;
    assert!(
        page.contains("中身を廃棄しました") && page.contains(&shirube_trail::Digest::of("内容".as_bytes()).to_string())
    );
    assert_eq!(approver.get(&format!("{path}/file")).await.status, StatusCode::NOT_FOUND);
    assert!(!approver.get("/o/a/s/s-a/controls/3.1-1-1").await.text.contains(">記録.txt<"));
    let told = actions(&place).await;
    assert_eq!(told, ["attachment.added", "attachment.added", "attachment.removal-proposed", "attachment.removed"]);
    assert!(place.store.verify_trail("a", &[]).await.unwrap().holds());
}

/// AUTHZ-007: evidence may hold logs and names, so a reader of the service sees none of it.
#[tokio::test]
async fn a_reader_sees_no_evidence() {
    let place = Place::new().await;
    place.with_organisation("a").await;
    place.with_attachment("a").await;
    place.with_person("a", "p-r", "etsuran@a", &[Role::Reader]).await;
    let mut reader = place.signed_in("etsuran@a").await;
    assert!(!reader.get("/o/a/s/s-a/controls/3.1-1-1").await.text.contains("点検記録.txt"));
    for path in [HERE.to_owned(), format!("{HERE}/e-a"), format!("{HERE}/e-a/file")] {
        assert_eq!(reader.get(&path).await.status, StatusCode::NOT_FOUND, "{path}");
    }
}
