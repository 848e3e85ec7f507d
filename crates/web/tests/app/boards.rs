//! Lists and boards: deciding several at once, taking back, saved views, the history of an answer.

use axum::http::StatusCode;
use shirube_identity::role::Role;

use crate::fixture::{Place, value_of};
use crate::forms::change;

const BASE: &str = "/o/a/s/s-a";

async fn place() -> Place {
    let place = Place::new().await;
    place.with_organisation("a").await;
    place.with_person("a", "p-e", "kaku@a", &[Role::Editor]).await;
    place.with_person("a", "p-f", "betsu@a", &[Role::Editor]).await;
    place
}

/// RISK-013: several proposals are decided in one revision, each with its own values, and taken back at once.
#[tokio::test]
async fn several_risks_are_decided_at_once_and_taken_back() {
    let place = place().await;
    let mut editor = place.signed_in("kaku@a").await;
    let list = editor.get(&format!("{BASE}/risks?state=proposed")).await;
    let numbers: Vec<&str> =
        list.text.split("name=\"risk\" value=\"").skip(1).map(|rest| rest.split('"').next().unwrap()).take(3).collect();
    let bulk = format!("{BASE}/risks/bulk");
    let chosen: Vec<(&str, &str)> = numbers.iter().map(|number| ("risk", *number)).collect();
    let asked = editor.post(&bulk, &chosen).await;
    assert!(asked.text.contains("リスク3件をまとめて決める"), "{}", asked.text);
    let send = |said: &[(&'static str, &'static str)]| -> Vec<(&str, &str)> {
        chosen.iter().copied().chain([("~do", "save"), ("~revision", "1")]).chain(said.iter().copied()).collect()
    };
    let silent = editor.post(&bulk, &send(&[("values", "same")])).await;
    assert_eq!(silent.status, StatusCode::UNPROCESSABLE_ENTITY);
    for text in ["影響度を選んでください", "顕在化率の理由を入力してください", "決定の理由を入力してください"]
    {
        assert!(silent.text.contains(text), "{text}: {}", silent.text);
    }
    let done = editor.post(&bulk, &send(&[("values", "proposal"), ("~why", "三人で見た。")])).await;
    assert_eq!(done.location(), format!("{BASE}/risks?done=saved"), "{}", done.text);
    let page = editor.get(done.location()).await;
    assert!(
        page.text.contains("第2版として保存しました 10:00") && page.text.contains("value=\"undo\""),
        "{}",
        page.text
    );
    for number in &numbers {
        let risk = editor.get(&format!("{BASE}/risks/{number}")).await;
        assert!(risk.text.contains("kaku@aさん") && risk.text.contains("三人で見た。"), "{number}");
        assert!(!risk.text.contains("要見直し"), "it remembers what it rests on");
    }
    // Decided ones are left alone.
    let again = editor.post(&bulk, &chosen).await;
    assert!(again.text.contains("が選ばれていません。一覧で"), "{}", again.text);
    let mut other = place.signed_in("betsu@a").await;
    assert!(!other.get(done.location()).await.text.contains("value=\"undo\""), "one takes back what is one's own");
    let back = editor.post(&format!("{BASE}/revisions/2"), &[("do", "undo"), ("reason", "取り消した")]).await;
    assert_eq!(back.location(), format!("{BASE}/revisions?done=undone"), "{}", back.text);
    let (one, three) =
        (place.store.files("a", "s-a", 1).await.unwrap(), place.store.files("a", "s-a", 3).await.unwrap());
    assert_eq!(one.digest(), three.digest());
    let late = editor.post(&format!("{BASE}/revisions/2"), &[("do", "undo"), ("reason", "取り消した")]).await;
    assert!(late.text.contains("その後に新しい版が登録されている"), "{}", late.text);
}

/// The form to decide stands beside the reasons; the page of a reader has none.
#[tokio::test]
async fn a_risk_is_decided_beside_its_reasons() {
    let place = place().await;
    place.with_person("a", "p-r", "yomu@a", &[Role::Reader]).await;
    let mut editor = place.signed_in("kaku@a").await;
    let list = editor.get(&format!("{BASE}/risks?state=proposed")).await;
    let number = list.text.split("name=\"risk\" value=\"").nth(1).unwrap().split('"').next().unwrap();
    let address = format!("{BASE}/risks/{number}");
    let page = editor.get(&address).await;
    assert!(page.text.contains("案の理由") && page.text.contains("<form class=\"record\""), "{}", page.text);
    let done = change(&mut editor, &address, &[("decided/reason", "現場で確かめた。")]).await;
    assert_eq!(done.location(), format!("{address}?done=saved"), "{}", done.text);
    let mut reader = place.signed_in("yomu@a").await;
    assert!(!reader.get(&address).await.text.contains("<form class=\"record\""));
}

/// Conditions of a list are kept under a name, for their owner alone.
#[tokio::test]
async fn a_view_is_saved_and_is_its_owners() {
    let place = place().await;
    let mut editor = place.signed_in("kaku@a").await;
    let views = format!("{BASE}/views");
    let page = editor.get(&format!("{BASE}/risks?rank=A&state=proposed")).await;
    let conditions = value_of(&page.text, "conditions").replace("&#38;", "&").replace("&amp;", "&");
    assert_eq!(conditions, "rank=A&state=proposed");
    let nameless = editor.post(&views, &[("page", "risks"), ("conditions", &conditions)]).await;
    assert_eq!(nameless.status, StatusCode::UNPROCESSABLE_ENTITY);
    let kept = [("page", "risks"), ("name", "急ぐ<案>"), ("conditions", &conditions)];
    let done = editor.post(&views, &kept).await;
    assert_eq!(done.location(), format!("{BASE}/risks?rank=A&state=proposed#list"), "{}", done.text);
    let list = editor.get(&format!("{BASE}/risks")).await;
    assert!(list.text.contains("急ぐ&#60;案&#62;"), "{}", list.text);
    let mut other = place.signed_in("betsu@a").await;
    assert!(!other.get(&format!("{BASE}/risks")).await.text.contains("急ぐ"));
    let id = value_of(&list.text, "remove");
    assert_eq!(other.post(&views, &[("page", "risks"), ("remove", &id)]).await.status, StatusCode::NOT_FOUND);
    assert_eq!(editor.post(&views, &[("page", "risks"), ("remove", &id)]).await.status, StatusCode::SEE_OTHER);
    assert!(!editor.get(&format!("{BASE}/risks")).await.text.contains("急ぐ"));
}

/// TREAT-008: a measure is moved on; what was decided stays decided.
#[tokio::test]
async fn a_measure_is_moved_on() {
    let place = place().await;
    let mut editor = place.signed_in("kaku@a").await;
    let board = format!("{BASE}/board");
    let page = editor.get(&board).await;
    assert!(page.text.contains("実施中") && page.text.contains("提示済"), "{}", page.text);
    let card = page.text.split("class=\"board-card\"").nth(1).unwrap().split("</li>").next().unwrap();
    let treatment = value_of(card, "treatment");
    let (list, at) = (value_of(card, "list"), value_of(card, "at"));
    let before = place.store.files("a", "s-a", 1).await.unwrap();
    let fields = [
        ("treatment", treatment.as_str()),
        ("list", list.as_str()),
        ("at", at.as_str()),
        ("state", "in-progress"),
        ("~revision", "1"),
    ];
    let wrong =
        [("treatment", treatment.as_str()), ("list", "measures"), ("at", "0"), ("state", "x"), ("~revision", "1")];
    assert_eq!(editor.post(&board, &wrong).await.status, StatusCode::UNPROCESSABLE_ENTITY);
    let done = editor.post(&board, &fields).await;
    assert_eq!(done.location(), format!("{board}?done=saved"), "{}", done.text);
    let after = place.store.files("a", "s-a", 2).await.unwrap();
    let lines = |files: &shirube_store::Files| -> Vec<String> {
        files.get("assessment.yaml").unwrap().lines().map(str::to_owned).collect()
    };
    let changed: Vec<String> = lines(&after).into_iter().filter(|line| !lines(&before).contains(line)).collect();
    assert!(changed.len() <= 1 && lines(&after).len().abs_diff(lines(&before).len()) <= 1, "one line: {changed:?}");
    let history = editor.get(&format!("{BASE}/revisions")).await;
    assert!(history.text.contains("を実施中にした。"), "{}", history.text);
}

/// RISK-020: who changed the answer to a control, when, why, and what.
#[tokio::test]
async fn an_answer_has_its_history() {
    let place = place().await;
    let mut editor = place.signed_in("kaku@a").await;
    let other = format!("{BASE}/record?file=conformity&at=answers/=1.1-1-2");
    let answer = format!("{BASE}/record?file=conformity&at=answers/=1.1-1-1");
    for (address, how) in [(&answer, "最初の書き方"), (&other, "ほかの項目"), (&answer, "改めた書き方")]
    {
        let done =
            change(&mut editor, address, &[("status", "met"), ("how", how), ("owner", "tantou"), ("~why", how)]).await;
        assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.text);
    }
    let history = editor.get(&format!("{BASE}/controls/1.1-1-1/history")).await;
    for text in ["第4版", "第2版", "最初の書き方", "改めた書き方", "tantou", "kaku@aさん"] {
        assert!(history.text.contains(text), "{text}: {}", history.text);
    }
    assert!(!history.text.contains("第3版") && !history.text.contains("ほかの項目"), "{}", history.text);
    let mine = editor.get(&format!("{BASE}/controls?owner=tantou")).await;
    assert!(mine.text.contains("担当: tantou") && mine.text.contains("のうち <b>2</b>件"), "{}", mine.text);
}
