//! Serves the worked example, or another service folder, for looking at pages and for `scripts/test-browser`.
//!
//! `serve_sample [FOLDER] [ADDRESS]` prints the address it listens on.

use std::collections::BTreeMap;
use std::error::Error;
use std::path::PathBuf;
use std::sync::Arc;

use shirube_documents::deliverable::Deliverable;
use shirube_documents::folder;
use shirube_documents::write::{Format, render};
use shirube_safety::{File, Service};
use shirube_web::{Download, Site, serve};
use tokio::net::TcpListener;

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let sample = || concat!(env!("CARGO_MANIFEST_DIR"), "/../../samples/clinic-ehr").to_owned();
    let dir = PathBuf::from(arguments.next().unwrap_or_else(sample));
    let address = arguments.next().unwrap_or_else(|| "127.0.0.1:0".to_owned());
    let site = Arc::new(site(&dir)?);
    let runtime = tokio::runtime::Runtime::new()?;
    runtime.block_on(async {
        let listener = TcpListener::bind(address).await?;
        println!("http://{}", listener.local_addr()?);
        let stop = async {
            let _ = tokio::signal::ctrl_c().await;
        };
        serve(listener, site, stop).await
    })?;
    Ok(())
}

fn site(dir: &std::path::Path) -> Result<Site, Box<dyn Error>> {
    let mut texts = BTreeMap::new();
    for file in File::ALL {
        let path = dir.join(file.name());
        if path.exists() {
            texts.insert(file, std::fs::read(path)?);
        }
    }
    let files =
        folder::read(&texts).map_err(|errors| errors.iter().map(|e| format!("{e}\n")).collect::<String>())?.files;
    let downloads = downloads(&Service::new(&files))?;
    Ok(Site::new(files, "見本".to_owned(), downloads))
}

fn downloads(service: &Service) -> Result<Vec<Download>, Box<dyn Error>> {
    let mut downloads = Vec::new();
    for deliverable in Deliverable::ALL {
        let document = deliverable.build(service, "見本");
        for format in Format::ALL {
            downloads.push(Download {
                file_name: format!("{}.{}", deliverable.name(), format.extension()),
                title: document.title.clone(),
                media_type: format.media_type(),
                bytes: render(&document, format)?,
            });
        }
    }
    Ok(downloads)
}
