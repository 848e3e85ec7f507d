"""Tells as JSON what python-docx sees in a Word document."""

import json
import sys

import docx
from docx.oxml.ns import qn

document = docx.Document(sys.argv[1])
section = document.sections[0]


def header_rows(table):
    return sum(row._tr.trPr is not None and row._tr.trPr.find(qn("w:tblHeader")) is not None for row in table.rows)


def field_codes(part):
    return [code.text for code in part._element.iter(qn("w:instrText"))]


facts = {
    "title": document.core_properties.title,
    "created": document.core_properties.created.isoformat(),
    "width_mm": round(section.page_width.mm),
    "height_mm": round(section.page_height.mm),
    "left_mm": round(section.left_margin.mm),
    "orientation": str(section.orientation),
    "header": section.header.paragraphs[0].text,
    "fields": field_codes(section.footer),
    "paragraphs": [[paragraph.style.name, paragraph.text] for paragraph in document.paragraphs],
    "east_asia": document.styles.element.find(".//" + qn("w:rFonts")).get(qn("w:eastAsia")),
    "pictures": [
        property.get("descr")
        for property in document.element.iter(
            "{http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing}docPr"
        )
    ],
    "tables": [
        {
            "rows": len(table.rows),
            "columns": len(table.columns),
            "header_rows": header_rows(table),
            # A cell merged with others is given for each place it covers.
            "text": [[cell.text for cell in row.cells] for row in table.rows],
        }
        for table in document.tables
    ],
}
json.dump(facts, sys.stdout)
