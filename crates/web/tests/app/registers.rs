//! Registers of operation through the router: entries, steps with their approvals, duties with their days, history.

use axum::http::StatusCode;
use shirube_identity::role::Role;
use shirube_store::{NewRegisterRecord, WantedItems};

use crate::fixture::{Answer, Browser, Place};

const MEDIA: &str = "/o/a/s/s-a/registers/media";

/// An organisation with an editor, an approver, an auditor and a reader, and a neighbour.
async fn office() -> Place {
    let place = Place::new().await;
    for id in ["a", "b"] {
        place.with_organisation(id).await;
        place.with_person(id, &format!("p-{id}"), &format!("kaku@{id}"), &[Role::Editor]).await;
    }
    place.with_person("a", "p-app", "mitomeru@a", &[Role::Approver]).await;
    place.with_person("a", "p-aud", "miru@a", &[Role::Auditor]).await;
    place.with_person("a", "p-rea", "yomu@a", &[Role::Reader]).await;
    place
}

/// What the form of a medium says.
fn tape<'a>(label: &'a str, keeper: &'a str) -> Vec<(&'a str, &'a str)> {
    vec![
        ("v-label", label),
        ("v-kind", "磁気テープ"),
        ("v-holds", "患者情報等"),
        ("v-confidentiality", "医療情報・持出し禁止"),
        ("v-place", "遠隔地"),
        ("v-keeper", keeper),
        ("v-started_on", "2026-10-31"),
        ("v-ends_on", "令和11年10月31日"),
    ]
}

async fn put(browser: &mut Browser<'_>, label: &str, keeper: &str) -> Answer {
    browser.post(&format!("{MEDIA}/new"), &tape(label, keeper)).await
}

/// Writes a record past the forms.
async fn brought_in(place: &Place, record: NewRegisterRecord) {
    let mut change = place.store.begin("a").await.unwrap();
    change.write_registers("s-a", &[record]).await.unwrap();
    let event = shirube_store::Event { action: "register.written".into(), note: String::new() };
    change.commit("p-a", shirube_trail::Origin::System, &place.at(), event).await.unwrap();
}

fn at(label: &str) -> String {
    format!("{MEDIA}/e/{label}")
}

/// Sends a form about an entry as it is now.
async fn to_entry(browser: &mut Browser<'_>, label: &str, way: &str, fields: &[(&str, &str)]) -> Answer {
    let item = browser.place.store.register_item("a", "s-a", "media", label).await.unwrap();
    let number = item.number.to_string();
    let all: Vec<(&str, &str)> = fields.iter().copied().chain([("number", number.as_str())]).collect();
    browser.post(&format!("{}{way}", at(label)), &all).await
}

fn seen(answer: &Answer, texts: &[&str]) {
    for text in texts {
        assert!(answer.text.contains(text), "{text}: {}", answer.text);
    }
}

/// OPS-001, OPS-002, OPS-005, OPS-077: a medium is written down, checked month after month and moved on by people who may,
/// and everything that was ever written stays.
#[tokio::test]
async fn a_medium_is_kept_from_its_first_day_to_its_last() {
    let place = office().await;
    let mut editor = place.signed_in("kaku@a").await;
    seen(&editor.get("/o/a/s/s-a/registers").await, &["媒体管理台帳", "廃棄・消去の記録", "まだなし"]);
    seen(&editor.get(MEDIA).await, &["まだ何も書かれていません", "棚卸", "1.5②-1"]);

    let made = put(&mut editor, "M-1", "港 一郎").await;
    assert_eq!(made.status, StatusCode::SEE_OTHER, "{}", made.text);
    assert_eq!(made.location(), format!("{}?done=made", at("M-1")));
    let page = editor.get(&at("M-1")).await;
    // Monthly, from the first day on; the end of October is followed by that of November.
    seen(&page, &["使用中", "2026-11-30", "2029-10-31", "港 一郎", "書き始めた"]);
    let own = format!("action=\"{}\"", at("M-1"));
    assert!(page.text.matches(&own).count() >= 3, "two duties and the values go to the entry: {}", page.text);
    seen(&editor.get(MEDIA).await, &["M-1", "磁気テープ", "全部で1件", "2026-11-30"]);

    let done =
        [("do", "duty"), ("duty", "condition"), ("on", "2026-11-20"), ("outcome", "done"), ("remark", "全部読めた")];
    let done = to_entry(&mut editor, "M-1", "", &done).await;
    assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.text);
    seen(&editor.get(&at("M-1")).await, &["2026-12-31", "全部読めた"]);

    let mut moved = tape("M-1", "港 一郎");
    moved.retain(|(name, _)| *name != "v-place");
    moved.extend([("v-place", "対象事業者DC"), ("do", "write")]);
    let moved = to_entry(&mut editor, "M-1", "", &moved).await;
    assert_eq!(moved.status, StatusCode::SEE_OTHER, "{}", moved.text);
    seen(&editor.get(&at("M-1")).await, &["<del>遠隔地</del> → 対象事業者DC", "書き直した"]);
    assert!(place.store.verify_trail("a", &[]).await.unwrap().holds());
}

/// OPS-010, AUTHZ-006: a step that needs an approval is taken by whoever may approve, not by whoever it is about, and not
/// before what it needs is written.
#[tokio::test]
async fn an_approval_is_given_by_another_person_who_may() {
    let place = office().await;
    let mut editor = place.signed_in("kaku@a").await;
    put(&mut editor, "M-1", "mitomeru@aさん").await;
    put(&mut editor, "M-2", "港 一郎").await;
    let lost = [("do", "step"), ("step", "lose"), ("on", "2026-11-19")];
    let refused = to_entry(&mut editor, "M-1", "", &lost).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    seen(&refused, &["先に、「紛失・盗難の記録」を書いてください。"]);

    let mut incident = tape("M-1", "mitomeru@aさん");
    incident.extend([("v-incident", "I-9"), ("do", "write")]);
    let refused = to_entry(&mut editor, "M-1", "", &incident).await;
    seen(&refused, &["「I-9」は、「", "」にありません。"]);

    // The records of disposal have to be there first.
    let disposal = NewRegisterRecord {
        register: "disposal".into(),
        item: "D-1".into(),
        state: "requested".into(),
        day: "2026-11-19".into(),
        body: "{\"values\":{}}".into(),
        ..NewRegisterRecord::default()
    };
    brought_in(&place, disposal).await;
    for (label, keeper) in [("M-1", "mitomeru@aさん"), ("M-2", "港 一郎")] {
        let mut disposed = tape(label, keeper);
        disposed.extend([("v-disposed_on", "2026-11-19"), ("v-disposal", "D-1"), ("do", "write")]);
        let saved = to_entry(&mut editor, label, "", &disposed).await;
        assert_eq!(saved.status, StatusCode::SEE_OTHER, "{}", saved.text);
    }
    let dispose = [("do", "step"), ("step", "dispose"), ("on", "2026-11-20")];
    seen(&editor.get(&at("M-2")).await, &["承認する役割の人が行います"]);
    let refused = to_entry(&mut editor, "M-2", "", &dispose).await;
    seen(&refused, &["いまの状態からは行えない手続です。"]);
    let refused = to_entry(&mut editor, "M-2", "/approve", &dispose).await;
    assert_eq!(refused.status, StatusCode::NOT_FOUND, "{}", refused.text);

    let mut approver = place.signed_in("mitomeru@a").await;
    let refused = to_entry(&mut approver, "M-1", "/approve", &dispose).await;
    seen(&refused, &["「管理する者」の人とは別の人が行います。"]);
    let taken = to_entry(&mut approver, "M-2", "/approve", &dispose).await;
    assert_eq!(taken.status, StatusCode::SEE_OTHER, "{}", taken.text);
    let page = approver.get(&at("M-2")).await;
    seen(&page, &["廃棄済み", "mitomeru@aさん"]);
    assert!(!page.text.contains("2026-11-30"), "what is disposed of is checked no longer: {}", page.text);
    let open = approver.get(MEDIA).await;
    assert!(open.text.contains("M-1") && !open.text.contains("/e/M-2"), "{}", open.text);
    seen(&approver.get(&format!("{MEDIA}?state=disposed")).await, &["/e/M-2"]);
    let later =
        to_entry(&mut approver, "M-1", "/approve", &[("do", "step"), ("step", "dispose"), ("on", "2026-12-01")]).await;
    assert_eq!(later.status, StatusCode::UNPROCESSABLE_ENTITY);
}

/// What an entry refers to is found in its own register too, and in whatever state it is.
#[tokio::test]
async fn entries_refer_to_others_in_any_state() {
    let place = office().await;
    let mut editor = place.signed_in("kaku@a").await;
    put(&mut editor, "M-1", "港 一郎").await;
    put(&mut editor, "M-2", "港 一郎").await;
    let disposal = NewRegisterRecord {
        register: "disposal".into(),
        item: "D-1".into(),
        state: "approved".into(),
        day: "2026-11-19".into(),
        body: "{\"values\":{}}".into(),
        ..NewRegisterRecord::default()
    };
    brought_in(&place, disposal).await;
    let mut copied = tape("M-1", "港 一郎");
    copied.extend([("v-copied_to", "M-2"), ("v-disposal", "D-1"), ("do", "write")]);
    let saved = to_entry(&mut editor, "M-1", "", &copied).await;
    assert_eq!(saved.status, StatusCode::SEE_OTHER, "{}", saved.text);
    let copy = to_entry(&mut editor, "M-1", "", &[("do", "step"), ("step", "copy"), ("on", "2026-11-20")]).await;
    assert_eq!(copy.status, StatusCode::SEE_OTHER, "{}", copy.text);
    // What came with a file in another state than the first says so, and goes on from there.
    seen(&editor.get("/o/a/s/s-a/registers/disposal/e/D-1").await, &["ファイルから取り込んだ記録です"]);
    let refused = put(&mut editor, "2026/001", "港 一郎").await;
    seen(&refused, &["「2026/001」は、記録を見分ける番号に使えません"]);
}

/// Every mistake of a form comes at once, at its field, and nothing that was typed is lost.
#[tokio::test]
async fn mistakes_come_at_once_and_nothing_typed_is_lost() {
    let place = office().await;
    let mut editor = place.signed_in("kaku@a").await;
    let typed = [
        ("v-label", "M-1"),
        ("v-kind", "石板"),
        ("v-holds", "患者情報等"),
        ("v-place", "どこか"),
        ("v-keeper", "港 一郎"),
        ("v-started_on", "昨日"),
    ];
    let refused = editor.post(&format!("{MEDIA}/new"), &typed).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    seen(
        &refused,
        &[
            "「種類」: 「石板」は選べません。",
            "「機密の表示」を入力してください。",
            "「使用開始日」: ",
            "「どこか」は、モデルの場所にありません。",
            "value=\"港 一郎\"",
            "value=\"昨日\"",
        ],
    );
    put(&mut editor, "M-1", "港 一郎").await;
    let again = put(&mut editor, "M-1", "岬 花子").await;
    assert_eq!(again.status, StatusCode::UNPROCESSABLE_ENTITY);
    seen(&again, &["「管理番号」の「M-1」は、"]);
    let stale = editor.post(&at("M-1"), &[("number", "7"), ("do", "duty"), ("duty", "condition")]).await;
    seen(&stale, &["ほかの人が「M-1」の記録を書きました"]);
    let mut late = tape("M-1", "岬 花子");
    late.extend([("number", "7"), ("do", "write"), ("hold", "yes")]);
    let late = editor.post(&at("M-1"), &late).await;
    seen(&late, &["ほかの人が「M-1」の記録を書きました", "value=\"岬 花子\"", "name=\"hold\" value=\"yes\" checked"]);
    let tomorrow = [("do", "duty"), ("duty", "condition"), ("on", "2026-11-21")];
    seen(&to_entry(&mut editor, "M-1", "", &tomorrow).await, &["今日より後です"]);
    let head = place.store.head("a").await.unwrap();
    let same = to_entry(&mut editor, "M-1", "", &[&tape("M-1", "港 一郎")[..], &[("do", "write")]].concat()).await;
    seen(&same, &["何も変わっていません。"]);
    assert_eq!(place.store.head("a").await.unwrap(), head);
}

/// OPS-003, OPS-077: what is done for a register as a whole has its own day, and the next one follows where it was agreed.
#[tokio::test]
async fn a_duty_of_a_whole_register_is_recorded() {
    let place = office().await;
    let mut editor = place.signed_in("kaku@a").await;
    seen(&editor.get(MEDIA).await, &["周期をまだ決めていません"]);
    let done =
        [("duty", "stocktaking"), ("on", "2026-11-18"), ("outcome", "findings"), ("remark", "1本を別の棚で見付けた")];
    let done = editor.post(MEDIA, &done).await;
    assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.text);
    seen(&editor.get(MEDIA).await, &["2026-11-18", "周期をまだ決めていません"]);
    let refused = editor.post(MEDIA, &[("duty", "condition"), ("on", "2026-11-18")]).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "a duty of each entry: {}", refused.text);

    let period = format!("{MEDIA}/period");
    let refused = editor.post(&period, &[("duty", "stocktaking"), ("count", "零"), ("unit", "months")]).await;
    seen(&refused, &["周期「零」は読めません", "何で決めたか"]);
    let agreed = [("duty", "stocktaking"), ("count", "３"), ("unit", "months"), ("basis", "2026年4月1日の合意確認書")];
    let agreed = editor.post(&period, &agreed).await;
    assert_eq!(agreed.status, StatusCode::SEE_OTHER, "{}", agreed.text);
    seen(&editor.get(MEDIA).await, &["2027-02-18", "3か月ごと（2026年4月1日の合意確認書）"]);
    let overdue = [("duty", "stocktaking"), ("count", "1"), ("unit", "days"), ("from", "2026-11-01"), ("basis", "x")];
    editor.post(&period, &overdue).await;
    seen(&editor.get("/o/a/duties").await, &["棚卸", "期日を過ぎたもの", "媒体の管理責任者"]);
    seen(&editor.get("/o/a/").await, &["期日を過ぎた務めが1件あります"]);
    let calendar = editor.get("/o/a/duties.ics").await;
    seen(&calendar, &["BEGIN:VCALENDAR", "SUMMARY:棚卸（媒体管理台帳）"]);
}

/// EVID-016, EVID-017, EVID-018: a control shows the newest records behind it, two clicks away, and what is overdue.
#[tokio::test]
async fn a_control_shows_the_records_behind_it() {
    let place = office().await;
    let mut editor = place.signed_in("kaku@a").await;
    let control = "/o/a/s/s-a/controls/1.5-2-1";
    seen(&editor.get(control).await, &["日々の記録", "媒体管理台帳", "まだなし"]);
    let old = NewRegisterRecord {
        register: "media".into(),
        item: "M-0".into(),
        state: "in-use".into(),
        day: "2025-10-01".into(),
        body: "{\"values\":{}}".into(),
        ..NewRegisterRecord::default()
    };
    brought_in(&place, old).await;
    seen(&editor.get(control).await, &["2025-10-01", "415日前", "記録が古い"]);
    put(&mut editor, "M-1", "港 一郎").await;
    seen(&editor.get(control).await, &["2026-11-20", "0日前", "まだ行っていません"]);
    let unfinished = [("duty", "stocktaking"), ("on", "2026-11-19"), ("outcome", "not-done")];
    editor.post(MEDIA, &unfinished).await;
    seen(&editor.get(control).await, &["まだ行っていません"]);
    editor.post(MEDIA, &[("duty", "stocktaking"), ("on", "2026-11-18"), ("outcome", "done")]).await;
    seen(&editor.get(control).await, &["最後は2026-11-18"]);
    seen(&editor.get("/o/a/s/s-a/records").await, &["1.5②-1", "記録がない", "対策項目ごとの記録"]);
    let mut reader = place.signed_in("yomu@a").await;
    let page = reader.get(control).await;
    assert!(page.status == StatusCode::OK && !page.text.contains("日々の記録"), "{}", page.text);
}

/// OPS-001: the table goes out as a workbook, CSV or paper and comes in again; what a file says otherwise is shown before
/// it is written, and states move by steps only.
#[tokio::test]
async fn a_register_goes_out_and_comes_in_as_a_file() {
    let place = office().await;
    let mut editor = place.signed_in("kaku@a").await;
    put(&mut editor, "M-1", "港 一郎").await;
    let file = |name: &str| format!("{MEDIA}/file/{name}");
    let out = editor.get(&file("register.csv")).await;
    seen(&out, &["管理番号", "M-1", "患者情報等"]);
    let pdf = editor.get(&file("register.pdf")).await;
    assert!(pdf.status == StatusCode::OK && pdf.bytes.starts_with(b"%PDF"), "{}", pdf.text);
    let take = format!("{MEDIA}/take");
    let text = "管理番号,種類,保存する情報,機密の表示,保管場所,管理する者,使用開始日\nM-1,磁気テープ,患者情報等,医療情報・持出し禁止,対象事業者DC,港 一郎,2026-10-31\nM-2,光ディスク,患者情報等,医療情報,遠隔地,岬 花子,2026/11/1\n";
    let looked = editor.upload_file(&take, &[("do", "look")], ("file", "m.csv"), text.as_bytes()).await;
    seen(&looked, &["加える行", "M-2", "書き直す欄", "遠隔地", "対象事業者DC"]);
    assert!(place.store.register_item("a", "s-a", "media", "M-2").await.is_err(), "looking writes nothing");
    let moved =
        text.replace("管理番号,", "管理番号,状態,").replace("M-1,", "M-1,廃棄済み,").replace("M-2,", "M-2,使用中,");
    let refused = editor.upload_file(&take, &[("do", "save")], ("file", "m.csv"), moved.as_bytes()).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    seen(&refused, &["手続として進めてください"]);
    let saved = editor.upload_file(&take, &[("do", "save")], ("file", "m.csv"), text.as_bytes()).await;
    seen(&saved, &["取り込みました。"]);
    seen(&editor.get(&at("M-2")).await, &["岬 花子", "から取り込んだ"]);
    seen(&editor.get(MEDIA).await, &["全部で2件"]);
    let broken =
        editor.upload_file(&take, &[("do", "save")], ("file", "m.csv"), "管理番号,色\nM-3,赤\n".as_bytes()).await;
    seen(&broken, &["「色」という欄はありません"]);
    let book = editor.get(&file("register.xlsx")).await;
    let same = editor.upload_file(&take, &[("do", "save")], ("file", "m.xlsx"), &book.bytes).await;
    seen(&same, &["今の台帳と同じです"]);
}

/// AUTHZ-001, AUTHZ-003: auditors read and write nothing, readers see no names, and a neighbour finds nothing.
#[tokio::test]
async fn registers_are_for_those_who_may() {
    let place = office().await;
    let mut editor = place.signed_in("kaku@a").await;
    put(&mut editor, "M-1", "港 一郎").await;
    let mut auditor = place.signed_in("miru@a").await;
    let page = auditor.get(&at("M-1")).await;
    seen(&page, &["港 一郎", "履歴"]);
    assert!(!page.text.contains("<button class=\"main\""), "{}", page.text);
    assert_eq!(auditor.post(&at("M-1"), &[("number", "1")]).await.status, StatusCode::NOT_FOUND);
    let mut reader = place.signed_in("yomu@a").await;
    for address in ["/o/a/s/s-a/registers", MEDIA, &at("M-1")] {
        assert_eq!(reader.get(address).await.status, StatusCode::NOT_FOUND, "{address}");
    }
    let mut neighbour = place.signed_in("kaku@b").await;
    assert_eq!(neighbour.get(&at("M-1")).await.status, StatusCode::NOT_FOUND);
    let theirs = neighbour.get("/o/b/s/s-b/registers/media").await;
    assert!(theirs.status == StatusCode::OK && !theirs.text.contains("M-1"), "{}", theirs.text);
    let wanted = WantedItems { limit: 9, ..WantedItems::default() };
    assert_eq!(place.store.register_page("b", "s-b", "media", &wanted).await.unwrap().items, []);
}

/// What was typed into the form of a step or a duty stays when it is refused.
#[tokio::test]
async fn what_was_typed_of_a_refused_step_or_duty_stays() {
    let place = office().await;
    let mut editor = place.signed_in("kaku@a").await;
    put(&mut editor, "M-1", "港 一郎").await;
    let early =
        [("do", "duty"), ("duty", "condition"), ("on", "2027-01-20"), ("outcome", "findings"), ("remark", "控えた")];
    let refused = to_entry(&mut editor, "M-1", "", &early).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    seen(
        &refused,
        &["今日より後です", "value=\"2027-01-20\"", ">控えた</textarea>", "<details class=\"no-print\" open>"],
    );
    let whole = [("duty", "stocktaking"), ("on", "2027-01-20"), ("remark", "棚を数えた")];
    let refused = editor.post(MEDIA, &whole).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    seen(&refused, &["今日より後です", "value=\"2027-01-20\"", ">棚を数えた</textarea>"]);
}

/// Names are told in the words of the application, and what stood against an entry before does not keep the rest of it
/// from being mended.
#[tokio::test]
async fn what_stood_against_an_entry_does_not_stop_other_changes() {
    let place = office().await;
    let mut editor = place.signed_in("kaku@a").await;
    let lost = NewRegisterRecord {
        register: "media".into(),
        item: "M-9".into(),
        state: "in-use".into(),
        day: "2026-11-01".into(),
        body: serde_json::json!({ "values": {
            "label": "M-9", "kind": "磁気テープ", "holds": "患者情報等", "confidentiality": "医療情報・持出し禁止",
            "place": "なくなった倉庫", "keeper": "港 一郎", "started_on": "2026-10-31", "ends_on": "2029-10-31",
        }})
        .to_string(),
        ..NewRegisterRecord::default()
    };
    brought_in(&place, lost).await;
    seen(&editor.get(&at("M-9")).await, &["「なくなった倉庫」は、モデルの場所にありません。"]);
    let mut mended = tape("M-9", "岸 五郎");
    mended.retain(|(name, _)| *name != "v-place");
    mended.extend([("v-place", "なくなった倉庫"), ("do", "write")]);
    let saved = to_entry(&mut editor, "M-9", "", &mended).await;
    assert_eq!(saved.status, StatusCode::SEE_OTHER, "{}", saved.text);
    let mut worse = tape("M-9", "岸 五郎");
    worse.retain(|(name, _)| *name != "v-place");
    worse.extend([("v-place", "別の倉庫"), ("do", "write")]);
    let refused = to_entry(&mut editor, "M-9", "", &worse).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    seen(&refused, &["「別の倉庫」は、モデルの場所にありません。"]);
    assert!(!refused.text.contains("system.yaml"), "{}", refused.text);
}
