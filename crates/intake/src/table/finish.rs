//! From rows to items: names, scenario numbers, checks against the catalog, and the list of what to look at.

use std::collections::HashMap;

use super::assemble::Assembler;
use super::cite;
use super::draft::Draft;
use super::identify::{self, Placed};
use super::inherit::{self, Row};
use crate::fold;
use crate::import::{Confidence, Form, Import, Item, Mark, Problem, ProblemKind, RequirementText, ScenarioText};
use crate::known::Known;
use crate::lines::Ledger;

/// Makes the items of a table.
pub fn items(mut assembler: Assembler, edition: &str, known: &Known, ledger: Ledger, form: Form) -> Import {
    let left_over = assembler.finish();
    let placed = identify::place(&assembler.drafts, known);
    let rows = inherit::rows(&assembler, &placed);
    let scenarios = super::scenarios::number(&assembler.drafts, &placed, known);
    let mut problems: Vec<Problem> = assembler
        .unplaced
        .iter()
        .map(|(line, text)| Problem {
            kind: ProblemKind::Unplaced,
            line: Some(*line),
            item: None,
            message: format!("「{text}」をどの項目にも置けませんでした。原本で確かめてください"),
        })
        .collect();
    problems.extend(left_over.into_iter().map(|title| Problem {
        kind: ProblemKind::Missing,
        line: None,
        item: None,
        message: format!("題「{title}」の下に項目が見つかりませんでした"),
    }));
    // Where cells were broken over lines, a wording in one line may be what is left of several.
    let broken = assembler.drafts.iter().filter(|draft| draft.joined).count() * 20 > assembler.drafts.len();
    if broken {
        let why = "行が折り返された文書で、前の行が欠けていても分かりません";
        assembler.drafts.iter_mut().filter(|draft| !draft.joined).for_each(|draft| draft.doubt_once(85, why));
    }
    let slipped = marks_slipped(&assembler.drafts, &placed, known);
    let mut builder = Builder { known, titles: Titles::default(), problems, slipped };
    let mut items: Vec<Item> = Vec::with_capacity(placed.len());
    let assembler = &assembler;
    for (at, draft) in assembler.drafts.iter().enumerate() {
        items.push(builder.item(draft, &placed[at], &rows[at], &scenarios.of_row(at, &rows[at])));
    }
    fill_titles(&mut items, &assembler.drafts, &placed, known);
    let mut problems = builder.problems;
    repeated(&mut items, &mut problems);
    missing(&items, known, &mut problems);
    problems.sort_by_key(|problem| problem.line.unwrap_or(usize::MAX));
    let (lines, unused) = ledger.close();
    Import {
        edition: edition.to_owned(),
        form,
        items,
        answers: Vec::new(),
        scenarios: scenarios.texts(&assembler.drafts),
        requirements: requirements(assembler),
        problems,
        unused,
        lines,
    }
}

#[derive(Default)]
struct Titles {
    major: Option<(u8, String)>,
    middle: Option<((u8, u8), String)>,
    minor: Option<((u8, u8, u8), String)>,
}

struct Builder<'a> {
    known: &'a Known,
    titles: Titles,
    problems: Vec<Problem>,
    slipped: bool,
}

/// Whether a mark of the text is missing or differs where the catalog knows it: the column may have slipped.
fn marks_slipped(drafts: &[Draft], placed: &[Placed], known: &Known) -> bool {
    drafts.iter().zip(placed).any(|(draft, placed)| {
        let mark = placed.known.and_then(|at| known.controls[at].mark);
        mark.is_some() && mark != draft.mark
    })
}

impl Builder<'_> {
    fn item(&mut self, draft: &Draft, placed: &Placed, row: &Row, scenario: &super::scenarios::Found) -> Item {
        let id = format!("{}.{}{}-{}", placed.major, placed.middle, circled(draft.minor), draft.branch);
        let control = placed.known.map(|at| &self.known.controls[at]);
        let mut repairs = draft.repairs.clone();
        repairs.extend(placed.repairs.iter().cloned());
        repairs.extend(row.repairs.iter().cloned());
        repairs.extend(scenario.repair.clone());
        let mut confidence = placed.confidence.min(row.confidence).min(scenario.confidence);
        let mut doubts: Vec<String> = placed.doubts.iter().chain(&row.doubts).chain(&scenario.doubt).cloned().collect();
        for (percent, why) in &draft.doubts {
            confidence = confidence.min(*percent);
            doubts.push(why.clone());
        }
        if draft.text.is_empty() {
            confidence = confidence.min(20);
            doubts.push("本文が読み取れません".into());
        } else if draft.text.starts_with(['、', '。', '，', '）', ')', '」']) {
            confidence = confidence.min(60);
            doubts.push("本文の初めが切れているおそれがあります".into());
        } else if !ends_well(&draft.text) || !draft.text.ends_with('。') && draft.ends_with_text() {
            confidence = confidence.min(80);
            doubts.push("本文の終わりが句点でなく、途中で切れているおそれがあります".into());
        }
        let mark = draft.mark.unwrap_or(Mark::Unknown);
        if mark == Mark::Unknown {
            self.tell(ProblemKind::Missing, draft, &id, "区分の印（◎・○）が読み取れません。「不明」としました");
        }
        if let Some(control) = control {
            if control.mark.is_some_and(|known| mark != Mark::Unknown && known != mark) {
                confidence = confidence.min(60);
                doubts.push("区分の印が目録と違います。行がずれているおそれがあります".into());
            }
            if control.mark.is_none() && mark != Mark::Unknown && self.slipped {
                confidence = confidence.min(80);
                doubts.push(
                    "印の列がずれた所がほかにあり、目録でも印が分からないため、この印は確かではありません".into(),
                );
            }
            if let Some(cites) = &control.cites {
                let read: Vec<String> = row.references.iter().map(crate::Reference::id).collect();
                if !same_set(&read, cites) {
                    confidence = confidence.min(50);
                    doubts.push(format!(
                        "要求事項が目録（{}）と違います",
                        if cites.is_empty() { "なし".to_owned() } else { cites.join("、") }
                    ));
                } else if !control.cites_certain {
                    confidence = confidence.min(80);
                    doubts.push("要求事項の対応は、目録でも確かでないとされています".into());
                }
            }
            if !control.scenario_certain {
                confidence = confidence.min(80);
                doubts.push("シナリオの対応は、目録でも確かでないとされています".into());
            }
        } else {
            confidence = confidence.min(Confidence::UNCHECKED.as_percent());
        }
        for doubt in &doubts {
            self.tell(ProblemKind::Doubtful, draft, &id, doubt);
        }
        let titles = self.titles_of(draft, placed);
        Item {
            id,
            titles,
            text: draft.text.clone(),
            kubun: mark,
            scenario: scenario.shown.clone(),
            mhlw: row.references.clone(),
            confidence: Confidence::percent(confidence),
            repairs,
            line: draft.line,
            rule: None,
        }
    }

    fn tell(&mut self, kind: ProblemKind, draft: &Draft, id: &str, message: &str) {
        self.problems.push(Problem {
            kind,
            line: Some(draft.line),
            item: Some(id.to_owned()),
            message: message.to_owned(),
        });
    }

    /// Titles as printed; empty where none was printed.
    fn titles_of(&mut self, draft: &Draft, placed: &Placed) -> Vec<String> {
        if let Some(major) = &draft.major {
            self.titles.major = Some(major.clone());
        }
        if let Some((major, middle, title)) = &draft.middle {
            self.titles.middle = Some(((*major, *middle), title.clone()));
        }
        if let Some((minor, title)) = &draft.title {
            self.titles.minor = Some(((placed.major, placed.middle, *minor), title.clone()));
        }
        let middle = (placed.major, placed.middle);
        let minor = (placed.major, placed.middle, draft.minor);
        let take = |found: Option<&String>| found.cloned().unwrap_or_default();
        vec![
            take(self.titles.major.as_ref().filter(|(number, _)| *number == placed.major).map(|(_, title)| title)),
            take(self.titles.middle.as_ref().filter(|(number, _)| *number == middle).map(|(_, title)| title)),
            take(self.titles.minor.as_ref().filter(|(number, _)| *number == minor).map(|(_, title)| title)),
        ]
    }
}

/// Titles that were not printed come from the catalog, and say so.
fn fill_titles(items: &mut [Item], drafts: &[Draft], placed: &[Placed], known: &Known) {
    for ((item, draft), placed) in items.iter_mut().zip(drafts).zip(placed) {
        let Some(control) = placed.known.map(|at| &known.controls[at]) else { continue };
        let facts = [control.viewpoint, &control.middle_title, &control.minor_title];
        let mut filled = false;
        for (title, fact) in item.titles.iter_mut().zip(facts) {
            if title.is_empty() {
                fact.clone_into(title);
                filled = true;
            }
        }
        if filled {
            item.repairs.push(format!("{}行目の上に題が見つからないため、目録の題を使いました", draft.line));
        }
    }
}

/// The same number twice: one row if it is the same row, two doubtful ones if not.
fn repeated(items: &mut Vec<Item>, problems: &mut Vec<Problem>) {
    let mut first: HashMap<String, usize> = HashMap::new();
    let mut kept: Vec<Item> = Vec::with_capacity(items.len());
    for mut item in items.drain(..) {
        let Some(&before) = first.get(&item.id) else {
            first.insert(item.id.clone(), kept.len());
            kept.push(item);
            continue;
        };
        let earlier = &mut kept[before];
        if fold::key(&earlier.text) == fold::key(&item.text) {
            earlier.repairs.push(format!("{}行目の同じ行を一つにまとめました", item.line));
            continue;
        }
        let message = format!(
            "{}が二つあります（{}行目と{}行目）。どちらが正しいか確かめてください",
            item.id, earlier.line, item.line
        );
        problems.push(Problem {
            kind: ProblemKind::Doubtful,
            line: Some(item.line),
            item: Some(item.id.clone()),
            message,
        });
        earlier.confidence = earlier.confidence.min(Confidence::percent(50));
        item.confidence = item.confidence.min(Confidence::percent(30));
        kept.push(item);
    }
    *items = kept;
}

/// Known controls that were not found, in runs.
fn missing(items: &[Item], known: &Known, problems: &mut Vec<Problem>) {
    let found: HashMap<&str, usize> = items.iter().map(|item| (item.id.as_str(), item.line)).collect();
    let mut run: Vec<&str> = Vec::new();
    let mut tell = |run: &mut Vec<&str>, line: Option<usize>| {
        let (Some(first), Some(last)) = (run.first(), run.last()) else { return };
        let what = match run.len() {
            1 => (*first).to_owned(),
            count => format!("{first}から{last}までの{count}項目"),
        };
        problems.push(Problem {
            kind: ProblemKind::Missing,
            line,
            item: None,
            message: format!("{what}が見つかりません"),
        });
        run.clear();
    };
    for control in &known.controls {
        match found.get(control.id.as_str()) {
            Some(line) => tell(&mut run, Some(*line)),
            None => run.push(&control.id),
        }
    }
    tell(&mut run, None);
}

fn requirements(assembler: &Assembler) -> Vec<RequirementText> {
    let shown = |cite: &super::draft::Cite| RequirementText {
        ids: cite::references(cite).iter().map(crate::Reference::id).collect(),
        section: [cite.section.as_str(), cite.class.as_str()].join(" ").trim().to_owned(),
        text: cite.text.clone(),
        line: cite.line,
    };
    assembler.cites.iter().map(shown).collect()
}

/// The scenarios of the text, each once.
pub fn scenario_text(id: Option<String>, draft: &Draft) -> ScenarioText {
    ScenarioText { id, text: draft.scenario.clone(), line: draft.line }
}

fn ends_well(text: &str) -> bool {
    text.ends_with(['。', '）', ')', '等', '」', '）', '合']) || text.contains('。') && text.contains('・')
}

fn same_set(a: &[String], b: &[String]) -> bool {
    a.len() == b.len()
        && a.iter().all(|id| b.iter().any(|other| fold::key(other) == fold::key(id) && other.len() == id.len()))
}

/// ① for 1.
pub fn circled(number: u8) -> char {
    char::from_u32('①' as u32 + u32::from(number) - 1).unwrap_or('？')
}
