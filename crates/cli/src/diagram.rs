//! `shirube diagram`: the 全体構成図, whole or as far as a step has come, as one file.

use std::process::ExitCode;

use shirube_documents::deliverable::{
    Deliverable, Step, drawing_at, open_diagram, open_drawing, open_svg, step_document, step_svg,
};
use shirube_documents::diagram::PageShape;
use shirube_documents::write::{Format, png, render};
use shirube_safety::Service;

use crate::args::{CopyKind, DiagramArgs, DiagramStep};
use crate::disk::{self, Batch};
use crate::exit::{self, Failure};

pub fn run(args: &DiagramArgs) -> Result<ExitCode, Failure> {
    let extension = args.out.extension().and_then(|extension| extension.to_str()).map(str::to_lowercase);
    let read = disk::read(&args.dir)?;
    let is_open = args.copy == CopyKind::Open;
    let open = is_open.then(|| read.folder.files.open_copy());
    let service = Service::new(open.as_ref().unwrap_or(&read.folder.files));
    let asked = args.step.map(step);
    let step = asked.unwrap_or(Step::Devices);
    let svg = || match args.copy {
        CopyKind::Open => open_svg(&service, step, PageShape::A3_LANDSCAPE),
        CopyKind::Contract => step_svg(&service, step, PageShape::A3_LANDSCAPE),
    };
    let failed = |error: String| Failure::Environment(format!("全体構成図を作れませんでした。{error}"));
    let bytes = match extension.as_deref() {
        Some("svg") => svg().into_bytes(),
        Some("png") => png(&svg(), 2.0).map_err(|error| failed(error.to_string()))?,
        Some("json") => {
            let drawing = if is_open { open_drawing(&service, step) } else { drawing_at(&service, step) };
            exit::json(&serde_json::json!(drawing)).into_bytes()
        }
        Some("pdf") => {
            let document = match asked {
                _ if is_open => open_diagram(&service, step, &read.source),
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
