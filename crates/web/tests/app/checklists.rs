//! Checklists filled in the browser: a sheet, its answers, the document that follows.

use axum::http::StatusCode;
use shirube_identity::role::Role;

use crate::fixture::Place;
use crate::forms::{change, change_in, form_of};

const BASE: &str = "/o/a/s/s-a";

/// DOC-038, DOC-039: a sheet and an answer are written in forms made of the schema, and the document says them.
#[tokio::test]
async fn a_checklist_is_filled_in_the_browser() {
    let place = Place::new().await;
    place.with_organisation("a").await;
    place.with_person("a", "p-e", "kaku@a", &[Role::Editor]).await;
    let mut editor = place.signed_in("kaku@a").await;
    let sheet = [
        ("id", "七年度の表"),
        ("list", "cyber-2025"),
        ("form", "provider"),
        ("institution", "医療機関"),
        ("fiscal_year", "2025"),
        ("confirmed_by", "技術部長 灯台 花子"),
        ("~why", "医療機関から表が届いた"),
    ];
    let saved = change(&mut editor, &format!("{BASE}/record?file=checklists&list=sheets"), &sheet).await;
    assert_eq!(saved.status, StatusCode::SEE_OTHER, "{}", saved.text);
    let replies = format!("{BASE}/record?file=checklists&list=replies");
    let page = editor.get(&replies).await;
    for text in ["確認の結果", "対象外とする理由", "七年度の表", "アクセスログを管理しているか"]
    {
        assert!(page.text.contains(text), "{text}: {}", page.text);
    }
    let reply = [
        ("sheet", "七年度の表"),
        ("item", "事業者.2.⑪"),
        ("state", "not-applicable"),
        ("reason", "書き写しの試験"),
        ("~why", "表に答えた"),
    ];
    let saved = change(&mut editor, &replies, &reply).await;
    assert_eq!(saved.status, StatusCode::SEE_OTHER, "{}", saved.text);
    let listed = editor.get(&format!("{BASE}/model?part=stated")).await;
    assert!(listed.text.contains("書き写しの試験") || listed.text.contains("事業者.2.⑪"), "{}", listed.text);
    let document = editor.get(&format!("{BASE}/documents/checklist-cyber.html")).await;
    assert_eq!(document.status, StatusCode::OK, "{}", document.text);
    for text in ["事業者確認用（あおば内科クリニック）", "理由: 書き写しの試験", "対象外1"]
    {
        assert!(document.text.contains(text), "{text}: {}", document.text);
    }
    let wrong = [
        ("sheet", "七年度の表"),
        ("item", "事業者.2.⑤"),
        ("state", "done"),
        ("confirmed_on", "来年"),
        ("~why", "答え"),
    ];
    let refused = change(&mut editor, &replies, &wrong).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(refused.text.contains("「来年」は日付として読めません"), "{}", refused.text);
}

/// DOC-038: all items of a sheet are answered on one page and saved as one revision; what is wrong saves nothing, and a
/// reply whose answers are all taken away is gone.
#[tokio::test]
async fn a_whole_checklist_is_answered_on_one_page() {
    let place = Place::new().await;
    place.with_organisation("a").await;
    place.with_person("a", "p-e", "kaku@a", &[Role::Editor]).await;
    let mut editor = place.signed_in("kaku@a").await;
    assert!(editor.get(&format!("{BASE}/checklist")).await.text.contains("確認表がまだありません。"));
    let sheet = [
        ("id", "sheet-7"),
        ("list", "cyber-2025"),
        ("form", "provider"),
        ("institution", "医療機関"),
        ("fiscal_year", "2025"),
        ("~why", "医療機関から表が届いた"),
    ];
    let saved = change(&mut editor, &format!("{BASE}/record?file=checklists&list=sheets"), &sheet).await;
    assert_eq!(saved.status, StatusCode::SEE_OTHER, "{}", saved.text);
    let whole = format!("{BASE}/checklist?sheet=sheet-7");
    let page = editor.get(&whole).await;
    assert!(
        page.text.contains("name=\"i0\"") && page.text.contains("<span class=\"mark proposed\">案</span>"),
        "{}",
        page.text
    );

    let wrong = [("c0.0", "はい（実施済）"), ("c1.0", "いいえ（未実施）"), ("c1.4", "来年"), ("~why", "答えた")];
    let refused = change_in(&mut editor, &whole, "answers", &wrong).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(refused.text.contains("「来年」は日付として読めません"), "{}", refused.text);
    assert!(refused.text.contains("<option value=\"はい（実施済）\" selected>"), "what was typed stays");

    let answers = [
        ("c0.0", "はい（実施済）"),
        ("c0.3", "令和7年10月6日"),
        ("c1.0", "対象外"),
        ("c1.2", "該当する機器がない"),
        ("~why", "答えた"),
    ];
    let saved = change_in(&mut editor, &whole, "answers", &answers).await;
    assert_eq!(saved.status, StatusCode::SEE_OTHER, "{}", saved.text);
    let document = editor.get(&format!("{BASE}/documents/checklist-cyber.html")).await;
    for text in ["該当する機器がない", "対象外1"] {
        assert!(document.text.contains(text), "{text}: {}", document.text);
    }
    // Two people answer the same item: the second is shown both, and the next save is based on what the first saved.
    let page = editor.get(&whole).await;
    let first = [("c0.0", "いいえ（未実施）"), ("~why", "先に答えた")];
    assert_eq!(change_in(&mut editor, &whole, "answers", &first).await.status, StatusCode::SEE_OTHER);
    let second = |page: &crate::fixture::Answer| {
        let (action, mut sent) = form_of(page, "answers");
        sent.retain(|(name, _)| !["c0.0", "~why"].contains(&name.as_str()));
        sent.extend(
            [("c0.0", "対象外"), ("~why", "後から答えた")].map(|(name, text)| (name.to_owned(), text.to_owned())),
        );
        (action, sent)
    };
    let (action, sent) = second(&page);
    let fields: Vec<(&str, &str)> = sent.iter().map(|(name, text)| (name.as_str(), text.as_str())).collect();
    let both = editor.post(&action, &fields).await;
    assert_eq!(both.status, StatusCode::CONFLICT, "{}", both.text);
    assert!(both.text.contains("<option value=\"対象外\" selected>"), "{}", both.text);
    let (action, sent) = second(&both);
    let fields: Vec<(&str, &str)> = sent.iter().map(|(name, text)| (name.as_str(), text.as_str())).collect();
    assert_eq!(editor.post(&action, &fields).await.status, StatusCode::SEE_OTHER);

    let nothing = change_in(&mut editor, &whole, "answers", &[("~why", "もう一度")]).await;
    assert!(nothing.text.contains("変わるところがないので"), "{}", nothing.text);
    let taken = [("c1.0", ""), ("c1.2", ""), ("~why", "取り消し")];
    let saved = change_in(&mut editor, &whole, "answers", &taken).await;
    assert_eq!(saved.status, StatusCode::SEE_OTHER, "{}", saved.text);
    let listed = editor.get(&format!("{BASE}/model?part=stated")).await;
    assert!(!listed.text.contains("該当する機器がない"), "{}", listed.text);
    assert_eq!(editor.get(&format!("{BASE}/checklist?sheet=none")).await.status, StatusCode::NOT_FOUND);
}
