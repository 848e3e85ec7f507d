"""Prints as JSON what openpyxl finds in a workbook: sheets, protection, drop-downs, locks, panes, print set-up."""

import json
import sys

import openpyxl

book = openpyxl.load_workbook(sys.argv[1])
facts = {}
for sheet in book.worksheets:
    facts[sheet.title] = {
        "state": sheet.sheet_state,
        "protected": sheet.protection.sheet,
        "choices": {str(rule.sqref): rule.formula1 for rule in sheet.data_validations.dataValidation},
        "locked": {f"{cell.column_letter}2": cell.protection.locked for cell in sheet[2]} if sheet.max_row > 1 else {},
        "head": [cell.value for cell in sheet[1]],
        "freeze": sheet.freeze_panes,
        "filter": sheet.auto_filter.ref,
        "titles": sheet.print_title_rows,
        "area": str(sheet.print_area),
        "fit": sheet.page_setup.fitToHeight,
        "wide": sheet.page_setup.orientation,
        "rows": sheet.max_row,
    }
print(json.dumps(facts, ensure_ascii=False))
