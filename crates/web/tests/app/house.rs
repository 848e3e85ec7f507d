//! The organisation's own style in the browser: logo, own words, taken over from another service.

use axum::http::StatusCode;
use shirube_identity::role::Role;
use shirube_store::Files;

use crate::fixture::{Place, SERVICE_FILES};
use crate::forms::change;

const BASE: &str = "/o/a/s/s-a";

fn picture() -> Vec<u8> {
    let svg = r##"<svg xmlns="http://www.w3.org/2000/svg" width="40" height="20"><rect width="40" height="20" fill="#1f4e79"/></svg>"##;
    shirube_documents::write::png(svg, 1.0).unwrap()
}

/// A picture becomes the logo of the documents, is shown, and goes again; what is no picture changes nothing.
#[tokio::test]
async fn a_logo_comes_and_goes() {
    let place = Place::new().await;
    place.with_organisation("a").await;
    place.with_person("a", "p-e", "kaku@a", &[Role::Editor]).await;
    let mut editor = place.signed_in("kaku@a").await;
    let house = format!("{BASE}/house");
    // Each list is called by the document it changes.
    let lists = editor.get(&format!("{BASE}/model?part=house")).await;
    for title in
        ["サービス仕様適合開示書の文の変更を加える", "送付状の文の変更を加える", "（経営層向け）の文の変更を加える"]
    {
        assert!(lists.text.contains(title), "{title}: {}", lists.text);
    }
    let page = editor.get(&house).await;
    assert!(page.text.contains("まだありません。") && page.text.contains("200 kBまで"), "{}", page.text);
    let (logo, fields) = (format!("{house}/logo"), [("revision", "1")]);

    let wrong = editor.upload_file(&logo, &fields, ("file", "写真.jpg"), b"\xff\xd8\xff").await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", wrong.text);
    assert!(wrong.text.contains("PNGの画像として読めません"), "{}", wrong.text);

    let large = editor.upload_file(&logo, &fields, ("file", "大きい.png"), &vec![0; 300 * 1024]).await;
    assert_eq!(large.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", large.text);
    assert!(large.text.contains("200 kBまでにしてください"), "{}", large.text);

    let saved = editor.upload_file(&logo, &fields, ("file", "しるし.png"), &picture()).await;
    assert_eq!(saved.status, StatusCode::SEE_OTHER, "{}", saved.text);
    let page = editor.get(&house).await;
    assert!(page.text.contains("<img src=\"data:image/png;base64,"), "{}", page.text);
    let letter = editor.get(&format!("{BASE}/documents/letter.html")).await;
    assert!(letter.text.contains("<p class=\"logo\"><img src=\"data:image/png;base64,"), "{}", letter.text);
    // The text of a picture stands in no list and no history.
    for address in ["model?part=house", "revisions/2", "record?file=house&at="] {
        let page = editor.get(&format!("{BASE}/{address}")).await;
        assert_eq!(page.status, StatusCode::OK, "{address}");
        assert!(!page.text.contains("iVBORw0KGgo"), "{address}: {}", page.text);
    }

    // Another field of the style leaves the picture as it is.
    let saved =
        change(&mut editor, &format!("{BASE}/record?file=house&at="), &[("header", "灯台"), ("~why", "体裁")]).await;
    assert_eq!(saved.status, StatusCode::SEE_OTHER, "{}", saved.text);
    let letter = editor.get(&format!("{BASE}/documents/flows.html")).await;
    assert!(letter.text.contains("<p class=\"logo\">") && letter.text.contains("<p class=\"own\">灯台</p>"));
    let gone = editor.post(&house, &[("revision", "3"), ("do", "remove")]).await;
    assert_eq!(gone.status, StatusCode::SEE_OTHER, "{}", gone.text);
    let letter = editor.get(&format!("{BASE}/documents/flows.html")).await;
    assert!(!letter.text.contains("<p class=\"logo\">"));
}

/// GLOSS-006: an own word is explained in the documents of its service and on its list of words, and every revision of it
/// is kept.
#[tokio::test]
async fn own_words_are_explained_in_documents() {
    let place = Place::new().await;
    place.with_organisation("a").await;
    place.with_person("a", "p-e", "kaku@a", &[Role::Editor]).await;
    let mut editor = place.signed_in("kaku@a").await;
    let word = [("term", "情報セキュリティ"), ("text", "灯台の言葉での説明。"), ("~why", "言い方を揃える")];
    let saved = change(&mut editor, &format!("{BASE}/record?file=house&list=terms"), &word).await;
    assert_eq!(saved.status, StatusCode::SEE_OTHER, "{}", saved.text);
    let list = editor.get(&format!("{BASE}/glossary?q=灯台")).await;
    assert!(list.text.contains("この事業者の言葉") && list.text.contains("灯台の言葉での説明。"), "{}", list.text);
    let page = editor.get(&format!("{BASE}/risks")).await;
    assert!(page.text.contains(&format!("href=\"{BASE}/glossary\"")), "{}", page.text);
    let rules = editor.get(&format!("{BASE}/documents/operating-rules.html")).await;
    assert!(rules.text.contains("灯台の言葉での説明。"), "{}", rules.text);
}

/// A style is taken over whole from another service of the organisation, as a revision with its reason.
#[tokio::test]
async fn a_style_is_taken_over_from_another_service() {
    let place = Place::new().await;
    place.with_organisation("a").await;
    place.with_person("a", "p-e", "kaku@a", &[Role::Editor]).await;
    let mut change_of = place.store.begin("a").await.unwrap();
    change_of.open_service("s-two", "もう一つ").await.unwrap();
    let files = SERVICE_FILES.map(|(name, text)| (name.to_owned(), text.to_owned()));
    change_of.add_revision("s-two", None, &Files::new(files).unwrap()).await.unwrap();
    place.commit(change_of, "service.created").await;
    let mut editor = place.signed_in("kaku@a").await;
    let other = "/o/a/s/s-two/record?file=house&at=";
    let saved = change(&mut editor, other, &[("header", "灯台の文書"), ("~why", "体裁")]).await;
    assert_eq!(saved.status, StatusCode::SEE_OTHER, "{}", saved.text);
    let taken = editor.post(&format!("{BASE}/house"), &[("revision", "1"), ("do", "copy"), ("from", "s-two")]).await;
    assert_eq!(taken.status, StatusCode::SEE_OTHER, "{}", taken.text);
    assert!(editor.get(&format!("{BASE}/model?part=house")).await.text.contains("灯台の文書"));
    assert!(editor.get(&format!("{BASE}/revisions")).await.text.contains("様式を写す"));
    // One of another organisation is not there, whoever asks for it.
    place.with_organisation("b").await;
    place.with_person("b", "p-b", "kaku@b", &[Role::Editor]).await;
    let mut other = place.signed_in("kaku@b").await;
    let theirs = "/o/b/s/s-b/record?file=house&at=";
    let saved = change(&mut other, theirs, &[("header", "他社の文書"), ("~why", "体裁")]).await;
    assert_eq!(saved.status, StatusCode::SEE_OTHER, "{}", saved.text);
    let mut editor = place.signed_in("kaku@a").await;
    for from in ["s-x", "s-a", "s-b"] {
        let none = editor.post(&format!("{BASE}/house"), &[("revision", "2"), ("do", "copy"), ("from", from)]).await;
        assert_eq!(none.status, StatusCode::UNPROCESSABLE_ENTITY, "{from}: {}", none.text);
        assert!(!none.text.contains("他社の文書"));
    }
}
