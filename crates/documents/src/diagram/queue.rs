//! A queue for whole-numbered prices that lie close together: faster here than a heap.

/// Prices that count as the same.
const WIDTH: u32 = 4;

/// Entries in buckets by price; of the same price, the latest comes first.
#[derive(Default)]
pub(super) struct Queue {
    buckets: Vec<Vec<Entry>>,
    /// No entry is in a bucket before this one.
    next: usize,
    /// No bucket before this one has been used since the last reset.
    first: usize,
    /// Nor any from this one on.
    end: usize,
}

/// What waits in the queue.
#[derive(Debug, Clone, Copy)]
pub(super) struct Entry {
    /// What the whole way is expected to cost.
    pub least: u32,
    /// What it has cost so far.
    pub cost: u32,
    pub state: u32,
}

impl Queue {
    /// Forgets everything.
    pub fn reset(&mut self) {
        let used = self.first.min(self.end)..self.end;
        self.buckets[used].iter_mut().for_each(Vec::clear);
        (self.next, self.first, self.end) = (usize::MAX, usize::MAX, 0);
    }

    pub fn push(&mut self, entry: Entry) {
        let bucket = (entry.least / WIDTH) as usize;
        if self.buckets.len() <= bucket {
            self.buckets.resize_with(bucket + 1, Vec::new);
        }
        self.next = self.next.min(bucket);
        self.first = self.first.min(bucket);
        self.end = self.end.max(bucket + 1);
        self.buckets[bucket].push(entry);
    }

    /// One of the cheapest entries.
    pub fn pop(&mut self) -> Option<Entry> {
        while self.next < self.end {
            if let Some(entry) = self.buckets[self.next].pop() {
                return Some(entry);
            }
            self.next += 1;
        }
        None
    }
}
