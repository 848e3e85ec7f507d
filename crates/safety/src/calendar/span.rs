//! Spans of minutes, and sets of them.

use serde::Serialize;

use super::Minute;

/// From one minute to another, the last not included.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Span {
    pub from: Minute,
    pub until: Minute,
}

impl Span {
    pub fn new(from: Minute, until: Minute) -> Self {
        Self { from, until }
    }

    pub fn minutes(self) -> u64 {
        u64::try_from(self.until.0 - self.from.0).unwrap_or(0)
    }

    pub fn is_empty(self) -> bool {
        self.until <= self.from
    }

    pub fn contains(self, minute: Minute) -> bool {
        self.from <= minute && minute < self.until
    }

    /// What both have; empty if nothing.
    pub fn both(self, other: Self) -> Self {
        Self { from: self.from.max(other.from), until: self.until.min(other.until) }
    }
}

/// Spans in order, none empty, none touching another: each minute at most once.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Spans(Vec<Span>);

impl Spans {
    /// Any spans; what overlaps is taken once.
    pub fn of(mut spans: Vec<Span>) -> Self {
        spans.retain(|span| !span.is_empty());
        spans.sort_unstable();
        let mut joined: Vec<Span> = Vec::with_capacity(spans.len());
        for span in spans {
            match joined.last_mut() {
                Some(last) if span.from <= last.until => last.until = last.until.max(span.until),
                _ => joined.push(span),
            }
        }
        Self(joined)
    }

    pub fn iter(&self) -> impl Iterator<Item = Span> + '_ {
        self.0.iter().copied()
    }

    pub fn minutes(&self) -> u64 {
        self.iter().map(Span::minutes).sum()
    }

    /// What is here and not there.
    pub fn without(&self, other: &Self) -> Self {
        let (mut left, mut at) = (Vec::new(), 0);
        for span in self.iter() {
            let mut from = span.from;
            while other.0.get(at).is_some_and(|gap| gap.until <= from) {
                at += 1;
            }
            for gap in other.0[at..].iter().take_while(|gap| gap.from < span.until) {
                left.push(Span::new(from, gap.from));
                from = from.max(gap.until);
            }
            left.push(Span::new(from, span.until));
        }
        left.retain(|span| !span.is_empty());
        Self(left)
    }

    /// What is in both.
    pub fn both(&self, other: &Self) -> Self {
        let (mut both, mut a, mut b) = (Vec::new(), 0, 0);
        while let (Some(one), Some(two)) = (self.0.get(a), other.0.get(b)) {
            both.push(one.both(*two));
            if one.until < two.until { a += 1 } else { b += 1 }
        }
        both.retain(|span| !span.is_empty());
        Self(both)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn spans(pairs: &[(i64, i64)]) -> Spans {
        Spans::of(pairs.iter().map(|(from, until)| Span::new(Minute(*from), Minute(*until))).collect())
    }

    #[test]
    fn every_minute_is_taken_once() {
        let set = spans(&[(5, 9), (1, 3), (3, 4), (8, 12), (20, 20)]);
        assert_eq!(set, spans(&[(1, 4), (5, 12)]));
        assert_eq!(set.minutes(), 10);
        assert_eq!(set.without(&spans(&[(0, 2), (6, 7), (11, 30)])), spans(&[(2, 4), (5, 6), (7, 11)]));
        assert_eq!(set.both(&spans(&[(0, 2), (3, 6), (11, 30)])), spans(&[(1, 2), (3, 4), (5, 6), (11, 12)]));
        assert_eq!(set.without(&Spans::default()), set);
        assert_eq!(set.both(&Spans::default()), Spans::default());
    }
}
