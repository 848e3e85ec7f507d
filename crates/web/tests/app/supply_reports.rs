//! PARTY-007: a supplier with an organisation of its own reports upward with a code, and the buyer follows it up.

use axum::http::StatusCode;
use chrono::Duration;
use shirube_folder::read;
use shirube_identity::role::Role;
use shirube_identity::secret::{Purpose, Secret};
use shirube_safety::File;
use shirube_safety::stated::{ReportMeans, ReportOutcome, SupplyFile};
use shirube_store::{Files, NewReportCode};

use crate::fixture::{Answer, Browser, Place, value_of};

const REQUESTS: &str = "/o/buyer/s/s-buyer/supply/requests";
const UPWARD: &str = "/o/line/s/s-line/supply/upward";
const REQUEST: &str = "通信回線事業者-2026-11-20";

/// A buyer, a supplier and somebody else, each with an editor; the buyer has an auditor too.
async fn three() -> Place {
    let place = Place::new().await;
    for id in ["buyer", "line", "other"] {
        place.with_organisation(id).await;
        place.with_person(id, &format!("p-{id}"), &format!("kaku@{id}"), &[Role::Editor]).await;
    }
    place.with_person("buyer", "p-audit", "miru@buyer", &[Role::Auditor]).await;
    place
}

/// Sends a form of the page of requests as it is now.
async fn to_requests(browser: &mut Browser<'_>, fields: &[(&str, &str)]) -> Answer {
    let page = browser.get(REQUESTS).await;
    let revision = value_of(&page.text, "revision");
    let all: Vec<(&str, &str)> = fields.iter().copied().chain([("revision", revision.as_str())]).collect();
    browser.post(REQUESTS, &all).await
}

/// Asks the carrier and gives the code.
async fn ask(browser: &mut Browser<'_>) -> String {
    let fields = [("do", "ask"), ("supplier", "通信回線事業者"), ("asks", ""), ("due", "2026-12-10")];
    code_of(&to_requests(browser, &fields).await)
}

fn code_of(answer: &Answer) -> String {
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text);
    let start =
        answer.text.split("<code class=\"secret\">").nth(1).unwrap_or_else(|| panic!("no code: {}", answer.text));
    start.split('<').next().unwrap().to_owned()
}

async fn look(browser: &mut Browser<'_>, code: &str) -> Answer {
    browser.post(UPWARD, &[("do", "look"), ("code", code)]).await
}

/// Sends the report of what the page showed.
async fn send(browser: &mut Browser<'_>, code: &str, until: &str) -> Answer {
    let shown = look(browser, code).await;
    assert_eq!(shown.status, StatusCode::OK, "{}", shown.text);
    let revision = value_of(&shown.text, "revision");
    let fields = [("do", "send"), ("code", code), ("revision", &revision), ("by", "回線 五郎"), ("until", until)];
    browser.post(UPWARD, &fields).await
}

fn arrived(answer: &Answer) {
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text);
    assert!(answer.location().ends_with("/supply/upward?done=sent"), "{}", answer.location());
}

/// `supply.yaml` of the buyer's latest revision.
async fn supply(place: &Place) -> SupplyFile {
    let latest = place.store.service("buyer", "s-buyer").await.unwrap().revision.unwrap();
    let files = place.store.files("buyer", "s-buyer", latest).await.unwrap();
    let file = |name: &str| File::ALL.into_iter().find(|file| file.name() == name);
    let texts = files.iter().filter_map(|(name, text)| Some((file(name)?, text.as_bytes().to_vec()))).collect();
    read(&texts).unwrap().files.supply
}

/// Somebody signs the answers of the supplier, so that there is something to report.
async fn answered(place: &Place) -> usize {
    let files = place.store.files("line", "s-line", 1).await.unwrap();
    let answer = |control: &str| {
        format!(
            "  - {{ control: {control}, status: met, how: 実施している, evidence: [手順書], decided: {{ by: 回線, on: 2026-11-01, reason: 確かめた }} }}\n"
        )
    };
    let controls = ["3.1①-1", "3.1①-2"];
    let conformity = format!("answers:\n{}", controls.map(answer).concat());
    let supply =
        "tasks: [{ id: 回線の保守, what: 回線の保守, kind: network, layer: infrastructure, does: [対象事業者] }]\n";
    let texts = files.iter().map(|(name, text)| {
        (name.to_owned(), if name == "conformity.yaml" { conformity.clone() } else { text.to_owned() })
    });
    let texts = texts.chain([("supply.yaml".to_owned(), supply.to_owned())]);
    let mut change = place.store.begin("line").await.unwrap();
    change.add_revision("s-line", Some(1), &Files::new(texts).unwrap()).await.unwrap();
    place.commit(change, "revision.created").await;
    controls.len()
}

/// The whole way: asked, sent, returned, sent again, accepted; both trails say so.
#[tokio::test]
async fn a_report_goes_up_is_returned_and_becomes_the_buyers() {
    let place = three().await;
    let count = answered(&place).await;
    let (mut buyer, mut line) = (place.signed_in("kaku@buyer").await, place.signed_in("kaku@line").await);
    let code = ask(&mut buyer).await;
    let request = supply(&place).await.requests.remove(0);
    assert_eq!((request.id.as_str(), request.supplier.as_str()), (REQUEST, "通信回線事業者"));
    assert_eq!(request.due.unwrap().to_string(), "2026-12-10");
    // The code is shown once and kept nowhere.
    let page = buyer.get(REQUESTS).await;
    assert!(page.text.contains("報告待ち") && !page.text.contains(&code), "{}", page.text);

    let shown = look(&mut line, &code).await;
    for told in ["buyer株式会社", "buyerのカルテ", "2026年12月10日", "リスクマネジメントの実施状況", "承認前"]
    {
        assert!(shown.text.contains(told), "{told}: {}", shown.text);
    }
    assert!(shown.text.contains(&format!("決めた人の記録がある{count}件")), "{}", shown.text);
    arrived(&send(&mut line, &code, "2027-11-30").await);
    assert_eq!(look(&mut line, &code).await.status, StatusCode::UNPROCESSABLE_ENTITY, "it waits for a decision");

    let home = buyer.get("/o/buyer/").await;
    assert!(home.text.contains("委託先などからの報告が1件届いています。"), "{}", home.text);
    let page = buyer.get(REQUESTS).await;
    for told in ["届いた報告の判断待ち", "line株式会社", "kaku@lineさん", "回線 五郎", "2027-11-30", "3.1①-1"]
    {
        assert!(page.text.contains(told), "{told}: {}", page.text);
    }
    // What will not be taken over is told before anything is decided.
    let left = "報告書にある会社の名前は";
    assert!(page.text.contains(left), "{}", page.text);
    assert_eq!(supply(&place).await.reports.len(), 0, "nothing is taken in before somebody accepts it");
    let fields = [("do", "return"), ("request", REQUEST), ("delivery", "1")];
    let silent = to_requests(&mut buyer, &fields).await;
    assert_eq!(silent.status, StatusCode::UNPROCESSABLE_ENTITY, "a reason is needed");
    let reasoned: Vec<(&str, &str)> = fields.into_iter().chain([("reason", "期限が遠すぎる")]).collect();
    assert_eq!(to_requests(&mut buyer, &reasoned).await.status, StatusCode::SEE_OTHER);
    let request = supply(&place).await.requests.remove(0);
    assert_eq!(request.outcome, Some(ReportOutcome::Returned));
    assert_eq!(request.decided.unwrap().reason, "期限が遠すぎる");

    let shown = look(&mut line, &code).await;
    assert!(shown.text.contains("期限が遠すぎる"), "{}", shown.text);
    arrived(&send(&mut line, &code, "2027-03-31").await);
    let accept =
        |delivery| [("do", "accept"), ("request", REQUEST), ("delivery", delivery), ("reason", "読んで確かめた")];
    let stale = to_requests(&mut buyer, &accept("1")).await;
    assert_eq!(stale.status, StatusCode::UNPROCESSABLE_ENTITY, "what was seen is not what waits");
    let accepted = to_requests(&mut buyer, &accept("2")).await;
    assert_eq!(accepted.status, StatusCode::OK, "{}", accepted.text);
    assert!(accepted.text.contains("報告を受領しました。") && accepted.text.contains(left), "{}", accepted.text);

    let kept = supply(&place).await;
    let (request, report) = (&kept.requests[0], &kept.reports[0]);
    assert_eq!(request.outcome, Some(ReportOutcome::Accepted));
    assert_eq!(request.report.as_deref(), Some(report.id.as_str()));
    assert_eq!(request.decided.as_ref().unwrap().on.to_string(), "2026-11-20");
    assert_eq!((report.supplier.as_str(), report.means), ("通信回線事業者", Some(ReportMeans::Account)));
    assert_eq!(
        (report.by.as_deref(), report.valid_until.unwrap().to_string().as_str()),
        (Some("回線 五郎"), "2027-03-31")
    );
    assert_eq!(kept.statements.len(), count);
    assert!(kept.statements.iter().all(|one| one.report == report.id));
    let again = to_requests(&mut buyer, &accept("2")).await;
    assert_eq!(again.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(supply(&place).await, kept);
    assert_eq!(look(&mut line, &code).await.status, StatusCode::UNPROCESSABLE_ENTITY);

    let actions = async |organisation: &str| -> Vec<String> {
        let filter = shirube_store::Filter { action: "report", ..Default::default() };
        let entries = place.store.entries(organisation, &filter).await.unwrap();
        entries.into_iter().rev().map(|entry| entry.action).collect()
    };
    let buyers = ["code-made", "delivered", "returned", "delivered", "accepted"].map(|word| format!("report.{word}"));
    assert_eq!(actions("buyer").await, buyers);
    assert_eq!(actions("line").await, ["report.sent", "report.sent"]);
    for organisation in ["buyer", "line"] {
        assert!(place.store.verify_trail(organisation, &[]).await.unwrap().holds());
    }
    let sent = line.get(UPWARD).await;
    assert!(sent.text.contains("buyer株式会社の「buyerのカルテ」へ、第2版（下書き）から報告を送る"), "{}", sent.text);
}

/// What does not open anything says one sentence, whatever the reason; whoever keeps trying waits.
#[tokio::test]
async fn codes_that_open_nothing_are_the_same() {
    let place = three().await;
    let (mut buyer, mut line) = (place.signed_in("kaku@buyer").await, place.signed_in("kaku@line").await);
    let replaced = ask(&mut buyer).await;
    let renewed = code_of(&to_requests(&mut buyer, &[("do", "code"), ("request", REQUEST)]).await);
    let withdrawn = ask(&mut buyer).await;
    let second = format!("{REQUEST}-2");
    let fields = [("do", "withdraw"), ("request", second.as_str()), ("reason", "契約を終えた")];
    assert_eq!(to_requests(&mut buyer, &fields).await.status, StatusCode::SEE_OTHER);
    let used = ask(&mut buyer).await;
    arrived(&send(&mut line, &used, "").await);
    let told = async |line: &mut Browser<'_>, code: &str| {
        let answer = look(line, code).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", answer.text);
        answer.text.split("id=\"mistakes\">").nth(1).unwrap().split("</div>").next().unwrap().to_owned()
    };
    let wrong = told(&mut line, "まちがい").await;
    assert!(wrong.contains("このコードでは報告を送れません。"), "{wrong}");
    let unknown = "A".repeat(renewed.len());
    for code in ["", &unknown, &replaced, &withdrawn, &used] {
        assert_eq!(told(&mut line, code).await, wrong, "{code}");
    }
    assert_eq!(look(&mut line, &renewed).await.status, StatusCode::OK);
    for _ in 0..4 {
        assert_eq!(told(&mut line, "x").await, wrong);
    }
    let waiting = told(&mut line, "x").await;
    assert!(waiting.contains("秒待ってから"), "{waiting}");
}

/// A code is good until its end, which is sixty days after the report is due, and no longer.
#[tokio::test]
async fn a_code_runs_out() {
    let place = three().await;
    let (mut buyer, mut line) = (place.signed_in("kaku@buyer").await, place.signed_in("kaku@line").await);
    ask(&mut buyer).await;
    let codes = place.store.report_codes("buyer", "s-buyer").await.unwrap();
    assert_eq!(codes[0].expires_at, "2027-02-08T01:00:00.000Z");
    let secret = Secret::from_bytes([5; 32]);
    let digest = secret.fingerprint(Purpose::Report).to_string();
    let new = NewReportCode {
        service: "s-buyer",
        request: REQUEST,
        supplier: "通信回線事業者",
        digest: &digest,
        by: "p-buyer",
        expires_at: "2026-11-20T01:05:00.000Z",
    };
    let mut change = place.store.begin("buyer").await.unwrap();
    change.make_report_code(new, &place.at()).await.unwrap();
    place.commit(change, "report.code-made").await;
    let code = secret.text(Purpose::Report);
    assert_eq!(look(&mut line, &code).await.status, StatusCode::OK);
    place.world.forward(Duration::minutes(5));
    let late = look(&mut line, &code).await;
    assert!(late.text.contains("このコードでは報告を送れません。"), "{}", late.text);
    assert!(buyer.get(REQUESTS).await.text.contains("期限切れ"));
}

/// A form that is sent twice, as by a double click, tells twice that the report is there, and sends it once.
#[tokio::test]
async fn a_form_sent_twice_sends_one_report() {
    let place = three().await;
    answered(&place).await;
    let (mut buyer, mut line) = (place.signed_in("kaku@buyer").await, place.signed_in("kaku@line").await);
    let code = ask(&mut buyer).await;
    let revision = value_of(&look(&mut line, &code).await.text, "revision");
    let fields = |by| [("do", "send"), ("code", code.as_str()), ("by", by), ("until", ""), ("revision", &revision)];
    for _ in 0..2 {
        arrived(&line.post(UPWARD, &fields("回線 五郎")).await);
    }
    let another = line.post(UPWARD, &fields("別の人")).await;
    assert_eq!(another.status, StatusCode::UNPROCESSABLE_ENTITY, "another report is not there: {}", another.text);
    assert_eq!(place.store.last_report("buyer", "s-buyer", REQUEST).await.unwrap().unwrap().number, 1);
    let filter = shirube_store::Filter { action: "report", ..Default::default() };
    assert_eq!(place.store.entries("line", &filter).await.unwrap().len(), 1);
}

/// Two people of the supplier send at once: one report arrives, and the supplier's trail says of no other that it did.
#[tokio::test]
async fn of_two_reports_at_once_one_arrives() {
    let place = three().await;
    answered(&place).await;
    let mut buyer = place.signed_in("kaku@buyer").await;
    let (mut one, mut other) = (place.signed_in("kaku@line").await, place.signed_in("kaku@line").await);
    let code = ask(&mut buyer).await;
    let revision = value_of(&look(&mut one, &code).await.text, "revision");
    let fields = |by| [("do", "send"), ("code", code.as_str()), ("by", by), ("until", ""), ("revision", &revision)];
    let (first, second) = (fields("回線 五郎"), fields("回線 六郎"));
    let (first, second) = tokio::join!(one.post(UPWARD, &first), other.post(UPWARD, &second));
    let went = [&first, &second].iter().filter(|answer| answer.status == StatusCode::SEE_OTHER).count();
    assert_eq!(went, 1, "{} {}", first.text, second.text);
    assert_eq!(place.store.last_report("buyer", "s-buyer", REQUEST).await.unwrap().unwrap().number, 1);
    let told = async |action| {
        let filter = shirube_store::Filter { action, ..Default::default() };
        place.store.entries("line", &filter).await.unwrap().len()
    };
    assert_eq!(told("report.sent").await - told("report.unsent").await, 1);
}

/// Who does what (2.2.2): the supplier is asked about the tasks that concern it, without names of institutions, and its
/// answers are held against the table of the one that asks.
#[tokio::test]
async fn the_tasks_of_the_asker_are_answered() {
    let place = three().await;
    answered(&place).await;
    place.with_institution("buyer", "i-minato", "湊クリニック", "s-buyer").await;
    let files = place.store.files("buyer", "s-buyer", 1).await.unwrap();
    let tasks = "tasks:
- { id: 回線の保守, what: 湊クリニックの回線の保守, kind: network, layer: infrastructure, does: [通信回線事業者] }
- { id: 帳票の変更, what: 帳票の変更, kind: software, layer: application, does: [対象事業者] }
";
    let texts = files.iter().map(|(name, text)| (name.to_owned(), text.to_owned()));
    let texts = texts.chain([("supply.yaml".to_owned(), tasks.to_owned())]);
    let mut change = place.store.begin("buyer").await.unwrap();
    change.add_revision("s-buyer", Some(1), &Files::new(texts).unwrap()).await.unwrap();
    place.commit(change, "revision.created").await;

    let (mut buyer, mut line) = (place.signed_in("kaku@buyer").await, place.signed_in("kaku@line").await);
    let code = ask(&mut buyer).await;
    let shown = look(&mut line, &code).await.text;
    assert!(shown.contains("の回線の保守") && !shown.contains("湊"), "{shown}");
    assert!(!shown.contains("帳票の変更"), "what does not concern the supplier is not shown: {shown}");
    // Its own table says of a task of that id that it does it itself.
    let own = "name=\"task/回線の保守\"";
    let select = shown[shown.find(own).unwrap()..].split("</select>").next().unwrap();
    assert!(select.contains("value=\"supplier\" selected"), "{select}");
    let revision = value_of(&shown, "revision");
    let fields = [
        ("do", "send"),
        ("code", code.as_str()),
        ("revision", &revision),
        ("by", "回線 五郎"),
        ("task/回線の保守", "customer"),
        ("note/回線の保守", "院内の配線は受け持たない"),
        ("task/帳票の変更", "supplier"),
    ];
    arrived(&line.post(UPWARD, &fields).await);
    let accept = [("do", "accept"), ("request", REQUEST), ("delivery", "1"), ("reason", "確かめた")];
    assert_eq!(to_requests(&mut buyer, &accept).await.status, StatusCode::OK);
    let kept = supply(&place).await;
    let claims: Vec<_> =
        kept.claims.iter().map(|one| (one.task.as_str(), one.by.token(), one.note.as_deref())).collect();
    assert_eq!(claims, [("回線の保守", "customer", Some("院内の配線は受け持たない"))]);
    // Both sides believe that the other does it.
    let page = buyer.get("/o/buyer/s/s-buyer/supply").await.text;
    assert!(page.contains("回線の保守") && page.contains("利用する側"), "{page}");
}

/// A report that came in another way and was written down by hand does not stand for the one that waits.
#[tokio::test]
async fn a_report_that_waits_is_not_taken_for_another() {
    let place = three().await;
    let count = answered(&place).await;
    let (mut buyer, mut line) = (place.signed_in("kaku@buyer").await, place.signed_in("kaku@line").await);
    let code = ask(&mut buyer).await;
    arrived(&send(&mut line, &code, "").await);
    let latest = place.store.service("buyer", "s-buyer").await.unwrap().revision.unwrap();
    let files = place.store.files("buyer", "s-buyer", latest).await.unwrap();
    let texts = files.iter().map(|(name, text)| {
        let marked = text.replace(&format!("id: {REQUEST}"), &format!("id: {REQUEST}\n    outcome: accepted"));
        (name.to_owned(), if name == "supply.yaml" { marked } else { text.to_owned() })
    });
    let mut change = place.store.begin("buyer").await.unwrap();
    change.add_revision("s-buyer", Some(latest), &Files::new(texts).unwrap()).await.unwrap();
    place.commit(change, "revision.created").await;
    assert_eq!(supply(&place).await.requests[0].outcome, Some(ReportOutcome::Accepted));
    let accept = [("do", "accept"), ("request", REQUEST), ("delivery", "1"), ("reason", "確かめた")];
    let done = to_requests(&mut buyer, &accept).await;
    assert!(done.status == StatusCode::OK || done.status == StatusCode::SEE_OTHER, "{}", done.text);
    assert_eq!(supply(&place).await.statements.len(), count);
}

/// A code that is taken back between looking and sending takes nothing, and no trail says otherwise.
#[tokio::test]
async fn a_report_that_does_not_arrive_is_told() {
    let place = three().await;
    let (mut buyer, mut line) = (place.signed_in("kaku@buyer").await, place.signed_in("kaku@line").await);
    let code = ask(&mut buyer).await;
    let shown = look(&mut line, &code).await;
    let revision = value_of(&shown.text, "revision");
    let fields = |by, until, revision| {
        [("do", "send"), ("code", code.as_str()), ("by", by), ("until", until), ("revision", revision)]
    };
    let wrong = line.post(UPWARD, &fields("", "2026-01-01", "7")).await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    for told in ["報告する人を入力してください。", "「2026-01-01」は過ぎています", "送る内容が第1版に変わりました"]
    {
        assert!(wrong.text.contains(told), "{told}: {}", wrong.text);
    }
    let withdraw = [("do", "withdraw"), ("request", REQUEST), ("reason", "契約を終えた")];
    assert_eq!(to_requests(&mut buyer, &withdraw).await.status, StatusCode::SEE_OTHER);
    let late = line.post(UPWARD, &fields("回線", "", &revision)).await;
    assert_eq!(late.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", late.text);
    assert_eq!(place.store.last_report("buyer", "s-buyer", REQUEST).await, Ok(None));
    assert!(supply(&place).await.reports.is_empty());
    let filter = shirube_store::Filter { action: "report.sent", ..Default::default() };
    assert_eq!(place.store.entries("line", &filter).await.unwrap(), []);
}

/// AUTHZ-001, AUTHZ-003: whoever only looks decides nothing, and a third organisation sees nothing of either.
#[tokio::test]
async fn only_the_buyer_decides_and_others_see_nothing() {
    let place = three().await;
    let (mut buyer, mut line) = (place.signed_in("kaku@buyer").await, place.signed_in("kaku@line").await);
    let code = ask(&mut buyer).await;
    arrived(&send(&mut line, &code, "").await);

    let mut auditor = place.signed_in("miru@buyer").await;
    let page = auditor.get(REQUESTS).await;
    assert!(page.text.contains("届いた報告の判断待ち") && !page.text.contains("受領して取り込む"), "{}", page.text);
    for word in ["ask", "code", "remind", "withdraw", "accept", "return"] {
        let fields = [("do", word), ("revision", "2"), ("request", REQUEST), ("delivery", "1"), ("reason", "x")];
        assert_eq!(auditor.post(REQUESTS, &fields).await.status, StatusCode::NOT_FOUND, "{word}");
    }
    assert_eq!(supply(&place).await.requests[0].outcome, None);

    let mut other = place.signed_in("kaku@other").await;
    for address in [REQUESTS, UPWARD, "/o/buyer/s/s-buyer/supply"] {
        assert_eq!(other.get(address).await.status, StatusCode::NOT_FOUND, "{address}");
    }
    assert_eq!(line.get(REQUESTS).await.status, StatusCode::NOT_FOUND);
    let own = other.get("/o/other/s/s-other/supply/requests").await;
    let trail = place.store.entries("other", &shirube_store::Filter::default()).await.unwrap();
    for name in ["line株式会社", "buyer", REQUEST] {
        assert!(!own.text.contains(name) && !format!("{trail:?}").contains(name), "{name}");
    }
    // The buyer gets names and the report; ids and network addresses of the supplier stay in its own trail.
    let trail = place.store.entries("buyer", &shirube_store::Filter::default()).await.unwrap();
    let delivered = trail.iter().find(|entry| entry.action == "report.delivered").unwrap();
    assert_eq!((delivered.actor.as_str(), &delivered.origin), ("supplier", &shirube_trail::Origin::System));
    assert!(!format!("{trail:?}").contains("p-line") && !format!("{trail:?}").contains("s-line"));
    let trail = place.store.entries("line", &shirube_store::Filter::default()).await.unwrap();
    for hidden in ["p-buyer", "s-buyer", REQUEST] {
        assert!(!format!("{trail:?}").contains(hidden), "{hidden}");
    }
}

/// PARTY-007: what is late is marked, and each reminder is written down with its day.
#[tokio::test]
async fn late_requests_are_marked_and_reminders_are_kept() {
    let place = three().await;
    let mut buyer = place.signed_in("kaku@buyer").await;
    let fields = [("do", "ask"), ("supplier", "誰か"), ("due", "")];
    let wrong = to_requests(&mut buyer, &fields).await;
    assert!(wrong.text.contains("報告の期限を入力してください。"), "{}", wrong.text);
    let past = to_requests(&mut buyer, &[("do", "ask"), ("supplier", "通信回線事業者"), ("due", "2026-11-19")]).await;
    assert!(past.text.contains("「2026-11-19」は過ぎています"), "{}", past.text);
    let nobody = to_requests(&mut buyer, &[("do", "ask"), ("supplier", "誰か"), ("due", "2026-12-10")]).await;
    assert!(nobody.text.contains("依頼する会社を選んでください。"), "{}", nobody.text);
    ask(&mut buyer).await;
    assert!(!buyer.get(REQUESTS).await.text.contains("期限超過"));

    let remind = [("do", "remind"), ("request", REQUEST)];
    assert_eq!(to_requests(&mut buyer, &remind).await.status, StatusCode::SEE_OTHER);
    let twice = to_requests(&mut buyer, &remind).await;
    assert!(twice.text.contains("今日の催促は、すでに記録しています。"), "{}", twice.text);
    place.world.forward(Duration::days(21));
    let mut buyer = place.signed_in("kaku@buyer").await;
    let page = buyer.get(REQUESTS).await;
    assert!(page.text.contains("期限超過"), "{}", page.text);
    assert_eq!(to_requests(&mut buyer, &remind).await.status, StatusCode::SEE_OTHER);
    let days: Vec<String> = supply(&place).await.requests[0].reminders.iter().map(ToString::to_string).collect();
    assert_eq!(days, ["2026-11-20", "2026-12-11"]);
}
