//! `shirube agreement`: how far explanation and agreement have come with each institution, and what a change re-opens.

mod phase;

use std::collections::BTreeMap;
use std::path::Path;
use std::process::ExitCode;

use serde_json::{Value, json};
use shirube_folder::{OfInstitution, read_institution};
use shirube_safety::agreement::{
    Again, AgreementStep, Baseline, Collected, ContractState, InstitutionFile, Item, ItemState, Laid, Reopened, STEPS,
    again, check, counts, states,
};
use shirube_safety::{Finding, Service, Severity};

use crate::args::{AgreementArgs, ListFormat};
use crate::disk::{self, INSTITUTIONS, ReadFolder, laid_source};
use crate::exit::{self, Failure};
use crate::table;

pub fn run(args: &AgreementArgs) -> Result<ExitCode, Failure> {
    let read = disk::read(&args.dir)?;
    let files = institutions(&args.dir)?;
    if let Some(since) = &args.since {
        return asked_again(args.format, &read, &files, since);
    }
    let service = Service::new(&read.folder.files);
    match &args.institution {
        None => overview(args.format, &service, &files),
        Some(name) => {
            let file = files.get(name).ok_or_else(|| unknown(name, &files))?;
            match args.phase {
                Some(phase) => phase::show(args.format, &service, (name, file), phase),
                None => one(args.format, &service, &read, (name, file)),
            }
        }
    }
}

type Files = BTreeMap<String, OfInstitution>;

/// The files of all institutions; every mistake of every file is told at once.
pub fn institutions(dir: &Path) -> Result<Files, Failure> {
    let (mut files, mut mistakes) = (BTreeMap::new(), Vec::new());
    for (name, bytes) in disk::institutions(dir)? {
        match read_institution(&bytes) {
            Ok(file) => {
                files.insert(name, file);
            }
            Err(errors) => {
                let told = disk::told(&errors);
                mistakes.extend(told.iter().map(|told| told.replace("institutions/*.yaml", &path(&name))));
            }
        }
    }
    if mistakes.is_empty() { Ok(files) } else { Err(Failure::Input(mistakes)) }
}

/// Names of the institutions that have a file.
pub fn institution_names(dir: &Path) -> Result<Vec<String>, Failure> {
    Ok(institutions(dir)?.into_values().map(|one| one.file.institution.name).collect())
}

/// The files of all institutions, by their names.
pub fn institution_files(dir: &Path) -> Result<Vec<(String, InstitutionFile)>, Failure> {
    Ok(institutions(dir)?.into_values().map(|one| (one.file.institution.name.clone(), one.file)).collect())
}

/// Where the file of an institution lies in the folder.
pub fn path(name: &str) -> String {
    format!("{INSTITUTIONS}/{name}.yaml")
}

fn unknown(name: &str, files: &Files) -> Failure {
    let known: Vec<&str> = files.keys().map(String::as_str).collect();
    Failure::input(match known.is_empty() {
        true => format!("医療機関等のファイルがありません。「{}」を作ってください。", path(name)),
        false => format!("「{}」はありません。あるのは、{}です。", path(name), known.join("、")),
    })
}

/// The files of these institutions. `all` stands for all.
pub fn asked_for(dir: &Path, names: &[String]) -> Result<Files, Failure> {
    let mut files = institutions(dir)?;
    let all = names.iter().any(|name| name == "all");
    if let Some(missing) = names.iter().find(|name| *name != "all" && !files.contains_key(*name)) {
        return Err(unknown(missing, &files));
    }
    if files.is_empty() {
        return Err(Failure::input(format!(
            "「{}」に医療機関等のファイルがありません。",
            dir.join(INSTITUTIONS).display()
        )));
    }
    files.retain(|name, _| all || names.contains(name));
    Ok(files)
}

/// The service as it is for these institutions, each with its name and the hash to print.
pub fn laid(dir: &Path, read: &ReadFolder, names: &[String]) -> Result<Vec<(String, Laid, String)>, Failure> {
    let files = asked_for(dir, names)?;
    let service = Service::new(&read.folder.files);
    let baseline = Baseline::new(&service);
    let lay =
        |(name, file): (&String, &OfInstitution)| (name.clone(), baseline.lay(&file.file), source(read, &file.file));
    Ok(files.iter().map(lay).collect())
}

fn source(read: &ReadFolder, file: &InstitutionFile) -> String {
    laid_source(&read.source, &file.laid_text())
}

fn token(step: Option<AgreementStep>) -> &'static str {
    step.map_or("not-shown", AgreementStep::token)
}

fn overview(format: ListFormat, service: &Service, files: &Files) -> Result<ExitCode, Failure> {
    let (mut rows, mut values, mut findings) = (Vec::new(), Vec::new(), Vec::new());
    let mut collected = Collected::new(service);
    for (name, file) in files {
        let own = collected.of(&file.file);
        let items = own.items.items();
        let states = states(items, &file.file);
        let counts = counts(states.iter().map(ItemState::step));
        let institution = &file.file.institution;
        let mut row = vec![name.clone(), institution.name.clone(), institution.kind.term().to_owned()];
        row.push(items.len().to_string());
        row.extend(counts.map(|count| count.to_string()));
        row.push(file.file.contract.renews_on.map(|date| date.to_string()).unwrap_or_default());
        rows.push(row);
        let told = told(name, file, &own.findings, items);
        values.push(json!({
            "id": name,
            "name": institution.name,
            "kind": institution.kind,
            "items": items.len(),
            "steps": STEPS.map(token).into_iter().zip(counts).collect::<BTreeMap<_, _>>(),
            "provisional": own.provisional,
            "contract_state": ContractState::of(&file.file),
            "renews_on": file.file.contract.renews_on,
            "findings": told.iter().map(|told| &told.value).collect::<Vec<_>>(),
        }));
        findings.extend(told);
    }
    let heading = [
        "ファイル",
        "医療機関等",
        "種類",
        "合意事項",
        "未提示",
        "説明済",
        "協議中",
        "合意",
        "不合意",
        "再合意要",
        "更新日",
    ];
    exit::print(&match format {
        ListFormat::Table => match rows.is_empty() {
            true => "医療機関等のファイルがありません。institutionsに「名前.yaml」を置いてください。\n".to_owned(),
            false => format!("{}\n医療機関等{}件\n{}", table::table(&heading, &rows), rows.len(), lines(&findings)),
        },
        ListFormat::Csv => table::csv(&heading, &rows),
        ListFormat::Json => exit::json(&json!({ "institutions": values })),
    })?;
    Ok(ended(format, &findings))
}

fn one(
    format: ListFormat,
    service: &Service,
    read: &ReadFolder,
    (name, file): (&String, &OfInstitution),
) -> Result<ExitCode, Failure> {
    let mut collected = Collected::new(service);
    let of_overlay = collected.of(&file.file);
    let items = of_overlay.items.items();
    let states = states(items, &file.file);
    let mut findings = told(name, file, &of_overlay.findings, items);
    let laid = collected.baseline().lay(&file.file);
    let own = laid.service();
    findings.extend(new_findings(service, &own).map(|finding| Told::of_service(name, finding)));
    let heading = ["番号", "種類", "合意事項", "内容", "段階", "日付", "相手", "手段"];
    let rows: Vec<Vec<String>> = states.iter().map(row).collect();
    exit::print(&match format {
        ListFormat::Table => {
            let narrow: Vec<Vec<String>> = rows.iter().map(|row| narrow(row)).collect();
            let heading = ["番号", "合意事項", "段階", "日付"];
            format!("{}\n合意事項{}件\n{}", table::table(&heading, &narrow), rows.len(), lines(&findings))
        }
        ListFormat::Csv => table::csv(&heading, &rows),
        ListFormat::Json => exit::json(&json!({
            "id": name,
            "name": file.file.institution.name,
            "source": source(read, &file.file),
            "provisional": laid.provisional,
            "items": states.iter().map(value).collect::<Vec<_>>(),
            "findings": findings.iter().map(|told| &told.value).collect::<Vec<_>>(),
        })),
    })?;
    Ok(ended(format, &findings))
}

fn row(state: &ItemState) -> Vec<String> {
    let record = state.record;
    let text = |text: Option<&str>| text.unwrap_or_default().to_owned();
    vec![
        state.item.key.clone(),
        state.item.kind.term().to_owned(),
        state.item.title.clone(),
        state.item.text.clone(),
        state.term().to_owned(),
        record.map(|record| record.on.to_string()).unwrap_or_default(),
        text(record.and_then(|record| record.with.as_deref())),
        text(record.and_then(|record| record.means).map(|means| means.term())),
    ]
}

/// A terminal is narrow.
fn narrow(row: &[String]) -> Vec<String> {
    let title: String = row[2].chars().take(30).collect();
    vec![row[0].clone(), title, row[4].clone(), row[5].clone()]
}

fn value(state: &ItemState) -> Value {
    json!({
        "key": state.item.key,
        "kind": state.item.kind,
        "title": state.item.title,
        "text": state.item.text,
        "step": token(state.step()),
        "record": state.record,
    })
}

/// Rules that ask the baseline for what stands in the institution's records.
const IN_RECORDS: [&str; 1] = ["statutory-unexplained"];

/// What the rules say of the service as it is for the institution, and do not say of the baseline.
fn new_findings<'s>(service: &'s Service, own: &'s Service) -> impl Iterator<Item = &'s Finding> {
    let known = |finding: &Finding| {
        service.findings.iter().any(|known| (known.rule, &known.message) == (finding.rule, &finding.message))
    };
    own.findings.iter().filter(move |finding| !known(finding) && !IN_RECORDS.contains(&finding.rule))
}

/// A finding with the file it speaks of.
struct Told {
    severity: Severity,
    text: String,
    value: Value,
}

impl Told {
    fn in_file(name: &str, file: &OfInstitution, finding: &Finding) -> Self {
        let (line, column) = file.position(&finding.place.pointer);
        let place = format!("{} {line}行目", path(name));
        let value = json!({
            "severity": finding.severity, "rule": finding.rule, "file": path(name), "line": line, "column": column,
            "message": finding.message, "advice": finding.advice,
        });
        Self::new(finding, &place, value)
    }

    fn of_service(name: &str, finding: &Finding) -> Self {
        let place = format!("{}を重ねた{}", path(name), finding.place.file.name());
        let value = json!({
            "severity": finding.severity, "rule": finding.rule, "file": finding.place.file.name(),
            "message": finding.message, "advice": finding.advice,
        });
        Self::new(finding, &place, value)
    }

    fn new(finding: &Finding, place: &str, value: Value) -> Self {
        let text = format!("  [{}] {place}: {}\n      {}\n", finding.severity.term(), finding.message, finding.advice);
        Self { severity: finding.severity, text, value }
    }
}

fn told(name: &str, file: &OfInstitution, of_overlay: &[Finding], items: &[Item]) -> Vec<Told> {
    let of_records = check(items, &file.file);
    of_overlay.iter().chain(&of_records).map(|finding| Told::in_file(name, file, finding)).collect()
}

fn lines(findings: &[Told]) -> String {
    let text: String = findings.iter().map(|told| told.text.as_str()).collect();
    if text.is_empty() { text } else { format!("\n確かめること\n{text}") }
}

/// The exit code. A table for other programs holds no findings, but whoever sees the code must learn why.
fn ended(format: ListFormat, findings: &[Told]) -> ExitCode {
    if matches!(format, ListFormat::Csv) {
        eprint!("{}", lines(findings));
    }
    let fails = findings.iter().any(|told| told.severity == Severity::Error);
    if fails { ExitCode::from(exit::FINDINGS) } else { ExitCode::SUCCESS }
}

/// An institution with what it has to be told.
struct Asked<'f> {
    name: &'f str,
    institution: &'f str,
    again: Again,
}

fn asked_again(format: ListFormat, read: &ReadFolder, files: &Files, since: &Path) -> Result<ExitCode, Failure> {
    let (old_read, old_files) = (disk::read(since)?, institutions(since)?);
    let (before, after) = (Service::new(&old_read.folder.files), Service::new(&read.folder.files));
    let (mut old, mut new) = (Collected::new(&before), Collected::new(&after));
    let service = &after.files.service.service.name;
    let all: Vec<Asked> = files
        .iter()
        .filter_map(|(name, file)| {
            // Whoever is not in that state was told nothing of it.
            let was = &old_files.get(name)?.file;
            let (old, new) = (old.of(was), new.of(&file.file));
            let again = again(service, (was, old.items.items()), (&file.file, new.items.items()));
            Some(Asked { name, institution: &file.file.institution.name, again })
        })
        .collect();
    exit::print(&match format {
        ListFormat::Table => text(&all),
        ListFormat::Csv => table::csv(&["ファイル", "医療機関等", "番号", "なぜ", "何が変わったか"], &csv(&all)),
        ListFormat::Json => {
            let value = |one: &Asked| {
                json!({
                    "id": one.name, "name": one.institution, "reopened": one.again.reopened,
                    "unchanged": one.again.unchanged, "letter": one.again.letter,
                })
            };
            exit::json(&json!({ "institutions": all.iter().map(value).collect::<Vec<_>>() }))
        }
    })?;
    Ok(ExitCode::SUCCESS)
}

fn text(all: &[Asked]) -> String {
    let (asked, left): (Vec<&Asked>, Vec<&Asked>) = all.iter().partition(|one| !one.again.reopened.is_empty());
    let mut text = String::new();
    for one in &asked {
        text.push_str(&format!("■ {}（{}）: {}件\n", one.institution, one.name, one.again.reopened.len()));
        for reopened in &one.again.reopened {
            text.push_str(&format!("  ・[{}] {}\n", reopened.reason.term(), reopened.text));
        }
        text.push_str("  伝える文（案）\n");
        text.extend(one.again.letter.iter().map(|sentence| format!("    {sentence}\n")));
    }
    text.push_str(&format!(
        "\n合意し直す医療機関等は{}件、合意し直す事項のない医療機関等は{}件です。\n",
        asked.len(),
        left.len()
    ));
    text
}

fn csv(all: &[Asked]) -> Vec<Vec<String>> {
    let row = |one: &Asked, reopened: &Reopened| {
        [one.name, one.institution, &reopened.key, reopened.reason.term(), &reopened.text].map(str::to_owned).to_vec()
    };
    all.iter().flat_map(|one| one.again.reopened.iter().map(move |reopened| row(one, reopened))).collect()
}
