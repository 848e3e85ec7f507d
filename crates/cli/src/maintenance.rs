//! `shirube maintenance`: whether maintenance was told, consented to and reported as agreed, and the letters about it.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use serde_json::{Value, json};
use shirube_catalog::{BeforeWork, maintenance_rules};
use shirube_documents::deliverable::{RecordHead, board_document, notice_document};
use shirube_documents::write::Format;
use shirube_safety::ServiceFiles;
use shirube_safety::model::Date;
use shirube_safety::operation::maintenance::{Notice, Standing, Terms};
use shirube_safety::operation::register::Records;
use shirube_safety::typed::folded;

use crate::args::{
    DiffFormat, ListFormat, MaintenanceCommand, MaintenanceListArgs, MaintenanceNoticeArgs, MaintenanceShowArgs,
};
use crate::day::day_or_today;
use crate::disk::{self, Batch};
use crate::exit::{self, Failure};
use crate::{operations, register, report, table};

pub fn run(command: &MaintenanceCommand) -> Result<ExitCode, Failure> {
    match command {
        MaintenanceCommand::List(args) => list(args),
        MaintenanceCommand::Show(args) => show(args),
        MaintenanceCommand::Notice(args) => notice(args),
    }
}

/// A folder with its records.
struct Kept {
    read: disk::ReadFolder,
    records: Records,
    terms: Terms,
    source: String,
}

impl Kept {
    fn read(dir: &Path) -> Result<Self, Failure> {
        let read = disk::read(dir)?;
        let records = operations::read(dir)?;
        let terms = operations::maintenance_terms(dir, &read.folder.files)?;
        let source = operations::source(dir, &read.source)?;
        Ok(Self { read, records, terms, source })
    }

    fn files(&self) -> &ServiceFiles {
        &self.read.folder.files
    }

    fn head(&self, on: Date) -> RecordHead {
        RecordHead::new(self.files(), &self.source, on.0)
    }

    fn notice(&self, number: &str) -> Result<Notice<'_>, Failure> {
        let all = Notice::all(&self.records, &self.terms);
        let known: Vec<&str> = all.iter().map(|notice| notice.entry.id.as_str()).collect();
        let known = if known.is_empty() { "ありません".to_owned() } else { known.join("、") };
        let missing = format!("番号「{number}」の保守はありません。書かれている保守: {known}。");
        all.into_iter().find(|notice| folded(&notice.entry.id) == folded(number)).ok_or_else(|| Failure::input(missing))
    }
}

/// What stands against a maintenance on a day, in sentences.
fn open_points(notice: &Notice, terms: &Terms, on: Date) -> Vec<String> {
    let mut points = Vec::new();
    if notice.is_late()
        && let Some(deadline) = &notice.deadline
    {
        points.push(format!("告知が期日（{}）より後でした。", deadline.by));
    }
    if notice.awaits_report() {
        points.push("結果の報告がまだです。".to_owned());
    }
    if let Some(started) = notice.started_on() {
        points.extend(notice.missing(started, terms));
    } else if !notice.is_over() && !notice.is_cancelled() {
        points.extend(notice.missing(on.0, terms));
    }
    points
}

/// Whether what is missing is more than what is still to come: it was begun, or its day of notice went by.
fn is_finding(notice: &Notice, terms: &Terms, on: Date) -> bool {
    if notice.is_cancelled() {
        return false;
    }
    if let Some(started) = notice.started_on() {
        return notice.is_late() || !notice.missing(started, terms).is_empty();
    }
    let overdue = notice.deadline.as_ref().is_some_and(|deadline| deadline.by < on.0);
    let begins = notice.entry.day("starts_at").is_some_and(|day| day <= on.0);
    notice.is_late()
        || overdue && notice.told_on().is_none() && !notice.is_urgent()
        || begins && !notice.missing(on.0, terms).is_empty()
}

fn code(is_found: bool) -> ExitCode {
    if is_found { ExitCode::from(exit::FINDINGS) } else { ExitCode::SUCCESS }
}

fn list(args: &MaintenanceListArgs) -> Result<ExitCode, Failure> {
    let on = day_or_today("--on", args.on.as_deref())?;
    let kept = Kept::read(&args.dir)?;
    let notices = Notice::all(&kept.records, &kept.terms);
    let heading = ["番号", "件名", "種類", "状態", "始める日", "告知の期日", "告知した日", "承諾", "足りないもの"];
    let rows: Vec<Vec<String>> = notices.iter().map(|notice| row(notice, &kept, on)).collect();
    match (&args.out, args.format) {
        (Some(out), _) => register::write(board_document(&notices, &kept.terms, &kept.head(on)), out)?,
        (None, ListFormat::Table) => {
            let flat: Vec<Vec<String>> =
                rows.iter().map(|row| row.iter().map(|cell| cell.replace('\n', "／")).collect()).collect();
            let open = notices.iter().filter(|notice| !open_points(notice, &kept.terms, on).is_empty()).count();
            let counts = format!("{on}の時点: 保守{}件、足りないもののあるもの{open}件\n", notices.len());
            exit::print(&format!("{}\n{counts}", table::table(&heading, &flat)))?;
        }
        (None, ListFormat::Csv) => exit::print(&table::csv(&heading, &rows))?,
        (None, ListFormat::Json) => {
            let all: Vec<Value> = notices.iter().map(|notice| value(notice, &kept.terms, on)).collect();
            exit::print(&exit::json(&json!({ "on": on, "maintenance": all })))?;
        }
    }
    Ok(code(notices.iter().any(|notice| is_finding(notice, &kept.terms, on))))
}

fn row(notice: &Notice, kept: &Kept, on: Date) -> Vec<String> {
    let entry = notice.entry;
    let register = kept.records.register(shirube_safety::operation::maintenance::NOTICES);
    let state = register.and_then(|register| register.state(&entry.state)).map_or("", |state| &state.title);
    let day = |day: Option<chrono::NaiveDate>| day.map(|day| day.to_string()).unwrap_or_default();
    vec![
        entry.id.clone(),
        entry.text("title"),
        entry.text("category"),
        state.to_owned(),
        day(entry.day("starts_at")),
        day(notice.deadline.as_ref().map(|deadline| deadline.by)),
        day(notice.told_on()),
        counted(notice, &kept.terms, on),
        open_points(notice, &kept.terms, on).join("\n"),
    ]
}

/// How many consents are in, where any is needed.
fn counted(notice: &Notice, terms: &Terms, on: Date) -> String {
    if notice.kind.is_none_or(|kind| kind.before != BeforeWork::Consent) {
        return "不要".to_owned();
    }
    let standings = notice.standings(notice.started_on().unwrap_or(on.0), terms);
    let given = standings.iter().filter(|one| one.consent.is_in()).count();
    format!("{}件のうち{given}件", standings.len())
}

fn value(notice: &Notice, terms: &Terms, on: Date) -> Value {
    let moment = notice.started_on().unwrap_or(on.0);
    let standing = |one: &Standing| {
        json!({ "institution": one.institution, "consent": one.consent, "on": one.on.map(|day| day.to_string()),
            "record": one.record.map(|record| &record.id) })
    };
    json!({
        "number": notice.entry.id,
        "state": notice.entry.state,
        "category": notice.entry.text("category"),
        "class": notice.kind.map(|kind| &kind.class),
        "before": notice.kind.map(|kind| kind.before.term()),
        "deadline": notice.deadline.as_ref().map(|one| json!({ "by": one.by.to_string(), "basis": one.basis })),
        "told_on": notice.told_on().map(|day| day.to_string()),
        "late": notice.is_late(),
        "urgent": notice.is_urgent(),
        "may_start": notice.missing(moment, terms).is_empty(),
        "missing": notice.missing(moment, terms),
        "awaits_report": notice.awaits_report(),
        "institutions": notice.standings(moment, terms).iter().map(standing).collect::<Vec<_>>(),
        "finding": is_finding(notice, terms, on),
    })
}

fn show(args: &MaintenanceShowArgs) -> Result<ExitCode, Failure> {
    let on = day_or_today("--on", args.on.as_deref())?;
    let kept = Kept::read(&args.dir)?;
    let notice = kept.notice(&args.number)?;
    exit::print(&match args.format {
        DiffFormat::Table => words(&notice, &kept.terms, on),
        DiffFormat::Json => {
            let mut value = value(&notice, &kept.terms, on);
            value["on"] = json!(on);
            exit::json(&value)
        }
    })?;
    Ok(code(is_finding(&notice, &kept.terms, on)))
}

fn words(notice: &Notice, terms: &Terms, on: Date) -> String {
    let entry = notice.entry;
    let mut text = format!("{} {}\n種類: {}\n", entry.id, entry.text("title"), entry.text("category"));
    if let Some(kind) = notice.kind {
        text.push_str(&format!("前もって要ること: {}\n決まり: {}（{}）\n", kind.before.term(), kind.note, kind.source));
    }
    if let Some(deadline) = &notice.deadline {
        let told =
            notice.told_on().map_or("まだ告知していません".to_owned(), |day| format!("{day}に告知しました"));
        text.push_str(&format!("告知の期日: {}（{}）。{told}。\n", deadline.by, deadline.basis));
        text.push_str(&format!("数え方: {}\n", maintenance_rules().stop.counted));
    }
    if notice.is_urgent() {
        text.push_str(&format!("緊急に始めることを認めています。理由: {}\n", entry.text("emergency_reason")));
    }
    let moment = notice.started_on().unwrap_or(on.0);
    let row = |one: &Standing| {
        let day = one.on.map(|day| day.to_string()).unwrap_or_default();
        vec![one.institution.clone(), one.consent.term().to_owned(), day]
    };
    let rows: Vec<Vec<String>> = notice.standings(moment, terms).iter().map(row).collect();
    text.push_str(&format!("\n{}", table::table(&["医療機関等", "承諾", "日付"], &rows)));
    let points = open_points(notice, terms, on);
    text.push_str(&match (points.is_empty(), notice.started_on()) {
        (false, _) => points.iter().map(|point| format!("\n  ・{point}")).collect::<String>() + "\n",
        (true, None) if !notice.is_cancelled() => "\n前もって要ることは、そろっています。\n".to_owned(),
        (true, _) => "\n足りないものはありません。\n".to_owned(),
    });
    text
}

fn notice(args: &MaintenanceNoticeArgs) -> Result<ExitCode, Failure> {
    let on = day_or_today("--on", args.on.as_deref())?;
    let kept = Kept::read(&args.dir)?;
    let notice = kept.notice(&args.number)?;
    let asked = asked(&notice, &kept.terms, &args.institution)?;
    told_apart(&notice, &kept.terms, &asked)?;
    let is_all = args.institution == "all";
    if !is_all {
        register::write(notice_document(&notice, &asked[0], &kept.terms, &kept.head(on)), &args.out)?;
        return Ok(ExitCode::SUCCESS);
    }
    let mut batch = Batch::default();
    for institution in &asked {
        let document = notice_document(&notice, institution, &kept.terms, &kept.head(on));
        let title = document.title.clone();
        let made = report::single(document, &[Format::Pdf], false)?.into_iter().next().expect("one format, one file");
        batch.add(path(&args.out, &title, institution), made.bytes);
    }
    for path in batch.write()? {
        exit::print(&format!("{}\n", path.display()))?;
    }
    Ok(ExitCode::SUCCESS)
}

/// Where the letter to an institution goes; what cannot stand in a name of a file is replaced.
fn path(out: &Path, title: &str, institution: &str) -> PathBuf {
    let plain = institution.replace(['/', '\\', ':', '*', '?', '"', '<', '>', '|'], "・");
    out.join(format!("{title}_{plain}.pdf"))
}

fn asked(notice: &Notice, terms: &Terms, typed: &str) -> Result<Vec<String>, Failure> {
    let known = notice.institutions();
    if known.is_empty() {
        return Err(Failure::input("「対象の医療機関等」が書かれていないため、宛先が分かりません。"));
    }
    if typed == "all" {
        return Ok(known.to_vec());
    }
    let name = terms.name(typed);
    known.iter().find(|one| **one == name).map(|one| vec![one.clone()]).ok_or_else(|| {
        let number = &notice.entry.id;
        Failure::input(format!(
            "「{typed}」は、保守「{number}」の対象の医療機関等にありません。対象は、{}です。",
            known.join("、")
        ))
    })
}

/// A letter that names another institution is not made.
fn told_apart(notice: &Notice, terms: &Terms, asked: &[String]) -> Result<(), Failure> {
    let mut wrong: Vec<String> = Vec::new();
    for institution in asked {
        for (field, other) in notice.names_others(institution, terms) {
            wrong.push(format!(
                "{institution}へのお知らせは作れません。「{field}」に、ほかの医療機関等（{other}）の名前があります。名前を除いてください。"
            ));
        }
    }
    if wrong.is_empty() { Ok(()) } else { Err(Failure::Input(wrong)) }
}
