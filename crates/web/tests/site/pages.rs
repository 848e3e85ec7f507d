//! Each page says the facts it is for.

use axum::http::{Method, StatusCode};

use crate::fixture::TestSite;

fn holds(page: &str, facts: &[&str]) {
    for fact in facts {
        assert!(page.contains(fact), "「{fact}」がありません:\n{page}");
    }
}

/// Rows of the lists, each of which has a heading cell with this label.
fn rows(page: &str) -> usize {
    page.matches("<th scope=\"row\" data-label=\"番号\">").count()
}

#[tokio::test]
async fn overview_begins_with_what_is_not_decided() {
    let page = TestSite::sample().page("/").await;
    holds(
        &page,
        &[
            "クラウド型電子カルテ「みおつくし」",
            "案のリスク",
            "／ 対策項目417件",
            "未評価の残存リスク",
            "対象事業者DCのテープ装置、対象事業者DCの開発保守端末、閉域VPN、インターネットVPN",
            "A1+P1+I1",
            "代表取締役 標 一郎",
            "要対応",
            "nodes[",
            "閲覧専用の見本",
            "0123abcd",
        ],
    );
    let (open, model) = (page.find("決まっていないもの").unwrap(), page.find("id=\"model\"").unwrap());
    assert!(open < model);
}

#[tokio::test]
async fn stations_keep_their_order() {
    let page = TestSite::sample().page("/").await;
    let places: Vec<usize> = ["モデル", "情報流", "リスク", "対応", "対策項目", "文書"]
        .map(|name| page.find(&format!("<span class=\"name\">{name}</span>")).unwrap_or_else(|| panic!("{name}")))
        .to_vec();
    assert!(places.is_sorted());
}

#[tokio::test]
async fn the_diagram_makes_one_flow_strong() {
    let site = TestSite::sample();
    let plain = site.page("/diagram").await;
    assert!(plain.contains("<svg") && !plain.contains("<?xml") && !plain.contains("opacity="));
    let strong = site.page("/diagram?flow=A-O2").await;
    holds(
        &strong,
        &["opacity=", "医療事務/看護師等が受付/窓口の医事端末で患者情報等を閲覧・操作する", "/risks?flow=A-O2"],
    );
    holds(&site.page("/diagram?flow=Z-9").await, &["情報流「Z-9」はありません", "<svg"]);
}

#[tokio::test]
async fn flows_are_counted_and_filtered() {
    let site = TestSite::sample();
    let all = site.page("/flows").await;
    assert_eq!(rows(&all), 59);
    holds(&all, &["href=\"/flows#platform-termination\"", "id=\"platform-termination\"", "/risks?flow=I-O2"]);
    assert_eq!(rows(&site.page("/flows?layer=platform&phase=termination").await), 12);
    // 全角・半角 and case make no difference: 「os/」 finds 「OS/ミドルウェア」.
    assert!(rows(&site.page("/flows?q=%EF%BD%8F%EF%BD%93/").await) > 0);
    holds(&site.page("/flows?q=%E3%81%AA%E3%81%84%E8%AA%9E").await, &["当てはまる情報流はありません"]);
}

#[tokio::test]
async fn the_matrix_leads_to_the_risks_it_counts() {
    let site = TestSite::sample();
    let all = site.page("/risks").await;
    let cell = all.split("/risks?impact=5&amp;likelihood=3#list").nth(1).expect("the cell");
    let cell = &cell[..cell.find("</td>").expect("its end")];
    let count = |word: &str| -> usize {
        let Some((_, rest)) = cell.split_once(&format!("<span class=\"word\">{word}</span> ")) else { return 0 };
        rest.chars().take_while(char::is_ascii_digit).collect::<String>().parse().expect("a count")
    };
    assert_eq!(count("決定"), 2);
    let chosen = site.page("/risks?impact=5&likelihood=3").await;
    assert_eq!(rows(&chosen), count("決定") + count("案"));
    holds(&chosen, &["影響度: 5", "顕在化率: 3", "class=\"shade-1 chosen\""]);
}

#[tokio::test]
async fn filters_of_risks_add_up() {
    let site = TestSite::sample();
    let all = rows(&site.page("/risks").await);
    let mut sum = 0;
    for layer in ["application", "platform", "infrastructure"] {
        sum += rows(&site.page(&format!("/risks?layer={layer}")).await);
    }
    assert_eq!(sum, all);
    assert_eq!(rows(&site.page("/risks?state=decided").await), 2);
    assert_eq!(rows(&site.page("/risks?state=proposed").await), all - 2);
    assert_eq!(rows(&site.page("/risks?state=decided&treatment=none").await), 1);
    assert_eq!(rows(&site.page("/risks?state=decided&layer=infrastructure").await), 0);
    holds(&site.page("/risks?rank=%E9%A6%AC").await, &["当てはまるリスクはありません", "レベル: 馬"]);
}

#[tokio::test]
async fn a_risk_gives_its_reasons() {
    let site = TestSite::sample();
    let decided = site.page(&format!("/risks/{}", site.decided)).await;
    holds(
        &decided,
        &[
            "患者個人情報が漏れると影響がきわめて大きい。",
            "受付は人の出入りが多い。",
            "帆足 三郎",
            "令和8年11月16日",
            "現地を確かめた。",
            "案の理由",
            "起点",
            "/treatments#treatment-1",
            "候補の対策項目",
        ],
    );
    holds(&site.page(&format!("/risks/{}", site.untreated)).await, &["対応が必要ですが、まだ書かれていません。"]);
    holds(&site.page("/risks/R-I1").await, &["まだ誰も決めていません。"]);
}

/// RISK-002: no flow × threat is blank, and each reason can be read.
#[tokio::test]
async fn coverage_has_no_blank() {
    let page = TestSite::sample().page("/coverage").await;
    holds(&page, &["590通りのうち", "空白はありません", "id=\"reason-1\"", "/risks?flow=A-O2&#38;threat=TH01"]);
    let cells = page.matches("<td class=\"has\">").count() + page.matches("<a class=\"reason\"").count();
    assert_eq!(cells, 590);
}

#[tokio::test]
async fn treatments_show_what_remains() {
    let page = TestSite::sample().page("/treatments").await;
    holds(
        &page,
        &[
            "静脈認証とパスワードの二要素にする。",
            "href=\"/controls/3.1-1-1\"",
            "画面が患者から見えない向きに端末を置いてください。",
            "見慣れた職員による不正は残る。",
            "影響度3×顕在化率2",
            "利用者認証における考慮事項",
        ],
    );
}

/// CATALOG-002, TREAT-010: all 417 are there, and what nobody answered says so.
#[tokio::test]
async fn controls_are_all_there_and_filtered() {
    let site = TestSite::sample();
    assert_eq!(rows(&site.page("/controls").await), 417);
    for (filter, count) in [
        ("viewpoint=organisational", 153),
        ("viewpoint=physical", 41),
        ("viewpoint=technical", 223),
        ("kubun=unknown", 106),
        ("status=unanswered", 414),
        ("status=met", 1),
        ("status=met&viewpoint=physical", 0),
        ("q=3.1-1-1", 1),
    ] {
        assert_eq!(rows(&site.page(&format!("/controls?{filter}")).await), count, "{filter}");
    }
    let partial = site.page("/controls?status=partial").await;
    holds(&partial, &["一部対応 案", "規程はあるが、点検の記録がそろっていない。"]);
}

#[tokio::test]
async fn a_control_has_one_address() {
    let site = TestSite::sample();
    holds(
        &site.page("/controls/3.1-1-1").await,
        &["3.1①-1", "権限を職種ごとに分け、半年ごとに見直す。", "アクセス管理規程", "灯台 花子", "要旨です"],
    );
    holds(&site.page("/controls/1.1-1-2").await, &["対応予定", "令和9年3月31日"]);
    holds(&site.page("/controls/1.2-1-1").await, &["まだ誰も答えていません。"]);
    let printed = site.ask(Method::GET, "/controls/3.1%E2%91%A0-1").await;
    assert_eq!(printed.status, StatusCode::PERMANENT_REDIRECT);
    assert_eq!(printed.headers["location"], "/controls/3.1-1-1");
}

#[tokio::test]
async fn chapter_six_is_asked_of_everyone() {
    let page = TestSite::sample().page("/statutory").await;
    holds(&page, &["6.1 ", "6.5 ", "真正性", "未回答"]);
}

#[tokio::test]
async fn documents_come_as_attachments() {
    let site = TestSite::sample();
    holds(&site.page("/documents").await, &["情報流一覧", "PDF", "HTML", "8 B", "/documents/flows.pdf"]);
    let file = site.ask(Method::GET, "/documents/flows.html").await;
    assert_eq!(file.headers["content-type"], "text/html; charset=utf-8");
    assert!(file.headers["content-disposition"].to_str().unwrap().starts_with("attachment; filename=\"flows.html\""));
    let named = site.ask(Method::GET, "/documents/%E6%A7%8B%E6%88%90%E5%9B%B3%20%E6%A1%88.pdf").await;
    assert_eq!((named.status, named.text.as_str()), (StatusCode::OK, "%PDF-1.7"));
}

#[tokio::test]
async fn an_empty_service_has_all_its_pages() {
    let site = TestSite::empty();
    for (address, fact) in [
        ("/", "記載がまだありません"),
        ("/diagram", "まだ書かれていません"),
        ("/flows", "情報流が洗い出されていません"),
        ("/risks", "リスクはまだありません"),
        ("/coverage", "情報流がまだない"),
        ("/treatments", "対応はまだ書かれていません"),
        ("/controls", "未回答"),
        ("/statutory", "未回答"),
        ("/documents", "文書はまだ作られていません"),
    ] {
        holds(&site.page(address).await, &["空のサービス", fact]);
    }
}
