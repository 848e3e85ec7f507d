//! `shirube catalog export`: an edition as files that other tools read.

mod plain;
mod workbook;

use std::collections::HashMap;
use std::process::ExitCode;

use shirube_catalog::{Catalog, Crosswalk, Shelf};
use shirube_documents::write::{Format, render};
use shirube_oscal::Official;

use super::editions;
use super::overlay::{self, Overlay};
use super::own::Held;
use crate::args::{ExportArgs, ExportFormat};
use crate::disk::Batch;
use crate::exit::{self, Failure};

pub fn run(args: &ExportArgs) -> Result<ExitCode, Failure> {
    let held = Held::of(&args.own)?;
    let catalog = editions::held(&held.shelf, &args.edition)?;
    let brought = args.own.with.as_deref().map(overlay::read).transpose()?.unwrap_or_default();
    let overlay = brought.iter().find(|overlay| overlay.edition == args.edition);
    if let (Some(dir), None, None) = (&args.own.with, overlay, held.own.list(&args.edition)) {
        eprintln!(
            "注意: 「{}」に、{}の取り込んだ文言や加えた項目はありません。収録した要旨だけを書き出します。",
            dir.display(),
            args.edition
        );
    }
    let mut batch = Batch::default();
    match args.format {
        ExportFormat::Oscal => {
            for file in oscal(&held.shelf, catalog, overlay) {
                batch.add(args.out.join(file.name), file.bytes);
            }
        }
        ExportFormat::Csv => batch.add(args.out.clone(), plain::csv(catalog, overlay).into_bytes()),
        ExportFormat::Json => batch.add(args.out.clone(), plain::json(catalog, overlay).into_bytes()),
        ExportFormat::Xlsx => {
            let document = workbook::document(catalog, overlay);
            let bytes = render(&document, Format::Xlsx).map_err(|error| {
                Failure::Environment(format!("{}を表計算の形で作れませんでした。{error}", document.title))
            })?;
            batch.add(args.out.clone(), bytes);
        }
    }
    let written = batch.write()?;
    // CSV has no room for a sentence on the whole, so people are told here as well.
    eprint!("{}{}", held.head(), editions::certainty_line(catalog));
    exit::print(&written.iter().map(|path| format!("{}\n", path.display())).collect::<String>())?;
    Ok(ExitCode::SUCCESS)
}

fn oscal(shelf: &Shelf, catalog: &Catalog, overlay: Option<&Overlay>) -> Vec<shirube_oscal::OscalFile> {
    let all: Vec<&Catalog> = shelf.catalogs.iter().collect();
    let crosswalks: Vec<&Crosswalk> = shelf.crosswalks().iter().collect();
    let official = overlay.map(|overlay| Official {
        source: &overlay.source,
        texts: overlay
            .items
            .iter()
            .map(|item| (item.id.as_str(), (item.text.as_str(), item.confidence)))
            .collect::<HashMap<_, _>>(),
    });
    shirube_oscal::edition(catalog, &all, &crosswalks, official.as_ref())
}
