//! What it takes to show a service: working one out, keeping it, and setting each list as a page.
//!
//! `cargo bench -p shirube-web`. Limits and figures: `docs/performance.md`.

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::http::Request;
use divan::Bencher;
use http_body_util::BodyExt;
use shirube_folder::{Folder, read};
use shirube_safety::{File, Service};
use shirube_web::{Site, router};
use tower::ServiceExt;

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

const FILES: [(File, &str); 4] = [
    (File::Service, include_str!("../../../samples/clinic-ehr/shirube.yaml")),
    (File::System, include_str!("../../../samples/clinic-ehr/system.yaml")),
    (File::Assessment, include_str!("../../../samples/clinic-ehr/assessment.yaml")),
    (File::Conformity, include_str!("../../../samples/clinic-ehr/conformity.yaml")),
];

fn main() {
    // Whoever names one measurement wants no other.
    if std::env::args().all(|argument| argument.starts_with("--") || argument.contains('/')) {
        kept();
    }
    divan::main();
}

fn texts() -> BTreeMap<File, Vec<u8>> {
    FILES.map(|(file, text)| (file, text.as_bytes().to_vec())).into_iter().collect()
}

fn folder() -> Folder {
    read(&texts()).expect("the sample reads")
}

fn site() -> Arc<Site> {
    Arc::new(Site::new(&folder(), "0".repeat(12), Vec::new()))
}

/// Resident memory, which the system counts and which includes what the allocator holds back.
fn resident_kib() -> u64 {
    let text = std::fs::read_to_string("/proc/self/status").expect("Linux");
    let line = text.lines().find_map(|line| line.strip_prefix("VmRSS:")).expect("a line");
    line.trim().trim_end_matches(" kB").parse().expect("a number")
}

fn kept() {
    const SITES: u64 = 50;
    let _first = site();
    let before = resident_kib();
    let sites: Vec<_> = (0..SITES).map(|_| site()).collect();
    println!("one site kept: {} kB of memory", (resident_kib() - before) / SITES);
    drop(sites);
}

#[divan::bench]
fn reading(bencher: Bencher) {
    let texts = texts();
    bencher.bench(|| read(&texts));
}

#[divan::bench]
fn assessing(bencher: Bencher) {
    let folder = folder();
    bencher.bench(|| Service::new(&folder.files).findings.len());
}

#[divan::bench]
fn making_a_site(bencher: Bencher) {
    let folder = folder();
    bencher.bench(|| Site::new(&folder, String::new(), Vec::new()));
}

#[divan::bench(args = ["/", "/risks", "/flows", "/controls", "/treatments", "/coverage", "/diagram", "/statutory"])]
fn page(bencher: Bencher, path: &str) {
    let runtime = tokio::runtime::Builder::new_current_thread().build().expect("a runtime");
    let router = router(site());
    bencher.bench(|| runtime.block_on(length(&router, path)));
}

async fn length(router: &Router, path: &str) -> usize {
    let request = Request::get(path).body(Body::empty()).expect("a request");
    let answer = router.clone().oneshot(request).await.expect("an answer");
    assert!(answer.status().is_success());
    answer.into_body().collect().await.expect("a body").to_bytes().len()
}
