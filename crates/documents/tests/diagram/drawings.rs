//! Drawings to test with: the worked example of the guideline, and generated ones of any size.

use shirube_documents::diagram::{Drawing, End, LineStyle, Link, Node, Side, Site};

fn words(text: &str) -> Vec<String> {
    text.split_whitespace().map(str::to_owned).collect()
}

fn some(text: &str) -> Option<String> {
    Some(text.to_owned()).filter(|text| !text.is_empty())
}

pub fn site(id: &str, name: &str, party: &str, side: Side, parent: &str) -> Site {
    Site { id: id.to_owned(), name: name.to_owned(), party: some(party), side, parent: some(parent) }
}

pub fn node(id: &str, site: &str, name: &str, kind: &str, environment: &str, flows: &str) -> Node {
    Node {
        id: id.to_owned(),
        site: some(site),
        name: name.to_owned(),
        kind: kind.to_owned(),
        environment: some(environment),
        flows: words(flows),
    }
}

/// Ends that begin with `S` are sites.
pub fn link(id: &str, ends: [&str; 2], label: &str, style: LineStyle, operator: &str, flows: &str) -> Link {
    let end = |id: &str| if id.starts_with('S') { End::Site(id.to_owned()) } else { End::Node(id.to_owned()) };
    Link {
        id: id.to_owned(),
        ends: ends.map(end),
        label: label.to_owned(),
        style,
        operator: some(operator),
        flows: words(flows),
    }
}

/// The worked example of chapter 5.2 of the provider guideline: sites, devices, links, flow numbers.
pub fn clinic() -> Drawing {
    use LineStyle::{ClosedNetwork, Media, Vpn, Wired, Wireless};
    use Side::{Institution, Provider};
    Drawing {
        title: "医療情報システム等の全体構成図".to_owned(),
        sites: vec![
            site("S5", "医療機関内", "クリニック", Institution, ""),
            site("S1", "待合室", "", Institution, "S5"),
            site("S2", "受付/窓口", "", Institution, "S5"),
            site("S3", "診察室", "", Institution, "S5"),
            site("S4", "処置室/検査室", "", Institution, "S5"),
            site("S6", "対象事業者DC", "対象事業者", Provider, ""),
            site("S7", "対象事業者開発拠点", "対象事業者", Provider, ""),
            site("S8", "遠隔地", "対象事業者", Provider, ""),
        ],
        nodes: vec![
            node("D1", "S1", "問診用タブレット", "端末", "本番", "A-O1 P-O1 P-T4"),
            node("D2", "S2", "医事端末", "端末", "本番", "A-O2 P-O2 P-T5"),
            node("D3", "S2", "プリンタ", "周辺機器", "本番", "A-O3 P-O3 P-T6"),
            node("D4", "S3", "電子カルテ端末", "端末", "本番", "A-O4 P-O4 P-T7"),
            node(
                "D5",
                "S4",
                "電子カルテシステムと連携する他社が提供するシステム",
                "他社システム",
                "本番",
                "A-O5 P-O5 P-T8",
            ),
            node("D6", "S6", "電子カルテサーバ（本番環境）", "サーバ", "本番", "A-O6 A-T1 P-O6 P-T9"),
            node("D7", "S6", "医事会計サーバ（本番環境）", "サーバ", "本番", "A-O7 A-T2 P-O7 P-T10"),
            node("D8", "S6", "ログサーバ", "サーバ", "本番", "A-O8 A-T3 P-O8 P-T11"),
            node("D9", "S6", "テープ装置", "記憶装置", "本番", "P-O11"),
            node("D10", "S8", "テープ媒体", "記憶媒体", "本番", "P-O9 P-O10 P-T12"),
            node("D11", "S6", "開発保守端末", "端末", "本番", "A-D1 P-D1"),
            node("D12", "S7", "開発保守端末", "端末", "開発", "A-D2 A-D3 P-D2 P-T1 I-D1 I-D2 I-T3"),
            node("D13", "S7", "電子カルテサーバ（開発環境）", "サーバ", "開発", "A-D4 A-T4 P-D3 P-T2"),
            node("D14", "S7", "医事会計サーバ（開発環境）", "サーバ", "開発", "A-D5 A-T5 P-D4 P-T3"),
            node("D15", "S6", "有線LAN上のネットワーク機器やサーバ機器", "ネットワーク機器", "本番", "I-O2 I-T1"),
            node("D16", "S7", "有線LAN上のネットワーク機器やサーバ機器", "ネットワーク機器", "開発", "I-O3 I-T2"),
            node("D17", "S5", "無線LAN上のネットワーク機器や端末", "ネットワーク機器", "本番", "I-O4 I-T4"),
            node("D18", "S5", "有線LAN上のネットワーク機器や端末", "ネットワーク機器", "本番", "I-O5 I-T5"),
        ],
        links: vec![
            link("L1", ["S6", "S5"], "閉域網VPN", ClosedNetwork, "通信回線事業者", "I-O1"),
            link("L2", ["S6", "S7"], "インターネットVPN", Vpn, "対象事業者", "I-D3"),
            link("L3", ["S6", "S6"], "有線LAN", Wired, "", ""),
            link("L4", ["S7", "S7"], "有線LAN", Wired, "", ""),
            link("L5", ["S5", "S5"], "無線LAN", Wireless, "", ""),
            link("L6", ["S5", "S5"], "有線LAN", Wired, "", ""),
            link("L7", ["S6", "S8"], "テープ媒体の搬送", Media, "搬送業者", "P-O9"),
            link("L8", ["S6", "S7"], "閉域VPN網", ClosedNetwork, "通信回線事業者", "I-T6"),
        ],
        notes: vec!["確認中の項目を含みます。".to_owned()],
    }
}

/// The same clinic with devices joined to devices.
pub fn wired_clinic() -> Drawing {
    use LineStyle::{ClosedNetwork, Media, Vpn, Wired, Wireless};
    let lan = |id: &str, ends: [&str; 2]| link(id, ends, "有線LAN", Wired, "", "");
    Drawing {
        links: vec![
            link("L1", ["D1", "D17"], "無線LAN", Wireless, "", ""),
            lan("L2", ["D2", "D18"]),
            lan("L3", ["D3", "D18"]),
            lan("L4", ["D4", "D18"]),
            lan("L5", ["D5", "D18"]),
            lan("L6", ["D17", "D18"]),
            link("L7", ["D18", "D15"], "閉域網VPN", ClosedNetwork, "通信回線事業者", "I-O1"),
            lan("L8", ["D6", "D15"]),
            lan("L9", ["D7", "D15"]),
            lan("L10", ["D8", "D15"]),
            lan("L11", ["D11", "S6"]),
            link("L12", ["D9", "D10"], "テープ媒体の搬送", Media, "搬送業者", "P-O9"),
            lan("L13", ["D12", "D16"]),
            lan("L14", ["D13", "D16"]),
            lan("L15", ["D14", "D16"]),
            link("L16", ["D16", "D15"], "インターネットVPN", Vpn, "対象事業者", "I-D3"),
        ],
        ..clinic()
    }
}

/// A small generator of whole numbers, so that a failing drawing can be drawn again from its seed.
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from((self.0 >> 11) % u64::try_from(limit.max(1)).unwrap()).unwrap()
    }

    fn pick<T: Clone>(&mut self, from: &[T]) -> T {
        from[self.below(from.len())].clone()
    }
}

const WORDS: [&str; 8] =
    ["電子カルテ", "サーバ", "端末", "医事会計", "VPN router", "（予備機）", "部門システム", "画像管理"];

/// A drawing without sense: nested sites, nodes without a site, ends that do not exist, links from and to anything.
pub fn generated(seed: u64, nodes: usize, links: usize) -> Drawing {
    let mut numbers = Numbers(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1);
    let sites = 1 + nodes / 4;
    let some_site = |numbers: &mut Numbers| {
        let number = numbers.below(sites + 1);
        format!("S{number}")
    };
    let site = |at: usize, numbers: &mut Numbers| {
        let parent = if numbers.below(3) == 0 { some_site(numbers) } else { String::new() };
        let party = numbers.pick(&["", "第一事業者", "第二事業者"]);
        let name = format!("{}{at}", numbers.pick(&WORDS));
        site(&format!("S{at}"), &name, party, numbers.pick(&Side::ALL), &parent)
    };
    let node = |at: usize, numbers: &mut Numbers| {
        let home = if numbers.below(12) == 0 { String::new() } else { some_site(numbers) };
        let name: String = (0..=numbers.below(4)).map(|_| numbers.pick(&WORDS)).collect();
        let flows: Vec<String> = (0..numbers.below(9)).map(|flow| format!("F{at}-{flow}")).collect();
        node(
            &format!("D{at}"),
            &home,
            &name,
            numbers.pick(&["", "端末"]),
            numbers.pick(&["", "本番"]),
            &flows.join(" "),
        )
    };
    let link = |at: usize, numbers: &mut Numbers| {
        let mut end =
            || if numbers.below(5) == 0 { some_site(numbers) } else { format!("D{}", numbers.below(nodes + 1)) };
        let (from, to) = (end(), end());
        let flows: Vec<String> = (0..numbers.below(3)).map(|flow| format!("K{at}-{flow}")).collect();
        let label = numbers.pick(&["", "有線LAN", "インターネットVPN", "公衆網上のHTTPSによる接続"]);
        let operator = numbers.pick(&["", "", "回線事業者"]);
        link(&format!("L{at}"), [&from, &to], label, numbers.pick(&LineStyle::ALL), operator, &flows.join(" "))
    };
    Drawing {
        title: format!("構成図 {seed}"),
        sites: (0..sites).map(|at| site(at, &mut numbers)).collect(),
        nodes: (0..nodes).map(|at| node(at, &mut numbers)).collect(),
        links: (0..links).map(|at| link(at, &mut numbers)).collect(),
        notes: Vec::new(),
    }
}
