//! Reports to institutions on the server: drafts from the registers, and how far each has come.

use std::process::Command;

use axum::http::StatusCode;
use shirube_identity::role::Role;
use shirube_store::{Event, Files};
use shirube_trail::Origin;

use crate::fixture::{Answer, Browser, Place, SERVICE_FILES};

const SLA: (&str, &str) = ("sla.yaml", include_str!("../../../../samples/clinic-ehr/sla.yaml"));

const REPORTS: &str = "/o/a/s/s-a/reports";

const OUTAGES: &str = "番号,開始,終了,医療機関等,原因,範囲,感知,第一次対応\n\
    S-1,2026-06-10 10:00,2026-06-10 10:20,湊クリニック,湊クリニックのルータの故障,全部停止,2026-06-10 10:00,2026-06-10 10:01\n\
    S-2,2026-06-11 10:00,2026-06-11 10:17,,データベースの切替えの失敗,全部停止,2026-06-11 10:00,2026-06-11 10:09\n\
    S-3,2026-06-12 10:00,2026-06-12 10:01,,青葉医院と湊クリニックで起きた,全部停止,2026-06-12 10:00,2026-06-12 10:01\n";

const FIGURES: &str = "対象の月,医療機関等,数えたもの,内訳,数,数え方,数えた者\n\
    2026-06-01,青葉医院,受託情報の件数,,12345,月末の文書の数,岸 五郎\n\
    2026-06-01,湊クリニック,受託情報の件数,,98765,月末の文書の数,岸 五郎\n";

const SENT: &str = "報告番号,種類,医療機関等,対象期間の初め,対象期間の終わり,報告する事項,個人情報を含む,届ける方法,作成した者\n\
    R-1,月次報告,青葉医院,2026-06-01,2026-06-30,受託情報の件数,いいえ,電子メール,岸 五郎\n";

/// Two institutions that use the service, and somebody who keeps its registers.
async fn office() -> Place {
    let place = Place::new().await;
    place.with_organisation("a").await;
    place.with_person("a", "p-a", "kaku@a", &[Role::Editor]).await;
    place.with_institution("a", "i-aoba", "青葉医院", "s-a").await;
    place.with_institution("a", "i-minato", "湊クリニック", "s-a").await;
    let files = SERVICE_FILES.into_iter().chain([SLA]).map(|(name, text)| (name.to_owned(), text.to_owned()));
    let mut change = place.store.begin("a").await.unwrap();
    change.add_revision("s-a", Some(1), &Files::new(files).unwrap()).await.unwrap();
    let event = Event { action: "revision.saved".to_owned(), note: String::new() };
    change.commit("p-a", Origin::Console, &place.at(), event).await.unwrap();
    place
}

async fn taken(browser: &mut Browser<'_>, register: &str, text: &str) {
    let path = format!("/o/a/s/s-a/registers/{register}/take");
    let file = ("file", format!("{register}.csv"));
    let answer = browser.upload_file(&path, &[("do", "save")], (file.0, &file.1), text.as_bytes()).await;
    assert!(answer.text.contains("取り込みました。"), "{register}: {}", answer.text);
}

/// The text of the pages of a PDF, without white space.
fn pages(answer: &Answer) -> String {
    let file = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(file.path(), &answer.bytes).unwrap();
    let output = Command::new("pdftotext").arg(file.path()).arg("-").output().expect("pdftotext runs");
    String::from_utf8_lossy(&output.stdout).chars().filter(|letter| !letter.is_whitespace()).collect()
}

// OPS-064, AUTHZ-002: a draft holds the figures of its institution, and nothing of another.
#[tokio::test]
async fn a_draft_holds_its_institution_alone() {
    let place = office().await;
    let mut editor = place.signed_in("kaku@a").await;
    for (register, text) in [("outages", OUTAGES), ("usage-figures", FIGURES)] {
        taken(&mut editor, register, text).await;
    }
    let draft = editor.get(&format!("{REPORTS}/i-aoba/monthly-report-2026-06.pdf")).await;
    assert_eq!(draft.status, StatusCode::OK, "{}", draft.text);
    let text = pages(&draft);
    // 青葉医院 has 17 and 1 minutes of the stops of all; the 20 of the other are not its own.
    let counted = editor.get("/o/a/s/s-a/service-levels.json?from=2026-06-01&to=2026-06-30&institution=i-aoba").await;
    let value = counted.json();
    let figure = &value["periods"][0]["months"][0]["bands"][0];
    assert_eq!((&value["institution"], &figure["counted_stop_minutes"]), (&"青葉医院".into(), &18.into()));
    let percent = figure["availability"]["percent"].as_str().unwrap();
    for fact in ["青葉医院御中", "12,345", percent, "18分"] {
        assert!(text.contains(fact), "{fact}: {text}");
    }
    for answer in [&text, &counted.text] {
        assert!(!answer.contains("湊") && !answer.contains("98,765"), "{answer}");
    }
    for (path, status) in [
        ("i-minato/monthly-report-2026-06.docx", StatusCode::OK),
        ("i-aoba/yearly-report-2026.xlsx", StatusCode::OK),
        ("i-aoba/monthly-report-2030-01.pdf", StatusCode::UNPROCESSABLE_ENTITY),
        ("i-aoba/monthly-report-2026-13.pdf", StatusCode::NOT_FOUND),
        ("i-x/monthly-report-2026-06.pdf", StatusCode::NOT_FOUND),
    ] {
        let answer = editor.get(&format!("{REPORTS}/{path}")).await;
        assert_eq!(answer.status, status, "{path}: {}", answer.text);
    }
    assert!(place.store.verify_trail("a", &[]).await.unwrap().holds());
}

// OPS-066, OPS-067: the list says how far each report has come, and which way is not open to it.
#[tokio::test]
async fn the_list_says_how_far_reports_have_come() {
    let place = office().await;
    let mut editor = place.signed_in("kaku@a").await;
    let page = editor.get(&format!("{REPORTS}?month=2026-06")).await;
    assert!(page.text.contains("報告の記録のないもの3件"), "{}", page.text);
    // A way that is not open to a report is not even written.
    let wrong = SENT.replace("電子メール", "Webへの掲載");
    let path = "/o/a/s/s-a/registers/reports-sent/take";
    let file = ("file", "reports-sent.csv");
    let refused = editor.upload_file(path, &[("do", "save")], file, wrong.as_bytes()).await;
    assert!(refused.text.contains("では届けられません"), "{}", refused.text);
    taken(&mut editor, "reports-sent", SENT).await;
    let page = editor.get(&format!("{REPORTS}?month=2026-06")).await;
    for fact in ["報告の記録のないもの2件", "/registers/reports-sent/e/R-1", "作成中", "電子メール"]
    {
        assert!(page.text.contains(fact), "{fact}: {}", page.text);
    }
    assert!(editor.get(&format!("{REPORTS}?month=x")).await.text.contains("月として読めません"));
}
