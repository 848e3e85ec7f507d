"""Opens a workbook with openpyxl, writes the cells given as SHEET!ADDRESS=TEXT, and saves it in place."""

import sys

import openpyxl

path, edits = sys.argv[1], sys.argv[2:]
book = openpyxl.load_workbook(path)
for edit in edits:
    place, text = edit.split("=", 1)
    sheet, address = place.rsplit("!", 1)
    book[sheet][address] = text or None
book.save(path)
