//! Risks, costs and what remains, for people who decide.

use shirube_safety::Service;
use shirube_safety::risk::{MeasureStatus, ResidualState, Treated};

use super::about::day;
use super::context::{Costs, Overview, RankCount, Retained, TopRisk};

/// Rank and value of a pair of steps; `None` if one of them is no step of the scale.
fn level(service: &Service, impact: u8, likelihood: u8) -> Option<(String, u16)> {
    let assessment = &service.assessment;
    let band = assessment.band(impact, likelihood)?;
    Some((band.rank.0.to_string(), assessment.method.value(impact, likelihood)))
}

/// The gravest risk that a treatment is for.
fn gravest(service: &Service, treated: &Treated) -> Option<(String, u16, String)> {
    let assessment = &service.assessment;
    let rated = treated.risks.iter().filter_map(|&at| Some((at, assessment.rated(&assessment.risks[at])?)));
    let (at, rated) = rated.max_by_key(|(_, rated)| rated.value)?;
    Some((rated.rank.to_string(), rated.value, assessment.risks[at].text().to_owned()))
}

/// Treatments by the value before, gravest first.
pub fn overview<'a>(service: &Service<'a>) -> Overview<'a> {
    let assessment = &service.assessment;
    let mut top: Vec<TopRisk> = assessment.treated.iter().filter_map(|treated| top_risk(service, treated)).collect();
    top.sort_by_key(|risk| std::cmp::Reverse((risk.before_value, risk.after_value)));
    Overview {
        total: assessment.risks.len(),
        undecided: assessment.risks.iter().filter(|risk| risk.signed().is_none()).count(),
        overdue: overdue(service),
        top,
        counts: counts(service),
    }
}

fn top_risk<'a>(service: &Service<'a>, treated: &Treated<'a>) -> Option<TopRisk<'a>> {
    let (before_rank, before_value, text) = gravest(service, treated)?;
    let residual = treated.residual();
    let after = match residual {
        ResidualState::Remains { impact, likelihood, .. } => level(service, impact, likelihood),
        ResidualState::None | ResidualState::NotAssessed => None,
    };
    Some(TopRisk {
        text,
        before_rank,
        before_value,
        after_rank: after.as_ref().map(|(rank, _)| rank.clone()),
        after_value: after.map(|(_, value)| value),
        residual_none: residual == ResidualState::None,
        measure: treated.treatment.measures.first().map(|measure| measure.text.as_str()),
        residual: match residual {
            ResidualState::Remains { text, .. } => Some(text),
            ResidualState::None | ResidualState::NotAssessed => None,
        },
    })
}

/// Measures that are not done on the day of the document, although their day has passed.
fn overdue(service: &Service) -> usize {
    let Some(day) = day(service) else { return 0 };
    let measures = service.assessment.treated.iter().flat_map(|treated| &treated.treatment.measures);
    let open = measures.filter(|measure| measure.status != Some(MeasureStatus::Done));
    open.filter(|measure| measure.due.is_some_and(|due| due < day)).count()
}

/// Treated risks by rank, before and after.
fn counts(service: &Service) -> Vec<RankCount> {
    let assessment = &service.assessment;
    let residuals = assessment.residuals();
    let after = |rank: &str| -> usize {
        let rows = residuals.matrix.iter().enumerate();
        rows.flat_map(|(impact, row)| {
            row.iter().enumerate().map(move |(likelihood, count)| (impact, likelihood, *count))
        })
        .filter(|(impact, likelihood, _)| {
            level(service, *impact as u8 + 1, *likelihood as u8 + 1).is_some_and(|(known, _)| known == rank)
        })
        .map(|(.., count)| count)
        .sum()
    };
    let mut ranks: Vec<String> = assessment.method.ranks.iter().map(|band| band.rank.0.to_string()).collect();
    ranks.dedup();
    ranks
        .into_iter()
        .map(|rank| RankCount {
            before: assessment
                .risks
                .iter()
                .enumerate()
                .filter(|(at, _)| assessment.treatments_of(*at).next().is_some())
                .filter(|(_, risk)| assessment.rated(risk).is_some_and(|rated| rated.rank.to_string() == rank))
                .count(),
            after: after(&rank),
            rank,
        })
        .collect()
}

pub fn costs(service: &Service) -> Costs {
    let measures: Vec<_> = service.assessment.treated.iter().flat_map(|treated| &treated.treatment.measures).collect();
    let known: Vec<_> = measures.iter().filter_map(|measure| measure.cost).collect();
    let sum = |of: fn(&shirube_safety::risk::Cost) -> u64| (!known.is_empty()).then(|| known.iter().map(of).sum());
    Costs {
        measures: measures.len(),
        counted: known.len(),
        uncounted: measures.len() - known.len(),
        initial: sum(|cost| cost.initial),
        yearly: sum(|cost| cost.yearly),
    }
}

/// What somebody decided to keep, gravest first.
pub fn retained<'a>(service: &Service<'a>) -> Vec<Retained<'a>> {
    let mut all: Vec<Retained> =
        service.assessment.treated.iter().filter_map(|treated| kept(service, treated)).collect();
    all.sort_by_key(|kept| std::cmp::Reverse(kept.value));
    all
}

fn kept<'a>(service: &Service<'a>, treated: &Treated<'a>) -> Option<Retained<'a>> {
    let retention = treated.treatment.retention.as_ref()?;
    let (level, residual) = match treated.residual() {
        ResidualState::Remains { text, impact, likelihood } => (level(service, impact, likelihood), text),
        ResidualState::None | ResidualState::NotAssessed => (None, ""),
    };
    Some(Retained {
        id: &treated.treatment.id,
        what: &retention.what,
        term: &retention.what,
        rank: level.as_ref().map(|(rank, _)| rank.clone()),
        value: level.map(|(_, value)| value),
        approver: &retention.approver,
        on: retention.on,
        text: &retention.what,
        residual,
    })
}
