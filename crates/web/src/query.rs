//! The part of an address behind `?`, as filters use it.

/// Longest value that is taken; nothing a page links to comes near it.
const LONGEST_CHARS: usize = 200;

/// The known parameters of a page, each at most once and never empty.
///
/// Reading never fails: what is unknown, empty or repeated is left out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Query {
    path: String,
    pairs: Vec<(&'static str, String)>,
}

impl Query {
    /// Reads the parameters named in `known` for the page at `path` below `base`.
    pub fn parse(base: &str, path: &str, known: &[&'static str], raw: Option<&str>) -> Self {
        let mut pairs: Vec<(&'static str, String)> = Vec::new();
        for (name, value) in form_urlencoded::parse(raw.unwrap_or_default().as_bytes()) {
            let Some(&key) = known.iter().find(|key| **key == name) else { continue };
            let value: String = value.trim().chars().take(LONGEST_CHARS).collect();
            if !value.is_empty() && pairs.iter().all(|(seen, _)| *seen != key) {
                pairs.push((key, value));
            }
        }
        // The order of `known`, so that one choice of filters has one address.
        pairs.sort_by_key(|(key, _)| known.iter().position(|known| known == key));
        Self { path: format!("{base}{path}"), pairs }
    }

    pub fn path(&self) -> &str {
        &self.path
    }

    pub fn get(&self, key: &str) -> Option<&str> {
        self.pairs.iter().find(|(name, _)| *name == key).map(|(_, value)| value.as_str())
    }

    /// Everything but one parameter, for the hidden fields of a form.
    pub fn others(&self, key: &str) -> Vec<(&'static str, String)> {
        self.pairs.iter().filter(|(name, _)| *name != key).cloned().collect()
    }

    /// Address of the page with one parameter set.
    pub fn with(&self, key: &'static str, value: &str) -> String {
        let mut pairs: Vec<(&str, &str)> = self.borrowed(key);
        pairs.push((key, value));
        link(&self.path, &pairs)
    }

    /// Address of the page with one parameter taken away.
    pub fn without(&self, key: &str) -> String {
        link(&self.path, &self.borrowed(key))
    }

    /// All parameters, as they stand behind `?`.
    pub fn conditions(&self) -> String {
        let mut written = form_urlencoded::Serializer::new(String::new());
        written.extend_pairs(self.pairs.iter().map(|(name, value)| (*name, value)));
        written.finish()
    }

    fn borrowed(&self, except: &str) -> Vec<(&str, &str)> {
        self.pairs.iter().filter(|(name, _)| *name != except).map(|(name, value)| (*name, value.as_str())).collect()
    }
}

/// An address with parameters.
pub fn link(path: &str, pairs: &[(&str, &str)]) -> String {
    if pairs.is_empty() {
        return path.to_owned();
    }
    let query = form_urlencoded::Serializer::new(String::new()).extend_pairs(pairs).finish();
    format!("{path}?{query}")
}

/// One part of a path: what is no plain letter is encoded.
pub fn segment(text: &str) -> String {
    let mut encoded = String::with_capacity(text.len());
    for byte in text.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => encoded.push(char::from(byte)),
            _ => encoded.push_str(&format!("%{byte:02X}")),
        }
    }
    encoded
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_known_parameters_are_kept_and_links_are_encoded() {
        let query = Query::parse(
            "/b",
            "/risks",
            &["layer", "q"],
            Some("q=%E5%8F%97%E4%BB%98+%26&layer=&x=1&layer=platform&layer=2"),
        );
        assert_eq!(query.get("q"), Some("受付 &"));
        assert_eq!(query.get("layer"), Some("platform"));
        assert_eq!(query.get("x"), None);
        assert_eq!(query.without("q"), "/b/risks?layer=platform");
        assert_eq!(query.without("layer"), "/b/risks?q=%E5%8F%97%E4%BB%98+%26");
        assert_eq!(Query::parse("/b", "/risks", &["q"], None).with("q", "a=b"), "/b/risks?q=a%3Db");
    }
}
