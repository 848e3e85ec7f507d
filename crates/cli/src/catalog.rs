//! `shirube catalog`: what the embedded guidelines say, with certainty.

mod add;
mod answers;
mod certainty;
mod chapter;
pub mod compare;
mod coverage;
mod crosswalk;
mod editions;
mod export;
mod impact;
mod import;
mod migrate;
mod overlay;
pub mod own;
mod search;
mod standards;

use std::process::ExitCode;

use serde_json::{Value, json};
use shirube_catalog::{
    Agreement, Anomaly, Control, Edition, Library, Link, Requirement, Scenario, Threat, editions as known, find,
    find_on, library,
};

use self::overlay::Overlay;
use self::own::Held;
use crate::args::{CatalogArgs, CatalogCommand, ListFormat, OwnArgs};
use crate::exit::{self, Failure};
use crate::table;

pub fn run(args: &CatalogArgs) -> Result<ExitCode, Failure> {
    let library = library();
    match &args.command {
        CatalogCommand::List { edition: None, own, format, .. } => exit::print(&list(library, own, *format)?)?,
        CatalogCommand::List { edition: Some(edition), own, revision, format } => {
            let held = Held::of(own)?;
            let held = match revision {
                Some(no) => held.with_revision(edition, *no)?,
                None => held,
            };
            exit::print(&editions::list_of(&held, edition, *format)?)?;
        }
        CatalogCommand::Impact(args) => return impact::run(args),
        CatalogCommand::Compare(args) => return compare::run(args),
        CatalogCommand::Coverage(args) => return coverage::run(args),
        CatalogCommand::Standards { format } => exit::print(&standards::text(*format))?,
        CatalogCommand::Add(args) => return add::run(args),
        CatalogCommand::Approve(args) => return add::approve(args),
        CatalogCommand::History { on, format } => exit::print(&editions::history(on.as_deref(), *format)?)?,
        CatalogCommand::Crosswalk { from, to, own, format } => {
            exit::print(&crosswalk::text(&Held::of(own)?, from, to, *format)?)?;
        }
        CatalogCommand::Migrate(args) => return migrate::run(args),
        CatalogCommand::Import(args) => return import::run(args),
        CatalogCommand::Export(args) => return export::run(args),
        CatalogCommand::Show { id, own, format } => {
            let official = own.with.as_deref().map(overlay::read).transpose()?.unwrap_or_default();
            exit::print(&show(library, id, &Held::of(own)?, &official, *format)?)?;
        }
        CatalogCommand::Search { words, own, format } => {
            let official = own.with.as_deref().map(overlay::read).transpose()?.unwrap_or_default();
            let held = Held::of(own)?;
            let found = if held.own.is_empty() { find(words) } else { find_on(&held.shelf, words) };
            let hits = library.search(words);
            let official = overlay::search(&official, words);
            if found.is_empty() && hits.is_empty() && official.is_empty() {
                eprintln!(
                    "「{}」をすべて含む項目はありません。言葉を減らすか、言い換えてください。",
                    words.join("」「")
                );
                return Ok(ExitCode::from(exit::FINDINGS));
            }
            exit::print(&search::text(library, &found, &hits, &official, *format))?;
        }
    }
    Ok(ExitCode::SUCCESS)
}

fn list(library: &Library, own: &OwnArgs, format: ListFormat) -> Result<String, Failure> {
    // To read what the editions hold would take longer than all the rest.
    let held = own.with.is_some().then(|| Held::of(own)).transpose()?;
    let editions: Vec<&Edition> = match &held {
        Some(held) => held.shelf.catalogs.iter().map(|catalog| &catalog.edition).collect(),
        None => known().iter().collect(),
    };
    let rows = || -> Vec<Vec<String>> {
        library.provider.controls.iter().map(|control| control_row(library, control)).collect()
    };
    Ok(match format {
        ListFormat::Json => exit::json(&json!({
            "editions": editions,
            "controls": library.provider.controls.iter().map(|control| control_value(library, control)).collect::<Vec<_>>(),
            "requirements": library.institution.requirements,
            "scenarios": library.provider.scenarios,
            "threats": library.provider.threats,
            "statutory": library.provider.statutory,
            "duties": library.provider.duties,
            "phases": library.provider.phases,
            "rule_book": library.provider.rule_book,
            "anomalies": library.provider.anomalies,
        })),
        ListFormat::Csv => {
            let editions = editions.into_iter().map(edition_row);
            let controls = rows().into_iter().map(|row| [vec!["対策項目".to_owned()], row].concat());
            table::csv(&LISTED, &editions.chain(controls).collect::<Vec<_>>())
        }
        ListFormat::Table => {
            let head = held.as_ref().map(Held::head).unwrap_or_default();
            let editions: String = editions.into_iter().map(edition_line).collect();
            format!("{head}{editions}\n{}", table::table(&LISTED[1..], &rows()))
        }
    })
}

/// Columns of the list; CSV has what a row is before them.
const LISTED: [&str; 8] =
    ["種類", "番号", "区分", "実施する者", "大項目", "小項目", "求められること（要旨）", "確かさ"];

/// An edition among the rows of a file: how far it was seen.
fn edition_row(edition: &Edition) -> Vec<String> {
    let title = format!("{} {}", edition.title, edition.edition);
    let note = edition.note.as_deref().unwrap_or_default();
    ["版", &edition.id, "", "", &title, "", note, edition.certainty.term()].map(str::to_owned).to_vec()
}

/// 別紙2 was read whole: what is lost of a control stands in its own fields.
fn control_value(library: &Library, control: &Control) -> Value {
    let mut value = json!(control);
    value["certainty"] = json!(library.provider.edition.certainty);
    value
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

fn control_row(library: &Library, control: &Control) -> Vec<String> {
    vec![
        control.id.to_string(),
        control.kubun.mark().to_owned(),
        control.actor.term().to_owned(),
        format!("{} {}", control.middle, control.middle_title),
        control.minor_title.clone(),
        control.text.clone(),
        library.provider.edition.certainty.term().to_owned(),
    ]
}

/// Whatever an id names: a control, a section of chapters 2, 3, 5.1.6 or 6, a requirement, a scenario, a threat or an edition.
fn show(library: &Library, id: &str, held: &Held, official: &[Overlay], format: ListFormat) -> Result<String, Failure> {
    let bare = id.strip_prefix("pg-1.0/").unwrap_or(id);
    let control = id.parse().ok().and_then(|id| library.provider.control(id));
    // What the entry is called inside its edition; notes on the original hang there.
    let mut place = id.split_once('/').map_or_else(|| ("pg-1.0", bare.to_owned()), |(of, id)| (of, id.to_owned()));
    let (mut value, mut text) = if let Some(control) = control {
        place.1 = control.id.to_string();
        (control_value(library, control), control_text(library, control))
    } else if let Some(found) = chapter::section(library, bare) {
        found
    } else if let Some(requirement) = library.requirement(id) {
        place = ("mhlw-5.0", requirement.id.clone());
        (requirement_value(library, requirement), requirement_text(library, requirement))
    } else if let Some(scenario) = library.provider.scenario(bare) {
        (json!(scenario), scenario_text(library, scenario))
    } else if let Some(threat) = library.provider.threat(bare) {
        (json!(threat), threat_text(threat))
    } else if let Some(edition) = library.editions().into_iter().find(|edition| edition.id == id) {
        place = (id, String::new());
        (json!(edition), edition_line(edition))
    } else if let Some(found) = editions::show(&held.shelf, id) {
        found
    } else if let Some(found) = standards::show(id) {
        place = ("", String::new());
        found
    } else if let Some(catalog) = held.shelf.catalog(id) {
        place = (id, String::new());
        (certainty::edition(catalog), editions::certainty_line(catalog))
    } else {
        return Err(Failure::input(format!(
            "「{id}」は収録している項目にありません。対策項目は「3.4①-14」、シナリオは「S01」、脅威は「TH03」、厚労省5版の要求は「6.5.C.7」、第6章は「6.2」、法律関係は「3.1.2」、運用管理規程は「5.1.6」、ほかの版は「mhlw-6.0/企画管理編.9.②」のように書いてください。"
        )));
    };
    if let Some(catalog) = held.shelf.catalog(place.0).filter(|catalog| catalog.edition.id != id) {
        text.push_str(&fields(&[("版の確かさ", catalog.certainty().term().to_owned())]));
        value["edition_certainty"] = json!(catalog.certainty());
        value["edition_note"] = json!(catalog.edition.note);
    }
    if let Some((overlay, official)) = overlay::find(official, place.0, &place.1) {
        text.push_str(&fields(&[("公式の文言", official.shown(overlay))]));
        value["official"] =
            json!({ "text": official.text, "confidence": official.confidence, "source": overlay.source });
    }
    let notes: Vec<&Anomaly> = if id == library.provider.edition.id {
        library.provider.anomalies.iter().collect()
    } else if library.editions().into_iter().any(|edition| edition.id == id) {
        library.anomalies_of(id, "").collect()
    } else {
        library.anomalies_of(place.0, &place.1).collect()
    };
    if !notes.is_empty() {
        text.push_str(&notes.iter().map(|note| anomaly_line(note)).collect::<String>());
        value["anomalies"] = json!(notes);
    }
    match format {
        ListFormat::Json => Ok(exit::json(&value)),
        ListFormat::Table => Ok(text),
        ListFormat::Csv => {
            Err(Failure::input("catalog show は csv では出せません。table か json を指定してください。"))
        }
    }
}

/// A note on the copy of the original that we read (T-40).
fn anomaly_line(note: &Anomaly) -> String {
    format!("原文について（{}）: {}: {}扱い: {}\n", note.no, note.place, note.what, note.handling)
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
        ("確かさ", library.provider.edition.certainty.term().to_owned()),
        ("注", control.note.clone().unwrap_or_default()),
    ])
}

/// A requirement with the controls that cite it (CATALOG-007).
fn requirement_value(library: &Library, requirement: &Requirement) -> serde_json::Value {
    let mut value = json!(requirement);
    value["controls"] = library
        .controls_for(requirement)
        .map(|control| json!({ "id": control.id, "kubun": control.kubun, "text": control.text, "link": control.link }))
        .collect();
    value
}

fn requirement_text(library: &Library, requirement: &Requirement) -> String {
    let control = |control: &Control| match control.link {
        Link::Row => control.id.to_string(),
        // The row of the original cannot be told.
        link => format!("{}［{}］", control.id, link.term()),
    };
    let controls: Vec<String> = library.controls_for(requirement).map(control).collect();
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
