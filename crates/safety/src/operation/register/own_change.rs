//! What a new declaration changes in a register, and what it may not take away once the register is used.

use shirube_catalog::{Register, RegisterField};

/// What becomes of a register, in sentences; empty if it stays as it is.
pub fn told(before: Option<&Register>, after: Option<&Register>) -> Vec<String> {
    match (before, after) {
        (None, Some(new)) => vec![format!(
            "台帳「{}」を加えます（欄{}、状態{}、手続{}、期日のある務め{}）。",
            new.title,
            new.fields.len(),
            new.states.len(),
            new.steps.len(),
            new.duties.len()
        )],
        (Some(old), None) => vec![format!("台帳「{}」を取りやめます。", old.title)],
        (Some(old), Some(new)) if old != new => changed(old, new),
        _ => Vec::new(),
    }
}

/// Parts of a register by what people call them, each with its id, its title and everything it says.
type Part = (&'static str, String, String, String);

fn parts(register: &Register) -> Vec<Part> {
    let said = |kind: &'static str, id: &str, title: &str, all: String| (kind, id.to_owned(), title.to_owned(), all);
    let mut parts = Vec::new();
    parts.extend(register.fields.iter().map(|one| said("欄", &one.id, &one.title, format!("{one:?}"))));
    parts.extend(register.states.iter().map(|one| said("状態", &one.id, &one.title, format!("{one:?}"))));
    parts.extend(register.steps.iter().map(|one| said("手続", &one.id, &one.title, format!("{one:?}"))));
    parts.extend(register.duties.iter().map(|one| said("務め", &one.id, &one.title, format!("{one:?}"))));
    let controls = register.evidences.iter();
    parts.extend(controls.map(|one| {
        let control = one.control.to_string();
        said("裏付ける対策項目", &control, &control, format!("{one:?}"))
    }));
    parts
}

fn changed(old: &Register, new: &Register) -> Vec<String> {
    let (before, after) = (parts(old), parts(new));
    let same = |one: &Part, other: &Part| one.0 == other.0 && one.1 == other.1;
    let mut told = Vec::new();
    for part in &after {
        match before.iter().find(|other| same(part, other)) {
            None => told.push(format!("「{}」に、{}「{}」を加えます。", new.title, part.0, part.2)),
            Some(other) if other.3 != part.3 => {
                told.push(format!("「{}」の{}「{}」を書き直します。", new.title, part.0, part.2));
            }
            Some(_) => {}
        }
    }
    let gone = before.iter().filter(|part| !after.iter().any(|other| same(part, other)));
    told.extend(gone.map(|part| format!("「{}」から、{}「{}」を除きます。", new.title, part.0, part.2)));
    if told.is_empty() {
        told.push(format!("「{}」の説明、根拠、保存の期間、又は印刷する欄を書き直します。", new.title));
    }
    told
}

/// What a register that is used would lose: what was written in it would no longer be shown, or no longer make sense.
pub fn lost(before: &Register, after: Option<&Register>) -> Vec<String> {
    let Some(after) = after else {
        return vec![format!("「{}」には記録があるので、取りやめられません。", before.title)];
    };
    let mut lost = Vec::new();
    let mut gone = |kind: &str, title: &str, id: &str| {
        lost.push(format!(
            "「{}」には記録があるので、{kind}「{title}」（{id}）を除けません。元のidのまま残してください。",
            before.title
        ));
    };
    for state in before.states.iter().filter(|state| after.state(&state.id).is_none()) {
        gone("状態", &state.title, &state.id);
    }
    for step in before.steps.iter().filter(|step| after.step(&step.id).is_none()) {
        gone("手続", &step.title, &step.id);
    }
    for duty in before.duties.iter().filter(|duty| after.duty(&duty.id).is_none()) {
        gone("務め", &duty.title, &duty.id);
    }
    for field in before.fields.iter().filter(|field| after.field(&field.id).is_none()) {
        gone("欄", &field.title, &field.id);
    }
    if before.key().map(|field| &field.id) != after.key().map(|field| &field.id) || before.named_by != after.named_by {
        lost.push(format!("「{}」には記録があるので、記録を見分ける番号の欄は変えられません。", before.title));
    }
    let stays = before.fields.iter().filter_map(|field| Some((field, after.field(&field.id)?)));
    lost.extend(stays.filter_map(|(old, new)| narrowed(&before.title, old, new)));
    lost
}

/// Why a field no longer takes what stands in it.
fn narrowed(register: &str, old: &RegisterField, new: &RegisterField) -> Option<String> {
    let title = &old.title;
    if old.kind != new.kind || old.of != new.of {
        let found = old.kind.term();
        return Some(format!(
            "「{register}」には記録があるので、欄「{title}」の種類（{found}）は変えられません。新しいidで欄を加えてください。"
        ));
    }
    if old.many && !new.many {
        return Some(format!(
            "「{register}」の欄「{title}」には、いくつも書かれている記録があり得ます。many: true のまま残してください。"
        ));
    }
    let gone: Vec<&str> =
        old.options.iter().filter(|option| !new.options.contains(option)).map(String::as_str).collect();
    (!gone.is_empty()).then(|| {
        format!("「{register}」には記録があるので、欄「{title}」の選択肢「{}」は除けません。", gone.join("」「"))
    })
}
