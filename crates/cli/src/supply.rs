//! `shirube supply`: reports along the supply chain, upward and from below (guideline 2.2.2).

use std::path::Path;
use std::process::ExitCode;

use serde_json::{Value, json};
use shirube_exchange::{Asked, read, read_report, report_workbook};
use shirube_folder::edit::{Edit, apply, put_record, take_report};
use shirube_oscal::{ReadReport, read_report_document, report_document};
use shirube_safety::agreement::Others;
use shirube_safety::chain::{ControlOrigin, Origin, Outdated, Reported, StatusReport, SupplierState};
use shirube_safety::chain::{asked_tasks, free_id, outdated, records, reported_tasks, status_report, suppliers};
use shirube_safety::model::{Date, party_name};
use shirube_safety::selection::names_kept_back;
use shirube_safety::stated::{ReportMeans, ReportRequest};
use shirube_safety::{File, Service, ServiceFiles};

use crate::agreement;
use crate::args::{ListFormat, SupplyAskArgs, SupplyCommand, SupplyReportArgs, SupplyShowArgs, SupplyTakeArgs};
use crate::day::{day, day_or_today};
use crate::disk::{self, Batch};
use crate::exit::{self, Failure};
use crate::table;

pub fn run(command: &SupplyCommand) -> Result<ExitCode, Failure> {
    match command {
        SupplyCommand::Show(args) => show(args),
        SupplyCommand::Ask(args) => ask(args),
        SupplyCommand::Take(args) => take(args),
        SupplyCommand::Report(args) => report(args),
    }
}

fn show(args: &SupplyShowArgs) -> Result<ExitCode, Failure> {
    let on = day_or_today("--on", args.on.as_deref())?;
    let read = disk::read(&args.dir)?;
    let service = Service::new(&read.folder.files);
    let old = outdated(service.files, &service.chain, Some(on));
    exit::print(&match args.format {
        ListFormat::Table => words(&service, &old, on),
        ListFormat::Csv => table::csv(&CONTROLS, &control_rows(&service)),
        ListFormat::Json => exit::json(&value(&service, &old, on)),
    })?;
    let told = !service.chain.contradictions.is_empty() || !old.is_empty();
    Ok(if told { ExitCode::from(exit::FINDINGS) } else { ExitCode::SUCCESS })
}

const CONTROLS: [&str; 8] =
    ["番号", "受け継ぎ方", "自社の答え", "相手", "報告", "報告の版", "報告の状況", "誰が行うか"];

fn control_rows(service: &Service) -> Vec<Vec<String>> {
    let rows = |line: &ControlOrigin| {
        let own = line.answer.map_or("未回答", |answer| answer.status.term());
        let start = vec![line.control.id.to_string(), line.origin().term().to_owned(), own.to_owned()];
        if line.uses.is_empty() {
            return vec![start.into_iter().chain((0..5).map(|_| String::new())).collect()];
        }
        let of = |used: &shirube_safety::chain::Used| {
            let mut row: Vec<String> = start.clone();
            row.push(name(service.files, &used.stated.supplier).to_owned());
            row.push(used.report.map(|report| report.id.clone()).unwrap_or_default());
            row.push(used.report.map(|report| report.editions.join("、")).unwrap_or_default());
            row.push(used.statement.map(|one| one.status.term().to_owned()).unwrap_or_default());
            row.push(used.statement.map(|one| one.by.term().to_owned()).unwrap_or_default());
            row
        };
        line.uses.iter().map(of).collect::<Vec<Vec<String>>>()
    };
    service.chain.controls.iter().flat_map(rows).collect()
}

fn name<'a>(files: &'a ServiceFiles, id: &'a str) -> &'a str {
    party_name(&files.service, id)
}

fn words(service: &Service, old: &[Outdated], on: Date) -> String {
    let chain = &service.chain;
    let row = |supplier: &SupplierState| {
        let last = supplier.reports.first();
        vec![
            supplier.party.id.clone(),
            supplier.party.name.clone(),
            supplier.layers().iter().map(|layer| layer.letter().to_string()).collect::<Vec<_>>().join("・"),
            if supplier.is_direct { "直接" } else { "間接" }.to_owned(),
            last.and_then(|report| report.on).map(|on| on.to_string()).unwrap_or_else(|| "なし".to_owned()),
            last.and_then(|report| report.valid_until).map(|day| day.to_string()).unwrap_or_default(),
            supplier.open_requests().count().to_string(),
            supplier.undecided_requests().count().to_string(),
        ]
    };
    let rows: Vec<Vec<String>> = chain.suppliers.iter().map(row).collect();
    let heading = ["id", "会社", "層", "契約", "最新の報告", "有効期限", "返事待ち", "判断待ち"];
    let mut text = match rows.is_empty() {
        true => "ほかの会社から提供を受けているものは、書かれていません。\n".to_owned(),
        false => table::table(&heading, &rows),
    };
    let count = |origin| chain.controls.iter().filter(|line| line.origin() == origin).count();
    let counted: Vec<String> =
        Origin::ALL.iter().map(|origin| format!("{}{}件", origin.term(), count(*origin))).collect();
    text.push_str(&format!("\n対策項目{}件: {}\n", chain.controls.len(), counted.join("、")));
    if !chain.contradictions.is_empty() {
        text.push_str(&format!("\n食い違い {}件\n", chain.contradictions.len()));
        let lines = chain.contradictions.iter().map(|one| format!("  [{}] {}\n", one.kind.term(), one.text));
        text.extend(lines);
    }
    if !old.is_empty() {
        text.push_str(&format!("\n古くなった参照 {}件（{on}の時点）\n", old.len()));
        text.extend(old.iter().map(|one| format!("  {}\n", one.text)));
    }
    text
}

fn value(service: &Service, old: &[Outdated], on: Date) -> Value {
    let supplier = |one: &SupplierState| {
        json!({
            "id": one.party.id,
            "name": one.party.name,
            "direct": one.is_direct,
            "layers": one.layers(),
            "reports": one.reports.iter().map(|report| &report.id).collect::<Vec<_>>(),
            "open_requests": one.open_requests().map(|request| &request.id).collect::<Vec<_>>(),
            "undecided_requests": one.undecided_requests().map(|request| &request.id).collect::<Vec<_>>(),
        })
    };
    let control = |line: &ControlOrigin| {
        json!({
            "control": line.control.id,
            "origin": line.origin(),
            "status": line.answer.map(|answer| answer.status),
            "uses": line.uses.iter().map(|used| json!({
                "supplier": used.stated.supplier,
                "use": used.stated.kind,
                "ours": used.stated.ours,
                "report": used.report.map(|report| &report.id),
                "editions": used.report.map(|report| &report.editions),
                "valid_until": used.report.and_then(|report| report.valid_until),
                "statement": used.statement,
            })).collect::<Vec<_>>(),
            "offered": line.offered.iter().map(|one| &one.report).collect::<Vec<_>>(),
        })
    };
    json!({
        "on": on,
        "suppliers": service.chain.suppliers.iter().map(supplier).collect::<Vec<_>>(),
        "controls": service.chain.controls.iter().map(control).collect::<Vec<_>>(),
        "contradictions": service.chain.contradictions,
        "outdated": old,
    })
}

/// Ids of whoever supplies, for a sentence; an error that names them if `id` is none of them.
fn known(files: &ServiceFiles, id: &str) -> Result<(), Failure> {
    let all = suppliers(files);
    if all.iter().any(|supplier| supplier.party.id == id) {
        return Ok(());
    }
    let ids: Vec<&str> = all.iter().map(|supplier| supplier.party.id.as_str()).collect();
    Err(Failure::input(match ids.is_empty() {
        true => "ほかの会社から提供を受けているものが書かれていません。shirube.yamlのsupply_chainに書いてください。"
            .to_owned(),
        false => {
            format!("「{id}」は、このサービスに提供している組織ではありません。あるのは、{}です。", ids.join("、"))
        }
    }))
}

fn ask(args: &SupplyAskArgs) -> Result<ExitCode, Failure> {
    let read = disk::read(&args.dir)?;
    let files = &read.folder.files;
    known(files, &args.supplier)?;
    extension(&args.out, &["xlsx"])?;
    let asker = name(files, &files.service.provider).to_owned();
    let blank = StatusReport { provider: Some(name(files, &args.supplier).to_owned()), ..StatusReport::default() };
    let tasks = asked_tasks(files, &args.supplier, &kept_back(&args.dir, files)?);
    let asked = Asked { asker, tasks: &tasks };
    let bytes = report_workbook(&asked, &blank).map_err(|error| Failure::input(error.to_string()))?;
    let mut batch = Batch::default();
    batch.add(args.out.clone(), bytes);
    if let Some(by) = &args.by {
        let request = request(args, files, by)?;
        let record = serde_json::to_value(&request).expect("texts and days are JSON");
        changed(&args.dir, &[put_record(File::Supply, "requests", request.id.as_str(), record)], &mut batch)?;
    }
    batch.write()?;
    let recorded = if args.by.is_some() { "依頼を supply.yaml に記録しました。" } else { "" };
    eprintln!("報告用のExcelを「{}」に書き出しました。{recorded}", args.out.display());
    Ok(ExitCode::SUCCESS)
}

fn request(args: &SupplyAskArgs, files: &ServiceFiles, by: &str) -> Result<ReportRequest, Failure> {
    let on = day_or_today("--on", args.on.as_deref())?;
    let due = args.due.as_deref().map(|typed| day("--due", typed)).transpose()?;
    if let Some(due) = due.filter(|due| *due < on) {
        return Err(Failure::input(format!("--due（{due}）は、依頼した日（{on}）以後の日にしてください。")));
    }
    let id =
        free_id(&format!("{}-{on}", args.supplier), |id| files.supply.requests.iter().any(|request| request.id == id));
    Ok(ReportRequest {
        id,
        supplier: args.supplier.clone(),
        asks: None,
        on,
        by: by.to_owned(),
        due,
        reminders: Vec::new(),
        report: None,
        outcome: None,
        decided: None,
    })
}

fn take(args: &SupplyTakeArgs) -> Result<ExitCode, Failure> {
    let read = disk::read(&args.dir)?;
    let files = &read.folder.files;
    known(files, &args.supplier)?;
    let on = day_or_today("--on", args.on.as_deref())?;
    let (report, means, mut left) = from(&args.source)?;
    let mut report = report.with_own_tasks(files, &args.supplier, &kept_back(&args.dir, files)?);
    if report.on.is_none() {
        // Which report is the newest is told by days. A folder has none that is that of the report.
        if means != ReportMeans::Folder {
            left.push(format!("報告に日付がないため、届いた日（{on}）を報告の日とします。"));
        }
        report.on = Some(on);
    }
    let reported = records(files, &args.supplier, means, report);
    left.extend(reported.left.iter().cloned());
    exit::print(&told(files, &reported, &left, args.write))?;
    if args.write {
        let mut batch = Batch::default();
        changed(&args.dir, &take_report(&reported), &mut batch)?;
        batch.write()?;
    }
    Ok(ExitCode::SUCCESS)
}

/// The report behind a path: a service folder, a workbook or OSCAL.
fn from(source: &Path) -> Result<(StatusReport, ReportMeans, Vec<String>), Failure> {
    if source.is_dir() {
        let read = disk::read(source)?;
        let others = kept_back(source, &read.folder.files)?;
        let report = status_report(&Service::new(&read.folder.files), &read.source, &others);
        return Ok((report, ReportMeans::Folder, Vec::new()));
    }
    let bytes = disk::file(source)?;
    let shown = source.display();
    if source.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("json")) {
        let ReadReport { report, left } =
            read_report_document(&bytes).map_err(|error| Failure::input(format!("「{shown}」は、{error}")))?;
        return Ok((report, ReportMeans::Oscal, left));
    }
    let file = source.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let book = read(&bytes, &file).map_err(|error| Failure::input(error.to_string()))?;
    match read_report(&book) {
        None => Err(Failure::input(format!(
            "「{shown}」は、報告用のExcelではありません。shirube supply ask で書き出したブックに書いてもらってください。"
        ))),
        Some(Err(faults)) => Err(Failure::Input(faults.iter().map(ToString::to_string).collect())),
        Some(Ok(report)) => Ok((report, ReportMeans::Workbook, Vec::new())),
    }
}

fn told(files: &ServiceFiles, reported: &Reported, left: &[String], written: bool) -> String {
    let report = &reported.report;
    let stated = |text: &Option<String>| text.clone().unwrap_or_else(|| "〔未記載〕".to_owned());
    let mut text = format!("{}の報告「{}」\n", name(files, &report.supplier), report.id);
    text.push_str(&format!("  サービス: {}\n", stated(&report.service)));
    text.push_str(&format!("  報告の日: {}\n", stated(&report.on.map(|on| on.to_string()))));
    text.push_str(&format!(
        "  版: {}\n",
        if report.editions.is_empty() { "〔未記載〕".to_owned() } else { report.editions.join("、") }
    ));
    text.push_str(&format!("  リスクマネジメントの実施状況: {}\n", stated(&report.risk_management)));
    text.push_str(&format!("  制度上の要求事項への対応状況: {}\n", stated(&report.statutory)));
    text.push_str(&format!(
        "  対策項目への答え{}件、作業の分担{}件\n",
        reported.statements.len(),
        reported.claims.len()
    ));
    text.extend(reported.request.iter().map(|request| format!("  依頼「{}」への返事として扱います。\n", request.id)));
    text.extend(left.iter().map(|line| format!("・{line}\n")));
    text.push_str(match written {
        true => "supply.yaml に取り込みました。\n",
        false => "まだ取り込んでいません。取り込むには、--write を付けてください。\n",
    });
    text
}

/// Puts the files that edits change into a batch.
fn changed(dir: &Path, edits: &[Edit], batch: &mut Batch) -> Result<(), Failure> {
    let texts = disk::texts(dir)?;
    let applied = apply(&texts, edits).map_err(|error| Failure::input(error.to_string()))?;
    for file in &applied.changed {
        batch.add(dir.join(file.name()), applied.texts.get(file).cloned().unwrap_or_default());
    }
    Ok(())
}

fn report(args: &SupplyReportArgs) -> Result<ExitCode, Failure> {
    extension(&args.out, &["xlsx", "json"])?;
    let on = day_or_today("--on", args.on.as_deref())?;
    let valid_until = args.until.as_deref().map(|typed| day("--until", typed)).transpose()?;
    let read = disk::read(&args.dir)?;
    let files = &read.folder.files;
    let others = kept_back(&args.dir, files)?;
    let made = status_report(&Service::new(files), &read.source, &others);
    let report = StatusReport { on: Some(on), by: args.by.clone(), valid_until, ..made };
    let bytes = match args.out.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("json")) {
        true => report_document(&report),
        false => {
            let asked = Asked { asker: String::new(), tasks: &reported_tasks(files, &others) };
            report_workbook(&asked, &report).map_err(|error| Failure::input(error.to_string()))?
        }
    };
    let mut batch = Batch::default();
    batch.add(args.out.clone(), bytes);
    batch.write()?;
    eprintln!(
        "報告を「{}」に書き出しました。対策項目への答えは、決めた人の記録のある{}件です。",
        args.out.display(),
        report.statements.len()
    );
    Ok(ExitCode::SUCCESS)
}

/// Names of institutions: they are not for other companies to know.
fn kept_back(dir: &Path, files: &ServiceFiles) -> Result<Others, Failure> {
    let names = agreement::institution_names(dir)?;
    Ok(names_kept_back(files, names.iter().map(String::as_str)))
}

/// The end of the file's name tells what to write.
fn extension(out: &Path, known: &[&str]) -> Result<(), Failure> {
    let is_known =
        out.extension().is_some_and(|found| known.iter().any(|extension| found.eq_ignore_ascii_case(extension)));
    if is_known {
        return Ok(());
    }
    let ends: Vec<String> = known.iter().map(|extension| format!(".{extension}")).collect();
    Err(Failure::input(format!("--out のファイル名は、{} で終わる名前にしてください。", ends.join(" 又は "))))
}
