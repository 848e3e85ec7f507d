//! Numbers of clauses in the three styles, and those of items.

use crate::outline::Style;

/// `①` for 1, up to 50; beyond that in brackets.
pub fn circled(number: usize) -> String {
    let code = match number {
        1..=20 => 0x2460 + number as u32 - 1,
        21..=35 => 0x3251 + number as u32 - 21,
        36..=50 => 0x32B1 + number as u32 - 36,
        _ => return format!("({number})"),
    };
    char::from_u32(code).map_or_else(|| format!("({number})"), String::from)
}

const KANA: &str = "アイウエオカキクケコサシスセソタチツテトナニヌネノハヒフヘホマミムメモヤユヨラリルレロワヲン";

/// `ア` for 1; after `ン` come `アア`, `アイ` and so on.
pub fn kana(number: usize) -> String {
    let letters: Vec<char> = KANA.chars().collect();
    let (mut rest, mut text) = (number, String::new());
    while rest > 0 {
        text.insert(0, letters[(rest - 1) % letters.len()]);
        rest = (rest - 1) / letters.len();
    }
    text
}

/// `a` for 1; after `z` come `aa`, `ab` and so on.
fn latin(number: usize) -> String {
    let (mut rest, mut text) = (number, String::new());
    while rest > 0 {
        text.insert(0, char::from(b'a' + ((rest - 1) % 26) as u8));
        rest = (rest - 1) / 26;
    }
    text
}

/// A place among siblings: its number, and its rank behind that if it was inserted (2 for の2).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Place {
    pub number: usize,
    pub behind: usize,
}

impl Place {
    fn plain(self, show: impl Fn(usize) -> String) -> String {
        let shown = show(self.number);
        if self.behind == 0 { shown } else { format!("{shown}の{}", self.behind) }
    }
}

/// Counts siblings.
#[derive(Debug, Default)]
pub(crate) struct Counter {
    last: usize,
    behind: usize,
}

impl Counter {
    pub fn next(&mut self, inserted: bool) -> Place {
        if inserted && self.last > 0 {
            // The first one behind 第3条 is 第3条の2.
            self.behind = if self.behind == 0 { 2 } else { self.behind + 1 };
        } else {
            self.last += 1;
            self.behind = 0;
        }
        Place { number: self.last, behind: self.behind }
    }
}

/// What stands before a clause, and how others refer to it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Numbered {
    pub label: String,
    pub reference: String,
}

/// The number of a clause at a depth from 1 below `above`.
pub(crate) fn clause(style: Style, depth: usize, place: Place, above: &str) -> Numbered {
    let plain = |show: &dyn Fn(usize) -> String| place.plain(show);
    let arabic = plain(&|number| number.to_string());
    let numbered = |label: String, reference: String| Numbered { label, reference };
    match (style, depth) {
        (Style::Contract, 1) => numbered(format!("{arabic}."), arabic),
        (Style::Contract, 2) => {
            let number = format!("{above}.{arabic}");
            numbered(number.clone(), number)
        }
        (Style::Contract, 3) => below(above, format!("({arabic})")),
        (Style::Contract, 4) | (Style::Form, 2) => below(above, plain(&circled)),
        (Style::Contract, 5) => below(above, plain(&kana)),
        (Style::Rules, 1) => {
            let number = ordinal("章", place);
            numbered(number.clone(), number)
        }
        (Style::Rules, 2) => {
            let number = ordinal("条", place);
            numbered(number.clone(), number)
        }
        // The first 項 stands without its number.
        (Style::Rules, 3) => {
            let label = if arabic == "1" { String::new() } else { arabic };
            numbered(label, format!("{above}{}", ordinal("項", place)))
        }
        (Style::Rules, 4) => numbered(format!("({arabic})"), format!("{above}{}", ordinal("号", place))),
        (Style::Rules, 5) => below(above, plain(&kana)),
        (Style::Form, 1) => {
            let number = format!("（{arabic}）");
            numbered(number.clone(), number)
        }
        (Style::Form, 3) => below(above, format!("({})", plain(&latin))),
        (Style::Form | Style::Contract | Style::Rules, _) => below(above, format!("({})", plain(&kana))),
    }
}

/// `第3条`, and `第3条の2` for what was put in behind it.
fn ordinal(unit: &str, place: Place) -> String {
    let behind = if place.behind == 0 { String::new() } else { format!("の{}", place.behind) };
    format!("第{}{unit}{behind}", place.number)
}

fn below(above: &str, label: String) -> Numbered {
    Numbered { reference: format!("{above}{label}"), label }
}

/// The label of an item; `depth` counts as clauses do.
pub(crate) fn item(style: Style, depth: usize, number: usize) -> String {
    match (style, depth) {
        (Style::Contract, 3) | (Style::Rules, 4) => format!("({number})"),
        (Style::Contract, 4) | (Style::Form, 2) => circled(number),
        (Style::Contract | Style::Rules, 5) => kana(number),
        (Style::Form, 3) => format!("({})", latin(number)),
        _ => format!("({})", kana(number)),
    }
}

/// The depth of the first items of a clause; `has_parts` tells that the next depth is taken.
pub(crate) fn item_depth(style: Style, depth: usize, has_parts: bool) -> usize {
    let least = match style {
        Style::Contract => 3,
        Style::Rules => 4,
        Style::Form => 2,
    };
    let next = if has_parts && style != Style::Rules { depth + 2 } else { depth + 1 };
    next.max(least)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_run_on_past_their_end() {
        assert_eq!([1, 20, 21, 36, 51].map(circled), ["①", "⑳", "㉑", "㊱", "(51)"]);
        assert_eq!([1, 45, 46, 47, 48].map(kana), ["ア", "ヲ", "ン", "アア", "アイ"]);
        assert_eq!([1, 26, 27].map(latin), ["a", "z", "aa"]);
    }

    #[test]
    fn what_is_put_in_leaves_the_numbers_behind_it() {
        let mut counter = Counter::default();
        let places = [false, true, true, false].map(|inserted| counter.next(inserted));
        let labels = places.map(|place| clause(Style::Rules, 2, place, "").label);
        assert_eq!(labels, ["第1条", "第1条の2", "第1条の3", "第2条"]);
    }
}
