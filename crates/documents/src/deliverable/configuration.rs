//! The model behind the 全体構成図 as tables: sites with their country, papers, and every attribute as data.

use shirube_safety::Service;
use shirube_safety::model::{Answer, Element, Layer, Link, Node, Site};

use super::common::{columns, day, head};
use super::date::printed;
use crate::content::{Align, Block, Cell, DataSheet, Mark, Table, Value};

/// What is printed behind the drawings.
pub(super) fn blocks(service: &Service) -> Vec<Block> {
    let system = &service.files.system;
    let mut blocks = Vec::new();
    if !system.sites.is_empty() {
        blocks.push(Block::Table(sites_table(service)));
    }
    if !system.documents.is_empty() {
        blocks.push(Block::Table(documents_table(service)));
    }
    blocks
}

fn sites_table(service: &Service) -> Table {
    let rows = service.files.system.sites.iter().map(|site| {
        vec![
            Cell::new(site.name.clone()),
            Cell::new(site_name(service, site.within.as_deref())),
            Cell::new(site.side.term()),
            Cell::new(party(service, Some(&site.owner))),
            or_unknown(country(service, site)),
            or_unknown(jurisdiction(service, site)),
            or_unknown(Some(site.entry.term()).filter(|term| *term != UNKNOWN)),
        ]
    });
    Table {
        caption: "拠点と管轄".to_owned(),
        columns: columns(&[
            (3.0, Align::Left),
            (2.0, Align::Left),
            (1.8, Align::Left),
            (3.0, Align::Left),
            (1.4, Align::Left),
            (1.8, Align::Left),
            (2.4, Align::Left),
        ]),
        head: head(&["拠点", "含む拠点", "責任分界の側", "管理する組織", "国", "管轄する法", "入室の制限"]),
        rows: rows.collect(),
    }
}

const UNKNOWN: &str = "未確認";

fn or_unknown(text: Option<&str>) -> Cell {
    text.map_or_else(|| Cell::new(UNKNOWN).mark(Mark::Unanswered), Cell::new)
}

/// A site without a country of its own is in that of the site around it.
fn country<'a>(service: &'a Service, site: &'a Site) -> Option<&'a str> {
    inherited(service, site, |site| site.country.as_deref())
}

/// The law over a site; where nobody says otherwise, that of its country.
fn jurisdiction<'a>(service: &'a Service, site: &'a Site) -> Option<&'a str> {
    inherited(service, site, |site| site.jurisdiction.as_deref()).or_else(|| country(service, site))
}

fn inherited<'a>(service: &'a Service, site: &'a Site, value: impl Fn(&'a Site) -> Option<&'a str>) -> Option<&'a str> {
    let sites = &service.files.system.sites;
    let parent = |site: &&'a Site| {
        let within = site.within.as_deref()?;
        sites.iter().find(|other| other.id == within)
    };
    // Sites that contain each other would never end: no way is longer than the list.
    let around = std::iter::successors(Some(site), parent).take(sites.len());
    around.filter_map(value).find(|text| !text.trim().is_empty())
}

fn documents_table(service: &Service) -> Table {
    let system = &service.files.system;
    let dates = service.files.service.document.dates();
    let rows = system.documents.iter().map(|document| {
        let elements: Vec<String> = document.elements.iter().map(|id| element_name(service, id)).collect();
        vec![
            Cell::new(format!("{}\n{}", document.kind.term(), document.kind.control())),
            Cell::new(document.title.clone()),
            or_unknown(Some(document.edition.as_str()).filter(|text| !text.trim().is_empty())),
            document.on.map_or_else(|| or_unknown(None), |on| Cell::new(printed(on, dates))),
            or_unknown(Some(document.location.as_str()).filter(|text| !text.trim().is_empty())),
            Cell::new(if elements.is_empty() { "全体".to_owned() } else { elements.join("、") }),
            or_unknown(Some(document.disclosure.as_str()).filter(|text| !text.trim().is_empty())),
        ]
    });
    Table {
        caption: "構成に関する資料".to_owned(),
        columns: columns(&[
            (2.4, Align::Left),
            (3.4, Align::Left),
            (1.2, Align::Left),
            (1.8, Align::Left),
            (2.2, Align::Left),
            (2.4, Align::Left),
            (3.4, Align::Left),
        ]),
        head: head(&["種類（別紙2）", "資料", "版数", "日付", "保管場所", "対象", "開示する内容・範囲・条件"]),
        rows: rows.collect(),
    }
}

/// The model for machines and filters: sites; devices and media; links and transports.
pub(super) fn sheets(service: &Service) -> Vec<DataSheet> {
    vec![sites_sheet(service), nodes_sheet(service), links_sheet(service)]
}

fn sheet(name: &str, columns: &[&str], rows: Vec<Vec<Value>>) -> DataSheet {
    DataSheet { name: name.to_owned(), columns: columns.iter().map(|&column| column.to_owned()).collect(), rows }
}

fn text(text: Option<&str>) -> Value {
    text.map_or(Value::Empty, Value::from)
}

fn sites_sheet(service: &Service) -> DataSheet {
    let system = &service.files.system;
    let rows = system.sites.iter().map(|site| {
        let mut layers: Vec<Layer> = Vec::new();
        for (at, _) in system.nodes.iter().enumerate().filter(|(_, node)| node.site.as_ref() == Some(&site.id)) {
            layers.extend(service.assessment.flows.layers(system, Element::Node(at)));
        }
        vec![
            site.id.as_str().into(),
            site.name.as_str().into(),
            site_name(service, site.within.as_deref()).into(),
            site.side.term().into(),
            party(service, Some(&site.owner)).into(),
            joined(layers).into(),
            text(country(service, site)),
            text(jurisdiction(service, site)),
            site.entry.term().into(),
            site.disclosure.term().into(),
        ]
    });
    sheet(
        "拠点",
        &[
            "ID",
            "拠点",
            "含む拠点",
            "責任分界の側",
            "管理する組織",
            "層",
            "国",
            "管轄する法",
            "入室の制限",
            "公開用の写し",
        ],
        rows.collect(),
    )
}

fn nodes_sheet(service: &Service) -> DataSheet {
    let system = &service.files.system;
    let rows = system.nodes.iter().enumerate().map(|(at, node)| node_row(service, at, node));
    sheet(
        "機器・媒体",
        &[
            "ID",
            "機器・媒体",
            "プラットフォームでの名前",
            "種類",
            "拠点",
            "載っている機器",
            "環境",
            "ほかに使う環境",
            "層",
            "所有する組織",
            "運用する組織",
            "外部からの届きやすさ",
            "認証",
            "認証の要素",
            "暗号化",
            "持ち出し",
            "外部の媒体",
            "冗長化",
            "不正プログラム対策",
            "保守の契約",
            "バックアップ",
            "ログの保存年数",
            "開発の道具",
            "情報流",
            "契約終了時に何もしない理由",
            "外から使うときの守り方",
            "外から使うときの条件",
            "製造販売業者の資料",
            "資料を受け取った日",
            "公開用の写し",
            "未確認",
            "備考",
        ],
        rows.collect(),
    )
}

fn node_row(service: &Service, at: usize, node: &Node) -> Vec<Value> {
    let system = &service.files.system;
    let site = node.site.as_deref().and_then(|id| system.sites.iter().find(|site| site.id == id));
    let owner = node.owner.as_deref().or(site.map(|site| site.owner.as_str()));
    let host = node.host.as_deref().map(|id| element_name(service, id)).unwrap_or_default();
    let (outside, maker) = (node.outside_access.as_ref(), node.maker_security.as_ref());
    let factors: Vec<&str> = node.factors.iter().map(|factor| factor.term()).collect();
    let shared: Vec<&str> = node.shared_with.iter().map(|environment| environment.term()).collect();
    vec![
        node.id.as_str().into(),
        node.name.as_str().into(),
        text(node.name_on_platform.as_deref()),
        node.kind.term().into(),
        site_name(service, node.site.as_deref()).into(),
        host.into(),
        node.environment.term().into(),
        shared.join("・").into(),
        joined(service.assessment.flows.layers(system, Element::Node(at))).into(),
        party(service, owner).into(),
        party(service, node.operator.as_deref().or(owner)).into(),
        node.exposure.term().into(),
        node.authentication.term().into(),
        factors.join("・").into(),
        node.encryption.term().into(),
        node.portability.term().into(),
        node.removable_media.term().into(),
        node.redundancy.term().into(),
        node.malware_protection.term().into(),
        node.maintenance.term().into(),
        node.backup.term().into(),
        node.log_retention_years.map_or(Value::Empty, Value::from),
        Some(node.development_tools).filter(|answer| *answer != Answer::Unknown).map_or("", Answer::term).into(),
        flow_numbers(service, Element::Node(at)).into(),
        text(node.at_end_none.as_deref()),
        text(outside.map(|access| access.method.term())),
        text(outside.map(|access| access.conditions.as_str())),
        text(maker.map(|maker| maker.document.as_str())),
        day(maker.and_then(|maker| maker.received_on)),
        node.disclosure.term().into(),
        node.unknown().join("・").into(),
        text(node.note.as_deref()),
    ]
}

fn links_sheet(service: &Service) -> DataSheet {
    let system = &service.files.system;
    let mut rows: Vec<Vec<Value>> =
        system.links.iter().enumerate().map(|(at, link)| link_row(service, at, link)).collect();
    for (at, transport) in system.transports.iter().enumerate() {
        let actor = system.actors.iter().find(|actor| actor.id == transport.actor);
        let mut row = vec![
            transport.id.as_str().into(),
            "搬送".into(),
            format!("{}の搬送", element_name(service, &transport.medium)).into(),
            "媒体の搬送".into(),
            element_name(service, &transport.from).into(),
            element_name(service, &transport.to).into(),
            text(transport.place.as_deref()),
            joined(service.assessment.flows.layers(system, Element::Transport(at))).into(),
            party(service, actor.map(|actor| actor.party.as_str())).into(),
        ];
        row.resize(18, Value::Empty);
        row.push(flow_numbers(service, Element::Transport(at)).into());
        row.resize(LINK_COLUMNS.len() - 1, Value::Empty);
        row.push(transport.disclosure.term().into());
        rows.push(row);
    }
    sheet("接続・搬送", &LINK_COLUMNS, rows)
}

const LINK_COLUMNS: [&str; 23] = [
    "ID",
    "区分",
    "名前",
    "種類",
    "端1",
    "端2",
    "場所",
    "層",
    "運用する組織",
    "通る国（国外のとき）",
    "外部からの届きやすさ",
    "暗号化",
    "方式",
    "クライアント証明書",
    "IKE",
    "SSL-VPN",
    "無線LANの端末の制限",
    "冗長化",
    "情報流",
    "契約終了時に何もしない理由",
    "未確認",
    "備考",
    "公開用の写し",
];

fn link_row(service: &Service, at: usize, link: &Link) -> Vec<Value> {
    let system = &service.files.system;
    let end = |at: usize| link.between.get(at).map(|id| element_name(service, id)).unwrap_or_default();
    // Attributes that the link cannot have stay empty instead of 未確認.
    let asked = |asked: bool, term: &str| if asked { Value::from(term) } else { Value::Empty };
    let known = |answer: Answer| asked(answer != Answer::Unknown, answer.term());
    vec![
        link.id.as_str().into(),
        "接続".into(),
        link.name.as_str().into(),
        link.kind.term().into(),
        end(0).into(),
        end(1).into(),
        text(link.place.as_deref()),
        joined(service.assessment.flows.layers(system, Element::Link(at))).into(),
        party(service, link.operator.as_deref()).into(),
        text(link.country.as_deref()),
        asked(!link.kind.is_local(), link.exposure.term()),
        link.encryption.term().into(),
        text(link.protocol.as_deref()),
        known(link.client_certificate),
        known(link.ike),
        known(link.ssl_vpn),
        asked(link.kind == shirube_safety::model::LinkKind::WirelessLan, link.wireless_control.term()),
        asked(!link.kind.is_local(), link.redundancy.term()),
        flow_numbers(service, Element::Link(at)).into(),
        text(link.at_end_none.as_deref()),
        link.unknown().join("・").into(),
        text(link.note.as_deref()),
        link.disclosure.term().into(),
    ]
}

fn joined(mut layers: Vec<Layer>) -> String {
    layers.sort_unstable();
    layers.dedup();
    layers.iter().map(|layer| layer.term()).collect::<Vec<_>>().join("・")
}

fn flow_numbers(service: &Service, element: Element) -> String {
    let flows = service.assessment.flows.list.iter().filter(|flow| flow.element == element);
    flows.map(|flow| flow.number.as_str()).collect::<Vec<_>>().join("、")
}

fn party(service: &Service, id: Option<&str>) -> String {
    let Some(id) = id else { return String::new() };
    let found = service.files.service.parties.iter().find(|party| party.id == id);
    found.map_or(id, |party| &party.name).to_owned()
}

fn site_name(service: &Service, id: Option<&str>) -> String {
    let Some(id) = id else { return String::new() };
    service.files.system.sites.iter().find(|site| site.id == id).map_or(id, |site| &site.name).to_owned()
}

/// Name of whatever an id stands for.
fn element_name(service: &Service, id: &str) -> String {
    let system = &service.files.system;
    let site = system.sites.iter().find(|site| site.id == id).map(|site| &site.name);
    let node = || system.nodes.iter().find(|node| node.id == id).map(|node| &node.name);
    let link = || system.links.iter().find(|link| link.id == id).map(|link| &link.name);
    site.or_else(node).or_else(link).map_or(id, |name| name).to_owned()
}
