//! Looking after accounts: reviews, guests of other organisations, passwords that leaked, and who is told of what.

use axum::http::StatusCode;
use chrono::Duration;
use shirube_identity::role::Role;
use shirube_store::Filter;

use crate::fixture::{Browser, PASSWORD, Place, value_of};

async fn place() -> Place {
    let place = Place::new().await;
    place.with_organisation("a").await;
    place.with_person("a", "p-r", "yomu@a", &[Role::Reader]).await;
    place.with_person("a", "p-s", "kimeru@a", &[Role::SecurityOfficer]).await;
    place
}

async fn decide(browser: &mut Browser<'_>, person: &str, decision: &str, reason: &str) -> crate::fixture::Answer {
    let fields = [("do", "decide"), ("person", person), ("decision", decision), ("reason", reason)];
    browser.post("/o/a/people/review", &fields).await
}

/// AUTHN-020, AUTHZ-009: every account is looked at, what stands out is marked, and the report stays as it was sealed.
#[tokio::test]
async fn accounts_are_reviewed_one_by_one() {
    let place = place().await;
    place.with_person("a", "p-old", "mukashi@a", &[Role::Editor]).await;
    let mut admin = place.signed_in("admin@a").await;
    crate::rules::set(&mut admin, &[("review_months", "1"), ("unused_days", "7")]).await;
    place.world.forward(Duration::days(15));
    let totp = admin.totp.take();
    let mut admin = place.browser();
    admin.totp = totp;
    admin.sign_in("admin@a", PASSWORD).await;
    admin.finish_second().await;
    admin.learn_csrf().await;
    assert!(admin.get("/o/a/").await.text.contains("アカウントの点検の期限は"), "announced before its day");
    place.signed_in("yomu@a").await;
    let mut officer = place.signed_in("kimeru@a").await;
    let page = officer.get("/o/a/people/review").await;
    assert!(page.text.contains("7日以上前に登録されたまま、一度も使われていません"), "{}", page.text);
    let early = decide(&mut officer, "p-r", "keep", "使う").await;
    assert!(early.text.contains("点検は始まっていません"), "{}", early.text);
    assert_eq!(
        officer.post("/o/a/people/review", &[("do", "begin")]).await.location(),
        "/o/a/people/review?done=begun"
    );
    assert_eq!(admin.post("/o/a/people/review", &[("do", "begin")]).await.status, StatusCode::CONFLICT);

    for (person, decision, reason, said) in [
        ("p-r", "", "使う", "判断を選んでください"),
        ("p-r", "keep", "", "理由を入力してください"),
        ("p-nobody", "keep", "使う", "今はこの組織にいません"),
        ("p-s", "keep", "使う", "自分のアカウントは、自分では判断できません"),
        ("p-admin-a", "stop", "辞めた", "管理者が一人もいなくなる"),
    ] {
        let refused = decide(&mut officer, person, decision, reason).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{said}");
        assert!(refused.text.contains(said), "{said}: {}", refused.text);
    }
    decide(&mut officer, "p-r", "keep", "受付で使う").await;
    decide(&mut officer, "p-old", "stop", "退職した").await;
    let half = officer.post("/o/a/people/review", &[("do", "finish")]).await;
    assert!(half.text.contains("まだ判断していないアカウントが2件"), "{}", half.text);
    decide(&mut officer, "p-admin-a", "keep", "管理を続ける").await;
    decide(&mut admin, "p-s", "keep", "責任者を続ける").await;
    assert_eq!(place.store.member("a", "p-old").await.unwrap().person.state, "disabled", "at once");
    let done = officer.post("/o/a/people/review", &[("do", "finish")]).await;
    let report = officer.get(done.location()).await;
    for said in ["停止する", "退職した", "受付で使う", "責任者を続ける"] {
        assert!(report.text.contains(said), "{said}: {}", report.text);
    }
    let entry = place.store.entries("a", &Filter { limit: 1, ..Filter::default() }).await.unwrap().remove(0);
    assert_eq!(entry.action, "review.finished");
    assert!(report.text.contains(&entry.after.unwrap().to_string()), "the report names its digest");
    assert!(!officer.get("/o/a/").await.text.contains("アカウントの点検"), "not due");
}

/// AUTHN-014: the passwords of all who are chosen stop at once; each gets a way to a new one.
#[tokio::test]
async fn passwords_that_leaked_are_stopped_together() {
    let place = place().await;
    let mut admin = place.signed_in("admin@a").await;
    let mut reader = place.signed_in("yomu@a").await;
    for (fields, said) in [
        (&[("reason", "流出")][..], "止める人を選んでください"),
        (&[("person", "p-r"), ("reason", "")], "何が漏れたおそれ"),
        (&[("person", "p-admin-a"), ("reason", "流出")], "自分のパスワードは"),
    ] {
        let refused = admin.post("/o/a/people/leak", fields).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(refused.text.contains(said) || said.contains("自分"), "{said}: {}", refused.text);
    }
    let fields = [("person", "p-r"), ("person", "p-s"), ("reason", "メールの流出")];
    let page = admin.post("/o/a/people/leak", &fields).await;
    assert_eq!(page.text.matches("/invitation?token=").count(), 2, "{}", page.text);
    assert!(reader.get("/o/a/").await.location().starts_with("/sign-in"));
    for name in ["yomu@a", "kimeru@a"] {
        assert_eq!(place.browser().sign_in(name, PASSWORD).await.status, StatusCode::UNPROCESSABLE_ENTITY, "{name}");
    }
    let row = page.text.split("yomu@a").nth(2).unwrap_or_else(|| panic!("{}", page.text));
    let token = row.split("/invitation?token=").nth(1).unwrap().split('<').next().unwrap().to_owned();
    let new = "Tomoshibi to 34 nami";
    let fields = [("token", token.as_str()), ("password", new), ("again", new)];
    assert_eq!(place.browser().post_bare("/invitation", &fields).await.location(), "/");
    let fields = [("token", token.as_str()), ("password", PASSWORD), ("again", PASSWORD)];
    assert_eq!(place.browser().post_bare("/invitation", &fields).await.status, StatusCode::NOT_FOUND, "once");
}

/// AUTHZ-001, AUTHN-019: one person with one id in two organisations, by an invitation that names nobody.
#[tokio::test]
async fn a_person_joins_another_organisation() {
    let place = place().await;
    place.with_organisation("b").await;
    let mut admin = place.signed_in("admin@b").await;
    let refused = admin.post("/o/b/people/guests", &[("reason", "監査")]).await;
    assert!(refused.text.contains("役割を一つ以上選んでください"), "{}", refused.text);
    let page = admin.post("/o/b/people/guests", &[("role", "auditor"), ("reason", "監査")]).await;
    let token = page.text.split("/join?token=").nth(1).unwrap().split('<').next().unwrap().to_owned();
    let address = format!("/join?token={token}");
    assert!(place.browser().get(&address).await.location().starts_with("/sign-in?to="), "with an account only");

    let mut reader = place.signed_in("yomu@a").await;
    assert_eq!(reader.get("/o/b/").await.status, StatusCode::NOT_FOUND);
    let page = reader.get(&address).await;
    assert!(page.text.contains("b株式会社が、あなたを「監査者」として"), "{}", page.text);
    let token = value_of(&page.text, "token");
    assert_eq!(reader.post("/join", &[("token", &token)]).await.location(), "/o/b/");
    let home = reader.get("/o/b/").await;
    assert_eq!(home.status, StatusCode::OK);
    assert!(home.text.contains("組織を替える") && home.text.contains("href=\"/o/a/\""), "{}", home.text);
    assert_eq!(reader.get("/o/b/trail").await.status, StatusCode::OK, "an auditor there");
    assert_eq!(reader.get("/o/a/trail").await.status, StatusCode::NOT_FOUND, "and a reader at home");
    let service = reader.get("/o/b/s/s-b/").await;
    assert!(service.text.contains("組織を替える"), "from the head of every page");
    let came = place.store.entries("b", &Filter { action: "session.switched", ..Filter::default() }).await.unwrap();
    assert_eq!(came[0].actor, "p-r", "the trail of each organisation says who came");
    let mut other = place.signed_in("kimeru@a").await;
    assert_eq!(other.post("/join", &[("token", &token)]).await.status, StatusCode::NOT_FOUND, "once");
}

/// AUTHN-010, -015: a lock is told to who looks after accounts, and a failure to the person at the next sign-in.
#[tokio::test]
async fn people_are_told_of_failures() {
    let place = place().await;
    place.signed_in("yomu@a").await;
    place.world.forward(Duration::minutes(1));
    for _ in 0..5 {
        place.browser().sign_in("yomu@a", "wrong").await;
        place.world.forward(Duration::minutes(1));
    }
    let mut admin = place.signed_in("admin@a").await;
    let home = admin.get("/o/a/").await;
    assert!(home.text.contains("yomu@aさんさん: ログインが続けて失敗し"), "{}", home.text);
    place.world.forward(Duration::minutes(31));
    let mut reader = place.signed_in("yomu@a").await;
    let home = reader.get("/o/a/").await;
    assert!(home.text.contains("あなたのログインIDでのログインが失敗しています"), "{}", home.text);
    assert!(!home.text.contains("しばらく受け付けないようにしました"), "others' failures are not for readers");
}
