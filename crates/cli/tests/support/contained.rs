//! What stands in a written file, whatever its format.

use std::path::Path;
use std::process::Command;

/// Those of some texts that stand in a file: in its bytes, in what it holds compressed, or as the text of its pages.
pub fn contained(file: &Path, texts: &[&str]) -> Vec<String> {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/contained.py");
    let mut found = output(Command::new("python3").arg(script).arg(file).args(texts));
    if file.extension().is_some_and(|extension| extension == "pdf") {
        let pages: String = output(Command::new("pdftotext").arg(file).arg("-")).concat();
        let bare = |text: &str| text.chars().filter(|c| !c.is_whitespace()).collect::<String>();
        let pages = bare(&pages);
        found.extend(texts.iter().filter(|text| pages.contains(&bare(text))).map(|text| (*text).to_owned()));
        found.sort();
        found.dedup();
    }
    found
}

fn output(command: &mut Command) -> Vec<String> {
    let output = command.output().unwrap_or_else(|error| panic!("{:?}: {error}", command.get_program()));
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8_lossy(&output.stdout).lines().map(str::to_owned).collect()
}
