//! 付表 as a sheet and as a page with mixed columns, and a page of 別紙2 1.1 with mixed columns (CATALOG-010,
//! CATALOG-018; issue 3 point 4).

mod common;

use common::{Dice, account_closes, circled, letters, reworded};
use shirube_catalog::{Entry, library, shelf};
use shirube_intake::{Form, Import, Mark, RuleRow, read};

fn rules() -> Vec<&'static Entry> {
    let catalog = shelf().catalog("mhlw-5.2").expect("the edition is on the shelf");
    catalog.entries.iter().filter(|entry| entry.part.starts_with("付表") && !entry.title.is_empty()).collect()
}

fn row(entry: &Entry) -> RuleRow {
    RuleRow {
        target: entry.class.clone(),
        technical: reworded(&entry.technical),
        operational: reworded(&entry.operational),
        sample: reworded(&entry.sample_rule),
    }
}

const HEADINGS: [&str; 7] =
    ["管理事項番号", "運用管理項目", "実施項目", "対象", "技術的対策", "運用的対策", "運用管理規程文例"];

#[test]
fn a_sheet_of_rules_is_read_with_its_merged_cells() {
    let mut book = rust_xlsxwriter::Workbook::new();
    let sheet = book.add_worksheet();
    let format = rust_xlsxwriter::Format::new();
    sheet.write_row(0, 0, HEADINGS).expect("the headings are written");
    let rules = rules();
    let mut from = 0;
    for (at, entry) in rules.iter().enumerate() {
        let rule = row(entry);
        let cells = [&entry.title, &rule.target, &rule.technical, &rule.operational, &rule.sample];
        for (column, cell) in cells.into_iter().enumerate().filter(|(_, cell)| !cell.is_empty()) {
            sheet.write(at as u32 + 1, column as u16 + 2, cell).expect("a cell is written");
        }
        if rules.get(at + 1).is_none_or(|next| (&next.part, &next.chapter) != (&entry.part, &entry.chapter)) {
            let (first, last) = (from as u32 + 1, at as u32 + 1);
            for (column, text) in [(0, &entry.chapter), (1, &entry.chapter_title)] {
                match first == last {
                    true => sheet.write(first, column, text).map(|_| ()).expect("a cell is written"),
                    false => sheet
                        .merge_range(first, column, last, column, text, &format)
                        .map(|_| ())
                        .expect("cells are merged"),
                }
            }
            from = at + 1;
        }
    }
    let import = read(&book.save_to_buffer().expect("a workbook"), "付表.xlsx", "mhlw-5.2").expect("the table is read");
    assert_eq!(import.form, Form::RuleTable);
    assert!(account_closes(&import));
    assert_eq!(import.items.len(), rules.len());
    for (item, entry) in import.items.iter().zip(&rules) {
        assert_eq!((&item.id, item.rule.as_ref()), (&entry.id, Some(&row(entry))));
    }
    assert!(import.items.iter().filter(|item| item.confidence.is_certain()).count() * 2 > rules.len());
}

/// Pieces of narrow columns, line by line.
fn wrapped(text: &str, width: usize) -> Vec<String> {
    let chars: Vec<char> = text.chars().collect();
    chars.chunks(width).map(|part| part.iter().collect()).collect()
}

/// Columns side by side, printed line after line: what a converter makes of a page.
fn mixed(columns: Vec<Vec<String>>) -> Vec<String> {
    let longest = columns.iter().map(Vec::len).max().unwrap_or(0);
    (0..longest).flat_map(|at| columns.iter().filter_map(move |column| column.get(at).cloned())).collect()
}

#[test]
fn a_page_of_rules_gives_titles_and_targets_and_is_never_certain() {
    let mut lines: Vec<String> = HEADINGS.map(str::to_owned).to_vec();
    let rules: Vec<&Entry> = rules().into_iter().filter(|entry| entry.chapter == "⑧" || entry.chapter == "⑨").collect();
    for entry in &rules {
        let rule = row(entry);
        let point =
            |text: &str, width| if text.is_empty() { Vec::new() } else { wrapped(&format!("・{text}"), width) };
        let mut title = wrapped(&entry.title, 11);
        title.insert(1, rule.target.clone());
        lines.extend(mixed(vec![
            title,
            point(&rule.technical, 18),
            point(&rule.operational, 18),
            point(&rule.sample, 42),
        ]));
    }
    lines.push("- 8 -".into());
    let import = read(lines.join("\n").as_bytes(), "付表.txt", "mhlw-5.2").expect("the page is recognised");
    assert!(account_closes(&import));
    let found: Vec<&str> = import.items.iter().map(|item| item.id.as_str()).collect();
    assert_eq!(found, rules.iter().map(|entry| entry.id.as_str()).collect::<Vec<_>>());
    for (item, entry) in import.items.iter().zip(&rules) {
        assert_eq!(item.rule.as_ref().map(|rule| &rule.target), Some(&entry.class), "{}", entry.id);
        assert!(!item.confidence.is_certain());
    }
}

/// A page of 1.1: rows 1.5② to 1.7①, wording and scenario in narrow columns, requirements between them.
fn page() -> (Vec<String>, Vec<String>) {
    let controls: Vec<_> = library()
        .provider
        .controls
        .iter()
        .filter(|control| control.id.major == 1 && (5..=7).contains(&control.id.middle) && control.id.branch <= 4)
        .collect();
    let mut lines: Vec<String> =
        ["別紙2", "大項目", "小項目", "No.", "内容", "区分", "項番", "区分", "内容"].map(str::to_owned).to_vec();
    let crosswalk = shelf().crosswalk("pg-1.1", "mhlw-6.0").expect("the crosswalk is on the shelf");
    for control in &controls {
        let id = control.id;
        if id.branch == 1 {
            lines.extend(wrapped(&format!("{}{}", circled(id.minor), control.minor_title), 10));
        }
        lines.push(format!("{}-{}", circled(id.minor), id.branch));
        let scenario =
            library().provider.scenarios.iter().find(|scenario| Some(&scenario.id) == control.scenario.as_ref());
        let scenario =
            scenario.filter(|_| id.branch == 1).map(|scenario| wrapped(&scenario.text, 17)).unwrap_or_default();
        lines.extend(mixed(vec![wrapped(&reworded(&control.text), 20), scenario]));
        let cited = crosswalk.iter().find(|link| link.source == id.to_string() && id.branch == 1);
        if let Some(entry) = cited.and_then(|link| shelf().catalog("mhlw-6.0")?.entry(&link.target)) {
            lines.extend([
                entry.part.clone(),
                format!("{}.{}", entry.chapter, entry.chapter_title),
                "【遵守事項】".into(),
            ]);
            lines.extend(wrapped(&reworded(&entry.text), 38));
        }
    }
    lines.push("8/39".into());
    (lines, controls.iter().map(|control| control.id.to_string()).collect())
}

fn import(lines: &[String]) -> Import {
    read(lines.join("\n").as_bytes(), "別紙2.txt", "pg-1.1").expect("the page is recognised")
}

#[test]
fn a_page_with_mixed_columns_gives_the_controls_and_claims_nothing() {
    let (lines, ids) = page();
    let import = import(&lines);
    assert!(account_closes(&import));
    assert_eq!(import.form, Form::ControlPage, "{:#?}", import.items);
    assert_eq!(import.items.iter().map(|item| item.id.as_str()).collect::<Vec<_>>(), ids);
    assert!(import.items.iter().all(|item| item.kubun == Mark::Unknown && !item.confidence.is_certain()));
    let truth = common::truth();
    let right = import.items.iter().filter(|item| letters(&item.text) == letters(&truth[&item.id].text)).count();
    assert!(right * 3 >= ids.len() * 2, "{right} of {}", ids.len());
    assert!(
        import.items.iter().flat_map(|item| &item.mhlw).all(|reference| reference.item.is_none()),
        "a lost number is not guessed"
    );
}

#[test]
fn no_line_of_a_damaged_page_disappears() {
    for seed in 0..20 {
        let mut dice = Dice::new(seed);
        let (mut lines, _) = page();
        lines.retain(|_| !dice.percent(10));
        for _ in 0..10 {
            let at = dice.below(lines.len() - 1);
            lines.swap(at, at + 1);
        }
        let import = import(&lines);
        assert!(account_closes(&import), "seed {seed}");
        assert!(import.items.iter().all(|item| !item.confidence.is_certain()), "seed {seed}");
    }
}
