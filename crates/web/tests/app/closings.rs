//! The contract of one institution, its end, and what is its own, through the router.

use axum::http::StatusCode;

use crate::fixture::value_of;
use crate::institutions::{page_of, two};

/// LIFE-002, LIFE-007: phases and what is settled for the end come in as a file, go out the same, and are not lost where the
/// form of the contract knows nothing of them.
#[tokio::test]
async fn phases_and_the_end_of_a_contract_come_and_go_as_files() {
    let place = two().await;
    let mut editor = place.signed_in("kaku@a").await;
    let files = "/o/a/s/s-a/institutions/files";
    let settled = "contract:
  ends_on: 2027-03-31
  phases: [{ phase: operation, what: 本番の運用, from: 2026-04-21 }]
closing:
  return: { wanted: no }
  erasure: { method: 上書き }
  kept: []
";
    let text = format!("institution: {{ name: 湊クリニック, kind: clinic }}\n{settled}");
    let pack = |text: &str| shirube_documents::write::archive([("institutions/湊.yaml", text.as_bytes())]).unwrap();
    let taken = editor.upload(files, &[], &pack(&text)).await;
    assert_eq!(taken.status, StatusCode::SEE_OTHER, "{}", taken.text);
    let page = editor.get(&page_of("i-minato")).await;
    let (revision, terms) = (value_of(&page.text, "revision"), value_of(&page.text, "terms"));
    let fields = [
        ("do", "contract"),
        ("revision", &revision),
        ("terms", &terms),
        ("document", "契約書 第12号"),
        ("ends_on", "2027-04-30"),
    ];
    let saved = editor.post(&page_of("i-minato"), &fields).await;
    assert_eq!(saved.status, StatusCode::SEE_OTHER, "{}", saved.text);
    let out = editor.get("/o/a/s/s-a/institutions/files.zip").await;
    let unpacked = shirube_documents::write::unpack(&out.bytes, |name| name.contains("湊")).unwrap().remove(0).1;
    for kept in ["契約書 第12号", "2027-04-30", "本番の運用", "上書き", "kept: []"] {
        assert!(unpacked.contains(kept), "{kept}: {unpacked}");
    }
    let same = editor.upload(files, &[], &pack(&unpacked)).await;
    assert!(same.text.contains("今の内容と同じです（変更0件）"), "{}", same.text);
    let closed = unpacked.replace("closing:\n", "closing:\n  closed: { by: 港, on: 2027-05-01, reason: 終了 }\n");
    let refused = editor.upload(files, &[], &pack(&closed)).await;
    assert!(refused.text.contains("行ったことを示すもの（proof）がありません"), "{}", refused.text);
}

/// LIFE-001, LIFE-002, LIFE-006, LIFE-007: phases and the end of a contract by forms, an end without proof is refused, and
/// the papers come as one archive.
#[tokio::test]
async fn a_contract_is_ended_by_forms() {
    let place = two().await;
    let mut editor = place.signed_in("kaku@a").await;
    let (at, phases) = (page_of("i-minato"), format!("{}/phases", page_of("i-minato")));
    let page = editor.get(&phases).await;
    for said in
        ["開発フェーズ", "危機管理対応時", "契約前（契約の始まる日が未記載）", "取決めは、まだ書かれていません。"]
    {
        assert!(page.text.contains(said), "{said}: {}", page.text);
    }
    let early = editor.get(&format!("{at}/closing.zip")).await;
    assert_eq!(early.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", early.text);
    let contract = format!("{at}/record?at=contract");
    let terms = value_of(&editor.get(&contract).await.text, "~terms");
    let wrong = [
        ("~terms", terms.as_str()),
        ("ends_on", "昨日"),
        ("phases/~0/phase", "operation"),
        ("phases/~0/what", "本番の運用"),
        ("phases/~0/from", "2026-04-21"),
    ];
    let refused = editor.post(&contract, &wrong).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", refused.text);
    assert!(refused.text.contains("「昨日」は日付として読めません"), "{}", refused.text);
    let mut right = wrong;
    right[1] = ("ends_on", "令和9年3月31日");
    let saved = editor.post(&contract, &right).await;
    assert_eq!(saved.status, StatusCode::SEE_OTHER, "{}", saved.text);
    let stale = editor.post(&contract, &right).await;
    assert!(stale.text.contains("ほかの人が同時に記録しました"), "{}", stale.text);
    let closing = format!("{at}/record?at=closing");
    let terms = value_of(&editor.get(&closing).await.text, "~terms");
    let settled = [("~terms", terms.as_str()), ("return/wanted", "no"), ("erasure/method", "上書き3回")];
    let ended =
        [&settled[..], &[("closed/~asked", "1"), ("closed/~decide", "on"), ("closed/reason", "契約の終了")]].concat();
    let refused = editor.post(&closing, &ended).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "an end without proof: {}", refused.text);
    assert!(refused.text.contains("行ったことを示すもの"), "{}", refused.text);
    // What was ticked is still ticked beside a mistake.
    let none = "name=\"~none-kept\" value=\"on\" checked";
    assert!(!refused.text.contains(none), "{}", refused.text);
    let refused = editor.post(&closing, &[&ended[..], &[("~none-kept", "on")]].concat()).await;
    assert!(refused.status == StatusCode::UNPROCESSABLE_ENTITY && refused.text.contains(none), "{}", refused.text);
    let saved = editor.post(&closing, &settled).await;
    assert_eq!(saved.status, StatusCode::SEE_OTHER, "{}", saved.text);
    let terms = value_of(&editor.get(&closing).await.text, "~terms");
    let gone = editor.post(&closing, &[("~terms", terms.as_str()), ("~do", "remove")]).await;
    assert_eq!(gone.status, StatusCode::UNPROCESSABLE_ENTITY, "what was settled is not thrown away: {}", gone.text);
    let out = editor.get("/o/a/s/s-a/institutions/files.zip").await;
    let file = shirube_documents::write::unpack(&out.bytes, |name| name.contains("湊")).unwrap().remove(0).1;
    assert!(!file.contains("kept"), "nobody said that nothing is kept: {file}");
    let page = editor.get(&phases).await;
    for said in ["2027-03-31", "進行中", "上書き3回", "まだ行っていないもの"] {
        assert!(page.text.contains(said), "{said}: {}", page.text);
    }
    let pack = editor.get(&format!("{at}/closing.zip")).await;
    assert_eq!(pack.status, StatusCode::OK, "{}", pack.text);
    let index = shirube_documents::write::unpack(&pack.bytes, |name| name == "一覧.txt").unwrap().remove(0).1;
    for said in ["契約終了時の取決め書.pdf", "返却・消去等の実施報告書.docx", "SHA-256"] {
        assert!(index.contains(said), "{said}: {index}");
    }
    let other = editor.get(&format!("{}/phases", page_of("i-a"))).await;
    assert!(!other.text.contains("上書き3回"), "{}", other.text);
    assert!(place.store.verify_trail("a", &[]).await.unwrap().holds());
}

/// An answer and a promise of one institution alone are written by forms, and go again.
#[tokio::test]
async fn what_is_an_institutions_own_is_written_by_forms() {
    let place = two().await;
    let mut editor = place.signed_in("kaku@a").await;
    let at = page_of("i-minato");
    let (answers, sla) = (format!("{at}/record?at=overlay/answers"), format!("{at}/record?at=overlay/sla"));
    let terms = value_of(&editor.get(&answers).await.text, "~terms");
    let own = [
        ("~terms", terms.as_str()),
        ("control", "3.4①-14"),
        ("status", "planned"),
        ("how", "湊クリニックでは別の装置を使う。"),
        ("due", "2027-01-31"),
        ("decided/reason", "院内の事情による。"),
    ];
    let mut unknown = own;
    unknown[1] = ("control", "3.9①-99");
    let refused = editor.post(&answers, &unknown).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", refused.text);
    assert!(refused.text.contains("「3.9①-99」は、別紙2の対策項目にも"), "{}", refused.text);
    let saved = editor.post(&answers, &own).await;
    assert_eq!(saved.status, StatusCode::SEE_OTHER, "{}", saved.text);
    let terms = value_of(&editor.get(&answers).await.text, "~terms");
    let mut twice = own;
    (twice[0], twice[1]) = (("~terms", terms.as_str()), ("control", "3.4-1-14"));
    let refused = editor.post(&answers, &twice).await;
    assert!(refused.text.contains("この医療機関等だけの答えが二つあります"), "{}", refused.text);
    let page = editor.get(&at).await.text;
    assert!(page.contains("record?at=overlay/answers&amp;place=0\">3.4①-14</a> 対応予定"), "{page}");
    let out = editor.get("/o/a/s/s-a/institutions/files.zip").await;
    let file = shirube_documents::write::unpack(&out.bytes, |name| name.contains("湊")).unwrap().remove(0).1;
    assert!(file.contains("別の装置を使う"), "{file}");
    let terms = value_of(&editor.get(&sla).await.text, "~terms");
    let empty = editor.post(&sla, &[("~terms", terms.as_str())]).await;
    assert_eq!(empty.status, StatusCode::SEE_OTHER, "{}", empty.text);
    let out = editor.get("/o/a/s/s-a/institutions/files.zip").await;
    let file = shirube_documents::write::unpack(&out.bytes, |name| name.contains("湊")).unwrap().remove(0).1;
    assert!(!file.contains("sla:"), "a form that nobody filled in promises nothing: {file}");
    let terms = value_of(&editor.get(&sla).await.text, "~terms");
    let saved = editor.post(&sla, &[("~terms", terms.as_str()), ("return_days", "45")]).await;
    assert_eq!(saved.status, StatusCode::SEE_OTHER, "{}", saved.text);
    assert!(editor.get(&at).await.text.contains("契約の終了から45日以内に返却する"));
    assert!(!editor.get(&page_of("i-a")).await.text.contains("契約の終了から45日以内"));
    let first = format!("{answers}&place=0");
    let terms = value_of(&editor.get(&first).await.text, "~terms");
    let gone = editor.post(&first, &[("~terms", terms.as_str()), ("~do", "remove")]).await;
    assert_eq!(gone.status, StatusCode::SEE_OTHER, "{}", gone.text);
    assert!(!editor.get(&at).await.text.contains("place=0"));
    let nothing = editor.get(&first).await;
    assert_eq!(nothing.status, StatusCode::NOT_FOUND);
}

/// LIFE-006, AGREE-023: an institution whose contract has ended and is closed is asked for nothing and gets no documents
/// with the others; its records stay.
#[tokio::test]
async fn whoever_left_is_asked_for_nothing() {
    let place = two().await;
    let mut editor = place.signed_in("kaku@a").await;
    let ended = "institution: { name: 湊クリニック, kind: clinic }
contract: { ends_on: 2026-10-31 }
closing:
  agreed: { on: 2026-10-01, by: 港 四郎, with: 湊 太郎 }
  return: { wanted: no }
  migration: { wanted: no }
  cost: 無償
  erasure:
    range: 本番の基盤にある情報のすべて
    programs: なし
    method: 上書き3回
    due: 2026-11-10
    report: 消去から10日以内に証明書を渡す
    done_on: 2026-11-08
    by: 標 一郎
    reported_on: 2026-11-12
  backups: { method: 世代の入れ替わり, due: 2026-11-12, done_on: 2026-11-12 }
  accounts: { due: 2026-10-31, done_on: 2026-10-31 }
  kept: []
  proof: [消去証明書]
  closed: { by: 港 四郎, on: 2026-11-15, reason: 取り決めたことをすべて行った }
";
    let archive = shirube_documents::write::archive([("institutions/湊.yaml", ended.as_bytes())]).unwrap();
    let taken = editor.upload("/o/a/s/s-a/institutions/files", &[], &archive).await;
    assert_eq!(taken.status, StatusCode::SEE_OTHER, "{}", taken.text);
    let overview = editor.get("/o/a/s/s-a/institutions").await.text;
    assert!(!overview.contains("湊クリニック") && overview.contains("a医院"), "{overview}");
    let over = editor.get("/o/a/s/s-a/institutions?show=over").await.text;
    assert!(over.contains("湊クリニック") && over.contains("契約終了") && !over.contains("a医院"), "{over}");
}
