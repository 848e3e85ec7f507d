//! `shirube register`: registers as they are declared, as they are kept, on paper, and as workbooks.

pub mod duties;
pub mod evidence;
mod take;

use std::path::Path;
use std::process::ExitCode;

use serde_json::{Value, json};
use shirube_catalog::{Register, RegisterDuty, Required};
use shirube_documents::content::Document;
use shirube_documents::deliverable::{EntryPaper, RecordHead, RegisterPaper, entry_document, register_document};
use shirube_documents::write::Format;
use shirube_exchange::register_workbook;
use shirube_safety::operation::register::{Entry, Kept, NUMBER, Records, STATE, Until, kept};
use shirube_safety::typed::folded;

use crate::args::{
    ListFormat, RegisterCommand, RegisterListArgs, RegisterPrintArgs, RegisterShowArgs, RegisterTemplateArgs,
};
use crate::day::day_or_today;
use crate::disk::{self, Batch};
use crate::exit::{self, Failure};
use crate::{operations, report, table};

pub fn run(command: &RegisterCommand) -> Result<ExitCode, Failure> {
    match command {
        RegisterCommand::List(args) => list(args),
        RegisterCommand::Show(args) => show(args),
        RegisterCommand::Print(args) => print(args),
        RegisterCommand::Template(args) => template(args),
        RegisterCommand::Take(args) => take::run(args),
    }
}

/// The records of a folder that is one of a service.
fn records(dir: &Path) -> Result<Records, Failure> {
    disk::texts(dir)?;
    operations::read(dir)
}

/// The register that somebody named.
fn named<'r>(registers: &'r [Register], name: &str) -> Result<&'r Register, Failure> {
    let wanted = folded(name);
    let found = registers.iter().find(|register| register.id == wanted || folded(&register.title) == wanted);
    found.ok_or_else(|| {
        Failure::input(format!(
            "「{name}」という台帳はありません。台帳のidと名前は、shirube register list で確かめられます。"
        ))
    })
}

fn list(args: &RegisterListArgs) -> Result<ExitCode, Failure> {
    let records = match &args.dir {
        Some(dir) => records(dir)?,
        None => Records { registers: operations::registers(None)?, ..Records::default() },
    };
    let count = |register: &Register| records.entries(&register.id).len();
    let row = |register: &Register| {
        let mut row = vec![register.id.clone(), register.title.clone(), register.group.term().to_owned()];
        if args.dir.is_some() {
            let kept =
                if records.is_kept(&register.id) { format!("{}件", count(register)) } else { "なし".to_owned() };
            row.push(kept);
        }
        row.push(register.duties.iter().map(|duty| duty.title.as_str()).collect::<Vec<_>>().join("、"));
        row
    };
    let rows: Vec<Vec<String>> = records.registers.iter().map(row).collect();
    let heading: &[&str] = match args.dir {
        Some(_) => &["id", "台帳", "分野", "記録", "務め"],
        None => &["id", "台帳", "分野", "務め"],
    };
    exit::print(&match args.format {
        ListFormat::Table => format!("{}\n台帳{}件\n", table::table(heading, &rows), rows.len()),
        ListFormat::Csv => table::csv(heading, &rows),
        ListFormat::Json => {
            let value = |register: &Register| {
                let mut value = declared(register);
                if args.dir.is_some() {
                    value["kept"] = json!(records.is_kept(&register.id));
                    value["entries"] = json!(count(register));
                }
                value
            };
            exit::json(&json!({ "registers": records.registers.iter().map(value).collect::<Vec<_>>() }))
        }
    })?;
    Ok(ExitCode::SUCCESS)
}

fn show(args: &RegisterShowArgs) -> Result<ExitCode, Failure> {
    match &args.dir {
        None => declaration(args),
        Some(dir) => {
            let records = records(dir)?;
            rows(args, &records, named(&records.registers, &args.name)?)
        }
    }
}

fn declaration(args: &RegisterShowArgs) -> Result<ExitCode, Failure> {
    let registers = operations::registers(None)?;
    let register = named(&registers, &args.name)?;
    let heading = ["id", "欄", "種類", "必ず書くとき", "説明"];
    let fields: Vec<Vec<String>> = register
        .fields
        .iter()
        .map(|field| {
            let help = [field.help.clone().unwrap_or_default(), field.options.join("／")].concat();
            let kind = field.kind.term().to_owned();
            vec![field.id.clone(), field.title.clone(), kind, required(register, &field.required), help]
        })
        .collect();
    exit::print(&match args.format {
        ListFormat::Table => {
            let head = format!(
                "{}（{}）\n{}\nよりどころ: {}\n\n",
                register.title,
                register.id,
                register.purpose,
                register.sources.join("、")
            );
            [head, table::table(&heading, &fields), states(register), duties_text(register)].concat()
        }
        ListFormat::Csv => table::csv(&heading, &fields),
        ListFormat::Json => exit::json(&declared(register)),
    })?;
    Ok(ExitCode::SUCCESS)
}

fn required(register: &Register, required: &Required) -> String {
    match required {
        Required::Never => String::new(),
        Required::Always => "いつも".to_owned(),
        Required::In(states) => states.iter().map(|id| title_of(register, id)).collect::<Vec<_>>().join("、"),
    }
}

fn title_of<'r>(register: &'r Register, state: &'r str) -> &'r str {
    register.state(state).map_or(state, |state| &state.title)
}

fn states(register: &Register) -> String {
    let names: Vec<&str> = register.states.iter().map(|state| state.title.as_str()).collect();
    let step = |step: &shirube_catalog::RegisterStep| {
        let from: Vec<&str> = step.from.iter().map(|id| title_of(register, id)).collect();
        let by = match step.by {
            shirube_catalog::StepBy::Anyone => String::new(),
            by => format!("（{}）", by.term()),
        };
        format!("  ・{}: 「{}」から「{}」へ{by}\n", step.title, from.join("」「"), title_of(register, &step.to))
    };
    format!("\n状態: {}\n手続\n{}", names.join("、"), register.steps.iter().map(step).collect::<String>())
}

fn duties_text(register: &Register) -> String {
    if register.duties.is_empty() {
        return String::new();
    }
    let duty = |duty: &RegisterDuty| format!("  ・{}: {}\n", duty.title, period(register, duty));
    format!("務め\n{}", register.duties.iter().map(duty).collect::<String>())
}

/// When a duty is due, as its declaration says.
fn period(register: &Register, duty: &RegisterDuty) -> String {
    let title = |id: &str| register.field(id).map_or(id.to_owned(), |field| field.title.clone());
    let bound = |bound: &shirube_catalog::Bound, side: &str| {
        let span = bound.span.map(|span| format!("の{span}{side}")).unwrap_or_default();
        format!("「{}」{span}まで", title(&bound.field))
    };
    match (duty.agreed, duty.every, &duty.before, &duty.after) {
        (true, Some(example), ..) => format!("周期は双方で決める（例: {example}ごと）"),
        (true, None, ..) => "周期は双方で決める".to_owned(),
        (_, Some(every), ..) => format!("{every}ごと"),
        (_, _, Some(before), _) => bound(before, "前"),
        (_, _, _, Some(after)) => bound(after, "後"),
        _ => String::new(),
    }
}

/// A declaration for programs.
fn declared(register: &Register) -> Value {
    let field = |field: &shirube_catalog::RegisterField| {
        json!({ "id": field.id, "title": field.title, "kind": field.kind.term(), "options": field.options,
            "unique": field.unique, "many": field.many, "personal": field.personal, "of": field.of, "help": field.help })
    };
    let duty = |duty: &RegisterDuty| {
        let controls: Vec<String> = duty.evidences.iter().map(ToString::to_string).collect();
        json!({ "id": duty.id, "title": duty.title, "agreed": duty.agreed, "period": period(register, duty),
            "owner": duty.owner, "evidences": controls, "source": duty.source })
    };
    json!({
        "id": register.id,
        "title": register.title,
        "group": register.group.term(),
        "purpose": register.purpose,
        "sources": register.sources,
        "evidences": register.evidences.iter().map(|one| one.control.to_string()).collect::<Vec<_>>(),
        "fields": register.fields.iter().map(field).collect::<Vec<_>>(),
        "states": register.states.iter().map(|one| json!({ "id": one.id, "title": one.title, "closed": one.closed })).collect::<Vec<_>>(),
        "duties": register.duties.iter().map(duty).collect::<Vec<_>>(),
    })
}

/// The entries that were asked for.
fn chosen<'r>(args: &RegisterShowArgs, records: &'r Records, register: &Register) -> Result<Vec<&'r Entry>, Failure> {
    let state = match &args.state {
        None => None,
        Some(typed) => {
            let wanted = folded(typed);
            let found = register.states.iter().find(|state| state.id == wanted || folded(&state.title) == wanted);
            let known: Vec<&str> = register.states.iter().map(|state| state.title.as_str()).collect();
            Some(found.ok_or_else(|| {
                Failure::input(format!(
                    "--state の「{typed}」という状態はありません。あるのは、{}です。",
                    known.join("、")
                ))
            })?)
        }
    };
    let word = args.find.as_deref().map(folded);
    let holds = |entry: &Entry, word: &str| {
        let mut texts = register.fields.iter().map(|field| entry.text(&field.id)).chain([entry.id.clone()]);
        texts.any(|text| folded(&text).contains(word))
    };
    let entries = records.entries(&register.id).iter();
    let entries = entries.filter(|entry| state.is_none_or(|state| entry.state == state.id));
    Ok(entries.filter(|entry| word.as_ref().is_none_or(|word| holds(entry, word))).collect())
}

fn rows(args: &RegisterShowArgs, records: &Records, register: &Register) -> Result<ExitCode, Failure> {
    let entries = chosen(args, records, register)?;
    let until = kept(records, register);
    let fields: Vec<&str> = match args.format {
        ListFormat::Table => register.print.columns.iter().map(String::as_str).collect(),
        _ => register.fields.iter().map(|field| field.id.as_str()).collect(),
    };
    let titles = fields.iter().filter_map(|id| register.field(id)).map(|field| field.title.as_str());
    let heading: Vec<&str> = [NUMBER, STATE].into_iter().chain(titles).chain(["保存"]).collect();
    let row = |entry: &&Entry| {
        let start = [entry.id.clone(), title_of(register, &entry.state).to_owned()];
        let cells = fields.iter().map(|id| entry.text(id));
        let kept = until.iter().find(|kept| kept.entry.id == entry.id).map(retained).unwrap_or_default();
        start.into_iter().chain(cells).chain([kept]).collect::<Vec<String>>()
    };
    let rows: Vec<Vec<String>> = entries.iter().map(row).collect();
    exit::print(&match args.format {
        ListFormat::Table => {
            let flat: Vec<Vec<String>> =
                rows.iter().map(|row| row.iter().map(|cell| cell.replace('\n', "／")).collect()).collect();
            format!("{}\n{}{}件\n", table::table(&heading, &flat), register.title, rows.len())
        }
        ListFormat::Csv => table::csv(&heading, &rows),
        ListFormat::Json => {
            let value = |entry: &&Entry| {
                let values: serde_json::Map<String, Value> =
                    register.fields.iter().map(|field| (field.id.clone(), values(entry, &field.id))).collect();
                let kept = until.iter().find(|kept| kept.entry.id == entry.id).map(retained);
                json!({ "id": entry.id, "state": entry.state, "hold": entry.hold, "values": values, "retention": kept })
            };
            exit::json(&json!({ "register": register.id, "entries": entries.iter().map(value).collect::<Vec<_>>() }))
        }
    })?;
    Ok(ExitCode::SUCCESS)
}

fn values(entry: &Entry, field: &str) -> Value {
    entry.values(field).iter().map(ToString::to_string).collect()
}

/// Until when a closed entry stays, in words.
fn retained(kept: &Kept) -> String {
    match kept.until {
        Until::Held => "保全中（捨てない）".to_owned(),
        Until::Day(day) => format!("{day}まで"),
        Until::NotAgreed => "期間をまだ決めていません".to_owned(),
        Until::NoPeriod => "期間の定めなし".to_owned(),
        Until::ClosedUnknown => "終わった日が書かれていません".to_owned(),
    }
}

fn print(args: &RegisterPrintArgs) -> Result<ExitCode, Failure> {
    let on = day_or_today("--on", args.on.as_deref())?;
    let read = disk::read(&args.dir)?;
    let records = operations::read(&args.dir)?;
    let register = named(&records.registers, &args.name)?;
    let head = RecordHead::new(&read.folder.files, &operations::source(&args.dir, &read.source)?, on.0);
    if let Some(id) = &args.entry {
        write(one(&records, register, id, &head)?, &args.out)?;
        return Ok(ExitCode::SUCCESS);
    }
    let paper =
        RegisterPaper { register, entries: records.entries(&register.id), for_institution: args.for_institution };
    write(register_document(paper, &head), &args.out)?;
    Ok(ExitCode::SUCCESS)
}

/// One entry with what was done with it.
fn one(records: &Records, register: &Register, id: &str, head: &RecordHead) -> Result<Document, Failure> {
    let entry = records.entries(&register.id).iter().find(|entry| entry.id == id).ok_or_else(|| {
        Failure::input(format!(
            "--entry の「{id}」は、「{}」にありません。番号は shirube register show {} で確かめられます。",
            register.title, register.id
        ))
    })?;
    let lines = records.done(&register.id).filter(|line| line.entry.as_deref() == Some(id)).cloned();
    let lines: Vec<_> = lines.collect();
    Ok(entry_document(EntryPaper { register, entry, lines: &lines }, head))
}

/// Writes a paper in the format that its file name ends with.
pub fn write(document: Document, out: &Path) -> Result<(), Failure> {
    let ending = out.extension().map(|ending| ending.to_string_lossy().to_lowercase()).unwrap_or_default();
    let (formats, sheets): (Vec<Format>, bool) = match (ending.as_str(), ending.parse()) {
        ("csv", _) => (Vec::new(), true),
        (_, Ok(format)) => (vec![format], false),
        _ => {
            return Err(Failure::input(
                "--out のファイル名は、.pdf、.xlsx、.docx、.html、.md、.csv、.json のどれかで終わる名前にしてください。",
            ));
        }
    };
    let mut batch = Batch::default();
    let first = report::single(document, &formats, sheets)?.into_iter().next().expect("one format makes one file");
    batch.add(out.to_owned(), first.bytes);
    batch.write()?;
    eprintln!("「{}」に書き出しました。", out.display());
    Ok(())
}

fn template(args: &RegisterTemplateArgs) -> Result<ExitCode, Failure> {
    if args.out.extension().is_none_or(|ending| !ending.eq_ignore_ascii_case("xlsx")) {
        return Err(Failure::input("--out のファイル名は、.xlsx で終わる名前にしてください。"));
    }
    let records = match &args.dir {
        Some(dir) => records(dir)?,
        None => Records { registers: operations::registers(None)?, ..Records::default() },
    };
    let register = named(&records.registers, &args.name)?;
    let entries = records.entries(&register.id);
    let bytes = register_workbook(register, entries).map_err(|error| Failure::input(error.to_string()))?;
    let mut batch = Batch::default();
    batch.add(args.out.clone(), bytes);
    batch.write()?;
    eprintln!("「{}」を「{}」に書き出しました（{}件）。", register.title, args.out.display(), entries.len());
    Ok(ExitCode::SUCCESS)
}
