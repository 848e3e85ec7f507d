//! The front door: the real binary on real folders.

#![allow(dead_code)] // Each test binary uses its own part.

pub mod contained;
pub mod edited;
pub mod faults;
pub mod held;
pub mod models;
pub mod own;
pub mod said;
pub mod server;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

/// What a command said and how it ended.
pub struct Ran {
    pub code: i32,
    pub stdout: String,
    pub stderr: String,
}

pub fn shirube<I: AsRef<std::ffi::OsStr>>(args: &[I]) -> Ran {
    let output = Command::new(env!("CARGO_BIN_EXE_shirube")).args(args).output().expect("the binary runs");
    ran(output)
}

pub fn ran(output: Output) -> Ran {
    Ran {
        code: output.status.code().expect("an exit code"),
        stdout: String::from_utf8(output.stdout).expect("UTF-8 on stdout"),
        stderr: String::from_utf8(output.stderr).expect("UTF-8 on stderr"),
    }
}

/// What a command prints, as JSON.
pub fn json(args: &[&str]) -> serde_json::Value {
    let ran = shirube(args);
    serde_json::from_str(&ran.stdout).unwrap_or_else(|error| panic!("{args:?}: {error}\n{}{}", ran.stdout, ran.stderr))
}

/// The sample's folder.
pub fn sample() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../samples/clinic-ehr")
}

/// A copy of the sample to change.
pub fn copy_of_sample() -> tempfile::TempDir {
    let dir = tempfile::tempdir().expect("a temporary folder");
    copy_files(&sample(), dir.path());
    let operations = dir.path().join("operations");
    fs::create_dir(&operations).expect("made");
    copy_files(&sample().join("operations"), &operations);
    dir
}

fn copy_files(from: &Path, to: &Path) {
    for entry in fs::read_dir(from).expect("the sample is there") {
        let file = entry.expect("a readable folder").path();
        if file.is_file() {
            fs::copy(&file, to.join(file.file_name().expect("a file has a name"))).expect("copied");
        }
    }
}

/// A folder with the smallest usable service and this `system.yaml`.
pub fn folder_with(system: &str) -> tempfile::TempDir {
    let dir = tempfile::tempdir().expect("a temporary folder");
    fs::write(dir.path().join("shirube.yaml"), SMALLEST).expect("written");
    fs::write(dir.path().join("system.yaml"), system).expect("written");
    dir
}

pub const SMALLEST: &str = r#"
service: { name: 試験 }
provider: 自社
parties:
  - { id: 自社, name: 自社, kind: provider }
delivery:
  application: { form: "1", party: 自社 }
  platform: { form: "1", party: 自社 }
  infrastructure: { form: "1", party: 自社 }
"#;

/// The folder's path as an argument.
pub fn path(dir: &tempfile::TempDir) -> &str {
    dir.path().to_str().expect("a UTF-8 path")
}
