//! Days that the files of a service state for something that is still to be done.

use chrono::NaiveDate;

use super::{Duty, Whence};
use crate::conformity::ControlStatus;
use crate::model::{Date, Party};
use crate::risk::MeasureStatus;
use crate::stated::SupplierReport;
use crate::{File, Place, ServiceFiles};

/// What a file says of one day.
struct Said<'a> {
    of: &'static str,
    object: String,
    title: &'static str,
    owner: &'a str,
    file: File,
    pointer: String,
    /// What people call the field.
    field: &'static str,
    source: Option<&'static str>,
}

impl Said<'_> {
    fn on(self, day: Option<Date>) -> Option<Duty> {
        Some(Duty {
            of: self.of.to_owned(),
            object: self.object,
            title: self.title.to_owned(),
            owner: Some(self.owner.trim().to_owned()).filter(|owner| !owner.is_empty()),
            day: Some(day?.0),
            at: None,
            is_overdue: false,
            state: String::new(),
            off: None,
            basis: format!("{}の「{}」", self.file.name(), self.field),
            last: None,
            source: self.source.map(str::to_owned),
            whence: Whence::File(Place::new(self.file, self.pointer)),
        })
    }
}

/// Everything that is due by what the files of the service say. Certificates are left out where a register of them is
/// kept, which has their days too.
pub fn of_service(files: &ServiceFiles, on: NaiveDate, keeps_certificates: bool) -> Vec<Duty> {
    let mut all = controls(files);
    all.extend(treatments(files));
    if !keeps_certificates {
        all.extend(certificates(files));
    }
    all.extend(supply(files));
    all.extend(papers(files));
    all.extend(editions(files, on));
    all
}

fn controls(files: &ServiceFiles) -> Vec<Duty> {
    let mut all = Vec::new();
    for (at, answer) in files.conformity.answers.iter().enumerate() {
        let said = |title, field, key: &str| Said {
            of: "対策項目",
            object: answer.control.clone(),
            title,
            owner: &answer.owner,
            file: File::Conformity,
            pointer: format!("/answers/{at}/{key}"),
            field,
            source: None,
        };
        if answer.status != ControlStatus::Met {
            all.extend(said("予定した対応", "対応予定日", "due").on(answer.due));
        }
        all.extend(said("根拠の更新", "根拠の有効期限", "evidence_until").on(answer.evidence_until));
    }
    for (at, answer) in
        files.conformity.statutory.iter().enumerate().filter(|(_, one)| one.status != ControlStatus::Met)
    {
        let row = answer.row.as_deref().map(|row| format!(" {row}")).unwrap_or_default();
        let said = Said {
            of: "制度上の要求事項",
            object: format!("{}{row}", answer.item),
            title: "予定した対応",
            owner: "",
            file: File::Conformity,
            pointer: format!("/statutory/{at}/due"),
            field: "対応予定日",
            source: None,
        };
        all.extend(said.on(answer.due));
    }
    all
}

fn treatments(files: &ServiceFiles) -> Vec<Duty> {
    let mut all = Vec::new();
    for (at, treatment) in files.assessment.treatments.iter().enumerate() {
        let open = treatment.measures.iter().enumerate().filter(|(_, one)| one.status != Some(MeasureStatus::Done));
        for (number, measure) in open {
            let said = Said {
                of: "リスク対応",
                object: treatment.id.clone(),
                title: "対策の実施",
                owner: measure.owner.as_deref().unwrap_or_default(),
                file: File::Assessment,
                pointer: format!("/treatments/{at}/measures/{number}/due"),
                field: "予定の期限",
                source: None,
            };
            all.extend(said.on(measure.due));
        }
        let transfer = Said {
            of: "リスク対応",
            object: treatment.id.clone(),
            title: "移転に用いる契約や証券の更新",
            owner: "",
            file: File::Assessment,
            pointer: format!("/treatments/{at}/transfer/expires_on"),
            field: "期限",
            source: None,
        };
        all.extend(transfer.on(treatment.transfer.as_ref().and_then(|transfer| transfer.expires_on)));
    }
    all
}

fn certificates(files: &ServiceFiles) -> impl Iterator<Item = Duty> {
    files.service.certifications.iter().enumerate().filter_map(|(at, certification)| {
        let said = Said {
            of: "認証",
            object: certification.name.clone(),
            title: "有効期限の前の更新",
            owner: "",
            file: File::Service,
            pointer: format!("/certifications/{at}/expires_on"),
            field: "認証の有効期限",
            source: Some("ガイドライン4.4"),
        };
        said.on(certification.expires_on)
    })
}

/// What a party is called.
fn called(files: &ServiceFiles, id: &str) -> String {
    let is_it = |party: &&Party| party.id == id;
    files.service.parties.iter().find(is_it).map_or(id, |party| &party.name).to_owned()
}

fn supply(files: &ServiceFiles) -> Vec<Duty> {
    let mut all = Vec::new();
    for (at, request) in files.supply.requests.iter().enumerate().filter(|(_, one)| one.waits_for_report()) {
        let said = Said {
            of: "委託先への報告の依頼",
            object: format!("{} {}", called(files, &request.supplier), request.id),
            title: "報告の受領",
            owner: &request.by,
            file: File::Supply,
            pointer: format!("/requests/{at}/due"),
            field: "報告の期限",
            source: Some("ガイドライン2.2.2"),
        };
        all.extend(said.on(request.due));
    }
    for (at, report) in files.supply.reports.iter().enumerate().filter(|(_, one)| is_newest(files, one)) {
        let said = Said {
            of: "委託先の報告",
            object: format!("{} {}", called(files, &report.supplier), report.id),
            title: "有効期限の前に新しい報告を求める",
            owner: "",
            file: File::Supply,
            pointer: format!("/reports/{at}/valid_until"),
            field: "報告の有効期限",
            source: Some("ガイドライン2.2.2"),
        };
        all.extend(said.on(report.valid_until));
    }
    all
}

/// Whether no later report of the same supplier on the same service took the place of this one.
fn is_newest(files: &ServiceFiles, report: &SupplierReport) -> bool {
    let same = |other: &&SupplierReport| other.supplier == report.supplier && other.service == report.service;
    let later = |other: &SupplierReport| other.valid_until.map(|day| day.0) > report.valid_until.map(|day| day.0);
    !files.supply.reports.iter().filter(same).any(later)
}

fn papers(files: &ServiceFiles) -> Vec<Duty> {
    let mut all = Vec::new();
    let said = |of, title, file, pointer: &str, field, source| Said {
        of,
        object: String::new(),
        title,
        owner: "",
        file,
        pointer: pointer.to_owned(),
        field,
        source,
    };
    let document =
        said("文書", "有効期間の終わる前の見直し", File::Service, "/document/valid_to", "有効期間の終わり", None);
    all.extend(document.on(files.service.document.valid_to));
    if let Some((at, edition)) = files.sla.editions.iter().enumerate().next_back() {
        let pointer = format!("/editions/{at}/ends_on");
        let said = said("SLA", "適用期間の終わる前の見直し", File::Sla, &pointer, "適用終了日", Some("SLA参考例"));
        all.extend(said.on(edition.ends_on));
    }
    all
}

/// Days of the way from one edition to the next that are still to come.
fn editions(files: &ServiceFiles, on: NaiveDate) -> Vec<Duty> {
    let mut all = Vec::new();
    for (at, change) in files.service.edition_changes.iter().enumerate() {
        let object = format!("{}から{}へ", change.replaces, change.edition);
        let said = |title, field, key: &str| Said {
            of: "ガイドラインの版",
            object: object.clone(),
            title,
            owner: &change.by,
            file: File::Service,
            pointer: format!("/edition_changes/{at}/{key}"),
            field,
            source: None,
        };
        let coming = [
            (change.from, said("新しい版に並行して答え始める", "並行して答え始める日", "from")),
            (
                change.leads_from.unwrap_or(Date(NaiveDate::MIN)),
                said("新しい版を主とする", "新しい版が主となる日", "leads_from"),
            ),
        ];
        // A day that went by changed the edition by itself: nothing of it is left to do.
        all.extend(coming.into_iter().filter(|(day, _)| day.0 >= on).filter_map(|(day, said)| said.on(Some(day))));
    }
    all
}
