//! Documents that no longer say what is true: where, why, and what to tell those who hold them.

use std::collections::BTreeMap;

use serde::Serialize;
use shirube_safety::{Change, ChangeKind, Service, diff};

use super::{Deliverable, outlined};
use crate::content::{Block, Document};

/// A document whose issued copies have to be looked at again (要見直し).
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Restated {
    pub name: &'static str,
    pub title: &'static str,
    /// What reads differently, in the order of the document.
    pub places: Vec<Place>,
}

/// A clause or table that reads differently.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Place {
    /// Number and title, e.g. `3.2 サービスの提供時間`.
    pub place: String,
    pub how: How,
    /// The facts behind, one sentence each without its end.
    pub because: Vec<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum How {
    Added,
    Changed,
    Removed,
}

impl How {
    pub fn term(self) -> &'static str {
        match self {
            Self::Added => "追加",
            Self::Changed => "変更",
            Self::Removed => "削除",
        }
    }
}

/// How a document is told apart from its earlier state, and what came of it.
pub struct Restatement {
    pub changes: Vec<Change>,
    pub documents: Vec<Restated>,
}

/// Every document that says something else in `after` than in `before`.
pub fn restated(before: &Service, after: &Service) -> Restatement {
    let changes = diff(before, after);
    let (old, new) = (Deliverable::begun(before), Deliverable::begun(after));
    let issued = Deliverable::ALL.into_iter().filter(|one| old.contains(one));
    let documents = issued.filter_map(|deliverable| {
        let places = match new.contains(&deliverable) {
            true => places(before, after, deliverable, &changes),
            // There is nothing left that it could say.
            false => vec![Place { place: "文書の全体".to_owned(), how: How::Removed, because: Vec::new() }],
        };
        (!places.is_empty()).then(|| Restated { name: deliverable.name(), title: deliverable.title(), places })
    });
    let documents = documents.collect();
    Restatement { changes, documents }
}

fn places(before: &Service, after: &Service, deliverable: Deliverable, changes: &[Change]) -> Vec<Place> {
    if outlined::is_outlined(deliverable) {
        let whole = || vec![Place { place: "文書の全体".to_owned(), how: How::Changed, because: Vec::new() }];
        return outlined::clauses(before, after, deliverable).unwrap_or_else(|_| whole());
    }
    let (old, new) = (sections(&deliverable.build(before, "")), sections(&deliverable.build(after, "")));
    let because = || because(deliverable, changes);
    let mut places = Vec::new();
    for (place, lines) in &new {
        let how = match old.iter().find(|(known, _)| known == place) {
            None => How::Added,
            Some((_, then)) if then != lines => How::Changed,
            Some(_) => continue,
        };
        places.push(Place { place: place.clone(), how, because: because() });
    }
    let gone = old.iter().filter(|(place, _)| !new.iter().any(|(known, _)| known == place));
    places.extend(gone.map(|(place, _)| Place { place: place.clone(), how: How::Removed, because: because() }));
    places
}

/// What a document says below each heading, caption or, before the first, on its first page.
fn sections(document: &Document) -> Vec<(String, Vec<String>)> {
    let summary = document.summary.iter().map(|(label, value)| format!("{label}｜{value}"));
    let mut sections = vec![("表紙".to_owned(), summary.collect::<Vec<_>>())];
    let mut seen: BTreeMap<String, usize> = BTreeMap::new();
    let mut open = |sections: &mut Vec<(String, Vec<String>)>, place: &str| {
        let times = seen.entry(place.to_owned()).or_default();
        *times += 1;
        let place = if *times == 1 { place.to_owned() } else { format!("{place}（{times}）") };
        sections.push((place, Vec::new()));
    };
    for block in &document.blocks {
        match block {
            Block::Heading { text, .. } => open(&mut sections, text),
            Block::Table(table) => {
                if sections.last().is_some_and(|(place, lines)| *place != table.caption || !lines.is_empty()) {
                    open(&mut sections, &table.caption);
                }
                let rows = table.rows.iter();
                let rows = rows.map(|row| row.iter().map(|cell| cell.text.as_str()).collect::<Vec<_>>().join("｜"));
                sections.last_mut().expect("opened").1.extend(rows);
            }
            Block::Figure(figure) => {
                let lines = &mut sections.last_mut().expect("the first page").1;
                lines.extend([figure.caption.clone(), figure.svg.clone()]);
            }
            Block::List(items) => sections.last_mut().expect("the first page").1.extend(items.iter().cloned()),
            other => {
                let lines = &mut sections.last_mut().expect("the first page").1;
                lines.extend(paragraph(other));
            }
        }
    }
    sections
}

fn paragraph(block: &Block) -> Option<String> {
    match block {
        Block::Paragraph(text) => Some(text.clone()),
        Block::Numbered { label, text, .. } => Some(format!("{label} {text}")),
        _ => None,
    }
}

/// The changes a document is made of: the first of those that concern it.
fn because(deliverable: Deliverable, changes: &[Change]) -> Vec<String> {
    use ChangeKind::{Control, Flow, Model, Party, Request, Residual, Risk, Stated, Treatment};
    let kinds: &[ChangeKind] = match deliverable {
        Deliverable::SystemDiagram => &[Party, Model],
        Deliverable::Flows => &[Model, Flow],
        Deliverable::RiskAssessment => &[Flow, Risk],
        Deliverable::RiskTreatment => &[Risk, Residual, Treatment],
        Deliverable::TreatmentPlan => &[Treatment],
        Deliverable::Conformity => &[Control],
        Deliverable::InstitutionRequests => &[Request],
        Deliverable::LifeCycle => &[Stated, Residual, Request, Control, Flow, Party],
        Deliverable::AgreementItems => &[Residual, Request, Control],
        _ => &[Party, Stated, Control],
    };
    let concerning = changes.iter().filter(|change| kinds.contains(&change.kind));
    concerning.take(3).map(|change| change.text.trim_end_matches('。').to_owned()).collect()
}

impl Restatement {
    /// Five sentences for a letter to those who hold the documents; none if no document says anything else.
    pub fn sentences(&self) -> Vec<String> {
        let Some(first) = self.documents.first() else { return Vec::new() };
        let titles: Vec<String> =
            self.documents.iter().take(3).map(|document| format!("「{}」", document.title)).collect();
        let more = self.documents.len() - titles.len();
        let others = if more == 0 { String::new() } else { format!("ほか{more}件") };
        let count = |kinds: &[ChangeKind]| self.changes.iter().filter(|change| kinds.contains(&change.kind)).count();
        let said = |what: &str, count: usize| match count {
            0 => format!("{what}に変更はありません。"),
            count => format!("{what}には、{count}件の変更があります。"),
        };
        let reopened = self.changes.iter().filter(|change| change.reopens_agreement).count();
        vec![
            format!("お渡ししている文書のうち、{}{others}を改めました。", titles.join("、")),
            self.main_change(first),
            said("リスクの評価と残存するリスク", count(&[ChangeKind::Risk, ChangeKind::Residual])),
            said("対応をお願いする事項", count(&[ChangeKind::Request])),
            match reopened {
                0 => "合意した内容にかかわる変更はありませんので、お手元の文書を差し替えてくださいますようお願いいたします。".to_owned(),
                count => format!("変更のうち{count}件は合意した内容にかかわりますので、改めてご説明し、ご確認をお願いいたします。"),
            },
        ]
    }

    /// The place that has a reason to tell, or the first.
    fn main_change(&self, first: &Restated) -> String {
        let all =
            || self.documents.iter().flat_map(|document| document.places.iter().map(move |place| (document, place)));
        let told = all().find_map(|(document, place)| Some((document, place, place.because.first()?)));
        let rest = all().count() - 1;
        let end = if rest == 0 {
            "です。".to_owned()
        } else {
            format!("で、このほかに{rest}か所を改めました。")
        };
        match told {
            Some((document, place, because)) if because.ends_with("ため") => {
                let because = because.trim_end_matches("ため");
                format!("おもな変更は、「{}」の「{}」で、{because}こと{end}", document.title, place.place)
            }
            _ => {
                let place = &first.places[0];
                format!("おもな変更は、「{}」の「{}」{end}", first.title, place.place)
            }
        }
    }
}
