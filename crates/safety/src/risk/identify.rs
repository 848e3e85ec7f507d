//! リスク特定: every threat is put to every flow (guideline 5.1.1).

use shirube_catalog::{Method, Outcome};

use super::assess::{Rating, Reason};
use super::condition::{CompiledRule, Facts, ThreatRules};
use crate::model::{Flow, Frequency, SystemFile, Volume};

/// What the rules say of one threat on one flow.
pub(super) enum Said<'r> {
    Risks(Vec<&'r CompiledRule>),
    NotApplicable(&'static str),
}

/// Puts one threat to one flow. Never silent: the `otherwise` rule has the last word.
pub(super) fn put<'r>(rules: &'r ThreatRules, facts: &Facts) -> Said<'r> {
    let risks: Vec<_> = rules.risks.iter().filter(|rule| rule.when.holds(facts)).collect();
    if !risks.is_empty() {
        return Said::Risks(risks);
    }
    match rules.reasons.iter().find(|(when, _)| when.holds(facts)) {
        Some((_, reason)) => Said::NotApplicable(reason),
        None => Said::Risks(vec![&rules.otherwise]),
    }
}

/// Fills the blanks of a rule's statement.
pub(super) fn statement(rule: &CompiledRule, flow: &Flow, system: &SystemFile) -> String {
    let Outcome::Risk { statement, .. } = &rule.rule.outcome else {
        return String::new();
    };
    let information = &system.information[flow.information];
    let class = system.information_classes.iter().find(|class| class.id == information.class);
    let class = class.map_or(information.name.as_str(), |class| class.short.as_deref().unwrap_or(&class.name));
    statement.replace("{class}", class).replace("{information}", &information.name).replace("{which}", &flow.which)
}

/// Proposes 影響度 and 顕在化率 with their reasons (5.1.2).
pub(super) fn propose(rule: &CompiledRule, flow: &Flow, facts: &Facts, system: &SystemFile, method: &Method) -> Rating {
    let Outcome::Risk { likelihood, .. } = &rule.rule.outcome else {
        unreachable!("only rules that make a risk are rated")
    };
    let (impact, mut impact_because) = importance(flow, system, method);
    let impact = moved(impact, &rule.impact, facts, method.worst_impact(), &mut impact_because);
    let mut likelihood_because = vec![Reason { by: 0, text: likelihood.because.clone() }];
    let base = likelihood.base.min(method.worst_likelihood());
    let value = moved(base, &rule.likelihood, facts, method.worst_likelihood(), &mut likelihood_because);
    Rating { impact, likelihood: value, impact_because, likelihood_because }
}

fn moved(from: u8, moves: &[super::condition::Move], facts: &Facts, worst: u8, because: &mut Vec<Reason>) -> u8 {
    let mut value = i16::from(from);
    for factor in moves.iter().filter(|factor| factor.when.holds(facts)) {
        value += i16::from(factor.by);
        because.push(Reason { by: factor.by, text: factor.because.to_owned() });
    }
    value.clamp(1, i16::from(worst)) as u8
}

/// The importance of the information, raised by mass and frequency.
fn importance(flow: &Flow, system: &SystemFile, method: &Method) -> (u8, Vec<Reason>) {
    let information = &system.information[flow.information];
    let class = system.information_classes.iter().find(|class| class.id == information.class);
    let worst = method.worst_impact();
    let Some(class) = class else {
        let text = "情報の分類がないため、最も大きい影響度から検討を始める。".to_owned();
        return (worst, vec![Reason { by: 0, text }]);
    };
    let mut because = vec![Reason {
        by: 0,
        text: format!("分類「{}」の重要度は{}である。{}", class.name, class.importance, class.reason),
    }];
    let mut value = class.importance.clamp(1, worst);
    let massive = information.volume == Volume::Large && information.frequency == Frequency::Frequent;
    if massive && value < worst {
        value += 1;
        because.push(Reason { by: 1, text: "頻繁に、大量に扱う。".to_owned() });
    }
    (value, because)
}
