//! Profiles: selections of the controls of an edition.

use serde_json::{Value, json};
use shirube_catalog::{Agreement, Catalog, Control, Entry, Kubun};

use crate::OscalFile;
use crate::catalog::control_of;
use crate::document::{bytes, metadata, moment, prop, time_basis};
use crate::markup;
use crate::token::tokens;

/// A selection of the items of an edition.
#[derive(Debug, Clone)]
pub struct Selection<'a> {
    /// Name of its profile in the folder of an export.
    pub file: &'static str,
    /// What is selected, as its title says it.
    title: &'static str,
    remarks: &'static str,
    /// In the order of the edition.
    pub entries: Vec<&'a Entry>,
}

/// All items of the edition; for 別紙2 of 1.0 also those marked ◎ and those that ask for an agreement.
pub fn selections(catalog: &Catalog) -> Vec<Selection<'_>> {
    let all = Selection { file: ALL, title: "全項目", remarks: "", entries: catalog.entries.iter().collect() };
    let mandatory = Selection {
        file: "profile-mandatory.json",
        title: "区分◎の項目",
        remarks: "手元の本文で区分の印が失われている項目は、◎の可能性があっても含まない。",
        entries: chosen(catalog, |control| control.kubun == Kubun::Mandatory),
    };
    let agreement = Selection {
        file: "profile-agreement.json",
        title: "医療機関等との合意などを求める項目",
        remarks: "合意のほか、了承又は理解を求める項目を含む。",
        entries: chosen(catalog, |control| control.agreement != Agreement::No),
    };
    let some = [mandatory, agreement].into_iter().filter(|selection| !selection.entries.is_empty());
    std::iter::once(all).chain(some).collect()
}

const ALL: &str = "profile.json";

fn chosen(catalog: &Catalog, selects: impl Fn(&Control) -> bool) -> Vec<&Entry> {
    let entries = catalog.entries.iter();
    entries.filter(|entry| control_of(&catalog.edition.id, entry).is_some_and(&selects)).collect()
}

/// A profile for each selection.
pub(crate) fn files(catalog: &Catalog) -> Vec<OscalFile> {
    let tokens = tokens(catalog);
    let made = selections(catalog).into_iter().map(|selection| {
        let ids = || selection.entries.iter().map(|entry| &tokens[entry.id.as_str()]).collect::<Vec<_>>();
        let imports = match selection.file {
            ALL => json!([{ "href": "catalog.json", "include-all": {} }]),
            _ => json!([{ "href": "catalog.json", "include-controls": [{ "with-ids": ids() }] }]),
        };
        OscalFile { name: selection.file, bytes: file(catalog, selection.title, selection.remarks, imports) }
    });
    made.collect()
}

fn file(catalog: &Catalog, what: &str, remarks: &str, imports: Value) -> Vec<u8> {
    let edition = &catalog.edition;
    let props = json!([prop("edition", &edition.id), time_basis(&edition.published),]);
    let body = json!({
        "metadata": metadata(
            &format!("{} {} {what}", edition.title, edition.edition),
            &moment(&edition.published),
            &edition.edition,
            json!({ "props": props, "remarks": markup::multiline(remarks) }),
        ),
        "imports": imports,
        "merge": { "as-is": true },
    });
    bytes("profile", body)
}
