//! Documents made of clauses say what the facts hold: nothing more, nothing twice, nothing invented.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use shirube_catalog::library;
use shirube_documents::content::{Block, Document, Status};
use shirube_documents::deliverable::{Deliverable, composed, open_disclosure};
use shirube_outline::{Composed, outlines};
use shirube_safety::stated::*;
use shirube_safety::{File, Service, ServiceFiles};

const CLAUSES: [Deliverable; 7] = [
    Deliverable::Disclosure,
    Deliverable::Sla,
    Deliverable::OperatingRules,
    Deliverable::InstitutionRules,
    Deliverable::Letter,
    Deliverable::SummaryManagement,
    Deliverable::SummaryClinic,
];

fn sample(name: &str) -> ServiceFiles {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../samples").join(name);
    let text = |file: File| std::fs::read(folder.join(file.name())).ok().map(|text| (file, text));
    let texts: BTreeMap<File, Vec<u8>> = File::ALL.into_iter().filter_map(text).collect();
    shirube_folder::read(&texts).unwrap_or_else(|errors| panic!("{errors:#?}")).files
}

/// Facts of several kinds: the sample, nothing at all, lists of blank entries, and the sample the other way round.
fn variants() -> Vec<(String, ServiceFiles)> {
    let full = sample("clinic-ehr");
    let mut bare = full.clone();
    (bare.sla, bare.disclosure, bare.rules) = Default::default();
    let mut blank = full.clone();
    blank_lists(&mut blank);
    let mut turned = full.clone();
    turn(&mut turned);
    let mut variants = vec![
        ("sample".to_owned(), full.clone()),
        ("nothing stated".to_owned(), bare),
        ("blank entries".to_owned(), blank),
        ("turned".to_owned(), turned.clone()),
        ("blank".to_owned(), sample("blank")),
    ];
    for seed in 0..16 {
        let of = if seed % 2 == 0 { &full } else { &turned };
        variants.push((format!("some facts, seed {seed}"), some_facts(of, seed)));
    }
    variants
}

/// The same facts without about half of them, by chance but the same for the same seed.
fn some_facts(files: &ServiceFiles, seed: u64) -> ServiceFiles {
    let mut chance = Chance(seed);
    let mut files = files.clone();
    // Changes hang together with each other, and each of them is judged by tests of its own.
    files.sla.clauses.clear();
    macro_rules! thinned {
        ($of:expr) => {{
            let mut value = serde_json::to_value(&$of).unwrap();
            let mut places = Vec::new();
            all_places(&value, String::new(), &mut places);
            for place in places.into_iter().filter(|_| chance.coin()) {
                let Some(fact) = value.pointer_mut(&place) else { continue };
                let was = fact.take();
                // What an entry cannot do without stays.
                if serde_json::from_value(value.clone()).map(|read| $of = read).is_err() {
                    *value.pointer_mut(&place).unwrap() = was;
                }
            }
        }};
    }
    thinned!(files.sla);
    thinned!(files.disclosure);
    thinned!(files.rules);
    files
}

/// JSON pointers of everything that is written.
fn all_places(value: &serde_json::Value, at: String, places: &mut Vec<String>) {
    match value {
        serde_json::Value::Object(map) => {
            for (key, value) in map {
                let below = format!("{at}/{key}");
                places.push(below.clone());
                all_places(value, below, places);
            }
        }
        serde_json::Value::Array(list) => {
            list.iter().enumerate().for_each(|(index, value)| all_places(value, format!("{at}/{index}"), places));
        }
        _ => {}
    }
}

/// SplitMix64: chance that can be repeated.
struct Chance(u64);

impl Chance {
    fn coin(&mut self) -> bool {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb) >> 63 == 1
    }
}

/// Every list has an entry in which nothing is written.
fn blank_lists(files: &mut ServiceFiles) {
    fn blank(value: &mut serde_json::Value) {
        match value {
            serde_json::Value::Object(map) => {
                for (_, value) in map.iter_mut() {
                    if value.is_string() {
                        *value = serde_json::Value::Null;
                    }
                    blank(value);
                }
            }
            serde_json::Value::Array(list) => {
                list.truncate(1);
                list.iter_mut().for_each(blank);
            }
            _ => {}
        }
    }
    macro_rules! blanked {
        ($of:expr) => {{
            let mut value = serde_json::to_value(&$of).unwrap();
            // What must be there stays: it tells the entries apart.
            let kept = value.clone();
            blank(&mut value);
            $of = serde_json::from_value(value).or_else(|_| serde_json::from_value(kept)).unwrap();
        }};
    }
    files.sla.clauses.clear();
    files.rules.procedures.clear();
    files.disclosure.documents.clear();
    files.disclosure.first_steps.clear();
    files.disclosure.laws.clear();
    files.disclosure.guidelines.clear();
    for evaluation in &mut files.disclosure.evaluations {
        evaluation.nda = shirube_safety::model::Answer::Unknown;
    }
    blanked!(files.sla.availability);
    blanked!(files.sla.editions);
    blanked!(files.sla.division);
    blanked!(files.rules.storage_places);
    blanked!(files.disclosure.departments);
    files.sla.maintenance = Some(MaintenanceNotice::default());
    files.rules.institution = Some(InstitutionRules { size: Some(SizeClass::B), ..InstitutionRules::default() });
}

/// Every yes is a no, every what-was-not is what-was.
fn turn(files: &mut ServiceFiles) {
    let scope = files.sla.scope.as_mut().unwrap();
    for part in [&mut scope.network, &mut scope.equipment, &mut scope.software] {
        part.as_mut().unwrap().provided = shirube_safety::model::Answer::No;
    }
    files.sla.linked = Some(vec![LinkedService { name: Some("連携先".into()), ..LinkedService::default() }]);
    let evaluation = files.sla.evaluation.as_mut().unwrap();
    evaluation.availability_unit = Some(AvailabilityUnit::Year);
    let record = files.disclosure.record.as_mut().unwrap();
    (record.leaks, record.misuse) = (Some(Occurrence::Something), Some(Occurrence::Nothing));
    let patients = files.disclosure.patients.as_mut().unwrap();
    patients.explained_by = Some(Explainer::Provider);
    patients.processing_same = shirube_safety::model::Answer::No;
    files.disclosure.audit.as_mut().unwrap().outline_disclosed = shirube_safety::model::Answer::No;
    files.service.supply_chain.clear();
    files.disclosure.no_subcontractors_on = files.disclosure.record.as_ref().unwrap().as_of;
    files.rules.institution.as_mut().unwrap().size = Some(SizeClass::B);
    files.service.editions = vec!["pg-2.0".into(), "mhlw-6.0".into()];
}

fn made(files: &ServiceFiles, deliverable: Deliverable) -> Composed {
    let service = Service::new(files);
    composed(&service, deliverable, false).unwrap_or_else(|mistakes| panic!("{deliverable}: {mistakes:#?}"))
}

fn built(files: &ServiceFiles, deliverable: Deliverable) -> Document {
    deliverable.build(&Service::new(files), "0123456789ab")
}

/// Everything that a reader sees.
fn text(document: &Document) -> String {
    let mut text = format!("{}\n{}\n", document.title, document.notices.join("\n"));
    for block in &document.blocks {
        match block {
            Block::Heading { text: line, .. } | Block::Paragraph(line) | Block::Aligned { text: line, .. } => {
                text += line;
            }
            Block::Numbered { label, text: line, .. } => text += &format!("{label} {line}"),
            Block::List(items) => text += &items.join("\n"),
            Block::Table(table) => {
                text += &table.caption;
                for cell in table.head.iter().chain(&table.rows).flatten() {
                    text += &format!("\n{}", cell.text);
                }
            }
            Block::Figure(_) | Block::Contents | Block::PageBreak => {}
        }
        text.push('\n');
    }
    text
}

/// Any set of facts yields whole documents: every path exists, no reference dangles, no number stands twice, and nothing
/// of the templates shows.
#[test]
fn any_facts_make_whole_documents() {
    for (name, files) in variants() {
        for deliverable in CLAUSES {
            let document = made(&files, deliverable);
            let mut numbers = BTreeSet::new();
            for clause in document.walk().filter(|clause| !clause.label.is_empty()) {
                assert!(numbers.insert(clause.reference.clone()), "{name}, {deliverable}: {} twice", clause.reference);
            }
            let text = text(&built(&files, deliverable));
            for leak in [
                "{{",
                "}}",
                "{%",
                "%}",
                "TODO",
                "undefined",
                "none",
                "〔〕",
                "（）",
                "「」",
                "【】",
                "\u{E000}",
                "\u{E001}",
            ] {
                assert!(!text.contains(leak), "{name}, {deliverable}: 「{leak}」 in {}", around(&text, leak));
            }
        }
    }
}

fn around<'t>(text: &'t str, what: &str) -> &'t str {
    let at = text.find(what).unwrap_or_default();
    let from = text[..at].char_indices().rev().nth(40).map_or(0, |(at, _)| at);
    let to = text[at..].char_indices().nth(40).map_or(text.len(), |(end, _)| at + end);
    &text[from..to]
}

/// Dates are printed as the document's preset has them: none is left as files hold it.
#[test]
fn no_date_is_printed_as_files_hold_it() {
    let files = sample("clinic-ehr");
    for deliverable in CLAUSES {
        let text = text(&built(&files, deliverable));
        let is_date = |at: usize| {
            let word: Vec<char> = text[at..].chars().take(10).collect();
            word.len() == 10
                && word.iter().enumerate().all(|(at, letter)| match at {
                    4 | 7 => *letter == '-',
                    _ => letter.is_ascii_digit(),
                })
        };
        let found: Vec<usize> = text.char_indices().map(|(at, _)| at).filter(|at| is_date(*at)).collect();
        assert!(found.is_empty(), "{deliverable}: {}", &text[found[0]..found[0] + 10]);
    }
}

/// DOC-006 to DOC-023: each part of サービス仕様適合開示書 (T-11, T-12) has its clause, in the document of the sample.
#[test]
fn the_disclosure_has_every_part() {
    let document = made(&sample("clinic-ehr"), Deliverable::Disclosure);
    let answered: BTreeSet<&str> =
        document.walk().flat_map(|clause| clause.requirements.iter().map(String::as_str)).collect();
    for number in 6..=23 {
        assert!(answered.contains(format!("DOC-{number:03}").as_str()), "DOC-{number:03}");
    }
    let references: Vec<&str> = document.walk().map(|clause| clause.reference.as_str()).collect();
    for number in
        ["（1）①", "（1）②", "（1）③", "（1）④", "（2）①", "（2）⑥(a)", "（2）⑥(b)", "（2）⑮(b)(ア)", "（2）⑮(e)"]
    {
        assert!(references.contains(&number), "{number} in {references:?}");
    }
}

/// DOC-007, DOC-020: the four fixed roles, and the hours of the desk, from where they stand.
#[test]
fn the_disclosure_names_the_roles_and_the_desk() {
    let files = sample("clinic-ehr");
    let text = text(&built(&files, Deliverable::Disclosure));
    for role in ["管理責任者", "システム管理者", "運用管理責任者", "個人情報保護責任者"] {
        assert!(text.contains(role), "{role}");
    }
    let desk = files.sla.desk.as_ref().unwrap();
    assert!(text.contains(desk.phone.as_ref().unwrap()));
}

/// DOC-011: an applied-for certificate never stands among those that are held.
#[test]
fn an_applied_for_certificate_is_never_held() {
    let files = sample("clinic-ehr");
    let applied = files.disclosure.applications[0].name.clone().unwrap();
    for deliverable in CLAUSES {
        let document = built(&files, deliverable);
        for block in &document.blocks {
            if let Block::Table(table) = block {
                let cells = table.rows.iter().flatten();
                assert!(!cells.map(|cell| &cell.text).any(|cell| cell.contains(&applied)), "{deliverable}");
            }
        }
        let text = text(&document);
        for line in text.lines().filter(|line| line.contains(&applied)) {
            assert!(line.contains("申請中") && line.contains("まだ受けていません"), "{deliverable}: {line}");
        }
    }
    assert!(text(&built(&files, Deliverable::Disclosure)).contains(&applied));
}

/// DOC-004: what needs a secrecy agreement, or may need one, is not named in the copy for anybody.
#[test]
fn the_open_disclosure_keeps_back_what_needs_a_secrecy_agreement() {
    let files = sample("clinic-ehr");
    let closed = text(&built(&files, Deliverable::Disclosure));
    let open_files = files.open_copy();
    let open = text(&open_disclosure(&Service::new(&open_files), "0123456789ab"));
    let secret: Vec<&String> = files
        .disclosure
        .documents
        .iter()
        .filter(|document| document.nda != shirube_safety::model::Answer::No)
        .filter_map(|document| document.name.as_ref())
        .collect();
    assert!(secret.len() >= 3);
    for name in secret {
        assert!(closed.contains(name.as_str()) && !open.contains(name.as_str()), "{name}");
    }
}

/// DOC-025, AGREE-009: one parameter changed in one place changes every mention of it in every document.
#[test]
fn a_parameter_changes_everywhere_at_once() {
    let before = sample("clinic-ehr");
    let mut after = before.clone();
    let old = "03-0000-0118";
    after.sla.desk.as_mut().unwrap().phone = Some("03-9999-0001".into());
    let mut mentions = 0;
    for deliverable in CLAUSES {
        let (was, is) = (text(&built(&before, deliverable)), text(&built(&after, deliverable)));
        assert_eq!(was.matches(old).count(), is.matches("03-9999-0001").count(), "{deliverable}");
        assert!(!is.contains(old), "{deliverable}");
        mentions += usize::from(was.contains(old));
    }
    assert!(mentions >= 3, "the number stands in {mentions} documents only");
}

/// Figures are printed as stated: shares are neither rounded nor cut.
#[test]
fn figures_equal_the_facts() {
    let mut files = sample("clinic-ehr");
    files.sla.availability[0].target = Some(Share("99.97".into()));
    files.sla.return_days = Some(47);
    let text = text(&built(&files, Deliverable::Sla));
    assert!(text.contains("99.97%") && !text.contains("99.95%"), "{}", around(&text, "稼働率"));
    assert!(text.contains("47日"));
}

/// DOC-026: dropping any optional clause of the contract leaves numbers without a hole and references right.
#[test]
fn any_optional_clause_of_the_contract_may_go() {
    let files = sample("clinic-ehr");
    let optional: Vec<&str> =
        outlines()["sla"].walk().filter(|(_, part)| part.optional).map(|(_, part)| part.id.as_str()).collect();
    assert!(optional.len() > 10, "{}", optional.len());
    for clause in optional {
        let mut files = files.clone();
        files.sla.clauses = vec![change(ClauseChangeKind::Drop, clause)];
        let document = made(&files, Deliverable::Sla);
        assert!(document.clause(clause).is_none(), "{clause}");
        let mut last: BTreeMap<String, usize> = BTreeMap::new();
        for chapter in &document.clauses {
            for (at, section) in chapter.clauses.iter().enumerate() {
                assert_eq!(section.label, format!("{}{}", chapter.label, at + 1), "without {clause}");
                last.insert(section.label.clone(), at);
            }
        }
    }
}

fn change(change: ClauseChangeKind, clause: &str) -> ClauseChange {
    ClauseChange {
        change,
        clause: clause.to_owned(),
        id: None,
        title: None,
        text: Vec::new(),
        keeps_numbers: shirube_safety::model::Answer::No,
        seen: None,
        reason: None,
    }
}

/// DOC-025: clauses are replaced and added per contract, and what cannot be done is said instead of done.
#[test]
fn clauses_are_replaced_and_added_per_contract() {
    let mut files = sample("clinic-ehr");
    let own = ClauseChange {
        id: Some("own-visit".into()),
        title: Some("訪問".into()),
        text: vec!["乙は、{{ ref(\"purpose\") }}の目的のため、年に1回、{{ institution.name }}を訪問する。".into()],
        ..change(ClauseChangeKind::Insert, "service-purpose")
    };
    let replaced = ClauseChange {
        text: vec!["対象は、甲の本院に限る。".into()],
        ..change(ClauseChangeKind::Replace, "target")
    };
    files.sla.clauses = vec![own, replaced];
    let text = text(&built(&files, Deliverable::Sla));
    assert!(
        text.contains("1.2 訪問") && text.contains("1.1(1)の目的のため、年に1回、あおば内科クリニックを訪問する。")
    );
    assert!(text.contains("対象は、甲の本院に限る。"));
    files.sla.clauses = vec![change(ClauseChangeKind::Drop, "no-such-clause")];
    let refused = built(&files, Deliverable::Sla);
    assert_eq!(refused.meta.status, Status::Draft);
    assert!(refused.notices.iter().any(|notice| notice.contains("作れません")));
}

/// DOC-029, T-09: each mandatory content of (ア) to (コ) has its article.
#[test]
fn the_rules_have_every_mandatory_content() {
    let document = made(&sample("clinic-ehr"), Deliverable::OperatingRules);
    let answered: BTreeSet<&str> =
        document.walk().flat_map(|clause| clause.requirements.iter().map(String::as_str)).collect();
    for section in &library().provider.rule_book {
        for number in 1..=section.contents.iter().filter(|content| !content.desirable).count() {
            let id = format!("T-09 ({}){number}", section.id);
            assert!(answered.contains(id.as_str()), "{id}");
        }
    }
}

/// The 21 controls of 別紙2 that ask for words in the 運用管理規程.
const ASKED: [&str; 21] = [
    "1.1②-1",
    "1.1③-10",
    "1.1④-1",
    "1.1⑤-1",
    "1.1⑤-7",
    "1.1⑤-9",
    "1.1⑥-2",
    "1.5③-1",
    "1.9①-6",
    "1.14②-3",
    "1.14③-6",
    "2.2①-14",
    "3.1③-2",
    "3.20①-7",
    "3.21①-4",
    "3.21①-6",
    "3.21①-7",
    "3.21①-8",
    "3.21①-9",
    "3.21①-11",
    "3.21②-4",
];

/// DOC-030, T-25a: the rules collect every control that asks for words in them.
#[test]
fn the_rules_collect_the_controls_that_ask_for_it() {
    let document = made(&sample("clinic-ehr"), Deliverable::OperatingRules);
    let answered: BTreeSet<&str> =
        document.walk().flat_map(|clause| clause.requirements.iter().map(String::as_str)).collect();
    let lacking: Vec<&&str> = ASKED.iter().filter(|id| !answered.contains(*id)).collect();
    assert!(lacking.is_empty(), "{lacking:?}");
}

/// DOC-029: a 運用管理規程 is not issued while a mandatory content lacks a fact, and says which.
#[test]
fn rules_without_a_mandatory_content_are_held_back() {
    let files = sample("clinic-ehr");
    let document = built(&files, Deliverable::OperatingRules);
    let held = |document: &Document| document.notices.iter().any(|notice| notice.contains("発行できません"));
    assert_eq!(document.meta.status, Status::Draft);
    assert!(held(&document), "{:?}", document.notices);
}

/// What is not known stands on the first page with its place and who would know (DOC-004, DOC-008).
#[test]
fn what_is_not_known_stands_first() {
    let document = built(&sample("clinic-ehr"), Deliverable::Sla);
    let Some(Block::Table(table)) = document.blocks.first() else { panic!("{:?}", document.blocks.first()) };
    assert_eq!(table.caption, "未記載の一覧");
    let rows: Vec<String> =
        table.rows.iter().map(|row| row.iter().map(|cell| cell.text.as_str()).collect::<Vec<_>>().join("|")).collect();
    assert!(rows.iter().any(|row| row.contains("夜間と休日") && row.contains("管理責任者")), "{rows:#?}");
    let bare = Block::Table(table.clone());
    assert!(!text(&Document { blocks: vec![bare], ..document.clone() }).contains("sla."), "{rows:#?}");
}

/// INST-016, DOC-035: the institution's rules follow its size: what is for large hospitals is not in those of a clinic.
#[test]
fn the_institutions_rules_follow_its_size() {
    let mut files = sample("clinic-ehr");
    let clinic = made(&files, Deliverable::InstitutionRules).walk().count();
    let told = |files: &ServiceFiles| built(files, Deliverable::InstitutionRules).notices.join("");
    assert!(!told(&files).contains("規模"), "{}", told(&files));
    files.rules.institution.as_mut().unwrap().size = Some(SizeClass::B);
    let hospital = made(&files, Deliverable::InstitutionRules).walk().count();
    assert!(clinic < hospital, "{clinic} {hospital}");
    // Nobody knows which of two that contradict each other holds.
    files.rules.institution.as_mut().unwrap().size = None;
    let unknown = made(&files, Deliverable::InstitutionRules).walk().count();
    assert!(unknown < clinic, "{unknown} {clinic}");
    assert!(told(&files).contains("規模が書かれていない"), "{}", told(&files));
}

/// DOC-002: the rules of an institution are its own: nobody of the provider stands on them as author or approver.
#[test]
fn the_institutions_rules_are_its_own() {
    let document = built(&sample("clinic-ehr"), Deliverable::InstitutionRules);
    let meta = &document.meta;
    assert_eq!((meta.service.as_str(), meta.author.as_deref()), ("あおば内科クリニック", None));
    assert_eq!(meta.valid.as_deref(), Some("令和9年1月4日から"));
    assert!(document.notices[0].contains("用意した案"), "{:?}", document.notices);
}

/// DOC-025: notes for authors stand in the data alone, never in what is printed.
#[test]
fn notes_for_authors_are_not_printed() {
    let files = sample("clinic-ehr");
    for deliverable in [Deliverable::Sla, Deliverable::Disclosure, Deliverable::OperatingRules] {
        let document = built(&files, deliverable);
        let printed = text(&document);
        let notes = made(&files, deliverable);
        let note = notes.walk().find(|clause| clause.note.lines().next().is_some_and(|line| line.len() > 60)).unwrap();
        let line = note.note.lines().next().unwrap();
        assert!(!printed.contains(line), "{deliverable}: {line}");
        assert!(document.data.iter().any(|sheet| sheet.name.contains("起案者用")));
    }
}

/// DOC-001: a summary has one title, on lists and on paper.
#[test]
fn a_summary_has_one_title() {
    let files = sample("clinic-ehr");
    for deliverable in [Deliverable::SummaryManagement, Deliverable::SummaryClinic] {
        assert_eq!(built(&files, deliverable).title, deliverable.title());
    }
}
