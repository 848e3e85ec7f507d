//! What a form knows of the service besides the record: names behind ids, the scales of the method.

use std::collections::BTreeMap;

use shirube_safety::ServiceFiles;
use shirube_safety::model::ServiceFile;
use shirube_safety::stated::ChecklistSheet;

/// Something that can be chosen: what is stored, and what people read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Choice {
    pub value: String,
    pub label: String,
}

impl Choice {
    pub fn new(value: impl Into<String>, label: impl Into<String>) -> Self {
        Self { value: value.into(), label: label.into() }
    }

    /// The label, with the id where it says something else.
    pub fn long(&self) -> String {
        if self.value.is_empty() || self.value == self.label {
            self.label.clone()
        } else {
            format!("{}（{}）", self.label, self.value)
        }
    }
}

/// Lists whose ids are referred to, and what people call an entry of them.
pub const LISTS: [(&str, &str); 19] = [
    ("sites", "拠点"),
    ("nodes", "機器や記憶媒体"),
    ("links", "接続"),
    ("transports", "搬送"),
    ("parties", "組織"),
    ("actors", "人"),
    ("information", "情報"),
    ("information_classes", "情報の分類"),
    ("flows", "情報流"),
    ("risks", "リスク"),
    ("threats", "脅威"),
    ("scenarios", "リスクシナリオ"),
    ("controls", "対策項目"),
    ("editions", "版"),
    ("sheets", "確認表"),
    ("checklist_items", "確認表の項目"),
    ("reports", "報告"),
    ("tasks", "作業"),
    ("clauses", "条項"),
];

/// What people call an entry of a list.
pub fn noun(list: &str) -> &'static str {
    LISTS.iter().find(|(name, _)| *name == list).map_or("項目", |(_, noun)| noun)
}

/// Names behind ids, by list, and the steps of the scales.
#[derive(Debug, Clone, Default)]
pub struct Known {
    lists: BTreeMap<&'static str, Vec<Choice>>,
    /// 影響度, smallest first.
    pub impact: Vec<Choice>,
    /// 顕在化率, smallest first.
    pub likelihood: Vec<Choice>,
}

impl Known {
    /// What the files themselves name. Flows, risks and what the catalogue holds are put in with [`Known::put`].
    pub fn new(files: &ServiceFiles) -> Self {
        let mut known = Self::default();
        let (service, system) = (&files.service, &files.system);
        known.put("sites", system.sites.iter().map(|site| Choice::new(&site.id, &site.name)));
        known.put("nodes", system.nodes.iter().map(|node| Choice::new(&node.id, &node.name)));
        known.put("links", system.links.iter().map(|link| Choice::new(&link.id, &link.name)));
        known.put("transports", system.transports.iter().map(|way| Choice::new(&way.id, &way.id)));
        known.put("parties", service.parties.iter().map(|party| Choice::new(&party.id, &party.name)));
        known.put("actors", system.actors.iter().map(|actor| Choice::new(&actor.id, &actor.name)));
        known.put("information", system.information.iter().map(|info| Choice::new(&info.id, &info.name)));
        let sheets = files.checklists.sheets.iter();
        known.put("sheets", sheets.map(|sheet| Choice::new(&sheet.id, sheet_label(sheet, service))));
        let items = shirube_safety::checklist::items(&files.checklists).into_iter();
        known.put("checklist_items", items.map(|(id, text)| Choice::new(&id, format!("{id} {text}"))));
        let reports = files.supply.reports.iter();
        known.put("reports", reports.map(|report| Choice::new(&report.id, &report.id)));
        known.put("tasks", files.supply.tasks.iter().map(|task| Choice::new(&task.id, &task.what)));
        let classes = system.information_classes.iter();
        known.put("information_classes", classes.map(|class| Choice::new(&class.id, &class.name)));
        known
    }

    /// Names a list. A name that several entries have is told apart by the id.
    pub fn put(&mut self, list: &'static str, choices: impl Iterator<Item = Choice>) {
        let mut choices: Vec<Choice> = choices.collect();
        let mut seen: BTreeMap<String, usize> = BTreeMap::new();
        choices.iter().for_each(|choice| *seen.entry(choice.label.clone()).or_default() += 1);
        for choice in &mut choices {
            if choice.label.is_empty() || seen[&choice.label] > 1 {
                choice.label = choice.long();
            }
        }
        self.lists.insert(list, choices);
    }

    pub fn list(&self, list: &str) -> &[Choice] {
        self.lists.get(list).map_or(&[], Vec::as_slice)
    }

    /// The entries of several lists together.
    pub(super) fn all(&self, lists: &[&'static str]) -> Vec<Choice> {
        lists.iter().flat_map(|list| self.list(list).iter().cloned()).collect()
    }

    /// The name behind an id.
    pub fn name<'k>(&'k self, lists: &[&'static str], id: &str) -> Option<&'k str> {
        let entries = lists.iter().flat_map(|list| self.list(list));
        entries.filter(|entry| entry.value == id).map(|entry| entry.label.as_str()).next()
    }

    /// The id behind what somebody typed: the id itself, or a name that only one entry has.
    pub(super) fn id<'k>(&'k self, lists: &[&'static str], typed: &str) -> Option<&'k str> {
        let entries = || lists.iter().flat_map(|list| self.list(list));
        if let Some(exact) = entries().find(|entry| entry.value == typed) {
            return Some(&exact.value);
        }
        let folded = super::folded(typed);
        let mut named = entries().filter(|entry| {
            super::folded(&entry.label) == folded
                || super::folded(&entry.value) == folded
                || super::folded(&entry.long()) == folded
        });
        match (named.next(), named.next()) {
            (Some(only), None) => Some(&only.value),
            _ => None,
        }
    }

    /// The entries nearest to what somebody typed, best first.
    pub(super) fn near(&self, lists: &[&'static str], typed: &str) -> Vec<String> {
        let typed = super::folded(typed);
        let all = lists.iter().flat_map(|list| self.list(list));
        let inside = all.filter(|entry| {
            let (label, id) = (super::folded(&entry.label), super::folded(&entry.value));
            !typed.is_empty() && (label.contains(&typed) || id.contains(&typed) || typed.contains(&label))
        });
        inside.take(3).map(|entry| entry.label.clone()).collect()
    }
}

/// `令和…版 事業者確認用 あおば内科クリニック 2026年度`: what tells a checklist from the others.
fn sheet_label(sheet: &ChecklistSheet, service: &ServiceFile) -> String {
    let party = |id: &String| service.parties.iter().find(|party| party.id == *id).map(|party| party.name.clone());
    let parts = [
        Some(sheet.list.term().to_owned()),
        sheet.form.map(|form| form.term().to_owned()),
        sheet.institution.as_ref().and_then(party),
        sheet.fiscal_year.map(|year| format!("{year}年度")),
    ];
    parts.into_iter().flatten().collect::<Vec<_>>().join(" ")
}
