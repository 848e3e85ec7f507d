//! `shirube audit`: audits with their independence, working papers, findings and what may be shown of them.

use std::path::Path;
use std::process::ExitCode;

use serde_json::{Value, json};
use shirube_documents::content::Document;
use shirube_documents::deliverable::{RecordHead, audit_paper, audit_plan, audit_report, audit_summary};
use shirube_exchange::{audit_workbook, read_audit, read_with_times};
use shirube_safety::ServiceFiles;
use shirube_safety::model::Date;
use shirube_safety::operation::audit::{
    Audit, Certificate, FINDINGS, Finding, Item, Validity, certificates, checklist, findings, proposed, provider_names,
    summary,
};
use shirube_safety::operation::register::{Records, rows};
use shirube_safety::typed::folded;

use crate::args::{AuditCommand, AuditListArgs, AuditPaperArgs, AuditSummaryArgs, AuditTakeArgs, DiffFormat};
use crate::day::{day, day_or_today};
use crate::disk::{self, Batch};
use crate::exit::{self, Failure};
use crate::operations::OPERATIONS;
use crate::{operations, register, table};

pub fn run(command: &AuditCommand) -> Result<ExitCode, Failure> {
    match command {
        AuditCommand::List(args) => list(args),
        AuditCommand::Plan(args) => {
            paper(args, |kept, audit, head| audit_plan(audit, &kept.provider(), &kept.items(audit), head))
        }
        AuditCommand::Paper(args) => working_paper(args),
        AuditCommand::Take(args) => take(args),
        AuditCommand::Report(args) => paper(args, |kept, audit, head| audit_report(audit, &kept.provider(), head)),
        AuditCommand::Summary(args) => short(args),
    }
}

/// A folder with its records.
struct Kept {
    read: disk::ReadFolder,
    records: Records,
    source: String,
}

impl Kept {
    fn read(dir: &Path) -> Result<Self, Failure> {
        let read = disk::read(dir)?;
        let records = operations::read(dir)?;
        let source = operations::source(dir, &read.source)?;
        Ok(Self { read, records, source })
    }

    fn files(&self) -> &ServiceFiles {
        &self.read.folder.files
    }

    fn provider(&self) -> Vec<&str> {
        provider_names(self.files())
    }

    fn head(&self, on: Date) -> RecordHead {
        RecordHead::new(self.files(), &self.source, on.0)
    }

    fn items(&self, audit: &Audit) -> Vec<Item> {
        checklist(audit, &self.files().conformity)
    }

    fn audit(&self, number: &str) -> Result<Audit<'_>, Failure> {
        let all = Audit::all(&self.records);
        let known: Vec<&str> = all.iter().map(|audit| audit.entry.id.as_str()).collect();
        let known = if known.is_empty() { "ありません".to_owned() } else { known.join("、") };
        let missing = format!("番号「{number}」の監査はありません。書かれている監査: {known}。");
        all.into_iter().find(|one| folded(&one.entry.id) == folded(number)).ok_or_else(|| Failure::input(missing))
    }

    fn grades(&self) -> Vec<String> {
        let grade = self.records.register(FINDINGS).and_then(|register| register.field("grade"));
        grade.map(|field| field.options.clone()).unwrap_or_default()
    }
}

fn list(args: &AuditListArgs) -> Result<ExitCode, Failure> {
    let on = day_or_today("--on", args.on.as_deref())?;
    let kept = Kept::read(&args.dir)?;
    let (audits, found) = (Audit::all(&kept.records), findings(&kept.records));
    let held = certificates(&kept.records, on.0);
    exit::print(&match args.format {
        DiffFormat::Table => words(&kept, &audits, &found, &held, on),
        DiffFormat::Json => exit::json(&json!({
            "on": on,
            "audits": audits.iter().map(|one| value(one, &kept)).collect::<Vec<_>>(),
            "findings": found.iter().map(|one| found_value(one, on)).collect::<Vec<_>>(),
            "certificates": held.iter().map(certificate_value).collect::<Vec<_>>(),
        })),
    })?;
    let is_against =
        audits.iter().any(|one| !one.is_cancelled() && one.independence(&kept.provider()).is_contradicted())
            || found.iter().any(|one| one.is_overdue(on.0) || one.is_verified_by_owner())
            || held.iter().any(|one| one.validity == Validity::Expired && one.entry.state == "valid");
    Ok(if is_against { ExitCode::from(exit::FINDINGS) } else { ExitCode::SUCCESS })
}

fn title(records: &Records, register: &str, state: &str) -> String {
    let found = records.register(register).and_then(|register| register.state(state));
    found.map_or(state, |state| &state.title).to_owned()
}

fn words(kept: &Kept, audits: &[Audit], found: &[Finding], held: &[Certificate], on: Date) -> String {
    let audit = |one: &Audit| {
        let independence = one.independence(&kept.provider());
        vec![
            one.entry.id.clone(),
            one.entry.text("title"),
            title(&kept.records, "audits", &one.entry.state),
            one.entry.text("auditor").replace('\n', "、"),
            independence.words(),
            one.findings().iter().filter(|finding| finding.counts()).count().to_string(),
        ]
    };
    let finding = |one: &Finding| {
        let due = one.entry.day("due_on").map(|day| day.to_string()).unwrap_or_default();
        vec![
            one.entry.id.clone(),
            one.entry.text("grade"),
            one.state.map_or("", |state| state.term()).to_owned(),
            format!("{due}{}", if one.is_overdue(on.0) { " 期限超過" } else { "" }),
            one.earlier.clone().unwrap_or_default(),
        ]
    };
    let certificate = |one: &Certificate| {
        let until = one.until.map(|day| day.to_string()).unwrap_or_default();
        vec![one.entry.text("name"), until, one.validity.term().to_owned()]
    };
    let part = |heading: &[&str], rows: Vec<Vec<String>>, none: &str| match rows.is_empty() {
        true => format!("{none}\n"),
        false => table::table(heading, &rows),
    };
    let audits = audits.iter().map(audit).collect();
    let overdue = found.iter().filter(|one| one.is_overdue(on.0)).count();
    let found = found.iter().map(finding).collect();
    let held = held.iter().map(certificate).collect();
    format!(
        "{}\n{}\n{}\n{on}の時点: 期限を過ぎた是正{overdue}件\n",
        part(&["番号", "件名", "状態", "監査する者", "独立（記録による）", "指摘"], audits, "監査の記録はありません。"),
        part(&["番号", "区分", "状態", "期限", "前の同じ指摘"], found, "指摘の記録はありません。"),
        part(&["認証・評価", "有効期間の終わり", "状態"], held, "認証・評価の記録はありません。"),
    )
}

fn value(audit: &Audit, kept: &Kept) -> Value {
    let independence = audit.independence(&kept.provider());
    let part = |part: &&shirube_safety::operation::audit::Part| json!({ "register": part.id, "entry": part.entry, "on": part.on.map(|day| day.to_string()), "how": part.how });
    json!({
        "number": audit.entry.id,
        "state": audit.entry.state,
        "declared_independent": independence.declared,
        "internal": independence.is_internal,
        "contradicted": independence.is_contradicted(),
        "took_part": independence.took_part().iter().map(part).collect::<Vec<_>>(),
        "findings": audit.findings().iter().filter(|one| one.counts()).count(),
    })
}

fn found_value(one: &Finding, on: Date) -> Value {
    json!({
        "number": one.entry.id,
        "audit": one.entry.text("audit"),
        "state": one.entry.state,
        "grade": one.entry.text("grade"),
        "controls": one.entry.text("controls"),
        "earlier": one.earlier,
        "overdue": one.is_overdue(on.0),
        "verified_by_owner": one.is_verified_by_owner(),
    })
}

fn certificate_value(one: &Certificate) -> Value {
    json!({ "name": one.entry.text("name"), "until": one.until.map(|day| day.to_string()), "validity": one.validity })
}

fn paper(args: &AuditPaperArgs, make: impl Fn(&Kept, &Audit, &RecordHead) -> Document) -> Result<ExitCode, Failure> {
    let on = day_or_today("--on", args.on.as_deref())?;
    let kept = Kept::read(&args.dir)?;
    let audit = kept.audit(&args.number)?;
    register::write(make(&kept, &audit, &kept.head(on)), &args.out)?;
    Ok(ExitCode::SUCCESS)
}

/// As a workbook it can be filled in and taken back; in other formats it is for reading and writing by hand.
fn working_paper(args: &AuditPaperArgs) -> Result<ExitCode, Failure> {
    if args.out.extension().is_none_or(|ending| !ending.eq_ignore_ascii_case("xlsx")) {
        return paper(args, |kept, audit, head| audit_paper(audit, &kept.items(audit), head));
    }
    let kept = Kept::read(&args.dir)?;
    let audit = kept.audit(&args.number)?;
    let items = kept.items(&audit);
    let bytes =
        audit_workbook(&audit.entry.id, &items, &kept.grades()).map_err(|error| Failure::input(error.to_string()))?;
    let mut batch = Batch::default();
    batch.add(args.out.clone(), bytes);
    batch.write()?;
    eprintln!("「{}」に書き出しました（対策項目{}件）。", args.out.display(), items.len());
    Ok(ExitCode::SUCCESS)
}

fn take(args: &AuditTakeArgs) -> Result<ExitCode, Failure> {
    let on = day_or_today("--on", args.on.as_deref())?;
    let kept = Kept::read(&args.dir)?;
    let audit = kept.audit(&args.number)?;
    let name = args.file.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let book = read_with_times(&disk::file(&args.file)?, &name).map_err(|error| Failure::input(error.to_string()))?;
    let seen = read_audit(&book, &audit.entry.id, &kept.grades())
        .map_err(|faults| Failure::Input(faults.iter().map(ToString::to_string).collect()))?;
    let made = proposed(&audit, &seen, on.0);
    let register = kept.records.register(FINDINGS).expect("the register comes with the program");
    let file = target(&kept.records)?;
    if args.write && !made.is_empty() {
        let entries: Vec<_> = kept.records.entries(FINDINGS).iter().cloned().chain(made.iter().cloned()).collect();
        let (heading, rows) = rows(register, &entries);
        let heading: Vec<&str> = heading.iter().map(String::as_str).collect();
        let mut batch = Batch::default();
        batch.add(args.dir.join(&file), table::csv(&heading, &rows).into_bytes());
        batch.write()?;
    }
    let mut text: String = made
        .iter()
        .map(|entry| format!("案を加える: {} {} {}\n", entry.id, entry.text("controls"), entry.text("finding")))
        .collect();
    text.push_str(&format!("結果の書かれた対策項目{}件、加える指摘の案{}件\n", seen.len(), made.len()));
    text.push_str(&match (made.is_empty(), args.write) {
        (true, _) => String::new(),
        (false, true) => format!("{file} に書き込みました。指摘とするかは、承認する人が決めてください。\n"),
        (false, false) => "まだ書き込んでいません。書き込むには、--write を付けてください。\n".to_owned(),
    });
    exit::print(&text)?;
    Ok(ExitCode::SUCCESS)
}

/// Where the findings are kept. A workbook that people keep themselves is not written over.
fn target(records: &Records) -> Result<String, Failure> {
    match records.book(FINDINGS) {
        Some(book) if !book.file.ends_with(".csv") => Err(Failure::input(format!(
            "指摘と是正の台帳は「{}」につけているため、加えられません。そのブックに直接書くか、CSVで保存し直してください。",
            book.file
        ))),
        Some(book) => Ok(book.file.clone()),
        None => Ok(format!("{OPERATIONS}/{FINDINGS}.csv")),
    }
}

fn short(args: &AuditSummaryArgs) -> Result<ExitCode, Failure> {
    let on = day_or_today("--on", args.on.as_deref())?;
    let (from, until) = (day("--from", &args.from)?, day("--to", &args.to)?);
    if until < from {
        return Err(Failure::input("--to は、--from の日か、その後の日にしてください。"));
    }
    let kept = Kept::read(&args.dir)?;
    let summary = summary(&kept.records, &kept.provider(), from.0, until.0);
    let held = certificates(&kept.records, on.0);
    register::write(audit_summary(&summary, &held, &kept.head(on)), &args.out)?;
    Ok(ExitCode::SUCCESS)
}
