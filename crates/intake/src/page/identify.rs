//! Which control each number of a mixed page is.

use super::sort::Fragment;
use crate::fold::{self, Pairs};
use crate::known::{Control, Known};
use crate::table::token::Token;

/// For each number of the page the control that the lines below it speak of, in the order of the list.
pub fn identify(fragments: &[Fragment], known: &Known) -> Vec<Option<usize>> {
    let is_id = |fragment: &Fragment| matches!(fragment.token, Token::Id { .. });
    let starts: Vec<usize> = (0..fragments.len()).filter(|at| is_id(&fragments[*at])).collect();
    let mut found: Vec<Option<usize>> = Vec::new();
    for (place, &start) in starts.iter().enumerate() {
        let Token::Id { minor, branch } = fragments[start].token else { continue };
        let end = starts.get(place + 1).copied().unwrap_or(fragments.len());
        let pieces: Vec<(Pairs, f32)> = fragments[start + 1..end]
            .iter()
            .filter(|fragment| fold::key(&fragment.plain).chars().count() >= 6)
            .map(|fragment| (Pairs::of(&fragment.plain), fragment.plain.chars().count() as f32))
            .collect();
        let score = |control: &Control| -> f32 {
            let fit = |(pairs, length): &(Pairs, f32)| {
                let share = pairs.covered_by(&control.wording.whole);
                if share >= 0.3 { share * length } else { 0.0 }
            };
            pieces.iter().map(fit).sum()
        };
        let after = found.iter().rev().flatten().next().copied();
        let candidates = known.controls.iter().enumerate().filter(|(at, control)| {
            (control.minor, control.branch) == (minor, branch) && after.is_none_or(|after| *at > after)
        });
        let mut scores: Vec<(f32, usize)> = candidates.map(|(at, control)| (score(control), at)).collect();
        scores.sort_by(|a, b| b.0.total_cmp(&a.0));
        let clear = scores
            .first()
            .is_some_and(|best| best.0 >= 4.0 && scores.get(1).is_none_or(|second| best.0 > second.0 * 1.2));
        // The next number of the same group needs less proof.
        let next =
            after.map(|after| after + 1).filter(|next| scores.iter().any(|(score, at)| at == next && *score > 0.0));
        found.push(if clear { Some(scores[0].1) } else { next });
    }
    found
}
