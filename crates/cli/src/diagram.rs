//! `shirube diagram`: the 全体構成図 as one file.

use std::process::ExitCode;

use shirube_documents::deliverable::{Deliverable, drawing};
use shirube_documents::diagram;
use shirube_documents::write::{Format, png, render};
use shirube_safety::Service;

use crate::args::DiagramArgs;
use crate::disk::{self, Batch};
use crate::exit::Failure;

pub fn run(args: &DiagramArgs) -> Result<ExitCode, Failure> {
    let extension = args.out.extension().and_then(|extension| extension.to_str()).map(str::to_lowercase);
    let read = disk::read(&args.dir)?;
    let service = Service::new(&read.folder.files);
    let svg = || diagram::svg(&drawing(&service), diagram::PageShape::A4_LANDSCAPE);
    let failed = |error: String| Failure::Environment(format!("全体構成図を作れませんでした。{error}"));
    let bytes = match extension.as_deref() {
        Some("svg") => svg().into_bytes(),
        Some("png") => png(&svg(), 2.0).map_err(|error| failed(error.to_string()))?,
        Some("pdf") => {
            let document = Deliverable::SystemDiagram.build(&service, &read.source);
            render(&document, Format::Pdf).map_err(|error| failed(error.to_string()))?
        }
        _ => {
            return Err(Failure::input(format!(
                "「{}」の形式が分かりません。名前の終わりを .svg、.pdf、.png のどれかにしてください。",
                args.out.display()
            )));
        }
    };
    let mut batch = Batch::default();
    batch.add(args.out.clone(), bytes);
    batch.write()?;
    Ok(ExitCode::SUCCESS)
}
