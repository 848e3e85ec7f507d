//! The samples, and other people's programs that save our workbooks again.

#![allow(dead_code)] // Each test binary uses its own part.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::atomic::{AtomicUsize, Ordering};

use shirube_exchange::{Laid, List, Stamp, lay, origin, read, typed, workbook};
use shirube_folder::edit::Texts;
use shirube_form::Signer;
use shirube_safety::File;

pub const SIGNER: Signer = Signer { by: "灯台 花子", on: "2026-11-22" };

pub fn sample(name: &str) -> Texts {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../samples").join(name);
    // What is stated for documents may be left out of a folder.
    let text = |file: File| std::fs::read(folder.join(file.name())).ok().map(|text| (file, text));
    File::ALL.into_iter().filter_map(text).collect()
}

pub fn stamp() -> Stamp {
    Stamp { service: "s1".into(), name: "診療所の電子カルテ".into(), revision: Some(3), digest: "d1".into() }
}

pub fn exported(list: List, texts: &Texts) -> Vec<u8> {
    workbook(list, texts, &stamp()).unwrap()
}

/// What a workbook changes.
pub fn imported(bytes: &[u8], texts: &Texts) -> Laid {
    let book = read(bytes, "一覧.xlsx").unwrap();
    let origin = origin(&book).expect("one of ours").unwrap();
    assert_eq!((origin.service.as_str(), origin.revision, origin.digest.as_str()), ("s1", Some(3), "d1"));
    let (typed, faults) = typed(&book, &origin);
    let mut laid = lay(&typed, texts, SIGNER).unwrap();
    laid.faults.splice(0..0, faults);
    laid
}

/// A folder of its own for each test, removed at its end.
pub struct Folder(PathBuf);

impl Folder {
    pub fn new() -> Self {
        static NUMBER: AtomicUsize = AtomicUsize::new(0);
        let number = NUMBER.fetch_add(1, Ordering::Relaxed);
        let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("exchange-{}-{number}", std::process::id()));
        std::fs::create_dir_all(path.join("out")).unwrap();
        Self(path)
    }

    pub fn file(&self, name: &str, content: &[u8]) -> PathBuf {
        let path = self.0.join(name);
        std::fs::write(&path, content).unwrap();
        path
    }

    /// LibreOffice opens a workbook and saves it again.
    pub fn libreoffice(&self, name: &str, bytes: &[u8]) -> Vec<u8> {
        let file = self.file(name, bytes);
        let profile = format!("-env:UserInstallation=file://{}", self.0.join("profile").display());
        let mut command = Command::new("soffice");
        command.arg(profile).args(["--headless", "--convert-to", "xlsx", "--outdir"]).arg(self.0.join("out")).arg(file);
        run(&mut command, "the Debian package libreoffice-calc-nogui");
        std::fs::read(self.0.join("out").join(name)).unwrap()
    }

    /// openpyxl opens a workbook, writes cells, and saves it again.
    pub fn openpyxl(&self, name: &str, bytes: &[u8], edits: &[&str]) -> Vec<u8> {
        let file = self.file(name, bytes);
        let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/peers/save_again.py");
        run(Command::new("python3").arg(script).arg(&file).args(edits), "Python 3 with the PyPI package openpyxl");
        std::fs::read(file).unwrap()
    }

    /// What openpyxl says of a workbook.
    pub fn facts(&self, bytes: &[u8]) -> serde_json::Value {
        let file = self.file("facts.xlsx", bytes);
        let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/peers/facts.py");
        let out = run(Command::new("python3").arg(script).arg(&file), "Python 3 with the PyPI package openpyxl");
        serde_json::from_slice(&out).unwrap()
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

fn run(command: &mut Command, package: &str) -> Vec<u8> {
    let output = command.output().unwrap_or_else(|error| {
        panic!("{} could not be started ({error}): install {package}", command.get_program().display())
    });
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(!errors.contains("ModuleNotFoundError"), "a Python module is missing: install {package}\n{errors}");
    assert!(output.status.success(), "{:?} failed:\n{errors}", command.get_program());
    output.stdout
}
