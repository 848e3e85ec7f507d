//! What is known of evidence beside its bytes (EVID-001), and how long it is kept (EVID-005).

use chrono::{Months, NaiveDate};
use serde::{Deserialize, Serialize};

use crate::app::fields::Fields;
use crate::form::date;

/// What somebody says of a file as they hand it in.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Facts {
    /// Id of a [`Kind`].
    pub kind: String,
    /// Where it comes from.
    pub origin: String,
    pub collected_on: String,
    /// First and last day of what it covers.
    pub from: String,
    pub until: String,
    /// Id of one of [`CONFIDENTIALITY`].
    pub confidentiality: String,
    pub note: String,
    /// Last day on which it has to be there.
    pub keep_until: String,
    /// Why that day is another than the rule of the kind gives.
    pub keep_reason: String,
}

/// A kind of evidence with the rule that says how long it is kept.
pub struct Kind {
    pub id: &'static str,
    pub name: &'static str,
    pub years: u32,
    pub basis: &'static str,
}

/// How evidence is to be handled.
pub const CONFIDENTIALITY: [(&str, &str); 3] = [
    ("internal", "社内と合意した相手まで"),
    ("restricted", "取扱いに注意（個人情報やログを含む）"),
    ("public", "公開してよい"),
];

/// The kinds, as data.
pub fn kinds() -> impl Iterator<Item = Kind> {
    include_str!("kinds.tsv").lines().skip(1).filter_map(|line| {
        let mut cells = line.split('\t');
        let (id, name, years) = (cells.next()?, cells.next()?, cells.next()?.parse().ok()?);
        Some(Kind { id, name, years, basis: cells.next()? })
    })
}

/// Longest text of a field.
const LONGEST_CHARS: usize = 1000;

impl Facts {
    /// Reads the form, or tells everything that is wrong with it. `today` is when it is handed in.
    pub fn read(fields: &Fields, today: NaiveDate) -> Result<Self, Vec<String>> {
        let mut faults = Vec::new();
        let mut text = |name: &str, label: &str| {
            let text = fields.text(name);
            let count = text.chars().count();
            if count > LONGEST_CHARS {
                faults.push(format!("「{label}」が長すぎます（{count}文字）。{LONGEST_CHARS}文字までにしてください。"));
            }
            text.to_owned()
        };
        let mut facts = Self {
            kind: text("kind", "種類"),
            origin: text("origin", "入手元"),
            confidentiality: text("confidentiality", "取扱い"),
            note: text("note", "取扱いの注意"),
            keep_reason: text("keep_reason", "保存期限の理由"),
            ..Self::default()
        };
        for (into, name, label) in [
            (&mut facts.collected_on, "collected_on", "入手した日"),
            (&mut facts.from, "from", "対象の期間の始まり"),
            (&mut facts.until, "until", "対象の期間の終わり"),
            (&mut facts.keep_until, "keep_until", "保存期限"),
        ] {
            match fields.text(name) {
                "" => {}
                typed => match date(typed) {
                    Ok(day) if day_of(&day).is_some() => *into = day,
                    Ok(day) => faults.push(format!("「{label}」: {day} は暦にない日です。")),
                    Err(fault) => faults.push(format!("「{label}」: {fault}")),
                },
            }
        }
        if facts.collected_on.is_empty() {
            facts.collected_on = today.to_string();
        }
        let Some(kind) = kinds().find(|kind| kind.id == facts.kind) else {
            faults.push("「種類」を選んでください。".to_owned());
            return Err(faults);
        };
        if CONFIDENTIALITY.iter().all(|(id, _)| *id != facts.confidentiality) {
            faults.push("「取扱い」を選んでください。".to_owned());
        }
        if day_of(&facts.collected_on).is_some_and(|day| day > today) {
            faults.push(format!("「入手した日」が今日（{today}）より後です。"));
        }
        if !facts.from.is_empty() && !facts.until.is_empty() && facts.until < facts.from {
            faults.push(format!("「対象の期間」の終わり（{}）が、始まり（{}）より前です。", facts.until, facts.from));
        }
        facts.keep(&kind, &mut faults);
        if faults.is_empty() { Ok(facts) } else { Err(faults) }
    }

    /// The day from the rule of the kind, unless another was given with a reason.
    fn keep(&mut self, kind: &Kind, faults: &mut Vec<String>) {
        let Some(rule) = self.by_rule(kind) else { return };
        if self.keep_until.is_empty() {
            self.keep_until = rule;
        } else if self.keep_until != rule && self.keep_reason.is_empty() {
            faults.push(format!(
                "「保存期限」が、種類から決まる日（{rule}）と違います。理由を書くか、空にしてください。"
            ));
        }
    }

    fn by_rule(&self, kind: &Kind) -> Option<String> {
        let start = if self.until.is_empty() { &self.collected_on } else { &self.until };
        Some(day_of(start)?.checked_add_months(Months::new(kind.years * 12))?.to_string())
    }

    pub fn kind_name(&self) -> &'static str {
        kinds().find(|kind| kind.id == self.kind).map_or("種類の記録なし", |kind| kind.name)
    }

    pub fn handling(&self) -> &'static str {
        CONFIDENTIALITY.iter().find(|(id, _)| *id == self.confidentiality).map_or("", |(_, name)| name)
    }

    /// Whether it has been kept as long as it had to be.
    pub fn is_kept_long_enough(&self, today: NaiveDate) -> bool {
        day_of(&self.keep_until).is_some_and(|until| until < today)
    }

    /// All of it in one line, which the trail seals.
    pub fn words(&self) -> String {
        let period = match (self.from.as_str(), self.until.as_str()) {
            ("", "") => String::new(),
            (from, until) => format!("{from}〜{until}"),
        };
        let said = [
            ("種類", self.kind_name()),
            ("入手元", &self.origin),
            ("入手した日", &self.collected_on),
            ("対象の期間", &period),
            ("取扱い", self.handling()),
            ("注意", &self.note),
            ("保存期限", &self.keep_until),
            ("期限の理由", &self.keep_reason),
        ];
        let said = said.iter().filter(|(_, text)| !text.is_empty());
        said.map(|(label, text)| format!("{label}: {text}")).collect::<Vec<_>>().join("、")
    }
}

fn day_of(text: &str) -> Option<NaiveDate> {
    NaiveDate::parse_from_str(text, "%Y-%m-%d").ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(pairs: &[(&str, &str)]) -> Result<Facts, Vec<String>> {
        let pairs = pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
        Facts::read(&Fields::from_pairs(pairs.collect()), "2026-11-22".parse().unwrap())
    }

    /// EVID-005: how long each kind is kept is data, and every line of it says on what ground.
    #[test]
    fn every_kind_has_its_years_and_its_ground() {
        let all: Vec<Kind> = kinds().collect();
        assert_eq!(all.len() + 1, include_str!("kinds.tsv").lines().count());
        assert!(all.iter().all(|kind| kind.years > 0 && !kind.name.is_empty() && kind.basis.ends_with('。')));
    }

    /// EVID-001, EVID-005: the end follows from kind and period; another day needs a reason.
    #[test]
    fn the_end_of_keeping_follows_from_kind_and_period() {
        let given = [("kind", "contract"), ("confidentiality", "internal")];
        let until = |more: &[(&str, &str)]| read(&[&given[..], more].concat()).map(|facts| facts.keep_until);
        assert_eq!(until(&[]).as_deref(), Ok("2033-11-22"));
        assert_eq!(until(&[("from", "2024-04-01"), ("until", "2025年3月31日")]).as_deref(), Ok("2032-03-31"));
        assert_eq!(until(&[("collected_on", "2024-02-29")]).as_deref(), Ok("2031-02-28"));
        assert!(until(&[("keep_until", "2027-01-01")]).unwrap_err()[0].contains("2033-11-22"));
        assert_eq!(until(&[("keep_until", "2027-01-01"), ("keep_reason", "合意書第9条")]).as_deref(), Ok("2027-01-01"));
    }

    #[test]
    fn everything_wrong_is_told_at_once() {
        let faults = read(&[
            ("kind", "policy"),
            ("collected_on", "2026-11-23"),
            ("from", "2026-05-01"),
            ("until", "2026-04-01"),
            ("keep_until", "2026-02-30"),
        ])
        .unwrap_err();
        assert_eq!(faults.len(), 4, "{faults:#?}");
        assert!(read(&[]).unwrap_err().contains(&"「種類」を選んでください。".to_owned()));
    }
}
