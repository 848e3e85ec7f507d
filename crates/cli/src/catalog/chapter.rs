//! Chapters 2, 3, 5.1.6 and 6 of the provider guideline: delivery forms, legal duties, phases, 運用管理規程, statutory
//! requirements.

use serde_json::{Value, json};
use shirube_catalog::{Library, LifeCyclePhase, RuleBookSection, StatutoryItem, StatutoryRow};

use super::fields;

/// What a section number or the id of a line of chapter 6 names, for machines and for people.
pub fn section(library: &Library, id: &str) -> Option<(Value, String)> {
    let provider = &library.provider;
    if let Some(item) = provider.statutory_item(id) {
        return Some((json!(item), item_text(item)));
    }
    if let Some((item, row)) = provider.statutory_row(id) {
        return Some((json!(row), row_text(item, row)));
    }
    if let Some(case) = provider.delivery.cases.iter().find(|case| case.section == id) {
        let forms = case.forms.join("+");
        let value = json!({ "section": case.section, "figure": case.figure, "name": case.name, "forms": case.forms });
        let facts = [
            ("節", format!("{} {}", case.section, case.name)),
            ("組合せ", forms),
            ("図", case.figure.clone()),
            ("確かさ", case.certainty.term().to_owned()),
        ];
        return Some((value, fields(&facts)));
    }
    rule_book(library, id).or_else(|| duty(library, id))
}

/// `5.1.6` is the whole 運用管理規程, `5.1.6(2)(ア)` one section of it (T-09).
fn rule_book(library: &Library, id: &str) -> Option<(Value, String)> {
    let all = &library.provider.rule_book;
    if matches!(id, "5.1.6" | "5.1.6(2)") {
        let text = all.iter().map(section_text).collect::<Vec<_>>().join("\n");
        return Some((json!({ "rule_book": all }), text));
    }
    let section = all.iter().find(|section| section.reference() == id)?;
    Some((json!(section), section_text(section)))
}

fn section_text(section: &RuleBookSection) -> String {
    let lines = section.contents.iter().map(|content| {
        let desirable = if content.desirable { "（望ましい）" } else { "" };
        let controls: Vec<String> = content.controls.iter().map(ToString::to_string).collect();
        let controls =
            if controls.is_empty() { String::new() } else { format!("\n    対策項目: {}", controls.join("、")) };
        let sources: Vec<&str> = content.sources.iter().map(|source| source.term()).collect();
        format!("\n  {} {}{desirable}{controls}\n    材料: {}", content.id, content.text, sources.join("、"))
    });
    fields(&[
        ("運用管理規程の節", format!("{} {}", section.reference(), section.title)),
        ("表4-1", format!("{}番（開示書{}）", section.provided, section.disclosure)),
        ("含める事項（要旨）", lines.collect()),
    ])
}

/// A section of chapter 3: its row of table 3-1, the laws behind it, and the phases it describes.
fn duty(library: &Library, id: &str) -> Option<(Value, String)> {
    let duties = &library.provider.duties;
    let relation = duties.relation(id)?;
    let laws: Vec<_> = duties.laws_of(id).collect();
    let phases: Vec<&LifeCyclePhase> = library.provider.phases.iter().filter(|phase| phase.section == id).collect();
    let law_lines = laws.iter().map(|law| format!("\n  {}（{}）: {}", law.name, law.law, law.text));
    let phase_lines = phases.iter().map(|phase| {
        format!("\n  {}: {}\n    務め: {}（{}）", phase.name, phase.content, phase.duty, phase.certainty.term())
    });
    let text = fields(&[
        ("法律関係（表3-1）", format!("{} {}", relation.section, relation.title)),
        ("果たす場面（表3-1）", format!("{} {}", relation.life_cycle, relation.life_cycle_title)),
        ("説明", relation.text.clone()),
        ("関係する法律（条番号は1.0版の当時のもの）", law_lines.collect()),
        ("フェーズ", phase_lines.collect()),
    ]);
    Some((json!({ "relation": relation, "laws": laws, "phases": phases }), text))
}

fn item_text(item: &StatutoryItem) -> String {
    let row = |row: &StatutoryRow| {
        let place = row.storage.term();
        let place = if place.is_empty() { String::new() } else { format!("（{place}）") };
        let optional = if row.optional { "（任意）" } else { "" };
        format!("\n  {} {} {} {}{place}{optional}", row.id, row.group, row.clause, row.item)
    };
    fields(&[
        ("節", format!("{} {}", item.id, item.title)),
        ("求められること（要旨）", item.asks.clone()),
        ("確認する行", item.rows.iter().map(row).collect()),
    ])
}

fn row_text(item: &StatutoryItem, row: &StatutoryRow) -> String {
    let optional = if row.optional { "様式にはなく、別紙2が引くため加えた行" } else { "" };
    fields(&[
        ("番号", row.id.clone()),
        ("節", format!("{} {}", item.id, item.title)),
        ("区分", row.group.clone()),
        ("保存する場所", row.storage.term().to_owned()),
        ("厚労省5版の要求", row.clause.clone()),
        ("項目", row.item.clone()),
        ("注", optional.to_owned()),
    ])
}
