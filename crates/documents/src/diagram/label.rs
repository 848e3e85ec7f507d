//! Finds a place for a label: on a line, or beside it where the line can be led through.

use super::board::Board;
use super::grid::Cells;
use super::search::Port;

/// Where a label may stand.
pub(super) struct Spot<'a> {
    /// Half its size.
    pub half: (i32, i32),
    /// Where its link has to stay.
    pub home: Cells,
    /// Sites its link has to do with.
    pub friendly: &'a [usize],
    /// Where it is best understood: between the two sides, for a link that joins them.
    pub preferred: Option<Cells>,
}

impl Spot<'_> {
    fn allows(&self, board: &Board, centre: (i32, i32), edge: i32) -> bool {
        let half = (self.half.0 + edge, self.half.1 + edge);
        self.home.contains(centre)
            && board.is_free(Cells::around(centre, half))
            && !board.is_strange(centre, self.friendly)
    }

    /// Whether a label stands where it is best understood.
    pub fn prefers(&self, centre: (i32, i32)) -> bool {
        self.preferred.is_none_or(|preferred| preferred.contains(centre))
    }
}

/// The place on a way for a label, nearest to the middle of the way.
pub(super) fn on_path(board: &Board, points: &[(i32, i32)], spot: &Spot) -> Option<(i32, i32)> {
    let length: i32 = points.windows(2).map(|pair| distance(pair[0], pair[1])).sum();
    let mut before = 0;
    let mut best: Option<(i32, (i32, i32))> = None;
    for pair in points.windows(2) {
        let (a, b) = (pair[0], pair[1]);
        let flat = a.1 == b.1;
        let reach = 1 + if flat { spot.half.0 } else { spot.half.1 };
        let long = distance(a, b);
        for along in reach..=long - reach {
            let step = |from: i32, to: i32| from + (to - from).signum() * along;
            let centre = if flat { (step(a.0, b.0), a.1) } else { (a.0, step(a.1, b.1)) };
            let aside = if spot.prefers(centre) { 0 } else { 1000 };
            let off = (2 * (before + along) - length).abs() + if flat { 0 } else { 6 } + aside;
            if best.is_none_or(|(least, _)| off < least)
                && spot.allows(board, centre, 0)
                && passes_once(points, Cells::around(centre, spot.half))
            {
                best = Some((off, centre));
            }
        }
        before += long;
    }
    best.map(|(_, centre)| centre)
}

/// Whether only one of the straight pieces of a way runs through an area.
fn passes_once(points: &[(i32, i32)], area: Cells) -> bool {
    let through = |pair: &&[(i32, i32)]| {
        let (a, b) = (pair[0], pair[1]);
        a.0.min(b.0) <= area.x1 && area.x0 <= a.0.max(b.0) && a.1.min(b.1) <= area.y1 && area.y0 <= a.1.max(b.1)
    };
    points.windows(2).filter(through).count() == 1
}

/// Free places around a point, from near to far, at most `count`, not closer to each other than they are big.
pub(super) fn near(board: &Board, middle: (i32, i32), spot: &Spot, reach: i32, count: usize) -> Vec<(i32, i32)> {
    let mut found: Vec<(i32, i32)> = Vec::new();
    let mut radius = 0;
    while radius <= reach {
        for centre in ring(middle, radius) {
            let apart = |other: &(i32, i32)| {
                spot.half.0 < (other.0 - centre.0).abs() || spot.half.1 < (other.1 - centre.1).abs()
            };
            if found.iter().all(apart) && spot.allows(board, centre, 1) {
                found.push(centre);
                if found.len() == count {
                    return found;
                }
            }
        }
        // The farther away, the less the exact place matters.
        radius += 1 + radius / 12;
    }
    found
}

fn ring((x, y): (i32, i32), radius: i32) -> impl Iterator<Item = (i32, i32)> {
    let stride = 1 + radius / 12;
    let sides = (-radius..=radius)
        .step_by(stride as usize)
        .flat_map(move |d| [(x + d, y - radius), (x + d, y + radius), (x - radius, y + d), (x + radius, y + d)]);
    sides.take(if radius == 0 { 1 } else { usize::MAX })
}

/// The four middles of the edges of a label.
pub(super) fn ports(centre: (i32, i32), half: (i32, i32)) -> [Port; 4] {
    let (x, y) = centre;
    let port = |anchor: (i32, i32), outside: (i32, i32)| Port { anchor, outside, cost: 0 };
    [
        port((x - half.0, y), (x - half.0 - 1, y)),
        port((x + half.0, y), (x + half.0 + 1, y)),
        port((x, y - half.1), (x, y - half.1 - 1)),
        port((x, y + half.1), (x, y + half.1 + 1)),
    ]
}

fn distance(a: (i32, i32), b: (i32, i32)) -> i32 {
    (a.0 - b.0).abs() + (a.1 - b.1).abs()
}
