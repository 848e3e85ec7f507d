//! Catalogs, crosswalks and a service's state as OSCAL (requirements INTEROP, CATALOG).
//!
//! It is judged by others: NIST's JSON Schemas, and compliance-trestle, which imports, resolves and validates.

mod support;

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

use serde_json::Value;
use support::held::{array, editions, export, text};
use support::{json, ran, sample, shirube};

/// The documents of one export, by file name.
type Documents = BTreeMap<String, Value>;

fn documents(folder: &Path) -> Documents {
    let files = fs::read_dir(folder).expect("a folder").map(|entry| entry.expect("readable").path());
    let json = files.filter(|path| path.extension().is_some_and(|extension| extension == "json"));
    json.map(|path| {
        let value = serde_json::from_slice(&fs::read(&path).expect("readable")).expect("JSON");
        (path.file_name().and_then(|name| name.to_str()).expect("UTF-8").to_owned(), value)
    })
    .collect()
}

/// Every edition and the sample service as OSCAL, made once for all tests: edition or `service`, and its documents.
fn all() -> &'static BTreeMap<String, Documents> {
    static ALL: OnceLock<BTreeMap<String, Documents>> = OnceLock::new();
    ALL.get_or_init(|| exported(Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("oscal-{}", std::process::id()))))
}

fn exported(folder: PathBuf) -> BTreeMap<String, Documents> {
    for edition in editions() {
        export(&edition, "oscal", &folder.join(&edition));
    }
    report(&sample(), &folder.join("service"));
    let names = editions().into_iter().map(|edition| (edition.clone(), folder.join(edition)));
    let made: BTreeMap<String, Documents> = names
        .chain([("service".to_owned(), folder.join("service/oscal"))])
        .map(|(name, folder)| (name, documents(&folder)))
        .collect();
    fs::remove_dir_all(folder).expect("removed");
    made
}

fn report(service: &Path, out: &Path) {
    let (service, out) = (service.to_str().expect("UTF-8"), out.to_str().expect("UTF-8"));
    let ran = shirube(&["report", service, "--out", out, "--format", "oscal"]);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
}

/// The model of a document and its content.
fn model(document: &Value) -> (&str, &Value) {
    let (model, body) = document.as_object().and_then(|map| map.iter().next()).expect("a document has one model");
    (model, body)
}

/// A property of ours.
fn prop<'a>(of: &'a Value, name: &str) -> Option<&'a str> {
    array(of, "props").iter().find(|prop| prop["name"] == name).and_then(|prop| prop["value"].as_str())
}

fn props<'a>(of: &'a Value, name: &'a str) -> impl Iterator<Item = &'a Value> {
    array(of, "props").iter().filter(move |prop| prop["name"] == name)
}

/// All controls of a catalog, in its order.
fn controls(group: &Value) -> Vec<&Value> {
    let inner = array(group, "groups").iter().flat_map(controls);
    array(group, "controls").iter().chain(inner).collect()
}

/// Every object inside a value.
fn objects(value: &Value) -> Vec<&serde_json::Map<String, Value>> {
    match value {
        Value::Object(map) => std::iter::once(map).chain(map.values().flat_map(objects)).collect(),
        Value::Array(list) => list.iter().flat_map(objects).collect(),
        _ => Vec::new(),
    }
}

/// INTEROP-001, INTEROP-008: every document is valid against NIST's schema, says which version of OSCAL it is, and names
/// each thing once.
#[test]
fn every_document_is_valid_oscal() {
    let schemas = Path::new(env!("CARGO_MANIFEST_DIR")).join("../oscal/tests/schema");
    let validator = |name: &str| {
        let schema = fs::read(schemas.join(format!("oscal_{name}_schema.json"))).expect("a schema");
        let schema = serde_json::from_slice(&schema).expect("JSON");
        jsonschema::validator_for(&schema).unwrap_or_else(|error| panic!("{name}: {error}"))
    };
    let validators: HashMap<&str, jsonschema::Validator> = [
        ("catalog", "catalog"),
        ("profile", "profile"),
        ("mapping-collection", "mapping"),
        ("component-definition", "component"),
        ("system-security-plan", "ssp"),
        ("assessment-results", "assessment-results"),
        ("plan-of-action-and-milestones", "poam"),
    ]
    .map(|(model, name)| (model, validator(name)))
    .into();
    let mut seen = BTreeSet::new();
    for (edition, documents) in all() {
        for (name, document) in documents {
            let (model, body) = model(document);
            seen.insert(model.to_owned());
            let errors: Vec<String> = validators[model]
                .iter_errors(document)
                .take(3)
                .map(|error| format!("{}: {error:.300}", error.instance_path()))
                .collect();
            assert!(errors.is_empty(), "{edition}/{name}: {errors:#?}");
            assert_eq!(body["metadata"]["oscal-version"], "1.2.1", "{edition}/{name}");
            let mut ids = HashSet::new();
            for object in objects(body) {
                for key in ["uuid", "id"] {
                    if let Some(id) = object.get(key).and_then(Value::as_str) {
                        assert!(ids.insert((key, id)), "{edition}/{name}: {key} {id} stands twice");
                    }
                }
            }
        }
    }
    assert_eq!(seen.len(), validators.len(), "every model has a document: {seen:?}");
}

/// INTEROP-001: compliance-trestle imports and validates every document, and its profile resolver finds exactly the
/// controls that each profile is about.
#[test]
fn trestle_imports_resolves_and_validates_everything() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    for (name, documents) in all() {
        let inner = folder.path().join("oscal").join(name);
        fs::create_dir_all(&inner).expect("made");
        for (name, document) in documents {
            fs::write(inner.join(name), document.to_string()).expect("written");
        }
    }
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/trestle.py");
    let output = Command::new("python3")
        .arg(script)
        .args([folder.path().join("oscal"), folder.path().join("workspace")])
        .output()
        .expect("Python 3 starts");
    let said = ran(output);
    assert!(
        !said.stderr.contains("ModuleNotFoundError"),
        "install the PyPI package compliance-trestle\n{}",
        said.stderr
    );
    let facts: Value = serde_json::from_str(&said.stdout).unwrap_or_else(|error| panic!("{error}: {}", said.stderr));
    assert!(array(&facts, "failed").is_empty(), "{:#}\n{}", facts["failed"], said.stderr);
    let sent: usize = all().values().map(BTreeMap::len).sum();
    assert_eq!(facts["models"].as_object().map(serde_json::Map::len), Some(sent), "every document was imported");
    for (name, documents) in all() {
        let known: Vec<&str> =
            controls(&documents["catalog.json"]["catalog"]).into_iter().map(|c| text(c, "id")).collect();
        for (file, document) in documents {
            let Some(profile) = document.get("profile") else { continue };
            let include = &profile["imports"][0]["include-controls"][0];
            let wanted: BTreeSet<&str> = match include.get("with-ids") {
                Some(ids) => ids.as_array().expect("a list").iter().filter_map(Value::as_str).collect(),
                None => known.iter().copied().collect(),
            };
            let resolved = array(&facts["profiles"], &format!("{name}/{file}"));
            let found: BTreeSet<&str> = resolved.iter().filter_map(Value::as_str).collect();
            assert_eq!(found, wanted, "{name}/{file}");
            assert_eq!(resolved.len(), wanted.len(), "{name}/{file}: none stands twice");
        }
    }
}

/// INTEROP-001, CATALOG-022: nothing of an edition is lost or made surer on the way: items in their order, certainty,
/// source, class, notes, headings without items, and what nobody has seen.
#[test]
fn a_catalog_keeps_what_the_edition_says_and_how_surely() {
    for edition in editions() {
        let list = json(&["catalog", "list", &edition, "--format", "json"]);
        let catalog = &all()[&edition]["catalog.json"]["catalog"];
        let entries = array(&list, "entries");
        let by_label: HashMap<&str, &Value> =
            controls(catalog).into_iter().map(|control| (prop(control, "label").expect("a label"), control)).collect();
        assert_eq!(by_label.len(), entries.len(), "{edition}");
        assert_eq!(prop(&catalog["metadata"], "certainty"), list["certainty"].as_str(), "{edition}");
        let partial = list["certainty"] != "seen";
        assert_eq!(text(&catalog["metadata"], "remarks").contains("一部又は推定"), partial, "{edition}");
        let mut order = Vec::new();
        for entry in entries {
            let control = by_label[text(entry, "id")];
            let id = text(control, "id");
            assert!(id.is_ascii() && id.starts_with(|first: char| first.is_ascii_alphabetic()), "{id}");
            for (field, name) in [
                ("certainty", "certainty"),
                ("class", "class"),
                ("source", "source"),
                ("note", "note"),
                ("text_from", "text-from"),
            ] {
                let statement =
                    array(control, "parts").iter().find(|part| part["name"] == "statement").expect("a statement");
                let found = prop(control, name).or_else(|| prop(statement, name)).unwrap_or_default();
                let expected = text(entry, field).split_whitespace().collect::<Vec<_>>().join(" ");
                assert_eq!(found, expected, "{edition} {} {field}", text(entry, "id"));
                assert_eq!(text(entry, "text").is_empty(), statement.get("prose").is_none(), "{edition} {id}");
            }
            order.push(prop(control, "sort-id").expect("a sort-id"));
        }
        assert!(order.is_sorted(), "{edition}: the order of the original");
        let gaps: Vec<&str> = props(&catalog["metadata"], "gap").map(|gap| text(gap, "value")).collect();
        assert_eq!(gaps.len(), array(&list, "gaps").len(), "{edition}");
        let headings: Vec<&str> = objects(catalog)
            .into_iter()
            .filter(|object| object.get("props").is_some_and(|_| true))
            .flat_map(|object| object["props"].as_array().into_iter().flatten())
            .filter(|prop| prop["name"] == "known-as")
            .map(|prop| prop["value"].as_str().unwrap_or_default())
            .collect();
        assert_eq!(headings.len(), array(&list, "outline").len(), "{edition}: every heading is there");
    }
}

/// CATALOG-007, CATALOG-008, CATALOG-009: a crosswalk keeps every link: as a map between controls that exist, as a gap
/// that somebody stated, or, where a chapter has no known item, as a link to that chapter.
#[test]
fn a_mapping_keeps_every_link_of_the_crosswalks() {
    let relationships = ["equal-to", "equivalent-to", "subset-of", "superset-of", "intersects-with", "no-relationship"];
    let ids: HashMap<&str, HashSet<&str>> = all()
        .iter()
        .filter(|(name, _)| *name != "service")
        .map(|(edition, documents)| {
            let ids = controls(&documents["catalog.json"]["catalog"]).into_iter().map(|control| text(control, "id"));
            (edition.as_str(), ids.collect())
        })
        .collect();
    let mut pairs = 0;
    for (edition, documents) in all() {
        let Some(collection) = documents.get("mapping-collection.json") else { continue };
        for mapping in array(&collection["mapping-collection"], "mappings") {
            pairs += 1;
            let end = |key: &str| prop(&mapping[key], "edition").expect("an edition");
            let (from, to) = (end("source-resource"), end("target-resource"));
            assert!(from == edition || to == edition, "{edition}: {from} to {to}");
            let crosswalk = json(&["catalog", "crosswalk", from, to, "--format", "json"]);
            let direct = array(&crosswalk, "way").len() == 2;
            assert!(direct, "{from} to {to} is one crosswalk");
            let links: HashSet<(&str, &str)> =
                array(&crosswalk, "links").iter().map(|link| (text(link, "source"), text(link, "target"))).collect();
            let maps = array(mapping, "maps");
            let chapters = props(mapping, "link-to-chapter").count();
            let gaps = props(mapping, "no-counterpart").count();
            assert!(maps.len() + chapters >= links.len(), "{from} to {to}: {} of {}", maps.len(), links.len());
            assert_eq!(gaps, array(&crosswalk, "without_counterpart").len(), "{from} to {to}");
            for map in maps {
                assert!(relationships.contains(&text(map, "relationship")), "{map}");
                assert!(["seen", "partial", "derived"].contains(&prop(map, "certainty").unwrap_or_default()), "{map}");
                assert!(!text(map, "remarks").is_empty(), "{map}");
                let whole = prop(map, "chapter-link").is_some();
                assert!(!whole || prop(map, "certainty") == Some("derived"), "a chapter tells little of its items");
                for (key, edition) in [("sources", from), ("targets", to)] {
                    let items = array(map, key);
                    assert!(whole || items.len() == 1, "{map}");
                    assert!(items.iter().all(|item| ids[edition].contains(text(item, "id-ref"))), "{map}");
                }
            }
        }
    }
    assert!(pairs > 20, "every crosswalk stands with both its editions: {pairs}");
}

/// INTEROP-001: what nobody answered is unanswered and never implemented; what nobody decided is a proposal.
#[test]
fn a_service_is_never_shown_better_than_it_is() {
    let service = &all()["service"];
    let list = json(&["catalog", "list", "--format", "json"]);
    let plan = &service["system-security-plan.json"]["system-security-plan"];
    let requirements = array(&plan["control-implementation"], "implemented-requirements");
    assert_eq!(requirements.len(), array(&list, "controls").len(), "every control has its place");
    let mut states: BTreeMap<&str, usize> = BTreeMap::new();
    for requirement in requirements {
        let by = &requirement["by-components"][0];
        let state = text(&by["implementation-status"], "state");
        assert_eq!(prop(requirement, "status"), Some(state), "{requirement}");
        if state == "unanswered" {
            assert_eq!(text(by, "description"), "未回答", "{requirement}");
        }
        *states.entry(state).or_default() += 1;
    }
    assert!(states["unanswered"] > 0 && states["planned"] > 0 && states["implemented"] > 0, "{states:?}");

    let definition = &service["component-definition.json"]["component-definition"];
    let claimed: BTreeSet<&str> =
        array(&array(definition, "components")[0]["control-implementations"][0], "implemented-requirements")
            .iter()
            .map(|requirement| text(requirement, "control-id"))
            .collect();
    let held = requirements
        .iter()
        .filter(|r| ["implemented", "partial", "alternative"].contains(&prop(r, "status").unwrap_or_default()));
    assert_eq!(claimed, held.map(|requirement| text(requirement, "control-id")).collect(), "no more than was answered");
    for component in &array(definition, "components")[1..] {
        let done = prop(component, "measure-status") == Some("done");
        assert_eq!(text(component, "title").starts_with('【'), !done, "{component}");
    }

    let result = &service["assessment-results.json"]["assessment-results"]["results"][0];
    let assessment = json(&["assess", sample().to_str().expect("UTF-8"), "--format", "json"]);
    let risks = array(result, "risks");
    assert_eq!(risks.len(), array(&assessment, "risks").len());
    let proposed = risks.iter().filter(|risk| prop(risk, "state") == Some("proposed"));
    let mut open = 0;
    for risk in proposed {
        open += 1;
        assert!(
            text(risk, "title").contains("案") && risk["status"] == "open" && risk.get("risk-log").is_none(),
            "{risk}"
        );
        let origins = array(risk, "characterizations").iter().map(|one| text(&one["origin"]["actors"][0], "type"));
        assert!(origins.collect::<Vec<_>>().iter().all(|origin| *origin == "tool"), "a program proposed it: {risk}");
    }
    assert!(open > 0 && prop(result, "proposed") == Some(&open.to_string()), "{open}");
    let observed: HashSet<&str> = array(result, "observations").iter().map(|one| text(one, "uuid")).collect();
    for risk in risks {
        assert!(observed.contains(text(&risk["related-observations"][0], "observation-uuid")), "{risk}");
        let facets: BTreeSet<&str> =
            array(&risk["characterizations"][0], "facets").iter().map(|facet| text(facet, "name")).collect();
        assert_eq!(facets, BTreeSet::from(["impact", "likelihood", "risk"]), "{risk}");
    }

    let poam = &service["plan-of-action-and-milestones.json"]["plan-of-action-and-milestones"];
    let items =
        |kind: &str| array(poam, "poam-items").iter().filter(move |item| prop(item, "kind") == Some(kind)).count();
    let unfinished =
        ["unanswered", "planned", "partial", "not-met"].iter().filter_map(|state| states.get(state)).sum::<usize>();
    assert_eq!(items("control"), unfinished, "every open answer");
    assert_eq!(items("risk-undecided"), open, "every risk that nobody decided");
    assert!(items("treatment") > 0, "every treatment that is not finished");
    let dated =
        array(poam, "poam-items").iter().filter(|item| prop(item, "due").is_some_and(|due| due.starts_with("20")));
    assert!(dated.count() > 0, "what has a date keeps it");
}

/// INTEROP-001: an unfinished folder is no error, what it does not state is said to be not stated, and the same folder
/// gives the same bytes.
#[test]
fn an_unfinished_service_is_written_as_it_is_and_the_same_again() {
    let dir = tempfile::tempdir().expect("a temporary folder");
    let service = dir.path().join("service");
    assert_eq!(shirube(&["init", service.to_str().expect("UTF-8")]).code, 0);
    let (first, second) = (dir.path().join("first"), dir.path().join("second"));
    report(&service, &first);
    report(&service, &second);
    for (name, document) in documents(&first.join("oscal")) {
        let bytes = |folder: &Path| fs::read(folder.join("oscal").join(&name)).expect("readable");
        assert!(bytes(&first) == bytes(&second), "{name}");
        if name.starts_with("system-security-plan") {
            let plan = &document["system-security-plan"];
            assert_eq!(plan["system-characteristics"]["status"]["state"], "other", "nobody states whether it runs");
            let requirements = array(&plan["control-implementation"], "implemented-requirements");
            assert!(requirements.iter().all(|one| prop(one, "status") == Some("unanswered")), "{name}");
        }
    }
    let open = dir.path().join("open");
    let ran = shirube(&[
        "report",
        service.to_str().expect("UTF-8"),
        "--out",
        open.to_str().expect("UTF-8"),
        "--format",
        "oscal",
        "--copy",
        "open",
    ]);
    assert!(ran.code == 2 && ran.stderr.contains("--copy open") && !open.exists(), "{}", ran.stderr);
}
