//! The service folder: YAML text in, typed files with line numbers out.
//!
//! All errors of a file come at once, each with its line, field, what was found and what would be right.
//! Nothing is half read: with any error there are no files.

pub mod carried;
pub mod edit;
pub mod registers;
mod schema;
pub mod selection;
mod shape;
mod yaml;

use std::collections::BTreeMap;
use std::fmt;
use std::thread;

use serde::de::DeserializeOwned;
use shirube_safety::agreement::InstitutionFile;
use shirube_safety::comparison::ClassificationFile;
use shirube_safety::conformity::ConformityFile;
use shirube_safety::model::{ServiceFile, SystemFile};
use shirube_safety::risk::AssessmentFile;
use shirube_safety::stated::{ChecklistsFile, DisclosureFile, HouseFile, RulesFile, SlaFile, SupplyFile};
use shirube_safety::{File, Finding, Place, ServiceFiles};

pub use schema::schema;

/// Largest file that is read, in bytes. A model of 10,000 flows has about 5 MB.
pub const LARGEST_FILE_BYTES: u64 = 32 * 1024 * 1024;

/// Something wrong with a file, with its place.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct InputError {
    pub file: File,
    /// 1 is the first line.
    pub line: usize,
    /// 1 is the first character.
    pub column: usize,
    /// Field as people write it, e.g. `nodes[3].kind`; empty for the file as a whole.
    pub field: String,
    /// What was found and what would be right, in Japanese.
    pub message: String,
    /// Name of the field that ought to be there, where one is missing; `field` is then what should hold it.
    pub missing: Option<String>,
}

impl fmt::Display for InputError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}行目", self.file.name(), self.line)?;
        if !self.field.is_empty() {
            write!(f, "「{}」", self.field)?;
        }
        write!(f, ": {}", self.message)
    }
}

/// A folder that was read.
#[derive(Debug)]
pub struct Folder {
    pub files: ServiceFiles,
    trees: BTreeMap<File, yaml::Tree>,
}

impl Folder {
    /// Line and column of a place, both from 1. Places without a text of their own take that of what holds them.
    pub fn position(&self, place: &Place) -> (usize, usize) {
        self.trees.get(&place.file).map_or((1, 1), |tree| tree.position(&place.pointer))
    }

    /// Field of a finding as people write it: `nodes[4].kind` for `/nodes/3/kind`.
    pub fn field(&self, finding: &Finding) -> String {
        dotted(&finding.place.pointer)
    }
}

/// Reads the texts of a folder. Files that are not there may be left out, except `shirube.yaml`.
///
/// The files are read beside each other: nobody waits for the sum of them.
pub fn read(texts: &BTreeMap<File, Vec<u8>>) -> Result<Folder, Vec<InputError>> {
    let (service, system, assessment, conformity, stated) = thread::scope(|scope| {
        let system = scope.spawn(|| load::<SystemFile>(File::System, texts));
        let assessment = scope.spawn(|| load::<AssessmentFile>(File::Assessment, texts));
        let conformity = scope.spawn(|| load::<ConformityFile>(File::Conformity, texts));
        let service = load::<ServiceFile>(File::Service, texts);
        let sla = load::<SlaFile>(File::Sla, texts);
        let disclosure = load::<DisclosureFile>(File::Disclosure, texts);
        let rules = load::<RulesFile>(File::Rules, texts);
        let checklists = load::<ChecklistsFile>(File::Checklists, texts);
        let supply = load::<SupplyFile>(File::Supply, texts);
        let house = load::<HouseFile>(File::House, texts);
        let stated = (sla, disclosure, rules, checklists, supply, house);
        (service, joined(system), joined(assessment), joined(conformity), stated)
    });
    let mut errors = Vec::new();
    let mut trees = BTreeMap::new();
    let service = service.kept(&mut trees, &mut errors);
    let system = system.kept(&mut trees, &mut errors);
    let assessment = assessment.kept(&mut trees, &mut errors);
    let conformity = conformity.kept(&mut trees, &mut errors);
    let (sla, disclosure, rules, checklists, supply, house) = stated;
    let sla = sla.kept(&mut trees, &mut errors);
    let disclosure = disclosure.kept(&mut trees, &mut errors);
    let rules = rules.kept(&mut trees, &mut errors);
    let checklists = checklists.kept(&mut trees, &mut errors);
    let supply = supply.kept(&mut trees, &mut errors);
    let house = house.kept(&mut trees, &mut errors);
    let stated = (sla, disclosure, rules, checklists, supply, house);
    match (service, system, assessment, conformity, stated) {
        (
            Some(service),
            Some(system),
            Some(assessment),
            Some(conformity),
            (Some(sla), Some(disclosure), Some(rules), Some(checklists), Some(supply), Some(house)),
        ) if errors.is_empty() => {
            let files = ServiceFiles {
                service,
                system,
                assessment,
                conformity,
                sla,
                disclosure,
                rules,
                checklists,
                supply,
                house,
            };
            Ok(Folder { files, trees })
        }
        _ => {
            errors.sort();
            Err(errors)
        }
    }
}

/// Reads the file of one institution, with a way from places to lines.
pub fn read_institution(bytes: &[u8]) -> Result<OfInstitution, Vec<InputError>> {
    let file = File::Institution;
    let texts = BTreeMap::from([(file, bytes.to_vec())]);
    let loaded = load::<InstitutionFile>(file, &texts);
    match (loaded.content, loaded.tree) {
        (Some(content), Some(tree)) if loaded.errors.is_empty() => Ok(OfInstitution { file: content, tree }),
        _ => Err(loaded.errors),
    }
}

/// The file of one institution as text, without what says nothing. Reading it gives the same file.
pub fn institution_text(file: &InstitutionFile) -> String {
    let written = serde_json::to_value(file).expect("a file of texts and numbers is JSON");
    serde_saphyr::to_string(&edit::lean(File::Institution, &written)).expect("plain values can be written")
}

/// The file of one institution that was read.
#[derive(Debug)]
pub struct OfInstitution {
    pub file: InstitutionFile,
    tree: yaml::Tree,
}

impl OfInstitution {
    /// Line and column of a place in the file (a JSON pointer), both from 1.
    pub fn position(&self, pointer: &str) -> (usize, usize) {
        self.tree.position(pointer)
    }
}

/// Reads what people say of the differences between editions, with a way from places to lines.
pub fn read_classification(bytes: &[u8]) -> Result<Classification, Vec<InputError>> {
    let file = File::Classification;
    let texts = BTreeMap::from([(file, bytes.to_vec())]);
    let loaded = load::<ClassificationFile>(file, &texts);
    match (loaded.content, loaded.tree) {
        (Some(content), Some(tree)) if loaded.errors.is_empty() => Ok(Classification { file: content, tree }),
        _ => Err(loaded.errors),
    }
}

/// A file of judgements that was read.
#[derive(Debug)]
pub struct Classification {
    pub file: ClassificationFile,
    tree: yaml::Tree,
}

impl Classification {
    /// A mistake at a place of the file (a JSON pointer), with its line.
    pub fn error(&self, pointer: &str, message: String) -> InputError {
        let (line, column) = self.tree.position(pointer);
        InputError { file: File::Classification, line, column, field: dotted(pointer), message, missing: None }
    }
}

fn joined<T>(thread: thread::ScopedJoinHandle<T>) -> T {
    thread.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))
}

/// What one file gave: its content, or at least one error.
struct Loaded<T> {
    file: File,
    content: Option<T>,
    tree: Option<yaml::Tree>,
    errors: Vec<InputError>,
}

impl<T> Loaded<T> {
    fn kept(self, trees: &mut BTreeMap<File, yaml::Tree>, errors: &mut Vec<InputError>) -> Option<T> {
        trees.extend(self.tree.map(|tree| (self.file, tree)));
        errors.extend(self.errors);
        self.content
    }
}

/// Reads one file.
fn load<T: DeserializeOwned>(file: File, texts: &BTreeMap<File, Vec<u8>>) -> Loaded<T> {
    let mut loaded = Loaded { file, content: None, tree: None, errors: Vec::new() };
    let empty = Vec::new();
    let bytes = match texts.get(&file) {
        Some(bytes) => bytes,
        None if file == File::Service => {
            let message = "shirube.yaml がありません。「shirube init フォルダ名」でひな型を作れます。".to_owned();
            loaded.errors.push(InputError { file, line: 1, column: 1, field: String::new(), message, missing: None });
            return loaded;
        }
        None => &empty,
    };
    let tree = yaml::parse(file, bytes, &mut loaded.errors);
    let (Some(tree), true) = (tree, loaded.errors.is_empty()) else { return loaded };
    let schema = &schema::compiled(file).schema;
    let value = tree.json(schema, schema);
    loaded.errors = shape::check(file, &value, &tree);
    if loaded.errors.is_empty() {
        loaded.content = typed(file, value, &tree, &mut loaded.errors);
    }
    loaded.tree = Some(tree);
    loaded
}

fn typed<T: DeserializeOwned>(
    file: File,
    value: serde_json::Value,
    tree: &yaml::Tree,
    errors: &mut Vec<InputError>,
) -> Option<T> {
    match serde_path_to_error::deserialize(value) {
        Ok(read) => Some(read),
        Err(error) => {
            let pointer = pointer_of(error.path());
            let (line, column) = tree.position(&pointer);
            let field = dotted(&pointer);
            let message = "この値は使えません。日付や番号の書き方を確かめてください。".to_owned();
            errors.push(InputError { file, line, column, field, message, missing: None });
            None
        }
    }
}

fn pointer_of(path: &serde_path_to_error::Path) -> String {
    use serde_path_to_error::Segment;
    path.iter()
        .map(|segment| match segment {
            Segment::Seq { index } => format!("/{index}"),
            Segment::Map { key } => format!("/{}", escape(key)),
            Segment::Enum { variant } => format!("/{variant}"),
            Segment::Unknown => String::new(),
        })
        .collect()
}

/// One step of a JSON pointer (RFC 6901).
fn escape(key: &str) -> String {
    key.replace('~', "~0").replace('/', "~1")
}

fn unescape(step: &str) -> String {
    step.replace("~1", "/").replace("~0", "~")
}

/// `/nodes/3/kind` as `nodes[3].kind`. List entries count from 1, as people do.
fn dotted(pointer: &str) -> String {
    let mut field = String::new();
    for step in pointer.split('/').skip(1) {
        match step.parse::<usize>() {
            Ok(index) => field.push_str(&format!("[{}]", index + 1)),
            Err(_) => {
                if !field.is_empty() {
                    field.push('.');
                }
                field.push_str(&unescape(step));
            }
        }
    }
    field
}
