//! Columns of the records, and what people call them. The first name is the one we write and speak of.

use shirube_form::folded;
use shirube_safety::operation::level::{EARLIER, EXCLUSIONS, OUTAGES, UPDATES};
use shirube_safety::operation::register::{HOLD, NUMBER, STATE};

/// A file of records.
pub struct Form {
    pub file: &'static str,
    pub columns: &'static [Column],
}

/// A column with its key, which is a name of it as well.
pub struct Column {
    pub key: &'static str,
    pub headings: &'static [&'static str],
    pub required: bool,
}

impl Form {
    /// The column with this heading.
    pub fn column(&self, heading: &str) -> Option<usize> {
        self.columns.iter().position(|column| column.is_named(heading))
    }
}

impl Column {
    fn is_named(&self, heading: &str) -> bool {
        folded(self.key) == folded(heading) || self.headings.iter().any(|name| folded(name) == folded(heading))
    }
}

/// Columns that every register has, and that say nothing of what is counted.
const OWN: [&str; 6] = [NUMBER, STATE, HOLD, "id", "state", "hold"];

/// Whether a heading is that of a register's own column. 番号 is another name of a column here and there; it is, unless
/// that column is there under its own name.
pub fn is_own(form: &Form, heading: &str, all: &[String]) -> bool {
    if !OWN.iter().any(|own| folded(own) == folded(heading)) {
        return false;
    }
    let Some(column) = form.column(heading).map(|at| &form.columns[at]) else { return true };
    column.key != "id" && all.iter().filter(|cell| column.is_named(cell)).count() > 1
}

const fn required(key: &'static str, headings: &'static [&'static str]) -> Column {
    Column { key, headings, required: true }
}

const fn optional(key: &'static str, headings: &'static [&'static str]) -> Column {
    Column { key, headings, required: false }
}

const INSTITUTIONS: Column = optional("institutions", &["医療機関等", "影響した医療機関等", "医療機関"]);
const NOTE: Column = optional("note", &["備考", "メモ"]);

pub const OUTAGE: Form = Form {
    file: OUTAGES,
    columns: &[
        required("id", &["番号", "停止の番号", "障害番号"]),
        required("from", &["開始", "開始日時", "停止開始"]),
        required("until", &["終了", "終了日時", "停止終了", "復旧"]),
        INSTITUTIONS,
        optional("part", &["部位", "対象", "止まった部分"]),
        optional("extent", &["範囲", "停止の範囲"]),
        optional("cause", &["原因"]),
        optional("hinders", &["重大な支障", "業務への重大な支障"]),
        optional("judged_by_provider", &["乙の判断者", "対象事業者の判断者"]),
        optional("judged_by_institution", &["甲の判断者", "医療機関等の判断者"]),
        optional("judged_because", &["判断の理由"]),
        optional("detected", &["感知", "感知日時", "検知"]),
        optional("contacted", &["連絡", "連絡日時", "受付日時"]),
        optional("responded", &["第一次対応", "第一次対応日時", "初動"]),
        optional("source", &["記録した者", "記録の出どころ"]),
        optional("corrected", &["訂正", "訂正の前と理由"]),
        NOTE,
    ],
};

pub const EXCLUSION: Form = Form {
    file: EXCLUSIONS,
    columns: &[
        required("outage", &["停止の番号", "番号"]),
        required("from", &["開始", "開始日時"]),
        required("until", &["終了", "終了日時"]),
        required("item", &["除外の事由", "事由"]),
        optional("evidence", &["根拠"]),
        optional("confirmed_by", &["甲の確認者", "医療機関等の確認者"]),
        optional("confirmed_on", &["確認日", "甲の確認日"]),
        optional("confirmed_for", &["確認した医療機関等"]),
        NOTE,
    ],
};

pub const UPDATE: Form = Form {
    file: UPDATES,
    columns: &[
        required("id", &["番号", "更新の番号"]),
        required("what", &["種類", "更新の種類"]),
        optional("device", &["対象", "機器"]),
        required("released", &["公開", "公開日時", "提供日時"]),
        required("applied", &["適用", "適用日時"]),
        optional("due", &["期限", "期限の日時"]),
        optional("reason", &["遅れた理由", "例外の理由"]),
        optional("reported_on", &["報告日", "報告した日"]),
        INSTITUTIONS,
        NOTE,
    ],
};

pub const EVALUATION: Form = Form {
    file: EARLIER,
    columns: &[
        required("from", &["始まりの日", "開始"]),
        required("to", &["終わりの日", "終了"]),
        required("unmet", &["未達成の件数", "未達成件数"]),
        required("grade", &["評価", "評点"]),
        optional("institution", &["医療機関等", "医療機関"]),
        NOTE,
    ],
};
