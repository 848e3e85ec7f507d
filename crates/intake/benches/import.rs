//! How long the import of a whole 別紙2 takes, from bytes to the report.
//!
//! `cargo bench -p shirube-intake`. The limit is a second for the official text; figures: `docs/performance.md`.

#[path = "../tests/common/mod.rs"]
mod common;

use shirube_intake::{Known, read_with};

fn main() {
    divan::main();
}

/// 417 rows with tabs, as the official text has them.
#[divan::bench(sample_count = 20)]
fn table(bencher: divan::Bencher) {
    let text = common::text(&common::table());
    let known = Known::embedded("pg-1.0");
    bencher.bench(|| read_with(text.as_bytes(), "別紙2.txt", "pg-1.0", &known));
}

/// The same with every cell in lines of its own, which is read in two ways to take the better one.
#[divan::bench(sample_count = 10)]
fn cells_in_lines(bencher: divan::Bencher) {
    let text = common::text(&common::table()).replace('\t', "\n");
    let known = Known::embedded("pg-1.0");
    bencher.bench(|| read_with(text.as_bytes(), "別紙2.txt", "pg-1.0", &known));
}

/// What the catalogs know, made ready for reading.
#[divan::bench]
fn known(bencher: divan::Bencher) {
    bencher.bench(|| Known::embedded("pg-1.0"));
}
