//! リスク特定: every threat is put to every flow (guideline 5.1.1), and values are proposed (5.1.2).

use std::borrow::Cow;
use std::sync::Arc;

use shirube_catalog::{Method, Outcome, RULE_STEPS, scaled, scaled_move};

use super::assessment::{Rating, Reason};
use super::condition::{CompiledRule, Facts, Move, ThreatRules};
use crate::model::{Flow, Frequency, Information, InformationClass, SystemFile, Volume};

/// What the rules say of one threat on one flow.
pub(super) enum Said<'r> {
    Risks(Vec<&'r CompiledRule>),
    NotApplicable(&'static str),
    /// The rule that speaks when no other does.
    Otherwise(&'r CompiledRule),
}

/// Puts one threat to one flow. Never silent: the `otherwise` rule has the last word.
pub(super) fn put<'r>(rules: &'r ThreatRules, facts: &Facts) -> Said<'r> {
    let risks: Vec<_> = rules.risks.iter().filter(|rule| rule.when.holds(facts)).collect();
    if !risks.is_empty() {
        return Said::Risks(risks);
    }
    match rules.reasons.iter().find(|(when, _)| when.holds(facts)) {
        Some((_, reason)) => Said::NotApplicable(reason),
        None => Said::Otherwise(&rules.otherwise),
    }
}

/// Proposes values on the scales of the method in force. Rules and 重要度 are written in five steps.
pub(super) struct Proposer<'a> {
    system: &'a SystemFile,
    impact_steps: u8,
    likelihood_steps: u8,
    /// Of each information: words for statements, and its 重要度, ordinary and handled often and in mass.
    information: Vec<Weighed<'a>>,
}

struct Weighed<'a> {
    class: &'a str,
    ordinary: Importance,
    massive: Importance,
}

struct Importance {
    value: u8,
    because: Arc<[Reason]>,
}

impl<'a> Proposer<'a> {
    pub fn new(system: &'a SystemFile, method: &Method) -> Self {
        let impact_steps = method.worst_impact();
        let weigh = |information: &'a Information| {
            let class = system.information_classes.iter().find(|class| class.id == information.class);
            Weighed {
                class: class.map_or(&information.name, |class| class.short.as_ref().unwrap_or(&class.name)),
                ordinary: importance(class, false, impact_steps),
                massive: importance(class, true, impact_steps),
            }
        };
        Self {
            system,
            impact_steps,
            likelihood_steps: method.worst_likelihood(),
            information: system.information.iter().map(weigh).collect(),
        }
    }

    /// Fills the blanks of a rule's statement.
    pub fn statement(&self, rule: &CompiledRule, flow: &Flow) -> Cow<'static, str> {
        let Outcome::Risk { statement, .. } = &rule.rule.outcome else { return Cow::Borrowed("") };
        let information = &self.system.information[flow.information].name;
        fill(
            statement,
            &[
                ("class", self.information[flow.information].class),
                ("information", information),
                ("which", &flow.which),
            ],
        )
    }

    /// 影響度 and 顕在化率 with their reasons (5.1.2).
    pub fn propose(&self, rule: &CompiledRule, flow: &Flow, facts: &Facts) -> Option<Rating> {
        let Outcome::Risk { likelihood, .. } = &rule.rule.outcome else { return None };
        let weighed = &self.information[flow.information];
        let massive = flow.volume == Volume::Large && flow.frequency == Frequency::Frequent;
        let importance = if massive { &weighed.massive } else { &weighed.ordinary };
        let mut because = Vec::new();
        let impact = moved(importance.value, &rule.impact, facts, self.impact_steps, &mut because);
        let impact_because = if because.is_empty() {
            Arc::clone(&importance.because)
        } else {
            importance.because.iter().cloned().chain(because).collect()
        };
        let base = scaled(likelihood.base, self.likelihood_steps);
        let mut likelihood_because = Vec::with_capacity(1 + rule.likelihood.len());
        likelihood_because.push(Reason { by: 0, text: Cow::Borrowed(&likelihood.because) });
        likelihood_because.extend(read_on(likelihood.base, self.likelihood_steps));
        let value = moved(base, &rule.likelihood, facts, self.likelihood_steps, &mut likelihood_because);
        Some(Rating { impact, likelihood: value, impact_because, likelihood_because })
    }
}

/// Says that a value of five steps was read on a scale of another length.
fn read_on(value: u8, steps: u8) -> Option<Reason> {
    let read = scaled(value, steps);
    (steps != RULE_STEPS).then(|| Reason {
        by: 0,
        text: Cow::Owned(format!("{RULE_STEPS}段階の{value}を、この尺度（{steps}段階）の{read}に読み替えた。")),
    })
}

fn moved(from: u8, moves: &[Move], facts: &Facts, steps: u8, because: &mut Vec<Reason>) -> u8 {
    let mut value = i16::from(from);
    for factor in moves.iter().filter(|factor| factor.when.holds(facts)) {
        let by = scaled_move(factor.by, steps);
        value += i16::from(by);
        because.push(Reason { by, text: Cow::Borrowed(factor.because) });
    }
    value.clamp(1, i16::from(steps.max(1))) as u8
}

/// The importance of a class of information, raised by mass and frequency.
fn importance(class: Option<&InformationClass>, massive: bool, steps: u8) -> Importance {
    let Some(class) = class else {
        let text = Cow::Borrowed("情報の分類がないため、最も大きい影響度から検討を始める。");
        return Importance { value: steps, because: Arc::new([Reason { by: 0, text }]) };
    };
    let text = format!("分類「{}」の重要度は{}である。{}", class.name, class.importance, class.reason);
    let mut because = vec![Reason { by: 0, text: Cow::Owned(text) }];
    because.extend(read_on(class.importance, steps));
    let mut value = scaled(class.importance, steps);
    if massive && value < steps {
        let by = scaled_move(1, steps);
        value = value.saturating_add_signed(by).min(steps);
        because.push(Reason { by, text: Cow::Borrowed("頻繁に、大量に扱う。") });
    }
    Importance { value, because: because.into() }
}

/// Puts words in the place of `{names}`.
fn fill(template: &'static str, words: &[(&str, &str)]) -> Cow<'static, str> {
    if !template.contains('{') {
        return Cow::Borrowed(template);
    }
    let mut filled = String::with_capacity(template.len() + 64);
    let mut rest = template;
    while let Some((before, after)) = rest.split_once('{') {
        filled.push_str(before);
        let (name, after) = after.split_once('}').unwrap_or((after, ""));
        match words.iter().find(|(known, _)| *known == name) {
            Some((_, word)) => filled.push_str(word),
            None => filled.extend(["{", name, "}"]),
        }
        rest = after;
    }
    filled.push_str(rest);
    Cow::Owned(filled)
}
