//! An institution's differences laid over the baseline of a service (AGREE-007, TREAT-019, TREAT-020).

use std::collections::BTreeMap;

use serde_json::{Value, json};
use shirube_catalog::{ControlId, OptionKind, library};

use super::{InstitutionFile, RequestReply, apart};
use crate::finding::{File, Finding, Findings, Severity};
use crate::model::{Answer, PartyKind, SystemFile};
use crate::open::OpenPoint;
use crate::risk::{Assessment, RequestStatus, Residual, Treatment};
use crate::service::{Service, ServiceFiles};
use crate::stated::{InstitutionContact, SlaContract, SlaFile};

/// A service as it is for one institution.
#[derive(Debug, Clone)]
pub struct Laid {
    pub files: ServiceFiles,
    /// Ids of the treatments whose residual risk has to be evaluated again, since a request they count on was refused.
    pub provisional: Vec<String>,
    /// What of the overlay leads nowhere, or was said to something else. Pointers lead into the institution's file.
    pub findings: Vec<Finding>,
}

impl Laid {
    /// Works the service out. While a residual risk is only put provisionally, every document stays 案.
    pub fn service(&self) -> Service<'_> {
        let mut service = Service::new(&self.files);
        let (open, total) = (self.provisional.len(), service.assessment.treated.len());
        service.points.push(OpenPoint {
            rule: "residual-provisional",
            title: "評価し直す残存するリスク",
            open,
            total,
            of: "対応",
            text: format!("お願いへの返答により評価し直す残存するリスクが{open}件（{}）", self.provisional.join("、")),
            advice: "この医療機関等について、残存するリスクを評価し直し、要れば対策を選び直します。",
        });
        let errors = self.findings.iter().filter(|finding| finding.severity == Severity::Error).count();
        service.points.push(OpenPoint {
            rule: "institution-errors",
            title: "医療機関等のファイルの指摘",
            open: errors,
            total: self.findings.len(),
            of: "指摘",
            text: format!("医療機関等のファイルに、要対応の指摘が{errors}件"),
            advice: "お願いへの返答などが、今のサービスの内容に合うように直します。",
        });
        service
    }
}

/// A service over which institutions are laid: without facts of the one it is drawn with, see [`apart`].
pub struct Baseline<'s> {
    files: ServiceFiles,
    assessment: &'s Assessment<'s>,
    names: apart::Names,
}

impl<'s> Baseline<'s> {
    pub fn new(service: &'s Service<'s>) -> Self {
        let names = apart::Names::new(service.files);
        let mut files = apart::without_others(service.files, &names);
        reviewed_as_before(service, &mut files);
        Self { files, assessment: &service.assessment, names }
    }

    /// The service as it is for one institution.
    pub fn lay(&self, own: &InstitutionFile) -> Laid {
        let mut laid = Laid { files: self.files.clone(), provisional: Vec::new(), findings: Vec::new() };
        institution(&mut laid.files, own);
        sla(&mut laid.files.sla, own);
        answers(&mut laid, own);
        decisions(&mut laid.files, self.assessment, own);
        treatments(&mut laid, own);
        requests(&mut laid, self.assessment, &self.names, own);
        laid
    }
}

/// What somebody reviewed is still reviewed when a name in it was taken out.
fn reviewed_as_before(service: &Service, files: &mut ServiceFiles) {
    let assessment = &service.assessment;
    let Some(reviewed) = &files.system.flows_reviewed else { return };
    if reviewed.digest != assessment.flows.digest(assessment.system) {
        return;
    }
    // Without it, which the flows do not depend on.
    let bare = ServiceFiles { system: SystemFile { flows_reviewed: None, ..files.system.clone() }, ..files.clone() };
    let renamed = Service::new(&bare);
    let digest = renamed.assessment.flows.digest(renamed.assessment.system);
    if let Some(reviewed) = &mut files.system.flows_reviewed {
        reviewed.digest = digest;
    }
}

/// The institution takes the place of the one the baseline is drawn with.
fn institution(files: &mut ServiceFiles, own: &InstitutionFile) {
    if let Some(party) = files.service.parties.iter_mut().find(|party| party.kind == PartyKind::Institution) {
        party.name.clone_from(&own.institution.name);
        party.institution_kind = Some(own.institution.kind);
    }
    let people = &own.institution.contacts;
    if !people.is_empty() {
        let contact = people.iter().find(|person| !person.represents);
        files.sla.contacts.get_or_insert_default().institution = Some(InstitutionContact {
            name: contact.map(|person| person.name.clone()),
            reach: contact.and_then(|person| person.reach.clone()),
            representative: people.iter().find(|person| person.represents).map(|person| person.name.clone()),
            emergency: None,
        });
    }
    if let Some(document) = &own.contract.document {
        files.sla.contract = Some(SlaContract { title: Some(document.clone()), number: None });
    }
}

/// Fields of [`SlaFile`] that hold an [`Answer`].
const ANSWERS: [&str; 2] = ["provided", "keeps_numbers"];

/// Each field that is written takes the place of the baseline's, also inside of others.
fn sla(base: &mut SlaFile, own: &InstitutionFile) {
    let Some(own) = &own.overlay.sla else { return };
    let value = |file: &SlaFile| serde_json::to_value(file).expect("a file of texts and numbers is JSON");
    let mut laid = value(base);
    put(&mut laid, &value(own));
    *base = serde_json::from_value(laid).expect("fields of two files of a type make a file of that type");
}

/// An empty list is one that nobody wrote, but for the one that says that there are none. 未確認 is what a question is
/// that nobody answered.
fn put(base: &mut Value, written: &Value) {
    let (Some(fields), Some(written)) = (base.as_object_mut(), written.as_object()) else { return };
    for (name, value) in written {
        let is_unwritten = value.is_null()
            || (ANSWERS.contains(&name.as_str()) && *value == json!(Answer::Unknown))
            || (name != "linked" && value.as_array().is_some_and(Vec::is_empty));
        match fields.get_mut(name) {
            Some(inner) if inner.is_object() && value.is_object() => put(inner, value),
            _ if is_unwritten => {}
            _ => {
                fields.insert(name.clone(), value.clone());
            }
        }
    }
}

fn answers(laid: &mut Laid, own: &InstitutionFile) {
    let Laid { files, findings, .. } = laid;
    let mut at = Findings { file: File::Institution, list: findings };
    let all = &own.overlay.answers;
    for (i, answer) in all.iter().enumerate() {
        let here = format!("/overlay/answers/{i}/control");
        let number = &answer.control;
        if all[..i].iter().any(|before| is_same_control(&before.control, number)) {
            let message = format!("対策項目「{number}」への、この医療機関等だけの答えが二つあります。");
            at.add(
                Severity::Error,
                "answer-twice",
                here,
                message,
                "一つにまとめてください。先に書かれたものを採ります。",
            );
            continue;
        }
        if !is_known_control(files, number) {
            let message = format!("「{number}」は、別紙2の対策項目にも、独自の対策項目にもありません。");
            let advice = "番号を確かめてください（例: 3.4①-14）。";
            at.add(Severity::Error, "control-unknown", here, message, advice);
        }
        files.conformity.answers.retain(|known| !is_same_control(&known.control, number));
        files.conformity.answers.push(answer.clone());
    }
}

/// A number may be spelt in two ways.
fn is_same_control(one: &str, other: &str) -> bool {
    match (one.parse::<ControlId>(), other.parse::<ControlId>()) {
        (Ok(one), Ok(other)) => one == other,
        _ => one == other,
    }
}

fn is_known_control(files: &ServiceFiles, number: &str) -> bool {
    let own = files.assessment.controls.iter().any(|control| control.id == number);
    let id = number.parse::<ControlId>().ok();
    own || id.is_some_and(|id| library().provider.controls.iter().any(|control| control.id == id))
}

/// A decision holds for the risks it names, and those of the baseline keep the others.
fn decisions(files: &mut ServiceFiles, assessment: &Assessment, own: &InstitutionFile) {
    let taken = |risk: &String| own.overlay.decisions.iter().any(|decision| decision.risks.contains(risk));
    let outdated = |risk: &String| assessment.risk_index(risk).is_some_and(|at| assessment.risks[at].outdated);
    for decision in &mut files.assessment.decisions {
        let before = decision.risks.len();
        decision.risks.retain(|risk| !taken(risk));
        decision.each.retain(|each| !taken(&each.risk));
        if decision.risks.len() < before && !decision.risks.iter().any(outdated) {
            // The mark of the premises was that of all its risks.
            decision.basis = None;
        }
    }
    files.assessment.decisions.retain(|decision| !decision.risks.is_empty());
    files.assessment.decisions.extend(own.overlay.decisions.iter().cloned());
}

fn treatments(laid: &mut Laid, own: &InstitutionFile) {
    let Laid { files, findings, .. } = laid;
    let mut at = Findings { file: File::Institution, list: findings };
    for (i, treatment) in own.overlay.treatments.iter().enumerate() {
        match files.assessment.treatments.iter_mut().find(|known| known.id == treatment.id) {
            Some(known) => {
                differs(known, treatment, &format!("/overlay/treatments/{i}"), &mut at);
                *known = treatment.clone();
            }
            None => files.assessment.treatments.push(treatment.clone()),
        }
    }
}

/// A treatment of one's own stands whole in the place of the baseline's. Where more than what remains is different,
/// somebody has to know: the baseline may have moved on.
fn differs(base: &Treatment, own: &Treatment, here: &str, at: &mut Findings) {
    let asked =
        |treatment: &Treatment| treatment.requests.iter().map(|request| request.text.clone()).collect::<Vec<_>>();
    let done =
        |treatment: &Treatment| treatment.measures.iter().map(|measure| measure.text.clone()).collect::<Vec<_>>();
    if asked(base) != asked(own) || done(base) != done(own) || base.risks != own.risks {
        at.add(
            Severity::Note,
            "own-differs",
            here,
            format!("この医療機関等だけのリスク対応「{}」の、対策、お願い又は対象のリスクが、基準と違います。", own.id),
            "基準が変わったためなら、新しい基準を見て、残存するリスクを評価し直してください。",
        );
    }
}

/// Puts the replies to the requests, and what refusals do to what remains.
fn requests(laid: &mut Laid, assessment: &Assessment, names: &apart::Names, own: &InstitutionFile) {
    let Laid { files, provisional, findings } = laid;
    let mut at = Findings { file: File::Institution, list: findings };
    let mut refused: BTreeMap<String, Vec<&str>> = BTreeMap::new();
    for (i, reply) in own.overlay.requests.iter().enumerate() {
        let here = format!("/overlay/requests/{i}");
        if own.overlay.requests[..i].iter().any(|before| before.request == reply.request) {
            twice(reply, &format!("{here}/request"), &mut at);
            continue;
        }
        let Some((treatment, request)) = named(&mut files.assessment.treatments, &reply.request) else {
            unknown(reply, &format!("{here}/request"), &mut at);
            continue;
        };
        let request = &mut treatment.requests[request];
        let was_refused = request.status == RequestStatus::Refused;
        // The text of an own treatment was kept as somebody wrote it.
        if names.replaced(&request.text).trim() == names.replaced(&reply.text).trim() {
            request.status = reply.reply;
        } else {
            changed(reply, &request.text, &here, &mut at);
        }
        // What was refused in other words is not done either, until somebody says so.
        if reply.reply == RequestStatus::Refused && !was_refused {
            refused.entry(treatment.id.clone()).or_default().push(&reply.request);
        }
    }
    for treatment in &mut files.assessment.treatments {
        let is_own = own.overlay.treatments.iter().any(|own| own.id == treatment.id);
        if let (Some(requests), false, true) = (refused.get(&treatment.id), is_own, treatment.residual.is_some()) {
            put_back(treatment, assessment, own, &requests.join("、"));
            provisional.push(treatment.id.clone());
        }
    }
}

fn twice(reply: &RequestReply, here: &str, at: &mut Findings) {
    at.add(
        Severity::Error,
        "reply-twice",
        here,
        format!("お願い「{}」への返答が二度書かれています。", reply.request),
        "一つにまとめてください。先に書かれたものを採ります。",
    );
}

fn unknown(reply: &RequestReply, here: &str, at: &mut Findings) {
    at.add(
        Severity::Error,
        "reply-orphan",
        here,
        format!("お願い「{}」は、今の基準にありません。", reply.request),
        "お願いがなくなったのか、番号が変わったのかを確かめてください。返答はどのお願いにも当てていません。",
    );
}

fn changed(reply: &RequestReply, now: &str, here: &str, at: &mut Findings) {
    at.add(
        Severity::Error,
        "reply-outdated",
        format!("{here}/text"),
        format!(
            "お願い「{}」の文が、返答のときから変わっています。返答のときの文: 「{}」。今の文: 「{now}」。",
            reply.request, reply.text
        ),
        "新しい文を示して、返答をもらい直してください。前の返答は、新しい文への返答としては扱いません。",
    );
}

/// `T-A5-1`: the first request of T-A5.
fn named<'t>(treatments: &'t mut [Treatment], name: &str) -> Option<(&'t mut Treatment, usize)> {
    let (id, number) = name.rsplit_once('-')?;
    let request = number.parse::<usize>().ok()?.checked_sub(1)?;
    let treatment = treatments.iter_mut().find(|treatment| treatment.id == id)?;
    (request < treatment.requests.len()).then_some((treatment, request))
}

/// What remained was rated as if the request were met. Until a person rates it again, the risk stands as it was before
/// treatment, and who accepted the lower one has accepted nothing of this.
fn put_back(treatment: &mut Treatment, assessment: &Assessment, own: &InstitutionFile, request: &str) {
    let rated = |id: &String| match own.overlay.decisions.iter().find(|decision| decision.risks.contains(id)) {
        Some(decision) => Some(decision.values_of(id)),
        None => {
            let rated = assessment.rated(&assessment.risks[assessment.risk_index(id)?])?;
            Some((rated.impact, rated.likelihood))
        }
    };
    let value = |(impact, likelihood): (u8, u8)| (assessment.method.value(impact, likelihood), impact);
    let worst = treatment.risks.iter().filter_map(rated).max_by_key(|values| value(*values));
    treatment.residual = worst.map(|(impact, likelihood)| Residual {
        none: false,
        text: Some(format!(
            "お願い「{request}」は受けられないとの返答のため、残存するリスクを評価し直す必要がある（それまでは、対応の前の値を仮に置く）。"
        )),
        impact: Some(impact),
        likelihood: Some(likelihood),
        impact_reason: None,
        acceptable: Answer::Unknown,
        approver: None,
    });
    treatment.retention = None;
    treatment.options.retain(|option| *option != OptionKind::Retention);
}
