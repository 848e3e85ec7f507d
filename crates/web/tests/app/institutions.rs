//! Institutions and agreements, both sides, through the router.

use axum::http::StatusCode;
use shirube_identity::role::Role;
use shirube_store::{Event, Files};
use shirube_trail::Origin;

use crate::fixture::{Answer, Browser, Place, SERVICE_FILES, value_of};
use crate::issuing::{BASE, over, place as issuable};

const AGREED: [(&str, &str); 5] =
    [("on", "2026-11-20"), ("by", "港 四郎"), ("with", "院長 湊 太郎"), ("means", "contract"), ("evidence", "覚書")];

/// Two customers of the worked example; an editor writes down what is said to them.
pub async fn two() -> Place {
    let place = Place::new().await;
    place.with_organisation("a").await;
    place.with_person("a", "p-e", "kaku@a", &[Role::Editor]).await;
    place.with_institution("a", "i-minato", "湊クリニック", "s-a").await;
    place
}

pub fn page_of(institution: &str) -> String {
    format!("/o/a/s/s-a/institutions/{institution}")
}

/// Takes a step about items as the page of the institution offers it.
async fn step(editor: &mut Browser<'_>, at: &str, step: &str, items: &[&str], more: &[(&str, &str)]) -> Answer {
    let page = editor.get(at).await;
    let (revision, terms) = (value_of(&page.text, "revision"), value_of(&page.text, "terms"));
    let mut fields = vec![("do", "step"), ("step", step), ("revision", &revision), ("terms", &terms)];
    fields.extend(items.iter().map(|item| ("item", *item)));
    fields.extend(more.iter().filter(|(name, _)| !fields.iter().any(|(known, _)| known == name)).collect::<Vec<_>>());
    editor.post(at, &fields).await
}

async fn agree(editor: &mut Browser<'_>, at: &str, items: &[&str]) {
    for word in ["explained", "agreed"] {
        let done = step(editor, at, word, items, &AGREED).await;
        assert_eq!(done.status, StatusCode::SEE_OTHER, "{word}: {}", done.text);
    }
}

/// The baseline with a text of the assessment replaced, as a revision of its own.
async fn revise(place: &Place, from: &str, to: &str) {
    let files = SERVICE_FILES.map(|(name, text)| (name.to_owned(), text.replace(from, to)));
    let mut change = place.store.begin("a").await.unwrap();
    change.add_revision("s-a", Some(1), &Files::new(files).unwrap()).await.unwrap();
    let event = Event { action: "revision.created".to_owned(), note: "見直し".to_owned() };
    change.commit("p-e", Origin::Console, &place.at(), event).await.unwrap();
}

/// The row of an item with its state.
fn row<'t>(page: &'t str, key: &str) -> &'t str {
    let start = page.find(&format!("value=\"{key}\" aria-label")).unwrap_or_else(|| panic!("no item {key}"));
    page[start..].split("</tr>").next().unwrap()
}

/// PARTY-001: a customer is registered once, with the services it uses; what is wrong is said at once.
#[tokio::test]
async fn an_institution_is_registered_with_its_services() {
    let place = two().await;
    let mut editor = place.signed_in("kaku@a").await;
    let list = "/o/a/institutions";
    let refused = editor.post(list, &[("name", ""), ("kind", "x"), ("service", "s-x")]).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    for said in ["名称を入力", "種類を選んで", "サービスを、一覧から"] {
        assert!(refused.text.contains(said), "{said}: {}", refused.text);
    }
    let twice = editor.post(list, &[("name", "湊クリニック"), ("kind", "clinic")]).await;
    assert!(twice.text.contains("「湊クリニック」はすでに登録されています。"), "{}", twice.text);
    let made = editor.post(list, &[("name", "林薬局"), ("kind", "pharmacy"), ("service", "s-a")]).await;
    assert_eq!(made.status, StatusCode::SEE_OTHER, "{}", made.text);
    let at = made.location().split('?').next().unwrap().to_owned();
    let page = editor.get(&at).await;
    assert!(page.text.contains("林薬局") && page.text.contains("aのカルテ"), "{}", page.text);
    let number = value_of(&page.text, "facts_number");
    let facts = [
        ("do", "facts"),
        ("facts_number", &number),
        ("name", "林調剤薬局"),
        ("kind", "pharmacy"),
        ("contact", "薬局長 林 次郎"),
        ("reach", "内線1"),
        ("represents", "0"),
        ("contact", ""),
        ("reach", ""),
    ];
    assert_eq!(editor.post(&at, &facts).await.status, StatusCode::SEE_OTHER);
    let stale = editor.post(&at, &facts).await;
    assert!(stale.text.contains("ほかの人が同時に記録しました"), "{}", stale.text);
    let found = editor.get("/o/a/institutions?q=調剤").await;
    assert!(found.text.contains("林調剤薬局") && found.text.contains("薬局長 林 次郎"), "{}", found.text);
    assert!(!found.text.contains("湊クリニック"));
    let overview = editor.get("/o/a/s/s-a/institutions").await;
    assert!(overview.text.contains("林調剤薬局") && overview.text.contains("湊クリニック"), "{}", overview.text);
}

/// AGREE-001, AGREE-002, AGREE-008: understanding comes first and is not agreement; each step has person, day, means and
/// evidence; a name that stands for nothing is told.
#[tokio::test]
async fn agreement_goes_step_by_step() {
    let place = two().await;
    let mut editor = place.signed_in("kaku@a").await;
    let at = page_of("i-minato");
    let items = ["request/T-A3-2", "residual/T-A3"];
    for (word, chosen, more, said) in [
        ("agreed", &items[..], &AGREED[..], "「未提示」なので、「合意（明示的合意）」に進めません"),
        ("explained", &items[..], &[("evidence", "")][..], "あとから示せるものの名前"),
        ("explained", &items[..], &[("with", "")][..], "医療機関等の側の人"),
        ("explained", &items[..], &[("on", "2026-11-21")][..], "未来の日付です"),
        ("explained", &items[..], &[("on", "昨日")][..], "日付として読めません"),
        ("explained", &[][..], &[][..], "一つ以上選んで"),
        ("explained", &["residual/T-X"][..], &[][..], "「residual/T-X」は、今の一覧にありません"),
        ("", &items[..], &[][..], "進める段階を選んで"),
    ] {
        let more: Vec<_> = more.iter().chain(&AGREED).copied().collect();
        let refused = step(&mut editor, &at, word, chosen, &more).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{said}: {}", refused.text);
        assert!(refused.text.contains(said), "{said}: {}", refused.text);
    }
    assert_eq!(step(&mut editor, &at, "explained", &items, &AGREED).await.status, StatusCode::SEE_OTHER);
    let page = editor.get(&at).await.text;
    assert!(
        row(&page, items[0]).contains("説明済（共通理解）") && row(&page, items[0]).contains("院長 湊 太郎"),
        "{page}"
    );
    let by_mail: Vec<_> = [("means", "mail")].iter().chain(&AGREED).copied().collect();
    let refused = step(&mut editor, &at, "agreed", &items, &by_mail).await;
    assert!(refused.text.contains("説明済（共通理解）」です（3.2.1）"), "{}", refused.text);
    let older: Vec<_> = [("on", "2026-11-19")].iter().chain(&AGREED).copied().collect();
    let refused = step(&mut editor, &at, "agreed", &items, &older).await;
    assert!(refused.text.contains("より新しい記録（2026-11-20）があります"), "{}", refused.text);
    assert_eq!(step(&mut editor, &at, "agreed", &items, &AGREED).await.status, StatusCode::SEE_OTHER);
    let page = editor.get(&at).await.text;
    assert!(row(&page, items[1]).contains("合意（明示的合意）"), "{page}");
    assert!(!row(&page, "residual/T-A5").contains("合意（明示的合意）"), "{page}");
    let other = editor.get(&page_of("i-a")).await.text;
    assert!(row(&other, items[1]).contains("未提示"), "{other}");
    place.with_person("a", "p-u", "miru@a", &[Role::Auditor]).await;
    let trail = place.signed_in("miru@a").await.get("/o/a/trail").await.text;
    assert!(trail.contains("説明と合意の記録") && trail.contains("医療機関等「湊クリニック」"), "{trail}");
    assert!(place.store.verify_trail("a", &[]).await.unwrap().holds());
}

/// AGREE-009: a residual risk that rises asks those again who agreed to it, with sentences to send, and nobody else.
#[tokio::test]
async fn a_change_asks_again_whom_it_concerns() {
    let place = two().await;
    let mut editor = place.signed_in("kaku@a").await;
    let at = page_of("i-minato");
    agree(&mut editor, &at, &["residual/T-A3", "request/T-A3-1"]).await;
    agree(&mut editor, &page_of("i-a"), &["request/T-A3-1"]).await;
    let again = "/o/a/s/s-a/institutions?show=again";
    assert!(editor.get(again).await.text.contains("当てはまる医療機関等はありません"));
    revise(&place, "見られない。, impact: 5, likelihood: 1,", "見られない。, impact: 5, likelihood: 3,").await;
    let asked = editor.get(again).await.text;
    assert!(asked.contains("湊クリニック") && asked.contains("合意し直す 1件"), "{asked}");
    assert!(!asked.contains("a医院"), "{asked}");
    // AGREE-023: the home page says so.
    let home = editor.get("/o/a/").await.text;
    assert!(home.contains("「aのカルテ」について、合意し直す医療機関等が1件あります。"), "{home}");
    let page = editor.get(&at).await.text;
    assert!(row(&page, "residual/T-A3").contains("再合意要") && page.contains("に上がりました。"), "{page}");
    assert!(row(&page, "request/T-A3-1").contains("合意（明示的合意）"), "{page}");
    let letter = "平素よりクラウド型電子カルテ「みおつくし」をご利用いただき、ありがとうございます。";
    assert!(page.contains(letter), "{page}");
    // It is explained anew before it is agreed to.
    let early = step(&mut editor, &at, "agreed", &["residual/T-A3"], &AGREED).await;
    assert!(early.text.contains("「再合意要」なので"), "{}", early.text);
    agree(&mut editor, &at, &["residual/T-A3"]).await;
    assert!(editor.get(again).await.text.contains("当てはまる医療機関等はありません"));
    let records = place.store.institution_records("a", "i-minato").await.unwrap();
    let steps: Vec<&str> = records
        .iter()
        .filter(|record| record.kind == "step")
        .map(|record| {
            ["reopened", "explained", "agreed"]
                .into_iter()
                .find(|step| record.body.contains(&format!("\"step\":\"{step}\"")))
                .unwrap()
        })
        .collect();
    assert_eq!(steps, ["explained", "agreed", "reopened", "explained", "agreed"]);
}

/// TREAT-019, TREAT-020: a refused request is evaluated for this institution alone, until the evaluation is written or
/// the reply is taken back.
#[tokio::test]
async fn a_refused_request_is_evaluated_for_one_institution_alone() {
    let place = two().await;
    let mut editor = place.signed_in("kaku@a").await;
    let (at, other) = (page_of("i-minato"), page_of("i-a"));
    let before = (editor.get(&other).await.text, editor.get("/o/a/s/s-a/treatments").await.text);
    let pins = |page: &str| (value_of(page, "revision"), value_of(page, "terms"));
    let reply = [("reply", "refused"), ("by", "院長 湊 太郎"), ("on", "2026-11-20"), ("reason", "置く場所がない")];
    let send = async |editor: &mut Browser<'_>, fields: &[(&str, &str)]| {
        let page = editor.get(&at).await.text;
        let (revision, terms) = pins(&page);
        let mut all = vec![("revision", revision.as_str()), ("terms", terms.as_str())];
        all.extend(fields);
        editor.post(&at, &all).await
    };
    let unknown = send(&mut editor, &[&[("do", "reply"), ("request", "T-X-1")][..], &reply].concat()).await;
    assert!(unknown.text.contains("「T-X-1」は、今の基準にありません"), "{}", unknown.text);
    let bare = send(&mut editor, &[("do", "reply"), ("request", "T-A3-2"), ("reply", "refused")]).await;
    assert!(bare.text.contains("誰が、いつ、なぜ"), "{}", bare.text);
    let sent = send(&mut editor, &[&[("do", "reply"), ("request", "T-A3-2")][..], &reply].concat()).await;
    assert_eq!(sent.status, StatusCode::SEE_OTHER, "{}", sent.text);
    let page = editor.get(&at).await.text;
    assert!(page.contains("評価し直す必要がある") && page.contains("置く場所がない"), "{page}");
    let overview = editor.get("/o/a/s/s-a/institutions?show=provisional").await.text;
    assert!(overview.contains("湊クリニック") && !overview.contains("a医院"), "{overview}");
    let residual = [
        ("do", "residual"),
        ("treatment", "T-A3"),
        ("text", "停電の間は診療録を見られない。"),
        ("impact", "5"),
        ("likelihood", "3"),
        ("acceptable", "no"),
        ("by", "港 四郎"),
        ("on", "2026-11-20"),
        ("reason", "電源がない"),
    ];
    let kept = send(&mut editor, &residual).await;
    assert_eq!(kept.status, StatusCode::SEE_OTHER, "{}", kept.text);
    let page = editor.get(&at).await.text;
    assert!(page.contains("この医療機関等の評価") && row(&page, "residual/T-A3").contains("停電の間は"), "{page}");
    let half: Vec<_> = residual.iter().copied().chain([("retained", "停電の間の不便")]).collect();
    assert!(send(&mut editor, &half).await.text.contains("保有するには、承認者と"));
    // Whoever was told that another request is refused as well has to evaluate it again.
    let again = [&[("do", "reply"), ("request", "T-A3-1")][..], &reply].concat();
    assert_eq!(send(&mut editor, &again).await.status, StatusCode::SEE_OTHER);
    assert!(editor.get(&at).await.text.contains("評価し直す必要がある"));
    assert_eq!(
        send(&mut editor, &[("do", "reply"), ("request", "T-A3-1"), ("reply", "none")]).await.status,
        StatusCode::SEE_OTHER
    );
    assert_eq!(send(&mut editor, &residual).await.status, StatusCode::SEE_OTHER);
    // What others see is as it was.
    assert_eq!((editor.get(&other).await.text, editor.get("/o/a/s/s-a/treatments").await.text), before);
    // What would change for all is shown before it becomes the baseline's.
    let promote = format!("{at}/promote");
    let shown = editor.get(&format!("{promote}?treatment=T-A3")).await;
    assert!(shown.text.contains("に上がりました。") && shown.text.contains("合意し直すもの"), "{}", shown.text);
    assert_eq!(editor.get(&format!("{promote}?treatment=T-A4")).await.status, StatusCode::NOT_FOUND);
    let bare = editor.post(&promote, &[("treatment", "T-A3"), ("revision", "1"), ("terms", "1"), ("why", "")]).await;
    for told in ["取り込む理由を入力してください", "この医療機関等だけの違いが変わりました"]
    {
        assert!(bare.text.contains(told), "{told}: {}", bare.text);
    }
    let back = send(&mut editor, &[("do", "baseline"), ("treatment", "T-A3")]).await;
    assert_eq!(back.status, StatusCode::SEE_OTHER, "{}", back.text);
    assert!(editor.get(&at).await.text.contains("評価し直す必要がある"));
    assert_eq!(
        send(&mut editor, &[("do", "reply"), ("request", "T-A3-2"), ("reply", "none")]).await.status,
        StatusCode::SEE_OTHER
    );
    assert!(!editor.get(&at).await.text.contains("評価し直す必要がある"));
    // Two people at once: the second is told.
    let stale = editor
        .post(&at, &[&[("do", "reply"), ("request", "T-A3-2"), ("revision", "1"), ("terms", "2")][..], &reply].concat())
        .await;
    assert!(stale.text.contains("ほかの人が同時に記録しました"), "{}", stale.text);
}

/// AGREE-003, AUTHZ-001: a hospital sees what was issued to it and answers; it cannot tell that another exists.
#[tokio::test]
async fn both_sides_agree_on_what_was_issued() {
    let place = issuable().await;
    place.with_institution("a", "i-minato", "湊クリニック", "s-done").await;
    place.with_institution("a", "i-hayashi", "林薬局", "s-done").await;
    place.with_person("a", "p-rep", "daihyo@a", &[Role::Representative]).await;
    let mut approver = place.signed_in("mitomeru@a").await;
    let mut officer = place.signed_in("kimeru@a").await;
    let issue = [("all", "yes"), ("edition", "第1.0版"), ("reason", "初版")];
    let at = format!("{BASE}/institutions");
    let early = approver.post(&format!("{at}/issue"), &issue).await;
    assert!(early.text.contains("第1版は承認されていません"), "{}", early.text);
    let revision = format!("{BASE}/revisions/1");
    for (browser, word) in [(&mut officer, "check"), (&mut approver, "approve")] {
        assert_eq!(browser.post(&revision, &[("do", word), ("reason", "見た")]).await.status, StatusCode::SEE_OTHER);
    }
    // Two of the three have an account; the third uses another service.
    bind(&place, "p-minato", "minato@a", "i-minato", Role::Representative).await;
    bind(&place, "p-kansa", "kansa@a", "i-minato", Role::InstitutionAuditor).await;
    let mut minato = place.signed_in("minato@a").await;
    assert_eq!(minato.get("/o/a/").await.location(), "/o/a/portal");
    assert!(minato.get("/o/a/portal").await.text.contains("まだ何も届いていません"));
    let begun = approver.post(&format!("{at}/issue"), &issue).await;
    let page = over(&mut approver, &begun).await;
    assert!(page.text.contains("2件の医療機関等に発行しました。"), "{}", page.text);
    let twice = approver.post(&format!("{at}/issue"), &issue).await;
    assert!(twice.text.contains("発行先がありません"), "{}", twice.text);
    let packs = approver.get(&format!("{at}/packs.zip")).await;
    for name in ["湊クリニック/合意事項一覧.pdf", "林薬局/合意事項一覧.xlsx", "一覧.txt"] {
        assert!(has(&packs, name), "{name}");
    }

    // Below the address without a slash, the only service is opened at once.
    let portal = minato.get("/o/a/portal").await.location().to_owned();
    assert_eq!(portal, "/o/a/portal/s-done");
    let seen = minato.get(&portal).await.text;
    assert!(seen.contains("湊クリニック") && !seen.contains("林薬局") && !seen.contains("a医院"), "{seen}");
    let number = value_of(&seen, "issue");
    let item = seen.split("name=\"item\" value=\"").nth(1).unwrap().split('"').next().unwrap().to_owned();
    let answer = async |browser: &mut Browser<'_>, fields: &[(&str, &str)]| {
        let mut all = vec![("do", "answer"), ("issue", number.as_str()), ("item", item.as_str())];
        all.extend(fields);
        browser.post(&portal, &all).await
    };
    let refused = answer(&mut minato, &[("step", "agreed"), ("sure", "yes")]).await;
    assert!(refused.text.contains("「未提示」なので"), "{}", refused.text);
    assert_eq!(answer(&mut minato, &[("step", "explained")]).await.status, StatusCode::SEE_OTHER);
    let unsure = answer(&mut minato, &[("step", "agreed")]).await;
    assert!(unsure.text.contains("「確かめました」に印"), "{}", unsure.text);
    assert_eq!(answer(&mut minato, &[("step", "agreed"), ("sure", "yes")]).await.status, StatusCode::SEE_OTHER);
    let asked = [("do", "ask"), ("issue", number.as_str()), ("about", item.as_str()), ("text", "停電のときは？")];
    assert_eq!(minato.post(&portal, &asked).await.status, StatusCode::SEE_OTHER);
    let received = minato.post(&portal, &[("do", "received"), ("issue", &number)]).await;
    assert_eq!(received.status, StatusCode::SEE_OTHER, "{}", received.text);
    let stale = minato.post(&portal, &[("do", "received"), ("issue", "1")]).await;
    assert!(stale.text.contains("新しい文書が発行されました"), "{}", stale.text);

    // The provider sees the question, answers, and sees who has not confirmed.
    let mut editor = place.signed_in("kaku@a").await;
    let overview = editor.get(&at).await.text;
    assert!(overview.contains("質問 1件") && overview.contains("第1版 受領済"), "{overview}");
    let unconfirmed = editor.get(&format!("{at}?show=unconfirmed")).await.text;
    assert!(unconfirmed.contains("林薬局") && !unconfirmed.contains("湊クリニック"), "{unconfirmed}");
    let one = format!("{at}/i-minato");
    let page = editor.get(&one).await.text;
    let (question, terms) = (value_of(&page, "question"), value_of(&page, "terms"));
    let answered = [
        ("do", "answer"),
        ("question", question.as_str()),
        ("text", "予備の電源で動きます。"),
        ("revision", "1"),
        ("terms", &terms),
    ];
    assert_eq!(editor.post(&one, &answered).await.status, StatusCode::SEE_OTHER);
    let seen = minato.get(&portal).await.text;
    assert!(seen.contains("予備の電源で動きます。") && seen.contains("受け取りの記録"), "{seen}");

    // Auditors of the institution read; nobody of it sees another's.
    let mut auditor = place.signed_in("kansa@a").await;
    let read = auditor.get(&portal).await;
    assert!(read.status == StatusCode::OK && !read.text.contains("name=\"item\""), "{}", read.text);
    assert_eq!(answer(&mut auditor, &[("step", "explained")]).await.status, StatusCode::NOT_FOUND);
    let theirs = place.store.issued_to("a", "i-hayashi").await.unwrap()[0].entry.number;
    for path in [
        format!("{portal}/issued/{theirs}/agreement-items.pdf"),
        format!("{BASE}/issued/{theirs}/agreement-items.pdf"),
        format!("{BASE}/issued/{number}/agreement-items.pdf"),
        at.clone(),
        format!("{at}/i-hayashi"),
        "/o/a/institutions".to_owned(),
        "/o/a/institutions/i-hayashi".to_owned(),
        format!("{BASE}/documents"),
        "/o/a/trail".to_owned(),
        "/o/a/portal/s-a".to_owned(),
    ] {
        assert_eq!(minato.get(&path).await.status, StatusCode::NOT_FOUND, "{path}");
    }
    let own = minato.get(&format!("{portal}/issued/{number}/agreement-items.pdf")).await;
    assert!(own.status == StatusCode::OK && own.bytes.starts_with(b"%PDF"), "{}", own.status);
    let pack = minato.get(&format!("{portal}/pack.zip")).await;
    let mut packed: Vec<String> = text_in(&pack, "一覧.txt").lines().filter_map(digest_in).collect();
    let issued = place.store.issued_to("a", "i-minato").await.unwrap();
    let mut own: Vec<String> = issued.iter().map(|document| document.digest.to_string()).collect();
    let theirs = place.store.issued_to("a", "i-hayashi").await.unwrap();
    packed.sort();
    own.sort();
    assert!(packed == own && theirs.iter().all(|one| !own.contains(&one.digest.to_string())), "{packed:?}");
    // What both sign holds what was agreed and asked, and tells by its digest what it is about.
    let paper = minato.get(&format!("{portal}/confirmation/pdf")).await;
    let text = said_in(&paper.bytes);
    for said in ["合意確認書", "湊クリニック", "合意した事項", "停電のときは", "予備の電源で", "記名押印", "符号"]
    {
        assert!(text.contains(said), "{said}: {text}");
    }
    assert!(!text.contains("林薬局"), "{text}");
    assert_eq!(minato.get(&format!("{portal}/confirmation/xlsx")).await.status, StatusCode::NOT_FOUND);
    let paper = officer.get(&format!("{at}/i-minato/confirmation/docx")).await;
    assert!(paper.status == StatusCode::OK && paper.bytes.starts_with(b"PK"), "{}", paper.status);
    // Whoever stands for the clinic of another service finds nothing here.
    let mut other = place.signed_in("daihyo@a").await;
    assert_eq!(other.get(&portal).await.status, StatusCode::NOT_FOUND);
    assert!(place.store.verify_trail("a", &[]).await.unwrap().holds());
}

/// A person who stands for one institution.
async fn bind(place: &Place, id: &str, sign_in: &str, institution: &str, role: Role) {
    place.with_person("a", id, sign_in, &[]).await;
    let mut change = place.store.begin("a").await.unwrap();
    change.grant_for(id, role.token(), institution, "p-test", &place.at()).await.unwrap();
    place.commit(change, "person.invited").await;
}

/// The text of a PDF, as poppler reads it, without what breaks lines.
fn said_in(pdf: &[u8]) -> String {
    let file = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(file.path(), pdf).unwrap();
    let ran = std::process::Command::new("pdftotext").args(["-layout"]).arg(file.path()).arg("-").output().unwrap();
    assert!(ran.status.success(), "{}", String::from_utf8_lossy(&ran.stderr));
    String::from_utf8_lossy(&ran.stdout).split_whitespace().collect()
}

/// A text of an archive.
fn text_in(archive: &Answer, wanted: &str) -> String {
    shirube_documents::write::unpack(&archive.bytes, |name| name == wanted).unwrap().remove(0).1
}

/// The digest in a line of the index of a pack.
fn digest_in(line: &str) -> Option<String> {
    line.rsplit_once("\tSHA-256 ").map(|(_, digest)| digest.to_owned())
}

/// Whether an archive has an entry of this name: its directory holds names as they are.
fn has(archive: &Answer, name: &str) -> bool {
    archive.bytes.starts_with(b"PK") && archive.bytes.windows(name.len()).any(|part| part == name.as_bytes())
}

/// AUTHZ-003: an administrator lets people of an institution in; they get the one role, and no other beside it.
#[tokio::test]
async fn people_of_an_institution_are_invited_for_it_alone() {
    let place = two().await;
    let mut admin = place.signed_in("admin@a").await;
    let page = admin.get("/o/a/institutions/i-minato").await.text;
    assert!(page.contains("利用者を招待する") && !page.contains("/s/s-a/institutions"), "{page}");
    let at = "/o/a/institutions/i-minato/people";
    let person = [("name", "湊 太郎"), ("sign_in", "minato"), ("mail", "")];
    let refused = admin.post(at, &[&person[..], &[("role", "editor")]].concat()).await;
    assert!(refused.text.contains("役割を選んでください"), "{}", refused.text);
    let made = admin.post(at, &[&person[..], &[("role", "representative")]].concat()).await;
    assert!(made.text.contains("/invitation?token="), "{}", made.text);
    let listed = admin.get("/o/a/institutions/i-minato").await.text;
    assert!(listed.contains("湊　太郎") && listed.contains("招待中"), "{listed}");
    let id = place.store.people_of_institution("a", "i-minato").await.unwrap()[0].person.id.clone();
    let roles = [("do", "roles"), ("role", "representative"), ("role", "reader"), ("reason", "兼ねる")];
    let both = admin.post(&format!("/o/a/people/{id}"), &roles).await;
    assert!(both.text.contains("一人が同時に持てません"), "{}", both.text);
    // What was taken away, or was the wrong role, is given for the same institution; nobody else gets it here.
    for (role, other) in [("institution-auditor", "representative"), ("representative", "institution-auditor")] {
        let roles = [("do", "roles"), ("role", role), ("reason", "役割の変更")];
        assert_eq!(admin.post(&format!("/o/a/people/{id}"), &roles).await.status, StatusCode::SEE_OTHER);
        let people = place.store.people_of_institution("a", "i-minato").await.unwrap();
        assert_eq!(people[0].roles, [role], "not {other}");
    }
    let roles = [("do", "roles"), ("role", "representative"), ("reason", "別の人")];
    let refused = admin.post("/o/a/people/p-e", &roles).await;
    assert_ne!(refused.status, StatusCode::SEE_OTHER, "{}", refused.text);
    assert!(place.store.people_of_institution("a", "i-minato").await.unwrap().len() == 1);
    // The page for the organisation's own people does not offer these roles, and takes none.
    let people = admin.get("/o/a/people").await.text;
    assert!(!people.contains("value=\"representative\""), "{people}");
    let forged = [("name", "林"), ("sign_in", "hayashi"), ("role", "representative")];
    assert!(admin.post("/o/a/people", &forged).await.text.contains("役割を一つ以上"));
}

/// A list of customers as offices keep it: every mistake at once, then what each row does, then all rows or none.
#[tokio::test]
async fn a_customer_list_is_taken_in() {
    let place = two().await;
    let mut editor = place.signed_in("kaku@a").await;
    let send = async |editor: &mut Browser<'_>, name: &str, text: &str| {
        editor.upload_file("/o/a/institutions/import", &[], ("file", name), text.as_bytes()).await
    };
    let wrong = "顧客一覧,,,\n施設名,種別,利用サービス,更新日,備考\n浜辺内科,内科,aのカルテ,2027/4/1,\n,病院,,,\n林薬局,薬局,別のカルテ,来年,\n林薬局,薬局,,,\n新町医院,,,,\n";
    let refused = send(&mut editor, "顧客.csv", wrong).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", refused.text);
    for said in [
        "3行目: 種類「内科」は読めません",
        "4行目: 名称がありません",
        "5行目: サービス「別のカルテ」はありません",
        "5行目: 次に更新する日「来年」は日付として読めません",
        "6行目「林薬局」は、5行目にもあります",
        "7行目「新町医院」: 新しく登録するには、種類が要ります",
        "取り込まない列: 「備考」",
    ] {
        assert!(refused.text.contains(said), "{said}: {}", refused.text);
    }
    assert!(!refused.text.contains("この内容で取り込む"));
    for (name, text, said) in [
        ("空.csv", "", "空"),
        ("別.csv", "番号,住所\n1,港町\n", "「名称」の見出しのある表が見つかりません"),
        ("見出し.csv", "名称,種類\n", "見出しの下に行がありません"),
    ] {
        let refused = send(&mut editor, name, text).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{name}");
        assert!(refused.text.contains(said), "{name}: {}", refused.text);
    }
    let list = "名称,種類,担当者,電話,サービス,使い方,契約更新日\n浜辺内科,クリニック,事務長 浜辺 七海,内線2,aのカルテ,クラウド,令和9年4月1日\n湊クリニック,,院長 湊 太郎,,aのカルテ,,2027-04-01\n";
    let shown = send(&mut editor, "顧客.csv", list).await;
    assert_eq!(shown.status, StatusCode::OK, "{}", shown.text);
    assert!(shown.text.contains("新しく登録") && shown.text.contains("名簿の内容、契約"), "{}", shown.text);
    let book = value_of(&shown.text, "book").replace("&#34;", "\"").replace("&quot;", "\"");
    let saved = editor.post("/o/a/institutions/import/save", &[("book", &book)]).await;
    assert!(saved.location().ends_with("done=2"), "{}: {}", saved.location(), saved.text);
    let overview = editor.get("/o/a/s/s-a/institutions").await.text;
    assert!(overview.contains("浜辺内科") && overview.contains("2027年4月1日"), "{overview}");
    let again = send(&mut editor, "顧客.csv", list).await;
    assert!(
        again.text.contains("変わらない <b>2</b>件") && !again.text.contains("この内容で取り込む"),
        "{}",
        again.text
    );
    assert!(place.store.verify_trail("a", &[]).await.unwrap().holds());
}

/// What is kept about institutions goes out as files of a folder and comes back: the same changes nothing, what was
/// written behind is taken over, and what was rewritten is refused.
#[tokio::test]
async fn institutions_go_out_as_files_and_come_back() {
    let place = two().await;
    let mut editor = place.signed_in("kaku@a").await;
    agree(&mut editor, &page_of("i-minato"), &["request/T-A3-1"]).await;
    let out = editor.get("/o/a/s/s-a/institutions/files.zip").await;
    assert!(has(&out, "institutions/湊クリニック.yaml") && has(&out, "institutions/a医院.yaml"), "{}", out.status);
    let files = "/o/a/s/s-a/institutions/files";
    let same = editor.upload(files, &[], &out.bytes).await;
    assert!(same.text.contains("今の内容と同じです（変更0件）"), "{}", same.text);
    let text = shirube_documents::write::unpack(&out.bytes, |name| name.contains("湊")).unwrap().remove(0).1;
    let pack = |text: &str| {
        shirube_documents::write::archive([("私のフォルダ/institutions/湊.yaml", text.as_bytes())]).unwrap()
    };
    let rewritten = editor.upload(files, &[], &pack(&text.replace("院長 湊 太郎", "院長 別 太郎"))).await;
    assert!(rewritten.text.contains("institutions/湊.yaml: 記録が、サーバの記録と食い違います"), "{}", rewritten.text);
    let broken = editor.upload(files, &[], &pack("institution: { name: 湊, kind: x }\n")).await;
    assert!(
        broken.text.contains("institutions/湊.yaml") && broken.text.contains("何も取り込んでいません"),
        "{}",
        broken.text
    );
    let huge = editor.upload(files, &[], &vec![0; 17 * 1024 * 1024]).await;
    assert!(huge.text.contains("（上限16MB）") && huge.text.contains("何も変更していません"), "{}", huge.text);
    let more = format!(
        "{text}- step: explained\n  items: [residual/]\n  on: 2026-11-20\n  by: 港\n  with: 院長\n  means: meeting\n  evidence: [議事メモ]\n"
    );
    let taken = editor.upload(files, &[], &pack(&more)).await;
    assert_eq!(taken.status, StatusCode::SEE_OTHER, "{}\n{more}", taken.text);
    let page = editor.get(&page_of("i-minato")).await.text;
    assert!(row(&page, "residual/T-A3").contains("説明済（共通理解）"), "{page}");
    assert!(row(&page, "request/T-A3-1").contains("合意（明示的合意）"), "{page}");
    assert!(place.store.verify_trail("a", &[]).await.unwrap().holds());
}

/// AUTHZ-002: the portal knows nothing of what was not issued, whatever was recorded about it meanwhile, and an answer to
/// older documents undoes nothing that was settled since.
#[tokio::test]
async fn the_portal_knows_only_what_was_issued() {
    let place = issuable().await;
    place.with_institution("a", "i-minato", "湊クリニック", "s-done").await;
    let mut approver = place.signed_in("mitomeru@a").await;
    let mut officer = place.signed_in("kimeru@a").await;
    let revision = format!("{BASE}/revisions/1");
    for (browser, word) in [(&mut officer, "check"), (&mut approver, "approve")] {
        assert_eq!(browser.post(&revision, &[("do", word), ("reason", "見た")]).await.status, StatusCode::SEE_OTHER);
    }
    let issue = [("institution", "i-minato"), ("edition", "第1.0版"), ("reason", "初版")];
    let begun = approver.post(&format!("{BASE}/institutions/issue"), &issue).await;
    over(&mut approver, &begun).await;
    // A draft in which a place has another name, explained to the clinic.
    let files = place.store.files("a", "s-done", 1).await.unwrap();
    let drafted =
        files.iter().map(|(name, text)| (name.to_owned(), text.replace("name: 拠点,", "name: 秘密の新拠点,")));
    let mut change = place.store.begin("a").await.unwrap();
    change.add_revision("s-done", Some(1), &Files::new(drafted).unwrap()).await.unwrap();
    let event = Event { action: "revision.created".to_owned(), note: String::new() };
    change.commit("p-e", Origin::Console, &place.at(), event).await.unwrap();
    let mut editor = place.signed_in("kaku@a").await;
    let one = format!("{BASE}/institutions/i-minato");
    let page = editor.get(&one).await.text;
    assert!(page.contains("秘密の新拠点"), "{page}");
    let key = "location/拠点";
    agree(&mut editor, &one, &[key]).await;
    bind(&place, "p-minato", "minato@a", "i-minato", Role::Representative).await;
    let mut minato = place.signed_in("minato@a").await;
    let portal = "/o/a/portal/s-done";
    let seen = minato.get(portal).await.text;
    assert!(!seen.contains("秘密"), "{seen}");
    assert!(row(&seen, key).contains("合意（明示的合意）"), "{seen}");
    let number = value_of(&seen, "issue");
    let back = [("do", "answer"), ("issue", number.as_str()), ("item", key), ("step", "explained")];
    let refused = minato.post(portal, &back).await;
    assert!(
        refused.text.contains("この画面より新しい内容についての記録があります") && !refused.text.contains("秘密"),
        "{}",
        refused.text
    );
    // What was agreed about something newer is not agreed here.
    let paper = minato.get(&format!("{portal}/confirmation/pdf")).await;
    let text = said_in(&paper.bytes);
    assert!(text.contains("この書面に含みません") && !text.contains("秘密"), "{text}");
    assert!(text.contains("合意した事項の記録がまだありません。"), "{text}");
    // What was made for one institution is handed out nowhere else.
    let general = format!("{BASE}/issued/{number}/agreement-items.pdf");
    assert_eq!(approver.get(&general).await.status, StatusCode::NOT_FOUND);
    let long = "長".repeat(4001);
    let asked = [("do", "ask"), ("issue", number.as_str()), ("text", long.as_str())];
    assert!(minato.post(portal, &asked).await.text.contains("4000文字まで"));
}

/// AGREE-007: what was evaluated for one institution becomes the baseline's, and asks those again who agreed to the other.
#[tokio::test]
async fn an_evaluation_becomes_the_baselines() {
    let place = two().await;
    let mut editor = place.signed_in("kaku@a").await;
    let (at, other) = (page_of("i-minato"), page_of("i-a"));
    agree(&mut editor, &other, &["residual/T-A3"]).await;
    let terms = value_of(&editor.get(&at).await.text, "terms");
    let reply = [
        ("do", "reply"),
        ("revision", "1"),
        ("terms", &terms),
        ("request", "T-A3-2"),
        ("reply", "refused"),
        ("by", "院長 湊 太郎"),
        ("on", "2026-11-20"),
        ("reason", "置く場所がない"),
    ];
    assert_eq!(editor.post(&at, &reply).await.status, StatusCode::SEE_OTHER);
    let terms = value_of(&editor.get(&at).await.text, "terms");
    let own = [
        ("do", "residual"),
        ("revision", "1"),
        ("terms", &terms),
        ("treatment", "T-A3"),
        ("text", "停電の間は診療録を見られない。"),
        ("impact", "5"),
        ("likelihood", "3"),
        ("acceptable", "no"),
        ("by", "港 四郎"),
        ("on", "2026-11-20"),
        ("reason", "電源がない"),
    ];
    assert_eq!(editor.post(&at, &own).await.status, StatusCode::SEE_OTHER);
    let promote = format!("{at}/promote");
    let terms = value_of(&editor.get(&format!("{promote}?treatment=T-A3")).await.text, "terms");
    let promoted = editor
        .post(&promote, &[("treatment", "T-A3"), ("revision", "1"), ("terms", &terms), ("why", "どこも同じなので")])
        .await;
    assert_eq!(promoted.status, StatusCode::SEE_OTHER, "{}", promoted.text);
    let page = editor.get(&at).await.text;
    assert!(page.contains("第2版") && row(&page, "residual/T-A3").contains("停電の間は"), "{page}");
    assert!(!page.contains("この医療機関等の評価") && !page.contains("評価し直す必要がある"), "{page}");
    // Everything else of the baseline is as it was, and the request is refused in it.
    let kept = place.store.files("a", "s-a", 2).await.unwrap().get("assessment.yaml").unwrap().to_owned();
    for text in ["紙による受付の手順を決めておいて", "アプリケーションサーバを二重化し"]
    {
        assert!(SERVICE_FILES[2].1.contains(text) && kept.contains(text), "{text}");
    }
    assert_eq!(kept.matches("あおば").count(), SERVICE_FILES[2].1.matches("あおば").count());
    assert!(kept.contains("refused"), "{kept}");
    let asked = editor.get("/o/a/s/s-a/institutions?show=again").await.text;
    assert!(asked.contains("a医院") && !asked.contains("湊クリニック"), "{asked}");
}
