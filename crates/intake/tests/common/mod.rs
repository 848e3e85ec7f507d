//! A 別紙2 of our own: the structure and the facts of the catalog, worded anew, laid out as the official text is.
//!
//! The wording of the guideline stands in no file of this repository. What is printed here is the catalog's own
//! wording, said differently once more, so that the reader cannot find its own sentences again.
#![allow(dead_code, reason = "each test file uses its part")]

use std::collections::BTreeMap;

use shirube_catalog::{Control, Kubun, Requirement, library};
use shirube_intake::{Import, Mark};

/// What a row says in truth.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Truth {
    pub text: String,
    pub mark: Mark,
    pub scenario: Option<String>,
    pub references: Vec<String>,
}

/// Columns of a row, in the order of the table.
pub const COLUMNS: usize = 9;
pub const ROWS_ON_A_PAGE: usize = 14;

/// One printed line: a row, a heading or nothing.
pub type Row = Vec<String>;

/// The truth about every control.
pub fn truth() -> BTreeMap<String, Truth> {
    let row = |control: &Control| {
        let mut references = control.requirements.clone();
        references.sort();
        let truth = Truth {
            text: reworded(&control.text),
            mark: mark(control),
            scenario: control.scenario.clone(),
            references,
        };
        (control.id.to_string(), truth)
    };
    library().provider.controls.iter().map(row).collect()
}

fn mark(control: &Control) -> Mark {
    match control.kubun {
        Kubun::Mandatory => Mark::Mandatory,
        Kubun::Recommended => Mark::Recommended,
        Kubun::Unknown => Mark::Unknown,
    }
}

/// Our wording, said differently: as like it as the original is.
pub fn reworded(text: &str) -> String {
    let mut text = text.to_owned();
    for (ours, other) in [
        ("を行う", "を実施する"),
        ("を定め", "について規定し"),
        ("する。", "することとする。"),
        ("及び", "並びに"),
        ("する場合", "するような場合"),
        ("対策", "措置等"),
        ("確かめ", "確認し"),
        ("医療機関等と合意", "医療機関等との間で合意"),
        ("すべて", "全て"),
        ("使う", "利用する"),
        ("ようにする", "よう措置する"),
    ] {
        text = text.replace(ours, other);
    }
    text.replace("(1)", "・").replace("、(2)", " ・").replace("、(3)", " ・").replace('\n', " ")
}

/// The table as the official text has it: pages with headings, merged cells printed once, marks where they are known.
pub fn table() -> Vec<Row> {
    let mut rows: Vec<Row> =
        vec![vec!["この資料の使い方を述べた文です。表はこの後にあります。".into()], Vec::new(), vec!["1.".into()]];
    let controls = &library().provider.controls;
    let mut above: Option<&Control> = None;
    for (at, control) in controls.iter().enumerate() {
        let new_page = at % ROWS_ON_A_PAGE == 0;
        if new_page {
            rows.extend(heading());
        }
        rows.extend(body(control, above));
        above = Some(control);
    }
    rows.extend([Vec::new(), vec!["表の後の文です。".into()]]);
    rows
}

fn heading() -> Vec<Row> {
    let cells = |texts: [&str; COLUMNS]| texts.map(str::to_owned).to_vec();
    vec![
        Vec::new(),
        vec!["別紙2 対策項目の対応表".into()],
        cells([
            "大項目",
            "小項目",
            "No.",
            "内容",
            "区分",
            "対策項目で対応できるリスクシナリオ例",
            "項番",
            "区分",
            "内容",
        ]),
    ]
}

fn body(control: &Control, above: Option<&Control>) -> Vec<Row> {
    let id = control.id;
    let mut rows = Vec::new();
    let mut row = vec![String::new(); COLUMNS];
    let new_major = above.is_none_or(|above| above.id.major != id.major);
    let new_middle = new_major || above.is_some_and(|above| above.id.middle != id.middle);
    let new_minor = new_middle || above.is_some_and(|above| above.id.minor != id.minor);
    if new_major {
        let mut title = vec![String::new(); COLUMNS];
        title[0] = format!("{}. {}", id.major, control.viewpoint().term());
        rows.push(title);
    }
    if new_middle {
        row[0] = format!("{}.{}. {}", id.major, id.middle, control.middle_title);
    }
    if new_minor {
        row[1] = format!("{}{}", circled(id.minor), control.minor_title);
    }
    row[2] = format!("{}-{}", circled(id.minor), id.branch);
    row[3] = reworded(&control.text);
    row[4] = match mark(control) {
        Mark::Mandatory => "◎".into(),
        Mark::Recommended => "○".into(),
        Mark::Unknown => String::new(),
    };
    if new_minor || above.is_some_and(|above| above.scenario != control.scenario) {
        row[5] = scenario(control);
    }
    if new_minor || above.is_some_and(|above| above.requirements != control.requirements) {
        let [section, class, text] = cited(&control.requirements);
        (row[6], row[7], row[8]) = (section, class, text);
    }
    rows.push(row);
    rows
}

fn scenario(control: &Control) -> String {
    let all = &library().provider.scenarios;
    let found = control.scenario.as_ref().and_then(|id| all.iter().find(|scenario| scenario.id == *id));
    found.map(|scenario| scenario.text.clone()).unwrap_or_default()
}

/// The three cells of the requirements of a row.
fn cited(ids: &[String]) -> [String; 3] {
    if ids.is_empty() {
        return ["該当なし".into(), "-".into(), "-".into()];
    }
    let printed: Vec<[String; 3]> = ids.iter().map(|id| requirement(id)).collect();
    let column = |at: usize| printed.iter().map(|cells| cells[at].as_str()).collect::<Vec<_>>().join(" ----- ");
    [column(0), column(1), column(2)]
}

fn requirement(id: &str) -> [String; 3] {
    let requirement: &Requirement = library().requirement(id).expect("a requirement that is cited is known");
    let (section, sub) = requirement.section.split_once('(').unwrap_or((&requirement.section, ""));
    let sub = if sub.is_empty() { String::new() } else { format!(" ({sub} 細目") };
    let section = format!("{section} {}{sub}", requirement.section_title);
    let class = requirement.class.term();
    let text = reworded(&requirement.text);
    let case = requirement.condition.as_deref();
    let kana = requirement.item.chars().any(|c| ('ア'..='ン').contains(&c));
    let (class, text) = match (case, requirement.item.split_once(")-")) {
        (Some(case), _) if kana => {
            let letter = requirement.item.trim_start_matches(|c: char| c.is_ascii_digit());
            (class.to_owned(), format!("({class}) ③ {case} {letter} {text}"))
        }
        (None, _) if requirement.item.starts_with('(') && kana => {
            (class.to_owned(), format!("({class}) {} {text}", requirement.item))
        }
        (Some(case), Some((head, number))) => (format!("{class} 【{case}】 {head}) 細目"), format!("{number}. {text}")),
        (Some(case), None) => (format!("{class} 【{case}】 {} 細目", requirement.item), text),
        (None, _) if requirement.item.ends_with(')') => (class.to_owned(), format!("{} {text}", requirement.item)),
        (None, _) => (class.to_owned(), format!("{}.{text}", requirement.item)),
    };
    [section, class, text]
}

pub fn circled(number: u8) -> char {
    char::from_u32('①' as u32 + u32::from(number) - 1).unwrap_or('①')
}

/// The table as text, cells parted by tabs.
pub fn text(rows: &[Row]) -> String {
    rows.iter().map(|row| row.join("\t")).collect::<Vec<_>>().join("\n")
}

/// Letters and digits alone: what two spellings of one text have in common.
pub fn letters(text: &str) -> String {
    use unicode_normalization::UnicodeNormalization;
    let text = text.replace('⻑', "長");
    text.nfkc().filter(|c| c.is_alphanumeric()).collect()
}

/// Everything that is presented as certain and is not so.
pub fn wrongly_certain(import: &Import, truth: &BTreeMap<String, Truth>) -> Vec<String> {
    let mut wrong = Vec::new();
    for item in import.items.iter().filter(|item| item.confidence.is_certain()) {
        let Some(truth) = truth.get(&item.id) else {
            wrong.push(format!("{} does not exist", item.id));
            continue;
        };
        let mut references: Vec<String> = item.mhlw.iter().map(shirube_intake::Reference::id).collect();
        references.sort();
        if letters(&item.text) != letters(&truth.text) {
            wrong.push(format!("{}: text {}", item.id, item.text));
        }
        if item.scenario != truth.scenario {
            wrong.push(format!("{}: scenario {:?}", item.id, item.scenario));
        }
        if references != truth.references {
            wrong.push(format!("{}: references {references:?}", item.id));
        }
        if item.kubun != Mark::Unknown && item.kubun != truth.mark {
            wrong.push(format!("{}: mark {:?}", item.id, item.kubun));
        }
    }
    wrong
}

/// Whether every line is accounted for, and every unused one has a reason.
pub fn account_closes(import: &Import) -> bool {
    let lines = import.lines;
    let listed: usize = import.unused.iter().map(|unused| unused.lines).sum();
    lines.total == lines.empty + lines.used + lines.unused
        && listed == lines.unused
        && import.unused.iter().all(|unused| !unused.reason.is_empty())
}

/// A generator of numbers that gives the same ones in every run.
pub struct Dice(u64);

impl Dice {
    pub fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1)
    }

    pub fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 % limit.max(1) as u64) as usize
    }

    /// True in so many of a hundred cases.
    pub fn percent(&mut self, percent: usize) -> bool {
        self.below(100) < percent
    }
}
