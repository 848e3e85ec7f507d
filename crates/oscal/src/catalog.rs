//! An edition as an OSCAL catalog: groups from parts, chapters and sections, a control for every entry.

use std::collections::HashMap;

use serde_json::{Value, json};
use shirube_catalog::{Agreement, Catalog, Certainty, Control, Entry, Outline, library, shelf};

use crate::document::{bytes, certainty, core, metadata, moment, noted, prop, time_basis};
use crate::markup;
use crate::token::{Names, tokens};

/// Official wording that a user brought for an edition.
#[derive(Debug, Clone, Default)]
pub struct Official<'a> {
    /// Name of the document it was read from.
    pub source: &'a str,
    /// By id: the wording, and how surely it was read, between 0 and 1.
    pub texts: HashMap<&'a str, (&'a str, f64)>,
}

/// A part, chapter or section.
struct Group<'a> {
    /// What tells it from its siblings.
    key: &'a str,
    title: &'a str,
    outline: Vec<&'a Outline>,
    entries: Vec<&'a Entry>,
    groups: Vec<Group<'a>>,
}

impl<'a> Group<'a> {
    fn new(key: &'a str) -> Self {
        Self { key, title: "", outline: Vec::new(), entries: Vec::new(), groups: Vec::new() }
    }

    /// Puts groups with numbers into the order of their numbers; others keep the order they came in.
    fn sort(&mut self) {
        if self.groups.iter().all(|group| numbers(group.key).is_some()) {
            self.groups.sort_by_key(|group| numbers(group.key));
        }
        self.groups.iter_mut().for_each(Self::sort);
    }

    /// The group inside this one that the steps lead to, made where it is missing.
    fn at(&mut self, steps: &[(&'a str, &'a str)]) -> &mut Self {
        let steps = steps.iter().filter(|(key, _)| !key.is_empty());
        steps.fold(self, |group, &(key, title)| {
            let found = group.groups.iter().position(|inner| inner.key == key).unwrap_or_else(|| {
                group.groups.push(Self::new(key));
                group.groups.len() - 1
            });
            let inner = &mut group.groups[found];
            if inner.title.is_empty() {
                inner.title = title;
            }
            inner
        })
    }
}

/// Everything of an edition in the order of the original, then what is known by its heading only.
fn tree(catalog: &Catalog) -> Group<'_> {
    let mut root = Group::new("");
    for entry in &catalog.entries {
        // 別紙2 has no titles of its own for a 小項目; its items repeat it.
        let section_title = if entry.section_title.is_empty() { &entry.title } else { &entry.section_title };
        let steps = [
            (entry.part.as_str(), ""),
            (entry.chapter.as_str(), entry.chapter_title.as_str()),
            (entry.section.as_str(), if same_title(catalog, entry) { section_title } else { &entry.section_title }),
        ];
        root.at(&steps).entries.push(entry);
    }
    for line in &catalog.outline {
        let (chapter, section) = (line.chapter.as_str(), line.section.as_str());
        // A heading without a number stands below its part.
        let bare = if chapter.is_empty() && section.is_empty() { line.title.as_str() } else { "" };
        let title = line.title.as_str();
        let steps = [
            (line.part.as_str(), ""),
            (chapter, if section.is_empty() { title } else { "" }),
            (section, title),
            (bare, title),
        ];
        root.at(&steps).outline.push(line);
    }
    root.sort();
    root
}

/// Whether all entries of an entry's section have its title, so that it names the section.
fn same_title(catalog: &Catalog, entry: &Entry) -> bool {
    let together =
        |other: &&Entry| (&other.part, &other.chapter, &other.section) == (&entry.part, &entry.chapter, &entry.section);
    !entry.section.is_empty() && catalog.entries.iter().filter(together).all(|other| other.title == entry.title)
}

/// `企画管理編.9.1` for the section `9.1` of chapter 9: a number that repeats the one above it takes its place.
fn place(above: &str, key: &str) -> String {
    let (outer, parent) = above.rsplit_once('.').unwrap_or(("", above));
    let repeats = !parent.is_empty() && key.strip_prefix(parent).is_some_and(|rest| rest.starts_with('.'));
    match (above, outer) {
        ("", _) => key.to_owned(),
        (_, "") if repeats => key.to_owned(),
        (_, outer) if repeats => format!("{outer}.{key}"),
        _ => format!("{above}.{key}"),
    }
}

/// Parts of a number, where the key of a group is one: chapters known by their heading only stand in their place.
fn numbers(key: &str) -> Option<Vec<u32>> {
    key.split('.').map(|part| part.parse().ok()).collect()
}

/// What a control is called: OSCAL wants a title for each, and many editions give one only to the chapter.
fn title(entry: &Entry) -> String {
    let heading = [&entry.section_title, &entry.chapter_title].into_iter().find(|text| !text.trim().is_empty());
    match (entry.title.trim(), heading) {
        ("", Some(heading)) => format!("{heading} {}", entry.item),
        ("", None) => entry.id.clone(),
        (title, _) => title.to_owned(),
    }
}

/// `catalog.json`.
pub(crate) fn file(catalog: &Catalog, official: Option<&Official>) -> Vec<u8> {
    let root = tree(catalog);
    let maker = Maker { catalog, official, tokens: tokens(catalog) };
    let mut names = Names::of(&catalog.edition.id);
    let body = json!({
        "metadata": maker.metadata(),
        "controls": root.entries.iter().map(|entry| maker.control(entry)).collect::<Vec<_>>(),
        "groups": root.groups.iter().map(|group| maker.group(group, "", &mut names)).collect::<Vec<_>>(),
    });
    bytes("catalog", body)
}

/// Makes the parts of one catalog.
struct Maker<'a> {
    catalog: &'a Catalog,
    official: Option<&'a Official<'a>>,
    tokens: HashMap<&'a str, String>,
}

impl Maker<'_> {
    fn metadata(&self) -> Value {
        let edition = &self.catalog.edition;
        let gaps = self.catalog.gaps.iter().map(|gap| noted("gap", &gap.place, &gap.what));
        let mut props = vec![
            prop("edition", &edition.id),
            prop("edition-status", edition.status.term()),
            certainty(self.catalog.certainty()),
            time_basis(&edition.published),
        ];
        props.push(match self.official {
            Some(official) => noted(
                "wording",
                "official",
                &format!("「{}」から取り込んだ文言を含む。取り込んだ項目の外は要旨である。", official.source),
            ),
            None if shelf().catalog(&edition.id).is_none() => {
                noted("wording", "brought", "利用者が加えた一覧であり、文言は利用者の書いたままである。")
            }
            None => noted("wording", "own-summary", "文言は要旨であり、原文ではない。"),
        });
        props.extend(edition.superseded_by.as_deref().map(|next| prop("superseded-by", next)));
        props.extend(gaps);
        metadata(
            &format!("{} {}", edition.title, edition.edition),
            &moment(&edition.published),
            &edition.edition,
            json!({
                "published": moment(&edition.published),
                "props": props,
                "roles": [{ "id": "issuer", "title": "ガイドラインの発行者" }],
                "parties": issuers(self.catalog),
                "responsible-parties": responsible(self.catalog),
                "remarks": markup::multiline(&self.remarks()),
            }),
        )
    }

    /// What a reader must know first.
    fn remarks(&self) -> String {
        let partial = match self.catalog.certainty() {
            Certainty::Seen => "",
            _ => "収録は一部又は推定を含む。確かさは項目ごとの certainty に示す。",
        };
        let note = self.catalog.edition.note.as_deref().unwrap_or_default();
        format!("{partial}{note}\nShirubeが書き出したもので、発行者の公式の配布物ではない。")
    }

    fn group(&self, group: &Group, above: &str, names: &mut Names) -> Value {
        let place = place(above, group.key);
        let id = names.take("g_", &place);
        let title = if group.title.is_empty() { group.key } else { group.title };
        let mut props = vec![core("label", group.key)];
        for line in &group.outline {
            props.extend([
                noted("known-as", "heading", "見出しだけを確認した。項目は収めていない。"),
                certainty(line.certainty),
                prop("source", &line.source),
                prop("note", &line.note),
            ]);
        }
        let mut inner: Vec<Value> = Vec::new();
        let controls: Vec<Value> = group.entries.iter().map(|entry| self.control(entry)).collect();
        let mixed = !controls.is_empty() && !group.groups.is_empty();
        // OSCAL's schema lets a group hold controls or groups, not both.
        if mixed {
            let id = names.take("g_", &format!("{place}.items"));
            inner.push(json!({ "id": id, "title": format!("{}の項目", markup::line(title)), "controls": controls }));
        }
        inner.extend(group.groups.iter().map(|group| self.group(group, &place, names)));
        json!({
            "id": id,
            "title": markup::line(title),
            "props": props,
            "groups": inner,
            "controls": if mixed { Vec::new() } else { controls },
        })
    }

    fn control(&self, entry: &Entry) -> Value {
        let id = &self.tokens[entry.id.as_str()];
        let at = self.catalog.entries.iter().position(|other| other.id == entry.id).unwrap_or_default();
        let edition = &self.catalog.edition.id;
        let title = title(entry);
        let mut props = vec![
            core("label", &entry.id),
            core("sort-id", &format!("{edition}-{at:05}")),
            prop("class", &entry.class),
            prop("applies", &entry.applies),
            prop("item", &entry.item),
            certainty(entry.certainty),
            prop("source", &entry.source),
            prop("note", &entry.note),
            prop("added", &entry.added),
        ];
        props.extend(
            self.catalog.gaps.iter().filter(|gap| gap.place == entry.id).map(|gap| noted("gap", &gap.place, &gap.what)),
        );
        let anomalies = library().anomalies_of(edition, &entry.id);
        props.extend(anomalies.map(|anomaly| {
            noted(
                "anomaly",
                &anomaly.no.to_string(),
                &format!("{}: {}扱い: {}", anomaly.place, anomaly.what, anomaly.handling),
            )
        }));
        let ours = control_of(edition, entry);
        props.extend(ours.iter().flat_map(|control| facts(control)));
        json!({ "id": id, "title": markup::line(&title), "props": props, "parts": self.parts(id, entry, ours) })
    }

    fn parts(&self, id: &str, entry: &Entry, control: Option<&Control>) -> Vec<Value> {
        let official = self.official.and_then(|official| Some((official, official.texts.get(entry.id.as_str())?)));
        let guidance = |ending: &str, class: &str, title: &str, text: &str| match text.trim() {
            "" => Value::Null,
            text => json!({
                "id": format!("{id}_{ending}"), "name": "guidance", "class": class, "title": title,
                "prose": markup::multiline(text),
            }),
        };
        let mut parts = Vec::new();
        let wording = match official {
            Some((official, (_, confidence))) => vec![
                noted("wording", "official", &format!("「{}」から取り込んだ文言", official.source)),
                prop("confidence", &format!("{confidence:.2}")),
            ],
            None if !entry.added.is_empty() => vec![noted("wording", "brought", &entry.added)],
            None if entry.text.trim().is_empty() => vec![noted("wording", "not-seen", "文言を確認していない。")],
            None if !entry.text_from.is_empty() => {
                vec![
                    noted("wording", "borrowed", &format!("{}の要旨。この版の文言は確かめていない。", entry.text_from)),
                    prop("text-from", &entry.text_from),
                ]
            }
            None => vec![prop("wording", "own-summary")],
        };
        let prose = official.map_or(entry.text.as_str(), |(_, (text, _))| text);
        parts.push(json!({
            "id": format!("{id}_smt"), "name": "statement", "props": wording, "prose": markup::multiline(prose),
        }));
        if official.is_some() && !entry.text.trim().is_empty() {
            parts.push(json!({
                "id": format!("{id}_sum"), "name": "overview", "title": "要旨", "prose": markup::multiline(&entry.text),
            }));
        }
        parts.push(guidance("tec", "technical", "技術的対策", &entry.technical));
        parts.push(guidance("ope", "operational", "運用的対策", &entry.operational));
        let evidence = control.map(|control| control.evidence.join("、")).unwrap_or_default();
        parts.push(guidance("evi", "evidence", "証跡の例", &evidence));
        if !entry.sample_rule.trim().is_empty() {
            parts.push(json!({
                "id": format!("{id}_exa"), "name": "example", "title": "規程の文例（自作）",
                "prose": markup::multiline(&entry.sample_rule),
            }));
        }
        parts
    }
}

/// What 別紙2 of 1.0 says of an entry beyond the shape that all editions share.
pub(crate) fn control_of(edition: &str, entry: &Entry) -> Option<&'static Control> {
    (edition == library().provider.edition.id)
        .then(|| entry.id.parse().ok())?
        .and_then(|id| library().provider.control(id))
}

fn facts(control: &Control) -> Vec<Value> {
    let agreement = match control.agreement {
        Agreement::Yes => noted("agreement", "yes", "医療機関等との合意を求める。"),
        Agreement::Consent => noted("agreement", "consent", "医療機関等の了承又は理解を求める。"),
        Agreement::No => Value::Null,
    };
    let sure = if control.scenario_certain { "" } else { "対応は不確かである。" };
    let mut facts = vec![
        agreement,
        prop("modality", control.modality.term()),
        prop("responsible", control.actor.term()),
        noted("scenario", control.scenario.as_deref().unwrap_or_default(), sure),
    ];
    facts.extend(control.flags.iter().map(|flag| prop("concerns", flag.term())));
    facts
}

fn issuers(catalog: &Catalog) -> Vec<Value> {
    let party = |name: &String| json!({ "uuid": crate::document::uuid("issuer", name), "type": "organization", "name": markup::string(name) });
    catalog.edition.issuers.iter().map(party).collect()
}

fn responsible(catalog: &Catalog) -> Vec<Value> {
    let uuids: Vec<String> = catalog.edition.issuers.iter().map(|name| crate::document::uuid("issuer", name)).collect();
    if uuids.is_empty() { Vec::new() } else { vec![json!({ "role-id": "issuer", "party-uuids": uuids })] }
}
