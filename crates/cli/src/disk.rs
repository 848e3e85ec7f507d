//! Files: reads service folders, writes results whole or not at all.

use std::collections::{BTreeMap, HashMap};
use std::fmt;
use std::fs;
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};

use shirube_exchange::OperationFiles;
use shirube_folder::{self as folder, Folder, InputError, LARGEST_FILE_BYTES};
use shirube_safety::File;
use shirube_safety::operation::level::{EARLIER, EXCLUSIONS, OUTAGES, UPDATES};

use crate::exit::Failure;

/// A folder that was read, with what identifies its content.
pub struct ReadFolder {
    pub folder: Folder,
    /// Short hash of the four files, printed in documents.
    pub source: String,
}

/// Reads a service folder. Every problem of every file is told at once.
pub fn read(dir: &Path) -> Result<ReadFolder, Failure> {
    read_or_errors(dir)?.map_err(|errors| Failure::Input(told(&errors)))
}

/// From so many on, mistakes of one kind become one sentence.
const ALIKE: usize = 5;
/// So many of their lines are named.
const LINES: usize = 20;

/// Mistakes as sentences. The same one in the same field of many records is told once, with the lines of the others:
/// a word that is wrong in 800 rows is one thing to put right.
pub fn told(errors: &[InputError]) -> Vec<String> {
    alike(errors.iter().map(|error| Said {
        file: error.file.name().to_owned(),
        line: error.line,
        field: error.field.clone(),
        message: error.message.clone(),
    }))
}

/// A mistake in a file.
pub struct Said {
    pub file: String,
    pub line: usize,
    pub field: String,
    pub message: String,
}

impl fmt::Display for Said {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}行目", self.file, self.line)?;
        if !self.field.is_empty() {
            write!(f, "「{}」", self.field)?;
        }
        write!(f, ": {}", self.message)
    }
}

/// Mistakes as sentences, the same ones once.
pub fn alike(mistakes: impl Iterator<Item = Said>) -> Vec<String> {
    let mut kinds: Vec<Vec<Said>> = Vec::new();
    let mut known: HashMap<(String, String, String), usize> = HashMap::new();
    for said in mistakes {
        let kind = (said.file.clone(), without_places(&said.field), said.message.clone());
        let at = *known.entry(kind).or_insert(kinds.len());
        if at == kinds.len() {
            kinds.push(Vec::new());
        }
        kinds[at].push(said);
    }
    kinds.iter().flat_map(|alike| of_one_kind(alike)).collect()
}

fn of_one_kind(alike: &[Said]) -> Vec<String> {
    if alike.len() < ALIKE {
        return alike.iter().map(ToString::to_string).collect();
    }
    let lines: Vec<String> = alike[1..].iter().take(LINES).map(|said| said.line.to_string()).collect();
    let more = if alike.len() > LINES + 1 { "など" } else { "" };
    vec![format!(
        "{}\n  同じ誤りが、ほかに{}か所あります（{}行目{more}）。",
        alike[0],
        alike.len() - 1,
        lines.join("、")
    )]
}

/// `nodes[].kind` for `nodes[3].kind`.
fn without_places(field: &str) -> String {
    let mut parts = field.split('[');
    let first = parts.next().unwrap_or_default().to_owned();
    parts.fold(first, |kept, part| format!("{kept}[{}", part.trim_start_matches(|digit: char| digit.is_ascii_digit())))
}

/// Reads a service folder; mistakes in the files stay apart from a disk that does not answer.
pub fn read_or_errors(dir: &Path) -> Result<Result<ReadFolder, Vec<InputError>>, Failure> {
    let texts = texts(dir)?;
    Ok(folder::read(&texts).map(|folder| ReadFolder { folder, source: source(&texts) }))
}

/// The texts of a service folder, as far as they are there.
pub fn texts(dir: &Path) -> Result<BTreeMap<File, Vec<u8>>, Failure> {
    let meta = fs::metadata(dir).map_err(|error| Failure::io(dir, "を読めません", &error))?;
    if !meta.is_dir() {
        return Err(Failure::input(format!(
            "「{}」はフォルダではありません。サービスのフォルダを指定してください。",
            dir.display()
        )));
    }
    let mut texts = BTreeMap::new();
    let mut problems = Vec::new();
    for file in File::ALL {
        let path = dir.join(file.name());
        match bounded(&path) {
            Ok(bytes) => {
                texts.insert(file, bytes);
            }
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            Err(error) if error.kind() == io::ErrorKind::FileTooLarge => problems.push(format!(
                "{}: 大きすぎます。{}MBまでにしてください。",
                path.display(),
                LARGEST_FILE_BYTES / 1024 / 1024
            )),
            Err(error) => return Err(Failure::io(&path, "を読めません", &error)),
        }
    }
    if problems.is_empty() { Ok(texts) } else { Err(Failure::Input(problems)) }
}

/// Folder of a service folder that holds a file for each institution.
pub const INSTITUTIONS: &str = "institutions";

/// The files of the institutions by the stems of their names; none where the folder is not there.
pub fn institutions(dir: &Path) -> Result<BTreeMap<String, Vec<u8>>, Failure> {
    let folder = dir.join(INSTITUTIONS);
    let entries = match fs::read_dir(&folder) {
        Ok(entries) => entries,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(BTreeMap::new()),
        Err(error) => return Err(Failure::io(&folder, "を読めません", &error)),
    };
    let (mut files, mut mistakes) = (BTreeMap::new(), Vec::new());
    for entry in entries {
        let path = entry.map_err(|error| Failure::io(&folder, "を読めません", &error))?.path();
        let stem = path.file_stem().and_then(|stem| stem.to_str()).unwrap_or_default().to_owned();
        if path.extension().is_some_and(|extension| extension == "yaml") && !stem.starts_with('.') {
            files.insert(stem, file(&path)?);
        } else if path.extension().is_some_and(|extension| extension == "yml") {
            mistakes.push(format!("「{}」は読みません。名前の終わりを「.yaml」にしてください。", path.display()));
        }
    }
    if mistakes.is_empty() { Ok(files) } else { Err(Failure::Input(mistakes)) }
}

/// The records of a service folder, as far as they are there.
pub fn operations(dir: &Path) -> Result<OperationFiles, Failure> {
    let read = |name: &str| {
        let path = dir.join(name);
        if path.exists() { file(&path).map(Some) } else { Ok(None) }
    };
    Ok(OperationFiles {
        outages: read(OUTAGES)?,
        exclusions: read(EXCLUSIONS)?,
        updates: read(UPDATES)?,
        evaluations: read(EARLIER)?,
    })
}

/// Short hash of a service as it is for one institution: that of the folder, and of what is different.
pub fn laid_source(source: &str, different: &str) -> String {
    use sha2::{Digest, Sha256};
    let hash = Sha256::new().chain_update(source).chain_update(different).finalize();
    hash.iter().take(6).map(|byte| format!("{byte:02x}")).collect()
}

/// Reads one file that a person named.
pub fn file(path: &Path) -> Result<Vec<u8>, Failure> {
    bounded(path).map_err(|error| match error.kind() {
        io::ErrorKind::FileTooLarge => Failure::input(format!(
            "{}: 大きすぎます。{}MBまでにしてください。",
            path.display(),
            LARGEST_FILE_BYTES / 1024 / 1024
        )),
        io::ErrorKind::IsADirectory => {
            Failure::input(format!("「{}」はフォルダです。ファイルを指定してください。", path.display()))
        }
        _ => Failure::io(path, "を読めません", &error),
    })
}

/// Whether a file that a person named holds more than so many bytes; a file that cannot be read holds none.
pub fn is_larger(path: &Path, bytes: u64) -> bool {
    fs::metadata(path).is_ok_and(|meta| meta.is_file() && meta.len() > bytes)
}

/// Reads a file, but not one that would fill the memory.
fn bounded(path: &Path) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    fs::File::open(path)?.take(LARGEST_FILE_BYTES + 1).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > LARGEST_FILE_BYTES {
        return Err(io::ErrorKind::FileTooLarge.into());
    }
    Ok(bytes)
}

/// First twelve hexadecimal digits of the SHA-256 over names and contents.
fn source(texts: &BTreeMap<File, Vec<u8>>) -> String {
    use sha2::{Digest, Sha256};
    let mut hash = Sha256::new();
    for (file, bytes) in texts {
        hash.update(file.name());
        hash.update((bytes.len() as u64).to_be_bytes());
        hash.update(bytes);
    }
    hash.finalize().iter().take(6).map(|byte| format!("{byte:02x}")).collect()
}

/// A set of files that appear together: first all are written under temporary names, then all are moved.
#[derive(Default)]
pub struct Batch {
    files: Vec<(PathBuf, Vec<u8>)>,
}

impl Batch {
    pub fn add(&mut self, path: PathBuf, bytes: Vec<u8>) {
        self.files.push((path, bytes));
    }

    /// Writes everything, or leaves things as they were.
    pub fn write(self) -> Result<Vec<PathBuf>, Failure> {
        let mut staged = Staged::default();
        for (path, bytes) in &self.files {
            let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
            let failed = |error: io::Error| Failure::io(path, "に書き出せません", &environment(error));
            fs::create_dir_all(folder).map_err(failed)?;
            let mut file = tempfile::Builder::new().prefix(".shirube-").tempfile_in(folder).map_err(failed)?;
            file.write_all(bytes).and_then(|()| file.as_file().sync_all()).map_err(failed)?;
            readable(file.path()).map_err(failed)?;
            staged.0.push((file, path.clone()));
        }
        let mut written = Vec::new();
        for (file, path) in staged.0 {
            file.persist(&path).map_err(|error| Failure::io(&path, "に書き出せません", &environment(error.error)))?;
            written.push(path);
        }
        Ok(written)
    }
}

/// Temporary files; dropped, they vanish.
#[derive(Default)]
struct Staged(Vec<(tempfile::NamedTempFile, PathBuf)>);

/// A folder that is missing while writing is the disk's trouble, not the input's.
fn environment(error: io::Error) -> io::Error {
    match error.kind() {
        io::ErrorKind::NotFound => io::Error::other(error),
        _ => error,
    }
}

/// Temporary files are made for their owner only; documents are for handing on.
#[cfg(unix)]
fn readable(path: &Path) -> io::Result<()> {
    use std::os::unix::fs::PermissionsExt;
    fs::set_permissions(path, fs::Permissions::from_mode(0o644))
}

#[cfg(not(unix))]
fn readable(_: &Path) -> io::Result<()> {
    Ok(())
}
