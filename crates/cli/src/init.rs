//! `shirube init`: a new service folder from a template.

use std::fs;
use std::io;
use std::path::Path;
use std::process::ExitCode;

use crate::args::{InitArgs, Template};
use crate::disk::Batch;
use crate::exit::{self, Failure};

/// The worked example of the guideline.
pub const CLINIC: [(&str, &str); 9] = [
    ("shirube.yaml", include_str!("../../../samples/clinic-ehr/shirube.yaml")),
    ("system.yaml", include_str!("../../../samples/clinic-ehr/system.yaml")),
    ("assessment.yaml", include_str!("../../../samples/clinic-ehr/assessment.yaml")),
    ("conformity.yaml", include_str!("../../../samples/clinic-ehr/conformity.yaml")),
    ("sla.yaml", include_str!("../../../samples/clinic-ehr/sla.yaml")),
    ("disclosure.yaml", include_str!("../../../samples/clinic-ehr/disclosure.yaml")),
    ("rules.yaml", include_str!("../../../samples/clinic-ehr/rules.yaml")),
    ("checklists.yaml", include_str!("../../../samples/clinic-ehr/checklists.yaml")),
    ("supply.yaml", include_str!("../../../samples/clinic-ehr/supply.yaml")),
];

/// Records of its daily work. The server keeps none, so they stand apart.
pub const CLINIC_RECORDS: [(&str, &str); 7] = [
    ("operations/media.csv", include_str!("../../../samples/clinic-ehr/operations/media.csv")),
    ("operations/log.csv", include_str!("../../../samples/clinic-ehr/operations/log.csv")),
    (
        "operations/maintenance-notices.csv",
        include_str!("../../../samples/clinic-ehr/operations/maintenance-notices.csv"),
    ),
    (
        "operations/maintenance-consents.csv",
        include_str!("../../../samples/clinic-ehr/operations/maintenance-consents.csv"),
    ),
    ("operations/audits.csv", include_str!("../../../samples/clinic-ehr/operations/audits.csv")),
    ("operations/audit-findings.csv", include_str!("../../../samples/clinic-ehr/operations/audit-findings.csv")),
    ("operations/periods.yaml", include_str!("../../../samples/clinic-ehr/operations/periods.yaml")),
];

pub const BLANK: [(&str, &str); 4] = [
    ("shirube.yaml", include_str!("../../../samples/blank/shirube.yaml")),
    ("system.yaml", include_str!("../../../samples/blank/system.yaml")),
    ("assessment.yaml", include_str!("../../../samples/blank/assessment.yaml")),
    ("conformity.yaml", include_str!("../../../samples/blank/conformity.yaml")),
];

pub fn run(args: &InitArgs) -> Result<ExitCode, Failure> {
    let dir = &args.dir;
    match fs::read_dir(dir) {
        Ok(mut entries) => {
            if entries.next().is_some() {
                return Err(Failure::input(format!(
                    "「{}」は空ではありません。何も書き込んでいません。空のフォルダか、新しい名前を指定してください。",
                    dir.display()
                )));
            }
        }
        Err(error) if error.kind() == io::ErrorKind::NotFound => {}
        Err(error) => return Err(Failure::io(dir, "を使えません", &error)),
    }
    match args.template {
        Template::ClinicEhr => write(dir, &[&CLINIC[..], &CLINIC_RECORDS].concat())?,
        Template::Blank => write(dir, &BLANK)?,
    }
    exit::print(&format!(
        "「{}」を作りました。shirube.yaml から書き始め、shirube check {} で確かめてください。\n",
        dir.display(),
        dir.display()
    ))?;
    Ok(ExitCode::SUCCESS)
}

/// Writes the files of a template.
pub fn write(dir: &Path, files: &[(&str, &str)]) -> Result<(), Failure> {
    let mut batch = Batch::default();
    for (name, text) in files {
        batch.add(dir.join(name), text.as_bytes().to_vec());
    }
    batch.write().map(|_| ())
}
