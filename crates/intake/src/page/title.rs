//! Titles that a narrow column has cut into pieces, told from wording by fitting on exactly.

use crate::fold;

/// A known title of which the beginning was printed.
#[derive(Debug, Clone)]
pub struct Title<T> {
    /// What it is the title of.
    pub of: T,
    full: String,
    at: usize,
}

impl<T> Title<T> {
    /// Starts reading a title with its first piece; the piece must be its beginning.
    pub fn begin(of: T, full: &str, piece: &str) -> Option<Self> {
        let (full, key) = (fold::key(full), fold::key(piece));
        let at = key.len();
        (at > 0 && full.starts_with(&key)).then_some(Self { of, full, at })
    }

    /// Takes a piece that goes on exactly where the last one ended.
    pub fn takes(&mut self, piece: &str) -> bool {
        let key = fold::key(piece);
        let fits = !key.is_empty() && self.full[self.at..].starts_with(&key);
        if fits {
            self.at += key.len();
        }
        fits
    }

    /// Whether all of it was printed.
    pub fn is_complete(&self) -> bool {
        self.at == self.full.len()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pieces_fit_only_where_the_title_goes_on() {
        let mut title = Title::begin((), "鍵の貸出し(返却を含む)の台帳", "鍵の貸出し(返").unwrap();
        assert!(!title.takes("台帳") && !title.is_complete());
        assert!(title.takes("却を含む）の") && title.takes("台帳") && title.is_complete());
        assert!(Title::begin((), "鍵の台帳", "台帳").is_none());
    }
}
