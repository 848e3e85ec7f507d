"""Tells as JSON what openpyxl sees in a workbook."""

import json
import sys

import openpyxl

book = openpyxl.load_workbook(sys.argv[1])


def sheet_facts(sheet):
    setup = sheet.page_setup
    return {
        "merged": sorted(str(area) for area in sheet.merged_cells.ranges),
        "print_area": sheet.print_area,
        "repeat_rows": sheet.print_title_rows,
        "orientation": setup.orientation,
        "paper": setup.paperSize,
        "fit": sheet.sheet_properties.pageSetUpPr.fitToPage,
        # The standard lets writers leave out a 1.
        "fit_width": 1 if setup.fitToWidth is None else setup.fitToWidth,
        "fit_height": 1 if setup.fitToHeight is None else setup.fitToHeight,
        "left_mm": round(sheet.page_margins.left * 25.4, 1),
        "header": [sheet.oddHeader.left.text, sheet.oddHeader.right.text],
        "footer": sheet.oddFooter.center.text,
        "freeze": sheet.freeze_panes,
        "filter": sheet.auto_filter.ref,
        "images": len(sheet._images),
        "rows": sheet.max_row,
        "fonts": sorted({cell.font.name for row in sheet.iter_rows() for cell in row if cell.value is not None}),
        "unaligned": [
            cell.coordinate
            for row in sheet.iter_rows()
            for cell in row
            if cell.value is not None and cell.alignment.vertical is None
        ],
        "heights": [dimension.height for dimension in sheet.row_dimensions.values() if dimension.height],
        "cells": {
            cell.coordinate: [cell.data_type, cell.value, bool(cell.quotePrefix)]
            for row in sheet.iter_rows()
            for cell in row
            if cell.value is not None
        },
    }


facts = {
    "sheets": book.sheetnames,
    "title": book.properties.title,
    "created": book.properties.created.isoformat(),
    "facts": {sheet.title: sheet_facts(sheet) for sheet in book.worksheets},
}
json.dump(facts, sys.stdout)
