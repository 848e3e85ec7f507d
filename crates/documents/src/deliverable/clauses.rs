//! 医療機関等の要求事項への支え: which clauses of the institution's guideline nothing of ours supports (TREAT-025).

use shirube_safety::conformity::{Answered, ControlStatus};
use shirube_safety::{ClauseSupport, Service, SupportState, clause_support};

use super::common::{columns, head, with_certainty};
use crate::content::{Align, Block, Cell, DataSheet, Document, Mark, Table, Value};

/// Adds the section and its data sheet.
pub(super) fn add(service: &Service, document: &mut Document) {
    let clauses = clause_support(service);
    let gaps: Vec<&ClauseSupport> = clauses.iter().filter(|clause| clause.is_gap()).collect();
    let edition = &service.assessment.library.institution.edition;
    document.summary.push((
        "医療機関等の要求事項".to_owned(),
        format!("{}件（うち、支えを確かめられないもの{}件）", clauses.len(), gaps.len()),
    ));
    let counts: Vec<String> = SupportState::ALL
        .iter()
        .map(|state| {
            let count = clauses.iter().filter(|clause| clause.state == *state).count();
            format!("{}{count}件", state.term())
        })
        .collect();
    document.blocks.push(Block::Heading { level: 1, text: "医療機関等の要求事項への支え".to_owned() });
    document.blocks.push(Block::Paragraph(format!(
        "別紙2が引く「{}」{}の要求事項{}件について、関連する対策項目への答えと、その対策項目を挙げた対策を集めました。{}です。",
        edition.title,
        edition.edition,
        clauses.len(),
        counts.join("、")
    )));
    if gaps.is_empty() {
        document.blocks.push(Block::Paragraph("支えを確かめられない要求事項はありません。".to_owned()));
    } else {
        document.blocks.push(Block::Paragraph(
            "次の要求事項には、答えも対策も医療機関等へ求める事項もありません。医療機関等が満たせるように、支え方を決めてください。"
                .to_owned(),
        ));
        document.blocks.push(Block::Table(table(&gaps)));
    }
    document.data.push(sheet(&clauses));
}

fn table(gaps: &[&ClauseSupport]) -> Table {
    let rows = gaps.iter().map(|clause| {
        let state = Cell::new(clause.state.term());
        let state = if clause.state == SupportState::Open { state.mark(Mark::Unanswered) } else { state };
        vec![
            Cell::new(clause.requirement.id.clone()),
            Cell::new(clause.requirement.class.term()),
            Cell::new(with_certainty(&clause.requirement.text, clause.requirement.certainty)),
            Cell::new(controls(clause, true)),
            state,
        ]
    });
    Table {
        caption: "支えを確かめられない要求事項".to_owned(),
        columns: columns(&[
            (1.3, Align::Left),
            (1.3, Align::Left),
            (6.2, Align::Left),
            (3.4, Align::Left),
            (1.1, Align::Center),
        ]),
        head: head(&["要求事項", "区分", "求められること（要旨）", "関連する対策項目", "支え"]),
        rows: rows.collect(),
    }
}

/// Ids of the controls; with their statuses where they are few.
fn controls(clause: &ClauseSupport, brief: bool) -> String {
    let all_open = clause.controls.iter().all(|answered| answered.status() == ControlStatus::Unanswered);
    let one = |answered: &Answered| match brief && all_open {
        true => answered.control.id.to_string(),
        false => format!("{}（{}）", answered.control.id, answered.status().term()),
    };
    clause.controls.iter().map(one).collect::<Vec<_>>().join(" ")
}

fn sheet(clauses: &[ClauseSupport]) -> DataSheet {
    let heading = [
        "要求事項",
        "区分",
        "求められること（要旨）",
        "支え",
        "関連する対策項目",
        "対策",
        "医療機関等へ対応を求める事項",
        "証跡",
    ];
    let rows = clauses.iter().map(|clause| -> Vec<Value> {
        let measures = clause.measures.iter().map(|(treated, m)| format!("{}: {}", treated.treatment.id, m.text));
        let evidence = clause.measures.iter().flat_map(|(_, measure)| &measure.evidence);
        let answers = clause.controls.iter().filter_map(|answered| answered.answer);
        let evidence = answers.flat_map(|answer| &answer.evidence).chain(evidence).cloned();
        let requests = clause.requests.iter().map(|request| request.text.clone());
        vec![
            clause.requirement.id.as_str().into(),
            clause.requirement.class.term().into(),
            with_certainty(&clause.requirement.text, clause.requirement.certainty).into(),
            clause.state.term().into(),
            controls(clause, false).into(),
            measures.collect::<Vec<_>>().join("\n").into(),
            requests.collect::<Vec<_>>().join("\n").into(),
            evidence.collect::<Vec<_>>().join("\n").into(),
        ]
    });
    DataSheet {
        name: "要求事項への支え".to_owned(),
        columns: heading.map(str::to_owned).to_vec(),
        rows: rows.collect(),
    }
}
