//! What the clauses say: texts with facts in them, lists, tables.

use minijinja::context;
use minijinja::value::Value;

use super::label::{FIXED, INSERTED};
use super::{Kept, Work};
use crate::composed::{Clause, Piece};
use crate::facts::{listed, path_of_list};
use crate::mistake::Mistake;
use crate::number;
use crate::outline::{Block, Item, Part, Style, Table};
use crate::overlay::Origin;
use crate::print::NOT_STATED;
use crate::told::told;

impl Work<'_> {
    pub(super) fn filled(&mut self, kept: &[Kept], depth: usize) -> Vec<Clause> {
        let mut clauses = Vec::new();
        for Kept { part, owner, below } in kept {
            let title = self.rendered(&part.title, &part.id, &Value::UNDEFINED);
            let first_item = number::item_depth(self.style, depth, !below.is_empty());
            let mut body = Vec::new();
            let mut items = 0;
            for block in &part.body {
                self.fill(part, block, first_item, &mut items, &mut body);
            }
            self.account(&part.id, &title, owner.as_deref());
            let clauses_below = self.filled(below, depth + 1);
            // Nothing to number: each of its texts was for another case.
            if title.is_empty() && body.is_empty() && clauses_below.is_empty() {
                continue;
            }
            clauses.push(Clause {
                id: part.id.clone(),
                depth,
                label: part.number.clone().unwrap_or_default(),
                reference: match part.number {
                    Some(_) => FIXED.to_owned(),
                    None if part.inserted => INSERTED.to_owned(),
                    None => String::new(),
                },
                title,
                body,
                clauses: clauses_below,
                source: part.source.clone(),
                requirements: part.requirements.clone(),
                note: part.note.clone(),
                optional: part.optional,
                owner: owner.clone(),
                origin: self.origins.get(&part.id).copied().unwrap_or(Origin::Outline),
            });
        }
        clauses
    }

    pub(super) fn fill(
        &mut self,
        part: &Part,
        block: &Block,
        first_item: usize,
        items: &mut usize,
        body: &mut Vec<Piece>,
    ) {
        match block {
            Block::Text(text) => {
                let text = self.rendered(text, &part.id, &Value::UNDEFINED);
                if !text.is_empty() {
                    body.push(Piece::Paragraph { label: String::new(), text });
                    // The items of each 項 begin anew.
                    if self.style == Style::Rules {
                        *items = 0;
                    }
                }
            }
            Block::Unnumbered(text) => {
                let text = self.rendered(text, &part.id, &Value::UNDEFINED);
                if !text.is_empty() {
                    body.push(Piece::Remark(text));
                }
            }
            Block::Aligned { align, text } => {
                let text = self.rendered(text, &part.id, &Value::UNDEFINED);
                if !text.is_empty() {
                    body.push(Piece::Aligned { align: *align, text });
                }
            }
            Block::Items(list) => self.items(part, list, first_item, 1, items, body),
            Block::Table(table) => {
                let piece = self.table(part, table);
                body.push(piece);
            }
        }
    }

    pub(super) fn items(
        &mut self,
        part: &Part,
        list: &[Item],
        number_depth: usize,
        depth: usize,
        count: &mut usize,
        body: &mut Vec<Piece>,
    ) {
        for item in list {
            let text = self.rendered(&item.text, &part.id, &Value::UNDEFINED);
            if text.is_empty() {
                continue;
            }
            *count += 1;
            body.push(Piece::Item { depth, label: number::item(self.style, number_depth, *count), text });
            self.items(part, &item.items, number_depth + 1, depth + 1, &mut 0, body);
        }
    }

    pub(super) fn table(&mut self, part: &Part, table: &Table) -> Piece {
        let none = &Value::UNDEFINED;
        let caption = self.rendered(&table.caption, &part.id, none);
        let head: Vec<String> = table.head.iter().map(|cell| self.rendered(cell, &part.id, none)).collect();
        let mut rows: Vec<Vec<String>> = Vec::new();
        for row in &table.rows {
            let row: Vec<String> = row.iter().map(|cell| self.rendered(cell, &part.id, none)).collect();
            // A row whose cells are all for another case is none.
            if row.iter().any(|cell| !cell.is_empty()) {
                rows.push(row);
            }
        }
        let mut limit = None;
        if let Some(each) = &table.each {
            let mut entries = self.entries(part, each, &caption, table.empty.as_deref());
            if let Some(wanted) = &table.limit {
                limit = Some((wanted.clone(), entries.len()));
                entries.truncate(wanted.most);
            }
            for entry in entries {
                rows.push(table.row.iter().map(|cell| self.rendered(cell, &part.id, &entry)).collect());
            }
        }
        let stands_empty = rows.is_empty();
        if stands_empty {
            let said = table.empty.as_deref().unwrap_or(NOT_STATED);
            let said =
                if said.trim() == "未記載" { NOT_STATED.to_owned() } else { self.rendered(said, &part.id, none) };
            rows.push(
                std::iter::once(said).chain(std::iter::repeat_n(String::new(), head.len().saturating_sub(1))).collect(),
            );
        }
        let widths = if table.widths.is_empty() { vec![1.0; head.len()] } else { table.widths.clone() };
        Piece::Table { caption, head, widths, rows, stands_empty, limit }
    }

    pub(super) fn entries(&mut self, part: &Part, each: &str, caption: &str, empty: Option<&str>) -> Vec<Value> {
        let context = context! { part => context! { requirements => part.requirements.clone() }, ..self.facts.root() };
        let list = self.environment.compile_expression(each).and_then(|expression| expression.eval(context));
        let entries = match &list {
            Ok(value) if crate::facts::is_nothing(value) => Ok(Vec::new()),
            Ok(value) => listed(value).ok_or_else(|| "一覧になっていません。".to_owned()),
            Err(error) => Err(told(error)),
        };
        match entries {
            Ok(entries) => {
                let says_so = empty.is_none_or(|empty| empty.contains("未記載"));
                if entries.is_empty() && says_so {
                    let path = list.ok().as_ref().and_then(path_of_list).unwrap_or_else(|| format!("表「{caption}」"));
                    self.facts.log().miss(&path);
                }
                entries
            }
            Err(message) => {
                self.mistakes.push(Mistake::new(format!("{}.each", part.id), message));
                Vec::new()
            }
        }
    }

    pub(super) fn supplement(&mut self, texts: &[String]) -> Vec<Piece> {
        let rendered: Vec<String> =
            texts.iter().map(|text| self.rendered(text, "supplement", &Value::UNDEFINED)).collect();
        self.account("supplement", "附則", None);
        let texts: Vec<String> = rendered.into_iter().filter(|text| !text.is_empty()).collect();
        let several = texts.len() > 1;
        let label = |at: usize| if several { (at + 1).to_string() } else { String::new() };
        texts.into_iter().enumerate().map(|(at, text)| Piece::Paragraph { label: label(at), text }).collect()
    }
}
