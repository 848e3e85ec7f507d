//! The model through the front door: what is asked for, what is found, what is drawn (requirements MODEL).

mod support;

use std::fs;

use serde_json::Value;
use support::edited::{Fires, checked, each_fires, each_is_quiet, edited, found, service, system};
use support::{copy_of_sample, folder_with, path, sample, shirube};

fn steps(checked: &Value) -> Vec<(String, String)> {
    let text = |value: &Value| value.as_str().expect("text").to_owned();
    let steps = checked["steps"].as_array().expect("steps");
    steps.iter().map(|step| (text(&step["step"]), text(&step["state"]))).collect()
}

/// MODEL-001: each step says how far it has come; an edit opens a finished step again.
#[test]
fn every_step_says_how_far_it_has_come() {
    let of = |dir: &tempfile::TempDir| steps(&checked(dir));
    let state = |label: &str, state: &str| (label.to_owned(), state.to_owned());
    let blank = tempfile::tempdir().expect("a temporary folder");
    let folder = blank.path().join("b");
    assert_eq!(shirube(&["init".as_ref(), folder.as_os_str()]).code, 0);
    let human = shirube(&["check".as_ref(), folder.as_os_str()]);
    assert!(human.stdout.contains("手順1 ［未着手］") && human.stdout.contains("次は手順1"), "{}", human.stdout);

    let first = folder_with(
        "sites: [{ id: 本社, name: 本社, owner: 自社, side: provider, country: 日本 }]\n\
         nodes: [{ id: サーバ, name: サーバ, kind: server, site: 本社, environment: production }]\n\
         no_environments: [{ environment: development, reason: 開発は外部で行う }, { environment: test, reason: 同じ }]\n",
    );
    assert_eq!(of(&first)[..2], [state("手順1", "complete"), state("手順2", "not-started")]);

    let sample = of(&copy_of_sample());
    let labels: Vec<&str> = sample.iter().map(|(label, _)| label.as_str()).collect();
    assert_eq!(labels, ["手順1", "手順2", "手順3", "手順4", "情報流"]);
    assert!(sample[..4].iter().all(|(_, state)| state == "complete"), "{sample:?}");
    assert_eq!(sample[4], state("情報流", "open"), "the gaps of the example at the end of the contract");

    let reopened = of(&edited(&[system("    kind: server\n    site: DC\n", "    kind: server\n")]));
    assert_eq!(reopened[0], state("手順1", "open"));
    let reopened = of(&edited(&[system("    operator: 通信回線事業者\n", "")]));
    assert_eq!(reopened[1], state("手順2", "open"));
}

/// MODEL-002, MODEL-009, MODEL-010, MODEL-015, MODEL-016: sites, parties, environments and places with a gap are named.
#[test]
fn gaps_of_places_and_parties_are_named() {
    each_fires(&[
        Fires {
            why: "MODEL-002: the machine under a virtual machine must exist",
            edits: &[system(
                "    kind: server\n    site: 開発拠点\n",
                "    kind: virtual-machine\n    host: 仮想基盤\n    site: 開発拠点\n",
            )],
            rule: "reference-missing",
            severity: "error",
            field: "nodes[4].host",
            says: "仮想基盤",
        },
        Fires {
            why: "MODEL-002: no machine carries itself",
            edits: &[system(
                "    kind: server\n    site: 開発拠点\n",
                "    kind: virtual-machine\n    host: カルテ開発\n    site: 開発拠点\n",
            )],
            rule: "cycle",
            severity: "error",
            field: "nodes[4].host",
            says: "カルテ開発 → カルテ開発",
        },
        Fires {
            why: "MODEL-009: who provides a layer has a part in the model",
            edits: &[
                service(
                    "  infrastructure:\n    form: \"1\"\n    party: 対象事業者\n",
                    "  infrastructure:\n    form: \"3\"\n    party: クラウド社\n",
                ),
                service(
                    "  - id: 患者\n",
                    "  - { id: クラウド社, name: 仮想基盤株式会社, kind: data-centre }\n  - id: 患者\n",
                ),
            ],
            rule: "party-without-element",
            severity: "warning",
            field: "parties[6]",
            says: "「仮想基盤株式会社」",
        },
        Fires {
            why: "MODEL-009: every institution has a part in the model",
            edits: &[service(
                "  - id: 患者\n",
                "  - { id: 分院, name: あおば分院, kind: institution, institution_kind: clinic }\n  - id: 患者\n",
            )],
            rule: "party-without-element",
            severity: "warning",
            field: "parties[6]",
            says: "あおば分院",
        },
        Fires {
            why: "MODEL-009: somebody runs a link between sites",
            edits: &[system("    operator: 通信回線事業者\n", "")],
            rule: "link-operator-missing",
            severity: "warning",
            field: "links[1]",
            says: "閉域VPN",
        },
        Fires {
            why: "MODEL-010: every environment is modelled or has a reason",
            edits: &[system(
                "  - { environment: test, reason: 試験は、開発環境のサーバで架空の患者の情報を使って行う。 }\n",
                "",
            )],
            rule: "environment-missing",
            severity: "warning",
            field: "nodes",
            says: "試験環境の機器がありません",
        },
        Fires {
            why: "MODEL-010: a blank is no reason",
            edits: &[system("reason: 試験は、開発環境のサーバで架空の患者の情報を使って行う。", "reason: '　'")],
            rule: "environment-missing",
            severity: "warning",
            field: "nodes",
            says: "試験環境",
        },
        Fires {
            why: "MODEL-010: a reason for what is there contradicts the model",
            edits: &[system("{ environment: test, reason: 試験は", "{ environment: development, reason: 試験は")],
            rule: "environment-contradiction",
            severity: "warning",
            field: "no_environments[1]",
            says: "開発環境",
        },
        Fires {
            why: "MODEL-015: a site abroad",
            edits: &[system(
                "name: 遠隔地, owner: 対象事業者, side: provider, country: 日本",
                "name: 遠隔地, owner: 対象事業者, side: provider, country: アメリカ",
            )],
            rule: "country-abroad",
            severity: "error",
            field: "sites[8].country",
            says: "遠隔地",
        },
        Fires {
            why: "MODEL-015: a site in Japan under the law of another country",
            edits: &[system(
                "name: 遠隔地, owner: 対象事業者, side: provider, country: 日本",
                "name: 遠隔地, owner: 対象事業者, side: provider, country: 日本, jurisdiction: アメリカ",
            )],
            rule: "jurisdiction-abroad",
            severity: "error",
            field: "sites[8].jurisdiction",
            says: "アメリカ",
        },
        Fires {
            why: "MODEL-015: a link through another country",
            edits: &[system("    protocol: IPsec\n", "    protocol: IPsec\n    country: シンガポール\n")],
            rule: "country-abroad",
            severity: "warning",
            field: "links[2].country",
            says: "シンガポール",
        },
        Fires {
            why: "MODEL-016: tools of development in production",
            edits: &[system(
                "    log_retention_years: 5\n",
                "    log_retention_years: 5\n    development_tools: yes\n",
            )],
            rule: "production-tools",
            severity: "warning",
            field: "nodes[11].development_tools",
            says: "電子カルテサーバ（本番環境）",
        },
        Fires {
            why: "MODEL-016: one machine for production and test",
            edits: &[system("    log_retention_years: 5\n", "    log_retention_years: 5\n    shared_with: [test]\n")],
            rule: "environment-shared",
            severity: "warning",
            field: "nodes[11].shared_with",
            says: "試験環境にも",
        },
        Fires {
            why: "MODEL-016: a medium that is kept where nothing else is must have been carried there",
            edits: &[system("    medium: テープ媒体\n    from: DC\n", "    medium: テープ装置\n    from: DC\n")],
            rule: "medium-not-carried",
            severity: "warning",
            field: "nodes[14]",
            says: "テープ媒体",
        },
        Fires {
            why: "MODEL-016: a medium with neither site nor transport",
            edits: &[
                system("    kind: medium\n    site: 遠隔地\n", "    kind: medium\n"),
                system("    medium: テープ媒体\n", "    medium: テープ装置\n"),
            ],
            rule: "node-without-site",
            severity: "warning",
            field: "nodes[14]",
            says: "テープ媒体",
        },
    ]);
    let development = found(&checked(&copy_of_sample()), "development-on-production");
    assert!(
        matches!(&development[..], [[severity, field, _]] if severity == "note" && field == "nodes[16]"),
        "{development:?}"
    );
    each_is_quiet(&[
        (
            "MODEL-015: Japan has several spellings",
            &[system("side: provider, country: 日本", "side: provider, country: Japan")],
            "country-abroad",
        ),
        (
            "MODEL-010: a machine that is also used for tests is the test environment",
            &[
                system(
                    "  - { environment: test, reason: 試験は、開発環境のサーバで架空の患者の情報を使って行う。 }\n",
                    "",
                ),
                system("    backup: yes\n    at_end:", "    backup: yes\n    shared_with: [test]\n    at_end:"),
            ],
            "environment-missing",
        ),
        (
            "MODEL-016: what is carried needs no site",
            &[system("    kind: medium\n    site: 遠隔地\n", "    kind: medium\n")],
            "node-without-site",
        ),
    ]);
}

/// MODEL-004, MODEL-006: what people handle has a Who; what runs without people has none.
#[test]
fn things_that_people_handle_have_a_person() {
    each_fires(&[
        Fires {
            why: "a terminal",
            edits: &[system("actor: 医療事務, nodes: [医事端末]", "nodes: [医事端末]")],
            rule: "person-missing",
            severity: "warning",
            field: "handlings[2]",
            says: "「医事端末」（端末）",
        },
        Fires {
            why: "a printer",
            edits: &[system("actor: 医療事務, nodes: [プリンタ]", "nodes: [プリンタ]")],
            rule: "person-missing",
            severity: "warning",
            field: "handlings[3]",
            says: "プリンタ",
        },
        Fires {
            why: "the closed network of a carrier without people",
            edits: &[
                system("  - { id: 通信回線事業者, name: 通信回線事業者, party: 通信回線事業者 }\n", ""),
                system(
                    "    at_end:\n      - { layer: infrastructure, actor: 通信回線事業者,",
                    "    at_end:\n      - { layer: infrastructure, actor: 対象事業者,",
                ),
            ],
            rule: "person-missing",
            severity: "warning",
            field: "links[1]",
            says: "閉域VPN",
        },
    ]);
    each_is_quiet(&[("the sample", &[], "person-missing"), ("a tape drive runs by itself", &[], "reference-missing")]);
}

/// MODEL-003, MODEL-005, MODEL-007: links, transports and what runs by itself are rows of their own.
#[test]
fn links_transports_and_processing_without_people_are_flows() {
    let ran = shirube(&["flows".as_ref(), sample().as_os_str(), "--format".as_ref(), "json".as_ref()]);
    let value: Value = serde_json::from_str(&ran.stdout).expect("JSON");
    let flow = |number: &str| {
        let flows = value["flows"].as_array().expect("flows");
        flows.iter().find(|flow| flow["number"] == number).unwrap_or_else(|| panic!("{number}")).clone()
    };
    assert_eq!(
        (flow("I-O1")["origin"].as_str(), flow("I-O1")["who"].as_str()),
        (Some("link"), Some("通信回線事業者が"))
    );
    let by_itself = flow("A-O6");
    assert_eq!(
        (by_itself["who"].as_str(), by_itself["what"].as_str().map(|what| what.ends_with('が'))),
        (Some("—"), Some(true))
    );
    let carried = value["flows"].as_array().expect("flows").iter().filter(|flow| flow["origin"] == "transport");
    assert!(
        carried.clone().count() == 1
            && carried.clone().all(|flow| flow["where"].as_str().is_some_and(|w| w.ends_with('を')))
    );

    let schema = shirube(&["schema", "system"]);
    for kind in [
        "wired-lan",
        "wireless-lan",
        "dedicated-line",
        "public-network",
        "closed-network",
        "internet-vpn",
        "ipsec-vpn",
        "https",
    ] {
        assert!(schema.stdout.contains(&format!("\"{kind}\"")), "{kind}");
    }
}

fn drawn(args: &[&str]) -> String {
    let out = tempfile::tempdir().expect("a temporary folder");
    let file = out.path().join("図.svg");
    let folder = sample();
    let mut all = vec!["diagram", folder.to_str().expect("UTF-8"), "--out", file.to_str().expect("UTF-8")];
    all.extend(args);
    let ran = shirube(&all);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    fs::read_to_string(file).expect("written")
}

/// Where each node stands, as the picture says it.
fn places(svg: &str) -> Vec<&str> {
    svg.lines()
        .zip(svg.lines().skip(1))
        .filter(|(line, _)| line.contains("class=\"node\""))
        .map(|(_, rect)| rect)
        .collect()
}

/// MODEL-011: the diagram of each step shows what the step adds, everything at its place.
#[test]
fn the_diagram_grows_with_the_steps() {
    let steps: Vec<String> = ["1", "2", "3", "4"].iter().map(|step| drawn(&["--step", step])).collect();
    let shows = |step: usize, what: &str| steps[step - 1].contains(what);
    assert!(shows(1, ">医事端末<") && !shows(1, ">有線LAN<") && !shows(1, "data-flow=\""));
    assert!(shows(2, ">有線LAN<") && shows(2, ">閉域VPN<") && !shows(2, "data-flow=\""));
    assert!(shows(3, "data-flow=\"A-O2\"") && !shows(3, "data-flow=\"A-O6\""), "A-O6 is handled by nobody");
    assert!(shows(4, "data-flow=\"A-O2\"") && shows(4, "data-flow=\"A-O6\""));
    for step in &steps {
        assert_eq!(places(step), places(&steps[3]), "nothing moves from step to step");
    }
    assert_eq!(places(&steps[0]).len(), 18);
    let refused = shirube(&[
        "diagram".as_ref(),
        sample().as_os_str(),
        "--out".as_ref(),
        "x.svg".as_ref(),
        "--step".as_ref(),
        "5".as_ref(),
    ]);
    assert!(refused.code == 2 && refused.stderr.contains("使えるのは1、2、3、4です"), "{}", refused.stderr);
}

/// MODEL-011: every step as PNG and PDF, and the drawing as data.
#[test]
fn the_diagram_is_also_data() {
    let out = tempfile::tempdir().expect("a temporary folder");
    for (name, magic) in [("図.pdf", &b"%PDF-"[..]), ("図.png", b"\x89PNG")] {
        let file = out.path().join(name);
        let ran = shirube(&[
            "diagram".as_ref(),
            sample().as_os_str(),
            "--step".as_ref(),
            "2".as_ref(),
            "--out".as_ref(),
            file.as_os_str(),
        ]);
        assert_eq!(ran.code, 0, "{}", ran.stderr);
        assert!(fs::read(&file).expect("written").starts_with(magic), "{name}");
    }
    let value: Value = serde_json::from_str(&{
        let file = out.path().join("図.json");
        let ran = shirube(&["diagram".as_ref(), sample().as_os_str(), "--out".as_ref(), file.as_os_str()]);
        assert_eq!(ran.code, 0, "{}", ran.stderr);
        fs::read_to_string(file).expect("written")
    })
    .expect("JSON");
    let count = |key: &str| value[key].as_array().map(Vec::len);
    assert_eq!((count("sites"), count("nodes"), count("links")), (Some(8), Some(18), Some(17)));
    assert_eq!(value["links"][0]["style"], "closed-network");
}

fn markdown(dir: &tempfile::TempDir, document: &str) -> String {
    let out = tempfile::tempdir().expect("a temporary folder");
    let ran = shirube(&[
        "report".as_ref(),
        dir.path().as_os_str(),
        "--out".as_ref(),
        out.path().as_os_str(),
        "--doc".as_ref(),
        document.as_ref(),
        "--format".as_ref(),
        "md".as_ref(),
    ]);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    fs::read_to_string(out.path().join(format!("{document}.md"))).expect("written")
}

/// MODEL-011, MODEL-012, MODEL-015: the document has the four drawings, the sites with their country, and the papers.
#[test]
fn the_document_of_the_configuration_is_complete() {
    let text = markdown(&edited(&[system("country: 日本, entry: open", "entry: open")]), "system-diagram");
    for part in
        ["全体構成図", "図 手順1", "図 手順2", "図 手順3", "拠点と管轄", "構成に関する資料", "DC内ネットワーク詳細図"]
    {
        assert!(text.contains(part), "{part}");
    }
    let waiting = text.lines().find(|line| line.contains("待合室")).expect("the waiting room");
    assert_eq!(waiting.matches("日本").count(), 2, "country and law are those of the site around it: {waiting}");
}

/// MODEL-012: the papers about the configuration are asked for, and what they are about must exist.
#[test]
fn the_papers_of_the_configuration_are_asked_for() {
    each_fires(&[
        Fires {
            why: "a kind of paper that is missing",
            edits: &[system("  - { kind: update-history,", "  - { kind: requirements,")],
            rule: "document-kind-missing",
            severity: "note",
            field: "documents",
            says: "更新履歴（1.13①-4）がありません",
        },
        Fires {
            why: "a paper about something that is not there",
            edits: &[system("elements: [DC, 閉域VPN,", "elements: [DC, 閉域VPM,")],
            rule: "reference-missing",
            severity: "error",
            field: "documents[2].elements[2]",
            says: "閉域VPM",
        },
        Fires {
            why: "no condition for showing it",
            edits: &[system(", disclosure: 秘密保持契約の後、当社の立会いの下で閲覧に供する", "")],
            rule: "document-disclosure",
            severity: "note",
            field: "documents[2]",
            says: "DC内ネットワーク詳細図",
        },
    ]);
    each_is_quiet(&[("the sample has all five", &[], "document-kind-missing")]);
}

/// MODEL-008: another company's system stays in the model although nobody has a contract with it.
#[test]
fn a_linked_system_of_another_company_is_kept_and_named() {
    let value = checked(&copy_of_sample());
    assert_eq!(found(&value, "external-without-contract").len(), 1);
    let ran = shirube(&["flows", path(&copy_of_sample())]);
    assert!(ran.stdout.contains("他社が提供するシステムで"), "{}", ran.stdout);
}
