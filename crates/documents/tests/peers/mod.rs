//! Other people's programs that read what we write.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::atomic::{AtomicUsize, Ordering};

use serde_json::Value;

/// A folder of its own for each test, removed at its end.
pub struct Folder(PathBuf);

impl Folder {
    pub fn new() -> Self {
        static NUMBER: AtomicUsize = AtomicUsize::new(0);
        let number = NUMBER.fetch_add(1, Ordering::Relaxed);
        let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("writers-{}-{number}", std::process::id()));
        std::fs::create_dir_all(&path).unwrap();
        Self(path)
    }

    /// Writes a file into the folder.
    pub fn file(&self, name: &str, content: &[u8]) -> PathBuf {
        let path = self.0.join(name);
        std::fs::write(&path, content).unwrap();
        path
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

fn run(command: &mut Command, package: &str) -> Output {
    let output = command.output().unwrap_or_else(|error| {
        panic!("{} could not be started ({error}): install {package}", command.get_program().display())
    });
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(!errors.contains("ModuleNotFoundError"), "a Python module is missing: install {package}\n{errors}");
    assert!(output.status.success(), "{:?} failed:\n{errors}", command.get_program());
    output
}

/// What a script of this folder prints about a file.
pub fn python(script: &str, file: &Path) -> Value {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/peers").join(script);
    let output =
        run(Command::new("python3").arg(script).arg(file), "Python 3 with the PyPI packages openpyxl and python-docx");
    serde_json::from_slice(&output.stdout).unwrap()
}

/// The text of a PDF as a reader copies it, pages parted by form feeds.
pub fn pdf_text(file: &Path) -> String {
    text(file, &[])
}

/// The text of a PDF in reading order, then in the order in which it was drawn. LibreOffice tags nothing, so
/// the first mixes the lines of neighbouring cells and the second parts characters of different fonts.
fn both_texts(file: &Path) -> [String; 2] {
    [text(file, &[]), text(file, &["-raw"])]
}

fn text(file: &Path, options: &[&str]) -> String {
    let mut command = Command::new("pdftotext");
    let output =
        run(command.args(options).args(["-enc", "UTF-8"]).arg(file).arg("-"), "the Debian package poppler-utils");
    String::from_utf8(output.stdout).unwrap()
}

/// One line for each font of a PDF, without the heading.
pub fn pdf_fonts(file: &Path) -> Vec<String> {
    let output = run(Command::new("pdffonts").arg(file), "the Debian package poppler-utils");
    String::from_utf8(output.stdout).unwrap().lines().skip(2).map(str::to_owned).collect()
}

/// What pdfinfo says.
pub fn pdf_info(file: &Path) -> String {
    let output = run(Command::new("pdfinfo").arg(file), "the Debian package poppler-utils");
    String::from_utf8(output.stdout).unwrap()
}

/// Lets LibreOffice print a file to PDF and gives the text back, see [`both_texts`].
pub fn libreoffice_texts(file: &Path) -> [String; 2] {
    let folder = file.parent().unwrap();
    let profile = format!("-env:UserInstallation=file://{}", folder.join("profile").display());
    run(
        Command::new("soffice")
            .arg(profile)
            .args(["--headless", "--convert-to", "pdf", "--outdir"])
            .arg(folder)
            .arg(file),
        "the Debian packages libreoffice-calc-nogui and libreoffice-writer-nogui",
    );
    both_texts(&file.with_extension("pdf"))
}

/// A text without white space: programs break lines where they like.
pub fn squeezed(text: &str) -> String {
    text.chars().filter(|character| !character.is_whitespace()).collect()
}
