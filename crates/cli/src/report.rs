//! `shirube report`: all documents of a service.

use std::io::{self, IsTerminal};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use shirube_documents::content::{DataSheet, Document, Figure};
use shirube_documents::deliverable::{Deliverable, Step, drawing, open_diagram, open_disclosure, open_drawing};
use shirube_documents::write::{Format, Picture, render_with};
use shirube_documents::{diagram, fonts, write};
use shirube_safety::Service;

use crate::agreement;
use crate::args::{CopyKind, ReportArgs};
use crate::closing;
use crate::disk::{self, Batch};
use crate::exit::{self, Failure};
use crate::parallel;

/// What to make, for however many services.
struct Order {
    deliverables: Vec<Deliverable>,
    /// Nobody asked for certain documents: those without anything to say are left out.
    only_begun: bool,
    formats: Vec<Format>,
    sheets: bool,
    oscal: bool,
    copy: CopyKind,
    /// Names of the institutions to make documents for; none for the service itself.
    institutions: Vec<String>,
}

pub fn run(args: &ReportArgs) -> Result<ExitCode, Failure> {
    if args.closing {
        return closing::run(args, &packs(args)?);
    }
    let order = order(args)?;
    let packs = packs(args)?;
    let several = packs.len() > 1;
    if several {
        // A mistake in the last folder is told before the first document is made.
        readable(&args.dirs)?;
    }
    let shows = several && io::stderr().is_terminal();
    for (at, (dir, out)) in packs.iter().enumerate() {
        if shows {
            eprint!("\r\x1b[K{}/{} {}", at + 1, packs.len(), dir.display());
        }
        let written = pack(dir, out, &order);
        if shows {
            eprint!("\r\x1b[K");
        }
        let written = written?;
        exit::print(&written.iter().map(|path| format!("{}\n", path.display())).collect::<String>())?;
    }
    if several {
        eprintln!("{}件のサービスの文書を「{}」に書き出しました。", packs.len(), args.out.display());
    }
    Ok(ExitCode::SUCCESS)
}

fn order(args: &ReportArgs) -> Result<Order, Failure> {
    let possible = of_copy(args.copy);
    // What suppliers reported is for the provider alone: it goes into no pack that nobody looked through.
    let usual: Vec<Deliverable> =
        possible.iter().copied().filter(|deliverable| *deliverable != Deliverable::SupplyReports).collect();
    let deliverables = chosen(&args.doc, &usual, |name| name.parse::<Deliverable>().map_err(|e| e.to_string()))?;
    if let Some(closed) = deliverables.iter().find(|deliverable| !possible.contains(deliverable)) {
        return Err(Failure::input(format!(
            "「{}」は、誰にでも見せられる写し（--copy open）にはできません。作れるのは「{}」だけです。",
            closed.title(),
            possible.iter().map(|deliverable| deliverable.title()).collect::<Vec<_>>().join("」と「")
        )));
    }
    let usual = [Format::Xlsx, Format::Docx, Format::Pdf, Format::Html];
    let (sheets, others): (Vec<String>, Vec<String>) = args.format.iter().cloned().partition(|name| name == "csv");
    let (oscal, others): (Vec<String>, Vec<String>) = others.into_iter().partition(|name| name == "oscal");
    if !oscal.is_empty() && args.copy == CopyKind::Open {
        return Err(Failure::input(
            "OSCALには、誰にでも見せられる写し（--copy open）はありません。公開しない事柄も含むためです。",
        ));
    }
    let only_data = others.is_empty() && !(sheets.is_empty() && oscal.is_empty());
    let formats = match only_data {
        true => Vec::new(),
        false => chosen(&others, &usual, |name| name.parse::<Format>().map_err(|e| e.to_string()))?,
    };
    let (only_begun, sheets, oscal) = (args.doc.is_empty(), !sheets.is_empty(), !oscal.is_empty());
    let institutions = args.institution.clone();
    Ok(Order { deliverables, only_begun, formats, sheets, oscal, copy: args.copy, institutions })
}

/// Each folder with the one its documents go to: several share the one asked for, by their names.
fn packs(args: &ReportArgs) -> Result<Vec<(&Path, PathBuf)>, Failure> {
    if let [dir] = args.dirs.as_slice() {
        return Ok(vec![(dir, args.out.clone())]);
    }
    let mut packs: Vec<(&Path, PathBuf)> = Vec::new();
    let mut mistakes = Vec::new();
    for dir in &args.dirs {
        let whole = dir.canonicalize().map_err(|error| Failure::io(dir, "を読めません", &error))?;
        let out = args.out.join(whole.file_name().unwrap_or_default());
        match packs.iter().find(|(_, known)| *known == out) {
            Some((known, _)) => mistakes.push(format!(
                "「{}」と「{}」は、フォルダの名前が同じです。文書の行き先が分かれるように、名前を変えるか、別々に作ってください。",
                known.display(),
                dir.display()
            )),
            None => packs.push((dir, out)),
        }
    }
    if mistakes.is_empty() { Ok(packs) } else { Err(Failure::Input(mistakes)) }
}

/// Every mistake of every folder, each with its folder.
fn readable(dirs: &[PathBuf]) -> Result<(), Failure> {
    let mut mistakes = Vec::new();
    for dir in dirs {
        if let Err(errors) = disk::read_or_errors(dir)? {
            mistakes.extend(disk::told(&errors).iter().map(|told| format!("{}: {told}", dir.display())));
        }
    }
    if mistakes.is_empty() { Ok(()) } else { Err(Failure::Input(mistakes)) }
}

/// Makes what was ordered for one service; that of each institution appears whole or not at all.
fn pack(dir: &Path, out: &Path, order: &Order) -> Result<Vec<PathBuf>, Failure> {
    let read = disk::read(dir)?;
    if order.institutions.is_empty() {
        let open = (order.copy == CopyKind::Open).then(|| read.folder.files.open_copy());
        let service = Service::new(open.as_ref().unwrap_or(&read.folder.files));
        return written(&service, &read.source, out, order);
    }
    if order.copy == CopyKind::Open {
        return Err(Failure::input(
            "誰にでも見せられる写し（--copy open）は、医療機関等ごとには作れません。--institution を省いてください。",
        ));
    }
    let order = for_institutions(order)?;
    let mut all = Vec::new();
    for (name, laid, source) in agreement::laid(dir, &read, &order.institutions)? {
        all.extend(written(&laid.service(), &source, &out.join(name), order)?);
    }
    Ok(all)
}

/// The order, if nothing of it is for nobody but the provider: what suppliers reported was reported to it alone.
fn for_institutions(order: &Order) -> Result<&Order, Failure> {
    let own = Deliverable::SupplyReports;
    if order.deliverables.contains(&own) {
        return Err(Failure::input(format!(
            "「{}」（{own}）は自社と監査人のための文書です。医療機関等ごとには作れません。",
            own.title()
        )));
    }
    Ok(order)
}

fn written(service: &Service, source: &str, out: &Path, order: &Order) -> Result<Vec<PathBuf>, Failure> {
    let begun = Deliverable::begun(service);
    let wanted = order.deliverables.iter().copied();
    let deliverables: Vec<Deliverable> = wanted.filter(|one| !order.only_begun || begun.contains(one)).collect();
    // OSCAL shows the service, not its documents.
    let built: &[Deliverable] = if order.formats.is_empty() && !order.sheets { &[] } else { &deliverables };
    let mut files = make(service, source, built, &order.formats, order.copy)?;
    if order.sheets {
        let build = |deliverable: &Deliverable| document(service, source, *deliverable, order.copy);
        files.extend(deliverables.iter().flat_map(|deliverable| csv(&build(deliverable))));
    }
    let mut batch = Batch::default();
    for file in files {
        batch.add(out.join(file.name), file.bytes);
    }
    if order.oscal {
        for file in shirube_oscal::service(service, source) {
            batch.add(out.join("oscal").join(file.name), file.bytes);
        }
    }
    batch.write()
}

/// The documents of a kind of copy. Others may name what only partners under a secrecy agreement may see.
fn of_copy(copy: CopyKind) -> &'static [Deliverable] {
    match copy {
        CopyKind::Contract => &Deliverable::ALL,
        CopyKind::Open => &[Deliverable::SystemDiagram, Deliverable::ProvidedInformation, Deliverable::Disclosure],
    }
}

/// Parses a repeated option; nothing said means `usual`. All mistakes are told at once.
pub fn chosen<T: Copy + PartialEq>(
    names: &[String],
    usual: &[T],
    parse: impl Fn(&str) -> Result<T, String>,
) -> Result<Vec<T>, Failure> {
    if names.is_empty() {
        return Ok(usual.to_vec());
    }
    let (mut found, mut mistakes) = (Vec::new(), Vec::new());
    for name in names {
        match parse(name) {
            Ok(one) if !found.contains(&one) => found.push(one),
            Ok(_) => {}
            Err(mistake) => mistakes.push(mistake.trim_end_matches('。').to_owned() + "。"),
        }
    }
    if mistakes.is_empty() { Ok(found) } else { Err(Failure::Input(mistakes)) }
}

/// A document as a file.
pub struct Made {
    pub name: String,
    pub title: String,
    pub media_type: &'static str,
    pub bytes: Vec<u8>,
}

/// The flat tables of a document, one file each; those after the first carry the name of their sheet.
fn csv(document: &Document) -> Vec<Made> {
    let sheet = |(at, sheet): (usize, &DataSheet)| Made {
        name: match at {
            0 => format!("{}.csv", document.name),
            _ => format!("{}-{}.csv", document.name, sheet.name.replace(['/', '\\'], "・")),
        },
        title: document.title.clone(),
        media_type: "text/csv; charset=utf-8",
        bytes: write::csv(sheet),
    };
    document.data.iter().enumerate().map(sheet).collect()
}

/// A document as a kind of copy has it.
fn document(service: &Service, source: &str, deliverable: Deliverable, copy: CopyKind) -> Document {
    match (copy, deliverable) {
        (CopyKind::Open, Deliverable::SystemDiagram) => open_diagram(service, Step::Devices, source),
        (CopyKind::Open, Deliverable::Disclosure) => open_disclosure(service, source),
        _ => deliverable.build(service, source),
    }
}

/// A document with its figures as pictures, drawn once for all formats that hold them.
struct Built {
    document: Document,
    pictures: Vec<Picture>,
}

/// One file to make.
enum Task<'d> {
    Document(&'d Built, Format),
    /// The diagram also comes as a drawing and as a picture.
    Pictures,
}

impl Task<'_> {
    /// About how long it takes, in the time one cell of a table needs in HTML.
    fn weight(&self) -> usize {
        match self {
            Self::Document(Built { document, .. }, format) => {
                let of_cell = match format {
                    Format::Pdf => 12,
                    Format::Docx => 3,
                    Format::Xlsx => 2,
                    Format::Html | Format::Markdown | Format::Json => 1,
                };
                document.cells() * of_cell
            }
            Self::Pictures => FIGURE,
        }
    }
}

/// What drawing a figure as a picture weighs.
const FIGURE: usize = 5_000;

/// Makes every document in every format, on all cores. The order of the result does not depend on them.
pub fn make(
    service: &Service,
    source: &str,
    deliverables: &[Deliverable],
    formats: &[Format],
    copy: CopyKind,
) -> Result<Vec<Made>, Failure> {
    let built = parallel::each(
        deliverables,
        |_| 1,
        |deliverable| {
            let document = document(service, source, *deliverable, copy);
            let missing = fonts::missing_glyphs(&document);
            (document, missing)
        },
    );
    let (documents, missing): (Vec<Document>, Vec<Vec<char>>) = built.into_iter().unzip();
    warn_of_glyphs(missing.into_iter().flatten().collect());
    let built = drawn(documents, formats)?;
    let of_document = |built| formats.iter().map(move |format| Task::Document(built, *format));
    let mut tasks: Vec<Task> = built.iter().flat_map(of_document).collect();
    if deliverables.contains(&Deliverable::SystemDiagram) && !formats.is_empty() {
        tasks.push(Task::Pictures);
    }
    let made = parallel::each(&tasks, Task::weight, |task| match task {
        Task::Document(built, format) => Ok(vec![file(built, *format)?]),
        Task::Pictures => pictures(service, copy).map(Vec::from),
    });
    let files: Vec<Vec<Made>> = made.into_iter().collect::<Result<_, Failure>>()?;
    Ok(files.into_iter().flatten().collect())
}

/// One document that is made from something else than a service.
pub fn single(document: Document, formats: &[Format], sheets: bool) -> Result<Vec<Made>, Failure> {
    warn_of_glyphs(fonts::missing_glyphs(&document));
    let mut files = if sheets { csv(&document) } else { Vec::new() };
    for built in drawn(vec![document], formats)? {
        let made = parallel::each(formats, |_| 1, |format| file(&built, *format));
        files.extend(made.into_iter().collect::<Result<Vec<Made>, Failure>>()?);
    }
    Ok(files)
}

/// Draws the figures of the documents, if a format needs them.
fn drawn(documents: Vec<Document>, formats: &[Format]) -> Result<Vec<Built>, Failure> {
    let wanted = formats.iter().any(|format| format.has_pictures());
    let figures: Vec<(&Document, &Figure)> = match wanted {
        true => documents.iter().flat_map(|one| one.figures().map(move |figure| (one, figure))).collect(),
        false => Vec::new(),
    };
    let draw = |(document, figure): &(&Document, &Figure)| {
        Picture::new(figure, document.page)
            .map_err(|error| Failure::Environment(format!("{}の図を作れませんでした。{error}", document.title)))
    };
    let mut pictures = parallel::each(&figures, |_| 1, draw).into_iter();
    let counts: Vec<usize> = documents.iter().map(|one| if wanted { one.figures().count() } else { 0 }).collect();
    let of_document = |(document, count)| {
        Ok(Built { document, pictures: pictures.by_ref().take(count).collect::<Result<_, Failure>>()? })
    };
    documents.into_iter().zip(counts).map(of_document).collect()
}

fn file(built: &Built, format: Format) -> Result<Made, Failure> {
    let document = &built.document;
    let bytes = render_with(document, format, &built.pictures)
        .map_err(|error| Failure::Environment(format!("{}（{format}）を作れませんでした。{error}", document.title)))?;
    Ok(Made {
        name: format!("{}.{}", document.name, format.extension()),
        title: document.title.clone(),
        media_type: format.media_type(),
        bytes,
    })
}

/// The diagram as a drawing and as a picture.
fn pictures(service: &Service, copy: CopyKind) -> Result<[Made; 2], Failure> {
    let drawing = match copy {
        CopyKind::Contract => drawing(service),
        CopyKind::Open => open_drawing(service, Step::Devices),
    };
    let svg = diagram::svg(&drawing, diagram::PageShape::A3_LANDSCAPE);
    let png = write::png(&svg, 2.0)
        .map_err(|error| Failure::Environment(format!("全体構成図の画像を作れませんでした。{error}")))?;
    let made = |extension: &str, media_type, bytes| Made {
        name: format!("{}.{extension}", Deliverable::SystemDiagram.name()),
        title: Deliverable::SystemDiagram.title().to_owned(),
        media_type,
        bytes,
    };
    Ok([made("svg", "image/svg+xml", svg.into_bytes()), made("png", "image/png", png)])
}

/// Characters no font of ours can draw are printed as 〓; people must know.
fn warn_of_glyphs(mut missing: Vec<char>) {
    missing.sort_unstable();
    missing.dedup();
    if !missing.is_empty() {
        let shown: Vec<String> = missing.iter().map(|c| format!("「{c}」（U+{:04X}）", *c as u32)).collect();
        eprintln!("注意: 収録の書体にない文字を「〓」で印刷します: {}", shown.join("、"));
    }
}
