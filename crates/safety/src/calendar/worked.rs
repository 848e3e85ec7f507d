//! Business time of a long span, ready to be asked many times.

use super::{Minute, Span, Spans};

/// Business time, with how much of it lies before each piece.
#[derive(Debug, Clone, Default)]
pub struct BusinessTime {
    pieces: Vec<Span>,
    /// Minutes before the piece of the same number.
    before: Vec<u64>,
}

impl BusinessTime {
    pub fn new(spans: &Spans) -> Self {
        let pieces: Vec<Span> = spans.iter().collect();
        let mut sum = 0;
        let passed = |piece: &Span| {
            sum += piece.minutes();
            sum - piece.minutes()
        };
        let before = pieces.iter().map(passed).collect();
        Self { pieces, before }
    }

    /// Business minutes in a span.
    pub fn minutes(&self, span: Span) -> u64 {
        if span.is_empty() { 0 } else { self.until(span.until) - self.until(span.from) }
    }

    /// The last minute up to which no more than so much business time has passed since `from`; none if there is not so
    /// much time.
    pub fn after(&self, from: Minute, minutes: u64) -> Option<Minute> {
        let wanted = self.until(from) + minutes;
        // The piece in which one more minute would pass.
        let at = self.before.partition_point(|before| *before <= wanted).checked_sub(1)?;
        let rest = i64::try_from(wanted - self.before[at]).ok()?;
        let end = Minute(self.pieces[at].from.0 + rest);
        (end < self.pieces[at].until).then_some(end.max(from))
    }

    fn until(&self, minute: Minute) -> u64 {
        match self.pieces.partition_point(|piece| piece.from < minute).checked_sub(1) {
            None => 0,
            Some(at) => self.before[at] + Span::new(self.pieces[at].from, minute.min(self.pieces[at].until)).minutes(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn business_time_passes_only_in_business_hours() {
        let span = |from, until| Span::new(Minute(from), Minute(until));
        let time = BusinessTime::new(&Spans::of(vec![span(10, 20), span(30, 40)]));
        for (from, until, minutes) in [(0, 5, 0), (0, 15, 5), (15, 35, 10), (20, 30, 0), (12, 99, 18), (35, 5, 0)] {
            assert_eq!(time.minutes(span(from, until)), minutes, "{from} to {until}");
        }
        for (from, minutes, end) in
            [(0, 5, Some(15)), (15, 5, Some(30)), (15, 7, Some(32)), (25, 0, Some(30)), (35, 5, None)]
        {
            assert_eq!(time.after(Minute(from), minutes), end.map(Minute), "{minutes} after {from}");
        }
    }
}
