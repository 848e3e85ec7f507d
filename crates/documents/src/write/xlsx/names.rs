//! Sheet names as Excel allows them.

use std::collections::HashSet;

/// Excel's limit, in UTF-16 units.
const LENGTH_MAX: usize = 31;

/// Sheet names already given in a workbook.
#[derive(Default)]
pub struct Names(HashSet<String>);

impl Names {
    /// Keeps a name from being given to anything else.
    pub fn reserve(&mut self, name: &str) {
        self.0.insert(name.to_lowercase());
    }

    /// A legal name near the wanted one that no sheet has yet; Excel compares without regard to case.
    pub fn unique(&mut self, wanted: &str) -> String {
        let base = legal(wanted);
        let name = (1..)
            .map(|number| if number == 1 { base.clone() } else { numbered(&base, number) })
            .find(|name| !self.0.contains(&name.to_lowercase()))
            .unwrap_or(base);
        self.reserve(&name);
        name
    }
}

fn legal(wanted: &str) -> String {
    let replaced: String = wanted
        .chars()
        .filter(|character| !character.is_control())
        .map(|character| match character {
            '[' => '［',
            ']' => '］',
            ':' => '：',
            '*' => '＊',
            '?' => '？',
            '/' => '／',
            '\\' => '＼',
            other => other,
        })
        .collect();
    let name = cut(replaced.trim().trim_matches('\''), LENGTH_MAX);
    // Excel keeps `History` for itself.
    if name.is_empty() || name.eq_ignore_ascii_case("history") { "表".to_owned() } else { name }
}

fn numbered(base: &str, number: usize) -> String {
    let suffix = format!("（{number}）");
    cut(base, LENGTH_MAX - suffix.encode_utf16().count()) + &suffix
}

fn cut(name: &str, units: usize) -> String {
    let mut used = 0;
    let kept = name.chars().take_while(|character| {
        used += character.len_utf16();
        used <= units
    });
    kept.collect::<String>().trim_end_matches([' ', '\'']).to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_legal_and_unique() {
        let mut names = Names::default();
        names.reserve("表紙");
        for (wanted, expected) in [
            ("リスク対応一覧", "リスク対応一覧"),
            ("リスク対応一覧", "リスク対応一覧（2）"),
            ("表紙", "表紙（2）"),
            ("A/B: [案]?", "A／B： ［案］？"),
            ("a／b： ［案］？", "a／b： ［案］？（2）"),
            ("''", "表"),
            ("History", "表（2）"),
        ] {
            assert_eq!(names.unique(wanted), expected);
        }
        let long = "医療情報システムの安全管理に関するリスクアセスメント結果の一覧表";
        for _ in 0..12 {
            assert!(names.unique(long).encode_utf16().count() <= LENGTH_MAX);
        }
    }
}
