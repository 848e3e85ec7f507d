//! The negotiation sheet for the end of a contract (SLA 6.2(4), LIFE-007): every line that both sides fill in before it ends,
//! and every line of what was done after it.

use super::{Closing, Contract, KeptRecord};
use crate::model::{Answer, Date};

/// What stands on a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SheetValue<'a> {
    Text(&'a str),
    Day(Date),
}

/// One line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SheetLine<'a> {
    /// What it belongs to, e.g. 返却.
    pub group: &'static str,
    /// Field below `closing`, e.g. `return/range`; below `contract` for what was confirmed at the start.
    pub field: &'static str,
    pub label: &'static str,
    /// None while nobody has written it.
    pub value: Option<SheetValue<'a>>,
}

fn text(text: &Option<String>) -> Option<SheetValue<'_>> {
    text.as_deref().filter(|text| !text.trim().is_empty()).map(SheetValue::Text)
}

fn day(date: Option<Date>) -> Option<SheetValue<'static>> {
    date.map(SheetValue::Day)
}

fn wish(answer: Answer, yes: &'static str, no: &'static str) -> Option<SheetValue<'static>> {
    match answer {
        Answer::Yes => Some(SheetValue::Text(yes)),
        Answer::No => Some(SheetValue::Text(no)),
        Answer::Unknown => None,
    }
}

/// Lines of one group, from fields, labels and values.
fn group<'a, const N: usize>(
    name: &'static str,
    lines: [(&'static str, &'static str, Option<SheetValue<'a>>); N],
) -> impl Iterator<Item = SheetLine<'a>> {
    lines.into_iter().map(move |(field, label, value)| SheetLine { group: name, field, label, value })
}

/// What both sides settle before the contract ends. Without a return or a migration, nothing is asked of it but that.
pub fn terms(closing: &Closing) -> Vec<SheetLine<'_>> {
    let mut lines: Vec<SheetLine> = returned(closing).chain(migrated(closing)).collect();
    lines.extend(group("費用", [("cost", "範囲を超えるときの費用", text(&closing.cost))]));
    let erasure = &closing.erasure;
    lines.extend(group(
        "消去",
        [
            ("erasure/range", "消す情報の範囲", text(&erasure.range)),
            ("erasure/programs", "プログラム等の扱い", text(&erasure.programs)),
            ("erasure/method", "方法", text(&erasure.method)),
            ("erasure/due", "期日", day(erasure.due)),
            ("erasure/report", "消したことの報告", text(&erasure.report)),
        ],
    ));
    let backups = &closing.backups;
    lines.extend(group(
        "バックアップの消去",
        [("backups/method", "方法", text(&backups.method)), ("backups/due", "期日", day(backups.due))],
    ));
    lines.extend(group("アカウントの停止", [("accounts/due", "期日", day(closing.accounts.due))]));
    let kept = closing.kept.as_ref().map(|kept| match kept.is_empty() {
        true => SheetValue::Text("残さない"),
        false => SheetValue::Text("残す"),
    });
    lines.extend(group("残す記録", [("kept", "契約の後も残す記録", kept)]));
    lines
}

fn returned(closing: &Closing) -> impl Iterator<Item = SheetLine<'_>> {
    let terms = &closing.returned;
    let asked = group("返却", [("return/wanted", "返却の要否", wish(terms.wanted, "返却する", "返却しない"))]);
    let rest = group(
        "返却",
        [
            ("return/range", "範囲（種類と期間）", text(&terms.range)),
            ("return/count", "件数", text(&terms.count)),
            ("return/format", "形式（標準の規格）", text(&terms.format)),
            ("return/nonstandard", "規格によらない項目の説明", text(&terms.nonstandard)),
            ("return/irreversible", "元に戻せない圧縮や変換", text(&terms.irreversible)),
            ("return/verification", "正しさを確かめる資料", text(&terms.verification)),
            ("return/method", "方法", text(&terms.method)),
            ("return/due", "期日", day(terms.due)),
        ],
    );
    asked.chain(rest.filter(|_| terms.wanted != Answer::No))
}

fn migrated(closing: &Closing) -> impl Iterator<Item = SheetLine<'_>> {
    let terms = &closing.migration;
    let asked = group("移管", [("migration/wanted", "移管の要否", wish(terms.wanted, "移管する", "移管しない"))]);
    let rest = group(
        "移管",
        [
            ("migration/to", "移す先", text(&terms.to)),
            ("migration/method", "移す情報と方法", text(&terms.method)),
            ("migration/due", "期日", day(terms.due)),
        ],
    );
    asked.chain(rest.filter(|_| terms.wanted == Answer::Yes))
}

/// What the institution confirmed when it began to use the service (SLA 4.2(2), LIFE-010).
pub fn start(contract: &Contract) -> Vec<SheetLine<'_>> {
    let confirmed = contract.data_confirmed.as_ref();
    let lines = [
        ("data_confirmed", "前からあるデータの反映を確かめた日", day(confirmed.map(|one| one.on))),
        ("data_confirmed", "確かめた人（医療機関等）", confirmed.map(|one| SheetValue::Text(&one.by))),
    ];
    group("利用の開始", lines).collect()
}

/// What is done once the terms are settled, and shown by the report.
pub fn performance(closing: &Closing) -> Vec<SheetLine<'_>> {
    let (returns, erasure) = (&closing.returned, &closing.erasure);
    let confirmed = returns.confirmed.as_ref();
    let mut lines = Vec::new();
    if returns.wanted != Answer::No {
        lines.extend(group(
            "返却",
            [
                ("return/done_on", "返した日", day(returns.done_on)),
                ("return/confirmed", "内容を確かめた日（医療機関等）", day(confirmed.map(|one| one.on))),
                ("return/confirmed", "内容を確かめた人（医療機関等）", confirmed.map(|one| SheetValue::Text(&one.by))),
            ],
        ));
        let note =
            confirmed.and_then(|one| text(&one.note)).map(|note| ("return/confirmed", "確かめ方と結果", Some(note)));
        lines.extend(note.into_iter().flat_map(|line| group("返却", [line])));
    }
    if closing.migration.wanted == Answer::Yes {
        lines.extend(group("移管", [("migration/done_on", "移した日", day(closing.migration.done_on))]));
    }
    lines.extend(group(
        "消去",
        [
            ("erasure/done_on", "消した日", day(erasure.done_on)),
            ("erasure/by", "消した人", text(&erasure.by)),
            ("erasure/reported_on", "報告した日", day(erasure.reported_on)),
        ],
    ));
    lines.extend(group("バックアップの消去", [("backups/done_on", "消した日", day(closing.backups.done_on))]));
    lines.extend(group("アカウントの停止", [("accounts/done_on", "止めた日", day(closing.accounts.done_on))]));
    lines
}

/// What both sides settle about one record that is kept (LIFE-009).
pub fn kept_lines(kept: &KeptRecord) -> Vec<SheetLine<'_>> {
    group(
        "残す記録",
        [
            ("purpose", "目的", text(&kept.purpose)),
            ("until", "いつまで残すか", day(kept.until)),
            ("management", "管理の方法", text(&kept.management)),
            ("safeguards", "安全管理の措置", text(&kept.safeguards)),
            ("contact", "連絡先", text(&kept.contact)),
        ],
    )
    .collect()
}

/// What of the terms nobody has filled in, as pointers below `/closing` with what they are called.
pub fn unfilled(closing: &Closing) -> Vec<(String, String)> {
    let named = |line: &SheetLine| format!("{}の「{}」", line.group, line.label);
    let open = terms(closing).into_iter().filter(|line| line.value.is_none());
    let mut missing: Vec<(String, String)> = open.map(|line| (line.field.to_owned(), named(&line))).collect();
    for (i, kept) in closing.kept.iter().flatten().enumerate() {
        let open = kept_lines(kept).into_iter().filter(|line| line.value.is_none());
        missing.extend(open.map(|line| {
            (format!("kept/{i}/{}", line.field), format!("残す記録「{}」の「{}」", kept.what, line.label))
        }));
    }
    missing
}

/// What nobody has done yet of what a closed contract needs, as [`unfilled`] gives it.
pub fn undone(closing: &Closing) -> Vec<(String, String)> {
    let mut missing: Vec<(String, String)> = Vec::new();
    for line in performance(closing).into_iter().filter(|line| line.value.is_none()) {
        // One confirmation stands on two lines.
        if missing.iter().all(|(field, _)| field != line.field) {
            missing.push((line.field.to_owned(), format!("{}の「{}」", line.group, line.label)));
        }
    }
    missing
}
