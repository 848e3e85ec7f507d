//! リスク対応: treatments, requests to the institution, what remains, and the six considerations.

use shirube_documents::deliverable::printed;
use shirube_safety::Service;
use shirube_safety::model::Answer;
use shirube_safety::risk::{
    Assessment, ConsiderationState, Measure, Request, ResidualState, Residuals, Risk, Transfer, TransferKind, Treated,
    TreatmentView, option_term,
};

use super::card::{CardView, cards};
use super::risk::{Matrix, draw};
use super::{Level, SignedView, party_name};

pub struct Treatments {
    pub list: Vec<TreatmentRow>,
    /// For the board.
    pub cards: Vec<CardView>,
    pub requests: Vec<RequestView>,
    pub considerations: Vec<ConsiderationView>,
    /// Decided risks that need treatment and have none.
    pub untreated: usize,
    /// Risks that would need treatment by what the rules propose, and have none.
    pub untreated_proposed: usize,
    /// Treatments whose residual risk nobody has evaluated.
    pub not_assessed: usize,
    /// Where the treated risks stand afterwards, and how many have nothing left or are not evaluated.
    pub residual_matrix: Matrix,
    pub residuals: Residuals,
}

/// One treatment.
pub struct TreatmentRow {
    pub id: String,
    /// Its place on the page; ids are free text and would not do.
    pub anchor: String,
    pub options: Vec<&'static str>,
    pub risks: Vec<TreatedRisk>,
    pub views: Vec<ViewpointRow>,
    pub residual: ResidualView,
    /// Labels and texts on avoidance, transfer, retention and their reasons.
    pub notes: Vec<(&'static str, String)>,
    pub signed: SignedView,
}

pub struct TreatedRisk {
    pub number: String,
    pub location: String,
    pub statement: String,
    pub level: Option<Level>,
}

/// 対策 and requests of one 対策の観点.
pub struct ViewpointRow {
    pub viewpoint: &'static str,
    pub measures: Vec<MeasureView>,
    pub requests: Vec<RequestLine>,
}

pub struct MeasureView {
    pub text: String,
    /// Printed id and address of each control of 別紙2.
    pub controls: Vec<(String, Option<String>)>,
    /// Status, due date and people, as far as written.
    pub facts: Vec<String>,
}

pub struct RequestLine {
    pub text: String,
    pub status: &'static str,
}

/// What remains: none, not evaluated and evaluated are three different things.
pub enum ResidualView {
    NotAssessed,
    None,
    Remains { text: String, impact: u8, likelihood: u8, level: Option<Level>, acceptable: &'static str },
}

/// One 医療機関等へ対応を求める事項.
pub struct RequestView {
    pub treatment: String,
    pub anchor: String,
    pub viewpoint: &'static str,
    pub text: String,
    pub risks: Vec<String>,
    pub rule_book: Answer,
    pub status: &'static str,
}

/// One of the six 考慮事項.
pub struct ConsiderationView {
    pub mark: String,
    pub title: String,
    pub question: String,
    pub answer: Option<ConsiderationText>,
    /// What the model says against it or leaves open.
    pub found: Vec<String>,
}

pub struct ConsiderationText {
    pub lines: Vec<(&'static str, String)>,
    pub signed: SignedView,
}

impl Treatments {
    pub fn new(service: &Service) -> Self {
        let assessment = &service.assessment;
        let residuals = assessment.residuals();
        let treated: Vec<bool> =
            (0..assessment.risks.len()).map(|risk| assessment.treatments_of(risk).next().is_some()).collect();
        let needed = |(risk, treated): (&Risk, &bool)| {
            let rated = assessment.rated(risk).filter(|rated| !treated && rated.needed == Some(true));
            rated.map(|rated| rated.decided)
        };
        let (decided, proposed): (Vec<bool>, Vec<bool>) =
            assessment.risks.iter().zip(&treated).filter_map(needed).partition(|decided| *decided);
        Self {
            untreated: decided.len(),
            untreated_proposed: proposed.len(),
            not_assessed: assessment.treated.iter().filter(|t| t.residual() == ResidualState::NotAssessed).count(),
            residual_matrix: draw(
                assessment,
                &residuals.matrix.iter().map(|row| row.iter().map(|&count| (count, 0)).collect()).collect::<Vec<_>>(),
            ),
            residuals,
            cards: cards(service),
            list: assessment.treated.iter().map(|treated| row(service, treated)).collect(),
            requests: assessment.treated.iter().flat_map(|treated| requests(assessment, treated)).collect(),
            considerations: service.answers.considerations.iter().map(|state| consideration(service, state)).collect(),
        }
    }
}

/// Place of a treatment on its page.
pub fn anchor(treated: &Treated) -> String {
    format!("treatment-{}", treated.at + 1)
}

fn row(service: &Service, treated: &Treated) -> TreatmentRow {
    let assessment = &service.assessment;
    let risks = treated.risks.iter().map(|&at| {
        let risk = &assessment.risks[at];
        TreatedRisk {
            number: risk.number.clone(),
            location: assessment.flow(risk).location(),
            statement: risk.text().to_owned(),
            level: assessment.rated(risk).map(|rated| Level::of(assessment, rated)),
        }
    });
    TreatmentRow {
        id: treated.treatment.id.clone(),
        anchor: anchor(treated),
        options: treated.treatment.options.iter().map(|option| option_term(*option)).collect(),
        risks: risks.collect(),
        views: treated.views().iter().map(|view| viewpoint(service, view)).collect(),
        residual: residual(assessment, treated),
        notes: notes(service, treated),
        signed: SignedView::new(service, &treated.treatment.decided),
    }
}

fn viewpoint(service: &Service, view: &TreatmentView) -> ViewpointRow {
    let request = |request: &&Request| RequestLine { text: request.text.clone(), status: request.status.term() };
    ViewpointRow {
        viewpoint: view.viewpoint.term(),
        measures: view.measures.iter().map(|measure| measure_view(service, measure)).collect(),
        requests: view.requests.iter().map(request).collect(),
    }
}

fn measure_view(service: &Service, measure: &Measure) -> MeasureView {
    let provider = &service.assessment.library.provider;
    let controls = measure.controls.iter().map(|written| {
        let known = written.parse().ok().and_then(|id| provider.control(id));
        let printed = known.map_or_else(|| written.clone(), |control| control.id.to_string());
        (printed, known.map(|control| format!("/controls/{}", control.id.ascii())))
    });
    let facts = [
        measure.status.map(|status| status.term().to_owned()),
        measure.due.map(|due| format!("期限 {}", printed(due, service.files.service.document.dates()))),
        measure.actor.as_ref().map(|actor| party_name(service, actor)),
        measure.owner.as_ref().map(|owner| format!("担当 {owner}")),
        (measure.procedure_needed == Answer::Yes).then(|| "運用手順が要る".to_owned()),
        (!measure.evidence.is_empty()).then(|| format!("証跡 {}", measure.evidence.join("・"))),
    ];
    MeasureView {
        text: measure.text.clone(),
        controls: controls.collect(),
        facts: facts.into_iter().flatten().collect(),
    }
}

fn residual(assessment: &Assessment, treated: &Treated) -> ResidualView {
    match treated.residual() {
        ResidualState::NotAssessed => ResidualView::NotAssessed,
        ResidualState::None => ResidualView::None,
        ResidualState::Remains { text, impact, likelihood } => ResidualView::Remains {
            text: text.to_owned(),
            impact,
            likelihood,
            level: Level::decided(assessment, impact, likelihood),
            acceptable: treated.treatment.residual.as_ref().map_or("", |residual| match residual.acceptable {
                Answer::Yes => "許容できる",
                Answer::No => "許容できない",
                Answer::Unknown => "許容できるかは未確認",
            }),
        },
    }
}

fn notes(service: &Service, treated: &Treated) -> Vec<(&'static str, String)> {
    let treatment = treated.treatment;
    let day = |date| printed(date, service.files.service.document.dates());
    let mut notes = Vec::new();
    let mut say = |label, text: Option<String>| notes.extend(text.map(|text| (label, text)));
    say("低減を選ばない理由", treatment.no_reduction_reason.clone());
    say("回避の検討", treatment.avoidance_considered.clone());
    say("一つの観点で足りる理由", treatment.single_viewpoint_reason.clone());
    say(
        "回避",
        treatment.avoidance.as_ref().map(|avoidance| {
            let instead = avoidance.replacement.as_ref().map(|new| format!("（代わり: {new}）")).unwrap_or_default();
            let flow = service.assessment.flows.get(&avoidance.flow).map_or(&avoidance.flow, |flow| &flow.number);
            format!("情報流{flow}を{}{instead}", avoidance.action.term())
        }),
    );
    say(
        "移転",
        treatment.transfer.as_ref().map(|transfer| {
            let until = transfer.expires_on.map(|date| format!("、{}まで", day(date))).unwrap_or_default();
            let note = if transfer.kind == TransferKind::Insurance { Transfer::MONEY_ONLY } else { "" };
            format!("{}: {}（{}{until}）。{note}", transfer.kind.term(), transfer.party, transfer.document)
        }),
    );
    say("影響度が下がる理由", treatment.residual.as_ref().and_then(|residual| residual.impact_reason.clone()));
    say(
        "残存するリスクの評価",
        treated.counts_on_plans().then(|| "まだ終わっていない対策を、終えた後の評価です。".to_owned()),
    );
    say("基準を超える保有の承認", treatment.residual.as_ref().and_then(|residual| residual.approver.clone()));
    say(
        "保有",
        treatment.retention.as_ref().map(|retention| {
            format!(
                "{}（{} {}が承認。検討: {}）",
                retention.what,
                day(retention.on),
                retention.approver,
                retention.considered
            )
        }),
    );
    notes
}

fn requests<'a>(assessment: &'a Assessment, treated: &'a Treated) -> impl Iterator<Item = RequestView> + 'a {
    treated.treatment.requests.iter().map(|request| RequestView {
        treatment: treated.treatment.id.clone(),
        anchor: anchor(treated),
        viewpoint: request.viewpoint.term(),
        text: request.text.clone(),
        risks: treated.risks.iter().map(|&risk| assessment.risks[risk].number.clone()).collect(),
        rule_book: request.rule_book,
        status: request.status.term(),
    })
}

fn consideration(service: &Service, state: &ConsiderationState) -> ConsiderationView {
    let answer = state.answer.map(|answer| {
        let dates = service.files.service.document.dates();
        let mut lines = vec![("", answer.answer.clone())];
        lines.extend(answer.planned_on.map(|date| ("実施予定", printed(date, dates))));
        for exception in &answer.exceptions {
            let (from, to) = (printed(exception.from, dates), printed(exception.to, dates));
            lines.push(("例外", format!("{}（{}が承認、{from}から{to}まで）", exception.what, exception.approver)));
        }
        if let Some(plan) = &answer.continuity {
            lines.push(("停止したとき", plan.disaster_stop.clone()));
            lines.push(("傷病者が殺到したとき", plan.mass_demand.clone()));
            lines.push(("戻すとき", plan.restart_with_loss.clone()));
        }
        ConsiderationText { lines, signed: SignedView::new(service, &answer.decided) }
    });
    // That there is no answer shows in the answer's own place.
    let found = state.findings.iter().filter(|finding| finding.rule != "consideration-unanswered");
    ConsiderationView {
        mark: state.item.mark.clone(),
        title: state.item.title.clone(),
        question: state.item.question.clone(),
        answer,
        found: found.map(|finding| finding.message.clone()).collect(),
    }
}
