//! The report itself: what a provider tells whoever it supplies, in two parts (guideline 2.1, 2.2.2).

use shirube_catalog::library;

use super::suppliers::{asked_tasks, concerning, same_service};
use crate::agreement::Others;
use crate::conformity::{Answered, ControlStatus};
use crate::model::{Date, party_name};
use crate::service::{Service, ServiceFiles};
use crate::stated::{
    Doer, ReportMeans, ReportRequest, SharedTask, SupplierReport, SupplierStatement, SupplyFile, TaskClaim,
};

/// A report, made from a service or read from what a supplier sent. `report` of its statements and claims is empty.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct StatusReport {
    /// Who reports.
    pub provider: Option<String>,
    pub service: Option<String>,
    pub editions: Vec<String>,
    pub on: Option<Date>,
    pub by: Option<String>,
    pub valid_until: Option<Date>,
    pub document: Option<String>,
    /// What it was made from, as documents print it.
    pub source: Option<String>,
    /// リスクマネジメントの実施状況.
    pub risk_management: Option<String>,
    /// 制度上の要求事項への対応状況.
    pub statutory: Option<String>,
    pub subcontractors: Vec<String>,
    pub statements: Vec<SupplierStatement>,
    pub claims: Vec<TaskClaim>,
}

impl StatusReport {
    /// Whether nobody has written anything into it.
    ///
    /// Whoever asks puts in the name of whom it asks.
    pub fn is_blank(&self) -> bool {
        *self == Self { provider: self.provider.clone(), ..Self::default() }
    }

    /// The report of a supplier with the own ids of tasks: it was asked about them by ids without names of institutions.
    pub fn with_own_tasks(mut self, files: &ServiceFiles, supplier: &str, others: &Others) -> Self {
        let (asked, own) = (asked_tasks(files, supplier, others), concerning(files, supplier));
        for claim in &mut self.claims {
            if let Some((_, task)) = asked.iter().zip(&own).find(|(asked, _)| asked.id == claim.task) {
                claim.task.clone_from(&task.id);
            }
        }
        self
    }

    /// The report without names of institutions: who the customers are is not for other companies to know.
    fn without(mut self, others: &Others) -> Self {
        let clean = |text: &mut String| *text = others.replaced(text);
        [&mut self.service, &mut self.risk_management, &mut self.statutory].into_iter().flatten().for_each(clean);
        self.subcontractors.iter_mut().for_each(clean);
        for statement in &mut self.statements {
            [&mut statement.how, &mut statement.customer].into_iter().flatten().for_each(clean);
            statement.evidence.iter_mut().for_each(clean);
        }
        self
    }
}

/// The report of a service to whom it supplies. Nobody signed it yet: who, when and until when are the caller's.
/// `others` are the institutions that use the service, which the report does not name.
pub fn status_report(service: &Service, source: &str, others: &Others) -> StatusReport {
    let files = service.files;
    let provider = files.service.provider.as_str();
    let below = super::suppliers(files);
    // Whom one uses oneself is not the customer.
    let mut side: Vec<&str> = below.iter().map(|supplier| supplier.party.id.as_str()).collect();
    side.push(provider);
    let report = StatusReport {
        provider: Some(party_name(&files.service, provider).to_owned()),
        service: Some(files.service.service.name.clone()),
        editions: files.service.editions.clone(),
        source: Some(source.to_owned()),
        risk_management: Some(risk_management(service)),
        statutory: Some(statutory(service)),
        subcontractors: below.iter().map(|supplier| supplier.party.name.clone()).collect(),
        statements: service.answers.conformity.controls.iter().filter_map(|one| statement(files, one)).collect(),
        claims: reported_tasks(files, others).iter().map(|task| claim(task, &side)).collect(),
        ..StatusReport::default()
    };
    report.without(others)
}

/// The table of tasks as it may go to another company, in its order.
pub fn reported_tasks(files: &ServiceFiles, others: &Others) -> Vec<SharedTask> {
    without_names(files.supply.tasks.iter(), others)
}

/// Tasks without names of institutions. Ids are read as well; two that are alike without the name are told apart by a number.
pub(super) fn without_names<'t>(tasks: impl Iterator<Item = &'t SharedTask>, others: &Others) -> Vec<SharedTask> {
    let mut clean: Vec<SharedTask> = Vec::new();
    for task in tasks {
        let id = free_id(&others.replaced(&task.id), |id| clean.iter().any(|known| known.id == id));
        clean.push(SharedTask { id, what: others.replaced(&task.what), ..task.clone() });
    }
    clean
}

/// Counts only: what they mean is for people to say.
fn risk_management(service: &Service) -> String {
    let assessment = &service.assessment;
    let counts = assessment.counts();
    let mut sentences = vec![
        format!("情報流{}件について、リスク{}件を特定した。", assessment.flows.list.len(), counts.risks),
        format!("うち{}件は、影響度・顕在化率・対応要否を人が決めた。", counts.decided),
        format!("リスクへの対応は{}件である。", assessment.treated.len()),
    ];
    let open: Vec<&str> = service.open_points().map(|point| point.text.as_str()).collect();
    match open.is_empty() {
        true => sentences.push("決めていない事項はない。".to_owned()),
        false => sentences.push(format!("決めていない事項: {}。", open.join("、"))),
    }
    sentences.concat()
}

fn statutory(service: &Service) -> String {
    let states = &service.answers.conformity.statutory;
    let count = |status| states.iter().filter(|state| state.status() == status).count();
    let counted: Vec<String> = ControlStatus::ALL
        .iter()
        .filter(|status| count(**status) > 0)
        .map(|status| format!("{}{}件", status.term(), count(*status)))
        .collect();
    format!("第6章の{}項目: {}。", states.len(), counted.join("、"))
}

/// An answer that a person stands behind. What nobody signed is no report.
fn statement(files: &ServiceFiles, answered: &Answered) -> Option<SupplierStatement> {
    let answer = answered.given().filter(|_| !answered.is_unsigned())?;
    let number = answered.control.id;
    let offer = files.supply.offers.iter().find(|offer| offer.control.parse() == Ok(number));
    let text = |text: &str| (!text.trim().is_empty()).then(|| text.to_owned());
    Some(SupplierStatement {
        report: String::new(),
        control: number.to_string(),
        status: answer.status,
        by: offer.map_or(Doer::Unknown, |offer| offer.by),
        how: text(&answer.how),
        customer: offer.and_then(|offer| offer.customer.clone()),
        evidence: answer.evidence.clone(),
        evidence_until: answer.evidence_until,
    })
}

/// The part of the reporting side, with its own suppliers, in a task of its own table.
fn claim(task: &SharedTask, side: &[&str]) -> TaskClaim {
    let ours = task.does.iter().any(|id| side.contains(&id.as_str()));
    let others = task.does.iter().any(|id| !side.contains(&id.as_str()));
    let by = match (ours, others) {
        (true, true) => Doer::Both,
        (true, false) => Doer::Supplier,
        (false, true) => Doer::Customer,
        (false, false) => Doer::Unknown,
    };
    TaskClaim { report: String::new(), task: task.id.clone(), by, note: None }
}

/// A report as records of `supply.yaml`.
#[derive(Debug, Clone, PartialEq)]
pub struct Reported {
    pub report: SupplierReport,
    pub statements: Vec<SupplierStatement>,
    pub claims: Vec<TaskClaim>,
    /// The request that it answers, with the report put in.
    pub request: Option<ReportRequest>,
    /// What is not taken over, as Japanese sentences with the reason.
    pub left: Vec<String>,
}

/// The records that keep a report of `supplier` under a new id. Nothing that is there is changed.
pub fn records(files: &ServiceFiles, supplier: &str, means: ReportMeans, from: StatusReport) -> Reported {
    let supply = &files.supply;
    let base = from.on.map_or_else(|| supplier.to_owned(), |on| format!("{supplier}-{on}"));
    let id = free_id(&base, |id| supply.reports.iter().any(|report| report.id == id));
    let mut left = Vec::new();
    let name = party_name(&files.service, supplier);
    if let Some(said) = from.provider.as_deref().filter(|said| said.trim() != name) {
        left.push(format!("報告書にある会社の名前は「{said}」です。「{name}」からの報告かどうかを確かめてください。"));
    }
    left.extend(new_service(supply, supplier, from.service.as_deref()));
    let request = match means {
        // What came with a code answers the request of that code, which the caller knows.
        ReportMeans::Account => None,
        _ => request(files, supplier, &id, &mut left),
    };
    let statements = statements(&id, from.statements, &mut left);
    let mut claims: Vec<TaskClaim> = Vec::new();
    for claim in from.claims {
        if !supply.tasks.iter().any(|task| task.id == claim.task) {
            left.push(format!("作業「{}」は分担表にないため、取り込みません。", claim.task));
        } else if claims.iter().any(|known| known.task == claim.task) {
            left.push(format!("作業「{}」への答えが二つあるため、後のものを取り込みません。", claim.task));
        } else {
            claims.push(TaskClaim { report: id.clone(), ..claim });
        }
    }
    let report = SupplierReport {
        id,
        supplier: supplier.to_owned(),
        service: from.service,
        on: from.on,
        by: from.by,
        editions: from.editions,
        valid_until: from.valid_until,
        means: Some(means),
        document: from.document,
        source: from.source,
        risk_management: from.risk_management,
        statutory: from.statutory,
        subcontractors: from.subcontractors,
    };
    Reported { report, statements, claims, request, left }
}

/// The request that a report answers, where there is only one that it can be.
fn request(files: &ServiceFiles, supplier: &str, report: &str, left: &mut Vec<String>) -> Option<ReportRequest> {
    let of_supplier = files.supply.requests.iter().filter(|request| request.supplier == supplier);
    let open: Vec<&ReportRequest> = of_supplier.filter(|request| request.waits_for_report()).collect();
    match open[..] {
        [] => None,
        // What was sent back keeps the record of it until people decide again.
        [request] if request.outcome.is_none() => {
            Some(ReportRequest { report: Some(report.to_owned()), ..request.clone() })
        }
        _ => {
            let ids: Vec<&str> = open.iter().map(|request| request.id.as_str()).collect();
            left.push(format!(
                "返事待ちの依頼（{}）には結び付けていません。この報告が答える依頼のreportに「{report}」と書いてください。",
                ids.join("、")
            ));
            None
        }
    }
}

/// A name under which the supplier never reported: the report replaces none of the earlier ones.
fn new_service(supply: &SupplyFile, supplier: &str, service: Option<&str>) -> Option<String> {
    let service = service?;
    let earlier = supply.reports.iter().filter(|report| report.supplier == supplier);
    let mut names: Vec<&str> = earlier.map(|report| report.service.as_deref()).collect::<Option<_>>()?;
    names.sort_unstable();
    names.dedup();
    let is_new = !names.is_empty() && names.iter().all(|name| !same_service(Some(name), Some(service)));
    is_new.then(|| {
        format!(
            "対象のサービス「{service}」は、これまでの報告（「{}」）にない名前なので、別のサービスの報告とします。同じサービスなら、名前をそろえてください。",
            names.join("」「")
        )
    })
}

fn statements(id: &str, from: Vec<SupplierStatement>, left: &mut Vec<String>) -> Vec<SupplierStatement> {
    let mut kept: Vec<SupplierStatement> = Vec::new();
    let mut unanswered = 0;
    for statement in from {
        if statement.status == ControlStatus::Unanswered {
            unanswered += 1;
            continue;
        }
        let Some(control) = super::known(&statement.control, library()) else {
            left.push(format!("対策項目「{}」は別紙2にないため、取り込みません。", statement.control));
            continue;
        };
        let number = control.id.to_string();
        if kept.iter().any(|one| one.control == number) {
            left.push(format!("{number}への答えが二つあるため、後のものを取り込みません。"));
            continue;
        }
        kept.push(SupplierStatement { report: id.to_owned(), control: number, ..statement });
    }
    if unanswered > 0 {
        left.push(format!("状況が「未回答」の対策項目{unanswered}件は、答えではないため、取り込みません。"));
    }
    kept
}

/// `base`, with a number where that is taken.
pub fn free_id(base: &str, is_taken: impl Fn(&str) -> bool) -> String {
    let numbered = (2..).map(|number| format!("{base}-{number}"));
    let mut all = std::iter::once(base.to_owned()).chain(numbered);
    all.find(|id| !is_taken(id)).expect("there are more numbers than ids")
}
