//! How long a reader waits for the large tables.

#[path = "../tests/torture/mod.rs"]
#[allow(dead_code)]
mod torture;

use std::cell::Cell;

use divan::Bencher;
use shirube_documents::write::{Format, render};

fn main() {
    divan::main();
}

/// Writes a document of so many risks, a different number each time: nothing remembered may help.
fn write(bencher: Bencher, format: Format, risks: usize) {
    let more = Cell::new(0);
    bencher
        .with_inputs(|| {
            more.set(more.get() + 1);
            torture::table_document(torture::risk_table(risks + more.get()))
        })
        .bench_local_values(|document| render(&document, format));
}

#[divan::bench(args = [300, 417], sample_count = 10)]
fn pdf(bencher: Bencher, risks: usize) {
    write(bencher, Format::Pdf, risks);
}

#[divan::bench(args = [300, 417], sample_count = 20)]
fn xlsx(bencher: Bencher, risks: usize) {
    write(bencher, Format::Xlsx, risks);
}

#[divan::bench(args = [300, 417], sample_count = 20)]
fn docx(bencher: Bencher, risks: usize) {
    write(bencher, Format::Docx, risks);
}
