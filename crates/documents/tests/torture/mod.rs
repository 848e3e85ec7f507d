//! Documents that ask a writer for everything at once, for tests and benchmarks.

use chrono::NaiveDate;
use shirube_documents::content::{
    Align, Block, Cell, Column, DataSheet, Document, Figure, IssueDate, Look, Mark, Meta, Page, Revision, Status,
    Table, Value,
};

/// Characters of Japanese offices that often get lost: variants in names, units, numbers in circles, and a
/// name outside the basic plane.
pub const CHARACTERS: &str = "髙﨑㈱①㎡𠮷野";

/// A drawing with Japanese text.
pub const DRAWING: &str = r##"<svg xmlns="http://www.w3.org/2000/svg" width="640" height="300" viewBox="0 0 640 300">
<rect x="10" y="10" width="250" height="280" fill="none" stroke="#333"/>
<text x="22" y="34" font-family="BIZ UDPGothic" font-size="14">診療所（髙﨑医院）</text>
<rect x="40" y="90" width="150" height="60" fill="#f1f4f4" stroke="#333"/>
<text x="52" y="125" font-family="BIZ UDPGothic" font-size="13">診察室端末 𠮷</text>
<rect x="380" y="10" width="250" height="280" fill="none" stroke="#333"/>
<text x="392" y="34" font-family="BIZ UDPGothic" font-size="14">提供事業者データセンター</text>
<rect x="430" y="90" width="150" height="60" fill="#f1f4f4" stroke="#333"/>
<text x="442" y="125" font-family="BIZ UDPGothic" font-weight="bold" font-size="13">アプリサーバ</text>
<path d="M190 120H430" fill="none" stroke="#333" stroke-dasharray="6 3"/>
<rect x="275" y="108" width="70" height="22" fill="#fff"/>
<text x="280" y="124" font-family="BIZ UDPGothic" font-size="12">VPN接続 ①</text>
</svg>"##;

fn columns(widths: &[f64]) -> Vec<Column> {
    widths.iter().map(|&width| Column { width, align: Align::Left }).collect()
}

/// A table of so many risks: nine columns, a heading of two rows, groups over three rows, every mark.
pub fn risk_table(risks: usize) -> Table {
    let mut columns = columns(&[4.5, 9.0, 15.0, 15.0, 5.0, 5.0, 5.0, 22.0, 10.0]);
    for column in &mut columns[4..7] {
        column.align = Align::Center;
    }
    let head = vec![
        vec![
            Cell::new("番号").rows(2),
            Cell::new("情報流").rows(2),
            Cell::new("脅威").rows(2),
            Cell::new("リスクの内容").rows(2),
            Cell::new("評価").cols(3),
            Cell::new("対応").rows(2),
            Cell::new("状態").rows(2),
        ],
        vec![Cell::new("影響"), Cell::new("可能性"), Cell::new("レベル")],
    ];
    Table { caption: "リスクアセスメント結果".into(), columns, head, rows: risk_rows(risks) }
}

fn risk_rows(risks: usize) -> Vec<Vec<Cell>> {
    let mut rows = Vec::new();
    for risk in 0..risks {
        let mut row = vec![Cell::new(format!("R-{:03}", risk + 1))];
        if risk % 3 == 0 {
            let rest = (risks - risk).min(3);
            row.push(Cell::new(format!("A-O{}\n診察室の端末から診療録を参照する", risk / 3 + 1)).rows(rest));
        }
        let rank = ['S', 'A', 'B', 'C', 'D'][risk % 5];
        row.extend([
            Cell::new("離席中の端末を権限のない職員や来訪者が操作し、診療録を見る、書き換える、持ち出すおそれ"),
            Cell::new("患者の診療録が漏えいし、誤った記載に基づく診療が行われ、回復に時間を要する"),
            Cell::new(if risk % 4 == 0 { "4" } else { "3" }),
            Cell::new("3"),
            Cell::new(rank.to_string()).mark(Mark::Rank(rank)),
            Cell::new("一定時間操作がない端末の画面を自動で閉じ、再開時に本人を確かめる。利用者ごとの識別子を用い、共用を禁じ、操作の記録を毎月点検する。")
                .mark(match risk % 7 {
                    2 => Mark::Proposed,
                    5 => Mark::Finding,
                    _ => Mark::None,
                }),
            match risk % 7 {
                2 => Cell::new("案").mark(Mark::Proposed),
                4 => Cell::new("未回答").mark(Mark::Unanswered),
                5 => Cell::new("証跡が確認できませんでした").mark(Mark::Finding),
                _ => Cell::new("対応済"),
            },
        ]);
        rows.push(row);
    }
    rows
}

/// A table with what breaks careless writers.
fn hard_table() -> Table {
    let long = "一つの欄にとても長い文章が入ることがあります。印刷したときに途中で切れてはいけません。".repeat(45);
    Table {
        caption: "A/B: [難しい]表?*".into(),
        columns: columns(&[1.0, 3.0, 2.0]),
        head: vec![["項目", "内容", "備考"].map(Cell::new).into()],
        rows: vec![
            vec![Cell::new("文字に関すること").cols(3).mark(Mark::Group)],
            vec![Cell::new("文字"), Cell::new(CHARACTERS), Cell::new("<b>&amp;|*_`#[ ] \\ \"'")],
            vec![Cell::new("数式"), Cell::new("=1+1"), Cell::new("@SUM(A1)\n-2+3\n+81")],
            vec![Cell::new("改行"), Cell::new("一行目\n二行目\n\n四行目"), Cell::new("")],
            vec![Cell::new("長文").rows(2), Cell::new(long), Cell::new("以上")],
            vec![Cell::new("結合した欄の続き").cols(2)],
            vec![
                Cell::new("英文"),
                Cell::new(
                    "Remote maintenance over VPN (IPsec-IKEv2), see https://example.jp/a/very/long/path/that/does/not/break?x=1&y=2",
                ),
                Cell::new("案").mark(Mark::Proposed),
            ],
        ],
    }
}

fn empty_table() -> Table {
    Table {
        caption: "対応を求める事項".into(),
        columns: columns(&[1.0, 2.0]),
        head: vec![["番号", "事項"].map(Cell::new).into()],
        rows: vec![],
    }
}

fn meta() -> Meta {
    Meta {
        service: format!("クラウド型電子カルテ「標」 {CHARACTERS}"),
        provider: "㈱𠮷野システム".into(),
        document_number: Some("SRB-2026-014".into()),
        edition: Some("第1.0版".into()),
        issued_on: Some(IssueDate {
            day: NaiveDate::from_ymd_opt(2026, 4, 1).expect("a day of the calendar"),
            printed: "令和8年4月1日".into(),
        }),
        valid: Some("令和8年4月1日から令和9年3月31日まで".into()),
        author: Some("髙橋　一郎".into()),
        approver: Some("山﨑　花子".into()),
        confidentiality: Some("社外秘".into()),
        status: Status::Draft,
        source: "3f9a1c7e".into(),
        history: vec![Revision {
            edition: "第1.0版".into(),
            date: "令和8年4月1日".into(),
            change: "初版を作成した。".into(),
            author: "髙橋".into(),
            approver: "山﨑".into(),
        }],
    }
}

/// Everything at once.
pub fn document() -> Document {
    Document {
        name: "risk-assessment",
        title: "リスクアセスメント結果一覧".into(),
        meta: meta(),
        page: Page::A4_LANDSCAPE,
        look: Look::default(),
        summary: vec![
            ("対象としたガイドライン".into(), "提供事業者ガイドライン 第2.0版".into()),
            ("情報流の数".into(), "24".into()),
            ("リスクの数".into(), "40（S 8、A 8、B 8、C 8、D 8）".into()),
            ("決まっていない項目".into(), "12".into()),
        ],
        notices: vec![
            "この文書は案です。決まっていない項目が12件あります。".into(),
            "カタログのうち原文で確かめていない項目が3件あります。該当する行に示しました。".into(),
        ],
        blocks: vec![
            Block::Heading { level: 1, text: "1 この文書について".into() },
            Block::Paragraph(
                "この文書は、提供するサービスについて行ったリスクアセスメントの結果を医療機関等にお示しするものです。\
                 リスクの番号は情報流の番号と対応しています。用語は提供事業者ガイドラインによります。"
                    .into(),
            ),
            Block::List(vec!["影響と可能性は5段階で評価しました。".into(), "評価の根拠は各行に示しました。".into()]),
            Block::Heading { level: 2, text: "1.1 全体構成図".into() },
            Block::Figure(Figure {
                caption: "全体構成図".into(),
                svg: DRAWING.into(),
                alt: "診療所の端末が、VPNを通じて提供事業者のサーバにつながる。".into(),
            }),
            Block::PageBreak,
            Block::Heading { level: 1, text: "2 結果".into() },
            Block::Table(risk_table(40)),
            Block::Table(hard_table()),
            Block::Table(empty_table()),
        ],
        data: vec![DataSheet {
            name: "データ".into(),
            columns: ["番号", "内容", "影響", "備考"].map(String::from).into(),
            rows: vec![
                vec!["R-001".into(), CHARACTERS.into(), Value::Number(4.0), "=1+1".into()],
                vec!["R-002".into(), "二行目\n続き".into(), Value::Number(2.5), Value::Empty],
                vec!["R-003".into(), "-2+3".into(), Value::Number(-1.0), "001".into()],
            ],
        }],
    }
}

/// A document of one table.
pub fn table_document(table: Table) -> Document {
    Document { blocks: vec![Block::Table(table)], data: vec![], ..document() }
}

/// A document that is one drawing.
pub fn drawing_document() -> Document {
    let figure = Figure { caption: "全体構成図".into(), svg: DRAWING.into(), alt: "全体の構成".into() };
    Document {
        name: "system-diagram",
        title: "全体構成図".into(),
        blocks: vec![Block::Figure(figure)],
        data: vec![],
        ..document()
    }
}
