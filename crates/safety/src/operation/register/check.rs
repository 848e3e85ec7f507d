//! What is missing or contradictory in the tables and the log, whatever the day.

use std::collections::{BTreeMap, BTreeSet};

use shirube_catalog::{FieldKind, Register, RegisterField, RegisterStep, StepBy};

use super::entry::{Book, Entry};
use super::log::{Act, LogLine};
use super::table::{LOG_COLUMNS, STATE};
use super::value::Value;
use super::{Records, Told};
use crate::operation::report;
use crate::typed::folded;
use crate::{ServiceFiles, Severity};

/// Ids and names of what a register may refer to.
#[derive(Debug, Clone, Default)]
pub struct Known {
    pub nodes: Names,
    pub sites: Names,
    pub information: Names,
    pub parties: Names,
    pub institutions: Names,
    /// Records are kept in the application: what is told does not speak of the files of a folder.
    pub in_application: bool,
}

/// Ids and names of one kind, folded.
type Names = BTreeSet<String>;

impl Known {
    /// What the service folder names; `institutions` are those with a file of their own.
    pub fn new<'a>(files: &'a ServiceFiles, institutions: impl IntoIterator<Item = &'a str>) -> Self {
        let (system, parties) = (&files.system, &files.service.parties);
        let of_service = crate::model::institutions(&files.service).flat_map(|party| [party.id.as_str(), &party.name]);
        Self {
            nodes: names(system.nodes.iter().flat_map(|node| [node.id.as_str(), &node.name])),
            sites: names(system.sites.iter().flat_map(|site| [site.id.as_str(), &site.name])),
            information: names(system.information.iter().flat_map(|one| [one.id.as_str(), &one.name])),
            parties: names(parties.iter().flat_map(|party| [party.id.as_str(), &party.name])),
            institutions: names(of_service.chain(institutions)),
            in_application: false,
        }
    }
}

fn names<'a>(names: impl Iterator<Item = &'a str>) -> Names {
    names.map(folded).collect()
}

/// Everything to tell, in the order of the tables, the log last.
pub fn check(records: &Records, known: &Known) -> Vec<Told> {
    let mut told = Vec::new();
    for book in &records.books {
        if let Some(register) = records.register(&book.register) {
            Check { records, known, register, book, told: &mut told }.all();
        }
    }
    for line in &records.log {
        strangers(records, line, &mut told);
    }
    told
}

/// A line about an entry that is in no table.
fn strangers(records: &Records, line: &LogLine, told: &mut Vec<Told>) {
    let Some(id) = &line.entry else { return };
    if records.entries(&line.register).iter().any(|entry| entry.id == *id) {
        return;
    }
    let title = records.register(&line.register).map_or("", |register| &register.title);
    told.push(Told {
        file: line.file.clone(),
        row: line.row,
        column: LOG_COLUMNS[2].to_owned(),
        severity: Severity::Error,
        rule: "register-log-entry",
        message: format!("「{id}」は、「{title}」にありません。"),
        advice: "番号を直すか、台帳に加えてください。台帳の行は、終わっても消さずに残します。".to_owned(),
    });
}

struct Check<'a> {
    records: &'a Records,
    known: &'a Known,
    register: &'a Register,
    book: &'a Book,
    told: &'a mut Vec<Told>,
}

impl Check<'_> {
    fn tell(
        &mut self,
        (row, column): (usize, &str),
        (severity, rule): (Severity, &'static str),
        message: impl Into<String>,
        advice: impl Into<String>,
    ) {
        self.told.push(Told {
            file: self.book.file.clone(),
            row,
            column: column.to_owned(),
            severity,
            rule,
            message: message.into(),
            advice: advice.into(),
        });
    }

    fn all(&mut self) {
        for entry in &self.book.entries {
            self.required(entry);
            self.order(entry);
            self.references(entry);
            self.way(entry);
            self.delivery(entry);
        }
        self.unique();
    }

    fn required(&mut self, entry: &Entry) {
        let empty = |field: &&RegisterField| entry.values(&field.id).is_empty();
        for field in self.register.fields.iter().filter(empty) {
            if field.required.holds_in(&entry.state) {
                let state = self.register.state(&entry.state).map_or("", |state| &state.title);
                let message = format!("{}「{}」の「{}」が空です。", self.register.entry, entry.id, field.title);
                let advice = format!("「{state}」のときは必ず書く欄です。分かった時点で書いてください。");
                self.tell((entry.row, &field.title), (Severity::Warning, "register-required"), message, advice);
            }
        }
    }

    fn order(&mut self, entry: &Entry) {
        for field in &self.register.fields {
            let other = field.not_before.as_ref().and_then(|id| self.register.field(id));
            let Some(other) = other else { continue };
            let (Some(value), Some(least)) = (entry.values(&field.id).first(), entry.values(&other.id).first()) else {
                continue;
            };
            if is_before(value, least) {
                let message = format!("「{}」（{value}）が、「{}」（{least}）より前です。", field.title, other.title);
                let advice = "日付を確かめて、どちらかを直してください。";
                self.tell((entry.row, &field.title), (Severity::Error, "register-dates"), message, advice);
            }
        }
    }

    fn references(&mut self, entry: &Entry) {
        for field in &self.register.fields {
            for value in entry.values(&field.id) {
                let Value::Text(name) = value else { continue };
                let Some(place) = self.nowhere(field, name) else { continue };
                let message = format!("「{name}」は、{place}にありません。");
                let advice = "書き方を直すか、先にそちらへ加えてください。";
                self.tell((entry.row, &field.title), (Severity::Error, "register-reference"), message, advice);
            }
        }
    }

    /// Where a reference ought to lead, if it leads nowhere.
    fn nowhere(&self, field: &RegisterField, name: &str) -> Option<String> {
        let (names, in_folder, in_application) = match field.kind {
            FieldKind::Node => (&self.known.nodes, "system.yamlのnodes", "モデルの機器など"),
            FieldKind::Site => (&self.known.sites, "system.yamlのsites", "モデルの場所"),
            FieldKind::Information => (&self.known.information, "system.yamlのinformation", "モデルの情報"),
            FieldKind::Party => (&self.known.parties, "shirube.yamlのparties", "モデルの関係する組織"),
            FieldKind::Institution => {
                let in_folder = "shirube.yamlの医療機関等にも、institutionsフォルダ";
                (&self.known.institutions, in_folder, "医療機関等の一覧")
            }
            FieldKind::Entry => return self.no_entry(field, name),
            _ => return None,
        };
        let place = if self.known.in_application { in_application } else { in_folder };
        (!names.contains(&folded(name))).then(|| place.to_owned())
    }

    fn no_entry(&self, field: &RegisterField, id: &str) -> Option<String> {
        let other = field.of.as_deref().and_then(|of| self.records.register(of))?;
        let is_there = self.records.entries(&other.id).iter().any(|entry| entry.id == id);
        (!is_there).then(|| format!("「{}」", other.title))
    }

    /// Whether a report may go the way it names (OPS-067).
    fn delivery(&mut self, entry: &Entry) {
        if self.register.id != report::REPORTS {
            return;
        }
        let title = |id: &str| self.register.field(id).map_or(String::new(), |field| field.title.clone());
        let told = [
            (title("means"), "report-delivery", report::refused(entry), "届ける方法を選び直してください。"),
            (
                title("institutions"),
                "report-shared",
                report::shared(entry),
                "一つの報告は、一つの医療機関等のものです。",
            ),
        ];
        for (column, rule, message, advice) in told {
            if let Some(message) = message {
                let message = format!("報告「{}」は、{message}", entry.id);
                self.tell((entry.row, &column), (Severity::Error, rule), message, advice);
            }
        }
    }

    fn unique(&mut self) {
        for field in self.register.fields.iter().filter(|field| field.unique) {
            let mut rows: BTreeMap<String, usize> = BTreeMap::new();
            for entry in &self.book.entries {
                for value in entry.values(&field.id) {
                    if let Some(first) = rows.insert(folded(&value.to_string()), entry.row) {
                        let message = format!("「{value}」は、{first}行目にもあります。");
                        let advice = format!("「{}」は、同じものを二度書けない欄です。", field.title);
                        let place = (entry.row, field.title.as_str());
                        self.tell(place, (Severity::Error, "register-unique"), message, advice);
                    }
                }
            }
        }
    }

    /// Whether the log leads to the state that the table states, by steps that were open to whoever took them.
    fn way(&mut self, entry: &Entry) {
        let (register, records) = (self.register, self.records);
        let lines = records.done(&register.id).filter(|line| line.entry.as_ref() == Some(&entry.id) && line.counts());
        let steps = lines.filter_map(|line| match &line.act {
            Act::Step(id) => register.step(id).map(|step| (line, step)),
            Act::Duty(_) => None,
        });
        let steps: Vec<(&LogLine, &RegisterStep)> = steps.collect();
        let mut state = register.first_state().id.as_str();
        for (line, step) in &steps {
            self.step(entry, line, step, state);
            state = &step.to;
        }
        if let Some((_, last)) = steps.last()
            && state == entry.state
        {
            self.requires(entry, last);
        }
        if state != entry.state {
            self.elsewhere(entry, state, !steps.is_empty());
        }
    }

    fn step(&mut self, entry: &Entry, line: &LogLine, step: &RegisterStep, state: &str) {
        if !step.from.iter().any(|from| from == state) {
            let title = self.title(state);
            let message = format!("「{}」を行った記録がありますが、「{title}」からは行えません。", step.title);
            let from: Vec<String> = step.from.iter().map(|id| self.title(id)).collect();
            let advice =
                format!("行えるのは、「{}」のときです。抜けている手続の記録を加えてください。", from.join("」「"));
            self.of_line(line, LOG_COLUMNS[3], "register-step", message, advice);
        }
        if step.by != StepBy::Anyone && line.person.is_none() {
            let message = format!("「{}」を承認した人が書かれていません。", step.title);
            let advice = format!(
                "「{}」は、{}が要る手続です。承認した人の名前を書いてください。",
                step.title,
                approval(step.by)
            );
            self.of_line(line, LOG_COLUMNS[4], "register-approval", message, advice);
        }
        let other = step.other_than.as_ref().and_then(|id| self.register.field(id));
        if let (Some(other), Some(person)) = (other, &line.person)
            && entry.values(&other.id).iter().any(|value| same_name(&value.to_string(), person))
        {
            let message = format!("「{}」を行った{person}は、「{}」と同じ人です。", step.title, other.title);
            self.of_line(
                line,
                LOG_COLUMNS[4],
                "register-other-than",
                message,
                "別の人が行う手続です。別の人が確かめてください。",
            );
        }
    }

    fn of_line(
        &mut self,
        line: &LogLine,
        column: &str,
        rule: &'static str,
        message: String,
        advice: impl Into<String>,
    ) {
        let (file, column, advice) = (line.file.clone(), column.to_owned(), advice.into());
        self.told.push(Told { file, row: line.row, column, severity: Severity::Error, rule, message, advice });
    }

    fn title(&self, state: &str) -> String {
        self.register.state(state).map_or(state, |state| &state.title).to_owned()
    }

    /// Fields that ought to have been written when the last step was taken.
    fn requires(&mut self, entry: &Entry, step: &RegisterStep) {
        for field in step.requires.iter().filter_map(|id| self.register.field(id)) {
            if entry.values(&field.id).is_empty() && !field.required.holds_in(&entry.state) {
                let message = format!("{}「{}」の「{}」が空です。", self.register.entry, entry.id, field.title);
                let advice = format!("「{}」を行うときに書く欄です。", step.title);
                self.tell((entry.row, &field.title), (Severity::Warning, "register-required"), message, advice);
            }
        }
    }

    /// The table states something else than the log leads to.
    fn elsewhere(&mut self, entry: &Entry, state: &str, has_steps: bool) {
        let stated = self.title(&entry.state);
        let leading: Vec<&RegisterStep> = self.register.steps.iter().filter(|step| step.to == entry.state).collect();
        if !leading.is_empty() && leading.iter().all(|step| step.by != StepBy::Anyone) {
            let whose: BTreeSet<&str> = leading.iter().map(|step| approval(step.by)).collect();
            let whose = whose.into_iter().collect::<Vec<_>>().join("又は");
            let message =
                format!("{}「{}」は「{stated}」ですが、{whose}の記録がありません。", self.register.entry, entry.id);
            let names: Vec<&str> = leading.iter().map(|step| step.title.as_str()).collect();
            let advice = format!(
                "operations/log.csvに、「{}」の記録を、承認した人の名前とともに書いてください。",
                names.join("」「")
            );
            self.tell((entry.row, STATE), (Severity::Error, "register-approval"), message, advice);
        } else if has_steps {
            let message = format!("「{stated}」と書かれていますが、記録をたどると「{}」です。", self.title(state));
            let advice = "台帳の状態を直すか、抜けている手続の記録を加えてください。";
            self.tell((entry.row, STATE), (Severity::Error, "register-state"), message, advice);
        } else if !leading.is_empty() {
            let message = format!("{}「{}」が「{stated}」になった記録がありません。", self.register.entry, entry.id);
            let advice = "operations/log.csvに、いつ、誰が行ったかを書いてください。";
            self.tell((entry.row, STATE), (Severity::Warning, "register-no-step"), message, advice);
        }
    }
}

/// Whether one day or moment is before another; where one has no time, only the days count.
fn is_before(value: &Value, other: &Value) -> bool {
    match (value, other) {
        (Value::Time(time), Value::Time(other)) => time < other,
        _ => value.day().zip(other.day()).is_some_and(|(day, other)| day < other),
    }
}

fn approval(by: StepBy) -> &'static str {
    match by {
        StepBy::Anyone => "手続",
        StepBy::Approver => "承認",
        StepBy::Institution => "医療機関等の承認",
    }
}

/// Names with and without a space between their parts are the same.
fn same_name(a: &str, b: &str) -> bool {
    let plain = |name: &str| folded(name).chars().filter(|c| !c.is_whitespace()).collect::<String>();
    plain(a) == plain(b)
}
