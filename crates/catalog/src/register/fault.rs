//! What does not hold together in a declaration: ids that occur twice, and names of what is not there.

use std::collections::BTreeSet;

use super::{DutyPer, FieldKind, Register, RegisterDuty, RegisterField, RegisterStep, Required, Span};
use crate::{ControlId, library};

/// Columns that every table of a register has; no field may be called so.
pub const RESERVED_TITLES: [&str; 3] = ["番号", "状態", "保全"];

/// Names of files in `operations` that hold something else than a register.
pub const RESERVED_IDS: [&str; 2] = ["log", "periods"];

/// Something wrong with a declaration.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// JSON pointer inside the declaration.
    pub pointer: String,
    /// What was found and what would be right, in Japanese.
    pub message: String,
}

impl Register {
    /// Everything that does not hold together. `exists` tells which registers there are.
    pub fn faults(&self, exists: &dyn Fn(&str) -> bool) -> Vec<Fault> {
        let mut search = Search { register: self, exists, faults: Vec::new() };
        search.head();
        search.fields();
        search.states();
        search.steps();
        search.duties();
        search.print();
        search.faults
    }
}

struct Search<'a> {
    register: &'a Register,
    exists: &'a dyn Fn(&str) -> bool,
    faults: Vec<Fault>,
}

impl Search<'_> {
    fn add(&mut self, pointer: impl Into<String>, message: impl Into<String>) {
        self.faults.push(Fault { pointer: pointer.into(), message: message.into() });
    }

    fn head(&mut self) {
        let register = self.register;
        self.id("/id", &register.id);
        if RESERVED_IDS.contains(&register.id.as_str()) {
            self.add("/id", format!("「{}」は、ほかの記録のファイルの名前です。別のidにしてください。", register.id));
        }
        for (key, text) in [("title", &register.title), ("purpose", &register.purpose), ("entry", &register.entry)] {
            self.written(format!("/{key}"), text);
        }
        if let Some(retention) = &register.retention
            && !retention.agreed
            && retention.span().is_none()
        {
            self.add(
                "/retention",
                "保存の期間を、days、months、yearsのどれか一つで書くか、agreed: true としてください。",
            );
        }
        for (at, evidenced) in register.evidences.iter().enumerate() {
            self.control(format!("/evidences/{at}/control"), evidenced.control);
        }
    }

    fn id(&mut self, pointer: impl Into<String>, id: &str) {
        let fits = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-' || c == '_';
        if !id.starts_with(|c: char| c.is_ascii_lowercase()) || !id.chars().all(fits) {
            self.add(
                pointer,
                format!("「{id}」はidに使えません。英小文字で始め、英小文字、数字、「-」、「_」で書いてください。"),
            );
        }
    }

    fn written(&mut self, pointer: impl Into<String>, text: &str) {
        if text.trim().is_empty() {
            self.add(pointer, "空になっています。内容を書いてください。");
        }
    }

    fn control(&mut self, pointer: String, id: ControlId) {
        if !library().provider.controls.iter().any(|control| control.id == id) {
            self.add(pointer, format!("対策項目「{id}」は、別紙2にありません。番号を確かめてください。"));
        }
    }

    /// Ids and titles of one list: well formed, and each once.
    fn distinct(&mut self, list: &str, named: &[(&str, &str)]) {
        let (mut ids, mut titles) = (BTreeSet::new(), BTreeSet::new());
        for (at, (id, title)) in named.iter().enumerate() {
            self.id(format!("/{list}/{at}/id"), id);
            self.written(format!("/{list}/{at}/title"), title);
            if !ids.insert(*id) {
                self.add(format!("/{list}/{at}/id"), format!("id「{id}」が二度書かれています。別のidにしてください。"));
            }
            if !titles.insert(*title) {
                let message = format!("「{title}」という名前が二度使われています。区別できる名前にしてください。");
                self.add(format!("/{list}/{at}/title"), message);
            }
        }
    }

    fn field_at(&mut self, pointer: String, id: &str) -> Option<&RegisterField> {
        let register = self.register;
        if register.field(id).is_none() {
            let known: Vec<&str> = register.fields.iter().map(|field| field.id.as_str()).collect();
            self.add(pointer, format!("「{id}」という欄はありません。欄のidは、{}です。", known.join("、")));
        }
        register.field(id)
    }

    fn dated_at(&mut self, pointer: String, id: &str) {
        if self.field_at(pointer.clone(), id).is_some_and(|field| !field.kind.is_dated()) {
            self.add(pointer, format!("「{id}」は日付の欄ではありません。kindがdateかtimeの欄を書いてください。"));
        }
    }

    fn state_at(&mut self, pointer: String, id: &str) {
        if self.register.state(id).is_none() {
            let known: Vec<&str> = self.register.states.iter().map(|state| state.id.as_str()).collect();
            self.add(pointer, format!("「{id}」という状態はありません。状態のidは、{}です。", known.join("、")));
        }
    }

    fn fields(&mut self) {
        let fields = &self.register.fields;
        let named: Vec<_> = fields.iter().map(|field| (field.id.as_str(), field.title.as_str())).collect();
        self.distinct("fields", &named);
        if fields.is_empty() {
            self.add("/fields", "欄がありません。一つ以上書いてください。");
        }
        for (at, field) in fields.iter().enumerate() {
            self.field(&format!("/fields/{at}"), field);
        }
        for (at, id) in self.register.named_by.iter().enumerate() {
            self.field_at(format!("/named_by/{at}"), id);
        }
    }

    fn field(&mut self, at: &str, field: &RegisterField) {
        if RESERVED_TITLES.contains(&field.title.as_str()) {
            let message = format!("「{}」は、どの台帳にもある列の名前です。別の見出しにしてください。", field.title);
            self.add(format!("{at}/title"), message);
        }
        match (field.kind, field.options.is_empty()) {
            (FieldKind::Choice, true) => self.add(at, "選べるものがありません。optionsに書いてください。"),
            (FieldKind::Choice, false) | (_, true) => {}
            (_, false) => self.add(format!("{at}/options"), "optionsは、kindがchoiceの欄だけに書けます。"),
        }
        match (field.kind, &field.of) {
            (FieldKind::Entry, None) => self.add(at, "どの台帳の記録かが分かりません。ofに台帳のidを書いてください。"),
            (FieldKind::Entry, Some(of)) if of != &self.register.id && !(self.exists)(of) => {
                self.add(format!("{at}/of"), format!("「{of}」という台帳はありません。台帳のidを確かめてください。"));
            }
            (FieldKind::Entry, Some(_)) | (_, None) => {}
            (_, Some(_)) => self.add(format!("{at}/of"), "ofは、kindがentryの欄だけに書けます。"),
        }
        if let Required::In(states) = &field.required {
            for state in states {
                self.state_at(format!("{at}/required"), state);
            }
        }
        if let Some(other) = &field.not_before {
            self.dated_at(format!("{at}/not_before"), other);
            if !field.kind.is_dated() {
                self.add(format!("{at}/not_before"), "not_beforeは、日付と日時の欄だけに書けます。");
            }
        }
    }

    fn states(&mut self) {
        let states = &self.register.states;
        let named: Vec<_> = states.iter().map(|state| (state.id.as_str(), state.title.as_str())).collect();
        self.distinct("states", &named);
        match states.first() {
            None => self.add("/states", "状態がありません。一つ以上書いてください。"),
            Some(first) if first.closed => {
                self.add(
                    "/states/0",
                    "最初の状態が、終わった状態になっています。書き始めたときの状態を最初に書いてください。",
                );
            }
            Some(_) => {}
        }
        let reached = reached(self.register);
        for (at, state) in states.iter().enumerate().filter(|(_, state)| state.closed) {
            if !reached.contains(state.id.as_str()) {
                let message = format!("「{}」に進む手続がありません。stepsに書いてください。", state.title);
                self.add(format!("/states/{at}"), message);
            }
        }
    }

    fn steps(&mut self) {
        let register = self.register;
        let duties = register.duties.iter().map(|duty| (duty.id.as_str(), duty.title.as_str()));
        let steps = register.steps.iter().map(|step| (step.id.as_str(), step.title.as_str()));
        let (steps, duties): (Vec<_>, Vec<_>) = (steps.collect(), duties.collect());
        self.distinct("steps", &steps);
        self.distinct("duties", &duties);
        for (at, (id, title)) in duties.iter().enumerate() {
            if steps.iter().any(|(step, name)| step == id || name == title) {
                let message =
                    format!("「{title}」は、手続にも同じidか名前があります。記録で区別できる名前にしてください。");
                self.add(format!("/duties/{at}"), message);
            }
        }
        for (at, step) in register.steps.iter().enumerate() {
            self.step(&format!("/steps/{at}"), step);
        }
    }

    fn step(&mut self, at: &str, step: &RegisterStep) {
        for (from, state) in step.from.iter().enumerate() {
            self.state_at(format!("{at}/from/{from}"), state);
        }
        self.state_at(format!("{at}/to"), &step.to);
        for (field, id) in step.requires.iter().enumerate() {
            self.field_at(format!("{at}/requires/{field}"), id);
        }
        if let Some(other) = &step.other_than {
            self.field_at(format!("{at}/other_than"), other);
        }
        if let Some(guard) = step.guard
            && guard.register() != self.register.id
        {
            let message =
                format!("この決まりは、備え付けの台帳「{}」だけで使えます。消してください。", guard.register());
            self.add(format!("{at}/guard"), message);
        }
    }

    fn duties(&mut self) {
        for (at, duty) in self.register.duties.iter().enumerate() {
            self.duty(&format!("/duties/{at}"), duty);
        }
    }

    fn duty(&mut self, at: &str, duty: &RegisterDuty) {
        let is_periodic = duty.agreed || duty.every.is_some();
        if [is_periodic, duty.before.is_some(), duty.after.is_some()].iter().filter(|one| **one).count() != 1 {
            self.add(at, "いつ行うかを、every（又はagreed）、before、afterのどれか一つで書いてください。");
        }
        if matches!(duty.every, Some(Span::Hours(_))) {
            self.add(format!("{at}/every"), "周期は、days、weeks、months、yearsのどれかで書いてください。");
        }
        if duty.every.is_some_and(|every| every.count() == 0) {
            self.add(format!("{at}/every"), "周期は、1以上の数で書いてください。");
        }
        if let Some(from) = &duty.from {
            self.dated_at(format!("{at}/from"), from);
        }
        for (key, bound) in [("before", &duty.before), ("after", &duty.after)] {
            let Some(bound) = bound else { continue };
            self.dated_at(format!("{at}/{key}/field"), &bound.field);
            if duty.per == DutyPer::Register {
                self.add(format!("{at}/{key}"), format!("{key}は、perがentryの務めだけに書けます。"));
            }
        }
        for (state, id) in duty.states.iter().flatten().enumerate() {
            self.state_at(format!("{at}/while/{state}"), id);
        }
        // A role has a name that people read; what looks like an id is meant to be a field.
        let owner = duty.owner.as_ref().filter(|owner| owner.starts_with(|c: char| c.is_ascii_lowercase()));
        if let Some(owner) = owner {
            self.field_at(format!("{at}/owner"), owner);
        }
        for (control, id) in duty.evidences.iter().enumerate() {
            self.control(format!("{at}/evidences/{control}"), *id);
        }
    }

    fn print(&mut self) {
        let columns = &self.register.print.columns;
        if columns.is_empty() {
            self.add("/print/columns", "印刷する欄がありません。一つ以上書いてください。");
        }
        for (at, id) in columns.iter().enumerate() {
            self.field_at(format!("/print/columns/{at}"), id);
        }
    }
}

/// States that the steps lead to from the first one.
fn reached(register: &Register) -> BTreeSet<&str> {
    let mut reached: BTreeSet<&str> = register.states.first().map(|state| state.id.as_str()).into_iter().collect();
    loop {
        let before = reached.len();
        for step in &register.steps {
            if step.from.iter().any(|from| reached.contains(from.as_str())) {
                reached.insert(step.to.as_str());
            }
        }
        if reached.len() == before {
            return reached;
        }
    }
}
