//! `shirube catalog`: what the embedded guidelines say, with certainty.

use std::process::ExitCode;

use serde_json::{Value, json};
use shirube_catalog::{Agreement, Control, Edition, Hit, Library, Requirement, Scenario, Threat, library};

use crate::args::{CatalogArgs, CatalogCommand, ListFormat};
use crate::exit::{self, Failure};
use crate::table;

pub fn run(args: &CatalogArgs) -> Result<ExitCode, Failure> {
    let library = library();
    match &args.command {
        CatalogCommand::List { format } => exit::print(&list(library, *format))?,
        CatalogCommand::Show { id, format } => exit::print(&show(library, id, *format)?)?,
        CatalogCommand::Search { words, format } => {
            let hits = library.search(words);
            if hits.is_empty() {
                eprintln!(
                    "「{}」をすべて含む項目はありません。言葉を減らすか、言い換えてください。",
                    words.join("」「")
                );
                return Ok(ExitCode::from(exit::FINDINGS));
            }
            exit::print(&search(&hits, *format))?;
        }
    }
    Ok(ExitCode::SUCCESS)
}

fn list(library: &Library, format: ListFormat) -> String {
    let heading = ["番号", "区分", "実施する者", "大項目", "小項目", "求められること（要旨）"];
    let rows = || -> Vec<Vec<String>> { library.provider.controls.iter().map(control_row).collect() };
    match format {
        ListFormat::Json => exit::json(&json!({
            "editions": library.editions(),
            "controls": library.provider.controls,
            "requirements": library.institution.requirements,
            "scenarios": library.provider.scenarios,
            "threats": library.provider.threats,
        })),
        ListFormat::Csv => table::csv(&heading, &rows()),
        ListFormat::Table => {
            let editions = library.editions().map(edition_line).join("");
            format!("{editions}\n{}", table::table(&heading, &rows()))
        }
    }
}

fn edition_line(edition: &Edition) -> String {
    let note = edition.note.as_ref().map(|note| format!("  {note}\n")).unwrap_or_default();
    format!(
        "{} {}（{}、{}、{}）\n{note}",
        edition.id,
        edition.title,
        edition.edition,
        edition.status.term(),
        edition.certainty.term()
    )
}

fn control_row(control: &Control) -> Vec<String> {
    vec![
        control.id.to_string(),
        control.kubun.mark().to_owned(),
        control.actor.term().to_owned(),
        format!("{} {}", control.middle, control.middle_title),
        control.minor_title.clone(),
        control.text.clone(),
    ]
}

/// Whatever an id names: a control, a requirement, a scenario, a threat or an edition.
fn show(library: &Library, id: &str, format: ListFormat) -> Result<String, Failure> {
    let bare = id.strip_prefix("pg-1.0/").unwrap_or(id);
    let control = id.parse().ok().and_then(|id| library.provider.control(id));
    let (value, text) = if let Some(control) = control {
        (json!(control), control_text(library, control))
    } else if let Some(requirement) = library.requirement(id) {
        (json!(requirement), requirement_text(library, requirement))
    } else if let Some(scenario) = library.provider.scenario(bare) {
        (json!(scenario), scenario_text(library, scenario))
    } else if let Some(threat) = library.provider.threat(bare) {
        (json!(threat), threat_text(threat))
    } else if let Some(edition) = library.editions().into_iter().find(|edition| edition.id == id) {
        (json!(edition), edition_line(edition))
    } else {
        return Err(Failure::input(format!(
            "「{id}」は収録している項目にありません。対策項目は「3.4①-14」、シナリオは「S01」、脅威は「TH03」、厚労省5版の要求は「6.5.C.7」のように書いてください。"
        )));
    };
    match format {
        ListFormat::Json => Ok(exit::json(&value)),
        ListFormat::Table => Ok(text),
        ListFormat::Csv => {
            Err(Failure::input("catalog show は csv では出せません。table か json を指定してください。"))
        }
    }
}

fn fields(fields: &[(&str, String)]) -> String {
    fields.iter().filter(|(_, text)| !text.is_empty()).map(|(label, text)| format!("{label}: {text}\n")).collect()
}

fn control_text(library: &Library, control: &Control) -> String {
    let scenario = control.scenario.as_deref().and_then(|id| library.provider.scenario(id));
    let sure = if control.scenario_certain { "" } else { "（対応は不確か）" };
    let requirements: Vec<String> = control
        .requirements
        .iter()
        .map(|id| match library.requirement(id) {
            Some(requirement) => format!("\n  {id} {}", requirement.text),
            None => format!("\n  {id}"),
        })
        .collect();
    let agreement = match control.agreement {
        Agreement::Yes => "医療機関等との合意を求める",
        Agreement::Consent => "医療機関等の了承・理解を求める",
        Agreement::No => "",
    };
    let flags: Vec<&str> = control.flags.iter().map(|flag| flag.term()).collect();
    fields(&[
        ("番号", format!("pg-1.0/{}（{}）", control.id, control.id.ascii())),
        ("項目", format!("{} {} ＞ {}", control.middle, control.middle_title, control.minor_title)),
        ("観点", control.viewpoint().term().to_owned()),
        ("区分", control.kubun.mark().to_owned()),
        ("求められること（要旨）", control.text.clone()),
        ("表現の強さ", control.modality.term().to_owned()),
        ("実施する者", control.actor.term().to_owned()),
        ("合意", agreement.to_owned()),
        ("関係", flags.join("、")),
        ("証跡の例", control.evidence.join("、")),
        ("リスクシナリオ例", scenario.map(|s| format!("{} {}{sure}", s.id, s.text)).unwrap_or_default()),
        ("厚労省5版の要求", format!("{}{}", control.link.term(), requirements.concat())),
        ("注", control.note.clone().unwrap_or_default()),
    ])
}

fn requirement_text(library: &Library, requirement: &Requirement) -> String {
    let controls: Vec<String> = library.controls_for(requirement).map(|control| control.id.to_string()).collect();
    fields(&[
        ("番号", format!("mhlw-5.0/{}", requirement.id)),
        ("節", format!("{} {}", requirement.section, requirement.section_title)),
        ("区分", requirement.class.term().to_owned()),
        ("条件", requirement.condition.clone().unwrap_or_default()),
        ("求められること（要旨）", requirement.text.clone()),
        ("確かさ", requirement.certainty.term().to_owned()),
        ("関連する対策項目", controls.join("、")),
        ("注", requirement.note.clone().unwrap_or_default()),
    ])
}

fn scenario_text(library: &Library, scenario: &Scenario) -> String {
    let controls: Vec<String> =
        library.provider.controls_against(&scenario.id).map(|control| control.id.to_string()).collect();
    fields(&[
        ("番号", scenario.id.clone()),
        ("リスクシナリオ例（要旨）", scenario.text.clone()),
        ("確かさ", scenario.certainty.term().to_owned()),
        ("対策項目", controls.join("、")),
        ("注", scenario.note.clone().unwrap_or_default()),
    ])
}

fn threat_text(threat: &Threat) -> String {
    fields(&[
        ("番号", threat.id.clone()),
        ("脅威（表5-1）", threat.name.clone()),
        ("説明（要旨）", threat.description.clone()),
    ])
}

fn search(hits: &[Hit], format: ListFormat) -> String {
    let parts = |hit: &Hit| -> [String; 3] {
        match hit {
            Hit::Control(control) => ["対策項目".into(), control.id.to_string(), control.text.clone()],
            Hit::Requirement(requirement) => ["要求".into(), requirement.id.clone(), requirement.text.clone()],
            Hit::Scenario(scenario) => ["シナリオ".into(), scenario.id.clone(), scenario.text.clone()],
            Hit::Threat(threat) => {
                ["脅威".into(), threat.id.clone(), format!("{}: {}", threat.name, threat.description)]
            }
        }
    };
    let heading = ["種類", "番号", "要旨"];
    let rows: Vec<Vec<String>> = hits.iter().map(|hit| parts(hit).to_vec()).collect();
    match format {
        ListFormat::Table => table::table(&heading, &rows),
        ListFormat::Csv => table::csv(&heading, &rows),
        ListFormat::Json => {
            let value = |hit: &Hit| -> Value {
                let [_, id, text] = parts(hit);
                let kind = match hit {
                    Hit::Control(_) => "control",
                    Hit::Requirement(_) => "requirement",
                    Hit::Scenario(_) => "scenario",
                    Hit::Threat(_) => "threat",
                };
                json!({ "kind": kind, "id": id, "text": text })
            };
            exit::json(&json!({ "hits": hits.iter().map(value).collect::<Vec<_>>() }))
        }
    }
}
