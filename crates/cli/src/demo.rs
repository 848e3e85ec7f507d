//! `shirube demo`: the worked example of the guideline with all its documents, and a site to look at it.

use std::process::ExitCode;
use std::sync::Arc;

use shirube_documents::deliverable::Deliverable;
use shirube_documents::write::Format;
use shirube_safety::Service;
use shirube_web::{Download, Site, serve};

use crate::args::{CopyKind, DemoArgs};
use crate::disk::{self, Batch};
use crate::exit::{self, Failure};
use crate::{init, report};

pub fn run(args: &DemoArgs) -> Result<ExitCode, Failure> {
    let (folder, out) = (args.dir.join("clinic-ehr"), args.dir.join("documents"));
    init::write(&folder, &[&init::CLINIC[..], &init::CLINIC_RECORDS].concat())?;
    let read = disk::read(&folder)?;
    let files = {
        let service = Service::new(&read.folder.files);
        report::make(&service, &read.source, &Deliverable::ALL, &Format::ALL, CopyKind::Contract)?
    };
    let mut batch = Batch::default();
    for file in &files {
        batch.add(out.join(&file.name), file.bytes.clone());
    }
    let written = batch.write()?.len();
    exit::print(&format!(
        "見本のサービスを「{}」に、文書{written}点を「{}」に書き出しました。\n",
        folder.display(),
        out.display()
    ))?;
    if args.no_serve {
        return Ok(ExitCode::SUCCESS);
    }
    let downloads = files
        .into_iter()
        .map(|file| Download {
            file_name: file.name,
            title: file.title,
            media_type: file.media_type,
            bytes: file.bytes,
        })
        .collect();
    let site = Arc::new(Site::new(&read.folder, read.source, downloads));
    let runtime = tokio::runtime::Runtime::new()
        .map_err(|error| Failure::Environment(format!("画面を開けませんでした。{}", exit::reason(&error))))?;
    runtime.block_on(open(&args.listen, site))
}

async fn open(listen: &str, site: Arc<Site>) -> Result<ExitCode, Failure> {
    let listener = tokio::net::TcpListener::bind(listen).await.map_err(|error| match error.kind() {
        std::io::ErrorKind::InvalidInput => Failure::input(format!(
            "--listen の「{listen}」はアドレスとして読めません。「127.0.0.1:8765」のように書いてください。"
        )),
        _ => Failure::Environment(format!("「{listen}」で画面を開けませんでした。{}", exit::reason(&error))),
    })?;
    let address = listener.local_addr().map_or(listen.to_owned(), |address| address.to_string());
    exit::print(&format!("画面: http://{address}/ （終えるときは Ctrl+C）\n"))?;
    let stop = async {
        // If the signal cannot be heard, the process still ends with it.
        let _ = tokio::signal::ctrl_c().await;
    };
    serve(listener, site, stop)
        .await
        .map_err(|error| Failure::Environment(format!("画面の表示を続けられませんでした。{}", exit::reason(&error))))?;
    Ok(ExitCode::SUCCESS)
}
