//! Records of what happened, as the CSV files people and monitors keep: outages, what is to be taken off them, updates and
//! results of earlier evaluations. Every cell that cannot be read is told with its place, all at once.

mod check;
mod columns;
mod line;
mod misread;
mod monitor;
mod register;

use shirube_catalog::{ExclusionItem, service_level_rules};
use shirube_form::folded;
use shirube_safety::operation::level::{
    Affected, Earlier, Exclusion, Extent, Judgement, Outage, Records, Source, Update,
};

use crate::laid::Fault;
use crate::sheet::Sheet;
use line::{Line, Lines};

pub use misread::Misread;
pub use monitor::{Merged, Observed, merged, observed};
pub use register::as_register;

/// The files of `operations`, as far as they are there.
#[derive(Debug, Clone, Default)]
pub struct OperationFiles {
    pub outages: Option<Vec<u8>>,
    pub exclusions: Option<Vec<u8>>,
    pub updates: Option<Vec<u8>>,
    pub evaluations: Option<Vec<u8>>,
}

/// The same as tables, each with its headings first.
#[derive(Debug, Clone, Default)]
pub struct OperationTables {
    pub outages: Vec<Vec<String>>,
    pub exclusions: Vec<Vec<String>>,
    pub updates: Vec<Vec<String>>,
    pub evaluations: Vec<Vec<String>>,
}

/// Reads all records. `institutions` are the names of the institutions' files.
pub fn read_operations(files: &OperationFiles, institutions: &[String]) -> Result<Records, Vec<Fault>> {
    let mut faults = Vec::new();
    let mut lines = |form, bytes: &Option<Vec<u8>>| Lines::read(form, bytes.as_deref()?, &mut faults);
    let all = AllLines {
        outages: lines(&columns::OUTAGE, &files.outages),
        exclusions: lines(&columns::EXCLUSION, &files.exclusions),
        updates: lines(&columns::UPDATE, &files.updates),
        evaluations: lines(&columns::EVALUATION, &files.evaluations),
    };
    records(&all, institutions, faults).map_err(|faults| faults.into_iter().map(Fault::from).collect())
}

/// Reads the records of tables that are no files. `institutions` are all names that an institution may be given.
pub fn read_operation_tables(tables: OperationTables, institutions: &[String]) -> Result<Records, Vec<Misread>> {
    let mut faults = Vec::new();
    let mut lines = |form, rows| Lines::of(form, Sheet { name: String::new(), rows }, &mut faults);
    let all = AllLines {
        outages: lines(&columns::OUTAGE, tables.outages),
        exclusions: lines(&columns::EXCLUSION, tables.exclusions),
        updates: lines(&columns::UPDATE, tables.updates),
        evaluations: lines(&columns::EVALUATION, tables.evaluations),
    };
    records(&all, institutions, faults)
}

/// Tables whose headings were found.
struct AllLines {
    outages: Option<Lines>,
    exclusions: Option<Lines>,
    updates: Option<Lines>,
    evaluations: Option<Lines>,
}

fn records(lines: &AllLines, institutions: &[String], mut faults: Vec<Misread>) -> Result<Records, Vec<Misread>> {
    let mut reading = Reading { institutions, faults: &mut faults };
    let records = Records {
        outages: reading.all(lines.outages.as_ref(), Reading::outage),
        exclusions: reading.all(lines.exclusions.as_ref(), Reading::exclusion),
        updates: reading.all(lines.updates.as_ref(), Reading::update),
        earlier: reading.all(lines.evaluations.as_ref(), Reading::earlier),
    };
    // What a row means together with others is asked once every row could be read.
    if faults.is_empty() {
        check::check(&records, &mut faults);
    }
    if faults.is_empty() { Ok(records) } else { Err(faults) }
}

struct Reading<'r> {
    institutions: &'r [String],
    faults: &'r mut Vec<Misread>,
}

impl Reading<'_> {
    fn all<T>(&mut self, lines: Option<&Lines>, one: impl Fn(&mut Self, Line) -> Option<T>) -> Vec<T> {
        lines.into_iter().flat_map(Lines::rows).filter_map(|line| one(self, line)).collect()
    }

    fn outage(&mut self, line: Line) -> Option<Outage> {
        let known = self.institutions;
        let faults = &mut *self.faults;
        let (id, from) = (line.required("id", faults), line.required_moment("from", faults));
        let outage = Outage {
            row: line.number(),
            until: line.moment("until", faults),
            affected: line.affected("institutions", known, faults),
            part: line.text("part"),
            cause: line.text("cause"),
            extent: line.word("extent", EXTENTS, faults),
            hinders: line.yes_or_no("hinders", faults),
            judged: Judgement {
                provider: line.text("judged_by_provider"),
                institution: line.text("judged_by_institution"),
                reason: line.text("judged_because"),
            },
            detected: line.moment("detected", faults),
            contacted: line.moment("contacted", faults),
            responded: line.moment("responded", faults),
            source: line.word("source", SOURCES, faults).unwrap_or(Source::Person),
            corrected: line.text("corrected"),
            // Last, so that every cell of the row was looked at.
            id: id?,
            from: from?,
        };
        Some(outage)
    }

    fn exclusion(&mut self, line: Line) -> Option<Exclusion> {
        let known = self.institutions;
        let faults = &mut *self.faults;
        let outage = line.required("outage", faults);
        let (from, until) = (line.required_moment("from", faults), line.required_moment("until", faults));
        let item = line.required("item", faults).map(|text| (item(&text), text));
        if let Some((None, text)) = &item {
            line.fault("item", unknown_item(text), faults);
        }
        let confirmed_on = line.day("confirmed_on", faults);
        let confirmed_for = match line.text("confirmed_for") {
            Some(_) => line.affected("confirmed_for", known, faults),
            None => Affected::All,
        };
        Some(Exclusion {
            row: line.number(),
            outage: outage?,
            from: from?,
            until: until?,
            item: item?.0?,
            evidence: line.text("evidence"),
            confirmed_by: line.text("confirmed_by"),
            confirmed_on,
            confirmed_for,
        })
    }

    fn update(&mut self, line: Line) -> Option<Update> {
        let known = self.institutions;
        let faults = &mut *self.faults;
        let (id, what) = (line.required("id", faults), line.required("what", faults));
        let released = line.required_moment("released", faults);
        let (applied, due) = (line.moment("applied", faults), line.moment("due", faults));
        let reported_on = line.day("reported_on", faults);
        let affected = line.affected("institutions", known, faults);
        Some(Update {
            row: line.number(),
            id: id?,
            what: what?,
            device: line.text("device"),
            released: released?,
            applied,
            due,
            reason: line.text("reason"),
            reported_on,
            affected,
        })
    }

    fn earlier(&mut self, line: Line) -> Option<Earlier> {
        let known = self.institutions;
        let faults = &mut *self.faults;
        for key in ["from", "to", "unmet"] {
            line.required(key, faults);
        }
        let (from, to) = (line.day("from", faults), line.day("to", faults));
        let (unmet, grade) = (line.count("unmet", faults), line.required("grade", faults));
        let institution = line.text("institution");
        if let Some(name) = &institution {
            line.check_institution("institution", name, known, faults);
        }
        Some(Earlier { row: line.number(), from: from?, to: to?, unmet: unmet?, grade: grade?, institution })
    }
}

const EXTENTS: &[(&[&str], Extent)] = &[
    (&["全部停止", "全部", "全面停止", "whole"], Extent::Whole),
    (&["一部停止", "一部", "部分停止", "part"], Extent::Part),
    (&["応答の低下", "遅延", "slow"], Extent::Slow),
];

const SOURCES: &[(&[&str], Source)] =
    &[(&["人", "手入力", "person"], Source::Person), (&["監視", "監視装置", "monitor"], Source::Monitor)];

/// By its id or its words.
fn item(text: &str) -> Option<&'static ExclusionItem> {
    let is_meant = |item: &&ExclusionItem| item.id == text || folded(&item.text) == folded(text);
    service_level_rules().exclusions.iter().find(is_meant)
}

fn unknown_item(found: &str) -> String {
    let items: Vec<String> =
        service_level_rules().exclusions.iter().map(|item| format!("{}（{}）", item.text, item.id)).collect();
    format!("「{found}」は算定除外事項にありません。次のどれかを書いてください。{}", items.join("、"))
}
