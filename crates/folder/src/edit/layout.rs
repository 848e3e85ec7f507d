//! Where each value of a text stands, to the byte.
//!
//! The parser's marks are good for where tokens start, less so for where they end; ends are looked for in the text.

use saphyr_parser::{Event, Parser, ScalarStyle, Span, StrInput};

/// A value in a text.
#[derive(Debug)]
pub(super) struct Node {
    /// Behind the colon or dash that introduces it.
    pub after: usize,
    pub start: usize,
    /// Behind its last character; comments and blank lines that follow are not part of it.
    pub end: usize,
    pub shape: Shape,
}

#[derive(Debug)]
pub(super) enum Shape {
    /// Nothing is written.
    Empty,
    Plain,
    Single,
    Double,
    /// `|` or `>`; `start` is that character.
    Block,
    FlowList(Vec<Node>),
    FlowMap(Vec<Entry>),
    List(Vec<Item>),
    Map(Vec<Entry>),
}

/// `- value`.
#[derive(Debug)]
pub(super) struct Item {
    pub dash: usize,
    pub node: Node,
}

/// `key: value`.
#[derive(Debug)]
pub(super) struct Entry {
    pub key: String,
    pub at: usize,
    pub node: Node,
}

/// The layout of a text that has been read without error; `None` for ways to write YAML that are not followed here.
/// `Some(None)` for a text without a value.
pub(super) fn layout(text: &str) -> Option<Option<Node>> {
    let bytes = text.char_indices().map(|(at, _)| at).chain([text.len()]).collect();
    let mut reader = Reader { text, bytes, parser: Parser::new_from_str(text) };
    loop {
        match reader.next()? {
            (Event::StreamStart | Event::DocumentEnd | Event::Nothing, _) => {}
            (Event::DocumentStart(_), span) => {
                let after = reader.byte(span.end.index());
                let (event, span) = reader.next()?;
                let node = reader.node(event, span, after, false)?;
                return Some((!matches!(node.shape, Shape::Empty)).then_some(node));
            }
            (Event::StreamEnd, _) => return Some(None),
            _ => return None,
        }
    }
}

struct Reader<'t> {
    text: &'t str,
    /// Byte of each character.
    bytes: Vec<usize>,
    parser: Parser<'t, StrInput<'t>>,
}

impl<'t> Reader<'t> {
    fn next(&mut self) -> Option<(Event<'t>, Span)> {
        self.parser.next_event()?.ok()
    }

    fn byte(&self, character: usize) -> usize {
        self.bytes.get(character).copied().unwrap_or(self.text.len())
    }

    fn node(&mut self, event: Event<'t>, span: Span, after: usize, in_flow: bool) -> Option<Node> {
        let (start, end) = (self.byte(span.start.index()), self.byte(span.end.index()));
        let opening = self.text[start..].chars().next();
        let (start, end, shape) = match event {
            Event::Scalar(text, ScalarStyle::Plain, ..) if text.is_empty() => (after, after, Shape::Empty),
            Event::Scalar(_, ScalarStyle::Plain, ..) => (start, end, Shape::Plain),
            Event::Scalar(_, ScalarStyle::SingleQuoted, ..) => (start, self.quoted(start)?, Shape::Single),
            Event::Scalar(_, ScalarStyle::DoubleQuoted, ..) => (start, self.quoted(start)?, Shape::Double),
            Event::Scalar(..) => {
                let (start, end) = self.block_scalar(after, end)?;
                (start, end, Shape::Block)
            }
            Event::SequenceStart(..) if opening == Some('[') => {
                let (items, end) = self.flow_list(start)?;
                (start, end, Shape::FlowList(items))
            }
            Event::MappingStart(..) if opening == Some('{') => {
                let (entries, end) = self.entries(true)?;
                (start, end?, Shape::FlowMap(entries))
            }
            Event::SequenceStart(..) if !in_flow => {
                let items = self.items(after)?;
                (items.first()?.dash, items.last()?.node.end, Shape::List(items))
            }
            Event::MappingStart(..) if !in_flow => {
                let (entries, _) = self.entries(false)?;
                (entries.first()?.at, entries.last()?.node.end, Shape::Map(entries))
            }
            _ => return None,
        };
        Some(Node { after, start, end, shape })
    }

    /// End of a quoted scalar; the mark may stand behind blanks and comments that follow.
    fn quoted(&self, start: usize) -> Option<usize> {
        let mut rest = self.text[start..].char_indices();
        let (_, quote) = rest.next().filter(|(_, quote)| matches!(quote, '"' | '\''))?;
        while let Some((at, c)) = rest.next() {
            let next = self.text[start + at + c.len_utf8()..].chars().next();
            match c {
                '\\' if quote == '"' => drop(rest.next()),
                '\'' if quote == '\'' && next == Some('\'') => drop(rest.next()),
                c if c == quote => return Some(start + at + 1),
                _ => {}
            }
        }
        None
    }

    /// From the indicator to the end of the content.
    fn block_scalar(&self, after: usize, end: usize) -> Option<(usize, usize)> {
        let start = skip(self.text, after);
        let header = &self.text[start..line_end(self.text, start)];
        if !header.starts_with(['|', '>']) {
            return None;
        }
        let content = start + header.len();
        let indicator: String = header.chars().take_while(|c| !c.is_whitespace()).collect();
        let body = self.text.get(content..end.max(content))?;
        // What is kept by `+` belongs to the content, up to the break of its last line.
        let body = if indicator.contains('+') {
            let body = body.trim_end_matches([' ', '\t']);
            let body = body.strip_suffix('\n').unwrap_or(body);
            body.strip_suffix('\r').unwrap_or(body)
        } else {
            body.trim_end()
        };
        Some((start, content + body.len()))
    }

    fn flow_list(&mut self, start: usize) -> Option<(Vec<Node>, usize)> {
        let (mut items, mut cursor) = (Vec::new(), start + 1);
        loop {
            let (event, span) = self.next()?;
            if matches!(event, Event::SequenceEnd) {
                let end = self.byte(span.start.index());
                return self.text[end..].starts_with(']').then_some((items, end + 1));
            }
            let item = self.node(event, span, cursor, true)?;
            cursor = item.end;
            items.push(item);
        }
    }

    /// Entries of a map, and the end of one in braces.
    fn entries(&mut self, in_flow: bool) -> Option<(Vec<Entry>, Option<usize>)> {
        let mut entries = Vec::new();
        loop {
            let (event, span) = self.next()?;
            let (start, end) = (self.byte(span.start.index()), self.byte(span.end.index()));
            let (key, end) = match event {
                Event::MappingEnd => {
                    return Some((entries, self.text[start..].starts_with('}').then_some(start + 1)));
                }
                Event::Scalar(key, ScalarStyle::Plain, ..) => (key, end),
                Event::Scalar(key, ScalarStyle::SingleQuoted | ScalarStyle::DoubleQuoted, ..) => {
                    (key, self.quoted(start)?)
                }
                _ => return None,
            };
            let colon = end + self.text[end..].find(|c: char| c != ' ' && c != '\t')?;
            if !self.text[colon..].starts_with(':') {
                return None;
            }
            let (event, span) = self.next()?;
            let node = self.node(event, span, colon + 1, in_flow)?;
            entries.push(Entry { key: key.into_owned(), at: start, node });
        }
    }

    fn items(&mut self, after: usize) -> Option<Vec<Item>> {
        let (mut items, mut cursor) = (Vec::new(), after);
        loop {
            let (event, span) = self.next()?;
            if matches!(event, Event::SequenceEnd) {
                return Some(items);
            }
            let dash = skip(self.text, cursor);
            let rest = self.text[dash..].strip_prefix('-')?;
            if !rest.is_empty() && !rest.starts_with([' ', '\t', '\r', '\n']) {
                return None;
            }
            let node = self.node(event, span, dash + 1, false)?;
            cursor = node.end;
            items.push(Item { dash, node });
        }
    }
}

/// Past blanks, line breaks and comments.
fn skip(text: &str, from: usize) -> usize {
    let mut at = from;
    loop {
        at += text[at..].len() - text[at..].trim_start().len();
        if !text[at..].starts_with('#') {
            return at;
        }
        at = line_end(text, at);
    }
}

/// Start of the line a position is in.
pub(super) fn line_start(text: &str, at: usize) -> usize {
    text[..at].rfind('\n').map_or(0, |found| found + 1)
}

/// End of the line a position is in, before its break.
pub(super) fn line_end(text: &str, at: usize) -> usize {
    let end = text[at..].find('\n').map_or(text.len(), |found| at + found);
    if end > at && text[..end].ends_with('\r') { end - 1 } else { end }
}

/// Start of the next line; the end of the text if there is none.
pub(super) fn next_line(text: &str, at: usize) -> usize {
    text[at..].find('\n').map_or(text.len(), |found| at + found + 1)
}

/// Comments with their lines, in order.
pub(super) fn comments(text: &str, layout: Option<&Node>) -> Vec<(usize, String)> {
    let mut scalars = Vec::new();
    if let Some(node) = layout {
        gather(text, node, &mut scalars);
    }
    scalars.sort_unstable();
    let mut scalars = scalars.into_iter().peekable();
    let mut found = Vec::new();
    let mut start = 0;
    for (number, line) in text.split_inclusive('\n').enumerate() {
        let mut before = ' ';
        for (at, c) in line.char_indices().map(|(at, c)| (start + at, c)) {
            while scalars.next_if(|(_, end)| *end <= at).is_some() {}
            let inside = scalars.peek().is_some_and(|(from, _)| *from <= at);
            if c == '#' && before.is_whitespace() && !inside {
                found.push((number + 1, text[at..start + line.len()].trim_end().to_owned()));
                break;
            }
            before = c;
        }
        start += line.len();
    }
    found
}

/// The ranges in which `#` is text.
fn gather(text: &str, node: &Node, scalars: &mut Vec<(usize, usize)>) {
    match &node.shape {
        Shape::Empty => {}
        Shape::Plain | Shape::Single | Shape::Double => scalars.push((node.start, node.end)),
        Shape::Block => scalars.push((line_end(text, node.start), node.end)),
        Shape::FlowList(items) => items.iter().for_each(|item| gather(text, item, scalars)),
        Shape::List(items) => items.iter().for_each(|item| gather(text, &item.node, scalars)),
        Shape::Map(entries) | Shape::FlowMap(entries) => entries.iter().for_each(|entry| {
            scalars.push((entry.at, entry.at + 1));
            gather(text, &entry.node, scalars);
        }),
    }
}
