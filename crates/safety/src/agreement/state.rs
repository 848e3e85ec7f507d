//! Where each item stands: shown, understood, in talks, agreed or not (AGREE-001, AGREE-002, AGREE-008).

use std::collections::{BTreeMap, BTreeSet};

use super::{AgreementRecord, AgreementStep, InstitutionFile, Item, ending};
use crate::finding::{File, Finding, Findings, Severity};

/// The steps in the order of the work, as overviews have them; none for what was never shown.
pub const STEPS: [Option<AgreementStep>; 6] = [
    None,
    Some(AgreementStep::Explained),
    Some(AgreementStep::InTalks),
    Some(AgreementStep::Agreed),
    Some(AgreementStep::Disagreed),
    Some(AgreementStep::Reopened),
];

/// The word people read for a step.
pub fn step_term(step: Option<AgreementStep>) -> &'static str {
    step.map_or("未提示", AgreementStep::term)
}

/// How many items stand at each of [`STEPS`].
pub fn counts(steps: impl IntoIterator<Item = Option<AgreementStep>>) -> [usize; 6] {
    let mut counts = [0; 6];
    for step in steps {
        counts[STEPS.iter().position(|known| *known == step).expect("every step is one of them")] += 1;
    }
    counts
}

/// An item with the last record about it; none while nothing of it was shown (未提示).
#[derive(Debug, Clone, Copy)]
pub struct ItemState<'a> {
    pub item: &'a Item,
    pub record: Option<&'a AgreementRecord>,
}

impl ItemState<'_> {
    pub fn step(&self) -> Option<AgreementStep> {
        self.record.map(|record| record.step)
    }

    /// The word people read.
    pub fn term(&self) -> &'static str {
        step_term(self.step())
    }
}

/// Whether a name stands for a whole kind: `residual/`.
pub(super) fn is_kind(name: &str) -> bool {
    name.ends_with('/')
}

/// Whether a name stands for an item: its key, or its kind.
fn stands_for(name: &str, key: &str) -> bool {
    name == key || (is_kind(name) && key.starts_with(name))
}

/// Whether a record speaks of an item.
fn names(record: &AgreementRecord, key: &str) -> bool {
    record.items.iter().any(|name| stands_for(name, key))
}

/// Every item with where it stands.
pub fn states<'a>(items: &'a [Item], file: &'a InstitutionFile) -> Vec<ItemState<'a>> {
    let last = |key: &str| file.records.iter().rev().find(|record| names(record, key));
    items.iter().map(|item| ItemState { item, record: last(&item.key) }).collect()
}

/// Whether a step may follow another. Understanding comes before agreement, and what was re-opened is explained anew.
pub(super) fn may_follow(before: Option<AgreementStep>, next: AgreementStep) -> bool {
    use AgreementStep::{Agreed, Disagreed, Explained, InTalks, Reopened};
    match before {
        None => next == Explained,
        Some(Explained) => next != Reopened,
        Some(InTalks) => matches!(next, InTalks | Explained | Agreed | Disagreed),
        Some(Agreed) => next == Reopened,
        Some(Disagreed) => matches!(next, Explained | InTalks),
        Some(Reopened) => next == Explained,
    }
}

/// What of the records, and of the phases and the end of the contract, does not hold. Pointers lead into the institution's file.
pub fn check(items: &[Item], file: &InstitutionFile) -> Vec<Finding> {
    let mut findings = Vec::new();
    let mut at = Findings { file: File::Institution, list: &mut findings };
    let mut stand = Stand::default();
    for (i, record) in file.records.iter().enumerate() {
        let here = format!("/records/{i}");
        let about_same = |before: &&AgreementRecord| {
            before.items.iter().any(|name| names(record, name)) || record.items.iter().any(|name| names(before, name))
        };
        if file.records[..i].iter().filter(about_same).any(|before| record.on < before.on) {
            at.add(
                Severity::Error,
                "record-order",
                format!("{here}/on"),
                format!("記録の日付（{}）が、同じ合意事項についての前の記録より古くなっています。", record.on),
                "一つの合意事項についての記録は、古いものから順に書いてください。",
            );
        }
        evidence(record, &here, &mut at);
        orphans(record, items, &here, &mut at);
        stand.step(record, items, &here, &mut at);
    }
    ending::check(file, &mut at);
    if let Some(i) = file.records.iter().position(|record| record.items.iter().any(|name| is_kind(name))) {
        at.add(
            Severity::Note,
            "record-by-kind",
            format!("/records/{i}/items"),
            "種類でまとめて書いた記録は、その種類の今の合意事項のすべてに当てています。",
            "記録の後に加わった事項や変わった事項は、説明したときのフォルダを --since に渡して確かめてください。",
        );
    }
    findings
}

/// Names that lead nowhere.
fn orphans(record: &AgreementRecord, items: &[Item], here: &str, at: &mut Findings) {
    for (n, name) in record.items.iter().enumerate() {
        if !items.iter().any(|item| stands_for(name, &item.key)) {
            at.add(
                Severity::Warning,
                "record-orphan",
                format!("{here}/items/{n}"),
                format!("合意事項「{name}」は、今の一覧にありません。"),
                "サービスの変更でなくなったのか、綴りの違いかを、shirube agreement の一覧で確かめてください。",
            );
        }
    }
}

/// Where items stand while their records are read one after the other.
#[derive(Default)]
struct Stand<'i> {
    steps: BTreeMap<&'i str, AgreementStep>,
    /// Those whose last record named them only by their kind.
    by_kind: BTreeSet<&'i str>,
}

impl<'i> Stand<'i> {
    /// Takes the step of a record, and tells of items that cannot take it.
    fn step(&mut self, record: &AgreementRecord, items: &'i [Item], here: &str, at: &mut Findings) {
        let mut wrong: Vec<&str> = Vec::new();
        for key in items.iter().map(|item| item.key.as_str()).filter(|key| names(record, key)) {
            // A record for a whole kind cannot have meant what came after it: that is explained for the first time.
            let is_first = record.step == AgreementStep::Explained && self.by_kind.contains(key);
            if !is_first && !may_follow(self.steps.get(key).copied(), record.step) {
                wrong.push(key);
            }
            if record.items.iter().any(|name| name == key) {
                self.by_kind.remove(key);
            } else {
                self.by_kind.insert(key);
            }
            self.steps.insert(key, record.step);
        }
        let Some(first) = wrong.first() else { return };
        let advice = match record.step {
            AgreementStep::Explained => "合意した事項は、変わったときに「再合意要」とし、それから説明し直します。",
            AgreementStep::Reopened => "「再合意要」は、合意した事項についてだけ書きます。",
            _ => {
                "合意は、説明して共通理解を得た事項についてだけ成り立ちます（3.2.1）。先に説明の記録を書いてください。"
            }
        };
        let more = if wrong.len() > 1 { format!("など{}件", wrong.len()) } else { String::new() };
        at.add(
            Severity::Error,
            "record-step",
            format!("{here}/step"),
            format!("合意事項「{first}」{more}は、前の記録から「{}」に進めません。", record.step.term()),
            advice,
        );
    }
}

/// A common understanding rests on minutes or work records, an agreement on contractual paper; neither counts as the
/// other. Disagreement leads on only if somebody says why.
fn evidence(record: &AgreementRecord, here: &str, at: &mut Findings) {
    use AgreementStep::{Agreed, Disagreed, Explained, Reopened};
    if record.step == Agreed && !record.means.is_some_and(super::AgreementMeans::is_contractual) {
        at.add(
            Severity::Error,
            "agreed-without-contract",
            format!("{here}/means"),
            "「合意（明示的合意）」の手段が、契約書・覚書、サービスレベル合意書、画面での回答のどれでもありません。",
            "打合せや電子メールで確かめただけなら「説明済（共通理解）」です。契約上の文書を交わしてから合意としてください（3.2.1）。",
        );
    }
    if matches!(record.step, Explained | Agreed) && record.evidence.iter().all(|name| name.trim().is_empty()) {
        let what = if record.step == Explained { "議事メモや作業記録" } else { "契約書や合意書" };
        at.add(
            Severity::Warning,
            "record-without-evidence",
            here,
            format!("「{}」の記録に、{what}の名前がありません。", record.step.term()),
            "あとから示せるように、evidenceに文書の名前を書いてください。",
        );
    }
    if record.step != Reopened && record.with.is_none() {
        at.add(
            Severity::Warning,
            "record-without-person",
            here,
            format!("「{}」の記録に、医療機関等の側の人がありません。", record.step.term()),
            "誰に説明し、誰と合意したかを、withに書いてください。",
        );
    }
    if matches!(record.step, Disagreed | Reopened) && record.note.is_none() {
        at.add(
            Severity::Warning,
            "record-without-note",
            here,
            format!("「{}」の記録に、理由がありません。", record.step.term()),
            "何に合意できないのか、何が変わったのかを、noteに書いてください。",
        );
    }
}
