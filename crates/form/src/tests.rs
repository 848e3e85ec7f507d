//! Forms over the real schemas and the worked example.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};
use shirube_catalog::explanations;
use shirube_folder::edit::{Step, way};
use shirube_safety::{File, ServiceFiles};

use super::*;

const SIGNER: Signer = Signer { by: "灯台 花子", on: "2026-11-22" };

fn sample(name: &str) -> ServiceFiles {
    macro_rules! of {
        ($name:literal: $($file:ident $stem:literal),+) => {
            vec![$((File::$file, &include_bytes!(concat!("../../../samples/", $name, "/", $stem, ".yaml"))[..])),+]
        };
    }
    let texts = if name == "blank" {
        of!("blank": Service "shirube", System "system", Assessment "assessment", Conformity "conformity")
    } else {
        of!("clinic-ehr": Service "shirube", System "system", Assessment "assessment", Conformity "conformity",
            Sla "sla", Disclosure "disclosure", Rules "rules", Checklists "checklists", Supply "supply")
    };
    let texts: BTreeMap<File, Vec<u8>> = texts.into_iter().map(|(file, text)| (file, text.to_vec())).collect();
    shirube_folder::read(&texts).unwrap().files
}

fn value(files: &ServiceFiles, file: File) -> Value {
    match file {
        File::Service => serde_json::to_value(&files.service),
        File::System => serde_json::to_value(&files.system),
        File::Assessment => serde_json::to_value(&files.assessment),
        File::Sla => serde_json::to_value(&files.sla),
        File::Disclosure => serde_json::to_value(&files.disclosure),
        File::Rules => serde_json::to_value(&files.rules),
        File::Checklists => serde_json::to_value(&files.checklists),
        File::Supply => serde_json::to_value(&files.supply),
        File::House => serde_json::to_value(&files.house),
        _ => serde_json::to_value(&files.conformity),
    }
    .unwrap()
}

fn known(files: &ServiceFiles) -> Known {
    let mut known = Known::new(files);
    known.impact = (1..=5).map(|n| Choice::new(n.to_string(), format!("{n} 段"))).collect();
    known.likelihood = known.impact.clone();
    known
}

/// Every record of the files, with a way to its type.
fn records(files: &ServiceFiles) -> Vec<(File, Vec<Step>, Value)> {
    let mut all = Vec::new();
    for file in File::ALL {
        let content = value(files, file);
        for (key, inner) in content.as_object().unwrap() {
            let way = vec![Step::Key(key.clone())];
            match inner {
                Value::Array(list) if list.iter().all(Value::is_object) => {
                    all.extend(list.iter().map(|record| (file, way.clone(), record.clone())));
                }
                Value::Object(_) => all.push((file, way, inner.clone())),
                _ => {}
            }
        }
    }
    all
}

/// What a browser sends back of a form in which nobody touched anything.
fn untouched(form: &Form) -> Vec<(String, String)> {
    fn of(field: &Field, sent: &mut Vec<(String, String)>) {
        let mut put = |value: &str| sent.push((field.name.clone(), value.replace('\n', "\r\n")));
        match &field.kind {
            Kind::Choices { .. } => {
                put("");
                field.content.iter().for_each(|value| put(value));
            }
            Kind::Group { .. } | Kind::Row { .. } | Kind::List { .. } | Kind::Kept | Kind::Stamp(_) => {}
            Kind::Release(_) => {}
            Kind::Signed { ticked, .. } => {
                put(field.text());
                let name = field.name.trim_end_matches("/reason");
                sent.push((format!("{name}/~asked"), "1".to_owned()));
                if *ticked {
                    sent.push((format!("{name}/~decide"), "on".to_owned()));
                }
            }
            // Browsers take the line ends out of a field of one line.
            Kind::Text { .. } => put(&field.text().replace('\n', " ")),
            _ => put(field.text()),
        }
        field.children().for_each(|field| of(field, sent));
    }
    let mut sent = Vec::new();
    form.groups.iter().flat_map(|group| &group.fields).for_each(|field| of(field, &mut sent));
    sent
}

fn sent(pairs: &[(String, String)]) -> Sent {
    Sent::new(pairs.iter().map(|(name, value)| (name.as_str(), value.as_str())))
}

#[test]
fn a_form_that_nobody_touched_gives_the_record_back() {
    for name in ["clinic-ehr", "blank"] {
        let files = sample(name);
        let known = known(&files);
        let mut seen = 0;
        for (file, way, record) in records(&files) {
            let form = Form::new(file, &way, Some(&record), &known).unwrap();
            let read = form.with(&sent(&untouched(&form))).value(&SIGNER).unwrap_or_else(|faults| {
                panic!("{file:?} {way:?}: {faults:?}\n{record:#}");
            });
            let expected = without_others(file, &way, &record);
            assert!(same(&expected, &read), "{file:?} {way:?}\n{expected:#}\n{read:#}");
            seen += 1;
        }
        assert!(seen > if name == "blank" { 3 } else { 600 }, "{seen}");
    }
}

/// A decision is edited for one risk; which risks share it is not part of the form.
fn without_others(file: File, way: &[Step], record: &Value) -> Value {
    let mut record = record.clone();
    if file == File::Assessment && way == [Step::Key("decisions".to_owned())] {
        let fields = record.as_object_mut().unwrap();
        fields.remove("risks");
        fields.remove("each");
    }
    record
}

#[test]
fn every_field_of_every_type_has_a_label_in_japanese_and_a_place() {
    let files = sample("blank");
    let known = known(&files);
    let mut labels = 0;
    for file in File::ALL {
        let lists = schema(file)["properties"].as_object().unwrap();
        for key in lists.keys() {
            let Some(form) = Form::new(file, &[Step::Key(key.clone())], None, &known) else { continue };
            assert!(!form.title.is_ascii(), "{key}: {}", form.title);
            for field in form.all_fields() {
                let plain = field.label.is_ascii() && field.label != "id" && field.label != "TLS";
                assert!(
                    !plain && !field.label.starts_with("例:") && !field.label.starts_with('省'),
                    "{key}/{}: {}",
                    field.name,
                    field.label
                );
                assert!(!field.hint.contains("のid）"), "{key}/{}: {}", field.name, field.hint);
                labels += 1;
            }
        }
    }
    assert!(labels > 300, "{labels}");
}

#[test]
fn references_are_told_from_the_descriptions() {
    let of = |file: File, text: &str| {
        let way = way(text).unwrap();
        let spot = Spot::of(schema(file), &way).unwrap();
        spot.references().map(|(lists, _)| lists).unwrap_or_default()
    };
    for (file, text, lists) in [
        (File::System, "nodes/=x/site", vec!["sites"]),
        (File::System, "links/=x/between", vec!["nodes", "sites"]),
        (File::System, "documents/=x/elements", vec!["sites", "nodes", "links"]),
        (File::System, "flows/=x/element", vec!["nodes", "links"]),
        (File::System, "handlings/=x/nodes", vec!["nodes"]),
        (File::System, "rejected_flows/=x/flow", vec!["flows"]),
        (File::System, "nodes/=x/id", vec![]),
        (File::System, "nodes/=x/name", vec![]),
        (File::Service, "provider", vec!["parties"]),
        (File::Assessment, "treatments/=x/risks", vec!["risks"]),
        (File::Assessment, "treatments/=x/avoidance/flow", vec!["flows"]),
        (File::Assessment, "treatments/=x/avoidance/replacement", vec![]),
        (File::Assessment, "treatments/=x/measures/=x/controls", vec!["controls"]),
        (File::Assessment, "not_applicable/=x/threat", vec!["threats"]),
        (File::Conformity, "answers/=x/risks", vec!["risks"]),
        (File::Conformity, "statutory/=x/explained_to", vec!["parties"]),
    ] {
        assert_eq!(of(file, text), lists, "{text}");
    }
}

/// Reads a form after some fields were changed.
fn changed(form: &Form, changes: &[(&str, &str)]) -> Result<Value, Vec<Fault>> {
    let mut pairs = untouched(form);
    for (name, value) in changes {
        pairs.retain(|(known, _)| known != name);
        pairs.push(((*name).to_owned(), (*value).to_owned()));
    }
    form.with(&sent(&pairs)).value(&SIGNER)
}

fn record_of(files: &ServiceFiles, file: File, list: &str, at: usize) -> (Vec<Step>, Value) {
    (vec![Step::Key(list.to_owned())], value(files, file)[list][at].clone())
}

#[test]
fn who_decided_is_whoever_saved_a_change() {
    let files = sample("clinic-ehr");
    let known = known(&files);
    let (way, record) = record_of(&files, File::Assessment, "treatments", 0);
    let form = Form::new(File::Assessment, &way, Some(&record), &known).unwrap();
    assert_eq!(changed(&form, &[]).unwrap()["decided"], record["decided"]);
    let anew = changed(&form, &[("measures/~0/text", "手順を改める。")]).unwrap();
    assert_eq!(anew["measures"][0]["text"], "手順を改める。");
    assert_eq!(anew["decided"]["by"], SIGNER.by);
    assert_eq!(anew["decided"]["on"], SIGNER.on);
    assert_eq!(anew["decided"]["reason"], record["decided"]["reason"]);
    let typed = changed(&form, &[("decided/by", "ほかの人"), ("decided/reason", "別の理由")]).unwrap();
    assert_eq!(typed["decided"], json!({ "by": SIGNER.by, "on": SIGNER.on, "reason": "別の理由" }));
    let faults = changed(&form, &[("decided/reason", " ")]).unwrap_err();
    assert_eq!(faults[0].field, "decided/reason");
}

#[test]
fn an_answer_without_the_tick_is_not_decided() {
    let files = sample("clinic-ehr");
    let known = known(&files);
    let answers = value(&files, File::Conformity)["answers"].clone();
    let decided = answers.as_array().unwrap().iter().find(|answer| answer["decided"].is_object()).unwrap();
    let way = [Step::Key("answers".to_owned())];
    let form = Form::new(File::Conformity, &way, Some(decided), &known).unwrap();
    let mut pairs = untouched(&form);
    pairs.retain(|(name, _)| name != "decided/~decide");
    assert!(form.with(&sent(&pairs)).value(&SIGNER).unwrap().get("decided").is_none());
}

#[test]
fn records_are_added_removed_and_left_blank() {
    let files = sample("clinic-ehr");
    let known = known(&files);
    let (way, record) = record_of(&files, File::Assessment, "treatments", 0);
    let form = Form::new(File::Assessment, &way, Some(&record), &known).unwrap();
    let count = record["measures"].as_array().unwrap().len();
    let fresh = format!("measures/~{count}/");
    let added = changed(&form, &[(&format!("{fresh}viewpoint"), "technical"), (&format!("{fresh}text"), "記録する。")])
        .unwrap();
    assert_eq!(added["measures"].as_array().unwrap().len(), count + 1);
    assert_eq!(added["measures"][count]["text"], "記録する。");
    let removed = changed(&form, &[("measures/~0/~remove", "on")]).unwrap();
    assert_eq!(removed["measures"].as_array().unwrap().len(), count - 1);
    assert_eq!(removed["measures"][0], strip(&record["measures"][1]));
    let half = changed(&form, &[(&format!("{fresh}text"), "観点がない。")]).unwrap_err();
    assert_eq!(
        half,
        [Fault {
            field: format!("{fresh}viewpoint"), message: "「対策の観点」を選んでください。".to_owned()
        }]
    );
}

fn strip(value: &Value) -> Value {
    let fields = value.as_object().unwrap().iter().filter(|(_, value)| !value.is_null());
    Value::Object(fields.map(|(key, value)| (key.clone(), value.clone())).collect())
}

#[test]
fn mistakes_stand_under_their_fields() {
    let files = sample("clinic-ehr");
    let known = known(&files);
    let node = [Step::Key("nodes".to_owned())];
    let form = Form::new(File::System, &node, None, &known).unwrap().taken(vec!["端末".to_owned()]);
    let faults = changed(&form, &[("id", "端末"), ("log_retention_years", "五年"), ("site", "どこか")]).unwrap_err();
    let fields: Vec<&str> = faults.iter().map(|fault| fault.field.as_str()).collect();
    assert_eq!(fields, ["name", "kind", "site", "environment", "log_retention_years", "id"]);
    assert_eq!(faults[4].message, "「五年」は数として読めません。0以上の整数を入力してください。");
    let class = [Step::Key("information_classes".to_owned())];
    let form = Form::new(File::System, &class, None, &known).unwrap();
    let faults =
        changed(&form, &[("name", "写し"), ("importance", "9"), ("institution/asked_on", "来年")]).unwrap_err();
    assert_eq!(
        faults[1].message,
        "「来年」は日付として読めません。「2026-04-01」「令和8年4月1日」のように入力してください。"
    );
    let digit = |c: char| char::from_u32(u32::from(c) + 0xfee0).unwrap();
    let wide: String = "2026年4月1日".chars().map(|c| if c.is_ascii_digit() { digit(c) } else { c }).collect();
    let right = changed(&form, &[("name", "写し 控え"), ("importance", "3"), ("institution/asked_on", &wide)]).unwrap();
    assert_eq!(
        right,
        json!({
            "name": "写し 控え", "importance": 3, "id": "写し控え", "institution": { "asked_on": "2026-04-01" }
        })
    );
}

#[test]
fn a_mistake_of_the_file_finds_its_field() {
    let files = sample("clinic-ehr");
    let known = known(&files);
    let (way, record) = record_of(&files, File::Assessment, "treatments", 0);
    let form = Form::new(File::Assessment, &way, Some(&record), &known).unwrap();
    let second = &record["measures"][1];
    let identity = vec![second["viewpoint"].as_str().unwrap().to_owned(), second["text"].as_str().unwrap().to_owned()];
    let below = [Step::Key("measures".to_owned()), Step::Item(identity.into()), Step::Key("due".to_owned())];
    assert_eq!(form.field_at(&shirube_folder::edit::way_text(&below)), "measures/~1/due");
    assert_eq!(form.field_at("residual/impact"), "residual/impact");
    assert_eq!(form.field_at(""), "");
}

#[test]
fn what_is_not_known_stays_until_somebody_changes_it() {
    let files = sample("clinic-ehr");
    let known = known(&files);
    let (way, mut record) = record_of(&files, File::System, "nodes", 0);
    record["site"] = json!("なくなった拠点");
    let form = Form::new(File::System, &way, Some(&record), &known).unwrap();
    assert_eq!(changed(&form, &[]).unwrap()["site"], "なくなった拠点");
    assert_eq!(changed(&form, &[("name", "改めた名")]).unwrap()["site"], "なくなった拠点");
}

#[test]
fn others_changes_are_taken_over_where_nothing_was_typed() {
    let files = sample("clinic-ehr");
    let known = known(&files);
    let (way, record) = record_of(&files, File::System, "nodes", 0);
    let mut theirs = record.clone();
    (theirs["note"], theirs["name"]) = (json!("ほかの人の備考"), json!("ほかの人の名"));
    let opened = Form::new(File::System, &way, Some(&record), &known).unwrap();
    let mut pairs = untouched(&opened);
    pairs.retain(|(name, _)| name != "name");
    pairs.push(("name".to_owned(), "自分の名".to_owned()));
    let now = Form::new(File::System, &way, Some(&theirs), &known).unwrap();
    let merged = opened.with(&sent(&pairs)).onto(&now).value(&SIGNER).unwrap();
    assert_eq!((&merged["name"], &merged["note"]), (&json!("自分の名"), &json!("ほかの人の備考")));
}

#[test]
fn pasted_rows_say_what_they_would_do() {
    let files = sample("clinic-ehr");
    let known = known(&files);
    let before = value(&files, File::System)["nodes"].as_array().unwrap().clone();
    let name = |at: usize| before[at]["name"].as_str().unwrap();
    let twice = (1..before.len()).find(|at| (0..*at).any(|other| name(other) == name(*at))).unwrap();
    let alone =
        (0..before.len()).find(|at| (0..before.len()).all(|other| other == *at || name(other) != name(*at))).unwrap();
    let text = format!(
        "名称\t種類\t環境\t冗長化\n新しい端末\t端末\t本番\t\n{}\t\t\t二重化\n困った行\t茶筒\t本番\t\n",
        name(alone)
    );
    let pasted = paste(File::System, "nodes", &text, &before, &known);
    assert_eq!(
        pasted.rows.iter().map(|row| row.effect).collect::<Vec<_>>(),
        [Effect::Added, Effect::Changed, Effect::Added]
    );
    assert_eq!(
        pasted.records[before.len()],
        json!({ "id": "新しい端末", "name": "新しい端末", "kind": "terminal", "environment": "production" })
    );
    assert_eq!(pasted.records[alone]["redundancy"], "redundant");
    let mistakes = pasted.mistakes();
    assert_eq!(mistakes.len(), 1, "{mistakes:?}");
    assert!(mistakes[0].starts_with("4行目「種類」: 「茶筒」は使えません。使えるのは「端末」"), "{mistakes:?}");
    let unclear = paste(File::System, "nodes", &format!("名称\t備考\n{}\t控え", name(twice)), &before, &known);
    assert!(unclear.mistakes()[0].contains("件あります。idの列を加えて"), "{:?}", unclear.mistakes());
    let wrong = paste(File::System, "nodes", "名前\n端末", &before, &known);
    assert!(wrong.faults[0].starts_with("見出し「名前」は使えません。使えるのは「id」「名称」"), "{:?}", wrong.faults);
}

#[test]
fn a_list_copied_out_of_its_own_table_changes_nothing() {
    let files = sample("clinic-ehr");
    let known = known(&files);
    for list in ["nodes", "links", "actors", "information", "handlings"] {
        let before = value(&files, File::System)[list].as_array().unwrap().clone();
        let spot = record_spot(File::System, &[Step::Key(list.to_owned())]).unwrap();
        let fields: Vec<Spot> = spot.fields().into_iter().filter(|field| super::paste::is_plain(*field)).collect();
        let heading: Vec<String> = fields.iter().map(|field| field.label()).collect();
        let cell = |record: &Value, field: &Spot| {
            format!("\"{}\"", words(*field, &record[field.key], &known).replace('"', "\"\""))
        };
        let rows =
            before.iter().map(|record| fields.iter().map(|field| cell(record, field)).collect::<Vec<_>>().join("\t"));
        let text = std::iter::once(heading.join("\t")).chain(rows).collect::<Vec<_>>().join("\r\n");
        let pasted = paste(File::System, list, &text, &before, &known);
        assert_eq!(pasted.mistakes(), [""; 0], "{list}");
        assert_eq!(pasted.count(Effect::Same), before.len(), "{list}");
    }
}

/// Every field of the files that people write has its explanation, and no explanation is for a field that is none.
#[test]
fn every_field_is_explained() {
    let mut met = BTreeSet::from([("Decision".to_owned(), "own".to_owned())]);
    for file in File::ALL {
        let schema = schema(file);
        let types = schema["$defs"].as_object().into_iter().flatten().map(|(name, of)| (name.as_str(), of));
        for (name, of) in types.chain([(Spot::file(schema).type_name, schema)]) {
            for key in of["properties"].as_object().into_iter().flatten().map(|(key, _)| key) {
                let explanation = explanations().field(name, key);
                let explanation = explanation.unwrap_or_else(|| panic!("{name}.{key} is not explained"));
                assert!(!explanation.what.is_empty() && !explanation.why.is_empty(), "{name}.{key}");
                met.insert((name.to_owned(), key.clone()));
            }
        }
    }
    assert!(met.len() > 400, "{}", met.len());
    let known = |name: &String| {
        let (owner, key) = name.split_once('.').expect("type and field");
        met.iter().any(|(type_name, field)| field == key && (owner == "*" || owner == type_name))
    };
    let of_no_field: Vec<_> =
        explanations().all.iter().flat_map(|one| &one.fields).filter(|name| !known(name)).collect();
    assert!(of_no_field.is_empty(), "{of_no_field:?}");
}

/// Every control says what is asked, why, and what good evidence is.
#[test]
fn every_control_is_explained() {
    for control in &shirube_catalog::library().provider.controls {
        let group = explanations().group(&control.middle).unwrap_or_else(|| panic!("{}", control.middle));
        assert!(!control.text.is_empty() && !group.why.is_empty(), "{}", control.id);
        assert!(!control.evidence.is_empty() || !group.evidence.is_empty(), "{}", control.id);
    }
}

/// A field of one line gives a text back without its line breaks: nobody changed it.
#[test]
fn a_text_of_several_lines_is_not_changed_by_a_field_of_one() {
    let files = sample("clinic-ehr");
    let known = known(&files);
    let columns = grid_columns(File::Checklists, "replies", &["content"], &known);
    let before = [json!({ "sheet": "表", "item": "1", "content": "一行目\n二行目" })];
    let row = |text: &str| [GridRow { at: Some(0), cells: vec![text.to_owned()], removed: false }];
    let same = lay(File::Checklists, "replies", &columns, &row("一行目二行目"), &before, &known);
    assert_eq!(same.records, before);
    let changed = lay(File::Checklists, "replies", &columns, &row("一行目"), &before, &known);
    assert_eq!(changed.records[0]["content"], "一行目");
}
