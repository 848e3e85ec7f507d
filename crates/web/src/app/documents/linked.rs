//! A document that is read as a page: each control it cites leads to the page of that control, and so to its records
//! (EVID-018). The document that is handed out stays without links.

use shirube_catalog::{ControlId, library};

/// Parts of a page whose text is no text, or is a link already.
const WITHOUT: [&str; 5] = ["style", "title", "svg", "script", "a"];

/// The page with links from the ids of controls.
pub fn linked(page: &str, base: &str) -> String {
    let mut out = String::with_capacity(page.len() + page.len() / 8);
    let mut inside: Option<&str> = None;
    let mut rest = page;
    while let Some(at) = rest.find('<') {
        let (text, tag) = rest.split_at(at);
        push(&mut out, text, base, inside.is_none());
        let end = tag.find('>').map_or(tag.len(), |end| end + 1);
        let (tag, behind) = tag.split_at(end);
        out.push_str(tag);
        inside = match inside {
            Some(name) if closes(tag, name) => None,
            Some(name) => Some(name),
            None => WITHOUT.into_iter().find(|name| opens(tag, name)),
        };
        rest = behind;
    }
    push(&mut out, rest, base, inside.is_none());
    out
}

fn opens(tag: &str, name: &str) -> bool {
    let rest = tag.strip_prefix('<').and_then(|tag| tag.strip_prefix(name));
    rest.is_some_and(|rest| rest.starts_with([' ', '>', '\n'])) && !tag.ends_with("/>")
}

fn closes(tag: &str, name: &str) -> bool {
    tag.strip_prefix("</").and_then(|tag| tag.strip_prefix(name)).is_some_and(|rest| rest.trim_end() == ">")
}

fn push(out: &mut String, text: &str, base: &str, links: bool) {
    let mut rest = text;
    while let Some((at, id, control)) = Some(rest).filter(|_| links).and_then(first) {
        out.push_str(&rest[..at]);
        out.push_str(&format!("<a href=\"{base}/controls/{}\">{id}</a>", control.ascii()));
        rest = &rest[at + id.len()..];
    }
    out.push_str(rest);
}

/// The first id of a control that there is, and where it begins.
fn first(text: &str) -> Option<(usize, &str, ControlId)> {
    text.match_indices(|c| ('①'..='⑳').contains(&c)).find_map(|(at, circled)| {
        let is_number = |c: char| c.is_ascii_digit() || c == '.';
        let begin = text[..at].rfind(|c| !is_number(c)).map_or(0, |before| before + width(&text[before..]));
        let behind = text[at + circled.len()..].strip_prefix('-')?;
        let digits = behind.find(|c: char| !c.is_ascii_digit()).unwrap_or(behind.len());
        let end = at + circled.len() + 1 + digits;
        let control: ControlId = text[begin..end].parse().ok()?;
        library().provider.control(control).map(|_| (begin, &text[begin..end], control))
    })
}

/// Bytes of the first character.
fn width(text: &str) -> usize {
    text.chars().next().map_or(0, char::len_utf8)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_of_controls_lead_to_them_and_nothing_else_does() {
        let page = "<title>1.5②-1</title><p>根拠: 1.5②-1、9.9①-1。</p><a href=\"x\">1.5②-1</a>";
        let link = "<a href=\"/o/a/s/s/controls/1.5-2-1\">1.5②-1</a>";
        let wanted = format!("<title>1.5②-1</title><p>根拠: {link}、9.9①-1。</p><a href=\"x\">1.5②-1</a>");
        assert_eq!(linked(page, "/o/a/s/s"), wanted);
        assert_eq!(linked("① 1.5②の", ""), "① 1.5②の");
    }
}
