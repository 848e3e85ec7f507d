//! The standards that the documents cite, and where two places cite different years of one (CATALOG-021).

use std::collections::BTreeMap;

use serde::Serialize;

use super::{Law, Shelf};

/// A standard as it is written: its name and, if stated, its year.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Designation {
    /// e.g. `ISO/IEC 27018`.
    pub name: String,
    /// e.g. `2014`.
    pub year: Option<String>,
}

/// One standard that is cited with several years.
#[derive(Debug, Clone, Serialize)]
pub struct CitedYears<'a> {
    pub name: String,
    /// Year with the entry of the register that has it.
    pub years: Vec<(String, &'a Law)>,
}

/// Every standard that a text such as `JIS Q 27001:2014 (ISO/IEC 27001:2013)` names.
pub fn standards_named(text: &str) -> Vec<Designation> {
    let parts = text.split(['(', ')', '（', '）', '、']).map(str::trim).filter(|part| !part.is_empty());
    parts
        .map(|part| match part.rsplit_once(':') {
            Some((name, year)) if year.len() == 4 && year.chars().all(|c| c.is_ascii_digit()) => {
                Designation { name: name.trim().to_owned(), year: Some(year.to_owned()) }
            }
            _ => Designation { name: part.to_owned(), year: None },
        })
        .collect()
}

impl Shelf {
    /// The register: standards, and the guidelines, guidances and notices that are cited like standards.
    pub fn standards(&self) -> impl Iterator<Item = &Law> {
        let kinds = ["規格", "ガイドライン", "ガイダンス", "指針", "告示", "リスト", "資料"];
        self.laws.iter().filter(move |law| kinds.contains(&law.kind.as_str()))
    }

    /// Standards of which different places cite different years.
    pub fn years_that_differ(&self) -> Vec<CitedYears<'_>> {
        let mut by_name: BTreeMap<String, Vec<(String, &Law)>> = BTreeMap::new();
        for law in self.laws.iter().filter(|law| law.kind == "規格") {
            for named in standards_named(&law.number) {
                if let Some(year) = named.year {
                    by_name.entry(named.name).or_default().push((year, law));
                }
            }
        }
        by_name.retain(|_, years| years.iter().any(|(year, _)| *year != years[0].0));
        by_name.into_iter().map(|(name, years)| CitedYears { name, years }).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_years_are_told_apart() {
        let read = |text: &str| -> Vec<(String, Option<String>)> {
            standards_named(text).into_iter().map(|one| (one.name, one.year)).collect()
        };
        let pair = |name: &str, year: Option<&str>| (name.to_owned(), year.map(str::to_owned));
        assert_eq!(
            read("JIS Q 27001:2014 (ISO/IEC 27001:2013)"),
            [pair("JIS Q 27001", Some("2014")), pair("ISO/IEC 27001", Some("2013"))]
        );
        assert_eq!(read("ISO/IEC 15408"), [pair("ISO/IEC 15408", None)]);
        assert_eq!(read("第2.0版"), [pair("第2.0版", None)]);
        assert!(read("").is_empty());
    }
}
