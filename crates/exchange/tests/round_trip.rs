//! Workbooks out and in again (INTEROP-001, INTEROP-008): unchanged is unchanged, whoever saved it; what was changed is
//! told cell by cell, what is wrong by its address.

mod support;

use shirube_exchange::{Effect, Laid, List, read};
use shirube_folder::edit::{apply, between};
use shirube_safety::File;
use support::{Folder, exported, imported, sample};

/// INTEROP-001: a workbook that nobody changed changes nothing, for every list of every sample.
#[test]
fn unchanged_is_no_change() {
    for name in ["clinic-ehr", "blank"] {
        let texts = sample(name);
        for list in List::ALL {
            let bytes = exported(list, &texts);
            assert_eq!(bytes, exported(list, &texts), "{list:?}: the same content gives the same bytes");
            let laid = imported(&bytes, &texts);
            assert_eq!((laid.changes, laid.faults, laid.notes, laid.edits), Default::default(), "{name} {list:?}");
        }
    }
}

/// The same after two other programs have opened and saved it.
#[test]
fn unchanged_is_no_change_after_libreoffice_and_openpyxl() {
    let texts = sample("clinic-ehr");
    let folder = Folder::new();
    for list in List::ALL {
        let bytes = exported(list, &texts);
        let name = format!("{}.xlsx", list.token());
        for (peer, saved) in
            [("LibreOffice", folder.libreoffice(&name, &bytes)), ("openpyxl", folder.openpyxl(&name, &bytes, &[]))]
        {
            let laid = imported(&saved, &texts);
            assert_eq!((laid.changes, laid.faults, laid.notes), Default::default(), "{peer} {list:?}");
        }
    }
}

/// Ids and what is only shown are locked, what may be changed is open, words of closed sets are drop-downs, and the
/// sheet prints as lists are printed.
#[test]
fn workbooks_are_set_up_for_filling_in() {
    let texts = sample("clinic-ehr");
    let facts = Folder::new().facts(&exported(List::Controls, &texts));
    let sheet = &facts["対策項目一覧"];
    assert_eq!(sheet["rows"], 418);
    assert_eq!(sheet["protected"], true);
    let head: Vec<&str> = sheet["head"].as_array().unwrap().iter().map(|cell| cell.as_str().unwrap()).collect();
    let letter = |heading: &str| {
        let at = head.iter().position(|known| *known == heading).unwrap();
        shirube_exchange::column_name(at)
    };
    for (heading, locked) in
        [("id（変えない）", true), ("求められること（要旨）", true), ("状況", false), ("担当者", false)]
    {
        assert_eq!(sheet["locked"][format!("{}2", letter(heading))], locked, "{heading}");
    }
    let status = letter("状況");
    let choices = sheet["choices"].as_object().unwrap();
    assert!(choices.keys().any(|range| range.starts_with(&format!("{status}2:{status}"))), "{choices:?}");
    assert_eq!((&sheet["freeze"], &sheet["titles"]), (&"C2".into(), &"$1:$1".into()));
    assert_eq!((&sheet["wide"], &sheet["fit"]), (&"landscape".into(), &0.into()));
    assert!(sheet["filter"].as_str().unwrap().starts_with("A1:"));
    assert_eq!((&facts["選択肢"]["state"], &facts["shirube"]["state"]), (&"hidden".into(), &"hidden".into()));
    assert_eq!(facts["説明"]["state"], "visible");
}

/// The address of a cell: sheet, heading, and the row with this id.
fn place(bytes: &[u8], sheet: &str, heading: &str, id: &str) -> String {
    let book = read(bytes, "x.xlsx").unwrap();
    let rows = &book.sheet(sheet).unwrap().rows;
    let column = rows[0].iter().position(|cell| cell == heading).unwrap_or_else(|| panic!("{heading}"));
    let row = rows.iter().position(|row| row.first().is_some_and(|cell| cell == id)).unwrap_or_else(|| panic!("{id}"));
    format!("{sheet}!{}{}", shirube_exchange::column_name(column), row + 1)
}

fn edited(list: List, edits: &[(&str, &str, &str, &str)]) -> (Laid, shirube_folder::edit::Texts) {
    let texts = sample("clinic-ehr");
    let bytes = exported(list, &texts);
    let edits: Vec<String> = edits
        .iter()
        .map(|(sheet, heading, id, text)| format!("{}={text}", place(&bytes, sheet, heading, id)))
        .collect();
    let edits: Vec<&str> = edits.iter().map(String::as_str).collect();
    let saved = Folder::new().openpyxl("x.xlsx", &bytes, &edits);
    (imported(&saved, &texts), texts)
}

/// What is typed in a spreadsheet comes back as edits of exactly these fields, signed by who takes it in.
#[test]
fn what_is_typed_comes_back_as_edits() {
    let sheet = "対策項目一覧";
    let (laid, texts) = edited(
        List::Controls,
        &[
            (sheet, "担当者", "3.1①-1", "運用部　部長"),
            (sheet, "対応予定日", "3.1①-1", "令和９年４月１日"),
            (sheet, "根拠", "3.1①-1", "運用管理規程 第12条\n点検記録、台帳"),
        ],
    );
    assert_eq!(laid.faults, []);
    assert_eq!(laid.changes.len(), 1);
    let change = &laid.changes[0];
    assert_eq!((change.name.as_str(), change.effect, change.cells.len()), ("3.1①-1", Effect::Changed, 3));
    let after = apply(&texts, &laid.edits).unwrap().texts;
    let text = String::from_utf8(after[&File::Conformity].clone()).unwrap();
    for part in ["運用部", "2027-04-01", "点検記録、台帳"] {
        assert!(text.contains(part), "{part}");
    }
    let fields = between(&texts, &after).unwrap();
    assert!(fields.iter().all(|edit| edit.file == File::Conformity), "{fields:#?}");
}

/// Every bad cell is named at once, with what was found and what would be right, and nothing is changed.
#[test]
fn bad_cells_are_named_by_their_addresses() {
    let sheet = "対策項目一覧";
    let (laid, _) = edited(
        List::Controls,
        &[
            (sheet, "状況", "3.1①-1", "やった"),
            (sheet, "根拠を確かめた日", "3.1①-2", "去年の春"),
            (sheet, "区分", "3.1①-1", "○△"),
        ],
    );
    let told: Vec<String> = laid.faults.iter().map(ToString::to_string).collect();
    assert!(
        told.iter().any(|fault| fault.contains("「やった」は使えません") && fault.contains("「対応済」")),
        "{told:#?}"
    );
    assert!(told.iter().any(|fault| fault.contains("日付として読めません")), "{told:#?}");
    assert!(told.iter().any(|fault| fault.contains("変えられない列です")), "{told:#?}");
    assert!(told.iter().all(|fault| fault.starts_with("対策項目一覧!")), "{told:#?}");
    assert!(laid.edits.is_empty());
}

/// Rows may be added where records may, and an id that was copied is told.
#[test]
fn assets_are_added_and_changed() {
    let texts = sample("clinic-ehr");
    let bytes = exported(List::Assets, &texts);
    let book = read(&bytes, "x.xlsx").unwrap();
    let sheet = book.sheet("拠点").unwrap();
    let next = sheet.rows.len() + 1;
    let name = sheet.rows[0].iter().position(|cell| cell == "名称").unwrap();
    let check = sheet.rows[0].len() - 1;
    let filled = (1..check).filter(|at| !sheet.cell(1, *at).is_empty());
    let added: Vec<String> = filled
        .map(|at| {
            let text = if at == name { "第二データセンター" } else { sheet.cell(1, at) };
            format!("拠点!{}{next}={text}", shirube_exchange::column_name(at))
        })
        .collect();
    let copy = [
        format!("拠点!A{next}={}", sheet.cell(1, 0)),
        format!("拠点!{}{next}=写し", shirube_exchange::column_name(name)),
    ];
    let added: Vec<&str> = added.iter().map(String::as_str).collect();
    let copy: Vec<&str> = copy.iter().map(String::as_str).collect();
    let folder = Folder::new();
    let laid = imported(&folder.openpyxl("x.xlsx", &bytes, &added), &texts);
    assert_eq!(laid.faults, []);
    assert_eq!((laid.changes.len(), laid.changes[0].effect), (1, Effect::Added));
    let after = apply(&texts, &laid.edits).unwrap().texts;
    assert!(String::from_utf8(after[&File::System].clone()).unwrap().contains("第二データセンター"));
    // What a record cannot do without is told by the address of its cell.
    let bare = imported(&folder.openpyxl("z.xlsx", &bytes, &added[..1]), &texts);
    assert!(!bare.faults.is_empty() && bare.edits.is_empty());
    for fault in &bare.faults {
        assert!(fault.address.starts_with("拠点!") && fault.address.ends_with(&next.to_string()), "{fault}");
    }
    let copied = imported(&folder.openpyxl("y.xlsx", &bytes, &copy), &texts);
    assert!(copied.faults.iter().any(|fault| fault.message.contains("2行目にもあります")), "{:?}", copied.faults);
}

/// A decision that several risks share is changed for one of them; the others keep theirs.
#[test]
fn one_of_several_risks_is_decided_anew() {
    let texts = sample("clinic-ehr");
    let bytes = exported(List::Risks, &texts);
    let book = read(&bytes, "x.xlsx").unwrap();
    let sheet = book.sheet("リスク一覧").unwrap();
    let at = |heading: &str| sheet.rows[0].iter().position(|cell| cell == heading).unwrap();
    let decided = sheet.rows.iter().skip(1).find(|row| row.get(at("決定の理由")).is_some_and(|cell| !cell.is_empty()));
    let id = decided.expect("the sample has decisions")[0].clone();
    let (laid, texts) = edited(List::Risks, &[("リスク一覧", "影響度の理由", &id, "診療が止まるため。")]);
    assert_eq!(laid.faults, []);
    let after = apply(&texts, &laid.edits).unwrap().texts;
    let before_folder = shirube_folder::read(&texts).unwrap();
    let folder = shirube_folder::read(&after).unwrap();
    let of = |folder: &shirube_folder::Folder, risk: &str| {
        let all = folder.files.assessment.decisions.iter();
        all.clone().find(|decision| decision.risks.iter().any(|known| known == risk)).cloned().unwrap()
    };
    let new = of(&folder, &id);
    assert_eq!((new.impact_reason.as_str(), new.decided.by.as_str()), ("診療が止まるため。", "灯台 花子"));
    let old = of(&before_folder, &id);
    for other in old.risks.iter().filter(|risk| **risk != id) {
        assert_eq!(of(&folder, other).impact_reason, old.impact_reason, "{other}");
        assert_eq!(of(&folder, other).decided, old.decided, "{other}");
    }
    // Nobody's decision rests on other facts than before.
    let outdated = |folder: &shirube_folder::Folder| {
        shirube_safety::Service::new(&folder.files).assessment.risks.iter().filter(|risk| risk.outdated).count()
    };
    assert_eq!(outdated(&folder), outdated(&before_folder));
}

/// A row that was taken away is not taken for a wish to delete, and a column that is gone changes nothing.
#[test]
fn what_is_not_there_is_left_as_it_is() {
    let texts = sample("clinic-ehr");
    let bytes = exported(List::Controls, &texts);
    let book = read(&bytes, "x.xlsx").unwrap();
    let width = book.sheet("対策項目一覧").unwrap().rows[1].len();
    let blanks: Vec<String> =
        (0..width).map(|at| format!("対策項目一覧!{}2=", shirube_exchange::column_name(at))).collect();
    let mut edits: Vec<&str> = blanks.iter().map(String::as_str).collect();
    edits.push("対策項目一覧!Z1=上司の欄");
    let laid = imported(&Folder::new().openpyxl("x.xlsx", &bytes, &edits), &texts);
    assert_eq!((&laid.changes[..], &laid.faults[..]), (&[][..], &[][..]));
    assert!(
        laid.notes.iter().any(|note| note.contains("1件ありません") && note.contains("消さずに")),
        "{:?}",
        laid.notes
    );
    assert!(laid.notes.iter().any(|note| note.contains("「上司の欄」")), "{:?}", laid.notes);
}
