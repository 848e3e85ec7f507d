//! 別紙2 as text, sheet and CSV, whole and damaged (issue 3 point 4; CATALOG-011, CATALOG-022).

mod common;

use common::{COLUMNS, Dice, Row, account_closes, letters, table, text, truth, wrongly_certain};
use shirube_intake::{Form, Import, IntakeError, Known, Mark, ProblemKind, read, read_with};

fn import(text: &str) -> Import {
    let import = read(text.as_bytes(), "別紙2.txt", "pg-1.0").expect("a table is recognised");
    assert!(account_closes(&import), "{:?}", import.lines);
    import
}

#[test]
fn a_whole_table_gives_every_control_with_marks_scenarios_and_references() {
    let (import, truth) = (import(&text(&table())), truth());
    assert_eq!(import.form, Form::ControlTable);
    assert_eq!(import.items.len(), 417);
    assert_eq!(wrongly_certain(&import, &truth), [""; 0]);
    for item in &import.items {
        let truth = &truth[&item.id];
        assert_eq!(letters(&item.text), letters(&truth.text), "{}", item.id);
        assert_eq!((item.kubun, &item.scenario), (truth.mark, &truth.scenario), "{}", item.id);
        let mut references: Vec<String> = item.mhlw.iter().map(shirube_intake::Reference::id).collect();
        references.sort();
        assert_eq!(references, truth.references, "{}", item.id);
        assert!(item.titles.iter().all(|title| !title.is_empty()), "{}", item.id);
    }
    let certain = import.items.iter().filter(|item| item.confidence.is_certain()).count();
    assert!(certain >= 300, "{certain}");
}

#[test]
fn a_lost_mark_is_unknown_and_told() {
    let mut rows = table();
    for row in rows.iter_mut().filter(|row| row.len() == COLUMNS) {
        row[4] = row[4].replace(['◎', '○'], "");
    }
    let import = import(&text(&rows));
    assert!(import.items.iter().all(|item| item.kubun == Mark::Unknown));
    let told = import.problems.iter().filter(|p| p.kind == ProblemKind::Missing && p.message.contains("区分の印"));
    assert_eq!(told.count(), import.items.len());
}

#[test]
fn a_row_inherits_from_the_row_above_in_its_group_and_says_so() {
    let import = import(&text(&table()));
    let item = import.items.iter().find(|item| item.id == "1.1③-2").expect("the item is found");
    assert!(item.repairs.iter().any(|repair| repair.contains("シナリオは同じ小項目の上の行")), "{:?}", item.repairs);
    assert!(item.repairs.iter().any(|repair| repair.contains("要求事項は同じ小項目の上の行")), "{:?}", item.repairs);
}

#[test]
fn the_number_in_the_wrong_column_and_a_title_printed_as_an_item_are_repaired() {
    let mut rows = table();
    let at = rows.iter().position(|row| row.get(2).is_some_and(|cell| cell == "③-5")).expect("the row is printed");
    rows[at][0] = std::mem::take(&mut rows[at][2]);
    let titled = rows.iter().position(|row| row.get(1).is_some_and(|cell| cell.starts_with('②'))).expect("a title");
    let title = std::mem::take(&mut rows[titled][1]);
    let mut orphan: Row = vec![String::new(); COLUMNS];
    orphan[2] = title.replacen('②', "②-", 1);
    rows.insert(titled + 1, orphan);
    let import = import(&text(&rows));
    assert_eq!(import.items.len(), 417);
    assert_eq!(wrongly_certain(&import, &truth()), [""; 0]);
    let repaired = import.items.iter().filter(|item| item.repairs.iter().any(|repair| repair.contains("項目のように")));
    assert_eq!(repaired.count(), 1);
}

/// Compatibility characters and 康熙部首 are folded to compare and kept in the text.
#[test]
fn radicals_are_folded_to_match_and_kept_as_printed() {
    let whole = text(&table());
    let radicals = whole.replace('文', "⽂").replace('見', "⾒").replace('行', "⾏").replace('長', "⻑");
    let (plain, import) = (import(&whole), import(&radicals));
    assert_eq!(import.items.len(), 417);
    let certain = |import: &Import| import.items.iter().filter(|item| item.confidence.is_certain()).count();
    assert_eq!(certain(&import), certain(&plain));
    assert!(import.items.iter().any(|item| item.text.contains('⾏')));
}

#[test]
fn encodings_and_line_ends_change_nothing() {
    let whole = text(&table());
    let plain = import(&whole);
    let feeds = whole.replace("\n別紙2", "\n\u{c}別紙2");
    for copy in [whole.replace('\n', "\r\n"), feeds, format!("\u{feff}{whole}")] {
        assert_eq!(import(&copy).items, plain.items);
    }
    let (bytes, _, lost) = encoding_rs::SHIFT_JIS.encode(&whole);
    let found = read(&bytes, "別紙2.txt", "pg-1.0").expect("Shift_JIS is read");
    assert_eq!(found.items.len(), plain.items.len());
    assert!(lost || found.items == plain.items);
}

#[test]
fn sheets_and_csv_give_what_the_text_gives() {
    let rows = table();
    let plain = import(&text(&rows));
    let mut csv = csv::WriterBuilder::new().flexible(true).from_writer(Vec::new());
    let empty = vec![String::new()];
    for row in &rows {
        csv.write_record(if row.is_empty() { &empty } else { row }).expect("a record is written");
    }
    let csv = csv.into_inner().expect("the CSV is whole");
    let shown = |import: &Import| -> Vec<_> {
        import
            .items
            .iter()
            .map(|item| (item.id.clone(), item.text.clone(), item.mhlw.clone(), item.confidence))
            .collect()
    };
    let from_csv = read(&csv, "別紙2.csv", "pg-1.0").expect("the CSV is read");
    assert!(account_closes(&from_csv));
    assert_eq!(shown(&from_csv), shown(&plain));
    let from_sheet = read(&workbook(&rows), "別紙2.xlsx", "pg-1.0").expect("the workbook is read");
    assert!(account_closes(&from_sheet));
    assert_eq!(shown(&from_sheet), shown(&plain));
}

/// A workbook whose titles, scenarios and requirements are cells merged over the rows they hold for.
fn workbook(rows: &[Row]) -> Vec<u8> {
    let mut book = rust_xlsxwriter::Workbook::new();
    let sheet = book.add_worksheet();
    let format = rust_xlsxwriter::Format::new();
    for (at, row) in rows.iter().enumerate() {
        for (column, cell) in row.iter().enumerate().filter(|(_, cell)| !cell.is_empty()) {
            let empty =
                |row: &Row| row.len() == COLUMNS && row[column].is_empty() && !row[2].is_empty() && row[1].is_empty();
            let span = rows[at + 1..].iter().take_while(|row| empty(row)).count();
            let (first, last, column) = (at as u32, (at + span) as u32, column as u16);
            let merged = span > 0 && row.len() == COLUMNS && !row[2].is_empty() && ![2, 3, 4].contains(&column);
            if merged {
                sheet.merge_range(first, column, last, column, cell, &format).expect("cells are merged");
            } else {
                sheet.write(first, column, cell).expect("a cell is written");
            }
        }
    }
    book.save_to_buffer().expect("the workbook is written")
}

#[test]
fn without_a_catalog_nothing_is_certain() {
    let text = text(&table());
    let import = read_with(text.as_bytes(), "別紙2.txt", "pg-1.0", &Known::nothing()).expect("a table is recognised");
    assert_eq!(import.items.len(), 417);
    assert!(import.items.iter().all(|item| !item.confidence.is_certain()));
}

#[test]
fn a_text_without_a_table_is_refused_by_name() {
    let error = read("あいさつだけの文です。\n".as_bytes(), "x.txt", "pg-1.0").unwrap_err();
    assert_eq!(error, IntakeError::NoForm("x.txt".into()));
}

/// What may happen to a copy.
const DAMAGES: [fn(&mut Vec<Row>, &mut Dice); 14] = [
    |rows, dice| rows.retain(|_| !dice.percent(10)),
    |rows, dice| rows.retain(|_| !dice.percent(40)),
    |rows, dice| {
        let from = dice.below(rows.len());
        let to = (from + 5 + dice.below(60)).min(rows.len());
        rows.drain(from..to);
    },
    |rows, dice| {
        let from = dice.below(rows.len());
        let to = (from + 5 + dice.below(60)).min(rows.len());
        let block: Vec<Row> = rows.drain(from..to).collect();
        let at = dice.below(rows.len());
        rows.splice(at..at, block);
    },
    |rows, dice| each_cell_row(rows, dice, 30, |row, dice| row.insert(dice.below(row.len()), String::new())),
    |rows, dice| {
        each_cell_row(rows, dice, 30, |row, dice| {
            let at = dice.below(row.len());
            if row[at].is_empty() {
                row.remove(at);
            }
        });
    },
    |rows, dice| {
        each_cell_row(rows, dice, 10, |row, dice| {
            let at = dice.below(row.len());
            row[at] = String::new();
        });
    },
    |rows, dice| {
        each_cell_row(rows, dice, 10, |row, dice| {
            let at = dice.below(row.len() - 1);
            row.swap(at, at + 1);
        });
    },
    |rows, dice| {
        // A column slips down by a row, from somewhere on.
        let column = dice.below(COLUMNS);
        let from = dice.below(rows.len());
        let mut carried = String::new();
        for row in rows[from..].iter_mut().filter(|row| row.len() == COLUMNS) {
            std::mem::swap(&mut row[column], &mut carried);
        }
    },
    |rows, dice| {
        let mut at = 0;
        while at < rows.len() {
            if dice.percent(10) {
                let copy = rows[at].clone();
                rows.insert(at, copy);
                at += 1;
            }
            at += 1;
        }
    },
    |rows, dice| {
        // The end of a row is cut off.
        each_cell_row(rows, dice, 15, |row, dice| {
            let at = dice.below(row.len());
            let keep = dice.below(row[at].chars().count() + 1);
            row[at] = row[at].chars().take(keep).collect();
            row.truncate(at + 1);
        });
    },
    |rows, dice| {
        // Two rows change places.
        for _ in 0..10 {
            let at = dice.below(rows.len() - 1);
            rows.swap(at, at + 1);
        }
    },
    |rows, dice| {
        // The wording of two rows changes places.
        let texts: Vec<usize> =
            (0..rows.len()).filter(|at| rows[*at].len() == COLUMNS && !rows[*at][3].is_empty()).collect();
        for _ in 0..10 {
            let (a, b) = (texts[dice.below(texts.len())], texts[dice.below(texts.len())]);
            let taken = std::mem::take(&mut rows[a][3]);
            let other = std::mem::replace(&mut rows[b][3], taken);
            if a != b {
                rows[a][3] = other;
            }
        }
    },
    |rows, dice| {
        // Titles are lost, and with them what tells equal numbers apart.
        each_cell_row(rows, dice, 60, |row, _| {
            row[0] = String::new();
            row[1] = String::new();
        });
    },
];

fn each_cell_row(rows: &mut [Row], dice: &mut Dice, percent: usize, mut change: impl FnMut(&mut Row, &mut Dice)) {
    for row in rows.iter_mut().filter(|row| row.len() >= COLUMNS) {
        if dice.percent(percent) {
            change(row, dice);
        }
    }
}

/// How a damaged table is written down.
fn written(rows: &[Row], dice: &mut Dice) -> String {
    let plain = text(rows);
    match dice.below(9) {
        0 => plain.replace('\t', "  "),
        1 => plain.replace('\t', " "),
        2 => plain.lines().map(|line| format!("| {} |\n", line.replace('\t', " | "))).collect(),
        3 => plain.replace('\t', "\n"),
        4 => wrapped(&plain, 40),
        5 => wrapped(&plain, 17),
        6 => wrapped(&plain, 40).lines().filter(|_| !dice.percent(4)).map(|line| format!("{line}\n")).collect(),
        _ => plain,
    }
}

/// Cells broken over lines by a narrow column.
fn wrapped(plain: &str, width: usize) -> String {
    let cell = |cell: &str| {
        let chars: Vec<char> = cell.chars().collect();
        chars.chunks(width).map(|part| part.iter().collect::<String>()).collect::<Vec<_>>().join("\n")
    };
    plain.lines().map(|line| line.split('\t').map(cell).collect::<Vec<_>>().join("\t") + "\n").collect()
}

/// Whatever happens to a copy, what is presented as certain is true, and no line disappears.
///
/// `SHIRUBE_DAMAGES=1000` tries more copies than the few that every run tries.
#[test]
fn damage_never_makes_a_wrong_pairing_certain() {
    let truth = truth();
    let rows = table();
    let copies = std::env::var("SHIRUBE_DAMAGES").ok().and_then(|count| count.parse().ok()).unwrap_or(56);
    for seed in 0..copies {
        let mut dice = Dice::new(seed);
        let mut damaged = rows.clone();
        let mut done = Vec::new();
        for _ in 0..=dice.below(3) {
            let damage = (seed as usize + done.len() * 5) % DAMAGES.len();
            done.push(damage);
            DAMAGES[damage](&mut damaged, &mut dice);
        }
        let text = written(&damaged, &mut dice);
        let Ok(import) = read(text.as_bytes(), "別紙2.txt", "pg-1.0") else { continue };
        assert!(account_closes(&import), "seed {seed}: {:?}", import.lines);
        let wrong = wrongly_certain(&import, &truth);
        assert!(wrong.is_empty(), "seed {seed}, damages {done:?}: {}", wrong.join("\n"));
    }
}

/// Damage costs certainty where it is, and nowhere else.
#[test]
fn little_damage_leaves_most_rows_certain() {
    let rows = table();
    let mut dice = Dice::new(7);
    let mut damaged = rows.clone();
    damaged.retain(|_| !dice.percent(3));
    let import = import(&text(&damaged));
    let certain = import.items.iter().filter(|item| item.confidence.is_certain()).count();
    assert!(certain >= 200, "{certain}");
    assert!(import.problems.iter().any(|problem| problem.message.contains("が見つかりません")));
}
