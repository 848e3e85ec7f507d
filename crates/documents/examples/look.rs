#[path = "../tests/torture/mod.rs"]
mod torture;
use shirube_documents::write::{render, Format};
use std::time::Instant;
fn main() {
    let dir = std::env::args().nth(1).unwrap();
    for (name, d) in [("all", torture::document()), ("fig", torture::drawing_document()), ("risk300", torture::table_document(torture::risk_table(300)))] {
        for f in Format::ALL {
            let t = Instant::now();
            match render(&d, f) {
                Ok(b) => { println!("{name} {f} {} bytes {:?}", b.len(), t.elapsed()); std::fs::write(format!("{dir}/{name}.{f}"), b).unwrap(); }
                Err(e) => println!("{name} {f} ERROR {e}"),
            }
        }
    }
    let d = torture::table_document(torture::risk_table(300));
    for _ in 0..3 { let t = Instant::now(); render(&d, Format::Pdf).unwrap(); println!("again {:?}", t.elapsed()); }
    let d = torture::table_document(torture::risk_table(301));
    let t = Instant::now(); render(&d, Format::Pdf).unwrap(); println!("301 {:?}", t.elapsed());
}
