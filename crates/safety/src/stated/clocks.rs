//! What stands against the lengths of clocks that an organisation states in `rules.yaml`.

use super::{ClockName, RulesFile};
use crate::finding::{File, Finding, Findings, Severity};

/// A length has one unit, and each clock is stated once.
pub(crate) fn check_clocks(rules: &RulesFile) -> Vec<Finding> {
    let mut list = Vec::new();
    let mut at = Findings { file: File::Rules, list: &mut list };
    let terms = rules.incident.as_ref().map_or(&[][..], |incident| &incident.clocks);
    for (i, term) in terms.iter().enumerate() {
        let here = format!("/incident/clocks/{i}");
        let title = term.clock.term();
        if term.hours.is_some() == term.days.is_some() {
            let message = format!("事故の期限「{title}」の長さは、hoursとdaysのどちらか一つで書く必要があります。");
            at.add(
                Severity::Error,
                "clock-length",
                here.clone(),
                message,
                "時間で決めたならhours、日で決めたならdaysだけを書いてください。",
            );
        }
        if term.wrongful_days.is_some() && term.clock != ClockName::PrivacyFinal {
            let message = format!("「{title}」に、不正の目的によるおそれがあるときの日数があります。");
            let advice = "この欄は、個人情報の漏えい等の確報にだけ書きます。消してください。";
            at.add(Severity::Error, "clock-wrongful", format!("{here}/wrongful_days"), message, advice);
        }
        if terms[..i].iter().any(|before| before.clock == term.clock) {
            let message = format!("事故の期限「{title}」が二度書かれています。");
            at.add(
                Severity::Error,
                "clock-twice",
                here,
                message,
                "一つにまとめてください。先に書かれたものを採ります。",
            );
        }
    }
    list
}
