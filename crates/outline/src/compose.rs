//! Puts facts into an outline: which clauses apply, what they say, how they are numbered, what is missing.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::sync::Arc;

use minijinja::value::Value;
use minijinja::{Environment, Error, ErrorKind, context};

use crate::facts::{Facts, listed, path_of_list};
use crate::mistake::Mistake;
use crate::number::{self, Counter, Numbered};
use crate::outline::{Align, Block, Item, Limit, Outline, Part, Style, Table, Voice};
use crate::overlay::{Difference, Origin, Overlay, lay};
use crate::print::{NOT_STATED, dated, environment};
use crate::told::told;

/// Shows a date such as `2026-04-01`; `None` if the text is none.
pub type DatePrinter = Arc<dyn Fn(&str) -> Option<String> + Send + Sync>;

/// How facts are printed.
#[derive(Clone)]
pub struct Print {
    pub date: DatePrinter,
}

impl Default for Print {
    /// Western years.
    fn default() -> Self {
        let western = |text: &str| dated(text).map(|(year, month, day)| format!("{year}年{month}月{day}日"));
        Self { date: Arc::new(western) }
    }
}

impl fmt::Debug for Print {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Print")
    }
}

/// What a document is made with besides outline and facts.
#[derive(Debug, Clone, Default)]
pub struct Settings {
    pub overlay: Overlay,
    /// Only clauses for one of these size classes; none for all.
    pub sizes: Vec<String>,
    pub print: Print,
}

/// A clause document with its facts.
#[derive(Debug, Clone, PartialEq)]
pub struct Composed {
    pub id: String,
    pub title: String,
    pub style: Style,
    pub voice: Voice,
    /// 文書番号 and 版, where facts of the document's own hold them.
    pub number: Option<String>,
    pub edition: Option<String>,
    /// What stands before the first clause.
    pub preamble: Vec<Piece>,
    pub clauses: Vec<Clause>,
    /// 附則.
    pub supplement: Vec<Piece>,
    /// What stands below the last clause.
    pub closing: Vec<Piece>,
    /// 別紙.
    pub annexes: Vec<Clause>,
    /// Facts nobody has written, in the order in which the document asks for them.
    pub missing: Vec<Missing>,
    /// For each fact that was used the ids of the clauses that used it.
    pub used: BTreeMap<String, BTreeSet<String>>,
    pub left_out: Vec<LeftOut>,
    /// Clauses that were replaced and whose original reads differently now.
    pub differences: Vec<Difference>,
}

impl Composed {
    /// Every clause, in order; annexes come last.
    pub fn walk(&self) -> impl Iterator<Item = &Clause> {
        fn below<'a>(clauses: &'a [Clause], all: &mut Vec<&'a Clause>) {
            for clause in clauses {
                all.push(clause);
                below(&clause.clauses, all);
            }
        }
        let mut all = Vec::new();
        below(&self.clauses, &mut all);
        below(&self.annexes, &mut all);
        all.into_iter()
    }

    /// The clause with this id.
    pub fn clause(&self, id: &str) -> Option<&Clause> {
        self.walk().find(|clause| clause.id == id)
    }
}

/// A numbered clause.
#[derive(Debug, Clone, PartialEq)]
pub struct Clause {
    pub id: String,
    /// 1 for a chapter.
    pub depth: usize,
    /// What stands before it: `6.3`, `第12条`; empty for the first 項.
    pub label: String,
    /// How others refer to it: `6.3(2)`, `第12条第2項`.
    pub reference: String,
    pub title: String,
    pub body: Vec<Piece>,
    pub clauses: Vec<Clause>,
    pub source: String,
    pub requirements: Vec<String>,
    pub note: String,
    pub optional: bool,
    pub owner: Option<String>,
    pub origin: Origin,
}

impl Clause {
    /// Whether the clause itself says anything.
    pub fn says_something(&self) -> bool {
        self.body.iter().any(|piece| match piece {
            Piece::Paragraph { text, .. }
            | Piece::Item { text, .. }
            | Piece::Remark(text)
            | Piece::Aligned { text, .. } => !text.contains(NOT_STATED),
            Piece::Table { stands_empty, .. } => !stands_empty,
        })
    }
}

/// A piece of a clause's body.
#[derive(Debug, Clone, PartialEq)]
pub enum Piece {
    /// `label` is the number of a 項; empty where none is printed.
    Paragraph {
        label: String,
        text: String,
    },
    /// `depth` counts from 1.
    Item {
        depth: usize,
        label: String,
        text: String,
    },
    Table {
        caption: String,
        head: Vec<String>,
        widths: Vec<f64>,
        rows: Vec<Vec<String>>,
        stands_empty: bool,
        /// For a table that shows only the first entries: what it was told, and how many entries there are in all.
        limit: Option<(Limit, usize)>,
    },
    Remark(String),
    /// A line that stands at the right or in the middle.
    Aligned {
        align: Align,
        text: String,
    },
}

/// A fact nobody has written.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Missing {
    /// E.g. `sla.support.hours`; a table whose list follows from others is named by its caption.
    pub path: String,
    /// Id of the clause that asks for it.
    pub clause: String,
    pub reference: String,
    pub title: String,
    /// Role that supplies it.
    pub owner: Option<String>,
}

/// A clause that is not in the document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LeftOut {
    pub clause: String,
    pub title: String,
    pub why: Why,
}

/// Why a clause is not in a document.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Why {
    /// A change dropped it.
    Dropped,
    /// Its condition does not hold, or none of what stands below it applies.
    NotApplicable,
    /// It is for another size class.
    OtherSize,
}

/// Composes a document. The mistakes are those that only facts or changes bring to light.
pub fn compose(outline: &Outline, facts: &Facts, settings: &Settings) -> Result<Composed, Vec<Mistake>> {
    let laid = lay(outline, &settings.overlay)?;
    facts.taken();
    let mut work = Work {
        style: outline.style,
        facts,
        environment: environment(&settings.print),
        origins: laid.origins.into_iter().collect(),
        mistakes: Vec::new(),
        left_out: Vec::new(),
        used: BTreeMap::new(),
        missing: Vec::new(),
        references: BTreeMap::new(),
    };
    let kept = work.keep(&laid.parts, &laid.dropped, &settings.sizes, None);
    let kept_annexes = work.keep(&laid.annexes, &laid.dropped, &settings.sizes, None);
    work.teach(&[&kept, &kept_annexes]);
    let mut clauses = work.filled(&kept, 1);
    let mut annexes = work.filled(&kept_annexes, 1);
    work.number(&mut clauses, 1, "");
    work.number_annexes(&mut annexes);
    let mut supplement = work.supplement(&outline.supplement);
    let whole = Part { id: outline.id.clone(), ..Part::default() };
    let mut around = |blocks: &[Block]| {
        let mut pieces = Vec::new();
        blocks.iter().for_each(|block| work.fill(&whole, block, 1, &mut 0, &mut pieces));
        pieces
    };
    let (mut preamble, mut closing) = (around(&outline.preamble), around(&outline.closing));
    let mut own = |text: &String| work.rendered(text, &outline.id, &Value::UNDEFINED);
    let (title, number, edition) =
        (own(&outline.title), outline.number.as_ref().map(&mut own), outline.edition.as_ref().map(&mut own));
    work.account(&outline.id, &title, None);
    work.resolve(&mut clauses);
    work.resolve(&mut annexes);
    preamble.iter_mut().chain(&mut closing).for_each(|piece| work.resolve_piece(&outline.id, piece));
    supplement.iter_mut().for_each(|piece| work.resolve_piece("supplement", piece));
    work.missing.iter_mut().for_each(|missing| {
        if let Some(reference) = work.references.get(&missing.clause) {
            missing.reference.clone_from(reference);
        }
    });
    if !work.mistakes.is_empty() {
        return Err(work.mistakes);
    }
    Ok(Composed {
        id: outline.id.clone(),
        title,
        style: outline.style,
        voice: outline.voice,
        number,
        edition,
        preamble,
        clauses,
        supplement,
        closing,
        annexes,
        missing: work.missing,
        used: work.used,
        left_out: work.left_out,
        differences: laid.differences,
    })
}

/// A clause that applies.
struct Kept<'p> {
    part: &'p Part,
    owner: Option<String>,
    below: Vec<Kept<'p>>,
}

struct Work<'a> {
    style: Style,
    facts: &'a Facts,
    environment: Environment<'static>,
    origins: BTreeMap<String, Origin>,
    mistakes: Vec<Mistake>,
    left_out: Vec<LeftOut>,
    used: BTreeMap<String, BTreeSet<String>>,
    missing: Vec<Missing>,
    references: BTreeMap<String, String>,
}

/// Around the id of a clause that is referred to, until its number is known.
const OPEN: char = '\u{E000}';
const CLOSE: char = '\u{E001}';

impl Work<'_> {
    /// The clauses that apply. What is left out takes along what stands below it.
    fn keep<'p>(
        &mut self,
        parts: &'p [Part],
        dropped: &[String],
        sizes: &[String],
        owner: Option<&str>,
    ) -> Vec<Kept<'p>> {
        let mut kept = Vec::new();
        for part in parts {
            let owner = part.owner.as_deref().or(owner);
            let why = if dropped.contains(&part.id) {
                Some(Why::Dropped)
            } else if !sizes.is_empty() && !part.size.is_empty() && !part.size.iter().any(|of| sizes.contains(of)) {
                Some(Why::OtherSize)
            } else if !self.applies(part) {
                Some(Why::NotApplicable)
            } else {
                None
            };
            let below = if why.is_none() { self.keep(&part.parts, dropped, sizes, owner) } else { Vec::new() };
            let hollow = below.is_empty() && part.body.is_empty() && !part.parts.is_empty();
            match why.or(hollow.then_some(Why::NotApplicable)) {
                Some(why) => self.left_out.push(LeftOut { clause: part.id.clone(), title: part.title.clone(), why }),
                None => kept.push(Kept { part, owner: owner.map(str::to_owned), below }),
            }
        }
        kept
    }

    fn applies(&mut self, part: &Part) -> bool {
        let Some(when) = &part.when else { return true };
        let held = self.environment.compile_expression(when).and_then(|expression| expression.eval(self.facts.root()));
        let (used, _) = self.facts.taken();
        self.note(&used, &part.id);
        match held {
            Ok(value) => value.is_true(),
            Err(error) => {
                self.mistakes.push(Mistake::new(format!("{}.when", part.id), told(&error)));
                true
            }
        }
    }

    /// Gives templates `ref` and `has`.
    fn teach(&mut self, kept: &[&[Kept]]) {
        fn ids(kept: &[Kept], all: &mut BTreeSet<String>) {
            for Kept { part, below, .. } in kept {
                all.insert(part.id.clone());
                ids(below, all);
            }
        }
        let mut all = BTreeSet::new();
        kept.iter().for_each(|kept| ids(kept, &mut all));
        let known = Arc::new(all);
        let has = known.clone();
        let root = self.facts.root();
        self.environment.add_function("controls", move |ids: Vec<String>| controls(&root, &ids));
        self.environment.add_function("has", move |clause: String| has.contains(&clause));
        self.environment.add_function("ref", move |clause: String| {
            if known.contains(&clause) {
                return Ok(format!("{OPEN}{clause}{CLOSE}"));
            }
            let message = format!("「{clause}」を引いていますが、この文書にはその条項がありません");
            Err(Error::new(ErrorKind::InvalidOperation, message))
        });
    }

    fn filled(&mut self, kept: &[Kept], depth: usize) -> Vec<Clause> {
        let mut clauses = Vec::new();
        for Kept { part, owner, below } in kept {
            let title = self.rendered(&part.title, &part.id, &Value::UNDEFINED);
            let first_item = number::item_depth(self.style, depth, !below.is_empty());
            let mut body = Vec::new();
            let mut items = 0;
            for block in &part.body {
                self.fill(part, block, first_item, &mut items, &mut body);
            }
            self.account(&part.id, &title, owner.as_deref());
            let clauses_below = self.filled(below, depth + 1);
            // Nothing to number: each of its texts was for another case.
            if title.is_empty() && body.is_empty() && clauses_below.is_empty() {
                continue;
            }
            clauses.push(Clause {
                id: part.id.clone(),
                depth,
                label: part.number.clone().unwrap_or_default(),
                reference: match part.number {
                    Some(_) => FIXED.to_owned(),
                    None if part.inserted => INSERTED.to_owned(),
                    None => String::new(),
                },
                title,
                body,
                clauses: clauses_below,
                source: part.source.clone(),
                requirements: part.requirements.clone(),
                note: part.note.clone(),
                optional: part.optional,
                owner: owner.clone(),
                origin: self.origins.get(&part.id).copied().unwrap_or(Origin::Outline),
            });
        }
        clauses
    }

    fn fill(&mut self, part: &Part, block: &Block, first_item: usize, items: &mut usize, body: &mut Vec<Piece>) {
        match block {
            Block::Text(text) => {
                let text = self.rendered(text, &part.id, &Value::UNDEFINED);
                if !text.is_empty() {
                    body.push(Piece::Paragraph { label: String::new(), text });
                    // The items of each 項 begin anew.
                    if self.style == Style::Rules {
                        *items = 0;
                    }
                }
            }
            Block::Unnumbered(text) => {
                let text = self.rendered(text, &part.id, &Value::UNDEFINED);
                if !text.is_empty() {
                    body.push(Piece::Remark(text));
                }
            }
            Block::Aligned { align, text } => {
                let text = self.rendered(text, &part.id, &Value::UNDEFINED);
                if !text.is_empty() {
                    body.push(Piece::Aligned { align: *align, text });
                }
            }
            Block::Items(list) => self.items(part, list, first_item, 1, items, body),
            Block::Table(table) => {
                let piece = self.table(part, table);
                body.push(piece);
            }
        }
    }

    fn items(
        &mut self,
        part: &Part,
        list: &[Item],
        number_depth: usize,
        depth: usize,
        count: &mut usize,
        body: &mut Vec<Piece>,
    ) {
        for item in list {
            let text = self.rendered(&item.text, &part.id, &Value::UNDEFINED);
            if text.is_empty() {
                continue;
            }
            *count += 1;
            body.push(Piece::Item { depth, label: number::item(self.style, number_depth, *count), text });
            self.items(part, &item.items, number_depth + 1, depth + 1, &mut 0, body);
        }
    }

    fn table(&mut self, part: &Part, table: &Table) -> Piece {
        let none = &Value::UNDEFINED;
        let caption = self.rendered(&table.caption, &part.id, none);
        let head: Vec<String> = table.head.iter().map(|cell| self.rendered(cell, &part.id, none)).collect();
        let mut rows: Vec<Vec<String>> = Vec::new();
        for row in &table.rows {
            let row: Vec<String> = row.iter().map(|cell| self.rendered(cell, &part.id, none)).collect();
            // A row whose cells are all for another case is none.
            if row.iter().any(|cell| !cell.is_empty()) {
                rows.push(row);
            }
        }
        let mut limit = None;
        if let Some(each) = &table.each {
            let mut entries = self.entries(part, each, &caption, table.empty.as_deref());
            if let Some(wanted) = &table.limit {
                limit = Some((wanted.clone(), entries.len()));
                entries.truncate(wanted.most);
            }
            for entry in entries {
                rows.push(table.row.iter().map(|cell| self.rendered(cell, &part.id, &entry)).collect());
            }
        }
        let stands_empty = rows.is_empty();
        if stands_empty {
            let said = table.empty.as_deref().unwrap_or(NOT_STATED);
            let said =
                if said.trim() == "未記載" { NOT_STATED.to_owned() } else { self.rendered(said, &part.id, none) };
            rows.push(
                std::iter::once(said).chain(std::iter::repeat_n(String::new(), head.len().saturating_sub(1))).collect(),
            );
        }
        let widths = if table.widths.is_empty() { vec![1.0; head.len()] } else { table.widths.clone() };
        Piece::Table { caption, head, widths, rows, stands_empty, limit }
    }

    fn entries(&mut self, part: &Part, each: &str, caption: &str, empty: Option<&str>) -> Vec<Value> {
        let context = context! { part => context! { requirements => part.requirements.clone() }, ..self.facts.root() };
        let list = self.environment.compile_expression(each).and_then(|expression| expression.eval(context));
        let entries = match &list {
            Ok(value) if crate::facts::is_nothing(value) => Ok(Vec::new()),
            Ok(value) => listed(value).ok_or_else(|| "一覧になっていません。".to_owned()),
            Err(error) => Err(told(error)),
        };
        match entries {
            Ok(entries) => {
                let says_so = empty.is_none_or(|empty| empty.contains("未記載"));
                if entries.is_empty() && says_so {
                    let path = list.ok().as_ref().and_then(path_of_list).unwrap_or_else(|| format!("表「{caption}」"));
                    self.facts.log().miss(&path);
                }
                entries
            }
            Err(message) => {
                self.mistakes.push(Mistake::new(format!("{}.each", part.id), message));
                Vec::new()
            }
        }
    }

    fn rendered(&mut self, text: &str, place: &str, row: &Value) -> String {
        // Most texts of a table's head and many titles are no templates.
        if !text.contains('{') {
            return text.trim().to_owned();
        }
        let root = self.facts.root();
        let context = if row.is_undefined() {
            root
        } else {
            context! { row => row, ..root }
        };
        let rendered = self.environment.template_from_str(text).and_then(|template| template.render(context));
        match rendered {
            Ok(text) => text.trim().to_owned(),
            Err(error) => {
                self.mistakes.push(Mistake::new(place, format!("「{}」: {}", shortened(text), told(&error))));
                String::new()
            }
        }
    }

    /// Books what was asked for since the last clause.
    fn account(&mut self, clause: &str, title: &str, owner: Option<&str>) {
        let (used, missing) = self.facts.taken();
        self.note(&used, clause);
        self.missing.extend(missing.into_iter().map(|path| Missing {
            path,
            clause: clause.to_owned(),
            reference: String::new(),
            title: title.to_owned(),
            owner: owner.map(str::to_owned),
        }));
    }

    fn note(&mut self, used: &BTreeSet<String>, clause: &str) {
        for path in used {
            self.used.entry(path.clone()).or_default().insert(clause.to_owned());
        }
    }

    /// `別紙1`; what stands below is numbered as in a chapter.
    fn number_annexes(&mut self, annexes: &mut [Clause]) {
        for (at, annex) in annexes.iter_mut().enumerate() {
            annex.label = format!("別紙{}", at + 1);
            annex.reference.clone_from(&annex.label);
            self.references.insert(annex.id.clone(), annex.label.clone());
            self.number(&mut annex.clauses, 2, &annex.label);
        }
    }

    fn number(&mut self, clauses: &mut [Clause], depth: usize, above: &str) {
        self.number_with(clauses, depth, above, &mut Counter::default());
    }

    fn number_with(&mut self, clauses: &mut [Clause], depth: usize, above: &str, counter: &mut Counter) {
        // Articles count through all chapters of the document.
        let mut articles = Counter::default();
        for clause in clauses {
            let numbered = if clause.reference == FIXED {
                fixed(self.style, clause, depth, above)
            } else {
                number::clause(self.style, depth, counter.next(clause.reference == INSERTED), above)
            };
            clause.label = numbered.label;
            clause.reference.clone_from(&numbered.reference);
            self.references.insert(clause.id.clone(), numbered.reference.clone());
            let above = numbered.reference;
            match (self.style, depth) {
                (Style::Rules, 1) => self.number_with(&mut clause.clauses, 2, &above, &mut articles),
                (Style::Rules, 2) => {
                    let mut counter = Counter::default();
                    for piece in &mut clause.body {
                        if let Piece::Paragraph { label, .. } = piece {
                            *label = number::clause(Style::Rules, 3, counter.next(false), "").label;
                        }
                    }
                    self.number_with(&mut clause.clauses, 3, &above, &mut counter);
                }
                _ => self.number(&mut clause.clauses, depth + 1, &above),
            }
        }
    }

    fn supplement(&mut self, texts: &[String]) -> Vec<Piece> {
        let rendered: Vec<String> =
            texts.iter().map(|text| self.rendered(text, "supplement", &Value::UNDEFINED)).collect();
        self.account("supplement", "附則", None);
        let texts: Vec<String> = rendered.into_iter().filter(|text| !text.is_empty()).collect();
        let several = texts.len() > 1;
        let label = |at: usize| if several { (at + 1).to_string() } else { String::new() };
        texts.into_iter().enumerate().map(|(at, text)| Piece::Paragraph { label: label(at), text }).collect()
    }

    fn resolve(&mut self, clauses: &mut [Clause]) {
        for clause in clauses {
            self.resolve_text(&clause.id, &mut clause.title);
            for piece in &mut clause.body {
                self.resolve_piece(&clause.id, piece);
            }
            self.resolve(&mut clause.clauses);
        }
    }

    fn resolve_piece(&mut self, place: &str, piece: &mut Piece) {
        match piece {
            Piece::Paragraph { text, .. }
            | Piece::Item { text, .. }
            | Piece::Remark(text)
            | Piece::Aligned { text, .. } => self.resolve_text(place, text),
            Piece::Table { caption, head, rows, .. } => {
                self.resolve_text(place, caption);
                head.iter_mut().chain(rows.iter_mut().flatten()).for_each(|cell| self.resolve_text(place, cell));
            }
        }
    }

    fn resolve_text(&mut self, place: &str, text: &mut String) {
        while let Some(start) = text.find(OPEN) {
            let end = text[start..].find(CLOSE).map_or(text.len(), |end| start + end);
            let clause = text[start + OPEN.len_utf8()..end].to_owned();
            let number = self.references.get(&clause).cloned();
            if number.is_none() {
                let message = format!("「{clause}」を引いていますが、その条項には文がありません。");
                self.mistakes.push(Mistake::new(place, message));
            }
            text.replace_range(start..(end + CLOSE.len_utf8()).min(text.len()), &number.unwrap_or_default());
        }
    }
}

/// Stand as the reference of a clause until it is numbered: it was put in, or has a number of its own.
const INSERTED: &str = "\u{E002}";
const FIXED: &str = "\u{E003}";

/// A clause with a number of its own, or without any: others then call it by its title.
fn fixed(style: Style, clause: &Clause, depth: usize, above: &str) -> Numbered {
    let reference = match clause.label.as_str() {
        "" => format!("「{}」", clause.title),
        label if depth == 1 || style == Style::Rules => label.to_owned(),
        label => format!("{above}{label}"),
    };
    Numbered { label: clause.label.clone(), reference }
}

/// The answers to controls, in the order asked for; an id without its last number (`3.8①`) stands for all below it.
/// Requirements of other lists, which begin with a letter, stand for none.
pub(crate) fn controls(root: &Value, ids: &[String]) -> Result<Value, Error> {
    let all = root.get_attr("control")?;
    let keys: Vec<String> = all.try_iter()?.map(|key| key.to_string()).collect();
    let mut picked = Vec::new();
    for id in ids.iter().filter(|id| id.starts_with(|first: char| first.is_ascii_digit())) {
        let below = format!("{id}-");
        let known = picked.len();
        for key in keys.iter().filter(|key| *key == id || key.starts_with(&below)) {
            picked.push(all.get_item(&Value::from(key.as_str()))?);
        }
        if picked.len() == known {
            return Err(Error::new(ErrorKind::InvalidOperation, format!("対策項目「{id}」はありません")));
        }
    }
    Ok(Value::from(picked))
}

fn shortened(text: &str) -> String {
    let mut short: String = text.chars().take(40).collect();
    if short.len() < text.len() {
        short.push('…');
    }
    short
}
