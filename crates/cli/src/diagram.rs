//! `shirube diagram`: the 全体構成図, whole or as far as a step has come, as one file.

use std::process::ExitCode;

use shirube_documents::deliverable::{Deliverable, Step, drawing_at, step_document, step_svg};
use shirube_documents::diagram::PageShape;
use shirube_documents::write::{Format, png, render};
use shirube_safety::Service;

use crate::args::{DiagramArgs, DiagramStep};
use crate::disk::{self, Batch};
use crate::exit::{self, Failure};

pub fn run(args: &DiagramArgs) -> Result<ExitCode, Failure> {
    let extension = args.out.extension().and_then(|extension| extension.to_str()).map(str::to_lowercase);
    let read = disk::read(&args.dir)?;
    let service = Service::new(&read.folder.files);
    let asked = args.step.map(step);
    let step = asked.unwrap_or(Step::Devices);
    let svg = || step_svg(&service, step, PageShape::A3_LANDSCAPE);
    let failed = |error: String| Failure::Environment(format!("全体構成図を作れませんでした。{error}"));
    let bytes = match extension.as_deref() {
        Some("svg") => svg().into_bytes(),
        Some("png") => png(&svg(), 2.0).map_err(|error| failed(error.to_string()))?,
        Some("json") => exit::json(&serde_json::json!(drawing_at(&service, step))).into_bytes(),
        Some("pdf") => {
            let document = match asked {
                Some(step) => step_document(&service, step, &read.source),
                None => Deliverable::SystemDiagram.build(&service, &read.source),
            };
            render(&document, Format::Pdf).map_err(|error| failed(error.to_string()))?
        }
        _ => {
            return Err(Failure::input(format!(
                "「{}」の形式が分かりません。名前の終わりを .svg、.pdf、.png、.json のどれかにしてください。",
                args.out.display()
            )));
        }
    };
    let mut batch = Batch::default();
    batch.add(args.out.clone(), bytes);
    batch.write()?;
    Ok(ExitCode::SUCCESS)
}

fn step(step: DiagramStep) -> Step {
    match step {
        DiagramStep::Places => Step::Places,
        DiagramStep::Connections => Step::Connections,
        DiagramStep::People => Step::People,
        DiagramStep::Devices => Step::Devices,
    }
}
