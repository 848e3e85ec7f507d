//! What has to be asked of others: how an institution classes its information, how its people work from outside, what
//! the makers of IoT devices say (FLOW-010, RISK-024, TREAT-027).

mod support;

use std::fs;

use support::edited::{checked, found};
use support::{copy_of_sample, path, shirube};

const SERVICE: &str = "
service: { name: 試験 }
provider: 自社
parties:
  - { id: 自社, name: 自社, kind: provider }
  - { id: 医院, name: あさひ医院, kind: institution, institution_kind: clinic }
delivery:
  application: { form: '1', party: 自社 }
  platform: { form: '1', party: 自社 }
  infrastructure: { form: '1', party: 自社 }
";

fn folder(service: &str, system: &str) -> tempfile::TempDir {
    let dir = tempfile::tempdir().expect("a temporary folder");
    fs::write(dir.path().join("shirube.yaml"), service).expect("written");
    fs::write(dir.path().join("system.yaml"), system).expect("written");
    dir
}

/// A document of a folder as Markdown.
fn markdown(dir: &tempfile::TempDir, name: &str) -> String {
    let out = tempfile::tempdir().expect("a temporary folder");
    let ran = shirube(&["report", path(dir), "--out", path(&out), "--doc", name, "--format", "md"]);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    fs::read_to_string(out.path().join(format!("{name}.md"))).expect("written").replace('\\', "")
}

/// A clinic's records with a class of their own, on which `institution` holds the institution's answer.
fn classed(institution: &str) -> String {
    format!(
        "information_classes:
  - {{ id: 患者, name: 患者個人情報, importance: 5, reason: 診療の記録 {institution} }}
  - {{ id: 設定, name: 設定情報, importance: 3, reason: 設定だけ }}
information:
  - {{ id: 記録, name: 診療の記録, class: 患者, kind: patient, medical: yes, medical_reason: 記録 }}
  - {{ id: 値, name: 設定値, class: 設定, kind: settings, medical: no, medical_reason: 設定 }}
sites: [{{ id: DC, name: データセンター, owner: 自社, side: provider, country: 日本 }}]
nodes: [{{ id: 箱, name: サーバ, kind: server, site: DC, environment: production }}]
handlings: [{{ layer: application, nodes: [箱], information: 記録, how: [保存される] }}]
"
    )
}

/// FLOW-010: what was not asked, not answered, or answered differently is told; nothing when it is answered alike, and
/// nothing to a provider without an application.
#[test]
fn the_institutions_own_classes_are_asked_for() {
    let unasked = "institution-class-unasked";
    let unanswered = "institution-class-unanswered";
    let differs = "institution-class-differs";
    let dates = "institution-class-dates";
    type Told<'a> = (&'a str, &'a str, &'a str);
    let rows: [(&str, &[Told]); 6] = [
        ("", &[(unasked, "note", "「患者個人情報」")]),
        (", institution: { asked_on: 2026-11-01 }", &[(unanswered, "note", "「患者個人情報」")]),
        (", institution: { asked_on: 2026-11-01, answered_on: 2026-11-09, importance: 5 }", &[]),
        (
            ", institution: { asked_on: 2026-11-01, answered_on: 2026-11-09, importance: 4, note: 中程度 }",
            &[(differs, "note", "重要度は5ですが、医療機関等の答えは4")],
        ),
        (
            ", institution: { asked_on: 2026-11-09, answered_on: 2026-11-01, importance: 5 }",
            &[(dates, "error", "（2026-11-01）が、尋ねた日（2026-11-09）より前")],
        ),
        (", institution: { answered_on: 2026-11-01, note: 最も重い }", &[]),
    ];
    for (answer, expected) in rows {
        let checked = checked(&folder(SERVICE, &classed(answer)));
        for rule in [unasked, unanswered, differs, dates] {
            let told = found(&checked, rule);
            let wanted: Vec<_> = expected.iter().filter(|(name, ..)| *name == rule).collect();
            assert_eq!(told.len(), wanted.len(), "{answer} {rule}: {told:?}");
            for ([severity, _, message], (_, weight, says)) in told.iter().zip(wanted) {
                assert!(severity == weight && message.contains(says), "{answer}: {severity} {message}");
            }
        }
        assert!(found(&checked, unasked).iter().all(|[.., message]| !message.contains("設定情報")));
    }
    let other = SERVICE
        .replace("application: { form: '1', party: 自社 }", "application: { form: '3', party: 他社 }")
        .replace("delivery:", "  - { id: 他社, name: 他社, kind: linked-provider }\ndelivery:");
    let told = found(&checked(&folder(&other, &classed(""))), unasked);
    assert!(told.is_empty(), "the application is not ours to ask about: {told:?}");
}

/// FLOW-010: the request to the institution is printed, the answer stands beside our own class and changes nothing.
#[test]
fn the_answer_stands_beside_our_own_class() {
    let open = folder(SERVICE, &classed(""));
    let requests = markdown(&open, "institution-requests");
    assert!(requests.contains("情報の分類についてのお尋ね"), "{requests}");
    assert!(requests.contains("| 患者個人情報 | 診療の記録 | 5 | これから | ご回答をお待ちしています |"), "{requests}");
    assert!(!requests.contains("設定情報"), "what holds nothing of patients is not asked about");

    let answer =
        ", institution: { asked_on: 2026-11-01, answered_on: 2026-11-09, importance: 4, note: 院内の区分は「重要」 }";
    let answered = folder(SERVICE, &classed(answer));
    let row =
        "| 5 | 令和8年11月1日 | 重要度4（弊社の尺度で読んだ値）<br>院内の区分は「重要」<br>令和8年11月9日のご回答 |";
    assert!(markdown(&answered, "institution-requests").contains(row));
    let flows = markdown(&answered, "flows");
    assert!(flows.contains("| 患者個人情報 | 5 | 診療の記録 | 重要度4（弊社の尺度で読んだ値）"), "{flows}");
    assert!(flows.contains("| 設定情報 | 3 | 設定だけ | ― |"), "{flows}");
    let impacts = |dir: &tempfile::TempDir| {
        let ran = shirube(&["assess", path(dir), "--format", "json"]);
        let value: serde_json::Value = serde_json::from_str(&ran.stdout).expect("JSON");
        let risks = value["risks"].as_array().expect("risks").iter();
        risks.map(|risk| (risk["id"].to_string(), risk["impact"].to_string())).collect::<Vec<_>>()
    };
    assert_eq!(impacts(&open), impacts(&answered), "a reference moves no value");
}

/// A doctor's terminal, more of it and of the links below, and one server.
fn reached(terminal: &str, links: &str) -> String {
    format!(
        "sites:
  - {{ id: 院内, name: 院内, owner: 医院, side: institution, country: 日本 }}
  - {{ id: 自宅, name: 医師の自宅, owner: 医院, side: other, country: 日本 }}
  - {{ id: DC, name: データセンター, owner: 自社, side: provider, country: 日本 }}
actors:
  - {{ id: 医師, name: 医師, party: 医院 }}
  - {{ id: 保守, name: 保守の担当, party: 自社 }}
information_classes: [{{ id: 患者, name: 患者個人情報, importance: 5 }}]
information: [{{ id: 記録, name: 診療の記録, class: 患者, kind: patient, medical: yes }}]
nodes:
  - {{ id: 端末, name: 往診用端末, environment: production, {terminal} }}
  - {{ id: 中継, name: 無線ルータ, kind: network-equipment, site: 自宅, environment: production }}
  - {{ id: 院内網, name: 院内の網, kind: network-equipment, site: 院内, environment: production }}
  - {{ id: DC網, name: DCの網, kind: network-equipment, site: DC, environment: production }}
  - {{ id: 箱, name: サーバ, kind: server, site: DC, environment: production }}
  - {{ id: 試験, name: 開発サーバ, kind: server, site: DC, environment: development }}
links:
{links}
handlings: [{{ layer: application, actor: 医師, nodes: [端末], information: 記録, how: [閲覧・操作する] }}]
"
    )
}

const CARRIED: &str = "kind: mobile-terminal, site: 院内, portability: portable";
const HTTPS: &str = "  - { id: 線, name: インターネット, kind: https, between: [端末, 箱] }";
const OPEN: &str = "outside-access";
const NO_VPN: &str = "outside-access-vpn";
const UNDESCRIBED: &str = "outside-access-description";
const UNCONDITIONAL: &str = "outside-access-conditions";
const VPN: &str = "  - { id: 線, name: 遠隔用VPN, kind: ipsec-vpn, between: [端末, 箱] }";

/// TREAT-027: access from outside has a virtual desktop with VPN, or something as safe with its reason, and conditions;
/// not knowing is told. Who works inside, or is not of the institution, is not asked.
#[test]
fn access_from_outside_is_asked_for_its_protection() {
    let access = |access: &str| format!("{CARRIED}, outside_access: {{ {access} }}");
    let behind = "  - { id: a, name: 無線, kind: wireless-lan, between: [端末, 中継] }
  - { id: b, name: インターネット, kind: public-network, between: [中継, 箱] }";
    let inside = "  - { id: a, name: 無線, kind: wireless-lan, between: [端末, 院内網] }
  - { id: b, name: 閉域網, kind: closed-network, between: [院内網, DC網] }
  - { id: c, name: 有線, kind: wired-lan, between: [DC網, 箱] }
  - { id: d, name: 開発用VPN, kind: ipsec-vpn, between: [DC網, 試験] }";
    let both = format!("{inside}\n{HTTPS}");
    let to_site = "  - { id: 線, name: 公衆網, kind: public-network, between: [端末, DC] }";
    let rows: Vec<(&str, String, &str, &[&str])> = vec![
        ("nothing is said", CARRIED.to_owned(), HTTPS, &[OPEN]),
        ("unknown is legal, and told", access("method: unknown, conditions: 往診に限る"), HTTPS, &[OPEN]),
        ("no method", access("method: none"), HTTPS, &[OPEN]),
        ("both are there", access("method: virtual-desktop-vpn, conditions: 往診に限る"), VPN, &[]),
        ("no conditions", access("method: virtual-desktop-vpn"), VPN, &[UNCONDITIONAL]),
        ("blank conditions", access("method: virtual-desktop-vpn, conditions: '　'"), VPN, &[UNCONDITIONAL]),
        ("no VPN in the model", access("method: virtual-desktop-vpn, conditions: 往診に限る"), HTTPS, &[NO_VPN]),
        (
            "lent terminals without a word",
            access("method: dedicated-terminal, conditions: 往診"),
            HTTPS,
            &[UNDESCRIBED],
        ),
        ("another way, described", access("method: other, description: 画面だけを送る, conditions: 往診"), HTTPS, &[]),
        ("at home", "kind: terminal, site: 自宅, portability: fixed".to_owned(), HTTPS, &[OPEN]),
        ("behind a router", CARRIED.to_owned(), behind, &[OPEN]),
        ("to a place", CARRIED.to_owned(), to_site, &[OPEN]),
        ("carried inside, and the VPN is another's", CARRIED.to_owned(), inside, &[]),
        ("inside and outside", CARRIED.to_owned(), &both, &[OPEN]),
        ("fixed in the clinic", "kind: terminal, site: 院内, portability: fixed".to_owned(), HTTPS, &[]),
    ];
    for (row, terminal, links, expected) in rows {
        let checked = checked(&folder(SERVICE, &reached(&terminal, links)));
        for rule in [OPEN, NO_VPN, UNDESCRIBED, UNCONDITIONAL] {
            let told = found(&checked, rule);
            assert_eq!(told.len(), usize::from(expected.contains(&rule)), "{row}, {rule}: {told:?}");
            assert!(told.iter().all(|[severity, field, message]| {
                severity == "warning" && field.starts_with("nodes[1]") && message.contains("往診用端末")
            }));
        }
    }
    let by_staff = reached(CARRIED, HTTPS).replace("actor: 医師", "actor: 保守");
    assert!(found(&checked(&folder(SERVICE, &by_staff)), OPEN).is_empty(), "not a user of the institution");
    let unknown = found(&checked(&folder(SERVICE, &reached(CARRIED, HTTPS))), OPEN);
    assert!(unknown[0][2].contains("今: 未確認") && unknown[0][2].contains("「インターネット」"), "{unknown:?}");
    let sample = checked(&copy_of_sample());
    assert!(
        [OPEN, NO_VPN, UNDESCRIBED, UNCONDITIONAL].iter().all(|rule| found(&sample, rule).is_empty()),
        "the sample has no such access"
    );
}

fn device(more: &str, medical: &str, environment: &str) -> String {
    format!(
        "sites: [{{ id: 院内, name: 院内, owner: 医院, side: institution, country: 日本 }}]
actors: [{{ id: 技師, name: 検査技師, party: 医院 }}]
information_classes: [{{ id: 患者, name: 患者個人情報, importance: 5 }}]
information: [{{ id: 波形, name: 心電図の波形, class: 患者, kind: other, medical: {medical}, medical_reason: 波形 }}]
nodes: [{{ id: 心電計, name: 無線心電計, kind: iot, site: 院内, environment: {environment} {more} }}]
handlings: [{{ layer: application, phase: operation, actor: 技師, nodes: [心電計], information: 波形, how: [閲覧・操作する] }}]
"
    )
}

/// RISK-024: an IoT device with patients' information needs its maker's paper, with its name and the day.
#[test]
fn iot_devices_need_their_makers_paper() {
    let both = "資料の名前（document）と受け取った日（received_on）";
    let rows: [(&str, &str, &str, Option<&str>); 8] = [
        ("", "yes", "production", Some(both)),
        (", maker_security: {}", "yes", "production", Some(both)),
        (", maker_security: { document: MDS }", "yes", "production", Some("受け取った日")),
        (", maker_security: { received_on: 2026-10-01 }", "yes", "production", Some("資料の名前")),
        (", maker_security: { document: MDS, received_on: 2026-10-01 }", "yes", "production", None),
        ("", "unknown", "production", Some(both)),
        ("", "no", "production", None),
        ("", "yes", "test", None),
    ];
    for (maker, medical, environment, says) in rows {
        let told = found(&checked(&folder(SERVICE, &device(maker, medical, environment))), "iot-maker-security");
        match says {
            None => assert!(told.is_empty(), "{maker} {medical} {environment}: {told:?}"),
            Some(says) => {
                let [severity, field, message] = &told[0];
                assert_eq!((severity.as_str(), field.as_str()), ("warning", "nodes[1]"));
                assert!(message.contains("無線心電計") && message.contains(says), "{message}");
            }
        }
    }
    assert!(found(&checked(&copy_of_sample()), "iot-maker-security").is_empty(), "the sample has no such device");
}

/// RISK-024: the assessment shows each device with its paper and the risks found there; without devices there is no
/// such part.
#[test]
fn iot_devices_have_an_analysis_of_their_own() {
    let maker = ", maker_security: { document: 無線心電計 MDS, received_on: 2026-10-01, findings: 部品の更新は年1回 }";
    let list = markdown(&folder(SERVICE, &device(maker, "yes", "production")), "risk-assessment");
    let part = list.split("## IoT機器の分析").nth(1).expect("the part");
    for text in [
        "無線心電計 MDS<br>令和8年10月1日に受領<br>部品の更新は年1回",
        "更新されない部品のために無線心電計に脆弱性が残り",
    ] {
        assert!(part.contains(text), "{text}: {part}");
    }
    let list = markdown(&folder(SERVICE, &device("", "yes", "production")), "risk-assessment");
    assert!(list.split("## IoT機器の分析").nth(1).is_some_and(|part| part.contains("資料なし")));
    assert!(!markdown(&copy_of_sample(), "risk-assessment").contains("IoT機器の分析"));
}
