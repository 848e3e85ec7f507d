//! Tables in Word: a merged cell is a cell of its own in every row.

use docx_rs::{
    AlignmentType, BorderType, HeightRule, Paragraph, Shading, ShdType, Table as WordTable, TableAlignmentType,
    TableBorder, TableBorderPosition, TableBorders, TableCell, TableCellBorder, TableCellBorderPosition,
    TableCellBorders, TableCellContent, TableCellMargins, TableLayoutType, TableRow, VMergeType, WidthType,
};

use super::finish::Extras;
use super::{TWIPS, alignment, bullet, run, text_width};
use crate::content::{Align, Cell, Column, Document, Form, Mark, Table, place};
use crate::fonts::clean;
use crate::write::{groups, measure, palette};

/// A table of the document, as wide as its text.
pub fn table(table: &Table, document: &Document, extras: &mut Extras) -> WordTable {
    let width = text_width(document);
    extras.add_table(table.head.len());
    let size = measure::font_size(table, document.look.letters);
    let widths = measure::columns(table, width * 72.0 / 25.4, size, measure::PADDING);
    let body = groups::split(&table.rows, &widths, size);
    let style = style(size);
    let mut rows = grid_rows(&table.head, &widths, size, &|cell, _| head_cell(cell, style));
    rows.extend(grid_rows(&body, &widths, size, &|cell, column| body_cell(cell, table.columns[column].align, style)));
    if table.rows.is_empty() {
        let cell = cell(&Cell::new(measure::EMPTY_TABLE), AlignmentType::Left, style);
        let total: f64 = widths.iter().sum();
        rows.push(TableRow::new(vec![sized(cell.grid_span(widths.len()), total)]));
    }
    framed(rows, &widths)
}

/// Labels and values, in columns of so many millimetres.
pub fn pairs(pairs: &[(&str, &str)], widths: [f64; 2], extras: &mut Extras) -> WordTable {
    extras.add_table(0);
    let widths = widths.map(|width| width * 72.0 / 25.4);
    let rows = pairs.iter().map(|(label, value)| {
        let label = cell(&Cell::new(*label), AlignmentType::Left, "Table9").shading(fill(palette::GROUP));
        let value = cell(&Cell::new(*value), AlignmentType::Left, "Table9");
        TableRow::new(vec![sized(label, widths[0]), sized(value, widths[1])]).cant_split()
    });
    framed(rows.collect(), &widths)
}

/// The 決裁欄 at the right: a label and room for a seal each.
pub fn approval(titles: &[String], extras: &mut Extras) -> WordTable {
    extras.add_table(0);
    let side = 20.0_f64.min(120.0 / titles.len() as f64) * 72.0 / 25.4;
    let widths = vec![side; titles.len()];
    let labels = titles.iter().map(|title| sized(head_cell(&Cell::new(title), "Table9"), side)).collect();
    let empty = widths.iter().map(|_| sized(cell(&Cell::new(""), AlignmentType::Left, "Table9"), side)).collect();
    let boxes = TableRow::new(empty).row_height((side * 20.0) as f32).height_rule(HeightRule::Exact);
    framed(vec![TableRow::new(labels), boxes], &widths).align(TableAlignmentType::Right)
}

/// The framed box of what limits the document.
pub fn notices(document: &Document, extras: &mut Extras) -> WordTable {
    extras.add_table(0);
    let width = text_width(document) * 72.0 / 25.4;
    let head = Paragraph::new().style("Table9").keep_next(true).add_run(run("ご確認ください").bold());
    let is_sheet = document.look.form == Form::Sheet;
    let cell = if is_sheet { TableCell::new() } else { TableCell::new().add_paragraph(head) };
    let style = if is_sheet { "SheetFacts" } else { "ListBullet" };
    let cell = document.notices.iter().fold(cell, |cell, notice| cell.add_paragraph(bullet(style, notice)));
    let row = TableRow::new(vec![sized(cell, width)]);
    framed(vec![row], &[width]).set_borders(borders(12, "1A1A1A"))
}

/// The 改訂履歴.
pub fn history(document: &Document, extras: &mut Extras) -> WordTable {
    let width = text_width(document);
    let columns = [18.0, 32.0, width - 102.0, 26.0, 26.0].map(|width| Column { width, align: Align::Left });
    let rows = document.meta.history.iter().map(|revision| {
        [&revision.edition, &revision.date, &revision.change, &revision.author, &revision.approver]
            .map(Cell::new)
            .into()
    });
    let of = Table {
        caption: String::new(),
        columns: columns.into(),
        head: vec![["版", "日付", "変更の内容", "作成", "承認"].map(Cell::new).into()],
        rows: rows.collect(),
    };
    table(&of, document, extras)
}

fn style(size: f64) -> &'static str {
    match size {
        size if size < 8.25 => "Table8",
        size if size < 8.75 => "Table85",
        size if size > 10.0 => "Table12",
        _ => "Table9",
    }
}

/// Rows with every merged cell repeated where Word wants its continuation.
fn grid_rows(rows: &[Vec<Cell>], widths: &[f64], size: f64, make: &dyn Fn(&Cell, usize) -> TableCell) -> Vec<TableRow> {
    let lines = measure::row_lines(rows, widths, size);
    let mut kept = vec![false; rows.len()];
    let mut grid: Vec<Vec<(usize, TableCell)>> = rows.iter().map(|_| Vec::new()).collect();
    for placed in place(rows, widths.len()) {
        let Cell { row_span, col_span, .. } = *placed.cell;
        let width = widths[placed.column..placed.column + col_span].iter().sum();
        let covered = placed.row..(placed.row + row_span).min(rows.len());
        if row_span > 1 && measure::is_whole(placed.cell, &lines[placed.row..]) {
            kept[placed.row..covered.end - 1].fill(true);
        }
        for row in covered {
            let part = if row_span == 1 {
                make(placed.cell, placed.column)
            } else if row == placed.row {
                make(placed.cell, placed.column).vertical_merge(VMergeType::Restart)
            } else {
                let rest = Cell { text: String::new(), ..placed.cell.clone() };
                make(&rest, placed.column).vertical_merge(VMergeType::Continue)
            };
            let part = if col_span == 1 { part } else { part.grid_span(col_span) };
            grid[row].push((placed.column, sized(part, width)));
        }
    }
    grid.into_iter().zip(lines).zip(kept).map(|((cells, lines), kept)| row(cells, lines, kept)).collect()
}

/// A row of cells with their columns; `kept` rows stay on the page of the next one.
fn row(mut cells: Vec<(usize, TableCell)>, lines: usize, kept: bool) -> TableRow {
    cells.sort_by_key(|(column, _)| *column);
    let mut cells: Vec<TableCell> = cells.into_iter().map(|(_, cell)| cell).collect();
    if kept {
        for content in cells.iter_mut().flat_map(|cell| &mut cell.children) {
            if let TableCellContent::Paragraph(paragraph) = content {
                paragraph.property.keep_next = Some(true);
            }
        }
    }
    let whole = measure::is_whole(&Cell::new(""), &[lines]);
    let row = TableRow::new(cells);
    if whole { row.cant_split() } else { row }
}

fn sized(cell: TableCell, points: f64) -> TableCell {
    cell.width((points * 20.0).round() as usize, WidthType::Dxa)
}

fn cell(cell: &Cell, align: AlignmentType, style: &str) -> TableCell {
    let text = run(&cell.text);
    let text = if palette::is_bold(cell.mark) { text.bold() } else { text };
    let text = match cell.mark {
        Mark::Proposed => text.color(palette::PROPOSED),
        Mark::Field(rank) => palette::rank(rank).map_or(text.clone(), |(_, letters)| text.color(letters)),
        Mark::None | Mark::Rank(_) | Mark::Group | Mark::Unanswered | Mark::Finding => text,
    };
    TableCell::new().add_paragraph(Paragraph::new().style(style).align(align).add_run(text))
}

fn head_cell(of: &Cell, style: &str) -> TableCell {
    let text = run(&of.text).bold();
    let paragraph = Paragraph::new().style(style).align(AlignmentType::Center).keep_next(true).add_run(text);
    TableCell::new().add_paragraph(paragraph).vertical_align(docx_rs::VAlignType::Center).shading(fill(palette::HEAD))
}

fn body_cell(of: &Cell, align: Align, style: &str) -> TableCell {
    let align = alignment(align);
    match of.mark {
        Mark::None => cell(of, align, style),
        Mark::Group => cell(of, align, style).shading(fill(palette::GROUP)),
        Mark::Rank(rank) => match palette::rank(rank) {
            Some(colours) => level_cell(of, colours, style),
            None => cell(of, align, style),
        },
        Mark::Field(rank) => match palette::rank(rank) {
            Some((background, _)) => {
                let align = if clean(&of.text).chars().count() <= 4 { AlignmentType::Center } else { align };
                cell(of, align, style).shading(fill(background))
            }
            None => cell(of, align, style),
        },
        Mark::Proposed => {
            use TableCellBorderPosition::{Bottom, Left, Right, Top};
            let dashed =
                [Top, Right, Bottom, Left].into_iter().fold(TableCellBorders::with_empty(), |borders, side| {
                    let border = TableCellBorder::new(side).border_type(BorderType::Dashed);
                    borders.set(border.size(6).color(palette::PROPOSED))
                });
            cell(of, align, style).set_borders(dashed)
        }
        Mark::Unanswered => {
            let hatching = Shading::new().shd_type(ShdType::ThinDiagStripe).color(palette::HATCH).fill("FFFFFF");
            cell(of, align, style).shading(hatching)
        }
        Mark::Finding => {
            let bar = TableCellBorder::new(TableCellBorderPosition::Left).border_type(BorderType::Single);
            let bar = TableCellBorders::with_empty().set(bar.size(18).color(palette::FINDING_BAR));
            cell(of, align, style).shading(fill(palette::FINDING)).set_borders(bar)
        }
    }
}

/// The level on the colour of its rank; what stands below it is plain.
fn level_cell(of: &Cell, (background, letters): (&str, &str), style: &str) -> TableCell {
    let (level, rest) = of.text.split_once('\n').map_or((of.text.as_str(), None), |(level, rest)| (level, Some(rest)));
    let mut paragraph = Paragraph::new().style(style).align(AlignmentType::Center);
    if !level.is_empty() {
        let level = run(&format!(" {level} ")).bold().color(letters).shading(fill(background));
        paragraph = paragraph.add_run(level);
    }
    if let Some(rest) = rest {
        paragraph = paragraph.add_run(run(&format!("\n{rest}")));
    }
    TableCell::new().add_paragraph(paragraph)
}

fn fill(rgb: &str) -> Shading {
    Shading::new().shd_type(ShdType::Clear).color("auto").fill(rgb)
}

fn borders(size: usize, color: &str) -> TableBorders {
    use TableBorderPosition::{Bottom, InsideH, InsideV, Left, Right, Top};
    [Top, Right, Bottom, Left, InsideH, InsideV].into_iter().fold(TableBorders::with_empty(), |borders, side| {
        borders.set(TableBorder::new(side).border_type(BorderType::Single).size(size).color(color))
    })
}

/// A table of columns so many points wide with thin lines.
fn framed(rows: Vec<TableRow>, points: &[f64]) -> WordTable {
    let twips: Vec<usize> = points.iter().map(|width| (width * 20.0).round() as usize).collect();
    let margin = (1.2 * TWIPS) as usize;
    WordTable::new(rows)
        .width(twips.iter().sum(), WidthType::Dxa)
        .set_grid(twips)
        .layout(TableLayoutType::Fixed)
        .margins(TableCellMargins::new().margin(30, margin, 30, margin))
        .set_borders(borders(4, palette::LINE))
}
