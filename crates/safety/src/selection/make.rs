//! 開示データ of a service. What needs a secrecy agreement, or may need one, is kept back unless it is asked for (DOC-004),
//! and no institution is named in it.

use super::{
    Access, ControlCount, DataCertification, DataControls, DataDocument, DataEntry, DataFormat, DataItem, DataPlace,
    DataRisks, DataService, DataSubcontractor, DataSubcontractors, DataTerm, DisclosureData, Reach, RiskCount, term,
};
use crate::agreement::Others;
use crate::model::{Answer, Certification, Date, Disclosure, PartyKind, Side, Site, party_name};
use crate::provided::Provided;
use crate::service::{Service, ServiceFiles};
use crate::stated::{Occurrence, SafetyRecord};
use crate::text::{is_blank, japanese};

/// The names that must not stand in what is handed to anybody: the institutions of the service, and others that use it.
pub fn names_kept_back<'n>(files: &'n ServiceFiles, others: impl IntoIterator<Item = &'n str>) -> Others {
    let parties = &files.service.parties;
    let (institutions, companies): (Vec<_>, Vec<_>) =
        parties.iter().partition(|party| party.kind == PartyKind::Institution);
    let mut kept: Vec<&str> = companies.iter().map(|party| party.name.as_str()).collect();
    kept.push(&files.service.service.name);
    Others::new(institutions.iter().map(|party| party.name.as_str()).chain(others), &kept)
}

/// Makes the data. `made` is how a document that follows from the service is called.
pub fn disclosure_data(
    service: &Service,
    source: &str,
    reach: Reach,
    others: &Others,
    made: &dyn Fn(&Provided) -> Option<String>,
) -> DisclosureData {
    let maker = Maker { service, reach, others };
    let file = &service.files.service;
    let document = &file.document;
    let draft = document.issued_on.is_none() || service.open_points().next().is_some();
    DisclosureData {
        format: DataFormat::Disclosure,
        version: DisclosureData::VERSION,
        reach,
        source: source.to_owned(),
        provider: party_name(file, &file.provider).to_owned(),
        service: DataService { name: file.service.name.clone(), description: maker.text(&file.service.description) },
        document: DataDocument {
            edition: document.edition.as_deref().map(|edition| maker.text(edition)),
            issued_on: document.issued_on.filter(|_| !draft),
            draft,
        },
        editions: file.editions.clone(),
        items: service.provided.iter().map(|provided| maker.item(provided, made)).collect(),
        certifications: file.certifications.iter().map(|held| maker.certification(held)).collect(),
        controls: maker.controls(),
        risks: maker.risks(),
        subcontractors: maker.subcontractors(),
        places: maker.places(),
        terms: term::terms(&service.files.sla)
            .into_iter()
            .map(|(topic, value)| DataTerm { topic, value: maker.text(&value) })
            .collect(),
    }
}

struct Maker<'a> {
    service: &'a Service<'a>,
    reach: Reach,
    others: &'a Others,
}

impl Maker<'_> {
    /// A text without the names of institutions.
    fn text(&self, text: &str) -> String {
        self.others.replaced(text.trim())
    }

    fn access(nda: Answer) -> Access {
        match nda {
            Answer::No => Access::Open,
            Answer::Yes => Access::Nda,
            Answer::Unknown => Access::Undecided,
        }
    }

    /// Whether what is shown under these conditions stands in the data.
    fn shows(&self, access: Access) -> bool {
        self.reach == Reach::Nda || access == Access::Open
    }

    fn item(&self, provided: &Provided, made: &dyn Fn(&Provided) -> Option<String>) -> DataItem {
        let no = provided.item.no;
        let further = || self.service.files.disclosure.documents.iter().filter(move |document| document.item == no);
        let mut entries: Vec<DataEntry> = self.first(provided, made).into_iter().collect();
        for document in further() {
            let Some(name) = document.name.as_deref().filter(|name| !is_blank(name)) else { continue };
            let conditions = document.disclosure.as_deref().unwrap_or_default();
            entries.push(self.entry(document.nda, (name, ""), conditions, None));
        }
        if no == 3 {
            entries.extend(self.service.files.disclosure.record.as_ref().and_then(|record| self.record(record)));
        }
        DataItem { item: no, entries }
    }

    /// What people named for the item or, without that, the document that follows from the service.
    fn first(&self, provided: &Provided, made: &dyn Fn(&Provided) -> Option<String>) -> Option<DataEntry> {
        let named = provided.named;
        // The entry without a name says how our own document is shown.
        let further = &self.service.files.disclosure.documents;
        let ours = further.iter().find(|document| document.item == provided.item.no && document.name.is_none());
        let (conditions, nda) = match (named, ours) {
            (Some(named), _) => (named.disclosure.as_str(), named.nda),
            (None, Some(ours)) => (ours.disclosure.as_deref().unwrap_or_default(), ours.nda),
            (None, None) => ("", Answer::Unknown),
        };
        let on = named.and_then(|named| named.disclosed_on);
        match named.filter(|named| !named.shown().is_empty()) {
            Some(named) => Some(self.entry(nda, (&named.document, &named.text), conditions, on)),
            None => made(provided).map(|document| self.entry(nda, (&document, ""), conditions, on)),
        }
    }

    fn entry(
        &self,
        nda: Answer,
        (document, text): (&str, &str),
        conditions: &str,
        disclosed_on: Option<Date>,
    ) -> DataEntry {
        let access = Self::access(nda);
        if !self.shows(access) {
            return DataEntry::withheld(access);
        }
        let (document, text, conditions) = (self.text(document), self.text(text), self.text(conditions));
        DataEntry { access, document, text, conditions, disclosed_on }
    }

    /// What the provider says of leaks and misuse; a period that nobody wrote proves nothing.
    fn record(&self, record: &SafetyRecord) -> Option<DataEntry> {
        let (since, as_of) = record.since.zip(record.as_of)?;
        let line = |what: &str, happened: Option<Occurrence>, note: Option<&String>| {
            let said = match happened? {
                Occurrence::Nothing => "ないと確かめている",
                Occurrence::Something => "あった",
            };
            let note = note.map(|note| format!("（{note}）")).unwrap_or_default();
            Some(format!("{what}: {said}{note}"))
        };
        let leaks = line("個人情報の流出事故", record.leaks, record.leaks_note.as_ref());
        let note = record.misuse_note.as_ref().or(record.misuse_check.as_ref());
        let misuse = line("目的外・不当な利用", record.misuse, note);
        let said: Vec<String> = [leaks, misuse].into_iter().flatten().collect();
        let text = format!("{}から{}までの実績。{}", japanese(since), japanese(as_of), said.join("、"));
        (!said.is_empty()).then(|| self.entry(record.nda, ("", &text), "", None))
    }

    fn certification(&self, held: &Certification) -> DataCertification {
        DataCertification {
            name: self.text(&held.name),
            scope: self.text(&held.scope),
            number: held.number.clone(),
            expires_on: held.expires_on,
        }
    }

    /// What is shown under the conditions of an item of table 4-1.
    fn access_of(&self, item: u8) -> Access {
        let named = self.service.files.service.selection.iter().find(|named| named.item == item);
        Self::access(named.map_or(Answer::Unknown, |named| named.nda))
    }

    /// How many answers have each status, on the conditions of item 19, as in the サービス仕様適合開示書.
    fn controls(&self) -> DataControls {
        let access = self.access_of(19);
        if !self.shows(access) {
            return DataControls { withheld: Some(access), counts: Vec::new() };
        }
        let counts = self.service.answers.conformity.counts().into_iter().filter(|(_, count)| *count > 0);
        let counts = counts.map(|(status, count)| ControlCount { status, count }).collect();
        DataControls { withheld: None, counts }
    }

    /// Whether people decided all risks; how many there are, on the conditions of the リスク対応一覧.
    fn risks(&self) -> Option<DataRisks> {
        let counts = self.service.assessment.counts();
        // Without any risk there is nothing that people could have decided.
        let all_decided = counts.decided == counts.risks;
        let count = RiskCount { total: counts.risks, decided: counts.decided };
        let shown = self.shows(self.access_of(8)).then_some(count);
        (counts.risks > 0).then_some(DataRisks { all_decided, counts: shown })
    }

    /// Those who supply the provider, on the conditions of the item that they belong to (the organisation behind the
    /// service, item 10).
    fn subcontractors(&self) -> DataSubcontractors {
        let file = &self.service.files.service;
        let chain = || file.supply_chain.iter().filter(|supply| supply.customer == file.provider);
        let none_on = self.service.files.disclosure.no_subcontractors_on.filter(|_| chain().next().is_none());
        let access = self.access_of(10);
        if chain().next().is_some() && !self.shows(access) {
            return DataSubcontractors { withheld: Some(access), none_on: None, list: Vec::new() };
        }
        let one = |supply: &crate::model::Supply| DataSubcontractor {
            name: self.text(party_name(file, &supply.supplier)),
            service: self.text(&supply.service),
        };
        DataSubcontractors { withheld: None, none_on, list: chain().map(one).collect() }
    }

    /// Where the provider and its suppliers keep what is entrusted to them, as far as a copy may name it (MODEL-017);
    /// the country is said of places without a name too.
    fn places(&self) -> Vec<DataPlace> {
        let system = &self.service.files.system;
        let mut places: Vec<DataPlace> = Vec::new();
        for (site, shown) in system.sites.iter().zip(system.disclosed().sites) {
            let around = system.sites.iter().find(|around| Some(&around.id) == site.within.as_ref());
            if site.side == Side::Institution || around.is_some_and(|around| stands_for(around, site)) {
                continue;
            }
            let name = match shown {
                _ if self.reach == Reach::Nda => self.text(&site.name),
                Disclosure::Shown => self.text(&site.name),
                Disclosure::Generalised => site.side.term().to_owned(),
                Disclosure::Hidden => String::new(),
            };
            let written = |of: fn(&Site) -> Option<&String>| {
                of(site).or_else(|| around.and_then(of)).map(|text| text.trim().to_owned()).unwrap_or_default()
            };
            let country = written(|site| site.country.as_ref());
            let mut jurisdiction = written(|site| site.jurisdiction.as_ref());
            if jurisdiction == country {
                jurisdiction.clear();
            }
            let place = DataPlace { name, country, jurisdiction };
            if !places.contains(&place) {
                places.push(place);
            }
        }
        places
    }
}

/// Whether a building is listed itself, and a room in it says nothing of its country that the building does not say.
fn stands_for(building: &Site, room: &Site) -> bool {
    let same = |own: &Option<String>, around: &Option<String>| own.is_none() || own == around;
    let in_one_country = same(&room.country, &building.country) && same(&room.jurisdiction, &building.jurisdiction);
    building.side != Side::Institution && in_one_country
}
