//! Declarations of an organisation, laid over those that come with the program. They add; they take nothing away.

use std::collections::{BTreeMap, BTreeSet};

use shirube_catalog::{Fault, FieldKind, Register, Span, registers};

use super::file::{PeriodsFile, RegisterFile};

/// Faults of declarations by the stems of their files.
type Faults = BTreeMap<String, Vec<Fault>>;

/// The embedded registers with declarations of one's own, which are given by the stems of their files.
pub fn laid(own: &BTreeMap<String, RegisterFile>) -> Result<Vec<Register>, Faults> {
    let mut all = registers().to_vec();
    let mut faults = Faults::new();
    let mut add = |stem: &str, found: Vec<Fault>| {
        if !found.is_empty() {
            faults.entry(stem.to_owned()).or_default().extend(found);
        }
    };
    // Sizes before anything was added: places in an extension count from there.
    let mut added: Vec<(&str, usize, Sizes)> = Vec::new();
    let (new, extending): (Vec<_>, Vec<_>) = own.iter().partition(|(_, file)| file.extends.is_none());
    for (stem, file) in new {
        match declared(stem, file, &all) {
            Ok(register) => {
                added.push((stem, all.len(), Sizes::default()));
                all.push(register);
            }
            Err(found) => add(stem, found),
        }
    }
    for (stem, file) in extending {
        let base = file.extends.as_deref().unwrap_or_default();
        match all.iter().position(|register| register.id == base) {
            Some(at) => {
                added.push((stem, at, Sizes::of(&all[at])));
                add(stem, extend(&mut all[at], file));
            }
            None => {
                let known: Vec<&str> = all.iter().map(|register| register.id.as_str()).collect();
                let message = format!("「{base}」という台帳はありません。台帳のidは、{}です。", known.join("、"));
                add(stem, vec![fault("/extends", message)]);
            }
        }
    }
    let ids: BTreeSet<String> = all.iter().map(|register| register.id.clone()).collect();
    for (stem, at, sizes) in added {
        let found = all[at].faults(&|id| ids.contains(id));
        add(stem, found.into_iter().filter_map(|fault| sizes.inside(fault)).collect());
    }
    if faults.is_empty() { Ok(all) } else { Err(faults) }
}

fn fault(pointer: impl Into<String>, message: impl Into<String>) -> Fault {
    Fault { pointer: pointer.into(), message: message.into() }
}

/// How much a register held before an extension.
#[derive(Default)]
struct Sizes(BTreeMap<&'static str, usize>);

impl Sizes {
    fn of(register: &Register) -> Self {
        Self(BTreeMap::from([
            ("fields", register.fields.len()),
            ("duties", register.duties.len()),
            ("evidences", register.evidences.len()),
            ("print/columns", register.print.columns.len()),
        ]))
    }

    /// A fault as it stands in the file; none if it is not the file's own.
    fn inside(&self, found: Fault) -> Option<Fault> {
        if self.0.is_empty() {
            return Some(found);
        }
        self.0.iter().find_map(|(list, before)| {
            let rest = found.pointer.strip_prefix(&format!("/{list}/"))?;
            let (number, rest) =
                rest.split_once('/').map_or((rest, String::new()), |(n, rest)| (n, format!("/{rest}")));
            let at = number.parse::<usize>().ok()?.checked_sub(*before)?;
            Some(fault(format!("/{list}/{at}{rest}"), found.message.clone()))
        })
    }
}

/// A whole declaration, or what is missing in it.
fn declared(stem: &str, file: &RegisterFile, all: &[Register]) -> Result<Register, Vec<Fault>> {
    let mut faults = Vec::new();
    let mut need = |key: &str, is_missing: bool, what: &str| {
        if is_missing {
            faults.push(fault("", format!("「{key}」（{what}）がありません。書き加えてください。")));
        }
    };
    need("id", file.id.is_none(), "台帳のid");
    need("title", file.title.is_none(), "台帳の名前");
    need("group", file.group.is_none(), "分野");
    need("purpose", file.purpose.is_none(), "何のために書くか");
    need("entry", file.entry.is_none(), "一行を何と呼ぶか");
    need("print", file.print.is_none(), "印刷する欄");
    if !file.options.is_empty() {
        faults.push(fault("/options", "optionsは、extendsで元の台帳に追加するときだけ書けます。"));
    }
    if let Some(id) = &file.id {
        if id != stem {
            faults.push(fault("/id", format!("「{id}」は、ファイルの名前と違います。「{stem}」にしてください。")));
        }
        if all.iter().any(|register| register.id == *id) {
            let message =
                format!("「{id}」という台帳は、すでにあります。広げるときは、extends: {id} と書いてください。");
            faults.push(fault("/id", message));
        }
    }
    let file = file.clone();
    match (file.id, file.title, file.group, file.purpose, file.entry, file.print) {
        (Some(id), Some(title), Some(group), Some(purpose), Some(entry), Some(print)) if faults.is_empty() => {
            Ok(Register {
                id,
                title,
                group,
                purpose,
                sources: file.sources,
                entry,
                evidences: file.evidences,
                named_by: Vec::new(),
                fields: file.fields,
                states: file.states,
                steps: file.steps,
                duties: file.duties,
                retention: file.retention,
                print,
            })
        }
        _ => Err(faults),
    }
}

/// Adds to a register what an extension says, and tells what it may not say.
fn extend(register: &mut Register, file: &RegisterFile) -> Vec<Fault> {
    let mut faults = Vec::new();
    for (key, is_said) in [
        ("id", file.id.is_some()),
        ("title", file.title.is_some()),
        ("group", file.group.is_some()),
        ("purpose", file.purpose.is_some()),
        ("entry", file.entry.is_some()),
        ("states", !file.states.is_empty()),
        ("steps", !file.steps.is_empty()),
        ("retention", file.retention.is_some()),
    ] {
        if is_said {
            let message = format!(
                "追加では、「{key}」を書けません。加えられるのは、sources、evidences、fields、options、duties、printです。"
            );
            faults.push(fault(format!("/{key}"), message));
        }
    }
    for (id, options) in &file.options {
        match register.fields.iter_mut().find(|field| field.id == *id && field.kind == FieldKind::Choice) {
            Some(field) => {
                let new = options.iter().filter(|option| !field.options.contains(option)).cloned().collect::<Vec<_>>();
                field.options.extend(new);
            }
            None => {
                let message = format!("「{id}」という選択の欄は、元の台帳にありません。欄のidを確かめてください。");
                faults.push(fault(format!("/options/{id}"), message));
            }
        }
    }
    register.sources.extend(file.sources.iter().cloned());
    register.evidences.extend(file.evidences.iter().cloned());
    register.fields.extend(file.fields.iter().cloned());
    register.duties.extend(file.duties.iter().cloned());
    register.print.columns.extend(file.print.iter().flat_map(|print| print.columns.iter().cloned()));
    faults
}

/// What does not fit in the agreed periods.
pub fn check_periods(file: &PeriodsFile, registers: &[Register]) -> Vec<Fault> {
    let mut faults = Vec::new();
    let find = |id: &str| registers.iter().find(|register| register.id == id);
    let no_register = |id: &str| format!("「{id}」という台帳はありません。台帳のidを確かめてください。");
    for (at, agreed) in file.duties.iter().enumerate() {
        let here = format!("/duties/{at}");
        let Some(register) = find(&agreed.register) else {
            faults.push(fault(format!("{here}/register"), no_register(&agreed.register)));
            continue;
        };
        let Some(duty) = register.duty(&agreed.duty) else {
            let known: Vec<&str> = register.duties.iter().map(|duty| duty.id.as_str()).collect();
            let known = if known.is_empty() {
                "この台帳に務めはありません".to_owned()
            } else {
                format!("務めのidは、{}です", known.join("、"))
            };
            faults.push(fault(format!("{here}/duty"), format!("「{}」という務めはありません。{known}。", agreed.duty)));
            continue;
        };
        if agreed.every.is_some() && !duty.agreed {
            let message = "この務めの時期は、台帳の宣言で決まっています。everyを消してください。";
            faults.push(fault(format!("{here}/every"), message));
        }
        if matches!(agreed.every, Some(Span::Hours(_))) {
            faults.push(fault(format!("{here}/every"), "周期は、days、weeks、months、yearsのどれかで書いてください。"));
        }
        if file.duties[..at].iter().any(|other| other.register == agreed.register && other.duty == agreed.duty) {
            faults.push(fault(here, "同じ務めの周期が二度書かれています。一つにしてください。"));
        }
    }
    for (at, agreed) in file.retention.iter().enumerate() {
        let here = format!("/retention/{at}");
        match find(&agreed.register) {
            None => faults.push(fault(format!("{here}/register"), no_register(&agreed.register))),
            Some(register) if register.retention.as_ref().is_none_or(|retention| !retention.agreed) => {
                let message = "この台帳の保存の期間は、双方で決めるものではありません。この項目を消してください。";
                faults.push(fault(here, message));
            }
            Some(_) if file.retention[..at].iter().any(|other| other.register == agreed.register) => {
                faults.push(fault(here, "同じ台帳の期間が二度書かれています。一つにしてください。"));
            }
            Some(_) => {}
        }
    }
    faults
}
