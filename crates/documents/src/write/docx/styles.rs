//! The styles of a document: those of `styles.xml`, with what its form and its letters ask for.

use crate::content::{Form, Look};
use crate::write::measure::Sizes;

const STYLES: &str = include_str!("styles.xml");

/// The part `word/styles.xml`.
pub fn of(look: &Look) -> String {
    let mut styles = Styles(STYLES.to_owned());
    if *look == Look::default() {
        return styles.0;
    }
    let sizes = Sizes::of(look);
    for (style, points) in
        [("Title", sizes.title), ("BodyText", sizes.text), ("Heading1", sizes.heading), ("Caption", sizes.caption)]
    {
        styles.size(style, points);
    }
    if let Some(accent) = look.accent.as_ref().filter(|_| look.form != Form::Letter) {
        styles.put("Heading1", r#"w:color="1A1A1A""#, &format!(r#"w:color="{accent}""#));
    }
    match look.form {
        Form::Letter => {
            styles.put("Heading1", RULE, "");
            styles.put("Heading1", HEADING, "<w:spacing w:before=\"480\" w:after=\"480\"/><w:jc w:val=\"center\"/>");
            styles.put("BodyText", BODY, "<w:spacing w:after=\"60\" w:line=\"384\" w:lineRule=\"auto\"/>");
        }
        Form::Sheet => {
            styles.put("Heading1", HEADING, "<w:spacing w:before=\"160\" w:after=\"80\"/>");
            styles.put("BodyText", BODY, "<w:spacing w:after=\"60\" w:line=\"300\" w:lineRule=\"auto\"/>");
            styles.put("Caption", CAPTION, "<w:spacing w:before=\"60\" w:after=\"40\"/>");
        }
        Form::Report => {}
    }
    styles.0
}

/// What `styles.xml` says where a form says something else.
const HEADING: &str = r#"<w:spacing w:before="320" w:after="140"/>"#;
const BODY: &str = r#"<w:spacing w:after="120" w:line="336" w:lineRule="auto"/>"#;
const CAPTION: &str = r#"<w:spacing w:before="160" w:after="80"/>"#;
const RULE: &str = r#"<w:pBdr><w:bottom w:val="single" w:sz="6" w:space="2" w:color="1A1A1A"/></w:pBdr>"#;

struct Styles(String);

impl Styles {
    /// Where a style is described.
    fn place(&self, style: &str) -> std::ops::Range<usize> {
        let start = self.0.find(&format!("w:styleId=\"{style}\"")).expect("styles.xml has the style");
        let length = self.0[start..].find("</w:style>").expect("the style ends");
        start..start + length
    }

    /// Puts one piece of a style for another.
    fn put(&mut self, style: &str, old: &str, new: &str) {
        let place = self.place(style);
        let said = self.0[place.clone()].replacen(old, new, 1);
        self.0.replace_range(place, &said);
    }

    /// Letters of a style, in points; half points are what Word counts.
    fn size(&mut self, style: &str, points: f64) {
        let place = self.place(style);
        let mut said = self.0[place.clone()].to_owned();
        for element in ["<w:sz w:val=\"", "<w:szCs w:val=\""] {
            if let Some(start) = said.find(element).map(|at| at + element.len()) {
                let end = said[start..].find('"').map_or(start, |length| start + length);
                said.replace_range(start..end, &format!("{:.0}", points * 2.0));
            }
        }
        self.0.replace_range(place, &said);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::content::Letters;

    #[test]
    fn what_a_form_says_otherwise_is_there_to_be_replaced() {
        let styles = Styles(STYLES.to_owned());
        for (style, said) in [("Heading1", HEADING), ("Heading1", RULE), ("BodyText", BODY), ("Caption", CAPTION)] {
            assert!(STYLES[styles.place(style)].contains(said), "{style}: {said}");
        }
        let large = of(&Look { form: Form::Sheet, letters: Letters::Large, ..Look::default() });
        let large = Styles(large);
        assert!(large.0[large.place("BodyText")].contains(r#"<w:sz w:val="28"/>"#));
    }
}
